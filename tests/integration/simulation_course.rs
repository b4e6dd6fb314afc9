//! What happens in time: giving up and new dates, days and hours of changes, incidents by road and by air, blocking.

use verbund::Region;
use verbund::model::*;
use verbund::queueing::{
    ArrivalStream, Arrivals, Branch, Class, Distribution, Kind, Model, Preference, Route, Servers,
    Simulator, Station, StationRun, Target, TimeUnit, WaitingRoom, WhenFull,
};
use verbund::random::Seed;
use verbund::run::Control;
use verbund::scenario::{
    Alarmed, AllocationKeys, Change, DepartmentKey, Helicopters, Incident, Surge, Theatres,
};
use verbund::simulation::{
    Allocation, CourseStep, Figure, FlowIndex, PatientFlow, Recovery, Results, RunPlan, Scope,
    Settings, Transport, Triage, simulate,
};
use verbund::units::Seconds;

use crate::flow_world::*;
use crate::run::text;

/// One server, ten days each; who waits gives up after two days, and a share comes again after five.
fn one_server(share: f64) -> Model {
    let class = Class {
        key: "c".into(),
        patience: Some(Distribution::Deterministic(2.0)),
        service: Some(Distribution::Deterministic(10.0)),
        ..Class::default()
    }
    .comes_again(share, Distribution::Deterministic(5.0));
    let kind = Kind {
        class: Some("c".into()),
        preferences: vec![Preference { first: vec![("s".into(), 1.0)], ..Preference::default() }],
        ..Kind::default()
    };
    let stream = ArrivalStream {
        key: "patients".into(),
        arrivals: Arrivals::Replay(vec![0.0, 1.5]),
        kinds: vec![kind],
        ..ArrivalStream::default()
    };
    let mut model = Model::new("one server", TimeUnit::Days).horizon(30.0);
    model.classes.push(class);
    model.stations.push(Station { servers: Servers::Finite(1), ..Station::new("s", 1) });
    model.streams.push(stream);
    model
}

#[test]
fn who_gives_up_comes_again_and_is_served() {
    // Served from 0 to 10. The second one waits from 1.5 to 3.5, is away until 8.5, waits again to 10 and is served.
    let run = Simulator::new(&one_server(1.0)).unwrap().run(Seed(1), 0);
    assert_eq!(run.faults(), Vec::<String>::new());
    let s = &run.stations[0];
    assert_eq!((s.asked, s.admitted, s.lost), (3, 2, 0));
    assert_eq!((s.reneged, s.rebooked, s.came_again), (1, 1, 1));
    assert_eq!((s.waited, s.waiting_time, s.queue_area, s.busy_area), (1, 1.5, 3.5, 20.0));
    // Nobody comes again.
    let run = Simulator::new(&one_server(0.0)).unwrap().run(Seed(1), 0);
    let s = &run.stations[0];
    assert_eq!((s.asked, s.admitted, s.reneged, s.rebooked), (2, 1, 1, 0));
    assert_eq!((s.queue_area, s.busy_area), (2.0, 10.0));
    // A share out of range, and nobody who gives up.
    let mut wrong = one_server(1.5);
    wrong.classes[0].patience = None;
    let told = wrong.check().to_string();
    assert!(told.contains("a share of 1.5; expected 0 to 1"), "{told}");
    assert!(told.contains("without patience nobody gives up"), "{told}");
}

/// A hospital of 10 beds for 9.9 at a time, half of them elective, from an empty start on; nothing before the days that
/// count.
fn impatient(patience: f64, share: f64) -> StationRun {
    let region = World::new(&[(0.0, 10)], &[(1.0, 600)]).cases(6.0, 0.5).region();
    let settings = plain()
        .warm_up_days(0)
        .days(2000)
        .stay_cv(1.0)
        .elective_patience_days(patience)
        .rebooked_share(share)
        .rebooked_after_days(10.0);
    let flow = flow(&region, &settings);
    let run = Simulator::new(flow.model()).unwrap().run(Seed(1), 0);
    assert_eq!(run.faults(), Vec::<String>::new());
    let station = run.stations[0].clone();
    // Whoever came first: treated, gave up for good, has another date, was let in nowhere, or waits still.
    let first = station.asked - station.came_again;
    let away = station.rebooked - station.came_again;
    let gave_up = station.reneged - station.rebooked;
    let known = station.admitted + gave_up + away + station.lost;
    let waiting = first - known;
    let places = flow.model().stations[0].waiting_room;
    let WaitingRoom::Finite(places) = places else { panic!("{places:?}") };
    assert!(waiting <= u64::from(places), "{first} came, of {known} it is known");
    // In service at the end are those who came and did not go, less those who wait.
    assert!(station.at_end >= waiting && station.at_end - waiting <= 30);
    station
}

#[test]
fn nobody_is_lost_between_waiting_lists_and_new_dates() {
    let patient = impatient(0.0, 1.0);
    assert_eq!((patient.reneged, patient.rebooked), (0, 0));
    let for_good = impatient(3.0, 0.0);
    assert!(for_good.reneged > 50 && for_good.rebooked == 0, "{}", for_good.reneged);
    assert!(for_good.queue_area < patient.queue_area);
    assert!(for_good.admitted < patient.admitted);
    // Half of them get another date, all of them; who waits longer gives up less often.
    let half = impatient(3.0, 0.5);
    let ratio = half.rebooked as f64 / half.reneged as f64;
    assert!((ratio - 0.5).abs() < 0.1, "{ratio}");
    let all = impatient(3.0, 1.0);
    assert_eq!(all.reneged, all.rebooked);
    assert!(all.admitted > for_good.admitted);
    assert!(impatient(6.0, 0.0).reneged < for_good.reneged);
}

#[test]
fn who_gave_up_and_who_got_another_date_is_printed() {
    let set = ["--set", "elective_patience_days=2", "--set", "rebooked_share=0.5"];
    let base = ["simulate", "--network", "builtin:small", "--days", "200", "--replications", "3"];
    let told = text(&[&base[..], &set[..]].concat());
    assert!(told.contains("gave up waiting, and do not come again"), "{told}");
    assert!(told.contains("gave up waiting, and got another date"), "{told}");
    let told = text(&base);
    assert!(!told.contains("gave up waiting"), "{told}");
    let by_ward = ["--by", "ward", "--format", "csv"];
    let told = text(&[&base[..], &set[..], &by_ward[..]].concat());
    assert!(told.contains("gave_up,") && told.contains("rebooked,"), "{told}");
}

/// Two hospitals, a beside the people, and a's only department closed from day 20 (21 January) to day 40.
fn closed_for_weeks(region: &Region) -> Vec<PatientFlow<'_>> {
    let settings = plain().days(100).stay_cv(1.0).starts_full(true);
    let closed = Change::CloseDepartment(DepartmentKey::new("a", "s"));
    let closed = change("2026-01-21", Some("2026-02-10"), closed);
    let base = PatientFlow::new(region, &settings, None).unwrap();
    vec![base, under(region, &settings, vec![closed])]
}

fn results<'f, 'r>(flows: &'f [PatientFlow<'r>], replications: u64) -> Results<'f, 'r> {
    let plan = RunPlan { replications, ..RunPlan::default() };
    let results = simulate(flows, plan, &Control::default());
    assert_eq!(results.faults(), Vec::<String>::new());
    results
}

#[test]
fn a_closure_of_weeks_is_told_day_by_day_with_the_worst_one_and_the_recovery() {
    let region = World::new(&[(0.0, 20), (30.0, 16)], &[(1.0, 800), (29.0, 500)]);
    let region = region.cases(6.0, 1.0).region();
    let flows = closed_for_weeks(&region);
    let results = results(&flows, 5);
    let a = region.find_hospital("a").unwrap();
    let b = region.find_hospital("b").unwrap();
    for hospital in [a, b] {
        let course = results.course(FlowIndex(1), Some(hospital), CourseStep::Day).unwrap();
        assert_eq!(course.points.len(), 80);
        assert_eq!(course.points[0].begins, "2026-01-21".parse().unwrap());
        // The same beds as by the census of each day, which is counted apart.
        let base = results.census_by_day(FlowIndex::BASE, Some(hospital));
        let closed = results.census_by_day(FlowIndex(1), Some(hospital));
        for (day, point) in course.points.iter().enumerate() {
            assert!((point.occupied.base - base[20 + day].mean).abs() < 1e-9);
            assert!((point.occupied.scenario - closed[20 + day].mean).abs() < 1e-9);
        }
        // Before the closure nothing differs, so that all that is counted more is counted in these days.
        let scope = Scope::Hospital(hospital);
        let more = |figure| results.change(FlowIndex(1), figure, scope).unwrap().mean;
        let forced = course.sum(|point| point.forced).more();
        assert!((forced - more(Figure::Forced)).abs() < 1e-9);
        let sent_on = course.sum(|point| point.sent_on).more();
        let expected = more(Figure::DivertedAway) + more(Figure::Refused);
        assert!((sent_on - expected).abs() < 1e-9, "{sent_on} and {expected}");
    }
    let course = results.course(FlowIndex(1), Some(a), CourseStep::Day).unwrap();
    // 800 cases a year of six days are 13 beds; ten days after the last admission one in six stays of a mean of six
    // days goes on.
    let worst = course.worst().unwrap();
    assert!(worst.difference.mean < -8.0 && worst.begins < "2026-02-12".parse().unwrap());
    let Recovery::From(recovered) = course.recovery() else { panic!("{:?}", course.recovery()) };
    let (end, late) = ("2026-02-10".parse().unwrap(), "2026-03-25".parse().unwrap());
    assert!(recovered >= end && recovered < late, "{recovered}");
    // Those of a lie in b.
    let beside = results.course(FlowIndex(1), Some(b), CourseStep::Day).unwrap();
    assert!(beside.worst().unwrap().difference.mean > 3.0);
    // No incident, no hours; nothing for the base.
    assert_eq!(results.course(FlowIndex(1), None, CourseStep::Hour), None);
    assert_eq!(results.course(FlowIndex::BASE, None, CourseStep::Day), None);
}

#[test]
fn one_replication_says_nothing_of_recovery() {
    let region = World::new(&[(0.0, 20)], &[(1.0, 800)]).cases(6.0, 1.0).region();
    let flows = closed_for_weeks(&region);
    let results = results(&flows, 1);
    let course = results.course(FlowIndex(1), None, CourseStep::Day).unwrap();
    assert_eq!((course.recovery(), course.worst()), (Recovery::Unknown, None));
}

#[test]
fn a_closure_that_the_run_cuts_off_is_told_with_the_days_it_needs() {
    let region = World::new(&[(0.0, 20)], &[(1.0, 800)]).cases(6.0, 1.0).region();
    let closed = || Change::CloseDepartment(DepartmentKey::new("a", "s"));
    let settings = plain().days(30);
    let told = |on: &str, until: &str| {
        let flow = under(&region, &settings, vec![change(on, Some(until), closed())]);
        flow.cut_off().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(told("2026-01-10", "2026-01-31"), Vec::<String>::new());
    let cut = told("2026-01-10", "2026-03-02");
    // To 1 March: 31 + 28 + 1 days.
    assert_eq!(cut.len(), 1);
    assert!(cut[0].contains("60 days are needed"), "{cut:?}");
}

/// Red patients brought to north, those of them by air, and the minute of the last one.
fn red(region: &Region, incident: Incident, on: &str) -> (u32, u32, u32) {
    let on = change(on, None, Change::Incident(incident));
    let flow = under(region, &Settings::default(), vec![on]);
    let [allocation] = flow.allocations() else { panic!("one incident") };
    let north = region.find_hospital("north").unwrap();
    let mut red = allocation.brought.iter().filter(|brought| brought.triage == Triage::Red);
    let told = red.next().unwrap();
    assert!(red.next().is_none() && told.hospital == north);
    (told.patients, told.by_air, told.last_arrival.0 / 60)
}

#[test]
fn a_helicopter_flies_who_comes_sooner_and_comes_back() {
    let region = small(|world| {
        let north = world.hospitals.iter_mut().find(|one| one.key == "north").unwrap();
        north.facilities.push(Facility::new("helipad"));
        let helicopter = &mut world.catalog.first_leg.helicopter;
        // At the scene from the start on; 5 minutes for start and landing, and next to none for the way.
        helicopter.call_handling = Seconds(0);
        helicopter.turnout = Seconds(0);
        helicopter.flight_to_scene = Seconds(0);
        helicopter.km_per_hour = 1000.0;
    });
    let one = Helicopters { count: 1, reach_minutes: 30, turnaround_minutes: 20 };
    let with = |count| Incident { helicopters: Some(Helicopters { count, ..one }), ..bus("d") };
    // Two places in the first hour: of minute 0 by air, back after some 35 minutes; of minute 2 by road. Of those who wait
    // for the second hour, one flies at minute 60, the other one drives and is there at 95.
    let noon = "2026-06-13 12:30";
    assert_eq!(red(&region, with(1), noon), (4, 2, 95));
    // Two at a time: all of them fly, and the last one is there by 60 + 5 and the way.
    let (patients, by_air, last) = red(&region, with(2), noon);
    assert_eq!((patients, by_air), (4, 4));
    assert!((65..75).contains(&last), "{last}");
    // Without helicopters, at night, and out of reach, all drive.
    assert_eq!(red(&region, bus("d"), noon), (4, 0, 95));
    assert_eq!(red(&region, with(2), "2026-06-13 19:30"), (4, 0, 95));
    let near = Helicopters { count: 2, reach_minutes: 4, ..one };
    assert_eq!(red(&region, Incident { helicopters: Some(near), ..bus("d") }, noon), (4, 0, 95));
}

#[test]
fn hospitals_take_more_once_they_are_alarmed() {
    // Eight red ones leave at minutes 0, 1.7 ...: two an hour, the last ones at minute 180 and 35 on the road.
    let region = small(|_| ());
    let many = Incident { red: 8, ..bus("d") };
    assert_eq!(red(&region, many.clone(), "2026-06-13 12:30"), (8, 0, 215));
    // Two in the first hour, four in the second, two in the third.
    let alarmed = Some(Alarmed { after_minutes: 60, percent: 200 });
    let more = Incident { alarmed, ..many.clone() };
    assert_eq!(red(&region, more, "2026-06-13 12:30"), (8, 0, 155));
    // From minute 61 on: the hour that begins at 60 is before it.
    let alarmed = Some(Alarmed { after_minutes: 61, percent: 200 });
    let later = Incident { alarmed, ..many };
    assert_eq!(red(&region, later, "2026-06-13 12:30"), (8, 0, 155));
}

#[test]
fn patients_of_an_incident_are_followed_to_a_bed_and_hour_by_hour() {
    let region = small(|_| ());
    let settings = Settings::default().days(20).warm_up_days(10);
    let flows = |incident: Incident| {
        let on = change("2026-01-05 12:30", None, Change::Incident(incident));
        vec![flow(&region, &settings), under(&region, &settings, vec![on])]
    };
    let by_hand = flows(bus("d"));
    let told = results(&by_hand, 4);
    // Four red ones, three yellow ones, and of twelve green ones every tenth.
    let beds = told.incident_beds(FlowIndex(1));
    let patients: f64 = beds.iter().map(|bed| bed.patients).sum();
    assert!((patients - 8.0).abs() < 1e-9, "{patients}");
    assert_eq!(told.incident_beds(FlowIndex::BASE), vec![]);
    // From the hour of 12:30 to 72 hours behind the last patient, minute 95.
    let course = told.course(FlowIndex(1), None, CourseStep::Hour).unwrap();
    assert_eq!(course.points[0].begins, "2026-01-05 12:00".parse().unwrap());
    assert_eq!(course.points.len(), 72 + 3);
    // All eight are there a few hours later, in the mean of chance that is the same in both.
    let evening = &course.points[4];
    assert!((evening.difference.mean - 8.0).abs() < 1.5, "{:?}", evening.difference);
    // More than south has beds for: the others are moved on.
    let keys = AllocationKeys { yellow: [500, 500, 500], ..AllocationKeys::default() };
    let crowd = flows(Incident { red: 0, yellow: 300, green: 0, keys, ..bus("d") });
    let told = results(&crowd, 2);
    let hospital = |ward| crowd[1].ward(ward).hospital;
    let (mut all, mut moved) = (0.0, 0.0);
    for bed in told.incident_beds(FlowIndex(1)) {
        all += bed.patients;
        if hospital(bed.found_in) == hospital(bed.brought_to) {
            assert_eq!(bed.moved_on, None);
            continue;
        }
        moved += bed.patients;
        let journey = bed.moved_on.unwrap();
        // North and south are 40 minutes apart.
        let expected = (Transport::Ambulance, Some(Seconds(40 * 60)));
        assert_eq!((journey.transport, journey.time), expected);
    }
    assert!((all - 300.0).abs() < 1e-9 && moved > 5.0, "{moved} of {all}");
}

#[test]
fn red_ones_are_operated_first_and_incidents_share_the_theatres() {
    // All of the bus of `d` who are red or yellow are operated, an hour each, with one theatre in every hospital.
    let region = small(|_| ());
    let theatres = Theatres { open: [1, 1, 1], red_percent: 100, yellow_percent: 100, minutes: 60 };
    let incident = Incident { theatres, ..bus("d") };
    let on = |incident: Incident| change("2026-01-05 12:30", None, Change::Incident(incident));
    let flow = under(&region, &Settings::default(), vec![on(incident.clone())]);
    let [allocation] = flow.allocations() else { panic!("one incident") };
    for used in &allocation.theatres {
        let brought = |triage| {
            let mut all = allocation.brought.iter();
            let found = all.find(|one| one.hospital == used.hospital && one.triage == triage);
            found.map_or(0, |one| one.patients)
        };
        assert_eq!((used.red, used.yellow), (brought(Triage::Red), brought(Triage::Yellow)));
        assert_eq!((used.theatres, used.without_theatre), (1, 0));
        // One after the other: the last one is over so many hours behind the start at the earliest.
        assert!(used.last_over.0 >= (used.red + used.yellow) * 3600, "{used:?}");
    }
    let reds: u32 = allocation.theatres.iter().map(|used| used.red).sum();
    let yellows: u32 = allocation.theatres.iter().map(|used| used.yellow).sum();
    assert_eq!((reds, yellows), (4, 3));

    // The red ones alone leave at minutes 0 and 9.5, and two an hour, at 60 and 60; 35 minutes on the road. They are on the
    // table from 35, 95, 155 and 215 on: the last one waits from 95 to 215 and is over at 275.
    let alone = Incident { yellow: 0, green: 0, ..incident.clone() };
    let flow = under(&region, &Settings::default(), vec![on(alone)]);
    let [used] = &flow.allocations()[0].theatres[..] else { panic!("one hospital") };
    assert_eq!((used.red, used.red_wait.0 / 60, used.last_over.0 / 60), (4, 120, 275));

    // Twice the same at one time: as many theatres for twice as many, so that the last one is over later.
    let both = vec![on(incident.clone()), on(incident.clone())];
    let flow = under(&region, &Settings::default(), both);
    let [first, second] = flow.allocations() else { panic!("two incidents") };
    let last = |allocation: &Allocation| {
        allocation.theatres.iter().map(|used| used.last_over).max().unwrap()
    };
    assert!(last(first).max(last(second)) > last(allocation));

    // No theatre: nobody is operated, and it is told. Nobody who needs one: nothing is told.
    let theatres = Theatres { open: [0, 0, 0], ..theatres };
    let without = Incident { theatres, ..incident.clone() };
    let flow = under(&region, &Settings::default(), vec![on(without)]);
    let [allocation] = flow.allocations() else { panic!("one incident") };
    let missing: u32 = allocation.theatres.iter().map(|used| used.without_theatre).sum();
    assert_eq!(missing, 7);
    let theatres = Theatres { red_percent: 0, yellow_percent: 0, ..theatres };
    let nobody = Incident { theatres, ..incident };
    let flow = under(&region, &Settings::default(), vec![on(nobody)]);
    assert_eq!(flow.allocations()[0].theatres, vec![]);
}

#[test]
fn theatres_and_journeys_of_those_who_are_moved_on_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("crowd.ron");
    let scenario = "(format: 1, id: \"crowd\", name: \"Crowd\", source: \"invented\", changes: [(on: \"2026-01-05 12:30\", \
         reason: \"test\", change: Incident(place: \"d\", yellow: 300, minutes: 60, keys: (yellow: [500, 500, 500]), \
         theatres: (open: [2, 2, 2], yellow_percent: 10)))])";
    std::fs::write(&path, scenario).unwrap();
    let path = path.to_str().unwrap();
    let common = ["simulate", "--network", "builtin:small", "--scenario", path, "--days", "20"];
    let told = text(&[&common[..], &["--replications", "2"]].concat());
    for expected in [
        "Who waits for an operating theatre",
        "Moved on to another hospital:",
        "patient transport",
        "minutes on average",
    ] {
        assert!(told.contains(expected), "{expected} in {told}");
    }
    let folder = |theatres: &str| {
        let scenario = scenario.replace("(open: [2, 2, 2], yellow_percent: 10)", theatres);
        let network = verbund::files::Folder::small().read().unwrap();
        let read = verbund::scenario::Scenario::read;
        match read(&scenario, "crowd.ron", &network.network, &network.places) {
            Ok(_) => String::new(),
            Err(problems) => problems.to_string(),
        }
    };
    for (theatres, expected) in [
        ("(open: [1, 2])", "2 numbers"),
        ("(open: [101, 1, 1])", "a whole number from 0 to 100"),
        ("(red_percent: 101)", "a whole number from 0 to 100"),
        ("(minutes: 0)", "a whole number from 1 to 1440"),
        ("(minute: 10)", "minute"),
    ] {
        let told = folder(theatres);
        assert!(told.contains(expected), "{theatres}: {told}");
    }
}

#[test]
fn a_surge_shows_its_worst_day_in_its_weeks() {
    let region = World::new(&[(0.0, 40)], &[(1.0, 1500)]).cases(6.0, 1.0).region();
    let settings = plain().days(150).stay_cv(1.0).starts_full(true);
    let surge = Surge {
        specialties: vec!["s".into()],
        conditions: vec![],
        factors: vec![1.5, 2.0, 1.5],
        days: 7,
        districts: vec![],
        icu_share: None,
    };
    let surge = change("2026-01-31", None, Change::Surge(surge));
    let flows = [flow(&region, &settings), under(&region, &settings, vec![surge])];
    let results = results(&flows, 5);
    let course = results.course(FlowIndex(1), None, CourseStep::Day).unwrap();
    let worst = course.worst().unwrap().begins;
    // Two weeks and some days behind the begin: a patient of the height stays for days.
    assert!(worst > "2026-02-07".parse().unwrap() && worst < "2026-02-25".parse().unwrap());
    assert_eq!(course.changes_end, Some("2026-02-21".parse().unwrap()));
    assert!(
        matches!(course.recovery(), Recovery::From(day) if day >= "2026-02-21".parse().unwrap())
    );
}

/// The long run of a tandem with blocking: units of the first station, those of the second; what is lost a day, and how
/// many block on average. States: in service and blocked at the first one, in service at the second one; by many small
/// steps of its equations.
fn tandem([units, beds]: [usize; 2], [comes, first, second]: [f64; 3]) -> (f64, f64) {
    let at = |working: usize, blocked: usize, behind: usize| {
        (working * (units + 1) + blocked) * (beds + 1) + behind
    };
    let states = (units + 1) * (units + 1) * (beds + 1);
    let mut chances = vec![0.0; states];
    chances[at(0, 0, 0)] = 1.0;
    let step = 0.5 / (comes + first * units as f64 + second * beds as f64);
    for _ in 0..20_000 {
        let mut next = chances.clone();
        let mut go = |from: usize, to: usize, rate: f64| {
            let flow = chances[from] * rate * step;
            next[from] -= flow;
            next[to] += flow;
        };
        for working in 0..=units {
            for blocked in 0..=units - working {
                for behind in 0..=beds {
                    let here = at(working, blocked, behind);
                    if working + blocked < units {
                        go(here, at(working + 1, blocked, behind), comes);
                    }
                    if working > 0 {
                        let to = if behind < beds {
                            at(working - 1, blocked, behind + 1)
                        } else {
                            at(working - 1, blocked + 1, behind)
                        };
                        go(here, to, first * working as f64);
                    }
                    if behind > 0 {
                        // A blocked one takes the bed at once.
                        let to = if blocked > 0 {
                            at(working, blocked - 1, behind)
                        } else {
                            at(working, blocked, behind - 1)
                        };
                        go(here, to, second * behind as f64);
                    }
                }
            }
        }
        chances = next;
    }
    let (mut lost, mut blocking) = (0.0, 0.0);
    for working in 0..=units {
        for blocked in 0..=units - working {
            for behind in 0..=beds {
                let chance = chances[at(working, blocked, behind)];
                blocking += chance * blocked as f64;
                if working + blocked == units {
                    lost += chance * comes;
                }
            }
        }
    }
    (lost, blocking)
}

#[test]
fn blocking_behind_intensive_care_is_that_of_the_exact_tandem() {
    // Three beds of intensive care for two days each, three of the ward for three, one patient a day: as with
    // `step_down: waits`, a place is kept until the ward has a bed.
    let (lost, blocking) = tandem([3, 3], [1.0, 0.5, 1.0 / 3.0]);
    assert!(lost > 0.1 && blocking > 0.2, "{lost} {blocking}");
    let to_ward = Branch {
        to: Target::Station("ward".into()),
        when_full: WhenFull::Block,
        ..Branch::default()
    };
    let unit = Station::new("unit", 3)
        .service(Distribution::Exponential { mean: 2.0 })
        .waiting_room(WaitingRoom::None)
        .route(Route::new([to_ward]));
    let ward = Station::new("ward", 3)
        .service(Distribution::Exponential { mean: 3.0 })
        .waiting_room(WaitingRoom::None);
    let model = Model::new("tandem", TimeUnit::Days)
        .warm_up(100.0)
        .horizon(200_100.0)
        .station(unit)
        .station(ward)
        .stream(ArrivalStream::poisson("patients", 1.0, "unit"));
    let run = Simulator::new(&model).unwrap().run(Seed(1), 0);
    let unit = &run.stations[0];
    let (told_lost, told_blocking) =
        (unit.lost as f64 / run.window, unit.blocked_area / run.window);
    assert!((told_lost / lost - 1.0).abs() < 0.02, "{told_lost} and {lost} a day");
    assert!((told_blocking / blocking - 1.0).abs() < 0.02, "{told_blocking} and {blocking} beds");
}
