//! People by time, in bins of equal width.

use serde::Serialize;

use super::TimeDistribution;
use crate::units::{Seconds, as_seconds};

/// How many people have a time in which bin; bins are equally wide, in seconds.
///
/// A bin holds times above its lower end up to and with its upper end, as limits are inclusive: the bins up to a limit
/// together are the people within it. The first bin holds a time of 0, too. Bins end with the longest time; people
/// without a time are apart. The people of all bins and those without a time are all people.
///
/// ```
/// use verbund::stats::TimeDistribution;
/// use verbund::units::Seconds;
///
/// let mut times = TimeDistribution::new();
/// times.add(Some(Seconds(0)), 1);
/// times.add(Some(Seconds(300)), 2); // five minutes are in the first bin of five minutes
/// times.add(Some(Seconds(301)), 4);
/// times.add(None, 8);
/// let histogram = times.histogram(Seconds::from_minutes(5));
/// assert_eq!(histogram.bins, [3, 4]);
/// assert_eq!((histogram.unreached, histogram.people()), (8, 15));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TimeHistogram {
    /// How wide each bin is, at least a second.
    #[serde(rename = "width_seconds", serialize_with = "as_seconds")]
    pub width: Seconds,
    /// People by bin, the shortest times first.
    pub bins: Vec<u64>,
    /// People without a time.
    pub unreached: u64,
}

impl TimeHistogram {
    /// All people, with and without a time.
    pub fn people(&self) -> u64 {
        self.bins.iter().sum::<u64>() + self.unreached
    }

    /// The upper end of a bin, which belongs to it; stays at the greatest time when it would overflow.
    pub fn end(&self, bin: usize) -> Seconds {
        let bins = u32::try_from(bin + 1).unwrap_or(u32::MAX);
        Seconds(self.width.0.saturating_mul(bins))
    }
}

impl TimeDistribution {
    /// The people in bins of this width; a width of 0 is taken for one second.
    pub fn histogram(&self, width: Seconds) -> TimeHistogram {
        let width = Seconds(width.0.max(1));
        let mut bins = Vec::new();
        for (time, people) in self.by_second() {
            if people == 0 {
                continue;
            }
            // The upper end belongs to a bin: of bins of 300 seconds, 300 is in the first and 301 in the second.
            let bin = (time.0.max(1) - 1) / width.0;
            let bin = bin as usize;
            if bin >= bins.len() {
                bins.resize(bin + 1, 0);
            }
            bins[bin] += people;
        }
        TimeHistogram { width, bins, unreached: self.unreached() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_up_to_a_limit_are_the_people_within_it() {
        let mut times = TimeDistribution::new();
        // Powers of two, so that a sum tells who is in it.
        for (seconds, people) in [(0, 1), (1, 2), (600, 4), (601, 8), (1_800, 16), (1_801, 32)] {
            times.add(Some(Seconds(seconds)), people);
        }
        times.add(None, 64);
        let histogram = times.histogram(Seconds::from_minutes(10));
        assert_eq!(histogram.bins, [1 + 2 + 4, 8, 16, 32]);
        assert_eq!(histogram.people(), times.people());
        for bin in 0..4 {
            let up_to: u64 = histogram.bins[..=bin].iter().sum();
            assert_eq!(up_to, times.within(histogram.end(bin)));
        }
    }

    #[test]
    fn nobody_and_a_width_of_nothing_have_an_answer() {
        let mut times = TimeDistribution::new();
        assert_eq!(times.histogram(Seconds(60)).people(), 0);
        times.add(None, 3);
        assert_eq!((times.histogram(Seconds(60)).bins.len(), times.people()), (0, 3));
        times.add(Some(Seconds(2)), 5);
        assert_eq!(times.histogram(Seconds(0)).bins, [0, 5]);
        // Who was taken away makes no bin.
        times.add(Some(Seconds(900)), 1);
        times.remove(Some(Seconds(900)), 1);
        assert_eq!(times.histogram(Seconds(60)).bins, [5]);
    }
}
