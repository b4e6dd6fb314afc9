//! `verbund rules emergency`

use clap::Args;
use verbund::{report, rules};

use crate::cli::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Stage by stage and department by department for this hospital, by key or name [default: all
    /// hospitals inside]
    hospital: Option<String>,
}

pub(in crate::cli) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    let (model, region) = input::region(common)?;
    let network = region.network();
    let hospital = arguments.hospital.as_ref();
    let hospital = hospital.map(|name| input::hospital(&model, &region, name)).transpose()?;
    let stages = rules::emergency_stages(network)?;
    // A row without a stage would read as one that could be reached.
    if let Some(id) = hospital
        && !network[id].kind.has_inpatients()
    {
        anyhow::bail!("{} has no inpatients, so it has no emergency stage", network[id].name);
    }
    output::print(common, &report::rules::emergency(&region, &stages, hospital))?;
    Ok(Ending::Done)
}
