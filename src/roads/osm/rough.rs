//! Pieces of road between points where roads meet, as they come from ways: not yet joined, not yet in order.

use std::collections::HashSet;

use super::draft::{DraftPoints, DraftWays};
use super::rules::Drive;
use crate::roads::RoadClass;
use crate::roads::point::Point;

/// A point where pieces end: the number of a point of the file, or one behind them for a side of a barrier.
pub(super) type Vertex = u32;

/// A piece of road as it comes from a way.
#[derive(Debug, Clone)]
pub(super) struct RoughPiece {
    pub(super) from: Vertex,
    pub(super) to: Vertex,
    /// Tenths of a second; `None` where nobody may drive.
    pub(super) forward: Option<f64>,
    pub(super) backward: Option<f64>,
    pub(super) metres: f64,
    pub(super) class: RoadClass,
    pub(super) way: u32,
    /// The points between its ends.
    pub(super) inner: Vec<Point>,
}

/// All pieces, and where their ends are.
#[derive(Debug, Default)]
pub(super) struct Rough {
    pub(super) pieces: Vec<RoughPiece>,
    /// Where vertices of barriers are, by their number less that of the points.
    sides: Vec<Point>,
    points: Vec<Option<Point>>,
    pub(super) missing_points: u64,
    pub(super) barriers: u64,
}

impl Rough {
    /// Where a vertex is.
    pub(super) fn point(&self, vertex: Vertex) -> Point {
        let number = vertex as usize;
        // Pieces end at known points only.
        let nowhere = Point { lat: 0, lon: 0 };
        match self.points.get(number) {
            Some(point) => point.unwrap_or(nowhere),
            None => self.sides[number - self.points.len()],
        }
    }

    /// A vertex of its own at a barrier, so that what ends there is linked with nothing.
    fn side(&mut self, point: Point) -> Vertex {
        self.sides.push(point);
        (self.points.len() + self.sides.len() - 1) as Vertex
    }
}

/// A point on a way.
#[derive(Clone, Copy)]
struct OnWay {
    number: u32,
    point: Point,
}

/// Cuts ways where they meet, end, or are blocked.
pub(super) fn cut(ways: &DraftWays, points: &DraftPoints) -> Rough {
    let uses = uses(ways, points);
    let mut rough = Rough { points: points.points.clone(), ..Rough::default() };
    let mut blocked: HashSet<u32> = HashSet::new();
    for way in 0..ways.ways.len() {
        let drive = ways.ways[way].drive;
        let mut run: Vec<OnWay> = Vec::new();
        let first_piece = rough.pieces.len();
        for id in ways.points_of(way) {
            let number = points.number(*id).unwrap_or_default();
            let Some(point) = points.points[number as usize] else {
                // The extract ends here: what comes behind it is another road.
                rough.missing_points += 1;
                cut_run(&mut rough, &run, way, drive, &uses, points);
                run.clear();
                continue;
            };
            if points.passing(number).is_blocked && blocked.insert(number) {
                rough.barriers += 1;
            }
            run.push(OnWay { number, point });
        }
        cut_run(&mut rough, &run, way, drive, &uses, points);
        share_duration(&mut rough.pieces[first_piece..], drive);
    }
    rough
}

/// How often ways go over each point, an end counting twice: more than once is a place where pieces end.
fn uses(ways: &DraftWays, points: &DraftPoints) -> Vec<u8> {
    let mut uses: Vec<u8> = vec![0; points.points.len()];
    let mut count = |id: i64, times: u8| {
        if let Some(number) = points.number(id) {
            let sum = &mut uses[number as usize];
            *sum = sum.saturating_add(times);
        }
    };
    for way in 0..ways.ways.len() {
        for id in ways.points_of(way) {
            count(*id, 1);
        }
        // Twice, so that pieces end where a way does, even if no other one is there.
        if let [first, .., last] = ways.points_of(way) {
            count(*first, 1);
            count(*last, 1);
        }
    }
    uses
}

/// Cuts the points of a way that are known, without a gap between them.
fn cut_run(
    rough: &mut Rough,
    run: &[OnWay],
    way: usize,
    drive: Drive,
    uses: &[u8],
    points: &DraftPoints,
) {
    let mut start = 0;
    for index in 1..run.len() {
        let OnWay { number, point } = run[index];
        let passing = points.passing(number);
        let is_end = index + 1 == run.len();
        if !is_end && uses[number as usize] < 2 && !passing.is_blocked {
            continue;
        }
        let begin = run[start];
        let is_blocked = points.passing(begin.number).is_blocked;
        // A vertex of its own on each side, so that no way leads through.
        let from_vertex = if is_blocked { rough.side(begin.point) } else { begin.number };
        let to_vertex = if passing.is_blocked { rough.side(point) } else { number };
        let piece = measured(&run[start..=index], drive, points);
        rough.pieces.push(RoughPiece {
            from: from_vertex,
            to: to_vertex,
            way: way as u32,
            ..piece
        });
        start = index;
    }
}

/// A piece over these points with its length and times; whose ends and way are still to be named.
fn measured(run: &[OnWay], drive: Drive, points: &DraftPoints) -> RoughPiece {
    let mut metres = 0.0;
    let (mut wait_forward, mut wait_backward) = (0.0, 0.0);
    // Point by point: a road in bends is longer than the line between its ends.
    for pair in run.windows(2) {
        metres += pair[0].point.metres_to(pair[1].point);
        // Who passes a light waits before it: it counts for those who come to it.
        wait_forward += f64::from(points.passing(pair[1].number).forward);
        wait_backward += f64::from(points.passing(pair[0].number).backward);
    }
    let tenths = |speed: Option<f64>, wait: f64| Some(metres * 36.0 / speed? + wait);
    let mut inner = Vec::with_capacity(run.len() - 2);
    for on_way in &run[1..run.len() - 1] {
        inner.push(on_way.point);
    }
    RoughPiece {
        from: 0,
        to: 0,
        forward: tenths(drive.forward, wait_forward),
        backward: tenths(drive.backward, wait_backward),
        metres,
        class: drive.class,
        way: 0,
        inner,
    }
}

/// Gives the pieces of a way that says how long it takes their share of it by length.
fn share_duration(pieces: &mut [RoughPiece], drive: Drive) {
    let Some(seconds) = drive.seconds else { return };
    let mut metres = 0.0;
    for piece in pieces.iter() {
        metres += piece.metres;
    }
    for piece in pieces {
        let share = if metres > 0.0 { piece.metres / metres } else { 0.0 };
        let tenths = seconds * 10.0 * share;
        piece.forward = piece.forward.map(|_| tenths);
        piece.backward = piece.backward.map(|_| tenths);
    }
}
