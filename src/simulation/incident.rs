//! A mass-casualty incident: who is brought where.

use std::collections::HashMap;

use serde::Serialize;

use super::Settings;
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
    /// Hospitals in reach that would take patients, but no red ones, because the data do not say
    /// whether they meet what major trauma asks for ([`Catalog::major_trauma`]); the nearest first.
    ///
    /// [`Catalog::major_trauma`]: crate::model::Catalog::major_trauma
    pub unknown: Vec<UnknownSite>,
    /// Those who need a bed.
    #[serde(skip)]
    pub(super) groups: Vec<Group>,
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
/// patients start in intensive care; of the green ones, a share stays, spread evenly.
pub(super) fn allocate(
    region: &Region,
    settings: &Settings,
    dated: DatedIncident<'_>,
    takes: impl Fn(HospitalId) -> bool,
    ledger: &mut Ledger,
) -> Allocation {
    let DatedIncident { incident, on } = dated;
    let network = region.network();
    let day = DateTime::from(network.date());
    let start = on.minutes_since(day) as f64 / 1440.0;
    let start_seconds = on.minutes_since(day) as f64 * 60.0;
    let place = region.place_ids().find(|id| region.place(*id).key == incident.place);
    let place = place.expect("the scenario was checked: the place is one of the region's");
    let (sites, unknown) = sites(region, place, on, takes);
    let colours = [
        (Triage::Red, incident.red, incident.keys.red),
        (Triage::Yellow, incident.yellow, incident.keys.yellow),
        (Triage::Green, incident.green, incident.keys.green),
    ];
    let mut allocation =
        Allocation { place, on, brought: Vec::new(), left: 0, unknown, groups: Vec::new() };
    let patients_in_all = incident.patients().max(1) as f64;
    let (mut number, mut green) = (0_u32, 0_u32);
    // Ten times a tenth is one, whatever floating point says.
    let admitted = |green: u32| (f64::from(green) * settings.green_admitted + 1e-9).floor();
    let mut departures = Vec::new();
    for (triage, patients, keys) in colours {
        // What each site takes of them in an hour.
        let mut most: Vec<u32> = Vec::with_capacity(sites.len());
        for site in &sites {
            let is_out = triage == Triage::Red && !site.takes_red;
            most.push(if is_out { 0 } else { keys[site.level] });
        }
        let takes_any = most.iter().any(|patients| *patients > 0);
        // Patients leave one after the other, and places only fill: what was full stays full.
        let mut hour = 0;
        let mut free = FreePlaces::default();
        for _ in 0..patients {
            let leaves = f64::from(incident.minutes) * 60.0 * f64::from(number) / patients_in_all;
            number += 1;
            if !takes_any {
                allocation.left += 1;
                continue;
            }
            hour = hour.max((leaves / 3600.0) as usize);
            let site = loop {
                let from = start_seconds + hour as f64 * 3600.0;
                let in_hour = |hospital| ledger.in_hour(hospital, triage, from);
                let next = free.next(hour, sites.len(), |site| {
                    most[site].saturating_sub(in_hour(sites[site].hospital))
                });
                match next {
                    Some(site) => break site,
                    None => hour += 1,
                }
            };
            let Site { hospital, journey, .. } = sites[site];
            let departs = leaves.max(hour as f64 * 3600.0);
            departures.push(((hospital, triage), start_seconds + departs));
            let arrives = departs + f64::from(journey.0);
            allocation.bring(hospital, triage, Seconds(arrives.round() as u32));
            let stays = match triage {
                Triage::Red | Triage::Yellow => true,
                Triage::Green => {
                    green += 1;
                    admitted(green) > admitted(green - 1)
                }
            };
            if stays {
                let arrival = start + arrives / 86_400.0;
                allocation.admit(hospital, triage == Triage::Red, arrival);
            }
        }
    }
    ledger.add(departures);
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

/// What hospitals still take of a category in an hour, the nearest first.
#[derive(Default)]
struct FreePlaces {
    hour: usize,
    site: usize,
    /// Places left at the site; `None` before it was asked.
    left: Option<u32>,
}

impl FreePlaces {
    /// The first site with a place in an hour, which is then taken. The hours never fall; `places` are those of a
    /// site in the hour.
    fn next(&mut self, hour: usize, sites: usize, places: impl Fn(usize) -> u32) -> Option<usize> {
        if self.hour != hour {
            *self = Self { hour, ..Self::default() };
        }
        while self.site < sites {
            let left = self.left.get_or_insert_with(|| places(self.site));
            if *left > 0 {
                *left -= 1;
                return Some(self.site);
            }
            self.site += 1;
            self.left = None;
        }
        None
    }
}

fn level(level: EmergencyLevel) -> usize {
    match level {
        EmergencyLevel::Minimum | EmergencyLevel::Basic => 0,
        EmergencyLevel::Extended => 1,
        EmergencyLevel::Comprehensive => 2,
    }
}

impl Allocation {
    fn bring(&mut self, hospital: HospitalId, triage: Triage, arrives: Seconds) {
        let is_known =
            |brought: &&mut Brought| brought.hospital == hospital && brought.triage == triage;
        if let Some(brought) = self.brought.iter_mut().find(is_known) {
            brought.patients += 1;
            brought.last_arrival = brought.last_arrival.max(arrives);
        } else {
            self.brought.push(Brought { hospital, triage, patients: 1, last_arrival: arrives });
        }
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
