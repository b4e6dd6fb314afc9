//! Stations that hold each other up.

use super::*;

fn fixed(key: &str, servers: u32, length: f64) -> Station {
    let own = station(key, servers, Distribution::Deterministic(length));
    Station { waiting_room: WaitingRoom::None, ..own }
}

fn leads(mut station: Station, to: &str) -> Station {
    station.routes = route(vec![Branch { when_full: WhenFull::Block, ..branch(1.0, to) }]);
    station
}

/// Customers at given times and stations, each of a stream of its own.
fn model(horizon: f64, stations: Vec<Station>, arrivals: &[(f64, &str)]) -> Model {
    let stream = |(number, (time, to)): (usize, &(f64, &str))| {
        stream(&format!("s{number}"), Arrivals::Replay(vec![*time]), to)
    };
    let streams = arrivals.iter().enumerate().map(stream).collect();
    Model { horizon, stations, streams, ..Model::default() }
}

/// What stopped the run, and when.
fn stop(model: &Model) -> Option<(f64, Vec<String>)> {
    let model = Model { deadlock: Deadlock::Stop, ..model.clone() };
    let run = trace(&model, 1, 0).0;
    let window = run.window;
    run.deadlock.map(|cycle| {
        assert_eq!((cycle.at, run.swaps), (window, 0));
        (cycle.at, cycle.stations)
    })
}

#[test]
fn two_stations_that_want_into_each_other_are_named() {
    // a is done at 2 and b at 3: the circle closes at 3. Swapped, they want back at 5 and 6.
    let stations = vec![leads(fixed("a", 1, 2.0), "b"), leads(fixed("b", 1, 3.0), "a")];
    let own = model(6.5, stations, &[(0.0, "a"), (0.0, "b")]);
    assert_eq!(stop(&own), Some((3.0, vec!["b".into(), "a".into()])));
    let (run, visits) = trace(&own, 1, 0);
    assert_eq!(run.deadlock.as_ref().map(|cycle| cycle.at), Some(3.0));
    assert_eq!(run.swaps, 2);
    let moves: Vec<(u32, f64, f64)> =
        visits.iter().map(|visit| (visit.station, visit.came, visit.went)).collect();
    assert_eq!(
        moves,
        [(1, 0.0, 3.0), (0, 0.0, 3.0), (1, 3.0, 6.0), (0, 3.0, 6.0), (0, 6.0, 6.5), (1, 6.0, 6.5)]
    );
    assert_eq!((run.stations[0].blocked_area, run.stations[1].blocked_area), (2.0, 0.0));
}

#[test]
fn a_ring_of_three_is_named_and_goes_on() {
    let stations = vec![
        leads(fixed("a", 1, 1.0), "b"),
        leads(fixed("b", 1, 2.0), "c"),
        leads(fixed("c", 1, 4.0), "a"),
    ];
    let own = model(9.0, stations, &[(0.0, "a"), (0.0, "b"), (0.0, "c")]);
    assert_eq!(stop(&own), Some((4.0, vec!["c".into(), "a".into(), "b".into()])));
    let run = trace(&own, 1, 0).0;
    // At 4 and, the slowest being c again, at 8.
    assert_eq!(run.swaps, 2);
    let through: Vec<u64> = run.stations.iter().map(|one| one.transferred_in).collect();
    assert_eq!(through, [2, 2, 2]);
}

#[test]
fn a_server_that_still_serves_is_no_deadlock() {
    // a has two servers: one customer is blocked from 1 on, the other leaves at 5 (it is of a class
    // without a way on), and its server goes to who is blocked at b since 2.
    let mut a = leads(fixed("a", 2, 1.0), "b");
    a.routes[0].class = Some("on".into());
    let mut own =
        model(9.0, vec![a, leads(fixed("b", 1, 2.0), "a")], &[(0.0, "a"), (0.0, "a"), (0.0, "b")]);
    let service = |length| Some(Distribution::Deterministic(length));
    own.classes = vec![
        Class { key: "on".into(), ..Class::default() },
        Class { key: "home".into(), service: service(5.0), ..Class::default() },
        Class { key: "b".into(), ..Class::default() },
    ];
    for (stream, class) in own.streams.iter_mut().zip(["on", "home", "b"]) {
        stream.kinds[0].class = Some(class.into());
    }
    assert_eq!(stop(&own), None);
    let run = trace(&own, 1, 0).0;
    assert_eq!((run.swaps, run.deadlock), (0, None));
    // Blocked at a from 1 to 5, at b from 2 to 5.
    assert_eq!((run.stations[0].blocked_area, run.stations[1].blocked_area), (4.0, 3.0));
}

#[test]
fn two_servers_each_are_a_deadlock_only_when_all_are_held() {
    // a: done at 2, b: two customers done at 3. The second of b closes it, and only one of a's servers
    // is taken before.
    let stations = vec![leads(fixed("a", 2, 2.0), "b"), leads(fixed("b", 2, 3.0), "a")];
    let three = model(2.9, stations.clone(), &[(0.0, "a"), (0.0, "b"), (0.0, "b")]);
    assert_eq!(stop(&three), None);
    let four = model(9.0, stations, &[(0.0, "a"), (0.0, "a"), (0.0, "b"), (1.0, "b")]);
    assert_eq!(stop(&four), Some((4.0, vec!["b".into(), "a".into()])));
}

#[test]
fn feedback_is_no_deadlock() {
    let own = model(9.0, vec![leads(fixed("a", 1, 2.0), "a")], &[(0.0, "a")]);
    assert_eq!(stop(&own), None);
    assert_eq!(trace(&own, 1, 0).0.stations[0].started, 5);
}

#[test]
fn a_chain_that_ends_at_a_busy_station_is_no_deadlock() {
    // a waits for b, b for c, and c serves until 10.
    let stations =
        vec![leads(fixed("a", 1, 1.0), "b"), leads(fixed("b", 1, 2.0), "c"), fixed("c", 1, 10.0)];
    let own = model(30.0, stations, &[(0.0, "a"), (0.0, "b"), (0.0, "c")]);
    assert_eq!(stop(&own), None);
    // At 10 all move: b's customer is at c until 20, a's at b until 12 and blocked until 20.
    let ended: Vec<f64> = trace(&own, 1, 0).1.iter().map(|visit| visit.went).collect();
    assert_eq!(ended, [10.0, 10.0, 10.0, 20.0, 20.0, 30.0]);
}

#[test]
fn a_deadlock_that_closes_when_a_forced_customer_leaves_is_found() {
    // a holds two, one of them forced: blocked from 1 on, and in service until 5. b is blocked from 2 on;
    // that is no deadlock, as a still serves. When the forced one leaves, a is full with the blocked one
    // alone, and nobody can move.
    let mut a = leads(fixed("a", 1, 1.0), "b");
    a.routes[0].class = Some("on".into());
    let mut own =
        model(9.0, vec![a, leads(fixed("b", 1, 2.0), "a")], &[(0.0, "a"), (0.5, "a"), (0.0, "b")]);
    own.classes =
        ["on", "forced", "b"].map(|key| Class { key: key.into(), ..Class::default() }).to_vec();
    own.classes[1].service = Some(Distribution::Deterministic(4.5));
    for (stream, class) in own.streams.iter_mut().zip(["on", "forced", "b"]) {
        stream.kinds[0].class = Some(class.into());
    }
    own.streams[1].kinds[0].when_full = WhenFull::Force;
    assert_eq!(stop(&own), Some((5.0, vec!["a".into(), "b".into()])));
    let run = trace(&own, 1, 0).0;
    assert_eq!(run.swaps, 1);
    // Swapped at 5; the one at b goes back at 7 and comes again at 8.
    assert_eq!((run.stations[0].transferred_in, run.stations[1].transferred_in), (2, 2));
}

#[test]
fn a_deadlock_that_closes_when_servers_go_is_found() {
    // a has two servers, one blocked from 1 on and one in service until 5; from 4 on there is one
    // server. When the other leaves, a is full with the blocked one alone.
    let mut a = leads(fixed("a", 2, 1.0), "b");
    a.routes[0].class = Some("on".into());
    let mut own =
        model(9.0, vec![a, leads(fixed("b", 1, 2.0), "a")], &[(0.0, "a"), (0.0, "a"), (0.0, "b")]);
    own.classes = ["on", "home"].map(|key| Class { key: key.into(), ..Class::default() }).to_vec();
    own.classes[1].service = Some(Distribution::Deterministic(5.0));
    for (stream, class) in own.streams.iter_mut().zip(["on", "home", "on"]) {
        stream.kinds[0].class = Some(class.into());
    }
    let change = ChangeKind::Servers(1);
    own.changes = vec![Change { at: 4.0, station: "a".into(), change }];
    assert_eq!(stop(&own), Some((5.0, vec!["a".into(), "b".into()])));
}

#[test]
fn looking_for_deadlocks_costs_no_more_where_there_are_more_stations() {
    // Chains with as many customers in all. Looking at every station at every block would take 16 times as
    // long in the longer one; the room is for a busy machine.
    let chain = |count: usize| {
        let key = |number: usize| format!("s{number}");
        let law = exponential(1.0);
        let stations = (0..count).map(|number| {
            let own = station(&key(number), 1, law.clone());
            let own = Station { waiting_room: WaitingRoom::None, ..own };
            if number + 1 < count { leads(own, &key(number + 1)) } else { own }
        });
        let streams =
            (0..count).map(|number| stream(&format!("a{number}"), poisson(0.5), &key(number)));
        Model {
            horizon: 1e5 / count as f64,
            stations: stations.collect(),
            streams: streams.collect(),
            ..Model::default()
        }
    };
    let seconds = |model: &Model| {
        let simulator = Simulator::new(model).unwrap();
        let runs = (0..5).map(|number| {
            let start = std::time::Instant::now();
            simulator.run(Seed(1), number);
            start.elapsed().as_secs_f64()
        });
        runs.fold(f64::INFINITY, f64::min)
    };
    let (short, long) = (seconds(&chain(100)), seconds(&chain(1600)));
    assert!(long < 8.0 * short, "{short} s, {long} s");
}
