//! Ranked lists, coverage and flows on the region and on Germany.
//!
//! Germany is the census grid of 2011 (214,633 cells of one square kilometre) and the hospital
//! sites of 2018 without day clinics where `../shared/data` is there; else a generated country of
//! the same size (seed 20260101), and the output says so. Whether a site meets the standard is
//! drawn at random for two of three sites, because that table has no departments.
//!
//! A third group is the whole country as a planner has it: `networks/germany` where it is there, else the same
//! cells in 10,732 municipalities laid out as parts, with departments drawn with the same seed; lists within two
//! hours. It prints sites, places, parts, pairs, bytes of lists, threads and the processor.
//!
//! Run with `cargo bench --bench country`. Each figure stands beside a check of its result.

mod data;

use std::hint::black_box;

use criterion::Criterion;
use data::{Country, SEED};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use verbund::Region;
use verbund::coverage::{self, HospitalSet, Nearest};
use verbund::files::Folder;
use verbund::model::{Position, TravelSettings};
use verbund::overview::Overview;
use verbund::routing::{Capacity, Choice, Flows, Huff};
use verbund::travel::{CrowFly, Limits, Stop, TravelModel, TravelTimes};
use verbund::units::Seconds;

/// Memory of the process now and at its peak, in MiB, where the system says so.
fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = |key: &str| {
        let line = status.lines().find(|line| line.starts_with(key))?;
        line.split_whitespace().nth(1)?.parse::<f64>().ok()
    };
    match (line("VmRSS"), line("VmHWM")) {
        (Some(now), Some(peak)) => {
            format!("{:.0} MiB now, {:.0} MiB at peak", now / 1024.0, peak / 1024.0)
        }
        _ => "unknown".to_owned(),
    }
}

fn country(bench: &mut Criterion) {
    let country = Country::real().unwrap_or_else(Country::generated);
    println!("{}: {} cells, {} sites", country.name, country.cells.len(), country.sites.len());
    println!("resident before the lists: {}", resident());
    let stops = |positions: &[Position]| -> Vec<Stop<'static>> {
        positions.iter().map(|&position| Stop::new("", position)).collect()
    };
    let (origins, sites) = (stops(&country.cells), stops(&country.sites));
    println!("resident with origins and sites: {}", resident());
    let model = CrowFly::new(TravelSettings::default()).expect("the defaults are in range");
    let hour = Limits::within(Seconds::from_minutes(60));
    let build = || model.lists(&origins, &sites, hour).expect("fewer pairs than lists hold");
    let times = build();
    let bytes = times.bytes() as f64 / 1_048_576.0;
    println!("pairs within 60 minutes: {}, {bytes:.0} MiB in lists", times.pairs());
    println!("resident with the lists: {}", resident());
    check_lists(&times, &country, &model);

    let mut random = ChaCha12Rng::seed_from_u64(SEED);
    let meets: Vec<bool> = sites.iter().map(|_| random.random_bool(2.0 / 3.0)).collect();
    let set = HospitalSet::filter(times.hospitals(), |id| meets[id.index()]);
    let nearest = Nearest::find(&times, origins.len(), &set);
    let limit = Seconds::from_minutes(30);
    let within = nearest.people_within(&country.people, limit);
    assert_eq!(nearest.reach(&country.people, limit).within_limit, within);
    let all: u64 = country.people.iter().map(|&people| u64::from(people)).sum();
    println!("within 30 minutes: {within} of {all} people");

    let mut group = bench.benchmark_group("country");
    group.sample_size(10);
    group.bench_function("ranked lists within 60 minutes", |b| b.iter(|| black_box(build())));
    group.sample_size(50);
    group.bench_function("first and second hits from the lists", |b| {
        b.iter(|| black_box(Nearest::find(&times, origins.len(), &set)));
    });
    group.bench_function("coverage of one standard from first hits, all figures", |b| {
        b.iter(|| black_box(nearest.reach(&country.people, limit)));
    });
    group.bench_function("people within the limit from first hits", |b| {
        b.iter(|| black_box(nearest.people_within(&country.people, limit)));
    });
    group.finish();
}

/// Every thousandth list against asking all sites.
fn check_lists(times: &TravelTimes, country: &Country, model: &CrowFly) {
    for origin in (0..country.cells.len()).step_by(1000) {
        let from = Stop::new("", country.cells[origin]);
        let mut slow: Vec<(u32, usize)> = country
            .sites
            .iter()
            .enumerate()
            .map(|(index, &site)| {
                (model.time_over(from.distance_to(&Stop::new("", site))).0, index)
            })
            .filter(|(time, _)| *time <= times.cutoff().0)
            .collect();
        slow.sort_unstable();
        let fast: Vec<(u32, usize)> =
            times.from_origin(origin).map(|(id, time)| (time.0, id.index())).collect();
        assert_eq!(fast, slow, "list of cell {origin}");
    }
}

fn region(bench: &mut Criterion) {
    let folder = Folder::leipzig();
    let model = folder.read().expect("the shipped network has no fault");
    let region = Region::new(&model, model.network.date()).expect("its parameters are in range");
    println!("region: {} parts, {} pairs", region.parts().len(), region.times().pairs());
    let standard =
        region.network().catalog().standard("basic_care").expect("it is shipped").clone();
    let mut group = bench.benchmark_group("region");
    group.sample_size(50);
    group.bench_function("read the files", |b| b.iter(|| black_box(folder.read())));
    group.bench_function("lists, parts and demand", |b| {
        b.iter(|| black_box(Region::new(&model, model.network.date())));
    });
    group.bench_function("coverage of one standard, all results", |b| {
        b.iter(|| black_box(coverage::evaluate(&region, &standard)));
    });
    group.bench_function("flows of all specialties, Huff", |b| {
        b.iter(|| black_box(Flows::of_region(&region, Choice::Huff(Huff::default()))));
    });
    group.bench_function("the whole report", |b| {
        b.iter(|| {
            let model = folder.read().expect("no fault");
            let region = Region::new(&model, model.network.date()).expect("in range");
            let overview = Overview::of(&model, &region).expect("in range");
            black_box(verbund::report::overview(&overview))
        });
    });
    group.finish();
}

/// The whole country as a planner has it: `networks/germany` where it is there, else municipalities and sites
/// with drawn departments.
fn whole(bench: &mut Criterion) {
    let folder = Folder::open(concat!(env!("CARGO_MANIFEST_DIR"), "/networks/germany"));
    let model = folder.read().unwrap_or_else(|_| {
        let country = Country::real().unwrap_or_else(Country::generated);
        println!("whole: {}, departments drawn with seed {SEED}", country.name);
        country.municipalities()
    });
    let day = model.network.date();
    let region = Region::new(&model, day).expect("its parameters are in range");
    let (parts, times) = (region.parts().len(), region.times());
    println!(
        "whole: {} sites, {} places, {parts} parts, {} pairs within {}, {} bytes of lists; {} threads on {}",
        region.network().hospitals().len(),
        region.places().places.len(),
        times.pairs(),
        times.cutoff(),
        times.bytes(),
        rayon::current_num_threads(),
        machine(),
    );
    println!("resident with the region: {}", resident());

    let choices = [
        ("nearest", Choice::Nearest),
        ("Huff", Choice::Huff(Huff::default())),
        ("full hospitals overflow", Choice::Capacity(Capacity::default())),
    ];
    for (name, choice) in choices {
        let flows = Flows::of_region(&region, choice).expect("in range");
        let sent: f64 = flows.loads.iter().map(|load| load.cases).sum();
        let all: f64 = flows.specialties.iter().map(|one| one.cases).sum();
        let lost = (sent + flows.leftover() - all).abs();
        assert!(lost < 1e-6 * all, "{name}: {lost} cases are lost");
    }

    let standards = &region.network().catalog().standards;
    let mut group = bench.benchmark_group("whole country");
    group.sample_size(10);
    group.bench_function("parts, lists and demand", |b| {
        b.iter(|| black_box(Region::new(&model, day)));
    });
    group.bench_function("coverage of one standard, all results", |b| {
        b.iter(|| black_box(coverage::evaluate(&region, &standards[0])));
    });
    group.bench_function("coverage of all standards, all results", |b| {
        b.iter(|| black_box(coverage::evaluate_all(&region, standards)));
    });
    for (name, choice) in choices {
        group.bench_function(format!("flows of all specialties, {name}"), |b| {
            b.iter(|| black_box(Flows::of_region(&region, choice)));
        });
    }
    group.bench_function("the whole report, from the region", |b| {
        b.iter(|| {
            let overview = Overview::of(&model, &region).expect("in range");
            black_box(verbund::report::overview(&overview))
        });
    });
    group.finish();
    println!("resident after all of it: {}", resident());
}

/// The processor, where the system names it.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = info.lines().find(|line| line.starts_with("model name"));
    let name = line.and_then(|line| line.split_once(':'));
    name.map_or_else(|| "an unnamed machine".to_owned(), |(_, name)| name.trim().to_owned())
}

criterion::criterion_group!(benches, country, whole, region);
criterion::criterion_main!(benches);
