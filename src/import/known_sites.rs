//! Sites whose positions are known: the register of sites, or a table of positions; and how rows of the
//! directory find theirs.

use std::collections::HashMap;

use serde::Serialize;

use super::address::{Address, AddressKey};
use super::directory::{PositionFrom, postcode};
use super::faults::fault_at;
use super::sheet::{Header, Sheet, rows_behind};
use crate::model::{Position, Problem, ProblemKind, Problems};

/// A site with its position.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KnownSite {
    /// Its row in a table, or its line in a register.
    pub row: u32,
    /// The number of the hospital in billing (Institutionskennzeichen), where the source gives it.
    pub ik: Option<String>,
    /// The number of the site, nine digits, where the source gives it.
    pub site_number: Option<String>,
    /// What it is called.
    pub name: String,
    /// Its address.
    pub address: Address,
    /// Its position.
    pub position: Position,
}

/// Sites with their positions, from one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KnownSites {
    /// The file, as it was named.
    pub file: String,
    /// Whether it is the register of sites by section 293 (6) SGB V; else a table of positions.
    pub is_register: bool,
    /// Whether it has the layout of Eurostat's GISCO healthcare services, which must be named as the source.
    pub is_gisco: bool,
    /// The sites.
    pub sites: Vec<KnownSite>,
}

/// Columns by which a table of positions is known.
pub(super) const POSITION_COLUMNS: [&str; 5] = ["lat", "lon", "street", "postcode", "housenumber"];

/// Reads a table of positions: `street`, `house_number`, `postcode`, `city`, `lat`, `lon`, and where there are any
/// `ik` and `site_number`.
pub(super) fn read_positions(sheet: &Sheet) -> Result<KnownSites, Problems> {
    let mut problems = Problems::default();
    let Some(header) = Header::find(sheet, &POSITION_COLUMNS) else { return Err(problems) };
    let needed = ["lat", "lon", "street", "postcode"].map(|name| (name, header.column(&[name])));
    if let Some(problem) = header.missing(&sheet.file, &needed) {
        problems.push(problem);
        return Err(problems);
    }
    let [lat, lon, street, code] = needed.map(|(_, column)| column.unwrap_or(usize::MAX));
    let other = |names: &[&str]| header.column(names).unwrap_or(usize::MAX);
    let (number, city) = (other(&["housenumber"]), other(&["city"]));
    let name = other(&["sitename", "hospitalname", "name", "hospital"]);
    let (ik, site_number) = (other(&["ik"]), other(&["sitenumber", "standortnummer"]));
    let mut sites = Vec::new();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    for row in rows_behind(sheet, &header) {
        let degrees = row.text(lat).parse().ok().zip(row.text(lon).parse().ok());
        let position = degrees.and_then(|(lat, lon)| Position::new(lat, lon).ok());
        let Some(position) = position else {
            if !row.text(lat).is_empty() || !row.text(lon).is_empty() {
                let message =
                    format!("\"{}\", \"{}\" is no position", row.text(lat), row.text(lon));
                let problem = fault_at(&sheet.file, row.number, ProblemKind::Range, message);
                let expected = "degrees with a decimal point".to_owned();
                problems.push(Problem { expected, ..problem });
            }
            continue;
        };
        let optional =
            |column: usize| Some(row.text(column).to_owned()).filter(|text| !text.is_empty());
        let site_number = optional(site_number);
        if let Some(number) = &site_number
            && let Some(first) = numbers.insert(number.clone(), row.number)
        {
            let message =
                format!("site number {number} is there twice; the first is in row {first}");
            problems.push(fault_at(&sheet.file, row.number, ProblemKind::Duplicate, message));
        }
        sites.push(KnownSite {
            row: row.number,
            ik: optional(ik),
            site_number,
            name: row.text(name).to_owned(),
            address: Address {
                street: row.text(street).to_owned(),
                number: row.text(number).to_owned(),
                postcode: postcode(row.text(code)),
                city: row.text(city).to_owned(),
            },
            position,
        });
    }
    if problems.is_empty() {
        let is_gisco =
            ["hospitalname", "sitename", "ik"].iter().all(|name| header.column(&[name]).is_some());
        Ok(KnownSites { file: sheet.file.clone(), is_register: false, is_gisco, sites })
    } else {
        Err(problems)
    }
}

/// Two positions of one address are one when they are no further apart, in metres.
const ONE_PLACE: u32 = 500;

/// Sites by their addresses.
pub(super) struct SiteIndex<'s> {
    sites: &'s [KnownSite],
    by_address: HashMap<AddressKey, Vec<usize>>,
    by_street: HashMap<AddressKey, Vec<usize>>,
}

impl<'s> SiteIndex<'s> {
    pub(super) fn new(sites: &'s [KnownSite]) -> Self {
        let mut by_address: HashMap<AddressKey, Vec<usize>> = HashMap::new();
        let mut by_street: HashMap<AddressKey, Vec<usize>> = HashMap::new();
        for (at, site) in sites.iter().enumerate().filter(|(_, site)| site.address.has_street()) {
            by_address.entry(site.address.key()).or_default().push(at);
            by_street.entry(site.address.street_key()).or_default().push(at);
        }
        Self { sites, by_address, by_street }
    }

    /// The position of an address, or of its street where all sites in it are close together.
    pub(super) fn position(&self, address: &Address) -> Option<(Position, PositionFrom)> {
        if !address.has_street() {
            return None;
        }
        let exact = self.by_address.get(&address.key());
        let street = self.by_street.get(&address.street_key());
        let same = |sites: Option<&Vec<usize>>| {
            let sites = sites?;
            let first = self.sites[*sites.first()?].position;
            let is_near = |at: &usize| first.distance_to(self.sites[*at].position).0 <= ONE_PLACE;
            sites.iter().all(is_near).then_some(first)
        };
        let exact = same(exact).map(|position| (position, PositionFrom::Address));
        exact.or_else(|| same(street).map(|position| (position, PositionFrom::Street)))
    }
}
