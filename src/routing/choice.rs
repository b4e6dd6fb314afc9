//! How patients choose among the hospitals that treat them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::units::in_words;
use crate::words;

/// How attraction falls with the time of the journey.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decay {
    /// exp(-b t), t in minutes.
    Exponential {
        /// b per minute, 0 or more.
        per_minute: f64,
    },
    /// t^-b, t in minutes and at least one.
    Power {
        /// b, 0 or more.
        exponent: f64,
    },
}

impl Decay {
    /// The attraction left after a journey, from 0 to 1.
    pub fn at(&self, minutes: f64) -> f64 {
        match self {
            Self::Exponential { per_minute } => (-per_minute * minutes).exp(),
            // Next door the power would grow without end.
            Self::Power { exponent } => minutes.max(1.0).powf(-exponent),
        }
    }
}

/// The Huff model: the share of a hospital is its attraction over the sum of all attractions,
/// with attraction = beds^a x decay(time).
///
/// Beds are those of the department that treats the case, times the share of the specialty in the
/// bed days of all specialties that this department treats; a department with unknown beds gets the
/// median of the known ones.
///
/// Huff, D. L. (1964): Defining and estimating a trading area. Journal of Marketing 28, 34-38.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Huff {
    /// Exponent a of the beds, 0 or more.
    pub beds_exponent: f64,
    /// How attraction falls with time.
    pub decay: Decay,
}

impl Default for Huff {
    /// Every bed attracts alike, and 4 % less with every minute: between the parameters that fit the births of
    /// Leipzig / Nordwestsachsen (exponent 1.04) and those that fit the published cases of six of its hospitals,
    /// on beds by department of the official directory, so that no department inside is fuller than it can
    /// be. With the exponent 1 a merger carries its patients: what two departments attract at one place is
    /// what they attract as one. `verbund flows --check` holds it against births and cases, and fits anew: at
    /// hospitals that a fit did not know, the default is off by 23 %, a Huff fit by 27 % and a logit by 31 %
    /// ([`check_models`](super::check_models)).
    fn default() -> Self {
        Self { beds_exponent: 1.0, decay: Decay::Exponential { per_minute: 0.04 } }
    }
}

/// A multinomial logit: every hospital that treats a case has a utility, and its share is e to its utility
/// over the sum of that over all hospitals in reach.
///
/// utility = -b x minutes + a x ln(beds) + what else is known: whether it is the nearest with a bed, the kind of its
/// operator, its emergency stage. Beds are those of [`Huff`]. With the last three at 0 it is the Huff model
/// with exponent a and exponential decay b.
///
/// `McFadden`, D. (1974): Conditional logit analysis of qualitative choice behavior. In: Zarembka, P. (ed.), Frontiers
/// in Econometrics, 105-142. Fitted to sums by hospital here, not to choices of persons, which nobody published.
///
/// ```
/// use verbund::Region;
/// use verbund::routing::{Choice, Flows, Huff, Logit};
///
/// let region = Region::leipzig()?;
/// let huff = Flows::of_region(&region, Choice::Huff(Huff::default()))?;
/// let same = Logit { per_minute: 0.04, log_beds: 1.0, ..Logit::default() };
/// let logit = Flows::of_region(&region, Choice::Logit(same))?;
/// assert!((huff.loads[0].cases - logit.loads[0].cases).abs() < 1e-6);
///
/// let loyal = Logit { nearest: 1.0, ..same };
/// let loyal = Flows::of_region(&region, Choice::Logit(loyal))?;
/// assert!(loyal.specialties[0].mean_seconds < huff.specialties[0].mean_seconds);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logit {
    /// Utility that a minute of the journey takes, 0 to 100.
    pub per_minute: f64,
    /// Utility by logarithm of the beds, 0 to 100.
    pub log_beds: f64,
    /// Utility of being the nearest, -10 to 10.
    pub nearest: f64,
    /// Utility of a private operator beside a public one, -10 to 10.
    pub private: f64,
    /// Utility of a non-profit operator beside a public one, -10 to 10.
    pub non_profit: f64,
    /// Utility by emergency stage, -10 to 10: none counts 0, the lowest and the basic one 1, the extended one 2, the
    /// comprehensive one 3 times.
    pub stage: f64,
}

/// Nearest first, full departments overflow to the next one, and what finds no bed is left over.
///
/// Journeys are served in the order of their time, shortest first, ties by the part of the place,
/// then the hospital, then the specialty in the order of the rates. A department is full when its bed days reach
/// beds x 365 x `occupancy_limit`; one with unknown beds gets the median of the known ones, and is never full when none are known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    /// Share of the bed days of a year that can be used, above 0, at most 1.
    pub occupancy_limit: f64,
}

impl Default for Capacity {
    /// 85 %, the general target of planning (assumed).
    fn default() -> Self {
        Self { occupancy_limit: 0.85 }
    }
}

/// How patients choose among the hospitals that treat them.
///
/// # When to use
///
/// - [`Choice::Huff`], the default of the program: for loads, occupancy and what a closure does to others. Its
///   errors are known: `verbund flows --check` holds it against births and published cases.
/// - [`Choice::Nearest`]: for emergencies, and as the bound below which no mean journey falls. It fills large
///   hospitals too little and small ones too much: births by hospital are off by 52 % instead of 28 %.
/// - [`Choice::Logit`]: when parameters come from a survey or a fit of one's own; with few hospitals a fit of six
///   parameters predicts hospitals that it did not know worse than the default.
/// - [`Choice::Capacity`]: for what is left over when nobody is treated beyond the beds. It is a plan rather than
///   behaviour: the nearest patients come first.
///
/// # What it costs
///
/// The nearest is found in one look at the hospitals in reach of each part of a place; shares look at all of them
/// twice; capacity serves all journeys one after the other and uses one thread.
///
/// # Example
///
/// ```
/// use verbund::Region;
/// use verbund::routing::{Choice, Flows, Huff};
///
/// let region = Region::leipzig()?;
/// let ukl = region.network().find("ukl-leipzig").ok_or("no hospital")?;
/// let cases = |choice| -> Result<f64, Box<dyn std::error::Error>> {
///     let flows = Flows::of_region(&region, choice)?;
///     Ok(flows.cases_by_hospital(region.network().hospitals().len())[ukl.index()].round())
/// };
/// // Published for 2024: 60,640.
/// assert_eq!(cases(Choice::Nearest)?, 55_503.0);
/// assert_eq!(cases(Choice::Huff(Huff::default()))?, 62_316.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Everybody goes to the nearest; ties go to the smaller key.
    Nearest,
    /// Shares by beds and time.
    Huff(Huff),
    /// Shares by utilities.
    Logit(Logit),
    /// Nearest first, with overflow.
    Capacity(Capacity),
}

/// A model of how patients choose, without its parameters: what somebody picks from a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "snake_case")]
pub enum ChoiceModel {
    /// Everybody goes to the nearest hospital.
    Nearest,
    /// Shares by beds and time.
    Huff,
    /// Nearest first, full departments overflow.
    Capacity,
}

impl ChoiceModel {
    /// The choice with the parameters that are usual.
    ///
    /// ```
    /// use verbund::routing::{Choice, ChoiceModel, Huff};
    ///
    /// assert_eq!(ChoiceModel::Huff.usual(), Choice::Huff(Huff::default()));
    /// ```
    pub fn usual(self) -> Choice {
        match self {
            Self::Nearest => Choice::Nearest,
            // A logit has no usual parameters: they come from a survey or a fit.
            Self::Huff => Choice::Huff(Huff::default()),
            Self::Capacity => Choice::Capacity(Capacity::default()),
        }
    }
}

/// A parameter out of range.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}", said!("{name} is {value}; expected {expected}", name, value, expected))]
#[non_exhaustive]
pub struct ChoiceError {
    /// The parameter.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// What was expected.
    pub expected: &'static str,
}

impl Choice {
    /// Checks the parameters.
    ///
    /// # Errors
    ///
    /// When one is out of its range, or no number.
    pub fn check(&self) -> Result<(), ChoiceError> {
        match self {
            Self::Nearest => Ok(()),
            Self::Huff(huff) => {
                at_least_zero("the exponent of the beds", huff.beds_exponent)?;
                match huff.decay {
                    Decay::Exponential { per_minute } => {
                        at_least_zero("the decay per minute", per_minute)
                    }
                    Decay::Power { exponent } => at_least_zero("the decay exponent", exponent),
                }
            }
            Self::Logit(logit) => {
                at_least_zero("the utility of a minute", logit.per_minute)?;
                at_least_zero("the utility of the beds", logit.log_beds)?;
                moderate("the utility of the nearest", logit.nearest)?;
                moderate("the utility of a private operator", logit.private)?;
                moderate("the utility of a non-profit operator", logit.non_profit)?;
                moderate("the utility of an emergency stage", logit.stage)
            }
            Self::Capacity(Capacity { occupancy_limit: value }) => {
                // With none of the beds nobody would be treated, and with more than all of them more than can lie there.
                if *value > 0.0 && *value <= 1.0 {
                    return Ok(());
                }
                let (name, expected) = ("the occupancy limit", "a share above 0, at most 1");
                Err(ChoiceError { name, value: *value, expected })
            }
        }
    }
}

fn at_least_zero(name: &'static str, value: f64) -> Result<(), ChoiceError> {
    let expected = "a number from 0 to 100";
    if (0.0..=100.0).contains(&value) { Ok(()) } else { Err(ChoiceError { name, value, expected }) }
}

fn moderate(name: &'static str, value: f64) -> Result<(), ChoiceError> {
    let expected = "a number from -10 to 10";
    if (-10.0..=10.0).contains(&value) {
        Ok(())
    } else {
        Err(ChoiceError { name, value, expected })
    }
}

impl fmt::Display for Choice {
    /// The model with its parameters, as outputs name it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nearest => out.write_str(&words::of("nearest hospital")),
            Self::Huff(Huff { beds_exponent, decay }) => {
                let beds = in_words(*beds_exponent, 2);
                match decay {
                    Decay::Exponential { per_minute } => {
                        // What a minute takes is a few per cent: two decimals would show one figure of it.
                        let per_minute = in_words(*per_minute, 3);
                        let told = said!(
                            "Huff, beds^{beds} x exp(-{per_minute} x minutes)",
                            beds,
                            per_minute
                        );
                        out.write_str(&told)
                    }
                    Decay::Power { exponent } => {
                        let exponent = in_words(*exponent, 2);
                        out.write_str(&said!(
                            "Huff, beds^{beds} x minutes^-{exponent}",
                            beds,
                            exponent
                        ))
                    }
                }
            }
            Self::Logit(logit) => {
                let [minutes, beds] = [(logit.per_minute, 3), (logit.log_beds, 2)]
                    .map(|(value, places)| in_words(value, places));
                out.write_str(&said!(
                    "logit, {beds} x ln(beds) - {minutes} x minutes",
                    beds,
                    minutes
                ))?;
                let terms = [
                    (logit.nearest, "where nearest"),
                    (logit.private, "where private"),
                    (logit.non_profit, "where non-profit"),
                    (logit.stage, "x stage"),
                ];
                for (value, what) in terms {
                    // A term of a sum, as it is written on paper.
                    let sign = if value < 0.0 { '-' } else { '+' };
                    let what = words::of(what);
                    write!(out, " {sign} {} {what}", in_words(value.abs(), 2))?;
                }
                Ok(())
            }
            Self::Capacity(Capacity { occupancy_limit }) => out.write_str(&said!(
                "nearest first, full at {percent} % occupancy, overflow to the next",
                percent = in_words(occupancy_limit * 100.0, 0)
            )),
        }
    }
}
