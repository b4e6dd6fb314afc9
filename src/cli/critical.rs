//! `verbund critical`

use clap::Args;
use verbund::impact::Study;
use verbund::report::{self, ProtocolFailures};
use verbund::units::Seconds;

use super::query::{self, Calls, Choosing, Faults};
use super::{Common, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Care pathways to look at, by key or name [default: all]
    #[arg(value_name = "PATHWAY")]
    pathways: Vec<String>,
    /// Show what costs somebody more than this
    #[arg(long, value_name = "MINUTES", default_value_t = 15, value_parser = clap::value_parser!(u32).range(0..=1440))]
    more_than: u32,
    #[command(flatten)]
    calls: Calls,
    #[command(flatten)]
    choice: Choosing,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    arguments.choice.check()?;
    output::check(common)?;
    let (_, region) = input::region(common)?;
    let mut faults = Faults::default();
    let pathways = query::pathways(&region, &arguments.pathways, &mut faults);
    let flags = (&arguments.calls, &arguments.choice);
    let query = query::of_study(&region, flags, &pathways, &mut faults);
    faults.tell()?;
    let added = arguments.choice.added(&region);
    let (lead, beside) = arguments.choice.protocols();
    let lead = Study::new(&region, &pathways, &added, query.protocol(lead))?;
    query::refuse_unmet(&lead, &arguments.pathways)?;
    let beside = beside.map(|protocol| lead.under(protocol));

    let waiting = input::waiting("letting one thing after another fail");
    let limit = Seconds::from_minutes(arguments.more_than);
    let failures = lead.failures(limit);
    let others = beside.as_ref().map(|study| (study, study.failures(limit)));
    waiting.finish_and_clear();
    let others = others.as_ref().map(|(study, failures)| ProtocolFailures { study, failures });
    let shown = ProtocolFailures { study: &lead, failures: &failures };
    let document = report::failures(shown, others, limit);
    output::print(common, &arguments.choice.tell(document, &region, &pathways))?;
    Ok(true)
}
