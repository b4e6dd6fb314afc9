//! How full hospitals are at the start of a run.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::subjects::{Phase, Subject};
use crate::queueing::{ArrivalStream, Arrivals, Kind, Preference};

/// Streams that are added up at once: a fixed number, so that sums do not hang on the number of threads.
const AT_ONCE: usize = 4096;

/// Patients of a subject and phase who are at a ward at the start.
#[derive(Debug, Clone, Copy)]
pub(super) struct There {
    pub(super) ward: usize,
    /// Number of the subject.
    pub(super) subject: usize,
    pub(super) phase: Phase,
    /// In beds, on average.
    pub(super) patients: f64,
    /// On the waiting list.
    pub(super) waiting: f64,
}

/// Who would be in each ward at the start if every bed were free: what comes a day times the days of each
/// phase (Little's law). Where there are more than beds of a ward, of each the share that finds one; where
/// there are more elective ones, with those from intensive care, than beds, the waiting list is full.
pub(super) struct Start<'b> {
    pub(super) subjects: &'b [Subject<'b>],
    /// Keys of the stations, by ward.
    pub(super) keys: &'b [Arc<str>],
    /// By ward: staffed beds, 0 for one that is closed at the start.
    pub(super) beds: Vec<f64>,
    /// By ward: places on its waiting list, 0 for one that is closed at the start.
    pub(super) places: Vec<f64>,
    /// Once set, nobody looks at the census any more.
    pub(super) stop: &'b AtomicBool,
}

impl Start<'_> {
    /// Of the streams with the number of each one's subject. `behind` is where somebody of a subject goes
    /// behind a ward of intensive care.
    pub(super) fn census(
        &self,
        streams: &[(&ArrivalStream, usize)],
        behind: impl Fn(usize, &Subject<'_>) -> usize + Sync,
    ) -> Vec<There> {
        let wards: HashMap<&str, usize> =
            self.keys.iter().enumerate().map(|(number, key)| (&**key, number)).collect();
        let classes = self.subjects.len() * Phase::ALL.len();
        let class = |subject: usize, phase: Phase| subject * Phase::ALL.len() + phase as usize;
        let sums = |streams: &[(&ArrivalStream, usize)]| {
            if self.stop.load(Ordering::Relaxed) {
                return Vec::new();
            }
            let mut sums = vec![0.0; self.keys.len() * classes];
            for (stream, number) in streams {
                let Arrivals::Poisson { rate, .. } = stream.arrivals else { continue };
                let subject = &self.subjects[*number];
                for kind in &stream.kinds {
                    let Some(phase) = kind.class.as_deref().and_then(Phase::of_class) else {
                        continue;
                    };
                    for (key, share) in first_choices(kind) {
                        let ward = wards[key];
                        let mut add = |ward: usize, phase: Phase| {
                            sums[ward * classes + class(*number, phase)] +=
                                rate * kind.share * share * subject.mean(phase);
                        };
                        add(ward, phase);
                        match phase {
                            Phase::FirstDay => add(ward, Phase::Remainder),
                            Phase::Icu => add(behind(ward, subject), Phase::AfterIcu),
                            Phase::AtReceiver => add(ward, Phase::AfterReturn),
                            _ => {}
                        }
                    }
                }
            }
            sums
        };
        let parts: Vec<Vec<f64>> = streams.par_chunks(AT_ONCE).map(sums).collect();
        if self.stop.load(Ordering::Relaxed) {
            return Vec::new();
        }
        let mut all = vec![0.0; self.keys.len() * classes];
        for part in parts {
            all.iter_mut().zip(part).for_each(|(sum, more)| *sum += more);
        }
        let by_ward = all.chunks(classes.max(1)).enumerate();
        by_ward.flat_map(|(ward, patients)| self.at(ward, patients)).collect()
    }

    /// Who is at a ward, of its patients by subject and phase if every bed were free.
    fn at(&self, ward: usize, patients: &[f64]) -> Vec<There> {
        let phases = || Phase::ALL.into_iter().cycle();
        let of = |wanted: Phase| -> f64 {
            patients
                .iter()
                .zip(phases())
                .filter(|(_, phase)| *phase == wanted)
                .map(|(own, _)| own)
                .sum()
        };
        let (beds, all) = (self.beds[ward], patients.iter().sum::<f64>());
        let elective = of(Phase::Elective);
        // Emergencies go elsewhere while somebody waits; who comes from intensive care does not.
        let is_long = elective + of(Phase::AfterIcu) > beds;
        let there = |((number, own), phase): ((usize, &f64), Phase)| {
            let waits = is_long && phase == Phase::Elective;
            (*own > 0.0).then(|| There {
                ward,
                subject: number / Phase::ALL.len(),
                phase,
                patients: own * (beds / all).min(1.0),
                waiting: if waits { self.places[ward] * own / elective } else { 0.0 },
            })
        };
        patients.iter().enumerate().zip(phases()).filter_map(there).collect()
    }
}

/// The first choices of a kind at the start, with their shares.
fn first_choices(kind: &Kind) -> impl Iterator<Item = (&str, f64)> {
    let now = || kind.preferences.iter().filter(|one| one.from.is_none());
    let hours = |one: &Preference| f64::from(one.hours.open_hours());
    let all: f64 = now().map(hours).sum();
    now().flat_map(move |one| {
        let weights: f64 = one.first.iter().map(|(_, weight)| weight).sum();
        let part = hours(one) / all / weights;
        one.first.iter().map(move |(key, weight)| (&**key, weight * part))
    })
}
