//! Text that becomes part of a page: escaped names, hashes, data.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::problem::is_unprintable;
pub(super) use crate::problem::{escaped, shortened};
use crate::report::Cell;

/// Letters of a name that are shown: a name of a kilobyte would push all else off the page.
const MOST_LETTERS: usize = 120;

/// A name that fits, with marks of direction and other unseen letters written out: they would turn what stands around
/// it.
pub(super) fn name(text: &str) -> String {
    shortened(text, MOST_LETTERS)
}

/// A name, cut and escaped.
pub(super) fn escaped_name(text: &str) -> String {
    escaped(&name(text))
}

/// Data as JSON that may stand in a `<script>` element: nothing in it can end the element.
pub(super) fn island<T: Serialize>(data: &T) -> String {
    // Written without blanks: a third of the data would be white.
    let json =
        serde_json::to_string(data).expect("the data have no map with keys that are no text");
    let mut out = String::with_capacity(json.len() + 64);
    for letter in json.chars() {
        match letter {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            // Ends of lines in old scripts, marks of direction: keys may have them, too.
            _ if is_unprintable(letter) => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            _ => out.push(letter),
        }
    }
    out
}

/// A script or style without what only its authors read: indents, empty lines, and comments that fill whole lines.
///
/// Its texts must not go on from line to line, and nothing may stand behind a comment in its line.
pub(super) fn without_remarks(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    for line in source.lines() {
        let line = line.trim();
        let is_closed = line.starts_with("/*") && line.ends_with("*/");
        if line.is_empty() || line.starts_with("//") || is_closed {
            continue;
        }
        out.push_str(line);
        // Ends of lines stay: they end statements, too.
        out.push('\n');
    }
    out
}

/// SHA-256 of the text of a script or style in base64, as a content security policy names it.
pub(super) fn hash_of_source(source: &str) -> String {
    base64(&Sha256::digest(source.as_bytes()))
}

/// Base64 with padding (RFC 4648).
// By hand: a crate for these twenty lines would be one more that somebody has to trust.
pub(super) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        // Behind the last byte come zeros, as the RFC has it.
        let byte = |position: usize| u32::from(chunk.get(position).copied().unwrap_or(0));
        let group = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for position in 0..4 {
            if position <= chunk.len() {
                let letter = (group >> (18 - 6 * position)) & 63;
                out.push(char::from(LETTERS[letter as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// The cell of a table, as the report prints it.
pub(super) fn table_cell(cell: &Cell) -> String {
    // A dash stands where the number would.
    let is_number = cell.is_number() || *cell == Cell::Missing;
    let class = if is_number { " class=\"number\"" } else { "" };
    format!("<td{class}>{}</td>", escaped_name(&cell.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        let texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        let coded = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        for (text, expected) in texts.iter().zip(coded) {
            assert_eq!(base64(text.as_bytes()), expected);
        }
        // SHA-256 of nothing, as every table of test vectors has it.
        assert_eq!(hash_of_source(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn remarks_go_and_statements_stay() {
        let script = "// why\nlet a = 1; // kept\n\n  /** what */\n  if (a) b(\"//\");\n";
        assert_eq!(without_remarks(script), "let a = 1; // kept\nif (a) b(\"//\");\n");
    }

    #[test]
    fn no_name_leaves_its_place() {
        assert_eq!(escaped("</script>\"'[[x]]"), "&lt;/script&gt;&quot;&#39;[[x]]");
        assert_eq!(escaped("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(island(&"</script><!--"), "\"\\u003c/script\\u003e\\u003c!--\"");
        assert_eq!(name(&"x".repeat(1000)).chars().count(), 120);
    }
}
