//! Emergency stages by hospital.

use super::super::caveats;
use super::super::document::{Cell, Document, Hint, Remark, Section, Table};
use super::{open_at_any_time, part_time_departments};
use crate::model::{DepartmentList, EmergencyLevel, HospitalId, Network};
use crate::region::Region;
use crate::report::columns::{
    ALLOWED_STAGE, COMPARISON, DEPARTMENTS_A, DEPARTMENTS_B, DEPARTMENTS_PERHAPS, FAILS_COUNT,
    HOLDS_COUNT, HOSPITAL, INTENSIVE_BEDS, IS_STATED_ASSUMED, IS_THERE, LIST, LISTED_DEPARTMENT,
    MISSING_FOR_STAGE, OFFERED_BY, POSSIBLE_STAGE, STAGE, STATED_STAGE, UNKNOWN_COUNT,
    UNKNOWN_FOR_STAGE, VERDICT,
};
use crate::rules::{HospitalStage, IntensiveBeds, StageComparison, StageRange};
use crate::words;

fn level(level: Option<EmergencyLevel>) -> Cell {
    // A word of the program: files keep it in English.
    Cell::word(stage(level))
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
        return words::of(stage(allowed)).into_owned();
    }
    said!(
        "{allowed} or, unknown, {possible}",
        allowed = words::of(stage(allowed)),
        possible = words::of(stage(possible))
    )
}

fn beds(beds: IntensiveBeds) -> Cell {
    match beds {
        IntensiveBeds::Known(beds) => Cell::count(beds),
        // A least number would be read as the number.
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
    // A hospital may be one site with others, which the law judges together.
    let chosen = match hospital {
        Some(id) => stages.iter().find(|site| site.hospitals.contains(&id)),
        None => None,
    };
    let mut shown = match chosen {
        Some(chosen) => vec![chosen],
        None => inside(network, stages),
    };
    shown.sort_by_key(|site| site.hospital);

    let mut first = overview(region, &shown);
    for remark in remarks(region, &shown) {
        first = first.note(remark);
    }
    let document = open_at_any_time(title, region);
    match chosen {
        Some(chosen) => document
            .about("hospital", &network[chosen.hospital].name)
            .section(first)
            .section(by_stage(chosen))
            .section(departments(region, chosen)),
        None => {
            document.section(first).section(counts(region, &shown)).section(next(region, &shown))
        }
    }
}

/// The hospitals inside of the region. Those outside are there for patients who cross the border; their stages
/// are a matter of another region.
fn inside<'s>(network: &Network, stages: &'s [HospitalStage]) -> Vec<&'s HospitalStage> {
    stages.iter().filter(|site| !network[site.hospital].outside).collect()
}

/// What stages rest on and no hospital of the data has, told once.
fn nowhere(shown: &[&HospitalStage]) -> Option<String> {
    let mut kinds = Vec::new();
    for site in shown {
        for check in &site.stages {
            kinds.extend(&check.gaps.nowhere);
        }
    }
    caveats::on_nowhere(kinds)
}

/// The stages by verdict, for the report on the region.
pub fn emergency_in_short(region: &Region, found: &[HospitalStage]) -> Section {
    let network = region.network();
    let shown = inside(network, found);
    // Where something is unknown, the data do not contradict what a hospital states.
    let mut differing = 0;
    for site in &shown {
        if matches!(site.comparison(), StageComparison::Higher | StageComparison::Lower) {
            differing += 1;
        }
    }
    let mut later = Vec::new();
    for rule in &network.catalog().emergency_rules.stages {
        if !rule.in_force {
            later.push(words::of(stage(Some(rule.level))));
        }
    }

    let mut section = counts(region, &shown).maybe_note(nowhere(&shown));
    if !later.is_empty() {
        let later = later.join(", ");
        section = section.note(said!("Not in force, as far as was seen: {later}.", later));
    }
    let note = said!(
        "Stated otherwise than the data allow: {differing} of {all} hospitals.",
        differing,
        all = shown.len()
    );
    section.note(Remark::from(note).hint(Hint::EmergencyStages))
}

/// What a reader must know of the rule and of the data.
fn remarks(region: &Region, shown: &[&HospitalStage]) -> Vec<String> {
    let network = region.network();
    let rules = &network.catalog().emergency_rules;
    let (mut later, mut assumed) = (Vec::new(), Vec::new());
    for rule in &rules.stages {
        let source = format!("{}: {}", words::of(stage(Some(rule.level))), words::of(&rule.source));
        // Nobody needs to know what is assumed of a stage that is not in force.
        if !rule.in_force {
            later.push(source);
        } else if rule.assumed {
            assumed.push(source);
        }
    }

    let mut notes = Vec::new();
    notes.extend(nowhere(shown));
    notes.push(said!("Source: {source}.", source = rules.source));
    if !later.is_empty() {
        notes.push(said!("Not in force, as far as was seen: {later}.", later = later.join("; ")));
    }
    if !assumed.is_empty() {
        notes.push(said!("Partly assumed: {assumed}.", assumed = assumed.join("; ")));
    }
    let not_checked = words::each_of(&rules.not_checked).join("; ");
    notes.push(said!("Not checked: {not_checked}.", not_checked));
    notes.push(said!(
        "Departments of the lists A and B need not be open round the clock; all else must be."
    ));
    notes.extend(part_time_departments(network));
    notes
}

/// Of how many hospitals a stage holds for sure, and of how many it fails for sure.
struct StageCounts {
    level: EmergencyLevel,
    holds: usize,
    fails: usize,
}

/// Of how many hospitals each stage holds, fails, or is unknown, with all stages below it.
fn counts(region: &Region, shown: &[&HospitalStage]) -> Section {
    let mut rows = Vec::new();
    for rule in &region.network().catalog().emergency_rules.stages {
        let level = Some(rule.level);
        let mut counts = StageCounts { level: rule.level, holds: 0, fails: 0 };
        for site in shown {
            // `None` is no stage at all, which is below the lowest one.
            counts.holds += usize::from(site.allowed() >= level);
            counts.fails += usize::from(site.possible() < level);
        }
        rows.push(counts);
    }
    let table = Table::of(rows)
        .column(STAGE, |row| level(Some(row.level)))
        .column(HOLDS_COUNT, |row| Cell::count(row.holds))
        .column(FAILS_COUNT, |row| Cell::count(row.fails))
        .column(UNKNOWN_COUNT, |row| Cell::count(shown.len() - row.holds - row.fails))
        .build()
        // Pathways have stages as well, which are something else in German.
        .head(STAGE, words::of_in("stages_by_verdict", "Stage"));
    let heading = "Stages of emergency care by verdict, hospitals inside";
    Section::new("stages_by_verdict", heading, table).note(
        "Each with all stages below it. Unknown: nothing is missing, but the data lack something.",
    )
}

fn overview(region: &Region, stages: &[&HospitalStage]) -> Section {
    let network = region.network();
    let table = Table::of(stages)
        .column(HOSPITAL, |site| Cell::text(&network[site.hospital].key))
        .column(STATED_STAGE, |site| level(site.stated))
        .column(ALLOWED_STAGE, |site| level(site.allowed()))
        .column(POSSIBLE_STAGE, |site| level(site.possible()))
        .column(COMPARISON, |site| {
            Cell::word(match site.comparison() {
                StageComparison::Same => "same",
                StageComparison::Unknown => "unknown",
                StageComparison::Higher => "higher",
                StageComparison::Lower => "lower",
            })
        })
        .column(INTENSIVE_BEDS, |site| beds(site.intensive_beds))
        .column(DEPARTMENTS_A, |site| Cell::count(site.of_a.len()))
        .column(DEPARTMENTS_B, |site| Cell::count(site.of_b.len()))
        .column(DEPARTMENTS_PERHAPS, |site| Cell::count(site.perhaps.len()))
        .detail(IS_STATED_ASSUMED, |site| Cell::flag(site.is_stated_assumed))
        .build();
    Section::new("emergency", "What departments, beds and facilities would allow", table)
        .note("Sure: nothing is missing or unknown. At best: nothing is missing; what is unknown is taken to be there.")
        .note("Stated beside that, of the stages in force: same; unknown (reached if what the data lack is there); higher or lower than the data allows. Intensive care beds without a number are unknown, and so are those of a hospital that states a stage without naming a unit; beds of a department of intensive care are a least number. Perhaps: departments of the rule that the network does not name and that may be hidden in a broader one, such as cardiology in internal medicine.")
}

/// What is missing and unknown for the stage above the sure one.
fn next(region: &Region, stages: &[&HospitalStage]) -> Section {
    let mut rows = Vec::new();
    for site in stages {
        // One that reaches every stage in force for sure has none ahead.
        if let Some(next) = site.next() {
            rows.push((site.hospital, next));
        }
    }
    let table = Table::of(rows)
        .column(HOSPITAL, |(hospital, _)| Cell::text(&region.network()[*hospital].key))
        .column(STAGE, |(_, next)| level(Some(next.level)))
        .column(VERDICT, |(_, next)| Cell::word(next.gaps.answer().word()))
        .column(MISSING_FOR_STAGE, |(_, next)| Cell::told(|| words::each_of(&next.gaps.missing)))
        .column(UNKNOWN_FOR_STAGE, |(_, next)| Cell::told(|| words::each_of(&next.gaps.unknown)))
        .build();
    Section::new("next", "The stage above the sure one", table)
}

fn by_stage(site: &HospitalStage) -> Section {
    let table = Table::of(&site.stages)
        .column(STAGE, |stage| level(Some(stage.level)))
        .column(VERDICT, |stage| Cell::word(stage.gaps.answer().word()))
        .column(MISSING_FOR_STAGE, |stage| Cell::told(|| words::each_of(&stage.gaps.missing)))
        .column(UNKNOWN_FOR_STAGE, |stage| Cell::told(|| words::each_of(&stage.gaps.unknown)))
        .build();
    Section::new("stages", "Stage by stage", table)
}

fn departments(region: &Region, site: &HospitalStage) -> Section {
    let catalog = region.network().catalog();
    let table = Table::of(&catalog.emergency_rules.departments)
        .column(LISTED_DEPARTMENT, |listed| Cell::text(&listed.name_de))
        .column(LIST, |listed| match listed.list {
            DepartmentList::A => Cell::text("A"),
            DepartmentList::B => Cell::text("B"),
        })
        .column(IS_THERE, |listed| match listed.list {
            DepartmentList::A => Cell::flag(site.of_a.contains(&listed.key)),
            DepartmentList::B => Cell::flag(site.of_b.contains(&listed.key)),
        })
        .column(OFFERED_BY, |listed| Cell::said(|| listed.offered_by.describe(catalog)))
        .build();
    Section::new("departments", "Departments of the rule", table)
        .note("What stands for a department of the rule is assumed (last column).")
}
