//! Who comes by a care pathway: patients are brought to the hospital where their last stage is done.

use super::{Builder, LEAST_CASES, LabelledStream, Span};
use crate::calendar::Hours;
use crate::model::HospitalId;
use crate::pathways::{Outage, PatientRoute, Prepared, Query};
use crate::queueing::{ArrivalStream, Kind, Preference, WhenFull};
use crate::region::PlaceId;
use crate::simulation::labels::{StreamLabel, WayTo};
use crate::simulation::origins::Origin;
use crate::simulation::periods::Period;
use crate::simulation::subjects::{Phase, Subject};
use crate::simulation::{SimulationError, WardId};

/// What the patients of a pathway from one origin prefer: one entry in each list for every period and class of hours
/// in which any ward is in reach.
#[derive(Default, Clone)]
struct OriginPreferences {
    ward: Vec<Preference>,
    /// Of those who need intensive care.
    unit: Vec<Preference>,
    ways: Vec<Vec<WayTo>>,
}

/// When a preference holds.
#[derive(Clone, Copy)]
struct Validity {
    hours: Hours,
    span: Span,
}

impl Builder<'_, '_> {
    /// Patients of a pathway: they are brought to the hospital where their last stage is done, the
    /// fastest route first.
    pub(super) fn pathway_streams(
        &self,
        number: usize,
        subject: &Subject,
        by_pathway: &[Vec<f64>],
    ) -> Result<Vec<LabelledStream>, SimulationError> {
        let mut preferences = vec![OriginPreferences::default(); self.origins.len()];
        for period in &self.periods {
            self.order.go_on()?;
            self.add_period(subject, period, &mut preferences)?;
        }

        let mut streams = Vec::new();
        for (origin, preferences) in self.origins.iter().zip(preferences) {
            let cases = origin.sum(|place| by_pathway[number][place.index()]);
            if cases * self.settings.rate_factor < LEAST_CASES {
                continue;
            }
            if self.order.go_on().is_err() {
                break;
            }
            let label = StreamLabel {
                place: Some(origin.place),
                subject: number,
                is_elective: false,
                ways: preferences.ways.clone(),
            };
            let stream = self.pathway_stream(subject, origin, cases, preferences);
            streams.push(LabelledStream { stream, label, cases });
        }
        Ok(streams)
    }

    /// Adds the preferences of all origins in a period.
    fn add_period(
        &self,
        subject: &Subject,
        period: &Period<'_>,
        preferences: &mut [OriginPreferences],
    ) -> Result<(), SimulationError> {
        let Some(pathway) = &subject.pathway else { return Ok(()) };
        let prepared = Prepared::even_if_unmet(&period.region, pathway, &period.added)?;
        let outage = Outage { cooperations: period.ended.clone(), ..Outage::default() };
        // Cooperations of the network that ended are out of order; the network itself stays as it is.
        let query = Query::default().outage(outage);
        let mut places: Vec<PlaceId> = Vec::with_capacity(self.origins.len());
        for origin in &self.origins {
            places.push(origin.place);
        }
        let most = self.settings.alternatives.max(1);
        let ranked = prepared.ranked_from(&places, &query, most, self.order.stop)?;
        let Some(ranked) = ranked else { return Err(SimulationError::Stopped) };

        let span = Span::new(period.from, period.until);
        let classes = prepared.hour_classes();
        for (class, by_place) in ranked.iter().enumerate() {
            let hours = Hours::of(|hour| usize::from(classes[hour.index()]) == class);
            for (routes, preferences) in by_place.iter().zip(preferences.iter_mut()) {
                self.order.go_on()?;
                let mut ways: Vec<WayTo> = Vec::with_capacity(routes.len());
                for route in routes {
                    ways.extend(way_to(&prepared, route));
                }
                let home = routes.first().and_then(agreed_sender);
                let validity = Validity { hours, span };
                self.add_preferences(subject, ways, home, validity, preferences);
            }
        }
        Ok(())
    }

    /// Adds the preferences of a class of hours in a period, where any ward is in reach.
    fn add_preferences(
        &self,
        subject: &Subject,
        ways: Vec<WayTo>,
        home: Option<HospitalId>,
        validity: Validity,
        preferences: &mut OriginPreferences,
    ) {
        let (mut wards, mut units) = (Vec::new(), Vec::new());
        for way in &ways {
            let Some(ward) = self.ward_of(subject, way.hospital) else { continue };
            wards.push(ward);
            units.extend(self.wards.icu(way.hospital));
        }
        let home = home.and_then(|hospital| self.ward_of(subject, hospital));
        let Some(in_ward) = self.preference_of(&wards, home, validity) else { return };
        // Both lists stay equally long, as a way belongs to a position in either.
        let in_unit = self.preference_of(&units, home, validity).unwrap_or_else(|| in_ward.clone());
        preferences.ward.push(in_ward);
        preferences.unit.push(in_unit);
        preferences.ways.push(ways);
    }

    /// The first of some wards, then the others; `None` without any.
    fn preference_of(
        &self,
        wards: &[WardId],
        home: Option<WardId>,
        validity: Validity,
    ) -> Option<Preference> {
        let (first, then) = wards.split_first()?;
        Some(Preference {
            first: vec![(self.shared_key(*first), 1.0)],
            then: self.shared_keys(then),
            // The next best route, however full its hospital is: minutes count.
            least_full: false,
            home: home.map(|ward| self.shared_key(ward)),
            hours: validity.hours,
            from: validity.span.from,
            until: validity.span.until,
        })
    }

    /// The stream of a pathway's patients from one origin.
    fn pathway_stream(
        &self,
        subject: &Subject,
        origin: &Origin,
        cases: f64,
        preferences: OriginPreferences,
    ) -> ArrivalStream {
        let icu_share = if preferences.unit.is_empty() { 0.0 } else { subject.icu_share };
        let kind = |share: f64, phase: Phase, preferences: Vec<Preference>| Kind {
            share,
            class: Some(subject.class(phase)),
            preferences,
            when_full: WhenFull::Force,
            by_appointment: false,
        };
        // Both kinds have as many preferences, so that the ways belong to either.
        let mut kinds = Vec::new();
        if icu_share < 1.0 {
            kinds.push(kind(1.0 - icu_share, Phase::AtReceiver, preferences.ward));
        }
        if icu_share > 0.0 {
            kinds.push(kind(icu_share, Phase::Icu, preferences.unit));
        }

        let profile = subject.pathway.as_ref().map(|pathway| pathway.arrivals.as_slice());
        let place = &self.region.place(origin.place).key;
        ArrivalStream {
            key: format!("{place}/{}/pathway", subject.key),
            arrivals: self.arrivals(subject, cases, false, profile),
            kinds,
            keeps: None,
            track: true,
        }
    }
}

/// How a route comes to its last hospital; `None` where it does no stage.
fn way_to(prepared: &Prepared<'_>, route: &PatientRoute) -> Option<WayTo> {
    let last = route.visits.last()?;
    let mut done = Vec::with_capacity(route.visits.len());
    let mut cooperations: Vec<String> = Vec::new();
    for visit in &route.visits {
        done.push(visit.done.0);
        let agreement = match &visit.transfer {
            Some(leg) => leg.agreement,
            None => None,
        };
        for id in [visit.cooperation, agreement].into_iter().flatten() {
            let key = &prepared.cooperation(id).key;
            if !cooperations.contains(key) {
                cooperations.push(key.clone());
            }
        }
    }
    Some(WayTo { hospital: last.hospital, done, cooperations })
}

/// The hospital that sent the patient of a route to its last hospital over an agreement.
fn agreed_sender(route: &PatientRoute) -> Option<HospitalId> {
    for visit in route.visits.iter().rev() {
        if let Some(leg) = &visit.transfer
            && leg.agreement.is_some()
        {
            return Some(leg.from);
        }
    }
    None
}
