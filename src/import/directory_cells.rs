//! The cells of a row of the directory of hospitals, each read as what its column needs.

use super::department_keys::whole_key;
use super::directory_site::{DepartmentBeds, KnownPosition, MOST_BEDS, PositionFrom};
use super::faults::{expecting, fault_at};
use super::known_sites::read_position;
use super::sheet::{Sheet, SheetRow};
use super::text::{is_digits, is_gap, short};
use crate::problem::{Problem, ProblemKind, Problems};

/// The columns of a position in the cleaned table.
pub(super) struct PositionColumns {
    pub(super) lat: usize,
    pub(super) lon: usize,
    pub(super) from: usize,
}

/// The cells of a row, read one by one; faults name column and row.
pub(super) struct Cells<'a, 'p> {
    pub(super) sheet: &'a Sheet,
    pub(super) row: &'a SheetRow,
    pub(super) problems: &'p mut Problems,
}

impl Cells<'_, '_> {
    fn fault(&mut self, kind: ProblemKind, field: &str, message: String, expected: &str) {
        let problem = fault_at(&self.sheet.file, self.row.number, kind, message);
        let problem = Problem { field: field.to_owned(), ..problem };
        self.problems.push(expecting(problem, expected));
    }

    /// The position of a cell's word among those that may stand there; `None` for an empty cell, and with a fault for
    /// another word.
    pub(super) fn word(&mut self, column: usize, field: &str, words: &[&str]) -> Option<usize> {
        let text = self.row.text(column);
        if text.is_empty() {
            return None;
        }
        let position = words.iter().position(|word| *word == text);
        if position.is_none() {
            let expected = format!("one of {}", words.join(", "));
            let message = format!("\"{}\" is not what belongs here", short(text));
            self.fault(ProblemKind::Unknown, field, message, &expected);
        }
        position
    }

    /// Checks a part of the key of a municipality: a whole number of at most so many digits.
    pub(super) fn check_key(&mut self, key: &str, field: &str, most_digits: usize) {
        if key.len() > most_digits || !is_digits(key) {
            let message = format!("\"{}\" is no key", short(key));
            let expected = format!("a whole number of at most {most_digits} digits");
            self.fault(ProblemKind::Type, field, message, &expected);
        }
    }

    /// A number of beds; `None` for a cell without a value.
    pub(super) fn beds(&mut self, column: usize, field: &str) -> Option<u32> {
        let text = self.row.text(column);
        if is_gap(text) {
            return None;
        }
        let beds = read_beds(text);
        if beds.is_none() {
            let message = format!("\"{}\" is no number of beds", short(text));
            self.fault(ProblemKind::Type, field, message, "a whole number from 0 to 20000");
        }
        beds
    }

    /// Beds by department as `0100:118|0103:34`, in the order of the keys.
    pub(super) fn departments(&mut self, column: usize) -> Vec<DepartmentBeds> {
        let mut departments = Vec::new();
        let row = self.row;
        for part in row.text(column).split('|') {
            if part.trim().is_empty() {
                continue;
            }
            if let Some((key, beds)) = part.split_once(':')
                && let Some(beds) = read_beds(beds.trim())
            {
                departments.push(DepartmentBeds { key: whole_key(key), beds });
            } else {
                let message = format!("\"{part}\" is no department with its beds");
                let expected = "key and beds, such as 0100:118";
                self.fault(ProblemKind::Type, "beds_by_department", message, expected);
            }
        }
        // The order in which the columns of the original layout stand.
        departments.sort();
        departments
    }

    /// A position with how it was found; `None` for empty cells.
    pub(super) fn position(&mut self, columns: &PositionColumns) -> Option<KnownPosition> {
        let (lat, lon) = (self.row.text(columns.lat), self.row.text(columns.lon));
        if lat.is_empty() && lon.is_empty() {
            return None;
        }
        let Some(position) = read_position(lat, lon) else {
            let message = format!("\"{lat}\", \"{lon}\" is no position");
            self.fault(ProblemKind::Range, "lat", message, "degrees with a decimal point");
            return None;
        };

        let from = match self.row.text(columns.from) {
            "address" => PositionFrom::Address,
            "street" => PositionFrom::Street,
            "postcode+name" => PositionFrom::PostcodeAndName,
            // The least sure: the cleaned table has 179 sites at the centre of their postcode.
            _ => PositionFrom::PostcodeCentre,
        };
        Some(KnownPosition { position, from })
    }
}

fn read_beds(text: &str) -> Option<u32> {
    let beds = text.parse().ok()?;
    if beds <= MOST_BEDS { Some(beds) } else { None }
}
