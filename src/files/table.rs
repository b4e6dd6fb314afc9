//! Tables that people edit in a spreadsheet, row by row: each row is one line of the file.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use csv::{ReaderBuilder, StringRecord};

use crate::model::check::shown;
use crate::model::location::Fault;
use crate::problem::{Problem, ProblemKind, Problems, Suggestions, a_key_of, is_unprintable};
use crate::words;

/// A table being read, with the faults found so far.
pub(crate) struct Table<'t> {
    file: &'t str,
    pub(crate) problems: Problems,
    pub(crate) suggestions: Suggestions,
    pub(crate) columns: BTreeMap<String, usize>,
    pub(crate) line: u32,
    pub(crate) entity: String,
    /// Whether there is a header with the columns that must be there.
    pub(crate) has_header: bool,
    pub(crate) header_line: u32,
}

/// Which columns a table has.
pub(crate) struct Columns<'c> {
    /// Those that must be there.
    pub(crate) required: &'c [&'c str],
    /// Those that messages name.
    pub(crate) named: &'c [&'c str],
    /// Whether there is such a column.
    pub(crate) is_known: &'c dyn Fn(&str) -> bool,
}

/// A row, with its line in the file.
pub(crate) struct Row {
    pub(crate) line: u32,
    pub(crate) cells: StringRecord,
}

impl<'t> Table<'t> {
    /// A table of which nothing was read yet.
    fn new(file: &'t str) -> Self {
        Self {
            file,
            problems: Problems::default(),
            suggestions: Suggestions::default(),
            columns: BTreeMap::new(),
            line: 1,
            entity: String::new(),
            has_header: false,
            header_line: 1,
        }
    }

    /// A fault of a field of the row; of the row as a whole when the field is no column.
    pub(crate) fn fault(
        &mut self,
        kind: ProblemKind,
        field: &str,
        message: String,
        expected: &str,
    ) {
        self.fault_at(
            self.columns.get(field).copied().unwrap_or(0),
            field,
            kind,
            message,
            expected,
        );
    }

    fn fault_at(
        &mut self,
        column: usize,
        field: &str,
        kind: ProblemKind,
        message: String,
        expected: &str,
    ) {
        self.put(column, field, Fault::new(kind, message).expected(expected));
    }

    /// Notes a fault in a column, counted from 0.
    fn put(&mut self, column: usize, field: &str, fault: Fault) {
        self.problems.push(Problem {
            kind: fault.kind,
            file: Some(self.file.to_owned()),
            line: Some(self.line),
            column: Some(column as u32 + 1),
            entity: self.entity.clone(),
            field: field.to_owned(),
            message: fault.message,
            expected: fault.expected,
            closest: fault.closest,
        });
    }

    /// A key that refers to nothing, with the closest one that exists.
    pub(crate) fn unknown<'k>(
        &mut self,
        field: &str,
        what: &str,
        key: &str,
        keys: impl IntoIterator<Item = &'k str>,
    ) {
        let closest = self.suggestions.closest(what, key, keys);
        let fault = Fault::new(
            ProblemKind::Unknown,
            said!("unknown {what} \"{key}\"", what = words::of(what), key),
        )
        .expected(a_key_of(what));
        let column = self.columns.get(field).copied().unwrap_or(0);
        self.put(column, field, Fault { closest, ..fault });
    }

    pub(crate) fn text<'r>(&self, row: &'r StringRecord, field: &str) -> &'r str {
        // A column that is not there is as good as one with empty cells.
        self.columns.get(field).and_then(|&column| row.get(column)).unwrap_or_default()
    }

    /// A finite number within bounds; `None` for an empty field or one that is wrong.
    pub(crate) fn number(
        &mut self,
        row: &StringRecord,
        field: &str,
        bounds: (f64, f64),
    ) -> Option<f64> {
        let text = self.text(row, field);
        if text.is_empty() {
            return None;
        }
        match text.parse::<f64>() {
            Ok(number) if (bounds.0..=bounds.1).contains(&number) => Some(number),
            // `inf` and `NaN` are numbers to the computer, and out of any range.
            Ok(number) => {
                let expected = if bounds.1 == f64::MAX {
                    said!("a number from {bounds}", bounds = bounds.0)
                } else {
                    said!("a number from {least} to {most}", least = bounds.0, most = bounds.1)
                };
                let message = said!("{shown} is out of range", shown = shown(number));
                self.fault(ProblemKind::Range, field, message, &expected);
                None
            }
            Err(_) => {
                let message = said!("\"{text}\" is not what belongs here", text);
                self.fault(ProblemKind::Type, field, message, "a number with a decimal point");
                None
            }
        }
    }

    /// A whole number of people, 0 for an empty field; `None` when it is wrong.
    pub(crate) fn people(&mut self, row: &StringRecord, field: &str, most: u32) -> Option<u32> {
        if self.text(row, field).is_empty() {
            return Some(0);
        }
        self.whole_number(row, field, most, " of people")
    }

    /// A whole number; `None` for an empty field or one that is wrong.
    pub(crate) fn count(&mut self, row: &StringRecord, field: &str, most: u32) -> Option<u32> {
        if self.text(row, field).is_empty() {
            return None;
        }
        self.whole_number(row, field, most, "")
    }

    fn whole_number(
        &mut self,
        row: &StringRecord,
        field: &str,
        most: u32,
        unit: &str,
    ) -> Option<u32> {
        let text = self.text(row, field);
        match text.parse::<u32>() {
            Ok(number) if number <= most => Some(number),
            Ok(number) => {
                let message = said!("{number} is out of range", number);
                let what = unit.strip_prefix(" of").unwrap_or_default();
                self.fault(
                    ProblemKind::Range,
                    field,
                    message,
                    &said!("at most {most}{what}", most, what),
                );
                None
            }
            Err(_) => {
                let message = said!("\"{text}\" is not what belongs here", text);
                let mut expected = said!("a whole number{unit} from 0", unit);
                if let Some(number) = without_thousands(text) {
                    expected.push_str(&said!(
                        ", written without marks for thousands: {number}",
                        number
                    ));
                }
                self.fault(ProblemKind::Type, field, message, &expected);
                None
            }
        }
    }

    /// One of a fixed set of words; `None` for an empty field or one that is wrong.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        row: &StringRecord,
        field: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(row, field);
        if text.is_empty() {
            return None;
        }
        let chosen = choices.iter().find(|(word, _)| *word == text);
        if chosen.is_none() {
            // Words count with their capitals, as in the other files: what is close is offered, not taken.
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            let closest = self.suggestions.closest(field, text, words.iter().copied());
            let fault = Fault::new(ProblemKind::Unknown, said!("unknown word \"{text}\"", text))
                .expected(said!("one of {words}", words = words.join(", ")));
            let column = self.columns.get(field).copied().unwrap_or(0);
            self.put(column, field, Fault { closest, ..fault });
        }
        chosen.map(|(_, value)| *value)
    }

    /// `true` or `false`; an empty field is `false`.
    pub(crate) fn flag(&mut self, row: &StringRecord, field: &str) -> bool {
        match self.text(row, field) {
            "" | "false" => false,
            "true" => true,
            text => {
                let message = said!("\"{text}\" is not what belongs here", text);
                self.fault(ProblemKind::Type, field, message, "true or false");
                false
            }
        }
    }

    /// A text that is read further, such as a date; `None` for an empty field or one that is wrong.
    pub(crate) fn parsed<T>(&mut self, row: &StringRecord, field: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let text = self.text(row, field);
        if text.is_empty() {
            return None;
        }
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(ProblemKind::Type, field, error.to_string(), "");
                None
            }
        }
    }

    /// A text that must be there; a fault when the field is empty.
    pub(crate) fn required<'r>(
        &mut self,
        row: &'r StringRecord,
        field: &str,
        expected: &str,
    ) -> Option<&'r str> {
        let text = self.text(row, field);
        if text.is_empty() {
            self.fault(ProblemKind::Missing, field, "is empty".to_owned(), expected);
            return None;
        }
        Some(text)
    }
}

/// A whole number written with marks for thousands, without them: `1.000` or `12 500`.
fn without_thousands(text: &str) -> Option<String> {
    // The first group has up to three digits and all others three, or the mark is one of decimals.
    let groups: Vec<&str> = text.split(['.', ',', '\'', '’', ' ', '\u{a0}', '\u{202f}']).collect();
    let is_digits = |group: &&str| group.chars().all(|letter| letter.is_ascii_digit());
    let is_first = |group: &str| (1..=3).contains(&group.len());
    let is_grouped = groups.len() > 1
        && groups.iter().all(is_digits)
        && is_first(groups[0])
        && groups[1..].iter().all(|group| group.len() == 3);
    is_grouped.then(|| groups.concat())
}

/// What is wrong with the quotation marks of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Sound,
    /// A mark within a cell, in this column from 0.
    Within(usize),
    /// A cell that begins with a mark, in this column from 0, has no end in the line.
    Open(usize),
}

/// Looks at the quotation marks of a line: a cell in marks begins and ends with one, and has each of its
/// own twice.
fn check_quotes(line: &str) -> Quotes {
    if !line.contains('"') {
        return Quotes::Sound;
    }
    let mut rest = line;
    let mut column = 0;
    loop {
        let cell = rest;
        rest = if let Some(mut inner) = cell.strip_prefix('"') {
            loop {
                let Some(end) = inner.find('"') else { return Quotes::Open(column) };
                inner = &inner[end + 1..];
                match inner.strip_prefix('"') {
                    Some(behind) => inner = behind,
                    None => break,
                }
            }
            let behind = inner.trim_start();
            if !behind.is_empty() && !behind.starts_with(',') {
                return Quotes::Within(column);
            }
            behind
        } else {
            let end = cell.find(',').unwrap_or(cell.len());
            if cell[..end].contains('"') {
                return Quotes::Within(column);
            }
            &cell[end..]
        };
        match rest.strip_prefix(',') {
            Some(behind) => (rest, column) = (behind, column + 1),
            None => return Quotes::Sound,
        }
    }
}

/// The rows of a table with known columns; faults of the table's form are noted, and rows with one are
/// left out. A cell ends in the line in which it begins.
pub(crate) fn read_rows<'t>(
    file: &'t str,
    text: &str,
    columns: &Columns<'_>,
) -> (Table<'t>, Vec<Row>) {
    let mut table = Table::new(file);
    // Only lines whose marks are sound reach the `csv` crate: one open mark would swallow the rest of the table.
    let lines = sound_lines(&mut table, text);
    let mut joined = String::with_capacity(text.len());
    for (_, line) in &lines {
        joined.push_str(line);
        joined.push('\n');
    }

    // Flexible, because the `csv` crate would name the byte at which a row is too short, and not the row.
    let mut reader = ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(joined.as_bytes());
    let mut records = reader.records().zip(lines.iter().map(|(line, _)| *line));
    let header = match records.next() {
        Some((Ok(header), line)) => {
            (table.line, table.header_line) = (line, line);
            header
        }
        _ => StringRecord::new(),
    };

    // Where the header cannot be read, cells that were cut wrongly say nothing new.
    let of_lines = std::mem::take(&mut table.problems);
    if !read_header(&mut table, &header, columns) {
        return (table, Vec::new());
    }
    let of_header = std::mem::replace(&mut table.problems, of_lines);
    table.problems.append(of_header);

    let mut rows = Vec::new();
    for (record, line) in records {
        table.line = line;
        match record {
            Ok(cells) => {
                if is_sound_row(&mut table, &header, &cells) {
                    rows.push(Row { line, cells });
                }
            }
            Err(error) => table.fault(ProblemKind::Syntax, "", error.to_string(), ""),
        }
    }
    (table, rows)
}

/// The lines that are not blank, with their numbers; those with a fault of quotation marks are left out.
fn sound_lines<'x>(table: &mut Table<'_>, text: &'x str) -> Vec<(u32, &'x str)> {
    let mut lines: Vec<(u32, &str)> = Vec::new();
    // The line of a cell that was not closed, while another line may end it.
    let mut open: Option<(u32, usize)> = None;
    for (index, line) in text.split('\n').enumerate() {
        let number = index as u32 + 1;
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.trim().is_empty() {
            continue;
        }
        table.line = number;
        let quotes = check_quotes(line);

        // A cell with a line break is told as that, where a line follows that can end it.
        if let Some((first, column)) = open.take() {
            let may_end = quotes != Quotes::Sound && line.matches('"').count() % 2 == 1;
            let message = if may_end {
                said!("the cell goes on in line {number}: a line break within a cell", number)
            } else {
                "a quotation mark that no other one follows".to_owned()
            };
            table.line = first;
            let expected = "every row in one line, and a mark within a cell twice";
            table.fault_at(column, "", ProblemKind::Syntax, message, expected);
            table.line = number;
            if may_end {
                continue;
            }
        }
        match quotes {
            Quotes::Sound => lines.push((number, line)),
            Quotes::Open(column) => open = Some((number, column)),
            Quotes::Within(column) => {
                let message = "a quotation mark within a cell".to_owned();
                let expected = "the cell in quotation marks, and the mark within it twice";
                table.fault_at(column, "", ProblemKind::Syntax, message, expected);
            }
        }
    }
    if let Some((first, column)) = open {
        table.line = first;
        let message = "a quotation mark that no other one follows".to_owned();
        let expected = "every row in one line, and a mark within a cell twice";
        table.fault_at(column, "", ProblemKind::Syntax, message, expected);
    }
    table.line = 1;
    lines
}

/// Reads the names of the columns; whether rows can be read.
fn read_header(table: &mut Table<'_>, header: &StringRecord, columns: &Columns<'_>) -> bool {
    // Excel reads and keeps such a line, and shows it to nobody.
    let first = header.get(0).unwrap_or_default();
    let is_separator_line = first.to_ascii_lowercase().starts_with("sep=");
    if is_separator_line {
        let message = "the first line says how a spreadsheet separates columns (sep=)".to_owned();
        let expected = "the names of the columns, separated by commas";
        table.fault(ProblemKind::Syntax, "", message, expected);
        return false;
    }

    // A German Excel separates by semicolons, because its decimal mark is the comma.
    let separators = [(';', "semicolons"), ('\t', "tabs"), ('|', "vertical bars")];
    let count = |mark: char| header.iter().map(|cell| cell.matches(mark).count()).sum::<usize>();
    let separator =
        separators.iter().find(|(mark, _)| count(*mark) > header.len().saturating_sub(1));
    if let Some((_, name)) = separator {
        let message = said!("the columns are separated by {name}", name);
        table.fault(ProblemKind::Syntax, "", message, "commas, and decimal points");
        return false;
    }

    for (index, name) in header.iter().enumerate() {
        if name.is_empty() {
            let message = "a column without a name".to_owned();
            let expected = "a name, or no column";
            table.fault_at(index, "", ProblemKind::Missing, message, expected);
            continue;
        }
        if table.columns.contains_key(name) {
            let message = "the column is there twice".to_owned();
            table.fault_at(index, name, ProblemKind::Duplicate, message, "");
            continue;
        }
        table.columns.insert(name.to_owned(), index);
        if !(columns.is_known)(name) {
            let closest = table.suggestions.closest("column", name, columns.named.iter().copied());
            table.problems.push(Problem {
                kind: ProblemKind::UnknownField,
                file: Some(table.file.to_owned()),
                line: Some(table.line),
                column: Some(index as u32 + 1),
                entity: String::new(),
                field: name.to_owned(),
                message: "there is no such column".to_owned(),
                expected: said!("one of {named}", named = columns.named.join(", ")),
                closest,
            });
        }
    }
    table.has_header = true;
    for name in columns.required {
        if !table.columns.contains_key(*name) {
            table.has_header = false;
            let message = "the column is missing".to_owned();
            table.fault(ProblemKind::Missing, name, message, "");
        }
    }
    true
}

/// Whether a row has what the header says, and nothing that nobody sees.
fn is_sound_row(table: &mut Table<'_>, header: &StringRecord, cells: &StringRecord) -> bool {
    // Spreadsheets write rows that somebody only cleared as commas.
    if cells.iter().all(str::is_empty) {
        let message = "the row is empty".to_owned();
        table.fault(ProblemKind::Missing, "", message, "a row with values, or none");
        return false;
    }
    if cells.len() != header.len() {
        let what = if cells.len() == 1 { "column" } else { "columns" };
        let message = said!("the row has {cells} {what}", cells = cells.len(), what);
        let expected = said!("{header}, as in the header", header = header.len());
        table.fault(ProblemKind::Columns, "", message, &expected);
        return false;
    }

    // Blanks that do not break and marks of direction come along when a table is copied from a web page.
    for (column, cell) in cells.iter().enumerate() {
        if let Some(letter) = cell.chars().find(|letter| is_unprintable(*letter)) {
            let message = said!(
                "the invisible character U+{from} in a cell",
                from = format!("{:04X}", u32::from(letter))
            );
            let field = header.get(column).unwrap_or_default();
            let expected = "letters that can be seen, and blanks";
            table.fault_at(column, field, ProblemKind::Range, message, expected);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotation_marks_around_cells_are_sound_and_others_are_not() {
        for line in ["a,b", "\"a\",b", "a,\"b, c\" ,d", "\"a \"\"b\"\"\",c", "\"\",\"\"", ""] {
            assert_eq!(check_quotes(line), Quotes::Sound, "{line}");
        }
        for (line, column) in
            [("a,5\" b", 1), ("\"a\"b,c", 0), ("a,b,\"c\" d", 2), ("a,b\"", 1), ("a, \"b\"", 1)]
        {
            assert_eq!(check_quotes(line), Quotes::Within(column), "{line}");
        }
        for (line, column) in [("\"a,b", 0), ("a,\"b,c", 1), ("a,\"b\"\"", 1)] {
            assert_eq!(check_quotes(line), Quotes::Open(column), "{line}");
        }
    }

    #[test]
    fn numbers_with_marks_for_thousands_are_told_from_others() {
        assert_eq!(without_thousands("1.000").as_deref(), Some("1000"));
        assert_eq!(without_thousands("12 500 000").as_deref(), Some("12500000"));
        for text in ["1.5", "1000", ".000", "1.0000", "1.000,5", "x.000", "1234.000"] {
            assert_eq!(without_thousands(text), None, "{text}");
        }
    }
}
