//! Searches over a generated road graph: 510 x 510 junctions on a grid with a tenth of its streets missing, seed 25,
//! as large as a district of Germany (260,100 junctions, some 930,000 one-way stretches of 5 to 60 seconds).
//!
//! Beside each figure stands a check: the sum of all times is the one that one thread makes.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use verbund::roads::{Longest, RoadGraph, Stretch};
use verbund::units::Seconds;

const SIDE: u32 = 510;

fn generated() -> RoadGraph {
    let mut random = ChaCha8Rng::seed_from_u64(25);
    let mut stretches = Vec::new();
    for junction in 0..SIDE * SIDE {
        let (x, y) = (junction % SIDE, junction / SIDE);
        for (is_there, next) in [(x + 1 < SIDE, junction + 1), (y + 1 < SIDE, junction + SIDE)] {
            if !is_there || random.random_range(0..10) == 0 {
                continue;
            }
            let tenths = random.random_range(50..600);
            stretches.push(Stretch { from: junction, to: next, tenths });
            stretches.push(Stretch { from: next, to: junction, tenths });
        }
    }
    RoadGraph::new(SIDE * SIDE, &stretches).unwrap()
}

fn sum(rows: &[Vec<Option<Seconds>>]) -> u64 {
    rows.iter().flatten().flatten().map(|time| u64::from(time.0)).sum()
}

fn roads(criterion: &mut Criterion) {
    let graph = generated();
    let targets: Vec<u32> = (0..32).map(|number| number * 8_117).collect();
    let hour = Longest::new(Seconds::from_minutes(60));
    let longest = Longest::new(Seconds(65_535));

    let every = graph.times_to_each(&targets, hour).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let single = pool.install(|| graph.times_to_each(&targets, hour).unwrap());
    assert!(every == single && sum(&every) > 0);

    criterion.bench_function("roads/to one of 260,100", |bench| {
        bench.iter(|| graph.times_to(black_box(130_000), longest).unwrap());
    });
    criterion.bench_function("roads/32 x 260,100 within an hour", |bench| {
        bench.iter(|| graph.times_to_each(black_box(&targets), hour).unwrap());
    });
    criterion.bench_function("roads/32 x 260,100 within an hour, one thread", |bench| {
        bench.iter(|| pool.install(|| graph.times_to_each(black_box(&targets), hour).unwrap()));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = roads
}
criterion_main!(benches);
