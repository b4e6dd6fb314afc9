//! Critical edges: what hurts when it fails.

use rayon::prelude::*;

use super::{MILLION, Study, Subject};
use crate::model::{CooperationId, HospitalId};
use crate::pathways::{Outage, Users, Uses};
use crate::units::Seconds;

/// What fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failed {
    /// A cooperation, of the region or added.
    Cooperation(CooperationId),
    /// A hospital as a first door: nobody comes from outside, transfers still do.
    Door(HospitalId),
    /// A hospital altogether.
    Hospital(HospitalId),
}

/// What the failure of one thing costs in one pathway.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// What fails.
    pub what: Failed,
    /// Position of the pathway in the study.
    pub pathway: usize,
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
    pub longest: Seconds,
}

impl Study<'_> {
    /// Every cooperation, door and hospital whose failure leaves somebody without a way to some
    /// stage, or costs somebody more than `limit`: by the people without a way, then those who are
    /// later, then by the pathway and what fails.
    pub fn failures(&self, limit: Seconds) -> Vec<Failure> {
        let mut all: Vec<Failure> = Vec::new();
        for (pathway, subject) in self.subjects.iter().enumerate() {
            all.extend(self.failures_in(pathway, subject, limit));
        }
        all.sort_by(|a, b| {
            b.people_without_way
                .total_cmp(&a.people_without_way)
                .then(b.people_later.total_cmp(&a.people_later))
                .then((a.pathway, a.what).cmp(&(b.pathway, b.what)))
        });
        all
    }

    fn failures_in(&self, pathway: usize, subject: &Subject<'_>, limit: Seconds) -> Vec<Failure> {
        let outcome = subject.evaluate(&self.query);
        let Users { cooperations, doors, hospitals } = outcome.users();
        let everybody = subject.inside();
        let cooperations =
            cooperations.into_iter().map(|(index, parts)| (Failed::Cooperation(index), parts));
        let doors = doors.into_iter().map(|(id, parts)| (Failed::Door(id), parts));
        let hospitals = hospitals.into_iter().map(|(id, parts)| (Failed::Hospital(id), parts));
        let all: Vec<(Failed, Uses)> = cooperations.chain(doors).chain(hospitals).collect();
        let failure = |(what, uses): &(Failed, Uses)| {
            // Under a protocol even those who do not use it may be sent elsewhere.
            let parts: Vec<usize> = if self.is_free() {
                uses.parts().into_iter().filter(|part| subject.counts(*part)).collect()
            } else {
                everybody.clone()
            };
            let outage = match *what {
                Failed::Cooperation(index) => Outage::of_cooperation(index),
                Failed::Door(id) => Outage::of_door(id),
                Failed::Hospital(id) => Outage::of_hospital(id),
            };
            let before = outcome.times_at(&parts);
            let after = subject.times(&self.query_with(&outage), &parts);
            let mut failure = Failure {
                what: *what,
                pathway,
                people_without_way: 0.0,
                people_later: 0.0,
                cases: 0.0,
                backup_seconds: None,
                longest: Seconds(0),
            };
            let (mut extra, mut with_way) = (0.0, 0.0);
            for (group, (before, after)) in before.iter().zip(&after).enumerate() {
                let share = f64::from(before.share) / MILLION;
                for ((&part, before), after) in parts.iter().zip(&before.times).zip(&after.times) {
                    let people = subject.people[part] * share;
                    let cases = subject.cases[part] * share;
                    let is_user = uses.has(group, part);
                    if is_user {
                        failure.cases += cases;
                    }
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
                            if more > limit {
                                failure.people_later += people;
                            }
                        }
                        (Some(_), None) => failure.people_later += people,
                        _ => {}
                    }
                }
            }
            failure.backup_seconds = (with_way > 0.0).then(|| extra / with_way);
            failure
        };
        let all: Vec<Failure> = all.par_iter().map(failure).collect();
        let hurts = |one: &Failure| one.people_without_way > 0.0 || one.people_later > 0.0;
        all.into_iter().filter(hurts).collect()
    }
}
