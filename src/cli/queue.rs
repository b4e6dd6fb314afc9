//! `verbund queue`

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args;
use verbund::disk::{self, WholeFile};
use verbund::problem::{Problem, ProblemKind, Problems};
use verbund::queueing::{Ended, FileFormat, Model, Record, Simulator, Summary, Visit};
use verbund::random::Seed;
use verbund::report;
use verbund::said;

use super::faults::Faults;
use super::faults::fault;
use super::language::message;
use super::terminal::tell;
use super::{Common, Ending, input, interrupt, output};

/// Most arrivals from outside in a replication that are expected, most replications, and most stations of all
/// replications together: what they count is kept in memory.
const MOST_ARRIVALS: f64 = 1e10;
const MOST_REPLICATIONS: i64 = 1_000_000;
const MOST_ROWS: u64 = 2_000_000;

/// Least and most parts of a long run, and from which correlation on they are too short.
const LEAST_BATCHES: i64 = 2;
const MOST_BATCHES: i64 = 1000;
const HANGS_TOGETHER: f64 = 0.3;

/// Most pairs of a class or a stream with a station whose waits are told.
const MOST_GROUPS: usize = 1000;

/// Most bytes of a model's file: what is longer is no model, or does not fit into memory.
pub(super) const LONGEST_FILE: u64 = 250_000_000;

/// How models are written, for the help.
pub(super) const NOTATION: &str = "\
The model is a file in JSON or RON: a whole model (docs: queueing::Model), or in JSON a
short form with a type: MMc (servers, lambda, mu, queue_capacity), MGcc (servers, lambda, los,
queue_capacity) or net (nodes, routing, capacity, external_full), each with name, time_unit (s, min,
h, d or w), warmup and horizon. Rates and times of the file are in its unit; results are in minutes.
Statistics run from the warm-up to the horizon; counts are means of the replications. Waits and
lengths are told by class and by stream, too, where a model has several of either, and at most 1,000
pairs of one with a station. A warm-up that is too short (by MSER-5) and stations where the number of
customers grows all the time are named.

Example:
  {\"type\": \"MMc\", \"name\": \"desk\", \"time_unit\": \"h\", \"servers\": 2, \"lambda\": 3.0, \"mu\": 2.0,
   \"queue_capacity\": null, \"warmup\": 100, \"horizon\": 1100}";

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// File of the model, ending in .json or .ron
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// The same as --seed
    #[arg(value_name = "SEED", conflicts_with = "seed")]
    second: Option<u64>,
    /// How many times
    #[arg(long, value_name = "COUNT", default_value_t = 20, allow_negative_numbers = true)]
    replications: i64,
    /// One long run in place of replications, the time after the warm-up cut into so many parts: intervals are those of
    /// the parts
    #[arg(
        long,
        value_name = "PARTS",
        allow_negative_numbers = true,
        conflicts_with = "replications"
    )]
    batches: Option<i64>,
    /// What all random numbers start from
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Hours that are counted after the warm-up, instead of what the model says
    #[arg(long, value_name = "HOURS", allow_negative_numbers = true, conflicts_with = "days", value_parser = super::input::number)]
    hours: Option<f64>,
    /// Days that are counted after the warm-up, instead of what the model says
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true, value_parser = super::input::number)]
    days: Option<f64>,
    /// Write every stay of replication 0 to this file, as CSV: customer, stay, stream, class, station, first choice,
    /// and when it came, started, ended and went, in the model's unit from time 0 on
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
}

impl Arguments {
    /// Replications, or parts of a long run.
    fn runs(&self) -> u64 {
        self.batches.unwrap_or(self.replications) as u64
    }

    /// The file of the trace.
    pub(super) fn trace(&self) -> Option<&Path> {
        self.trace.as_deref()
    }
}

/// The model with the hours that the flags count; every fault of them is told at once.
fn read(common: &Common, arguments: &Arguments) -> anyhow::Result<Model> {
    let mut faults = Faults::default();
    if common.network.is_some() || common.as_of.is_some() || common.allow_outside {
        faults.add(&fault!(
            "--network, --as-of and --allow-outside: a model of stations has no network and no day"
        ));
    }
    if !(1..=MOST_REPLICATIONS).contains(&arguments.replications) {
        let given = arguments.replications;
        faults.add(&fault!(
            "--replications {given}: 1 to {most_replications} are possible",
            given,
            most_replications = MOST_REPLICATIONS
        ));
    }
    if let Some(given) = arguments.batches
        && !(LEAST_BATCHES..=MOST_BATCHES).contains(&given)
    {
        faults.add(&anyhow!("--batches {given}: {LEAST_BATCHES} to {MOST_BATCHES} are possible"));
    }
    let span = [("--hours", arguments.hours, 1.0), ("--days", arguments.days, 24.0)];
    let mut counted_hours = None;
    for (flag, value, hours) in span {
        let Some(value) = value else { continue };
        if !(value.is_finite() && value > 0.0) {
            faults.add(&fault!("{flag} {value}: a number above 0 is needed", flag, value));
        }
        counted_hours = Some(value * hours);
    }
    faults.note(output::check(common));
    if let Some(path) = &arguments.trace {
        faults.note(output::check_file("--trace", path));
        faults.note(output::check_other(common, "--trace", path));
    }
    faults.note(output::refuse_input(&arguments.model));
    let model = read_model(&arguments.model).map_err(|error| anyhow!("{error}"));
    let mut model = faults.need(model)?;
    faults.tell()?;
    if let Some(hours) = counted_hours {
        model.horizon = model.warm_up + hours / model.time_unit.hours();
    }
    refuse_too_much(&model, arguments.runs())?;
    Ok(model)
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    let model = read(common, arguments)?;
    let name = arguments.model.display();
    let simulator = Simulator::new(&model).map_err(|error| anyhow!("{name}: {error}"))?;
    let groups = has_groups(&model);
    let record = Record { waits: true, groups, levels: true, ..Record::default() };
    let simulator = simulator.record(record);
    let seed = Seed(arguments.second.unwrap_or(arguments.seed));
    let traced = match &arguments.trace {
        None => None,
        Some(path) => Some(traced(path, &simulator, seed)?),
    };

    let most = arguments.runs();
    let summary = if arguments.batches.is_some() {
        let bar = input::bar(most, "parts");
        let kept = "the parts that are over are kept";
        interrupt::watched(kept, &bar, |control| simulator.long_run(seed, most, control))
    } else {
        let bar = input::bar(most, "replications");
        let kept = "the replications that are finished are kept";
        interrupt::watched(kept, &bar, |control| simulator.replications(seed, most, control))
    };
    let is_interrupted = summary.ended == Ended::Interrupted;
    if is_interrupted {
        let done = summary.runs.len();
        if arguments.batches.is_some() {
            tell(&message!("interrupted after {done} of {most} parts", done, most));
        } else {
            tell(&message!("interrupted after {done} of {most} replications", done, most));
        }
        if done == 0 {
            return Ok(Ending::Interrupted);
        }
    }
    refuse_faults(&summary, &arguments.model)?;
    let mut document = report::queue(&model, &summary, seed);
    if arguments.batches.is_some() {
        document = document.about("batches", batches(&summary, most));
    }
    document.about.insert(0, ("file", name.to_string().into()));
    if let Some(traced) = traced {
        document = document.about("trace", traced);
    }
    output::print(common, &document)?;
    Ok(Ending::interrupted_if(is_interrupted))
}

/// What is said of the parts of a long run.
fn batches(summary: &Summary, parts: u64) -> String {
    let said = format!("one run, cut into {parts} parts in place of replications");
    match summary.correlation() {
        Some(together) if together > HANGS_TOGETHER => format!(
            "{said}; each hangs together with the one before (correlation {together:.2}): they are too short for the \
             intervals, which are too narrow"
        ),
        Some(together) => format!("{said} (correlation of one with the next {together:.2})"),
        None => said,
    }
}

/// Whether waits by class and stream are told: where there are several of either, and the tables can be read.
fn has_groups(model: &Model) -> bool {
    let (classes, streams) = (model.classes.len(), model.streams.len());
    let rows = (classes + streams) * model.stations.len();
    (classes > 1 || streams > 1) && rows <= MOST_GROUPS
}

/// Writes the trace; what the document says of it.
fn traced(path: &Path, simulator: &Simulator, seed: Seed) -> anyhow::Result<String> {
    let waiting = input::waiting("writing the trace");
    let count = write_trace(path, simulator, seed)
        .with_context(|| format!("--trace {}", path.display()))?;
    waiting.finish_and_clear();
    Ok(said!("{count} stays of replication 0 in {path}", count, path = path.display()))
}

/// An error where a run was given up, or does not add up.
fn refuse_faults(summary: &Summary, model: &Path) -> anyhow::Result<()> {
    for run in &summary.runs {
        let faults = run.faults().join("\n");
        // Too many customers are the model's own doing; anything else is a fault of this program.
        if run.overcrowded.is_some() {
            bail!(fault!(
                "{model}: replication {replication}: {faults}",
                model = model.display(),
                replication = run.replication,
                faults
            ));
        }
        if !faults.is_empty() {
            bail!(fault!(
                "the simulation does not add up; please report this with the model\n{faults}",
                faults
            ));
        }
    }
    Ok(())
}

/// Reads the file of a model and checks the model as a whole.
///
/// # Errors
///
/// That the file cannot be read, is no regular file, is larger than 250 MB or is no UTF-8; else all that
/// [`Model::parse`] finds. A name without the end of a model is told before anything is read.
fn read_model(path: &Path) -> Result<Model, Problems> {
    let name = path.display().to_string();
    let mut text = String::new();
    if FileFormat::of(path).is_some() {
        let bytes = disk::read_regular(path, LONGEST_FILE).map_err(|error| {
            fault_of_file(&name, ProblemKind::Unreadable, None, error.to_string())
        })?;
        text = disk::decode(&bytes).map_err(|wrong| {
            let place = Some((wrong.line, wrong.column));
            fault_of_file(&name, ProblemKind::Encoding, place, wrong.message)
        })?;
    }
    Model::parse(&text, &name)
}

/// The only fault of a file, at a line and column where it has a place.
fn fault_of_file(
    name: &str,
    kind: ProblemKind,
    place: Option<(u32, u32)>,
    message: String,
) -> Problems {
    let problem = Problem {
        kind,
        file: Some(name.to_owned()),
        line: place.map(|(line, _)| line),
        column: place.map(|(_, column)| column),
        entity: String::new(),
        field: String::new(),
        message,
        expected: String::new(),
        closest: None,
    };
    std::iter::once(problem).collect()
}

/// A run that would take days, or more memory than there is.
fn refuse_too_much(model: &Model, replications: u64) -> anyhow::Result<()> {
    let rows = replications.saturating_mul(model.stations.len() as u64);
    if rows > MOST_ROWS {
        bail!(fault!(
            "{replications} replications of {stations} stations: at most {most_rows} together are possible; take fewer --replications",
            replications,
            stations = model.stations.len(),
            most_rows = MOST_ROWS
        ));
    }
    let mut arrivals = 0.0;
    for stream in &model.streams {
        arrivals += stream.arrivals.expected(model.horizon);
    }
    if arrivals > MOST_ARRIVALS {
        bail!(fault!(
            "{arrivals} arrivals are expected up to the horizon of {horizon} {symbol}; at most {most_arrivals} are possible",
            arrivals = format!("{:.1e}", arrivals),
            horizon = model.horizon,
            symbol = model.time_unit.symbol(),
            most_arrivals = format!("{:.0e}", MOST_ARRIVALS)
        ));
    }
    Ok(())
}

/// Writes every stay of replication 0, in the order of their ends; how many there are.
fn write_trace(path: &Path, simulator: &Simulator, seed: Seed) -> anyhow::Result<u64> {
    let mut draft = WholeFile::create(path)?;
    let mut count = 0;
    let mut fault = None;
    {
        // The draft is lent in here, and gets its name behind the block, once every row is in it.
        let mut rows = csv::Writer::from_writer(std::io::BufWriter::new(&mut draft));
        let unit = simulator.model().time_unit.symbol();
        let times = ["came", "started", "ended", "went"].map(|what| format!("{what}_{unit}"));
        let [came, started, ended, went] = &times;
        let keys = ["customer", "visit", "stream", "class", "station", "first_choice"];
        let header = keys.into_iter().chain([came, started, ended, went].map(String::as_str));
        rows.write_record(header.chain(["forced", "outcome"]))?;
        simulator.watch(seed, 0, &mut |visit: &Visit| {
            count += 1;
            // A replication cannot be stopped from here: after a fault it only goes on without writing.
            if fault.is_none() {
                fault = rows.write_record(row(simulator.model(), visit)).err();
            }
        });
        if let Some(fault) = fault {
            return Err(fault.into());
        }
        rows.flush()?;
    }
    draft.finish()?;
    Ok(count)
}

/// A stay as the trace writes it; empty where there is nothing.
fn row(model: &Model, visit: &Visit) -> [String; 12] {
    let time = |time: Option<f64>| time.map_or_else(String::new, |time| time.to_string());
    let stream = model.streams.get(visit.stream as usize);
    let class = model.classes.get(visit.class as usize);
    [
        format!("{:016x}", visit.customer),
        visit.visit.to_string(),
        stream.map_or_else(String::new, |stream| stream.key.clone()),
        class.map_or_else(String::new, |class| class.key.clone()),
        model.stations[visit.station as usize].key.clone(),
        model.stations[visit.first as usize].key.clone(),
        visit.came.to_string(),
        time(visit.started),
        time(visit.ended),
        visit.went.to_string(),
        visit.forced.to_string(),
        format!("{:?}", visit.outcome).to_lowercase(),
    ]
}
