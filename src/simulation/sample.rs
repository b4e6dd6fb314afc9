//! What one replication of a region's patient flow gave.

use super::build::Built;
use crate::queueing::{Run, Waits};

/// What a ward did in the days that were counted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WardSample {
    /// Patients from outside who were let in, forced ones and those of other first choices included.
    pub admissions: f64,
    /// Beds that were occupied on average.
    pub census: f64,
    /// Occupied beds that were not exceeded in 95 % of the time.
    pub census_p95: f64,
    /// Share of the time in which no staffed bed was free.
    pub full_share: f64,
    /// Patients who waited at home or for a bed.
    pub waited: f64,
    /// Days that they waited, all together.
    pub waiting_days: f64,
    /// Patients whose first choice it was and who were let in elsewhere.
    pub diverted_away: f64,
    /// Patients who came because their first choice was full.
    pub received: f64,
    /// Patients who were let in without a free bed.
    pub forced: f64,
    /// Patients who were let in nowhere, and those who were sent away when it closed.
    pub refused: f64,
    /// Patients who came from another ward.
    pub transferred_in: f64,
    /// Beds that were held on average by patients who wait for another ward.
    pub blocked: f64,
}

/// What one replication of a region's patient flow gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sample {
    /// By ward.
    pub wards: Vec<WardSample>,
    /// Waits by ward, of all who got a bed.
    pub(super) waits: Vec<Waits>,
    /// By stream: patients who came, were let in nowhere.
    pub(super) streams: Vec<(u64, u64)>,
    /// Of the streams of pathways: by preference, ward and count.
    pub(super) taken: Vec<Vec<Vec<(u32, u64)>>>,
    /// By alternate.
    pub(super) alternates: Vec<u64>,
    /// By branch.
    pub(super) branches: Vec<u64>,
    /// Entries, refusals and waiting hours by team.
    pub(super) teams: Vec<(u64, u64, f64)>,
    /// Occupied beds by ward and hour of the week, on average.
    pub(super) by_hour: Vec<Vec<f32>>,
    /// Occupied beds by day and ward.
    pub(super) by_day: Vec<Vec<u32>>,
    /// Arrivals and ends of service.
    pub events: u64,
    /// What did not add up: empty.
    pub faults: Vec<String>,
}

impl Sample {
    pub(super) fn new(built: &Built<'_>, run: Run) -> Self {
        let faults = run.faults();
        let window = run.window.max(f64::MIN_POSITIVE);
        let hours = &run.hours;
        let mut sample = Self {
            wards: Vec::with_capacity(built.wards.len()),
            alternates: run.alternates.iter().map(|one| one.used).collect(),
            branches: run.branches.iter().map(|one| one.taken - one.found_full).collect(),
            teams: run
                .teams
                .iter()
                .map(|one| (one.used, one.missed, one.waiting_time * 24.0))
                .collect(),
            streams: run.streams.iter().map(|one| (one.arrived, one.lost)).collect(),
            by_day: run.by_day,
            events: run.events,
            faults,
            ..Self::default()
        };
        for (number, station) in run.stations.into_iter().enumerate() {
            sample.wards.push(WardSample {
                admissions: (station.admitted + station.admitted_earlier + station.received) as f64,
                census: station.busy_area / window,
                census_p95: station.busy_quantile(0.95) as f64,
                full_share: station.full_time / window,
                waited: station.waited as f64,
                waiting_days: station.waiting_time,
                diverted_away: station.diverted as f64,
                received: station.received as f64,
                forced: station.forced as f64,
                refused: (station.lost + station.sent_away) as f64,
                transferred_in: station.transferred_in as f64,
                blocked: station.blocked_area / window,
            });
            let mean = |(sums, count): (&Vec<u64>, &u64)| {
                (sums[number] as f64 / (*count).max(1) as f64) as f32
            };
            sample.by_hour.push(run.by_hour.iter().zip(hours).map(mean).collect());
            sample.waits.push(station.waits);
        }
        for stream in run.streams {
            // All kinds of a stream have the same preferences.
            let mut all: Vec<Vec<(u32, u64)>> = Vec::new();
            for kind in stream.taken {
                all.resize(all.len().max(kind.len()), Vec::new());
                for (own, more) in all.iter_mut().zip(kind) {
                    own.extend(more);
                }
            }
            sample.taken.push(all);
        }
        sample
    }
}
