//! `verbund pathway`

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};
use verbund::Region;
use verbund::model::{Means, Moment, Pathway};
use verbund::names;
use verbund::pathways::{Objective, Outage, Prepared, Protocol, Query, When};
use verbund::report::{self, PathwayBy};
use verbund::units::Seconds;

use super::{Common, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Pathway to show with all its stages, by key or name [default: one row for each]
    condition: Option<String>,
    /// Patients who call at this moment, such as "Sat 03:00"
    #[arg(long, value_name = "MOMENT", conflicts_with = "during")]
    at: Option<Moment>,
    /// Patients who call in these hours [default: week, and day and night beside it]
    #[arg(long, value_enum)]
    during: Option<During>,
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

/// How a route is chosen: flags of `pathway` and `route`.
#[derive(Debug, Args)]
pub(super) struct Choosing {
    /// Choose the route for the least time to this stage [default: to the last one]
    #[arg(long = "for", value_name = "STAGE")]
    stage: Option<String>,
    /// Which first hospital the rescue service must go to
    #[arg(long, value_enum)]
    protocol: Option<Rule>,
    /// With --protocol bypass: minutes by which a centre may be farther than the nearest door
    #[arg(long, value_name = "MINUTES", required_if_eq("protocol", "bypass"))]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=600))]
    detour: Option<u32>,
    /// As if this cooperation did not exist; can be given several times
    #[arg(long, value_name = "COOPERATION")]
    without: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum During {
    /// The whole week, by the pathway's profile of arrivals
    Week,
    /// 8:00 to 20:00 on every day
    Day,
    /// 20:00 to 8:00 on every day
    Night,
    /// Saturday and Sunday
    Weekend,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rule {
    /// Any hospital that can do the first stage, whichever is best in the end
    Free,
    /// The nearest one
    NearestDoor,
    /// A centre that does all stages, when it is at most --detour minutes later; else the nearest
    Bypass,
    /// The nearest centre that does all stages
    DirectToCentre,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// Every table about the pathway, the long ones cut
    Region,
    /// One row a place
    Place,
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

impl Choosing {
    /// Whether any of these flags is given.
    pub(super) fn is_given(&self) -> bool {
        self.stage.is_some()
            || self.protocol.is_some()
            || self.detour.is_some()
            || !self.without.is_empty()
    }

    /// Flags that contradict each other, before anything is read.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if self.detour.is_some() && self.protocol != Some(Rule::Bypass) {
            bail!("--detour belongs to --protocol bypass");
        }
        Ok(())
    }

    /// The query that the flags describe; every name that fits nothing is told at once.
    pub(super) fn query(&self, region: &Region, pathway: Option<&Pathway>) -> (Query, Faults) {
        let mut faults = Faults::default();
        let protocol = match self.protocol {
            None | Some(Rule::Free) => Protocol::Free,
            Some(Rule::NearestDoor) => Protocol::NearestDoor,
            Some(Rule::DirectToCentre) => Protocol::DirectToCentre,
            Some(Rule::Bypass) => {
                Protocol::Bypass { detour: Seconds::from_minutes(self.detour.unwrap_or(0)) }
            }
        };
        let mut query = Query::default().protocol(protocol);
        if let (Some(name), Some(pathway)) = (&self.stage, pathway) {
            let all = pathway.stages.iter().map(|one| (one.key.as_str(), one.name.as_str()));
            match names::find("stage", name, all) {
                Ok(at) => query.objective = Objective::Stage(pathway.stages[at].key.clone()),
                Err(error) => {
                    let keys = pathway.stages.iter().map(|one| one.key.as_str());
                    let keys: Vec<&str> = keys.collect();
                    let list = keys.join(", ");
                    faults.add(&anyhow!("--for: {error}\n{} has: {list}", pathway.key));
                }
            }
        }
        let all = region.network().cooperations();
        let mut outage = Outage::default();
        for name in &self.without {
            let wanted = names::fold(name);
            if let Some(index) = all.iter().position(|one| names::fold(&one.key) == wanted) {
                outage.cooperations.insert(index);
            } else {
                let hint = input::hint(name, all.iter().map(|one| one.key.as_str()));
                faults.add(&anyhow!(
                    "--without: unknown cooperation \"{name}\"{hint}\n`verbund graph` shows all of them"
                ));
            }
        }
        (query.outage(outage), faults)
    }
}

/// Errors that are told together.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<String>);

impl Faults {
    pub(super) fn add(&mut self, error: &anyhow::Error) {
        self.0.push(format!("{error:#}"));
    }

    /// The value, or `None` and the error noted.
    pub(super) fn take<T>(&mut self, result: anyhow::Result<T>) -> Option<T> {
        result.map_err(|error| self.add(&error)).ok()
    }

    pub(super) fn join(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// All of them as one error.
    pub(super) fn tell(&self) -> anyhow::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        bail!("{}", self.0.join("\nverbund: "));
    }
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    arguments.choice.check()?;
    if arguments.condition.is_none() {
        if arguments.choice.stage.is_some() {
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

impl Arguments {
    fn when(&self) -> Option<When> {
        let during = self.during.map(|during| match during {
            During::Week => When::Week,
            During::Day => When::Day,
            During::Night => When::Night,
            During::Weekend => When::Weekend,
        });
        self.at.map(When::At).or(during)
    }
}

fn all(
    common: &Common,
    arguments: &Arguments,
    region: &Region,
    query: &Query,
) -> anyhow::Result<bool> {
    let query = query.clone().when(arguments.when().unwrap_or_default());
    let pathways = &region.network().catalog().pathways;
    let prepared: Vec<_> = pathways.iter().map(|one| Prepared::new(region, one, &[])).collect();
    let results: Vec<_> = prepared
        .iter()
        .map(|one| one.as_ref().map_err(Clone::clone).and_then(|one| one.evaluate(&query)))
        .collect();
    output::print(common, &report::pathways_overview(region, &query, &results))?;
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
    let prepared = Prepared::new(region, &pathway, &[])?;
    let evaluate = |when: When| prepared.evaluate(&query.clone().when(when));
    let outcome = evaluate(arguments.when().unwrap_or_default())?;
    // Day and night only where they can differ.
    let beside: &[When] = match arguments.when() {
        None if prepared.classes() > 1 => &[When::Day, When::Night],
        _ => &[],
    };
    let others = beside.iter().map(|&when| evaluate(when)).collect::<Result<Vec<_>, _>>()?;
    let by = match arguments.by {
        By::Region => PathwayBy::Region,
        By::Place => PathwayBy::Place,
        By::Hospital => PathwayBy::Hospital,
        By::Cooperation => PathwayBy::Cooperation,
    };
    output::print(common, &report::pathway(&outcome, &others, by))?;
    Ok(!(arguments.fail_on_gap && has_gap(&outcome)))
}
