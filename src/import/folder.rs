//! An import as a folder that a person goes on editing, and its update.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::assemble::{Import, ImportPart, ImportedSite};
use super::faults::{ImportRemark, RemarkKind};
use super::table_text::{Edit, KeyedTable, merge};
use crate::disk::{WholeFile, WholeFolder, decode, read_regular};
use crate::model::{FileText, Folder, Model, Network, Problems};

/// The folder in which an import keeps what it wrote, to tell later what a person changed.
pub(super) const IMPORTED: &str = "imported";

/// Greatest size of a table of a folder in bytes, as networks are read.
const MOST_BYTES: u64 = 1_000_000_000;

/// The tables that a person may edit, with the columns by which their rows are known.
const TABLES: [(&str, &[&str]); 4] = [
    ("hospitals.csv", &["id"]),
    ("departments.csv", &["hospital", "specialty", "kind"]),
    ("facts.csv", &["hospital", "field", "year", "source"]),
    ("places.csv", &["id"]),
];

/// Why an import was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The folder has files, and none that an import wrote.
    #[error("{} has files that no import wrote; take another folder", .0.display())]
    NotImported(PathBuf),
    /// It is a file.
    #[error("{} is a file; a folder is needed", .0.display())]
    NoFolder(PathBuf),
    /// A file of the folder cannot be read as it must be to keep what was edited in it.
    #[error("{}: {message}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// The copy of what was written last is not there, so that nobody can tell what was edited since.
    #[error("{} is not there: what was edited in {} since the last import cannot be told from what it wrote; put the copy back, or import into a new folder", copy.display(), path.display())]
    NoCopy {
        /// The table.
        path: PathBuf,
        /// Its copy.
        copy: PathBuf,
    },
    /// The folder is the network of other districts.
    #[error("{} is the network of other districts ({}); take another folder", folder.display(), districts.join(", "))]
    OtherDistricts {
        /// The folder.
        folder: PathBuf,
        /// Their keys.
        districts: Vec<String>,
    },
    /// The network would have faults, such as a hospital that was edited by hand and does not fit any more.
    #[error("the network would have problems; nothing was written\n{0}")]
    Problems(#[from] Problems),
    /// It was stopped before anything was written.
    #[error("stopped; nothing was written")]
    Stopped,
    /// What the system says.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// How many beds a hospital had in the folder and has now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedBeds {
    /// Key of the hospital.
    pub hospital: String,
    /// Its name.
    pub name: String,
    /// Beds before; `None` for unknown.
    pub before: Option<u32>,
    /// Beds now.
    pub after: Option<u32>,
}

/// What an update changed in a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportDifference {
    /// Hospitals that are new: key and name.
    pub added: Vec<(String, String)>,
    /// Hospitals that are gone: key and name.
    pub gone: Vec<(String, String)>,
    /// Hospitals that have other beds.
    pub beds: Vec<ChangedBeds>,
    /// What a person had changed, and that was kept.
    pub kept: Vec<ImportRemark>,
}

/// A folder that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrittenFolder {
    /// The folder.
    pub folder: PathBuf,
    /// What changed in it; `None` for a new one.
    pub difference: Option<ImportDifference>,
}

/// The hospitals that the last import of a folder wrote, with where they stand in the directory; none for a
/// folder that is new.
///
/// # Errors
///
/// When the folder is a file, has files that no import wrote, or its list cannot be read.
pub fn imported_sites(folder: &Path) -> Result<Vec<ImportedSite>, ImportError> {
    if folder.is_file() {
        return Err(ImportError::NoFolder(folder.to_owned()));
    }
    if !folder.is_dir() || fs::read_dir(folder)?.next().is_none() {
        return Ok(Vec::new());
    }
    let list = folder.join(IMPORTED).join("sites.csv");
    if !list.is_file() {
        return Err(ImportError::NotImported(folder.to_owned()));
    }
    let bytes = read_regular(&list, MOST_BYTES).map_err(|error| unreadable(&list, &error))?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let mut sites = Vec::new();
    for row in reader.deserialize::<ImportedSite>() {
        sites.push(row.map_err(|error| unreadable(&list, &error))?);
    }
    Ok(sites)
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> ImportError {
    ImportError::Unreadable { path: path.to_owned(), message: error.to_string() }
}

impl Import {
    /// Writes the network as a folder: `network.ron`, `hospitals.csv`, `departments.csv`, `places.csv` and where there
    /// are any `facts.csv`; in `imported/` the same once more, the list of sites and the remarks.
    ///
    /// A folder that an earlier import wrote is updated: cells and rows that a person changed since then stay, and
    /// `network.ron` where it was changed. The result is read back before anything gets its name: a new folder is
    /// there whole or not at all, and so is each file of an old one. `goes_on` is asked before.
    ///
    /// # Errors
    ///
    /// When the folder has files that no import wrote, when the network with what a person changed has faults, when
    /// `goes_on` says no, or what the system says.
    pub fn write(
        &self,
        folder: &Path,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<WrittenFolder, ImportError> {
        imported_sites(folder)?;
        self.check_districts(folder)?;
        let is_update = folder.join(IMPORTED).is_dir();
        let new = self.new_files(folder)?;
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for (name, text) in &new {
            files.insert((*name).to_owned(), text.clone());
            files.insert(format!("{IMPORTED}/{name}"), text.clone());
        }
        if self.part != ImportPart::People || !is_update {
            files.insert(format!("{IMPORTED}/sites.csv"), as_csv(&self.sites)?);
        }
        files.insert(DISTRICTS.to_owned(), format!("district\n{}\n", self.districts.join("\n")));
        let mut difference = None;
        let mut remarks = self.remarks.clone();
        if is_update {
            let found = update(folder, self.part, &new, &mut files)?;
            files.insert(format!("{IMPORTED}/difference.csv"), difference_csv(&found)?);
            remarks.extend(found.kept.iter().cloned());
            difference = Some(found);
        }
        files.insert(format!("{IMPORTED}/remarks.csv"), as_csv(&remarks)?);

        let draft = WholeFolder::create(folder)?;
        write_all(draft.path(), &files)?;
        self.check_draft(draft.path(), folder)?;
        if !goes_on() {
            return Err(ImportError::Stopped);
        }
        if is_update {
            replace_all(folder, &files)?;
        } else {
            draft.finish()?;
        }
        Ok(WrittenFolder { folder: folder.to_owned(), difference })
    }
}

/// The file with the districts of a folder.
const DISTRICTS: &str = "imported/districts.csv";

impl Import {
    /// A folder goes on being the network of its districts: more or fewer of them may be imported into it, but not
    /// all others.
    fn check_districts(&self, folder: &Path) -> Result<(), ImportError> {
        let list = folder.join(DISTRICTS);
        if !list.is_file() {
            return Ok(());
        }
        let bytes = read_regular(&list, MOST_BYTES).map_err(|error| unreadable(&list, &error))?;
        let text = decode(&bytes).map_err(|error| unreadable(&list, &error.message))?;
        let districts: Vec<String> = text
            .lines()
            .skip(1)
            .map(str::trim)
            .filter(|key| !key.is_empty())
            .map(str::to_owned)
            .collect();
        if districts.is_empty() || districts.iter().any(|key| self.districts.contains(key)) {
            return Ok(());
        }
        Err(ImportError::OtherDistricts { folder: folder.to_owned(), districts })
    }

    /// The files of this part of a network. Sources of the other part that the folder names stay named.
    fn new_files(&self, folder: &Path) -> Result<Vec<FileText>, ImportError> {
        let mut model = self.model.clone();
        if self.part != ImportPart::All
            && let Some(existing) = self.existing(folder)
        {
            let mut network = model.network;
            for (key, source) in existing.network.sources() {
                network.sources.entry(key.clone()).or_insert_with(|| source.clone());
            }
            for (key, rule) in existing.network.derivations() {
                network.derivations.entry(key.clone()).or_insert_with(|| rule.clone());
            }
            // What the places rest on is said by whoever wrote them.
            let new_marks = PlaceMarks::of(&network);
            let old_marks = PlaceMarks::of(&existing.network);
            if self.part == ImportPart::People {
                let (sources, derivations) = (network.sources, network.derivations);
                network = existing.network;
                (network.sources, network.derivations) = (sources, derivations);
                new_marks.set(&mut network);
            } else if folder.join("places.csv").is_file() {
                old_marks.set(&mut network);
            }
            model.network = network;
        }
        let mut files = with_heading(crate::files::table_files(&model, None)?);
        let has_network = folder.join("network.ron").is_file();
        files.retain(|(name, _)| match (self.part, *name) {
            (ImportPart::All, _) | (_, "network.ron") => true,
            (ImportPart::Hospitals, name) => name != "places.csv",
            (ImportPart::People, name) => name == "places.csv" || !has_network,
        });
        Ok(files)
    }

    /// The network of a folder, if there is one. Hospitals may be there without people: they are read with the
    /// people of this import.
    fn existing(&self, folder: &Path) -> Option<Model> {
        if let Ok(model) = Folder::open(folder).read() {
            return Some(model);
        }
        // A draft that never gets its name, and is removed when the program is stopped, too.
        let draft = WholeFolder::create(std::env::temp_dir().join("network")).ok()?;
        for (name, text) in crate::files::table_files(&self.model, None).ok()? {
            let there = folder.join(name);
            if name == "places.csv" {
                fs::write(draft.path().join(name), text).ok()?;
            } else if there.is_file() {
                fs::copy(there, draft.path().join(name)).ok()?;
            }
        }
        Folder::open(draft.path()).read().ok()
    }

    /// Reads what would be written together with the files of the folder that stay as they are.
    fn check_draft(&self, draft: &Path, folder: &Path) -> Result<(), ImportError> {
        if self.part != ImportPart::All {
            for (name, _) in TABLES {
                let (own, there) = (draft.join(name), folder.join(name));
                if !own.exists() && there.is_file() {
                    fs::copy(there, own)?;
                }
            }
            if !draft.join("places.csv").exists() || !draft.join("hospitals.csv").exists() {
                // The other part is still to come.
                return Ok(());
            }
        }
        Folder::open(draft).read()?;
        Ok(())
    }
}

/// What a network says of its places: whether they are assumed, or derived by which rule.
struct PlaceMarks {
    assumed: Vec<String>,
    derived: Vec<(String, String)>,
}

impl PlaceMarks {
    fn of(network: &Network) -> Self {
        let is_of_places = |path: &str| path == "places" || path.starts_with("places.");
        let assumed = network.assumed.iter().filter(|path| is_of_places(path)).cloned().collect();
        let derived = network.derived.iter().filter(|(path, _)| is_of_places(path));
        Self {
            assumed,
            derived: derived.map(|(path, rule)| (path.clone(), rule.clone())).collect(),
        }
    }

    /// Puts these marks in the place of those that a network has.
    fn set(self, network: &mut Network) {
        let old = Self::of(network);
        network.assumed.retain(|path| !old.assumed.contains(path));
        network.derived.retain(|path, _| !old.derived.iter().any(|(other, _)| other == path));
        network.assumed.extend(self.assumed);
        network.derived.extend(self.derived);
    }
}

/// What stands at the head of an imported `network.ron`.
const HEADING: &str = "\
// Made by `verbund import` from official files, and yours to edit: hospitals and departments are tables that a
// spreadsheet opens. A later import into this folder keeps what you changed.
//
// What nobody published is marked in the column `assumed` of hospitals.csv; imported/remarks.csv says what is
// missing, what contradicts and what was joined how.
";

fn with_heading(mut files: Vec<FileText>) -> Vec<FileText> {
    for (name, text) in &mut files {
        if *name == "network.ron" {
            text.insert_str(0, HEADING);
        }
    }
    files
}

fn write_all(folder: &Path, files: &BTreeMap<String, String>) -> std::io::Result<()> {
    fs::create_dir(folder.join(IMPORTED))?;
    for (name, text) in files {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}

/// Replaces files of a folder; none gets its name before all are written.
fn replace_all(folder: &Path, files: &BTreeMap<String, String>) -> std::io::Result<()> {
    let mut drafts = Vec::new();
    for (name, text) in files {
        let mut draft = WholeFile::create(folder.join(name))?;
        draft.write_all(text.as_bytes())?;
        drafts.push(draft);
    }
    drafts.into_iter().try_for_each(WholeFile::finish)
}

fn as_csv<T: Serialize>(rows: &[T]) -> std::io::Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    for row in rows {
        table.serialize(row).map_err(std::io::Error::other)?;
    }
    let bytes = table.into_inner().map_err(|error| std::io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(std::io::Error::other)
}

/// Puts what a person changed in a folder into the new files, and says what is different.
fn update(
    folder: &Path,
    part: ImportPart,
    new: &[FileText],
    files: &mut BTreeMap<String, String>,
) -> Result<ImportDifference, ImportError> {
    let mut difference = ImportDifference::default();
    let read = |name: &str| -> Result<Option<String>, ImportError> {
        let path = folder.join(name);
        if !path.is_file() {
            return Ok(None);
        }
        let bytes = read_regular(&path, MOST_BYTES).map_err(|error| unreadable(&path, &error))?;
        let text = decode(&bytes).map_err(|error| unreadable(&path, &error.message))?;
        Ok(Some(text))
    };
    for (name, key) in TABLES {
        if (name == "places.csv" && part == ImportPart::Hospitals)
            || (name != "places.csv" && part == ImportPart::People)
        {
            // Of the other part: it stays as it is.
            continue;
        }
        let own = read(name)?;
        let last = read(&format!("{IMPORTED}/{name}"))?;
        if own.is_some() && last.is_none() && matches!(name, "hospitals.csv" | "departments.csv") {
            let (path, copy) = (folder.join(name), folder.join(IMPORTED).join(name));
            return Err(ImportError::NoCopy { path, copy });
        }
        let new = new.iter().find(|(other, _)| *other == name).map(|(_, text)| text.clone());
        let Some(own) = own else { continue };
        let table = |text: &str| {
            let message = "is no table with a header and rows of the same length";
            KeyedTable::read(text, key).ok_or_else(|| unreadable(&folder.join(name), &message))
        };
        let own = table(&own)?;
        // A table that no import wrote was added by hand.
        let last = last
            .as_deref()
            .map(table)
            .transpose()?
            .unwrap_or_else(|| KeyedTable::empty(own.columns.clone()));
        let new = new
            .as_deref()
            .map(table)
            .transpose()?
            .unwrap_or_else(|| KeyedTable::empty(own.columns.clone()));
        let merged = merge(&last, &own, &new);
        if name == "hospitals.csv" {
            compare(&own, &merged.table, &mut difference);
        }
        difference.kept.extend(merged.edits.iter().map(|edit| told(name, edit)));
        files.insert(name.to_owned(), merged.table.to_csv());
    }
    drop_orphans(files, &mut difference);
    let own = read("network.ron")?;
    let last = read(&format!("{IMPORTED}/network.ron"))?;
    if let Some(own) = own.filter(|own| last.as_ref().is_some_and(|last| last != own)) {
        let message =
            "network.ron was edited and stays as it is; imported/network.ron is the new one";
        let remark = ImportRemark::new(RemarkKind::Kept, "network.ron", message);
        difference.kept.push(remark);
        files.insert("network.ron".to_owned(), own);
    }
    Ok(difference)
}

/// Departments and facts of hospitals that are not there any more go with them, edited or not.
fn drop_orphans(files: &mut BTreeMap<String, String>, difference: &mut ImportDifference) {
    let hospitals = files.get("hospitals.csv").and_then(|text| KeyedTable::read(text, &["id"]));
    let Some(hospitals) = hospitals else { return };
    let known = hospitals.by_key();
    for (name, key) in &TABLES[1..3] {
        let Some(mut table) = files.get(*name).and_then(|text| KeyedTable::read(text, key)) else {
            continue;
        };
        table.rows.retain(|row| known.contains_key(&row.key[..1]));
        files.insert((*name).to_owned(), table.to_csv());
    }
    difference.kept.retain(|remark| {
        remark.topic == "hospitals.csv"
            || remark
                .hospital
                .as_ref()
                .is_none_or(|key| known.contains_key(std::slice::from_ref(key)))
    });
}

/// An edit that was kept, in words.
fn told(table: &'static str, edit: &Edit) -> ImportRemark {
    let row = edit.key.join(" ");
    let message = match (&edit.column, &edit.own, &edit.new) {
        (Some(column), Some(own), Some(new)) => {
            format!(
                "{table}, {row}: {column} \"{own}\" was edited and stays; the import has \"{new}\""
            )
        }
        (_, None, _) => format!("{table}, {row}: the row was taken away and stays so"),
        _ => format!("{table}, {row}: the row was added or edited and stays; the import has none"),
    };
    let remark = ImportRemark::new(RemarkKind::Kept, table, message);
    if table == "places.csv" { remark } else { remark.of(&edit.key[0]) }
}

/// Hospitals that came, went, or have other beds.
fn compare(before: &KeyedTable, after: &KeyedTable, difference: &mut ImportDifference) {
    let (old, new) = (before.by_key(), after.by_key());
    let name = |cells: &BTreeMap<String, String>| cells.get("name").cloned().unwrap_or_default();
    let beds =
        |cells: &BTreeMap<String, String>| cells.get("beds").and_then(|text| text.parse().ok());
    for (key, row) in &new {
        let Some(earlier) = old.get(key) else {
            difference.added.push((key[0].clone(), name(&row.cells)));
            continue;
        };
        let (before, after) = (beds(&earlier.cells), beds(&row.cells));
        if before != after {
            let hospital = key[0].clone();
            difference.beds.push(ChangedBeds { hospital, name: name(&row.cells), before, after });
        }
    }
    for (key, row) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
        difference.gone.push((key[0].clone(), name(&row.cells)));
    }
}

/// What an update changed, as a table.
fn difference_csv(difference: &ImportDifference) -> std::io::Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["change", "hospital", "name", "beds_before", "beds_after"])?;
    for (change, list) in [("added", &difference.added), ("gone", &difference.gone)] {
        for (key, name) in list {
            table.write_record([change, key, name, "", ""])?;
        }
    }
    let shown = |beds: Option<u32>| beds.map_or_else(String::new, |beds| beds.to_string());
    for own in &difference.beds {
        let (before, after) = (shown(own.before), shown(own.after));
        table.write_record(["beds", &own.hospital, &own.name, &before, &after])?;
    }
    let bytes = table.into_inner().map_err(|error| std::io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(std::io::Error::other)
}
