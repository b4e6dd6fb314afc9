//! `verbund simulate`

use std::io::Write as _;
use std::mem;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use serde_json::Value;
use verbund::Region;
use verbund::disk::{WholeFile, is_same_file};
use verbund::model::{HospitalId, Network, Pathway};
use verbund::plot::{OccupancyCurve, OccupancyView, Source};
use verbund::problem::{Problem, ProblemKind};
use verbund::queueing::FileFormat;
use verbund::random::Seed;
use verbund::report::{self, Document, SimulationBy, SimulationView};
use verbund::routing::ChoiceModel;
use verbund::said;
use verbund::scenario::CheckedScenario;
use verbund::simulation::{
    Census, ChosenSettings, CsvTrace, Ended, Figure, Hypercube, PatientFlow, Precision, Results,
    RunPlan, Scope, Sensitivity, SimulationError, Started, other_wards, simulate, trace,
};
use verbund::words;

use super::after::{self, Answered, Networks, ScenarioOptions};
use super::faults::Faults;
use super::faults::fault;
use super::language::message;
use super::queue::LONGEST_FILE;
use super::settings::SettingsOptions;
use super::terminal::{remark, tell};
use super::{Common, Ending, Format, choice, input, interrupt, output, plot, scenarios};

/// Most replications where the width of an interval says when to stop.
const MOST: i64 = 1000;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Days that are counted, from the day of the network (or --as-of) on [default: 365]
    // Signed, so that -1 is refused with the numbers that are possible.
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true)]
    days: Option<i64>,
    /// Days before them, from hospitals as full as their patients make them, that are not counted
    /// [default: 28]
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true)]
    warm_up: Option<i64>,
    /// How many times [default: 20; with --until-half-width at most 1000]
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    replications: Option<i64>,
    /// What all random numbers start from
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Stop when half of the 95 % interval of --figure is at most this wide, in the base and in the
    /// difference of every scenario; of shares in per cent points. At least 5 replications are needed
    #[arg(long, value_name = "WIDTH", allow_negative_numbers = true, value_parser = super::input::number)]
    until_half_width: Option<f64>,
    /// Figure of --until-half-width, of all hospitals inside [default: `occupancy_share`]; with --scenario also the one by
    /// which the scenarios are ranked, where fewer of it is better [default: refused and sent on]
    #[arg(long, value_name = "KEY")]
    figure: Option<String>,
    /// Beside the intervals, which are chance only: a band of what is assumed, from so many points at which rates, stays,
    /// speeds and staffing lie anywhere from 20 % less to 20 % more; each takes as long as setting a run up and 4 replications
    /// [with --by region, of the network as it is]
    #[arg(long, value_name = "POINTS", value_parser = clap::value_parser!(u32).range(8..=1000))]
    band: Option<u32>,
    #[command(flatten)]
    after: ScenarioOptions,
    /// Write every stay of replication 0 to this file: CSV, or Parquet where it ends in .parquet and the program was
    /// built with that feature
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Draw how full the beds get from day to day, those of --hospital or of all inside, into this file (SVG); with
    /// --by assumed and --stays the listed stays with the laws fitted to them
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
    /// Write the queueing model of the network, without the scenarios beside it, to this file (.json), for `verbund queue`
    #[arg(long, value_name = "FILE")]
    export_model: Option<PathBuf>,
    /// What the rows are
    #[arg(long, value_enum, default_value_t = SimulationBy::Region)]
    by: SimulationBy,
    /// Only this hospital [with --by hospital, ward, hour, day]
    #[arg(long, value_name = "HOSPITAL")]
    hospital: Option<String>,
    /// Only this care pathway [with --by pathway, place]
    #[arg(long, alias = "condition", value_name = "PATHWAY")]
    pathway: Option<String>,
    /// Hospitals outside, places where nothing happens and differences that may be chance, too
    #[arg(long)]
    all: bool,
    /// How patients choose a hospital, those of care pathways aside [default: huff]
    #[arg(long, value_parser = choice::plain())]
    choice: Option<ChoiceModel>,
    /// Beds that are staffed on average, where the network does not say [default: 95]
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true, value_parser = super::input::number)]
    staffed: Option<f64>,
    /// Most of a ward's beds in which patients of full wards of the same hospital lie; 0: wards do not help each
    /// other [default: 20]
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true, value_parser = super::input::number)]
    outliers: Option<f64>,
    /// Start from this census instead of what is expected in the long run: a table (CSV) with the columns hospital,
    /// specialty, occupied, and where known `days_so_far` and waiting. Without days before it, over 14 days unless --days
    /// says more
    #[arg(long, value_name = "FILE")]
    census: Option<PathBuf>,
    #[command(flatten)]
    assumed: SettingsOptions,
}

impl Arguments {
    /// The file of the trace.
    pub(super) fn trace(&self) -> Option<&Path> {
        self.trace.as_deref()
    }

    /// The file of the picture.
    pub(super) fn plot(&self) -> Option<&Path> {
        self.plot.as_deref()
    }

    /// What the flags say without the network; every fault of them is told at once.
    fn asked(&self, common: &Common, faults: &mut Faults) -> RunPlan {
        self.check_files(common, faults);
        let mut whole = |flag: &str, value: i64, least: i64, most: i64| {
            if !(least..=most).contains(&value) {
                faults.add(&fault!(
                    "{flag} {value}: {least} to {most} are possible",
                    flag,
                    value,
                    least,
                    most
                ));
            }
            // The fault is noted; what depends on the value is looked at with one that is possible.
            value.clamp(least, most)
        };
        // The fault of a day is told here, with what is possible; the value is taken over with the settings.
        whole("--days", self.days.unwrap_or(365), 1, 36_500);
        whole("--warm-up", self.warm_up.unwrap_or(28), 0, 36_500);
        // Where a width says when to stop, the number is only a bound.
        let default = if self.until_half_width.is_some() { MOST } else { 20 };
        let replications = self.replications.unwrap_or(default);
        let replications = whole("--replications", replications, 1, 1_000_000) as u64;
        if let Some(staffed) = self.staffed.filter(|staffed| !is_staffed(*staffed)) {
            faults.add(&fault!(
                "--staffed {staffed}: above 10 and at most 100 per cent are possible",
                staffed
            ));
        }
        if let Some(percent) = self.outliers.filter(|percent| !(0.0..=100.0).contains(percent)) {
            faults.add(&fault!("--outliers {percent}: 0 to 100 per cent are possible", percent));
        }
        self.check_rows(faults);
        RunPlan { seed: Seed(self.seed), replications, until: self.until(faults) }
    }

    /// What is assumed: these flags before files, and files before defaults. Flags out of their range are told before.
    fn chosen(&self, common: &Common, network: &Network, faults: &mut Faults) -> ChosenSettings {
        let mut chosen = self.assumed.read(common, network, &self.after.scenario, faults);
        let mut put = |flag: &str, key: &str, value: Option<Value>| {
            if let Some(value) = value {
                // A value that is not possible is told with its flag already.
                let _ = chosen.set(flag, key, value);
            }
        };
        put("--days", "days", self.days.map(Value::from));
        put("--warm-up", "warm_up_days", self.warm_up.map(Value::from));
        let staffed = self.staffed.filter(|staffed| is_staffed(*staffed));
        put("--staffed", "staffed_share", staffed.map(|staffed| Value::from(staffed / 100.0)));
        put(
            "--outliers",
            "outliers.most_share",
            self.outliers.map(|outliers| Value::from(outliers / 100.0)),
        );
        let choice = self.choice.and_then(|choice| serde_json::to_value(choice.usual()).ok());
        put("--choice", "choice", choice);
        chosen
    }

    /// Starts with the census, where there is one.
    fn count_in(&self, region: &Region, chosen: &mut ChosenSettings, faults: &mut Faults) {
        let Some(path) = &self.census else { return };
        faults.note(output::refuse_input(path));
        if self.warm_up.is_some_and(|days| days > 0) {
            faults.add(&fault!("--census: of the first day that counts; without --warm-up"));
        }
        match Census::open(path, region, chosen.settings()) {
            Ok(census) => chosen.start_from(census),
            Err(error) => faults.add(&fault!("--census: {error}", error)),
        }
    }

    /// Files that cannot be written.
    fn check_files(&self, common: &Common, faults: &mut Faults) {
        faults.note(output::check(common));
        plot::check(common, self.plot(), ("--trace", self.trace()), faults);
        // Runs beside each other are one picture.
        if self.after.on.is_some() {
            plot::check_single(&self.after, self.plot(), faults);
        }
        self.check_model_file(common, faults);
        let Some(path) = &self.trace else { return };
        faults.note(output::check_file("--trace", path));
        if is_parquet(path) && !cfg!(feature = "parquet") {
            faults.add(&fault!("--trace {path}: built without the feature parquet; a name that does not end in .parquet gives CSV", path = path.display()));
        }
        faults.note(output::check_other(common, "--trace", path));
        // Runs beside each other have one trace.
        if self.after.on.is_some() {
            after::refuse_to_keep(&self.after, "--trace", path, faults);
        }
    }

    /// A file of the model that cannot be written.
    fn check_model_file(&self, common: &Common, faults: &mut Faults) {
        const FLAG: &str = "--export-model";
        let Some(path) = &self.export_model else { return };
        faults.note(output::check_file(FLAG, path));
        if FileFormat::of(path) != Some(FileFormat::Json) {
            let name = path.display();
            faults.add(&fault!(
                "{flag} {name}: the model is written as JSON; a name that ends in .json is needed",
                flag = FLAG,
                name
            ));
        }
        faults.note(output::check_other(common, FLAG, path));
        if self.trace.as_ref().is_some_and(|trace| is_same_file(trace, path)) {
            faults.add(&fault!(
                "{flag} {path}: the file of --trace, too",
                flag = FLAG,
                path = path.display()
            ));
        }
        // Networks of several days have a model each.
        if self.after.on.is_some() {
            after::refuse_to_keep(&self.after, FLAG, path, faults);
        }
    }

    /// Flags that change nothing in the table that is shown.
    fn check_rows(&self, faults: &mut Faults) {
        use SimulationBy::{Condition, Day, Hospital, Hour, Place, Ward};
        if self.hospital.is_some() && ![Hospital, Ward, Hour, Day].contains(&self.by) {
            faults.add(&fault!("--hospital needs --by hospital, ward, hour or day"));
        }
        if self.pathway.is_some() && ![Condition, Place].contains(&self.by) {
            faults.add(&fault!("--pathway needs --by pathway or place"));
        }
        if self.band.is_some() && self.by != SimulationBy::Region {
            faults.add(&fault!("--band needs --by region"));
        }
        if self.all && !self.has_more() {
            faults.add(&fault!("--all changes nothing in the table that is shown"));
        }
    }

    /// Whether the table that is shown leaves rows out, which `--all` shows.
    fn has_more(&self) -> bool {
        use SimulationBy::{
            Assumed, Condition, Cooperation, Day, Hospital, Hour, Place, Region, Ward,
        };
        match self.by {
            Hospital | Ward => self.hospital.is_none() || self.has_beside(),
            Place => true,
            Region | Cooperation | Condition => self.has_beside(),
            Hour | Day | Assumed => false,
        }
    }

    /// Whether nothing has to run: what is assumed is known before.
    fn only_lists(&self) -> bool {
        let is_written = self.trace.is_some() || self.export_model.is_some();
        // The picture of stays needs no run.
        let draws_days = self.plot.is_some() && !self.assumed.has_stays();
        self.by == SimulationBy::Assumed && !is_written && !draws_days
    }

    /// Whether scenarios run beside the network as it is.
    fn has_beside(&self) -> bool {
        !self.after.scenario.is_empty() && self.after.on.is_none()
    }

    /// The figure that scenarios are ranked by, where one is named for that.
    fn rank_by(&self) -> Option<Figure> {
        let figure = input::figure(self.figure.as_ref()?).ok()?;
        figure.is_burden().then_some(figure)
    }

    /// Faults of a figure that no width is asked of.
    fn check_rank(&self, faults: &mut Faults) {
        let Some(name) = &self.figure else { return };
        if !self.has_beside() || self.by != SimulationBy::Region {
            faults
                .add(&fault!("--figure needs --until-half-width, or --scenario with --by region"));
            return;
        }
        let Some(figure) = faults.note(input::figure(name)) else { return };
        if !figure.is_burden() {
            let key = figure.key();
            faults.add(&fault!("--figure {key}: fewer of it is not better, so scenarios are not ranked by it; without --until-half-width take another one", key));
        }
    }

    fn until(&self, faults: &mut Faults) -> Option<Precision> {
        let Some(width) = self.until_half_width else {
            self.check_rank(faults);
            return None;
        };
        if !(width.is_finite() && width > 0.0) {
            faults.add(&fault!("--until-half-width {width}: a number above 0 is needed", width));
        }
        let figure = match &self.figure {
            None => Figure::Occupancy,
            Some(key) => faults.note(input::figure(key))?,
        };
        let half_width = if figure.is_share() { width / 100.0 } else { width };
        Some(Precision { figure, half_width })
    }
}

/// Whether so many per cent of the beds can be staffed.
fn is_staffed(percent: f64) -> bool {
    percent > 10.0 && percent <= 100.0
}

fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("parquet"))
}

/// The region of each scenario at the start of the run, and what of the scenario the run follows.
pub(super) fn started<'r>(
    region: &'r Region,
    scenarios: &'r [CheckedScenario],
) -> anyhow::Result<Vec<Started<'r>>> {
    let mut runs = Vec::with_capacity(scenarios.len());
    for scenario in scenarios {
        let key = &scenario.key;
        let started = Started::new(region, scenario).map_err(|error| {
            fault!(
                "scenario \"{key}\"\n{error}{way_out}",
                key,
                error,
                way_out = words::of(way_out(&error))
            )
        })?;
        if let Some(from) = started.brought_forward {
            let day = region.network().date();
            remark(&message!(
                "scenario \"{key}\": what it changes in hospitals, places and cases by {from} is in force from the first day of the run on, {day}",
                key,
                from,
                day
            ));
        }
        runs.push(started);
    }
    Ok(runs)
}

/// What shows a scenario that a run cannot follow, on whatever day it starts.
fn way_out(error: &SimulationError) -> &'static str {
    let SimulationError::Problems(problems) = error else { return "" };
    let is_ending =
        |problem: &Problem| problem.kind == ProblemKind::Conflict && problem.field == "until";
    if problems.list().iter().any(is_ending) {
        "\n`verbund compare` shows the region before and after it"
    } else {
        ""
    }
}

/// Figures are compared ward by ward, so all runs need the same hospitals and wards.
fn same_wards(flows: &[PatientFlow<'_>]) -> anyhow::Result<()> {
    let Some(name) = other_wards(flows) else { return Ok(()) };
    bail!(fault!(
        "scenario \"{name}\" opens or closes hospitals or departments, and these tables go ward by ward; `verbund compare --simulate` sets such a scenario beside the region, --on DATE simulates the network as it is then, or close departments in its course with CloseDepartment",
        name
    ));
}

/// Most wards of all replications and runs together: what they count is kept in memory, about 2 GB.
const MOST_ROWS: u64 = 20_000_000;

/// Refuses more replications than fit into memory.
fn refuse_too_much(flows: &[PatientFlow<'_>], replications: u64) -> anyhow::Result<()> {
    let wards: u64 = flows.iter().map(|flow| flow.wards().len() as u64).sum();
    let most = MOST_ROWS / wards.max(1);
    if replications > most {
        bail!(fault!(
            "--replications {replications}: with {wards} wards, at most {most} are possible, as what each counts is kept",
            replications,
            wards,
            most
        ));
    }
    Ok(())
}

/// Writes the queueing model of a flow, unless `verbund queue` would not read it.
fn write_model(path: &Path, flow: &PatientFlow<'_>) -> anyhow::Result<()> {
    // Without spaces: indented, the thousands of streams of a region are more than twice as long.
    let text = serde_json::to_string(flow.model())?;
    if text.len() as u64 > LONGEST_FILE {
        let (has, most) = (text.len().div_ceil(1_000_000), LONGEST_FILE / 1_000_000);
        bail!(fault!(
            "the model has {has} MB; at most {most} MB are read by `verbund queue`",
            has,
            most
        ));
    }
    let mut file = WholeFile::create(path)?;
    file.write_all(text.as_bytes())?;
    file.finish()?;
    Ok(())
}

/// Writes every stay of replication 0 of all flows; how many there are.
fn write_trace(path: &Path, flows: &[PatientFlow<'_>], seed: Seed) -> anyhow::Result<u64> {
    let mut count = 0;
    let out = std::io::BufWriter::with_capacity(1 << 16, WholeFile::create(path)?);
    let out = if is_parquet(path) {
        write_parquet(out, flows, seed, &mut count)?
    } else {
        let mut file = CsvTrace::new(out)?;
        for flow in flows {
            trace(flow, seed, 0, |stay| {
                count += 1;
                file.stay(stay)
            })?;
        }
        file.finish()?
    };
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.finish()?;
    Ok(count)
}

#[cfg(feature = "parquet")]
fn write_parquet<W: std::io::Write + Send>(
    out: W,
    flows: &[PatientFlow<'_>],
    seed: Seed,
    count: &mut u64,
) -> anyhow::Result<W> {
    let mut file = verbund::simulation::ParquetTrace::new(out)?;
    for flow in flows {
        trace(flow, seed, 0, |stay| {
            *count += 1;
            file.stay(stay)
        })?;
    }
    Ok(file.finish()?)
}

#[cfg(not(feature = "parquet"))]
fn write_parquet<W: std::io::Write + Send>(
    _: W,
    _: &[PatientFlow<'_>],
    _: Seed,
    _: &mut u64,
) -> anyhow::Result<W> {
    bail!(fault!("built without the feature parquet"))
}

/// What the flags name, read and checked.
struct Read {
    networks: Networks,
    /// Key of the pathway.
    pathway: Option<String>,
    chosen: ChosenSettings,
}

/// Reads what the flags name; every fault of them is told at once.
fn read(common: &Common, arguments: &Arguments, mut faults: Faults) -> anyhow::Result<Read> {
    let networks = arguments.after.read_noting(common, &mut faults)?;
    let Networks { model, region, .. } = &networks;
    if networks.on.is_none() {
        // Of a network after a change it is looked up there: one may open by it.
        input::maybe_hospital(model, region, arguments.hospital.as_ref(), &mut faults);
    }
    let pathway: Option<&Pathway> = match &arguments.pathway {
        Some(name) => faults.note(input::pathway(region, name)),
        None => None,
    };
    let pathway = pathway.map(|pathway| pathway.key.clone());
    let mut chosen = arguments.chosen(common, region.network(), &mut faults);
    arguments.count_in(region, &mut chosen, &mut faults);
    faults.tell()?;
    Ok(Read { networks, pathway, chosen })
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    let mut faults = Faults::default();
    let plan = arguments.asked(common, &mut faults);
    let read = read(common, arguments, faults)?;
    let networks = &read.networks;
    let run = Run { common, arguments, plan, read: &read };
    if networks.on.is_some() {
        return networks.answer(common, |region| run.simulated(region, &[]));
    }
    run.simulated(&networks.region, &networks.runs()?)?.print(common)
}

/// What a run is asked for.
#[derive(Clone, Copy)]
struct Run<'c> {
    common: &'c Common,
    arguments: &'c Arguments,
    plan: RunPlan,
    read: &'c Read,
}

impl Run<'_> {
    /// The patients of a region, and beside it under scenarios.
    fn simulated(
        &self,
        region: &Region,
        scenarios: &[CheckedScenario],
    ) -> anyhow::Result<Answered> {
        let (chosen, plan) = (&self.read.chosen, self.plan);
        let settings = chosen.settings();
        let networks = &self.read.networks;
        if self.arguments.only_lists() {
            self.draw_stays(region)?;
            let document = report::simulation_settings(region, chosen)?;
            return Ok(Answered::done(document));
        }
        let name = self.arguments.hospital.as_ref();
        let hospital = name.map(|name| input::hospital(&networks.model, region, name));
        let hospital = hospital.transpose()?;

        let waiting = input::waiting("setting the patient flow up");
        let started = started(region, scenarios)?;
        // The network as it is comes first: every scenario is held against it.
        let mut flows = vec![PatientFlow::new(region, settings, None)?];
        for run in &started {
            flows.push(run.patients(settings)?);
        }
        same_wards(&flows)?;
        refuse_too_much(&flows, plan.replications)?;
        waiting.finish_and_clear();
        if let Some(path) = &self.arguments.export_model {
            write_model(path, &flows[0])
                .with_context(|| format!("--export-model {}", path.display()))?;
        }
        let traced = match &self.arguments.trace {
            None => None,
            Some(path) => Some(traced(path, &flows, plan.seed)?),
        };

        let bar = input::bar(plan.replications, "replications");
        let kept = "the replications that are finished are kept";
        let results = interrupt::watched(kept, &bar, |control| simulate(&flows, plan, control));
        let is_interrupted = results.ended() == Ended::Interrupted;
        if is_interrupted {
            let (done, most) = (results.replications(), plan.replications);
            tell(&message!("interrupted after {done} of {most} replications", done, most));
            if done == 0 {
                return Ok(Answered::interrupted());
            }
        }
        results.adds_up()?;
        if let Some(path) = self.arguments.plot() {
            self.draw(path, hospital, &results)?;
        }
        let (band, is_cut) = self.band(region)?;
        let is_interrupted = is_interrupted || is_cut;
        let mut document = self.document(hospital, &results, band.as_ref());
        if let Some(traced) = traced {
            document = document.about("trace", traced);
        }
        drop(results);
        if networks.on.is_none() {
            // They are many small pieces, and the program ends with them: the system takes them back faster. Where
            // other networks follow, they need the room.
            mem::forget(flows);
        }
        Ok(Answered::new(document, Ending::interrupted_if(is_interrupted)))
    }

    /// Draws the stays that are known, where a picture is asked for.
    fn draw_stays(&self, region: &Region) -> anyhow::Result<()> {
        let Some(path) = self.arguments.plot() else { return Ok(()) };
        let Some(stays) = &self.read.chosen.settings().stays else { return Ok(()) };
        plot::write(path, verbund::plot::stays(stays, &Source::of(region)))
    }

    /// The band of what is assumed, where it is asked for, and whether somebody stopped it.
    fn band(&self, region: &Region) -> anyhow::Result<(Option<Hypercube>, bool)> {
        let Some(points) = self.arguments.band else { return Ok((None, false)) };
        let chosen = &self.read.chosen;
        let replications = self.plan.replications.min(REPLICATIONS_OF_BAND);
        let plan = RunPlan { replications, until: None, ..self.plan };
        let study = Sensitivity::new(region, chosen.settings()).plan(plan).chosen(chosen);
        let bar = input::bar(u64::from(points), "points");
        let kept = "the replications and points that are finished are kept";
        // The replications are finished: a signal does not take them away.
        interrupt::keep();
        let cube =
            interrupt::watched(kept, &bar, |control| study.hypercube(points as usize, control))?;
        let is_cut = cube.ended == Ended::Interrupted;
        if is_cut {
            let done = cube.points.len();
            tell(&said!("interrupted after {done} of {points} points", done, points));
        }
        // Of fewer, 5 % and 95 % are the least and the most.
        let is_enough = cube.points.len() >= LEAST_POINTS;
        Ok((is_enough.then_some(cube), is_cut))
    }

    /// Draws how full the beds get.
    fn draw(
        &self,
        path: &Path,
        hospital: Option<HospitalId>,
        results: &Results<'_, '_>,
    ) -> anyhow::Result<()> {
        let networks = &self.read.networks;
        let region = results.flows()[0].region();
        let scope = hospital.map_or(Scope::Inside, Scope::Hospital);
        let mut curves = Vec::new();
        for (number, flow) in results.flows_with_indices() {
            let days = results.census_by_day(number, hospital);
            curves.push(OccupancyCurve::new(flow.name(), results.beds(number, scope), days));
        }
        let done = results.replications() as u64;
        let mut view = OccupancyView::new(region.network().date(), done, curves);
        if let Some(hospital) = hospital {
            view = view.of_hospital(region.network()[hospital].name.as_str());
        }

        let settings = self.read.chosen.settings();
        // Scenarios beside the network as it is are named by their lines.
        let source = match networks.on {
            Some(_) => plot::source(region, networks),
            None => Source::of(region),
        };
        let mut source = source.remark(said!(
            "{days} days after {warm_up}; seed {seed}",
            days = settings.days,
            warm_up = settings.warm_up_days,
            seed = self.arguments.seed
        ));
        if results.ended() == Ended::Interrupted {
            let most = self.plan.replications;
            source = source.remark(said!("partial: {done} of {most} replications", done, most));
        }
        plot::write(path, super::language::for_reader(|| verbund::plot::occupancy(&view, &source)))
    }

    fn document(
        &self,
        hospital: Option<HospitalId>,
        results: &Results<'_, '_>,
        band: Option<&Hypercube>,
    ) -> Document {
        let view = SimulationView {
            by: self.arguments.by,
            all: self.arguments.all,
            hospital,
            condition: self.read.pathway.as_deref(),
            rank_by: self.arguments.rank_by(),
            band,
            narrow: self.common.format == Format::Table,
        };
        let mut document = report::simulation(results, &view);
        let chosen = &self.read.chosen;
        if let Some(told) = chosen.in_words() {
            document = document.about("settings", told);
        }
        // After a change the head tells the day itself.
        let remark =
            self.read.networks.remark.as_deref().filter(|_| self.read.networks.on.is_none());
        let document = scenarios::tell_day(document, remark);
        // One table stays one table in CSV; what is assumed is counted in every output.
        if self.common.is_one_table() || self.arguments.by == SimulationBy::Assumed {
            return document;
        }
        let wards = results.flows()[0].wards();
        document.section(report::simulation_assumed(chosen, wards, false))
    }
}

/// Most replications of a point of a band: what is assumed moves the figures further than chance.
const REPLICATIONS_OF_BAND: u64 = 4;

/// Fewer points make no band.
const LEAST_POINTS: usize = 8;

/// Writes the trace; what the document says of it.
fn traced(path: &Path, flows: &[PatientFlow<'_>], seed: Seed) -> anyhow::Result<String> {
    let waiting = input::waiting("writing the trace");
    let count =
        write_trace(path, flows, seed).with_context(|| format!("--trace {}", path.display()))?;
    waiting.finish_and_clear();
    Ok(said!("{count} stays of replication 0 in {path}", count, path = path.display()))
}
