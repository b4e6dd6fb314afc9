//! When everything happens on one route: events by numbers.

use super::door::Chooser;
use super::label::NONE;
use super::outcome::{Chosen, Outcome};
use crate::model::{Event, LegTimes, Pathway};
use crate::units::Seconds;

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

/// When a stage happens, in seconds from the call.
#[derive(Debug, Clone, Copy)]
struct StageClock {
    /// Arrival at its hospital, for whatever stage.
    came: u32,
    /// Departure to it, where the patient was transferred for this stage.
    departed: Option<u32>,
    start: u32,
    done: u32,
}

/// When everything happens on one route, in seconds from the call, by the durations that are given.
#[derive(Debug, Clone, Default)]
pub(super) struct Timeline {
    /// First contact, the door and handover; `None` where nobody is in reach.
    first_leg: Option<[u32; 3]>,
    stages: Vec<StageClock>,
}

impl Timeline {
    /// From the call to an event; `None` where it does not happen.
    pub(super) fn time(&self, point: Point) -> Option<Seconds> {
        let leg = |at: usize| self.first_leg.map(|times| times[at]);
        let stage = |at: usize| self.stages.get(at);
        let time = match point {
            Point::Call => Some(0),
            Point::FirstContact => leg(0),
            Point::Door => leg(1),
            Point::Handover => leg(2),
            Point::Arrival(at) => stage(at).map(|clock| clock.came),
            Point::Departure(at) => stage(at).and_then(|clock| clock.departed),
            Point::Start(at) => stage(at).map(|clock| clock.start),
            Point::Done(at) => stage(at).map(|clock| clock.done),
        };
        time.map(Seconds)
    }

    /// From one event to another; `None` where one of them does not happen.
    pub(super) fn between(&self, from: Point, to: Point) -> Option<Seconds> {
        Some(self.time(to)? - self.time(from)?)
    }
}

/// Walks the routes of an outcome.
pub(super) struct Walker<'a, 'c> {
    choosers: &'c [Option<Chooser<'a>>],
    /// Times of the first leg by the pathway's means.
    legs: Vec<LegTimes>,
    timeline: Timeline,
}

impl<'a, 'c> Walker<'a, 'c> {
    pub(super) fn new(outcome: &Outcome<'_, '_>, choosers: &'c [Option<Chooser<'a>>]) -> Self {
        let prepared = outcome.prepared;
        let first_leg = &prepared.region.network().catalog().first_leg;
        let means = prepared.pathway.first_leg.iter();
        let legs = means.map(|&means| first_leg.times(means)).collect();
        Self { choosers, legs, timeline: Timeline::default() }
    }

    /// The timeline of a chosen route; nothing happens on none.
    pub(super) fn walk(&mut self, chosen: Option<Chosen>) -> &Timeline {
        let timeline = &mut self.timeline;
        timeline.stages.clear();
        timeline.first_leg = None;
        let Some(chosen) = chosen else { return &self.timeline };
        let arrival = chosen.choice.arrival;
        let leg = self.legs[usize::from(arrival.means)];
        let door = arrival.time + chosen.wait;
        let contact = leg.contact.map_or(door, |contact| contact.0 + chosen.wait);
        timeline.first_leg = Some([contact, door, door + leg.handover.0]);
        let mut journey = None;
        Outcome::steps(self.choosers, chosen, |step| {
            let departed = journey.map(|journey| step.came - journey);
            let (came, start, done) = (step.came, step.start, step.done);
            timeline.stages.push(StageClock { came, departed, start, done });
            journey = step.label.transfer.map(|handing| handing.journey);
            debug_assert!(journey.is_none() || step.label.next != NONE);
        });
        &self.timeline
    }
}
