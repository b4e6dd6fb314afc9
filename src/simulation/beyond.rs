//! Patients from beyond the places of the network, who come to one hospital.

use super::build::{Builder, Choices, LEAST_CASES, LabelledStream, Span, SpecialtyCases};
use super::labels::StreamLabel;
use super::subjects::Subject;
use super::{SimulationError, WardId};
use crate::model::HospitalId;
use crate::queueing::Curve;
use crate::routing::{Flows, Treatment};

impl Builder<'_, '_> {
    /// Patients from beyond the places ([`Hospital::from_beyond`](crate::model::Hospital::from_beyond)), a stream of
    /// emergencies and one of elective patients for each hospital and specialty: as many as the flows give.
    ///
    /// Their journey is not known. They come to their hospital; patients who find it full ask those nearest to it, as
    /// others do. While its ward is closed they do not come: they are not the region's.
    pub(super) fn beyond_streams(&self) -> Result<Vec<LabelledStream>, SimulationError> {
        let hospitals = self.region.network().hospitals();
        let mut streams = Vec::new();
        if hospitals.iter().all(|hospital| hospital.beyond_per_case() <= 0.0) {
            return Ok(streams);
        }

        let flows = Flows::of_region(self.region, self.settings.choice)?;
        for treatment in &flows.treatments {
            self.order.go_on()?;
            if treatment.cases_from_beyond > 0.0 {
                self.add_beyond(treatment, &mut streams);
            }
        }
        Ok(streams)
    }

    /// Adds the streams of one hospital and specialty.
    fn add_beyond(&self, treatment: &Treatment, streams: &mut Vec<LabelledStream>) {
        let is_treated = |subject: &Subject| subject.key == treatment.specialty;
        let Some(number) = self.subjects.iter().position(is_treated) else { return };
        let specialty = &self.subjects[number].specialty;
        let hospital = treatment.hospital;
        let Some(ward) = self.wards.treating(self.region, hospital, specialty) else { return };

        let unit = self.wards.icu(hospital);
        let nearest = self.nearest_to(hospital);
        let in_ward =
            Choices { first: vec![(ward, 1.0)], then: self.wards_of(&nearest, specialty) };
        let in_unit = Choices {
            first: match unit {
                Some(unit) => vec![(unit, 1.0)],
                None => Vec::new(),
            },
            then: self.units_of(&nearest),
        };
        let preferences = |is_icu: bool| {
            let choices = if is_icu && unit.is_some() { &in_unit } else { &in_ward };
            vec![self.preference(choices, Span::default())]
        };

        let network = self.region.network();
        let origin = format!("beyond {}", network[hospital].key);
        let emergencies = self.emergency_share(&treatment.specialty);
        for (is_elective, share) in [(false, emergencies), (true, 1.0 - emergencies)] {
            let cases = treatment.cases_from_beyond * share;
            if cases * self.settings.rate_factor < LEAST_CASES {
                continue;
            }
            let patients = SpecialtyCases { origin: &origin, subject: number, is_elective, cases };
            let mut stream = self.specialty_stream(&patients, preferences);
            // They are cut out and not sent on: where they would go instead is not the region's to say.
            stream.keeps = self.while_open(ward);
            // Without a place they count in no figure by place.
            let label = StreamLabel { place: None, subject: number, is_elective, ways: Vec::new() };
            streams.push(LabelledStream { stream, label, cases });
        }
    }

    /// The other hospitals that a transfer reaches, the nearest first, ties by id.
    fn nearest_to(&self, hospital: HospitalId) -> Vec<HospitalId> {
        let mut by_journey = Vec::new();
        for (neighbour, _) in self.region.network().iter() {
            if neighbour != hospital
                && let Some(journey) = self.region.between(hospital, neighbour)
            {
                by_journey.push((journey, neighbour));
            }
        }
        // By time, then by id: the same order on every run.
        by_journey.sort_unstable();
        let mut nearest = Vec::with_capacity(by_journey.len());
        for (_, neighbour) in by_journey {
            nearest.push(neighbour);
        }
        nearest
    }

    /// The wards for a specialty of the first of these hospitals that have one.
    fn wards_of(&self, hospitals: &[HospitalId], specialty: &str) -> Vec<WardId> {
        let most = self.settings.alternatives.max(1);
        let mut wards = Vec::new();
        for hospital in hospitals {
            // Not one more than asked for: there are thousands of hospitals.
            if wards.len() == most {
                break;
            }
            wards.extend(self.wards.treating(self.region, *hospital, specialty));
        }
        wards
    }

    /// The intensive care units of the first of these hospitals that have one.
    fn units_of(&self, hospitals: &[HospitalId]) -> Vec<WardId> {
        let most = self.settings.alternatives.max(1);
        let mut units = Vec::new();
        for hospital in hospitals {
            if units.len() == most {
                break;
            }
            units.extend(self.wards.icu(*hospital));
        }
        units
    }

    /// Nobody comes in the hours in which a ward is closed; `None` where it never is.
    fn while_open(&self, ward: WardId) -> Option<Curve> {
        let mut closures = self.admissions.closures(ward).peekable();
        closures.peek()?;
        let hours = self.clock.horizon.ceil() as usize * 24;
        let mut factors = vec![1.0; hours];
        for (from, until) in closures {
            // Whole hours, from the one in which it closes to the one in which it opens.
            let first = (from.max(0.0) * 24.0).floor() as usize;
            let end = (until.min(self.clock.horizon) * 24.0).ceil().max(0.0) as usize;
            let end = end.min(hours);
            if first < end {
                factors[first..end].fill(0.0);
            }
        }
        Some(Curve { from: 0.0, step: 1.0 / 24.0, factors })
    }
}
