//! Searches over generated road graphs: grids with a tenth of their streets missing, seed 25.
//!
//! | graph | junctions | one-way stretches |
//! |---|---|---|
//! | a district | 260,100 (510 x 510) | some 930,000 of 5 to 60 s |
//! | a million | 1,000,000 (1,000 x 1,000) | some 3,600,000 of 2 to 20 s |
//! | a state | 1,999,396 (1,414 x 1,414) | some 7,200,000 of 2 to 20 s, about as short as roads between junctions are |
//!
//! What others do with the first one stands beside: petgraph's Dijkstra and `fast_paths` (a contraction hierarchy, with
//! its preparation) here, `SciPy` and pandana in `benches/peer_roads.py`, which gets the same graph as a list of edges:
//!
//! ```text
//! ROAD_EDGES=edges.csv cargo bench --bench roads
//! python benches/peer_roads.py edges.csv
//! ```
//!
//! Beside each figure stands a check: all find the same times, one thread and several the same bytes.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use petgraph::graph::{DiGraph, NodeIndex};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::ThreadPool;
use verbund::roads::{Longest, RoadGraph, Stretch};
use verbund::units::Seconds;

const DISTRICT: u32 = 510;
const MILLION: u32 = 1_000;
const STATE: u32 = 1_414;

/// The streets of a grid, each both ways.
fn streets(side: u32, shortest: u32, longest: u32) -> Vec<Stretch> {
    let mut random = ChaCha8Rng::seed_from_u64(25);
    let mut stretches = Vec::new();
    for junction in 0..side * side {
        let (x, y) = (junction % side, junction / side);
        for (is_there, next) in [(x + 1 < side, junction + 1), (y + 1 < side, junction + side)] {
            if !is_there || random.random_range(0..10) == 0 {
                continue;
            }
            let tenths = random.random_range(shortest..longest);
            stretches.push(Stretch { from: junction, to: next, tenths });
            stretches.push(Stretch { from: next, to: junction, tenths });
        }
    }
    stretches
}

fn sum(rows: &[Vec<Option<Seconds>>]) -> u64 {
    rows.iter().flatten().flatten().map(|time| u64::from(time.0)).sum()
}

/// Junctions spread over a graph.
fn spread(number: u32, junctions: u32) -> Vec<u32> {
    let gap = junctions / number;
    (0..number).map(|index| index * gap + gap / 2).collect()
}

/// Leaves the graph for `benches/peer_roads.py` where somebody asked for it.
fn write_edges(stretches: &[Stretch]) {
    let Ok(path) = std::env::var("ROAD_EDGES") else {
        return;
    };

    let mut text = String::from("from,to,seconds\n");
    for Stretch { from, to, tenths } in stretches {
        let _ = writeln!(text, "{from},{to},{}.{}", tenths / 10, tenths % 10);
    }
    std::fs::write(path, text).unwrap();
}

/// Dijkstra by petgraph, the tenths of a second from each junction to the target.
fn by_petgraph(graph: &DiGraph<(), u32>, target: u32) -> Vec<Option<u32>> {
    let target = NodeIndex::new(target as usize);
    let reached = petgraph::algo::dijkstra(graph, target, None, |edge| *edge.weight());
    graph.node_indices().map(|junction| reached.get(&junction).copied()).collect()
}

fn district(criterion: &mut Criterion, single: &ThreadPool) {
    let stretches = streets(DISTRICT, 50, 600);
    write_edges(&stretches);
    let junctions = DISTRICT * DISTRICT;
    let graph = RoadGraph::new(junctions, &stretches).unwrap();
    let hour = Longest::new(Seconds::from_minutes(60));
    let any = Longest::new(Seconds(65_535));

    let targets: Vec<u32> = (0..32).map(|number| number * 8_117).collect();
    let every = graph.times_to_each(&targets, hour).unwrap();
    assert!(every == single.install(|| graph.times_to_each(&targets, hour).unwrap()));
    assert!(sum(&every) > 0);

    criterion.bench_function("roads/to one of 260,100", |bench| {
        bench.iter(|| graph.times_to(black_box(130_000), any).unwrap());
    });
    criterion.bench_function("roads/32 x 260,100 within an hour", |bench| {
        bench.iter(|| graph.times_to_each(black_box(&targets), hour).unwrap());
    });
    criterion.bench_function("roads/32 x 260,100 within an hour, one thread", |bench| {
        bench.iter(|| single.install(|| graph.times_to_each(black_box(&targets), hour).unwrap()));
    });
    many_to_many(criterion, single, &graph, &stretches);
}

/// 1,000 places x 30 hospitals without a limit, beside what others do with them.
fn many_to_many(
    criterion: &mut Criterion,
    single: &ThreadPool,
    graph: &RoadGraph,
    stretches: &[Stretch],
) {
    let places = spread(1_000, graph.junctions());
    let hospitals = spread(30, graph.junctions());
    let any = Longest::new(Seconds(65_535));
    let table = || sum(&graph.times_between(&places, &hospitals, any).unwrap());
    println!("roads/1,000 x 30: {} s in all, of whole seconds", table());
    criterion.bench_function("roads/1,000 x 30 of 260,100", |bench| bench.iter(table));
    criterion.bench_function("roads/1,000 x 30 of 260,100, one thread", |bench| {
        bench.iter(|| single.install(table));
    });

    // Streets go both ways here, so that the graph is its own reverse.
    let mut peer = DiGraph::<(), u32>::new();
    for _ in 0..graph.junctions() {
        peer.add_node(());
    }
    for stretch in stretches {
        let (from, to) =
            (NodeIndex::new(stretch.from as usize), NodeIndex::new(stretch.to as usize));
        peer.add_edge(from, to, stretch.tenths);
    }
    let ours = graph.times_to(hospitals[7], any).unwrap();
    for (ours, theirs) in ours.iter().zip(by_petgraph(&peer, hospitals[7])) {
        assert_eq!(*ours, theirs.map(|tenths| Seconds((tenths + 5) / 10)));
    }
    criterion.bench_function("roads/to one of 260,100, petgraph", |bench| {
        bench.iter(|| by_petgraph(&peer, black_box(hospitals[7])));
    });

    hierarchy(criterion, graph, stretches, &places, &hospitals);
}

/// The same table by `fast_paths`, whose preparation is timed once.
fn hierarchy(
    criterion: &mut Criterion,
    graph: &RoadGraph,
    stretches: &[Stretch],
    places: &[u32],
    hospitals: &[u32],
) {
    let mut input = fast_paths::InputGraph::new();
    for stretch in stretches {
        input.add_edge(stretch.from as usize, stretch.to as usize, stretch.tenths as usize);
    }
    input.freeze();
    let start = Instant::now();
    let prepared = fast_paths::prepare(&input);
    println!("fast_paths: {:.1} s to prepare 260,100 junctions", start.elapsed().as_secs_f64());

    let mut paths = fast_paths::create_calculator(&prepared);
    let mut time = |place: u32, hospital: u32| {
        let path = paths.calc_path(&prepared, place as usize, hospital as usize);
        path.map(|path| path.get_weight() as u32)
    };
    let ours = graph.times_to(hospitals[3], Longest::new(Seconds(65_535))).unwrap();
    for &place in places {
        let theirs = time(place, hospitals[3]);
        assert_eq!(ours[place as usize], theirs.map(|tenths| Seconds((tenths + 5) / 10)));
    }
    criterion.bench_function("roads/1,000 x 30 of 260,100, fast_paths once prepared", |bench| {
        bench.iter(|| {
            let mut total = 0_u64;
            for &hospital in hospitals {
                for &place in places {
                    total += u64::from(time(place, hospital).unwrap_or(0));
                }
            }
            total
        });
    });
}

/// Five of 2,000 sites from each of a million junctions.
fn nearest(criterion: &mut Criterion) {
    let junctions = MILLION * MILLION;
    let graph = RoadGraph::new(junctions, &streets(MILLION, 20, 200)).unwrap();
    let sites = spread(2_000, junctions);
    let longest = Longest::new(Seconds::from_minutes(60));

    let found = graph.nearest_sites(&sites, 5, longest).unwrap();
    let to_one = graph.times_to(sites[700], longest).unwrap();
    assert!(found.from(sites[700])[0] == (700, Seconds(0)));
    for junction in (0..junctions).step_by(997) {
        for (site, time) in found.from(junction) {
            assert!(site != 700 || to_one[junction as usize] == Some(time));
        }
    }
    criterion.bench_function("roads/5 nearest of 2,000 from 1,000,000", |bench| {
        bench.iter(|| graph.nearest_sites(black_box(&sites), 5, longest).unwrap());
    });
}

/// 74 hospitals within an hour of a state's junctions.
fn state(criterion: &mut Criterion, single: &ThreadPool) {
    let junctions = STATE * STATE;
    let graph = RoadGraph::new(junctions, &streets(STATE, 20, 200)).unwrap();
    let hospitals = spread(74, junctions);
    let hour = Longest::new(Seconds::from_minutes(60));

    let every = graph.times_to_each(&hospitals, hour).unwrap();
    let settled = every.iter().flatten().flatten().count();
    drop(every);

    // As many places as a large region has cells.
    let places = spread(2_199, junctions);
    let start = Instant::now();
    let rows = single.install(|| graph.times_between(&places, &hospitals, hour).unwrap());
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "roads/74 x {junctions}: {settled} junctions settled on one thread in {seconds:.2} s, {:.0} ns each",
        seconds * 1e9 / settled as f64
    );
    assert!(rows == graph.times_between(&places, &hospitals, hour).unwrap());
    criterion.bench_function("roads/74 hospitals, 2,199 of 1,999,396, within an hour", |bench| {
        bench.iter(|| graph.times_between(black_box(&places), &hospitals, hour).unwrap());
    });
    criterion.bench_function("roads/74 hospitals ..., one thread", |bench| {
        bench.iter(|| {
            single.install(|| graph.times_between(black_box(&places), &hospitals, hour).unwrap())
        });
    });
}

fn roads(criterion: &mut Criterion) {
    let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    district(criterion, &single);
    nearest(criterion);
    state(criterion, &single);
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = roads
}
criterion_main!(benches);
