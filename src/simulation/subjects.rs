//! What patients come for: specialties and care pathways, with their stays.

use std::sync::Arc;

use super::Settings;
use super::wards::{ICU, INTENSIVE_CARE};
use crate::demand::Cases;
use crate::model::renamed::first_key;
use crate::model::{CaseShare, Catalog, Pathway, Requirement, StageIndex, Urgency};
use crate::queueing::{Class, ComesAgain, Distribution};
use crate::region::Region;

/// A part of a stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The whole stay of an emergency.
    Emergency,
    /// The whole stay of an elective patient.
    Elective,
    /// In intensive care.
    Icu,
    /// On the ward after intensive care.
    AfterIcu,
    /// The first day of a patient who may be handed on.
    FirstDay,
    /// The rest of the stay of a patient who was not handed on.
    Remainder,
    /// At the hospital that the patient was handed on to.
    AtReceiver,
    /// The rest of that stay: at the receiver or, after a return, where the patient came from.
    AfterReturn,
}

impl Phase {
    pub(super) const ALL: [Self; 8] = [
        Self::Emergency,
        Self::Elective,
        Self::Icu,
        Self::AfterIcu,
        Self::FirstDay,
        Self::Remainder,
        Self::AtReceiver,
        Self::AfterReturn,
    ];

    /// The phase of a class.
    pub(super) fn of_class(key: &str) -> Option<Self> {
        let name = key.rsplit('/').next()?;
        Self::ALL.into_iter().find(|phase| phase.name() == name)
    }

    /// Whether patients go home behind it.
    fn is_last(self) -> bool {
        match self {
            Self::Emergency
            | Self::Elective
            | Self::AfterIcu
            | Self::Remainder
            | Self::AfterReturn => true,
            Self::Icu | Self::FirstDay | Self::AtReceiver => false,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::Elective => "elective",
            Self::Icu => "icu",
            Self::AfterIcu => "after_icu",
            Self::FirstDay => "first_day",
            Self::Remainder => "on",
            Self::AtReceiver => "acute",
            Self::AfterReturn => "back",
        }
    }
}

/// A specialty, or a care pathway of emergencies.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    /// Key of the specialty or pathway.
    pub(super) key: String,
    /// The pathway; a copy, so that a flow can be kept without the region that it was set up on.
    pub(super) pathway: Option<Arc<Pathway>>,
    /// Key of the specialty in whose beds the patients lie.
    pub(super) specialty: String,
    /// Mean stay in days, intensive care included.
    stay: f64,
    /// Share of the patients who start in intensive care.
    pub(super) icu_share: f64,
    icu_stay: f64,
}

impl Subject {
    /// Key of the class of a phase.
    pub(super) fn class(&self, phase: Phase) -> String {
        format!("{}/{}", self.key, phase.name())
    }

    /// The same by the first spelling of its key, from which random numbers are drawn.
    pub(super) fn first_class(&self, phase: Phase) -> String {
        format!("{}/{}", first_key(&self.key), phase.name())
    }

    /// Whose cases a pathway takes, and how many of them; `None` for a specialty.
    pub(super) fn taken(&self) -> Option<&CaseShare> {
        self.pathway.as_ref()?.cases.as_ref()
    }

    /// Key of a stage; empty for a specialty, which has none.
    pub(super) fn stage_key(&self, stage: StageIndex) -> String {
        match &self.pathway {
            Some(pathway) => pathway[stage].key.clone(),
            None => String::new(),
        }
    }

    /// Mean days of a phase.
    pub(super) fn mean(&self, phase: Phase) -> f64 {
        if self.specialty == INTENSIVE_CARE {
            return self.stay;
        }
        // Days in intensive care are part of the mean stay; at least a fifth is left for the ward.
        let ward = (self.stay - self.icu_share * self.icu_stay).max(0.2 * self.stay);
        // Of short stays half, so that something is left behind the first day.
        let first = 1.0_f64.min(ward / 2.0);
        match phase {
            Phase::Emergency | Phase::Elective | Phase::AfterIcu => ward,
            Phase::Icu => self.icu_stay,
            Phase::FirstDay => first,
            Phase::Remainder => ward - first,
            // Of a pathway, the stay has no first day elsewhere.
            Phase::AtReceiver | Phase::AfterReturn if self.pathway.is_some() => ward / 2.0,
            Phase::AtReceiver | Phase::AfterReturn => (ward - first) / 2.0,
        }
    }

    /// How long a phase takes, in days.
    pub(super) fn stay_law(&self, phase: Phase, settings: &Settings) -> Distribution {
        Distribution::Lognormal { mean: self.mean(phase), cv: settings.stay_cv }
    }

    /// The classes of its patients.
    pub(super) fn classes(&self, settings: &Settings) -> Vec<Class> {
        let mut classes = Vec::with_capacity(Phase::ALL.len());
        let ends = settings.rhythm.discharges();
        let days = settings.elective_patience_days;
        let patience = (days > 0.0).then_some(Distribution::Deterministic(days));
        let is_rebooked = patience.is_some() && settings.rebooked_share > 0.0;
        let again = is_rebooked.then_some(ComesAgain {
            share: settings.rebooked_share,
            after: Distribution::Deterministic(settings.rebooked_after_days),
        });
        for phase in Phase::ALL {
            let stay = self.stay_law(phase, settings);
            classes.push(Class {
                key: self.class(phase),
                // Emergencies, and those from intensive care, are let in before elective patients who wait.
                priority: u8::from(phase == Phase::Elective),
                ageing: 0.0,
                patience: patience.clone().filter(|_| phase == Phase::Elective),
                comes_again: again.clone().filter(|_| phase == Phase::Elective),
                service: Some(stay),
                ends: if phase.is_last() { ends.clone() } else { Vec::new() },
            });
        }
        classes
    }
}

/// Share of the patients with intensive care, the same for all specialties that have any.
fn icu_share(catalog: &Catalog, settings: &Settings) -> f64 {
    let rates = &catalog.demand.rates;
    let unit = rates.iter().find(|rate| rate.specialty == INTENSIVE_CARE);
    let direct_days =
        unit.map_or(0.0, |rate| rate.per_1000 * rate.stay_days * catalog.demand.stay_factor);
    let mut cases = 0.0;
    for rate in rates {
        if has_icu(settings, &rate.specialty) {
            cases += rate.per_1000;
        }
    }
    // Patients of pathways that end in intensive care all start there; they are among the cases.
    let mut in_pathways = 0.0;
    for pathway in &catalog.pathways {
        if starts_in_icu(pathway) {
            in_pathways += cases_per_1000(catalog, pathway).unwrap_or(0.0);
        }
    }
    let others = cases - in_pathways;
    if others <= 0.0 {
        return 0.0;
    }
    let days = settings.icu_days_per_1000 - direct_days - in_pathways * settings.icu_stay_days;
    // Where pathways alone take more days than there are, nobody else gets any.
    (days / (others * settings.icu_stay_days)).clamp(0.0, 1.0)
}

/// Cases a year of a pathway per 1,000 people; `None` for a pathway that takes nobody's.
fn cases_per_1000(catalog: &Catalog, pathway: &Pathway) -> Option<f64> {
    let taken = pathway.cases.as_ref()?;
    let per_1000 = match catalog.condition(&taken.of) {
        Some(condition) => condition.per_1000,
        None => catalog.rate(&taken.of)?.per_1000,
    };
    Some(per_1000 * taken.share)
}

/// Whether the hospital of the last stage of a pathway of emergencies must have intensive care.
fn starts_in_icu(pathway: &Pathway) -> bool {
    let last = pathway.stages.last();
    pathway.urgency == Urgency::Emergency && last.is_some_and(|stage| names_icu(&stage.requirement))
}

fn has_icu(settings: &Settings, specialty: &str) -> bool {
    specialty != INTENSIVE_CARE && settings.without_icu.iter().all(|without| without != specialty)
}

/// The specialties with a rate, then the pathways of emergencies that say whose cases they take.
pub(super) fn subjects(region: &Region, settings: &Settings) -> Vec<Subject> {
    let catalog = region.network().catalog();
    let share = icu_share(catalog, settings);
    let mut of_pathways: Vec<Subject> = Vec::new();
    for pathway in &catalog.pathways {
        let Some(taken) = &pathway.cases else { continue };
        if pathway.urgency != Urgency::Emergency {
            continue;
        }
        let Some(cases) = region.demand().cases(&taken.of) else { continue };
        let Some(specialty) = bed_specialty(catalog, pathway) else { continue };
        let usual = if has_icu(settings, &specialty) { share } else { 0.0 };
        of_pathways.push(Subject {
            key: pathway.key.clone(),
            pathway: Some(Arc::new(pathway.clone())),
            specialty,
            stay: cases.stay_days * settings.stay_factor,
            // The pathway says so; no share of all has to be guessed.
            icu_share: if starts_in_icu(pathway) { 1.0 } else { usual },
            icu_stay: settings.icu_stay_days * settings.stay_factor,
        });
    }
    let mut subjects: Vec<Subject> = Vec::new();
    for cases in &region.demand().specialties {
        subjects.push(Subject {
            key: cases.key.clone(),
            pathway: None,
            specialty: cases.key.clone(),
            stay: stay_of_the_others(region, cases, &of_pathways) * settings.stay_factor,
            icu_share: if has_icu(settings, &cases.key) { share } else { 0.0 },
            icu_stay: settings.icu_stay_days * settings.stay_factor,
        });
    }
    subjects.append(&mut of_pathways);
    subjects
}

/// Mean days of a specialty's patients who belong to no pathway, so that with those of the pathways
/// the bed days of the specialty stay what they are; at least a fifth of its mean stay.
fn stay_of_the_others(region: &Region, cases: &Cases, pathways: &[Subject]) -> f64 {
    let total = cases.total();
    let (mut others, mut days_of_others) = (total, total * cases.stay_days);
    for subject in pathways {
        if subject.specialty != cases.key {
            continue;
        }
        let Some(taken) = subject.taken() else { continue };
        let Some(taken_from) = region.demand().cases(&taken.of) else { continue };
        others -= taken_from.total() * taken.share;
        days_of_others -= taken_from.total() * taken.share * taken_from.stay_days;
    }
    // Nobody is left but for rounding.
    if others <= 1e-9 * total {
        return cases.stay_days;
    }
    (days_of_others / others).max(0.2 * cases.stay_days)
}

/// The specialty in whose beds the patients of a pathway lie: the specialty whose cases it takes, else
/// the first field of its transfers that is a specialty, else the first specialty that its stages ask
/// for, the last stage first. Never intensive care: patients who start there go on to a ward.
fn bed_specialty(catalog: &Catalog, pathway: &Pathway) -> Option<String> {
    let mut candidates: Vec<&str> = Vec::new();
    if let Some(cases) = &pathway.cases {
        candidates.push(&cases.of);
    }
    for field in &pathway.transfer.fields {
        candidates.push(field);
    }
    for stage in pathway.stages.iter().rev() {
        specialties_of(&stage.requirement, &mut candidates);
    }
    for key in candidates {
        if key != INTENSIVE_CARE && catalog.rate(key).is_some() {
            return Some(key.to_owned());
        }
    }
    None
}

/// Adds the specialties that a requirement names, in its order.
fn specialties_of<'q>(requirement: &'q Requirement, specialties: &mut Vec<&'q str>) {
    match requirement {
        Requirement::Specialty(key) => specialties.push(key),
        Requirement::All(parts) | Requirement::Any(parts) => {
            for part in parts {
                specialties_of(part, specialties);
            }
        }
        _ => {}
    }
}

/// Whether every hospital that meets a requirement has intensive care.
fn names_icu(requirement: &Requirement) -> bool {
    match requirement {
        Requirement::Facility { kind, .. } => kind == ICU,
        Requirement::All(parts) => parts.iter().any(names_icu),
        _ => false,
    }
}
