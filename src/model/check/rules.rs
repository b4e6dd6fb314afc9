//! What must hold in the rules on supplements, emergency stages and minimum volumes.

use super::{Checker, LONGEST_LIMIT, check_requirement, keys_of};
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
    let provisions = &catalog.supplement.provisions;
    checker.keys("provision", Entity::Provision, provisions);
    for (index, provision) in provisions.iter().enumerate() {
        checker.at(Entity::Provision(index), format!("provision \"{}\"", provision.key));
        // What a standard asks for is checked there, for a provision that names it, too.
        let is_of_standard =
            catalog.standards.iter().any(|standard| standard.requirement == provision.requirement);
        if !is_of_standard {
            check_requirement(catalog, &provision.requirement, "requirement", checker);
        }
        if provision.minutes == 0 || provision.minutes > LONGEST_LIMIT {
            let message = said!("a limit of {minutes} minutes", minutes = provision.minutes);
            let fault = Fault::new(ProblemKind::Range, message).expected("1 to 120 minutes");
            checker.fault("minutes", fault);
        }
    }
}

fn check_emergency(catalog: &Catalog, checker: &mut Checker<'_>) {
    let rules = &catalog.emergency_rules;
    checker.keys("listed department", Entity::ListedDepartment, &rules.departments);
    for (index, department) in rules.departments.iter().enumerate() {
        let label = format!("listed department \"{}\"", department.key);
        checker.at(Entity::ListedDepartment(index), label);
        check_requirement(catalog, &department.offered_by, "offered_by", checker);
    }

    // A stage cannot ask for more departments than the list has, or nobody could ever meet it.
    let departments = rules.departments.iter();
    let in_a = departments.filter(|listed| listed.list == DepartmentList::A).count();
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
                let message =
                    said!("{count} departments, but there are only {most} to count", count, most);
                let fault = Fault::new(ProblemKind::Range, message);
                checker.fault(path, fault.expected(said!("0 to {most}", most)));
            }
        }
    }
}

fn check_volumes(catalog: &Catalog, checker: &mut Checker<'_>) {
    let services = &catalog.minimum_volumes.services;
    checker.keys("service", Entity::MinimumVolume, services);
    let demand = &catalog.demand;
    for (index, service) in services.iter().enumerate() {
        checker.at(Entity::MinimumVolume(index), format!("service \"{}\"", service.key));
        if let Some(key) = &service.counted_by
            && catalog.condition(key).is_none()
            && catalog.rate(key).is_none()
        {
            let rates = keys_of(&demand.rates);
            let known = keys_of(&demand.conditions).chain(rates);
            checker.unknown("counted_by", "condition or specialty", key, known);
        }
        // Cases are counted by the model, or published by the hospital as a fact.
        if service.counted_by.is_none() && service.fact.is_none() {
            let fault = Fault::new(ProblemKind::Missing, "nothing says how its cases are counted");
            checker.fault("counted_by", fault.expected("counted_by, or fact, or both"));
        }
        if let Some(requirement) = &service.offered_by {
            check_requirement(catalog, requirement, "offered_by", checker);
        }
        check_lines(&service.lines, checker);
        if service.share <= 0.0 {
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
            let message = said!(
                "{from} does not come after {before}",
                from = pair[1].from,
                before = pair[0].from
            );
            let fault = Fault::new(ProblemKind::Order, message);
            checker.fault(&format!("lines[{}].from", index + 1), fault.expected("rising years"));
        }
    }
}
