//! Documents as a workbook (XLSX): one sheet a table.

use std::collections::BTreeSet;
use std::io;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::basis::{assumptions, sources};
use crate::calendar::Date;
use crate::report::document::{Cell, Document, Table};

/// Letters of the name of a sheet at most.
const NAME: usize = 31;
/// Letters of a cell at most; longer texts are cut, and end with three dots.
const LETTERS: usize = 32_000;
/// Rows of a sheet at most, the header included.
const ROWS: usize = 1_048_576;

/// Documents as a workbook for spreadsheet programs.
///
/// Each table is a sheet with the columns' keys as header, which have their units, with filters and a frozen head. Numbers
/// are numbers, days are days, times in minutes, shares are shown in percent; a text is never a formula. Behind the tables stand sheets of what
/// the result is about and its remarks (`about`), of what every column means (`columns`), of the sources with their licences
/// (`sources`), and of the values that nobody published or that a rule gave (`assumptions`). The same documents give the same bytes.
///
/// # Errors
///
/// When a table has more than 1,048,575 rows, which no sheet has room for.
pub fn xlsx(documents: &[Document]) -> io::Result<Vec<u8>> {
    let mut names = BTreeSet::new();
    for document in documents {
        for section in &document.sections {
            if section.table.rows().len() >= ROWS {
                return Err(io::Error::other(format!(
                    "the table \"{}\" has {} rows, and a sheet has room for {}",
                    section.key,
                    section.table.rows().len(),
                    ROWS - 1
                )));
            }
        }
    }
    workbook(documents, &mut names).map_err(io::Error::other)
}

fn workbook(documents: &[Document], names: &mut BTreeSet<String>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The hour of writing would make every file another one.
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&day));
    for document in documents {
        for section in &document.sections {
            // Remarks alone stand on the sheet of what the result is about.
            if section.table.columns().is_empty() {
                continue;
            }
            let sheet = workbook.add_worksheet();
            sheet.set_name(unique(section.key, names))?;
            push_table(sheet, &section.table)?;
        }
    }

    push_rows(&mut workbook, names, "about", &["section", "remark"], &about(documents))?;
    let header = ["table", "column", "heading", "meaning"];
    push_rows(&mut workbook, names, "columns", &header, &columns(documents))?;
    if let Some(ground) = documents.iter().find_map(|document| document.ground.as_ref()) {
        let header = ["key", "source", "year", "licence", "url"];
        push_rows(&mut workbook, names, "sources", &header, &sources(&ground.network))?;
        let header = ["of", "key", "value", "basis"];
        push_rows(&mut workbook, names, "assumptions", &header, &assumptions(&ground.network))?;
    }
    workbook.save_to_buffer()
}

/// A name that a sheet may have and no other one has, whatever its case.
fn unique(name: &str, names: &mut BTreeSet<String>) -> String {
    let mut plain = name.replace(['[', ']', ':', '*', '?', '/', '\\'], " ");
    plain = plain.trim_matches('\'').chars().take(NAME).collect();
    let mut candidate = plain.clone();
    let mut number = 1;
    while !names.insert(candidate.to_lowercase()) {
        number += 1;
        let end = format!(" {number}");
        let kept: String = plain.chars().take(NAME - end.len()).collect();
        candidate = kept + &end;
    }
    candidate
}

fn push_table(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for (column, meant) in (0_u16..).zip(table.columns()) {
        sheet.write_string_with_format(0, column, &*meant.key(), &bold)?;
        sheet.set_column_width(column, width(table, usize::from(column)))?;
    }
    for (row, cells) in (1_u32..).zip(table.rows()) {
        for (column, cell) in (0_u16..).zip(cells) {
            push_cell(sheet, row, column, cell)?;
        }
    }
    freeze(sheet, table.rows().len(), table.columns().len())
}

/// A column is as wide as what stands in its first rows, within limits.
fn width(table: &Table, column: usize) -> u32 {
    let mut widest = table.columns()[column].key().chars().count();
    for row in table.rows().iter().take(200) {
        widest = widest.max(row[column].display().chars().count());
    }
    u32::try_from(widest + 2).map_or(60, |width| width.clamp(8, 60))
}

/// The head stays where it is, and filters stand in it.
fn freeze(sheet: &mut Worksheet, rows: usize, columns: usize) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 0)?;
    let last = u32::try_from(rows).unwrap_or(u32::MAX);
    if let Some(right) = u16::try_from(columns).ok().and_then(|columns| columns.checked_sub(1)) {
        sheet.autofilter(0, 0, last, right)?;
    }
    Ok(())
}

fn push_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    match (cell.as_number(), cell) {
        // A sheet has no sign for what is no number.
        (Some(number), _) if !number.is_finite() => {}
        (Some(number), _) => {
            let format = Format::new().set_num_format(number_format(cell));
            sheet.write_number_with_format(row, column, number, &format)?;
        }
        (None, Cell::Flag(flag)) => {
            sheet.write_boolean(row, column, *flag)?;
        }
        (None, Cell::Missing | Cell::Hint(_)) => {}
        (None, Cell::Day(day)) => push_day(sheet, row, column, *day)?,
        // As a string: a text that begins with = is no formula.
        (None, _) => {
            sheet.write_string(row, column, in_cell(&cell.plain()))?;
        }
    }
    Ok(())
}

/// A day as a day; as a text where a sheet knows none so early.
fn push_day(sheet: &mut Worksheet, row: u32, column: u16, day: Date) -> Result<(), XlsxError> {
    let text = day.to_string();
    let Ok(date) = ExcelDateTime::parse_from_str(&text) else {
        sheet.write_string(row, column, text)?;
        return Ok(());
    };
    let format = Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_datetime_with_format(row, column, &date, &format)?;
    Ok(())
}

fn number_format(cell: &Cell) -> String {
    match cell {
        Cell::Number(_, 0) | Cell::Count(_) => "#,##0".to_owned(),
        Cell::Number(_, decimals) => format!("#,##0.{}", "0".repeat(*decimals)),
        Cell::Share(_) => "0.0%".to_owned(),
        Cell::Points(_) => "0.00%".to_owned(),
        _ => "#,##0.0".to_owned(),
    }
}

/// A text that fits a cell.
fn in_cell(text: &str) -> String {
    if text.chars().count() <= LETTERS {
        return text.to_owned();
    }
    let kept: String = text.chars().take(LETTERS).collect();
    kept + "..."
}

/// A sheet of texts.
fn push_rows(
    workbook: &mut Workbook,
    names: &mut BTreeSet<String>,
    name: &str,
    header: &[&str],
    rows: &[Vec<String>],
) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(unique(name, names))?;
    let bold = Format::new().set_bold();
    for (column, key) in (0_u16..).zip(header) {
        sheet.write_string_with_format(0, column, *key, &bold)?;
        sheet.set_column_width(column, 30)?;
    }
    // No network has as many sources or assumptions as a sheet has rows.
    for (row, cells) in (1_u32..).zip(rows.iter().take(ROWS - 1)) {
        for (column, text) in (0_u16..).zip(cells) {
            sheet.write_string(row, column, in_cell(text))?;
        }
    }
    freeze(sheet, rows.len().min(ROWS - 1), header.len())
}

/// What the documents are about, and their remarks.
fn about(documents: &[Document]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for document in documents {
        rows.push(vec!["title".to_owned(), document.title.clone()]);
        for (key, value) in &document.about {
            rows.push(vec![(*key).to_owned(), value.to_string()]);
        }
        for section in &document.sections {
            rows.push(vec![section.key.to_owned(), section.heading.clone()]);
            for note in section.notes.iter().filter(|note| !note.is_empty()) {
                rows.push(vec![section.key.to_owned(), note.to_string()]);
            }
        }
    }
    rows
}

/// What the columns of the tables mean.
fn columns(documents: &[Document]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for section in documents.iter().flat_map(|document| &document.sections) {
        for (position, column) in section.table.columns().iter().enumerate() {
            let heading = section.table.heading(position).replace('\n', " ");
            let (key, meaning) = (column.key().into_owned(), column.meaning().into_owned());
            rows.push(vec![section.key.to_owned(), key, heading, meaning]);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_short_and_unique_and_have_no_sign_that_is_forbidden() {
        let mut names = BTreeSet::new();
        assert_eq!(unique("a/b[c]", &mut names), "a b c ");
        let long = "x".repeat(40);
        assert_eq!(unique(&long, &mut names), "x".repeat(31));
        assert_eq!(unique(&long.to_uppercase(), &mut names), format!("{} 2", "X".repeat(29)));
    }
}
