//! `verbund compare`

use anyhow::anyhow;
use clap::Args;
use verbund::Region;
use verbund::comparison::{self, compare, simulated};
use verbund::model::{Date, DateTime, Scenario};
use verbund::random::Seed;
use verbund::report::{self, ComparisonView};
use verbund::routing::{Choice, Huff};
use verbund::simulation::{Plan, Settings};

use super::coverage::chosen;
use super::query::Faults;
use super::{Common, Format, INTERRUPTED, input, interrupt, output, scenarios};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What changes: a file, or the name of a scenario that the network brings; several are compared
    /// one by one
    #[arg(long, value_name = "FILE", required = true)]
    scenario: Vec<String>,
    /// All scenarios in their order as one, instead of one by one
    #[arg(long)]
    together: bool,
    /// Day whose changes count [default: the day on which all lasting changes are in force]
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Only this standard; can be given several times [default: all]
    #[arg(long, value_name = "STANDARD")]
    standard: Vec<String>,
    /// Most rows of the tables of places and hospitals
    #[arg(long, value_name = "COUNT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
    /// Simulate patients over time as well, before and after
    #[arg(long)]
    simulate: bool,
    /// Replications of the simulation
    #[arg(long, value_name = "COUNT", default_value_t = 10, requires = "simulate", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    replications: u32,
    /// Days that are simulated, after 90 days of warm-up
    #[arg(long, value_name = "DAYS", default_value_t = 365, requires = "simulate", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: u32,
    /// Seed of the simulation
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "simulate")]
    seed: u64,
}

/// Hospitals whose simulated figures are shown: those with the largest change of cases.
const SIMULATED: usize = 5;

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<u8> {
    let mut faults = Faults::default();
    faults.take(output::check(common));
    let on = arguments.on.as_ref().and_then(|text| {
        let day = text.parse::<Date>().map_err(|error| anyhow!("--on {text}: {error}"));
        faults.take(day)
    });
    if common.format == Format::Csv && arguments.scenario.len() > 1 && !arguments.together {
        faults.add(&anyhow!("--format csv has one table: name one scenario, or use --together"));
    }
    let folder = faults.take(input::folder(common));
    let read = faults.take(input::region(common));
    let (Some(folder), Some((model, region))) = (folder, read) else {
        faults.tell()?;
        return Err(anyhow!("the network cannot be read"));
    };
    let found = scenarios::read_all(&arguments.scenario, &folder, (&model, &region), &mut faults);
    let all = &region.network().catalog().standards;
    let standards = faults.take(chosen(all, &arguments.standard));
    faults.tell()?;
    let standards = standards.unwrap_or_default();

    // Every region before anything is computed.
    let groups: Vec<Vec<&Scenario>> = if arguments.together {
        vec![found.iter().collect()]
    } else {
        found.iter().map(|one| vec![one]).collect()
    };
    let mut after = Vec::new();
    for group in &groups {
        let settled = group.iter().filter_map(|one| one.settled_on()).max();
        let day = on.or(settled).unwrap_or(region.network().date());
        let at = DateTime::from(day);
        let names: Vec<&str> = group.iter().map(|one| one.key.as_str()).collect();
        let applied = region.apply(group, at);
        let applied =
            applied.map_err(|error| anyhow!("scenario {} has problems\n{error}", names.join(", ")));
        after.push((at, faults.take(applied)));
    }
    faults.tell()?;
    let choice = Choice::Huff(Huff::default());
    let mut is_interrupted = false;
    for (group, (at, after)) in groups.iter().zip(&after) {
        let Some(after) = after else { continue };
        let waiting = input::waiting("comparing before and after");
        let found = compare(&region, after, &standards, choice)?;
        waiting.finish_and_clear();
        let passing = passing(group);
        let flows = simulation(arguments, (&region, after), &passing, &found)?;
        is_interrupted |= interrupt::was_asked();
        let view = ComparisonView {
            scenarios: group,
            at: *at,
            choice: choice.to_string(),
            limit: arguments.limit as usize,
            simulated: flows.as_ref().map(|(changes, count)| (changes.as_slice(), *count)),
            passing: passing.changes.len(),
            is_single: common.format == Format::Csv,
        };
        output::print(common, &report::comparison(&region, &found, &view))?;
        if is_interrupted {
            break;
        }
    }
    Ok(if is_interrupted { INTERRUPTED } else { 0 })
}

/// What passes of all scenarios, as one.
fn passing(scenarios: &[&Scenario]) -> Scenario {
    let all: Vec<Scenario> = scenarios.iter().map(|one| one.passing()).collect();
    let mut both = scenarios[0].passing();
    both.changes = all.into_iter().flat_map(|one| one.changes).collect();
    both
}

type Simulated = (Vec<comparison::SimulatedChange>, usize);

/// Patients over time, where they are asked for.
fn simulation(
    arguments: &Arguments,
    regions: (&Region, &Region),
    passing: &Scenario,
    found: &comparison::Comparison,
) -> anyhow::Result<Option<Simulated>> {
    if !arguments.simulate {
        return Ok(None);
    }
    let inside = found.hospitals.iter().filter(|one| !one.is_outside);
    let hospitals: Vec<String> = inside.take(SIMULATED).map(|one| one.hospital.clone()).collect();
    let settings = Settings { days: arguments.days, ..Settings::default() };
    let replications = u64::from(arguments.replications);
    let plan = Plan { seed: Seed(arguments.seed), replications, until: None };
    let waiting = input::waiting("simulating patients before and after");
    let stop = interrupt::stop();
    let simulated = simulated(regions, Some(passing), (&settings, plan), &hospitals, stop);
    waiting.finish_and_clear();
    interrupt::end_at_once();
    Ok(Some(simulated?))
}
