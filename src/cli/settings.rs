//! What a run takes for granted: flags, `simulation.ron`, defaults.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::Args;
use verbund::files::Folder;
use verbund::model::Network;
use verbund::problem::Problems;
use verbund::said;
use verbund::simulation::{ChosenSettings, SettingsFile, Stays};

use super::after::Networks;
use super::faults::Faults;
use super::scenarios::Origin;
use super::{Common, input, output};

/// What is assumed, other than by default.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct SettingsOptions {
    /// What is assumed: this file instead of `simulation.ron` in the folder of the network
    #[arg(long, value_name = "FILE", help_heading = "What is assumed")]
    settings: Option<PathBuf>,
    /// How long patients stay, where that is known: a table (CSV) with specialty and, where it is told, hospital, urgency
    /// (emergency or elective) and age; either with `median_days` and cv, mixed by cases where there are several ages, or with
    /// days, a stay a row, to which laws are fitted
    #[arg(long, value_name = "FILE", help_heading = "What is assumed")]
    stays: Option<PathBuf>,
    /// One assumed value, such as `stay_cv=0.8`: before what a file says. Can be given several times;
    /// `verbund simulate --by assumed` lists all of them
    #[arg(long, value_name = "KEY=VALUE", help_heading = "What is assumed")]
    set: Vec<String>,
}

impl SettingsOptions {
    /// Whether known stays are given.
    pub(super) fn has_stays(&self) -> bool {
        self.stays.is_some()
    }

    /// The settings of these flags, before them those of files, before them the defaults; every fault is noted.
    ///
    /// Files are `simulation.ron` in the folder of the network, and beside the scenarios that are asked for.
    pub(super) fn read(
        &self,
        common: &Common,
        network: &Network,
        scenarios: &[OsString],
        faults: &mut Faults,
    ) -> ChosenSettings {
        let mut chosen = ChosenSettings::default();
        let files = Files { network, faults };
        if let Some(path) = &self.settings {
            files.open(path, &mut chosen);
        } else {
            files.of_folder(common, scenarios, &mut chosen);
        }
        if let Some(path) = &self.stays {
            faults.note(output::refuse_input(path));
            match Stays::open(path, network) {
                Ok(stays) => chosen.put_stays(stays),
                Err(problems) => faults.add(&anyhow!("{}", lines(&problems))),
            }
        }
        for text in &self.set {
            if let Err(problems) = chosen.set_text("--set", text, network) {
                faults.add(&anyhow!("{}", lines(&problems)));
            }
        }
        chosen
    }
}

/// The settings that the folder of a network, and those of scenarios, bring, before them the defaults.
pub(super) fn of_folder(
    common: &Common,
    networks: &Networks,
    scenarios: &[OsString],
) -> anyhow::Result<ChosenSettings> {
    let mut faults = Faults::default();
    let options = SettingsOptions::default();
    let chosen = options.read(common, &networks.model.network, scenarios, &mut faults);
    faults.tell()?;
    Ok(chosen)
}

/// The lines of some faults, without how many there are.
fn lines(problems: &Problems) -> String {
    problems.lines().join("\n")
}

/// What a file of settings that a folder brings says, for itself or for its scenarios; `None` where it brings none.
fn brought(
    folder: &Folder,
    for_scenarios: bool,
    network: &Network,
) -> Option<Result<SettingsFile, Problems>> {
    let within = if for_scenarios { "scenarios/" } else { "" };
    let name = format!("{within}{}", SettingsFile::NAME);
    match folder.simulation_text(for_scenarios) {
        Ok(None) => None,
        Ok(Some(text)) => Some(SettingsFile::read(&text, &name, network)),
        Err(problems) => Some(Err(problems)),
    }
}

/// Adds the faults of the settings that a folder brings; what is to be known of those without a fault.
pub(super) fn check_brought(
    folder: &Folder,
    network: &Network,
    problems: &mut Problems,
) -> Vec<String> {
    let mut remarks = Vec::new();
    for for_scenarios in [false, true] {
        match brought(folder, for_scenarios, network) {
            None => {}
            Some(Ok(file)) => remarks.push(said!(
                "remark: {file}: {count} of the settings of simulations",
                file = file.name(),
                count = file.len()
            )),
            Some(Err(faults)) => problems.append(faults),
        }
    }
    remarks
}

/// Files of settings for a network.
struct Files<'f> {
    network: &'f Network,
    faults: &'f mut Faults,
}

impl Files<'_> {
    fn open(self, path: &Path, chosen: &mut ChosenSettings) {
        let is_free = output::refuse_input(path)
            .map_err(|error| anyhow!("--settings {}: {error}", path.display()));
        self.faults.note(is_free);
        match SettingsFile::open(path, self.network) {
            Ok(file) => chosen.put(file),
            Err(problems) => self.faults.add(&anyhow!("{}", lines(&problems))),
        }
    }

    fn of_folder(mut self, common: &Common, scenarios: &[OsString], chosen: &mut ChosenSettings) {
        // Without a folder there is a fault already.
        let Ok(folder) = input::folder(common) else { return };
        self.brought(&folder, false, chosen);

        // Beside scenarios: once for those of the network, and once for each folder of others.
        let (mut is_brought, mut beside) = (false, Vec::new());
        for scenario in scenarios {
            match Origin::find_silently(&folder, scenario) {
                Some(Origin::Network(_)) => is_brought = true,
                Some(Origin::File(path)) => {
                    let path = path.with_file_name(SettingsFile::NAME);
                    if path.is_file() && !beside.contains(&path) {
                        beside.push(path);
                    }
                }
                None => {}
            }
        }
        if is_brought {
            self.brought(&folder, true, chosen);
        }
        for path in beside {
            Files { network: self.network, faults: self.faults }.open(&path, chosen);
        }
    }

    /// What a folder brings, for itself or for its scenarios.
    fn brought(&mut self, folder: &Folder, for_scenarios: bool, chosen: &mut ChosenSettings) {
        match brought(folder, for_scenarios, self.network) {
            None => {}
            Some(Ok(file)) => chosen.put(file),
            Some(Err(problems)) => self.faults.add(&anyhow!("{}", lines(&problems))),
        }
    }
}
