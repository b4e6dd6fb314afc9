//! Streams of cases and the departments that treat them.

use std::collections::HashMap;

use serde::Serialize;

use crate::demand::Cases;
use crate::model::{HospitalId, Network, Requirement};
use crate::region::{PlaceId, Region};

/// Days of a year.
pub(super) const DAYS: f64 = 365.0;

/// Cases a year from one place to one hospital, all computed specialties together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
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
pub(super) struct CaseStream<'r> {
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
    pub(super) leftovers: Vec<LeftAt>,
    /// Cases times seconds of their journeys.
    pub(super) seconds: f64,
}

/// Cases of a place that no hospital takes.
#[derive(Clone, Copy)]
pub(super) struct LeftAt {
    pub(super) place: PlaceId,
    pub(super) cases: f64,
}

impl Sent {
    pub(super) fn new(slots: usize) -> Self {
        Self { cases: vec![0.0; slots], inside: vec![0.0; slots], ..Self::default() }
    }
}

/// What all streams send.
pub(super) struct SentByAll {
    /// In the order of streams.
    pub(super) by_stream: Vec<Sent>,
    /// By place and hospital, all streams together; empty unless asked for.
    pub(super) pairs: Vec<PlaceFlow>,
}

/// All streams with the slots that they share.
pub(super) struct CaseStreams<'r> {
    pub(super) streams: Vec<CaseStream<'r>>,
    pub(super) slots: Vec<Slot>,
}

impl<'r> CaseStreams<'r> {
    /// The departments that treat one specialty or condition, or every specialty where none is named, without
    /// those of closed hospitals.
    pub(super) fn of_region(
        region: &'r Region,
        only: Option<&'r Cases>,
        closed: &[HospitalId],
    ) -> Self {
        let specialties = &region.demand().specialties;
        let cases: Vec<&Cases> = match only {
            Some(cases) => vec![cases],
            None => specialties.iter().collect(),
        };
        let mut streams = Self { streams: Vec::with_capacity(cases.len()), slots: Vec::new() };
        let departments = Departments::new(region.network());
        // By department, not by specialty: one department treats several, in the same beds.
        let mut slots_known: HashMap<(HospitalId, &str), usize> = HashMap::new();
        for cases in cases {
            let mut sites = Vec::new();
            for (hospital, department) in departments.treating(&cases.key) {
                // A handful at most close together: a list is looked through faster than a set.
                if closed.contains(&hospital) {
                    continue;
                }
                let slots = &mut streams.slots;
                let slot = *slots_known.entry((hospital, department)).or_insert_with(|| {
                    slots.push(slot(region, hospital, department.to_owned()));
                    slots.len() - 1
                });
                // One department serves several specialties: each draws by its share of the beds.
                let share = departments.share_of(hospital, department, &cases.key);
                let beds = slots[slot].beds.map(|beds| f64::from(beds) * share);
                sites.push(Site { hospital, slot, beds });
            }
            streams.streams.push(CaseStream { cases, sites });
        }
        streams
    }
}

impl CaseStreams<'_> {
    /// Whether the beds of every department that treats any of the cases are known.
    pub(super) fn are_beds_known(&self) -> bool {
        for stream in &self.streams {
            if stream.sites.iter().any(|site| site.beds.is_none()) {
                return false;
            }
        }
        true
    }
}

fn slot(region: &Region, hospital: HospitalId, department: String) -> Slot {
    let site = &region.network()[hospital];
    // What asks for no specialty is treated by the hospital as a whole.
    let beds = if department.is_empty() { site.beds } else { site.beds_of(&department) };
    Slot { hospital, department, beds, beyond_per_case: site.beyond_per_case() }
}

/// The departments of a network that treat each rate of its catalog, with what share of a department's bed
/// days each one is.
struct Departments<'n> {
    network: &'n Network,
    /// By rate: cases by 1,000 times days.
    days: Vec<f64>,
    /// By hospital and rate: the specialty of the department.
    treating: Vec<Option<&'n str>>,
}

impl<'n> Departments<'n> {
    fn new(network: &'n Network) -> Self {
        let rates = &network.catalog().demand.rates;
        let mut days = Vec::with_capacity(rates.len());
        for rate in rates {
            days.push(rate.per_1000 * rate.stay_days);
        }
        // Once for all streams: a network looks for the broader specialty by name.
        let mut treating = Vec::with_capacity(network.hospitals().len() * rates.len());
        for id in network.ids() {
            for rate in rates {
                treating.push(network.treating_department(id, &rate.specialty));
            }
        }
        Self { network, days, treating }
    }

    /// The department of a hospital for each rate.
    fn of(&self, hospital: HospitalId) -> &[Option<&'n str>] {
        let rates = self.days.len();
        &self.treating[hospital.index() * rates..][..rates]
    }

    /// The share of a department's bed days that a specialty fills, by the rates of the whole reference
    /// population: a broad department does not keep all of its beds for one of its specialties.
    fn share_of(&self, hospital: HospitalId, department: &str, key: &str) -> f64 {
        let rates = &self.network.catalog().demand.rates;
        let Some(rate) = rates.iter().position(|rate| rate.specialty == key) else {
            return 1.0; // a condition asks for the department as a whole
        };
        let mut days_of_department = 0.0;
        for (treating, days) in self.of(hospital).iter().zip(&self.days) {
            if *treating == Some(department) {
                days_of_department += days;
            }
        }
        if days_of_department > 0.0 { self.days[rate] / days_of_department } else { 1.0 }
    }

    /// The hospitals that treat a specialty or condition, with the specialty of the department; that
    /// is empty for a condition that asks for no specialty.
    fn treating(&self, key: &str) -> Vec<(HospitalId, &'n str)> {
        let catalog = self.network.catalog();
        let mut treating = Vec::new();
        if let Some(condition) = catalog.condition(key) {
            let requirement = &condition.requirement;
            let department = match requirement {
                Requirement::Specialty(key) => key.as_str(),
                _ => "",
            };
            for (id, hospital) in self.network.iter() {
                if requirement.is_met_by(hospital, catalog) {
                    treating.push((id, department));
                }
            }
            return treating;
        }
        for id in self.network.ids() {
            if let Some(department) = self.network.treating_department(id, key) {
                treating.push((id, department));
            }
        }
        treating
    }
}

/// Sorts the pairs by place and hospital and adds up equal ones.
pub(super) fn add_up(pairs: &mut Vec<PlaceFlow>) {
    pairs.sort_by_key(|pair| (pair.place, pair.hospital)); // stable: sums keep their order
    pairs.dedup_by(|next, pair| {
        let is_same = (next.place, next.hospital) == (pair.place, pair.hospital);
        if is_same {
            pair.cases += next.cases;
        }
        is_same
    });
}
