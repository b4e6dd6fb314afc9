//! What a simulation takes for granted.

use crate::report::columns::{SOURCE, WHAT};
use crate::report::document::{Cell, Hint, Remark, Section, Table};
use crate::simulation::{BedSource, Results};

/// How many wards there are, with beds from the settings, and marked as assumed in the network.
fn wards(results: &Results<'_, '_>) -> [usize; 3] {
    let wards = results.flows()[0].wards();
    let count = |source| wards.iter().filter(|ward| ward.source == source).count();
    [wards.len(), count(BedSource::SettingsAssumed), count(BedSource::NetworkAssumed)]
}

/// Of how many wards the beds are assumed; `None` where all are published.
pub(super) fn on_wards(results: &Results<'_, '_>) -> Option<String> {
    let [all, own, marked] = wards(results);
    let assumed = own + marked;
    (assumed > 0).then(|| {
        format!(
            "The beds of {assumed} of {all} wards are assumed, in the network or by the settings: beds_from in \
             csv and json."
        )
    })
}

/// How much is assumed, in one line.
pub(super) fn in_words(results: &Results<'_, '_>) -> Remark {
    let settings = results.flows()[0].settings().assumed();
    let [all, own, marked] = wards(results);
    let told = format!("{} settings, the beds of {} of {all} wards", settings.len(), own + marked);
    Remark::from(told).hint(Hint::AllSettings)
}

/// What a simulation takes for granted: a table, which text shows as a sentence unless `in_full`.
pub fn simulation_assumed(results: &Results<'_, '_>, in_full: bool) -> Section {
    let settings = results.flows()[0].settings().assumed();
    let count = settings.len();
    let [all, own, marked] = wards(results);
    let mut rows: Vec<(String, String)> = Vec::new();
    for (what, source) in settings {
        rows.push((what, source));
    }
    for (beds, source) in [
        (own, "unknown in the network: by the settings above"),
        (marked, "marked as assumed in the network"),
    ] {
        rows.push((format!("beds of {beds} of {all} wards"), source.to_owned()));
    }
    let table = Table::of(rows)
        .column(WHAT, |(what, _)| Cell::text(what))
        .column(SOURCE, |(_, source)| Cell::text(source))
        .build();
    let section = Section::new("assumed", "What nobody published and is assumed", table);
    if in_full {
        return section.note(Hint::NetworkAssumptions);
    }
    let told = format!(
        "{count} settings (staff, stays, waiting lists, intensive care, transfers), and the beds of {own} of {all} wards, which the network does not know; those of {marked} more are marked as assumed there."
    );
    section.in_words(Remark::from(told).hint(Hint::SimulationAssumptions))
}
