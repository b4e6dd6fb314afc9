//! Stays of patients at wards of which somebody knows them.

use std::collections::BTreeMap;

use super::Builder;
use crate::queueing::{Distribution, StationService};
use crate::simulation::WardId;
use crate::simulation::stays::scaled;
use crate::simulation::subjects::Phase;

/// By ward, subject and phase, how long patients stay, where that is known.
pub(super) type OwnStays = BTreeMap<(WardId, usize, usize), Distribution>;

impl Builder<'_, '_> {
    /// How long the patients of all wards stay where somebody says so.
    pub(super) fn own_stays(&self) -> OwnStays {
        let mut known = OwnStays::new();
        let Some(stays) = &self.settings.stays else { return known };
        for id in self.wards.ids() {
            let ward = &self.wards[id];
            let hospital = self.region.network()[ward.hospital].key.as_str();
            for (number, subject) in self.subjects.iter().enumerate() {
                // Those of a care pathway stay as the pathway says.
                let is_here = subject.specialty == ward.specialty
                    || self.ward_of(subject, ward.hospital) == Some(id);
                if subject.pathway.is_some() || !is_here {
                    continue;
                }
                // A copy for each phase, as the model knows classes and no parts of stays.
                for phase in Phase::ALL {
                    let is_elective = phase == Phase::Elective;
                    let Some(row) = stays.law(hospital, &subject.specialty, is_elective) else {
                        continue;
                    };
                    let law = self.phase_law(number, phase, &row.law);
                    known.extend(law.map(|law| ((id, number, phase as usize), law)));
                }
            }
        }
        known
    }

    /// The law of a phase where this is the law of the whole stay on a ward.
    fn phase_law(&self, subject: usize, phase: Phase, law: &Distribution) -> Option<Distribution> {
        let factor = self.settings.stay_factor;
        let subject = &self.subjects[subject];
        match phase {
            Phase::Emergency | Phase::Elective | Phase::AfterIcu => Some(scaled(law, factor)),
            Phase::Icu => None,
            // Parts of a stay get longer and shorter as the whole does; how much they scatter nobody says.
            _ => {
                let longer = law.mean() * factor / subject.mean(Phase::Emergency);
                let mean = subject.mean(phase) * longer;
                let is_part = mean.is_finite() && mean > 0.0;
                is_part.then_some(Distribution::Lognormal { mean, cv: self.settings.stay_cv })
            }
        }
    }

    /// How long a phase of a subject takes at a ward.
    pub(super) fn law_at(&self, ward: WardId, subject: usize, phase: Phase) -> Distribution {
        match self.own_stays.get(&(ward, subject, phase as usize)) {
            Some(law) => law.clone(),
            None => self.subjects[subject].stay_law(phase, self.settings),
        }
    }

    /// Mean days of a phase of a subject at a ward.
    pub(super) fn mean_at(&self, ward: WardId, subject: usize, phase: Phase) -> f64 {
        match self.own_stays.get(&(ward, subject, phase as usize)) {
            Some(law) => law.mean(),
            None => self.subjects[subject].mean(phase),
        }
    }

    /// The same for the model.
    pub(super) fn services(&self) -> Vec<StationService> {
        let mut services = Vec::with_capacity(self.own_stays.len());
        for ((ward, subject, phase), law) in &self.own_stays {
            let class = self.subjects[*subject].class(Phase::ALL[*phase]);
            services.push(StationService { station: self.key(*ward), class, service: law.clone() });
        }
        services
    }
}
