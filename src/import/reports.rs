//! What quality reports add to hospitals of the directory.

use std::collections::BTreeMap;

use super::births::add_births;
use super::built::Built;
use super::department_keys::specialty_of;
use super::directory::Directory;
use super::faults::RemarkKind;
use super::joined_reports::JoinedReport;
use super::quality_report::{QualityReport, ReportedCount, ReportedStage};
use super::sources::{directory_key, reports_key};
use crate::calendar::Hours;
use crate::model::{EmergencyLevel, Facility, Fact};

/// Codes of equipment with the facilities of the catalog that they are.
const EQUIPMENT: [(&str, &str); 4] =
    [("AA08", "ct"), ("AA22", "mri"), ("AA69", "cath_lab"), ("AA14", "dialysis")];

/// The place for mechanical thrombectomy; the catalog's facility is one at all hours.
const THROMBECTOMY: &str = "AA70";

/// Codes of modules with the facilities of the catalog that they are.
const MODULES: [(&str, &[&str]); 3] = [
    ("SN04", &["trauma_module"]),
    ("SN05", &["stroke_module", "stroke_unit"]),
    ("SN06", &["heart_module", "chest_pain_unit"]),
];

/// Grades of the module for children, the lowest first.
const CHILDREN: [(&str, &str); 3] =
    [("SN01", "basic"), ("SN02", "extended"), ("SN03", "comprehensive")];

/// Words of minimum volumes by which the catalog's counts are found, in small letters.
const VOLUMES: [(&str, &str); 13] = [
    ("herztransplantation", "heart_transplantations"),
    ("lebertransplantation", "liver_transplantations"),
    ("nierentransplantation", "kidney_transplantations"),
    ("stammzell", "stem_cell_transplantations"),
    ("kolonkarzinom", "colon_cancer_operations"),
    ("rektumkarzinom", "rectum_cancer_operations"),
    ("mammakarzinom", "breast_cancer_operations"),
    ("brustkrebs", "breast_cancer_operations"),
    ("lungenkarzinom", "lung_cancer_operations"),
    ("pankreas", "pancreas_operations"),
    ("ösophagus", "oesophagus_operations"),
    ("kniegelenk", "knee_replacements"),
    ("geburtsgewicht", "newborns_under_1250_g"),
];

/// The field of a fact that counts a minimum volume; its German name where the catalog has none.
fn volume_field(name: &str) -> String {
    // The names of minimum volumes change from year to year, and have exceptions behind them.
    let small = name.to_lowercase();
    for (word, field) in VOLUMES {
        if small.contains(word) {
            return field.to_owned();
        }
    }
    format!("minimum_volume: {name}")
}

/// Agreements that are perinatal levels, the highest first.
const PERINATAL: [(&str, &str); 3] = [("CQ05", "level_1"), ("CQ06", "level_2"), ("CQ07", "focus")];

/// Hours that are assumed for equipment that is not at hand at all hours.
const OFFICE_HOURS: &str = "Mon-Fri 8-16";

/// Adds what reports say, oldest first: facts of every year, facilities that they name, and of the newest beds and
/// stage where it is newer than the directory.
pub(super) fn add_reports(built: &mut Built, directory: &Directory, reports: &[JoinedReport<'_>]) {
    for JoinedReport { report, by } in reports {
        let message = format!("the quality report {} was joined by {}", report.file, by.in_words());
        built.remark(RemarkKind::Joined, "quality_report", message);
        add_facts(built, report);
        add_facilities(built, report);
    }

    let Some(JoinedReport { report: newest, .. }) = reports.last() else { return };
    for JoinedReport { report, .. } in reports {
        built.hospital.sources.push(reports_key(report.year));
    }
    built.hospital.sources.dedup();
    decide_beds(built, directory, newest);
    decide_stage(built, directory, newest);
    add_births(built, newest);
    report_departments(built, newest);
}

fn fact(report: &QualityReport, field: &str, value: impl ToString, unit: &str) -> Fact {
    Fact {
        field: field.to_owned(),
        value: value.to_string(),
        unit: Some(unit.to_owned()),
        year: Some(report.year.to_string()),
        source: reports_key(report.year),
    }
}

fn fact_of_directory(directory: &Directory, field: &str, value: impl ToString, unit: &str) -> Fact {
    Fact {
        field: field.to_owned(),
        value: value.to_string(),
        unit: Some(unit.to_owned()),
        year: Some(directory.year.to_string()),
        source: directory_key(directory),
    }
}

/// Cases of the departments of a specialty.
#[derive(Default)]
struct SpecialtyCases {
    sum: u32,
    /// Whether some numbers are hidden, and so not in the sum.
    has_hidden: bool,
}

/// Cases, births and minimum volumes of a report.
fn add_facts(built: &mut Built, report: &QualityReport) {
    let facts = &mut built.hospital.facts;
    if let Some(cases) = report.cases {
        facts.push(fact(report, "inpatient_cases", cases.in_words(), "cases"));
    }
    if let Some(births) = report.births {
        facts.push(fact(report, "births", births, "newborns, by OPS codes"));
    }

    let mut by_specialty: BTreeMap<&str, SpecialtyCases> = BTreeMap::new();
    for department in &report.departments {
        // Beds by department are not in reports: cases are.
        // A department of several keys counts once, under the first that is a specialty.
        let specialty = department.keys.iter().find_map(|key| specialty_of(key));
        let Some(specialty) = specialty else { continue };
        let cases = by_specialty.entry(specialty).or_default();
        match department.cases {
            Some(ReportedCount::Known(count)) => cases.sum = cases.sum.saturating_add(count),
            Some(ReportedCount::Hidden) => cases.has_hidden = true,
            None => {}
        }
    }
    for (specialty, cases) in by_specialty {
        let unit = if cases.has_hidden { "cases, hidden ones not counted" } else { "cases" };
        facts.push(fact(report, &format!("{specialty}_cases"), cases.sum, unit));
    }

    for volume in &report.volumes {
        facts.push(fact(report, &volume_field(&volume.name), volume.cases.in_words(), "cases"));
    }
}

/// Facilities that a report names.
fn add_facilities(built: &mut Built, report: &QualityReport) {
    for (code, kind) in EQUIPMENT {
        let Some(equipment) = report.has_equipment(code) else { continue };
        let mut facility = Facility::new(kind);
        let path = format!("facilities.{kind}.hours");
        // An older report may have left a mark.
        built.hospital.assumed.retain(|mark| *mark != path);
        if equipment.always == Some(false) {
            facility.hours = OFFICE_HOURS.parse::<Hours>().unwrap_or_default();
            built.hospital.assumed.push(path);
            let message = format!("{kind} is not at hand at all hours; {OFFICE_HOURS} is assumed");
            built.remark(RemarkKind::Assumed, "hours", message);
        }
        built.facility(facility);
    }

    // A place that is not staffed at night is none for patients with a stroke.
    if let Some(thrombectomy) = report.has_equipment(THROMBECTOMY)
        && thrombectomy.always == Some(true)
    {
        built.facility(Facility::new("thrombectomy"));
    }

    // A module that is missing takes nothing away: big university hospitals forget some.
    for (code, kinds) in MODULES {
        if has_code(&report.modules, code) {
            for kind in kinds {
                built.facility(Facility::new(*kind));
            }
        }
    }
    let grades = CHILDREN.iter().rev();
    if let Some(grade) = first_grade(grades, &report.modules) {
        built.facility(Facility::new("children_module").grade(grade));
    }
    if let Some(grade) = first_grade(PERINATAL.iter(), &report.agreements) {
        built.facility(Facility::new("perinatal").grade(grade));
    }
}

fn has_code(codes: &[String], code: &str) -> bool {
    codes.iter().any(|named| named == code)
}

/// The grade of the first of these codes that a report names.
fn first_grade<'g>(
    grades: impl Iterator<Item = &'g (&'static str, &'static str)>,
    codes: &[String],
) -> Option<&'static str> {
    for (code, grade) in grades {
        if has_code(codes, code) {
            return Some(grade);
        }
    }
    None
}

/// Takes the total of beds from the newer of directory and report; both stand as facts where they differ.
fn decide_beds(built: &mut Built, directory: &Directory, report: &QualityReport) {
    let Some(reported) = report.beds else { return };
    let listed = built.hospital.beds;
    if listed == Some(reported) {
        return;
    }

    // Reports do not say beds by department. Those are the directory's, and a total below their sum cannot be.
    let departments = built.hospital.departments.iter();
    let in_departments: u32 = departments.filter_map(|department| department.beds).sum();
    let is_newer = report.year > directory.year;
    let is_taken = is_newer && reported >= in_departments;

    let listed_in_words = listed.map_or_else(|| "none".to_owned(), |beds| beds.to_string());
    let in_use = if is_taken { "the report, the newer one," } else { "the directory" };
    let mut message = format!(
        "{reported} beds in the quality report of {}, {listed_in_words} in the directory of {}: {in_use} is in use",
        report.year, directory.year
    );
    if is_newer && !is_taken {
        message.push_str(&format!(", because its departments have {in_departments}"));
    }
    built.remark(RemarkKind::Contradiction, "beds", message);

    let hospital = &mut built.hospital;
    hospital.facts.push(fact(report, "beds", reported, "beds"));
    if let Some(listed) = listed {
        hospital.facts.push(fact_of_directory(directory, "beds", listed, "set-up beds"));
    }
    if is_taken {
        hospital.beds = Some(reported);
    }
}

fn stage_number(level: Option<EmergencyLevel>) -> u8 {
    match level {
        None | Some(EmergencyLevel::Minimum) => 0,
        Some(EmergencyLevel::Basic) => 1,
        Some(EmergencyLevel::Extended) => 2,
        Some(EmergencyLevel::Comprehensive) => 3,
    }
}

/// Takes the stage from the newer of directory and report; both stand as facts where they differ.
fn decide_stage(built: &mut Built, directory: &Directory, report: &QualityReport) {
    let reported = match report.stage {
        ReportedStage::Unknown => return,
        ReportedStage::None => None,
        ReportedStage::Stage(level) => Some(level),
    };
    let listed = built.hospital.emergency_level;
    if reported == listed {
        return;
    }

    let is_newer = report.year > directory.year;
    let in_use = if is_newer { "the report" } else { "the directory" };
    let message = format!(
        "emergency stage {} in the quality report of {}, {} in the directory of {}: {in_use} is newer and in use",
        stage_number(reported),
        report.year,
        stage_number(listed),
        directory.year
    );
    built.remark(RemarkKind::Contradiction, "emergency_stage", message);

    let field = "emergency_stage";
    let facts = &mut built.hospital.facts;
    facts.push(fact(report, field, stage_number(reported), "stage"));
    facts.push(fact_of_directory(directory, field, stage_number(listed), "stage"));
    if is_newer {
        built.hospital.emergency_level = reported;
    }
}

/// Adds a remark for each department of the report whose specialties have no beds in the directory.
fn report_departments(built: &mut Built, report: &QualityReport) {
    for department in &report.departments {
        let keys = department.keys.iter();
        let specialties: Vec<&str> = keys.filter_map(|key| specialty_of(key)).collect();
        let is_listed = specialties.iter().any(|specialty| built.department(specialty).is_some());
        if specialties.is_empty() || is_listed {
            continue;
        }

        let message = format!(
            "\"{}\" ({}) is in the quality report of {} and has no beds in the directory: it is left out",
            department.name,
            specialties.join(", "),
            report.year
        );
        built.remark(RemarkKind::Contradiction, "department", message);
    }
}
