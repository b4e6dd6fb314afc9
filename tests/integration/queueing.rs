//! The simulator of queueing networks: theory, laws, a second simulator, files.
//!
//! Every interval here is Student's over independent replications, at 1 - 1e-5: a right simulator
//! misses it once in 100,000 seeds, and the seeds are fixed. [`Interval::meets`] also says how narrow
//! it has to be (relative to the expected value): an error of twice that is found almost surely.
//! [`Interval::rules_out`] shows the power with a formula that is wrong.

mod deadlock;
mod examples;
mod files;
mod laws;
mod more;
mod oracle;
mod present;
mod rates;
mod settling;
mod streams;
mod theory;

use proptest::prelude::ProptestConfig;
use rand::SeedableRng;
use rand_xoshiro::SplitMix64;
use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, StudentsT};
use verbund::queueing::*;
use verbund::random::{Draw, Seed};

/// The generator of one draw of one customer, as the simulator makes it.
fn draws(customer: u64, visit: u32, purpose: Draw) -> SplitMix64 {
    SplitMix64::from_seed(purpose.start(customer, visit).to_le_bytes())
}

/// Cases of a random test, or as many as `PROPTEST_CASES` says.
fn cases(default: u32) -> ProptestConfig {
    let own = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig::with_cases(own.unwrap_or(default))
}

/// The mean over replications with the half-width of its interval.
#[derive(Debug)]
struct Interval {
    mean: f64,
    half_width: f64,
}

impl Interval {
    /// Of independent values, one a replication.
    fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let error = (squares / (count - 1.0) / count).sqrt();
        let student = StudentsT::new(0.0, 1.0, count - 1.0).unwrap();
        Self { mean, half_width: error * student.inverse_cdf(1.0 - 5e-6) }
    }

    /// The expected value lies within, and the interval is at most so wide in parts of it.
    fn meets(&self, what: &str, expected: f64, narrow: f64) {
        let off = (self.mean - expected).abs();
        assert!(off <= self.half_width, "{what}: expected {expected}, got {self:?}");
        let relative = self.half_width / expected.abs();
        assert!(relative <= narrow, "{what}: {self:?} is {relative} of {expected}, too wide");
    }

    /// A wrong value lies outside.
    fn rules_out(&self, what: &str, wrong: f64) {
        assert!((self.mean - wrong).abs() > self.half_width, "{what}: {self:?} allows {wrong}");
    }
}

/// Something of each of so many replications, in their order.
fn each<T: Send>(model: &Model, replications: u64, of: impl Fn(&Run) -> T + Sync) -> Vec<T> {
    let simulator = Simulator::new(model).unwrap();
    let run = |replication| {
        let run = simulator.run(Seed(4), replication);
        assert_eq!(run.faults(), Vec::<String>::new());
        of(&run)
    };
    (0..replications).into_par_iter().map(run).collect()
}

/// The interval of a figure over so many replications.
fn figure(model: &Model, replications: u64, of: impl Fn(&Run) -> f64 + Sync) -> Interval {
    Interval::of(&each(model, replications, of))
}

/// All visits of a replication, in the order of their ends.
fn trace(model: &Model, seed: u64, replication: u64) -> (Run, Vec<Visit>) {
    let mut visits = Vec::new();
    let simulator = Simulator::new(model).unwrap();
    let run = simulator.watch(Seed(seed), replication, &mut |visit: &Visit| visits.push(*visit));
    assert_eq!(run.faults(), Vec::<String>::new());
    (run, visits)
}

fn exponential(mean: f64) -> Distribution {
    Distribution::Exponential { mean }
}

fn station(key: &str, servers: u32, service: Distribution) -> Station {
    Station {
        key: key.into(),
        servers: Servers::Finite(servers),
        service: Some(service),
        ..Station::default()
    }
}

fn poisson(rate: f64) -> Arrivals {
    Arrivals::Poisson { rate, week: Vec::new(), year: Vec::new(), curve: None }
}

fn to(first: &str) -> Preference {
    Preference { first: vec![(first.into(), 1.0)], ..Preference::default() }
}

/// A stream to one station.
fn stream(key: &str, arrivals: Arrivals, first: &str) -> ArrivalStream {
    let kind = Kind { preferences: vec![to(first)], ..Kind::default() };
    ArrivalStream { key: key.into(), arrivals, kinds: vec![kind], ..ArrivalStream::default() }
}

fn route(branches: Vec<Branch>) -> Vec<Route> {
    vec![Route { branches, ..Route::default() }]
}

fn branch(share: f64, to: &str) -> Branch {
    Branch { share, to: Target::Station(to.into()), ..Branch::default() }
}

/// One station with one Poisson stream.
fn single(station: Station, rate: f64, warm_up: f64, horizon: f64) -> Model {
    let streams = vec![stream("s", poisson(rate), &station.key)];
    Model { warm_up, horizon, stations: vec![station], streams, ..Model::default() }
}
