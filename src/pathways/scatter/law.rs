//! How a time scatters: the probability of each second.

use std::f64::consts::SQRT_2;

use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

use crate::model::FARTHEST;

/// Probability that may be moved to the nearest second that is kept, at each end of a sum.
const NEGLIGIBLE: f64 = 1e-13;

/// Up to so many products a convolution is written out; beyond, transforms are faster.
const WRITTEN_OUT: usize = 1 << 16;

/// Cells of this width, one of them around this second.
#[derive(Debug, Clone, Copy)]
struct Cells {
    middle: i64,
    /// An odd number.
    width: i64,
}

/// The least and the greatest second that a time can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) first: i64,
    pub(super) last: i64,
}

/// A time that is so many seconds later than a law, with its probability among others.
#[derive(Clone, Copy)]
pub(super) struct Variant<'l> {
    pub(super) later: i64,
    pub(super) law: &'l Law,
    pub(super) share: f64,
}

/// A random time, by cells of whole seconds: of one second each where it can be exact.
///
/// Within a cell every second is as likely as any other. Cells are wider only where a law is mixed of
/// very many others ([`super::ways`]).
#[derive(Debug, Clone)]
pub(super) struct Law {
    /// The second in the middle of the first cell; below 0 where what is subtracted scatters.
    first: i64,
    /// Seconds of a cell: an odd number, so that it has a middle.
    width: i64,
    /// Probability of each cell up to its end; the last is 1.
    within: Vec<f64>,
    mean: f64,
}

impl Law {
    /// Always 0 seconds.
    pub(super) fn zero() -> Self {
        Self { first: 0, width: 1, within: vec![1.0], mean: 0.0 }
    }

    /// Probabilities by cell, each 0 or more and 1 together but for rounding.
    fn of(first: i64, width: i64, mut mass: Vec<f64>) -> Self {
        // Tails that nobody can see would make every sum of laws longer: they go to the nearest second.
        let kept_from = ends_at(mass.iter());
        let kept_to = mass.len() - ends_at(mass.iter().rev());
        let before: f64 = mass[..kept_from].iter().sum();
        let behind: f64 = mass[kept_to..].iter().sum();
        mass.truncate(kept_to);
        mass.drain(..kept_from);
        let last = mass.len() - 1;
        mass[0] += before;
        mass[last] += behind;

        let first = first + width * whole(kept_from);
        let mut mean = 0.0;
        let mut so_far = 0.0;
        let mut within = Vec::with_capacity(mass.len());
        for (cell, mass) in mass.iter().enumerate() {
            so_far += mass;
            mean += mass * (first + width * whole(cell)) as f64;
            within.push(so_far.min(1.0));
        }
        within[last] = 1.0;
        Self { first, width, within, mean: mean / so_far }
    }

    /// A lognormal time with this median in seconds and this deviation of its logarithm, rounded to
    /// whole seconds.
    pub(super) fn lognormal(median: u32, sigma: f64) -> Self {
        let median = f64::from(median);
        // `libm` gives the same bits on every machine; the standard library does not promise it.
        let reach = libm::exp(FARTHEST * sigma);
        let (first, last) = ((median / reach).floor() as u32, (median * reach).ceil() as u32);
        let until = |second: u32| {
            let z = libm::log((f64::from(second) + 0.5) / median) / sigma;
            0.5 * libm::erfc(-z / SQRT_2)
        };
        // Each second has what lies within half a second of it; the last one takes what is left.
        let mut before = 0.0;
        let mut mass = Vec::with_capacity((last - first) as usize + 1);
        for second in first..=last {
            let within = if second == last { 1.0 } else { until(second) };
            mass.push(within - before);
            before = within;
        }
        Self::of(i64::from(first), 1, mass)
    }

    /// The sum of this time and another with cells as wide that does not depend on it.
    pub(super) fn plus(&self, other: &Self) -> Self {
        debug_assert_eq!(self.width, other.width);
        Self::of(self.first + other.first, self.width, convolve(&self.mass(), &other.mass()))
    }

    /// What is subtracted, as a time of its own.
    pub(super) fn negative(&self) -> Self {
        let mut mass = self.mass();
        mass.reverse();
        Self::of(-(self.first + self.width * whole(mass.len() - 1)), self.width, mass)
    }

    /// The later of this time and another that starts `lead` seconds later and does not depend on it.
    pub(super) fn later(&self, other: &Self, lead: i64) -> Self {
        let ends = Ends {
            first: self.first().max(other.first() + lead),
            last: self.last().max(other.last() + lead),
        };
        let cells = if self.width >= other.width {
            Cells { middle: self.first, width: self.width }
        } else {
            Cells { middle: other.first + lead, width: other.width }
        };
        // Independent times: both are over with the product of their probabilities.
        let within = |second: i64| self.within(second) * other.within(second - lead);
        Self::by_cells(cells, ends, within)
    }

    /// This time by cells of another width.
    pub(super) fn by_width(&self, width: i64) -> Self {
        let cells = Cells { middle: self.first, width };
        Self::by_cells(cells, self.ends(), |second| self.within(second))
    }

    /// One of several times, each so many seconds later and with its probability; 1 together.
    pub(super) fn one_of(times: &[Variant<'_>], width: i64) -> Self {
        let mut ends = Ends { first: i64::MAX, last: i64::MIN };
        for time in times {
            ends.first = ends.first.min(time.later + time.law.first());
            ends.last = ends.last.max(time.later + time.law.last());
        }
        let cells = Cells { middle: ends.first, width };
        Self::by_cells(cells, ends, |second| {
            let mut within = 0.0;
            for time in times {
                within += time.share * time.law.within(second - time.later);
            }
            within
        })
    }

    /// A law on cells, from the probability of at most each second, which is 0 before the first one and
    /// 1 from the last one on.
    fn by_cells(cells: Cells, ends: Ends, within: impl Fn(i64) -> f64) -> Self {
        let Cells { middle, width } = cells;
        let half = width / 2;
        let start = middle + width * (ends.first - middle + half).div_euclid(width);
        let mut before = 0.0;
        let mut mass = Vec::new();
        let mut cell = start;
        while cell - half <= ends.last {
            let until = within(cell + half);
            // Rounding may take a little more than there is.
            mass.push((until - before).max(0.0));
            before = until;
            cell += width;
        }
        Self::of(start, width, mass)
    }

    /// Probability of each cell.
    fn mass(&self) -> Vec<f64> {
        let mut before = 0.0;
        let mut mass = Vec::with_capacity(self.within.len());
        for within in &self.within {
            mass.push(within - before);
            before = *within;
        }
        mass
    }

    /// The greatest second that can be.
    pub(super) fn last(&self) -> i64 {
        self.first + self.width * whole(self.within.len() - 1) + self.width / 2
    }

    /// The least second that can be.
    pub(super) fn first(&self) -> i64 {
        self.first - self.width / 2
    }

    pub(super) fn ends(&self) -> Ends {
        Ends { first: self.first(), last: self.last() }
    }

    /// Seconds between its ends.
    pub(super) fn length(&self) -> i64 {
        self.last() - self.first()
    }

    /// Seconds of a cell.
    pub(super) fn width(&self) -> i64 {
        self.width
    }

    /// The probability of at most so many seconds.
    pub(super) fn within(&self, seconds: i64) -> f64 {
        let since = seconds - self.first();
        if since < 0 {
            return 0.0;
        }
        let cell = (since / self.width) as usize;
        let Some(&until) = self.within.get(cell) else { return 1.0 };
        let before = if cell == 0 { 0.0 } else { self.within[cell - 1] };
        let part = (since % self.width + 1) as f64 / self.width as f64;
        // The end of a cell is kept as it is, whatever rounding does.
        if since % self.width + 1 == self.width { until } else { before + part * (until - before) }
    }

    /// Mean in seconds.
    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    /// Standard deviation in seconds.
    pub(super) fn deviation(&self) -> f64 {
        let mut variance = 0.0;
        for (second, mass) in self.cells() {
            variance += mass * (second as f64 - self.mean) * (second as f64 - self.mean);
        }
        variance.sqrt()
    }

    /// The middle of each cell, with its probability.
    pub(super) fn cells(&self) -> impl Iterator<Item = (i64, f64)> + use<'_> {
        let mass = self.mass().into_iter().enumerate();
        mass.map(|(cell, mass)| (self.first + self.width * whole(cell), mass))
    }
}

/// A number of cells; at most some ten million.
fn whole(cells: usize) -> i64 {
    i64::from(cells as u32)
}

/// How many of the first probabilities are negligible together.
fn ends_at<'m>(mass: impl ExactSizeIterator<Item = &'m f64>) -> usize {
    let most = mass.len() - 1;
    let mut so_far = 0.0;
    for (index, mass) in mass.enumerate() {
        so_far += mass;
        if so_far > NEGLIGIBLE {
            return index;
        }
    }
    most
}

/// Probabilities of the sum of two independent times.
fn convolve(a: &[f64], b: &[f64]) -> Vec<f64> {
    let length = a.len() + b.len() - 1;
    if a.len() * b.len() <= WRITTEN_OUT {
        return convolve_written_out(a, b);
    }
    // By Fourier transforms: a sum of independent times is a product there, and thousands of seconds by
    // thousands take n log n steps instead of n squared. Both laws are real, so one transform serves for
    // two: the square of a + ib has twice the product of both transforms in its imaginary part.
    let size = length.next_power_of_two();
    let mut values = vec![Complex::new(0.0, 0.0); size];
    for (value, a) in values.iter_mut().zip(a) {
        value.re = *a;
    }
    for (value, b) in values.iter_mut().zip(b) {
        value.im = *b;
    }
    let mut planner = FftPlanner::new();
    planner.plan_fft_forward(size).process(&mut values);
    for value in &mut values {
        *value = *value * *value;
    }
    planner.plan_fft_inverse(size).process(&mut values);
    let scale = 0.5 / size as f64;
    let mut sums = Vec::with_capacity(length);
    for value in &values[..length] {
        // A transform leaves a little noise, below nothing, too.
        sums.push((value.im * scale).max(0.0));
    }
    sums
}

fn convolve_written_out(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; a.len() + b.len() - 1];
    for (shift, a) in a.iter().enumerate() {
        for (sum, b) in sums[shift..].iter_mut().zip(b) {
            *sum += a * b;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lognormal_time_has_the_quantiles_of_its_table() {
        // Median 2160 s, sigma 0.5: the quartiles are 2160 * exp(-+0.5 * 0.674490) = 1541.6, 3026.4;
        // the mean is 2160 * exp(0.125) = 2447.6.
        let law = Law::lognormal(2160, 0.5);
        let quantile =
            |share: f64| (0..10_000).find(|&second| law.within(second) >= share).unwrap();
        assert_eq!([0.25, 0.5, 0.75].map(quantile), [1542, 2160, 3026]);
        assert!((law.mean() - 2160.0 * 0.125_f64.exp()).abs() < 0.1, "{}", law.mean());
        assert_eq!(law.within(law.last()), 1.0);
        assert_eq!(law.within(law.first() - 1), 0.0);
    }

    #[test]
    fn sums_by_transform_are_those_written_out() {
        let (a, b) = (Law::lognormal(600, 0.4), Law::lognormal(1500, 0.3));
        let (fast, slow) =
            (convolve(&a.mass(), &b.mass()), convolve_written_out(&a.mass(), &b.mass()));
        assert!(a.mass().len() * b.mass().len() > WRITTEN_OUT);
        for (fast, slow) in fast.iter().zip(&slow) {
            assert!((fast - slow).abs() < 1e-15, "{fast} {slow}");
        }
        assert!((a.plus(&b).mean() - a.mean() - b.mean()).abs() < 1e-6);
    }

    #[test]
    fn two_dice_by_hand() {
        let die = Law::of(1, 1, vec![1.0 / 6.0; 6]);
        let both = die.plus(&die);
        // 7 has 6 of 36, at most 4 has 1 + 2 + 3 of 36.
        assert!((both.within(7) - both.within(6) - 6.0 / 36.0).abs() < 1e-12);
        assert!((both.within(4) - 6.0 / 36.0).abs() < 1e-12);
        // The later of a die, and of a die that starts two later: at most 5 is 5/6 * 3/6.
        let later = die.later(&die, 2);
        assert!((later.within(5) - 15.0 / 36.0).abs() < 1e-12);
        assert_eq!((later.first(), later.last()), (3, 8));
    }

    #[test]
    fn wide_cells_keep_shares_and_means() {
        let law = Law::lognormal(2160, 0.5);
        let wide = law.by_width(31);
        for second in [1000, 1542, 2160, 3026, 5000] {
            assert!((wide.within(second) - law.within(second)).abs() < 1e-4, "{second}");
        }
        assert!((wide.mean() - law.mean()).abs() < 0.5, "{} {}", wide.mean(), law.mean());
        assert!((wide.deviation() - law.deviation()).abs() < 1.0);
        assert_eq!((wide.within(wide.first() - 1), wide.within(wide.last())), (0.0, 1.0));
    }

    #[test]
    fn a_die_less_another_by_hand() {
        let die = Law::of(1, 1, vec![1.0 / 6.0; 6]);
        let less = die.plus(&die.negative());
        // At most -4 are 1 - 5, 1 - 6 and 2 - 6; it is as often above 0 as below.
        assert!((less.within(-4) - 3.0 / 36.0).abs() < 1e-12);
        assert!((less.within(0) - 21.0 / 36.0).abs() < 1e-12);
        assert!(less.mean().abs() < 1e-12);
        // Evenly the die, or the die ten seconds later: half of all are done by 6.
        let half = |later: i64| Variant { later, law: &die, share: 0.5 };
        let either = Law::one_of(&[half(0), half(10)], 1);
        assert!((either.within(3) - 0.25).abs() < 1e-12);
        assert!((either.within(6) - 0.5).abs() < 1e-12);
        assert!((either.within(10) - 0.5).abs() < 1e-12);
        assert!((either.mean() - 8.5).abs() < 1e-12);
    }
}
