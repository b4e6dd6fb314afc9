//! Expected cases of hospitals and departments, before and after.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::region::Region;
use crate::routing::{Choice, ChoiceError, Flows, HospitalLoad, LoadChange};

/// The expected cases of a hospital before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HospitalChange {
    /// Key of the hospital.
    pub hospital: String,
    /// Whether it is outside of the region.
    pub is_outside: bool,
    /// Its loads; `None` where it does not exist.
    pub load: LoadChange,
}

/// The expected cases of a department before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DepartmentChange {
    /// Key of the hospital.
    pub hospital: String,
    /// Key of the specialty; empty for cases of a condition that asks for none.
    pub specialty: String,
    /// Whether the hospital is outside of the region.
    pub is_outside: bool,
    /// Its loads; `None` where it does not exist.
    pub load: LoadChange,
}

/// Expected cases a year that no hospital takes, before and after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct LeftoverChange {
    /// Before.
    pub before: f64,
    /// After.
    pub after: f64,
}

impl LeftoverChange {
    /// Cases a year that are left over after and were not before; below 0 where more find a hospital.
    pub fn more_cases(&self) -> f64 {
        self.after - self.before
    }
}

/// The loads of all hospitals and departments by key, and the cases that none takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Loads {
    hospitals: BTreeMap<String, HospitalLoad>,
    /// By the keys of hospital and specialty.
    departments: BTreeMap<(String, String), HospitalLoad>,
    /// Hospitals outside of the region.
    outside: BTreeSet<String>,
    pub(super) leftover: f64,
}

impl Loads {
    pub(super) fn of(region: &Region, choice: Choice) -> Result<Self, ChoiceError> {
        let flows = Flows::of_region(region, choice)?;
        let network = region.network();
        let mut loads = Self {
            hospitals: BTreeMap::new(),
            departments: BTreeMap::new(),
            outside: BTreeSet::new(),
            leftover: flows.leftover(),
        };
        // By key: a hospital has another id in the other region.
        let of_hospitals = flows.hospital_loads(network.hospitals().len());
        for (hospital, load) in network.hospitals().iter().zip(of_hospitals) {
            loads.hospitals.insert(hospital.key.clone(), load);
            if hospital.outside {
                loads.outside.insert(hospital.key.clone());
            }
        }
        for load in &flows.loads {
            let key = (network[load.hospital].key.clone(), load.department.clone());
            loads.departments.insert(key, HospitalLoad::from(load));
        }
        Ok(loads)
    }

    pub(super) fn hospitals(&self, after: &Self) -> Vec<HospitalChange> {
        let mut changes = Vec::new();
        for (hospital, load) in load_changes(&self.hospitals, &after.hospitals) {
            let is_outside = self.is_outside(after, &hospital);
            changes.push(HospitalChange { hospital, is_outside, load });
        }
        changes
    }

    pub(super) fn departments(&self, after: &Self) -> Vec<DepartmentChange> {
        let mut changes = Vec::new();
        for ((hospital, specialty), load) in load_changes(&self.departments, &after.departments) {
            let is_outside = self.is_outside(after, &hospital);
            changes.push(DepartmentChange { hospital, specialty, is_outside, load });
        }
        changes
    }

    fn is_outside(&self, after: &Self, hospital: &str) -> bool {
        // One that opens or closes is known to one of them only.
        self.outside.contains(hospital) || after.outside.contains(hospital)
    }
}

/// Those with a case a year more or fewer, or an overload that is new or grows: the largest change of cases
/// first, ties by key.
fn load_changes<K: Ord + Clone>(
    before: &BTreeMap<K, HospitalLoad>,
    after: &BTreeMap<K, HospitalLoad>,
) -> Vec<(K, LoadChange)> {
    let mut keys: BTreeSet<&K> = before.keys().collect();
    keys.extend(after.keys());
    let mut changes = Vec::new();
    for key in keys {
        let load = LoadChange { before: before.get(key).copied(), after: after.get(key).copied() };
        // Models of choice move fractions of a case everywhere: less than one a year is no news.
        let is_large = load.more_cases().abs() >= 1.0;
        if is_large || load.is_newly_overfull() || load.is_overfull_and_fuller() {
            changes.push((key.clone(), load));
        }
    }
    // Stable: ties stay in the order of their keys.
    changes.sort_by(|(_, a), (_, b)| b.more_cases().abs().total_cmp(&a.more_cases().abs()));
    changes
}
