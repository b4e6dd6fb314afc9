//! Bytes of files as text, and where a byte of a text stands.

use std::borrow::Cow;

/// Why the bytes of a file are no text, and where, line and column (in characters) from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", said!("line {line}, column {column}: {message}", line, column, message))]
pub struct NotText {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
    /// What is wrong, and how to save the file instead.
    pub message: String,
}

/// The bytes of a file as text, which is UTF-8: without a byte order mark in front, and with a line feed for
/// a carriage return that stands alone, which ended a line on old Macs.
///
/// # Errors
///
/// When the bytes are UTF-16, as their mark or a zero byte says, or no UTF-8.
///
/// ```
/// use verbund::disk::decode;
///
/// assert_eq!(decode(b"\xef\xbb\xbfkey\r\nKh\xc3\xa4\r")?, "key\r\nKhä\n");
/// let fault = decode(b"key\nK\xe4").unwrap_err();
/// assert_eq!((fault.line, fault.column), (2, 2));
/// assert_eq!(fault.message, "the file is not UTF-8 (byte 0xe4); save it as UTF-8");
/// # Ok::<(), verbund::disk::NotText>(())
/// ```
pub fn decode(bytes: &[u8]) -> Result<String, NotText> {
    let fault = |offset: usize, message: String| {
        let (line, column) = place_in(&bytes[..offset]);
        NotText { line, column, message }
    };
    // Spreadsheets save so as "Unicode text". As UTF-8 it would only be told as a strange byte.
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(fault(0, "the file is UTF-16; save it as UTF-8".to_owned()));
    }
    if let Some(offset) = bytes.iter().position(|byte| *byte == 0) {
        let message = "the file is no text: it has a zero byte, as UTF-16 has; save it as UTF-8";
        return Err(fault(offset, message.to_owned()));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        let message =
            format!("the file is not UTF-8 (byte {:#04x}); save it as UTF-8", bytes[offset]);
        fault(offset, message)
    })?;
    Ok(clean(text).into_owned())
}

/// Line and column behind some bytes that are UTF-8.
fn place_in(before: &[u8]) -> (u32, u32) {
    let text = String::from_utf8_lossy(before);
    // Editors count lines in what they show, so the place is counted in the cleaned text.
    let text = clean(&text);
    Lines::new(&text).place(&text, text.len())
}

/// A text without a byte order mark in front; a carriage return that stands alone, which ended a line
/// on old Macs, is a line feed, so that lines and comments end where an editor shows their end.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let bytes = text.as_bytes();
    let is_alone = |offset: usize| bytes[offset] == b'\r' && bytes.get(offset + 1) != Some(&b'\n');
    if !(0..bytes.len()).any(is_alone) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len());
    for (offset, letter) in text.char_indices() {
        cleaned.push(if is_alone(offset) { '\n' } else { letter });
    }
    Cow::Owned(cleaned)
}

/// Bytes between two counts of characters.
const STEP: usize = 256;

/// Where lines of a text begin, and how many characters there are before some of its bytes: line and
/// column of a byte cost the same wherever it stands, also in a line of many megabytes.
#[derive(Debug)]
pub(crate) struct Lines {
    starts: Vec<usize>,
    /// Characters before each byte whose number is a multiple of [`STEP`].
    letters: Vec<usize>,
}

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        let mut starts = vec![0];
        let mut letters = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for (offset, byte) in text.bytes().enumerate() {
            if offset.is_multiple_of(STEP) {
                letters.push(count);
            }
            if begins_letter(byte) {
                count += 1;
            }
            if byte == b'\n' {
                starts.push(offset + 1);
            }
        }
        if text.len().is_multiple_of(STEP) {
            letters.push(count);
        }
        Self { starts, letters }
    }

    /// Line and column (from 1, in characters) of a byte of the text that the lines are of.
    pub(crate) fn place(&self, text: &str, offset: usize) -> (u32, u32) {
        let offset = offset.min(text.len());
        // The first line starts at byte 0, so there is always one that starts at or before the offset.
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
        for (offset, letter) in text.char_indices() {
            assert_eq!(lines.place(&text, offset), (line, column), "byte {offset}");
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
