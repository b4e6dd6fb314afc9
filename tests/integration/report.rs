//! The report: golden output on the small network, and keys that stay.

use std::collections::BTreeSet;

use assert_cmd::Command;
use serde_json::Value;
use verbund::Region;
use verbund::report::{COLUMNS, Column};

use crate::common::*;
use crate::run::{json, text};

fn report(arguments: &[&str]) -> String {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("verbund"));
    command.env("LC_ALL", "C").args(["report", "--network", "small"]).args(arguments);
    let output = command.output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_small_network_as_text() {
    insta::assert_snapshot!(report(&["--full", "--keys"]));
}

/// Whether a text has at most 50 lines of 100 columns.
fn fits_one_screen(text: &str) -> bool {
    let widest = text.lines().map(|line| line.chars().count()).max();
    text.lines().count() <= 50 && widest <= Some(100)
}

#[test]
fn the_report_fits_one_screen() {
    let merger = ["--scenario", "merger-delitzsch-eilenburg"];
    let asked: [&[&str]; 5] = [
        &["--network", "leipzig"],
        &["--network", "small"],
        &["--network", "leipzig", "--at", "Sat 03:00"],
        &["--network", "leipzig", "--scenario", "torgau-internal-closed"],
        &merger,
    ];
    for arguments in asked {
        for language in ["en", "de"] {
            let told = text(&[&["report", "--lang", language], arguments].concat());
            assert!(fits_one_screen(&told), "{arguments:?}:\n{told}");
            // A finding a question; the small network has no framework agreement.
            let items = told.lines().filter(|line| line.starts_with(" - ")).count();
            let findings = if arguments.contains(&"small") { 8 } else { 9 };
            assert_eq!(items, findings + 2, "{told}");
            // A scenario has more to say in the head; without one there is room for a table at least.
            if arguments.contains(&"--scenario") {
                continue;
            }
            let standard = if language == "en" { "Standard that" } else { "Standard, den" };
            assert!(told.contains(standard), "{told}");
        }
    }
}

#[test]
#[ignore = "needs networks/germany, and a minute"]
fn the_report_of_a_country_fits_one_screen() {
    let told =
        text(&["report", "--network", concat!(env!("CARGO_MANIFEST_DIR"), "/networks/germany")]);
    assert!(fits_one_screen(&told), "{told}");
}

#[test]
fn the_readme_is_short() {
    let lines = include_str!("../../README.md").lines().count();
    assert!(lines <= 200, "README.md has {lines} lines; the guide has room");
}

#[test]
fn the_short_report_names_the_worst_first() {
    let told = report(&[]);
    // See the tables of the whole report: 24,000 people are beyond stroke_unit and trauma_centre, 16,000 beyond others.
    let rows = |heading: &str| {
        let behind = told.lines().skip_while(|line| !line.contains(heading)).skip(2);
        let rows: Vec<String> = behind
            .take(3)
            .map(|row| row.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        rows
    };
    let standards = rows(" Standard that");
    assert!(standards[0].starts_with("stroke unit 24,000 30 22.6 %"), "{told}");
    assert!(standards[1].starts_with("trauma centre 24,000 30 22.6 %"), "{told}");
    assert!(rows(" If this hospital closed")[0].contains("15,000"), "{told}");
    assert!(rows(" Place that")[0].starts_with("Edorf 16,000 35.0 basic care"), "{told}");
}

#[test]
fn files_and_other_formats_have_the_whole_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.txt");
    report(&["--output", path.to_str().unwrap()]);
    let file = std::fs::read_to_string(&path).unwrap();
    assert_eq!(file, report(&["--full"]));
    let markdown = report(&["--format", "md"]);
    assert_eq!(markdown, report(&["--format", "md", "--full"]));
    assert!(markdown.contains("Stages of emergency care"), "{markdown}");
}

#[test]
fn a_narrow_screen_loses_no_answer() {
    let folder = verbund::files::Folder::small();
    let model = folder.read().unwrap();
    let region = Region::new(&model, model.network.date()).unwrap();
    let overview = verbund::overview::Overview::of(&model, &region).unwrap();
    let document = verbund::report::named(&verbund::report::overview(&overview));
    for width in [40, 60, 80, 110] {
        let style = verbund::report::render::Style::default();
        let told = verbund::report::render::text(&document, width, style);
        for line in told.lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
        }
        // Every figure of a column that is not minor stands there, in whatever part of a table.
        let whole = told.split_whitespace().collect::<Vec<_>>().join(" ");
        for section in &document.sections {
            if section.in_words.is_some() || section.is_for_files {
                continue;
            }
            let table = &section.table;
            for (position, column) in table.columns().iter().enumerate() {
                if !table.is_shown(position) || column.is_minor() {
                    continue;
                }
                for cell in table.shown_rows().map(|row| &row[position]) {
                    let is_there = !cell.is_number() || whole.contains(&cell.display());
                    assert!(is_there, "{width}: {} of {cell:?}:\n{told}", column.key());
                }
            }
        }
    }
}

#[test]
fn a_screen_of_any_network_is_one_screen() {
    // A name of a kilobyte for everything that has one, and many places.
    let long = "Krankenhaus ".repeat(90);
    let mut hospitals = Vec::new();
    let mut places = Vec::new();
    for number in 0..40_u16 {
        let mut site = hospital(&format!("h{number}"), at(f64::from(number), 0.0), 10);
        site.name = format!("{long}{number}");
        hospitals.push(site);
        let mut home = place(&format!("p{number}"), at(f64::from(number) * 4.0, 60.0), 1_000);
        home.name = format!("{long}{number}");
        places.push(home);
    }
    let model = model(hospitals, places);
    let region = Region::new(&model, day()).unwrap();
    let overview = verbund::overview::Overview::of(&model, &region).unwrap();
    let document = verbund::report::overview_in_short(&overview);
    let style = verbund::report::render::Style::default();
    let told = verbund::report::render::text(&document, 300, style);
    assert!(fits_one_screen(&told), "{told}");
}

#[test]
fn the_small_network_as_json() {
    insta::assert_snapshot!(report(&["--format", "json"]));
}

#[test]
fn every_key_of_the_report_is_documented() {
    let documented: BTreeSet<_> = COLUMNS.iter().map(Column::key).collect();
    let value: Value = serde_json::from_str(&report(&["--format", "json"])).unwrap();
    let tables = value["tables"].as_object().unwrap();
    let mut seen = 0;
    for rows in tables.values() {
        for row in rows.as_array().unwrap() {
            for key in row.as_object().unwrap().keys() {
                assert!(documented.contains(key.as_str()), "{key}");
                seen += 1;
            }
        }
    }
    assert!(seen > 100);
}

#[test]
fn the_figures_of_the_golden_report_by_hand() {
    // Basic care: see `the_small_network_by_hand`. 15,000 of 31,000 people within 30 minutes.
    let value: Value = serde_json::from_str(&report(&["--format", "json"])).unwrap();
    let basic = &value["tables"]["coverage"][0];
    assert_eq!(basic["standard"], "basic_care");
    assert_eq!(basic["share_within_limit"], 0.4839);
    assert_eq!(basic["people_beyond"], 16_000);
    assert_eq!(basic["mean_minutes"], 22.7419); // 705 / 31
    assert_eq!(basic["p95_minutes"], 35.0);
    // Within 15 minutes: 1,000 + 2,000 + 8,000.
    assert_eq!(basic["share_within_15"], 0.3548);
    // The worst place misses most: Edorf, 35 minutes from the south and 75 from everything else.
    assert_eq!(value["tables"]["worst_places"][0]["place_name"], "Edorf");
}

#[test]
fn the_report_tells_what_the_scenarios_of_the_network_change() {
    let report = json(&["report"]);
    let rows = report["tables"]["scenarios"].as_array().unwrap();
    for key in ["torgau-internal-closed", "merger-delitzsch-eilenburg"] {
        let row = rows.iter().find(|row| row["scenario"] == key).unwrap();
        let whole = json(&["compare", "--scenario", key]);
        let standards = whole["tables"]["standards"].as_array().unwrap();
        let lost = |row: &Value| row["lost_people"].as_u64().unwrap();
        assert_eq!(lost(row), standards.iter().map(lost).max().unwrap(), "{key}");
        let by = standards.iter().find(|one| one["standard"] == row["lost_standard"]);
        assert_eq!(by.map(lost), (lost(row) > 0).then(|| lost(row)), "{key}");
        let laws = whole["tables"]["law"].as_array().unwrap().len();
        assert_eq!(row["changed_verdicts"], laws, "{key}");
    }
    let note = report["notes"]["scenarios"].to_string();
    // Of 2025, and of patients over time only.
    assert!(note.contains("schkeuditz-closed (earlier than the network"), "{note}");
    assert!(note.contains("torgau-incident, winter (pass:"), "{note}");
}

#[test]
fn a_region_too_large_for_a_run_in_short_says_so() {
    // One case a person and year: 3,000,000 people are 8,219 patients a day, 2,000,000 are 5,479; a run of
    // 4 x 148 days follows 4,000,000 patients, 6,757 a day.
    let report = |people: u32| {
        let model =
            model(vec![hospital("a", at(0.0, 0.0), 10)], vec![place("p", at(5.0, 0.0), people)]);
        let region = Region::new(&model, day()).unwrap();
        let overview = verbund::overview::Overview::of(&model, &region).unwrap();
        let document = verbund::report::overview(&overview);
        format!("{document:?}")
    };
    let large = report(3_000_000);
    let words = "8,219 patients a day are expected, more than it follows within seconds (6,757)";
    assert!(large.contains(words), "{large}");
    assert!(!report(1_000).contains("No simulation in this report"));
}
