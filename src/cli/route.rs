//! `verbund route`

use anyhow::bail;
use clap::{ArgGroup, Args};
use verbund::Region;
use verbund::model::{HourOfWeek, Moment};
use verbund::pathways::{Objective, Prepared};
use verbund::report;
use verbund::routing;

use super::query::{Choosing, Faults};
use super::{Common, input, output};

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["need", "condition"]))]
pub(super) struct Arguments {
    /// Place where the person is, by name; umlauts may be typed without them
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// What is needed: a facility, specialty, condition or standard, such as `stroke_unit`
    #[arg(long, value_name = "NEED")]
    need: Option<String>,
    /// How many hospitals to list for --need [default: 5]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..))]
    #[arg(conflicts_with = "condition")]
    count: Option<u16>,
    /// What the person has: a care pathway, by key or name, such as `stroke_lvo`
    #[arg(long, value_name = "PATHWAY")]
    condition: Option<String>,
    /// When the person calls, such as "Sat 03:00" [default: with --condition Mon 12:00, with --need
    /// whatever is open in some hour of the week]
    #[arg(long, value_name = "MOMENT")]
    at: Option<Moment>,
    #[command(flatten)]
    choice: Choosing,
    /// Every route that no other one beats in all stages
    #[arg(long, conflicts_with = "stage")]
    all: bool,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    arguments.choice.check()?;
    if arguments.need.is_some() && (arguments.choice.is_given() || arguments.all) {
        bail!(
            "--for, --protocol, --detour, --without, --add, --limit and --all belong to --condition"
        );
    }
    output::check(common)?;
    let (_, region) = input::region(common)?;
    if let Some(condition) = &arguments.condition {
        return through_pathway(common, arguments, &region, condition);
    }
    let mut faults = Faults::default();
    let place = faults.take(input::place(&region, &arguments.from));
    let name = arguments.need.as_deref().unwrap_or_default();
    let need = faults.take(input::need(&region, name));
    faults.tell()?;
    if let (Some(place), Some(need)) = (place, need) {
        let region = match arguments.at {
            Some(moment) => region.in_hour(moment.hour),
            None => region,
        };
        let options = routing::options(&region, place, &need);
        let count = usize::from(arguments.count.unwrap_or(5));
        output::print(common, &report::route(&region, place, &need, &options, count))?;
    }
    Ok(true)
}

fn through_pathway(
    common: &Common,
    arguments: &Arguments,
    region: &Region,
    condition: &str,
) -> anyhow::Result<bool> {
    let mut faults = Faults::default();
    let place = faults.take(input::place(region, &arguments.from));
    let pathway = faults.take(input::pathway(region, condition));
    let (mut query, others) = arguments.choice.query(region, pathway);
    faults.join(others);
    faults.tell()?;
    let (Some(place), Some(pathway)) = (place, pathway) else { return Ok(true) };
    let noon = Moment::of(HourOfWeek::new(0, 12).expect("Monday noon is an hour of the week"));
    let moment = arguments.at.unwrap_or(noon);
    let added = arguments.choice.added(region);
    let prepared = Prepared::new(region, pathway, &added)?;
    let routes = if arguments.all {
        query.objective = Objective::EveryStage;
        prepared.routes(place, moment, &query)
    } else {
        prepared.route(place, moment, &query)?.into_iter().collect()
    };
    let mut document = report::pathway_route(&prepared, (place, moment), &query, &routes);
    if arguments.at.is_none() {
        for (_, value) in document.about.iter_mut().filter(|(key, _)| *key == "moment") {
            value.push(", because no --at is given");
        }
    }
    output::print(common, &arguments.choice.tell(document, region, &[pathway]))?;
    Ok(true)
}
