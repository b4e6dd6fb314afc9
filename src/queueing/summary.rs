//! Replications of a model, side by side and summed up.

use serde::Serialize;

use super::engine::Simulator;
use super::replications::{Ended, replicate_until};
use super::result::{Run, StationRun};
use super::waits::Waits;
use crate::random::Seed;
use crate::run::Control;
use crate::stats::Interval;

/// What replications of a model counted, in their order.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// The replications, without what is [`StationRun::time_at`] and [`StationRun::waits`] of each.
    pub runs: Vec<Run>,
    /// By station, the waits above zero of all replications, where they were asked for ([`super::Record::waits`]).
    pub waits: Vec<Waits>,
    /// Customers in all stations at each moment of [`Run::levels`], mean of the replications that ran to the end; empty
    /// where it was not asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<f64>,
    /// By station and replication, the wait in seconds that 95 % of the services did not exceed.
    #[serde(skip)]
    p95: Vec<Vec<f64>>,
    /// Why there are no more.
    pub ended: Ended,
}

impl Simulator {
    /// Runs replications 0 up to `count`, in parallel, and sums them up in their order: the result does not depend
    /// on the number of threads. Progress is how many are finished. When it is stopped, those count that were
    /// finished without a gap, and those that run are given up.
    ///
    /// ```
    /// use verbund::random::Seed;
    /// use verbund::run::Control;
    /// use verbund::queueing::{FileFormat, Model, Simulator};
    ///
    /// // Two servers, two arrivals an hour, an hour of service each, nobody can wait: Erlang B is 0.4.
    /// let text = r#"{"type": "MMc", "name": "loss", "time_unit": "h", "servers": 2,
    ///     "lambda": 2.0, "mu": 1.0, "warmup": 100, "horizon": 5100, "queue_capacity": 0}"#;
    /// let simulator = Simulator::new(&Model::read(text, FileFormat::Json)?)?;
    /// let summary = simulator.replications(Seed(1), 20, &Control::default());
    /// let lost = summary.station(0, |run, _| Some(run.lost as f64 / run.asked as f64)).unwrap();
    /// assert!(lost.contains(0.4) && lost.half_width.unwrap() < 0.01);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn replications(&self, seed: Seed, count: u64, control: &Control<'_>) -> Summary {
        let mut merged = Merged::new(self);
        let merge = |run: Run| {
            merged.levels.add(&run.levels);
            merged.add(run);
            false
        };
        let run = |number| self.run_until(seed, number, control);
        let ended = replicate_until(count, control, run, merge);
        merged.into_summary(ended)
    }

    /// One long run (replication 0) in place of replications: the time from the warm-up to the horizon is cut into so many
    /// parts of equal length, at least one, and the statistics start again with each. The parts are the summary's runs,
    /// so that its intervals are those of batch means. They hold where a part is long beside the time in which the
    /// stations forget how full they were: [`Summary::correlation`] tells. Waits by class and stream, days and hours are
    /// not told. Progress is how many parts are over; when it is stopped, those are the runs.
    ///
    /// Law, A. M. (2015): Simulation modeling and analysis, 5th edition, section 9.5.3.
    ///
    /// ```
    /// use verbund::queueing::{FileFormat, Model, Simulator};
    /// use verbund::random::Seed;
    /// use verbund::run::Control;
    ///
    /// // One server, half of it used: the mean wait is an hour.
    /// let text = r#"{"type": "MMc", "name": "desk", "time_unit": "h", "servers": 1,
    ///     "lambda": 0.5, "mu": 1.0, "warmup": 100, "horizon": 40100, "queue_capacity": null}"#;
    /// let simulator = Simulator::new(&Model::read(text, FileFormat::Json)?)?;
    /// let summary = simulator.long_run(Seed(1), 20, &Control::default());
    /// let wait = summary.station(0, |run, _| Some(run.waiting_time / run.started as f64)).unwrap();
    /// assert!(wait.contains(1.0) && wait.half_width.unwrap() < 0.1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn long_run(&self, seed: Seed, parts: u64, control: &Control<'_>) -> Summary {
        let mut merged = Merged::new(self);
        let parts = parts.max(1);
        let (runs, is_stopped) = self.run_in_parts(seed, parts, control);
        // Each part knows its own moments only.
        let mut levels = Vec::new();
        for run in runs {
            levels.extend(&run.levels);
            merged.add(run);
        }
        if is_stopped {
            // The moments of the rest are missing: whether it settled is not known.
            return merged.into_summary(Ended::Interrupted);
        }
        merged.levels.add(&levels);
        merged.into_summary(Ended::Completed)
    }
}

/// What a summary is made of.
struct Merged {
    runs: Vec<Run>,
    waits: Vec<Waits>,
    p95: Vec<Vec<f64>>,
    levels: Levels,
    has_waits: bool,
}

impl Merged {
    fn new(simulator: &Simulator) -> Self {
        let stations = simulator.model().stations.len();
        Self {
            runs: Vec::new(),
            waits: vec![Waits::default(); stations],
            p95: vec![Vec::new(); stations],
            levels: Levels::default(),
            has_waits: simulator.records_waits(),
        }
    }

    fn add(&mut self, mut run: Run) {
        run.levels = Vec::new();
        let stations = run.stations.iter_mut().zip(&mut self.waits);
        for ((station, waits), p95) in stations.zip(&mut self.p95) {
            if self.has_waits {
                p95.extend(station.wait_quantile(0.95));
            }
            waits.merge(&std::mem::take(&mut station.waits));
            // Else the memory would grow with the replications.
            station.time_at = Vec::new();
        }
        // All of them: figures that nobody thought of yet can be asked of every replication.
        self.runs.push(run);
    }

    fn into_summary(self, ended: Ended) -> Summary {
        let Self { runs, waits, p95, levels, .. } = self;
        Summary { runs, waits, levels: levels.means(), p95, ended }
    }
}

/// Sums of [`Run::levels`].
#[derive(Default)]
struct Levels {
    sums: Vec<u64>,
    runs: u64,
}

impl Levels {
    fn add(&mut self, levels: &[u64]) {
        if self.sums.is_empty() {
            self.sums = vec![0; levels.len()];
        }
        // A run that ended early knows nothing of the rest.
        if levels.len() < self.sums.len() {
            return;
        }
        for (sum, level) in self.sums.iter_mut().zip(levels) {
            *sum += level;
        }
        self.runs += 1;
    }

    fn means(self) -> Vec<f64> {
        let mut means = Vec::with_capacity(self.sums.len());
        for sum in &self.sums {
            means.push(*sum as f64 / self.runs as f64);
        }
        means
    }
}

impl Summary {
    /// The mean of a figure over the replications that have it, with its interval; `None` where none has.
    pub fn figure(&self, figure: impl Fn(&Run) -> Option<f64>) -> Option<Interval> {
        let mut values: Vec<f64> = Vec::with_capacity(self.runs.len());
        for run in &self.runs {
            values.extend(figure(run));
        }
        Interval::of(&values)
    }

    /// The wait in seconds that 95 % of the services at a station did not exceed, mean of the replications with its
    /// interval; `None` where waits were not recorded, or nobody was served. Of few services in a replication it is a
    /// little too low: a quantile of few values is.
    ///
    /// # Panics
    ///
    /// When the model has no such station.
    pub fn wait_p95(&self, station: usize) -> Option<Interval> {
        Interval::of(&self.p95[station])
    }

    /// How much the number of customers in all stations in one run says of that in the next: their correlation, -1 to 1.
    /// Of replications it is chance; of the parts of a long run, above 0.3 or so they are too short for intervals.
    /// `None` for fewer than ten runs, or where the number is always the same.
    pub fn correlation(&self) -> Option<f64> {
        let mut levels: Vec<f64> = Vec::with_capacity(self.runs.len());
        for run in &self.runs {
            let mut area = 0.0;
            for station in &run.stations {
                area += station.busy_area + station.queue_area;
            }
            levels.push(area / run.window);
        }
        if levels.len() < 10 {
            return None;
        }
        let mean = levels.iter().sum::<f64>() / levels.len() as f64;
        let (mut together, mut squares) = (0.0, 0.0);
        for (number, level) in levels.iter().enumerate() {
            squares += (level - mean) * (level - mean);
            if let Some(next) = levels.get(number + 1) {
                together += (level - mean) * (next - mean);
            }
        }
        (squares > 0.0).then(|| together / squares)
    }

    /// The mean of a figure of a station, by its position, with its interval: the figure is a function of the station's
    /// counts and of the length of the time that was counted.
    ///
    /// # Panics
    ///
    /// When the model has no such station.
    pub fn station(
        &self,
        station: usize,
        figure: impl Fn(&StationRun, f64) -> Option<f64>,
    ) -> Option<Interval> {
        self.figure(|run| figure(&run.stations[station], run.window))
    }
}
