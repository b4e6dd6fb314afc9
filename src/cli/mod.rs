//! The program: flags, subcommands, output. One file per subcommand.

mod after;
mod alliance;
mod beds;
mod beds_where;
mod check;
mod choice;
mod closures;
mod compare;
mod completions;
mod cooperation;
mod coverage;
mod critical;
mod faults;
mod flows;
mod graph;
mod help;
mod hints;
#[cfg(feature = "import")]
mod import;
mod info;
mod init;
mod input;
mod interrupt;
mod isochrone;
mod language;
mod output;
#[cfg(feature = "page")]
mod page;
#[cfg(feature = "page")]
mod page_pictures;
mod pathway;
mod plot;
mod query;
mod queue;
mod renamed;
mod report;
mod roads;
mod route;
mod rules;
mod scenarios;
mod sensitivity;
#[cfg(feature = "serve")]
mod serve;
mod settings;
mod simulate;
mod tables;
mod terminal;
mod threads;
mod travel_times;
mod usage;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use faults::fault;
use output::Output;
use terminal::tell;
use verbund::report::render::Format;
use verbund::roads::{RoadProfile, RoadSide};
use verbund::words::Language;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    /// All is done.
    Done,
    /// There is a finding: a gap, or a network with problems.
    Finding,
    /// Somebody stopped it; what was finished by then is printed.
    Interrupted,
}

impl Ending {
    /// The exit code.
    fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Finding => FINDING,
            Self::Interrupted => INTERRUPTED,
        }
    }

    fn finding_if(is_finding: bool) -> Self {
        if is_finding { Self::Finding } else { Self::Done }
    }

    fn interrupted_if(is_interrupted: bool) -> Self {
        if is_interrupted { Self::Interrupted } else { Self::Done }
    }
}

/// Exit code of a finding: a gap, or a network with problems.
const FINDING: u8 = 1;
/// Exit code of a usage or input error.
// The parser of flags ends with 2 as well.
const WRONG_INPUT: u8 = 2;
/// Exit code after Ctrl-C or SIGTERM.
// 128 + 2, which shells give for a program that Ctrl-C ended. SIGTERM gives the same: for a script, both mean
// that the result is not whole.
const INTERRUPTED: u8 = 130;

/// Who in a region reaches which care in what time, which way patients go to definitive care, and
/// what one cooperation changes in that.
///
/// Without --network, the region Leipzig / Nordwestsachsen is used, which comes with the program.
/// Results go to standard output, notes to standard error. Exit codes: 0 done, 1 a finding (a gap
/// with --fail-on-gap, problems found by check), 2 a usage or input error, 130 interrupted (Ctrl-C
/// or SIGTERM). On a terminal, `NO_COLOR` leaves out colours and bold letters, while a line that shows
/// progress still moves; `TERM=dumb` leaves out both.
#[derive(Debug, Parser)]
#[command(
    name = "verbund",
    version,
    max_term_width = 100,
    after_help = "Start with:  verbund report"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

/// Flags that every command has.
#[derive(Debug, Clone, Args)]
struct Common {
    /// Folder of the network, or `leipzig` or `small`, which come with the program [default: leipzig].
    /// `germany` is networks/germany of the source code, where the program runs in it. A folder of that name in
    /// the working directory comes first; `builtin:small` always is the one
    /// that comes with the program
    #[arg(long, global = true, value_name = "FOLDER")]
    network: Option<PathBuf>,
    /// Let the files of the network and of scenarios name any file of this computer; otherwise they may
    /// only name files of their own folder and of a catalog in it or beside it
    #[arg(long, global = true)]
    allow_outside: bool,
    /// Day to look at, such as 2025-05-01 [default: the day of the network's file]
    #[arg(long, global = true, value_name = "DATE")]
    // A text, as commands tell a wrong day together with their other faults, and a parser tells it alone.
    as_of: Option<String>,
    /// Measure every journey over these roads, by car: a file that `verbund roads import` made, or an extract of
    /// OpenStreetMap (.osm.pbf, .osm, .osm.gz), which takes longer [default: the travel times of the network]
    #[arg(long, global = true, value_name = "FILE")]
    roads: Option<PathBuf>,
    /// With --roads: when people drive
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = RoadProfile::Free)]
    profile: RoadProfile,
    /// With --roads: what times over roads are multiplied with for ambulances, 0.5 to 2 (assumed: 1, as the car drives;
    /// `verbund roads info FILE` says what is known of it)
    #[arg(long, global = true, value_name = "NUMBER", default_value_t = 1.0, allow_negative_numbers = true, value_parser = input::number)]
    ambulance_factor: f64,
    /// With --roads: on which side of the road people drive
    #[arg(long, global = true, value_enum, value_name = "SIDE", default_value_t = RoadSide::Right)]
    drive_on: RoadSide,
    /// How to print the result
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// In text and Markdown keys instead of names of hospitals, cooperations, standards, care pathways, specialties and
    /// alliances, as commands and files take them; JSON, CSV and their kind always have keys
    #[arg(long, global = true)]
    keys: bool,
    /// Language of tables, notes, titles, help and errors; what programs read (JSON, CSV and their kind) is English in
    /// every one [default: that of `LC_ALL`, `LC_MESSAGES` or `LANG`, else en]
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE")]
    lang: Option<Language>,
    /// Write to this file instead of standard output, whole or not at all; after Ctrl-C
    /// with what is finished, marked so. No file that the run reads is ever replaced
    #[arg(long, global = true, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write each table of the result, with all of its rows, as a file of this folder, in the format of --format
    /// [default: csv]; all of them or none. A folder that is there must be empty, or written by the same command
    #[arg(long, global = true, value_name = "FOLDER", conflicts_with = "output")]
    all_tables: Option<PathBuf>,
}

impl Common {
    /// Whether the result is a file for programs, in which no table stops where a screen would. Text and Markdown are
    /// for readers, in a file as well.
    fn has_every_row(&self) -> bool {
        let is_file = self.output.is_some() || self.all_tables.is_some();
        is_file && !matches!(self.format, Format::Table | Format::Markdown)
    }

    /// Whether the result is read where it appears: tables for people that become no file.
    fn is_on_screen(&self) -> bool {
        let is_file = self.output.is_some() || self.all_tables.is_some();
        self.format == Format::Table && !is_file
    }

    /// Whether the result has to be one table: CSV or Parquet that is no folder of tables.
    fn is_one_table(&self) -> bool {
        self.format.is_one_table() && self.all_tables.is_none()
    }

    /// What the network is called on the command line.
    fn network_name(&self) -> String {
        self.network.as_ref().map_or("leipzig".to_owned(), |path| path.display().to_string())
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// One screen about the region: what is found, the worst of each, where to look further; --full has all
    Report(report::Arguments),
    /// A page to hand out: map, figures and a what-if in one file of HTML that needs no network
    ///
    /// The file opens from a stick, sends no request, and prints to two pages. It shows who reaches care, the worst
    /// places, single points of failure, cooperations, sources and assumptions, with the figures of `verbund report`; in
    /// it hospitals and departments can be closed, hospitals opened and limits moved, and what was tried can be copied as
    /// a scenario file.
    #[cfg(feature = "page")]
    Page(page::Arguments),
    /// The network at a glance, how much of it is assumed, one hospital, or the sources
    Info(info::Arguments),
    /// Read a network's files, and scenarios, and list every problem; exit code 1 when there is one
    ///
    /// What is wrong in one way in several places is one line, and of many problems of one kind the first
    /// ten lines are printed, then how many more there are: --format csv and json have each.
    Check(check::Arguments),
    /// Who reaches care that meets a standard, by region, district, place or hospital
    Coverage(coverage::Arguments),
    /// How long from the call to treatment: all care pathways, or one with its stages, targets and published times
    Pathway(pathway::Arguments),
    /// Where one person goes: to what is needed, or leg by leg through a care pathway
    Route(route::Arguments),
    /// Where the expected cases of a year go, with occupancy; or held against observed births
    ///
    /// Cases are those of the places in the network's file. A hospital with a share `from_beyond` them (a national centre)
    /// has more beside: they fill beds and belong to no place. `share_from_outside` is the share of all cases that come
    /// from beyond the region.
    Flows(flows::Arguments),
    /// How many beds, so that few patients are refused or wait: by formula and by simulation
    Beds(beds::Arguments),
    /// Patients over time: how full hospitals get, who waits, who is turned away; and scenarios beside
    Simulate(simulate::Arguments),
    /// Queues of any kind: a file with stations, servers, arrivals and routes, run many times
    #[command(after_long_help = queue::NOTATION)]
    Queue(queue::Arguments),
    /// Who works with whom: partners, groups, what holds the network together, who depends on whom
    Graph(graph::Arguments),
    /// Who is in an alliance, how its members compare, and what rests on one of them
    ///
    /// Membership alone changes nothing in care. Members are compared by what is public of them, by what the network gives
    /// (--computed), or by figures of their own (--figures with --dictionary): quartiles, ranks with their intervals, limits of
    /// chance, and how much members differ anyway.
    Alliance(alliance::Arguments),
    /// What each cooperation changes: patients, minutes, what it replaces; and which to add next
    Cooperation(cooperation::Arguments),
    /// Cooperations, doors and hospitals whose failure leaves patients without a way, or costs time
    Critical(critical::Arguments),
    /// Closures of one, two or three hospitals: who would be beyond a limit, whom they hurt together
    /// only, who takes the cases; or the largest set that could close with nobody beyond the limit
    Closures(closures::Arguments),
    /// Before and after a scenario: who gains and who loses, pathways, where the cases go, the law
    Compare(compare::Arguments),
    /// What the law says: service groups and their cooperations, federal levels
    Rules(rules::Arguments),
    /// Make a folder to start from: a copy of a network that comes with the program, with its catalog
    Init(init::Arguments),
    /// Make the network of any districts of Germany from official files, or update one that was made so
    ///
    /// --output names its folder. Who edits it goes on from there: a later import keeps what was changed.
    #[cfg(feature = "import")]
    #[command(subcommand)]
    Import(import::Command),
    /// Roads from OpenStreetMap: make a road graph of an extract, or look at one
    #[command(subcommand)]
    Roads(roads::Command),
    /// The times of all journeys as `travel_times.csv`, with --roads those over the roads
    ///
    /// A row a journey within two hours: from the centre of a place, or from a hospital, to a hospital, in seconds. A
    /// network whose file names the table then has these times without the roads. An --output that ends with `.times`
    /// is the same as bytes, a tenth as large, which networks read as well.
    TravelTimes(travel_times::Arguments),
    /// The areas from which a hospital is reached within some minutes over the roads of --roads, as `GeoJSON`
    Isochrone(isochrone::Arguments),
    /// How robust simulated figures are: rates, stays, speeds and staffing higher and lower, one at
    /// a time and all at once; how stable the order of the hospitals is
    Sensitivity(sensitivity::Arguments),
    /// Completions of commands and flags for a shell: `verbund completions bash >
    /// ~/.local/share/bash-completion/completions/verbund`
    Completions(completions::Arguments),
    /// The manual page: `verbund man | man -l -`
    Man,
}

impl Command {
    /// Whether it gives tables.
    fn has_tables(&self) -> bool {
        match self {
            #[cfg(feature = "page")]
            Self::Page(_) => false,
            #[cfg(feature = "import")]
            Self::Import(_) => false,
            Self::Roads(what) => what.has_tables(),
            Self::Info(arguments) => !arguments.is_file(),
            Self::Init(_)
            | Self::TravelTimes(_)
            | Self::Isochrone(_)
            | Self::Completions(_)
            | Self::Man => false,
            _ => true,
        }
    }
}

impl Cli {
    /// The files that the command writes.
    fn outputs(&self) -> Vec<Output> {
        let (flag, other) = match &self.command {
            Command::Simulate(arguments) => ("--trace", arguments.trace()),
            Command::Queue(arguments) => ("--trace", arguments.trace()),
            Command::Closures(arguments) => ("--resume", arguments.resume()),
            _ => ("", None),
        };
        let plot = match &self.command {
            Command::Simulate(arguments) => arguments.plot(),
            Command::Closures(arguments) => arguments.plot(),
            Command::Coverage(arguments) => arguments.plot(),
            Command::Sensitivity(arguments) => arguments.plot(),
            Command::Alliance(arguments) => arguments.plot(),
            _ => None,
        };
        let output = self.common.output.as_deref().map(|path| ("--output", path));
        // An import makes a folder, which is written otherwise.
        #[cfg(feature = "import")]
        let output = output.filter(|_| !matches!(self.command, Command::Import(_)));
        let mut named = Vec::new();
        named.extend(output);
        named.extend(other.map(|path| (flag, path)));
        named.extend(plot.map(|path| ("--plot", path)));
        let named = named.into_iter();
        named.map(|(flag, path)| Output { flag, path: path.to_owned() }).collect()
    }
}

/// Parses the command line, runs the command and turns errors into exit codes.
pub(crate) fn run() -> ExitCode {
    interrupt::listen();
    language::listen();
    let mut cli = match language::for_reader(parsed) {
        Ok(cli) => cli,
        Err(message) => return ExitCode::from(language::for_reader(|| show(&message))),
    };
    // Help and wrong flags have ended by now: they need no threads.
    // Before there are threads, all of which speak it.
    language::speak(cli.common.lang, cli.common.format);
    threads::start();
    renamed::tell_of_old_names(&cli.command);
    output::claim(cli.outputs());
    // Tables for people have no file of their own.
    if cli.common.all_tables.is_some() && cli.common.format == Format::Table {
        cli.common.format = Format::Csv;
    }
    let ended = command(&cli);
    interrupt::give_way();
    let error = match ended {
        Ok(ending) => return ExitCode::from(ending.code()),
        Err(error) => error,
    };
    // Who closes the pipe has seen enough.
    let closed = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    if closed == Some(std::io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    tell(&language::for_reader(|| format!("{error:#}")));
    ExitCode::from(WRONG_INPUT)
}

/// The command line.
fn parsed() -> Result<Cli, clap::Error> {
    let command = with_negative_numbers(after::with_own_words(Cli::command()));
    let mut command = help::in_words(command);
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    output::name_command(matches.subcommand_name().unwrap_or_default());
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// A command whose flags take negative numbers: one that is out of range is told as such, and not taken for a flag
/// that nobody knows.
fn with_negative_numbers(command: clap::Command) -> clap::Command {
    let takes = |argument: clap::Arg| {
        let has_value = argument.get_action().takes_values() && !argument.is_positional();
        if has_value { argument.allow_negative_numbers(true) } else { argument }
    };
    command.mut_args(takes).mut_subcommands(with_negative_numbers)
}

/// Shows help, or what is wrong with a command line; the exit code.
fn show(message: &clap::Error) -> u8 {
    if message.use_stderr() {
        if let Some(told) = usage::in_words(message) {
            terminal::tell_plain(&told);
        } else if terminal::typed_unseen() {
            // The message repeats what was typed.
            terminal::tell_plain(&message.render().to_string());
        } else {
            // Where standard error takes nothing, nobody can be told.
            let _ = message.print();
        }
        return WRONG_INPUT;
    }
    match message.print() {
        Ok(()) => 0,
        // `verbund --help | head` has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => 0,
        Err(error) => {
            tell(&error.to_string());
            WRONG_INPUT
        }
    }
}

/// Runs the command.
fn command(cli: &Cli) -> anyhow::Result<Ending> {
    let common = &cli.common;
    if let Some(folder) = common.all_tables.as_ref().filter(|_| !cli.command.has_tables()) {
        anyhow::bail!(fault!(
            "--all-tables {folder}: the result is no table",
            folder = folder.display()
        ));
    }
    match &cli.command {
        Command::Completions(arguments) => {
            completions::run(common, arguments, after::with_own_words(Cli::command()))
        }
        Command::Man => completions::man(common, after::with_own_words(Cli::command())),
        Command::Simulate(arguments) => simulate::run(common, arguments),
        Command::Queue(arguments) => queue::run(common, arguments),
        Command::Closures(arguments) => closures::run(common, arguments),
        Command::Compare(arguments) => compare::run(common, arguments),
        Command::Beds(arguments) => beds::run(common, arguments),
        Command::Sensitivity(arguments) => sensitivity::run(common, arguments),
        Command::Init(arguments) => init::run(common, arguments),
        #[cfg(feature = "import")]
        Command::Import(what) => import::run(common, what),
        Command::Roads(what) => roads::run(common, what),
        Command::Isochrone(arguments) => isochrone::run(common, arguments),
        Command::TravelTimes(arguments) => travel_times::run(common, arguments),
        Command::Report(arguments) => report::run(common, arguments),
        #[cfg(feature = "page")]
        Command::Page(arguments) => page::run(common, arguments),
        Command::Info(arguments) => info::run(common, arguments),
        Command::Check(arguments) => check::run(common, arguments),
        Command::Coverage(arguments) => coverage::run(common, arguments),
        Command::Pathway(arguments) => pathway::run(common, arguments),
        Command::Route(arguments) => route::run(common, arguments),
        Command::Flows(arguments) => flows::run(common, arguments),
        Command::Rules(arguments) => rules::run(common, arguments),
        Command::Graph(arguments) => graph::run(common, arguments),
        Command::Alliance(arguments) => alliance::run(common, arguments),
        Command::Cooperation(arguments) => cooperation::run(common, arguments),
        Command::Critical(arguments) => critical::run(common, arguments),
    }
}
