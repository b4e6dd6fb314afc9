//! `verbund report`

use clap::Args;
use verbund::calendar::Moment;
use verbund::overview::{Overview, ScenariosInShort};
use verbund::report;

use super::after::{Answered, ScenarioOptions};
use super::{Common, Ending, input, output, settings};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Who reaches care, the worst places, single points of failure and pairs at this moment, such as "Sat 03:00":
    /// only what is open then counts; all else stays that of the whole week
    #[arg(long, value_name = "MOMENT")]
    at: Option<Moment>,
    /// The whole report instead of one screen of 50 lines. JSON, CSV, Markdown and files always have all of it, and so
    /// has --against-base
    #[arg(long)]
    full: bool,
    #[command(flatten)]
    after: ScenarioOptions,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    let folder = input::folder(common)?;
    let networks = arguments.after.read(common)?;
    let model = &networks.model;
    let settings = settings::of_folder(common, &networks, &arguments.after.scenario)?;
    // Before and after differ in rows that one screen has no room for.
    let is_short = !arguments.full && !arguments.after.against_base && common.is_on_screen();
    networks.answer(common, |region| {
        // After a change, what the other scenarios do to the network as it is says nothing of it.
        let scenarios = if networks.has_scenarios() {
            ScenariosInShort::default()
        } else {
            // They are those of the whole week, so before the region becomes that of one hour.
            ScenariosInShort::of(&folder, model, region)?
        };
        let region = input::in_hour(region.clone(), arguments.at);
        let overview =
            Overview::with_settings(model, &region, &settings)?.with_scenarios(scenarios);
        let document = if is_short {
            report::overview_in_short(&overview)
        } else {
            report::overview(&overview)
        };
        Ok(Answered::done(document))
    })
}
