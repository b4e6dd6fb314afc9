//! What one replication says of the stages of pathways, and how often cooperations were used.

use std::collections::BTreeMap;

use super::WardId;
use super::build::Built;
use super::flow::PatientFlow;
use super::labels::{StreamLabel, WayTo};
use super::sample::Sample;
use crate::model::StageIndex;
use crate::stats::TimeDistribution;
use crate::units::Seconds;

/// A stage of a pathway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StageKey {
    /// Position of the subject.
    pub(super) subject: usize,
    pub(super) stage: StageIndex,
}

/// Times of one pathway and stage in one replication, of patients from inside.
#[derive(Debug, Clone)]
pub(super) struct StageSample {
    pub(super) key: StageKey,
    pub(super) p50: Option<Seconds>,
    pub(super) p90: Option<Seconds>,
}

/// Patients of a stream who got in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken {
    /// Position of the preference.
    pub(super) preference: usize,
    pub(super) ward: WardId,
    pub(super) count: u64,
}

/// Calls `each` with the way, the count, and whether it is the best way of its hour, for all patients of a
/// stream who were brought somewhere.
pub(super) fn ways<'b>(
    built: &'b Built,
    label: &'b StreamLabel,
    taken: impl Iterator<Item = Taken>,
    mut each: impl FnMut(&'b WayTo, u64, bool),
) {
    for patients in taken {
        let hospital = built.wards[patients.ward.index()].hospital;
        // Patients of incidents come by no way of a pathway.
        let Some(ways) = label.ways.get(patients.preference) else { continue };
        // Patients whom shared beds brought to a hospital that no way leads to are counted with the best.
        let position = ways.iter().position(|way| way.hospital == hospital).unwrap_or(0);
        if let Some(way) = ways.get(position) {
            each(way, patients.count, position == 0);
        }
    }
}

/// The patients of a stream whom a sample counted; not as a list, as this is asked for every stream of every
/// replication.
fn taken_of(sample: &Sample, stream: usize) -> impl Iterator<Item = Taken> {
    sample.taken[stream].iter().enumerate().flat_map(|(preference, wards)| {
        wards.iter().map(move |&(ward, count)| Taken { preference, ward: WardId(ward), count })
    })
}

impl StageSample {
    pub(super) fn all(flow: &PatientFlow<'_>, sample: &Sample) -> Vec<Self> {
        let built = &flow.built;
        let mut times: BTreeMap<StageKey, TimeDistribution> = BTreeMap::new();
        for (number, label) in built.streams.iter().enumerate() {
            let subject = label.subject;
            let Some(pathway) = &built.subjects[subject].pathway else { continue };
            let Some(place) = label.place else { continue };
            // The region answers for its own places only.
            if flow.region().place(place).outside {
                continue;
            }
            ways(built, label, taken_of(sample, number), |way, count, _| {
                for stage in pathway.stage_indices() {
                    let time = way.done_at(stage);
                    times.entry(StageKey { subject, stage }).or_default().add(time, count);
                }
            });
        }

        let mut samples = Vec::with_capacity(times.len());
        for (key, times) in times {
            samples.push(Self { key, p50: times.median(), p90: times.quantile(0.9) });
        }
        samples
    }
}

/// How often each cooperation was used: transfers, shared beds, ways of pathways.
pub(super) fn uses(flow: &PatientFlow<'_>, sample: &Sample) -> BTreeMap<String, f64> {
    let built = &flow.built;
    let mut uses: BTreeMap<String, f64> = BTreeMap::new();
    let mut add = |key: &str, count: u64| {
        if count > 0 && !key.is_empty() {
            *uses.entry(key.to_owned()).or_default() += count as f64;
        }
    };
    for (key, count) in flow.model().alternate_labels().zip(&sample.alternates) {
        add(key, *count);
    }
    for ((_, branch), count) in flow.model().all_branches().zip(&sample.branches) {
        add(&branch.label, *count);
    }
    for (number, label) in built.streams.iter().enumerate() {
        ways(built, label, taken_of(sample, number), |way, count, _| {
            for key in &way.cooperations {
                add(key, count);
            }
        });
    }
    uses
}
