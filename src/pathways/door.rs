//! From the call to the first door, and the best route from there.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use fixedbitset::FixedBitSet;

use super::label::{Arrival, Label, NONE, Start};
use super::plan::{Promise, RoutePlan};
use super::scene::Scene;
use super::sites::{AlertAt, HourSites, Prepared};
use super::{Outage, Protocol, Query};
use crate::model::{FirstLeg, MOST_STAGES, Means, Pathway, StageFrom, StageIndex, StageProvision};

/// What a patient does: a label of the plan, and the way to its door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChosenRoute {
    pub(super) label: u32,
    pub(super) arrival: Arrival,
}

/// The journeys of one origin, the shortest first.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) road: Journeys<'a>,
    /// To hospitals with a helipad.
    pub(super) air: Journeys<'a>,
    /// By entry of the flights, the seconds by road to the same hospital.
    pub(super) road_beside_air: &'a [u16],
}

/// Hospitals and the seconds to each, in rising order.
#[derive(Clone, Copy)]
pub(super) struct Journeys<'a> {
    pub(super) hospitals: &'a [u32],
    pub(super) seconds: &'a [u16],
}

/// Chooses among the routes of a plan.
pub(super) struct Chooser<'a> {
    prepared: &'a Prepared<'a>,
    plan: &'a RoutePlan,
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
    /// By hospital: what any label at its door promises.
    promises: Vec<Promise>,
    least: Promise,
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
        plan: &'a RoutePlan,
        query: &Query,
    ) -> Self {
        let sites = &prepared.classes[class];
        let doors = doors(prepared, plan, &query.outage);
        let centres = centres(prepared, sites, &doors);
        let gates = match query.protocol {
            Protocol::Free => doors.clone(),
            _ => gates(prepared, sites, &query.outage, &doors),
        };
        let first_leg = &prepared.region.network().catalog().first_leg;
        let mut legs = Vec::with_capacity(prepared.pathway.first_leg.len());
        for &means in &prepared.pathway.first_leg {
            legs.push(Leg::new(&prepared.pathway, first_leg, means));
        }
        // Asked for every arrival of every part: a look-up is cheaper than what a plan promises.
        let mut promises = Vec::with_capacity(doors.len());
        for hospital in 0..doors.len() as u32 {
            promises.push(plan.promise(hospital));
        }
        Self {
            prepared,
            plan,
            promises,
            doors,
            gates,
            helipads: &sites.helipads,
            centres,
            protocol: query.protocol,
            legs,
            least_gain: first_leg.helicopter.least_gain.0,
            least: plan.least(),
        }
    }

    /// Calls `each` with every first leg, by road and by air, each in rising order of time, until
    /// it says that later ones do not matter.
    fn arrivals(&self, origin: Origin<'_>, mut each: impl FnMut(Arrival) -> bool) {
        for (index, leg) in self.legs.iter().enumerate() {
            let flies = leg.means == Means::Helicopter;
            // In rising order of time, so that a search can stop at the first journey that is too long.
            let Journeys { hospitals, seconds } = if flies { origin.air } else { origin.road };
            for (entry, (&hospital, &journey)) in hospitals.iter().zip(seconds).enumerate() {
                let number = hospital as usize;
                if !self.doors.contains(number) || (flies && !self.helipads.contains(number)) {
                    continue;
                }
                let time = leg.before + u32::from(journey);
                if flies && !self.is_worth_flying(time, origin.road_beside_air[entry]) {
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
        if by_road == u16::MAX {
            return true; // the road does not get there within the region's longest journey
        }
        for leg in &self.legs {
            let on_road = leg.means != Means::Helicopter;
            if on_road && time + self.least_gain > leg.before + u32::from(by_road) {
                return false;
            }
        }
        true
    }

    /// The first door that the protocol prescribes; `None` where it leaves the choice, or nobody
    /// is in reach.
    fn prescribed(&self, origin: Origin<'_>) -> Option<u32> {
        if self.protocol == Protocol::Free {
            return None;
        }
        let door = match self.nearest(origin, &self.gates) {
            Some(gate) => gate,
            None => self.nearest(origin, &self.doors)?,
        };
        if self.protocol == Protocol::NearestDoor {
            return Some(door.hospital);
        }
        // Every centre is a gate, so that none is nearer than the door.
        let chosen = match (self.protocol, self.nearest(origin, &self.centres)) {
            (Protocol::DirectToCentre, Some(centre)) => centre,
            (Protocol::Bypass { detour }, Some(centre)) if centre.time - door.time <= detour.0 => {
                centre
            }
            _ => door,
        };
        Some(chosen.hospital)
    }

    /// The first of some hospitals at which the patient can arrive.
    fn nearest(&self, origin: Origin<'_>, hospitals: &FixedBitSet) -> Option<FirstDoor> {
        let mut nearest: Option<FirstDoor> = None;
        self.arrivals(origin, |arrival| {
            if hospitals.contains(arrival.hospital as usize) {
                let door = FirstDoor { time: arrival.time, hospital: arrival.hospital };
                nearest = Some(nearest.map_or(door, |nearest| nearest.min(door)));
            }
            // One that is as far may have the smaller key.
            nearest.is_none_or(|nearest| arrival.time <= nearest.time)
        });
        nearest
    }

    /// The best route from an origin; `None` where nobody who can do the first stage is in reach.
    pub(super) fn best(&self, origin: Origin<'_>) -> Option<ChosenRoute> {
        let prescribed = self.prescribed(origin);
        let mut best: Option<ChosenRoute> = None;
        // What the best one so far comes to: stages, and the first row's time from the call.
        let mut so_far = Promise { depth: 0, time: i64::MAX };
        self.arrivals(origin, |arrival| {
            // Most doors are passed over: what their best label promises is not enough by then.
            let time = i64::from(arrival.time);
            let promise = self.promises[arrival.hospital as usize];
            let may_win = promise.depth > so_far.depth
                || (promise.depth == so_far.depth
                    && time.saturating_add(promise.time) <= so_far.time);
            if may_win && prescribed.is_none_or(|door| door == arrival.hospital) {
                for label in self.plan.at_door(arrival.hospital) {
                    let route = ChosenRoute { label, arrival };
                    if best.is_none_or(|best| self.compare(route, best) == Ordering::Less) {
                        best = Some(route);
                        so_far = Promise {
                            depth: self.plan.first_depth(label),
                            time: self.plan.time(label, 0, arrival),
                        };
                    }
                }
            }
            // Nobody who arrives later can be done before the best one, not even in the least time
            // that any door takes.
            so_far.depth < self.least.depth || time.saturating_add(self.least.time) <= so_far.time
        });
        best
    }

    /// Calls `each` with every route from an origin that the protocol leaves.
    fn each_route(&self, origin: Origin<'_>, mut each: impl FnMut(ChosenRoute)) {
        let prescribed = self.prescribed(origin);
        self.arrivals(origin, |arrival| {
            if prescribed.is_none_or(|door| door == arrival.hospital) {
                for label in self.plan.at_door(arrival.hospital) {
                    each(ChosenRoute { label, arrival });
                }
            }
            true
        });
    }

    /// The best route that ends at each hospital where one does, the best first, at most `most`.
    pub(super) fn ranked(&self, origin: Origin<'_>, most: usize) -> Vec<ChosenRoute> {
        let mut best: BTreeMap<u32, ChosenRoute> = BTreeMap::new();
        self.each_route(origin, |route| {
            let known = best.entry(self.plan.last_hospital(route.label)).or_insert(route);
            if self.compare(route, *known) == Ordering::Less {
                *known = route;
            }
        });
        let mut ranked: Vec<ChosenRoute> = best.into_values().collect();
        ranked.sort_by(|a, b| self.compare(*a, *b));
        ranked.truncate(most);
        ranked
    }

    /// Every route from an origin that no other one beats in all stages; a stage that a route does
    /// not do is later than any.
    pub(super) fn front(&self, origin: Origin<'_>) -> Vec<ChosenRoute> {
        let mut timed: Vec<Timed> = Vec::new();
        self.each_route(origin, |route| {
            let mut times = Vec::with_capacity(self.plan.rows());
            for row in 0..self.plan.rows() {
                times.push(self.plan.time(route.label, row, route.arrival));
            }
            timed.push(Timed { times, route });
        });
        timed.sort_by(|a, b| a.times.cmp(&b.times).then_with(|| self.rank(a.route, b.route)));
        // Of equal times the first by rank stays.
        timed.dedup_by(|later, earlier| earlier.times == later.times);

        let mut front = Vec::new();
        for candidate in &timed {
            if !timed.iter().any(|rival| rival.beats(candidate)) {
                front.push(candidate.route);
            }
        }
        front
    }

    /// The better route first: more stages done, less time, then the smaller rank.
    pub(super) fn compare(&self, a: ChosenRoute, b: ChosenRoute) -> Ordering {
        let entry = |route| Contender { plan: self.plan, route, wait: 0 };
        match entry(a).compare(entry(b)) {
            Ordering::Equal => self.rank(a, b),
            order => order,
        }
    }

    fn rank(&self, a: ChosenRoute, b: ChosenRoute) -> Ordering {
        // Of one route by several means the earlier arrival, then the pathway's order of means.
        self.plan
            .rank(self.plan.label(a.label), self.plan.label(b.label), true)
            .then((a.arrival.time, a.arrival.means).cmp(&(b.arrival.time, b.arrival.means)))
    }

    /// When the stages of a route start and are done, in seconds from the call.
    pub(super) fn walk(&self, route: ChosenRoute, mut each: impl FnMut(Step<'_>)) {
        let mut label = self.plan.label(route.label);
        let (mut came, mut ready) = (route.arrival.time, route.arrival.ready);
        // The call, then the ends of the stages: what an alert may be.
        let mut ends = [0_u32; MOST_STAGES + 1];
        for stage in 0..self.prepared.pathway.stages.len() {
            let (start, alerted) = match label.service.start {
                Start::After(delay) => (ready + delay, None),
                Start::Team { alert, offset } => {
                    let alerted = match alert {
                        AlertAt::Arrival => came,
                        AlertAt::Variable(number) => ends[usize::from(number)],
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
            if let Some(transfer) = label.transfer {
                came = transfer.departure(came, done) + transfer.journey;
                ready = came;
            }
            label = self.plan.label(label.next);
        }
    }
}

/// The hospitals that can be a first door.
fn doors(prepared: &Prepared<'_>, plan: &RoutePlan, outage: &Outage) -> FixedBitSet {
    let network = prepared.region.network();
    let count = network.hospitals().len();
    let mut doors = FixedBitSet::with_capacity(count);
    for hospital in 0..count as u32 {
        let is_open = !outage.doors.contains(&network.id(hospital));
        doors.set(hospital as usize, is_open && !plan.at_door(hospital).is_empty());
    }
    doors
}

/// Those of the doors that meet every stage themselves.
fn centres(prepared: &Prepared<'_>, sites: &HourSites, doors: &FixedBitSet) -> FixedBitSet {
    let mut centres = doors.clone();
    for (stage, on_site) in prepared.pathway.stages.iter().zip(&sites.on_site) {
        let mut able = FixedBitSet::with_capacity(doors.len());
        for (way, hospitals) in stage.ways.iter().zip(on_site) {
            if matches!(way, StageProvision::OnSite) {
                able.union_with(hospitals);
            }
        }
        centres.intersect_with(&able);
    }
    centres
}

/// Those of the doors that a protocol takes for one: they can do all stages up to the pathway's door.
fn gates(
    prepared: &Prepared<'_>,
    sites: &HourSites,
    outage: &Outage,
    doors: &FixedBitSet,
) -> FixedBitSet {
    // For a stroke a door is a hospital that can scan and treat, not one that can only scan.
    let mut gates = doors.clone();
    let last = match &prepared.pathway.door {
        Some(key) => prepared.pathway.stage(key).map_or(0, StageIndex::index),
        None => 0,
    };
    // Every door can do the first stage.
    if last > 0 {
        let scene = Scene::new(prepared, sites, outage);
        for hospital in doors.ones() {
            let is_gate = (1..=last).all(|stage| scene.can_do(stage, hospital as u32));
            gates.set(hospital, is_gate);
        }
    }
    gates
}

/// A first door: the earlier one counts, of equal ones that of the smaller key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct FirstDoor {
    /// Arrival, in seconds from the call.
    time: u32,
    hospital: u32,
}

/// A route with the times of all rows.
struct Timed {
    times: Vec<i64>,
    route: ChosenRoute,
}

impl Timed {
    /// Whether it is as early in all stages, and earlier in one.
    fn beats(&self, slower: &Self) -> bool {
        self.times != slower.times && self.times.iter().zip(&slower.times).all(|(a, b)| a <= b)
    }
}

/// A route among those of any plans of one objective, with a wait before it.
#[derive(Clone, Copy)]
pub(super) struct Contender<'p> {
    pub(super) plan: &'p RoutePlan,
    pub(super) route: ChosenRoute,
    /// Seconds until the hour that the patient waits for.
    pub(super) wait: i64,
}

impl Contender<'_> {
    fn depth(self) -> u8 {
        self.plan.label(self.route.label).depth
    }

    fn time(self, row: usize) -> i64 {
        self.plan.time(self.route.label, row, self.route.arrival) + self.wait
    }

    /// The better one first: more stages done, then time.
    pub(super) fn compare(self, rival: Contender<'_>) -> Ordering {
        let first_depth = self.plan.first_depth(self.route.label);
        let mut order = rival.plan.first_depth(rival.route.label).cmp(&first_depth);
        if order == Ordering::Equal {
            order = self.time(0).cmp(&rival.time(0));
        }
        if order == Ordering::Equal {
            order = rival.depth().cmp(&self.depth());
        }
        // A second row is that of the last stage, where another one is what counts first.
        if order == Ordering::Equal && self.plan.rows() > 1 {
            order = self.time(1).cmp(&rival.time(1));
        }
        order
    }
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
