//! Roads that are closed or slow line by line: what lies before and behind stays as it is.

use super::map::{Arc, BannedTurn, CLOSED, Piece, RoadMap, WayId};
use super::point::Point;
use super::selection::Selection;

/// Roads of which some are closed or slow.
pub(super) struct Changed {
    pub(super) map: RoadMap,
    /// How many pieces are concerned.
    pub(super) pieces: usize,
}

/// What a piece became: where it begins and where it ends, by the numbers of the new pieces.
#[derive(Clone, Copy)]
struct Parts {
    first: u32,
    last: u32,
}

/// Lines of a piece that follow each other and are all closed or all open: those between two points of its shape.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    end: usize,
    is_closed: bool,
}

impl RoadMap {
    /// The same roads, where nobody may drive over the lines of a selection.
    pub(super) fn without(&self, selection: &Selection<'_>) -> Changed {
        // Junctions keep their numbers; new ones come behind them.
        let mut map = Self {
            source: self.source.clone(),
            day: self.day,
            counts: self.counts.clone(),
            junctions: self.junctions.clone(),
            pieces: Vec::with_capacity(self.pieces.len()),
            points: Vec::with_capacity(self.points.len()),
            ways: Vec::with_capacity(self.ways.len()),
            names: self.names.clone(),
            banned: Vec::new(),
        };
        let mut pieces = 0;
        let mut parts = Vec::with_capacity(self.pieces.len());
        for piece in 0..self.pieces.len() {
            let shape = self.shape(piece);
            let runs = runs(&selection.lines(piece, &shape));
            pieces += usize::from(runs.iter().any(|run| run.is_closed));
            let first = map.pieces.len() as u32;
            for run in runs {
                self.add_run(&mut map, piece, &shape, run);
            }
            parts.push(Parts { first, last: map.pieces.len() as u32 - 1 });
        }

        for turn in &self.banned {
            let from = arriving(&parts, turn.from);
            let to = arriving(&parts, turn.to.turned()).turned();
            map.banned.push(BannedTurn { from, to });
        }
        // A turn is looked up by halving the list.
        map.banned.sort_unstable();
        Changed { map, pieces }
    }

    /// The same roads, where the lines of a selection take `factor` times as long.
    pub(super) fn slowed(&self, selection: &Selection<'_>, factor: f64) -> Changed {
        let mut map = self.clone();
        let mut pieces = 0;
        for (number, piece) in map.pieces.iter_mut().enumerate() {
            let shape = self.shape(number);
            let share = length_share(&shape, &selection.lines(number, &shape));
            if share == 0.0 {
                continue;
            }
            pieces += 1;
            for tenths in [&mut piece.forward, &mut piece.backward] {
                let slower = f64::from(*tenths) * (1.0 + share * (factor - 1.0));
                // What is closed stays closed, and nothing becomes so by being slow.
                if *tenths != CLOSED {
                    *tenths = (slower.round() as u32).min(CLOSED - 1);
                }
            }
        }
        Changed { map, pieces }
    }

    /// Adds the points of a run of a piece as a piece of its own, with its share of the time. A closed one stays where it
    /// is, so that a junction on which it ends stays one, with its turns.
    fn add_run(&self, map: &mut Self, number: usize, shape: &[Point], run: Run) {
        let piece = self.pieces[number];
        let is_last = run.end + 1 == shape.len();
        // Exact where nothing is cut: a sum of lengths would lose a tenth of a second.
        let share = if run.start == 0 && is_last { 1.0 } else { share_of(shape, run) };
        let part = |tenths: u32| {
            let is_closed = run.is_closed || tenths == CLOSED;
            if is_closed { CLOSED } else { (f64::from(tenths) * share).round() as u32 }
        };
        // Where the run before ended.
        let from = if run.start == 0 { piece.from } else { map.junctions.len() as u32 - 1 };
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
        self.add_ways(map, number, run);
    }

    /// Adds the ways of a run with the lines that they have in it.
    fn add_ways(&self, map: &mut Self, piece: usize, run: Run) {
        let mut end = 0;
        for way in self.ways_of(piece) {
            let start = end;
            end += way.lines as usize;
            let lines = end.min(run.end).saturating_sub(start.max(run.start));
            if lines > 0 {
                map.ways.push(WayId { lines: lines as u32, ..*way });
            }
        }
    }
}

/// A junction of its own between what is closed and what is open.
fn end_of_road(map: &mut RoadMap, point: Point) -> u32 {
    map.junctions.push(point);
    map.junctions.len() as u32 - 1
}

/// The runs of lines that are alike.
fn runs(closed: &[bool]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (line, is_closed) in closed.iter().enumerate() {
        match runs.last_mut() {
            Some(run) if run.is_closed == *is_closed => run.end += 1,
            _ => runs.push(Run { start: line, end: line + 1, is_closed: *is_closed }),
        }
    }
    runs
}

/// How much of a shape's length a run has.
fn share_of(shape: &[Point], run: Run) -> f64 {
    let mut is_of_run = vec![false; shape.len() - 1];
    is_of_run[run.start..run.end].fill(true);
    length_share(shape, &is_of_run)
}

/// How much of a shape's length these lines have.
fn length_share(shape: &[Point], is_meant: &[bool]) -> f64 {
    let (mut length, mut part) = (0.0, 0.0);
    for (ends, is_meant) in shape.windows(2).zip(is_meant) {
        let metres = ends[0].metres_to(ends[1]);
        length += metres;
        if *is_meant {
            part += metres;
        }
    }
    if length > 0.0 { part / length } else { 0.0 }
}

/// What is left of an arc where it ends.
fn arriving(parts: &[Parts], arc: Arc) -> Arc {
    let Parts { first, last } = parts[arc.piece()];
    if arc.is_forward() { Arc::forward(last as usize) } else { Arc::backward(first as usize) }
}
