//! Replications side by side, merged in their order.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

/// Replications that are run before anybody looks at the results: the same on any number of threads.
const BATCH: u64 = 8;

/// Least replications before an interval can end a run.
pub const LEAST_REPLICATIONS: u64 = 5;

/// Why no further replications were run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All that were asked for are done.
    Completed,
    /// The interval is as narrow as it should be.
    Narrow,
    /// Somebody stopped it; what was finished in order counts.
    Interrupted,
}

/// Replications 0, 1, 2, ... with what each gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicated<T> {
    /// By replication.
    pub samples: Vec<T>,
    /// Why there are no more.
    pub ended: Ended,
}

/// Runs up to `most` replications in parallel and keeps them in order.
///
/// After every replication, `enough` is asked about all so far, in order; when it says yes, they are
/// all that counts, however many more ran beside them. So the result does not depend on the number of
/// threads. When `stop` is set, those that were finished without a gap count.
///
/// ```
/// use std::sync::atomic::AtomicBool;
/// use verbund::simulation::{Ended, replicate};
///
/// let stop = AtomicBool::new(false);
/// let squares = replicate(100, &stop, |number| number * number, |so_far| so_far.len() == 12);
/// assert_eq!((squares.samples.len(), squares.samples[11]), (12, 121));
/// assert_eq!(squares.ended, Ended::Narrow);
/// ```
pub fn replicate<T: Send>(
    most: u64,
    stop: &AtomicBool,
    run: impl Fn(u64) -> T + Sync,
    mut enough: impl FnMut(&[T]) -> bool,
) -> Replicated<T> {
    let mut samples: Vec<T> = Vec::new();
    let mut first = 0;
    while first < most {
        let batch = first..most.min(first + BATCH);
        let is_stopped = || stop.load(Ordering::Relaxed);
        let done: Vec<Option<T>> =
            batch.into_par_iter().map(|number| (!is_stopped()).then(|| run(number))).collect();
        for sample in done {
            let Some(sample) = sample else {
                return Replicated { samples, ended: Ended::Interrupted };
            };
            samples.push(sample);
            if enough(&samples) {
                return Replicated { samples, ended: Ended::Narrow };
            }
        }
        first += BATCH;
    }
    Replicated { samples, ended: Ended::Completed }
}
