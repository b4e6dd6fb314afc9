//! Patients who lie in another ward of their hospital because their own is full.

use std::collections::BTreeMap;

use verbund::Region;
use verbund::model::*;
use verbund::problem::Problems;
use verbund::run::Control;
use verbund::simulation::{
    Figure, FlowIndex, OutlierRule, Outliers, PatientFlow, RunPlan, Scope, Settings,
    SimulationError, simulate,
};

use crate::flow_world::*;

/// 1,460 emergencies a year of "s" and 219 of "t", ten days each, at km -1, for a (km 0; wards of so many beds for s
/// and t) and b (km 30; 8 and 4).
fn two_wards(beds: (u32, u32)) -> Region {
    let mut world = World::new(&[(0.0, beds.0), (30.0, 8)], &[(-1.0, 1460)]).cases(10.0, 1.0);
    let mut rate = world.catalog.demand.rates[0].clone();
    (rate.specialty, rate.per_1000) = ("t".into(), 150.0);
    world.catalog.demand.rates.push(rate);
    for (hospital, beds) in world.hospitals.iter_mut().zip([beds.1, 4]) {
        hospital.departments.push(Department::new("t").beds(beds));
        hospital.beds = hospital.beds.map(|known| known + beds);
    }
    world.region()
}

fn helping(most_share: f64, extra_stay: f64) -> Settings {
    plain().outliers(Outliers { most_share, extra_stay, ..Outliers::default() })
}

/// A patient in a bed, while decisions are followed.
struct Lying<'t> {
    station: &'t str,
    until: f64,
    is_outlier: bool,
}

#[test]
fn a_full_ward_lays_patients_in_the_other_one_up_to_its_share_and_then_sends_them_on() {
    // A quarter of the beds: two of the ten of t for s, which has 40 patients at a time for its 36, and nine of these for t.
    let region = two_wards((36, 10));
    let flow = flow(&region, &helping(0.25, 0.5));
    let trace = Trace::of(&flow);
    let beds = |station: &str| match station {
        "a/s" => 36,
        "a/t" => 10,
        "b/s" => 8,
        _ => 4,
    };
    let mut lying: Vec<Lying<'_>> = Vec::new();
    // By specialty, from the end of the warm-up on: outliers, sent on to b, forced, with a free bed in the house.
    let mut counts: BTreeMap<&str, [f64; 4]> = BTreeMap::new();
    for visit in &trace.visits {
        let now = visit.came;
        lying.retain(|patient| patient.until > now);
        let is_free = |station: &str| {
            lying.iter().filter(|patient| patient.station == station).count() < beds(station)
        };
        let is_s = trace.class(visit) == "s/emergency";
        let [own_ward, helper, next, most] =
            if is_s { ["a/s", "a/t", "b/s", "2"] } else { ["a/t", "a/s", "b/t", "9"] };
        let guests = |patient: &&Lying<'_>| patient.is_outlier && patient.station == helper;
        let guests = lying.iter().filter(guests).count();
        let (expected, event) = if is_free(own_ward) {
            (own_ward, None)
        } else if guests.to_string() != most && is_free(helper) {
            (helper, Some(0))
        } else if is_free(next) {
            (next, Some(1))
        } else {
            (own_ward, Some(2))
        };
        assert_eq!((trace.station(visit), visit.forced), (expected, event == Some(2)), "at {now}");
        let is_outlier = event == Some(0);
        if let Some(ended) = visit.ended {
            let days = if is_outlier { 15.0 } else { 10.0 };
            assert!((ended - now - days).abs() < 1e-9, "{} days", ended - now);
        }
        if now >= 50.0
            && let Some(event) = event
        {
            let counts = counts.entry(if is_s { "s" } else { "t" }).or_default();
            counts[event] += 1.0;
            counts[3] += f64::from(u8::from(!is_outlier && is_free(helper)));
        }
        lying.push(Lying { station: trace.station(visit), until: visit.went, is_outlier });
    }
    // Wards stand hospital by hospital: s and t of a, then of b.
    let wards = &trace.sample.wards;
    let counted = |ward: usize| {
        let ward = &wards[ward];
        [ward.outliers, ward.diverted_away, ward.forced, ward.free_beside]
    };
    assert_eq!((counted(0), counted(1)), (counts["s"], counts["t"]));
    assert!(counts["s"].iter().all(|count| *count > 5.0), "{counts:?}");
    assert!(counts["t"][0] > 0.0, "{counts:?}");
    assert_eq!((wards[2].received, wards[3].received), (counts["s"][1], counts["t"][1]));
    assert_eq!((wards[0].received, wards[1].received), (0.0, 0.0));
}

#[test]
fn help_in_the_house_spares_diversions_and_its_share_bounds_them() {
    let region = two_wards((20, 20));
    let share = |most_share| flow(&region, &helping(most_share, 0.0));
    let flows = [share(0.0), share(0.2), share(1.0)];
    let plan = RunPlan { replications: 3, ..RunPlan::default() };
    let results = simulate(&flows, plan, &Control::default());
    let mean = |number: usize, figure| {
        results.interval(FlowIndex(number), figure, Scope::Inside).unwrap().mean
    };
    assert_eq!(mean(0, Figure::Outliers), 0.0);
    assert!(mean(0, Figure::FreeBeside) > 100.0, "{}", mean(0, Figure::FreeBeside));
    assert_eq!(mean(2, Figure::FreeBeside), 0.0, "the share is never used up");
    let sent_on = |number| mean(number, Figure::DivertedAway) + mean(number, Figure::Forced);
    assert!(sent_on(0) > sent_on(1) && sent_on(1) > sent_on(2));
    for number in 0..3 {
        // Who is sent on comes to somebody.
        let (away, received) = (mean(number, Figure::DivertedAway), mean(number, Figure::Received));
        assert!((away - received).abs() < 1e-9, "{away} sent on, {received} came");
    }
}

#[test]
fn apart_and_intensive_care_help_nobody() {
    let region = two_wards((6, 12));
    let mut outliers = Outliers::default();
    outliers.apart.push("t".into());
    let apart = flow(&region, &plain().outliers(outliers));
    assert!(apart.model().stations.iter().all(|station| station.alternates.is_empty()));

    let small = small(|_| ());
    let usual = flow(&small, &Settings::default());
    let mut ways: Vec<(&str, &str, Option<u32>)> = Vec::new();
    for station in &usual.model().stations {
        for alternate in &station.alternates {
            ways.push((&station.key, &alternate.to, alternate.at_most));
        }
    }
    // Twelve beds of intensive care are taken from north's 200: 90, 60 and 20 become 85, 56 and 19. The largest ward is
    // asked first, for a fifth of its beds.
    assert_eq!(
        ways,
        [
            ("north/general_surgery", "north/internal_medicine", Some(17)),
            ("north/general_surgery", "north/neurology", Some(3)),
            ("north/internal_medicine", "north/general_surgery", Some(11)),
            ("north/internal_medicine", "north/neurology", Some(3)),
            ("north/neurology", "north/internal_medicine", Some(17)),
            ("north/neurology", "north/general_surgery", Some(11)),
            ("south/general_surgery", "south/internal_medicine", Some(8)),
            ("south/internal_medicine", "south/general_surgery", Some(6)),
        ]
    );
}

#[test]
fn a_rule_holds_for_its_hospital_and_groups_part_the_others() {
    let region = small(|_| ());
    let rule = OutlierRule::new("neurology", ["general_surgery"]);
    let none: [&str; 0] = [];
    let outliers = Outliers {
        groups: vec![vec!["internal_medicine".into(), "neurology".into()]],
        rules: vec![
            rule.hospital("north").most_share(0.1).extra_stay(1.0),
            OutlierRule::new("internal_medicine", none).hospital("south"),
        ],
        ..Outliers::default()
    };
    let flow = flow(&region, &Settings::default().outliers(outliers));
    let mut ways: Vec<(&str, &str, Option<u32>, f64)> = Vec::new();
    for station in &flow.model().stations {
        for alternate in &station.alternates {
            ways.push((&station.key, &alternate.to, alternate.at_most, alternate.extra));
        }
    }
    assert_eq!(
        ways,
        [
            ("north/internal_medicine", "north/neurology", Some(3), 0.23),
            ("north/neurology", "north/general_surgery", Some(5), 1.0),
        ]
    );
}

/// What is wrong with settings, as lines.
fn faults(region: &Region, outliers: Outliers) -> Vec<String> {
    let settings = Settings::default().outliers(outliers);
    let Err(SimulationError::Problems(problems)) = PatientFlow::new(region, &settings, None) else {
        panic!("it should not run")
    };
    let lines = |problems: &Problems| problems.list().iter().map(ToString::to_string).collect();
    lines(&problems)
}

#[test]
fn rules_in_a_circle_or_of_a_ward_with_itself_are_named() {
    let region = small(|_| ());
    let rules = |rules: Vec<OutlierRule>| Outliers { rules, ..Outliers::default() };
    let circle = rules(vec![
        OutlierRule::new("internal_medicine", ["general_surgery"]),
        OutlierRule::new("general_surgery", ["neurology"]).hospital("north"),
        OutlierRule::new("neurology", ["internal_medicine"]),
    ]);
    assert_eq!(
        faults(&region, circle),
        [
            "settings, field outliers.rules.internal_medicine: a circle of wards: internal_medicine -> general_surgery -> neurology -> internal_medicine; expected rules that do not lead back; wards that help each other are a group"
        ]
    );
    // Those of two hospitals never meet.
    let apart = rules(vec![
        OutlierRule::new("internal_medicine", ["general_surgery"]).hospital("south"),
        OutlierRule::new("general_surgery", ["internal_medicine"]).hospital("north"),
    ]);
    assert!(PatientFlow::new(&region, &Settings::default().outliers(apart), None).is_ok());

    let wrong = Outliers {
        most_share: 1.5,
        groups: vec![vec!["neurology".into()], vec!["neurology".into()]],
        rules: vec![
            OutlierRule::new("neurology", ["neurology", "general_surgrey"]).hospital("nort"),
            OutlierRule::new("obstetrics", ["intensive_care"]).extra_stay(-0.1),
        ],
        ..Outliers::default()
    };
    assert_eq!(
        faults(&region, wrong),
        [
            "settings, field outliers.most_share: 1.5; expected 0 to 1",
            "settings, field outliers.rules.obstetrics.extra_stay: -0.1; expected 0 to 10",
            "settings, field outliers.groups: \"neurology\" twice; expected each specialty once, in one of the groups",
            "settings, field outliers.rules.nort: neurology: the ward of neurology takes its own patients; expected other wards",
            "settings, field outliers.rules.obstetrics: \"intensive_care\" takes and lends no beds; expected a ward",
            "settings, field outliers.rules.nort: neurology: unknown specialty \"general_surgrey\"; expected the key of a specialty; did you mean \"general_surgery\"?",
            "settings, field outliers.rules.nort: neurology: unknown hospital \"nort\"; expected the key of a hospital; did you mean \"north\"?",
        ]
    );
}
