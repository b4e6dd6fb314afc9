//! What a pathway comes to for everybody: who is where, when.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::door::{Choice, Chooser, Origin, Step, compare};
use super::label::NONE;
use super::plan::Plan;
use super::sites::Prepared;
use super::when::wait_for;
use super::{Objective, Outage, PathwayError, Query, When};
use crate::model::{HospitalId, HourOfWeek, Moment, Urgency};
use crate::units::Seconds;

/// What one part's patients do in some hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) class: u8,
    /// Seconds from the call to the hour that an elective patient waits for.
    pub(super) wait: u32,
    pub(super) choice: Choice,
}

/// Hours in which everybody does the same.
#[derive(Debug, Clone)]
pub(super) struct Slice {
    /// Share of the arrivals in millionths.
    pub(super) share: u32,
    /// By part.
    pub(super) parts: Vec<Option<Chosen>>,
}

/// The routes of everybody in a region.
///
/// Figures of people count residents of the pathway's population in places inside the region;
/// figures of cases also count places outside, and say so.
#[derive(Debug, Clone)]
pub struct Outcome<'p, 'r> {
    pub(super) prepared: &'p Prepared<'r>,
    query: Query,
    /// By class; `None` for classes in which nobody calls or waits for.
    pub(super) plans: Vec<Option<Plan>>,
    pub(super) slices: Vec<Slice>,
}

/// How far a part's people get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartTime {
    /// How many stages are done.
    pub stages: usize,
    /// Until the objective's stage is done; `None` for no way to it.
    pub time: Option<Seconds>,
}

impl PartTime {
    fn of(chosen: Option<Chosen>, plans: &[Option<Plan>], wanted: usize) -> Self {
        let done = chosen.and_then(|chosen| {
            let plan = plans[usize::from(chosen.class)].as_ref()?;
            let stages = usize::from(plan.label(chosen.choice.label).depth);
            let time = plan.time(chosen.choice.label, 0, chosen.choice.arrival);
            let time = time + i64::from(chosen.wait);
            Some((stages, Seconds(u32::try_from(time).unwrap_or(u32::MAX))))
        });
        let (stages, time) = done.map_or((0, None), |(stages, time)| (stages, Some(time)));
        Self { stages, time: time.filter(|_| stages >= wanted) }
    }
}

/// Which parts' people use what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Users {
    /// By cooperation, as a position in [`Prepared::cooperations`].
    pub cooperations: BTreeMap<usize, Uses>,
    /// By first hospital.
    pub doors: BTreeMap<HospitalId, Uses>,
    /// By hospital at which a stage is done or which helps with one.
    pub hospitals: BTreeMap<HospitalId, Uses>,
}

/// Who uses one thing: pairs of a group of hours and a part. Groups count as they come from
/// [`Prepared::times_at`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses(BTreeSet<(usize, usize)>);

impl Uses {
    /// The parts that use it in some hours, rising.
    pub fn parts(&self) -> Vec<usize> {
        let parts: BTreeSet<usize> = self.0.iter().map(|(_, part)| *part).collect();
        parts.into_iter().collect()
    }

    /// Whether a part's people use it in a group of hours.
    pub fn has(&self, group: usize, part: usize) -> bool {
        self.0.contains(&(group, part))
    }
}

/// What most patients do: hospital, way (by its position in the stage) and helping hospital of each
/// stage that is done, and the share of the patients who do so.
pub type UsualRoute = (Vec<(HospitalId, usize, Option<HospitalId>)>, f64);

impl<'r> Prepared<'r> {
    /// Finds everybody's route.
    ///
    /// # Errors
    ///
    /// When the objective names a stage that the pathway does not have.
    pub fn evaluate<'p>(&'p self, query: &Query) -> Result<Outcome<'p, 'r>, PathwayError> {
        self.check(query)?;
        let parts: Vec<usize> = (0..self.region.parts().len()).collect();
        let (plans, slices) = self.choose(query, &parts);
        Ok(Outcome { prepared: self, query: query.clone(), plans, slices })
    }

    /// The routes of these parts alone; everybody else counts as without a way.
    pub(crate) fn evaluate_for<'p>(
        &'p self,
        query: &Query,
        parts: &[usize],
    ) -> Result<Outcome<'p, 'r>, PathwayError> {
        self.check(query)?;
        let (plans, mut slices) = self.choose(query, parts);
        for slice in &mut slices {
            let mut all = vec![None; self.region.parts().len()];
            parts.iter().zip(&slice.parts).for_each(|(&part, chosen)| all[part] = *chosen);
            slice.parts = all;
        }
        Ok(Outcome { prepared: self, query: query.clone(), plans, slices })
    }

    /// How far everybody at these parts gets, and when: for each group of hours its share of the
    /// arrivals in millionths and the results, in the order of the parts. Cheaper than
    /// [`Self::evaluate`] where only few parts are asked for.
    ///
    /// # Errors
    ///
    /// When the objective names a stage that the pathway does not have.
    pub fn times_at(
        &self,
        query: &Query,
        parts: &[usize],
    ) -> Result<Vec<(u32, Vec<PartTime>)>, PathwayError> {
        self.check(query)?;
        let (plans, slices) = self.choose(query, parts);
        let wanted = self.wanted(query);
        let of = |slice: Slice| {
            let times = slice.parts.iter().map(|chosen| PartTime::of(*chosen, &plans, wanted));
            (slice.share, times.collect())
        };
        Ok(slices.into_iter().map(of).collect())
    }

    /// Expected cases a year at each part, all hours together; `None` where the pathway does not
    /// say whose cases it takes.
    pub fn cases(&self) -> Option<Vec<f64>> {
        let share = self.pathway.cases.as_ref()?;
        let region = self.region;
        let cases = region.demand().cases(&share.of)?;
        let mut by_part = Vec::with_capacity(region.parts().len());
        for place in region.place_ids() {
            let parts = region.parts_of(place).len();
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
            Objective::Stage(key) => self.pathway.stage(key).map_or(stages, |at| at + 1),
            _ => stages,
        }
    }

    /// The plans of a query and what people at these parts choose.
    fn choose(&self, query: &Query, parts: &[usize]) -> (Vec<Option<Plan>>, Vec<Slice>) {
        let objective = region_objective(&query.objective);
        let calls = self.calls(query.when);
        let plans: Vec<Option<Plan>> = (0..self.classes.len())
            .map(|class| {
                let used = calls.iter().any(|call| call.waits.iter().any(|(of, _)| *of == class));
                used.then(|| Plan::new(self, class, objective, &query.outage))
            })
            .collect();
        let choosers = self.choosers(&plans, query);
        let slices = calls.iter().map(|call| {
            let best = |part: &usize| best_of(&plans, &choosers, &call.waits, self.origin(*part));
            let parts = parts.par_iter().with_min_len(1024).map(best).collect();
            Slice { share: call.share, parts }
        });
        let slices = slices.collect();
        drop(choosers);
        (plans, slices)
    }

    /// A chooser for each plan.
    pub(super) fn choosers<'a>(
        &'a self,
        plans: &'a [Option<Plan>],
        query: &'a Query,
    ) -> Vec<Option<Chooser<'a>>> {
        let how = (query.protocol, &query.outage);
        let chooser = |(class, plan): (usize, &'a Option<Plan>)| {
            plan.as_ref().map(|plan| Chooser::new(self, class, plan, how))
        };
        plans.iter().enumerate().map(chooser).collect()
    }

    /// The journeys of an origin of the region's lists: a part, or a place's centre.
    pub(super) fn origin(&self, origin: usize) -> Origin<'_> {
        let flies = self.classes.iter().any(|sites| !sites.helipads.is_clear());
        let by_air: (&[u32], &[u16], &[u16]) =
            if flies { self.region.flight_row(origin) } else { (&[], &[], &[]) };
        Origin { by_road: self.region.times().row(origin), by_air }
    }

    pub(super) fn check(&self, query: &Query) -> Result<(), PathwayError> {
        self.check_outage(&query.outage)?;
        let Objective::Stage(key) = &query.objective else { return Ok(()) };
        if self.pathway.stage(key).is_some() {
            return Ok(());
        }
        Err(PathwayError::UnknownStage {
            pathway: self.pathway.key.clone(),
            stage: key.clone(),
            stages: self.pathway.stages.iter().map(|stage| stage.key.clone()).collect(),
        })
    }

    /// What is out of order is of this network.
    fn check_outage(&self, outage: &Outage) -> Result<(), PathwayError> {
        let count = self.cooperations.len();
        if let Some(number) = outage.cooperations.iter().find(|number| **number >= count) {
            let what = format!("cooperation number {number} of {count}");
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

    /// Hours in which everybody does the same, with their share of the arrivals.
    fn calls(&self, when: When) -> Vec<Call> {
        let mut calls: Vec<Call> = Vec::new();
        for (moment, share) in when.shares(self.pathway) {
            let waits = self.waits(moment);
            match calls.iter_mut().find(|call| call.waits == waits) {
                Some(call) => call.share += share,
                None => calls.push(Call { share, waits }),
            }
        }
        calls
    }

    /// The classes of hours that a patient who calls at a moment can be treated in, with the
    /// seconds until the first hour of each. An emergency has one, without waiting.
    pub(super) fn waits(&self, moment: Moment) -> Vec<(usize, u32)> {
        let own = usize::from(self.class_of[moment.hour.index()]);
        let mut waits = vec![(own, 0)];
        if self.pathway.urgency == Urgency::Elective {
            let from = moment.hour.index();
            for hour in HourOfWeek::all().cycle().skip(from).take(self.class_of.len()) {
                if waits.len() == self.classes.len() {
                    break;
                }
                let class = usize::from(self.class_of[hour.index()]);
                if waits.iter().all(|(known, _)| *known != class) {
                    waits.push((class, wait_for(moment, hour).0));
                }
            }
        }
        waits
    }
}

/// A region's figures need one route each.
fn region_objective(objective: &Objective) -> &Objective {
    match objective {
        Objective::EveryStage => &Objective::LastStage,
        other => other,
    }
}

/// When patients call, for a plan: the classes that they can be treated in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Call {
    share: u32,
    waits: Vec<(usize, u32)>,
}

/// The best route over the classes that can be waited for.
pub(super) fn best_of(
    plans: &[Option<Plan>],
    choosers: &[Option<Chooser<'_>>],
    waits: &[(usize, u32)],
    origin: Origin<'_>,
) -> Option<Chosen> {
    let mut best: Option<Chosen> = None;
    for &(class, wait) in waits {
        let (Some(plan), Some(chooser)) = (&plans[class], &choosers[class]) else { continue };
        let Some(choice) = chooser.best(origin) else { continue };
        let own = Chosen { class: class as u8, wait, choice };
        let is_better = best.is_none_or(|best| {
            let other = plans[usize::from(best.class)].as_ref().expect("it was chosen from it");
            let left = (plan, choice, i64::from(wait));
            let right = (other, best.choice, i64::from(best.wait));
            compare(left, right) == std::cmp::Ordering::Less
        });
        if is_better {
            best = Some(own);
        }
    }
    best
}

impl<'p, 'r> Outcome<'p, 'r> {
    /// What was asked.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The pathway on its region.
    pub fn prepared(&self) -> &'p Prepared<'r> {
        self.prepared
    }

    /// The choosers of the plans, to walk routes.
    pub(super) fn choosers(&self) -> Vec<Option<Chooser<'_>>> {
        self.prepared.choosers(&self.plans, &self.query)
    }

    /// Calls `each` with the steps of a chosen route, the wait included in their times.
    pub(super) fn steps(
        choosers: &[Option<Chooser<'_>>],
        chosen: Chosen,
        mut each: impl FnMut(Step<'_>),
    ) {
        let chooser = choosers[usize::from(chosen.class)].as_ref().expect("it was chosen from it");
        chooser.walk(chosen.choice, |step| {
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

    /// The time until the chosen stage is done, for every part in every group of hours: the part,
    /// the share of arrivals in millionths, and the time, or `None` for no way.
    ///
    /// Two outcomes of the same [`Prepared`] at the same times give the same sequence of parts and
    /// shares.
    pub fn objective_times(
        &self,
    ) -> impl Iterator<Item = (usize, u32, Option<Seconds>)> + use<'_, 'p, 'r> {
        let wanted = self.prepared.wanted(&self.query);
        self.slices.iter().flat_map(move |slice| {
            slice.parts.iter().enumerate().map(move |(part, chosen)| {
                (part, slice.share, PartTime::of(*chosen, &self.plans, wanted).time)
            })
        })
    }

    /// What [`Prepared::times_at`] gives for the same query, from the routes that are known.
    pub fn times_at(&self, parts: &[usize]) -> Vec<(u32, Vec<PartTime>)> {
        let wanted = self.prepared.wanted(&self.query);
        let of = |slice: &Slice| {
            let times = parts.iter().map(|&at| PartTime::of(slice.parts[at], &self.plans, wanted));
            (slice.share, times.collect())
        };
        self.slices.iter().map(of).collect()
    }

    /// Which parts' people use which cooperations, doors and hospitals.
    pub fn users(&self) -> Users {
        let network = self.prepared.region.network();
        let mut users = Users::default();
        let choosers = self.choosers();
        for (group, slice) in self.slices.iter().enumerate() {
            for (part, chosen) in slice.parts.iter().enumerate() {
                let Some(chosen) = chosen else { continue };
                let door = network.id(chosen.choice.arrival.hospital);
                let at = (group, part);
                users.doors.entry(door).or_default().0.insert(at);
                Self::steps(&choosers, *chosen, |step| {
                    let (service, label) = (step.label.service, step.label);
                    let mut hospital = |number: u32| {
                        users.hospitals.entry(network.id(number)).or_default().0.insert(at);
                    };
                    hospital(label.hospital);
                    if service.cooperation != NONE {
                        hospital(service.partner);
                    }
                    let agreement = label.transfer.map_or(NONE, |handing| handing.agreement);
                    for number in [service.cooperation, agreement] {
                        if number != NONE {
                            let uses = users.cooperations.entry(number as usize).or_default();
                            uses.0.insert(at);
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
        let region = self.prepared.region;
        let network = region.network();
        let choosers = self.choosers();
        let mut routes: BTreeMap<Vec<(HospitalId, usize, Option<HospitalId>)>, f64> =
            BTreeMap::new();
        let mut all = 0.0;
        for &(group, part) in &uses.0 {
            if region.place(region.parts()[part].place).outside {
                continue;
            }
            let slice = &self.slices[group];
            let weight = weights[part] * f64::from(slice.share);
            all += weight;
            let Some(chosen) = slice.parts[part] else { continue };
            let mut stops = Vec::new();
            Self::steps(&choosers, chosen, |step| {
                let service = step.label.service;
                let partner = (service.partner != NONE).then_some(network.id(service.partner));
                stops.push((network.id(step.label.hospital), usize::from(service.way), partner));
            });
            *routes.entry(stops).or_default() += weight;
        }
        // Of equal weights the first in the order of keys.
        let most = routes.into_iter().rev().max_by(|a, b| a.1.total_cmp(&b.1));
        most.map(|(stops, weight)| (stops, if all > 0.0 { weight / all } else { 0.0 }))
    }

    /// Cases a year at each part, or people where the pathway says nothing of cases.
    pub(super) fn weights(&self) -> Vec<f64> {
        self.cases()
            .unwrap_or_else(|| self.people().iter().map(|&people| f64::from(people)).collect())
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
