//! `verbund pathway`

use anyhow::bail;
use clap::{Args, ValueEnum};
use verbund::Region;
use verbund::model::{Means, Pathway};
use verbund::pathways::{Prepared, Query, When};
use verbund::report::{self, PathwayBy};

use super::query::{self, Calls, Choosing, Faults};
use super::{Common, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Pathway to show with all its stages, by key or name [default: one row for each]
    condition: Option<String>,
    #[command(flatten)]
    calls: Calls,
    #[command(flatten)]
    choice: Choosing,
    /// What the rows are
    #[arg(long, value_enum, default_value_t = By::Region)]
    by: By,
    /// Ways to the first hospital instead of the pathway's, such as ambulance,helicopter
    #[arg(long, value_enum, value_name = "MEANS", value_delimiter = ',', requires = "condition")]
    first_leg: Vec<FirstMeans>,
    /// Exit with code 1 when anybody has no way to the last stage
    #[arg(long)]
    fail_on_gap: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// Every table about the pathway, the long ones cut
    Region,
    /// One row a place
    Place,
    /// One row a place and stage, with the hospital that does it for most
    Stage,
    /// One row a stage, hospital and way
    Hospital,
    /// One row a cooperation and what it is used for
    Cooperation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FirstMeans {
    /// By ambulance
    Ambulance,
    /// By helicopter, in its hours, to a helipad
    Helicopter,
    /// By a car of one's own
    OwnCar,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    arguments.choice.check()?;
    if arguments.condition.is_none() {
        if arguments.choice.has_stage() {
            bail!("--for needs a pathway: `verbund info --list pathways` shows their stages");
        }
        if arguments.by != By::Region {
            bail!("--by needs a pathway: `verbund info --list pathways` shows all of them");
        }
    }
    output::check(common)?;
    let (_, region) = input::region(common)?;
    let mut faults = Faults::default();
    let condition = arguments.condition.as_deref();
    let pathway = condition.and_then(|name| faults.take(input::pathway(&region, name)));
    let (query, others) = arguments.choice.query(&region, pathway);
    faults.join(others);
    faults.tell()?;
    match pathway {
        None => all(common, arguments, &region, &query),
        Some(pathway) => one(common, arguments, (&region, pathway), &query),
    }
}

fn all(
    common: &Common,
    arguments: &Arguments,
    region: &Region,
    query: &Query,
) -> anyhow::Result<bool> {
    let query = query.clone().when(arguments.calls.when().unwrap_or_default());
    let mut faults = Faults::default();
    let pathways = query::pathways(region, &[], &mut faults);
    faults.tell()?;
    let added = arguments.choice.added(region);
    let prepared: Vec<_> = pathways.iter().map(|&one| Prepared::new(region, one, &added)).collect();
    let results: Vec<_> = prepared
        .iter()
        .map(|one| one.as_ref().map_err(Clone::clone).and_then(|one| one.evaluate(&query)))
        .collect();
    let document = report::pathways_overview(region, &query, &results);
    output::print(common, &arguments.choice.tell(document, region, &pathways))?;
    let gap = results.iter().any(|one| one.as_ref().map_or(true, has_gap));
    Ok(!(arguments.fail_on_gap && gap))
}

fn has_gap(outcome: &verbund::pathways::Outcome<'_, '_>) -> bool {
    outcome.stages().last().is_some_and(|last| last.without_way > 0.0)
}

fn one(
    common: &Common,
    arguments: &Arguments,
    (region, pathway): (&Region, &Pathway),
    query: &Query,
) -> anyhow::Result<bool> {
    let mut pathway = pathway.clone();
    if !arguments.first_leg.is_empty() {
        pathway.first_leg.clear();
        for means in &arguments.first_leg {
            let means = match means {
                FirstMeans::Ambulance => Means::Ambulance,
                FirstMeans::Helicopter => Means::Helicopter,
                FirstMeans::OwnCar => Means::OwnCar,
            };
            if !pathway.first_leg.contains(&means) {
                pathway.first_leg.push(means);
            }
        }
    }
    let added = arguments.choice.added(region);
    let prepared = Prepared::new(region, &pathway, &added)?;
    let evaluate = |when: When| prepared.evaluate(&query.clone().when(when));
    let outcome = evaluate(arguments.calls.when().unwrap_or_default())?;
    // Day and night only where they can differ.
    let beside: &[When] = match arguments.calls.when() {
        None if prepared.classes() > 1 => &[When::Day, When::Night],
        _ => &[],
    };
    let others = beside.iter().map(|&when| evaluate(when)).collect::<Result<Vec<_>, _>>()?;
    let by = match arguments.by {
        By::Region => PathwayBy::Region,
        By::Place => PathwayBy::Place,
        By::Stage => PathwayBy::Stage,
        By::Hospital => PathwayBy::Hospital,
        By::Cooperation => PathwayBy::Cooperation,
    };
    let document = report::pathway(&outcome, &others, by);
    output::print(common, &arguments.choice.tell(document, region, &[&pathway]))?;
    Ok(!(arguments.fail_on_gap && has_gap(&outcome)))
}
