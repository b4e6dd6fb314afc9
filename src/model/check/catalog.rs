//! What must hold in a catalog.

use super::checker::{Checker, keys_of};
use super::{LONGEST_LIMIT, bounds, pathway, rules, service_group};
use crate::model::location::{Entity, Fault};
use crate::model::place::check_bands;
use crate::model::{Catalog, FacilityKind, Requirement};
use crate::problem::ProblemKind;

/// Appends every fault of a catalog.
pub(super) fn check_catalog(catalog: &Catalog, checker: &mut Checker<'_>) {
    checker.keys("specialty", Entity::Specialty, &catalog.specialties);
    checker.keys("field", Entity::Field, &catalog.fields);
    checker.keys("facility", Entity::Facility, &catalog.facilities);
    checker.keys("standard", Entity::Standard, &catalog.standards);
    checker.keys("condition", Entity::Condition, &catalog.demand.conditions);
    checker.keys("rate", Entity::Rate, &catalog.demand.rates);

    check_specialties(catalog, checker);
    check_standards(catalog, checker);
    check_rates(catalog, checker);
    check_demand(catalog, checker);
    pathway::check_first_leg(catalog, checker);
    pathway::check_pathways(catalog, checker);
    service_group::check_service_groups(catalog, checker);
    rules::check_rules(catalog, checker);
}

/// A specialty may be part of a broader one, which is part of none.
fn check_specialties(catalog: &Catalog, checker: &mut Checker<'_>) {
    for (index, specialty) in catalog.specialties.iter().enumerate() {
        checker.at(Entity::Specialty(index), format!("specialty \"{}\"", specialty.key));
        let Some(broader) = &specialty.part_of else { continue };
        match catalog.specialty(broader) {
            None => {
                let known = keys_of(&catalog.specialties);
                checker.unknown("part_of", "specialty", broader, known);
            }
            // Whoever looks for a department that treats a specialty goes one step up, and no further.
            Some(broader) if broader.part_of.is_some() => {
                let message = said!(
                    "\"{broader}\" is itself part of another specialty",
                    broader = broader.key
                );
                let fault = Fault::new(ProblemKind::Conflict, message)
                    .expected("a specialty that is part of none");
                checker.fault("part_of", fault);
            }
            Some(_) => {}
        }
    }
}

fn check_standards(catalog: &Catalog, checker: &mut Checker<'_>) {
    for (index, standard) in catalog.standards.iter().enumerate() {
        checker.at(Entity::Standard(index), format!("standard \"{}\"", standard.key));
        check_requirement(catalog, &standard.requirement, "requirement", checker);
        checker.group(&standard.population);
        if standard.minutes == 0 || standard.minutes > LONGEST_LIMIT {
            let fault = Fault::new(
                ProblemKind::Range,
                said!("a limit of {minutes} minutes", minutes = standard.minutes),
            )
            .expected("1 to 120 minutes");
            checker.fault("minutes", fault);
        }
    }
}

/// How many patients there are, of specialties and of conditions.
fn check_rates(catalog: &Catalog, checker: &mut Checker<'_>) {
    for (index, condition) in catalog.demand.conditions.iter().enumerate() {
        checker.at(Entity::Condition(index), format!("condition \"{}\"", condition.key));
        // Cases are counted by the key of the one or of the other.
        if catalog.specialty(&condition.key).is_some() {
            checker.duplicate(
                "id",
                said!("\"{condition}\" is a specialty, too", condition = condition.key),
            );
        }
        check_requirement(catalog, &condition.requirement, "requirement", checker);
        let (per_1000, stay_days) = (condition.per_1000, condition.stay_days);
        bounds::check_rate_bounds(per_1000, stay_days, &condition.population, checker);
        if condition.key == Catalog::MAJOR_TRAUMA {
            check_major_trauma(catalog, &condition.requirement, "requirement", checker);
        }
    }
    for (index, rate) in catalog.demand.rates.iter().enumerate() {
        checker.at(Entity::Rate(index), format!("rate \"{}\"", rate.specialty));
        if catalog.specialty(&rate.specialty).is_none() {
            let known = keys_of(&catalog.specialties);
            checker.unknown("specialty", "specialty", &rate.specialty, known);
        }
        bounds::check_rate_bounds(rate.per_1000, rate.stay_days, &rate.population, checker);
        checker.within("emergency_share", rate.emergency_share, (0.0, 1.0), ", as a share");
    }
}

pub(super) fn check_requirement(
    catalog: &Catalog,
    requirement: &Requirement,
    path: &str,
    checker: &mut Checker<'_>,
) {
    for leaf in requirement.leaves() {
        match leaf {
            Requirement::Specialty(key) if catalog.specialty(key).is_none() => {
                let known = keys_of(&catalog.specialties);
                checker.unknown(path, "specialty", key, known);
            }
            Requirement::Facility { kind, at_least } => match (catalog.facility(kind), at_least) {
                (None, _) => {
                    let known = keys_of(&catalog.facilities);
                    checker.unknown(path, "facility", kind, known);
                }
                (Some(facility), Some(grade)) => {
                    check_grade(facility, grade, path, checker);
                }
                (Some(_), None) => {}
            },
            _ => {}
        }
    }
}

/// Who counts for the badly injured is one thing in the standard, the condition, the pathway and an
/// incident.
pub(super) fn check_major_trauma(
    catalog: &Catalog,
    requirement: &Requirement,
    path: &str,
    checker: &mut Checker<'_>,
) {
    let Some(wanted) = catalog.major_trauma() else { return };
    if wanted == requirement {
        return;
    }
    let standard = Catalog::MAJOR_TRAUMA_STANDARD;
    let message = said!(
        "{requirement} is not what the standard \"{standard}\" asks for",
        requirement,
        standard
    );
    let fault = Fault::new(ProblemKind::Conflict, message)
        .expected(said!("{wanted}, as major trauma asks the same everywhere", wanted));
    checker.fault(path, fault);
}

/// Bands of the reference population and of the age index rise without gaps or overlaps.
fn check_demand(catalog: &Catalog, checker: &mut Checker<'_>) {
    checker.at(Entity::Demand, "demand".to_owned());
    let reference = &catalog.demand.reference_population;
    let mut people = 0;
    for band in reference {
        people += u64::from(band.female) + u64::from(band.male);
    }

    // People without ages are spread as the reference population is, and nobody cannot be spread.
    if !reference.is_empty() && people == 0 {
        let fault = Fault::new(ProblemKind::Range, "nobody lives there").expected("people");
        checker.fault("reference_population", fault);
    }
    bounds::check_demand_bounds(catalog, checker);

    // Both may be left out; what is there covers all ages, or people would be lost.
    let index: Vec<_> = catalog.demand.age_index.iter().map(|band| (band.from, band.to)).collect();
    check_whole("age_index", &index, checker);
    let reference: Vec<_> = reference.iter().map(|band| (band.from, band.to)).collect();
    check_whole("reference_population", &reference, checker);
}

/// Bands of age, each from its first year to its last, have no gap.
fn check_whole(field: &str, bands: &[(u8, Option<u8>)], checker: &mut Checker<'_>) {
    if let Err(message) = check_bands(bands) {
        let fault = Fault::new(ProblemKind::Order, message)
            .expected("bands from 0 without gaps, the last one open");
        checker.fault(field, fault);
    }
}

pub(crate) fn check_grade(kind: &FacilityKind, grade: &str, path: &str, checker: &mut Checker<'_>) {
    if kind.grades.is_empty() {
        let message =
            said!("\"{kind}\" has no grades, but \"{grade}\" is given", kind = kind.key, grade);
        checker.fault(path, Fault::new(ProblemKind::Unknown, message));
    } else if !kind.grades.iter().any(|known| known == grade) {
        let grades: Vec<&str> = kind.grades.iter().map(String::as_str).collect();
        checker.choices(path, grade, &said!("is no grade of \"{kind}\"", kind = kind.key), &grades);
    }
}
