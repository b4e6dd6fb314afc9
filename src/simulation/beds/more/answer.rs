//! Where more beds help: the answer.

use serde::Serialize;

use crate::queueing::Ended;
use crate::simulation::WardId;
use crate::stats::Interval;

/// Where more beds help most.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MoreBedsAnswer {
    /// The wards that were tried, the greatest gain first.
    pub wards: Vec<MoreBedsWard>,
    /// How likely it is at least that the first ward is the best of those that were tried, 0 to 1: the bound of
    /// [`probability_of_best`](crate::stats::probability_of_best). `None` while a ward has fewer than two
    /// replications.
    pub probability: Option<f64>,
    /// The beds split among the wards as Erlang's formula does; `None` where that gives all to one ward, or without
    /// a formula.
    pub split: Option<BedSplit>,
    /// Patients a year whom the figure counts, with the beds that are there; `None` without a finished replication.
    #[serde(rename = "base_per_year")]
    pub base: Option<Interval>,
    /// Wards that were not tried because they turned nobody away.
    pub without_need: usize,
    /// Wards that were not tried because others gain more by formula.
    pub screened: usize,
    /// Replications that were to be shared out.
    pub budget: u64,
    /// Replications that were finished, of the beds that are there, of all wards and of the split.
    pub replications: u64,
    /// [`Ended::Interrupted`] where it was stopped: what was finished by then counts.
    pub ended: Ended,
}

/// What all the further beds give to one ward.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MoreBedsWard {
    /// Its name; of a region, hospital and specialty.
    pub name: String,
    /// The ward of the flow; `None` for wards that were written out.
    #[serde(skip)]
    pub ward: Option<WardId>,
    /// Beds that it has.
    pub beds: u32,
    /// Patients a year fewer whom the figure counts, in all wards together, paired by replication.
    #[serde(rename = "gain_per_year")]
    pub gain: Interval,
    /// Patients a year fewer who find no bed in this ward, by Erlang's formula; `None` where its load is not known.
    #[serde(rename = "formula_gain_per_year")]
    pub formula: Option<f64>,
}

/// Beds split among wards.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BedSplit {
    /// Names of the wards that get beds, with how many.
    pub parts: Vec<BedShare>,
    /// Patients a year fewer whom the figure counts; `None` where it was stopped before.
    #[serde(rename = "gain_per_year")]
    pub gain: Option<Interval>,
    /// Patients a year fewer who find no bed, by Erlang's formula.
    #[serde(rename = "formula_gain_per_year")]
    pub formula: f64,
}

/// Beds that a ward gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BedShare {
    /// Name of the ward.
    pub name: String,
    /// Further beds, 1 or more.
    pub beds: u32,
}
