//! The engine of care pathways against a slow second method that walks every route, on thousands
//! of random small networks; and the laws that follow from free choice.

mod figures;
mod impact_laws;
mod laws;
mod networks;
mod oracle;
mod scatter;
mod winners;

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use verbund::Region;
use verbund::model::*;
use verbund::pathways::*;

use crate::common::{at, catalog, day, hospital, model, place};
use networks::{BYTES, Dice, World};
use oracle::{Oracle, PROTOCOLS, RULES};

/// Runs a law on random networks, the same ones each time; `PROPTEST_CASES` asks for more.
fn on_networks(cases: u32, law: impl Fn(&World, &mut Dice<'_>)) {
    let cases = cases.max(Config::default().cases);
    let config = Config { failure_persistence: None, ..Config::with_cases(cases) };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let bytes = prop::collection::vec(any::<u8>(), BYTES);
    let result = TestRunner::new_with_rng(config, rng).run(&bytes, |bytes| {
        let mut dice = Dice::new(&bytes);
        let world = dice.world();
        law(&world, &mut dice);
        Ok(())
    });
    if let Err(TestError::Fail(reason, bytes)) = &result {
        panic!("{reason}\n{}", Dice::new(bytes).world());
    }
    result.unwrap();
}

fn objectives(pathway: &Pathway) -> Vec<Objective> {
    let stages = pathway.stages.iter().map(|stage| Objective::Stage(stage.key.clone()));
    std::iter::once(Objective::LastStage).chain(stages).collect()
}

#[test]
fn every_route_is_the_one_that_a_walk_over_all_routes_finds() {
    let ties = RefCell::new([0_u64; RULES.len()]);
    let counts = RefCell::new([0_u64; 6]);
    on_networks(4000, |world, _| {
        let mut world = world.clone();
        // The centre of this place is none of its two parts.
        world.model.places.places[2].area_km2 = Some(30.0);
        let region = world.region();
        let pathway = &region.network().catalog().pathways[0];
        let outage = world.outage(&region);
        let oracle = Oracle::new(&region, pathway, &world.added, outage.clone());
        let mut counts = counts.borrow_mut();
        let everything = Oracle::new(&region, pathway, &world.added, Outage::default());
        let unmet = everything.unmet_by_anybody();
        let prepared = match Prepared::new(&region, pathway, &world.added) {
            Ok(prepared) => prepared,
            Err(PathwayError::Unmet { stages, .. }) => {
                assert_eq!(stages, unmet);
                counts[0] += 1;
                return;
            }
            Err(other) => panic!("{other}"),
        };
        assert_eq!(unmet, Vec::<String>::new());
        let unknown = prepared.unknown_sites();
        let unknown: Vec<HospitalId> = unknown.iter().map(|site| site.hospital).collect();
        assert_eq!(unknown, everything.unknown());
        counts[5] += u64::from(!unknown.is_empty());
        // Who is told to look at these only must not miss any; some may be out of everybody's reach.
        let relevant = prepared.relevant();
        let fits = everything.that_fit();
        assert!(everything.that_can_serve().iter().all(|one| relevant.contains(one)));
        assert!(relevant.iter().all(|one| fits.contains(one)), "{relevant:?} {fits:?}");
        counts[1] += 1;
        let objectives = objectives(pathway);
        for place in region.place_ids() {
            for (index, &protocol) in PROTOCOLS.iter().enumerate() {
                let query = Query::default().protocol(protocol).outage(outage.clone());
                for (at, objective) in objectives.iter().enumerate() {
                    let slow = oracle.best(place, world.moment, (index, at));
                    let query = query.clone().objective(objective.clone());
                    let fast = prepared.route(place, world.moment, &query).unwrap();
                    assert_eq!(fast, slow, "{protocol:?} {objective:?}");
                    counts[2] += u64::from(fast.is_some());
                }
                let slow = oracle.front(place, world.moment, index);
                assert_eq!(prepared.routes(place, world.moment, &query), slow, "{protocol:?}");
                counts[3] += u64::from(slow.len() > 1);
            }
        }
        counts[4] += *oracle.walked.borrow();
        let mut ties = ties.borrow_mut();
        ties.iter_mut().zip(*oracle.ties.borrow()).for_each(|(all, own)| *all += own);
    });
    let [unmet, met, routes, fronts, walked, unknown] = counts.into_inner();
    let ties = ties.into_inner();
    println!("{met} networks ({unmet} with an unmet stage), {routes} routes, {fronts} Pareto sets");
    println!("of several routes, {walked} routes walked; ties by rule:");
    RULES.iter().zip(ties).for_each(|(rule, count)| println!("{count:6} {rule}"));
    assert!(unknown > 300, "networks with an unknown grade: {unknown}");
    assert!(met >= 2000 && unmet > 0 && fronts > 500, "{met} {unmet} {fronts}");
    assert!(ties.iter().all(|count| *count >= 20), "{ties:?}");
}

#[test]
fn one_and_eight_threads_give_the_same() {
    // 6,000 parts on a disc around six hospitals, four of them with both specialties.
    let city = Place { area_km2: Some(9000.0), ..place("city", at(0.0, 0.0), 6_000_000) };
    let hospitals = (0..6).map(|index| {
        let mut one = hospital(&format!("h{index}"), at(10.0 * f64::from(index), 5.0), 10);
        if index % 3 > 0 {
            one.departments.push(Department::new("t"));
        }
        one
    });
    let mut model = model(vec![], vec![city]);
    let mut catalog = catalog();
    catalog.pathways.push(laws::scan_and_operation());
    model.network = networks::network(catalog, hospitals.collect(), vec![]);
    let results = [1, 8].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let region = Region::new(&model, day()).unwrap();
            let pathway = &region.network().catalog().pathways[0];
            let prepared = Prepared::new(&region, pathway, &[]).unwrap();
            let outcome = prepared.evaluate(&Query::default()).unwrap();
            let times: Vec<_> = outcome.objective_times().collect();
            assert!(times.len() > 4096);
            (times, outcome.stages(), outcome.targets(), outcome.places(), outcome.loads())
        })
    });
    assert_eq!(results[0], results[1]);
}
