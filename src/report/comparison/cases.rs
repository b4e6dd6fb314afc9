//! Where the cases go, and who gets overfull.

use super::count;
use crate::comparison::{Comparison, DepartmentChange, HospitalChange};
use crate::model::Network;
use crate::report::caveats;
use crate::report::document::{Cell, Section, Table};
use crate::routing::{HospitalLoad, LoadChange};

/// Hospitals, the largest change of cases first.
pub(super) fn hospitals(network: &Network, found: &Comparison, limit: usize) -> Section {
    let mut table = Table::new(&[
        "hospital",
        "cases_before",
        "cases_after",
        "occupancy_before_share",
        "occupancy_after_share",
        "overload",
    ])
    .spare(&["cases_before", "cases_after"]);
    let changes = &found.hospitals;
    for one in changes.iter().take(limit) {
        let mut row = vec![Cell::text(&one.hospital)];
        row.extend(cells(&one.load));
        table.row(row);
    }
    let mut section = Section::new("hospitals", "Where the cases go", table).note(format!(
        "{} of {} hospitals with a case a year more or fewer, the largest change first; expected cases of \
         all specialties.",
        changes.len().min(limit),
        changes.len()
    ));
    section = section.maybe_note(caveats::on_beds(network).filter(|_| !changes.is_empty()));
    let beyond = caveats::on_from_beyond_closed(network);
    section = section.maybe_note(beyond.filter(|_| !changes.is_empty()));
    let newly = changes.iter().filter(|one| one.load.is_newly_overfull());
    let newly: Vec<&str> = newly.map(|one| one.hospital.as_str()).collect();
    section = section.note(if newly.is_empty() {
        "No further hospital has more bed days than beds.".to_owned()
    } else {
        format!("Newly more bed days than beds: {}.", newly.join(", "))
    });
    let fuller: Vec<String> =
        changes.iter().filter(|one| one.load.is_overfull_and_fuller()).map(fuller).collect();
    if !fuller.is_empty() {
        section = section.note(format!(
            "More bed days than beds before, and fuller after: {}.",
            fuller.join(", ")
        ));
    }
    let more = found.leftover.1 - found.leftover.0;
    if more >= 0.5 {
        let more = count(more.round() as u64);
        section = section.note(format!("{more} more cases a year reach no hospital at all."));
    }
    section
}

fn fuller(one: &HospitalChange) -> String {
    let (before, after) = one.load.occupancy();
    let percent = |share: Option<f64>| format!("{:.1}", 100.0 * share.unwrap_or(0.0));
    format!("{} {} → {} %", one.hospital, percent(before), percent(after))
}

/// Departments that get overfull, or fuller than they were: the newly overfull first, then those with
/// most more cases.
pub(super) fn departments(network: &Network, found: &Comparison, limit: usize) -> Section {
    let mut table = Table::new(&[
        "hospital",
        "department",
        "beds",
        "cases_before",
        "cases_after",
        "occupancy_before_share",
        "occupancy_after_share",
        "overload",
    ])
    .spare(&["beds", "cases_before", "cases_after"]);
    let mut full: Vec<&DepartmentChange> =
        found.departments.iter().filter(|one| overload(&one.load).is_some()).collect();
    full.sort_by_key(|one| !one.load.is_newly_overfull());
    for one in full.iter().take(limit) {
        let beds = one.load.after.map(|load| load.beds);
        let mut row =
            vec![Cell::text(&one.hospital), Cell::text(&one.specialty), Cell::maybe_count(beds)];
        row.extend(cells(&one.load));
        table.row(row);
    }
    let newly = full.iter().filter(|one| one.load.is_newly_overfull()).count();
    let note = if full.is_empty() {
        "No department has newly more bed days than beds or, where it had, gets fuller.".to_owned()
    } else {
        format!(
            "{} of {} departments; {newly} of them newly have more bed days than beds, the others had before \
             and get fuller. Nobody is diverted here: with --simulate full departments divert.",
            full.len().min(limit),
            full.len()
        )
    };
    Section::new("departments", "Departments with more bed days than beds", table)
        .note(note)
        .maybe_note(caveats::on_beds(network).filter(|_| !full.is_empty()))
}

/// Cases and occupancy before and after, and the overload.
fn cells(load: &LoadChange) -> [Cell; 5] {
    let cases =
        |load: Option<HospitalLoad>| load.map_or(Cell::Missing, |load| Cell::Number(load.cases, 0));
    let (before, after) = load.occupancy();
    [
        cases(load.before),
        cases(load.after),
        Cell::maybe_share(before),
        Cell::maybe_share(after),
        overload(load).map_or(Cell::Missing, Cell::text),
    ]
}

/// Overload by a change, in a word.
fn overload(load: &LoadChange) -> Option<&'static str> {
    if load.is_newly_overfull() {
        Some("new")
    } else {
        load.is_overfull_and_fuller().then_some("fuller")
    }
}
