//! Bytes of files as text, where a byte of a text stands, and the faults of files that are none.

use std::borrow::Cow;

use crate::model::problem::{Problem, ProblemKind, Problems};

/// A fault of a file as a whole, or at a line and column.
pub(super) fn fault(
    path: &str,
    kind: ProblemKind,
    at: Option<(u32, u32)>,
    message: String,
) -> Problem {
    Problem {
        kind,
        file: Some(path.to_owned()),
        line: at.map(|(line, _)| line),
        column: at.map(|(_, column)| column),
        entity: String::new(),
        field: String::new(),
        message,
        expected: String::new(),
        closest: None,
    }
}

/// The bytes of a file as [`clean`] text; one fault, at its place, when they are no UTF-8.
pub(super) fn decode(path: &str, bytes: &[u8], problems: &mut Problems) -> Option<String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let message = "the file is UTF-16; save it as UTF-8".to_owned();
        problems.push(fault(path, ProblemKind::Encoding, Some((1, 1)), message));
        return None;
    }
    if let Some(offset) = bytes.iter().position(|byte| *byte == 0) {
        let message = "the file is no text: it has a zero byte, as UTF-16 has; save it as UTF-8";
        let at = Some(place_in(&bytes[..offset]));
        problems.push(fault(path, ProblemKind::Encoding, at, message.to_owned()));
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(clean(text).into_owned()),
        Err(error) => {
            let byte = bytes[error.valid_up_to()];
            let message = format!("the file is not UTF-8 (byte {byte:#04x}); save it as UTF-8");
            let at = Some(place_in(&bytes[..error.valid_up_to()]));
            problems.push(fault(path, ProblemKind::Encoding, at, message));
            None
        }
    }
}

/// Line and column behind some bytes that are UTF-8.
fn place_in(before: &[u8]) -> (u32, u32) {
    let text = String::from_utf8_lossy(before);
    let text = clean(&text);
    Lines::new(&text).place(&text, text.len())
}

/// A text without a byte order mark in front; a carriage return that stands alone, which ended a line
/// on old Macs, is a line feed, so that lines and comments end where an editor shows their end.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let bytes = text.as_bytes();
    let is_alone = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    if !(0..bytes.len()).any(is_alone) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        cleaned.push(if is_alone(at) { '\n' } else { letter });
    }
    Cow::Owned(cleaned)
}

/// Bytes between two counts of characters.
const STEP: usize = 256;

/// Where lines of a text begin, and how many characters there are before some of its bytes: line and
/// column of a byte cost the same wherever it stands, also in a line of many megabytes.
#[derive(Debug)]
pub(super) struct Lines {
    starts: Vec<usize>,
    /// Characters before each byte whose number is a multiple of [`STEP`].
    letters: Vec<usize>,
}

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        let mut starts = vec![0];
        let mut letters = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for (at, byte) in text.bytes().enumerate() {
            if at.is_multiple_of(STEP) {
                letters.push(count);
            }
            if begins_letter(byte) {
                count += 1;
            }
            if byte == b'\n' {
                starts.push(at + 1);
            }
        }
        if text.len().is_multiple_of(STEP) {
            letters.push(count);
        }
        Self { starts, letters }
    }

    /// Line and column (from 1, in characters) of a byte of the text that the lines are of.
    pub(super) fn place(&self, text: &str, offset: usize) -> (u32, u32) {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        let column = self.letters_before(text, offset) - self.letters_before(text, start) + 1;
        (line as u32, column as u32)
    }

    fn letters_before(&self, text: &str, offset: usize) -> usize {
        let step = offset / STEP;
        let rest = &text.as_bytes()[step * STEP..offset];
        self.letters[step] + rest.iter().filter(|byte| begins_letter(**byte)).count()
    }
}

/// Whether a byte of UTF-8 is the first one of a character.
fn begins_letter(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_has_its_line_and_column_as_counted_letter_by_letter() {
        let text = "ä\nöü x\n".repeat(200) + &"ß-".repeat(1000) + "\n\nend";
        let lines = Lines::new(&text);
        let (mut line, mut column) = (1, 1);
        for (at, letter) in text.char_indices() {
            assert_eq!(lines.place(&text, at), (line, column), "byte {at}");
            (line, column) = if letter == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        assert_eq!(lines.place(&text, text.len()), (line, column));
        assert_eq!(Lines::new("").place("", 0), (1, 1));
        let even = "a".repeat(2 * STEP);
        assert_eq!(Lines::new(&even).place(&even, even.len()), (1, 2 * STEP as u32 + 1));
    }

    #[test]
    fn a_carriage_return_alone_ends_a_line_and_a_byte_order_mark_is_no_text() {
        assert_eq!(clean("\u{feff}a\rb\r\nc\n"), "a\nb\r\nc\n");
        assert_eq!(clean("a\r"), "a\n");
        assert!(matches!(clean("a\r\nb"), Cow::Borrowed("a\r\nb")));
    }
}
