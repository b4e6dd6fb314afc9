//! Faults of changes of structure: unknown names, impossible changes, and changes that cannot follow those before.
//! All are named at once, with the closest key, and nothing is applied.

use std::fs;

use verbund::problem::Problems;
use verbund::scenario::Scenario;

use crate::common::{dated_change, small_model};

fn read_as(id: &str, changes: &[String]) -> Result<Scenario, Problems> {
    let list = changes.concat();
    let text =
        format!("(format: 1, id: \"{id}\", name: \"C\", source: \"invented\", changes: [{list}])");
    let model = small_model();
    Scenario::read(&text, "c.ron", &model.network, &model.places)
}

/// The messages of a scenario of these changes, without file, line and column.
fn faults_of(changes: &[String]) -> Vec<String> {
    match read_as("c", changes) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .list()
            .iter()
            .map(|one| {
                assert!(one.line == Some(1) && one.column.is_some(), "{one}");
                one.to_string().splitn(4, ':').nth(3).unwrap().trim().to_owned()
            })
            .collect(),
    }
}

/// Checks that this change, on 1 February, has exactly this fault.
#[track_caller]
fn assert_only_fault(what: &str, expected: &str) {
    let found = faults_of(&[dated_change("2026-02-01", what)]);
    assert_eq!(found.len(), 1, "{found:#?}");
    let name = what.split('(').next().unwrap();
    let expected = format!("change 1 ({name}), field {expected}");
    assert!(found[0].starts_with(&expected), "{}\n{expected}", found[0]);
}

/// Checks that these changes can be read and applied.
#[track_caller]
fn assert_no_fault(changes: &[String]) {
    let found = faults_of(changes);
    assert!(found.is_empty(), "{found:#?}");
}

/// Checks that these changes have one fault, of the last one.
#[track_caller]
fn assert_fault_of_last_change(changes: &[String], expected: &str) {
    let found = faults_of(changes);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with(&format!("change {} (", changes.len())), "{}", found[0]);
    assert!(found[0].contains(expected), "{}\n{expected}", found[0]);
}

const NEW: &str = r#"id: "new", name: "New", operator: "New", ownership: Public, position: (lat: 50.7, lon: 12.0)"#;

#[test]
fn a_change_that_names_nothing() {
    assert_only_fault(
        "CloseHospital(\"suoth\")",
        "change: unknown hospital \"suoth\"; expected the key of a hospital that exists; did you mean \"south\"?",
    );
    assert_only_fault("CloseHospital(south)", "change: south is not what belongs here");
    let hospital = "change.hospital: unknown hospital \"nroth\"; expected the key of a hospital that exists; did you mean \"north\"?";
    for what in [
        "AddDepartment(hospital: \"nroth\", department: (specialty: \"urology\"))",
        "ResizeDepartment(hospital: \"nroth\", specialty: \"neurology\", beds: 3)",
        "ResizeHospital(hospital: \"nroth\", beds: 300)",
        "SetCareLevel(hospital: \"nroth\", level: Basic)",
        "SetEmergencyLevel(hospital: \"nroth\", level: Basic)",
        "SetFacility(hospital: \"nroth\", facility: (kind: \"ct\"))",
        "CloseFacility(hospital: \"nroth\", kind: \"ct\")",
        "SetHours(hospital: \"nroth\", specialty: \"neurology\", hours: Always)",
        "SetStaffedShare(hospital: \"nroth\", share: 0.9)",
        "SetOperator(hospital: \"nroth\", operator: \"O\")",
        "SetParent(hospital: \"nroth\", parent: \"west\")",
        "RenameHospital(hospital: \"nroth\", name: \"N\")",
        "ConvertHospital(hospital: \"nroth\", to: HealthCentre)",
        "JoinAlliance(alliance: \"example-group\", hospital: \"nroth\")",
    ] {
        assert_only_fault(what, hospital);
    }
    assert_only_fault(
        "MoveDepartment(specialty: \"neurolgy\", from: \"north\", to: \"south\")",
        "change.specialty: unknown specialty \"neurolgy\"",
    );
    assert_only_fault(
        "MoveDepartment(specialty: \"neurology\", from: \"north\", to: \"suoth\")",
        "change.to: unknown hospital \"suoth\"",
    );
    assert_only_fault(
        "MoveDepartment(specialty: \"neurology\", from: \"south\", to: \"north\")",
        "change.specialty: \"south\" has no inpatient department of \"neurology\" on 2026-02-01; \
         expected one of general_surgery, internal_medicine, obstetrics",
    );
    assert_only_fault(
        "MergeHospitals(from: \"west\", into: \"esouth\")",
        "change.into: unknown hospital \"esouth\"",
    );
    assert_only_fault(
        "ChangeCooperation(id: \"tele-strok\", hours: Always)",
        "change.id: unknown cooperation \"tele-strok\"; expected the key of a cooperation that exists; did you mean \"tele-stroke\"?",
    );
    assert_only_fault(
        "LeaveAlliance(alliance: \"example-grup\", hospital: \"north\")",
        "change.alliance: unknown alliance \"example-grup\"; expected the key of an alliance that exists; did you mean \"example-group\"?",
    );
    assert_only_fault(
        "CloseFacility(hospital: \"south\", kind: \"icu\")",
        "change.kind: \"south\" has no facility \"icu\" on 2026-02-01; expected one of ct",
    );
    assert_only_fault(
        "SetFacility(hospital: \"south\", facility: (kind: \"stroke_unit\", grade: \"regoinal\"))",
        "change.facility.grade: \"regoinal\" is no grade of \"stroke_unit\"",
    );
    assert_only_fault(
        "ScaleDemand(factor: 2, districts: [\"Nordkries\"])",
        "change.districts[0]: unknown district \"Nordkries\"",
    );
}

#[test]
fn values_that_cannot_be() {
    assert_only_fault(
        "SetParent(hospital: \"north\", parent: \"north\")",
        "change.parent: hospital \"north\" becomes a branch of itself; expected another hospital",
    );
    assert_only_fault(
        "SetParent(hospital: \"north\", parent: \"west-day\")",
        "change.parent: \"west-day\" is itself a branch of another site",
    );
    assert_only_fault(
        "SetParent(hospital: \"west\", parent: \"north\")",
        "change.hospital: \"west\" has a branch of its own, \"west-day\"",
    );
    assert_only_fault(
        "MergeHospitals(from: \"north\", into: \"north\")",
        "change.into: hospital \"north\" merges with itself; expected another hospital",
    );
    assert_only_fault(
        "MoveDepartment(specialty: \"neurology\", from: \"north\", to: \"north\")",
        "change.to: hospital \"north\" moves a department to itself",
    );
    assert_only_fault(
        "ResizeDepartment(hospital: \"north\", specialty: \"neurology\", beds: -1)",
        "change.beds: -1 is out of range; expected a whole number from 0",
    );
    // 20 of its beds can move, 21 cannot.
    let go = |beds| {
        format!(
            "MoveDepartment(specialty: \"neurology\", from: \"north\", to: \"south\", beds: {beds})"
        )
    };
    assert_no_fault(&[dated_change("2026-02-01", &go(20))]);
    assert_only_fault(&go(21), "change.beds: 21 beds would move, but there are 20 on 2026-02-01");
    // North has 200 beds, all of them in departments.
    let size = |beds| {
        format!("ResizeDepartment(hospital: \"north\", specialty: \"neurology\", beds: {beds})")
    };
    assert_no_fault(&[dated_change("2026-02-01", &size(19))]);
    assert_only_fault(
        &size(21),
        "change.beds: the departments of \"north\" would have 201 beds, the site 200 on 2026-02-01",
    );
    assert_no_fault(&[dated_change(
        "2026-02-01",
        "ResizeHospital(hospital: \"north\", beds: 201)",
    )]);
    assert_only_fault(
        "ResizeHospital(hospital: \"north\", beds: 199)",
        "change.beds: the departments of \"north\" would have 200 beds, the site 199",
    );
    assert_only_fault(
        "AddDepartment(hospital: \"north\", department: (specialty: \"urology\", beds: 1))",
        "change.department.beds: the departments of \"north\" would have 201 beds, the site 200",
    );
    assert_only_fault(
        "AddDepartment(hospital: \"south\", department: (specialty: \"obstetrics\"))",
        "change.department.specialty: \"south\" has a department of \"obstetrics\"",
    );
    for (share, shown) in [("0.19", "0.19"), ("1.01", "1.01")] {
        assert_only_fault(
            &format!("SetStaffedShare(hospital: \"north\", share: {share})"),
            &format!("change.share: {shown} is out of range; expected a share from 0.2 to 1"),
        );
    }
    for (factor, shown) in [("-0.1", "-0.1"), ("100.1", "100.1"), ("inf", "inf"), ("NaN", "NaN")] {
        assert_only_fault(
            &format!("ScaleDemand(factor: {factor})"),
            &format!("change.factor: {shown} is out of range; expected a factor from 0 to 100"),
        );
    }
    assert_only_fault(
        "ScaleDemand(factor: \"much\")",
        "change.factor: \"much\" is not what belongs here",
    );
    assert_only_fault("ScaleDemand(districts: [])", "change.factor: is missing");
    assert_only_fault(
        "SetHours(hospital: \"north\", hours: Always)",
        "change.hours: hours are of one department or of one facility",
    );
    assert_only_fault(
        "SetHours(hospital: \"north\", specialty: \"neurology\", facility: \"ct\", hours: Always)",
        "change.hours: hours are of one department or of one facility",
    );
    assert_only_fault(
        "ChangeCooperation(id: \"transfer\")",
        "change.id: nothing of the cooperation changes",
    );
    assert_only_fault(
        "ChangeCooperation(id: \"transfer\", kind: Framework)",
        "change.from: Framework is among partners",
    );
    assert_only_fault("ConvertHospital(hospital: \"north\")", "change.to: is missing");
    assert_only_fault(
        "ConvertHospital(hospital: \"west\", to: CrossSectorSite)",
        "change.departments: \"west\" has neither internal_medicine nor geriatrics on 2026-02-01",
    );
    assert_only_fault(
        "ConvertHospital(hospital: \"west-day\", to: HealthCentre)",
        "change.hospital: \"west-day\" has no inpatients",
    );
}

#[test]
fn a_hospital_that_opens_is_a_sound_record_without_dates() {
    assert_no_fault(&[dated_change("2026-02-01", &format!("OpenHospital({NEW})"))]);
    assert_only_fault(
        &format!("OpenHospital({})", NEW.replace("id: \"new\"", "id: \"north\"")),
        "change.id: there is a hospital \"north\" already on 2026-02-01; expected a key that no hospital has then",
    );
    assert_only_fault(
        &format!("OpenHospital({NEW}, opened: \"2027\")"),
        "change.opened: what a scenario opens has no dates of its own",
    );
    assert_only_fault(
        &format!("OpenHospital({NEW}, departments: [(specialty: \"urolgy\")])"),
        "change.departments[0].specialty: unknown specialty \"urolgy\"",
    );
    assert_only_fault(
        &format!("OpenHospital({NEW}, beds: 3, departments: [(specialty: \"urology\", beds: 4)])"),
        "change.departments: its departments have 4 beds, the hospital 3",
    );
    assert_only_fault(
        &format!("OpenHospital({NEW}, parent: \"nroth\")"),
        "change.parent: unknown hospital \"nroth\"",
    );
    assert_only_fault(
        "OpenHospital(id: \"new\", name: \"N\", operator: \"N\", ownership: Public)",
        "change.position: is missing",
    );
}

#[test]
fn a_corridor_needs_three_corners_and_an_area() {
    let road = |corners: &str| format!("Road(corridor: [{corners}])");
    let (a, b, c) = ("(lat: 50, lon: 12)", "(lat: 51, lon: 12)", "(lat: 51, lon: 13)");
    assert_no_fault(&[dated_change("2026-02-01", &road(&format!("{a}, {b}, {c}")))]);
    assert_only_fault(
        &road(&format!("{a}, {b}")),
        "change.corridor: a corridor with fewer than three corners: 2; expected three or more different corners",
    );
    // The first corner again at the end is no third one.
    assert_only_fault(
        &road(&format!("{a}, {b}, {a}")),
        "change.corridor: a corridor with fewer than three corners: 2",
    );
    assert_only_fault(
        &road(&format!("{a}, {b}, (lat: 50.5, lon: 12)")),
        "change.corridor: all corners of the corridor lie on one line",
    );
    assert_only_fault(
        &road(&format!("{a}, {b}, {c}, (lat: 91, lon: 12)")),
        "change.corridor[3].lat: 91 is out of range",
    );
    assert_only_fault(
        &road(&format!("{a}, {b}, {c}, (lat: 51)")),
        "change.corridor[3].lon: is missing",
    );
    assert_only_fault("Road(delay: \"5m\")", "change.from: a road from everywhere to everywhere");
}

#[test]
fn closing_the_closed_and_changing_what_is_gone() {
    let close = |on: &str, key: &str| dated_change(on, &format!("CloseHospital(\"{key}\")"));
    let (one, two) = ("2026-02-01", "2026-02-02");
    let not_there =
        "hospital \"south\" is not there on 2026-02-02; expected a hospital that is there then";
    assert_fault_of_last_change(&[close(one, "south"), close(two, "south")], not_there);
    for what in [
        "CloseDepartment(hospital: \"south\", specialty: \"obstetrics\")",
        "ResizeHospital(hospital: \"south\", beds: 90)",
        "SetEmergencyLevel(hospital: \"south\")",
        "MergeHospitals(from: \"south\", into: \"north\")",
        "ConvertHospital(hospital: \"south\", to: HealthCentre)",
        "LeaveAlliance(alliance: \"example-group\", hospital: \"south\")",
        "StartCooperation(id: \"n\", kind: StaffPool, partners: [\"north\", \"south\"])",
        "Road(to: [\"south\"])",
    ] {
        assert_fault_of_last_change(
            &[close(one, "south"), dated_change(two, what)],
            "hospital \"south\" is not there on 2026-02-02",
        );
        // The order is that of time.
        if !what.starts_with("Merge") {
            assert_no_fault(&[close("2026-02-03", "south"), dated_change(two, what)]);
        }
    }
    // What was between two hospitals ends with one of them.
    assert_fault_of_last_change(
        &[close(one, "south"), dated_change(two, "EndCooperation(\"transfer\")")],
        "cooperation \"transfer\" is not at work on 2026-02-02",
    );
    let merge = dated_change(one, "MergeHospitals(from: \"south\", into: \"north\")");
    assert_fault_of_last_change(&[merge.clone(), close(two, "south")], not_there);
    assert_fault_of_last_change(
        &[merge, dated_change(two, "ChangeCooperation(id: \"transfer\", hours: Always)")],
        "cooperation \"transfer\" is not at work on 2026-02-02",
    );
    // A department that moved away.
    let go = dated_change(
        one,
        "MoveDepartment(specialty: \"neurology\", from: \"north\", to: \"south\")",
    );
    let close_it =
        dated_change(two, "CloseDepartment(hospital: \"north\", specialty: \"neurology\")");
    assert_fault_of_last_change(
        &[go.clone(), close_it.clone()],
        "\"north\" has no inpatient department of \"neurology\"",
    );
    assert_no_fault(&[go, close_it.replace("north", "south")]);
    // A member joins once, and leaves once.
    let join = |on: &str, key: &str| {
        dated_change(on, &format!("JoinAlliance(alliance: \"example-group\", hospital: \"{key}\")"))
    };
    assert_fault_of_last_change(
        &[join(one, "north")],
        "\"north\" is a member of \"example-group\" already",
    );
    assert_no_fault(&[join(one, "west"), join(one, "west").replace("Join", "Leave")]);
    assert_fault_of_last_change(
        &[join(one, "west").replace("Join", "Leave")],
        "\"west\" is no member of \"example-group\"",
    );
}

#[test]
fn setting_what_is_so_already_is_a_fault_of_its_own() {
    for (what, expected) in [
        (
            "SetCareLevel(hospital: \"north\", level: Priority)",
            "level: \"north\" has the care level Priority already",
        ),
        ("SetCareLevel(hospital: \"west-day\")", "level: \"west-day\" has no care level already"),
        (
            "SetEmergencyLevel(hospital: \"south\", level: Basic)",
            "level: \"south\" has the emergency level Basic already",
        ),
        (
            "SetOperator(hospital: \"west\", operator: \"Nordkreis\")",
            "operator: \"west\" has the operator \"Nordkreis\" already",
        ),
        ("RenameHospital(hospital: \"north\", name: \" \")", "name: is empty"),
        ("SetParent(hospital: \"north\")", "parent: \"north\" has no main site already"),
        ("ResizeHospital(hospital: \"north\", beds: 200)", "beds: \"north\" has 200 beds already"),
        (
            "ResizeDepartment(hospital: \"north\", specialty: \"neurology\", beds: 20)",
            "beds: \"north\" has 20 beds in \"neurology\" already",
        ),
        (
            "SetFacility(hospital: \"north\", facility: (kind: \"icu\", count: 12))",
            "facility: \"north\" has this \"icu\" already",
        ),
        (
            "SetHours(hospital: \"north\", facility: \"ct\", hours: Always)",
            "hours: \"north\" has these hours already",
        ),
        ("ScaleDemand(factor: 1)", "factor: a factor of 1 changes nothing"),
    ] {
        assert_only_fault(what, &format!("change.{expected}"));
    }
    // Something of it differs.
    for what in [
        "SetOperator(hospital: \"west\", operator: \"Nordkreis\", ownership: Public)",
        "SetFacility(hospital: \"north\", facility: (kind: \"icu\", count: 13))",
        "SetHours(hospital: \"north\", facility: \"ct\", hours: \"Mon-Fri 8-16\")",
        "SetStaffedShare(hospital: \"north\", share: 0.9)",
    ] {
        assert_no_fault(&[dated_change("2026-02-01", what)]);
    }
    // What was set is there from then on; a value that comes back when another change is over is no fault.
    let share = "SetStaffedShare(hospital: \"north\", share: 0.9)";
    assert_fault_of_last_change(
        &[dated_change("2026-02-01", share), dated_change("2026-02-02", share)],
        "a staffed share of 0.9 already on 2026-02-02",
    );
    let maximum = dated_change("2026-02-01", "SetCareLevel(hospital: \"north\", level: Maximum)")
        .replace("\", reason", "\", until: \"2026-03-01\", reason");
    let back = dated_change("2026-02-02", "SetCareLevel(hospital: \"north\", level: Priority)");
    assert_no_fault(&[maximum, back]);
}

#[test]
fn what_opens_can_be_changed_from_then_on() {
    let open = |on: &str| dated_change(on, &format!("OpenHospital({NEW})"));
    let set =
        |on: &str| dated_change(on, "SetFacility(hospital: \"new\", facility: (kind: \"ct\"))");
    assert_no_fault(&[open("2026-02-01"), set("2026-02-01")]);
    assert_fault_of_last_change(
        &[open("2026-02-02"), set("2026-02-01")],
        "hospital \"new\" is not there on 2026-02-01",
    );
    assert_fault_of_last_change(
        &[open("2026-02-01"), open("2026-02-02")],
        "there is a hospital \"new\" already",
    );
    // Where the opening itself is faulty, what rests on it is not named as well.
    let faulty = open("2026-02-01").replace("lat: 50.7", "lat: 99");
    assert_eq!(faults_of(&[faulty, set("2026-02-02")]).len(), 1);
    // An expert's department may come with the scenario.
    let add = dated_change(
        "2026-02-01",
        "AddDepartment(hospital: \"west\", department: (specialty: \"neurology\"))",
    );
    let tele = "StartCooperation(id: \"t\", kind: Telemedicine, from: \"west\", to: [\"south\"], fields: [\"neurology\"])";
    assert_no_fault(&[add, dated_change("2026-02-02", tele)]);
    assert_eq!(faults_of(&[dated_change("2026-02-02", tele)]).len(), 1);
}

#[test]
fn the_end_of_a_change_may_not_leave_a_contradiction() {
    let until = |text: String| text.replace("\", reason", "\", until: \"2026-03-01\", reason");
    // The site has 10 beds more for a month; the department may not keep them.
    let site = until(dated_change("2026-02-01", "ResizeHospital(hospital: \"north\", beds: 210)"));
    let department = dated_change(
        "2026-02-01",
        "ResizeDepartment(hospital: \"north\", specialty: \"neurology\", beds: 30)",
    );
    assert_fault_of_last_change(
        &[site.clone(), department.clone()],
        "when another change is over, on 2026-03-01: the departments of",
    );
    assert_no_fault(&[site, until(department)]);
    // A merger and a conversion have no end of their own.
    let merge =
        until(dated_change("2026-02-01", "MergeHospitals(from: \"south\", into: \"north\")"));
    assert!(faults_of(&[merge])[0].contains("MergeHospitals has no end of its own"));
}

#[test]
fn a_date_before_that_of_the_network() {
    let found = faults_of(&[dated_change("2025-12-31", "CloseHospital(\"south\")")]);
    assert!(found[0].contains("2025-12-31 is before the start on 2026-01-01"), "{found:#?}");
}

#[test]
fn all_faults_are_named_at_once_and_nothing_is_applied() {
    let changes = [
        dated_change("2026-02-01", "CloseHospital(\"suoth\")"),
        dated_change("2026-02-01", "MergeHospitals(from: \"west\", into: \"west\")"),
        dated_change("2026-02-01", "ResizeHospital(hospital: \"north\", beds: 1)"),
        dated_change("2026-02-01", "ScaleDemand(factor: -1)"),
        dated_change("2025-02-01", "CloseHospital(\"west-day\")"),
    ];
    // The third one is sound by itself: whether it fits is tried once the others are mended.
    let faults = faults_of(&changes);
    assert_eq!(faults.len(), 4, "{faults:#?}");
    assert_eq!(faults_of(&changes[2..3]).len(), 1);
}

#[test]
fn scenarios_that_contradict_each_other_are_refused_together() {
    let model = small_model();
    let close =
        |id: &str, on: &str| read_as(id, &[dated_change(on, "CloseHospital(\"south\")")]).unwrap();
    let (first, second) = (close("first", "2026-02-01"), close("second", "2026-03-01"));
    for pair in [[&first, &second], [&second, &first]] {
        let refused =
            verbund::scenario::under(&model, &pair, "2026-12-31".parse().unwrap()).unwrap_err();
        assert_eq!(refused.list().len(), 1, "{refused}");
        let problem = &refused.list()[0];
        assert_eq!(problem.entity, "scenario \"second\", change 1 (CloseHospital)");
        assert!(problem.message.contains("is not there on 2026-03-01"), "{problem}");
        let region = verbund::Region::new(&model, model.network.date()).unwrap();
        assert!(region.apply(&pair, "2026-01-01".parse().unwrap()).is_err());
    }
}

#[test]
fn a_population_table_is_checked_when_the_scenario_is_read() {
    let model = small_model();
    let places =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/networks/small/places.csv"))
            .unwrap();
    let text = "(format: 1, id: \"p\", name: \"P\", source: \"invented\", changes: [(on: \"2035-01-01\", \
                reason: \"r\", change: SetPopulation(table: \"people.csv\"))])";
    let read = |table: Option<&str>| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.ron");
        fs::write(&path, text).unwrap();
        table
            .into_iter()
            .for_each(|table| fs::write(folder.path().join("people.csv"), table).unwrap());
        let found = Scenario::open(&path, &model.network, &model.places);
        found.map_err(|problems| problems.list().to_vec())
    };
    let fault = |table: Option<&str>| {
        let found = read(table).unwrap_err();
        assert_eq!(found.len(), 1, "{found:#?}");
        found[0].to_string()
    };
    // The same people change nothing; others do, also by other bands of age.
    let same = read(Some(&places)).unwrap();
    let moment = "2035-01-01".parse().unwrap();
    assert_eq!(
        verbund::scenario::under(&model, &[&same], moment).unwrap(),
        model.as_of(model.network.date())
    );
    let rows: Vec<Vec<&str>> = places.lines().map(|line| line.split(',').collect()).collect();
    let mut other =
        "id,name,district,area_km2,lat,lon,outside,female_0_plus,male_0_plus\n".to_owned();
    for (number, row) in rows[1..].iter().enumerate() {
        other += &format!("{},{},0\n", row[..7].join(","), 1 << number);
    }
    let changed =
        verbund::scenario::under(&model, &[&read(Some(&other)).unwrap()], moment).unwrap();
    let region = verbund::Region::new(&changed, model.network.date()).unwrap();
    assert_eq!(region.people_inside(), 1 + 2 + 4 + 8 + 16);
    assert_eq!(changed.places.bands.len(), 1);
    // Before its day the people are those of the network.
    let before = verbund::scenario::under(
        &model,
        &[&read(Some(&other)).unwrap()],
        "2034-12-31".parse().unwrap(),
    )
    .unwrap();
    assert_eq!(before.places, model.places);

    assert!(fault(None).contains("there is no such file"));
    let without =
        places.lines().filter(|line| !line.starts_with("c,")).collect::<Vec<_>>().join("\n");
    assert!(fault(Some(&without)).contains("people.csv has no place \"c\""));
    let more = format!("{places}cc,More,Südkreis,,50.8,12.0,false,1,1,1,1,1,1,1,1\n");
    assert!(fault(Some(&more)).contains("unknown place \"cc\""));
    let moved = places.replacen("50.820136", "50.830136", 1);
    assert!(fault(Some(&moved)).contains("lat and lon of \"c\" in people.csv differs"));
    // Faults within the table have its file and line.
    let negative = places.replacen(",125,125", ",-125,125", 1);
    assert!(
        fault(Some(&negative)).starts_with("people.csv:2:8: place \"a\", field female_0_17"),
        "{}",
        fault(Some(&negative))
    );
    // A text alone has no folder.
    let alone = Scenario::read(text, "p.ron", &model.network, &model.places).unwrap_err();
    assert!(alone.to_string().contains("people.csv is not at hand"), "{alone}");
}
