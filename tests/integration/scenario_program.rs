//! `--scenario` of every analysis: the answer is that for the network edited by hand; beside the network as it is;
//! several scenarios on one page.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::Value;
use tempfile::TempDir;
use verbund::comparison::usual_moment;
use verbund::files::Folder;
use verbund::model::{Department, Model};
use verbund::scenario::{Scenario, under};

use crate::run::{json, output, refused, text};

/// A hospital far away, which nobody reaches and no scenario touches. It has whatever any hospital has, so that its data
/// say of every kind of department and facility that there is one, whatever closes elsewhere.
const KEEPER: &str = r#"
        (
            id: "keeper", name: "Klinikum Fern", operator: "Fern", ownership: Public,
            position: (lat: 46.5, lon: 12.0), city: "Fern", district: "Fern", outside: true,
            care_level: Maximum, emergency_level: Comprehensive, beds: 700,
            departments: [
                (specialty: "internal_medicine", beds: 200), (specialty: "general_surgery", beds: 200),
                (specialty: "neurology", beds: 60), (specialty: "obstetrics", beds: 30),
                (specialty: "paediatrics", beds: 40), (specialty: "psychiatry", beds: 60),
                (specialty: "geriatrics", beds: 20),
            ],
            facilities: [
                (kind: "stroke_unit", grade: "regional"), (kind: "ct"), (kind: "icu", count: 20),
                (kind: "trauma_centre", grade: "regional"), (kind: "cath_lab"),
            ],
            sources: ["invented"],
        ),"#;

/// A third hospital, between the others.
const EAST: &str = r#"
        (
            id: "east", name: "Krankenhaus Ost", operator: "Ostkreis", ownership: Public,
            position: (lat: 50.73, lon: 12.2), city: "Oststadt", district: "Südkreis",
            care_level: Basic, emergency_level: Basic, beds: 120,
            departments: [
                (specialty: "internal_medicine", beds: 60), (specialty: "general_surgery", beds: 30),
                (specialty: "obstetrics", beds: 10),
            ],
            facilities: [(kind: "ct"), (kind: "icu", count: 4)],
            sources: ["invented"],
        ),"#;

/// A folder with the small network and these two.
struct Base {
    _place: TempDir,
    folder: PathBuf,
    model: Model,
}

fn base() -> Base {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("base");
    Folder::small().copy_to(&folder).unwrap();
    let file = folder.join("network.ron");
    let text = fs::read_to_string(&file).unwrap();
    let (head, tail) = text.split_once("hospitals: [").unwrap();
    fs::write(&file, format!("{head}hospitals: [{KEEPER}{EAST}{tail}")).unwrap();
    let model = Folder::open(&folder).read().unwrap();
    Base { _place: place, folder, model }
}

/// Changes of every kind that a folder can say, in an order in which most can follow each other.
const POOL: [&str; 22] = [
    r#"AddDepartment(hospital: "north", department: (specialty: "geriatrics"))"#,
    r#"SetFacility(hospital: "north", facility: (kind: "cath_lab"))"#,
    r#"ResizeHospital(hospital: "east", beds: 160)"#,
    r#"ResizeDepartment(hospital: "east", specialty: "internal_medicine", beds: 70)"#,
    r#"CloseDepartment(hospital: "south", specialty: "obstetrics")"#,
    r#"CloseDepartment(hospital: "north", specialty: "paediatrics")"#,
    r#"MoveDepartment(specialty: "neurology", from: "north", to: "east")"#,
    r#"CloseFacility(hospital: "east", kind: "icu")"#,
    r#"SetHours(hospital: "south", facility: "ct", hours: "Mon-Fri 8-18")"#,
    r#"SetCareLevel(hospital: "east", level: Priority)"#,
    r#"SetEmergencyLevel(hospital: "south")"#,
    r#"SetOperator(hospital: "east", operator: "Nordkreis", ownership: Private)"#,
    r#"SetStaffedShare(hospital: "north", share: 0.8)"#,
    r#"EndCooperation("tele-stroke")"#,
    r#"ChangeCooperation(id: "transfer", hours: "Mon-Fri 8-16")"#,
    r#"StartCooperation(id: "east-transfer", kind: Transfer(door_in_door_out: "90m"), from: "east", to: ["north"], fields: ["neurology"])"#,
    r#"JoinAlliance(alliance: "example-group", hospital: "east")"#,
    r#"LeaveAlliance(alliance: "example-group", hospital: "south")"#,
    r#"ConvertHospital(hospital: "south", to: CrossSectorSite, departments: [(specialty: "internal_medicine", beds: 30)], facilities: ["ct"])"#,
    r#"MergeHospitals(from: "east", into: "south")"#,
    r#"CloseHospital("west")"#,
    r#"CloseHospital("south")"#,
];

/// A scenario of those of these changes that can follow each other; its text, and what it says.
fn scenario(model: &Model, chosen: &[usize]) -> (String, Scenario) {
    let network = model.network.as_of(model.network.date());
    let file = |changes: &[String]| {
        let changes = changes.join("\n");
        format!(
            "(format: 1, id: \"any\", name: \"Any changes\", source: \"invented\", changes: [\n{changes}\n])"
        )
    };
    let mut changes: Vec<String> = Vec::new();
    for (number, position) in chosen.iter().enumerate() {
        let (day, change) = (number + 1, POOL[*position]);
        changes.push(format!("(on: \"2026-03-{day:02}\", reason: \"r\", change: {change}),"));
        if Scenario::read(&file(&changes), "any.ron", &network, &model.places).is_err() {
            changes.pop();
        }
    }
    let text = file(&changes);
    let read = Scenario::read(&text, "any.ron", &network, &model.places).unwrap();
    (text, read)
}

/// The network after the scenario, written as a folder; `None` where its data would say less than the base's.
fn edited(model: &Model, scenario: &Scenario, folder: &Path) -> Option<()> {
    let network = model.network.as_of(model.network.date());
    let day = network.date();
    let before = Model { network, ..model.clone() };
    let after = under(&before, &[scenario], usual_moment(&[scenario], day)).unwrap();
    // A file cannot tell a hospital that lost its last department from one of which nobody knows any, and no alliance
    // is without members.
    let is_bare = after.network.hospitals().iter().any(|hospital| {
        hospital.kind.has_inpatients() && !hospital.departments.iter().any(Department::is_inpatient)
    });
    if is_bare || after.network.alliances().iter().any(|alliance| alliance.members.is_empty()) {
        return None;
    }
    verbund::files::write(&after, folder).unwrap();
    Folder::open(folder).read().ok().map(drop)
}

/// Every analysis, with flags that keep it short.
const COMMANDS: [&[&str]; 27] = [
    &["report"],
    &["coverage"],
    &["coverage", "--by", "place"],
    &["coverage", "ct", "--by", "hospital", "--at", "Sat 03:00"],
    &["route", "--from", "Dedorf", "--need", "ct"],
    &["route", "--from", "Dedorf", "--pathway", "stroke"],
    &["pathway"],
    &["pathway", "stroke"],
    &["flows"],
    &["flows", "--by", "department", "--choice", "capacity"],
    &["flows", "--by", "place", "--choice", "nearest"],
    &["beds", "--hospital", "north", "--specialty", "internal_medicine", "--replications", "0"],
    &["graph"],
    &["graph", "north"],
    &["graph", "--field", "neurology", "--dependences"],
    &["cooperation"],
    &["cooperation", "--suggest", "transfer", "--field", "neurology", "--count", "1"],
    &["critical"],
    &["closures", "--standard", "ct", "--order", "2"],
    &["closures", "--standard", "basic_care", "--nobody-beyond"],
    &["rules", "groups"],
    &["rules", "levels"],
    &["rules", "supplement"],
    &["rules", "emergency"],
    &["rules", "volumes", "--expected"],
    &["simulate", "--days", "10", "--warm-up", "5", "--replications", "2", "--by", "hospital"],
    &["sensitivity", "--days", "3", "--warm-up", "0", "--replications", "1", "--points", "0"],
];

/// What the head of an answer after a change says beside that of the changed network.
const OF_CHANGE: [&str; 7] = [
    "scenarios",
    "in_force",
    "also",
    "other_changes",
    "passing_changes",
    "scenario_source",
    "scenario_assumed",
];

/// Exit code and answer of a command; what it says where it has none.
fn answer(arguments: &[&str]) -> (i32, Value) {
    let (code, out, error) = output(&[arguments, &["--format", "json"]].concat());
    assert!(!error.contains("panicked"), "{arguments:?}: {error}");
    let value = serde_json::from_str(&out).unwrap_or(Value::String(error));
    (code, value)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_after_a_scenario_is_that_for_the_network_edited_by_hand(
        chosen in prop::collection::vec(0..POOL.len(), 1..6),
    ) {
        let base = base();
        let (text, scenario) = scenario(&base.model, &chosen);
        let day = usual_moment(&[&scenario], base.model.network.date());
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("edited");
        fs::create_dir(&folder).unwrap();
        prop_assume!(edited(&base.model, &scenario, &folder).is_some());
        let file = place.path().join("any.ron");
        fs::write(&file, &text).unwrap();

        let (network, scenario) = (base.folder.to_str().unwrap(), file.to_str().unwrap());
        // simulate and sensitivity follow a scenario from day to day, unless a day is named.
        let on = day.date().to_string();
        for command in COMMANDS {
            let after = [command, &["--network", network, "--scenario", scenario, "--on", &on]].concat();
            let by_hand = [command, &["--network", folder.to_str().unwrap()]].concat();
            let ((code, mut told), (code_by_hand, mut expected)) = (answer(&after), answer(&by_hand));
            prop_assert_eq!(code, code_by_hand, "{:?}\n{}\n{} {}", command, text, told, expected);
            if code != 0 {
                continue;
            }
            let about = told["about"].as_object_mut().unwrap();
            prop_assert_eq!(about["scenarios"].as_str(), Some("any"));
            for key in OF_CHANGE {
                about.remove(key);
            }
            // By hand, a simulation says that it follows none.
            for key in ["scenario", "scenarios"] {
                expected["about"].as_object_mut().unwrap().remove(key);
            }
            let title = expected["title"].as_str().unwrap();
            prop_assert_eq!(told["title"].as_str().unwrap(), format!("{title} after: Any changes"));
            for part in ["tables", "notes", "about"] {
                prop_assert_eq!(&told[part], &expected[part], "{:?}: {}\n{}", command, part, text);
            }
        }
    }
}

fn scenario_file(folder: &Path, name: &str, changes: &str) -> String {
    let path = folder.join(format!("{name}.ron"));
    let text = format!(
        "(format: 1, id: \"{name}\", name: \"{name}\", source: \"invented\", changes: [\n{changes}\n])"
    );
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn closes(hospital: &str) -> String {
    format!("(on: \"2026-07-01\", reason: \"r\", change: CloseHospital(\"{hospital}\")),")
}

#[test]
fn before_after_and_difference_stand_side_by_side() {
    // A CT within 30 minutes, from the kilometres of the places: of `north` at 0 Adorf, Bedorf and Cedorf (7,000),
    // of `south` at 40 Dedorf (8,000); Edorf (16,000) is 35 minutes from `south`. Without `south` Dedorf is out.
    let place = tempfile::tempdir().unwrap();
    let file = scenario_file(place.path(), "no-south", &closes("south"));
    let arguments =
        ["coverage", "ct", "--network", "builtin:small", "--scenario", &file, "--against-base"];
    let both = json(&arguments);
    let rows = both["tables"]["coverage"].as_array().unwrap();
    let of = |figure: &str| rows.iter().find(|row| row["compared"] == figure).unwrap();
    let share = of("share_within_limit");
    let near = |value: &Value, expected: f64| {
        assert!((value.as_f64().unwrap() - expected).abs() < 1e-4, "{value} {expected}");
    };
    assert_eq!(share["standard"], "ct");
    near(&share["before"], 15.0 / 31.0);
    near(&share["after"], 7.0 / 31.0);
    near(&share["difference"], -8.0 / 31.0);
    let people = of("people_within_limit");
    assert_eq!(
        (&people["before"], &people["after"], &people["difference"]),
        (&15_000.into(), &7_000.into(), &(-8_000.0).into())
    );

    // What the change ends beside is in the head.
    let also = both["about"]["also"].as_str().unwrap();
    for part in [
        "agreements at an end: tele-stroke, transfer",
        "members no more: south of example-group",
        "count no more: south for",
    ] {
        assert!(also.contains(part), "{also}");
    }

    // One that only one side has is said, and has no difference.
    let by_hospital = json(&[&arguments[..], &["--by", "hospital"]].concat());
    let rows = by_hospital["tables"]["catchments"].as_array().unwrap();
    let gone = rows.iter().find(|row| row["compared"] == "listed").unwrap();
    assert_eq!((&gone["hospital"], &gone["before"]), (&"south".into(), &true.into()));
    assert_eq!((&gone["after"], &gone["difference"]), (&false.into(), &Value::Null));

    // For programs, a table without a difference is there, and empty; several are one table of CSV.
    let west = scenario_file(place.path(), "no-west", &closes("west"));
    let of_west = [&arguments[..5], &[&west, "--against-base"]].concat();
    assert_eq!(json(&of_west)["tables"]["coverage"], Value::Array(vec![]));
    let table = text(&[&arguments[..], &["--scenario", &west, "--format", "csv"]].concat());
    assert!(table.starts_with("standard,population,compared,before,after,difference,"), "{table}");
    assert!(table.contains("no-south") && !table.contains("no-west"), "{table}");

    // Where nothing changes, it is a line.
    let screen = text(&[
        "coverage",
        "ct",
        "--network",
        "builtin:small",
        "--scenario",
        &west,
        "--against-base",
    ]);
    assert!(screen.contains("No figure changes."), "{screen}");
    assert!(screen.contains("branches without a main site: Fachklinik West"), "{screen}");
}

#[test]
fn several_scenarios_are_answered_one_by_one_or_as_one() {
    let place = tempfile::tempdir().unwrap();
    let south = scenario_file(place.path(), "no-south", &closes("south"));
    let west = scenario_file(place.path(), "no-west", &closes("west"));
    let arguments =
        ["graph", "--network", "builtin:small", "--scenario", &south, "--scenario", &west];
    let each = json(&arguments);
    let names: Vec<&Value> =
        each.as_array().unwrap().iter().map(|answer| &answer["about"]["scenarios"]).collect();
    assert_eq!(names, ["no-south", "no-west"]);
    let together = json(&[&arguments[..], &["--together"]].concat());
    assert_eq!(together["about"]["scenarios"], "no-south, then no-west");

    // Before the day on which they begin, nothing has changed.
    let early =
        json(&["graph", "--network", "builtin:small", "--scenario", &south, "--on", "2026-06-30"]);
    let now = json(&["graph", "--network", "builtin:small"]);
    assert_eq!(early["tables"], now["tables"]);
    assert_eq!(early["about"]["other_changes"], "1 begin later and 0 are over: they do not count");
}

#[test]
fn scenarios_stand_side_by_side_on_a_page() {
    let place = tempfile::tempdir().unwrap();
    let south = scenario_file(place.path(), "no-south", &closes("south"));
    let west = scenario_file(place.path(), "no-west", &closes("west"));
    let both =
        scenario_file(place.path(), "neither", &format!("{}\n{}", closes("south"), closes("west")));
    let arguments = ["compare", &south, &west, &both, "--network", "builtin:small"];
    let page = json(&arguments);
    let rows = page["tables"]["figures"].as_array().unwrap();
    let of = |subject: &str, figure: &str| {
        let is_it = |row: &&Value| row["subject_key"] == subject && row["compared"] == figure;
        rows.iter().find(is_it).unwrap()
    };
    let under = |row: &Value| -> Vec<f64> {
        let columns = ["under_base", "under_scenario_1", "under_scenario_2", "under_scenario_3"];
        columns.iter().map(|column| row[*column].as_f64().unwrap()).collect()
    };
    assert_eq!(under(of("ct", "within_limit_people")), [15_000.0, 7_000.0, 15_000.0, 7_000.0]);
    assert_eq!(under(of("all", "beds")), [340.0, 260.0, 280.0, 200.0]);
    assert_eq!(under(of("all", "ended_agreements")), [0.0, 2.0, 2.0, 4.0]);
    assert_eq!(under(of("all", "branches_without_main")), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(page["about"]["scenario_2"], "no-west: no-west (as on 2026-07-01)");

    // On a screen each scenario heads its column, and what none of them changes is a line.
    let ends = "(on: \"2026-07-01\", reason: \"r\", change: EndCooperation(\"nordkreis\")),";
    let ends = scenario_file(place.path(), "apart", ends);
    let screen = text(&["compare", &ends, &west, "--network", "builtin:small"]);
    assert!(screen.contains("Base  apart  no-west"), "{screen}");
    assert!(!screen.contains("no group differs"), "{screen}"); // psychiatry at West is gone
    let screen = text(&["compare", &ends, "--network", "builtin:small"]);
    assert!(screen.contains("age: no group differs by more than 0.1 minutes"), "{screen}");
    assert!(screen.contains("at an end  agreements  all"), "{screen}");
    let table = text(&[&arguments[..], &["--format", "csv"]].concat());
    assert!(table.starts_with("part,subject_key,compared,unit,whose,under_base,"), "{table}");
}

#[test]
fn what_does_not_go_together_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let south = scenario_file(place.path(), "no-south", &closes("south"));
    let later = scenario_file(
        place.path(),
        "later",
        "(on: \"2026-08-01\", reason: \"r\", change: CloseDepartment(hospital: \"east\", specialty: \"obstetrics\")),",
    );
    let opens = scenario_file(
        place.path(),
        "opens",
        "(on: \"2026-07-01\", reason: \"r\", change: OpenHospital(id: \"east\", name: \"East\", operator: \"o\", \
         ownership: Public, position: (lat: 50.7, lon: 12.1), departments: [(specialty: \"obstetrics\", beds: 9)])),",
    );
    let small = ["--network", "builtin:small"];
    let with = |arguments: &[&str], parts: &[&str]| {
        refused(&[arguments, &small].concat(), parts);
    };

    // One that fits only after another: with its file and line, and the way out.
    with(&["coverage", "--scenario", &later], &["later.ron:2:", "\"east\""]);
    let both = ["coverage", "--scenario", &opens, "--scenario", &later];
    with(&both, &["later.ron:2:", "applied as one, these scenarios have no fault: --together"]);
    text(&[&both[..], &["--together"], &small].concat());

    with(
        &["coverage", "--against-base", "--on", "2026-07-01"],
        &["--on needs a --scenario", "--against-base needs"],
    );
    with(
        &["coverage", "--scenario", &south, "--on", "2025-01-01"],
        &["--on 2025-01-01: before the day"],
    );
    with(
        &["flows", "--check", "--scenario", &south],
        &["--check holds the model against what happened"],
    );
    with(
        &[
            "closures",
            "--standard",
            "ct",
            "--scenario",
            &south,
            "--against-base",
            "--resume",
            "kept.json",
        ],
        &["--resume kept.json: the file is for one answer, and these flags ask for 2"],
    );
    with(&["beds", "--arrivals", "9", "--stay", "6", "--scenario", &south], &["need a --hospital"]);
    with(
        &["rules", "volumes", "--sensitivity", "--scenario", &south, "--on", "2026-07-01"],
        &["--sensitivity holds all scenarios as one"],
    );
    with(&["compare", &south, "--by", "place"], &["--by belongs to --scenario"]);
    with(&["coverage", "--scenario", "sooth"], &["there is no such file"]);
    with(
        &["beds", "--hospital", "south", "--specialty", "internal_medicine", "--scenario", &south],
        &["after the scenario no-south: Krankenhaus Süd (south) is not there after the change"],
    );
}
