//! From a position to the nearest road: an R-tree over the pieces of a map.

use rstar::{AABB, PointDistance, RTree, RTreeObject};

use super::map::RoadMap;
use crate::travel::metres_between;

/// Metres of the Earth's radius, for bounds only.
const EARTH_RADIUS: f64 = 6_371_008.8;
/// Metres by which a bound may be off: boxes are kept in single precision, half a metre at the Earth's surface.
const SLACK: f64 = 2.0;

/// The box around a piece, on the sphere of radius 1: there it is as good at the poles and at the 180th meridian.
#[derive(Debug, Clone, Copy)]
struct PieceBox {
    low: [f32; 3],
    high: [f32; 3],
    piece: u32,
}

impl RTreeObject for PieceBox {
    type Envelope = AABB<[f32; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.low, self.high)
    }
}

impl PointDistance for PieceBox {
    fn distance_2(&self, point: &[f32; 3]) -> f32 {
        self.envelope().distance_2(point)
    }
}

/// Where a position is on the roads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Snap {
    pub(super) piece: u32,
    /// How much of the piece lies before it, from 0 to 1.
    pub(super) share: f64,
    /// Metres from the position to the road, straight.
    pub(super) metres: f64,
}

/// Pieces onto which somebody can drive, by where they are.
#[derive(Debug)]
pub(super) struct SnapIndex {
    tree: RTree<PieceBox>,
}

impl SnapIndex {
    /// Of the pieces of a map that `is_open` and have an entrance.
    pub(super) fn of(map: &RoadMap, is_open: impl Fn(usize) -> bool) -> Self {
        let mut boxes = Vec::new();
        for (number, piece) in map.pieces.iter().enumerate() {
            if !piece.class.is_entered() || !is_open(number) {
                continue;
            }
            // A box of the shape, and not of its ends: a road around a lake is far from the line between them.
            let (mut low, mut high) = ([f32::MAX; 3], [f32::MIN; 3]);
            for point in map.shape(number) {
                for (axis, coordinate) in point.unit().into_iter().enumerate() {
                    low[axis] = low[axis].min(coordinate as f32);
                    high[axis] = high[axis].max(coordinate as f32);
                }
            }
            boxes.push(PieceBox { low, high, piece: number as u32 });
        }
        Self { tree: RTree::bulk_load(boxes) }
    }

    /// The nearest piece to a point of the sphere of radius 1, of several as near the first; `None` without any.
    pub(super) fn nearest(&self, map: &RoadMap, unit: [f64; 3]) -> Option<Snap> {
        let point = unit.map(|coordinate| coordinate as f32);
        let mut best: Option<Snap> = None;
        for (candidate, squared) in self.tree.nearest_neighbor_iter_with_distance_2(&point) {
            // A chord is never longer than its arc, so that no road lies nearer than its box.
            let bound = f64::from(squared).sqrt() * EARTH_RADIUS - SLACK;
            if best.is_some_and(|best| bound > best.metres) {
                break;
            }
            let snap = on_piece(map, candidate.piece, unit);
            let is_nearer = best.is_none_or(|best| {
                snap.metres < best.metres || (snap.metres == best.metres && snap.piece < best.piece)
            });
            if is_nearer {
                best = Some(snap);
            }
        }
        best
    }
}

/// The nearest point of a piece.
fn on_piece(map: &RoadMap, piece: u32, unit: [f64; 3]) -> Snap {
    let shape = map.shape(piece as usize);
    let mut best = Snap { piece, share: 0.0, metres: f64::INFINITY };
    let (mut before, mut length) = (0.0, 0.0);
    let mut start = shape[0].unit();
    for point in &shape[1..] {
        let end = point.unit();
        let share = share_of_segment(start, end, unit);
        let mut foot = [0.0; 3];
        for (axis, coordinate) in foot.iter_mut().enumerate() {
            *coordinate = start[axis] + (end[axis] - start[axis]) * share;
        }
        // A long segment runs below the surface.
        let depth = (foot[0] * foot[0] + foot[1] * foot[1] + foot[2] * foot[2]).sqrt();
        let metres = metres_between(unit, foot.map(|coordinate| coordinate / depth));
        let segment = metres_between(start, end);
        if metres < best.metres {
            best.metres = metres;
            before = length + segment * share;
        }
        length += segment;
        start = end;
    }
    if length > 0.0 {
        best.share = before / length;
    }
    best
}

/// Where along a straight segment the nearest point to another one is, from 0 to 1.
fn share_of_segment(start: [f64; 3], end: [f64; 3], point: [f64; 3]) -> f64 {
    let (mut along, mut squared) = (0.0, 0.0);
    for axis in 0..3 {
        let step = end[axis] - start[axis];
        along += (point[axis] - start[axis]) * step;
        squared += step * step;
    }
    if squared > 0.0 { (along / squared).clamp(0.0, 1.0) } else { 0.0 }
}
