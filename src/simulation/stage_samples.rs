//! What one replication says of the stages of pathways, and how often cooperations were used.

use std::collections::BTreeMap;

use super::build::Built;
use super::flow::PatientFlow;
use super::labels::{StreamLabel, WayTo};
use super::sample::Sample;
use crate::stats::TimeDistribution;
use crate::units::Seconds;

/// Times of one pathway and stage in one replication, of patients from inside.
#[derive(Debug, Clone)]
pub(super) struct StageSample {
    /// Position of the subject.
    pub(super) subject: usize,
    pub(super) stage: usize,
    pub(super) p50: Option<Seconds>,
    pub(super) p90: Option<Seconds>,
}

/// Calls `each` with the way, the count, and whether it is the best way of its hour, for everybody of a
/// stream who was brought somewhere.
pub(super) fn ways<'b>(
    built: &'b Built<'_>,
    label: &'b StreamLabel,
    taken: impl Iterator<Item = (usize, u32, u64)>,
    mut each: impl FnMut(&'b WayTo, u64, bool),
) {
    for (preference, ward, count) in taken {
        let hospital = built.wards[ward as usize].hospital;
        let ways = &label.ways[preference];
        // Who was brought by shared beds to a hospital that no way leads to is counted with the best.
        let at = ways.iter().position(|way| way.hospital == hospital).unwrap_or(0);
        if let Some(way) = ways.get(at) {
            each(way, count, at == 0);
        }
    }
}

/// What a sample counted of a stream: preference, ward, count.
fn taken_of(sample: &Sample, stream: usize) -> impl Iterator<Item = (usize, u32, u64)> {
    let by_preference = sample.taken[stream].iter().enumerate();
    by_preference.flat_map(|(at, taken)| taken.iter().map(move |&(ward, count)| (at, ward, count)))
}

impl StageSample {
    pub(super) fn of(flow: &PatientFlow<'_>, sample: &Sample) -> Vec<Self> {
        let built = &flow.built;
        let mut times: BTreeMap<(usize, usize), TimeDistribution> = BTreeMap::new();
        for (number, label) in built.streams.iter().enumerate() {
            let Some(pathway) = built.subjects[label.subject].pathway else { continue };
            let Some(place) = label.place else { continue };
            if flow.region().place(place).outside {
                continue;
            }
            ways(built, label, taken_of(sample, number), |way, count, _| {
                for stage in 0..pathway.stages.len() {
                    let time = way.done.get(stage).map(|seconds| Seconds(*seconds));
                    times.entry((label.subject, stage)).or_default().add(time, count);
                }
            });
        }
        let stage = |((subject, stage), times): ((usize, usize), TimeDistribution)| Self {
            subject,
            stage,
            p50: times.median(),
            p90: times.quantile(0.9),
        };
        times.into_iter().map(stage).collect()
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
    let alternates = flow.model().alternate_labels().zip(&sample.alternates);
    alternates.for_each(|(key, count)| add(key, *count));
    let branches = flow.model().all_branches().zip(&sample.branches);
    branches.for_each(|((_, branch), count)| add(&branch.label, *count));
    for (number, label) in built.streams.iter().enumerate() {
        ways(built, label, taken_of(sample, number), |way, count, _| {
            way.cooperations.iter().for_each(|key| add(key, count));
        });
    }
    uses
}
