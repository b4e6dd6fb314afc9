//! A table as Parquet, for programs that compute with columns.

use std::io;
use std::sync::Arc;

use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;

use crate::report::document::{Cell, Document, Table};

/// A document of one section as Parquet, with the columns of CSV: uncompressed, every column may be empty in a row.
///
/// A column of whole numbers is `INT64`, one of other numbers `DOUBLE` (times in minutes, as in CSV), one of yes and no
/// `BOOLEAN`; anything else is text, as is a column that no row has a value for.
///
/// # Errors
///
/// When there is another number of sections than one.
pub fn parquet(documents: &[Document]) -> io::Result<Vec<u8>> {
    let [document] = documents else {
        return Err(io::Error::other("Parquet is one table, and this result is several"));
    };
    let [section] = document.sections.as_slice() else {
        return Err(io::Error::other("Parquet is one table, and this result is several"));
    };
    written(&section.table).map_err(io::Error::other)
}

/// Of what the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Whole,
    Number,
    Flag,
    Text,
}

impl Kind {
    fn of(table: &Table, position: usize) -> Self {
        let mut kind = None;
        for row in table.rows() {
            let of_cell = match &row[position] {
                Cell::Missing | Cell::Hint(_) => continue,
                // A larger one is no whole number of this type.
                Cell::Count(count) if i64::try_from(*count).is_ok() => Self::Whole,
                Cell::Flag(_) => Self::Flag,
                cell if cell.is_number() => Self::Number,
                _ => Self::Text,
            };
            kind = match (kind, of_cell) {
                (None, first) => Some(first),
                (Some(known), next) if known == next => Some(known),
                (Some(Self::Whole | Self::Number), Self::Whole | Self::Number) => {
                    Some(Self::Number)
                }
                _ => return Self::Text,
            };
        }
        kind.unwrap_or(Self::Text)
    }

    fn schema(self) -> &'static str {
        match self {
            Self::Whole => "INT64",
            Self::Number => "DOUBLE",
            Self::Flag => "BOOLEAN",
            Self::Text => "BYTE_ARRAY",
        }
    }
}

fn written(table: &Table) -> Result<Vec<u8>, ParquetError> {
    let mut kinds = Vec::new();
    let mut schema = String::from("message table {\n");
    for (position, column) in table.columns().iter().enumerate() {
        let kind = Kind::of(table, position);
        let end = if kind == Kind::Text { " (STRING)" } else { "" };
        schema.push_str(&format!("OPTIONAL {} {}{end};\n", kind.schema(), column.key()));
        kinds.push(kind);
    }
    schema.push('}');

    let properties = WriterProperties::builder()
        .set_created_by(concat!("verbund ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let schema = Arc::new(parse_message_type(&schema)?);
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for (position, kind) in kinds.into_iter().enumerate() {
        let cells = |cell: fn(&Cell) -> Option<f64>| {
            table.rows().iter().map(|row| cell(&row[position])).collect::<Vec<_>>()
        };
        match kind {
            Kind::Whole => {
                let numbers = cells(Cell::as_number);
                push::<Int64Type>(
                    &mut group,
                    numbers.into_iter().map(|value| value.map(|value| value as i64)),
                )?;
            }
            Kind::Number => push::<DoubleType>(&mut group, cells(Cell::as_number))?,
            Kind::Flag => {
                let flags = table.rows().iter().map(|row| match row[position] {
                    Cell::Flag(flag) => Some(flag),
                    _ => None,
                });
                push::<BoolType>(&mut group, flags)?;
            }
            Kind::Text => {
                let texts = table.rows().iter().map(|row| match &row[position] {
                    Cell::Missing | Cell::Hint(_) => None,
                    cell => Some(ByteArray::from(cell.plain().into_bytes())),
                });
                push::<ByteArrayType>(&mut group, texts)?;
            }
        }
    }
    group.close()?;
    writer.into_inner()
}

/// The values of the next column; a row without one is empty there.
fn push<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    cells: impl IntoIterator<Item = Option<T::T>>,
) -> Result<(), ParquetError> {
    let (mut values, mut defined) = (Vec::new(), Vec::new());
    for cell in cells {
        defined.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    let column = group.next_column()?;
    let mut column = column.ok_or_else(|| ParquetError::General("no column".into()))?;
    column.typed::<T>().write_batch(&values, Some(&defined), None)?;
    column.close()
}

#[cfg(test)]
mod tests {
    use ::parquet::file::reader::{FileReader, SerializedFileReader};

    use super::*;
    use crate::report::columns::{BEDS, HOSPITAL, IS_ASSUMED, MEAN_MINUTES};
    use crate::report::document::Section;

    #[test]
    fn numbers_texts_and_gaps_are_read_back() {
        let table = Table::of([(Some(90.0), "north"), (None, "Köthen")])
            .column(HOSPITAL, |row| Cell::text(row.1))
            .column(BEDS, |_| Cell::count(7_u32))
            .column(MEAN_MINUTES, |row| Cell::maybe_minutes(row.0))
            .column(IS_ASSUMED, |_| Cell::flag(true))
            .build();
        let document = Document::new("t").section(Section::new("t", "T", table));
        let bytes = parquet(&[document]).unwrap();

        let mut file = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut file, &bytes).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let rows: Vec<String> =
            reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
        let expected = [
            "{hospital: \"north\", beds: 7, mean_minutes: 1.5, is_assumed: true}",
            "{hospital: \"Köthen\", beds: 7, mean_minutes: null, is_assumed: true}",
        ];
        assert_eq!(rows, expected);
    }
}
