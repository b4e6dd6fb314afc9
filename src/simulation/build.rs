//! A region as a queueing network.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::admission::Admissions;
use super::census::{Start, There};
use super::incident::{Allocation, Ledger, allocate};
use super::labels::{StreamLabel, WayTo};
use super::origins::{Origin, origins};
use super::periods::{Clock, CooperationSpell, Period, lasting, periods, spells};
use super::subjects::{Phase, Subject, subjects};
use super::surge::Surges;
use super::wards::{INTENSIVE_CARE, Ward, Wards};
use super::{Settings, SimulationError, StepDown};
use crate::model::{
    Change, Cooperation, CooperationKind, HospitalId, HourOfWeek, Hours, Parties, Scenario,
};
use crate::pathways::{Outage, Prepared, Query};
use crate::queueing::{
    Absence, Alternate, ArrivalStream, Arrivals, Branch, Change as StationChange, Distribution,
    Kind, Model, Preference, Present, Route, Servers, Station, Target, Team, TimeUnit, WaitingRoom,
    WhenFull,
};
use crate::region::{PlaceId, Region};
use crate::routing::{Shares, draw_of_unit};

/// A hospital with less than this part of the largest share is not among the first choices.
const LEAST_SHARE: f64 = 0.01;

/// Preferences of a pathway's patients for the ward, for intensive care, and the ways of each.
type OfPathway = (Vec<Preference>, Vec<Preference>, Vec<Vec<WayTo>>);

/// What the parts of a region's queueing network mean.
#[derive(Debug)]
pub(super) struct Built<'r> {
    pub(super) wards: Vec<Ward>,
    pub(super) without_beds: Vec<String>,
    pub(super) subjects: Vec<Subject<'r>>,
    pub(super) streams: Vec<StreamLabel>,
    pub(super) allocations: Vec<Allocation>,
    /// Cases a year without a hospital in reach.
    pub(super) without_hospital: f64,
}

/// What a model is built for beside its region.
pub(super) struct Order<'s> {
    pub(super) scenario: Option<&'s Scenario>,
    /// The beds of these wards count, where there are any.
    pub(super) beds: Option<&'s [Ward]>,
    /// Once set, the model is given up.
    pub(super) stop: &'s AtomicBool,
}

impl Order<'_> {
    /// An error once it is stopped.
    pub(super) fn go_on(&self) -> Result<(), SimulationError> {
        if self.stop.load(Ordering::Relaxed) { Err(SimulationError::Stopped) } else { Ok(()) }
    }
}

/// Frees what was given up on a thread of its own: it is millions of small pieces, and whoever stopped it does not
/// wait for them.
pub(super) fn drop_beside<T: Send + 'static>(given_up: T) {
    let freeing = std::thread::Builder::new().name("freeing".to_owned());
    // Where there is no thread, the error has freed it.
    let _ = freeing.spawn(move || drop(given_up));
}

/// Builds the model of a region; [`SimulationError::Stopped`] well within a second once it is stopped.
pub(super) fn build<'r>(
    region: &'r Region,
    settings: &Settings,
    order: &Order<'_>,
) -> Result<(Model, Built<'r>), SimulationError> {
    let Order { scenario, beds, .. } = *order;
    let clock = Clock::new(region, settings);
    let mut wards = Wards::new(region, settings)?;
    beds.into_iter().for_each(|beds| wards.keep_beds(beds));
    let periods = periods(region, scenario, &clock);
    let subjects = subjects(region, settings);
    let origins = origins(region, settings.most_places);
    let admissions = Admissions::new(region, &wards, scenario, &clock);
    let spells = spells(&periods);
    let lasting = lasting(&spells, &clock);
    let key =
        |ward: &Ward| format!("{}/{}", region.network()[ward.hospital].key, ward.specialty).into();
    let builder = Builder {
        region,
        settings,
        order,
        clock,
        keys: wards.list.iter().map(key).collect(),
        wards,
        admissions,
        periods,
        spells,
        lasting,
        subjects,
        origins,
    };
    let mut model = builder.stations();
    let (mut streams, mut labels, without_hospital) = builder.streams()?;
    if settings.starts_full {
        model.present = builder.present(&streams, &labels);
    }
    let surges = Surges::new(scenario, &builder.clock);
    surges.apply(&builder.subjects, &mut streams, &mut labels, region);
    check_patients(&builder.subjects, streams.iter().zip(&labels))?;
    let mut allocations = Vec::new();
    let mut ledger = Ledger::default();
    for change in scenario.map(Scenario::changes_in_order).unwrap_or_default() {
        if let Change::Incident(incident) = &change.change {
            let at = builder.clock.days_to(change.on);
            if at >= builder.clock.horizon {
                continue;
            }
            let takes = |hospital| {
                let ward = builder.wards.treating(region, hospital, crate::model::OF_THE_INJURED);
                ward.is_some_and(|ward| !builder.admissions.is_closed(ward, at))
            };
            let allocation = allocate(region, settings, (incident, change.on), takes, &mut ledger);
            let added = builder.incident(&allocation, allocations.len());
            for (stream, label) in added {
                streams.push(stream);
                labels.push(label);
            }
            allocations.push(allocation);
        }
    }
    model.streams = streams;
    model.changes = builder.changes();
    let built = Built {
        wards: builder.wards.list,
        without_beds: builder.wards.without_beds,
        subjects: builder.subjects,
        streams: labels,
        allocations,
        without_hospital,
    };
    Ok((model, built))
}

/// Most patients who are in hospital at once: all of them are in memory.
const MOST_PATIENTS: f64 = 5_000_000.0;

/// There are no more patients at once, at the height of a surge, than memory holds: arrivals a day times
/// mean stay.
fn check_patients<'s, 'r: 's>(
    subjects: &[Subject<'r>],
    streams: impl Iterator<Item = (&'s ArrivalStream, &'s StreamLabel)>,
) -> Result<(), SimulationError> {
    let mut patients = 0.0;
    for (stream, label) in streams {
        let Arrivals::Poisson { rate, curve, .. } = &stream.arrivals else { continue };
        let factors = curve.iter().flat_map(|curve| &curve.factors).copied();
        let height = if curve.is_some() { factors.fold(0.0, f64::max) } else { 1.0 };
        patients += rate * height * subjects[label.subject].mean(Phase::Emergency);
    }
    if patients <= MOST_PATIENTS {
        return Ok(());
    }
    let (patients, most) = (patients.round() as u64, MOST_PATIENTS as u64);
    Err(SimulationError::TooManyPatients { patients, most })
}

pub(super) struct Builder<'r, 's> {
    pub(super) region: &'r Region,
    pub(super) settings: &'s Settings,
    pub(super) order: &'s Order<'s>,
    pub(super) clock: Clock,
    /// Keys of the stations, by ward.
    keys: Vec<Arc<str>>,
    pub(super) wards: Wards,
    pub(super) admissions: Admissions,
    periods: Vec<Period<'r>>,
    spells: Vec<CooperationSpell>,
    /// The cooperations of kinds that do not change within a run.
    lasting: Vec<Cooperation>,
    pub(super) subjects: Vec<Subject<'r>>,
    origins: Vec<Origin>,
}

/// Hospitals' wards by weight, and those that are asked next.
pub(super) struct Choices {
    pub(super) first: Vec<(usize, f64)>,
    pub(super) then: Vec<usize>,
}

impl Builder<'_, '_> {
    fn key(&self, ward: usize) -> String {
        self.keys[ward].to_string()
    }

    /// The same, shared.
    fn shared_key(&self, ward: usize) -> Arc<str> {
        Arc::clone(&self.keys[ward])
    }

    /// The ward in which a subject's patients lie at a hospital: that of their specialty. Where a
    /// pathway's stages are done by a hospital without such a department, because an expert helps from
    /// afar, it is that of [`Settings::telemedicine_ward`].
    fn ward_of(&self, subject: &Subject<'_>, hospital: HospitalId) -> Option<usize> {
        let treating = |specialty: &str| self.wards.treating(self.region, hospital, specialty);
        let network = self.region.network();
        let helped = subject.pathway.is_some()
            && network.treating_department(hospital, &subject.specialty).is_none();
        treating(if helped { &self.settings.telemedicine_ward } else { &subject.specialty })
    }

    /// The model without its streams.
    fn stations(&self) -> Model {
        let day = self.region.network().date();
        let warm_up = i64::from(self.settings.warm_up_days);
        let weekday = (i64::from(day.weekday() as u32) - warm_up).rem_euclid(7);
        let new_year =
            crate::model::Date::of_year(day.year()).map_or(0, |first| day.days_since(first));
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
        model.teams = self.teams();
        for (number, ward) in self.wards.list.iter().enumerate() {
            model.stations.push(self.station(number, ward));
        }
        model
    }

    fn station(&self, number: usize, ward: &Ward) -> Station {
        let hospital = &self.region.network()[ward.hospital];
        let staffed = self.staffed_share(ward);
        let (hours, team) = self.hours(ward);
        Station {
            key: self.key(number),
            servers: Servers::Finite(ward.beds),
            shifts: Vec::new(),
            absence: (staffed < 1.0).then(|| Absence {
                mean: 1.0 - staffed,
                cv: self.settings.absence_cv,
                every: 7.0,
                pool: self.staff_pool(&hospital.key, &ward.specialty),
            }),
            hours,
            waiting_room: WaitingRoom::Finite(self.waiting_places(ward)),
            service: None,
            set_up: (self.settings.turnaround_hours > 0.0)
                .then_some(Distribution::Deterministic(self.settings.turnaround_hours / 24.0)),
            alternates: self.alternates(ward),
            routes: self.routes(number, ward),
            team,
        }
    }

    /// Places on a ward's waiting list: what its beds do in [`Settings::waiting_list_days`].
    fn waiting_places(&self, ward: &Ward) -> u32 {
        let own = self.subjects.iter().find(|one| one.key == ward.specialty);
        let stay = own.map_or(self.settings.icu_stay_days, |one| one.mean(Phase::Elective));
        (f64::from(ward.beds) / stay.max(0.1) * self.settings.waiting_list_days).ceil() as u32
    }

    /// Staffed share of a ward's beds: the settings' with what recruitment brings.
    fn staffed_share(&self, ward: &Ward) -> f64 {
        let hospital = &self.region.network()[ward.hospital];
        let own = hospital.staffed_share.unwrap_or(self.settings.staffed_share);
        let gains = self.lasting.iter().filter_map(|one| match one.kind {
            CooperationKind::Recruitment { staffed_share_gain: Some(gain) }
                if one.parties.keys().contains(&hospital.key.as_str())
                    && (one.fields.is_empty() || one.covers(&ward.specialty)) =>
            {
                Some(gain)
            }
            _ => None,
        });
        (own + gains.sum::<f64>()).clamp(0.11, 1.0)
    }

    /// The staff pool of a ward.
    fn staff_pool(&self, hospital: &str, specialty: &str) -> Option<String> {
        let own = self.lasting.iter().find(|one| {
            one.kind == CooperationKind::StaffPool
                && one.covers(specialty)
                && one.parties.keys().contains(&hospital)
        });
        own.map(|one| format!("{}/{specialty}", one.key))
    }

    /// When a ward lets patients in, and the shared roster that it then needs.
    fn hours(&self, ward: &Ward) -> (Hours, Option<String>) {
        let network = self.region.network();
        let hospital = &network[ward.hospital];
        let own = |key: &str| {
            let found = network.find(key).map(|id| &network[id]);
            found.and_then(|one| one.inpatient_department(&ward.specialty)).map(|one| one.hours)
        };
        let mut hours = own(&hospital.key).unwrap_or(Hours::ALWAYS);
        let roster = self.lasting.iter().find(|one| {
            one.kind == CooperationKind::SharedOnCall
                && one.covers(&ward.specialty)
                && one.parties.keys().contains(&hospital.key.as_str())
        });
        let Some(roster) = roster else { return (hours, None) };
        // The roster opens the ward in the hours of any partner.
        let partners: Vec<Hours> =
            roster.parties.keys().iter().filter_map(|key| own(key)).collect();
        hours = Hours::of(|hour| partners.iter().any(|one| one.is_open_in(hour)));
        (hours, Some(format!("{}/{}", roster.key, ward.specialty)))
    }

    fn teams(&self) -> Vec<Team> {
        let network = self.region.network();
        let mut teams: BTreeMap<String, Team> = BTreeMap::new();
        for one in &self.lasting {
            if one.kind != CooperationKind::SharedOnCall {
                continue;
            }
            // The mean journey between two of its sites, there and back.
            let sites: Vec<HospitalId> =
                one.parties.keys().iter().filter_map(|key| network.find(key)).collect();
            let mut journeys = Vec::new();
            for (number, from) in sites.iter().enumerate() {
                let others = sites[number + 1..].iter();
                journeys.extend(others.filter_map(|to| self.region.between(*from, *to)));
            }
            let sum: f64 = journeys.iter().map(|time| f64::from(time.0)).sum();
            let mean = sum / journeys.len().max(1) as f64;
            let share_away = 1.0 - 1.0 / sites.len().max(1) as f64;
            for field in &one.fields {
                let key = format!("{}/{field}", one.key);
                let busy = self.settings.on_call_hours / 24.0 + 2.0 * mean * share_away / 86_400.0;
                let hours = Hours::of(|hour| {
                    self.settings.on_call.is_open_in(hour) && one.hours.is_open_in(hour)
                });
                teams.insert(key.clone(), Team { key, members: 1, busy, hours });
            }
        }
        teams.into_values().collect()
    }

    /// Partners with shared beds, in the order of the cooperations.
    fn alternates(&self, ward: &Ward) -> Vec<Alternate> {
        let network = self.region.network();
        let own = &network[ward.hospital].key;
        let mut alternates = Vec::new();
        for CooperationSpell { cooperation: one, from, until } in &self.spells {
            let CooperationKind::SharedBeds { pooled_share } = one.kind else { continue };
            if !one.covers(&ward.specialty) || !one.parties.keys().contains(&own.as_str()) {
                continue;
            }
            for partner in one.parties.keys().into_iter().filter(|key| key != own) {
                let Some(id) = network.find(partner) else { continue };
                let Some(at) = self.wards.treating(self.region, id, &ward.specialty) else {
                    continue;
                };
                let beds = f64::from(self.wards.list[at].beds);
                let (from, until) = span(*from, *until);
                alternates.push(Alternate {
                    to: self.key(at),
                    at_most: pooled_share.map(|share| (share * beds).floor() as u32),
                    hours: one.hours,
                    from,
                    until,
                    label: one.key.clone(),
                });
            }
        }
        alternates
    }

    /// Where the patients of a ward go after their phases.
    fn routes(&self, number: usize, ward: &Ward) -> Vec<Route> {
        let mut routes = Vec::new();
        for subject in &self.subjects {
            if subject.specialty == INTENSIVE_CARE {
                continue;
            }
            if ward.is_icu() {
                routes.extend(self.after_icu(ward, subject));
                continue;
            }
            let treats = self.ward_of(subject, ward.hospital);
            if treats != Some(number) && !self.overflows_into(number, ward, subject) {
                continue;
            }
            let here = |phase| Branch {
                to: Target::Here,
                class: Some(subject.class(phase)),
                ..Branch::default()
            };
            if subject.pathway.is_none() {
                let is_own = treats == Some(number);
                routes.push(Route {
                    class: Some(subject.class(Phase::FirstDay)),
                    branches: if is_own { self.transfers(ward, subject) } else { Vec::new() },
                    rest: Some(here(Phase::Remainder)),
                });
            }
            // Who needs intensive care where no hospital in reach has any lies in the ward.
            routes.push(Route {
                class: Some(subject.class(Phase::Icu)),
                branches: Vec::new(),
                rest: Some(here(Phase::AfterIcu)),
            });
            routes.push(Route {
                class: Some(subject.class(Phase::AtReceiver)),
                branches: vec![Branch {
                    share: self.settings.back_transfer_share,
                    to: Target::Home,
                    class: Some(subject.class(Phase::AfterReturn)),
                    when_full: WhenFull::Stay,
                    label: "back".to_owned(),
                    ..Branch::default()
                }],
                rest: Some(here(Phase::AfterReturn)),
            });
        }
        routes
    }

    /// Whether patients of a subject come to a ward that is not the one for them, as overflow of a
    /// partner's ward with shared beds.
    fn overflows_into(&self, number: usize, ward: &Ward, subject: &Subject<'_>) -> bool {
        let network = self.region.network();
        let own = network[ward.hospital].key.as_str();
        let shares = |one: &Cooperation| {
            matches!(one.kind, CooperationKind::SharedBeds { .. })
                && one.parties.keys().contains(&own)
        };
        self.periods.iter().flat_map(Period::cooperations).filter(|one| shares(one)).any(|one| {
            let partners = one.parties.keys().into_iter().filter(|key| *key != own);
            partners.filter_map(|key| network.find(key)).any(|partner| {
                let from = self.ward_of(subject, partner);
                from.is_some_and(|from| {
                    let specialty = &self.wards.list[from].specialty;
                    one.covers(specialty)
                        && self.wards.treating(self.region, ward.hospital, specialty)
                            == Some(number)
                })
            })
        })
    }

    /// Behind intensive care follows the ward of the hospital, in an additional bed if it is full or as
    /// soon as it has one ([`Settings::step_down`]); while it is closed, that of the nearest hospital where it is not. Who came by shared beds to a hospital
    /// without a ward for him goes on to the nearest one that has it.
    fn after_icu(&self, ward: &Ward, subject: &Subject<'_>) -> Option<Route> {
        let own = self.ward_of(subject, ward.hospital);
        if own.is_none() && !self.shares_icu(ward.hospital) {
            return None;
        }
        let branch = |to: usize, from: f64, until: f64| {
            let (from, until) = span(from, until);
            Branch {
                to: Target::Station(self.key(to)),
                class: Some(subject.class(Phase::AfterIcu)),
                when_full: match self.settings.step_down {
                    StepDown::Forced => WhenFull::Force,
                    StepDown::Waits => WhenFull::Block,
                },
                from,
                until,
                ..Branch::default()
            }
        };
        let mut branches = Vec::new();
        let mut at = 0.0;
        for (from, until) in own.into_iter().flat_map(|own| self.admissions.closures(own)) {
            if let Some(to) = own.filter(|_| from > at) {
                branches.push(branch(to, at, from));
            }
            let elsewhere = self.nearest_open(ward.hospital, &subject.specialty, from);
            branches.extend(elsewhere.or(own).map(|to| branch(to, from, until)));
            at = until;
        }
        if at.is_finite() {
            let last = own.or_else(|| self.nearest_open(ward.hospital, &subject.specialty, at));
            branches.extend(last.map(|to| branch(to, at, f64::INFINITY)));
        }
        Some(Route { class: Some(subject.class(Phase::Icu)), branches, rest: None })
    }

    /// Whether patients of other hospitals come to the intensive care unit as overflow.
    fn shares_icu(&self, hospital: HospitalId) -> bool {
        let key = self.region.network()[hospital].key.as_str();
        self.periods.iter().flat_map(Period::cooperations).any(|one| {
            matches!(one.kind, CooperationKind::SharedBeds { .. })
                && one.covers(INTENSIVE_CARE)
                && one.parties.keys().contains(&key)
        })
    }

    /// The ward for a specialty at the nearest other hospital where it is not closed at a time.
    fn nearest_open(&self, from: HospitalId, specialty: &str, at: f64) -> Option<usize> {
        let others = self.region.network().iter().map(|(id, _)| id).filter(|id| *id != from);
        let wards = others.filter_map(|id| {
            let ward = self.wards.treating(self.region, id, specialty)?;
            let is_open = !self.admissions.is_closed(ward, at);
            let time = self.region.between(from, id).filter(|_| is_open)?;
            Some((time, ward))
        });
        wards.min().map(|(_, ward)| ward)
    }

    /// Transfers of patients who may be handed on: over the agreements of the hospital in the
    /// specialty, all receivers alike; who is not accepted, or is due for a receiver in an hour in which
    /// the agreement does not work, stays.
    fn transfers(&self, ward: &Ward, subject: &Subject<'_>) -> Vec<Branch> {
        let network = self.region.network();
        let own = network[ward.hospital].key.as_str();
        let mut branches = Vec::new();
        for period in &self.periods {
            let (from, until) = span(period.from, period.until);
            let mut receivers: Vec<(usize, f64, &Cooperation)> = Vec::new();
            for one in period.cooperations() {
                let CooperationKind::Transfer { acceptance, .. } = one.kind else { continue };
                let Parties::Directed { from: sender, to } = &one.parties else { continue };
                if sender != own || !one.covers(&subject.specialty) {
                    continue;
                }
                for key in to {
                    let Some(id) = network.find(key) else { continue };
                    if let Some(at) = self.wards.treating(self.region, id, &subject.specialty) {
                        receivers.push((at, acceptance.unwrap_or(1.0), one));
                    }
                }
            }
            let count = receivers.len() as f64;
            for (at, acceptance, agreement) in &receivers {
                // Others are asked where their agreement works in the same hours at least.
                let also = |one: &Cooperation| {
                    HourOfWeek::all()
                        .all(|hour| one.hours.is_open_in(hour) || !agreement.hours.is_open_in(hour))
                };
                let others = receivers.iter().filter(|(other, _, one)| other != at && also(one));
                branches.push(Branch {
                    share: acceptance / count,
                    to: Target::Station(self.key(*at)),
                    then: others.map(|(other, ..)| self.key(*other)).collect(),
                    class: Some(subject.class(Phase::AtReceiver)),
                    when_full: WhenFull::Stay,
                    hours: agreement.hours,
                    from,
                    until,
                    label: agreement.key.clone(),
                });
            }
        }
        branches
    }

    /// The streams of all origins, and the cases a year that no hospital is in reach of.
    fn streams(&self) -> Result<(Vec<ArrivalStream>, Vec<StreamLabel>, f64), SimulationError> {
        let by_pathway = self.pathway_cases();
        let (mut streams, mut labels) = (Vec::new(), Vec::new());
        let mut without_hospital = 0.0;
        let of = |(number, subject): (usize, &Subject<'_>)| {
            if subject.pathway.is_some() {
                self.pathway_streams(number, subject, &by_pathway)
            } else {
                self.specialty_streams(number, subject, &by_pathway)
            }
        };
        let by_subject: Vec<_> = self.subjects.par_iter().enumerate().map(of).collect();
        if let Err(stopped) = self.order.go_on() {
            drop_beside(by_subject);
            return Err(stopped);
        }
        for found in by_subject {
            for (stream, label, cases) in found? {
                let is_lost = stream.kinds.iter().all(|kind| kind.preferences.is_empty());
                if is_lost {
                    without_hospital += cases;
                } else {
                    streams.push(stream);
                    labels.push(label);
                }
            }
        }
        for (stream, label) in self.beyond_streams()? {
            streams.push(stream);
            labels.push(label);
        }
        Ok((streams, labels, without_hospital))
    }

    /// Cases a year of each pathway at each place; empty for specialties.
    fn pathway_cases(&self) -> Vec<Vec<f64>> {
        let demand = self.region.demand();
        let of = |subject: &Subject<'_>| {
            let share = subject.pathway?.cases.as_ref()?;
            let cases = demand.cases(&share.of)?;
            Some(cases.cases.iter().map(|cases| cases * share.share).collect())
        };
        self.subjects.iter().map(|subject| of(subject).unwrap_or_default()).collect()
    }

    /// Share of emergencies among the patients of a specialty.
    pub(super) fn emergency_share(&self, specialty: &str) -> f64 {
        if self.settings.unplanned.iter().any(|unplanned| unplanned == specialty) {
            return 1.0;
        }
        let rate = self.region.network().catalog().rate(specialty);
        rate.map_or(0.0, |rate| rate.emergency_share)
    }

    /// Emergencies and elective patients of a specialty. Who belongs to a pathway is not among them.
    fn specialty_streams(
        &self,
        number: usize,
        subject: &Subject<'_>,
        by_pathway: &[Vec<f64>],
    ) -> Result<Vec<(ArrivalStream, StreamLabel, f64)>, SimulationError> {
        let Some(cases) = self.region.demand().specialty(&subject.key) else {
            return Ok(Vec::new());
        };
        let share = self.emergency_share(&subject.key);
        let of_pathways = self.subjects.iter().zip(by_pathway);
        let of_pathways: Vec<&Vec<f64>> = of_pathways
            .filter(|(other, _)| other.pathway.is_some() && other.specialty == subject.specialty)
            .map(|(_, cases)| cases)
            .collect();
        let choices = self.choices(subject)?;
        let mut found = Vec::new();
        for (at, origin) in self.origins.iter().enumerate() {
            if self.order.go_on().is_err() {
                // Whoever asked sees that it is stopped, and frees all of them at once.
                break;
            }
            let known = origin
                .sum(|place| of_pathways.iter().map(|cases| cases[place.index()]).sum::<f64>());
            let all = origin.sum(|place| cases.cases[place.index()]);
            for is_elective in [false, true] {
                let own = if is_elective { 1.0 - share } else { share };
                // What a pathway has more than there are emergencies is taken off the elective ones.
                let beyond = if is_elective { (known - all * share).max(0.0) } else { known };
                let cases = (all * own - beyond).max(0.0);
                if cases * self.settings.rate_factor < 1e-9 {
                    continue;
                }
                let preferences = |is_icu| self.preferences(at, is_icu, &choices);
                let place = &self.region.place(origin.place).key;
                let stream =
                    self.specialty_stream((place, number), is_elective, cases, preferences);
                let label = StreamLabel {
                    place: Some(origin.place),
                    subject: number,
                    is_elective,
                    ways: Vec::new(),
                };
                found.push((stream, label, cases));
            }
        }
        Ok(found)
    }

    /// By period and origin: the wards that patients choose, and the same for those who need
    /// intensive care.
    fn choices(
        &self,
        subject: &Subject<'_>,
    ) -> Result<Vec<Vec<(Choices, Choices)>>, SimulationError> {
        let mut choices = Vec::new();
        for period in &self.periods {
            let region = &period.region;
            let Settings { choice, small_icu_draw, .. } = *self.settings;
            let shares = Shares::with_small_icu_draw(region, &subject.key, choice, small_icu_draw)?;
            let Some(shares) = shares else {
                choices.push(Vec::new());
                continue;
            };
            let hospitals = self.region.network().iter().map(|(hospital, _)| hospital);
            let wards: Vec<Option<usize>> = hospitals
                .map(|hospital| self.wards.treating(self.region, hospital, &subject.specialty))
                .collect();
            let ward = |hospital: HospitalId| wards[hospital.index()];
            let icu = |hospital| ward(hospital).and_then(|_| self.wards.icu(hospital));
            let of = |origin: &Origin| -> Result<(Choices, Choices), SimulationError> {
                self.order.go_on()?;
                let mut shares = shares.at(origin.place);
                if shares.is_empty() && subject.specialty == INTENSIVE_CARE {
                    // Nobody has a department of this name: intensive care units take them.
                    let nearest = region.from_centre(origin.place).map(|(hospital, _)| hospital);
                    shares = nearest
                        .filter(|at| ward(*at).is_some())
                        .take(1)
                        .map(|at| (at, 1.0))
                        .collect();
                }
                let nearest: Vec<HospitalId> =
                    region.from_centre(origin.place).map(|(hospital, _)| hospital).collect();
                let of_units = self.shares_of_units(&shares);
                Ok((self.choose(&shares, &nearest, ward), self.choose(&of_units, &nearest, icu)))
            };
            choices.push(self.origins.iter().map(of).collect::<Result<_, _>>()?);
        }
        Ok(choices)
    }

    /// The shares of hospitals by how strongly their intensive care units draw; they sum to no more than
    /// before, only their proportions count.
    fn shares_of_units(&self, shares: &[(HospitalId, f64)]) -> Vec<(HospitalId, f64)> {
        let network = self.region.network();
        let mut of_units = Vec::with_capacity(shares.len());
        for (hospital, share) in shares {
            let draw = draw_of_unit(&network[*hospital], self.settings.small_icu_draw);
            of_units.push((*hospital, share * draw));
        }
        of_units
    }

    fn choose(
        &self,
        shares: &[(HospitalId, f64)],
        nearest: &[HospitalId],
        ward: impl Fn(HospitalId) -> Option<usize>,
    ) -> Choices {
        let largest = shares.iter().map(|(_, share)| *share).fold(0.0, f64::max);
        let own = shares.iter().filter(|(_, share)| *share >= LEAST_SHARE * largest);
        let mut first: Vec<(usize, f64)> =
            own.filter_map(|(hospital, share)| Some((ward(*hospital)?, *share))).collect();
        let then: Vec<usize> = nearest
            .iter()
            .filter_map(|at| ward(*at))
            .take(self.settings.alternatives.max(1))
            .collect();
        if first.is_empty() {
            first.extend(then.first().map(|at| (*at, 1.0)));
        }
        Choices { first, then }
    }

    /// What the patients of an origin prefer in each period.
    fn preferences(
        &self,
        origin: usize,
        is_icu: bool,
        choices: &[Vec<(Choices, Choices)>],
    ) -> Vec<Preference> {
        let mut preferences = Vec::new();
        for (period, choices) in self.periods.iter().zip(choices) {
            let Some((ward, icu)) = choices.get(origin) else { continue };
            let chosen = if is_icu && !icu.first.is_empty() { icu } else { ward };
            if !chosen.first.is_empty() {
                preferences.push(self.preference(chosen, span(period.from, period.until)));
            }
        }
        preferences
    }

    pub(super) fn preference(
        &self,
        choices: &Choices,
        (from, until): (Option<f64>, Option<f64>),
    ) -> Preference {
        let shared = |(ward, share): &(usize, f64)| (self.shared_key(*ward), *share);
        Preference {
            first: choices.first.iter().map(shared).collect(),
            then: choices.then.iter().map(|ward| self.shared_key(*ward)).collect(),
            home: None,
            hours: Hours::ALWAYS,
            from,
            until,
        }
    }

    /// Emergencies or elective patients of a specialty from one origin, which names the stream.
    /// `preferences` are those of the patients with or without intensive care.
    pub(super) fn specialty_stream(
        &self,
        (origin, number): (&str, usize),
        is_elective: bool,
        cases: f64,
        preferences: impl Fn(bool) -> Vec<Preference>,
    ) -> ArrivalStream {
        let subject = &self.subjects[number];
        let kind = |share: f64, phase: Phase| Kind {
            share,
            class: Some(subject.class(phase)),
            preferences: preferences(phase == Phase::Icu),
            when_full: if is_elective { WhenFull::WaitFirst } else { WhenFull::Force },
            by_appointment: is_elective,
        };
        // The same kinds with and without intensive care or agreements, so that networks can be compared
        // patient by patient: who may be handed on has a first day wherever he lies.
        let icu = subject.icu_share;
        let may_be_handed_on = !is_elective && subject.specialty != INTENSIVE_CARE;
        let handed =
            if may_be_handed_on { self.settings.transfer_share.min(1.0 - icu) } else { 0.0 };
        let usual = if is_elective { Phase::Elective } else { Phase::Emergency };
        let mut kinds = vec![kind((1.0 - icu - handed).max(0.0), usual)];
        kinds.extend((handed > 0.0).then(|| kind(handed, Phase::FirstDay)));
        kinds.extend((icu > 0.0).then(|| kind(icu, Phase::Icu)));
        let name = if is_elective { "elective" } else { "emergency" };
        ArrivalStream {
            key: format!("{origin}/{}/{name}", subject.key),
            arrivals: self.arrivals(cases, is_elective, None),
            kinds,
            keeps: None,
            track: false,
        }
    }

    fn arrivals(&self, cases: f64, is_elective: bool, profile: Option<&[f64]>) -> Arrivals {
        let open =
            |hour: HourOfWeek| f64::from(u8::from(self.settings.elective_hours.is_open_in(hour)));
        let week = match profile.filter(|profile| !profile.is_empty()) {
            _ if is_elective => HourOfWeek::all().map(open).collect(),
            Some(profile) => profile.to_vec(),
            None => self.settings.emergency_hours.to_vec(),
        };
        let is_even = self.settings.emergency_months.iter().all(|rate| *rate == 1.0);
        Arrivals::Poisson {
            rate: cases * self.settings.rate_factor / 365.0,
            week,
            year: if is_elective || is_even {
                Vec::new()
            } else {
                self.settings.emergency_months.to_vec()
            },
            curve: None,
        }
    }

    /// Patients of a pathway: they are brought to the hospital where their last stage is done, the
    /// best way first.
    fn pathway_streams(
        &self,
        number: usize,
        subject: &Subject<'_>,
        by_pathway: &[Vec<f64>],
    ) -> Result<Vec<(ArrivalStream, StreamLabel, f64)>, SimulationError> {
        let Some(pathway) = subject.pathway else { return Ok(Vec::new()) };
        // By origin: preferences for the ward, for intensive care, and the ways of each.
        let count = self.origins.len();
        let mut preferences: Vec<OfPathway> = vec![Default::default(); count];
        let places: Vec<PlaceId> = self.origins.iter().map(|origin| origin.place).collect();
        for period in &self.periods {
            self.order.go_on()?;
            let prepared = Prepared::even_if_unmet(&period.region, pathway, &period.added)?;
            let outage = Outage { cooperations: period.ended.clone(), ..Outage::default() };
            let query = Query::default().outage(outage);
            let most = self.settings.alternatives.max(1);
            let ranked = prepared.ranked_from(&places, &query, most, self.order.stop)?;
            let Some(ranked) = ranked else { return Err(SimulationError::Stopped) };
            let span = span(period.from, period.until);
            for (class, by_place) in ranked.iter().enumerate() {
                let classes = prepared.hour_classes();
                let hours = Hours::of(|hour| usize::from(classes[hour.index()]) == class);
                for (routes, own) in by_place.iter().zip(&mut preferences) {
                    self.order.go_on()?;
                    let ways: Vec<WayTo> =
                        routes.iter().filter_map(|route| way_to(&prepared, route)).collect();
                    let home = routes.first().and_then(agreed_sender);
                    self.add_preferences(subject, (&ways, home), (hours, span), own);
                }
            }
        }
        let mut found = Vec::new();
        for (origin, (ward, icu, ways)) in self.origins.iter().zip(preferences) {
            let cases = origin.sum(|place| by_pathway[number][place.index()]);
            if cases * self.settings.rate_factor < 1e-9 {
                continue;
            }
            if self.order.go_on().is_err() {
                break;
            }
            let share = if icu.is_empty() { 0.0 } else { subject.icu_share };
            let kind = |share: f64, phase: Phase, preferences: Vec<Preference>| Kind {
                share,
                class: Some(subject.class(phase)),
                preferences,
                when_full: WhenFull::Force,
                by_appointment: false,
            };
            // Both kinds have as many preferences, so that the ways belong to either.
            let mut kinds = Vec::new();
            if share < 1.0 {
                kinds.push(kind(1.0 - share, Phase::AtReceiver, ward));
            }
            if share > 0.0 {
                kinds.push(kind(share, Phase::Icu, icu));
            }
            let place = &self.region.place(origin.place).key;
            let stream = ArrivalStream {
                key: format!("{place}/{}/pathway", subject.key),
                arrivals: self.arrivals(cases, false, Some(&pathway.arrivals)),
                kinds,
                keeps: None,
                track: true,
            };
            let label = StreamLabel {
                place: Some(origin.place),
                subject: number,
                is_elective: false,
                ways,
            };
            found.push((stream, label, cases));
        }
        Ok(found)
    }

    /// Adds the preferences of a class of hours in a period, where any ward is in reach.
    fn add_preferences(
        &self,
        subject: &Subject<'_>,
        (ways, home): (&[WayTo], Option<HospitalId>),
        (hours, (from, until)): (Hours, (Option<f64>, Option<f64>)),
        own: &mut OfPathway,
    ) {
        let ward = |hospital| self.ward_of(subject, hospital);
        let icu = |hospital| ward(hospital).and_then(|_| self.wards.icu(hospital));
        let preference = |stations: Vec<usize>| {
            let (first, then) = stations.split_first()?;
            Some(Preference {
                first: vec![(self.shared_key(*first), 1.0)],
                then: then.iter().map(|at| self.shared_key(*at)).collect(),
                home: home.and_then(ward).map(|at| self.shared_key(at)),
                hours,
                from,
                until,
            })
        };
        let wards = ways.iter().filter_map(|way| ward(way.hospital)).collect();
        let units: Vec<usize> = ways.iter().filter_map(|way| icu(way.hospital)).collect();
        let Some(in_ward) = preference(wards) else { return };
        let in_unit = preference(units).unwrap_or_else(|| in_ward.clone());
        own.0.push(in_ward);
        own.1.push(in_unit);
        own.2.push(ways.to_vec());
    }

    /// Streams of an incident's patients: each is brought where the allocation says.
    fn incident(
        &self,
        allocation: &Allocation,
        number: usize,
    ) -> Vec<(ArrivalStream, StreamLabel)> {
        let specialty = crate::model::OF_THE_INJURED;
        let found = self.subjects.iter().position(|own| own.key == specialty);
        let Some(subject) = found else { return Vec::new() };
        let mut streams = Vec::new();
        for (at, group) in allocation.groups.iter().enumerate() {
            let ward = self.wards.treating(self.region, group.hospital, specialty);
            let icu = ward.and_then(|_| self.wards.icu(group.hospital));
            let (to, phase) = match (group.needs_icu, icu, ward) {
                (true, Some(icu), _) => (icu, Phase::Icu),
                (_, _, Some(ward)) => (ward, Phase::Emergency),
                _ => continue,
            };
            let mut times: Vec<f64> =
                group.arrivals.iter().map(|moment| self.clock.warm_up + moment).collect();
            times.retain(|time| *time >= 0.0);
            let preference =
                Preference { first: vec![(self.shared_key(to), 1.0)], ..Preference::default() };
            let stream = ArrivalStream {
                key: format!("incident {number}/{at}"),
                arrivals: Arrivals::Replay(times),
                kinds: vec![Kind {
                    share: 1.0,
                    class: Some(self.subjects[subject].class(phase)),
                    preferences: vec![preference],
                    when_full: WhenFull::Force,
                    by_appointment: false,
                }],
                keeps: None,
                track: false,
            };
            let label = StreamLabel {
                place: Some(allocation.place),
                subject,
                is_elective: false,
                ways: Vec::new(),
            };
            streams.push((stream, label));
        }
        streams
    }

    /// Who is there at the start.
    fn present(&self, streams: &[ArrivalStream], labels: &[StreamLabel]) -> Vec<Present> {
        let room = self.wards.list.iter().enumerate().map(|(number, ward)| {
            if self.admissions.is_closed(number, 0.0) {
                return (0.0, 0.0);
            }
            let beds = f64::from(ward.beds) * self.staffed_share(ward);
            (beds, f64::from(self.waiting_places(ward)))
        });
        let (beds, places) = room.unzip();
        let (subjects, keys, stop) = (&self.subjects, &self.keys, self.order.stop);
        let start = Start { subjects, keys, beds, places, stop };
        let streams: Vec<(&ArrivalStream, usize)> =
            streams.iter().zip(labels.iter().map(|label| label.subject)).collect();
        let census = start.census(&streams, |unit, subject| {
            self.ward_of(subject, self.wards.list[unit].hospital).unwrap_or(unit)
        });
        let present = |one: There| Present {
            station: self.key(one.ward),
            class: Some(self.subjects[one.subject].class(one.phase)),
            mean: one.patients,
            waiting: one.waiting.round() as u32,
        };
        census.into_iter().map(present).collect()
    }

    /// Departments that close, divert and open.
    fn changes(&self) -> Vec<StationChange> {
        let wards = 0..self.wards.list.len();
        let changes = wards.flat_map(|ward| {
            let own = self.admissions.changes(ward, self.clock.horizon);
            own.into_iter().map(move |(at, change)| (ward, at, change))
        });
        let change = |(ward, at, change)| StationChange { at, station: self.key(ward), change };
        changes.map(change).collect()
    }
}

/// From and until when something holds, as models write it.
fn span(from: f64, until: f64) -> (Option<f64>, Option<f64>) {
    ((from > 0.0).then_some(from), until.is_finite().then_some(until))
}

/// How a route comes to its last hospital; `None` where it does no stage.
fn way_to(prepared: &Prepared<'_>, route: &crate::pathways::Route) -> Option<WayTo> {
    let last = route.visits.last()?;
    let mut cooperations: Vec<String> = Vec::new();
    for visit in &route.visits {
        let agreement = visit.transfer.as_ref().and_then(|leg| leg.agreement);
        for at in [visit.cooperation, agreement].into_iter().flatten() {
            let key = &prepared.cooperations()[at].key;
            if !cooperations.contains(key) {
                cooperations.push(key.clone());
            }
        }
    }
    Some(WayTo {
        hospital: last.hospital,
        done: route.visits.iter().map(|visit| visit.done.0).collect(),
        cooperations,
    })
}

/// Who sent the patient of a route to its last hospital over an agreement.
fn agreed_sender(route: &crate::pathways::Route) -> Option<HospitalId> {
    let legs = route.visits.iter().rev().filter_map(|visit| visit.transfer.as_ref());
    legs.filter(|leg| leg.agreement.is_some()).map(|leg| leg.from).next()
}
