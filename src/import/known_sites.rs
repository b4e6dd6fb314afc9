//! Sites whose positions are known: the register of sites, or a table of positions; and how rows of the
//! directory find theirs.

use std::collections::HashMap;

use serde::Serialize;

use super::address::{Address, AddressKey, postcode};
use super::directory_site::{KnownPosition, PositionFrom};
use super::faults::{expecting, fault_at, only, unless_faulty};
use super::sheet::{Header, Sheet, SheetRow};
use super::site_numbers::of_gisco;
use super::text::non_empty;
use crate::model::Position;
use crate::problem::{Problem, ProblemKind, Problems};

/// A site with its position.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KnownSite {
    /// Its row in a table, or its line in a register.
    pub row: u32,
    /// The number of the hospital in billing (Institutionskennzeichen), where the source gives it.
    pub ik: Option<String>,
    /// The number of the site, nine digits, where the source gives it.
    pub site_number: Option<String>,
    /// Its name.
    pub name: String,
    /// The name of its hospital, where the source gives it: sites may be called `Hauptstandort`.
    pub hospital: String,
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

/// The columns of a table of positions, by their place in a row.
struct PositionTable {
    lat: usize,
    lon: usize,
    street: usize,
    house_number: usize,
    postcode: usize,
    city: usize,
    name: usize,
    hospital: usize,
    ik: usize,
    site_number: usize,
    /// IK and number of a site in one, as GISCO has them.
    gisco_site: usize,
}

impl PositionTable {
    /// Finds the columns; a fault where needed ones are missing.
    fn new(file: &str, header: &Header<'_>) -> Result<Self, Problem> {
        let needed =
            ["lat", "lon", "street", "postcode"].map(|name| (name, header.column(&[name])));
        if let Some(problem) = header.missing(file, &needed) {
            return Err(problem);
        }
        Ok(Self {
            lat: header.column_or_empty(&["lat"]),
            lon: header.column_or_empty(&["lon"]),
            street: header.column_or_empty(&["street"]),
            house_number: header.column_or_empty(&["housenumber"]),
            postcode: header.column_or_empty(&["postcode"]),
            city: header.column_or_empty(&["city"]),
            // GISCO names the site and the hospital.
            name: header.column_or_empty(&["sitename", "hospitalname", "name", "hospital"]),
            hospital: header.column_or_empty(&["hospitalname", "hospital"]),
            ik: header.column_or_empty(&["ik"]),
            site_number: header.column_or_empty(&["sitenumber", "standortnummer"]),
            gisco_site: header.column_or_empty(&["site"]),
        })
    }

    fn site(&self, row: &SheetRow, position: Position) -> KnownSite {
        KnownSite {
            row: row.number,
            ik: non_empty(row.text(self.ik)),
            site_number: non_empty(row.text(self.site_number)),
            name: row.text(self.name).to_owned(),
            hospital: row.text(self.hospital).to_owned(),
            address: Address {
                street: row.text(self.street).to_owned(),
                number: row.text(self.house_number).to_owned(),
                postcode: postcode(row.text(self.postcode)),
                city: row.text(self.city).to_owned(),
            },
            position,
        }
    }
}

/// Reads a table of positions: `street`, `house_number`, `postcode`, `city`, `lat`, `lon`, and where there are any
/// `ik` and `site_number`.
pub(super) fn read_positions(sheet: &Sheet) -> Result<KnownSites, Problems> {
    let Some(header) = Header::find(sheet, &POSITION_COLUMNS) else {
        return Err(Problems::default());
    };
    let table = PositionTable::new(&sheet.file, &header).map_err(only)?;

    let mut problems = Problems::default();
    let mut sites = Vec::new();
    let mut numbers_of_gisco = Vec::new();
    let mut row_of_number: HashMap<String, u32> = HashMap::new();
    for row in header.rows {
        let (lat, lon) = (row.text(table.lat), row.text(table.lon));
        if lat.is_empty() && lon.is_empty() {
            // Such tables list sites whose position nobody has found yet.
            continue;
        }
        let Some(position) = read_position(lat, lon) else {
            let message = format!("\"{lat}\", \"{lon}\" is no position");
            let problem = fault_at(&sheet.file, row.number, ProblemKind::Range, message);
            problems.push(expecting(problem, "degrees with a decimal point"));
            continue;
        };

        let site = table.site(row, position);
        if let Some(number) = &site.site_number
            && let Some(first) = row_of_number.insert(number.clone(), row.number)
        {
            let message =
                format!("site number {number} is there twice; the first is in row {first}");
            problems.push(fault_at(&sheet.file, row.number, ProblemKind::Duplicate, message));
        }
        numbers_of_gisco.push(of_gisco(row.text(table.gisco_site)));
        sites.push(site);
    }
    take_single(&mut sites, numbers_of_gisco);

    // Whoever uses GISCO's positions must name it, so its layout is told from other tables.
    let is_gisco = header.has_all(&["hospitalname", "sitename", "ik"]);
    let known = KnownSites { file: sheet.file.clone(), is_register: false, is_gisco, sites };
    unless_faulty(known, problems)
}

/// Gives sites without a number that of GISCO, where one row alone has it: a site that several hospitals bill for is there
/// several times.
fn take_single(sites: &mut [KnownSite], numbers: Vec<Option<String>>) {
    let mut rows: HashMap<String, usize> = HashMap::new();
    for number in numbers.iter().flatten() {
        *rows.entry(number.clone()).or_default() += 1;
    }
    for (site, number) in sites.iter_mut().zip(numbers) {
        let single = number.filter(|number| rows[number] == 1);
        site.site_number = site.site_number.take().or(single);
    }
}

/// A position in degrees with a decimal point; `None` for texts that are none.
pub(super) fn read_position(lat: &str, lon: &str) -> Option<Position> {
    Position::new(lat.parse().ok()?, lon.parse().ok()?).ok()
}

/// Two positions of one address are one when they are no further apart, in metres.
const ONE_PLACE: u32 = 500;

/// Sites by their addresses.
pub(super) struct SiteIndex<'s> {
    by_address: HashMap<AddressKey, Vec<&'s KnownSite>>,
    by_street: HashMap<AddressKey, Vec<&'s KnownSite>>,
}

impl<'s> SiteIndex<'s> {
    pub(super) fn new(sites: &'s [KnownSite]) -> Self {
        let mut by_address: HashMap<AddressKey, Vec<&KnownSite>> = HashMap::new();
        let mut by_street: HashMap<AddressKey, Vec<&KnownSite>> = HashMap::new();
        for site in sites {
            if site.address.has_street() {
                by_address.entry(site.address.key()).or_default().push(site);
                by_street.entry(site.address.street_key()).or_default().push(site);
            }
        }
        Self { by_address, by_street }
    }

    /// The position of an address, or of its street where all sites in it are close together.
    pub(super) fn position(&self, address: &Address) -> Option<KnownPosition> {
        if !address.has_street() {
            return None;
        }
        let same_address = self.by_address.get(&address.key());
        if let Some(position) = common_position(same_address) {
            return Some(KnownPosition { position, from: PositionFrom::Address });
        }
        // Sources number the houses of a large site differently.
        let same_street = self.by_street.get(&address.street_key());
        let position = common_position(same_street)?;
        Some(KnownPosition { position, from: PositionFrom::Street })
    }
}

/// The position of the first site, where all are near to it: one street name may stand for several streets of a
/// postcode.
fn common_position(sites: Option<&Vec<&KnownSite>>) -> Option<Position> {
    let sites = sites?;
    let first = sites.first()?.position;
    let are_near = sites.iter().all(|site| first.distance_to(site.position).0 <= ONE_PLACE);
    if are_near { Some(first) } else { None }
}
