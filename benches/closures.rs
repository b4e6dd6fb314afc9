//! Closures of one, two and three hospitals on the region and on Germany.
//!
//! Germany is as in `country.rs`: 214,633 cells of one square kilometre and 2,322 sites (or a
//! generated country of the same size, seed 20260101, and the output says so), ranked lists within 60
//! minutes, limit 30 minutes, all sites may close. Once every site qualifies, and once two of three,
//! drawn with the seed.
//!
//! Run with `cargo bench --bench closures`. Each figure stands beside a check of its result: greatest
//! sets are closed and counted anew, and the first sets are held against a scan over all pairs.
//!
//! Peer: `benches/peer_ckdtree.py` takes 95 ms with `SciPy` for nearest, second nearest and all single
//! closures of Germany from coordinates; there is none for pairs and triples.

mod data;

use std::hint::black_box;

use criterion::Criterion;
use data::{Country, SEED};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use verbund::Region;
use verbund::coverage::{HospitalSet, Nearest};
use verbund::model::{HospitalId, Position, TravelSettings};
use verbund::planning::closures::{Aftermaths, Closures, Order, Origins, Sites, harmless, search};
use verbund::routing::{Choice, Huff};
use verbund::run::Control;
use verbund::travel::{CrowFly, Limits, Stop, TravelModel, TravelTimes};
use verbund::units::Seconds;

const ORDERS: [(Order, &str); 3] =
    [(Order::Single, "singles"), (Order::Pair, "pairs"), (Order::Triple, "triples")];
const LIMIT: Seconds = Seconds::from_minutes(30);

fn germany(bench: &mut Criterion) {
    let country = Country::real().unwrap_or_else(Country::generated);
    println!("{}: {} cells, {} sites", country.name, country.cells.len(), country.sites.len());
    let stops = |positions: &[Position]| -> Vec<Stop<'static>> {
        positions.iter().map(|&position| Stop::new("", position)).collect()
    };
    let (origins, sites) = (stops(&country.cells), stops(&country.sites));
    let model = CrowFly::new(TravelSettings::default()).expect("the defaults are in range");
    let hour = Limits::within(Seconds::from_minutes(60));
    let times = model.lists(&origins, &sites, hour).expect("fewer pairs than lists hold");
    let mut random = ChaCha12Rng::seed_from_u64(SEED);
    let drawn: Vec<bool> = sites.iter().map(|_| random.random_bool(2.0 / 3.0)).collect();
    let sets = [
        ("all sites", HospitalSet::filter(times.hospitals(), |_| true)),
        ("two of three sites", HospitalSet::filter(times.hospitals(), |id| drawn[id.index()])),
    ];
    let people = &country.people;
    let mut group = bench.benchmark_group("germany");
    group.sample_size(50);
    for (name, set) in &sets {
        for (order, what) in ORDERS {
            let ranks = order.size() + 1;
            let hits = Nearest::k_nearest(&times, origins.len(), set, ranks);
            let found = Closures::count(&hits, Origins { people, limit: LIMIT }, set, order);
            println!(
                "{name}, {what}: {} sets, signatures {:?}, {:.1} MB of hits read, first {:?}",
                found.sets(),
                found.signatures(),
                (hits.origins() * (4 + 6 * ranks)) as f64 / 1e6,
                found.worst(1)
            );
            check(&times, people, set, &found);
            group.bench_function(format!("{name}: first {ranks} hits from the lists"), |b| {
                b.iter(|| black_box(Nearest::k_nearest(&times, origins.len(), set, ranks)));
            });
            group.bench_function(format!("{name}: all {what} from first hits"), |b| {
                b.iter(|| {
                    black_box(Closures::count(&hits, Origins { people, limit: LIMIT }, set, order))
                });
            });
            group.bench_function(format!("{name}: the first ten of all {what}"), |b| {
                b.iter(|| black_box(found.worst(10)));
            });
        }
    }
    group.finish();
}

/// The first sets again, by closing them and counting anew; pairs also against all pairs.
fn check(times: &TravelTimes, people: &[u32], set: &HospitalSet, found: &Closures) {
    let within =
        |set: &HospitalSet| Nearest::find(times, people.len(), set).people_within(people, LIMIT);
    let before = within(set);
    let (worst, together) = (found.worst(3), found.together(3));
    for one in worst.iter().chain(&together) {
        let stays = |id| set.contains(id) && !one.hospitals.contains(&id);
        let open = HospitalSet::filter(times.hospitals(), stays);
        assert_eq!(before - within(&open), one.newly_beyond, "{:?}", one.hospitals);
    }
    if found.order() == Order::Pair {
        let sites = found.sites();
        let mut all: Vec<(std::cmp::Reverse<u64>, [HospitalId; 2])> = Vec::new();
        for (at, &a) in sites.iter().enumerate() {
            let pairs = sites[at + 1..].iter();
            all.extend(pairs.map(|&b| (std::cmp::Reverse(found.newly_beyond(&[a, b])), [a, b])));
        }
        all.sort_unstable();
        for (one, (people, pair)) in found.worst(1000).iter().zip(&all) {
            assert_eq!((one.newly_beyond, one.hospitals.as_slice()), (people.0, pair.as_slice()));
        }
    }
}

fn region(bench: &mut Criterion) {
    let region = Region::leipzig().expect("the shipped network has no fault");
    let catalog = region.network().catalog();
    let basic = catalog.standard("basic_care").expect("it is shipped");
    let stop = Control::default();
    let every = || ORDERS.map(|(order, _)| search(&region, basic, Sites::Inside, order));
    for found in every() {
        let found = found.expect("the standard is in the catalog");
        println!("region, basic_care: {} sets, signatures {:?}", found.sets(), found.signatures());
    }
    let stroke = catalog.standard("stroke_unit").expect("it is shipped");
    let pair = search(&region, stroke, Sites::Inside, Order::Pair).expect("as above").worst(1);
    let after = Aftermaths::new(&region, stroke).expect("as above");
    let full = Aftermaths::new(&region, stroke).expect("as above");
    let full = full.with_overload(Choice::Huff(Huff::default())).expect("in range");
    for standard in &catalog.standards {
        let found = harmless(&region, standard, Sites::Inside, &stop).expect("as above");
        assert!(found.is_proven, "{}", standard.key);
        println!("region, harmless for {}: {} close", standard.key, found.closing.len());
    }
    let mut group = bench.benchmark_group("region");
    group.sample_size(50);
    group.bench_function("all singles, pairs and triples of one standard, lists included", |b| {
        b.iter(|| black_box(every()));
    });
    group.bench_function("the same, every set listed", |b| {
        b.iter(|| {
            for found in every().into_iter().flatten() {
                black_box(found.worst(usize::MAX));
            }
        });
    });
    group.bench_function("largest harmless set of one standard", |b| {
        b.iter(|| black_box(harmless(&region, basic, Sites::Inside, &stop)));
    });
    group.bench_function("backup of one pair", |b| {
        b.iter(|| black_box(after.of(&pair[0].hospitals)));
    });
    group.bench_function("backup and overload of one pair, Huff", |b| {
        b.iter(|| black_box(full.of(&pair[0].hospitals)));
    });
    group.finish();
}

criterion::criterion_group!(benches, germany, region);
criterion::criterion_main!(benches);
