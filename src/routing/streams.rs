//! Streams of cases and the departments that treat them.

use std::collections::HashMap;

use crate::demand::Cases;
use crate::model::{HospitalId, Requirement};
use crate::region::{PlaceId, Region};

/// Days of a year.
pub(super) const DAYS: f64 = 365.0;

/// Cases a year from one place to one hospital, all computed specialties together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaceFlow {
    /// Where they live.
    pub place: PlaceId,
    /// Where they are treated.
    pub hospital: HospitalId,
    /// Cases a year.
    pub cases: f64,
}

/// A department that treats a specialty.
pub(super) struct Site {
    pub(super) hospital: HospitalId,
    /// Position in the list of slots.
    pub(super) slot: usize,
    /// Beds of the department that its share of this specialty's bed days amounts to.
    pub(super) beds: Option<f64>,
}

/// One department with its beds, shared by all specialties that it treats.
pub(super) struct Slot {
    pub(super) hospital: HospitalId,
    pub(super) department: String,
    pub(super) beds: Option<u32>,
    /// Patients from beyond the places for each one from them.
    pub(super) beyond_per_case: f64,
}

/// One specialty or condition with the departments that treat it.
pub(super) struct Stream<'r> {
    pub(super) cases: &'r Cases,
    pub(super) sites: Vec<Site>,
}

/// What one stream sends.
#[derive(Default)]
pub(super) struct Sent {
    /// Cases by slot.
    pub(super) cases: Vec<f64>,
    /// Those of them that live inside, by slot.
    pub(super) inside: Vec<f64>,
    /// Cases that no hospital takes, by place.
    pub(super) leftovers: Vec<(PlaceId, f64)>,
    /// Cases times seconds of their journeys.
    pub(super) seconds: f64,
    /// By place and hospital, when asked for.
    pub(super) pairs: Vec<PlaceFlow>,
}

impl Sent {
    pub(super) fn new(slots: usize) -> Self {
        Self { cases: vec![0.0; slots], inside: vec![0.0; slots], ..Self::default() }
    }

    /// Adds what other places send; their pairs come behind.
    pub(super) fn add(&mut self, other: Self) {
        self.cases.iter_mut().zip(other.cases).for_each(|(sum, cases)| *sum += cases);
        self.inside.iter_mut().zip(other.inside).for_each(|(sum, cases)| *sum += cases);
        self.leftovers.extend(other.leftovers);
        self.seconds += other.seconds;
        self.pairs.extend(other.pairs);
    }
}

/// All streams with the slots that they share.
pub(super) struct Streams<'r> {
    pub(super) streams: Vec<Stream<'r>>,
    pub(super) slots: Vec<Slot>,
}

impl<'r> Streams<'r> {
    /// The departments that treat these cases, but for those of closed hospitals.
    pub(super) fn new(region: &Region, all: &[&'r Cases], closed: &[HospitalId]) -> Self {
        let mut found = Self { streams: Vec::with_capacity(all.len()), slots: Vec::new() };
        let mut known: HashMap<(HospitalId, String), usize> = HashMap::new();
        for cases in all {
            let mut sites = Vec::new();
            for (hospital, department) in treating(region, &cases.key) {
                if closed.contains(&hospital) {
                    continue;
                }
                let slots = &mut found.slots;
                let slot = *known.entry((hospital, department.clone())).or_insert_with(|| {
                    slots.push(slot(region, hospital, department.clone()));
                    slots.len() - 1
                });
                let share = share_of_department(region, hospital, &department, &cases.key);
                let beds = slots[slot].beds.map(|beds| f64::from(beds) * share);
                sites.push(Site { hospital, slot, beds });
            }
            found.streams.push(Stream { cases, sites });
        }
        found
    }
}

impl Stream<'_> {
    /// Slot of each hospital, by id.
    pub(super) fn slot_of_hospital(&self, hospitals: usize) -> Vec<Option<usize>> {
        let mut slots = vec![None; hospitals];
        for site in &self.sites {
            slots[site.hospital.index()] = Some(site.slot);
        }
        slots
    }
}

fn slot(region: &Region, hospital: HospitalId, department: String) -> Slot {
    let site = &region.network()[hospital];
    let beds = if department.is_empty() { site.beds } else { site.beds_of(&department) };
    Slot { hospital, department, beds, beyond_per_case: site.beyond_per_case() }
}

/// The hospitals that treat a specialty or condition, with the specialty of the department; that
/// is empty for a condition that asks for no specialty.
fn treating(region: &Region, key: &str) -> Vec<(HospitalId, String)> {
    let network = region.network();
    let condition = network.catalog().condition(key).map(|condition| &condition.requirement);
    let department = |(id, hospital)| match condition {
        None => network.treating_department(id, key).map(|own| (id, own.to_owned())),
        Some(requirement) if !requirement.is_met_by(hospital, network.catalog()) => None,
        Some(Requirement::Specialty(key)) => Some((id, key.clone())),
        Some(_) => Some((id, String::new())),
    };
    network.iter().filter_map(department).collect()
}

/// The share of a department's bed days that a specialty fills, by the rates of the whole
/// reference population: a broad department does not keep all of its beds for one of its
/// specialties.
fn share_of_department(region: &Region, hospital: HospitalId, department: &str, key: &str) -> f64 {
    let network = region.network();
    let days = |specialty: &str| {
        network.catalog().rate(specialty).map_or(0.0, |rate| rate.per_1000 * rate.stay_days)
    };
    if network.catalog().rate(key).is_none() {
        return 1.0; // a condition asks for the department as a whole
    }
    let rates = network.catalog().demand.rates.iter();
    let all: f64 = rates
        .filter(|rate| network.treating_department(hospital, &rate.specialty) == Some(department))
        .map(|rate| days(&rate.specialty))
        .sum();
    if all > 0.0 { days(key) / all } else { 1.0 }
}

/// Sorts the pairs from `first` on by place and hospital and adds up equal ones.
pub(super) fn add_up(pairs: &mut Vec<PlaceFlow>, first: usize) {
    let mut tail = pairs.split_off(first);
    tail.sort_by_key(|pair| (pair.place, pair.hospital)); // stable: sums keep their order
    for pair in tail {
        match pairs[first..].last_mut() {
            Some(last) if (last.place, last.hospital) == (pair.place, pair.hospital) => {
                last.cases += pair.cases;
            }
            _ => pairs.push(pair),
        }
    }
}
