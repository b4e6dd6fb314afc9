//! What a simulation takes for granted.

use crate::report::columns::{SOURCE, WHAT};
use crate::report::document::{Cell, Hint, Remark, Section, Table};
use crate::simulation::{BedSource, Results};

/// How many wards there are, and whose beds nobody published.
struct Wards {
    count: usize,
    /// With beds by the settings, as the network does not know them.
    by_settings: usize,
    /// With beds that the network marks as assumed.
    marked: usize,
}

impl Wards {
    fn of(results: &Results<'_, '_>) -> Self {
        let wards = results.flows()[0].wards();
        let mut counts = Self { count: wards.len(), by_settings: 0, marked: 0 };
        for ward in wards {
            match ward.source {
                BedSource::Published => {}
                BedSource::SettingsAssumed => counts.by_settings += 1,
                BedSource::NetworkAssumed => counts.marked += 1,
            }
        }
        counts
    }

    /// With beds that are assumed, by whomever.
    fn assumed(&self) -> usize {
        self.by_settings + self.marked
    }
}

/// Of how many wards the beds are assumed; `None` where all are published.
pub(super) fn on_wards(results: &Results<'_, '_>) -> Option<String> {
    let wards = Wards::of(results);
    if wards.assumed() == 0 {
        return None;
    }
    Some(said!(
        "The beds of {assumed} of {count} wards are assumed, in the network or by the settings: beds_from in csv and json.",
        assumed = wards.assumed(),
        count = wards.count
    ))
}

/// How much is assumed, in one line.
pub(super) fn in_words(results: &Results<'_, '_>) -> Remark {
    let settings = results.flows()[0].settings().assumed().len();
    let wards = Wards::of(results);
    let told = said!(
        "{settings} settings, the beds of {assumed} of {count} wards",
        settings,
        assumed = wards.assumed(),
        count = wards.count
    );
    Remark::from(told).hint(Hint::AllSettings)
}

/// What a simulation takes for granted: a table, which text shows as a sentence unless `in_full`.
pub fn simulation_assumed(results: &Results<'_, '_>, in_full: bool) -> Section {
    let settings = results.flows()[0].settings().assumed();
    let count = settings.len();
    let Wards { count: wards, by_settings, marked } = Wards::of(results);
    let mut rows: Vec<(Cell, Cell)> = Vec::new();
    for (what, source) in settings {
        rows.push((Cell::text(what), Cell::text(source)));
    }
    // Apart, because for the second ones the network has a guess, and for the first ones not even that.
    for (beds, source) in [
        (by_settings, "unknown in the network: by the settings above"),
        (marked, "marked as assumed in the network"),
    ] {
        let what = Cell::said(|| said!("beds of {beds} of {wards} wards", beds, wards));
        rows.push((what, Cell::word(source)));
    }

    let table = Table::of(rows)
        .column(WHAT, |(what, _)| what.clone())
        .column(SOURCE, |(_, source)| source.clone())
        .build();

    let section = Section::new("assumed", "What nobody published and is assumed", table);
    if in_full {
        return section.note(Hint::NetworkAssumptions);
    }
    let told = said!(
        "{count} settings (staff, stays, waiting lists, intensive care, transfers), and the beds of {by_settings} of {wards} wards, which the network does not know; those of {marked} more are marked as assumed there.",
        count,
        by_settings,
        wards,
        marked
    );
    section.in_words(Remark::from(told).hint(Hint::SimulationAssumptions))
}
