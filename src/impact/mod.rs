//! What one cooperation changes, which one to add next, and which failure hurts.
//!
//! A [`Study`] sets care pathways up on a region; everything here compares two states of the same
//! study. What a comparison counts:
//!
//! - **people**: residents of the pathway's population inside the region, with shares of hours: who
//!   is better off in 56 of 168 hours counts as a third of a person (arrivals being even);
//! - **cases**: expected cases a year inside; residents where some pathway of the study does not say
//!   whose cases it takes;
//! - **time** to the objective, by default the end of the last stage. People without a way count as if
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
//! hospital into a door brings everybody near it there. Patients who are done there save the longer
//! journey, less the consultation; those who need a stage that it cannot do are handed on, and done later
//! than by going direct. So a tele-stroke link can be worth less than nothing to the last stage,
//! while the stages up to the door's are done sooner; [`CooperationValue::to_door`] counts these.
//!
//! A protocol binds emergencies; elective patients choose freely under each.
//!
//! Of real services neither is true. [`PROTOCOLS`] names both, the leading one first; outputs show them side
//! by side. A study has one protocol, that of its query.

mod candidates;
mod effect;
mod failures;
mod groups;
mod proposal;
mod served;
mod shapley;
mod subject;
mod suggest;
mod survey;
mod unused;
mod value;

pub use effect::{Effect, ToDoor};
pub use failures::{Failed, Failure};
pub use groups::CooperationGroup;
pub use proposal::{OtherHours, ProposalError, find_field, proposal_in_words, proposed};
pub use served::Served;
pub use shapley::{Shapley, ShapleySettings, ShapleyValue};
pub use suggest::{CandidateKind, Sought, Suggestion, Suggestions, obstacles, suggest};
pub use survey::{Survey, SurveyedKind, Unhelpful, WhyNot, survey};
pub use unused::{LinkUse, PathwayUses, Unused, link_uses};
pub use value::{CooperationValue, DoorEffect, Replacement};

use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use crate::model::{
    Cooperation, CooperationId, Pathway, StageIndex, UnknownSite, Urgency, check_cooperations,
};
use crate::pathways::{Held, Objective, Outage, Outcome, PathwayError, Protocol, Query};
use crate::region::{Keyed, Region};
use crate::units::Seconds;
use subject::{MILLION, Sampled, Subject};

/// The protocols under which cooperations are valued side by side, the leading one first.
///
/// Nearest door leads because it is nearer to what is observed: in Hesse 31.3 % of thrombectomies of 2019 came
/// after a transfer, and by a free choice nobody is handed on (`verbund pathway stroke_lvo` has the
/// shares of a region under both).
pub const PROTOCOLS: [Protocol; 2] = [Protocol::NearestDoor, Protocol::Free];

/// Care pathways on a region, to be compared in different states: with and without a cooperation, a door, a hospital.
///
/// Its values are seconds of all patients of a year of the pathways asked, by where they live, beside how many patients
/// are concerned: divide by those, not by everybody. What no way leads to counts as six hours for an emergency (assumed,
/// [`Study::NO_WAY_EMERGENCY`]). Take it for what exists or fails; for a whole scenario with openings and other people take
/// [`comparison`](crate::comparison).
///
/// Setting up walks every pathway once; then a cooperation costs a walk over the parts whose way uses it. All 14 cooperations of
/// Leipzig that carry patients, in eleven pathways, take 7 ms on two cores, exact Shapley values 19 ms
/// ([`guide::performance`](crate::guide::performance)); those grow with two to the power of the cooperations of one
/// pathway and are sampled above a bound. [`Study::into_owned`] makes one that a server keeps.
///
/// ```
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::impact::Study;
/// use verbund::pathways::Query;
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let stroke = region.network().catalog().pathway("stroke").ok_or("no pathway")?;
/// let study = Study::new(&region, &[stroke], &[], Query::default())?;
///
/// // What would be lost if the link ended that brings an expert for strokes to the south.
/// let values = study.values();
/// assert_eq!(study.cooperation(values[0].cooperation).key, "tele-stroke");
/// let hours = values[0].total().seconds / 3600.0;
/// assert!((hours - 30.7).abs() < 0.05);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Study<'r> {
    region: Held<'r, Region>,
    subjects: Vec<Subject<'r>>,
    query: Query,
    /// Whether every pathway says whose cases it takes.
    are_cases: bool,
    unmet: Vec<PathwayError>,
}

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

    /// Sets a study up with cooperations that are known to have no fault.
    fn set_up(
        region: &'r Region,
        pathways: &[&'r Pathway],
        added: &'r [Cooperation],
        query: Query,
    ) -> Result<Self, PathwayError> {
        let mut study = Self {
            region: Held::Borrowed(region),
            subjects: Vec::new(),
            query,
            are_cases: true,
            unmet: Vec::new(),
        };
        for &pathway in pathways {
            // Told beside the figures, not as an error: the other pathways are worth a study.
            let subject = Subject::new(region, pathway, added, &study.query)?;
            let stages = subject.prepared.unmet();
            if !stages.is_empty() {
                study.unmet.push(subject.prepared.unmet_error(stages));
            }
            study.are_cases &= subject.has_cases;
            study.subjects.push(subject);
        }
        if !study.are_cases {
            // Cases and residents must not be added up.
            for subject in &mut study.subjects {
                subject.cases.clone_from(&subject.people);
            }
        }
        Ok(study)
    }

    /// The study to keep beyond what it was set up on, with a copy of its own of it: what a program needs
    /// that answers many questions over hours. The pathways share one copy of the region, as
    /// [`Prepared::into_owned`](crate::pathways::Prepared::into_owned) makes it.
    pub fn into_owned(self) -> Study<'static> {
        let region = self.region.shared();
        let mut subjects = Vec::with_capacity(self.subjects.len());
        for subject in self.subjects {
            subjects.push(subject.kept_with(Arc::clone(&region)));
        }
        Study {
            region: Held::Kept(region),
            subjects,
            query: self.query,
            are_cases: self.are_cases,
            unmet: self.unmet,
        }
    }

    /// This study under another protocol of the rescue service; its pathways are not set up again.
    #[must_use]
    pub fn under(&self, protocol: Protocol) -> Self {
        let mut study = Self { query: self.query.clone().protocol(protocol), ..self.clone() };
        for subject in &mut study.subjects {
            subject.protocol = subject::protocol_of(subject.prepared.pathway(), protocol);
        }
        study
    }

    /// The region.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// A result of this study that can be written with keys where it has ids, as [`Region::keyed`] does, those of
    /// added cooperations included. Stages are those of the catalog's pathways and of the study's first one.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::impact::{Study, proposed};
    /// use verbund::pathways::Query;
    ///
    /// let region = Region::leipzig()?;
    /// let added = [proposed(&region, "telemedicine fkh-hubertusburg kkh-torgau neurology")?];
    /// let stroke = region.network().catalog().pathway("stroke").ok_or("no pathway")?;
    /// let study = Study::new(&region, &[stroke], &added, Query::default())?;
    /// let id = region.network().added_cooperation(0);
    /// assert_eq!(serde_json::to_value(study.keyed(&id))?, added[0].key.as_str());
    /// // The region alone does not know it.
    /// assert!(serde_json::to_value(region.keyed(&id)).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn keyed<'k, T: Serialize + ?Sized>(&'k self, result: &'k T) -> Keyed<'k, T> {
        match self.subjects.first() {
            Some(subject) => subject.prepared.keyed(result),
            None => self.region.keyed(result),
        }
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
        let mut unknown = Vec::new();
        for subject in &self.subjects {
            unknown.extend(subject.prepared.unknown_sites());
        }
        UnknownSite::merged(unknown)
    }

    /// What every state of the study has in common.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The cooperations that can serve some pathway of the study in some hour, of the region and added
    /// ones, rising.
    pub fn relevant(&self) -> Vec<CooperationId> {
        let mut relevant = Vec::new();
        for subject in &self.subjects {
            relevant.extend(subject.prepared.relevant());
        }
        relevant.sort_unstable();
        relevant.dedup();
        relevant
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

    /// Everybody's routes by pathway, with this out of order in addition to the study's own outage: what
    /// [`pathway_shift`](crate::comparison::pathway_shift) sets side by side.
    ///
    /// # Panics
    ///
    /// As [`Self::compare`].
    pub fn outcomes(&self, without: &Outage) -> Vec<Outcome<'_, '_>> {
        let query = self.query_with(without);
        self.subjects.par_iter().map(|subject| subject.evaluate(&query)).collect()
    }

    /// Everybody's routes in the pathway of this key, as [`Self::outcomes`]; `None` where the study has none of it.
    ///
    /// # Panics
    ///
    /// As [`Self::compare`].
    pub fn outcome(&self, pathway: &str, without: &Outage) -> Option<Outcome<'_, '_>> {
        let mut subjects = self.subjects.iter();
        let subject = subjects.find(|subject| subject.prepared.pathway().key == pathway)?;
        Some(subject.evaluate(&self.query_with(without)))
    }

    /// How many patients a cooperation carries in each pathway that it can serve, under each of these protocols, and
    /// why none where it carries none; with the pathway as it is set up. Under a protocol that elective patients
    /// choose by themselves they are told once.
    ///
    /// # Errors
    ///
    /// As [`link_uses`].
    pub fn link_uses(
        &self,
        cooperation: CooperationId,
        protocols: &[Protocol],
    ) -> Result<Vec<PathwayUses<'_>>, PathwayError> {
        let mut by_pathway = Vec::new();
        for subject in &self.subjects {
            let prepared = &subject.prepared;
            if !prepared.relevant().contains(&cooperation) {
                continue;
            }
            let binding = match prepared.pathway().urgency {
                Urgency::Emergency => protocols,
                Urgency::Elective => &[Protocol::Free],
            };
            let uses = link_uses(prepared, &[cooperation], &self.query, binding)?;
            by_pathway.push(PathwayUses { prepared, uses });
        }
        Ok(by_pathway)
    }

    /// What changes until the stage that makes a hospital a door of the pathway; `None` where
    /// [`CooperationValue::to_door`] has none either.
    pub fn compare_to_door(&self, worse: &Outage, better: &Outage) -> Vec<Option<ToDoor>> {
        let effect = |subject: &Subject<'_>| {
            let stage = self.door_stage(subject)?;
            let objective = Objective::Stage(subject.prepared.pathway()[stage].key.clone());
            let parts = subject.inside();
            let times = |outage: &Outage| {
                subject.times(&self.query_with(outage).objective(objective.clone()), &parts)
            };
            let effect = subject.effect(&parts, &times(worse), &times(better));
            Some(ToDoor { stage, effect })
        };
        self.subjects.par_iter().map(effect).collect()
    }

    /// Everybody's times as they are, by pathway.
    fn now(&self) -> Vec<Sampled> {
        let mut now = Vec::with_capacity(self.subjects.len());
        for subject in &self.subjects {
            now.push(subject.times(&self.query, &subject.inside()));
        }
        now
    }

    /// What changed since another study of the same pathways, whose hours fall in the same groups.
    fn since(&self, before: &[Sampled]) -> Vec<Effect> {
        let mut effects = Vec::with_capacity(self.subjects.len());
        for (subject, before) in self.subjects.iter().zip(before) {
            let parts = subject.inside();
            let now = subject.times(&self.query, &parts);
            effects.push(subject.effect(&parts, before, &now));
        }
        effects
    }

    /// The study's query with more out of order.
    fn query_with(&self, outage: &Outage) -> Query {
        // What is out of the study anyway stays out in both states.
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
        let stage = pathway.stage(pathway.door.as_deref()?)?;
        // Times to the door's own stage are what the study counts already.
        let is_later = self.query.objective == Objective::LastStage
            && stage.index() + 1 < pathway.stages.len();
        if subject.protocol == Protocol::Free || !is_later {
            return None;
        }
        Some(stage)
    }

    /// Whether only those who use something can be hit by its end.
    fn is_free(&self) -> bool {
        self.query.protocol == Protocol::Free
    }
}
