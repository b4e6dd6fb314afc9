//! Tables as rows of cells by the keys of their rows, to compare and to merge what a person edited.

use std::collections::BTreeMap;

/// A table of text: its columns, and its rows by key in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct KeyedTable {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<KeyedRow>,
}

/// A row with the cells that are its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyedRow {
    pub(super) key: Vec<String>,
    pub(super) cells: BTreeMap<String, String>,
}

impl KeyedTable {
    /// A table of these columns without rows.
    pub(super) fn empty(columns: Vec<String>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Reads a table whose rows are known by the cells of these columns; a second row of a key has its number
    /// behind it. `None` for what is no table.
    pub(super) fn read(text: &str, key_columns: &[&str]) -> Option<Self> {
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let columns: Vec<String> = reader.headers().ok()?.iter().map(str::to_owned).collect();
        let mut seen: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.ok()?;
            let cells: BTreeMap<String, String> =
                columns.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
            let cell = |column: &&str| cells.get(*column).cloned().unwrap_or_default();
            let mut key: Vec<String> = key_columns.iter().map(cell).collect();
            let count = seen.entry(key.clone()).or_default();
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
        let mut table = csv::Writer::from_writer(Vec::new());
        let write = |table: &mut csv::Writer<Vec<u8>>, cells: &[&str]| {
            table.write_record(cells).expect("memory takes every row");
        };
        write(&mut table, &self.columns.iter().map(String::as_str).collect::<Vec<_>>());
        for row in &self.rows {
            let cell = |column: &String| row.cells.get(column).map_or("", String::as_str);
            write(&mut table, &self.columns.iter().map(cell).collect::<Vec<_>>());
        }
        let bytes = table.into_inner().expect("memory takes every row");
        String::from_utf8(bytes).expect("texts are UTF-8")
    }
}

/// A cell or row that a person changed after the last import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) key: Vec<String>,
    /// The column; `None` for a row as a whole.
    pub(super) column: Option<String>,
    /// What the person wrote; `None` for a row that was taken away.
    pub(super) own: Option<String>,
    /// What the new import says; `None` where it has no such row.
    pub(super) new: Option<String>,
}

/// A merged table with what a person had changed in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Merged {
    pub(super) table: KeyedTable,
    pub(super) edits: Vec<Edit>,
}

/// Three tables in one: what the last import wrote, what the person made of it, and what a new import says. What
/// the person changed stays, the rest is as the new import says. A row that the new import does not have any more
/// stays only where the person changed or added it.
pub(super) fn merge(last: &KeyedTable, own: &KeyedTable, new: &KeyedTable) -> Merged {
    let (of_last, of_own) = (last.by_key(), own.by_key());
    let of_new = new.by_key();
    let mut columns = new.columns.clone();
    columns.extend(own.columns.iter().filter(|column| !new.columns.contains(column)).cloned());
    let mut merged = Merged { table: KeyedTable::empty(columns), edits: Vec::new() };
    for row in &new.rows {
        let key = row.key.as_slice();
        match (of_last.get(key), of_own.get(key)) {
            (before, Some(own)) => {
                let cells = merged_cells(before.copied(), own, row, &mut merged.edits);
                merged.table.rows.push(KeyedRow { key: row.key.clone(), cells });
            }
            (Some(_), None) => {
                let whole = Some("the row".to_owned());
                merged.edits.push(Edit {
                    key: row.key.clone(),
                    column: None,
                    own: None,
                    new: whole,
                });
            }
            (None, None) => merged.table.rows.push(row.clone()),
        }
    }
    for row in own.rows.iter().filter(|row| !of_new.contains_key(row.key.as_slice())) {
        let before = of_last.get(row.key.as_slice());
        if before.is_some_and(|before| before.cells == row.cells) {
            continue;
        }
        let own = Some("the row".to_owned());
        merged.edits.push(Edit { key: row.key.clone(), column: None, own, new: None });
        merged.table.rows.push(row.clone());
    }
    merged
}

/// The cells of a row: the person's where they changed them, else those of the new import.
fn merged_cells(
    before: Option<&KeyedRow>,
    own: &KeyedRow,
    new: &KeyedRow,
    edits: &mut Vec<Edit>,
) -> BTreeMap<String, String> {
    let mut cells = new.cells.clone();
    for (column, text) in &own.cells {
        let old = before.and_then(|before| before.cells.get(column)).map_or("", String::as_str);
        let now = new.cells.get(column).map_or("", String::as_str);
        let is_edited = text != old;
        if !is_edited || text == now {
            continue;
        }
        edits.push(Edit {
            key: own.key.clone(),
            column: Some(column.clone()),
            own: Some(text.clone()),
            new: Some(now.to_owned()),
        });
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

    #[test]
    fn what_a_person_changed_stays_and_the_rest_is_new() {
        let last = table("id,beds,note\na,10,\nb,20,\nc,30,\ngone,5,\n");
        let own = table("id,beds,note\na,11,\nb,20,mine\nmade,7,by hand\ngone,5,\n");
        let new = table("id,beds,note\na,12,\nb,25,\nc,30,\nd,40,\n");
        let merged = merge(&last, &own, &new);
        assert_eq!(
            merged.table.to_csv(),
            "id,beds,note\na,11,\nb,25,mine\nd,40,\nmade,7,by hand\n"
        );
        let told: Vec<(&str, Option<&str>)> = merged
            .edits
            .iter()
            .map(|edit| (edit.key[0].as_str(), edit.column.as_deref()))
            .collect();
        assert_eq!(told, [("a", Some("beds")), ("b", Some("note")), ("c", None), ("made", None)]);
    }

    #[test]
    fn a_row_that_is_gone_stays_only_where_a_person_changed_it() {
        let last = table("id,beds\na,10\nb,20\n");
        let own = table("id,beds\na,10\nb,21\n");
        let merged = merge(&last, &own, &table("id,beds\n"));
        assert_eq!(merged.table.to_csv(), "id,beds\nb,21\n");
        assert_eq!(merge(&last, &last, &last).edits, []);
    }
}
