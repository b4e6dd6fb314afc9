//! `verbund info`

use clap::Args;
use verbund::report;

use super::{Common, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Show everything about this hospital, by key or name
    hospital: Option<String>,
    /// List the sources with their licences
    #[arg(long, conflicts_with = "hospital")]
    sources: bool,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    output::check(common)?;
    let (_, region) = input::region(common)?;
    let document = match &arguments.hospital {
        Some(name) => report::hospital(&region, region.find_hospital(name)?),
        None if arguments.sources => report::sources(&region),
        None => report::info(&region),
    };
    output::print(common, &document)?;
    Ok(true)
}
