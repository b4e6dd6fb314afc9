//! What a pathway comes to for everybody: who is where, when.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::choose::{Choosers, Chosen, ChosenRoutes, RoutePlans, Slice};
use super::door::Step;
use super::label::{NONE, cooperation_of};
use super::sites::Prepared;
use super::{Objective, Outage, PathwayError, Query};
use crate::model::{CooperationId, HospitalId, WayIndex};
use crate::region::Held;
use crate::units::{Seconds, as_seconds};

/// The routes of everybody in a region, and every figure that follows from them.
///
/// **What.** For each part of the region and each group of hours the one route that
/// [`Prepared::evaluate`] chose. From it: times to each stage ([`Self::stages`]), shares within targets
/// ([`Self::targets`]), places ([`Self::places`]), who does how much ([`Self::loads`]), who uses what
/// ([`Self::users`]), and the model beside published times ([`Self::published`]).
///
/// **Units.** Figures of people count residents of the pathway's population in places inside the region;
/// figures of cases are expected cases a year, count places outside, too, and say so. Times are seconds
/// from the call; shares go from 0 to 1, and are `None` where nobody counts.
///
/// **What it costs.** Nothing is chosen again: a figure walks the routes that are there. Times of a pathway
/// whose durations scatter cost most, because laws are convolved ([`Self::stages`], [`Self::places`]).
/// It holds about thirty bytes for each part and group of hours.
///
/// **When not.** Only what the last stage takes, at a few parts: [`Prepared::times_at`]. Two states beside each
/// other: [`impact::Study::compare`](crate::impact::Study::compare), which counts who gains.
///
/// **How long it lives.** It borrows the pathway that was asked. To keep it beyond that, take [`Self::into_owned`].
///
/// **Written** (by [`Prepared::keyed`]) are its figures: pathway, query, stages, targets, published times and loads.
/// Places and users are asked for by themselves, because a country has hundreds of thousands of them.
///
/// ```
/// use verbund::Region;
/// use verbund::pathways::{Prepared, Query};
///
/// let region = Region::leipzig()?;
/// let stemi = region.network().catalog().pathway("stemi").ok_or("no pathway")?;
/// let prepared = Prepared::new(&region, stemi, &[])?;
/// let outcome = prepared.evaluate(&Query::default())?;
/// let door = &outcome.stages()[0];
/// // Half of all are at a door by 42.6 minutes after the call.
/// let median = door.start.median.ok_or("no median")?;
/// assert!((f64::from(median.0) / 60.0 - 42.6).abs() < 0.05);
/// // 90.4 % within the hour.
/// let hour = &outcome.targets()[0];
/// assert!((hour.share.unwrap_or(0.0) - 0.904).abs() < 0.0005);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Outcome<'p, 'r> {
    pub(super) prepared: Held<'p, Prepared<'r>>,
    query: Query,
    pub(super) plans: RoutePlans,
    pub(super) slices: Vec<Slice>,
}

impl Serialize for Outcome<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut figures = to.serialize_struct("Outcome", 6)?;
        figures.serialize_field("pathway", &self.prepared.pathway.key)?;
        figures.serialize_field("query", &self.query)?;
        figures.serialize_field("stages", &self.stages())?;
        figures.serialize_field("targets", &self.targets())?;
        figures.serialize_field("published", &self.published())?;
        figures.serialize_field("loads", &self.loads())?;
        figures.end()
    }
}

/// How far a part's people get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PartProgress {
    /// How many stages are done.
    pub stages: usize,
    /// Until the objective's stage is done; `None` for no way to it.
    #[serde(rename = "time_seconds", serialize_with = "as_seconds")]
    pub time: Option<Seconds>,
}

impl PartProgress {
    /// What a route comes to when so many stages must be done for the objective.
    fn of(chosen: Option<Chosen>, plans: &RoutePlans, wanted: usize) -> Self {
        let Some(Chosen { class, wait, route }) = chosen else {
            return Self { stages: 0, time: None };
        };
        let plan = plans.of(class);
        let stages = usize::from(plan.label(route.label).depth);
        let time = plan.time(route.label, 0, route.arrival) + i64::from(wait);
        let time = Seconds(u32::try_from(time).unwrap_or(u32::MAX));
        // Without all of these stages there is no time, however early the others are done.
        Self { stages, time: if stages >= wanted { Some(time) } else { None } }
    }
}

/// How far people at some parts get in one group of hours, in which everybody does the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupTimes {
    /// The group's share of the arrivals, in millionths; the shares of all groups sum to one million.
    pub share: u32,
    /// In the order of the parts that were asked for.
    pub times: Vec<PartProgress>,
}

/// When the objective's stage is done for one part in one group of hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ObjectiveTime {
    /// The part, as a position in [`Region::parts`](crate::Region::parts).
    pub part: usize,
    /// The group's share of the arrivals, in millionths.
    pub share: u32,
    /// From the call; `None` for no way.
    #[serde(rename = "time_seconds", serialize_with = "as_seconds")]
    pub time: Option<Seconds>,
}

/// Which parts' people use what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Users {
    /// By cooperation.
    pub cooperations: BTreeMap<CooperationId, Uses>,
    /// By first hospital.
    pub doors: BTreeMap<HospitalId, Uses>,
    /// By hospital at which a stage is done or which helps with one.
    pub hospitals: BTreeMap<HospitalId, Uses>,
}

/// Who uses one thing: pairs of a group of hours and a part. Groups count as they come from
/// [`Prepared::times_at`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Uses(BTreeSet<Use>);

/// Somebody who uses a thing; in order by group, then part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Use {
    /// A group of hours.
    group: usize,
    /// A position in the region's parts.
    part: usize,
}

impl Uses {
    /// The parts that use it in some hours, rising.
    pub fn parts(&self) -> Vec<usize> {
        let mut parts: Vec<usize> = Vec::new();
        for user in &self.0 {
            parts.push(user.part);
        }
        // They come by group: a part stands there once for each group in which its people use it.
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    /// Whether a part's people use it in a group of hours.
    pub fn has(&self, group: usize, part: usize) -> bool {
        self.0.contains(&Use { group, part })
    }
}

/// What most patients do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct UsualRoute {
    /// Where each stage is done that is done, in their order.
    pub stops: Vec<StageStop>,
    /// Share of the patients who do so, 0 to 1.
    pub share: f64,
}

/// Where and how a stage is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct StageStop {
    /// Where the patient is.
    pub hospital: HospitalId,
    /// Which of the stage's ways.
    pub way: WayIndex,
    /// Who helps.
    pub partner: Option<HospitalId>,
}

impl<'r> Prepared<'r> {
    /// Finds everybody's route.
    ///
    /// # Errors
    ///
    /// When the objective names a stage that the pathway does not have, or something is out of order
    /// that the network does not have.
    pub fn evaluate<'p>(&'p self, query: &Query) -> Result<Outcome<'p, 'r>, PathwayError> {
        self.check(query)?;
        let parts: Vec<usize> = (0..self.region.parts().len()).collect();
        let ChosenRoutes { plans, slices } = self.choose(query, &parts);
        Ok(Outcome { prepared: Held::Borrowed(self), query: query.clone(), plans, slices })
    }

    /// The routes of these parts alone; everybody else counts as without a way.
    pub(crate) fn evaluate_for<'p>(
        &'p self,
        query: &Query,
        parts: &[usize],
    ) -> Result<Outcome<'p, 'r>, PathwayError> {
        self.check(query)?;
        let ChosenRoutes { plans, mut slices } = self.choose(query, parts);
        // In the order of all parts, so that figures of this outcome stand beside those of a whole one.
        for slice in &mut slices {
            let mut everybody = vec![None; self.region.parts().len()];
            for (&part, chosen) in parts.iter().zip(&slice.parts) {
                everybody[part] = *chosen;
            }
            slice.parts = everybody;
        }
        Ok(Outcome { prepared: Held::Borrowed(self), query: query.clone(), plans, slices })
    }

    /// How far everybody at these parts gets, and when, for each group of hours. Cheaper than
    /// [`Self::evaluate`] where only few parts are asked for.
    ///
    /// # Errors
    ///
    /// As [`Self::evaluate`].
    pub fn times_at(
        &self,
        query: &Query,
        parts: &[usize],
    ) -> Result<Vec<GroupTimes>, PathwayError> {
        self.check(query)?;
        let ChosenRoutes { plans, slices } = self.choose(query, parts);
        let wanted = self.wanted(query);
        let mut groups = Vec::with_capacity(slices.len());
        for Slice { share, parts, .. } in slices {
            let times =
                parts.iter().map(|chosen| PartProgress::of(*chosen, &plans, wanted)).collect();
            groups.push(GroupTimes { share, times });
        }
        Ok(groups)
    }

    /// Expected cases a year at each part, all hours together; `None` where the pathway does not
    /// say whose cases it takes.
    pub fn cases(&self) -> Option<Vec<f64>> {
        let share = self.pathway.cases.as_ref()?;
        let cases = self.region.demand().cases(&share.of)?;
        let mut by_part = Vec::with_capacity(self.region.parts().len());
        for place in self.region.place_ids() {
            let parts = self.region.parts_of(place).len();
            // People are laid out evenly over the parts of a place, so its cases are, too.
            let each = cases.cases[place.index()] * share.share / parts as f64;
            by_part.extend(std::iter::repeat_n(each, parts));
        }
        Some(by_part)
    }

    /// People of the pathway's population at each part; 0 outside of the region.
    pub fn people(&self) -> Vec<u32> {
        self.region.people(&self.pathway.population)
    }

    /// How many stages must be done for the objective.
    fn wanted(&self, query: &Query) -> usize {
        let stages = self.pathway.stages.len();
        match &query.objective {
            Objective::Stage(key) => match self.pathway.stage(key) {
                Some(stage) => stage.index() + 1,
                None => stages,
            },
            Objective::LastStage | Objective::EveryStage => stages,
        }
    }

    pub(super) fn check(&self, query: &Query) -> Result<(), PathwayError> {
        self.check_outage(&query.outage)?;
        let Objective::Stage(key) = &query.objective else { return Ok(()) };
        if self.pathway.stage(key).is_some() {
            return Ok(());
        }
        let mut stages = Vec::with_capacity(self.pathway.stages.len());
        for stage in &self.pathway.stages {
            stages.push(stage.key.clone());
        }
        let pathway = self.pathway.key.clone();
        Err(PathwayError::UnknownStage { pathway, stage: key.clone(), stages })
    }

    /// What is out of order is of this network.
    fn check_outage(&self, outage: &Outage) -> Result<(), PathwayError> {
        let count = self.cooperation_count();
        if let Some(id) = outage.cooperations.iter().find(|id| id.index() >= count) {
            let what = format!("cooperation number {} of {count}", id.index());
            return Err(PathwayError::UnknownOutage { what });
        }
        let network = self.region.network();
        let mut hospitals = outage.doors.iter().chain(&outage.hospitals);
        if hospitals.any(|id| network.hospital(*id).is_none()) {
            let what = "a hospital of another network".to_owned();
            return Err(PathwayError::UnknownOutage { what });
        }
        Ok(())
    }
}

impl<'p, 'r> Outcome<'p, 'r> {
    /// The outcome to keep, with the pathway that it is of ([`Prepared::into_owned`]). What is kept already is not
    /// copied again.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::pathways::{Prepared, Query};
    ///
    /// let region = Region::leipzig()?;
    /// let stemi = region.network().catalog().pathway("stemi").ok_or("no pathway")?;
    /// let prepared = Prepared::new(&region, stemi, &[])?;
    /// let kept = prepared.evaluate(&Query::default())?.into_owned();
    /// drop(prepared);
    /// drop(region);
    /// assert_eq!(kept.stages()[0].people, 885_765);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn into_owned(self) -> Outcome<'static, 'static> {
        let Self { prepared, query, plans, slices } = self;
        let prepared = match prepared {
            Held::Borrowed(prepared) => prepared.clone(),
            Held::Kept(prepared) => Arc::unwrap_or_clone(prepared),
        };
        let prepared = Held::Kept(Arc::new(prepared.into_owned()));
        Outcome { prepared, query, plans, slices }
    }

    /// What was asked.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The pathway on its region.
    pub fn prepared(&self) -> &Prepared<'r> {
        &self.prepared
    }

    /// The choosers of the plans, to walk routes.
    pub(super) fn choosers(&self) -> Choosers<'_> {
        self.plans.choosers(&self.prepared, &self.query)
    }

    /// Calls `each` with the steps of a chosen route, the wait included in their times.
    pub(super) fn steps(choosers: &Choosers<'_>, chosen: Chosen, mut each: impl FnMut(Step<'_>)) {
        choosers.of(chosen.class).walk(chosen.route, |step| {
            each(Step {
                came: step.came + chosen.wait,
                ready: step.ready + chosen.wait,
                start: step.start + chosen.wait,
                done: step.done + chosen.wait,
                alerted: step.alerted.map(|time| time + chosen.wait),
                ..step
            });
        });
    }

    /// The time until the chosen stage is done, for every part in every group of hours.
    ///
    /// Two outcomes of the same [`Prepared`] at the same times give the same sequence of parts and
    /// shares.
    pub fn objective_times(&self) -> impl Iterator<Item = ObjectiveTime> + use<'_, 'p, 'r> {
        let wanted = self.prepared.wanted(&self.query);
        self.slices.iter().flat_map(move |slice| {
            slice.parts.iter().enumerate().map(move |(part, chosen)| {
                let time = PartProgress::of(*chosen, &self.plans, wanted).time;
                ObjectiveTime { part, share: slice.share, time }
            })
        })
    }

    /// What [`Prepared::times_at`] gives for the same query, from the routes that are known.
    ///
    /// # Panics
    ///
    /// When the region has no such part.
    pub fn times_at(&self, parts: &[usize]) -> Vec<GroupTimes> {
        let wanted = self.prepared.wanted(&self.query);
        let mut groups = Vec::with_capacity(self.slices.len());
        for slice in &self.slices {
            let mut times = Vec::with_capacity(parts.len());
            for part in parts {
                times.push(PartProgress::of(slice.parts[*part], &self.plans, wanted));
            }
            groups.push(GroupTimes { share: slice.share, times });
        }
        groups
    }

    /// Which parts' people use which cooperations, doors and hospitals.
    pub fn users(&self) -> Users {
        let network = self.prepared.region.network();
        let mut users = Users::default();
        let choosers = self.choosers();
        for (group, slice) in self.slices.iter().enumerate() {
            for (part, chosen) in slice.parts.iter().enumerate() {
                let Some(chosen) = chosen else { continue };
                let user = Use { group, part };
                let door = network.id(chosen.route.arrival.hospital);
                users.doors.entry(door).or_default().0.insert(user);
                Self::steps(&choosers, *chosen, |step| {
                    let (service, label) = (step.label.service, step.label);
                    let mut note_hospital = |number: u32| {
                        let uses = users.hospitals.entry(network.id(number)).or_default();
                        uses.0.insert(user);
                    };
                    // A partner is used as much as the site that it helps.
                    note_hospital(label.hospital);
                    if service.cooperation != NONE {
                        note_hospital(service.partner);
                    }
                    let agreement = label.transfer.map_or(NONE, |transfer| transfer.agreement);
                    for number in [service.cooperation, agreement] {
                        if let Some(id) = cooperation_of(number) {
                            users.cooperations.entry(id).or_default().0.insert(user);
                        }
                    }
                });
            }
        }
        users
    }

    /// What most patients from inside do who use something in another outcome of the same
    /// [`Prepared`] at the same times, by cases (by people where no cases are known). `None` where
    /// none of them has a way.
    pub fn usual_route(&self, uses: &Uses) -> Option<UsualRoute> {
        let weights = self.weights();
        let choosers = self.choosers();
        let mut routes: BTreeMap<Vec<StageStop>, f64> = BTreeMap::new();
        let mut total = 0.0;
        for &Use { group, part } in &uses.0 {
            if self.is_outside(part) {
                continue;
            }
            let slice = &self.slices[group];
            let weight = weights[part] * f64::from(slice.share);
            total += weight;
            let Some(chosen) = slice.parts[part] else { continue };
            // People of one route are counted together, whatever their place.
            *routes.entry(self.stops(&choosers, chosen)).or_default() += weight;
        }
        // Of equal weights the first in the order of keys.
        let (stops, weight) = routes.into_iter().rev().max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(UsualRoute { stops, share: if total > 0.0 { weight / total } else { 0.0 } })
    }

    /// Where each stage of a route is done; times do not matter, so nobody's wait is added.
    fn stops(&self, choosers: &Choosers<'_>, chosen: Chosen) -> Vec<StageStop> {
        let network = self.prepared.region.network();
        let mut stops = Vec::new();
        choosers.of(chosen.class).walk(chosen.route, |step| {
            let service = step.label.service;
            stops.push(StageStop {
                hospital: network.id(step.label.hospital),
                way: WayIndex(service.way),
                partner: service.partner_in(network),
            });
        });
        stops
    }

    /// Whether a part lies outside of the region.
    pub(super) fn is_outside(&self, part: usize) -> bool {
        let region = &self.prepared.region;
        region.place(region.parts()[part].place).outside
    }

    /// Cases a year at each part, or people where the pathway says nothing of cases.
    pub(super) fn weights(&self) -> Vec<f64> {
        if let Some(cases) = self.cases() {
            return cases;
        }
        let people = self.people();
        let mut weights = Vec::with_capacity(people.len());
        for people in people {
            weights.push(f64::from(people));
        }
        weights
    }

    /// Expected cases a year at each part, all hours together; `None` where the pathway does not
    /// say whose cases it takes.
    pub fn cases(&self) -> Option<Vec<f64>> {
        self.prepared.cases()
    }

    /// People of the pathway's population at each part; 0 outside of the region.
    pub fn people(&self) -> Vec<u32> {
        self.prepared.people()
    }
}
