//! Roads of a map that scenarios close and slow down: by way, name, class and area.
//!
//! A bridge leads from 2 to 3, and a way round over 5 and 6, on the grid of `roads_osm`: a step takes 900.7 tenths, a
//! piece 901; a turn to the left 54, to the right 21.
//!
//! ```text
//!       5 - 6
//!       |   |
//!   1 - 2 = 3 - 4
//! ```

use std::fs;
use std::sync::Arc;

use serde_json::Value;
use tempfile::TempDir;
use verbund::Region;
use verbund::files::Folder;
use verbund::model::{MissingRoad, Position, RoadOfMap};
use verbund::region::RegionError;
use verbund::roads::{ImportRoads, RoadClass, RoadMap, RoadTravel};
use verbund::run::Control;
use verbund::scenario::{Change, DatedChange, Scenario};
use verbund::travel::{Limits, Stop, TravelModel};
use verbund::units::Seconds;

use crate::roads_osm::{GridPoint, STEP, imported, xml};
use crate::roads_program::extract;
use crate::run::output as run;

const POINTS: [GridPoint; 6] = [
    (1, 0.0, 0.0, ""),
    (2, 1.0, 0.0, ""),
    (3, 2.0, 0.0, ""),
    (4, 3.0, 0.0, ""),
    (5, 1.0, 1.0, ""),
    (6, 2.0, 1.0, ""),
];
const ROAD: &str = "highway=tertiary maxspeed=50 name=Landstraße";

fn travel() -> RoadTravel {
    let text = xml(
        &POINTS,
        &[
            (&[1, 2], ROAD),
            (&[2, 3], "highway=primary maxspeed=50 name=Elbbrücke ref=B182;B87"),
            (&[3, 4], ROAD),
            (&[2, 5, 6, 3], "highway=secondary maxspeed=50 ref=S24"),
        ],
        "",
    );
    let text = text.replace("way id=\"2\"", "way id=\"4711001\"");
    RoadTravel::new(Arc::new(imported(&text).unwrap())).unwrap()
}

fn position(east: f64, north: f64) -> Position {
    Position::new(north * STEP, east * STEP).unwrap()
}

/// Corners of a square around a point of the grid, `half` a side to each direction.
fn around(east: f64, north: f64, half: f64) -> Vec<Position> {
    vec![
        position(east - half, north - half),
        position(east + half, north - half),
        position(east + half, north + half),
        position(east - half, north + half),
    ]
}

/// Seconds between two points of the grid.
fn seconds(travel: &dyn TravelModel, from: (f64, f64), to: (f64, f64)) -> Option<u32> {
    let start = Stop::new("from", position(from.0, from.1));
    let end = Stop::new("to", position(to.0, to.1));
    let times = travel.lists(&[start], &[end], Limits::within(Seconds(60_000))).unwrap();
    let first = times.from_origin(0).next();
    first.map(|(_, time)| time.0)
}

/// Seconds over the bridge, or round, while a road is changed.
fn across(road: &RoadOfMap) -> Option<u32> {
    seconds(&travel().with_road(road).unwrap(), (0.0, 0.0), (3.0, 0.0))
}

fn named(name: &str) -> RoadOfMap {
    RoadOfMap { names: vec![name.to_owned()], ..RoadOfMap::default() }
}

#[test]
fn a_bridge_is_closed_by_way_name_number_class_and_area() {
    // 901 + 901 + 901 straight on.
    assert_eq!(seconds(&travel(), (0.0, 0.0), (3.0, 0.0)), Some(270));
    // 901 + 54 + 2,702 + 54 + 901 = 4,612: left at 2, left at 3. The bridge stays an arm of both junctions.
    let nothing = RoadOfMap::default();
    for closed in [
        RoadOfMap { ways: vec![4_711_001], ..nothing.clone() },
        named("Elbbrücke"),
        named("elbbrücke"),
        named("B 182"),
        named("B87"),
        RoadOfMap { classes: vec![RoadClass::Primary], ..nothing.clone() },
        RoadOfMap { area: around(1.5, 0.0, 0.1), ..nothing.clone() },
        // The road of this name is meant where it leads through the area, and no other one there.
        RoadOfMap { names: vec!["B 182".into()], area: around(1.5, 0.5, 0.7), ..nothing.clone() },
    ] {
        assert_eq!(across(&closed), Some(461), "{closed:?}");
    }
    // The way round is closed in its middle: nobody notices who takes the bridge.
    let round = RoadOfMap { area: around(1.5, 1.0, 0.1), ..nothing };
    assert_eq!(across(&round), Some(270));
    let both = travel().with_road(&round).unwrap().with_road(&named("B 182")).unwrap();
    assert_eq!(seconds(&both, (0.0, 0.0), (3.0, 0.0)), None);
    // Who lives at its closed middle, a quarter of a step from 5: 250.2 m at 15 km/h are 600 tenths to where the road
    // is open, 901 to 2, 21 to the right, 901.
    assert_eq!(seconds(&both, (1.25, 1.0), (0.0, 0.0)), Some(242));
    assert!(both.name().ends_with("by car on free roads, 2 roads cut"), "{}", both.name());
}

#[test]
fn roads_of_a_class_are_slowed_down_and_the_way_round_is_taken_where_it_is_quicker() {
    let slow = |factor: f64| RoadOfMap {
        classes: vec![RoadClass::Primary],
        factor: Some(factor),
        ..RoadOfMap::default()
    };
    // 901 + 1,802 + 901 = 3,604; 901 + 2,703 + 901 = 4,505, half a second up; then 4,612 round.
    assert_eq!(across(&slow(2.0)), Some(360));
    assert_eq!(across(&slow(3.0)), Some(451));
    assert_eq!(across(&slow(4.0)), Some(461));
    // One line of three of the way round takes twice its time: 2,702 x 4 / 3 = 3,603, and 5,513 in all.
    let middle = RoadOfMap {
        names: vec!["S 24".into()],
        area: around(1.5, 1.0, 0.1),
        factor: Some(2.0),
        ..RoadOfMap::default()
    };
    let travel = travel().with_road(&named("B 182")).unwrap().with_road(&middle).unwrap();
    assert_eq!(seconds(&travel, (0.0, 0.0), (3.0, 0.0)), Some(551));
    assert!(travel.name().ends_with(", 1 road cut, 1 road slowed down"), "{}", travel.name());
}

#[test]
fn what_the_map_lacks_is_named_with_what_was_meant() {
    let travel = travel();
    let lacks = |road: RoadOfMap| {
        let missing = travel.missing_roads(&road);
        assert_eq!(travel.with_road(&road).unwrap_err(), missing[0]);
        missing
    };
    let wrong = RoadOfMap {
        ways: vec![1, 4_711_010],
        names: vec!["Elbbrucke".into(), "B 182".into(), "Autobahn".into()],
        classes: vec![RoadClass::Primary, RoadClass::Motorway],
        ..RoadOfMap::default()
    };
    let told: Vec<String> =
        lacks(wrong).iter().map(|missing| format!("{}: {missing}", missing.field())).collect();
    assert_eq!(
        told,
        [
            "ways[1]: the map has no way 4711010; did you mean \"4711001\"?",
            "names[0]: the map has no road \"Elbbrucke\"; did you mean \"Elbbrücke\"?",
            "names[2]: the map has no road \"Autobahn\"",
            "classes[1]: the map has no road of class \"motorway\"",
        ]
    );
    let elsewhere = RoadOfMap { area: around(2.5, 0.0, 0.1), ..named("B 182") };
    assert_eq!(lacks(elsewhere), [MissingRoad::Area]);
}

#[test]
#[ignore = "needs ../shared/data: extracts of OpenStreetMap"]
fn no_journey_of_an_extract_is_quicker_when_roads_are_closed_or_slow() {
    let path = crate::common::shared_data().join("road/andorra.osm.pbf");
    let map = RoadMap::import(&path, &ImportRoads::default(), &Control::default());
    let before = RoadTravel::new(Arc::new(map.unwrap().unwrap())).unwrap();
    let mut stops = Vec::new();
    for step in 0..60 {
        let (lat, lon) = (42.45 + 0.015 * f64::from(step % 10), 1.45 + 0.05 * f64::from(step / 10));
        stops.push(Stop::new("x", Position::new(lat, lon).unwrap()));
    }
    let limits = Limits::within(Seconds::from_minutes(120));
    let times = |travel: &RoadTravel| {
        let lists = travel.lists(&stops, &stops, limits).unwrap();
        let mut times = vec![u32::MAX; stops.len() * stops.len()];
        for start in 0..stops.len() {
            for (end, time) in lists.from_origin(start) {
                times[start * stops.len() + end.index()] = time.0;
            }
        }
        times
    };
    let free = times(&before);
    let slow = RoadOfMap { factor: Some(1.5), ..named("CG-1") };
    for road in [named("CG-1"), named("cg-2"), slow] {
        let travel = before.with_road(&road).unwrap();
        let changed = times(&travel);
        let mut slower = 0;
        for (before, after) in free.iter().zip(&changed) {
            assert!(after >= before, "{road:?}: {before} s before, {after} s after");
            slower += usize::from(after > before);
        }
        println!("{}: {slower} of {} journeys are slower", travel.name(), free.len());
        assert!(slower > 0);
    }
}

/// The small network over a road along its meridian.
fn small_region(folder: &TempDir) -> Region {
    let path = extract(folder, 12.0);
    let map = RoadMap::import(&path, &ImportRoads::default(), &Control::default());
    let travel = RoadTravel::new(Arc::new(map.unwrap().unwrap())).unwrap();
    let model = Folder::small().read().unwrap();
    let day = model.network.date();
    Region::with_travel(&model, day, Arc::new(travel), Region::CUTOFF).unwrap()
}

#[test]
fn a_closure_holds_from_its_day_until_its_day() {
    let folder = TempDir::new().unwrap();
    let region = small_region(&folder);
    let moment = |text: &str| text.parse().unwrap();
    // Between Cedorf and Bedorf.
    let corner = |lat: f64, lon: f64| Position::new(lat, lon).unwrap();
    let area = vec![corner(50.85, 11.99), corner(50.86, 11.99), corner(50.86, 12.01)];
    let road = RoadOfMap { area, ..named("B2") };
    let change = DatedChange::new(moment("2026-03-01"), "rebuilt", Change::RoadOfMap(road.clone()));
    let scenario =
        Scenario::new("bridge", "Bridge", "invented").change(change.until(moment("2026-05-01")));
    let checked = region.check_scenario(scenario.clone()).unwrap();
    let from_cedorf = |day: &str| {
        let region = region.apply_checked(&[&checked], moment(day)).unwrap();
        let place = region.find_place("Cedorf").unwrap();
        let mut reached = Vec::new();
        for (hospital, time) in region.from_centre(place) {
            reached.push((region.network()[hospital].key.clone(), time.0));
        }
        reached
    };
    let before = from_cedorf("2026-02-28");
    assert_eq!(before.len(), 4, "{before:?}");
    let cut = [("west-day".to_owned(), 0), ("south".to_owned(), 1200)];
    assert_eq!(from_cedorf("2026-03-01"), cut);
    assert_eq!(from_cedorf("2026-04-30"), cut);
    assert_eq!(from_cedorf("2026-05-01"), before);
    // It is written and read back.
    let text = scenario.to_ron();
    let network = region.network();
    assert_eq!(Scenario::read(&text, "bridge.ron", network, region.places()).unwrap(), scenario);

    // Roads that are slower by hand stay so, and other journeys cannot be told by the map.
    let slower =
        region.with_slower_roads(2.0).with_roads_of_map(std::slice::from_ref(&road)).unwrap();
    let place = slower.find_place("Cedorf").unwrap();
    let times: Vec<u32> = slower.from_centre(place).map(|(_, time)| time.0).collect();
    assert_eq!(times, [0, 2400]);
    let by_hand = region.with_journeys(|_, _, time| Some(time));
    let missing = by_hand.with_roads_of_map(std::slice::from_ref(&road)).unwrap_err();
    assert_eq!(missing, RegionError::Road(MissingRoad::OtherJourneys));
    let crow = Region::new(&Folder::small().read().unwrap(), network.date()).unwrap();
    let missing = crow.with_roads_of_map(&[road]).unwrap_err();
    assert_eq!(missing, RegionError::Road(MissingRoad::NoMap));
    let moment = moment("2026-03-01");
    assert!(matches!(crow.apply(&[&scenario], moment), Err(RegionError::Road(_))));
    assert!(crow.check_scenario(scenario).unwrap_err().to_string().contains("without a map"));
}

#[test]
fn the_program_closes_a_road_and_says_who_loses_and_what_it_lacks() {
    let folder = TempDir::new().unwrap();
    let file = extract(&folder, 12.0);
    let scenario = folder.path().join("bridge.ron");
    let write = |change: &str| {
        let text = format!(
            "Scenario(format: 1, id: \"bridge\", name: \"Bridge closed\", source: \"Invented\", changes: [\n\
             (on: \"2026-02-01\", reason: \"Rebuilt\", change: {change})])"
        );
        fs::write(&scenario, text).unwrap();
    };
    let shown = scenario.to_str().unwrap();
    let compare = |roads: bool| {
        let mut arguments = vec!["compare", "--network", "builtin:small", "--format", "json"];
        arguments.extend(["--scenario", shown]);
        if roads {
            arguments.extend(["--roads", file.to_str().unwrap()]);
        }
        run(&arguments)
    };
    let area =
        "area: [(lat: 50.85, lon: 11.99), (lat: 50.86, lon: 11.99), (lat: 50.86, lon: 12.01)]";
    write(&format!("RoadOfMap(names: [\"B 2\"], {area})"));
    let (code, out, told) = compare(true);
    assert_eq!(code, 0, "{told}");
    let value: Value = serde_json::from_str(&out).unwrap();
    let text = value.to_string();
    assert!(text.contains("28,000 more people reach no such hospital at all"), "{text}");

    // Without roads it is refused with its place, and told in German, too.
    let (code, out, told) = compare(false);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(told.contains("bridge.ron:2:") && told.contains("without a map of roads"), "{told}");

    // The head has the roads before and those after.
    let about = &value["about"];
    assert_eq!(about["travel"], "roads of meridian.osm, by car on free roads");
    assert_eq!(about["travel_after"], "roads of meridian.osm, by car on free roads, 1 road cut");

    let check = |with_roads: bool| {
        let mut arguments = vec!["check", "--network", "builtin:small", "--scenario", shown];
        if with_roads {
            arguments.extend(["--roads", file.to_str().unwrap()]);
        }
        let (code, out, told) = run(&arguments);
        (code, format!("{out}{told}"))
    };
    let (code, told) = check(false);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("names roads of a map: --roads FILE looks them up"), "{told}");
    let (code, told) = check(true);
    assert_eq!(code, 0, "{told}");
    assert!(!told.contains("names roads of a map"), "{told}");
    let alone = ["check", "--network", "builtin:small", "--roads", file.to_str().unwrap()];
    let (code, _, told) = run(&alone);
    assert_eq!(code, 2);
    assert!(told.contains("--roads needs a --scenario"), "{told}");

    for (change, message) in [
        ("RoadOfMap(names: [\"B 3\"])", "the map has no road \"B 3\""),
        ("RoadOfMap(names: [\"B 3\"])", "did you mean \"B 2\"?"),
        ("RoadOfMap(ways: [8])", "the map has no way 8"),
        ("RoadOfMap(ways: [\"7\"])", "the number of a way"),
        ("RoadOfMap(classes: [\"primary\"])", "the map has no road of class \"primary\""),
        ("RoadOfMap(classes: [\"trunc\"])", "did you mean \"trunk\"?"),
        ("RoadOfMap(classes: [trunk], factor: 1.0)", "a factor of 1"),
        ("RoadOfMap(classes: [trunk], factor: NaN)", "NaN is out of range"),
        ("RoadOfMap()", "all roads everywhere"),
        ("RoadOfMap(names: [\"B 2\", \"B 2\"])", "\"B 2\" is there twice"),
        (
            "RoadOfMap(names: [\"B 2\"], area: [(lat: 50.85, lon: 11.99)])",
            "fewer than three corners",
        ),
    ] {
        write(change);
        let (code, _, told) = compare(true);
        assert_eq!(code, 2, "{change}: {told}");
        assert!(told.contains(message), "{change}: {told}");
        // A check says what the analyses say.
        let (code, told) = check(true);
        assert_eq!(code, 1, "{change}: {told}");
        assert!(told.contains(message), "{change}: {told}");
        // An area with a fault of its own is not blamed a second time.
        assert!(!told.contains("leads through the area"), "{change}: {told}");
    }
}
