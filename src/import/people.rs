//! People: municipalities with their centres, and ages by district.

use std::collections::BTreeMap;

use serde::Serialize;

use super::directory::municipality_key;
use super::districts::district_of;
use super::faults::fault_at;
use super::projection::is_near_germany;
use super::sheet::{Header, Sheet, SheetRow, rows_behind};
use crate::model::{AgeBand, Population, Position, Problem, ProblemKind, Problems, ReferenceBand};

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

/// A column of a year, such as `pop_2022`: the latest one of this beginning.
fn latest(header: &Header<'_>, beginning: &str) -> Option<(i16, usize)> {
    let years = header.all().iter().filter_map(|(name, column)| {
        let year = name.strip_prefix(beginning)?.parse().ok()?;
        Some((year, *column))
    });
    years.max()
}

/// A number in a cell: with a decimal point, or a comma.
fn number(row: &SheetRow, column: Option<usize>) -> Option<f64> {
    let text = row.text(column?).replace(',', ".");
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Reads municipalities: `ags`, `name`, `lat`, `lon`, a column of people such as `pop_2022`, and where there
/// are any `area_km2` and `female_2019` with the `pop_2019` that it is a part of.
pub(super) fn read_municipalities(sheet: &Sheet) -> Result<Municipalities, Problems> {
    let mut problems = Problems::default();
    let Some(header) = Header::find(sheet, &MUNICIPALITY_COLUMNS) else {
        return Err(problems);
    };
    let column = |names: &[&str]| header.column(names);
    let people = latest(&header, "pop").or_else(|| column(&["people"]).map(|at| (0, at)));
    let needed = [
        ("ags", column(&["ags"])),
        ("name", column(&["name"])),
        ("lat", column(&["lat"])),
        ("lon", column(&["lon"])),
        ("pop_YEAR", people.map(|(_, column)| column)),
    ];
    if let Some(problem) = header.missing(&sheet.file, &needed) {
        problems.push(problem);
        return Err(problems);
    }
    let [key, name, lat, lon, people_column] = needed.map(|(_, at)| at.unwrap_or(usize::MAX));
    let female = latest(&header, "female");
    let of_that_year = female.and_then(|(year, _)| header.column(&[format!("pop{year}").as_str()]));
    let area = column(&["areakm2"]);
    let mut list = Vec::new();
    let mut seen = BTreeMap::new();
    for row in rows_behind(sheet, &header) {
        let municipality = municipality_key(row.text(key));
        let mut report = |field: &str, message: String| {
            let problem = fault_at(&sheet.file, row.number, ProblemKind::Range, message);
            problems.push(Problem { field: field.to_owned(), ..problem });
        };
        let Some(district) = district_of(&municipality).filter(|_| municipality.len() == 8) else {
            report("ags", format!("\"{municipality}\" is no key of a municipality"));
            continue;
        };
        if let Some(first) = seen.insert(municipality.clone(), row.number) {
            report("ags", format!("{municipality} is there twice; the first is in row {first}"));
            continue;
        }
        let people = row.text(people_column).parse::<u32>().ok();
        let Some(people) = people.filter(|people| *people <= MOST_PEOPLE) else {
            let text = row.text(people_column);
            report("pop", format!("\"{text}\" is no number of people"));
            continue;
        };
        let degrees = number(row, Some(lat)).zip(number(row, Some(lon)));
        let near = degrees.filter(|(lat, lon)| is_near_germany(*lat, *lon));
        let position = near.and_then(|(lat, lon)| Position::new(lat, lon).ok());
        let Some(position) = position else {
            let exchanged = degrees.is_some_and(|(lat, lon)| is_near_germany(lon, lat));
            let hint = if exchanged { "; are latitude and longitude exchanged?" } else { "" };
            let (lat, lon) = (row.text(lat), row.text(lon));
            report("lat", format!("\"{lat}\", \"{lon}\" is no position in Germany{hint}"));
            continue;
        };
        let women = number(row, female.map(|(_, column)| column));
        let all = number(row, of_that_year);
        let share = women.zip(all).map(|(women, all)| women / all);
        if let Some((year, column)) = female
            && !row.text(column).is_empty()
            && (women.is_none() || share.is_some_and(|share| !(0.0..=1.0).contains(&share)))
        {
            let text = row.text(column);
            report(
                "female",
                format!("\"{text}\" is no number of women among the people of {year}"),
            );
            continue;
        }
        let square_km = number(row, area);
        let written = area.map_or("", |column| row.text(column));
        if !written.is_empty() && !square_km.is_some_and(|area| AREAS_KM2.contains(&area)) {
            let expected = format!("from {} to {} km²", AREAS_KM2.start(), AREAS_KM2.end());
            report("area_km2", format!("\"{written}\" is no area; expected {expected}"));
            continue;
        }
        list.push(Municipality {
            row: row.number,
            key: municipality,
            name: row.text(name).to_owned(),
            district,
            people,
            female_share: share.filter(|share| *share > 0.0 && *share < 1.0),
            area_km2: square_km,
            position,
        });
    }
    let year = people.map(|(year, _)| year).filter(|year| *year > 0);
    if problems.is_empty() {
        Ok(Municipalities { file: sheet.file.clone(), year, list })
    } else {
        Err(problems)
    }
}

/// An age band as a column is called: `age_0_2`, `age_75_plus`.
fn age_band(name: &str) -> Option<AgeBand> {
    let (from, to) = name
        .trim()
        .to_lowercase()
        .strip_prefix("age_")?
        .split_once('_')
        .map(|(from, to)| (from.to_owned(), to.to_owned()))?;
    let to = if to == "plus" { None } else { Some(to.parse().ok()?) };
    Some(AgeBand { from: from.parse().ok()?, to })
}

/// Reads ages by district: `kreis`, `name`, columns such as `age_0_2` and `age_75_plus`, and `date`, of which the
/// latest is taken.
pub(super) fn read_ages(sheet: &Sheet) -> Result<Ages, Problems> {
    let mut problems = Problems::default();
    let Some(header) = Header::find(sheet, &AGE_COLUMNS) else { return Err(problems) };
    let cells = header.row.cells.iter().enumerate();
    let mut columns: Vec<(AgeBand, usize)> =
        cells.filter_map(|(column, name)| Some((age_band(name)?, column))).collect();
    columns.sort();
    let ends: Vec<(u8, Option<u8>)> =
        columns.iter().map(|(band, _)| (band.from, band.to)).collect();
    let row = header.row.number;
    if columns.is_empty() {
        let message = format!("no column of an age, such as age_0_2; there are {}", header.names());
        problems.push(fault_at(&sheet.file, row, ProblemKind::Missing, message));
    } else if let Err(message) = crate::model::check_bands(&ends) {
        problems.push(fault_at(&sheet.file, row, ProblemKind::Order, message));
    }
    let Some(key) = header.column(&["kreis"]) else {
        let message = format!("the column kreis is missing; there are {}", header.names());
        problems.push(fault_at(&sheet.file, row, ProblemKind::Missing, message));
        return Err(problems);
    };
    let (name, date) = (header.column(&["name"]), header.column(&["date"]));
    let total = header.column(&["total"]);
    let rows = rows_behind(sheet, &header);
    let date_of = |row: &SheetRow| date.map_or("", |column| row.text(column)).to_owned();
    let latest = rows.iter().map(date_of).max().unwrap_or_default();
    let mut districts = BTreeMap::new();
    for row in rows.iter().filter(|row| date_of(row) == latest) {
        let mut people = Vec::with_capacity(columns.len());
        for (_, column) in &columns {
            match row.text(*column).parse::<u32>() {
                Ok(count) if count <= MOST_PEOPLE => people.push(count),
                _ => {
                    let message = format!("\"{}\" is no number of people", row.text(*column));
                    problems.push(fault_at(&sheet.file, row.number, ProblemKind::Type, message));
                }
            }
        }
        if people.len() == columns.len() {
            let sum: u64 = people.iter().map(|count| u64::from(*count)).sum();
            let message = wrong_sum(sum, total.map(|column| row.text(column)));
            if let Some(message) = message {
                problems.push(fault_at(&sheet.file, row.number, ProblemKind::Conflict, message));
            }
        }
        let district = format!("{:0>5}", row.text(key));
        let name = name.map_or("", |column| row.text(column)).to_owned();
        let ages = DistrictAges { name, people };
        if districts.insert(district.clone(), ages).is_some() {
            let message = format!("district {district} is there twice on {latest}");
            problems.push(fault_at(&sheet.file, row.number, ProblemKind::Duplicate, message));
        }
    }
    if problems.is_empty() {
        let bands = columns.into_iter().map(|(band, _)| band).collect();
        Ok(Ages { file: sheet.file.clone(), date: latest, bands, districts })
    } else {
        Err(problems)
    }
}

/// What is wrong with the sum of a district's people by age: nobody, or more than 1 % from the total of the row.
fn wrong_sum(sum: u64, total: Option<&str>) -> Option<String> {
    if sum == 0 {
        return Some("nobody has an age: the sum of the age groups is 0".to_owned());
    }
    let written = total.filter(|text| !text.is_empty())?;
    let is_near = written.parse::<u64>().is_ok_and(|total| sum.abs_diff(total) * 100 <= total);
    (!is_near).then(|| format!("the age groups add up to {sum}, the total says \"{written}\""))
}

/// How people of a place are spread over ages and sexes.
pub(super) struct AgeShape<'r> {
    /// The bands of the reference population, which are those of the network's places.
    pub(super) reference: &'r [ReferenceBand],
}

impl AgeShape<'_> {
    /// The bands of places.
    pub(super) fn bands(&self) -> Vec<AgeBand> {
        self.reference.iter().map(ReferenceBand::ages).collect()
    }

    /// Shares of people by band, summing to 1: those of a district where they are known, else of the reference
    /// population. A band of the district that several of ours cut is split as the reference population is.
    pub(super) fn shares(&self, district: Option<(&[AgeBand], &[u32])>) -> Vec<f64> {
        let own = self.bands();
        let weights: Vec<f64> = self
            .reference
            .iter()
            .map(|band| f64::from(band.female) + f64::from(band.male))
            .collect();
        let mut people = vec![0.0; own.len()];
        match district {
            None => people.clone_from(&weights),
            Some((bands, counts)) => {
                for (band, count) in bands.iter().zip(counts) {
                    // How much of the reference band lies in this one, in people of the reference.
                    let parts: Vec<f64> = own
                        .iter()
                        .zip(&weights)
                        .map(|(ours, weight)| ours.share_within(band) * weight)
                        .collect();
                    let sum: f64 = parts.iter().sum();
                    if sum > 0.0 {
                        for (people, part) in people.iter_mut().zip(&parts) {
                            *people += f64::from(*count) * part / sum;
                        }
                    }
                }
            }
        }
        let sum: f64 = people.iter().sum();
        people.iter().map(|share| if sum > 0.0 { share / sum } else { 0.0 }).collect()
    }

    /// So many people by age and sex, in whole people that sum to exactly their number. The share of women by age
    /// is that of the reference population, scaled in turns with the ages until the place's own share of women is
    /// met (iterative proportional fitting).
    pub(super) fn spread(
        &self,
        people: u32,
        shares: &[f64],
        female_share: Option<f64>,
    ) -> Population {
        let mut table: Vec<[f64; 2]> = Vec::with_capacity(shares.len());
        for (band, share) in self.reference.iter().zip(shares) {
            let all = (f64::from(band.female) + f64::from(band.male)).max(1.0);
            let women = f64::from(band.female) / all;
            table.push([share * women, share * (1.0 - women)]);
        }
        if let Some(women) = female_share {
            fit(&mut table, shares, [women, 1.0 - women]);
        }
        let weights: Vec<f64> =
            (0..2).flat_map(|sex| table.iter().map(move |row| row[sex])).collect();
        let mut counts = whole_numbers(people, &weights);
        let male = counts.split_off(self.reference.len());
        Population { female: counts, male }
    }
}

/// Turns of fitting: after so many, sums are met to less than a person.
const TURNS: usize = 20;

/// Scales rows and columns of a table in turns until their sums are those wanted.
fn fit(table: &mut [[f64; 2]], rows: &[f64], columns: [f64; 2]) {
    for _ in 0..TURNS {
        for sex in 0..2 {
            let sum: f64 = table.iter().map(|row| row[sex]).sum();
            if sum > 0.0 {
                table.iter_mut().for_each(|row| row[sex] *= columns[sex] / sum);
            }
        }
        for (row, wanted) in table.iter_mut().zip(rows) {
            let sum = row[0] + row[1];
            if sum > 0.0 {
                *row = row.map(|part| part * wanted / sum);
            }
        }
    }
}

/// A total in whole numbers by weights, by largest remainder; ties go to the first.
fn whole_numbers(total: u32, weights: &[f64]) -> Vec<u32> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        let mut counts = vec![0; weights.len()];
        if let Some(first) = counts.first_mut() {
            *first = total;
        }
        return counts;
    }
    let exact: Vec<f64> = weights.iter().map(|weight| f64::from(total) * weight / sum).collect();
    let mut counts: Vec<u32> = exact.iter().map(|part| *part as u32).collect();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    let rest = |at: usize| exact[at] - exact[at].floor();
    order.sort_by(|&a, &b| rest(b).total_cmp(&rest(a)).then(a.cmp(&b)));
    let missing = total.saturating_sub(counts.iter().sum());
    for at in order.into_iter().take(missing as usize) {
        counts[at] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(from: u8, to: Option<u8>, female: u32, male: u32) -> ReferenceBand {
        ReferenceBand { from, to, female, male }
    }

    #[test]
    fn a_band_of_the_district_that_ours_cut_is_split_as_the_reference_is() {
        let reference =
            [band(0, Some(64), 50, 50), band(65, Some(84), 20, 10), band(85, None, 8, 2)];
        let shape = AgeShape { reference: &reference };
        let bands = [AgeBand { from: 0, to: Some(64) }, AgeBand { from: 65, to: None }];
        // 400 people from 65: 30 of 40 parts up to 84, 10 of 40 beyond.
        let shares = shape.shares(Some((&bands, &[600, 400])));
        assert_eq!(shares, [0.6, 0.3, 0.1]);
    }

    #[test]
    fn people_are_whole_and_meet_ages_and_sexes() {
        let reference = [band(0, Some(64), 50, 50), band(65, None, 30, 20)];
        let shape = AgeShape { reference: &reference };
        let place = shape.spread(1000, &[0.7, 0.3], Some(0.55));
        let sum = |counts: &[u32]| counts.iter().sum::<u32>();
        assert_eq!((sum(&place.female), sum(&place.male)), (550, 450));
        assert_eq!(place.female[0] + place.male[0], 700);
        assert!(place.female[1] > place.male[1]);
        assert_eq!(shape.spread(7, &[0.7, 0.3], None).people(), 7);
        assert_eq!(shape.spread(0, &[0.7, 0.3], None).people(), 0);
    }
}
