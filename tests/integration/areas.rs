//! Borders of places: read with every fault at once, and matched to places by key.

use std::fs;

use geo::{LineString, MultiPolygon, Polygon, Validation};
use serde_json::Value;
use verbund::files::Folder;
use verbund::model::Areas;
use verbund::problem::ProblemKind::{self, Duplicate, Missing, Range, Type};
use verbund::problem::Problems;

fn read(text: &str) -> Result<Option<Areas>, Problems> {
    Folder::of_files([("areas.geojson", text)]).areas()
}

fn collection(features: &str) -> String {
    format!(r#"{{"type": "FeatureCollection", "features": [{features}]}}"#)
}

fn feature(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type": "Feature", "properties": {properties}, "geometry": {geometry}}}"#)
}

/// A square of a hundredth of a degree.
const SQUARE: &str =
    r#"{"type": "Polygon", "coordinates": [[[12, 51], [12.01, 51], [12.01, 51.01], [12, 51]]]}"#;

#[test]
fn the_regions_areas_are_those_of_all_places_inside() {
    let areas = Folder::leipzig().areas().unwrap().unwrap();
    let places = Folder::leipzig().read().unwrap().places;
    let matched = areas.of_places(&places);
    assert!(matched.without_place.is_empty(), "{:?}", matched.without_place);
    assert!(matched.without_area.is_empty(), "{:?}", matched.without_area);
    for (place, area) in places.places.iter().zip(&matched.by_place) {
        assert_eq!(area.is_some(), !place.outside, "{}", place.key);
    }
    // Named where they come from, as their licence asks for.
    assert_eq!(areas.sources.len(), 2);
    assert!(areas.sources.iter().all(|source| source.licence.as_deref() == Some("dl-de/by-2-0")));
}

#[test]
fn borders_that_come_along_do_not_cross_themselves() {
    // A program of maps refuses such an area, and where two parts of it overlap, a hole is drawn.
    let ring = |points: &Value| -> LineString {
        let points = points.as_array().unwrap().iter();
        let degrees = |point: &Value, number: usize| point[number].as_f64().unwrap();
        points.map(|point| (degrees(point, 0), degrees(point, 1))).collect()
    };
    for network in ["leipzig", "germany"] {
        let path = format!("{}/networks/{network}/areas.geojson", env!("CARGO_MANIFEST_DIR"));
        let file: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        for feature in file["features"].as_array().unwrap() {
            let coordinates = &feature["geometry"]["coordinates"];
            let is_one = feature["geometry"]["type"] == "Polygon";
            let parts = if is_one {
                vec![coordinates.clone()]
            } else {
                coordinates.as_array().unwrap().clone()
            };
            let mut polygons = Vec::new();
            for part in &parts {
                let mut rings: Vec<LineString> =
                    part.as_array().unwrap().iter().map(ring).collect();
                polygons.push(Polygon::new(rings.remove(0), rings));
            }
            let drawn = MultiPolygon::new(polygons);
            assert!(drawn.is_valid(), "{network}: {}", feature["properties"]);
        }
    }
}

#[test]
fn the_last_point_of_a_ring_is_not_kept_twice() {
    let areas = read(&collection(&feature(r#"{"ags": "1"}"#, SQUARE))).unwrap().unwrap();
    assert_eq!((areas.areas[0].key.as_str(), areas.areas[0].rings[0].len()), ("1", 3));
}

#[test]
fn every_fault_is_told_at_once() {
    let features = [
        feature(r#"{"key": "a"}"#, SQUARE),
        feature(r#"{"key": "a"}"#, SQUARE),
        feature(r#"{"key": 3}"#, SQUARE),
        feature(r#"{"key": "b"}"#, r#"{"type": "Point", "coordinates": [12, 51]}"#),
        feature(
            r#"{"key": "c"}"#,
            r#"{"type": "Polygon", "coordinates": [[[12, 51], [51, 120], [12, 51]], [[1, 1]], 7]}"#,
        ),
        feature(r#"{"key": "d"}"#, r#"{"type": "Polygon", "coordinates": []}"#),
        feature(
            r#"{"key": "e"}"#,
            r#"{"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 2]]]}"#,
        ),
    ];
    let problems = read(&collection(&features.join(","))).unwrap_err();
    let kinds: Vec<ProblemKind> = problems.list().iter().map(|problem| problem.kind).collect();
    // Of c three rings and that none is left; of e the open ring and the same.
    assert_eq!(
        kinds,
        [Duplicate, Missing, Type, Range, Range, Range, Missing, Missing, Range, Missing]
    );
    let told = problems.to_string();
    assert!(
        told.contains("feature 4 \"b\", field geometry: a geometry of type \"Point\""),
        "{told}"
    );
    assert!(told.contains("latitude 120"), "{told}");
}

#[test]
fn a_ring_has_three_different_points() {
    for points in [
        "[12, 51], [12, 51], [12, 51], [12, 51]",
        "[12, 51], [12.01, 51], [12.01, 51], [12, 51]",
        "[12, 51], [12.01, 51], [12, 51], [12.01, 51], [12, 51]",
    ] {
        let geometry = format!(r#"{{"type": "Polygon", "coordinates": [[{points}]]}}"#);
        let problems = read(&collection(&feature(r#"{"key": "a"}"#, &geometry))).unwrap_err();
        let kinds: Vec<ProblemKind> = problems.list().iter().map(|problem| problem.kind).collect();
        assert_eq!(kinds, [Range, Missing], "{points}");
        let told = problems.to_string();
        assert!(told.contains("ring 1: has fewer than three different points"), "{told}");
    }
}

#[test]
fn what_is_no_geojson_is_a_fault_and_never_a_panic() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    for text in ["", "{", "[]", "null", r#"{"type": "Topology"}"#, deep.as_str()] {
        let problems = read(text).unwrap_err();
        assert_eq!(problems.count(), 1, "{problems}");
    }
    let sources = r#"{"type": "FeatureCollection", "features": [], "sources": "me"}"#;
    assert!(read(sources).unwrap_err().to_string().contains("title and licence"));
}

#[test]
fn areas_that_match_no_place_are_told_by_key() {
    let text = collection(&feature(r#"{"key": "nowhere"}"#, SQUARE));
    let areas = read(&text).unwrap().unwrap();
    let places = Folder::small().read().unwrap().places;
    let matched = areas.of_places(&places);
    assert_eq!(matched.without_place, ["nowhere"]);
    let inside = places.places.iter().filter(|place| !place.outside).count();
    assert_eq!(matched.without_area.len(), inside);
}
