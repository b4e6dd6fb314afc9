//! Limits of funnel plots: what chance alone does to a count, at any level.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Gamma, Normal};

use super::counts::Law;
use super::error::FigureError;
use super::halving::halved;

/// How much of chance lies between two limits, from 0.5 to below 1: 0.95 leaves 2.5 % on each side.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Level(f64);

impl Level {
    /// Two standard deviations: a first look.
    pub const P95: Self = Self(0.95);
    /// Three standard deviations: what is acted upon.
    pub const P998: Self = Self(0.998);

    /// A level.
    ///
    /// # Errors
    ///
    /// When it is not from 0.5 to below 1.
    ///
    /// ```
    /// use verbund::alliance::Level;
    ///
    /// assert!((Level::new(0.998)?.deviations() - 3.0902).abs() < 1e-4);
    /// assert_eq!(Level::new(95.0).unwrap_err().to_string(), "a level of 95 is out of range: 0.5 to below 1");
    /// # Ok::<(), verbund::alliance::FigureError>(())
    /// ```
    pub fn new(level: f64) -> Result<Self, FigureError> {
        // Above this a tail is smaller than the digits of 1 can tell.
        const HIGHEST: f64 = 1.0 - 1e-12;
        if (0.5..=HIGHEST).contains(&level) {
            Ok(Self(level))
        } else {
            Err(FigureError::Level { level })
        }
    }

    /// The level, 0.5 to below 1.
    pub fn share(self) -> f64 {
        self.0
    }

    /// What it leaves on each side: 0.025 of 0.95.
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }

    /// The same in standard deviations of the normal law: 1.96 of 0.95.
    pub fn deviations(self) -> f64 {
        Normal::standard().inverse_cdf(1.0 - self.tail())
    }
}

/// Two limits of a count or of a value in its unit. `None` where no value on that side would be unusual.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Limits {
    /// A lower value is unusual.
    pub lower: Option<f64>,
    /// A higher value is unusual.
    pub upper: Option<f64>,
}

impl Limits {
    /// The limits of a count as limits of its share or ratio: both over the same base, which is above 0.
    #[must_use]
    pub fn over(self, base: f64) -> Self {
        Self {
            lower: self.lower.map(|limit| limit / base),
            upper: self.upper.map(|limit| limit / base),
        }
    }

    /// Where a value lies: exactly on a limit is within.
    pub fn signal(&self, value: f64) -> Signal {
        if self.lower.is_some_and(|limit| value < limit) {
            Signal::Low
        } else if self.upper.is_some_and(|limit| value > limit) {
            Signal::High
        } else {
            Signal::Within
        }
    }
}

/// Where a value lies by limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// Below the lower limit.
    Low,
    /// Between the limits, or on one.
    Within,
    /// Above the upper limit.
    High,
}

/// How limits of a count are drawn where counts jump and limits do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LimitRule {
    /// The count at which the mid-p-value is what the level leaves, on a straight line between two whole counts: a
    /// member is outside exactly when its mid-p-value is smaller.
    ///
    /// Ma, Y., Genton, M. G., Parzen, E. (2011): Asymptotic properties of sample quantiles of discrete
    /// distributions. Annals of the Institute of Statistical Mathematics 63, 227-243 (mid-distribution quantiles).
    #[default]
    MidP,
    /// The quantile of the counts, moved back by the share of its step that is too much.
    ///
    /// Spiegelhalter, D. J. (2005): Funnel plots for comparing institutional performance. Statistics in Medicine 24,
    /// 1185-1202, appendix A.1.1.
    Quantile,
}

/// The limits of a count under a law, in events.
///
/// A lower limit is `None` where even no event at all would not be unusual, an upper one where every case could be an
/// event. Costs a few sums of tails, each over some standard deviations of the law.
///
/// ```
/// use verbund::alliance::{Law, Level, LimitRule, limits};
///
/// // Ten expected: 5 to 16 events are within 95 %.
/// let funnel = limits(&Law::poisson(10.0)?, Level::P95, LimitRule::MidP);
/// assert!((funnel.lower.unwrap() - 4.1835).abs() < 1e-4);
/// assert!((funnel.upper.unwrap() - 16.7481).abs() < 1e-4);
/// // Two expected: no event at all is nothing unusual.
/// assert_eq!(limits(&Law::poisson(2.0)?, Level::P95, LimitRule::MidP).lower, None);
/// # Ok::<(), verbund::alliance::FigureError>(())
/// ```
pub fn limits(law: &Law, level: Level, rule: LimitRule) -> Limits {
    let tail = level.tail();
    match rule {
        LimitRule::MidP => Limits { lower: lower_mid_p(law, tail), upper: upper_mid_p(law, tail) },
        LimitRule::Quantile => {
            Limits { lower: lower_quantile(law, tail), upper: upper_quantile(law, tail) }
        }
    }
}

fn lower_mid_p(law: &Law, tail: f64) -> Option<f64> {
    if law.tails(0).mid_below() >= tail {
        return None;
    }
    let mean = law.mean().ceil() as u64;
    let first = first_count(0, mean, |count| law.tails(count).mid_below() >= tail);
    let (before, behind) = (law.tails(first - 1).mid_below(), law.tails(first).mid_below());
    Some((first - 1) as f64 + (tail - before) / (behind - before))
}

fn upper_mid_p(law: &Law, tail: f64) -> Option<f64> {
    if law.highest().is_some_and(|most| law.tails(most).mid_above() >= tail) {
        return None;
    }
    let start = law.mean().floor() as u64;
    let end = beyond(law, |count| law.tails(count).mid_above() < tail);
    let first = first_count(start, end, |count| law.tails(count).mid_above() < tail);
    // At the mean half of the law is on either side: a level of 0.5 or more leaves it within.
    let Some(last_within) = first.checked_sub(1) else { return Some(0.0) };
    let (before, behind) = (law.tails(last_within).mid_above(), law.tails(first).mid_above());
    if before == behind {
        return Some(last_within as f64);
    }
    Some(last_within as f64 + (before - tail) / (before - behind))
}

fn lower_quantile(law: &Law, tail: f64) -> Option<f64> {
    let up_to = |count: u64| {
        let tails = law.tails(count);
        tails.below + tails.equal
    };
    let mean = law.mean().ceil() as u64;
    let first = first_count(0, mean, |count| up_to(count) > tail);
    let limit = first as f64 - (up_to(first) - tail) / law.probability(first);
    (limit >= 0.0).then_some(limit.min(law.mean()))
}

fn upper_quantile(law: &Law, tail: f64) -> Option<f64> {
    let end = beyond(law, |count| law.tails(count).above < tail);
    let start = law.mean().floor() as u64;
    let first = first_count(start, end, |count| law.tails(count).above < tail);
    let step = law.probability(first);
    if step == 0.0 {
        return Some(first as f64);
    }
    // Moved back, the limit of a law that hardly scatters could fall below what is expected.
    let limit = (first as f64 - (tail - law.tails(first).above) / step).max(law.mean());
    let is_reached = law.highest().is_none_or(|most| limit < most as f64);
    is_reached.then_some(limit)
}

/// A count above the mean for which a condition holds, or the highest one.
fn beyond(law: &Law, is_beyond: impl Fn(u64) -> bool) -> u64 {
    let start = law.mean().ceil() as u64;
    // Doubled: a Poisson law has no end, and few steps reach any count.
    let mut step = 1;
    loop {
        let count = start.saturating_add(step);
        if let Some(most) = law.highest().filter(|most| count >= *most) {
            return most;
        }
        if is_beyond(count) {
            return count;
        }
        step *= 2;
    }
}

/// The first count from `low` to `high` for which a condition holds that holds from some count on; `high` at the last.
fn first_count(low: u64, high: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (low, high);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// The limits of events of which so many are expected, by quantiles of chi-square: those that `FunnelPlotR` draws for
/// standardised ratios without overdispersion, in events.
///
/// They are an interval for the mean around a count as large as what is expected, and hence a little wider than the
/// limits of the law itself; kept so that figures can be put beside that program's.
/// Garwood, F. (1936): Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.
///
/// # Errors
///
/// When the expected number is not above 0, or above [`MOST_EVENTS`](super::MOST_EVENTS).
///
/// ```
/// use verbund::alliance::{Level, chi_square_limits};
///
/// let funnel = chi_square_limits(10.0, Level::P95)?;
/// assert!((funnel.lower.unwrap() - 4.795_389).abs() < 1e-6);
/// assert!((funnel.upper.unwrap() - 18.390_356).abs() < 1e-6);
/// # Ok::<(), verbund::alliance::FigureError>(())
/// ```
pub fn chi_square_limits(expected: f64, level: Level) -> Result<Limits, FigureError> {
    Law::poisson(expected)?;
    let quantile = |shape: f64, share: f64| {
        let law = Gamma::new(shape, 1.0).map_err(|_| FigureError::Expected { expected })?;
        Ok(settled_quantile(&law, law.inverse_cdf(share), share))
    };
    Ok(Limits {
        lower: Some(quantile(expected, level.tail())?),
        upper: Some(quantile(expected + 1.0, 1.0 - level.tail())?),
    })
}

/// A quantile improved until it no longer moves: the one of `statrs` may stop early far out.
fn settled_quantile(law: &Gamma, start: f64, share: f64) -> f64 {
    let (mut low, mut high) = (start / 2.0, start * 2.0);
    while low > 0.0 && law.cdf(low) > share {
        low /= 2.0;
    }
    while high < f64::MAX / 4.0 && law.cdf(high) < share {
        high *= 2.0;
    }
    halved(low, high, |middle| law.cdf(middle) < share)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poisson(expected: f64, level: Level, rule: LimitRule) -> Limits {
        limits(&Law::poisson(expected).unwrap(), level, rule)
    }

    fn is_near(limit: Option<f64>, expected: f64, most: f64) -> bool {
        limit.is_some_and(|limit| (limit - expected).abs() < most)
    }

    #[test]
    fn limits_are_those_of_tail_sums_by_hand() {
        // Ten expected, from the table of e^-10 10^k / k!, summed by hand in another language.
        let mid = poisson(10.0, Level::P95, LimitRule::MidP);
        assert!(is_near(mid.lower, 4.183_458_631_792_269, 1e-10), "{mid:?}");
        assert!(is_near(mid.upper, 16.748_111_609_885_02, 1e-10), "{mid:?}");
        let mid = poisson(10.0, Level::P998, LimitRule::MidP);
        assert!(is_near(mid.lower, 1.534_215_526_493_573, 1e-10), "{mid:?}");
        assert!(is_near(mid.upper, 21.222_751_149_493, 1e-10), "{mid:?}");
        let quantile = poisson(10.0, Level::P95, LimitRule::Quantile);
        assert!(is_near(quantile.lower, 3.775_187_947_688_403, 1e-10), "{quantile:?}");
        assert!(is_near(quantile.upper, 16.159_950_673_344_77, 1e-10), "{quantile:?}");
        let quantile = poisson(10.0, Level::P998, LimitRule::Quantile);
        assert!(is_near(quantile.lower, 1.220_529_315_896_134, 1e-10), "{quantile:?}");
        assert!(is_near(quantile.upper, 20.662_000_835_994_86, 1e-10), "{quantile:?}");
    }

    #[test]
    fn a_count_is_outside_exactly_when_its_mid_p_value_is_small() {
        let laws = [
            Law::binomial(18, 0.9),
            Law::binomial(200, 0.03),
            Law::binomial(7, 0.5),
            Law::poisson(0.4),
            Law::poisson(33.3),
        ];
        for law in laws.map(Result::unwrap) {
            for level in [0.5, 0.9, 0.95, 0.998].map(|level| Level::new(level).unwrap()) {
                let funnel = limits(&law, level, LimitRule::MidP);
                for count in 0..=law.highest().unwrap_or(80) {
                    let tails = law.tails(count);
                    let signal = if tails.mid_below() < level.tail() {
                        Signal::Low
                    } else if tails.mid_above() < level.tail() {
                        Signal::High
                    } else {
                        Signal::Within
                    };
                    assert_eq!(funnel.signal(count as f64), signal, "{law:?} {level:?} {count}");
                }
            }
        }
    }

    #[test]
    fn the_rule_of_planning_relevant_indicators_is_a_limit_of_90_percent() {
        // IQTIGpvci's vignette: of 18 births 14 is the first count that is not outside.
        let level = Level::new(0.9).unwrap();
        let funnel = limits(&Law::binomial(18, 0.9).unwrap(), level, LimitRule::MidP);
        assert_eq!((funnel.signal(13.0), funnel.signal(14.0)), (Signal::Low, Signal::Within));
        assert_eq!(funnel.upper, None, "all 18 is nothing unusual");
    }

    #[test]
    fn chi_square_limits_are_garwoods_table() {
        // Garwood's 95 % limits for 1, 5 and 10 events; R's poisson.test has the same.
        for (count, lower, upper) in [
            (1.0, 0.025_318, 5.571_643),
            (5.0, 1.623_486, 11.668_332),
            (10.0, 4.795_389, 18.390_356),
        ] {
            let funnel = chi_square_limits(count, Level::P95).unwrap();
            assert!(is_near(funnel.lower, lower, 1e-6), "{funnel:?}");
            assert!(is_near(funnel.upper, upper, 1e-6), "{funnel:?}");
        }
        // The lower quantile of a whole shape is a tail of the Poisson law: P(X >= 10 | limit) = 2.5 %.
        let funnel = chi_square_limits(10.0, Level::P95).unwrap();
        let tails = Law::poisson(funnel.lower.unwrap()).unwrap().tails(10);
        assert!((tails.equal + tails.above - 0.025).abs() < 1e-12);
        let tails = Law::poisson(funnel.upper.unwrap()).unwrap().tails(10);
        assert!((tails.equal + tails.below - 0.025).abs() < 1e-12);
        assert!(chi_square_limits(0.0, Level::P95).is_err());
    }

    #[test]
    fn limits_of_laws_without_scatter_and_of_large_ones_end() {
        let nothing = poisson(0.0, Level::P95, LimitRule::MidP);
        assert_eq!(nothing.signal(0.0), Signal::Within);
        assert_eq!(nothing.signal(1.0), Signal::High);
        let nothing = poisson(0.0, Level::P95, LimitRule::Quantile);
        assert_eq!((nothing.signal(0.0), nothing.signal(1.0)), (Signal::Within, Signal::High));
        let always = limits(&Law::binomial(5, 1.0).unwrap(), Level::P95, LimitRule::MidP);
        assert_eq!((always.signal(5.0), always.signal(4.0)), (Signal::Within, Signal::Low));
        let large = poisson(1e8, Level::P95, LimitRule::MidP);
        assert!(is_near(large.lower, 1e8 - 1.959_964e4, 3.0), "{large:?}");
        assert!(is_near(large.upper, 1e8 + 1.959_964e4, 3.0), "{large:?}");
    }
}
