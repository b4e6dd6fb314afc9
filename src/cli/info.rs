//! `verbund info`

use std::ffi::OsStr;

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};
use verbund::report;
use verbund::scenario::ScenarioDraft;

use super::faults::fault;
use super::scenarios::Origin;
use super::{Common, Ending, Format, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Show everything about this hospital, by key or name
    hospital: Option<String>,
    /// List what the network and its catalog hold, with the keys that other commands take, or the changes
    /// that scenarios can make
    #[arg(long, value_enum, conflicts_with = "hospital")]
    list: Option<List>,
    /// Print the file of a scenario that the network brings, to read it or to write another one like it
    #[arg(long, value_name = "NAME", conflicts_with_all = ["hospital", "list"])]
    scenario: Option<std::ffi::OsString>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum List {
    /// Hospital sites
    Hospitals,
    /// Alliances with the number of their members
    Alliances,
    /// Scenarios that the network brings
    Scenarios,
    /// Every kind of change that a scenario can make, with an example as a file writes it
    Changes,
    /// Places where people live
    Places,
    /// What a person can need: facilities, conditions, specialties, standards
    Needs,
    /// Standards with their limits and sources
    Standards,
    /// Care pathways with their stages, targets and sources
    Pathways,
    /// Rates of demand with their sources
    Rates,
    /// Sources with their licences
    Sources,
    /// Rules by which values are derived from published ones
    Derivations,
    /// Every column of every table: its key in JSON and CSV, its heading, what it means and in which unit
    Columns,
}

impl Arguments {
    /// Whether it prints a file instead of tables.
    pub(super) fn is_file(&self) -> bool {
        self.scenario.is_some()
    }
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    if let Some(name) = &arguments.scenario {
        return print_scenario(common, name);
    }
    // What columns mean is the same in every network.
    if arguments.list == Some(List::Columns) {
        output::print(common, &report::list_columns())?;
        return Ok(Ending::Done);
    }
    let (model, region) = input::region(common)?;
    let document = match &arguments.hospital {
        Some(name) => report::hospital(&region, input::hospital(&model, &region, name)?),
        None => match arguments.list {
            None => report::info(&region),
            Some(List::Hospitals) => report::list_hospitals(&region),
            Some(List::Alliances) => report::list_alliances(&region),
            Some(List::Scenarios) => {
                let folder = input::folder(common)?;
                let (mut scenarios, mut unfit) = (Vec::new(), Vec::new());
                for name in folder.scenarios()? {
                    let draft = ScenarioDraft::in_folder(&folder, &name, region.network());
                    let written = draft.scenario().cloned();
                    // One that does not fit the day is listed all the same, and marked: another day may be
                    // asked for.
                    if ScenarioDraft::check(vec![draft], region.network(), &model.places).is_err() {
                        unfit.push(name.clone());
                    }
                    scenarios.push((name, written));
                }
                report::list_scenarios(&region, &scenarios, &unfit)
            }
            Some(List::Changes) => report::list_changes(&region),
            Some(List::Places) => report::list_places(&region),
            Some(List::Needs) => report::list_needs(&region),
            Some(List::Standards) => report::list_standards(&region),
            Some(List::Pathways) => report::list_pathways(&region),
            Some(List::Rates) => report::list_rates(&region),
            Some(List::Derivations) => report::list_derivations(&region),
            Some(List::Sources) => report::list_sources(&region),
            Some(List::Columns) => report::list_columns(),
        },
    };
    // Lists are where commands take their keys from.
    if arguments.list.is_some() {
        output::print_by_key(common, &document)?;
    } else {
        output::print(common, &document)?;
    }
    Ok(Ending::Done)
}

/// A scenario's file as it is written.
fn print_scenario(common: &Common, typed: &OsStr) -> anyhow::Result<Ending> {
    let name = typed.display();
    if common.format != Format::Table {
        bail!(fault!("--scenario {name}: the file is printed as it is, without --format", name));
    }
    if common.as_of.is_some() {
        bail!(fault!(
            "--scenario {name}: the file is printed as it is, whatever the day: without --as-of",
            name
        ));
    }
    let folder = input::folder(common)?;
    // A file of that name is not meant: whoever has it can read it.
    let name = Origin::brought(&folder, typed)?;
    let text = folder.scenario_text(&name).map_err(|problems| anyhow!("{problems}"))?;
    output::print_text(common, &text)?;
    Ok(Ending::Done)
}
