//! Who is there at the start where somebody counted it.

use std::collections::{BTreeMap, BTreeSet};

use super::Builder;
use crate::problem::{Problem, ProblemKind, Problems, closest};
use crate::queueing::{Model, Present, WaitingRoom};
use crate::simulation::census::There;
use crate::simulation::subjects::Phase;
use crate::simulation::wards::Ward;
use crate::simulation::{CensusRow, SimulationError, WardId};

/// Patients who were counted, with the wards in which they were.
#[derive(Default)]
pub(super) struct Counted {
    pub(super) present: Vec<Present>,
    wards: BTreeSet<WardId>,
}

impl Counted {
    /// Whether a ward was counted, with patients or without.
    pub(super) fn has(&self, ward: WardId) -> bool {
        self.wards.contains(&ward)
    }
}

/// Who may lie or wait in a ward.
struct Candidate {
    subject: usize,
    phase: Phase,
    /// How many of them are expected to be there.
    patients: f64,
    /// How many come a day.
    come: f64,
}

impl Builder<'_, '_> {
    /// The patients of the census, in the place of those who are expected.
    pub(super) fn counted(&self, expected: &[There]) -> Result<Counted, SimulationError> {
        let mut counted = Counted::default();
        let Some(census) = &self.settings.census else { return Ok(counted) };
        let mut problems = Problems::default();
        for ((hospital, specialty), rows) in census.by_ward() {
            let ward = self.wards.ids().find(|id| {
                let ward = &self.wards[*id];
                ward.specialty == specialty && self.region.network()[ward.hospital].key == hospital
            });
            let Some(ward) = ward else {
                problems.push(self.no_such_ward(hospital, specialty));
                continue;
            };
            // Also where nobody lies there: an empty ward was counted, too.
            counted.wards.insert(ward);
            counted.present.extend(self.counted_at(ward, &rows, expected));
        }
        if problems.is_empty() { Ok(counted) } else { Err(SimulationError::Problems(problems)) }
    }

    /// The patients of the rows of a ward.
    fn counted_at(&self, ward: WardId, rows: &[&CensusRow], expected: &[There]) -> Vec<Present> {
        let candidates = self.candidates(ward, expected);
        let mut drafts: Vec<Present> = Vec::with_capacity(candidates.len());
        for candidate in &candidates {
            drafts.push(self.present_of(ward, candidate.subject, candidate.phase));
        }

        // What each is owed of the rows so far, so that a thousand rows of one patient are not all of the most likely
        // kind.
        let mut lying = Owed::new(candidates.len());
        let mut staying = Owed::new(candidates.len());
        let mut waiting = Owed::new(candidates.len());
        for row in rows {
            if let Some(days) = row.days_so_far {
                let weights = self.weights_after(ward, &candidates, days);
                for _ in 0..row.occupied {
                    drafts[staying.next(&weights)].so_far.push(days);
                }
            } else {
                let weights: Vec<f64> =
                    candidates.iter().map(|candidate| candidate.patients).collect();
                for _ in 0..row.occupied {
                    drafts[lying.next(&weights)].certain += 1;
                }
            }
            let weights = elective(&candidates);
            for _ in 0..row.waiting {
                drafts[waiting.next(&weights)].waiting += 1;
            }
        }
        drafts.retain(|draft| draft.certain > 0 || draft.waiting > 0 || !draft.so_far.is_empty());
        drafts
    }

    /// Who may be in a ward: who is expected there, or where nobody is, whoever it is for.
    fn candidates(&self, ward: WardId, expected: &[There]) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for there in expected.iter().filter(|there| there.ward == ward) {
            let mean = self.mean_at(ward, there.subject, there.phase);
            if there.patients > 0.0 && mean > 0.0 {
                let (subject, phase, patients) = (there.subject, there.phase, there.patients);
                candidates.push(Candidate { subject, phase, patients, come: patients / mean });
            }
        }
        if candidates.is_empty() {
            let is_for_them = |ward: &Ward, specialty: &str| {
                ward.is_icu()
                    || self.wards.treating(self.region, ward.hospital, specialty).is_some()
            };
            let of_ward = &self.wards[ward];
            let phase = if of_ward.is_icu() { Phase::Icu } else { Phase::Emergency };
            // Whoever the ward is named after, else whoever is treated there.
            let named = self.subjects.iter().position(|subject| subject.key == of_ward.specialty);
            let any =
                self.subjects.iter().position(|subject| is_for_them(of_ward, &subject.specialty));
            let subject = named.or(any).unwrap_or(0);
            candidates.push(Candidate { subject, phase, patients: 1.0, come: 1.0 });
        }
        candidates
    }

    /// How likely those who have lain in the ward for so many days are each of the candidates: how many come, times the
    /// share whose stay is as long.
    fn weights_after(&self, ward: WardId, candidates: &[Candidate], days: f64) -> Vec<f64> {
        let mut weights = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            // Parts of a stay have no law of the whole one: who may be handed on after the first day is counted with the
            // other emergencies, and what follows a part is not counted again.
            let come = match candidate.phase {
                Phase::Emergency => {
                    let first_day = candidates.iter().find(|beside| {
                        beside.subject == candidate.subject && beside.phase == Phase::FirstDay
                    });
                    candidate.come + first_day.map_or(0.0, |first_day| first_day.come)
                }
                Phase::Elective | Phase::Icu | Phase::AfterIcu => candidate.come,
                _ => 0.0,
            };
            let stay = self.law_at(ward, candidate.subject, candidate.phase);
            weights.push(come * stay.share_beyond(days).unwrap_or(1.0));
        }
        // Longer than any stay: whoever is there.
        if weights.iter().sum::<f64>() <= 0.0 {
            return candidates.iter().map(|candidate| candidate.come).collect();
        }
        weights
    }

    fn no_such_ward(&self, hospital: &str, specialty: &str) -> Problem {
        let mut known: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for id in self.wards.ids() {
            let ward = &self.wards[id];
            let key = self.region.network()[ward.hospital].key.as_str();
            known.entry(key).or_default().push(&ward.specialty);
        }
        let nearest = match known.get(hospital) {
            Some(specialties) => closest(specialty, specialties.iter().copied()),
            None => closest(hospital, known.keys().copied()),
        };
        Problem {
            kind: ProblemKind::Unknown,
            file: None,
            line: None,
            column: None,
            entity: "census".to_owned(),
            field: "specialty".to_owned(),
            message: format!("no ward {specialty} of {hospital}"),
            expected: "a ward of the region at the start of the run".to_owned(),
            closest: nearest,
        }
    }

    /// Waiting lists that were counted are as long as they were, however long the settings let them get.
    pub(super) fn make_room_for_waiting(&self, model: &mut Model) {
        if self.settings.census.is_none() {
            return;
        }
        let mut waiting: BTreeMap<&str, u32> = BTreeMap::new();
        for present in &model.present {
            *waiting.entry(&present.station).or_default() += present.waiting;
        }
        for station in &mut model.stations {
            let Some(&waiting) = waiting.get(station.key.as_str()) else { continue };
            if let WaitingRoom::Finite(places) = &mut station.waiting_room {
                *places = (*places).max(waiting);
            }
        }
    }
}

/// The weights of those who may wait.
fn elective(candidates: &[Candidate]) -> Vec<f64> {
    let mut weights = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let is_elective = candidate.phase == Phase::Elective;
        weights.push(if is_elective { candidate.patients } else { 0.0 });
    }
    weights
}

/// Patients dealt out in proportion to weights: each goes to whoever is owed most.
struct Owed(Vec<f64>);

impl Owed {
    fn new(count: usize) -> Self {
        Self(vec![0.0; count])
    }

    /// The position of the next one.
    fn next(&mut self, weights: &[f64]) -> usize {
        let whole: f64 = weights.iter().sum();
        let mut most = 0;
        for (position, weight) in weights.iter().enumerate() {
            // Of nobody's weight, all are as likely.
            let share = if whole > 0.0 { weight / whole } else { 1.0 / weights.len() as f64 };
            self.0[position] += share;
            if self.0[position] > self.0[most] {
                most = position;
            }
        }
        self.0[most] -= 1.0;
        most
    }
}
