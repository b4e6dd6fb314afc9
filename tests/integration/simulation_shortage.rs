//! Beds that are closed for want of staff within a run: by hand, day by day, and in what has no time.

use std::fs;

use verbund::Region;
use verbund::queueing::ChangeKind;
use verbund::run::Control;
use verbund::scenario::{Change, Scenario, StaffShortage};
use verbund::simulation::{
    CourseStep, Figure, FlowIndex, Recovery, RunPlan, Scope, Settings, simulate,
};

use crate::common::small_model;
use crate::flow_world::*;
use crate::run::text;

fn shortage(hospital: &str, specialties: &[&str], closed_share: f64) -> Change {
    let specialties = specialties.iter().map(|key| (*key).to_owned()).collect();
    Change::StaffShortage(StaffShortage { hospital: hospital.into(), specialties, closed_share })
}

/// The beds of a station over time, in days since the start of the run.
fn beds(region: &Region, settings: &Settings, on: &str, change_of: Change) -> Vec<(f64, String)> {
    let flow = under(region, settings, vec![change(on, Some("2026-01-20"), change_of)]);
    let of = |change: &verbund::queueing::Change| {
        let kind = match change.change {
            ChangeKind::Servers(beds) => beds.to_string(),
            other => format!("{other:?}"),
        };
        (change.at, format!("{} {kind}", change.station))
    };
    flow.model().changes.iter().map(of).collect()
}

#[test]
fn beds_close_in_whole_ones_and_weekends_stay_weekends() {
    // 1 January 2026 is a Thursday; 10 days before it the run begins, on a Monday. Of 20 beds, 16 are open at weekends.
    let region = World::new(&[(0.0, 20), (30.0, 16)], &[(1.0, 800)]).icu(0, 3).cases(6.0, 1.0);
    let region = region.region();
    let mut settings = plain().warm_up_days(10);
    settings.rhythm.weekend_beds = 0.8;
    // From Thursday, 15 January, at noon to Tuesday: 30 % of 17 are 5.1, six in whole beds; at weekends of 14, five.
    let own = beds(&region, &settings, "2026-01-15 12:00", shortage("a", &["s"], 0.3));
    let told: Vec<(f64, &str)> = own.iter().map(|(at, what)| (*at, what.as_str())).collect();
    let expected =
        [(24.5, "a/s 11"), (26.0, "a/s 9"), (28.0, "a/s 11"), (29.0, "a/s UsualServers")];
    assert_eq!(told, expected);
    // All wards of the house, intensive care too, which has its beds at weekends as well: one of three.
    let all = beds(&region, &settings, "2026-01-19", shortage("a", &[], 0.3));
    let told: Vec<(f64, &str)> = all.iter().map(|(at, what)| (*at, what.as_str())).collect();
    let expected = [
        (28.0, "a/s 11"),
        (29.0, "a/s UsualServers"),
        (28.0, "a/intensive_care 2"),
        (29.0, "a/intensive_care UsualServers"),
    ];
    assert_eq!(told, expected);
    // Intensive care alone.
    let unit = beds(&region, &settings, "2026-01-19", shortage("a", &["intensive_care"], 1.0));
    assert_eq!(unit[0], (28.0, "a/intensive_care 0".to_owned()));
}

#[test]
fn a_shortage_is_told_day_by_day_with_the_worst_one_and_the_recovery() {
    // 800 cases a year of six days are 13 of 20 beds; half of them close from 21 January (day 20) to 10 February. The same
    // patients come with and without it, and those of a who find no bed lie in b.
    let region = World::new(&[(0.0, 20), (30.0, 60)], &[(1.0, 800), (29.0, 500)]);
    let region = region.cases(6.0, 1.0).region();
    let settings = plain().days(100).starts_full(true);
    let missing = change("2026-01-21", Some("2026-02-10"), shortage("a", &["s"], 0.5));
    let flows = [flow(&region, &settings), under(&region, &settings, vec![missing])];
    let plan = RunPlan { replications: 6, ..RunPlan::default() };
    let results = simulate(&flows, plan, &Control::default());
    assert_eq!(results.faults(), Vec::<String>::new());
    let [a, b] = ["a", "b"].map(|key| region.find_hospital(key).unwrap());
    let course = results.course(FlowIndex(1), Some(a), CourseStep::Day).unwrap();
    assert_eq!(course.points[0].begins, "2026-01-21".parse().unwrap());
    assert_eq!(course.changes_end, Some("2026-02-10".parse().unwrap()));
    // Every stay is six days: from the sixth day on, only the ten beds that are open can be occupied.
    for point in &course.points[6..20] {
        assert!(point.occupied.scenario <= 10.0, "{point:?}");
    }
    assert!(course.points[8].occupied.base > 10.0);
    let worst = course.worst().unwrap();
    let (from, until) = ("2026-01-22".parse().unwrap(), "2026-02-12".parse().unwrap());
    assert!(worst.begins >= from && worst.begins < until && worst.difference.mean < -2.0);
    let Recovery::From(recovered) = course.recovery() else { panic!("{:?}", course.recovery()) };
    assert!(recovered >= "2026-02-10".parse().unwrap(), "{recovered}");
    let sent_on = course.sum(|point| point.sent_on).more();
    assert!(sent_on > 10.0, "{sent_on}");
    let more = |figure| results.change(FlowIndex(1), figure, Scope::Hospital(a)).unwrap().mean;
    let expected = more(Figure::DivertedAway) + more(Figure::Refused);
    assert!((sent_on - expected).abs() < 1e-9, "{sent_on} and {expected}");
    let beside = results.course(FlowIndex(1), Some(b), CourseStep::Day).unwrap();
    assert!(beside.worst().unwrap().difference.mean > 2.0);
    // Nobody more or fewer gets a bed somewhere: b has room for all.
    let inside = results.change(FlowIndex(1), Figure::Admissions, Scope::Inside).unwrap();
    assert_eq!((inside.mean, inside.half_width), (0.0, Some(0.0)));
}

/// The messages of a change of the small network, without file, line and column.
fn faults(change: &str) -> String {
    let text = format!(
        "(format: 1, id: \"c\", name: \"C\", source: \"invented\", changes: [(on: \"2026-02-01\", \
         until: \"2026-03-01\", reason: \"r\", change: {change})])"
    );
    let model = small_model();
    match Scenario::read(&text, "c.ron", &model.network, &model.places) {
        Ok(_) => String::new(),
        Err(problems) => problems.to_string(),
    }
}

#[test]
fn what_no_hospital_can_be_short_of_is_told() {
    for (terms, expected) in [
        ("hospital: \"nroth\", closed_share: 0.3", "did you mean \"north\""),
        ("hospital: \"south\", closed_share: 1.5", "closed_share: 1.5 is out of range"),
        ("hospital: \"south\", closed_share: 0", "closed_share: 0 is out of range"),
        ("hospital: \"south\", closed_share: -0.1", "a share above 0, at most 1"),
        ("hospital: \"south\"", "closed_share: is missing"),
        ("hospital: \"south\", specialties: [\"neurology\"], closed_share: 0.3", "neurology"),
        ("hospital: \"south\", specialties: [\"intensive_care\"], closed_share: 0.3", "intensive"),
        (
            "hospital: \"south\", specialties: [\"general_surgery\", \"general_surgery\"], \
             closed_share: 0.3",
            "is there twice",
        ),
        ("hospital: \"south\", specialty: \"general_surgery\", closed_share: 0.3", "specialty"),
    ] {
        let told = faults(&format!("StaffShortage({terms})"));
        assert!(told.contains(expected), "{terms}: {told}");
    }
    let sound =
        "StaffShortage(hospital: \"south\", specialties: [\"general_surgery\"], closed_share: 1)";
    assert_eq!(faults(sound), "");
    assert_eq!(faults("StaffShortage(hospital: \"north\", closed_share: 0.3)"), "");
}

/// A file with a shortage of weeks in the small network.
fn file() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("short.ron");
    let change = "(on: \"2026-01-05\", until: \"2026-01-15\", reason: \"influenza\", \
                  change: StaffShortage(hospital: \"north\", closed_share: 0.5))";
    let scenario = format!(
        "(format: 1, id: \"short\", name: \"Short of staff\", source: \"invented\", changes: [{change}])"
    );
    fs::write(&path, scenario).unwrap();
    (folder, path.to_str().unwrap().to_owned())
}

#[test]
fn tables_by_day_tell_it_and_answers_without_time_say_that_they_do_not() {
    let (_folder, path) = file();
    let common = ["--network", "builtin:small", "--scenario", &path];
    let days = ["simulate", "--days", "30", "--replications", "3", "--by", "day"];
    let told = text(&[&days[..], &common[..]].concat());
    assert!(told.contains("2026-01-05") && told.contains("2026-01-30"), "{told}");
    let short = ["simulate", "--days", "9", "--replications", "2"];
    let told = text(&[&short[..], &common[..]].concat());
    assert!(told.contains("StaffShortage") && told.contains("14 days are needed"), "{told}");
    let told = text(&[&["coverage"][..], &common[..]].concat());
    assert!(told.contains("staff shortages"), "{told}");
    let told = text(&[&["compare"][..], &common[..]].concat());
    assert!(told.contains("staff shortages") && told.contains("as before"), "{told}");
    let told = text(&["info", "--list", "changes"]);
    assert!(told.contains("StaffShortage"), "{told}");
}
