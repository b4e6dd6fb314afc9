//! `verbund rules volumes`

use anyhow::anyhow;
use clap::Args;
use verbund::model::MinimumVolume;
use verbund::routing::ChoiceModel;
use verbund::rules::{VolumeSensitivity, VolumeSettings};
use verbund::{names, report, rules};

use crate::cli::faults::Faults;
use crate::cli::{Common, Ending, choice, input, output, scenarios};

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Only this service, by key or name [default: all of the catalog]
    #[arg(long, value_name = "SERVICE")]
    service: Option<String>,
    /// How patients choose a hospital
    #[arg(long, default_value = "huff", value_parser = choice::plain())]
    choice: ChoiceModel,
    /// Year whose numbers count [default: that of the network's day]
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(1900..=2200))]
    year: Option<i16>,
    /// Expected cases also where counted ones are in the facts of a hospital
    #[arg(long)]
    expected: bool,
    /// Which verdicts flip with speeds 20 % higher and lower; by expected cases
    #[arg(long, conflicts_with_all = ["year", "expected"])]
    sensitivity: bool,
    /// With --sensitivity: and under this scenario, a file or the name of one that the network
    /// brings, such as `demography-2035`; can be given several times
    #[arg(long, value_name = "FILE", requires = "sensitivity")]
    scenario: Vec<std::ffi::OsString>,
}

pub(in crate::cli) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    let folder = input::folder(common)?;
    let (_, region, remark) = scenarios::region(common, &arguments.scenario)?;
    let mut faults = Faults::default();
    let source = scenarios::Source { folder: &folder, region: &region };
    let scenarios = source.read_together(&arguments.scenario, &mut faults);
    let all = &region.network().catalog().minimum_volumes.services;
    if all.is_empty() {
        anyhow::bail!("the catalog has no minimum volumes; minimum_volumes.ron is needed");
    }
    let chosen: Vec<&MinimumVolume> = match &arguments.service {
        None => all.iter().collect(),
        Some(name) => {
            let found = names::pick_from("service", name, all).map_err(|error| {
                let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
                anyhow!("{error}\nthere are: {}", keys.join(", "))
            });
            faults.take(found).map(|found| &all[found]).into_iter().collect()
        }
    };
    faults.tell()?;
    let choice = arguments.choice.usual();
    if arguments.sensitivity {
        let other = region.settled_under(&scenarios)?;
        let other_region = other.as_ref().map(|settled| &settled.region);
        let found = VolumeSensitivity::new(&region, &chosen, choice, other_region)?;
        let name = other.as_ref().map(|settled| settled.name.as_str());
        let document = report::rules::volume_sensitivity(&region, &found, (&chosen, &choice), name);
        output::print(common, &scenarios::tell_day(document, remark.as_deref()))?;
        return Ok(Ending::Done);
    }
    let settings = VolumeSettings { choice, year: arguments.year, use_counts: !arguments.expected };
    let found = chosen.into_iter().map(|one| rules::minimum_volumes(&region, one, settings));
    let found: Vec<rules::ServiceVolumes> = found.collect::<Result<_, _>>()?;
    output::print(common, &report::rules::volumes(&region, &found, &choice))?;
    Ok(Ending::Done)
}
