//! Searches against petgraph's Dijkstra.

use std::io::Read;
use std::path::{Path, PathBuf};

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{EdgeRef, Reversed};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{EdgeList, Longest, RoadError, RoadGraph, Stretch};
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

            let from: Vec<u32> = (0..junctions).rev().step_by(3).collect();
            let between = graph.times_between(&from, &targets, Longest::new(Seconds(limit)));
            for (row, every) in between.unwrap().iter().zip(&rows) {
                let asked: Vec<_> = from.iter().map(|&junction| every[junction as usize]).collect();
                assert_eq!(*row, asked);
            }
        }
    }
}

#[test]
fn the_nearest_of_many_sites_are_those_of_a_search_for_each() {
    let mut random = ChaCha8Rng::seed_from_u64(26);
    for junctions in [1, 2, 10, 100, 400] {
        for (most, limit) in [(0, 60), (1, 60), (3, 20), (5, 65_535), (60, 65_535)] {
            let mut stretches = Vec::new();
            for _ in 0..junctions * 3 {
                stretches.push(Stretch {
                    from: random.random_range(0..junctions),
                    to: random.random_range(0..junctions),
                    // Many ties, and stretches that take no time.
                    tenths: random.random_range(0..9) * 10,
                });
            }
            // Two sites may stand at one junction.
            let sites: Vec<u32> = (0..20).map(|_| random.random_range(0..junctions)).collect();

            let graph = RoadGraph::new(junctions, &stretches).unwrap();
            let longest = Longest::new(Seconds(limit));
            let nearest = graph.nearest_sites(&sites, most, longest).unwrap();
            let by_site = graph.times_to_each(&sites, longest).unwrap();
            for junction in 0..junctions {
                let mut expected = Vec::new();
                for (site, times) in (0..).zip(&by_site) {
                    if let Some(time) = times[junction as usize] {
                        expected.push((time, site));
                    }
                }
                expected.sort_unstable();
                expected.truncate(most);
                let told: Vec<(Seconds, u32)> =
                    nearest.from(junction).into_iter().map(|(site, time)| (time, site)).collect();
                assert_eq!(told, expected, "{junctions} junctions, {most} sites, {junction}");
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

/// All times to some junctions of a graph against the other algorithm.
fn agrees(name: &str, stretches: &[Stretch], junctions: u32) {
    let graph = RoadGraph::new(junctions, stretches).unwrap();
    for number in 0..3 {
        let target = junctions / 4 * number + junctions / 8;
        let times = graph.times_to(target, Longest::new(Seconds(3600))).unwrap();
        assert!(times == by_dijkstra(junctions, stretches, target, 3600), "{name}: to {target}");
    }
}

#[test]
#[ignore = "needs ../shared/data: networks in the TNTP format"]
fn every_time_on_networks_of_research_is_that_of_dijkstra() {
    for name in ["berlin-center_net.tntp.gz", "ChicagoRegional_net.tntp.gz"] {
        let file = std::fs::File::open(fixture(name)).unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
        let list = EdgeList::from_tntp(&text, 60.0).unwrap();
        assert!(list.names.len() > 12_000);
        agrees(name, &list.graph.all_stretches(), list.names.len() as u32);
    }
}

#[cfg(feature = "osm")]
#[test]
#[ignore = "needs ../shared/data: extracts of OpenStreetMap"]
fn every_time_on_extracts_is_that_of_dijkstra() {
    use super::{ImportRoads, RoadMap, RoadTravel};
    use crate::model::{RoadClass, RoadOfMap};
    use crate::run::Control;

    for name in ["andorra.osm.pbf", "monaco.osm.gz", "north-bayreuth.osm.gz", "bautzen.osm"] {
        let map = RoadMap::import(&fixture(name), &ImportRoads::default(), &Control::default());
        let travel = RoadTravel::new(std::sync::Arc::new(map.unwrap().unwrap())).unwrap();
        // Junctions of this graph are pieces in a direction, stretches are turns.
        agrees(name, &travel.graph().all_stretches(), travel.graph().junctions());
        // And while the main roads are closed, or slow.
        for factor in [None, Some(2.5)] {
            let classes = vec![RoadClass::Primary, RoadClass::Secondary];
            let road = RoadOfMap { classes, factor, ..RoadOfMap::default() };
            // A small extract may have none of them.
            if let Ok(changed) = travel.with_road(&road) {
                agrees(name, &changed.graph().all_stretches(), changed.graph().junctions());
            }
        }
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/road").join(name)
}
