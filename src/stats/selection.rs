//! Which of several systems is the best by simulation: how replications are shared out among them, how sure the choice
//! is, and which of them can be told apart.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal};

use super::interval::{changes, mean_and_variance, t_quantile};

/// Differences below this share of the largest scatter are taken to be so large: the formula would give all
/// replications to two systems that are equal.
const LEAST_DIFFERENCE: f64 = 1e-3;

/// What is known so far of one system among several: greater means are better.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// Mean of its replications.
    pub mean: f64,
    /// Standard deviation of one replication, 0 or more.
    pub deviation: f64,
    /// How many replications there are.
    pub count: usize,
}

impl Estimate {
    /// Of these values; `None` for fewer than two, or when one is no finite number.
    pub fn of(values: &[f64]) -> Option<Self> {
        let (mean, variance) = mean_and_variance(values)?;
        Some(Self { mean, deviation: variance.sqrt(), count: values.len() })
    }
}

/// The system with the greatest mean, the first of equal ones; `None` without any.
pub fn best_of(estimates: &[Estimate]) -> Option<usize> {
    let mut best = 0;
    for (number, estimate) in estimates.iter().enumerate() {
        if estimate.mean > estimates[best].mean {
            best = number;
        }
    }
    (!estimates.is_empty()).then_some(best)
}

/// The share of all replications that each system should have, so that the best one is found with the fewest: optimal
/// computing budget allocation (OCBA).
///
/// With b the best, d the distance of a mean from its, and s the standard deviation of a replication, the others get
/// replications as (s / d)^2, and the best `s_b` times the root of the sum over the others of (share / s)^2. Systems that
/// do not scatter need none; where nothing scatters all get the same. Shares add up to 1; none without systems.
///
/// Differences are at least a thousandth of the largest scatter (ours): equal systems would get all.
///
/// Chen, C.-H., Lin, J., Yücesan, E., Chick, S. E. (2000): Simulation budget allocation for further enhancing the
/// efficiency of ordinal optimization. Discrete Event Dynamic Systems 10, 251-270, theorem 1.
///
/// ```
/// use verbund::stats::{Estimate, ocba_shares};
///
/// // Means 3, 2, 1 and scatter 1: (1/1)^2 = 1, (1/2)^2 = 1/4, and for the best the root of 1 + 1/16 = 1.0308.
/// let system = |mean| Estimate { mean, deviation: 1.0, count: 10 };
/// let shares = ocba_shares(&[system(3.0), system(2.0), system(1.0)]);
/// let sum = 1.25 + 17.0_f64.sqrt() / 4.0;
/// assert!((shares[1] - 1.0 / sum).abs() < 1e-12 && (shares[2] - 0.25 / sum).abs() < 1e-12);
/// assert!((shares[0] - 1.0308 / sum).abs() < 1e-4);
/// ```
pub fn ocba_shares(estimates: &[Estimate]) -> Vec<f64> {
    let Some(best) = best_of(estimates) else { return Vec::new() };
    let most = estimates.iter().map(|estimate| estimate.deviation).fold(0.0, f64::max);
    let mut shares = vec![0.0; estimates.len()];
    let (mut sum, mut squares) = (0.0, 0.0);
    for (number, estimate) in estimates.iter().enumerate() {
        if number == best || estimate.deviation == 0.0 {
            continue;
        }
        let distance = (estimates[best].mean - estimate.mean).max(LEAST_DIFFERENCE * most);
        let share = (estimate.deviation / distance).powi(2);
        shares[number] = share;
        sum += share;
        squares += (share / estimate.deviation).powi(2);
    }
    shares[best] = estimates[best].deviation * squares.sqrt();
    sum += shares[best];
    if sum == 0.0 {
        // Nothing scatters, or there is one system only.
        return vec![1.0 / estimates.len() as f64; estimates.len()];
    }
    for share in &mut shares {
        *share /= sum;
    }
    shares
}

/// How likely it is at least that the system with the greatest mean so far is the best one (approximate probability
/// of correct selection): 1 less the sum over the others of the probability that each is better than it, 0 to 1.
///
/// Means are taken to be normal and independent of each other. Where systems share random numbers, the differences
/// scatter less, and the choice is surer than this. 1 for one system, 0 without any.
///
/// Chen et al. (2000), see [`ocba_shares`], formula APCS-B.
///
/// ```
/// use verbund::stats::{Estimate, probability_of_best};
///
/// // A difference of 2 with a standard error of the root of 1/2 + 1/2: 1 - 0.0228.
/// let system = |mean| Estimate { mean, deviation: 1.0, count: 2 };
/// let probability = probability_of_best(&[system(3.0), system(1.0)]);
/// assert!((probability - 0.977_250).abs() < 1e-6);
/// ```
pub fn probability_of_best(estimates: &[Estimate]) -> f64 {
    let Some(best) = best_of(estimates) else { return 0.0 };
    let variance_of_mean =
        |estimate: &Estimate| estimate.deviation.powi(2) / estimate.count.max(1) as f64;
    let mut wrong = 0.0;
    for (number, estimate) in estimates.iter().enumerate() {
        if number == best {
            continue;
        }
        let error = (variance_of_mean(&estimates[best]) + variance_of_mean(estimate)).sqrt();
        let distance = estimates[best].mean - estimate.mean;
        wrong += match error {
            // Without scatter, equal ones are a toss-up.
            0.0 if distance == 0.0 => 0.5,
            0.0 => 0.0,
            _ => Normal::standard().cdf(-distance / error),
        };
    }
    (1.0 - wrong).max(0.0)
}

/// Where a system stands among several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rank {
    /// The best place that it may have, from 1: one behind all that are surely better.
    pub from: usize,
    /// The worst place that it may have.
    pub to: usize,
}

impl Rank {
    /// Whether it is surely better than all others.
    pub fn is_best(self) -> bool {
        self.to == 1
    }
}

/// Where each of several systems stands that were run with the same random numbers: all ranks hold together with a
/// probability of at least 95 %.
///
/// `values` are by system and replication, and smaller is better. Of each pair the differences by replication have an
/// interval of Student's t at the level 1 - 0.05 / pairs (Bonferroni); where it excludes 0, the two are told apart. With
/// fewer than two replications, nothing is.
///
/// Law, A. M. (2015): Simulation modeling and analysis, 5th edition, section 10.3.2 (all pairwise comparisons).
///
/// ```
/// use verbund::stats::ranks;
///
/// // The first is 10 lower in every replication; the other two cross.
/// let values = [vec![10.0, 20.0, 30.0], vec![20.0, 31.0, 40.0], vec![21.0, 29.0, 41.0]];
/// let ranks = ranks(&values);
/// assert!(ranks[0].is_best());
/// assert_eq!((ranks[1].from, ranks[1].to, ranks[2].from, ranks[2].to), (2, 3, 2, 3));
/// ```
///
/// # Panics
///
/// When the systems have different numbers of replications.
pub fn ranks(values: &[Vec<f64>]) -> Vec<Rank> {
    let count = values.len();
    let mut ranks = vec![Rank { from: 1, to: count }; count];
    let pairs = count * count.saturating_sub(1) / 2;
    for left in 0..count {
        for right in left + 1..count {
            let (better, worse) = match told_apart(&values[left], &values[right], pairs) {
                Some(true) => (left, right),
                Some(false) => (right, left),
                None => continue,
            };
            ranks[better].to -= 1;
            ranks[worse].from += 1;
        }
    }
    ranks
}

/// Whether the left values are surely smaller than the right ones (or larger), as one of so many pairs.
fn told_apart(left: &[f64], right: &[f64], pairs: usize) -> Option<bool> {
    let differences = changes(left, right);
    let (mean, variance) = mean_and_variance(&differences)?;
    let degrees = (differences.len() - 1) as f64;
    let quantile = t_quantile(degrees, 1.0 - 0.025 / pairs as f64);
    let half = quantile * (variance / differences.len() as f64).sqrt();
    (mean.abs() > half).then_some(mean > 0.0)
}

/// By how much the same random numbers in both cut the variance of a difference: what the variance would be of runs
/// with random numbers of their own, over what it is.
///
/// Above 1, the difference is surer for the same replications; replications apart would take so many times as
/// many. `None` for fewer than two replications, or where the differences do not scatter at all.
///
/// Law (2015), see [`ranks`], section 11.2 (common random numbers).
///
/// ```
/// use verbund::stats::variance_reduction;
///
/// // Variances 100 and 121 apart; the differences 1, 2, 3 have 1.
/// let factor = variance_reduction(&[10.0, 20.0, 30.0], &[11.0, 22.0, 33.0]).unwrap();
/// assert!((factor - 221.0).abs() < 1e-9);
/// ```
///
/// # Panics
///
/// When the lists are not equally long.
pub fn variance_reduction(base: &[f64], scenario: &[f64]) -> Option<f64> {
    let (difference, of_difference) = mean_and_variance(&changes(base, scenario))?;
    let (_, of_base) = mean_and_variance(base)?;
    let (_, of_scenario) = mean_and_variance(scenario)?;
    // Of differences that are all equal, whatever is left is rounding.
    let is_nothing = of_difference <= 1e-18 * difference.powi(2) || of_difference == 0.0;
    (!is_nothing).then(|| (of_base + of_scenario) / of_difference)
}
