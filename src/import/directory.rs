//! The directory of hospitals (Krankenhausverzeichnis) of the statistical offices: every site with its beds by
//! department, its emergency stage and its modules.

use std::collections::HashMap;

use serde::Serialize;

use super::directory_layouts::{has_cleaned_layout, likeness, read_cleaned, read_original};
use super::directory_site::DirectorySite;
use super::faults::{ImportRemark, RemarkKind, expecting, fault, unless_faulty};
use super::sheet::{Sheet, column_name};
use super::text::file_name;

use crate::problem::{Problem, ProblemKind, Problems};

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
