//! Wards: departments and intensive care units with their beds.

use std::collections::{BTreeSet, HashMap};
use std::ops::{Index, Range};

use serde::Serialize;

use super::{Settings, SimulationError, WardId};
use crate::model::{EmergencyLevel, HospitalId};
use crate::region::Region;
use crate::routing::{ChoiceError, Flows};

/// The specialty, and the name, of intensive care units.
pub(super) const INTENSIVE_CARE: &str = "intensive_care";

/// The kind of facility that an intensive care unit is.
pub(super) const ICU: &str = "icu";

/// Where the number of a ward's beds comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BedSource {
    /// From the network, published.
    Published,
    /// From the network, marked as assumed there.
    NetworkAssumed,
    /// From the settings, because the network does not know them.
    SettingsAssumed,
}

/// A department, or an intensive care unit, with its beds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Ward {
    /// The hospital.
    pub hospital: HospitalId,
    /// Key of the department's specialty; `intensive_care` for the intensive care unit.
    pub specialty: String,
    /// Beds, staffed or not, 1 or more.
    pub beds: u32,
    /// Where that number comes from.
    pub source: BedSource,
}

impl Ward {
    /// Whether it is the intensive care unit.
    pub fn is_icu(&self) -> bool {
        self.specialty == INTENSIVE_CARE
    }
}

/// All wards of a region, hospital by hospital, as a run of these settings would have them; a fraction of the time that
/// a run is set up in.
///
/// # Errors
///
/// When the settings choose hospitals in a way that is not possible.
pub fn wards_of(region: &Region, settings: &Settings) -> Result<Vec<Ward>, SimulationError> {
    let problems = settings.check();
    if !problems.is_empty() {
        return Err(SimulationError::Problems(problems));
    }
    Ok(Wards::new(region, settings)?.list)
}

/// All wards of a region, hospital by hospital.
#[derive(Debug, Clone)]
pub(super) struct Wards {
    pub(super) list: Vec<Ward>,
    by_key: HashMap<(u32, String), WardId>,
    icu_of: Vec<Option<WardId>>,
    /// Departments without any bed, as "hospital: specialty": nobody is brought there.
    pub(super) without_beds: Vec<String>,
}

impl Wards {
    /// The ids of all wards, in their order.
    pub(super) fn ids(&self) -> impl ExactSizeIterator<Item = WardId> + use<> {
        (0..self.list.len() as u32).map(WardId)
    }

    pub(super) fn new(region: &Region, settings: &Settings) -> Result<Self, ChoiceError> {
        let network = region.network();
        let flows = Flows::of_region(region, settings.choice)?;
        let mut days: HashMap<(HospitalId, &str), f64> = HashMap::new();
        for load in &flows.loads {
            days.insert((load.hospital, load.department.as_str()), load.bed_days);
        }
        let mut wards = Self {
            list: Vec::new(),
            by_key: HashMap::new(),
            icu_of: vec![None; network.hospitals().len()],
            without_beds: Vec::new(),
        };
        let mut units = Vec::new();
        for (id, hospital) in network.iter() {
            if !hospital.kind.has_inpatients() {
                continue;
            }
            let first = wards.list.len();
            for specialty in departments(region, id) {
                let (beds, source) = match hospital.beds_of(specialty) {
                    Some(0) => {
                        wards.without_beds.push(format!("{}: {specialty}", hospital.key));
                        continue;
                    }
                    Some(beds) => {
                        let assumed = hospital.is_assumed(&format!("departments.{specialty}.beds"));
                        let source =
                            if assumed { BedSource::NetworkAssumed } else { BedSource::Published };
                        (beds, source)
                    }
                    None => {
                        // Laid out for the expected cases: more patients do not bring more beds.
                        let days = days.get(&(id, specialty)).copied().unwrap_or(0.0);
                        let beds = days / 365.0 / settings.unknown_beds_occupancy;
                        ((beds.ceil() as u32).max(1), BedSource::SettingsAssumed)
                    }
                };
                let specialty = specialty.to_owned();
                wards.list.push(Ward { hospital: id, specialty, beds, source });
            }
            // Behind the departments of its hospital, whose beds it takes.
            units.extend(wards.add_icu(region, id, first));
        }
        // After all others: a unit whose beds are unknown takes its share of what the others leave.
        wards.lay_out(&units, settings);
        for (position, ward) in wards.list.iter().enumerate() {
            wards.by_key.insert((ward.hospital.0, ward.specialty.clone()), WardId::at(position));
        }
        Ok(wards)
    }

    /// Gives every ward the beds that it has among these, which are of the same network. Which wards
    /// there are does not depend on settings and journeys.
    pub(super) fn keep_beds(&mut self, wards: &[Ward]) {
        debug_assert_eq!(self.list.len(), wards.len(), "wards of another network");
        for (ward, known) in self.list.iter_mut().zip(wards) {
            ward.beds = known.beds;
        }
    }

    /// Adds the intensive care unit of a hospital; what is to be known of it where the network does not
    /// know its beds.
    fn add_icu(&mut self, region: &Region, id: HospitalId, first: usize) -> Option<Unknown> {
        let hospital = &region.network()[id];
        let facility = hospital.facility(ICU);
        let department = hospital.beds_of(INTENSIVE_CARE).filter(|beds| *beds > 0);
        if facility.is_none() && department.is_none() {
            return None;
        }
        let count = facility.and_then(|facility| facility.count);
        let (beds, path) = match (department, count) {
            (Some(beds), _) => (beds, "departments.intensive_care.beds"),
            (None, Some(count)) => (count, "facilities.icu.count"),
            (None, None) => (NOT_YET, ""),
        };
        // 0 beds are known to be none; only unknown ones are laid out.
        if beds == 0 {
            self.without_beds.push(format!("{}: {INTENSIVE_CARE}", hospital.key));
            return None;
        }
        let source = match path {
            "" => BedSource::SettingsAssumed,
            path if hospital.is_assumed(path) => BedSource::NetworkAssumed,
            _ => BedSource::Published,
        };
        let departments = first..self.list.len();
        let unit = WardId::at(self.list.len());
        self.icu_of[id.index()] = Some(unit);
        self.list.push(Ward { hospital: id, specialty: INTENSIVE_CARE.to_owned(), beds, source });
        if path.is_empty() {
            let least = match hospital.emergency_level {
                Some(EmergencyLevel::Comprehensive) => 20,
                Some(EmergencyLevel::Extended) => 10,
                _ => 6,
            };
            return Some(Unknown { unit, departments, least });
        }
        if department.is_none() {
            self.take_beds(departments, beds);
        }
        None
    }

    /// Gives the units with an unknown number of beds what those with a known one leave of the
    /// network's, in proportion to the beds of their hospitals.
    fn lay_out(&mut self, units: &[Unknown], settings: &Settings) {
        let (mut total, mut in_units) = (0, 0);
        for ward in &self.list {
            if ward.is_icu() && ward.beds == NOT_YET {
                continue;
            }
            total += ward.beds;
            in_units += if ward.is_icu() { ward.beds } else { 0 };
        }
        let mut hospital_beds: Vec<u32> = Vec::with_capacity(units.len());
        for unit in units {
            let departments = &self.list[unit.departments.clone()];
            hospital_beds.push(beds_of(departments));
        }
        let left = (f64::from(total) * settings.icu_bed_share - f64::from(in_units)).max(0.0);
        let share = left / f64::from(hospital_beds.iter().sum::<u32>().max(1));

        for (unit, hospital_beds) in units.iter().zip(hospital_beds) {
            let derived = (f64::from(hospital_beds) * share).round() as u32;
            // The rule's least comes last: it holds for the smallest hospital, too.
            let beds = derived.min(hospital_beds / 4).max(unit.least);
            self.list[unit.unit.index()].beds = beds;
            self.take_beds(unit.departments.clone(), beds);
        }
    }

    /// Takes the beds of an intensive care unit from its hospital's departments, which share the
    /// hospital's beds among them; at most half of theirs.
    fn take_beds(&mut self, departments: Range<usize>, beds: u32) {
        let departments = &mut self.list[departments];
        let total = beds_of(departments);
        if total > 0 {
            // Half of the beds are left where the data say there are more in intensive care than in wards.
            take_from(departments, beds.min(total / 2));
        }
    }

    /// The ward of a department.
    pub(super) fn find(&self, hospital: HospitalId, specialty: &str) -> Option<WardId> {
        // No allocation would be nicer; this is asked while a model is built only.
        self.by_key.get(&(hospital.0, specialty.to_owned())).copied()
    }

    /// The ward that treats a specialty at a hospital.
    pub(super) fn treating(
        &self,
        region: &Region,
        hospital: HospitalId,
        specialty: &str,
    ) -> Option<WardId> {
        if specialty == INTENSIVE_CARE {
            return self.icu(hospital);
        }
        let department = region.network().treating_department(hospital, specialty)?;
        self.find(hospital, department)
    }

    /// The intensive care unit of a hospital.
    pub(super) fn icu(&self, hospital: HospitalId) -> Option<WardId> {
        self.icu_of[hospital.index()]
    }
}

impl Index<WardId> for Wards {
    type Output = Ward;

    fn index(&self, ward: WardId) -> &Ward {
        &self.list[ward.index()]
    }
}

/// The specialties of a hospital's departments with inpatients, intensive care aside, sorted.
fn departments(region: &Region, hospital: HospitalId) -> BTreeSet<&str> {
    let network = region.network();
    let mut specialties = BTreeSet::new();
    for rate in &network.catalog().demand.rates {
        specialties.extend(network.treating_department(hospital, &rate.specialty));
    }
    specialties.remove(INTENSIVE_CARE);
    specialties
}

/// Beds of a unit that are not laid out yet; no file has so many.
const NOT_YET: u32 = u32::MAX;

/// An intensive care unit with an unknown number of beds.
struct Unknown {
    unit: WardId,
    /// Positions of its hospital's departments among the wards.
    departments: Range<usize>,
    /// Least beds by the G-BA's rules on emergency structures at the hospital's level (§§ 10, 15, 20).
    least: u32,
}

/// Takes beds from wards in proportion to their beds, by largest remainders; each keeps one.
fn take_from(wards: &mut [Ward], beds: u32) {
    let total = beds_of(wards);
    let mut left = beds;
    let mut taken: Vec<u32> = Vec::with_capacity(wards.len());
    // What is left of each part, with the position of the ward.
    let mut rests: Vec<(f64, usize)> = Vec::with_capacity(wards.len());
    for (position, ward) in wards.iter().enumerate() {
        let part = f64::from(ward.beds) * f64::from(beds) / f64::from(total);
        taken.push(part.floor() as u32);
        left = left.saturating_sub(part.floor() as u32);
        rests.push((part - part.floor(), position));
    }
    // Stable: of equal rests, the first ward gives.
    rests.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (_, position) in rests {
        if left == 0 {
            break;
        }
        taken[position] += 1;
        left -= 1;
    }
    for (ward, taken) in wards.iter_mut().zip(taken) {
        ward.beds = ward.beds.saturating_sub(taken).max(1);
    }
}

fn beds_of(wards: &[Ward]) -> u32 {
    let mut beds = 0;
    for ward in wards {
        beds += ward.beds;
    }
    beds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beds_of_intensive_care_are_taken_in_proportion() {
        // 10 of 100 beds: 6, 3 and 1 of 60, 30 and 10.
        let ward = |beds| Ward {
            hospital: HospitalId(0, 0),
            specialty: String::new(),
            beds,
            source: BedSource::Published,
        };
        let mut wards = vec![ward(60), ward(30), ward(10)];
        take_from(&mut wards, 10);
        assert_eq!(wards.iter().map(|ward| ward.beds).collect::<Vec<_>>(), [54, 27, 9]);
        // A third of a bed each: the first one gives it.
        let mut wards = vec![ward(4), ward(4), ward(4)];
        take_from(&mut wards, 1);
        assert_eq!(wards.iter().map(|ward| ward.beds).collect::<Vec<_>>(), [3, 4, 4]);
    }
}
