//! `verbund info`

use clap::{Args, ValueEnum};
use verbund::report;

use super::{Common, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Show everything about this hospital, by key or name
    hospital: Option<String>,
    /// List what the network and its catalog hold, with the keys that other commands take
    #[arg(long, value_enum, conflicts_with = "hospital")]
    list: Option<List>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum List {
    /// Hospital sites
    Hospitals,
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
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    output::check(common)?;
    let (model, region) = input::region(common)?;
    let document = match &arguments.hospital {
        Some(name) => report::hospital(&region, input::hospital(&model, &region, name)?),
        None => match arguments.list {
            None => report::info(&region),
            Some(List::Hospitals) => report::list_hospitals(&region),
            Some(List::Places) => report::list_places(&region),
            Some(List::Needs) => report::list_needs(&region),
            Some(List::Standards) => report::list_standards(&region),
            Some(List::Pathways) => report::list_pathways(&region),
            Some(List::Rates) => report::list_rates(&region),
            Some(List::Sources) => report::list_sources(&region),
        },
    };
    output::print(common, &document)?;
    Ok(true)
}
