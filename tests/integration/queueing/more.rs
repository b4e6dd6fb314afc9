//! Runs with more servers than the model has, beside models that have them.

use verbund::run::Control;

use super::*;

/// Two stations, of which the second helps the first, has fewer servers at weekends and absent ones.
fn model(servers: u32, at_weekends: u32) -> Model {
    let first = Station {
        waiting_room: WaitingRoom::Finite(3),
        alternates: vec![Alternate { to: "b".into(), ..Alternate::default() }],
        ..station("a", 4, exponential(2.0))
    };
    let hours = "Sat-Sun 0-24".parse().unwrap();
    let second = Station {
        shifts: vec![Shift { hours, servers: at_weekends }],
        absence: Some(Absence { mean: 0.1, cv: 0.5, every: 7.0, pool: None, carries: true }),
        waiting_room: WaitingRoom::None,
        ..station("b", servers, exponential(1.0))
    };
    Model {
        time_unit: TimeUnit::Days,
        warm_up: 10.0,
        horizon: 400.0,
        stations: vec![first, second],
        streams: vec![stream("s", poisson(2.0), "a"), stream("t", poisson(3.0), "b")],
        ..Model::default()
    }
}

#[test]
fn more_servers_in_a_run_are_a_model_with_more_servers() {
    let small = Simulator::new(&model(3, 2)).unwrap();
    // Two of three are there at weekends: of two more, one and a third, rounded up.
    let large = Simulator::new(&model(5, 4)).unwrap();
    for replication in 0..5 {
        let with = |more: &[u32]| {
            small.run_with_more(more, Seed(3), replication, &Control::default()).unwrap()
        };
        assert_eq!(with(&[0, 2]), large.run(Seed(3), replication));
        assert_eq!(with(&[]), small.run(Seed(3), replication));
        assert_ne!(with(&[1]), with(&[]));
    }
}
