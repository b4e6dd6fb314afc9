//! `verbund simulate`

use std::borrow::Cow;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};
use verbund::Region;
use verbund::disk::WholeFile;
use verbund::model::{HospitalId, Problem, ProblemKind, Scenario};
use verbund::random::Seed;
use verbund::report::{self, SimulationBy, SimulationView};
use verbund::routing::{Choice, Huff};
use verbund::simulation::{
    CsvTrace, Ended, Figure, PatientFlow, Plan, Precision, Results, Settings, SimulationError,
    simulate, start_of_run, structure_from, trace,
};

use super::query::Faults;
use super::terminal::{remark, tell};

use super::{Common, Format, INTERRUPTED, input, interrupt, output, scenarios};

/// Most replications where the width of an interval says when to stop.
const MOST: i64 = 1000;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Days that are counted, from the day of the network (or --as-of) on
    #[arg(long, value_name = "DAYS", default_value_t = 365, allow_negative_numbers = true)]
    days: i64,
    /// Days before them, from hospitals as full as their patients make them, that are not counted
    #[arg(long, value_name = "DAYS", default_value_t = 28, allow_negative_numbers = true)]
    warm_up: i64,
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
    /// Figure of --until-half-width, of all hospitals inside [default: `occupancy_share`]
    #[arg(long, value_name = "KEY", requires = "until_half_width")]
    figure: Option<String>,
    /// File of a scenario, or name of one that the network brings, such as `winter`, to set beside
    /// the network as it is (a file comes first; `network:winter` always is the network's); the same
    /// patients come in both. Can be given several times
    #[arg(long, value_name = "FILE")]
    scenario: Vec<std::ffi::OsString>,
    /// Write every stay of replication 0 to this file: CSV, or Parquet where it ends in .parquet and the program was
    /// built with that feature
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// What the rows are
    #[arg(long, value_enum, default_value_t = By::Region)]
    by: By,
    /// Only this hospital [with --by hospital, ward, hour, day]
    #[arg(long, value_name = "HOSPITAL")]
    hospital: Option<String>,
    /// Only this care pathway [with --by condition, place]
    #[arg(long, value_name = "PATHWAY")]
    condition: Option<String>,
    /// Hospitals outside, places where nothing happens and differences that may be chance, too
    #[arg(long)]
    all: bool,
    /// How patients choose a hospital, those of care pathways aside
    #[arg(long, value_enum, default_value_t = Chosen::Huff)]
    choice: Chosen,
    /// Beds that are staffed on average, where the network does not say [default: 95]
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true, value_parser = super::input::number)]
    staffed: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Chosen {
    /// Everybody goes to the nearest hospital
    Nearest,
    /// Shares by beds and time
    Huff,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// All hospitals inside
    Region,
    /// One row a hospital
    Hospital,
    /// One row a department or intensive care unit
    Ward,
    /// One row a cooperation that was used
    Cooperation,
    /// One row a care pathway and stage
    Condition,
    /// One row a place, care pathway and stage
    Place,
    /// Occupied beds by part of the day; in CSV and JSON by hour of the week
    Hour,
    /// Occupied beds by day
    Day,
    /// What nobody published and is assumed
    Assumed,
}

impl By {
    fn rows(self) -> SimulationBy {
        match self {
            Self::Region => SimulationBy::Region,
            Self::Hospital => SimulationBy::Hospital,
            Self::Ward => SimulationBy::Ward,
            Self::Cooperation => SimulationBy::Cooperation,
            Self::Condition => SimulationBy::Condition,
            Self::Place => SimulationBy::Place,
            Self::Hour => SimulationBy::Hour,
            Self::Day => SimulationBy::Day,
            Self::Assumed => SimulationBy::Assumed,
        }
    }
}

/// What the flags ask for, checked.
struct Asked {
    settings: Settings,
    plan: Plan,
}

impl Arguments {
    /// The file of the trace.
    pub(super) fn trace(&self) -> Option<&Path> {
        self.trace.as_deref()
    }

    /// What the flags say without the network; every fault of them is told at once.
    fn asked(&self, common: &Common, faults: &mut Faults) -> Asked {
        faults.take(output::check(common));
        if let Some(path) = &self.trace {
            faults.take(output::check_file("--trace", path));
            if is_parquet(path) && !cfg!(feature = "parquet") {
                faults.add(&anyhow!(
                    "--trace {}: built without the feature parquet; a name that does not end in .parquet gives CSV",
                    path.display()
                ));
            }
            faults.take(output::check_other(common, "--trace", path));
        }
        let mut whole = |flag: &str, value: i64, least: i64, most: i64| {
            if !(least..=most).contains(&value) {
                faults.add(&anyhow!("{flag} {value}: {least} to {most} are possible"));
            }
            value.clamp(least, most)
        };
        let usual = Settings::default();
        let days = whole("--days", self.days, 1, 36_500) as u32;
        let warm_up_days = whole("--warm-up", self.warm_up, 0, 36_500) as u32;
        let default = if self.until_half_width.is_some() { MOST } else { 20 };
        let replications = self.replications.unwrap_or(default);
        let replications = whole("--replications", replications, 1, 1_000_000) as u64;
        let staffed = self.staffed.unwrap_or(100.0 * usual.staffed_share);
        if !(staffed > 10.0 && staffed <= 100.0) {
            faults.add(&anyhow!(
                "--staffed {staffed}: above 10 and at most 100 per cent are possible"
            ));
        }
        for (flag, is_given, is_fitting) in [
            (
                "--hospital",
                self.hospital.is_some(),
                [By::Hospital, By::Ward, By::Hour, By::Day].contains(&self.by),
            ),
            (
                "--condition",
                self.condition.is_some(),
                [By::Condition, By::Place].contains(&self.by),
            ),
        ] {
            if is_given && !is_fitting {
                let by = if flag == "--hospital" {
                    "hospital, ward, hour or day"
                } else {
                    "condition or place"
                };
                faults.add(&anyhow!("{flag} needs --by {by}"));
            }
        }
        if self.all && !self.has_more() {
            faults.add(&anyhow!("--all changes nothing in the table that is shown"));
        }
        let choice = match self.choice {
            Chosen::Nearest => Choice::Nearest,
            Chosen::Huff => Choice::Huff(Huff::default()),
        };
        Asked {
            settings: Settings {
                days,
                warm_up_days,
                choice,
                staffed_share: staffed / 100.0,
                ..usual
            },
            plan: Plan { seed: Seed(self.seed), replications, until: self.until(faults) },
        }
    }

    /// Whether the table that is shown leaves rows out, which `--all` shows.
    fn has_more(&self) -> bool {
        match self.by {
            By::Hospital | By::Ward => self.hospital.is_none() || !self.scenario.is_empty(),
            By::Place => true,
            By::Region | By::Cooperation | By::Condition => !self.scenario.is_empty(),
            By::Hour | By::Day | By::Assumed => false,
        }
    }

    fn until(&self, faults: &mut Faults) -> Option<Precision> {
        let width = self.until_half_width?;
        if !(width.is_finite() && width > 0.0) {
            faults.add(&anyhow!("--until-half-width {width}: a number above 0 is needed"));
        }
        let figure = match &self.figure {
            None => Figure::Occupancy,
            Some(key) => faults.take(input::figure(key))?,
        };
        let half_width = if figure.is_share() { width / 100.0 } else { width };
        Some(Precision { figure, half_width })
    }
}

fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("parquet"))
}

/// The region of each scenario at the start of the run, and what of the scenario the run follows.
pub(super) fn started<'r>(
    region: &'r Region,
    scenarios: &[Scenario],
) -> anyhow::Result<Vec<(Cow<'r, Region>, Scenario)>> {
    let start = |scenario: &Scenario| -> anyhow::Result<(Cow<'r, Region>, Scenario)> {
        if !scenario.changes.iter().any(|one| one.change.is_of_structure()) {
            return Ok((Cow::Borrowed(region), scenario.clone()));
        }
        let (changed, rest) = start_of_run(region, scenario).map_err(|error| {
            anyhow!("scenario \"{}\"\n{error}{}", scenario.key, way_out(&error))
        })?;
        let day = region.network().date();
        if let Some(from) = structure_from(scenario).filter(|from| *from > day.into()) {
            remark(&format!(
                "scenario \"{}\": what it changes in hospitals, places and cases by {from} is in force from the first day of the run on, {day}",
                scenario.key
            ));
        }
        Ok((Cow::Owned(changed), rest))
    };
    scenarios.iter().map(start).collect()
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
    let keys = |flow: &PatientFlow<'_>| -> Vec<String> {
        let hospitals = flow.region().network().hospitals();
        let wards = flow.wards().iter();
        let wards = wards
            .map(|ward| format!("{} {}", hospitals[ward.hospital.index()].key, ward.specialty));
        hospitals.iter().map(|one| one.key.clone()).chain(wards).collect()
    };
    let base = keys(&flows[0]);
    for flow in &flows[1..] {
        if keys(flow) != base {
            bail!(
                "scenario \"{}\" opens or closes hospitals or departments, and these tables go ward by ward; `verbund compare --simulate` sets such a scenario beside the region, or close departments in its course with CloseDepartment",
                flow.name()
            );
        }
    }
    Ok(())
}

/// Most wards of all replications and runs together: what they count is kept in memory, about 2 GB.
const MOST_ROWS: u64 = 20_000_000;

/// Refuses more replications than fit into memory.
fn refuse_too_much(flows: &[PatientFlow<'_>], replications: u64) -> anyhow::Result<()> {
    let wards: u64 = flows.iter().map(|flow| flow.wards().len() as u64).sum();
    let most = MOST_ROWS / wards.max(1);
    if replications > most {
        bail!(
            "--replications {replications}: with {wards} wards, at most {most} are possible, as what each counts is kept"
        );
    }
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
    bail!("built without the feature parquet")
}

/// What does not add up in a run is an error of the program, not of its input.
pub(super) fn refuse_faults(results: &Results<'_, '_>) -> anyhow::Result<()> {
    if results.faults().is_empty() {
        return Ok(());
    }
    bail!(
        "the simulation does not add up; please report this with the network\n{}",
        results.faults().join("\n")
    )
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<u8> {
    let mut faults = Faults::default();
    let Asked { settings, plan } = arguments.asked(common, &mut faults);
    let folder = faults.take(input::folder(common));
    let read = folder.and_then(|folder| {
        Some((folder, faults.take(scenarios::region(common, &arguments.scenario))?))
    });
    let Some((folder, (model, region, remark))) = read else {
        faults.tell()?;
        bail!("the network cannot be read");
    };
    let scenarios = scenarios::read_each(&arguments.scenario, (&folder, &region), &mut faults);
    let name = arguments.hospital.as_deref();
    let hospital: Option<HospitalId> =
        name.and_then(|name| faults.take(input::hospital(&model, &region, name)));
    let name = arguments.condition.as_deref();
    let condition = name.and_then(|name| faults.take(input::pathway(&region, name)));
    faults.tell()?;

    let waiting = input::waiting("setting the patient flow up");
    let started = started(&region, &scenarios)?;
    let base = PatientFlow::new(&region, &settings, None)?;
    let others =
        started.iter().map(|(region, rest)| PatientFlow::new(region, &settings, Some(rest)));
    let flows: Vec<PatientFlow<'_>> =
        std::iter::once(Ok(base)).chain(others).collect::<Result<_, _>>()?;
    same_wards(&flows)?;
    refuse_too_much(&flows, plan.replications)?;
    // They are many small pieces, and the program ends with them: the system takes them back faster.
    let flows = ManuallyDrop::new(flows);
    waiting.finish_and_clear();
    let traced = match &arguments.trace {
        None => None,
        Some(path) => {
            let waiting = input::waiting("writing the trace");
            let count = write_trace(path, &flows, plan.seed)
                .with_context(|| format!("--trace {}", path.display()))?;
            waiting.finish_and_clear();
            Some(format!("{count} stays of replication 0 in {}", path.display()))
        }
    };
    let stop = interrupt::stop("the replications that are finished are kept");
    let bar = input::bar(plan.replications, "replications");
    let results = simulate(&flows, plan, stop, |done| {
        interrupt::keep();
        bar.set_position(done);
    });
    bar.finish_and_clear();
    interrupt::end_at_once();
    let is_interrupted = results.ended() == Ended::Interrupted;
    if is_interrupted {
        let (done, most) = (results.replications(), plan.replications);
        tell(&format!("interrupted after {done} of {most} replications"));
        if done == 0 {
            return Ok(INTERRUPTED);
        }
    }
    refuse_faults(&results)?;
    let view = SimulationView {
        by: arguments.by.rows(),
        all: arguments.all,
        hospital,
        condition: condition.map(|one| one.key.as_str()),
        narrow: common.format == Format::Table,
    };
    let mut document = report::simulation(&results, &view);
    document = scenarios::tell_day(document, remark.as_deref());
    if let Some(traced) = traced {
        document = document.about("trace", traced);
    }
    // One table stays one table in CSV; what is assumed is counted in every output.
    if !common.format.is_csv() && arguments.by != By::Assumed {
        document = document.section(report::simulation_assumed(&results, false));
    }
    output::print(common, &document)?;
    Ok(if is_interrupted { INTERRUPTED } else { 0 })
}
