//! A road map from joined pieces: in an order in which neighbours stand close, with turn restrictions.

use std::collections::HashMap;

use super::chains::Chain;
use super::draft::{DraftPoints, DraftWays, Restriction};
use super::rough::{Rough, Vertex};
use crate::roads::map::{Arc, BannedTurn, CLOSED, Piece, RoadMap, WayId};
use crate::roads::point::Point;

/// Bits of a place on the curve by each coordinate.
const CURVE_BITS: u32 = 16;

/// The map of these chains.
pub(super) fn assemble(
    source: &str,
    ways: &DraftWays,
    points: &DraftPoints,
    rough: &Rough,
    mut chains: Vec<Chain>,
) -> RoadMap {
    let numbers = number_junctions(rough, &chains);
    let mut junctions = vec![Point { lat: 0, lon: 0 }; numbers.len()];
    for (vertex, number) in &numbers {
        junctions[*number as usize] = rough.point(*vertex);
    }
    // The order of a file depends on who edited it last; the order of places does not, and searches are faster on it.
    chains.sort_by_key(|chain| {
        let (from, to) = (numbers[&chain.piece.from], numbers[&chain.piece.to]);
        (from.min(to), from.max(to), ways.ways[chain.piece.way as usize].id)
    });

    let mut map = RoadMap {
        source: source.to_owned(),
        day: ways.day,
        counts: ways.counts.clone(),
        junctions,
        pieces: Vec::with_capacity(chains.len()),
        points: Vec::new(),
        ways: Vec::new(),
        names: ways.names(),
        banned: Vec::new(),
    };
    for chain in &chains {
        let piece = &chain.piece;
        map.pieces.push(Piece {
            from: numbers[&piece.from],
            to: numbers[&piece.to],
            forward: whole_tenths(piece.forward),
            backward: whole_tenths(piece.backward),
            metres: piece.metres as f32,
            class: piece.class,
            first_point: map.points.len() as u32,
            first_way: map.ways.len() as u32,
        });
        map.points.extend_from_slice(&piece.inner);
        for part in &chain.ways {
            let way = ways.ways[part.way as usize];
            map.ways.push(WayId { id: way.id, name: way.name, lines: part.lines });
        }
    }

    let at_junction = arcs_by_junction(&map);
    for restriction in &ways.restrictions {
        let junction = points.number(restriction.via).and_then(|via| numbers.get(&via));
        let arcs = junction.map(|junction| &at_junction[*junction as usize]);
        let banned = arcs.map(|arcs| banned_turns(&map, arcs, *restriction)).unwrap_or_default();
        if banned.is_empty() {
            map.counts.other_restrictions += 1;
        } else {
            map.counts.turn_restrictions += 1;
            map.banned.extend(banned);
        }
    }
    map.banned.sort_unstable();
    map.banned.dedup();
    map
}

fn whole_tenths(tenths: Option<f64>) -> u32 {
    match tenths {
        // A ferry of a week is 6 million tenths; what is more is closed.
        Some(tenths) if tenths < f64::from(CLOSED) => tenths.round() as u32,
        _ => CLOSED,
    }
}

/// Numbers of junctions along a curve that fills the area, by vertex.
fn number_junctions(rough: &Rough, chains: &[Chain]) -> HashMap<Vertex, u32> {
    let mut vertices: Vec<Vertex> = Vec::new();
    for chain in chains {
        vertices.push(chain.piece.from);
        vertices.push(chain.piece.to);
    }
    vertices.sort_unstable();
    vertices.dedup();
    let mut ordered: Vec<(u64, Vertex)> = Vec::with_capacity(vertices.len());
    for vertex in vertices {
        ordered.push((place_on_curve(rough.point(vertex)), vertex));
    }
    ordered.sort_unstable();
    let mut numbers = HashMap::with_capacity(ordered.len());
    for (number, (_, vertex)) in (0..).zip(ordered) {
        numbers.insert(vertex, number);
    }
    numbers
}

/// Where a point lies on Hilbert's curve over the whole Earth, whose cells are some 600 m wide.
fn place_on_curve(point: Point) -> u64 {
    let shifted = |steps: i32, most: i64| {
        let share = (i64::from(steps) + most) as f64 / (2 * most) as f64;
        (share * f64::from((1_u32 << CURVE_BITS) - 1)) as u32
    };
    let mut x = shifted(point.lon, 1_800_000_000);
    let mut y = shifted(point.lat, 900_000_000);
    let mut place = 0;
    let mut side = 1 << (CURVE_BITS - 1);
    while side > 0 {
        let (right, upper) = (u32::from(x & side > 0), u32::from(y & side > 0));
        place += u64::from(side) * u64::from(side) * u64::from((3 * right) ^ upper);
        if upper == 0 {
            if right == 1 {
                let most = (1 << CURVE_BITS) - 1;
                (x, y) = (most - x, most - y);
            }
            std::mem::swap(&mut x, &mut y);
        }
        side /= 2;
    }
    place
}

/// The arcs that arrive at a junction; turned, they leave it.
fn arcs_by_junction(map: &RoadMap) -> Vec<Vec<Arc>> {
    let mut arcs = vec![Vec::new(); map.junctions.len()];
    for (number, piece) in map.pieces.iter().enumerate() {
        arcs[piece.to as usize].push(Arc::forward(number));
        arcs[piece.from as usize].push(Arc::backward(number));
    }
    arcs
}

/// The way that an arc ends with.
fn last_way(map: &RoadMap, arc: Arc) -> Option<i64> {
    let ways = map.ways_of(arc.piece());
    let way = if arc.is_forward() { ways.last() } else { ways.first() };
    way.map(|way| way.id)
}

/// The turns at a junction that a restriction does not allow; none where its ways do not meet there.
fn banned_turns(map: &RoadMap, arriving: &[Arc], restriction: Restriction) -> Vec<BannedTurn> {
    let mut banned = Vec::new();
    for from in arriving {
        if last_way(map, *from) != Some(restriction.from) {
            continue;
        }
        for arrival in arriving {
            let to = arrival.turned();
            let is_meant = last_way(map, *arrival) == Some(restriction.to);
            // Where a way goes on behind the junction, it is meant by its other half; turning round is another matter.
            let is_round = to == from.turned();
            if is_meant != restriction.is_only && (!is_round || is_meant) {
                banned.push(BannedTurn { from: *from, to });
            }
        }
    }
    let is_target_there =
        arriving.iter().any(|arrival| last_way(map, *arrival) == Some(restriction.to));
    if is_target_there { banned } else { Vec::new() }
}
