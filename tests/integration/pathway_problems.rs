//! Faults of pathways and of the cooperations that they run over: each named, all at once.

use std::fs;

use verbund::files::Folder;

use crate::problems::Copy;

/// A copy of the small network whose catalog has these pathways alone.
fn with_pathways(text: &str) -> Copy {
    let copy = Copy::new();
    fs::write(copy.folder.join("../catalog/pathways.ron"), text).unwrap();
    copy
}

const GOOD: &str = r#"Pathways(pathways: [(
    id: "stroke", name: "stroke", urgency: Emergency, cases: (of: "stroke", share: 0.5),
    first_leg: [Ambulance],
    transfer: (fields: ["neurology"], door_in_door_out: "92m", without_agreement: After("30m")),
    stages: [
        (id: "imaging", requirement: Facility("ct"), duration: "25m"),
        (id: "lysis", requirement: All([Facility("ct"), Specialty("neurology")]), duration: "10m",
            ways: [OnSite, Telemedicine(remote: [Specialty("neurology")], consult: "10m")]),
    ],
    targets: [(to: Start("lysis"), minutes: 90, source: "s")],
    source: "s", assumed: ["stages.imaging.duration"],
)])"#;

/// The messages of the good file with each text replaced, without the places.
fn faults(replacements: &[(&str, &str)]) -> Vec<String> {
    let mut text = GOOD.to_owned();
    for (old, new) in replacements {
        assert!(text.contains(old), "{old} is there");
        text = text.replacen(old, new, 1);
    }
    let messages = with_pathways(&text).messages();
    messages.iter().map(|one| one.splitn(4, ':').nth(3).unwrap_or(one).trim().to_owned()).collect()
}

/// Checks that a replacement in the good file gives exactly this fault.
#[track_caller]
fn assert_only_fault(old: &str, new: &str, expected: &str) {
    let found = faults(&[(old, new)]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with(expected), "{}", found[0]);
}

#[test]
fn the_good_file_is_good_and_its_defaults_are_marked_as_assumed() {
    let model = Folder::open(&with_pathways(GOOD).folder).read().unwrap();
    let catalog = model.network.catalog();
    assert_eq!(catalog.pathways.len(), 1);
    assert_eq!(catalog.first_leg.assumed, ["ambulance", "helicopter", "own_car"]);
    // A catalog without the file has no pathways.
    let copy = Copy::new();
    fs::remove_file(copy.folder.join("../catalog/pathways.ron")).unwrap();
    let model = Folder::open(&copy.folder).read().unwrap();
    assert!(model.network.catalog().pathways.is_empty());
}

#[test]
fn durations_that_are_absent_negative_or_endless() {
    assert_only_fault(
        "requirement: Facility(\"ct\"), duration: \"25m\"",
        "requirement: Facility(\"ct\")",
        "pathway \"stroke\", field stages[0].duration: is missing",
    );
    assert_only_fault(
        "\"25m\"",
        "\"-25m\"",
        "pathway \"stroke\", field stages[0].duration: \"-25m\" is no span of time",
    );
    assert_only_fault(
        "\"25m\"",
        "\"721h\"",
        "pathway \"stroke\", field stages[0].duration: a time of 721h; expected at most 720 hours",
    );
    assert_only_fault(
        "consult: \"10m\"",
        "",
        "pathway \"stroke\", field stages[1].ways[1].consult: is missing",
    );
    assert_only_fault(
        "After(\"30m\")",
        "After(\"-3m\")",
        "pathway \"stroke\", field transfer.without_agreement: After(\"-3m\") is no such rule",
    );
}

#[test]
fn what_a_pathway_names_must_exist() {
    assert_only_fault(
        "fields: [\"neurology\"], door",
        "fields: [\"nuerology\"], door",
        "pathway \"stroke\", field transfer.fields[0]: unknown field \"nuerology\"",
    );
    assert_only_fault(
        "of: \"stroke\"",
        "of: \"strok\"",
        "pathway \"stroke\", field cases.of: unknown condition or specialty \"strok\"",
    );
    assert_only_fault(
        "Start(\"lysis\")",
        "Start(\"lyse\")",
        "pathway \"stroke\", field targets[0].to: unknown stage \"lyse\"",
    );
    assert_only_fault(
        "Facility(\"ct\"), duration",
        "Facility(\"cct\"), duration",
        "pathway \"stroke\", field stages[0].requirement: unknown facility \"cct\"",
    );
    assert_only_fault(
        "first_leg: [Ambulance],",
        "first_leg: [Ambulance], door: \"lyse\",",
        "pathway \"stroke\", field door: unknown stage \"lyse\"",
    );
    assert_only_fault(
        "first_leg: [Ambulance]",
        "first_leg: [Ambulance, OwnCarr]",
        "pathway \"stroke\", field first_leg: unknown word OwnCarr",
    );
    assert_only_fault(
        "stages.imaging.duration",
        "stages.image.duration",
        "pathway \"stroke\", field assumed[0]: \"stages.image.duration\" is nothing",
    );
}

#[test]
fn ways_must_make_sense() {
    assert_only_fault(
        "remote: [Specialty(\"neurology\")]",
        "remote: [Specialty(\"urology\")]",
        "pathway \"stroke\", field stages[1].ways[1].remote: a remote part is no part",
    );
    assert_only_fault(
        "remote: [Specialty(\"neurology\")]",
        "remote: []",
        "pathway \"stroke\", field stages[1].ways[1].remote: Telemedicine without a remote part",
    );
    assert_only_fault(
        "remote: [Specialty(\"neurology\")]",
        "remote: [Facility(\"ct\")]",
        "pathway \"stroke\", field stages[1].ways[1].fields: no field that a cooperation could",
    );
    assert_only_fault(
        "Telemedicine(remote: [Specialty(\"neurology\")], consult: \"10m\")",
        "VisitingTeam(remote: [Specialty(\"neurology\")], call_out: \"9m\", alert: \"lysis\")",
        "pathway \"stroke\", field stages[1].ways[1].alert: unknown stage before this one \"lysis\"",
    );
    assert_only_fault(
        "Telemedicine(remote",
        "Telemedizin(remote",
        "pathway \"stroke\", field stages[1].ways[1]: unknown way \"Telemedizin\"",
    );
    let found = faults(&[("id: \"lysis\"", "id: \"imaging\"")]);
    assert!(found[0].contains("stages[1].id: a second stage \"imaging\""), "{found:#?}");
    assert!(found[1].contains("targets[0].to: unknown stage \"lysis\""), "{found:#?}");
    assert_eq!(found.len(), 2);
}

#[test]
fn all_faults_of_a_pathway_at_once() {
    let found = faults(&[
        ("\"25m\"", "\"25\""),
        ("share: 0.5", "share: 1.5"),
        ("minutes: 90", "minutes: 0"),
        ("urgency: Emergency", "urgency: Emergncy"),
        ("first_leg: [Ambulance]", "first_leg: [], arrivals: [1, 2, 3]"),
        ("id: \"imaging\"", "id: \"call\""),
    ]);
    for part in [
        "stages[0].duration: \"25\"",
        "cases.share: 1.5 is out of range",
        "targets[0].minutes: a limit of 0",
        "urgency: unknown word Emergncy",
        "first_leg: nobody can come",
        "arrivals: arrivals of 3 hours",
        "stages[0].id: \"call\" is the name",
    ] {
        assert!(found.iter().any(|one| one.contains(part)), "{part}\n{found:#?}");
    }
}

#[test]
fn an_expert_must_have_what_it_helps_with() {
    let copy = Copy::new().with(
        "network.ron",
        "from: \"north\", to: [\"south\"],\n            fields: [\"neurology\"]",
        "from: \"north\", to: [\"south\"],\n            fields: [\"neurology\", \"urology\"]",
    );
    let messages = copy.messages();
    assert_eq!(messages.len(), 1);
    let part =
        "cooperation \"tele-stroke\", field fields[1]: \"north\" has no department of \"urology\"";
    assert!(messages[0].contains(part), "{}", messages[0]);
}

#[test]
fn a_cycle_of_central_services() {
    let cycle = |from: &str, to: &str| {
        format!(
            "(id: \"{from}-{to}\", kind: CentralService, from: \"{from}\", to: [\"{to}\"], \
             fields: [\"laboratory\"], sources: [\"invented\"]),"
        )
    };
    let all = [cycle("north", "south"), cycle("south", "west"), cycle("west", "north")].concat();
    let copy = Copy::new().with("network.ron", "cooperations: [", &format!("cooperations: [{all}"));
    let messages = copy.messages();
    assert_eq!(messages.len(), 1, "{messages:#?}");
    let part = "a cycle of central services for \"laboratory\": north -> south -> west -> north";
    assert!(messages[0].contains(part), "{}", messages[0]);
    // Two thirds of it are no cycle.
    let open = [cycle("north", "south"), cycle("south", "west")].concat();
    let copy =
        Copy::new().with("network.ron", "cooperations: [", &format!("cooperations: [{open}"));
    assert!(Folder::open(&copy.folder).read().is_ok());
}

#[test]
fn no_text_makes_the_reader_of_pathways_panic() {
    // Every line of the shipped file left out, and the file cut at every hundredth letter.
    let shipped = include_str!("../../networks/catalog/pathways.ron");
    let lines: Vec<&str> = shipped.lines().collect();
    let copy = with_pathways(shipped);
    let path = copy.folder.join("../catalog/pathways.ron");
    for left_out in (0..lines.len()).step_by(3) {
        let rest: Vec<&str> = lines
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != left_out)
            .map(|(_, line)| *line)
            .collect();
        fs::write(&path, rest.join("\n")).unwrap();
        let _ = Folder::open(&copy.folder).read();
    }
    for (end, _) in shipped.char_indices().step_by(311) {
        fs::write(&path, &shipped[..end]).unwrap();
        let _ = Folder::open(&copy.folder).read();
    }
}

#[test]
fn clocks_events_and_spreads_must_make_sense() {
    let target = "targets: [(to: Start(\"lysis\")";
    let field = |name: &str| format!("pathway \"stroke\", field targets[0].{name}: ");
    for (text, name, message) in [
        (
            "targets: [(from: Handover, to: Start(\"lysis\")",
            "from",
            "a clock that starts with handover",
        ),
        ("targets: [(from: Door, to: Door", "to", "a limit from door to arrival at the first door"),
        ("targets: [(to: FirstContact", "to", "a limit from call to first contact"),
        ("targets: [(to: Departure(\"lysis\")", "to", "a limit from call to departure for lysis"),
        ("targets: [(to: Begin(\"lysis\")", "to", "Begin(\"lysis\") is no event"),
        ("targets: [(from: FirstContcat, to: Door", "from", "FirstContcat is no event"),
    ] {
        assert_only_fault(target, text, &(field(name) + message));
    }
    let found = faults(&[
        ("first_leg: [Ambulance]", "first_leg: [OwnCar]"),
        (target, "targets: [(from: FirstContact, to: Start(\"lysis\")"),
    ]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("nobody is with a patient in the own car"), "{}", found[0]);

    let duration = "Facility(\"ct\"), duration: \"25m\"";
    let path = "pathway \"stroke\", field stages[0].spread: ";
    for (spread, message) in [
        ("Iqr(\"25m\", \"30m\")", "quartiles 25m and 30m around a median of 25m"),
        ("Iqr(\"0s\", \"30m\")", "quartiles 0s and 30m around a median of 25m"),
        ("Cv(0)", "a coefficient of variation of 0"),
        ("Cv(2.1)", "a coefficient of variation of 2.1"),
        ("Cv(NaN)", "a coefficient of variation of NaN"),
        ("Iqr(\"30m\")", "Iqr(\"30m\") is no such spread"),
        ("Range(1)", "Range(1) is no such spread"),
    ] {
        assert_only_fault(
            duration,
            &format!("{duration}, spread: {spread}"),
            &format!("{path}{message}"),
        );
    }
    assert_only_fault(
        duration,
        "Facility(\"ct\"), duration: \"240h\", spread: Cv(0.5)",
        &format!("{path}a duration of 240h that may take 106 days"),
    );
    assert_only_fault(
        "duration: \"10m\"",
        "duration: \"10m\", from: Handover",
        "pathway \"stroke\", field stages[1].from: handover comes before the first stage",
    );
}

#[test]
fn published_times_must_be_between_two_events_in_their_order() {
    let published = |text: &str| format!("targets: [], published: [({text}, source: \"s\")],");
    let targets = "targets: [(to: Start(\"lysis\"), minutes: 90, source: \"s\")],";
    let field = "pathway \"stroke\", field published[0]";
    for (text, message) in [
        ("from: Door, to: Done(\"lyse\"), median: \"46m\"", ".to: unknown stage \"lyse\""),
        ("from: Done(\"lysis\"), to: Door, median: \"46m\"", ".to: a time from end of lysis to"),
        ("from: Door, to: Departure(\"imaging\"), median: \"9m\"", ".to: nobody is transferred"),
        ("from: Door, to: Done(\"lysis\")", ": nothing that was published"),
        (
            "from: Door, to: Done(\"lysis\"), median: \"46m\", quartiles: (\"50m\", \"66m\")",
            ".quartiles: quartiles 50m and 1h 6m around a median of 46m",
        ),
        (
            "from: Door, to: Done(\"lysis\"), median: \"46m\", within: [(minutes: 90, share: 1.5)]",
            ".within[0].share: 1.5 is out of range",
        ),
    ] {
        assert_only_fault(targets, &published(text), &format!("{field}{message}"));
    }
}
