//! Who comes: emergencies and elective patients of each specialty, by origin.

use rayon::prelude::*;

use super::{Builder, Choices, LEAST_CASES, LabelledStream, Span, Streams, drop_beside};
use crate::calendar::{HourOfWeek, Hours};
use crate::model::HospitalId;
use crate::model::renamed::first_key;
use crate::queueing::{ArrivalStream, Arrivals, Kind, Preference, WhenFull};
use crate::region::Region;
use crate::routing::{Shares, draw_of_unit};
use crate::simulation::labels::StreamLabel;
use crate::simulation::origins::Origin;
use crate::simulation::subjects::{Phase, Subject};
use crate::simulation::wards::INTENSIVE_CARE;
use crate::simulation::{NextHospital, Settings, SimulationError, WardId};

/// A hospital with less than this part of the largest share is not among the first choices.
const LEAST_SHARE: f64 = 0.01;

/// What the patients of an origin choose.
struct OriginChoices {
    ward: Choices,
    /// Of those who need intensive care.
    unit: Choices,
}

/// Emergencies or elective patients of a specialty from one origin.
pub(in crate::simulation) struct SpecialtyCases<'o> {
    /// What names their stream.
    pub(in crate::simulation) origin: &'o str,
    /// Number of the subject.
    pub(in crate::simulation) subject: usize,
    pub(in crate::simulation) is_elective: bool,
    /// A year.
    pub(in crate::simulation) cases: f64,
}

impl Builder<'_, '_> {
    /// The streams of all origins and of patients from beyond them.
    pub(super) fn streams(&self) -> Result<Streams, SimulationError> {
        let by_pathway = self.pathway_cases();
        let streams_of = |number: usize| {
            let subject = &self.subjects[number];
            if subject.pathway.is_some() {
                self.pathway_streams(number, subject, &by_pathway)
            } else {
                self.specialty_streams(number, subject, &by_pathway)
            }
        };
        let by_subject: Vec<_> = (0..self.subjects.len()).into_par_iter().map(streams_of).collect();
        if let Err(stopped) = self.order.go_on() {
            drop_beside(by_subject);
            return Err(stopped);
        }

        let mut streams = Streams::default();
        for of_subject in by_subject {
            for added in of_subject? {
                let goes_nowhere =
                    added.stream.kinds.iter().all(|kind| kind.preferences.is_empty());
                // They are told as a sum and not simulated: nobody would treat them.
                if goes_nowhere {
                    streams.without_hospital += added.cases;
                } else {
                    streams.push(added);
                }
            }
        }
        for added in self.beyond_streams()? {
            streams.push(added);
        }
        Ok(streams)
    }

    /// Cases a year of each pathway at each place; empty for specialties.
    fn pathway_cases(&self) -> Vec<Vec<f64>> {
        let mut by_pathway = Vec::with_capacity(self.subjects.len());
        for subject in &self.subjects {
            by_pathway.push(self.cases_of_pathway(subject));
        }
        by_pathway
    }

    /// Cases a year at each place; empty for a subject that is no pathway, or takes nobody's cases.
    fn cases_of_pathway(&self, subject: &Subject) -> Vec<f64> {
        let Some(taken) = subject.taken() else { return Vec::new() };
        let Some(demand) = self.region.demand().cases(&taken.of) else { return Vec::new() };
        demand.cases.iter().map(|cases| cases * taken.share).collect()
    }

    /// Share of emergencies among the patients of a specialty.
    pub(in crate::simulation) fn emergency_share(&self, specialty: &str) -> f64 {
        if self.settings.unplanned.iter().any(|unplanned| unplanned == specialty) {
            return 1.0;
        }
        match self.region.network().catalog().rate(specialty) {
            Some(rate) => rate.emergency_share,
            None => 0.0,
        }
    }

    /// Emergencies and elective patients of a specialty, but for those who belong to a pathway.
    fn specialty_streams(
        &self,
        number: usize,
        subject: &Subject,
        by_pathway: &[Vec<f64>],
    ) -> Result<Vec<LabelledStream>, SimulationError> {
        let Some(demand) = self.region.demand().specialty(&subject.key) else {
            return Ok(Vec::new());
        };
        let emergency_share = self.emergency_share(&subject.key);
        let mut pathways: Vec<&[f64]> = Vec::new();
        for (other_subject, cases) in self.subjects.iter().zip(by_pathway) {
            if other_subject.pathway.is_some() && other_subject.specialty == subject.specialty {
                pathways.push(cases);
            }
        }

        let choices = self.choices(subject)?;
        let mut streams = Vec::new();
        for (position, origin) in self.origins.iter().enumerate() {
            if self.order.go_on().is_err() {
                // The caller sees that it is stopped, and frees the streams of all subjects at once.
                break;
            }
            let in_pathways =
                origin.sum(|place| pathways.iter().map(|cases| cases[place.index()]).sum::<f64>());
            let total = origin.sum(|place| demand.cases[place.index()]);
            let key = &self.region.place(origin.place).key;
            for is_elective in [false, true] {
                let share = if is_elective { 1.0 - emergency_share } else { emergency_share };
                // Pathways take emergencies. What they have more than there are is taken off the elective ones.
                let taken = if is_elective {
                    (in_pathways - total * emergency_share).max(0.0)
                } else {
                    in_pathways
                };
                let cases = (total * share - taken).max(0.0);
                if cases * self.settings.rate_factor < LEAST_CASES {
                    continue;
                }
                let patients = SpecialtyCases { origin: key, subject: number, is_elective, cases };
                // Keys hang on place and specialty alone, so that scenarios bring the same patients.
                let stream = self.specialty_stream(&patients, |needs_icu| {
                    self.preferences(position, needs_icu, &choices)
                });
                let label = StreamLabel {
                    place: Some(origin.place),
                    subject: number,
                    is_elective,
                    ways: Vec::new(),
                };
                streams.push(LabelledStream { stream, label, cases });
            }
        }
        Ok(streams)
    }

    /// By period and origin, the wards that patients choose; empty for a period in which nobody has a choice.
    fn choices(&self, subject: &Subject) -> Result<Vec<Vec<OriginChoices>>, SimulationError> {
        let mut ward_of: Vec<Option<WardId>> = Vec::new();
        for (hospital, _) in self.region.network().iter() {
            ward_of.push(self.wards.treating(self.region, hospital, &subject.specialty));
        }
        let Settings { choice, small_icu_draw, .. } = *self.settings;
        let mut choices = Vec::with_capacity(self.periods.len());
        for period in &self.periods {
            let region = &period.region;
            let shares = Shares::with_small_icu_draw(region, &subject.key, choice, small_icu_draw)?;
            let mut of_period = Vec::new();
            if let Some(shares) = shares {
                of_period.reserve(self.origins.len());
                for origin in &self.origins {
                    self.order.go_on()?;
                    let shares = shares.at(origin.place);
                    let mut shares: Vec<(HospitalId, f64)> =
                        shares.into_iter().map(|chosen| (chosen.hospital, chosen.share)).collect();
                    if shares.is_empty() && subject.specialty == INTENSIVE_CARE {
                        // Nobody has a department of this name: intensive care units take them.
                        shares = nearest_with_ward(region, origin, &ward_of);
                    }
                    of_period.push(self.origin_choices(region, origin, &shares, &ward_of));
                }
            }
            choices.push(of_period);
        }
        Ok(choices)
    }

    /// What patients of an origin choose, of hospitals by their shares. `ward_of` is the ward for them at each
    /// hospital.
    fn origin_choices(
        &self,
        region: &Region,
        origin: &Origin,
        shares: &[(HospitalId, f64)],
        ward_of: &[Option<WardId>],
    ) -> OriginChoices {
        let ward = |hospital: HospitalId| ward_of[hospital.index()];
        // Only a unit beside a ward for them: they go on to it.
        let unit = |hospital| ward(hospital).and_then(|_| self.wards.icu(hospital));
        let mut nearest: Vec<HospitalId> = Vec::new();
        for (hospital, _) in region.from_centre(origin.place) {
            nearest.push(hospital);
        }
        let unit_shares = self.shares_of_units(shares);
        OriginChoices {
            ward: self.choose(shares, &nearest, ward),
            unit: self.choose(&unit_shares, &nearest, unit),
        }
    }

    /// The shares of hospitals by how strongly their intensive care units draw; they sum to no more than
    /// before, only their proportions count.
    fn shares_of_units(&self, shares: &[(HospitalId, f64)]) -> Vec<(HospitalId, f64)> {
        let network = self.region.network();
        let mut of_units = Vec::with_capacity(shares.len());
        for (hospital, share) in shares {
            let draw = draw_of_unit(&network[*hospital], self.settings.small_icu_draw);
            of_units.push((*hospital, share * draw));
        }
        of_units
    }

    /// The wards of the hospitals with shares, and those of the nearest ones, which are asked next. Where no hospital
    /// with a share has a ward, the nearest one is the first choice.
    fn choose(
        &self,
        shares: &[(HospitalId, f64)],
        nearest: &[HospitalId],
        ward_of: impl Fn(HospitalId) -> Option<WardId>,
    ) -> Choices {
        let mut largest = 0.0;
        for (_, share) in shares {
            largest = f64::max(largest, *share);
        }
        let mut first: Vec<(WardId, f64)> = Vec::new();
        for (hospital, share) in shares {
            // Nearly every hospital of a country has some share; those that hardly count would make long lists.
            if *share >= LEAST_SHARE * largest
                && let Some(ward) = ward_of(*hospital)
            {
                first.push((ward, *share));
            }
        }

        let most = self.settings.alternatives.max(1);
        let mut then: Vec<WardId> = Vec::new();
        for hospital in nearest {
            // Not one more than asked for: there are thousands of hospitals, and this is done for every origin.
            if then.len() == most {
                break;
            }
            then.extend(ward_of(*hospital));
        }
        if first.is_empty()
            && let Some(ward) = then.first()
        {
            first.push((*ward, 1.0));
        }
        Choices { first, then }
    }

    /// What the patients of an origin prefer in each period.
    fn preferences(
        &self,
        origin: usize,
        needs_icu: bool,
        by_period: &[Vec<OriginChoices>],
    ) -> Vec<Preference> {
        let mut preferences = Vec::new();
        for (period, choices) in self.periods.iter().zip(by_period) {
            let Some(OriginChoices { ward, unit }) = choices.get(origin) else { continue };
            let chosen = if needs_icu && !unit.first.is_empty() { unit } else { ward };
            if !chosen.first.is_empty() {
                preferences.push(self.preference(chosen, Span::new(period.from, period.until)));
            }
        }
        preferences
    }

    pub(in crate::simulation) fn preference(&self, choices: &Choices, span: Span) -> Preference {
        let mut first = Vec::with_capacity(choices.first.len());
        for (ward, share) in &choices.first {
            first.push((self.shared_key(*ward), *share));
        }
        Preference {
            first,
            then: self.shared_keys(&choices.then),
            least_full: self.settings.next_hospital == NextHospital::LeastFull,
            home: None,
            hours: Hours::ALWAYS,
            from: span.from,
            until: span.until,
        }
    }

    /// The stream of patients of a specialty. `preferences` are those of the patients with or without intensive care.
    pub(in crate::simulation) fn specialty_stream(
        &self,
        patients: &SpecialtyCases<'_>,
        preferences: impl Fn(bool) -> Vec<Preference>,
    ) -> ArrivalStream {
        let subject = &self.subjects[patients.subject];
        let is_elective = patients.is_elective;
        let kind = |share: f64, phase: Phase| Kind {
            share,
            class: Some(subject.class(phase)),
            preferences: preferences(phase == Phase::Icu),
            when_full: if is_elective { WhenFull::WaitFirst } else { WhenFull::Force },
            by_appointment: is_elective,
        };

        // The same kinds with and without intensive care or agreements, so that networks can be compared
        // patient by patient: a patient who may be handed on has a first day in any network.
        let icu = subject.icu_share;
        let may_be_handed_on = !is_elective && subject.specialty != INTENSIVE_CARE;
        let handed =
            if may_be_handed_on { self.settings.transfer_share.min(1.0 - icu) } else { 0.0 };
        let usual = if is_elective { Phase::Elective } else { Phase::Emergency };
        let mut kinds = vec![kind((1.0 - icu - handed).max(0.0), usual)];
        if handed > 0.0 {
            kinds.push(kind(handed, Phase::FirstDay));
        }
        if icu > 0.0 {
            kinds.push(kind(icu, Phase::Icu));
        }

        let name = if is_elective { "elective" } else { "emergency" };
        ArrivalStream {
            key: format!("{}/{}/{name}", patients.origin, first_key(&subject.key)),
            arrivals: self.arrivals(subject, patients.cases, is_elective, None),
            kinds,
            keeps: None,
            track: false,
        }
    }

    /// When so many cases a year come; emergencies by the hours of a profile where they have one.
    pub(super) fn arrivals(
        &self,
        subject: &Subject,
        cases: f64,
        is_elective: bool,
        profile: Option<&[f64]>,
    ) -> Arrivals {
        let week = match profile.filter(|profile| !profile.is_empty()) {
            _ if is_elective => {
                let theatre = self.settings.rhythm.theatre(&subject.specialty);
                let hours = theatre.unwrap_or(&self.settings.elective_hours);
                let open = |hour| u8::from(hours.is_open_in(hour));
                HourOfWeek::all().map(|hour| f64::from(open(hour))).collect()
            }
            Some(profile) => profile.to_vec(),
            None => self.settings.rhythm.emergencies(&self.settings.emergency_hours),
        };
        let year = self.year(subject, is_elective);
        // Years of 365 days, as everywhere in a run.
        let rate = cases * self.settings.rate_factor / 365.0;
        Arrivals::Poisson { rate, week, year, curve: None }
    }
}

impl Builder<'_, '_> {
    /// Relative patients of a subject by parts of the year; empty for even ones.
    fn year(&self, subject: &Subject, is_elective: bool) -> Vec<f64> {
        let months = self.settings.rhythm.months(&subject.specialty);
        if is_elective {
            let first = self.region.network().date().first_day();
            return self.settings.rhythm.elective_year(first.year(), months);
        }
        let of_all = self.settings.emergency_months;
        let is_even = of_all.iter().all(|rate| *rate == 1.0);
        match months {
            None if is_even => Vec::new(),
            None => of_all.to_vec(),
            Some(mut months) => {
                for (month, relative) in months.iter_mut().zip(of_all) {
                    *month *= relative;
                }
                months.to_vec()
            }
        }
    }
}

/// The nearest hospital with a ward for an origin's patients, as the only choice.
fn nearest_with_ward(
    region: &Region,
    origin: &Origin,
    ward_of: &[Option<WardId>],
) -> Vec<(HospitalId, f64)> {
    for (hospital, _) in region.from_centre(origin.place) {
        if ward_of[hospital.index()].is_some() {
            return vec![(hospital, 1.0)];
        }
    }
    Vec::new()
}
