//! How likely a count is: exact tails of the binomial and the Poisson law.

use std::f64::consts::PI;

use serde::Serialize;

use super::error::FigureError;

/// Cases or expected events of a member that are counted at most: more than any hospital has in a century.
pub const MOST_EVENTS: f64 = 1e9;

/// The law of a count when nothing but chance is at work.
///
/// Events among cases follow the binomial law, events over an exposure or beside an expected number the Poisson law.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Law(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Binomial { cases: u64, share: f64 },
    Poisson { expected: f64 },
}

/// How much of a law lies below a count, at it and above it; the three add up to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tails {
    /// Probability of a lower count.
    pub below: f64,
    /// Probability of this very count.
    pub equal: f64,
    /// Probability of a higher count.
    pub above: f64,
}

impl Tails {
    /// The mid-p-value against a law that is too high: the lower counts, and half of this one.
    ///
    /// Lancaster, H. O. (1961): Significance tests in discrete distributions. Journal of the American Statistical
    /// Association 56, 223-234.
    pub fn mid_below(&self) -> f64 {
        self.below + self.equal / 2.0
    }

    /// The mid-p-value against a law that is too low: the higher counts, and half of this one.
    pub fn mid_above(&self) -> f64 {
        self.above + self.equal / 2.0
    }

    /// The two-sided mid-p-value, 0 to 1: twice the smaller one.
    pub fn two_sided(&self) -> f64 {
        (2.0 * self.mid_below().min(self.mid_above())).min(1.0)
    }
}

impl Law {
    /// Events among `cases`, each with the probability `share`.
    ///
    /// # Errors
    ///
    /// When the share is not from 0 to 1, or there are more cases than [`MOST_EVENTS`].
    pub fn binomial(cases: u64, share: f64) -> Result<Self, FigureError> {
        if !(0.0..=1.0).contains(&share) {
            return Err(FigureError::Share { share });
        }
        if cases as f64 > MOST_EVENTS {
            return Err(FigureError::Expected { expected: cases as f64 });
        }
        Ok(Self(Kind::Binomial { cases, share }))
    }

    /// Events of which so many are expected.
    ///
    /// # Errors
    ///
    /// When the number is below 0, above [`MOST_EVENTS`] or none.
    pub fn poisson(expected: f64) -> Result<Self, FigureError> {
        if !(0.0..=MOST_EVENTS).contains(&expected) {
            return Err(FigureError::Expected { expected });
        }
        Ok(Self(Kind::Poisson { expected }))
    }

    /// The expected count.
    pub fn mean(&self) -> f64 {
        match self.0 {
            Kind::Binomial { cases, share } => cases as f64 * share,
            Kind::Poisson { expected } => expected,
        }
    }

    /// The highest possible count; `None` where there is none.
    pub fn highest(&self) -> Option<u64> {
        match self.0 {
            Kind::Binomial { cases, .. } => Some(cases),
            Kind::Poisson { .. } => None,
        }
    }

    /// The probability of a count, 0 to 1.
    ///
    /// By the saddle point, which loses no digits where factorials are large.
    /// Loader, C. (2000): Fast and accurate computation of binomial probabilities.
    pub fn probability(&self, count: u64) -> f64 {
        match self.0 {
            Kind::Binomial { cases, share } => binomial(count, cases, share),
            Kind::Poisson { expected } => poisson(count, expected),
        }
    }

    /// How much of the law lies below, at and above a count: sums of the law's terms, with no approximation.
    ///
    /// ```
    /// use verbund::alliance::Law;
    ///
    /// // 18 premature births of which 90 % should have a paediatrician: 14 may be chance, 13 hardly are.
    /// let births = Law::binomial(18, 0.9)?;
    /// assert!((births.tails(14).mid_below() - 0.0632).abs() < 1e-4);
    /// assert!((births.tails(13).mid_below() - 0.0173).abs() < 1e-4);
    /// # Ok::<(), verbund::alliance::FigureError>(())
    /// ```
    pub fn tails(&self, count: u64) -> Tails {
        let equal = self.probability(count);
        // The smaller tail is summed: the rest of 1 would lose the digits of a small one.
        if (count as f64) < self.mean() {
            let below = self.sum_below(count);
            Tails { below, equal, above: (1.0 - below - equal).max(0.0) }
        } else {
            let above = self.sum_above(count);
            Tails { below: (1.0 - above - equal).max(0.0), equal, above }
        }
    }

    /// The probability of all lower counts, from the highest of them down.
    fn sum_below(&self, count: u64) -> f64 {
        let Some(start) = count.checked_sub(1) else { return 0.0 };
        let mut term = self.probability(start);
        let mut sum = term;
        for lower in (0..start).rev() {
            let step = match self.0 {
                Kind::Binomial { cases, share } => {
                    (lower + 1) as f64 * (1.0 - share) / ((cases - lower) as f64 * share)
                }
                Kind::Poisson { expected } => (lower + 1) as f64 / expected,
            };
            term *= step;
            sum += term;
            // Below the mean the terms only get smaller.
            if term <= sum * SMALLEST_TERM {
                break;
            }
        }
        sum
    }

    /// The probability of all higher counts, from the lowest of them up.
    fn sum_above(&self, count: u64) -> f64 {
        let mut term = self.probability(count.saturating_add(1));
        let mut sum = term;
        let mut higher = count.saturating_add(1);
        while term > sum * SMALLEST_TERM {
            let step = match self.0 {
                Kind::Binomial { cases, .. } if higher >= cases => 0.0,
                Kind::Binomial { cases, share } => {
                    (cases - higher) as f64 * share / ((higher + 1) as f64 * (1.0 - share))
                }
                Kind::Poisson { expected } => expected / (higher as f64 + 1.0),
            };
            term *= step;
            sum += term;
            higher = higher.saturating_add(1);
        }
        sum
    }
}

/// A term below this share of the sum changes none of its digits.
const SMALLEST_TERM: f64 = 1e-18;

fn binomial(count: u64, cases: u64, share: f64) -> f64 {
    if count > cases {
        return 0.0;
    }
    let (events, trials) = (count as f64, cases as f64);
    if count == 0 {
        return if cases == 0 { 1.0 } else { libm::exp(trials * libm::log1p(-share)) };
    }
    if count == cases {
        return libm::exp(trials * libm::log(share));
    }
    if share == 0.0 || share == 1.0 {
        return 0.0;
    }

    let rest = trials - events;
    let exponent = stirling_error(trials)
        - stirling_error(events)
        - stirling_error(rest)
        - deviance(events, trials * share)
        - deviance(rest, trials * (1.0 - share));
    libm::exp(exponent) * (trials / (2.0 * PI * events * rest)).sqrt()
}

fn poisson(count: u64, expected: f64) -> f64 {
    if count == 0 {
        return libm::exp(-expected);
    }
    if expected == 0.0 {
        return 0.0;
    }
    let events = count as f64;
    let exponent = -stirling_error(events) - deviance(events, expected);
    libm::exp(exponent) / (2.0 * PI * events).sqrt()
}

/// What Stirling's formula lacks of the logarithm of a factorial.
fn stirling_error(number: f64) -> f64 {
    const LARGEST_BY_HAND: f64 = 15.0;
    if number <= LARGEST_BY_HAND {
        let mut factorial = 1.0;
        for factor in 2..=number as u64 {
            factorial *= factor as f64;
        }
        let formula = (number + 0.5) * libm::log(number) - number + 0.5 * libm::log(2.0 * PI);
        return libm::log(factorial) - formula;
    }
    let square = number * number;
    let inner = 1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square;
    (1.0 / 12.0 - (1.0 / 360.0 - inner / square) / square) / number
}

/// How far a count is from its mean: `count * ln(count / mean) + mean - count`.
fn deviance(count: f64, mean: f64) -> f64 {
    let difference = count - mean;
    if difference.abs() >= 0.1 * (count + mean) {
        return count * libm::log(count / mean) - difference;
    }
    // Near the mean the logarithm would lose what the difference has: its series does not.
    let ratio = difference / (count + mean);
    let mut sum = difference * ratio;
    let mut power = 2.0 * count * ratio;
    for half in 1..1000 {
        power *= ratio * ratio;
        let next = sum + power / f64::from(2 * half + 1);
        if next == sum {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Binomial, DiscreteCDF, Poisson};

    fn near(left: f64, right: f64, share: f64) -> bool {
        (left - right).abs() <= share * right.abs().max(f64::MIN_POSITIVE)
    }

    #[test]
    fn tails_are_the_sums_of_their_terms_by_hand() {
        // 4 cases, one in two: 1 4 6 4 1 sixteenths.
        let tails = Law::binomial(4, 0.5).unwrap().tails(3);
        assert!(near(tails.below, 11.0 / 16.0, 1e-14));
        assert!(near(tails.equal, 4.0 / 16.0, 1e-14));
        assert!(near(tails.above, 1.0 / 16.0, 1e-14));
        assert!(near(tails.two_sided(), 2.0 * 3.0 / 16.0, 1e-14));

        // Two expected: e^-2 times 1, 2, 2, 4/3, 2/3 ...
        let tails = Law::poisson(2.0).unwrap().tails(1);
        assert!(near(tails.below, (-2.0_f64).exp(), 1e-14));
        assert!(near(tails.equal, 2.0 * (-2.0_f64).exp(), 1e-14));
        assert!(near(tails.above, 1.0 - 3.0 * (-2.0_f64).exp(), 1e-14));
    }

    #[test]
    fn mid_p_values_are_those_of_exact_fractions() {
        // Computed with fractions of whole numbers; the setting of IQTIGpvci's vignette (planning-relevant
        // indicators): 18 premature births need 14, 13 are too few, and so are 28 of 36.
        for (count, cases, expected) in [
            (13, 18, 0.017_304_503_304_695_285),
            (14, 18, 0.063_195_348_969_347_05),
            (17, 18, 0.699_810_729_406_001_8),
            (28, 36, 0.015_591_156_595_607_121),
        ] {
            let tails = Law::binomial(cases, 0.9).unwrap().tails(count);
            assert!(near(tails.mid_below(), expected, 1e-12), "{count} of {cases}");
        }
        // Also from there: mid-p of 0 of 1, and of 2 of 2, at one in two.
        assert_eq!(Law::binomial(0, 0.5).unwrap().tails(0).mid_above(), 0.5);
        assert!(near(Law::binomial(2, 0.5).unwrap().tails(2).mid_above(), 0.125, 1e-14));
    }

    #[test]
    fn tails_agree_with_incomplete_beta_and_gamma_functions() {
        for (cases, share) in [(50, 0.1), (400, 0.263), (1_000, 0.999), (5_000, 0.02)] {
            let (law, other) =
                (Law::binomial(cases, share).unwrap(), Binomial::new(share, cases).unwrap());
            for count in [1, cases / 50, cases / 10, cases / 4, cases * 9 / 10, cases - 1] {
                let tails = law.tails(count);
                let (cdf, sf) = (other.cdf(count), other.sf(count));
                assert!((tails.below + tails.equal - cdf).abs() < 1e-11, "{cases} {share} {count}");
                assert!((tails.above - sf).abs() < 1e-11, "{cases} {share} {count}");
            }
        }
        for expected in [0.3, 7.0, 150.5, 20_000.0] {
            let (law, other) = (Law::poisson(expected).unwrap(), Poisson::new(expected).unwrap());
            for share in [0.5, 0.95, 1.0, 1.02, 1.5] {
                let count = (expected * share) as u64;
                let tails = law.tails(count);
                assert!((tails.below + tails.equal - other.cdf(count)).abs() < 1e-10, "{expected}");
            }
        }
    }

    #[test]
    fn borders_of_the_laws_have_their_probabilities() {
        let never = Law::binomial(10, 0.0).unwrap();
        assert_eq!((never.probability(0), never.probability(1)), (1.0, 0.0));
        assert_eq!(never.tails(3), Tails { below: 1.0, equal: 0.0, above: 0.0 });
        let always = Law::binomial(10, 1.0).unwrap();
        assert_eq!(always.tails(10), Tails { below: 0.0, equal: 1.0, above: 0.0 });
        assert_eq!(always.tails(9), Tails { below: 0.0, equal: 0.0, above: 1.0 });
        let nothing = Law::poisson(0.0).unwrap();
        assert_eq!(nothing.tails(0), Tails { below: 0.0, equal: 1.0, above: 0.0 });
        assert_eq!(nothing.tails(2).mid_above(), 0.0);
        assert!(Law::binomial(3, 1.5).is_err() && Law::binomial(3, f64::NAN).is_err());
        assert!(Law::poisson(-1.0).is_err() && Law::poisson(f64::INFINITY).is_err());
    }

    #[test]
    fn large_counts_keep_their_digits_and_end() {
        let law = Law::poisson(1e9).unwrap();
        let tails = law.tails(1_000_000_000);
        // Close to the normal law: half, less a third of a term (the skew of the Poisson law).
        assert!((tails.mid_below() - 0.5).abs() < 1e-4);
        assert!(near(tails.equal, 1.0 / (2.0 * PI * 1e9).sqrt(), 1e-8));
        assert_eq!(law.tails(u64::MAX).above, 0.0);
    }
}
