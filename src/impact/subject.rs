//! One pathway of a study: who counts there, and their times in one state or another.

use std::sync::Arc;

use super::{Effect, Study};
use crate::model::{Cooperation, Pathway, Urgency};
use crate::pathways::{GroupTimes, Outcome, PartProgress, PathwayError, Prepared, Protocol, Query};
use crate::region::Region;
use crate::units::Seconds;

/// Shares of arrivals are counted in millionths.
pub(super) const MILLION: f64 = 1e6;

/// One pathway of a study.
#[derive(Debug, Clone)]
pub(super) struct Subject<'r> {
    pub(super) prepared: Prepared<'r>,
    /// Residents inside by part.
    pub(super) people: Vec<f64>,
    /// Cases inside by part, or people.
    pub(super) cases: Vec<f64>,
    /// What no way counts as.
    pub(super) no_way: Seconds,
    /// The protocol of the study for an emergency; a free choice for patients who choose themselves.
    pub(super) protocol: Protocol,
    /// Whether the pathway says whose cases it takes.
    pub(super) has_cases: bool,
}

/// Times of everybody at some parts: by group of hours the share and the times.
pub(super) type Sampled = Vec<GroupTimes>;

/// The protocol by which the patients of a pathway go: elective ones choose themselves.
pub(super) fn protocol_of(pathway: &Pathway, protocol: Protocol) -> Protocol {
    match pathway.urgency {
        Urgency::Emergency => protocol,
        Urgency::Elective => Protocol::Free,
    }
}

impl<'r> Subject<'r> {
    /// Sets a pathway up.
    ///
    /// # Errors
    ///
    /// When the objective names a stage that it does not have.
    pub(super) fn new(
        region: &'r Region,
        pathway: &'r Pathway,
        added: &'r [Cooperation],
        query: &Query,
    ) -> Result<Self, PathwayError> {
        let prepared = Prepared::even_if_unmet(region, pathway, added)?;
        prepared.times_at(query, &[])?; // names a wrong objective before any work
        let mut cases = prepared.cases();
        if let Some(cases) = &mut cases {
            for (cases, part) in cases.iter_mut().zip(region.parts()) {
                // Only people inside count: those around are of another region's concern.
                if region.place(part.place).outside {
                    *cases = 0.0;
                }
            }
        }
        let no_way = match pathway.urgency {
            Urgency::Emergency => Study::NO_WAY_EMERGENCY,
            Urgency::Elective => Study::NO_WAY_ELECTIVE,
        };
        let mut people = Vec::with_capacity(region.parts().len());
        for count in prepared.people() {
            people.push(f64::from(count));
        }
        Ok(Self {
            people,
            has_cases: cases.is_some(),
            cases: cases.unwrap_or_default(),
            no_way,
            protocol: protocol_of(pathway, query.protocol),
            prepared,
        })
    }

    /// The pathway to keep, with a region that others keep, too.
    pub(super) fn kept_with(self, region: Arc<Region>) -> Subject<'static> {
        Subject {
            prepared: self.prepared.kept_with(region),
            people: self.people,
            cases: self.cases,
            no_way: self.no_way,
            protocol: self.protocol,
            has_cases: self.has_cases,
        }
    }
}

impl Subject<'_> {
    /// The parts where somebody lives who counts.
    pub(super) fn inside(&self) -> Vec<usize> {
        let mut parts = Vec::new();
        for part in 0..self.people.len() {
            if self.counts(part) {
                parts.push(part);
            }
        }
        parts
    }

    /// Whether anybody counts at a part.
    pub(super) fn counts(&self, part: usize) -> bool {
        self.people[part] > 0.0 || self.cases[part] > 0.0
    }

    /// The query under the protocol that binds these patients.
    pub(super) fn under_protocol(&self, query: &Query) -> Query {
        query.clone().protocol(self.protocol)
    }

    pub(super) fn evaluate(&self, query: &Query) -> Outcome<'_, '_> {
        let outcome = self.prepared.evaluate(&self.under_protocol(query));
        outcome.expect("the objective was checked when the study was set up")
    }

    pub(super) fn times(&self, query: &Query, parts: &[usize]) -> Sampled {
        let times = self.prepared.times_at(&self.under_protocol(query), parts);
        times
            .expect("the objective was checked when the study was set up, and what is out is there")
    }

    /// A time as it counts: no way and longer ones as [`Self::no_way`].
    fn capped(&self, time: PartProgress) -> Seconds {
        match time.time {
            Some(time) => time.min(self.no_way),
            None => self.no_way,
        }
    }

    /// What changes from `before` to `after`.
    pub(super) fn effect(&self, parts: &[usize], before: &Sampled, after: &Sampled) -> Effect {
        let mut effect = Effect::default();
        for (before, after) in before.iter().zip(after) {
            let share = f64::from(before.share) / MILLION;
            for (position, &part) in parts.iter().enumerate() {
                let (before, after) = (before.times[position], after.times[position]);
                let people = self.people[part] * share;
                let cases = self.cases[part] * share;
                let (early, late) = (self.capped(after), self.capped(before));
                // Later ones are kept apart: a saving of many must not hide that some lose.
                if early < late {
                    let saved = late - early;
                    effect.people += people;
                    effect.cases += cases;
                    effect.seconds += cases * f64::from(saved.0);
                    effect.most = effect.most.max(saved);
                } else if early > late {
                    effect.people_later += people;
                    effect.seconds_lost += cases * f64::from((early - late).0);
                }
                if before.time.is_none() && after.time.is_some() {
                    effect.people_with_way += people;
                }
            }
        }
        effect
    }

    /// Seconds a year over all cases at these parts.
    pub(super) fn total(&self, parts: &[usize], times: &Sampled) -> f64 {
        let mut total = 0.0;
        for GroupTimes { share, times } in times {
            let share = f64::from(*share) / MILLION;
            for (&part, time) in parts.iter().zip(times) {
                total += self.cases[part] * share * f64::from(self.capped(*time).0);
            }
        }
        total
    }
}
