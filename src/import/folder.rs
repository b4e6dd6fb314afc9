//! An import as a folder that a person goes on editing.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::assemble::Import;
use super::folder_error::{IMPORTED, ImportError, MOST_BYTES, read_text, unreadable};
use super::folder_update::{ImportDifference, TABLES, update};
use super::settings::{ImportPart, ImportedSite};
use super::table_text::csv_text;
use crate::disk::{WholeFile, WholeFolder, read_regular};
use crate::files::{FileText, Folder};
use crate::model::{Model, Network};
use crate::run::Control;

/// A folder that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrittenFolder {
    /// The folder.
    pub folder: PathBuf,
    /// The changes in it; `None` for a new one.
    pub difference: Option<ImportDifference>,
}

/// The hospitals that the last import of a folder wrote, with where they stand in the directory; none for a
/// folder that is new.
///
/// # Errors
///
/// When the folder is a file, has files that no import wrote, or its list cannot be read.
///
/// # Example
///
/// ```
/// use verbund::import::{ImportError, imported_sites};
///
/// let folder = tempfile::tempdir()?;
/// assert!(imported_sites(folder.path())?.is_empty());
///
/// // A folder of something else is left alone.
/// std::fs::write(folder.path().join("letter.txt"), "Dear ...")?;
/// assert!(matches!(imported_sites(folder.path()), Err(ImportError::NotImported(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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

impl Import {
    /// Writes the network as a folder: `network.ron`, `hospitals.csv`, `departments.csv`, `places.csv` and where there
    /// are any `facts.csv`; in `imported/` a copy of each, the list of sites and the remarks.
    ///
    /// A folder that an earlier import wrote is updated: cells and rows that a person changed since then stay, and
    /// `network.ron` where it was changed. The result is read back before anything gets its name: a new folder is
    /// there whole or not at all, and so is each file of an old one. Once the files are ready, progress is told how
    /// many they are, and then it is asked for the last time whether it is stopped.
    ///
    /// # Errors
    ///
    /// When the folder has files that no import wrote, when the network with the edits of a person has faults, when
    /// it is stopped, and when the system cannot read or write.
    pub fn write(
        &self,
        folder: &Path,
        control: &Control<'_>,
    ) -> Result<WrittenFolder, ImportError> {
        imported_sites(folder)?;
        self.check_districts(folder)?;

        let new = self.new_files(folder)?;
        let is_update = folder.join(IMPORTED).is_dir();
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for (name, text) in &new {
            files.insert((*name).to_owned(), text.clone());
            files.insert(format!("{IMPORTED}/{name}"), text.clone());
        }
        if self.part != ImportPart::People || !is_update {
            files.insert(format!("{IMPORTED}/sites.csv"), as_csv(&self.sites)?);
        }
        files.insert(DISTRICTS.to_owned(), format!("district\n{}\n", self.districts.join("\n")));

        let mut remarks = self.remarks.clone();
        let mut difference = None;
        if is_update {
            let changes = update(folder, self.part, &new, &mut files)?;
            files.insert(format!("{IMPORTED}/difference.csv"), changes.to_csv()?);
            remarks.extend_from_slice(&changes.kept);
            difference = Some(changes);
        }
        files.insert(format!("{IMPORTED}/remarks.csv"), as_csv(&remarks)?);

        let draft = WholeFolder::create(folder)?;
        write_all(draft.path(), &files)?;
        self.check_draft(draft.path(), folder)?;
        control.tell(files.len() as u64);
        if control.is_stopped() {
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
    /// A folder stays the network of its districts: more or fewer of them may be imported into it, but not all
    /// others. That would be a slip, and would take away all that a person edited.
    fn check_districts(&self, folder: &Path) -> Result<(), ImportError> {
        let Some(text) = read_text(&folder.join(DISTRICTS))? else { return Ok(()) };
        let mut districts = Vec::new();
        for line in text.lines().skip(1) {
            let key = line.trim();
            if !key.is_empty() {
                districts.push(key.to_owned());
            }
        }
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
            let has_places = folder.join("places.csv").is_file();
            model.network = self.with_other_part(model.network, existing.network, has_places);
        }

        let has_network = folder.join("network.ron").is_file();
        let mut files = Vec::new();
        for (name, mut text) in crate::files::table_files(&model, None)? {
            if name == "network.ron" {
                text.insert_str(0, HEADING);
            }
            let is_of_part = match self.part {
                ImportPart::All => true,
                ImportPart::Hospitals => name != "places.csv",
                ImportPart::People => name == "places.csv" || name == "network.ron" || !has_network,
            };
            if is_of_part {
                files.push((name, text));
            }
        }
        Ok(files)
    }

    /// The network of this part with the sources, rules and marks of the other part, which an earlier import wrote.
    fn with_other_part(&self, new: Network, existing: Network, has_places: bool) -> Network {
        let mut network = new;
        for (key, source) in existing.sources() {
            network.sources.entry(key.clone()).or_insert_with(|| source.clone());
        }
        for (key, rule) in existing.derivations() {
            network.derivations.entry(key.clone()).or_insert_with(|| rule.clone());
        }

        // Marks of places are those of whoever wrote the places.
        if self.part == ImportPart::People {
            let marks = PlaceMarks::of(&network);
            let (sources, derivations) = (network.sources, network.derivations);
            network = Network { sources, derivations, ..existing };
            marks.set(&mut network);
        } else if has_places {
            PlaceMarks::of(&existing).set(&mut network);
        }
        network
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
            let existing = folder.join(name);
            if name == "places.csv" {
                fs::write(draft.path().join(name), text).ok()?;
            } else if existing.is_file() {
                fs::copy(existing, draft.path().join(name)).ok()?;
            }
        }
        Folder::open(draft.path()).read().ok()
    }

    /// Reads the files that would be written together with those of the folder that stay as they are.
    fn check_draft(&self, draft: &Path, folder: &Path) -> Result<(), ImportError> {
        if self.part != ImportPart::All {
            for table in TABLES {
                let (new, existing) = (draft.join(table.name), folder.join(table.name));
                if !new.exists() && existing.is_file() {
                    fs::copy(existing, new)?;
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

/// The marks of a network that say of its places whether they are assumed, or derived by which rule.
struct PlaceMarks {
    assumed: Vec<String>,
    derived: BTreeMap<String, String>,
}

impl PlaceMarks {
    fn of(network: &Network) -> Self {
        let mut marks = Self { assumed: Vec::new(), derived: BTreeMap::new() };
        for path in &network.assumed {
            if is_of_places(path) {
                marks.assumed.push(path.clone());
            }
        }
        for (path, rule) in &network.derived {
            if is_of_places(path) {
                marks.derived.insert(path.clone(), rule.clone());
            }
        }
        marks
    }

    /// Puts these marks in the place of those that a network has.
    fn set(self, network: &mut Network) {
        network.assumed.retain(|path| !is_of_places(path));
        network.derived.retain(|path, _| !is_of_places(path));
        network.assumed.extend(self.assumed);
        network.derived.extend(self.derived);
    }
}

fn is_of_places(path: &str) -> bool {
    path == "places" || path.starts_with("places.")
}

/// The comment at the head of an imported `network.ron`.
const HEADING: &str = "\
// Made by `verbund import` from official files, and yours to edit: hospitals and departments are tables that a
// spreadsheet opens. A later import into this folder keeps what you changed.
//
// What nobody published is marked in the column `assumed` of hospitals.csv; imported/remarks.csv says what is
// missing, what contradicts and what was joined how.
";

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
    csv_text(table)
}
