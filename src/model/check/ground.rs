//! What must hold in places, in how they are laid out and travelled from, and in where they and the
//! hospitals lie.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::bounds::shown;
use super::checker::keys_of;
use super::far::{self, Anchors, Far, Guess};
use crate::model::location::{Entity, Fault, Locations};
use crate::model::place::{check_bands, is_area};
use crate::model::{
    Hospital, Margin, PartRule, Place, Places, Position, TravelRow, TravelSettings,
};
use crate::problem::{Problem, ProblemKind, Problems};
use crate::units::{Seconds, grouped};

/// Most people of one age and sex at a place, as in tables.
const MOST_PEOPLE: u32 = 50_000_000;
/// Most people of all places: a little more than live on the Earth.
const MOST_PEOPLE_IN_ALL: u64 = 10_000_000_000;
/// Parts that all places together may always have; more only where there are many places.
const MANY_PARTS: u64 = 500_000;
/// Greatest radius factor of parts.
const MOST_RADIUS: f64 = 10.0;
/// Greatest detour factor.
const MOST_DETOUR: f64 = 10.0;
/// Longest access time of a journey.
const LONGEST_ACCESS: Seconds = Seconds::from_minutes(120);
/// Greatest speed in kilometres per hour.
const FASTEST: f64 = 10_000.0;
/// Places without a hospital, or hospitals without people, that are a cluster and not slips of the hand.
const PLACES_OF_CLUSTER: usize = 3;
const SITES_OF_CLUSTER: usize = 2;
/// Most bands of speeds.
const MOST_BANDS: usize = 100;

/// Where people and hospitals are, and how the ones come to the others.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) places: &'a Places,
    pub(crate) parts: &'a PartRule,
    pub(crate) travel: &'a TravelSettings,
    pub(crate) hospitals: &'a [Hospital],
    /// Journeys of a table.
    pub(crate) journeys: Option<&'a [TravelRow]>,
    /// The table of places with the line of each key; `None` for places that were built in code.
    pub(crate) table: Option<(&'a str, &'a BTreeMap<String, u32>)>,
}

/// Collects faults of what has no entity in a file of its own.
struct Faults<'a> {
    ground: Ground<'a>,
    locations: &'a Locations,
    problems: &'a mut Problems,
}

/// Where a fault stands: file, line and column, as far as they are known.
type Spot = Option<(String, Option<u32>, Option<u32>)>;

impl Faults<'_> {
    fn push(&mut self, entity: String, field: &str, spot: Spot, fault: Fault) {
        let (file, line, column) =
            spot.map_or((None, None, None), |(file, line, column)| (Some(file), line, column));
        self.problems.push(Problem {
            kind: fault.kind,
            file,
            line,
            column,
            entity,
            field: field.to_owned(),
            message: fault.message,
            expected: fault.expected,
            closest: fault.closest,
        });
    }

    /// A fault of a place, with its line where the place was read.
    fn place(&mut self, place: &Place, field: &str, fault: Fault) {
        let table = self.ground.table;
        let spot =
            table.map(|(file, lines)| (file.to_owned(), lines.get(&place.key).copied(), Some(1)));
        self.push(format!("place \"{}\"", place.key), field, spot, fault);
    }

    /// A fault of something in `network.ron`.
    fn network(&mut self, entity: Entity, label: String, field: &str, fault: Fault) {
        let spot = self.locations.find(entity, field);
        let spot = spot.map(|(file, line, column)| (file.to_string(), Some(*line), Some(*column)));
        self.push(label, field, spot, fault);
    }

    fn range(&mut self, field: &str, message: String, expected: &str) {
        let fault = Fault::new(ProblemKind::Range, message).expected(expected);
        self.network(Entity::Network, String::new(), field, fault);
    }
}

/// Appends every fault of a travel model, of the layout of places, of people in all, and of places and
/// hospitals that lie far from all others.
pub(crate) fn check_ground(ground: Ground<'_>, locations: &Locations, problems: &mut Problems) {
    let mut faults = Faults { ground, locations, problems };
    check_travel(ground.travel, &mut faults);
    // The number of parts is worked out by that rule, and means nothing where the rule is wrong.
    if check_parts(&mut faults) {
        check_numbers(&mut faults);
    }
    check_positions(&mut faults);
    // Only a table of journeys names places and hospitals side by side.
    if ground.journeys.is_some() {
        check_shared_keys(&mut faults);
    }
}

fn check_travel(travel: &TravelSettings, faults: &mut Faults<'_>) {
    if !(1.0..=MOST_DETOUR).contains(&travel.detour) {
        let message = said!("a detour factor of {shown}", shown = shown(travel.detour));
        faults.range("travel.detour", message, "a number from 1 to 10");
    }
    if travel.access > LONGEST_ACCESS {
        let message = said!("an access time of {access}", access = travel.access);
        faults.range("travel.access", message, "at most 2h: no journey takes longer");
    }
    if travel.speeds.len() > MOST_BANDS {
        let message = said!("{count} bands of speeds", count = grouped(travel.speeds.len() as u64));
        faults.range("travel.speeds", message, "at most 100");
    }
    if let Some(margin) = &travel.margin {
        check_margin(margin, faults);
    }
    for (index, band) in travel.speeds.iter().enumerate() {
        // Written so that a speed that is no number fails, too.
        if !(band.km_per_hour > 0.0 && band.km_per_hour <= FASTEST) {
            let message = said!("a speed of {shown} km/h", shown = shown(band.km_per_hour));
            let path = format!("travel.speeds[{index}].km_per_hour");
            faults.range(&path, message, "above 0, at most 10,000 km/h");
        }
    }
}

/// How far journeys may be off.
fn check_margin(margin: &Margin, faults: &mut Faults<'_>) {
    // Written so that a number that is none fails, too.
    let (least, most) = Margin::BIAS;
    if !(least..=most).contains(&margin.bias) {
        let message = said!("a bias of {shown}", shown = shown(margin.bias));
        faults.range("travel.margin.bias", message, "a number from 0.2 to 5");
    }
    if !(0.0..=Margin::MOST_RELATIVE).contains(&margin.relative) {
        let message = said!("a relative spread of {shown}", shown = shown(margin.relative));
        faults.range("travel.margin.relative", message, "a share from 0 to 0.9");
    }
    if margin.absolute > Margin::MOST_ABSOLUTE {
        let message = said!("an absolute spread of {absolute}", absolute = margin.absolute);
        faults.range("travel.margin.absolute", message, "at most 2h: no journey takes longer");
    }
}

/// The rule by which places are laid out; whether it has no fault.
fn check_parts(faults: &mut Faults<'_>) -> bool {
    let rule = *faults.ground.parts;
    if rule.people == 0 {
        faults.range("parts.people", "parts of 0 people".to_owned(), "1 or more");
    }
    if !(0.0..=MOST_RADIUS).contains(&rule.radius_factor) {
        let message = said!("a radius factor of {shown}", shown = shown(rule.radius_factor));
        faults.range("parts.radius_factor", message, "a number from 0 to 10");
    }
    rule.people > 0 && (0.0..=MOST_RADIUS).contains(&rule.radius_factor)
}

/// People and parts of all places together.
fn check_numbers(faults: &mut Faults<'_>) {
    let Ground { places, parts: rule, .. } = faults.ground;
    let (mut people, mut parts) = (0_u64, 0_u64);
    for place in &places.places {
        // Nothing was checked yet: the sum of any numbers must not wrap round.
        people = people.saturating_add(place.population.people());
        parts = parts.saturating_add(rule.parts_of(place));
    }
    if people > MOST_PEOPLE_IN_ALL {
        let message = said!("{people} people in all", people = grouped(people));
        let expected =
            said!("at most {most_people_in_all}", most_people_in_all = grouped(MOST_PEOPLE_IN_ALL));
        let fault = Fault::new(ProblemKind::Range, message).expected(expected);
        let largest = places.places.iter().max_by_key(|place| place.population.people());
        if let Some(largest) = largest {
            faults.place(largest, "people", fault);
        }
    }

    // Time and memory grow with the parts, and one of these numbers is easily a thousand times too small.
    let most = MANY_PARTS.max(2 * places.places.len() as u64);
    if parts > most {
        let message = said!(
            "the places would be laid out in {parts} parts of {people} people",
            parts = grouped(parts),
            people = grouped(u64::from(rule.people))
        );
        let expected = said!("at most {most} parts: more people in each", most = grouped(most));
        faults.range("parts.people", message, &expected);
    }
}

/// Every fault of people and parts of places that a region is to be laid out with.
pub(crate) fn check_layout(places: &Places, parts: &PartRule) -> Result<(), Problems> {
    let (mut problems, locations) = (Problems::default(), Locations::default());
    let travel = TravelSettings::default();
    let ground =
        Ground { places, parts, travel: &travel, hospitals: &[], journeys: None, table: None };
    let mut faults = Faults { ground, locations: &locations, problems: &mut problems };
    if check_parts(&mut faults) {
        check_numbers(&mut faults);
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Places that are far from every hospital, and hospitals that are far from every such place.
fn check_positions(faults: &mut Faults<'_>) {
    let Ground { places, travel, .. } = faults.ground;
    // One whose position could not be read is nowhere.
    let mut unread: BTreeSet<String> = BTreeSet::new();
    for problem in faults.problems.list() {
        if problem.field.starts_with("position") {
            unread.insert(problem.entity.clone());
        }
    }
    let mut hospitals: Vec<(usize, &Hospital)> = Vec::new();
    for (index, hospital) in faults.ground.hospitals.iter().enumerate() {
        if !unread.contains(&label(hospital)) {
            hospitals.push((index, hospital));
        }
    }

    let at_hospitals = hospitals.iter().map(|(_, hospital)| hospital.position);
    let Some(anchors) = Anchors::new(at_hospitals, travel) else { return };
    let of_places = places.places.par_iter();
    let of_places = of_places.filter_map(|place| Some((place, anchors.far(place.position)?)));
    let far_places: Vec<(&Place, Far)> = of_places.collect();

    // Latitude and longitude of all rows exchanged is one slip, and told once.
    let count = places.places.len();
    if !far_places.is_empty() && far_places.len() == count {
        let nearest = far_places.iter().map(|(_, far)| far.kilometres).fold(f64::MAX, f64::min);
        let message = said!(
            "every place is {kilometres} or more from every hospital",
            kilometres = far::kilometres(nearest)
        );
        let fault = Fault::new(ProblemKind::Range, message).expected(
            "places near the hospitals; are latitude and longitude of the ones exchanged?",
        );
        let (place, _) = &far_places[0];
        faults.place(place, "lat", fault);
        return;
    }

    // A part of the region may have no hospital of the file: an island with its villages is no slip.
    let positions: Vec<Position> = far_places.iter().map(|(place, _)| place.position).collect();
    let is_cluster = of_clusters(&positions, count, PLACES_OF_CLUSTER);
    let mut distant: BTreeSet<&str> = BTreeSet::new();
    for ((place, far), is_cluster) in far_places.iter().zip(is_cluster) {
        if is_cluster && far.guess == Guess::Nothing {
            continue;
        }
        distant.insert(&place.key);
        let nearest =
            said!("hospital (\"{nearest}\")", nearest = hospitals[far.nearest as usize].1.key);
        faults.place(place, "lat", far::fault(far, &nearest));
    }

    check_sites(&hospitals, &distant, faults);
}

/// Hospitals that are far from every place but the distant ones.
fn check_sites(
    hospitals: &[(usize, &Hospital)],
    distant: &BTreeSet<&str>,
    faults: &mut Faults<'_>,
) {
    let Ground { places, travel, .. } = faults.ground;

    // Hospitals are held against the places that are right, or a slip would make its neighbour look right.
    let mut near: Vec<&Place> = Vec::new();
    for place in &places.places {
        if !distant.contains(place.key.as_str()) {
            near.push(place);
        }
    }
    let at_places = near.iter().map(|place| place.position);
    let Some(anchors) = Anchors::new(at_places, travel) else { return };
    let mut far_sites: Vec<(usize, Far)> = Vec::new();
    let mut positions: Vec<Position> = Vec::new();
    for (rank, (_, hospital)) in hospitals.iter().enumerate() {
        if let Some(far) = anchors.far(hospital.position) {
            far_sites.push((rank, far));
            positions.push(hospital.position);
        }
    }
    let is_cluster = of_clusters(&positions, hospitals.len(), SITES_OF_CLUSTER);
    for ((rank, far), is_cluster) in far_sites.into_iter().zip(is_cluster) {
        if is_cluster && far.guess == Guess::Nothing {
            continue;
        }
        let (index, hospital) = hospitals[rank];
        let nearest = said!("place (\"{nearest}\")", nearest = near[far.nearest as usize].key);
        let fault = far::fault(&far, &nearest);
        faults.network(Entity::Hospital(index), label(hospital), "position", fault);
    }
}

/// A hospital as messages name it.
fn label(hospital: &Hospital) -> String {
    format!("hospital \"{}\"", hospital.key)
}

/// Which of the far positions, of `count` positions in all, are part of a second cluster: of at least
/// `least` different positions together, which are a tenth to a half of all.
fn of_clusters(far: &[Position], count: usize, least: usize) -> Vec<bool> {
    let is_part = far.len() * 10 >= count && far.len() * 2 <= count;
    far::alone(far, least).into_iter().map(|is_alone| is_part && !is_alone).collect()
}

/// In a table of journeys a key stands for a place or for a hospital: none may be both.
fn check_shared_keys(faults: &mut Faults<'_>) {
    let Ground { places, hospitals, .. } = faults.ground;
    let keys: BTreeSet<&str> = keys_of(hospitals).collect();
    for place in &places.places {
        if keys.contains(place.key.as_str()) {
            let message = said!("\"{place}\" is a hospital, too", place = place.key);
            let fault = Fault::new(ProblemKind::Duplicate, message);
            let expected =
                "keys that tell places from hospitals, as there is a table of travel times";
            faults.place(place, "id", fault.expected(expected));
        }
    }
}

/// Appends every fault of places that were built in code and not read from a table: the same that reading
/// would have found.
pub(crate) fn check_places(places: &Places, problems: &mut Problems) {
    let mut check = CodePlaces { problems, entity: String::new() };
    check.entity = String::from("places");
    let bands: Vec<(u8, Option<u8>)> =
        places.bands.iter().map(|band| (band.from, band.to)).collect();
    if let Err(message) = check_bands(&bands) {
        let fault = Fault::new(ProblemKind::Order, message);
        check.fault("bands", fault.expected("bands from 0 without gaps, the last one open"));
    }
    let mut before: Option<&Place> = None;
    for place in &places.places {
        check.entity = format!("place \"{}\"", place.key);
        if place.key.is_empty() {
            check.fault("key", Fault::new(ProblemKind::Missing, "is empty").expected("a key"));
        }
        match before.map(|before| before.key.cmp(&place.key)) {
            Some(std::cmp::Ordering::Equal) => {
                let message = said!("there is a second place \"{place}\"", place = place.key);
                check.fault("key", Fault::new(ProblemKind::Duplicate, message));
            }
            Some(std::cmp::Ordering::Greater) => {
                let message = "the places do not stand in the order of their keys";
                let fault = Fault::new(ProblemKind::Order, message);
                check.fault("key", fault.expected("places sorted by key"));
            }
            _ => {}
        }

        // Neighbours are enough: what is twice there or out of order shows beside the place before.
        before = Some(place);
        check.population(place, bands.len());
        if let Some(area) = place.area_km2.filter(|area| !is_area(*area)) {
            let message = said!("an area of {shown} square kilometres", shown = shown(area));
            let fault = Fault::new(ProblemKind::Range, message);
            check.fault("area_km2", fault.expected("0, or from 0.0001 to 10,000,000"));
        }
    }
}

/// Collects faults of places that were built in code.
struct CodePlaces<'p> {
    problems: &'p mut Problems,
    entity: String,
}

impl CodePlaces<'_> {
    fn fault(&mut self, field: &str, fault: Fault) {
        self.problems.push(Problem {
            kind: fault.kind,
            file: None,
            line: None,
            column: None,
            entity: self.entity.clone(),
            field: field.to_owned(),
            message: fault.message,
            expected: fault.expected,
            closest: fault.closest,
        });
    }

    /// As many counts of women and men as there are bands, none of them beyond what a place can have.
    fn population(&mut self, place: &Place, bands: usize) {
        let population = &place.population;
        for (field, counts) in [("female", &population.female), ("male", &population.male)] {
            if counts.len() != bands {
                let message =
                    said!("{counts} counts for {bands} age bands", counts = counts.len(), bands);
                let fault = Fault::new(ProblemKind::Conflict, message);
                let field = format!("population.{field}");
                self.fault(&field, fault.expected("one count for each band"));
            }
        }
        let counts = population.female.iter().chain(&population.male);
        if let Some(people) = counts.max().filter(|people| **people > MOST_PEOPLE) {
            let message =
                said!("{people} people of one age and sex", people = grouped(u64::from(*people)));
            let expected = said!("at most {most}", most = grouped(u64::from(MOST_PEOPLE)));
            let fault = Fault::new(ProblemKind::Range, message).expected(expected);
            self.fault("population", fault);
        }
        let people = population.people();
        if people > u64::from(u32::MAX) {
            let fault = Fault::new(ProblemKind::Range, format!("{} people", grouped(people)));
            self.fault("population", fault.expected("fewer than 4 billion in one place"));
        }
    }
}
