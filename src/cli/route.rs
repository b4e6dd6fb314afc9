//! `verbund route`

use anyhow::bail;
use clap::{ArgGroup, Args};
use verbund::Region;
use verbund::calendar::{HourOfWeek, Moment};
use verbund::pathways::{Objective, Prepared};
use verbund::report;
use verbund::routing;

use super::after::{Answered, ScenarioOptions};
use super::faults::Faults;
use super::faults::fault;
use super::query::{Asked, Choosing};
use super::{Common, Ending, input, output};

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["need", "pathway"]))]
pub(super) struct Arguments {
    /// Place where the person is, by name; umlauts may be typed without them
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// What is needed: a facility, specialty, condition or standard, such as `stroke_unit`
    #[arg(long, value_name = "NEED")]
    need: Option<String>,
    /// How many hospitals to list for --need [default: 5]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..))]
    #[arg(conflicts_with = "pathway")]
    count: Option<u16>,
    /// What the person has: a care pathway, by key or name, such as `stroke_lvo`
    #[arg(long, alias = "condition", value_name = "PATHWAY")]
    pathway: Option<String>,
    /// When the person calls, such as "Sat 03:00" [default: with --pathway Mon 12:00, with --need
    /// whatever is open in some hour of the week]
    #[arg(long, value_name = "MOMENT")]
    at: Option<Moment>,
    #[command(flatten)]
    choice: Choosing,
    /// Every route that no other one beats in all stages
    #[arg(long, conflicts_with = "stage")]
    all: bool,
    #[command(flatten)]
    after: ScenarioOptions,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    arguments.choice.check()?;
    if arguments.need.is_some() && (arguments.choice.is_given() || arguments.all) {
        bail!(fault!(
            "--for, --protocol, --detour, --without, --add, --hours and --all belong to --pathway"
        ));
    }
    output::check(common)?;
    let networks = arguments.after.read(common)?;
    networks.answer(common, |region| match &arguments.pathway {
        Some(pathway) => through_pathway(arguments, region, pathway),
        None => to_need(arguments, region),
    })
}

/// Where a person goes who needs something.
fn to_need(arguments: &Arguments, region: &Region) -> anyhow::Result<Answered> {
    let mut faults = Faults::default();
    let place = faults.note(input::place(region, &arguments.from));
    // Both names are looked up before a fault of either is told.
    let name = arguments.need.as_deref().unwrap_or_default();
    let need = faults.need(input::need(region, name))?;
    let Some(place) = place else { return Err(faults.error()) };
    let region = input::in_hour(region.clone(), arguments.at);
    let options = routing::options(&region, place, &need);
    let count = usize::from(arguments.count.unwrap_or(5));
    Ok(Answered::done(report::route(&region, place, &need, &options, count)))
}

/// Which way a person goes through a care pathway.
fn through_pathway(arguments: &Arguments, region: &Region, name: &str) -> anyhow::Result<Answered> {
    let mut faults = Faults::default();
    let place = faults.note(input::place(region, &arguments.from));
    let pathway = faults.note(input::pathway(region, name));
    let Asked { mut query, changes } = arguments.choice.read(region, pathway, &mut faults);
    faults.tell()?;
    let (Some(place), Some(pathway)) = (place, pathway) else { return Err(faults.error()) };
    let noon = Moment::of(HourOfWeek::new(0, 12).expect("Monday noon is an hour of the week"));
    let moment = arguments.at.unwrap_or(noon);
    let added = changes.added(region);
    let prepared = Prepared::new(region, pathway, &added)?;
    let routes = if arguments.all {
        query.objective = Objective::EveryStage;
        prepared.routes(place, moment, &query)
    } else {
        prepared.route(place, moment, &query)?.into_iter().collect()
    };

    let caller = report::Caller { place, moment };
    let mut document = report::pathway_route(&prepared, caller, &query, &routes);
    if arguments.at.is_none() {
        for (_, value) in document.about.iter_mut().filter(|(key, _)| *key == "moment") {
            value.push(", because no --at is given");
        }
    }
    Ok(Answered::done(changes.tell(document, region, &[pathway])))
}
