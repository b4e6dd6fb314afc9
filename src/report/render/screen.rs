//! Texts that are harmless on a screen, in lines that fit it: no name, path or typed word can move the cursor,
//! clear the screen, or turn the order of letters around.

use std::borrow::Cow;

/// Whether a character does something on a screen instead of standing there: control characters, marks that
/// change the direction of writing, characters without width.
pub fn is_unseen(letter: char) -> bool {
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

/// A text of one line with what is unseen written out, such as `\u{1b}`.
///
/// ```
/// use verbund::report::render::screen::line;
///
/// assert_eq!(line("Köthen \u{1b}[2J"), "Köthen \\u{1b}[2J");
/// ```
pub fn line(text: &str) -> Cow<'_, str> {
    written_out(text, &[])
}

/// A text of several lines with what is unseen written out, but for ends of lines and tabs.
pub fn lines(text: &str) -> Cow<'_, str> {
    written_out(text, &['\n', '\t'])
}

fn written_out<'t>(text: &'t str, kept: &[char]) -> Cow<'t, str> {
    let is_harmful = |letter: char| is_unseen(letter) && !kept.contains(&letter);
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }

    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            // The short forms that everybody knows.
            '\n' | '\t' | '\r' if is_harmful(letter) => out.extend(letter.escape_default()),
            _ if is_harmful(letter) => out.extend(letter.escape_unicode()),
            _ => out.push(letter),
        }
    }
    Cow::Owned(out)
}

/// A text in lines of at most `width` columns, indented as its first line begins: by `first`. A word that is longer
/// than a line is broken.
#[cfg(feature = "text")]
pub fn paragraph(text: &str, first: &str, width: usize) -> String {
    let indent = " ".repeat(first.chars().count());
    let options = textwrap::Options::new(width).initial_indent(first).subsequent_indent(&indent);
    format!("{}\n", filled(text, options))
}

/// Each line of a text in lines of at most `width` columns, those behind its first one indented. A word that is
/// longer than a line, such as a path, stays whole.
#[cfg(feature = "text")]
pub fn message(text: &str, width: usize) -> String {
    let options = textwrap::Options::new(width).subsequent_indent("  ").break_words(false);
    let lines: Vec<String> = text.lines().map(|line| filled(line, options.clone())).collect();
    lines.join("\n")
}

#[cfg(feature = "text")]
fn filled(text: &str, options: textwrap::Options<'_>) -> String {
    // A key such as `kkh-torgau` stays whole: it is what commands take.
    let options = options.word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(&lines(text), options)
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
}
