//! Roads that are cut where they lead through an area: what lies before and behind it stays.

use super::map::{Arc, BannedTurn, CLOSED, Piece, RoadMap};
use super::point::Point;

/// Roads without what leads through an area.
pub(super) struct Cut {
    pub(super) map: RoadMap,
    /// How many pieces lead through it.
    pub(super) pieces: usize,
}

/// What became of a piece: its rests at its first and its last junction.
#[derive(Clone, Copy)]
struct Rests {
    first: Option<u32>,
    last: Option<u32>,
}

/// The points of a piece from one to another of its shape, both included.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    end: usize,
}

impl RoadMap {
    /// The same roads without the lines of their shapes that `is_closed` says of two points.
    pub(super) fn without(&self, is_closed: impl Fn(Point, Point) -> bool) -> Cut {
        // Junctions keep their numbers; new ones come behind them.
        let mut map = Self {
            pieces: Vec::with_capacity(self.pieces.len()),
            points: Vec::with_capacity(self.points.len()),
            ways: Vec::with_capacity(self.ways.len()),
            banned: Vec::new(),
            ..self.clone()
        };
        let mut pieces = 0;
        let mut rests = Vec::with_capacity(self.pieces.len());
        for piece in 0..self.pieces.len() {
            let shape = self.shape(piece);
            let runs = open_runs(&shape, &is_closed);
            let is_whole = runs.iter().any(|run| run.start == 0 && run.end + 1 == shape.len());
            pieces += usize::from(!is_whole);
            let mut rest = Rests { first: None, last: None };
            for run in runs {
                let number = Some(map.pieces.len() as u32);
                self.add_run(&mut map, piece, &shape, run);
                if run.start == 0 {
                    rest.first = number;
                }
                if run.end + 1 == shape.len() {
                    rest.last = number;
                }
            }
            rests.push(rest);
        }

        for turn in &self.banned {
            // The turn stays where both of its pieces still reach its junction.
            let (from, to) = (arriving(&rests, turn.from), leaving(&rests, turn.to));
            if let (Some(from), Some(to)) = (from, to) {
                map.banned.push(BannedTurn { from, to });
            }
        }
        // A turn is looked up by halving the list.
        map.banned.sort_unstable();
        Cut { map, pieces }
    }

    /// Adds the points of a run of a piece as a piece of its own, with its share of the time.
    fn add_run(&self, map: &mut Self, number: usize, shape: &[Point], run: Run) {
        let piece = self.pieces[number];
        let is_whole = run.start == 0 && run.end + 1 == shape.len();
        // Exact where nothing is cut: a sum of lengths would lose a tenth of a second.
        let share = if is_whole { 1.0 } else { share_of(shape, run) };
        let part = |tenths: u32| {
            let share = (f64::from(tenths) * share).round() as u32;
            if tenths == CLOSED { CLOSED } else { share }
        };
        let from = if run.start == 0 { piece.from } else { end_of_road(map, shape[run.start]) };
        let is_last = run.end + 1 == shape.len();
        let to = if is_last { piece.to } else { end_of_road(map, shape[run.end]) };

        map.pieces.push(Piece {
            from,
            to,
            forward: part(piece.forward),
            backward: part(piece.backward),
            metres: piece.metres * share as f32,
            class: piece.class,
            first_point: map.points.len() as u32,
            first_way: map.ways.len() as u32,
        });
        map.points.extend_from_slice(&shape[run.start + 1..run.end]);
        map.ways.extend_from_slice(self.ways_of(number));
    }
}

/// A junction of its own where a road ends now.
fn end_of_road(map: &mut RoadMap, point: Point) -> u32 {
    map.junctions.push(point);
    map.junctions.len() as u32 - 1
}

/// The runs of points between which nothing is closed.
fn open_runs(shape: &[Point], is_closed: &impl Fn(Point, Point) -> bool) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut start = 0;
    for end in 1..shape.len() {
        if !is_closed(shape[end - 1], shape[end]) {
            continue;
        }
        // A single point between two closed lines is no road.
        if start < end - 1 {
            runs.push(Run { start, end: end - 1 });
        }
        start = end;
    }
    if start + 1 < shape.len() {
        runs.push(Run { start, end: shape.len() - 1 });
    }
    runs
}

/// How much of a shape's length a run has.
fn share_of(shape: &[Point], run: Run) -> f64 {
    let (mut length, mut part) = (0.0, 0.0);
    for (line, ends) in shape.windows(2).enumerate() {
        let metres = ends[0].metres_to(ends[1]);
        length += metres;
        if line >= run.start && line < run.end {
            part += metres;
        }
    }
    if length > 0.0 { part / length } else { 0.0 }
}

/// What is left of an arc where it ends.
fn arriving(rests: &[Rests], arc: Arc) -> Option<Arc> {
    let rest = rests[arc.piece()];
    if arc.is_forward() {
        return rest.last.map(|piece| Arc::forward(piece as usize));
    }
    rest.first.map(|piece| Arc::backward(piece as usize))
}

/// What is left of an arc where it begins.
fn leaving(rests: &[Rests], arc: Arc) -> Option<Arc> {
    arriving(rests, arc.turned()).map(Arc::turned)
}
