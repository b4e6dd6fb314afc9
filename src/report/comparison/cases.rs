//! Where the cases go, and who gets overfull.

use super::count;
use crate::comparison::{Comparison, DepartmentChange, HospitalChange};
use crate::model::Network;
use crate::report::caveats;
use crate::report::columns::{
    BEDS, CASES_AFTER, CASES_BEFORE, DEPARTMENT, HOSPITAL, OCCUPANCY_AFTER_SHARE,
    OCCUPANCY_BEFORE_SHARE, OVERLOAD,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table, TableBuilder};
use crate::routing::{HospitalLoad, LoadChange};

/// Hospitals, the largest change of cases first.
pub(super) fn hospitals(network: &Network, comparison: &Comparison, limit: usize) -> Section {
    let changes = &comparison.hospitals;
    let shown = &changes[..limit.min(changes.len())];
    let table = Table::of(shown).column(HOSPITAL, |change| Cell::text(&change.hospital));
    let table = load_columns(table, |change| &change.load);
    let mut section = Section::new("hospitals", "Where the cases go", table).note(said!(
"{shown} of {all} hospitals with a case a year more or fewer, the largest change first; expected cases of \
         all specialties.",
shown = shown.len(),
all = changes.len()
));
    // A table without rows has no number that a reader could believe too much.
    if !changes.is_empty() {
        section = section.maybe_note(caveats::on_beds(network));
        section = section.maybe_note(caveats::on_from_beyond_closed(network));
    }

    // Of all hospitals, not of those shown: a short list must not hide who gets overfull.
    let (mut newly, mut fuller) = (Vec::new(), Vec::new());
    for change in changes {
        if change.load.is_newly_overfull() {
            newly.push(change.hospital.as_str());
        }
        if change.load.is_overfull_and_fuller() {
            fuller.push(in_words(change));
        }
    }
    section = section.note(if newly.is_empty() {
        said!("No further hospital has more bed days than beds.")
    } else {
        said!("Newly more bed days than beds: {newly}.", newly = newly.join(", "))
    });
    if !fuller.is_empty() {
        section = section.note(said!(
            "More bed days than beds before, and fuller after: {fuller}.",
            fuller = fuller.join(", ")
        ));
    }
    let more = comparison.leftover.more_cases();
    // Less than half a case would read "0 more cases".
    if more >= 0.5 {
        let more = count(more.round() as u64);
        section = section.note(said!("{more} more cases a year reach no hospital at all.", more));
    }
    section
}

/// A hospital with its occupancy before and after.
fn in_words(change: &HospitalChange) -> String {
    let occupancy = change.load.occupancy();
    let percent = |share: Option<f64>| format!("{:.1}", 100.0 * share.unwrap_or(0.0));
    format!("{} {} → {} %", change.hospital, percent(occupancy.before), percent(occupancy.after))
}

/// Departments that get overfull, or fuller than they were: the newly overfull first, then those with
/// most more cases.
pub(super) fn departments(network: &Network, comparison: &Comparison, limit: usize) -> Section {
    let mut full: Vec<&DepartmentChange> = Vec::new();
    for change in &comparison.departments {
        if overload(&change.load).is_some() {
            full.push(change);
        }
    }
    // Stable: within, the largest change of cases stays first.
    full.sort_by_key(|change| !change.load.is_newly_overfull());
    let shown = &full[..limit.min(full.len())];
    let table = Table::of(shown)
        .column(HOSPITAL, |change| Cell::text(&change.hospital))
        .column(DEPARTMENT, |change| Cell::text(&change.specialty))
        .spare(BEDS, |change| Cell::maybe_count(change.load.after.map(|load| load.beds)));
    let table = load_columns(table, |change| &change.load);

    let newly = full.iter().filter(|change| change.load.is_newly_overfull()).count();
    let note = if full.is_empty() {
        Remark::from(
            "No department has newly more bed days than beds or, where it had, gets fuller.",
        )
    } else {
        let told = said!(
            "{shown} of {all} departments; {newly} of them newly have more bed days than beds, the others had before \
             and get fuller. Nobody is diverted here",
            shown = shown.len(),
            all = full.len(),
            newly
        );
        Remark::from(told).hint(Hint::DivertedPatients).and(".")
    };
    let section =
        Section::new("departments", "Departments with more bed days than beds", table).note(note);
    if full.is_empty() { section } else { section.maybe_note(caveats::on_beds(network)) }
}

/// The columns of cases and occupancy before and after, and of the overload.
fn load_columns<R>(table: TableBuilder<R>, load: impl Fn(&R) -> &LoadChange) -> Table {
    let cases = |load: Option<HospitalLoad>| Cell::maybe_number(load.map(|load| load.cases), 0);
    table
        .spare(CASES_BEFORE, |row| cases(load(row).before))
        .spare(CASES_AFTER, |row| cases(load(row).after))
        .column(OCCUPANCY_BEFORE_SHARE, |row| Cell::maybe_share(load(row).occupancy().before))
        .column(OCCUPANCY_AFTER_SHARE, |row| Cell::maybe_share(load(row).occupancy().after))
        .column(OVERLOAD, |row| overload(load(row)).map_or(Cell::Missing, Cell::word))
        .build()
}

/// Overload by a change, in a word.
fn overload(load: &LoadChange) -> Option<&'static str> {
    if load.is_newly_overfull() {
        Some("new")
    } else if load.is_overfull_and_fuller() {
        Some("fuller")
    } else {
        None
    }
}
