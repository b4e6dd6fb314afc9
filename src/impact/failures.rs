//! Critical edges: what hurts when it fails.

use rayon::prelude::*;
use serde::Serialize;

use super::{MILLION, Study, Subject};
use crate::model::{BandEnd, CooperationId, HospitalId, OverBand};
use crate::pathways::{Outage, Outcome, Users, Uses};
use crate::units::{Seconds, as_seconds};

/// What fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Failed {
    /// A cooperation, of the region or added.
    Cooperation(CooperationId),
    /// A hospital as a first door: nobody comes from outside, transfers still do.
    Door(HospitalId),
    /// A hospital altogether.
    Hospital(HospitalId),
}

/// What the failure of one thing costs in one pathway.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Failure {
    /// What fails.
    pub what: Failed,
    /// Key of the pathway.
    pub pathway: String,
    /// People whose way ends at an earlier stage than before, or who have none any more.
    pub people_without_way: f64,
    /// People whose time to the objective rises by more than the limit, or who lose their way to it.
    pub people_later: f64,
    /// Cases a year of those who use it now.
    pub cases: f64,
    /// Mean extra seconds of all who use it now and still have a way: the backup time, weighted by
    /// cases; `None` where nobody has a way left.
    pub backup_seconds: Option<f64>,
    /// The longest extra time of anybody who still has a way.
    #[serde(rename = "longest_seconds", serialize_with = "as_seconds")]
    pub longest: Seconds,
    /// Whether it hurts over the whole band of the travel times, as it does by the times as stated; `None` unless
    /// asked for by [`Study::failures_over_band`].
    pub over_band: Option<OverBand>,
}

impl Failed {
    /// What is out of order when it fails.
    pub fn outage(self) -> Outage {
        match self {
            Self::Cooperation(index) => Outage::of_cooperation(index),
            Self::Door(id) => Outage::of_door(id),
            Self::Hospital(id) => Outage::of_hospital(id),
        }
    }
}

impl Failure {
    /// Nothing is lost yet.
    fn new(what: Failed, subject: &Subject<'_>) -> Self {
        Self {
            what,
            pathway: subject.prepared.pathway().key.clone(),
            people_without_way: 0.0,
            people_later: 0.0,
            cases: 0.0,
            backup_seconds: None,
            longest: Seconds(0),
            over_band: None,
        }
    }

    fn hurts(&self) -> bool {
        self.people_without_way > 0.0 || self.people_later > 0.0
    }
}

impl Study<'_> {
    /// Every cooperation, door and hospital whose failure leaves somebody without a way to some
    /// stage, or costs somebody more than `limit`: by the people without a way, then those who are
    /// later, then by the pathway and what fails.
    pub fn failures(&self, limit: Seconds) -> Vec<Failure> {
        let mut failures: Vec<Failure> = Vec::new();
        for subject in &self.subjects {
            failures.extend(self.failures_in(subject, limit));
        }
        // Stable: equal ones stay in the order of the pathways, and of what fails.
        failures.sort_by(|a, b| {
            let without_way = b.people_without_way.total_cmp(&a.people_without_way);
            without_way.then(b.people_later.total_cmp(&a.people_later))
        });
        failures
    }

    /// The same, each with whether it would be listed at both ends of the band of the region's travel times, too.
    /// Costs three times as much; without a margin, the same.
    pub fn failures_over_band(&self, limit: Seconds) -> Vec<Failure> {
        let mut failures = self.failures(limit);
        let [quick, slow] = BandEnd::BOTH.map(|end| self.failures_at(end, limit));
        let (Some(quick), Some(slow)) = (quick, slow) else { return failures };
        for failure in &mut failures {
            let hurts = |failures: &[Failure]| {
                let mut listed = failures.iter();
                listed
                    .any(|listed| listed.what == failure.what && listed.pathway == failure.pathway)
            };
            failure.over_band = Some(OverBand::of(&true, [&hurts(&quick), &hurts(&slow)]));
        }
        failures
    }

    /// The failures at an end of the band; `None` without one.
    fn failures_at(&self, end: BandEnd, limit: Seconds) -> Option<Vec<Failure>> {
        let region = self.region.at(end)?;
        let added = self.subjects.first()?.prepared.added();
        let mut pathways = Vec::with_capacity(self.subjects.len());
        for subject in &self.subjects {
            pathways.push(subject.prepared.pathway());
        }
        // Set up before on the same hospitals and cooperations: it cannot fail here.
        let study = Study::set_up(&region, &pathways, added, self.query.clone()).ok()?;
        Some(study.failures(limit))
    }

    /// The failures in one pathway, in the order of what fails.
    fn failures_in(&self, subject: &Subject<'_>, limit: Seconds) -> Vec<Failure> {
        // What nobody uses hurts nobody: only these are tried.
        let outcome = subject.evaluate(&self.query);
        let Users { cooperations, doors, hospitals } = outcome.users();
        // In the order in which equal losses are told.
        let mut used: Vec<(Failed, Uses)> = Vec::new();
        for (index, uses) in cooperations {
            used.push((Failed::Cooperation(index), uses));
        }
        for (id, uses) in doors {
            used.push((Failed::Door(id), uses));
        }
        for (id, uses) in hospitals {
            used.push((Failed::Hospital(id), uses));
        }

        let trial = Trial { study: self, subject, outcome: &outcome, limit };
        let mut failures: Vec<Failure> =
            used.par_iter().map(|(what, uses)| trial.failure(*what, uses)).collect();
        failures.retain(Failure::hurts);
        failures
    }
}

/// A pathway in which one thing after the other fails.
struct Trial<'t> {
    study: &'t Study<'t>,
    subject: &'t Subject<'t>,
    /// With nothing failing.
    outcome: &'t Outcome<'t, 't>,
    /// Longer extra times count as later.
    limit: Seconds,
}

impl Trial<'_> {
    /// What it costs when this fails.
    fn failure(&self, what: Failed, uses: &Uses) -> Failure {
        let subject = self.subject;
        // Under a protocol even those who do not use it may be sent elsewhere.
        let parts = if self.study.is_free() {
            let mut parts = uses.parts();
            parts.retain(|part| subject.counts(*part));
            parts
        } else {
            subject.inside()
        };
        let before = self.outcome.times_at(&parts);
        let after = subject.times(&self.study.query_with(&what.outage()), &parts);

        let mut failure = Failure::new(what, subject);
        // Backup times are those of who uses it; under a protocol others may be later, too.
        let mut extra = 0.0;
        let mut with_way = 0.0;
        for (group, (before, after)) in before.iter().zip(&after).enumerate() {
            let share = f64::from(before.share) / MILLION;
            for (position, &part) in parts.iter().enumerate() {
                let (before, after) = (before.times[position], after.times[position]);
                let people = subject.people[part] * share;
                let cases = subject.cases[part] * share;
                let is_user = uses.has(group, part);
                if is_user {
                    failure.cases += cases;
                }
                // Whoever loses an earlier stage than the last one is told of, too: the stroke unit behind the CT.
                if after.stages < before.stages {
                    failure.people_without_way += people;
                }
                match (before.time, after.time) {
                    (Some(before), Some(after)) => {
                        let more = after - before;
                        if is_user {
                            extra += cases * f64::from(more.0);
                            with_way += cases;
                        }
                        failure.longest = failure.longest.max(more);
                        if more > self.limit {
                            failure.people_later += people;
                        }
                    }
                    (Some(_), None) => failure.people_later += people,
                    _ => {}
                }
            }
        }
        failure.backup_seconds = if with_way > 0.0 { Some(extra / with_way) } else { None };
        failure
    }
}
