//! The register of hospital sites (Standortverzeichnis, section 293 (6) SGB V), XML of the `InEK`.

use std::collections::HashMap;

use super::address::{Address, postcode};
use super::faults::{ImportRemark, RemarkKind, fault, fault_at, unless_faulty};
use super::known_sites::{KnownSite, KnownSites};
use super::projection::{Degrees, exchange_hint, of_utm};
use super::text::{decimal, non_empty};
use super::xml::{Visitor, walk};
use crate::model::Position;
use crate::problem::{Problem, ProblemKind, Problems};

/// Degrees and UTM of one site contradict each other when they are further apart than this, in metres.
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
    part: SitePart,
}

/// A part of a site (Einrichtung) while it is read.
#[derive(Default)]
struct SitePart {
    kind: String,
    number: String,
}

/// The type of the inpatient site itself; other types are parts of it, such as day clinics.
const INPATIENT_SITE: &str = "00";

struct Reading<'r> {
    file: &'r str,
    draft: Option<Draft>,
    /// The hospital that is being read: its number in billing, and its name.
    hospital: (String, String),
    names_of_hospitals: HashMap<String, String>,
    sites: Vec<KnownSite>,
    /// Lines of sites by their numbers.
    line_of_number: HashMap<String, u32>,
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
        let Some(draft) = &mut self.draft else {
            self.close_hospital(path, text);
            return;
        };
        let site = path.iter().rposition(|name| *name == "Standort").unwrap_or(0);
        let within_site = &path[site + 1..];
        if !within_site.is_empty() {
            draft.close(within_site, text);
        } else if let Some(draft) = self.draft.take() {
            self.finish(draft);
        }
    }
}

impl Draft {
    /// Takes the text of an element within the site.
    fn close(&mut self, path: &[&str], text: &str) {
        // Names of elements have umlauts, in files in ISO-8859-15. The schema of 2025 was not seen.
        match path {
            ["Bezeichnung"] => self.name = text.to_owned(),
            ["StandortId"] => self.site_id = text.to_owned(),
            ["ReferenzKrankenhaus", .., "IK"] => self.ik = text.to_owned(),
            ["GeoAdresse", .., field] => match *field {
                "Längengrad" => self.lon = text.to_owned(),
                "Breitengrad" => self.lat = text.to_owned(),
                // With the prefix and without it.
                "GeoreferenzZone" | "Zone" => self.zone = text.to_owned(),
                "GeoreferenzOst" | "Ost" => self.east = text.to_owned(),
                "GeoreferenzNord" | "Nord" => self.north = text.to_owned(),
                "PLZ" => self.address.postcode = postcode(text),
                "Ort" => self.address.city = text.to_owned(),
                "Straße" => self.address.street = text.to_owned(),
                "Hausnummer" => self.address.number = text.to_owned(),
                _ => {}
            },
            ["Einrichtung", .., "Einrichtungstyp"] => self.part.kind = text.to_owned(),
            ["Einrichtung", .., "Standortnummer"] => self.part.number = text.to_owned(),
            ["Einrichtung"] => {
                let SitePart { kind, number } = std::mem::take(&mut self.part);
                // The number of a part stands in until that of the site itself comes.
                if self.site_number.is_empty() || kind == INPATIENT_SITE {
                    self.site_number = number;
                }
            }
            _ => {}
        }
    }

    fn degrees(&self) -> Option<Degrees> {
        Degrees::read(&self.lat, &self.lon)
    }

    fn position_by_utm(&self) -> Option<Position> {
        // A zone may bear the letter of its band: 32U.
        let digits: String = self.zone.chars().filter(char::is_ascii_digit).collect();
        of_utm(digits.parse().ok(), decimal(&self.east)?, decimal(&self.north)?)
    }
}

impl Reading<'_> {
    /// Takes the text of an element of a hospital, which may stand before or behind its sites.
    fn close_hospital(&mut self, path: &[&str], text: &str) {
        match path {
            [.., "Krankenhaus", "HauptIK", "IK"] => self.hospital.0 = text.to_owned(),
            [.., "Krankenhaus", "Bezeichnung"] => self.hospital.1 = text.to_owned(),
            [.., "Krankenhaus"] => {
                let (ik, name) = std::mem::take(&mut self.hospital);
                self.names_of_hospitals.insert(ik, name);
            }
            _ => {}
        }
    }

    fn finish(&mut self, draft: Draft) {
        let number = if draft.site_number.is_empty() { &draft.site_id } else { &draft.site_number };
        let site_number = non_empty(number);
        if let Some(number) = &site_number
            && let Some(first) = self.line_of_number.insert(number.clone(), draft.line)
        {
            let message =
                format!("site number {number} is there twice; the first is in line {first}");
            let problem = fault_at(self.file, draft.line, ProblemKind::Duplicate, message);
            self.problems.push(problem);
            return;
        }

        let Some(position) = self.position(&draft) else { return };
        self.sites.push(KnownSite {
            row: draft.line,
            ik: non_empty(&draft.ik),
            site_number,
            name: draft.name,
            hospital: String::new(),
            address: draft.address,
            position,
        });
    }

    /// The position by degrees, else by UTM; a remark where there is none or the two contradict.
    fn position(&mut self, draft: &Draft) -> Option<Position> {
        let degrees = draft.degrees();
        let by_degrees = degrees.and_then(Degrees::position);
        let by_utm = draft.position_by_utm();
        match (by_degrees, by_utm) {
            (Some(by_degrees), Some(by_utm)) => {
                let metres = by_degrees.distance_to(by_utm).0;
                if metres > FAR_APART {
                    let message = format!(
                        "\"{}\": degrees and UTM are {metres} m apart; the degrees are in use",
                        draft.name
                    );
                    self.remark(draft, RemarkKind::Contradiction, message);
                }
                Some(by_degrees)
            }
            (None, Some(position)) | (Some(position), None) => Some(position),
            (None, None) => {
                let message = format!(
                    "\"{}\" has no position in Germany: degrees \"{}\", \"{}\", UTM zone \"{}\", \"{}\", \"{}\"{}",
                    draft.name,
                    draft.lat,
                    draft.lon,
                    draft.zone,
                    draft.east,
                    draft.north,
                    exchange_hint(degrees)
                );
                self.remark(draft, RemarkKind::LeftOut, message);
                None
            }
        }
    }

    fn remark(&mut self, draft: &Draft, kind: RemarkKind, message: String) {
        let remark = ImportRemark::new(kind, "register_position", message);
        self.remarks.push(remark.at(self.file, draft.line));
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
        hospital: (String::new(), String::new()),
        names_of_hospitals: HashMap::new(),
        sites: Vec::new(),
        line_of_number: HashMap::new(),
        problems: Problems::default(),
        remarks: Vec::new(),
    };
    if let Err(problem) = walk(file, text, &mut reading) {
        reading.problems.push(problem);
    }
    if reading.sites.is_empty() && reading.problems.is_empty() {
        let problem = no_site(file, reading.remarks.first());
        reading.problems.push(problem);
    }

    remarks.append(&mut reading.remarks);
    let mut sites = reading.sites;
    for site in &mut sites {
        let name = site.ik.as_ref().and_then(|ik| reading.names_of_hospitals.get(ik));
        site.hospital = name.cloned().unwrap_or_default();
    }
    let known = KnownSites { file: file.to_owned(), is_register: true, is_gisco: false, sites };
    unless_faulty(known, reading.problems)
}

/// The fault of a register without a site that could be taken. The remark on its first site says why.
fn no_site(file: &str, first: Option<&ImportRemark>) -> Problem {
    // One reason mostly holds for all of its sites, such as coordinates of another system.
    let mut message = "the register has no site with a position".to_owned();
    if let Some(remark) = first {
        message.push_str(&format!(": {}", remark.message));
    }
    let line = first.and_then(|remark| remark.row);
    Problem { line, ..fault(file, ProblemKind::Missing, message) }
}
