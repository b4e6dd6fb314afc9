//! What is asked of care pathways: the flags that several commands share.

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};
use verbund::Region;
use verbund::model::{Moment, Network, Pathway};
use verbund::names;
use verbund::pathways::{Objective, Outage, Protocol, Query, When};
use verbund::units::Seconds;

use super::input;

#[derive(Debug, Args)]
pub(super) struct QueryArguments {
    /// When patients call: a day and a time, such as "Sat 03:00"
    #[arg(long, value_name = "MOMENT", conflicts_with = "during")]
    at: Option<Moment>,
    /// When patients call: at any time of the week, or only in these hours
    #[arg(long, value_enum, default_value_t = During::Week)]
    during: During,
    /// Choose the way by this stage, then by the last one [default: by the last stage]
    #[arg(long = "for", value_name = "STAGE")]
    objective: Option<String>,
    /// How the first hospital is chosen
    #[arg(long, value_enum, default_value_t = Rule::Free)]
    protocol: Rule,
    /// With --protocol bypass: the longest detour in minutes, inclusive
    #[arg(long, value_name = "MINUTES")]
    detour: Option<u32>,
    /// As if this cooperation had ended, by key; may be given several times
    #[arg(long, value_name = "COOPERATION")]
    without: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum During {
    /// The whole week, by the pathway's arrivals
    Week,
    /// 8:00 to 20:00
    Day,
    /// 20:00 to 8:00
    Night,
    /// Saturday and Sunday
    Weekend,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rule {
    /// Whichever makes the patient be done first
    Free,
    /// The nearest hospital that can do the first stage
    NearestDoor,
    /// The nearest centre that does all stages, when it is at most --detour minutes later
    Bypass,
    /// The nearest centre that does all stages
    DirectToCentre,
}

impl QueryArguments {
    /// The moment of `--at`.
    pub(super) fn moment(&self) -> Option<Moment> {
        self.at
    }

    /// The query that the flags describe.
    pub(super) fn query(&self, network: &Network) -> anyhow::Result<Query> {
        let when = match (self.at, self.during) {
            (Some(moment), _) => When::At(moment),
            (None, During::Week) => When::Week,
            (None, During::Day) => When::Day,
            (None, During::Night) => When::Night,
            (None, During::Weekend) => When::Weekend,
        };
        let protocol = match (self.protocol, self.detour) {
            (Rule::Bypass, Some(minutes)) => {
                Protocol::Bypass { detour: Seconds::from_minutes(minutes) }
            }
            (Rule::Bypass, None) => bail!("--protocol bypass needs --detour MINUTES"),
            (_, Some(_)) => bail!("--detour belongs to --protocol bypass"),
            (Rule::Free, None) => Protocol::Free,
            (Rule::NearestDoor, None) => Protocol::NearestDoor,
            (Rule::DirectToCentre, None) => Protocol::DirectToCentre,
        };
        let objective = self.objective.clone().map_or(Objective::LastStage, Objective::Stage);
        let found: anyhow::Result<Vec<usize>> =
            self.without.iter().map(|name| cooperation(network, name)).collect();
        let outage = Outage { cooperations: found?.into_iter().collect(), ..Outage::default() };
        Ok(Query { when, objective, protocol, outage })
    }
}

/// The position of the cooperation that a typed key means.
pub(super) fn cooperation(network: &Network, name: &str) -> anyhow::Result<usize> {
    let pairs = network.cooperations().iter().map(|one| (one.key.as_str(), one.key.as_str()));
    names::find("cooperation", name, pairs)
        .map_err(|error| anyhow!("{error}\n`verbund cooperation` shows those that change times"))
}

/// The care pathway that a typed name means.
pub(super) fn pathway<'r>(region: &'r Region, name: &str) -> anyhow::Result<&'r Pathway> {
    let all = &region.network().catalog().pathways;
    if all.is_empty() {
        bail!("the catalog has no care pathways (pathways.ron)");
    }
    let wanted = names::fold(name);
    let named = |one: &&Pathway| {
        [&one.key, &one.name, &one.name_de].iter().any(|own| names::fold(own) == wanted)
    };
    if let Some(found) = all.iter().find(named) {
        return Ok(found);
    }
    let pairs = all.iter().map(|one| (one.key.as_str(), one.name.as_str()));
    let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
    match names::find("pathway", name, pairs) {
        Ok(index) => Ok(&all[index]),
        Err(_) => {
            let hint = input::hint(name, keys.iter().copied());
            bail!("unknown pathway \"{name}\"{hint}\nthere are: {}", keys.join(", "))
        }
    }
}

/// The care pathways that these names mean; all of them when none is named.
pub(super) fn pathways<'r>(
    region: &'r Region,
    names: &[String],
) -> anyhow::Result<Vec<&'r Pathway>> {
    if names.is_empty() {
        let all = &region.network().catalog().pathways;
        if all.is_empty() {
            bail!("the catalog has no care pathways (pathways.ron)");
        }
        return Ok(all.iter().collect());
    }
    names.iter().map(|name| pathway(region, name)).collect()
}
