//! What reaches a screen: every text for people passes here, so that no name, path or typed word can move the
//! cursor, clear the screen, or turn the order of letters around.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use verbund::report::render::{TEXT_WIDTH, screen};

/// Columns below which no table can be read; a narrower terminal breaks the lines itself.
const NARROWEST: usize = 20;

/// Whether one of the words that were typed holds what is unseen.
pub(super) fn typed_unseen() -> bool {
    std::env::args_os().any(|word| word.to_string_lossy().contains(screen::is_unseen))
}

/// Says something to whoever runs the program. Where standard error takes nothing, nobody can be told.
pub(super) fn tell(message: &str) {
    // A line break in front ends a line that moves; it is the program's own, and stays one.
    let (before, message) = match message.strip_prefix('\n') {
        Some(rest) => ("\n", rest),
        None => ("", message),
    };
    let text = format!("{before}{}\n", broken(&format!("verbund: {}", screen::lines(message))));
    let mut error = io::stderr().lock();
    let _ = error.write_all(text.as_bytes()).and_then(|()| error.flush());
}

/// A text in lines that a terminal on standard error is wide enough for; elsewhere as it is, for programs that read it.
pub(super) fn broken(text: &str) -> String {
    if !io::stderr().is_terminal() {
        return text.to_owned();
    }
    screen::message(text, width())
}

/// The same once, however often it is asked for.
pub(super) fn remark(message: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let is_new = SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(message.to_owned());
    if is_new {
        tell(message);
    }
}

/// The same of a text that says itself who speaks.
pub(super) fn tell_plain(text: &str) {
    let mut error = io::stderr().lock();
    let _ = error.write_all(screen::lines(text).as_bytes()).and_then(|()| error.flush());
}

/// Whether standard output is a terminal.
pub(super) fn is_screen() -> bool {
    io::stdout().is_terminal()
}

fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Whether text on standard output may be bold.
pub(super) fn has_styles() -> bool {
    // https://no-color.org: it counts where it is there and not empty.
    let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    is_screen() && !is_dumb() && !is_unwanted
}

/// Whether standard error can show a line that moves.
pub(super) fn has_moving_lines() -> bool {
    io::stderr().is_terminal() && !is_dumb()
}

/// Columns of a text on standard output.
pub(super) fn width() -> usize {
    let known = if is_screen() { comfy_table::Table::new().width() } else { None };
    let width = known.filter(|width| *width > 0).map_or(TEXT_WIDTH, usize::from);
    width.max(NARROWEST)
}
