//! Documents as Markdown, with tables as GitHub, GitLab and pandoc read them.

use super::screen;
use crate::report::document::{Cell, Document, Look, Section, Table};
use crate::words::{self, in_language};

/// A document as Markdown: its title as a heading, what it is about as a list, a heading and a table a section.
///
/// Tables have the columns that people see, in full: a file has no width. Numbers stand to the right. What Markdown or
/// HTML would take for a sign is written out.
///
/// ```
/// use verbund::report::columns::{CASES, HOSPITAL};
/// use verbund::report::render::markdown;
/// use verbund::report::{Cell, Document, Section, Table};
///
/// let table = Table::of([("north", 1200.0), ("a|b", 3.0)])
///     .column(HOSPITAL, |row| Cell::text(row.0))
///     .column(CASES, |row| Cell::number(row.1, 0))
///     .build();
/// let section = Section::new("cases", "Cases by hospital", table).note("Expected ones.");
/// let document = Document::new("Two hospitals").about("as_of", "2026-01-01").section(section);
///
/// let expected = "\
/// ## Two hospitals
///
/// - as of: 2026-01-01
///
/// ### Cases by hospital
///
/// | Hospital | Cases |
/// |---|---:|
/// | north | 1,200 |
/// | a\\|b | 3 |
///
/// Expected ones.
/// ";
/// assert_eq!(markdown(&document), expected);
/// ```
pub fn markdown(document: &Document) -> String {
    in_language(document.language(), || set_document(document))
}

fn set_document(document: &Document) -> String {
    let mut out = format!("# {}\n", escaped(&document.title));
    if !document.about.is_empty() {
        out.push('\n');
    }
    for (key, value) in document.about_in_print() {
        out.push_str(&format!("- {key}: {}\n", escaped(&value)));
    }
    for section in document.sections.iter().filter(|section| !section.is_for_files) {
        push_section(&mut out, section);
    }
    out
}

/// Documents one after the other.
pub(super) fn of_all(documents: &[Document]) -> String {
    let parts: Vec<String> = documents.iter().map(markdown).collect();
    parts.join("\n")
}

fn push_section(out: &mut String, section: &Section) {
    out.push_str(&format!("\n## {}\n\n", escaped(&section.heading)));
    if section.look == Look::List {
        for item in section.notes.iter().filter(|note| !note.is_empty()) {
            out.push_str(&format!("- {}\n", escaped(&item.to_string())));
        }
        return;
    }
    if let Some(words) = &section.in_words {
        out.push_str(&format!("{}\n", escaped(&words.to_string())));
    } else if section.table.is_empty() {
        out.push_str(&words::of("none\n"));
    } else {
        push_table(out, &section.table);
    }
    for note in section.notes.iter().filter(|note| !note.is_empty()) {
        out.push_str(&format!("\n{}\n", escaped(&note.to_string())));
    }
}

fn push_table(out: &mut String, table: &Table) {
    let mut shown = Vec::new();
    let mut rule = String::from("|");
    let mut header = String::from("|");
    for position in 0..table.columns().len() {
        if !table.is_shown(position) {
            continue;
        }
        shown.push(position);
        header.push_str(&format!(" {} |", escaped(&whole(&table.heading(position)))));
        rule.push_str(if is_of_numbers(table, position) { "---:|" } else { "---|" });
    }

    out.push_str(&format!("{header}\n{rule}\n"));
    for row in table.shown_rows() {
        out.push('|');
        for &position in &shown {
            out.push_str(&format!(" {} |", escaped(&row[position].display())));
        }
        out.push('\n');
    }
}

/// A heading in one line: where text breaks it inside a word, with a hyphen, the word is put together again.
fn whole(heading: &str) -> String {
    heading.replace("-\n", "").replace('\n', " ")
}

fn is_of_numbers(table: &Table, position: usize) -> bool {
    let mut cells = table.shown_rows().map(|row| &row[position]);
    cells.all(|cell| *cell == Cell::Missing || cell.is_number())
}

/// A text in one line in which nothing is a sign of Markdown or HTML. An underscore within a word is none, so keys
/// stay as they are.
fn escaped(text: &str) -> String {
    let line = screen::line(text);
    let mut out = String::with_capacity(line.len());
    let mut before = ' ';
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_in_word =
            before.is_alphanumeric() && letters.peek().is_some_and(|after| after.is_alphanumeric());
        let is_sign = match letter {
            '_' => !is_in_word,
            _ => "\\`*[]<>|&#~".contains(letter),
        };
        if is_sign {
            out.push('\\');
        }
        out.push(letter);
        before = letter;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::columns::{HOSPITAL, OVERLOAD};

    #[test]
    fn no_name_becomes_a_tag_a_link_or_a_table() {
        let name = "</script> [x](y) *a* _b_ kkh_torgau | 1\n2";
        let table = Table::of([name]).column(HOSPITAL, |name| Cell::text(*name)).build();
        let document = Document::new(name).section(Section::new("t", "T", table));
        let written = markdown(&document);

        let row = written.lines().last().unwrap();
        assert!(row.starts_with(r"| \</script\> \[x\](y) \*a\* \_b\_ kkh_torgau \| 1"), "{row}");
        assert!(row.ends_with(" |"), "a line break would end the row: {row}");
    }

    #[test]
    fn a_word_that_text_breaks_is_whole() {
        assert_eq!(whole(&OVERLOAD.heading()), "Overload");
    }
}
