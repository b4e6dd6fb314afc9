//! Members against a reference value: the rules of uncertainty that the German institute for quality (IQTIG) publishes.
//!
//! Since the year 2022 some of its procedures (percutaneous coronary intervention first) call a result unusual only when
//! it is so by more than chance; the others compare the bare figure with the reference, and so does the directive for
//! most. Both are here, beside the mid-p-value of the planning-relevant indicators, so that one sees what the rule does.

use serde::Serialize;
use statrs::distribution::{Beta, ContinuousCDF, Gamma};

use super::error::FigureError;
use super::indicators::Figure;

/// Which side of the reference value is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// At most this: complications.
    AtMost,
    /// At least this: a paediatrician at premature births.
    AtLeast,
}

/// A member's result beside a reference value, by three rules.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AgainstReference {
    /// Events over cases, or over expected events.
    pub value: f64,
    /// Whether the bare value is on the wrong side of the reference.
    pub is_beyond: bool,
    /// The probability that what lies behind the value keeps the reference, after the count is known.
    pub keeps_probability: f64,
    /// Whether that is at most [`UNUSUAL`]: the classification of Hengelbrock et al. for reporting.
    pub is_unusual: bool,
    /// The one-sided mid-p-value when exactly the reference holds.
    pub mid_p: f64,
    /// Whether that is at most [`UNUSUAL`]: the rule of the planning-relevant indicators.
    pub is_significant: bool,
}

/// A probability of at most this is unusual, in both rules.
pub const UNUSUAL: f64 = 0.05;

/// A member's figure beside a reference value; `None` without cases, and of a bare number, which has no chance.
///
/// What lies behind a share has the law Beta(1/2, 1/2) beforehand, what lies behind a ratio or a rate Gamma(1/2, 0)
/// (Jeffreys).
/// IQTIG's package `iqtigbdt` computes the same probabilities, rounds them to eight digits and calls them unusual from 5 %
/// down. Hengelbrock, J., Rauh, J., Cederbaum, J., Kähler, M., Höhle, M. (2023): Hospital profiling using Bayesian
/// decision theory. Biometrics 79, 2757-2769. The mid-p-value is that of its package `IQTIGpvci`.
///
/// Incomplete beta functions are exact to some 1e-10 up to 100,000 cases and to 1e-5 up to a million.
///
/// # Errors
///
/// When events exceed cases, nothing is expected, or the reference is no value of its kind.
///
/// ```
/// use verbund::alliance::{Figure, Reference, against_reference};
///
/// // Three of ten patients with complications, at most 15 % are allowed: beyond, and yet nothing unusual.
/// let result = against_reference(Figure::Share { events: 3, cases: 10 }, 0.15, Reference::AtMost)?.unwrap();
/// assert!(result.is_beyond && !result.is_unusual);
/// assert!((result.keeps_probability - 0.0990).abs() < 1e-4);
/// # Ok::<(), verbund::alliance::FigureError>(())
/// ```
pub fn against_reference(
    figure: Figure,
    reference: f64,
    side: Reference,
) -> Result<Option<AgainstReference>, FigureError> {
    let (Some(law), Some(events)) = (figure.law(reference)?, figure.events()) else {
        return Ok(None);
    };
    let below = match figure {
        Figure::Share { cases, .. } => {
            if events > cases {
                return Err(FigureError::Share { share: events as f64 / cases as f64 });
            }
            // Without cases nobody keeps or breaks a reference.
            if cases == 0 {
                return Ok(None);
            }
            let rest = (cases - events) as f64;
            let behind = Beta::new(events as f64 + 0.5, rest + 0.5)
                .map_err(|_| FigureError::Share { share: reference })?;
            behind.cdf(reference)
        }
        Figure::Ratio { expected: base, .. } | Figure::Rate { exposure: base, .. } => {
            let behind = Gamma::new(events as f64 + 0.5, base)
                .map_err(|_| FigureError::Expected { expected: base })?;
            behind.cdf(reference)
        }
        Figure::Value(_) => return Ok(None),
    };

    let value = figure.value();
    let tails = law.tails(events);
    let (keeps_probability, is_beyond, mid_p) = match side {
        Reference::AtMost => (below, value > reference, tails.mid_above()),
        Reference::AtLeast => (1.0 - below, value < reference, tails.mid_below()),
    };
    Ok(Some(AgainstReference {
        value,
        is_beyond,
        keeps_probability,
        // Rounded as in the published package: a probability of 5 % by computation is 5 %.
        is_unusual: (keeps_probability * 1e8).round() / 1e8 <= UNUSUAL,
        mid_p,
        is_significant: mid_p <= UNUSUAL,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(events: u64, cases: u64, reference: f64, side: Reference) -> AgainstReference {
        against_reference(Figure::Share { events, cases }, reference, side).unwrap().unwrap()
    }

    #[test]
    fn the_example_of_iqtigbdt_is_beyond_but_not_unusual() {
        // Its vignette: 3 of 10, reference 15 %; the probability integrated by Simpson's rule elsewhere.
        let result = share(3, 10, 0.15, Reference::AtMost);
        assert!((result.keeps_probability - 0.098_951_872_653_526_05).abs() < 1e-9);
        assert!(result.is_beyond && !result.is_unusual && !result.is_significant);
        let ratio = Figure::Ratio { events: 5, expected: 2.0 };
        let ratio = against_reference(ratio, 1.5, Reference::AtMost).unwrap().unwrap();
        assert!((ratio.keeps_probability - 0.126_635_746_772_617_6).abs() < 1e-9);
        assert!(ratio.is_beyond && !ratio.is_unusual);
    }

    #[test]
    fn the_example_of_iqtigpvci_needs_14_of_18_births() {
        let wanted = Reference::AtLeast;
        assert!(share(13, 18, 0.9, wanted).is_significant);
        assert!(!share(14, 18, 0.9, wanted).is_significant);
        assert!(share(14, 18, 0.9, wanted).is_beyond && !share(17, 18, 0.9, wanted).is_beyond);
        assert!(share(28, 36, 0.9, wanted).is_significant);
    }

    #[test]
    fn sides_mirror_each_other() {
        // So many with a complication are the rest without one.
        for events in 0..=20 {
            let with = share(events, 20, 0.3, Reference::AtMost);
            let without = share(20 - events, 20, 0.7, Reference::AtLeast);
            assert!((with.keeps_probability - without.keeps_probability).abs() < 1e-12);
            assert!((with.mid_p - without.mid_p).abs() < 1e-12);
            assert_eq!(with.is_unusual, without.is_unusual);
        }
    }

    #[test]
    fn what_is_no_count_is_refused() {
        let nobody = Figure::Share { events: 0, cases: 0 };
        assert_eq!(against_reference(nobody, 0.1, Reference::AtMost), Ok(None));
        for (figure, reference) in [
            (Figure::Share { events: 3, cases: 2 }, 0.1),
            (Figure::Share { events: 1, cases: 2 }, 1.1),
            (Figure::Share { events: 1, cases: 2 }, f64::NAN),
            (Figure::Ratio { events: 1, expected: 0.0 }, 1.0),
            (Figure::Ratio { events: 1, expected: 2.0 }, -1.0),
            (Figure::Ratio { events: 1, expected: f64::NAN }, 1.0),
        ] {
            assert!(against_reference(figure, reference, Reference::AtMost).is_err(), "{figure:?}");
        }
        // Perfect scores and references at the ends have no probability out of range.
        for (events, reference) in [(0, 0.0), (5, 1.0), (5, 0.0), (0, 1.0)] {
            let result = share(events, 5, reference, Reference::AtMost);
            assert!((0.0..=1.0).contains(&result.keeps_probability), "{result:?}");
        }
    }
}
