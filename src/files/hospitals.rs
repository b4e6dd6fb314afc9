//! Hospitals as tables that people edit in a spreadsheet: `hospitals.csv`, `departments.csv` and `facts.csv`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use csv::StringRecord;

use super::network::{DEPARTMENT_KINDS, OWNERSHIPS, SITE_KINDS};
use super::requirement::{CARE_LEVELS, EMERGENCY_LEVELS};
use super::table::{Columns, Row, Table, read_rows};
use crate::model::location::{Entity, Locations};
use crate::model::renamed::respelled;
use crate::model::{Department, Facility, Fact, Hospital, MOST_FROM_BEYOND, Ownership, Position};
use crate::problem::{ProblemKind, Problems};

/// Columns of `hospitals.csv`, as they are written.
pub(crate) const HOSPITAL_COLUMNS: [&str; 25] = [
    "id",
    "name",
    "operator",
    "ownership",
    "kind",
    "lat",
    "lon",
    "city",
    "district",
    "outside",
    "parent",
    "care_level",
    "emergency_level",
    "beds",
    "day_places",
    "staffed_share",
    "from_beyond",
    "facilities",
    "opened",
    "closed",
    "sources",
    "assumed",
    "derived",
    "unknown",
    "note",
];

/// Columns of `departments.csv`, as they are written.
pub(crate) const DEPARTMENT_COLUMNS: [&str; 9] =
    ["hospital", "specialty", "name", "kind", "beds", "day_places", "hours", "opened", "closed"];

/// Columns of `facts.csv`, as they are written.
pub(crate) const FACT_COLUMNS: [&str; 6] = ["hospital", "field", "value", "unit", "year", "source"];

// A comma would end the cell, and spreadsheets quote cells with commas only sometimes.
/// What separates the elements of a list in a cell.
pub(crate) const LIST_MARK: char = ';';

/// Greatest whole number of a cell, as in other files.
const MOST: u32 = 100_000_000;

/// The text of a table, with the path by which faults name it.
pub(crate) struct TableText {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Hospitals being read from tables, row by row.
pub(crate) struct HospitalReading<'l> {
    hospitals: Vec<Hospital>,
    /// The position of each hospital by its key; the first one of a key that is there twice.
    by_key: HashMap<String, usize>,
    /// Whether every row of hospitals was read.
    are_known: bool,
    locations: &'l mut Locations,
    problems: Problems,
}

impl<'l> HospitalReading<'l> {
    pub(crate) fn new(locations: &'l mut Locations) -> Self {
        Self {
            hospitals: Vec::new(),
            by_key: HashMap::new(),
            are_known: false,
            locations,
            problems: Problems::default(),
        }
    }

    /// The hospitals, whether they are all that the table has, and the faults.
    pub(crate) fn finish(self) -> (Vec<Hospital>, bool, Problems) {
        (self.hospitals, self.are_known, self.problems)
    }

    /// Reads `hospitals.csv`.
    pub(crate) fn read_hospitals(&mut self, file: &TableText) {
        let is_known = |name: &str| HOSPITAL_COLUMNS.contains(&name);
        let required = &["id", "name", "lat", "lon"];
        let columns = Columns { required, named: &HOSPITAL_COLUMNS, is_known: &is_known };
        let (mut table, rows) = read_rows(&file.path, &file.text, &columns);

        // A row with a fault of form is left out: a department of that hospital then names nobody.
        self.are_known = table.has_header && table.problems.is_empty();
        if table.has_header {
            let path: Arc<str> = file.path.as_str().into();
            for row in &rows {
                self.read_hospital(&mut table, row, &path);
            }
        }
        self.problems.append(table.problems);
    }

    fn read_hospital(&mut self, table: &mut Table<'_>, row: &Row, file: &Arc<str>) {
        let cells = &row.cells;
        table.line = row.line;
        table.entity = format!("hospital \"{}\"", table.text(cells, "id"));
        let key = table.required(cells, "id", "a key").map(str::to_owned);
        let name = table.required(cells, "name", "a name").map(str::to_owned);
        let position = read_position(table, cells);
        let (Some(key), Some(position)) = (key, position) else {
            self.are_known = false;
            return;
        };

        // Later checks find a value by its path, as if it stood in `network.ron`.
        let entity = Entity::Hospital(self.hospitals.len());
        self.locations.insert(entity, "", (Arc::clone(file), row.line, 1));
        for (column, number) in &table.columns {
            let path = if matches!(column.as_str(), "lat" | "lon") { "position" } else { column };
            let place = (Arc::clone(file), row.line, *number as u32 + 1);
            if !table.text(cells, column).is_empty() {
                self.locations.insert(entity, path, place);
            }
        }

        let hospital = Hospital::new(key.clone(), name.unwrap_or_default(), position);
        let hospital = read_values(table, cells, hospital);

        // A second one of the same key is kept, to be told with the others that are there twice; departments go to
        // the first.
        self.by_key.entry(key).or_insert(self.hospitals.len());
        self.hospitals.push(hospital);
    }

    /// Reads `departments.csv`; its rows may come in any order, those of a hospital stay in theirs.
    pub(crate) fn read_departments(&mut self, file: &TableText) {
        let is_known = |name: &str| DEPARTMENT_COLUMNS.contains(&name);
        let required = &["hospital", "specialty"];
        let columns = Columns { required, named: &DEPARTMENT_COLUMNS, is_known: &is_known };
        let (mut table, rows) = read_rows(&file.path, &file.text, &columns);
        if table.has_header {
            let path: Arc<str> = file.path.as_str().into();
            for row in &rows {
                self.read_department(&mut table, row, &path);
            }
        }
        self.problems.append(table.problems);
    }

    fn read_department(&mut self, table: &mut Table<'_>, row: &Row, file: &Arc<str>) {
        let cells = &row.cells;
        table.line = row.line;
        let key = table.text(cells, "hospital").to_owned();
        let specialty = respelled(table.text(cells, "specialty").to_owned());
        table.entity = format!("department \"{specialty}\" of hospital \"{key}\"");
        let named = table.required(cells, "specialty", "the key of a specialty").is_some();
        let department = Department {
            name: optional(table, cells, "name"),
            kind: table.choice(cells, "kind", &DEPARTMENT_KINDS).unwrap_or_default(),
            beds: table.count(cells, "beds", MOST),
            day_places: table.count(cells, "day_places", MOST),
            hours: table.parsed(cells, "hours").unwrap_or_default(),
            opened: table.parsed(cells, "opened"),
            closed: table.parsed(cells, "closed"),
            ..Department::new(specialty)
        };
        let Some(index) = self.hospital_of(table, &key).filter(|_| named) else { return };

        let entity = Entity::Hospital(index);
        let path = format!("departments[{}]", self.hospitals[index].departments.len());
        self.locations.insert(entity, &path, (Arc::clone(file), row.line, 1));
        for column in ["specialty", "kind", "beds", "day_places", "opened", "closed"] {
            if let Some(number) = table.columns.get(column)
                && !table.text(cells, column).is_empty()
            {
                let place = (Arc::clone(file), row.line, *number as u32 + 1);
                self.locations.insert(entity, &format!("{path}.{column}"), place);
            }
        }
        self.hospitals[index].departments.push(department);
    }

    /// Reads `facts.csv`.
    pub(crate) fn read_facts(&mut self, file: &TableText) {
        let is_known = |name: &str| FACT_COLUMNS.contains(&name);
        let required = &["hospital", "field", "value", "source"];
        let columns = Columns { required, named: &FACT_COLUMNS, is_known: &is_known };
        let (mut table, rows) = read_rows(&file.path, &file.text, &columns);
        if table.has_header {
            let path: Arc<str> = file.path.as_str().into();
            for row in &rows {
                self.read_fact(&mut table, row, &path);
            }
        }
        self.problems.append(table.problems);
    }

    fn read_fact(&mut self, table: &mut Table<'_>, row: &Row, file: &Arc<str>) {
        let cells = &row.cells;
        table.line = row.line;
        let key = table.text(cells, "hospital").to_owned();
        table.entity = format!("fact of hospital \"{key}\"");
        for (column, expected) in
            [("field", "what it is about"), ("value", "a value"), ("source", "the key of a source")]
        {
            table.required(cells, column, expected);
        }

        let fact = Fact {
            field: table.text(cells, "field").to_owned(),
            value: table.text(cells, "value").to_owned(),
            unit: optional(table, cells, "unit"),
            year: optional(table, cells, "year"),
            source: table.text(cells, "source").to_owned(),
        };
        let Some(index) = self.hospital_of(table, &key) else { return };
        let path = format!("facts[{}].source", self.hospitals[index].facts.len());
        let column = table.columns.get("source").map_or(1, |number| *number as u32 + 1);
        let place = (Arc::clone(file), row.line, column);

        // Without a source it was told above; kept, the fact would be told a second time.
        if !fact.source.is_empty() {
            self.locations.insert(Entity::Hospital(index), &path, place);
            self.hospitals[index].facts.push(fact);
        }
    }

    /// The hospital that a row names; a fault when there is none. Where not all hospitals could be read, an
    /// unknown key says nothing new.
    fn hospital_of(&self, table: &mut Table<'_>, key: &str) -> Option<usize> {
        let index = self.by_key.get(key).copied();
        if key.is_empty() {
            table.required(&StringRecord::new(), "hospital", "the key of a hospital");
        } else if index.is_none() && self.are_known {
            let keys = self.hospitals.iter().map(|hospital| hospital.key.as_str());
            table.unknown("hospital", "hospital", key, keys);
        }
        index
    }
}

/// What a row says beside key, name and position. An operator and an owner that it does not name are
/// marked as assumed: the site's own name, and a public body.
fn read_values(table: &mut Table<'_>, cells: &StringRecord, hospital: Hospital) -> Hospital {
    // Nobody has to know the owner of a hospital abroad; what stands in for it must not look published.
    let mut assumed = paths(table, cells, "assumed");
    for column in ["operator", "ownership"] {
        if table.text(cells, column).is_empty() && !assumed.iter().any(|path| path == column) {
            assumed.push(column.to_owned());
        }
    }
    let ownership = table.choice(cells, "ownership", &OWNERSHIPS);
    Hospital {
        operator: optional(table, cells, "operator").unwrap_or_else(|| hospital.name.clone()),
        ownership: ownership.unwrap_or(Ownership::Public),
        kind: table.choice(cells, "kind", &SITE_KINDS).unwrap_or_default(),
        city: optional(table, cells, "city"),
        district: optional(table, cells, "district"),
        outside: table.flag(cells, "outside"),
        parent: optional(table, cells, "parent"),
        care_level: table.choice(cells, "care_level", &CARE_LEVELS),
        emergency_level: table.choice(cells, "emergency_level", &EMERGENCY_LEVELS),
        beds: table.count(cells, "beds", MOST),
        day_places: table.count(cells, "day_places", MOST),
        staffed_share: table.number(cells, "staffed_share", (0.2, 1.0)),
        from_beyond: table.number(cells, "from_beyond", (0.0, MOST_FROM_BEYOND)),
        facilities: read_facilities(table, cells),
        opened: table.parsed(cells, "opened"),
        closed: table.parsed(cells, "closed"),
        sources: list(table, cells, "sources"),
        assumed,
        derived: read_derived(table, cells),
        unknown: paths(table, cells, "unknown"),
        note: optional(table, cells, "note"),
        ..hospital
    }
}

fn read_position(table: &mut Table<'_>, cells: &StringRecord) -> Option<Position> {
    table.required(cells, "lat", "degrees");
    table.required(cells, "lon", "degrees");
    let lat = table.number(cells, "lat", (-90.0, 90.0));
    let lon = table.number(cells, "lon", (-180.0, 180.0));
    Position::new(lat?, lon?).ok()
}

/// A text, or nothing for an empty cell.
fn optional(table: &Table<'_>, cells: &StringRecord, column: &str) -> Option<String> {
    let text = table.text(cells, column);
    if text.is_empty() { None } else { Some(text.to_owned()) }
}

/// The elements of a cell with a list; empty ones are left out.
fn list(table: &Table<'_>, cells: &StringRecord, column: &str) -> Vec<String> {
    let mut elements = Vec::new();
    for element in table.text(cells, column).split(LIST_MARK) {
        let element = element.trim();
        if !element.is_empty() {
            elements.push(element.to_owned());
        }
    }
    elements
}

/// The elements of a cell with a list of paths.
fn paths(table: &Table<'_>, cells: &StringRecord, column: &str) -> Vec<String> {
    list(table, cells, column).into_iter().map(respelled).collect()
}

/// Marks of derived values, each as `path=key of the rule`.
fn read_derived(table: &mut Table<'_>, cells: &StringRecord) -> BTreeMap<String, String> {
    let mut derived = BTreeMap::new();
    for written in list(table, cells, "derived") {
        let (path, rule) = written.split_once('=').unwrap_or_default();
        let (path, rule) = (path.trim(), rule.trim());
        if path.is_empty() || rule.is_empty() {
            let message = said!("\"{written}\" is not what belongs here", written);
            let expected = "path=rule, such as facilities.ct=ct-by-stage, separated by semicolons";
            table.fault(ProblemKind::Type, "derived", message, expected);
            continue;
        }
        if derived.insert(respelled(path.to_owned()), rule.to_owned()).is_some() {
            let message = said!("\"{path}\" is there twice", path);
            table.fault(ProblemKind::Duplicate, "derived", message, "");
        }
    }
    derived
}

fn read_facilities(table: &mut Table<'_>, cells: &StringRecord) -> Vec<Facility> {
    let mut facilities = Vec::new();
    for written in list(table, cells, "facilities") {
        match parse_facility(&written) {
            Ok(facility) => facilities.push(facility),
            Err(message) => {
                let message = format!("\"{written}\": {message}");
                let expected = "kind, kind:grade or kind:grade:count, such as ct, icu::12 or \
                                trauma_centre:regional, separated by semicolons";
                table.fault(ProblemKind::Type, "facilities", message, expected);
            }
        }
    }
    facilities
}

/// A facility as a cell says it: `kind`, `kind:grade`, `kind:grade:count` or `kind:grade:count:hours`; what
/// is not known is left empty, as in `icu::12`. The rules of hours are separated by commas.
fn parse_facility(written: &str) -> Result<Facility, String> {
    // Four parts at most: the colons of times, as in `Mo-Fr 08:00-16:00`, belong to the last one.
    let parts: Vec<&str> = written.splitn(4, ':').map(str::trim).collect();
    let part = |position: usize| parts.get(position).copied().filter(|part| !part.is_empty());
    let kind = part(0).ok_or("a facility without its kind")?;
    let mut facility = Facility::new(respelled(kind.to_owned()));
    facility.grade = part(1).map(str::to_owned);
    if let Some(count) = part(2) {
        let number = count.parse::<u32>().ok().filter(|number| *number <= MOST);
        facility.count =
            Some(number.ok_or_else(|| said!("\"{count}\" is no whole number", count))?);
    }
    if let Some(hours) = part(3) {
        // The semicolon of the notation of hours separates facilities here.
        let hours = hours.replace(',', ";");
        facility.hours = hours.parse().map_err(|error| format!("{error}"))?;
    }
    Ok(facility)
}
