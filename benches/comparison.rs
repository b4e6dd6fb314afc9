//! Before and after a change, on the region and on Germany.
//!
//! Germany is that of the bench `pathways`: 214,633 cells and 2,322 sites, journeys up to two hours,
//! departments and facilities drawn with seed 20260101, demand of the shipped catalog. The changes: the
//! site closes that is nearest to most people, one opens at the same spot, the site farthest from
//! Berlin gets a CT, the roads to one site are slower by 10 minutes.
//!
//! Run with `cargo bench --bench comparison`. Every update is held against looking everything up.

mod data;

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};
use data::Country;
use verbund::Region;
use verbund::calendar::{Date, DateTime};
use verbund::comparison::{Base, compare_standard};
use verbund::coverage::{Delta, NearestQualifying};
use verbund::model::{Department, Facility, Hospital, Requirement, Road, Standard};
use verbund::routing::{Choice, Huff};
use verbund::scenario::{Change, DatedChange, NewFacility, Scenario};
use verbund::units::Seconds;

fn scenario(day: Date, change: Change) -> Scenario {
    let change = DatedChange {
        on: DateTime::from(day),
        until: None,
        reason: "a bench".into(),
        source: None,
        change,
    };
    Scenario {
        key: "bench".into(),
        name: "bench".into(),
        source: "invented".into(),
        assumed: Vec::new(),
        changes: vec![change],
    }
}

/// The changes of a bench: a hospital that closes and its twin that opens, a facility that a hospital
/// gets, and slower roads to a hospital.
fn changes(region: &Region, busiest: &Hospital, gets: (&str, &str)) -> [(&'static str, Change); 4] {
    let mut twin = Hospital::new("zz-new", "New", busiest.position);
    twin.departments = vec![Department::new("internal_medicine"), Department::new("neurology")];
    twin.facilities = busiest.facilities.iter().map(|one| Facility::new(&one.kind)).collect();
    assert!(region.network().find("zz-new").is_none());
    let facility = NewFacility { hospital: gets.0.into(), facility: Facility::new(gets.1) };
    let road = Road {
        from: vec![],
        to: vec![busiest.key.clone()],
        corridor: vec![],
        delay: Some(Seconds::from_minutes(10)),
    };
    [
        ("a hospital closes", Change::CloseHospital(busiest.key.clone())),
        ("a hospital opens", Change::OpenHospital(Box::new(twin))),
        ("a hospital newly qualifies", Change::SetFacility(facility)),
        ("roads to a hospital are slower", Change::Road(road)),
    ]
}

/// Times applying, the delta, the update of hits and the comparison of a standard.
fn each(
    group: &mut BenchmarkGroup<'_, WallTime>,
    region: &Region,
    standard: &Standard,
    changes: [(&'static str, Change); 4],
) {
    let day = region.network().date();
    let hits = NearestQualifying::find(region, &standard.requirement);
    group.bench_function("hits of a standard from the lists", |b| {
        b.iter(|| black_box(NearestQualifying::find(region, &standard.requirement)));
    });
    for (name, change) in changes {
        let scenario = scenario(day, change);
        let apply = || region.apply(&[&scenario], day.into()).expect("a scenario without a fault");
        let after = apply();
        let delta = Delta::new(region, &after);
        let updated = delta.update(&hits);
        assert_eq!(
            updated.nearest,
            *NearestQualifying::find(&after, &standard.requirement).nearest()
        );
        println!("{name}: {} of {} points looked up", updated.looked_up.len(), after.parts().len());
        group.bench_function(format!("{name}: apply"), |b| b.iter(|| black_box(apply())));
        group.bench_function(format!("{name}: what differs"), |b| {
            b.iter(|| black_box(Delta::new(region, &after)));
        });
        group.bench_function(format!("{name}: hits of a standard"), |b| {
            b.iter(|| black_box(delta.update(&hits)));
        });
        group.bench_function(format!("{name}: one standard compared, base included"), |b| {
            b.iter(|| black_box(compare_standard(region, &after, standard)));
        });
    }
}

/// The hospital of a standard that is nearest to most people.
fn busiest<'r>(region: &'r Region, requirement: &Requirement) -> &'r Hospital {
    let hits = NearestQualifying::find(region, requirement);
    let people = region.people(&verbund::model::PopulationGroup::ALL);
    let mut served = vec![0_u64; region.network().hospitals().len()];
    for (part, &people) in people.iter().enumerate() {
        if let Some((first, _)) = hits.nearest().first(part) {
            served[first.index()] += u64::from(people);
        }
    }
    let most = (0..served.len()).max_by_key(|at| served[*at]).expect("there are hospitals");
    &region.network().hospitals()[most]
}

fn germany(bench: &mut Criterion) {
    let country = Country::real().unwrap_or_else(Country::generated);
    let model = country.model();
    let region = Region::new(&model, model.network.date()).expect("the defaults are in range");
    println!(
        "{}: {} cells, {} sites, {} pairs, {:.0} MB of lists",
        country.name,
        country.cells.len(),
        country.sites.len(),
        region.times().pairs(),
        region.times().bytes() as f64 / 1e6
    );
    let ct = Requirement::Facility { kind: "ct".into(), at_least: None };
    let standard = Standard::new("ct", ct, 30);
    let busiest = busiest(&region, &standard.requirement);
    let berlin = verbund::model::Position::new(52.52, 13.405).expect("on the globe");
    let without = region.network().hospitals().iter().filter(|one| one.facility("ct").is_none());
    let gets =
        without.max_by_key(|one| one.position.distance_to(berlin).0).expect("some have none");
    let changes = changes(&region, busiest, (&gets.key, "ct"));
    let mut group = bench.benchmark_group("germany");
    group.sample_size(10);
    each(&mut group, &region, &standard, changes);
    group.finish();
}

fn region(bench: &mut Criterion) {
    let region = Region::leipzig().expect("the shipped network has no fault");
    let catalog = region.network().catalog();
    let standard = catalog.standard("basic_care").expect("it is shipped");
    let torgau = &region.network()[region.network().find("kkh-torgau").expect("it is shipped")];
    let changes = changes(&region, torgau, ("kkh-torgau", "thrombectomy"));
    let mut group = bench.benchmark_group("region");
    group.sample_size(20);
    let closes = scenario(region.network().date(), changes[0].1.clone());
    let after = region.apply(&[&closes], region.network().date().into()).expect("no fault");
    let choice = Choice::Huff(Huff::default());
    let base = || Base::new(&region, &catalog.standards, choice).expect("no fault");
    group.bench_function("a base: all standards, pathways, flows and the law", |b| {
        b.iter(|| black_box(base()));
    });
    let ready = base();
    group.bench_function("Torgau closes: everything compared with a base", |b| {
        b.iter(|| black_box(ready.compare(&after)));
    });
    each(&mut group, &region, standard, changes);
    group.finish();
}

criterion::criterion_group!(benches, region, germany);
criterion::criterion_main!(benches);
