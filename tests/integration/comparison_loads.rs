//! What a comparison tells of loads, people and lost ways, and one table of it at a time.

use serde_json::Value;
use verbund::Region;
use verbund::comparison::{Comparison, compare};
use verbund::model::*;
use verbund::problem::ProblemKind;
use verbund::routing::Choice;
use verbund::scenario::{Change, DepartmentSize, PopulationTable};

use crate::common::{at, catalog, day, hospital, model_of, place};
use crate::run::{json, output, refused, text};
use crate::structure::scenario;

/// "s" needs a bed for 365 people, "t" one for 3,650. a (km 0) has "s" and 8 beds of "t", b (km 20) one bed
/// of "s"; 730 people live at km 5, 365 at km 22.
fn two_hospitals(beds: u32) -> Region {
    let mut rates = catalog();
    let mut t = rates.demand.rates[0].clone();
    (t.specialty, t.per_1000) = ("t".into(), 100.0);
    rates.demand.rates.push(t);
    let mut a = hospital("a", at(0.0, 0.0), beds);
    a.departments.push(Department::new("t").beds(8));
    a.beds = None;
    let b = hospital("b", at(20.0, 0.0), 1);
    let network = NetworkBuilder::new("two", day(), rates).hospital(a).hospital(b).build().unwrap();
    let places = vec![place("p0", at(5.0, 0.0), 730), place("p1", at(22.0, 0.0), 365)];
    Region::new(&model_of(network, places), day()).unwrap()
}

fn compared(before: &Region, changes: &[Change]) -> Comparison {
    let scenario = scenario(changes);
    let after = before.apply(&[&scenario], scenario.settled_on().unwrap().into()).unwrap();
    compare(before, &after, &[], Choice::Nearest).unwrap()
}

/// Hospital, specialty and occupancy before and after, in percent.
fn departments(found: &Comparison) -> Vec<(&str, &str, Option<f64>, Option<f64>)> {
    let percent = |share: Option<f64>| share.map(|share| (share * 1000.0).round() / 10.0);
    let of = found.departments.iter().map(|one| {
        let occupancy = one.load.occupancy();
        let (before, after) = (percent(occupancy.before), percent(occupancy.after));
        (one.hospital.as_str(), one.specialty.as_str(), before, after)
    });
    of.collect()
}

#[test]
fn a_department_is_overfull_where_its_hospital_is_not() {
    // b closes: 1,095 cases of "s" in the 2 beds of a are 150 %, and 110 of "t" in 8 beds 3.75 %; all of a
    // together has 1,204.5 bed days in 10 beds.
    let found = compared(&two_hospitals(2), &[Change::CloseHospital("b".into())]);
    assert_eq!(
        departments(&found),
        [("a", "s", Some(100.0), Some(150.0)), ("b", "s", Some(100.0), None)]
    );
    // Exactly full is not overfull.
    let [s, _] = found.departments.as_slice() else { panic!("two departments") };
    assert!(s.load.is_newly_overfull() && !s.load.is_overfull_and_fuller());
    let a = found.hospitals.iter().find(|one| one.hospital == "a").unwrap();
    assert!(!a.load.is_overfull());
    assert!((a.load.occupancy().after.unwrap() - 1204.5 / 3650.0).abs() < 1e-9);
}

#[test]
fn an_overload_that_grows_is_told_apart_from_a_new_one() {
    // With one bed "s" of a has 200 % before and 300 % after.
    let found = compared(&two_hospitals(1), &[Change::CloseHospital("b".into())]);
    let s = &found.departments[0];
    assert_eq!(departments(&found)[0], ("a", "s", Some(200.0), Some(300.0)));
    assert!(s.load.is_overfull_and_fuller() && !s.load.is_newly_overfull());
    // Two beds less and the same cases: overfull by the beds alone, and listed for that.
    let size = DepartmentSize { hospital: "a".into(), specialty: "s".into(), beds: 1 };
    let found = compared(&two_hospitals(3), &[Change::ResizeDepartment(size)]);
    assert_eq!(departments(&found), [("a", "s", Some(66.7), Some(200.0))]);
    assert!(found.departments[0].load.more_cases().abs() < 1e-9);
    assert!(found.departments[0].load.is_newly_overfull());
}

#[test]
fn a_department_of_no_beds_is_to_be_closed() {
    let region = two_hospitals(2);
    let size = DepartmentSize { hospital: "b".into(), specialty: "s".into(), beds: 0 };
    let none = scenario(&[Change::ResizeDepartment(size)]);
    let problems = none.check(region.network(), region.places());
    let [problem] = problems.list() else { panic!("{problems}") };
    assert_eq!((problem.field.as_str(), problem.kind), ("change.beds", ProblemKind::Range));
    assert!(problem.to_string().contains("CloseDepartment closes it"), "{problem}");
}

#[test]
fn other_people_are_told_by_district() {
    let before = two_hospitals(2);
    let mut places = before.places().clone();
    places.bands = vec![AgeBand { from: 0, to: Some(64) }, AgeBand { from: 65, to: None }];
    for (place, people) in places.places.iter_mut().zip([[900, 100], [300, 65]]) {
        place.population = Population { female: people.to_vec(), male: vec![0, 0] };
    }
    let table = PopulationTable { table: "more.csv".into(), places };
    let found = compared(&before, &[Change::SetPopulation(table)]);
    let [all, d] = found.people.as_slice() else { panic!("all and one district") };
    assert_eq!((all.district.as_deref(), d.district.as_deref()), (None, Some("d")));
    assert_eq!((all.before, all.after, all.aged_after), (1095, 1365, 165));
    assert_eq!((d.before, d.after, d.aged_after), (1095, 1365, 165));
    assert_eq!(compared(&before, &[Change::CloseHospital("b".into())]).people, []);
}

/// A scenario of the small network in a file of its own.
fn small(changes: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.ron");
    let text =
        format!("(format: 1, id: \"x\", name: \"X\", source: \"invented\", changes: [{changes}])");
    std::fs::write(&file, text).unwrap();
    let path = file.to_str().unwrap().to_owned();
    (folder, path)
}

#[test]
fn who_loses_every_way_is_named_in_every_table() {
    let (_folder, path) =
        small("(on: \"2026-07-01\", reason: \"a test\", change: Road(from: [\"e\"]))");
    let value = json(&["compare", "--network", "small", "--scenario", &path]);
    let notes = |table: &str| value["notes"][table].to_string();
    assert!(notes("standards").contains("basic_care: 16,000 more people reach no such hospital"));
    assert!(notes("districts").contains("people who newly reach no such hospital at all"));
    assert!(notes("districts").contains("16,000"), "{}", notes("districts"));
    assert!(notes("ages").contains("basic_care: people who newly"), "{}", notes("ages"));
    let pathways = value["tables"]["stages"].as_array().unwrap();
    let is_told = notes("stages").contains("16,000 more people do not get through at all");
    assert!(pathways.is_empty() || is_told, "{}", notes("stages"));
    assert!(notes("law").contains("more people reach no suitable site at all"), "{}", notes("law"));
}

#[test]
fn more_people_without_a_way_are_not_people_who_lost_one() {
    let value = json(&["compare", "--scenario", "demography-2035"]);
    for table in ["standards", "districts", "ages", "stages"] {
        let notes = value["notes"][table].to_string();
        assert!(!notes.contains("no such hospital at all"), "{table} {notes}");
        assert!(!notes.contains("do not get through"), "{table} {notes}");
    }
    // Only rows in which something is other in print.
    for row in value["tables"]["districts"].as_array().unwrap() {
        let differs = |before: &str, after: &str, least: f64| {
            (row[before].as_f64().unwrap_or(-9.0) - row[after].as_f64().unwrap_or(-9.0)).abs()
                >= least
        };
        assert!(
            differs("within_before_share", "within_after_share", 0.0004)
                || differs("mean_before_minutes", "mean_after_minutes", 0.049),
            "{row}"
        );
    }
}

#[test]
fn elective_pathways_count_days() {
    // Without its institutes of pathology the region's next one is at Gera; the journey is all that changes.
    let closed = [
        "ukl-leipzig",
        "st-georg-leipzig",
        "uk-halle",
        "chemnitz-klinikum",
        "ukd-dresden",
        "uk-jena",
    ];
    let changes = closed.map(|hospital| {
        format!(
            "(on: \"2026-07-01\", reason: \"a test\", change: CloseFacility(hospital: \"{hospital}\", kind: \"pathology\"))"
        )
    });
    let (_folder, path) = small(&changes.join(", "));
    let value = json(&["compare", "--scenario", &path, "--by", "stage"]);
    let rows = value["tables"]["stages"].as_array().unwrap();
    assert_eq!(rows.len(), 3, "{rows:?}");
    for row in rows {
        assert_eq!(row["pathway"], "cancer");
        let [before, after] =
            ["mean_before_days", "mean_after_days"].map(|key| row[key].as_f64().unwrap());
        // Gera is about an hour away by road, 0.03 days more than the nearest institute before. It has no
        // department for the tumour board: that takes a second journey of an hour.
        let more = if row["stage"] == "biopsy" { 0.02..0.05 } else { 0.04..0.07 };
        assert!(more.contains(&(after - before)), "{row}");
        assert!(row["mean_before_minutes"].is_null(), "{row}");
    }
    // Three days until the biopsy's report, and the journey.
    assert!((3.0..3.1).contains(&rows[0]["mean_before_days"].as_f64().unwrap()), "{rows:?}");
    let shown = text(&["compare", "--scenario", &path, "--by", "stage"]);
    assert!(shown.contains("Mean d") && !shown.contains("P90 d"), "{shown}");
    // Of emergencies alone, no day is shown; whom a standard is for is told.
    let merger = ["compare", "--scenario", "merger-delitzsch-eilenburg"];
    assert!(!text(&merger).contains("Mean d"));
    let notes = json(&merger)["notes"]["standards"].to_string();
    assert!(notes.contains("paediatrics only under 18; psychiatry only 18+"), "{notes}");
}

#[test]
fn scenarios_that_start_earlier_have_their_names_in_the_list() {
    let value = json(&["info", "--list", "scenarios"]);
    let rows = value["tables"]["scenarios"].as_array().unwrap();
    let closed = rows.iter().find(|row| row["scenario"] == "schkeuditz-closed").unwrap();
    assert_eq!(
        (&closed["name"], &closed["first_day"]),
        (&"Schkeuditz closed (2025)".into(), &"2025-05-28".into())
    );
    let notes = value["notes"]["scenarios"].to_string();
    assert!(notes.contains("Not for 2026-01-01: grimma-delivery-ward-closed, "), "{notes}");
    // On an earlier day it fits.
    let value = json(&["info", "--list", "scenarios", "--as-of", "2025-05-01"]);
    let notes = value["notes"]["scenarios"].to_string();
    assert!(!notes.contains("schkeuditz-closed"), "{notes}");
}

#[test]
fn one_table_at_a_time() {
    let merger = ["compare", "--scenario", "merger-delitzsch-eilenburg"];
    let whole = json(&merger);
    for (by, table) in [
        ("people", "people"),
        ("standard", "standards"),
        ("place", "places"),
        ("district", "districts"),
        ("age", "ages"),
        ("stage", "stages"),
        ("hospital", "hospitals"),
        ("department", "departments"),
        ("law", "law"),
    ] {
        let one = json(&[&merger[..], &["--by", by]].concat());
        let tables = one["tables"].as_object().unwrap();
        assert_eq!(tables.len(), 1, "{by}");
        let expected =
            if by == "people" { Value::Array(vec![]) } else { whole["tables"][table].clone() };
        assert_eq!(tables[table], expected, "{by}");
    }
    let csv = text(&[&merger[..], &["--by", "law", "--format", "csv"]].concat());
    assert!(csv.starts_with("hospital,rule,before_verdict,after_verdict,"), "{csv}");
    // Simulated figures are not thrown away in silence.
    let simulate = [&merger[..], &["--simulate", "--replications", "2", "--days", "10"]].concat();
    refused(&[&simulate[..], &["--format", "csv"]].concat(), &["add --by simulated"]);
    refused(&[&simulate[..], &["--by", "law"]].concat(), &["add --by simulated"]);
    refused(&[&merger[..], &["--by", "simulated"]].concat(), &["--by simulated needs --simulate"]);
    let csv = text(&[&simulate[..], &["--by", "simulated", "--format", "csv"]].concat());
    assert!(csv.starts_with("hospital,figure,before_value,"), "{csv}");
}

#[test]
fn what_passes_before_all_settles_is_left_out_and_told() {
    let (_folder, path) = small(
        "(on: \"2026-02-01\", until: \"2026-03-01\", reason: \"a test\", change: DivertDepartment(hospital: \
         \"south\", specialty: \"internal_medicine\")), (on: \"2026-02-01\", reason: \"a test\", change: \
         Surge(specialties: [\"internal_medicine\"], factors: [1.5])), (on: \"2026-07-01\", reason: \"a test\", \
         change: CloseHospital(\"south\"))",
    );
    let run = ["compare", "--network", "small", "--scenario", &path, "--format", "json"];
    let fast = ["--simulate", "--replications", "2", "--days", "10"];
    let (code, out, error) = output(&[&run[..], &fast].concat());
    assert_eq!(code, 0, "{error}");
    let value: Value = serde_json::from_str(&out).unwrap();
    let told = value["about"]["passing_changes"].as_str().unwrap();
    assert!(told.starts_with("2 (") && told.contains("1 of them left out"), "{told}");
}
