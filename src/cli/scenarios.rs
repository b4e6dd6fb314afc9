//! The scenarios that `--scenario` names.

use std::path::PathBuf;

use anyhow::{anyhow, bail};
use verbund::Region;
use verbund::model::{Folder, Model, Network, Places, Problems, Scenario};

use super::input;
use super::query::Faults;

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

/// The scenarios that the flags name; every fault of all of them is told.
pub(super) fn read_all(
    names: &[String],
    folder: &Folder,
    (model, region): (&Model, &Region),
    faults: &mut Faults,
) -> Vec<Scenario> {
    let mut found: Vec<Scenario> = Vec::new();
    for name in names {
        let Some(origin) = faults.take(Origin::find(folder, name)) else { continue };
        let read = origin.read(folder, region.network(), &model.places);
        let read = read.map_err(|error| anyhow!("--scenario {name} has problems\n{error}"));
        let Some(scenario) = faults.take(read) else { continue };
        if scenario.key == "base" || found.iter().any(|own| own.key == scenario.key) {
            faults.add(&anyhow!(
                "--scenario {name}: there is another one called \"{}\"",
                scenario.key
            ));
        }
        found.push(scenario);
    }
    found
}
