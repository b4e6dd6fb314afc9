//! Quality reports of hospitals (section 136b SGB V), one XML file a site and year.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::address::Address;
use super::directory::postcode;
use super::faults::{ImportRemark, RemarkKind, fault};
use super::text::short;
use super::xml::{Visitor, walk};
use crate::model::{EmergencyLevel, Problem, ProblemKind, Problems};

/// A number of a quality report. Numbers from 1 to 3 are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportedCount {
    /// The number.
    Known(u32),
    /// Hidden, because it is small: 1, 2 or 3.
    Hidden,
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

/// What a report says about emergency care.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportedStage {
    /// Nothing, or that it is not agreed yet.
    #[default]
    Unknown,
    /// It takes no part.
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
    pub volumes: Vec<(String, ReportedCount)>,
    /// Newborns cared for after their birth (OPS 9-262) in departments of gynaecology and obstetrics; without any,
    /// births attended (OPS 9-260, 9-261, 9-268). Hidden numbers are not in it.
    pub births: Option<u32>,
}

impl QualityReport {
    /// Whether a report names this equipment, and whether at all hours.
    pub fn has_equipment(&self, code: &str) -> Option<&Equipment> {
        self.equipment.iter().find(|own| own.code == code)
    }
}

/// A number as reports write it: `24570`, `1.234`, `93,0`, `493.0`; hidden as `<4` or `< 4`. A point is a mark for
/// thousands where three digits follow it, else one of decimals, which must be zeros.
fn count(text: &str) -> Option<ReportedCount> {
    let text = text.trim();
    if text.starts_with('<') {
        return Some(ReportedCount::Hidden);
    }
    let text = text.replace([' ', '\u{a0}'], "");
    let is_zeros = |decimals: &str| decimals.bytes().all(|digit| digit == b'0');
    let whole = match text.split_once(',') {
        Some((whole, decimals)) if is_zeros(decimals) => whole,
        Some(_) => return None,
        None => &text,
    };
    let groups: Vec<&str> = whole.split('.').collect();
    let are_thousands = groups[1..].iter().all(|group| group.len() == 3);
    let digits = match groups[..] {
        _ if are_thousands && groups[0].len() <= 3 => groups.concat(),
        [whole] => whole.to_owned(),
        [whole, decimals] if is_zeros(decimals) && !text.contains(',') => whole.to_owned(),
        _ => return None,
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number).map(ReportedCount::Known)
}

/// Most beds of a hospital in its report, and most cases.
const MOST_BEDS: u32 = 20_000;
const MOST_CASES: u32 = 5_000_000;

/// The number in a text, decimals cut; hidden ones are none.
fn known(count: Option<ReportedCount>) -> Option<u32> {
    match count? {
        ReportedCount::Known(number) => Some(number),
        ReportedCount::Hidden => None,
    }
}

/// Contact data of the hospital, or of the site.
#[derive(Debug, Default)]
struct Contact {
    name: String,
    ik: String,
    site_number: String,
    access: Address,
    post: Address,
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
    procedure: (String, Option<ReportedCount>),
    volume: (String, Option<ReportedCount>),
    /// Counts of procedures of births by code of three digits, in departments for women and in all.
    births: BTreeMap<&'static str, u32>,
    births_elsewhere: BTreeMap<&'static str, u32>,
    /// The line of the element that was opened last.
    line: u32,
    /// Numbers that are none, with their lines.
    no_numbers: Vec<(u32, String)>,
}

/// Procedures of births that are counted.
const BIRTHS: [&str; 4] = ["9-260", "9-261", "9-268", "9-262"];

fn set(address: &mut Address, field: &str, text: &str) {
    match field {
        "Strasse" => text.clone_into(&mut address.street),
        "Hausnummer" => text.clone_into(&mut address.number),
        "Postleitzahl" => address.postcode = postcode(text),
        "Ort" => text.clone_into(&mut address.city),
        _ => {}
    }
}

impl Contact {
    fn close(&mut self, path: &[&str], text: &str) {
        match path {
            ["Name"] => text.clone_into(&mut self.name),
            ["IK"] => text.clone_into(&mut self.ik),
            ["Standortnummer"] => text.clone_into(&mut self.site_number),
            ["Kontakt_Zugang", .., field] => set(&mut self.access, field, text),
            ["Kontakt_Adresse", .., field] => set(&mut self.post, field, text),
            _ => {}
        }
    }

    fn address(&self) -> Address {
        if self.access.has_street() { self.access.clone() } else { self.post.clone() }
    }
}

impl Visitor for Reading {
    fn open(&mut self, path: &[&str], line: u32) {
        self.line = line;
        let Some(name) = path.last() else { return };
        match *name {
            "Organisationseinheit_Fachabteilung" => self.department = ReportedDepartment::default(),
            "Geraet" => self.equipment = Some(Equipment { code: String::new(), always: None }),
            "Basisnotfallversorgung_Stufe_1" => self.stage(EmergencyLevel::Basic),
            "Erweiterte_Notfallversorgung_Stufe_2" => self.stage(EmergencyLevel::Extended),
            "Umfassende_Notfallversorgung_Stufe_3" => self.stage(EmergencyLevel::Comprehensive),
            "Keine_Teilnahme_Notfallversorgung" => self.report.stage = ReportedStage::None,
            _ => {}
        }
    }

    fn close(&mut self, path: &[&str], text: &str) {
        let at = |name: &str| path.iter().position(|own| *own == name);
        if let Some(at) = at("Standortkontaktdaten") {
            return self.site.close(&path[at + 1..], text);
        }
        if let Some(at) = at("Krankenhauskontaktdaten") {
            return self.hospital.close(&path[at + 1..], text);
        }
        if let Some(at) = at("Organisationseinheit_Fachabteilung") {
            return self.close_department(&path[at + 1..], text);
        }
        match path {
            [.., "Datensatz", "Datum"] => text.clone_into(&mut self.date),
            [_, "Anzahl_Betten"] => self.report.beds = known(self.number(path, text, MOST_BEDS)),
            [_, "Fallzahlen", "Vollstationaere_Fallzahl"] => {
                self.report.cases = self.number(path, text, MOST_CASES);
            }
            [_, "Fallzahlen", "Vollstationaere_Fallzahl_Datenschutz"] => {
                self.report.cases = Some(ReportedCount::Hidden);
            }
            [.., "Geraet", "AA_Schluessel"] => {
                if let Some(equipment) = &mut self.equipment {
                    text.clone_into(&mut equipment.code);
                }
            }
            [.., "Geraet", "Notfallverfuegbarkeit_24h"] => {
                if let Some(equipment) = &mut self.equipment {
                    equipment.always = match text.to_lowercase().as_str() {
                        "ja" => Some(true),
                        "nein" => Some(false),
                        _ => None,
                    };
                }
            }
            [.., "Geraet"] => {
                let found = self.equipment.take().filter(|own| !own.code.is_empty());
                self.report.equipment.extend(found);
            }
            [.., "CQ_Schluessel"] => self.report.agreements.push(text.to_owned()),
            [.., "Mindestmengen", "Leistungsbereich", field] => match *field {
                "Bezeichnung" => text.clone_into(&mut self.volume.0),
                "Erbrachte_Menge" => self.volume.1 = self.number(path, text, MOST_CASES),
                _ => {}
            },
            [.., "Mindestmengen", "Leistungsbereich"] => {
                let (name, number) = std::mem::take(&mut self.volume);
                self.report.volumes.extend(number.map(|number| (name, number)));
            }
            [.., field] if field.starts_with("SN") || is_module_key(path) => {
                let code = if text.is_empty() { *field } else { text };
                if code.starts_with("SN") {
                    self.report.modules.push(code.to_owned());
                }
            }
            _ => {}
        }
    }
}

/// Whether an element holds the code of a module of special emergency care.
fn is_module_key(path: &[&str]) -> bool {
    let is_in = path.iter().any(|name| name.starts_with("Module_Spezielle_Notfallversorgung"));
    is_in && path.last().is_some_and(|name| name.ends_with("Schluessel"))
}

impl Reading {
    fn stage(&mut self, level: EmergencyLevel) {
        self.report.stage = ReportedStage::Stage(level);
    }

    /// The number in an element, at most so much; noted where it is none.
    fn number(&mut self, path: &[&str], text: &str, most: u32) -> Option<ReportedCount> {
        let found = count(text);
        let is_right = match found {
            Some(ReportedCount::Known(number)) => number <= most,
            Some(ReportedCount::Hidden) => true,
            None => text.trim().is_empty(),
        };
        if is_right {
            return found;
        }
        let field = path.last().copied().unwrap_or_default();
        let shown = short(text.trim());
        let message = format!("{field}: \"{shown}\" is no whole number from 0 to {most}: left out");
        self.no_numbers.push((self.line, message));
        None
    }

    fn close_department(&mut self, path: &[&str], text: &str) {
        match path {
            [] => {
                let department = std::mem::take(&mut self.department);
                self.report.departments.push(department);
            }
            ["Name"] => text.clone_into(&mut self.department.name),
            [.., "FA_Schluessel"] if !text.is_empty() => {
                self.department.keys.push(text.to_owned());
            }
            ["Fallzahlen_OE", "Vollstationaere_Fallzahl"] => {
                self.department.cases = self.number(path, text, MOST_CASES);
            }
            ["Fallzahlen_OE", "Vollstationaere_Fallzahl_Datenschutz"] => {
                self.department.cases = Some(ReportedCount::Hidden);
            }
            [.., "Prozedur", "OPS_301"] => text.clone_into(&mut self.procedure.0),
            [.., "Prozedur", "Anzahl"] => self.procedure.1 = self.number(path, text, MOST_CASES),
            [.., "Prozedur"] => {
                let (code, number) = std::mem::take(&mut self.procedure);
                self.count_births(&code, number);
            }
            _ => {}
        }
    }

    fn count_births(&mut self, code: &str, number: Option<ReportedCount>) {
        let Some(kind) = BIRTHS.into_iter().find(|kind| code.starts_with(kind)) else { return };
        let is_women = |key: &String| key.starts_with("24") || key.starts_with("25");
        let counts = if self.department.keys.iter().any(is_women) {
            &mut self.births
        } else {
            &mut self.births_elsewhere
        };
        let sum = counts.entry(kind).or_default();
        *sum = sum.saturating_add(known(number).unwrap_or(0));
    }

    fn finish(mut self) -> (QualityReport, String) {
        let site = if self.site.name.is_empty() && self.site.ik.is_empty() {
            &self.hospital
        } else {
            &self.site
        };
        let whole = &self.hospital;
        let or = |first: &str, second: &str| {
            if first.is_empty() { second.to_owned() } else { first.to_owned() }
        };
        self.report.ik = or(&site.ik, &whole.ik);
        self.report.site_number = or(&site.site_number, "");
        self.report.name = or(&site.name, &whole.name);
        let address = site.address();
        self.report.address = if address.has_street() { address } else { whole.address() };
        let counts = if self.births.is_empty() { &self.births_elsewhere } else { &self.births };
        let newborns = counts.get("9-262").copied();
        let attended = || {
            let sum = BIRTHS[..3].iter().filter_map(|kind| counts.get(kind)).sum();
            Some(sum).filter(|sum| *sum > 0)
        };
        self.report.births = newborns.filter(|newborns| *newborns > 0).or_else(attended);
        self.report.modules.sort();
        self.report.modules.dedup();
        (self.report, self.date)
    }
}

/// What the name of a file of the G-BA says: `IK-SITE-YEAR-xml.xml`.
fn parts_of_name(file: &str) -> Option<(String, String, i16)> {
    let name = Path::new(file).file_stem()?.to_str()?.to_owned();
    let mut parts = name.split('-');
    let (ik, site, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number =
        |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    let is_named = ik.len() == 9 && is_number(ik) && is_number(site) && year.len() == 4;
    Some((ik.to_owned(), site.to_owned(), year.parse().ok().filter(|_| is_named)?))
}

/// Reads a quality report.
///
/// The year is that of the file's name; without one, the year before the report was made.
pub(super) fn read_quality_report(
    file: &str,
    text: &str,
    remarks: &mut Vec<ImportRemark>,
) -> Result<QualityReport, Problems> {
    let one = |problem: Problem| -> Problems { std::iter::once(problem).collect() };
    let mut reading = Reading::default();
    walk(file, text, &mut reading).map_err(one)?;
    for (line, message) in std::mem::take(&mut reading.no_numbers) {
        remarks.push(ImportRemark::new(RemarkKind::LeftOut, "number", message).at(file, line));
    }
    let (mut report, date) = reading.finish();
    file.clone_into(&mut report.file);
    let by_name = parts_of_name(file);
    let of_date = date.get(..4).and_then(|year| year.parse::<i16>().ok()).map(|year| year - 1);
    let Some(year) = by_name.as_ref().map(|(_, _, year)| *year).or(of_date) else {
        let message = "neither the file's name nor the report says its year";
        let problem = fault(file, ProblemKind::Missing, message);
        let expected = "a name such as 260100023-01-2019-xml.xml".to_owned();
        return Err(one(Problem { expected, ..problem }));
    };
    report.year = year;
    if let Some((ik, site, _)) = by_name {
        let differs = |own: &str, named: &str| {
            !own.is_empty() && own.trim_start_matches('0') != named.trim_start_matches('0')
        };
        // Site 99 stands for all sites of a hospital.
        let is_other_site =
            differs(&report.site_number, &site) && report.site_number != "99" && site != "99";
        if differs(&report.ik, &ik) || is_other_site {
            let message = format!(
                "the file's name says hospital {ik}, site {site}, the report hospital {}, site {}: it is the report of another site",
                report.ik, report.site_number
            );
            return Err(one(fault(file, ProblemKind::Conflict, message)));
        }
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_hidden_grouped_or_have_a_decimal_comma() {
        assert_eq!(count("24570"), Some(ReportedCount::Known(24_570)));
        assert_eq!(count("1.234"), Some(ReportedCount::Known(1234)));
        assert_eq!(count("93,0"), Some(ReportedCount::Known(93)));
        assert_eq!(count("493.0"), Some(ReportedCount::Known(493)));
        assert_eq!(count("24570.0"), Some(ReportedCount::Known(24_570)));
        assert_eq!(count("1.234.567"), Some(ReportedCount::Known(1_234_567)));
        assert_eq!(count("1.234,0"), Some(ReportedCount::Known(1234)));
        for wrong in ["93,5", "93.5", "-5", "+5", "1e3", "abc", "1.2345", "1234.567", "."] {
            assert_eq!(count(wrong), None, "{wrong}");
        }
        assert_eq!(count("< 4"), Some(ReportedCount::Hidden));
        assert_eq!(count(""), None);
    }

    #[test]
    fn the_name_of_a_file_says_whose_report_it_is() {
        let parts = parts_of_name("reports/260100023-01-2019-xml.xml");
        assert_eq!(parts, Some(("260100023".to_owned(), "01".to_owned(), 2019)));
        assert_eq!(parts_of_name("report.xml"), None);
        assert_eq!(parts_of_name("1-2-3.xml"), None);
    }
}
