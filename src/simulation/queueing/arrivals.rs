//! Arrivals of all streams in the order of their times, window by window.

use rand_distr::{Distribution as _, Exp1};

use super::compile::WEEK;
use super::model::{Arrivals, Curve, Model};
use crate::random::{Keys, Purpose, Seed, Stream};

/// Arrivals that a window should have.
const PER_WINDOW: f64 = 2048.0;

/// One arrival.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    /// Bits of its time.
    pub(super) bits: u64,
    pub(super) stream: u32,
    pub(super) key: u64,
}

/// When customers of one stream arrive.
#[derive(Debug, Clone)]
pub(super) enum Process {
    /// At a constant rate: the mean time between two.
    Even(f64),
    /// At a rate that varies by hour.
    Varying(Box<Varying>),
    /// At these times.
    Replay(Vec<f64>),
}

/// A rate that is constant within each hour.
#[derive(Debug, Clone)]
pub(super) struct Varying {
    /// Mean arrivals in an hour of factor 1.
    per_hour: f64,
    /// Relative rate by hour of the week; their mean is 1.
    week: [f64; WEEK],
    /// Relative rate by part of the year; their mean is 1.
    year: Vec<f64>,
    curve: Option<Curve>,
    starts_at_hour: usize,
    starts_on_day: usize,
    /// Length of an hour in units of time.
    hour: f64,
    /// Hours until nobody comes any more.
    end: usize,
}

/// A list with mean 1.
fn normalised(rates: &[f64]) -> Vec<f64> {
    let mean = rates.iter().sum::<f64>() / rates.len().max(1) as f64;
    rates.iter().map(|rate| rate / mean).collect()
}

impl Process {
    pub(super) fn new(model: &Model, arrivals: &Arrivals) -> Self {
        let (rate, week, year, curve) = match arrivals {
            Arrivals::Replay(times) => return Self::Replay(times.clone()),
            Arrivals::Poisson { rate, week, year, curve } => (*rate, week, year, curve),
        };
        if week.is_empty() && year.is_empty() && curve.is_none() {
            return Self::Even(1.0 / rate);
        }
        let hour = 1.0 / model.time_unit.hours();
        let of_week = if week.is_empty() { vec![1.0] } else { normalised(week) };
        let last = curve.as_ref().map_or(model.horizon, |curve| {
            (curve.from + curve.step * curve.factors.len() as f64).min(model.horizon)
        });
        Self::Varying(Box::new(Varying {
            per_hour: rate * hour,
            week: std::array::from_fn(|hour| of_week[hour % of_week.len()]),
            year: if year.is_empty() { Vec::new() } else { normalised(year) },
            curve: curve.clone(),
            starts_at_hour: model.starts_at_hour as usize,
            starts_on_day: model.starts_on_day as usize,
            hour,
            end: (last / hour).ceil().max(0.0) as usize,
        }))
    }

    /// Mean arrivals a unit of time, roughly, to size windows.
    fn rate(&self) -> f64 {
        match self {
            Self::Even(gap) => 1.0 / gap,
            Self::Varying(varying) => varying.per_hour / varying.hour,
            Self::Replay(_) => 0.0,
        }
    }
}

impl Varying {
    /// Relative rate of an hour of the run.
    fn factor(&self, hour: usize) -> f64 {
        self.of_day(hour) * self.week[(self.starts_at_hour + hour) % WEEK]
    }

    /// Relative rate of the day in which an hour of the run lies.
    fn of_day(&self, hour: usize) -> f64 {
        let mut factor = 1.0;
        if !self.year.is_empty() {
            let day = (self.starts_on_day + (self.starts_at_hour % 24 + hour) / 24) % 365;
            factor *= self.year[day * self.year.len() / 365];
        }
        if let Some(curve) = &self.curve {
            factor *= curve.at((hour as f64 + 0.5) * self.hour).unwrap_or(0.0);
        }
        factor
    }

    /// The next arrival after `time`: the time by which the integral of the rate has grown by `unit`.
    fn after(&self, time: f64, unit: f64) -> f64 {
        let mut need = unit / self.per_hour;
        let at = time / self.hour;
        let mut hour = at as usize;
        let mut within = at - hour as f64;
        while hour < self.end {
            let factor = self.factor(hour);
            let left = (1.0 - within) * factor;
            if need < left {
                return (hour as f64 + within + need / factor) * self.hour;
            }
            need -= left;
            hour += 1;
            within = 0.0;
        }
        f64::INFINITY
    }
}

/// One stream in a run.
struct Source {
    next: f64,
    numbers: Stream,
    keys: Keys,
    /// Position in a replayed list.
    position: usize,
}

impl Source {
    fn advance(&mut self, process: &Process) {
        match process {
            Process::Even(gap) => {
                let unit: f64 = Exp1.sample(&mut self.numbers);
                self.next += gap * unit;
            }
            Process::Varying(varying) => {
                let unit: f64 = Exp1.sample(&mut self.numbers);
                self.next = varying.after(self.next, unit);
            }
            Process::Replay(times) => {
                self.next = times.get(self.position).copied().unwrap_or(f64::INFINITY);
                self.position += 1;
            }
        }
    }
}

/// Arrivals of a replication.
pub(super) struct Calendar<'p> {
    processes: &'p [Process],
    sources: Vec<Source>,
    window: f64,
    until: f64,
    horizon: f64,
    /// The arrivals of the window, in order.
    list: Vec<Arrival>,
    at: usize,
}

impl<'p> Calendar<'p> {
    pub(super) fn new(
        model: &Model,
        processes: &'p [Process],
        seed: Seed,
        replication: u64,
    ) -> Self {
        let source = |(stream, process): (&super::model::Stream, &Process)| {
            let mut source = Source {
                next: 0.0,
                numbers: seed.stream(replication, &stream.key, Purpose::Arrivals),
                keys: seed.keys(replication, &stream.key),
                position: 0,
            };
            source.advance(process);
            source
        };
        let sources = model.streams.iter().zip(processes).map(source).collect();
        let rate: f64 = processes.iter().map(Process::rate).sum();
        let window = if rate > 0.0 { PER_WINDOW / rate } else { model.horizon };
        let mut calendar = Self {
            processes,
            sources,
            window: window.min(model.horizon),
            until: 0.0,
            horizon: model.horizon,
            list: Vec::new(),
            at: 0,
        };
        calendar.refill();
        calendar
    }

    /// The next arrival, without taking it.
    #[inline]
    pub(super) fn first(&self) -> Option<Arrival> {
        self.list.get(self.at).copied()
    }

    #[inline]
    pub(super) fn pop(&mut self) {
        self.at += 1;
        if self.at == self.list.len() {
            self.refill();
        }
    }

    /// Draws the arrivals of the next window that has any.
    fn refill(&mut self) {
        self.list.clear();
        self.at = 0;
        while self.list.is_empty() && self.until <= self.horizon {
            // A window has to move the time on, however small it is beside it.
            self.until = (self.until + self.window).max(self.until.next_up());
            let until = self.until;
            for (number, (source, process)) in
                self.sources.iter_mut().zip(self.processes).enumerate()
            {
                while source.next < until {
                    let (bits, key) = (source.next.to_bits(), source.keys.next());
                    self.list.push(Arrival { bits, stream: number as u32, key });
                    source.advance(process);
                }
            }
            if self.processes.len() > 1 {
                // Stable: a stream's own arrivals keep their order.
                self.list.sort_by_key(|arrival| (arrival.bits, arrival.stream));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_of_every_hour_is_met_by_hand() {
        // One arrival an hour by day (8 to 20), none at night: the unit integral from 19:30 is half
        // an hour of this day and half an hour of the next.
        let day: Vec<f64> =
            (0..24).map(|hour| f64::from(u8::from((8..20).contains(&hour)))).collect();
        let arrivals = Arrivals::Poisson { rate: 0.5, week: day, year: Vec::new(), curve: None };
        let model = Model { horizon: 1000.0, ..Model::default() };
        let Process::Varying(varying) = Process::new(&model, &arrivals) else {
            panic!("it varies");
        };
        assert!((varying.after(19.5, 1.0) - 32.5).abs() < 1e-9);
        assert!((varying.after(8.0, 0.25) - 8.25).abs() < 1e-9);
        assert_eq!(varying.after(999.0, 50.0), f64::INFINITY);
    }

    #[test]
    fn a_curve_multiplies_its_steps_and_ends() {
        let curve = Curve { from: 10.0, step: 5.0, factors: vec![1.0, 3.0] };
        let arrivals =
            Arrivals::Poisson { rate: 1.0, week: Vec::new(), year: Vec::new(), curve: Some(curve) };
        let model = Model { horizon: 1000.0, ..Model::default() };
        let Process::Varying(varying) = Process::new(&model, &arrivals) else {
            panic!("it varies");
        };
        // From 0 nothing until 10; five hours at 1, then 3 an hour: 8 units are there at 16.
        assert!((varying.after(0.0, 8.0) - 16.0).abs() < 1e-9);
        assert_eq!(varying.after(0.0, 20.1), f64::INFINITY);
    }
}
