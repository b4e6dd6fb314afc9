//! `verbund rules groups`

use std::collections::BTreeSet;

use anyhow::bail;
use clap::Args;
use verbund::Region;
use verbund::model::Model;
use verbund::names::{self, Entry};
use verbund::report::{self, rules::GroupFilter};
use verbund::rules::{self, Assessment, GroupSettings, UnlockSettings};
use verbund::units::Seconds;

use super::super::faults::fault;
use super::Reading;
use crate::cli::after::{Answered, ScenarioOptions};
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
    #[command(flatten)]
    after: ScenarioOptions,
}

pub(in crate::cli) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    let networks = arguments.after.read(common)?;
    networks.answer(common, |region| asked(&networks.model, region, arguments))
}

/// What the flags ask of a region.
fn asked(model: &Model, region: &Region, arguments: &Arguments) -> anyhow::Result<Answered> {
    let network = region.network();
    let mut faults = Faults::default();
    let settings = arguments.reading.settings(model, region, &mut faults);
    let name = arguments.hospital.as_ref();
    let hospital = input::maybe_hospital(model, region, name, &mut faults);
    let district = match &arguments.district {
        Some(name) => faults.note(district_named(region, name)),
        None => None,
    };
    let table = &network.catalog().service_groups;
    if let Some(number) = arguments.group
        && table.group(number).is_none()
        // Without any group the assessment below says that the catalog has none.
        && !table.groups.is_empty()
    {
        faults
            .add(&fault!("--group {number}: annex 1 has no service group of this number", number));
    }
    faults.tell()?;

    if arguments.unlock {
        let longest_journey = Seconds::from_minutes(arguments.within);
        let mut which = UnlockSettings::default().longest_journey(longest_journey);
        which.district = district;
        return unlock(region, &settings, &which, usize::from(arguments.limit));
    }
    let assessment = Assessment::new(network, &settings)?;
    if let Some(id) = hospital
        && assessment.site(id).is_none()
    {
        bail!(fault!(
            "{name} has no inpatients, so it has no service groups",
            name = network[id].name
        ));
    }
    let filter = GroupFilter { hospital, number: arguments.group };
    Ok(Answered::done(report::rules::groups(region, &assessment, &settings, &filter)))
}

/// Which new agreements would unlock most, the first ones.
fn unlock(
    region: &Region,
    settings: &GroupSettings,
    which: &UnlockSettings,
    limit: usize,
) -> anyhow::Result<Answered> {
    let waiting = input::waiting("trying every pair of hospitals");
    let unlocks = rules::unlocks(region, settings, which)?;
    waiting.finish_and_clear();
    Ok(Answered::done(report::rules::unlocks(region, &unlocks, settings, which, limit)))
}

/// The district of hospitals inside that a typed name means.
fn district_named(region: &Region, name: &str) -> anyhow::Result<String> {
    let mut districts = BTreeSet::new();
    for hospital in region.network().hospitals() {
        if !hospital.outside {
            districts.extend(hospital.district.as_deref());
        }
    }
    let entries: Vec<Entry<'_>> =
        districts.into_iter().map(|district| Entry::new(district, district)).collect();
    let index = names::pick("district", name, &entries)?;
    Ok(entries[index].key.to_owned())
}
