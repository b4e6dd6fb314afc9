//! Tables that people edit in a spreadsheet: `places.csv` and `travel_times.csv`.

use std::collections::{BTreeMap, BTreeSet};

use csv::{ReaderBuilder, StringRecord};

use crate::model::place::check_bands;
use crate::model::problem::{Problem, ProblemKind, closest};
use crate::model::{
    AgeBand, DemandRates, Place, Places, Population, Position, ReferenceBand, Sex, TravelRow,
};
use crate::units::Seconds;

/// Most people of one age and sex, or of one place without ages: more live in no place on Earth,
/// and the sum over all ages stays a `u32`.
const MOST_PEOPLE: u32 = 50_000_000;

/// A table being read, with the faults found so far.
struct Table<'t> {
    file: &'t str,
    problems: Vec<Problem>,
    columns: BTreeMap<String, usize>,
    line: u32,
    entity: String,
}

impl Table<'_> {
    fn fault(&mut self, kind: ProblemKind, field: &str, message: String, expected: &str) {
        self.problems.push(Problem {
            kind,
            file: Some(self.file.to_owned()),
            line: Some(self.line),
            column: self.columns.get(field).map(|column| *column as u32 + 1),
            entity: self.entity.clone(),
            field: field.to_owned(),
            message,
            expected: expected.to_owned(),
            closest: None,
        });
    }

    fn text<'r>(&self, row: &'r StringRecord, field: &str) -> &'r str {
        self.columns.get(field).and_then(|&column| row.get(column)).unwrap_or_default()
    }

    /// A finite number within bounds; `None` for an empty field or one that is wrong.
    fn number(&mut self, row: &StringRecord, field: &str, bounds: (f64, f64)) -> Option<f64> {
        let text = self.text(row, field);
        if text.is_empty() {
            return None;
        }
        match text.parse::<f64>() {
            Ok(number) if (bounds.0..=bounds.1).contains(&number) => Some(number),
            Ok(number) => {
                let expected = if bounds.1 == f64::MAX {
                    format!("a number from {}", bounds.0)
                } else {
                    format!("a number from {} to {}", bounds.0, bounds.1)
                };
                self.fault(
                    ProblemKind::Range,
                    field,
                    format!("{number} is out of range"),
                    &expected,
                );
                None
            }
            Err(_) => {
                let message = format!("\"{text}\" is not what belongs here");
                self.fault(ProblemKind::Type, field, message, "a number with a decimal point");
                None
            }
        }
    }

    /// A whole number of people, 0 for an empty field.
    fn people(&mut self, row: &StringRecord, field: &str) -> u32 {
        let text = self.text(row, field);
        if text.is_empty() {
            return 0;
        }
        match text.parse::<u32>() {
            Ok(people) if people <= MOST_PEOPLE => people,
            Ok(people) => {
                let message = format!("{people} is out of range");
                let expected = format!("at most {MOST_PEOPLE} people");
                self.fault(ProblemKind::Range, field, message, &expected);
                0
            }
            Err(_) => {
                let message = format!("\"{text}\" is not what belongs here");
                self.fault(ProblemKind::Type, field, message, "a whole number of people from 0");
                0
            }
        }
    }
}

/// Rows of a table with known columns; rows of the wrong length are faults and left out.
fn rows<'t>(
    file: &'t str,
    text: &str,
    required: &[&str],
    is_known: impl Fn(&str) -> bool,
    known: &[&str],
) -> (Table<'t>, Vec<(u32, StringRecord)>) {
    let mut table = Table {
        file,
        problems: Vec::new(),
        columns: BTreeMap::new(),
        line: 1,
        entity: String::new(),
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let separators = [(';', "semicolons"), ('\t', "tabs")];
    let other = separators.iter().find(|(own, _)| header.len() == 1 && header[0].contains(*own));
    if let Some((_, name)) = other {
        let message = format!("the columns are separated by {name}");
        table.fault(ProblemKind::Syntax, "", message, "commas, and decimal points");
        return (table, Vec::new());
    }
    for (index, name) in header.iter().enumerate() {
        if !is_known(name) {
            let mut problem_columns = BTreeMap::from([(name.to_owned(), index)]);
            std::mem::swap(&mut table.columns, &mut problem_columns);
            table.fault(
                ProblemKind::UnknownField,
                name,
                "there is no such column".to_owned(),
                &format!("one of {}", known.join(", ")),
            );
            std::mem::swap(&mut table.columns, &mut problem_columns);
            if let Some(problem) = table.problems.last_mut() {
                problem.closest = closest(name, known.iter().copied());
            }
        }
        if table.columns.insert(name.to_owned(), index).is_some() {
            table.fault(ProblemKind::Duplicate, name, "the column is there twice".to_owned(), "");
        }
    }
    for name in required {
        if !table.columns.contains_key(*name) {
            table.fault(ProblemKind::Missing, name, "the column is missing".to_owned(), "");
        }
    }
    let mut rows = Vec::new();
    for row in reader.records() {
        match row {
            Ok(row) => {
                table.line = row.position().map_or(0, |position| position.line() as u32);
                if row.len() == header.len() {
                    rows.push((table.line, row));
                } else {
                    let message = format!("the row has {} columns", row.len());
                    let expected = format!("{}, as in the header", header.len());
                    table.fault(ProblemKind::Columns, "", message, &expected);
                }
            }
            Err(error) => table.fault(ProblemKind::Syntax, "", error.to_string(), ""),
        }
    }
    (table, rows)
}

/// A column of people: `female_15_17`, `male_85_plus`.
fn parse_band(name: &str) -> Option<(Sex, AgeBand)> {
    let (sex, ages) = name.split_once('_')?;
    let sex = match sex {
        "female" => Sex::Female,
        "male" => Sex::Male,
        _ => return None,
    };
    let (from, to) = ages.split_once('_')?;
    let to = if to == "plus" { None } else { Some(to.parse().ok()?) };
    Some((sex, AgeBand { from: from.parse().ok()?, to }))
}

/// Reads `places.csv`: the places, faults, and the line of each key. Where it gives only `people`, age and sex come from the reference population.
pub(super) fn read_places(
    file: &str,
    text: &str,
    reference: &DemandRates,
) -> (Places, Vec<Problem>, BTreeMap<String, u32>) {
    let known = [
        "id",
        "name",
        "district",
        "area_km2",
        "lat",
        "lon",
        "outside",
        "people",
        "female_0_14",
        "male_0_14",
    ];
    let (mut table, rows) = rows(
        file,
        text,
        &["id", "name", "lat", "lon"],
        |name| known.contains(&name) || parse_band(name).is_some(),
        &known,
    );
    if table.problems.iter().any(|problem| problem.kind == ProblemKind::Syntax) {
        return (Places::default(), table.problems, BTreeMap::new());
    }
    table.line = 1;
    let by_band = read_bands(&mut table);
    let has_people = table.columns.contains_key("people");
    if by_band.is_empty() && !has_people {
        let expected = "people, or columns such as female_0_14 and male_85_plus";
        table.fault(ProblemKind::Missing, "people", "nobody lives anywhere".to_owned(), expected);
    }
    let mut places = Places {
        bands: by_band.iter().map(|(band, _)| *band).collect(),
        places: Vec::with_capacity(rows.len()),
        ages_assumed: by_band.is_empty(),
    };
    if places.ages_assumed {
        places.bands = reference.reference_population.iter().map(ReferenceBand::ages).collect();
        if places.bands.is_empty() {
            places.bands = vec![AgeBand { from: 0, to: None }];
        }
    }
    let mut keys: BTreeMap<String, u32> = BTreeMap::new();
    for (line, row) in &rows {
        table.line = *line;
        let key = table.text(row, "id").to_owned();
        table.entity = format!("place \"{key}\"");
        if key.is_empty() {
            table.fault(ProblemKind::Missing, "id", "is empty".to_owned(), "a key");
        } else if let Some(first) = keys.insert(key.clone(), *line) {
            let message =
                format!("there is a second place \"{key}\"; the first is in line {first}");
            table.fault(ProblemKind::Duplicate, "id", message, "");
        }
        let population = if places.ages_assumed {
            spread(table.people(row, "people"), reference, &places.bands)
        } else {
            read_population(&mut table, row, &by_band, has_people)
        };
        // A village of 0 people is one; an empty field is no number.
        let columns = table.columns.iter();
        let mut counts =
            columns.filter(|(name, _)| *name == "people" || parse_band(name).is_some());
        let is_empty = |at: usize| row.get(at).unwrap_or_default().is_empty();
        if (has_people || !by_band.is_empty()) && counts.all(|(_, at)| is_empty(*at)) {
            let expected = "a whole number of people, 0 where nobody lives";
            table.fault(ProblemKind::Missing, "people", "is empty".to_owned(), expected);
        }
        if population.people() > u64::from(u32::MAX) {
            let message = format!("{} people live there", population.people());
            table.fault(ProblemKind::Range, "", message, "fewer than 4 billion");
        }
        if let Some(place) = read_place(&mut table, row, key, population) {
            places.places.push(place);
        }
    }
    if rows.is_empty() && table.problems.is_empty() {
        (table.line, table.entity) = (1, String::new());
        table.fault(ProblemKind::Missing, "", "there is no place".to_owned(), "at least one row");
    }
    places.places.sort_by(|a, b| a.key.cmp(&b.key));
    (places, table.problems, keys)
}

type BandColumns = Vec<(AgeBand, [Option<String>; 2])>;

/// The age bands of the header with their columns for women and men.
fn read_bands(table: &mut Table<'_>) -> BandColumns {
    let mut bands: BTreeMap<AgeBand, [Option<String>; 2]> = BTreeMap::new();
    for name in table.columns.keys() {
        if let Some((sex, band)) = parse_band(name) {
            bands.entry(band).or_default()[sex as usize] = Some(name.clone());
        }
    }
    let ages: Vec<(u8, Option<u8>)> = bands.keys().map(|band| (band.from, band.to)).collect();
    if let Err(message) = check_bands(&ages) {
        let expected = "bands from 0 without gaps, the last one open, such as female_85_plus";
        table.fault(ProblemKind::Order, "", message, expected);
    }
    bands.into_iter().collect()
}

fn read_population(
    table: &mut Table<'_>,
    row: &StringRecord,
    bands: &BandColumns,
    has_people: bool,
) -> Population {
    let mut population = Population::default();
    for (_, [female, male]) in bands {
        let mut read =
            |name: &Option<String>| name.as_ref().map_or(0, |name| table.people(row, name));
        population.female.push(read(female));
        population.male.push(read(male));
    }
    if has_people && !table.text(row, "people").is_empty() {
        let people = u64::from(table.people(row, "people"));
        if people != population.people() {
            let message = format!("{people} people, but {} by age and sex", population.people());
            table.fault(ProblemKind::Conflict, "people", message, "the same number");
        }
    }
    population
}

fn read_place(
    table: &mut Table<'_>,
    row: &StringRecord,
    key: String,
    population: Population,
) -> Option<Place> {
    let name = table.text(row, "name").to_owned();
    if name.is_empty() {
        table.fault(ProblemKind::Missing, "name", "is empty".to_owned(), "a name");
    }
    for field in ["lat", "lon"] {
        if table.columns.contains_key(field) && table.text(row, field).is_empty() {
            table.fault(ProblemKind::Missing, field, "is empty".to_owned(), "degrees");
        }
    }
    let outside = match table.text(row, "outside") {
        "" | "false" => false,
        "true" => true,
        other => {
            let message = format!("\"{other}\" is not what belongs here");
            table.fault(ProblemKind::Type, "outside", message, "true or false");
            false
        }
    };
    let area_km2 = table.number(row, "area_km2", (0.0, 10_000_000.0));
    let lat = table.number(row, "lat", (-90.0, 90.0));
    let lon = table.number(row, "lon", (-180.0, 180.0));
    let district = table.text(row, "district").to_owned();
    let position = Position::new(lat?, lon?).ok()?;
    Some(Place { key, name, district, position, area_km2, outside, population })
}

/// People spread over ages and sexes as the reference population is, to whole people by largest
/// remainder, so that they sum to exactly `people`.
fn spread(people: u32, reference: &DemandRates, bands: &[AgeBand]) -> Population {
    let weights: Vec<f64> = if reference.reference_population.is_empty() {
        vec![1.0, 1.0]
    } else {
        let bands = &reference.reference_population;
        let female = bands.iter().map(|band| f64::from(band.female));
        female.chain(bands.iter().map(|band| f64::from(band.male))).collect()
    };
    let sum: f64 = weights.iter().sum();
    let mut counts: Vec<u32> =
        weights.iter().map(|weight| (f64::from(people) * weight / sum) as u32).collect();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    let rest = |index: usize| f64::from(people) * weights[index] / sum - f64::from(counts[index]);
    order.sort_by(|&a, &b| rest(b).total_cmp(&rest(a)).then(a.cmp(&b)));
    let missing = people.saturating_sub(counts.iter().sum());
    for index in order.into_iter().take(missing as usize) {
        counts[index] += 1;
    }
    let male = counts.split_off(bands.len());
    Population { female: counts, male }
}

/// Reads `travel_times.csv`: place, hospital, and minutes or seconds. The place may be a hospital,
/// for transfers.
pub(super) fn read_travel_times(
    file: &str,
    text: &str,
    places: &Places,
    hospitals: &BTreeSet<&str>,
) -> (Vec<TravelRow>, Vec<Problem>) {
    let known = ["place", "hospital", "minutes", "seconds"];
    let (mut table, rows) =
        rows(file, text, &["place", "hospital"], |name| known.contains(&name), &known);
    table.line = 1;
    let unit = match (table.columns.contains_key("minutes"), table.columns.contains_key("seconds"))
    {
        (true, false) => "minutes",
        (false, true) => "seconds",
        _ => {
            let message = "the time needs one column".to_owned();
            table.fault(ProblemKind::Missing, "", message, "either minutes or seconds");
            return (Vec::new(), table.problems);
        }
    };
    let place_keys: BTreeSet<&str> = places.places.iter().map(|one| one.key.as_str()).collect();
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut times: Vec<TravelRow> = Vec::new();
    for (line, row) in &rows {
        table.line = *line;
        let (place, hospital) = (table.text(row, "place"), table.text(row, "hospital"));
        table.entity = format!("journey from \"{place}\" to \"{hospital}\"");
        for (field, what, key, keys) in
            [("place", "place", place, &place_keys), ("hospital", "hospital", hospital, hospitals)]
        {
            if !keys.contains(key) && !hospitals.contains(key) {
                let message = format!("unknown {what} \"{key}\"");
                let expected = format!("the key of a {what} that exists");
                table.fault(ProblemKind::Unknown, field, message, &expected);
                if let Some(problem) = table.problems.last_mut() {
                    problem.closest = closest(key, keys.iter().copied());
                }
            }
        }
        if !seen.insert((place, hospital)) {
            table.fault(ProblemKind::Duplicate, "", "the journey is there twice".to_owned(), "");
            continue;
        }
        if table.text(row, unit).is_empty() {
            continue; // no way
        }
        let Some(number) = table.number(row, unit, (0.0, 60_000.0)) else { continue };
        let seconds = if unit == "minutes" { number * 60.0 } else { number };
        let time = Seconds(seconds.round() as u32);
        times.push(TravelRow { place: place.to_owned(), hospital: hospital.to_owned(), time });
    }
    times.sort_by(|a, b| (&a.place, &a.hospital).cmp(&(&b.place, &b.hospital)));
    (times, table.problems)
}
