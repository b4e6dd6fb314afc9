//! Means, intervals, quantiles, rank correlations and spread-out samples, summed in a fixed order.

mod fit;
mod histogram;
mod interval;
mod sample;
mod selection;

pub use fit::{Fit, FittedLaw, fit_times};
pub use histogram::TimeHistogram;
pub use interval::Interval;
pub(crate) use interval::student_t;
pub use sample::latin_hypercube;
pub use selection::{
    Estimate, Rank, best_of, ocba_shares, probability_of_best, ranks, variance_reduction,
};

use crate::units::Seconds;

/// How many people have which time: a weighted distribution over whole seconds.
///
/// A table of counts by second from the shortest time to the longest, so adding is one step and a
/// quantile is exact. Weights need not be people: shares of hours may be counted in them.
///
/// People without a time (who reach nothing) count in the total and in every quantile, as if
/// their time were longer than any other; the mean is taken over the others.
#[derive(Debug, Clone, Default)]
pub struct TimeDistribution {
    /// The second that the table starts with.
    first: usize,
    by_second: Vec<u64>,
    reached: u64,
    unreached: u64,
    sum: u128,
}

/// Seconds that the table grows by at its front.
const FRONT: usize = 1024;

impl TimeDistribution {
    /// An empty distribution.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `people` with this time, or without any (`None`).
    pub fn add(&mut self, time: Option<Seconds>, people: u64) {
        let Some(time) = time else {
            self.unreached += people;
            return;
        };
        let second = time.0 as usize;
        if self.by_second.is_empty() {
            self.first = second;
        }
        if second < self.first {
            // By many at once, as growing at the front moves the whole table.
            let start = second.saturating_sub(FRONT);
            let empty = std::iter::repeat_n(0, self.first - start);
            self.by_second.splice(0..0, empty);
            self.first = start;
        }
        let position = second - self.first;
        if position >= self.by_second.len() {
            self.by_second.resize(position + 1, 0);
        }
        self.by_second[position] += people;
        self.reached += people;
        self.sum += u128::from(time.0) * u128::from(people);
    }

    /// Takes people away that were added with this time before.
    ///
    /// # Panics
    ///
    /// When fewer were added.
    pub fn remove(&mut self, time: Option<Seconds>, people: u64) {
        let less = |count: u64| count.checked_sub(people).expect("fewer people were added");
        let Some(time) = time else {
            self.unreached = less(self.unreached);
            return;
        };
        if people == 0 {
            return;
        }
        // Before the table, the position wraps round to one that is beyond it.
        let position = (time.0 as usize).wrapping_sub(self.first);
        let entry = self.by_second.get_mut(position).expect("fewer people were added");
        *entry = less(*entry);
        self.reached -= people;
        self.sum -= u128::from(time.0) * u128::from(people);
    }

    /// All people, with and without a time.
    pub fn people(&self) -> u64 {
        self.reached + self.unreached
    }

    /// People without a time.
    pub fn unreached(&self) -> u64 {
        self.unreached
    }

    /// People whose time is at most `limit`.
    pub fn within(&self, limit: Seconds) -> u64 {
        let seconds = (limit.0 as usize + 1).saturating_sub(self.first);
        let mut people = 0;
        for of_second in self.by_second.iter().take(seconds) {
            people += of_second;
        }
        people
    }

    /// Every second of the table with its people, rising; most may have none.
    pub(crate) fn by_second(&self) -> impl Iterator<Item = (Seconds, u64)> {
        let seconds = (self.first..).zip(&self.by_second);
        seconds.map(|(second, people)| (Seconds(second as u32), *people))
    }

    /// Mean time in seconds of the people who have one; `None` when nobody has.
    pub fn mean_seconds(&self) -> Option<f64> {
        if self.reached == 0 {
            return None;
        }
        Some(self.sum as f64 / self.reached as f64)
    }

    /// The least time that at least the share `q` of all people (0 to 1) does not exceed. For a median, see
    /// [`Self::median`].
    ///
    /// `None` when nobody is there, or when the people without a time reach into the quantile.
    pub fn quantile(&self, q: f64) -> Option<Seconds> {
        // A share of 0 is the first person, as nobody comes before.
        let person = (q * self.people() as f64).ceil() as u64;
        self.time_of(person.max(1))
    }

    /// The median time: that of the person in the middle, or the mean of the two in the middle where the
    /// number of people is even, to the nearest second, half a second up.
    ///
    /// `None` when nobody is there, or when one of those in the middle has no time.
    pub fn median(&self) -> Option<Seconds> {
        let people = self.people();
        let lower = self.time_of(people.div_ceil(2))?;
        let upper = self.time_of(people / 2 + 1)?;
        let both = u64::from(lower.0) + u64::from(upper.0);
        Some(Seconds(both.div_ceil(2) as u32))
    }

    /// The time of a person, counted from 1 in the order of times; `None` for one without a time.
    fn time_of(&self, person: u64) -> Option<Seconds> {
        let mut so_far = 0;
        for (second, people) in (self.first..).zip(&self.by_second) {
            so_far += people;
            if so_far >= person {
                return Some(Seconds(second as u32));
            }
        }
        None
    }

    /// The longest time of anybody who has one.
    pub fn longest(&self) -> Option<Seconds> {
        // The end of the table may be empty: people were taken away there.
        let last = self.by_second.iter().rposition(|&people| people > 0)?;
        Some(Seconds((self.first + last) as u32))
    }
}

/// The median of some numbers: the middle one by size, or the mean of the two in the middle where their
/// number is even. `None` without any.
///
/// ```
/// use verbund::stats::median;
///
/// assert_eq!(median(&[30.0, 10.0, 20.0]), Some(20.0));
/// assert_eq!(median(&[30.0, 10.0, 20.0, 100.0]), Some(25.0));
/// assert_eq!(median(&[]), None);
/// ```
pub fn median(numbers: &[f64]) -> Option<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = sorted[(sorted.len() - 1) / 2];
    Some(f64::midpoint(lower, upper))
}

/// Spearman's rank correlation of two equally long lists, from -1 to 1; ties get their mean rank.
///
/// `None` for fewer than two pairs or when one list is constant.
///
/// Spearman, C. (1904): The proof and measurement of association between two things.
/// American Journal of Psychology 15, 72-101.
///
/// ```
/// let rho = verbund::stats::rank_correlation(&[1.0, 2.0, 3.0], &[10.0, 30.0, 20.0]);
/// assert_eq!(rho, Some(0.5)); // 1 - 6 * (0 + 1 + 1) / (3 * 8)
/// ```
///
/// # Panics
///
/// When the lists are not equally long.
pub fn rank_correlation(left: &[f64], right: &[f64]) -> Option<f64> {
    assert_eq!(left.len(), right.len(), "rank correlation of lists of different length");
    if left.len() < 2 {
        return None;
    }
    let (left, right) = (mean_ranks(left), mean_ranks(right));
    // Ranks are 1 to n, ties or not: their mean is known.
    let mean = f64::midpoint(left.len() as f64, 1.0);
    let mut products = 0.0;
    let mut squares_left = 0.0;
    let mut squares_right = 0.0;
    for (left, right) in left.iter().zip(&right) {
        let (left, right) = (left - mean, right - mean);
        products += left * right;
        squares_left += left * left;
        squares_right += right * right;
    }
    // A constant list has no order to agree with.
    if squares_left <= 0.0 || squares_right <= 0.0 {
        return None;
    }
    Some(products / (squares_left * squares_right).sqrt())
}

/// How well rankings keep the order of a base: the mean of their rank correlations with it, -1 to
/// 1.
///
/// A ranking that is constant orders nothing and is left out. `None` when none is left, or when the
/// base is constant or has fewer than two values.
///
/// ```
/// // The same order has 1, the reverse -1, one swap of three 0.5.
/// let base = [1.0, 2.0, 3.0];
/// let others = [vec![5.0, 6.0, 9.0], vec![3.0, 2.0, 1.0], vec![1.0, 3.0, 2.0]];
/// let stability = verbund::stats::rank_stability(&base, &others);
/// assert_eq!(stability, Some((1.0 - 1.0 + 0.5) / 3.0));
/// ```
///
/// # Panics
///
/// When a ranking is not as long as the base.
pub fn rank_stability(base: &[f64], rankings: &[Vec<f64>]) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0);
    for ranking in rankings {
        if let Some(correlation) = rank_correlation(base, ranking) {
            sum += correlation;
            count += 1;
        }
    }
    if count == 0 {
        return None;
    }
    Some(sum / f64::from(count))
}

/// Ranks from 1, equal values sharing their mean rank.
fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let mut to = from;
        let value = values[order[from]];
        while to + 1 < order.len() && values[order[to + 1]] == value {
            to += 1;
        }
        let mean_rank = f64::midpoint(from as f64, to as f64) + 1.0;
        for &index in &order[from..=to] {
            ranks[index] = mean_rank;
        }
        from = to + 1;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_distribution_written_out() {
        // 1 person at 10 s, 2 at 20 s, 1 at 30 s: the median is 20 s, P90 is 30 s, the mean 20 s.
        let mut times = TimeDistribution::new();
        times.add(Some(Seconds(10)), 1);
        times.add(Some(Seconds(20)), 2);
        times.add(Some(Seconds(30)), 1);
        assert_eq!(times.quantile(0.25), Some(Seconds(10)));
        assert_eq!(times.quantile(0.5), Some(Seconds(20)));
        assert_eq!(times.quantile(0.9), Some(Seconds(30)));
        assert_eq!(times.mean_seconds(), Some(20.0));
        assert_eq!(times.within(Seconds(20)), 3);
        assert_eq!(times.longest(), Some(Seconds(30)));
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        // Of people at 10 s, at 31 s and without a time.
        let median = |short: u64, long: u64, without: u64| {
            let mut times = TimeDistribution::new();
            times.add(Some(Seconds(10)), short);
            times.add(Some(Seconds(31)), long);
            times.add(None, without);
            Some(times.median()?.0)
        };
        // 1,000 people at 10 s and 1,000 at 31 s: 20.5 s, printed as 21 s; one more at 31 s decides.
        assert_eq!(median(1000, 1000, 0), Some(21));
        assert_eq!(median(1000, 1001, 0), Some(31));
        assert_eq!(median(1001, 1000, 0), Some(10));
        assert_eq!(median(0, 1, 0), Some(31));
        // Half of them have no time: nobody knows how far the middle is.
        assert_eq!(median(3, 0, 3), None);
        assert_eq!(median(4, 0, 3), Some(10));
        assert_eq!(median(0, 0, 3), None);
        assert_eq!(median(0, 0, 0), None);
    }

    #[test]
    fn people_without_a_time_stand_behind_everybody() {
        let mut times = TimeDistribution::new();
        times.add(Some(Seconds(60)), 6);
        times.add(None, 4);
        assert_eq!(times.quantile(0.6), Some(Seconds(60)));
        assert_eq!(times.quantile(0.61), None);
        assert_eq!(times.mean_seconds(), Some(60.0));
        assert_eq!(times.people(), 10);
    }

    #[test]
    fn who_is_taken_away_was_never_there() {
        let mut times = TimeDistribution::new();
        times.add(Some(Seconds(60)), 6);
        times.add(Some(Seconds(20)), 3);
        times.add(Some(Seconds(90)), 4);
        times.add(None, 5);
        assert_eq!(times.people(), 18);
        assert_eq!(times.longest(), Some(Seconds(90)));
        times.remove(Some(Seconds(90)), 4);
        times.remove(None, 5);
        times.remove(Some(Seconds(20)), 3);

        // As if the six had been alone.
        assert_eq!(times.people(), 6);
        assert_eq!(times.longest(), Some(Seconds(60)));
        assert_eq!(times.quantile(0.9), Some(Seconds(60)));
        assert_eq!(times.mean_seconds(), Some(60.0));
        assert_eq!(times.unreached(), 0);
        assert_eq!(times.within(Seconds(59)), 0);
    }

    #[test]
    #[should_panic(expected = "fewer people were added")]
    fn more_than_were_added_cannot_be_taken_away() {
        let mut times = TimeDistribution::new();
        times.add(Some(Seconds(60)), 6);
        times.remove(Some(Seconds(60)), 7);
    }

    #[test]
    fn nobody_has_no_quantile() {
        let times = TimeDistribution::new();
        assert_eq!(times.quantile(0.5), None);
        assert_eq!(times.mean_seconds(), None);
        assert_eq!(times.longest(), None);
    }

    #[test]
    fn equal_values_share_their_rank() {
        assert_eq!(mean_ranks(&[5.0, 1.0, 5.0]), vec![2.5, 1.0, 2.5]);
        assert_eq!(rank_correlation(&[1.0, 1.0], &[1.0, 2.0]), None);
        assert_eq!(rank_correlation(&[1.0, 2.0, 4.0], &[3.0, 2.0, 1.0]), Some(-1.0));
    }

    #[test]
    fn constant_rankings_do_not_count() {
        let base = [1.0, 2.0, 3.0];
        let others = [vec![7.0; 3], vec![1.0, 3.0, 2.0]];
        assert_eq!(rank_stability(&base, &others), Some(0.5));
        assert_eq!(rank_stability(&base, &others[..1]), None);
        assert_eq!(rank_stability(&[4.0; 3], &others), None);
        assert_eq!(rank_stability(&base, &[]), None);
    }
}
