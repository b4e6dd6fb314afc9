//! The value of each cooperation: given the others, and alone.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

use super::{Effect, Sampled, Study, Subject};
use crate::model::{CooperationId, StageIndex};
use crate::pathways::{Objective, Outage, Outcome, Query, StageStop, Users, Uses, UsualRoute};

/// What one cooperation changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DoorEffect {
    /// The stage.
    pub stage: StageIndex,
    /// Given all others.
    pub given_others: Effect,
    /// When it is the only one.
    pub alone: Effect,
}

/// What most patients of a cooperation do without it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
            let seconds = |value: &CooperationValue| value.total().net_seconds();
            let alone = |value: &CooperationValue| value.total_alone().net_seconds();
            seconds(b).total_cmp(&seconds(a)).then(alone(b).total_cmp(&alone(a)))
        });
        values
    }

    /// What one cooperation changes; `None` when it can serve no pathway of the study.
    pub fn value(&self, cooperation: CooperationId) -> Option<CooperationValue> {
        if !self.relevant().contains(&cooperation) {
            return None;
        }
        self.values_of(&[cooperation]).pop()
    }

    /// What each of these cooperations changes, in their order.
    fn values_of(&self, wanted: &[CooperationId]) -> Vec<CooperationValue> {
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut all_out = Outage::default();
        all_out.cooperations.extend(self.relevant());
        let by_subject: Vec<Vec<Part>> = self
            .subjects
            .par_iter()
            .map(|subject| Trial::new(self, subject, &all_out).parts(wanted))
            .collect();

        let mut values = Vec::with_capacity(wanted.len());
        for (position, &cooperation) in wanted.iter().enumerate() {
            let mut value = CooperationValue {
                cooperation,
                given_others: Vec::new(),
                alone: Vec::new(),
                to_door: Vec::new(),
                cases: Vec::new(),
                replaces: Vec::new(),
            };
            for parts in &by_subject {
                let part = &parts[position];
                value.given_others.push(part.given_others);
                value.alone.push(part.alone);
                value.to_door.push(part.to_door);
                value.cases.push(part.cases);
                value.replaces.push(part.replaces.clone());
            }
            values.push(value);
        }
        values
    }
}

/// A pathway in which one cooperation after the other ends, or works alone.
struct Trial<'t> {
    study: &'t Study<'t>,
    subject: &'t Subject<'t>,
    /// Every cooperation that serves the study is out.
    all_out: &'t Outage,
    with_all: Outcome<'t, 't>,
    /// Who uses what, with all of them.
    users: Users,
    /// Cases a year inside by cooperation.
    cases: BTreeMap<CooperationId, f64>,
    /// Parts where somebody lives who counts.
    everybody: Vec<usize>,
    /// Those of them whose time cooperations can change.
    gaining: Vec<usize>,
    /// Times there without any.
    without_any: Sampled,
}

impl<'t> Trial<'t> {
    fn new(study: &'t Study<'t>, subject: &'t Subject<'t>, all_out: &'t Outage) -> Self {
        let with_all = subject.evaluate(&study.query);
        let with_none = subject.evaluate(&study.query_with(all_out));
        let everybody = subject.inside();
        // Under a free choice nobody gains from one who does not gain from all together.
        let gaining = if study.is_free() {
            gaining(subject, &with_all, &with_none)
        } else {
            everybody.clone()
        };
        let mut cases = BTreeMap::new();
        for (cooperation, patients) in &with_all.loads().by_cooperation {
            cases.insert(*cooperation, patients.inside);
        }
        let without_any = with_none.times_at(&gaining);
        let users = with_all.users();
        Self { study, subject, all_out, with_all, users, cases, everybody, gaining, without_any }
    }

    /// What each of these cooperations changes in the pathway, in their order.
    fn parts(&self, wanted: &[CooperationId]) -> Vec<Part> {
        let serving: BTreeSet<CooperationId> =
            self.subject.prepared.relevant().into_iter().collect();
        let part = |cooperation: &CooperationId| {
            if serving.contains(cooperation) { self.part(*cooperation) } else { Part::default() }
        };
        wanted.par_iter().map(part).collect()
    }

    fn part(&self, cooperation: CooperationId) -> Part {
        let subject = self.subject;
        let using = self.users.cooperations.get(&cooperation);
        let parts = if self.study.is_free() {
            // Whoever does not use it goes the same way without it.
            let mut parts = match using {
                Some(using) => using.parts(),
                None => Vec::new(),
            };
            parts.retain(|part| subject.counts(*part));
            parts
        } else {
            // The door may be another one for people who never used it.
            self.everybody.clone()
        };
        let without = Outage::of_cooperation(cooperation);
        let mut others = self.all_out.clone();
        others.cooperations.remove(&cooperation);

        let query = self.study.query_with(&without);
        let before = subject.times(&query, &parts);
        let given_others = subject.effect(&parts, &before, &self.with_all.times_at(&parts));
        let only = subject.times(&self.study.query_with(&others), &self.gaining);
        let alone = subject.effect(&self.gaining, &self.without_any, &only);
        let replaces = match using {
            Some(using) => self.replaces(&query, using),
            None => None,
        };
        Part {
            given_others,
            alone,
            to_door: self.to_door(&without, &others),
            cases: self.cases.get(&cooperation).copied().unwrap_or(0.0),
            replaces,
        }
    }

    /// The effects until the door's stage, without one cooperation and without all others.
    fn to_door(&self, without: &Outage, others: &Outage) -> Option<DoorEffect> {
        let stage = self.study.door_stage(self.subject)?;
        let key = &self.subject.prepared.pathway()[stage].key;
        let times = |outage: &Outage| {
            let query = self.study.query_with(outage).objective(Objective::Stage(key.clone()));
            self.subject.times(&query, &self.everybody)
        };
        let (with_all, with_none) = (times(&Outage::default()), times(self.all_out));
        Some(DoorEffect {
            stage,
            given_others: self.subject.effect(&self.everybody, &times(without), &with_all),
            alone: self.subject.effect(&self.everybody, &with_none, &times(others)),
        })
    }

    /// What most of those who use a cooperation do by a query without it.
    fn replaces(&self, query: &Query, using: &Uses) -> Option<Replacement> {
        let query = self.subject.under_protocol(query);
        let outcome = self.subject.prepared.evaluate_for(&query, &using.parts());
        let UsualRoute { stops, share } =
            outcome.expect("the objective was checked").usual_route(using)?;
        Some(Replacement { route: stops, share })
    }
}

/// Parts where somebody lives who counts, and whose time is another one with all cooperations than with none.
fn gaining(
    subject: &Subject<'_>,
    with_all: &Outcome<'_, '_>,
    with_none: &Outcome<'_, '_>,
) -> Vec<usize> {
    let mut parts = Vec::new();
    for (with, without) in with_all.objective_times().zip(with_none.objective_times()) {
        if with.time != without.time && subject.counts(with.part) {
            parts.push(with.part);
        }
    }
    // A part comes once for each group of hours.
    parts.sort_unstable();
    parts.dedup();
    parts
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
