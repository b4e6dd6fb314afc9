//! `verbund route`

use clap::Args;
use verbund::report;
use verbund::routing;

use super::{Common, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Place where the person is, by name; umlauts may be typed without them
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// What is needed: a facility, specialty, condition or standard, such as `stroke_unit`
    #[arg(long, value_name = "NEED")]
    need: String,
    /// How many hospitals to list
    #[arg(long, value_name = "COUNT", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    count: u16,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    output::check(common)?;
    let (_, region) = input::region(common)?;
    let place = input::place(&region, &arguments.from)?;
    let need = input::need(&region, &arguments.need)?;
    let options = routing::options(&region, place, &need);
    let count = usize::from(arguments.count);
    output::print(common, &report::route(&region, place, &need, &options, count))?;
    Ok(true)
}
