//! Which files a network is read from.

use std::path::{Path, PathBuf};

use super::access::read_regular;
use super::bytes::decode;
use super::folder::Folder;
use super::network::{HospitalTables, read_network};
use super::record::Reader;
use super::sources::{AREAS, SIMULATION};
use crate::problem::Problems;

impl Folder {
    /// The files on disk from which this folder is read, as far as they are there: `network.ron`, the tables
    /// that it names, its catalog, its borders, and its scenarios with their tables. None for a network that comes with the
    /// crate.
    ///
    /// A program that writes files asks for them so that no result ever replaces what it was made from. Where
    /// `network.ron` cannot be read, every `.ron` and `.csv` file of the folder counts.
    ///
    /// ```
    /// use verbund::files::Folder;
    ///
    /// let folder = Folder::open("networks/small");
    /// let files = folder.files();
    /// assert!(files.contains(&"networks/small/places.csv".into()));
    /// assert!(Folder::small().files().is_empty());
    /// ```
    pub fn files(&self) -> Vec<PathBuf> {
        let Some(folder) = self.path() else { return Vec::new() };
        let mut files = vec![folder.join("network.ron"), folder.join("travel_times.csv")];
        files.push(folder.join(AREAS));
        files.push(folder.join(SIMULATION));
        if let Some(named) = named(&folder.join("network.ron")) {
            files.extend(named.tables.iter().map(|table| folder.join(table)));
            if let Some(catalog) = &named.catalog {
                files.extend(tables_in(&folder.join(catalog)));
            }
        } else {
            files.extend(tables_in(folder));
            files.extend(tables_in(&folder.join("../catalog")));
        }
        files.extend(tables_in(&folder.join("scenarios")));

        // Named or not: what is not there was not read.
        files.retain(|file| file.is_file());
        files
    }
}

/// What a `network.ron` names.
struct Named {
    catalog: Option<String>,
    tables: Vec<String>,
}

/// What the file names; `None` when it cannot be read.
fn named(path: &Path) -> Option<Named> {
    let bytes = read_regular(path).ok()?;
    let text = decode("network.ron", &bytes, &mut Problems::default())?;
    let file = read_network(&mut Reader::new("network.ron", &text))?;
    let mut tables = vec![file.places];
    tables.extend(file.travel_times);
    for (_, table) in file.tables.iter().flat_map(HospitalTables::named) {
        tables.push(table.to_owned());
    }
    Some(Named { catalog: file.catalog, tables })
}

/// The `.ron` and `.csv` files of a folder; none when it is not there.
fn tables_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return files };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|end| end == "ron" || end == "csv") {
            files.push(path);
        }
    }
    files
}
