//! `verbund report`

use clap::Args;
use verbund::model::Moment;
use verbund::overview::{Overview, ScenariosInShort};
use verbund::report;

use super::{Common, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Who reaches care, the worst places, single points of failure and pairs at this moment, such as "Sat 03:00":
    /// only what is open then counts; all else stays that of the whole week
    #[arg(long, value_name = "MOMENT")]
    at: Option<Moment>,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    output::check(common)?;
    let folder = input::folder(common)?;
    let (model, region) = input::region(common)?;
    let scenarios = ScenariosInShort::of(&folder, &model, &region)?;
    let region = match arguments.at {
        Some(moment) => region.in_hour(moment.hour),
        None => region,
    };
    let overview = Overview::of(&model, &region)?.with_scenarios(scenarios);
    output::print(common, &report::overview(&overview))?;
    Ok(true)
}
