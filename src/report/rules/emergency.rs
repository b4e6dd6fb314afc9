//! Emergency stages by hospital.

use super::super::document::{Cell, Document, Section, Table};
use super::{open_at_any_time, part_time_departments};
use crate::model::{DepartmentList, EmergencyLevel, HospitalId};
use crate::region::Region;
use crate::rules::{HospitalStage, IntensiveBeds, StageComparison};

fn level(level: Option<EmergencyLevel>) -> Cell {
    Cell::text(stage(level))
}

/// A stage in one word.
pub(in crate::report) fn stage(level: Option<EmergencyLevel>) -> &'static str {
    match level {
        None => "none",
        Some(EmergencyLevel::Basic) => "basic",
        Some(EmergencyLevel::Extended) => "extended",
        Some(EmergencyLevel::Comprehensive) => "comprehensive",
    }
}

fn beds(beds: IntensiveBeds) -> Cell {
    match beds {
        IntensiveBeds::Known(beds) => Cell::Count(u64::from(beds)),
        IntensiveBeds::Unknown => Cell::Missing,
    }
}

/// Emergency stages: what the data allows beside what the network states, for all hospitals inside; of
/// one hospital, stage by stage and department by department.
pub fn emergency(
    region: &Region,
    stages: &[HospitalStage],
    hospital: Option<HospitalId>,
) -> Document {
    let title = "Emergency stages (Notfallstufen)";
    let network = region.network();
    let one = hospital.and_then(|id| stages.iter().find(|one| one.hospitals.contains(&id)));
    let mut document = if let Some(one) = one {
        let document = open_at_any_time(title, region)
            .about("hospital", &network[one.hospital].name)
            .section(overview(region, std::iter::once(one)));
        document.section(by_stage(one)).section(departments(region, one))
    } else {
        let inside = || stages.iter().filter(|one| !network[one.hospital].outside);
        open_at_any_time(title, region)
            .section(overview(region, inside()))
            .section(next(region, inside()))
    };
    if let Some(section) = document.sections.first_mut() {
        let rules = &network.catalog().emergency_rules;
        section.notes.push(format!("Source: {}.", rules.source));
        let assumed: Vec<String> = rules
            .stages
            .iter()
            .filter(|stage| stage.assumed)
            .map(|stage| format!("{:?}: {}", stage.level, stage.source))
            .collect();
        if !assumed.is_empty() {
            section.notes.push(format!("Partly assumed: {}.", assumed.join("; ")));
        }
        section.notes.push(format!("Not checked: {}.", rules.not_checked.join("; ")));
        section.notes.push(
            "Departments of the lists A and B need not be open round the clock; all else must be."
                .to_owned(),
        );
        section.notes.extend(part_time_departments(network));
    }
    document
}

fn overview<'s>(region: &Region, stages: impl Iterator<Item = &'s HospitalStage>) -> Section {
    let network = region.network();
    let mut table = Table::new(&[
        "hospital",
        "stated_stage",
        "allowed_stage",
        "possible_stage",
        "comparison",
        "intensive_beds",
        "departments_a",
        "departments_b",
        "departments_perhaps",
        "is_stated_assumed",
    ]);
    for one in stages {
        table.row(vec![
            Cell::text(&network[one.hospital].key),
            level(one.stated),
            level(one.allowed()),
            level(one.possible()),
            Cell::text(match one.comparison() {
                StageComparison::Same => "same",
                StageComparison::Open => "open",
                StageComparison::Higher => "higher",
                StageComparison::Lower => "lower",
            }),
            beds(one.intensive_beds),
            Cell::Count(one.of_a.len() as u64),
            Cell::Count(one.of_b.len() as u64),
            Cell::Count(one.perhaps.len() as u64),
            Cell::Flag(one.is_stated_assumed),
        ]);
    }
    let table = table.details(&["is_stated_assumed"]);
    Section::new("emergency", "What departments, beds and facilities would allow", table)
        .note("Sure: nothing is missing or unknown. At best: nothing is missing; what is unknown is taken to be there.")
        .note("Stated beside that: same; open (reached if what is unknown is there); higher or lower than the data allows. Intensive care beds without a number are unknown. Perhaps: departments of the rule that the network does not name and that may be hidden in a broader one, such as cardiology in internal medicine.")
}

/// What is missing and unknown for the stage above the sure one.
fn next<'s>(region: &Region, stages: impl Iterator<Item = &'s HospitalStage>) -> Section {
    let mut table = Table::new(&["hospital", "stage", "missing_for_stage", "unknown_for_stage"]);
    for one in stages {
        let Some(next) = one.next() else { continue };
        table.row(vec![
            Cell::text(&region.network()[one.hospital].key),
            level(Some(next.level)),
            Cell::List(next.missing.clone()),
            Cell::List(next.unknown.clone()),
        ]);
    }
    Section::new("next", "The stage above the sure one", table)
}

fn by_stage(one: &HospitalStage) -> Section {
    let mut table = Table::new(&["stage", "missing_for_stage", "unknown_for_stage"]);
    for stage in &one.stages {
        table.row(vec![
            level(Some(stage.level)),
            Cell::List(stage.missing.clone()),
            Cell::List(stage.unknown.clone()),
        ]);
    }
    Section::new("stages", "Stage by stage", table)
}

fn departments(region: &Region, one: &HospitalStage) -> Section {
    let catalog = region.network().catalog();
    let mut table = Table::new(&["listed_department", "list", "is_there", "offered_by"]);
    for listed in &catalog.emergency_rules.departments {
        let (list, here) = match listed.list {
            DepartmentList::A => ("A", one.of_a.contains(&listed.key)),
            DepartmentList::B => ("B", one.of_b.contains(&listed.key)),
        };
        table.row(vec![
            Cell::text(&listed.name_de),
            Cell::text(list),
            Cell::Flag(here),
            Cell::text(listed.offered_by.describe(catalog)),
        ]);
    }
    Section::new("departments", "Departments of the rule", table)
        .note("What stands for a department of the rule is assumed (last column).")
}
