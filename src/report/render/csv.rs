//! Documents as CSV.

use std::io;

use crate::calendar::Date;
use crate::report::document::{Cell, Document, Section};

/// For whom CSV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvDialect {
    /// For programs: commas, decimal points, texts as they are.
    Plain,
    /// For spreadsheet programs with German settings: a byte order mark, semicolons, decimal commas and lines that
    /// end as Windows ends them. No text is taken for a formula: one that begins with `=`, `+`, `-`, `@`, a tab or
    /// a line break gets an apostrophe before it. Numbers stay numbers, negative ones too; texts stay texts: an official
    /// key such as `01001000` would lose its zero, and `24/7` become a day in July, so they are formulas that give the
    /// text (`="01001000"`).
    Excel,
}

/// A document as CSV. One section is its table, with the columns' keys as header, and behind
/// them what the document is about; several are one table of `section`, `row` (from 1), `key`
/// and `value`, with what it is about as the first section.
///
/// # Errors
///
/// Never in practice: it writes to memory.
///
/// # Example
///
/// ```
/// use verbund::report::columns::{CASES, HOSPITAL};
/// use verbund::report::render::{CsvDialect, csv};
/// use verbund::report::{Cell, Document, Section, Table};
///
/// let table = Table::of([("north", 1200.5)])
///     .column(HOSPITAL, |row| Cell::text(row.0))
///     .column(CASES, |row| Cell::number(row.1, 0))
///     .build();
/// let document = Document::new("Cases").section(Section::new("cases", "Cases", table));
/// assert_eq!(csv(&document, CsvDialect::Plain)?, "hospital,cases\nnorth,1200.5\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn csv(document: &Document, dialect: CsvDialect) -> io::Result<String> {
    if let [_] = document.sections.as_slice() {
        return csv_of_rows(std::slice::from_ref(document), dialect);
    }

    // Tables of different columns have no header in common: a row a cell can be read without knowing them.
    let mut out = dialect.writer();
    out.write_record(["section", "row", "key", "value"])?;
    for (key, value) in &document.about {
        out.write_record(["about", "1", key, &dialect.about(&value.to_string())])?;
    }
    for section in &document.sections {
        for (index, row) in section.table.rows().iter().enumerate() {
            let number = (index + 1).to_string();
            for (column, cell) in section.table.columns().iter().zip(row) {
                out.write_record([section.key, &number, &column.key(), &dialect.cell(cell)])?;
            }
        }
    }
    text_of(out)
}

/// One document as it is, several as one table.
pub(super) fn of_any(documents: &[Document], dialect: CsvDialect) -> io::Result<String> {
    match documents {
        [only] => csv(only, dialect),
        several => csv_of_rows(several, dialect),
    }
}

/// Documents of one section with the same columns, as one table of CSV: the rows of the first, then
/// those of the second, and so on. Behind each row stands what its document is about; empty where that
/// says nothing of what others do.
///
/// # Errors
///
/// When a document has another number of sections than one, or other columns than the first.
pub fn csv_of_rows(documents: &[Document], dialect: CsvDialect) -> io::Result<String> {
    let mut sections: Vec<&Section> = Vec::new();
    for document in documents {
        let [section] = document.sections.as_slice() else {
            return Err(io::Error::other("a table needs one section"));
        };
        sections.push(section);
    }
    let columns = match sections.first() {
        Some(section) => section.table.columns(),
        None => &[],
    };
    if sections.iter().any(|section| section.table.columns() != columns) {
        return Err(io::Error::other("the tables have different columns"));
    }

    let about = keys_of_about(documents);
    let mut header: Vec<String> = columns.iter().map(|column| column.key().into_owned()).collect();
    for key in &about {
        header.push((*key).to_owned());
    }
    let mut out = dialect.writer();
    out.write_record(header)?;

    for (document, section) in documents.iter().zip(sections) {
        let mut said = Vec::new();
        for key in &about {
            // Rows of one file may come from documents that are about different things: an empty cell keeps its place.
            said.push(match document.about.iter().find(|(known, _)| known == key) {
                Some((_, value)) => dialect.about(&value.to_string()),
                None => String::new(),
            });
        }
        for row in section.table.rows() {
            let mut record: Vec<String> = row.iter().map(|cell| dialect.cell(cell)).collect();
            record.extend_from_slice(&said);
            out.write_record(record)?;
        }
    }
    text_of(out)
}

/// The keys of what any of the documents is about, in the order in which they come first.
fn keys_of_about(documents: &[Document]) -> Vec<&'static str> {
    let mut keys = Vec::new();
    for document in documents {
        for (key, _) in &document.about {
            if !keys.contains(key) {
                keys.push(*key);
            }
        }
    }
    keys
}

impl CsvDialect {
    fn writer(self) -> ::csv::Writer<Vec<u8>> {
        match self {
            Self::Plain => ::csv::Writer::from_writer(Vec::new()),
            // The byte order mark: without it these programs take UTF-8 for the code page of the system.
            Self::Excel => ::csv::WriterBuilder::new()
                .delimiter(b';')
                .terminator(::csv::Terminator::CRLF)
                .from_writer("\u{feff}".into()),
        }
    }

    fn cell(self, cell: &Cell) -> String {
        match self {
            // A number may begin with a minus: it is no formula.
            Self::Excel if cell.is_number() => cell.plain().replace('.', ","),
            _ => self.text(&cell.plain()),
        }
    }

    /// What a document is about: a text, or a whole number such as a seed, which stays one.
    fn about(self, value: &str) -> String {
        let is_number = value.parse::<u32>().is_ok_and(|number| number.to_string() == value);
        if is_number { value.to_owned() } else { self.text(value) }
    }

    /// A text; one that a spreadsheet program would take for a formula or a number is marked as text.
    fn text(self, text: &str) -> String {
        if self == Self::Plain {
            return text.to_owned();
        }
        // Some programs take the wide forms of East Asia for the same signs.
        let signs = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
        if text.starts_with(signs) {
            format!("'{text}")
        } else if is_like_a_number(text) {
            format!("=\"{text}\"")
        } else {
            text.to_owned()
        }
    }
}

/// Whether a spreadsheet program would make a number, a day or an hour of a text, such as `01001000`, `3-12`, `24/7` or
/// `12E4`. A day as `2026-01-31` may become one: it is a day.
fn is_like_a_number(text: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_digit() || " -./:,eE+".contains(letter);
    let is_number = text.starts_with(|first: char| first.is_ascii_digit() || ".,".contains(first))
        && text.contains(|letter: char| letter.is_ascii_digit())
        && text.chars().all(is_part);
    is_number && text.parse::<Date>().is_err()
}

fn text_of(out: ::csv::Writer<Vec<u8>>) -> io::Result<String> {
    let bytes = out.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::columns::{AGS, NOTE, PEOPLE};
    use crate::report::document::Table;

    #[test]
    fn one_table_is_plain_csv_and_several_are_long() {
        let csv = |document: &Document| csv(document, CsvDialect::Plain).unwrap();
        let table = Table::of([()])
            .column(PEOPLE, |()| Cell::count(7_u32))
            .column(NOTE, |()| Cell::text("a, b"))
            .build();
        let short = Document::new("t").section(Section::new("first", "First", table));
        assert_eq!(csv(&short), "people,note\n7,\"a, b\"\n");

        let dated = short.clone().about("as_of", "2026");
        assert_eq!(csv(&dated), "people,note,as_of\n7,\"a, b\",2026\n");

        let second = Section::new("second", "Second", Table::empty(&[PEOPLE]));
        let long = "section,row,key,value\nfirst,1,people,7\nfirst,1,note,\"a, b\"\n";
        assert_eq!(csv(&short.section(second)), long);
    }

    #[test]
    fn texts_stay_texts_in_a_spreadsheet_and_plain_csv_has_them_as_they_are() {
        let rows = [
            ("01001000", "=\"01001000\""),
            ("14713000", "=\"14713000\""),
            ("771392000", "=\"771392000\""),
            ("3-12", "=\"3-12\""),
            ("24/7", "=\"24/7\""),
            ("12E4", "=\"12E4\""),
            // As they are: a day, texts with letters, no digit at all.
            ("2026-01-31", "2026-01-31"),
            ("3rd", "3rd"),
            ("e", "e"),
            ("...", "..."),
            ("", ""),
            ("-1", "'-1"),
        ];
        for (text, expected) in rows {
            assert_eq!(CsvDialect::Excel.text(text), expected);
            assert_eq!(CsvDialect::Plain.text(text), text);
        }

        let table = Table::of([()])
            .column(AGS, |()| Cell::text("01001000"))
            .column(PEOPLE, |()| Cell::count(1000_u32))
            .build();
        let document = Document::new("t").section(Section::new("places", "Places", table));
        let written = csv(&document, CsvDialect::Excel).unwrap();
        // A reader of CSV gets the formula; a number stays one.
        assert_eq!(written, "\u{feff}ags;people\r\n\"=\"\"01001000\"\"\";1000\r\n");
        let plain = csv(&document, CsvDialect::Plain).unwrap();
        assert_eq!(plain, "ags,people\n01001000,1000\n");
    }
}
