//! Values that a stated rule gives: a third word between sourced and assumed.

use verbund::Region;
use verbund::files::Folder;
use verbund::model::*;
use verbund::problem::Problems;
use verbund::scenario::Scenario;

use crate::common::{at, catalog, day, hospital, model_of, place};

const RULE: &str = "half-of-the-total";

/// A hospital with beds that are derived by a rule, in a network that states the rule.
fn network(mark: impl Fn(&mut Hospital)) -> Result<Network, Problems> {
    let mut north = hospital("north", at(0.0, 0.0), 40);
    mark(&mut north);
    NetworkBuilder::new("test", day(), catalog())
        .derivation(RULE, "half of the beds that both sites report together")
        .hospital(north)
        .build()
}

fn derive(hospital: &mut Hospital, path: &str, rule: &str) {
    hospital.derived.insert(path.to_owned(), rule.to_owned());
}

#[test]
fn a_value_is_sourced_derived_or_assumed() {
    let network = network(|north| {
        north.assumed = vec!["departments".to_owned(), "position".to_owned()];
        derive(north, "departments.s.beds", RULE);
    });
    let network = network.unwrap();
    let north = &network.hospitals()[0];

    assert_eq!(north.basis("departments.s"), Basis::Assumed);
    assert_eq!(north.basis("departments.s.beds"), Basis::Derived);
    assert_eq!(north.derivation("departments.s.beds"), Some(RULE));
    assert_eq!(north.basis("beds"), Basis::Sourced);
    assert_eq!(north.basis("position"), Basis::Assumed);
}

#[test]
fn a_mark_on_the_whole_covers_its_parts() {
    let network = network(|north| derive(north, "departments", RULE)).unwrap();

    assert_eq!(network.hospitals()[0].basis("departments.s.beds"), Basis::Derived);
    assert_eq!(network.hospitals()[0].basis("departmental"), Basis::Sourced);
}

#[test]
fn unknown_rules_and_paths_and_two_marks_on_one_value_are_faults() {
    let problems = network(|north| {
        north.assumed = vec!["beds".to_owned()];
        derive(north, "beds", RULE);
        derive(north, "departments.t.beds", RULE);
        derive(north, "departments.s", "half-of-total");
    });
    let text = problems.unwrap_err().to_string();

    assert!(text.contains("\"beds\" is both assumed and derived"), "{text}");
    assert!(text.contains("\"departments.t.beds\" is nothing that this hospital has"), "{text}");
    assert!(text.contains("half-of-total"), "{text}");
    assert!(text.contains(RULE), "the rule that was meant is proposed: {text}");
}

#[test]
fn a_scenario_that_sets_the_beds_makes_them_assumed() {
    let network = network(|north| derive(north, "departments.s.beds", RULE)).unwrap();
    let model = model_of(network, vec![place("p", at(0.0, 0.0), 10)]);
    let text = r#"Scenario(format: 1, id: "more", name: "More", source: "test", changes: [
        (on: "2026-02-01", reason: "a test", change: ResizeDepartment(hospital: "north", specialty: "s", beds: 36)),
    ])"#;
    let scenario = Scenario::read(text, "more.ron", &model.network, &model.places).unwrap();
    let later = verbund::scenario::under(&model, &[&scenario], "2026-03-01 12:00".parse().unwrap())
        .unwrap();

    let north = &later.network.hospitals()[0];
    assert_eq!(north.basis("departments.s.beds"), Basis::Assumed);
    assert!(north.derived.is_empty());
}

#[test]
fn rules_survive_a_folder_and_are_counted_apart() {
    let network = network(|north| derive(north, "departments.s.beds", RULE)).unwrap();
    let model = model_of(network, vec![place("p", at(0.0, 0.0), 10)]);
    let folder = tempfile::tempdir().unwrap();
    verbund::files::write(&model, folder.path()).unwrap();
    let read = Folder::open(folder.path()).read().unwrap();
    assert_eq!(read.network, model.network);

    let region = Region::new(&read, day()).unwrap();
    let json = serde_json::to_value(verbund::report::list_derivations(&region)).unwrap();
    let row = &json["tables"]["derivations"][0];
    assert_eq!((row["derivation"].as_str(), row["derived_values"].as_u64()), (Some(RULE), Some(1)));
}
