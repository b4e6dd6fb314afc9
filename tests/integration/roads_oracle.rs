//! Searches over road graphs beside a contraction hierarchy, which finds its ways quite differently.

use fast_paths::InputGraph;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use verbund::roads::{Longest, RoadGraph, Stretch};
use verbund::units::Seconds;

#[test]
fn every_time_on_random_graphs_is_that_of_a_contraction_hierarchy() {
    let mut random = ChaCha8Rng::seed_from_u64(26);
    for junctions in [2, 20, 120] {
        let mut stretches = Vec::new();
        let mut input = InputGraph::new();
        for _ in 0..junctions * 3 {
            let (from, to) = (random.random_range(0..junctions), random.random_range(0..junctions));
            let tenths = random.random_range(1..3000);
            stretches.push(Stretch { from, to, tenths });
            // It keeps no loops, which no quickest way has.
            if from != to {
                input.add_edge(from as usize, to as usize, tenths as usize);
            }
        }
        // So that both number as many junctions.
        stretches.push(Stretch { from: 0, to: junctions - 1, tenths: 2999 });
        input.add_edge(0, junctions as usize - 1, 2999);
        input.freeze();
        let hierarchy = fast_paths::prepare(&input);
        let mut paths = fast_paths::create_calculator(&hierarchy);

        let graph = RoadGraph::new(junctions, &stretches).unwrap();
        let mut cells = 0;
        for end in 0..junctions {
            let times = graph.times_to(end, Longest::new(Seconds(60_000))).unwrap();
            for (start, time) in times.into_iter().enumerate() {
                let path = paths.calc_path(&hierarchy, start, end as usize);
                let seconds = path.map(|path| Seconds((path.get_weight() as u32 + 5) / 10));
                assert_eq!(time, seconds, "{start} to {end} of {junctions}");
                cells += u32::from(time.is_some());
            }
        }
        assert!(cells > junctions);
    }
}
