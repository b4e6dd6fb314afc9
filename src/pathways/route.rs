//! One person's route, leg by leg.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use serde::Serialize;

use super::choose::{Chosen, RoutePlans, best_of, one_route};
use super::door::{Chooser, ChosenRoute, Step};
use super::label::{Start, Transfer, cooperation_of};
use super::sites::Prepared;
use super::{Objective, PathwayError, Query};
use crate::calendar::Moment;
use crate::model::{CooperationId, HospitalId, Means, StageIndex, WayIndex};
use crate::region::PlaceId;
use crate::units::{Seconds, as_seconds};

/// One person's route; all times are seconds from the call.
///
/// ```
/// use verbund::Region;
/// use verbund::pathways::{Prepared, Query};
/// use verbund::units::Seconds;
///
/// let region = Region::leipzig()?;
/// let stemi = region.network().catalog().pathway("stemi").ok_or("no pathway")?;
/// let prepared = Prepared::new(&region, stemi, &[])?;
/// let torgau = region.find_place("Torgau")?;
/// let route = prepared.route(torgau, "Mon 10:00".parse()?, &Query::default())?.ok_or("no way")?;
/// assert_eq!(route.wait, Seconds(0)); // an emergency
/// assert!(route.contact < route.departure && route.departure < route.door);
/// assert_eq!(route.end(), route.visits.last().map(|visit| visit.done));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PatientRoute {
    /// Until the hour that an elective patient waits for.
    #[serde(rename = "wait_seconds", serialize_with = "as_seconds")]
    pub wait: Seconds,
    /// How the person comes to the first hospital.
    pub means: Means,
    /// When somebody is with the person first; at the door for those who come in their own car.
    #[serde(rename = "contact_seconds", serialize_with = "as_seconds")]
    pub contact: Seconds,
    /// Departure to the first hospital.
    #[serde(rename = "departure_seconds", serialize_with = "as_seconds")]
    pub departure: Seconds,
    /// Arrival at its door.
    #[serde(rename = "door_seconds", serialize_with = "as_seconds")]
    pub door: Seconds,
    /// The end of handover or registration there; the first stage may have started before.
    #[serde(rename = "handover_seconds", serialize_with = "as_seconds")]
    pub handover: Seconds,
    /// The stages that are done, in order; fewer than the pathway has where the rest has no way.
    pub visits: Vec<StageVisit>,
}

/// One stage of a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StageVisit {
    /// The stage.
    pub stage: StageIndex,
    /// Where the patient is.
    pub hospital: HospitalId,
    /// How the patient came there, when the stage before was elsewhere.
    pub transfer: Option<TransferLeg>,
    /// When the patient is ready for the stage: arrival at the hospital (the end of handover where the
    /// pathway's first stage counts from there), or the end of the stage before where nobody moved.
    #[serde(rename = "arrive_seconds", serialize_with = "as_seconds")]
    pub arrive: Seconds,
    /// Which of the stage's ways.
    pub way: WayIndex,
    /// Who helps.
    pub partner: Option<HospitalId>,
    /// Over which cooperation ([`Prepared::cooperation`]).
    pub cooperation: Option<CooperationId>,
    /// The team that came.
    pub team: Option<TeamLeg>,
    /// Its end minus its duration.
    #[serde(rename = "start_seconds", serialize_with = "as_seconds")]
    pub start: Seconds,
    /// Its end.
    #[serde(rename = "done_seconds", serialize_with = "as_seconds")]
    pub done: Seconds,
}

/// A transfer between two stages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TransferLeg {
    /// The sender.
    pub from: HospitalId,
    /// Over which agreement ([`Prepared::cooperation`]); `None` for none.
    pub agreement: Option<CooperationId>,
    /// When the patient came to the sender.
    #[serde(rename = "came_seconds", serialize_with = "as_seconds")]
    pub came: Seconds,
    /// From then to departure, unless the sender's stages take longer: door in, door out.
    #[serde(rename = "term_seconds", serialize_with = "as_seconds")]
    pub term: Seconds,
    /// Departure: the later of the end of the stage before and the end of the term.
    #[serde(rename = "departure_seconds", serialize_with = "as_seconds")]
    pub departure: Seconds,
    /// On the road.
    #[serde(rename = "journey_seconds", serialize_with = "as_seconds")]
    pub journey: Seconds,
}

/// A visiting team's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TeamLeg {
    /// When it is alerted.
    #[serde(rename = "alerted_seconds", serialize_with = "as_seconds")]
    pub alerted: Seconds,
    /// When it arrives.
    #[serde(rename = "arrives_seconds", serialize_with = "as_seconds")]
    pub arrives: Seconds,
}

impl PatientRoute {
    /// When the last stage that is done is done.
    pub fn end(&self) -> Option<Seconds> {
        Some(self.visits.last()?.done)
    }
}

impl Prepared<'_> {
    /// The route of a person who calls from a place's centre at a moment; `None` where nobody who
    /// can do the first stage is in reach. The query's `when` is not used.
    ///
    /// # Errors
    ///
    /// When the objective names a stage that the pathway does not have.
    pub fn route(
        &self,
        place: PlaceId,
        moment: Moment,
        query: &Query,
    ) -> Result<Option<PatientRoute>, PathwayError> {
        self.check(query)?;
        let query = one_route(query);
        let waits = self.waits(moment);
        let plans = RoutePlans::new(self, &query, &waits);
        let choosers = plans.choosers(self, &query);
        // A single person calls from the place's centre; figures of the region use its parts.
        let origin = self.origin(self.region.centre(place));
        let best = best_of(&plans, &choosers, &waits, origin);
        Ok(best.map(|chosen| self.describe(choosers.of(chosen.class), chosen)))
    }

    /// Every route of such a person that no other one beats in all stages (the Pareto set of their
    /// end times): the ones that do most stages first, then by the time of the last, then of the
    /// first. A stage without a way is later than any, so a route that does an early stage sooner
    /// and then ends is in the set, too.
    ///
    /// Of routes with equal times at all stages one counts, by the rule of ties. The query's `when`
    /// and `objective` are not used.
    ///
    /// # Panics
    ///
    /// When the id is of a region of other places.
    pub fn routes(&self, place: PlaceId, moment: Moment, query: &Query) -> Vec<PatientRoute> {
        let query = query.clone().objective(Objective::EveryStage);
        let waits = self.waits(moment);
        let plans = RoutePlans::new(self, &query, &waits);
        let choosers = plans.choosers(self, &query);
        let origin = self.origin(self.region.centre(place));
        let mut routes: Vec<PatientRoute> = Vec::new();
        for &wait in &waits {
            let chooser = choosers.of(wait.class);
            for route in chooser.front(origin) {
                let chosen = Chosen { class: wait.class, wait: wait.seconds, route };
                let route = self.describe(chooser, chosen);
                // Routes of other hours: an equal one of an earlier hour stays.
                if routes.iter().any(|known| no_later(known, &route)) {
                    continue;
                }
                routes.retain(|known| !no_later(&route, known));
                routes.push(route);
            }
        }
        routes.sort_by_key(|route| {
            let mut ends = Vec::with_capacity(route.visits.len());
            for visit in &route.visits {
                ends.push(visit.done);
            }
            (Reverse(ends.len()), route.end(), ends)
        });
        routes
    }

    /// The class of each hour of the week, Monday 0:00 first: hours of one class have the same
    /// routes. Classes count from 0.
    pub fn hour_classes(&self) -> &[u8] {
        &self.class_of
    }

    /// Where else a patient can be brought: by class of hours and by place (from
    /// its centre), the best route that ends at each hospital, the best first, at most `most` of
    /// them. Nobody waits for a later hour. The query's `when` is not used.
    ///
    /// # Errors
    ///
    /// When the objective names a stage that the pathway does not have.
    ///
    /// # Panics
    ///
    /// Never: nobody can stop it.
    pub fn ranked(
        &self,
        query: &Query,
        most: usize,
    ) -> Result<Vec<Vec<Vec<PatientRoute>>>, PathwayError> {
        let places: Vec<PlaceId> = self.region.place_ids().collect();
        // A flag that nobody else knows is never set.
        let ranked = self.ranked_from(&places, query, most, &AtomicBool::new(false))?;
        Ok(ranked.expect("nobody stopped it"))
    }

    /// What [`Self::ranked`] gives of some places only, in their order; `None` once `stop` is set.
    pub(crate) fn ranked_from(
        &self,
        places: &[PlaceId],
        query: &Query,
        most: usize,
        stop: &AtomicBool,
    ) -> Result<Option<Vec<Vec<Vec<PatientRoute>>>>, PathwayError> {
        self.check(query)?;
        let query = one_route(query);
        let plans = RoutePlans::of_every_class(self, &query);
        let choosers = plans.choosers(self, &query);
        let mut by_class = Vec::new();
        for class in 0..self.classes.len() as u8 {
            let chooser = choosers.of(class);
            let of_place = |place: &PlaceId| {
                if stop.load(Ordering::Relaxed) {
                    return None;
                }
                let mut routes = Vec::new();
                for route in chooser.ranked(self.origin(self.region.centre(*place)), most) {
                    routes.push(self.describe(chooser, Chosen { class, wait: 0, route }));
                }
                Some(routes)
            };
            let by_place: Option<Vec<Vec<PatientRoute>>> =
                places.par_iter().map(of_place).collect();
            let Some(by_place) = by_place else { return Ok(None) };
            by_class.push(by_place);
        }
        Ok(Some(by_class))
    }

    /// A route in words of the network: ids instead of numbers, and the wait in every time.
    fn describe(&self, chooser: &Chooser<'_>, chosen: Chosen) -> PatientRoute {
        let ChosenRoute { arrival, .. } = chosen.route;
        let means = self.pathway.first_leg[usize::from(arrival.means)];
        let times = self.region.network().catalog().first_leg.times(means);
        let wait = Seconds(chosen.wait);
        let door = wait + Seconds(arrival.time);
        let contact = match times.contact {
            Some(contact) => wait + contact,
            // Nobody is with those who come in their own car before they are there.
            None => door,
        };
        let mut visits: Vec<StageVisit> = Vec::new();
        let mut left: Option<Left> = None;
        chooser.walk(chosen.route, |step| {
            visits.push(self.visit(&step, left.take(), wait));
            let (hospital, came) = (step.label.hospital, step.came);
            left = step.label.transfer.map(|transfer| Left { hospital, came, transfer });
        });
        PatientRoute {
            wait,
            means,
            contact,
            departure: wait + times.departure,
            door,
            handover: door + times.handover,
            visits,
        }
    }

    /// One stage of a route, with the transfer that leads to it.
    fn visit(&self, step: &Step<'_>, left: Option<Left>, wait: Seconds) -> StageVisit {
        let id = |hospital: u32| self.region.network().id(hospital);
        let service = step.label.service;
        let transfer = left.map(|left| {
            let Transfer { agreement, term, journey } = left.transfer;
            TransferLeg {
                from: id(left.hospital),
                agreement: cooperation_of(agreement),
                came: wait + Seconds(left.came),
                term: Seconds(term),
                departure: wait + Seconds(step.came - journey),
                journey: Seconds(journey),
            }
        });
        let team = match (service.start, step.alerted) {
            (Start::Team { offset, .. }, Some(alerted)) => Some(TeamLeg {
                alerted: wait + Seconds(alerted),
                arrives: wait + Seconds(alerted + offset),
            }),
            _ => None,
        };
        StageVisit {
            stage: self.stages[step.stage],
            hospital: id(step.label.hospital),
            transfer,
            arrive: wait + Seconds(step.ready),
            way: WayIndex(service.way),
            partner: service.partner_in(self.region.network()),
            cooperation: cooperation_of(service.cooperation),
            team,
            start: wait + Seconds(step.start),
            done: wait + Seconds(step.done),
        }
    }
}

/// A hospital that a patient is handed on from.
struct Left {
    hospital: u32,
    /// When the patient came there.
    came: u32,
    transfer: Transfer,
}

/// Whether each stage of `a` is done no later than in `b`; without a way is later than any.
fn no_later(a: &PatientRoute, b: &PatientRoute) -> bool {
    a.visits.len() >= b.visits.len()
        && a.visits.iter().zip(&b.visits).all(|(a, b)| a.done <= b.done)
}
