//! How long patients of pathways take to each stage when hospitals are full.

use std::collections::BTreeMap;

use super::results::Results;
use super::stage_samples::ways;
use crate::region::PlaceId;
use crate::stats::{Interval, TimeDistribution};
use crate::units::Seconds;

/// Times to a stage with intervals over the replications.
#[derive(Debug, Clone, PartialEq)]
pub struct StageWait {
    /// Key of the pathway.
    pub pathway: String,
    /// Position of the stage.
    pub stage: usize,
    /// The time from the call to its end that half of the patients do not exceed, in minutes; `None`
    /// where more have no way.
    pub p50: Option<Interval>,
    /// The same for nine of ten.
    pub p90: Option<Interval>,
    /// What half of the same patients would not exceed if each went the best way of the hour, as
    /// [`pathways`](crate::pathways) find it, because every bed was free.
    pub free_p50: Option<Seconds>,
    /// The same for nine of ten.
    pub free_p90: Option<Seconds>,
}

/// The change of the times to a stage from the base to a scenario, paired by replication, in minutes;
/// `None` where in some replication more have no way.
#[derive(Debug, Clone, PartialEq)]
pub struct StageWaitChange {
    /// Key of the pathway.
    pub pathway: String,
    /// Position of the stage.
    pub stage: usize,
    /// Of the time that half of the patients do not exceed.
    pub p50: Option<Interval>,
    /// Of the time that nine of ten do not exceed.
    pub p90: Option<Interval>,
}

/// Times to a stage of the patients of one place, all replications together.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceWait {
    /// The place.
    pub place: PlaceId,
    /// Key of the pathway.
    pub pathway: String,
    /// Position of the stage.
    pub stage: usize,
    /// Patients of all replications.
    pub patients: u64,
    /// Those who were brought elsewhere than by the best way of their hour.
    pub elsewhere: u64,
    /// The time from the call to its end that half of them do not exceed.
    pub p50: Option<Seconds>,
    /// The same for nine of ten.
    pub p90: Option<Seconds>,
}

/// Minutes of base and scenario, for half and for nine of ten.
type Pairs = [(Vec<f64>, Vec<f64>); 2];

impl Results<'_, '_> {
    /// Times to every stage of every pathway of emergencies, of patients from inside, in the order of
    /// the catalog.
    pub fn stage_waits(&self, flow: usize) -> Vec<StageWait> {
        let built = &self.flows()[flow].built;
        let mut values: BTreeMap<(usize, usize), [Vec<Option<Seconds>>; 2]> = BTreeMap::new();
        for samples in self.stage_samples(flow) {
            for one in samples {
                let own = values.entry((one.subject, one.stage)).or_default();
                own[0].push(one.p50);
                own[1].push(one.p90);
            }
        }
        let interval = |times: &[Option<Seconds>]| {
            let minutes: Option<Vec<f64>> =
                times.iter().map(|time| time.map(Seconds::minutes)).collect();
            minutes.and_then(|minutes| Interval::of(&minutes))
        };
        let free = self.free_times(flow);
        let stage = |((subject, stage), [p50, p90]): ((usize, usize), [Vec<_>; 2])| {
            let free = free.get(&(subject, stage));
            StageWait {
                pathway: built.subjects[subject].key.clone(),
                stage,
                p50: interval(&p50),
                p90: interval(&p90),
                free_p50: free.and_then(TimeDistribution::median),
                free_p90: free.and_then(|times| times.quantile(0.9)),
            }
        };
        values.into_iter().map(stage).collect()
    }

    /// Times by subject and stage if each patient from inside went the best way of the hour.
    fn free_times(&self, flow: usize) -> BTreeMap<(usize, usize), TimeDistribution> {
        let flow_of = &self.flows()[flow];
        let mut times: BTreeMap<(usize, usize), TimeDistribution> = BTreeMap::new();
        for (label, taken) in flow_of.built.streams.iter().zip(&self.totals(flow).taken) {
            let subject = &flow_of.built.subjects[label.subject];
            let Some(pathway) = subject.pathway else { continue };
            // Patients of pathways all have a place.
            let Some(place) = label.place else { continue };
            if flow_of.region().place(place).outside {
                continue;
            }
            for (ways, wards) in label.ways.iter().zip(taken) {
                let (Some(best), count) = (ways.first(), wards.values().sum()) else { continue };
                for stage in 0..pathway.stages.len() {
                    let time = best.done.get(stage).map(|seconds| Seconds(*seconds));
                    times.entry((label.subject, stage)).or_default().add(time, count);
                }
            }
        }
        times
    }

    /// The changes of the times to every stage, in the order of [`Self::stage_waits`].
    pub fn stage_changes(&self, flow: usize) -> Vec<StageWaitChange> {
        let built = &self.flows()[flow].built;
        let mut values: BTreeMap<(usize, usize), Option<Pairs>> = BTreeMap::new();
        for (base, own) in self.stage_samples(0).zip(self.stage_samples(flow)) {
            for one in own {
                let at = (one.subject, one.stage);
                let other = base.iter().find(|other| (other.subject, other.stage) == at);
                let pairs = values.entry(at).or_insert_with(|| Some(Pairs::default()));
                let times =
                    other.and_then(|other| Some([(other.p50?, one.p50?), (other.p90?, one.p90?)]));
                let Some(times) = times else {
                    *pairs = None;
                    continue;
                };
                for (list, (base, own)) in pairs.iter_mut().flatten().zip(times) {
                    list.0.push(base.minutes());
                    list.1.push(own.minutes());
                }
            }
        }
        let stage = |((subject, stage), pairs): ((usize, usize), Option<Pairs>)| {
            let of = |at: usize| {
                let pairs = pairs.as_ref()?;
                Interval::paired(&pairs[at].0, &pairs[at].1)
            };
            StageWaitChange {
                pathway: built.subjects[subject].key.clone(),
                stage,
                p50: of(0),
                p90: of(1),
            }
        };
        values.into_iter().map(stage).collect()
    }

    /// Times to every stage by place and pathway, in the order of the places.
    pub fn place_waits(&self, flow: usize) -> Vec<PlaceWait> {
        let built = &self.flows()[flow].built;
        let totals = self.totals(flow);
        let mut all: BTreeMap<(PlaceId, usize), (u64, u64, Vec<TimeDistribution>)> =
            BTreeMap::new();
        for (number, label) in built.streams.iter().enumerate() {
            let Some(pathway) = built.subjects[label.subject].pathway else { continue };
            let (Some(place), Some(taken)) = (label.place, totals.taken.get(number)) else {
                continue;
            };
            let taken = taken
                .iter()
                .enumerate()
                .flat_map(|(at, wards)| wards.iter().map(move |(ward, count)| (at, *ward, *count)));
            let own = all.entry((place, label.subject)).or_default();
            own.2.resize(pathway.stages.len(), TimeDistribution::new());
            ways(built, label, taken, |way, count, is_best| {
                own.0 += count;
                own.1 += if is_best { 0 } else { count };
                for (stage, times) in own.2.iter_mut().enumerate() {
                    times.add(way.done.get(stage).map(|seconds| Seconds(*seconds)), count);
                }
            });
        }
        let mut waits = Vec::new();
        for ((place, subject), (patients, elsewhere, stages)) in all {
            for (stage, times) in stages.into_iter().enumerate().filter(|_| patients > 0) {
                waits.push(PlaceWait {
                    place,
                    pathway: built.subjects[subject].key.clone(),
                    stage,
                    patients,
                    elsewhere,
                    p50: times.median(),
                    p90: times.quantile(0.9),
                });
            }
        }
        waits
    }
}
