//! Laws fitted to times by maximum likelihood.

use serde::Serialize;
use statrs::function::gamma::{digamma, gamma_lr, ln_gamma};

/// Fewest times that laws are fitted to: of fewer, a shape says nothing.
const FEWEST: usize = 30;

/// Values that a mixture is fitted to, at equal steps of their order where there are more.
const OF_MIXTURE: usize = 20_000;

/// Most steps of an iteration.
const STEPS: usize = 500;

/// A law fitted to times.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FittedLaw {
    /// Lognormal, by its mean and coefficient of variation.
    Lognormal {
        /// Its mean.
        mean: f64,
        /// Standard deviation over mean.
        cv: f64,
    },
    /// Gamma, by its mean and coefficient of variation.
    Gamma {
        /// Its mean.
        mean: f64,
        /// Standard deviation over mean.
        cv: f64,
    },
    /// Weibull, by its mean and shape.
    Weibull {
        /// Its mean.
        mean: f64,
        /// Its shape: below 1, what has lasted long lasts longer.
        shape: f64,
    },
    /// One of two lognormals.
    TwoLognormals {
        /// Share of the first one.
        share: f64,
        /// Means of both.
        means: [f64; 2],
        /// Coefficients of variation of both.
        cvs: [f64; 2],
    },
}

/// A law with how well it fits.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Fit {
    /// The law.
    pub law: FittedLaw,
    /// Logarithm of the likelihood of all times.
    pub log_likelihood: f64,
    /// Akaike's information criterion: twice the parameters minus twice the logarithm of the likelihood. The law with
    /// the least one is taken.
    pub aic: f64,
    /// Largest distance between the distribution functions of law and times (Kolmogorov and Smirnov), 0 to 1.
    pub distance: f64,
    /// Chance of a distance as large if the law were right and had not been fitted to these times: fitted as it is, a
    /// small one refutes the law, and a large one says little.
    pub chance: f64,
}

/// Fits lognormal, gamma, Weibull and two lognormals to times above 0, the one with the least AIC first; none to fewer than 30
/// times, to a time that is not above 0, or where all are the same.
///
/// Lognormal: mean and deviation of the logarithms. Gamma and Weibull: Newton's method for the shape. Two lognormals: expectation
/// and maximisation (Dempster, Laird & Rubin 1977), from the lower and the upper half of the times, at 20,000 values at equal
/// steps of their order where there are more.
///
/// ```
/// use verbund::stats::{FittedLaw, fit_times};
///
/// // Quantiles of an exponential law of mean 5: a Weibull or gamma of shape 1.
/// let times: Vec<f64> = (0..1000).map(|n| -5.0 * (1.0 - (f64::from(n) + 0.5) / 1000.0).ln()).collect();
/// let fits = fit_times(&times);
/// let weibull = fits.iter().find_map(|fit| match fit.law {
///     FittedLaw::Weibull { mean, shape } => Some((mean, shape)),
///     _ => None,
/// });
/// let (mean, shape) = weibull.ok_or("fitted")?;
/// assert!((mean - 5.0).abs() < 0.02 && (shape - 1.0).abs() < 0.01);
/// assert!(fit_times(&times[..10]).is_empty());
/// # Ok::<(), &str>(())
/// ```
pub fn fit_times(times: &[f64]) -> Vec<Fit> {
    let is_time = |time: &f64| time.is_finite() && *time > 0.0;
    if times.len() < FEWEST || !times.iter().all(is_time) {
        return Vec::new();
    }
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    if sorted.first() == sorted.last() {
        return Vec::new();
    }

    let sums = Sums::of(&sorted);
    let mut laws = vec![sums.lognormal()];
    laws.extend(sums.gamma());
    laws.extend(weibull(&sorted, &sums));
    laws.extend(two_lognormals(&sorted));
    let mut fits = Vec::with_capacity(laws.len());
    for law in laws {
        let log_likelihood = law.log_likelihood(&sorted);
        let aic = 2.0 * law.parameters() - 2.0 * log_likelihood;
        let distance = law.distance(&sorted);
        let chance = kolmogorov(distance, sorted.len() as f64);
        if aic.is_finite() {
            fits.push(Fit { law, log_likelihood, aic, distance, chance });
        }
    }
    fits.sort_by(|a, b| a.aic.total_cmp(&b.aic));
    fits
}

/// Means of times and of their logarithms.
struct Sums {
    mean: f64,
    log_mean: f64,
    log_variance: f64,
}

impl Sums {
    fn of(times: &[f64]) -> Self {
        let count = times.len() as f64;
        let mean = times.iter().sum::<f64>() / count;
        let log_mean = times.iter().map(|time| libm::log(*time)).sum::<f64>() / count;
        let mut squares = 0.0;
        for time in times {
            let far = libm::log(*time) - log_mean;
            squares += far * far;
        }
        Self { mean, log_mean, log_variance: squares / count }
    }

    fn lognormal(&self) -> FittedLaw {
        let [mean, cv] = of_logarithms(self.log_mean, self.log_variance);
        FittedLaw::Lognormal { mean, cv }
    }

    /// The shape k at which ln k - digamma(k) is the logarithm of the mean minus the mean of the logarithms.
    fn gamma(&self) -> Option<FittedLaw> {
        let wanted = libm::log(self.mean) - self.log_mean;
        // Minka (2002), Estimating a gamma distribution: a start from which Newton's method ends in a few steps.
        let mut shape =
            (3.0 - wanted + ((wanted - 3.0).powi(2) + 24.0 * wanted).sqrt()) / (12.0 * wanted);
        for _ in 0..STEPS {
            let step = 1e-4 * shape;
            let value = |shape: f64| libm::log(shape) - digamma(shape) - wanted;
            let slope = (value(shape + step) - value(shape - step)) / (2.0 * step);
            let next = (shape - value(shape) / slope).clamp(shape / 2.0, shape * 2.0);
            let is_done = (next - shape).abs() <= 1e-10 * shape;
            shape = next;
            if is_done {
                break;
            }
        }
        let cv = 1.0 / shape.sqrt();
        cv.is_finite().then_some(FittedLaw::Gamma { mean: self.mean, cv })
    }
}

/// Mean and coefficient of variation of a lognormal, from mean and variance of its logarithms.
fn of_logarithms(mean: f64, variance: f64) -> [f64; 2] {
    [libm::exp(mean + variance / 2.0), libm::expm1(variance).sqrt()]
}

/// The same turned round: mean and deviation of the logarithms.
fn to_logarithms(mean: f64, cv: f64) -> [f64; 2] {
    let variance = libm::log1p(cv * cv);
    [libm::log(mean) - variance / 2.0, variance.sqrt()]
}

/// The shape k at which the mean of x^k ln x over that of x^k, minus 1 / k, is the mean of ln x.
fn weibull(times: &[f64], sums: &Sums) -> Option<FittedLaw> {
    // Relative to the greatest one, so that no power is too large.
    let most = *times.last()?;
    let excess = |shape: f64| {
        let (mut powers, mut logs) = (0.0, 0.0);
        for time in times {
            let log = libm::log(time / most);
            let power = libm::exp(shape * log);
            powers += power;
            logs += power * log;
        }
        logs / powers - 1.0 / shape - (sums.log_mean - libm::log(most))
    };
    // It rises in the shape: halved until it is known to ten digits.
    let (mut low, mut high) = (0.1_f64, 1000.0_f64);
    if excess(low) > 0.0 || excess(high) < 0.0 {
        return None;
    }
    while high / low > 1.0 + 1e-10 {
        let middle = (low * high).sqrt();
        if excess(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    let shape = (low * high).sqrt();
    let mut powers = 0.0;
    for time in times {
        powers += libm::exp(shape * libm::log(time / most));
    }
    let scale = most * libm::pow(powers / times.len() as f64, 1.0 / shape);
    Some(FittedLaw::Weibull { mean: scale * libm::tgamma(1.0 + 1.0 / shape), shape })
}

/// A normal law of logarithms, with its share.
#[derive(Clone, Copy)]
struct Part {
    share: f64,
    mean: f64,
    deviation: f64,
}

impl Part {
    /// Of some logarithms, as half of all.
    fn of(logs: &[f64]) -> Self {
        let count = logs.len().max(1) as f64;
        let mean = logs.iter().sum::<f64>() / count;
        let mut squares = 0.0;
        for log in logs {
            squares += (log - mean) * (log - mean);
        }
        Self { share: 0.5, mean, deviation: (squares / count).sqrt().max(LEAST_DEVIATION) }
    }

    fn density(self, log: f64) -> f64 {
        let far = (log - self.mean) / self.deviation;
        self.share * libm::exp(-far * far / 2.0) / self.deviation
    }
}

/// Least deviation of logarithms of a part: a narrower one sits on a single value, where the likelihood has no bound.
const LEAST_DEVIATION: f64 = 0.05;

fn two_lognormals(sorted: &[f64]) -> Option<FittedLaw> {
    let stride = sorted.len().div_ceil(OF_MIXTURE);
    let mut logs = Vec::with_capacity(OF_MIXTURE);
    for time in sorted.iter().skip(stride / 2).step_by(stride) {
        logs.push(libm::log(*time));
    }
    let (lower, upper) = logs.split_at(logs.len() / 2);
    let (mut first, mut second) = (Part::of(lower), Part::of(upper));
    let count = logs.len() as f64;
    for _ in 0..STEPS {
        let mut sums = [[0.0; 3]; 2];
        for log in &logs {
            let densities = [first.density(*log), second.density(*log)];
            let whole = (densities[0] + densities[1]).max(f64::MIN_POSITIVE);
            for (sum, density) in sums.iter_mut().zip(densities) {
                let weight = density / whole;
                sum[0] += weight;
                sum[1] += weight * log;
                sum[2] += weight * log * log;
            }
        }
        let before = first.share;
        for (part, [weight, sum, squares]) in [&mut first, &mut second].into_iter().zip(sums) {
            let weight = weight.max(f64::MIN_POSITIVE);
            let mean = sum / weight;
            let deviation = (squares / weight - mean * mean).max(0.0).sqrt().max(LEAST_DEVIATION);
            *part = Part { share: weight / count, mean, deviation };
        }
        if (first.share - before).abs() < 1e-9 {
            break;
        }
    }
    let share = first.share;
    // One of them is nothing: then one lognormal says it all.
    if !(0.001..=0.999).contains(&share) {
        return None;
    }
    let [one_mean, one_cv] = of_logarithms(first.mean, first.deviation * first.deviation);
    let [two_mean, two_cv] = of_logarithms(second.mean, second.deviation * second.deviation);
    Some(FittedLaw::TwoLognormals { share, means: [one_mean, two_mean], cvs: [one_cv, two_cv] })
}

impl FittedLaw {
    /// Its name in tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Lognormal { .. } => "lognormal",
            Self::Gamma { .. } => "gamma",
            Self::Weibull { .. } => "weibull",
            Self::TwoLognormals { .. } => "two lognormals",
        }
    }

    /// Its mean.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Lognormal { mean, .. }
            | Self::Gamma { mean, .. }
            | Self::Weibull { mean, .. } => *mean,
            Self::TwoLognormals { share, means, .. } => share * means[0] + (1.0 - share) * means[1],
        }
    }

    /// The share of its times that are at most so long, 0 to 1.
    ///
    /// ```
    /// use verbund::stats::FittedLaw;
    ///
    /// // A Weibull law of shape 1 is exponential: 1 - 1/e lie below the mean.
    /// let law = FittedLaw::Weibull { mean: 5.0, shape: 1.0 };
    /// assert!((law.share_below(5.0) - 0.632_121).abs() < 1e-6);
    /// assert_eq!(law.share_below(0.0), 0.0);
    /// ```
    pub fn share_below(&self, time: f64) -> f64 {
        if time <= 0.0 {
            return 0.0;
        }
        self.below(time, &self.parts())
    }

    fn parameters(&self) -> f64 {
        if matches!(self, Self::TwoLognormals { .. }) { 5.0 } else { 2.0 }
    }

    fn log_likelihood(&self, times: &[f64]) -> f64 {
        let parts = self.parts();
        let mut sum = 0.0;
        for time in times {
            let log = libm::log(*time);
            sum += match self {
                Self::Gamma { mean, cv } => {
                    let shape = 1.0 / (cv * cv);
                    let scaled = time * shape / mean;
                    shape * libm::log(scaled) - scaled - ln_gamma(shape) - log
                }
                Self::Weibull { mean, shape } => {
                    let scale = mean / libm::tgamma(1.0 + 1.0 / shape);
                    let hazard = libm::exp(shape * (log - libm::log(scale)));
                    libm::log(shape * hazard) - hazard - log
                }
                _ => {
                    let mut density = 0.0;
                    for part in &parts {
                        density += part.density(log);
                    }
                    libm::log(density / (2.0 * std::f64::consts::PI).sqrt()) - log
                }
            };
        }
        sum
    }

    /// Its normal laws of logarithms; none for others.
    fn parts(&self) -> Vec<Part> {
        let part = |share: f64, mean: f64, cv: f64| {
            let [mean, deviation] = to_logarithms(mean, cv);
            Part { share, mean, deviation }
        };
        match self {
            Self::Lognormal { mean, cv } => vec![part(1.0, *mean, *cv)],
            Self::TwoLognormals { share, means, cvs } => {
                vec![part(*share, means[0], cvs[0]), part(1.0 - share, means[1], cvs[1])]
            }
            _ => Vec::new(),
        }
    }

    /// Largest distance between the distribution functions; of equal times the last step counts.
    fn distance(&self, sorted: &[f64]) -> f64 {
        let parts = self.parts();
        let count = sorted.len() as f64;
        let (mut distance, mut before) = (0.0_f64, 0.0);
        for (position, time) in sorted.iter().enumerate() {
            if sorted.get(position + 1) == Some(time) {
                continue;
            }
            let below = self.below(*time, &parts);
            let after = (position + 1) as f64 / count;
            distance = distance.max((below - before).abs()).max((after - below).abs());
            before = after;
        }
        distance
    }

    fn below(&self, time: f64, parts: &[Part]) -> f64 {
        match self {
            Self::Gamma { mean, cv } => {
                let shape = 1.0 / (cv * cv);
                gamma_lr(shape, time * shape / mean)
            }
            Self::Weibull { mean, shape } => {
                let scale = mean / libm::tgamma(1.0 + 1.0 / shape);
                -libm::expm1(-libm::pow(time / scale, *shape))
            }
            _ => {
                let mut sum = 0.0;
                for part in parts {
                    let normal = (libm::log(time) - part.mean) / part.deviation;
                    sum += part.share * libm::erfc(-normal / std::f64::consts::SQRT_2) / 2.0;
                }
                sum
            }
        }
    }
}

/// The chance of a distance as large among so many (Kolmogorov's law, with Stephens' correction for small numbers; Press
/// et al. 2007, Numerical Recipes, section 14.3).
fn kolmogorov(distance: f64, count: f64) -> f64 {
    let root = count.sqrt();
    let far = (root + 0.12 + 0.11 / root) * distance;
    // Below, the sum has no end, and the chance is as good as 1.
    if far < 0.2 {
        return 1.0;
    }
    let (mut sum, mut sign) = (0.0, 2.0);
    for number in 1..=100 {
        let number = f64::from(number);
        sum += sign * libm::exp(-2.0 * number * number * far * far);
        sign = -sign;
    }
    sum.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A uniform number of a counter, well mixed.
    fn uniform(number: u64) -> f64 {
        let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// An exponential number of mean 1.
    fn exponential(number: u64) -> f64 {
        -uniform(number).max(1e-12).ln()
    }

    /// A normal number by Box and Muller.
    fn normal(number: u64) -> f64 {
        let angle = std::f64::consts::TAU * uniform(2 * number + 1);
        (2.0 * exponential(2 * number)).sqrt() * angle.cos()
    }

    #[test]
    fn the_law_that_times_were_drawn_from_has_the_least_aic() {
        let (mut lognormal, mut weibull) = (Vec::new(), Vec::new());
        let (mut gamma, mut two) = (Vec::new(), Vec::new());
        for number in 0..5000 {
            let drawn = |mean: f64, cv: f64| {
                let [mu, sigma] = to_logarithms(mean, cv);
                (mu + sigma * normal(number)).exp()
            };
            lognormal.push(drawn(6.0, 1.0));
            weibull.push(7.0 * exponential(number).powf(1.0 / 1.8));
            // Three exponential stages: a gamma of shape 3.
            let stages = [3 * number, 3 * number + 1, 3 * number + 2];
            gamma.push(2.0 * stages.map(exponential).iter().sum::<f64>());
            let is_first = uniform(number + 1_000_000) < 0.7;
            two.push(if is_first { drawn(2.0, 0.4) } else { drawn(20.0, 0.5) });
        }
        for (times, name, mean) in [
            (&lognormal, "lognormal", 6.0),
            (&weibull, "weibull", 7.0 * libm::tgamma(1.0 + 1.0 / 1.8)),
            (&gamma, "gamma", 6.0),
            (&two, "two lognormals", 0.7 * 2.0 + 0.3 * 20.0),
        ] {
            let fits = fit_times(times);
            // A mixture holds the lognormal in it and may be as likely; of the three simple ones the right one is first.
            let is_wanted = |fit: &&Fit| fit.law.name() == name || fit.law.parameters() < 3.0;
            let best = fits.iter().find(is_wanted).unwrap();
            assert_eq!(best.law.name(), name, "{fits:?}");
            let relative = best.law.mean() / mean - 1.0;
            assert!(relative.abs() < 0.05, "{name}: {relative}");
            // The right law is not refuted.
            assert!(best.chance > 0.01, "{name}: {fits:?}");
        }
        let FittedLaw::TwoLognormals { share, means, .. } = fit_times(&two)[0].law else {
            panic!("two lognormals")
        };
        assert!((share - 0.7).abs() < 0.03 && (means[0] - 2.0).abs() < 0.2, "{share} {means:?}");
    }

    #[test]
    fn what_no_law_can_be_fitted_to_has_none() {
        assert!(fit_times(&[1.0; 100]).is_empty());
        assert!(fit_times(&[1.0, 2.0, 3.0]).is_empty());
        let mut times: Vec<f64> = (1..=100).map(f64::from).collect();
        times[3] = 0.0;
        assert!(fit_times(&times).is_empty());
        times[3] = f64::NAN;
        assert!(fit_times(&times).is_empty());
    }

    #[test]
    fn the_chance_of_a_distance_is_that_of_the_tables() {
        // 1.36 over the root of many is refuted by one in twenty, 1.63 by one in a hundred.
        assert!((kolmogorov(1.358 / 1000.0, 1e6) - 0.05).abs() < 0.001);
        assert!((kolmogorov(1.628 / 1000.0, 1e6) - 0.01).abs() < 0.001);
        assert!(kolmogorov(0.0, 100.0) > 0.999);
    }
}
