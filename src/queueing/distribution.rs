//! How long something takes.

use std::f64::consts::{LN_2, LOG2_E};

use rand::RngExt;
use rand_distr::{Distribution as _, Exp1, Gamma, StandardNormal};
use rand_xoshiro::SplitMix64;
use serde::{Deserialize, Serialize};

use super::law::{self, Law, Moments};

/// How long something takes, in the model's unit of time.
///
/// Drawn with the ziggurat method (exponential, normal) and by Marsaglia and Tsang (gamma).
///
/// ```
/// use verbund::queueing::Distribution;
///
/// let stay = Distribution::Lognormal { mean: 6.0, cv: 1.2 };
/// assert_eq!(stay.mean(), 6.0);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Distribution {
    /// Exponential.
    Exponential {
        /// Its mean, above 0.
        mean: f64,
    },
    /// Lognormal: sigma^2 = ln(1 + cv^2), mu = ln(mean) - sigma^2 / 2.
    Lognormal {
        /// Its mean, above 0.
        mean: f64,
        /// Standard deviation over mean, 0 or more.
        cv: f64,
    },
    /// Gamma with shape 1 / cv^2.
    Gamma {
        /// Its mean, above 0.
        mean: f64,
        /// Standard deviation over mean, above 0.
        cv: f64,
    },
    /// Always the same.
    Deterministic(f64),
    /// One of these values, each as likely.
    Empirical(Vec<f64>),
    /// Any time between two limits, each as likely.
    Uniform {
        /// The least, 0 or more.
        from: f64,
        /// The most, above the least.
        to: f64,
    },
    /// A density that rises in a straight line to the mode and falls in one from there.
    Triangular {
        /// The least, 0 or more.
        least: f64,
        /// The most likely one, from the least to the most.
        mode: f64,
        /// The most, above the least.
        most: f64,
    },
    /// So many exponential stages of equal means, one after the other.
    Erlang {
        /// Mean of all stages together, above 0.
        mean: f64,
        /// How many, at least one.
        stages: u32,
    },
    /// Weibull: below a shape of 1, what has lasted long lasts longer; at 1, it is exponential.
    Weibull {
        /// Its mean, above 0: the scale times the gamma function of 1 + 1 / shape.
        mean: f64,
        /// Its shape, 0.1 to 1000.
        shape: f64,
    },
    /// One of several exponentials.
    Hyperexponential {
        /// Share of each, 0 to 1; they sum to 1.
        shares: Vec<f64>,
        /// Mean of each, above 0.
        means: Vec<f64>,
    },
    /// The time until a Markov chain ends (Neuts 1981, Matrix-Geometric Solutions in Stochastic Models, chapter 2).
    PhaseType {
        /// Share that starts in each phase, 0 to 1; they sum to 1. At most 100 phases.
        initial: Vec<f64>,
        /// By phase, the rate to each other one, 0 or more; on the diagonal minus the sum of them and of the rate
        /// at which the time ends.
        rates: Vec<Vec<f64>>,
    },
    /// One of several laws.
    Mixture(Vec<MixturePart>),
    /// Only what lies between two limits; the rest is drawn again.
    Truncated {
        /// Of this law, which must not be a phase type or truncated itself.
        law: Box<Distribution>,
        /// The least, 0 or more.
        from: f64,
        /// The most, above the least. At least a thousandth of the law must lie between.
        to: f64,
    },
}

/// A part of a mixture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MixturePart {
    /// Its share, 0 to 1; those of a mixture sum to 1.
    pub share: f64,
    /// How long it takes.
    pub law: Distribution,
}

impl Distribution {
    /// Its mean; of a truncated law to five digits.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Exponential { mean }
            | Self::Lognormal { mean, .. }
            | Self::Gamma { mean, .. }
            | Self::Erlang { mean, .. } => *mean,
            Self::Deterministic(value) => *value,
            Self::Empirical(values) => values.iter().sum::<f64>() / values.len().max(1) as f64,
            _ => law::moments(self).mean,
        }
    }

    /// Standard deviation over mean; 0 where the mean is 0.
    pub fn cv(&self) -> f64 {
        match self {
            Self::Exponential { .. } => 1.0,
            Self::Lognormal { cv, .. } | Self::Gamma { cv, .. } => *cv,
            Self::Deterministic(_) => 0.0,
            Self::Erlang { stages, .. } => 1.0 / f64::from(*stages).sqrt(),
            Self::Empirical(values) => {
                let mean = self.mean();
                let squares = values.iter().map(|value| (value - mean) * (value - mean));
                let variance = squares.sum::<f64>() / values.len().max(1) as f64;
                if mean > 0.0 { variance.sqrt() / mean } else { 0.0 }
            }
            _ => law::moments(self).cv(),
        }
    }

    pub(super) fn moments(&self) -> Moments {
        let (mean, cv) = (self.mean(), self.cv());
        Moments { mean, square: mean * mean * (1.0 + cv * cv) }
    }

    /// What is wrong with the parameters, in words; `None` for nothing.
    pub(super) fn fault(&self) -> Option<String> {
        let is_time = |value: f64| value.is_finite() && value >= 0.0;
        match self {
            Self::Exponential { mean } if !is_time(*mean) || *mean == 0.0 => {
                Some(format!("the mean is {mean}; expected a number above 0"))
            }
            Self::Lognormal { mean, cv } | Self::Gamma { mean, cv } => {
                if !is_time(*cv) {
                    return Some(format!(
                        "the coefficient of variation is {cv}; expected 0 or more"
                    ));
                }
                if *mean == 0.0 && *cv > 0.0 {
                    return Some(format!("a mean of zero with a spread of {cv}"));
                }
                if !is_time(*mean) || *mean == 0.0 {
                    return Some(format!("the mean is {mean}; expected a number above 0"));
                }
                // Beyond, a sample mean says nothing, and shapes run out of numbers.
                (*cv > 100.0)
                    .then(|| format!("the coefficient of variation is {cv}; expected at most 100"))
            }
            Self::Deterministic(value) if !is_time(*value) => {
                Some(format!("the value is {value}; expected 0 or more"))
            }
            Self::Empirical(values) if values.is_empty() => {
                Some("no values; expected at least one".to_owned())
            }
            Self::Empirical(values) => values
                .iter()
                .find(|value| !is_time(**value))
                .map(|value| format!("the value {value}; expected 0 or more")),
            other => law::fault(other),
        }
    }
}

/// A distribution ready to be drawn from.
#[derive(Debug, Clone)]
pub(super) enum Sampler {
    Exponential(f64),
    /// In powers of two: they take half the time of those of e.
    Lognormal {
        mu: f64,
        sigma: f64,
    },
    /// With its scale. Boxed, as the others are small and read all the time.
    Gamma(Box<(Gamma<f64>, f64)>),
    Constant(f64),
    Empirical(Box<[f64]>),
    /// Those that few models use.
    Law(Box<Law>),
}

impl Sampler {
    /// Of a distribution without faults.
    pub(super) fn new(distribution: &Distribution) -> Self {
        match distribution {
            Distribution::Exponential { mean } => Self::Exponential(*mean),
            Distribution::Lognormal { mean, cv } | Distribution::Gamma { mean, cv }
                if *cv == 0.0 =>
            {
                Self::Constant(*mean)
            }
            Distribution::Lognormal { mean, cv } => {
                let variance = libm::log1p(cv * cv);
                let mu = libm::log(*mean) - variance / 2.0;
                Self::Lognormal { mu: mu * LOG2_E, sigma: variance.sqrt() * LOG2_E }
            }
            Distribution::Gamma { mean, cv } => {
                let shape = 1.0 / (cv * cv);
                Gamma::new(shape, mean / shape).map_or(Self::Constant(*mean), |gamma| {
                    Self::Gamma(Box::new((gamma, mean / shape)))
                })
            }
            Distribution::Deterministic(value) => Self::Constant(*value),
            Distribution::Empirical(values) => Self::Empirical(values.clone().into()),
            Distribution::Erlang { mean, stages } => {
                let shape = f64::from(*stages);
                // As stages one by one would be, whose sum it is.
                Gamma::new(shape, mean / shape).map_or(Self::Constant(*mean), |gamma| {
                    Self::Gamma(Box::new((gamma, mean / shape)))
                })
            }
            other => Law::new(other)
                .map_or_else(|| Self::Constant(other.mean()), |law| Self::Law(Box::new(law))),
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "drawn at every start of service")]
    pub(super) fn draw(&self, numbers: &mut SplitMix64) -> f64 {
        match self {
            Self::Exponential(mean) => {
                let unit: f64 = Exp1.sample(numbers);
                mean * unit
            }
            Self::Lognormal { mu, sigma } => {
                let normal: f64 = StandardNormal.sample(numbers);
                libm::exp2(mu + sigma * normal)
            }
            Self::Gamma(gamma) => gamma.0.sample(numbers),
            Self::Constant(value) => *value,
            Self::Empirical(values) => values[numbers.random_range(0..values.len())],
            Self::Law(law) => law.draw(numbers),
        }
    }

    /// What is left at a random moment of something that goes on: a uniform part of a length that is met
    /// the more often the longer it is.
    pub(super) fn draw_rest(&self, numbers: &mut SplitMix64) -> f64 {
        let length = match self {
            Self::Lognormal { mu, sigma } => {
                // By length, a lognormal is one with mu + sigma^2, of powers of e.
                let normal: f64 = StandardNormal.sample(numbers);
                libm::exp2(mu + sigma * sigma * LN_2 + sigma * normal)
            }
            // By length, a gamma has one exponential more: its shape plus 1.
            Self::Gamma(gamma) => {
                let unit: f64 = Exp1.sample(numbers);
                gamma.0.sample(numbers) + gamma.1 * unit
            }
            Self::Exponential(_) => return self.draw(numbers),
            Self::Law(law) => return law.draw_rest(numbers),
            Self::Constant(value) => *value,
            Self::Empirical(values) => by_length(values, numbers),
        };
        length * numbers.random::<f64>()
    }
}

/// One of the values, the more likely the longer it is.
fn by_length(values: &[f64], numbers: &mut SplitMix64) -> f64 {
    let wanted = numbers.random::<f64>() * values.iter().sum::<f64>();
    let mut sum = 0.0;
    let chosen = values.iter().find(|value| {
        sum += **value;
        wanted < sum
    });
    chosen.or(values.last()).copied().unwrap_or_default()
}
