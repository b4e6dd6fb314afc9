//! What quality reports add to hospitals of the directory.

use std::collections::{BTreeMap, HashMap};

use super::address::AddressKey;
use super::build::{Built, OBSTETRIC_BEDS, WOMEN_BY_KEY};
use super::department_keys::department_key;
use super::directory::{Directory, DirectorySite};
use super::faults::{ImportRemark, RemarkKind};
use super::known_sites::{KnownSite, KnownSites};
use super::quality_report::{QualityReport, ReportedCount, ReportedStage};
use crate::model::{Department, EmergencyLevel, Facility, Fact, Hospital, Hours, Source};

/// Key of the source of reports of a year.
pub(super) fn source_key(year: i16) -> String {
    format!("quality-reports-{year}")
}

/// The source of reports of a year.
pub(super) fn source(year: i16) -> Source {
    Source {
        title: format!(
            "Qualitätsberichte der Krankenhäuser (section 136b SGB V), reporting year {year}, Gemeinsamer Bundesausschuss"
        ),
        year: Some(year.to_string()),
        licence: Some("terms of use of the G-BA's data portal for quality reports".to_owned()),
        url: None,
    }
}

/// How a report found its hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JoinedBy {
    Number,
    Ik,
    Address,
    Street,
}

impl JoinedBy {
    fn in_words(self) -> &'static str {
        match self {
            Self::Number => "the number of its site and the address of the register",
            Self::Ik => "the number of its hospital (IK), which has one site",
            Self::Address => "its address",
            Self::Street => "its street, without the number",
        }
    }
}

/// The reports of each row of the directory, oldest first, and those of no row.
#[derive(Default)]
pub(super) struct JoinedReports<'f> {
    pub(super) by_row: HashMap<u32, Vec<(&'f QualityReport, &'static str)>>,
    pub(super) unjoined: Vec<&'f QualityReport>,
    /// Reports that another one of the same site and year takes the place of, each with that other one.
    pub(super) replaced: Vec<(&'f QualityReport, &'f QualityReport)>,
}

/// Rows of the directory by what reports may know of them. Where several rows share an address, the one with most
/// beds is meant: others are parts of it.
struct Rows<'f> {
    by_address: HashMap<AddressKey, &'f DirectorySite>,
    by_street: HashMap<AddressKey, Vec<&'f DirectorySite>>,
}

impl<'f> Rows<'f> {
    fn new(directory: &'f Directory) -> Self {
        let mut by_address: HashMap<AddressKey, &DirectorySite> = HashMap::new();
        let mut by_street: HashMap<AddressKey, Vec<&DirectorySite>> = HashMap::new();
        for site in directory.sites.iter().filter(|site| site.address.has_street()) {
            by_street.entry(site.address.street_key()).or_default().push(site);
            let largest = by_address.entry(site.address.key()).or_insert(site);
            if site.beds > largest.beds {
                *largest = site;
            }
        }
        Self { by_address, by_street }
    }

    fn at(&self, site: &KnownSite) -> Option<&'f DirectorySite> {
        self.by_address.get(&site.address.key()).copied()
    }
}

/// Finds the row of the directory of each report: by site number, then by IK, then by address, then by street.
pub(super) fn join<'f>(
    directory: &'f Directory,
    known: &'f [KnownSites],
    reports: &'f [QualityReport],
) -> JoinedReports<'f> {
    let rows = Rows::new(directory);
    let mut by_number: HashMap<&str, &KnownSite> = HashMap::new();
    let mut by_ik: HashMap<&str, Vec<&KnownSite>> = HashMap::new();
    for site in known.iter().flat_map(|own| &own.sites) {
        if let Some(number) = &site.site_number {
            by_number.insert(number, site);
        }
        if let Some(ik) = &site.ik {
            by_ik.entry(ik).or_default().push(site);
        }
    }
    let mut joined = JoinedReports::default();
    for report in reports {
        let number = by_number.get(report.site_number.as_str());
        let by_site_number = number.and_then(|site| rows.at(site));
        let same_ik = by_ik.get(report.ik.as_str()).map_or(&[][..], Vec::as_slice);
        let of_ik: BTreeMap<u32, &DirectorySite> =
            same_ik.iter().filter_map(|site| rows.at(site)).map(|row| (row.row, row)).collect();
        let only_one = of_ik.values().next().copied().filter(|_| of_ik.len() == 1);
        let by_address = rows.by_address.get(&report.address.key()).copied();
        let street = rows.by_street.get(&report.address.street_key());
        let by_street = street.filter(|same| same.len() == 1).map(|same| same[0]);
        let has_street = report.address.has_street();
        let found = [
            (by_site_number, JoinedBy::Number),
            // A hospital of several sites has one number: its address tells which one is meant.
            (only_one.filter(|_| by_address.is_none()), JoinedBy::Ik),
            (by_address.filter(|_| has_street), JoinedBy::Address),
            (by_street.filter(|_| has_street), JoinedBy::Street),
        ];
        let first = found.into_iter().find_map(|(row, how)| row.map(|row| (row, how)));
        match first {
            Some((row, how)) => {
                joined.by_row.entry(row.row).or_default().push((report, how.in_words()));
            }
            None => joined.unjoined.push(report),
        }
    }
    for reports in joined.by_row.values_mut() {
        reports.sort_by(|a, b| (a.0.year, &a.0.file).cmp(&(b.0.year, &b.0.file)));
        let mut kept: Vec<(&QualityReport, &'static str)> = Vec::new();
        for &(report, how) in reports.iter() {
            if let Some((before, _)) = kept.last()
                && before.year == report.year
            {
                joined.replaced.push((before, report));
                kept.pop();
            }
            kept.push((report, how));
        }
        *reports = kept;
    }
    joined.replaced.sort_by(|a, b| a.0.file.cmp(&b.0.file));
    joined
}

/// What equipment is which facility of the catalog.
const EQUIPMENT: [(&str, &str); 4] =
    [("AA08", "ct"), ("AA22", "mri"), ("AA69", "cath_lab"), ("AA14", "dialysis")];

/// The place for mechanical thrombectomy; the catalog's facility is one at all hours.
const THROMBECTOMY: &str = "AA70";

/// What modules are which facilities of the catalog.
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
    let small = name.to_lowercase();
    let found = VOLUMES.iter().find(|(word, _)| small.contains(word)).map(|(_, field)| *field);
    found.map_or_else(|| format!("minimum_volume: {name}"), str::to_owned)
}

/// Agreements that are perinatal levels, the highest first.
const PERINATAL: [(&str, &str); 3] = [("CQ05", "level_1"), ("CQ06", "level_2"), ("CQ07", "focus")];

/// Hours that are assumed for equipment that is not at hand at all hours.
const OFFICE_HOURS: &str = "Mon-Fri 8-16";

/// Adds what reports say, oldest first: facts of every year, facilities that they name, and of the newest beds and
/// stage where it is newer than the directory.
pub(super) fn add_reports(
    built: &mut Built,
    directory: &Directory,
    reports: &[(&QualityReport, &'static str)],
) {
    for (report, how) in reports {
        let message = format!("the quality report {} was joined by {how}", report.file);
        built.remark(RemarkKind::Joined, "quality_report", message);
        add_facts(built, report);
        add_facilities(built, report);
    }
    let Some((newest, _)) = reports.last() else { return };
    built.hospital.sources.extend(reports.iter().map(|(report, _)| source_key(report.year)));
    built.hospital.sources.dedup();
    decide_beds(built, directory, newest);
    decide_stage(built, directory, newest);
    add_births(built, newest);
    add_departments(built, newest);
}

fn fact(
    report: &QualityReport,
    field: impl Into<String>,
    value: impl ToString,
    unit: &str,
) -> Fact {
    Fact {
        field: field.into(),
        value: value.to_string(),
        unit: Some(unit.to_owned()),
        year: Some(report.year.to_string()),
        source: source_key(report.year),
    }
}

fn in_words(count: ReportedCount) -> String {
    match count {
        ReportedCount::Known(number) => number.to_string(),
        ReportedCount::Hidden => "1 to 3".to_owned(),
    }
}

/// Cases, births and minimum volumes of a report.
fn add_facts(built: &mut Built, report: &QualityReport) {
    let facts = &mut built.hospital.facts;
    if let Some(cases) = report.cases {
        facts.push(fact(report, "inpatient_cases", in_words(cases), "cases"));
    }
    if let Some(births) = report.births {
        facts.push(fact(report, "births", births, "newborns, by OPS codes"));
    }
    let mut by_specialty: BTreeMap<&str, (u32, bool)> = BTreeMap::new();
    for department in &report.departments {
        let mut known = department.keys.iter().filter_map(|key| department_key(key));
        let Some(specialty) = known.find_map(|entry| entry.specialty) else { continue };
        let sum = by_specialty.entry(specialty).or_default();
        match department.cases {
            Some(ReportedCount::Known(cases)) => sum.0 = sum.0.saturating_add(cases),
            Some(ReportedCount::Hidden) => sum.1 = true,
            None => {}
        }
    }
    for (specialty, (cases, is_hidden)) in by_specialty {
        let unit = if is_hidden { "cases, hidden ones not counted" } else { "cases" };
        facts.push(fact(report, format!("{specialty}_cases"), cases, unit));
    }
    for (name, number) in &report.volumes {
        facts.push(fact(report, volume_field(name), in_words(*number), "cases"));
    }
}

/// Facilities that a report names.
fn add_facilities(built: &mut Built, report: &QualityReport) {
    for (code, kind) in EQUIPMENT {
        let Some(equipment) = report.has_equipment(code) else { continue };
        let mut facility = Facility::new(kind);
        let path = format!("facilities.{kind}.hours");
        built.hospital.assumed.retain(|mark| *mark != path);
        if equipment.always == Some(false) {
            facility.hours = OFFICE_HOURS.parse::<Hours>().unwrap_or_default();
            built.hospital.assumed.push(path);
            let message = format!("{kind} is not at hand at all hours; {OFFICE_HOURS} is assumed");
            built.remark(RemarkKind::Assumed, "hours", message);
        }
        built.facility(facility);
    }
    let thrombectomy = report.has_equipment(THROMBECTOMY);
    if thrombectomy.is_some_and(|own| own.always == Some(true)) {
        built.facility(Facility::new("thrombectomy"));
    }
    for (code, kinds) in MODULES {
        if report.modules.iter().any(|own| own == code) {
            kinds.iter().for_each(|kind| built.facility(Facility::new(*kind)));
        }
    }
    let has_module = |code: &str| report.modules.iter().any(|own| own == code);
    if let Some((_, grade)) = CHILDREN.iter().rev().find(|(code, _)| has_module(code)) {
        built.facility(Facility::new("children_module").grade(*grade));
    }
    let level = PERINATAL.iter().find(|(code, _)| report.agreements.iter().any(|own| own == code));
    if let Some((_, grade)) = level {
        built.facility(Facility::new("perinatal").grade(*grade));
    }
}

/// The newer of directory and report says how many beds there are; both stand as facts where they differ. Beds by
/// department are the directory's: a newer total below their sum is not taken.
fn decide_beds(built: &mut Built, directory: &Directory, report: &QualityReport) {
    let Some(reported) = report.beds else { return };
    let listed = built.hospital.beds;
    if listed == Some(reported) {
        return;
    }
    let in_departments: u32 = built.hospital.departments.iter().filter_map(|own| own.beds).sum();
    let is_newer = report.year > directory.year;
    let is_taken = is_newer && reported >= in_departments;
    let said = listed.map_or_else(|| "none".to_owned(), |beds| beds.to_string());
    let in_use = if is_taken { "the report, the newer one," } else { "the directory" };
    let mut message = format!(
        "{reported} beds in the quality report of {}, {said} in the directory of {}: {in_use} is in use",
        report.year, directory.year
    );
    if is_newer && !is_taken {
        message.push_str(&format!(", because its departments have {in_departments}"));
    }
    built.remark(RemarkKind::Contradiction, "beds", message);
    built.hospital.facts.push(fact(report, "beds", reported, "beds"));
    if let Some(listed) = listed {
        built.hospital.facts.push(of_directory(directory, "beds", listed, "set-up beds"));
    }
    if is_taken {
        built.hospital.beds = Some(reported);
    }
}

fn of_directory(directory: &Directory, field: &str, value: impl ToString, unit: &str) -> Fact {
    Fact {
        field: field.to_owned(),
        value: value.to_string(),
        unit: Some(unit.to_owned()),
        year: Some(directory.year.to_string()),
        source: super::build::source_key(directory),
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

/// The newer of directory and report says the stage; both stand as facts where they differ.
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
    let facts = &mut built.hospital.facts;
    facts.push(fact(report, "emergency_stage", stage_number(reported), "stage"));
    facts.push(of_directory(directory, "emergency_stage", stage_number(listed), "stage"));
    if is_newer {
        built.hospital.emergency_level = reported;
    }
}

/// Obstetric beds per 1,000 births.
const BEDS_PER_1000_BIRTHS: f64 = 19.6;

/// Where a report counts births, the beds of gynaecology and obstetrics in one number are split by them.
fn add_births(built: &mut Built, report: &QualityReport) {
    let Some(births) = report.births else { return };
    let hospital = &mut built.hospital;
    let path = "departments.gynecology.beds";
    let is_combined = hospital.derived.get(path).is_some_and(|rule| rule == WOMEN_BY_KEY.key);
    if is_combined {
        take_women_together(hospital);
        built.remarks.retain(|remark| remark.topic != "births");
    }
    let hospital = &mut built.hospital;
    let has_obstetrics =
        hospital.departments.iter().any(|department| department.specialty == "obstetrics");
    if has_obstetrics || births == 0 {
        return;
    }
    let women = hospital.departments.iter_mut().find(|own| own.specialty == "gynecology");
    let Some(women) = women.filter(|own| is_combined && own.beds.is_some()) else {
        hospital.departments.push(Department::new("obstetrics"));
        return;
    };
    let both = women.beds.unwrap_or(0);
    let beds = (f64::from(births) * BEDS_PER_1000_BIRTHS / 1000.0).round() as u32;
    let beds = beds.clamp(1, both.saturating_sub(1).max(1)).min(both);
    women.beds = Some(both - beds);
    hospital.departments.push(Department::new("obstetrics").beds(beds));
    for path in [path, "departments.obstetrics.beds"] {
        hospital.derived.insert(path.to_owned(), OBSTETRIC_BEDS.key.to_owned());
    }
    let message = format!(
        "{births} births in the quality report of {}: of {both} beds of gynaecology and obstetrics {beds} are obstetrics",
        report.year
    );
    built.remark(RemarkKind::Derived, "births", message);
}

/// Takes what stood in for an unknown obstetrics away: all beds of women are those of gynaecology again.
fn take_women_together(hospital: &mut Hospital) {
    let stood_in = hospital.beds_of("obstetrics").unwrap_or(0);
    hospital.departments.retain(|department| department.specialty != "obstetrics");
    hospital.derived.remove("departments.obstetrics.beds");
    hospital.settle("departments.obstetrics");
    let women =
        hospital.departments.iter_mut().find(|department| department.specialty == "gynecology");
    if let Some(women) = women {
        women.beds = women.beds.map(|beds| beds + stood_in);
    }
}

/// Tells specialties of the report that the directory has no beds for.
fn add_departments(built: &mut Built, report: &QualityReport) {
    for department in &report.departments {
        let mut specialties: Vec<&str> = Vec::new();
        for key in &department.keys {
            specialties.extend(department_key(key).and_then(|entry| entry.specialty));
        }
        let is_listed = |specialty: &&str| {
            built.hospital.departments.iter().any(|own| own.specialty == **specialty)
        };
        if specialties.is_empty() || specialties.iter().any(is_listed) {
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

/// Tells reports that no row of the directory was found for, and those of a site and year that has a second one.
pub(super) fn report_unjoined(joined: &JoinedReports<'_>, remarks: &mut Vec<ImportRemark>) {
    for (report, other) in &joined.replaced {
        let cases = |report: &QualityReport| report.cases.map_or("no".to_owned(), in_words);
        let message = format!(
            "\"{}\" has two reports of {}, with {} and {} cases: {} is in use",
            report.name,
            report.year,
            cases(report),
            cases(other),
            other.file
        );
        let remark = ImportRemark::new(RemarkKind::Contradiction, "quality_report", message);
        remarks.push(ImportRemark { file: Some(report.file.clone()), ..remark });
    }
    for report in &joined.unjoined {
        let message = format!(
            "no site of the directory has the numbers or the address of \"{}\", {}",
            report.name,
            report.address.in_words()
        );
        let remark = ImportRemark::new(RemarkKind::NotJoined, "quality_report", message);
        remarks.push(ImportRemark { file: Some(report.file.clone()), ..remark });
    }
}
