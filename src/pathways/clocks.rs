//! When the stages of a pathway are done and who meets its targets, kept small for every point and hour: what two
//! outcomes are set beside each other by.

use std::collections::HashMap;

use serde::Serialize;

use super::choose::Chosen;
use super::course::{Common, Point, PointPair, Spans, Taken};
use super::label::NONE;
use super::outcome::Outcome;
use super::scatter::{LawId, Laws};
use super::when::HourShare;
use crate::calendar::HourOfWeek;
use crate::model::Target;
use crate::units::Seconds;

/// What a clock of a pathway measures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Measured {
    /// From the call to the end of the stage of this key.
    Stage(String),
    /// From the event at which a target starts to the one at which it stops, against its limit.
    Target(Target),
}

/// What a clock shows for the people of one point in one hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClockTime {
    /// With every duration at its median, as routes are chosen; `None` for no way.
    pub time: Option<Seconds>,
    /// The share of them who are in time, 0 to 1: durations scatter. Of a target by its limit, of a stage by that of
    /// the first target that stops at it; `None` where there is none.
    pub within: Option<f64>,
}

/// When the stages of a pathway are done, and who is within its targets: for the people of every part of a
/// region, in every hour of the week in which patients call.
///
/// It keeps eight bytes for each part and group of hours in which everybody does the same, so that two regions can
/// be compared long after they were worked out. Times are those of the chosen routes with every duration at its
/// median, in whole seconds: what [`impact`](crate::impact) counts.
///
/// ```
/// use verbund::Region;
/// use verbund::pathways::{Measured, Prepared, Query};
/// use verbund::calendar::HourOfWeek;
///
/// let region = Region::leipzig()?;
/// let stroke = region.network().catalog().pathway("stroke").ok_or("no pathway")?;
/// let prepared = Prepared::new(&region, stroke, &[])?;
/// let clocks = prepared.evaluate(&Query::default())?.clocks();
/// assert!(clocks.measured().contains(&Measured::Stage("thrombolysis".to_owned())));
/// let monday = HourOfWeek::new(0, 12).ok_or("no hour")?;
/// let group = clocks.group_of(monday).ok_or("nobody calls")?;
/// // Somebody has a way to the first stage at noon.
/// let mut parts = 0..region.parts().len();
/// assert!(parts.any(|part| clocks.at(group, part, 0).time.is_some()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Clocks {
    measured: Vec<Measured>,
    /// By clock: the one whose limit says who is in time.
    limits: Vec<Option<ByLimit>>,
    laws: Laws,
    /// By route, then by clock; routes that differ in the first journey alone are one.
    routes: Vec<Vec<Option<OnRoute>>>,
    groups: Vec<Group>,
    /// By hour of the week: its group and its share of the arrivals in millionths.
    hours: Vec<Option<InHour>>,
}

/// The clock of a target, by position, and its limit.
#[derive(Debug, Clone, Copy)]
struct ByLimit {
    clock: usize,
    limit: Seconds,
}

/// What a clock shows on a route.
#[derive(Debug, Clone, Copy)]
struct OnRoute {
    /// By medians.
    median: u32,
    /// What is the same for all, and the law of what comes on top.
    fixed: u32,
    law: LawId,
    /// Whether the first journey comes on top of both.
    has_journey: bool,
}

/// Hours in which everybody does the same.
#[derive(Debug, Clone)]
struct Group {
    /// By part.
    parts: Vec<PartRoute>,
}

/// The route of a part: its number, or [`NONE`], and the seconds of its first journey.
#[derive(Debug, Clone, Copy)]
struct PartRoute {
    route: u32,
    journey: u32,
}

/// An hour in which patients call.
#[derive(Debug, Clone, Copy)]
struct InHour {
    group: usize,
    share: u32,
}

impl OnRoute {
    /// The first journey of a part, where it comes on top.
    fn journey(self, of_part: PartRoute) -> u32 {
        if self.has_journey { of_part.journey } else { 0 }
    }
}

impl Clocks {
    /// What is measured: the stages in their order, then the targets in theirs.
    pub fn measured(&self) -> &[Measured] {
        &self.measured
    }

    /// The group of hours to which an hour belongs; `None` where nobody who was asked about calls then.
    pub fn group_of(&self, hour: HourOfWeek) -> Option<usize> {
        Some(self.hours[hour.index()]?.group)
    }

    /// The share of the arrivals in an hour, in millionths; the shares of all hours sum to one million.
    pub fn share_of(&self, hour: HourOfWeek) -> u32 {
        self.hours[hour.index()].map_or(0, |hour| hour.share)
    }

    /// What a clock, by its position in [`Self::measured`], shows for a part in a group of hours.
    ///
    /// # Panics
    ///
    /// When there is no such group, part or clock.
    pub fn at(&self, group: usize, part: usize, clock: usize) -> ClockTime {
        let of_part = self.groups[group].parts[part];
        let shown = self.on_route(of_part, clock);
        ClockTime {
            time: shown.map(|shown| Seconds(shown.median + shown.journey(of_part))),
            within: self.limits[clock].map(|by| self.within(of_part, by)),
        }
    }

    /// Whether a clock says who is in time.
    pub fn has_limit(&self, clock: usize) -> bool {
        self.limits[clock].is_some()
    }

    /// What a clock shows on the route of a part; `None` without a way.
    fn on_route(&self, of_part: PartRoute, clock: usize) -> Option<OnRoute> {
        if of_part.route == NONE {
            return None;
        }
        self.routes[of_part.route as usize][clock]
    }

    /// The share of a part's people who are within a limit.
    fn within(&self, of_part: PartRoute, by: ByLimit) -> f64 {
        // Without a way nobody is in time, whatever the limit.
        let Some(shown) = self.on_route(of_part, by.clock) else { return 0.0 };
        let fixed = i64::from(shown.fixed) + i64::from(shown.journey(of_part));
        self.laws.within(shown.law, i64::from(by.limit.0) - fixed)
    }
}

impl Outcome<'_, '_> {
    /// When every stage is done and who meets every target, for each part and hour.
    pub fn clocks(&self) -> Clocks {
        let pathway = self.prepared().pathway();
        let mut measured = Vec::new();
        let mut pairs = Vec::new();
        for (number, stage) in pathway.stages.iter().enumerate() {
            measured.push(Measured::Stage(stage.key.clone()));
            pairs.push(PointPair::since_call(Point::Done(number)));
        }
        for target in &pathway.targets {
            measured.push(Measured::Target(target.clone()));
        }
        pairs.extend(self.target_pairs());

        let mut routes = Routes::new(Spans::new(self, pairs));
        let mut groups = Vec::with_capacity(self.slices.len());
        // Hours in which nobody calls have no group: a profile of arrivals may leave the night out.
        let mut hours = vec![None; HourOfWeek::all().count()];
        for (group, slice) in self.slices.iter().enumerate() {
            for &HourShare { hour, share } in &slice.hours {
                hours[hour.index()] = Some(InHour { group, share });
            }
            let mut parts = Vec::with_capacity(slice.parts.len());
            for chosen in &slice.parts {
                parts.push(match chosen {
                    Some(chosen) => routes.of(*chosen),
                    None => PartRoute { route: NONE, journey: 0 },
                });
            }
            groups.push(Group { parts });
        }
        let limits = limits(&measured);
        Clocks { measured, limits, laws: routes.spans.laws, routes: routes.list, groups, hours }
    }
}

/// By clock the one whose limit says who is in time: a target's own, of a stage that of the first target that stops at
/// it.
fn limits(measured: &[Measured]) -> Vec<Option<ByLimit>> {
    let mut limits = Vec::with_capacity(measured.len());
    for (number, clock) in measured.iter().enumerate() {
        limits.push(match clock {
            Measured::Target(target) => Some(ByLimit { clock: number, limit: target.limit() }),
            Measured::Stage(stage) => limit_of_stage(measured, stage),
        });
    }
    limits
}

fn limit_of_stage(measured: &[Measured], stage: &str) -> Option<ByLimit> {
    for (clock, measured) in measured.iter().enumerate() {
        // Of several targets the first, as figures of pathways in short have it.
        if let Measured::Target(target) = measured
            && target.to.stage() == Some(stage)
        {
            return Some(ByLimit { clock, limit: target.limit() });
        }
    }
    None
}

/// Routes while they are numbered.
struct Routes<'o, 'p, 'r> {
    spans: Spans<'o, 'p, 'r>,
    /// Numbers by what a route's times depend on, and by the wait before it.
    numbers: HashMap<(Taken, u32), u32>,
    list: Vec<Vec<Option<OnRoute>>>,
}

impl<'o, 'p, 'r> Routes<'o, 'p, 'r> {
    fn new(spans: Spans<'o, 'p, 'r>) -> Self {
        Self { spans, numbers: HashMap::new(), list: Vec::new() }
    }

    /// The number of a chosen route, with its first journey.
    fn of(&mut self, chosen: Chosen) -> PartRoute {
        let journey = self.spans.journey(chosen);
        // Thousands of parts share few routes; the journey to the first door is what tells them apart.
        let taken = self.spans.work_out(chosen);
        if let Some(&route) = self.numbers.get(&(taken, chosen.wait)) {
            return PartRoute { route, journey };
        }
        let route = self.list.len() as u32;
        let mut times = Vec::new();
        for common in self.spans.of_all(taken) {
            times.push(common.map(|common| on_route(common, chosen.wait)));
        }
        self.list.push(times);
        self.numbers.insert((taken, chosen.wait), route);
        PartRoute { route, journey }
    }
}

fn on_route(common: Common, wait: u32) -> OnRoute {
    let wait = if common.has_wait { wait } else { 0 };
    OnRoute {
        median: common.median + wait,
        fixed: common.span.fixed + wait,
        law: common.span.law,
        has_journey: common.has_journey,
    }
}
