//! Hospitals written as tables: `hospitals.csv`, `departments.csv` and `facts.csv`.

use std::io;

use super::hospitals::{DEPARTMENT_COLUMNS, FACT_COLUMNS, HOSPITAL_COLUMNS, LIST_MARK};
use super::network::{DEPARTMENT_KINDS, OWNERSHIPS, SITE_KINDS};
use super::requirement::{CARE_LEVELS, EMERGENCY_LEVELS};
use crate::model::{Facility, Hospital};

/// What stands between the elements of a list in a cell.
const BETWEEN: &str = "; ";

/// The table of hospitals.
pub(crate) fn hospitals_csv(hospitals: &[Hospital]) -> io::Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(HOSPITAL_COLUMNS)?;
    for hospital in hospitals {
        // What has no column is refused: left out, it would be lost without anybody noticing.
        if !hospital.former_operators.is_empty() {
            return Err(no_column(hospital, "former operators"));
        }
        let mut facilities = Vec::with_capacity(hospital.facilities.len());
        for facility in &hospital.facilities {
            facilities.push(facility_cell(hospital, facility)?);
        }
        let mut derived = Vec::with_capacity(hospital.derived.len());
        for (path, rule) in &hospital.derived {
            derived.push(format!("{path}={rule}"));
        }

        // In the order of `HOSPITAL_COLUMNS`, which nothing but a test of reading back can see.
        let row = [
            hospital.key.clone(),
            hospital.name.clone(),
            hospital.operator.clone(),
            word(&OWNERSHIPS, hospital.ownership),
            word_unless_usual(&SITE_KINDS, hospital.kind),
            hospital.position.lat().to_string(),
            hospital.position.lon().to_string(),
            maybe(hospital.city.as_ref()),
            maybe(hospital.district.as_ref()),
            if hospital.outside { "true".to_owned() } else { String::new() },
            maybe(hospital.parent.as_ref()),
            hospital.care_level.map_or_else(String::new, |level| word(&CARE_LEVELS, level)),
            hospital
                .emergency_level
                .map_or_else(String::new, |level| word(&EMERGENCY_LEVELS, level)),
            maybe(hospital.beds),
            maybe(hospital.day_places),
            maybe(hospital.staffed_share),
            maybe(hospital.from_beyond),
            list(hospital, &facilities)?,
            maybe(hospital.opened),
            maybe(hospital.closed),
            list(hospital, &hospital.sources)?,
            list(hospital, &hospital.assumed)?,
            list(hospital, &derived)?,
            list(hospital, &hospital.unknown)?,
            maybe(hospital.note.as_ref()),
        ];
        check_cells(hospital, &row)?;
        table.write_record(&row)?;
    }
    finish(table)
}

/// The table of departments.
pub(crate) fn departments_csv(hospitals: &[Hospital]) -> io::Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(DEPARTMENT_COLUMNS)?;
    for hospital in hospitals {
        for department in &hospital.departments {
            let hours = &department.hours;
            let row = [
                hospital.key.clone(),
                department.specialty.clone(),
                maybe(department.name.as_ref()),
                word_unless_usual(&DEPARTMENT_KINDS, department.kind),
                maybe(department.beds),
                maybe(department.day_places),
                if hours.is_always() { String::new() } else { hours.to_string() },
                maybe(department.opened),
                maybe(department.closed),
            ];
            check_cells(hospital, &row)?;
            table.write_record(&row)?;
        }
    }
    finish(table)
}

/// The table of facts.
pub(crate) fn facts_csv(hospitals: &[Hospital]) -> io::Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(FACT_COLUMNS)?;
    for hospital in hospitals {
        for fact in &hospital.facts {
            let row = [
                hospital.key.clone(),
                fact.field.clone(),
                fact.value.clone(),
                maybe(fact.unit.as_ref()),
                maybe(fact.year.as_ref()),
                fact.source.clone(),
            ];
            check_cells(hospital, &row)?;
            table.write_record(&row)?;
        }
    }
    finish(table)
}

/// A facility as [`super::hospitals`] reads it from a cell, with no more parts than it needs.
fn facility_cell(hospital: &Hospital, facility: &Facility) -> io::Result<String> {
    if facility.opened.is_some() || facility.closed.is_some() {
        return Err(no_column(hospital, "dates of facilities"));
    }
    let hours = &facility.hours;
    let hours = if hours.is_always() { String::new() } else { hours.to_string().replace(';', ",") };

    // `ct`, and not `ct:::`, for one of which nothing else is known.
    let parts =
        [facility.kind.clone(), maybe(facility.grade.as_ref()), maybe(facility.count), hours];
    let used = parts.iter().rposition(|part| !part.is_empty()).unwrap_or(0);
    Ok(parts[..=used].join(":"))
}

/// A list as one cell.
fn list(hospital: &Hospital, elements: &[String]) -> io::Result<String> {
    // Reading would take it for two.
    if elements.iter().any(|element| element.contains(LIST_MARK)) {
        return Err(no_column(hospital, "an element of a list with a semicolon"));
    }
    Ok(elements.join(BETWEEN))
}

fn maybe<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// The word of a value.
fn word<T: PartialEq + Copy>(words: &[(&str, T)], value: T) -> String {
    let entry = words.iter().find(|(_, meant)| *meant == value);
    entry.map_or_else(String::new, |(word, _)| (*word).to_owned())
}

/// The word of a value; nothing for the one that an empty cell means.
fn word_unless_usual<T: PartialEq + Copy + Default>(words: &[(&str, T)], value: T) -> String {
    if value == T::default() { String::new() } else { word(words, value) }
}

/// A row is one line, and blanks around a cell are not read back.
fn check_cells(hospital: &Hospital, row: &[String]) -> io::Result<()> {
    if row.iter().any(|cell| cell.contains(['\n', '\r'])) {
        return Err(no_column(hospital, "a text with a line break"));
    }
    if row.iter().any(|cell| cell.trim() != cell) {
        return Err(no_column(hospital, "a text with blanks around it"));
    }
    Ok(())
}

fn no_column(hospital: &Hospital, what: &str) -> io::Error {
    let message = format!("hospital \"{}\": a table has no room for {what}", hospital.key);
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

pub(super) fn finish(table: csv::Writer<Vec<u8>>) -> io::Result<String> {
    let bytes = table.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}
