//! Replications of a queueing model, as tables.

use super::document::{Cell, Document, Section, Table};
use crate::queueing::{Deadlock, Model, Run, Servers, StationRun, StreamRun, Summary, Target};
use crate::random::Seed;
use crate::simulation::Ended;
use crate::stats::Interval;

/// What replications of a queueing model counted: stations, streams, and, where the model has them, branches,
/// alternates and teams.
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
        .about("counted", format!("{counted} {unit}, from {} to {}", model.warm_up, model.horizon))
        .about("replications", summary.runs.len().to_string())
        .about("seed", seed.0.to_string());
    if summary.ended == Ended::Interrupted {
        document = document.about("interrupted", "what was finished counts");
    }
    if let Some(text) = deadlocks(model, summary) {
        document = document.about("deadlocks", text);
    }
    document = document.section(stations(model, summary)).section(streams(model, summary));
    for section in [branches(model, summary), alternates(model, summary), teams(model, summary)] {
        if !section.table.rows().is_empty() {
            document = document.section(section);
        }
    }
    document
}

/// Sets of stations that held themselves up.
fn deadlocks(model: &Model, summary: &Summary) -> Option<String> {
    let first = summary.runs.iter().find(|run| run.deadlock.is_some())?;
    let cycle = first.deadlock.as_ref()?;
    let count = summary.runs.iter().filter(|run| run.deadlock.is_some()).count();
    let all = summary.runs.len();
    let what = match model.deadlock {
        Deadlock::Stop => "ended there; they count up to then",
        Deadlock::Swap => "had some; their customers swapped servers",
    };
    Some(format!(
        "{count} of {all} replications {what}; the first one in replication {} at {} {}: {}",
        first.replication,
        cycle.at,
        model.time_unit.symbol(),
        cycle.stations.join(" > ")
    ))
}

fn mean(interval: Option<Interval>) -> Option<f64> {
    interval.map(|interval| interval.mean)
}

/// A mean and half of the width of its interval.
fn with_half_width(interval: Option<Interval>, cell: impl Fn(f64) -> Cell) -> [Cell; 2] {
    let half_width = interval.and_then(|interval| interval.half_width);
    [mean(interval).map_or(Cell::Missing, &cell), half_width.map_or(Cell::Missing, &cell)]
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

fn count(value: Option<Interval>) -> Cell {
    mean(value).map_or(Cell::Missing, |mean| Cell::Number(mean, 1))
}

/// Columns of counts of a station that text leaves out.
const COUNTS: [&str; 13] = [
    "admitted",
    "admitted_earlier",
    "diverted",
    "lost",
    "forced_in",
    "received_here",
    "from_stations",
    "to_stations",
    "started",
    "left",
    "reneged",
    "sent_away",
    "blocked",
];

/// The counts of these columns.
fn counts(run: &StationRun) -> [u64; 13] {
    [
        run.admitted,
        run.admitted_earlier,
        run.diverted,
        run.lost,
        run.forced,
        run.received,
        run.transferred_in,
        run.transferred_out,
        run.started,
        run.left,
        run.reneged,
        run.sent_away,
        run.blocked,
    ]
}

fn stations(model: &Model, summary: &Summary) -> Section {
    let mut columns = vec![
        "station",
        "servers",
        "asked",
        "lost_share",
        "lost_share_half_width",
        "waited_share",
        "waited_share_half_width",
        "wait_minutes",
        "wait_minutes_half_width",
        "wait_p95_minutes",
        "mean_busy",
        "mean_busy_half_width",
        "mean_queue",
        "mean_queue_half_width",
        "mean_blocked",
        "utilization_share",
        "utilization_share_half_width",
        "without_free_server_share",
    ];
    columns.extend(COUNTS);
    let mut table = Table::new(&columns)
        .details(&COUNTS)
        .details(&["without_free_server_share", "mean_blocked"])
        .spare(&["wait_p95_minutes", "mean_queue_half_width", "mean_busy_half_width"]);
    let minutes = model.time_unit.hours() * 3600.0;
    for (number, station) in model.stations.iter().enumerate() {
        let of = |figure: &dyn Fn(&StationRun, f64) -> Option<f64>| summary.station(number, figure);
        let servers = match station.servers {
            Servers::Infinite => Cell::text("infinite"),
            Servers::Finite(_) => mean(of(&|run, window| share(run.servers_area, window)))
                .map_or(Cell::Missing, |servers| Cell::Number(servers, 1)),
        };
        let asked = of(&|run, _| Some(run.asked as f64));
        let lost = of(&|run, _| share(run.lost as f64, run.asked as f64));
        let waited = of(&|run, _| share(run.waited as f64, run.started as f64));
        let wait = of(&|run, _| share(run.waiting_time * minutes, run.started as f64));
        let busy = of(&|run, window| share(run.busy_area, window));
        let queue = of(&|run, window| share(run.queue_area, window));
        let blocked = of(&|run, window| share(run.blocked_area, window));
        let utilization = of(&|run, _| share(run.busy_area, run.servers_area));
        let full = of(&|run, window| share(run.full_time, window));
        let number_cell = |value| Cell::Number(value, 2);
        let mut row = vec![Cell::text(&station.key), servers, count(asked)];
        row.extend(with_half_width(lost, Cell::Share));
        row.extend(with_half_width(waited, Cell::Share));
        row.extend(with_half_width(wait, Cell::Minutes));
        row.push(p95(summary, number));
        row.extend(with_half_width(busy, number_cell));
        row.extend(with_half_width(queue, number_cell));
        row.push(mean(blocked).map_or(Cell::Missing, number_cell));
        row.extend(with_half_width(utilization, Cell::Share));
        row.push(Cell::maybe_share(mean(full)));
        for position in 0..COUNTS.len() {
            row.push(count(of(&|run, _| Some(counts(run)[position] as f64))));
        }
        table.row(row);
    }
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
        return Cell::Minutes(0.0);
    }
    let wait = waits.quantile(rank / waits.count() as f64);
    Cell::maybe_time(wait)
}

fn streams(model: &Model, summary: &Summary) -> Section {
    let mut table =
        Table::new(&["stream", "arrived", "at_first", "queued", "diverted", "forced_in", "lost"]);
    for (number, stream) in model.streams.iter().enumerate() {
        let of = |figure: fn(&StreamRun) -> u64| {
            count(summary.figure(|run| Some(figure(&run.streams[number]) as f64)))
        };
        table.row(vec![
            Cell::text(&stream.key),
            of(|run| run.arrived),
            of(|run| run.at_first),
            of(|run| run.queued),
            of(|run| run.diverted),
            of(|run| run.forced),
            of(|run| run.lost),
        ]);
    }
    Section::new("streams", "Streams", table).note(
        "Customers who arrived in the time that is counted, by what became of them at their arrival.",
    )
}

/// Mean of a count of every run.
fn of_runs(summary: &Summary, figure: impl Fn(&Run) -> u64) -> Cell {
    count(summary.figure(|run| Some(figure(run) as f64)))
}

fn branches(model: &Model, summary: &Summary) -> Section {
    let mut table = Table::new(&["station", "to_station", "label", "taken", "found_full"]);
    for (number, (station, branch)) in model.all_branches().enumerate() {
        let to = match &branch.to {
            Target::Station(key) => Cell::text(key),
            Target::Home => Cell::text("(home)"),
            Target::Here => Cell::text("(stays)"),
        };
        table.row(vec![
            Cell::text(&model.stations[station].key),
            to,
            label(&branch.label),
            of_runs(summary, |run| run.branches[number].taken),
            of_runs(summary, |run| run.branches[number].found_full),
        ]);
    }
    Section::new("branches", "Ways on after service", table)
}

fn alternates(model: &Model, summary: &Summary) -> Section {
    let mut table = Table::new(&["station", "to_station", "label", "used"]);
    let mut number = 0;
    for station in &model.stations {
        for alternate in &station.alternates {
            table.row(vec![
                Cell::text(&station.key),
                Cell::text(&alternate.to),
                label(&alternate.label),
                of_runs(summary, |run| run.alternates[number].used),
            ]);
            number += 1;
        }
    }
    Section::new("alternates", "Where customers go who find a station full", table)
}

fn teams(model: &Model, summary: &Summary) -> Section {
    let mut table = Table::new(&["team", "used", "missed_team", "team_wait_minutes"]);
    let minutes = model.time_unit.hours() * 3600.0;
    for (number, team) in model.teams.iter().enumerate() {
        let wait = summary.figure(|run| Some(run.teams[number].waiting_time * minutes));
        table.row(vec![
            Cell::text(&team.key),
            of_runs(summary, |run| run.teams[number].used),
            of_runs(summary, |run| run.teams[number].missed),
            Cell::maybe_minutes(mean(wait)),
        ]);
    }
    Section::new("teams", "Teams that let customers in", table)
}

fn label(text: &str) -> Cell {
    if text.is_empty() { Cell::Missing } else { Cell::text(text) }
}
