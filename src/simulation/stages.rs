//! How long patients of pathways take to each stage when hospitals are full.

use std::collections::BTreeMap;

use serde::Serialize;

use super::FlowIndex;
use super::results::Results;
use super::stage_samples::{StageKey, Taken, ways};
use crate::model::StageIndex;
use crate::region::PlaceId;
use crate::stats::{Interval, TimeDistribution};
use crate::units::{Seconds, as_seconds};

/// Times to a stage with intervals over the replications.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StageWait {
    /// Key of the pathway.
    pub pathway: String,
    /// Key of the stage.
    #[serde(rename = "stage")]
    pub stage_key: String,
    /// The stage.
    #[serde(skip)]
    pub stage: StageIndex,
    /// The time from the call to its end that half of the patients do not exceed, in minutes; `None`
    /// where more have no way.
    #[serde(rename = "p50_minutes")]
    pub p50: Option<Interval>,
    /// The time that nine of ten of them do not exceed, likewise.
    #[serde(rename = "p90_minutes")]
    pub p90: Option<Interval>,
    /// The time that half of the same patients would not exceed if each went the best way of the hour, as
    /// [`pathways`](crate::pathways) find it, because every bed was free.
    #[serde(rename = "free_p50_seconds", serialize_with = "as_seconds")]
    pub free_p50: Option<Seconds>,
    /// The time that nine of ten would not exceed then.
    #[serde(rename = "free_p90_seconds", serialize_with = "as_seconds")]
    pub free_p90: Option<Seconds>,
}

/// The change of the times to a stage from the base to a scenario, paired by replication, in minutes;
/// `None` where in some replication more have no way.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StageWaitChange {
    /// Key of the pathway.
    pub pathway: String,
    /// Key of the stage.
    #[serde(rename = "stage")]
    pub stage_key: String,
    /// The stage.
    #[serde(skip)]
    pub stage: StageIndex,
    /// Of the time that half of the patients do not exceed.
    #[serde(rename = "p50_minutes")]
    pub p50: Option<Interval>,
    /// Of the time that nine of ten do not exceed.
    #[serde(rename = "p90_minutes")]
    pub p90: Option<Interval>,
}

/// Times to a stage of the patients of one place, all replications together.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlaceWait {
    /// The place.
    pub place: PlaceId,
    /// Key of the pathway.
    pub pathway: String,
    /// Key of the stage.
    #[serde(rename = "stage")]
    pub stage_key: String,
    /// The stage.
    #[serde(skip)]
    pub stage: StageIndex,
    /// Patients of all replications.
    pub patients: u64,
    /// Those who were brought elsewhere than by the best way of their hour.
    pub elsewhere: u64,
    /// The time from the call to its end that half of them do not exceed.
    #[serde(rename = "p50_seconds", serialize_with = "as_seconds")]
    pub p50: Option<Seconds>,
    /// The time that nine of ten of them do not exceed.
    #[serde(rename = "p90_seconds", serialize_with = "as_seconds")]
    pub p90: Option<Seconds>,
}

/// Times in every replication.
#[derive(Default)]
struct Replicated {
    p50: Vec<Option<Seconds>>,
    p90: Vec<Option<Seconds>>,
}

/// Minutes of the base and of a scenario, by replication in which both have them.
#[derive(Default)]
struct Paired {
    base: Vec<f64>,
    scenario: Vec<f64>,
    /// Whether a replication lacks a time, so that there is no difference.
    has_gap: bool,
}

impl Paired {
    fn push(&mut self, base: Option<Seconds>, scenario: Option<Seconds>) {
        match base.zip(scenario) {
            Some((base, scenario)) => {
                self.base.push(base.minutes());
                self.scenario.push(scenario.minutes());
            }
            None => self.has_gap = true,
        }
    }
}

/// Times to all stages of the patients of a place.
#[derive(Default)]
struct PlaceTimes {
    patients: u64,
    elsewhere: u64,
    by_stage: Vec<TimeDistribution>,
}

impl Results<'_, '_> {
    /// Times to every stage of every pathway of emergencies, of patients from inside, in the order of
    /// the catalog.
    pub fn stage_waits(&self, flow: FlowIndex) -> Vec<StageWait> {
        let built = &self.flow(flow).built;
        let mut by_stage: BTreeMap<StageKey, Replicated> = BTreeMap::new();
        for samples in self.stage_samples(flow) {
            for sample in samples {
                let times = by_stage.entry(sample.key).or_default();
                times.p50.push(sample.p50);
                times.p90.push(sample.p90);
            }
        }

        // From the same patients, so that both times differ by full beds alone.
        let free = self.free_times(flow);
        let mut waits = Vec::with_capacity(by_stage.len());
        for (key, times) in by_stage {
            let free = free.get(&key);
            waits.push(StageWait {
                pathway: built.subjects[key.subject].key.clone(),
                stage_key: built.subjects[key.subject].stage_key(key.stage),
                stage: key.stage,
                p50: in_minutes(&times.p50),
                p90: in_minutes(&times.p90),
                free_p50: free.and_then(TimeDistribution::median),
                free_p90: free.and_then(|times| times.quantile(0.9)),
            });
        }
        waits
    }

    /// Times by subject and stage if each patient from inside went the best way of the hour.
    fn free_times(&self, flow: FlowIndex) -> BTreeMap<StageKey, TimeDistribution> {
        let totals = self.totals(flow);
        let flow = self.flow(flow);
        let mut times: BTreeMap<StageKey, TimeDistribution> = BTreeMap::new();
        for (label, taken) in flow.built.streams.iter().zip(&totals.taken) {
            let subject = label.subject;
            let Some(pathway) = &flow.built.subjects[subject].pathway else { continue };
            // Patients of pathways all have a place.
            let Some(place) = label.place else { continue };
            if flow.region().place(place).outside {
                continue;
            }
            for (ways, wards) in label.ways.iter().zip(taken) {
                let (Some(best), count) = (ways.first(), wards.values().sum()) else { continue };
                for stage in pathway.stage_indices() {
                    let time = best.done_at(stage);
                    times.entry(StageKey { subject, stage }).or_default().add(time, count);
                }
            }
        }
        times
    }

    /// The changes of the times to every stage, in the order of [`Self::stage_waits`].
    pub fn stage_changes(&self, flow: FlowIndex) -> Vec<StageWaitChange> {
        let built = &self.flow(flow).built;
        let mut by_stage: BTreeMap<StageKey, [Paired; 2]> = BTreeMap::new();
        for (base, scenario) in self.stage_samples(FlowIndex::BASE).zip(self.stage_samples(flow)) {
            for sample in scenario {
                // By key: a pathway that nobody came by in one of them is missing there.
                let known = base.iter().find(|known| known.key == sample.key);
                let [p50, p90] = by_stage.entry(sample.key).or_default();
                p50.push(known.and_then(|known| known.p50), sample.p50);
                p90.push(known.and_then(|known| known.p90), sample.p90);
            }
        }

        let mut changes = Vec::with_capacity(by_stage.len());
        for (key, [p50, p90]) in by_stage {
            // Where a replication lacks the time of nine of ten, half of them are not told either.
            let has_gap = p50.has_gap || p90.has_gap;
            let change = |pairs: &Paired| {
                if has_gap { None } else { Interval::paired(&pairs.base, &pairs.scenario) }
            };
            changes.push(StageWaitChange {
                pathway: built.subjects[key.subject].key.clone(),
                stage_key: built.subjects[key.subject].stage_key(key.stage),
                stage: key.stage,
                p50: change(&p50),
                p90: change(&p90),
            });
        }
        changes
    }

    /// Times to every stage by place and pathway, in the order of the places.
    pub fn place_waits(&self, flow: FlowIndex) -> Vec<PlaceWait> {
        let built = &self.flow(flow).built;
        let totals = self.totals(flow);
        let mut by_place: BTreeMap<(PlaceId, usize), PlaceTimes> = BTreeMap::new();
        for (label, by_preference) in built.streams.iter().zip(&totals.taken) {
            let Some(pathway) = &built.subjects[label.subject].pathway else { continue };
            let Some(place) = label.place else { continue };
            let mut taken: Vec<Taken> = Vec::new();
            for (preference, wards) in by_preference.iter().enumerate() {
                for (&ward, &count) in wards {
                    taken.push(Taken { preference, ward, count });
                }
            }
            let times = by_place.entry((place, label.subject)).or_default();
            times.by_stage.resize(pathway.stages.len(), TimeDistribution::new());
            ways(built, label, taken.into_iter(), |way, count, is_best| {
                times.patients += count;
                times.elsewhere += if is_best { 0 } else { count };
                for stage in pathway.stage_indices() {
                    times.by_stage[stage.index()].add(way.done_at(stage), count);
                }
            });
        }

        let mut waits = Vec::new();
        for ((place, subject), times) in by_place {
            // A place whose patients all found no way has no times.
            if times.patients == 0 {
                continue;
            }
            let Some(pathway) = &built.subjects[subject].pathway else { continue };
            for (stage, distribution) in pathway.stage_indices().zip(times.by_stage) {
                waits.push(PlaceWait {
                    place,
                    pathway: built.subjects[subject].key.clone(),
                    stage_key: built.subjects[subject].stage_key(stage),
                    stage,
                    patients: times.patients,
                    elsewhere: times.elsewhere,
                    p50: distribution.median(),
                    p90: distribution.quantile(0.9),
                });
            }
        }
        waits
    }
}

/// The mean of some times in minutes; `None` where one is missing.
fn in_minutes(times: &[Option<Seconds>]) -> Option<Interval> {
    let mut minutes = Vec::with_capacity(times.len());
    for time in times {
        // A mean over the replications that have one would be of the lucky ones.
        minutes.push((*time)?.minutes());
    }
    Interval::of(&minutes)
}
