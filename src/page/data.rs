//! The data of a page, read by its script.

use serde::Serialize;

use crate::coverage::Coverage;
use crate::model::{Hospital, PopulationGroup};
use crate::overview::Overview;
use crate::page::care::{Link, position_of};
use crate::page::change::ChangeData;
use crate::page::map::{Map, STEPS, level_and_stage};
use crate::page::markup::name;
use crate::page::tables::values_by_cooperation;
use crate::page::text::{ENGLISH, fill};
use crate::page::what_if::WhatIf;
use crate::page::{Extent, PageSettings};
use crate::region::PlaceId;

/// Everything that the script knows.
#[derive(Serialize)]
pub(super) struct Data {
    version: &'static str,
    network: String,
    day: String,
    steps: [f64; 5],
    /// The longest limit that journeys are known for.
    most_minutes: u32,
    texts: Vec<(&'static str, &'static str)>,
    standards: Vec<StandardData>,
    /// By group of people, the people of each place.
    groups: Vec<Vec<u64>>,
    districts: Vec<String>,
    places: Vec<PlaceData>,
    /// All hospitals of the network, by position.
    hospitals: Vec<HospitalData>,
    /// What they are, in words, each once: a few hundred share a dozen.
    abouts: Vec<String>,
    /// What hospitals have: `s:` or `f:` and the key of a specialty or facility, and its name.
    units: Vec<(String, String)>,
    cooperations: Vec<CooperationData>,
    what_if: Option<WhatIf>,
    change: Option<ChangeData>,
    #[serde(skip)]
    pub(super) left_out: Vec<String>,
}

#[derive(Serialize)]
struct StandardData {
    key: String,
    name: String,
    population: String,
    minutes: u32,
    group: usize,
    /// Hospitals that meet it, by position.
    meets: Vec<usize>,
    /// As the program counts them: the script compares its own with them.
    people: u64,
    within: u64,
    mean_seconds: Option<f64>,
    /// By place that is drawn: mean seconds, people within, nearest hospital; empty where the script counts itself.
    places: Vec<(Option<f64>, u64, Option<usize>)>,
}

#[derive(Serialize)]
struct PlaceData {
    key: String,
    name: String,
    people: u64,
    district: usize,
    parts: usize,
    lat: f64,
    lon: f64,
}

#[derive(Serialize)]
struct HospitalData {
    key: String,
    name: String,
    /// Its care level and stage in words, by their position in the list of all.
    about: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    beds: Option<u32>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    outside: bool,
    /// Its inpatient departments and facilities, by their positions in the list of all.
    units: Vec<usize>,
    /// Whether anything of it keeps hours.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    timed: bool,
}

#[derive(Serialize)]
struct CooperationData {
    key: String,
    /// Hours a year that its end alone would lose; nothing where it serves no pathway.
    hours: Option<f64>,
    #[serde(flatten)]
    link: Link,
}

impl Data {
    pub(super) fn of(
        overview: &Overview,
        map: &Map,
        settings: &PageSettings,
        extent: Extent,
    ) -> Self {
        let region = &overview.region;
        let network = region.network();
        let mut left_out = Vec::new();
        let inside = region.place_ids().filter(|place| !region.place(*place).outside).count();
        let mut groups: Vec<PopulationGroup> = Vec::new();
        for coverage in &overview.coverage {
            position_of(&mut groups, coverage.standard.population);
        }
        // The what-if counts every place inside: with some of them missing its sums would be wrong.
        let mut what_if = None;
        if extent.has_what_if && map.places.len() == inside {
            let travel = settings.travel.as_ref();
            what_if = WhatIf::of(overview, &map.places, travel, &mut groups);
        }
        match &what_if {
            None => left_out.push(ENGLISH.left_out.what_if.to_owned()),
            Some(what_if) if !what_if.can_open() => {
                left_out.push(ENGLISH.left_out.opening.to_owned());
            }
            Some(_) => {}
        }
        let part_time =
            overview.coverage.iter().filter(|coverage| coverage.week.has_part_time()).count();
        if part_time > 0 {
            let count = part_time.to_string();
            left_out.push(fill(ENGLISH.left_out.part_time, &[("count", &count)]));
        }

        let mut standards = Vec::new();
        for coverage in &overview.coverage {
            let group = position_of(&mut groups, coverage.standard.population);
            // Written once: what the script counts by itself is not written as well.
            let drawn: &[PlaceId] = if what_if.is_some() { &[] } else { &map.places };
            standards.push(StandardData::of(coverage, group, drawn));
        }
        // Names in full here: two that are alike in what is shown stay two.
        let mut districts: Vec<String> = Vec::new();
        for place in &map.places {
            districts.push(region.place(*place).district.clone());
        }
        // In the order of the program's tables.
        districts.sort();
        districts.dedup();
        let mut places = Vec::with_capacity(map.places.len());
        for place in &map.places {
            places.push(place_data(overview, *place, &districts));
        }
        let mut people_of_groups = Vec::with_capacity(groups.len());
        for group in &groups {
            people_of_groups.push(people(overview, map, group));
        }
        let (mut hospitals, mut units, mut abouts) = (Vec::new(), Vec::new(), Vec::new());
        for hospital in network.hospitals() {
            let about = position_of(&mut abouts, level_and_stage(hospital));
            hospitals.push(hospital_data(overview, hospital, about, &mut units));
        }

        Self {
            version: env!("CARGO_PKG_VERSION"),
            network: name(network.name()),
            day: network.date().to_string(),
            steps: STEPS,
            most_minutes: region.times().cutoff().0 / 60,
            texts: ENGLISH.script.to_vec(),
            standards,
            groups: people_of_groups,
            places,
            districts: districts.iter().map(|district| name(district)).collect(),
            hospitals,
            abouts,
            units,
            cooperations: cooperations(overview),
            what_if,
            change: settings.change.as_ref().map(|change| change.shifts(region, map)),
            left_out,
        }
    }
}

/// The people of a group at each place.
fn people(overview: &Overview, map: &Map, group: &PopulationGroup) -> Vec<u64> {
    // Summed from the parts: rounded by group and place, as the analyses count them.
    let people = overview.region.people(group);
    let mut by_place = Vec::with_capacity(map.places.len());
    for &place in &map.places {
        let mut sum = 0;
        for part in overview.region.parts_of(place) {
            sum += u64::from(people[part]);
        }
        by_place.push(sum);
    }
    by_place
}

impl StandardData {
    fn of(coverage: &Coverage, group: usize, drawn: &[PlaceId]) -> Self {
        let standard = &coverage.standard;
        let mut places = Vec::with_capacity(drawn.len());
        // Both are in the order of the places.
        let mut figures = coverage.places.iter();
        for place in drawn {
            let of_place = figures.find(|figures| figures.place == *place);
            places.push(of_place.map_or((None, 0, None), |figures| {
                let nearest = figures.nearest.map(crate::model::HospitalId::index);
                (figures.mean_seconds, figures.within_limit, nearest)
            }));
        }
        Self {
            key: standard.key.clone(),
            name: name(&standard.name),
            population: standard.population.label(),
            minutes: standard.minutes,
            group,
            meets: coverage.hospitals.iter().map(|hospital| hospital.index()).collect(),
            people: coverage.total.people,
            within: coverage.total.within_limit,
            mean_seconds: coverage.total.mean_seconds,
            places,
        }
    }
}

/// What of a place the script shows; `districts` are those of all places, sorted.
fn place_data(overview: &Overview, id: PlaceId, districts: &[String]) -> PlaceData {
    let place = overview.region.place(id);
    PlaceData {
        key: place.key.clone(),
        name: name(&place.name),
        people: place.population.people(),
        district: districts.binary_search(&place.district).unwrap_or(0),
        parts: overview.region.parts_of(id).len(),
        lat: place.position.lat(),
        lon: place.position.lon(),
    }
}

/// What of a hospital the script shows; `units` gets what it has and the list has not yet.
fn hospital_data(
    overview: &Overview,
    hospital: &Hospital,
    about: usize,
    units: &mut Vec<(String, String)>,
) -> HospitalData {
    let catalog = overview.region.network().catalog();
    let (mut keys, mut timed) = (Vec::new(), false);
    for department in &hospital.departments {
        timed |= !department.hours.is_always();
        if department.is_inpatient() {
            keys.push(("s", &department.specialty));
        }
    }
    for facility in &hospital.facilities {
        timed |= !facility.hours.is_always();
        keys.push(("f", &facility.kind));
    }

    // Keys of specialties and facilities may be alike, so the kind is part of the unit.
    let mut positions: Vec<usize> = Vec::new();
    for (kind, key) in keys {
        let unit = format!("{kind}:{key}");
        let known = units.iter().position(|(before, _)| *before == unit);
        let position = known.unwrap_or_else(|| {
            units.push((unit, name(catalog.name(key))));
            units.len() - 1
        });
        // Main and attending departments of a specialty are closed together.
        if !positions.contains(&position) {
            positions.push(position);
        }
    }
    HospitalData {
        key: hospital.key.clone(),
        name: name(&hospital.name),
        about,
        beds: hospital.beds,
        outside: hospital.outside,
        units: positions,
        timed,
    }
}

fn cooperations(overview: &Overview) -> Vec<CooperationData> {
    let values = values_by_cooperation(overview);
    let mut cooperations = Vec::new();
    for cooperation in overview.week.network().cooperations() {
        let value = values.get(cooperation.key.as_str());
        let hours = value.map(|value| value.total().net_seconds() / 3600.0);
        let link = Link::of(overview, cooperation);
        cooperations.push(CooperationData { key: cooperation.key.clone(), hours, link });
    }
    cooperations
}
