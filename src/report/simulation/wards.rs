//! Hospitals and their wards: how full they are, and what becomes of patients.

use super::{
    SimulationView, assumed, half_width_cell, hospitals_of, mean_cell, unit, with_intervals,
};
use crate::model::Network;
use crate::report::Column;
use crate::report::caveats;
use crate::report::columns::{
    ADMISSIONS, ADMISSIONS_HALF_WIDTH, BEDS, BEDS_FROM, BLOCKED_BEDS, BLOCKED_BEDS_HALF_WIDTH,
    DIVERTED_AWAY, DIVERTED_AWAY_HALF_WIDTH, EXPECTED_PATIENTS, FORCED, FORCED_HALF_WIDTH,
    FREE_BESIDE, FREE_BESIDE_HALF_WIDTH, FULL_SHARE, FULL_SHARE_HALF_WIDTH, GAVE_UP,
    GAVE_UP_HALF_WIDTH, HOSPITAL, OCCUPANCY_P95_SHARE, OCCUPANCY_P95_SHARE_HALF_WIDTH,
    OCCUPANCY_SHARE, OCCUPANCY_SHARE_HALF_WIDTH, OUTLIERS, OUTLIERS_HALF_WIDTH, REBOOKED,
    REBOOKED_HALF_WIDTH, RECEIVED, RECEIVED_HALF_WIDTH, REFUSALS_SHARE, REFUSED,
    REFUSED_HALF_WIDTH, TRANSFERRED_IN, TRANSFERRED_IN_HALF_WIDTH, WAITED, WAITED_HALF_WIDTH,
    WAITING_DAYS, WAITING_DAYS_HALF_WIDTH, WARD,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table, TableBuilder};
use crate::simulation::{BedSource, Figure, FlowIndex, Results, Scope, Ward, WardId};

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
pub(super) fn has_patience(results: &Results<'_, '_>) -> bool {
    results.flows().iter().any(|flow| flow.settings().elective_patience_days > 0.0)
}

pub(super) fn is_of_patience(figure: Figure) -> bool {
    matches!(figure, Figure::GaveUp | Figure::Rebooked)
}

/// How many of [`ORDER`] say how full wards are.
const HOW_FULL: usize = 6;

/// The column of a figure, and that of half of the width of its interval.
fn columns(figure: Figure) -> (Column, Column) {
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

/// Patients who find the ward of their choice full, mean of the replications: let in elsewhere, without a bed, or
/// nowhere.
pub(super) fn refusals(results: &Results<'_, '_>, scope: Scope) -> f64 {
    let mut sum = 0.0;
    for figure in [Figure::DivertedAway, Figure::Forced, Figure::Refused] {
        let mean = results.interval(FlowIndex::BASE, figure, scope);
        sum += mean.map_or(0.0, |interval| interval.mean);
    }
    sum
}
