//! Documents in every format: one file a format.

#[cfg(feature = "xlsx")]
mod basis;
mod csv;
mod geojson;
mod graph;
mod json;
mod markdown;
#[cfg(feature = "parquet")]
mod parquet;
pub mod screen;
#[cfg(feature = "text")]
mod text;
#[cfg(feature = "xlsx")]
mod xlsx;

pub use csv::{CsvDialect, csv, csv_of_rows};
pub use geojson::geojson;
pub use graph::graph_as;
pub use json::{json, json_of_all};
pub use markdown::markdown;
#[cfg(feature = "parquet")]
pub use parquet::parquet;
#[cfg(feature = "text")]
pub use text::text;
#[cfg(feature = "xlsx")]
pub use xlsx::xlsx;

use std::io;

use super::document::{Document, Section};

/// Columns of a text whose reader's screen is not known.
pub const TEXT_WIDTH: usize = 110;

/// How text is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether headings of columns are bold, by the codes of terminals.
    pub is_bold: bool,
    /// What stands behind the names of columns that do not fit, such as where to see them.
    pub on_columns_left_out: &'static str,
    /// Whether a table has all of its columns however wide that is: a file has no width.
    pub has_all_columns: bool,
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
    /// A workbook with a sheet a table, sources and assumptions; a file, so take --output
    #[cfg(feature = "xlsx")]
    Xlsx,
    /// One table as Parquet; a file, so take --output
    #[cfg(feature = "parquet")]
    Parquet,
    /// Places, hospitals and cooperations for maps (RFC 7946)
    #[cfg_attr(feature = "cli", value(name = "geojson"))]
    GeoJson,
    /// The cooperations as a graph in `GraphML`; of `verbund graph` only
    #[cfg_attr(feature = "cli", value(name = "graphml"))]
    GraphMl,
    /// The cooperations as a graph for Graphviz; of `verbund graph` only
    Dot,
}

impl Format {
    /// Documents one after the other: several are a list in JSON and one table in CSV, where each must have one
    /// section with the same columns. Only tables for people have a width and a style.
    ///
    /// # Errors
    ///
    /// When documents do not make one table of CSV, when none has a row for a map, and when the format is none of text
    /// ([`Format::is_binary`]) or of graphs alone.
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
            #[cfg(feature = "xlsx")]
            Self::Xlsx => Err(io::Error::other("a workbook is no text")),
            #[cfg(feature = "parquet")]
            Self::Parquet => Err(io::Error::other("Parquet is no text")),
            Self::GeoJson => geojson(documents),
            Self::GraphMl | Self::Dot => Err(io::Error::other(
                "GraphML and DOT hold the whole graph of cooperations, and this result is tables",
            )),
        }
    }

    /// The same as the bytes of a file: workbooks have no other form.
    ///
    /// # Errors
    ///
    /// Those of [`Format::render`], but that a format need not be of text; and a table that no sheet has room for.
    pub fn bytes(self, documents: &[Document], width: usize, style: Style) -> io::Result<Vec<u8>> {
        match self {
            #[cfg(feature = "xlsx")]
            Self::Xlsx => xlsx(documents),
            #[cfg(feature = "parquet")]
            Self::Parquet => parquet(documents),
            _ => Ok(self.render(documents, width, style)?.into_bytes()),
        }
    }

    /// The tables that it leaves out: a map has only those whose rows are places, hospitals or cooperations. Every
    /// other format has all tables, or is refused.
    ///
    /// ```
    /// use verbund::report::render::Format;
    /// use verbund::{Region, report};
    ///
    /// let region = Region::leipzig()?;
    /// let at_a_glance = [report::info(&region)];
    /// assert!(!Format::GeoJson.leaves_out(&at_a_glance).is_empty());
    /// assert!(Format::Json.leaves_out(&at_a_glance).is_empty());
    /// assert!(Format::GeoJson.leaves_out(&[report::list_places(&region)]).is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn leaves_out(self, documents: &[Document]) -> Vec<&Section> {
        if self == Self::GeoJson { geojson::off_map(documents) } else { Vec::new() }
    }

    /// Whether it is no text, so that no screen can show it.
    pub fn is_binary(self) -> bool {
        match self {
            #[cfg(feature = "xlsx")]
            Self::Xlsx => true,
            #[cfg(feature = "parquet")]
            Self::Parquet => true,
            _ => false,
        }
    }

    /// Whether it is for the desks of others, who know places and hospitals by their official keys
    /// ([`Document::located`]); plain CSV is where it becomes a file.
    pub fn is_for_others(self) -> bool {
        self == Self::CsvExcel || self == Self::GeoJson || self.is_binary()
    }

    /// How the names of its files end.
    pub fn extension(self) -> &'static str {
        match self {
            #[cfg(feature = "text")]
            Self::Table => "txt",
            Self::Json => "json",
            Self::Csv | Self::CsvExcel => "csv",
            Self::Markdown => "md",
            #[cfg(feature = "xlsx")]
            Self::Xlsx => "xlsx",
            #[cfg(feature = "parquet")]
            Self::Parquet => "parquet",
            Self::GeoJson => "geojson",
            Self::GraphMl => "graphml",
            Self::Dot => "dot",
        }
    }

    /// Whether it has room for one table only.
    pub fn is_one_table(self) -> bool {
        match self {
            #[cfg(feature = "parquet")]
            Self::Parquet => true,
            _ => self.is_csv(),
        }
    }

    /// Whether it is a single table of text.
    pub fn is_csv(self) -> bool {
        matches!(self, Self::Csv | Self::CsvExcel)
    }
}
