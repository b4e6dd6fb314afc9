//! Scenarios that are checked together, and what is told beside a change that cannot be read.

use std::fs;

use verbund::Region;
use verbund::files::Folder;
use verbund::scenario::{CheckedScenario, Scenario, ScenarioDraft};
use verbund::simulation::{PatientFlow, Rest, Settings, Started};

use crate::common::small_model;
use crate::run::{output, refused, text};

fn change(on: &str, what: &str) -> String {
    format!("(on: \"{on}\", reason: \"a test\", change: {what}),\n")
}

fn file(id: &str, changes: &[String]) -> String {
    let changes = changes.concat();
    format!(
        "(format: 1, id: \"{id}\", name: \"{id}\", source: \"invented\", changes: [\n{changes}])"
    )
}

/// The faults of a scenario, without the place.
fn faults(changes: &[String]) -> Vec<String> {
    let model = small_model();
    let read = Scenario::read(&file("x", changes), "x.ron", &model.network, &model.places);
    let problems = read.map_or_else(|problems| problems.list().to_vec(), |_| Vec::new());
    problems.iter().map(|one| format!("{}: {}", one.entity, one.message)).collect()
}

const UNREADABLE: &str =
    "ResizeDepartment(hospital: \"north\", specialty: \"neurology\", beds: \"many\")";

#[test]
fn what_a_change_says_by_itself_is_told_beside_an_unreadable_one() {
    let found = faults(&[
        change("2026-02-01", UNREADABLE),
        change("2026-02-01", "CloseHospital(\"south\")"),
        change("2026-03-01", "CloseHospital(\"south\")"),
        change("2026-02-01", "EndCooperation(\"nobody\")"),
        change(
            "2026-02-01",
            "OpenDepartment(hospital: \"west\", specialty: \"internal_medicine\")",
        ),
    ]);
    // What each says by itself is told; whether they follow each other is not judged.
    let told = |part: &str| found.iter().any(|fault| fault.contains(part));
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(told("change 1 (ResizeDepartment): "), "{found:#?}");
    assert!(told("change 4 (EndCooperation): unknown cooperation \"nobody\""), "{found:#?}");
}

#[test]
fn what_may_rest_on_an_unreadable_change_is_not_told() {
    // What an unreadable change says of north may be wrong for what follows at north.
    let opens = |beds: &str| {
        format!(
            "AddDepartment(hospital: \"north\", department: (specialty: \"urology\", beds: {beds}))"
        )
    };
    let rests = [
        "MoveDepartment(specialty: \"urology\", from: \"north\", to: \"south\")",
        // It rests on the move, which rests on the opening.
        "ResizeDepartment(hospital: \"south\", specialty: \"urology\", beds: 2)",
    ];
    let with = |first: String| {
        let rest = rests.iter().map(|one| change("2026-03-01", one));
        let site = change("2026-02-01", "ResizeHospital(hospital: \"north\", beds: 300)");
        let first = change("2026-02-01", &first);
        [site, first].into_iter().chain(rest).collect::<Vec<_>>()
    };
    assert_eq!(faults(&with(opens("3"))), Vec::<String>::new());
    let unreadable = faults(&with(opens("\"x\"")));
    assert_eq!(unreadable.len(), 1, "{unreadable:#?}");
    // A hospital or a cooperation that it may add is not unknown, and another one is.
    let hospital = "OpenHospital(id: \"new\", name: \"New\", operator: \"N\", ownership: Public, beds: \"x\", \
                    position: (lat: 51, lon: 12))";
    let add = |key: &str| {
        let text = format!(
            "AddDepartment(hospital: \"{key}\", department: (specialty: \"urology\", beds: 3))"
        );
        change("2026-03-01", &text)
    };
    let found = faults(&[change("2026-02-01", hospital), add("new"), add("knew")]);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[1].contains("unknown hospital \"knew\""), "{found:#?}");
    let end = |key: &str| change("2026-03-01", &format!("EndCooperation(\"{key}\")"));
    let start = |id: &str| {
        let text = format!("StartCooperation(id: {id}, kind: 5, partners: [\"north\", \"south\"])");
        change("2026-02-01", &text)
    };
    let found = faults(&[start("\"t\""), end("t"), end("u")]);
    assert!(found.iter().any(|fault| fault.contains("unknown cooperation \"u\"")), "{found:#?}");
    assert!(!found.iter().any(|fault| fault.contains("\"t\"")), "{found:#?}");
    // Without a key it may be any.
    let found = faults(&[start("5"), end("u")]);
    assert!(!found.iter().any(|one| one.contains("unknown cooperation")), "{found:#?}");
    // A word that is no change is taken for the closest one.
    let closes = "ClosDepartment(hospital: \"south\", specialty: \"internal_medicine\")";
    let open = "OpenDepartment(hospital: \"south\", specialty: \"internal_medicine\")";
    let found = faults(&[change("2026-02-01", closes), change("2026-03-01", open)]);
    assert_eq!(found.len(), 1, "{found:#?}");
    let found = faults(&[change("2026-02-01", "ClosHospital(\"south\")"), end("u")]);
    assert_eq!(found.len(), 2, "{found:#?}");
}

#[test]
fn behind_a_change_that_cannot_be_read_the_order_is_not_checked() {
    let twice = |first: &str| {
        faults(&[
            change("2026-02-01", first),
            change("2026-02-01", "CloseHospital(\"south\")"),
            change("2026-03-01", "CloseHospital(\"south\")"),
        ])
    };
    assert_eq!(twice("CloseHospital(7)").len(), 1);
    // Whatever it is about, the order of the others is not checked, and that is said.
    assert_eq!(twice("Surge(specialties: 7, factors: [1.5])").len(), 1);
    let model = small_model();
    let text = file(
        "a",
        &[change("2026-02-01", UNREADABLE), change("2026-02-01", "CloseHospital(\"south\")")],
    );
    let problems = Scenario::read(&text, "a.ron", &model.network, &model.places).unwrap_err();
    let told: Vec<&str> = problems.unchecked().collect();
    assert_eq!(told, ["The order of the changes was not checked."]);
    assert!(
        problems.to_string().contains("\nThe order of the changes was not checked.\n1 problem")
    );
    // Of one change alone there is no order.
    let text = file("a", &[change("2026-02-01", UNREADABLE)]);
    let problems = Scenario::read(&text, "a.ron", &model.network, &model.places).unwrap_err();
    assert_eq!(problems.unchecked().count(), 0);
}

#[test]
fn the_order_is_checked_where_every_change_is_sound_by_itself() {
    let twice = [
        change("2026-03-01", "CloseHospital(\"south\")"),
        change("2026-04-01", "CloseHospital(\"south\")"),
    ];
    let found = faults(&twice);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("\"south\" is not there on 2026-04-01"), "{found:#?}");
    // A faulty change, whenever it is, and whether it was read or not.
    let unreadable = "ResizeHospital(hospital: \"south\", beds: \"x\")";
    let unknown = "CloseDepartment(hospital: \"south\", specialty: \"neurologgy\")";
    for (on, what) in
        [("2026-05-01", unreadable), ("2026-02-01", unreadable), ("2026-05-01", unknown)]
    {
        let found = faults(&[&twice[..], &[change(on, what)]].concat());
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(!found[0].contains("is not there"), "{found:#?}");
    }
    // A fault that has nothing to do with what changes hides nothing.
    let mut without_reason = twice.to_vec();
    without_reason[0] = without_reason[0].replace("reason: \"", "reason: \"\", source: \"");
    let found = faults(&without_reason);
    assert_eq!(found.len(), 2, "{found:#?}");
}

/// Two files: the first adds urology at south, the second one moves it to north and starts a cooperation.
fn two_files(second_on: &str, second: &[String]) -> (tempfile::TempDir, [String; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let add = "AddDepartment(hospital: \"south\", department: (specialty: \"urology\"))";
    let moves = "MoveDepartment(specialty: \"urology\", from: \"south\", to: \"north\")";
    let mut moves = vec![change(second_on, moves)];
    moves.extend_from_slice(second);
    let paths =
        [("first", vec![change("2026-02-01", add)]), ("second", moves)].map(|(id, changes)| {
            let path = folder.path().join(format!("{id}.ron"));
            fs::write(&path, file(id, &changes)).unwrap();
            path.to_str().unwrap().to_owned()
        });
    (folder, paths)
}

fn compared<'a>(paths: &'a [String; 2], flags: &[&'a str]) -> Vec<&'a str> {
    let [first, second] = paths;
    let both = ["compare", "--network", "small", "--scenario", first, "--scenario", second];
    [&both[..], flags].concat()
}

#[test]
fn together_a_later_scenario_uses_what_an_earlier_one_adds() {
    let (_folder, paths) = two_files("2026-03-01", &[]);
    assert!(text(&compared(&paths, &["--together"])).contains("first, then second"));
    // The other way round on the command line, the dates say the same.
    let [first, second] = &paths;
    let turned = [second.clone(), first.clone()];
    assert_eq!(output(&compared(&turned, &["--together"])).0, 0);
    let check = |flags: &[&str]| {
        let both = ["check", "--network", "small", "--scenario", &paths[0], &paths[1]];
        output(&[&both[..], flags].concat())
    };
    let (code, out, _) = check(&["--together"]);
    assert!(code == 0 && out.contains("No problem in 2 scenarios with 2 changes"), "{out}");
    assert_eq!(check(&[]).0, 1);
    // One by one, the second one moves what is not there.
    refused(
        &compared(&paths, &[]),
        &[
            "\"south\" has no inpatient department of \"urology\"",
            "applied as one, these scenarios have no fault: --together",
        ],
    );
    // On an earlier day than the first one, it does so together as well, and the file is named.
    let (_folder, paths) = two_files("2026-01-15", &[]);
    refused(
        &compared(&paths, &["--together"]),
        &["second.ron:2:", "scenario \"second\", change 1 (MoveDepartment)", "2026-01-15"],
    );
}

#[test]
fn faults_of_all_files_are_told_at_once_each_with_its_file() {
    let more = [change("2026-03-01", UNREADABLE), change("2026-03-01", "EndCooperation(\"x\")")];
    let (folder, paths) = two_files("2026-03-01", &more);
    let broken = file("first", &[change("2026-02-01", "CloseHospital(\"suoth\")")]);
    fs::write(&paths[0], broken).unwrap();
    let (code, _, error) = output(&compared(&paths, &["--together"]));
    assert_eq!(code, 2);
    let line = |part: &str| error.lines().find(|line| line.contains(part)).unwrap_or_default();
    assert!(line("unknown hospital \"suoth\"").contains("first.ron:2:"), "{error}");
    assert!(line("change 2 (ResizeDepartment)").contains("second.ron:3:"), "{error}");
    assert!(line("unknown cooperation \"x\"").contains("second.ron:4:"), "{error}");
    assert!(error.contains("The order of the changes was not checked."), "{error}");
    assert!(error.contains("3 problems"), "{error}");
    // A file that is no text hides what may rest on it, and nothing else.
    fs::write(&paths[0], [0xff, 0xfe]).unwrap();
    let (code, _, error) = output(&compared(&paths, &["--together"]));
    assert_eq!(code, 2);
    assert!(error.contains("first.ron") && error.contains("second.ron:3:"), "{error}");
    assert!(!error.contains("has no inpatient department"), "{error}");
    drop(folder);
}

#[test]
fn a_refusal_shows_the_way() {
    refused(
        &["compare", "--scenario", "nothing-like-it"],
        &["the network brings: demography-2035, "],
    );
    refused(
        &["compare", "--network", "small", "--scenario", "no-such"],
        &["the network brings no scenario"],
    );
    for early in ["schkeuditz-closed", "sana-wurzen-26-beds", "grimma-delivery-ward-closed"] {
        // Who names no day gets the day before the scenario, and is told.
        let (code, out, _) = output(&["compare", "--scenario", early]);
        assert_eq!(code, 0, "{early}");
        assert!(out.contains("the day before the scenarios begin"), "{out}");
        let late = ["compare", "--scenario", early, "--as-of", "2026-01-01"];
        let (_, _, error) = output(&late);
        let day = error.split("--as-of ").nth(1).unwrap().split_whitespace().next().unwrap();
        let earlier = ["compare", "--scenario", early, "--as-of", day];
        assert_eq!(output(&earlier).0, 0, "{early} {day}");
    }
    // Who named a day that is too late is sent to an earlier one.
    let late = ["compare", "--scenario", "schkeuditz-closed", "--as-of", "2026-01-01"];
    refused(&late, &["an earlier day may be meant: --as-of 2025-05-27"]);
}

/// The small region, and two scenarios for it, of which the second rests on what the first adds.
fn two_in_a_row() -> (Region, [ScenarioDraft; 2]) {
    let model = small_model();
    let region = Region::new(&model, model.network.date()).unwrap();
    let opens = "AddDepartment(hospital: \"south\", department: (specialty: \"urology\"))";
    let moves = "MoveDepartment(specialty: \"urology\", from: \"south\", to: \"north\")";
    let texts = [
        file("opens", &[change("2026-02-01", opens)]),
        file("moves", &[change("2026-03-01", moves)]),
    ];
    let drafts = texts.map(|text| ScenarioDraft::read(&text, "x.ron", region.network()));
    (region, drafts)
}

#[test]
fn what_was_checked_is_applied_as_what_was_not() {
    let (region, drafts) = two_in_a_row();
    let checked = region.check_scenarios(drafts).unwrap();
    let plain: Vec<&Scenario> = checked.iter().map(|checked| &**checked).collect();
    let judged: Vec<&CheckedScenario> = checked.iter().collect();
    for day in ["2026-01-31", "2026-02-01", "2026-03-01"] {
        let moment = day.parse().unwrap();
        let after = region.apply_checked(&judged, moment).unwrap();
        assert!(after == region.apply(&plain, moment).unwrap(), "{day}");
    }
    let settled = region.settled_under(&checked).unwrap().unwrap();
    let north = settled.region.find_hospital("north").unwrap();
    assert!(settled.region.network()[north].has_specialty("urology"));
    assert_eq!(checked[0].clone().into_scenario(), *plain[0]);
}

#[test]
fn what_was_checked_elsewhere_is_judged_anew() {
    let (region, drafts) = two_in_a_row();
    let checked = region.check_scenarios(drafts).unwrap();
    let moment = "2026-03-01".parse().unwrap();
    // Without the first one, there is no department that could move.
    let problems = region.apply_checked(&[&checked[1]], moment).unwrap_err().to_string();
    assert!(problems.contains("has no inpatient department of \"urology\""), "{problems}");
    // Where the first one was applied, its department cannot be added again.
    let after = region.apply_checked(&[&checked[0]], moment).unwrap();
    let problems = after.apply_checked(&[&checked[0], &checked[1]], moment).unwrap_err();
    assert!(problems.to_string().contains("urology"), "{problems}");
    assert!(after.apply_checked(&[&checked[1]], moment).is_ok());
}

#[test]
fn patients_follow_what_was_checked() {
    let region = Region::leipzig().unwrap();
    let draft = |name| ScenarioDraft::in_folder(&Folder::leipzig(), name, region.network());
    let checked = |name| region.check_scenario(draft(name)).unwrap();
    let (winter, merger) = (checked("winter"), checked("merger-delitzsch-eilenburg"));
    let started = Started::new(&region, &winter).unwrap();
    assert!(matches!(started.rest, Rest::All(_)));
    let flow = started.patients(&Settings::default()).unwrap();
    let plain = PatientFlow::new(&region, &Settings::default(), Some(&winter)).unwrap();
    assert_eq!((flow.name(), flow.model()), (plain.name(), plain.model()));

    // Hospitals do not merge while patients are followed, whoever checked it.
    let refusal = PatientFlow::under(&region, &Settings::default(), &merger).unwrap_err();
    assert!(refusal.to_string().contains("a run cannot follow"), "{refusal}");
    let started = Started::new(&region, &merger).unwrap();
    assert!(matches!(&started.rest, Rest::Part(rest) if rest.changes.is_empty()));
    assert!(started.patients(&Settings::default()).is_ok());
}
