//! Who of an incident is brought where.

use std::rc::Rc;

use crate::model::HospitalId;
use crate::region::Region;
use crate::report::caveats;
use crate::report::columns::{
    BROUGHT_TO, BY_AIR_PATIENTS, FOUND_IN, FREE_THEATRES, GREEN_PATIENTS, HOSPITAL,
    LAST_ARRIVAL_MINUTES, LAST_OPERATION_MINUTES, MOVED_ON_MINUTES, MOVED_ON_WITH, PATIENTS, PLACE,
    PLACE_NAME, RED_OPERATED, RED_PATIENTS, RED_WAIT_MINUTES, SCENARIO, WITHOUT_THEATRE,
    YELLOW_OPERATED, YELLOW_PATIENTS, YELLOW_WAIT_MINUTES,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table, hospital_of, specialty_of};
use crate::report::namesakes::Namesakes;
use crate::simulation::{
    Allocation, Brought, IncidentBed, PatientFlow, Results, TheatreUse, Transport, Triage, WardId,
};
use crate::units::Seconds;
use crate::words::{self, fixed};

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
    let moved_on = moved_on(&rows);
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
        .column(MOVED_ON_WITH, |(_, bed)| match bed.moved_on {
            Some(journey) => Cell::word(journey.transport.label()),
            None => Cell::maybe_text(None::<String>),
        })
        .column(MOVED_ON_MINUTES, |(_, bed)| {
            Cell::maybe_time(bed.moved_on.and_then(|journey| journey.time))
        })
        .build()
        .hide_if(results.flows().len() <= 2, &[SCENARIO])
        .hide_if(moved_on.is_none(), &[MOVED_ON_WITH, MOVED_ON_MINUTES]);
    let section = Section::new("incident_beds", "Where they find a bed", table).note(
        "Patients who stay, mean of the replications. Who finds no bed in the house is moved on to the next hospital that takes such patients of the incident, and is there at once in the run: the journey is told beside it. Where all are full, one is put up. Behind intensive care they lie in the ward of the house, as all others.",
    );
    Some(section.maybe_note(moved_on))
}

/// Patients who are moved on with a kind of vehicle, of all incidents of all scenarios.
#[derive(Default)]
struct MovedOn {
    patients: f64,
    /// Patients times seconds, of those whose journey is known, and how many these are.
    seconds: f64,
    with_time: f64,
    longest: Seconds,
}

impl MovedOn {
    fn of<'b>(beds: impl Iterator<Item = &'b IncidentBed>, transport: Transport) -> Self {
        let mut sum = Self::default();
        for bed in beds {
            let Some(journey) = bed.moved_on.filter(|journey| journey.transport == transport)
            else {
                continue;
            };
            sum.patients += bed.patients;
            // Where no way is known the patients still count, and only their minutes are missing.
            if let Some(time) = journey.time {
                sum.seconds += bed.patients * f64::from(time.0);
                sum.with_time += bed.patients;
                sum.longest = sum.longest.max(time);
            }
        }
        sum
    }

    /// So many patients, and their journeys.
    fn told(&self, transport: Transport) -> Option<String> {
        if self.patients <= 0.0 {
            return None;
        }
        let (patients, with) = (fixed(self.patients, 1), words::of(transport.label()));
        if self.with_time <= 0.0 {
            return Some(said!("{patients} ({with}), of unknown journeys", patients, with));
        }
        Some(said!(
            "{patients} ({with}), {mean} minutes on average, {longest} at most",
            patients,
            with,
            mean = fixed(self.seconds / self.with_time / 60.0, 0),
            longest = fixed(f64::from(self.longest.0) / 60.0, 0)
        ))
    }
}

/// How many patients are moved on with what, and how long that takes; `None` where nobody is.
fn moved_on(rows: &[(&PatientFlow<'_>, IncidentBed)]) -> Option<String> {
    let mut parts = Vec::new();
    for transport in [Transport::IntensiveCare, Transport::Ambulance] {
        let sum = MovedOn::of(rows.iter().map(|(_, bed)| bed), transport);
        parts.extend(sum.told(transport));
    }
    let parts = parts.join("; ");
    (!parts.is_empty()).then(|| said!("Moved on to another hospital: {parts}.", parts))
}

/// Operations on the patients of incidents, by hospital; `None` where nobody needs one.
pub(super) fn theatres(results: &Results<'_, '_>) -> Option<Section> {
    let mut rows: Vec<(&PatientFlow<'_>, Rc<Namesakes<'_>>, &Allocation, &TheatreUse)> = Vec::new();
    for flow in &results.flows()[1..] {
        let namesakes = Rc::new(Namesakes::new(flow.region()));
        for allocation in flow.allocations() {
            for used in &allocation.theatres {
                rows.push((flow, Rc::clone(&namesakes), allocation, used));
            }
        }
    }
    if rows.is_empty() {
        return None;
    }
    // Mostly a theatre is free everywhere, and the column would hold zeros alone.
    let has_all = rows.iter().all(|(.., used)| used.without_theatre == 0);
    // Nobody waited where nobody is operated: no zero there.
    let wait = |patients: u32, wait: Seconds| Cell::maybe_time((patients > 0).then_some(wait));
    let over = |used: &TheatreUse| {
        Cell::maybe_time((used.red + used.yellow > 0).then_some(used.last_over))
    };
    let table = Table::of(rows)
        .column(SCENARIO, |(flow, ..)| Cell::text(flow.name()))
        .column(PLACE_NAME, |(_, namesakes, allocation, _)| namesakes.place(allocation.place))
        .column(HOSPITAL, |(flow, .., used)| {
            Cell::text(&flow.region().network()[used.hospital].key)
        })
        .column(FREE_THEATRES, |(.., used)| Cell::count(used.theatres))
        .column(RED_OPERATED, |(.., used)| Cell::count(used.red))
        .column(RED_WAIT_MINUTES, |(.., used)| wait(used.red, used.red_wait))
        .column(YELLOW_OPERATED, |(.., used)| Cell::count(used.yellow))
        .column(YELLOW_WAIT_MINUTES, |(.., used)| wait(used.yellow, used.yellow_wait))
        .column(LAST_OPERATION_MINUTES, |(.., used)| over(used))
        .column(WITHOUT_THEATRE, |(.., used)| Cell::count(used.without_theatre))
        .build()
        .hide_if(results.flows().len() <= 2, &[SCENARIO])
        .hide_if(has_all, &[WITHOUT_THEATRE]);
    Some(Section::new("incident_theatres", "Who waits for an operating theatre", table).note(
        "Shares of the red and of the yellow patients need an operation; the theatres that are free for them take red ones first, then whoever came first. How many theatres, which shares and how long is said by `theatres` of the incident, assumed but for the red share (London 2005). Elective operations give way; a bed is kept from the arrival on.",
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
