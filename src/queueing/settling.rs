//! Whether a run has settled where its statistics start, and whether it ever does.

use super::summary::Summary;
use crate::stats::Interval;

/// Moments at which customers are counted for [`super::Record::levels`].
pub(super) const LEVELS: u64 = 1000;

/// Values that MSER-5 takes together.
const TOGETHER: usize = 5;

/// How many of the first values of a series should be left out, so that what is left tells its mean best: a multiple of
/// five, by MSER-5. `None` where that would be half of them or more (then the series is too short to tell), and for
/// fewer than ten values.
///
/// Means of five values each are taken; of those, so many are left out that the variance of the others over their number
/// is least. White, K. P., Cobb, M. J., Spratt, S. C. (2000): A comparison of five steady-state truncation heuristics for
/// simulation. Proceedings of the Winter Simulation Conference, 755-760.
///
/// ```
/// // It rises for fifty values, and then goes up and down about 10.
/// let rising = (0..50).map(|step| f64::from(step) / 5.0);
/// let level = (0..150).map(|step| if step % 2 == 0 { 9.0 } else { 11.0 });
/// let series: Vec<f64> = rising.chain(level).collect();
/// assert_eq!(verbund::queueing::mser_5(&series), Some(50));
/// assert_eq!(verbund::queueing::mser_5(&[3.0; 200]), Some(0));
/// ```
pub fn mser_5(series: &[f64]) -> Option<usize> {
    let mut means = Vec::with_capacity(series.len() / TOGETHER);
    for values in series.chunks_exact(TOGETHER) {
        means.push(values.iter().sum::<f64>() / TOGETHER as f64);
    }
    if means.len() < 2 {
        return None;
    }
    // About the last one, so that sums of squares keep their digits far from zero.
    let about = means[means.len() - 1];
    let (mut sum, mut squares) = (0.0, 0.0);
    let (mut least, mut left_out) = (f64::INFINITY, 0);
    for (number, mean) in means.iter().enumerate().rev() {
        let distance = mean - about;
        sum += distance;
        squares += distance * distance;
        let count = (means.len() - number) as f64;
        // Of few values at the end the variance may be small by chance, so that they do not compete.
        let competes = 2 * number <= means.len();
        let error = (squares - sum * sum / count).max(0.0) / (count * count);
        if competes && error <= least {
            (least, left_out) = (error, number);
        }
    }
    (2 * left_out < means.len()).then_some(left_out * TOGETHER)
}

/// What MSER-5 says of the warm-up of some replications.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum WarmUp {
    /// Long enough, or it does not matter: less than a hundredth of the mean number of customers.
    Enough,
    /// Too short.
    Short {
        /// When the number of customers settles, in the model's unit.
        settles: f64,
        /// Their mean number from the warm-up on.
        counted: f64,
        /// Their mean number from when it settles on.
        settled: f64,
    },
    /// In the first half of the run the number of customers does not settle.
    Unsettled,
}

/// A station to which more come than go.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Growing {
    /// Its position.
    pub station: usize,
    /// Customers there when the statistics start, mean of the replications.
    pub from: f64,
    /// Customers there at the end.
    pub to: f64,
}

impl Summary {
    /// Whether the warm-up of a model that ran until the horizon is long enough, by [`mser_5`] of the mean number of
    /// customers in all stations. `None` where that was not recorded ([`super::Record::levels`]).
    pub fn warm_up(&self, warm_up: f64, horizon: f64) -> Option<WarmUp> {
        if self.levels.is_empty() {
            return None;
        }
        let Some(left_out) = mser_5(&self.levels) else { return Some(WarmUp::Unsettled) };
        let every = horizon / self.levels.len() as f64;
        let settles = left_out as f64 * every;
        let mean = |from: f64| {
            let values = &self.levels[(from / every).ceil() as usize..];
            values.iter().sum::<f64>() / values.len().max(1) as f64
        };
        let (counted, settled) = (mean(warm_up), mean(settles));
        // What is left out in vain costs a little; what is missed to no effect costs nothing.
        if settles <= warm_up || (settled - counted).abs() <= 0.01 * settled {
            return Some(WarmUp::Enough);
        }
        Some(WarmUp::Short { settles, counted, settled })
    }

    /// The stations where the number of customers grows through the time that is counted: more come than are served, or
    /// the run is too short. Means of such a station say nothing of the long run.
    ///
    /// Named are those with at least five customers and a quarter more at the end than at the warm-up, whose growth is
    /// more than a hundredth of those who came in the 95 % interval of the replications.
    pub fn growing(&self) -> Vec<Growing> {
        let stations = self.runs.first().map_or(0, |run| run.stations.len());
        let mut growing = Vec::new();
        for station in 0..stations {
            let there = |figure: fn(&super::StationRun) -> u64| {
                self.station(station, |run, _| Some(figure(run) as f64))
                    .map_or(0.0, |mean| mean.mean)
            };
            let (from, to) = (there(|run| run.at_start), there(|run| run.at_end));
            let growth = self.station(station, |run, _| {
                let more = run.at_end as f64 - run.at_start as f64;
                (run.came > 0).then(|| more / run.came as f64)
            });
            // One replication knows no interval: twice as much has to be seen.
            let least = |growth: Interval| growth.low().unwrap_or(growth.mean / 2.0);
            if to > from + 5.0 && to > 1.25 * from && growth.map_or(0.0, least) > 0.01 {
                growing.push(Growing { station, from, to });
            }
        }
        growing
    }
}
