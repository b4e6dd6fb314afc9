//! Replications of a queueing model, as tables.

use super::document::{Cell, Document, Section, Table, TableBuilder};
use crate::queueing::{
    Deadlock, GroupRun, Model, Run, Servers, StationRun, StreamRun, Summary, Target, WarmUp,
};
use crate::random::Seed;
use crate::report::columns::{
    ADMITTED, ADMITTED_EARLIER, ARRIVED, ASKED, AT_FIRST, BLOCKED, CUSTOMER_CLASS, DIVERTED,
    FORCED_IN, FOUND_FULL, FROM_STATIONS, LABEL, LEFT, LOST, LOST_SHARE, LOST_SHARE_HALF_WIDTH,
    MEAN_BLOCKED, MEAN_BUSY, MEAN_BUSY_HALF_WIDTH, MEAN_QUEUE, MEAN_QUEUE_HALF_WIDTH, MISSED_TEAM,
    QUEUED, RECEIVED_HERE, RENEGED, SENT_AWAY, SERVERS, STARTED, STATION, STREAM, TAKEN, TEAM,
    TEAM_WAIT_MINUTES, TO_STATION, TO_STATIONS, USED, UTILIZATION_SHARE,
    UTILIZATION_SHARE_HALF_WIDTH, WAIT_MINUTES, WAIT_MINUTES_HALF_WIDTH, WAIT_P95_MINUTES,
    WAIT_P95_MINUTES_HALF_WIDTH, WAITED_SHARE, WAITED_SHARE_HALF_WIDTH, WITHOUT_FREE_SERVER_SHARE,
};
use crate::simulation::Ended;
use crate::stats::Interval;
use crate::words::{self, with_mark};

/// What replications of a queueing model counted: stations, streams, and, where the model has them, branches,
/// alternates and teams; waits and lengths by class and by stream, where they were recorded
/// ([`Record::groups`](crate::queueing::Record::groups)).
///
/// Counts are means of the replications over the time that is counted, from the warm-up to the horizon; times
/// are in minutes, whatever the model's unit.
///
/// # Panics
///
/// When the summary is that of a model with other stations or streams.
pub fn queue(model: &Model, summary: &Summary, seed: Seed) -> Document {
    let unit = model.time_unit.symbol();
    let counted = model.horizon - model.warm_up;
    let mut document = Document::new("Queueing model")
        .about("model", model.name.clone())
        .about("version", concat!("verbund ", env!("CARGO_PKG_VERSION")))
        .about("time_unit", unit)
        .about(
            "counted",
            said!(
                "{counted} {unit}, from {warm_up} to {horizon}",
                counted = with_mark(counted.to_string()),
                unit,
                warm_up = with_mark(model.warm_up.to_string()),
                horizon = with_mark(model.horizon.to_string())
            ),
        )
        .about("replications", summary.runs.len().to_string())
        .about("seed", seed.0.to_string());

    if summary.ended == Ended::Interrupted {
        document = document.about("interrupted", "what was finished counts");
    }
    if let Some(text) = warm_up(model, summary) {
        document = document.about("warm_up", text);
    }
    if let Some(text) = growing(model, summary) {
        document = document.about("growing", text);
    }
    if let Some(text) = deadlocks(model, summary) {
        document = document.about("deadlocks", text);
    }
    document = document.section(stations(model, summary)).section(streams(model, summary));
    // Most models have none of these.
    let others = [
        by_class(model, summary),
        by_stream(model, summary),
        branches(model, summary),
        alternates(model, summary),
        teams(model, summary),
    ];
    for section in others {
        if !section.table.rows().is_empty() {
            document = document.section(section);
        }
    }
    document
}

/// That the warm-up is too short, where it is.
fn warm_up(model: &Model, summary: &Summary) -> Option<String> {
    let unit = model.time_unit.symbol();
    match summary.warm_up(model.warm_up, model.horizon)? {
        WarmUp::Short { settles, counted, settled } => Some(format!(
            "too short at {} {unit}: by MSER-5 the number of customers settles at {settles} {unit}; from there on \
             {settled:.2} are there in the mean, and {counted:.2} in the time that is counted",
            model.warm_up
        )),
        WarmUp::Unsettled => Some(format!(
            "by MSER-5 the number of customers does not settle in the first half of the {} {unit}: the run is too \
             short to tell",
            model.horizon
        )),
        _ => None,
    }
}

/// Stations that are named one by one where more customers come than go.
const NAMED: usize = 10;

/// Stations to which more customers come than go, where there are any.
fn growing(model: &Model, summary: &Summary) -> Option<String> {
    let growing = summary.growing();
    if growing.is_empty() {
        return None;
    }
    let mut names = Vec::new();
    for station in growing.iter().take(NAMED) {
        let key = &model.stations[station.station].key;
        names.push(format!("{key} (from {:.0} to {:.0})", station.from, station.to));
    }
    let more = growing.len().saturating_sub(NAMED);
    let others = if more > 0 { format!(" and {more} more stations") } else { String::new() };
    Some(format!(
        "through the time that is counted the number of customers grows at {}{others}; means of these say nothing of \
         the long run",
        names.join(", ")
    ))
}

/// Sets of stations that held themselves up.
fn deadlocks(model: &Model, summary: &Summary) -> Option<String> {
    // One is enough to see which stations wait for each other.
    let first = summary.runs.iter().find(|run| run.deadlock.is_some())?;
    let cycle = first.deadlock.as_ref()?;
    let count = summary.runs.iter().filter(|run| run.deadlock.is_some()).count();
    let runs = summary.runs.len();
    let what = match model.deadlock {
        Deadlock::Stop => "ended there; they count up to then",
        Deadlock::Swap => "had some; their customers swapped servers",
    };
    Some(said!(
        "{count} of {runs} replications {what}; the first one in replication {replication} at {at} {symbol}: {stations}",
        count,
        runs,
        what = words::of(what),
        replication = first.replication,
        at = with_mark(cycle.at.to_string()),
        symbol = model.time_unit.symbol(),
        stations = cycle.stations.join(" > ")
    ))
}

fn mean(interval: Option<Interval>) -> Option<f64> {
    interval.map(|interval| interval.mean)
}

fn half_width(interval: Option<Interval>) -> Option<f64> {
    interval.and_then(|interval| interval.half_width)
}

fn share(part: f64, whole: f64) -> Option<f64> {
    // A share of nobody is unknown, not 0: such a replication has no part in the mean.
    (whole > 0.0).then(|| part / whole)
}

fn count(value: Option<Interval>) -> Cell {
    Cell::maybe_number(mean(value), 1)
}

/// A number of customers or servers, mean over time.
fn over_time(value: Option<Interval>) -> Cell {
    Cell::maybe_number(mean(value), 2)
}

/// Figures of a station, each a mean of the replications with its interval.
struct StationFigures<'s> {
    model: &'s Model,
    summary: &'s Summary,
    number: usize,
}

impl StationFigures<'_> {
    fn of(&self, figure: impl Fn(&StationRun, f64) -> Option<f64>) -> Option<Interval> {
        self.summary.station(self.number, figure)
    }

    fn count(&self, figure: fn(&StationRun) -> u64) -> Cell {
        count(self.of(|run, _| Some(figure(run) as f64)))
    }

    fn servers(&self) -> Cell {
        match self.model.stations[self.number].servers {
            Servers::Infinite => Cell::word("infinite"),
            // Their number may change by the hour.
            Servers::Finite(_) => {
                Cell::maybe_number(mean(self.of(|run, window| share(run.servers_area, window))), 1)
            }
        }
    }

    /// The share of the customers from outside who were let in nowhere.
    fn lost(&self) -> Option<Interval> {
        // Those from other stations are not asked for: they find a way or block the server that they are at.
        self.of(|run, _| share(run.lost as f64, run.asked as f64))
    }

    /// The share of the services that started after a wait.
    fn waited(&self) -> Option<Interval> {
        self.of(|run, _| share(run.waited as f64, run.started as f64))
    }

    /// The mean wait of all services that started, in seconds.
    fn wait(&self) -> Option<Interval> {
        let seconds = self.model.time_unit.hours() * 3600.0;
        self.of(|run, _| share(run.waiting_time * seconds, run.started as f64))
    }

    /// A mean over the time that is counted.
    fn over_time(&self, area: fn(&StationRun) -> f64) -> Option<Interval> {
        self.of(|run, window| share(area(run), window))
    }

    fn utilization(&self) -> Option<Interval> {
        self.of(|run, _| share(run.busy_area, run.servers_area))
    }
}

fn stations(model: &Model, summary: &Summary) -> Section {
    let stations =
        (0..model.stations.len()).map(|number| StationFigures { model, summary, number });
    let table = Table::of(stations)
        .column(STATION, |row| Cell::text(&model.stations[row.number].key))
        .column(SERVERS, StationFigures::servers)
        .column(ASKED, |row| row.count(|run| run.asked))
        .column(LOST_SHARE, |row| Cell::maybe_share(mean(row.lost())))
        .column(LOST_SHARE_HALF_WIDTH, |row| Cell::maybe_share(half_width(row.lost())))
        .column(WAITED_SHARE, |row| Cell::maybe_share(mean(row.waited())))
        .column(WAITED_SHARE_HALF_WIDTH, |row| Cell::maybe_share(half_width(row.waited())))
        .column(WAIT_MINUTES, |row| Cell::maybe_minutes(mean(row.wait())))
        .column(WAIT_MINUTES_HALF_WIDTH, |row| Cell::maybe_minutes(half_width(row.wait())))
        .spare(WAIT_P95_MINUTES, |row| p95(summary, row.number))
        .spare(WAIT_P95_MINUTES_HALF_WIDTH, |row| {
            Cell::maybe_minutes(half_width(summary.wait_p95(row.number)))
        });
    let table = table
        .column(MEAN_BUSY, |row| over_time(row.over_time(|run| run.busy_area)))
        .spare(MEAN_BUSY_HALF_WIDTH, |row| {
            Cell::maybe_number(half_width(row.over_time(|run| run.busy_area)), 2)
        })
        .column(MEAN_QUEUE, |row| over_time(row.over_time(|run| run.queue_area)))
        .spare(MEAN_QUEUE_HALF_WIDTH, |row| {
            Cell::maybe_number(half_width(row.over_time(|run| run.queue_area)), 2)
        })
        .detail(MEAN_BLOCKED, |row| over_time(row.over_time(|run| run.blocked_area)))
        .column(UTILIZATION_SHARE, |row| Cell::maybe_share(mean(row.utilization())))
        .column(UTILIZATION_SHARE_HALF_WIDTH, |row| {
            Cell::maybe_share(half_width(row.utilization()))
        })
        .detail(WITHOUT_FREE_SERVER_SHARE, |row| {
            Cell::maybe_share(mean(row.over_time(|run| run.full_time)))
        });
    let table = table
        .detail(ADMITTED, |row| row.count(|run| run.admitted))
        .detail(ADMITTED_EARLIER, |row| row.count(|run| run.admitted_earlier))
        .detail(DIVERTED, |row| row.count(|run| run.diverted))
        .detail(LOST, |row| row.count(|run| run.lost))
        .detail(FORCED_IN, |row| row.count(|run| run.forced))
        .detail(RECEIVED_HERE, |row| row.count(|run| run.received))
        .detail(FROM_STATIONS, |row| row.count(|run| run.transferred_in))
        .detail(TO_STATIONS, |row| row.count(|run| run.transferred_out))
        .detail(STARTED, |row| row.count(|run| run.started))
        .detail(LEFT, |row| row.count(|run| run.left))
        .detail(RENEGED, |row| row.count(|run| run.reneged))
        .detail(SENT_AWAY, |row| row.count(|run| run.sent_away))
        .detail(BLOCKED, |row| row.count(|run| run.blocked))
        .build();
    Section::new("stations", "Stations", table)
        .note(
            "Asked and lost count customers from outside whose first choice it is; who waited counts services that \
             started after a wait, the wait is the mean of all services that started.",
        )
        .note("Busy are servers in service or held by customers who are blocked; ± is half of a 95 % interval.")
}

/// The wait that 95 % of the services that started did not exceed, over all replications.
fn p95(summary: &Summary, station: usize) -> Cell {
    let started: u64 = summary.runs.iter().map(|run| run.stations[station].started).sum();
    let waits = &summary.waits[station];
    if started == 0 {
        return Cell::Missing;
    }
    // Only waits above zero are in the list; the others are the lowest ones.
    let without = started - waits.count().min(started);
    let rank = 0.95 * started as f64 - without as f64;
    if rank <= 0.0 {
        return Cell::minutes(0.0);
    }
    let wait = waits.quantile(rank / waits.count() as f64);
    Cell::maybe_time(wait)
}

fn streams(model: &Model, summary: &Summary) -> Section {
    let count = |number: usize, figure: fn(&StreamRun) -> u64| {
        count(summary.figure(|run| Some(figure(&run.streams[number]) as f64)))
    };
    let table = Table::of(0..model.streams.len())
        .column(STREAM, |number| Cell::text(&model.streams[*number].key))
        .column(ARRIVED, |number| count(*number, |run| run.arrived))
        .column(AT_FIRST, |number| count(*number, |run| run.at_first))
        .column(QUEUED, |number| count(*number, |run| run.queued))
        .column(DIVERTED, |number| count(*number, |run| run.diverted))
        .column(FORCED_IN, |number| count(*number, |run| run.forced))
        .column(LOST, |number| count(*number, |run| run.lost))
        .build();
    Section::new("streams", "Streams", table).note(
        "Customers who arrived in the time that is counted, by what became of them at their arrival.",
    )
}

/// The customers of a class or a stream at a station.
struct Group<'s> {
    key: &'s str,
    station: &'s str,
    /// Of each replication, with the length of the time that was counted.
    runs: Vec<(&'s GroupRun, f64)>,
    seconds: f64,
}

impl Group<'_> {
    fn of(&self, figure: impl Fn(&GroupRun) -> Option<f64>) -> Option<Interval> {
        let mut values: Vec<f64> = Vec::with_capacity(self.runs.len());
        for (run, _) in &self.runs {
            values.extend(figure(run));
        }
        Interval::of(&values)
    }

    fn waited(&self) -> Option<Interval> {
        self.of(|run| share(run.waited as f64, run.started as f64))
    }

    fn wait(&self) -> Option<Interval> {
        self.of(|run| share(run.waiting_time * self.seconds, run.started as f64))
    }

    /// A mean over the time that is counted.
    fn over_time(&self, area: fn(&GroupRun) -> f64) -> Option<Interval> {
        let mut values: Vec<f64> = Vec::with_capacity(self.runs.len());
        for (run, window) in &self.runs {
            values.extend(share(area(run), *window));
        }
        Interval::of(&values)
    }
}

/// What is known of each group: a part of a replication, by group and station.
type Groups = fn(&Run) -> &[Vec<GroupRun>];

/// The groups at the stations where they were at all.
fn groups<'s>(
    model: &'s Model,
    summary: &'s Summary,
    keys: &[&'s str],
    parts: Groups,
) -> Vec<Group<'s>> {
    let mut rows = Vec::new();
    for (number, key) in keys.iter().enumerate() {
        for (position, station) in model.stations.iter().enumerate() {
            let mut runs = Vec::with_capacity(summary.runs.len());
            for run in &summary.runs {
                // Nothing where it was not asked for.
                let part = parts(run).get(number).and_then(|stations| stations.get(position));
                runs.extend(part.map(|part| (part, run.window)));
            }
            let seconds = model.time_unit.hours() * 3600.0;
            let was_there = |(run, _): &(&GroupRun, f64)| run.busy_area + run.queue_area > 0.0;
            if runs.iter().any(was_there) {
                rows.push(Group { key, station: &station.key, runs, seconds });
            }
        }
    }
    rows
}

fn by_class(model: &Model, summary: &Summary) -> Section {
    let keys: Vec<&str> = model.classes.iter().map(|class| class.key.as_str()).collect();
    let table = Table::of(groups(model, summary, &keys, |run| &run.by_class))
        .column(CUSTOMER_CLASS, |row| Cell::text(row.key));
    Section::new("waits_by_class", "Waits and lengths by class", group_columns(table))
        .note("Each row is the part of a station's figures that customers of the class have.")
}

fn by_stream(model: &Model, summary: &Summary) -> Section {
    let keys: Vec<&str> = model.streams.iter().map(|stream| stream.key.as_str()).collect();
    let table = Table::of(groups(model, summary, &keys, |run| &run.by_stream))
        .column(STREAM, |row| Cell::text(row.key));
    Section::new("waits_by_stream", "Waits and lengths by stream", group_columns(table))
        .note("Each row is the part of a station's figures that customers of the stream have, wherever they go.")
}

fn group_columns(table: TableBuilder<Group<'_>>) -> Table {
    table
        .column(STATION, |row| Cell::text(row.station))
        .column(STARTED, |row| count(row.of(|run| Some(run.started as f64))))
        .column(WAITED_SHARE, |row| Cell::maybe_share(mean(row.waited())))
        .column(WAITED_SHARE_HALF_WIDTH, |row| Cell::maybe_share(half_width(row.waited())))
        .column(WAIT_MINUTES, |row| Cell::maybe_minutes(mean(row.wait())))
        .column(WAIT_MINUTES_HALF_WIDTH, |row| Cell::maybe_minutes(half_width(row.wait())))
        .column(MEAN_QUEUE, |row| over_time(row.over_time(|run| run.queue_area)))
        .column(MEAN_QUEUE_HALF_WIDTH, |row| {
            Cell::maybe_number(half_width(row.over_time(|run| run.queue_area)), 2)
        })
        .column(MEAN_BUSY, |row| over_time(row.over_time(|run| run.busy_area)))
        .column(MEAN_BUSY_HALF_WIDTH, |row| {
            Cell::maybe_number(half_width(row.over_time(|run| run.busy_area)), 2)
        })
        .detail(RENEGED, |row| count(row.of(|run| Some(run.reneged as f64))))
        .build()
}

/// Mean of a count of every run.
fn of_runs(summary: &Summary, figure: impl Fn(&Run) -> u64) -> Cell {
    count(summary.figure(|run| Some(figure(run) as f64)))
}

fn branches(model: &Model, summary: &Summary) -> Section {
    let table = Table::of(model.all_branches().enumerate())
        .column(STATION, |(_, (station, _))| Cell::text(&model.stations[*station].key))
        .column(TO_STATION, |(_, (_, branch))| match &branch.to {
            Target::Station(key) => Cell::text(key),
            Target::Home => Cell::word("(home)"),
            Target::Here => Cell::word("(stays)"),
        })
        .column(LABEL, |(_, (_, branch))| label(&branch.label))
        .column(TAKEN, |(number, _)| of_runs(summary, |run| run.branches[*number].taken))
        .column(FOUND_FULL, |(number, _)| of_runs(summary, |run| run.branches[*number].found_full))
        .build();
    Section::new("branches", "Ways on after service", table)
}

fn alternates(model: &Model, summary: &Summary) -> Section {
    // Runs count the alternates of all stations in one list.
    let mut alternates = Vec::new();
    for station in &model.stations {
        for alternate in &station.alternates {
            alternates.push((alternates.len(), station, alternate));
        }
    }
    let table = Table::of(alternates)
        .column(STATION, |(_, station, _)| Cell::text(&station.key))
        .column(TO_STATION, |(.., alternate)| Cell::text(&alternate.to))
        .column(LABEL, |(.., alternate)| label(&alternate.label))
        .column(USED, |(number, ..)| of_runs(summary, |run| run.alternates[*number].used))
        .build();
    Section::new("alternates", "Where customers go who find a station full", table)
}

fn teams(model: &Model, summary: &Summary) -> Section {
    let seconds = model.time_unit.hours() * 3600.0;
    let wait =
        |number: usize| mean(summary.figure(|run| Some(run.teams[number].waiting_time * seconds)));
    let table = Table::of(0..model.teams.len())
        .column(TEAM, |number| Cell::text(&model.teams[*number].key))
        .column(USED, |number| of_runs(summary, |run| run.teams[*number].used))
        .column(MISSED_TEAM, |number| of_runs(summary, |run| run.teams[*number].missed))
        .column(TEAM_WAIT_MINUTES, |number| Cell::maybe_minutes(wait(*number)))
        .build();
    Section::new("teams", "Teams that let customers in", table)
}

fn label(text: &str) -> Cell {
    if text.is_empty() { Cell::Missing } else { Cell::text(text) }
}
