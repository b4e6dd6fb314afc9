//! What intervals cover, warm-ups that are too short, stations that never settle.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use verbund::run::Control;

use super::*;

fn summary(model: &Model, seed: u64, count: u64) -> Summary {
    let record = Record { waits: true, levels: true, ..Record::default() };
    let simulator = Simulator::new(model).unwrap().record(record);
    simulator.replications(Seed(seed), count, &Control::default())
}

#[test]
fn levels_are_counted_from_the_start_on_and_change_no_figure() {
    // One server, services of 40: the first comes at 5, the others wait.
    let mut model = single(station("a", 1, Distribution::Deterministic(40.0)), 1.0, 50.0, 100.0);
    model.streams[0].arrivals = Arrivals::Replay(vec![5.0, 10.0, 60.05]);
    let simulator = Simulator::new(&model).unwrap();
    let plain = simulator.run(Seed(1), 0);
    let mut run = simulator.record(Record { levels: true, ..Record::default() }).run(Seed(1), 0);
    let levels = std::mem::take(&mut run.levels);
    assert_eq!(run, plain);
    // At 0.1 k: nobody before 5, one up to 10, two up to 45, one from there on; the third one from 60.05 to 85, when the
    // second one leaves.
    let expected = |k: usize| match k {
        0..50 => 0,
        100..450 | 601..850 => 2,
        _ => 1,
    };
    // At the borders an end of service comes after the calendar, and 0.1 is no float.
    let border = |k: &usize| [50, 100, 450, 850].iter().any(|at| k.abs_diff(*at) <= 1);
    assert_eq!(levels.len(), 1000);
    for k in (0..1000).filter(|k| !border(k)) {
        assert_eq!(levels[k], expected(k), "{k}");
    }
}

#[test]
fn a_warm_up_is_too_short_where_the_number_of_customers_still_rises() {
    // M/G/infinity with a stay of 50 on average, from empty: it takes some hundred hours until 50 are there.
    let mut model = single(station("a", 1, exponential(50.0)), 1.0, 0.0, 2000.0);
    model.stations[0].servers = Servers::Infinite;
    let found = summary(&model, 4, 40);
    let Some(WarmUp::Short { settles, counted, settled }) = found.warm_up(0.0, 2000.0) else {
        panic!("{:?}", found.warm_up(0.0, 2000.0))
    };
    // exp(-100 / 50) of the 50 are missing at 100, exp(-6) at 300. Of the whole run 50 x 50 / 2000 are missing.
    assert!((100.0..400.0).contains(&settles), "{settles}");
    assert!((settled - 50.0).abs() < 1.0 && (counted - 48.75).abs() < 1.0, "{settled} {counted}");
    assert_eq!(found.warm_up(400.0, 2000.0), Some(WarmUp::Enough));
    // Started with those whom the long run has.
    model.present = vec![Present { station: "a".into(), mean: 50.0, ..Present::default() }];
    assert_eq!(summary(&model, 4, 40).warm_up(0.0, 2000.0), Some(WarmUp::Enough));
}

#[test]
fn a_queue_that_grows_for_ever_is_named_and_no_other() {
    // b gets 0.6 of 1.5 an hour at one server of mean 1, a has two for 1.5; c is asked for 1.2 by one.
    let mut model = single(station("a", 2, exponential(1.0)), 1.5, 100.0, 1100.0);
    model.stations.extend([station("b", 1, exponential(1.0)), station("c", 1, exponential(1.0))]);
    model.stations[0].routes = route(vec![branch(0.4, "b")]);
    model.streams.push(stream("t", poisson(1.2), "c"));
    for count in [1, 20] {
        let growing = summary(&model, 4, count).growing();
        let [grows] = growing[..] else { panic!("{growing:?}") };
        // 0.2 an hour: 20 at the warm-up, 220 at the end.
        assert_eq!(grows.station, 2);
        assert!((grows.from - 20.0).abs() < 30.0 && (grows.to - 220.0).abs() < 80.0, "{grows:?}");
    }
    assert_eq!(
        summary(&single(station("a", 10, exponential(1.0)), 9.0, 500.0, 5500.0), 4, 20).growing(),
        []
    );
}

#[test]
fn the_parts_of_a_long_run_are_the_run() {
    // Any model: what is counted in seven parts sums to what is counted in one.
    for seed in 0..300 {
        let model = laws::Dice::new(seed).model();
        let record = Record { levels: true, ..Record::default() };
        let simulator = Simulator::new(&model).unwrap().record(record);
        let whole = simulator.replications(Seed(seed), 1, &Control::default());
        let parts = simulator.long_run(Seed(seed), 7, &Control::default());
        assert_eq!((parts.runs.len(), parts.ended), (7, Ended::Completed));
        assert_eq!(parts.levels, whole.levels);
        for run in &parts.runs {
            assert_eq!(run.faults(), Vec::<String>::new());
        }
        for (number, station) in whole.runs[0].stations.iter().enumerate() {
            let sum = |of: fn(&StationRun) -> f64| -> f64 {
                parts.runs.iter().map(|run| of(&run.stations[number])).sum()
            };
            for (part, all) in [
                (sum(|own| own.started as f64), station.started as f64),
                (sum(|own| own.asked as f64), station.asked as f64),
                (sum(|own| own.went as f64), station.went as f64),
                (sum(|own| own.waiting_time), station.waiting_time),
                (sum(|own| own.queue_area), station.queue_area),
                (sum(|own| own.busy_area), station.busy_area),
                (sum(|own| own.servers_area), station.servers_area),
                (sum(|own| own.customer_time), station.customer_time),
            ] {
                assert!((part - all).abs() <= 1e-6 * all.max(1.0), "{seed}: {part} {all}");
            }
        }
        let arrived = |runs: &[Run]| -> u64 {
            runs.iter().flat_map(|run| &run.streams).map(|stream| stream.arrived).sum()
        };
        assert_eq!(arrived(&parts.runs), arrived(&whole.runs));
    }
}

#[test]
fn a_long_run_that_is_stopped_keeps_the_parts_that_are_over() {
    let model = single(station("a", 10, exponential(1.0)), 9.0, 100.0, 40_100.0);
    let simulator = Simulator::new(&model).unwrap();
    let whole = simulator.long_run(Seed(1), 20, &Control::default());
    let (stop, told) = (AtomicBool::new(false), AtomicU64::new(0));
    let listen = |parts| {
        told.store(parts, Ordering::Relaxed);
        stop.fetch_or(parts == 3, Ordering::Relaxed);
    };
    let control = Control::default().stop(&stop).progress(&listen);
    let cut = simulator.long_run(Seed(1), 20, &control);
    // It is stopped in the fourth part, of which 18,000 arrivals are far more than those between two looks.
    assert_eq!((cut.ended, cut.runs.len(), told.into_inner()), (Ended::Interrupted, 3, 3));
    assert_eq!(cut.runs[..], whole.runs[..3]);
    assert!(cut.levels.is_empty());
}

#[test]
fn parts_that_are_too_short_hang_together() {
    // M/M/1 at 0.9 forgets in some hundred hours: parts of 20 know of each other, parts of 20,000 do not.
    let model = single(station("a", 1, exponential(1.0)), 0.9, 100.0, 1100.0);
    let short = Simulator::new(&model).unwrap().long_run(Seed(1), 50, &Control::default());
    assert!(short.correlation().unwrap() > 0.5, "{:?}", short.correlation());
    let model = Model { horizon: 400_100.0, ..model };
    let long = Simulator::new(&model).unwrap().long_run(Seed(1), 20, &Control::default());
    assert!(long.correlation().unwrap().abs() < 0.5, "{:?}", long.correlation());
    // 0.9 / 0.1 of all customers.
    let wait = long.station(0, |run, _| Some(run.waiting_time / run.started as f64)).unwrap();
    assert!((wait.mean - 9.0).abs() < 1.5 * wait.half_width.unwrap(), "{wait:?}");
    assert!(wait.half_width.unwrap() < 1.0, "{wait:?}");
}

/// The share of so many experiments whose interval covers the true value.
fn coverage(count: u64, experiment: impl Fn(u64) -> (verbund::stats::Interval, f64) + Sync) -> f64 {
    let covers = (0..count).into_par_iter().filter(|seed| {
        let (interval, truth) = experiment(*seed);
        interval.contains(truth)
    });
    covers.count() as f64 / count as f64
}

#[test]
#[ignore = "a minute: 1,000 experiments of 20 replications each"]
fn intervals_cover_what_they_say() {
    // 1,000 experiments, of which 950 should cover; 2.9 standard deviations are 20.
    let holds = |what: &str, share: f64| {
        println!("{what}: {share}");
        assert!((share - 0.95).abs() <= 0.02, "{what}: {share}");
    };
    // M/M/1 at 0.5: a mean wait of 1 of all, half of whom wait (a ratio of counts).
    let desk = single(station("a", 1, exponential(1.0)), 0.5, 100.0, 2100.0);
    let mean = |seed| {
        let wait = |run: &StationRun, _| Some(run.waiting_time / run.started as f64);
        (summary(&desk, seed, 20).station(0, wait).unwrap(), 1.0)
    };
    holds("mean wait, M/M/1", coverage(1000, mean));
    let waited = |seed| {
        let share = |run: &StationRun, _| Some(run.waited as f64 / run.started as f64);
        (summary(&desk, seed, 20).station(0, share).unwrap(), 0.5)
    };
    holds("share who wait, M/M/1", coverage(1000, waited));
    // P(W > t) = 0.5 exp(-t / 2), in hours; waits are counted to two figures, up.
    let truth = 2.0 * 10.0_f64.ln() * 3600.0;
    let quantile = |seed| (summary(&desk, seed, 20).wait_p95(0).unwrap(), truth);
    holds("P95 of the wait, M/M/1", coverage(1000, quantile));
    // Parts of 20,000 hours: with a tenth of that 92.6 of 100 cover, as parts that are so short hang together.
    let batches = |seed| {
        let long = Model { horizon: 400_100.0, ..desk.clone() };
        let simulator = Simulator::new(&long).unwrap();
        let wait = |run: &StationRun, _| Some(run.waiting_time / run.started as f64);
        (simulator.long_run(Seed(seed), 20, &Control::default()).station(0, wait).unwrap(), 1.0)
    };
    holds("mean wait of one run in 20 parts, M/M/1", coverage(1000, batches));
    // M/M/5/5 with an offered load of 4: Erlang B is 0.19907, and 4 x (1 - B) servers are busy.
    let mut loss = single(station("a", 5, exponential(1.0)), 4.0, 50.0, 1050.0);
    loss.stations[0].waiting_room = WaitingRoom::None;
    let mut erlang = 1.0;
    for servers in 1..=5 {
        erlang = 4.0 * erlang / (f64::from(servers) + 4.0 * erlang);
    }
    let lost = |seed| {
        let share = |run: &StationRun, _| Some(run.lost as f64 / run.asked as f64);
        (summary(&loss, seed, 20).station(0, share).unwrap(), erlang)
    };
    holds("share lost, M/M/5/5", coverage(1000, lost));
    let busy = |seed| {
        let area = |run: &StationRun, window: f64| Some(run.busy_area / window);
        (summary(&loss, seed, 20).station(0, area).unwrap(), 4.0 * (1.0 - erlang))
    };
    holds("mean busy, M/M/5/5", coverage(1000, busy));
}
