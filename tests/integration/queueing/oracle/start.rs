//! Customers who are there at the start, and what is left of their services.

use std::f64::consts::{LN_2, LOG2_E};

use rand::RngExt;
use rand_distr::{Distribution as _, Gamma, StandardNormal};
use rand_xoshiro::SplitMix64;
use verbund::queueing::{Distribution, Present};
use verbund::random::{Draw, Seed};

use super::super::draws;
use super::{Naive, State, chosen, drawn, unit};

impl Naive<'_> {
    /// Puts those in who are there at the start; the stations where some wait, the last one first.
    pub(super) fn begin(&mut self, seed: Seed, replication: u64) -> Vec<usize> {
        let mut streams = seed.replication(replication);
        for present in &self.model.present {
            let mut keys = streams.present(&entity(present));
            let station = self.at(&present.station);
            let mut sum = 0.0;
            loop {
                let key = keys.next();
                sum += unit(&mut draws(key, 0, Draw::Gap));
                if sum > present.mean || !self.has_free(station) {
                    break;
                }
                self.serve_rest(present, key);
            }
        }
        for present in &self.model.present {
            let mut keys = streams.present(&format!("{}/certain", entity(present)));
            for _ in 0..present.certain {
                self.serve_rest(present, keys.next());
            }
            for so_far in &present.so_far {
                let key = keys.next();
                let number = self.come_at_start(present, key);
                let law = self.law(number);
                let left = after(&law, *so_far, &mut draws(key, 0, Draw::Service));
                self.serve_until(number, left.expect("a law that the second simulator knows"));
            }
        }
        let mut order = Vec::new();
        for present in &self.model.present {
            let mut keys = streams.present(&format!("{}/waiting", entity(present)));
            let station = self.at(&present.station);
            for _ in 0..present.waiting {
                if !self.has_room(station) {
                    break;
                }
                let number = self.come_at_start(present, keys.next());
                self.queue(number);
                order.insert(0, station);
            }
        }
        order
    }

    fn serve_rest(&mut self, present: &Present, key: u64) {
        let number = self.come_at_start(present, key);
        let left = rest(&self.law(number), &mut draws(key, 0, Draw::Service));
        self.serve_until(number, left);
    }

    fn serve_until(&mut self, number: usize, left: f64) {
        self.customers[number].visit.started = Some(0.0);
        self.customers[number].state = State::InService;
        self.plan_end(number, left);
    }

    fn come_at_start(&mut self, present: &Present, key: u64) -> usize {
        let (station, class) = (self.at(&present.station), self.class(present.class.as_ref()));
        let customer = self.somebody(key, u32::MAX, class, station);
        self.customers.push(customer);
        self.customers.len() - 1
    }
}

fn entity(present: &Present) -> String {
    let class = present.class.clone().unwrap_or_default();
    present.key.clone().unwrap_or_else(|| format!("{}/{class}", present.station))
}

/// One of the values, the more likely the longer it is.
fn by_length(values: &[f64], numbers: &mut SplitMix64) -> f64 {
    let wanted = numbers.random::<f64>() * values.iter().sum::<f64>();
    let mut sum = 0.0;
    for value in values {
        sum += value;
        if wanted < sum {
            return *value;
        }
    }
    values[values.len() - 1]
}

/// A gamma that is met the more often the longer it is: one of a shape greater by 1.
fn gamma_by_length(shape: f64, mean: f64, numbers: &mut SplitMix64) -> f64 {
    let scale = mean / shape;
    let stage = unit(numbers);
    Gamma::new(shape, scale).unwrap().sample(numbers) + scale * stage
}

/// What is left of a service at a random moment: a uniform part of one that is met the more often the longer it is.
fn rest(law: &Distribution, numbers: &mut SplitMix64) -> f64 {
    let length = match law {
        Distribution::Exponential { mean } => return mean * unit(numbers),
        Distribution::Hyperexponential { shares, means } => {
            let weights: Vec<f64> = shares.iter().zip(means).map(|(a, b)| a * b).collect();
            return means[chosen(&weights, numbers)] * unit(numbers);
        }
        Distribution::Mixture(parts) => {
            let weight = |part: &verbund::queueing::MixturePart| part.share * part.law.mean();
            let weights: Vec<f64> = parts.iter().map(weight).collect();
            return rest(&parts[chosen(&weights, numbers)].law, numbers);
        }
        Distribution::PhaseType { initial, rates } => {
            let initial = time_in_two(initial, rates);
            return drawn(&Distribution::PhaseType { initial, rates: rates.clone() }, numbers);
        }
        Distribution::Lognormal { mean, cv } => {
            let variance = libm::log1p(cv * cv);
            let mu = (libm::log(*mean) - variance / 2.0) * LOG2_E;
            let sigma = variance.sqrt() * LOG2_E;
            let normal: f64 = StandardNormal.sample(numbers);
            libm::exp2(mu + sigma * sigma * LN_2 + sigma * normal)
        }
        Distribution::Gamma { mean, cv } => gamma_by_length(1.0 / (cv * cv), *mean, numbers),
        Distribution::Erlang { mean, stages } => {
            gamma_by_length(f64::from(*stages), *mean, numbers)
        }
        Distribution::Deterministic(value) => *value,
        Distribution::Empirical(values) => by_length(values, numbers),
        Distribution::Uniform { from, to } => {
            let share: f64 = numbers.random();
            (from * from + share * (to * to - from * from)).sqrt()
        }
        Distribution::Weibull { mean, shape } => {
            let scale = mean / libm::tgamma(1.0 + 1.0 / shape);
            let hazard: f64 = Gamma::new(1.0 + 1.0 / shape, 1.0).unwrap().sample(numbers);
            scale * libm::pow(hazard, 1.0 / shape)
        }
        Distribution::Triangular { most, .. } | Distribution::Truncated { to: most, .. } => loop {
            let length = drawn(law, numbers);
            if numbers.random::<f64>() * most <= length {
                break length;
            }
        },
    };
    length * numbers.random::<f64>()
}

/// How long each of two phases goes on: the equations `time x (-rates) = initial`, by Cramer's rule.
fn time_in_two(initial: &[f64], rates: &[Vec<f64>]) -> Vec<f64> {
    let (a, b, c, d) = (-rates[0][0], -rates[1][0], -rates[0][1], -rates[1][1]);
    let whole = a * d - b * c;
    vec![(initial[0] * d - b * initial[1]) / whole, (a * initial[1] - c * initial[0]) / whole]
}

/// What is left of a service that has gone on for so long; `None` for laws whose rests are drawn until one fits, which
/// have tests against their distribution functions (`queueing/rest.rs`).
pub(super) fn after(law: &Distribution, so_far: f64, numbers: &mut SplitMix64) -> Option<f64> {
    Some(match law {
        Distribution::Exponential { mean } => mean * unit(numbers),
        Distribution::Deterministic(length) => (length - so_far).max(0.0),
        Distribution::Empirical(values) => {
            let longer: Vec<f64> = values.iter().copied().filter(|one| *one > so_far).collect();
            if longer.is_empty() {
                return Some(0.0);
            }
            longer[numbers.random_range(0..longer.len())] - so_far
        }
        Distribution::Weibull { mean, shape } => {
            let scale = mean / libm::tgamma(1.0 + 1.0 / shape);
            let hazard = libm::pow(so_far / scale, *shape) + unit(numbers);
            (scale * libm::pow(hazard, 1.0 / shape) - so_far).max(0.0)
        }
        Distribution::Hyperexponential { shares, means } => {
            let beyond = |(share, mean): (&f64, &f64)| share * libm::exp(-so_far / mean);
            let weights: Vec<f64> = shares.iter().zip(means).map(beyond).collect();
            means[chosen(&weights, numbers)] * unit(numbers)
        }
        _ => return None,
    })
}
