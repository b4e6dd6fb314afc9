//! Figures of an outcome: times to every stage, targets, places.

use super::door::Chooser;
use super::outcome::{Chosen, Outcome};
use super::when::MILLION;
use crate::model::{Target, TargetPoint};
use crate::region::PlaceId;
use crate::stats::TimeDistribution;
use crate::units::Seconds;

/// A distribution of times in figures: weighted by people and the share of their hours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    /// Mean of those who have a way, in seconds.
    pub mean_seconds: Option<f64>,
    /// The time that half of the people do not exceed; `None` when it is longer than any.
    pub median: Option<Seconds>,
    /// The time that 90 % of the people do not exceed.
    pub p90: Option<Seconds>,
}

impl Times {
    fn of(times: &TimeDistribution) -> Self {
        Self {
            mean_seconds: times.mean_seconds(),
            median: times.median(),
            p90: times.quantile(0.9),
        }
    }
}

/// When a stage starts and is done, over everybody.
#[derive(Debug, Clone, PartialEq)]
pub struct StageTimes {
    /// Position of the stage; `None` for the first door.
    pub stage: Option<usize>,
    /// Residents of the pathway's population.
    pub people: u64,
    /// Those of them who have no way to it; shares of hours add up.
    pub without_way: f64,
    /// From the call to its start; for the door to the arrival there.
    pub start: Times,
    /// From the call to its end; for the door to the end of handover.
    pub done: Times,
}

/// How many meet a target.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetResult {
    /// The target.
    pub target: Target,
    /// Residents of the pathway's population.
    pub people: u64,
    /// Share of them within the limit, inclusive; 1 where nobody lives.
    pub share: f64,
}

/// The last stage's times of one place.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceTimes {
    /// The place.
    pub place: PlaceId,
    /// Its residents of the pathway's population.
    pub people: u64,
    /// Expected cases a year; `None` where nobody knows how many.
    pub cases: Option<f64>,
    /// Those of the people who do not get to the last stage; shares of hours add up.
    pub without_way: f64,
    /// From the call to the end of each stage.
    pub stages: Vec<Times>,
    /// Share within each target, in their order; 1 where nobody lives.
    pub targets: Vec<f64>,
}

impl Outcome<'_, '_> {
    /// Seconds between the door and the start of care, by the pathway's means.
    fn handovers(&self) -> Vec<u32> {
        let first_leg = &self.prepared.region.network().catalog().first_leg;
        let means = self.prepared.pathway.first_leg.iter();
        means.map(|&means| first_leg.around(means).1.0).collect()
    }

    /// Times to the first door and to every stage, over everybody inside.
    pub fn stages(&self) -> Vec<StageTimes> {
        let people = self.people();
        let total: u64 = people.iter().map(|&people| u64::from(people)).sum();
        let stages = self.prepared.pathway.stages.len();
        let mut starts = vec![TimeDistribution::new(); stages + 1];
        let mut ends = vec![TimeDistribution::new(); stages + 1];
        self.each_time(&people, &mut |point, time, weight| match point {
            Point::Door => starts[0].add(time, weight),
            Point::HandedOver => ends[0].add(time, weight),
            Point::Start(stage) => starts[stage + 1].add(time, weight),
            Point::Done(stage) => ends[stage + 1].add(time, weight),
        });
        let all = starts.iter().zip(&ends).enumerate();
        all.map(|(index, (start, done))| StageTimes {
            stage: index.checked_sub(1),
            people: total,
            without_way: done.unreached() as f64 / f64::from(MILLION),
            start: Times::of(start),
            done: Times::of(done),
        })
        .collect()
    }

    /// Who meets the pathway's targets.
    pub fn targets(&self) -> Vec<TargetResult> {
        let people = self.people();
        let total: u64 = people.iter().map(|&people| u64::from(people)).sum();
        let targets = &self.prepared.pathway.targets;
        let mut within = vec![0_u64; targets.len()];
        self.each_time(&people, &mut |point, time, weight| {
            self.count_in_time(&mut within, point, time, weight);
        });
        let all = targets.iter().zip(within);
        all.map(|(target, within)| TargetResult {
            target: target.clone(),
            people: total,
            share: share(within, total),
        })
        .collect()
    }

    /// Adds a weight to every target that a time of this point meets.
    fn count_in_time(&self, within: &mut [u64], point: Point, time: Option<Seconds>, weight: u64) {
        for (target, within) in self.prepared.pathway.targets.iter().zip(within) {
            let is_in_time = time.is_some_and(|time| time <= target.limit());
            if is_in_time && self.is_at(&target.to, point) {
                *within += weight;
            }
        }
    }

    fn is_at(&self, to: &TargetPoint, point: Point) -> bool {
        let stage = |key: &str| self.prepared.pathway.stage(key);
        match (to, point) {
            (TargetPoint::Door, Point::Door) => true,
            (TargetPoint::Start(key), Point::Start(at))
            | (TargetPoint::Done(key), Point::Done(at)) => stage(key) == Some(at),
            _ => false,
        }
    }

    /// Times of every place inside.
    pub fn places(&self) -> Vec<PlaceTimes> {
        let region = self.prepared.region;
        let pathway = self.prepared.pathway;
        let people = self.people();
        let cases = self.cases();
        let (choosers, handovers) = (self.choosers(), self.handovers());
        let million = f64::from(MILLION);
        let inside = region.place_ids().filter(|id| !region.place(*id).outside);
        let of_place = |place: PlaceId| {
            let parts = region.parts_of(place);
            let total: u64 = parts.clone().map(|part| u64::from(people[part])).sum();
            let mut ends = vec![TimeDistribution::new(); pathway.stages.len()];
            let mut within = vec![0_u64; pathway.targets.len()];
            let mut each = |point: Point, time: Option<Seconds>, weight: u64| {
                if let Point::Done(stage) = point {
                    ends[stage].add(time, weight);
                }
                self.count_in_time(&mut within, point, time, weight);
            };
            for slice in &self.slices {
                for part in parts.clone() {
                    let weight = u64::from(people[part]) * u64::from(slice.share);
                    self.part_times(&choosers, &handovers, slice.parts[part], weight, &mut each);
                }
            }
            PlaceTimes {
                place,
                people: total,
                cases: cases.as_ref().map(|cases| cases[parts].iter().sum()),
                without_way: ends.last().map_or(0.0, |one| one.unreached() as f64 / million),
                stages: ends.iter().map(Times::of).collect(),
                targets: within.iter().map(|&within| share(within, total)).collect(),
            }
        };
        inside.map(of_place).collect()
    }

    /// Calls `each` with every time of every part, weighted by people and millionths of arrivals.
    fn each_time(&self, people: &[u32], each: &mut impl FnMut(Point, Option<Seconds>, u64)) {
        let (choosers, handovers) = (self.choosers(), self.handovers());
        for slice in &self.slices {
            for (chosen, &people) in slice.parts.iter().zip(people) {
                if people > 0 {
                    let weight = u64::from(people) * u64::from(slice.share);
                    self.part_times(&choosers, &handovers, *chosen, weight, each);
                }
            }
        }
    }

    fn part_times(
        &self,
        choosers: &[Option<Chooser<'_>>],
        handovers: &[u32],
        chosen: Option<Chosen>,
        weight: u64,
        each: &mut impl FnMut(Point, Option<Seconds>, u64),
    ) {
        let mut done = 0;
        if let Some(chosen) = chosen {
            let arrival = chosen.choice.arrival;
            let at_work = arrival.time + chosen.wait;
            let door = at_work - handovers[usize::from(arrival.means)];
            each(Point::Door, Some(Seconds(door)), weight);
            each(Point::HandedOver, Some(Seconds(at_work)), weight);
            Self::steps(choosers, chosen, |step| {
                each(Point::Start(step.stage), Some(Seconds(step.start)), weight);
                each(Point::Done(step.stage), Some(Seconds(step.done)), weight);
                done = step.stage + 1;
            });
        } else {
            each(Point::Door, None, weight);
            each(Point::HandedOver, None, weight);
        }
        for stage in done..self.prepared.pathway.stages.len() {
            each(Point::Start(stage), None, weight);
            each(Point::Done(stage), None, weight);
        }
    }
}

/// The share of people whose weights in millionths add up to `within`; 1 of nobody.
fn share(within: u64, people: u64) -> f64 {
    if people == 0 { 1.0 } else { within as f64 / f64::from(MILLION) / people as f64 }
}

/// What a time is about.
#[derive(Debug, Clone, Copy)]
enum Point {
    Door,
    HandedOver,
    Start(usize),
    Done(usize),
}
