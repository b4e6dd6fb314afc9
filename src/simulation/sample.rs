//! What one replication of a region's patient flow gave.

use serde::Serialize;

use super::build::{Built, Help};
use crate::queueing::{AlternateRun, Moment, Run, StationRun, Waits};

/// What a ward did in the days that were counted.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
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
    /// Patients who were laid in another ward of their hospital because this one, their own, was full.
    pub outliers: f64,
    /// Emergencies who were sent on, let in without a free bed or refused, and patients from intensive care for whom a bed was put
    /// up, while another ward of the hospital that could help ([`Outliers`](super::Outliers)) had a free bed: its
    /// share for others was used up, or wards do not help each other.
    pub free_beside: f64,
    /// Patients who were let in without a free bed.
    pub forced: f64,
    /// Patients who were let in nowhere, and those who were sent away when it closed.
    pub refused: f64,
    /// Patients who gave up waiting and do not come again.
    pub gave_up: f64,
    /// Patients who gave up waiting and got another date.
    pub rebooked: f64,
    /// Patients who came from another ward.
    pub transferred_in: f64,
    /// Beds that were held on average by patients who wait for another ward.
    pub blocked: f64,
}

/// What a team did.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct TeamCount {
    /// Admissions that kept it busy.
    pub(super) used: u64,
    /// Patients who found it busy and went elsewhere.
    pub(super) missed: u64,
    /// Hours that patients waited for it, all together.
    pub(super) waited_hours: f64,
}

/// What one replication of a region's patient flow gave.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Sample {
    /// By ward.
    pub wards: Vec<WardSample>,
    /// Waits by ward, of all who got a bed.
    #[serde(skip)]
    pub(super) waits: Vec<Waits>,
    /// Of the streams of pathways: by preference, the wards in which patients got in, with how many.
    #[serde(skip)]
    pub(super) taken: Vec<Vec<Vec<(u32, u64)>>>,
    /// By alternate.
    #[serde(skip)]
    pub(super) alternates: Vec<u64>,
    /// By branch.
    #[serde(skip)]
    pub(super) branches: Vec<u64>,
    /// By team.
    #[serde(skip)]
    pub(super) teams: Vec<TeamCount>,
    /// Occupied beds by ward and hour of the week, on average.
    #[serde(skip)]
    pub(super) by_hour: Vec<Vec<f32>>,
    /// Occupied beds by day and hospital.
    #[serde(skip)]
    pub(super) by_day: Vec<Vec<u32>>,
    /// The wards at the moments at which they were looked at.
    #[serde(skip)]
    pub(super) moments: Vec<Moment>,
    /// Arrivals and ends of service.
    pub events: u64,
    /// What did not add up: empty.
    pub faults: Vec<String>,
}

impl Sample {
    pub(super) fn new(built: &Built, run: Run) -> Self {
        let window = run.window.max(f64::MIN_POSITIVE);
        let mut sample = Self {
            wards: Vec::with_capacity(built.wards.len()),
            events: run.events,
            faults: run.faults(),
            ..Self::default()
        };
        for alternate in &run.alternates {
            sample.alternates.push(alternate.used);
        }
        for branch in &run.branches {
            // Whoever found the receiver full was not handed on.
            sample.branches.push(branch.taken - branch.found_full);
        }
        for team in &run.teams {
            let waited_hours = team.waiting_time * 24.0;
            sample.teams.push(TeamCount { used: team.used, missed: team.missed, waited_hours });
        }
        for (number, station) in run.stations.into_iter().enumerate() {
            sample.wards.push(WardSample::new(&station, window));
            let mut by_hour = Vec::with_capacity(run.hours.len());
            for (sums, count) in run.by_hour.iter().zip(&run.hours) {
                let mean = sums[number] as f64 / (*count).max(1) as f64;
                // Halves the memory of a replication; a mean of beds needs no more digits.
                by_hour.push(mean as f32);
            }
            sample.by_hour.push(by_hour);
            sample.waits.push(station.waits);
        }
        sample.count_outliers(built, &run.alternates);
        for stream in run.streams {
            sample.taken.push(by_preference(stream.taken));
        }
        sample.by_day = run.by_day;
        sample.moments = run.moments;
        sample
    }
}

impl Sample {
    /// Takes those who stayed in their house out of those who were sent on, and counts them apart.
    fn count_outliers(&mut self, built: &Built, alternates: &[AlternateRun]) {
        for (help, run) in built.helps.iter().zip(alternates) {
            let Some(Help { from, to }) = *help else { continue };
            let from_outside = (run.used - run.moved) as f64;
            self.wards[from.index()].outliers += run.used as f64;
            self.wards[from.index()].diverted_away -= from_outside;
            self.wards[to.index()].received -= from_outside;
        }
    }
}

/// Adds up what the kinds of a stream took, which have the same preferences.
fn by_preference(by_kind: Vec<Vec<Vec<(u32, u64)>>>) -> Vec<Vec<(u32, u64)>> {
    let mut taken: Vec<Vec<(u32, u64)>> = Vec::new();
    for kind in by_kind {
        taken.resize(taken.len().max(kind.len()), Vec::new());
        for (preference, more) in taken.iter_mut().zip(kind) {
            preference.extend(more);
        }
    }
    taken
}

impl WardSample {
    /// Of a station, over so many days.
    fn new(station: &StationRun, days: f64) -> Self {
        Self {
            // By when they got a bed, whenever they asked for it: beds are what is counted.
            admissions: (station.admitted + station.admitted_earlier + station.received) as f64,
            census: station.busy_area / days,
            census_p95: station.busy_quantile(0.95) as f64,
            full_share: station.full_time / days,
            waited: station.waited as f64,
            waiting_days: station.waiting_time,
            diverted_away: station.diverted as f64,
            received: station.received as f64,
            outliers: 0.0,
            free_beside: station.free_beside as f64,
            forced: station.forced as f64,
            // Nobody treats either of them.
            refused: (station.lost + station.sent_away) as f64,
            gave_up: (station.reneged - station.rebooked) as f64,
            rebooked: station.rebooked as f64,
            transferred_in: station.transferred_in as f64,
            blocked: station.blocked_area / days,
        }
    }
}
