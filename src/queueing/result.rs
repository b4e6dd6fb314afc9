//! What a replication counted.

use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use super::{GroupRun, Waits};
use crate::run::Control;

/// Ends of days and of hours at which every station is looked at, in hours since time 0. The start of each row is looked
/// at, too, so that what is counted in each step is a difference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moments {
    /// The hour at which the first day begins.
    pub from_day: u32,
    /// Days from there; 0 for none.
    pub days: u32,
    /// The hour with which single hours begin.
    pub from_hour: u32,
    /// Hours from there; 0 for none.
    pub hours: u32,
}

impl Moments {
    /// The hours of the ends of days, with the start of the first one; none without days.
    pub fn days(self) -> impl Iterator<Item = u32> {
        let count = if self.days == 0 { 0 } else { self.days + 1 };
        (0..count).map(move |day| self.from_day.saturating_add(day.saturating_mul(24)))
    }

    /// The ends of single hours, with the start of the first one; none without hours.
    pub fn hours(self) -> impl Iterator<Item = u32> {
        let count = if self.hours == 0 { 0 } else { self.hours + 1 };
        (0..count).map(move |hour| self.from_hour.saturating_add(hour))
    }

    /// All of them, rising, each once.
    pub(super) fn all(self) -> Vec<u32> {
        let mut hours: Vec<u32> = self.days().chain(self.hours()).collect();
        hours.sort_unstable();
        hours.dedup();
        hours
    }
}

/// What is counted beside the sums of the stations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches")]
pub struct Record {
    /// What becomes of every stream's customers ([`Run::streams`]); without it, only of those of streams
    /// that are tracked. On by default.
    pub streams: bool,
    /// Customers by hour of the week ([`Run::by_hour`]).
    pub hours: bool,
    /// Customers at the end of each day ([`Run::by_day`]); grows with the horizon.
    pub days: bool,
    /// The distribution of waits ([`StationRun::waits`]).
    pub waits: bool,
    /// Waits and lengths by class and by stream ([`Run::by_class`], [`Run::by_stream`]). A run takes about a third more
    /// time with them.
    pub groups: bool,
    /// Customers in all stations at 1,000 moments of the run, the warm-up included ([`Run::levels`]).
    pub levels: bool,
    /// Each station at these moments ([`Run::moments`]).
    pub moments: Moments,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            streams: true,
            hours: false,
            days: false,
            waits: false,
            groups: false,
            levels: false,
            moments: Moments::default(),
        }
    }
}

/// What a station did from the warm-up to the horizon.
///
/// Counts are of what happens in that time. Times of customers are cut to it, so that Little's
/// law holds exactly: the area under the number of customers is the sum of the times that they were
/// there.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StationRun {
    /// Arrivals from outside whose first choice it is.
    pub asked: u64,
    /// Of these, let in here, at once or after waiting: counted when service starts.
    pub admitted: u64,
    /// Let in here out of the waiting room, who asked before the statistics started or were there at the start:
    /// not among those who asked.
    pub admitted_earlier: u64,
    /// Of these, let in elsewhere.
    pub diverted: u64,
    /// Of these, let in nowhere.
    pub lost: u64,
    /// Let in although it was full.
    pub forced: u64,
    /// Of those without an appointment who were diverted to another site, lost or forced, and of those from another station who were
    /// forced: those for whom another station of the same site had a free server while this one was full, not closed. 0
    /// where the model knows no sites.
    #[serde(skip_serializing_if = "is_zero")]
    pub free_beside: u64,
    /// Let in from outside whose first choice was another station.
    pub received: u64,
    /// Customers who came from another station.
    pub transferred_in: u64,
    /// Customers who went on to another station.
    pub transferred_out: u64,
    /// Customers who left the system from here after service.
    pub left: u64,
    /// Customers who gave up waiting.
    pub reneged: u64,
    /// Of these, those who will ask again.
    #[serde(skip_serializing_if = "is_zero")]
    pub rebooked: u64,
    /// Customers who asked again, having given up before; they are among those who asked at their first choice.
    #[serde(skip_serializing_if = "is_zero")]
    pub came_again: u64,
    /// Customers who were sent away because the station closed: out of the waiting room, while blocked for it, or when
    /// they wanted to come from a station, this one included.
    pub sent_away: u64,
    /// Services that started after a wait above zero.
    pub waited: u64,
    /// Services that started.
    pub started: u64,
    /// Time waited by customers whose service started.
    pub waiting_time: f64,
    /// Customers who were blocked here, counted when it begins.
    pub blocked: u64,
    /// Area under the number of blocked customers.
    pub blocked_area: f64,
    /// Area under the number of customers waiting.
    pub queue_area: f64,
    /// Area under the number of customers in service or blocked.
    pub busy_area: f64,
    /// Area under the number of servers (0 for infinitely many).
    pub servers_area: f64,
    /// Time by number of customers in service or blocked.
    pub time_at: Vec<f64>,
    /// Time in which no server was free.
    pub full_time: f64,
    /// The times that customers were here, waiting or in service.
    pub customer_time: f64,
    /// Customers here at the warm-up.
    pub at_start: u64,
    /// Customers here at the end.
    pub at_end: u64,
    /// Customers who came, in whatever way (waiting included).
    pub came: u64,
    /// Customers who went, in whatever way.
    pub went: u64,
    /// Waits above zero of customers whose service started; empty unless asked for.
    #[serde(skip_serializing_if = "Waits::is_empty")]
    pub waits: Waits,
}

impl StationRun {
    /// Mean number of customers in service or blocked.
    pub fn mean_busy(&self, window: f64) -> f64 {
        self.busy_area / window
    }

    /// The wait in seconds that the share `q` of the services that started did not exceed, those without a wait
    /// included, to two figures; `None` where none started. Needs [`Record::waits`].
    pub fn wait_quantile(&self, q: f64) -> Option<f64> {
        if self.started == 0 {
            return None;
        }
        // Only waits above zero are in the list; the others are the lowest ones.
        let without = self.started - self.waits.count().min(self.started);
        let rank = q * self.started as f64 - without as f64;
        if rank <= 0.0 {
            return Some(0.0);
        }
        let wait = self.waits.quantile(rank / self.waits.count() as f64)?;
        Some(f64::from(wait.0))
    }

    /// The least number of customers in service or blocked that is not exceeded in the share `q` of
    /// the time.
    pub fn busy_quantile(&self, q: f64) -> usize {
        let total: f64 = self.time_at.iter().sum();
        let mut so_far = 0.0;
        for (number, time) in self.time_at.iter().enumerate() {
            so_far += time;
            if so_far >= q * total {
                return number;
            }
        }
        self.time_at.len().saturating_sub(1)
    }
}

/// What became of a stream's customers when they arrived: each is counted in one of these.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StreamRun {
    /// Arrivals.
    pub arrived: u64,
    /// Let in at the first choice, at once.
    pub at_first: u64,
    /// Put in a waiting room.
    pub queued: u64,
    /// Let in elsewhere.
    pub diverted: u64,
    /// Let in although all were full, at the first choice or elsewhere.
    pub forced: u64,
    /// Let in nowhere.
    pub lost: u64,
    /// By kind, preference and then station where a customer got in (or waits): how many.
    pub taken: Vec<Vec<Vec<(u32, u64)>>>,
}

/// How often an alternate was used.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AlternateRun {
    /// Customers who came by it.
    pub used: u64,
    /// Of these, those who came from another station.
    #[serde(skip_serializing_if = "is_zero")]
    pub moved: u64,
}

/// For `skip_serializing_if`: few models have what is counted here.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// How often a branch was used.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BranchRun {
    /// Customers who took it.
    pub taken: u64,
    /// Those of them who found all full.
    pub found_full: u64,
}

/// What a team did.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TeamRun {
    /// Entries.
    pub used: u64,
    /// Customers who went elsewhere because nobody of it was free.
    pub missed: u64,
    /// Time that forced customers waited for it.
    pub waiting_time: f64,
}

/// Stations that block each other in a circle.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DeadlockCycle {
    /// When it closed.
    pub at: f64,
    /// The stations, in the order in which their customers want to move.
    pub stations: Vec<String>,
}

/// A station at a moment; counts are from the start of the statistics on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StationMoment {
    /// Customers in service or blocked.
    pub busy: u32,
    /// Those whose first choice it is who got in at another site, or nowhere, or were sent away as it closed.
    pub sent_on: u32,
    /// Those who got in at another station of its site.
    pub beside: u32,
    /// Those who were let in although it was full.
    pub forced: u32,
}

/// All stations at a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Moment {
    /// Hours since time 0.
    pub hours: u32,
    /// By station.
    pub stations: Vec<StationMoment>,
}

/// What a replication counted.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Run {
    /// Number of the replication, from 0.
    pub replication: u64,
    /// Length of the time that was counted.
    pub window: f64,
    /// Arrivals and ends of service, from time 0.
    pub events: u64,
    /// By station.
    pub stations: Vec<StationRun>,
    /// By stream.
    pub streams: Vec<StreamRun>,
    /// By alternate, in the order of the stations.
    pub alternates: Vec<AlternateRun>,
    /// By branch, in the order of the stations and their routes (those of all classes first).
    pub branches: Vec<BranchRun>,
    /// By team.
    pub teams: Vec<TeamRun>,
    /// Deadlocks that were dissolved by swapping.
    pub swaps: u64,
    /// The first deadlock.
    pub deadlock: Option<DeadlockCycle>,
    /// When there were more than 2^24 (16,777,216) customers at one time: the run ended there, as they would not fit
    /// into memory.
    pub overcrowded: Option<f64>,
    /// By class and station; a model without classes has one. Empty unless asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_class: Vec<Vec<GroupRun>>,
    /// By stream and station, wherever its customers go; empty unless asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_stream: Vec<Vec<GroupRun>>,
    /// Customers in all stations, waiting or in service, at 1,000 moments evenly from 0 to before the horizon; empty
    /// unless asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<u64>,
    /// How many hours were counted, by hour of the week; empty unless asked for.
    pub hours: Vec<u64>,
    /// Customers in service or blocked at the start of each hour: by hour of the week and station, the sum
    /// over those [`Self::hours`]; empty unless asked for.
    pub by_hour: Vec<Vec<u64>>,
    /// Customers in service or blocked at the end of each day from the warm-up on, by station; empty
    /// unless asked for.
    pub by_day: Vec<Vec<u32>>,
    /// The stations at the moments of [`Record::moments`] from the warm-up on, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moments: Vec<Moment>,
}

impl Run {
    /// What does not add up: Little's law at every station (the area under the number of customers
    /// equals the time that they spent there, within 1e-9 of it), and conservation (customers who were
    /// there or came, less those who went, are those who are there). Empty for a run that is right.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if let Some(time) = self.overcrowded {
            faults.push(format!(
                "more than 2^24 customers at one time, at {time}: more come than are served"
            ));
        }
        for (number, station) in self.stations.iter().enumerate() {
            let area = station.busy_area + station.queue_area;
            let scale = area.max(station.customer_time).max(1.0);
            if (area - station.customer_time).abs()
                > 1e-9 * scale * (station.came as f64 + 2.0).sqrt()
            {
                faults.push(format!(
                    "station {number}: {area} customers times time, but they spent {}",
                    station.customer_time
                ));
            }
            if station.at_start + station.came != station.went + station.at_end {
                faults.push(format!(
                    "station {number}: {} were there and {} came, but {} went and {} are there",
                    station.at_start, station.came, station.went, station.at_end
                ));
            }
        }
        for (number, stream) in self.streams.iter().enumerate() {
            let known = stream.at_first + stream.queued + stream.lost;
            if known > stream.arrived {
                faults.push(format!("stream {number}: {known} of {} customers", stream.arrived));
            }
        }
        faults
    }
}

/// What became of a customer at a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum Outcome {
    /// Left the system after service.
    Left,
    /// Went on to another station.
    Moved,
    /// Gave up waiting.
    Reneged,
    /// Gave up waiting, and will ask again: the next stay of the same number is that.
    Rebooked,
    /// Was sent away because the station closed.
    SentAway,
    /// Was let in nowhere.
    Lost,
    /// Is still there at the horizon.
    Present,
}

/// One stay of a customer at a station, for a trace.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Visit {
    /// Key of the customer: unique in a replication but for a chance of one in 2^64 a pair.
    pub customer: u64,
    /// Number of the stay, from 0.
    pub visit: u32,
    /// Position of the stream; `u32::MAX` for somebody who was there at the start.
    pub stream: u32,
    /// Position of the class.
    pub class: u32,
    /// Position of the station; of the first choice when it was lost.
    pub station: u32,
    /// Position of the first choice.
    pub first: u32,
    /// When the customer came.
    pub came: f64,
    /// When service started; `None` when it never did.
    pub started: Option<f64>,
    /// When service ended; `None` when it did not.
    pub ended: Option<f64>,
    /// When the customer went, or the horizon.
    pub went: f64,
    /// Whether the customer was let in although it was full.
    pub forced: bool,
    /// What became of the customer.
    pub outcome: Outcome,
}

/// Somebody who watches a run.
pub trait Watch {
    /// Whether anybody looks; a run that nobody watches keeps less of every customer.
    const LOOKS: bool = true;

    /// A customer goes from a station, or never got in.
    fn visit(&mut self, visit: &Visit);

    /// Whether the run should end before its time; asked every few thousand events. What is counted until
    /// then is no result.
    #[inline]
    fn stops(&mut self) -> bool {
        false
    }

    /// So many parts of a run that is cut into parts are over.
    fn ends_part(&mut self, _parts: u64) {}
}

/// Nobody but somebody who may stop the run.
#[derive(Debug)]
pub(super) struct Stopping<'a> {
    pub(super) stop: &'a AtomicBool,
    /// Whether it was stopped.
    pub(super) is_stopped: bool,
}

impl Watch for Stopping<'_> {
    const LOOKS: bool = false;

    #[inline]
    fn visit(&mut self, _: &Visit) {}

    #[inline]
    fn stops(&mut self) -> bool {
        self.is_stopped |= self.stop.load(Ordering::Relaxed);
        self.is_stopped
    }
}

/// Somebody who may stop a run that is cut into parts, and hears how many are over.
pub(super) struct InParts<'a> {
    pub(super) control: Control<'a>,
    /// Whether it was stopped.
    pub(super) is_stopped: bool,
}

impl Watch for InParts<'_> {
    const LOOKS: bool = false;

    #[inline]
    fn visit(&mut self, _: &Visit) {}

    #[inline]
    fn stops(&mut self) -> bool {
        self.is_stopped |= self.control.is_stopped();
        self.is_stopped
    }

    fn ends_part(&mut self, parts: u64) {
        self.control.tell(parts);
    }
}

/// Nobody.
impl Watch for () {
    const LOOKS: bool = false;

    #[inline]
    fn visit(&mut self, _: &Visit) {}
}

impl<F: FnMut(&Visit)> Watch for F {
    fn visit(&mut self, visit: &Visit) {
        self(visit);
    }
}
