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

    // What the catalog assumes and what rules gave stand beside what the network assumes.
    let assumptions = book.worksheet_range("assumptions").unwrap();
    let has = |of: &str, basis: &str| {
        let is_it = |row: &&[Data]| {
            row[0] == Data::String(of.into()) && row[3].to_string().starts_with(basis)
        };
        assumptions.rows().any(|row| is_it(&row))
    };
    for of in ["network", "hospital", "cooperation", "standard", "demand", "pathway", "first leg"] {
        assert!(has(of, "assumed"), "{of}");
    }
    assert!(has("hospital", "derived: ") && has("demand", "derived: "));
}

#[test]
fn days_of_a_workbook_are_days() {
    let arguments = ["info", "--list", "scenarios", "--format", "xlsx"];
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(written(&arguments, "s.xlsx"))).unwrap();
    let sheet = book.worksheet_range("scenarios").unwrap();
    let header: Vec<String> =
        sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let day = header.iter().position(|key| key == "first_day").unwrap();
    let mut days = sheet.rows().skip(1).map(|row| &row[day]);
    assert!(days.any(|cell| matches!(cell, Data::DateTime(_))));
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

#[test]
fn a_map_says_which_tables_it_leaves_out() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("tables");
    let name = folder.to_str().unwrap();
    let report = ["report", "--network", "small", "--all-tables", name, "--format"];
    let (code, _, told) = output(&[&report[..], &["geojson"]].concat());
    assert_eq!(code, 0, "{told}");
    let all = json(&output(&["report", "--network", "small", "--format", "json"]).1);
    let kept = files(&folder);
    let (_, left_out) = told.rsplit_once(": ").expect("a list of tables");
    let left_out: BTreeSet<&str> = left_out.trim().split(", ").collect();
    // Each table is a file or is named, and none is both.
    for table in all["tables"].as_object().unwrap().keys() {
        let is_file = kept.contains(&format!("{table}.geojson"));
        assert_ne!(is_file, left_out.contains(table.as_str()), "{table}: {told}");
    }
    assert!(left_out.contains("coverage") && kept.contains("worst_places.geojson"), "{told}");

    // A format that has all of them says nothing, and a map of one table that is on it neither.
    assert_eq!(output(&[&report[..], &["csv"]].concat()), (0, String::new(), String::new()));
    let by_place = ["coverage", "ct", "--network", "small", "--by", "place", "--format", "geojson"];
    assert_eq!(output(&by_place).2, "");
}

#[test]
fn official_keys_stay_texts_in_a_spreadsheet() {
    let arguments = ["coverage", "stroke_unit", "--by", "place", "--format"];
    let excel = output(&[&arguments[..], &["csv-excel"]].concat()).1;
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(excel.as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|key| key == name).unwrap();
    let (ags, people) = (column("ags"), column("people"));
    for row in reader.records() {
        let row = row.unwrap();
        let digits = row[ags].strip_prefix("=\"").and_then(|key| key.strip_suffix('"'));
        let digits = digits.unwrap_or_else(|| panic!("{} would lose zeros", &row[ags]));
        assert!(digits.len() == 8 && digits.bytes().all(|letter| letter.is_ascii_digit()));
        // Numbers are numbers.
        assert!(row[people].parse::<u32>().is_ok(), "{}", &row[people]);
    }
    // Plain CSV has them as they are.
    let plain = output(&[&arguments[..], &["csv"]].concat()).1;
    assert!(plain.contains(",14730310,") && !plain.contains("=\""), "{plain}");
}

#[test]
fn hospitals_have_their_official_numbers_and_those_without_are_known() {
    let bytes = written(&["info", "--list", "hospitals", "--format", "json"], "hospitals.json");
    let hospitals = json(std::str::from_utf8(&bytes).unwrap());
    let hospitals = hospitals["tables"]["hospitals"].as_array().unwrap();
    let (mut numbers, mut without) = (BTreeSet::new(), Vec::new());
    let map = json(&output(&["graph", "--format", "geojson"]).1);
    for feature in map["features"].as_array().unwrap() {
        let properties = &feature["properties"];
        if properties["table"] != "hospitals" {
            continue;
        }
        match properties["site_number"].as_str() {
            // Section 7 of the agreement on the register of sites: 77, four digits, three zeros.
            Some(number) => {
                assert!(number.len() == 9 && number.starts_with("77"), "{number}");
                assert!(number.ends_with("000") && number.parse::<u32>().is_ok(), "{number}");
                assert!(numbers.insert(number.to_owned()), "{number} is there twice");
            }
            None => without.push(properties["hospital"].as_str().unwrap()),
        }
    }
    assert_eq!(numbers.len() + without.len(), hospitals.len());
    // One moved since 2020, and one has no site of its own in the register.
    assert_eq!(without, ["mittweida-paediatrie", "st-georg-tkv2-4-west"]);
}
