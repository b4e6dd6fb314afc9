//! Who is there at the start.

use super::*;

/// 4,000 customers on average: 1,000 a day for four days each.
fn endless(service: Distribution, mean: f64) -> Model {
    let own = Station { servers: Servers::Infinite, ..station("a", 1, service) };
    let present = vec![Present { station: "a".into(), mean, ..Present::default() }];
    Model { present, ..single(own, 1000.0, 0.0, 4.0) }
}

#[test]
fn a_station_that_starts_full_is_in_its_long_run_at_once() {
    // M/G/infinity: at every moment Poisson(4,000). Over the first stay's length, and in its first quarter.
    // Intervals of 40 replications are about 1 % wide. From an empty station 1,500 to 2,900 are there on
    // average; with whole stays instead of what is left of them 2 to 50 % more, but for exponential ones.
    let values = (1..=7).map(f64::from).collect();
    for (service, whole) in [
        (exponential(4.0), 0.0),
        (Distribution::Lognormal { mean: 4.0, cv: 1.0 }, 0.0),
        (Distribution::Gamma { mean: 4.0, cv: 0.5 }, 0.0),
        (Distribution::Deterministic(4.0), 1.0),
        (Distribution::Empirical(values), 0.0),
    ] {
        let what = format!("{service:?}");
        let census = figure(&endless(service.clone(), 4000.0), 40, |run| {
            run.stations[0].busy_area / run.window
        });
        census.meets(&what, 4000.0, 0.02);
        census.rules_out("from an empty station", 2900.0);
        let early = Model { horizon: 1.0, ..endless(service.clone(), 4000.0) };
        let left = figure(&early, 40, |run| run.stations[0].left as f64);
        left.meets(&what, 1000.0, 0.05);
        if whole == 1.0 {
            // Nobody would leave before a whole stay is over.
            left.rules_out("whole stays", 0.0);
        }
        let at_start = figure(&early, 40, |run| run.stations[0].at_start as f64);
        at_start.meets("at the start", 4000.0, 0.02);
    }
}

#[test]
fn what_is_left_of_a_stay_has_the_mean_of_renewal_theory() {
    // E[S^2] / 2 E[S]: of a lognormal with cv 1, the whole mean stay; of a constant half of it; of values 1 to 7,
    // 20 / 8. The last of 100 customers of a station without arrivals leave long before day 1,000.
    let values = (1..=7).map(f64::from).collect();
    for (service, rest) in [
        (exponential(4.0), 4.0),
        (Distribution::Lognormal { mean: 4.0, cv: 1.0 }, 4.0),
        (Distribution::Gamma { mean: 4.0, cv: 0.5 }, 2.5),
        (Distribution::Deterministic(4.0), 2.0),
        (Distribution::Empirical(values), 2.5),
    ] {
        let model = Model { streams: Vec::new(), horizon: 1000.0, ..endless(service, 100.0) };
        let mean = figure(&model, 400, |run| {
            run.stations[0].customer_time / run.stations[0].at_start as f64
        });
        mean.meets("what is left", rest, 0.05);
    }
}

#[test]
fn as_many_are_there_as_there_are_servers_and_places() {
    // Three of about 1,000 are served, two of five wait: a day each, by hand. The first two leave at random
    // parts of the day, the waiting ones after a whole day more.
    let own = Station {
        waiting_room: WaitingRoom::Finite(2),
        ..station("a", 3, Distribution::Deterministic(1.0))
    };
    let present =
        vec![Present { station: "a".into(), mean: 1000.0, waiting: 5, ..Present::default() }];
    let model = Model { horizon: 10.0, stations: vec![own], present, ..Model::default() };
    let (run, visits) = trace(&model, 1, 0);
    let station = &run.stations[0];
    assert_eq!((station.at_start, station.came, station.left, station.at_end), (5, 0, 5, 0));
    assert!(visits.iter().all(|visit| visit.stream == u32::MAX && visit.came == 0.0));
    let (waited, served): (Vec<Visit>, Vec<Visit>) =
        visits.into_iter().partition(|visit| visit.started > Some(0.0));
    assert_eq!((served.len(), waited.len()), (3, 2));
    let mut ends: Vec<f64> = served.iter().map(|visit| visit.went).collect();
    ends.sort_by(f64::total_cmp);
    assert!(ends[2] < 1.0);
    for (visit, end) in waited.iter().zip(ends) {
        assert_eq!(visit.started, Some(end));
        assert!((visit.went - end - 1.0).abs() < 1e-12);
    }
    let area: f64 = waited.iter().filter_map(|visit| visit.started).sum();
    assert!((station.queue_area - area).abs() < 1e-12);
}

#[test]
fn another_mean_adds_customers_and_changes_none() {
    let ends = |mean: f64| -> Vec<(u64, u64)> {
        let model = Model { streams: Vec::new(), ..endless(exponential(4.0), mean) };
        let model = Model { horizon: 1000.0, ..model };
        let mut ends: Vec<(u64, u64)> = trace(&model, 1, 0)
            .1
            .iter()
            .map(|visit| (visit.customer, visit.went.to_bits()))
            .collect();
        ends.sort_unstable();
        ends
    };
    let (few, many) = (ends(50.0), ends(60.0));
    assert!(few.len() < many.len());
    assert!(few.iter().all(|one| many.binary_search(one).is_ok()));
}

#[test]
fn faults_of_who_is_there_are_named() {
    let present = |station: &str, class: Option<&str>, mean: f64| Present {
        station: station.into(),
        class: class.map(str::to_owned),
        mean,
        waiting: 0,
        key: None,
        ..Present::default()
    };
    let mut model = endless(exponential(1.0), 1.0);
    model.present = vec![
        present("b", None, 1.0),
        present("a", Some("c"), 1.0),
        present("a", None, -1.0),
        present("a", None, f64::NAN),
        present("a", None, 2e7),
    ];
    let text = Simulator::new(&model).unwrap_err().to_string();
    for part in
        ["present 1", "\"b\"", "present 2", "\"c\"", "present 3", "present 4", "20000002 customers"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    model.present.truncate(0);
    model.present.push(present("a", None, 0.0));
    assert!(Simulator::new(&model).is_ok());
}

#[test]
fn who_is_there_must_not_go_in_circles_without_time() {
    // Nobody arrives, but two are there who would come back at once, again and again.
    let own = Station {
        servers: Servers::Infinite,
        routes: route(vec![branch(1.0, "a")]),
        ..station("a", 1, Distribution::Deterministic(0.0))
    };
    let present = vec![Present { station: "a".into(), mean: 2.0, ..Present::default() }];
    let model = Model { horizon: 1.0, stations: vec![own], present, ..Model::default() };
    let text = Simulator::new(&model).unwrap_err().to_string();
    assert!(text.contains("\"a\""), "{text}");
}

#[test]
fn those_who_are_certain_are_there_with_what_their_law_leaves_them() {
    // Renewal theory: at a random moment the rest of a stay is longer than t with the chance
    // (1 / mean) x the integral of S from t on; after s days, with S(s + t) / S(s). 2,000 of each, nobody else comes.
    let law = Distribution::Lognormal { mean: 6.0, cv: 1.0 };
    let beyond = |time: f64| law.share_beyond(time).unwrap();
    let excess = |from: f64| {
        let mut area = 0.0;
        // Beyond 600 days nothing is left that three digits show.
        for step in 0..60_000 {
            area += 0.01 * beyond(from + 0.01 * (f64::from(step) + 0.5));
        }
        area / 6.0
    };
    for (present, expected) in [
        (Present { certain: 2000, ..Present::default() }, [excess(3.0), excess(14.0)]),
        (
            Present { so_far: vec![10.0; 2000], ..Present::default() },
            [beyond(13.0) / beyond(10.0), beyond(24.0) / beyond(10.0)],
        ),
    ] {
        let present = vec![Present { station: "a".into(), ..present }];
        for (days, expected) in [3.0, 14.0].into_iter().zip(expected) {
            // Beds for half of them: they are there whether or not there is a free one.
            let own = station("a", 1000, law.clone());
            let model = Model { present: present.clone(), ..single(own, 1e-9, 0.0, days) };
            let there = figure(&model, 40, |run| run.stations[0].at_end as f64);
            // The law of large numbers: 80,000 stays, so a standard error of 0.0018 of all.
            there.meets("those who are left", 2000.0 * expected, 0.07);
        }
    }
}

#[test]
fn who_waits_at_the_start_for_a_team_is_let_in_by_it() {
    // Two wait for two free servers whose team has one member, an hour each: one gets in at once, the other one at 1.
    let mut own = station("a", 2, Distribution::Deterministic(3.0));
    own.team = Some("t".into());
    let team = Team { key: "t".into(), members: 1, busy: 1.0, hours: "Always".parse().unwrap() };
    let present = vec![Present { station: "a".into(), waiting: 2, ..Present::default() }];
    let model = Model {
        horizon: 10.0,
        stations: vec![own],
        teams: vec![team],
        present,
        ..Model::default()
    };
    let (run, visits) = trace(&model, 1, 0);
    let mut started: Vec<Option<f64>> = visits.iter().map(|visit| visit.started).collect();
    started.sort_by(|a, b| a.partial_cmp(b).unwrap());
    assert_eq!(started, [Some(0.0), Some(1.0)]);
    assert_eq!((run.stations[0].at_start, run.stations[0].left), (2, 2));
}
