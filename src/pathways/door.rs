//! From the call to the first door, and the best route from there.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use fixedbitset::FixedBitSet;

use super::label::{Arrival, Label, NONE, Start};
use super::plan::Plan;
use super::scene::Scene;
use super::sites::{AlertAt, Prepared};
use super::{Outage, Protocol};
use crate::model::{FirstLeg, Means, Pathway, StageFrom, Way};

/// What a patient does: a label of the plan, and the way to its door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) label: u32,
    pub(super) arrival: Arrival,
}

/// The journeys of one origin, the shortest first.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a> {
    /// By road: hospitals and seconds.
    pub(super) by_road: (&'a [u32], &'a [u16]),
    /// By air, to hospitals with a helipad, with the seconds by road.
    pub(super) by_air: (&'a [u32], &'a [u16], &'a [u16]),
}

/// Chooses among the routes of a plan.
pub(super) struct Chooser<'a> {
    prepared: &'a Prepared<'a>,
    plan: &'a Plan,
    /// Which hospitals can be a first door.
    doors: FixedBitSet,
    /// Those of them that a protocol takes for one.
    gates: FixedBitSet,
    helipads: &'a FixedBitSet,
    /// Hospitals that meet every stage themselves.
    centres: FixedBitSet,
    protocol: Protocol,
    legs: Vec<Leg>,
    /// What a flight must be faster by.
    least_gain: u32,
    /// By hospital: the most stages and the least time from arrival that any label promises.
    promise: Vec<(u8, i64)>,
    least: (u8, i64),
}

/// One of the pathway's means, with its times beside the journey in seconds.
#[derive(Clone, Copy)]
struct Leg {
    means: Means,
    /// From the call to departure.
    before: u32,
    /// From the door to the moment from which the first stage counts.
    behind: u32,
}

impl Leg {
    fn new(pathway: &Pathway, first_leg: &FirstLeg, means: Means) -> Self {
        let times = first_leg.times(means);
        let behind = match pathway.stages.first().map(|stage| stage.from) {
            Some(StageFrom::Handover) => times.handover.0,
            Some(StageFrom::Door) | None => 0,
        };
        Self { means, before: times.departure.0, behind }
    }
}

impl<'a> Chooser<'a> {
    pub(super) fn new(
        prepared: &'a Prepared<'a>,
        class: usize,
        plan: &'a Plan,
        (protocol, outage): (Protocol, &Outage),
    ) -> Self {
        let sites = &prepared.classes[class];
        let network = prepared.region.network();
        let count = network.hospitals().len();
        let mut doors = FixedBitSet::with_capacity(count);
        for hospital in 0..count as u32 {
            let is_open = !outage.doors.contains(&network.id(hospital));
            doors.set(hospital as usize, is_open && !plan.at_door(hospital).is_empty());
        }
        let mut centres = doors.clone();
        for (stage, sets) in prepared.pathway.stages.iter().zip(&sites.on_site) {
            let mut own = FixedBitSet::with_capacity(count);
            let alone = stage.ways.iter().zip(sets).filter(|(way, _)| matches!(way, Way::OnSite));
            alone.for_each(|(_, set)| own.union_with(set));
            centres.intersect_with(&own);
        }
        let mut gates = doors.clone();
        let last = prepared.pathway.door.as_deref().and_then(|key| prepared.pathway.stage(key));
        if let Some(last) = last.filter(|last| *last > 0 && protocol != Protocol::Free) {
            let scene = Scene::new(prepared, sites, outage);
            for hospital in doors.ones() {
                let is_gate = (1..=last).all(|stage| scene.can_do(stage, hospital as u32));
                gates.set(hospital, is_gate);
            }
        }
        let first_leg = &prepared.region.network().catalog().first_leg;
        let means = prepared.pathway.first_leg.iter();
        let legs = means.map(|&means| Leg::new(prepared.pathway, first_leg, means)).collect();
        Self {
            prepared,
            plan,
            doors,
            gates,
            helipads: &sites.helipads,
            centres,
            protocol,
            legs,
            least_gain: first_leg.helicopter.least_gain.0,
            promise: (0..count as u32).map(|hospital| plan.promise(hospital)).collect(),
            least: plan.least(),
        }
    }

    /// Calls `each` with every first leg, by road and by air, each in rising order of time, until
    /// it says that later ones do not matter.
    fn arrivals(&self, origin: Origin<'_>, mut each: impl FnMut(Arrival) -> bool) {
        for (index, leg) in self.legs.iter().enumerate() {
            let flies = leg.means == Means::Helicopter;
            let (air, air_seconds, by_road) = origin.by_air;
            let (road, road_seconds) = origin.by_road;
            let (hospitals, seconds) =
                if flies { (air, air_seconds) } else { (road, road_seconds) };
            for (entry, (&hospital, &journey)) in hospitals.iter().zip(seconds).enumerate() {
                let at = hospital as usize;
                if !self.doors.contains(at) || (flies && !self.helipads.contains(at)) {
                    continue;
                }
                let time = leg.before + u32::from(journey);
                if flies && !self.is_worth_flying(time, by_road[entry]) {
                    continue;
                }
                let ready = time + leg.behind;
                if !each(Arrival { hospital, time, ready, means: index as u8 }) {
                    break;
                }
            }
        }
    }

    /// Whether a flight arrives early enough before the road does.
    fn is_worth_flying(&self, time: u32, by_road: u16) -> bool {
        by_road == u16::MAX
            || self
                .legs
                .iter()
                .filter(|leg| leg.means != Means::Helicopter)
                .all(|leg| time + self.least_gain <= leg.before + u32::from(by_road))
    }

    /// The first door that the protocol prescribes; `None` where it leaves the choice, or nobody
    /// is in reach.
    fn prescribed(&self, origin: Origin<'_>) -> Option<u32> {
        if self.protocol == Protocol::Free {
            return None;
        }
        let nearest = |set: &FixedBitSet| {
            let mut best: Option<(u32, u32)> = None;
            self.arrivals(origin, |one| {
                if set.contains(one.hospital as usize) {
                    let own = (one.time, one.hospital);
                    best = Some(best.map_or(own, |best| best.min(own)));
                }
                best.is_none_or(|best| one.time <= best.0)
            });
            best
        };
        let door = nearest(&self.gates).or_else(|| nearest(&self.doors))?;
        let chosen = match self.protocol {
            Protocol::Free | Protocol::NearestDoor => door,
            Protocol::DirectToCentre => nearest(&self.centres).unwrap_or(door),
            Protocol::Bypass { detour } => nearest(&self.centres)
                .filter(|centre| centre.0 - door.0 <= detour.0)
                .unwrap_or(door),
        };
        Some(chosen.1)
    }

    /// The best route from an origin; `None` where nobody who can do the first stage is in reach.
    pub(super) fn best(&self, origin: Origin<'_>) -> Option<Choice> {
        let only = self.prescribed(origin);
        let mut best: Option<Choice> = None;
        // What the best one so far comes to: stages, and the first row's time.
        let mut so_far = (0, i64::MAX);
        self.arrivals(origin, |arrival| {
            let time = i64::from(arrival.time);
            let (depth, least) = self.promise[arrival.hospital as usize];
            let may_win =
                depth > so_far.0 || (depth == so_far.0 && time.saturating_add(least) <= so_far.1);
            if may_win && only.is_none_or(|only| only == arrival.hospital) {
                for label in self.plan.at_door(arrival.hospital) {
                    let own = Choice { label, arrival };
                    if best.is_none_or(|best| self.compare(own, best) == Ordering::Less) {
                        best = Some(own);
                        so_far = (self.plan.first_depth(label), self.plan.time(label, 0, arrival));
                    }
                }
            }
            // Nobody who arrives later can be done before the best one, not even in the least time
            // that any door takes.
            so_far.0 < self.least.0 || time.saturating_add(self.least.1) <= so_far.1
        });
        best
    }

    /// The best route that ends at each hospital where one does, the best first, at most `most`.
    pub(super) fn ranked(&self, origin: Origin<'_>, most: usize) -> Vec<Choice> {
        let only = self.prescribed(origin);
        let mut best: BTreeMap<u32, Choice> = BTreeMap::new();
        self.arrivals(origin, |arrival| {
            if only.is_none_or(|only| only == arrival.hospital) {
                for label in self.plan.at_door(arrival.hospital) {
                    let own = Choice { label, arrival };
                    let known = best.entry(self.plan.last_hospital(label)).or_insert(own);
                    if self.compare(own, *known) == Ordering::Less {
                        *known = own;
                    }
                }
            }
            true
        });
        let mut ranked: Vec<Choice> = best.into_values().collect();
        ranked.sort_by(|a, b| self.compare(*a, *b));
        ranked.truncate(most);
        ranked
    }

    /// Every route from an origin that no other one beats in all stages; a stage that a route does
    /// not do is later than any.
    pub(super) fn front(&self, origin: Origin<'_>) -> Vec<Choice> {
        let only = self.prescribed(origin);
        let mut all: Vec<Choice> = Vec::new();
        self.arrivals(origin, |arrival| {
            if only.is_none_or(|only| only == arrival.hospital) {
                all.extend(
                    self.plan.at_door(arrival.hospital).map(|label| Choice { label, arrival }),
                );
            }
            true
        });
        let rows = self.plan.rows();
        let times = |one: &Choice| -> Vec<i64> {
            (0..rows).map(|row| self.plan.time(one.label, row, one.arrival)).collect()
        };
        let mut timed: Vec<(Vec<i64>, Choice)> =
            all.into_iter().map(|one| (times(&one), one)).collect();
        timed.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| self.rank(a.1, b.1)));
        timed.dedup_by(|b, a| a.0 == b.0);
        let beaten = |one: &Vec<i64>| {
            timed
                .iter()
                .any(|(other, _)| other != one && other.iter().zip(one).all(|(a, b)| a <= b))
        };
        timed.iter().filter(|(one, _)| !beaten(one)).map(|(_, choice)| *choice).collect()
    }

    /// The better choice first: more stages done, less time, then the smaller rank.
    pub(super) fn compare(&self, a: Choice, b: Choice) -> Ordering {
        compare((self.plan, a, 0), (self.plan, b, 0)).then_with(|| self.rank(a, b))
    }

    fn rank(&self, a: Choice, b: Choice) -> Ordering {
        self.plan
            .rank(self.plan.label(a.label), self.plan.label(b.label), true)
            .then((a.arrival.time, a.arrival.means).cmp(&(b.arrival.time, b.arrival.means)))
    }

    /// When the stages of a choice start and are done, in seconds from the call.
    pub(super) fn walk(&self, choice: Choice, mut each: impl FnMut(Step<'_>)) {
        let mut label = self.plan.label(choice.label);
        let (mut came, mut ready) = (choice.arrival.time, choice.arrival.ready);
        let mut ends: [u32; crate::model::MOST_STAGES + 1] = [0; crate::model::MOST_STAGES + 1];
        for stage in 0..self.prepared.pathway.stages.len() {
            let (start, alerted) = match label.service.start {
                Start::After(delay) => (ready + delay, None),
                Start::Team { alert, offset } => {
                    let alerted = match alert {
                        AlertAt::Arrival => came,
                        AlertAt::Variable(at) => ends[usize::from(at)],
                    };
                    (ready.max(alerted + offset), Some(alerted))
                }
            };
            let done = start + self.plan.duration(stage);
            ends[stage + 1] = done;
            each(Step { stage, label, came, ready, start, done, alerted });
            if label.next == NONE {
                return;
            }
            ready = done;
            if let Some(handing) = label.transfer {
                came = handing.departure(came, done) + handing.journey;
                ready = came;
            }
            label = self.plan.label(label.next);
        }
    }
}

/// Compares choices of any plans of one objective, each with a wait: more stages done, then time.
pub(super) fn compare(a: (&Plan, Choice, i64), b: (&Plan, Choice, i64)) -> Ordering {
    let first = |(plan, choice, _): (&Plan, Choice, i64)| plan.first_depth(choice.label);
    let depth = |(plan, choice, _): (&Plan, Choice, i64)| plan.label(choice.label).depth;
    let time = |(plan, choice, wait): (&Plan, Choice, i64), row: usize| {
        plan.time(choice.label, row, choice.arrival) + wait
    };
    let mut order = first(b).cmp(&first(a)).then_with(|| time(a, 0).cmp(&time(b, 0)));
    order = order.then_with(|| depth(b).cmp(&depth(a)));
    if a.0.rows() > 1 {
        order = order.then_with(|| time(a, 1).cmp(&time(b, 1)));
    }
    order
}

/// One stage of a route.
pub(super) struct Step<'p> {
    pub(super) stage: usize,
    pub(super) label: &'p Label,
    /// Arrival at its hospital, for whatever stage.
    pub(super) came: u32,
    /// When the patient is ready for it.
    pub(super) ready: u32,
    pub(super) start: u32,
    pub(super) done: u32,
    /// When a visiting team was alerted.
    pub(super) alerted: Option<u32>,
}
