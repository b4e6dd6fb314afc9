//! A mass-casualty incident: who is brought where.

use std::collections::HashMap;

use serde::Serialize;

use super::Settings;
use super::helicopters::{Fleet, Trip};
use super::theatre::TheatreUse;
use crate::calendar::DateTime;
use crate::model::{Answer, EmergencyLevel, HospitalId, UnknownSite};
use crate::region::{PlaceId, Region};
use crate::scenario::Incident;
use crate::units::{Seconds, as_seconds};

/// Colour of a triage category (Sichtungskategorie I, II, III).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Triage {
    /// Immediate treatment.
    Red,
    /// Urgent.
    Yellow,
    /// Less urgent.
    Green,
}

impl Triage {
    /// As tables write it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Yellow => "yellow",
            Self::Green => "green",
        }
    }
}

/// Patients of one category who are brought to one hospital.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Brought {
    /// The hospital.
    pub hospital: HospitalId,
    /// The category.
    pub triage: Triage,
    /// How many.
    pub patients: u32,
    /// Of these, by helicopter.
    pub by_air: u32,
    /// From the start of the incident until the last of them arrives.
    #[serde(rename = "last_arrival_seconds", serialize_with = "as_seconds")]
    pub last_arrival: Seconds,
}

/// Who of an incident is brought where.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Allocation {
    /// Where it happens.
    pub place: PlaceId,
    /// When.
    pub on: DateTime,
    /// By hospital, in the order in which they were first used, then by category.
    pub brought: Vec<Brought>,
    /// Patients for whom no hospital in reach takes any of their category.
    pub left: u32,
    /// Operations on red and yellow patients, by hospital; none where nobody needs one.
    pub theatres: Vec<TheatreUse>,
    /// Hospitals in reach that would take patients, but no red ones, because the data do not say
    /// whether they meet what major trauma asks for ([`Catalog::major_trauma`]); the nearest first.
    ///
    /// [`Catalog::major_trauma`]: crate::model::Catalog::major_trauma
    pub unknown: Vec<UnknownSite>,
    /// Everybody who is brought somewhere, in the order of leaving.
    #[serde(skip)]
    pub(super) arrived: Vec<Arrived>,
    /// Those who need a bed.
    #[serde(skip)]
    pub(super) groups: Vec<Group>,
    /// The hospitals that take patients, and of these those that take red ones; the nearest first.
    #[serde(skip)]
    pub(super) takers: Vec<HospitalId>,
    #[serde(skip)]
    pub(super) red_takers: Vec<HospitalId>,
}

/// A patient who is brought to a hospital.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Arrived {
    pub(super) hospital: HospitalId,
    pub(super) triage: Triage,
    /// Seconds from the start of the incident.
    pub(super) arrives: f64,
}

/// A hospital that takes patients of an incident.
#[derive(Debug, Clone, Copy)]
struct Site {
    hospital: HospitalId,
    journey: Seconds,
    /// Its emergency level, as a position in the allocation keys.
    level: usize,
    takes_red: bool,
}

/// Patients who need a bed of one ward.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) hospital: HospitalId,
    pub(super) needs_icu: bool,
    /// Days from the region's day to each arrival, rising.
    pub(super) arrivals: Vec<f64>,
}

/// When patients of all incidents so far left for each hospital, by category: hospitals take as many an hour as their
/// keys say, whichever incident they come from.
#[derive(Debug, Default)]
pub(super) struct Ledger(HashMap<(HospitalId, Triage), Vec<f64>>);

impl Ledger {
    /// Patients of a category who left for a hospital in an hour from a moment on, in seconds from the region's day.
    fn in_hour(&self, hospital: HospitalId, triage: Triage, from: f64) -> u32 {
        let Some(departures) = self.0.get(&(hospital, triage)) else { return 0 };
        let before = |until: f64| departures.partition_point(|departure| *departure < until);
        (before(from + 3600.0) - before(from)) as u32
    }

    /// Adds the departures of an incident.
    fn add(&mut self, departures: Vec<((HospitalId, Triage), f64)>) {
        let mut touched = Vec::new();
        for (key, departure) in departures {
            let list = self.0.entry(key).or_default();
            // Mostly they come in order; only lists that another incident reaches into are sorted.
            if list.last().is_some_and(|last| *last > departure) && !touched.contains(&key) {
                touched.push(key);
            }
            list.push(departure);
        }
        for key in touched {
            self.0.entry(key).or_default().sort_by(f64::total_cmp);
        }
    }
}

/// An incident and when it happens.
#[derive(Debug, Clone, Copy)]
pub(super) struct DatedIncident<'s> {
    pub(super) incident: &'s Incident,
    pub(super) on: DateTime,
}

/// Brings every patient to the nearest hospital whose key still allows one of the category in this
/// hour; where none does, the patient waits at the scene for the next hour. The hours of an incident count from its
/// start. What other incidents before it in the ledger brought to a hospital within such an hour counts: two incidents
/// at one time share the keys.
///
/// Patients leave evenly over the incident's minutes, red ones first. Only hospitals with an
/// emergency level and a department of trauma or general surgery that has beds and is not closed then
/// take any, and red patients only those that are known to meet what the standard of trauma centres
/// asks for ([`Catalog::major_trauma`](crate::model::Catalog::major_trauma); whoever takes patients,
/// where the catalog has no such standard), with what is open in the hour in which the incident starts. Red
/// patients start in intensive care; of the green ones, a share stays, spread evenly. Red ones are flown where a
/// helicopter is there and brings them sooner; from the alarm on, hospitals take more.
pub(super) fn allocate(
    region: &Region,
    settings: &Settings,
    dated: DatedIncident<'_>,
    takes: impl Fn(HospitalId) -> bool,
    ledger: &mut Ledger,
) -> Allocation {
    let DatedIncident { incident, on } = dated;
    let day = DateTime::from(region.network().date());
    let start_minutes = on.minutes_since(day) as f64;
    let place = region.place_ids().find(|id| region.place(*id).key == incident.place);
    let place = place.expect("the scenario was checked: the place is one of the region's");
    let (sites, unknown) = sites(region, place, on, takes);
    let fleet = Fleet::new(region, place, dated);
    let mut scene = Scene {
        incident,
        fleet,
        green_admitted: settings.green_admitted,
        sites,
        start_minutes,
        number: 0,
        green: 0,
        departures: Vec::new(),
    };
    let mut allocation = Allocation::of_nobody(place, on, unknown);
    for site in &scene.sites {
        allocation.takers.push(site.hospital);
        if site.takes_red {
            allocation.red_takers.push(site.hospital);
        }
    }
    scene.bring(Triage::Red, ledger, &mut allocation);
    scene.bring(Triage::Yellow, ledger, &mut allocation);
    scene.bring(Triage::Green, ledger, &mut allocation);

    // Only now: in its own hours an incident counts its patients itself.
    ledger.add(scene.departures);
    for group in &mut allocation.groups {
        group.arrivals.sort_by(f64::total_cmp);
    }
    let mut first_use: HashMap<HospitalId, usize> = HashMap::new();
    for (position, brought) in allocation.brought.iter().enumerate() {
        first_use.entry(brought.hospital).or_insert(position);
    }
    allocation.brought.sort_by_key(|brought| (first_use[&brought.hospital], brought.triage));
    allocation
}

/// An incident from which patients leave one after the other.
struct Scene<'i> {
    incident: &'i Incident,
    fleet: Fleet,
    /// Share of the green patients who stay in hospital.
    green_admitted: f64,
    sites: Vec<Site>,
    /// Minutes from the region's day to its start.
    start_minutes: f64,
    /// Patients who left so far, and green ones who were brought somewhere.
    number: u32,
    green: u32,
    /// Who left for where, in seconds from the region's day.
    departures: Vec<((HospitalId, Triage), f64)>,
}

impl Scene<'_> {
    /// Brings the patients of a category away.
    fn bring(&mut self, triage: Triage, ledger: &Ledger, allocation: &mut Allocation) {
        let (patients, keys) = match triage {
            Triage::Red => (self.incident.red, self.incident.keys.red),
            Triage::Yellow => (self.incident.yellow, self.incident.keys.yellow),
            Triage::Green => (self.incident.green, self.incident.keys.green),
        };
        // What each site takes of them in an hour.
        let mut most: Vec<u32> = Vec::with_capacity(self.sites.len());
        for site in &self.sites {
            let is_out = triage == Triage::Red && !site.takes_red;
            most.push(if is_out { 0 } else { keys[site.level] });
        }
        let takes_any = most.iter().any(|patients| *patients > 0);
        let start_seconds = self.start_minutes * 60.0;
        let patients_in_all = self.incident.patients().max(1) as f64;
        // Patients leave one after the other, and places only fill: what was full stays full.
        let mut first = FirstFree::default();
        let mut places = Places { most, taken: HashMap::new(), triage, start_seconds };
        for _ in 0..patients {
            let minutes = f64::from(self.incident.minutes);
            let leaves = minutes * 60.0 * f64::from(self.number) / patients_in_all;
            self.number += 1;
            if !takes_any {
                allocation.left += 1;
                continue;
            }

            let free = |hour: usize, site: usize| {
                let taken = Key { hospital: self.sites[site].hospital, hour };
                places.left(self.incident, ledger, taken, site)
            };
            first.go_to(leaves, self.sites.len(), free);
            let by_road = self.sites[first.site];
            let departs = leaves.max(first.hour as f64 * 3600.0);
            let mut trip = Trip {
                site: first.site,
                departs,
                arrives: departs + f64::from(by_road.journey.0),
                is_flight: false,
            };
            if triage == Triage::Red {
                let hospitals: Vec<HospitalId> =
                    self.sites.iter().map(|site| site.hospital).collect();
                trip = self.fleet.sooner(trip, leaves, &hospitals, free);
            }
            let hospital = self.sites[trip.site].hospital;
            let hour = (trip.departs / 3600.0) as usize;
            *places.taken.entry(Key { hospital, hour }).or_default() += 1;
            self.departures.push(((hospital, triage), start_seconds + trip.departs));
            self.arrive(&trip, triage, allocation);
        }
    }

    /// A patient arrives at the end of a trip.
    fn arrive(&mut self, trip: &Trip, triage: Triage, allocation: &mut Allocation) {
        let (site, arrives) = (self.sites[trip.site], trip.arrives);
        allocation.bring(site.hospital, triage, trip);
        allocation.arrived.push(Arrived { hospital: site.hospital, triage, arrives });
        let stays = match triage {
            // Patients with injuries like these stay.
            Triage::Red | Triage::Yellow => true,
            Triage::Green => {
                self.green += 1;
                self.admitted(self.green) > self.admitted(self.green - 1)
            }
        };
        if stays {
            let arrival = self.start_minutes / 1440.0 + arrives / 86_400.0;
            allocation.admit(site.hospital, triage == Triage::Red, arrival);
        }
    }

    /// How many of the first green patients stay.
    fn admitted(&self, green: u32) -> f64 {
        // Ten times a tenth is one, whatever floating point says.
        (f64::from(green) * self.green_admitted + 1e-9).floor()
    }
}

/// The hospitals in reach that take patients of an incident, the nearest first, and those of which it is not known
/// whether they take red ones.
fn sites(
    region: &Region,
    place: PlaceId,
    on: DateTime,
    takes: impl Fn(HospitalId) -> bool,
) -> (Vec<Site>, Vec<UnknownSite>) {
    let network = region.network();
    let catalog = network.catalog();
    let hour = on.of_week().hour;
    let (mut sites, mut unknown) = (Vec::new(), Vec::new());
    for (hospital, journey) in region.from_centre(place) {
        let record = &network[hospital];
        let Some(emergency_level) = record.emergency_level else { continue };
        if !takes(hospital) {
            continue;
        }
        let answer = match catalog.major_trauma() {
            // In the hour in which it starts: whoever opens later is not waited for.
            Some(requirement) => requirement.judge_in(hour, record, catalog),
            None => Answer::Meets,
        };
        if let (Answer::Unknown, Some(requirement)) = (answer, catalog.major_trauma()) {
            unknown.push(UnknownSite { hospital, unknown: requirement.unknown(record, catalog) });
        }
        let takes_red = answer == Answer::Meets;
        sites.push(Site { hospital, journey, level: level(emergency_level), takes_red });
    }
    (sites, unknown)
}

/// A hospital in an hour of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    hospital: HospitalId,
    hour: usize,
}

/// What hospitals still take of a category.
struct Places {
    /// By site, in an hour before the alarm.
    most: Vec<u32>,
    /// Patients of this incident so far.
    taken: HashMap<Key, u32>,
    triage: Triage,
    /// Seconds from the region's day to the start.
    start_seconds: f64,
}

impl Places {
    /// What a site still takes in an hour.
    fn left(&self, incident: &Incident, ledger: &Ledger, key: Key, site: usize) -> u32 {
        let from = self.start_seconds + key.hour as f64 * 3600.0;
        let others = ledger.in_hour(key.hospital, self.triage, from);
        let taken = self.taken.get(&key).copied().unwrap_or(0);
        in_hour(incident, self.most[site], key.hour).saturating_sub(others + taken)
    }
}

/// What a hospital takes in an hour that takes so many before the alarm.
fn in_hour(incident: &Incident, most: u32, hour: usize) -> u32 {
    match incident.alarmed {
        Some(alarmed) if hour as u64 * 60 >= u64::from(alarmed.after_minutes) => {
            most * alarmed.percent / 100
        }
        _ => most,
    }
}

/// The nearest site with a place, and the hour in which it has one.
#[derive(Default)]
struct FirstFree {
    hour: usize,
    site: usize,
}

impl FirstFree {
    /// Goes on to the first site that takes a patient who leaves so many seconds after the start, in this hour or a later
    /// one. Departures never fall, and some site takes patients.
    fn go_to(&mut self, leaves: f64, sites: usize, free: impl Fn(usize, usize) -> u32) {
        let hour = (leaves / 3600.0) as usize;
        if hour > self.hour {
            *self = Self { hour, site: 0 };
        }
        while free(self.hour, self.site) == 0 {
            self.site += 1;
            if self.site == sites {
                *self = Self { hour: self.hour + 1, site: 0 };
            }
        }
    }
}

/// The position of an emergency level in the lists of an incident.
pub(super) fn level(level: EmergencyLevel) -> usize {
    match level {
        EmergencyLevel::Minimum | EmergencyLevel::Basic => 0,
        EmergencyLevel::Extended => 1,
        EmergencyLevel::Comprehensive => 2,
    }
}

impl Allocation {
    fn of_nobody(place: PlaceId, on: DateTime, unknown: Vec<UnknownSite>) -> Self {
        Self {
            place,
            on,
            brought: Vec::new(),
            left: 0,
            theatres: Vec::new(),
            unknown,
            arrived: Vec::new(),
            groups: Vec::new(),
            takers: Vec::new(),
            red_takers: Vec::new(),
        }
    }

    fn bring(&mut self, hospital: HospitalId, triage: Triage, trip: &Trip) {
        let arrives = Seconds(trip.arrives.round() as u32);
        let by_air = u32::from(trip.is_flight);
        let is_known =
            |brought: &&mut Brought| brought.hospital == hospital && brought.triage == triage;
        // A few hospitals and three categories: looking through them costs less than a map.
        if let Some(brought) = self.brought.iter_mut().find(is_known) {
            brought.patients += 1;
            brought.by_air += by_air;
            brought.last_arrival = brought.last_arrival.max(arrives);
        } else {
            let last_arrival = arrives;
            self.brought.push(Brought { hospital, triage, patients: 1, by_air, last_arrival });
        }
    }

    /// The operations at a hospital, of which so many theatres are free.
    pub(super) fn theatre_of(&mut self, hospital: HospitalId, theatres: u32) -> &mut TheatreUse {
        let known = self.theatres.iter().position(|used| used.hospital == hospital);
        let position = known.unwrap_or_else(|| {
            self.theatres.push(TheatreUse::of_nobody(hospital, theatres));
            self.theatres.len() - 1
        });
        &mut self.theatres[position]
    }

    fn admit(&mut self, hospital: HospitalId, needs_icu: bool, arrival: f64) {
        let known = self
            .groups
            .iter_mut()
            .find(|group| group.hospital == hospital && group.needs_icu == needs_icu);
        match known {
            Some(group) => group.arrivals.push(arrival),
            None => self.groups.push(Group { hospital, needs_icu, arrivals: vec![arrival] }),
        }
    }
}
