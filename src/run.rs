//! Long calls: who may stop them, and who hears how far they are.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

// One flag that is never set serves every call that nobody stops, so that a control is two plain references and a
// loop looks at it without asking whether there is one.
static NEVER: AtomicBool = AtomicBool::new(false);

/// Who may stop a long call, and who hears how far it is. By default nobody does either.
///
/// Every long call of the crate takes one, by reference: it is two pointers wide, is copied freely, and can be
/// shared by threads. What a call counts is said where it is documented: replications, runs, closures. A call that
/// is stopped gives what was finished by then, marked so in its result, or `None` where nothing can be kept.
///
/// # Example
///
/// Another thread stops the call:
///
/// ```
/// use std::sync::atomic::{AtomicBool, Ordering};
/// use std::thread;
/// use std::time::Duration;
/// use verbund::run::Control;
/// use verbund::simulation::{Ended, replicate};
///
/// let stop = AtomicBool::new(false);
/// let ended = thread::scope(|scope| {
///     scope.spawn(|| {
///         thread::sleep(Duration::from_millis(20));
///         stop.store(true, Ordering::Relaxed);
///     });
///     // As many as there are numbers: without somebody who stops it, it would not end.
///     replicate(u64::MAX, &Control::default().stop(&stop), |number| number, |_| false)
/// });
/// assert_eq!(ended, Ended::Interrupted);
/// ```
///
/// Progress, told while the call runs:
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use verbund::run::Control;
/// use verbund::simulation::replicate;
///
/// let seen = AtomicU64::new(0);
/// let show = |done| seen.store(done, Ordering::Relaxed); // or moves a bar on the screen
/// replicate(12, &Control::default().progress(&show), |number| number, |_| false);
/// assert_eq!(seen.into_inner(), 12);
/// ```
#[derive(Clone, Copy)]
pub struct Control<'c> {
    stop: &'c AtomicBool,
    progress: &'c (dyn Fn(u64) + Sync),
}

impl Default for Control<'_> {
    /// Nobody stops it, and nobody listens.
    fn default() -> Self {
        Self { stop: &NEVER, progress: &|_| () }
    }
}

impl<'c> Control<'c> {
    /// A control that is stopped once the flag is set, by any thread; calls look at it every few milliseconds.
    #[must_use]
    pub fn stop(self, flag: &'c AtomicBool) -> Self {
        Self { stop: flag, ..self }
    }

    /// A control with a listener that hears, from any thread, how much is finished. Where threads finish at once, the
    /// numbers may come out of their order.
    #[must_use]
    pub fn progress(self, listener: &'c (dyn Fn(u64) + Sync)) -> Self {
        Self { progress: listener, ..self }
    }

    /// A control without a listener: for a part of a call that counts something else.
    #[must_use]
    pub fn silent(self) -> Self {
        Self { progress: &|_| (), ..self }
    }

    /// Whether somebody asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Tells the listener that so much is finished.
    pub fn tell(&self, done: u64) {
        (self.progress)(done);
    }

    /// The flag itself, for loops that look at it without the rest.
    pub(crate) fn flag(&self) -> &'c AtomicBool {
        self.stop
    }
}

impl fmt::Debug for Control<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("is_stopped", &self.is_stopped()).finish_non_exhaustive()
    }
}
