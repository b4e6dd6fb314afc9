//! Files beside those that are read: which of them somebody most likely meant to be read.

use std::path::Path;

use super::bytes::fault;
use super::catalog_files::{NEEDED, OPTIONAL};
use super::folder::Folder;
use super::network::NetworkFile;
use super::sources::{Files, NETWORK, SCENARIOS, SIMULATION, TRAVEL_TIMES, normal};
use crate::problem::{Problem, ProblemKind, Problems, closest};

impl Folder {
    /// Files beside those that are read which most likely were to be read: `pathway.ron` where there is no
    /// `pathways.ron`.
    pub(super) fn check_neighbours(&self, file: &NetworkFile, problems: &mut Problems) {
        // Nobody put files beside a network that comes with the crate.
        if let Files::Embedded(_) = &self.files {
            return;
        }
        match self.scenario_files() {
            Err(faults) => problems.append(faults),
            Ok(names) => report_other_endings(&names, problems),
        }
        self.report_unnamed(file, problems);

        let mut of_network: Vec<&str> = vec![NETWORK, &file.places, SCENARIOS, SIMULATION];
        of_network.push(file.travel_times.as_deref().unwrap_or(TRAVEL_TIMES));
        if let Some(tables) = &file.tables {
            for (_, table) in tables.named() {
                of_network.push(table);
            }
        }

        // The catalog may be the folder itself, as `"."`: its files are then files of the network.
        let catalog = file.catalog.as_deref().map(normal);
        let is_network_catalog = catalog.as_ref().is_some_and(String::is_empty);
        let of_catalog = [NEEDED.as_slice(), OPTIONAL.as_slice()].concat();
        if let Some(path) = catalog.filter(|path| !path.is_empty()) {
            self.report_misspelt(&path, &of_catalog, &OPTIONAL, problems);
            self.report_beside_catalog(&path, problems);
        } else if is_network_catalog {
            of_network.extend(of_catalog);
        }

        let mut optional = Vec::new();
        if file.travel_times.is_none() {
            optional.push(TRAVEL_TIMES);
        }
        optional.push(SCENARIOS);
        optional.push(SIMULATION);
        for name in OPTIONAL {
            if of_network.contains(&name) {
                optional.push(name);
            }
        }
        self.report_misspelt("", &of_network, &optional, problems);
    }

    /// Tells each file of the catalog that lies beside `network.ron` and is missing where the catalog is.
    fn report_beside_catalog(&self, catalog: &str, problems: &mut Problems) {
        for name in OPTIONAL {
            if self.files.has(name) && !self.files.has(&format!("{catalog}/{name}")) {
                let message = said!("the file is not read: the catalog is in {catalog}", catalog);
                problems.push(fault(name, ProblemKind::Conflict, None, message));
            }
        }
    }

    /// Tells each table of hospitals that is there and that `network.ron` does not name.
    fn report_unnamed(&self, file: &NetworkFile, problems: &mut Problems) {
        let mut named = Vec::new();
        if let Some(tables) = &file.tables {
            named = tables.named();
        }
        for field in ["hospitals", "departments", "facts"] {
            let usual = format!("{field}.csv");
            if named.iter().any(|(name, _)| *name == field) || !self.files.has(&usual) {
                continue;
            }
            let message = "the table is there, but network.ron does not name it".to_owned();
            let problem = fault(&usual, ProblemKind::Conflict, None, message);
            let expected = said!("{field}: \"{usual}\" in network.ron", field, usual);
            problems.push(Problem { expected, ..problem });
        }
    }

    /// Tells each file of a folder that is none of those that are known, and whose name is close to that
    /// of one which may be left out and is not there.
    fn report_misspelt(
        &self,
        within: &str,
        known: &[&str],
        optional: &[&str],
        problems: &mut Problems,
    ) {
        let Some(names) = self.files.names(within) else { return };
        let mut absent = optional.to_vec();
        absent.retain(|name| !names.iter().any(|present| present == name));
        for name in names {
            // Editors and systems leave hidden files behind, which nobody meant to be read.
            if known.contains(&name.as_str()) || name.starts_with('.') {
                continue;
            }
            let Some(near) = closest(&name.to_lowercase(), absent.iter().copied()) else {
                continue;
            };
            let path = if within.is_empty() { name } else { format!("{within}/{name}") };
            let problem =
                fault(&path, ProblemKind::Conflict, None, "the file is not read".to_owned());
            problems.push(Problem { closest: Some(near), ..problem });
        }
    }

    /// The file beside a missing one that most likely was to be it.
    pub(super) fn misspelt(&self, path: &str) -> Option<String> {
        let (within, name) = path.rsplit_once('/').unwrap_or(("", path));
        let names = self.files.names(within)?;

        // Windows hides endings: `network.ron.txt` looks like `network.ron`.
        let bare = |name: &str| name.to_lowercase().trim_end_matches(".txt").to_owned();
        if let Some(same) = names.iter().find(|present| bare(present) == bare(name)) {
            return Some(same.clone());
        }

        // A file with a part of its own is right where it is, however close its name.
        let mut candidates: Vec<&str> = names.iter().map(String::as_str).collect();
        candidates.retain(|present| {
            !NEEDED.contains(present) && !OPTIONAL.contains(present) && *present != NETWORK
        });
        closest(name, candidates)
    }
}

/// Tells each scenario whose file somebody or an editor gave another ending than `.ron`.
fn report_other_endings(names: &[String], problems: &mut Problems) {
    for name in names {
        let is_read = Path::new(name).extension().is_some_and(|ending| ending == "ron");
        if is_read || !is_meant_as_ron(name) {
            continue;
        }
        let path = format!("{SCENARIOS}/{name}");
        let message = "the file is not read: its name has another ending".to_owned();
        let problem = fault(&path, ProblemKind::Conflict, None, message);
        problems.push(Problem { expected: "a name that ends in .ron".to_owned(), ..problem });
    }
}

/// Whether a file was meant to end in `.ron`, as somebody or an editor wrote it.
fn is_meant_as_ron(name: &str) -> bool {
    let name = name.to_lowercase();
    let without_text = name.strip_suffix(".txt").unwrap_or(&name);
    Path::new(without_text).extension().is_some_and(|ending| ending == "ron")
}
