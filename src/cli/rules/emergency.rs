//! `verbund rules emergency`

use clap::Args;
use verbund::Region;
use verbund::model::Model;
use verbund::{report, rules};

use super::super::faults::fault;
use crate::cli::after::{Answered, ScenarioOptions};
use crate::cli::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Stage by stage and department by department for this hospital, by key or name [default: all
    /// hospitals inside]
    hospital: Option<String>,
    #[command(flatten)]
    after: ScenarioOptions,
}

pub(in crate::cli) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    let networks = arguments.after.read(common)?;
    networks.answer(common, |region| stages(&networks.model, region, arguments))
}

fn stages(model: &Model, region: &Region, arguments: &Arguments) -> anyhow::Result<Answered> {
    let network = region.network();
    let hospital = arguments.hospital.as_ref();
    let hospital = hospital.map(|name| input::hospital(model, region, name)).transpose()?;
    let stages = rules::emergency_stages(network)?;
    // A row without a stage would read as one that could be reached.
    if let Some(id) = hospital
        && !network[id].kind.has_inpatients()
    {
        anyhow::bail!(fault!(
            "{name} has no inpatients, so it has no emergency stage",
            name = network[id].name
        ));
    }
    Ok(Answered::done(report::rules::emergency(region, &stages, hospital)))
}
