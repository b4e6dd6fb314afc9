//! Formulas of queueing theory against the simulator.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;
use crate::common::shared_data;

/// Offered load `a` at `c` servers: share of the arrivals that is lost.
fn erlang_b(c: u32, a: f64) -> f64 {
    (1..=c).fold(1.0, |b, n| a * b / (f64::from(n) + a * b))
}

/// Offered load `a` at `c` servers: share of the arrivals that has to wait.
fn erlang_c(c: u32, a: f64) -> f64 {
    let b = erlang_b(c, a);
    b / (1.0 - a / f64::from(c) * (1.0 - b))
}

/// Mean number waiting in M/M/c.
fn mmc_queue(c: u32, a: f64) -> f64 {
    erlang_c(c, a) * a / (f64::from(c) - a)
}

/// Mean wait in M/G/1 by Pollaczek and Khinchine.
fn mg1_wait(rate: f64, mean: f64, cv: f64) -> f64 {
    rate * mean * mean * (1.0 + cv * cv) / 2.0 / (1.0 - rate * mean)
}

/// The stationary law of a Markov chain in continuous time, by power iteration.
fn stationary(states: usize, rates: &[(usize, usize, f64)]) -> Vec<f64> {
    let mut out = vec![0.0; states];
    for &(from, _, rate) in rates {
        out[from] += rate;
    }
    let step = 0.9 / out.iter().fold(0.0_f64, |most, rate| most.max(*rate));
    let mut law = vec![1.0 / states as f64; states];
    for _ in 0..20_000 {
        let mut next = law.clone();
        for &(from, to, rate) in rates {
            let moved = law[from] * rate * step;
            next[from] -= moved;
            next[to] += moved;
        }
        law = next;
    }
    law
}

fn shared_model(name: &str) -> (Model, serde_json::Value) {
    let text = std::fs::read_to_string(shared_data().join("queueing").join(name)).unwrap();
    let value = serde_json::from_str(&text).unwrap();
    (Model::read(&text, FileFormat::Json).unwrap(), value)
}

#[test]
#[ignore = "needs ../shared/data: queueing/mmc.json"]
fn ten_servers_wait_as_erlang_c_says() {
    // Size: 40 replications of 20,000 hours, 7.2 million arrivals. Power: the share that waits to
    // 2 %, waits and queue to 8 % (at a load of 0.9 they are long correlated); Erlang C at a load of
    // 0.89 or 0.91 is ruled out.
    let (model, value) = shared_model("mmc.json");
    let (share, wait) = (erlang_c(10, 9.0), erlang_c(10, 9.0) / (10.0 - 9.0));
    assert!((value["analytic"]["erlang_c"].as_f64().unwrap() - share).abs() < 1e-12);
    let figures = each(&model, 40, |run| {
        let own = &run.stations[0];
        let started = own.started as f64;
        let queue = own.queue_area / run.window;
        [own.waited as f64 / started, own.waiting_time / started, queue, own.mean_busy(run.window)]
    });
    let of = |at: usize| Interval::of(&figures.iter().map(|own| own[at]).collect::<Vec<_>>());
    of(0).meets("P(wait)", share, 0.02);
    of(0).rules_out("P(wait) at 0.91", erlang_c(10, 9.1));
    of(0).rules_out("P(wait) at 0.89", erlang_c(10, 8.9));
    of(1).meets("Wq", wait, 0.08);
    of(2).meets("Lq", mmc_queue(10, 9.0), 0.08);
    of(3).meets("mean busy", 9.0, 0.005);
}

#[test]
#[ignore = "needs ../shared/data: queueing/mgcc.json"]
fn loss_does_not_depend_on_the_law_of_the_service() {
    // Size: for each law 60 replications of 2,000 days, 1.1 million arrivals. Power: loss to 6 %,
    // census to 1 %; Erlang B of one server or one unit of load more is ruled out.
    let (model, value) = shared_model("mgcc.json");
    let loss = erlang_b(60, 57.0);
    assert!((value["analytic"]["erlang_b"].as_f64().unwrap() - loss).abs() < 1e-12);
    let (mean, cv) = (6.0, 1.2);
    let laws = [
        Distribution::Lognormal { mean, cv },
        Distribution::Gamma { mean, cv },
        Distribution::Deterministic(mean),
        exponential(mean),
        Distribution::Empirical(vec![1.0, 2.0, 15.0]),
    ];
    assert_eq!(model.stations[0].service, Some(laws[0].clone()));
    for law in laws {
        let mut model = Model { warm_up: 200.0, horizon: 2200.0, ..model.clone() };
        let what = format!("{law:?}");
        model.stations[0].service = Some(law);
        let figures = each(&model, 60, |run| {
            let own = &run.stations[0];
            (own.lost as f64 / own.asked as f64, own.mean_busy(run.window))
        });
        let (lost, busy): (Vec<_>, Vec<_>) = figures.into_iter().unzip();
        let (lost, busy) = (Interval::of(&lost), Interval::of(&busy));
        lost.meets(&what, loss, 0.06);
        lost.rules_out(&what, erlang_b(61, 57.0));
        lost.rules_out(&what, erlang_b(60, 58.0));
        busy.meets(&what, 57.0 * (1.0 - loss), 0.01);
    }
}

#[test]
#[ignore = "needs ../shared/data: queueing/net20_inf.json"]
fn twenty_hospitals_with_infinite_beds_hold_what_the_traffic_equations_say() {
    // Size: 20 replications of a year, 2.6 million arrivals. Power: each of 20 censuses to 4 %, their
    // sum to 1 %; without transfers the sum would be 7 % less, which is ruled out.
    let (model, value) = shared_model("net20_inf.json");
    let read = |own: &serde_json::Value| -> Vec<f64> {
        own.as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect()
    };
    let nodes = value["nodes"].as_array().unwrap();
    let outside: Vec<f64> = nodes.iter().map(|node| node["lambda"].as_f64().unwrap()).collect();
    let routing: Vec<Vec<f64>> = value["routing"].as_array().unwrap().iter().map(read).collect();
    let mut rates = outside.clone();
    for _ in 0..200 {
        let transferred =
            |to: usize| -> f64 { (0..20).map(|at| rates[at] * routing[at][to]).sum() };
        rates = (0..20).map(|at| outside[at] + transferred(at)).collect();
    }
    let mean = |at: usize| nodes[at]["los"]["mean"].as_f64().unwrap();
    let census: Vec<f64> = (0..20).map(|at| rates[at] * mean(at)).collect();
    for (own, known) in census.iter().zip(read(&value["analytic"]["infinite_server_census"])) {
        assert!((own - known).abs() < 1e-6);
    }
    let runs = each(&model, 20, |run| -> Vec<f64> {
        run.stations.iter().map(|own| own.mean_busy(run.window)).collect()
    });
    for at in 0..20 {
        let own: Vec<f64> = runs.iter().map(|run| run[at]).collect();
        Interval::of(&own).meets(&model.stations[at].key, census[at], 0.04);
    }
    let all = Interval::of(&runs.iter().map(|run| run.iter().sum()).collect::<Vec<f64>>());
    all.meets("all", census.iter().sum(), 0.01);
    all.rules_out("no transfers", (0..20).map(|at| outside[at] * mean(at)).sum());
}

#[test]
#[ignore = "needs ../shared/data: queueing/net20_bas.json, queueing/net20_divert.json"]
fn diversion_between_twenty_hospitals_lowers_the_loss() {
    // The laws hold in every run (`each` asks for them); with the same patients, fewer are lost in
    // every one of 4 replications.
    let (bas, _) = shared_model("net20_bas.json");
    let (divert, _) = shared_model("net20_divert.json");
    let of = |run: &Run| {
        let sum = |of: fn(&StreamRun) -> u64| run.streams.iter().map(of).sum::<u64>();
        (sum(|own| own.arrived), sum(|own| own.lost), sum(|own| own.diverted), run.events)
    };
    for (bas, divert) in each(&bas, 4, of).into_iter().zip(each(&divert, 4, of)) {
        assert_eq!(bas.0, divert.0, "the same patients");
        assert_eq!(bas.2, 0);
        assert!(divert.2 > 0 && 2 * divert.1 < bas.1, "{bas:?} {divert:?}");
    }
}

#[test]
fn a_tandem_with_blocking_follows_its_markov_chain() {
    // One server each, rates 1 and 0.8, room for two before the first and none between. States:
    // number at the first (0 to 3), whether its server is blocked, number at the second (0, 1).
    // Size: 40 replications of 5,000. Power: throughput to 2 %, time blocked to 5 %, queue to 5 %; the
    // throughput of two servers of their own (no blocking) is ruled out.
    let (rate, first, second) = (0.9, 1.0, 0.8);
    let state = |number: usize, blocked: bool, there: usize| {
        if blocked { 8 + number - 1 } else { number * 2 + there }
    };
    let mut rates = Vec::new();
    for number in 0..=3 {
        for there in 0..=1 {
            let here = state(number, false, there);
            if number < 3 {
                rates.push((here, state(number + 1, false, there), rate));
            }
            if number > 0 {
                let next = match there {
                    0 => state(number - 1, false, 1),
                    _ => state(number, true, 1),
                };
                rates.push((here, next, first));
            }
            if there == 1 {
                rates.push((here, state(number, false, 0), second));
            }
        }
        if number > 0 {
            let here = state(number, true, 1);
            if number < 3 {
                rates.push((here, state(number + 1, true, 1), rate));
            }
            rates.push((here, state(number - 1, false, 1), second));
        }
    }
    let law = stationary(11, &rates);
    let blocked: f64 = law[8..].iter().sum();
    let busy_second = blocked + (0..=3).map(|number| law[state(number, false, 1)]).sum::<f64>();
    let queue: f64 = (2..=3)
        .map(|number| {
            let here = law[state(number, false, 0)] + law[state(number, false, 1)];
            (number - 1) as f64 * (here + law[state(number, true, 1)])
        })
        .sum();

    let mut model = single(station("a", 1, exponential(1.0 / first)), rate, 200.0, 5200.0);
    model.stations[0].waiting_room = WaitingRoom::Finite(2);
    model.stations[0].routes = route(vec![branch(1.0, "b")]);
    let waiting_room = WaitingRoom::None;
    model.stations.push(Station { waiting_room, ..station("b", 1, exponential(1.0 / second)) });
    let all = each(&model, 40, |run| {
        let (a, b) = (&run.stations[0], &run.stations[1]);
        [b.left as f64, a.blocked_area, a.queue_area, b.busy_area].map(|own| own / run.window)
    });
    let of = |at: usize| Interval::of(&all.iter().map(|own| own[at]).collect::<Vec<_>>());
    of(0).meets("throughput", busy_second * second, 0.02);
    of(1).meets("blocked", blocked, 0.05);
    of(2).meets("queue", queue, 0.05);
    of(3).meets("second", busy_second, 0.02);
    // Without blocking the second station would see what the first lets through alone.
    let alone: Vec<f64> = (0..=3).map(|n| (rate / first).powi(n)).collect();
    let through = rate * (1.0 - alone[3] / alone.iter().sum::<f64>());
    of(0).rules_out("no blocking", through.min(second));
}

/// The stationary law of a birth-death chain.
fn birth_death(
    states: usize,
    birth: impl Fn(usize) -> f64,
    death: impl Fn(usize) -> f64,
) -> Vec<f64> {
    let mut law = vec![1.0];
    for n in 1..states {
        law.push(law[n - 1] * birth(n - 1) / death(n));
    }
    let sum: f64 = law.iter().sum();
    law.iter().map(|own| own / sum).collect()
}

#[test]
fn a_finite_waiting_room_follows_its_birth_and_death() {
    // M/M/3 with room for four, load 0.9. Size: 40 replications of 4,000. Power: loss to 6 %, queue to
    // 4 %, time full to 2 %; room for three or five is ruled out.
    let law = |room: usize| birth_death(4 + room, |_| 2.7, |n| n.min(3) as f64);
    let mut model = single(station("a", 3, exponential(1.0)), 2.7, 50.0, 4050.0);
    model.stations[0].waiting_room = WaitingRoom::Finite(4);
    let all = each(&model, 40, |run| {
        let own = &run.stations[0];
        [
            own.lost as f64 / own.asked as f64,
            own.queue_area / run.window,
            own.full_time / run.window,
        ]
    });
    let of = |at: usize| Interval::of(&all.iter().map(|own| own[at]).collect::<Vec<_>>());
    let right = law(4);
    of(0).meets("loss", right[7], 0.06);
    of(0).rules_out("room for 3", law(3)[6]);
    of(0).rules_out("room for 5", law(5)[8]);
    of(1).meets("queue", (4..8).map(|n| (n - 3) as f64 * right[n]).sum(), 0.04);
    of(2).meets("full", right[3..].iter().sum(), 0.02);
}

#[test]
fn who_loses_patience_follows_birth_and_death() {
    // M/M/2 at a load of 1.2, patience exponential with mean 2: the death rate is 2 + (n - 2) / 2.
    // Size: 40 replications of 3,000. Power: share that gives up to 5 %, queue to 5 %; patience of mean
    // 1.8 or 2.2 is ruled out by the queue.
    let law = |patience: f64| {
        let leaves = |n: usize| (n.min(2) as f64) + n.saturating_sub(2) as f64 / patience;
        birth_death(80, |_| 2.4, leaves)
    };
    let queue = |law: &[f64]| (2..80).map(|n| (n - 2) as f64 * law[n]).sum::<f64>();
    let mut model = single(station("a", 2, exponential(1.0)), 2.4, 50.0, 3050.0);
    model.classes =
        vec![Class { key: "c".into(), patience: Some(exponential(2.0)), ..Class::default() }];
    model.streams[0].kinds[0].class = Some("c".into());
    let all = each(&model, 40, |run| {
        let own = &run.stations[0];
        [own.reneged as f64 / own.asked as f64, own.queue_area / run.window]
    });
    let of = |at: usize| Interval::of(&all.iter().map(|own| own[at]).collect::<Vec<_>>());
    let right = queue(&law(2.0));
    of(0).meets("gives up", right / 2.0 / 2.4, 0.05);
    of(1).meets("queue", right, 0.05);
    of(1).rules_out("patience 1.8", queue(&law(1.8)));
    of(1).rules_out("patience 2.2", queue(&law(2.2)));
}

#[test]
fn one_server_waits_as_pollaczek_and_khinchine_say() {
    // Load 0.7. Size: for each law 40 replications of 20,000. Power: Wq to 12 % (lognormal of cv 1.5),
    // else to 6 %; Wq of M/M/1 is ruled out for all.
    let laws = [
        (Distribution::Lognormal { mean: 1.0, cv: 1.5 }, 1.5, 0.12),
        (Distribution::Gamma { mean: 1.0, cv: 0.5 }, 0.5, 0.06),
        (Distribution::Deterministic(1.0), 0.0, 0.06),
    ];
    for (law, cv, narrow) in laws {
        let model = single(station("a", 1, law.clone()), 0.7, 200.0, 20_200.0);
        let wait =
            figure(&model, 40, |run| run.stations[0].waiting_time / run.stations[0].started as f64);
        wait.meets(&format!("{law:?}"), mg1_wait(0.7, 1.0, cv), narrow);
        wait.rules_out("M/M/1", mg1_wait(0.7, 1.0, 1.0));
    }
}

#[test]
fn two_priorities_wait_as_cobham_says() {
    // M/M/1, rates 0.3 and 0.45, all services of mean 1, non-preemptive: with the residual work
    // R = 0.75, W1 = R / (1 - 0.3), W2 = R / ((1 - 0.3)(1 - 0.75)). Size: 40 replications of 20,000.
    // Power: W1 to 4 %, W2 to 10 %; preemption (W1 = 0.3 / 0.7) and no priority (both 3) are ruled out.
    let mut model = single(station("a", 1, exponential(1.0)), 0.3, 200.0, 20_200.0);
    for (priority, key) in [(7, "late"), (3, "early")] {
        model.classes.push(Class { key: key.into(), priority, ..Class::default() });
    }
    model.streams = vec![stream("l", poisson(0.45), "a"), stream("e", poisson(0.3), "a")];
    model.streams[0].kinds[0].class = Some("late".into());
    model.streams[1].kinds[0].class = Some("early".into());
    let simulator = Simulator::new(&model).unwrap();
    let waits = (0..40).into_par_iter().map(|replication| {
        let mut waits = [(0.0, 0.0); 2];
        simulator.watch(Seed(4), replication, &mut |visit: &Visit| {
            if let Some(started) = visit.started.filter(|_| visit.came >= 200.0) {
                let own = &mut waits[visit.class as usize];
                *own = (own.0 + started - visit.came, own.1 + 1.0);
            }
        });
        waits.map(|(sum, count)| sum / count)
    });
    let waits: Vec<[f64; 2]> = waits.collect();
    let of = |at: usize| Interval::of(&waits.iter().map(|own| own[at]).collect::<Vec<_>>());
    of(1).meets("early", 0.75 / 0.7, 0.04);
    of(1).rules_out("preemption", 0.3 / 0.7);
    of(0).meets("late", 0.75 / 0.7 / 0.25, 0.1);
    of(0).rules_out("no priority", 3.0);
}

#[test]
fn batches_wait_as_mx_m_1_says() {
    // M^[X]/M/1, services of mean 1: the number there is rho (E X + E X^2) / (2 E X (1 - rho)) (Gross, Shortle, Thompson,
    // Harris 2008, Fundamentals of Queueing Theory, section 3.1); the wait by Little's law. Batches of 3 at 0.2 and, as
    // 1 and 5 are the more unequal, half of 1 and half of 5 at 0.2: rho = 0.6 for both. Size: 40 replications of 20,000.
    // Power: both to 8 %; single arrivals at 0.6 (1.5), and each other's, are ruled out.
    let fixed = (vec![0.0, 0.0, 1.0], 3.0, 9.0);
    let mixed = (vec![0.5, 0.0, 0.0, 0.0, 0.5], 3.0, 13.0);
    let there = |mean: f64, square: f64| 0.6 * (mean + square) / (2.0 * mean * (1.0 - 0.6));
    for (sizes, mean, square) in [fixed.clone(), mixed.clone()] {
        let mut model = single(station("a", 1, exponential(1.0)), 0.2, 200.0, 20_200.0);
        model.streams[0].arrivals = Arrivals::Batches { of: Box::new(poisson(0.2)), sizes };
        let number = figure(&model, 40, |run| {
            (run.stations[0].queue_area + run.stations[0].busy_area) / run.window
        });
        number.meets("number there", there(mean, square), 0.08);
        number.rules_out("single arrivals", 1.5);
        let other = if square == 9.0 { 13.0 } else { 9.0 };
        number.rules_out("other sizes", there(mean, other));
        let wait =
            figure(&model, 40, |run| run.stations[0].waiting_time / run.stations[0].started as f64);
        wait.meets("wait", there(mean, square) / 0.6 - 1.0, 0.1);
    }
}

#[test]
fn priorities_that_age_wait_as_kleinrock_says() {
    // M/M/1 with accumulating priority, rates 0.45 and 0.3, all services of mean 1; both start at the same priority, and
    // it falls by 1 and by 4 a unit of time. With W0 = 0.75 and rho = 0.75 (Kleinrock 1964, A delay dependent queue
    // discipline, Naval Research Logistics Quarterly 11, 329-341):
    // W1 = 3 / (1 - 0.3 (1 - 1/4)), W2 = 3 - 0.45 W1 (1 - 1/4). Size: 40 replications of 20,000. Power: both to 8 %;
    // first come first served (both 3) and priorities that stay (4.29 and 1.07) are ruled out.
    let slow = 3.0 / (1.0 - 0.3 * 0.75);
    let fast = 3.0 - 0.45 * slow * 0.75;
    let mut model = single(station("a", 1, exponential(1.0)), 0.3, 200.0, 20_200.0);
    model.classes = vec![Class::new("slow").ageing(1.0), Class::new("fast").ageing(4.0)];
    model.streams = vec![stream("s", poisson(0.45), "a"), stream("f", poisson(0.3), "a")];
    model.streams[0].kinds[0].class = Some("slow".into());
    model.streams[1].kinds[0].class = Some("fast".into());
    let simulator = Simulator::new(&model).unwrap();
    let simulator = simulator.record(Record { groups: true, ..Record::default() });
    let runs: Vec<Run> =
        (0..40).into_par_iter().map(|replication| simulator.run(Seed(4), replication)).collect();
    let wait = |class: usize| {
        let of =
            |run: &Run| run.by_class[class][0].waiting_time / run.by_class[class][0].started as f64;
        Interval::of(&runs.iter().map(of).collect::<Vec<_>>())
    };
    wait(0).meets("slow", slow, 0.08);
    wait(1).meets("fast", fast, 0.08);
    wait(0).rules_out("a priority that stays", 0.75 / 0.7 / 0.25);
    wait(1).rules_out("a priority that stays", 0.75 / 0.7);
    wait(0).rules_out("no priority", 3.0);
}

#[test]
fn who_waits_long_enough_overtakes_an_earlier_priority() {
    // One server, services of 4. A late one comes at 1, priority 2, and falls by 1 an hour; early ones come at 2 and
    // at 6, priority 0. At 4 the late one is at -1 and goes first; with nothing but the start, it would be the last.
    let mut own = single(station("a", 1, Distribution::Deterministic(4.0)), 1.0, 0.0, 40.0);
    let mut orders = Vec::new();
    for ageing in [1.0, 0.0] {
        own.classes = vec![Class::new("late").priority(2).ageing(ageing), Class::new("early")];
        own.streams = vec![
            stream("l", Arrivals::Replay(vec![0.0, 1.0]), "a"),
            stream("e", Arrivals::Replay(vec![2.0, 6.0]), "a"),
        ];
        own.streams[0].kinds[0].class = Some("late".into());
        own.streams[1].kinds[0].class = Some("early".into());
        let (_, visits) = trace(&own, 1, 0);
        orders.push(visits.iter().map(|visit| visit.came).collect::<Vec<_>>());
    }
    assert_eq!(orders, [[0.0, 1.0, 2.0, 6.0], [0.0, 2.0, 6.0, 1.0]]);
}

#[test]
fn batches_and_ageing_that_cannot_be_are_faults() {
    let mut own = single(station("a", 1, exponential(1.0)), 0.3, 0.0, 10.0);
    own.classes = vec![Class::new("c").ageing(-1.0)];
    own.streams[0].kinds[0].class = Some("c".into());
    let inner = Arrivals::Batches { of: Box::new(poisson(0.0)), sizes: vec![1.0] };
    own.streams[0].arrivals = Arrivals::Batches { of: Box::new(inner), sizes: vec![0.5, 0.4] };
    let text = own.check().to_string();
    for expected in ["ageing", "-1", "batches of batches", "sum to 0.9"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    own.streams[0].arrivals =
        Arrivals::Batches { of: Box::new(poisson(-2.0)), sizes: vec![0.0; 1001] };
    let text = own.check().to_string();
    for expected in ["-2; expected a number above 0", "batches of 1001", "sum to 0;"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn set_up_holds_the_server_but_not_the_customer() {
    // M/M/1 with an own exponential set-up after each service: the server is held for S + U, so waits
    // are those of M/G/1 with that; the customer is there for the wait and S alone. E(S + U) = 1.25,
    // Var(S + U) = 1.0625. Size: 40 replications of 20,000. Power: Wq to 6 %, number there to 5 %; no
    // set-up, set-up as a part of the stay and exponential S + U are ruled out.
    let rate = 0.5;
    let mut model = single(station("a", 1, exponential(1.0)), rate, 200.0, 20_200.0);
    model.stations[0].set_up = Some(exponential(0.25));
    let cv = 1.0625_f64.sqrt() / 1.25;
    let all = each(&model, 40, |run| {
        let own = &run.stations[0];
        let number = (own.queue_area + own.busy_area) / run.window;
        [own.waiting_time / own.started as f64, number, own.full_time / run.window]
    });
    let of = |at: usize| Interval::of(&all.iter().map(|own| own[at]).collect::<Vec<_>>());
    let wait = mg1_wait(rate, 1.25, cv);
    of(0).meets("Wq", wait, 0.06);
    of(0).rules_out("no set-up", mg1_wait(rate, 1.0, 1.0));
    of(0).rules_out("exponential", mg1_wait(rate, 1.25, 1.0));
    of(1).meets("L", rate * (wait + 1.0), 0.05);
    of(1).rules_out("set-up in the stay", rate * (wait + 1.25));
    of(2).meets("held", rate * 1.25, 0.02);
}

#[test]
fn networks_at_random_have_the_product_form_of_jackson() {
    // Five networks of two to five stations with feedback, loads up to 0.75. Size: 40 replications of
    // 4,000 each. Power: mean number at a station to 15 % at worst (loads near 0.75), busy servers to
    // 5 %; that is a check of routing, transfers and feedback, not of the formula, which Erlang C above
    // checks closer.
    let station = || (1_u32..5, 0.3_f64..0.75, 0.0_f64..0.5);
    let any = prop::collection::vec((station(), prop::collection::vec(0.0_f64..1.0, 5)), 2..=5);
    let config = Config { cases: 5, failure_persistence: None, ..Config::default() };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let run = |network: Vec<((u32, f64, f64), Vec<f64>)>| {
        let count = network.len();
        // Rows sum to the share that stays, below one half.
        let row = |at: usize| {
            let ((_, _, stays), own) = &network[at];
            let sum: f64 = own[..count].iter().sum::<f64>() + 1e-9;
            own[..count].iter().map(|one| one / sum * stays).collect::<Vec<f64>>()
        };
        let rows: Vec<Vec<f64>> = (0..count).map(row).collect();
        let mut rates = vec![1.0; count];
        for _ in 0..200 {
            let inward =
                |to: usize| 1.0 + (0..count).map(|at| rates[at] * rows[at][to]).sum::<f64>();
            rates = (0..count).map(inward).collect();
        }
        let mut model = Model { warm_up: 100.0, horizon: 4100.0, ..Model::default() };
        for (at, ((servers, load, _), _)) in network.iter().enumerate() {
            let key = |at: usize| format!("n{at}");
            let mean = load * f64::from(*servers) / rates[at];
            let branches = (0..count).map(|to| branch(rows[at][to], &key(to))).collect();
            let own = super::station(&key(at), *servers, exponential(mean));
            model.stations.push(Station { routes: route(branches), ..own });
            model.streams.push(stream(&key(at), poisson(1.0), &key(at)));
        }
        let runs = each(&model, 40, |run| -> Vec<(f64, f64)> {
            let of = |own: &StationRun| {
                let busy = own.busy_area / run.window;
                (busy, busy + own.queue_area / run.window)
            };
            run.stations.iter().map(of).collect()
        });
        for (at, ((servers, load, _), _)) in network.iter().enumerate() {
            let offered = load * f64::from(*servers);
            let busy: Vec<f64> = runs.iter().map(|run| run[at].0).collect();
            let number: Vec<f64> = runs.iter().map(|run| run[at].1).collect();
            Interval::of(&busy).meets("busy", offered, 0.05);
            let expected = offered + mmc_queue(*servers, offered);
            Interval::of(&number).meets("number", expected, 0.15);
        }
        Ok(())
    };
    runner.run(&any, run).unwrap();
}

#[test]
fn services_have_the_mean_and_the_spread_of_their_law() {
    // Size: 40 replications of 5,000 services for each law. Power: means to 3 %, variances
    // to 16 % (the lognormal's tail; the others to 4 to 10 %); a lognormal whose mu is ln(mean), or whose sigma is the
    // cv, is ruled out.
    let laws = [
        (Distribution::Lognormal { mean: 6.0, cv: 1.2 }, 0.08),
        (Distribution::Gamma { mean: 3.0, cv: 0.4 }, 0.02),
        (Distribution::Gamma { mean: 3.0, cv: 2.0 }, 0.05),
        (Distribution::Empirical(vec![1.0, 2.0, 2.0, 9.0]), 0.02),
        (exponential(0.2), 0.03),
    ];
    let rare = rare_laws().into_iter().map(|law| (law, 0.1));
    for (law, narrow) in laws.into_iter().chain(rare) {
        let times = (0..5000).map(f64::from).collect();
        let mut model = single(station("a", 1, law.clone()), 1.0, 0.0, 1e5);
        model.stations[0].servers = Servers::Infinite;
        model.streams[0].arrivals = Arrivals::Replay(times);
        let simulator = Simulator::new(&model).unwrap();
        let moments = (0..40).into_par_iter().map(|replication| {
            let mut lengths = Vec::new();
            simulator.watch(Seed(4), replication, &mut |visit: &Visit| {
                lengths.push(visit.ended.unwrap() - visit.started.unwrap());
            });
            assert_eq!(lengths.len(), 5000);
            let mean = lengths.iter().sum::<f64>() / 5000.0;
            let square = lengths.iter().map(|own| own * own).sum::<f64>() / 5000.0;
            (mean, square - mean * mean)
        });
        let (means, variances): (Vec<f64>, Vec<f64>) =
            moments.collect::<Vec<_>>().into_iter().unzip();
        let mean = Interval::of(&means);
        mean.meets(&format!("{law:?}"), law.mean(), 0.03);
        if let Distribution::Lognormal { mean: own, cv } = law {
            let sigma = (1.0 + cv * cv).ln().sqrt();
            mean.rules_out("mu is ln(mean)", own * (sigma * sigma / 2.0).exp());
            mean.rules_out("sigma is the cv", own * ((cv * cv - sigma * sigma) / 2.0).exp());
        }
        // The variance within a replication plus that of its mean.
        let spread = variances.iter().zip(&means).map(|(own, at)| own + (at - law.mean()).powi(2));
        let spread = Interval::of(&spread.collect::<Vec<_>>());
        let expected = (law.mean() * law.cv()).powi(2);
        spread.meets(&format!("{law:?}"), expected, 2.0 * narrow);
    }
}

/// One of each law that few models use.
fn rare_laws() -> Vec<Distribution> {
    let part = |share, law| MixturePart { share, law };
    vec![
        Distribution::Uniform { from: 1.0, to: 4.0 },
        Distribution::Triangular { least: 0.5, mode: 1.0, most: 5.0 },
        Distribution::Erlang { mean: 3.0, stages: 3 },
        Distribution::Weibull { mean: 2.0, shape: 1.6 },
        Distribution::Weibull { mean: 2.0, shape: 0.8 },
        Distribution::Hyperexponential { shares: vec![0.3, 0.7], means: vec![4.0, 1.0] },
        // Two stages of a Coxian: 0.4 of the first go on to the second.
        Distribution::PhaseType {
            initial: vec![1.0, 0.0],
            rates: vec![vec![-1.0, 0.4], vec![0.0, -0.5]],
        },
        Distribution::Mixture(vec![
            part(0.25, Distribution::Deterministic(1.0)),
            part(0.75, Distribution::Gamma { mean: 3.0, cv: 0.5 }),
        ]),
        Distribution::Truncated {
            law: Box::new(Distribution::Lognormal { mean: 3.0, cv: 1.0 }),
            from: 1.0,
            to: 8.0,
        },
        Distribution::Truncated {
            law: Box::new(Distribution::Gamma { mean: 3.0, cv: 0.7 }),
            from: 0.0,
            to: 4.0,
        },
    ]
}

#[test]
fn the_moments_of_rare_laws_are_those_of_their_formulas() {
    let near =
        |left: f64, right: f64| assert!((left - right).abs() < 1e-6 * right, "{left} {right}");
    let laws = rare_laws();
    // Worked out by hand, one by one: mean and variance.
    let expected =
        [(2.5, 0.75), (6.5 / 3.0, (0.25 + 1.0 + 25.0 - 0.5 - 2.5 - 5.0) / 18.0), (3.0, 3.0)];
    for (law, (mean, variance)) in laws.iter().zip(expected) {
        near(law.mean(), mean);
        near((law.mean() * law.cv()).powi(2), variance);
    }
    near(laws[5].mean(), 1.9);
    near((laws[5].mean() * laws[5].cv()).powi(2), 2.0 * (0.3 * 16.0 + 0.7) - 1.9 * 1.9);
    // 1 for the first stage, 0.4 x 2 for the second; squares 2 x (1 + 0.8) + 0.4 x 2 x 4.
    near(laws[6].mean(), 1.8);
    near((laws[6].mean() * laws[6].cv()).powi(2), 2.0 + 0.8 * 2.0 + 3.2 - 1.8 * 1.8);
    near(laws[7].mean(), 0.25 + 2.25);
    // A Weibull of shape 1 is exponential, and so is a phase type of one phase.
    near(Distribution::Weibull { mean: 2.0, shape: 1.0 }.cv(), 1.0);
    near(Distribution::PhaseType { initial: vec![1.0], rates: vec![vec![-4.0]] }.mean(), 0.25);
    // An exponential cut at its mean: (1 - 2 / e) / (1 - 1 / e).
    let law = Box::new(exponential(1.0));
    let cut = Distribution::Truncated { law, from: 0.0, to: 1.0 };
    near(cut.mean(), (1.0 - 2.0 / 1_f64.exp()) / (1.0 - 1.0 / 1_f64.exp()));
}

#[test]
fn one_server_waits_as_pollaczek_and_khinchine_say_under_every_law() {
    // Size: 20 replications of 40,000 customers at 60 % load. Power: 12 % of the mean wait, where squares of the spread
    // among these laws differ by a factor of 10.
    for law in rare_laws() {
        let rate = 0.6 / law.mean();
        let model = single(station("a", 1, law.clone()), rate, 500.0 / rate, 40_500.0 / rate);
        let simulator = Simulator::new(&model).unwrap();
        let waits = (0..20).into_par_iter().map(|replication| {
            let run = simulator.run(Seed(9), replication);
            run.stations[0].waiting_time / run.stations[0].started as f64
        });
        let waits = Interval::of(&waits.collect::<Vec<_>>());
        waits.meets(&format!("{law:?}"), mg1_wait(rate, law.mean(), law.cv()), 0.12);
    }
}

#[test]
fn what_is_left_at_the_start_has_the_mean_of_renewal_theory() {
    // What goes on at a random moment has E(S^2) / (2 E(S)) left: the mean time until those of the start are gone.
    for law in rare_laws() {
        let mut own = station("a", 1, law.clone());
        own.servers = Servers::Infinite;
        let present = Present { station: "a".into(), mean: 4000.0, ..Present::default() };
        let model =
            Model { horizon: 1e4, stations: vec![own], present: vec![present], ..Model::default() };
        let simulator = Simulator::new(&model).unwrap();
        let rests = (0..20).into_par_iter().map(|replication| {
            let (mut sum, mut count) = (0.0, 0.0);
            simulator.watch(Seed(5), replication, &mut |visit: &Visit| {
                sum += visit.went;
                count += 1.0;
            });
            sum / count
        });
        let rests = Interval::of(&rests.collect::<Vec<_>>());
        let expected = law.mean() * (1.0 + law.cv() * law.cv()) / 2.0;
        rests.meets(&format!("{law:?}"), expected, 0.05);
    }
}

#[test]
fn first_come_first_served_counts_those_who_are_blocked() {
    // The chain of two single servers: nobody waits for the first, and whoever it serves wants into the second, for
    // which others wait from outside. With k before it in the line, a blocked customer holds the first server for k
    // services. States: customers at the second (0 to 60) and what the first does: nothing, serves, or is blocked
    // behind k.
    const MOST: usize = 60;
    let state = |count: usize, first: usize| count * (MOST + 2) + first;
    let (outside, inside, first, second) = (0.4, 0.5, 1.0, 1.0);
    let mut rates = Vec::new();
    for count in 0..=MOST {
        for doing in 0..MOST + 2 {
            // 0: nothing; 1: serves; 1 + k: blocked behind k of those at the second.
            let behind = doing.saturating_sub(1);
            if behind > count {
                continue;
            }
            let from = state(count, doing);
            if count < MOST {
                rates.push((from, state(count + 1, doing), outside));
            }
            match doing {
                0 => rates.push((from, state(count, 1), inside)),
                1 if count == 0 => rates.push((from, state(1, 0), first)),
                1 => rates.push((from, state(count, 1 + count), first)),
                // Its turn: it takes the server that got free.
                2 => rates.push((from, state(count, 0), second)),
                _ => rates.push((from, state(count - 1, doing - 1), second)),
            }
            if doing < 2 && count > 0 {
                rates.push((from, state(count - 1, doing), second));
            }
        }
    }
    let law = sparse_stationary((MOST + 1) * (MOST + 2), &rates);
    let blocked: f64 = (0..law.len()).filter(|own| own % (MOST + 2) > 1).map(|own| law[own]).sum();

    let branch = Branch { when_full: WhenFull::Block, ..Branch::new(1.0, "b") };
    let a = Station::new("a", 1)
        .service(exponential(1.0 / first))
        .waiting_room(WaitingRoom::None)
        .route(Route::new([branch]));
    let b = Station::new("b", 1).service(exponential(1.0 / second));
    let run_as = |order: ServiceOrder| {
        let model = Model::new("line", TimeUnit::Hours)
            .warm_up(500.0)
            .horizon(40_500.0)
            .station(a.clone())
            .station(b.clone().order(order))
            .stream(ArrivalStream::poisson("in", inside, "a"))
            .stream(ArrivalStream::poisson("out", outside, "b"));
        let simulator = Simulator::new(&model).unwrap();
        let shares = (0..20).into_par_iter().map(|replication| {
            let run = simulator.run(Seed(3), replication);
            run.stations[0].blocked_area / run.window
        });
        Interval::of(&shares.collect::<Vec<_>>())
    };
    run_as(ServiceOrder::FirstCome).meets("blocked", blocked, 0.05);
    run_as(ServiceOrder::BlockedFirst).rules_out("first come, first served", blocked);
}

/// The long-run shares of a chain, by steps of a uniform clock.
fn sparse_stationary(states: usize, rates: &[(usize, usize, f64)]) -> Vec<f64> {
    let mut law = vec![0.0; states];
    law[0] = 1.0;
    for _ in 0..20_000 {
        let mut next = law.clone();
        for (from, to, rate) in rates {
            // No state is left faster than 4.
            let moved = law[*from] * rate / 4.0;
            next[*from] -= moved;
            next[*to] += moved;
        }
        law = next;
    }
    law
}

#[test]
fn an_empirical_law_gives_each_value_as_often() {
    // 40,000 draws of four values: chi-square of 3 degrees of freedom, p = 1e-6 at 30.7.
    let values = vec![1.0, 2.0, 4.0, 8.0];
    let mut model = single(station("a", 1, Distribution::Empirical(values.clone())), 1.0, 0.0, 1e5);
    model.stations[0].servers = Servers::Infinite;
    model.streams[0].arrivals = Arrivals::Replay((0..40_000).map(f64::from).collect());
    let mut counts = [0.0; 4];
    for visit in trace(&model, 4, 0).1 {
        let length = visit.ended.unwrap() - visit.started.unwrap();
        let at = values.iter().position(|own| (own - length).abs() < 1e-6).unwrap();
        counts[at] += 1.0;
    }
    let squares: f64 = counts.iter().map(|own: &f64| (own - 1e4).powi(2) / 1e4).sum();
    assert!(squares < 30.7, "{counts:?}");
}

#[test]
fn absence_takes_its_mean_and_a_pool_levels_it() {
    // 100 servers at two stations, a fifth missing, cv 0.3 (kept at zero once in 2,300 draws). One
    // period a replication, so that the mean capacity of a run is that of its period.
    // Size: 2,000 replications. Power: mean to 1 %; in a pool of two equals the variance is a half:
    // within 0.35 and 0.7 (the ratio of two variances of 2,000 has a standard error of 4.5 %), so no
    // pooling (1) and full correlation (1) are ruled out, and so is a fourth.
    let absence = |pool: Option<&str>| {
        Some(Absence {
            mean: 0.2,
            cv: 0.3,
            every: 10.0,
            pool: pool.map(Into::into),
            carries: false,
        })
    };
    let variance = |pool: Option<&str>| {
        let own =
            |key: &str| Station { absence: absence(pool), ..station(key, 100, exponential(1.0)) };
        let model = Model {
            horizon: 10.0,
            stations: vec![own("a"), own("b")],
            streams: vec![stream("s", Arrivals::Replay(Vec::new()), "a")],
            ..Model::default()
        };
        let capacity = each(&model, 2000, |run| run.stations[0].servers_area / run.window);
        let interval = Interval::of(&capacity);
        interval.meets("capacity", 80.0, 0.01);
        interval.rules_out("nobody is absent", 100.0);
        let mean = interval.mean;
        capacity.iter().map(|own| (own - mean).powi(2)).sum::<f64>() / 1999.0
    };
    let (alone, pooled) = (variance(None), variance(Some("nurses")));
    // 100 servers x 0.2 x 0.3 = a standard deviation of 6, rounding to whole servers adds 1/12.
    assert!((alone / 36.08 - 1.0).abs() < 0.2, "{alone}");
    assert!((0.35..0.7).contains(&(pooled / alone)), "{pooled} {alone}");
}
