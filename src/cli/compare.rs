//! `verbund compare`

use anyhow::anyhow;
use clap::Args;
use verbund::Region;
use verbund::calendar::{Date, Moment};
use verbund::comparison::{Base, Comparison, Grouping, Plan, Planned, simulated};
use verbund::model::Standard;
use verbund::random::Seed;
use verbund::report::{self, ComparisonBy, ComparisonView, SimulatedView};
use verbund::routing::{Choice, ChoiceModel};
use verbund::scenario::{CheckedScenario, Scenario};
use verbund::simulation::{self, Ended, FlowIndex, PatientFlow, Results, Settings, simulate};

use super::faults::Faults;
use super::terminal::tell;
use super::{Common, Ending, Format, input, interrupt, output, scenarios};

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
    by: Option<ComparisonBy>,
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

impl Arguments {
    /// The table that is asked for; `None` for all.
    fn by(&self, format: Format) -> Option<ComparisonBy> {
        self.by.or_else(|| format.is_csv().then_some(ComparisonBy::Standard))
    }

    fn grouping(&self) -> Grouping {
        if self.together { Grouping::Together } else { Grouping::Each }
    }

    fn plan(&self) -> simulation::RunPlan {
        let replications = u64::from(self.replications);
        simulation::RunPlan { seed: Seed(self.seed), replications, until: None }
    }
}

/// Rows of the long tables, unless another number is asked for.
const ROWS: u32 = 10;

/// Hospitals whose simulated figures are shown: those with the largest change of cases.
const SIMULATED: usize = 5;

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    let Asked { region, scenarios, standards, on, remark } = read(common, arguments)?;
    // Every region before anything is computed.
    let plan = Plan::of(&region, &scenarios, arguments.grouping(), on).map_err(together)?;
    let flows = if arguments.simulate { flows(arguments, &region, &plan)? } else { Vec::new() };

    let waiting = input::waiting("comparing before and after");
    let base = Base::at(&region, &standards, choice(), arguments.at)?;
    let mut comparisons: Vec<Comparison> = Vec::with_capacity(plan.changes.len());
    for change in &plan.changes {
        comparisons.push(base.compare(&change.after)?);
    }
    waiting.finish_and_clear();
    let results = if flows.is_empty() { None } else { Some(simulated_all(arguments, &flows)?) };

    let mut documents = Vec::new();
    for (number, change) in plan.changes.iter().enumerate() {
        let comparison = &comparisons[number];
        let results = results.as_ref();
        let simulated =
            // The first flow is that of the region without a change.
            results.map(|results| {
                simulated_view(arguments, results, FlowIndex(number + 1), comparison)
            });
        let scenarios: Vec<&Scenario> = change.scenarios.iter().collect();
        let view = view(common, arguments, change, &scenarios, simulated);
        let document = report::comparison(&region, comparison, &view);
        documents.push(scenarios::tell_day(document, remark.as_deref()));
    }
    output::print_all(common, &documents)?;
    Ok(ending(results.as_ref()))
}

/// How patients choose a hospital, before and after.
fn choice() -> Choice {
    ChoiceModel::Huff.usual()
}

/// What the flags name, read and checked.
struct Asked {
    region: Region,
    scenarios: Vec<CheckedScenario>,
    standards: Vec<Standard>,
    on: Option<Date>,
    /// Which day was chosen for the scenarios.
    remark: Option<String>,
}

/// Reads what the flags name; every fault of them is told at once.
fn read(common: &Common, arguments: &Arguments) -> anyhow::Result<Asked> {
    let mut faults = Faults::default();
    let on = flags(common, arguments, &mut faults);
    let folder = faults.need(input::folder(common))?;
    let (_, region, remark) = faults.need(scenarios::region(common, &arguments.scenario))?;
    let start = region.network().date();
    if let Some(day) = on.filter(|day| *day < start) {
        faults.add(&anyhow!("--on {day}: before the day of the network, {start}"));
    }

    let source = scenarios::Source { folder: &folder, region: &region };
    let scenarios = match arguments.grouping() {
        Grouping::Together => source.read_together(&arguments.scenario, &mut faults),
        Grouping::Each => source.read_each(&arguments.scenario, &mut faults),
    };
    // A scenario may rest on what another one adds: then it is at fault only by itself.
    let is_short = !arguments.together && scenarios.len() < arguments.scenario.len();
    if is_short && source.fit_together(&arguments.scenario) {
        faults.add(&anyhow!("applied as one, these scenarios have no fault: --together"));
    }
    let standards = faults.note(input::standards(&region, &arguments.standard));
    faults.tell()?;
    Ok(Asked { region, scenarios, standards: standards.unwrap_or_default(), on, remark })
}

/// Errors of scenarios as one.
fn together(errors: Vec<verbund::comparison::PlanError>) -> anyhow::Error {
    let mut faults = Faults::default();
    faults.extend(errors);
    faults.error()
}

/// The patients of the region, then of what each change makes of it, ready to be simulated.
fn flows<'r>(
    arguments: &Arguments,
    region: &'r Region,
    plan: &'r Plan,
) -> anyhow::Result<Vec<PatientFlow<'r>>> {
    let settings = Settings::default().days(arguments.days);
    let waiting = input::waiting("setting the wards up");
    let flows = plan.patients(region, &settings).map_err(together);
    waiting.finish_and_clear();
    flows
}

fn simulated_all<'f, 'r>(
    arguments: &Arguments,
    flows: &'f [PatientFlow<'r>],
) -> anyhow::Result<Results<'f, 'r>> {
    let plan = arguments.plan();
    let bar = input::bar(plan.replications, "replications");
    let kept = "the replications that are finished are kept";
    let results = interrupt::watched(kept, &bar, |control| simulate(flows, plan, control));
    results.adds_up()?;
    Ok(results)
}

/// The simulated figures of the flow with this number beside those of the region.
fn simulated_view(
    arguments: &Arguments,
    results: &Results<'_, '_>,
    flow: FlowIndex,
    comparison: &Comparison,
) -> SimulatedView {
    // They come with the largest change of cases first.
    let inside = comparison.hospitals.iter().filter(|hospital| !hospital.is_outside);
    let hospitals: Vec<String> =
        inside.take(SIMULATED).map(|hospital| hospital.hospital.clone()).collect();
    SimulatedView {
        changes: simulated(results, flow, &hospitals),
        replications: results.replications() as u64,
        asked: results.plan().replications,
        days: arguments.days,
        cut_off: results.flow(flow).cut_off().to_vec(),
    }
}

fn view<'v>(
    common: &Common,
    arguments: &Arguments,
    change: &Planned,
    scenarios: &'v [&'v Scenario],
    simulated: Option<SimulatedView>,
) -> ComparisonView<'v> {
    ComparisonView {
        scenarios,
        at: change.at,
        choice: choice(),
        limit: arguments.limit.unwrap_or(ROWS) as usize,
        simulated,
        passing: change.passing.changes.len() + change.skipped,
        skipped: change.skipped,
        by: arguments.by(common.format),
    }
}

fn ending(results: Option<&Results<'_, '_>>) -> Ending {
    let Some(results) = results.filter(|results| results.ended() == Ended::Interrupted) else {
        return Ending::Done;
    };
    let (done, most) = (results.replications(), results.plan().replications);
    tell(&format!("interrupted after {done} of {most} replications"));
    Ending::Interrupted
}

/// What is wrong with the flags by themselves; gives the day of `--on`.
fn flags(common: &Common, arguments: &Arguments, faults: &mut Faults) -> Option<Date> {
    faults.note(output::check(common));
    let on = arguments.on.as_ref().and_then(|text| {
        let day = text.parse::<Date>().map_err(|error| anyhow!("--on {text}: {error}"));
        faults.note(day)
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
    // Somebody who types such a flag expects other numbers: better refused than ignored.
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
