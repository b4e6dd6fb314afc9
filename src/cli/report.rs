//! `verbund report`

use verbund::report;

use super::{Common, input, output};

pub(super) fn run(common: &Common) -> anyhow::Result<bool> {
    output::check(common)?;
    let (model, region) = input::region(common)?;
    output::print(common, &report::overview(&model, &region)?)?;
    Ok(true)
}
