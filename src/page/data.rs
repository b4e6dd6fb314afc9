//! The data of a page, read by its script.

use serde::Serialize;

use crate::coverage::{Band, Coverage};
use crate::model::{BandEnd, Hospital, Margin, OverBand, PopulationGroup};
use crate::overview::Overview;
use crate::page::care::{Link, position_of};
use crate::page::change::ChangeData;
use crate::page::findings::{called, name_in_catalog};
use crate::page::map::{Ground, GroundFigures, Map, STEPS, level_and_stage};
use crate::page::markup::name;
use crate::page::tables::values_by_cooperation;
use crate::page::text::{LeftOut, fill, script_words};
use crate::page::what_if::{Ask, WhatIf};
use crate::page::{Extent, PageSettings};
use crate::region::{PlaceId, Region};
use crate::units::Seconds;
use crate::words::{Language, language};

/// Everything that the script knows.
#[derive(Serialize)]
pub(super) struct Data {
    version: &'static str,
    /// The mark between thousands, and the one before decimals.
    marks: [&'static str; 2],
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
    /// What journeys are multiplied by at the quick and at the slow end of the band, and the seconds on top; nothing
    /// where the travel model states no margin.
    margin: Option<[(f64, u32); 2]>,
    /// What the script needs to ask a server; nothing where it asks none.
    ask: Option<Ask>,
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
    /// At both ends of the band of the travel times, and whether the verdict holds over it.
    band: Option<Band>,
    over_band: Option<OverBand>,
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
        let inside = region.place_ids().filter(|place| !region.place(*place).outside).count();
        let mut groups: Vec<PopulationGroup> = Vec::new();
        for coverage in &overview.coverage {
            position_of(&mut groups, coverage.standard.population);
        }
        // The what-if counts every place inside: with some of them missing its sums would be wrong.
        let mut what_if = None;
        if extent.has_what_if && map.grounds.len() == inside {
            let travel = settings.travel.as_ref();
            let places: Vec<PlaceId> = map.grounds.iter().map(|ground| ground.places[0]).collect();
            what_if = WhatIf::of(overview, &places, travel, &mut groups);
        }
        let mut ask = None;
        if settings.is_served && what_if.is_none() {
            ask = Some(Ask::of(overview));
        }
        let left_out = left_out(overview, what_if.as_ref(), ask.is_some());

        let mut standards = Vec::new();
        for coverage in &overview.coverage {
            let group = position_of(&mut groups, coverage.standard.population);
            // Written once: what the script counts by itself is not written as well.
            let drawn: &[Ground] = if what_if.is_some() { &[] } else { &map.grounds };
            standards.push(StandardData::of(coverage, group, drawn));
        }
        let districts = districts_of(map);
        let mut places = Vec::with_capacity(map.grounds.len());
        for ground in &map.grounds {
            places.push(place_data(region, ground, &districts));
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

        // Written as factors: the script asks at both ends of the band itself.
        let margin = region.margin().map(at_ends);
        Self {
            version: env!("CARGO_PKG_VERSION"),
            marks: marks(),
            network: name(network.name()),
            day: network.date().to_string(),
            steps: STEPS,
            most_minutes: region.times().cutoff().0 / 60,
            texts: script_words(),
            standards,
            groups: people_of_groups,
            places,
            districts: districts.iter().map(|district| name(district)).collect(),
            hospitals,
            abouts,
            units,
            cooperations: cooperations(overview),
            what_if,
            margin,
            ask,
            change: settings.change.as_ref().map(|change| change.shifts(region, map)),
            left_out,
        }
    }
}

/// What a journey is multiplied by at both ends of the band, and the seconds on top.
fn at_ends(margin: &Margin) -> [(f64, u32); 2] {
    BandEnd::BOTH.map(|end| (margin.factor(end), margin.time(end, Seconds(0)).0))
}

/// What the script leaves to the program, in sentences.
fn left_out(overview: &Overview, what_if: Option<&WhatIf>, is_asked: bool) -> Vec<String> {
    let words = LeftOut::here();
    let mut left_out = Vec::new();
    match what_if {
        None if is_asked => left_out.push(words.asked.to_owned()),
        None => left_out.push(words.what_if.to_owned()),
        Some(what_if) if !what_if.can_open() => left_out.push(words.opening.to_owned()),
        Some(_) => {}
    }
    let mut part_time = 0;
    for coverage in &overview.coverage {
        part_time += usize::from(coverage.week.has_part_time());
    }
    if part_time > 0 {
        left_out.push(fill(words.part_time, &[("count", &part_time.to_string())]));
    }
    left_out
}

/// The districts of all that is drawn, in the order of the program's tables.
fn districts_of(map: &Map) -> Vec<String> {
    // Names in full here: two that are alike in what is shown stay two.
    let mut districts: Vec<String> = Vec::new();
    for ground in &map.grounds {
        districts.push(ground.district.clone());
    }
    districts.sort();
    districts.dedup();
    districts
}

/// The mark between thousands, and the one before decimals, in the language in force.
fn marks() -> [&'static str; 2] {
    match language() {
        Language::German => [".", ","],
        Language::English => [",", "."],
    }
}

impl Data {
    /// Whether its script asks a server.
    pub(super) fn asks(&self) -> bool {
        self.ask.is_some()
    }
}

/// The people of a group at each place, or in each district.
fn people(overview: &Overview, map: &Map, group: &PopulationGroup) -> Vec<u64> {
    // Summed from the parts: rounded by group and place, as the analyses count them.
    let people = overview.region.people(group);
    let mut by_ground = Vec::with_capacity(map.grounds.len());
    for ground in &map.grounds {
        let mut sum = 0;
        for &place in &ground.places {
            for part in overview.region.parts_of(place) {
                sum += u64::from(people[part]);
            }
        }
        by_ground.push(sum);
    }
    by_ground
}

impl StandardData {
    fn of(coverage: &Coverage, group: usize, drawn: &[Ground]) -> Self {
        let standard = &coverage.standard;
        let mut places = Vec::with_capacity(drawn.len());
        for ground in drawn {
            let GroundFigures { mean_seconds, within, nearest } = ground.figures(coverage);
            // Tenths of a second are more than anybody reads, and a third of the letters.
            let mean_seconds = mean_seconds.map(|seconds| (seconds * 10.0).round() / 10.0);
            places.push((mean_seconds, within, nearest));
        }
        Self {
            key: standard.key.clone(),
            name: called(standard),
            population: standard.population.in_print(),
            minutes: standard.minutes,
            group,
            meets: coverage.hospitals.iter().map(|hospital| hospital.index()).collect(),
            people: coverage.total.people,
            within: coverage.total.within_limit,
            band: coverage.total.within_limit_band,
            over_band: coverage.over_band(),
            mean_seconds: coverage.total.mean_seconds,
            places,
        }
    }
}

/// What of a place or district the script shows; `districts` are those of all places, sorted.
fn place_data(region: &Region, ground: &Ground, districts: &[String]) -> PlaceData {
    let centre = ground.centre(region);
    PlaceData {
        key: ground.key.clone(),
        name: name(&ground.name),
        people: ground.people(region),
        district: districts.binary_search(&ground.district).unwrap_or(0),
        parts: ground.places.iter().map(|place| region.parts_of(*place).len()).sum(),
        lat: centre.lat(),
        lon: centre.lon(),
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
            units.push((unit, name_in_catalog(catalog, key)));
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
