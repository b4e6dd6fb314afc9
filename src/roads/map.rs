//! Roads as they lie: pieces between junctions, with their shape and what they are called.

use serde::Serialize;

use super::point::Point;
use super::{RoadClass, RoadCounts};
use crate::calendar::Date;
use crate::model::Position;

/// Tenths of a second of a direction that nobody may drive.
pub(super) const CLOSED: u32 = u32::MAX;

/// A piece of road between two junctions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Piece {
    pub(super) from: u32,
    pub(super) to: u32,
    /// Tenths of a second from `from` to `to`; [`CLOSED`] where that is not allowed.
    pub(super) forward: u32,
    /// Tenths of a second the other way.
    pub(super) backward: u32,
    pub(super) metres: f32,
    pub(super) class: RoadClass,
    /// Where its points between the two junctions begin among those of the map; they end where the next piece's
    /// begin.
    pub(super) first_point: u32,
    /// The same of the ways of OpenStreetMap that it is made of.
    pub(super) first_way: u32,
}

/// A piece in a direction: twice its number, and 1 more against the direction in which it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arc(pub(super) u32);

impl Arc {
    pub(super) fn forward(piece: usize) -> Self {
        Self(piece as u32 * 2)
    }

    pub(super) fn backward(piece: usize) -> Self {
        Self(piece as u32 * 2 + 1)
    }

    pub(super) fn piece(self) -> usize {
        self.0 as usize / 2
    }

    pub(super) fn is_forward(self) -> bool {
        self.0.is_multiple_of(2)
    }

    /// The same piece the other way.
    pub(super) fn turned(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// A turn at a junction that is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BannedTurn {
    pub(super) from: Arc,
    pub(super) to: Arc,
}

/// A way of OpenStreetMap in a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WayId {
    pub(super) id: i64,
    /// Number of its name; 0 is no name.
    pub(super) name: u32,
    /// How many lines of the piece's shape are of it; those of the next way follow.
    pub(super) lines: u32,
}

/// The roads of an area as a car drives on them: pieces between junctions with their times, shapes, classes and
/// names, and the turns that are not allowed.
///
/// Made from an extract of OpenStreetMap by [`RoadMap::import`] (feature `osm`), written to a file by
/// [`RoadMap::write`], and read from it by [`RoadMap::read`] in a fraction of the time.
/// [`RoadTravel`](super::RoadTravel) tells times over it.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadMap {
    pub(super) source: String,
    pub(super) day: Option<Date>,
    pub(super) counts: RoadCounts,
    pub(super) junctions: Vec<Point>,
    pub(super) pieces: Vec<Piece>,
    pub(super) points: Vec<Point>,
    pub(super) ways: Vec<WayId>,
    /// The first is empty: that of ways without a name.
    pub(super) names: Vec<String>,
    pub(super) banned: Vec<BannedTurn>,
}

/// A rectangle of degrees around roads.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RoadBounds {
    /// Its south-western corner.
    pub south_west: Position,
    /// Its north-eastern corner.
    pub north_east: Position,
}

impl RoadMap {
    /// The file that it was made from, by its name.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The day of the roads in UTC, where the extract says it: in the header of a `.osm.pbf`, as `timestamp` of `<osm>`,
    /// or as `osm_base` of Overpass.
    pub fn day(&self) -> Option<Date> {
        self.day
    }

    /// The file that it was made from, by its name, with the day of its roads where it is known.
    pub(crate) fn source_in_words(&self) -> String {
        // A map without a day is as old as its file, which nobody can tell from its name.
        let Some(day) = self.day else {
            return self.source.clone();
        };
        let source = self.source();
        let day = day.in_print();
        said!("{source} as on {day}", source, day)
    }

    /// What an import read, kept and left out.
    pub fn counts(&self) -> &RoadCounts {
        &self.counts
    }

    /// How many junctions and ends of roads there are; points where a road only bends are none.
    pub fn junctions(&self) -> usize {
        self.junctions.len()
    }

    /// How many pieces of road between junctions there are.
    pub fn pieces(&self) -> usize {
        self.pieces.len()
    }

    /// Turns that are not allowed.
    pub fn banned_turns(&self) -> usize {
        self.banned.len()
    }

    /// Kilometres of road of each class that has any.
    pub fn kilometres(&self) -> Vec<(RoadClass, f64)> {
        let mut sums = Vec::new();
        for class in RoadClass::ALL {
            let mut metres = 0.0;
            let mut is_there = false;
            for piece in &self.pieces {
                if piece.class == class {
                    metres += f64::from(piece.metres);
                    is_there = true;
                }
            }
            if is_there {
                sums.push((class, metres / 1000.0));
            }
        }
        sums
    }

    /// The rectangle that all junctions lie in; `None` without any. Over the 180th meridian it goes around the
    /// Earth.
    pub fn bounds(&self) -> Option<RoadBounds> {
        let first = self.junctions.first()?;
        let (mut least, mut most) = (*first, *first);
        for point in &self.junctions {
            least = Point { lat: least.lat.min(point.lat), lon: least.lon.min(point.lon) };
            most = Point { lat: most.lat.max(point.lat), lon: most.lon.max(point.lon) };
        }
        Some(RoadBounds { south_west: least.position()?, north_east: most.position()? })
    }

    /// Points of a piece between its two junctions.
    pub(super) fn inner_points(&self, piece: usize) -> &[Point] {
        let start = self.pieces[piece].first_point as usize;
        let end =
            self.pieces.get(piece + 1).map_or(self.points.len(), |next| next.first_point as usize);
        &self.points[start..end]
    }

    /// Ways that a piece is made of.
    pub(super) fn ways_of(&self, piece: usize) -> &[WayId] {
        let start = self.pieces[piece].first_way as usize;
        let end =
            self.pieces.get(piece + 1).map_or(self.ways.len(), |next| next.first_way as usize);
        &self.ways[start..end]
    }

    /// All points of a piece, from its first junction to its last.
    pub(super) fn shape(&self, piece: usize) -> Vec<Point> {
        let Piece { from, to, .. } = self.pieces[piece];
        let inner = self.inner_points(piece);
        let mut shape = Vec::with_capacity(inner.len() + 2);
        shape.push(self.junctions[from as usize]);
        shape.extend_from_slice(inner);
        shape.push(self.junctions[to as usize]);
        shape
    }

    /// The junctions where a piece begins and ends in a direction.
    pub(super) fn ends(&self, arc: Arc) -> ArcEnds {
        let Piece { from, to, .. } = self.pieces[arc.piece()];
        if arc.is_forward() { ArcEnds { from, to } } else { ArcEnds { from: to, to: from } }
    }
}

/// Where a piece begins and ends in a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ArcEnds {
    pub(super) from: u32,
    pub(super) to: u32,
}
