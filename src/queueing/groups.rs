//! Waits and lengths by class and by stream.

use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use super::compile::NONE;
use super::model::Model;
use super::result::{Outcome, Run, Visit, Watch};

/// What the customers of one class, or of one stream, did at a station from the warm-up to the horizon: parts of what
/// [`StationRun`](super::StationRun) counts of all.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GroupRun {
    /// Services that started; those that go on at time 0 are not among them.
    pub started: u64,
    /// Of these, after a wait above zero.
    pub waited: u64,
    /// Time waited by customers whose service started.
    pub waiting_time: f64,
    /// Customers who gave up waiting.
    pub reneged: u64,
    /// Area under the number of them who wait.
    pub queue_area: f64,
    /// Area under the number of them in service or blocked.
    pub busy_area: f64,
}

impl GroupRun {
    fn add(&mut self, visit: &Visit, from: f64) {
        let wait_end = visit.started.unwrap_or(visit.went);
        self.queue_area += (wait_end - visit.came.max(from)).max(0.0);
        self.reneged += u64::from(has_given_up(visit) && visit.went >= from);
        let Some(started) = visit.started else { return };
        self.busy_area += (visit.went - started.max(from)).max(0.0);

        // Whoever is in service at the start did not start then.
        let was_there = visit.stream == NONE && visit.came == 0.0 && started == 0.0;
        if started < from || was_there {
            return;
        }
        let wait = started - visit.came;
        self.started += 1;
        if wait > 0.0 {
            self.waited += 1;
            self.waiting_time += wait;
        }
    }
}

fn has_given_up(visit: &Visit) -> bool {
    matches!(visit.outcome, Outcome::Reneged | Outcome::Rebooked)
}

/// Sums up visits as they end; may be stopped.
pub(super) struct Groups<'a> {
    from: f64,
    /// By class and station.
    by_class: Vec<Vec<GroupRun>>,
    /// By stream and station.
    by_stream: Vec<Vec<GroupRun>>,
    stop: Option<&'a AtomicBool>,
    pub(super) is_stopped: bool,
}

impl<'a> Groups<'a> {
    pub(super) fn new(model: &Model, stop: Option<&'a AtomicBool>) -> Self {
        let stations = vec![GroupRun::default(); model.stations.len()];
        Self {
            from: model.warm_up,
            // Customers without a class are of class 0.
            by_class: vec![stations.clone(); model.classes.len().max(1)],
            by_stream: vec![stations; model.streams.len()],
            stop,
            is_stopped: false,
        }
    }

    /// The run with what was summed up.
    pub(super) fn put_into(self, run: Run) -> Run {
        Run { by_class: self.by_class, by_stream: self.by_stream, ..run }
    }
}

impl Watch for Groups<'_> {
    #[inline]
    fn visit(&mut self, visit: &Visit) {
        if visit.outcome == Outcome::Lost {
            return;
        }
        let station = visit.station as usize;
        self.by_class[visit.class as usize][station].add(visit, self.from);
        // Those of the start are of no stream.
        if let Some(stream) = self.by_stream.get_mut(visit.stream as usize) {
            stream[station].add(visit, self.from);
        }
    }

    #[inline]
    fn stops(&mut self) -> bool {
        self.is_stopped |= self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
        self.is_stopped
    }
}
