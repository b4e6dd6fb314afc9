//! `verbund coverage`

use std::path::{Path, PathBuf};

use clap::Args;
use verbund::Region;
use verbund::calendar::Moment;
use verbund::coverage::{self, Coverage};
use verbund::model::{Answer, Standard};
use verbund::plot::Source;
use verbund::report::{self, CoverageBy};
use verbund::said;

use super::after::{Answered, ScenarioOptions};
use super::faults::Faults;
use super::terminal::tell;
use super::{Common, Ending, input, output, plot};

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
    /// Draw how many people need how many minutes, a panel a standard, into this file (SVG)
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    #[command(flatten)]
    after: ScenarioOptions,
}

impl Arguments {
    /// The file of the picture.
    pub(super) fn plot(&self) -> Option<&Path> {
        self.plot.as_deref()
    }
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    let mut faults = Faults::default();
    faults.note(output::check(common));
    plot::check(common, arguments.plot(), ("", None), &mut faults);
    plot::check_single(&arguments.after, arguments.plot(), &mut faults);
    let networks = arguments.after.read_noting(common, &mut faults)?;
    faults.tell()?;
    networks.answer(common, |region| {
        let region = input::in_hour(region.clone(), arguments.at);
        let mut standards = input::standards(&region, &arguments.standards)?;
        for standard in &mut standards {
            standard.minutes = arguments.within.unwrap_or(standard.minutes);
        }
        let results = coverage::evaluate_all(&region, &standards)?;
        if let Some(path) = arguments.plot() {
            draw(path, &region, &standards, &plot::source(&region, &networks))?;
        }
        let document = report::coverage(&region, &results, arguments.by);
        Ok(Answered::new(document, verdict(arguments, &results)))
    })
}

/// Draws the people by their minutes.
fn draw(
    path: &Path,
    region: &Region,
    standards: &[Standard],
    source: &Source,
) -> anyhow::Result<()> {
    let mut minutes = Vec::with_capacity(standards.len());
    for standard in standards {
        minutes.push(coverage::minutes_of_people(region, standard)?);
    }
    plot::write(path, super::language::for_reader(|| verbund::plot::minutes(&minutes, source)))
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
        let group = standard.population.in_print();
        said!(
            "no verdict on {standard}: nobody lives there for whom it is ({group})",
            standard = standard.key,
            group
        )
    } else if coverage.is_offered() {
        said!(
            "no verdict on {standard}: with hospitals of which the data do not say whether they offer it, nobody would be beyond the limit",
            standard = standard.key
        )
    } else if !coverage.unknown.is_empty() {
        said!(
            "no verdict on {standard}: no site in the data is known to offer it, some may",
            standard = standard.key
        )
    } else {
        said!("no verdict on {standard}: no site in the data offers it", standard = standard.key)
    }
}
