//! Indicators from two tables that people edit in a spreadsheet: the dictionary and the figures.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use csv::StringRecord;

use super::counts::MOST_EVENTS;
use super::indicators::{
    Direction, Entry, Figure, Indicator, IndicatorKind, IndicatorTable, Origin,
};
use crate::disk::read_regular;
use crate::files::bytes::{decode, fault};
use crate::files::table::{Columns, Row, Table, read_rows};
use crate::model::{Network, Places};
use crate::problem::{ProblemKind, Problems};

/// Greatest size of a file of indicators, in bytes: 30 members, 200 indicators and 20 years have a third.
const MOST_BYTES: u64 = 20_000_000;

/// So many indicators a dictionary has at most: nobody compares more, and each is looked up among all figures.
const MOST_INDICATORS: usize = 2_000;

/// Columns of the dictionary.
pub const DICTIONARY_COLUMNS: [&str; 9] =
    ["id", "name", "kind", "direction", "unit", "per", "reference", "source", "definition"];

/// Columns of the figures.
pub const FIGURE_COLUMNS: [&str; 7] =
    ["member", "year", "indicator", "count", "denominator", "expected", "unit"];

const KINDS: [(&str, IndicatorKind); 4] = [
    ("share", IndicatorKind::Share),
    ("ratio", IndicatorKind::Ratio),
    ("rate", IndicatorKind::Rate),
    ("value", IndicatorKind::Value),
];

const DIRECTIONS: [(&str, Direction); 3] = [
    ("higher", Direction::HigherIsBetter),
    ("lower", Direction::LowerIsBetter),
    ("neutral", Direction::Neutral),
];

/// Years that figures may be about.
const FIRST_YEAR: u32 = 1950;
const LAST_YEAR: u32 = 2100;

/// Reads the indicators of an alliance from its dictionary and its figures.
///
/// Both are CSV with commas and decimal points. The dictionary has [`DICTIONARY_COLUMNS`], of which `per` (1) and `reference`
/// may be empty; kinds are `share`, `ratio`, `rate` and `value`, directions `higher`, `lower` and `neutral`. The figures have
/// [`FIGURE_COLUMNS`]: `member` is the key of a hospital or the name of a member outside of the network, `count` the events, or
/// the number of an indicator of kind `value`.
///
/// # Errors
///
/// Every fault of both files with file, line and column: a member that is no hospital or no member, an unknown indicator, a
/// missing denominator, a count above it, a second row of one member, year and indicator, and an alliance in which nobody can
/// be compared.
///
/// ```
/// use verbund::Region;
/// use verbund::alliance::read_indicators;
///
/// let folder = tempfile::tempdir()?;
/// let path = |name: &str| folder.path().join(name);
/// std::fs::write(
///     path("dictionary.csv"),
///     "id,name,kind,direction,unit,per,reference,source,definition\n\
///      falls,Falls,rate,lower,per 1000 days,1000,,agreed in 2026,falls of inpatients over bed days\n",
/// )?;
/// std::fs::write(
///     path("figures.csv"),
///     "member,year,indicator,count,denominator,expected,unit\n\
///      st-georg-leipzig,2025,falls,410,254000,,\n\
///      Klinikum Leverkusen,2025,falls,300,160000,,\n",
/// )?;
/// let region = Region::leipzig()?;
/// let table = read_indicators(region.network(), "akg", &path("dictionary.csv"), &path("figures.csv"))?;
/// assert_eq!(table.entries.len(), 2);
///
/// std::fs::write(path("figures.csv"), "member,year,indicator,count,denominator,expected,unit\nukl-leipzig,2025,fall,1,,,\n")?;
/// let faults = read_indicators(region.network(), "akg", &path("dictionary.csv"), &path("figures.csv")).unwrap_err();
/// let lines = faults.to_string();
/// assert!(lines.contains("figures.csv:2:1: row 2, field member: \"ukl-leipzig\" is no member of alliance \"akg\""));
/// assert!(lines.contains("unknown indicator \"fall\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_indicators(
    network: &Network,
    alliance: &str,
    dictionary: &Path,
    figures: &Path,
) -> Result<IndicatorTable, Problems> {
    let mut problems = Problems::default();
    let names = [dictionary, figures].map(|path| path.display().to_string());
    let Some(mut table) = IndicatorTable::new(network, alliance) else {
        let message = format!("unknown alliance \"{alliance}\"");
        problems.push(fault(&names[1], ProblemKind::Unknown, None, message));
        return Err(problems);
    };

    let texts = [read_text(dictionary, &mut problems), read_text(figures, &mut problems)];
    let [dictionary_text, figures_text] = texts;
    let mut is_described = false;
    if let Some(text) = dictionary_text {
        let faults = read_dictionary(&names[0], &text, &mut table);
        is_described = faults.is_empty();
        problems.append(faults);
    }
    if let Some(text) = figures_text {
        let reading = FigureReading::new(network, is_described, &mut table);
        problems.append(reading.read(&names[1], &text));
    }
    if problems.is_empty() { Ok(table) } else { Err(problems) }
}

fn read_text(path: &Path, problems: &mut Problems) -> Option<String> {
    let name = path.display().to_string();
    match read_regular(path, MOST_BYTES) {
        Ok(bytes) => decode(&name, &bytes, problems),
        Err(error) => {
            problems.push(fault(&name, ProblemKind::Unreadable, None, error.to_string()));
            None
        }
    }
}

/// Reads the dictionary into a table; the faults.
pub(super) fn read_dictionary(file: &str, text: &str, into: &mut IndicatorTable) -> Problems {
    let is_known = |name: &str| DICTIONARY_COLUMNS.contains(&name);
    let columns = Columns {
        required: &["id", "name", "kind", "direction", "unit", "source", "definition"],
        named: &DICTIONARY_COLUMNS,
        is_known: &is_known,
    };
    let (mut table, rows) = read_rows(file, text, &columns);
    if table.has_header {
        for row in &rows {
            table.line = row.line;
            table.entity = format!("row {}", row.line);
            if into.indicators.len() == MOST_INDICATORS {
                let message = format!("more than {MOST_INDICATORS} indicators");
                table.fault(ProblemKind::Range, "id", message, "those that are compared");
                break;
            }
            if let Some(indicator) = read_indicator(&mut table, &row.cells, into) {
                into.indicators.push(indicator);
            }
        }
    }
    table.problems
}

fn read_indicator(
    table: &mut Table<'_>,
    cells: &StringRecord,
    known: &IndicatorTable,
) -> Option<Indicator> {
    let key = table.required(cells, "id", "a key of the indicator").map(str::to_owned);
    if let Some(key) = &key {
        table.entity = format!("indicator \"{key}\"");
        // The first description stands, as figures may rest on it.
        if known.find_indicator(key).is_some() {
            let message = format!("indicator \"{key}\" is there twice");
            table.fault(ProblemKind::Duplicate, "id", message, "one row for each indicator");
            return None;
        }
    }
    let name = table.required(cells, "name", "what tables call it").map(str::to_owned);
    let source = table.required(cells, "source", "where its definition comes from");
    let source = source.map(str::to_owned);
    let definition = table.required(cells, "definition", "what is counted").map(str::to_owned);
    let is_kind_there = table.required(cells, "kind", "share, ratio, rate or value").is_some();
    let kind = table.choice(cells, "kind", &KINDS).filter(|_| is_kind_there);
    let is_way_there = table.required(cells, "direction", "higher, lower or neutral").is_some();
    let direction = table.choice(cells, "direction", &DIRECTIONS).filter(|_| is_way_there);
    let unit = table.text(cells, "unit").to_owned();

    // An empty cell is no fault here, a wrong one is: both have no number.
    let is_per_empty = table.text(cells, "per").is_empty();
    let per = table.number(cells, "per", (1e-9, MOST_EVENTS));
    let per = if is_per_empty { Some(1.0) } else { per };
    // A share above 1 is a percentage that nobody divided by 100.
    let most = if kind == Some(IndicatorKind::Share) { 1.0 } else { MOST_EVENTS };
    let reference = table.number(cells, "reference", (0.0, most));
    Some(Indicator {
        key: key?,
        name: name?,
        kind: kind?,
        direction: direction?,
        unit,
        per: per?,
        reference,
        source: source?,
        definition: definition?,
    })
}

/// Reads an index of deprivation by district: a table with the columns `district`, by its name in the places of the region, and
/// `index`, 0 and more, the higher the more deprived.
///
/// # Errors
///
/// Every fault of the file with line and column: a district in which no place lies, one that is there twice, an index that is no
/// number.
///
/// ```
/// use verbund::Region;
/// use verbund::alliance::read_deprivation;
///
/// let region = Region::leipzig()?;
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("gisd.csv");
/// std::fs::write(&path, "district,index\n\"Leipzig, Stadt\",0.61\n")?;
/// assert_eq!(read_deprivation(region.places(), &path)?["Leipzig, Stadt"], 0.61);
/// std::fs::write(&path, "district,index\n\"Leipzig Stadt\",0.61\n")?;
/// let faults = read_deprivation(region.places(), &path).unwrap_err().to_string();
/// assert!(faults.contains("did you mean \"Leipzig, Stadt\"?"), "{faults}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_deprivation(places: &Places, file: &Path) -> Result<BTreeMap<String, f64>, Problems> {
    let mut problems = Problems::default();
    let Some(text) = read_text(file, &mut problems) else { return Err(problems) };
    let mut districts = BTreeSet::new();
    for place in &places.places {
        districts.insert(place.district.as_str());
    }
    let name = file.display().to_string();
    let (by_district, faults) = deprivation(&name, &text, Some(&districts));
    if faults.is_empty() { Ok(by_district) } else { Err(faults) }
}

/// An index by district, and the faults; of known districts only, where they are given.
pub(super) fn deprivation(
    file: &str,
    text: &str,
    known: Option<&BTreeSet<&str>>,
) -> (BTreeMap<String, f64>, Problems) {
    const NAMES: [&str; 2] = ["district", "index"];
    let is_known = |name: &str| NAMES.contains(&name);
    let columns = Columns { required: &NAMES, named: &NAMES, is_known: &is_known };
    let (mut table, rows) = read_rows(file, text, &columns);
    let mut by_district = BTreeMap::new();
    let rows = if table.has_header { rows } else { Vec::new() };
    for row in &rows {
        table.line = row.line;
        table.entity = format!("row {}", row.line);
        let district = table.required(&row.cells, "district", "the name of a district");
        let is_there = table.required(&row.cells, "index", "a number, 0 and more").is_some();
        let index = table.number(&row.cells, "index", (0.0, MOST_EVENTS)).filter(|_| is_there);
        let (Some(district), Some(index)) = (district, index) else { continue };
        if let Some(known) = known.filter(|known| !known.contains(district)) {
            table.unknown("district", "district", district, known.iter().copied());
        } else if by_district.insert(district.to_owned(), index).is_some() {
            let message = format!("district \"{district}\" is there twice");
            table.fault(ProblemKind::Duplicate, "district", message, "one row for each district");
        }
    }
    (by_district, table.problems)
}

/// Reads figures into a table whose dictionary was read without a fault; the faults.
pub(super) fn read_figures(
    network: &Network,
    file: &str,
    text: &str,
    table: &mut IndicatorTable,
) -> Problems {
    FigureReading::new(network, true, table).read(file, text)
}

/// Figures being read.
struct FigureReading<'r> {
    network: &'r Network,
    /// Whether the dictionary has no fault: an indicator that is not in it is unknown only then.
    is_described: bool,
    /// Positions of the members by key.
    members: HashMap<String, usize>,
    /// Positions of the indicators by key.
    indicators: HashMap<String, usize>,
    /// The line of each member, year and indicator.
    lines: HashMap<(usize, i16, usize), u32>,
    table: &'r mut IndicatorTable,
}

impl<'r> FigureReading<'r> {
    fn new(network: &'r Network, is_described: bool, table: &'r mut IndicatorTable) -> Self {
        // A member that is named twice is the first of the two, as everywhere.
        let mut members = HashMap::new();
        for (position, member) in table.members.iter().enumerate() {
            members.entry(member.key.clone()).or_insert(position);
        }
        let mut indicators = HashMap::new();
        for (position, indicator) in table.indicators.iter().enumerate() {
            indicators.entry(indicator.key.clone()).or_insert(position);
        }
        Self { network, is_described, members, indicators, lines: HashMap::new(), table }
    }

    fn read(mut self, file: &str, text: &str) -> Problems {
        let is_known = |name: &str| FIGURE_COLUMNS.contains(&name);
        let columns = Columns {
            required: &["member", "year", "indicator", "count"],
            named: &FIGURE_COLUMNS,
            is_known: &is_known,
        };
        let (mut table, rows) = read_rows(file, text, &columns);
        if !table.has_header {
            return table.problems;
        }
        let members = self.table.members.len();
        // Once for the file: no row of it could be right.
        if members < 2 {
            table.line = rows.first().map_or(table.header_line, |row| row.line);
            let message = format!(
                "alliance \"{}\" has {members} member; nobody to compare with",
                self.table.alliance
            );
            table.fault(ProblemKind::Conflict, "member", message, "an alliance of at least two");
        }
        for row in &rows {
            self.read_row(&mut table, row);
        }
        table.problems
    }

    fn read_row(&mut self, table: &mut Table<'_>, row: &Row) {
        table.line = row.line;
        table.entity = format!("row {}", row.line);
        let cells = &row.cells;
        let member = self.member(table, cells);
        let indicator = self.indicator(table, cells);
        let has_year = table.required(cells, "year", "a year such as 2025").is_some();
        let year = table.count(cells, "year", LAST_YEAR).filter(|_| has_year);
        // A year out of range is most likely a count in the wrong column.
        if let Some(year) = year.filter(|year| *year < FIRST_YEAR) {
            let message = format!("{year} is out of range");
            let expected = format!("a year from {FIRST_YEAR} to {LAST_YEAR}");
            table.fault(ProblemKind::Range, "year", message, &expected);
            return;
        }
        let Some(indicator) = indicator else { return };
        let described = &self.table.indicators[indicator];
        let unit = table.text(cells, "unit");
        if !unit.is_empty() && unit != described.unit {
            let message = format!("the unit is \"{unit}\"");
            let expected = format!("\"{}\", as in the dictionary, or nothing", described.unit);
            table.fault(ProblemKind::Conflict, "unit", message, &expected);
        }
        let figure = read_figure(table, cells, described.kind);
        let (Some(member), Some(year), Some(figure)) = (member, year, figure) else { return };

        let year = year as i16;
        // The first row stands, and the second is told with its line.
        let line = self.lines.entry((member, year, indicator)).or_insert(row.line);
        if *line != row.line {
            let message = format!("the same member, year and indicator as in line {line}");
            table.fault(ProblemKind::Duplicate, "member", message, "one row for each of them");
            return;
        }
        let entry = Entry { member, year, indicator, figure, origin: Origin::Entered };
        self.table.entries.push(entry);
    }

    fn member(&self, table: &mut Table<'_>, cells: &StringRecord) -> Option<usize> {
        let written = table.required(cells, "member", "the key of a hospital, or a name")?;
        let members = &self.table.members;
        if let Some(position) = self.members.get(written) {
            return Some(*position);
        }
        let keys = members.iter().map(|member| member.key.as_str());
        // A hospital that is no member is another mistake than a name that nobody has.
        if self.network.find(written).is_some() {
            let alliance = &self.table.alliance;
            let message = format!("\"{written}\" is no member of alliance \"{alliance}\"");
            table.fault(ProblemKind::Conflict, "member", message, "a member");
        } else {
            table.unknown("member", "hospital or member", written, keys);
        }
        None
    }

    fn indicator(&self, table: &mut Table<'_>, cells: &StringRecord) -> Option<usize> {
        let written = table.required(cells, "indicator", "the key of an indicator")?;
        let position = self.indicators.get(written).copied();
        // A dictionary with faults may have lost the very row.
        if position.is_none() && self.is_described {
            let keys = self.table.indicators.iter().map(|indicator| indicator.key.as_str());
            table.unknown("indicator", "indicator", written, keys);
        }
        position
    }
}

/// The figure of a row, with a fault for each cell that its kind needs and has not, or has and does not need.
fn read_figure(table: &mut Table<'_>, cells: &StringRecord, kind: IndicatorKind) -> Option<Figure> {
    let needed = match kind {
        IndicatorKind::Share | IndicatorKind::Rate => &["count", "denominator"][..],
        IndicatorKind::Ratio => &["count", "expected"],
        IndicatorKind::Value => &["count"],
    };
    let mut is_complete = true;
    for field in ["count", "denominator", "expected"] {
        let is_needed = needed.contains(&field);
        let is_empty = table.text(cells, field).is_empty();
        if is_needed && is_empty {
            let message = format!("is empty: an indicator of kind {} needs it", word(kind));
            table.fault(ProblemKind::Missing, field, message, "");
            is_complete = false;
        // What the kind has no use for stands in the wrong column, or the kind is wrong.
        } else if !is_needed && !is_empty {
            let message = format!("an indicator of kind {} has no {field}", word(kind));
            table.fault(ProblemKind::Conflict, field, message, "an empty cell");
            is_complete = false;
        }
    }

    let most = MOST_EVENTS as u32;
    let figure = match kind {
        IndicatorKind::Value => {
            let number = table.number(cells, "count", (-MOST_EVENTS, MOST_EVENTS));
            Figure::Value(number?)
        }
        IndicatorKind::Share => {
            let events = table.count(cells, "count", most);
            let cases = table.count(cells, "denominator", most);
            share_of(table, u64::from(events?), u64::from(cases?))?
        }
        IndicatorKind::Rate | IndicatorKind::Ratio => {
            let events = table.count(cells, "count", most);
            let base = table.number(cells, needed[1], (1e-9, MOST_EVENTS));
            let (events, base) = (u64::from(events?), base?);
            if kind == IndicatorKind::Rate {
                Figure::Rate { events, exposure: base }
            } else {
                Figure::Ratio { events, expected: base }
            }
        }
    };
    is_complete.then_some(figure)
}

fn share_of(table: &mut Table<'_>, events: u64, cases: u64) -> Option<Figure> {
    if cases == 0 {
        let message = "0 cases have no share".to_owned();
        table.fault(ProblemKind::Range, "denominator", message, "at least 1, or no row");
        return None;
    }
    if events > cases {
        let message = format!("{events} events are more than the {cases} cases");
        table.fault(ProblemKind::Conflict, "count", message, "at most the denominator");
        return None;
    }
    Some(Figure::Share { events, cases })
}

fn word(kind: IndicatorKind) -> &'static str {
    let entry = KINDS.iter().find(|(_, candidate)| *candidate == kind);
    entry.map_or("value", |(word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Folder;

    const DICTIONARY: &str = "id,name,kind,direction,unit,per,reference,source,definition\n\
        deaths,Deaths,ratio,lower,,1,,s,d\n\
        readmitted,Readmitted,share,lower,%,100,0.1,s,d\n\
        falls,Falls,rate,lower,per 1000 days,1000,,s,d\n\
        beds,Beds,value,neutral,beds,,,s,d\n";

    fn read(alliance: &str, rows: &str) -> Result<IndicatorTable, Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("d.csv"), DICTIONARY).unwrap();
        let text = format!("member,year,indicator,count,denominator,expected,unit\n{rows}");
        std::fs::write(path("f.csv"), text).unwrap();
        let network = Folder::leipzig().read().unwrap().network;
        let table = read_indicators(&network, alliance, &path("d.csv"), &path("f.csv"));
        table.map_err(|problems| {
            let prefix = format!("{}/", folder.path().display());
            problems.lines().iter().map(|line| line.replace(&prefix, "")).collect()
        })
    }

    #[test]
    fn rows_of_every_kind_are_read() {
        let table = read(
            "akg",
            "st-georg-leipzig,2024,deaths,900,,850.5,\n\
             st-georg-leipzig,2024,readmitted,10,200,,%\n\
             Klinikum Fulda,2024,falls,30,250000,,\n\
             Klinikum Fulda,2024,beds,1009,,,beds\n",
        )
        .unwrap();
        let figures: Vec<Figure> = table.entries.iter().map(|entry| entry.figure).collect();
        assert_eq!(
            figures,
            [
                Figure::Ratio { events: 900, expected: 850.5 },
                Figure::Share { events: 10, cases: 200 },
                Figure::Rate { events: 30, exposure: 250_000.0 },
                Figure::Value(1009.0),
            ]
        );
        assert_eq!(table.indicators[1].reference, Some(0.1));
        assert_eq!(table.years(0), [2024]);
    }

    #[test]
    fn each_bad_row_is_named_with_file_line_and_column_all_at_once() {
        let faults = read(
            "akg",
            "hogwarts,2024,beds,1,,,\n\
             ukl-leipzig,2024,beds,1,,,\n\
             st-georg-leipzig,2024,readmitted,10,,,\n\
             st-georg-leipzig,2024,readmitted,11,10,,\n\
             st-georg-leipzig,2024,beds,1,,,\n\
             st-georg-leipzig,2024,beds,2,,,\n\
             st-georg-leipzig,2024,falls,2,100,3,\n\
             st-georg-leipzig,1066,falls,2,100,,\n\
             st-georg-leipzig,2023,falls,2,100,,percent\n\
             st-georg-leipzig,2023,readmitted,0,0,,\n",
        )
        .unwrap_err();
        let expected = [
            "f.csv:2:1: row 2, field member: unknown hospital or member \"hogwarts\"; expected the key of a hospital or member that exists",
            "f.csv:3:1: row 3, field member: \"ukl-leipzig\" is no member of alliance \"akg\"; expected a member",
            "f.csv:4:5: row 4, field denominator: is empty: an indicator of kind share needs it",
            "f.csv:5:4: row 5, field count: 11 events are more than the 10 cases; expected at most the denominator",
            "f.csv:7:1: row 7, field member: the same member, year and indicator as in line 6; expected one row for each of them",
            "f.csv:8:6: row 8, field expected: an indicator of kind rate has no expected; expected an empty cell",
            "f.csv:9:2: row 9, field year: 1066 is out of range; expected a year from 1950 to 2100",
            "f.csv:10:7: row 10, field unit: the unit is \"percent\"; expected \"per 1000 days\", as in the dictionary, or nothing",
            "f.csv:11:5: row 11, field denominator: 0 cases have no share; expected at least 1, or no row",
        ];
        assert_eq!(faults, expected);
    }

    #[test]
    fn an_alliance_of_one_has_nobody_to_compare_with() {
        let faults = read("gerinah", "sana-zwenkau,2024,beds,1,,,\n").unwrap_err();
        assert_eq!(
            faults,
            [
                "f.csv:2:1: field member: alliance \"gerinah\" has 1 member; nobody to compare with; \
              expected an alliance of at least two"
            ]
        );
        assert!(read("nobody", "").unwrap_err()[0].contains("unknown alliance \"nobody\""));
    }

    #[test]
    fn a_fault_of_the_dictionary_makes_no_row_unknown() {
        let mut table =
            IndicatorTable::new(&Folder::leipzig().read().unwrap().network, "akg").unwrap();
        let text = "id,name,kind,direction,unit,per,reference,source,definition\n\
            a,A,shar,lower,,,,s,d\nb,B,share,,,,2,s,d\nb,B,share,lower,,,,s,\n";
        let faults = read_dictionary("d.csv", text, &mut table).lines();
        assert_eq!(faults.len(), 4, "{faults:#?}");
        assert!(
            faults[0].starts_with("d.csv:2:3: indicator \"a\", field kind: unknown word \"shar\"")
        );
        assert!(table.indicators.is_empty());
    }
}
