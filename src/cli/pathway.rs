//! `verbund pathway`

use anyhow::bail;
use clap::Args;
use verbund::Region;
use verbund::model::{Means, Pathway};
use verbund::pathways::{Outcome, Prepared, When};
use verbund::report::{self, Document, PathwayBy};

use super::after::{Answered, ScenarioOptions};
use super::faults::Faults;
use super::query::{self, Asked, Asking};
use super::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Pathway to show with all its stages, by key or name [default: one row for each]
    pathway: Option<String>,
    #[command(flatten)]
    asking: Asking,
    /// What the rows are
    #[arg(long, value_enum, default_value_t = PathwayBy::Region)]
    by: PathwayBy,
    /// Ways to the first hospital instead of the pathway's, such as ambulance,helicopter
    #[arg(long, value_enum, value_name = "MEANS", value_delimiter = ',', requires = "pathway")]
    first_leg: Vec<Means>,
    /// Exit with code 1 when anybody has no way to the last stage
    #[arg(long)]
    fail_on_gap: bool,
    #[command(flatten)]
    after: ScenarioOptions,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    arguments.asking.choice.check()?;
    if arguments.pathway.is_none() {
        if arguments.asking.choice.has_stage() {
            bail!("--for needs a pathway: `verbund info --list pathways` shows their stages");
        }
        if arguments.by != PathwayBy::Region {
            bail!("--by needs a pathway: `verbund info --list pathways` shows all of them");
        }
    }
    output::check(common)?;
    let networks = arguments.after.read(common)?;
    networks.answer(common, |region| asked(region, arguments))
}

/// What the flags ask of a region.
fn asked(region: &Region, arguments: &Arguments) -> anyhow::Result<Answered> {
    let mut faults = Faults::default();
    let pathway = match &arguments.pathway {
        Some(name) => faults.note(input::pathway(region, name)),
        None => None,
    };
    let asked = arguments.asking.choice.read(region, pathway, &mut faults);
    faults.tell()?;
    let (document, has_gap) = match pathway {
        None => every(arguments, region, &asked)?,
        Some(pathway) => with_stages(arguments, region, pathway, &asked)?,
    };
    Ok(Answered::new(document, Ending::finding_if(arguments.fail_on_gap && has_gap)))
}

/// A row for each pathway; and whether anybody has no way to the last stage of any.
fn every(
    arguments: &Arguments,
    region: &Region,
    asked: &Asked<'_>,
) -> anyhow::Result<(Document, bool)> {
    let query = asked.query.clone().when(arguments.asking.calls.when().unwrap_or_default());
    let mut faults = Faults::default();
    let pathways = query::pathways(region, &[], &mut faults);
    faults.tell()?;
    let added = asked.changes.added(region);
    let prepared: Vec<_> =
        pathways.iter().map(|pathway| Prepared::new(region, pathway, &added)).collect();
    let mut outcomes = Vec::with_capacity(prepared.len());
    for prepared in &prepared {
        outcomes.push(match prepared {
            Ok(prepared) => prepared.evaluate(&query),
            // A pathway with a stage that nobody can do keeps its row, with the reason in it.
            Err(error) => Err(error.clone()),
        });
    }
    let document = report::pathways_overview(region, &query, &outcomes);
    // One that cannot be evaluated leaves everybody without a way.
    let has_any_gap = outcomes.iter().any(|outcome| outcome.as_ref().map_or(true, has_gap));
    Ok((asked.changes.tell(document, region, &pathways), has_any_gap))
}

fn has_gap(outcome: &Outcome<'_, '_>) -> bool {
    outcome.stages().last().is_some_and(|last| last.without_way > 0.0)
}

/// One pathway with all its stages; and whether anybody has no way to the last one.
fn with_stages(
    arguments: &Arguments,
    region: &Region,
    pathway: &Pathway,
    asked: &Asked<'_>,
) -> anyhow::Result<(Document, bool)> {
    let mut pathway = pathway.clone();
    if !arguments.first_leg.is_empty() {
        pathway.first_leg.clear();
        for means in &arguments.first_leg {
            if !pathway.first_leg.contains(means) {
                pathway.first_leg.push(*means);
            }
        }
    }
    let added = asked.changes.added(region);
    let prepared = Prepared::new(region, &pathway, &added)?;
    let evaluate = |when: When| prepared.evaluate(&asked.query.clone().when(when));
    let when = arguments.asking.calls.when();
    let outcome = evaluate(when.unwrap_or_default())?;
    // Day and night only where they can differ.
    let beside: &[When] = match when {
        None if prepared.classes() > 1 => &[When::Day, When::Night],
        _ => &[],
    };
    let others = beside.iter().map(|&when| evaluate(when)).collect::<Result<Vec<_>, _>>()?;
    let document = report::pathway(&outcome, &others, arguments.by);
    Ok((asked.changes.tell(document, region, &[&pathway]), has_gap(&outcome)))
}
