//! Where patients go after a phase of their stay.

use super::{Builder, Span, has_party};
use crate::calendar::HourOfWeek;
use crate::model::{Cooperation, CooperationKind, HospitalId, Parties};
use crate::queueing::{Branch, Route, Target, WhenFull};
use crate::simulation::periods::Period;
use crate::simulation::subjects::{Phase, Subject};
use crate::simulation::wards::{INTENSIVE_CARE, Ward};
use crate::simulation::{StepDown, WardId};

/// A ward that takes patients of another one over an agreement.
struct Receiver<'c> {
    ward: WardId,
    /// Share of the patients asked for that are accepted, 0 to 1.
    acceptance: f64,
    agreement: &'c Cooperation,
}

impl Builder<'_, '_> {
    /// Where the patients of a ward go after their phases.
    pub(super) fn routes(&self, id: WardId) -> Vec<Route> {
        let ward = &self.wards[id];
        let mut routes = Vec::new();
        for subject in &self.subjects {
            if subject.specialty == INTENSIVE_CARE {
                continue;
            }
            if ward.is_icu() {
                routes.extend(self.after_icu(ward, subject));
                continue;
            }
            let is_for_them = self.ward_of(subject, ward.hospital) == Some(id);
            if !is_for_them && !self.overflows_into(id, subject) && !self.helps_out(id, subject) {
                continue;
            }

            // Patients of pathways are handed on by their route, before they have a bed.
            if subject.pathway.is_none() {
                routes.push(Route {
                    class: Some(subject.class(Phase::FirstDay)),
                    branches: if is_for_them { self.transfers(ward, subject) } else { Vec::new() },
                    rest: Some(stay_as(subject, Phase::Remainder)),
                });
            }
            // A patient who needs intensive care where no hospital in reach has any lies in the ward.
            routes.push(Route {
                class: Some(subject.class(Phase::Icu)),
                branches: Vec::new(),
                rest: Some(stay_as(subject, Phase::AfterIcu)),
            });
            routes.push(self.way_back(subject));
        }
        routes
    }

    /// From the receiver of a transfer, a share goes back to the sender once the acute phase is over.
    fn way_back(&self, subject: &Subject) -> Route {
        Route {
            class: Some(subject.class(Phase::AtReceiver)),
            branches: vec![Branch {
                share: self.settings.back_transfer_share,
                to: Target::Home,
                class: Some(subject.class(Phase::AfterReturn)),
                when_full: WhenFull::Stay,
                label: "back".to_owned(),
                ..Branch::default()
            }],
            rest: Some(stay_as(subject, Phase::AfterReturn)),
        }
    }

    /// Whether patients of a subject come to a ward that is not the one for them, as overflow of a
    /// partner's ward with shared beds.
    fn overflows_into(&self, id: WardId, subject: &Subject) -> bool {
        let ward = &self.wards[id];
        let network = self.region.network();
        let hospital = network[ward.hospital].key.as_str();
        for cooperation in self.periods.iter().flat_map(Period::cooperations) {
            if !shares_beds(cooperation, hospital) {
                continue;
            }
            for partner in cooperation.parties.keys() {
                if partner == hospital {
                    continue;
                }
                let Some(partner) = network.find(partner) else { continue };
                let Some(from) = self.ward_of(subject, partner) else { continue };
                let specialty = &self.wards[from].specialty;
                let taken_by = self.wards.treating(self.region, ward.hospital, specialty);
                if cooperation.covers(specialty) && taken_by == Some(id) {
                    return true;
                }
            }
        }
        false
    }

    /// Where patients go from intensive care:
    ///
    /// - To the ward of their specialty at the same hospital. Where that is full they get an additional bed there, or
    ///   keep the bed in intensive care until one is free ([`Settings::step_down`]).
    /// - While that ward is closed, to the ward of the nearest hospital where it is not.
    /// - Patients who came by shared beds to a hospital without such a ward: to the nearest hospital that has it.
    ///
    /// [`Settings::step_down`]: crate::simulation::Settings::step_down
    fn after_icu(&self, ward: &Ward, subject: &Subject) -> Option<Route> {
        let ward_here = self.ward_of(subject, ward.hospital);
        if ward_here.is_none() && !self.shares_icu(ward.hospital) {
            return None;
        }

        // One branch for each time between openings and closures, in order.
        let mut branches = Vec::new();
        let mut now = 0.0;
        if let Some(ward_here) = ward_here {
            for (closes, opens) in self.admissions.closures(ward_here) {
                if closes > now {
                    branches.push(self.step_down(subject, ward_here, Span::new(now, closes)));
                }
                let elsewhere = self.nearest_open(ward.hospital, &subject.specialty, closes);
                let to = elsewhere.unwrap_or(ward_here);
                branches.push(self.step_down(subject, to, Span::new(closes, opens)));
                now = opens;
            }
        }
        if now.is_finite() {
            let last =
                ward_here.or_else(|| self.nearest_open(ward.hospital, &subject.specialty, now));
            if let Some(to) = last {
                branches.push(self.step_down(subject, to, Span::new(now, f64::INFINITY)));
            }
        }
        Some(Route { class: Some(subject.class(Phase::Icu)), branches, rest: None })
    }

    /// From intensive care to a ward.
    fn step_down(&self, subject: &Subject, to: WardId, span: Span) -> Branch {
        Branch {
            to: Target::Station(self.key(to)),
            class: Some(subject.class(Phase::AfterIcu)),
            alternates: true,
            when_full: match self.settings.step_down {
                StepDown::Forced => WhenFull::Force,
                StepDown::Waits => WhenFull::Block,
            },
            from: span.from,
            until: span.until,
            ..Branch::default()
        }
    }

    /// Whether patients of other hospitals come to the intensive care unit as overflow.
    fn shares_icu(&self, hospital: HospitalId) -> bool {
        let key = self.region.network()[hospital].key.as_str();
        let mut cooperations = self.periods.iter().flat_map(Period::cooperations);
        cooperations
            .any(|cooperation| shares_beds(cooperation, key) && cooperation.covers(INTENSIVE_CARE))
    }

    /// The ward for a specialty at the nearest other hospital where it is not closed at a time.
    fn nearest_open(&self, from: HospitalId, specialty: &str, time: f64) -> Option<WardId> {
        let mut nearest = None;
        for (hospital, _) in self.region.network().iter() {
            if hospital == from {
                continue;
            }
            let Some(ward) = self.wards.treating(self.region, hospital, specialty) else {
                continue;
            };
            if self.admissions.is_closed(ward, time) {
                continue;
            }
            let Some(journey) = self.region.between(from, hospital) else { continue };
            // Ties go to the first ward.
            let candidate = (journey, ward);
            if nearest.is_none_or(|known| candidate < known) {
                nearest = Some(candidate);
            }
        }
        nearest.map(|(_, ward)| ward)
    }

    /// Transfers of patients who may be handed on: over the agreements of the hospital in the
    /// specialty, all receivers alike. A patient stays who is not accepted, or is due for a receiver in an hour in
    /// which the agreement does not work.
    fn transfers(&self, ward: &Ward, subject: &Subject) -> Vec<Branch> {
        let mut branches = Vec::new();
        for period in &self.periods {
            let span = Span::new(period.from, period.until);
            let receivers = self.receivers(period, ward, subject);
            // All receivers are asked alike; patients who are not accepted stay.
            let count = receivers.len() as f64;
            for receiver in &receivers {
                let mut then = Vec::new();
                for next in &receivers {
                    if next.ward != receiver.ward
                        && works_within(receiver.agreement, next.agreement)
                    {
                        then.push(self.key(next.ward));
                    }
                }
                branches.push(Branch {
                    // Each receiver is asked by as many, and accepts its part of them.
                    share: receiver.acceptance / count,
                    to: Target::Station(self.key(receiver.ward)),
                    then,
                    class: Some(subject.class(Phase::AtReceiver)),
                    when_full: WhenFull::Stay,
                    hours: receiver.agreement.hours,
                    from: span.from,
                    until: span.until,
                    label: receiver.agreement.key.clone(),
                    ..Branch::default()
                });
            }
        }
        branches
    }

    /// The wards that take a subject's patients from a ward by an agreement of a period.
    fn receivers<'p>(
        &self,
        period: &'p Period<'_>,
        ward: &Ward,
        subject: &Subject,
    ) -> Vec<Receiver<'p>> {
        let network = self.region.network();
        let hospital = network[ward.hospital].key.as_str();
        let mut receivers = Vec::new();
        for agreement in period.cooperations() {
            let CooperationKind::Transfer { acceptance, .. } = agreement.kind else { continue };
            let Parties::Directed { from, to } = &agreement.parties else { continue };
            if from != hospital || !agreement.covers(&subject.specialty) {
                continue;
            }
            for key in to {
                let Some(receiver) = network.find(key) else { continue };
                let ward = self.wards.treating(self.region, receiver, &subject.specialty);
                let Some(ward) = ward else { continue };
                receivers.push(Receiver { ward, acceptance: acceptance.unwrap_or(1.0), agreement });
            }
        }
        receivers
    }
}

/// Another phase of the stay in the same bed.
fn stay_as(subject: &Subject, phase: Phase) -> Branch {
    Branch { to: Target::Here, class: Some(subject.class(phase)), ..Branch::default() }
}

/// Whether a hospital shares beds by a cooperation.
fn shares_beds(cooperation: &Cooperation, hospital: &str) -> bool {
    matches!(cooperation.kind, CooperationKind::SharedBeds { .. })
        && has_party(cooperation, hospital)
}

/// Whether an agreement works in all hours of another one.
fn works_within(agreement: &Cooperation, next: &Cooperation) -> bool {
    HourOfWeek::all().all(|hour| next.hours.is_open_in(hour) || !agreement.hours.is_open_in(hour))
}
