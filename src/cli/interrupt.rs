//! Ctrl-C: the end at once, or, in a long run, the end with what is finished.

use std::sync::atomic::{AtomicBool, Ordering};

use super::INTERRUPTED;

/// Whether somebody looks at [`STOP`].
static IS_HEARD: AtomicBool = AtomicBool::new(false);
/// Whether Ctrl-C was pressed while somebody did.
static STOP: AtomicBool = AtomicBool::new(false);

/// Listens to Ctrl-C. Until a command asks for [`stop`], it ends the program at once: results are
/// written in one go at the end, so there is nothing to save.
pub(super) fn listen() {
    // Where no handler can be set, the system ends the program just the same.
    let _ = ctrlc::set_handler(|| {
        let again = STOP.swap(true, Ordering::Relaxed);
        if again || !IS_HEARD.load(Ordering::Relaxed) {
            std::process::exit(i32::from(INTERRUPTED));
        }
    });
}

/// Set by Ctrl-C from now on; a second Ctrl-C ends the program at once.
pub(super) fn stop() -> &'static AtomicBool {
    IS_HEARD.store(true, Ordering::Relaxed);
    &STOP
}

/// Whether Ctrl-C was pressed.
pub(super) fn was_asked() -> bool {
    STOP.load(Ordering::Relaxed)
}
