//! Results as files for other desks: read back by other programs' readers.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::Path;

use calamine::{Data, Reader, Xlsx};
use quick_xml::events::Event;
use serde_json::Value;

use crate::run::{output, refused, run, verbund};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn written(arguments: &[&str], name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut all = arguments.to_vec();
    all.extend(["--output", path.to_str().unwrap()]);
    let (code, _, told) = output(&all);
    assert_eq!(code, 0, "{told}");
    std::fs::read(&path).unwrap()
}

/// Twice the area that a closed ring encloses; above 0 when it runs counterclockwise.
fn turns(ring: &Value) -> f64 {
    let points = ring.as_array().unwrap();
    let number = |point: &Value, axis: usize| point[axis].as_f64().unwrap();
    assert_eq!(points.first(), points.last(), "a ring ends where it begins");
    let mut area = 0.0;
    for pair in points.windows(2) {
        area +=
            number(&pair[0], 0) * number(&pair[1], 1) - number(&pair[1], 0) * number(&pair[0], 1);
    }
    area
}

#[test]
fn places_are_areas_with_official_keys_and_rings_that_turn_right() {
    let (code, text, told) =
        output(&["coverage", "stroke_unit", "--by", "place", "--format", "geojson"]);
    assert_eq!(code, 0, "{told}");
    let map = json(&text);
    assert_eq!(map["type"], "FeatureCollection");
    let features = map["features"].as_array().unwrap();
    let areas: Vec<&Value> =
        features.iter().filter(|feature| feature["geometry"]["type"] == "MultiPolygon").collect();
    assert_eq!(areas.len(), 123, "as many as areas.geojson has");
    for area in &areas {
        for polygon in area["geometry"]["coordinates"].as_array().unwrap() {
            for (position, ring) in polygon.as_array().unwrap().iter().enumerate() {
                assert_eq!(turns(ring) > 0.0, position == 0);
            }
        }
    }

    let torgau = features.iter().find(|feature| feature["properties"]["place_name"] == "Torgau");
    let properties = &torgau.unwrap()["properties"];
    assert_eq!(properties["ags"], properties["place"]);
    assert!(properties["lat"].as_f64().unwrap() > 51.0, "{properties}");
    assert!(properties["mean_minutes"].is_number());
}

#[test]
fn catchments_and_gaps_are_on_the_map_and_sums_of_a_region_are_not() {
    let map =
        json(&output(&["coverage", "stroke_unit", "--by", "hospital", "--format", "geojson"]).1);
    assert_eq!(map["features"][0]["geometry"]["type"], "Point");
    // Longitude first.
    assert!(map["features"][0]["geometry"]["coordinates"][0].as_f64().unwrap() < 20.0);
    let gaps = json(&output(&["coverage", "stroke_unit", "--by", "gap", "--format", "geojson"]).1);
    assert!(gaps["features"].as_array().is_some());
    refused(&["coverage", "--format", "geojson"], &["rows are places, hospitals or cooperations"]);
    refused(&["coverage", "--format", "graphml"], &["verbund graph"]);
}

#[test]
fn the_network_itself_is_points_and_lines() {
    let map = json(&output(&["graph", "--format", "geojson"]).1);
    let features = map["features"].as_array().unwrap();
    let of = |table: &str| {
        features.iter().filter(|feature| feature["properties"]["table"] == table).count()
    };
    let hospitals = json(&output(&["info", "--list", "hospitals", "--format", "json"]).1);
    assert_eq!(of("hospitals"), hospitals["tables"]["hospitals"].as_array().unwrap().len());
    let graph = json(&output(&["graph", "--format", "json"]).1);
    assert_eq!(of("cooperations"), graph["tables"]["cooperations"].as_array().unwrap().len());
}

#[test]
fn graphml_has_every_hospital_once_and_edges_between_them() {
    let text = output(&["graph", "--format", "graphml"]).1;
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut nodes, mut edges) = (BTreeSet::new(), 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) => {
                let value = |name: &str| {
                    let found = element.try_get_attribute(name).unwrap();
                    found.unwrap().value.into_owned()
                };
                match element.name().as_ref() {
                    "node" => assert!(nodes.insert(value("id")), "a node twice"),
                    "edge" => {
                        edges += 1;
                        assert!(
                            nodes.contains(&value("source")) && nodes.contains(&value("target"))
                        );
                    }
                    _ => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(nodes.contains("kkh-torgau") && edges > 20, "{edges} edges");
    let dot = output(&["graph", "--format", "dot"]).1;
    assert!(dot.starts_with("digraph ") && dot.ends_with("}\n"));
}

#[test]
fn a_workbook_has_a_sheet_a_table_with_numbers_and_official_keys() {
    let arguments = ["coverage", "stroke_unit", "--by", "place", "--format", "xlsx"];
    let bytes = written(&arguments, "places.xlsx");
    assert_eq!(bytes, written(&arguments, "again.xlsx"), "the same bytes");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["places", "about", "columns", "sources", "assumptions"]);
    let sheet = book.worksheet_range("places").unwrap();
    let header: Vec<String> =
        sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let column = |name: &str| header.iter().position(|key| key == name).unwrap();
    let row = sheet.rows().find(|row| row[column("place_name")] == Data::String("Torgau".into()));
    let row = row.unwrap();
    assert_eq!(row[column("ags")], row[column("place")]);
    assert!(matches!(row[column("people")], Data::Float(people) if people > 10_000.0));
    assert!(matches!(row[column("lat")], Data::Float(lat) if lat > 51.0 && lat < 52.0));
    assert!(book.worksheet_range("sources").unwrap().rows().count() > 10);
}

#[test]
fn a_file_has_all_rows_and_official_keys_where_the_screen_has_ten() {
    let (_, screen, _) = output(&["report", "--format", "json"]);
    let worst = |text: &str| json(text)["tables"]["worst_places"].as_array().unwrap().len();
    assert_eq!(worst(&screen), 10);
    let file = written(&["report", "--format", "json"], "report.json");
    assert!(worst(std::str::from_utf8(&file).unwrap()) > 100);

    let file =
        written(&["coverage", "stroke_unit", "--by", "hospital", "--format", "csv"], "c.csv");
    let text = String::from_utf8(file).unwrap();
    let header = text.lines().next().unwrap();
    assert!(header.contains(",site_number,lat,lon"), "{header}");
}

fn files(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn all_tables_are_files_of_a_folder_and_nothing_else_is_ever_replaced() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("tables");
    let name = folder.to_str().unwrap();
    let (code, told, _) = output(&["graph", "--all-tables", name]);
    assert_eq!((code, told.as_str()), (0, ""));
    let expected = ["about.json", "bridges.csv", "cooperations.csv", "hospitals.csv"];
    assert_eq!(files(&folder), expected.map(String::from).into());
    let text = std::fs::read_to_string(folder.join("hospitals.csv")).unwrap();
    assert!(text.starts_with("hospital,hospital_name,"), "{text}");

    // The same command may write there again, in another format as well; another one may not.
    assert_eq!(output(&["graph", "--all-tables", name, "--format", "csv-excel"]).0, 0);
    refused(&["info", "--all-tables", name], &["about.json", "did not write"]);
    // A file of somebody else stays.
    std::fs::write(folder.join("mine.txt"), "mine").unwrap();
    refused(&["graph", "--all-tables", name], &["mine.txt", "did not write"]);
    assert_eq!(std::fs::read_to_string(folder.join("mine.txt")).unwrap(), "mine");
    assert_eq!(files(parent.path()).len(), 1, "no draft is left");
    refused(&["man", "--all-tables", name], &["no table"]);
}

#[test]
fn columns_completions_and_a_manual() {
    let columns = json(&output(&["info", "--list", "columns", "--format", "json"]).1);
    assert!(columns["tables"]["columns"].as_array().unwrap().len() > 300);
    for shell in ["bash", "zsh", "fish"] {
        let script = output(&["completions", shell]).1;
        assert!(script.contains("coverage") && script.contains("all-tables"), "{shell}");
    }
    let (code, manual, _) = run(verbund(&["man"]));
    assert_eq!(code, 0);
    assert!(manual.contains(".TH verbund 1") && manual.contains("VERBUND COVERAGE"), "{manual}");
}
