//! Common random numbers and the same bytes.

use std::collections::BTreeMap;

use rand::Rng;
use verbund::random::Purpose;

use super::*;

/// Three stations, three streams, transfers and overflow.
fn base() -> Model {
    let own = |key: &str, servers, mean| Station {
        waiting_room: WaitingRoom::Finite(2),
        ..station(key, servers, Distribution::Lognormal { mean, cv: 1.0 })
    };
    let mut stations = vec![own("a", 4, 3.0), own("b", 3, 2.0), own("c", 2, 4.0)];
    stations[0].routes = route(vec![branch(0.3, "b"), branch(0.2, "c")]);
    stations[1].routes = route(vec![branch(0.1, "a")]);
    stations[0].alternates = vec![Alternate { to: "b".into(), ..Alternate::default() }];
    let streams = vec![
        stream("x", poisson(1.2), "a"),
        stream("y", poisson(0.9), "b"),
        stream("z", poisson(0.4), "c"),
    ];
    Model { warm_up: 10.0, horizon: 500.0, stations, streams, ..Model::default() }
}

/// When the customers of each stream arrive, with their keys.
type Arrived = BTreeMap<String, Vec<(u64, u64)>>;
/// The length of each service by customer and number of the visit.
type Stays = BTreeMap<(u64, u32), (String, f64)>;

fn patients(model: &Model) -> (Arrived, Stays) {
    let (mut arrived, mut stays) = (Arrived::new(), Stays::new());
    for visit in trace(model, 9, 2).1 {
        if visit.visit == 0 {
            let stream = model.streams[visit.stream as usize].key.clone();
            arrived.entry(stream).or_default().push((visit.came.to_bits(), visit.customer));
        }
        if let (Some(started), Some(ended)) = (visit.started, visit.ended) {
            let station = model.stations[visit.station as usize].key.clone();
            stays.insert((visit.customer, visit.visit), (station, ended - started));
        }
    }
    arrived.values_mut().for_each(|own| own.sort_unstable());
    (arrived, stays)
}

/// Stays of the same visit at the same station, as far as both have it.
fn same_stays(a: &Stays, b: &Stays) -> usize {
    let both = a.iter().filter_map(|(key, own)| Some((own, b.get(key)?)));
    // The lengths are differences of times up to 500.
    both.filter(|(own, other)| own.0 == other.0)
        .inspect(|(own, other)| assert!((own.1 - other.1).abs() < 1e-9, "{own:?} {other:?}"))
        .count()
}

#[test]
fn what_is_done_to_stations_moves_no_arrival_and_no_stay() {
    let base_model = base();
    let (arrived, stays) = patients(&base_model);
    assert!(arrived.values().map(Vec::len).sum::<usize>() > 1000);
    let mut fewer = base();
    fewer.stations[1].servers = Servers::Finite(1);
    let mut other_way = base();
    other_way.stations[0].routes = route(vec![branch(0.9, "c")]);
    let mut other_order = base();
    other_order.stations.swap(0, 2);
    let mut closed = base();
    closed.changes = vec![Change { at: 100.0, station: "b".into(), change: ChangeKind::Close }];
    let mut removed = base();
    removed.stations.remove(2);
    removed.stations[0].routes[0].branches.pop();
    // Its customers go elsewhere.
    removed.streams[2].kinds[0].preferences[0] = to("b");
    for (what, model) in [
        ("fewer servers", fewer),
        ("other way", other_way),
        ("other order", other_order),
        ("closed", closed),
        ("removed", removed),
    ] {
        let (own, other) = patients(&model);
        assert_eq!(own, arrived, "{what}");
        let same = same_stays(&stays, &other);
        assert!(same > 500, "{what}: {same} stays of both");
    }
}

#[test]
fn streams_do_not_see_each_other() {
    let (arrived, stays) = patients(&base());
    let mut more = base();
    more.streams.insert(0, stream("w", poisson(2.0), "c"));
    let (own, other) = patients(&more);
    for key in ["x", "y", "z"] {
        assert_eq!(own[key], arrived[key], "a stream more");
    }
    assert!(same_stays(&stays, &other) > 500);
    let mut fewer = base();
    fewer.streams.remove(1);
    let (own, _) = patients(&fewer);
    assert_eq!((&own["x"], &own["z"]), (&arrived["x"], &arrived["z"]), "a stream less");
    let mut faster = base();
    faster.streams[1].arrivals = poisson(1.8);
    let (own, _) = patients(&faster);
    assert_eq!((&own["x"], &own["z"]), (&arrived["x"], &arrived["z"]), "another rate");
    // The other customers of y are the same as well, earlier.
    let keys = |own: &Arrived| {
        let mut own = own["y"].clone();
        own.sort_unstable();
        own.iter().map(|(_, key)| *key).collect::<Vec<_>>()
    };
    assert_eq!(keys(&own)[..300], keys(&arrived)[..300]);
}

#[test]
fn replications_and_seeds_differ() {
    let model = base();
    let times = |seed, replication| -> Vec<u64> {
        trace(&model, seed, replication).1.iter().map(|visit| visit.came.to_bits()).collect()
    };
    let base = times(1, 0);
    assert_eq!(base, times(1, 0));
    for (seed, replication) in [(1, 1), (1, 2), (2, 0), (u64::MAX, 0), (1, u64::MAX)] {
        let own = times(seed, replication);
        assert!(own.iter().all(|time| !base.contains(time)), "{seed} {replication}");
    }
}

/// Correlation of two lists.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |own: &[f64]| own.iter().sum::<f64>() / own.len() as f64;
    let (at, bt) = (mean(a), mean(b));
    let product = |a: &[f64], at: f64, b: &[f64], bt: f64| -> f64 {
        a.iter().zip(b).map(|(x, y)| (x - at) * (y - bt)).sum()
    };
    product(a, at, b, bt) / (product(a, at, a, at) * product(b, bt, b, bt)).sqrt()
}

#[test]
fn streams_are_not_correlated() {
    // 2,000 replications: a correlation has a standard error of 1/sqrt(2,000) = 0.022; below 0.11 (4.9
    // of them, p = 1e-6 a pair) for the 21 pairs of 7 columns. A correlation of 0.2 is found surely.
    let columns: Vec<(&str, Purpose, usize)> = vec![
        ("a", Purpose::Customers, 0),
        ("a", Purpose::Customers, 1),
        ("b", Purpose::Customers, 0),
        ("aa", Purpose::Customers, 0),
        ("", Purpose::Customers, 0),
        ("a", Purpose::Absence, 0),
        ("a", Purpose::Design, 0),
    ];
    let column = |&(key, purpose, at): &(&str, Purpose, usize)| -> Vec<f64> {
        let value = |replication| {
            let mut stream = Seed(3).stream(replication, key, purpose);
            // By the inverse of its distribution.
            (0..=at).map(|_| -(1.0 - stream.uniform()).ln()).last().unwrap()
        };
        (0..2000).map(value).collect()
    };
    let values: Vec<Vec<f64>> = columns.iter().map(column).collect();
    for (at, a) in values.iter().enumerate() {
        // Exponential: mean 1 with a standard error of 0.022.
        assert!((a.iter().sum::<f64>() / 2000.0 - 1.0).abs() < 0.11);
        for (other, b) in values[..at].iter().enumerate() {
            assert!(correlation(a, b).abs() < 0.11, "{:?} {:?}", columns[at], columns[other]);
        }
        // A replication and the next.
        assert!(correlation(&a[1..], &a[..1999]).abs() < 0.11, "{:?}", columns[at]);
    }
}

#[test]
fn draws_of_a_customer_are_not_correlated() {
    // The same for the draws of 2,000 customers of a stream: purposes, visits, first and second number.
    let mut keys = Seed(3).keys(0, "a");
    let keys: Vec<u64> = (0..2000).map(|_| keys.next()).collect();
    let mut columns = Vec::new();
    for purpose in
        [Draw::Kind, Draw::First, Draw::Service, Draw::Next, Draw::Patience, Draw::SetUp, Draw::Gap]
    {
        for (visit, at) in [(0, 0), (0, 1), (1, 0), (2, 0), (200, 0)] {
            let value = |key: &u64| {
                let mut numbers = draws(*key, visit, purpose);
                let number = (0..=at).map(|_| numbers.next_u64()).last().unwrap();
                number as f64 / u64::MAX as f64
            };
            columns.push(keys.iter().map(value).collect::<Vec<f64>>());
        }
    }
    for (at, a) in columns.iter().enumerate() {
        assert!((a.iter().sum::<f64>() / 2000.0 - 0.5).abs() < 0.5 * 0.11 / 3.0_f64.sqrt() * 2.0);
        assert!(correlation(&a[1..], &a[..1999]).abs() < 0.11, "{at}");
        for (other, b) in columns[..at].iter().enumerate() {
            assert!(correlation(a, b).abs() < 0.11, "{at} {other}");
        }
    }
}

#[test]
fn the_same_bytes_on_one_two_and_eight_threads() {
    let mut model = base();
    model.deadlock = Deadlock::Swap;
    model.stations[0].absence =
        Some(Absence { mean: 0.2, cv: 0.5, every: 24.0, pool: None, carries: false });
    let record =
        Record { streams: true, hours: true, days: true, waits: true, groups: true, levels: true, ..Record::default() };
    let simulator = Simulator::new(&model).unwrap().record(record);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let runs = || -> Vec<String> {
            let runs =
                (0..24).into_par_iter().map(|replication| simulator.run(Seed(5), replication));
            runs.map(|run| serde_json::to_string(&run).unwrap()).collect()
        };
        pool.install(runs)
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(8));
    assert!(one.iter().zip(&one[1..]).all(|(a, b)| a != b));
}

#[test]
fn without_streams_only_tracked_ones_are_counted() {
    let mut model = single(station("a", 2, exponential(1.0)), 3.0, 10.0, 510.0);
    let mut turned_away = stream("nowhere", poisson(2.0), "a");
    turned_away.kinds[0].preferences.clear();
    turned_away.track = true;
    model.streams.push(turned_away);
    let simulator = |streams| {
        let record = Record { streams, ..Record::default() };
        Simulator::new(&model).unwrap().record(record)
    };
    // Nobody of the tracked stream gets in anywhere, of about 1,000 who come.
    let (all, some) = (simulator(true).run(Seed(1), 0), simulator(false).run(Seed(1), 0));
    assert_eq!(all.streams[1], some.streams[1]);
    assert!(some.streams[1].lost == some.streams[1].arrived && some.streams[1].arrived > 800);
    assert!(all.streams[0].arrived > 1200);
    assert_eq!(some.streams[0].arrived, 0);
    assert_eq!(all.stations, some.stations);
    // What one replication leaves of its memory shows in no later one.
    let simulator = simulator(true);
    let first = simulator.run(Seed(1), 0);
    simulator.run(Seed(1), 1);
    assert_eq!(simulator.run(Seed(1), 0), first);
}
