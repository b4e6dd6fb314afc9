//! `verbund critical`

use clap::Args;
use verbund::impact::Study;
use verbund::report;
use verbund::units::Seconds;

use super::{Common, input, output, query};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Care pathways to look at, by key or name [default: all]
    #[arg(value_name = "PATHWAY")]
    pathways: Vec<String>,
    /// Show what costs somebody more than this
    #[arg(long, value_name = "MINUTES", default_value_t = 15)]
    more_than: u32,
    #[command(flatten)]
    query: query::QueryArguments,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    output::check(common)?;
    let (_, region) = input::region(common)?;
    let pathways = query::pathways(&region, &arguments.pathways)?;
    let query = arguments.query.query(region.network())?;
    let study = Study::new(&region, &pathways, &[], query)?;
    let waiting = input::waiting("letting one thing after another fail");
    let limit = Seconds::from_minutes(arguments.more_than);
    let failures = study.failures(limit);
    waiting.finish_and_clear();
    output::print(common, &report::failures(&study, &failures, limit))?;
    Ok(true)
}
