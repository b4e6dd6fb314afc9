//! Impact on random networks against brute force.

use std::cell::Cell;

use verbund::impact::*;
use verbund::model::*;
use verbund::pathways::*;

use super::{objectives, on_networks};

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * (1.0 + a.abs().max(b.abs()))
}

fn same(a: &Effect, b: &Effect) -> bool {
    near(a.people, b.people)
        && near(a.people_with_way, b.people_with_way)
        && near(a.cases, b.cases)
        && near(a.seconds, b.seconds)
        && near(a.people_later, b.people_later)
        && near(a.seconds_lost, b.seconds_lost)
}

#[test]
fn values_are_those_of_everybody_compared() {
    let (checked, changed) = (Cell::new(0), Cell::new(0));
    on_networks(600, |world, dice| {
        let region = world.region();
        let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
        let all = objectives(pathways[0]);
        let objective = all[dice.below(all.len())].clone();
        let protocol =
            [Protocol::Free, Protocol::Free, Protocol::NearestDoor, Protocol::DirectToCentre]
                [dice.below(4)];
        let query =
            Query::default().objective(objective).outage(world.outage(&region)).protocol(protocol);
        let Ok(study) = Study::new(&region, &pathways, &world.added, query.clone()) else { return };
        if study.pathways().len() == 0 {
            return;
        }
        let relevant = study.relevant();
        let all_out =
            Outage { cooperations: relevant.iter().copied().collect(), ..Outage::default() };
        for value in study.values() {
            let given =
                study.compare(&Outage::of_cooperation(value.cooperation), &Outage::default());
            let mut others = all_out.clone();
            others.cooperations.remove(&value.cooperation);
            let alone = study.compare(&all_out, &others);
            assert!(same(&given[0], &value.given_others[0]), "given {given:?} {value:?}");
            assert!(same(&alone[0], &value.alone[0]), "alone {alone:?} {value:?}");
            if protocol == Protocol::Free {
                assert!(given[0].people_later == 0.0 && given[0].seconds_lost == 0.0);
                assert!(alone[0].people_later == 0.0 && alone[0].seconds_lost == 0.0);
            }
            checked.set(checked.get() + 1);
            changed.set(changed.get() + u32::from(!given[0].is_nothing()));
        }
        if relevant.len() <= 6 {
            let shapley = study.shapley(&relevant, &ShapleySettings::default());
            let whole = study.compare(&all_out, &Outage::default())[0].net_seconds();
            assert!(near(shapley.seconds, whole), "{} {whole}", shapley.seconds);
            // By subsets, from the definition.
            let n = relevant.len();
            let worth: Vec<f64> = (0..1_usize << n)
                .map(|set| {
                    let out = (0..n).filter(|at| set >> at & 1 == 0).map(|at| relevant[at]);
                    let outage = Outage { cooperations: out.collect(), ..Outage::default() };
                    study.compare(&all_out, &outage)[0].net_seconds()
                })
                .collect();
            let factorial = |n: usize| (1..=n).map(|x| x as f64).product::<f64>();
            for one in &shapley.values {
                let at = relevant.iter().position(|own| *own == one.cooperation).unwrap();
                let share: f64 = (0..1_usize << n)
                    .filter(|set| set >> at & 1 == 0)
                    .map(|set| {
                        let size = set.count_ones() as usize;
                        factorial(size) * factorial(n - size - 1) / factorial(n)
                            * (worth[set | 1 << at] - worth[set])
                    })
                    .sum();
                assert!((share - one.seconds).abs() < 1e-3, "{share} {one:?}");
            }
        }
    });
    assert!(checked.get() > 200 && changed.get() > 20);
}

#[test]
fn suggestions_are_complete_and_the_bound_holds() {
    let (checked, bounded, gains) = (Cell::new(0), Cell::new(0), Cell::new(0));
    on_networks(1000, |world, dice| {
        let region = world.region();
        let network = region.network();
        if network.hospitals().len() > 4 {
            return;
        }
        let pathways: Vec<&Pathway> = network.catalog().pathways.iter().collect();
        let all = objectives(pathways[0]);
        let objective = all[dice.below(all.len())].clone();
        let mut query = Query::default().objective(objective);
        if dice.one_in(2) {
            query = query.outage(world.outage(&region));
            query.outage.cooperations.retain(|id| network.cooperation(*id).is_some());
        }
        let Ok(study) = Study::new(&region, &pathways, &[], query.clone()) else { return };
        if study.pathways().len() == 0 {
            return;
        }
        for kind in [
            CandidateKind::Telemedicine,
            CandidateKind::VisitingTeam,
            CandidateKind::CentralService,
            CandidateKind::Transfer,
        ] {
            for field in ["s", "t", "u", "x"] {
                let found = suggest(&region, &pathways, Sought { kind, field }, 2, &query).unwrap();
                let mut pairs = Vec::new();
                for (from, one) in network.iter() {
                    for (to, two) in network.iter() {
                        // One that is out, or not open around the clock, can be had anew.
                        let mut there = network.cooperation_ids().zip(network.cooperations());
                        let exists = there.any(|(id, own)| {
                            !query.outage.cooperations.contains(&id)
                                && own.hours.is_always()
                                && own.kind.name() == kind.kind().name()
                                && own.covers(field)
                                && matches!(&own.parties, Parties::Directed { from, to } if *from == one.key && to.contains(&two.key))
                        });
                        if from != to && !exists {
                            let key = format!("{}-{}", one.key, two.key);
                            let parties = Parties::Directed {
                                from: one.key.clone(),
                                to: vec![two.key.clone()],
                            };
                            pairs
                                .push(Cooperation::new(key, kind.kind(), parties).fields(&[field]));
                        }
                    }
                }
                let worth = |added: &[Cooperation]| {
                    // An expert without the field brings nothing, and is refused.
                    let study = Study::new(&region, &pathways, added, query.clone());
                    let Ok(study) = study else { return 0.0 };
                    let new = (0..added.len()).map(|number| network.added_cooperation(number));
                    let out = Outage { cooperations: new.collect(), ..Outage::default() };
                    study.compare(&out, &Outage::default())[0].net_seconds()
                };
                let singles: Vec<f64> =
                    pairs.iter().map(|one| worth(std::slice::from_ref(one))).collect();
                let best = singles.iter().copied().fold(0.0, f64::max);
                let ranked = found.ranked.first().map_or(0.0, |one| one.total().net_seconds());
                assert!(
                    near(best, ranked),
                    "{kind:?} {field}: best single {best}, ranked {ranked} {query:?}"
                );
                checked.set(checked.get() + 1);
                gains.set(gains.get() + u32::from(best > 0.0));
                let Some(bound) = found.bound else { continue };
                bounded.set(bounded.get() + u32::from(best > 0.0));
                if best == 0.0 {
                    continue;
                }
                for (at, one) in pairs.iter().enumerate() {
                    for two in &pairs[at + 1..] {
                        let both = worth(&[one.clone(), two.clone()]);
                        assert!(
                            both <= bound + 1e-3,
                            "{kind:?} {field}: {both} > {bound}: {} {}",
                            one.key,
                            two.key
                        );
                    }
                }
            }
        }
    });
    assert!(checked.get() > 100 && gains.get() > 5 && bounded.get() > 2);
}

#[test]
fn no_failure_is_missed() {
    let (checked, hurt) = (Cell::new(0), Cell::new(0));
    on_networks(60, |world, dice| {
        let region = world.region();
        let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
        let all = objectives(pathways[0]);
        let objective = all[dice.below(all.len())].clone();
        let protocol = [Protocol::Free, Protocol::Free, Protocol::NearestDoor][dice.below(3)];
        let query =
            Query::default().objective(objective).outage(world.outage(&region)).protocol(protocol);
        let Ok(study) = Study::new(&region, &pathways, &world.added, query) else { return };
        if study.pathways().len() == 0 {
            return;
        }
        let failures = study.failures(verbund::units::Seconds(0));
        let ids: Vec<_> = region.network().iter().map(|(id, _)| id).collect();
        let mut what: Vec<(Failed, Outage)> = study
            .relevant()
            .into_iter()
            .map(|at| (Failed::Cooperation(at), Outage::of_cooperation(at)))
            .collect();
        what.extend(ids.iter().map(|&id| (Failed::Door(id), Outage::of_door(id))));
        what.extend(ids.iter().map(|&id| (Failed::Hospital(id), Outage::of_hospital(id))));
        for (what, outage) in what {
            let effect = study.compare(&outage, &Outage::default())[0];
            let found = failures.iter().find(|one| one.what == what);
            checked.set(checked.get() + 1);
            if effect.people > 0.0 {
                hurt.set(hurt.get() + 1);
                let found =
                    found.unwrap_or_else(|| panic!("{what:?} {protocol:?} {effect:?} is missed"));
                assert!(found.people_later + 1e-6 >= effect.people, "{found:?} {effect:?}");
            }
        }
    });
    assert!(checked.get() > 1000 && hurt.get() > 200);
}
