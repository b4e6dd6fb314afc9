//! The base alone: figures with their intervals.

use super::{
    SimulationView, assumed, cell, half_width_cell, hospitals_of, mean_cell, scope, scope_name,
    unit, with_intervals,
};
use crate::calendar::HourOfWeek;
use crate::model::{Measure, Network, Pathway, StageIndex};
use crate::report::Column;
use crate::report::caveats;
use crate::report::columns::{
    ADMISSIONS, ADMISSIONS_HALF_WIDTH, BEDS, BEDS_FROM, BLOCKED_BEDS, BLOCKED_BEDS_HALF_WIDTH,
    CENSUS_BEDS, CLOCK, COOPERATION, DATE, DAY, DAY_PART, DIVERTED_AWAY, DIVERTED_AWAY_HALF_WIDTH,
    ELSEWHERE_SHARE, EXPECTED_PATIENTS, FEWEST_BEDS, FIGURE, FORCED, FORCED_HALF_WIDTH,
    FREE_BESIDE, FREE_BESIDE_HALF_WIDTH, FREE_MEDIAN_MINUTES, FREE_P90_MINUTES, FULL_SHARE,
    FULL_SHARE_HALF_WIDTH, GAVE_UP, GAVE_UP_HALF_WIDTH, HALF_WIDTH, HOSPITAL, HOUR_OF_WEEK, KIND,
    MISSED, MOST_BEDS, OCCUPANCY_P95_SHARE, OCCUPANCY_P95_SHARE_HALF_WIDTH, OCCUPANCY_SHARE,
    OCCUPANCY_SHARE_HALF_WIDTH, OUTLIERS, OUTLIERS_HALF_WIDTH, PATHWAY, PATIENTS, PER_DAY, PLACE,
    PLACE_NAME, PUBLISHED_VALUE, QUEUED_MEDIAN_MINUTES, QUEUED_MEDIAN_MINUTES_HALF_WIDTH,
    QUEUED_P90_MINUTES, QUEUED_P90_MINUTES_HALF_WIDTH, REBOOKED, REBOOKED_HALF_WIDTH, RECEIVED,
    RECEIVED_HALF_WIDTH, REFUSALS_SHARE, REFUSED, REFUSED_HALF_WIDTH, SCENARIO, SPECIALTY, STAGE,
    TRANSFERRED_IN, TRANSFERRED_IN_HALF_WIDTH, UNIT, USES, USES_HALF_WIDTH, VALUE, WAITED,
    WAITED_HALF_WIDTH, WAITED_HOURS, WAITING_DAYS, WAITING_DAYS_HALF_WIDTH, WARD, WHAT,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table, TableBuilder};
use crate::report::namesakes::Namesakes;
use crate::simulation::{BedSource, Figure, FlowIndex, PatientFlow, Results, Scope, Ward, WardId};
use crate::stats::Interval;
use crate::words;

/// A figure of all hospitals inside, in every replication.
pub(super) struct Overall {
    pub(super) key: &'static str,
    pub(super) what: &'static str,
    pub(super) unit: &'static str,
    pub(super) values: Vec<f64>,
}

/// The figures of all hospitals inside, in the order in which tables show them.
pub(super) fn overall(results: &Results<'_, '_>, flow: FlowIndex) -> Vec<Overall> {
    let figures = [
        (Figure::Occupancy, "occupancy of all beds"),
        (Figure::OccupancyP95, "occupancy that 95 % of the days do not exceed"),
        (Figure::FullShare, "time in which a ward is full, mean by beds"),
        (Figure::Admissions, "admissions"),
        (Figure::Outliers, "own ward full: laid in another ward of the house"),
        (Figure::DivertedAway, "first choice full: let in elsewhere"),
        (Figure::Received, "came because another hospital was full"),
        (Figure::Forced, "let in without a free bed"),
        (Figure::FreeBeside, "sent on or without a bed, with a free one in the house"),
        (Figure::Waited, "waited for a bed"),
        (Figure::WaitingDays, "days that these waited, mean"),
        (Figure::Refused, "let in nowhere"),
        (Figure::GaveUp, "gave up waiting, and do not come again"),
        (Figure::Rebooked, "gave up waiting, and got another date"),
        (Figure::TransferredIn, "came from another ward"),
        (Figure::Blocked, "beds held by patients who wait for a ward"),
    ];
    let mut rows = Vec::new();
    for (figure, what) in figures {
        if is_of_patience(figure) && !has_patience(results) {
            continue;
        }
        let values = results.values(flow, figure, Scope::Inside);
        rows.push(Overall { key: figure.key(), what, unit: unit(figure), values });
    }

    // Beside how full all wards are, because these units are full first.
    let units = [
        ("icu_occupancy_share", "occupancy of intensive care units", Figure::Occupancy),
        ("icu_full_share", "time in which such a unit is full, mean by beds", Figure::FullShare),
    ];
    for (position, (key, what, figure)) in (3..).zip(units) {
        let values = of_icus(results, flow, figure);
        rows.insert(position, Overall { key, what, unit: "share", values });
    }
    rows
}

/// A share of the intensive care units inside, weighted by beds, in every replication.
fn of_icus(results: &Results<'_, '_>, flow: FlowIndex, figure: Figure) -> Vec<f64> {
    let simulated = results.flow(flow);
    let network = simulated.region().network();
    let (mut sums, mut beds) = (vec![0.0; results.replications()], 0.0);
    for (number, ward) in simulated.wards_with_ids() {
        if !ward.is_icu() || network[ward.hospital].outside {
            continue;
        }
        let values = results.values(flow, figure, Scope::Ward(number));
        let weight = f64::from(ward.beds);
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += weight * value;
        }
        beds += weight;
    }
    for sum in &mut sums {
        // Without any such unit none is ever full.
        *sum = if beds > 0.0 { *sum / beds } else { 0.0 };
    }
    sums
}

/// The published occupancy: its value, and what it is of.
pub(super) fn published(network: &Network) -> Option<(f64, String)> {
    let figure = network.published().iter().find(|figure| figure.measure == Measure::Occupancy)?;
    Some((figure.value, format!("{}, {} {}", figure.name, figure.area, figure.year)))
}

pub(super) fn overview(results: &Results<'_, '_>) -> Section {
    let base = &results.flows()[0];
    let network = base.region().network();
    let days = f64::from(base.settings().days);
    let published = published(network);
    let mean = |row: &Overall| Interval::of(&row.values);

    let table = Table::of(overall(results, FlowIndex::BASE))
        .column(WHAT, |row| Cell::word(row.what))
        .column(VALUE, |row| mean_cell(mean(row), row.unit))
        .column(HALF_WIDTH, |row| half_width_cell(mean(row), row.unit))
        // Shares and waiting times are no sums over days.
        .column(PER_DAY, |row| match mean(row) {
            Some(mean) if row.unit == "patients" => Cell::number(mean.mean / days, 1),
            _ => Cell::Missing,
        })
        .column(PUBLISHED_VALUE, |row| match &published {
            Some((value, _)) if row.key == Figure::Occupancy.key() => Cell::share(*value),
            _ => Cell::Missing,
        })
        .detail(FIGURE, |row| Cell::text(row.key))
        .detail(UNIT, |row| Cell::text(row.unit))
        .build();

    // Alone it may be the network after a change, as the title says; beside scenarios it is the one without them.
    let heading = match results.flows().len() {
        1 => "All hospitals inside",
        _ => "All hospitals inside, as the network is",
    };
    let mut section = with_intervals(Section::new("overview", heading, table), results);
    if let Some((_, name)) = published {
        section = section.note(said!("Published: {name}.", name));
    }
    // Fewer would be printed as 0 cases.
    if base.without_hospital() >= 0.5 {
        section = section.note(said!(
            "{cases} expected cases a year have no hospital in reach and do not come.",
            cases = Cell::number(base.without_hospital(), 0).display()
        ));
    }
    if !base.without_beds().is_empty() {
        let wards = base.without_beds().join(", ");
        section =
            section.note(said!("Nobody is brought to departments without a bed: {wards}.", wards));
    }
    section.maybe_note(beyond_beds(results))
}

/// So many wards with more patients than beds are told by name.
const TOLD: usize = 5;

/// A ward inside with more patients than staffed beds in the long run.
struct Overfull<'f> {
    ward: &'f Ward,
    patients: f64,
    /// Beds that are staffed on average.
    staffed: f64,
    /// Of all patients who find the ward of their choice full.
    share: f64,
}

/// Wards with more patients than beds in the long run, and how many of all refusals are theirs; `None` where nobody
/// looked for it.
fn beyond_beds(results: &Results<'_, '_>) -> Option<String> {
    let base = &results.flows()[0];
    let network = base.region().network();
    let refused = refusals(results, Scope::Inside);
    let mut overfull = Vec::new();
    for (number, ward) in base.wards_with_ids() {
        let patients = base.expected_patients(number)?;
        if !network[ward.hospital].outside && patients > base.staffed_beds(number) {
            let share = refusals(results, Scope::Ward(number)) / refused.max(f64::MIN_POSITIVE);
            let staffed = base.staffed_beds(number);
            overfull.push(Overfull { ward, patients, staffed, share });
        }
    }
    if overfull.is_empty() {
        return Some(said!("No ward inside has more patients than staffed beds in the long run."));
    }
    overfull.sort_by(|a, b| b.share.total_cmp(&a.share));

    let mut told = Vec::new();
    for Overfull { ward, patients, staffed, share } in overfull.iter().take(TOLD) {
        let hospital = &network[ward.hospital].key;
        let (specialty, beds) = (&ward.specialty, ward.beds);
        let patients = Cell::number(*patients, 1).display();
        let staffed = Cell::number(*staffed, 1).display();
        let share = Cell::share(*share).display();
        told.push(said!("{hospital}/{specialty} {patients} where {staffed} of {beds} beds are staffed ({share})", hospital, specialty, patients, staffed, beds, share));
    }
    let more = match overfull.len() {
        count if count > TOLD => said!(", and {more} more", more = count - TOLD),
        _ => String::new(),
    };
    let share: f64 = overfull.iter().map(|ward| ward.share).sum();
    Some(said!(
        "{overfull} of {wards} wards inside have more patients than staffed beds in the long run, and {share} of all patients who find the ward of their choice full: {told}{more}.",
        overfull = overfull.len(),
        wards = wards_inside(base),
        share = Cell::share(share).display(),
        told = told.join(", "),
        more
    ))
}

fn wards_inside(flow: &PatientFlow<'_>) -> usize {
    let network = flow.region().network();
    flow.wards().iter().filter(|ward| !network[ward.hospital].outside).count()
}

/// Patients who find the ward of their choice full, mean of the replications: let in elsewhere, without a bed, or
/// nowhere.
fn refusals(results: &Results<'_, '_>, scope: Scope) -> f64 {
    let mut sum = 0.0;
    for figure in [Figure::DivertedAway, Figure::Forced, Figure::Refused] {
        let mean = results.interval(FlowIndex::BASE, figure, scope);
        sum += mean.map_or(0.0, |interval| interval.mean);
    }
    sum
}

/// Figures in the order in which tables of hospitals and wards show them: how full they are, then
/// what becomes of patients.
const ORDER: [Figure; 16] = [
    Figure::Occupancy,
    Figure::OccupancyP95,
    Figure::FullShare,
    Figure::Waited,
    Figure::WaitingDays,
    Figure::Blocked,
    Figure::Admissions,
    Figure::Outliers,
    Figure::DivertedAway,
    Figure::Received,
    Figure::Forced,
    Figure::FreeBeside,
    Figure::Refused,
    Figure::TransferredIn,
    Figure::GaveUp,
    Figure::Rebooked,
];

/// How many of [`ORDER`] are there where nobody gives up.
const WITHOUT_PATIENCE: usize = 14;

/// The figures of tables, in their order.
pub(super) fn order(results: &Results<'_, '_>) -> &'static [Figure] {
    if has_patience(results) { &ORDER } else { &ORDER[..WITHOUT_PATIENCE] }
}

/// Whether elective patients give up; else nobody asks how many did.
fn has_patience(results: &Results<'_, '_>) -> bool {
    results.flows().iter().any(|flow| flow.settings().elective_patience_days > 0.0)
}

fn is_of_patience(figure: Figure) -> bool {
    matches!(figure, Figure::GaveUp | Figure::Rebooked)
}

/// How many of [`ORDER`] say how full wards are.
const HOW_FULL: usize = 6;

/// The column of a figure, and that of half of the width of its interval.
pub(super) fn columns(figure: Figure) -> (Column, Column) {
    match figure {
        Figure::Admissions => (ADMISSIONS, ADMISSIONS_HALF_WIDTH),
        Figure::Occupancy => (OCCUPANCY_SHARE, OCCUPANCY_SHARE_HALF_WIDTH),
        Figure::OccupancyP95 => (OCCUPANCY_P95_SHARE, OCCUPANCY_P95_SHARE_HALF_WIDTH),
        Figure::FullShare => (FULL_SHARE, FULL_SHARE_HALF_WIDTH),
        Figure::Waited => (WAITED, WAITED_HALF_WIDTH),
        Figure::WaitingDays => (WAITING_DAYS, WAITING_DAYS_HALF_WIDTH),
        Figure::DivertedAway => (DIVERTED_AWAY, DIVERTED_AWAY_HALF_WIDTH),
        Figure::Outliers => (OUTLIERS, OUTLIERS_HALF_WIDTH),
        Figure::FreeBeside => (FREE_BESIDE, FREE_BESIDE_HALF_WIDTH),
        Figure::Received => (RECEIVED, RECEIVED_HALF_WIDTH),
        Figure::Forced => (FORCED, FORCED_HALF_WIDTH),
        Figure::Refused => (REFUSED, REFUSED_HALF_WIDTH),
        Figure::GaveUp => (GAVE_UP, GAVE_UP_HALF_WIDTH),
        Figure::Rebooked => (REBOOKED, REBOOKED_HALF_WIDTH),
        Figure::TransferredIn => (TRANSFERRED_IN, TRANSFERRED_IN_HALF_WIDTH),
        Figure::Blocked => (BLOCKED_BEDS, BLOCKED_BEDS_HALF_WIDTH),
    }
}

/// Adds these figures of what each row is about. A narrow screen does without some first, and text shows few
/// half-widths.
fn figure_columns<R>(
    mut table: TableBuilder<R>,
    results: &Results<'_, '_>,
    figures: &[Figure],
    scope: impl Fn(&R) -> Scope,
) -> Table {
    for &figure in figures {
        let (mean, half_width) = columns(figure);
        let interval = |row: &R| results.interval(FlowIndex::BASE, figure, scope(row));
        let mean_of = |row: &R| mean_cell(interval(row), unit(figure));
        table = match figure {
            Figure::Waited | Figure::OccupancyP95 => table.spare(mean, mean_of),
            _ => table.column(mean, mean_of),
        };
        let half_of = |row: &R| half_width_cell(interval(row), unit(figure));
        table = match figure {
            Figure::Occupancy | Figure::Admissions => table.spare(half_width, half_of),
            _ => table.detail(half_width, half_of),
        };
    }
    table.build()
}

/// The figures of a table, or of two where the view is narrow: how full wards are apart from what becomes of
/// patients.
fn parts(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Vec<&'static [Figure]> {
    let order = order(results);
    if view.narrow { vec![&order[..HOW_FULL], &order[HOW_FULL..]] } else { vec![order] }
}

pub(super) fn hospitals(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Vec<Section> {
    let network = results.flows()[0].region().network();
    let mut sections = Vec::new();
    for (number, figures) in parts(results, view).into_iter().enumerate() {
        let table = Table::of(hospitals_of(results, view))
            .column(HOSPITAL, |id| Cell::text(&network[*id].key))
            .column(BEDS, |id| Cell::count(results.beds(FlowIndex::BASE, Scope::Hospital(*id))));
        let table = figure_columns(table, results, figures, |id| Scope::Hospital(*id));
        // Intervals and caveats stand once, under the first part.
        sections.push(if number == 0 {
            let section = Section::new("hospitals", "How full the hospitals are", table);
            with_intervals(section, results)
                .maybe_note(outside(network))
                .maybe_note(caveats::on_beds(network))
        } else {
            Section::new("patients", "What becomes of patients, by hospital", table)
                .note(PATIENTS_NOTE)
        });
    }
    sections
}

/// How to see hospitals outside, and what to make of them; `None` where there are none.
fn outside(network: &Network) -> Option<Remark> {
    caveats::on_the_edge(network).map(|caveat| Remark::from(caveat).hint(Hint::HospitalsOutside))
}

const PATIENTS_NOTE: &str = "Patients in the days that are counted. In other wards: own ward full, laid in another one of the house; diverted away: first choice full, let in at another hospital; received: from such a one; forced: let in without a free bed; free beside: sent on or without a bed while another ward of the house that could help had a free one.";

pub(super) fn wards(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Vec<Section> {
    let base = &results.flows()[0];
    let network = base.region().network();
    let mut rows: Vec<(WardId, &Ward)> = Vec::new();
    for id in hospitals_of(results, view) {
        for (number, ward) in base.wards_with_ids() {
            if ward.hospital == id {
                rows.push((number, ward));
            }
        }
    }

    let refused = refusals(results, Scope::Inside);
    let mut sections = Vec::new();
    for (number, figures) in parts(results, view).into_iter().enumerate() {
        let table = Table::of(rows.iter().copied())
            .column(HOSPITAL, |(_, ward)| Cell::text(&network[ward.hospital].key))
            .column(WARD, |(_, ward)| Cell::text(&ward.specialty))
            .column(BEDS, |(_, ward)| Cell::count(ward.beds))
            .detail(BEDS_FROM, |(_, ward)| match ward.source {
                BedSource::Published => Cell::word("published"),
                BedSource::NetworkAssumed => Cell::word("network"),
                BedSource::SettingsAssumed => Cell::word("settings"),
            })
            .detail(EXPECTED_PATIENTS, |(number, _)| {
                Cell::maybe_number(base.expected_patients(*number), 1)
            })
            .detail(REFUSALS_SHARE, |(number, _)| {
                let share =
                    refusals(results, Scope::Ward(*number)) / refused.max(f64::MIN_POSITIVE);
                Cell::share(share)
            });
        let table = figure_columns(table, results, figures, |(number, _)| Scope::Ward(*number));
        sections.push(if number == 0 {
            with_intervals(Section::new("wards", "How full the wards are", table), results)
                .maybe_note(outside(network))
                .maybe_note(assumed::on_wards(results))
        } else {
            let heading = "What becomes of patients, by ward";
            // The first part has the beds; this one needs the room.
            Section::new("patients", heading, table.hide(&[BEDS])).note(PATIENTS_NOTE)
        });
    }
    sections
}

pub(super) fn cooperations(results: &Results<'_, '_>) -> Section {
    let network = results.flows()[0].region().network();
    let days = f64::from(results.flows()[0].settings().days);
    let mut uses = results.uses(FlowIndex::BASE);
    // The way home is counted beside them, and is nobody's agreement.
    uses.retain(|(key, _)| key != BACK);
    let kind = |key: &str| {
        let known = network.cooperations().iter().find(|known| known.key == key);
        known.map_or(Cell::Missing, |known| Cell::word(known.kind.name()))
    };
    let table = Table::of(uses)
        .column(COOPERATION, |(key, _)| Cell::text(key))
        .column(KIND, |(key, _)| kind(key))
        .column(USES, |(_, uses)| mean_cell(Some(*uses), "patients"))
        .column(USES_HALF_WIDTH, |(_, uses)| half_width_cell(Some(*uses), "patients"))
        .column(PER_DAY, |(_, uses)| Cell::number(uses.mean / days, 1))
        .build();
    let section = Section::new("cooperations", "Patients by cooperation", table);
    with_intervals(section, results)
        .note(
            "Handed on over it, brought to a partner's shared beds, or helped on the way of a care pathway.",
        )
        .maybe_note(at_medians(network))
}

/// That care pathways do not scatter in a simulation; `None` where they never do.
pub(super) fn at_medians(network: &Network) -> Option<String> {
    if !network.catalog().pathways.iter().any(Pathway::has_spread) {
        return None;
    }
    let told = "Care pathways are taken at the medians of their durations: what scatters there does not count here.";
    Some(told.to_owned())
}

/// The way home, which is no cooperation; it is used by patients who are at home already, too.
pub(super) const BACK: &str = "back";

/// Shared on-call rosters, where there are any.
pub(super) fn rosters(results: &Results<'_, '_>) -> Option<Section> {
    // No key of a network holds a slash, so this one parts cooperation and specialty.
    let split = |key: &str| match key.rsplit_once('/') {
        Some((cooperation, specialty)) => (cooperation.to_owned(), specialty.to_owned()),
        None => (key.to_owned(), String::new()),
    };
    let table = Table::of(results.rosters(FlowIndex::BASE))
        .column(COOPERATION, |roster| Cell::text(split(&roster.key).0))
        .column(SPECIALTY, |roster| Cell::text(split(&roster.key).1))
        .column(USES, |roster| cell(roster.used, "patients"))
        .column(MISSED, |roster| cell(roster.missed, "patients"))
        .column(WAITED_HOURS, |roster| Cell::number(roster.waited_hours, 1))
        .build();
    if table.is_empty() {
        return None;
    }
    Some(Section::new("rosters", "Shared on-call rosters", table))
}

/// The pathways of a view.
pub(super) fn is_asked(view: &SimulationView<'_>, pathway: &str) -> bool {
    match view.condition {
        Some(only) => only == pathway,
        None => true,
    }
}

/// The key of a stage; empty where the catalog does not have it.
pub(super) fn stage_key<'n>(network: &'n Network, pathway: &str, stage: StageIndex) -> &'n str {
    let pathways: &[Pathway] = &network.catalog().pathways;
    let Some(known) = pathways.iter().find(|known| known.key == pathway) else { return "" };
    match known.stages.get(stage.index()) {
        Some(stage) => &stage.key,
        None => "",
    }
}

pub(super) fn conditions(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let network = results.flows()[0].region().network();
    let mut waits = results.stage_waits(FlowIndex::BASE);
    waits.retain(|wait| is_asked(view, &wait.pathway));
    let table = Table::of(waits)
        .column(PATHWAY, |wait| Cell::text(&wait.pathway))
        .column(STAGE, |wait| Cell::text(stage_key(network, &wait.pathway, wait.stage)))
        .column(QUEUED_MEDIAN_MINUTES, |wait| mean_cell(wait.p50, "minutes"))
        .column(QUEUED_MEDIAN_MINUTES_HALF_WIDTH, |wait| half_width_cell(wait.p50, "minutes"))
        .column(FREE_MEDIAN_MINUTES, |wait| Cell::maybe_time(wait.free_p50))
        .column(QUEUED_P90_MINUTES, |wait| mean_cell(wait.p90, "minutes"))
        .column(QUEUED_P90_MINUTES_HALF_WIDTH, |wait| half_width_cell(wait.p90, "minutes"))
        .column(FREE_P90_MINUTES, |wait| Cell::maybe_time(wait.free_p90))
        .build();
    let heading = "From the call to the end of each stage, patients from inside";
    with_intervals(Section::new("conditions", heading, table), results).note(FREE)
}

const FREE: &str = "Each duration counts by its median here, whatever its spread. Free: the same patients if every bed were free, by the best way of their hour. With queues they are brought to the next hospital by time when wards are full, so both differ by the detour, not by waiting at the door.";

pub(super) fn places(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let region = results.flows()[0].region();
    let count = results.replications().max(1) as f64;
    let namesakes = Namesakes::new(region);
    let mut waits = results.place_waits(FlowIndex::BASE);
    waits.retain(|wait| {
        // Most places notice nothing, and their rows of 0 % would hide the others.
        let is_hit = !region.place(wait.place).outside && wait.elsewhere > 0;
        is_asked(view, &wait.pathway) && (view.all || is_hit)
    });

    let table = Table::of(waits)
        .column(PLACE_NAME, |wait| namesakes.place(wait.place))
        .column(PATHWAY, |wait| Cell::text(&wait.pathway))
        .column(STAGE, |wait| Cell::text(stage_key(region.network(), &wait.pathway, wait.stage)))
        .column(ELSEWHERE_SHARE, |wait| {
            Cell::share(wait.elsewhere as f64 / wait.patients.max(1) as f64)
        })
        .column(QUEUED_MEDIAN_MINUTES, |wait| Cell::maybe_time(wait.p50))
        .column(QUEUED_P90_MINUTES, |wait| Cell::maybe_time(wait.p90))
        .column(PATIENTS, |wait| cell(wait.patients as f64 / count, "patients"))
        .detail(PLACE, |wait| Cell::text(&region.place(wait.place).key))
        .build();

    let section =
        Section::new("places", "By place: times to the end of each stage", table)
            .note("Elsewhere: brought to another hospital than by the best way of their hour, because it was full. All replications together.");
    if view.all {
        return section;
    }
    section.note(
        Remark::from("Places inside from which somebody was brought elsewhere")
            .hint(Hint::OtherPlaces)
            .and("."),
    )
}

const DAY_NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The beds that a share of a view of times is of.
fn beds(results: &Results<'_, '_>, flow: FlowIndex, view: &SimulationView<'_>) -> f64 {
    // A scope without beds has nobody in them: its share is 0, and nothing is divided by 0.
    f64::from(results.beds(flow, scope(view)).max(1))
}

/// Occupied beds at a time, or over some time, of a scenario.
struct Census<'f> {
    flow: &'f str,
    /// The beds that there are.
    beds: f64,
    mean: f64,
    least: f64,
    most: f64,
}

pub(super) fn hours(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let mut rows = Vec::new();
    for (number, flow) in results.flows_with_indices() {
        let beds = beds(results, number, view);
        let census = results.census_by_hour(number, scope(view));
        for (hour, mean) in HourOfWeek::all().zip(census) {
            // One hour has one mean over the weeks.
            let census = Census { flow: flow.name(), beds, mean, least: mean, most: mean };
            rows.push((hour, census));
        }
    }
    let table = Table::of(rows)
        .column(SCENARIO, |(_, census)| Cell::text(census.flow))
        .column(HOUR_OF_WEEK, |(hour, _)| Cell::count(hour.index()))
        .column(CLOCK, |(hour, _)| {
            Cell::said(|| format!("{} {:02}:00", words::of(DAY_NAMES[hour.day()]), hour.hour()))
        })
        .column(CENSUS_BEDS, |(_, census)| Cell::number(census.mean, 1))
        .column(OCCUPANCY_SHARE, |(_, census)| Cell::share(census.mean / census.beds))
        .build()
        .hide_if(results.flows().len() == 1, &[SCENARIO]);
    let name = scope_name(results.flows()[0].region(), view);
    Section::new("hours", said!("Occupied beds by hour of the week, {name}", name), table)
}

pub(super) fn day_parts(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let mut rows = Vec::new();
    for (number, flow) in results.flows_with_indices() {
        let beds = beds(results, number, view);
        let census = results.census_by_hour(number, scope(view));
        // Weekends apart: wards that are open on working days let nobody in then.
        for (days, name) in [(0..5, "Mon-Fri"), (5..7, "Sat-Sun")] {
            for part in 0..4 {
                let mut hours: Vec<f64> = Vec::new();
                let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
                for (hour, occupied) in HourOfWeek::all().zip(&census) {
                    if days.contains(&hour.day()) && hour.hour() / 6 == part {
                        hours.push(*occupied);
                        least = least.min(*occupied);
                        most = most.max(*occupied);
                    }
                }
                let mean = hours.iter().sum::<f64>() / hours.len().max(1) as f64;
                let census = Census { flow: flow.name(), beds, mean, least, most };
                // The days have names in each language, the hours have not.
                let label = || format!("{} {}-{}", words::of(name), part * 6, part * 6 + 6);
                rows.push((Cell::said(label), census));
            }
        }
    }

    let table = Table::of(rows)
        .column(SCENARIO, |(_, census)| Cell::text(census.flow))
        .column(DAY_PART, |(part, _)| part.clone())
        .column(CENSUS_BEDS, |(_, census)| Cell::number(census.mean, 1))
        .column(FEWEST_BEDS, |(_, census)| Cell::number(census.least, 1))
        .column(MOST_BEDS, |(_, census)| Cell::number(census.most, 1))
        .column(OCCUPANCY_SHARE, |(_, census)| Cell::share(census.mean / census.beds))
        .build()
        .hide_if(results.flows().len() == 1, &[SCENARIO]);

    let name = scope_name(results.flows()[0].region(), view);
    let heading = said!("Occupied beds by part of the day, {name}", name);
    Section::new("day_parts", heading, table).note(
        Remark::from("Least and most: of the hours in it, each the mean over the weeks.")
            .hint(Hint::HoursOfWeek),
    )
}

pub(super) fn days(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let mut rows = Vec::new();
    for (number, flow) in results.flows_with_indices() {
        let beds = beds(results, number, view);
        for (day, census) in (0_u32..).zip(results.census_by_day(number, view.hospital)) {
            rows.push((flow, beds, day, census));
        }
    }
    let date = |flow: &PatientFlow<'_>, day: u32| {
        let first = flow.region().network().date();
        first.plus_days(day).map_or(Cell::Missing, Cell::day)
    };

    let table = Table::of(rows)
        .column(SCENARIO, |(flow, ..)| Cell::text(flow.name()))
        .column(DAY, |(_, _, day, _)| Cell::count(day + 1))
        .column(DATE, |(flow, _, day, _)| date(flow, *day))
        .column(CENSUS_BEDS, |(.., census)| Cell::number(census.mean, 1))
        .column(FEWEST_BEDS, |(.., census)| Cell::count(census.least))
        .column(MOST_BEDS, |(.., census)| Cell::count(census.most))
        .column(OCCUPANCY_SHARE, |(_, beds, _, census)| Cell::share(census.mean / beds))
        .build()
        .hide_if(results.flows().len() == 1, &[SCENARIO]);

    let name = scope_name(results.flows()[0].region(), view);
    let heading = said!("Occupied beds at the end of each day, {name}", name);
    Section::new("days", heading, table)
        .note("Least and most: in the replication with the fewest and the most on that day.")
}
