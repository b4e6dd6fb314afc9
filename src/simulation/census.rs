//! How full hospitals are at the start of a run.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::queueing::{Arrivals, Kind, Stream};
use super::subjects::{Phase, Subject};

/// Patients by ward, number of the subject and phase.
pub(super) type Census = BTreeMap<(usize, usize, Phase), f64>;

/// Who would be in each ward at the start if every bed were free: what comes a day times the days of each
/// phase (Little's law); where there are more than beds of a ward, of each the share that finds one.
pub(super) struct Start<'b> {
    pub(super) subjects: &'b [Subject<'b>],
    /// Keys of the stations, by ward.
    pub(super) keys: &'b [String],
    /// By ward: staffed beds, 0 for one that is closed at the start.
    pub(super) beds: Vec<f64>,
}

impl Start<'_> {
    /// Of the streams with the number of each one's subject. `behind` is where somebody of a subject goes
    /// behind a ward of intensive care.
    pub(super) fn census(
        &self,
        streams: &[(&Stream, usize)],
        behind: impl Fn(usize, &Subject<'_>) -> usize + Sync,
    ) -> Census {
        let wards: HashMap<&str, usize> =
            self.keys.iter().enumerate().map(|(number, key)| (key.as_str(), number)).collect();
        let by_stream: Vec<Vec<_>> = streams
            .par_iter()
            .map(|(stream, number)| {
                let Arrivals::Poisson { rate, .. } = stream.arrivals else { return Vec::new() };
                let subject = &self.subjects[*number];
                let mut stays = Vec::new();
                for kind in &stream.kinds {
                    let Some(phase) = kind.class.as_deref().and_then(Phase::of_class) else {
                        continue;
                    };
                    for (key, share) in first_choices(kind) {
                        let ward = wards[key];
                        let mut add = |ward: usize, phase: Phase| {
                            let a_day = rate * kind.share * share;
                            stays.push(((ward, *number, phase), a_day * subject.mean(phase)));
                        };
                        add(ward, phase);
                        match phase {
                            Phase::First => add(ward, Phase::On),
                            Phase::Icu => add(behind(ward, subject), Phase::After),
                            Phase::Acute => add(ward, Phase::Back),
                            _ => {}
                        }
                    }
                }
                stays
            })
            .collect();
        // One after the other, so that sums do not hang on the number of threads.
        let mut census = Census::new();
        for (at, patients) in by_stream.into_iter().flatten() {
            *census.entry(at).or_default() += patients;
        }
        let mut sums = vec![0.0; self.keys.len()];
        census.iter().for_each(|((ward, ..), patients)| sums[*ward] += patients);
        for ((ward, ..), patients) in &mut census {
            *patients *= (self.beds[*ward] / sums[*ward].max(f64::MIN_POSITIVE)).min(1.0);
        }
        census
    }
}

/// The first choices of a kind at the start, with their shares.
fn first_choices(kind: &Kind) -> impl Iterator<Item = (&str, f64)> {
    let now = || kind.preferences.iter().filter(|one| one.from.is_none());
    let hours = |one: &super::queueing::Preference| f64::from(one.hours.open_hours());
    let all: f64 = now().map(hours).sum();
    now().flat_map(move |one| {
        let weights: f64 = one.first.iter().map(|(_, weight)| weight).sum();
        let part = hours(one) / all / weights;
        one.first.iter().map(move |(key, weight)| (key.as_str(), weight * part))
    })
}
