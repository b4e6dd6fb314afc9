//! `verbund rules levels`

use clap::Args;
use verbund::report;
use verbund::rules::{self, Assessment};

use super::Reading;
use crate::cli::faults::Faults;
use crate::cli::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    reading: Reading,
}

pub(in crate::cli) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    let (model, region) = input::region(common)?;
    let mut faults = Faults::default();
    let settings = arguments.reading.settings(&model, &region, &mut faults);
    faults.tell()?;
    let network = region.network();
    let assessment = Assessment::new(network, &settings)?;
    let levels = rules::levels(network, &assessment, &settings);
    output::print(common, &report::rules::levels(&region, &levels, &settings))?;
    Ok(Ending::Done)
}
