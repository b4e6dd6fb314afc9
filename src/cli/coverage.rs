//! `verbund coverage`

use clap::{Args, ValueEnum};
use verbund::coverage::{self, Coverage};
use verbund::report::{self, CoverageBy};

use super::{Common, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Standards to evaluate, by key or name [default: all of the catalog]
    #[arg(value_name = "STANDARD")]
    standards: Vec<String>,
    /// Another time limit in whole minutes for these standards
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=120))]
    within: Option<u32>,
    /// What the rows are
    #[arg(long, value_enum, default_value_t = By::Region)]
    by: By,
    /// Exit with code 1 when anybody is beyond a limit
    #[arg(long)]
    fail_on_gap: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// One row a standard
    Region,
    /// One row a standard and district
    District,
    /// One row a standard and place
    Place,
    /// One row a standard and hospital: its catchment, and what its closure would do
    Hospital,
    /// Only places with people beyond the limit
    Gap,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    output::check(common)?;
    let (_, region) = input::region(common)?;
    let mut standards = input::standards(&region, &arguments.standards)?;
    for standard in &mut standards {
        standard.minutes = arguments.within.unwrap_or(standard.minutes);
    }
    let results: Result<Vec<Coverage>, _> =
        standards.iter().map(|standard| coverage::evaluate(&region, standard)).collect();
    let results = results?;
    let by = match arguments.by {
        By::Region => CoverageBy::Region,
        By::District => CoverageBy::District,
        By::Place => CoverageBy::Place,
        By::Hospital => CoverageBy::Hospital,
        By::Gap => CoverageBy::Gap,
    };
    output::print(common, &report::coverage(&region, &results, by))?;
    let gap = results.iter().any(|one| one.total.within_limit < one.total.people);
    Ok(!(arguments.fail_on_gap && gap))
}
