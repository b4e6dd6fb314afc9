//! `verbund critical`

use clap::Args;
use verbund::Region;
use verbund::comparison::pathway_shift;
use verbund::impact::Study;
use verbund::pathways::Outage;
use verbund::report::{self, Document, FailureShift, GainsBy, ProtocolFailures};
use verbund::units::Seconds;

use super::after::{Answered, ScenarioOptions};
use super::faults::Faults;
use super::query::{self, Asked, Asking};
use super::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Care pathways to look at, by key or name [default: all]
    #[arg(value_name = "PATHWAY")]
    pathways: Vec<String>,
    /// Show what costs somebody more than this
    #[arg(long, value_name = "MINUTES", default_value_t = 15, value_parser = clap::value_parser!(u32).range(0..=1440))]
    more_than: u32,
    /// Whom each of them hurts, by district or place
    #[arg(long, value_enum)]
    by: Option<GainsBy>,
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    after: ScenarioOptions,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    arguments.asking.choice.check()?;
    output::check(common)?;
    let networks = arguments.after.read(common)?;
    networks.answer(common, |region| failures(region, arguments))
}

/// What one failure after another leaves without a way, or costs.
fn failures(region: &Region, arguments: &Arguments) -> anyhow::Result<Answered> {
    let mut faults = Faults::default();
    let pathways = query::pathways(region, &arguments.pathways, &mut faults);
    let Asked { query, changes } = arguments.asking.of_study(region, &pathways, &mut faults);
    changes.bare_hours(false, &mut faults);
    faults.tell()?;
    let added = changes.added(region);
    let (lead, beside) = arguments.asking.choice.protocols();
    let lead = Study::new(region, &pathways, &added, query.protocol(lead))?;
    query::refuse_unmet(&lead, &arguments.pathways)?;
    let beside = beside.map(|protocol| lead.under(protocol));

    let waiting = input::waiting("letting one thing after another fail");
    let limit = Seconds::from_minutes(arguments.more_than);
    let failures = lead.failures_over_band(limit);
    let others = beside.as_ref().map(|study| (study, study.failures_over_band(limit)));
    let others = others.as_ref().map(|(study, failures)| ProtocolFailures { study, failures });
    let shown = ProtocolFailures { study: &lead, failures: &failures };
    let document = match arguments.by {
        Some(by) => by_people(shown, others, by, limit),
        None => report::failures(shown, others, limit),
    };
    waiting.finish_and_clear();
    Ok(Answered::done(changes.tell(document, region, &pathways)))
}

/// Whom each failure hurts, by district or place.
fn by_people(
    lead: ProtocolFailures<'_, '_>,
    beside: Option<ProtocolFailures<'_, '_>>,
    by: GainsBy,
    limit: Seconds,
) -> Document {
    let mut studies = Vec::new();
    let mut shifts = Vec::new();
    for protocol in std::iter::once(lead).chain(beside) {
        let study = protocol.study;
        studies.push(study);
        for failure in protocol.told() {
            let now = study.outcome(&failure.pathway, &Outage::default());
            let then = study.outcome(&failure.pathway, &failure.what.outage());
            if let (Some(now), Some(then)) = (now, then) {
                shifts.push(FailureShift { study, failure, shift: pathway_shift(&now, &then) });
            }
        }
    }
    report::failures_by(&studies, &shifts, by, limit)
}
