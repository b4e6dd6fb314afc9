//! Replications side by side, merged in their order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use rayon::prelude::*;

use crate::run::Control;

/// Why no further replications were run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
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
/// beside it, so the result does not depend on the number of threads. Progress is how many are merged. When it is
/// stopped, those that were finished without a gap count; one that has begun is finished before. [`replicate_until`] gives it up.
///
/// ```
/// use verbund::run::Control;
/// use verbund::queueing::{Ended, replicate};
///
/// let mut squares = Vec::new();
/// let merge = |square| {
///     squares.push(square);
///     squares.len() == 12
/// };
/// let ended = replicate(100, &Control::default(), |number| number * number, merge);
/// assert_eq!((squares.len(), squares[11], ended), (12, 121, Ended::Narrow));
/// ```
pub fn replicate<T: Send>(
    most: u64,
    control: &Control<'_>,
    run: impl Fn(u64) -> T + Sync,
    merge: impl FnMut(T) -> bool + Send,
) -> Ended {
    replicate_until(most, control, |number| Some(run(number)), merge)
}

/// [`replicate`] of replications that look at the control themselves and give `None` when they were given up.
pub fn replicate_until<T: Send>(
    most: u64,
    control: &Control<'_>,
    run: impl Fn(u64) -> Option<T> + Sync,
    merge: impl FnMut(T) -> bool + Send,
) -> Ended {
    let started = AtomicU64::new(0);
    let finished = Mutex::new(BTreeMap::new());
    let merging = Mutex::new(Merging { merge, next: 0, is_enough: false });
    let is_enough = AtomicBool::new(false);
    let is_over = || control.is_stopped() || is_enough.load(Ordering::Relaxed);
    // Everybody takes the next one, so that nobody waits for the others.
    (0..rayon::current_num_threads()).into_par_iter().for_each(|_| {
        loop {
            if is_over() {
                return;
            }
            let number = started.fetch_add(1, Ordering::Relaxed);
            if number >= most {
                return;
            }
            // Given up: what is behind it would leave a gap, and not count.
            let Some(sample) = run(number) else { return };
            lock(&finished).insert(number, sample);
            // While somebody else merges, this one is left to whoever comes next.
            if let Ok(mut merging) = merging.try_lock() {
                is_enough.fetch_or(merging.go_on(&finished, control), Ordering::Relaxed);
            }
        }
    });
    // The last ones may have found somebody else merging.
    let mut merging = merging.into_inner().unwrap_or_else(PoisonError::into_inner);
    if merging.go_on(&finished, control) {
        Ended::Narrow
    } else if merging.next == most {
        Ended::Completed
    } else {
        Ended::Interrupted
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Replications that end in any order, and are merged in theirs.
struct Merging<M> {
    merge: M,
    /// The first one that is not merged yet.
    next: u64,
    is_enough: bool,
}

impl<M> Merging<M> {
    /// Merges those that are finished without a gap; says whether that is enough.
    fn go_on<T>(&mut self, finished: &Mutex<BTreeMap<u64, T>>, control: &Control<'_>) -> bool
    where
        M: FnMut(T) -> bool,
    {
        while !self.is_enough {
            let Some(sample) = lock(finished).remove(&self.next) else { break };
            self.next += 1;
            self.is_enough = (self.merge)(sample);
            control.tell(self.next);
        }
        self.is_enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
    }

    /// Every third one takes long, so that others overtake it.
    fn run(number: u64) -> u64 {
        let millis = if number.is_multiple_of(3) { 5 } else { 0 };
        std::thread::sleep(std::time::Duration::from_millis(millis));
        number
    }

    #[test]
    fn whoever_ends_first_all_are_merged_in_order_and_none_beyond_what_is_enough() {
        for threads in [1, 2, 8] {
            let mut merged = Vec::new();
            // A merge may work in parallel itself.
            let merge = |number: u64| {
                merged.push(number);
                (0..100_u64).into_par_iter().sum::<u64>() == 4950 && number == 17
            };
            let ended = in_pool(threads, || replicate(40, &Control::default(), run, merge));
            assert_eq!(ended, Ended::Narrow);
            assert_eq!(merged, (0..18).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_given_up_is_not_counted_and_nothing_behind_it() {
        let stop = AtomicBool::new(false);
        let mut merged = Vec::new();
        // The fifth one is given up, though those behind it may end.
        let gives_up = |number| {
            stop.fetch_or(number == 4, Ordering::Relaxed);
            (number != 4).then(|| run(number))
        };
        let merge = |number| {
            merged.push(number);
            false
        };
        let ended =
            in_pool(4, || replicate_until(1000, &Control::default().stop(&stop), gives_up, merge));
        assert_eq!(ended, Ended::Interrupted);
        assert_eq!(merged, [0, 1, 2, 3]);
    }

    #[test]
    fn who_is_stopped_keeps_what_is_finished_without_a_gap() {
        let stop = AtomicBool::new(false);
        let mut merged = Vec::new();
        let stops = |number| {
            stop.fetch_or(number == 9, Ordering::Relaxed);
            run(number)
        };
        let merge = |number| {
            merged.push(number);
            false
        };
        let ended = in_pool(4, || replicate(1000, &Control::default().stop(&stop), stops, merge));
        assert_eq!(ended, Ended::Interrupted);
        // What had begun is finished, too.
        assert!((10..1000).contains(&merged.len()), "{merged:?}");
        assert_eq!(merged, (0..merged.len() as u64).collect::<Vec<_>>());
    }
}
