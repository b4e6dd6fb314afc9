//! The update of an imported folder: edits of a person stay, the rest is as the new import makes it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::faults::{ImportRemark, RemarkKind};
use super::folder_error::{IMPORTED, ImportError, read_text, unreadable};
use super::settings::ImportPart;
use super::table_text::{Edit, EditKind, KeyedRow, KeyedTable, Versions, csv_text, merge};
use crate::files::FileText;

/// A table that a person may edit.
#[derive(Debug, Clone, Copy)]
pub(super) struct EditableTable {
    /// The name of its file.
    pub(super) name: &'static str,
    /// The columns by which its rows are known.
    key: &'static [&'static str],
}

// A row keeps its key when a person edits its other cells: one specialty may have departments of two kinds, and one
// field a value for each year and source.
pub(super) const TABLES: [EditableTable; 4] = [
    EditableTable { name: "hospitals.csv", key: &["id"] },
    EditableTable { name: "departments.csv", key: &["hospital", "specialty", "kind"] },
    EditableTable { name: "facts.csv", key: &["hospital", "field", "year", "source"] },
    EditableTable { name: "places.csv", key: &["id"] },
];

impl EditableTable {
    /// Whether an import of a part of a network makes it.
    fn is_of(self, part: ImportPart) -> bool {
        match part {
            ImportPart::All => true,
            ImportPart::Hospitals => self.name != "places.csv",
            ImportPart::People => self.name == "places.csv",
        }
    }

    /// Whether every import of hospitals writes it; facts only come with quality reports and numbers of sites.
    fn is_always_written(self) -> bool {
        matches!(self.name, "hospitals.csv" | "departments.csv")
    }

    fn read(self, folder: &Path, text: &str) -> Result<KeyedTable, ImportError> {
        let message = "is no table with a header and rows of the same length";
        KeyedTable::read(text, self.key)
            .ok_or_else(|| unreadable(&folder.join(self.name), &message))
    }
}

/// The beds of a hospital before and after an update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedBeds {
    /// Key of the hospital.
    pub hospital: String,
    /// Its name.
    pub name: String,
    /// Beds before; `None` for unknown.
    pub before: Option<u32>,
    /// Beds now; `None` for unknown.
    pub after: Option<u32>,
}

/// A hospital of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedHospital {
    /// Its key.
    pub hospital: String,
    /// Its name.
    pub name: String,
}

/// The changes of an update in a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportDifference {
    /// Hospitals that are new, by key.
    pub added: Vec<ListedHospital>,
    /// Hospitals that are gone, by key.
    pub gone: Vec<ListedHospital>,
    /// Hospitals that have other beds.
    pub beds: Vec<ChangedBeds>,
    /// Edits of a person that were kept.
    pub kept: Vec<ImportRemark>,
}

impl ImportDifference {
    /// The changes of hospitals as a table.
    pub(super) fn to_csv(&self) -> std::io::Result<String> {
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(["change", "hospital", "name", "beds_before", "beds_after"])?;
        for ListedHospital { hospital, name } in &self.added {
            table.write_record(["added", hospital, name, "", ""])?;
        }
        for ListedHospital { hospital, name } in &self.gone {
            table.write_record(["gone", hospital, name, "", ""])?;
        }
        for change in &self.beds {
            let (before, after) = (beds_in_words(change.before), beds_in_words(change.after));
            table.write_record(["beds", &change.hospital, &change.name, &before, &after])?;
        }
        csv_text(table)
    }

    /// Notes hospitals that came, went, or have other beds.
    fn note_hospitals(&mut self, before: &KeyedTable, after: &KeyedTable) {
        let (rows_before, rows_after) = (before.by_key(), after.by_key());
        for (key, row) in &rows_after {
            let hospital = key[0].clone();
            let name = row.cell("name").to_owned();
            let Some(earlier) = rows_before.get(key) else {
                self.added.push(ListedHospital { hospital, name });
                continue;
            };
            let (before, after) = (beds_of(earlier), beds_of(row));
            if before != after {
                self.beds.push(ChangedBeds { hospital, name, before, after });
            }
        }
        for (key, row) in &rows_before {
            if !rows_after.contains_key(key) {
                let (hospital, name) = (key[0].clone(), row.cell("name").to_owned());
                self.gone.push(ListedHospital { hospital, name });
            }
        }
    }
}

fn beds_of(hospital: &KeyedRow) -> Option<u32> {
    hospital.cell("beds").parse().ok()
}

fn beds_in_words(beds: Option<u32>) -> String {
    beds.map_or_else(String::new, |beds| beds.to_string())
}

/// Puts the edits of a person in a folder into the new files, and says what is different.
pub(super) fn update(
    folder: &Path,
    part: ImportPart,
    new_files: &[FileText],
    files: &mut BTreeMap<String, String>,
) -> Result<ImportDifference, ImportError> {
    let mut difference = ImportDifference::default();
    for table in TABLES {
        // A table of the other part stays as it is.
        if table.is_of(part) {
            update_table(folder, table, new_files, files, &mut difference)?;
        }
    }
    drop_orphans(files, &mut difference);

    let edited = read_text(&folder.join("network.ron"))?;
    let last = read_text(&folder.join(IMPORTED).join("network.ron"))?;
    if let (Some(edited), Some(last)) = (edited, last)
        && edited != last
    {
        // Nobody can merge two versions of a text with nested parts line by line.
        let message =
            "network.ron was edited and stays as it is; imported/network.ron is the new one";
        difference.kept.push(ImportRemark::new(RemarkKind::Kept, "network.ron", message));
        files.insert("network.ron".to_owned(), edited);
    }
    Ok(difference)
}

/// Merges a table of the folder with that of the new import.
fn update_table(
    folder: &Path,
    table: EditableTable,
    new_files: &[FileText],
    files: &mut BTreeMap<String, String>,
    difference: &mut ImportDifference,
) -> Result<(), ImportError> {
    let name = table.name;
    let (path, copy) = (folder.join(name), folder.join(IMPORTED).join(name));
    let Some(edited) = read_text(&path)? else { return Ok(()) };
    let last = read_text(&copy)?;
    if last.is_none() && table.is_always_written() {
        // Without the copy every cell would look edited, and nothing would ever be updated.
        return Err(ImportError::NoCopy { path, copy });
    }

    let edited = table.read(folder, &edited)?;
    let read_or_empty = |text: Option<&str>| match text {
        Some(text) => table.read(folder, text),
        None => Ok(KeyedTable::empty(edited.columns.clone())),
    };
    // A table that no import wrote was added by hand.
    let last = read_or_empty(last.as_deref())?;
    let new = new_files.iter().find(|(file, _)| *file == name);
    let new = read_or_empty(new.map(|(_, text)| text.as_str()))?;

    let merged = merge(Versions { last: &last, edited: &edited, new: &new });
    if name == "hospitals.csv" {
        difference.note_hospitals(&edited, &merged.table);
    }
    for edit in &merged.edits {
        difference.kept.push(kept_remark(name, edit));
    }
    files.insert(name.to_owned(), merged.table.to_csv());
    Ok(())
}

/// Takes departments and facts away whose hospitals are not there any more, edited or not: no file could refer to
/// them.
fn drop_orphans(files: &mut BTreeMap<String, String>, difference: &mut ImportDifference) {
    let hospitals = files.get("hospitals.csv").and_then(|text| KeyedTable::read(text, &["id"]));
    let Some(hospitals) = hospitals else { return };
    let known = hospitals.by_key();
    for table in TABLES {
        if !matches!(table.name, "departments.csv" | "facts.csv") {
            continue;
        }
        let text = files.get(table.name);
        let Some(mut rows) = text.and_then(|text| KeyedTable::read(text, table.key)) else {
            continue;
        };
        rows.rows.retain(|row| known.contains_key(&row.key[..1]));
        files.insert(table.name.to_owned(), rows.to_csv());
    }

    difference.kept.retain(|remark| match &remark.hospital {
        Some(hospital) if remark.topic != "hospitals.csv" => {
            known.contains_key(std::slice::from_ref(hospital))
        }
        _ => true,
    });
}

/// A remark on an edit that was kept.
fn kept_remark(table: &'static str, edit: &Edit) -> ImportRemark {
    let row = edit.key.join(" ");
    let message = match &edit.kind {
        EditKind::Cell { column, edited, imported } => {
            format!(
                "{table}, {row}: {column} \"{edited}\" was edited and stays; the import has \"{imported}\""
            )
        }
        EditKind::RowRemoved => format!("{table}, {row}: the row was taken away and stays so"),
        EditKind::RowKept => {
            format!("{table}, {row}: the row was added or edited and stays; the import has none")
        }
    };
    let remark = ImportRemark::new(RemarkKind::Kept, table, message);
    // Rows of all other tables begin with a hospital.
    if table == "places.csv" { remark } else { remark.of(&edit.key[0]) }
}
