//! Sheets of XLSX files and CSV tables as rows of texts, each with its number.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetVisible, Xlsx, XlsxError};

use super::faults::{fault, fault_at};
use super::text::{LineCounter, decode_file, one_line};
use crate::problem::{Problem, ProblemKind};

/// A sheet or table with the name of its file.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) file: String,
    /// The name of the sheet; `None` for a CSV table.
    pub(super) name: Option<String>,
    pub(super) rows: Vec<SheetRow>,
}

/// A row of a sheet.
#[derive(Debug)]
pub(super) struct SheetRow {
    /// Its number in the file, from 1.
    pub(super) number: u32,
    pub(super) cells: Vec<String>,
}

impl SheetRow {
    /// The text of a cell without blanks around it; empty where there is none.
    pub(super) fn text(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }
}

/// Most rows, columns and letters of a sheet: a directory of Germany has 3,000 rows of 170 cells.
const MOST_ROWS: u32 = 200_000;
const MOST_COLUMNS: u32 = 2_000;
const MOST_LETTERS: usize = 200_000_000;

/// How a compound file begins: what a password makes of an XLSX file, and files of the older XLS.
const COMPOUND_FILE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// How a ZIP archive begins, which an XLSX file is.
const ZIP: [u8; 2] = *b"PK";
/// Byte of a ZIP archive with the flags of its first part; the lowest bit is set where that is encrypted.
const ZIP_FLAGS: usize = 6;

/// Most bytes that the parts of an XLSX file may unpack to.
const MOST_UNPACKED: u64 = 1_000_000_000;

/// The visible sheets of an XLSX file.
///
/// Hidden sheets are left out: nobody who looks at the file sees what they hold.
pub(super) fn read_xlsx(file: &str, bytes: &[u8]) -> Result<Vec<Sheet>, Problem> {
    check_archive(file, bytes)?;
    let unreadable = |error: XlsxError| fault(file, ProblemKind::Unreadable, describe(&error));
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;

    let mut names = Vec::new();
    for sheet in workbook.sheets_metadata() {
        if sheet.visible == SheetVisible::Visible {
            names.push(sheet.name.clone());
        }
    }

    let mut sheets = Vec::new();
    for name in names {
        let rows = match read_rows(&mut workbook, &name) {
            Ok(rows) => rows,
            Err(SheetError::Damaged(error)) => return Err(unreadable(error)),
            Err(SheetError::TooLarge) => {
                let message = format!(
                    "sheet \"{name}\" has more rows, columns or letters than any table of hospitals"
                );
                return Err(fault(file, ProblemKind::Range, message));
            }
        };
        sheets.push(Sheet { file: file.to_owned(), name: Some(name), rows });
    }
    Ok(sheets)
}

/// Checks what the first bytes and the list of parts say, before anything is unpacked.
fn check_archive(file: &str, bytes: &[u8]) -> Result<(), Problem> {
    let unreadable = |message: &str| Err(fault(file, ProblemKind::Unreadable, message));
    // Each needs another remedy, where the reader of sheets would only say that the archive is broken.
    if bytes.starts_with(&COMPOUND_FILE) {
        return unreadable(
            "the file is protected by a password; save it without one (or as XLSX, if it is an XLS file)",
        );
    }
    if !bytes.starts_with(&ZIP) {
        return unreadable(
            "the file is no XLSX file: it is empty, damaged, or has another format under this name",
        );
    }
    if bytes.get(ZIP_FLAGS).is_some_and(|flags| flags & 1 == 1) {
        return unreadable("the file is protected by a password; save it without one");
    }

    // A few kilobytes of a ZIP archive can unpack to more than a computer has.
    if unpacked_size(bytes) > MOST_UNPACKED {
        let message = "the file would unpack to more than 1,000 MB";
        return Err(fault(file, ProblemKind::Range, message));
    }
    Ok(())
}

enum SheetError {
    Damaged(XlsxError),
    TooLarge,
}

/// The rows of a sheet that have cells.
fn read_rows(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<SheetRow>, SheetError> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(SheetError::Damaged)?;
    let mut rows: Vec<SheetRow> = Vec::new();
    let mut letters = 0;

    // Cells come one by one: a cell far away in a damaged sheet is no reason to make room for all between.
    while let Some(cell) = cells.next_cell().map_err(SheetError::Damaged)? {
        let (row, column) = cell.get_position();
        let text = text_of(cell.get_value());
        if text.trim().is_empty() {
            // The directory of hospitals has cells of blanks where it has no value.
            continue;
        }
        letters += text.len();
        if row >= MOST_ROWS || column >= MOST_COLUMNS || letters > MOST_LETTERS {
            return Err(SheetError::TooLarge);
        }

        let number = row + 1;
        if rows.last().is_none_or(|last| last.number != number) {
            rows.push(SheetRow { number, cells: Vec::new() });
        }
        let Some(last) = rows.last_mut() else { continue };
        let column = column as usize;
        if last.cells.len() <= column {
            last.cells.resize(column + 1, String::new());
        }
        last.cells[column] = text;
    }
    Ok(rows)
}

/// The value of a cell as it is shown; a whole number has no decimals.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        // Keys and postcodes that were taken for numbers: 260.0 is shown as 260.
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => one_line(text),
        DataRef::SharedString(text) => one_line(text),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::DateTime(date) => date.as_f64().to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// The fault of an XLSX file, in words.
fn describe(error: &XlsxError) -> String {
    match error {
        XlsxError::Password => {
            "the file is protected by a password; save it without one".to_owned()
        }
        XlsxError::Zip(error) => format!("the XLSX file is damaged: {error}"),
        other => format!("the XLSX file is damaged or none: {other}"),
    }
}

/// Bytes to which the parts of a ZIP archive unpack, as its list of parts (the central directory) says; 0 where
/// there is no list, which is a fault when the file is read.
fn unpacked_size(bytes: &[u8]) -> u64 {
    const ENTRY: [u8; 4] = *b"PK\x01\x02";
    const LENGTH_OF_ENTRY: usize = 46;
    const SIZE_IN_ENTRY: usize = 24;
    let mut sum = 0;
    for entry in bytes.windows(LENGTH_OF_ENTRY) {
        if entry.starts_with(&ENTRY) {
            let mut size = [0; 4];
            size.copy_from_slice(&entry[SIZE_IN_ENTRY..SIZE_IN_ENTRY + 4]);
            sum += u64::from(u32::from_le_bytes(size));
        }
    }
    sum
}

/// A CSV table, with commas, semicolons or tabs, in any encoding; rows without a cell are left out.
pub(super) fn read_csv(file: &str, bytes: &[u8]) -> Result<Sheet, Problem> {
    let text = decode_file(file, bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator_of(&text))
        .has_headers(false)
        // Rows of spreadsheets end with their last cell.
        .flexible(true)
        .from_reader(text.as_bytes());

    let mut rows = Vec::new();
    let mut lines = LineCounter::new(&text);
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(fault(file, ProblemKind::Syntax, error.to_string())),
        }

        let offset = record.position().map_or(0, |position| position.byte() as usize);
        let number = lines.line_of_record(offset);
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            let cells = record.iter().map(one_line).collect();
            rows.push(SheetRow { number, cells });
        }
    }
    Ok(Sheet { file: file.to_owned(), name: None, rows })
}

/// The mark between the cells of a CSV table: of comma, semicolon (as a German Excel and the census write it) and
/// tab that which the first line has most often, and a comma where they are even.
fn separator_of(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut separator = b',';
    let mut most = header.matches(',').count();
    for mark in [';', '\t'] {
        let count = header.matches(mark).count();
        // The last one of those that are even, unless the comma is among them.
        if count > most || (count == most && separator != b',') {
            separator = mark as u8;
            most = count;
        }
    }
    separator
}

/// The name of a column as it can be compared: in small letters, without blanks and marks.
pub(super) fn column_name(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_alphanumeric() {
            name.extend(letter.to_lowercase());
        }
    }
    name
}

/// A column of a header: its name as [`column_name`] writes it, and where it stands.
pub(super) struct Column {
    pub(super) name: String,
    /// Its position in a row, from 0.
    pub(super) index: usize,
}

/// The row of a sheet that names its columns.
pub(super) struct Header<'s> {
    pub(super) row: &'s SheetRow,
    columns: Vec<Column>,
    /// The rows behind the header.
    pub(super) rows: &'s [SheetRow],
}

/// Rows among which a header is looked for. That of the directory of hospitals stands in row 5, below titles.
const HEADER_WITHIN: usize = 50;

impl<'s> Header<'s> {
    /// The row with most of these columns, among the first ones; `None` where no row has any of them.
    pub(super) fn find(sheet: &'s Sheet, wanted: &[&str]) -> Option<Self> {
        let mut best = None;
        let mut most = 0;
        for (position, row) in sheet.rows.iter().take(HEADER_WITHIN).enumerate() {
            let header = Self { row, columns: columns_of(row), rows: &sheet.rows[position + 1..] };
            let count = header.count_of(wanted);
            if count > most {
                best = Some(header);
                most = count;
            }
        }
        best
    }

    /// How many of these columns there are.
    pub(super) fn count_of(&self, wanted: &[&str]) -> usize {
        wanted.iter().filter(|name| self.column(&[name]).is_some()).count()
    }

    /// Whether each of these columns is there.
    pub(super) fn has_all(&self, wanted: &[&str]) -> bool {
        self.count_of(wanted) == wanted.len()
    }

    /// The fault of the needed columns that are not there, with what is there; `None` where all are.
    pub(super) fn missing(&self, file: &str, needed: &[(&str, Option<usize>)]) -> Option<Problem> {
        let mut names = Vec::new();
        for (name, column) in needed {
            if column.is_none() {
                names.push(*name);
            }
        }
        if names.is_empty() {
            return None;
        }
        let message =
            format!("columns are missing: {}; there are {}", names.join(", "), self.names());
        Some(fault_at(file, self.row.number, ProblemKind::Missing, message))
    }

    /// The position of the first column of one of these names.
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        for column in &self.columns {
            if names.contains(&column.name.as_str()) {
                return Some(column.index);
            }
        }
        None
    }

    /// The position of the first column of one of these names; where there is none, one whose cells are empty.
    pub(super) fn column_or_empty(&self, names: &[&str]) -> usize {
        self.column(names).unwrap_or(NO_COLUMN)
    }

    /// The positions of every column of this name, from left to right.
    pub(super) fn columns_named(&self, name: &str) -> Vec<usize> {
        let mut indexes = Vec::new();
        for column in &self.columns {
            if column.name == name {
                indexes.push(column.index);
            }
        }
        indexes
    }

    /// Every column, from left to right.
    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The names that the file gives, for a message.
    pub(super) fn names(&self) -> String {
        const SHOWN: usize = 25;
        let mut names: Vec<&str> = Vec::new();
        for cell in &self.row.cells {
            if !cell.is_empty() {
                names.push(cell);
            }
        }
        let more = names.len().saturating_sub(SHOWN);
        let shown = names[..names.len().min(SHOWN)].join(", ");
        if more > 0 { format!("{shown} and {more} more") } else { shown }
    }
}

/// A column that no row has: its cells are empty.
pub(super) const NO_COLUMN: usize = usize::MAX;

fn columns_of(row: &SheetRow) -> Vec<Column> {
    let mut columns = Vec::with_capacity(row.cells.len());
    for (index, cell) in row.cells.iter().enumerate() {
        columns.push(Column { name: column_name(cell), index });
    }
    columns
}

/// Whether a row of the sheet is a header with each of these columns.
pub(super) fn has_columns(sheet: &Sheet, wanted: &[&str]) -> bool {
    Header::find(sheet, wanted).is_some_and(|header| header.has_all(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_separated_by_what_the_header_has_most_often() {
        assert_eq!(separator_of("\n a;b;c,d\n1,2,3,4,5"), b';');
        assert_eq!(separator_of("a,b;c"), b',');
        assert_eq!(separator_of("a\tb"), b'\t');
        assert_eq!(separator_of("people"), b',');
        assert_eq!(separator_of("a;b\tc"), b'\t');
    }
}
