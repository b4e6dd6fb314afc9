//! `verbund coverage`

use clap::Args;
use verbund::calendar::Moment;
use verbund::coverage::{self, Coverage};
use verbund::model::Answer;
use verbund::report::{self, CoverageBy};

use super::after::{Answered, ScenarioOptions};
use super::terminal::tell;
use super::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Standards to evaluate, by key or name [default: all of the catalog]
    #[arg(value_name = "STANDARD")]
    standards: Vec<String>,
    /// Another time limit in whole minutes for these standards
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=120))]
    within: Option<u32>,
    /// What the rows are
    #[arg(long, value_enum, default_value_t = CoverageBy::Region)]
    by: CoverageBy,
    /// Only what is open at this moment, such as "Sat 03:00" [default: what is open in some hour of the
    /// week, with what of it holds over all hours and in the worst ones]
    #[arg(long, value_name = "MOMENT")]
    at: Option<Moment>,
    /// Exit with code 1 when anybody is beyond a limit, and when there is no verdict: nobody lives there for
    /// whom a standard is, or no site in the data offers it
    #[arg(long)]
    fail_on_gap: bool,
    #[command(flatten)]
    after: ScenarioOptions,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    let networks = arguments.after.read(common)?;
    networks.answer(common, |region| {
        let region = input::in_hour(region.clone(), arguments.at);
        let mut standards = input::standards(&region, &arguments.standards)?;
        for standard in &mut standards {
            standard.minutes = arguments.within.unwrap_or(standard.minutes);
        }
        let results = coverage::evaluate_all(&region, &standards)?;
        let document = report::coverage(&region, &results, arguments.by);
        Ok(Answered::new(document, verdict(arguments, &results)))
    })
}

/// Whether there is a gap that was asked for; says where there is no verdict.
fn verdict(arguments: &Arguments, results: &[Coverage]) -> Ending {
    if !arguments.fail_on_gap {
        return Ending::Done;
    }
    for coverage in results.iter().filter(|coverage| coverage.answer() == Answer::Unknown) {
        tell(&format!("--fail-on-gap: {}", why_no_verdict(coverage)));
    }
    // What nobody knows must not pass for met in a script.
    let is_met = results.iter().all(|coverage| coverage.answer() == Answer::Meets);
    Ending::finding_if(!is_met)
}

/// Why nobody can say whether a standard is met.
fn why_no_verdict(coverage: &Coverage) -> String {
    let standard = &coverage.standard;
    if coverage.total.people == 0 {
        let group = standard.population.label();
        format!("no verdict on {}: nobody lives there for whom it is ({group})", standard.key)
    } else if coverage.is_offered() {
        format!(
            "no verdict on {}: with hospitals of which the data do not say whether they offer it, nobody would be beyond the limit",
            standard.key
        )
    } else if !coverage.unknown.is_empty() {
        format!(
            "no verdict on {}: no site in the data is known to offer it, some may",
            standard.key
        )
    } else {
        format!("no verdict on {}: no site in the data offers it", standard.key)
    }
}
