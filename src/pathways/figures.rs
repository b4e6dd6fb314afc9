//! Figures of an outcome: times to every stage, targets, places.

use super::outcome::Outcome;
use super::timeline::{Point, Timeline, Walker};
use super::when::MILLION;
use crate::model::Target;
use crate::region::PlaceId;
use crate::stats::TimeDistribution;
use crate::units::Seconds;

/// A distribution of times in figures: weighted by people and the share of their hours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    /// Mean of those who have a way, in seconds.
    pub mean_seconds: Option<f64>,
    /// The median time; `None` when it is longer than any.
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
    /// The shortest possible time from its clock to its event: without a journey, by the best way that
    /// anybody in the network has; `None` where nobody can do it.
    pub shortest: Option<Seconds>,
    /// The longest possible time of who gets there: journeys and transfers as long as the region's
    /// travel times go, by the slowest way.
    pub longest: Option<Seconds>,
}

impl TargetResult {
    /// Whether the limit is below the shortest possible time: no network and no place could meet it.
    pub fn is_out_of_reach(&self) -> bool {
        self.shortest.is_some_and(|shortest| shortest > self.target.limit())
    }

    /// Whether even the longest possible time is within the limit: all who have a way are in time,
    /// whatever the network, because durations that are given make up the whole of it.
    pub fn is_certain(&self) -> bool {
        self.longest.is_some_and(|longest| longest <= self.target.limit())
    }
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
    /// Times to the first door and to every stage, over everybody inside.
    pub fn stages(&self) -> Vec<StageTimes> {
        let people = self.people();
        let total: u64 = people.iter().map(|&people| u64::from(people)).sum();
        let stages = self.prepared.pathway.stages.len();
        let mut starts = vec![TimeDistribution::new(); stages + 1];
        let mut ends = vec![TimeDistribution::new(); stages + 1];
        self.each_timeline(&people, &mut |timeline, weight| {
            starts[0].add(timeline.time(Point::Door), weight);
            ends[0].add(timeline.time(Point::Handover), weight);
            for stage in 0..stages {
                starts[stage + 1].add(timeline.time(Point::Start(stage)), weight);
                ends[stage + 1].add(timeline.time(Point::Done(stage)), weight);
            }
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
        let spans = self.target_spans();
        let mut within = vec![0_u64; targets.len()];
        self.each_timeline(&people, &mut |timeline, weight| {
            count_in_time(&spans, &mut within, (timeline, weight));
        });
        let mut results = Vec::new();
        for (index, target) in targets.iter().enumerate() {
            let limits = self.prepared.limits(spans[index].from, spans[index].to);
            results.push(TargetResult {
                target: target.clone(),
                people: total,
                share: share(within[index], total),
                shortest: limits.map(|limits| limits.shortest),
                longest: limits.map(|limits| limits.longest),
            });
        }
        results
    }

    /// The targets of the pathway by numbers.
    fn target_spans(&self) -> Vec<TargetSpan> {
        let pathway = self.prepared.pathway;
        let point = |event| Point::of(pathway, event).expect("checked: its stage exists");
        let targets = pathway.targets.iter();
        targets
            .map(|target| TargetSpan {
                from: point(&target.from),
                to: point(&target.to),
                limit: target.limit(),
            })
            .collect()
    }

    /// Times of every place inside.
    pub fn places(&self) -> Vec<PlaceTimes> {
        let region = self.prepared.region;
        let pathway = self.prepared.pathway;
        let people = self.people();
        let cases = self.cases();
        let choosers = self.choosers();
        let mut walker = Walker::new(self, &choosers);
        let spans = self.target_spans();
        let million = f64::from(MILLION);
        let mut places = Vec::new();
        for place in region.place_ids().filter(|id| !region.place(*id).outside) {
            let parts = region.parts_of(place);
            let total: u64 = parts.clone().map(|part| u64::from(people[part])).sum();
            let mut ends = vec![TimeDistribution::new(); pathway.stages.len()];
            let mut within = vec![0_u64; spans.len()];
            for slice in &self.slices {
                for part in parts.clone() {
                    let weight = u64::from(people[part]) * u64::from(slice.share);
                    let timeline = walker.walk(slice.parts[part]);
                    for (stage, ends) in ends.iter_mut().enumerate() {
                        ends.add(timeline.time(Point::Done(stage)), weight);
                    }
                    count_in_time(&spans, &mut within, (timeline, weight));
                }
            }
            places.push(PlaceTimes {
                place,
                people: total,
                cases: cases.as_ref().map(|cases| cases[parts].iter().sum()),
                without_way: ends.last().map_or(0.0, |ends| ends.unreached() as f64 / million),
                stages: ends.iter().map(Times::of).collect(),
                targets: within.iter().map(|&within| share(within, total)).collect(),
            });
        }
        places
    }

    /// Calls `each` with the timeline of every part, weighted by people and millionths of arrivals.
    fn each_timeline(&self, people: &[u32], each: &mut impl FnMut(&Timeline, u64)) {
        let choosers = self.choosers();
        let mut walker = Walker::new(self, &choosers);
        for slice in &self.slices {
            for (chosen, &people) in slice.parts.iter().zip(people) {
                if people > 0 {
                    let weight = u64::from(people) * u64::from(slice.share);
                    each(walker.walk(*chosen), weight);
                }
            }
        }
    }
}

/// A target by numbers.
#[derive(Debug, Clone, Copy)]
struct TargetSpan {
    from: Point,
    to: Point,
    limit: Seconds,
}

/// Adds a weight to every target that a timeline meets.
fn count_in_time(spans: &[TargetSpan], within: &mut [u64], (timeline, weight): (&Timeline, u64)) {
    for (span, within) in spans.iter().zip(within) {
        if timeline.between(span.from, span.to).is_some_and(|time| time <= span.limit) {
            *within += weight;
        }
    }
}

/// The share of people whose weights in millionths add up to `within`; 1 of nobody.
fn share(within: u64, people: u64) -> f64 {
    if people == 0 { 1.0 } else { within as f64 / f64::from(MILLION) / people as f64 }
}
