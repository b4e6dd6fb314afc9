//! Who is brought after an incident: each patient to where the allocation says.

use super::{Builder, LabelledStream, Streams};
use crate::queueing::{ArrivalStream, Arrivals, Kind, Preference, WhenFull};
use crate::scenario::{Change, OF_THE_INJURED};
use crate::simulation::WardId;
use crate::simulation::incident::{Allocation, DatedIncident, Group, Ledger, allocate};
use crate::simulation::labels::StreamLabel;
use crate::simulation::periods::changes_of;
use crate::simulation::subjects::Phase;
use crate::simulation::theatre::{Operated, operate};

impl Builder<'_, '_> {
    /// Adds the streams of the scenario's incidents within the run; who is brought where.
    pub(super) fn add_incidents(&self, streams: &mut Streams) -> Vec<Allocation> {
        let mut allocations = Vec::new();
        let mut incidents = Vec::new();
        let mut ledger = Ledger::default();
        for change in changes_of(self.order.scenario) {
            let Change::Incident(incident) = &change.change else { continue };
            let start = self.clock.days_to(change.on);
            if start >= self.clock.horizon {
                continue;
            }
            let dated = DatedIncident { incident, on: change.on };
            let takes = |hospital| match self.wards.treating(self.region, hospital, OF_THE_INJURED)
            {
                Some(ward) => !self.admissions.is_closed(ward, start),
                None => false,
            };
            let allocation = allocate(self.region, self.settings, dated, takes, &mut ledger);
            self.add_incident(&allocation, allocations.len(), streams);
            allocations.push(allocation);
            incidents.push(incident);
        }
        // Only now: incidents that meet share the theatres of a hospital.
        let mut operated = Vec::with_capacity(incidents.len());
        for (incident, allocation) in incidents.into_iter().zip(&mut allocations) {
            operated.push(Operated::new(incident, allocation));
        }
        operate(&mut operated, self.region.network());
        allocations
    }

    /// Adds the streams of an incident's patients; its number makes their keys unique.
    fn add_incident(&self, allocation: &Allocation, number: usize, streams: &mut Streams) {
        let subject = self.subjects.iter().position(|subject| subject.key == OF_THE_INJURED);
        let Some(subject) = subject else { return };
        for (position, group) in allocation.groups.iter().enumerate() {
            let key = format!("incident {number}/{position}");
            let beyond = self.beyond(allocation, group);
            let Some(stream) = self.group_stream(group, subject, key, &beyond) else { continue };
            let label = StreamLabel {
                place: Some(allocation.place),
                subject,
                is_elective: false,
                ways: Vec::new(),
            };
            streams.push(LabelledStream { stream, label, cases: 0.0 });
        }
    }

    /// The wards to which patients are moved on who find no bed in the house to which they were brought: those of the
    /// hospitals that take such patients of the incident, the nearest to it first.
    fn beyond(&self, allocation: &Allocation, group: &Group) -> Vec<WardId> {
        let hospitals = if group.needs_icu { &allocation.red_takers } else { &allocation.takers };
        let mut wards = Vec::new();
        for hospital in hospitals {
            if *hospital == group.hospital || wards.len() == self.settings.alternatives {
                continue;
            }
            let ward = self.wards.treating(self.region, *hospital, OF_THE_INJURED);
            let unit = if group.needs_icu { self.wards.icu(*hospital) } else { ward };
            wards.extend(unit);
        }
        wards
    }

    /// The stream of patients who need a bed of one ward; `None` where the hospital has none for them.
    fn group_stream(
        &self,
        group: &Group,
        subject: usize,
        key: String,
        beyond: &[WardId],
    ) -> Option<ArrivalStream> {
        let ward = self.wards.treating(self.region, group.hospital, OF_THE_INJURED)?;
        let unit = self.wards.icu(group.hospital).filter(|_| group.needs_icu);
        let (to, phase) = match unit {
            Some(unit) => (unit, Phase::Icu),
            None => (ward, Phase::Emergency),
        };
        let mut times = Vec::with_capacity(group.arrivals.len());
        for moment in &group.arrivals {
            let time = self.clock.warm_up + moment;
            // An incident before the start of the run: who came then is not in the model.
            if time >= 0.0 {
                times.push(time);
            }
        }
        let preference = Preference {
            first: vec![(self.shared_key(to), 1.0)],
            then: self.shared_keys(beyond),
            ..Preference::default()
        };
        Some(ArrivalStream {
            key,
            arrivals: Arrivals::Replay(times),
            kinds: vec![Kind {
                share: 1.0,
                class: Some(self.subjects[subject].class(phase)),
                preferences: vec![preference],
                when_full: WhenFull::Force,
                by_appointment: false,
            }],
            keeps: None,
            // Where they find a bed is told.
            track: true,
        })
    }
}
