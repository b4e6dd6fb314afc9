//! What reaches a screen: every text for people passes here, so that no name, path or typed word can move the
//! cursor, clear the screen, or turn the order of letters around.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

/// Columns of a text that is not printed on a terminal, or on one that does not know its width.
pub(super) const WIDTH: u16 = 110;
/// Columns below which no table can be read; a narrower terminal breaks the lines itself.
const NARROWEST: u16 = 20;

/// Whether a character does something on a screen instead of standing there: control characters, marks that
/// change the direction of writing, characters without width.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// The text with what is unseen written out, such as `\u{1b}`; but for the characters of `kept`.
fn written_out<'t>(text: &'t str, kept: &[char]) -> Cow<'t, str> {
    let is_harmful = |letter: char| is_unseen(letter) && !kept.contains(&letter);
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '\n' | '\t' | '\r' if is_harmful(letter) => out.extend(letter.escape_default()),
            _ if is_harmful(letter) => out.extend(letter.escape_unicode()),
            _ => out.push(letter),
        }
    }
    Cow::Owned(out)
}

/// A text of one line, harmless on a screen.
pub(super) fn line(text: &str) -> Cow<'_, str> {
    written_out(text, &[])
}

/// A text of several lines, harmless on a screen.
pub(super) fn lines(text: &str) -> Cow<'_, str> {
    written_out(text, &['\n', '\t'])
}

/// JSON that says the same and is harmless on a screen: it escapes itself what is below a space, but not the
/// rest of what is unseen.
pub(super) fn json(text: &str) -> Cow<'_, str> {
    let is_harmful = |letter: char| is_unseen(letter) && letter != '\n';
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if !is_harmful(letter) {
            out.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}").expect("a text can be written to");
        }
    }
    Cow::Owned(out)
}

/// Whether one of the words that were typed holds what is unseen.
pub(super) fn typed_unseen() -> bool {
    std::env::args_os().any(|word| word.to_string_lossy().contains(is_unseen))
}

/// Says something to whoever runs the program. Where standard error takes nothing, nobody can be told.
pub(super) fn tell(message: &str) {
    let (before, message) = match message.strip_prefix('\n') {
        Some(rest) => ("\n", rest),
        None => ("", message),
    };
    let text = format!("{before}{}\n", broken(&format!("verbund: {}", lines(message))));
    let mut error = io::stderr().lock();
    let _ = error.write_all(text.as_bytes()).and_then(|()| error.flush());
}

/// A text in lines that a terminal on standard error is wide enough for; elsewhere as it is, for programs that read it.
pub(super) fn broken(text: &str) -> String {
    if !io::stderr().is_terminal() {
        return text.to_owned();
    }
    let options = textwrap::Options::new(width())
        .subsequent_indent("  ")
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .break_words(false);
    let lines: Vec<String> = text.lines().map(|line| textwrap::fill(line, &options)).collect();
    lines.join("\n")
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
    let _ = error.write_all(lines(text).as_bytes()).and_then(|()| error.flush());
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
    let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    is_screen() && !is_dumb() && !is_unwanted
}

/// Whether standard error can show a line that moves.
pub(super) fn has_moving_lines() -> bool {
    io::stderr().is_terminal() && !is_dumb()
}

/// Columns of a text on standard output.
pub(super) fn width() -> usize {
    let own = if is_screen() { comfy_table::Table::new().width() } else { None };
    let known = own.filter(|width| *width > 0).unwrap_or(WIDTH);
    usize::from(known.max(NARROWEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_act_on_a_screen_is_written_out() {
        assert_eq!(line("Köthen \u{1b}[2J"), "Köthen \\u{1b}[2J");
        assert_eq!(line("a\nb\tc\r"), "a\\nb\\tc\\r");
        assert_eq!(lines("a\nb\tc\r\u{9b}1m\u{7f}"), "a\nb\tc\\r\\u{9b}1m\\u{7f}");
        // Right-to-left override, and the isolate that would hide it.
        assert_eq!(line("\u{202e}txt.\u{2066}"), "\\u{202e}txt.\\u{2066}");
        assert!(matches!(line("Großkrankenhäuser – 5 €"), Cow::Borrowed(_)));
    }

    #[test]
    fn json_says_the_same_with_escapes() {
        let said = "\u{202e}\u{9b}\u{e0041}é\n";
        let text = serde_json::to_string(said).unwrap();
        let escaped = json(&text);
        assert_eq!(escaped, "\"\\u202e\\u009b\\udb40\\udc41é\\n\"");
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), said);
    }
}
