//! The register of hospital sites (Standortverzeichnis, section 293 (6) SGB V), XML of the `InEK`.

use std::collections::HashMap;

use super::address::Address;
use super::directory::postcode;
use super::faults::{ImportRemark, RemarkKind, fault, fault_at};
use super::known_sites::{KnownSite, KnownSites};
use super::projection::{is_near_germany, of_utm};
use super::xml::{Visitor, walk};
use crate::model::{Position, ProblemKind, Problems};

/// Degrees and UTM of one site further apart than this, in metres, contradict.
const FAR_APART: u32 = 500;

/// A site while it is read.
#[derive(Default)]
struct Draft {
    line: u32,
    site_id: String,
    site_number: String,
    ik: String,
    name: String,
    address: Address,
    lat: String,
    lon: String,
    zone: String,
    east: String,
    north: String,
    /// The facility that is being read: its type, number.
    facility: (String, String),
}

struct Reading<'r> {
    file: &'r str,
    draft: Option<Draft>,
    sites: Vec<KnownSite>,
    numbers: HashMap<String, u32>,
    problems: Problems,
    remarks: Vec<ImportRemark>,
}

impl Visitor for Reading<'_> {
    fn open(&mut self, path: &[&str], line: u32) {
        if path.last() == Some(&"Standort") && self.draft.is_none() {
            self.draft = Some(Draft { line, ..Draft::default() });
        }
    }

    fn close(&mut self, path: &[&str], text: &str) {
        let Some(draft) = &mut self.draft else { return };
        let within = path.iter().rposition(|name| *name == "Standort").unwrap_or(0);
        match path[within + 1..] {
            [] => {
                if let Some(draft) = self.draft.take() {
                    self.finish(draft);
                }
            }
            ["Bezeichnung"] => draft.name = text.to_owned(),
            ["StandortId"] => draft.site_id = text.to_owned(),
            ["ReferenzKrankenhaus", .., "IK"] => draft.ik = text.to_owned(),
            ["GeoAdresse", .., field] => match field {
                "Längengrad" => draft.lon = text.to_owned(),
                "Breitengrad" => draft.lat = text.to_owned(),
                "GeoreferenzZone" | "Zone" => draft.zone = text.to_owned(),
                "GeoreferenzOst" | "Ost" => draft.east = text.to_owned(),
                "GeoreferenzNord" | "Nord" => draft.north = text.to_owned(),
                "PLZ" => draft.address.postcode = postcode(text),
                "Ort" => draft.address.city = text.to_owned(),
                "Straße" => draft.address.street = text.to_owned(),
                "Hausnummer" => draft.address.number = text.to_owned(),
                _ => {}
            },
            ["Einrichtung", .., "Einrichtungstyp"] => draft.facility.0 = text.to_owned(),
            ["Einrichtung", .., "Standortnummer"] => draft.facility.1 = text.to_owned(),
            ["Einrichtung"] => {
                let (kind, number) = std::mem::take(&mut draft.facility);
                // 00 is the inpatient site itself; others are parts of it.
                if draft.site_number.is_empty() || kind == "00" {
                    draft.site_number = number;
                }
            }
            _ => {}
        }
    }
}

impl Reading<'_> {
    fn finish(&mut self, draft: Draft) {
        let optional = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let number = if draft.site_number.is_empty() { &draft.site_id } else { &draft.site_number };
        if let Some(first) = optional(number).and_then(|key| self.numbers.insert(key, draft.line)) {
            let message =
                format!("site number {number} is there twice; the first is in line {first}");
            let problem = fault_at(self.file, draft.line, ProblemKind::Duplicate, message);
            self.problems.push(problem);
            return;
        }
        let Some(position) = self.position(&draft) else { return };
        self.sites.push(KnownSite {
            row: draft.line,
            ik: optional(&draft.ik),
            site_number: optional(number),
            name: draft.name.clone(),
            address: draft.address.clone(),
            position,
        });
    }

    /// The position by degrees, else by UTM; told where there is none or the two contradict.
    fn position(&mut self, draft: &Draft) -> Option<Position> {
        let number = |text: &str| text.replace(',', ".").parse::<f64>().ok();
        let degrees = number(&draft.lat).zip(number(&draft.lon));
        let near = degrees.filter(|(lat, lon)| is_near_germany(*lat, *lon));
        let by_degrees = near.and_then(|(lat, lon)| Position::new(lat, lon).ok());
        let by_utm = number(&draft.east).zip(number(&draft.north)).and_then(|(east, north)| {
            let digits: String = draft.zone.chars().filter(char::is_ascii_digit).collect();
            of_utm(digits.parse().ok(), east, north)
        });
        let mut tell = |kind: RemarkKind, message: String| {
            let remark = ImportRemark::new(kind, "register_position", message);
            self.remarks.push(remark.at(self.file, draft.line));
        };
        match (by_degrees, by_utm) {
            (Some(by_degrees), Some(by_utm)) => {
                let metres = by_degrees.distance_to(by_utm).0;
                if metres > FAR_APART {
                    let message = format!(
                        "\"{}\": degrees and UTM are {metres} m apart; the degrees are in use",
                        draft.name
                    );
                    tell(RemarkKind::Contradiction, message);
                }
                Some(by_degrees)
            }
            (None, Some(by_utm)) => Some(by_utm),
            (Some(by_degrees), None) => Some(by_degrees),
            (None, None) => {
                let exchanged = degrees.is_some_and(|(lat, lon)| is_near_germany(lon, lat));
                let hint = if exchanged { "; are latitude and longitude exchanged?" } else { "" };
                let message = format!(
                    "\"{}\" has no position in Germany: degrees \"{}\", \"{}\", UTM zone \"{}\", \"{}\", \"{}\"{hint}",
                    draft.name, draft.lat, draft.lon, draft.zone, draft.east, draft.north
                );
                tell(RemarkKind::LeftOut, message);
                None
            }
        }
    }
}

/// Reads the register: the sites with their numbers, addresses and positions by degrees, or by UTM of zone 32 or 33.
pub(super) fn read_register(
    file: &str,
    text: &str,
    remarks: &mut Vec<ImportRemark>,
) -> Result<KnownSites, Problems> {
    let mut reading = Reading {
        file,
        draft: None,
        sites: Vec::new(),
        numbers: HashMap::new(),
        problems: Problems::default(),
        remarks: Vec::new(),
    };
    if let Err(problem) = walk(file, text, &mut reading) {
        reading.problems.push(problem);
    }
    if reading.sites.is_empty() && reading.problems.is_empty() {
        // The first of its sites says why.
        let first = reading.remarks.first();
        let why = first.map_or_else(String::new, |remark| format!(": {}", remark.message));
        let message = format!("the register has no site with a position{why}");
        let line = first.and_then(|remark| remark.row);
        let problem = match line {
            Some(line) => fault_at(file, line, ProblemKind::Missing, message),
            None => fault(file, ProblemKind::Missing, message),
        };
        reading.problems.push(problem);
    }
    remarks.append(&mut reading.remarks);
    if reading.problems.is_empty() {
        Ok(KnownSites {
            file: file.to_owned(),
            is_register: true,
            is_gisco: false,
            sites: reading.sites,
        })
    } else {
        Err(reading.problems)
    }
}
