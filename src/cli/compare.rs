//! `verbund compare`

use anyhow::anyhow;
use clap::{Args, ValueEnum};
use verbund::Region;
use verbund::comparison::{Base, Comparison, simulated};
use verbund::model::{Change, Date, DateTime, DatedChange, Moment, Scenario};
use verbund::random::Seed;
use verbund::report::{self, ComparisonBy, ComparisonView, SimulatedView};
use verbund::routing::{Choice, Huff};
use verbund::simulation::{Ended, PatientFlow, Plan, Settings, simulate};

use super::query::Faults;
use super::simulate::refuse_faults;
use super::terminal::tell;
use super::{Common, Format, INTERRUPTED, input, interrupt, output, scenarios};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What changes: a file, or the name of a scenario that the network brings, such as `winter` (a
    /// file comes first; `network:winter` always is the network's); several are compared one by one
    #[arg(long, value_name = "FILE", required = true)]
    scenario: Vec<std::ffi::OsString>,
    /// All scenarios as one, in the order of their dates, instead of one by one
    #[arg(long)]
    together: bool,
    /// Day whose changes count [default: the day on which all lasting changes are in force; where all have
    /// an end, when the last one begins]
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Standards with what is open at this moment, such as "Sat 03:00", and care pathways of patients who
    /// call then [default: what is open in some hour of the week, and calls in all hours]
    #[arg(long, value_name = "MOMENT")]
    at: Option<Moment>,
    /// Only this standard; can be given several times [default: all]
    #[arg(long, value_name = "STANDARD")]
    standard: Vec<String>,
    /// This table only; CSV has one, that of standards when none is named [default: all tables]
    #[arg(long, value_enum)]
    by: Option<By>,
    /// Most rows of the tables of places, hospitals and departments [default: 10]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: Option<u32>,
    /// Simulate patients over time as well, before and after
    #[arg(long)]
    simulate: bool,
    /// Replications of the simulation
    #[arg(long, value_name = "COUNT", default_value_t = 10, requires = "simulate", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    replications: u32,
    /// Days that are simulated, after 28 days of warm-up
    #[arg(long, value_name = "DAYS", default_value_t = 365, requires = "simulate", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: u32,
    /// Seed of the simulation
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "simulate")]
    seed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// Who lives there, by district
    People,
    /// Who gains and who loses, by standard
    Standard,
    /// The places that are hit hardest
    Place,
    /// Minutes by district
    District,
    /// Minutes by age
    Age,
    /// Stages of care pathways
    Stage,
    /// Cases and occupancy of hospitals
    Hospital,
    /// Departments that get overfull
    Department,
    /// Verdicts of the law
    Law,
    /// Agreements that end or change, and who counts for which standard
    Network,
    /// Simulated figures, with --simulate
    Simulated,
}

impl Arguments {
    /// The table that is asked for; `None` for all.
    fn by(&self, format: Format) -> Option<ComparisonBy> {
        let of_format = format.is_csv().then_some(By::Standard);
        Some(match self.by.or(of_format)? {
            By::People => ComparisonBy::People,
            By::Standard => ComparisonBy::Standard,
            By::Place => ComparisonBy::Place,
            By::District => ComparisonBy::District,
            By::Age => ComparisonBy::Age,
            By::Stage => ComparisonBy::Stage,
            By::Hospital => ComparisonBy::Hospital,
            By::Department => ComparisonBy::Department,
            By::Law => ComparisonBy::Law,
            By::Network => ComparisonBy::Network,
            By::Simulated => ComparisonBy::Simulated,
        })
    }
}

/// Rows of the long tables, unless another number is asked for.
const ROWS: u32 = 10;

/// Hospitals whose simulated figures are shown: those with the largest change of cases.
const SIMULATED: usize = 5;

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<u8> {
    let mut faults = Faults::default();
    let on = flags(common, arguments, &mut faults);
    let folder = faults.take(input::folder(common));
    let read = faults.take(scenarios::region(common, &arguments.scenario));
    let (Some(folder), Some((_, region, remark))) = (folder, read) else {
        faults.tell()?;
        return Err(anyhow!("the network cannot be read"));
    };
    let start = region.network().date();
    if let Some(day) = on.filter(|day| *day < start) {
        faults.add(&anyhow!("--on {day}: before the day of the network, {start}"));
    }
    let read = if arguments.together { scenarios::read_together } else { scenarios::read_each };
    let found = read(&arguments.scenario, (&folder, &region), &mut faults);
    let is_short = !arguments.together && found.len() < arguments.scenario.len();
    if is_short && scenarios::fit_together(&arguments.scenario, (&folder, &region)) {
        faults.add(&anyhow!("applied as one, these scenarios have no fault: --together"));
    }
    let standards = faults.take(input::standards(&region, &arguments.standard));
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
        let at = on.map_or_else(|| usual_moment(group, start), DateTime::from);
        let applied = region.apply(group, at);
        let applied =
            applied.map_err(|error| anyhow!("scenario {} has problems\n{error}", keys(group)));
        after.push((at, faults.take(applied)));
    }
    faults.tell()?;
    let compared: Vec<Compared<'_>> = groups
        .into_iter()
        .zip(after)
        .filter_map(|(scenarios, (at, after))| {
            let (after, passing) = (after?, passing(&scenarios));
            let simulated = still_possible(&passing, &after);
            let skipped = passing.changes.len() - simulated.changes.len();
            Some(Compared { scenarios, at, after, passing: simulated, skipped })
        })
        .collect();
    let flows = if arguments.simulate { flows(arguments, &region, &compared)? } else { vec![] };

    let waiting = input::waiting("comparing before and after");
    let choice = Choice::Huff(Huff::default());
    let base = Base::at(&region, &standards, choice, arguments.at)?;
    let found: Vec<Comparison> =
        compared.iter().map(|one| base.compare(&one.after)).collect::<Result<_, _>>()?;
    waiting.finish_and_clear();
    let results = (!flows.is_empty()).then(|| {
        let replications = u64::from(arguments.replications);
        let plan = Plan { seed: Seed(arguments.seed), replications, until: None };
        let bar = input::bar(replications, "replications");
        let stop = interrupt::stop("the replications that are finished are kept");
        let results = simulate(&flows, plan, stop, |done| {
            interrupt::keep();
            bar.set_position(done);
        });
        bar.finish_and_clear();
        interrupt::end_at_once();
        results
    });
    if let Some(results) = &results {
        refuse_faults(results)?;
    }
    let mut documents = Vec::new();
    for (number, (one, found)) in compared.iter().zip(&found).enumerate() {
        let inside = found.hospitals.iter().filter(|one| !one.is_outside);
        let hospitals: Vec<String> =
            inside.take(SIMULATED).map(|one| one.hospital.clone()).collect();
        let simulated = results.as_ref().map(|results| SimulatedView {
            changes: simulated(results, number + 1, &hospitals),
            replications: results.replications() as u64,
            asked: results.plan().replications,
            days: arguments.days,
            cut_off: flows[number + 1].cut_off().to_vec(),
        });
        let view = ComparisonView {
            scenarios: &one.scenarios,
            at: one.at,
            choice,
            limit: arguments.limit.unwrap_or(ROWS) as usize,
            simulated,
            passing: one.passing.changes.len() + one.skipped,
            skipped: one.skipped,
            by: arguments.by(common.format),
        };
        let document = report::comparison(&region, found, &view);
        documents.push(scenarios::tell_day(document, remark.as_deref()));
    }
    output::print_all(common, &documents)?;
    let Some(results) = results.filter(|one| one.ended() == Ended::Interrupted) else {
        return Ok(0);
    };
    let (done, most) = (results.replications(), results.plan().replications);
    tell(&format!("interrupted after {done} of {most} replications"));
    Ok(INTERRUPTED)
}

/// What is wrong with the flags by themselves; gives the day of `--on`.
fn flags(common: &Common, arguments: &Arguments, faults: &mut Faults) -> Option<Date> {
    faults.take(output::check(common));
    let on = arguments.on.as_ref().and_then(|text| {
        let day = text.parse::<Date>().map_err(|error| anyhow!("--on {text}: {error}"));
        faults.take(day)
    });
    let by = arguments.by(common.format);
    if arguments.simulate && by.is_some_and(|by| by != ComparisonBy::Simulated) {
        faults.add(&anyhow!("--simulate is for a table that is not shown: add --by simulated"));
    }
    if by == Some(ComparisonBy::Simulated) && !arguments.simulate {
        faults.add(&anyhow!("--by simulated needs --simulate"));
    }
    if let Some(by) = by {
        without_effect(arguments, by, faults);
    }
    on
}

/// Flags that change nothing in the one table that is shown.
fn without_effect(arguments: &Arguments, by: ComparisonBy, faults: &mut Faults) {
    use ComparisonBy::{Department, Hospital, Law, People, Place, Simulated, Stage};
    if arguments.limit.is_some() && ![Place, Hospital, Department].contains(&by) {
        faults.add(&anyhow!(
            "--limit cuts the tables of places, hospitals and departments: --by place, hospital or department"
        ));
    }
    let is_of_standards = ![People, Stage, Hospital, Department, Law, Simulated].contains(&by);
    if !arguments.standard.is_empty() && !is_of_standards {
        faults.add(&anyhow!(
            "--standard is for tables of standards, and the one that is shown is none"
        ));
    }
    if arguments.at.is_some() && [People, Hospital, Department, Law, Simulated].contains(&by) {
        faults.add(&anyhow!(
            "--at is for tables of standards and care pathways; what is shown is that of all hours"
        ));
    }
}

/// Scenarios that are set beside the region as one change.
struct Compared<'s> {
    scenarios: Vec<&'s Scenario>,
    /// When they count.
    at: DateTime,
    /// The region then.
    after: Region,
    /// What passes of them and is possible then, which only a simulation shows.
    passing: Scenario,
    /// How many of what passes are not: what they concern is gone.
    skipped: usize,
}

/// When scenarios are compared if nobody says when: the first day on which all lasting changes are in
/// force; where all changes have an end, when the last one begins.
pub(super) fn usual_moment(scenarios: &[&Scenario], start: Date) -> DateTime {
    let settled = scenarios.iter().filter_map(|one| one.settled_on()).max();
    let begins = scenarios.iter().flat_map(|one| &one.changes).map(|one| one.on);
    settled.map(DateTime::from).or_else(|| begins.max()).unwrap_or(start.into())
}

/// What passes of all scenarios, as one.
fn passing(scenarios: &[&Scenario]) -> Scenario {
    let changes = scenarios.iter().flat_map(|one| one.passing().changes).collect();
    Scenario { changes, ..scenarios[0].clone() }
}

/// What passes and is possible in the network in which all else has settled: nobody diverts a department
/// that is closed.
fn still_possible(passing: &Scenario, after: &Region) -> Scenario {
    let (network, places) = (after.network(), after.places());
    let is_possible = |one: &&DatedChange| {
        // Whatever has settled, people fall ill and are hurt.
        if matches!(one.change, Change::Surge(_) | Change::Incident(_)) {
            return true;
        }
        let alone = Scenario { changes: vec![(*one).clone()], ..passing.clone() };
        alone.check(network, places).is_empty()
    };
    let changes = passing.changes.iter().filter(is_possible).cloned().collect();
    Scenario { changes, ..passing.clone() }
}

/// The patients of the region, then of what each change makes of it, ready to be simulated; all faults
/// at once.
fn flows<'r>(
    arguments: &Arguments,
    region: &'r Region,
    compared: &'r [Compared<'r>],
) -> anyhow::Result<Vec<PatientFlow<'r>>> {
    let settings = Settings { days: arguments.days, ..Settings::default() };
    let waiting = input::waiting("setting the wards up");
    let mut faults = Faults::default();
    let base = PatientFlow::new(region, &settings, None).map_err(|error| anyhow!("{error}"));
    let others = compared.iter().map(|one| {
        PatientFlow::new(&one.after, &settings, Some(&one.passing))
            .map_err(|error| anyhow!("scenario {} has problems\n{error}", keys(&one.scenarios)))
    });
    let flows: Vec<_> = std::iter::once(base).chain(others).map(|flow| faults.take(flow)).collect();
    waiting.finish_and_clear();
    faults.tell()?;
    Ok(flows.into_iter().flatten().collect())
}

fn keys(scenarios: &[&Scenario]) -> String {
    let keys: Vec<&str> = scenarios.iter().map(|one| one.key.as_str()).collect();
    keys.join(", ")
}
