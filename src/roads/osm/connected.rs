//! The roads that are linked with each other both ways: all others are islands, or pieces of a cut border.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::rough::{Rough, RoughPiece, Vertex};

/// Keeps the largest set of pieces from each of which every other is reached; what is left out.
pub(super) fn keep_largest(rough: &mut Rough) -> Vec<RoughPiece> {
    let mut vertices: Vec<Vertex> = Vec::with_capacity(rough.pieces.len() * 2);
    for piece in &rough.pieces {
        vertices.push(piece.from);
        vertices.push(piece.to);
    }
    vertices.sort_unstable();
    vertices.dedup();
    let node = |vertex: Vertex| NodeIndex::new(vertices.partition_point(|known| *known < vertex));

    let mut graph: DiGraph<(), (), u32> =
        DiGraph::with_capacity(vertices.len(), rough.pieces.len() * 2);
    for _ in &vertices {
        graph.add_node(());
    }
    for piece in &rough.pieces {
        let (from, to) = (node(piece.from), node(piece.to));
        if piece.forward.is_some() {
            graph.add_edge(from, to, ());
        }
        if piece.backward.is_some() {
            graph.add_edge(to, from, ());
        }
    }

    let mut is_kept = vec![false; vertices.len()];
    let components = kosaraju_scc(&graph);
    // Of two that are as large, the one with the first point, so that the answer does not hang on the search.
    let key = |component: &Vec<NodeIndex>| {
        let first = component.iter().min().map_or(0, |node| node.index());
        (component.len(), std::cmp::Reverse(first))
    };
    if let Some(largest) = components.iter().max_by_key(|component| key(component)) {
        for node in largest {
            is_kept[node.index()] = true;
        }
    }
    // Both ends: a oneway that leads away from the rest leads nobody back.
    let (mut kept, mut dropped) = (Vec::new(), Vec::new());
    for piece in std::mem::take(&mut rough.pieces) {
        let is_inside = is_kept[node(piece.from).index()] && is_kept[node(piece.to).index()];
        if is_inside { kept.push(piece) } else { dropped.push(piece) }
    }
    rough.pieces = kept;
    dropped
}
