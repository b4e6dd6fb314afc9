//! Epidemic curves: more, or fewer, emergencies.

use super::labels::StreamLabel;
use super::periods::Clock;
use super::queueing::{Arrivals, Curve, Stream};
use super::subjects::{Phase, Subject};
use crate::model::{Change, Scenario, Surge};
use crate::region::Region;

/// The surges of a scenario with the days on which they start.
pub(super) struct Surges<'s> {
    surges: Vec<(&'s Surge, f64)>,
    days: usize,
}

impl<'s> Surges<'s> {
    pub(super) fn new(_: &Region, scenario: Option<&'s Scenario>, clock: &Clock) -> Self {
        let changes = scenario.map(Scenario::changes_in_order).unwrap_or_default();
        let surges = changes.into_iter().filter_map(|dated| match &dated.change {
            Change::Surge(surge) => Some((surge, clock.days_to(dated.on))),
            _ => None,
        });
        Self { surges: surges.collect(), days: clock.horizon.ceil() as usize }
    }

    /// Adds a stream of additional patients to every stream that a surge concerns, and lets fewer
    /// come where a factor is below 1. The usual patients stay the same ones.
    pub(super) fn apply(
        &self,
        subjects: &[Subject<'_>],
        streams: &mut Vec<Stream>,
        labels: &mut Vec<StreamLabel>,
        region: &Region,
    ) {
        if self.surges.is_empty() {
            return;
        }
        for at in 0..streams.len() {
            let label = &labels[at];
            let subject = &subjects[label.subject];
            let district = region.place(label.place).district.as_str();
            let concerned: Vec<&(&Surge, f64)> = self
                .surges
                .iter()
                .filter(|(surge, _)| !label.is_elective && concerns(surge, subject, district))
                .collect();
            if concerned.is_empty() {
                continue;
            }
            // From hour to hour: surges start at any hour.
            let factors: Vec<f64> = (0..self.days * 24)
                .map(|hour| {
                    let minutes = |on: f64| (hour as f64 * 60.0 - on * 1440.0).round();
                    let own = concerned.iter().map(|(surge, on)| match minutes(*on) {
                        before if before < 0.0 => 1.0,
                        minutes => surge.factor_at(minutes as u64),
                    });
                    own.product()
                })
                .collect();
            let curve = |factor: fn(&f64) -> f64| Curve {
                from: 0.0,
                step: 1.0 / 24.0,
                factors: factors.iter().map(factor).collect(),
            };
            if factors.iter().any(|factor| *factor > 1.0) {
                let mut extra = streams[at].clone();
                extra.key = format!("{}/surge", extra.key);
                if let Arrivals::Poisson { curve: own, .. } = &mut extra.arrivals {
                    *own = Some(curve(|factor| (factor - 1.0).max(0.0)));
                }
                let icu = concerned.iter().find_map(|(surge, _)| surge.icu_share);
                if let Some(share) = icu {
                    with_icu_share(&mut extra, share);
                }
                streams.push(extra);
                labels.push(labels[at].clone());
            }
            if factors.iter().any(|factor| *factor < 1.0) {
                streams[at].keeps = Some(curve(|factor| factor.min(1.0)));
            }
        }
    }
}

fn concerns(surge: &Surge, subject: &Subject<'_>, district: &str) -> bool {
    let named = match subject.pathway {
        None => surge.specialties.contains(&subject.key),
        Some(pathway) => {
            let of = pathway.cases.as_ref().map(|cases| &cases.of);
            of.is_some_and(|of| surge.conditions.contains(of))
                || surge.specialties.contains(&subject.specialty)
        }
    };
    named && (surge.districts.is_empty() || surge.districts.iter().any(|own| own == district))
}

/// Patients in intensive care get this share; the other kinds share the rest as before.
fn with_icu_share(stream: &mut Stream, share: f64) {
    let is_icu =
        |class: &Option<String>| class.as_deref().and_then(Phase::of_class) == Some(Phase::Icu);
    let others: f64 =
        stream.kinds.iter().filter(|kind| !is_icu(&kind.class)).map(|kind| kind.share).sum();
    if others <= 0.0 || !stream.kinds.iter().any(|kind| is_icu(&kind.class)) {
        return;
    }
    for kind in &mut stream.kinds {
        kind.share = if is_icu(&kind.class) { share } else { kind.share * (1.0 - share) / others };
    }
}
