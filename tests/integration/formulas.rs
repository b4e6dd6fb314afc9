//! The formulas of queues: hand calculations, published figures, and chains solved by brute force.

use proptest::prelude::*;
use serde_json::Value;
use verbund::queueing::formulas::{
    FormulaError, NetworkStation, Servers, Station, beds_for, erlang_b, erlang_c, jackson, pooling,
    servers_for, traffic,
};

use crate::common::shared_data;

/// Whether two figures agree to this share of the second one.
fn agree(found: f64, expected: f64, share: f64) -> bool {
    (found - expected).abs() <= share * expected.abs().max(1e-300)
}

#[track_caller]
fn assert_agree(found: f64, expected: f64, share: f64) {
    assert!(agree(found, expected, share), "{found} instead of {expected}");
}

/// Solves a x = b by Gaussian elimination with partial pivoting.
fn eliminate(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for column in 0..n {
        let pivot =
            (column..n).max_by(|&i, &j| a[i][column].abs().total_cmp(&a[j][column].abs())).unwrap();
        a.swap(column, pivot);
        b.swap(column, pivot);
        let (top, below) = a.split_at_mut(column + 1);
        let top = &top[column];
        for (offset, row) in below.iter_mut().enumerate() {
            let factor = row[column] / top[column];
            if factor != 0.0 {
                row.iter_mut()
                    .zip(top)
                    .skip(column)
                    .for_each(|(own, other)| *own -= factor * other);
                b[column + 1 + offset] -= factor * b[column];
            }
        }
    }
    for row in (0..n).rev() {
        let known: f64 = (row + 1..n).map(|column| a[row][column] * b[column]).sum();
        b[row] = (b[row] - known) / a[row][row];
    }
    b
}

/// Shares of time of a Markov chain with these moves (from, to, rate): the balance of every state
/// but the first, and a sum of 1.
fn steady(states: usize, moves: &[(usize, usize, f64)]) -> Vec<f64> {
    let mut balance = vec![vec![0.0; states]; states];
    for &(from, to, rate) in moves {
        balance[to][from] += rate;
        balance[from][from] -= rate;
    }
    balance[0] = vec![1.0; states];
    let mut right = vec![0.0; states];
    right[0] = 1.0;
    eliminate(balance, right)
}

/// Shares of time of 0, 1, 2 ... patients, arrivals at a rate, departures at a rate by state.
fn birth_death(most: usize, arrivals: f64, leave: impl Fn(f64) -> f64) -> Vec<f64> {
    let moves: Vec<_> =
        (0..most).flat_map(|n| [(n, n + 1, arrivals), (n + 1, n, leave((n + 1) as f64))]).collect();
    steady(most + 1, &moves)
}

/// The mean of a value over the states.
fn mean(shares: &[f64], value: impl Fn(f64) -> f64) -> f64 {
    shares.iter().enumerate().map(|(n, share)| share * value(n as f64)).sum()
}

/// A file of queues with known answers.
fn published(name: &str) -> Value {
    let path = shared_data().join("queueing").join(name);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

#[test]
#[ignore = "needs ../shared/data: queueing/mmc.json"]
fn the_published_queue_of_ten_servers_is_met() {
    let file = published("mmc.json");
    let number = |key: &str| file[key].as_f64().unwrap();
    let servers = file["servers"].as_u64().unwrap() as u32;
    let station = Station::new(number("lambda"), 1.0 / number("mu"), servers).unwrap();
    let wait = station.wait().unwrap();
    let analytic = &file["analytic"];
    let known = |key: &str| analytic[key].as_f64().unwrap();
    assert_agree(erlang_c(station.offered(), servers).unwrap(), known("erlang_c"), 1e-9);
    assert_agree(wait.mean_wait, known("Wq"), 1e-9);
    assert_agree(wait.mean_queue, known("Lq"), 1e-9);
    assert_agree(station.utilisation(), known("rho"), 1e-9);
}

#[test]
#[ignore = "needs ../shared/data: queueing/mgcc.json"]
fn the_published_ward_of_sixty_beds_is_met() {
    let file = published("mgcc.json");
    let servers = file["servers"].as_u64().unwrap() as u32;
    let stay = file["los"]["mean"].as_f64().unwrap();
    let ward = Station::new(file["lambda"].as_f64().unwrap(), stay, servers).unwrap();
    let known = |key: &str| file["analytic"][key].as_f64().unwrap();
    assert_agree(ward.offered(), known("offered_load"), 1e-9);
    assert_agree(ward.loss().refused, known("erlang_b"), 1e-9);
    assert_agree(ward.loss().census, known("mean_census"), 1e-9);
    assert_agree(known("erlang_b"), 0.069_508_250_014_375_36, 1e-15);
}

#[test]
#[ignore = "needs ../shared/data: queueing/net20_*.json"]
fn the_published_networks_of_twenty_hospitals_are_met() {
    for name in ["net20_inf.json", "net20_bas.json", "net20_divert.json"] {
        let file = published(name);
        let nodes = file["nodes"].as_array().unwrap();
        let arrivals: Vec<f64> =
            nodes.iter().map(|node| node["lambda"].as_f64().unwrap()).collect();
        let routing: Vec<Vec<f64>> =
            file["routing"].as_array().unwrap().iter().map(numbers).collect();
        let stations: Vec<NetworkStation> = nodes
            .iter()
            .map(|node| NetworkStation {
                mean_service: node["los"]["mean"].as_f64().unwrap(),
                servers: Servers::Unlimited,
            })
            .collect();
        let figures = jackson(&arrivals, &routing, &stations).unwrap();
        let analytic = &file["analytic"];
        let known = |key: &str| numbers(&analytic[key]);
        let (visits, census) = (known("traffic"), known("infinite_server_census"));
        let refused = known("erlang_b_if_poisson");
        assert_eq!((figures.len(), visits.len(), refused.len()), (20, 20, 20));
        for (at, figures) in figures.iter().enumerate() {
            assert_agree(figures.traffic, visits[at], 1e-9);
            assert_agree(figures.mean_people, census[at], 1e-9);
            assert_eq!(figures.wait, None);
            let beds = nodes[at]["beds"].as_u64().unwrap() as u32;
            assert_agree(erlang_b(figures.offered, beds).unwrap(), refused[at], 1e-9);
        }
    }
}

#[test]
fn erlang_b_by_its_sum() {
    // a = 2, c = 3: (8/6) / (1 + 2 + 2 + 8/6) = 4/19.
    assert_agree(erlang_b(2.0, 3).unwrap(), 4.0 / 19.0, 1e-15);
    assert_eq!(erlang_b(2.0, 0), Ok(1.0));
    assert_eq!(erlang_b(0.0, 0), Ok(1.0));
    assert_eq!(erlang_b(0.0, 1), Ok(0.0));
}

#[test]
fn erlang_b_stays_right_at_a_hundred_thousand_servers() {
    // Ramanujan: 1/B(n, n) = sqrt(pi n / 2) + 2/3 + sqrt(pi / (2 n)) / 12 - 4 / (135 n) + ...
    use std::f64::consts::PI;
    let n = 1e5_f64;
    let inverse =
        (PI * n / 2.0).sqrt() + 2.0 / 3.0 + (PI / (2.0 * n)).sqrt() / 12.0 - 4.0 / (135.0 * n);
    assert_agree(erlang_b(n, 100_000).unwrap(), 1.0 / inverse, 1e-11);
    // Twice the load: every second patient is refused, nearly.
    let refused = erlang_b(2e5, 100_000).unwrap();
    assert!(refused > 0.5 && refused < 0.5 + 1e-4);
    // Far more beds than load.
    assert_eq!(erlang_b(10.0, u32::MAX), Ok(0.0));
    // Just below capacity nearly everybody waits.
    let waiting = erlang_c(1e5 - 1e-6, 100_000).unwrap();
    assert!(waiting < 1.0 && waiting > 1.0 - 1e-6);
}

#[test]
fn erlang_b_and_c_are_those_of_the_balance_equations() {
    for (offered, servers) in [(0.5, 1), (3.0, 4), (12.0, 10), (25.0, 30)] {
        let shares = birth_death(servers, offered, |n| n);
        assert_agree(erlang_b(offered, servers as u32).unwrap(), shares[servers], 1e-9);
    }
    for (arrivals, stay, servers) in [(0.5, 1.0, 1_u32), (1.2, 2.0, 4), (0.7, 10.0, 10)] {
        let c = f64::from(servers);
        // With a load of 0.7 per server or less, 150 in the queue have a share below 1e-23.
        let shares = birth_death(servers as usize + 150, arrivals, |n| n.min(c) / stay);
        let wait = Station::new(arrivals, stay, servers).unwrap().wait().unwrap();
        assert_agree(wait.waits, mean(&shares, |n| f64::from(u8::from(n >= c))), 1e-9);
        assert_agree(wait.mean_queue, mean(&shares, |n| (n - c).max(0.0)), 1e-9);
        assert_agree(wait.mean_people, mean(&shares, |n| n), 1e-9);
        assert_agree(wait.mean_wait, wait.mean_queue / arrivals, 1e-12); // Little
    }
}

#[test]
fn one_server_waits_by_the_oldest_formula() {
    // M/M/1 with load 0.8 and service of 5 minutes: wait 0.8 x 5 / 0.2 = 20 minutes, and 25 of
    // those who wait. P(W > 25) = 0.8 / e.
    let wait = Station::new(0.16, 5.0, 1).unwrap().wait().unwrap();
    assert_agree(wait.waits, 0.8, 1e-14);
    assert_agree(wait.mean_wait, 20.0, 1e-14);
    assert_agree(wait.mean_wait_of_waiting, 25.0, 1e-14);
    assert_agree(wait.mean_queue, 3.2, 1e-14);
    assert_agree(wait.mean_people, 4.0, 1e-14);
    assert_agree(wait.share_above(25.0).unwrap(), 0.8 / std::f64::consts::E, 1e-14);
    assert_eq!(wait.share_above(0.0), Ok(wait.waits));
    assert_eq!(wait.quantile(0.1), Ok(0.0));
    assert_agree(wait.quantile(0.9).unwrap(), 25.0 * 8.0_f64.ln(), 1e-14);
    assert_agree(wait.share_above(wait.quantile(0.99).unwrap()).unwrap(), 0.01, 1e-12);
}

#[test]
fn nobody_comes() {
    let empty = Station::new(0.0, 2.0, 3).unwrap();
    let loss = empty.loss();
    assert_eq!((loss.refused, loss.census, loss.occupancy), (0.0, 0.0, 0.0));
    let wait = empty.wait().unwrap();
    assert_eq!((wait.waits, wait.mean_wait, wait.mean_people), (0.0, 0.0, 0.0));
    assert_eq!(wait.quantile(0.99), Ok(0.0));
    assert_eq!(wait.share_above(0.0), Ok(0.0));
    let room = empty.with_room(4).unwrap();
    assert_eq!((room.refused, room.waits, room.mean_wait, room.mean_people), (0.0, 0.0, 0.0, 0.0));
    let patience = empty.with_patience(1.0).unwrap();
    assert_eq!((patience.waits, patience.leaves, patience.mean_wait), (0.0, 0.0, 0.0));
    assert_eq!((beds_for(0.0, 0.02), servers_for(0.0, 0.02)), (Ok(0), Ok(0)));
    let shared = pooling(&[empty, empty]).unwrap();
    assert_eq!((shared.separate_refused, shared.pooled_refused), (0.0, 0.0));
    assert_eq!(shared.beds_saved(), 6);
}

#[test]
fn allen_cunneen_is_exact_for_one_server() {
    // Pollaczek-Khinchine: mean wait = lambda E[S^2] / (2 (1 - rho)), E[S^2] = s^2 (1 + cv^2).
    for (arrivals, service, variation) in [(0.5, 1.0, 0.0), (0.1, 8.0, 1.2), (3.0, 0.3, 2.5)] {
        let station = Station::new(arrivals, service, 1).unwrap();
        let second_moment = service * service * (1.0 + variation * variation);
        let exact = arrivals * second_moment / (2.0 * (1.0 - arrivals * service));
        let found = station.allen_cunneen(1.0, variation).unwrap();
        assert_agree(found.mean_wait, exact, 1e-12);
        assert_agree(found.mean_queue, exact * arrivals, 1e-12);
        assert_agree(found.mean_people, exact * arrivals + arrivals * service, 1e-12);
    }
    let station = Station::new(9.0, 1.0, 10).unwrap();
    let wait = station.wait().unwrap();
    assert_eq!(station.allen_cunneen(1.0, 1.0).unwrap().mean_wait, wait.mean_wait);
}

#[test]
fn few_waiting_places_are_those_of_the_balance_equations() {
    // Loads below, at and far above the servers.
    for (arrivals, stay, servers, places) in [
        (1.0, 1.0, 1_u32, 1_u32),
        (3.0, 1.0, 4, 5),
        (4.0, 1.0, 4, 20),
        (30.0, 0.5, 3, 7),
        (2.0, 2.0, 3, 0),
    ] {
        let c = f64::from(servers);
        let most = (servers + places) as usize;
        let shares = birth_death(most, arrivals, |n| n.min(c) / stay);
        let found = Station::new(arrivals, stay, servers).unwrap().with_room(places).unwrap();
        let admitted = 1.0 - shares[most];
        let queue = mean(&shares, |n| (n - c).max(0.0));
        let waits: f64 = shares[servers as usize..most].iter().sum::<f64>() / admitted;
        assert_agree(found.refused, shares[most], 1e-9);
        assert!((found.waits - waits).abs() < 1e-12);
        assert!((found.mean_queue - queue).abs() < 1e-11);
        assert!((found.mean_wait - queue / (arrivals * admitted)).abs() < 1e-11);
        assert_agree(found.mean_people, mean(&shares, |n| n), 1e-9);
    }
}

#[test]
fn a_queue_without_places_refuses_like_a_full_ward() {
    let station = Station::new(57.0, 1.0, 60).unwrap();
    let queue = station.with_room(0).unwrap();
    assert_agree(queue.refused, station.loss().refused, 1e-13);
    assert_agree(queue.mean_people, station.loss().census, 1e-13);
    assert_eq!((queue.waits, queue.mean_wait), (0.0, 0.0));
}

#[test]
fn many_places_and_much_patience_come_to_the_endless_queue() {
    let station = Station::new(9.0, 1.0, 10).unwrap();
    let endless = station.wait().unwrap();
    let room = station.with_room(400).unwrap();
    assert_agree(room.waits, endless.waits, 1e-12);
    assert_agree(room.mean_wait, endless.mean_wait, 1e-12);
    let patience = station.with_patience(1e9).unwrap();
    assert_agree(patience.mean_wait, endless.mean_wait, 1e-6);
}

#[test]
fn impatience_is_that_of_the_balance_equations() {
    for (arrivals, stay, servers, patience) in
        [(3.0, 1.0, 4_u32, 0.5), (8.0, 1.0, 4, 2.0), (1.0, 5.0, 6, 30.0), (0.5, 1.0, 1, 1.0)]
    {
        let c = f64::from(servers);
        let leave = |n: f64| n.min(c) / stay + (n - c).max(0.0) / patience;
        let shares = birth_death(180, arrivals, leave);
        let station = Station::new(arrivals, stay, servers).unwrap();
        let found = station.with_patience(patience).unwrap();
        let queue = mean(&shares, |n| (n - c).max(0.0));
        assert_agree(found.waits, mean(&shares, |n| f64::from(u8::from(n >= c))), 1e-9);
        assert_agree(found.mean_queue, queue, 1e-9);
        assert_agree(found.mean_wait, queue / arrivals, 1e-9);
        assert_agree(found.leaves, queue / patience / arrivals, 1e-9);
        assert_agree(found.mean_people, mean(&shares, |n| n), 1e-9);
    }
}

#[test]
fn no_patience_leaves_a_ward_that_refuses() {
    let station = Station::new(57.0, 1.0, 60).unwrap();
    let impatient = station.with_patience(1e-10).unwrap();
    assert_agree(impatient.leaves, station.loss().refused, 1e-6);
}

#[test]
fn an_overloaded_queue_loses_the_excess_to_impatience() {
    // 20 come an hour to 10 servers of an hour each: 10 leave an hour, each after 3 hours on
    // average, so 30 wait.
    let queue = Station::new(20.0, 1.0, 10).unwrap().with_patience(3.0).unwrap();
    assert_agree(queue.leaves, 0.5, 1e-3);
    assert_agree(queue.mean_queue, 30.0, 1e-3);
}

#[test]
fn too_much_patience_is_an_error_and_no_endless_loop() {
    // 1 of 2 must leave, each after 1e9 service times: a thousand million would wait.
    let error = Station::new(2.0, 1.0, 1).unwrap().with_patience(1e9).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the mean patience is 1000000000; expected a time that keeps the queue below 100,000,000 \
         patients"
    );
}

#[test]
fn refusals_below_the_least_number_are_none() {
    let ward = Station::new(10.0, 1.0, 5000).unwrap();
    assert_eq!(ward.loss().refused, 0.0);
    assert_eq!(ward.with_room(5000).unwrap().refused, 0.0);
    assert_agree(ward.with_room(0).unwrap().mean_people, 10.0, 1e-14);
    let shared = pooling(&[ward, ward]).unwrap();
    assert_eq!((shared.separate_refused, shared.pooled_refused), (0.0, 0.0));
    assert_eq!(erlang_b(20.0, shared.pooled_beds), Ok(0.0));
    assert!(shared.pooled_beds < 1000);
}

#[test]
fn wards_of_very_different_stays_can_lose_by_sharing() {
    // 100 patients a day stay a hundredth of a day and have 6 beds for a load of 1: 0.05 % are
    // refused. One patient in ten days stays 100 days and has 2 beds for a load of 10. All together
    // find 8 beds for a load of 11.
    let short = Station::new(100.0, 0.01, 6).unwrap();
    let long = Station::new(0.1, 100.0, 2).unwrap();
    let shared = pooling(&[short, long]).unwrap();
    assert!(shared.separate_refused < 0.01 && shared.pooled_refused > 0.3);
    assert!(shared.beds_saved() < 0);
}

#[test]
fn two_queues_in_a_circle_are_those_of_their_whole_chain() {
    // 0.5 come to each; 0.3 of the first go to the second, 0.2 of the second back. Two servers and
    // one. The chain over both numbers, up to 24 in each, is solved whole.
    let (most, arrivals, go, back) = (24_usize, [0.5, 0.1], 0.3, 0.2);
    let (first_rate, second_rate) = (1.0, 1.2);
    let state = |first: usize, second: usize| first * (most + 1) + second;
    let mut moves = Vec::new();
    for first in 0..=most {
        for second in 0..=most {
            let here = state(first, second);
            let mut add = |one: usize, two: usize, rate: f64| {
                if one <= most && two <= most {
                    moves.push((here, state(one, two), rate));
                }
            };
            add(first + 1, second, arrivals[0]);
            add(first, second + 1, arrivals[1]);
            if first > 0 {
                let rate = first.min(2) as f64 * first_rate;
                add(first - 1, second, rate * (1.0 - go));
                add(first - 1, second + 1, rate * go);
            }
            if second > 0 {
                add(first, second - 1, second_rate * (1.0 - back));
                add(first + 1, second - 1, second_rate * back);
            }
        }
    }
    let shares = steady((most + 1) * (most + 1), &moves);
    let people = |pick: fn(usize, usize) -> usize| -> f64 {
        shares.iter().enumerate().map(|(at, p)| p * pick(at / 25, at % 25) as f64).sum()
    };
    let stations = [
        NetworkStation { mean_service: 1.0 / first_rate, servers: Servers::Limited(2) },
        NetworkStation { mean_service: 1.0 / second_rate, servers: Servers::Limited(1) },
    ];
    let figures = jackson(&arrivals, &[vec![0.0, go], vec![back, 0.0]], &stations).unwrap();
    assert_agree(figures[0].mean_people, people(|first, _| first), 1e-8);
    assert_agree(figures[1].mean_people, people(|_, second| second), 1e-8);
}

#[test]
fn traffic_written_out() {
    assert_eq!(traffic(&[], &[]), Ok(vec![]));
    assert_eq!(traffic(&[2.0], &[vec![0.75]]), Ok(vec![8.0]));
    // A chain: all of the first go on, a half of the second.
    let chain = [vec![0.0, 1.0, 0.0], vec![0.0, 0.0, 0.5], vec![0.0; 3]];
    assert_eq!(traffic(&[4.0, 2.0, 0.0], &chain), Ok(vec![4.0, 6.0, 3.0]));
    // Hardly anybody leaves: 1 in 2^26 of the second. All digits stay.
    let share = 2.0_f64.powi(-26);
    let circle = [vec![0.0, 1.0], vec![1.0 - share, 0.0]];
    assert_eq!(traffic(&[1.0, 0.0], &circle), Ok(vec![1.0 / share, 1.0 / share]));
}

#[test]
fn faults_of_a_network_are_named() {
    let faults = |arrivals: &[f64], routing: &[Vec<f64>]| traffic(arrivals, routing).unwrap_err();
    let message = |error: FormulaError| error.to_string();
    assert_eq!(
        message(faults(&[1.0, 1.0], &[vec![0.0, 0.0]])),
        "the routing has length 1; expected 2, one for each station"
    );
    assert_eq!(
        message(faults(&[1.0, 1.0], &[vec![0.0, 0.0], vec![0.0]])),
        "row 1 of the routing has length 1; expected 2, one for each station"
    );
    assert_eq!(
        faults(&[1.0, 1.0], &[vec![0.0, -0.25], vec![0.0, 0.0]]),
        FormulaError::Probability { from: 0, to: 1, value: -0.25 }
    );
    assert!(matches!(
        faults(&[1.0], &[vec![f64::NAN]]),
        FormulaError::Probability { from: 0, to: 0, .. }
    ));
    assert_eq!(
        faults(&[1.0, 1.0], &[vec![0.0, 0.5], vec![0.75, 0.5]]),
        FormulaError::RowSum { station: 1, sum: 1.25 }
    );
    assert_eq!(
        message(faults(&[1.0, -1.0], &[vec![0.0; 2], vec![0.0; 2]])),
        "station 1: the arrival rate is -1; expected a finite number of 0 or more"
    );
    // The second and third keep one another's patients; ten tenths are 1 in spite of rounding.
    let closed = [vec![0.0, 0.5, 0.0], vec![0.0, 0.0, 1.0], vec![0.0, 1.0, 0.0]];
    assert_eq!(
        faults(&[1.0, 0.0, 0.0], &closed),
        FormulaError::NeverLeaves { stations: vec![1, 2] }
    );
    let tenths = vec![vec![0.1; 10]; 10];
    assert_eq!(
        faults(&[1.0; 10], &tenths),
        FormulaError::NeverLeaves { stations: (0..10).collect() }
    );
    let one = NetworkStation { mean_service: 2.0, servers: Servers::Limited(1) };
    assert_eq!(
        message(jackson(&[1.0], &[vec![0.0]], &[one]).unwrap_err()),
        "station 0: the load per server is 2; a queue that ends needs less than 1"
    );
    assert!(matches!(jackson(&[1.0], &[vec![0.0]], &[]), Err(FormulaError::Length { .. })));
    for (mean_service, servers) in [(0.0, Servers::Unlimited), (1.0, Servers::Limited(0))] {
        let station = NetworkStation { mean_service, servers };
        let error = jackson(&[0.5], &[vec![0.0]], &[station]).unwrap_err();
        assert!(matches!(error, FormulaError::AtStation { station: 0, .. }));
    }
}

#[test]
fn numbers_out_of_range_are_named() {
    let out_of_range = |error| matches!(error, FormulaError::OutOfRange { .. });
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0] {
        assert!(out_of_range(erlang_b(bad, 3).unwrap_err()));
        assert!(out_of_range(erlang_c(bad, 3).unwrap_err()));
        assert!(out_of_range(beds_for(bad, 0.02).unwrap_err()));
        assert!(out_of_range(servers_for(bad, 0.02).unwrap_err()));
        assert!(out_of_range(beds_for(1.0, bad).unwrap_err()));
        assert!(out_of_range(servers_for(1.0, bad).unwrap_err()));
        assert!(out_of_range(Station::new(bad, 1.0, 1).unwrap_err()));
        assert!(out_of_range(Station::new(1.0, bad, 1).unwrap_err()));
        let station = Station::new(0.5, 1.0, 1).unwrap();
        assert!(out_of_range(station.allen_cunneen(bad, 1.0).unwrap_err()));
        assert!(out_of_range(station.allen_cunneen(1.0, bad).unwrap_err()));
        assert!(out_of_range(station.with_patience(bad).unwrap_err()));
        assert!(out_of_range(station.wait().unwrap().quantile(bad).unwrap_err()));
        assert!(out_of_range(station.wait().unwrap().share_above(bad).unwrap_err()));
    }
    assert!(out_of_range(beds_for(1.0, 0.0).unwrap_err()));
    assert!(out_of_range(Station::new(1.0, 0.0, 1).unwrap_err()));
    assert!(out_of_range(Station::new(1.0, 1.0, 0).unwrap_err()));
    assert!(out_of_range(Station::new(1e200, 1e200, 1).unwrap_err()));
    assert!(out_of_range(erlang_c(0.5, 0).unwrap_err()));
    assert!(out_of_range(pooling(&[]).unwrap_err()));
    let station = Station::new(0.5, 1.0, 1).unwrap();
    assert!(out_of_range(station.with_patience(0.0).unwrap_err()));
    assert!(out_of_range(station.with_patience(1e-300).unwrap_err()));
    assert!(out_of_range(station.with_room(u32::MAX).unwrap_err()));
    assert!(out_of_range(station.wait().unwrap().quantile(1.0).unwrap_err()));
    assert_eq!(
        Station::new(-2.0, 1.0, 1).unwrap_err().to_string(),
        "the arrival rate is -2; expected a finite number of 0 or more"
    );
}

#[test]
fn a_queue_at_its_limit_has_no_steady_state() {
    assert_eq!(erlang_c(2.0, 2), Err(FormulaError::Unstable { utilisation: 1.0 }));
    let station = Station::new(3.0, 1.0, 2).unwrap();
    assert_eq!(station.wait(), Err(FormulaError::Unstable { utilisation: 1.5 }));
    assert_eq!(station.allen_cunneen(1.0, 1.0), Err(FormulaError::Unstable { utilisation: 1.5 }));
    assert!(station.with_room(10).is_ok() && station.with_patience(1.0).is_ok());
}

/// Shares that go from each station to each: at most a given share goes on.
fn any_routing(stations: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
    let row = (prop::collection::vec(0.0..1.0_f64, stations), 0.0..0.99_f64).prop_map(
        |(weights, goes_on)| {
            let sum: f64 = weights.iter().sum::<f64>().max(1e-9);
            weights.iter().map(|weight| weight / sum * goes_on).collect()
        },
    );
    prop::collection::vec(row, stations)
}

proptest! {
    #[test]
    fn refusals_fall_with_beds_and_rise_with_load(load in 0.01..300.0_f64, beds in 0_u32..300) {
        let refused = erlang_b(load, beds).unwrap();
        prop_assert!((0.0..=1.0).contains(&refused));
        prop_assert!(erlang_b(load, beds + 1).unwrap() < refused || refused < 1e-300);
        if beds > 0 {
            prop_assert!(erlang_b(load * 1.01, beds).unwrap() >= refused);
        }
        // Admitted patients never fill more beds than there are.
        prop_assert!(load * (1.0 - refused) <= f64::from(beds) * (1.0 + 1e-12));
    }

    #[test]
    fn more_wait_than_would_be_refused(share in 0.01..0.999_f64, servers in 1_u32..200) {
        let load = share * f64::from(servers);
        let waiting = erlang_c(load, servers).unwrap();
        prop_assert!(waiting <= 1.0 && waiting >= erlang_b(load, servers).unwrap());
        prop_assert!(erlang_c(load, servers + 1).unwrap() <= waiting);
    }

    #[test]
    fn targets_are_kept_by_the_least_number(load in 0.01..300.0_f64, most in 0.0001..0.9_f64) {
        let beds = beds_for(load, most).unwrap();
        prop_assert!(erlang_b(load, beds).unwrap() <= most);
        prop_assert!(beds == 0 || erlang_b(load, beds - 1).unwrap() > most);
        let servers = servers_for(load, most).unwrap();
        prop_assert!(erlang_c(load, servers).unwrap() <= most);
        let fewer = servers - 1;
        prop_assert!(f64::from(fewer) <= load || erlang_c(load, fewer).unwrap() > most);
    }

    #[test]
    fn wards_of_equal_stays_never_lose_by_sharing(
        wards in prop::collection::vec((0.1..40.0_f64, 1_u32..50), 1..6)
    ) {
        let wards: Vec<Station> = wards
            .iter()
            .map(|&(load, beds)| Station::new(load / 3.0, 3.0, beds).unwrap())
            .collect();
        let shared = pooling(&wards).unwrap();
        prop_assert!(shared.pooled_refused <= shared.separate_refused * (1.0 + 1e-9));
        if wards.len() > 1 {
            prop_assert!(shared.beds_saved() >= 0);
        }
    }

    #[test]
    fn room_and_impatience_shorten_the_queue(
        share in 0.05..0.98_f64,
        servers in 1_u32..40,
        places in 0_u32..60,
        patience in 0.01..50.0_f64,
    ) {
        let station = Station::new(share * f64::from(servers), 1.0, servers).unwrap();
        let endless = station.wait().unwrap();
        let room = station.with_room(places).unwrap();
        let more = station.with_room(places + 1).unwrap();
        prop_assert!(room.mean_queue <= more.mean_queue && more.refused <= room.refused);
        prop_assert!(room.mean_wait <= endless.mean_wait * (1.0 + 1e-12));
        let impatient = station.with_patience(patience).unwrap();
        prop_assert!(impatient.mean_queue <= endless.mean_queue * (1.0 + 1e-12));
        prop_assert!(impatient.leaves <= impatient.waits);
        // Who leaves and who is served are all who come.
        let served = impatient.mean_people - impatient.mean_queue;
        prop_assert!(agree(served + impatient.leaves * station.offered(), station.offered(), 1e-9));
    }

    #[test]
    fn traffic_is_that_of_gaussian_elimination(
        (arrivals, routing) in (1_usize..12).prop_flat_map(|stations| {
            (prop::collection::vec(0.0..50.0_f64, stations), any_routing(stations))
        })
    ) {
        let stations = arrivals.len();
        let matrix: Vec<Vec<f64>> = (0..stations)
            .map(|to| {
                (0..stations)
                    .map(|from| f64::from(u8::from(from == to)) - routing[from][to])
                    .collect()
            })
            .collect();
        let expected = eliminate(matrix, arrivals.clone());
        let found = traffic(&arrivals, &routing).unwrap();
        for (found, expected) in found.iter().zip(&expected) {
            prop_assert!(agree(*found, *expected, 1e-9), "{found} instead of {expected}");
        }
        // As many leave as come.
        let leave: f64 =
            found.iter().zip(&routing).map(|(v, row)| v * (1.0 - row.iter().sum::<f64>())).sum();
        prop_assert!((leave - arrivals.iter().sum::<f64>()).abs() <= 1e-9 * (1.0 + leave));
    }
}
