//! `verbund rules volumes`

use anyhow::bail;
use clap::Args;
use verbund::model::{MinimumVolume, Network};
use verbund::report::{self, rules::VolumeView};
use verbund::routing::ChoiceModel;
use verbund::rules::{self, VolumeSensitivity, VolumeSettings};

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
    let services = services(region.network(), arguments.service.as_ref(), &mut faults)?;
    faults.tell()?;
    let choice = arguments.choice.usual();

    // Counted cases do not move with speeds, so they are all expected ones here.
    if arguments.sensitivity {
        let settled = region.settled_under(&scenarios)?;
        let under = settled.as_ref().map(|settled| &settled.region);
        let sensitivity = VolumeSensitivity::new(&region, &services, choice, under)?;
        let view = VolumeView {
            services: &services,
            choice: &choice,
            other: settled.as_ref().map(|settled| settled.name.as_str()),
        };
        let document = report::rules::volume_sensitivity(&region, &sensitivity, &view);
        output::print(common, &scenarios::tell_day(document, remark.as_deref()))?;
        return Ok(Ending::Done);
    }
    let settings =
        VolumeSettings::from(choice).year(arguments.year).use_counts(!arguments.expected);
    let mut volumes = Vec::with_capacity(services.len());
    for service in services {
        volumes.push(rules::minimum_volumes(&region, service, settings)?);
    }
    output::print(common, &report::rules::volumes(&region, &volumes, &choice))?;
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
        bail!("the catalog has no minimum volumes; minimum_volumes.ron is needed");
    }
    let Some(name) = name else { return Ok(services.iter().collect()) };
    let mut chosen = Vec::new();
    if let Some(index) = faults.note(input::listed("service", name, services)) {
        chosen.push(&services[index]);
    }
    Ok(chosen)
}
