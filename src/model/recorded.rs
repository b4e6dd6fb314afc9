//! Which kinds of things the data of a network have at all.

use std::collections::BTreeSet;

use crate::model::Hospital;

/// Which kinds of things the data of a network have, on whatever day.
///
/// What one hospital has and another has not is a fact about the other one. What no hospital of the
/// data has may be missing from the data only, so that nobody can say who has it: see
/// [`Answer`](super::Answer) for the rule. A network keeps this from the file that it was read from:
/// the day on which the last stroke unit closes does not make stroke units unknown.
///
/// ```
/// use verbund::files::Folder;
///
/// let network = Folder::small().read()?.network;
/// assert!(network.recorded().has_facility("icu")); // at `north`
/// assert!(!network.recorded().has_facility("helipad")); // nobody can say who has one
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    specialties: BTreeSet<String>,
    facilities: BTreeSet<String>,
    has_care_levels: bool,
    has_emergency_levels: bool,
    /// Keys of hospitals with inpatients of which the data have no department at all.
    without_departments: BTreeSet<String>,
}

impl Recorded {
    /// What these hospitals have, beside what was known before.
    pub(crate) fn and(mut self, hospitals: &[Hospital]) -> Self {
        for hospital in hospitals {
            // Sites without inpatients meet no requirement, so that theirs says nothing about the data.
            if !hospital.kind.has_inpatients() {
                continue;
            }
            for department in &hospital.departments {
                if department.is_inpatient() {
                    self.specialties.insert(department.specialty.clone());
                }
            }
            for facility in &hospital.facilities {
                self.facilities.insert(facility.kind.clone());
            }
            self.has_care_levels |= hospital.care_level.is_some();
            self.has_emergency_levels |= hospital.emergency_level.is_some();
        }
        self
    }

    /// The same for the hospitals of a file or of a program: those without any department are noted.
    pub(crate) fn of(hospitals: &[Hospital]) -> Self {
        let mut recorded = Self::default();
        for hospital in hospitals {
            if hospital.kind.has_inpatients() && hospital.departments.is_empty() {
                recorded.without_departments.insert(hospital.key.clone());
            }
        }
        recorded.and(hospitals)
    }

    /// Whether any hospital has an inpatient department of exactly this specialty.
    pub fn has_specialty(&self, specialty: &str) -> bool {
        self.specialties.contains(specialty)
    }

    /// Whether any hospital has a facility of this kind, in whatever grade.
    pub fn has_facility(&self, kind: &str) -> bool {
        self.facilities.contains(kind)
    }

    /// Whether the level of care of any hospital is stated.
    pub fn has_care_levels(&self) -> bool {
        self.has_care_levels
    }

    /// Whether the emergency stage of any hospital is stated.
    pub fn has_emergency_levels(&self) -> bool {
        self.has_emergency_levels
    }

    /// Whether the data have no department at all of a hospital that has inpatients.
    pub fn is_without_departments(&self, hospital: &Hospital) -> bool {
        hospital.departments.is_empty() && self.without_departments.contains(&hospital.key)
    }
}
