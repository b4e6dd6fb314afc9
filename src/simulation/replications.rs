//! Replications side by side, merged in their order.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

/// Replications that are run before anybody looks at the results: the same on any number of threads.
const BATCH: u64 = 8;

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

/// Runs up to `most` replications in parallel and merges them one by one, in order.
///
/// `merge` says whether it has enough; then no other replication counts, however many more ran
/// beside it, so the result does not depend on the number of threads. When `stop` is set, those that
/// were finished without a gap count.
///
/// ```
/// use std::sync::atomic::AtomicBool;
/// use verbund::simulation::{Ended, replicate};
///
/// let mut squares = Vec::new();
/// let merge = |square| {
///     squares.push(square);
///     squares.len() == 12
/// };
/// let ended = replicate(100, &AtomicBool::new(false), |number| number * number, merge);
/// assert_eq!((squares.len(), squares[11], ended), (12, 121, Ended::Narrow));
/// ```
pub fn replicate<T: Send>(
    most: u64,
    stop: &AtomicBool,
    run: impl Fn(u64) -> T + Sync,
    mut merge: impl FnMut(T) -> bool,
) -> Ended {
    let is_stopped = || stop.load(Ordering::Relaxed);
    let mut first = 0;
    while first < most {
        let batch = first..most.min(first + BATCH);
        let done: Vec<Option<T>> =
            batch.into_par_iter().map(|number| (!is_stopped()).then(|| run(number))).collect();
        for sample in done {
            let Some(sample) = sample else { return Ended::Interrupted };
            if merge(sample) {
                return Ended::Narrow;
            }
        }
        first += BATCH;
    }
    Ended::Completed
}
