//! What must hold in the rules on supplements, emergency stages and minimum volumes.

use super::{Checker, LONGEST_LIMIT, check_requirement};
use crate::model::location::{Entity, Fault};
use crate::model::{Catalog, DepartmentList, VolumeLine};
use crate::problem::ProblemKind;

/// Appends every fault of the three.
pub(crate) fn check_rules(catalog: &Catalog, checker: &mut Checker<'_>) {
    check_supplement(catalog, checker);
    check_emergency(catalog, checker);
    check_volumes(catalog, checker);
}

fn check_supplement(catalog: &Catalog, checker: &mut Checker<'_>) {
    let all = catalog.supplement.provisions.iter().enumerate();
    checker.keys("provision", all.map(|(at, one)| (Entity::Provision(at), one.key.as_str())));
    for (index, one) in catalog.supplement.provisions.iter().enumerate() {
        checker.at(Entity::Provision(index), format!("provision \"{}\"", one.key));
        // What a standard asks for is checked there, for a provision that names it, too.
        let is_of_standard =
            catalog.standards.iter().any(|standard| standard.requirement == one.requirement);
        if !is_of_standard {
            check_requirement(catalog, &one.requirement, "requirement", checker);
        }
        if one.minutes == 0 || one.minutes > LONGEST_LIMIT {
            let message = format!("a limit of {} minutes", one.minutes);
            let fault = Fault::new(ProblemKind::Range, message).expected("1 to 120 minutes");
            checker.fault("minutes", fault);
        }
    }
}

fn check_emergency(catalog: &Catalog, checker: &mut Checker<'_>) {
    let rules = &catalog.emergency_rules;
    let all = rules.departments.iter().enumerate();
    let entities = all.map(|(at, one)| (Entity::ListedDepartment(at), one.key.as_str()));
    checker.keys("listed department", entities);
    for (index, one) in rules.departments.iter().enumerate() {
        let label = format!("listed department \"{}\"", one.key);
        checker.at(Entity::ListedDepartment(index), label);
        check_requirement(catalog, &one.offered_by, "offered_by", checker);
    }
    let in_a = rules.departments.iter().filter(|one| one.list == DepartmentList::A).count();
    for (index, stage) in rules.stages.iter().enumerate() {
        checker.at(Entity::EmergencyStage(index), format!("emergency stage {:?}", stage.level));
        check_requirement(catalog, &stage.requirement, "requirement", checker);
        if index > 0 && rules.stages[index - 1].level >= stage.level {
            let message = "the stages must rise, each once";
            checker.fault("level", Fault::new(ProblemKind::Order, message));
        }
        for (path, count, most) in [
            ("departments", stage.departments, rules.departments.len()),
            ("from_a", stage.from_a, in_a.min(stage.departments as usize)),
        ] {
            if count as usize > most {
                let message = format!("{count} departments, but there are only {most} to count");
                let fault = Fault::new(ProblemKind::Range, message);
                checker.fault(path, fault.expected(format!("0 to {most}")));
            }
        }
    }
}

fn check_volumes(catalog: &Catalog, checker: &mut Checker<'_>) {
    let services = &catalog.minimum_volumes.services;
    let all = services.iter().enumerate();
    checker.keys("service", all.map(|(at, one)| (Entity::MinimumVolume(at), one.key.as_str())));
    let demand = &catalog.demand;
    for (index, one) in services.iter().enumerate() {
        checker.at(Entity::MinimumVolume(index), format!("service \"{}\"", one.key));
        if let Some(key) = &one.counted_by
            && catalog.condition(key).is_none()
            && catalog.rate(key).is_none()
        {
            let rates = demand.rates.iter().map(|rate| rate.specialty.as_str());
            let known = demand.conditions.iter().map(|one| one.key.as_str()).chain(rates);
            checker.unknown("counted_by", "condition or specialty", key, known);
        }
        if one.counted_by.is_none() && one.fact.is_none() {
            let fault = Fault::new(ProblemKind::Missing, "nothing says how its cases are counted");
            checker.fault("counted_by", fault.expected("counted_by, or fact, or both"));
        }
        if let Some(requirement) = &one.offered_by {
            check_requirement(catalog, requirement, "offered_by", checker);
        }
        check_lines(&one.lines, checker);
        if one.share <= 0.0 {
            let fault = Fault::new(ProblemKind::Range, "no case would count");
            checker.fault("share", fault.expected("a number above 0, at most 1"));
        }
    }
}

/// The lines of a service rise by year.
fn check_lines(lines: &[VolumeLine], checker: &mut Checker<'_>) {
    if lines.is_empty() {
        let fault = Fault::new(ProblemKind::Missing, "no year has a number");
        checker.fault("lines", fault.expected("at least one line"));
    }
    for (index, pair) in lines.windows(2).enumerate() {
        if pair[1].from <= pair[0].from {
            let message = format!("{} does not come after {}", pair[1].from, pair[0].from);
            let fault = Fault::new(ProblemKind::Order, message);
            checker.fault(&format!("lines[{}].from", index + 1), fault.expected("rising years"));
        }
    }
}
