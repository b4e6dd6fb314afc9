//! `verbund rules groups`

use std::collections::BTreeSet;

use anyhow::anyhow;
use clap::Args;
use verbund::Region;
use verbund::names;
use verbund::report::{self, rules::GroupFilter};
use verbund::rules::{self, Assessment, UnlockSettings};
use verbund::units::Seconds;

use super::Reading;
use crate::cli::faults::Faults;
use crate::cli::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Show every group of this hospital, by key or name [default: all hospitals inside]
    #[arg(conflicts_with = "unlock")]
    hospital: Option<String>,
    /// Only this group, by its number in annex 1
    #[arg(long, value_name = "NUMBER", conflicts_with = "unlock")]
    group: Option<u8>,
    /// Which single new agreement would unlock most groups
    #[arg(long)]
    unlock: bool,
    /// With --unlock: count groups at sites of this district only, such as nordsachsen
    #[arg(long, value_name = "DISTRICT", requires = "unlock")]
    district: Option<String>,
    /// With --unlock: the longest journey between partners
    #[arg(long, value_name = "MINUTES", default_value_t = 60, requires = "unlock", value_parser = clap::value_parser!(u32).range(1..=120))]
    within: u32,
    /// With --unlock: how many agreements to show
    #[arg(long, value_name = "COUNT", default_value_t = 10, requires = "unlock", value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,
    #[command(flatten)]
    reading: Reading,
}

pub(in crate::cli) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    let (model, region) = input::region(common)?;
    let network = region.network();
    let mut faults = Faults::default();
    let settings = arguments.reading.settings(&model, &region, &mut faults);
    let hospital = arguments.hospital.as_ref();
    let hospital = hospital.and_then(|name| faults.take(input::hospital(&model, &region, name)));
    let district = arguments.district.as_ref();
    let district = district.and_then(|name| faults.take(district_named(&region, name)));
    let table = &network.catalog().service_groups;
    if let Some(number) = arguments.group
        && table.group(number).is_none()
        && !table.groups.is_empty()
    {
        faults.add(&anyhow!("--group {number}: annex 1 has no service group of this number"));
    }
    faults.tell()?;
    if arguments.unlock {
        let longest_journey = Seconds::from_minutes(arguments.within);
        let which = UnlockSettings { district, longest_journey };
        let waiting = input::waiting("trying every pair of hospitals");
        let found = rules::unlocks(&region, &settings, &which)?;
        waiting.finish_and_clear();
        let limit = usize::from(arguments.limit);
        let document = report::rules::unlocks(&region, &found, &settings, &which, limit);
        output::print(common, &document)?;
        return Ok(Ending::Done);
    }
    let assessment = Assessment::new(network, &settings)?;
    if let Some(id) = hospital
        && assessment.site(id).is_none()
    {
        anyhow::bail!("{} has no inpatients, so it has no service groups", network[id].name);
    }
    let filter = GroupFilter { hospital, number: arguments.group };
    output::print(common, &report::rules::groups(&region, &assessment, &settings, &filter))?;
    Ok(Ending::Done)
}

/// The district of hospitals inside that a typed name means.
fn district_named(region: &Region, name: &str) -> anyhow::Result<String> {
    let inside = region.network().hospitals().iter().filter(|one| !one.outside);
    let districts: BTreeSet<&str> = inside.filter_map(|one| one.district.as_deref()).collect();
    let pairs = districts.iter().map(|one| (*one, *one));
    let found = names::find("district", name, pairs)?;
    Ok(districts.into_iter().nth(found).unwrap_or_default().to_owned())
}
