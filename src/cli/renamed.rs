//! Flags that had another name once: the old one still works, and says what it is called now.

use super::Command;
use super::language::message;
use super::terminal::tell;

/// The old and the new names of flags of a command.
fn renamed(command: &Command) -> &'static [(&'static str, &'static str)] {
    match command {
        Command::Pathway(_) | Command::Critical(_) => &[("--limit", "--hours")],
        Command::Route(_) | Command::Cooperation(_) => {
            &[("--limit", "--hours"), ("--condition", "--pathway")]
        }
        Command::Simulate(_) => &[("--condition", "--pathway")],
        Command::Flows(_) => &[("--model", "--choice")],
        _ => &[],
    }
}

/// Says for each old name on the command line what it is called now.
pub(super) fn tell_of_old_names(command: &Command) {
    // The parser takes old and new names for the same: only the words themselves tell which one was typed.
    let words: Vec<String> =
        std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    for (old, new) in renamed(command) {
        if words.iter().any(|word| word.split('=').next() == Some(old)) {
            tell(&message!("{old} is called {new} now", old, new));
        }
    }
}
