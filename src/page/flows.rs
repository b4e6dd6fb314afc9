//! What the script of a page needs to send the cases of a year to hospitals again.

use serde::Serialize;

use crate::demand::Cases;
use crate::model::{Hospital, Network};
use crate::overview::Overview;
use crate::page::journeys::{packed, scattered};
use crate::region::{PlaceId, Region};
use crate::routing::{Choice, Decay, Flows, Huff, SMALL_ICU_DRAW, draw_of_unit};

/// How far two numbers may lie apart, as a share, that are the same but for their rounding.
const ROUNDING: f64 = 1e-13;

/// The cases of places and the departments that take them.
#[derive(Serialize)]
pub(super) struct FlowData {
    beds_exponent: f64,
    per_minute: f64,
    /// Parts of each place outside, whose people fill the same beds.
    outside: Vec<usize>,
    /// Cases by place, inside first, for each set of people: packed numbers of 64 bits.
    cases: String,
    streams: Vec<StreamData>,
    /// Keys of departments, to which hospitals refer by position.
    departments: Vec<String>,
    /// By hospital with journeys.
    hospitals: Vec<BedData>,
}

/// The cases of a specialty.
#[derive(Serialize)]
struct StreamData {
    key: String,
    /// The broader specialty, whose department takes them where there is none of their own.
    broader: Option<String>,
    /// The set of people, and what its numbers are multiplied by.
    column: usize,
    factor: f64,
    /// Days by which a department shares its beds among what it treats.
    days: f64,
    /// Days that a case stays.
    stay: f64,
}

#[derive(Serialize)]
struct BedData {
    /// Inpatient departments and their beds.
    departments: Vec<(usize, Option<u32>)>,
    /// How strongly its intensive care draws.
    draw: f64,
    /// Patients from beyond all places for each one from them.
    #[serde(skip_serializing_if = "is_zero")]
    beyond: f64,
    /// Cases a year, as the program counts them: the script compares its own with them.
    cases: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_zero(number: &f64) -> bool {
    *number == 0.0
}

/// Cases by place that other streams have as well, times a number.
struct Columns {
    /// Numbers by place of each.
    columns: Vec<Vec<f64>>,
}

impl FlowData {
    /// Of all places, those of `places` first; `None` where patients choose otherwise than the script can.
    pub(super) fn of(
        overview: &Overview,
        places: &[PlaceId],
        outside: &[PlaceId],
        sites: &[usize],
    ) -> Option<Self> {
        let region = &overview.week;
        let network = region.network();
        let huff = Huff::default();
        // The script knows one law of distance; with another one the what-if leaves cases to the program.
        let Decay::Exponential { per_minute } = huff.decay else { return None };
        let flows = Flows::of_region(region, Choice::Huff(huff)).ok()?;
        let cases = flows.cases_by_hospital(network.hospitals().len());

        let mut columns = Columns { columns: Vec::new() };
        let mut streams = Vec::new();
        for specialty in &region.demand().specialties {
            let by_place = in_order(specialty, places, outside);
            streams.push(columns.stream(network, specialty, by_place)?);
        }
        let mut departments = Vec::new();
        let mut hospitals = Vec::with_capacity(sites.len());
        for &site in sites {
            let hospital = &network.hospitals()[site];
            hospitals.push(BedData {
                departments: departments_of(hospital, &mut departments),
                draw: draw_of_unit(hospital, SMALL_ICU_DRAW),
                beyond: hospital.beyond_per_case(),
                cases: cases[site],
            });
        }
        Some(Self {
            beds_exponent: huff.beds_exponent,
            per_minute,
            outside: parts_of(region, outside),
            cases: columns.packed(),
            streams,
            departments,
            hospitals,
        })
    }

    /// Letters of what is packed.
    pub(super) fn letters(&self) -> usize {
        self.cases.len()
    }
}

fn parts_of(region: &Region, places: &[PlaceId]) -> Vec<usize> {
    let mut parts = Vec::with_capacity(places.len());
    for &place in places {
        parts.push(region.parts_of(place).len());
    }
    parts
}

/// Cases of the places in the order of the page.
fn in_order(cases: &Cases, places: &[PlaceId], outside: &[PlaceId]) -> Vec<f64> {
    let mut by_place = Vec::with_capacity(places.len() + outside.len());
    for place in places.iter().chain(outside) {
        by_place.push(cases.cases[place.index()]);
    }
    by_place
}

/// The inpatient departments of a hospital with their beds; `known` gets the keys that it has not yet.
fn departments_of(hospital: &Hospital, known: &mut Vec<String>) -> Vec<(usize, Option<u32>)> {
    let mut departments: Vec<(usize, Option<u32>)> = Vec::new();
    for department in &hospital.departments {
        let key = &department.specialty;
        // Day clinics have no beds over night: they take none of the cases that are sent around here.
        if hospital.inpatient_department(key).is_none() {
            continue;
        }
        let position = known.iter().position(|before| before == key).unwrap_or_else(|| {
            known.push(key.clone());
            known.len() - 1
        });
        // Main and attending departments of a specialty are one to patients.
        if departments.iter().all(|(before, _)| *before != position) {
            departments.push((position, hospital.beds_of(key)));
        }
    }
    departments
}

impl Columns {
    /// A specialty whose cases are those of a column times a number; a new column where there is none yet.
    fn stream(
        &mut self,
        network: &Network,
        cases: &Cases,
        by_place: Vec<f64>,
    ) -> Option<StreamData> {
        let catalog = network.catalog();
        let rate = catalog.demand.rates.iter().find(|rate| rate.specialty == cases.key)?;
        let (mut column, mut factor) = (self.columns.len(), 1.0);
        for (number, known) in self.columns.iter().enumerate() {
            if let Some(times) = times_of(known, &by_place) {
                (column, factor) = (number, times);
                break;
            }
        }
        // Most specialties concern the same people at the same ages: one list of numbers serves all of those.
        if column == self.columns.len() {
            self.columns.push(by_place);
        }
        let specialty = catalog.specialty(&cases.key);
        Some(StreamData {
            key: cases.key.clone(),
            broader: specialty.and_then(|specialty| specialty.part_of.clone()),
            column,
            factor,
            days: rate.per_1000 * rate.stay_days,
            stay: cases.stay_days,
        })
    }

    fn packed(&self) -> String {
        packed(&scattered(&self.columns.concat()))
    }
}

/// The number that all numbers of a list are multiplied by in another one; `None` where there is none.
fn times_of(known: &[f64], numbers: &[f64]) -> Option<f64> {
    let first = known.iter().position(|number| *number > 0.0)?;
    let times = numbers[first] / known[first];
    for (before, number) in known.iter().zip(numbers) {
        if (before * times - number).abs() > number.abs() * ROUNDING {
            return None;
        }
    }
    Some(times)
}
