//! The simulation beside the formula: one ward, or wards on the same beds, as a station.

use super::{BedQuestion, BedTrial, BedWard};
use crate::queueing::{
    ArrivalStream, Arrivals, Class, Distribution, Kind, Model, Preference, Run, Servers, Station,
    TimeUnit, WaitingRoom,
};
use crate::stats::Interval;

/// Patients, and those of them who were refused or waited.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Patients {
    pub(super) hit: u64,
    pub(super) all: u64,
}

impl Patients {
    /// The share of those who were refused or waited; 0 where nobody came.
    pub(super) fn share(self) -> f64 {
        self.hit as f64 / (self.all as f64).max(1.0)
    }
}

impl std::ops::Add for Patients {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        Self { hit: self.hit + more.hit, all: self.all + more.all }
    }
}

/// What one replication counted.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    /// By ward.
    pub(super) wards: Vec<Patients>,
    pub(super) occupancy: f64,
    pub(super) mean_wait: f64,
}

impl Counted {
    pub(super) fn new(run: &Run, beds: u32, is_wait: bool) -> Self {
        let station = &run.stations[0];
        let mut wards = Vec::with_capacity(run.streams.len());
        for stream in &run.streams {
            let hit = if is_wait { stream.queued } else { stream.lost };
            wards.push(Patients { hit, all: stream.arrived });
        }
        Self {
            wards,
            occupancy: station.mean_busy(run.window) / f64::from(beds),
            mean_wait: station.waiting_time / (station.started as f64).max(1.0),
        }
    }

    /// Of all wards.
    pub(super) fn total(&self) -> Patients {
        let mut total = Patients::default();
        for ward in &self.wards {
            total = total + *ward;
        }
        total
    }
}

/// The mean of a figure over replications; `None` without any.
pub(super) fn over(counts: &[Counted], figure: impl Fn(&Counted) -> f64) -> Option<Interval> {
    let values: Vec<f64> = counts.iter().map(figure).collect();
    Interval::of(&values)
}

/// One station with so many beds; every ward is a stream with its own stays.
pub(super) fn model(question: &BedQuestion, wards: &[BedWard], beds: u32, days: Days) -> Model {
    let is_wait = question.target.is_wait();
    let mut model = Model {
        name: "beds".to_owned(),
        time_unit: TimeUnit::Days,
        warm_up: days.warm_up,
        horizon: days.warm_up + days.counted,
        stations: vec![Station {
            key: "beds".to_owned(),
            servers: Servers::Finite(beds),
            // As the formula has it: either everybody waits, or nobody.
            waiting_room: if is_wait { WaitingRoom::Infinite } else { WaitingRoom::None },
            ..Station::default()
        }],
        ..Model::default()
    };
    for ward in wards {
        model.classes.push(Class {
            key: ward.name.clone(),
            service: Some(Distribution::Lognormal { mean: ward.stay, cv: question.stay_cv }),
            ..Class::default()
        });
        model.streams.push(stream(ward));
    }
    model
}

fn stream(ward: &BedWard) -> ArrivalStream {
    let first = vec![("beds".into(), 1.0)];
    let (rate, week, year) = (ward.arrivals, Vec::new(), Vec::new());
    ArrivalStream {
        key: ward.name.clone(),
        arrivals: Arrivals::Poisson { rate, week, year, curve: None },
        kinds: vec![Kind {
            class: Some(ward.name.clone()),
            preferences: vec![Preference { first, ..Preference::default() }],
            ..Kind::default()
        }],
        ..ArrivalStream::default()
    }
}

/// Days of a replication.
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    pub(super) warm_up: f64,
    pub(super) counted: f64,
}

/// What the warm-up hangs on.
pub(super) struct Load {
    pub(super) beds: u32,
    pub(super) offered: f64,
    /// Mean days.
    pub(super) stay: f64,
    pub(super) stay_cv: f64,
    pub(super) is_wait: bool,
}

impl Load {
    /// Days until the ward has forgotten that it was empty; see [`BedTrial::warm_up_days`].
    pub(super) fn warm_up(&self, trial: &BedTrial) -> f64 {
        if let Some(days) = trial.warm_up_days {
            return f64::from(days);
        }
        let scatter = 1.0 + self.stay_cv.powi(2);
        let mut days = 10.0 * scatter * self.stay;
        if self.is_wait {
            // The relaxation time of M/M/c under load: 1 / (mu (sqrt c - sqrt a)^2).
            let room = f64::from(self.beds).sqrt() - self.offered.sqrt();
            days += 5.0 * scatter / 2.0 * self.stay / (room * room);
        }
        days.ceil().max(30.0).min(f64::from(trial.days))
    }
}
