//! `verbund roads`, `verbund travel-times` and `--roads`, as a user runs them.
//!
//! The small network lies on one meridian, on which its crow flies at 60 km/h. A trunk road along it with a posted 75
//! is driven at 80 % of that, 60 km/h: over the road each journey takes what the crow takes.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::run::output as run;

/// Latitudes of Fdorf, north, Adorf, Bedorf (and west), Cedorf, Dedorf, south and Edorf.
const STOPS: [f64; 8] =
    [51.179_864, 51.0, 50.955_034, 50.910_068, 50.820_136, 50.685_238, 50.640_272, 50.325_51];

/// An extract with the road along the meridian of this longitude.
pub(crate) fn extract(folder: &TempDir, lon: f64) -> PathBuf {
    let mut text = "<osm version=\"0.6\">\n".to_owned();
    for (id, lat) in (1..).zip(STOPS) {
        text.push_str(&format!("<node id=\"{id}\" lat=\"{lat}\" lon=\"{lon}\"/>\n"));
    }
    text.push_str("<way id=\"7\">");
    for id in 1..=STOPS.len() {
        text.push_str(&format!("<nd ref=\"{id}\"/>"));
    }
    text.push_str("<tag k=\"highway\" v=\"trunk\"/><tag k=\"ref\" v=\"B 2\"/><tag k=\"maxspeed\" v=\"75\"/></way>\n</osm>\n");
    let path = folder.path().join("meridian.osm");
    fs::write(&path, text).unwrap();
    path
}

fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Seconds by place and hospital of `travel_times.csv`.
fn seconds<'t>(table: &'t str, from: &str, to: &str) -> Option<&'t str> {
    let start = format!("{from},{to},");
    table.lines().find_map(|line| line.strip_prefix(start.as_str()))
}

#[test]
fn two_commands_move_a_network_onto_roads() {
    let folder = TempDir::new().unwrap();
    let file = extract(&folder, 12.0);
    let graph = folder.path().join("meridian.roads");
    let (code, out, told) = run(&["roads", "import", shown(&file), "--output", shown(&graph)]);
    assert_eq!(code, 0, "{told}");
    // 20 km and 75 km.
    assert!(out.contains("trunk") && out.contains("95.0"), "{out}");

    // The file that was made and the extract itself are the same roads.
    for roads in [&graph, &file] {
        let arguments = ["travel-times", "--network", "builtin:small", "--roads", shown(roads)];
        let (code, table, told) = run(&arguments);
        assert_eq!((code, told.as_str()), (0, ""));
        assert_eq!(seconds(&table, "a", "north"), Some("300"));
        assert_eq!(seconds(&table, "c", "south"), Some("1200"));
        assert_eq!(seconds(&table, "e", "south"), Some("2100"));
        assert_eq!(seconds(&table, "north", "south"), Some("2400"));
        assert_eq!(seconds(&table, "south", "south"), Some("0"));
    }

    // And each analysis says what it says without them, but for the roads.
    let coverage = ["coverage", "--network", "builtin:small", "--format", "json"];
    let (_, by_crow, _) = run(&coverage);
    let (code, by_road, told) = run(&[&coverage[..], &["--roads", shown(&graph)]].concat());
    assert_eq!((code, told.as_str()), (0, ""));
    let head = "roads of meridian.osm, by car on free roads";
    assert!(by_road.contains(head), "{by_road}");
    let figures = |text: &str| {
        // The margin of roads is another one than that of the crow.
        let is_of_margin = |line: &str| {
            ["_if_slow", "_if_quick", "over_band", "road model"]
                .iter()
                .any(|word| line.contains(word))
        };
        let lines = text.lines().filter(|line| !line.contains("travel") && !is_of_margin(line));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(figures(&by_road), figures(&by_crow));
}

#[test]
fn roads_that_are_elsewhere_are_refused_and_far_stops_told() {
    let folder = TempDir::new().unwrap();
    // 0.1 degrees of longitude are 6.3 to 7.1 km here.
    let beside = extract(&folder, 12.1);
    let coverage = ["coverage", "--network", "builtin:small", "--roads", shown(&beside)];
    let (code, _, told) = run(&coverage);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("lie more than 1.0 km from any of its roads: "), "{told}");

    let elsewhere = extract(&folder, 100.0);
    let (code, _, told) = run(&coverage);
    assert_eq!(code, 2, "{}", shown(&elsewhere));
    assert!(told.contains("its roads are somewhere else"), "{told}");
}

#[test]
fn a_file_of_roads_that_is_none_is_named() {
    let folder = TempDir::new().unwrap();
    let file = extract(&folder, 12.0);
    let text = fs::read_to_string(&file).unwrap();
    let broken = folder.path().join("broken.osm");
    for (content, message) in [
        ("id,name\n", "neither an extract"),
        (&text[..300], "is broken"),
        (&text.replace("trunk", "footway"), "no roads for cars"),
    ] {
        fs::write(&broken, content).unwrap();
        let arguments = ["coverage", "--network", "builtin:small", "--roads", shown(&broken)];
        let (code, out, told) = run(&arguments);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(told.contains(message) && told.contains("broken.osm"), "{told}");
    }

    let missing = folder.path().join("missing.osm.pbf");
    let (code, _, told) = run(&["roads", "info", shown(&missing)]);
    assert_eq!(code, 2);
    assert!(told.contains("there is no such file"), "{told}");
    let (code, _, told) = run(&["roads", "import", shown(&file)]);
    assert_eq!(code, 2);
    assert!(told.contains("--output is missing"), "{told}");
    let (code, _, told) = run(&["roads", "import", shown(&file), "--output", shown(&file)]);
    assert_eq!(code, 2);
    assert!(told.contains("the run reads this file"), "{told}");
}

#[test]
fn outlines_profiles_and_closed_corridors_are_of_the_roads() {
    let folder = TempDir::new().unwrap();
    let file = extract(&folder, 12.0);
    let small = ["--network", "builtin:small", "--roads", shown(&file)];
    let (code, out, told) =
        run(&[&["isochrone", "--from", "south", "--minutes", "10,20"], &small[..]].concat());
    assert_eq!((code, told.as_str()), (0, ""));
    let outlines: Value = serde_json::from_str(&out).unwrap();
    let features = outlines["features"].as_array().unwrap();
    assert_eq!(features.len(), 2);
    assert_eq!(
        (&features[0]["properties"]["minutes"], &features[1]["properties"]["minutes"]),
        (&10.into(), &20.into())
    );
    // Each says what its minutes are, and how far they may be off: 20 % to either side, as of all roads.
    let properties = &features[0]["properties"];
    assert_eq!(properties["travel"], "roads of meridian.osm, by car on free roads");
    assert_eq!(properties["profile"], "free");
    assert_eq!(properties["roads_of_day"], Value::Null);
    for (key, number) in [
        ("travel_bias", 1.0),
        ("travel_relative_error", 0.2),
        ("travel_absolute_error_seconds", 0.0),
        ("minutes_if_quick", 8.0),
        ("minutes_if_slow", 12.0),
    ] {
        assert_eq!(properties[key].as_f64(), Some(number), "{key}");
    }
    // 10 km north of south is 50.730, 20 km are Cedorf; a cell more at most.
    for (feature, north) in features.iter().zip([50.730_2, 50.820_1]) {
        let ring = feature["geometry"]["coordinates"][0][0].as_array().unwrap();
        assert_eq!(ring.first(), ring.last());
        let northern = ring.iter().map(|corner| corner[1].as_f64().unwrap()).fold(0.0, f64::max);
        assert!((northern - north).abs() < 0.005, "{northern}");
    }

    // Speeds 22 % lower: 300 s / 0.78.
    let night = [&["travel-times", "--profile", "night"], &small[..]].concat();
    let (code, table, _) = run(&night);
    assert_eq!((code, seconds(&table, "a", "north")), (0, Some("385")));
    let (code, _, told) = run(&["report", "--profile", "night"]);
    assert_eq!(code, 2);
    assert!(told.contains("--profile is of roads"), "{told}");

    // A corridor over the road between Cedorf and Bedorf cuts it: there is no other one.
    let scenario = folder.path().join("bridge.ron");
    let change = "Road(corridor: [(lat: 50.85, lon: 11.99), (lat: 50.85, lon: 12.01), \
                  (lat: 50.86, lon: 12.01), (lat: 50.86, lon: 11.99)])";
    let text = format!(
        "Scenario(format: 1, id: \"bridge\", name: \"Bridge closed\", source: \"Invented\", \
         changes: [(on: \"2026-02-01\", reason: \"Rebuilt\", change: {change})])"
    );
    fs::write(&scenario, text).unwrap();
    let table = |arguments: &[&str]| {
        let scenario = ["--scenario", shown(&scenario)];
        let (code, out, told) = run(&[arguments, &small, &scenario].concat());
        assert_eq!(code, 0, "{told}");
        assert!(out.contains("by car on free roads, 1 road cut"), "{out}");
        out
    };
    // Bedorf is 10 minutes from north, Cedorf 20 from south; the road between them is cut.
    let bedorf = table(&["route", "--from", "Bedorf", "--need", "internal_medicine"]);
    assert!(bedorf.contains("Klinikum Nord") && !bedorf.contains("Krankenhaus Süd"), "{bedorf}");
    let cedorf = table(&["route", "--from", "Cedorf", "--need", "internal_medicine"]);
    assert!(cedorf.contains("Krankenhaus Süd") && !cedorf.contains("Klinikum Nord"), "{cedorf}");
}

#[test]
fn ambulances_the_side_of_the_road_and_checks_are_of_the_roads() {
    let folder = TempDir::new().unwrap();
    let file = extract(&folder, 12.0);
    let small = ["--network", "builtin:small", "--roads", shown(&file)];
    // 300 s by car; 22 % slower at night, and half of that: 300 / 0.78 / 2.
    for (flags, seconds_to_north, head) in [
        (
            &["--ambulance-factor", "0.5"][..],
            "150",
            "by ambulance (x 0.5 of the car's time, assumed) on",
        ),
        (&["--ambulance-factor", "0.5", "--profile", "night"], "192", "assumed) at night"),
        (&["--profile", "rush-hour"], "390", "by car at rush hour (factors assumed)"),
        (&["--profile", "snow"], "400", "by car in snow (factors assumed)"),
        (&["--drive-on", "left"], "300", "by car on free roads, on the left"),
    ] {
        let (code, table, told) = run(&[&["travel-times"], flags, &small].concat());
        assert_eq!((code, told.as_str()), (0, ""));
        assert_eq!(seconds(&table, "a", "north"), Some(seconds_to_north), "{flags:?}");
        let (code, out, _) = run(&[&["coverage"], flags, &small].concat());
        assert_eq!(code, 0);
        assert!(out.contains(head), "{out}");
    }
    for (flags, message) in [
        (&["coverage", "--ambulance-factor", "0.9"][..], "--ambulance-factor is of roads"),
        (&["coverage", "--drive-on", "left"], "--drive-on is of roads"),
    ] {
        let (code, _, told) = run(flags);
        assert_eq!(code, 2);
        assert!(told.contains(message), "{told}");
    }
    let (code, _, told) = run(&[&["coverage", "--ambulance-factor", "3"], &small[..]].concat());
    assert_eq!(code, 2);
    assert!(told.contains("--ambulance-factor 3: expected 0.5 to 2"), "{told}");

    // Not the roads are missing for a check of flows, but births to hold it against.
    let (code, _, told) = run(&[&["flows", "--check"], &small[..]].concat());
    assert_eq!(code, 2);
    assert!(told.contains("fewer than three hospitals with births"), "{told}");

    // The day of the roads, where an extract says it.
    let text = fs::read_to_string(&file).unwrap();
    let dated = folder.path().join("dated.osm");
    let root = "<osm version=\"0.6\">";
    fs::write(
        &dated,
        text.replace(root, &format!("{root}<meta osm_base=\"2014-11-05T10:47:02Z\"/>")),
    )
    .unwrap();
    let graph = folder.path().join("dated.roads");
    let (code, out, told) = run(&["roads", "import", shown(&dated), "--output", shown(&graph)]);
    assert_eq!(code, 0, "{told}");
    assert!(out.contains("roads of day  2014-11-05"), "{out}");
    for roads in [&dated, &graph] {
        let arguments = ["coverage", "--network", "builtin:small", "--roads", shown(roads)];
        let (_, out, _) = run(&arguments);
        assert!(out.contains("roads of dated.osm as on 2014-11-05, by car"), "{out}");
    }

    let (code, out, _) = run(&["roads", "info", shown(&file)]);
    assert_eq!(code, 0);
    assert!(out.contains("roads of day  the file does not say"), "{out}");
    for word in ["any, by ambulance", "10.59297/a7t70e66", "FHWA", "assumed", "sourced"] {
        assert!(out.contains(word), "{out}");
    }
}
