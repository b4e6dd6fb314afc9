//! `verbund rules supplement`, `emergency` and `volumes` as a user runs them, and their files.

use std::fs;

use verbund::files::Folder;
use verbund::model::{Department, EmergencyLevel, Hospital};

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
    assert!(text.contains("No suitable site for births: no obstetrics."), "{text}");
    assert!(
        text.contains("conditions met: none; births: no suitable site, no obstetrics"),
        "{text}"
    );
}

#[test]
fn torgau_is_paid_a_supplement_and_the_verdict_says_how_near_it_is() {
    // A source says that Torgau was paid 400,000 EUR in 2020: one provision at least should be met.
    let value = json(&["rules", "supplement", "kkh-torgau"]);
    let row = &value["tables"]["conditions"][0];
    assert_eq!(row["stated_payment"], "400,000 EUR (list of rural hospitals), 2020");
    assert!(!row["conditions_met"].as_array().unwrap().is_empty(), "{row}");
    let tests = value["tables"]["supplement"].as_array().unwrap();
    let people = |row: &serde_json::Value| row["affected_people"].as_u64().unwrap();
    let basic = tests.iter().find(|row| row["provision"] == "A").unwrap();
    let words = value["about"]["verdict"].as_str().unwrap();
    assert!(words.starts_with("conditions met: "), "{words}");
    // Both tests are in words, with how near the line they are: 5,214 of 5,000 people.
    let met = row["conditions_met"].to_string();
    assert!(met.contains("basic care: 5,214 of 5,000 people affected, near the line"), "{met}");
    assert!(words.contains("(5,214 of 5,000 people affected, near the line, "), "{words}");
    if basic["verdict"] != "both" {
        let affected = people(basic);
        let grouped = if affected < 1_000 {
            affected.to_string()
        } else {
            format!("{},{:03}", affected / 1_000, affected % 1_000)
        };
        let near = format!("basic care: no, {grouped} of 5,000 people affected");
        assert!(words.contains(&near), "{words} has {near}");
    }
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
    assert!(!base.is_empty());
    for at in 0..base.len() {
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
    assert_eq!(value["tables"]["stages"].as_array().unwrap().len(), 4);
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
            "scenario nothing",
        ],
    );
    refused(&["rules", "volumes", "--service", "births2"], &["there are: heart_transplantation"]);
    // Without --sensitivity the scenario is the network that is asked about.
    let after = json(&["rules", "supplement", "--scenario", "demography-2035"]);
    assert_eq!(after["about"]["scenarios"], "demography-2035");
}

#[test]
fn every_fault_of_the_files_of_rules_is_told_at_once() {
    let copy = Copy::new()
        .with("../catalog/supplement.ron", "minutes: 30", "minutes: 121")
        .with("../catalog/supplement.ron", "standard: \"obstetrics\"", "standard: \"obstetric\"")
        .with("../catalog/supplement.ron", "Specialty(\"paediatrics\")", "Specialty(\"pediatric\")")
        .with(
            "../catalog/emergency_stages.ron",
            "departments: 4, from_a: 2",
            "departments: 4, from_a: 5",
        )
        .with("../catalog/emergency_stages.ron", "level: Comprehensive", "level: Extended")
        .with("../catalog/minimum_volumes.ron", "counted_by: \"birth\"", "counted_by: \"births\"")
        .with("../catalog/minimum_volumes.ron", "share: 0.65", "share: 0.0")
        .with("../catalog/minimum_volumes.ron", "(from: 2028, least_cases: 25)", "(from: 2027)")
        .with("../catalog/minimum_volumes.ron", "(from: 2026, least_cases: 10)", "(from: 12026)")
        .with("../catalog/minimum_volumes.ron", "fact: \"oesophagus_operations\", ", "")
        .with(
            "../catalog/minimum_volumes.ron",
            "Specialty(\"thoracic_surgery\")",
            "Specialty(\"thorax\")",
        );
    let told = copy.messages();
    for part in [
        "provision \"A\", field minutes: a limit of 121 minutes",
        "provision \"B\", field standard: unknown standard \"obstetric\"; did you mean \"obstetrics\"?",
        "provision \"C\", field requirement: unknown specialty \"pediatric\"",
        "field from_a: 5 departments, but there are only 4 to count",
        "field level: the stages must rise",
        "service \"births\", field counted_by: unknown condition or specialty \"births\"",
        "service \"newborns_under_1250_g\", field share: no case would count",
        "service \"colon_cancer\", field lines[1].from: 2027 does not come after 2027",
        "service \"heart_transplantation\", field lines[0].from: 12026 is out of range",
        "service \"oesophagus\", field counted_by: nothing says how its cases are counted",
        "service \"lung_cancer\", field offered_by: unknown specialty \"thorax\"",
    ] {
        assert!(told.iter().any(|one| one.contains(part)), "no {part} in {told:#?}");
    }
}

#[test]
fn a_provision_asks_for_what_its_standard_asks_for() {
    let catalog = Folder::small().read().unwrap().network.catalog().clone();
    let provisions = &catalog.supplement.provisions;
    for (provision, standard) in [(0, "basic_care"), (1, "obstetrics")] {
        let standard = catalog.standard(standard).unwrap();
        assert_eq!(provisions[provision].requirement, standard.requirement);
    }
    // Cardiology is internal medicine to both.
    let mut heart = Hospital::new("h", "h", crate::common::at(0.0, 0.0));
    heart.departments = ["cardiology", "general_surgery"].map(Department::new).to_vec();
    heart.emergency_level = Some(EmergencyLevel::Basic);
    assert!(provisions[0].requirement.is_met_by(&heart, &catalog));

    // What is wrong in a standard is told once, where it stands; two definitions are too many.
    let standards = "../catalog/standards.ron";
    let copy = Copy::new().with(standards, "Specialty(\"obstetrics\")", "Specialty(\"obstetric\")");
    let told = copy.messages();
    let about: Vec<&String> = told.iter().filter(|one| one.contains("\"obstetric\"")).collect();
    assert_eq!(about.len(), 1, "{told:#?}");
    assert!(about[0].contains("standards.ron:"), "{told:#?}");
    let both = "standard: \"obstetrics\", requirement: Specialty(\"obstetrics\")";
    let copy = Copy::new().with("../catalog/supplement.ron", "standard: \"obstetrics\"", both);
    let told = copy.messages();
    assert!(told[0].contains("field requirement: a requirement beside a standard"), "{told:#?}");
}

#[test]
fn the_files_of_rules_are_written_as_they_were_read_and_may_be_absent() {
    let folder = tempfile::tempdir().unwrap();
    let model = Folder::small().read().unwrap();
    verbund::files::write(&model, folder.path()).unwrap();
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
