//! Who of an incident is brought where.

use std::rc::Rc;

use crate::model::HospitalId;
use crate::region::Region;
use crate::report::caveats;
use crate::report::columns::{
    BROUGHT_TO, BY_AIR_PATIENTS, FOUND_IN, GREEN_PATIENTS, HOSPITAL, LAST_ARRIVAL_MINUTES,
    PATIENTS, PLACE, PLACE_NAME, RED_PATIENTS, SCENARIO, YELLOW_PATIENTS,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table, hospital_of, specialty_of};
use crate::report::namesakes::Namesakes;
use crate::simulation::{Allocation, Brought, PatientFlow, Results, Triage, WardId};

/// A hospital that takes patients of an incident.
struct Receiver<'f> {
    region: &'f Region,
    /// What each place is called where others have its name.
    namesakes: Rc<Namesakes<'f>>,
    scenario: &'f str,
    allocation: &'f Allocation,
    hospital: HospitalId,
}

impl Receiver<'_> {
    /// Who is brought there, by category.
    fn brought(&self) -> impl Iterator<Item = &Brought> {
        self.allocation.brought.iter().filter(|brought| brought.hospital == self.hospital)
    }

    fn by_air(&self) -> Cell {
        Cell::count(self.brought().map(|brought| u64::from(brought.by_air)).sum::<u64>())
    }

    fn patients(&self, triage: Triage) -> Cell {
        let mut patients = 0;
        for brought in self.brought() {
            if brought.triage == triage {
                patients += u64::from(brought.patients);
            }
        }
        Cell::count(patients)
    }
}

/// The patients of every incident of every scenario by hospital; `None` without incidents.
pub(super) fn allocations(results: &Results<'_, '_>) -> Option<Section> {
    let mut rows = Vec::new();
    let mut left = 0;
    let mut unknown: Option<String> = None;
    let mut has_any = false;
    // The network as it is has no incident.
    for flow in &results.flows()[1..] {
        let region = flow.region();
        let namesakes = Rc::new(Namesakes::new(region));
        for allocation in flow.allocations() {
            has_any = true;
            left += allocation.left;
            // Told once: all incidents go by one standard, so the notes hardly differ.
            if unknown.is_none()
                && let Some(note) = caveats::on_unknown(region.network(), &allocation.unknown)
            {
                unknown = Some(said!("Red patients: {note}", note));
            }
            let mut hospitals: Vec<HospitalId> = Vec::new();
            for brought in &allocation.brought {
                if !hospitals.contains(&brought.hospital) {
                    hospitals.push(brought.hospital);
                    rows.push(Receiver {
                        region,
                        namesakes: Rc::clone(&namesakes),
                        scenario: flow.name(),
                        allocation,
                        hospital: brought.hospital,
                    });
                }
            }
        }
    }
    if !has_any {
        return None;
    }

    let table = table_of(rows);
    let mut section = Section::new("allocations", "Who of the incident is brought where", table)
        .note(
            Remark::from("By the allocation keys an hour, the nearest hospital first; last arrival: since the start of the incident. Red ones go to hospitals that meet the standard of trauma centres, and start in intensive care; of the green ones only some stay in hospital")
                .hint(Hint::TakenForGranted)
                .and("."),
        );
    if left > 0 {
        section = section.note(said!(
            "{left} find no hospital in reach that takes any of their category.",
            left
        ));
    }
    Some(section.maybe_note(unknown))
}

/// Where the patients of incidents who need a bed found one; `None` without any.
pub(super) fn beds(results: &Results<'_, '_>) -> Option<Section> {
    let mut rows = Vec::new();
    for (number, flow) in results.flows_with_indices().skip(1) {
        for bed in results.incident_beds(number) {
            rows.push((flow, bed));
        }
    }
    if rows.is_empty() {
        return None;
    }
    let ward = |flow: &PatientFlow<'_>, ward: WardId| {
        let ward = flow.ward(ward);
        let hospital = &flow.region().network()[ward.hospital].key;
        let label = format!("{}, {}", hospital_of(hospital), specialty_of(&ward.specialty));
        Cell::both(format!("{hospital}/{}", ward.specialty), label)
    };
    let table = Table::of(rows)
        .column(SCENARIO, |(flow, _)| Cell::text(flow.name()))
        .column(BROUGHT_TO, |(flow, bed)| ward(flow, bed.brought_to))
        .column(FOUND_IN, |(flow, bed)| ward(flow, bed.found_in))
        .column(PATIENTS, |(_, bed)| Cell::number(bed.patients, 1))
        .build()
        .hide_if(results.flows().len() <= 2, &[SCENARIO]);
    Some(Section::new("incident_beds", "Where they find a bed", table).note(
        "Patients who stay, mean of the replications. Who finds no bed in the house is moved on to the next hospital that takes such patients of the incident, the journey aside, and where all are full gets one all the same. Behind intensive care they lie in the ward of the house, as all others.",
    ))
}

fn table_of(rows: Vec<Receiver<'_>>) -> Table {
    Table::of(rows)
        .column(SCENARIO, |row| Cell::text(row.scenario))
        .column(PLACE_NAME, |row| row.namesakes.place(row.allocation.place))
        .column(HOSPITAL, |row| Cell::text(&row.region.network()[row.hospital].key))
        .column(RED_PATIENTS, |row| row.patients(Triage::Red))
        .column(YELLOW_PATIENTS, |row| row.patients(Triage::Yellow))
        .column(GREEN_PATIENTS, |row| row.patients(Triage::Green))
        .column(BY_AIR_PATIENTS, Receiver::by_air)
        .column(LAST_ARRIVAL_MINUTES, |row| {
            Cell::maybe_time(row.brought().map(|brought| brought.last_arrival).max())
        })
        .detail(PLACE, |row| Cell::text(&row.region.place(row.allocation.place).key))
        .build()
}
