//! The patient flow of hospitals, rule by rule, on networks that can be checked by hand.

use std::collections::BTreeSet;

use verbund::Region;
use verbund::calendar::{HourOfWeek, Hours};
use verbund::model::*;
use verbund::queueing::{Outcome, Simulator, Visit};
use verbund::random::Seed;
use verbund::scenario::{Change, DepartmentKey, Surge};
use verbund::simulation::{Brought, PatientFlow, Settings, StepDown, Triage};
use verbund::units::Seconds;

use crate::flow_world::*;

fn department(hospital: &str) -> DepartmentKey {
    DepartmentKey::new(hospital, "s")
}

const TRANSFER: CooperationKind =
    CooperationKind::Transfer { door_in_door_out: None, acceptance: None };

/// A patient in a bed, while decisions are followed.
struct Lying<'t> {
    station: &'t str,
    until: f64,
    by_shared_beds: bool,
}

#[test]
fn full_wards_divert_to_shared_beds_then_by_time_then_force() {
    // 1,460 emergencies a year of ten days, 40 at a time, for a (6 beds, km 0), c (8 beds, km 10) and b
    // (12 beds, km 30), whose beds a may use a quarter of: 3.
    let shared = CooperationKind::SharedBeds { pooled_share: Some(0.25) };
    let world = World::new(&[(0.0, 6), (30.0, 12), (10.0, 8)], &[(-1.0, 1460)])
        .cases(10.0, 1.0)
        .with("beds", shared, &["a", "b"]);
    let region = world.region();
    let flow = flow(&region, &plain());
    let trace = Trace::of(&flow);
    let mut lying: Vec<Lying<'_>> = Vec::new();
    let mut seen = BTreeSet::new();
    for visit in &trace.visits {
        let now = visit.came;
        lying.retain(|one| one.until > now);
        let at = |station: &str| lying.iter().filter(|one| one.station == station).count();
        let pooled = lying.iter().filter(|one| one.by_shared_beds).count();
        let (expected, by_shared_beds, forced) = if at("a/s") < 6 {
            ("a/s", false, false)
        } else if pooled < 3 && at("b/s") < 12 {
            ("b/s", true, false)
        } else if at("c/s") < 8 {
            ("c/s", false, false)
        } else if at("b/s") < 12 {
            ("b/s", false, false)
        } else {
            ("a/s", false, true)
        };
        assert_eq!((trace.station(visit), visit.forced), (expected, forced), "at {now}");
        seen.insert((expected, by_shared_beds, forced));
        lying.push(Lying { station: trace.station(visit), until: visit.went, by_shared_beds });
    }
    assert_eq!(seen.len(), 5);
    // What the sample counts: forced and received in the days that are counted.
    let counted = |one: &&Visit| one.came >= 50.0;
    let forced = trace.visits.iter().filter(counted).filter(|one| one.forced).count();
    let [a, b, c] = [0, 1, 2].map(|at| &trace.sample.wards[at]);
    assert_eq!(a.forced, forced as f64);
    let elsewhere = trace.visits.iter().filter(counted).filter(|one| trace.station(one) != "a/s");
    let elsewhere = elsewhere.count() as f64;
    assert_eq!((a.diverted_away, b.received + c.received), (elsewhere, elsewhere));
}

#[test]
fn elective_patients_wait_for_their_hospital_then_ask_the_next() {
    // a has 5 beds for stays of ten days and a waiting list of two days of its work: one patient. 1,000
    // patients a year, 27 at a time; b has room.
    let region = World::new(&[(0.0, 5), (20.0, 100)], &[(-1.0, 1000)]).cases(10.0, 0.0).region();
    let settings = plain().waiting_list_days(2.0);
    let flow = flow(&region, &settings);
    let trace = Trace::of(&flow);
    let waits = |now: f64| {
        let is_waiting =
            |one: &&Visit| one.came < now && one.started.is_none_or(|started| started > now);
        trace.visits.iter().filter(|one| trace.station(one) == "a/s").filter(is_waiting).count()
    };
    let (mut waited, mut elsewhere) = (0, 0);
    for visit in &trace.visits {
        let (now, full) = (visit.came, trace.occupied("a/s", visit.came.next_down()) == 5);
        match trace.station(visit) {
            "b/s" => {
                assert!(full && waits(now) == 1, "at {now}");
                elsewhere += 1;
            }
            _ if visit.started == Some(now) => assert!(!full),
            _ => {
                assert!(full && waits(now) == 0, "at {now}");
                waited += 1;
            }
        }
        assert!(!visit.forced);
    }
    assert!(waited > 50 && elsewhere > 200);
    // Behind emergencies, should both ever wait.
    let priority =
        |key: &str| flow.model().classes.iter().find(|one| one.key == key).unwrap().priority;
    assert!(priority("s/elective") > priority("s/emergency"));
    assert_eq!(priority("s/icu"), priority("s/emergency"));
}

#[test]
fn patients_of_intensive_care_go_on_to_the_ward_and_block() {
    // Twelve beds, four of which are intensive care. Half of the patients start there.
    let region = World::new(&[(0.0, 12)], &[(1.0, 600)]).cases(6.0, 1.0).icu(0, 4).region();
    let settings = plain().icu_days_per_1000(1000.0).icu_stay_days(2.0).step_down(StepDown::Waits);
    let flow = flow(&region, &settings);
    let beds: Vec<u32> = flow.wards().iter().map(|ward| ward.beds).collect();
    assert_eq!(beds, [8, 4]);
    let trace = Trace::of(&flow);
    let (mut blocked, mut days) = (0, 0.0);
    for visits in trace.patients().values() {
        if trace.class(&visits[0]) != "s/icu" {
            assert_eq!((visits.len(), trace.station(&visits[0])), (1, "a/s"));
            continue;
        }
        assert_eq!(trace.station(&visits[0]), "a/intensive_care");
        if let Some(ended) = visits[0].ended.filter(|ended| visits[0].went > *ended) {
            blocked += 1;
            days += visits[0].went.max(50.0) - ended.max(50.0);
            assert!(trace.occupied("a/s", ended) >= 8);
        }
        let [unit, ward] = visits[..] else { continue };
        assert_eq!((trace.station(&ward), trace.class(&ward)), ("a/s", "s/after_icu"));
        assert_eq!((unit.outcome, unit.went), (Outcome::Moved, ward.came));
        assert_eq!(ward.started, Some(ward.came));
    }
    assert!(blocked > 50);
    let held = trace.sample.wards[1].blocked * 365.0;
    assert!((held - days).abs() < 1e-6 * days, "{held} and {days} days");
}

#[test]
fn a_full_ward_puts_up_another_bed_behind_intensive_care() {
    // The same hospital: nobody keeps a place in the unit, and who comes to eight patients in the ward
    // makes nine and is counted as forced.
    let region = World::new(&[(0.0, 12)], &[(1.0, 600)]).cases(6.0, 1.0).icu(0, 4).region();
    let settings = plain().icu_days_per_1000(1000.0).icu_stay_days(2.0);
    let flow = flow(&region, &settings);
    let trace = Trace::of(&flow);
    let mut forced = 0;
    for visits in trace.patients().values() {
        let [unit, ward] = visits[..] else { continue };
        assert_eq!((unit.ended, unit.went), (Some(ward.came), ward.came));
        assert_eq!((trace.station(&ward), trace.class(&ward)), ("a/s", "s/after_icu"));
        // Others may have come or gone at this moment: neither, as times are continuous.
        assert_eq!(ward.forced, trace.occupied("a/s", ward.came) > 8, "{ward:?}");
        forced += u32::from(ward.forced && ward.came >= 50.0);
    }
    assert!(forced > 50);
    assert_eq!(trace.sample.wards[1].blocked, 0.0);
    assert!(trace.sample.wards[0].forced >= f64::from(forced));
}

#[test]
fn units_share_what_known_ones_leave_of_the_beds_of_the_network() {
    // 400 beds, 10 % of them in intensive care: 40. The unit of a has 10, so b and c share 30 by their 200
    // and 100 beds: 20 and 10. With 5 %, 10 are left: 6 of 7 and 3 are not less than 6.
    let world = || {
        let places: Vec<(f64, u32)> = vec![(1.0, 600)];
        let world = World::new(&[(0.0, 100), (10.0, 200), (20.0, 100)], &places).cases(6.0, 1.0);
        world.icu(0, 10).unknown_icu(1).unknown_icu(2).region()
    };
    for (share, expected) in [(0.1, [10, 20, 10]), (0.05, [10, 7, 6]), (1.0, [10, 50, 25])] {
        let settings = plain().icu_bed_share(share);
        let region = world();
        let flow = flow(&region, &settings);
        let units = flow.wards().iter().filter(|ward| ward.is_icu());
        assert_eq!(units.map(|ward| ward.beds).collect::<Vec<_>>(), expected);
        let all: u32 = flow.wards().iter().map(|ward| ward.beds).sum();
        assert_eq!(all, 400);
    }
}

#[test]
fn without_intensive_care_in_reach_patients_lie_in_the_ward_for_as_long() {
    // The unit is at b; who lives at p1 does not reach it. Half of the patients need two days of it and five
    // in a ward, the others five: six on average.
    let world = World::new(&[(0.0, 400), (30.0, 400), (300.0, 400)], &[(1.0, 3000), (301.0, 3000)]);
    let region = world.cases(6.0, 1.0).icu(1, 100).region();
    let settings = plain().icu_days_per_1000(1000.0).icu_stay_days(2.0);
    let flow = flow(&region, &settings);
    let trace = Trace::of(&flow);
    let (mut days, mut count) = (0.0, 0.0);
    for visits in trace.patients().values().filter(|visits| visits[0].came < 400.0) {
        if trace.place(&visits[0]) == "p0" {
            let needs = trace.class(&visits[0]) == "s/icu";
            let station = if needs { "b/intensive_care" } else { "a/s" };
            assert_eq!(trace.station(&visits[0]), station);
            continue;
        }
        assert!(visits.iter().all(|one| trace.station(one) == "c/s"));
        days += visits.last().unwrap().went - visits[0].came;
        count += 1.0;
    }
    assert!((days / count - 6.0).abs() < 5.0 / f64::sqrt(count), "{} days", days / count);
}

/// `(sent, stayed, came back)` of all who had a first day at a.
fn handed_on(trace: &Trace<'_, '_>) -> (f64, f64, f64) {
    let (mut sent, mut stayed, mut back) = (0.0, 0.0, 0.0);
    for visits in trace.patients().values().filter(|visits| visits.len() > 1) {
        assert_eq!((trace.class(&visits[0]), trace.station(&visits[0])), ("s/first_day", "a/s"));
        assert_eq!(visits[0].went - visits[0].came, visits[0].ended.unwrap() - visits[0].came);
        if trace.class(&visits[1]) == "s/on" {
            assert_eq!(trace.station(&visits[1]), "a/s");
            stayed += 1.0;
        } else {
            assert_eq!(trace.class(&visits[1]), "s/acute");
            sent += if trace.station(&visits[1]) == "b/s" { 1.0 } else { 0.0 };
            let third = visits.get(2).map(|one| (trace.station(one), trace.class(one)));
            assert!(third.is_none_or(|(_, class)| class == "s/back"));
            back += f64::from(u8::from(third == Some(("a/s", "s/back"))));
        }
    }
    (sent, stayed, back)
}

#[test]
fn an_agreement_hands_patients_on_and_takes_them_back() {
    // Everybody may be handed on; b accepts 60 %; half of these come back.
    let settings = plain().transfer_share(1.0).back_transfer_share(0.5);
    let kind = CooperationKind::Transfer { door_in_door_out: None, acceptance: Some(0.6) };
    let world = || World::new(&[(0.0, 500), (40.0, 500)], &[(1.0, 3650)]).cases(5.0, 1.0);
    let region = world().with("up", kind, &["a", "b"]).region();
    let with = flow(&region, &settings);
    let trace = Trace::of(&with);
    let (sent, stayed, back) = handed_on(&trace);
    let all = sent + stayed;
    assert!((sent / all - 0.6).abs() < 5.0 * (0.24 / all).sqrt(), "{sent} of {all}");
    assert!((back / sent - 0.5).abs() < 5.0 * (0.25 / sent).sqrt(), "{back} of {sent}");
    // Without an agreement, or with one the other way round, nobody is handed on; the stays are as long.
    for region in [world().region(), world().with("down", kind, &["b", "a"]).region()] {
        let without = flow(&region, &settings);
        let trace = Trace::of(&without);
        let (sent, stayed, _) = handed_on(&trace);
        assert_eq!(sent, 0.0);
        assert!(stayed > 3000.0);
    }
    let length = |visits: &Vec<Visit>| visits.last().unwrap().went - visits[0].came;
    let mut lengths = trace.patients();
    lengths.retain(|_, visits| visits[0].came < 400.0);
    assert!(lengths.values().all(|visits| (length(visits) - 5.0).abs() < 1e-9));
}

#[test]
fn an_agreement_hands_on_in_its_hours() {
    // Everybody who is due in the hours of the agreement is handed on, nobody else.
    let settings = plain().transfer_share(1.0).back_transfer_share(0.0);
    let hours: Hours = "Mon-Fri 8-16".parse().unwrap();
    let mut world = World::new(&[(0.0, 500), (40.0, 500)], &[(1.0, 3650)]).cases(5.0, 1.0);
    world
        .cooperations
        .push(Cooperation { hours, ..cooperation("up", TRANSFER, &["a", "b"]).fields(&["s"]) });
    let region = world.region();
    let flow = flow(&region, &settings);
    let starts = flow.model().starts_at_hour as usize;
    let trace = Trace::of(&flow);
    let (mut sent, mut stayed) = (0, 0);
    for visits in trace.patients().values().filter(|visits| visits.len() > 1) {
        let hour = (starts + (visits[0].went * 24.0).floor() as usize) % 168;
        let is_sent = trace.station(&visits[1]) == "b/s";
        assert_eq!(is_sent, hours.is_open(hour / 24, hour % 24), "{visits:?}");
        *(if is_sent { &mut sent } else { &mut stayed }) += 1;
    }
    assert!(sent > 300 && stayed > 1000, "{sent} and {stayed}");
}

#[test]
fn who_finds_no_bed_at_the_receiver_stays_as_long() {
    let settings = plain().transfer_share(1.0);
    let world = World::new(&[(0.0, 500), (40.0, 2)], &[(1.0, 3650)]).cases(5.0, 1.0);
    let region = world.with("up", TRANSFER, &["a", "b"]).region();
    let flow = flow(&region, &settings);
    let trace = Trace::of(&flow);
    let (sent, _, _) = handed_on(&trace);
    assert!(sent > 100.0 && sent < 1000.0, "{sent} on two beds");
    for visits in trace.patients().values().filter(|visits| visits[0].came < 400.0) {
        assert!((visits.last().unwrap().went - visits[0].came - 5.0).abs() < 1e-9);
    }
}

/// Variance of the staffed beds of a, and of a and b together, from week to week.
fn spread_of_beds(region: &Region) -> (f64, f64) {
    let settings = plain().days(7).warm_up_days(0).staffed_share(0.8).absence_cv(0.5);
    let flow = flow(region, &settings);
    let simulator = Simulator::new(flow.model()).unwrap();
    let beds: Vec<[f64; 2]> = (0..600)
        .map(|number| {
            let run = simulator.run(Seed(1), number);
            [0, 1].map(|at| run.stations[at].servers_area / 7.0)
        })
        .collect();
    let variance = |of: fn(&[f64; 2]) -> f64| {
        let values: Vec<f64> = beds.iter().map(of).collect();
        let mean = values.iter().sum::<f64>() / 600.0;
        assert!((mean / if mean > 200.0 { 320.0 } else { 160.0 } - 1.0).abs() < 0.02);
        values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 599.0
    };
    (variance(|[a, _]| *a), variance(|[a, b]| a + b))
}

#[test]
fn a_staff_pool_levels_the_staffed_beds() {
    // 200 beds each, a fifth missing, with a deviation of a tenth: 20 beds. Pooled, a has the mean of both:
    // half of the variance; both together have what they had.
    let world = || World::new(&[(0.0, 200), (10.0, 200)], &[(1.0, 10)]).cases(1.0, 1.0);
    let (alone, both) = spread_of_beds(&world().region());
    let pooled = world().with("pool", CooperationKind::StaffPool, &["a", "b"]).region();
    let (levelled, both_levelled) = spread_of_beds(&pooled);
    // 600 values: a variance is known to 6 %, a ratio of two to 8 %; five times that.
    assert!((alone / 400.0 - 1.0).abs() < 0.3, "{alone}");
    assert!((levelled / alone - 0.5).abs() < 0.2, "{levelled} of {alone}");
    assert!((both_levelled / both - 1.0).abs() < 0.05, "{both_levelled} of {both}");
}

#[test]
fn staffed_shares_are_the_hospitals_with_what_recruitment_brings() {
    let gain = CooperationKind::Recruitment { staffed_share_gain: Some(0.05) };
    let world = || {
        let mut world =
            World::new(&[(0.0, 200), (10.0, 200), (20.0, 200)], &[(1.0, 10)]).cases(1.0, 1.0);
        world.hospitals[1].staffed_share = Some(0.7);
        world.hospitals[2].staffed_share = Some(0.98);
        world
    };
    let missing = |flow: &PatientFlow<'_>| -> Vec<f64> {
        let stations = flow.model().stations.iter();
        stations.map(|one| one.absence.as_ref().map_or(0.0, |absence| absence.mean)).collect()
    };
    let close = |found: Vec<f64>, expected: [f64; 3]| {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    };
    let settings = plain().staffed_share(0.9);
    let without = world().region();
    close(missing(&flow(&without, &settings)), [0.1, 0.3, 0.02]);
    let with = world().with("recruit", gain, &["a", "b", "c"]).region();
    close(missing(&flow(&with, &settings)), [0.05, 0.25, 0.0]);
    // A scenario that starts or ends it for most of the days that are counted does the same.
    let one = cooperation("recruit", gain, &["a", "b", "c"]).fields(&["s"]);
    let start = |on: &str| vec![change(on, None, Change::StartCooperation(one.clone()))];
    close(missing(&under(&without, &settings, start("2026-01-01"))), [0.05, 0.25, 0.0]);
    close(missing(&under(&without, &settings, start("2026-10-01"))), [0.1, 0.3, 0.02]);
    let end = vec![change("2026-01-01", None, Change::EndCooperation("recruit".into()))];
    close(missing(&under(&with, &settings, end)), [0.1, 0.3, 0.02]);
}

fn by_day() -> Hours {
    "Mon-Fri 8-18".parse().unwrap()
}

/// Hour of the week of a time.
fn hour(flow: &PatientFlow<'_>, time: f64) -> HourOfWeek {
    let hour = (flow.model().starts_at_hour as usize + (time * 24.0) as usize) % 168;
    HourOfWeek::new(hour / 24, hour % 24).unwrap()
}

#[test]
fn departments_have_hours_and_a_shared_roster_opens_them() {
    let world = || {
        let mut world =
            World::new(&[(0.0, 300), (40.0, 300), (60.0, 300)], &[(1.0, 2000)]).cases(2.0, 1.0);
        world.hospitals[0].departments[0].hours = by_day();
        world
    };
    let region = world().region();
    let without = flow(&region, &plain());
    let trace = Trace::of(&without);
    for visit in &trace.visits {
        let station = if by_day().is_open_in(hour(&without, visit.came)) { "a/s" } else { "b/s" };
        assert_eq!(trace.station(visit), station);
    }
    // One roster for a and b at all hours: twelve hours a case, and 40 minutes there and back for every
    // second case. Who finds it busy goes to c.
    let region = world().with("roster", CooperationKind::SharedOnCall, &["a", "b"]).region();
    let settings = plain().on_call_hours(12.0).on_call(Hours::ALWAYS);
    let with = flow(&region, &settings);
    assert!(with.model().stations[0].hours.is_always());
    let trace = Trace::of(&with);
    let busy = (12.0 + 40.0 / 60.0) / 24.0;
    let mut free_at = 0.0;
    let (mut let_in, mut sent_on) = (0, 0);
    for visit in &trace.visits {
        let takes = visit.came >= free_at;
        assert_eq!(trace.station(visit), if takes { "a/s" } else { "c/s" }, "at {}", visit.came);
        if takes {
            free_at = visit.came + busy;
            let_in += 1;
        } else {
            sent_on += 1;
        }
    }
    assert!(let_in > 300 && sent_on > 300);
    // By night only: by day everybody is let in.
    let night = settings.on_call(Hours::of(|hour| !by_day().is_open_in(hour)));
    let with = flow(&region, &night);
    let trace = Trace::of(&with);
    let elsewhere = trace.visits.iter().filter(|one| trace.station(one) != "a/s");
    assert!(elsewhere.clone().all(|one| !by_day().is_open_in(hour(&with, one.came))));
    assert!(elsewhere.count() > 100);
}

/// `(emergencies, elective)` who got into a ward from one moment to another.
fn entered(trace: &Trace<'_, '_>, station: &str, from: &str, until: &str) -> (usize, usize) {
    let (from, until) = (trace.time(from), trace.time(until));
    let own = trace.visits.iter().filter(|one| one.visit == 0 && trace.station(one) == station);
    let own = own.filter(|one| one.started.is_some_and(|at| from <= at && at < until));
    let (elective, emergencies): (Vec<&Visit>, Vec<&Visit>) =
        own.partition(|one| trace.class(one) == "s/elective");
    (emergencies.len(), elective.len())
}

#[test]
fn a_diverted_department_takes_elective_patients_and_a_closed_one_nobody() {
    let region = World::new(&[(0.0, 300), (20.0, 300)], &[(1.0, 4000)]).cases(3.0, 0.5).region();
    let divert = |on, until| change(on, until, Change::DivertDepartment(department("a")));
    let close = |on, until| change(on, until, Change::CloseDepartment(department("a")));
    let open = |on| change(on, None, Change::OpenDepartment(department("a")));
    let (d1, d2) = ("2026-03-01 06:00", "2026-04-01");
    let flow_of = |changes| under(&region, &plain(), changes);
    let with = flow_of(vec![divert(d1, Some(d2))]);
    let trace = Trace::of(&with);
    let (before, during, after) = (
        entered(&trace, "a/s", "2026-01-01", d1),
        entered(&trace, "a/s", d1, d2),
        entered(&trace, "a/s", d2, "2026-12-31"),
    );
    assert_eq!(during.0, 0);
    assert!(during.1 > 100 && before.0 > 200 && after.0 > 1000);
    let with = flow_of(vec![close(d1, Some(d2))]);
    let trace = Trace::of(&with);
    assert_eq!(entered(&trace, "a/s", d1, d2), (0, 0));
    assert!(entered(&trace, "a/s", d2, "2026-12-31").1 > 1000);
    let (emergencies, elective) = entered(&trace, "b/s", d1, d2);
    assert!(emergencies > 100 && elective > 100);
    assert_eq!(entered(&trace, "b/s", d2, "2026-12-31"), (0, 0));
    // Without an end it stays closed, until it opens.
    let with = flow_of(vec![close(d1, None)]);
    assert_eq!(entered(&Trace::of(&with), "a/s", d1, "2026-12-31"), (0, 0));
    let with = flow_of(vec![close(d1, None), open(d2)]);
    let trace = Trace::of(&with);
    assert_eq!(entered(&trace, "a/s", d1, d2), (0, 0));
    assert!(entered(&trace, "a/s", d2, "2026-12-31").0 > 1000);
    // A closure within a diversion: it is diverted again when the closure ends.
    let with = flow_of(vec![
        divert("2026-02-01", Some("2026-06-01")),
        close("2026-03-01", Some("2026-04-01")),
    ]);
    let trace = Trace::of(&with);
    assert_eq!(entered(&trace, "a/s", "2026-03-01", "2026-04-01"), (0, 0));
    let (emergencies, elective) = entered(&trace, "a/s", "2026-04-01", "2026-06-01");
    assert_eq!(emergencies, 0);
    assert!(elective > 100);
    assert!(entered(&trace, "a/s", "2026-06-01", "2026-12-31").0 > 500);
}

#[test]
fn from_intensive_care_the_way_to_a_closed_ward_leads_to_the_nearest_open_one() {
    let world = World::new(&[(0.0, 300), (20.0, 300), (50.0, 300)], &[(1.0, 3650)]);
    let region = world.cases(6.0, 1.0).icu(0, 100).region();
    let settings = plain().icu_days_per_1000(1000.0).icu_stay_days(2.0);
    let close = Change::CloseDepartment(department("a"));
    let with = under(&region, &settings, vec![change("2026-03-01", Some("2026-04-01"), close)]);
    let trace = Trace::of(&with);
    let (from, until) = (trace.time("2026-03-01"), trace.time("2026-04-01"));
    let mut elsewhere = 0;
    for visits in trace.patients().values().filter(|visits| visits.len() == 2) {
        let ended = visits[0].ended.unwrap();
        let station = if from <= ended && ended < until { "b/s" } else { "a/s" };
        assert_eq!(trace.station(&visits[1]), station, "at {ended}");
        elsewhere += u32::from(station == "b/s");
    }
    assert!(elsewhere > 50);
    assert!(trace.sample.wards.iter().all(|ward| ward.refused == 0.0));
}

#[test]
fn overflow_into_a_ward_of_a_broader_specialty_stays_as_long() {
    // At a the broad ward "s" treats "t", too; b has both. Who of "t" finds a full is brought to b's "s" with
    // shared beds, and may have only a first day in mind: the rest follows there.
    let shared = CooperationKind::SharedBeds { pooled_share: None };
    let mut world = World::new(&[(0.0, 1), (10.0, 500)], &[(-1.0, 1000)]).cases(5.0, 1.0);
    world.catalog.specialties[1].part_of = Some("s".into());
    let rate = world.catalog.demand.rates[0].clone();
    world.catalog.demand.rates.push(Rate { specialty: "t".into(), ..rate });
    world.hospitals[1].departments.push(Department::new("t").beds(500));
    world.hospitals[1].beds = None;
    let region = world.with("beds", shared, &["a", "b"]).region();
    let flow = flow(&region, &plain().transfer_share(0.5));
    let trace = Trace::of(&flow);
    let mut overflow = 0;
    for visits in trace.patients().values().filter(|visits| visits[0].came < 400.0) {
        let length = visits.last().unwrap().went - visits[0].came;
        assert!((length - 5.0).abs() < 1e-9, "{} of {length} days", trace.class(&visits[0]));
        let is_first_day = trace.class(&visits[0]) == "t/first_day";
        overflow += u32::from(is_first_day && trace.station(&visits[0]) == "b/s");
    }
    assert!(overflow > 100);
}

#[test]
fn who_overflows_into_a_unit_without_the_ward_goes_on_to_the_nearest_one() {
    // The unit of a has one bed; b has a unit, but no department of "s".
    let mut world = World::new(&[(0.0, 500), (10.0, 500), (30.0, 500)], &[(-1.0, 1000)]);
    world.hospitals[1].departments[0].specialty = "t".into();
    let shared = CooperationKind::SharedBeds { pooled_share: None };
    let one = cooperation("units", shared, &["a", "b"]).fields(&["intensive_care"]);
    world.cooperations.push(one);
    let region = world.cases(6.0, 1.0).icu(0, 1).icu(1, 100).region();
    let settings = plain().icu_days_per_1000(1000.0).icu_stay_days(2.0);
    let flow = flow(&region, &settings);
    let trace = Trace::of(&flow);
    let mut overflow = 0;
    for visits in trace.patients().values().filter(|visits| visits.len() == 2) {
        assert_eq!(trace.station(&visits[1]), "a/s");
        overflow += u32::from(trace.station(&visits[0]) == "b/intensive_care");
    }
    assert!(overflow > 100);
}

#[test]
fn cooperations_start_and_end_on_their_days() {
    let settings = plain().transfer_share(1.0);
    let world = || World::new(&[(0.0, 500), (40.0, 500)], &[(1.0, 3650)]).cases(5.0, 1.0);
    let one = cooperation("up", TRANSFER, &["a", "b"]).fields(&["s"]);
    let (d1, d2) = ("2026-03-01", "2026-05-01 12:00");
    let sent = |flow: &PatientFlow<'_>, should: &dyn Fn(f64) -> bool| {
        let trace = Trace::of(flow);
        let mut sent = 0;
        for visits in trace.patients().values().filter(|visits| visits.len() > 1) {
            let at = visits[0].went;
            let is_sent = trace.station(&visits[1]) == "b/s";
            assert_eq!(is_sent, should(at), "at {at}");
            sent += u32::from(is_sent);
        }
        sent
    };
    let without = world().region();
    let start = |until| vec![change(d1, until, Change::StartCooperation(one.clone()))];
    let flow = under(&without, &settings, start(None));
    let (from, until) = (time(&flow, d1), time(&flow, d2));
    assert!(sent(&flow, &|at| at >= from) > 1000);
    assert!(
        sent(&under(&without, &settings, start(Some(d2))), &|at| from <= at && at < until) > 300
    );
    let with = world().with("up", TRANSFER, &["a", "b"]).region();
    let end = |until| vec![change(d1, until, Change::EndCooperation("up".into()))];
    assert!(sent(&under(&with, &settings, end(None)), &|at| at < from) > 300);
    let there = |at: f64| at < from || until <= at;
    assert!(sent(&under(&with, &settings, end(Some(d2))), &there) > 1000);
}

#[test]
fn who_is_helped_from_afar_lies_in_internal_medicine() {
    // Only Nord has neurology. Strokes of the south lie in Süd's internal medicine while Nord's experts
    // help from afar; from the day on which that ends they are brought 40 km to Nord.
    let settings = plain().days(365);
    let region = small(|world| world.hospitals.iter_mut().for_each(roomy));
    let day = "2026-07-01";
    let end = vec![change(day, None, Change::EndCooperation("tele-stroke".into()))];
    let strokes = |flow: &PatientFlow<'_>| {
        let trace = Trace::of(flow);
        let came = trace.visits.iter().filter(|one| trace.class(one) == "stroke/acute");
        let came: Vec<(f64, String)> =
            came.map(|one| (one.came, trace.station(one).to_owned())).collect();
        (came, time(flow, day))
    };
    let (base, _) = strokes(&flow(&region, &settings));
    let (ended, day) = strokes(&under(&region, &settings, end));
    let south = "south/internal_medicine";
    let in_south = |came: &[(f64, String)], after: bool| {
        came.iter().filter(|(at, ward)| ward == south && (*at >= day) == after).count()
    };
    assert_eq!(base.len(), ended.len());
    assert!(base.iter().all(|(_, ward)| ward == south || ward == "north/neurology"));
    assert!(in_south(&base, true) > 20, "{}", in_south(&base, true));
    assert_eq!(in_south(&ended, false), in_south(&base, false));
    assert_eq!(in_south(&ended, true), 0);
    // Without internal medicine, nobody is brought there.
    let nowhere = settings.telemedicine_ward("psychiatry".into());
    let (came, _) = strokes(&flow(&region, &nowhere));
    assert!(came.len() == base.len() && came.iter().all(|(_, ward)| ward == "north/neurology"));
}

#[test]
fn who_is_there_at_the_start_is_in_no_closed_ward() {
    // Closed on the first day, without a warm-up: nobody is there and nobody waits. Elective patients alone are
    // 20 for 10 beds, so that the list of an open ward starts full: 14 days of its work, 28 of 5 days each.
    let settings = plain().warm_up_days(0).days(5).starts_full(true);
    let region = World::new(&[(0.0, 10), (30.0, 10)], &[(1.0, 1460)]).cases(5.0, 0.0).region();
    let open = flow(&region, &settings);
    let close = change("2026-01-01", None, Change::CloseDepartment(department("a")));
    let closed = under(&region, &settings, vec![close]);
    let there = |flow: &PatientFlow<'_>, waits: bool| {
        let trace = Trace::of(flow);
        let there = trace.visits.iter().filter(|one| one.came == 0.0 && one.stream == u32::MAX);
        there
            .filter(|one| trace.station(one) == "a/s" && (one.started != Some(0.0)) == waits)
            .count()
    };
    assert_eq!((there(&open, false), there(&open, true)), (10, 28));
    assert_eq!((there(&closed, false), there(&closed, true)), (0, 0));
}

/// Ten times the beds, so that no ward is full.
fn roomy(hospital: &mut Hospital) {
    for department in &mut hospital.departments {
        department.beds = department.beds.map(|beds| 10 * beds);
    }
    hospital.beds = hospital.beds.map(|beds| 10 * beds);
}

#[test]
fn the_pooled_share_holds_when_another_cooperation_starts() {
    // a has no bed but shares 5 of b's; a road elsewhere cuts the run in two.
    let shared = CooperationKind::SharedBeds { pooled_share: Some(0.05) };
    let world = World::new(&[(0.0, 1), (30.0, 100), (10.0, 100)], &[(-1.0, 1460), (90.0, 1)]);
    let region = world.cases(10.0, 1.0).with("beds", shared, &["a", "b"]).region();
    let road =
        Road { from: vec!["p1".into()], to: vec![], corridor: vec![], delay: Some(Seconds(60)) };
    let flow = under(&region, &plain(), vec![change("2026-03-01", None, Change::Road(road))]);
    let trace = Trace::of(&flow);
    let from_p0 = |one: &&Visit| trace.place(one) == "p0" && trace.station(one) == "b/s";
    let at_b: Vec<&Visit> = trace.visits.iter().filter(from_p0).collect();
    assert!(at_b.len() > 100);
    for visit in &at_b {
        let now = visit.came;
        let there = at_b.iter().filter(|one| one.came <= now && now < one.went).count();
        assert!(there <= 5, "{there} at {now}");
    }
}

#[test]
fn roads_change_the_first_choices_of_their_places_and_days_only() {
    // p0 and p1 are nearest to a, p2 to b.
    let world = World::new(&[(0.0, 500), (40.0, 500)], &[(15.0, 1000), (10.0, 1000), (30.0, 1000)]);
    let region = world.cases(2.0, 1.0).region();
    let road =
        |delay| Road { from: vec!["p0".into()], to: vec!["a".into()], corridor: vec![], delay };
    for delay in [Some(Seconds::from_minutes(11)), None] {
        let changes = vec![change("2026-03-01", Some("2026-05-01"), Change::Road(road(delay)))];
        let flow = under(&region, &plain(), changes);
        let trace = Trace::of(&flow);
        let (from, until) = (trace.time("2026-03-01"), trace.time("2026-05-01"));
        for visit in &trace.visits {
            let is_concerned =
                trace.place(visit) == "p0" && from <= visit.came && visit.came < until;
            let is_at_b = is_concerned || trace.place(visit) == "p2";
            assert_eq!(trace.station(visit), if is_at_b { "b/s" } else { "a/s" });
        }
    }
    // Nine minutes more leave a the nearest.
    let short = Road { delay: Some(Seconds::from_minutes(9)), ..road(None) };
    let flow = under(&region, &plain(), vec![change("2026-03-01", None, Change::Road(short))]);
    let trace = Trace::of(&flow);
    let of_p0 = trace.visits.iter().filter(|one| trace.place(one) == "p0");
    assert!(of_p0.clone().count() > 500);
    assert!(of_p0.clone().all(|one| trace.station(one) == "a/s"));
}

fn surge(factors: &[f64], districts: &[&str]) -> Surge {
    Surge {
        specialties: vec!["s".into()],
        conditions: vec![],
        factors: factors.to_vec(),
        days: 50,
        districts: districts.iter().map(|&one| one.to_owned()).collect(),
        icu_share: None,
    }
}

#[test]
fn surges_multiply_emergencies_of_their_districts() {
    let mut world =
        World::new(&[(0.0, 5000)], &[(1.0, 7300), (2.0, 7300)]).cases(2.0, 0.5).icu(0, 10);
    world.places[1].district = "other".into();
    let region = world.region();
    let settings = plain().icu_days_per_1000(100.0).icu_stay_days(1.0);
    let (d1, d2, d3) = ("2026-02-01", "2026-03-23", "2026-05-12");
    let one = Surge { icu_share: Some(0.6), ..surge(&[2.5, 0.3], &["d"]) };
    let base = flow(&region, &settings);
    let with = under(&region, &settings, vec![change(d1, None, Change::Surge(one))]);
    let (base, with) = (Trace::of(&base), Trace::of(&with));
    let count = |trace: &Trace<'_, '_>, stream: &str, from: &str, until: &str| {
        let (from, until) = (trace.time(from), trace.time(until));
        let own = trace.visits.iter().filter(|one| one.visit == 0 && from <= one.came);
        own.filter(|one| one.came < until && trace.stream(one) == stream).count() as f64
    };
    // Ten emergencies a day of each place.
    let extra = "p0/s/emergency/surge";
    assert_poisson(count(&with, extra, d1, d2), 1.5 * 500.0, "the first step");
    assert_eq!(count(&with, extra, d2, "2026-12-31") + count(&with, extra, "2025-11-12", d1), 0.0);
    let usual = "p0/s/emergency";
    assert_eq!(count(&with, usual, d1, d2), count(&base, usual, d1, d2));
    let all = count(&base, usual, d2, d3);
    let kept = count(&with, usual, d2, d3);
    assert!((kept / all - 0.3).abs() < 5.0 * (0.21 / all).sqrt(), "{kept} of {all}");
    assert_eq!(count(&with, usual, d3, "2026-12-31"), count(&base, usual, d3, "2026-12-31"));
    for stream in ["p1/s/emergency", "p0/s/elective", "p1/s/elective"] {
        let of = |trace: &Trace<'_, '_>| count(trace, stream, "2025-11-12", "2027-01-01");
        assert_eq!(of(&with), of(&base));
    }
    // Who comes is a part of those who would.
    let (base, with_surge) = (base.patients(), with.patients());
    let new = with_surge.iter().filter(|(key, _)| !base.contains_key(key));
    let new: Vec<&Vec<Visit>> = new.map(|(_, visits)| visits).collect();
    assert!(new.iter().all(|visits| with.stream(&visits[0]) == extra));
    // Of the additional ones, 60 % need intensive care.
    let icu = new.iter().filter(|visits| with.class(&visits[0]) == "s/icu").count() as f64;
    let all = new.len() as f64;
    assert!((icu / all - 0.6).abs() < 5.0 * (0.24 / all).sqrt(), "{icu} of {all}");
}

#[test]
fn surges_that_meet_are_multiplied() {
    let region = World::new(&[(0.0, 5000)], &[(1.0, 7300)]).cases(2.0, 1.0).region();
    let on = |surge| change("2026-02-01", None, Change::Surge(surge));
    // 2 x 0.5 is as usual; 3 x 0.5 brings half as many more.
    let both = vec![on(surge(&[2.0, 3.0], &[])), on(surge(&[0.5, 0.5], &["d"]))];
    let with = under(&region, &plain(), both);
    let trace = Trace::of(&with);
    let d2 = trace.time("2026-03-23");
    let extra = trace.visits.iter().filter(|one| trace.stream(one).ends_with("/surge"));
    let (first, second): (Vec<&Visit>, Vec<&Visit>) = extra.partition(|one| one.came < d2);
    assert!(first.is_empty());
    assert_poisson(second.len() as f64, 0.5 * 1000.0, "the second step");
    let base = flow(&region, &plain());
    assert_eq!(trace.visits.len() - second.len(), Trace::of(&base).visits.len());
}

#[test]
fn an_incident_is_allocated_by_hand() {
    // At Dedorf, 5 minutes from south (basic), 35 from north (extended); west has no level. 19 patients
    // leave in 38 minutes, one every two. Red ones only go to north, a regional trauma centre with intensive
    // care, two an hour: those of minutes 0 and 2; those of 4 and 6 wait for minute 60. Of the yellow
    // ones (minutes 8, 10, 12) one goes to each, the third to south in the next hour. All green ones
    // (minutes 14 to 36) go to south.
    let region = small(|_| ());
    let on = |on| change(on, None, Change::Incident(bus("d")));
    let with = under(&region, &Settings::default(), vec![on("2026-06-13 19:30")]);
    let [allocation] = with.allocations() else { panic!("one incident") };
    let hospital = |key: &str| region.network().find(key).unwrap();
    let brought = |key, triage, patients, minute| Brought {
        hospital: hospital(key),
        triage,
        patients,
        by_air: 0,
        last_arrival: Seconds::from_minutes(minute),
    };
    let expected = [
        brought("north", Triage::Red, 4, 95),
        brought("north", Triage::Yellow, 1, 45),
        brought("south", Triage::Yellow, 2, 65),
        brought("south", Triage::Green, 12, 41),
    ];
    assert_eq!(allocation.brought, expected);
    assert_eq!(allocation.left, 0);
    // Who needs a bed comes to it then: red ones to intensive care, which only north has, and of the green
    // ones every tenth: the one of minute 32.
    let trace = Trace::of(&with);
    let start = trace.time("2026-06-13 19:30");
    let hurt = trace
        .visits
        .iter()
        .filter(|one| one.visit == 0 && trace.stream(one).starts_with("incident"));
    let mut came: Vec<(&str, i64)> = hurt
        .map(|one| {
            let wanted = &trace.flow.model().stations[one.first as usize].key;
            (wanted.as_str(), ((one.came - start) * 1440.0).round() as i64)
        })
        .collect();
    came.sort_unstable();
    let (unit, ward) = ("north/intensive_care", "north/general_surgery");
    let south = "south/general_surgery";
    let expected = [
        (ward, 45),
        (unit, 35),
        (unit, 37),
        (unit, 95),
        (unit, 95),
        (south, 13),
        (south, 37),
        (south, 65),
    ];
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(came, expected);
    // Where the department is closed nobody is brought.
    let key = DepartmentKey::new("south", "general_surgery");
    let close = change("2026-06-01", Some("2026-07-01"), Change::CloseDepartment(key));
    let with = under(&region, &Settings::default(), vec![close, on("2026-06-13 19:30")]);
    let [allocation] = with.allocations() else { panic!("one incident") };
    assert!(allocation.brought.iter().all(|one| one.hospital == hospital("north")));
    // Nobody at the extended level takes green patients.
    assert_eq!(allocation.left, 12);
}

#[test]
fn red_patients_are_not_brought_where_nobody_knows_the_grade_of_the_trauma_centre() {
    // North is the only trauma centre; without a stated grade it takes the yellow and green ones.
    let region = small(|world| {
        for one in &mut world.hospitals {
            one.facilities.iter_mut().for_each(|unit| unit.grade = None);
        }
    });
    let on = change("2026-06-13 19:30", None, Change::Incident(bus("d")));
    let with = under(&region, &Settings::default(), vec![on]);
    let [allocation] = with.allocations() else { panic!("one incident") };
    assert_eq!(allocation.left, 4);
    assert!(allocation.brought.iter().all(|one| one.triage != Triage::Red));
    let north = region.network().find("north").unwrap();
    let unknown = vec!["grade of trauma centre".to_owned()];
    assert_eq!(allocation.unknown, vec![UnknownSite { hospital: north, unknown }]);
}

#[test]
fn without_a_standard_for_major_trauma_red_patients_go_wherever_others_do() {
    let region = small(|world| {
        world.catalog.standards.clear();
        world.catalog.pathways.clear();
    });
    let on = change("2026-06-13 19:30", None, Change::Incident(bus("d")));
    let with = under(&region, &Settings::default(), vec![on]);
    let [allocation] = with.allocations() else { panic!("one incident") };
    // An hour takes one red patient to south and two to north: those of minutes 0, 2 and 4; the one of
    // minute 6 waits for minute 60 and goes to south.
    let red = allocation.brought.iter().filter(|one| one.triage == Triage::Red);
    let red: Vec<(&str, u32, u32)> = red
        .map(|one| {
            let key = region.network()[one.hospital].key.as_str();
            (key, one.patients, one.last_arrival.0 / 60)
        })
        .collect();
    assert_eq!(red, [("south", 2, 65), ("north", 2, 39)]);
}
