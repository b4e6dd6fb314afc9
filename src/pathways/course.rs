//! When everything happens on one route: moments, what each waits for, and how far apart they are.
//!
//! The moments of a route form a graph without circles: each follows another one after a duration, or
//! is the later of two. Durations do not depend on each other. So a moment is the latest of the ways
//! that lead to it from the latest moment that all of them come through, and a clock that starts
//! elsewhere subtracts its own way from there. What happens between two moments and concerns nothing
//! else is worked out by itself and counts as one duration then; the laws of ways that share some of
//! their durations are those of [`super::scatter`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::label::{NONE, Start};
use super::outcome::{Chosen, Outcome};
use super::plan::Plan;
use super::scatter::{LawId, Laws, Part, Span, Way, latest};
use super::sites::{AlertAt, Prepared, term};
use crate::model::{Event, FirstLeg, Means, Pathway, Spread, StageFrom};

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
        Some(match event {
            Event::Call => Self::Call,
            Event::FirstContact => Self::FirstContact,
            Event::Door => Self::Door,
            Event::Handover => Self::Handover,
            Event::Arrival(key) => Self::Arrival(pathway.stage(key)?),
            Event::Departure(key) => Self::Departure(pathway.stage(key)?),
            Event::Start(key) => Self::Start(pathway.stage(key)?),
            Event::Done(key) => Self::Done(pathway.stage(key)?),
        })
    }
}

/// What a moment follows.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// The call, or the hour that an elective patient waits for.
    First,
    /// So much later than another one.
    After { of: usize, fixed: u32, scatter: Option<(u32, f64)> },
    /// The later of two.
    Later(usize, usize),
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
    moments: Vec<Moment>,
    /// The latest moment that everything on the way to a moment comes through.
    through: Vec<usize>,
    contact: usize,
    door: usize,
    handover: usize,
    /// By stage: arrival at its hospital, departure to it, start, end.
    stages: Vec<StageMoments>,
}

#[derive(Debug, Clone, Copy)]
struct StageMoments {
    came: usize,
    departed: Option<usize>,
    start: usize,
    done: usize,
}

impl Course {
    fn push(&mut self, moment: Moment) -> usize {
        let through = match moment {
            Moment::First => 0,
            Moment::After { of, .. } => of,
            Moment::Later(a, b) => self.common(a, b),
        };
        self.moments.push(moment);
        self.through.push(through);
        self.moments.len() - 1
    }

    fn after(&mut self, of: usize, duration: Duration) -> usize {
        let Duration { median, spread } = duration;
        match spread {
            // What takes no time cannot scatter.
            Some(spread) if median > 0 => {
                let scatter = Some((median, spread.sigma()));
                self.push(Moment::After { of, fixed: 0, scatter })
            }
            _ if median == 0 => of,
            _ => self.push(Moment::After { of, fixed: median, scatter: None }),
        }
    }

    fn later(&mut self, a: usize, b: usize) -> usize {
        if a == b { a } else { self.push(Moment::Later(a, b)) }
    }

    /// The latest moment that both come from. Moments stand behind those that they follow.
    fn common(&self, mut a: usize, mut b: usize) -> usize {
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
    fn of(prepared: &Prepared<'_>, plan: &Plan, chosen: Chosen) -> Self {
        let pathway = prepared.pathway;
        let first_leg = &prepared.region.network().catalog().first_leg;
        let arrival = chosen.choice.arrival;
        let means = pathway.first_leg[usize::from(arrival.means)];
        let mut course = Self {
            moments: Vec::new(),
            through: Vec::new(),
            contact: 0,
            door: 0,
            handover: 0,
            stages: Vec::new(),
        };
        course.push(Moment::First);
        course.first_leg(first_leg, means, arrival.time);
        let mut came = course.door;
        let mut ready = match pathway.stages.first().map(|stage| stage.from) {
            Some(StageFrom::Handover) => course.handover,
            Some(StageFrom::Door) | None => course.door,
        };
        let mut departed = None;
        let mut ends = vec![0];
        let mut label = plan.label(chosen.choice.label);
        for stage in &pathway.stages {
            let way = &stage.ways[usize::from(label.service.way)];
            let start = match label.service.start {
                Start::After(delay) => {
                    course.after(ready, Duration { median: delay, spread: way.spread() })
                }
                Start::Team { alert, offset } => {
                    let alerted = match alert {
                        AlertAt::Arrival => came,
                        AlertAt::Variable(at) => ends[usize::from(at)],
                    };
                    let cooperation = prepared.cooperations[label.service.cooperation as usize];
                    let call_out = term(&cooperation.kind, way).unwrap_or_default().0;
                    let leaves =
                        course.after(alerted, Duration { median: call_out, spread: way.spread() });
                    let there = course.after(leaves, Duration::fixed(offset - call_out));
                    course.later(ready, there)
                }
            };
            let duration = Duration { median: stage.duration.0, spread: stage.spread };
            let done = course.after(start, duration);
            ends.push(done);
            course.stages.push(StageMoments { came, departed: departed.take(), start, done });
            if label.next == NONE {
                break;
            }
            ready = done;
            if let Some(handing) = label.transfer {
                let rule = &pathway.transfer;
                // The time that a transfer without an agreement takes in addition does not scatter.
                let penalty = rule.without_agreement.penalty().unwrap_or_default().0;
                let fixed = if handing.agreement == NONE { penalty } else { 0 };
                let term = Duration { median: handing.term - fixed, spread: rule.spread };
                let out = course.after(came, term);
                let out = course.after(out, Duration::fixed(fixed));
                let left = course.later(done, out);
                departed = Some(left);
                came = course.after(left, Duration::fixed(handing.journey));
                ready = came;
            }
            label = plan.label(label.next);
        }
        course
    }

    /// The moments up to handover, when the door is reached after so many seconds by the medians.
    fn first_leg(&mut self, first_leg: &FirstLeg, means: Means, door: u32) {
        let parts = first_leg.parts(means);
        let mut at = 0;
        for (path, time) in parts.until_contact {
            at = self.after(at, Duration { median: time.0, spread: first_leg.spread(path) });
        }
        self.contact = at;
        for (path, time) in parts.until_departure {
            at = self.after(at, Duration { median: time.0, spread: first_leg.spread(path) });
        }
        let journey = door - first_leg.times(means).departure.0;
        // The door is a moment of its own, also where there is no journey.
        self.door = self.push(Moment::After { of: at, fixed: journey, scatter: None });
        if means == Means::OwnCar {
            self.contact = self.door;
        }
        let (path, time) = parts.handover;
        let handover = Duration { median: time.0, spread: first_leg.spread(path) };
        self.handover = self.after(self.door, handover);
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
    fn between(&self, laws: &mut Laws, from: Point, to: Point) -> Option<Time> {
        let (from, to) = (self.moment(from)?, self.moment(to)?);
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
        let part = self.apart(laws, 0, to);
        let since_clock = Part { fixed: part.fixed - i64::from(self.median(from)), ..part };
        Time { span: laws.span(since_clock), is_bound: true }
    }

    fn apart(&self, laws: &mut Laws, anchor: usize, mut moment: usize) -> Part {
        let mut time = Part::ZERO;
        while moment != anchor {
            let more = match self.moments[moment] {
                Moment::Later(a, b) => {
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
        let mut found = BTreeSet::new();
        let mut open = vec![moment];
        while let Some(moment) = open.pop() {
            if moment > anchor && found.insert(moment) {
                open.extend(self.moments[moment].waits_for());
            }
        }
        found
    }

    /// Seconds from the start to a moment, by the medians.
    fn median(&self, moment: usize) -> u32 {
        let mut medians = vec![0_u32; moment + 1];
        for number in 1..=moment {
            medians[number] = match self.moments[number] {
                Moment::First => 0,
                Moment::After { of, fixed, scatter } => {
                    medians[of] + fixed + scatter.map_or(0, |(median, _)| median)
                }
                Moment::Later(a, b) => medians[a].max(medians[b]),
            };
        }
        medians[moment]
    }
}

impl Moment {
    /// What it follows.
    fn waits_for(self) -> impl Iterator<Item = usize> {
        let (a, b) = match self {
            Self::First => (None, None),
            Self::After { of, .. } => (Some(of), None),
            Self::Later(a, b) => (Some(a), Some(b)),
        };
        a.into_iter().chain(b)
    }

    /// How much later it is than what it follows.
    fn duration(self, laws: &mut Laws) -> Part {
        let Self::After { fixed, scatter, .. } = self else { return Part::ZERO };
        let law = scatter.map_or(LawId::NONE, |(median, sigma)| laws.lognormal(median, sigma));
        Part { fixed: i64::from(fixed), law }
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
    parts: BTreeMap<usize, Part>,
}

impl Ways<'_> {
    /// The time between the two moments; `None` where the ways are too many or too entangled.
    fn time(mut self) -> Option<Part> {
        let common = self.course.common(self.from, self.to);
        let until_clock = self.to(self.from, common)?;
        let mut ways = self.to(self.to, common)?;
        // A clock that starts when the later of two things is there has no way of its own.
        let [until_clock] = until_clock.as_slice() else { return None };
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
            Moment::Later(a, b) if !self.is_closed(before, moment) => {
                let mut ways = self.to(a, start)?;
                ways.extend(self.to(b, start)?);
                return (ways.len() <= MOST_WAYS).then_some(ways);
            }
            Moment::Later(a, b) => {
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
        let mut all = self.course.between_moments(0, self.to);
        all.extend(self.course.between_moments(0, self.from));
        all.iter().filter(|other| **other != moment && !inside.contains(other)).all(|other| {
            self.course.moments[*other].waits_for().all(|earlier| !inside.contains(&earlier))
        })
    }
}

/// What a route's times depend on beside waiting and the first journey.
type Taken = (u8, u32, u8, u32);

/// A time between two events that holds for everybody on a route.
#[derive(Debug, Clone, Copy)]
struct Common {
    /// Without the wait and the journey that count.
    span: Span,
    has_wait: bool,
    has_journey: bool,
    is_bound: bool,
}

/// Times between pairs of events, route by route; each route is worked out once for all who take it.
pub(super) struct Spans<'o, 'p, 'r> {
    outcome: &'o Outcome<'p, 'r>,
    pairs: Vec<(Point, Point)>,
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
    pub(super) fn new(outcome: &'o Outcome<'p, 'r>, pairs: Vec<(Point, Point)>) -> Self {
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
        let plan = self.outcome.plans[usize::from(chosen.class)].as_ref();
        let plan = plan.expect("it was chosen from it");
        let arrival = chosen.choice.arrival;
        let journey = arrival.time - self.departures[usize::from(arrival.means)];
        // Where a team may be alerted with the call, who comes later finds it there.
        let shared = if plan.shape.alerts.first() == Some(&0) { journey } else { 0 };
        let taken = (chosen.class, chosen.choice.label, arrival.means, shared);
        if !self.known.contains_key(&taken) {
            let common = self.common(plan, chosen, journey);
            self.known.insert(taken, common);
        }
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

    fn common(&mut self, plan: &Plan, chosen: Chosen, journey: u32) -> Vec<Option<Common>> {
        let course = Course::of(self.outcome.prepared, plan, chosen);
        let mut all = Vec::with_capacity(self.pairs.len());
        for &(from, to) in &self.pairs {
            let Some(Time { span, is_bound }) = course.between(&mut self.laws, from, to) else {
                all.push(None);
                continue;
            };
            let is_before_door =
                |point: Point| course.moment(point).is_some_and(|moment| moment < course.door);
            let has_wait = from == Point::Call && to != Point::Call;
            // With a team alerted by the call, the journey is in the law already.
            let can_share = plan.shape.alerts.first() != Some(&0);
            let has_journey = can_share && is_before_door(from) && !is_before_door(to);
            let fixed = if has_journey { span.fixed - journey } else { span.fixed };
            let span = Span { fixed, ..span };
            all.push(Some(Common { span, has_wait, has_journey, is_bound }));
        }
        all
    }
}
