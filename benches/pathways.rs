//! Care pathways on the region and on Germany.
//!
//! Germany is that of the bench `country`, with 10,000 cooperations between hospitals at most 60
//! km apart and departments drawn with seed 20260101: two of three sites have a CT, one of three a
//! neurology, one of twenty does thrombectomies. The pathway is the catalog's stroke with vessel
//! occlusion: three stages, by ambulance, transfers with and without an agreement.
//!
//! Run with `cargo bench --bench pathways`. Each figure stands beside a check of its result.

mod data;

use std::hint::black_box;
use std::sync::Arc;

use criterion::Criterion;
use data::Country;
use rayon::prelude::*;
use verbund::Region;
use verbund::calendar::Moment;
use verbund::impact::Study;
use verbund::model::{Pathway, TravelSettings};
use verbund::pathways::{Outage, Prepared, Query, When};
use verbund::travel::CrowFly;
use verbund::units::Seconds;

fn country(bench: &mut Criterion) {
    let country = Country::real().unwrap_or_else(Country::generated);
    let model = country.model();
    let crow_fly = CrowFly::new(TravelSettings::default()).expect("the defaults are in range");
    let hour = Seconds::from_minutes(60);
    let region = Region::with_travel(&model, model.network.date(), Arc::new(crow_fly), hour)
        .expect("no fault");
    let pathway = region.network().catalog().pathway("stroke_lvo").expect("it is shipped");
    println!(
        "{}: {} cells, {} sites, {} cooperations, {} stages, {} pairs of cell and site",
        country.name,
        country.cells.len(),
        country.sites.len(),
        region.network().cooperations().len(),
        pathway.stages.len(),
        region.times().pairs()
    );
    let prepared = Prepared::new(&region, pathway, &[]).expect("somebody can do each stage");
    let query = Query::default();
    let outcome = prepared.evaluate(&query).expect("no objective is named");
    let ways = outcome.loads().ways;
    println!("{ways:?}");
    // Single routes, planned one by one, agree with the figures of all.
    let times: Vec<_> = outcome.objective_times().collect();
    let noon: Moment = "Mon 12:00".parse().expect("a moment");
    for place in region.place_ids().step_by(20_011) {
        let route = prepared.route(place, noon, &query).expect("no objective is named");
        let end = route.filter(|route| route.visits.len() == 3).and_then(|route| route.end());
        assert_eq!(times[place.index()].time, end, "cell {}", place.index());
    }
    let mut group = bench.benchmark_group("country");
    group.sample_size(20);
    group.bench_function("set a pathway up", |b| {
        b.iter(|| black_box(Prepared::new(&region, pathway, &[])));
    });
    group.bench_function("one pathway of three stages, every cell's route", |b| {
        b.iter(|| black_box(prepared.evaluate(&query)));
    });
    group.bench_function("times of every stage, all quantiles, from the routes", |b| {
        b.iter(|| black_box(outcome.stages()));
    });
    group.bench_function("loads of hospitals and cooperations, from the routes", |b| {
        b.iter(|| black_box(outcome.loads()));
    });
    group.finish();
}

fn region(bench: &mut Criterion) {
    let region = Region::leipzig().expect("the shipped network has no fault");
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let prepare = |pathway: &&'_ Pathway| -> Option<f64> {
        let prepared = Prepared::new(&region, pathway, &[]).ok()?;
        let outcome = prepared.evaluate(&Query::default()).ok()?;
        outcome.stages().last()?.done.mean_seconds
    };
    let all = || pathways.par_iter().map(prepare).collect::<Vec<_>>();
    assert!(all().iter().all(Option::is_some), "every pathway can be done in the region");
    println!("region: {} parts, {} pathways", region.parts().len(), pathways.len());
    let mut group = bench.benchmark_group("region");
    group.sample_size(50);
    group.bench_function("all pathways, every part's route", |b| {
        b.iter(|| {
            let run = |pathway: &&'_ Pathway| {
                let prepared = Prepared::new(&region, pathway, &[]).expect("it can be done");
                prepared.evaluate(&Query::default()).expect("no objective").cases().map(|c| c.len())
            };
            black_box(pathways.par_iter().map(run).collect::<Vec<_>>())
        });
    });
    group.bench_function("all pathways with times of every stage", |b| b.iter(|| black_box(all())));
    group.bench_function("all pathways at one moment, every part's route", |b| {
        let query = Query::default().when(When::At("Sat 03:00".parse().expect("a moment")));
        b.iter(|| {
            let run = |pathway: &&'_ Pathway| {
                let prepared = Prepared::new(&region, pathway, &[]).expect("it can be done");
                prepared.evaluate(&query).expect("no objective").query().when
            };
            black_box(pathways.par_iter().map(run).collect::<Vec<_>>())
        });
    });
    let study = Study::new(&region, &pathways, &[], Query::default()).expect("no objective");
    group.sample_size(20);
    group.bench_function("end one cooperation, all pathways, everybody compared", |b| {
        let out = Outage::of_cooperation(study.relevant()[0]);
        b.iter(|| black_box(study.compare(&out, &Outage::default())));
    });
    group.bench_function("values of all cooperations, given the others and alone", |b| {
        b.iter(|| black_box(study.values()));
    });
    group.bench_function("Shapley values of all cooperations, exact", |b| {
        let players = study.relevant();
        b.iter(|| black_box(study.shapley(&players, &verbund::impact::ShapleySettings::default())));
    });
    group.bench_function("all failures", |b| {
        b.iter(|| black_box(study.failures(Seconds::from_minutes(15))));
    });
    group.finish();
}

criterion::criterion_group!(benches, region, country);
criterion::criterion_main!(benches);
