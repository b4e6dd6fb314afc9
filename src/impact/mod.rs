//! What one cooperation changes, which one to add next, and which failure hurts.
//!
//! A [`Study`] sets care pathways up on a region; everything here compares two states of the same
//! study. What a comparison counts:
//!
//! - **people**: residents of the pathway's population inside the region, with shares of hours: who
//!   is better off in 56 of 168 hours counts as a third of a person (arrivals being even);
//! - **cases**: expected cases a year inside; residents where some pathway of the study does not say
//!   whose cases it takes;
//! - **time** to the objective, by default the end of the last stage. Who has no way counts as if
//!   it took [`Study::NO_WAY_EMERGENCY`] or [`Study::NO_WAY_ELECTIVE`] (both assumed), and longer
//!   times count as that, so that a way gained has a value in minutes, too; how many gain or lose a
//!   way is said beside it.
//!
//! # Two protocols
//!
//! What a cooperation is worth depends on where the ambulance goes first. Under a **free choice** of
//! the first door ([`Protocol::Free`]) it knows all and goes where the last stage is done first: nobody is
//! handed on who could have gone direct, so that every transfer agreement is worth nothing, and a
//! cooperation never makes the objective later. Under **nearest door** ([`Protocol::NearestDoor`])
//! it goes to the nearest hospital that can do the stages up to the pathway's
//! [`door`](crate::model::Pathway::door): many are handed on, and a cooperation that turns a
//! hospital into a door brings everybody near it there. Who is done there saves the longer
//! journey, less the consultation; who needs a stage that it cannot do is handed on, and done later than
//! by going direct. So a tele-stroke link can be worth less than nothing to the last stage,
//! while the stages up to the door's are done sooner; [`CooperationValue::to_door`] counts these.
//!
//! A protocol binds emergencies; elective patients choose freely under each.
//!
//! Of real services neither is true. [`PROTOCOLS`] names both, the leading one first; outputs show them side
//! by side. A study has one protocol, that of its query.

mod failures;
mod groups;
mod shapley;
mod suggest;
mod value;

pub use failures::{Failed, Failure};
pub use groups::CooperationGroup;
pub use shapley::{Shapley, ShapleySettings, ShapleyValue};
pub use suggest::{CandidateKind, Suggestion, Suggestions, obstacles, suggest};
pub use value::{CooperationValue, DoorEffect, Replacement};

use std::iter::Sum;
use std::sync::Arc;

use rayon::prelude::*;

use crate::model::{
    Cooperation, CooperationId, Pathway, StageIndex, UnknownSite, Urgency, check_cooperations,
};
use crate::pathways::{
    GroupTimes, Held, Objective, Outage, Outcome, PartTime, PathwayError, Prepared, Protocol, Query,
};
use crate::region::Region;
use crate::units::Seconds;

/// The protocols under which cooperations are valued side by side, the leading one first.
///
/// Nearest door leads because it is nearer to what is observed: in Hesse 31.3 % of thrombectomies of 2019 came
/// after a transfer, and by a free choice nobody is handed on (`verbund pathway stroke_lvo` has the
/// shares of a region under both).
pub const PROTOCOLS: [Protocol; 2] = [Protocol::NearestDoor, Protocol::Free];

/// Shares of arrivals are counted in millionths.
const MILLION: f64 = 1e6;

/// Care pathways on a region, to be compared in different states.
#[derive(Debug, Clone)]
pub struct Study<'r> {
    region: Held<'r, Region>,
    subjects: Vec<Subject<'r>>,
    query: Query,
    /// Whether every pathway says whose cases it takes.
    are_cases: bool,
    unmet: Vec<PathwayError>,
}

/// One pathway of a study.
#[derive(Debug, Clone)]
struct Subject<'r> {
    prepared: Prepared<'r>,
    /// Residents inside by part.
    people: Vec<f64>,
    /// Cases inside by part, or people.
    cases: Vec<f64>,
    /// What no way counts as.
    no_way: Seconds,
    /// The protocol of the study for an emergency; a free choice for patients who choose themselves.
    protocol: Protocol,
}

/// What changes from one state to a better one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Effect {
    /// People whose time falls, those who gain a way included.
    pub people: f64,
    /// People who had no way to the objective and gain one.
    pub people_with_way: f64,
    /// Cases a year whose time falls.
    pub cases: f64,
    /// Seconds saved a year, over all cases.
    pub seconds: f64,
    /// The most that anybody saves.
    pub most: Seconds,
    /// People whose time rises: only possible under a protocol.
    pub people_later: f64,
    /// Seconds lost a year by those, over all their cases; not subtracted from `seconds`.
    pub seconds_lost: f64,
}

impl Effect {
    /// Seconds saved per case whose time falls; `None` where there is none.
    pub fn seconds_per_case(&self) -> Option<f64> {
        (self.cases > 0.0).then(|| self.seconds / self.cases)
    }

    /// Seconds saved a year less seconds lost.
    pub fn net_seconds(&self) -> f64 {
        self.seconds - self.seconds_lost
    }

    /// Whether nothing changes for anybody.
    pub fn is_nothing(&self) -> bool {
        self.people == 0.0 && self.people_later == 0.0 && self.seconds == 0.0
    }

    /// Both together, of two pathways. Cases and their seconds add up; of people the greater number
    /// counts, because the same people may need both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            people: self.people.max(other.people),
            people_with_way: self.people_with_way.max(other.people_with_way),
            cases: self.cases + other.cases,
            seconds: self.seconds + other.seconds,
            most: self.most.max(other.most),
            people_later: self.people_later.max(other.people_later),
            seconds_lost: self.seconds_lost + other.seconds_lost,
        }
    }
}

impl Sum for Effect {
    fn sum<I: Iterator<Item = Self>>(effects: I) -> Self {
        effects.fold(Self::default(), Self::and)
    }
}

/// The protocol by which the patients of a pathway go: elective ones choose themselves.
fn protocol_of(pathway: &Pathway, protocol: Protocol) -> Protocol {
    match pathway.urgency {
        Urgency::Emergency => protocol,
        Urgency::Elective => Protocol::Free,
    }
}

/// Times of everybody at some parts: by group of hours the share and the times.
type Sampled = Vec<GroupTimes>;

impl<'r> Study<'r> {
    /// What no way counts as for an emergency: six hours (assumed).
    pub const NO_WAY_EMERGENCY: Seconds = Seconds::from_minutes(6 * 60);

    /// What no way counts as for an elective pathway: 60 days (assumed).
    pub const NO_WAY_ELECTIVE: Seconds = Seconds::from_minutes(60 * 24 * 60);

    /// Sets pathways up on a region, with cooperations in addition to its own. The query says when
    /// patients call, what for their route is chosen and by which protocol, and what is out of
    /// order in every state. A protocol of the rescue service binds emergencies: elective patients
    /// choose themselves, under every protocol.
    ///
    /// A pathway with a stage that nobody in the network can meet is named in [`Self::unmet`]; its
    /// patients have no way there.
    ///
    /// # Errors
    ///
    /// Every fault of the added cooperations, as a scenario that starts them would have it: an unknown
    /// hospital, field or source, terms out of range, an expert without what it helps with (what would
    /// change nothing is not worth nothing, it is wrong). When the objective names a stage that a pathway
    /// does not have, or something is out of order that there is not.
    pub fn new(
        region: &'r Region,
        pathways: &[&'r Pathway],
        added: &'r [Cooperation],
        query: Query,
    ) -> Result<Self, PathwayError> {
        let problems = check_cooperations(region.network(), added);
        if !problems.is_empty() {
            return Err(PathwayError::Cooperations(problems));
        }
        Self::set_up(region, pathways, added, query)
    }

    /// The same with cooperations that are known to have no fault.
    fn set_up(
        region: &'r Region,
        pathways: &[&'r Pathway],
        added: &'r [Cooperation],
        query: Query,
    ) -> Result<Self, PathwayError> {
        let is_inside: Vec<bool> =
            region.parts().iter().map(|part| !region.place(part.place).outside).collect();
        let mut study = Self {
            region: Held::Borrowed(region),
            subjects: Vec::new(),
            query,
            are_cases: true,
            unmet: Vec::new(),
        };
        for &pathway in pathways {
            let prepared = Prepared::even_if_unmet(region, pathway, added)?;
            let stages = prepared.unmet();
            if !stages.is_empty() {
                study.unmet.push(prepared.unmet_error(stages));
            }
            prepared.times_at(&study.query, &[])?; // names a wrong objective before any work
            let people: Vec<f64> = prepared.people().into_iter().map(f64::from).collect();
            let mut cases = prepared.cases();
            if let Some(cases) = &mut cases {
                let outside = cases.iter_mut().zip(&is_inside).filter(|(_, inside)| !**inside);
                outside.for_each(|(cases, _)| *cases = 0.0);
            }
            let no_way = match pathway.urgency {
                Urgency::Emergency => Self::NO_WAY_EMERGENCY,
                Urgency::Elective => Self::NO_WAY_ELECTIVE,
            };
            study.are_cases &= cases.is_some();
            let cases = cases.unwrap_or_default();
            let protocol = protocol_of(pathway, study.query.protocol);
            study.subjects.push(Subject { prepared, people, cases, no_way, protocol });
        }
        if !study.are_cases {
            // Cases and residents must not be added up.
            study.subjects.iter_mut().for_each(|one| one.cases.clone_from(&one.people));
        }
        Ok(study)
    }

    /// The study to keep beyond what it was set up on, with a copy of its own of it: what a program needs
    /// that answers many questions over hours. The pathways share one copy of the region, as
    /// [`Prepared::into_owned`] makes it.
    pub fn into_owned(self) -> Study<'static> {
        let region = self.region.shared();
        let subjects = self.subjects.into_iter().map(|subject| Subject {
            prepared: subject.prepared.kept_with(Arc::clone(&region)),
            people: subject.people,
            cases: subject.cases,
            no_way: subject.no_way,
            protocol: subject.protocol,
        });
        let subjects = subjects.collect();
        Study {
            region: Held::Kept(region),
            subjects,
            query: self.query,
            are_cases: self.are_cases,
            unmet: self.unmet,
        }
    }

    /// The same study under another protocol of the rescue service; its pathways are not set up again.
    #[must_use]
    pub fn under(&self, protocol: Protocol) -> Self {
        let mut study = Self { query: self.query.clone().protocol(protocol), ..self.clone() };
        for subject in &mut study.subjects {
            subject.protocol = protocol_of(subject.prepared.pathway(), protocol);
        }
        study
    }

    /// The region.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// The pathways of the study, in order.
    pub fn pathways(&self) -> impl ExactSizeIterator<Item = &Pathway> {
        self.subjects.iter().map(|subject| subject.prepared.pathway())
    }

    /// Whether cases are expected cases a year. Where a pathway of the study does not say whose
    /// cases it takes, residents stand for cases in all of them, as if everybody called once a year.
    pub fn are_cases(&self) -> bool {
        self.are_cases
    }

    /// Pathways that end before their last stage for everybody, because nobody can meet a stage.
    pub fn unmet(&self) -> &[PathwayError] {
        &self.unmet
    }

    /// The hospitals of which the data do not say whether they can do some stage of these pathways, each
    /// once, by id: they count as if they could not.
    pub fn unknown_sites(&self) -> Vec<UnknownSite> {
        let subjects = self.subjects.iter();
        UnknownSite::merged(subjects.flat_map(|subject| subject.prepared.unknown_sites()))
    }

    /// What every state of the study has in common.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The cooperations that can serve some pathway of the study in some hour, of the region and added
    /// ones, rising.
    pub fn relevant(&self) -> Vec<CooperationId> {
        let mut all: Vec<CooperationId> =
            self.subjects.iter().flat_map(|subject| subject.prepared.relevant()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The cooperations of the region, then the added ones.
    pub fn cooperations(&self) -> Vec<&Cooperation> {
        match self.subjects.first() {
            Some(subject) => subject.prepared.cooperations(),
            None => self.region.network().cooperations().iter().collect(),
        }
    }

    /// The cooperation of an id: one of the region, or one that was added.
    ///
    /// # Panics
    ///
    /// When there is no such cooperation.
    pub fn cooperation(&self, id: CooperationId) -> &Cooperation {
        match self.subjects.first() {
            Some(subject) => subject.prepared.cooperation(id),
            None => &self.region.network()[id],
        }
    }

    /// What changes, by pathway, when what is out in `worse` works as in `better`; both in addition
    /// to the study's own outage.
    ///
    /// # Panics
    ///
    /// When something is out that there is not: a cooperation beyond [`Self::cooperations`], or a hospital
    /// of another network.
    pub fn compare(&self, worse: &Outage, better: &Outage) -> Vec<Effect> {
        let effect = |subject: &Subject<'_>| {
            let parts = subject.inside();
            let before = subject.times(&self.query_with(worse), &parts);
            let after = subject.times(&self.query_with(better), &parts);
            subject.effect(&parts, &before, &after)
        };
        self.subjects.par_iter().map(effect).collect()
    }

    /// The same until the stage that makes a hospital a door of the pathway, with that stage; `None` where
    /// [`CooperationValue::to_door`] has none either.
    pub fn compare_to_door(
        &self,
        worse: &Outage,
        better: &Outage,
    ) -> Vec<Option<(StageIndex, Effect)>> {
        let effect = |subject: &Subject<'_>| {
            let stage = self.door_stage(subject)?;
            let objective = Objective::Stage(subject.prepared.pathway()[stage].key.clone());
            let parts = subject.inside();
            let times = |outage: &Outage| {
                subject.times(&self.query_with(outage).objective(objective.clone()), &parts)
            };
            Some((stage, subject.effect(&parts, &times(worse), &times(better))))
        };
        self.subjects.par_iter().map(effect).collect()
    }

    /// Everybody's times as they are, by pathway.
    fn now(&self) -> Vec<Sampled> {
        let times = |subject: &Subject<'_>| subject.times(&self.query, &subject.inside());
        self.subjects.iter().map(times).collect()
    }

    /// What changed since another study of the same pathways, whose hours fall in the same groups.
    fn since(&self, before: &[Sampled]) -> Vec<Effect> {
        let subjects = self.subjects.iter().zip(self.now()).zip(before);
        subjects.map(|((one, now), before)| one.effect(&one.inside(), before, &now)).collect()
    }

    /// The study's query with more out of order.
    fn query_with(&self, outage: &Outage) -> Query {
        let mut query = self.query.clone();
        query.outage.cooperations.extend(&outage.cooperations);
        query.outage.doors.extend(&outage.doors);
        query.outage.hospitals.extend(&outage.hospitals);
        query
    }

    /// The stage that makes a hospital a door in a pathway, where times are counted to a later one and a
    /// protocol sends patients to doors.
    fn door_stage(&self, subject: &Subject<'_>) -> Option<StageIndex> {
        let pathway = subject.prepared.pathway();
        let is_last = self.query.objective == Objective::LastStage;
        let stage = pathway.stage(pathway.door.as_deref()?)?;
        (subject.protocol != Protocol::Free && is_last && stage.index() + 1 < pathway.stages.len())
            .then_some(stage)
    }

    /// Whether only those who use something can be hit by its end.
    fn is_free(&self) -> bool {
        self.query.protocol == Protocol::Free
    }
}

impl Subject<'_> {
    /// The parts where somebody lives who counts.
    fn inside(&self) -> Vec<usize> {
        (0..self.people.len()).filter(|part| self.counts(*part)).collect()
    }

    /// Whether anybody counts at a part.
    fn counts(&self, part: usize) -> bool {
        self.people[part] > 0.0 || self.cases[part] > 0.0
    }

    /// The query under the protocol that binds these patients.
    fn under_protocol(&self, query: &Query) -> Query {
        query.clone().protocol(self.protocol)
    }

    fn evaluate(&self, query: &Query) -> Outcome<'_, '_> {
        let outcome = self.prepared.evaluate(&self.under_protocol(query));
        outcome.expect("the objective was checked when the study was set up")
    }

    fn times(&self, query: &Query, parts: &[usize]) -> Sampled {
        let times = self.prepared.times_at(&self.under_protocol(query), parts);
        times
            .expect("the objective was checked when the study was set up, and what is out is there")
    }

    /// A time as it counts: no way and longer ones as [`Self::no_way`].
    fn capped(&self, time: PartTime) -> Seconds {
        time.time.map_or(self.no_way, |time| time.min(self.no_way))
    }

    /// What changes from `before` to `after`.
    fn effect(&self, parts: &[usize], before: &Sampled, after: &Sampled) -> Effect {
        let mut effect = Effect::default();
        for (before, after) in before.iter().zip(after) {
            let share = f64::from(before.share) / MILLION;
            for ((&part, before), after) in parts.iter().zip(&before.times).zip(&after.times) {
                let (people, cases) = (self.people[part] * share, self.cases[part] * share);
                let (early, late) = (self.capped(*after), self.capped(*before));
                if early < late {
                    let saved = late - early;
                    effect.people += people;
                    effect.cases += cases;
                    effect.seconds += cases * f64::from(saved.0);
                    effect.most = effect.most.max(saved);
                } else if early > late {
                    effect.people_later += people;
                    effect.seconds_lost += cases * f64::from((early - late).0);
                }
                if before.time.is_none() && after.time.is_some() {
                    effect.people_with_way += people;
                }
            }
        }
        effect
    }

    /// Seconds a year over all cases at these parts.
    fn total(&self, parts: &[usize], times: &Sampled) -> f64 {
        let mut total = 0.0;
        for GroupTimes { share, times } in times {
            let share = f64::from(*share) / MILLION;
            for (&part, time) in parts.iter().zip(times) {
                total += self.cases[part] * share * f64::from(self.capped(*time).0);
            }
        }
        total
    }
}
