//! A run with more servers than the model has, without a model of its own.

use super::{Compiled, NONE, Simulator, Start};
use crate::queueing::result::Run;
use crate::random::Seed;
use crate::run::Control;

impl Simulator {
    /// Runs a replication in which stations have more servers than in the model, the same customers coming with the
    /// same services; `None` when it is stopped.
    ///
    /// `more` is by station, in the order of the model; those behind its end have none more. The further servers
    /// are there in a shift in the share in which the station's own are, rounded up, and absent as these are. A station with
    /// infinitely many servers stays as it is.
    ///
    /// ```
    /// use verbund::queueing::{FileFormat, Model, Simulator};
    /// use verbund::random::Seed;
    /// use verbund::run::Control;
    ///
    /// // One server, one arrival an hour, an hour of service each, nobody waits.
    /// let text = r#"{"type": "MMc", "name": "loss", "time_unit": "h", "servers": 1,
    ///     "lambda": 1.0, "mu": 1.0, "warmup": 100, "horizon": 20100, "queue_capacity": 0}"#;
    /// let simulator = Simulator::new(&Model::read(text, FileFormat::Json)?)?;
    /// let run = simulator.run_with_more(&[1], Seed(1), 0, &Control::default()).ok_or("stopped")?;
    /// let lost = run.stations[0].lost as f64 / run.streams[0].arrived as f64;
    /// assert!((lost - 0.2).abs() < 0.02); // Erlang B of two servers, where one would lose a half
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run_with_more(
        &self,
        more: &[u32],
        seed: Seed,
        replication: u64,
        control: &Control<'_>,
    ) -> Option<Run> {
        self.run_as(Start { more, ..Start::of(self, seed, replication) }, control)
    }
}

/// Servers of a station at a moment at which the model says `servers`.
pub(super) fn with_more(model: &Compiled, more: &[u32], station: usize, servers: u32) -> u32 {
    let further = more.get(station).copied().unwrap_or(0);
    let full = model.stations[station].servers;
    if further == 0 || servers == NONE {
        return servers;
    }
    // In a shift with fewer servers as many of the further ones are away.
    let share = if servers < full { f64::from(servers) / f64::from(full) } else { 1.0 };
    let there = (f64::from(further) * share).ceil() as u32;
    servers.saturating_add(there).min(NONE - 1)
}
