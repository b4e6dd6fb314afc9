//! Epidemic curves: more, or fewer, emergencies.

use std::collections::HashMap;

use super::labels::StreamLabel;
use super::periods::{Clock, changes_of};
use super::subjects::{Phase, Subject};
use crate::queueing::{ArrivalStream, Arrivals, Curve};
use crate::region::Region;
use crate::scenario::{Change, Scenario, Surge};

/// A surge and when it starts.
struct DatedSurge<'s> {
    surge: &'s Surge,
    /// Days from the start of the run.
    on: f64,
}

/// What all surges together do to the emergencies of a subject in a district.
struct Joint {
    /// By hour of the run, since surges start at any hour: what the usual arrivals are multiplied with.
    factors: Vec<f64>,
    /// Share of the additional patients who need intensive care, where a surge says it.
    icu_share: Option<f64>,
}

/// The surges of a scenario, in their order.
pub(super) struct Surges<'s> {
    surges: Vec<DatedSurge<'s>>,
    hours: usize,
}

impl<'s> Surges<'s> {
    pub(super) fn new(scenario: Option<&'s Scenario>, clock: &Clock) -> Self {
        let mut surges = Vec::new();
        for dated in changes_of(scenario) {
            if let Change::Surge(surge) = &dated.change {
                surges.push(DatedSurge { surge, on: clock.days_to(dated.on) });
            }
        }
        Self { surges, hours: clock.horizon.ceil() as usize * 24 }
    }

    /// Adds a stream of additional patients to every stream that a surge concerns, and lets fewer
    /// come where a factor is below 1. The usual patients stay the same ones.
    pub(super) fn apply(
        &self,
        subjects: &[Subject],
        streams: &mut Vec<ArrivalStream>,
        labels: &mut Vec<StreamLabel>,
        region: &Region,
    ) {
        if self.surges.is_empty() {
            return;
        }
        let mut of_subjects: Vec<Vec<&DatedSurge<'_>>> = Vec::with_capacity(subjects.len());
        for subject in subjects {
            of_subjects.push(self.naming(subject));
        }
        // Streams of one subject from places of one district share what the surges do to them.
        let mut known: HashMap<(usize, &str), Option<Joint>> = HashMap::new();
        for position in 0..streams.len() {
            let label = &labels[position];
            if label.is_elective || of_subjects[label.subject].is_empty() {
                continue;
            }
            // Beyond the places is no district: what concerns all of them comes there, too.
            let district = label.place.map_or("", |place| region.place(place).district.as_str());
            let joint = known
                .entry((label.subject, district))
                .or_insert_with(|| self.joint(&of_subjects[label.subject], district));
            let Some(Joint { factors, icu_share }) = joint else { continue };
            let curve = |factor: fn(&f64) -> f64| Curve {
                from: 0.0,
                step: 1.0 / 24.0,
                factors: factors.iter().map(factor).collect(),
            };
            if factors.iter().any(|factor| *factor > 1.0) {
                let mut extra = streams[position].clone();
                // A stream of its own, with random numbers of its own: the usual patients stay the same ones.
                extra.key = format!("{}/surge", extra.key);
                if let Arrivals::Poisson { curve: of_arrivals, .. } = &mut extra.arrivals {
                    *of_arrivals = Some(curve(|factor| (factor - 1.0).max(0.0)));
                }
                if let Some(share) = *icu_share {
                    with_icu_share(&mut extra, share);
                }
                streams.push(extra);
                labels.push(labels[position].clone());
            }
            if factors.iter().any(|factor| *factor < 1.0) {
                let mut fewer = curve(|factor| factor.min(1.0));
                if let Some(open) = &streams[position].keeps {
                    let open = |hour: usize| open.at(hour as f64 / 24.0).unwrap_or(1.0);
                    for (hour, factor) in fewer.factors.iter_mut().enumerate() {
                        *factor *= open(hour);
                    }
                }
                streams[position].keeps = Some(fewer);
            }
        }
    }

    /// The surges that name a subject, in their order.
    fn naming(&self, subject: &Subject) -> Vec<&DatedSurge<'s>> {
        self.surges.iter().filter(|dated| names(dated.surge, subject)).collect()
    }

    /// What those of these surges do together that concern a district; `None` where none does.
    fn joint(&self, surges: &[&DatedSurge<'_>], district: &str) -> Option<Joint> {
        let mut joint = Joint { factors: vec![1.0; self.hours], icu_share: None };
        let mut has_any = false;
        for dated in surges {
            let DatedSurge { surge, on } = dated;
            if !surge.districts.is_empty() && !surge.districts.iter().any(|named| named == district)
            {
                continue;
            }
            has_any = true;
            // The first one that says it: two shares of the same patients cannot be multiplied.
            joint.icu_share = joint.icu_share.or(surge.icu_share);
            let minutes = surge.factors.len() as f64 * f64::from(surge.days.max(1)) * 1440.0;
            let first = (on * 24.0).floor().max(0.0) as usize;
            for hour in first..self.hours {
                // Rounded: times in days are not exact to the minute.
                let minute = (hour as f64 * 60.0 - on * 1440.0).round();
                if minute >= minutes {
                    break;
                }
                if minute >= 0.0 {
                    joint.factors[hour] *= surge.factor_at(minute as u64);
                }
            }
        }
        has_any.then_some(joint)
    }
}

fn names(surge: &Surge, subject: &Subject) -> bool {
    match &subject.pathway {
        None => surge.specialties.contains(&subject.key),
        Some(pathway) => {
            let takes_named = match &pathway.cases {
                Some(cases) => surge.conditions.contains(&cases.of),
                None => false,
            };
            // Patients of a pathway are patients of their specialty, too.
            takes_named || surge.specialties.contains(&subject.specialty)
        }
    }
}

/// Patients in intensive care get this share; the other kinds share the rest as before.
fn with_icu_share(stream: &mut ArrivalStream, share: f64) {
    let is_icu =
        |class: &Option<String>| class.as_deref().and_then(Phase::of_class) == Some(Phase::Icu);
    let (mut others, mut has_icu) = (0.0, false);
    for kind in &stream.kinds {
        if is_icu(&kind.class) {
            has_icu = true;
        } else {
            others += kind.share;
        }
    }
    if others <= 0.0 || !has_icu {
        return;
    }
    for kind in &mut stream.kinds {
        kind.share = if is_icu(&kind.class) { share } else { kind.share * (1.0 - share) / others };
    }
}
