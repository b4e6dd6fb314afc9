//! Documents as CSV.

use std::io;

use crate::report::document::{Cell, Document, Section};

/// For whom CSV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvDialect {
    /// For programs: commas, decimal points, texts as they are.
    Plain,
    /// For spreadsheet programs with German settings: a byte order mark, semicolons, decimal commas and lines that
    /// end as Windows ends them. No text is taken for a formula: one that begins with `=`, `+`, `-`, `@`, a tab or
    /// a line break gets an apostrophe before it. Numbers stay numbers, negative ones too.
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
        out.write_record(["about", "1", key, &dialect.text(&value.to_string())])?;
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
                Some((_, value)) => dialect.text(&value.to_string()),
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

    /// A text; one that a spreadsheet program would take for a formula is marked as text.
    fn text(self, text: &str) -> String {
        // Some programs take the wide forms of East Asia for the same signs.
        let signs = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
        if self == Self::Excel && text.starts_with(signs) {
            return format!("'{text}");
        }
        text.to_owned()
    }
}

fn text_of(out: ::csv::Writer<Vec<u8>>) -> io::Result<String> {
    let bytes = out.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::columns::{NOTE, PEOPLE};
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
}
