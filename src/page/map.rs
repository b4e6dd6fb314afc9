//! The map: places, hospitals and cooperations as SVG.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::coverage::Coverage;
use crate::model::{
    Area, Areas, AreasOfPlaces, CareLevel, CooperationKind, EmergencyLevel, Hospital, HospitalId,
    Network, Parties, Position,
};
use crate::overview::Overview;
use crate::page::findings::{filled, kind_in_print};
use crate::page::markup::{escaped, escaped_name, name};
use crate::page::text::{CareLevels, Imprint, LeftOut, Legend, Stages, fill};
use crate::page::{Extent, PageChange, closed};
use crate::region::{PlaceId, Region};
use crate::report::Cell;

/// Width of the map in its own units: 10 to a pixel of a screen of 1,000, so that whole numbers are exact enough when
/// somebody looks closely at a city.
const WIDTH: f64 = 10_000.0;
/// Metres of a degree of latitude.
const METRES_PER_DEGREE: f64 = 111_195.08;
/// Radius of a place without an area, in metres.
const RADIUS_OF_A_POINT: f64 = 700.0;
/// Hospitals that would hide the map if they were drawn as large as those of a region.
const MANY_HOSPITALS: usize = 300;
/// Keys that a sentence lists before it counts.
const MOST_LISTED: usize = 8;
/// Upper ends in minutes of the steps of colour; the last step has none. The style and the script have the same.
pub(super) const STEPS: [f64; 5] = [10.0, 15.0, 20.0, 30.0, 45.0];

/// The map, and what is on it.
pub(super) struct Map {
    pub(super) svg: String,
    pub(super) legend: String,
    /// What is drawn as one area each, in their order.
    pub(super) grounds: Vec<Ground>,
    pub(super) left_out: Vec<String>,
}

/// What is drawn as one area: a place inside, or all places inside of a district.
pub(super) struct Ground {
    /// The key of the place, or the name of the district.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) district: String,
    /// In the order of places.
    pub(super) places: Vec<PlaceId>,
}

impl Ground {
    fn place(region: &Region, id: PlaceId) -> Self {
        let place = region.place(id);
        Self {
            key: place.key.clone(),
            name: place.name.clone(),
            district: place.district.clone(),
            places: vec![id],
        }
    }

    /// All people who live there.
    pub(super) fn people(&self, region: &Region) -> u64 {
        self.places.iter().map(|place| region.place(*place).population.people()).sum()
    }

    /// The middle of its people; that of its places where nobody lives.
    pub(super) fn centre(&self, region: &Region) -> Position {
        let mut centre = region.place(self.places[0]).position;
        let (mut lat, mut lon, mut weights) = (0.0, 0.0, 0.0);
        for &id in &self.places {
            let place = region.place(id);
            let weight = place.population.people() as f64 + 1e-3;
            lat += place.position.lat() * weight;
            lon += place.position.lon() * weight;
            weights += weight;
        }
        // A place by itself stays where it is, to the last digit.
        if self.places.len() > 1
            && let Ok(mean) = Position::new(lat / weights, lon / weights)
        {
            centre = mean;
        }
        centre
    }

    /// Of a standard: mean seconds, people within the limit, and the hospital that is nearest in the place with the
    /// most people.
    pub(super) fn figures(&self, coverage: &Coverage) -> GroundFigures {
        let mut figures = GroundFigures::default();
        let (mut sum, mut reached, mut most) = (0.0, 0, 0);
        for place in &self.places {
            // Results are in the order of places, but have not all of them.
            let known = coverage.places.binary_search_by_key(place, |row| row.place);
            let Ok(row) = known.map(|position| &coverage.places[position]) else { continue };
            figures.within += row.within_limit;
            if row.people >= most && row.nearest.is_some() {
                (figures.nearest, most) = (row.nearest.map(HospitalId::index), row.people);
            }
            if let Some(mean) = row.mean_seconds {
                sum += mean * row.people as f64;
                reached += row.people;
                figures.mean_seconds = Some(mean);
            }
        }
        if self.places.len() > 1 && reached > 0 {
            figures.mean_seconds = Some(sum / reached as f64);
        }
        figures
    }
}

/// The figures of a standard where people live.
#[derive(Default)]
pub(super) struct GroundFigures {
    pub(super) mean_seconds: Option<f64>,
    pub(super) within: u64,
    pub(super) nearest: Option<usize>,
}

/// A point in units of the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spot {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// How positions become points of the map: longitudes are shrunk as at the middle of the region, which is true to
/// shape for a region and good enough for a country.
pub(super) struct Projection {
    west: f64,
    north: f64,
    shrink: f64,
    units_per_degree: f64,
    height: f64,
}

impl Projection {
    /// The one that shows all these positions, with a margin.
    fn showing(positions: &[Position]) -> Self {
        let (mut south, mut north) = (90.0_f64, -90.0_f64);
        let (mut west, mut east) = (180.0_f64, -180.0_f64);
        for position in positions {
            (south, north) = (south.min(position.lat()), north.max(position.lat()));
            (west, east) = (west.min(position.lon()), east.max(position.lon()));
        }
        if positions.is_empty() {
            (south, north, west, east) = (51.0, 51.0, 12.0, 12.0);
        }
        let middle = f64::midpoint(south, north);
        let shrink = middle.to_radians().cos().max(0.05);

        // A single place still has some ground around it: 10 km.
        let least = 0.09;
        let margin_lat = ((north - south) * 0.04).max((least - (north - south)).max(0.0) / 2.0);
        let margin_lon =
            ((east - west) * 0.04).max((least / shrink - (east - west)).max(0.0) / 2.0);
        (south, north) = (south - margin_lat, north + margin_lat);
        (west, east) = (west - margin_lon, east + margin_lon);

        // Neither a ribbon nor a tower: what is missing is added around.
        let (wide, high) = ((east - west) * shrink, north - south);
        if high > wide * 1.1 {
            let more = (high / 1.1 - wide) / shrink / 2.0;
            (west, east) = (west - more, east + more);
        } else if high < wide * 0.55 {
            north += (wide * 0.55 - high) / 2.0;
            south -= (wide * 0.55 - high) / 2.0;
        }
        // One scale for both directions, so that the bar of kilometres holds everywhere.
        let units_per_degree = WIDTH / ((east - west) * shrink);
        Self { west, north, shrink, units_per_degree, height: (north - south) * units_per_degree }
    }

    pub(super) fn spot(&self, position: Position) -> Spot {
        Spot {
            x: ((position.lon() - self.west) * self.shrink * self.units_per_degree).round(),
            y: ((self.north - position.lat()) * self.units_per_degree).round(),
        }
    }

    fn metres_per_unit(&self) -> f64 {
        METRES_PER_DEGREE / self.units_per_degree
    }
}

/// Where the border of what is drawn comes from.
enum Border<'a> {
    Area(Vec<&'a [Vec<Position>]>),
    Disc(Position, f64),
}

/// Borders, and which of them belong to which places and districts.
pub(super) struct MatchedAreas<'a> {
    pub(super) areas: &'a Areas,
    matched: AreasOfPlaces,
}

impl<'a> MatchedAreas<'a> {
    pub(super) fn of(areas: &'a Areas, overview: &Overview) -> Self {
        Self { areas, matched: areas.of_places(overview.region.places()) }
    }

    /// The area of a place.
    fn of_place(&self, place: PlaceId) -> Option<&'a Area> {
        let position = self.matched.by_place[place.index()]?;
        Some(&self.areas.areas[position])
    }

    /// The area of a district: the one that all of its places are in.
    fn of_district(&self, ground: &Ground) -> Option<&'a Area> {
        let area = self.matched.by_district[ground.places[0].index()]?;
        for place in &ground.places {
            if self.matched.by_district[place.index()] != Some(area) {
                return None;
            }
        }
        Some(&self.areas.areas[area])
    }
}

impl Map {
    pub(super) fn of(
        overview: &Overview,
        areas: Option<&MatchedAreas<'_>>,
        change: Option<&PageChange>,
        extent: Extent,
    ) -> Self {
        let region = &overview.region;
        let mut left_out = Vec::new();
        let grounds = if extent.by_district {
            let districts = drawn_districts(region);
            let count = Cell::count(districts.len()).display();
            left_out.push(filled(LeftOut::here().by_district, &[("count", count)]));
            districts
        } else {
            drawn_places(overview, extent.places, &mut left_out)
        };
        let hospitals = drawn_hospitals(overview, extent.hospitals, &mut left_out);
        let drawn_areas = areas.filter(|_| extent.has_borders);
        let mut borders = Vec::with_capacity(grounds.len());
        for ground in &grounds {
            borders.push(border(region, drawn_areas, ground, extent.by_district));
        }
        left_out.extend(on_borders(areas, extent, &borders, &grounds));

        let mut shown: Vec<Position> = Vec::new();
        for border in &borders {
            match border {
                Border::Area(areas) => shown.extend(areas.iter().copied().flatten().flatten()),
                Border::Disc(centre, _) => shown.push(*centre),
            }
        }
        // Hospitals around lie up to two hours away: with them the region would be a spot in the middle.
        for hospital in region.network().hospitals() {
            if !hospital.outside {
                shown.push(hospital.position);
            }
        }
        let projection = Projection::showing(&shown);

        let mut svg = opening(&projection, hospitals.len());
        svg.push_str("<g id=\"places\">\n");
        // The colours of a page whose script does not run: those of the first standard of the catalog.
        let first = overview.coverage.first();
        for (number, (ground, border)) in grounds.iter().zip(&borders).enumerate() {
            let mean = first.and_then(|coverage| ground.figures(coverage).mean_seconds);
            let drawn = DrawnGround { ground, number, mean };
            svg.push_str(&place_path(region, drawn, &outline(border, &projection)));
        }
        svg.push_str("</g><g id=\"hatches\"></g><g id=\"arcs\">\n");
        svg.push_str(&arcs(overview, &hospitals, &projection));
        svg.push_str("</g><g id=\"labels\" aria-hidden=\"true\"></g><g id=\"hospitals\">\n");
        for &position in &hospitals {
            svg.push_str(&hospital_symbol(overview, position, &projection));
        }
        svg.push_str("</g>");
        if let Some(change) = change {
            svg.push_str(&closed::crosses(&change.gone, &projection));
        }
        svg.push_str(&scale_bar(&projection));
        svg.push_str("</svg>");
        let has_closed = change.is_some_and(|change| !change.gone.is_empty());
        let legend = legend(overview, &hospitals, has_closed);
        Self { svg, legend, grounds, left_out }
    }
}

/// The places inside that are drawn: those with the most people where there are too many.
fn drawn_places(overview: &Overview, most: usize, left_out: &mut Vec<String>) -> Vec<Ground> {
    let region = &overview.region;
    let mut places: Vec<PlaceId> = region.place_ids().collect();
    places.retain(|place| !region.place(*place).outside);
    let inside = places.len();
    if inside > most {
        // Stable: of equal ones the first keys stay.
        places.sort_by_key(|place| std::cmp::Reverse(region.place(*place).population.people()));
        places.truncate(most);
        places.sort();
        let count = Cell::count(inside - most).display();
        left_out.push(filled(LeftOut::here().places, &[("count", count)]));
    }
    places.into_iter().map(|place| Ground::place(region, place)).collect()
}

/// All districts with places inside, by name.
fn drawn_districts(region: &Region) -> Vec<Ground> {
    let mut districts: BTreeMap<&str, Ground> = BTreeMap::new();
    for id in region.place_ids() {
        let place = region.place(id);
        if place.outside {
            continue;
        }
        let district = districts.entry(&place.district).or_insert_with(|| Ground {
            key: place.district.clone(),
            name: place.district.clone(),
            // Nothing that is drawn is part of something larger.
            district: String::new(),
            places: Vec::new(),
        });
        district.places.push(id);
    }
    districts.into_values().collect()
}

/// The hospitals that are drawn, those outside first, so that those inside lie above them.
fn drawn_hospitals(overview: &Overview, most: usize, left_out: &mut Vec<String>) -> Vec<usize> {
    let hospitals = overview.region.network().hospitals();
    let mut drawn: Vec<usize> = (0..hospitals.len()).collect();
    drawn.sort_by_key(|position| hospitals[*position].outside);
    if drawn.len() > most {
        let count = Cell::count(drawn.len() - most).display();
        left_out.push(filled(LeftOut::here().hospitals, &[("count", count)]));
        drawn.truncate(most);
    }
    drawn.sort_by_key(|position| !hospitals[*position].outside);
    drawn
}

/// The border of what is drawn: its area, or a disc of its size.
fn border<'a>(
    region: &Region,
    areas: Option<&MatchedAreas<'a>>,
    ground: &Ground,
    is_district: bool,
) -> Border<'a> {
    let of_ground = areas.map(|areas| {
        if is_district { areas.of_district(ground) } else { areas.of_place(ground.places[0]) }
    });
    if let Some(Some(area)) = of_ground {
        return Border::Area(vec![&area.rings]);
    }
    let mut rings = Vec::new();
    if let Some(areas) = areas.filter(|_| is_district) {
        for &place in &ground.places {
            rings.extend(areas.of_place(place).map(|area| &area.rings[..]));
        }
    }
    // Borders of all places of a district draw it as well; of some they would draw a part.
    if rings.len() == ground.places.len() {
        return Border::Area(rings);
    }
    let mut km2 = 0.0;
    for &place in &ground.places {
        km2 += region.place(place).area_km2.unwrap_or(0.0).max(0.0);
    }
    let radius =
        if km2 > 0.0 { (km2 * 1e6 / std::f64::consts::PI).sqrt() } else { RADIUS_OF_A_POINT };
    Border::Disc(ground.centre(region), radius)
}

/// Which borders are missing, or match nothing.
fn on_borders(
    areas: Option<&MatchedAreas<'_>>,
    extent: Extent,
    borders: &[Border<'_>],
    grounds: &[Ground],
) -> Vec<String> {
    let words = LeftOut::here();
    let Some(areas) = areas else { return vec![words.no_areas.to_owned()] };
    if !extent.has_borders {
        return vec![words.areas.to_owned()];
    }
    let mut told = Vec::new();
    let mut without_area = Vec::new();
    for (border, ground) in borders.iter().zip(grounds) {
        if matches!(border, Border::Disc(..)) {
            without_area.push(ground.key.clone());
        }
    }
    for (keys, sentence) in [
        (&areas.matched.without_place, words.area_without_place),
        (&without_area, words.place_without_area),
    ] {
        if !keys.is_empty() {
            told.push(filled(sentence, &[("list", listed(keys))]));
        }
    }
    told
}

/// A few keys, and how many more there are.
fn listed(keys: &[String]) -> String {
    let mut shown = Vec::new();
    for key in &keys[..keys.len().min(MOST_LISTED)] {
        shown.push(name(key));
    }
    if keys.len() > MOST_LISTED {
        let count = Cell::count(keys.len() - MOST_LISTED).display();
        shown.push(filled(LeftOut::here().rows, &[("count", count)]));
    }
    shown.join(", ")
}

fn opening(projection: &Projection, hospitals: usize) -> String {
    let class = if hospitals > MANY_HOSPITALS { "many" } else { "" };
    format!(
        concat!(
            "<svg id=\"map\" class=\"{class}\" viewBox=\"0 0 {} {:.0}\" data-metres=\"{:.4}\" role=\"group\" aria-label=\"{}\" preserveAspectRatio=\"xMidYMid meet\">\n",
            "<defs>",
            "<pattern id=\"some\" width=\"120\" height=\"120\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path d=\"M0 0V120\" class=\"line-light\"/><path d=\"M0 0V120\" class=\"line-dark\"/></pattern>",
            "<pattern id=\"most\" width=\"60\" height=\"60\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(-45)\"><path d=\"M0 0V60\" class=\"line-light\"/><path d=\"M0 0V60\" class=\"line-dark\"/></pattern>",
            "<marker id=\"arrow\" viewBox=\"0 0 10 10\" refX=\"20\" refY=\"5\" markerUnits=\"userSpaceOnUse\" markerWidth=\"90\" markerHeight=\"90\" orient=\"auto-start-reverse\"><path d=\"M0 1L10 5L0 9z\"/></marker>",
            "</defs>\n"
        ),
        WIDTH,
        projection.height,
        projection.metres_per_unit(),
        escaped(Legend::here().map),
        class = class
    )
}

/// The outline of a place in relative steps, which take a third of the letters of absolute ones.
fn outline(border: &Border<'_>, projection: &Projection) -> String {
    let areas = match border {
        Border::Area(areas) => areas,
        Border::Disc(centre, metres) => {
            let Spot { x, y } = projection.spot(*centre);
            let radius = (metres / projection.metres_per_unit()).max(1.0).round();
            return format!(
                "M{} {y}a{radius} {radius} 0 1 0 {d} 0a{radius} {radius} 0 1 0 -{d} 0z",
                x - radius,
                d = 2.0 * radius
            );
        }
    };
    let mut path = String::new();
    for ring in areas.iter().copied().flatten() {
        let mut before: Option<Spot> = None;
        for &position in ring {
            let spot = projection.spot(position);
            match before {
                None => write!(path, "M{} {}l", spot.x, spot.y),
                // Points that fall together are one.
                Some(last) if last == spot => continue,
                Some(last) => write!(path, "{} {} ", spot.x - last.x, spot.y - last.y),
            }
            .expect("a text can be written to");
            before = Some(spot);
        }
        path.truncate(path.trim_end().len());
        // A ring so small that its points are one spot has no step: a command without numbers would be none.
        if path.ends_with('l') {
            path.pop();
        }
        path.push('z');
    }
    path
}

/// A place or district on the map.
#[derive(Clone, Copy)]
struct DrawnGround<'g> {
    ground: &'g Ground,
    /// Its position among those that are drawn.
    number: usize,
    /// Mean seconds under the first standard of the catalog.
    mean: Option<f64>,
}

fn place_path(region: &Region, drawn: DrawnGround<'_>, outline: &str) -> String {
    let DrawnGround { ground, number, mean } = drawn;
    let values = [
        ("name", name(&ground.name)),
        ("people", Cell::count(ground.people(region)).display()),
        ("minutes", Cell::maybe_minutes(mean).display()),
    ];
    format!(
        "<path id=\"p{number}\" class=\"place c{}\" tabindex=\"0\" role=\"button\" d=\"{outline}\"><title>{}</title></path>\n",
        step(mean),
        escaped(&filled(Imprint::here().place, &values))
    )
}

/// The step of colour of a mean time in seconds; the one behind all where nobody reaches a hospital.
fn step(mean_seconds: Option<f64>) -> usize {
    let Some(seconds) = mean_seconds else { return STEPS.len() + 1 };
    STEPS.iter().take_while(|end| seconds / 60.0 > **end).count()
}

/// The shape of a care level, around 0 0 in pixels.
fn shape(level: Option<CareLevel>) -> &'static str {
    match level {
        Some(CareLevel::Basic) => "M-7.5 0a7.5 7.5 0 1 0 15 0a7.5 7.5 0 1 0 -15 0z",
        Some(CareLevel::Priority) => "M-7.5 -7.5h15v15h-15z",
        Some(CareLevel::Maximum) => "M-11 0L-5.5 -9.5H5.5L11 0L5.5 9.5H-5.5z",
        Some(CareLevel::Specialist) => "M0 -9.5L9.5 0L0 9.5L-9.5 0z",
        None => "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
    }
}

fn level_words(level: Option<CareLevel>) -> &'static str {
    let words = CareLevels::here();
    match level {
        Some(CareLevel::Basic) => words.basic,
        Some(CareLevel::Priority) => words.priority,
        Some(CareLevel::Maximum) => words.maximum,
        Some(CareLevel::Specialist) => words.specialist,
        None => words.unknown,
    }
}

fn stage_words(stage: Option<EmergencyLevel>) -> &'static str {
    let words = Stages::here();
    match stage {
        Some(EmergencyLevel::Minimum) => words.minimum,
        Some(EmergencyLevel::Basic) => words.basic,
        Some(EmergencyLevel::Extended) => words.extended,
        Some(EmergencyLevel::Comprehensive) => words.comprehensive,
        None => words.none,
    }
}

/// The sign of a stage inside of a symbol.
fn stage_sign(stage: Option<EmergencyLevel>) -> &'static str {
    match stage {
        Some(EmergencyLevel::Minimum) => "m",
        Some(EmergencyLevel::Basic) => "1",
        Some(EmergencyLevel::Extended) => "2",
        Some(EmergencyLevel::Comprehensive) => "3",
        None => "",
    }
}

/// Care level and stage of a hospital in words.
pub(super) fn level_and_stage(hospital: &Hospital) -> String {
    format!("{}, {}", level_words(hospital.care_level), stage_words(hospital.emergency_level))
}

fn hospital_symbol(overview: &Overview, position: usize, projection: &Projection) -> String {
    let hospital = &overview.region.network().hospitals()[position];
    let Spot { x, y } = projection.spot(hospital.position);
    // Smaller outside: the region's own are what the page is about.
    let outside = if hospital.outside { " outside" } else { "" };
    format!(
        "<g id=\"h{position}\" class=\"hospital{outside}\" tabindex=\"0\" role=\"button\" transform=\"translate({x} {y})\"><title>{}, {}</title><g class=\"symbol\"><path d=\"{}\"/><text>{}</text></g></g>\n",
        escaped_name(&hospital.name),
        escaped(&level_and_stage(hospital)),
        shape(hospital.care_level),
        stage_sign(hospital.emergency_level)
    )
}

/// Who is joined with whom by a cooperation: the giver with each receiver; of partners each with each, or of many all
/// with the first.
fn joined(network: &Network, parties: &Parties) -> Vec<(HospitalId, HospitalId)> {
    let mut pairs = network.pairs(parties);
    if let Parties::Mutual(partners) = parties {
        // Each with each of ten partners would be 45 arcs, and nobody could tell what they join.
        if partners.len() > 4 {
            pairs.truncate(partners.len() - 1);
        }
    }
    pairs
}

fn arcs(overview: &Overview, drawn: &[usize], projection: &Projection) -> String {
    let network = overview.region.network();
    // An arc to a symbol that is not there would lead nowhere.
    let drawn: BTreeSet<usize> = drawn.iter().copied().collect();
    let mut arcs = String::new();
    for (number, cooperation) in network.cooperations().iter().enumerate() {
        let kind = cooperation.kind.name();
        let care = if cooperation.kind.has_effect_on_care() { " care" } else { "" };
        let is_directed = matches!(cooperation.parties, Parties::Directed { .. });
        let marker = if is_directed { " marker-end=\"url(#arrow)\"" } else { "" };
        for (from, to) in joined(network, &cooperation.parties) {
            if !drawn.contains(&from.index()) || !drawn.contains(&to.index()) {
                continue;
            }
            let start = projection.spot(network[from].position);
            let end = projection.spot(network[to].position);
            // Bent to one side, so that the way back is another line.
            let (x, y) = (end.x - start.x, end.y - start.y);
            let bend_x = f64::midpoint(start.x, end.x) - y * 0.14;
            let bend_y = f64::midpoint(start.y, end.y) + x * 0.14;
            arcs.push_str(&format!(
                "<path class=\"arc k-{kind}{care}\" data-c=\"{number}\" d=\"M{} {}Q{bend_x:.0} {bend_y:.0} {} {}\"{marker}><title>{}: {}</title></path>\n",
                start.x, start.y, end.x, end.y, escaped_name(&cooperation.key), escaped(&kind_in_print(kind))
            ));
        }
    }
    arcs
}

/// A bar of 10 km; the script keeps it in its corner and at a round length.
fn scale_bar(projection: &Projection) -> String {
    let length = (10_000.0 / projection.metres_per_unit()).round();
    let (x, y) = (200.0, projection.height - 200.0);
    let km = fill(Imprint::here().scale, &[("count", "10")]);
    format!(
        "<g id=\"scale\" transform=\"translate({x} {y:.0})\" aria-hidden=\"true\"><path d=\"M0 -50V0H{length}V-50\"/><g transform=\"translate({length} -80)\"><text class=\"fixed\">{km}</text></g></g>"
    )
}

/// A row of the legend: a drawing and words.
pub(super) fn legend_row(drawing: &str, words: &str) -> String {
    row_with(drawing, &escaped(words))
}

/// A row of the legend whose words are others where the map shows a care pathway.
fn marked_row(drawing: &str, mark: &str, words: &str) -> String {
    row_with(drawing, &format!("<span data-legend=\"{mark}\">{}</span>", escaped(words)))
}

/// A row about a step of colour, by its number.
fn step_row(drawing: &str, step: usize, words: &str) -> String {
    let words = escaped(words);
    row_with(drawing, &format!("<span data-legend=\"step\" data-step=\"{step}\">{words}</span>"))
}

fn row_with(drawing: &str, html: &str) -> String {
    format!(
        "<li><svg viewBox=\"-12 -12 24 24\" class=\"swatch\" aria-hidden=\"true\">{drawing}</svg>{html}</li>"
    )
}

fn legend(overview: &Overview, drawn: &[usize], has_closed: bool) -> String {
    let words = Legend::here();
    let network = overview.region.network();
    // What is told otherwise of a care pathway carries a mark by which the script finds it.
    let mut html = format!("<h3 data-legend=\"minutes\">{}</h3><ul>", escaped(words.minutes));
    let square =
        |class: usize| format!("<path class=\"place c{class}\" d=\"M-10 -8h20v16h-20z\"/>");
    let mut from = String::from("≤");
    for (number, end) in STEPS.iter().enumerate() {
        html.push_str(&step_row(&square(number), number, &format!("{from} {end}")));
        from = format!("{end} –");
    }
    let last = STEPS.len();
    html.push_str(&step_row(&square(last), last, &format!("> {}", STEPS[last - 1])));
    html.push_str(&marked_row(&square(last + 1), "unreached", words.unreached));
    let hatch = |gap: i32| {
        let mut lines = String::from("<path class=\"place c3\" d=\"M-10 -8h20v16h-20z\"/>");
        for x in (-8..=8).step_by(gap as usize) {
            lines.push_str(&format!("<path class=\"hatch-line\" d=\"M{x} -8L{} 8\"/>", x + 2));
        }
        lines
    };
    html.push_str(&marked_row(&hatch(8), "some_beyond", words.some_beyond));
    html.push_str(&marked_row(&hatch(4), "most_beyond", words.most_beyond));
    for (kind, told) in [("lost", words.lost), ("won", words.won)] {
        let outlined = format!("<path class=\"place c1 {kind}\" d=\"M-9 -7h18v14h-18z\"/>");
        html.push_str(&marked_row(&outlined, kind, told));
    }

    html.push_str(&format!("</ul><h3>{}</h3><ul>", escaped(words.labels)));
    let levels = [
        Some(CareLevel::Maximum),
        Some(CareLevel::Priority),
        Some(CareLevel::Basic),
        Some(CareLevel::Specialist),
        None,
    ];
    for level in levels {
        let is_there = |position: &usize| network.hospitals()[*position].care_level == level;
        if drawn.iter().any(is_there) {
            let symbol = format!("<g class=\"hospital\"><path d=\"{}\"/></g>", shape(level));
            html.push_str(&legend_row(&symbol, level_words(level)));
        }
    }
    let symbol = |class: &str, sign: &str| {
        format!(
            "<g class=\"hospital {class}\"><path d=\"{}\"/><text>{sign}</text></g>",
            shape(Some(CareLevel::Basic))
        )
    };
    html.push_str(&marked_row(&symbol("meets", ""), "qualifies", words.qualifies));
    html.push_str(&marked_row(&symbol("", ""), "does_not", words.does_not));
    html.push_str(&legend_row(&symbol("", "2"), words.stage));
    if has_closed {
        html.push_str(&closed::legend());
    }
    html.push_str("</ul>");
    html.push_str(&legend_of_arcs(overview));
    html
}

/// The kinds of cooperations that there are, those that can change care first.
fn legend_of_arcs(overview: &Overview) -> String {
    let texts = Legend::here();
    // Only kinds that are there: sixteen rows for three lines would hide the rest of the legend.
    let mut kinds: BTreeSet<(bool, &str)> = BTreeSet::new();
    for cooperation in overview.region.network().cooperations() {
        let kind: &CooperationKind = &cooperation.kind;
        kinds.insert((!kind.has_effect_on_care(), kind.name()));
    }
    if kinds.is_empty() {
        return String::new();
    }
    let mut html = format!("<h3>{}</h3><ul>", escaped(texts.arcs));
    let mut has_others = false;
    for (is_other, kind) in kinds {
        // What changes nothing in care is drawn alike: one row says so.
        if is_other {
            has_others = true;
            continue;
        }
        let line = format!("<path class=\"arc care k-{kind}\" d=\"M-11 5Q0 -9 11 5\"/>");
        let called = format!("{}: {}", kind_in_print(kind), texts.with_effect);
        html.push_str(&legend_row(&line, &called));
    }
    if has_others {
        html.push_str(&legend_row(
            "<path class=\"arc\" d=\"M-11 5Q0 -9 11 5\"/>",
            texts.without_effect,
        ));
    }
    html.push_str("</ul>");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(lat: f64, lon: f64) -> Position {
        Position::new(lat, lon).unwrap()
    }

    #[test]
    fn a_ring_that_is_one_spot_of_the_map_is_a_path_without_steps() {
        let projection = Projection::showing(&[position(51.0, 12.0), position(52.0, 13.0)]);
        // A hundredth of a metre, on a map of a hundred kilometres.
        let tiny =
            vec![position(51.5, 12.5), position(51.500_000_1, 12.5), position(51.5, 12.500_000_1)];
        let large = vec![position(51.5, 12.5), position(51.6, 12.5), position(51.5, 12.6)];
        let spot = projection.spot(position(51.5, 12.5));
        let start = format!("M{} {}", spot.x, spot.y);

        let path = outline(&Border::Area(vec![&[tiny, large]]), &projection);
        let behind = path.strip_prefix(&format!("{start}z{start}l")).expect(&path);
        let steps = behind.strip_suffix('z').expect(&path);
        assert_eq!(steps.split_whitespace().count(), 4, "{path}");
        for step in steps.split_whitespace() {
            assert!(step.parse::<f64>().is_ok(), "{path}");
        }
    }
}
