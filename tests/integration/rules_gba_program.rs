//! `verbund rules supplement`, `emergency` and `volumes` as a user runs them, and their files.

use std::fs;

use verbund::model::Folder;

use crate::problems::Copy;
use crate::run::{json, refused, text};

#[test]
fn a_supplement_of_one_hospital_and_one_provision() {
    let value = json(&["rules", "supplement", "kkh-torgau", "--provision", "B"]);
    let rows = value["tables"]["supplement"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(
        (row["provision"].as_str(), row["hospital"].as_str()),
        (Some("B"), Some("kkh-torgau"))
    );
    let people = |key: &str| row[key].as_i64().unwrap();
    assert_eq!(row["margin_people"].as_f64().unwrap() as i64, people("affected_people") - 950);
    assert_eq!(row["is_endangered"], people("affected_people") >= 950);
    // Nobody gives birth in Delitzsch: the table is empty and says why.
    let text = text(&["rules", "supplement", "kkh-delitzsch", "--provision", "B"]);
    assert!(text.contains("No suitable site for provision B (no obstetrics)"), "{text}");
}

#[test]
fn the_other_readings_of_the_supplement_never_count_fewer() {
    let affected = |more: &[&str]| -> Vec<u64> {
        let value = json(&[&["rules", "supplement", "kkh-torgau"], more].concat());
        let rows = value["tables"]["supplement"].as_array().unwrap().clone();
        rows.iter().map(|row| row["affected_people"].as_u64().unwrap()).collect()
    };
    let (base, beyond, inside) =
        (affected(&[]), affected(&["--all-beyond"]), affected(&["--only-inside"]));
    for at in 0..3 {
        assert!(inside[at] <= base[at] && base[at] <= beyond[at]);
    }
}

#[test]
fn verdicts_under_the_people_of_another_year() {
    let value = json(&["rules", "supplement", "--sensitivity", "--scenario", "demography-2035"]);
    let rows = value["tables"]["verdicts"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["scenario_verdict"].is_string()));
    let plain = json(&["rules", "supplement", "--sensitivity"]);
    assert!(plain["tables"]["verdicts"][0].get("scenario_verdict").is_none());
}

#[test]
fn stages_of_one_hospital_department_by_department() {
    let value = json(&["rules", "emergency", "kkh-torgau"]);
    assert_eq!(value["tables"]["stages"].as_array().unwrap().len(), 3);
    assert_eq!(value["tables"]["departments"].as_array().unwrap().len(), 18);
    refused(&["rules", "emergency", "hubertusburg-tk-torgau"], &["has no inpatients"]);
}

#[test]
fn what_fits_nothing_is_told_with_what_there_is() {
    let unknown = [
        "rules",
        "supplement",
        "kkh-torgxu",
        "--provision",
        "D",
        "--scenario",
        "nothing",
        "--sensitivity",
    ];
    refused(
        &unknown,
        &[
            "unknown hospital \"kkh-torgxu\"; did you mean",
            "unknown provision \"D\"",
            "there are: A, B, C",
            "--scenario nothing",
        ],
    );
    refused(&["rules", "volumes", "--service", "births2"], &["there are: perinatal_level_1"]);
    refused(&["rules", "supplement", "--scenario", "demography-2035"], &["--sensitivity"]);
}

#[test]
fn every_fault_of_the_files_of_rules_is_told_at_once() {
    let copy = Copy::new()
        .with("../catalog/supplement.ron", "minutes: 30", "minutes: 121")
        .with("../catalog/supplement.ron", "Specialty(\"obstetrics\")", "Specialty(\"obstetric\")")
        .with(
            "../catalog/emergency_stages.ron",
            "departments: 4, from_a: 2",
            "departments: 4, from_a: 5",
        )
        .with("../catalog/emergency_stages.ron", "level: Comprehensive", "level: Extended")
        .with("../catalog/minimum_volumes.ron", "counted_by: \"birth\"", "counted_by: \"births\"")
        .with("../catalog/minimum_volumes.ron", "share: 0.65", "share: 0.0");
    let told = copy.messages();
    for part in [
        "provision \"A\", field minutes: a limit of 121 minutes",
        "provision \"B\", field requirement: unknown specialty \"obstetric\"",
        "field from_a: 5 departments, but there are only 4 to count",
        "field level: the stages must rise",
        "service \"obstetrics\", field counted_by: unknown condition or specialty \"births\"",
        "service \"perinatal_level_1\", field share: no case would count",
    ] {
        assert!(told.iter().any(|one| one.contains(part)), "no {part} in {told:#?}");
    }
    assert_eq!(told.len(), 6, "{told:#?}");
}

#[test]
fn the_files_of_rules_are_written_as_they_were_read_and_may_be_absent() {
    let folder = tempfile::tempdir().unwrap();
    let model = Folder::small().read().unwrap();
    model.write(folder.path()).unwrap();
    let again = Folder::open(folder.path()).read().unwrap();
    assert!(again.network.catalog() == model.network.catalog());
    for file in ["supplement.ron", "emergency_stages.ron", "minimum_volumes.ron"] {
        fs::remove_file(folder.path().join("catalog").join(file)).unwrap();
    }
    let network = folder.path().to_str().unwrap();
    for (rule, file) in [
        ("supplement", "supplement.ron"),
        ("emergency", "emergency_stages.ron"),
        ("volumes", "minimum_volumes.ron"),
    ] {
        refused(&["rules", rule, "--network", network], &[file]);
    }
}
