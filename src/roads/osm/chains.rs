//! Pieces that follow each other without a junction are made one.

use std::collections::HashMap;

use super::rough::{Rough, RoughPiece, Vertex};
use crate::roads::point::Point;

/// Pieces of road of one class between junctions, with the ways that they are made of.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub(super) piece: RoughPiece,
    /// Its ways, in its order, each once in a row.
    pub(super) ways: Vec<ChainWay>,
}

/// A way in a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChainWay {
    /// Its number.
    pub(super) way: u32,
    /// How many lines of the chain are of it.
    pub(super) lines: u32,
}

impl ChainWay {
    fn of(piece: &RoughPiece) -> Self {
        Self { way: piece.way, lines: piece.inner.len() as u32 + 1 }
    }
}

/// The end of a piece at a vertex.
#[derive(Debug, Clone, Copy)]
struct End {
    piece: u32,
    /// Whether the piece begins here.
    is_start: bool,
}

/// Where pieces end.
struct Ends {
    by_vertex: HashMap<Vertex, Vec<End>>,
}

impl Ends {
    fn of(pieces: &[RoughPiece]) -> Self {
        let mut by_vertex: HashMap<Vertex, Vec<End>> = HashMap::new();
        for (number, piece) in (0..).zip(pieces) {
            by_vertex.entry(piece.from).or_default().push(End { piece: number, is_start: true });
            by_vertex.entry(piece.to).or_default().push(End { piece: number, is_start: false });
        }
        Self { by_vertex }
    }

    /// The two ends at a vertex where nothing is decided: a piece goes on as another of its class and directions.
    fn joint(&self, pieces: &[RoughPiece], vertex: Vertex) -> Option<[End; 2]> {
        let &[first, second] = self.by_vertex.get(&vertex)?.as_slice() else { return None };
        let (a, b) = (&pieces[first.piece as usize], &pieces[second.piece as usize]);
        // A loop meets itself here; and times by class need pieces of one class.
        let is_same_road = first.piece != second.piece && a.class == b.class;
        let goes_on = arrives(a, first.is_start) == leaves(b, second.is_start)
            && arrives(b, second.is_start) == leaves(a, first.is_start);
        (is_same_road && goes_on).then_some([first, second])
    }
}

/// Whether somebody may come over a piece to the vertex where it begins, or ends.
fn arrives(piece: &RoughPiece, is_start: bool) -> bool {
    if is_start { piece.backward.is_some() } else { piece.forward.is_some() }
}

/// Whether somebody may leave over it.
fn leaves(piece: &RoughPiece, is_start: bool) -> bool {
    if is_start { piece.forward.is_some() } else { piece.backward.is_some() }
}

/// Joins the pieces.
pub(super) fn join(rough: &mut Rough) -> Vec<Chain> {
    let pieces = std::mem::take(&mut rough.pieces);
    let ends = Ends::of(&pieces);
    let mut is_used = vec![false; pieces.len()];
    let mut chains = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        for is_start in [true, false] {
            let vertex = if is_start { piece.from } else { piece.to };
            if is_used[number] || ends.joint(&pieces, vertex).is_some() {
                continue;
            }
            let first = End { piece: number as u32, is_start };
            chains.push(follow(rough, &pieces, &ends, first, &mut is_used));
        }
    }
    // Rings without a junction: there is nothing else then, and they stay as they are.
    for (number, piece) in pieces.iter().enumerate() {
        if !is_used[number] {
            chains.push(Chain { piece: piece.clone(), ways: vec![ChainWay::of(piece)] });
        }
    }
    chains
}

/// The chain that begins with an end of a piece, up to the next junction.
fn follow(
    rough: &Rough,
    pieces: &[RoughPiece],
    ends: &Ends,
    first: End,
    is_used: &mut [bool],
) -> Chain {
    let mut chain: Option<Chain> = None;
    let mut next = Some(first);
    while let Some(End { piece: number, is_start }) = next {
        is_used[number as usize] = true;
        let piece = directed(&pieces[number as usize], is_start);
        let last = piece.to;
        chain = Some(match chain {
            None => Chain { ways: vec![ChainWay::of(&piece)], piece },
            Some(chain) => {
                joined(chain, &piece, rough.point(pieces_end(&pieces[number as usize], is_start)))
            }
        });

        next = None;
        for end in ends.joint(pieces, last).into_iter().flatten() {
            if !is_used[end.piece as usize] {
                next = Some(end);
            }
        }
    }
    // The first piece is always there.
    chain.unwrap_or_else(|| Chain { piece: pieces[first.piece as usize].clone(), ways: Vec::new() })
}

/// The vertex where a piece begins, seen from this end.
fn pieces_end(piece: &RoughPiece, is_start: bool) -> Vertex {
    if is_start { piece.from } else { piece.to }
}

/// A piece as it is driven from this end.
fn directed(piece: &RoughPiece, is_start: bool) -> RoughPiece {
    let mut piece = piece.clone();
    if !is_start {
        std::mem::swap(&mut piece.from, &mut piece.to);
        std::mem::swap(&mut piece.forward, &mut piece.backward);
        piece.inner.reverse();
    }
    piece
}

/// A chain with a piece that goes on at a point.
fn joined(mut chain: Chain, next: &RoughPiece, point: Point) -> Chain {
    let sum = |a: Option<f64>, b: Option<f64>| Some(a? + b?);
    let piece = &mut chain.piece;
    piece.to = next.to;
    piece.forward = sum(piece.forward, next.forward);
    piece.backward = sum(piece.backward, next.backward);
    piece.metres += next.metres;
    piece.inner.push(point);
    piece.inner.extend_from_slice(&next.inner);
    match chain.ways.last_mut() {
        Some(last) if last.way == next.way => last.lines += next.inner.len() as u32 + 1,
        _ => chain.ways.push(ChainWay::of(next)),
    }
    chain
}
