//! When everything happens on one route: moments, what each waits for, and how far apart they are.
//!
//! The moments of a route form a graph without circles: each follows another one after a duration, or
//! is the later of two. Durations do not depend on each other. So a moment is the latest of the ways
//! that lead to it from the latest moment that all of them come through, and a clock that starts
//! elsewhere subtracts its own way from there. What happens between two moments and concerns nothing
//! else is worked out by itself and counts as one duration then; the laws of ways that share some of
//! their durations are those of [`super::scatter`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::choose::Chosen;
use super::label::{Label, NONE, Start, Transfer};
use super::outcome::Outcome;
use super::plan::RoutePlan;
use super::scatter::{LawId, Laws, Span, Stretch, Way, latest};
use super::sites::{AlertAt, Prepared, term};
use crate::model::{
    CooperationId, Event, FirstLeg, Means, Pathway, Spread, Stage, StageFrom, StageIndex,
    TransferRule,
};
use crate::units::Seconds;

/// So many ways to one moment are told apart; with more, they count as if they shared nothing.
const MOST_WAYS: usize = 64;

/// An event of a pathway, its stage by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    Call,
    FirstContact,
    Door,
    Handover,
    Arrival(usize),
    Departure(usize),
    Start(usize),
    Done(usize),
}

impl Point {
    /// The event by numbers; `None` where the pathway has no such stage.
    pub(super) fn of(pathway: &Pathway, event: &Event) -> Option<Self> {
        let stage = |key: &str| pathway.stage(key).map(StageIndex::index);
        Some(match event {
            Event::Call => Self::Call,
            Event::FirstContact => Self::FirstContact,
            Event::Door => Self::Door,
            Event::Handover => Self::Handover,
            Event::Arrival(key) => Self::Arrival(stage(key)?),
            Event::Departure(key) => Self::Departure(stage(key)?),
            Event::Start(key) => Self::Start(stage(key)?),
            Event::Done(key) => Self::Done(stage(key)?),
        })
    }
}

/// Two events: where a clock starts and where it stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PointPair {
    pub(super) from: Point,
    pub(super) to: Point,
}

impl PointPair {
    pub(super) fn since_call(to: Point) -> Self {
        Self { from: Point::Call, to }
    }
}

/// What a moment follows.
#[derive(Debug, Clone, Copy)]
enum Milestone {
    /// The call, or the hour that an elective patient waits for.
    First,
    /// So much later than another one.
    After { earlier: usize, fixed: u32, scatter: Option<Scatter> },
    /// The later of two.
    Later(usize, usize),
}

/// What of a duration scatters.
#[derive(Debug, Clone, Copy)]
struct Scatter {
    /// In seconds.
    median: u32,
    /// The deviation of its logarithm.
    sigma: f64,
}

/// A duration: its median in seconds and how it scatters.
#[derive(Debug, Clone, Copy)]
struct Duration {
    median: u32,
    spread: Option<Spread>,
}

impl Duration {
    fn fixed(seconds: u32) -> Self {
        Self { median: seconds, spread: None }
    }
}

/// The moments of one route.
struct Course {
    moments: Vec<Milestone>,
    /// The latest moment that everything on the way to a moment comes through.
    through: Vec<usize>,
    contact: usize,
    door: usize,
    handover: usize,
    /// By stage: arrival at its hospital, departure to it, start, end.
    stages: Vec<StageMoments>,
}

/// Where a patient is before a stage.
#[derive(Debug, Clone, Copy)]
struct Whereabouts {
    /// Arrival at the hospital.
    came: usize,
    /// Departure to it, of a patient who was handed on.
    departed: Option<usize>,
    /// When the stage may start.
    ready: usize,
}

#[derive(Debug, Clone, Copy)]
struct StageMoments {
    came: usize,
    departed: Option<usize>,
    start: usize,
    done: usize,
}

impl Course {
    fn push(&mut self, moment: Milestone) -> usize {
        let through = match moment {
            Milestone::First => 0,
            Milestone::After { earlier, .. } => earlier,
            Milestone::Later(a, b) => self.common(a, b),
        };
        self.moments.push(moment);
        self.through.push(through);
        self.moments.len() - 1
    }

    fn after(&mut self, earlier: usize, duration: Duration) -> usize {
        let Duration { median, spread } = duration;
        // What takes no time cannot scatter, and is no moment of its own.
        if median == 0 {
            return earlier;
        }
        match spread {
            Some(spread) => {
                let scatter = Some(Scatter { median, sigma: spread.sigma() });
                self.push(Milestone::After { earlier, fixed: 0, scatter })
            }
            None => self.push(Milestone::After { earlier, fixed: median, scatter: None }),
        }
    }

    fn later(&mut self, a: usize, b: usize) -> usize {
        if a == b { a } else { self.push(Milestone::Later(a, b)) }
    }

    /// The latest moment that both come from. Moments stand behind those that they follow.
    fn common(&self, mut a: usize, mut b: usize) -> usize {
        // (Dominators of a graph without circles: each step goes to the one that all ways come through.)
        while a != b {
            if a > b {
                a = self.through[a];
            } else {
                b = self.through[b];
            }
        }
        a
    }

    /// Builds the moments of a route.
    fn new(prepared: &Prepared<'_>, plan: &RoutePlan, chosen: Chosen) -> Self {
        let pathway = &prepared.pathway;
        let first_leg = &prepared.region.network().catalog().first_leg;
        let arrival = chosen.route.arrival;
        let mut course = Self {
            moments: Vec::new(),
            through: Vec::new(),
            contact: 0,
            door: 0,
            handover: 0,
            stages: Vec::new(),
        };
        course.push(Milestone::First);
        course.first_leg(first_leg, pathway.first_leg[usize::from(arrival.means)], arrival.time);
        let ready = match pathway.stages.first().map(|stage| stage.from) {
            Some(StageFrom::Handover) => course.handover,
            Some(StageFrom::Door) | None => course.door,
        };
        let mut here = Whereabouts { came: course.door, departed: None, ready };

        let mut label = plan.label(chosen.route.label);
        for stage in &pathway.stages {
            let start = course.start(prepared, stage, label, here);
            let duration = Duration { median: stage.duration.0, spread: stage.spread };
            let done = course.after(start, duration);
            let Whereabouts { came, departed, .. } = here;
            course.stages.push(StageMoments { came, departed, start, done });
            if label.next == NONE {
                break;
            }
            here = match label.transfer {
                Some(transfer) => course.hand_on(&pathway.transfer, transfer, came, done),
                None => Whereabouts { came, departed: None, ready: done },
            };
            label = plan.label(label.next);
        }
        course
    }

    /// The moment at which a stage starts.
    fn start(
        &mut self,
        prepared: &Prepared<'_>,
        stage: &Stage,
        label: &Label,
        here: Whereabouts,
    ) -> usize {
        let way = &stage.ways[usize::from(label.service.way)];
        match label.service.start {
            Start::After(delay) => {
                self.after(here.ready, Duration { median: delay, spread: way.spread() })
            }
            Start::Team { alert, offset } => {
                let alerted = match alert {
                    AlertAt::Arrival => here.came,
                    // The call, or the end of an earlier stage, which is there by now.
                    AlertAt::Variable(0) => 0,
                    AlertAt::Variable(number) => self.stages[usize::from(number) - 1].done,
                };
                let cooperation = prepared.cooperation(CooperationId(label.service.cooperation));
                let call_out = term(&cooperation.kind, way).unwrap_or_default().0;
                let leaving = Duration { median: call_out, spread: way.spread() };
                let leaves = self.after(alerted, leaving);
                // The team's journey does not scatter: it is the region's travel time.
                let there = self.after(leaves, Duration::fixed(offset - call_out));
                self.later(here.ready, there)
            }
        }
    }

    /// The moments of a transfer, of a patient who came to the sender and is done there.
    fn hand_on(
        &mut self,
        rule: &TransferRule,
        transfer: Transfer,
        came: usize,
        done: usize,
    ) -> Whereabouts {
        // The time that a transfer without an agreement takes in addition does not scatter.
        let penalty = rule.without_agreement.penalty().unwrap_or_default().0;
        let fixed = if transfer.agreement == NONE { penalty } else { 0 };
        let term = Duration { median: transfer.term - fixed, spread: rule.spread };
        let out = self.after(came, term);
        let out = self.after(out, Duration::fixed(fixed));
        let departed = self.later(done, out);
        let came = self.after(departed, Duration::fixed(transfer.journey));
        Whereabouts { came, departed: Some(departed), ready: came }
    }

    /// The moments up to handover, when the door is reached after so many seconds by the medians.
    fn first_leg(&mut self, first_leg: &FirstLeg, means: Means, door: u32) {
        let parts = first_leg.parts(means);
        let duration =
            |path, time: Seconds| Duration { median: time.0, spread: first_leg.spread(path) };
        let mut moment = 0;
        for (path, time) in parts.until_contact {
            moment = self.after(moment, duration(path, time));
        }
        self.contact = moment;
        for (path, time) in parts.until_departure {
            moment = self.after(moment, duration(path, time));
        }
        let journey = door - first_leg.times(means).departure.0;
        // The door is a moment of its own, also where there is no journey.
        self.door = self.push(Milestone::After { earlier: moment, fixed: journey, scatter: None });
        if means == Means::OwnCar {
            self.contact = self.door;
        }
        let (path, time) = parts.handover;
        self.handover = self.after(self.door, duration(path, time));
    }

    /// The moment of an event; `None` where it does not happen.
    fn moment(&self, point: Point) -> Option<usize> {
        Some(match point {
            Point::Call => 0,
            Point::FirstContact => self.contact,
            Point::Door => self.door,
            Point::Handover => self.handover,
            Point::Arrival(stage) => self.stages.get(stage)?.came,
            Point::Departure(stage) => self.stages.get(stage)?.departed?,
            Point::Start(stage) => self.stages.get(stage)?.start,
            Point::Done(stage) => self.stages.get(stage)?.done,
        })
    }

    /// The time between two events; `None` where one of them does not happen.
    fn between(&self, laws: &mut Laws, pair: PointPair) -> Option<Time> {
        let (from, to) = (self.moment(pair.from)?, self.moment(pair.to)?);
        let ways = Ways { course: self, from, to, laws: &mut *laws, parts: BTreeMap::new() };
        let time = match ways.time() {
            Some(part) => Time { span: laws.span(part), is_bound: false },
            None => self.bound(laws, from, to),
        };
        Some(time)
    }

    /// The time between two moments as if what waits for two things waited for two that share nothing
    /// behind the latest moment that both come through: it is no longer in truth, as both are late
    /// together. The time until a clock starts counts by its median.
    fn bound(&self, laws: &mut Laws, from: usize, to: usize) -> Time {
        // The median of the clock, as its law is in the time to the event already.
        let part = self.apart(laws, 0, to);
        let since_clock = Stretch { fixed: part.fixed - i64::from(self.median(from)), ..part };
        Time { span: laws.span(since_clock), is_bound: true }
    }

    fn apart(&self, laws: &mut Laws, anchor: usize, mut moment: usize) -> Stretch {
        let mut time = Stretch::ZERO;
        while moment != anchor {
            let more = match self.moments[moment] {
                Milestone::Later(a, b) => {
                    let common = self.through[moment];
                    let a = self.apart(laws, common, a);
                    let b = self.apart(laws, common, b);
                    laws.later(a, b)
                }
                moment => moment.duration(laws),
            };
            time = laws.sum(time, more);
            moment = self.through[moment];
        }
        time
    }

    /// The moments behind one that lead to another, that one included.
    fn between_moments(&self, anchor: usize, moment: usize) -> BTreeSet<usize> {
        let mut between = BTreeSet::new();
        let mut open = vec![moment];
        while let Some(moment) = open.pop() {
            if moment > anchor && between.insert(moment) {
                open.extend(self.moments[moment].waits_for());
            }
        }
        between
    }

    /// Seconds between two events, by the medians; 0 where one of them does not happen.
    fn median_between(&self, pair: PointPair) -> u32 {
        match (self.moment(pair.from), self.moment(pair.to)) {
            (Some(from), Some(to)) => self.median(to).saturating_sub(self.median(from)),
            _ => 0,
        }
    }

    /// Seconds from the start to a moment, by the medians.
    fn median(&self, moment: usize) -> u32 {
        let mut medians = vec![0_u32; moment + 1];
        for number in 1..=moment {
            medians[number] = match self.moments[number] {
                Milestone::First => 0,
                Milestone::After { earlier, fixed, scatter } => {
                    medians[earlier] + fixed + scatter.map_or(0, |scatter| scatter.median)
                }
                Milestone::Later(a, b) => medians[a].max(medians[b]),
            };
        }
        medians[moment]
    }
}

impl Milestone {
    /// What it follows.
    fn waits_for(self) -> impl Iterator<Item = usize> {
        let (a, b) = match self {
            Self::First => (None, None),
            Self::After { earlier, .. } => (Some(earlier), None),
            Self::Later(a, b) => (Some(a), Some(b)),
        };
        a.into_iter().chain(b)
    }

    /// How much later it is than what it follows.
    fn duration(self, laws: &mut Laws) -> Stretch {
        let Self::After { fixed, scatter, .. } = self else { return Stretch::ZERO };
        let law = match scatter {
            Some(Scatter { median, sigma }) => laws.lognormal(median, sigma),
            None => LawId::NONE,
        };
        Stretch { fixed: i64::from(fixed), law }
    }
}

/// A time between two events.
struct Time {
    span: Span,
    is_bound: bool,
}

/// The ways from one moment to another, while they are found.
struct Ways<'c> {
    course: &'c Course,
    from: usize,
    to: usize,
    laws: &'c mut Laws,
    /// The durations of the ways, by the moment behind each.
    parts: BTreeMap<usize, Stretch>,
}

impl Ways<'_> {
    /// The time between the two moments; `None` where the ways are too many or too entangled.
    fn time(mut self) -> Option<Stretch> {
        let common = self.course.common(self.from, self.to);
        let until_clock = self.to(self.from, common)?;
        let mut ways = self.to(self.to, common)?;
        // A clock that starts when the later of two things is there has no way of its own.
        let [until_clock] = until_clock.as_slice() else { return None };
        // The clock's own way is subtracted: what both share falls away, the rest counts negatively.
        for way in &mut ways {
            for part in until_clock.keys() {
                if way.remove(part).is_none() {
                    way.insert(*part, -1);
                }
            }
        }
        latest(self.laws, &ways, &self.parts)
    }

    /// The ways from one moment that all come through to another.
    fn to(&mut self, moment: usize, start: usize) -> Option<Vec<Way>> {
        if moment == start {
            return Some(vec![Way::new()]);
        }
        let before = self.course.through[moment];
        match self.course.moments[moment] {
            // What something else waits for, too, must stay apart until both are known.
            Milestone::Later(a, b) if !self.is_closed(before, moment) => {
                let mut ways = self.to(a, start)?;
                ways.extend(self.to(b, start)?);
                return (ways.len() <= MOST_WAYS).then_some(ways);
            }
            // What concerns nothing else counts as one duration, so that few ways are left.
            Milestone::Later(a, b) => {
                if !self.parts.contains_key(&moment) {
                    let mut ways = self.to(a, before)?;
                    ways.extend(self.to(b, before)?);
                    let part = latest(self.laws, &ways, &self.parts)?;
                    self.parts.insert(moment, part);
                }
            }
            after => {
                let part = after.duration(self.laws);
                self.parts.insert(moment, part);
            }
        }
        let mut ways = self.to(before, start)?;
        for way in &mut ways {
            way.insert(moment, 1);
        }
        Some(ways)
    }

    /// Whether nothing but the second moment follows what is between two: no clock and no team's alert
    /// is in there.
    fn is_closed(&self, before: usize, moment: usize) -> bool {
        let mut inside = self.course.between_moments(before, moment);
        inside.remove(&moment);
        if inside.contains(&self.from) || inside.contains(&self.to) {
            return false;
        }
        let mut outside = self.course.between_moments(0, self.to);
        outside.extend(self.course.between_moments(0, self.from));
        outside.retain(|outer| *outer != moment && !inside.contains(outer));
        let waits_inside = |outer: &usize| {
            let mut earlier = self.course.moments[*outer].waits_for();
            earlier.any(|earlier| inside.contains(&earlier))
        };
        !outside.iter().any(waits_inside)
    }
}

/// What a route's times depend on beside waiting and the first journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Taken {
    class: u8,
    /// The label at its door.
    label: u32,
    means: u8,
    /// The first journey, where a team may be on its way meanwhile; else 0.
    journey: u32,
}

/// A time between two events that holds for everybody on a route.
#[derive(Debug, Clone, Copy)]
pub(super) struct Common {
    /// Without the wait and the journey that count.
    pub(super) span: Span,
    /// The same with every duration at its median, by which routes are chosen.
    pub(super) median: u32,
    pub(super) has_wait: bool,
    pub(super) has_journey: bool,
    is_bound: bool,
}

/// Times between pairs of events, route by route; each route is worked out once for all who take it.
pub(super) struct Spans<'o, 'p, 'r> {
    outcome: &'o Outcome<'p, 'r>,
    pub(super) pairs: Vec<PointPair>,
    pub(super) laws: Laws,
    known: HashMap<Taken, Vec<Option<Common>>>,
    /// By means: seconds until departure.
    departures: Vec<u32>,
    /// The times of the route that was asked for last.
    times: Vec<Option<Span>>,
    /// By pair: whether the law of somebody's time was a bound.
    pub(super) bounds: Vec<bool>,
}

impl<'o, 'p, 'r> Spans<'o, 'p, 'r> {
    pub(super) fn new(outcome: &'o Outcome<'p, 'r>, pairs: Vec<PointPair>) -> Self {
        let first_leg = &outcome.prepared.region.network().catalog().first_leg;
        let means = outcome.prepared.pathway.first_leg.iter();
        let departures = means.map(|&means| first_leg.times(means).departure.0).collect();
        Self {
            outcome,
            bounds: vec![false; pairs.len()],
            pairs,
            laws: Laws::new(),
            known: HashMap::new(),
            departures,
            times: Vec::new(),
        }
    }

    /// The times of a chosen route, in the order of the pairs; none of them on no route.
    pub(super) fn of(&mut self, chosen: Option<Chosen>) -> &[Option<Span>] {
        self.times.clear();
        let Some(chosen) = chosen else {
            self.times.resize(self.pairs.len(), None);
            return &self.times;
        };
        let journey = self.journey(chosen);
        let taken = self.work_out(chosen);
        for (common, is_bound) in self.known[&taken].iter().zip(&mut self.bounds) {
            *is_bound |= common.is_some_and(|common| common.is_bound);
            self.times.push(common.map(|common| {
                let mut fixed = common.span.fixed;
                if common.has_wait {
                    fixed += chosen.wait;
                }
                if common.has_journey {
                    fixed += journey;
                }
                Span { fixed, ..common.span }
            }));
        }
        &self.times
    }

    /// Seconds of the first journey on a chosen route.
    pub(super) fn journey(&self, chosen: Chosen) -> u32 {
        let arrival = chosen.route.arrival;
        arrival.time - self.departures[usize::from(arrival.means)]
    }

    /// Works the times of a route out, once for all who take it; gives what they depend on.
    pub(super) fn work_out(&mut self, chosen: Chosen) -> Taken {
        let plan = self.outcome.plans.of(chosen.class);
        let journey = self.journey(chosen);
        // Two who differ in wait and journey alone have the same law: those are added afterwards.
        let taken = Taken {
            class: chosen.class,
            label: chosen.route.label,
            means: chosen.route.arrival.means,
            // Where a team may be alerted with the call, whoever comes later finds it there.
            journey: if has_alert_by_call(plan) { journey } else { 0 },
        };
        if !self.known.contains_key(&taken) {
            let common = self.common(plan, chosen, journey);
            self.known.insert(taken, common);
        }
        taken
    }

    /// What holds for everybody on a route that was worked out, in the order of the pairs.
    pub(super) fn of_all(&self, taken: Taken) -> &[Option<Common>] {
        &self.known[&taken]
    }

    fn common(&mut self, plan: &RoutePlan, chosen: Chosen, journey: u32) -> Vec<Option<Common>> {
        let course = Course::new(&self.outcome.prepared, plan, chosen);
        // With a team alerted by the call, the journey is in the law already.
        let can_share = !has_alert_by_call(plan);
        let is_before_door =
            |point: Point| course.moment(point).is_some_and(|moment| moment < course.door);
        let mut times = Vec::with_capacity(self.pairs.len());
        for &pair in &self.pairs {
            let Some(Time { span, is_bound }) = course.between(&mut self.laws, pair) else {
                times.push(None);
                continue;
            };
            let has_wait = pair.from == Point::Call && pair.to != Point::Call;
            let has_journey = can_share && is_before_door(pair.from) && !is_before_door(pair.to);
            let fixed = if has_journey { span.fixed - journey } else { span.fixed };
            let span = Span { fixed, ..span };
            let median = course.median_between(pair);
            let median = if has_journey { median.saturating_sub(journey) } else { median };
            times.push(Some(Common { span, median, has_wait, has_journey, is_bound }));
        }
        times
    }
}

/// Whether some team is alerted by the call.
fn has_alert_by_call(plan: &RoutePlan) -> bool {
    plan.shape.alerts.first() == Some(&0)
}
