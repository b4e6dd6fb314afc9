//! Who chooses which route: the hours that patients can be treated in, and the best route over them.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::door::{Chooser, ChosenRoute, Contender, Journeys, Origin};
use super::plan::RoutePlan;
use super::sites::Prepared;
use super::when::{HourShare, wait_for};
use super::{Objective, Query};
use crate::calendar::{HourOfWeek, Moment};
use crate::model::Urgency;

/// What one part's patients do in some hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) class: u8,
    /// Seconds from the call to the hour that an elective patient waits for.
    pub(super) wait: u32,
    pub(super) route: ChosenRoute,
}

/// Hours in which everybody does the same.
#[derive(Debug, Clone)]
pub(super) struct Slice {
    /// Share of the arrivals in millionths.
    pub(super) share: u32,
    /// The hours themselves, rising.
    pub(super) hours: Vec<HourShare>,
    /// By part.
    pub(super) parts: Vec<Option<Chosen>>,
}

/// Hours of one class that a patient can be treated in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wait {
    pub(super) class: u8,
    /// Seconds from the call to the first of them.
    pub(super) seconds: u32,
}

/// Moments of the call after which patients can be treated in the same hours.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Call {
    /// Share of the arrivals in millionths.
    share: u32,
    hours: Vec<HourShare>,
    waits: Vec<Wait>,
}

/// What everybody chooses, with the plans that it was chosen from.
pub(super) struct ChosenRoutes {
    pub(super) plans: RoutePlans,
    pub(super) slices: Vec<Slice>,
}

/// The plans of a query by class; none of a class in which nobody calls or waits for.
#[derive(Debug, Clone)]
pub(super) struct RoutePlans(Vec<Option<RoutePlan>>);

impl RoutePlans {
    /// The plans of the classes that these patients can be treated in. A plan costs much more than what
    /// is asked of it for one person, so no other one is made.
    pub(super) fn new(prepared: &Prepared<'_>, query: &Query, waits: &[Wait]) -> Self {
        let mut plans = Vec::with_capacity(prepared.classes.len());
        for class in 0..prepared.classes.len() {
            plans.push(if waits.iter().any(|wait| usize::from(wait.class) == class) {
                Some(RoutePlan::new(prepared, class, &query.objective, &query.outage))
            } else {
                None
            });
        }
        Self(plans)
    }

    pub(super) fn of_every_class(prepared: &Prepared<'_>, query: &Query) -> Self {
        let mut plans = Vec::with_capacity(prepared.classes.len());
        for class in 0..prepared.classes.len() {
            plans.push(Some(RoutePlan::new(prepared, class, &query.objective, &query.outage)));
        }
        Self(plans)
    }

    /// The plan of a class that a route was chosen from, or could be.
    pub(super) fn of(&self, class: u8) -> &RoutePlan {
        self.0[usize::from(class)].as_ref().expect("somebody can be treated in these hours")
    }

    /// A chooser for each plan.
    pub(super) fn choosers<'a>(
        &'a self,
        prepared: &'a Prepared<'a>,
        query: &Query,
    ) -> Choosers<'a> {
        let mut choosers = Vec::with_capacity(self.0.len());
        for (class, plan) in self.0.iter().enumerate() {
            let chooser = plan.as_ref().map(|plan| Chooser::new(prepared, class, plan, query));
            choosers.push(chooser);
        }
        Choosers(choosers)
    }
}

/// A chooser for each plan, by class.
pub(super) struct Choosers<'a>(Vec<Option<Chooser<'a>>>);

impl<'a> Choosers<'a> {
    /// The chooser of a class that has a plan.
    pub(super) fn of(&self, class: u8) -> &Chooser<'a> {
        self.0[usize::from(class)].as_ref().expect("somebody can be treated in these hours")
    }
}

/// The query with one route for each person: a region's figures need no more.
pub(super) fn one_route(query: &Query) -> Query {
    let mut query = query.clone();
    if query.objective == Objective::EveryStage {
        query.objective = Objective::LastStage;
    }
    query
}

/// The best route over the hours that can be waited for; of equal ones that of the first hours.
pub(super) fn best_of(
    plans: &RoutePlans,
    choosers: &Choosers<'_>,
    waits: &[Wait],
    origin: Origin<'_>,
) -> Option<Chosen> {
    let contender = |chosen: Chosen| Contender {
        plan: plans.of(chosen.class),
        route: chosen.route,
        wait: i64::from(chosen.wait),
    };
    let mut best: Option<Chosen> = None;
    for &Wait { class, seconds } in waits {
        let Some(route) = choosers.of(class).best(origin) else { continue };
        let chosen = Chosen { class, wait: seconds, route };
        let is_better = |best: Chosen| contender(chosen).compare(contender(best)) == Ordering::Less;
        if best.is_none_or(is_better) {
            best = Some(chosen);
        }
    }
    best
}

impl Prepared<'_> {
    /// What people at these parts choose.
    pub(super) fn choose(&self, query: &Query, parts: &[usize]) -> ChosenRoutes {
        let query = one_route(query);
        let calls = self.calls(&query);
        let mut waits: Vec<Wait> = Vec::new();
        for call in &calls {
            waits.extend_from_slice(&call.waits);
        }
        let plans = RoutePlans::new(self, &query, &waits);
        let choosers = plans.choosers(self, &query);

        let mut slices = Vec::with_capacity(calls.len());
        for Call { share, hours, waits } in calls {
            let best = |part: &usize| best_of(&plans, &choosers, &waits, self.origin(*part));
            // Collected by part, so that the number of threads changes nothing.
            let parts = parts.par_iter().with_min_len(1024).map(best).collect();
            slices.push(Slice { share, hours, parts });
        }
        drop(choosers);
        ChosenRoutes { plans, slices }
    }

    /// The journeys of an origin of the region's lists: a part, or a place's centre.
    pub(super) fn origin(&self, origin: usize) -> Origin<'_> {
        let (hospitals, seconds) = self.region.times().row(origin);
        let road = Journeys { hospitals, seconds };
        // A region measures its flights when somebody asks first: not where nobody flies.
        if self.classes.iter().all(|sites| sites.helipads.is_clear()) {
            let air = Journeys { hospitals: &[], seconds: &[] };
            return Origin { road, air, road_beside_air: &[] };
        }
        let (hospitals, seconds, road_beside_air) = self.region.flight_row(origin);
        Origin { road, air: Journeys { hospitals, seconds }, road_beside_air }
    }

    /// Hours in which everybody does the same, with their share of the arrivals.
    fn calls(&self, query: &Query) -> Vec<Call> {
        let mut calls: Vec<Call> = Vec::new();
        for (moment, share) in query.when.shares(&self.pathway) {
            // Most of the 168 hours are alike, so that a few groups stand for the week.
            let waits = self.waits(moment);
            let hour = HourShare { hour: moment.hour, share };
            match calls.iter_mut().find(|call| call.waits == waits) {
                Some(call) => {
                    call.share += share;
                    call.hours.push(hour);
                }
                None => calls.push(Call { share, hours: vec![hour], waits }),
            }
        }
        calls
    }

    /// The hours that a patient who calls at a moment can be treated in, one wait for each class. An
    /// emergency has the hour of the call alone.
    pub(super) fn waits(&self, moment: Moment) -> Vec<Wait> {
        let from = moment.hour.index();
        let mut waits = vec![Wait { class: self.class_of[from], seconds: 0 }];
        if self.pathway.urgency == Urgency::Emergency {
            return waits;
        }
        // The first hour of each class is enough: nobody waits longer for the same network.
        for hour in HourOfWeek::all().cycle().skip(from).take(self.class_of.len()) {
            if waits.len() == self.classes.len() {
                break;
            }
            let class = self.class_of[hour.index()];
            if waits.iter().all(|known| known.class != class) {
                waits.push(Wait { class, seconds: wait_for(moment, hour).0 });
            }
        }
        waits
    }
}
