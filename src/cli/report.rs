//! `verbund report`

use clap::Args;
use verbund::calendar::Moment;
use verbund::overview::{Overview, ScenariosInShort};
use verbund::report;

use super::after::{Answered, ScenarioOptions};
use super::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Who reaches care, the worst places, single points of failure and pairs at this moment, such as "Sat 03:00":
    /// only what is open then counts; all else stays that of the whole week
    #[arg(long, value_name = "MOMENT")]
    at: Option<Moment>,
    #[command(flatten)]
    after: ScenarioOptions,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    let folder = input::folder(common)?;
    let networks = arguments.after.read(common)?;
    let model = &networks.model;
    networks.answer(common, |region| {
        // After a change, what the other scenarios do to the network as it is says nothing of it.
        let scenarios = if networks.has_scenarios() {
            ScenariosInShort::default()
        } else {
            // They are those of the whole week, so before the region becomes that of one hour.
            ScenariosInShort::of(&folder, model, region)?
        };
        let region = input::in_hour(region.clone(), arguments.at);
        let overview = Overview::of(model, &region)?.with_scenarios(scenarios);
        Ok(Answered::done(report::overview(&overview)))
    })
}
