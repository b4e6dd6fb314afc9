//! What Erlang's formula says of more beds: each ward alone, and beds split among wards.

use crate::queueing::formulas::erlang_b;

/// What the formula needs of a ward.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Load {
    /// Patients a year.
    pub(super) arrivals: f64,
    /// Beds that would be taken if there were always one.
    pub(super) offered: f64,
    /// Beds that are there.
    pub(super) beds: u32,
}

impl Load {
    /// Patients a year who find no bed with so many more.
    fn refused(&self, more: u32) -> f64 {
        // A load that the formula does not take is that of no real ward: nobody is refused there.
        let share = erlang_b(self.offered, self.beds.saturating_add(more)).unwrap_or(0.0);
        self.arrivals * share
    }

    /// Patients a year fewer who find no bed with so many more.
    pub(super) fn gain(&self, more: u32) -> f64 {
        self.refused(0) - self.refused(more)
    }
}

/// Beds split among wards so that the fewest patients find none: one by one, each to the ward that gains most by it,
/// the first of equal ones.
///
/// That is the best split, as each bed of a ward gains less than the one before (Messerli, E. J. (1972): Proof of a
/// convexity property of the Erlang B formula. Bell System Technical Journal 51, 951-953; Fox, B. (1966): Discrete
/// optimization via marginal analysis. Management Science 13, 210-216).
pub(super) fn split(loads: &[Load], beds: u32) -> Vec<u32> {
    let mut given = vec![0; loads.len()];
    let mut next_gains: Vec<f64> = Vec::with_capacity(loads.len());
    for load in loads {
        next_gains.push(load.gain(1));
    }
    for _ in 0..beds {
        let mut best = 0;
        for (number, gain) in next_gains.iter().enumerate() {
            if *gain > next_gains[best] {
                best = number;
            }
        }
        let Some(given) = given.get_mut(best) else { break };
        *given += 1;
        // Only of this ward is the next bed another one than before.
        next_gains[best] = loads[best].refused(*given) - loads[best].refused(*given + 1);
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_split_is_the_best_of_all_splits() {
        let load = |arrivals: f64, offered, beds| Load { arrivals, offered, beds };
        let loads = [load(1000.0, 10.0, 9), load(500.0, 12.0, 14), load(2000.0, 5.0, 8)];
        let gain = |given: &[u32]| -> f64 {
            let gains = loads.iter().zip(given);
            gains.map(|(load, more)| load.gain(*more)).sum()
        };
        let best = split(&loads, 7);
        assert_eq!(best.iter().sum::<u32>(), 7);
        // The slow way: all splits.
        for first in 0..=7 {
            for second in 0..=7 - first {
                let given = [first, second, 7 - first - second];
                assert!(gain(&given) <= gain(&best) + 1e-9, "{given:?} and {best:?}");
            }
        }
        // 1 server, load 1: B(1) = 1/2, B(2) = 1/5.
        assert!((load(100.0, 1.0, 1).gain(1) - 30.0).abs() < 1e-9);
        assert!(split(&[], 3).is_empty());
    }
}
