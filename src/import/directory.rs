//! The directory of hospitals (Krankenhausverzeichnis) of the statistical offices: every site with its beds by
//! department, its emergency stage and its modules.

use std::collections::HashMap;

use serde::Serialize;

use super::address::Address;
use super::directory_layouts::{has_cleaned_layout, likeness, read_cleaned, read_original};
use super::faults::{ImportRemark, RemarkKind, expecting, fault, unless_faulty};
use super::sheet::{Sheet, column_name};
use super::text::file_name;
use crate::model::{EmergencyLevel, Ownership, Position};
use crate::problem::{Problem, ProblemKind, Problems};

/// Legal type of a hospital (Einrichtungstyp).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Licence {
    /// University hospital (Hochschulklinik).
    University,
    /// In the hospital plan of its state (Plankrankenhaus).
    Plan,
    /// With a contract of supply.
    Contract,
    /// Without a contract of supply.
    NoContract,
    /// Of the armed forces.
    Military,
}

/// The five modules of special emergency care of the G-BA rules; `None` where the directory says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Modules {
    /// Care of the badly injured (Schwerverletztenversorgung).
    pub trauma: Option<bool>,
    /// Emergency care of children.
    pub children: Option<bool>,
    /// Special provider (Spezialversorgung).
    pub special: Option<bool>,
    /// Stroke care (Schlaganfallversorgung).
    pub stroke: Option<bool>,
    /// Disturbed blood flow of the heart: chest pain units (Durchblutungsstörungen am Herzen).
    pub heart: Option<bool>,
}

/// How a position was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PositionFrom {
    /// The address of the site, or a register of sites.
    Address,
    /// The street, without the number.
    Street,
    /// The postcode and the name of the hospital.
    PostcodeAndName,
    /// The centre of the postcode.
    PostcodeCentre,
    /// The centre of the municipality.
    MunicipalityCentre,
}

impl PositionFrom {
    /// Whether the site may stand somewhere else: the position is then marked as assumed.
    ///
    /// ```
    /// use verbund::import::PositionFrom;
    ///
    /// assert!(!PositionFrom::Street.is_assumed());
    /// assert!(PositionFrom::PostcodeCentre.is_assumed());
    /// ```
    pub fn is_assumed(self) -> bool {
        !matches!(self, Self::Address | Self::Street)
    }

    /// The part of an address, or of the map, that gave the position.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Address => "the address",
            Self::Street => "the street",
            Self::PostcodeAndName => "postcode and name",
            Self::PostcodeCentre => "the centre of the postcode",
            Self::MunicipalityCentre => "the centre of the municipality",
        }
    }
}

/// A row of the directory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DirectorySite {
    /// Its row in the file, from 1 with the header.
    pub row: u32,
    /// Key of the municipality, eight digits; fewer where the directory says less.
    pub municipality: String,
    /// Name of the hospital, which may have several sites.
    pub hospital: String,
    /// Name of the site.
    pub site: String,
    /// Where it is.
    pub address: Address,
    /// Type of its owner; `None` where the directory does not say.
    pub ownership: Option<Ownership>,
    /// Its operator (Träger).
    pub operator: String,
    /// Its legal type; `None` where the directory does not say.
    pub licence: Option<Licence>,
    /// Stage of emergency care; `None` for stage 0 (no part in it).
    pub emergency_level: Option<EmergencyLevel>,
    /// Modules of special emergency care.
    pub modules: Modules,
    /// Set-up beds; `None` for a site without any, such as a day clinic.
    pub beds: Option<u32>,
    /// Set-up beds by department key, in the order of the keys.
    pub departments: Vec<(String, u32)>,
    /// Its position, where the file gives one.
    pub position: Option<(Position, PositionFrom)>,
}

impl DirectorySite {
    /// The beds of all departments together.
    pub fn beds_in_departments(&self) -> u64 {
        let mut sum = 0;
        for (_, beds) in &self.departments {
            sum += u64::from(*beds);
        }
        sum
    }
}

/// A directory of hospitals.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Directory {
    /// The file, as it was named.
    pub file: String,
    /// The year that it is about.
    pub year: i16,
    /// Its rows, in their order.
    pub sites: Vec<DirectorySite>,
}

/// Most beds of a site: the largest have about 3,000.
pub(super) const MOST_BEDS: u32 = 20_000;

// Fewer than all: a directory without a column shall be told which one is missing, and not be taken for another file.

/// Columns of a layout that a header must have to be one of a directory.
const RECOGNISED: usize = 6;

/// Whether the sheet looks like a directory of hospitals, whole or not.
pub(super) fn is_directory(sheet: &Sheet) -> bool {
    likeness(sheet) >= RECOGNISED
}

/// The year in a name: four digits from 1990 to 2100 that no other digit touches.
pub(super) fn year_in(text: &str) -> Option<i16> {
    for digits in text.split(|letter: char| !letter.is_ascii_digit()) {
        if digits.len() != 4 {
            // A day such as 20210415 is the one on which somebody downloaded the file.
            continue;
        }
        match digits.parse() {
            Ok(year) if (1990..=2100).contains(&year) => return Some(year),
            _ => {}
        }
    }
    None
}

/// Reads a directory from the sheet of a file that looks most like one.
pub(super) fn read_directory(
    sheets: &[Sheet],
    remarks: &mut Vec<ImportRemark>,
) -> Result<Directory, Problems> {
    // The original file has a second sheet, which describes the columns.
    let Some(sheet) = sheets.iter().max_by_key(|sheet| likeness(sheet)) else {
        return Err(Problems::default());
    };

    let mut problems = Problems::default();
    let year = year_of(sheet, remarks);
    if year.is_none() {
        problems.push(without_year(&sheet.file));
    }
    let sites = if has_cleaned_layout(sheet) {
        read_cleaned(sheet, &mut problems)
    } else {
        read_original(sheet, &mut problems, remarks)
    };
    if sites.is_empty() && problems.is_empty() {
        problems.push(fault(&sheet.file, ProblemKind::Missing, "the directory has no site"));
    }

    let year = year.unwrap_or_default();
    unless_faulty(Directory { file: sheet.file.clone(), year, sites }, problems)
}

/// The year by the name of the sheet, else of the file. The offices call the sheet `KHV_2021`, and no cell says the
/// year; a remark where the file was renamed to another one.
fn year_of(sheet: &Sheet, remarks: &mut Vec<ImportRemark>) -> Option<i16> {
    let year_of_file = year_in(&file_name(&sheet.file));
    let Some(name) = &sheet.name else { return year_of_file };
    let Some(year) = year_in(name) else { return year_of_file };

    if let Some(year_of_file) = year_of_file
        && year_of_file != year
    {
        let message = format!(
            "the file's name says {year_of_file}, its sheet \"{name}\" {year}: {year} is in use"
        );
        let remark = ImportRemark::new(RemarkKind::Contradiction, "year", message);
        remarks.push(remark.in_file(&sheet.file));
    }
    Some(year)
}

fn without_year(file: &str) -> Problem {
    let message = "neither the file's name nor its sheet's says which year it is about";
    let problem = fault(file, ProblemKind::Missing, message);
    expecting(problem, "a name with the year, such as Krankenhausverzeichnis_2021.xlsx")
}

/// Adds a remark for each row that names the same site as another one. Both stay: they may be two departments of one
/// house.
pub(super) fn remark_doubles(
    file: &str,
    sites: &[&DirectorySite],
    remarks: &mut Vec<ImportRemark>,
) {
    let mut rows = HashMap::new();
    for site in sites {
        // Day clinics of a hospital share its address, and may share its name.
        if site.beds.is_none() {
            continue;
        }
        let name = column_name(&site.site);
        let Some(first) = rows.insert((name, site.address.key()), site.row) else { continue };
        let message = format!(
            "\"{}\" is in the directory twice at one address, in rows {first} and {}: both are taken",
            site.site, site.row
        );
        let remark = ImportRemark::new(RemarkKind::Contradiction, "twice", message);
        remarks.push(remark.at(file, site.row));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_stands_alone_in_a_name() {
        assert_eq!(year_in("KHV_2021"), Some(2021));
        assert_eq!(year_in("hospital_directory_2021.csv"), Some(2021));
        assert_eq!(year_in("20210415_list"), None);
        assert_eq!(year_in("list-1066-2019"), Some(2019));
        assert_eq!(year_in("list"), None);
    }
}
