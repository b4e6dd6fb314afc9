//! Ctrl-C and SIGTERM: most commands end at once, a simulation ends with what is finished.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use verbund::files;

use super::INTERRUPTED;
use super::terminal::tell;

/// Whether somebody asked to stop.
static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
/// Whether the next signal ends the program at once: unless the command that runs looks at [`STOP`].
static ENDS: LazyLock<Arc<AtomicBool>> = LazyLock::new(|| Arc::new(AtomicBool::new(true)));
/// What the command that runs keeps when it is stopped.
static KEPT: Mutex<&str> = Mutex::new("");

/// Listens to Ctrl-C, and SIGTERM where there is one. Until a command asks for [`stop`], it ends the program
/// at once: results are written in one go at the end, so there is nothing to save.
#[cfg(unix)]
pub(super) fn listen() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::{flag, iterator::Signals};

    // Where no handler can be set, the system ends the program just the same.
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    let listener = std::thread::Builder::new().name("signals".to_owned());
    let listening = listener.spawn(move || signals.forever().for_each(|_| is_asked()));
    if listening.is_err() {
        // Without a thread nothing can be said, but it still stops and ends.
        for signal in [SIGINT, SIGTERM] {
            let code = i32::from(INTERRUPTED);
            let _ = flag::register_conditional_shutdown(signal, code, Arc::clone(&ENDS));
            let _ = flag::register(signal, Arc::clone(&STOP));
            let _ = flag::register(signal, Arc::clone(&ENDS));
        }
    }
}

/// The same where only Ctrl-C is known.
#[cfg(not(unix))]
pub(super) fn listen() {
    // Where no handler can be set, the system ends the program just the same.
    let _ = ctrlc::set_handler(is_asked);
}

/// Somebody asked to stop.
fn is_asked() {
    let is_first = !STOP.swap(true, Ordering::Relaxed);
    // A moving line may stand there.
    let line = if std::io::stderr().is_terminal() { "\n" } else { "" };
    if ENDS.swap(true, Ordering::Relaxed) {
        files::remove_unfinished();
        if is_first {
            tell(&format!("{line}interrupted"));
        }
        std::process::exit(i32::from(INTERRUPTED));
    }
    let kept = *KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    tell(&format!("{line}stopping: {kept}; again ends at once"));
}

/// From now on the first signal only sets the flag, and says what is `kept`; the second one still ends the
/// program.
pub(super) fn stop(kept: &'static str) -> &'static AtomicBool {
    *KEPT.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    ENDS.store(STOP.load(Ordering::Relaxed), Ordering::Relaxed);
    &STOP
}

/// From now on a signal ends the program at once.
pub(super) fn end_at_once() {
    ENDS.store(true, Ordering::Relaxed);
}
