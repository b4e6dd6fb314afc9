//! `verbund rules volumes`

use anyhow::bail;
use clap::Args;
use verbund::model::{MinimumVolume, Network};
use verbund::report::{self, rules::VolumeView};
use verbund::routing::ChoiceModel;
use verbund::rules::{self, VolumeSensitivity, VolumeSettings};

use super::super::faults::fault;
use crate::cli::after::{Answered, Networks, ScenarioOptions};
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
    #[command(flatten)]
    after: ScenarioOptions,
}

pub(in crate::cli) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    let options = if arguments.sensitivity {
        arguments.after.for_sensitivity()?
    } else {
        arguments.after.clone()
    };
    let mut faults = Faults::default();
    let networks = options.read_noting(common, &mut faults)?;
    let network = networks.region.network();
    let services = services(network, arguments.service.as_ref(), &mut faults)?;
    faults.tell()?;
    if arguments.sensitivity {
        return sensitivity(common, arguments, &networks, &services);
    }

    let choice = arguments.choice.usual();
    let settings =
        VolumeSettings::from(choice).year(arguments.year).use_counts(!arguments.expected);
    networks.answer(common, |region| {
        let mut volumes = Vec::with_capacity(services.len());
        for service in &services {
            volumes.push(rules::minimum_volumes(region, service, settings)?);
        }
        Ok(Answered::done(report::rules::volumes(region, &volumes, &choice)))
    })
}

/// Prints which verdicts flip.
fn sensitivity(
    common: &Common,
    arguments: &Arguments,
    networks: &Networks,
    services: &[&MinimumVolume],
) -> anyhow::Result<Ending> {
    // Counted cases do not move with speeds, so they are all expected ones here.
    let (region, choice) = (&networks.region, arguments.choice.usual());
    let settled = region.settled_under(&networks.scenarios)?;
    let under = settled.as_ref().map(|settled| &settled.region);
    let sensitivity = VolumeSensitivity::new(region, services, choice, under)?;
    let view = VolumeView {
        services,
        choice: &choice,
        other: settled.as_ref().map(|settled| settled.name.as_str()),
    };
    let document = report::rules::volume_sensitivity(region, &sensitivity, &view);
    output::print(common, &scenarios::tell_day(document, networks.remark.as_deref()))?;
    Ok(Ending::Done)
}

/// The service of this name, or all of them; a name that fits nothing is noted.
fn services<'n>(
    network: &'n Network,
    name: Option<&String>,
    faults: &mut Faults,
) -> anyhow::Result<Vec<&'n MinimumVolume>> {
    let services = &network.catalog().minimum_volumes.services;
    if services.is_empty() {
        bail!(fault!("the catalog has no minimum volumes; minimum_volumes.ron is needed"));
    }
    let Some(name) = name else { return Ok(services.iter().collect()) };
    let mut chosen = Vec::new();
    if let Some(index) = faults.note(input::listed("service", name, services)) {
        chosen.push(&services[index]);
    }
    Ok(chosen)
}
