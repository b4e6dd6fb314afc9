//! `verbund report`

use clap::Args;
use verbund::calendar::Moment;
use verbund::overview::{Overview, ScenariosInShort};
use verbund::report;

use super::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Who reaches care, the worst places, single points of failure and pairs at this moment, such as "Sat 03:00":
    /// only what is open then counts; all else stays that of the whole week
    #[arg(long, value_name = "MOMENT")]
    at: Option<Moment>,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    let folder = input::folder(common)?;
    let (model, region) = input::region(common)?;
    // Scenarios are those of the whole week, so before the region becomes that of one hour.
    let scenarios = ScenariosInShort::of(&folder, &model, &region)?;
    let region = input::in_hour(region, arguments.at);
    let overview = Overview::of(&model, &region)?.with_scenarios(scenarios);
    output::print(common, &report::overview(&overview))?;
    Ok(Ending::Done)
}
