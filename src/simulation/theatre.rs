//! Operations on the injured of incidents: who waits for a theatre, and when the last one is over.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use serde::Serialize;

use super::incident::{Allocation, Triage, level};
use crate::calendar::DateTime;
use crate::model::{HospitalId, Network};
use crate::scenario::{Incident, Theatres};
use crate::units::{Seconds, as_seconds};

/// Operations of an incident at a hospital.
///
/// Of the red and the yellow patients a share needs one ([`Theatres`]), spread evenly. The theatres that are free for the
/// incident take those who are there, red ones first, of one category the one who came first; who is on the table is
/// operated to the end. Incidents at one time share the theatres of a hospital. Elective operations give way and have
/// no part in this, and a bed is kept for each patient from the arrival on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TheatreUse {
    /// The hospital.
    pub hospital: HospitalId,
    /// Theatres that are free for the incident.
    pub theatres: u32,
    /// Red patients who are operated.
    pub red: u32,
    /// Yellow patients who are operated.
    pub yellow: u32,
    /// Patients who need an operation at a hospital without a theatre that is free for them.
    pub without_theatre: u32,
    /// The longest wait of a red patient, from the arrival to the operation; 0 without any.
    #[serde(rename = "red_wait_seconds", serialize_with = "as_seconds")]
    pub red_wait: Seconds,
    /// The longest wait of a yellow patient.
    #[serde(rename = "yellow_wait_seconds", serialize_with = "as_seconds")]
    pub yellow_wait: Seconds,
    /// From the start of the incident until the last of these operations is over.
    #[serde(rename = "last_over_seconds", serialize_with = "as_seconds")]
    pub last_over: Seconds,
}

/// A patient who needs an operation; seconds from the region's day.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Patient {
    /// Position of the incident.
    incident: usize,
    triage: Triage,
    arrives: f64,
    takes: f64,
}

/// An incident with where its patients were brought.
pub(super) struct Operated<'a> {
    pub(super) theatres: &'a Theatres,
    pub(super) on: DateTime,
    pub(super) allocation: &'a mut Allocation,
}

impl<'a> Operated<'a> {
    pub(super) fn new(incident: &'a Incident, allocation: &'a mut Allocation) -> Self {
        Self { theatres: &incident.theatres, on: allocation.on, allocation }
    }
}

/// Operates the patients of all incidents.
pub(super) fn operate(incidents: &mut [Operated<'_>], network: &Network) {
    let day = DateTime::from(network.date());
    // By hospital, as each has its own queue.
    let mut patients: BTreeMap<HospitalId, Vec<Patient>> = BTreeMap::new();
    let mut theatres: BTreeMap<HospitalId, u32> = BTreeMap::new();
    for (number, incident) in incidents.iter().enumerate() {
        let start = incident.on.minutes_since(day) as f64 * 60.0;
        let mut seen = [0_u32; 2];
        for arrival in &incident.allocation.arrived {
            let (position, percent) = match arrival.triage {
                Triage::Red => (0, incident.theatres.red_percent),
                Triage::Yellow => (1, incident.theatres.yellow_percent),
                Triage::Green => continue,
            };
            seen[position] += 1;
            if rounded(seen[position], percent) == rounded(seen[position] - 1, percent) {
                continue;
            }
            let hospital = arrival.hospital;
            let takes = f64::from(incident.theatres.minutes) * 60.0;
            let arrives = start + arrival.arrives;
            patients.entry(hospital).or_default().push(Patient {
                incident: number,
                triage: arrival.triage,
                arrives,
                takes,
            });
            // Where incidents meet that say different numbers, the larger one counts.
            let open = free_theatres(incident.theatres, network, hospital);
            let known = theatres.entry(hospital).or_default();
            *known = open.max(*known);
        }
    }
    for (hospital, mut patients) in patients {
        patients.sort_by(|a, b| a.arrives.total_cmp(&b.arrives).then(a.triage.cmp(&b.triage)));
        let begins = begins(&patients, theatres[&hospital]);
        for (patient, begins) in patients.iter().zip(begins) {
            let incident = &mut incidents[patient.incident];
            let start = incident.on.minutes_since(day) as f64 * 60.0;
            let used = incident.allocation.theatre_of(hospital, theatres[&hospital]);
            used.add(patient, begins, start);
        }
    }
}

/// How many of the first patients need an operation, to the nearest.
fn rounded(patients: u32, percent: u32) -> u64 {
    (u64::from(patients) * u64::from(percent) + 50) / 100
}

/// Theatres of a hospital that are free for an incident.
fn free_theatres(theatres: &Theatres, network: &Network, hospital: HospitalId) -> u32 {
    // Only hospitals with an emergency level take patients of an incident.
    network[hospital].emergency_level.map_or(0, |stage| theatres.open[level(stage)])
}

/// When each operation begins, of patients in the order of their arrivals; `None` without a theatre.
fn begins(patients: &[Patient], theatres: u32) -> Vec<Option<f64>> {
    let mut begins = vec![None; patients.len()];
    if theatres == 0 {
        return begins;
    }
    // More theatres than patients are never used.
    let count = (theatres as usize).min(patients.len());
    let mut free = vec![f64::NEG_INFINITY; count];
    let mut waiting: BinaryHeap<Reverse<(Triage, usize)>> = BinaryHeap::new();
    let mut next = 0;
    for _ in 0..patients.len() {
        let mut theatre = 0;
        for (number, until) in free.iter().enumerate() {
            if *until < free[theatre] {
                theatre = number;
            }
        }
        let mut now = free[theatre];
        if waiting.is_empty() {
            now = now.max(patients[next].arrives);
        }
        while next < patients.len() && patients[next].arrives <= now {
            waiting.push(Reverse((patients[next].triage, next)));
            next += 1;
        }
        let Some(Reverse((_, number))) = waiting.pop() else { break };
        begins[number] = Some(now);
        free[theatre] = now + patients[number].takes;
    }
    begins
}

impl TheatreUse {
    pub(super) fn of_nobody(hospital: HospitalId, theatres: u32) -> Self {
        Self {
            hospital,
            theatres,
            red: 0,
            yellow: 0,
            without_theatre: 0,
            red_wait: Seconds(0),
            yellow_wait: Seconds(0),
            last_over: Seconds(0),
        }
    }

    /// Adds a patient whose operation begins at a time; the incident starts at another one.
    fn add(&mut self, patient: &Patient, begins: Option<f64>, start: f64) {
        let Some(begins) = begins else {
            self.without_theatre += 1;
            return;
        };
        let waits = Seconds((begins - patient.arrives).round() as u32);
        if patient.triage == Triage::Red {
            self.red += 1;
            self.red_wait = self.red_wait.max(waits);
        } else {
            self.yellow += 1;
            self.yellow_wait = self.yellow_wait.max(waits);
        }
        let over = Seconds((begins + patient.takes - start).round() as u32);
        self.last_over = self.last_over.max(over);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patient(triage: Triage, minute: f64) -> Patient {
        Patient { incident: 0, triage, arrives: minute * 60.0, takes: 3600.0 }
    }

    fn minutes(patients: &[Patient], theatres: u32) -> Vec<f64> {
        begins(patients, theatres).into_iter().map(|begins| begins.unwrap() / 60.0).collect()
    }

    #[test]
    fn red_ones_go_first_and_nobody_is_taken_off_the_table() {
        // An hour each. One theatre: the yellow one of minute 0 is operated to 60, then the red ones of 20 and 30 before the
        // yellow one of 10; the last one comes when nobody waits.
        let (red, yellow) = (Triage::Red, Triage::Yellow);
        let patients = [
            patient(yellow, 0.0),
            patient(yellow, 10.0),
            patient(red, 20.0),
            patient(red, 30.0),
            patient(yellow, 300.0),
        ];
        assert_eq!(minutes(&patients, 1), [0.0, 180.0, 60.0, 120.0, 300.0]);
        // Two: minute 0 and 10 at once, then the red ones at 60 and 70.
        assert_eq!(minutes(&patients, 2), [0.0, 10.0, 60.0, 70.0, 300.0]);
        assert_eq!(minutes(&patients, 9), [0.0, 10.0, 20.0, 30.0, 300.0]);
        assert_eq!(begins(&patients, 0), [None; 5]);
    }

    #[test]
    fn shares_are_met_to_the_nearest_patient() {
        // 63 %: of one, one; of two, 1.26; of three, 1.89; of ten, 6.3.
        assert_eq!([1, 2, 3, 10].map(|patients| rounded(patients, 63)), [1, 1, 2, 6]);
        assert_eq!([rounded(7, 0), rounded(7, 100)], [0, 7]);
    }
}
