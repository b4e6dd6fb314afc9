//! Figures of an outcome: times to every stage, targets, places.

use std::ops::Range;

use serde::Serialize;

use super::choose::Chosen;
use super::course::{Point, PointPair, Spans};
use super::label::NONE;
use super::limits::TimeLimits;
use super::outcome::Outcome;
use super::scatter::{Laws, Mixture};
use super::sites::Prepared;
use super::when::MILLION;
use crate::model::{Ends, Event, OverBand, PatientGroup, PublishedTime, StageIndex, Target};
use crate::region::{PlaceId, Region};
use crate::units::{Seconds, as_seconds};

/// A distribution of times in figures: weighted by people and the share of their hours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Times {
    /// Mean of those who have a way, in seconds.
    pub mean_seconds: Option<f64>,
    /// The median time; `None` when it is longer than any.
    #[serde(rename = "median_seconds", serialize_with = "as_seconds")]
    pub median: Option<Seconds>,
    /// The time that 90 % of the people do not exceed.
    #[serde(rename = "p90_seconds", serialize_with = "as_seconds")]
    pub p90: Option<Seconds>,
}

impl Times {
    fn of(times: &Mixture, laws: &Laws) -> Self {
        Self {
            mean_seconds: times.mean_seconds(laws),
            median: times.median(laws),
            p90: times.quantile(laws, 0.9),
        }
    }
}

/// When a stage starts and is done, over everybody.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StageTimes {
    /// The stage; `None` for the first door.
    pub stage: Option<StageIndex>,
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TargetResult {
    /// The target.
    pub target: Target,
    /// Residents of the pathway's population.
    pub people: u64,
    /// Share of them within the limit, inclusive; `None` where nobody of the population lives.
    pub share: Option<f64>,
    /// The share at both ends of the band of the travel times; `None` unless asked for by
    /// [`Outcome::targets_over_band`].
    pub share_band: Option<ShareBand>,
    /// Whether the share is a lower bound, because several teams were alerted before their patient came, in
    /// a way that is not worked out: what scatters before that makes all of them late together.
    pub is_bound: bool,
    /// The shortest possible time from its clock to its event: without a journey, by the best way that
    /// anybody in the network has; `None` where nobody can do it.
    #[serde(rename = "shortest_seconds", serialize_with = "as_seconds")]
    pub shortest: Option<Seconds>,
    /// The longest possible time of those who get there: journeys and transfers as long as the region's
    /// travel times go, by the slowest way.
    #[serde(rename = "longest_seconds", serialize_with = "as_seconds")]
    pub longest: Option<Seconds>,
}

/// A share within a target at both ends of the band of the travel times, 0 to 1.
pub type ShareBand = Ends<f64>;

/// How many are in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InTime {
    Nobody,
    Some,
    Everybody,
}

impl InTime {
    fn of(share: f64) -> Self {
        // Sums of laws that scatter come to all of the people but for their last digits.
        match share {
            share if share <= 1e-9 => Self::Nobody,
            share if share >= 1.0 - 1e-9 => Self::Everybody,
            _ => Self::Some,
        }
    }
}

/// Whether everybody, somebody or nobody is in time over the whole band, as by the times as stated.
fn in_time_over_band(share: Option<f64>, band: Option<ShareBand>) -> Option<OverBand> {
    let in_time = InTime::of(share?);
    Some(OverBand::over(&in_time, &band?.map(|share| InTime::of(*share))))
}

impl TargetResult {
    /// Whether it is the same over the band that everybody, somebody or nobody is in time; `None` without a band.
    pub fn over_band(&self) -> Option<OverBand> {
        in_time_over_band(self.share, self.share_band)
    }

    /// Results with the bands that those at both ends make; as they are where an end is missing.
    pub fn with_bands(mut stated: Vec<Self>, ends: Option<Ends<Option<Vec<Self>>>>) -> Vec<Self> {
        let Some(ends) = ends.and_then(Ends::both) else { return stated };
        for (number, target) in stated.iter_mut().enumerate() {
            target.share_band = ends.map(|targets| targets[number].share).both();
        }
        stated
    }

    /// The least and the greatest of the share as stated and those at both ends of the band; `None` without one.
    pub fn share_around(&self) -> Option<(f64, f64)> {
        let (share, band) = (self.share?, self.share_band?);
        Some((share.min(band.quick).min(band.slow), share.max(band.quick).max(band.slow)))
    }

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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
    /// Share within each target, in their order; `None` where nobody of the population lives.
    pub targets: Vec<Option<f64>>,
    /// The same shares at both ends of the band of the travel times; `None` unless asked for by
    /// [`Outcome::places_in`] both ends and given to
    /// [`Self::with_bands`], and where nobody lives.
    pub target_bands: Vec<Option<ShareBand>>,
}

impl PlaceTimes {
    /// Times of places with the bands of their shares that those at both ends make; as they are where an end is missing.
    pub fn with_bands(mut stated: Vec<Self>, ends: Option<Ends<Option<Vec<Self>>>>) -> Vec<Self> {
        let Some(ends) = ends.and_then(Ends::both) else { return stated };
        for (number, place) in stated.iter_mut().enumerate() {
            for (target, band) in place.target_bands.iter_mut().enumerate() {
                *band = ends.map(|places| places[number].targets[target]).both();
            }
        }
        stated
    }

    /// Whether it is the same over the band that everybody, somebody or nobody of the place is within the target at this
    /// position; `None` without a band.
    pub fn over_band(&self, target: usize) -> Option<OverBand> {
        in_time_over_band(*self.targets.get(target)?, *self.target_bands.get(target)?)
    }
}

/// Model beside a published time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PublishedResult {
    /// What was published.
    pub published: PublishedTime,
    /// Share of the people with a way who are in its group; 0 where nobody is.
    pub group_share: f64,
    /// The model's median over the people of the group; `None` where nobody is in it.
    #[serde(rename = "median_seconds", serialize_with = "as_seconds")]
    pub median: Option<Seconds>,
    /// The times that a quarter and that three quarters of them do not exceed.
    pub quartiles: Option<Quartiles>,
    /// Shares of them within the limits of the published ones, in their order.
    pub within: Vec<f64>,
}

/// The times that a quarter and that three quarters of some people do not exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Quartiles {
    /// Of a quarter.
    #[serde(rename = "lower_seconds", serialize_with = "as_seconds")]
    pub lower: Seconds,
    /// Of three quarters.
    #[serde(rename = "upper_seconds", serialize_with = "as_seconds")]
    pub upper: Seconds,
}

impl StageTimes {
    /// Share of the people who have no way to it, 0 to 1; `None` where nobody of the population lives.
    pub fn share_without_way(&self) -> Option<f64> {
        if self.people == 0 {
            return None;
        }
        Some(self.without_way / self.people as f64)
    }
}

impl Outcome<'_, '_> {
    /// Times to the first door and to every stage, over everybody inside.
    pub fn stages(&self) -> Vec<StageTimes> {
        let people = self.people();
        let total = sum(&people);
        let mut pairs = vec![PointPair::since_call(Point::Door)];
        pairs.push(PointPair::since_call(Point::Handover));
        for stage in 0..self.prepared.pathway.stages.len() {
            pairs.push(PointPair::since_call(Point::Start(stage)));
            pairs.push(PointPair::since_call(Point::Done(stage)));
        }
        let Mixtures { times, laws, .. } = self.mixtures(pairs, &people);
        let mut stages = Vec::new();
        // The door comes first, then each stage: a pair of start and end of each.
        // The first pair is that of the door, which is no stage.
        let mut numbers = vec![None];
        for stage in &self.prepared.stages {
            numbers.push(Some(*stage));
        }
        for (stage, pair) in numbers.into_iter().zip(times.chunks(2)) {
            stages.push(StageTimes {
                stage,
                people: total,
                without_way: pair[1].unreached() as f64 / f64::from(MILLION),
                start: Times::of(&pair[0], &laws),
                done: Times::of(&pair[1], &laws),
            });
        }
        stages
    }

    /// Who meets the pathway's targets.
    pub fn targets(&self) -> Vec<TargetResult> {
        let people = self.people();
        let total = sum(&people);
        let pairs = self.target_pairs();
        let Mixtures { times, laws, bounds } = self.mixtures(pairs.clone(), &people);
        let mut results = Vec::new();
        for (number, target) in self.prepared.pathway.targets.iter().enumerate() {
            let PointPair { from, to } = pairs[number];
            let (shortest, longest) = match self.prepared.limits(from, to) {
                Some(TimeLimits { shortest, longest }) => (Some(shortest), Some(longest)),
                None => (None, None),
            };
            results.push(TargetResult {
                target: target.clone(),
                people: total,
                share_band: None,
                share: share(times[number].within(&laws, target.limit()), total),
                is_bound: bounds[number],
                shortest,
                longest,
            });
        }
        results
    }

    /// Who meets the pathway's targets, each with its band: the same query on journeys by road that are all as quick,
    /// and all as slow, as the region's margin allows. The ambulance's way to the scene is a duration of the first
    /// leg, not a journey, and is the same; so are flights.
    ///
    /// It costs as much as setting up and evaluating the pathway twice more, and two copies of the region's lists;
    /// without a margin, as much as [`Self::targets`].
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::model::Margin;
    /// use verbund::pathways::{Prepared, Query};
    /// use verbund::units::Seconds;
    ///
    /// let region = Region::leipzig()?.with_margin(Margin::new(0.2, Seconds(0)));
    /// let stemi = region.network().catalog().pathway("stemi").ok_or("no pathway")?;
    /// let prepared = Prepared::new(&region, stemi, &[])?;
    /// let hour = &prepared.evaluate(&Query::default())?.targets_over_band()[0];
    /// let band = hour.share_band.ok_or("no band")?;
    /// assert!(band.slow < 0.9 && 0.9 < band.quick); // 90.4 % by the times as stated
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn targets_over_band(&self) -> Vec<TargetResult> {
        let ends = self.prepared.region().at_ends(|region| self.targets_in(region));
        TargetResult::with_bands(self.targets(), ends)
    }

    /// Who meets the targets where journeys are those of another region of the same network, such as an end of the band
    /// ([`Region::at_ends`]); `None` where the query cannot be asked there.
    pub fn targets_in(&self, region: &Region) -> Option<Vec<TargetResult>> {
        let prepared = self.prepared_in(region)?;
        let outcome = prepared.evaluate(self.query()).ok()?;
        Some(outcome.targets())
    }

    /// Times of every place inside where journeys are those of another region of the same network and places.
    pub fn places_in(&self, region: &Region) -> Option<Vec<PlaceTimes>> {
        let prepared = self.prepared_in(region)?;
        let outcome = prepared.evaluate(self.query()).ok()?;
        Some(outcome.places())
    }

    /// The pathway in another region of the same network.
    fn prepared_in<'a>(&'a self, region: &'a Region) -> Option<Prepared<'a>> {
        // Hospitals and ways are those that were there: what could be asked as stated can be asked here.
        let (pathway, added) = (self.prepared.pathway(), self.prepared.added());
        Prepared::even_if_unmet(region, pathway, added).ok()
    }

    /// The pathway's published times beside those of its people inside.
    pub fn published(&self) -> Vec<PublishedResult> {
        let people = self.people();
        let mut results = Vec::with_capacity(self.prepared.pathway.published.len());
        for published in &self.prepared.pathway.published {
            results.push(self.beside(published, &people));
        }
        results
    }

    /// The model beside one published time.
    fn beside(&self, published: &PublishedTime, people: &[u32]) -> PublishedResult {
        let (from, to) = (self.point(&published.from), self.point(&published.to));
        let mut spans = Spans::new(self, vec![PointPair { from, to }]);
        let mut group = Mixture::default();
        let mut with_way = 0;
        self.each_chosen(people, &mut |chosen, weight| {
            let Some(span) = spans.of(chosen)[0] else { return };
            with_way += weight;
            if self.is_in_group(chosen, to, published.group) {
                group.add(Some(span), weight);
            }
        });

        let laws = &spans.laws;
        let in_group = group.people() as f64;
        let mut within = Vec::with_capacity(published.within.len());
        for limit in &published.within {
            let people = group.within(laws, Seconds::from_minutes(limit.minutes));
            within.push(if in_group > 0.0 { people / in_group } else { 0.0 });
        }
        let quartiles = match (group.quantile(laws, 0.25), group.quantile(laws, 0.75)) {
            (Some(lower), Some(upper)) => Some(Quartiles { lower, upper }),
            // Nobody is in the group.
            _ => None,
        };
        PublishedResult {
            published: published.clone(),
            group_share: if with_way > 0 { in_group / with_way as f64 } else { 0.0 },
            median: group.median(laws),
            quartiles,
            within,
        }
    }

    /// Whether who takes a route belongs to a group, by transfers before an event.
    fn is_in_group(&self, chosen: Option<Chosen>, to: Point, group: PatientGroup) -> bool {
        let is_transferred = || chosen.is_some_and(|chosen| self.is_transferred(chosen, to));
        match group {
            PatientGroup::All => true,
            PatientGroup::Direct => !is_transferred(),
            PatientGroup::Transferred => is_transferred(),
        }
    }

    /// Whether a route has a transfer before an event.
    fn is_transferred(&self, chosen: Chosen, to: Point) -> bool {
        let stages_before = match to {
            Point::Arrival(stage)
            | Point::Departure(stage)
            | Point::Start(stage)
            | Point::Done(stage) => stage,
            Point::Call | Point::FirstContact | Point::Door | Point::Handover => 0,
        };
        let plan = self.plans.of(chosen.class);
        let mut label = plan.label(chosen.route.label);
        for _ in 0..stages_before {
            if label.transfer.is_some() {
                return true;
            }
            if label.next == NONE {
                return false;
            }
            label = plan.label(label.next);
        }
        false
    }

    fn point(&self, event: &Event) -> Point {
        Point::of(&self.prepared.pathway, event).expect("checked: its stage exists")
    }

    /// Clock and event of each target.
    pub(super) fn target_pairs(&self) -> Vec<PointPair> {
        let mut pairs = Vec::new();
        for target in &self.prepared.pathway.targets {
            pairs.push(PointPair { from: self.point(&target.from), to: self.point(&target.to) });
        }
        pairs
    }

    /// Times of every place inside.
    pub fn places(&self) -> Vec<PlaceTimes> {
        let region = &self.prepared.region;
        // One set of spans for all places: places share routes, and each route's laws are worked out once.
        let people = self.people();
        let cases = self.cases();
        let mut pairs = Vec::new();
        for stage in 0..self.prepared.pathway.stages.len() {
            pairs.push(PointPair::since_call(Point::Done(stage)));
        }
        pairs.extend(self.target_pairs());
        let mut spans = Spans::new(self, pairs);
        let mut places = Vec::new();
        for place in region.place_ids() {
            if region.place(place).outside {
                continue;
            }
            let parts = region.parts_of(place);
            let cases = cases.as_ref().map(|cases| cases[parts.clone()].iter().sum());
            let times = self.times_of(parts.clone(), &people, &mut spans);
            let who = Counted { place, people: sum(&people[parts]), cases };
            places.push(self.place_times(who, &times, &spans.laws));
        }
        places
    }

    /// Times of people at some parts, in the order of the pairs.
    fn times_of(
        &self,
        parts: Range<usize>,
        people: &[u32],
        spans: &mut Spans<'_, '_, '_>,
    ) -> Vec<Mixture> {
        let mut times = vec![Mixture::default(); spans.pairs.len()];
        for slice in &self.slices {
            for part in parts.clone() {
                let weight = u64::from(people[part]) * u64::from(slice.share);
                for (times, span) in times.iter_mut().zip(spans.of(slice.parts[part])) {
                    times.add(*span, weight);
                }
            }
        }
        times
    }

    /// The figures of a place, from the times to the end of each stage and within each target.
    fn place_times(&self, who: Counted, times: &[Mixture], laws: &Laws) -> PlaceTimes {
        let Counted { place, people, cases } = who;
        let pathway = &self.prepared.pathway;
        let (ends, within) = times.split_at(pathway.stages.len());
        let mut targets = Vec::with_capacity(within.len());
        for (target, times) in pathway.targets.iter().zip(within) {
            targets.push(share(times.within(laws, target.limit()), people));
        }
        let mut stages = Vec::with_capacity(ends.len());
        for times in ends {
            stages.push(Times::of(times, laws));
        }
        let without_way = ends.last().map_or(0, Mixture::unreached);
        let target_bands = vec![None; targets.len()];
        PlaceTimes {
            place,
            people,
            cases,
            without_way: without_way as f64 / f64::from(MILLION),
            stages,
            targets,
            target_bands,
        }
    }

    /// Everybody's times between pairs of events, weighted by people and millionths of arrivals.
    fn mixtures(&self, pairs: Vec<PointPair>, people: &[u32]) -> Mixtures {
        let mut times = vec![Mixture::default(); pairs.len()];
        let mut spans = Spans::new(self, pairs);
        self.each_chosen(people, &mut |chosen, weight| {
            for (times, span) in times.iter_mut().zip(spans.of(chosen)) {
                times.add(*span, weight);
            }
        });
        Mixtures { times, laws: spans.laws, bounds: spans.bounds }
    }

    /// Calls `each` with the route of every part, weighted by people and millionths of arrivals.
    fn each_chosen(&self, people: &[u32], each: &mut impl FnMut(Option<Chosen>, u64)) {
        // Whole numbers, people times millionths: sums do not depend on their order.
        for slice in &self.slices {
            for (chosen, &people) in slice.parts.iter().zip(people) {
                if people > 0 {
                    each(*chosen, u64::from(people) * u64::from(slice.share));
                }
            }
        }
    }
}

/// Who counts at a place.
#[derive(Debug, Clone, Copy)]
struct Counted {
    place: PlaceId,
    people: u64,
    /// A year; `None` where nobody knows.
    cases: Option<f64>,
}

/// Times between pairs of events, in the order of the pairs.
struct Mixtures {
    times: Vec<Mixture>,
    laws: Laws,
    /// Whether a time is a bound only.
    bounds: Vec<bool>,
}

/// How many people there are.
fn sum(people: &[u32]) -> u64 {
    let mut sum = 0;
    for people in people {
        // Wide enough for everybody on Earth: the people of a part are counted in 32 bits.
        sum += u64::from(*people);
    }
    sum
}

/// The share of people whose weights in millionths add up to `within`; `None` of nobody.
fn share(within: f64, people: u64) -> Option<f64> {
    if people == 0 {
        return None;
    }
    Some(within / f64::from(MILLION) / people as f64)
}
