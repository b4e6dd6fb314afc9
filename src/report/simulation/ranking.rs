//! Scenarios and the network as it is, ranked.

use super::{SimulationView, cell, half_width_cell, mean_cell, unit};
use crate::report::columns::{
    DIFFERENCE, HALF_WIDTH, RANK_FROM, RANK_TO, SCENARIO, VALUE, VARIANCE_FACTOR,
};
use crate::report::document::{Cell, Section, Table};
use crate::report::figures;
use crate::simulation::{Figure, RankedFlow, Results};
use crate::stats::Interval;
use crate::words;

/// What scenarios are ranked by, where nobody says: whoever finds no bed where they wanted one.
const TURNED_AWAY: [Figure; 2] = [Figure::Refused, Figure::DivertedAway];

/// All flows by one figure, with the places that each may have.
pub(super) fn ranking(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let asked = view.rank_by.filter(|figure| figure.is_burden());
    // A figure of which more is better, or of which nobody knows, ranks nothing.
    let ranked_by = asked.map_or(TURNED_AWAY.to_vec(), |figure| vec![figure]);
    let unit = unit(ranked_by[0]);
    let ranked = results.ranked(&ranked_by);
    let table = Table::of(&ranked)
        .column(RANK_FROM, |row| Cell::count(row.rank.from))
        .column(RANK_TO, |row| Cell::count(row.rank.to))
        .column(SCENARIO, |row| Cell::known(results.flow(row.flow).name()))
        .column(VALUE, |row| mean_cell(Some(row.value), unit))
        .column(DIFFERENCE, |row| difference(row, unit, |change| Some(change.mean)))
        .column(HALF_WIDTH, |row| match row.change {
            Some(change) if unit != "share" => half_width_cell(Some(change), unit),
            _ => difference(row, unit, |change| change.half_width),
        })
        .column(VARIANCE_FACTOR, |row| Cell::maybe_number(row.variance_factor, 1))
        .build();
    let mut keys = Vec::new();
    for figure in &ranked_by {
        keys.push(figures::told(figure.key()));
    }
    let heading = said!("Ranked by {keys}, the lowest first", keys = keys.join(" + "));
    Section::new("ranking", heading, table)
        .note(verdict(results, &ranked))
        .note("Places from, to: all hold together with at least 95 % (paired differences of all pairs, Bonferroni; Law 2015). Variance factor: so many times as many replications with other patients in each would tell the difference as well.")
}

/// The change from the base, or half of the width of its interval.
fn difference(row: &RankedFlow, unit: &str, value: impl Fn(Interval) -> Option<f64>) -> Cell {
    match row.change.and_then(value) {
        Some(value) if unit == "share" => Cell::points(value),
        Some(value) => cell(value, unit),
        None => Cell::Missing,
    }
}

/// Whether there is a best one.
fn verdict(results: &Results<'_, '_>, ranked: &[RankedFlow]) -> String {
    let Some(first) = ranked.first() else { return String::new() };
    let name = words::of(results.flow(first.flow).name());
    // By its place and not by its mean alone: that may be chance.
    if first.rank.is_best() {
        return said!("{name} is the best with at least 95 %.", name);
    }
    // Whoever may be first, too: those whose place is surely behind another are none.
    let mut rivals = Vec::new();
    for row in &ranked[1..] {
        if row.rank.from == 1 {
            rivals.push(words::of(results.flow(row.flow).name()));
        }
    }
    said!("Not told apart as the best: {name}, {rivals}.", name, rivals = rivals.join(", "))
}
