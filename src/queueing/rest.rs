//! What is left of something that has lasted for a while.

use rand::RngExt;
use rand_distr::{Distribution as _, Exp1, Gamma, StandardNormal};
use rand_xoshiro::SplitMix64;
use statrs::function::gamma::checked_gamma_ur;

use super::distribution::{Distribution, MixturePart, Sampler};
use super::law::below;

/// How often a length is drawn until one is longer than what has passed, where no formula says what is left.
const MOST_DRAWS: u32 = 10_000;

/// Halvings of an interval: then its ends are neighbouring numbers.
const HALVINGS: u32 = 200;

impl Distribution {
    /// The share that takes longer than a time, 0 to 1; `None` for phase types, and for what is truncated of them.
    ///
    /// ```
    /// use verbund::queueing::Distribution;
    ///
    /// let stay = Distribution::Exponential { mean: 5.0 };
    /// assert_eq!(stay.share_beyond(0.0), Some(1.0));
    /// // 1 / e of all take longer than the mean.
    /// assert!((stay.share_beyond(5.0).unwrap_or(0.0) - 0.36788).abs() < 1e-5);
    /// ```
    pub fn share_beyond(&self, time: f64) -> Option<f64> {
        if time <= 0.0 {
            return Some(1.0);
        }
        // Far out, one less the share below has no digits left: where a formula gives the share beyond, that one.
        Some(match self {
            Self::Exponential { mean } => libm::exp(-time / mean),
            Self::Lognormal { mean, cv } if *cv > 0.0 => {
                let variance = libm::log1p(cv * cv);
                let normal = (libm::log(time / mean) + variance / 2.0) / variance.sqrt();
                libm::erfc(normal / std::f64::consts::SQRT_2) / 2.0
            }
            Self::Gamma { mean, cv } if *cv > 0.0 => {
                let shape = 1.0 / (cv * cv);
                gamma_beyond(shape, time * shape / mean)
            }
            Self::Erlang { mean, stages } => {
                let stages = f64::from(*stages);
                gamma_beyond(stages, time * stages / mean)
            }
            Self::Weibull { mean, shape } => {
                let scale = mean / libm::tgamma(1.0 + 1.0 / shape);
                libm::exp(-libm::pow(time / scale, *shape))
            }
            Self::Truncated { law, from, to } => {
                let (low, high) = (below(law, *from)?, below(law, *to)?);
                ((high - below(law, time)?) / (high - low)).clamp(0.0, 1.0)
            }
            _ => 1.0 - below(self, time)?,
        })
    }

    /// What is left of something that has lasted so long, drawn from the law under the condition that it is longer; 0
    /// where nothing lasts as long.
    pub(super) fn draw_after(&self, so_far: f64, numbers: &mut SplitMix64) -> f64 {
        if so_far <= 0.0 {
            return Sampler::new(self).draw(numbers);
        }
        match self {
            Self::Exponential { mean } => mean * exponential(numbers),
            Self::Deterministic(length) => (length - so_far).max(0.0),
            Self::Lognormal { mean, cv } | Self::Gamma { mean, cv } if *cv == 0.0 => {
                (mean - so_far).max(0.0)
            }
            Self::Lognormal { mean, cv } => {
                let variance = libm::log1p(cv * cv);
                let sigma = variance.sqrt();
                let from = (libm::log(so_far / mean) + variance / 2.0) / sigma;
                let normal = normal_above(from, numbers);
                (mean * libm::exp(sigma * normal - variance / 2.0) - so_far).max(0.0)
            }
            Self::Gamma { mean, cv } => {
                let scale = mean * cv * cv;
                gamma_rest(1.0 / (cv * cv), so_far / scale, numbers) * scale
            }
            Self::Erlang { mean, stages } => {
                let shape = f64::from(*stages);
                gamma_rest(shape, so_far * shape / mean, numbers) * mean / shape
            }
            Self::Weibull { mean, shape } => {
                let scale = mean / libm::tgamma(1.0 + 1.0 / shape);
                // The hazard up to a time is the time over the scale to the power of the shape.
                let hazard = libm::pow(so_far / scale, *shape) + exponential(numbers);
                // A great shape has none left, and no number for it.
                if hazard.is_infinite() {
                    return 0.0;
                }
                (scale * libm::pow(hazard, 1.0 / shape) - so_far).max(0.0)
            }
            Self::Hyperexponential { shares, means } => {
                let mut weights = Vec::with_capacity(shares.len());
                for (share, mean) in shares.iter().zip(means) {
                    weights.push(share * libm::exp(-so_far / mean));
                }
                match drawn(&weights, numbers) {
                    Some(part) => means[part] * exponential(numbers),
                    None => 0.0,
                }
            }
            Self::Mixture(parts) => {
                let mut weights = Vec::with_capacity(parts.len());
                for MixturePart { share, law } in parts {
                    weights.push(share * law.share_beyond(so_far).unwrap_or(1.0));
                }
                match drawn(&weights, numbers) {
                    Some(part) => parts[part].law.draw_after(so_far, numbers),
                    None => 0.0,
                }
            }
            Self::Empirical(values) => {
                let mut longer = values.clone();
                longer.retain(|value| *value > so_far);
                if longer.is_empty() {
                    return 0.0;
                }
                longer[numbers.random_range(0..longer.len())] - so_far
            }
            Self::Uniform { to, .. } | Self::Triangular { most: to, .. } => {
                self.by_halving(so_far, *to, numbers)
            }
            Self::Truncated { law, from, to } => {
                law.by_halving(so_far.max(*from), *to, numbers) + (from - so_far).max(0.0)
            }
            Self::PhaseType { .. } => self.by_drawing(so_far, numbers),
        }
    }

    /// What is left up to a greatest length, from the distribution function turned round.
    fn by_halving(&self, so_far: f64, most: f64, numbers: &mut SplitMix64) -> f64 {
        let (Some(passed), Some(whole)) = (below(self, so_far), below(self, most)) else {
            return self.by_drawing(so_far, numbers);
        };
        if most <= so_far || whole <= passed {
            return 0.0;
        }
        let wanted = passed + (whole - passed) * numbers.random::<f64>();
        let (mut low, mut high) = (so_far, most);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if below(self, middle).unwrap_or(1.0) < wanted {
                low = middle;
            } else {
                high = middle;
            }
        }
        (high - so_far).max(0.0)
    }

    fn by_drawing(&self, so_far: f64, numbers: &mut SplitMix64) -> f64 {
        let sampler = Sampler::new(self);
        for _ in 0..MOST_DRAWS {
            let length = sampler.draw(numbers);
            if length > so_far {
                return length - so_far;
            }
        }
        // So long that hardly anything is: as at a random moment.
        sampler.draw_rest(numbers)
    }
}

fn exponential(numbers: &mut SplitMix64) -> f64 {
    Exp1.sample(numbers)
}

/// A position by its weight; `None` where all are 0.
fn drawn(weights: &[f64], numbers: &mut SplitMix64) -> Option<usize> {
    let whole: f64 = weights.iter().sum();
    let mut left = whole * numbers.random::<f64>();
    let last = weights.iter().rposition(|weight| *weight > 0.0)?;
    for (position, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return Some(position);
        }
    }
    Some(last)
}

/// A normal number above a limit (Robert 1995, Simulation of truncated normal variables, Statistics and Computing 5,
/// 121-125): in the tail from a shifted exponential, of which at least three quarters are kept.
fn normal_above(from: f64, numbers: &mut SplitMix64) -> f64 {
    if from <= 0.0 {
        loop {
            let normal: f64 = StandardNormal.sample(numbers);
            if normal > from {
                return normal;
            }
        }
    }
    let rate = f64::midpoint(from, (from * from + 4.0).sqrt());
    loop {
        let normal = from + exponential(numbers) / rate;
        let far = normal - rate;
        if numbers.random::<f64>() <= libm::exp(-far * far / 2.0) {
            return normal;
        }
    }
}

/// What is left of a gamma of scale 1 that has lasted so long.
fn gamma_rest(shape: f64, so_far: f64, numbers: &mut SplitMix64) -> f64 {
    let power = shape - 1.0;
    // Where enough of them are longer, they are drawn until one is.
    let near = if shape < 1.0 { 0.1 } else { shape + 2.0 * shape.sqrt() };
    if so_far <= near
        && let Ok(gamma) = Gamma::new(shape, 1.0)
    {
        loop {
            let length: f64 = gamma.sample(numbers);
            if length > so_far {
                return length - so_far;
            }
        }
    }
    // From here on the density falls no slower than the exponential that has its slope here, for shapes below 1 than
    // that of rate 1: what is too often of it is drawn again.
    let rate = if power > 0.0 { 1.0 - power / so_far } else { 1.0 };
    loop {
        let rest = exponential(numbers) / rate;
        let kept = power * libm::log1p(rest / so_far) - (1.0 - rate) * rest;
        if numbers.random::<f64>() <= libm::exp(kept) {
            return rest;
        }
    }
}

/// The share of a gamma law of scale 1 beyond a time.
fn gamma_beyond(shape: f64, time: f64) -> f64 {
    // A shape without end is a constant: 1, in the scale of its mean.
    checked_gamma_ur(shape, time).unwrap_or_else(|_| f64::from(u8::from(time < shape)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Draw, draws};

    /// Whether what is left is longer than a time as often as the law says: `S(so_far + time) / S(so_far)`.
    fn holds(law: &Distribution, so_far: f64) {
        const DRAWS: u32 = 20_000;
        let survives = law.share_beyond(so_far).unwrap();
        for factor in [0.2, 0.7, 1.5] {
            let time = factor * law.mean();
            let expected = law.share_beyond(so_far + time).unwrap() / survives;
            let mut longer: u32 = 0;
            for key in 0..DRAWS {
                let mut numbers = draws(u64::from(key), 0, Draw::Service);
                longer += u32::from(law.draw_after(so_far, &mut numbers) > time);
            }
            let share = f64::from(longer) / f64::from(DRAWS);
            // Four standard errors.
            let far = 4.0 * (expected * (1.0 - expected) / f64::from(DRAWS)).sqrt() + 1e-9;
            assert!((share - expected).abs() <= far, "{law:?} after {so_far}: {share}, {expected}");
        }
    }

    #[test]
    fn what_is_left_is_the_law_under_the_condition_that_it_is_longer() {
        let lognormal = Distribution::Lognormal { mean: 6.0, cv: 1.0 };
        let gamma = |cv| Distribution::Gamma { mean: 6.0, cv };
        let parts = vec![
            MixturePart { share: 0.7, law: lognormal.clone() },
            MixturePart { share: 0.3, law: gamma(0.5) },
        ];
        for law in [
            Distribution::Exponential { mean: 6.0 },
            lognormal,
            gamma(0.4),
            gamma(1.0),
            gamma(2.0),
            Distribution::Erlang { mean: 6.0, stages: 3 },
            Distribution::Weibull { mean: 6.0, shape: 0.7 },
            Distribution::Weibull { mean: 6.0, shape: 2.0 },
            Distribution::Uniform { from: 2.0, to: 12.0 },
            Distribution::Triangular { least: 1.0, mode: 4.0, most: 13.0 },
            Distribution::Hyperexponential { shares: vec![0.8, 0.2], means: vec![2.0, 22.0] },
            Distribution::Mixture(parts),
            Distribution::Truncated {
                law: Box::new(Distribution::Exponential { mean: 6.0 }),
                from: 3.0,
                to: 15.0,
            },
        ] {
            for so_far in [0.5, 4.0, 9.0] {
                holds(&law, so_far);
            }
        }
        // Far out, where nobody would wait for a draw to be longer.
        holds(&Distribution::Lognormal { mean: 6.0, cv: 1.0 }, 400.0);
        holds(&gamma(0.5), 100.0);
    }

    #[test]
    fn what_has_lasted_longer_than_anything_does_is_over() {
        let mut numbers = draws(1, 0, Draw::Service);
        for law in [
            Distribution::Deterministic(5.0),
            Distribution::Empirical(vec![1.0, 5.0]),
            Distribution::Uniform { from: 1.0, to: 5.0 },
        ] {
            assert_eq!(law.draw_after(6.0, &mut numbers), 0.0);
        }
        let left = Distribution::Empirical(vec![1.0, 5.0]).draw_after(2.0, &mut numbers);
        assert_eq!(left, 3.0);
    }
}
