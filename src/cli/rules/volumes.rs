//! `verbund rules volumes`

use anyhow::anyhow;
use clap::{Args, ValueEnum};
use verbund::routing::{Choice, Huff};
use verbund::{names, report, rules};

use crate::cli::{Common, input, output};

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Only this service, by key or name [default: all of the catalog]
    #[arg(long, value_name = "SERVICE")]
    service: Option<String>,
    /// How patients choose a hospital
    #[arg(long, value_enum, default_value_t = Chosen::Huff)]
    choice: Chosen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Chosen {
    /// Everybody goes to the nearest hospital
    Nearest,
    /// Shares by beds and time
    Huff,
}

pub(in crate::cli) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    output::check(common)?;
    let (_, region) = input::region(common)?;
    let all = &region.network().catalog().minimum_volumes.services;
    if all.is_empty() {
        anyhow::bail!("the catalog has no minimum volumes; minimum_volumes.ron is needed");
    }
    let chosen = match &arguments.service {
        None => all.iter().collect(),
        Some(name) => {
            let pairs = all.iter().map(|one| (one.key.as_str(), one.name.as_str()));
            let found = names::find("service", name, pairs).map_err(|error| {
                let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
                anyhow!("{error}; there are: {}", keys.join(", "))
            })?;
            vec![&all[found]]
        }
    };
    let choice = match arguments.choice {
        Chosen::Nearest => Choice::Nearest,
        Chosen::Huff => Choice::Huff(Huff::default()),
    };
    let found = chosen.into_iter().map(|one| rules::minimum_volumes(&region, one, choice));
    let found: Vec<rules::ServiceVolumes> = found.collect::<Result<_, _>>()?;
    output::print(common, &report::rules::volumes(&region, &found, &choice))?;
    Ok(true)
}
