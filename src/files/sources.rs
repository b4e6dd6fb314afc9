//! Where the files of a folder come from: the disk, the crate itself, or memory.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::access::{Leads, Reach, check_links, check_path, is_there, names_in, read_regular};
use crate::model::location::Fault;

/// The file of a network.
pub(super) const NETWORK: &str = "network.ron";

/// The table of travel times that a folder usually has.
pub(super) const TRAVEL_TIMES: &str = "travel_times.csv";

/// The borders of its places, where a folder has them.
pub(super) const AREAS: &str = "areas.geojson";

/// What simulations take for granted, where a folder or its scenarios say it.
pub(super) const SIMULATION: &str = "simulation.ron";

/// The folder of scenarios.
pub(super) const SCENARIOS: &str = "scenarios";

// What files may not leave, in messages.
pub(super) const OF_NETWORK: &str = "the folder of the network";
pub(super) const OF_SCENARIOS: &str = "the folder of the scenarios";
const OF_CATALOG: &str = "the folder of the catalog";

/// Where the files of a folder come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Files {
    Disk(PathBuf),
    /// Those of this network among [`EMBEDDED`].
    Embedded(&'static str),
    /// By their paths below the folder, in their order.
    Memory(Arc<BTreeMap<String, Vec<u8>>>),
}

/// A file that is read: its path below the folder of the network, the folder that it may not leave, and the
/// field of `network.ron` that names it; empty where none does.
#[derive(Debug, Clone, Copy)]
pub(super) struct File<'p> {
    pub(super) path: &'p str,
    pub(super) root: Root<'p>,
    pub(super) field: &'static str,
}

/// The folder that a file may not leave.
#[derive(Debug, Clone, Copy)]
pub(super) enum Root<'p> {
    Network,
    Catalog(&'p str),
    Scenarios,
}

macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!("../../networks/", $path)))),*]
    };
}

// Written out, because a macro cannot list a folder: a file that is missing here comes with no crate.
/// The networks that come with the crate, by path below `networks`.
pub(super) const EMBEDDED: &[(&str, &[u8])] = embedded![
    "catalog/specialties.ron",
    "catalog/fields.ron",
    "catalog/facilities.ron",
    "catalog/standards.ron",
    "catalog/demand.ron",
    "catalog/pathways.ron",
    "catalog/service_groups.ron",
    "catalog/service_group_assumptions.ron",
    "catalog/supplement.ron",
    "catalog/emergency_stages.ron",
    "catalog/minimum_volumes.ron",
    "leipzig/areas.geojson",
    "leipzig/network.ron",
    "leipzig/places.csv",
    "leipzig/scenarios/demography-2035.ron",
    "leipzig/scenarios/grimma-delivery-ward-closed.ron",
    "leipzig/scenarios/merger-delitzsch-eilenburg.ron",
    "leipzig/scenarios/mulde-bridge.ron",
    "leipzig/scenarios/people-2035.csv",
    "leipzig/scenarios/sana-wurzen-26-beds.ron",
    "leipzig/scenarios/schkeuditz-closed.ron",
    "leipzig/scenarios/shared-beds-ukl-st-georg.ron",
    "leipzig/scenarios/tele-stroke-eilenburg-ends.ron",
    "leipzig/scenarios/torgau-incident.ron",
    "leipzig/scenarios/torgau-internal-closed.ron",
    "leipzig/scenarios/ukl-st-georg-concentrate.ron",
    "leipzig/scenarios/winter.ron",
    "small/network.ron",
    "small/places.csv",
];

impl Files {
    /// The names in a folder; `None` where it cannot be read, which its files say.
    pub(super) fn names(&self, within: &str) -> Option<Vec<String>> {
        match self {
            Files::Disk(folder) => names_in(&folder.join(within)).ok(),
            Files::Embedded(_) => None,
            Files::Memory(files) => {
                let folder = below(within);
                let mut names = Vec::new();
                for path in files.keys() {
                    let (folder_of_file, name) = path.rsplit_once('/').unwrap_or(("", path));
                    if folder_of_file == folder {
                        names.push(name.to_owned());
                    }
                }
                Some(names)
            }
        }
    }

    /// Names of the files in the folder of scenarios, in order; none where there is no such folder.
    pub(super) fn scenario_names(&self, reach: Reach) -> Result<Vec<String>, Fault> {
        match self {
            Files::Disk(folder) => {
                let path = folder.join(SCENARIOS);
                if !is_there(&path) {
                    return Ok(Vec::new());
                }
                check_links(&path, folder, reach, SCENARIOS, OF_NETWORK)?;
                names_in(&path).map_err(Fault::unreadable)
            }
            Files::Embedded(name) => {
                let within = format!("{name}/{SCENARIOS}/");
                let mut names = Vec::new();
                for (path, _) in EMBEDDED {
                    names.extend(path.strip_prefix(&within).map(str::to_owned));
                }
                names.sort();
                Ok(names)
            }
            Files::Memory(_) => Ok(self.names(SCENARIOS).unwrap_or_default()),
        }
    }

    /// Whether there is something of this name on the disk, readable or not, or among the files that come
    /// along.
    pub(super) fn has(&self, path: &str) -> bool {
        match self {
            Files::Disk(folder) => is_there(&folder.join(path)),
            Files::Embedded(name) => embedded_file(name, path).is_some(),
            Files::Memory(files) => files.contains_key(&below(path)),
        }
    }

    /// The bytes of a file, or why it is not read.
    pub(super) fn bytes(&self, file: File<'_>, reach: Reach) -> Result<Cow<'static, [u8]>, Fault> {
        let path = file.path;
        let folder = match self {
            Files::Disk(folder) => folder,
            Files::Embedded(name) => {
                let message = said!("no file {path} comes with verbund", path);
                let bytes = embedded_file(name, path).ok_or_else(|| Fault::unreadable(message))?;
                return Ok(Cow::Borrowed(bytes));
            }
            Files::Memory(files) => {
                let message = said!("no file {path} is among those given", path);
                let bytes = files.get(&below(path)).ok_or_else(|| Fault::unreadable(message))?;
                return Ok(Cow::Owned(bytes.clone()));
            }
        };

        // A catalog may itself lie beside the network. Its files are then held to its own folder.
        let full = folder.join(path);
        match file.root {
            Root::Network => {
                check_path(path, Leads::Within, reach, OF_NETWORK)?;
                check_links(&full, folder, reach, path, OF_NETWORK)?;
            }
            Root::Catalog(catalog) => {
                check_links(&full, &folder.join(catalog), reach, path, OF_CATALOG)?;
            }
            Root::Scenarios => {
                check_links(&full, &folder.join(SCENARIOS), reach, path, OF_SCENARIOS)?;
            }
        }
        read_regular(&full).map(Cow::Owned).map_err(Fault::unreadable)
    }
}

/// A file of a network that comes with the crate, by its path below that network.
fn embedded_file(network: &str, path: &str) -> Option<&'static [u8]> {
    let full = normal(&format!("{network}/{path}"));
    let (_, bytes) = EMBEDDED.iter().find(|(embedded, _)| *embedded == full)?;
    Some(bytes)
}

/// A path as files in memory are found by: what leads out of the folder is left out, so that `../catalog` is
/// `catalog`.
pub(super) fn below(path: &str) -> String {
    normal(path).trim_start_matches("../").to_owned()
}

/// A relative path with `..` resolved.
pub(super) fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
