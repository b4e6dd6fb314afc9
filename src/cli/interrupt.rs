//! Ctrl-C and SIGTERM: a command ends at once as long as nothing is finished that it could keep; then it ends with
//! what is finished.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use indicatif::ProgressBar;
use verbund::disk;
use verbund::run::Control;
use verbund::words;

use super::INTERRUPTED;
use super::language::message;
use super::terminal::tell;

/// Whether somebody asked to stop.
// Flags here carry nothing but themselves, so relaxed orderings will do.
static STOP: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
/// Whether the next signal ends the program at once: unless the command that runs has something to keep.
static ENDS: LazyLock<Arc<AtomicBool>> = LazyLock::new(|| Arc::new(AtomicBool::new(true)));
/// Whether the program is ending, whatever the command that runs still does.
static IS_ENDING: AtomicBool = AtomicBool::new(false);
/// Whether the command that runs has something to keep.
static KEEPS: AtomicBool = AtomicBool::new(false);
/// What the command that runs keeps when it is stopped.
static KEPT: Mutex<&str> = Mutex::new("");

/// Listens to Ctrl-C, and SIGTERM where there is one. Until a command [`keep`]s something, it ends the program
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

/// Listens to Ctrl-C, the only signal that there is.
#[cfg(not(unix))]
pub(super) fn listen() {
    // Where no handler can be set, the system ends the program just the same.
    let _ = ctrlc::set_handler(is_asked);
}

/// Somebody asked to stop.
fn is_asked() {
    // A moving line may stand there.
    let line = if std::io::stderr().is_terminal() { "\n" } else { "" };
    if ENDS.swap(true, Ordering::Relaxed) {
        IS_ENDING.store(true, Ordering::Relaxed);
        disk::remove_unfinished();
        // The second time it was said already.
        if !STOP.load(Ordering::Relaxed) {
            tell(&message!("{line}interrupted", line));
        }
        std::process::exit(i32::from(INTERRUPTED));
    }
    // Only now: a command that ends at once says nothing more itself.
    STOP.store(true, Ordering::Relaxed);
    let kept = *KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    tell(&message!("{line}stopping: {kept}; again ends at once", line, kept = words::of(kept)));
}

/// The flag that a command looks at, with what it is going to have `kept` once it says [`keep`]: its first
/// replication, run or set is finished. Until then the first signal ends the program at once.
pub(super) fn stop(kept: &'static str) -> &'static AtomicBool {
    *KEPT.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    &STOP
}

/// From now on there is something to keep: the first signal only sets the flag, and says what is kept; the second
/// one ends the program. Asked again, it changes nothing.
pub(super) fn keep() {
    if !KEEPS.swap(true, Ordering::Relaxed) {
        ENDS.store(false, Ordering::Relaxed);
    }
}

/// Waits for the end where the program is ending: a command whose files were taken away has nothing to say.
pub(super) fn give_way() {
    while IS_ENDING.load(Ordering::Relaxed) {
        std::thread::park();
    }
}

/// From now on a signal ends the program at once.
pub(super) fn end_at_once() {
    // What comes next may have something to keep again.
    KEEPS.store(false, Ordering::Relaxed);
    ENDS.store(true, Ordering::Relaxed);
}

/// Makes a long call under a bar, which a signal stops once something is finished: `kept` says what is kept then.
pub(super) fn watched<T>(
    kept: &'static str,
    bar: &ProgressBar,
    call: impl FnOnce(&Control<'_>) -> T,
) -> T {
    let flag = stop(kept);
    let progress = |done| {
        keep();
        bar.set_position(done);
    };
    let result = call(&Control::default().stop(flag).progress(&progress));
    bar.finish_and_clear();
    end_at_once();
    result
}
