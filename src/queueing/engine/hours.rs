//! Sums of customers by hour of the week.

use super::super::clock::WEEK;

/// By hour of the week and station, the sum of the customers in service at its start. Read and written as a whole
/// every hour, so in as few bytes as will do: before a sum could overflow, all are carried to wider ones.
#[derive(Debug, Default)]
pub(super) struct HourSums {
    /// By hour of the week, those of all stations.
    rows: Vec<u32>,
    carried: Vec<Vec<u64>>,
    /// How much may still be added to each before it could be too large.
    room: u32,
}

impl HourSums {
    pub(super) fn of(stations: usize) -> Self {
        Self { rows: vec![0; WEEK * stations], carried: Vec::new(), room: u32::MAX }
    }

    /// Adds the customers of each station, none of whom has more than `most`.
    #[inline]
    pub(super) fn add(&mut self, hour: usize, busy: &[u32], most: u32) {
        if self.room < most {
            self.carry(busy.len());
        }
        // One bound for all stations: to look for the largest sum would cost a pass over them.
        self.room -= most;
        let row = &mut self.rows[hour * busy.len()..][..busy.len()];
        for (sum, busy) in row.iter_mut().zip(busy) {
            *sum += busy;
        }
    }

    #[cold]
    fn carry(&mut self, stations: usize) {
        self.carried.resize(WEEK, vec![0; stations]);
        let sums = self.carried.iter_mut().flatten();
        for (carried, sum) in sums.zip(&mut self.rows) {
            *carried += u64::from(std::mem::take(sum));
        }
        self.room = u32::MAX;
    }

    /// The sums, hour by hour.
    pub(super) fn take(mut self, stations: usize) -> Vec<Vec<u64>> {
        self.carry(stations);
        self.carried
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_carried() {
        let mut sums = HourSums::of(2);
        for _ in 0..5 {
            sums.add(3, &[1, 1_500_000_000], 1_600_000_000);
        }
        sums.add(167, &[7, 0], 7);
        let by_hour = sums.take(2);
        assert_eq!(by_hour.len(), WEEK);
        assert_eq!((&by_hour[3][..], &by_hour[167][..]), (&[5, 7_500_000_000][..], &[7, 0][..]));
        assert!(by_hour[0].iter().all(|sum| *sum == 0));
    }
}
