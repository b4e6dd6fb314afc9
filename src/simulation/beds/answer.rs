//! Answers to how many beds are needed.

use serde::Serialize;

use crate::queueing::Ended;
use crate::stats::Interval;

/// Beds for a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BedAnswer {
    /// By ward, each for itself.
    pub wards: Vec<BedCurve>,
    /// All wards with shared beds; `None` for one ward.
    pub pooled: Option<BedPooling>,
    /// [`Ended::Interrupted`] where it was stopped: then the least beds by simulation are not known, and rows
    /// have the figures of as many replications as they say.
    pub ended: Ended,
}

impl BedAnswer {
    /// Replications that were finished, of all rows together.
    pub fn replications(&self) -> usize {
        let mut replications = 0;
        for curve in &self.wards {
            replications += curve.replications();
        }
        if let Some(pooling) = &self.pooled {
            replications += pooling.curve.replications();
        }
        replications
    }
}

/// What more and fewer beds give to one ward, or to wards that share.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BedCurve {
    /// The ward.
    pub name: String,
    /// Patients a day.
    #[serde(rename = "arrivals_per_day")]
    pub arrivals: f64,
    /// Mean stay in days.
    #[serde(rename = "stay_days")]
    pub stay: f64,
    /// Coefficient of variation of the stays, of all wards together.
    pub stay_cv: f64,
    /// Beds that would be taken on average if nobody were refused.
    pub offered: f64,
    /// Beds that are there.
    pub beds: Option<u32>,
    /// The least beds that meet the target, by formula.
    pub least: u32,
    /// The least beds with which the mean of the replications meets the target; `None` without a
    /// simulation, or when none within 100 beds of the formula's answer does.
    pub least_simulated: Option<u32>,
    /// The least beds whose 95 % interval reaches down to the target, and the least whose whole
    /// interval meets it; what lies between, the simulation leaves open. `None` with fewer than two
    /// replications.
    pub open: Option<(u32, u32)>,
    /// By beds, ascending.
    pub rows: Vec<BedRow>,
}

impl BedCurve {
    fn replications(&self) -> usize {
        // Added up, not multiplied: rows without an answer have none, and a run that was stopped has fewer.
        let mut replications = 0;
        for row in &self.rows {
            if let Some(figures) = &row.simulated {
                replications += figures.replications;
            }
        }
        replications
    }

    /// The row of a number of beds.
    pub fn row(&self, beds: u32) -> Option<&BedRow> {
        self.rows.iter().find(|row| row.beds == beds)
    }
}

/// What a number of beds gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BedRow {
    /// Beds.
    pub beds: u32,
    /// By formula; `None` when patients wait and the queue would grow without end.
    pub formula: Option<BedFormula>,
    /// By simulation; `None` without one, and where the formula has no answer.
    pub simulated: Option<BedSimulation>,
}

/// Figures by formula.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BedFormula {
    /// Share of patients who are refused or wait, as the target has it, 0 to 1.
    pub share: f64,
    /// Taken beds over beds, 0 to 1.
    pub occupancy: f64,
    /// Mean wait of all patients in days, for exponential stays; `None` when nobody waits.
    #[serde(rename = "mean_wait_days")]
    pub mean_wait: Option<f64>,
    /// Mean wait for stays with the question's coefficient of variation, approximately (Allen and
    /// Cunneen).
    #[serde(rename = "approximate_wait_days")]
    pub approximate_wait: Option<f64>,
}

/// Figures by simulation, over replications.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BedSimulation {
    /// Replications that were finished: as many as were asked for, unless somebody stopped them.
    pub replications: usize,
    /// Share of patients who are refused or wait, as the target has it.
    pub share: Interval,
    /// Taken beds over beds.
    pub occupancy: Interval,
    /// Mean wait of all patients in days; `None` when nobody waits.
    #[serde(rename = "mean_wait_days")]
    pub mean_wait: Option<Interval>,
}

/// What wards gain that share all their beds. Shares are of refused or waiting patients, 0 to 1,
/// as the target has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BedPooling {
    /// Beds of all wards: those that are there, else the least that meet the target.
    pub beds: u32,
    /// Share while each ward has its own beds, by formula; `None` when a queue would grow without
    /// end.
    pub apart: Option<f64>,
    /// Share while each ward has its own beds, by simulation.
    pub apart_simulated: Option<Interval>,
    /// Share when all beds serve everybody, by formula.
    pub together: Option<f64>,
    /// Share when all beds serve everybody, by simulation with the same patients and stays.
    pub together_simulated: Option<Interval>,
    /// Beds that meet the target while each ward has its own; [`BedCurve::least`] of `curve` is
    /// what shared beds need.
    pub least_apart: u32,
    /// The least shared beds that do no worse than the wards do apart today.
    pub beds_for_same: Option<u32>,
    /// Who gains and who loses.
    pub by_ward: Vec<PooledWard>,
    /// What more and fewer shared beds give.
    pub curve: BedCurve,
}

/// A ward before and after its beds are shared.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PooledWard {
    /// The ward.
    pub name: String,
    /// Its beds.
    pub beds: u32,
    /// Share of its patients with its own beds, by formula.
    pub apart: Option<f64>,
    /// Share of its patients with its own beds, by simulation.
    pub apart_simulated: Option<Interval>,
    /// Share of its patients with shared beds, by simulation.
    pub together_simulated: Option<Interval>,
}
