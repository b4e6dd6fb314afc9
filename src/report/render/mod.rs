//! Documents as text, CSV and JSON: one file a format.

mod csv;
mod json;
pub mod screen;
#[cfg(feature = "text")]
mod text;

pub use csv::{CsvDialect, csv, csv_of_rows};
pub use json::{json, json_of_all};
#[cfg(feature = "text")]
pub use text::{Style, TEXT_WIDTH, text};
