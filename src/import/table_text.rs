//! Tables as rows of cells by the keys of their rows, to compare and to merge what a person edited.

use std::collections::BTreeMap;

use crate::files::LIST_MARK;
use crate::model::renamed::respelled;

/// Where keys of the catalog stand in the cells of a column.
#[derive(Debug, Clone, Copy)]
enum Keys {
    Nowhere,
    /// A key, or a list of paths with keys in them.
    Throughout,
    /// In each element of a list, before this mark.
    Before(char),
}

impl Keys {
    fn of_column(column: &str) -> Self {
        match column {
            "specialty" | "assumed" | "unknown" => Self::Throughout,
            "facilities" => Self::Before(':'),
            "derived" => Self::Before('='),
            _ => Self::Nowhere,
        }
    }

    /// A cell with its keys in the spelling of today.
    fn respell(self, cell: &str) -> String {
        match self {
            Self::Nowhere => cell.to_owned(),
            Self::Throughout => respelled(cell.to_owned()),
            // Behind the mark stand rules and grades, which keep the names that they have: none of them was renamed.
            Self::Before(mark) => {
                let mut today = Vec::new();
                for element in cell.split(LIST_MARK) {
                    let end = element.find(mark).unwrap_or(element.len());
                    let (key, behind) = element.split_at(end);
                    today.push(respelled(key.to_owned()) + behind);
                }
                today.join(&LIST_MARK.to_string())
            }
        }
    }
}

/// A table of text: its columns, and its rows by key in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct KeyedTable {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<KeyedRow>,
}

/// A row by the name of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyedRow {
    /// The cells by which it is known.
    pub(super) key: Vec<String>,
    pub(super) cells: BTreeMap<String, String>,
}

impl KeyedRow {
    /// The text of a cell; empty where there is none.
    pub(super) fn cell(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

impl KeyedTable {
    /// A table of these columns without rows.
    pub(super) fn empty(columns: Vec<String>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Reads a table whose rows are known by the cells of these columns. `None` for a text that is no table.
    pub(super) fn read(text: &str, key_columns: &[&str]) -> Option<Self> {
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let columns: Vec<String> = reader.headers().ok()?.iter().map(str::to_owned).collect();
        let keys: Vec<Keys> = columns.iter().map(|column| Keys::of_column(column)).collect();

        let mut uses: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.ok()?;
            let mut cells = BTreeMap::new();
            for ((column, keys), cell) in columns.iter().zip(&keys).zip(record.iter()) {
                // An earlier version spelled some keys in another way: that is no edit of a person.
                cells.insert(column.clone(), keys.respell(cell));
            }

            let mut key = Vec::with_capacity(key_columns.len());
            for column in key_columns {
                key.push(cells.get(*column).cloned().unwrap_or_default());
            }
            // A hospital may have two departments of one specialty: the second row of a key gets a number.
            let count = uses.entry(key.clone()).or_default();
            *count += 1;
            if *count > 1 {
                key.push(count.to_string());
            }
            rows.push(KeyedRow { key, cells });
        }
        Some(Self { columns, rows })
    }

    /// The rows by key.
    pub(super) fn by_key(&self) -> BTreeMap<&[String], &KeyedRow> {
        self.rows.iter().map(|row| (row.key.as_slice(), row)).collect()
    }

    /// The table as text.
    pub(super) fn to_csv(&self) -> String {
        const IN_MEMORY: &str = "a table in memory takes every row";
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(&self.columns).expect(IN_MEMORY);
        for row in &self.rows {
            let mut cells = Vec::with_capacity(self.columns.len());
            for column in &self.columns {
                cells.push(row.cell(column));
            }
            table.write_record(cells).expect(IN_MEMORY);
        }
        csv_text(table).expect(IN_MEMORY)
    }
}

/// The text of a table that was written into memory.
pub(super) fn csv_text(table: csv::Writer<Vec<u8>>) -> std::io::Result<String> {
    // The error of the writer holds the whole table; only its message is kept.
    let bytes = match table.into_inner() {
        Ok(bytes) => bytes,
        Err(error) => return Err(std::io::Error::other(error.to_string())),
    };
    String::from_utf8(bytes).map_err(std::io::Error::other)
}

/// What a person did to a table after the last import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum EditKind {
    /// Another text in a cell.
    Cell {
        column: String,
        /// The text of the person.
        edited: String,
        /// The text of the new import.
        imported: String,
    },
    /// A row that the new import has and the person took away.
    RowRemoved,
    /// A row that the new import does not have and the person added or edited.
    RowKept,
}

/// An edit of a person, in the row of this key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) key: Vec<String>,
    pub(super) kind: EditKind,
}

/// A merged table with the edits of a person that are in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Merged {
    pub(super) table: KeyedTable,
    pub(super) edits: Vec<Edit>,
}

/// The three states of a table that an update brings together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Versions<'t> {
    /// As the last import wrote it.
    pub(super) last: &'t KeyedTable,
    /// As it stands in the folder, with the edits of a person.
    pub(super) edited: &'t KeyedTable,
    /// As the new import makes it.
    pub(super) new: &'t KeyedTable,
}

/// Merges three versions of a table: edits of a person stay, the rest is as in the new import. A row that the new
/// import does not have any more stays only where the person added or edited it.
pub(super) fn merge(versions: Versions<'_>) -> Merged {
    let Versions { last, edited, new } = versions;
    let (last_rows, edited_rows) = (last.by_key(), edited.by_key());
    let new_rows = new.by_key();

    let mut columns = new.columns.clone();
    for column in &edited.columns {
        // Columns of a person's own, such as notes.
        if !new.columns.contains(column) {
            columns.push(column.clone());
        }
    }

    // The order of the new import, so that a table without edits is the same as that of a new folder.
    let mut merged = Merged { table: KeyedTable::empty(columns), edits: Vec::new() };
    for row in &new.rows {
        let key = row.key.as_slice();
        let before = last_rows.get(key).copied();
        if let Some(edited) = edited_rows.get(key) {
            let cells = merged_cells(before, edited, row, &mut merged.edits);
            merged.table.rows.push(KeyedRow { key: row.key.clone(), cells });
        } else if before.is_some() {
            merged.edits.push(Edit { key: row.key.clone(), kind: EditKind::RowRemoved });
        } else {
            merged.table.rows.push(row.clone());
        }
    }

    for row in &edited.rows {
        let key = row.key.as_slice();
        let is_as_imported = last_rows.get(key).is_some_and(|before| before.cells == row.cells);
        if new_rows.contains_key(key) || is_as_imported {
            continue;
        }
        merged.edits.push(Edit { key: row.key.clone(), kind: EditKind::RowKept });
        merged.table.rows.push(row.clone());
    }
    merged
}

/// The cells of a row: the person's where they were edited, else those of the new import.
fn merged_cells(
    before: Option<&KeyedRow>,
    edited: &KeyedRow,
    new: &KeyedRow,
    edits: &mut Vec<Edit>,
) -> BTreeMap<String, String> {
    let mut cells = new.cells.clone();
    for (column, text) in &edited.cells {
        let last = before.map_or("", |before| before.cell(column));
        let imported = new.cell(column);
        if text == last || text == imported {
            // A person who corrected what the offices have corrected since then has nothing to keep.
            continue;
        }

        let kind = EditKind::Cell {
            column: column.clone(),
            edited: text.clone(),
            imported: imported.to_owned(),
        };
        edits.push(Edit { key: edited.key.clone(), kind });
        cells.insert(column.clone(), text.clone());
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> KeyedTable {
        KeyedTable::read(text, &["id"]).unwrap()
    }

    fn merged(last: &str, edited: &str, new: &str) -> Merged {
        let (last, edited, new) = (table(last), table(edited), table(new));
        merge(Versions { last: &last, edited: &edited, new: &new })
    }

    #[test]
    fn what_a_person_changed_stays_and_the_rest_is_new() {
        let merged = merged(
            "id,beds,note\na,10,\nb,20,\nc,30,\ngone,5,\n",
            "id,beds,note\na,11,\nb,20,mine\nmade,7,by hand\ngone,5,\n",
            "id,beds,note\na,12,\nb,25,\nc,30,\nd,40,\n",
        );
        assert_eq!(
            merged.table.to_csv(),
            "id,beds,note\na,11,\nb,25,mine\nd,40,\nmade,7,by hand\n"
        );

        let cell = |column: &str, edited: &str, imported: &str| EditKind::Cell {
            column: column.into(),
            edited: edited.into(),
            imported: imported.into(),
        };
        let edit = |key: &str, kind: EditKind| Edit { key: vec![key.into()], kind };
        let expected = [
            edit("a", cell("beds", "11", "12")),
            edit("b", cell("note", "mine", "")),
            edit("c", EditKind::RowRemoved),
            edit("made", EditKind::RowKept),
        ];
        assert_eq!(merged.edits, expected);
    }

    #[test]
    fn keys_are_respelled_where_the_network_reads_them_so_and_nothing_else() {
        let text = "id,specialty,facilities,assumed,derived,note\n\
                    a,pediatrics,ct; pediatric_emergency:pediatrics:2,departments.gynecology.beds,\
                    departments.pediatrics.beds=pediatrics; beds = gynecology,pediatrics\n";
        let expected = "id,specialty,facilities,assumed,derived,note\n\
                        a,paediatrics,ct; paediatric_emergency:pediatrics:2,departments.gynaecology.beds,\
                        departments.paediatrics.beds=pediatrics; beds = gynecology,pediatrics\n";
        assert_eq!(table(text).to_csv(), expected);
    }

    #[test]
    fn a_row_that_is_gone_stays_only_where_a_person_changed_it() {
        let last = "id,beds\na,10\nb,20\n";
        let gone = merged(last, "id,beds\na,10\nb,21\n", "id,beds\n");
        assert_eq!(gone.table.to_csv(), "id,beds\nb,21\n");
        assert_eq!(merged(last, last, last).edits, []);
    }
}
