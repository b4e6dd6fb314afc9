//! Queues that some leave: few waiting places, or patients who give up.

use serde::Serialize;

use super::error::{FormulaError, check, check_positive};
use super::station::Station;

/// Most patients in a chain: it takes a step for each.
const MOST_PEOPLE: u32 = 100_000_000;

/// A queue with few waiting places. Times are in the unit of the station.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LimitedWait {
    /// Share of all patients who find every waiting place taken and go elsewhere, 0 to 1.
    pub refused: f64,
    /// Share of the admitted who must wait, 0 to 1.
    pub waits: f64,
    /// Mean wait of the admitted.
    pub mean_wait: f64,
    /// Mean number of patients who wait.
    pub mean_queue: f64,
    /// Mean number of patients who wait or are served.
    pub mean_people: f64,
}

/// A queue whose patients give up. Times are in the unit of the station.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ImpatientWait {
    /// Share of patients who find all servers busy, 0 to 1.
    pub waits: f64,
    /// Share of patients who leave before they are served, 0 to 1.
    pub leaves: f64,
    /// Mean time in the queue of all patients, those who leave included.
    pub mean_wait: f64,
    /// Mean number of patients who wait.
    pub mean_queue: f64,
    /// Mean number of patients who wait or are served.
    pub mean_people: f64,
}

impl Station {
    /// The queue with this many waiting places besides the servers (M/M/c/K, K = servers + places).
    ///
    /// A customer who finds all places taken is refused, so any load has a steady state. Without places these
    /// are the refusals of [`Station::loss`]. Holds for exponential service times. Servers and
    /// places together are at most a hundred million.
    ///
    /// # Errors
    ///
    /// When servers and places are more than that.
    ///
    /// ```
    /// use verbund::queueing::formulas::Station;
    ///
    /// // One server as fast as patients come, one place: 0, 1 or 2 people, a third of time each.
    /// let queue = Station::new(1.0, 1.0, 1)?.with_room(1)?;
    /// assert!((queue.refused - 1.0 / 3.0).abs() < 1e-15);
    /// assert!((queue.waits - 1.0 / 2.0).abs() < 1e-15);
    /// assert!((queue.mean_wait - 1.0 / 2.0).abs() < 1e-15);
    /// # Ok::<(), verbund::queueing::formulas::FormulaError>(())
    /// ```
    pub fn with_room(&self, places: u32) -> Result<LimitedWait, FormulaError> {
        let people = self.servers().saturating_add(places);
        let expected = "at most 100,000,000";
        check(
            people <= MOST_PEOPLE,
            "the number of servers and waiting places",
            f64::from(people),
            expected,
        )?;
        let mut chain = Chain::new(self);
        let mut waits = 0.0;
        while chain.people < people && chain.full > 0.0 {
            // The admitted meet what the chain without its highest state is like.
            waits = chain.all_busy;
            chain.grow(0.0);
        }
        Ok(LimitedWait {
            refused: if chain.people == people { chain.full } else { 0.0 },
            waits,
            mean_wait: ratio(chain.queue, chain.busy) * self.mean_service(),
            mean_queue: chain.queue,
            mean_people: chain.queue + chain.busy,
        })
    }

    /// The queue that patients leave who wait too long (Erlang A, M/M/c+M).
    ///
    /// Each has an exponential patience with this mean, in the unit of the service time, of at
    /// least a trillionth of it; any load has a steady state. Holds for exponential service times.
    /// States are added until the rest weighs less than 1e-16 of the queue.
    ///
    /// Palm, C. (1957): Research on telephone traffic carried by full availability groups. Tele 1.
    ///
    /// # Errors
    ///
    /// When the patience is out of range, or so long that a hundred million patients would not
    /// end the chain.
    ///
    /// ```
    /// use verbund::queueing::formulas::Station;
    ///
    /// // Patience as long as service: as many people as if everybody had a server, mean 2, and
    /// // all four are busy with P(N >= 4) = 1 - e^-2 (1 + 2 + 2 + 4/3) = 0.1429.
    /// let queue = Station::new(2.0, 1.0, 4)?.with_patience(1.0)?;
    /// assert!((queue.mean_people - 2.0).abs() < 1e-12);
    /// assert!((queue.waits - 0.1429).abs() < 1e-4);
    /// # Ok::<(), verbund::queueing::formulas::FormulaError>(())
    /// ```
    pub fn with_patience(&self, mean_patience: f64) -> Result<ImpatientWait, FormulaError> {
        const NAME: &str = "the mean patience";
        check_positive(NAME, mean_patience)?;
        let leaving = self.mean_service() / mean_patience;
        let expected = "at least a trillionth of the mean service time";
        check(leaving <= 1e12, NAME, mean_patience, expected)?;
        let mut chain = Chain::new(self);
        let expected = "a time that keeps the queue below 100,000,000 patients";
        // As many wait as make those leave whom the servers cannot serve.
        let excess = self.offered() - f64::from(self.servers());
        check(excess / leaving <= f64::from(MOST_PEOPLE), NAME, mean_patience, expected)?;
        while !chain.is_complete(leaving) {
            check(chain.people < MOST_PEOPLE, NAME, mean_patience, expected)?;
            chain.grow(leaving);
        }
        Ok(ImpatientWait {
            waits: chain.all_busy,
            leaves: ratio(chain.queue * leaving, self.offered()).min(1.0),
            mean_wait: ratio(chain.queue, self.offered()) * self.mean_service(),
            mean_queue: chain.queue,
            mean_people: chain.queue + chain.busy,
        })
    }
}

/// A share of what may be nothing: 0 of 0 is 0.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The number of patients as a birth-death chain, cut off at its highest state, with its means.
///
/// A state more leaves the odds of the others alone. So with f the share of time in the highest
/// state, the next one has r f / (1 + r f), r = births / deaths, and every mean m becomes
/// (1 - f) m + f x its value there. No step subtracts nearly equal numbers, none overflows.
struct Chain {
    offered: f64,
    servers: u32,
    /// The highest state.
    people: u32,
    /// Share of time in the highest state.
    full: f64,
    /// Share of time with all servers busy.
    all_busy: f64,
    /// Mean number of busy servers.
    busy: f64,
    /// Mean number of waiting patients.
    queue: f64,
}

impl Chain {
    /// Nobody is there.
    fn new(station: &Station) -> Self {
        let (offered, servers) = (station.offered(), station.servers());
        Self { offered, servers, people: 0, full: 1.0, all_busy: 0.0, busy: 0.0, queue: 0.0 }
    }

    /// Births over deaths of the state above the highest. Each waiting patient leaves at the rate
    /// `leaving`, counted in service times.
    fn odds(&self, leaving: f64) -> f64 {
        let people = self.people + 1;
        let (busy, waiting) = (people.min(self.servers), people.saturating_sub(self.servers));
        self.offered / (f64::from(busy) + f64::from(waiting) * leaving)
    }

    /// Adds a state.
    fn grow(&mut self, leaving: f64) {
        let weight = self.odds(leaving) * self.full;
        self.full = weight / (1.0 + weight);
        self.people += 1;
        let busy = self.people.min(self.servers);
        let rest = 1.0 / (1.0 + weight);
        self.all_busy = rest * self.all_busy + if busy == self.servers { self.full } else { 0.0 };
        self.busy = rest * self.busy + self.full * f64::from(busy);
        self.queue = rest * self.queue + self.full * f64::from(self.people - busy);
    }

    /// Whether all states that are left out weigh less than 1e-16 of the queue.
    fn is_complete(&self, leaving: f64) -> bool {
        if self.full == 0.0 {
            return true;
        }
        let odds = self.odds(leaving);
        if self.people <= self.servers || odds >= 1.0 {
            return false;
        }
        // The odds only fall from here, so a geometric series bounds the rest.
        let waiting = f64::from(self.people - self.servers);
        let rest = self.full * odds / (1.0 - odds) * (waiting + 1.0 / (1.0 - odds));
        rest <= 1e-16 * self.queue
    }
}
