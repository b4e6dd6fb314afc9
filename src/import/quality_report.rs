//! Quality reports of hospitals (section 136b SGB V), one XML file a site and year.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::address::{Address, postcode};
use super::directory_site::MOST_BEDS;
use super::faults::{ImportRemark, RemarkKind, expecting, fault, only};
use super::text::{is_digits, short};
use super::xml::{Visitor, walk};
use crate::model::EmergencyLevel;
use crate::problem::{ProblemKind, Problems};

/// A number of a quality report. Numbers from 1 to 3 are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportedCount {
    /// The number.
    Known(u32),
    /// Hidden, because it is small: 1, 2 or 3.
    Hidden,
}

impl ReportedCount {
    /// The number in words.
    pub(super) fn in_words(self) -> String {
        match self {
            Self::Known(number) => number.to_string(),
            Self::Hidden => "1 to 3".to_owned(),
        }
    }
}

/// A department of a quality report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReportedDepartment {
    /// Its name.
    pub name: String,
    /// Its department keys of section 301 SGB V; none for departments without one, such as anaesthesiology.
    pub keys: Vec<String>,
    /// Inpatient cases of the year.
    pub cases: Option<ReportedCount>,
}

/// Equipment by its code (AA08 is a CT), and whether it is at hand for emergencies at all hours; `None` where the
/// report need not say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Equipment {
    /// Code of the G-BA's list A-13.
    pub code: String,
    /// Whether it is at hand at all hours.
    pub always: Option<bool>,
}

/// Emergency care by a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportedStage {
    /// The report says nothing, or that the stage is not agreed yet.
    #[default]
    Unknown,
    /// It takes no part in emergency care.
    None,
    /// Its stage.
    Stage(EmergencyLevel),
}

/// A quality report.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct QualityReport {
    /// The file, as it was named.
    pub file: String,
    /// The year that it is about.
    pub year: i16,
    /// The number of the hospital in billing (Institutionskennzeichen).
    pub ik: String,
    /// The number of the site: two digits until 2019, nine later; empty where the report has none.
    pub site_number: String,
    /// Name of the site.
    pub name: String,
    /// Its address.
    pub address: Address,
    /// Beds.
    pub beds: Option<u32>,
    /// Inpatient cases of the year.
    pub cases: Option<ReportedCount>,
    /// Emergency care.
    pub stage: ReportedStage,
    /// Codes of modules of special emergency care (SN01 to SN06).
    pub modules: Vec<String>,
    /// Departments.
    pub departments: Vec<ReportedDepartment>,
    /// Equipment.
    pub equipment: Vec<Equipment>,
    /// Codes of agreements on quality of structure (CQ05 to CQ07: perinatal levels).
    pub agreements: Vec<String>,
    /// Minimum volumes: what is counted, and how many.
    pub volumes: Vec<ReportedVolume>,
    /// Newborns cared for after their birth (OPS 9-262) in departments of gynaecology and obstetrics; without any,
    /// births attended (OPS 9-260, 9-261, 9-268). Hidden numbers are not in it.
    pub births: Option<u32>,
}

/// How often a hospital did something that has a minimum volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportedVolume {
    /// What is counted, in the words of the report.
    pub name: String,
    /// How many cases of the year.
    pub cases: ReportedCount,
}

impl QualityReport {
    /// The equipment of this code, if the report names it.
    pub fn has_equipment(&self, code: &str) -> Option<&Equipment> {
        self.equipment.iter().find(|equipment| equipment.code == code)
    }
}

/// A number as reports write it: `24570`, `1.234`, `93,0`, `493.0`; hidden as `<4` or `< 4`. A point is a mark for
/// thousands where three digits follow it, else one of decimals, which must be zeros.
fn read_count(text: &str) -> Option<ReportedCount> {
    let text = text.trim();
    if text.starts_with('<') {
        return Some(ReportedCount::Hidden);
    }

    // German, English and spreadsheet notations all occur.
    let text = text.replace([' ', '\u{a0}'], "");
    let (whole, has_comma) = match text.split_once(',') {
        Some((whole, decimals)) if is_zeros(decimals) => (whole, true),
        Some(_) => return None,
        None => (text.as_str(), false),
    };

    let groups: Vec<&str> = whole.split('.').collect();
    let are_thousands = groups[1..].iter().all(|group| group.len() == 3);
    let digits = match groups[..] {
        _ if are_thousands && groups[0].len() <= 3 => groups.concat(),
        [whole] => whole.to_owned(),
        [whole, decimals] if is_zeros(decimals) && !has_comma => whole.to_owned(),
        _ => return None,
    };
    if !is_digits(&digits) {
        return None;
    }
    digits.parse().ok().map(ReportedCount::Known)
}

fn is_zeros(decimals: &str) -> bool {
    decimals.bytes().all(|digit| digit == b'0')
}

/// Most cases of a hospital in a year.
const MOST_CASES: u32 = 5_000_000;

/// The number of a count that is not hidden.
fn known(count: Option<ReportedCount>) -> Option<u32> {
    match count? {
        ReportedCount::Known(number) => Some(number),
        ReportedCount::Hidden => None,
    }
}

/// Contact data of the hospital, or of the site.
#[derive(Debug, Clone, Default)]
struct Contact {
    name: String,
    ik: String,
    site_number: String,
    access: Address,
    post: Address,
}

impl Contact {
    /// Takes the text of an element within the contact data.
    fn close(&mut self, path: &[&str], text: &str) {
        match path {
            ["Name"] => text.clone_into(&mut self.name),
            ["IK"] => text.clone_into(&mut self.ik),
            ["Standortnummer"] => text.clone_into(&mut self.site_number),
            ["Kontakt_Zugang", .., field] => set_address(&mut self.access, field, text),
            ["Kontakt_Adresse", .., field] => set_address(&mut self.post, field, text),
            _ => {}
        }
    }

    /// The address of its entrance, else that of its post, which may be a box.
    fn address(&self) -> Address {
        if self.access.has_street() { self.access.clone() } else { self.post.clone() }
    }
}

fn set_address(address: &mut Address, field: &str, text: &str) {
    match field {
        "Strasse" => text.clone_into(&mut address.street),
        "Hausnummer" => text.clone_into(&mut address.number),
        "Postleitzahl" => address.postcode = postcode(text),
        "Ort" => text.clone_into(&mut address.city),
        _ => {}
    }
}

/// Something that a report counts, while it is read: a procedure by its code, or a minimum volume by its name.
#[derive(Default)]
struct Counted {
    name: String,
    number: Option<ReportedCount>,
}

/// A report while it is read.
#[derive(Default)]
struct Reading {
    report: QualityReport,
    date: String,
    hospital: Contact,
    site: Contact,
    department: ReportedDepartment,
    equipment: Option<Equipment>,
    procedure: Counted,
    volume: Counted,
    /// Counts of procedures of births, by the code of [`BIRTHS`], in departments for women.
    births: BTreeMap<&'static str, u32>,
    /// Counts of these procedures in all other departments, such as those for children.
    births_elsewhere: BTreeMap<&'static str, u32>,
    /// The line of the element that was opened last.
    line: u32,
    /// Remarks on numbers that cannot be read.
    unread_numbers: Vec<LineRemark>,
}

/// A remark on a line of a report.
struct LineRemark {
    line: u32,
    message: String,
}

/// Care of a newborn after birth (OPS): one for each child.
const NEWBORN: &str = "9-262";
/// Births attended (OPS): normal ones, those at risk, and others.
const ATTENDED: [&str; 3] = ["9-260", "9-261", "9-268"];
/// Every procedure of births that is counted.
const BIRTHS: [&str; 4] = ["9-260", "9-261", "9-268", NEWBORN];

impl Visitor for Reading {
    fn open(&mut self, path: &[&str], line: u32) {
        self.line = line;
        let Some(name) = path.last() else { return };
        match *name {
            "Organisationseinheit_Fachabteilung" => self.department = ReportedDepartment::default(),
            "Geraet" => self.equipment = Some(Equipment { code: String::new(), always: None }),
            "Basisnotfallversorgung_Stufe_1" => self.set_stage(EmergencyLevel::Basic),
            "Erweiterte_Notfallversorgung_Stufe_2" => self.set_stage(EmergencyLevel::Extended),
            "Umfassende_Notfallversorgung_Stufe_3" => {
                self.set_stage(EmergencyLevel::Comprehensive);
            }
            "Keine_Teilnahme_Notfallversorgung" => self.report.stage = ReportedStage::None,
            _ => {}
        }
    }

    fn close(&mut self, path: &[&str], text: &str) {
        // Contact data stand directly in `Krankenhaus` until 2019, and an element deeper (`Ein_Standort` or
        // `Mehrere_Standorte`) in newer years. Departments have names and numbers of their own.
        if let Some(inner) = within(path, "Standortkontaktdaten") {
            self.site.close(inner, text);
        } else if let Some(inner) = within(path, "Krankenhauskontaktdaten") {
            self.hospital.close(inner, text);
        } else if let Some(inner) = within(path, "Organisationseinheit_Fachabteilung") {
            self.close_department(inner, text);
        } else {
            self.close_report(path, text);
        }
    }
}

/// The path within the first element of this name.
fn within<'p>(path: &'p [&'p str], name: &str) -> Option<&'p [&'p str]> {
    let index = path.iter().position(|element| *element == name)?;
    Some(&path[index + 1..])
}

/// Whether an element holds the code of a module of special emergency care.
fn is_module_key(path: &[&str]) -> bool {
    let is_in = path.iter().any(|name| name.starts_with("Module_Spezielle_Notfallversorgung"));
    is_in && path.last().is_some_and(|name| name.ends_with("Schluessel"))
}

impl Reading {
    fn set_stage(&mut self, level: EmergencyLevel) {
        self.report.stage = ReportedStage::Stage(level);
    }

    /// The number in an element, at most so much; a remark where it is none.
    fn number(&mut self, path: &[&str], text: &str, most: u32) -> Option<ReportedCount> {
        let count = read_count(text);
        let is_right = match count {
            Some(ReportedCount::Known(number)) => number <= most,
            Some(ReportedCount::Hidden) => true,
            None => text.trim().is_empty(),
        };
        if is_right {
            return count;
        }

        let field = path.last().copied().unwrap_or_default();
        let shown = short(text.trim());
        let message = format!("{field}: \"{shown}\" is no whole number from 0 to {most}: left out");
        self.unread_numbers.push(LineRemark { line: self.line, message });
        None
    }

    /// Takes the text of an element that is in no contact data and no department.
    fn close_report(&mut self, path: &[&str], text: &str) {
        match path {
            [.., "Datensatz", "Datum"] => text.clone_into(&mut self.date),
            [_, "Anzahl_Betten"] => self.report.beds = known(self.number(path, text, MOST_BEDS)),
            [_, "Fallzahlen", "Vollstationaere_Fallzahl"] => {
                self.report.cases = self.number(path, text, MOST_CASES);
            }
            [_, "Fallzahlen", "Vollstationaere_Fallzahl_Datenschutz"] => {
                self.report.cases = Some(ReportedCount::Hidden);
            }
            [.., "Geraet", field] => self.close_equipment_field(field, text),
            [.., "Geraet"] => {
                let equipment = self.equipment.take();
                self.report.equipment.extend(equipment.filter(|device| !device.code.is_empty()));
            }
            // Perinatal levels are agreements on quality, not modules of emergency care.
            [.., "CQ_Schluessel"] => self.report.agreements.push(text.to_owned()),
            [.., "Mindestmengen", "Leistungsbereich", field] => match *field {
                "Bezeichnung" => text.clone_into(&mut self.volume.name),
                "Erbrachte_Menge" => self.volume.number = self.number(path, text, MOST_CASES),
                _ => {}
            },
            [.., "Mindestmengen", "Leistungsbereich"] => {
                let Counted { name, number } = std::mem::take(&mut self.volume);
                if let Some(number) = number {
                    self.report.volumes.push(ReportedVolume { name, cases: number });
                }
            }
            [.., field] if field.starts_with("SN") || is_module_key(path) => {
                // The code is the text of an element in some years, and the name of an empty one in others.
                let code = if text.is_empty() { *field } else { text };
                if code.starts_with("SN") {
                    self.report.modules.push(code.to_owned());
                }
            }
            _ => {}
        }
    }

    fn close_equipment_field(&mut self, field: &str, text: &str) {
        let Some(equipment) = &mut self.equipment else { return };
        match field {
            "AA_Schluessel" => text.clone_into(&mut equipment.code),
            "Notfallverfuegbarkeit_24h" => {
                equipment.always = match text.to_lowercase().as_str() {
                    "ja" => Some(true),
                    "nein" => Some(false),
                    _ => None,
                };
            }
            _ => {}
        }
    }

    /// Takes the text of an element within a department; the department itself for an empty path.
    fn close_department(&mut self, path: &[&str], text: &str) {
        match path {
            [] => {
                let department = std::mem::take(&mut self.department);
                self.report.departments.push(department);
            }
            ["Name"] => text.clone_into(&mut self.department.name),
            // Reports have empty keys, too.
            [.., "FA_Schluessel"] if !text.is_empty() => {
                self.department.keys.push(text.to_owned());
            }
            ["Fallzahlen_OE", "Vollstationaere_Fallzahl"] => {
                self.department.cases = self.number(path, text, MOST_CASES);
            }
            ["Fallzahlen_OE", "Vollstationaere_Fallzahl_Datenschutz"] => {
                self.department.cases = Some(ReportedCount::Hidden);
            }
            [.., "Prozedur", "OPS_301"] => text.clone_into(&mut self.procedure.name),
            [.., "Prozedur", "Anzahl"] => {
                self.procedure.number = self.number(path, text, MOST_CASES);
            }
            [.., "Prozedur"] => {
                let procedure = std::mem::take(&mut self.procedure);
                self.count_births(&procedure);
            }
            _ => {}
        }
    }

    fn count_births(&mut self, procedure: &Counted) {
        let Some(code) = BIRTHS.into_iter().find(|code| procedure.name.starts_with(code)) else {
            return;
        };

        // Departments for children count newborns that they admit: they would count twice.
        let keys = &self.department.keys;
        let is_for_women = keys.iter().any(|key| key.starts_with("24") || key.starts_with("25"));
        let counts = if is_for_women { &mut self.births } else { &mut self.births_elsewhere };
        let sum = counts.entry(code).or_default();
        *sum = sum.saturating_add(known(procedure.number).unwrap_or(0));
    }

    /// Newborns; without any, births attended; `None` where the report counts neither.
    fn births_of_year(&self) -> Option<u32> {
        // Where no department for women counts any, births stand under another one, or under one without a key.
        let counts = if self.births.is_empty() { &self.births_elsewhere } else { &self.births };
        let newborns = counts.get(NEWBORN).copied().unwrap_or(0);
        if newborns > 0 {
            return Some(newborns);
        }

        let attended = ATTENDED.iter().filter_map(|code| counts.get(code)).sum();
        if attended > 0 { Some(attended) } else { None }
    }

    /// The report, without its file and year.
    fn finish(mut self) -> QualityReport {
        self.report.births = self.births_of_year();
        let whole = self.hospital;
        let address_of_whole = whole.address();

        // A hospital of one site has contact data of its own only.
        let has_site = !self.site.name.is_empty() || !self.site.ik.is_empty();
        let site = if has_site { self.site } else { whole.clone() };
        let address = site.address();

        let mut report = self.report;
        report.ik = if site.ik.is_empty() { whole.ik } else { site.ik };
        report.site_number = site.site_number;
        report.name = if site.name.is_empty() { whole.name } else { site.name };
        report.address = if address.has_street() { address } else { address_of_whole };
        report.modules.sort();
        report.modules.dedup();
        report
    }
}

/// Whose report a file is by its name: the G-BA names them `IK-SITE-YEAR-xml.xml`.
#[derive(Debug, PartialEq, Eq)]
struct ReportName {
    ik: String,
    site: String,
    year: i16,
}

impl ReportName {
    /// `None` for a file that somebody named otherwise.
    fn of(file: &str) -> Option<Self> {
        let name = Path::new(file).file_stem()?.to_str()?;
        let mut parts = name.split('-');
        let (ik, site, year) = (parts.next()?, parts.next()?, parts.next()?);
        let is_official = ik.len() == 9 && is_digits(ik) && is_digits(site) && year.len() == 4;
        if !is_official {
            return None;
        }
        Some(Self { ik: ik.to_owned(), site: site.to_owned(), year: year.parse().ok()? })
    }

    /// Whether the report says that it is another hospital's, or another site's.
    fn contradicts(&self, report: &QualityReport) -> bool {
        // Site 99 stands for all sites of a hospital.
        let is_of_all = self.site == "99" || report.site_number == "99";
        differs(&report.ik, &self.ik) || (!is_of_all && differs(&report.site_number, &self.site))
    }
}

/// Whether a number is given and differs from that in a file's name, whatever zeros they begin with.
fn differs(number: &str, named: &str) -> bool {
    !number.is_empty() && number.trim_start_matches('0') != named.trim_start_matches('0')
}

/// Reads a quality report.
///
/// The year is that of the file's name; without one, the year before the report was made.
pub(super) fn read_quality_report(
    file: &str,
    text: &str,
    remarks: &mut Vec<ImportRemark>,
) -> Result<QualityReport, Problems> {
    let mut reading = Reading::default();
    walk(file, text, &mut reading).map_err(only)?;
    for LineRemark { line, message } in std::mem::take(&mut reading.unread_numbers) {
        remarks.push(ImportRemark::new(RemarkKind::LeftOut, "number", message).at(file, line));
    }

    // The name is what the G-BA gave, so it is surer than the report, which may have been made late.
    let name = ReportName::of(file);
    let year = match &name {
        Some(name) => Some(name.year),
        None => year_before(&reading.date),
    };
    let Some(year) = year else {
        let message = "neither the file's name nor the report says its year";
        let problem = fault(file, ProblemKind::Missing, message);
        return Err(only(expecting(problem, "a name such as 260100023-01-2019-xml.xml")));
    };

    let report = QualityReport { file: file.to_owned(), year, ..reading.finish() };
    match name {
        Some(name) if name.contradicts(&report) => {
            let message = format!(
                "the file's name says hospital {}, site {}, the report hospital {}, site {}: it is the report of another site",
                name.ik, name.site, report.ik, report.site_number
            );
            Err(only(fault(file, ProblemKind::Conflict, message)))
        }
        _ => Ok(report),
    }
}

/// The year before a date such as `2020-12-15`: reports are made in the year after that of their numbers.
fn year_before(date: &str) -> Option<i16> {
    let year: i16 = date.get(..4)?.parse().ok()?;
    Some(year - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_hidden_grouped_or_have_a_decimal_comma() {
        assert_eq!(read_count("24570"), Some(ReportedCount::Known(24_570)));
        assert_eq!(read_count("1.234"), Some(ReportedCount::Known(1234)));
        assert_eq!(read_count("93,0"), Some(ReportedCount::Known(93)));
        assert_eq!(read_count("493.0"), Some(ReportedCount::Known(493)));
        assert_eq!(read_count("24570.0"), Some(ReportedCount::Known(24_570)));
        assert_eq!(read_count("1.234.567"), Some(ReportedCount::Known(1_234_567)));
        assert_eq!(read_count("1.234,0"), Some(ReportedCount::Known(1234)));
        for wrong in ["93,5", "93.5", "-5", "+5", "1e3", "abc", "1.2345", "1234.567", "."] {
            assert_eq!(read_count(wrong), None, "{wrong}");
        }
        assert_eq!(read_count("< 4"), Some(ReportedCount::Hidden));
        assert_eq!(read_count(""), None);
    }

    #[test]
    fn the_name_of_a_file_says_whose_report_it_is() {
        let name = ReportName::of("reports/260100023-01-2019-xml.xml");
        let expected = ReportName { ik: "260100023".into(), site: "01".into(), year: 2019 };
        assert_eq!(name, Some(expected));
        assert_eq!(ReportName::of("report.xml"), None);
        assert_eq!(ReportName::of("1-2-3.xml"), None);
    }
}
