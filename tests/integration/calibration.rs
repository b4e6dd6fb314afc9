//! The crow-fly model against real roads: what the margin of error in `model::Margin::crow_fly` rests on.
//!
//! Reads the road extracts in the folder `road` of the shared tables, which are not part of the crate, so the test is
//! ignored.
//! It prints, by extract and distance, the ratio of the time on the roads to that of the crow-fly model:
//!
//! ```text
//! cargo test --test integration calibration:: -- --ignored --nocapture
//! ```
//!
//! The reader is one of its own and a plain one: classes of highway with a speed each (or eight tenths of the posted
//! limit), one-way streets, the largest part from which every junction reaches every other. No turns, no signals.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use osmpbf::{Element, ElementReader};
use petgraph::algo::{dijkstra, kosaraju_scc};
use petgraph::graph::{DiGraph, NodeIndex};
use quick_xml::events::{BytesStart, Event};
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;
use verbund::model::{BandEnd, Margin, Position, TravelSettings};
use verbund::travel::CrowFly;
use verbund::units::Seconds;

use crate::common::shared_data;

/// Journeys shorter than this are a walk.
const SHORTEST_METRES: f64 = 500.0;
const STARTS: usize = 120;
const ENDS: usize = 150;

/// Ends of the classes of distance in kilometres as the crow flies.
const CLASSES: [f64; 6] = [1.0, 2.0, 4.0, 8.0, 15.0, 30.0];

struct Way {
    nodes: Vec<i64>,
    tags: HashMap<String, String>,
}

#[derive(Default)]
struct Extract {
    nodes: HashMap<i64, Position>,
    ways: Vec<Way>,
}

/// A junction or a point of a road.
struct Point {
    metres: [f64; 2],
    /// Whether somebody may live there.
    is_home: bool,
}

/// Roads with seconds, and where their points are.
struct Roads {
    graph: DiGraph<Point, f64>,
}

fn tag(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = element.try_get_attribute(name).unwrap()?;
    Some(attribute.value.into_owned())
}

fn number<T: std::str::FromStr>(element: &BytesStart<'_>, name: &str) -> Option<T> {
    tag(element, name)?.parse().ok()
}

fn read_xml(from: impl Read) -> Extract {
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(from));
    let mut extract = Extract::default();
    let mut way: Option<Way> = None;
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).unwrap() {
            Event::Start(element) | Event::Empty(element) => match element.name().as_ref() {
                "node" => {
                    let id = number(&element, "id").unwrap();
                    let (lat, lon) = (number(&element, "lat"), number(&element, "lon"));
                    let position = Position::new(lat.unwrap(), lon.unwrap()).unwrap();
                    extract.nodes.insert(id, position);
                }
                "way" => way = Some(Way { nodes: Vec::new(), tags: HashMap::new() }),
                "nd" => way.as_mut().unwrap().nodes.push(number(&element, "ref").unwrap()),
                "tag" => {
                    if let Some(way) = &mut way {
                        let (key, value) = (tag(&element, "k"), tag(&element, "v"));
                        way.tags.insert(key.unwrap(), value.unwrap());
                    }
                }
                _ => {}
            },
            Event::End(element) if element.name().as_ref() == "way" => {
                extract.ways.extend(way.take());
            }
            Event::Eof => return extract,
            _ => {}
        }
        buffer.clear();
    }
}

fn read_pbf(path: &Path) -> Extract {
    let mut extract = Extract::default();
    let mut note = |id, lat, lon| {
        extract.nodes.insert(id, Position::new(lat, lon).unwrap());
    };
    let mut ways = Vec::new();
    let reader = ElementReader::from_path(path).unwrap();
    let read = reader.for_each(|element| match element {
        Element::Node(node) => note(node.id(), node.lat(), node.lon()),
        Element::DenseNode(node) => note(node.id(), node.lat(), node.lon()),
        Element::Way(way) => {
            let mut tags = HashMap::new();
            for (key, value) in way.tags() {
                tags.insert(key.to_owned(), value.to_owned());
            }
            ways.push(Way { nodes: way.refs().collect(), tags });
        }
        Element::Relation(_) => {}
    });
    read.unwrap();
    extract.ways = ways;
    extract
}

/// Kilometres per hour of a class without a posted limit: the table of OSRM's car profile (`profiles/car.lua`).
fn speed_of_class(class: &str) -> Option<f64> {
    Some(match class {
        "motorway" => 90.0,
        "trunk" => 85.0,
        "primary" => 65.0,
        "secondary" => 55.0,
        "tertiary" | "trunk_link" => 40.0,
        "unclassified" | "residential" | "road" | "secondary_link" => 25.0,
        "living_street" => 10.0,
        "service" => 15.0,
        "motorway_link" => 45.0,
        "primary_link" => 30.0,
        "tertiary_link" => 20.0,
        _ => return None,
    })
}

impl Way {
    fn is(&self, key: &str, values: &[&str]) -> bool {
        self.tags.get(key).is_some_and(|value| values.contains(&value.as_str()))
    }

    /// Kilometres per hour; `None` where no car may go.
    fn speed(&self) -> Option<f64> {
        let usual = speed_of_class(self.tags.get("highway")?)?;
        let is_closed = |key: &str| self.is(key, &["no", "private", "agricultural", "forestry"]);
        if is_closed("access") || is_closed("motor_vehicle") || is_closed("motorcar") {
            return None;
        }
        // Nobody drives at the limit all the way: OSRM takes eight tenths of it.
        let posted = self.tags.get("maxspeed").and_then(|limit| limit.parse::<f64>().ok());
        Some(posted.map_or(usual, |limit| 0.8 * limit))
    }

    /// Whether it may be gone forwards and backwards.
    fn directions(&self) -> (bool, bool) {
        let is_circle = self.is("junction", &["roundabout", "circular"]);
        let is_motorway = self.is("highway", &["motorway", "motorway_link"]);
        if self.is("oneway", &["-1", "reverse"]) {
            (false, true)
        } else if self.is("oneway", &["yes", "true", "1"])
            || is_circle
            || (is_motorway && !self.is("oneway", &["no"]))
        {
            (true, false)
        } else {
            (true, true)
        }
    }

    fn has_homes(&self) -> bool {
        self.is(
            "highway",
            &["residential", "unclassified", "living_street", "tertiary", "secondary"],
        )
    }
}

fn distance(from: [f64; 2], to: [f64; 2]) -> f64 {
    (from[0] - to[0]).hypot(from[1] - to[1])
}

impl Roads {
    fn of_extract(extract: &Extract) -> Self {
        // Metres on a plane: an extract is small.
        let mut middle = 0.0;
        for position in extract.nodes.values() {
            middle += position.lat() / extract.nodes.len() as f64;
        }
        let degree = 111_195.0;
        let mut graph = DiGraph::new();
        let mut numbers: HashMap<i64, NodeIndex> = HashMap::new();
        for way in &extract.ways {
            let Some(speed) = way.speed() else { continue };
            let (forwards, backwards) = way.directions();
            let mut before: Option<NodeIndex> = None;
            for id in &way.nodes {
                // What lies beyond the border of the extract is cut off.
                let Some(position) = extract.nodes.get(id) else {
                    before = None;
                    continue;
                };
                let x = position.lon() * degree * middle.to_radians().cos();
                let metres = [x, position.lat() * degree];
                let point = || graph.add_node(Point { metres, is_home: false });
                let here = *numbers.entry(*id).or_insert_with(point);
                graph[here].is_home |= way.has_homes();
                if let Some(before) = before {
                    let seconds = distance(graph[before].metres, metres) * 3.6 / speed;
                    if forwards {
                        graph.add_edge(before, here, seconds);
                    }
                    if backwards {
                        graph.add_edge(here, before, seconds);
                    }
                }
                before = Some(here);
            }
        }
        Self { graph }
    }

    /// A research network (TNTP): a file of nodes and one of links.
    fn of_tntp(name: &str, metres: f64, seconds: f64) -> Self {
        let rows = |kind: &str| {
            let path = shared_data().join("road").join(format!("{name}_{kind}.tntp.gz"));
            let mut text = String::new();
            GzDecoder::new(File::open(path).unwrap()).read_to_string(&mut text).unwrap();
            let mut rows: Vec<Vec<f64>> = Vec::new();
            for line in text.lines() {
                let words = line.split_whitespace().filter(|word| *word != ";");
                let parsed: Result<Vec<f64>, _> = words.map(str::parse).collect();
                if let Ok(row) = parsed
                    && row.len() >= 3
                {
                    rows.push(row);
                }
            }
            rows
        };
        let mut graph = DiGraph::new();
        let mut numbers = HashMap::new();
        for row in rows("node") {
            let point = Point { metres: [row[1] * metres, row[2] * metres], is_home: true };
            numbers.insert(row[0] as u64, graph.add_node(point));
        }
        for row in rows("net") {
            // Links of a zone to its roads take no time: they are none.
            if row[4] > 0.0 {
                let (from, to) = (numbers[&(row[0] as u64)], numbers[&(row[1] as u64)]);
                graph.add_edge(from, to, row[4] * seconds);
            }
        }
        Self { graph }
    }

    /// The points of the largest part from which every point reaches every other, where somebody may live.
    fn homes(&self) -> Vec<NodeIndex> {
        let parts = kosaraju_scc(&self.graph);
        let mut homes = parts.into_iter().max_by_key(Vec::len).unwrap();
        homes.retain(|point| self.graph[*point].is_home);
        homes.sort_unstable();
        homes
    }
}

/// A journey in seconds, the way to the car and to the door included.
#[derive(Clone, Copy)]
struct Journey {
    on_roads: f64,
    modelled: u32,
}

impl Journey {
    fn ratio(self) -> f64 {
        self.on_roads / f64::from(self.modelled)
    }

    /// Minutes that the roads take longer.
    fn more(self) -> f64 {
        (self.on_roads - f64::from(self.modelled)) / 60.0
    }

    fn is_within(self, margin: &Margin) -> bool {
        let [quick, slow] = BandEnd::BOTH.map(|end| margin.time(end, Seconds(self.modelled)));
        (f64::from(quick.0)..=f64::from(slow.0)).contains(&self.on_roads)
    }
}

/// Journeys between homes, by class of distance.
fn measure(roads: &Roads, model: &CrowFly) -> BTreeMap<usize, Vec<Journey>> {
    let homes = roads.homes();
    let mut rng = ChaCha8Rng::seed_from_u64(25);
    let mut journeys: BTreeMap<usize, Vec<Journey>> = BTreeMap::new();
    // The way to the car and to the door is the same in both: roads know nothing of it.
    let access = f64::from(model.settings().access.0);
    for &start in homes.sample(&mut rng, STARTS) {
        let seconds = dijkstra(&roads.graph, start, None, |edge| *edge.weight());
        let ends: Vec<NodeIndex> = homes.sample(&mut rng, ENDS).copied().collect();
        for end in ends {
            let metres = distance(roads.graph[start].metres, roads.graph[end].metres);
            if metres < SHORTEST_METRES {
                continue;
            }
            let class = CLASSES.iter().position(|to| metres <= 1000.0 * to);
            let class = class.unwrap_or(CLASSES.len());
            let (on_roads, modelled) = (seconds[&end] + access, model.time_over(metres).0);
            journeys.entry(class).or_default().push(Journey { on_roads, modelled });
        }
    }
    journeys
}

/// The values that a tenth, a half and nine tenths do not exceed.
fn spread(journeys: &[Journey], value: fn(Journey) -> f64) -> [f64; 3] {
    let mut values: Vec<f64> = journeys.iter().map(|journey| value(*journey)).collect();
    values.sort_by(f64::total_cmp);
    [0.1, 0.5, 0.9].map(|q| values[((values.len() - 1) as f64 * q).round() as usize])
}

fn percent(journeys: &[Journey], is_in: impl Fn(Journey) -> bool) -> f64 {
    let count = journeys.iter().filter(|journey| is_in(**journey)).count();
    100.0 * count as f64 / journeys.len() as f64
}

fn class_name(class: usize) -> String {
    let from = if class == 0 { 0.5 } else { CLASSES[class - 1] };
    match CLASSES.get(class) {
        Some(to) => format!("{from} to {to} km"),
        None => format!("over {from} km"),
    }
}

fn line_of(name: &str, journeys: &[Journey], margin: &Margin) -> String {
    let [low, ratio, high] = spread(journeys, Journey::ratio);
    let [less, more, most] = spread(journeys, Journey::more);
    format!(
        "  {name:<12} {:>6} journeys  ratio {ratio:.2} (80 %: {low:.2} to {high:.2})  minutes {more:+.1} ({less:+.1} to {most:+.1})  within the margin {:.0} %\n",
        journeys.len(),
        percent(journeys, |journey| journey.is_within(margin)),
    )
}

fn printed(name: &str, by_class: &BTreeMap<usize, Vec<Journey>>, margin: &Margin) -> String {
    let mut text = format!("{name}\n");
    let mut every = Vec::new();
    for (class, journeys) in by_class {
        text += &line_of(&class_name(*class), journeys, margin);
        every.extend_from_slice(journeys);
    }
    text += &line_of("all", &every, margin);
    for minutes in [5.0, 10.0, 15.0] {
        let near = percent(&every, |journey| journey.more().abs() <= minutes);
        let _ = writeln!(text, "  off by at most {minutes} minutes: {near:.0} %");
    }
    text
}

fn extract(file: &str) -> Roads {
    let path: PathBuf = shared_data().join("road").join(file);
    let extract = match path.extension().and_then(|ending| ending.to_str()) {
        Some("pbf") => read_pbf(&path),
        Some("gz") => read_xml(GzDecoder::new(File::open(path).unwrap())),
        _ => read_xml(File::open(path).unwrap()),
    };
    Roads::of_extract(&extract)
}

#[test]
#[ignore = "needs ../shared/data: road"]
fn the_crow_beside_the_roads() {
    let model = CrowFly::new(TravelSettings::default()).unwrap();
    let margin = Margin::crow_fly();
    // The network of Berlin in the same folder is left out: its files do not say in what unit its times are.
    let mountains = "andorra: mountains";
    let networks = [
        ("north-bayreuth: country and the edge of a town", extract("north-bayreuth.osm.gz")),
        ("bautzen: a few streets", extract("bautzen.osm")),
        ("monaco", extract("monaco.osm.gz")),
        (mountains, extract("andorra.osm.pbf")),
        (
            "chicago: planning network without traffic",
            Roads::of_tntp("ChicagoRegional", 0.3048, 60.0),
        ),
    ];
    for (name, roads) in networks {
        let by_class = measure(&roads, &model);
        println!("{}", printed(name, &by_class, &margin));
        // What the margin is chosen by: in lowlands the middle journey lies within it, however far it is.
        for (class, mut journeys) in by_class {
            journeys.sort_by(|a, b| a.ratio().total_cmp(&b.ratio()));
            let middle = journeys[journeys.len() / 2];
            let is_within = name == mountains || middle.is_within(&margin);
            assert!(is_within, "{name}, {}: {}", class_name(class), middle.ratio());
        }
    }
}
