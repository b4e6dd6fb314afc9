//! Roads that are slow or closed, for travel models that know no roads: delays on ranked lists.

use std::collections::HashSet;

use geo::{BoundingRect, Coord, Intersects, Line, LineString, Polygon};

use super::{Stop, TravelTimes};
use crate::model::{Places, Position, Road};

/// What the origins of ranked lists are.
#[derive(Clone, Copy)]
pub(crate) enum Starts<'p> {
    /// Points of places. A corridor is held against the line from the place's centre.
    Places(&'p Places),
    /// Hospitals. They are on no road from places that a road names.
    Hospitals,
}

impl Starts<'_> {
    /// Whether a road concerns journeys from each origin at all.
    fn concerned(self, road: &Road, from: &[Stop<'_>]) -> Vec<bool> {
        if matches!(self, Self::Hospitals) || road.from.is_empty() {
            return vec![road.from.is_empty(); from.len()];
        }
        // A country has hundreds of thousands of points, and a road may name thousands of places.
        let keys: HashSet<&str> = road.from.iter().map(String::as_str).collect();
        let mut is_concerned = Vec::with_capacity(from.len());
        for stop in from {
            is_concerned.push(keys.contains(stop.key));
        }
        is_concerned
    }

    /// From where the straight line to a hospital is drawn. Places stand in the order of their keys.
    fn line_start(self, from: &Stop<'_>) -> Position {
        let Self::Places(places) = self else { return from.position };
        let places = &places.places;
        match places.binary_search_by(|place| place.key.as_str().cmp(from.key)) {
            Ok(index) => places[index].position,
            Err(_) => from.position,
        }
    }

    /// Whether a journey ends where it starts.
    fn is_at(self, from: &Stop<'_>, to: &Stop<'_>) -> bool {
        matches!(self, Self::Hospitals) && from.key == to.key
    }
}

/// Delays of roads, one after the other, on journeys that start at places or hospitals.
#[derive(Clone, Copy)]
pub(crate) struct Delays<'r> {
    pub(crate) roads: &'r [Road],
    pub(crate) starts: Starts<'r>,
}

impl Delays<'_> {
    /// Ranked lists with the delays; `from` and `to` are what they were made of. `None` without roads.
    pub(crate) fn on(
        &self,
        times: &TravelTimes,
        from: &[Stop<'_>],
        to: &[Stop<'_>],
    ) -> Option<TravelTimes> {
        let mut delayed = None;
        // One after the other: what one road pushes beyond the cut-off, no other brings back.
        for road in self.roads {
            let times = delayed.as_ref().unwrap_or(times);
            delayed = Some(self.on_road(times, road, from, to));
        }
        delayed
    }

    /// Ranked lists with the delay of one road.
    fn on_road(
        &self,
        times: &TravelTimes,
        road: &Road,
        from: &[Stop<'_>],
        to: &[Stop<'_>],
    ) -> TravelTimes {
        let is_start = self.starts.concerned(road, from);
        let mut is_end = Vec::with_capacity(to.len());
        for stop in to {
            // A road that names no hospitals is on the way to all of them.
            is_end.push(road.to.is_empty() || names(&road.to, stop.key));
        }
        let corridor = Corridor::new(&road.corridor);
        // Looked up once for each point, not for each journey.
        let mut line_starts: Vec<Position> = Vec::new();
        if corridor.is_some() {
            line_starts.reserve_exact(from.len());
            for stop in from {
                line_starts.push(self.starts.line_start(stop));
            }
        }

        times.changed(|origin, hospital, time| {
            let (start, end) = (&from[origin], &to[hospital.index()]);
            let is_named = is_start[origin] && is_end[hospital.index()];
            if !is_named || self.starts.is_at(start, end) {
                return Some(time);
            }
            // Last, because it is the dearest question.
            if let Some(corridor) = &corridor
                && !corridor.meets(line_starts[origin], end.position)
            {
                return Some(time);
            }
            // Without a delay the road is closed, and there is no way.
            Some(time + road.delay?)
        })
    }
}

/// Whether a list of keys has one.
fn names(keys: &[String], key: &str) -> bool {
    keys.iter().any(|listed| listed == key)
}

/// An area on a map of degrees. From corner to corner it takes the shorter way around the Earth, so that
/// one over the 180th meridian lies on both sides of it: its longitudes then go beyond 180.
pub(crate) struct Corridor(Polygon<f64>);

impl Corridor {
    /// The area within these corners; `None` without any.
    pub(crate) fn new(corners: &[Position]) -> Option<Self> {
        let first = corners.first()?;
        let mut ring: Vec<Coord<f64>> = Vec::with_capacity(corners.len());
        let mut lon = first.lon();
        for corner in corners {
            // Longitudes go on beyond 180 degrees, so that the ring has no jump.
            lon += shorter_way(lon, corner.lon());
            ring.push(Coord { x: lon, y: corner.lat() });
        }
        Some(Self(Polygon::new(LineString::new(ring), Vec::new())))
    }

    /// Whether the straight line between two positions, the shorter way around the Earth, crosses it,
    /// touches it or ends in it.
    pub(crate) fn meets(&self, from: Position, to: Position) -> bool {
        let Some(bounds) = self.0.bounding_rect() else { return false };
        let east = shorter_way(from.lon(), to.lon());
        // The same line once around the Earth to either side is the same line.
        for turn in [-360.0, 0.0, 360.0] {
            let start = Coord { x: from.lon() + turn, y: from.lat() };
            let line = Line::new(start, Coord { x: start.x + east, y: to.lat() });
            if bounds.intersects(&line) && self.0.intersects(&line) {
                return true;
            }
        }
        false
    }
}

/// Degrees from one longitude to another the shorter way around the Earth, east being positive: from -180
/// up to 180.
fn shorter_way(from: f64, to: f64) -> f64 {
    let east = to - from;
    // What is shorter anyway stays exact.
    if (-180.0..180.0).contains(&east) { east } else { (east + 180.0).rem_euclid(360.0) - 180.0 }
}
