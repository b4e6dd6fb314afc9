//! What is asked of care pathways: the flags that several commands share.

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};
use verbund::Region;
use verbund::impact::Study;
use verbund::model::{Moment, Network, Pathway};
use verbund::names;
use verbund::pathways::{Objective, Outage, Protocol, Query, When};
use verbund::units::Seconds;

use super::input;

/// When patients call.
#[derive(Debug, Args)]
pub(super) struct Calls {
    /// Patients who call at this moment, such as "Sat 03:00"
    #[arg(long, value_name = "MOMENT", conflicts_with = "during")]
    at: Option<Moment>,
    /// Patients who call in these hours [default: week, and day and night where they differ]
    #[arg(long, value_enum)]
    during: Option<During>,
}

impl Calls {
    /// What the flags say; `None` when they say nothing.
    pub(super) fn when(&self) -> Option<When> {
        let during = self.during.map(|during| match during {
            During::Week => When::Week,
            During::Day => When::Day,
            During::Night => When::Night,
            During::Weekend => When::Weekend,
        });
        self.at.map(When::At).or(during)
    }
}

/// How a route is chosen: flags of `pathway`, `route`, `cooperation`
/// and `critical`.
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

impl Choosing {
    /// Whether a stage is chosen.
    pub(super) fn has_stage(&self) -> bool {
        self.stage.is_some()
    }

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
        let mut outage = Outage::default();
        for name in &self.without {
            match cooperation(region.network(), name) {
                Ok(index) => drop(outage.cooperations.insert(index)),
                Err(error) => faults.add(&anyhow!("--without: {error}")),
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

/// The position of the cooperation that a typed key means.
pub(super) fn cooperation(network: &Network, name: &str) -> anyhow::Result<usize> {
    let all = network.cooperations();
    let wanted = names::fold(name);
    if let Some(index) = all.iter().position(|one| names::fold(&one.key) == wanted) {
        return Ok(index);
    }
    let hint = input::hint(name, all.iter().map(|one| one.key.as_str()));
    bail!("unknown cooperation \"{name}\"{hint}\n`verbund graph` shows all of them")
}

/// The care pathways that these names mean, all of them when none is named; every name that fits
/// nothing is told at once.
pub(super) fn pathways<'r>(
    region: &'r Region,
    names: &[String],
    faults: &mut Faults,
) -> Vec<&'r Pathway> {
    let all = &region.network().catalog().pathways;
    if all.is_empty() {
        faults.add(&anyhow!("the catalog has no care pathways (pathways.ron)"));
    }
    if names.is_empty() {
        return all.iter().collect();
    }
    let mut found: Vec<&Pathway> = Vec::new();
    for name in names {
        let Some(pathway) = faults.take(input::pathway(region, name)) else { continue };
        if !found.iter().any(|own| own.key == pathway.key) {
            found.push(pathway);
        }
    }
    found
}

/// The query of the flags for a study of these pathways.
pub(super) fn of_study(
    region: &Region,
    (calls, choice): (&Calls, &Choosing),
    pathways: &[&Pathway],
    faults: &mut Faults,
) -> Query {
    let only = if let [only] = pathways { Some(*only) } else { None };
    if choice.has_stage() && only.is_none() {
        faults.add(&anyhow!("--for needs exactly one care pathway"));
    }
    let (query, others) = choice.query(region, only);
    faults.join(others);
    query.when(calls.when().unwrap_or_default())
}

/// An error that names every pathway with a stage that nobody can do, where somebody asked for them.
pub(super) fn refuse_unmet(study: &Study<'_>, asked_for: &[String]) -> anyhow::Result<()> {
    if asked_for.is_empty() || study.unmet().is_empty() {
        return Ok(());
    }
    let all: Vec<String> = study.unmet().iter().map(ToString::to_string).collect();
    bail!("{}", all.join("\nverbund: "))
}
