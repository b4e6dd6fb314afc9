//! The directory of hospitals (Krankenhausverzeichnis) of the statistical offices: every site with its beds by
//! department, its emergency stage and its modules.

use serde::Serialize;

use super::address::Address;
use super::department_keys::{department_key, whole_key};
use super::faults::{ImportRemark, RemarkKind, fault, fault_at};
use super::sheet::{Header, Sheet, SheetRow, column_name, rows_behind};
use super::text::short;
use crate::model::{EmergencyLevel, Ownership, Position, Problem, ProblemKind, Problems};

/// What a hospital is by law (Einrichtungstyp).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Licence {
    /// University hospital (Hochschulklinik).
    University,
    /// In the hospital plan of its state (Plankrankenhaus).
    Plan,
    /// With a contract of supply.
    Contract,
    /// Without a contract of supply.
    NoContract,
    /// Of the armed forces.
    Military,
}

/// The five modules of special emergency care of the G-BA rules; `None` where the directory says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Modules {
    /// Care of the badly injured (Schwerverletztenversorgung).
    pub trauma: Option<bool>,
    /// Emergency care of children.
    pub children: Option<bool>,
    /// Special provider (Spezialversorgung).
    pub special: Option<bool>,
    /// Stroke care (Schlaganfallversorgung).
    pub stroke: Option<bool>,
    /// Disturbed blood flow of the heart: chest pain units (Durchblutungsstörungen am Herzen).
    pub heart: Option<bool>,
}

/// How a position was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PositionFrom {
    /// The address of the site, or a register of sites.
    Address,
    /// The street, without the number.
    Street,
    /// The postcode and the name of the hospital.
    PostcodeAndName,
    /// The centre of the postcode.
    PostcodeCentre,
    /// The centre of the municipality.
    MunicipalityCentre,
}

impl PositionFrom {
    /// Whether the site may stand somewhere else: the position is then marked as assumed.
    pub fn is_assumed(self) -> bool {
        !matches!(self, Self::Address | Self::Street)
    }

    /// What it says in words.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Address => "the address",
            Self::Street => "the street",
            Self::PostcodeAndName => "postcode and name",
            Self::PostcodeCentre => "the centre of the postcode",
            Self::MunicipalityCentre => "the centre of the municipality",
        }
    }
}

/// A row of the directory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DirectorySite {
    /// Its row in the file, from 1 with the header.
    pub row: u32,
    /// Key of the municipality, eight digits; fewer where the directory says less.
    pub municipality: String,
    /// Name of the hospital, which may have several sites.
    pub hospital: String,
    /// Name of the site.
    pub site: String,
    /// Where it is.
    pub address: Address,
    /// Who owns it; `None` where the directory does not say.
    pub ownership: Option<Ownership>,
    /// Its operator (Träger).
    pub operator: String,
    /// What it is by law; `None` where the directory says nothing.
    pub licence: Option<Licence>,
    /// Stage of emergency care; `None` for stage 0 (no part in it).
    pub emergency_level: Option<EmergencyLevel>,
    /// Modules of special emergency care.
    pub modules: Modules,
    /// Set-up beds; `None` for a site without any, such as a day clinic.
    pub beds: Option<u32>,
    /// Set-up beds by department key, in the order of the keys.
    pub departments: Vec<(String, u32)>,
    /// Its position, where the file gives one.
    pub position: Option<(Position, PositionFrom)>,
}

impl DirectorySite {
    /// The beds of all departments together.
    pub fn beds_in_departments(&self) -> u64 {
        self.departments.iter().map(|(_, beds)| u64::from(*beds)).sum()
    }
}

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

/// Columns of the original layout, as [`column_name`] gives them, beside those of departments.
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

/// Columns of the cleaned table.
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

const MODULES: &str = "speziellenotfallversorgung";

/// How many columns of a list a header must have to be one of a directory.
const RECOGNISED: usize = 6;

/// How many of the columns of either layout the sheet has, to tell what it is.
pub(super) fn likeness(sheet: &Sheet) -> usize {
    let found = |wanted: &[&str]| {
        let header = Header::find(sheet, wanted);
        header.map_or(0, |header| {
            wanted.iter().filter(|name| header.column(&[name]).is_some()).count()
        })
    };
    found(&ORIGINAL).max(found(&CLEANED))
}

/// Whether the sheet looks like a directory of hospitals, whole or not.
pub(super) fn is_directory(sheet: &Sheet) -> bool {
    likeness(sheet) >= RECOGNISED
}

/// The year that a name says: four digits from 19 or 20 that no other digit touches.
pub(super) fn year_in(text: &str) -> Option<i16> {
    let digits = text.split(|letter: char| !letter.is_ascii_digit());
    let years = digits.filter(|part| part.len() == 4 && part.starts_with(['1', '2']));
    years.filter_map(|part| part.parse().ok()).find(|year| (1990..=2100).contains(year))
}

/// Reads a directory from the sheet of a file that looks most like one.
pub(super) fn read_directory(
    sheets: &[Sheet],
    remarks: &mut Vec<ImportRemark>,
) -> Result<Directory, Problems> {
    let Some(sheet) = sheets.iter().max_by_key(|sheet| likeness(sheet)) else {
        return Err(Problems::default());
    };
    let mut problems = Problems::default();
    let year = year_of(sheet, &mut problems, remarks);
    let is_cleaned = Header::find(sheet, &CLEANED)
        .is_some_and(|header| header.column(&["bedsbydepartment"]).is_some());
    let sites = if is_cleaned {
        read_cleaned(sheet, &mut problems)
    } else {
        read_original(sheet, &mut problems, remarks)
    };
    if sites.is_empty() && problems.is_empty() {
        problems.push(fault(&sheet.file, ProblemKind::Missing, "the directory has no site"));
    }
    if problems.is_empty() {
        let year = year.unwrap_or_default();
        Ok(Directory { file: sheet.file.clone(), year, sites })
    } else {
        Err(problems)
    }
}

/// The year by the name of the sheet, else of the file; a fault where neither says one.
fn year_of(sheet: &Sheet, problems: &mut Problems, remarks: &mut Vec<ImportRemark>) -> Option<i16> {
    let name = std::path::Path::new(&sheet.file).file_name().unwrap_or_default();
    let of_file = year_in(&name.to_string_lossy());
    let of_sheet = sheet.name.as_deref().and_then(year_in);
    match (of_sheet, of_file) {
        (Some(of_sheet), Some(of_file)) if of_sheet != of_file => {
            let message = format!(
                "the file's name says {of_file}, its sheet \"{}\" {of_sheet}: {of_sheet} is in use",
                sheet.name.as_deref().unwrap_or_default()
            );
            let remark = ImportRemark::new(RemarkKind::Contradiction, "year", message);
            remarks.push(ImportRemark { file: Some(sheet.file.clone()), ..remark });
        }
        (None, None) => {
            let message = "neither the file's name nor its sheet's says which year it is about";
            let problem = fault(&sheet.file, ProblemKind::Missing, message);
            let expected = "a name with the year, such as Krankenhausverzeichnis_2021.xlsx";
            problems.push(Problem { expected: expected.to_owned(), ..problem });
        }
        _ => {}
    }
    of_sheet.or(of_file)
}

/// Names the columns that are missing, with those that are there.
fn report_missing(sheet: &Sheet, header: &Header<'_>, wanted: &[&str], problems: &mut Problems) {
    let missing: Vec<&str> =
        wanted.iter().filter(|name| header.column(&[name]).is_none()).copied().collect();
    if missing.is_empty() {
        return;
    }
    let of_sheet =
        sheet.name.as_ref().map_or_else(String::new, |name| format!(" of sheet \"{name}\""));
    let what = if missing.len() == 1 { "column is" } else { "columns are" };
    let message = format!(
        "{} {what} missing in the header{of_sheet}: {}; there are {}",
        missing.len(),
        missing.iter().map(|name| official(name)).collect::<Vec<_>>().join(", "),
        header.names()
    );
    problems.push(fault_at(&sheet.file, header.row.number, ProblemKind::Missing, message));
}

/// A column as the offices write it.
fn official(name: &str) -> &str {
    let names = [
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
    names.iter().find(|(own, _)| *own == name).map_or(name, |(_, official)| official)
}

/// A directory as the offices publish it: a column for every department key.
fn read_original(
    sheet: &Sheet,
    problems: &mut Problems,
    remarks: &mut Vec<ImportRemark>,
) -> Vec<DirectorySite> {
    let Some(header) = Header::find(sheet, &ORIGINAL) else { return Vec::new() };
    report_missing(sheet, &header, &ORIGINAL, problems);
    let keys = key_columns(sheet, &header, problems, remarks);
    let modules = header.columns_named(MODULES);
    if modules.len() != 5 {
        let message = format!(
            "{} columns Spezielle_Notfallversorgung instead of 5: trauma, children, special provider, stroke, heart",
            modules.len()
        );
        problems.push(fault_at(&sheet.file, header.row.number, ProblemKind::Columns, message));
    }
    if !problems.is_empty() {
        return Vec::new();
    }
    let column = |name: &str| header.column(&[name]).unwrap_or(usize::MAX);
    let columns = ORIGINAL.map(column);
    let mut sites = Vec::new();
    for row in rows_behind(sheet, &header) {
        let mut cells = Cells { sheet, row, problems };
        if ORIGINAL.iter().zip(columns).all(|(_, column)| row.text(column).is_empty()) {
            continue;
        }
        let text = |at: usize| row.text(columns[at]).to_owned();
        let state = format!("{:0>2}", text(0));
        let district = if text(1).is_empty() { String::new() } else { format!("{:0>3}", text(1)) };
        let municipality =
            if text(2).is_empty() { String::new() } else { format!("{:0>3}", text(2)) };
        let keys_of_place = [(0, 2, "Land"), (1, 3, "Kreis"), (2, 3, "Gemeinde")];
        for (at, most, field) in keys_of_place {
            // A city that is a district of its own may have no key of a municipality.
            if field != "Gemeinde" || !text(at).is_empty() {
                cells.key_of_place(columns[at], field, most);
            }
        }
        let kinds = [Ownership::Public, Ownership::NonProfit, Ownership::Private];
        let ownership = cells.choice(columns[9], "Traeger", &["1", "2", "3"]);
        let ownership = ownership.map(|choice| kinds[choice]);
        let licences = [
            Licence::University,
            Licence::Plan,
            Licence::Contract,
            Licence::NoContract,
            Licence::Military,
        ];
        let licence = cells.choice(columns[11], "EinrichtungsTyp", &["1", "2", "3", "4", "5"]);
        let stage =
            cells.choice(columns[12], "Allgemeine_Notfallversorgung", &["0", "1", "2", "3"]);
        let mut module =
            |at: usize| cells.choice(modules[at], "Spezielle_Notfallversorgung", &["1", "2"]);
        let flags = [0, 1, 2, 3, 4].map(|at| module(at).map(|choice| choice == 0));
        let beds = cells.beds(columns[13], "INSG");
        let mut departments = Vec::new();
        for (key, column) in &keys {
            departments.extend(cells.beds(*column, key).map(|beds| (key.clone(), beds)));
        }
        sites.push(DirectorySite {
            row: row.number,
            municipality: state + &district + &municipality,
            hospital: text(3),
            site: if text(4).is_empty() { text(3) } else { text(4) },
            address: Address {
                street: text(5),
                number: text(6),
                postcode: postcode(&text(7)),
                city: text(8),
            },
            ownership,
            operator: text(10),
            licence: licence.map(|choice| licences[choice]),
            emergency_level: stage.and_then(level),
            modules: modules_of(flags),
            beds: total_beds(beds, &departments),
            departments,
            position: None,
        });
    }
    sites
}

/// The columns of department keys, with their keys.
fn key_columns(
    sheet: &Sheet,
    header: &Header<'_>,
    problems: &mut Problems,
    remarks: &mut Vec<ImportRemark>,
) -> Vec<(String, usize)> {
    let is_key =
        |name: &str| (2..=4).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_digit());
    let named = header.all().iter().filter(|(name, _)| is_key(name));
    let mut keys: Vec<(String, usize)> =
        named.map(|(name, column)| (whole_key(name), *column)).collect();
    keys.sort();
    let mut number = header.row.number;
    for pair in keys.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        let message = format!("the department key {} has two columns", pair[0].0);
        problems.push(fault_at(&sheet.file, number, ProblemKind::Duplicate, message));
        number = header.row.number;
    }
    if keys.is_empty() {
        let message = format!(
            "no column of a department key, such as 0100 for internal medicine; there are {}",
            header.names()
        );
        problems.push(fault_at(&sheet.file, header.row.number, ProblemKind::Missing, message));
    }
    for (key, _) in keys.iter().filter(|(key, _)| department_key(key).is_none()) {
        let message = format!(
            "department key {key} is not in the list of keys: its beds count in the hospital's total only"
        );
        let remark = ImportRemark::new(RemarkKind::Missing, "department_key", message);
        remarks.push(remark.at(&sheet.file, header.row.number));
    }
    keys
}

/// The table that this project cleaned, with positions.
fn read_cleaned(sheet: &Sheet, problems: &mut Problems) -> Vec<DirectorySite> {
    let Some(header) = Header::find(sheet, &CLEANED) else { return Vec::new() };
    report_missing(sheet, &header, &CLEANED, problems);
    let number = |names: &[&str]| header.column(names).unwrap_or(usize::MAX);
    let modules = ["trauma", "children", "special", "stroke", "heart"]
        .map(|name| number(&[format!("module{name}").as_str()]));
    let (lat, lon) = (number(&["lat"]), number(&["lon"]));
    if !problems.is_empty() {
        return Vec::new();
    }
    let columns = CLEANED.map(|name| number(&[name]));
    let mut sites = Vec::new();
    for row in rows_behind(sheet, &header) {
        let mut cells = Cells { sheet, row, problems };
        let text = |at: usize| row.text(columns[at]).to_owned();
        let words = ["public", "non-profit", "private"];
        let kinds = [Ownership::Public, Ownership::NonProfit, Ownership::Private];
        let ownership = cells.choice(columns[7], "ownership", &words);
        let ownership = ownership.map(|choice| kinds[choice]);
        let licences = [
            ("university", Licence::University),
            ("plan", Licence::Plan),
            ("contract", Licence::Contract),
            ("no contract", Licence::NoContract),
            ("military", Licence::Military),
        ];
        let licence = cells.choice(columns[9], "type", &licences.map(|(word, _)| word));
        let stage = cells.choice(columns[10], "emergency_level", &["0", "1", "2", "3"]);
        let flags = modules
            .map(|column| cells.choice(column, "module", &["yes", "no"]).map(|choice| choice == 0));
        let beds = cells.beds(columns[11], "beds");
        let departments = cells.departments(columns[12]);
        let position = cells.position((lat, lon), columns[13]);
        sites.push(DirectorySite {
            row: row.number,
            municipality: municipality_key(&text(0)),
            hospital: text(1),
            site: if text(2).is_empty() { text(1) } else { text(2) },
            address: Address {
                street: text(3),
                number: text(4),
                postcode: postcode(&text(5)),
                city: text(6),
            },
            ownership,
            operator: text(8),
            licence: licence.map(|choice| licences[choice].1),
            emergency_level: stage.and_then(level),
            modules: modules_of(flags),
            beds: total_beds(beds, &departments),
            departments,
            position,
        });
    }
    sites
}

/// The cells of a row, read one by one; faults name column and row.
struct Cells<'a, 'p> {
    sheet: &'a Sheet,
    row: &'a SheetRow,
    problems: &'p mut Problems,
}

/// Most beds of a site: the largest have about 3,000.
const MOST_BEDS: u32 = 20_000;

impl Cells<'_, '_> {
    fn fault(&mut self, kind: ProblemKind, field: &str, message: String, expected: &str) {
        let problem = fault_at(&self.sheet.file, self.row.number, kind, message);
        let (field, expected) = (field.to_owned(), expected.to_owned());
        self.problems.push(Problem { field, expected, ..problem });
    }

    /// Which of these words a cell has; nothing for an empty one.
    fn choice(&mut self, column: usize, field: &str, words: &[&str]) -> Option<usize> {
        let text = self.row.text(column);
        if text.is_empty() {
            return None;
        }
        let found = words.iter().position(|word| *word == text);
        if found.is_none() {
            let expected = format!("one of {}", words.join(", "));
            let message = format!("\"{}\" is not what belongs here", short(text));
            self.fault(ProblemKind::Unknown, field, message, &expected);
        }
        found
    }

    /// Checks a part of the key of a municipality: a whole number of at most so many digits.
    fn key_of_place(&mut self, column: usize, field: &str, most_digits: usize) {
        let text = self.row.text(column);
        let is_key = (1..=most_digits).contains(&text.len())
            && text.bytes().all(|digit| digit.is_ascii_digit());
        if !is_key {
            let message = format!("\"{}\" is no key", short(text));
            let expected = format!("a whole number of at most {most_digits} digits");
            self.fault(ProblemKind::Type, field, message, &expected);
        }
    }

    /// A number of beds; nothing for an empty cell.
    fn beds(&mut self, column: usize, field: &str) -> Option<u32> {
        let text = self.row.text(column);
        if text.is_empty() || text == "-" || text == "–" {
            return None;
        }
        let beds = text.parse::<u32>().ok().filter(|beds| *beds <= MOST_BEDS);
        if beds.is_none() {
            let message = format!("\"{}\" is no number of beds", short(text));
            self.fault(ProblemKind::Type, field, message, "a whole number from 0 to 20000");
        }
        beds
    }

    /// Beds by department as `0100:118|0103:34`, in the order of the keys.
    fn departments(&mut self, column: usize) -> Vec<(String, u32)> {
        let mut departments = Vec::new();
        let text = self.row.text(column).to_owned();
        for part in text.split('|').filter(|part| !part.trim().is_empty()) {
            let pair = part.split_once(':');
            let beds = pair.and_then(|(_, beds)| beds.trim().parse::<u32>().ok());
            let beds = beds.filter(|beds| *beds <= MOST_BEDS);
            if let (Some((key, _)), Some(beds)) = (pair, beds) {
                departments.push((whole_key(key), beds));
            } else {
                let message = format!("\"{part}\" is no department with its beds");
                let expected = "key and beds, such as 0100:118";
                self.fault(ProblemKind::Type, "beds_by_department", message, expected);
            }
        }
        departments.sort();
        departments
    }

    fn position(
        &mut self,
        (lat, lon): (usize, usize),
        from: usize,
    ) -> Option<(Position, PositionFrom)> {
        let (lat, lon) = (self.row.text(lat), self.row.text(lon));
        if lat.is_empty() && lon.is_empty() {
            return None;
        }
        let degrees = lat.parse().ok().zip(lon.parse().ok());
        let position = degrees.and_then(|(lat, lon)| Position::new(lat, lon).ok());
        let Some(position) = position else {
            let message = format!("\"{lat}\", \"{lon}\" is no position");
            self.fault(ProblemKind::Range, "lat", message, "degrees with a decimal point");
            return None;
        };
        let from = match self.row.text(from) {
            "address" => PositionFrom::Address,
            "street" => PositionFrom::Street,
            "postcode+name" => PositionFrom::PostcodeAndName,
            _ => PositionFrom::PostcodeCentre,
        };
        Some((position, from))
    }
}

/// The total of a row: nothing where neither it nor a department has beds. A total of 0, or none, beside departments
/// with beds stays 0: it contradicts them, which is told, and their sum is in use.
fn total_beds(total: Option<u32>, departments: &[(String, u32)]) -> Option<u32> {
    let has_departments = departments.iter().any(|(_, beds)| *beds > 0);
    total.filter(|beds| *beds > 0).or_else(|| has_departments.then_some(0))
}

fn level(stage: usize) -> Option<EmergencyLevel> {
    [
        None,
        Some(EmergencyLevel::Basic),
        Some(EmergencyLevel::Extended),
        Some(EmergencyLevel::Comprehensive),
    ][stage.min(3)]
}

fn modules_of([trauma, children, special, stroke, heart]: [Option<bool>; 5]) -> Modules {
    Modules { trauma, children, special, stroke, heart }
}

/// The key of a municipality with the zero that a spreadsheet may have taken.
pub(super) fn municipality_key(text: &str) -> String {
    if text.len() == 7 && text.bytes().all(|digit| digit.is_ascii_digit()) {
        return format!("0{text}");
    }
    text.to_owned()
}

/// A postcode with the zero that a spreadsheet may have taken.
pub(super) fn postcode(text: &str) -> String {
    if text.len() == 4 && text.bytes().all(|digit| digit.is_ascii_digit()) {
        return format!("0{text}");
    }
    text.to_owned()
}

/// Tells rows that name the same site twice. Both stay: they may be two departments of one house.
pub(super) fn report_doubles(
    file: &str,
    sites: &[&DirectorySite],
    remarks: &mut Vec<ImportRemark>,
) {
    let mut seen = std::collections::HashMap::new();
    for site in sites.iter().filter(|site| site.beds.is_some()) {
        let name = column_name(&site.site);
        let Some(first) = seen.insert((name, site.address.key()), site.row) else { continue };
        let message = format!(
            "\"{}\" is in the directory twice at one address, in rows {first} and {}: both are taken",
            site.site, site.row
        );
        remarks.push(
            ImportRemark::new(RemarkKind::Contradiction, "twice", message).at(file, site.row),
        );
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
