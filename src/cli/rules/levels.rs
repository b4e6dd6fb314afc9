//! `verbund rules levels`

use clap::Args;
use verbund::Region;
use verbund::model::Model;
use verbund::report;
use verbund::rules::{self, Assessment};

use super::Reading;
use crate::cli::after::{Answered, ScenarioOptions};
use crate::cli::faults::Faults;
use crate::cli::{Common, Ending, output};

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    after: ScenarioOptions,
}

pub(in crate::cli) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    let networks = arguments.after.read(common)?;
    networks.answer(common, |region| levels(&networks.model, region, arguments))
}

fn levels(model: &Model, region: &Region, arguments: &Arguments) -> anyhow::Result<Answered> {
    let mut faults = Faults::default();
    let settings = arguments.reading.settings(model, region, &mut faults);
    faults.tell()?;
    let network = region.network();
    let assessment = Assessment::new(network, &settings)?;
    let levels = rules::levels(network, &assessment, &settings);
    Ok(Answered::done(report::rules::levels(region, &levels, &settings)))
}
