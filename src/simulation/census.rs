//! How full hospitals are at the start of a run.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::WardId;
use super::subjects::{Phase, Subject};
use crate::queueing::{ArrivalStream, Arrivals, Kind, Preference};

/// Streams that are added up at once: a fixed number, so that sums do not hang on the number of threads.
const AT_ONCE: usize = 4096;

/// Patients of a subject and phase who are at a ward at the start.
#[derive(Debug, Clone, Copy)]
pub(super) struct There {
    pub(super) ward: WardId,
    /// Number of the subject.
    pub(super) subject: usize,
    pub(super) phase: Phase,
    /// In beds, on average.
    pub(super) patients: f64,
    /// On the waiting list.
    pub(super) waiting: f64,
}

/// Who is expected in the wards at the start.
#[derive(Debug, Clone, Default)]
pub(super) struct Expected {
    /// As many as there are beds at most.
    pub(super) there: Vec<There>,
    /// By ward, how many there would be in the long run if every bed were free.
    pub(super) if_free: Vec<f64>,
}

/// Who would be in each ward at the start if every bed were free: what comes a day times the days of each
/// phase (Little's law). Where there are more than beds of a ward, of each the share that finds one; where
/// there are more elective ones, with those from intensive care, than beds, the waiting list is full.
pub(super) struct Start<'b> {
    pub(super) subjects: &'b [Subject],
    /// Keys of the stations, by ward.
    pub(super) keys: &'b [Arc<str>],
    /// By ward: staffed beds, 0 for one that is closed at the start.
    pub(super) beds: Vec<f64>,
    /// By ward: places on its waiting list, 0 for one that is closed at the start.
    pub(super) places: Vec<f64>,
    /// Once set, nobody looks at the census any more.
    pub(super) stop: &'b AtomicBool,
    /// Mean days of a phase of a subject at a ward.
    pub(super) mean: &'b (dyn Fn(WardId, usize, Phase) -> f64 + Sync),
}

/// Patients of each ward by subject and phase, in one list.
struct Beds<'s> {
    start: &'s Start<'s>,
    sums: Vec<f64>,
}

impl<'s> Beds<'s> {
    fn new(start: &'s Start<'s>) -> Self {
        let classes = start.subjects.len() * Phase::ALL.len();
        Self { start, sums: vec![0.0; start.keys.len() * classes] }
    }

    fn add(&mut self, ward: WardId, subject: usize, phase: Phase, patients: f64) {
        let classes = self.start.subjects.len() * Phase::ALL.len();
        self.sums[ward.index() * classes + subject * Phase::ALL.len() + phase as usize] += patients;
    }
}

impl Start<'_> {
    /// Of the streams with the number of each one's subject. `behind` is the ward to which patients of a subject go
    /// from a ward of intensive care.
    pub(super) fn census(
        &self,
        streams: &[(&ArrivalStream, usize)],
        behind: impl Fn(WardId, &Subject) -> WardId + Sync,
    ) -> Expected {
        let mut wards: HashMap<&str, WardId> = HashMap::with_capacity(self.keys.len());
        for (position, key) in self.keys.iter().enumerate() {
            wards.insert(key, WardId::at(position));
        }
        // Each part is summed by itself and the parts in their order, so that any number of threads gives the same sum.
        let parts: Vec<Vec<f64>> = streams
            .par_chunks(AT_ONCE)
            .map(|streams| self.sums_of(streams, &wards, &behind))
            .collect();
        if self.stop.load(Ordering::Relaxed) {
            return Expected::default();
        }

        let mut total = Beds::new(self).sums;
        for part in parts {
            for (sum, more) in total.iter_mut().zip(part) {
                *sum += more;
            }
        }
        let classes = self.subjects.len() * Phase::ALL.len();
        let mut expected = Expected::default();
        for (position, patients) in total.chunks(classes.max(1)).enumerate() {
            expected.if_free.push(patients.iter().sum());
            self.add_ward(WardId::at(position), patients, &mut expected.there);
        }
        expected
    }

    /// Patients by ward, subject and phase whom some streams bring, if every bed were free; empty once it is stopped.
    fn sums_of(
        &self,
        streams: &[(&ArrivalStream, usize)],
        wards: &HashMap<&str, WardId>,
        behind: &impl Fn(WardId, &Subject) -> WardId,
    ) -> Vec<f64> {
        if self.stop.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let mut beds = Beds::new(self);
        for (stream, number) in streams {
            let Arrivals::Poisson { rate, .. } = stream.arrivals else { continue };
            let subject = &self.subjects[*number];
            for kind in &stream.kinds {
                let Some(phase) = kind.class.as_deref().and_then(Phase::of_class) else {
                    continue;
                };
                for (key, share) in first_choices(kind) {
                    let ward = wards[key];
                    // Little's law for each phase.
                    let come = rate * kind.share * share;
                    let days_at =
                        |ward: WardId, phase: Phase| come * (self.mean)(ward, *number, phase);
                    beds.add(ward, *number, phase, days_at(ward, phase));
                    // What follows a phase is in beds at the same time as the phase of others.
                    let (next_ward, next) = match phase {
                        Phase::FirstDay => (ward, Phase::Remainder),
                        Phase::Icu => (behind(ward, subject), Phase::AfterIcu),
                        Phase::AtReceiver => (ward, Phase::AfterReturn),
                        _ => continue,
                    };
                    beds.add(next_ward, *number, next, days_at(next_ward, next));
                }
            }
        }
        beds.sums
    }

    /// Adds the patients at a ward; `patients` are those by subject and phase if every bed were free.
    fn add_ward(&self, ward: WardId, patients: &[f64], census: &mut Vec<There>) {
        let (mut elective, mut after_icu) = (0.0, 0.0);
        for of_subject in patients.chunks(Phase::ALL.len()) {
            elective += of_subject[Phase::Elective as usize];
            after_icu += of_subject[Phase::AfterIcu as usize];
        }
        let (beds, total) = (self.beds[ward.index()], patients.iter().sum::<f64>());
        // Emergencies go elsewhere while somebody waits; patients from intensive care do not.
        let is_long = elective + after_icu > beds;
        for (number, patients) in patients.iter().enumerate() {
            let phase = Phase::ALL[number % Phase::ALL.len()];
            let waits = is_long && phase == Phase::Elective;
            if *patients > 0.0 {
                census.push(There {
                    ward,
                    subject: number / Phase::ALL.len(),
                    phase,
                    // Whoever would find no bed is not there at the start.
                    patients: patients * (beds / total).min(1.0),
                    waiting: if waits {
                        self.places[ward.index()] * patients / elective
                    } else {
                        0.0
                    },
                });
            }
        }
    }
}

/// The first choices of a kind at the start, with their shares.
fn first_choices(kind: &Kind) -> Vec<(&str, f64)> {
    let mut preferences: Vec<&Preference> = Vec::new();
    for preference in &kind.preferences {
        // Only what holds at time 0.
        if preference.from.is_none() {
            preferences.push(preference);
        }
    }
    let hours = |preference: &Preference| f64::from(preference.hours.open_hours());
    let total: f64 = preferences.iter().map(|preference| hours(preference)).sum();
    let mut choices = Vec::new();
    for preference in preferences {
        let weights: f64 = preference.first.iter().map(|(_, weight)| weight).sum();
        let part = hours(preference) / total / weights;
        for (key, weight) in &preference.first {
            choices.push((&**key, weight * part));
        }
    }
    choices
}
