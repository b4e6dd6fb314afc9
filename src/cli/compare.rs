//! `verbund compare`

use std::ffi::OsString;

use clap::Args;
use verbund::Region;
use verbund::calendar::Moment;
use verbund::comparison::{Base, Comparison, Grouping, Plan, Planned, simulated};
use verbund::model::Standard;
use verbund::overview::pathway_figures;
use verbund::pathways::{Query, When};
use verbund::random::Seed;
use verbund::report::{self, ComparisonBy, ComparisonView, MOST_SIDES, SideBySide, SimulatedView};
use verbund::routing::{Choice, ChoiceModel};
use verbund::scenario::{Scenario, ScenarioDraft};
use verbund::simulation::{self, ChosenSettings, Ended, FlowIndex, PatientFlow, Results, simulate};

use super::after::{self, Networks, ScenarioOptions};
use super::faults::Faults;
use super::faults::fault;
use super::language::message;
use super::settings::SettingsOptions;
use super::terminal::{remark, tell};
use super::{Common, Ending, input, interrupt, output, scenarios};

#[derive(Debug, Args)]
#[command(override_usage = "verbund compare [OPTIONS] <SCENARIO>...\n       \
    verbund compare [OPTIONS] --scenario <FILE> [--scenario <FILE>]...")]
pub(super) struct Arguments {
    /// Scenarios side by side on one page, a column each: files, or names of those that the network brings, at
    /// most five. With --together all of them are one column. --scenario compares one by one, in more detail
    #[arg(value_name = "SCENARIO", conflicts_with = "scenario")]
    scenarios: Vec<OsString>,
    #[command(flatten)]
    after: ScenarioOptions,
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
    /// Most rows of the tables of places, hospitals and departments [default: 10 on a screen, all in a file of data]
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
    fn by(&self, common: &Common) -> Option<ComparisonBy> {
        self.by.or_else(|| common.is_one_table().then_some(ComparisonBy::Standard))
    }

    fn plan(&self) -> simulation::RunPlan {
        let replications = u64::from(self.replications);
        simulation::RunPlan { seed: Seed(self.seed), replications, until: None }
    }
}

/// What one scenario changes of a region, as `--format json` with every row prints it.
#[cfg(feature = "serve")]
pub(super) fn as_json(base: &Base, region: &Region, scenario: &str) -> anyhow::Result<String> {
    let draft = ScenarioDraft::read(scenario, "scenario", region.network());
    let checked = region.check_scenario(draft)?;
    let plan = Plan::of(region, &[checked], Grouping::Each, None).map_err(after::all_faults)?;
    let change = &plan.changes[0];
    let comparison = base.compare(&change.after)?;
    let scenarios: Vec<&Scenario> = change.scenarios.iter().collect();
    let view = ComparisonView {
        scenarios: &scenarios,
        at: change.at,
        choice: choice(),
        limit: usize::MAX,
        simulated: None,
        passing: change.passing.changes.len() + change.skipped,
        skipped: change.skipped,
        by: None,
    };
    output::as_json(&report::comparison(region, &comparison, &view))
}

/// What [`as_json`] compares with.
#[cfg(feature = "serve")]
pub(super) fn base(region: &Region) -> anyhow::Result<Base> {
    Ok(Base::at(region, &region.network().catalog().standards, choice(), None)?)
}

/// Days before those that are simulated.
const WARM_UP_DAYS: u32 = 28;

/// Rows of the long tables, unless another number is asked for.
const ROWS: usize = 10;

/// Hospitals whose simulated figures are shown: those with the largest change of cases.
const SIMULATED: usize = 5;

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    if !arguments.scenarios.is_empty() {
        return on_a_page(common, arguments);
    }
    let Asked { networks, standards, chosen } = read(common, arguments)?;
    let Networks { region, scenarios, grouping, on, .. } = &networks;
    // Every region before anything is computed.
    let plan = Plan::of(region, scenarios, *grouping, *on).map_err(after::all_faults)?;
    let mut flows = Vec::new();
    if arguments.simulate {
        if let Some(told) = chosen.in_words() {
            remark(&message!("settings of the simulation: {told}", told));
        }
        flows = patients(arguments, region, &plan, &chosen)?;
    }

    let waiting = input::waiting("comparing before and after");
    let base = Base::at(region, &standards, choice(), arguments.at)?;
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
        let document = report::comparison(region, comparison, &view);
        documents.push(scenarios::tell_day(document, networks.remark.as_deref()));
    }
    output::print_all(common, &documents)?;
    Ok(ending(results.as_ref()))
}

/// Prints the main figures of scenarios side by side.
fn on_a_page(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    let mut faults = Faults::default();
    faults.note(output::check(common));
    let in_detail = [
        ("--by", arguments.by.is_some()),
        ("--limit", arguments.limit.is_some()),
        ("--simulate", arguments.simulate),
        ("--against-base", arguments.after.against_base),
    ];
    for (flag, _) in in_detail.into_iter().filter(|(_, is_given)| *is_given) {
        faults.add(&fault!(
            "{flag} belongs to --scenario: scenarios side by side are one page of main figures",
            flag
        ));
    }
    let asked = arguments.scenarios.len();
    if asked > MOST_SIDES && !arguments.after.together {
        faults.add(&fault!("{asked} scenarios: at most {most_sides} fit a page; --scenario compares any number one by one", asked, most_sides = MOST_SIDES));
    }
    let options = arguments.after.named(&arguments.scenarios);
    let networks = options.read_noting(common, &mut faults)?;
    let standards = faults.note(input::standards(&networks.region, &arguments.standard));
    faults.tell()?;

    let Networks { region, scenarios: changes, grouping, on, .. } = &networks;
    let plan = Plan::of(region, changes, *grouping, *on).map_err(after::all_faults)?;
    let waiting = input::waiting("comparing before and after");
    // The page shows stages of pathways, and not who gains by them.
    let base = Base::at(region, &standards.unwrap_or_default(), choice(), arguments.at)?.in_short();
    let query = Query::default().when(arguments.at.map_or(When::Week, When::At));
    let mut comparisons: Vec<Comparison> = Vec::with_capacity(plan.changes.len());
    let mut pathways_after = Vec::with_capacity(plan.changes.len());
    for change in &plan.changes {
        comparisons.push(base.compare(&change.after)?);
        pathways_after.push(pathway_figures(&change.after, &query));
    }
    waiting.finish_and_clear();

    let document = report::side_by_side(&SideBySide {
        region,
        changes: &plan.changes,
        comparisons: &comparisons,
        pathways: pathway_figures(region, &query),
        pathways_after,
        choice: choice(),
        extent: after::extent(common),
    });
    output::print(common, &scenarios::tell_day(document, networks.remark.as_deref()))?;
    Ok(Ending::Done)
}

/// How patients choose a hospital, before and after.
fn choice() -> Choice {
    ChoiceModel::Huff.usual()
}

/// What the flags name, read and checked.
struct Asked {
    networks: Networks,
    standards: Vec<Standard>,
    chosen: ChosenSettings,
}

/// Reads what the flags name; every fault of them is told at once.
fn read(common: &Common, arguments: &Arguments) -> anyhow::Result<Asked> {
    let mut faults = Faults::default();
    flags(common, arguments, &mut faults);
    let networks = arguments.after.read_noting(common, &mut faults)?;
    let settings = SettingsOptions::default();
    let network = networks.region.network();
    let chosen = settings.read(common, network, &arguments.after.scenario, &mut faults);
    let standards = faults.note(input::standards(&networks.region, &arguments.standard));
    faults.tell()?;
    Ok(Asked { networks, standards: standards.unwrap_or_default(), chosen })
}

/// The patients of the region, then of what each change makes of it, ready to be simulated.
fn patients<'r>(
    arguments: &Arguments,
    region: &'r Region,
    plan: &'r Plan,
    chosen: &ChosenSettings,
) -> anyhow::Result<Vec<PatientFlow<'r>>> {
    // Days and warm-up are those that the help and the table tell.
    let settings = chosen.settings().clone().days(arguments.days).warm_up_days(WARM_UP_DAYS);
    let waiting = input::waiting("setting the wards up");
    let flows = plan.patients(region, &settings).map_err(after::all_faults);
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
    let rows = if common.has_every_row() { usize::MAX } else { ROWS };
    ComparisonView {
        scenarios,
        at: change.at,
        choice: choice(),
        limit: arguments.limit.map_or(rows, |limit| limit as usize),
        simulated,
        passing: change.passing.changes.len() + change.skipped,
        skipped: change.skipped,
        by: arguments.by(common),
    }
}

fn ending(results: Option<&Results<'_, '_>>) -> Ending {
    let Some(results) = results.filter(|results| results.ended() == Ended::Interrupted) else {
        return Ending::Done;
    };
    let (done, most) = (results.replications(), results.plan().replications);
    tell(&message!("interrupted after {done} of {most} replications", done, most));
    Ending::Interrupted
}

/// What is wrong with the flags by themselves.
fn flags(common: &Common, arguments: &Arguments, faults: &mut Faults) {
    faults.note(output::check(common));
    let by = arguments.by(common);
    if arguments.simulate && by.is_some_and(|by| by != ComparisonBy::Simulated) {
        faults.add(&fault!("--simulate is for a table that is not shown: add --by simulated"));
    }
    if by == Some(ComparisonBy::Simulated) && !arguments.simulate {
        faults.add(&fault!("--by simulated needs --simulate"));
    }
    if let Some(by) = by {
        without_effect(arguments, by, faults);
    }
}

/// Flags that change nothing in the one table that is shown.
fn without_effect(arguments: &Arguments, by: ComparisonBy, faults: &mut Faults) {
    // Somebody who types such a flag expects other numbers: better refused than ignored.
    use ComparisonBy::{
        Department, GainingPlace, Hospital, Law, Pathway, People, Place, Simulated, Stage,
        StageAge, StageDistrict, StagePlace, Target,
    };
    if arguments.limit.is_some() && ![Place, GainingPlace, Hospital, Department].contains(&by) {
        faults.add(&fault!("--limit cuts the tables of places, hospitals and departments: --by place, hospital or department"));
    }
    let is_of_pathways =
        [Stage, Pathway, Target, StageDistrict, StageAge, StagePlace].contains(&by);
    let is_of_standards =
        !is_of_pathways && ![People, Hospital, Department, Law, Simulated].contains(&by);
    if !arguments.standard.is_empty() && !is_of_standards {
        faults.add(&fault!(
            "--standard is for tables of standards, and the one that is shown is none"
        ));
    }
    if arguments.at.is_some() && [People, Hospital, Department, Law, Simulated].contains(&by) {
        faults.add(&fault!(
            "--at is for tables of standards and care pathways; what is shown is that of all hours"
        ));
    }
}
