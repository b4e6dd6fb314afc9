//! Documents of tables, without any notion of how they are printed.

use std::io;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::columns::{self, ColumnDoc};
use crate::units::{Seconds, grouped};

/// Seconds of a day.
pub(super) const DAY: f64 = 86_400.0;

/// A value in a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A name that several things have.
    Name {
        /// The name, for programs.
        name: String,
        /// The name with what tells the thing from the others, for people.
        label: String,
    },
    /// Several texts.
    List(Vec<String>),
    /// A whole number.
    Count(u64),
    /// A number with this many decimals in text, four in JSON and CSV.
    Number(f64, usize),
    /// A share from 0: a percentage in text.
    Share(f64),
    /// A difference of shares: percentage points with two decimals in text.
    Points(f64),
    /// A time in seconds: minutes in print.
    Minutes(f64),
    /// Yes or no.
    Flag(bool),
    /// There is no value.
    Missing,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A text, or nothing.
    pub fn maybe_text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Missing, |text| Self::Text(text.into()))
    }

    /// A whole number, or nothing.
    pub fn maybe_count(count: Option<impl Into<u64>>) -> Self {
        count.map_or(Self::Missing, |count| Self::Count(count.into()))
    }

    /// A mean time in seconds, or nothing.
    pub fn maybe_minutes(seconds: Option<f64>) -> Self {
        seconds.map_or(Self::Missing, Self::Minutes)
    }

    /// A time, or nothing.
    pub fn maybe_time(time: Option<Seconds>) -> Self {
        Self::maybe_minutes(time.map(|time| f64::from(time.0)))
    }

    /// A time in seconds as days, or nothing.
    pub fn maybe_days(seconds: Option<f64>) -> Self {
        seconds.map_or(Self::Missing, |seconds| Self::Number(seconds / DAY, 1))
    }

    /// A share, or nothing.
    pub fn maybe_share(share: Option<f64>) -> Self {
        share.map_or(Self::Missing, Self::Share)
    }

    /// Whether text stands to the right, as numbers do.
    pub fn is_number(&self) -> bool {
        matches!(
            self,
            Self::Count(_) | Self::Number(..) | Self::Share(_) | Self::Points(_) | Self::Minutes(_)
        )
    }

    /// The value as people read it: thousands grouped, shares in percent, minutes with one
    /// decimal, a dash where there is none.
    pub fn display(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Name { label, .. } => label.clone(),
            Self::List(texts) => texts.join(", "),
            Self::Count(count) => grouped(*count),
            Self::Number(number, decimals) => number_in_print(*number, *decimals),
            Self::Share(share) => format!("{:.1} %", share * 100.0),
            Self::Points(share) => format!("{:.2} pp", share * 100.0 + 0.0),
            Self::Minutes(seconds) => number_in_print(seconds / 60.0, 1),
            Self::Flag(true) => "yes".to_owned(),
            Self::Flag(false) => "no".to_owned(),
            Self::Missing => "–".to_owned(),
        }
    }

    /// The value as a program reads it in a table of text: no grouping, `.` as decimal point,
    /// lists joined by `; `, nothing where there is none.
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Name { name, .. } => name.clone(),
            Self::List(texts) => texts.join("; "),
            Self::Count(count) => count.to_string(),
            Self::Number(..) | Self::Share(_) | Self::Points(_) | Self::Minutes(_) => {
                self.number().map_or_else(String::new, |number| number.to_string())
            }
            Self::Flag(flag) => flag.to_string(),
            Self::Missing => String::new(),
        }
    }

    /// The number, in minutes for a time, rounded to four decimals.
    fn number(&self) -> Option<f64> {
        let number = match self {
            Self::Number(number, _) | Self::Share(number) | Self::Points(number) => *number,
            Self::Minutes(seconds) => seconds / 60.0,
            _ => return None,
        };
        Some((number * 10_000.0).round() / 10_000.0 + 0.0) // + 0.0: no negative zero
    }
}

/// A number with so many decimals and a comma between thousands; one beyond what a table has room for as
/// a power of ten.
fn number_in_print(number: f64, decimals: usize) -> String {
    if number.abs() >= 1e15 {
        return format!("{number:.1e}");
    }
    let size = if decimals == 0 { number.abs().round() } else { number.abs() };
    let text = format!("{size:.decimals$}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(one, rest)| (one, rest));
    let sign = if number < 0.0 && text.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        "-"
    } else {
        ""
    };
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped);
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) | Self::Name { name: text, .. } => to.serialize_str(text),
            Self::List(texts) => {
                let mut list = to.serialize_seq(Some(texts.len()))?;
                texts.iter().try_for_each(|text| list.serialize_element(text))?;
                list.end()
            }
            Self::Count(count) => to.serialize_u64(*count),
            Self::Number(..) | Self::Share(_) | Self::Points(_) | Self::Minutes(_) => {
                self.number().serialize(to)
            }
            Self::Flag(flag) => to.serialize_bool(*flag),
            Self::Missing => to.serialize_none(),
        }
    }
}

/// A table: columns of [`super::COLUMNS`] and rows of as many cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    columns: Vec<&'static ColumnDoc>,
    rows: Vec<Vec<Cell>>,
    /// Keys of columns that are left out in text, where the screen has no room for them.
    details: Vec<&'static str>,
    /// Keys of columns that go first where a screen is too narrow for all.
    spare: Vec<&'static str>,
}

impl Table {
    /// A table with the columns of these keys and no row.
    ///
    /// # Panics
    ///
    /// When a key is not in [`super::COLUMNS`]: it would be an undocumented one.
    pub fn new(keys: &[&str]) -> Self {
        let find = |key: &&str| {
            columns::find(key).unwrap_or_else(|| panic!("column {key} is documented in COLUMNS"))
        };
        Self {
            columns: keys.iter().map(find).collect(),
            rows: Vec::new(),
            details: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// Adds a row.
    ///
    /// # Panics
    ///
    /// When it has another number of cells than the table has columns.
    pub fn row(&mut self, cells: Vec<Cell>) {
        assert_eq!(cells.len(), self.columns.len(), "a cell for every column");
        self.rows.push(cells);
    }

    /// The columns.
    pub fn columns(&self) -> &[&'static ColumnDoc] {
        &self.columns
    }

    /// The same with columns that are left out in text: they are for programs only.
    #[must_use]
    pub fn details(mut self, keys: &[&'static str]) -> Self {
        self.details.extend(keys);
        self
    }

    /// The same with columns that go first where a screen is too narrow for all; then the last ones go.
    #[must_use]
    pub fn spare(mut self, keys: &[&'static str]) -> Self {
        self.spare.extend(keys);
        self
    }

    /// Those of these columns, by position, that go next where a screen is too narrow for them: the last spare
    /// one, else the last one; with what is after a change goes what was before it.
    pub fn next_to_go(&self, columns: &[usize]) -> Vec<usize> {
        let key = |at: usize| self.columns[at].key;
        let spare = columns.iter().rev().find(|at| self.spare.contains(&key(**at)));
        let Some(&gone) = spare.or(columns.last()) else { return Vec::new() };
        let before = key(gone).replace("after", "before");
        columns.iter().copied().filter(|at| *at == gone || key(*at) == before).collect()
    }

    /// Whether the column at this position is shown in text.
    pub fn is_shown(&self, column: usize) -> bool {
        !self.details.contains(&self.columns[column].key)
    }

    /// The rows.
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// The table without the rows behind the first `count`.
    #[must_use]
    pub fn first(mut self, count: usize) -> Self {
        self.rows.truncate(count);
        self
    }
}

impl Serialize for Table {
    /// A list of objects, the columns' keys as keys.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        struct Row<'t>(&'t [&'static ColumnDoc], &'t [Cell]);
        impl Serialize for Row<'_> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let mut map = to.serialize_map(Some(self.0.len()))?;
                for (column, cell) in self.0.iter().zip(self.1) {
                    map.serialize_entry(column.key, cell)?;
                }
                map.end()
            }
        }
        let mut list = to.serialize_seq(Some(self.rows.len()))?;
        for row in &self.rows {
            list.serialize_element(&Row(&self.columns, row))?;
        }
        list.end()
    }
}

/// A part of a document: a heading, remarks, and a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Stable key: the name of the table in JSON.
    pub key: &'static str,
    /// Heading.
    pub heading: String,
    /// Sentences for readers.
    pub notes: Vec<String>,
    /// What stands for the table in text, where a sentence says it shorter.
    pub in_words: Option<String>,
    /// The table.
    pub table: Table,
}

impl Section {
    /// A section without remarks.
    pub fn new(key: &'static str, heading: impl Into<String>, table: Table) -> Self {
        Self { key, heading: heading.into(), notes: Vec::new(), in_words: None, table }
    }

    /// The same with a sentence that stands for the table in text.
    #[must_use]
    pub fn in_words(mut self, sentence: impl Into<String>) -> Self {
        self.in_words = Some(sentence.into());
        self
    }

    /// The same with one more remark.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

/// A result laid out for readers: what it is about, and sections.
///
/// As JSON: `{"title": ..., "about": {...}, "tables": {"key": [{...}]}, "notes": {"key": [...]}}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Title.
    pub title: String,
    /// What it rests on: key and value, in order.
    pub about: Vec<(&'static str, String)>,
    /// The sections, in order.
    pub sections: Vec<Section>,
}

impl Document {
    /// An empty document.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), about: Vec::new(), sections: Vec::new() }
    }

    /// The same with one more thing that it is about.
    #[must_use]
    pub fn about(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.about.push((key, value.into()));
        self
    }

    /// The same with one more section.
    #[must_use]
    pub fn section(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }

    /// The document as CSV. One section is its table, with the columns' keys as header, and behind
    /// them what the document is about; several are one table of `section`, `row` (from 1), `key`
    /// and `value`, with what it is about as the first section.
    ///
    /// # Errors
    ///
    /// Never in practice: it writes to memory.
    pub fn to_csv(&self) -> io::Result<String> {
        self.write_csv(Dialect::Plain)
    }

    /// The same for a spreadsheet program with German settings: a byte order mark, semicolons, decimal commas
    /// and lines that end as Windows ends them. No text is taken for a formula: one that begins with `=`, `+`,
    /// `-`, `@`, a tab or a line break gets an apostrophe before it. Numbers stay numbers, negative ones too.
    ///
    /// # Errors
    ///
    /// Never in practice: it writes to memory.
    pub fn to_excel_csv(&self) -> io::Result<String> {
        self.write_csv(Dialect::Excel)
    }

    fn write_csv(&self, dialect: Dialect) -> io::Result<String> {
        if let [_] = self.sections.as_slice() {
            return Self::write_rows(std::slice::from_ref(self), dialect);
        }
        let mut out = dialect.writer();
        out.write_record(["section", "row", "key", "value"])?;
        for (key, value) in &self.about {
            out.write_record(["about", "1", key, &dialect.text(value)])?;
        }
        for section in &self.sections {
            for (index, row) in section.table.rows.iter().enumerate() {
                for (column, cell) in section.table.columns.iter().zip(row) {
                    let number = (index + 1).to_string();
                    out.write_record([section.key, &number, column.key, &dialect.cell(cell)])?;
                }
            }
        }
        text_of(out)
    }

    /// Documents of one section with the same columns, as one table of CSV: the rows of the first, then
    /// those of the second, and so on. Behind each row stands what its document is about; empty where that
    /// says nothing of what others do.
    ///
    /// # Errors
    ///
    /// When a document has another number of sections than one, or other columns than the first.
    pub fn rows_as_csv(documents: &[Self]) -> io::Result<String> {
        Self::write_rows(documents, Dialect::Plain)
    }

    /// The same for a spreadsheet program, as [`Document::to_excel_csv`] writes it.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn rows_as_excel_csv(documents: &[Self]) -> io::Result<String> {
        Self::write_rows(documents, Dialect::Excel)
    }

    fn write_rows(documents: &[Self], dialect: Dialect) -> io::Result<String> {
        let mut sections = Vec::new();
        for document in documents {
            let [section] = document.sections.as_slice() else {
                return Err(io::Error::other("a table needs one section"));
            };
            sections.push(section);
        }
        let keys = |section: &Section| -> Vec<&'static str> {
            section.table.columns.iter().map(|column| column.key).collect()
        };
        let columns = sections.first().map(|section| keys(section)).unwrap_or_default();
        if sections.iter().any(|section| keys(section) != columns) {
            return Err(io::Error::other("the tables have different columns"));
        }
        let mut about: Vec<&'static str> = Vec::new();
        for (key, _) in documents.iter().flat_map(|document| &document.about) {
            if !about.contains(key) {
                about.push(key);
            }
        }
        let mut out = dialect.writer();
        out.write_record(columns.iter().chain(&about))?;
        for (document, section) in documents.iter().zip(sections) {
            let says = |key: &&'static str| {
                let own = document.about.iter().find(|(own, _)| own == key);
                own.map(|(_, value)| dialect.text(value)).unwrap_or_default()
            };
            for row in &section.table.rows {
                let cells = row.iter().map(|cell| dialect.cell(cell));
                out.write_record(cells.chain(about.iter().map(says)))?;
            }
        }
        text_of(out)
    }
}

/// How a table of text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// For programs: commas, decimal points, texts as they are.
    Plain,
    /// For spreadsheet programs with German settings.
    Excel,
}

impl Dialect {
    fn writer(self) -> csv::Writer<Vec<u8>> {
        match self {
            Self::Plain => csv::Writer::from_writer(Vec::new()),
            Self::Excel => csv::WriterBuilder::new()
                .delimiter(b';')
                .terminator(csv::Terminator::CRLF)
                .from_writer("\u{feff}".into()),
        }
    }

    fn cell(self, cell: &Cell) -> String {
        match self {
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

fn text_of(out: csv::Writer<Vec<u8>>) -> io::Result<String> {
    let bytes = out.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        struct Map<T>(Vec<(&'static str, T)>);
        impl<T: Serialize> Serialize for Map<T> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_map(self.0.iter().map(|(key, value)| (key, value)))
            }
        }
        let noted = self.sections.iter().filter(|section| !section.notes.is_empty());
        let notes = Map(noted.map(|section| (section.key, &section.notes)).collect());
        let tables = self.sections.iter().map(|section| (section.key, &section.table));
        let mut map = to.serialize_map(Some(4))?;
        map.serialize_entry("title", &self.title)?;
        map.serialize_entry("about", &Map(self.about.clone()))?;
        map.serialize_entry("tables", &Map(tables.collect()))?;
        map.serialize_entry("notes", &notes)?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_for_people_and_for_programs() {
        let both = |cell: Cell| (cell.display(), cell.plain());
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(both(Cell::Count(1_058_179)), pair("1,058,179", "1058179"));
        assert_eq!(both(Cell::Share(0.8325)), pair("83.2 %", "0.8325"));
        assert_eq!(both(Cell::Minutes(1798.0)), pair("30.0", "29.9667"));
        assert_eq!(both(Cell::Minutes(-86_400.0)).0, "-1,440.0");
        assert_eq!(both(Cell::Number(1234.5, 0)), pair("1,235", "1234.5"));
        assert_eq!(both(Cell::Number(-0.0, 1)).1, "0");
        assert_eq!(both(Cell::Missing), pair("–", ""));
        assert_eq!(both(Cell::List(vec!["a".into(), "b".into()])), pair("a, b", "a; b"));
    }

    #[test]
    fn on_a_narrow_screen_spare_columns_go_first_and_before_goes_with_after() {
        let keys = ["hospital", "cases_before", "cases_after", "beds", "overload"];
        let table = Table::new(&keys).spare(&["cases_before", "cases_after"]);
        let mut left: Vec<usize> = (0..keys.len()).collect();
        let mut gone = Vec::new();
        while left.len() > 1 {
            let next = table.next_to_go(&left);
            left.retain(|at| !next.contains(at));
            gone.push(next);
        }
        assert_eq!(gone, [vec![1, 2], vec![4], vec![3]]);
        assert!(table.next_to_go(&[]).is_empty());
    }

    #[test]
    fn one_table_is_plain_csv_and_several_are_long() {
        let mut table = Table::new(&["people", "note"]);
        table.row(vec![Cell::Count(7), Cell::text("a, b")]);
        let one = Document::new("t").section(Section::new("first", "First", table.clone()));
        assert_eq!(one.to_csv().unwrap(), "people,note\n7,\"a, b\"\n");
        let dated = one.clone().about("as_of", "2026");
        assert_eq!(dated.to_csv().unwrap(), "people,note,as_of\n7,\"a, b\",2026\n");
        let two = one.section(Section::new("second", "Second", Table::new(&["people"])));
        let long = "section,row,key,value\nfirst,1,people,7\nfirst,1,note,\"a, b\"\n";
        assert_eq!(two.to_csv().unwrap(), long);
    }
}
