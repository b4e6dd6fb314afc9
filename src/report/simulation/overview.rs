//! All hospitals inside in one table: figures, their band, and the wards that hold more than they have beds for.

use super::wards::{has_patience, is_of_patience, refusals};
use super::{SimulationView, cell, half_width_cell, mean_cell, unit, with_intervals};
use crate::model::{Measure, Network};
use crate::report::columns::{
    BAND_HIGH, BAND_LOW, FIGURE, HALF_WIDTH, PER_DAY, PUBLISHED_VALUE, UNIT, VALUE, WHAT,
};
use crate::report::document::{Cell, Hint, Section, Table, hospital_of, specialty_of};
use crate::simulation::{Figure, FlowIndex, Hypercube, PatientFlow, Results, Scope, Ward};
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

/// What lies between the two ends of a band, and how it came about.
fn of_band(band: &Hypercube) -> String {
    said!(
        "From, to: 5 % and 95 % of {points} points at which rates, stays, speeds and staffing lie anywhere from {spread} % less to {spread} % more ({replications} replications each): what is assumed, and what is chance.",
        points = band.points.len(),
        spread = words::fixed(band.spread * 100.0, 0),
        replications = band.plan.replications
    )
}

/// What a share of the points of a band does not exceed, of a figure that they have.
fn band_end(view: &SimulationView<'_>, row: &Overall, share: f64) -> Cell {
    let figure = Figure::ALL.into_iter().find(|figure| figure.key() == row.key);
    let end = figure.and_then(|figure| view.band?.quantile(figure, share));
    match end {
        Some(end) => cell(end, row.unit),
        None => Cell::Missing,
    }
}

pub(super) fn overview(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let base = &results.flows()[0];
    let network = base.region().network();
    let days = f64::from(base.settings().days);
    let published = published(network);
    let mean = |row: &Overall| Interval::of(&row.values);

    let mut table = Table::of(overall(results, FlowIndex::BASE))
        .column(WHAT, |row| Cell::word(row.what))
        .column(VALUE, |row| mean_cell(mean(row), row.unit))
        .column(HALF_WIDTH, |row| half_width_cell(mean(row), row.unit));
    if view.band.is_some() {
        table = table
            .column(BAND_LOW, |row| band_end(view, row, 0.05))
            .column(BAND_HIGH, |row| band_end(view, row, 0.95));
    }
    let table = table
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
    let mut section = with_intervals(Section::new("overview", heading, table), results)
        .maybe_note(view.band.map(of_band));
    if view.band.is_none() {
        section = section.note(Hint::Band);
    }
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
        let hospital = hospital_of(&network[ward.hospital].key);
        let (specialty, beds) = (specialty_of(&ward.specialty), ward.beds);
        let patients = Cell::number(*patients, 1).display();
        let staffed = Cell::number(*staffed, 1).display();
        let share = Cell::share(*share).display();
        told.push(said!("{hospital}, {specialty}: {patients} where {staffed} of {beds} beds are staffed ({share})", hospital, specialty, patients, staffed, beds, share));
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
