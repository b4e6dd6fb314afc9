//! How a time scatters: the probability of each second.

use std::f64::consts::SQRT_2;

use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

use crate::model::FARTHEST;

/// Probability that may be moved to the nearest second that is kept, at each end of a sum.
const NEGLIGIBLE: f64 = 1e-13;

/// Up to so many products a convolution is written out; beyond, transforms are faster.
const WRITTEN_OUT: usize = 1 << 16;

/// A random time in whole seconds.
#[derive(Debug, Clone)]
pub(super) struct Law {
    /// The least second that can be.
    first: u32,
    /// Probability of each second from there on.
    mass: Vec<f64>,
    /// Probability of at most each second; the last is 1.
    within: Vec<f64>,
    mean: f64,
}

impl Law {
    /// Always 0 seconds.
    pub(super) fn zero() -> Self {
        Self { first: 0, mass: vec![1.0], within: vec![1.0], mean: 0.0 }
    }

    /// Probabilities by second, each 0 or more and 1 together but for rounding.
    fn of(first: u32, mut mass: Vec<f64>) -> Self {
        let kept_from = ends_at(mass.iter());
        let kept_to = mass.len() - ends_at(mass.iter().rev());
        let before: f64 = mass[..kept_from].iter().sum();
        let behind: f64 = mass[kept_to..].iter().sum();
        mass.truncate(kept_to);
        mass.drain(..kept_from);
        let last = mass.len() - 1;
        mass[0] += before;
        mass[last] += behind;

        let first = first + kept_from as u32;
        let (mut so_far, mut mean) = (0.0, 0.0);
        let mut within = Vec::with_capacity(mass.len());
        for (second, mass) in mass.iter().enumerate() {
            so_far += mass;
            mean += mass * (f64::from(first) + second as f64);
            within.push(so_far.min(1.0));
        }
        within[last] = 1.0;
        Self { first, mass, within, mean: mean / so_far }
    }

    /// A lognormal time with this median in seconds and this deviation of its logarithm, rounded to
    /// whole seconds.
    pub(super) fn lognormal(median: u32, sigma: f64) -> Self {
        let median = f64::from(median);
        let reach = libm::exp(FARTHEST * sigma);
        let (first, last) = ((median / reach).floor() as u32, (median * reach).ceil() as u32);
        let until = |second: u32| {
            let z = libm::log((f64::from(second) + 0.5) / median) / sigma;
            0.5 * libm::erfc(-z / SQRT_2)
        };
        let mut before = 0.0;
        let mut mass = Vec::with_capacity((last - first) as usize + 1);
        for second in first..=last {
            let within = if second == last { 1.0 } else { until(second) };
            mass.push(within - before);
            before = within;
        }
        Self::of(first, mass)
    }

    /// The sum of this time and another that does not depend on it.
    pub(super) fn plus(&self, other: &Self) -> Self {
        Self::of(self.first + other.first, convolve(&self.mass, &other.mass))
    }

    /// The later of this time and another that starts `lead` seconds later and does not depend on it.
    pub(super) fn later(&self, other: &Self, lead: i64) -> Self {
        let first = i64::from(self.first).max(i64::from(other.first) + lead);
        let last = self.last().max(other.last() + lead).max(first);
        let mut before = 0.0;
        let mut mass = Vec::with_capacity((last - first) as usize + 1);
        for second in first..=last {
            let within = self.within(second) * other.within(second - lead);
            mass.push((within - before).max(0.0));
            before = within;
        }
        Self::of(first as u32, mass)
    }

    /// The greatest second that can be.
    pub(super) fn last(&self) -> i64 {
        // At most some ten million seconds long.
        i64::from(self.first) + i64::from(self.mass.len() as u32) - 1
    }

    /// The least second that can be.
    pub(super) fn first(&self) -> i64 {
        i64::from(self.first)
    }

    /// The probability of at most so many seconds.
    pub(super) fn within(&self, seconds: i64) -> f64 {
        let at = seconds - i64::from(self.first);
        if at < 0 {
            return 0.0;
        }
        self.within.get(at as usize).copied().unwrap_or(1.0)
    }

    /// Mean in seconds.
    pub(super) fn mean(&self) -> f64 {
        self.mean
    }
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
    // The square of a + ib has twice the product of both transforms in its imaginary part.
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
    values[..length].iter().map(|value| (value.im * scale).max(0.0)).collect()
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
        let (fast, slow) = (convolve(&a.mass, &b.mass), convolve_written_out(&a.mass, &b.mass));
        assert!(a.mass.len() * b.mass.len() > WRITTEN_OUT);
        for (fast, slow) in fast.iter().zip(&slow) {
            assert!((fast - slow).abs() < 1e-15, "{fast} {slow}");
        }
        assert!((a.plus(&b).mean() - a.mean() - b.mean()).abs() < 1e-6);
    }

    #[test]
    fn two_dice_by_hand() {
        let die = Law::of(1, vec![1.0 / 6.0; 6]);
        let both = die.plus(&die);
        // 7 has 6 of 36, at most 4 has 1 + 2 + 3 of 36.
        assert!((both.within(7) - both.within(6) - 6.0 / 36.0).abs() < 1e-12);
        assert!((both.within(4) - 6.0 / 36.0).abs() < 1e-12);
        // The later of a die, and of a die that starts two later: at most 5 is 5/6 * 3/6.
        let later = die.later(&die, 2);
        assert!((later.within(5) - 15.0 / 36.0).abs() < 1e-12);
        assert_eq!((later.first(), later.last()), (3, 8));
    }
}
