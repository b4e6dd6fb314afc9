//! A station for each ward: beds, staff, hours, rosters and shared beds.

use std::collections::BTreeMap;

use super::{Builder, Span, has_party};
use crate::calendar::{Date, Hours};
use crate::model::{Cooperation, CooperationKind, HospitalId};
use crate::queueing::{
    Absence, Alternate, Distribution, Model, Servers, ServiceOrder, Shift, Station, Team, TimeUnit,
    WaitingRoom,
};
use crate::simulation::WardId;
use crate::simulation::periods::CooperationSpell;
use crate::simulation::subjects::Phase;
use crate::simulation::wards::Ward;

/// Days after which the share of absent staff of a ward is drawn anew.
const ABSENCE_DAYS: f64 = 7.0;

impl Builder<'_, '_> {
    /// The model without its streams.
    pub(super) fn stations(&self) -> Model {
        let day = self.region.network().date();
        let warm_up = i64::from(self.settings.warm_up_days);
        let weekday = (i64::from(day.weekday() as u32) - warm_up).rem_euclid(7);
        let new_year = Date::of_year(day.year()).map_or(0, |first| day.days_since(first));
        let mut model = Model {
            name: self.region.network().name().to_owned(),
            time_unit: TimeUnit::Days,
            warm_up: self.clock.warm_up,
            horizon: self.clock.horizon,
            starts_at_hour: (weekday * 24) as u32,
            starts_on_day: (new_year - warm_up).rem_euclid(365) as u32,
            ..Model::default()
        };

        for subject in &self.subjects {
            model.classes.extend(subject.classes(self.settings));
        }
        // Before the stations, which name them.
        model.teams = self.teams();
        for ward in self.wards.ids() {
            model.stations.push(self.station(ward));
        }
        model
    }

    fn station(&self, id: WardId) -> Station {
        let ward = &self.wards[id];
        let hospital = &self.region.network()[ward.hospital];
        let staffed = self.staffed_share(ward);
        let absence = (staffed < 1.0).then(|| Absence {
            mean: 1.0 - staffed,
            cv: self.settings.absence_cv,
            every: ABSENCE_DAYS,
            pool: self.staff_pool(&hospital.key, &ward.specialty),
            // Else hardly anybody would ever be missing in a small ward.
            carries: true,
        });
        let turnaround = self.settings.turnaround_hours / 24.0;
        let set_up = (self.settings.turnaround_hours > 0.0)
            .then_some(Distribution::Deterministic(turnaround));
        let (hours, team) = self.hours(ward);
        // The own house is asked before partners.
        let mut alternates = self.outliers(id);
        alternates.extend(self.alternates(ward));
        Station {
            key: self.key(id),
            site: self.site(id),
            servers: Servers::Finite(ward.beds),
            shifts: self.shifts(ward),
            absence,
            hours,
            order: ServiceOrder::BlockedFirst,
            waiting_room: WaitingRoom::Finite(self.waiting_places(ward)),
            // Stays hang on the class of a patient, not on the ward.
            service: None,
            set_up,
            alternates,
            routes: self.routes(id),
            team,
        }
    }

    /// The beds that stay open at weekends, where some are closed.
    pub(super) fn shifts(&self, ward: &Ward) -> Vec<Shift> {
        let share = self.settings.rhythm.weekend_beds;
        if share == 1.0 || ward.is_icu() {
            return Vec::new();
        }
        let servers = (f64::from(ward.beds) * share).ceil() as u32;
        vec![Shift { hours: Hours::of(|hour| hour.day() >= 5), servers }]
    }

    /// Places on a ward's waiting list: the patients that its beds treat in [`Settings::waiting_list_days`].
    ///
    /// [`Settings::waiting_list_days`]: crate::simulation::Settings::waiting_list_days
    pub(super) fn waiting_places(&self, ward: &Ward) -> u32 {
        let subject = self.subjects.iter().find(|subject| subject.key == ward.specialty);
        let stay = match subject {
            Some(subject) => subject.mean(Phase::Elective),
            None => self.settings.icu_stay_days,
        };
        (f64::from(ward.beds) / stay.max(0.1) * self.settings.waiting_list_days).ceil() as u32
    }

    /// Staffed share of a ward's beds: the hospital's own, or that of the settings, with the gain of its recruitment.
    pub(super) fn staffed_share(&self, ward: &Ward) -> f64 {
        let hospital = &self.region.network()[ward.hospital];
        let usual = hospital.staffed_share.unwrap_or(self.settings.staffed_share);
        let mut gains = 0.0;
        for cooperation in &self.lasting {
            if let CooperationKind::Recruitment { staffed_share_gain: Some(gain) } =
                cooperation.kind
                && has_party(cooperation, &hospital.key)
                && (cooperation.fields.is_empty() || cooperation.covers(&ward.specialty))
            {
                gains += gain;
            }
        }
        // A model takes absences below 0.9 only.
        (usual + gains).clamp(0.11, 1.0)
    }

    /// The name of the staff pool of a ward.
    fn staff_pool(&self, hospital: &str, specialty: &str) -> Option<String> {
        let pool = self.lasting_of(&CooperationKind::StaffPool, hospital, specialty)?;
        Some(format!("{}/{specialty}", pool.key))
    }

    /// The first lasting cooperation of a kind that a hospital has for a specialty.
    fn lasting_of(
        &self,
        kind: &CooperationKind,
        hospital: &str,
        specialty: &str,
    ) -> Option<&Cooperation> {
        self.lasting.iter().find(|cooperation| {
            cooperation.kind == *kind
                && cooperation.covers(specialty)
                && has_party(cooperation, hospital)
        })
    }

    /// When a ward lets patients in, and the shared roster that it then needs.
    fn hours(&self, ward: &Ward) -> (Hours, Option<String>) {
        let hospital = &self.region.network()[ward.hospital].key;
        let roster = self.lasting_of(&CooperationKind::SharedOnCall, hospital, &ward.specialty);
        // Without a roster, the department's own hours count.
        let Some(roster) = roster else {
            let hours = self.department_hours(hospital, &ward.specialty);
            return (hours.unwrap_or(Hours::ALWAYS), None);
        };

        // The roster opens the ward in the hours of any partner.
        let mut partners: Vec<Hours> = Vec::new();
        for key in roster.parties.keys() {
            partners.extend(self.department_hours(key, &ward.specialty));
        }
        let hours = Hours::of(|hour| partners.iter().any(|hours| hours.is_open_in(hour)));
        (hours, Some(format!("{}/{}", roster.key, ward.specialty)))
    }

    /// The hours of the department for a specialty, where a hospital has it with beds.
    fn department_hours(&self, hospital: &str, specialty: &str) -> Option<Hours> {
        let network = self.region.network();
        let hospital = &network[network.find(hospital)?];
        Some(hospital.inpatient_department(specialty)?.hours)
    }

    /// A team for each specialty of each shared roster.
    fn teams(&self) -> Vec<Team> {
        let mut teams: BTreeMap<String, Team> = BTreeMap::new();
        for roster in &self.lasting {
            if roster.kind != CooperationKind::SharedOnCall {
                continue;
            }
            let away_days = self.away_days(roster);
            for field in &roster.fields {
                let key = format!("{}/{field}", roster.key);
                let busy = self.settings.on_call_hours / 24.0 + away_days;
                let hours = Hours::of(|hour| {
                    self.settings.on_call.is_open_in(hour) && roster.hours.is_open_in(hour)
                });
                teams.insert(key.clone(), Team { key, members: 1, busy, hours });
            }
        }
        teams.into_values().collect()
    }

    /// Mean days that a call keeps the physician of a roster on the road: the mean journey between two of its sites,
    /// there and back, in the share of the calls that come from another site than where the physician is.
    fn away_days(&self, roster: &Cooperation) -> f64 {
        let network = self.region.network();
        let keys = roster.parties.keys();
        let mut sites: Vec<HospitalId> = Vec::with_capacity(keys.len());
        for key in keys {
            sites.extend(network.find(key));
        }

        let (mut seconds, mut journeys) = (0.0, 0_usize);
        for (number, from) in sites.iter().enumerate() {
            for to in &sites[number + 1..] {
                if let Some(time) = self.region.between(*from, *to) {
                    seconds += f64::from(time.0);
                    journeys += 1;
                }
            }
        }
        let mean = seconds / journeys.max(1) as f64;
        let share_away = 1.0 - 1.0 / sites.len().max(1) as f64;
        2.0 * mean * share_away / 86_400.0
    }

    /// Partners with shared beds, in the order of the cooperations.
    fn alternates(&self, ward: &Ward) -> Vec<Alternate> {
        let network = self.region.network();
        let hospital = &network[ward.hospital].key;
        let mut alternates = Vec::new();
        for CooperationSpell { cooperation, from, until } in &self.spells {
            let CooperationKind::SharedBeds { pooled_share } = cooperation.kind else { continue };
            if !cooperation.covers(&ward.specialty) || !has_party(cooperation, hospital) {
                continue;
            }
            let span = Span::new(*from, *until);
            // A ward does not overflow into itself.
            for partner in cooperation.parties.keys() {
                if partner == hospital {
                    continue;
                }
                let Some(partner) = network.find(partner) else { continue };
                let receiver = self.wards.treating(self.region, partner, &ward.specialty);
                let Some(receiver) = receiver else { continue };
                // A share of the partner's beds, not of the ward's own.
                let beds = f64::from(self.wards[receiver].beds);
                alternates.push(Alternate {
                    to: self.key(receiver),
                    at_most: pooled_share.map(|share| (share * beds).floor() as u32),
                    hours: cooperation.hours,
                    from: span.from,
                    until: span.until,
                    label: cooperation.key.clone(),
                    ..Alternate::default()
                });
            }
        }
        alternates
    }
}
