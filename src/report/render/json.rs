//! Documents as JSON.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;

use super::screen::is_unseen;
use crate::report::document::Document;

/// A document as JSON, see [`Document`], with an end of line; harmless on a screen, because what is unseen is
/// escaped.
///
/// # Errors
///
/// Never in practice: a document has no key that JSON could not write.
pub fn json(document: &Document) -> serde_json::Result<String> {
    written(document)
}

/// Documents as a list of JSON.
///
/// # Errors
///
/// Never in practice, as for [`json`].
pub fn json_of_all(documents: &[Document]) -> serde_json::Result<String> {
    written(documents)
}

/// One document as it is, several as a list.
pub(super) fn of_any(documents: &[Document]) -> io::Result<String> {
    let written = match documents {
        [only] => json(only),
        several => json_of_all(several),
    };
    Ok(written?)
}

fn written<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    let mut text = escaped(serde_json::to_string_pretty(value)?);
    text.push('\n');
    Ok(text)
}

/// JSON that says the same and is harmless on a screen: what writes it escapes all below a space, but not the
/// rest of what is unseen.
pub(super) fn escaped(text: String) -> String {
    let is_harmful = |letter: char| is_unseen(letter) && letter != '\n';
    // Hardly any text has such a letter, and results on a country are long.
    if !text.contains(is_harmful) {
        return text;
    }

    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if !is_harmful(letter) {
            out.push(letter);
            continue;
        }
        // Escapes of JSON have 16 bits: letters beyond them are two.
        for unit in letter.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}").expect("a text can be written to");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_says_the_same_with_escapes() {
        let said = "\u{202e}\u{9b}\u{e0041}é\n";
        let text = serde_json::to_string(said).unwrap();
        let escaped = escaped(text);
        assert_eq!(escaped, "\"\\u202e\\u009b\\udb40\\udc41é\\n\"");
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), said);
    }
}
