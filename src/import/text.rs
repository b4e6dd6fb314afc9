//! Official files as text, whatever their encoding, and the notations of numbers and gaps in them.

use std::path::Path;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::faults::fault;
use crate::problem::{Problem, ProblemKind};

/// The bytes of a file as text, as [`decode_any`] reads them; a fault where they are no text.
pub(super) fn decode_file(file: &str, bytes: &[u8]) -> Result<String, Problem> {
    let message = "the file has bytes that are no text in its encoding";
    decode_any(bytes).ok_or_else(|| fault(file, ProblemKind::Encoding, message))
}

/// The bytes of a file as text: by its byte order mark, else by the encoding that an XML declaration names,
/// else UTF-8, else Windows-1252. `None` where the bytes do not fit the encoding.
fn decode_any(bytes: &[u8]) -> Option<String> {
    let encoding = match declared_encoding(bytes) {
        Some(encoding) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        // Spreadsheets of German offices save CSV tables so, and no byte of the file says it.
        None => WINDOWS_1252,
    };

    // The decoder follows a byte order mark, whatever a declaration says.
    let (text, _, is_broken) = encoding.decode(bytes);
    if is_broken { None } else { Some(text.into_owned()) }
}

/// Length in bytes of the beginning of a file in which an XML declaration stands.
const DECLARATION: usize = 200;

/// The encoding that an XML declaration names; UTF-8 where it names none, `None` without a declaration.
///
/// Quality reports and the register of sites occur in UTF-8 and in encodings of the ISO-8859 family.
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(DECLARATION)];
    let start = String::from_utf8_lossy(start);
    let declaration = start.trim_start_matches('\u{feff}').trim_start().strip_prefix("<?xml")?;
    let declaration = declaration.split("?>").next()?;

    let Some((_, value)) = declaration.split_once("encoding") else { return Some(UTF_8) };
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next()?;
    if !matches!(quote, '"' | '\'') {
        return None;
    }

    let label = value[1..].split(quote).next()?;
    Encoding::for_label(label.as_bytes())
}

/// A text in one line, with single blanks between its words and without invisible characters.
pub(super) fn one_line(text: &str) -> String {
    // Cells of spreadsheets hold line breaks, and copied names hold characters that no message could show.
    let visible = text.replace(crate::problem::is_unprintable, " ");
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first 40 characters of a text, for a message.
pub(super) fn short(text: &str) -> String {
    const MOST_SHOWN: usize = 40;
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The name of a file without its folders.
pub(super) fn file_name(file: &str) -> String {
    let name = Path::new(file).file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The text of a cell; `None` for an empty one.
pub(super) fn non_empty(text: &str) -> Option<String> {
    if text.is_empty() { None } else { Some(text.to_owned()) }
}

/// Whether a cell holds no value: it is empty, or has the dash that the offices write for "none" or "hidden".
pub(super) fn is_gap(text: &str) -> bool {
    matches!(text, "" | "-" | "–")
}

/// Whether a text is made of the digits 0 to 9, at least one.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A key of so many digits. A spreadsheet that took it for a number dropped its leading zero.
pub(super) fn with_leading_zero(key: &str, digits: usize) -> String {
    if key.len() + 1 == digits && is_digits(key) { format!("0{key}") } else { key.to_owned() }
}

/// A number with a decimal point or a decimal comma.
pub(super) fn decimal(text: &str) -> Option<f64> {
    let number: f64 = text.replace(',', ".").parse().ok()?;
    if number.is_finite() { Some(number) } else { None }
}

/// Counts the lines of a text up to growing offsets.
pub(super) struct LineCounter<'t> {
    text: &'t [u8],
    offset: usize,
    line: u32,
}

impl<'t> LineCounter<'t> {
    /// A counter in line 1 of a text.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text: text.as_bytes(), offset: 0, line: 1 }
    }

    /// The line of a byte of the text, from 1. An offset before the last one has the line of the last one.
    pub(super) fn line_at(&mut self, offset: usize) -> u32 {
        let offset = offset.clamp(self.offset, self.text.len());
        for byte in &self.text[self.offset..offset] {
            if *byte == b'\n' {
                self.line += 1;
            }
        }
        self.offset = offset;
        self.line
    }

    /// The line of a record of a CSV table, from 1.
    ///
    /// The reader of tables says where a record begins. In a file whose lines end in two characters (CR LF) that
    /// is the second of them, so line ends at the offset belong to the record before.
    pub(super) fn line_of_record(&mut self, offset: usize) -> u32 {
        let mut start = offset.clamp(self.offset, self.text.len());
        while matches!(self.text.get(start), Some(b'\r' | b'\n')) {
            start += 1;
        }
        self.line_at(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_found_by_mark_declaration_or_letters() {
        assert_eq!(decode_any("Straße".as_bytes()).as_deref(), Some("Straße"));
        assert_eq!(decode_any(b"\xef\xbb\xbfM\xc3\xbcnchen").as_deref(), Some("München"));
        assert_eq!(decode_any(b"M\xfcnchen").as_deref(), Some("München"));
        let xml = b"<?xml version=\"1.0\" encoding='ISO-8859-15'?><a>\xa4 \xfc</a>";
        assert!(decode_any(xml).is_some_and(|text| text.ends_with("<a>€ ü</a>")));
        assert_eq!(decode_any(b"<?xml version=\"1.0\"?><a>\xfc</a>"), None);
        assert_eq!(decode_any(b"\xff\xfea\0b\0").as_deref(), Some("ab"));
    }

    #[test]
    fn a_zero_comes_back_only_where_one_is_missing() {
        assert_eq!(with_leading_zero("4109", 5), "04109");
        assert_eq!(with_leading_zero("24939", 5), "24939");
        assert_eq!(with_leading_zero("109", 5), "109");
        assert_eq!(with_leading_zero("A109", 5), "A109");
    }

    #[test]
    fn a_message_shows_at_most_forty_characters() {
        assert_eq!(short(&"ä".repeat(40)), "ä".repeat(40));
        assert_eq!(short(&"ä".repeat(41)), "ä".repeat(40) + "…");
    }

    #[test]
    fn records_are_counted_behind_line_ends_of_two_characters() {
        let mut lines = LineCounter::new("a\r\nb\r\n\r\nc");
        assert_eq!(lines.line_of_record(0), 1);
        // The reader gives the LF of the line before.
        assert_eq!(lines.line_of_record(2), 2);
        assert_eq!(lines.line_of_record(5), 4);
    }
}
