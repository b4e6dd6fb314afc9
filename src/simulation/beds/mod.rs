//! How many beds a ward needs, by formula and by simulation, side by side.

mod answer;
mod more;
mod pooling;
mod search;
mod trial;

pub use answer::{BedAnswer, BedCurve, BedFormula, BedPooling, BedRow, BedSimulation, PooledWard};
pub use more::{BedShare, BedSplit, MoreBeds, MoreBedsAnswer, MoreBedsWard};

use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use search::{Search, Watched};

use crate::problem::{Problem, ProblemKind, Problems};
use crate::queueing::Ended;
use crate::random::Seed;
use crate::run::Control;
use crate::units::in_words;

/// Most patients of a ward that are simulated for one number of beds, over all replications.
const MOST_PATIENTS: f64 = 1e9;

/// The greatest load in beds.
const MOST_OFFERED: f64 = 1e6;

/// What the beds must be enough for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BedTarget {
    /// A full ward sends patients elsewhere: at most this share, above 0, below 1, of them.
    Refused(f64),
    /// Patients wait for a bed as long as it takes: at most this share, above 0, below 1, of them.
    Waiting(f64),
}

impl BedTarget {
    /// The share, 0 to 1.
    pub fn share(self) -> f64 {
        match self {
            Self::Refused(share) | Self::Waiting(share) => share,
        }
    }

    /// Whether patients wait for a bed.
    pub fn is_wait(self) -> bool {
        matches!(self, Self::Waiting(_))
    }
}

/// A ward that beds are sought for; that of a hospital of a region comes from [`super::HospitalWard`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BedWard {
    /// Its name, unique in a question: the random numbers of its patients hang on it.
    pub name: String,
    /// Patients a day, at random, above 0.
    #[serde(rename = "arrivals_per_day")]
    pub arrivals: f64,
    /// Mean stay in days, above 0.
    #[serde(rename = "stay_days")]
    pub stay: f64,
    /// Beds that it has, at least 1; `None` when that is what is asked for.
    pub beds: Option<u32>,
}

impl BedWard {
    /// A ward without beds yet.
    pub fn new(name: impl Into<String>, arrivals: f64, stay: f64) -> Self {
        Self { name: name.into(), arrivals, stay, beds: None }
    }

    /// Sets how many beds it has.
    #[must_use]
    pub fn beds(mut self, beds: u32) -> Self {
        self.beds = Some(beds);
        self
    }

    /// Beds that would be taken on average if nobody were refused.
    pub fn offered(&self) -> f64 {
        self.arrivals * self.stay
    }
}

/// How long and how often the simulation beside the formula runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BedTrial {
    /// Days that are counted in each replication, 1 to 36,500.
    pub days: u32,
    /// Days before them, from an empty ward, at most 36,500; `None` for as many as the ward needs
    /// to forget that it was empty: 10 (1 + cv^2) stays and five times the relaxation time of the
    /// queue, at least 30, at most the days that are counted.
    pub warm_up_days: Option<u32>,
    /// Replications, 1 to 10,000.
    pub replications: u32,
    /// What the random numbers start from. Each number of beds sees the same patients with the
    /// same stays; so do wards apart and together.
    pub seed: Seed,
}

impl Default for BedTrial {
    fn default() -> Self {
        Self { days: 3650, warm_up_days: None, replications: 20, seed: Seed(1) }
    }
}

/// How many beds are needed so that few patients are refused, or wait.
///
/// Patients arrive at random. The formula is Erlang B ([`BedTarget::Refused`]; it holds for any
/// stays with that mean) or Erlang C ([`BedTarget::Waiting`]; it holds for exponential stays); the
/// simulation has lognormal stays. Several wards are answered each for itself, then with shared
/// beds.
///
/// ```
/// use verbund::simulation::{BedQuestion, BedTarget, BedTrial, BedWard};
///
/// // 9.5 patients a day stay 6 days: 57 beds would be taken if nobody were refused.
/// let question = BedQuestion::new(BedTarget::Refused(0.02))
///     .ward(BedWard::new("medicine", 9.5, 6.0))
///     .trial(Some(BedTrial { days: 365, replications: 5, ..BedTrial::default() }));
/// let answer = question.answer()?;
/// assert_eq!(answer.wards[0].least, 68);
/// let row = answer.wards[0].row(68).expect("the answer is in the table");
/// assert!(row.formula.as_ref().expect("it is stable").share <= 0.02);
/// assert!(row.simulated.as_ref().expect("it was simulated").share.mean < 0.04);
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BedQuestion {
    /// The wards, at least one.
    pub wards: Vec<BedWard>,
    /// What the beds must be enough for.
    pub target: BedTarget,
    /// Coefficient of variation of the stays, 0 to 10.
    pub stay_cv: f64,
    /// How many more and fewer beds are looked at, at most 50.
    pub around: u32,
    /// The simulation; `None` for the formula alone.
    pub trial: Option<BedTrial>,
}

impl BedQuestion {
    /// A question without wards yet: stays with a coefficient of variation of 1, two more and two
    /// fewer beds, the usual trial.
    pub fn new(target: BedTarget) -> Self {
        let trial = Some(BedTrial::default());
        Self { wards: Vec::new(), target, stay_cv: 1.0, around: 2, trial }
    }

    /// Adds a ward.
    #[must_use]
    pub fn ward(mut self, ward: BedWard) -> Self {
        self.wards.push(ward);
        self
    }

    /// Sets the simulation beside the formula; `None` for the formula alone.
    #[must_use]
    pub fn trial(mut self, trial: Option<BedTrial>) -> Self {
        self.trial = trial;
        self
    }

    /// Every value that is out of its range; empty for a question that has an answer.
    pub fn check(&self) -> Problems {
        let mut problems = Problems::default();
        if self.wards.is_empty() {
            problems.push(fault("question", "wards", "none", "at least one"));
        }
        for (number, ward) in self.wards.iter().enumerate() {
            check_ward(ward, &self.wards[..number], &mut problems);
        }
        let offered: f64 = self.wards.iter().map(BedWard::offered).sum();
        if problems.is_empty() && offered > MOST_OFFERED {
            let value = format!("{offered:.0} beds");
            problems.push(fault("question", "arrivals x stay", &value, "at most 1,000,000"));
        }

        let share = self.target.share();
        if !(share > 0.0 && share < 1.0) {
            let field = if self.target.is_wait() { "wait" } else { "refused" };
            let percent = format!("{} %", in_words(share * 100.0, 0));
            problems.push(fault("question", field, &percent, "above 0 %, below 100 %"));
        }
        if !(0.0..=10.0).contains(&self.stay_cv) {
            problems.push(fault("question", "cv", &self.stay_cv.to_string(), "0 to 10"));
        }
        if self.around > 50 {
            problems.push(fault("question", "around", &self.around.to_string(), "at most 50"));
        }
        if let Some(trial) = &self.trial {
            self.check_trial(trial, &mut problems);
        }
        problems
    }

    fn check_trial(&self, trial: &BedTrial, problems: &mut Problems) {
        let warm_up = trial.warm_up_days.unwrap_or(0);
        let mut within =
            |field: &str, value: u32, possible: RangeInclusive<u32>, expected: &str| {
                if !possible.contains(&value) {
                    problems.push(fault("simulation", field, &value.to_string(), expected));
                }
            };
        within("days", trial.days, 1..=36_500, "1 to 36,500");
        within("warm_up", warm_up, 0..=36_500, "at most 36,500");
        within("replications", trial.replications, 1..=10_000, "1 to 10,000");

        // Refused before it begins: nobody would wait for so many.
        let arrivals: f64 = self.wards.iter().map(|ward| ward.arrivals).sum();
        let patients = arrivals * f64::from(trial.days) * f64::from(trial.replications);
        if problems.is_empty() && patients > MOST_PATIENTS {
            let value = format!("{patients:.0} patients in all");
            let expected = "at most 1,000,000,000; take fewer replications or days";
            problems.push(fault("simulation", "days", &value, expected));
        }
    }

    /// The answer.
    ///
    /// # Errors
    ///
    /// Every value that is out of its range; nothing was computed.
    pub fn answer(&self) -> Result<BedAnswer, Problems> {
        self.answer_until(&Control::default())
    }

    /// The answer, cut short within milliseconds once it is stopped: all formulas, and the replications that
    /// were finished by then, marked by [`BedAnswer::ended`]. Progress is how many replications of
    /// all wards are finished.
    ///
    /// # Errors
    ///
    /// Every value that is out of its range; nothing was computed.
    pub fn answer_until(&self, control: &Control<'_>) -> Result<BedAnswer, Problems> {
        let problems = self.check();
        if !problems.is_empty() {
            return Err(problems);
        }
        let done = AtomicU64::new(0);
        let progress = || control.tell(done.fetch_add(1, Ordering::Relaxed) + 1);
        let watch = Watched { control, progress: &progress };
        let (mut searches, mut curves) = (Vec::new(), Vec::new());
        for ward in &self.wards {
            let mut search = Search::new(self, std::slice::from_ref(ward), watch);
            curves.push(search.curve(ward.name.clone(), ward.beds)?);
            searches.push(search);
        }

        // Behind the wards: pooling starts from what they need apart.
        let shares_beds = self.wards.len() > 1;
        let pooled =
            if shares_beds { Some(self.pool(&mut searches, &curves, watch)?) } else { None };
        let is_cut = self.trial.is_some() && control.is_stopped();
        let ended = if is_cut { Ended::Interrupted } else { Ended::Completed };
        Ok(BedAnswer { wards: curves, pooled, ended })
    }
}

/// Adds every value of a ward that is out of its range, and a name that one of the wards before it has.
fn check_ward(ward: &BedWard, before: &[BedWard], problems: &mut Problems) {
    let entity = format!("ward \"{}\"", ward.name);
    let mut within = |field: &str, value: f64, possible: RangeInclusive<f64>, expected: &str| {
        if !possible.contains(&value) {
            // As it may be typed: 1e300 in five letters.
            let is_short = value.abs() < 1e16;
            let typed = if is_short { value.to_string() } else { format!("{value:?}") };
            problems.push(fault(&entity, field, &typed, expected));
        }
    };
    let arrivals = "patients a day, above 0, at most 1,000,000";
    within("arrivals", ward.arrivals, 1e-6..=1e6, arrivals);
    within("stay", ward.stay, 1e-6..=36_500.0, "days, above 0, at most 36,500");
    within("beds", ward.beds.map_or(1.0, f64::from), 1.0..=1e7, "1 to 10,000,000");
    if before.iter().any(|known| known.name == ward.name) {
        problems.push(fault(&entity, "name", "given twice", "names that differ"));
    }
}

fn fault(entity: &str, field: &str, value: &str, expected: &str) -> Problem {
    Problem {
        kind: ProblemKind::Range,
        file: None,
        line: None,
        column: None,
        entity: entity.to_owned(),
        field: field.to_owned(),
        message: value.to_owned(),
        expected: expected.to_owned(),
        closest: None,
    }
}
