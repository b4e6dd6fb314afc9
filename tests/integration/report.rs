//! The report: golden output on the small network, and keys that stay.

use std::collections::BTreeSet;

use assert_cmd::Command;
use serde_json::Value;
use verbund::report::COLUMNS;

fn report(arguments: &[&str]) -> String {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("verbund"));
    let output = command.args(["report", "--network", "small"]).args(arguments).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_small_network_as_text() {
    insta::assert_snapshot!(report(&[]));
}

#[test]
fn the_small_network_as_json() {
    insta::assert_snapshot!(report(&["--format", "json"]));
}

#[test]
fn every_key_of_the_report_is_documented() {
    let documented: BTreeSet<&str> = COLUMNS.iter().map(|column| column.key).collect();
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
