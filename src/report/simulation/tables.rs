//! The base alone: figures with their intervals.

use super::{
    SimulationView, assumed, cell, cells, hospitals_of, scope, scope_name, unit, with_intervals,
};
use crate::model::{HourOfWeek, Measure, Network, Pathway};
use crate::report::caveats;
use crate::report::document::{Cell, Section, Table};
use crate::report::namesakes::Namesakes;
use crate::simulation::{BedSource, Figure, Results, Scope};
use crate::stats::Interval;

/// A figure of all hospitals inside, in every replication.
pub(super) struct Overall {
    pub(super) key: &'static str,
    pub(super) what: &'static str,
    pub(super) unit: &'static str,
    pub(super) values: Vec<f64>,
}

/// The figures of all hospitals inside, in the order in which tables show them.
pub(super) fn overall(results: &Results<'_, '_>, flow: usize) -> Vec<Overall> {
    let own = |(figure, what): (Figure, &'static str)| Overall {
        key: figure.key(),
        what,
        unit: unit(figure),
        values: results.values(flow, figure, Scope::Inside),
    };
    let icu = |key, what, figure| Overall {
        key,
        what,
        unit: "share",
        values: of_icus(results, flow, figure),
    };
    let mut all: Vec<Overall> = [
        (Figure::Occupancy, "occupancy of all beds"),
        (Figure::OccupancyP95, "occupancy that 95 % of the days do not exceed"),
        (Figure::FullShare, "time in which a ward is full, mean by beds"),
        (Figure::Admissions, "admissions"),
        (Figure::DivertedAway, "first choice full: let in elsewhere"),
        (Figure::Received, "came because another hospital was full"),
        (Figure::Forced, "let in without a free bed"),
        (Figure::Waited, "waited for a bed"),
        (Figure::WaitingDays, "days that these waited, mean"),
        (Figure::Refused, "let in nowhere"),
        (Figure::TransferredIn, "came from another ward"),
        (Figure::Blocked, "beds held by patients who wait for a ward"),
    ]
    .map(own)
    .into();
    let units = "occupancy of intensive care units";
    let full = "time in which such a unit is full, mean by beds";
    all.insert(3, icu("icu_occupancy_share", units, Figure::Occupancy));
    all.insert(4, icu("icu_full_share", full, Figure::FullShare));
    all
}

/// A share of the intensive care units inside, weighted by beds, in every replication.
fn of_icus(results: &Results<'_, '_>, flow: usize, figure: Figure) -> Vec<f64> {
    let own = &results.flows()[flow];
    let network = own.region().network();
    let (mut sums, mut beds) = (vec![0.0; results.replications()], 0.0);
    for (number, ward) in own.wards().iter().enumerate() {
        if !ward.is_icu() || network[ward.hospital].outside {
            continue;
        }
        let values = results.values(flow, figure, Scope::Ward(number));
        let weight = f64::from(ward.beds);
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += weight * value);
        beds += weight;
    }
    sums.into_iter().map(|sum| if beds > 0.0 { sum / beds } else { 0.0 }).collect()
}

/// The published occupancy: its value, and what it is of.
pub(super) fn published(network: &Network) -> Option<(f64, String)> {
    let figure = network.published().iter().find(|one| one.measure == Measure::Occupancy)?;
    Some((figure.value, format!("{}, {} {}", figure.name, figure.area, figure.year)))
}

pub(super) fn overview(results: &Results<'_, '_>) -> Section {
    let base = &results.flows()[0];
    let network = base.region().network();
    let days = f64::from(base.settings().days);
    let published = published(network);
    let mut table = Table::new(&[
        "what",
        "value",
        "half_width",
        "per_day",
        "published_value",
        "figure",
        "unit",
    ]);
    for one in overall(results, 0) {
        let [mean, half] = cells(Interval::of(&one.values), one.unit);
        let interval = Interval::of(&one.values).filter(|_| one.unit == "patients");
        let known = published.as_ref().filter(|_| one.key == Figure::Occupancy.key());
        table.row(vec![
            Cell::text(one.what),
            mean,
            half,
            interval.map_or(Cell::Missing, |interval| Cell::Number(interval.mean / days, 1)),
            Cell::maybe_share(known.map(|(value, _)| *value)),
            Cell::text(one.key),
            Cell::text(one.unit),
        ]);
    }
    let heading = "All hospitals inside, as the network is";
    let table = table.details(&["figure", "unit"]);
    let mut section = with_intervals(Section::new("overview", heading, table), results);
    if let Some((_, name)) = published {
        section = section.note(format!("Published: {name}."));
    }
    if base.without_hospital() >= 0.5 {
        section = section.note(format!(
            "{} expected cases a year have no hospital in reach and do not come.",
            Cell::Number(base.without_hospital(), 0).display()
        ));
    }
    if !base.without_beds().is_empty() {
        let wards = base.without_beds().join(", ");
        section = section.note(format!("Nobody is brought to departments without a bed: {wards}."));
    }
    section
}

/// Figures in the order in which tables of hospitals and wards show them: how full they are, then
/// what becomes of patients.
pub(super) const ORDER: [Figure; 12] = [
    Figure::Occupancy,
    Figure::OccupancyP95,
    Figure::FullShare,
    Figure::Waited,
    Figure::WaitingDays,
    Figure::Blocked,
    Figure::Admissions,
    Figure::DivertedAway,
    Figure::Received,
    Figure::Forced,
    Figure::Refused,
    Figure::TransferredIn,
];

/// How many of [`ORDER`] say how full wards are.
const HOW_FULL: usize = 6;

fn half_width_key(figure: Figure) -> &'static str {
    match figure {
        Figure::Admissions => "admissions_half_width",
        Figure::Occupancy => "occupancy_share_half_width",
        Figure::OccupancyP95 => "occupancy_p95_share_half_width",
        Figure::FullShare => "full_share_half_width",
        Figure::Waited => "waited_half_width",
        Figure::WaitingDays => "waiting_days_half_width",
        Figure::DivertedAway => "diverted_away_half_width",
        Figure::Received => "received_half_width",
        Figure::Forced => "forced_half_width",
        Figure::Refused => "refused_half_width",
        Figure::TransferredIn => "transferred_in_half_width",
        Figure::Blocked => "blocked_beds_half_width",
    }
}

/// What a narrow screen does without first.
const SPARE: [&str; 4] =
    ["waited", "admissions_half_width", "occupancy_share_half_width", "occupancy_p95_share"];

/// Tables whose rows begin with these columns and go on with figures: all of them or, where the view
/// is narrow, how full wards are apart from what becomes of patients, with few half-widths.
fn figures_tables(
    results: &Results<'_, '_>,
    view: &SimulationView<'_>,
    first: &[&'static str],
    rows: &[(Vec<Cell>, Scope)],
) -> Vec<Table> {
    let parts =
        if view.narrow { vec![&ORDER[..HOW_FULL], &ORDER[HOW_FULL..]] } else { vec![&ORDER[..]] };
    let table = |figures: &&[Figure]| {
        let columns = figures.iter().flat_map(|one| [one.key(), half_width_key(*one)]);
        let keys: Vec<&str> = first.iter().copied().chain(columns).collect();
        let with_width = [Figure::Occupancy, Figure::Admissions];
        let hidden = figures.iter().filter(|one| !with_width.contains(one));
        let hidden: Vec<&'static str> = hidden.map(|one| half_width_key(*one)).collect();
        let mut table = Table::new(&keys).details(&hidden).spare(&SPARE);
        for (first, scope) in rows {
            let of = |figure: &Figure| cells(results.interval(0, *figure, *scope), unit(*figure));
            table.row(first.iter().cloned().chain(figures.iter().flat_map(of)).collect());
        }
        table
    };
    parts.iter().map(table).collect()
}

pub(super) fn hospitals(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Vec<Section> {
    let network = results.flows()[0].region().network();
    let row = |id| {
        let scope = Scope::Hospital(id);
        let beds = Cell::Count(u64::from(results.beds(0, scope)));
        (vec![Cell::text(&network[id].key), beds], scope)
    };
    let rows: Vec<_> = hospitals_of(results, view).into_iter().map(row).collect();
    let mut sections = Vec::new();
    for (number, table) in
        figures_tables(results, view, &["hospital", "beds"], &rows).into_iter().enumerate()
    {
        sections.push(if number == 0 {
            let section = Section::new("hospitals", "How full the hospitals are", table);
            with_intervals(section, results)
                .maybe_note(outside(network))
                .maybe_note(caveats::on_beds(network))
        } else {
            Section::new("patients", "What becomes of patients, by hospital", table).note(PATIENTS)
        });
    }
    sections
}

/// How to see hospitals outside, and what to make of them; `None` where there are none.
fn outside(network: &Network) -> Option<String> {
    caveats::on_the_edge(network).map(|caveat| format!("{caveat} They are shown with --all."))
}

const PATIENTS: &str = "Patients in the days that are counted. Diverted away: first choice full, let in elsewhere; received: from such a one; forced: let in without a free bed.";

pub(super) fn wards(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Vec<Section> {
    let base = &results.flows()[0];
    let network = base.region().network();
    let mut rows = Vec::new();
    for id in hospitals_of(results, view) {
        let wards = base.wards().iter().enumerate();
        for (number, ward) in wards.filter(|(_, ward)| ward.hospital == id) {
            let first = vec![
                Cell::text(&network[id].key),
                Cell::text(&ward.specialty),
                Cell::Count(u64::from(ward.beds)),
                Cell::text(match ward.source {
                    BedSource::Published => "published",
                    BedSource::NetworkAssumed => "network",
                    BedSource::SettingsAssumed => "settings",
                }),
            ];
            rows.push((first, Scope::Ward(number)));
        }
    }
    let first = ["hospital", "ward", "beds", "beds_from"];
    let mut sections = Vec::new();
    for (number, table) in figures_tables(results, view, &first, &rows).into_iter().enumerate() {
        let table = table.details(&["beds_from"]);
        sections.push(if number == 0 {
            with_intervals(Section::new("wards", "How full the wards are", table), results)
                .maybe_note(outside(network))
                .maybe_note(assumed::on_wards(results))
        } else {
            let heading = "What becomes of patients, by ward";
            Section::new("patients", heading, table.details(&["beds"])).note(PATIENTS)
        });
    }
    sections
}

pub(super) fn cooperations(results: &Results<'_, '_>) -> Section {
    let network = results.flows()[0].region().network();
    let days = f64::from(results.flows()[0].settings().days);
    let mut table = Table::new(&["cooperation", "kind", "uses", "uses_half_width", "per_day"]);
    for (key, uses) in results.uses(0).into_iter().filter(|(key, _)| key != BACK) {
        let all = network.cooperations().iter();
        let kind = all.filter(|one| one.key == key).map(|one| one.kind.name()).next();
        let [mean, half] = cells(Some(uses), "patients");
        table.row(vec![
            Cell::text(key),
            Cell::maybe_text(kind),
            mean,
            half,
            Cell::Number(uses.mean / days, 1),
        ]);
    }
    let section = Section::new("cooperations", "Patients by cooperation", table);
    with_intervals(section, results)
        .note(
            "Handed on over it, brought to a partner's shared beds, or helped on the way of a care pathway.",
        )
        .maybe_note(at_medians(network))
}

/// That care pathways do not scatter in a simulation; `None` where they never do.
pub(super) fn at_medians(network: &Network) -> Option<String> {
    let scatters = network.catalog().pathways.iter().any(Pathway::has_spread);
    scatters.then(|| {
        "Care pathways are taken at the medians of their durations: what scatters there does not count here."
            .to_owned()
    })
}

/// The way home, which is no cooperation; it is used by patients who are at home already, too.
pub(super) const BACK: &str = "back";

/// Shared on-call rosters, where there are any.
pub(super) fn rosters(results: &Results<'_, '_>) -> Option<Section> {
    let mut table = Table::new(&["cooperation", "specialty", "uses", "missed", "waited_hours"]);
    for one in results.rosters(0) {
        let (key, specialty) = one.key.rsplit_once('/').unwrap_or((one.key.as_str(), ""));
        table.row(vec![
            Cell::text(key),
            Cell::text(specialty),
            cell(one.used, "patients"),
            cell(one.missed, "patients"),
            Cell::Number(one.waited_hours, 1),
        ]);
    }
    (!table.rows().is_empty()).then(|| Section::new("rosters", "Shared on-call rosters", table))
}

/// The pathways of a view.
pub(super) fn is_asked(view: &SimulationView<'_>, pathway: &str) -> bool {
    view.condition.is_none_or(|only| only == pathway)
}

/// The key of a stage.
pub(super) fn stage_key<'n>(network: &'n Network, pathway: &str, stage: usize) -> &'n str {
    let all: &[Pathway] = &network.catalog().pathways;
    let own = all.iter().find(|one| one.key == pathway);
    own.and_then(|one| one.stages.get(stage)).map_or("", |stage| stage.key.as_str())
}

pub(super) fn conditions(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let network = results.flows()[0].region().network();
    let mut table = Table::new(&[
        "pathway",
        "stage",
        "queued_median_minutes",
        "queued_median_minutes_half_width",
        "free_median_minutes",
        "queued_p90_minutes",
        "queued_p90_minutes_half_width",
        "free_p90_minutes",
    ]);
    for one in results.stage_waits(0) {
        if !is_asked(view, &one.pathway) {
            continue;
        }
        let [p50, p50_half] = cells(one.p50, "minutes");
        let [p90, p90_half] = cells(one.p90, "minutes");
        table.row(vec![
            Cell::text(&one.pathway),
            Cell::text(stage_key(network, &one.pathway, one.stage)),
            p50,
            p50_half,
            Cell::maybe_time(one.free_p50),
            p90,
            p90_half,
            Cell::maybe_time(one.free_p90),
        ]);
    }
    let heading = "From the call to the end of each stage, patients from inside";
    with_intervals(Section::new("conditions", heading, table), results).note(FREE)
}

const FREE: &str = "Each duration counts by its median here, whatever its spread. Free: the same patients if every bed were free, by the best way of their hour. With queues they are brought to the next hospital by time when wards are full, so both differ by the detour, not by waiting at the door.";

pub(super) fn places(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let region = results.flows()[0].region();
    let mut table = Table::new(&[
        "place_name",
        "pathway",
        "stage",
        "elsewhere_share",
        "queued_median_minutes",
        "queued_p90_minutes",
        "patients",
        "place",
    ]);
    let count = results.replications().max(1) as f64;
    let namesakes = Namesakes::new(region);
    for one in results.place_waits(0) {
        let place = region.place(one.place);
        let is_shown = view.all || (!place.outside && one.elsewhere > 0);
        if !is_asked(view, &one.pathway) || !is_shown {
            continue;
        }
        table.row(vec![
            namesakes.place(one.place),
            Cell::text(&one.pathway),
            Cell::text(stage_key(region.network(), &one.pathway, one.stage)),
            Cell::Share(one.elsewhere as f64 / one.patients.max(1) as f64),
            Cell::maybe_time(one.p50),
            Cell::maybe_time(one.p90),
            cell(one.patients as f64 / count, "patients"),
            Cell::text(&place.key),
        ]);
    }
    let section =
        Section::new("places", "By place: times to the end of each stage", table.details(&["place"]))
            .note("Elsewhere: brought to another hospital than by the best way of their hour, because it was full. All replications together.");
    if view.all {
        return section;
    }
    section.note("Places inside from which somebody was brought elsewhere; others: --all.")
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The beds that a share of a view of times is of.
fn beds(results: &Results<'_, '_>, flow: usize, view: &SimulationView<'_>) -> f64 {
    f64::from(results.beds(flow, scope(view)).max(1))
}

/// Leaves the column of the scenario out in text where there is only the base.
fn of_flows(table: Table, results: &Results<'_, '_>) -> Table {
    if results.flows().len() > 1 { table } else { table.details(&["scenario"]) }
}

pub(super) fn hours(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let mut table =
        Table::new(&["scenario", "hour_of_week", "clock", "census_beds", "occupancy_share"]);
    for (number, flow) in results.flows().iter().enumerate() {
        let beds = beds(results, number, view);
        let census = results.census_by_hour(number, scope(view));
        for (hour, census) in HourOfWeek::all().zip(census) {
            table.row(vec![
                Cell::text(flow.name()),
                Cell::Count(hour.index() as u64),
                Cell::text(format!("{} {:02}:00", DAYS[hour.day()], hour.hour())),
                Cell::Number(census, 1),
                Cell::Share(census / beds),
            ]);
        }
    }
    let name = scope_name(results.flows()[0].region(), view);
    let heading = format!("Occupied beds by hour of the week, {name}");
    Section::new("hours", heading, of_flows(table, results))
}

pub(super) fn day_parts(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let mut table = Table::new(&[
        "scenario",
        "day_part",
        "census_beds",
        "fewest_beds",
        "most_beds",
        "occupancy_share",
    ]);
    for (number, flow) in results.flows().iter().enumerate() {
        let beds = beds(results, number, view);
        let census = results.census_by_hour(number, scope(view));
        for (days, name) in [(0..5, "Mon-Fri"), (5..7, "Sat-Sun")] {
            for part in 0..4 {
                let own: Vec<f64> = HourOfWeek::all()
                    .zip(&census)
                    .filter(|(hour, _)| days.contains(&hour.day()) && hour.hour() / 6 == part)
                    .map(|(_, census)| *census)
                    .collect();
                let mean = own.iter().sum::<f64>() / own.len().max(1) as f64;
                table.row(vec![
                    Cell::text(flow.name()),
                    Cell::text(format!("{name} {}-{}", part * 6, part * 6 + 6)),
                    Cell::Number(mean, 1),
                    Cell::Number(own.iter().copied().fold(f64::INFINITY, f64::min), 1),
                    Cell::Number(own.iter().copied().fold(0.0, f64::max), 1),
                    Cell::Share(mean / beds),
                ]);
            }
        }
    }
    let name = scope_name(results.flows()[0].region(), view);
    Section::new(
        "day_parts",
        format!("Occupied beds by part of the day, {name}"),
        of_flows(table, results),
    )
    .note("Least and most: of the hours in it, each the mean over the weeks. All 168 hours: --format csv.")
}

pub(super) fn days(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let mut table = Table::new(&[
        "scenario",
        "day",
        "date",
        "census_beds",
        "fewest_beds",
        "most_beds",
        "occupancy_share",
    ]);
    for (number, flow) in results.flows().iter().enumerate() {
        let beds = beds(results, number, view);
        let first = flow.region().network().date();
        for (day, census) in (0_u32..).zip(results.census_by_day(number, view.hospital)) {
            let date = first.plus_days(day).map(|date| date.to_string());
            table.row(vec![
                Cell::text(flow.name()),
                Cell::Count(u64::from(day) + 1),
                Cell::maybe_text(date),
                Cell::Number(census.mean, 1),
                Cell::Count(u64::from(census.least)),
                Cell::Count(u64::from(census.most)),
                Cell::Share(census.mean / beds),
            ]);
        }
    }
    let name = scope_name(results.flows()[0].region(), view);
    Section::new(
        "days",
        format!("Occupied beds at the end of each day, {name}"),
        of_flows(table, results),
    )
    .note("Least and most: in the replication with the fewest and the most on that day.")
}
