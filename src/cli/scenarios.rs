//! The scenarios that `--scenario` names.

use std::path::PathBuf;

use anyhow::bail;
use verbund::model::{Folder, Network, Places, Problems, Scenario};

use super::input;

/// Where a scenario is read from.
pub(super) enum Origin {
    File(PathBuf),
    /// The name of one that the network's folder brings.
    Network(String),
}

impl Origin {
    /// What `--scenario` names; it is there.
    pub(super) fn find(folder: &Folder, name: &str) -> anyhow::Result<Self> {
        let brought = folder.scenarios();
        let path = PathBuf::from(name);
        if path.is_file() {
            return Ok(Self::File(path));
        }
        if brought.iter().any(|one| one == name) {
            return Ok(Self::Network(name.to_owned()));
        }
        if path.exists() {
            bail!("--scenario {name}: a file is needed, but this is a folder");
        }
        let hint = input::hint(name, brought.iter().map(String::as_str));
        bail!("--scenario {name}: there is no such file{hint}");
    }

    /// Reads it against the network of the day.
    pub(super) fn read(
        &self,
        folder: &Folder,
        network: &Network,
        places: &Places,
    ) -> Result<Scenario, Problems> {
        match self {
            Self::File(path) => Scenario::open(path, network, places),
            Self::Network(name) => folder.scenario(name, network, places),
        }
    }
}
