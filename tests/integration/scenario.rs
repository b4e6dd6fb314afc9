//! Scenario files: every fault by its name, all at once; read, written and read again.

use std::fs;
use std::sync::LazyLock;

use proptest::prelude::*;
use verbund::calendar::{Date, DateTime};
use verbund::files::Folder;
use verbund::model::*;
use verbund::problem::{ProblemKind, Problems};
use verbund::scenario::{
    Alarmed, AllocationKeys, Change, DatedChange, DepartmentKey, Helicopters, Incident, Scenario,
    StaffShortage, Surge, Theatres,
};
use verbund::units::Seconds;

use crate::common::{any_line, any_text, dated_change};

/// Every kind of change in the small network, all of them sound.
const GOOD: &str = r#"Scenario(
    format: 1, id: "all", name: "Everything at once", source: "invented", assumed: ["all of it"],
    changes: [
        (on: "2026-02-01 06:00", until: "2026-03-01", reason: "no midwives", source: "a letter",
         change: CloseDepartment(hospital: "south", specialty: "obstetrics")),
        (on: "2026-02-01", reason: "full", change: DivertDepartment(hospital: "north", specialty: "neurology")),
        (on: "2026-02-08 12:30", reason: "room again", change: OpenDepartment(hospital: "north", specialty: "neurology")),
        (on: "2026-02-01", until: "2026-08-01", reason: "agreed",
         change: StartCooperation(id: "beds", kind: SharedBeds(pooled_share: 0.2), partners: ["north", "south"],
            fields: ["internal_medicine"], hours: "Mon-Fri 8-16", sources: ["invented"], assumed: ["terms"])),
        (on: "2026-03-01", reason: "cancelled", change: EndCooperation("tele-stroke")),
        (on: "2026-01-12", reason: "influenza",
         change: Surge(specialties: ["internal_medicine"], conditions: ["stroke"], factors: [1.1, 1.8, 0], days: 3,
            districts: ["Nordkreis"], icu_share: 0.1)),
        (on: "2026-06-13 19:30", reason: "accident",
         change: Incident(place: "a", red: 12, yellow: 20, green: 40, minutes: 90,
            keys: (red: [1, 2, 4], green: [4, 8, 16]))),
        (on: "2026-04-01", until: "2026-04-02", reason: "flood", change: Road(from: ["a"], to: ["north"])),
        (on: "2026-04-01", reason: "works", change: Road(to: ["south"], delay: "25m")),
    ],
)"#;

fn small() -> &'static Model {
    static SMALL: LazyLock<Model> = LazyLock::new(|| Folder::small().read().unwrap());
    &SMALL
}

fn read(text: &str) -> Result<Scenario, Problems> {
    let model = small();
    Scenario::read(text, "all.ron", &model.network, &model.places)
}

fn good() -> Scenario {
    read(GOOD).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The good file with texts replaced, each of which must be there.
fn replaced(replacements: &[(&str, &str)]) -> String {
    let mut text = GOOD.to_owned();
    for (old, new) in replacements {
        assert!(text.contains(old), "{old} is there");
        text = text.replacen(old, new, 1);
    }
    text
}

/// The messages of the good file with these replacements, without the places.
fn faults(replacements: &[(&str, &str)]) -> Vec<String> {
    let problems = read(&replaced(replacements)).expect_err("it has faults");
    let list = problems.list().iter();
    list.map(|one| {
        assert!(one.file.as_deref() == Some("all.ron") && one.line.is_some(), "{one}");
        one.to_string().splitn(4, ':').nth(3).unwrap().trim().to_owned()
    })
    .collect()
}

#[track_caller]
fn one(old: &str, new: &str, expected: &str) {
    let found = faults(&[(old, new)]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with(expected), "{}", found[0]);
}

/// A scenario of these changes alone, in the notation of the file.
fn of_changes(changes: &str) -> String {
    format!("(format: 1, id: \"c\", name: \"C\", source: \"invented\", changes: [{changes}])")
}

/// The messages of a scenario of these changes, without file, line and column.
fn faults_of(changes: &str) -> Vec<String> {
    let found = match read(&of_changes(changes)) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.list().to_vec(),
    };
    found.iter().map(|one| one.to_string().splitn(4, ':').nth(3).unwrap().trim().into()).collect()
}

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

#[test]
fn a_scenario_says_what_its_file_says() {
    let scenario = good();
    assert_eq!((scenario.key.as_str(), scenario.changes.len()), ("all", 9));
    let first = &scenario.changes[0];
    assert_eq!((first.on, first.until), (at("2026-02-01 06:00"), Some(at("2026-03-01"))));
    assert_eq!((first.reason.as_str(), first.source.as_deref()), ("no midwives", Some("a letter")));
    assert_eq!(first.change, Change::CloseDepartment(DepartmentKey::new("south", "obstetrics")));
    let Change::StartCooperation(beds) = &scenario.changes[3].change else { panic!() };
    assert_eq!(beds.kind, CooperationKind::SharedBeds { pooled_share: Some(0.2) });
    assert_eq!((beds.since, beds.until, beds.status), (None, None, Status::Active));
    assert_eq!(scenario.changes[4].change, Change::EndCooperation("tele-stroke".into()));
    let Change::Surge(surge) = &scenario.changes[5].change else { panic!() };
    assert_eq!((surge.factors.as_slice(), surge.days), ([1.1, 1.8, 0.0].as_slice(), 3));
    let Change::Incident(incident) = &scenario.changes[6].change else { panic!() };
    assert_eq!((incident.patients(), incident.minutes), (72, 90));
    // The keys that are not written are the usual ones.
    let keys = AllocationKeys { red: [1, 2, 4], yellow: [4, 8, 16], green: [4, 8, 16] };
    assert_eq!(incident.keys, keys);
    let road = Road {
        from: vec![],
        to: vec!["south".into()],
        corridor: vec![],
        delay: Some(Seconds(1500)),
    };
    assert_eq!(scenario.changes[8].change, Change::Road(road));
}

#[test]
fn what_is_left_out_has_its_usual_value() {
    let text = of_changes(
        &[
            dated_change("2026-02-01", "Surge(conditions: [\"stroke\"], factors: [2])"),
            dated_change("2026-02-01", "Incident(place: \"a\", red: 1)"),
        ]
        .concat(),
    );
    let scenario = read(&text).unwrap();
    let Change::Surge(surge) = &scenario.changes[0].change else { panic!() };
    assert_eq!((surge.days, surge.icu_share), (7, None));
    let Change::Incident(incident) = &scenario.changes[1].change else { panic!() };
    assert_eq!((incident.minutes, incident.keys), (60, AllocationKeys::default()));
    // A scenario may change nothing.
    assert!(read(&of_changes("")).unwrap().changes.is_empty());
}

#[test]
fn changes_come_in_the_order_of_time_and_those_of_one_moment_in_that_of_the_file() {
    let scenario = good();
    let names: Vec<&str> =
        scenario.changes_in_order().iter().map(|one| one.change.name()).collect();
    let expected = [
        "Surge",            // 12 January
        "DivertDepartment", // 1 February, midnight, second in the file
        "StartCooperation", // the same moment, fourth in the file
        "CloseDepartment",  // 1 February, 6:00
        "OpenDepartment",
        "EndCooperation",
        "Road",
        "Road",
        "Incident",
    ];
    assert_eq!(names, expected);
}

#[test]
fn faults_of_the_file_as_a_whole() {
    one("format: 1, ", "", "scenario, field format: is missing; expected format: 1");
    one("format: 1", "format: 2", "scenario, field format: format 2 is newer than this version");
    one("id: \"all\", ", "", "scenario, field id: is missing");
    one("id: \"all\"", "id: \"a b\"", "scenario \"a b\", field id: \"a b\" is no key");
    one("name: \"Everything at once\", ", "", "scenario \"all\", field name: is missing");
    one("source: \"invented\"", "source: \" \"", "scenario \"all\", field source: is empty");
    one("[\"all of it\"]", "[\"\"]", "scenario \"all\", field assumed[0]: is empty");
    // A mistyped field is missing, and there.
    let found = faults(&[("changes:", "chnages:")]);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("scenario \"all\", field changes: is missing"), "{}", found[0]);
    assert!(found[1].ends_with("did you mean \"changes\"?"), "{}", found[1]);
}

#[test]
fn a_fault_names_file_line_and_column() {
    let problems = read(&replaced(&[("\"south\", specialty", "\"suoth\", specialty")]));
    assert_eq!(
        problems.unwrap_err().to_string(),
        "all.ron:5:44: change 1 (CloseDepartment), field change.hospital: unknown hospital \"suoth\"; \
         expected the key of a hospital that exists; did you mean \"south\"?\nThe order of the changes was not checked.\n1 problem"
    );
}

#[test]
fn faults_of_dates() {
    one(
        "on: \"2026-02-01 06:00\"",
        "on: \"2026-02\"",
        "change 1 (CloseDepartment), field on: \"2026-02\" is no moment; write a day as 2026-02-01",
    );
    one(
        "(on: \"2026-03-01\", reason: \"cancelled\"",
        "(reason: \"cancelled\"",
        "change 5 (EndCooperation), field on: is missing",
    );
    one(
        "on: \"2026-01-12\"",
        "on: \"2025-12-31 23:59\"",
        "change 6 (Surge), field on: 2025-12-31 23:59 is before the start on 2026-01-01",
    );
    // The end is exclusive: an end at the start would leave nothing.
    one(
        "until: \"2026-04-02\"",
        "until: \"2026-04-01 00:00\"",
        "change 8 (Road), field until: until 2026-04-01 is not after on 2026-04-01",
    );
    assert!(read(&replaced(&[("until: \"2026-04-02\"", "until: \"2026-04-01 00:01\"")])).is_ok());
    // A start that can be read hides no fault of the end.
    let early = "on: \"2025-04-02\", until: \"2025-04-02\"";
    let found = faults(&[("on: \"2026-04-01\", until: \"2026-04-02\"", early)]);
    assert_eq!(found.len(), 2, "{found:#?}");
    // An end is not held against a start that cannot be read.
    one(
        "on: \"2026-02-01 06:00\", until: \"2026-03-01\"",
        "on: \"soon\", until: \"2025-03-01\"",
        "change 1 (CloseDepartment), field on: \"soon\" is no moment",
    );
}

#[test]
fn what_has_no_end_of_its_own_takes_none() {
    for (on, message) in [
        (
            "on: \"2026-02-08 12:30\"",
            "change 3 (OpenDepartment), field until: OpenDepartment has no end of its own: it opens once; expected no until",
        ),
        (
            "on: \"2026-01-12\"",
            "change 6 (Surge), field until: Surge has no end of its own: the curve has its length",
        ),
        (
            "on: \"2026-06-13 19:30\"",
            "change 7 (Incident), field until: Incident has no end of its own: it happens once",
        ),
    ] {
        one(on, &format!("{on}, until: \"2026-12-01\""), message);
    }
}

#[test]
fn faults_of_a_change_as_a_whole() {
    one(
        "reason: \"flood\", ",
        "",
        "change 8 (Road), field reason: is missing; expected a text in quotation marks",
    );
    one(
        "source: \"a letter\"",
        "source: \"\"",
        "change 1 (CloseDepartment), field source: is empty",
    );
    one(
        "Surge(",
        "Surg(",
        "change 6, field change: unknown change \"Surg\"; expected the name of a change; did you mean \"Surge\"?",
    );
    one(
        "EndCooperation(\"tele-stroke\")",
        "EndCooperation",
        "change 5 (EndCooperation), field change: EndCooperation without its terms",
    );
    one(
        "EndCooperation(\"tele-stroke\")",
        "EndCooperation(id: \"tele-stroke\")",
        "change 5 (EndCooperation), field change: id: \"tele-stroke\" is not what belongs here; \
         expected EndCooperation(\"key of a cooperation\"), with the key alone in quotation marks",
    );
    one(
        "delay: \"25m\"",
        "dealy: \"25m\"",
        "change 9 (Road), field change.dealy: there is no such field; expected one of corridor, \
         delay, from, to; did you mean \"delay\"?",
    );
    let found = faults_of("(on: \"2026-02-01\", reason: \"r\"),");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with("change 1, field change: is missing; expected one of Divert"));
}

#[test]
fn faults_of_departments() {
    one(
        "\"south\", specialty: \"obstetrics\"",
        "\"south\", specialty: \"obstetrisc\"",
        "change 1 (CloseDepartment), field change.specialty: unknown specialty \"obstetrisc\"; \
         expected the key of a specialty that exists; did you mean \"obstetrics\"?",
    );
    one(
        "\"south\", specialty: \"obstetrics\"",
        "\"south\", specialty: \"neurology\"",
        "change 1 (CloseDepartment), field change.specialty: \"south\" has no inpatient department \
         of \"neurology\" on 2026-02-01 06:00; expected one of general_surgery, internal_medicine, obstetrics",
    );
    // A day clinic has no department that could turn anybody away.
    one(
        "\"south\", specialty: \"obstetrics\"",
        "\"west-day\", specialty: \"psychiatry\"",
        "change 1 (CloseDepartment), field change.specialty: \"west-day\" has no inpatient \
         department of \"psychiatry\" on 2026-02-01 06:00; expected a hospital with departments",
    );
    one(
        "hospital: \"south\", ",
        "",
        "change 1 (CloseDepartment), field change.hospital: is missing",
    );
}

#[test]
fn closing_what_is_closed_and_opening_what_is_not() {
    let close = |on: &str| {
        dated_change(on, "CloseDepartment(hospital: \"north\", specialty: \"neurology\")")
    };
    let divert = |on: &str| {
        dated_change(on, "DivertDepartment(hospital: \"north\", specialty: \"neurology\")")
    };
    let open = |on: &str| {
        dated_change(on, "OpenDepartment(hospital: \"north\", specialty: \"neurology\")")
    };
    let month = |text: String| text.replace("\", reason", "\", until: \"2026-03-01\", reason");
    let (one, two, three) = ("2026-02-01", "2026-02-02", "2026-03-01");
    let name = "\"neurology\" of \"north\"";
    let fault = |number: u32, what: &str, message: &str| {
        vec![format!("change {number} ({what}), field change: {name} {message}")]
    };
    let starts = |changes: &[String], expected: Vec<String>| {
        let found = faults_of(&changes.concat());
        let agree = found.iter().zip(&expected).all(|(one, start)| one.starts_with(start));
        assert!(found.len() == expected.len() && agree, "{found:#?}\n{expected:#?}");
    };
    let closed =
        "is closed already since 2026-02-01; expected a department that is not closed then";
    starts(&[close(one), close(two)], fault(2, "CloseDepartment", closed));
    // The order is that of time, not that of the file.
    starts(&[close(two), close(one)], fault(1, "CloseDepartment", closed));
    let closed = "is closed already since 2026-02-01; expected a department that is neither closed";
    starts(&[close(one), divert(two)], fault(2, "DivertDepartment", closed));
    let diverted = "is diverted already since 2026-02-01";
    starts(&[divert(one), divert(two)], fault(2, "DivertDepartment", diverted));
    // A diverted department can close; opening ends both.
    starts(&[divert(one), close(two), open(three)], vec![]);
    starts(
        &[divert(one), close(two), open(three), open("2026-03-02")],
        fault(4, "OpenDepartment", "is not closed then"),
    );
    // `until` is exclusive: at that moment it is open.
    starts(&[month(close(one)), close(three)], vec![]);
    starts(
        &[month(close(one)), open(two)],
        fault(2, "OpenDepartment", "opens by itself on 2026-03-01"),
    );
    starts(&[month(close(one)), open(three)], fault(2, "OpenDepartment", "is not closed then"));
    starts(&[open(one)], fault(1, "OpenDepartment", "is not closed then"));
    // Another department is another matter.
    let other = close(one).replace("neurology", "obstetrics");
    starts(&[other, open(two)], fault(2, "OpenDepartment", "is not closed then"));
    // Where the closure itself is faulty, what rests on it is not named as well.
    let found = faults_of(&[close("2026-02-30"), open(two)].concat());
    assert_eq!(found.len(), 1, "{found:#?}");
}

#[test]
fn faults_of_a_cooperation_that_starts_are_those_of_any_cooperation() {
    let label = "change 4 (StartCooperation), field change";
    one(
        "partners: [\"north\", \"south\"]",
        "partners: [\"north\", \"suoth\"]",
        &format!(
            "{label}.partners[1]: unknown hospital \"suoth\"; expected the key of a hospital \
                  that exists; did you mean \"south\"?"
        ),
    );
    one(
        "SharedBeds(pooled",
        "SharedBed(pooled",
        &format!("{label}.kind: unknown kind of cooperation"),
    );
    one("pooled_share: 0.2", "pooled_share: 2", &format!("{label}.kind.pooled_share: 2 is out of"));
    one(
        "[\"internal_medicine\"], hours",
        "[\"internal\"], hours",
        &format!("{label}.fields[0]: unknown field"),
    );
    one(
        "sources: [\"invented\"]",
        "sources: [\"invent\"]",
        &format!("{label}.sources[0]: unknown source"),
    );
    one("\"Mon-Fri 8-16\"", "\"Mon-Fry 8-16\"", &format!("{label}.hours: "));
    one("id: \"beds\", ", "", &format!("{label}.id: is missing"));
    one(
        "id: \"beds\"",
        "id: \"transfer\"",
        &format!("{label}.id: there is a cooperation \"transfer\" already"),
    );
    for (name, value) in [("since", "\"2026\""), ("until", "\"2027\""), ("status", "Active")] {
        one(
            "id: \"beds\"",
            &format!("id: \"beds\", {name}: {value}"),
            &format!(
                "{label}.{name}: a cooperation that starts has no dates and no status of its \
                      own; expected on and until of the change"
            ),
        );
    }
    let start = |on: &str| {
        dated_change(
            on,
            "StartCooperation(id: \"n\", kind: StaffPool, partners: [\"north\", \"south\"])",
        )
    };
    let found = faults_of(&[start("2026-02-01"), start("2026-03-01")].concat());
    assert_eq!(
        found,
        ["change 2 (StartCooperation), field change.id: cooperation \"n\" is started twice"]
    );
}

#[test]
fn ending_what_is_over_or_was_never_there() {
    let end = |on: &str, key: &str| dated_change(on, &format!("EndCooperation(\"{key}\")"));
    let start = dated_change(
        "2026-03-01",
        "StartCooperation(id: \"n\", kind: StaffPool, partners: [\"north\", \"south\"])",
    );
    let label = |number: u32| format!("change {number} (EndCooperation), field change: ");
    let first = |changes: &[String]| {
        let found = faults_of(&changes.concat());
        assert_eq!(found.len(), 1, "{found:#?}");
        found[0].split(';').next().unwrap().to_owned()
    };
    one(
        "EndCooperation(\"tele-stroke\")",
        "EndCooperation(\"tele-storke\")",
        "change 5 (EndCooperation), field change: unknown cooperation \"tele-storke\"; expected the \
         key of a cooperation that exists; did you mean \"tele-stroke\"?",
    );
    let over = "cooperation \"transfer\" is over already since 2026-02-01";
    let (on, later) = ("2026-02-01", "2026-02-02");
    assert_eq!(first(&[end(on, "transfer"), end(later, "transfer")]), label(2) + over);
    // It comes back, and can end again.
    let pause = end(on, "transfer").replace("\", reason", "\", until: \"2026-02-02\", reason");
    assert!(faults_of(&[pause, end(later, "transfer")].concat()).is_empty());
    // What the scenario itself starts can end, but not before.
    assert!(faults_of(&[start.clone(), end("2026-04-01", "n")].concat()).is_empty());
    let not_yet = "cooperation \"n\" is not at work on 2026-02-01";
    assert_eq!(first(&[start.clone(), end(on, "n")]), label(2) + not_yet);
    let over = start.replace("\", reason", "\", until: \"2026-03-08\", reason");
    let no_more = "cooperation \"n\" is not at work on 2026-03-08";
    assert_eq!(first(&[over, end("2026-03-08", "n")]), label(2) + no_more);
    // A start with a fault elsewhere is not held against the end as well.
    let faulty = start.replace("\"south\"", "\"suoth\"");
    assert_eq!(faults_of(&[faulty, end("2026-04-01", "n")].concat()).len(), 1);
}

#[test]
fn faults_of_a_surge() {
    let label = "change 6 (Surge), field change";
    one(
        "specialties: [\"internal_medicine\"], conditions",
        "specialties: [\"internal_medicin\"], conditions",
        &format!(
            "{label}.specialties[0]: unknown specialty with a rate \"internal_medicin\"; \
                  expected the key of a specialty with a rate that exists; did you mean \
                  \"internal_medicine\"?"
        ),
    );
    one(
        "[\"stroke\"]",
        "[\"storke\"]",
        &format!("{label}.conditions[0]: unknown condition \"storke\""),
    );
    one(
        "[\"stroke\"]",
        "[\"stroke\", \"stroke\"]",
        &format!("{label}.conditions[1]: condition \"stroke\" is there twice"),
    );
    one(
        "[\"Nordkreis\"]",
        "[\"Nordkries\"]",
        &format!("{label}.districts[0]: unknown district \"Nordkries\""),
    );
    one(
        "specialties: [\"internal_medicine\"], conditions: [\"stroke\"], ",
        "",
        &format!("{label}.specialties: a surge of nothing; expected specialties or conditions"),
    );
    one("[1.1, 1.8, 0]", "[]", &format!("{label}.factors: a surge without a factor"));
    for (factor, shown) in [("-0.1", "-0.1"), ("100.5", "100.5"), ("NaN", "NaN"), ("inf", "inf")] {
        one(
            "[1.1, 1.8, 0]",
            &format!("[100, 0, {factor}]"),
            &format!(
                "{label}.factors[2]: {shown} is out of range; expected a factor from 0 to 100"
            ),
        );
    }
    one(
        "[1.1, 1.8, 0]",
        "[\"much\"]",
        &format!("{label}.factors: \"much\" is not what belongs here"),
    );
    one(
        "days: 3",
        "days: 0",
        &format!("{label}.days: 0 is out of range; expected a whole number from 1 to 366"),
    );
    one("days: 3", "step: \"7d\"", &format!("{label}.step: there is no such field"));
    one("icu_share: 0.1", "icu_share: 1.1", &format!("{label}.icu_share: 1.1 is out of range"));
}

#[test]
fn faults_of_an_incident() {
    let label = "change 7 (Incident), field change";
    // A name is no key, but tells which key was meant.
    one(
        "place: \"a\"",
        "place: \"Adorf\"",
        &format!(
            "{label}.place: unknown place \"Adorf\"; expected the key of a place that exists; \
                  did you mean \"a\"?"
        ),
    );
    one(
        "red: 12, yellow: 20, green: 40",
        "red: 0",
        &format!(
            "{label}.red: an incident without a patient; expected red, yellow or green patients"
        ),
    );
    one("yellow: 20", "yellow: -1", &format!("{label}.yellow: -1 is out of range"));
    one("yellow: 20", "yellow: 10001", &format!("{label}.yellow: 10001 is out of range"));
    one(
        "minutes: 90",
        "minutes: 0",
        &format!("{label}.minutes: 0 is out of range; expected a whole number from 1 to 1440"),
    );
    one(
        "red: [1, 2, 4]",
        "red: [1, 2]",
        &format!("{label}.keys.red: 2 numbers; expected three: for Basic"),
    );
    one(
        "red: [1, 2, 4]",
        "red: [1, 2, -4]",
        &format!("{label}.keys.red: -4 is not what belongs here"),
    );
    one(
        "red: [1, 2, 4]",
        "red: [1, 2, 1001]",
        &format!("{label}.keys.red[2]: 1001 is out of range"),
    );
    one(
        "red: [1, 2, 4]",
        "red: [0, 0, 0]",
        &format!("{label}.keys.red: no hospital takes the 12 red patients"),
    );
}

#[test]
fn faults_of_a_road() {
    one(
        "from: [\"a\"], to: [\"north\"]",
        "",
        "change 8 (Road), field change.from: a road from everywhere to everywhere",
    );
    let label = "change 9 (Road), field change";
    one(
        "to: [\"south\"]",
        "to: [\"suoth\"]",
        &format!("{label}.to[0]: unknown hospital \"suoth\""),
    );
    one(
        "to: [\"south\"]",
        "to: [\"south\", \"south\"]",
        &format!("{label}.to[1]: hospital \"south\" is there twice"),
    );
    one("to: [\"south\"]", "from: [\"x\"]", &format!("{label}.from[0]: unknown place \"x\""));
    one(
        "to: [\"south\"]",
        "from: [\"a\", \"a\"]",
        &format!("{label}.from[1]: place \"a\" is there twice"),
    );
    one(
        "\"25m\"",
        "\"0s\"",
        &format!("{label}.delay: a delay of 0s; expected a longer time, or no delay"),
    );
    one("\"25m\"", "\"25\"", &format!("{label}.delay: \"25\" is no span of time"));
    one(
        "\"25m\"",
        "\"721h\"",
        &format!("{label}.delay: a time of 721h; expected at most 720 hours"),
    );
}

#[test]
fn every_fault_is_named_at_once_in_the_order_of_the_file() {
    let found = faults(&[
        ("id: \"all\"", "id: \"\""),
        ("on: \"2026-02-01 06:00\"", "on: \"2025-02-01\""),
        ("hospital: \"south\"", "hospital: \"suoth\""),
        ("reason: \"agreed\"", "reason: 5"),
        ("pooled_share: 0.2", "pooled_share: \"x\""),
        ("EndCooperation(\"tele-stroke\")", "EndCooperation(\"no-such-thing\")"),
        ("days: 3", "days: 0"),
        ("icu_share: 0.1", "icu_shar: 0.1"),
        ("place: \"a\"", "place: \"z\""),
        ("delay: \"25m\"", "delay: \"-25m\""),
    ]);
    let fields: Vec<&str> = found
        .iter()
        .map(|one| one.split("field ").nth(1).unwrap().split(": ").next().unwrap())
        .collect();
    let expected = [
        "id",
        "on",
        "change.hospital",
        "reason",
        "change.kind.pooled_share",
        "change",
        "change.days",
        "change.icu_shar",
        "change.place",
        "change.delay",
    ];
    assert_eq!(fields, expected, "{found:#?}");
}

#[test]
fn a_scenario_built_in_code_is_checked_alike() {
    let model = small();
    let mut scenario = good();
    assert!(scenario.check(&model.network, &model.places).is_empty());
    scenario.key = String::new();
    scenario.changes[0].reason = String::new();
    let Change::StartCooperation(beds) = &mut scenario.changes[3].change else { panic!() };
    beds.since = Some("2026".parse().unwrap());
    scenario.changes[4].change = Change::EndCooperation(String::new());
    let problems = scenario.check(&model.network, &model.places);
    let messages: Vec<String> = problems.list().iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "scenario, field id: \"\" is no key; expected a word without spaces and slashes",
            "change 1 (CloseDepartment), field reason: is empty",
            "change 4 (StartCooperation), field change.since: a cooperation that starts has no dates \
             and no status of its own; expected on and until of the change",
            "change 5 (EndCooperation), field change: unknown cooperation \"\"; expected one of \
             beds, nordkreis, tele-stroke, transfer, west-sites",
        ]
    );
}

#[test]
fn the_scenario_knows_the_network_of_its_start_alone() {
    let model = small();
    // South's delivery ward closes on 2027-01-01: a scenario that starts then knows it no more.
    let text = GOOD.replace("2026-", "2028-");
    let on = |day: &str| {
        let network = model.network.as_of(day.parse().unwrap());
        Scenario::read(&text, "all.ron", &network, &model.places)
    };
    assert!(on("2026-06-01").is_ok());
    let problems = on("2027-06-01").unwrap_err();
    let list = problems.list();
    assert!(list.len() == 1 && list[0].field == "change.specialty", "{problems}");
}

#[test]
fn writing_and_reading_gives_the_same() {
    let scenario = good();
    let text = scenario.to_ron();
    assert!(text.contains("change: EndCooperation(\"tele-stroke\")"), "{text}");
    assert!(text.contains("change: Road(to: [\"south\"], delay: \"25m\")"), "{text}");
    assert!(text.contains("red: [1, 2, 4]"), "{text}");
    assert_eq!(read(&text).unwrap_or_else(|problems| panic!("{problems}\n{text}")), scenario);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.ron");
    scenario.write(&path).unwrap();
    let model = small();
    assert_eq!(Scenario::open(&path, &model.network, &model.places).unwrap(), scenario);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
}

#[test]
fn files_that_cannot_be_read() {
    let model = small();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.ron");
    let kind = || {
        let problems = Scenario::open(&path, &model.network, &model.places).unwrap_err();
        assert_eq!(problems.list().len(), 1, "{problems}");
        let problem = problems.list()[0].clone();
        assert_eq!(problem.file.as_deref(), path.to_str());
        (problem.kind, problem.line)
    };
    assert_eq!(kind(), (ProblemKind::Unreadable, None));
    fs::write(&path, b"Scenario(\n\xff)").unwrap();
    assert_eq!(kind(), (ProblemKind::Encoding, Some(2)));
    fs::write(&path, "Scenario(format: 1, id").unwrap();
    assert_eq!(kind(), (ProblemKind::Syntax, Some(1)));
    fs::write(&path, "").unwrap();
    assert_eq!(kind(), (ProblemKind::Syntax, Some(1)));
    fs::write(&path, "[".repeat(100_000)).unwrap();
    assert_eq!(kind(), (ProblemKind::Syntax, Some(1)));
}

/// The scenarios that come with the region: names and texts.
fn shipped() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/networks/leipzig/scenarios");
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "ron"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// The day against which a shipped scenario is read: what has happened needs an earlier one.
fn day_of(name: &str) -> Date {
    let day = match name {
        "grimma-delivery-ward-closed" => "2023-10-01",
        "sana-wurzen-26-beds" => "2025-01-01",
        "schkeuditz-closed" => "2025-05-01",
        _ => "2026-01-01",
    };
    day.parse().unwrap()
}

#[test]
fn the_shipped_scenarios_have_no_problem_and_survive() {
    let all = Folder::leipzig().read().unwrap();
    let names: Vec<String> = shipped().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), 12);
    assert_eq!(
        Folder::leipzig().scenarios().unwrap(),
        names,
        "those on disk and those in the crate"
    );
    for (name, text) in shipped() {
        let model = all.as_of(day_of(&name));
        let scenario =
            Scenario::in_folder(&Folder::leipzig(), &name, &model.network, &model.places)
                .unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(scenario.key, name, "the key is the name of the file");
        assert!(!scenario.assumed.is_empty(), "{name}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("again.ron");
        scenario.write(&path).unwrap();
        let again = Scenario::open(&path, &model.network, &model.places);
        assert_eq!(again.as_ref(), Ok(&scenario), "with its tables");
        if name == "demography-2035" {
            continue; // a text alone has no table
        }
        let read = Scenario::read(&text, &name, &model.network, &model.places);
        assert_eq!(read.as_ref(), Ok(&scenario));
        // What has happened is refused against the network of today.
        let today = Scenario::read(&text, &name, &all.network, &all.places);
        assert_eq!(today.is_ok(), day_of(&name) == all.network.date(), "{name}");
    }
}

#[test]
fn a_folder_on_disk_brings_scenarios_too() {
    let model = Folder::leipzig().read().unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/networks/leipzig");
    let folder = Folder::open(path);
    assert_eq!(folder.scenarios(), Folder::leipzig().scenarios());
    assert!(
        verbund::scenario::Scenario::in_folder(&folder, "winter", &model.network, &model.places)
            .is_ok()
    );
    let problems =
        verbund::scenario::Scenario::in_folder(&folder, "wniter", &model.network, &model.places)
            .unwrap_err();
    assert_eq!(problems.list()[0].kind, ProblemKind::Unreadable);
}

/// Any text that a person could write, of one or more lines.
fn any_change() -> impl Strategy<Value = Change> {
    let kinds = prop_oneof![
        prop::option::of(0.0..=1.0)
            .prop_map(|pooled_share| CooperationKind::SharedBeds { pooled_share }),
        Just(CooperationKind::StaffPool),
    ];
    let keys = || [0_u32..1000, 0_u32..1000, 1_u32..1000];
    let hospitals = || prop::collection::btree_set(prop_oneof!["north", "south", "west"], 0..3);
    prop_oneof![
        Just(Change::DivertDepartment(DepartmentKey::new("north", "paediatrics"))),
        Just(Change::CloseDepartment(DepartmentKey::new("north", "paediatrics"))),
        (0.001..=1.0, any::<bool>()).prop_map(|(closed_share, is_one)| {
            let specialties = is_one.then(|| "internal_medicine".to_owned());
            Change::StaffShortage(StaffShortage {
                hospital: "south".into(),
                specialties: specialties.into_iter().collect(),
                closed_share,
            })
        }),
        Just(Change::EndCooperation("transfer".into())),
        (kinds, any_text(), any::<bool>()).prop_map(|(kind, note, assumed)| {
            let parties = Parties::Mutual(vec!["north".into(), "south".into()]);
            let mut one = Cooperation::new("new", kind, parties).fields(&["neurology"]);
            one.note = Some(note);
            one.assumed.extend(assumed.then(|| "terms".to_owned()));
            Change::StartCooperation(one)
        }),
        (prop::collection::vec(0.0..=100.0, 1..9), 1_u32..=366, prop::option::of(0.0..=1.0))
            .prop_map(|(factors, days, icu_share)| Change::Surge(Surge {
                specialties: vec!["internal_medicine".into()],
                conditions: vec![],
                factors,
                days,
                districts: vec!["Südkreis".into()],
                icu_share,
            })),
        ((1_u32..10_000, 0_u32..10_000, 1_u32..=1440), keys(), keys(), keys()).prop_map(
            |((red, green, minutes), r, y, g)| Change::Incident(Incident {
                place: "b".into(),
                red,
                yellow: 0,
                green,
                minutes,
                keys: AllocationKeys { red: r, yellow: y, green: g },
                alarmed: (red % 2 == 0)
                    .then_some(Alarmed { after_minutes: minutes - 1, percent: 100 + red % 900 }),
                helicopters: (green % 2 == 0).then_some(Helicopters {
                    count: 1 + green % 100,
                    reach_minutes: 1 + red % 240,
                    turnaround_minutes: red % 600,
                }),
                theatres: Theatres {
                    open: r.map(|open| open % 101),
                    minutes: 1 + green % 1440,
                    ..Theatres::default()
                },
            })
        ),
        (hospitals(), prop::option::of(1_u32..2_592_000)).prop_map(|(to, delay)| {
            let (to, delay) = (to.into_iter().collect(), delay.map(Seconds));
            Change::Road(Road { from: vec!["c".into(), "a".into()], to, corridor: vec![], delay })
        }),
    ]
}

fn any_scenario() -> impl Strategy<Value = Scenario> {
    let moment = || {
        (0_u32..300, 0_u16..1440).prop_map(|(day, minute)| {
            let date = format!("2026-{:02}-{:02}", day / 28 + 1, day % 28 + 1);
            DateTime::new(date.parse().unwrap(), minute).unwrap()
        })
    };
    let end = (2027_i32..2029).prop_map(|year| at(&format!("{year}-05-01 04:05")));
    let dated =
        (moment(), prop::option::of(end), any_text(), prop::option::of(any_text()), any_change());
    let changes = prop::collection::vec(dated, 0..4);
    (any_line(), any_text(), prop::collection::vec(any_text(), 0..3), changes).prop_map(
        |(name, source, assumed, changes)| {
            let mut changes: Vec<DatedChange> = changes
                .into_iter()
                .map(|(on, until, reason, source, change)| {
                    let lasts = !matches!(change, Change::Surge(_) | Change::Incident(_));
                    DatedChange { on, until: until.filter(|_| lasts), reason, source, change }
                })
                .collect();
            // Each kind once: the small network has nothing to close or end twice.
            let mut seen = std::collections::BTreeSet::new();
            changes.retain(|one| {
                let name = one.change.name();
                seen.insert(if name == "DivertDepartment" { "CloseDepartment" } else { name })
            });
            Scenario { key: "any".into(), name, source, assumed, changes }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_scenario_survives(scenario in any_scenario()) {
        let model = small();
        let problems = scenario.check(&model.network, &model.places);
        prop_assert!(problems.is_empty(), "{}", problems);
        let text = scenario.to_ron();
        let again = Scenario::read(&text, "any.ron", &model.network, &model.places);
        prop_assert_eq!(again.map_err(|problems| format!("{problems}\n{text}")), Ok(scenario));
    }

    #[test]
    fn no_garbage_makes_the_reader_panic(
        file in 0_usize..6,
        hits in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..10, any::<u8>()), 1..8),
    ) {
        let mut files: Vec<String> = shipped().into_iter().map(|(_, text)| text).collect();
        files.push(GOOD.to_owned());
        let mut bytes = files[file].clone().into_bytes();
        for (index, how, byte) in hits {
            if bytes.is_empty() {
                break;
            }
            let at = index.index(bytes.len());
            match how {
                0..=2 => bytes[at] = byte,
                3..=5 => drop(bytes.remove(at)),
                6..=8 => bytes.insert(at, b"()[]{}\",:/*-0"[usize::from(byte) % 13]),
                _ => bytes.truncate(at),
            }
        }
        let model = small();
        let text = String::from_utf8_lossy(&bytes);
        if let Err(problems) = Scenario::read(&text, "x.ron", &model.network, &model.places) {
            prop_assert!(!problems.to_string().is_empty());
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.ron");
        fs::write(&path, &bytes).unwrap();
        let _ = Scenario::open(&path, &model.network, &model.places);
    }
}

#[test]
fn every_line_left_out_and_every_cut_is_read_without_panic() {
    let model = small();
    let read = |text: &str| Scenario::read(text, "x.ron", &model.network, &model.places).is_ok();
    let lines: Vec<&str> = GOOD.lines().collect();
    for left_out in 0..lines.len() {
        let rest: Vec<&str> = lines
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != left_out)
            .map(|(_, line)| *line)
            .collect();
        let _ = read(&rest.join("\n"));
    }
    for (end, _) in GOOD.char_indices() {
        assert!(!read(&GOOD[..end]), "a cut file is no scenario");
    }
}
