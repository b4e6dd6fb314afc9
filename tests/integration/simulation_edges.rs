//! The edges of the patient flow: incidents at one time, surges that meet, what a run does not show, empty wards.

use verbund::queueing::Arrivals;
use verbund::scenario::{AllocationKeys, Change, Incident, Surge, Theatres};
use verbund::simulation::{Brought, PatientFlow, Settings, Triage};
use verbund::units::Seconds;

use crate::flow_world::*;
use crate::run::{json, output, text};

#[test]
fn two_incidents_at_one_time_share_the_keys() {
    // As in the allocation by hand: south, 5 minutes away, takes one red and one yellow patient an hour and 20
    // green ones; north, 35 minutes away, two red and one yellow. 19 patients leave in 38 minutes. The first incident
    // takes all red and yellow places of the first hour, and those of south in the second (minute 60), and
    // 12 green ones.
    let region = small(|_| ());
    let on = |on: &str| change(on, None, Change::Incident(bus("d")));
    let moment = "2026-06-13 19:30";
    let flow = under(&region, &Settings::default(), vec![on(moment), on(moment)]);
    let [first, second] = flow.allocations() else { panic!("two incidents") };
    let hospital = |key: &str| region.network().find(key).unwrap();
    let brought = |key, triage, patients, minute| Brought {
        hospital: hospital(key),
        triage,
        patients,
        by_air: 0,
        last_arrival: Seconds::from_minutes(minute),
    };
    // Only north is a trauma centre, 35 minutes away: it takes two red ones an hour.
    let alone = [
        brought("north", Triage::Red, 4, 95),
        brought("north", Triage::Yellow, 1, 45),
        brought("south", Triage::Yellow, 2, 65),
        brought("south", Triage::Green, 12, 41),
    ];
    assert_eq!(first.brought, alone);
    // Of the second one's, two red ones go to north in the third hour and two in the fourth; one yellow one to north
    // in the second, one to each in the third; eight green ones at once (minutes 14 to 28) and four in the second hour.
    let shared = [
        brought("north", Triage::Red, 4, 215),
        brought("north", Triage::Yellow, 2, 155),
        brought("south", Triage::Yellow, 1, 125),
        brought("south", Triage::Green, 12, 65),
    ];
    assert_eq!(second.brought, shared);
    // A day later nothing is shared.
    let flow = under(&region, &Settings::default(), vec![on(moment), on("2026-06-14 19:30")]);
    assert!(flow.allocations().iter().all(|allocation| allocation.brought == alone));
}

#[test]
fn surges_that_meet_are_multiplied_hour_by_hour() {
    // Three surges that begin at odd minutes, one of them in the only district.
    let surge = |factors: &[f64], days: u32, districts: &[&str]| {
        Change::Surge(Surge {
            specialties: vec!["s".into()],
            conditions: Vec::new(),
            factors: factors.to_vec(),
            days,
            districts: districts.iter().map(|key| (*key).to_owned()).collect(),
            icu_share: None,
        })
    };
    let region = World::new(&[(0.0, 50)], &[(-1.0, 1000)]).cases(5.0, 1.0).region();
    let day = region.network().date();
    let district = region.places().places[0].district.clone();
    let moments = [(3, 7 * 60 + 13), (5, 0), (6, 23 * 60 + 59)];
    let surges = [
        surge(&[1.5, 0.5, 2.0], 2, &[]),
        surge(&[3.0], 4, &[&district]),
        surge(&[0.25, 1.25], 1, &[]),
    ];
    let mut changes = Vec::new();
    for ((days, minute), surge) in moments.iter().zip(&surges) {
        let on = format!("{} {:02}:{:02}", day.plus_days(*days).unwrap(), minute / 60, minute % 60);
        changes.push(change(&on, None, surge.clone()));
    }
    let settings = plain().days(20).warm_up_days(3);
    let flow = under(&region, &settings, changes);
    let stream = flow.model().streams.iter().find(|stream| stream.key.ends_with("/surge")).unwrap();
    let Arrivals::Poisson { curve: Some(curve), .. } = &stream.arrivals else { panic!("a curve") };
    assert_eq!(curve.factors.len(), 23 * 24);
    for (hour, factor) in curve.factors.iter().enumerate() {
        let mut expected = 1.0;
        for ((days, minute), change) in moments.iter().zip(&surges) {
            let Change::Surge(surge) = change else { panic!("a surge") };
            let begin = (i64::from(*days) + 3) * 1440 + i64::from(*minute);
            let since = i64::try_from(hour).unwrap() * 60 - begin;
            expected *= u64::try_from(since).map_or(1.0, |since| surge.factor_at(since));
        }
        assert_eq!(*factor, f64::max(expected - 1.0, 0.0), "hour {hour}");
    }
}

#[test]
fn what_the_days_do_not_show_of_a_scenario_is_said_with_the_days_it_takes() {
    // 31 days from 2026-01-01 on. The surge of six weeks lasts to March 2, the 61st day; of the incident at the last
    // evening, the last patient arrives after midnight; the other one is on the 60th day.
    let region = small(|_| ());
    let settings = Settings::default().days(31);
    let surge = Surge {
        specialties: vec!["internal_medicine".into()],
        conditions: Vec::new(),
        factors: vec![1.5; 6],
        days: 7,
        districts: Vec::new(),
        icu_share: None,
    };
    let bus = Incident {
        place: "d".into(),
        red: 1,
        yellow: 0,
        green: 0,
        minutes: 60,
        keys: AllocationKeys::default(),
        alarmed: None,
        helicopters: None,
        theatres: Theatres::default(),
    };
    let incident = |on: &str| change(on, None, Change::Incident(bus.clone()));
    let changes = vec![
        change("2026-01-20", None, Change::Surge(surge.clone())),
        incident("2026-01-31 23:58"),
        incident("2026-03-01 10:00"),
        incident("2026-01-15 10:00"),
    ];
    let flow = under(&region, &settings, changes.clone());
    let told: Vec<String> = flow.cut_off().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "Surge of 2026-01-20: it lasts to 2026-03-02, but the last day that is counted is 2026-01-31; 61 days are needed",
            "Incident of 2026-01-31: it lasts to 2026-02-01, but the last day that is counted is 2026-01-31; 32 days are needed",
            "Incident of 2026-03-01: it begins after the last day that is counted, 2026-01-31; 60 days are needed",
        ]
    );
    let settings = Settings::default().days(61);
    assert_eq!(under(&region, &settings, changes).cut_off(), []);

    // The program says it, in every table and in a comparison.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.ron").display().to_string();
    let text_of_file = "Scenario(format: 1, id: \"s\", name: \"S\", source: \"x\", changes: [(on: \"2026-01-03\", \
        reason: \"r\", change: Surge(specialties: [\"internal_medicine\"], factors: [1.5, 1.2]))])";
    std::fs::write(&path, text_of_file).unwrap();
    let common = ["--network", "small", "--scenario", &path, "--days", "5", "--replications", "1"];
    let of = |command: &[&str]| json(&[command, &common[..]].concat());
    let expected = "Surge of 2026-01-03: it lasts to 2026-01-16, but the last day that is counted is 2026-01-05; 16 days are needed";
    for by in ["region", "hour"] {
        let document = of(&["simulate", "--by", by]);
        assert_eq!(document["about"]["not_counted"], format!("s: {expected}"), "{by}");
    }
    let compared = of(&["compare", "--simulate"]);
    let notes = compared["notes"]["simulated"].to_string();
    assert!(notes.contains("Surge of 2026-01-03: it lasts to 2026-01-16"), "{notes}");
}

#[test]
fn wards_that_no_patient_reaches_are_said() {
    // Everybody goes to the nearest hospital, and nobody is offered another one: nobody comes to b.
    let region = World::new(&[(0.0, 50), (30.0, 10)], &[(-1.0, 1000)]).cases(5.0, 1.0).region();
    let settings = plain().alternatives(1);
    let reached = flow(&region, &settings);
    let wards = reached.unreached_wards();
    assert_eq!(wards.len(), 1);
    assert_eq!(region.network()[reached.ward(wards[0]).hospital].key, "b");
}

#[test]
fn sensitivity_takes_the_scenarios_that_simulate_takes() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, on: &str| {
        let path = folder.path().join(name);
        let text = format!(
            "Scenario(format: 1, id: \"s\", name: \"S\", source: \"x\", assumed: [\"a\"], changes: [(on: \"{on}\", \
             reason: \"r\", change: ScaleDemand(factor: 2))])"
        );
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let run = ["--network", "small", "--days", "5", "--replications", "1", "--scenario"];
    let first_day = file("first.ron", "2026-01-01");
    let study = json(&[&["sensitivity", "--points", "0"], &run[..], &[&first_day]].concat());
    assert_eq!(study["about"]["scenario"], "s");
    // Twice as many patients in the middle, as in simulate.
    let middle = study["tables"]["factors"][0]["value_middle"].as_f64().unwrap();
    let plain = json(&[&["sensitivity", "--points", "0"], &run[..6]].concat());
    assert!(middle > 1.2 * plain["tables"]["factors"][0]["value_middle"].as_f64().unwrap());
    text(&[&["simulate"], &run[..], &[&first_day]].concat());
    let later = file("later.ron", "2026-01-03");
    for command in ["simulate", "sensitivity"] {
        let (code, _, error) = output(&[&[command], &run[..], &[&later]].concat());
        let told = "by 2026-01-03 is in force from the first day of the run on, 2026-01-01";
        assert!(code == 0 && error.contains(told), "{error}");
    }
}

#[test]
fn an_incident_needs_the_specialty_whose_beds_the_injured_lie_in() {
    let region = small(|world| {
        world.catalog.demand.rates.retain(|rate| rate.specialty != "trauma_orthopaedics");
    });
    let bus = Incident {
        place: "d".into(),
        red: 4,
        yellow: 3,
        green: 12,
        minutes: 38,
        keys: AllocationKeys::default(),
        alarmed: None,
        helicopters: None,
        theatres: Theatres::default(),
    };
    let scenario = scenario(vec![change("2026-06-13 19:30", None, Change::Incident(bus))]);
    let error = PatientFlow::new(&region, &Settings::default(), Some(&scenario)).unwrap_err();
    let told = error.to_string();
    assert!(told.contains("beds of trauma_orthopaedics") && told.contains("nobody"), "{told}");
    // With the rate there is nothing to say.
    assert!(scenario.check(small(|_| ()).network(), small(|_| ()).places()).is_empty());
}
