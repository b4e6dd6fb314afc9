//! Tables that people edit in a spreadsheet: `places.csv` and `travel_times.csv`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use csv::StringRecord;

use super::table::{Columns, Row, Table, read_rows};
use crate::model::check::shown;
use crate::model::place::{MOST_AREA, check_bands, is_area};
use crate::model::{
    AgeBand, DemandRates, Place, Places, Population, Position, ReferenceBand, Sex, TravelRow,
};
use crate::problem::{ProblemKind, Problems};
use crate::units::Seconds;

/// Most people of one age and sex, or of one place without ages: more live in no place on Earth,
/// and the sum over all ages stays a `u32`.
const MOST_PEOPLE: u32 = 50_000_000;

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
pub(crate) fn read_places(
    file: &str,
    text: &str,
    reference: &DemandRates,
) -> (Places, Problems, BTreeMap<String, u32>) {
    let named = [
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
    let is_known = |name: &str| named.contains(&name) || parse_band(name).is_some();
    let required = &["id", "name", "lat", "lon"];
    let columns = Columns { required, named: &named, is_known: &is_known };
    let (mut table, rows) = read_rows(file, text, &columns);
    if !table.has_header {
        return (Places::default(), table.problems, BTreeMap::new());
    }

    table.line = table.header_line;
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

    // Without a reference population, as where the catalog has a fault, all ages are one.
    if places.ages_assumed {
        places.bands = reference.reference_population.iter().map(ReferenceBand::ages).collect();
        if places.bands.is_empty() {
            places.bands = vec![AgeBand { from: 0, to: None }];
        }
    }

    let mut keys: BTreeMap<String, u32> = BTreeMap::new();
    for Row { line, cells: row } in &rows {
        table.line = *line;
        let key = table.text(row, "id").to_owned();
        table.entity = format!("place \"{key}\"");
        if key.is_empty() {
            table.fault(ProblemKind::Missing, "id", "is empty".to_owned(), "a key");
        } else if let Some(first) = keys.insert(key.clone(), *line) {
            let message = said!(
                "there is a second place \"{key}\"; the first is in line {first}",
                key,
                first
            );
            table.fault(ProblemKind::Duplicate, "id", message, "");
        }

        let population = if places.ages_assumed {
            let people = table.people(row, "people", MOST_PEOPLE);
            people.map(|people| spread(people, reference, &places.bands))
        } else {
            read_population(&mut table, row, &by_band, has_people)
        };
        let population = population.unwrap_or_default();
        check_people(&mut table, row, has_people || !by_band.is_empty(), &population);
        if let Some(place) = read_place(&mut table, row, key, population) {
            places.places.push(place);
        }
    }
    if rows.is_empty() && table.problems.is_empty() {
        (table.line, table.entity) = (table.header_line, String::new());
        table.fault(ProblemKind::Missing, "", "there is no place".to_owned(), "at least one row");
    }

    // The order of rows must not show in results: they are the same however a spreadsheet sorted them.
    places.places.sort_by(|a, b| a.key.cmp(&b.key));
    (places, table.problems, keys)
}

/// Says that a row gives no number of people, or too many; `is_counted` tells whether the table has a column
/// for them.
fn check_people(
    table: &mut Table<'_>,
    row: &StringRecord,
    is_counted: bool,
    population: &Population,
) {
    // A village of 0 people is one; an empty field is no number.
    let mut has_number = false;
    for (name, column) in &table.columns {
        let is_empty = row.get(*column).is_none_or(str::is_empty);
        if !is_empty && (name == "people" || parse_band(name).is_some()) {
            has_number = true;
            // Mostly the first column of people says it, and a country has thousands of rows.
            break;
        }
    }
    if is_counted && !has_number {
        let expected = "a whole number of people, 0 where nobody lives";
        table.fault(ProblemKind::Missing, "people", "is empty".to_owned(), expected);
    }

    // Sums over places and ages are kept in a `u32`.
    if population.people() > u64::from(u32::MAX) {
        let message = said!("{people} people live there", people = population.people());
        table.fault(ProblemKind::Range, "", message, "fewer than 4 billion");
    }
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

/// The people of a row by age and sex; `None` where a number is wrong.
fn read_population(
    table: &mut Table<'_>,
    row: &StringRecord,
    bands: &BandColumns,
    has_people: bool,
) -> Option<Population> {
    let mut population = Population::default();
    let mut is_read = true;
    let columns = || bands.iter().flat_map(|(_, columns)| columns).flatten();

    // A row that is empty altogether is told as a whole, and not cell by cell.
    let is_empty_row = columns().all(|name| table.text(row, name).is_empty());
    for (_, [female, male]) in bands {
        let mut read = |name: &Option<String>| {
            let Some(name) = name else { return 0 };
            if table.text(row, name).is_empty() && !is_empty_row {
                let expected = "a whole number of people, 0 where there are none";
                table.fault(ProblemKind::Missing, name, "is empty".to_owned(), expected);
                is_read = false;
                return 0;
            }
            let people = table.people(row, name, MOST_PEOPLE);
            is_read &= people.is_some();
            people.unwrap_or(0)
        };
        population.female.push(read(female));
        population.male.push(read(male));
    }

    // Both given: a sum that does not fit shows a column that was shifted or forgotten.
    if has_people && !table.text(row, "people").is_empty() {
        let people = u64::from(table.people(row, "people", MOST_PEOPLE)?);
        if is_read && people != population.people() {
            let message = said!(
                "{people} people, but {counted} by age and sex",
                people,
                counted = population.people()
            );
            table.fault(ProblemKind::Conflict, "people", message, "the same number");
        }
    }
    is_read.then_some(population)
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
    let outside = table.flag(row, "outside");
    let area_km2 = table.number(row, "area_km2", (0.0, MOST_AREA));
    if let Some(area) = area_km2.filter(|area| !is_area(*area)) {
        let message = said!("{shown} is out of range", shown = shown(area));
        let expected = "0 or a number from 0.0001 to 10,000,000";
        table.fault(ProblemKind::Range, "area_km2", message, expected);
    }
    let lat = table.number(row, "lat", (-90.0, 90.0));
    let lon = table.number(row, "lon", (-180.0, 180.0));
    let district = table.text(row, "district").to_owned();
    let position = Position::new(lat?, lon?).ok()?;
    Some(Place { key, name, district, position, area_km2, outside, population })
}

/// People spread over ages and sexes as the reference population is, to whole people by largest
/// remainder, so that they sum to exactly `people`.
fn spread(people: u32, reference: &DemandRates, bands: &[AgeBand]) -> Population {
    // Women of all ages, then men of all ages, which the end of this function takes apart again.
    let weights: Vec<f64> = if reference.reference_population.is_empty() {
        vec![1.0, 1.0]
    } else {
        let bands = &reference.reference_population;
        let female = bands.iter().map(|band| f64::from(band.female));
        female.chain(bands.iter().map(|band| f64::from(band.male))).collect()
    };
    let sum: f64 = weights.iter().sum();
    let mut counts = Vec::with_capacity(weights.len());
    for weight in &weights {
        counts.push((f64::from(people) * weight / sum) as u32);
    }

    // Of equal remainders the first one counts, so that every computer spreads alike.
    let mut order: Vec<usize> = (0..counts.len()).collect();
    let rest = |index: usize| f64::from(people) * weights[index] / sum - f64::from(counts[index]);
    order.sort_by(|&a, &b| rest(b).total_cmp(&rest(a)).then(a.cmp(&b)));
    let missing = people.saturating_sub(counts.iter().sum::<u32>());
    for index in order.into_iter().take(missing as usize) {
        counts[index] += 1;
    }
    let male = counts.split_off(bands.len());
    Population { female: counts, male }
}

/// The keys that journeys may begin and end at; `None` where not all of them could be read, so that an
/// unknown key says nothing new.
pub(crate) struct JourneyEnds<'k> {
    pub(crate) place_keys: Option<BTreeSet<&'k str>>,
    pub(crate) hospital_keys: Option<BTreeSet<&'k str>>,
}

impl JourneyEnds<'_> {
    /// Whether a journey may begin at a key.
    pub(super) fn may_begin(&self, key: &str) -> bool {
        let has =
            |keys: &Option<BTreeSet<&str>>| keys.as_ref().is_none_or(|keys| keys.contains(key));
        has(&self.place_keys) || has(&self.hospital_keys)
    }
}

/// Keys that many rows have, each kept once.
#[derive(Default)]
struct SharedKeys(HashMap<String, Arc<str>>);

impl SharedKeys {
    fn shared(&mut self, key: &str) -> Arc<str> {
        if let Some(known) = self.0.get(key) {
            return Arc::clone(known);
        }
        let new: Arc<str> = key.into();
        self.0.insert(key.to_owned(), Arc::clone(&new));
        new
    }
}

/// Reads `travel_times.csv`: place, hospital, and minutes or seconds. The place may be a hospital,
/// for transfers.
pub(crate) fn read_travel_times(
    file: &str,
    text: &str,
    ends: &JourneyEnds<'_>,
) -> (Vec<TravelRow>, Problems) {
    let named = ["place", "hospital", "minutes", "seconds"];
    let is_known = |name: &str| named.contains(&name);
    let columns = Columns { required: &["place", "hospital"], named: &named, is_known: &is_known };
    let (mut table, rows) = read_rows(file, text, &columns);
    if !table.has_header {
        return (Vec::new(), table.problems);
    }
    table.line = table.header_line;
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

    let mut seen: HashSet<(&str, &str)> = HashSet::new();
    let mut times: Vec<TravelRow> = Vec::new();
    let mut keys = SharedKeys::default();
    for Row { line, cells: row } in &rows {
        table.line = *line;
        let (place, hospital) = (table.text(row, "place"), table.text(row, "hospital"));
        table.entity = format!("journey from \"{place}\" to \"{hospital}\"");
        if let Some(keys) = ends.place_keys.as_ref().filter(|_| !ends.may_begin(place)) {
            table.unknown("place", "place", place, keys.iter().copied());
        }
        if let Some(keys) = ends.hospital_keys.as_ref().filter(|keys| !keys.contains(hospital)) {
            table.unknown("hospital", "hospital", hospital, keys.iter().copied());
        }
        if !seen.insert((place, hospital)) {
            table.fault(ProblemKind::Duplicate, "", "the journey is there twice".to_owned(), "");
            continue;
        }

        // An empty field says that there is no way, where a missing row leaves the journey to be computed.
        let mut time = None;
        if !table.text(row, unit).is_empty() {
            let Some(number) = table.number(row, unit, (0.0, 60_000.0)) else { continue };
            let seconds = if unit == "minutes" { number * 60.0 } else { number };
            time = Some(Seconds(seconds.round() as u32));
        }
        let (place, hospital) = (keys.shared(place), keys.shared(hospital));
        times.push(TravelRow { place, hospital, time });
    }
    times.sort_by(|a, b| (&a.place, &a.hospital).cmp(&(&b.place, &b.hospital)));
    (times, table.problems)
}
