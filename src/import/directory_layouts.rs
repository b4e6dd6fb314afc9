//! The two layouts of the directory of hospitals: as the offices publish it, and the table that this project cleaned.

use super::address::{Address, postcode};
use super::department_keys::{department_key, whole_key};
use super::directory_cells::{Cells, PositionColumns};
use super::directory_site::{DepartmentBeds, DirectorySite, Licence, Modules};
use super::districts::municipality_key;
use super::faults::{ImportRemark, RemarkKind, fault_at};
use super::sheet::{Header, Sheet};
use super::text::is_digits;
use crate::model::{EmergencyLevel, Ownership};
use crate::problem::{Problem, ProblemKind, Problems};

/// A column whose cells are one of a few words.
struct WordColumn<const COUNT: usize> {
    /// Its name as [`column_name`](super::sheet::column_name) writes it.
    name: &'static str,
    /// Its name in messages.
    field: &'static str,
    words: [&'static str; COUNT],
}

/// The names of the columns that both layouts have, and the words in their cells.
struct DirectoryLayout {
    hospital: &'static str,
    site: &'static str,
    street: &'static str,
    house_number: &'static str,
    postcode: &'static str,
    city: &'static str,
    operator: &'static str,
    /// Words for public, non-profit, private.
    ownership: WordColumn<3>,
    /// Words for university, plan, contract, no contract, military.
    licence: WordColumn<5>,
    /// Words for the stages 0 to 3.
    stage: WordColumn<4>,
    /// Name of the columns of modules in messages.
    module_field: &'static str,
    /// Words for yes and no in the columns of modules.
    module_words: [&'static str; 2],
    beds: &'static str,
    /// Name of the column of beds in messages.
    beds_field: &'static str,
}

// The codes are those that the sheet DSB_KHV_2021 of the original file describes. The name of that sheet, and of the
// one with the rows (KHV_2021), changes every year.

/// The layout of the offices, beside columns of departments and modules.
const ORIGINAL_LAYOUT: DirectoryLayout = DirectoryLayout {
    hospital: "adressename",
    site: "adressenamestandort",
    street: "adressestrassestandort",
    house_number: "adressehausnrstandort",
    postcode: "adressepostleitzahlstandort",
    city: "adresseortstandort",
    operator: "tname",
    ownership: WordColumn { name: "traeger", field: "Traeger", words: ["1", "2", "3"] },
    licence: WordColumn {
        name: "einrichtungstyp",
        field: "EinrichtungsTyp",
        words: ["1", "2", "3", "4", "5"],
    },
    stage: WordColumn {
        name: "allgemeinenotfallversorgung",
        field: "Allgemeine_Notfallversorgung",
        words: ["0", "1", "2", "3"],
    },
    module_field: "Spezielle_Notfallversorgung",
    module_words: ["1", "2"],
    beds: "insg",
    beds_field: "INSG",
};

/// The layout of the cleaned table.
const CLEANED_LAYOUT: DirectoryLayout = DirectoryLayout {
    hospital: "hospital",
    site: "site",
    street: "street",
    house_number: "housenumber",
    postcode: "postcode",
    city: "city",
    operator: "operator",
    ownership: WordColumn {
        name: "ownership",
        field: "ownership",
        words: ["public", "non-profit", "private"],
    },
    licence: WordColumn {
        name: "type",
        field: "type",
        words: ["university", "plan", "contract", "no contract", "military"],
    },
    stage: WordColumn {
        name: "emergencylevel",
        field: "emergency_level",
        words: ["0", "1", "2", "3"],
    },
    module_field: "module",
    module_words: ["yes", "no"],
    beds: "beds",
    beds_field: "beds",
};

/// Columns that the layout of the offices must have, beside those of departments and modules.
const ORIGINAL: [&str; 14] = [
    "land",
    "kreis",
    "gemeinde",
    "adressename",
    "adressenamestandort",
    "adressestrassestandort",
    "adressehausnrstandort",
    "adressepostleitzahlstandort",
    "adresseortstandort",
    "traeger",
    "tname",
    "einrichtungstyp",
    "allgemeinenotfallversorgung",
    "insg",
];

/// Columns that the cleaned table must have.
const CLEANED: [&str; 14] = [
    "ags",
    "hospital",
    "site",
    "street",
    "housenumber",
    "postcode",
    "city",
    "ownership",
    "operator",
    "type",
    "emergencylevel",
    "beds",
    "bedsbydepartment",
    "positionfrom",
];

/// Columns whose names in files have more than small letters.
const WRITTEN: [(&str, &str); 18] = [
    ("land", "Land"),
    ("kreis", "Kreis"),
    ("gemeinde", "Gemeinde"),
    ("adressename", "Adresse_Name"),
    ("adressenamestandort", "Adresse_Name_Standort"),
    ("adressestrassestandort", "Adresse_Strasse_Standort"),
    ("adressehausnrstandort", "Adresse_Haus-Nr._Standort"),
    ("adressepostleitzahlstandort", "Adresse_Postleitzahl_Standort"),
    ("adresseortstandort", "Adresse_Ort_Standort"),
    ("traeger", "Traeger"),
    ("tname", "T_Name"),
    ("einrichtungstyp", "EinrichtungsTyp"),
    ("allgemeinenotfallversorgung", "Allgemeine_Notfallversorgung"),
    ("insg", "INSG"),
    ("housenumber", "house_number"),
    ("emergencylevel", "emergency_level"),
    ("bedsbydepartment", "beds_by_department"),
    ("positionfrom", "position_from"),
];

/// A column as files write it.
fn written(name: &str) -> &str {
    for (column, written) in WRITTEN {
        if column == name {
            return written;
        }
    }
    name
}

/// How many of the columns of either layout the sheet has.
pub(super) fn likeness(sheet: &Sheet) -> usize {
    let count =
        |names: &[&str]| Header::find(sheet, names).map_or(0, |header| header.count_of(names));
    count(&ORIGINAL).max(count(&CLEANED))
}

/// Whether the sheet is the cleaned table: it has beds by department in one column.
pub(super) fn has_cleaned_layout(sheet: &Sheet) -> bool {
    let header = Header::find(sheet, &CLEANED);
    header.is_some_and(|header| header.column(&["bedsbydepartment"]).is_some())
}

/// A fault that names the columns that are missing, with those that are there; `None` where all are there.
fn missing_columns(sheet: &Sheet, header: &Header<'_>, needed: &[&str]) -> Option<Problem> {
    let mut missing = Vec::new();
    for name in needed {
        if header.column(&[name]).is_none() {
            missing.push(written(name));
        }
    }
    if missing.is_empty() {
        return None;
    }

    let place = match &sheet.name {
        Some(name) => format!(" of sheet \"{name}\""),
        None => String::new(),
    };
    let columns = if missing.len() == 1 { "column is" } else { "columns are" };
    let message = format!(
        "{} {columns} missing in the header{place}: {}; there are {}",
        missing.len(),
        missing.join(", "),
        header.names()
    );
    Some(fault_at(&sheet.file, header.row.number, ProblemKind::Missing, message))
}

/// The name of each of the five columns of modules: only their order tells which is which.
const MODULES: &str = "speziellenotfallversorgung";

/// Reads a directory as the offices publish it: with a column for every department key.
pub(super) fn read_original(
    sheet: &Sheet,
    problems: &mut Problems,
    remarks: &mut Vec<ImportRemark>,
) -> Vec<DirectorySite> {
    let Some(header) = Header::find(sheet, &ORIGINAL) else { return Vec::new() };
    if let Some(problem) = missing_columns(sheet, &header, &ORIGINAL) {
        problems.push(problem);
    }
    let departments = department_columns(sheet, &header, problems, remarks);

    // The offices give all five columns one name.
    let modules = header.columns_named(MODULES);
    let Ok(modules) = <[usize; 5]>::try_from(modules.as_slice()) else {
        let message = format!(
            "{} columns Spezielle_Notfallversorgung instead of 5: trauma, children, special provider, stroke, heart",
            modules.len()
        );
        problems.push(fault_at(&sheet.file, header.row.number, ProblemKind::Columns, message));
        return Vec::new();
    };
    if !problems.is_empty() {
        // Thousands of rows would repeat what the header says once.
        return Vec::new();
    }

    let columns = SiteColumns::new(&header, &ORIGINAL_LAYOUT, modules);
    let place = PlaceColumns::new(&header);
    let needed = ORIGINAL.map(|name| header.column_or_empty(&[name]));
    let mut sites = Vec::new();
    for row in header.rows {
        if needed.iter().all(|column| row.text(*column).is_empty()) {
            // Notes beside or below the table.
            continue;
        }

        let mut cells = Cells { sheet, row, problems };
        let municipality = place.read(&mut cells);
        let mut site = columns.read(&mut cells);
        for department in &departments {
            if let Some(beds) = cells.beds(department.index, &department.key) {
                site.departments.push(DepartmentBeds { key: department.key.clone(), beds });
            }
        }
        site.municipality = municipality;
        site.beds = total_beds(site.beds, &site.departments);
        sites.push(site);
    }
    sites
}

/// The column of a department key.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct DepartmentColumn {
    key: String,
    index: usize,
}

/// The columns of department keys, in the order of the keys. The offices name them by the digits of the key, some of
/// which lost their leading zero as numbers (260 is 0260).
fn department_columns(
    sheet: &Sheet,
    header: &Header<'_>,
    problems: &mut Problems,
    remarks: &mut Vec<ImportRemark>,
) -> Vec<DepartmentColumn> {
    let (file, row) = (&sheet.file, header.row.number);
    let mut columns = Vec::new();
    for column in header.columns() {
        // No other column of the directory has a number for a name.
        if (2..=4).contains(&column.name.len()) && is_digits(&column.name) {
            let key = whole_key(&column.name);
            columns.push(DepartmentColumn { key, index: column.index });
        }
    }
    columns.sort();

    for pair in columns.windows(2) {
        if pair[0].key == pair[1].key {
            let message = format!("the department key {} has two columns", pair[0].key);
            problems.push(fault_at(file, row, ProblemKind::Duplicate, message));
        }
    }
    if columns.is_empty() {
        let message = format!(
            "no column of a department key, such as 0100 for internal medicine; there are {}",
            header.names()
        );
        problems.push(fault_at(file, row, ProblemKind::Missing, message));
    }

    // Keys of years after the list of 2019 may be new.
    for DepartmentColumn { key, .. } in &columns {
        if department_key(key).is_none() {
            let message = format!(
                "department key {key} is not in the list of keys: its beds count in the hospital's total only"
            );
            let remark = ImportRemark::new(RemarkKind::Missing, "department_key", message);
            remarks.push(remark.at(file, row));
        }
    }
    columns
}

/// The three columns that together are the key of a municipality: 2 digits of the state (Land), 3 of the district
/// (Kreis) and 3 of the municipality (Gemeinde).
struct PlaceColumns {
    state: usize,
    district: usize,
    municipality: usize,
}

impl PlaceColumns {
    fn new(header: &Header<'_>) -> Self {
        Self {
            state: header.column_or_empty(&["land"]),
            district: header.column_or_empty(&["kreis"]),
            municipality: header.column_or_empty(&["gemeinde"]),
        }
    }

    fn read(&self, cells: &mut Cells<'_, '_>) -> String {
        let state = cells.row.text(self.state).to_owned();
        let district = cells.row.text(self.district).to_owned();
        let municipality = cells.row.text(self.municipality).to_owned();
        cells.check_key(&state, "Land", 2);
        cells.check_key(&district, "Kreis", 3);
        // A city that is a district of its own may have no key of a municipality.
        if !municipality.is_empty() {
            cells.check_key(&municipality, "Gemeinde", 3);
        }
        format!("{state:0>2}") + &three_digits(&district) + &three_digits(&municipality)
    }
}

fn three_digits(key: &str) -> String {
    if key.is_empty() { String::new() } else { format!("{key:0>3}") }
}

/// Reads the table that this project cleaned, with positions.
pub(super) fn read_cleaned(sheet: &Sheet, problems: &mut Problems) -> Vec<DirectorySite> {
    let Some(header) = Header::find(sheet, &CLEANED) else { return Vec::new() };
    if let Some(problem) = missing_columns(sheet, &header, &CLEANED) {
        problems.push(problem);
    }
    if !problems.is_empty() {
        return Vec::new();
    }

    let modules =
        ["moduletrauma", "modulechildren", "modulespecial", "modulestroke", "moduleheart"]
            .map(|name| header.column_or_empty(&[name]));
    let columns = SiteColumns::new(&header, &CLEANED_LAYOUT, modules);
    let municipality = header.column_or_empty(&["ags"]);
    let departments = header.column_or_empty(&["bedsbydepartment"]);
    let position = PositionColumns {
        lat: header.column_or_empty(&["lat"]),
        lon: header.column_or_empty(&["lon"]),
        from: header.column_or_empty(&["positionfrom"]),
    };
    let mut sites = Vec::new();
    for row in header.rows {
        let mut cells = Cells { sheet, row, problems };
        let mut site = columns.read(&mut cells);
        site.departments = cells.departments(departments);
        site.position = cells.position(&position);
        site.municipality = municipality_key(row.text(municipality));
        site.beds = total_beds(site.beds, &site.departments);
        sites.push(site);
    }
    sites
}

/// The columns that both layouts have, by their place in a row.
struct SiteColumns {
    layout: &'static DirectoryLayout,
    hospital: usize,
    site: usize,
    street: usize,
    house_number: usize,
    postcode: usize,
    city: usize,
    operator: usize,
    ownership: usize,
    licence: usize,
    stage: usize,
    /// Trauma, children, special provider, stroke, heart.
    modules: [usize; 5],
    beds: usize,
}

impl SiteColumns {
    fn new(header: &Header<'_>, layout: &'static DirectoryLayout, modules: [usize; 5]) -> Self {
        Self {
            layout,
            hospital: header.column_or_empty(&[layout.hospital]),
            site: header.column_or_empty(&[layout.site]),
            street: header.column_or_empty(&[layout.street]),
            house_number: header.column_or_empty(&[layout.house_number]),
            postcode: header.column_or_empty(&[layout.postcode]),
            city: header.column_or_empty(&[layout.city]),
            operator: header.column_or_empty(&[layout.operator]),
            ownership: header.column_or_empty(&[layout.ownership.name]),
            licence: header.column_or_empty(&[layout.licence.name]),
            stage: header.column_or_empty(&[layout.stage.name]),
            modules,
            beds: header.column_or_empty(&[layout.beds]),
        }
    }

    /// The site of a row, without municipality, departments and position, which the layouts write in their own ways.
    fn read(&self, cells: &mut Cells<'_, '_>) -> DirectorySite {
        let row = cells.row;
        let hospital = row.text(self.hospital);
        let site = row.text(self.site);
        DirectorySite {
            row: row.number,
            municipality: String::new(),
            hospital: hospital.to_owned(),
            site: if site.is_empty() { hospital } else { site }.to_owned(),
            address: Address {
                street: row.text(self.street).to_owned(),
                number: row.text(self.house_number).to_owned(),
                postcode: postcode(row.text(self.postcode)),
                city: row.text(self.city).to_owned(),
            },
            operator: row.text(self.operator).to_owned(),
            ownership: self.ownership(cells),
            licence: self.licence(cells),
            emergency_level: self.emergency_level(cells),
            modules: self.modules(cells),
            beds: cells.beds(self.beds, self.layout.beds_field),
            departments: Vec::new(),
            position: None,
        }
    }

    fn ownership(&self, cells: &mut Cells<'_, '_>) -> Option<Ownership> {
        let column = &self.layout.ownership;
        match cells.word(self.ownership, column.field, &column.words)? {
            0 => Some(Ownership::Public),
            1 => Some(Ownership::NonProfit),
            _ => Some(Ownership::Private),
        }
    }

    fn licence(&self, cells: &mut Cells<'_, '_>) -> Option<Licence> {
        let column = &self.layout.licence;
        match cells.word(self.licence, column.field, &column.words)? {
            0 => Some(Licence::University),
            1 => Some(Licence::Plan),
            2 => Some(Licence::Contract),
            3 => Some(Licence::NoContract),
            _ => Some(Licence::Military),
        }
    }

    fn emergency_level(&self, cells: &mut Cells<'_, '_>) -> Option<EmergencyLevel> {
        let column = &self.layout.stage;
        match cells.word(self.stage, column.field, &column.words)? {
            // Hospitals report it themselves, and 0 is weak evidence: Delitzsch and Eilenburg do.
            0 => None,
            1 => Some(EmergencyLevel::Basic),
            2 => Some(EmergencyLevel::Extended),
            _ => Some(EmergencyLevel::Comprehensive),
        }
    }

    fn modules(&self, cells: &mut Cells<'_, '_>) -> Modules {
        let [trauma, children, special, stroke, heart] = self.modules.map(|column| {
            let word = cells.word(column, self.layout.module_field, &self.layout.module_words)?;
            Some(word == 0)
        });
        Modules { trauma, children, special, stroke, heart }
    }
}

/// The total of a row: `None` where neither it nor a department has beds. A total of 0, or none, beside departments
/// with beds stays 0: it contradicts them, which a remark says, and their sum is in use.
fn total_beds(total: Option<u32>, departments: &[DepartmentBeds]) -> Option<u32> {
    // A total that is missing must not hide the beds of departments: sites without beds are left out.
    let has_departments = departments.iter().any(|department| department.beds > 0);
    match total {
        Some(beds) if beds > 0 => Some(beds),
        _ if has_departments => Some(0),
        _ => None,
    }
}
