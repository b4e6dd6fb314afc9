//! Road maps as a travel model.

use std::sync::{Arc as Shared, Mutex, PoisonError};

use rayon::prelude::*;
use serde::{Serialize, Serializer};

use super::map::{Arc, CLOSED};
use super::search::{FAR, Scratch, Seed, whole_seconds};
use super::selection::Selection;
use super::snap::{Snap, SnapIndex};
use super::turns::{TurnGraph, turn_graph};
use super::{Driving, Longest, RoadError, RoadGraph, RoadMap};
use crate::model::{Margin, MissingRoad, Position, Road, RoadOfMap};
use crate::travel::{HospitalJourneys, Limits, Stop, TravelError, TravelModel, TravelTimes};
use crate::units::{Metres, Seconds};
use crate::words;

/// Metres a second on the way to the road: 15 km/h, as on a track.
pub(super) const TRACK_SPEED: f64 = 15.0 / 3.6;

/// Times over the roads of a map by car, as a travel model.
///
/// A position is led to the nearest road that can be entered (no motorway, no ferry), straight at 15 km/h, and on
/// along it; one that is farther than [`RoadTravel::FARTHEST`] from any has no way. From each hospital one search
/// against the traffic tells all times to it, in tenths of a second inside and in whole seconds outside. Journeys
/// between hospitals are told by the roads, too; one from a position to itself takes no time.
///
/// Times are those of free roads: of posted limits 80 % are driven, lights, turns and gates cost what the import
/// says; nobody waits in traffic. [`RoadTravel::at`] takes them at other hours.
#[derive(Debug)]
pub struct RoadTravel {
    pub(super) map: Shared<RoadMap>,
    driving: Driving,
    tenths: Vec<u32>,
    pub(super) graph: RoadGraph,
    /// The junction of each arc at the beginning of a journey.
    pub(super) starts: Vec<u32>,
    index: SnapIndex,
    /// How many roads scenarios cut.
    cut_roads: usize,
    /// How many they slowed down.
    slow_roads: usize,
    /// What searches work on, kept for the next ones.
    scratches: Mutex<Vec<Scratch>>,
}

/// A stop that is far from any road.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FarStop {
    /// Key of the place or hospital.
    pub key: String,
    /// Metres to the nearest road, straight.
    #[serde(rename = "metres", serialize_with = "whole_metres")]
    pub distance: Metres,
}

pub(super) fn whole_metres<S: Serializer>(distance: &Metres, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u32(distance.0)
}

impl RoadTravel {
    /// A position farther than this from any road has no way: 10 km.
    pub const FARTHEST: Metres = Metres(10_000);

    /// Times over the roads of a map.
    ///
    /// # Errors
    ///
    /// When the map has more turns than a graph can hold.
    pub fn new(map: Shared<RoadMap>) -> Result<Self, RoadError> {
        Self::at(map, Driving::default())
    }

    /// Times over the roads of a map at some hours, in some weather, or in an ambulance.
    ///
    /// # Errors
    ///
    /// Those of [`RoadTravel::new`].
    pub fn at(map: Shared<RoadMap>, driving: impl Into<Driving>) -> Result<Self, RoadError> {
        let driving = driving.into();
        let mut tenths = Vec::with_capacity(map.pieces.len() * 2);
        for piece in &map.pieces {
            let factor = driving.factor(piece.class);
            for free in [piece.forward, piece.backward] {
                let slower = (f64::from(free) * factor).round() as u32;
                // What is closed stays closed, whatever the factor.
                tenths.push(if free == CLOSED { CLOSED } else { slower.min(CLOSED - 1) });
            }
        }
        let TurnGraph { graph, starts } = turn_graph(&map, &tenths, driving.side)?;
        // Who lives at a closed road starts from the next one that is open.
        let is_open = |piece: usize| tenths[piece * 2] != CLOSED || tenths[piece * 2 + 1] != CLOSED;
        let index = SnapIndex::of(&map, is_open);
        let scratches = Mutex::default();
        Ok(Self {
            map,
            driving,
            tenths,
            graph,
            starts,
            index,
            cut_roads: 0,
            slow_roads: 0,
            scratches,
        })
    }

    /// The same roads, cut where they lead through an area: from both of its sides one drives up to it, and round.
    /// Roads that only come near it stay whole.
    ///
    /// # Errors
    ///
    /// Those of [`RoadTravel::new`].
    pub fn without_roads_through(&self, corners: &[Position]) -> Result<Self, RoadError> {
        let closed = self.map.without(&Selection::of_area(corners, &self.map));
        self.over(closed.map, closed.pieces, 0)
    }

    /// The same roads while some of them are slow or closed, on top of those before; other weights of the same map, and
    /// no new import.
    ///
    /// ```no_run
    /// use std::path::Path;
    /// use std::sync::Arc;
    ///
    /// use verbund::model::RoadOfMap;
    /// use verbund::roads::{RoadMap, RoadTravel};
    ///
    /// let map = RoadMap::read(Path::new("saxony.roads"))?;
    /// let travel = RoadTravel::new(Arc::new(map))?;
    /// let bridge = RoadOfMap { names: vec!["B 182".into()], ..RoadOfMap::default() };
    /// let round_about = travel.with_road(&bridge)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first thing that the map lacks of it; or the map has more turns than a graph can hold.
    pub fn with_road(&self, road: &RoadOfMap) -> Result<Self, MissingRoad> {
        if let Some(missing) = self.map.missing(road).into_iter().next() {
            return Err(missing);
        }
        let selection = Selection::of(road, &self.map);
        let travel = match road.factor {
            None => {
                let closed = self.map.without(&selection);
                self.over(closed.map, closed.pieces, 0)
            }
            Some(factor) => {
                let slowed = self.map.slowed(&selection, factor);
                self.over(slowed.map, 0, slowed.pieces)
            }
        };
        travel.map_err(|_| MissingRoad::TooManyTurns)
    }

    /// The same over another map, in which more roads are cut and slow.
    fn over(&self, map: RoadMap, cut: usize, slow: usize) -> Result<Self, RoadError> {
        let travel = Self::at(Shared::new(map), self.driving)?;
        let (cut_roads, slow_roads) = (self.cut_roads + cut, self.slow_roads + slow);
        Ok(Self { cut_roads, slow_roads, ..travel })
    }

    /// The graph that is searched.
    #[cfg(test)]
    pub(super) fn graph(&self) -> &RoadGraph {
        &self.graph
    }

    /// The roads.
    pub fn map(&self) -> &RoadMap {
        &self.map
    }

    /// The stops that are farther from any road than so many metres, the farthest first, ties by key.
    pub fn far_stops(&self, stops: &[Stop<'_>], more_than: Metres) -> Vec<FarStop> {
        let mut far = Vec::new();
        for (stop, snap) in stops.iter().zip(self.snapped(stops)) {
            // Without any road at all a stop is as far as can be.
            let metres = snap.map_or(f64::from(u32::MAX), |snap| snap.metres.round());
            let distance = Metres(metres as u32);
            if distance > more_than {
                far.push(FarStop { key: stop.key.to_owned(), distance });
            }
        }
        far.sort_by(|a, b| b.distance.0.cmp(&a.distance.0).then_with(|| a.key.cmp(&b.key)));
        far
    }

    /// Where stops are on the roads, however far.
    fn snapped(&self, stops: &[Stop<'_>]) -> Vec<Option<Snap>> {
        stops.par_iter().map(|stop| self.index.nearest(&self.map, stop.unit)).collect()
    }

    /// The time from each start to a hospital.
    fn column(&self, starts: &Starts<'_>, end: &Stop<'_>, limit: Seconds) -> Vec<Option<Seconds>> {
        let Some(snap) = self.snap(end).filter(is_near) else {
            return vec![None; starts.stops.len()];
        };
        let scratch = self.searched(snap, Longest::new(limit).tenths());
        let mut times = Vec::with_capacity(starts.stops.len());
        for (stop, start) in starts.stops.iter().zip(&starts.snaps) {
            let time = match start.filter(is_near) {
                _ if stop.position == end.position => Some(Seconds(0)),
                Some(start) => self.tenths_between(start, snap, &scratch).map(whole_seconds),
                None => None,
            };
            times.push(time);
        }
        self.give_back(scratch);
        times
    }

    /// Where a stop is on the roads, however far.
    pub(super) fn snap(&self, stop: &Stop<'_>) -> Option<Snap> {
        self.index.nearest(&self.map, stop.unit)
    }

    /// Tenths of a second from the end of every arc to a hospital, up to `most`.
    pub(super) fn searched(&self, hospital: Snap, most: u32) -> Scratch {
        let mut scratch = self.scratches().pop().unwrap_or_default();
        self.graph.search(&self.seeds(hospital), most, &mut scratch);
        scratch
    }

    /// Keeps what a search worked on for the next one.
    pub(super) fn give_back(&self, scratch: Scratch) {
        self.scratches().push(scratch);
    }

    fn scratches(&self) -> std::sync::MutexGuard<'_, Vec<Scratch>> {
        // A search that panicked has not given its scratch back.
        self.scratches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tenths of a second of a share of an arc; `None` where it is closed.
    pub(super) fn part(&self, arc: Arc, share: f64) -> Option<u32> {
        let tenths = self.tenths[arc.0 as usize];
        (tenths != CLOSED).then(|| (f64::from(tenths) * share).round() as u32)
    }

    /// Where searches begin for a hospital on a piece: at the arcs from which one turns into the piece.
    fn seeds(&self, snap: Snap) -> Vec<Seed> {
        let mut seeds = Vec::new();
        for OnArc { arc, share } in both_ways(snap) {
            seeds.extend(self.seeds_of(arc, share));
        }
        seeds
    }

    /// Where searches begin for a hospital at a share of an arc.
    pub(super) fn seeds_of(&self, arc: Arc, share: f64) -> Vec<Seed> {
        let mut seeds = Vec::new();
        let (Some(part), Some(whole)) = (self.part(arc, share), self.part(arc, 1.0)) else {
            return seeds;
        };
        // A stretch is a turn and the whole arc: what lies behind the hospital is not driven.
        for &(from, tenths) in self.graph.ending_at(arc.0) {
            seeds.push(Seed { junction: from, tenths: tenths - whole + part });
        }
        seeds
    }

    /// Tenths of a second from the end of an arc at the beginning of a journey; [`FAR`] beyond the search.
    pub(super) fn best_from(&self, arc: Arc, scratch: &Scratch) -> u32 {
        let start = self.starts[arc.0 as usize];
        scratch.best[arc.0 as usize].min(scratch.best[start as usize])
    }

    /// Tenths of a second from a start to a hospital whose search was made.
    pub(super) fn tenths_between(&self, start: Snap, end: Snap, scratch: &Scratch) -> Option<u32> {
        let mut best = FAR;
        for leaving in both_ways(start) {
            let Some(rest) = self.part(leaving.arc, 1.0 - leaving.share) else { continue };
            best = best.min(self.best_from(leaving.arc, scratch).saturating_add(rest));
            // On the same piece, and the hospital ahead: no junction lies between.
            for arriving in both_ways(end) {
                if arriving.arc == leaving.arc && arriving.share >= leaving.share {
                    let share = arriving.share - leaving.share;
                    best = best.min(self.part(leaving.arc, share).unwrap_or(FAR));
                }
            }
        }
        // Both ends may lie off the road.
        let access = access_tenths(start).saturating_add(access_tenths(end));
        (best != FAR).then(|| best.saturating_add(access))
    }
}

/// Starts of journeys, and where they are on the roads.
struct Starts<'s> {
    stops: &'s [Stop<'s>],
    snaps: Vec<Option<Snap>>,
}

/// A place on an arc, and how much of the arc lies before it.
pub(super) struct OnArc {
    pub(super) arc: Arc,
    pub(super) share: f64,
}

pub(super) fn both_ways(snap: Snap) -> [OnArc; 2] {
    let piece = snap.piece as usize;
    [
        OnArc { arc: Arc::forward(piece), share: snap.share },
        OnArc { arc: Arc::backward(piece), share: 1.0 - snap.share },
    ]
}

pub(super) fn is_near(snap: &Snap) -> bool {
    snap.metres <= f64::from(RoadTravel::FARTHEST.0)
}

/// Tenths of a second from a position to its road.
pub(super) fn access_tenths(snap: Snap) -> u32 {
    (snap.metres / TRACK_SPEED * 10.0).round() as u32
}

impl TravelModel for RoadTravel {
    fn name(&self) -> String {
        words::kept(|| {
            let (source, driving) = (self.map.source_in_words(), self.driving.words());
            let mut name = said!("roads of {source}, {driving}", source, driving);
            name = match self.cut_roads {
                0 => name,
                1 => said!("{name}, 1 road cut", name),
                count => said!("{name}, {count} roads cut", name, count),
            };
            match self.slow_roads {
                0 => name,
                1 => said!("{name}, 1 road slowed down", name),
                count => said!("{name}, {count} roads slowed down", name, count),
            }
        })
    }

    fn margin(&self) -> Option<Margin> {
        // The same roads at other hours are off as they are without traffic: nobody measured how far.
        Some(Margin::roads())
    }

    fn lists(
        &self,
        from: &[Stop<'_>],
        to: &[Stop<'_>],
        limits: Limits,
    ) -> Result<TravelTimes, TravelError> {
        // Once for all hospitals: finding the nearest road costs more than looking up a time.
        let starts = Starts { stops: from, snaps: self.snapped(from) };
        TravelTimes::by_columns(from, to, limits, |end| {
            Ok(self.column(&starts, end, limits.cutoff))
        })
    }

    fn hospital_journeys(&self) -> HospitalJourneys {
        HospitalJourneys::Known
    }

    /// Takes in a closure of whatever leads through a corridor. One that names places or hospitals, or a delay, is of
    /// journeys and not of roads: the region adds it to the journeys.
    fn under(&self, roads: &[Road]) -> Option<Shared<dyn TravelModel>> {
        let mut travel: Option<Self> = None;
        for road in roads {
            let is_of_roads = road.from.is_empty() && road.to.is_empty() && road.delay.is_none();
            if !is_of_roads || road.corridor.is_empty() {
                return None;
            }
            let before = travel.as_ref().unwrap_or(self);
            travel = Some(before.without_roads_through(&road.corridor).ok()?);
        }
        travel.map(|travel| Shared::new(travel) as Shared<dyn TravelModel>)
    }

    fn missing_roads(&self, road: &RoadOfMap) -> Vec<MissingRoad> {
        self.map.missing(road)
    }

    fn under_roads_of_map(
        &self,
        roads: &[RoadOfMap],
    ) -> Result<Shared<dyn TravelModel>, MissingRoad> {
        let [first, others @ ..] = roads else { return Err(MissingRoad::NoMap) };
        let mut travel = self.with_road(first)?;
        for road in others {
            travel = travel.with_road(road)?;
        }
        Ok(Shared::new(travel))
    }
}
