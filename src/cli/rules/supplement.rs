//! `verbund rules supplement`

use anyhow::bail;
use clap::Args;
use verbund::model::{HospitalId, Network, Provision};
use verbund::report::{self, rules::SupplementView};
use verbund::rules::{Affected, Supplement, SupplementSensitivity, SupplementSettings};
use verbund::units::Seconds;

use super::super::faults::fault;
use crate::cli::after::{Answered, Networks, ScenarioOptions};
use crate::cli::faults::Faults;
use crate::cli::{Common, Ending, input, output, scenarios};

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Only this hospital, by key or name [default: all hospitals inside]
    hospital: Option<String>,
    /// Only this provision, by key or name, such as A (internal medicine and surgery), B (obstetrics)
    /// or C (paediatrics)
    #[arg(long, value_name = "PROVISION")]
    provision: Option<String>,
    /// Count all people nearest to a site whose second one is too far, not only those whom the site
    /// itself serves within the limit
    #[arg(long)]
    all_beyond: bool,
    /// Longest drive of the service area whose density is tested [default: the limit]
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=120))]
    area_minutes: Option<u32>,
    /// Leave people outside of the region out
    #[arg(long)]
    only_inside: bool,
    /// Which verdicts flip with speeds 20 % higher and lower and limits 5 minutes shorter and longer
    #[arg(long)]
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
    let (model, region) = (&networks.model, &networks.region);
    let provisions = faults.note(provisions(region.network(), arguments.provision.as_deref()));
    let provisions = provisions.unwrap_or_default();
    let name = arguments.hospital.as_ref();
    if arguments.sensitivity {
        let hospital = input::maybe_hospital(model, region, name, &mut faults);
        faults.tell()?;
        return sensitivity(common, arguments, &networks, hospital, &provisions);
    }

    if !networks.has_scenarios() {
        // One that opens by a change is there only after it.
        input::maybe_hospital(model, region, name, &mut faults);
    }
    faults.tell()?;
    networks.answer(common, |region| {
        let settings = arguments.settings();
        let hospital = name.map(|name| input::hospital(model, region, name)).transpose()?;
        let mut supplements = Vec::with_capacity(provisions.len());
        for provision in &provisions {
            supplements.push(Supplement::new(region, provision, &settings)?);
        }
        let document = report::rules::supplement(region, &supplements, &settings, hospital);
        Ok(Answered::done(document))
    })
}

/// Prints which verdicts flip.
fn sensitivity(
    common: &Common,
    arguments: &Arguments,
    networks: &Networks,
    hospital: Option<HospitalId>,
    provisions: &[&Provision],
) -> anyhow::Result<Ending> {
    let (region, settings) = (&networks.region, arguments.settings());
    let settled = region.settled_under(&networks.scenarios)?;
    let under = settled.as_ref().map(|settled| &settled.region);
    let sensitivity = SupplementSensitivity::new(region, provisions, &settings, under)?;
    let view = SupplementView {
        settings: &settings,
        provisions,
        hospital,
        other: settled.as_ref().map(|settled| settled.name.as_str()),
    };
    let document = report::rules::supplement_sensitivity(region, &sensitivity, &view);
    output::print(common, &scenarios::tell_day(document, networks.remark.as_deref()))?;
    Ok(Ending::Done)
}

impl Arguments {
    fn settings(&self) -> SupplementSettings {
        let affected = if self.all_beyond { Affected::AllBeyond } else { Affected::Additional };
        SupplementSettings::default()
            .affected(affected)
            .service_area(self.area_minutes.map(Seconds::from_minutes))
            .only_inside(self.only_inside)
    }
}

/// The provision of this key, or all of them.
fn provisions<'n>(network: &'n Network, key: Option<&str>) -> anyhow::Result<Vec<&'n Provision>> {
    let provisions = &network.catalog().supplement.provisions;
    if provisions.is_empty() {
        bail!(fault!("the catalog has no provisions; supplement.ron is needed"));
    }
    match key {
        None => Ok(provisions.iter().collect()),
        Some(key) => Ok(vec![&provisions[input::listed("provision", key, provisions)?]]),
    }
}
