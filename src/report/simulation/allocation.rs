//! Who of an incident is brought where.

use crate::model::HospitalId;
use crate::report::caveats;
use crate::report::document::{Cell, Section, Table};
use crate::report::namesakes::Namesakes;
use crate::simulation::{Results, Triage};
use crate::units::Seconds;

/// The patients of every incident of every scenario by hospital; `None` without incidents.
pub(super) fn allocations(results: &Results<'_, '_>) -> Option<Section> {
    let mut table = Table::new(&[
        "scenario",
        "place_name",
        "hospital",
        "red_patients",
        "yellow_patients",
        "green_patients",
        "last_arrival_minutes",
        "place",
    ])
    .details(&["place"]);
    let mut left = 0;
    let mut unknown: Option<String> = None;
    let mut has_any = false;
    for flow in &results.flows()[1..] {
        let region = flow.region();
        let namesakes = Namesakes::new(region);
        for allocation in flow.allocations() {
            has_any = true;
            left += allocation.left;
            let note = caveats::on_unknown(region.network(), &allocation.unknown);
            unknown = unknown.or(note.map(|note| format!("Red patients: {note}")));
            let mut hospitals: Vec<HospitalId> = Vec::new();
            for one in &allocation.brought {
                if !hospitals.contains(&one.hospital) {
                    hospitals.push(one.hospital);
                }
            }
            for hospital in hospitals {
                let own = || allocation.brought.iter().filter(|one| one.hospital == hospital);
                let count = |triage: Triage| {
                    let patients = own().filter(|one| one.triage == triage);
                    Cell::Count(patients.map(|one| u64::from(one.patients)).sum())
                };
                let last: Option<Seconds> = own().map(|one| one.last_arrival).max();
                table.row(vec![
                    Cell::text(flow.name()),
                    namesakes.place(allocation.place),
                    Cell::text(&region.network()[hospital].key),
                    count(Triage::Red),
                    count(Triage::Yellow),
                    count(Triage::Green),
                    Cell::maybe_time(last),
                    Cell::text(&region.place(allocation.place).key),
                ]);
            }
        }
    }
    let section = Section::new("allocations", "Who of the incident is brought where", table)
        .note("By the allocation keys an hour, the nearest hospital first; last arrival: since the start of the incident. Red ones go to hospitals that meet the standard of trauma centres, and start in intensive care; of the green ones only some stay in hospital (--by assumed).");
    let section = if left > 0 {
        section.note(format!("{left} find no hospital in reach that takes any of their category."))
    } else {
        section
    };
    has_any.then_some(section.maybe_note(unknown))
}
