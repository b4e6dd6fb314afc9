//! Ctrl-C: most commands end at once, a simulation ends with what is finished.

use std::sync::atomic::{AtomicBool, Ordering};

use super::INTERRUPTED;

/// Whether the command that runs looks at [`STOP`].
static IS_HEARD: AtomicBool = AtomicBool::new(false);
/// Whether Ctrl-C was pressed.
static STOP: AtomicBool = AtomicBool::new(false);

/// Listens to Ctrl-C. Until a command asks for [`stop`], it ends the program at once: results are
/// written in one go at the end, so there is nothing to save.
pub(super) fn listen() {
    // Where no handler can be set, the system ends the program just the same.
    let _ = ctrlc::set_handler(|| {
        let is_second = STOP.swap(true, Ordering::Relaxed);
        if is_second || !IS_HEARD.load(Ordering::Relaxed) {
            std::process::exit(i32::from(INTERRUPTED));
        }
    });
}

/// From now on the first Ctrl-C only sets the flag; the second one still ends the program.
pub(super) fn stop() -> &'static AtomicBool {
    IS_HEARD.store(true, Ordering::Relaxed);
    &STOP
}

/// From now on Ctrl-C ends the program at once.
pub(super) fn end_at_once() {
    IS_HEARD.store(false, Ordering::Relaxed);
}

/// Whether Ctrl-C was pressed.
pub(super) fn was_asked() -> bool {
    STOP.load(Ordering::Relaxed)
}
