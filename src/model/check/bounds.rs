//! What numbers may be: bounds that no hospital, catalog or country comes near, so that what is beyond
//! them is a slip of the hand and not a region.

use super::Checker;
use crate::model::location::Fault;
use crate::model::{
    Alliance, Catalog, CooperationKind, Department, Facility, Hospital, MOST_FROM_BEYOND, Measure,
    Network, PopulationGroup, Published,
};
use crate::problem::ProblemKind;
use crate::units::grouped;

/// Most beds, or day places, of a hospital or a department: the largest hospitals have about 10,000.
pub(crate) const MOST_BEDS: u32 = 20_000;
/// Most beds of a network: all hospitals of the Earth have about 30 million, Europe's 3 million.
const MOST_BEDS_IN_ALL: u64 = 10_000_000;
/// Most of a facility at a hospital.
const MOST_UNITS: u32 = 20_000;
/// Most members of an alliance.
const MOST_MEMBERS: u32 = 1_000_000;
/// Least and greatest mean stay, in days: ten minutes, and ten years.
const STAYS: (f64, f64) = (0.007, 3_650.0);
/// Greatest rate: ten cases a year for everybody.
const MOST_CASES: f64 = 10_000.0;
/// Greatest index by age.
const MOST_INDEX: f64 = 1_000.0;
/// Most people of one sex in a band of the reference population.
const MOST_REFERENCE: u32 = 1_000_000_000;
/// Most entries of a list of the catalog.
const MOST_ENTRIES: usize = 1_000;
/// Most hospitals, and most cooperations, of a network.
const MOST_SITES: usize = 100_000;
/// Most departments, and most facilities, of a hospital.
const MOST_PARTS_OF_SITE: usize = 1_000;
/// Most partners of a cooperation, or members of an alliance, that are named.
const MOST_PARTNERS: usize = 5_000;

/// A number as a message says it: one of many digits with its power of ten.
pub(crate) fn shown(number: f64) -> String {
    // Written out, 1e300 has 300 zeros.
    let size = number.abs();
    if number.is_finite() && (size >= 1e15 || (size > 0.0 && size < 1e-6)) {
        format!("{number:e}")
    } else {
        number.to_string()
    }
}

impl Checker<'_> {
    /// A number that must lie within bounds, both inclusive.
    pub(crate) fn within(&mut self, path: &str, number: f64, bounds: (f64, f64), unit: &str) {
        let (least, most) = bounds;
        // A number that is none lies in no range, so that it is a fault, too.
        if (least..=most).contains(&number) {
            return;
        }
        let message = said!("{shown} is out of range", shown = shown(number));
        let expected = format!("{least} to {most}{unit}");
        self.fault(path, Fault::new(ProblemKind::Range, message).expected(expected));
    }

    /// A whole number of which there may be so many.
    pub(crate) fn at_most(&mut self, path: &str, count: Option<u32>, most: u32, unit: &str) {
        let Some(count) = count.filter(|count| *count > most) else { return };
        let message = said!("{count} is out of range", count = grouped(count.into()));
        let expected = said!("at most {most}{unit}", most = grouped(most.into()), unit);
        self.fault(path, Fault::new(ProblemKind::Range, message).expected(expected));
    }

    /// Whether a list has no more entries than it may have; else that is a fault.
    fn is_short(&mut self, path: &str, what: &str, length: usize, most: usize) -> bool {
        // The rest of the checks takes time by the square of some lists.
        if length <= most {
            return true;
        }
        let message = format!("{} {what}", grouped(length as u64));
        let expected = said!("at most {most}", most = grouped(most as u64));
        self.fault(path, Fault::new(ProblemKind::Range, message).expected(expected));
        false
    }

    /// People of an age: the oldest are not younger than the youngest.
    pub(crate) fn group(&mut self, group: &PopulationGroup) {
        if group.to.is_some_and(|to| to < group.from) {
            let fault = Fault::new(ProblemKind::Order, "the group ends before it starts");
            self.fault("population.to", fault);
        }
    }
}

/// Whether the lists of a network and of its catalog are short enough to be looked through; where one is
/// not, nothing else is checked.
pub(crate) fn are_lists_short(network: &Network, checker: &mut Checker<'_>) -> bool {
    let catalog = &network.catalog;
    let demand = &catalog.demand;
    let mut is_short = true;
    for (what, length, most) in [
        ("specialties", catalog.specialties.len(), MOST_ENTRIES),
        ("fields", catalog.fields.len(), MOST_ENTRIES),
        ("facilities", catalog.facilities.len(), MOST_ENTRIES),
        ("standards", catalog.standards.len(), MOST_ENTRIES),
        ("rates", demand.rates.len(), MOST_ENTRIES),
        ("conditions", demand.conditions.len(), MOST_ENTRIES),
        ("pathways", catalog.pathways.len(), MOST_ENTRIES),
        ("service_groups", catalog.service_groups.groups.len(), MOST_ENTRIES),
        ("offers", catalog.group_assumptions.offers.len(), MOST_ENTRIES),
        ("provisions", catalog.supplement.provisions.len(), MOST_ENTRIES),
        ("services", catalog.minimum_volumes.services.len(), MOST_ENTRIES),
        ("reference_population", demand.reference_population.len(), MOST_ENTRIES),
        ("age_index", demand.age_index.len(), MOST_ENTRIES),
        ("hospitals", network.hospitals.len(), MOST_SITES),
        ("cooperations", network.cooperations.len(), MOST_SITES),
        ("alliances", network.alliances.len(), MOST_SITES),
    ] {
        is_short &= checker.is_short(what, what, length, most);
    }
    is_short
}

/// Whether the lists of a hospital are short enough to be looked through.
pub(crate) fn are_parts_few(hospital: &Hospital, checker: &mut Checker<'_>) -> bool {
    let mut are_few = true;
    for (list, length) in
        [("departments", hospital.departments.len()), ("facilities", hospital.facilities.len())]
    {
        are_few &= checker.is_short(list, list, length, MOST_PARTS_OF_SITE);
    }
    are_few
}

/// Whether a conversion names few enough departments.
pub(crate) fn are_departments_few(count: usize, checker: &mut Checker<'_>) -> bool {
    checker.is_short("departments", "departments", count, MOST_PARTS_OF_SITE)
}

/// Whether a cooperation or an alliance names few enough hospitals.
pub(crate) fn are_partners_few(path: &str, count: usize, checker: &mut Checker<'_>) -> bool {
    checker.is_short(path, "hospitals", count, MOST_PARTNERS)
}

pub(crate) fn check_hospital_bounds(hospital: &Hospital, checker: &mut Checker<'_>) {
    checker.at_most("beds", hospital.beds, MOST_BEDS, " beds");
    checker.at_most("day_places", hospital.day_places, MOST_BEDS, " day places");
    if let Some(share) = hospital.staffed_share {
        checker.within("staffed_share", share, (0.2, 1.0), "");
    }
    if let Some(share) = hospital.from_beyond {
        checker.within("from_beyond", share, (0.0, MOST_FROM_BEYOND), "");
    }
    for (index, department) in hospital.departments.iter().enumerate() {
        check_department_bounds(&format!("departments[{index}]"), department, checker);
    }
    for (index, facility) in hospital.facilities.iter().enumerate() {
        check_facility_bounds(&format!("facilities[{index}]"), facility, checker);
    }
}

pub(crate) fn check_department_bounds(
    path: &str,
    department: &Department,
    checker: &mut Checker<'_>,
) {
    checker.at_most(&format!("{path}.beds"), department.beds, MOST_BEDS, " beds");
    let places = format!("{path}.day_places");
    checker.at_most(&places, department.day_places, MOST_BEDS, " day places");
}

pub(crate) fn check_facility_bounds(path: &str, facility: &Facility, checker: &mut Checker<'_>) {
    checker.at_most(&format!("{path}.count"), facility.count, MOST_UNITS, "");
}

/// All hospitals together have no more beds than so many.
pub(crate) fn check_beds_in_all(network: &Network, checker: &mut Checker<'_>) {
    let mut beds: u64 = 0;
    for hospital in &network.hospitals {
        let mut in_departments = 0;
        for department in &hospital.departments {
            in_departments += u64::from(department.beds.unwrap_or(0));
        }

        // The number of the hospital counts where there is one: it may hold beds that no department has.
        beds += hospital.beds.map_or(in_departments, u64::from);
    }
    if beds > MOST_BEDS_IN_ALL {
        let message = said!("{beds} beds in all", beds = grouped(beds));
        let expected =
            said!("at most {most_beds_in_all}", most_beds_in_all = grouped(MOST_BEDS_IN_ALL));
        checker.fault("hospitals", Fault::new(ProblemKind::Range, message).expected(expected));
    }
}

pub(crate) fn check_term_bounds(kind: &CooperationKind, path: &str, checker: &mut Checker<'_>) {
    let (name, share) = match kind {
        CooperationKind::Transfer { acceptance, .. } => ("acceptance", acceptance),
        CooperationKind::SharedBeds { pooled_share } => ("pooled_share", pooled_share),
        CooperationKind::Recruitment { staffed_share_gain } => {
            ("staffed_share_gain", staffed_share_gain)
        }
        _ => return,
    };
    if let Some(share) = share
        && !(0.0..=1.0).contains(share)
    {
        let message = said!("{shown} is out of range", shown = shown(*share));
        let fault = Fault::new(ProblemKind::Range, message).expected("a share from 0 to 1");
        checker.fault(&format!("{path}.{name}"), fault);
    }
}

pub(crate) fn check_alliance_bounds(alliance: &Alliance, checker: &mut Checker<'_>) {
    checker.at_most("total_members", alliance.total_members, MOST_MEMBERS, " members");
}

pub(crate) fn check_published_bounds(figure: &Published, checker: &mut Checker<'_>) {
    let (most, unit) = match figure.measure {
        Measure::CasesPer1000 => (MOST_CASES, " cases"),
        // More than 1 is possible: patients may lie in more beds than are counted.
        Measure::Occupancy => (10.0, ", 1 being all beds"),
        Measure::ShareWithin | Measure::ShareSooner | Measure::ShareHandedOn => {
            (1.0, ", as a share")
        }
    };
    checker.within("value", figure.value, (0.0, most), unit);
}

/// Rates, stays and indices are numbers that a region can have.
pub(crate) fn check_demand_bounds(catalog: &Catalog, checker: &mut Checker<'_>) {
    let demand = &catalog.demand;
    // A catalog without demand leaves the factor at whatever it was made with.
    let is_used = !(demand.rates.is_empty() && demand.conditions.is_empty());
    if is_used {
        checker.within("stay_factor", demand.stay_factor, (0.1, 10.0), "");
    }
    for (index, band) in demand.reference_population.iter().enumerate() {
        for (name, people) in [("female", band.female), ("male", band.male)] {
            let path = format!("reference_population[{index}].{name}");
            checker.at_most(&path, Some(people), MOST_REFERENCE, " people");
        }
    }
    for (index, band) in demand.age_index.iter().enumerate() {
        let path = format!("age_index[{index}].index");
        checker.within(&path, band.index, (0.0, MOST_INDEX), "");
    }
    // Rates are spread by the index: of nothing there are no shares.
    let has_index = demand.age_index.iter().any(|band| band.index > 0.0);
    if !demand.age_index.is_empty() && !has_index {
        let fault = Fault::new(ProblemKind::Range, "every index is 0: nobody would fall ill");
        checker.fault("age_index", fault.expected("a number above 0 for some age"));
    }
}

/// The numbers of a rate, or of a tracer condition.
pub(crate) fn check_rate_bounds(
    per_1000: f64,
    stay_days: f64,
    group: &PopulationGroup,
    checker: &mut Checker<'_>,
) {
    checker.within("per_1000", per_1000, (0.0, MOST_CASES), " cases a year per 1,000 people");
    let (least, most) = STAYS;
    if !(least..=most).contains(&stay_days) {
        let message = said!("a mean stay of {shown} days", shown = shown(stay_days));
        let fault = Fault::new(ProblemKind::Range, message);
        checker.fault("stay_days", fault.expected("0.007 days (10 minutes) to 3,650 days"));
    }
    checker.group(group);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_short_and_with_separators() {
        assert_eq!(shown(1e300), "1e300");
        assert_eq!(shown(f64::NAN), "NaN");
        assert_eq!(shown(0.25), "0.25");
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(50_000_000_000), "50,000,000,000");
    }
}
