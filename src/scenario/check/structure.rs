//! What must hold in a change of structure by itself. Whether it can follow the changes before it shows
//! when they are tried in their order.

use std::collections::BTreeSet;

use super::base::{Base, check_department, check_hospital_key, check_keys, check_specialty};
use super::factors::MOST_FACTOR;
use crate::model::check::bounds::{MOST_BEDS, shown};
use crate::model::check::{
    Checker, Sites, bounds, check_cooperation, check_grade, check_hospital, far,
};
use crate::model::location::Fault;
use crate::model::{Cooperation, DemandScale, Department, DepartmentKind, Facility, Hospital};
use crate::problem::ProblemKind;
use crate::scenario::{
    Change, Conversion, CooperationChange, DepartmentMove, Membership, NewHours, PopulationTable,
};

pub(super) fn check_structure(change: &Change, base: &Base<'_>, checker: &mut Checker<'_>) {
    let mut hospital = |key: &str| check_hospital_key("hospital", key, base, checker);
    match change {
        Change::CloseHospital(key) => check_closed(key, base, checker),
        Change::OpenHospital(one) => check_opened(one, base, checker),
        Change::AddDepartment(new) => {
            hospital(&new.hospital);
            check_new_department("department", &new.department, base, checker);
        }
        Change::MoveDepartment(one) => check_move(one, base, checker),
        Change::ResizeDepartment(size) => {
            check_department(&size.key(), base, checker);
            if size.beds == 0 {
                let fault = Fault::new(ProblemKind::Range, "a department of 0 beds");
                checker.fault("beds", fault.expected("1 or more; CloseDepartment closes it"));
            }
            checker.at_most("beds", Some(size.beds), MOST_BEDS, " beds");
        }
        Change::ResizeHospital(size) => {
            hospital(&size.hospital);
            checker.at_most("beds", Some(size.beds), MOST_BEDS, " beds");
        }
        Change::SetCareLevel(new) => hospital(&new.hospital),
        Change::SetEmergencyLevel(new) => hospital(&new.hospital),
        Change::SetFacility(new) => {
            hospital(&new.hospital);
            check_facility(&new.facility, base, checker);
        }
        Change::CloseFacility(key) => {
            hospital(&key.hospital);
            check_kind("kind", &key.kind, base, checker);
        }
        Change::SetHours(new) => check_hours(new, base, checker),
        Change::SetStaffedShare(new) => {
            hospital(&new.hospital);
            if !(0.2..=1.0).contains(&new.share) {
                let message = format!("{} is out of range", shown(new.share));
                let fault = Fault::new(ProblemKind::Range, message);
                checker.fault("share", fault.expected("a share from 0.2 to 1"));
            }
        }
        Change::SetOperator(new) => {
            hospital(&new.hospital);
            if new.operator.trim().is_empty() {
                checker.fault("operator", Fault::new(ProblemKind::Missing, "is empty"));
            }
        }
        Change::MergeHospitals(merger) => {
            check_hospital_key("from", &merger.from, base, checker);
            check_hospital_key("into", &merger.into, base, checker);
            check_two(("into", &merger.from, &merger.into), "merges with", checker);
        }
        Change::ConvertHospital(conversion) => check_conversion(conversion, base, checker),
        Change::ChangeCooperation(one) => check_other_terms(one, base, checker),
        Change::JoinAlliance(membership) | Change::LeaveAlliance(membership) => {
            check_membership(membership, base, checker);
        }
        Change::ScaleDemand(scale) => check_scale(scale, base, checker),
        Change::SetPopulation(table) => check_population(table, base, checker),
        _ => {}
    }
}

fn check_closed(key: &str, base: &Base<'_>, checker: &mut Checker<'_>) {
    if base.hospitals.contains(key) {
        return;
    }
    let within = std::mem::take(&mut checker.within);
    checker.unknown("change", "hospital", key, base.hospitals.iter().copied());
    checker.within = within;
}

/// Two hospitals that must not be the same.
fn check_two((path, one, other): (&str, &str, &str), what: &str, checker: &mut Checker<'_>) {
    if one == other {
        let message = format!("hospital \"{one}\" {what} itself");
        let fault = Fault::new(ProblemKind::Conflict, message);
        checker.fault(path, fault.expected("another hospital"));
    }
}

/// What opens or is added has no dates of its own: the change says when.
fn check_undated(dates: &[(String, bool)], checker: &mut Checker<'_>) {
    for (path, _) in dates.iter().filter(|(_, is_there)| *is_there) {
        let message = "what a scenario opens has no dates of its own";
        let fault = Fault::new(ProblemKind::Conflict, message);
        checker.fault(path, fault.expected("on and until of the change"));
    }
}

fn check_opened(hospital: &Hospital, base: &Base<'_>, checker: &mut Checker<'_>) {
    checker.word(&hospital.key);
    let find = |key: &str| base.find(key);
    let sites = Sites { keys: &base.hospitals, find: &find };
    check_hospital(&base.everything, hospital, sites, checker);
    if let Some((far, nearest)) = base.far(hospital.position) {
        checker.fault("position", far::fault(&far, &format!("place (\"{nearest}\")")));
    }
    let mut dates = vec![
        ("opened".to_owned(), hospital.opened.is_some()),
        ("closed".to_owned(), hospital.closed.is_some()),
        ("former_operators".to_owned(), !hospital.former_operators.is_empty()),
    ];
    for (at, one) in hospital.departments.iter().enumerate() {
        dates.push((format!("departments[{at}].opened"), one.opened.is_some()));
        dates.push((format!("departments[{at}].closed"), one.closed.is_some()));
    }
    for (at, one) in hospital.facilities.iter().enumerate() {
        dates.push((format!("facilities[{at}].opened"), one.opened.is_some()));
        dates.push((format!("facilities[{at}].closed"), one.closed.is_some()));
    }
    check_undated(&dates, checker);
}

fn check_new_department(
    path: &str,
    department: &Department,
    base: &Base<'_>,
    checker: &mut Checker<'_>,
) {
    check_specialty(&format!("{path}.specialty"), &department.specialty, base, checker);
    bounds::check_department_bounds(path, department, checker);
    if department.kind == DepartmentKind::Day && department.beds.is_some() {
        let message = "a day department has day places, not beds";
        checker.fault(&format!("{path}.beds"), Fault::new(ProblemKind::Conflict, message));
    }
    let dates = [
        (format!("{path}.opened"), department.opened.is_some()),
        (format!("{path}.closed"), department.closed.is_some()),
    ];
    check_undated(&dates, checker);
}

fn check_move(one: &DepartmentMove, base: &Base<'_>, checker: &mut Checker<'_>) {
    check_specialty("specialty", &one.specialty, base, checker);
    check_hospital_key("from", &one.from, base, checker);
    check_hospital_key("to", &one.to, base, checker);
    check_two(("to", &one.from, &one.to), "moves a department to", checker);
    checker.at_most("beds", one.beds, MOST_BEDS, " beds");
}

fn check_kind(path: &str, kind: &str, base: &Base<'_>, checker: &mut Checker<'_>) {
    let catalog = &base.network.catalog;
    if catalog.facility(kind).is_none() {
        let known = catalog.facilities.iter().map(|one| one.key.as_str());
        checker.unknown(path, "facility", kind, known);
    }
}

fn check_facility(facility: &Facility, base: &Base<'_>, checker: &mut Checker<'_>) {
    check_kind("facility.kind", &facility.kind, base, checker);
    bounds::check_facility_bounds("facility", facility, checker);
    if let (Some(kind), Some(grade)) =
        (base.network.catalog.facility(&facility.kind), &facility.grade)
    {
        check_grade(kind, grade, "facility.grade", checker);
    }
    let dates = [
        ("facility.opened".to_owned(), facility.opened.is_some()),
        ("facility.closed".to_owned(), facility.closed.is_some()),
    ];
    check_undated(&dates, checker);
}

fn check_hours(new: &NewHours, base: &Base<'_>, checker: &mut Checker<'_>) {
    check_hospital_key("hospital", &new.hospital, base, checker);
    if new.specialty.is_some() == new.facility.is_some() {
        let message = "hours are of one department or of one facility";
        let fault = Fault::new(ProblemKind::Conflict, message);
        checker.fault("hours", fault.expected("either specialty or facility"));
    }
    if let Some(specialty) = &new.specialty {
        check_specialty("specialty", specialty, base, checker);
    }
    if let Some(kind) = &new.facility {
        check_kind("facility", kind, base, checker);
    }
}

fn check_conversion(conversion: &Conversion, base: &Base<'_>, checker: &mut Checker<'_>) {
    check_hospital_key("hospital", &conversion.hospital, base, checker);
    if !bounds::are_departments_few(conversion.departments.len(), checker) {
        return;
    }
    let mut seen = BTreeSet::new();
    for (at, department) in conversion.departments.iter().enumerate() {
        let path = format!("departments[{at}]");
        check_new_department(&path, department, base, checker);
        if !seen.insert((&department.specialty, department.kind)) {
            let message = format!("a second department \"{}\"", department.specialty);
            checker.duplicate(&path, message);
        }
    }
    let known = base.network.catalog.facilities.iter().map(|one| one.key.as_str()).collect();
    check_keys(("facilities", "facility"), &conversion.facilities, &known, checker);
}

/// The cooperation as it would be has no fault.
fn check_other_terms(change: &CooperationChange, base: &Base<'_>, checker: &mut Checker<'_>) {
    if !base.known_cooperations.contains(change.key.as_str()) {
        let known = base.known_cooperations.iter().copied();
        checker.unknown("id", "cooperation", &change.key, known);
        return;
    }
    let is_something = change.kind.is_some()
        || change.parties.is_some()
        || change.fields.is_some()
        || change.hours.is_some();
    if !is_something {
        let fault = Fault::new(ProblemKind::Missing, "nothing of the cooperation changes");
        checker.fault("id", fault.expected("kind, partners, from and to, fields or hours"));
    }
    let all = base.network.cooperations.iter();
    // One that the scenario starts is checked there; what changes of it is checked here.
    let Some(own) = all.into_iter().find(|one| one.key == change.key) else { return };
    let changed: Cooperation = change.applied_to(own);
    let find = |key: &str| base.find(key);
    let sites = Sites { keys: &base.hospitals, find: &find };
    check_cooperation(&base.everything, &changed, sites, checker);
}

fn check_membership(membership: &Membership, base: &Base<'_>, checker: &mut Checker<'_>) {
    check_hospital_key("hospital", &membership.hospital, base, checker);
    let known = || base.network.alliances.iter().map(|one| one.key.as_str());
    if !known().any(|key| key == membership.alliance) {
        checker.unknown("alliance", "alliance", &membership.alliance, known());
    }
}

fn check_scale(scale: &DemandScale, base: &Base<'_>, checker: &mut Checker<'_>) {
    if !(0.0..=MOST_FACTOR).contains(&scale.factor) {
        let message = format!("{} is out of range", shown(scale.factor));
        let fault = Fault::new(ProblemKind::Range, message);
        checker.fault("factor", fault.expected(format!("a factor from 0 to {MOST_FACTOR}")));
    } else if scale.factor == 1.0 {
        let fault = Fault::new(ProblemKind::Range, "a factor of 1 changes nothing");
        checker.fault("factor", fault.expected("another factor"));
    }
    let group = &scale.population;
    if group.to.is_some_and(|to| to < group.from) {
        let fault = Fault::new(ProblemKind::Order, "the group ends before it starts");
        checker.fault("population.to", fault);
    }
    check_keys(("districts", "district"), &scale.districts, base.districts(), checker);
}

/// A table has the places of the network, where they are, and no others.
fn check_population(table: &PopulationTable, base: &Base<'_>, checker: &mut Checker<'_>) {
    let own = &base.all_places.places;
    let find = |key: &str| table.places.places.binary_search_by(|one| one.key.as_str().cmp(key));
    for place in own {
        let Ok(at) = find(&place.key) else {
            let message = format!("{} has no place \"{}\"", table.table, place.key);
            let fault = Fault::new(ProblemKind::Missing, message);
            checker.fault("table", fault.expected("a row for every place of the network"));
            continue;
        };
        let other = &table.places.places[at];
        for (column, is_same) in [
            ("lat and lon", other.position == place.position),
            ("district", other.district == place.district),
            ("area_km2", other.area_km2 == place.area_km2),
            ("outside", other.outside == place.outside),
        ] {
            if !is_same {
                let message = format!("{column} of \"{}\" in {} differs", place.key, table.table);
                let fault = Fault::new(ProblemKind::Conflict, message);
                checker.fault("table", fault.expected("only other people than in the network"));
            }
        }
    }
    for place in &table.places.places {
        if own.binary_search_by(|one| one.key.cmp(&place.key)).is_err() {
            let message = format!("{}: unknown place \"{}\"", table.table, place.key);
            let mut fault = Fault::new(ProblemKind::Unknown, message)
                .expected("the key of a place of the network");
            let known = own.iter().map(|one| one.key.as_str());
            fault.closest = checker.suggestions.closest("place", &place.key, known);
            checker.fault("table", fault);
        }
    }
}
