//! Where more beds help most: the same simulation with the beds in one ward after the other, and Erlang's formula
//! beside it.

mod answer;
mod formula;
mod region;
mod spend;
mod written;

pub use answer::{BedShare, BedSplit, MoreBedsAnswer, MoreBedsWard};

use std::ops::RangeInclusive;

use serde::Serialize;

use formula::Load;
use spend::{Candidate, Spending, Trial};

use super::fault;
use crate::problem::Problems;
use crate::queueing::Ended;
use crate::random::Seed;
use crate::run::Control;
use crate::simulation::{Figure, WardId};
use crate::stats::Interval;

/// Days of a year of patients.
const YEAR: f64 = 365.0;

/// A question where so many more beds help most.
///
/// All beds go to one ward, ward after ward, while the same patients come with the same stays; who gains is whoever the
/// figure counts fewer of, in all wards together. Replications go where they tell the best ward from its rivals with
/// the fewest ([`ocba_shares`](crate::stats::ocba_shares)). Wards that turn nobody away are not tried. Beside it stands
/// what Erlang's formula says of each ward alone, and the beds split among the wards as it does best, simulated with as many
/// replications as the best ward had, beside the budget.
///
/// ```
/// use verbund::run::Control;
/// use verbund::simulation::{BedQuestion, BedTarget, BedTrial, BedWard, MoreBeds};
///
/// // 20 patients a day for 6 days into 100 beds, and 5 into 30: the large ward turns far more away.
/// let question = BedQuestion::new(BedTarget::Refused(0.02))
///     .ward(BedWard::new("medicine", 20.0, 6.0).beds(100))
///     .ward(BedWard::new("surgery", 5.0, 6.0).beds(30))
///     .trial(Some(BedTrial { days: 365, replications: 10, ..BedTrial::default() }));
/// let answer = MoreBeds::new(20).in_wards(&question, &Control::default())?;
/// assert_eq!(answer.wards[0].name, "medicine");
/// assert!(answer.probability.is_some_and(|probability| probability > 0.95));
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MoreBeds {
    /// Beds more, 1 to 10,000.
    pub beds: u32,
    /// What is counted, added up: figures of patients. Of wards that are written out, who is refused is all that
    /// there is.
    pub figures: Vec<Figure>,
    /// Replications in all; `None` for [`Self::replications`] for each ward and the beds that are there.
    pub budget: Option<u64>,
    /// Replications of each ward on average, 2 to 10,000, where there is no budget.
    pub replications: u32,
    /// Most wards that are tried, at least 1: with more, those that gain most by formula.
    pub most_wards: usize,
    /// What all random numbers start from.
    pub seed: Seed,
}

impl MoreBeds {
    /// Replications of each ward, at most, before the budget is shared out.
    pub const FIRST: usize = 5;

    /// So many beds more: patients who were refused or sent on are counted, at most 30 wards are tried with 20
    /// replications on average.
    pub fn new(beds: u32) -> Self {
        Self {
            beds,
            figures: vec![Figure::Refused, Figure::DivertedAway],
            budget: None,
            replications: 20,
            most_wards: 30,
            seed: Seed(1),
        }
    }

    /// Sets the replications in all.
    #[must_use]
    pub fn budget(mut self, budget: Option<u64>) -> Self {
        self.budget = budget;
        self
    }

    /// Sets what is counted.
    #[must_use]
    pub fn figures(mut self, figures: Vec<Figure>) -> Self {
        self.figures = figures;
        self
    }

    /// The figures that can be counted: of patients who fared badly.
    pub const FIGURES: [Figure; 6] = [
        Figure::Refused,
        Figure::DivertedAway,
        Figure::Forced,
        Figure::Waited,
        Figure::Outliers,
        Figure::FreeBeside,
    ];

    /// Every value that is out of its range.
    pub fn check(&self) -> Problems {
        let mut problems = Problems::default();
        let mut within =
            |field: &str, value: u64, possible: RangeInclusive<u64>, expected: &str| {
                if !possible.contains(&value) {
                    problems.push(fault("more beds", field, &value.to_string(), expected));
                }
            };
        within("beds", u64::from(self.beds), 1..=10_000, "1 to 10,000");
        within("replications", u64::from(self.replications), 2..=10_000, "2 to 10,000");
        // Two wards, and the beds that are there, with two replications each.
        within("budget", self.budget.unwrap_or(6), 6..=1_000_000, "6 to 1,000,000");
        within("wards", self.most_wards as u64, 1..=10_000, "1 to 10,000");
        if self.figures.is_empty() {
            problems.push(fault("more beds", "figure", "none", "at least one"));
        }
        for figure in &self.figures {
            if !Self::FIGURES.contains(figure) {
                let possible = Self::FIGURES.map(Figure::key).join(", ");
                problems.push(fault("more beds", "figure", figure.key(), &possible));
            }
        }
        problems
    }

    /// The answer of wards that could get the beds.
    fn answer(&self, wards: Tried, trial: &Trial<'_>, control: &Control<'_>) -> MoreBedsAnswer {
        let Tried { mut wards, without_need, base } = wards;
        let screened = self.screen(&mut wards);
        let mut spending = Spending {
            trial,
            control,
            spent: base.len() as u64,
            base,
            candidates: Vec::with_capacity(wards.len()),
        };
        for ward in &wards {
            // Wards behind it get none, and need no entry.
            let mut more = vec![0; ward.number + 1];
            more[ward.number] = self.beds;
            spending.candidates.push(Candidate { more, values: Vec::new() });
        }

        let budget = self.budget_of(wards.len());
        // As many for each as say something of its scatter, before any is judged by it.
        let first = Self::FIRST.min(budget as usize / (wards.len() + 1)).max(2);
        spending.run(&vec![first; wards.len()], budget.saturating_sub(spending.spent));
        spending.share_out(budget);
        let probability = spending.probability(wards.len()).filter(|_| !wards.is_empty());
        let mut rows = rows(&wards, &spending, self.beds);
        // The split is held against the best ward, and should be as sure as it.
        let most = rows.iter().max_by(|left, right| left.gain.mean.total_cmp(&right.gain.mean));
        let replications_of_best = most.map_or(0, |best| best.gain.count);
        let split = self.split(&wards, &mut spending, replications_of_best);
        rows.sort_by(|left, right| right.gain.mean.total_cmp(&left.gain.mean));

        let is_cut = control.is_stopped();
        MoreBedsAnswer {
            wards: rows,
            probability,
            split,
            base: Interval::of(&spending.base),
            without_need,
            screened,
            budget,
            replications: spending.spent,
            ended: if is_cut { Ended::Interrupted } else { Ended::Completed },
        }
    }

    /// Most replications that a question about so many wards takes, those of the split aside.
    pub fn most_replications(&self, wards: usize) -> u64 {
        self.budget_of(wards.min(self.most_wards))
    }

    /// Replications in all for so many wards.
    fn budget_of(&self, wards: usize) -> u64 {
        self.budget.unwrap_or(u64::from(self.replications) * (wards as u64 + 1))
    }

    /// Replications of the beds that are there, before it is known which wards are tried.
    fn first_of_base(&self) -> u64 {
        // Of a small budget so many that two wards can have two as well.
        let most = self.budget.map_or(u64::from(self.replications), |budget| budget / 3);
        (Self::FIRST as u64).min(most).max(2)
    }

    /// Leaves the wards that gain most by formula, in the order in which they were; how many fell out.
    fn screen(&self, wards: &mut Vec<TriedWard>) -> usize {
        let mut most = self.most_wards;
        if let Some(budget) = self.budget {
            // Each ward, and the beds that are there, need two replications.
            most = most.min((budget as usize / 2).saturating_sub(1)).max(1);
        }
        let before = wards.len();
        if before > most {
            let gain = |ward: &TriedWard| ward.promise(self.beds);
            wards.sort_by(|left, right| gain(right).total_cmp(&gain(left)));
            wards.truncate(most);
            wards.sort_by_key(|ward| ward.number);
        }
        before - wards.len()
    }

    /// The beds split as the formula does best, simulated with so many replications.
    fn split(
        &self,
        wards: &[TriedWard],
        spending: &mut Spending<'_>,
        replications: usize,
    ) -> Option<BedSplit> {
        let mut loads: Vec<Load> = Vec::with_capacity(wards.len());
        for ward in wards {
            loads.push(ward.load?);
        }
        let given = formula::split(&loads, self.beds);
        let (mut parts, mut gain_by_formula, mut more) = (Vec::new(), 0.0, Vec::new());
        for (number, (ward, beds)) in wards.iter().zip(given).enumerate() {
            if beds > 0 {
                parts.push(BedShare { name: ward.name.clone(), beds });
                gain_by_formula += loads[number].gain(beds);
                more.resize(ward.number + 1, 0);
                more[ward.number] = beds;
            }
        }
        // All to one ward is among the wards already.
        if parts.len() < 2 {
            return None;
        }

        let number = spending.candidates.len();
        spending.candidates.push(Candidate { more, values: Vec::new() });
        let mut wanted: Vec<usize> = Vec::with_capacity(number + 1);
        for candidate in &spending.candidates[..number] {
            wanted.push(candidate.values.len());
        }
        wanted.push(replications);
        if !spending.control.is_stopped() {
            spending.run(&wanted, u64::MAX);
        }
        Some(BedSplit { parts, gain: spending.gain(number), formula: gain_by_formula })
    }
}

/// The rows of wards with at least one replication.
fn rows(wards: &[TriedWard], spending: &Spending<'_>, beds: u32) -> Vec<MoreBedsWard> {
    let mut rows = Vec::with_capacity(wards.len());
    for (number, ward) in wards.iter().enumerate() {
        if let Some(gain) = spending.gain(number) {
            rows.push(MoreBedsWard {
                name: ward.name.clone(),
                ward: ward.ward,
                beds: ward.beds,
                gain,
                formula: ward.load.map(|load| load.gain(beds)),
            });
        }
    }
    rows
}

/// The wards that could get the beds.
struct Tried {
    wards: Vec<TriedWard>,
    without_need: usize,
    /// Figures with the beds that are there, of the replications that found out who needs beds.
    base: Vec<f64>,
}

/// A ward that could get the beds.
struct TriedWard {
    /// Its number in the model.
    number: usize,
    name: String,
    ward: Option<WardId>,
    beds: u32,
    load: Option<Load>,
    /// Patients a year whom the figure counts here with the beds that are there.
    need: f64,
}

impl TriedWard {
    /// What it may gain, for a first choice among many: by formula, and without a load whoever is turned away.
    fn promise(&self, beds: u32) -> f64 {
        match self.load {
            Some(load) => load.gain(beds),
            None => self.need,
        }
    }
}
