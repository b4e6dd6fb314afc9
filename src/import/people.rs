//! People: municipalities with their centres, and ages by district.

use std::collections::BTreeMap;

use serde::Serialize;

use super::districts::{district_of, municipality_key};
use super::faults::{fault_at, only, unless_faulty};
use super::projection::{Degrees, exchange_hint};
use super::sheet::{Header, NO_COLUMN, Sheet, SheetRow};
use super::text::decimal;
use crate::model::{AgeBand, Position};
use crate::problem::{Problem, ProblemKind, Problems};

/// A municipality (Gemeinde).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Municipality {
    /// Its row in the file, from 1 with the header.
    pub row: u32,
    /// Its key (AGS), eight digits.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Key of its district, five digits.
    pub district: String,
    /// People.
    pub people: u32,
    /// Share of women and girls, 0 to 1, where the file says it.
    pub female_share: Option<f64>,
    /// Area in square kilometres, where the file says it.
    pub area_km2: Option<f64>,
    /// Its centre.
    pub position: Position,
}

/// Municipalities of a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Municipalities {
    /// The file, as it was named.
    pub file: String,
    /// The year of the counts of people.
    pub year: Option<i16>,
    /// The municipalities, in the order of the file.
    pub list: Vec<Municipality>,
}

/// People of a district by age.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DistrictAges {
    /// The district's name.
    pub name: String,
    /// People of each band of [`Ages::bands`].
    pub people: Vec<u32>,
}

/// People of districts by age, both sexes together, on one day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ages {
    /// The file, as it was named.
    pub file: String,
    /// The day, as the file says it.
    pub date: String,
    /// The bands, in rising order.
    pub bands: Vec<AgeBand>,
    /// The districts by key.
    pub districts: BTreeMap<String, DistrictAges>,
}

/// Columns by which municipalities are known.
pub(super) const MUNICIPALITY_COLUMNS: [&str; 5] = ["ags", "name", "kreis", "lat", "lon"];
/// Columns by which ages are known.
pub(super) const AGE_COLUMNS: [&str; 4] = ["kreis", "name", "total", "date"];

/// Areas of municipalities in square kilometres: the smallest has 0.45, the largest 891.
const AREAS_KM2: std::ops::RangeInclusive<f64> = 0.01..=10_000.0;

/// Most people of a municipality.
const MOST_PEOPLE: u32 = 50_000_000;

/// A column with the counts of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct YearColumn {
    /// The year; `None` where the name of the column has none.
    year: Option<i16>,
    index: usize,
}

/// The latest column of this beginning, such as `pop_2022` for `pop`.
fn latest_column(header: &Header<'_>, beginning: &str) -> Option<YearColumn> {
    let mut latest = None;
    for column in header.columns() {
        let year = column.name.strip_prefix(beginning).and_then(|year| year.parse().ok());
        if year.is_some() {
            latest = latest.max(Some(YearColumn { year, index: column.index }));
        }
    }
    latest
}

/// The columns of a table of municipalities, by their place in a row.
struct MunicipalityTable {
    key: usize,
    name: usize,
    lat: usize,
    lon: usize,
    people: YearColumn,
    women: Option<YearColumn>,
    /// People of the year in which women were counted, which may be older than the latest.
    people_with_women: usize,
    area: usize,
}

impl MunicipalityTable {
    /// Finds the columns; a fault where needed ones are missing.
    fn new(file: &str, header: &Header<'_>) -> Result<Self, Problem> {
        let without_year = header.column(&["people"]);
        let people = latest_column(header, "pop")
            .or_else(|| without_year.map(|index| YearColumn { year: None, index }));
        let needed = [
            ("ags", header.column(&["ags"])),
            ("name", header.column(&["name"])),
            ("lat", header.column(&["lat"])),
            ("lon", header.column(&["lon"])),
            ("pop_YEAR", people.map(|column| column.index)),
        ];
        if let Some(problem) = header.missing(file, &needed) {
            return Err(problem);
        }

        // Women are published in other years than people.
        let women = latest_column(header, "female");
        let people_with_women = match women.and_then(|column| column.year) {
            Some(year) => header.column_or_empty(&[&format!("pop{year}")]),
            None => NO_COLUMN,
        };
        Ok(Self {
            key: header.column_or_empty(&["ags"]),
            name: header.column_or_empty(&["name"]),
            lat: header.column_or_empty(&["lat"]),
            lon: header.column_or_empty(&["lon"]),
            people: people.unwrap_or(YearColumn { year: None, index: NO_COLUMN }),
            women,
            people_with_women,
            area: header.column_or_empty(&["areakm2"]),
        })
    }

    /// The municipality of a row; the rows of those before are by key.
    fn read(
        &self,
        row: &SheetRow,
        rows_before: &mut BTreeMap<String, u32>,
    ) -> Result<Municipality, CellFault> {
        let key = municipality_key(row.text(self.key));
        let district = match district_of(&key) {
            // A shorter key is that of a district or state, whose people would count twice.
            Some(district) if key.len() == 8 => district,
            _ => {
                let message = format!("\"{key}\" is no key of a municipality");
                return Err(CellFault { field: "ags", message });
            }
        };
        if let Some(first) = rows_before.insert(key.clone(), row.number) {
            let message = format!("{key} is there twice; the first is in row {first}");
            return Err(CellFault { field: "ags", message });
        }

        Ok(Municipality {
            row: row.number,
            key,
            name: row.text(self.name).to_owned(),
            district,
            people: self.people(row)?,
            position: self.position(row)?,
            female_share: self.female_share(row)?,
            area_km2: self.area_km2(row)?,
        })
    }

    fn people(&self, row: &SheetRow) -> Result<u32, CellFault> {
        let text = row.text(self.people.index);
        match text.parse() {
            Ok(people) if people <= MOST_PEOPLE => Ok(people),
            _ => {
                let message = format!("\"{text}\" is no number of people");
                Err(CellFault { field: "pop", message })
            }
        }
    }

    fn position(&self, row: &SheetRow) -> Result<Position, CellFault> {
        let (lat, lon) = (row.text(self.lat), row.text(self.lon));
        let degrees = Degrees::read(lat, lon);
        degrees.and_then(Degrees::position).ok_or_else(|| {
            let hint = exchange_hint(degrees);
            let message = format!("\"{lat}\", \"{lon}\" is no position in Germany{hint}");
            CellFault { field: "lat", message }
        })
    }

    /// The share of women among the people of their year; `None` where one of the two is not given.
    fn female_share(&self, row: &SheetRow) -> Result<Option<f64>, CellFault> {
        let Some(column) = self.women else { return Ok(None) };
        let text = row.text(column.index);
        if text.is_empty() {
            return Ok(None);
        }

        let women = decimal(text);
        let share = match (women, decimal(row.text(self.people_with_women))) {
            (Some(women), Some(people)) => Some(women / people),
            _ => None,
        };
        let is_share = share.is_none_or(|share| (0.0..=1.0).contains(&share));
        if women.is_none() || !is_share {
            let year = column.year.unwrap_or_default();
            let message = format!("\"{text}\" is no number of women among the people of {year}");
            return Err(CellFault { field: "female", message });
        }

        // In a municipality of a few people nobody, or everybody, may be a woman: no share to fit ages to.
        Ok(share.filter(|share| *share > 0.0 && *share < 1.0))
    }

    fn area_km2(&self, row: &SheetRow) -> Result<Option<f64>, CellFault> {
        let text = row.text(self.area);
        if text.is_empty() {
            return Ok(None);
        }
        match decimal(text) {
            Some(area) if AREAS_KM2.contains(&area) => Ok(Some(area)),
            _ => {
                let (least, most) = (AREAS_KM2.start(), AREAS_KM2.end());
                let message = format!("\"{text}\" is no area; expected from {least} to {most} km²");
                Err(CellFault { field: "area_km2", message })
            }
        }
    }
}

/// A cell that cannot be what its column needs.
struct CellFault {
    field: &'static str,
    message: String,
}

/// Reads municipalities: `ags`, `name`, `lat`, `lon`, a column of people such as `pop_2022`, and where there
/// are any `area_km2` and `female_2019` with the `pop_2019` that it is a part of.
pub(super) fn read_municipalities(sheet: &Sheet) -> Result<Municipalities, Problems> {
    let Some(header) = Header::find(sheet, &MUNICIPALITY_COLUMNS) else {
        return Err(Problems::default());
    };
    let table = MunicipalityTable::new(&sheet.file, &header).map_err(only)?;

    let mut problems = Problems::default();
    let mut list = Vec::new();
    let mut rows_before = BTreeMap::new();
    for row in header.rows {
        match table.read(row, &mut rows_before) {
            Ok(municipality) => list.push(municipality),
            Err(CellFault { field, message }) => {
                let problem = fault_at(&sheet.file, row.number, ProblemKind::Range, message);
                problems.push(Problem { field: field.to_owned(), ..problem });
            }
        }
    }

    let year = table.people.year.filter(|year| *year > 0);
    unless_faulty(Municipalities { file: sheet.file.clone(), year, list }, problems)
}

/// An age band by the name of its column: `age_0_2`, `age_75_plus`.
fn age_band(name: &str) -> Option<AgeBand> {
    let name = name.trim().to_lowercase();
    let (from, to) = name.strip_prefix("age_")?.split_once('_')?;
    let to = if to == "plus" { None } else { Some(to.parse().ok()?) };
    Some(AgeBand { from: from.parse().ok()?, to })
}

/// The column of an age band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct BandColumn {
    band: AgeBand,
    index: usize,
}

/// The columns of a table of ages, by their place in a row.
struct AgeTable {
    key: usize,
    name: usize,
    date: usize,
    total: usize,
    /// In rising order of age.
    bands: Vec<BandColumn>,
}

impl AgeTable {
    /// Finds the columns; `None` without a key. Faults where there is no key and no age, and where bands overlap or
    /// leave a gap.
    fn new(file: &str, header: &Header<'_>, problems: &mut Problems) -> Option<Self> {
        let mut bands = Vec::new();
        for (index, name) in header.row.cells.iter().enumerate() {
            if let Some(band) = age_band(name) {
                bands.push(BandColumn { band, index });
            }
        }
        bands.sort();

        let mut report = |kind: ProblemKind, message: String| {
            problems.push(fault_at(file, header.row.number, kind, message));
        };
        let ends: Vec<(u8, Option<u8>)> =
            bands.iter().map(|column| (column.band.from, column.band.to)).collect();
        if bands.is_empty() {
            let names = header.names();
            let message = format!("no column of an age, such as age_0_2; there are {names}");
            report(ProblemKind::Missing, message);
        } else if let Err(message) = crate::model::check_bands(&ends) {
            report(ProblemKind::Order, message);
        }
        let Some(key) = header.column(&["kreis"]) else {
            let message = format!("the column kreis is missing; there are {}", header.names());
            report(ProblemKind::Missing, message);
            return None;
        };

        Some(Self {
            key,
            name: header.column_or_empty(&["name"]),
            date: header.column_or_empty(&["date"]),
            total: header.column_or_empty(&["total"]),
            bands,
        })
    }

    /// The people of a row by band; faults where a number is none, or the numbers are not those of the total.
    fn people(&self, file: &str, row: &SheetRow, problems: &mut Problems) -> Vec<u32> {
        let mut people = Vec::with_capacity(self.bands.len());
        for column in &self.bands {
            let text = row.text(column.index);
            match text.parse::<u32>() {
                Ok(count) if count <= MOST_PEOPLE => people.push(count),
                _ => {
                    let message = format!("\"{text}\" is no number of people");
                    problems.push(fault_at(file, row.number, ProblemKind::Type, message));
                }
            }
        }

        // With a number that is none the sum is wrong, too: one fault for one slip.
        let is_whole = people.len() == self.bands.len();
        if is_whole && let Some(message) = wrong_sum(&people, row.text(self.total)) {
            problems.push(fault_at(file, row.number, ProblemKind::Conflict, message));
        }
        people
    }
}

/// Reads ages by district: `kreis`, `name`, columns such as `age_0_2` and `age_75_plus`, and `date`, of which the
/// latest is taken.
pub(super) fn read_ages(sheet: &Sheet) -> Result<Ages, Problems> {
    let mut problems = Problems::default();
    let Some(header) = Header::find(sheet, &AGE_COLUMNS) else { return Err(problems) };
    let Some(table) = AgeTable::new(&sheet.file, &header, &mut problems) else {
        return Err(problems);
    };

    // The table of the offices has one block of rows for each end of a year.
    let dates = header.rows.iter().map(|row| row.text(table.date));
    let latest = dates.max().unwrap_or_default();

    let mut districts = BTreeMap::new();
    for row in header.rows {
        if row.text(table.date) != latest {
            continue;
        }
        let people = table.people(&sheet.file, row, &mut problems);
        let ages = DistrictAges { name: row.text(table.name).to_owned(), people };

        // A spreadsheet drops the zero with which the keys of the first nine states begin.
        let district = format!("{:0>5}", row.text(table.key));
        if districts.insert(district.clone(), ages).is_some() {
            let message = format!("district {district} is there twice on {latest}");
            problems.push(fault_at(&sheet.file, row.number, ProblemKind::Duplicate, message));
        }
    }

    let bands = table.bands.iter().map(|column| column.band).collect();
    let ages = Ages { file: sheet.file.clone(), date: latest.to_owned(), bands, districts };
    unless_faulty(ages, problems)
}

/// The fault in the sum of a district's people by age: nobody, or more than 1 % from the total of the row.
fn wrong_sum(people: &[u32], total: &str) -> Option<String> {
    let sum: u64 = people.iter().map(|count| u64::from(*count)).sum();
    if sum == 0 {
        return Some("nobody has an age: the sum of the age groups is 0".to_owned());
    }
    if total.is_empty() {
        return None;
    }

    // Counts of a census are rounded one by one, so that parts need not add up to their total.
    let is_near = total.parse::<u64>().is_ok_and(|total| sum.abs_diff(total) * 100 <= total);
    if is_near {
        return None;
    }
    Some(format!("the age groups add up to {sum}, the total says \"{total}\""))
}
