//! Files of a few points for every rule, with the seconds worked out by hand.
//!
//! Points lie on a grid at the equator, 0.009 degrees apart: 1,000.756 m. A road with a posted 50 is driven at 40
//! km/h: 90.07 s from one point to the next, 901 tenths.

use std::fs;
use std::io::Write;
use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use verbund::model::Position;
use verbund::roads::{
    Driving, EdgeList, ImportRoads, Longest, RoadClass, RoadFileError, RoadMap, RoadSide,
    RoadTravel,
};
use verbund::run::Control;
use verbund::travel::{Limits, Stop, TravelModel};
use verbund::units::Seconds;

use crate::common::shared_data;

/// A point of the grid: number, steps east, steps north, tags.
pub(crate) type GridPoint = (i64, f64, f64, &'static str);
pub(crate) const STEP: f64 = 0.009;

fn tags(text: &str) -> String {
    let mut xml = String::new();
    for tag in text.split(' ').filter(|tag| !tag.is_empty()) {
        let (key, value) = tag.split_once('=').unwrap();
        xml.push_str(&format!("<tag k=\"{key}\" v=\"{value}\"/>"));
    }
    xml
}

pub(crate) fn xml(points: &[GridPoint], ways: &[(&[i64], &str)], relations: &str) -> String {
    let mut xml = "<?xml version=\"1.0\"?>\n<osm version=\"0.6\">\n".to_owned();
    for (id, x, y, text) in points {
        let (lat, lon) = (y * STEP, x * STEP);
        xml.push_str(&format!(
            "<node id=\"{id}\" lat=\"{lat}\" lon=\"{lon}\">{}</node>\n",
            tags(text)
        ));
    }
    for (number, (refs, text)) in (1..).zip(ways) {
        xml.push_str(&format!("<way id=\"{number}\">"));
        for id in *refs {
            xml.push_str(&format!("<nd ref=\"{id}\"/>"));
        }
        xml.push_str(&format!("{}</way>\n", tags(text)));
    }
    xml + relations + "</osm>\n"
}

pub(crate) fn imported(text: &str) -> Result<RoadMap, RoadFileError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.osm");
    fs::write(&path, text).unwrap();
    let map = RoadMap::import(&path, &ImportRoads::default(), &Control::default())?;
    Ok(map.unwrap())
}

fn map_of(points: &[GridPoint], ways: &[(&[i64], &str)]) -> RoadMap {
    imported(&xml(points, ways, "")).unwrap()
}

/// Seconds from one place of the grid to another.
fn seconds(map: &RoadMap, from: (f64, f64), to: (f64, f64)) -> Option<u32> {
    seconds_over(&RoadTravel::new(Arc::new(map.clone())).unwrap(), from, to)
}

fn seconds_over(travel: &RoadTravel, from: (f64, f64), to: (f64, f64)) -> Option<u32> {
    let position = |grid: (f64, f64)| Position::new(grid.1 * STEP, grid.0 * STEP).unwrap();
    let (start, end) = (Stop::new("from", position(from)), Stop::new("to", position(to)));
    let limits = Limits::within(Seconds(60_000));
    let times = travel.lists(&[start], &[end], limits).unwrap();
    let first = times.from_origin(0).next();
    first.map(|(_, time)| time.0)
}

const LINE: [GridPoint; 2] = [(1, 0.0, 0.0, ""), (2, 1.0, 0.0, "")];

/// Seconds over one step of a road with these tags.
fn on_road(tags: &str) -> Option<u32> {
    let map = imported(&xml(&LINE, &[(&[1, 2], tags)], "")).ok()?;
    seconds(&map, (0.0, 0.0), (1.0, 0.0))
}

#[test]
fn classes_limits_surfaces_and_widths_make_the_speed() {
    // 1,000.756 m x 3.6 / km/h.
    for (tags, expected) in [
        ("highway=trunk", Some(42)),                         // 85: 42.4
        ("highway=trunk_link", Some(90)),                    // 40: 90.07
        ("highway=primary", Some(55)),                       // 65: 55.4
        ("highway=secondary", Some(66)),                     // 55: 65.5
        ("highway=tertiary", Some(90)),                      // 40
        ("highway=unclassified", Some(144)),                 // 25: 144.1
        ("highway=road", Some(144)),                         // nobody said what it is
        ("highway=residential", Some(144)),                  // 25
        ("highway=living_street", Some(360)),                // 10: 360.3
        ("highway=living_street maxspeed=walk", Some(643)),  // 7 x 0.8 = 5.6: 643.3
        ("highway=living_street maxspeed=50", Some(360)),    // not above 10
        ("highway=service", Some(240)),                      // 15: 240.2
        ("highway=residential maxspeed=50", Some(90)),       // 40
        ("highway=residential maxspeed=DE:urban", Some(90)), // 40
        ("highway=primary maxspeed=DE:rural", Some(45)),     // 80: 45.03
        ("highway=primary source:maxspeed=DE:rural", Some(45)),
        ("highway=primary maxspeed=none", Some(32)), // 112: 32.2
        ("highway=residential maxspeed=30mph", Some(93)), // 38.62: 93.3
        ("highway=primary maxspeed=50;70", Some(90)), // the first of a list
        ("highway=primary maxspeed=signals", Some(55)), // as if none were posted
        ("highway=primary maxspeed:forward=50", Some(90)), // driven eastwards
        ("highway=primary maxspeed:backward=50", Some(55)), // not this way
        ("highway=primary surface=cobblestone", Some(120)), // 30: 120.1
        ("highway=primary surface=asphalt", Some(55)),
        ("highway=tertiary width=2.5", Some(180)), // 20: 180.1
        ("highway=tertiary width=3.5", Some(90)),
        ("highway=footway", None),
        ("highway=cycleway", None),
        ("highway=track", None),
        ("highway=construction construction=primary", None),
        ("highway=residential area=yes", None),
        ("building=yes", None),
    ] {
        assert_eq!(on_road(tags), expected, "{tags}");
    }
}

#[test]
fn access_says_who_may_drive() {
    for (tags, is_road) in [
        ("access=no", false),
        ("access=no motor_vehicle=yes", true),
        ("motor_vehicle=no", false),
        ("motor_vehicle=agricultural", false),
        ("vehicle=no motorcar=yes", true),
        ("access=private", true), // the last metres to a hospital
        ("access=destination", true),
        ("access=customers", true),
        ("oneway=reversible", false),
    ] {
        let tags = format!("highway=service {tags}");
        assert_eq!(on_road(&tags).is_some(), is_road, "{tags}");
    }
}

/// A square with a side of one step: 1 south-west, 2 south-east, 3 north-east, 4 north-west.
const SQUARE: [GridPoint; 4] =
    [(1, 0.0, 0.0, ""), (2, 1.0, 0.0, ""), (3, 1.0, 1.0, ""), (4, 0.0, 1.0, "")];

#[test]
fn oneways_are_driven_one_way() {
    // There along the southern side, back over the three others: 90.07 s and 270.2 s. All of one class and without
    // a junction, but the direction changes where the oneway ends: 1 and 2 have two ends each, which cost nothing.
    for oneway in ["oneway=yes", "oneway=1", "junction=roundabout", "junction=circular"] {
        let south = format!("highway=tertiary maxspeed=50 {oneway}");
        let map =
            map_of(&SQUARE, &[(&[1, 2], &south), (&[2, 3, 4, 1], "highway=tertiary maxspeed=50")]);
        assert_eq!(seconds(&map, (0.0, 0.0), (1.0, 0.0)), Some(90), "{oneway}");
        assert_eq!(seconds(&map, (1.0, 0.0), (0.0, 0.0)), Some(270), "{oneway}");
    }
    for (tags, there, back) in [
        ("highway=tertiary maxspeed=50 oneway=-1", 270, 90),
        ("highway=tertiary maxspeed=50 oneway=no junction=roundabout", 90, 90),
        // A motorway is a oneway by itself; nobody starts on it, but from its ends. 90 km/h: 40.03 s.
        ("highway=motorway", 40, 270),
    ] {
        let map =
            map_of(&SQUARE, &[(&[1, 2], tags), (&[2, 3, 4, 1], "highway=tertiary maxspeed=50")]);
        assert_eq!(seconds(&map, (0.0, 0.0), (1.0, 0.0)), Some(there), "{tags}");
        assert_eq!(seconds(&map, (1.0, 0.0), (0.0, 0.0)), Some(back), "{tags}");
    }
}

#[test]
fn lights_gates_and_barriers_are_waited_at() {
    // Two steps with something between: 180.14 s without.
    for (tags, expected) in [
        ("", Some(180)),
        ("highway=traffic_signals", Some(182)),
        ("highway=stop", Some(182)),
        ("highway=stop direction=backward", Some(180)),
        ("highway=traffic_signals traffic_signals:direction=forward", Some(182)),
        ("highway=traffic_signals traffic_signals:direction=backward", Some(180)),
        ("barrier=gate", Some(240)),
        ("barrier=gate access=no", None),
        ("barrier=bollard", None),
        ("barrier=bollard motor_vehicle=yes", Some(180)),
        ("barrier=block", None),
        ("barrier=cattle_grid", Some(180)),
        ("barrier=toll_booth", Some(180)),
    ] {
        let tags: &'static str = tags;
        let points = [(1, 0.0, 0.0, ""), (2, 1.0, 0.0, tags), (3, 2.0, 0.0, "")];
        let map = map_of(&points, &[(&[1, 2, 3], "highway=tertiary maxspeed=50")]);
        // Behind a barrier the road is another one, and the smaller part is left out: the other end is then a step
        // away from any road. Both parts are as long here.
        let is_cut = expected.is_none();
        assert_eq!(map.counts().barriers, u64::from(is_cut), "{tags}");
        assert_eq!(map.counts().cut_off_pieces, u64::from(is_cut), "{tags}");
        if !is_cut {
            assert_eq!(seconds(&map, (0.0, 0.0), (2.0, 0.0)), expected, "{tags}");
        }
    }
}

#[test]
fn a_ferry_takes_as_long_as_it_says() {
    let points = [(1, 0.0, 0.0, ""), (2, 1.0, 0.0, ""), (3, 2.0, 0.0, ""), (4, 3.0, 0.0, "")];
    let road = "highway=tertiary maxspeed=50";
    // 90.07 s, 20 minutes over the water, 90.07 s; without a duration 720.5 s at 5 km/h.
    for (ferry, expected) in [
        ("route=ferry duration=00:20", 1380),
        ("route=ferry duration=PT20M", 1380),
        ("route=ferry", 901),
        ("route=ferry duration=soon", 901),
    ] {
        let map = map_of(&points, &[(&[1, 2], road), (&[2, 3], ferry), (&[3, 4], road)]);
        assert_eq!(seconds(&map, (0.0, 0.0), (3.0, 0.0)), Some(expected), "{ferry}");
    }
    // One that takes no cars links nothing.
    let map = map_of(
        &points,
        &[(&[1, 2], road), (&[2, 3], "route=ferry motor_vehicle=no"), (&[3, 4], road)],
    );
    assert_eq!((map.pieces(), map.counts().cut_off_pieces), (1, 1));
}

/// A crossing: 5 in the middle of 1 west, 2 east, 3 north, 4 south.
const CROSSING: [GridPoint; 5] = [
    (1, -1.0, 0.0, ""),
    (2, 1.0, 0.0, ""),
    (3, 0.0, 1.0, ""),
    (4, 0.0, -1.0, ""),
    (5, 0.0, 0.0, ""),
];
const ROAD: &str = "highway=tertiary maxspeed=50";
const ARMS: [(&[i64], &str); 4] =
    [(&[1, 5], ROAD), (&[5, 2], ROAD), (&[3, 5], ROAD), (&[4, 5], ROAD)];

#[test]
fn turns_cost_seconds_at_junctions() {
    let map = map_of(&CROSSING, &ARMS);
    // Two steps are 180.2 s in whole tenths; 0.007 s straight on, 2.1 s to the right, 5.4 s to the left.
    assert_eq!(seconds(&map, (-1.0, 0.0), (1.0, 0.0)), Some(180));
    assert_eq!(seconds(&map, (-1.0, 0.0), (0.0, -1.0)), Some(182));
    assert_eq!(seconds(&map, (-1.0, 0.0), (0.0, 1.0)), Some(186));
}

#[test]
fn on_the_left_the_turns_are_turned_over() {
    let map = Arc::new(map_of(&CROSSING, &ARMS));
    let left = RoadTravel::at(map, Driving::default().side(RoadSide::Left)).unwrap();
    assert_eq!(seconds_over(&left, (-1.0, 0.0), (1.0, 0.0)), Some(180));
    // 5.4 s to the right, over the oncoming lane, and 2.1 s to the left.
    assert_eq!(seconds_over(&left, (-1.0, 0.0), (0.0, -1.0)), Some(186));
    assert_eq!(seconds_over(&left, (-1.0, 0.0), (0.0, 1.0)), Some(182));
    assert!(left.name().ends_with("by car on free roads, on the left"), "{}", left.name());
}

#[test]
fn service_roads_are_for_those_who_start_or_end_on_them() {
    // From 1 to 4 over 2 and 3: a service road straight on from 2 to 3, posted so that it takes what ROAD takes, and a
    // way round of three steps over 5 and 6. Through: 901 + 901 + 901 and 15 s. Round: 54 to the left at 2 and at 3.
    let points = [
        (1, 0.0, 0.0, ""),
        (2, 1.0, 0.0, ""),
        (3, 2.0, 0.0, ""),
        (4, 3.0, 0.0, ""),
        (5, 1.0, 0.05, ""),
        (6, 2.0, 0.05, ""),
    ];
    let service = "highway=service maxspeed=50";
    let ways: [(&[i64], &str); 4] =
        [(&[1, 2], ROAD), (&[2, 3], service), (&[3, 4], ROAD), (&[2, 5, 6, 3], ROAD)];
    let map = map_of(&points, &ways);
    // Round: 901 + 54 + 991 (1.1 steps) + 54 + 901 = 2,901 tenths, where through costs 2,853.
    assert_eq!(seconds(&map, (0.0, 0.0), (3.0, 0.0)), Some(285));
    // Who ends or starts in its middle pays nothing: 901 + 450.
    assert_eq!(seconds(&map, (0.0, 0.0), (1.5, 0.0)), Some(135));
    assert_eq!(seconds(&map, (1.5, 0.0), (0.0, 0.0)), Some(135));
    assert_eq!(seconds(&map, (1.25, 0.0), (1.75, 0.0)), Some(45));
    // As a road it is driven through.
    let all_roads = [ways[0], (&[2, 3][..], ROAD), ways[2], ways[3]];
    assert_eq!(seconds(&map_of(&points, &all_roads), (0.0, 0.0), (3.0, 0.0)), Some(270));
}

fn restriction(kind: &str, members: &str) -> String {
    let tags = tags(&format!("type=restriction restriction={kind}"));
    format!("<relation id=\"1\">{members}{tags}</relation>")
}

#[test]
fn a_turn_that_is_forbidden_is_not_driven() {
    let members = "<member type=\"way\" ref=\"1\" role=\"from\"/>\
                   <member type=\"node\" ref=\"5\" role=\"via\"/>\
                   <member type=\"way\" ref=\"3\" role=\"to\"/>";
    // Not left: over the crossing, round at the eastern end (90 s there, 20 s and the turn, 90 s back), then right.
    // 901 + 901 + (200 + 75) + 901 + 21 + 901 tenths. Angles of -180 are over the oncoming lane; at a dead end the
    // turn itself costs nothing, as nothing is decided there: 3,825 - 75.
    let left = xml(&CROSSING, &ARMS, &restriction("no_left_turn", members));
    let map = imported(&left).unwrap();
    assert_eq!((map.counts().turn_restrictions, map.counts().other_restrictions), (1, 0));
    assert_eq!(seconds(&map, (-1.0, 0.0), (0.0, 1.0)), Some(383));
    assert_eq!(seconds(&map, (-1.0, 0.0), (1.0, 0.0)), Some(180));

    // Only left: the way straight on leads round at the northern end.
    let only = xml(&CROSSING, &ARMS, &restriction("only_left_turn", members));
    let map = imported(&only).unwrap();
    assert_eq!(seconds(&map, (-1.0, 0.0), (0.0, 1.0)), Some(186));
    // 901 + 54 + 901 + 200 + 901 + 54 (left again) + 901.
    assert_eq!(seconds(&map, (-1.0, 0.0), (1.0, 0.0)), Some(391));

    // Over a way, or for trucks only: counted, and not kept.
    for relation in [
        restriction("no_left_turn", &members.replace("type=\"node\"", "type=\"way\"")),
        restriction("no_left_turn except=motorcar", members),
        restriction("no_left_turn", ""),
    ] {
        let map = imported(&xml(&CROSSING, &ARMS, &relation)).unwrap();
        assert_eq!((map.counts().turn_restrictions, map.counts().other_restrictions), (0, 1));
        assert_eq!(seconds(&map, (-1.0, 0.0), (0.0, 1.0)), Some(186));
    }
}

#[test]
fn chains_are_joined_and_islands_left_out() {
    let mut points = SQUARE.to_vec();
    points.extend([(7, 9.0, 9.0, ""), (8, 9.5, 9.0, "")]);
    let map = map_of(
        &points,
        &[
            (&[1, 2], ROAD),
            (&[2, 3], ROAD),
            (&[3, 4], ROAD),
            (&[7, 8], ROAD),  // no road leads there
            (&[4, 99], ROAD), // its end is not in the file
        ],
    );
    // One chain of three ways from 1 to 4.
    assert_eq!((map.junctions(), map.pieces()), (2, 1));
    let counts = map.counts();
    assert_eq!((counts.ways, counts.missing_points), (5, 1));
    assert_eq!((counts.cut_off_pieces, counts.cut_off_metres), (1, 500));
    assert_eq!(seconds(&map, (0.0, 0.0), (0.0, 1.0)), Some(270));
    let (class, kilometres) = map.kilometres()[0];
    assert_eq!((class, (kilometres * 1000.0).round()), (RoadClass::Tertiary, 3002.0));
}

#[test]
fn the_way_to_the_road_is_driven_at_15_km_an_hour() {
    let map = map_of(&LINE, &[(&[1, 2], ROAD)]);
    // 0.1 steps beside the road, half way along it: 100.08 m are 24.02 s; 45.03 s on the road. To its end and beyond:
    // 0.1 steps more, 24.02 s.
    assert_eq!(seconds(&map, (0.5, 0.1), (1.0, 0.0)), Some(69));
    assert_eq!(seconds(&map, (0.5, -0.1), (1.1, 0.0)), Some(93));
    assert_eq!(seconds(&map, (0.5, 0.1), (0.5, 0.1)), Some(0));
    // On the same piece, both ways.
    assert_eq!(seconds(&map, (0.25, 0.0), (0.75, 0.0)), Some(45));
    assert_eq!(seconds(&map, (0.75, 0.0), (0.25, 0.0)), Some(45));
    // 10.007 steps are 10,014 m from any road.
    assert_eq!(seconds(&map, (0.5, 10.007), (1.0, 0.0)), None);
    assert_eq!(seconds(&map, (1.0, 0.0), (0.5, 10.007)), None);
}

#[test]
fn a_file_that_is_none_is_named() {
    let line = xml(&LINE, &[(&[1, 2], ROAD)], "");
    for (text, message) in [
        ("", "neither an extract"),
        ("place,hospital\na,b\n", "neither an extract"),
        ("<html></html>", "it has no element <osm>"),
        (&line[..line.len() - 7], "cut short"),
        (&line.replace("lat=\"0\"", "lat=\"north\""), "<node> has lat=\"north\""),
        (&line.replace("tertiary", "footway"), "no roads for cars"),
        (&line.replace("lat=\"0\"", "lat=\"95\""), "points that it lacks"),
        ("BZh91AY", "packed with bzip2"),
    ] {
        let error = imported(text).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
    let endless = format!("<osm><node id=\"{}", "1".repeat(3_000_000));
    let error = imported(&endless).unwrap_err().to_string();
    assert!(error.contains("a tag of more than"), "{error}");
    let few = ImportRoads::default().most_points(1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line.osm");
    fs::write(&path, &line).unwrap();
    let error = RoadMap::import(&path, &few, &Control::default()).unwrap_err();
    assert!(matches!(error, RoadFileError::TooManyPoints { most: 1 }));
}

#[test]
fn a_packed_file_is_the_same_and_a_map_reads_back() {
    let text = xml(&CROSSING, &ARMS, "");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.osm");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    fs::write(&path, packed.finish().unwrap()).unwrap();
    let map = RoadMap::import(&path, &ImportRoads::default(), &Control::default());
    let map = map.unwrap().unwrap();
    assert_eq!(map, imported(&text).unwrap());

    let file = folder.path().join("test.roads");
    map.write(&file).unwrap();
    assert_eq!(RoadMap::read(&file).unwrap(), map);
    let bytes = fs::read(&file).unwrap();
    let read = |bytes: &[u8]| {
        let path = folder.path().join("changed.roads");
        fs::write(&path, bytes).unwrap();
        RoadMap::read(&path).unwrap_err()
    };
    // Cut anywhere, or changed anywhere, it is refused.
    for length in 8..bytes.len() {
        assert!(matches!(read(&bytes[..length]), RoadFileError::Damaged(_)), "{length}");
    }
    for byte in 12..bytes.len() {
        let mut changed = bytes.clone();
        changed[byte] ^= 64;
        assert!(matches!(read(&changed), RoadFileError::Damaged(_)), "{byte}");
    }
    let mut older = bytes.clone();
    older[8] = 0;
    assert!(matches!(read(&older), RoadFileError::Version { version: 0, .. }));
    assert!(matches!(read(text.as_bytes()), RoadFileError::NoOsm));
    assert!(matches!(read(&[&bytes[..], b"x"].concat()), RoadFileError::Damaged(_)));
}

/// Bytes of a file with a few of them changed, left out or doubled.
pub(crate) fn mutated(bytes: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut mutated = bytes.to_vec();
    for _ in 0..random.random_range(1..6) {
        let place = random.random_range(0..mutated.len());
        match random.random_range(0..4) {
            0 => mutated[place] = random.random(),
            1 => mutated[place] ^= 1 << random.random_range(0..8),
            2 => drop(mutated.drain(place..(place + 20).min(mutated.len()))),
            _ => mutated.extend_from_within(place..),
        }
        if mutated.is_empty() {
            mutated.push(0);
        }
    }
    mutated
}

/// How many changed files of each kind are read in a test.
pub(crate) const CHANGED_FILES: u32 = 2000;

/// A road map, or a file of journeys, whose checksum is right again: over all but the name of its kind.
pub(crate) fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes.len().saturating_sub(4).max(8);
    bytes.resize(end, 0);
    let checksum = crc32fast::hash(&bytes[8..]);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes
}

/// Reads changed files: each is roads that can be searched, or an error.
pub(crate) fn stands(bytes: &[u8], name: &str, count: u32) {
    stands_once(bytes, name, count, |bytes| bytes);
}

/// The same of files that are made whole again, as somebody would who knows how they are read.
fn stands_once(bytes: &[u8], name: &str, count: u32, whole: impl Fn(Vec<u8>) -> Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut random = ChaCha8Rng::seed_from_u64(25);
    let settings = ImportRoads::default().most_points(1_000_000);
    let mut roads = 0;
    for _ in 0..count {
        fs::write(&path, whole(mutated(bytes, &mut random))).unwrap();
        let imported = RoadMap::import(&path, &settings, &Control::default());
        let maps = [imported.ok().flatten(), RoadMap::read(&path).ok()];
        for map in maps.into_iter().flatten() {
            roads += 1;
            seconds(&map, (0.0, 0.0), (0.0, 1.0));
        }
    }
    println!("{name}: {roads} of {count} are roads");
}

#[test]
fn changed_files_are_roads_or_errors() {
    let text = xml(&CROSSING, &ARMS, "");
    stands(text.as_bytes(), "crossing.osm", CHANGED_FILES);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    packed.write_all(text.as_bytes()).unwrap();
    stands(&packed.finish().unwrap(), "crossing.osm.gz", CHANGED_FILES);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("crossing.roads");
    imported(&text).unwrap().write(&path).unwrap();
    let bytes = fs::read(&path).unwrap();
    stands(&bytes, "crossing.roads", CHANGED_FILES);
    stands_once(&bytes, "sealed.roads", CHANGED_FILES, sealed);
}

#[test]
fn changed_lists_of_edges_are_graphs_or_errors() {
    let csv = "from,to,seconds\n7,3,60.4\n3,9,30\n9,7,1\n";
    let tntp = "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 3\n\
                <END OF METADATA>\n~\tinit\tterm\tcapacity\tlength\ttime\n\
                \t1\t2\t10\t5\t1.5\t;\n\t2\t3\t10\t5\t2\t;\n\t3\t1\t10\t5\t3\t;\n";
    let mut random = ChaCha8Rng::seed_from_u64(7);
    for _ in 0..CHANGED_FILES {
        for (text, is_csv) in [(csv, true), (tntp, false)] {
            let changed = mutated(text.as_bytes(), &mut random);
            let changed = String::from_utf8_lossy(&changed);
            let list = if is_csv {
                EdgeList::from_csv(&changed)
            } else {
                EdgeList::from_tntp(&changed, 60.0)
            };
            if let Ok(list) = list {
                let longest = Longest::new(Seconds(600));
                assert_eq!(list.graph.times_to(0, longest).is_ok(), list.graph.junctions() > 0);
            }
        }
    }
}

#[test]
#[ignore = "needs ../shared/data: extracts of OpenStreetMap"]
fn changed_extracts_are_roads_or_errors() {
    let folder = shared_data().join("road");
    for (name, count) in [("andorra.osm.pbf", 200), ("monaco.osm.gz", 50), ("bautzen.osm", 200)] {
        stands(&fs::read(folder.join(name)).unwrap(), name, count);
    }
}

#[test]
#[ignore = "needs ../shared/data: extracts of OpenStreetMap"]
fn extracts_are_imported_alike_on_any_number_of_threads() {
    let folder = shared_data().join("road");
    for name in ["andorra.osm.pbf", "monaco.osm.gz", "north-bayreuth.osm.gz", "bautzen.osm"] {
        let path = folder.join(name);
        let import = || {
            let map = RoadMap::import(&path, &ImportRoads::default(), &Control::default());
            Arc::new(map.unwrap().unwrap())
        };
        let map = import();
        assert_eq!(import(), map);
        let bounds = map.bounds().unwrap();
        let (low, high) = (bounds.south_west, bounds.north_east);
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut positions = Vec::new();
        for _ in 0..200 {
            let lat = random.random_range(low.lat()..high.lat());
            positions.push(Position::new(lat, random.random_range(low.lon()..high.lon())).unwrap());
        }
        let stops: Vec<Stop<'_>> =
            positions.iter().map(|position| Stop::new("x", *position)).collect();
        let limits = Limits::within(Seconds::from_minutes(60));
        let travel = RoadTravel::new(Arc::clone(&map)).unwrap();
        let lists = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| travel.lists(&stops, &stops[..30], limits).unwrap())
        };
        let times = lists(1);
        assert!(times == lists(2) && times == lists(8));
        println!(
            "{name}: {} junctions, {} pieces, {} of 6,000 journeys, {:?}",
            map.junctions(),
            map.pieces(),
            times.pairs(),
            map.counts()
        );
        assert!(times.pairs() > 1000);
    }
}
