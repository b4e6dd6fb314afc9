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
/// When there is another number of sections than one, and when its table has no columns.
pub fn parquet(documents: &[Document]) -> io::Result<Vec<u8>> {
    let [document] = documents else {
        return Err(io::Error::other("Parquet is one table, and this result is several"));
    };
    let [section] = document.sections.as_slice() else {
        return Err(io::Error::other("Parquet is one table, and this result is several"));
    };
    if section.table.columns().is_empty() {
        return Err(io::Error::other("Parquet is one table, and this result is remarks alone"));
    }
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
                cell if whole(cell).is_some() => Self::Whole,
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
                let counts = table.rows().iter().map(|row| whole(&row[position]));
                push::<Int64Type>(&mut group, counts)?;
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

/// A whole number to its last digit, which a number of another kind would not keep.
fn whole(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Count(count) => i64::try_from(*count).ok(),
        _ => None,
    }
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
    use ::parquet::basic::Type;
    use ::parquet::file::reader::{FileReader, SerializedFileReader};

    use super::*;
    use crate::report::columns::{
        BEDS, FIRST_DAY, HOSPITAL, IS_ASSUMED, MEAN_MINUTES, NOTE, PEOPLE, SHARE_WITHIN_LIMIT,
    };
    use crate::report::document::Section;

    fn read_back(table: Table) -> SerializedFileReader<std::fs::File> {
        let document = Document::new("t").section(Section::new("t", "T", table));
        let bytes = parquet(&[document]).unwrap();
        let mut file = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut file, &bytes).unwrap();
        SerializedFileReader::new(file).unwrap()
    }

    fn rows(reader: &SerializedFileReader<std::fs::File>) -> Vec<String> {
        reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect()
    }

    #[test]
    fn numbers_texts_and_gaps_are_read_back_with_their_types() {
        // Every column but the first has a value in one row and none in the other; the last one has none at all.
        let table = Table::of([true, false])
            .column(HOSPITAL, |is_full| {
                Cell::text(if *is_full { "Köthen" } else { "Weißenfels" })
            })
            .column(BEDS, |is_full| Cell::maybe_count(is_full.then_some(7_u32)))
            .column(MEAN_MINUTES, |is_full| Cell::maybe_minutes(is_full.then_some(90.0)))
            .column(SHARE_WITHIN_LIMIT, |is_full| Cell::maybe_share(is_full.then_some(0.25)))
            .column(IS_ASSUMED, |is_full| if *is_full { Cell::flag(true) } else { Cell::Missing })
            .column(FIRST_DAY, |is_full| {
                if *is_full { Cell::day("2026-07-01".parse().unwrap()) } else { Cell::Missing }
            })
            .column(NOTE, |_| Cell::Missing)
            .build();
        let reader = read_back(table);
        let schema = reader.metadata().file_metadata().schema_descr_ptr();
        let types: Vec<Type> =
            schema.columns().iter().map(|column| column.physical_type()).collect();
        let (text, real) = (Type::BYTE_ARRAY, Type::DOUBLE);
        assert_eq!(types, [text, Type::INT64, real, real, Type::BOOLEAN, text, text]);
        let expected = [
            "{hospital: \"Köthen\", beds: 7, mean_minutes: 1.5, share_within_limit: 0.25, is_assumed: true, first_day: \"2026-07-01\", note: null}",
            "{hospital: \"Weißenfels\", beds: null, mean_minutes: null, share_within_limit: null, is_assumed: null, first_day: null, note: null}",
        ];
        assert_eq!(rows(&reader), expected);
    }

    #[test]
    fn whole_numbers_keep_their_last_digit_and_a_table_may_have_no_row() {
        let large = i64::MAX as u64;
        let table = Table::of([large, 1]).column(PEOPLE, |count| Cell::count(*count)).build();
        assert_eq!(rows(&read_back(table)), ["{people: 9223372036854775807}", "{people: 1}"]);
        // What no signed number holds is text.
        let table = Table::of([u64::MAX]).column(PEOPLE, |count| Cell::count(*count)).build();
        assert_eq!(rows(&read_back(table)).len(), 1);
        assert!(rows(&read_back(Table::empty(&[PEOPLE, NOTE]))).is_empty());

        let remarks = Document::new("t").section(Section::list("l", "L", ["a"]));
        assert!(parquet(&[remarks]).unwrap_err().to_string().contains("remarks alone"));
    }
}
