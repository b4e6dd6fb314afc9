//! Emergency stages by hospital.

use super::super::caveats;
use super::super::document::{Cell, Document, Section, Table};
use super::{open_at_any_time, part_time_departments};
use crate::model::{DepartmentList, EmergencyLevel, EmergencyStage, HospitalId};
use crate::region::Region;
use crate::rules::{HospitalStage, IntensiveBeds, StageComparison, StageRange};

fn level(level: Option<EmergencyLevel>) -> Cell {
    Cell::text(stage(level))
}

/// A stage in one word.
pub(in crate::report) fn stage(level: Option<EmergencyLevel>) -> &'static str {
    match level {
        None => "none",
        Some(EmergencyLevel::Minimum) => "minimum",
        Some(EmergencyLevel::Basic) => "basic",
        Some(EmergencyLevel::Extended) => "extended",
        Some(EmergencyLevel::Comprehensive) => "comprehensive",
    }
}

/// What a hospital reaches for sure and at best, in a word or two.
pub(in crate::report) fn range(range: Option<StageRange>) -> String {
    let StageRange { allowed, possible } = range.unwrap_or_default();
    if allowed == possible {
        return stage(allowed).to_owned();
    }
    format!("{} or, unknown, {}", stage(allowed), stage(possible))
}

fn beds(beds: IntensiveBeds) -> Cell {
    match beds {
        IntensiveBeds::Known(beds) => Cell::Count(u64::from(beds)),
        IntensiveBeds::AtLeast(_) | IntensiveBeds::Unknown | IntensiveBeds::Nowhere => {
            Cell::Missing
        }
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
    let mut shown: Vec<&HospitalStage> = match one {
        Some(one) => vec![one],
        None => stages.iter().filter(|one| !network[one.hospital].outside).collect(),
    };
    shown.sort_by_key(|one| one.hospital);
    let mut first = overview(region, &shown);
    first.notes.extend(remarks(region, &shown));
    let document = open_at_any_time(title, region);
    match one {
        Some(one) => document
            .about("hospital", &network[one.hospital].name)
            .section(first)
            .section(by_stage(one))
            .section(departments(region, one)),
        None => {
            document.section(first).section(counts(region, &shown)).section(next(region, &shown))
        }
    }
}

/// The stages by verdict, for the report on the region.
pub fn emergency_in_short(region: &Region, found: &[HospitalStage]) -> Section {
    let network = region.network();
    let shown: Vec<&HospitalStage> =
        found.iter().filter(|one| !network[one.hospital].outside).collect();
    let checks = shown.iter().flat_map(|one| &one.stages);
    let nowhere = caveats::on_nowhere(checks.flat_map(|check| &check.gaps.nowhere));
    let differing = shown
        .iter()
        .filter(|one| matches!(one.comparison(), StageComparison::Higher | StageComparison::Lower));
    let stages = network.catalog().emergency_rules.stages.iter();
    let later: Vec<&str> =
        stages.filter(|rule| !rule.in_force).map(|rule| stage(Some(rule.level))).collect();
    let later = (!later.is_empty())
        .then(|| format!("Not in force, as far as was seen: {}.", later.join(", ")));
    let note = format!(
        "Stated otherwise than the data allow: {} of {} hospitals. Which, and why: verbund rules emergency.",
        differing.count(),
        shown.len()
    );
    counts(region, &shown).maybe_note(nowhere).maybe_note(later).note(note)
}

/// What a reader must know of the rule and of the data.
fn remarks(region: &Region, shown: &[&HospitalStage]) -> Vec<String> {
    let network = region.network();
    let rules = &network.catalog().emergency_rules;
    let checks = shown.iter().flat_map(|one| &one.stages);
    let nowhere = checks.flat_map(|check| &check.gaps.nowhere);
    let mut notes: Vec<String> = caveats::on_nowhere(nowhere).into_iter().collect();
    notes.push(format!("Source: {}.", rules.source));
    let sources = |stages: &dyn Fn(&EmergencyStage) -> bool| -> Option<String> {
        let told: Vec<String> = rules
            .stages
            .iter()
            .filter(|stage| stages(stage))
            .map(|stage| format!("{}: {}", self::stage(Some(stage.level)), stage.source))
            .collect();
        (!told.is_empty()).then(|| told.join("; "))
    };
    if let Some(later) = sources(&|stage| !stage.in_force) {
        notes.push(format!("Not in force, as far as was seen: {later}."));
    }
    if let Some(assumed) = sources(&|stage| stage.assumed && stage.in_force) {
        notes.push(format!("Partly assumed: {assumed}."));
    }
    notes.push(format!("Not checked: {}.", rules.not_checked.join("; ")));
    notes.push(
        "Departments of the lists A and B need not be open round the clock; all else must be."
            .to_owned(),
    );
    notes.extend(part_time_departments(network));
    notes
}

/// Of how many hospitals each stage holds, fails, or is unknown, with all stages below it.
fn counts(region: &Region, shown: &[&HospitalStage]) -> Section {
    let mut table = Table::new(&["stage", "holds_count", "fails_count", "unknown_count"]);
    for rule in &region.network().catalog().emergency_rules.stages {
        let level = Some(rule.level);
        let holds = shown.iter().filter(|one| one.allowed() >= level).count();
        let fails = shown.iter().filter(|one| one.possible() < level).count();
        let unknown = shown.len() - holds - fails;
        let counts = [holds, fails, unknown].map(|count| Cell::Count(count as u64));
        table.row(std::iter::once(self::level(level)).chain(counts).collect());
    }
    Section::new(
        "stages_by_verdict",
        "Stages of emergency care by verdict, hospitals inside",
        table,
    )
    .note(
        "Each with all stages below it. Unknown: nothing is missing, but the data lack something.",
    )
}

fn overview(region: &Region, stages: &[&HospitalStage]) -> Section {
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
                StageComparison::Unknown => "unknown",
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
        .note("Stated beside that, of the stages in force: same; unknown (reached if what the data lack is there); higher or lower than the data allows. Intensive care beds without a number are unknown, and so are those of a hospital that states a stage without naming a unit; beds of a department of intensive care are a least number. Perhaps: departments of the rule that the network does not name and that may be hidden in a broader one, such as cardiology in internal medicine.")
}

/// What is missing and unknown for the stage above the sure one.
fn next(region: &Region, stages: &[&HospitalStage]) -> Section {
    let mut table =
        Table::new(&["hospital", "stage", "verdict", "missing_for_stage", "unknown_for_stage"]);
    for one in stages {
        let Some(next) = one.next() else { continue };
        table.row(vec![
            Cell::text(&region.network()[one.hospital].key),
            level(Some(next.level)),
            Cell::text(next.gaps.answer().word()),
            Cell::List(next.gaps.missing.clone()),
            Cell::List(next.gaps.unknown.clone()),
        ]);
    }
    Section::new("next", "The stage above the sure one", table)
}

fn by_stage(one: &HospitalStage) -> Section {
    let mut table = Table::new(&["stage", "verdict", "missing_for_stage", "unknown_for_stage"]);
    for stage in &one.stages {
        table.row(vec![
            level(Some(stage.level)),
            Cell::text(stage.gaps.answer().word()),
            Cell::List(stage.gaps.missing.clone()),
            Cell::List(stage.gaps.unknown.clone()),
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
