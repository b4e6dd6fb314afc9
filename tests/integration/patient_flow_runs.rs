//! The patient flow of hospitals: odd input, replications, and the region.

use std::sync::atomic::{AtomicBool, Ordering};

use verbund::Region;
use verbund::calendar::Hours;
use verbund::model::*;
use verbund::random::Seed;
use verbund::scenario::{Change, DepartmentKey, Surge};
use verbund::simulation::*;

use crate::common::line;
use crate::flow_world::*;
use verbund::run::Control;

#[test]
fn every_setting_out_of_range_is_named_at_once() {
    let region = small(|_| ());
    let settings = Settings::default()
        .days(0)
        .warm_up_days(40_000)
        .rate_factor(0.0)
        .stay_factor(f64::NAN)
        .stay_cv(-1.0)
        .staffed_share(0.1)
        .absence_cv(f64::INFINITY)
        .turnaround_hours(-1.0)
        .emergency_hours([0.0; 24])
        .elective_hours(Hours::of(|_| false))
        .emergency_months([-1.0; 12])
        .waiting_list_days(-1.0)
        .icu_days_per_1000(-1.0)
        .icu_stay_days(0.0)
        .icu_bed_share(1.1)
        .unknown_beds_occupancy(0.0)
        .transfer_share(1.1)
        .back_transfer_share(-0.1)
        .on_call_hours(0.0)
        .green_admitted(2.0);
    let Err(SimulationError::Problems(problems)) = PatientFlow::new(&region, &settings, None)
    else {
        panic!("it ran");
    };
    assert_eq!(problems.list().len(), 20, "{problems}");
    assert!(problems.list().iter().all(|one| one.entity == "settings"));
    assert!(problems.to_string().contains("staffed_share"));
}

#[test]
fn nothing_to_simulate_is_said() {
    let error = |region: &Region| PatientFlow::new(region, &plain(), None).unwrap_err();
    // No bed, nobody, no hospital in reach, no hospital, no rates.
    assert_eq!(error(&line(&[(0.0, 0)], &[(1.0, 100)])), SimulationError::NoBeds);
    assert_eq!(error(&line(&[], &[(1.0, 100)])), SimulationError::NoBeds);
    assert_eq!(error(&line(&[(0.0, 10)], &[(1.0, 0)])), SimulationError::NoPatients);
    assert_eq!(error(&line(&[(0.0, 10)], &[(500.0, 10)])), SimulationError::NoPatients);
    assert_eq!(error(&line(&[(0.0, 10)], &[])), SimulationError::NoPatients);
    let mut world = World::new(&[(0.0, 10)], &[(1.0, 100)]);
    world.catalog.demand.rates.clear();
    assert_eq!(error(&world.region()), SimulationError::NoPatients);
}

#[test]
fn places_without_a_hospital_and_departments_without_beds_are_told() {
    let world = World::new(&[(0.0, 100), (20.0, 0)], &[(1.0, 1000), (19.0, 500), (500.0, 70)]);
    let region = world.cases(2.0, 0.5).region();
    let flow = flow(&region, &plain());
    assert_eq!(flow.without_beds(), ["b: s"]);
    assert_eq!(flow.wards().len(), 1);
    assert!((flow.without_hospital() - 70.0).abs() < 1e-9);
    assert!((expected(&flow)["s"] - 1500.0).abs() < 1e-9);
}

#[test]
fn unknown_beds_are_laid_out_for_the_expected_cases() {
    // 3,650 cases of ten days: 100 beds at a time, 117.6 for an occupancy of 85 %. More patients and longer
    // stays do not bring more beds.
    let world = || {
        let mut world = World::new(&[(0.0, 1), (200.0, 7)], &[(1.0, 3650)]).cases(10.0, 0.5);
        world.hospitals[0].beds = None;
        world.hospitals[0].departments[0].beds = None;
        world
    };
    let region = world().region();
    for (rate_factor, stay_factor) in [(1.0, 1.0), (1.2, 1.0), (1.0, 0.8)] {
        let flow = flow(&region, &plain().rate_factor(rate_factor).stay_factor(stay_factor));
        assert_eq!(flow.wards()[0].beds, 118);
        assert_eq!(flow.wards()[0].source, BedSource::SettingsAssumed);
        assert_eq!(flow.wards()[1].source, BedSource::Published);
    }
    let half = plain().unknown_beds_occupancy(0.5);
    assert_eq!(flow(&region, &half).wards()[0].beds, 200);
    // Intensive care of unknown size: 5.5 % of the 125 beds of both hospitals are 7; at the second stage at least 10, at the third 20.
    let icu = |level| {
        let mut world = world();
        world.hospitals[0].facilities.push(Facility::new("icu"));
        world.hospitals[0].emergency_level = level;
        let region = world.region();
        let flow = flow(&region, &plain());
        [flow.wards()[0].beds, flow.wards()[1].beds]
    };
    assert_eq!(icu(None), [111, 7]);
    assert_eq!(icu(Some(EmergencyLevel::Basic)), [111, 7]);
    assert_eq!(icu(Some(EmergencyLevel::Extended)), [108, 10]);
    assert_eq!(icu(Some(EmergencyLevel::Comprehensive)), [98, 20]);
}

#[test]
fn a_network_without_intensive_care_or_pathways_runs() {
    for (icu, pathways) in [(false, true), (true, false), (false, false)] {
        let region = small(|world| {
            if !icu {
                for hospital in &mut world.hospitals {
                    hospital.facilities.retain(|one| one.kind != "icu");
                }
            }
            if !pathways {
                world.catalog.pathways.clear();
            }
        });
        let settings = Settings::default().days(30).warm_up_days(30);
        let flow = flow(&region, &settings);
        assert_eq!(flow.wards().iter().any(Ward::is_icu), icu);
        let trace = Trace::of(&flow);
        assert!(trace.visits.len() > 300);
    }
}

#[test]
fn one_place_and_one_hospital_are_enough() {
    // 3,650 cases of two days in 40 beds: 20 at a time.
    let region = World::new(&[(0.0, 40)], &[(1.0, 3650)]).cases(2.0, 0.5).region();
    let flow = flow(&region, &plain().days(1000));
    let sample = Trace::of(&flow).sample;
    assert!((sample.wards[0].census - 20.0).abs() < 5.0 * (20.0 * 2.0 / 1000.0_f64).sqrt());
    assert_eq!(sample.wards[0].forced, 0.0);
}

#[test]
fn places_that_are_put_together_bring_as_many_patients() {
    let region = Region::leipzig().unwrap();
    let settings = Settings::default().days(1).warm_up_days(0);
    let surge = Surge {
        specialties: vec!["internal_medicine".into()],
        conditions: vec![],
        factors: vec![2.0],
        days: 1,
        districts: vec!["Landkreis Nordsachsen".into()],
        icu_share: None,
    };
    let surge = scenario(vec![change("2026-01-01", None, Change::Surge(surge))]);
    let flow = |settings| PatientFlow::new(&region, settings, Some(&surge)).unwrap();
    let single = flow(&settings);
    let together = flow(&settings.clone().most_places(10));
    assert!(together.model().streams.len() < single.model().streams.len() / 2);
    // Of the surge too, although it is one district's.
    let extra = |flow: &PatientFlow<'_>| -> f64 {
        let streams = flow.model().streams.iter().filter(|one| one.key.ends_with("/surge"));
        let rate = |one: &verbund::queueing::ArrivalStream| match &one.arrivals {
            verbund::queueing::Arrivals::Poisson { rate, .. } => *rate,
            _ => 0.0,
        };
        streams.map(rate).sum()
    };
    assert!(extra(&single) > 5.0);
    assert!((extra(&single) - extra(&together)).abs() < 1e-6);
    let (single, together) = (expected(&single), expected(&together));
    assert_eq!(single.keys().collect::<Vec<_>>(), together.keys().collect::<Vec<_>>());
    for (subject, cases) in single {
        let again = together[&subject];
        assert!((cases - again).abs() < 1e-6 * cases, "{subject}: {cases} and {again}");
    }
}

const FIGURES: [Figure; 12] = [
    Figure::Admissions,
    Figure::Occupancy,
    Figure::OccupancyP95,
    Figure::FullShare,
    Figure::Waited,
    Figure::WaitingDays,
    Figure::DivertedAway,
    Figure::Received,
    Figure::Forced,
    Figure::Refused,
    Figure::TransferredIn,
    Figure::Blocked,
];

fn run<'f, 'r>(flows: &'f [PatientFlow<'r>], replications: u64) -> Results<'f, 'r> {
    let plan = RunPlan { seed: Seed(7), replications, until: None };
    let results = simulate(flows, plan, &Control::default());
    assert_eq!(results.faults(), Vec::<String>::new());
    results
}

/// All that results say, to the last bit.
fn written(results: &Results<'_, '_>) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for (number, flow) in results.flows_with_indices() {
        let wards = flow.wards_with_ids().map(|(ward, _)| Scope::Ward(ward));
        let hospitals = flow.region().network().iter().map(|(id, _)| Scope::Hospital(id));
        for scope in wards.chain(hospitals).chain([Scope::Inside]) {
            for figure in FIGURES {
                let values = results.values(number, figure, scope);
                let _ = write!(text, "{values:?} {:?}", results.change(number, figure, scope));
            }
            let hours = results.census_by_hour(number, scope);
            let _ = write!(text, "{hours:?} {:?}", results.waits(number, scope).quantile(0.9));
        }
        let _ = write!(text, "{:?}", results.census_by_day(number, None));
        let _ = write!(text, "{:?} {:?}", results.uses(number), results.stage_waits(number));
        let _ = write!(text, "{:?}", results.place_waits(number));
    }
    text
}

fn two_flows(region: &Region) -> Vec<PatientFlow<'_>> {
    let settings = Settings::default().days(40).warm_up_days(20);
    let close = Change::CloseDepartment(DepartmentKey::new("south", "internal_medicine"));
    let closed = scenario(vec![change("2026-01-10", Some("2026-01-25"), close)]);
    vec![
        PatientFlow::new(region, &settings, None).unwrap(),
        PatientFlow::new(region, &settings, Some(&closed)).unwrap(),
    ]
}

#[test]
fn results_are_the_same_on_any_number_of_threads() {
    let region = small(|_| ());
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| written(&run(&two_flows(&region), 12)))
    };
    let one = on(1);
    assert!(one.len() > 10_000);
    assert_eq!(one, on(2));
    assert_eq!(one, on(8));
}

#[test]
fn a_run_that_stops_keeps_whole_replications() {
    let region = small(|_| ());
    let flows = two_flows(&region);
    let full = run(&flows, 30);
    let is_a_start = |results: &Results<'_, '_>| {
        let count = results.replications();
        for (flow, figure) in
            [(FlowIndex::BASE, Figure::Occupancy), (FlowIndex(1), Figure::Admissions)]
        {
            let own = results.values(flow, figure, Scope::Inside);
            assert_eq!(own, full.values(flow, figure, Scope::Inside)[..count]);
        }
        count
    };
    // Interrupted by somebody who saw the ninth one.
    let stop = AtomicBool::new(false);
    let plan = RunPlan { seed: Seed(7), replications: 30, until: None };
    let at_nine = |done| {
        if done == 9 {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let results = simulate(&flows, plan, &Control::default().stop(&stop).progress(&at_nine));
    assert_eq!(results.ended(), Ended::Interrupted);
    assert!((9..30).contains(&is_a_start(&results)));
    // Stopped before the first one: nothing, and no figure of it.
    let none = simulate(&flows, plan, &Control::default().stop(&AtomicBool::new(true)));
    assert_eq!((none.replications(), none.ended()), (0, Ended::Interrupted));
    assert_eq!(none.interval(FlowIndex::BASE, Figure::Occupancy, Scope::Inside), None);
    // Until the occupancy is known to a hundredth and a half, in the base and the change.
    let precision = Precision { figure: Figure::Occupancy, half_width: 0.015 };
    let narrow = RunPlan { until: Some(precision), ..plan };
    let results = simulate(&flows, narrow, &Control::default());
    let count = is_a_start(&results);
    assert_eq!(results.ended(), Ended::Narrow);
    assert!((Precision::LEAST_REPLICATIONS..30).contains(&count), "{count}");
    let half = |flow: FlowIndex| {
        let interval = match flow {
            FlowIndex::BASE => results.interval(FlowIndex::BASE, Figure::Occupancy, Scope::Inside),
            _ => results.change(flow, Figure::Occupancy, Scope::Inside),
        };
        interval.unwrap().half_width.unwrap()
    };
    assert!(half(FlowIndex::BASE) <= 0.015 && half(FlowIndex(1)) <= 0.015);
}

#[test]
fn census_by_day_and_by_hour_are_the_occupancy() {
    let region = small(|_| ());
    let settings = Settings::default().days(280).warm_up_days(60);
    let flows = [flow(&region, &settings)];
    let results = run(&flows, 3);
    let inside = Scope::Inside;
    let beds = f64::from(results.beds(FlowIndex::BASE, inside));
    let census = beds * results.interval(FlowIndex::BASE, Figure::Occupancy, inside).unwrap().mean;
    let by_day = results.census_by_day(FlowIndex::BASE, None);
    let days = by_day.iter().map(|day| day.mean).sum::<f64>() / by_day.len() as f64;
    // Midnight is not the mean of the day: patients come by day.
    assert!((days / census - 1.0).abs() < 0.03, "{days} at midnight, {census} on average");
    assert!(by_day.iter().all(|day| f64::from(day.least) <= day.mean));
    assert!(by_day.iter().all(|day| day.mean <= f64::from(day.most)));
    let by_hour = results.census_by_hour(FlowIndex::BASE, inside);
    assert_eq!(by_hour.len(), 168);
    let hours = by_hour.iter().sum::<f64>() / 168.0;
    assert!((hours / census - 1.0).abs() < 0.002, "{hours} by the hour, {census} on average");
    // The wards of a hospital, and all hospitals, sum up.
    let sums = flows[0].wards_with_ids().map(|(ward, _)| Scope::Ward(ward));
    let sums = sums.map(|ward| results.census_by_hour(FlowIndex::BASE, ward)[12]).sum::<f64>();
    assert!((sums - by_hour[12]).abs() < 1e-6);
}

#[test]
fn every_day_that_is_counted_has_a_census() {
    let region = World::new(&[(0.0, 40)], &[(1.0, 3650)]).cases(2.0, 0.5).region();
    let settings = plain().days(7);
    let flows = [flow(&region, &settings)];
    assert_eq!(run(&flows, 1).census_by_day(FlowIndex::BASE, None).len(), 7);
}

/// Who is diverted from a to b is handed on from b to c.
fn diverted_and_handed_on() -> Region {
    let kind = CooperationKind::Transfer { door_in_door_out: None, acceptance: None };
    let world = World::new(&[(0.0, 2), (10.0, 500), (20.0, 500)], &[(-1.0, 3650)]).cases(5.0, 1.0);
    world.with("up", kind, &["b", "c"]).region()
}

#[test]
fn back_transfers_lead_where_patients_came_from() {
    let region = diverted_and_handed_on();
    let settings = plain().transfer_share(1.0).back_transfer_share(1.0);
    let flow = flow(&region, &settings);
    let trace = Trace::of(&flow);
    let mut back = 0;
    for visits in trace.patients().values().filter(|visits| visits.len() == 3) {
        assert_eq!(trace.station(&visits[0]), "b/s");
        assert_eq!(trace.station(&visits[1]), "c/s");
        assert_eq!(trace.station(&visits[2]), "b/s");
        back += 1;
    }
    assert!(back > 1000);
}

#[test]
fn only_who_moves_counts_as_gone_back() {
    // No agreement: nobody is handed on, nobody comes back.
    let region = small(|world| world.cooperations.clear());
    let settings = Settings::default().days(60).warm_up_days(10);
    let flows = [flow(&region, &settings)];
    let results = run(&flows, 1);
    assert_eq!(results.uses(FlowIndex::BASE), []);
}

#[test]
fn the_region_is_about_as_full_as_saxony() {
    // A short run: 71.2 % of the beds of Saxony were occupied in 2024 (68.7 % of intensive care in Germany in
    // 2022).
    let region = Region::leipzig().unwrap();
    let settings = Settings::default().days(60).warm_up_days(60);
    let flows = [flow(&region, &settings)];
    let results = run(&flows, 2);
    let occupancy =
        results.interval(FlowIndex::BASE, Figure::Occupancy, Scope::Inside).unwrap().mean;
    assert!((0.6..0.8).contains(&occupancy), "{occupancy}");
    let hospitals = region.network().hospitals();
    let units = flows[0].wards_with_ids();
    let units = units.filter(|(_, one)| one.is_icu() && !hospitals[one.hospital.index()].outside);
    let (mut census, mut beds) = (0.0, 0.0);
    for (number, ward) in units {
        let occupancy =
            results.interval(FlowIndex::BASE, Figure::Occupancy, Scope::Ward(number)).unwrap();
        census += occupancy.mean * f64::from(ward.beds);
        beds += f64::from(ward.beds);
    }
    assert!((0.5..1.0).contains(&(census / beds)), "{}", census / beds);
    println!("occupied: {occupancy:.3} of all beds, {:.3} of intensive care", census / beds);
}
