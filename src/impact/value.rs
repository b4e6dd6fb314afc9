//! The value of each cooperation: given the others, and alone.

use rayon::prelude::*;

use super::{Effect, Study, Subject};
use crate::model::{CooperationId, StageIndex};
use crate::pathways::{Objective, Outage, StageStop, Uses, UsualRoute};

/// What one cooperation changes.
#[derive(Debug, Clone, PartialEq)]
pub struct CooperationValue {
    /// The cooperation, of the region or added.
    pub cooperation: CooperationId,
    /// What it changes in each pathway of the study, given all others: against a network without
    /// it (leave one out).
    pub given_others: Vec<Effect>,
    /// What it changes in each pathway when it is the only one: against a network without any
    /// cooperation that serves the pathways (add one in).
    pub alone: Vec<Effect>,
    /// What it changes in each pathway until the stage that makes a hospital a door, which
    /// `given_others` and `alone` do not count; `None` where times are counted to that stage anyway,
    /// and under a free choice.
    pub to_door: Vec<Option<DoorEffect>>,
    /// Cases a year from inside that go over it, in each pathway.
    pub cases: Vec<f64>,
    /// What most of its patients do without it, in each pathway; `None` where nobody uses it or
    /// nobody has another way.
    pub replaces: Vec<Option<Replacement>>,
}

/// What one cooperation changes until the stage that makes a hospital a door of its pathway
/// ([`door`](crate::model::Pathway::door)): thrombolysis, where the last stage is thrombectomy.
///
/// From the door that the protocol prescribes, the route is the one on which this stage is done first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DoorEffect {
    /// The stage.
    pub stage: StageIndex,
    /// Given all others.
    pub given_others: Effect,
    /// When it is the only one.
    pub alone: Effect,
}

/// What most patients of a cooperation do without it.
#[derive(Debug, Clone, PartialEq)]
pub struct Replacement {
    /// Where and how each stage is done that is done.
    pub route: Vec<StageStop>,
    /// Share of the patients who do so, 0 to 1.
    pub share: f64,
}

impl CooperationValue {
    /// All pathways together, given the others, as [`Effect::and`] counts.
    pub fn total(&self) -> Effect {
        self.given_others.iter().copied().sum()
    }

    /// All pathways together, alone.
    pub fn total_alone(&self) -> Effect {
        self.alone.iter().copied().sum()
    }

    /// Cases a year from inside that go over it, all pathways together.
    pub fn total_cases(&self) -> f64 {
        self.cases.iter().sum()
    }
}

impl Study<'_> {
    /// What each cooperation changes that can serve a pathway of the study, the greatest saving a
    /// year given the others first, then alone, ties by position.
    pub fn values(&self) -> Vec<CooperationValue> {
        let mut values = self.values_of(&self.relevant());
        values.sort_by(|a, b| {
            let seconds = |one: &CooperationValue| one.total().net_seconds();
            let alone = |one: &CooperationValue| one.total_alone().net_seconds();
            seconds(b).total_cmp(&seconds(a)).then(alone(b).total_cmp(&alone(a)))
        });
        values
    }

    /// What one cooperation changes; `None` when it can serve no pathway of the study.
    pub fn value(&self, cooperation: CooperationId) -> Option<CooperationValue> {
        self.relevant().contains(&cooperation).then(|| self.values_of(&[cooperation]))?.pop()
    }

    /// What each of these cooperations changes, in their order.
    fn values_of(&self, wanted: &[CooperationId]) -> Vec<CooperationValue> {
        if wanted.is_empty() {
            return Vec::new();
        }
        let cooperations = self.relevant().into_iter().collect();
        let all_out = Outage { cooperations, ..Outage::default() };
        let by_subject: Vec<Vec<Part>> = self
            .subjects
            .par_iter()
            .map(|subject| self.values_in(subject, wanted, &all_out))
            .collect();
        let mut values: Vec<CooperationValue> = wanted
            .iter()
            .map(|&cooperation| CooperationValue {
                cooperation,
                given_others: Vec::new(),
                alone: Vec::new(),
                to_door: Vec::new(),
                cases: Vec::new(),
                replaces: Vec::new(),
            })
            .collect();
        for parts in by_subject {
            for (value, part) in values.iter_mut().zip(parts) {
                value.given_others.push(part.given_others);
                value.alone.push(part.alone);
                value.to_door.push(part.to_door);
                value.cases.push(part.cases);
                value.replaces.push(part.replaces);
            }
        }
        values
    }

    /// The values in one pathway, in the order of `wanted`.
    fn values_in(
        &self,
        subject: &Subject<'_>,
        wanted: &[CooperationId],
        all_out: &Outage,
    ) -> Vec<Part> {
        let prepared = &subject.prepared;
        let with_all = subject.evaluate(&self.query);
        let with_none = subject.evaluate(&self.query_with(all_out));
        let users = with_all.users();
        let everybody = subject.inside();
        // Under a free choice nobody gains from one who does not gain from all together.
        let gaining: Vec<usize> = if self.is_free() {
            let none: Vec<_> = with_none.objective_times().collect();
            let mut parts: Vec<usize> = with_all
                .objective_times()
                .zip(none)
                .filter(|(all, none)| all.time != none.time)
                .map(|(all, _)| all.part)
                .filter(|part| subject.counts(*part))
                .collect();
            parts.sort_unstable();
            parts.dedup();
            parts
        } else {
            everybody.clone()
        };
        let own: std::collections::BTreeSet<CooperationId> =
            prepared.relevant().into_iter().collect();
        let loads = with_all.loads();
        let cases = |cooperation: CooperationId| {
            loads.by_cooperation.get(&cooperation).map_or(0.0, |patients| patients.inside)
        };
        let none = with_none.times_at(&gaining);
        let value = |&cooperation: &CooperationId| {
            if !own.contains(&cooperation) {
                return Part::default();
            }
            let using = users.cooperations.get(&cooperation);
            let parts: Vec<usize> = if self.is_free() {
                let parts = using.map(Uses::parts).unwrap_or_default();
                parts.into_iter().filter(|part| subject.counts(*part)).collect()
            } else {
                everybody.clone()
            };
            let without = Outage::of_cooperation(cooperation);
            let query = self.query_with(&without);
            let before = subject.times(&query, &parts);
            let after = with_all.times_at(&parts);
            let given_others = subject.effect(&parts, &before, &after);
            let mut others = all_out.clone();
            others.cooperations.remove(&cooperation);
            let only = subject.times(&self.query_with(&others), &gaining);
            let alone = subject.effect(&gaining, &none, &only);
            let to_door = self.door_stage(subject).map(|stage| {
                let key = subject.prepared.pathway()[stage].key.clone();
                let times = |outage: &Outage| {
                    let query = self.query_with(outage).objective(Objective::Stage(key.clone()));
                    subject.times(&query, &everybody)
                };
                let (all, none) = (times(&Outage::default()), times(all_out));
                DoorEffect {
                    stage,
                    given_others: subject.effect(&everybody, &times(&without), &all),
                    alone: subject.effect(&everybody, &none, &times(&others)),
                }
            });
            let replaces = using.and_then(|using| {
                let outcome =
                    prepared.evaluate_for(&subject.under_protocol(&query), &using.parts());
                let UsualRoute { stops, share } =
                    outcome.expect("the objective was checked").usual_route(using)?;
                Some(Replacement { route: stops, share })
            });
            Part { given_others, alone, to_door, cases: cases(cooperation), replaces }
        };
        wanted.par_iter().map(value).collect()
    }
}

/// What a cooperation changes in one pathway.
#[derive(Debug, Clone, Default)]
struct Part {
    given_others: Effect,
    alone: Effect,
    to_door: Option<DoorEffect>,
    cases: f64,
    replaces: Option<Replacement>,
}
