//! Sheets of XLSX files and CSV tables as rows of texts, each with its number.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetVisible, Xlsx, XlsxError};

use super::faults::{fault, fault_at};
use super::text::{decode_any, one_line};
use crate::model::{Problem, ProblemKind};

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
/// Where the flags of its first part stand; the lowest bit is set where that is encrypted.
const ZIP_FLAGS: usize = 6;

/// Most bytes that the parts of an XLSX file may unpack to.
const MOST_UNPACKED: u64 = 1_000_000_000;

/// The visible sheets of an XLSX file.
pub(super) fn read_xlsx(file: &str, bytes: &[u8]) -> Result<Vec<Sheet>, Problem> {
    if bytes.starts_with(&COMPOUND_FILE) {
        let message = "the file is protected by a password; save it without one (or as XLSX, if it is an XLS file)";
        return Err(fault(file, ProblemKind::Unreadable, message));
    }
    if !bytes.starts_with(&ZIP) {
        let message =
            "the file is no XLSX file: it is empty, damaged, or has another format under this name";
        return Err(fault(file, ProblemKind::Unreadable, message));
    }
    if bytes.get(ZIP_FLAGS).is_some_and(|flags| flags & 1 == 1) {
        let message = "the file is protected by a password; save it without one";
        return Err(fault(file, ProblemKind::Unreadable, message));
    }
    if unpacked_size(bytes) > MOST_UNPACKED {
        let message = "the file would unpack to more than 1,000 MB";
        return Err(fault(file, ProblemKind::Range, message));
    }
    let unreadable = |error: XlsxError| fault(file, ProblemKind::Unreadable, describe(&error));
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let metadata = workbook.sheets_metadata().iter();
    let visible = metadata.filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    let mut sheets = Vec::new();
    for name in names {
        let rows = read_rows(&mut workbook, &name).map_err(|error| match error {
            SheetError::Damaged(error) => unreadable(error),
            SheetError::TooLarge => {
                let message = format!(
                    "sheet \"{name}\" has more rows, columns or letters than any table of hospitals"
                );
                fault(file, ProblemKind::Range, message)
            }
        })?;
        sheets.push(Sheet { file: file.to_owned(), name: Some(name), rows });
    }
    Ok(sheets)
}

enum SheetError {
    Damaged(XlsxError),
    TooLarge,
}

/// The rows of a sheet that have cells. Cells come one by one: a cell far away in a damaged sheet is no
/// reason to make room for all between.
fn read_rows(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<SheetRow>, SheetError> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(SheetError::Damaged)?;
    let mut rows: Vec<SheetRow> = Vec::new();
    let mut letters = 0;
    while let Some(cell) = cells.next_cell().map_err(SheetError::Damaged)? {
        let (row, column) = cell.get_position();
        let text = text_of(cell.get_value());
        if text.trim().is_empty() {
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

/// What is wrong with an XLSX file, in words.
fn describe(error: &XlsxError) -> String {
    match error {
        XlsxError::Password => {
            "the file is protected by a password; save it without one".to_owned()
        }
        XlsxError::Zip(error) => format!("the XLSX file is damaged: {error}"),
        other => format!("the XLSX file is damaged or none: {other}"),
    }
}

/// What the parts of a ZIP file say that they unpack to, by its central directory; 0 where there is none, which
/// reading says.
fn unpacked_size(bytes: &[u8]) -> u64 {
    const ENTRY: &[u8] = b"PK\x01\x02";
    let word = |at: usize| -> u64 {
        let bytes = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
        bytes.map_or(0, |four| u64::from(u32::from_le_bytes(four)))
    };
    let mut sum = 0;
    for at in 0..bytes.len().saturating_sub(46) {
        if bytes[at] == ENTRY[0] && bytes[at..].starts_with(ENTRY) {
            sum += word(at + 24);
        }
    }
    sum
}

/// Lines of a text, counted up to a byte. The reader of tables gives the byte where a record begins, but in files
/// whose lines end in two letters that is the second of them.
struct Lines<'t> {
    text: &'t [u8],
    byte: usize,
    line: u32,
}

impl Lines<'_> {
    /// Goes on to a byte behind the last one, and over what ends the line before.
    fn go_to(&mut self, byte: usize) {
        let mut end = byte.clamp(self.byte, self.text.len());
        while matches!(self.text.get(end), Some(b'\r' | b'\n')) {
            end += 1;
        }
        self.line +=
            self.text[self.byte..end].iter().filter(|letter| **letter == b'\n').count() as u32;
        self.byte = end;
    }
}

/// A CSV table, with commas, semicolons or tabs, in any encoding; rows without a cell are left out.
pub(super) fn read_csv(file: &str, bytes: &[u8]) -> Result<Sheet, Problem> {
    let Some(text) = decode_any(bytes) else {
        let message = "the file has bytes that are no text in its encoding";
        return Err(fault(file, ProblemKind::Encoding, message));
    };
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |mark: char| first.matches(mark).count();
    let separator = [',', ';', '\t'].into_iter().max_by_key(|mark| (count(*mark), *mark == ','));
    let separator = separator.map_or(b',', |mark| mark as u8);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut lines = Lines { text: text.as_bytes(), byte: 0, line: 1 };
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(fault(file, ProblemKind::Syntax, error.to_string())),
        }
        let byte = record.position().map_or(0, |position| position.byte() as usize);
        lines.go_to(byte);
        let number = lines.line;
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            let cells = record.iter().map(one_line).collect();
            rows.push(SheetRow { number, cells });
        }
    }
    Ok(Sheet { file: file.to_owned(), name: None, rows })
}

/// The name of a column as it can be compared: in small letters, without blanks and marks.
pub(super) fn column_name(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A table with a header: where each column is.
pub(super) struct Header<'s> {
    /// The position of the header among the rows.
    pub(super) at: usize,
    columns: Vec<(String, usize)>,
    pub(super) row: &'s SheetRow,
}

/// Rows among which a header is looked for.
const HEADER_WITHIN: usize = 50;

impl<'s> Header<'s> {
    /// The fault of the needed columns that are not there, with what is there; `None` where all are.
    pub(super) fn missing(&self, file: &str, needed: &[(&str, Option<usize>)]) -> Option<Problem> {
        let absent = needed.iter().filter(|(_, column)| column.is_none());
        let names: Vec<&str> = absent.map(|(name, _)| *name).collect();
        if names.is_empty() {
            return None;
        }
        let message =
            format!("columns are missing: {}; there are {}", names.join(", "), self.names());
        Some(fault_at(file, self.row.number, ProblemKind::Missing, message))
    }

    /// The row with most of these columns, among the first ones; `None` where no row has any of them.
    pub(super) fn find(sheet: &'s Sheet, wanted: &[&str]) -> Option<Self> {
        let mut best: Option<(usize, Self)> = None;
        for (at, row) in sheet.rows.iter().enumerate().take(HEADER_WITHIN) {
            let named = row.cells.iter().enumerate();
            let columns: Vec<(String, usize)> =
                named.map(|(column, cell)| (column_name(cell), column)).collect();
            let has = |name: &&&str| columns.iter().any(|(own, _)| own == **name);
            let found = wanted.iter().filter(has).count();
            if found > 0 && best.as_ref().is_none_or(|(most, _)| found > *most) {
                best = Some((found, Self { at, columns, row }));
            }
        }
        best.map(|(_, header)| header)
    }

    /// The first column of one of these names.
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        let is_one = |(own, _): &&(String, usize)| names.contains(&own.as_str());
        self.columns.iter().find(is_one).map(|(_, column)| *column)
    }

    /// Every column of this name, from left to right.
    pub(super) fn columns_named(&self, name: &str) -> Vec<usize> {
        let is_one = |(own, _): &&(String, usize)| own == name;
        self.columns.iter().filter(is_one).map(|(_, column)| *column).collect()
    }

    /// Every column with its name, from left to right.
    pub(super) fn all(&self) -> &[(String, usize)] {
        &self.columns
    }

    /// The names that the file gives, for a message.
    pub(super) fn names(&self) -> String {
        const SHOWN: usize = 25;
        let names: Vec<&str> =
            self.row.cells.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
        let more = names.len().saturating_sub(SHOWN);
        let shown = names[..names.len().min(SHOWN)].join(", ");
        if more > 0 { format!("{shown} and {more} more") } else { shown }
    }
}

/// The rows behind a header.
pub(super) fn rows_behind<'s>(sheet: &'s Sheet, header: &Header<'s>) -> &'s [SheetRow] {
    &sheet.rows[header.at + 1..]
}
