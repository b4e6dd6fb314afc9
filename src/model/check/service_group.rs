//! What must hold in the table of service groups and in what is assumed about it.

use std::collections::BTreeSet;

use super::{Checker, check_requirement};
use crate::model::location::{Entity, Fault};
use crate::model::{COOPERATION_KINDS, Catalog, GroupTerms, IntensiveGrade, ServiceGroup};
use crate::problem::ProblemKind;

/// Appends every fault of the table and of the assumptions.
pub(crate) fn check_service_groups(catalog: &Catalog, checker: &mut Checker<'_>) {
    let table = &catalog.service_groups;
    let known: BTreeSet<u8> = table.groups.iter().map(|group| group.number).collect();
    let mut seen = BTreeSet::new();
    for (index, group) in table.groups.iter().enumerate() {
        checker.at(Entity::ServiceGroup(index), format!("service group {}", group.number));
        if !seen.insert(group.number) {
            checker.duplicate(
                "number",
                said!("there is a second group {number}", number = group.number),
            );
        }
        // A group may need one with a higher number, so that references are checked against the whole table.
        for (path, terms) in columns(group) {
            check_terms(group, terms, path, &known, checker);
        }
    }
    let possible = reachable(&table.groups);
    for (index, group) in table.groups.iter().enumerate() {
        // A group that names itself was told above.
        let mut named = group.site.groups().into_iter().chain(group.cooperation.groups());
        let names_itself = named.any(|reference| reference.number == group.number);
        if !names_itself && !possible.contains(&group.number) && refers_to_known(group, &known) {
            checker.at(Entity::ServiceGroup(index), format!("service group {}", group.number));
            let message = "the groups that it needs on its site cannot be had without it";
            checker.fault("site", Fault::new(ProblemKind::Conflict, message));
        }
    }
    if !table.groups.is_empty() {
        check_offers(catalog, &known, checker);
    }
}

fn columns(group: &ServiceGroup) -> [(&'static str, &GroupTerms); 4] {
    [
        ("site", &group.site),
        ("cooperation", &group.cooperation),
        ("selection_site", &group.selection_site),
        ("selection_cooperation", &group.selection_cooperation),
    ]
}

fn refers_to_known(group: &ServiceGroup, known: &BTreeSet<u8>) -> bool {
    group.site.groups().iter().all(|reference| known.contains(&reference.number))
}

fn check_terms(
    group: &ServiceGroup,
    terms: &GroupTerms,
    path: &str,
    known: &BTreeSet<u8>,
    checker: &mut Checker<'_>,
) {
    for reference in terms.groups() {
        if reference.number == group.number {
            let fault = Fault::new(ProblemKind::Conflict, "the group needs itself");
            checker.fault(path, fault);
        } else if !known.contains(&reference.number) {
            let message = said!("unknown service group {reference}", reference);
            let fault = Fault::new(ProblemKind::Unknown, message);
            checker.fault(path, fault.expected("the number of a group of this table"));
        }
    }
    for term in terms.0.iter().filter(|term| !term.is_possible()) {
        let fault = Fault::new(ProblemKind::Range, said!("{term} can never be counted", term));
        checker.fault(path, fault.expected("a number from 1 to as many as there are groups"));
    }
}

/// The groups that a site can come to, one after another, by what they need on the same site.
fn reachable(groups: &[ServiceGroup]) -> BTreeSet<u8> {
    // Groups need each other in any order of their numbers: on until nothing is added.
    let mut has: BTreeSet<u8> = BTreeSet::new();
    loop {
        let before = has.len();
        for group in groups {
            if group.site.0.iter().all(|term| term.holds(&|needed| has.contains(&needed.number))) {
                has.insert(group.number);
            }
        }
        if has.len() == before {
            return has;
        }
    }
}

fn check_offers(catalog: &Catalog, known: &BTreeSet<u8>, checker: &mut Checker<'_>) {
    let assumptions = &catalog.group_assumptions;
    checker.at(Entity::GroupAssumptions, "assumptions about service groups".to_owned());
    for (index, kind) in assumptions.agreements.iter().enumerate() {
        if !COOPERATION_KINDS.contains(&kind.as_str()) {
            let path = format!("agreements[{index}]");
            checker.choices(&path, kind, "is no kind of cooperation", &COOPERATION_KINDS);
        }
    }
    let mut seen = BTreeSet::new();
    for (index, offer) in assumptions.offers.iter().enumerate() {
        let label = format!("offer of service group {}", offer.group);
        checker.at(Entity::GroupOffer(index), label);
        if !known.contains(&offer.group.number) {
            let message = said!("unknown service group {group}", group = offer.group);
            checker.fault("group", Fault::new(ProblemKind::Unknown, message));
        }
        if !seen.insert(offer.group) {
            checker.duplicate("group", said!("group {group} is there twice", group = offer.group));
        }
        if offer.offered_by.is_some() == offer.unknown.is_some() {
            let message = "either what offers it, or why that is unknown";
            checker.fault("group", Fault::new(ProblemKind::Conflict, message));
        }
        if let Some(requirement) = &offer.offered_by {
            check_requirement(catalog, requirement, "offered_by", checker);
        }
        for (position, field) in offer.fields.iter().enumerate() {
            if !catalog.is_field(field) {
                let path = format!("fields[{position}]");
                checker.unknown(&path, "field", field, catalog.field_keys());
            }
        }
        for (position, number) in offer.unless.iter().enumerate() {
            if !known.contains(number) || *number == offer.group.number {
                let message = said!("{number} is no other service group", number);
                let fault = Fault::new(ProblemKind::Unknown, message);
                checker.fault(&format!("unless[{position}]"), fault);
            }
        }
    }

    // A table without assumptions is right: every group is then unknown.
    if assumptions.offers.is_empty() {
        return;
    }
    checker.at(Entity::GroupAssumptions, "assumptions about service groups".to_owned());
    let graded = |grade: IntensiveGrade| seen.iter().any(|offered| offered.grade == Some(grade));
    for number in known {
        // A grade of intensive care comes on top of the group, and says nothing about the group itself.
        let is_said =
            seen.iter().any(|offered| offered.number == *number && offered.grade.is_none());
        if !is_said {
            let message = said!("nothing is said about service group {number}", number);
            checker.fault("offers", Fault::new(ProblemKind::Missing, message));
        }
    }
    if graded(IntensiveGrade::HighlyComplex) && !graded(IntensiveGrade::Complex) {
        let message = "64H is offered, but nothing is said about 64K";
        checker.fault("offers", Fault::new(ProblemKind::Missing, message));
    }
}
