//! The region on a generated road graph of its size.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::run::{json, output as run};

/// Streets from south to north, and from west to east.
const STREETS: (i64, i64) = (113, 108);
/// Degrees of the south-western corner, and from one street to the next: some 1.8 km, so that everybody lives within a
/// kilometre of one.
const CORNER: (f64, f64) = (50.45, 11.4);
const STEP: (f64, f64) = (0.016, 0.025);

/// An extract with a grid of streets, secondary roads with a posted 70, every tenth one a trunk road with a posted 100.
fn grid(folder: &TempDir) -> String {
    let mut text = "<osm version=\"0.6\">\n".to_owned();
    let number = |north: i64, east: i64| north * STREETS.1 + east + 1;
    for north in 0..STREETS.0 {
        for east in 0..STREETS.1 {
            let lat = CORNER.0 + STEP.0 * north as f64;
            let lon = CORNER.1 + STEP.1 * east as f64;
            let id = number(north, east);
            let _ = writeln!(text, "<node id=\"{id}\" lat=\"{lat}\" lon=\"{lon}\"/>");
        }
    }
    let mut way = |id: i64, points: Vec<i64>, street: i64| {
        let (class, limit) = if street % 10 == 5 { ("trunk", 100) } else { ("secondary", 70) };
        let _ = write!(text, "<way id=\"{id}\">");
        for point in points {
            let _ = write!(text, "<nd ref=\"{point}\"/>");
        }
        let _ = writeln!(
            text,
            "<tag k=\"highway\" v=\"{class}\"/><tag k=\"maxspeed\" v=\"{limit}\"/></way>"
        );
    };
    for north in 0..STREETS.0 {
        let points = (0..STREETS.1).map(|east| number(north, east)).collect();
        way(north + 1, points, north);
    }
    for east in 0..STREETS.1 {
        let points = (0..STREETS.0).map(|north| number(north, east)).collect();
        way(1_000 + east, points, east);
    }
    text.push_str("</osm>\n");
    let path = folder.path().join("grid.osm");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_check_of_flows_measures_journeys_by_the_roads() {
    let folder = TempDir::new().unwrap();
    let roads = grid(&folder);
    let crow = ["flows", "--check", "--network", "builtin:leipzig"];
    let (by_crow, by_road) = (json(&crow), json(&[&crow[..], &["--roads", &roads]].concat()));
    let about = |value: &Value| value["about"]["travel"].as_str().unwrap().to_owned();
    assert_eq!(about(&by_road), "roads of grid.osm, by car on free roads");
    assert_ne!(about(&by_crow), about(&by_road));

    // The births are those that were counted, whatever the roads; where the model sends them is not.
    let column = |value: &Value, column: &str| {
        let rows = value["tables"]["births"].as_array().unwrap();
        assert!(rows.len() >= 3, "{rows:?}");
        rows.iter().map(|row| row[column].clone()).collect::<Vec<Value>>()
    };
    assert_eq!(column(&by_crow, "hospital"), column(&by_road, "hospital"));
    assert_eq!(column(&by_crow, "observed"), column(&by_road, "observed"));
    assert_ne!(column(&by_crow, "nearest"), column(&by_road, "nearest"));

    // As text, too, with the same figures in its head.
    let (code, text, told) = run(&[&crow[..], &["--roads", &roads]].concat());
    assert_eq!((code, told.as_str()), (0, ""));
    assert!(text.contains("roads of grid.osm"), "{text}");
}

#[test]
fn a_report_over_roads_says_what_they_do_not_decide() {
    let folder = TempDir::new().unwrap();
    let roads = grid(&folder);
    let whole = ["report", "--network", "builtin:leipzig", "--roads", &roads];
    let report = json(&whole);
    assert_eq!(report["about"]["travel_error"], "journeys × 0.8 to × 1.2");
    let rows = report["tables"]["coverage"].as_array().unwrap();
    assert_eq!(rows.len(), 10);
    for row in rows {
        let share = |key: &str| row[key].as_f64().unwrap_or(f64::NAN);
        assert!(share("share_if_slow") <= share("share_within_limit"), "{row}");
        assert!(share("share_within_limit") <= share("share_if_quick"), "{row}");
        let is_turned = (share("share_if_slow") < 1.0) != (share("share_if_quick") < 1.0);
        assert_eq!(row["over_band"], if is_turned { "not decided" } else { "holds" }, "{row}");
    }

    // On one screen, what the band leaves open is said in words.
    let (code, text, _) = run(&whole);
    assert_eq!(code, 0);
    assert!(text.contains("over the band") && text.contains("decided by the road model"), "{text}");
}
