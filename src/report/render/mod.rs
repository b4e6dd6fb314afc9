//! Documents in every format: one file a format.

mod csv;
mod json;
mod markdown;
pub mod screen;
#[cfg(feature = "text")]
mod text;

pub use csv::{CsvDialect, csv, csv_of_rows};
pub use json::{json, json_of_all};
pub use markdown::markdown;
#[cfg(feature = "text")]
pub use text::text;

use std::io;

use super::document::Document;

/// Columns of a text whose reader's screen is not known.
pub const TEXT_WIDTH: usize = 110;

/// How text is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether headings of columns are bold, by the codes of terminals.
    pub is_bold: bool,
    /// What stands behind the names of columns that do not fit, such as where to see them.
    pub on_columns_left_out: &'static str,
}

/// How documents are written.
///
/// A new one is a file beside this one, a line in this list and a line in [`Format::render`].
///
/// ```
/// use verbund::report::columns::{CASES, HOSPITAL};
/// use verbund::report::render::{Format, Style, TEXT_WIDTH};
/// use verbund::report::{Cell, Document, Section, Table};
///
/// let table = Table::of([("north", 1200.5)])
///     .column(HOSPITAL, |row| Cell::text(row.0))
///     .column(CASES, |row| Cell::number(row.1, 0))
///     .build();
/// let documents = [Document::new("Cases").section(Section::new("cases", "Cases", table))];
/// let written = Format::Csv.render(&documents, TEXT_WIDTH, Style::default())?;
/// assert_eq!(written, "hospital,cases\nnorth,1200.5\n");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Format {
    /// Tables for people
    #[cfg(feature = "text")]
    Table,
    /// JSON, with units in the keys
    Json,
    /// CSV: one table, or section, row, key and value
    Csv,
    /// The same for a German Excel: semicolons, decimal commas, and no text is taken for a formula
    CsvExcel,
    /// Markdown: headings and tables in full
    #[cfg_attr(feature = "cli", value(name = "md"))]
    Markdown,
}

impl Format {
    /// Documents one after the other: several are a list in JSON and one table in CSV, where each must have one
    /// section with the same columns. Only tables for people have a width and a style.
    ///
    /// # Errors
    ///
    /// When documents do not make one table of CSV.
    pub fn render(self, documents: &[Document], width: usize, style: Style) -> io::Result<String> {
        // Without tables for people nothing has a width.
        let _ = (width, style);
        match self {
            #[cfg(feature = "text")]
            Self::Table => {
                Ok(documents.iter().map(|document| text(document, width, style)).collect())
            }
            Self::Json => json::of_any(documents),
            Self::Csv => csv::of_any(documents, CsvDialect::Plain),
            Self::CsvExcel => csv::of_any(documents, CsvDialect::Excel),
            Self::Markdown => Ok(markdown::of_all(documents)),
        }
    }

    /// Whether it is a single table of text.
    pub fn is_csv(self) -> bool {
        matches!(self, Self::Csv | Self::CsvExcel)
    }
}
