//! Official files as text, whatever their encoding, and words as they can be compared.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// The bytes of a file as text: by its byte order mark, else by the encoding that an XML declaration names,
/// else UTF-8, else Windows-1252, which German offices' spreadsheets write. `None` where letters are left
/// that the encoding does not have.
pub(super) fn decode_any(bytes: &[u8]) -> Option<String> {
    let encoding = match declared(bytes) {
        Some(encoding) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => WINDOWS_1252,
    };
    // A byte order mark has the last word.
    let (text, _, is_broken) = encoding.decode(bytes);
    if is_broken { None } else { Some(text.into_owned()) }
}

/// Bytes in which an XML declaration stands.
const DECLARATION: usize = 200;

/// The encoding that an XML declaration names; UTF-8 where it names none.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(DECLARATION)];
    let start = String::from_utf8_lossy(start);
    let declaration = start.trim_start_matches('\u{feff}').trim_start().strip_prefix("<?xml")?;
    let declaration = declaration.split("?>").next()?;
    let Some((_, value)) = declaration.split_once("encoding") else { return Some(UTF_8) };
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
    let label = value[1..].split(quote).next()?;
    Encoding::for_label(label.as_bytes())
}

/// A text in one line, with single blanks between its words and without letters that nobody sees.
pub(super) fn one_line(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|letter| if crate::model::is_unprintable(letter) { ' ' } else { letter })
        .collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of a text that a message shows.
pub(super) fn short(text: &str) -> String {
    const MOST_SHOWN: usize = 40;
    if text.chars().count() <= MOST_SHOWN {
        return text.to_owned();
    }
    text.chars().take(MOST_SHOWN).chain(['…']).collect()
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
}
