//! Searches against petgraph's Dijkstra.

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{EdgeRef, Reversed};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Longest, RoadError, RoadGraph, Stretch};
use crate::units::Seconds;

/// Times to a junction by another algorithm of another crate.
fn by_dijkstra(
    junctions: u32,
    stretches: &[Stretch],
    target: u32,
    limit: u32,
) -> Vec<Option<Seconds>> {
    let mut graph = DiGraph::<(), u32>::new();
    for _ in 0..junctions {
        graph.add_node(());
    }
    for stretch in stretches {
        let (from, to) =
            (NodeIndex::new(stretch.from as usize), NodeIndex::new(stretch.to as usize));
        graph.add_edge(from, to, stretch.tenths);
    }

    let target = NodeIndex::new(target as usize);
    let reached = petgraph::algo::dijkstra(Reversed(&graph), target, None, |edge| *edge.weight());
    let mut times = Vec::new();
    for junction in graph.node_indices() {
        let seconds = reached.get(&junction).map(|&tenths| Seconds((tenths + 5) / 10));
        times.push(seconds.filter(|seconds| seconds.0 <= limit));
    }
    times
}

#[test]
fn every_time_on_random_graphs_is_that_of_dijkstra() {
    let mut random = ChaCha8Rng::seed_from_u64(25);
    for junctions in [1, 2, 10, 100, 400] {
        for limit in [0, 5, 60, 65_535] {
            let mut stretches = Vec::new();
            for _ in 0..junctions * 3 {
                stretches.push(Stretch {
                    from: random.random_range(0..junctions),
                    to: random.random_range(0..junctions),
                    tenths: random.random_range(0..300),
                });
            }
            let graph = RoadGraph::new(junctions, &stretches).unwrap();
            let targets: Vec<u32> = (0..junctions.min(20)).collect();
            let rows = graph.times_to_each(&targets, Longest::new(Seconds(limit))).unwrap();
            for (&target, row) in targets.iter().zip(&rows) {
                assert_eq!(*row, by_dijkstra(junctions, &stretches, target, limit), "{target}");
            }
        }
    }
}

#[test]
fn the_limit_is_inclusive_after_rounding() {
    // 60.4 s are 60 s, 60.5 s are 61 s.
    let stretches = [
        Stretch { from: 1, to: 0, tenths: 604 },
        Stretch { from: 2, to: 0, tenths: 605 },
        Stretch { from: 3, to: 0, tenths: u32::MAX },
    ];
    let graph = RoadGraph::new(4, &stretches).unwrap();
    let times = graph.times_to(0, Longest::new(Seconds(60))).unwrap();
    assert_eq!(times, [Some(Seconds(0)), Some(Seconds(60)), None, None]);
}

#[test]
fn a_junction_that_is_not_there_is_named() {
    let missing = RoadError::Junction { junction: 2, junctions: 2 };
    let stretch = Stretch { from: 0, to: 2, tenths: 1 };
    assert_eq!(RoadGraph::new(2, &[stretch]), Err(missing.clone()));
    let graph = RoadGraph::new(2, &[]).unwrap();
    assert_eq!(graph.times_to_each(&[0, 2], Longest::new(Seconds(60))), Err(missing));
    assert!(
        RoadGraph::new(0, &[])
            .unwrap()
            .times_to_each(&[], Longest::new(Seconds(9)))
            .unwrap()
            .is_empty()
    );
}
