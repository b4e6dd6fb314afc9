//! What a simulation takes for granted: `simulation.ron`, flags, defaults, and who said what.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use verbund::files::Folder;
use verbund::simulation::SETTINGS;

use crate::run::{json, run, verbund};

/// The small network in a folder of its own, with this `simulation.ron`.
fn network(folder: &Path, settings: &str) -> PathBuf {
    let network = folder.join("network");
    Folder::small().copy_to(&network).unwrap();
    fs::write(network.join("simulation.ron"), settings).unwrap();
    network
}

/// The rows of the settings that a network and flags give.
fn listed(network: &Path, flags: &[&str]) -> Vec<Value> {
    let mut command = verbund(&["simulate", "--by", "assumed", "--format", "json", "--network"]);
    command.arg(network).args(flags);
    let (code, out, error) = run(command);
    assert_eq!((code, error.as_str()), (0, ""));
    let value: Value = serde_json::from_str(&out).unwrap();
    value["tables"]["assumed"].as_array().unwrap().clone()
}

fn row<'r>(rows: &'r [Value], key: &str) -> &'r Value {
    rows.iter().find(|row| row["setting"] == key).unwrap()
}

#[test]
fn flags_win_over_the_file_and_the_file_over_the_default() {
    let folder = tempfile::tempdir().unwrap();
    let network = network(
        folder.path(),
        r#"Simulation(
            format: 1,
            stay_cv: 0.9,
            staffed_share: (value: 0.9, source: "own count", low: 0.85, high: 0.95),
            turnaround_hours: 3,
            without_icu: ["psychiatry"],
        )"#,
    );
    let rows = listed(&network, &["--staffed", "80", "--set", "turnaround_hours=4"]);
    // Every setting, and two rows about the beds of wards.
    assert_eq!(rows.len(), SETTINGS.len() + 2);
    for (key, value, from, source) in [
        ("stay_cv", "0.9", "simulation.ron", "not said"),
        ("staffed_share", "0.8", "--staffed", "not said"),
        ("turnaround_hours", "4.0", "--set", "not said"),
        ("without_icu", "[\"psychiatry\"]", "simulation.ron", "not said"),
        ("absence_cv", "0.25", "default", "assumed"),
    ] {
        let row = row(&rows, key);
        let told = [&row["setting_value"], &row["setting_from"], &row["source"]];
        assert_eq!(told, [value, from, source], "{key}");
    }
    let rows = listed(&network, &[]);
    assert_eq!(row(&rows, "staffed_share")["source"], "own count");
    assert_eq!(row(&rows, "staffed_share")["setting_default"], "0.95");
    assert_eq!(row(&rows, "staffed_share")["setting_range"], "0.100001 to 1");
}

#[test]
fn a_run_says_which_settings_are_from_where_and_follows_them() {
    let folder = tempfile::tempdir().unwrap();
    let network = network(folder.path(), "(format: 1, rate_factor: 0.5, days: 30)");
    let json = |flags: &[&str]| -> Value {
        let mut command = verbund(&["simulate", "--replications", "2", "--format", "json"]);
        command.arg("--network").arg(&network).args(flags);
        let (code, out, error) = run(command);
        assert_eq!((code, error.as_str()), (0, ""));
        serde_json::from_str(&out).unwrap()
    };
    let halved = json(&[]);
    assert_eq!(halved["about"]["settings"], "2 from simulation.ron");
    assert!(halved["about"]["days"].as_str().unwrap().starts_with("30,"));
    let usual = json(&["--set", "rate_factor=1"]);
    assert_eq!(usual["about"]["settings"], "1 from --set, 1 from simulation.ron");
    let admissions = |value: &Value| -> f64 {
        let rows = value["tables"]["overview"].as_array().unwrap();
        let row = rows.iter().find(|row| row["figure"] == "admissions").unwrap();
        row["value"].as_f64().unwrap()
    };
    // Half of the cases come; with 30 days of the small network chance is far below a tenth of that.
    let ratio = admissions(&halved) / admissions(&usual);
    assert!((0.4..0.6).contains(&ratio), "{ratio}");
}

#[test]
fn every_fault_of_the_file_is_told_with_line_value_and_what_was_meant() {
    let folder = tempfile::tempdir().unwrap();
    let network = network(
        folder.path(),
        "Simulation(
    format: 1,
    stay_vc: 0.9,
    staffed_share: 95,
    absence_cv: (value: 0.2, low: 0.3, high: 0.4),
    turnaround_hours: \"two\",
    emergency_months: [1, 1, 1],
    elective_hours: \"Lu-Ve 7-15\",
    step_down: wait,
    without_icu: [\"psychiatri\"],
    choice: nearset,
)",
    );
    for name in ["simulate", "sensitivity", "check"] {
        let mut command = verbund(&[name, "--network"]);
        command.arg(&network);
        let (code, out, error) = run(command);
        // A check finds what the others refuse.
        let error = if name == "check" {
            assert_eq!((code, error.as_str()), (1, ""));
            out
        } else {
            assert_eq!((code, out.as_str()), (2, ""));
            error
        };
        for (line, parts) in [
            (3, ["there is no such field", "did you mean \"stay_cv\"?"]),
            (4, ["95 is out of range", "0.100001 to 1"]),
            (5, ["0.3 to 0.4 is no span around 0.2", "low <= value <= high"]),
            (6, ["\"two\" is not what belongs here", "a number"]),
            (7, ["3 rates", "12 rates of 0 or more"]),
            (8, ["Lu-Ve 7-15", "elective_hours"]),
            (9, ["unknown word wait", "did you mean \"waits\"?"]),
            (10, ["unknown specialty \"psychiatri\"", "did you mean \"psychiatry\"?"]),
            (11, ["unknown word nearset", "did you mean \"nearest\"?"]),
        ] {
            let place = format!("simulation.ron:{line}:");
            let told = error.lines().find(|told| told.contains(&place));
            let told = told.unwrap_or_else(|| panic!("line {line}\n{error}"));
            assert!(parts.iter().all(|part| told.contains(part)), "{told}");
        }
    }
}

#[test]
fn a_flag_that_is_no_setting_is_refused_with_what_is_possible() {
    for (text, parts) in [
        ("stay_vc=1", ["no setting \"stay_vc\"", "did you mean \"stay_cv\"?"]),
        ("stay_cv=-1", ["-1 is out of range", "0 to 100"]),
        ("stay_cv", ["no = in it", "KEY=VALUE"]),
        ("stay_cv=1, days: 3", ["stay_cv", "out of range"]),
        ("step_down=never", ["unknown word never", "forced, waits"]),
    ] {
        let (code, out, error) = run(verbund(&["simulate", "--network", "small", "--set", text]));
        assert_eq!((code, out.as_str()), (2, ""), "{text}");
        assert!(parts.iter().all(|part| error.contains(part)), "{text}\n{error}");
    }
}

#[test]
fn settings_beside_scenarios_count_and_are_no_scenario() {
    let folder = tempfile::tempdir().unwrap();
    let network = network(folder.path(), "(stay_cv: 0.9, absence_cv: 0.3)");
    fs::create_dir(network.join("scenarios")).unwrap();
    fs::write(network.join("scenarios/simulation.ron"), "(stay_cv: 0.8)").unwrap();
    let scenario = "Scenario(format: 1, id: \"calm\", name: \"Calm\", source: \"x\", changes: [])";
    fs::write(network.join("scenarios/calm.ron"), scenario).unwrap();
    assert_eq!(Folder::open(&network).scenarios().unwrap(), ["calm"]);

    let rows = listed(&network, &["--scenario", "calm"]);
    assert_eq!(row(&rows, "stay_cv")["setting_from"], "scenarios/simulation.ron");
    assert_eq!(row(&rows, "absence_cv")["setting_from"], "simulation.ron");
    assert_eq!(row(&listed(&network, &[]), "stay_cv")["setting_value"], "0.9");
}

#[test]
fn the_short_simulation_of_a_report_takes_the_settings_of_the_folder() {
    let short = |network: &str| {
        let report = json(&["report", "--network", network]);
        let (notes, rows) = (&report["notes"]["simulation"], &report["tables"]["simulation"]);
        (notes.to_string(), rows[0]["occupancy_share"].as_f64().unwrap())
    };
    let (told, usual) = short("builtin:small");
    assert!(!told.contains("not the defaults"), "{told}");

    let folder = tempfile::tempdir().unwrap();
    let network = network(folder.path(), "(rate_factor: 0.5)");
    // Half of all cases fill about half of the beds, and no more than that.
    let (told, halved) = short(network.to_str().unwrap());
    assert!(told.contains("not the defaults: 1 from simulation.ron"), "{told}");
    assert!((0.4..0.65).contains(&(halved / usual)), "{halved} {usual}");
}

#[test]
fn a_misspelt_file_of_settings_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let network = network(folder.path(), "()");
    fs::rename(network.join("simulation.ron"), network.join("simulaton.ron")).unwrap();
    let problems = Folder::open(&network).read().unwrap_err();
    assert_eq!(problems.list()[0].closest.as_deref(), Some("simulation.ron"));
}
