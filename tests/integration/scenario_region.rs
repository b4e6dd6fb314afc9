//! Applying scenarios to a region is the same as measuring the changed model anew.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use verbund::Region;
use verbund::calendar::DateTime;
use verbund::model::*;
use verbund::scenario::{
    Change, DatedChange, DepartmentKey, DepartmentMove, HospitalSize, Membership, Merger,
    PopulationTable, Scenario,
};
use verbund::units::Seconds;

use crate::common::{at, catalog, day, hospital, km_a_minute, place};

const HOSPITALS: usize = 7;

fn spot() -> impl Strategy<Value = Position> {
    (0_u32..90, 0_u32..90).prop_map(|(x, y)| at(f64::from(x), f64::from(y)))
}

/// Up to seven hospitals and eight places, with cooperations and one alliance; sometimes with a table of
/// travel times, sometimes with roads and scaled cases already.
pub(crate) fn any_model() -> impl Strategy<Value = Model> {
    let hospitals = prop::collection::vec((spot(), 0_u32..40, any::<[bool; 3]>()), 1..HOSPITALS);
    let places = prop::collection::vec((spot(), 1_u32..4000, any::<bool>()), 1..8);
    let table = prop::option::weighted(0.3, prop::collection::vec(0_u32..130, 64));
    (hospitals, places, table, any::<bool>()).prop_map(|(hospitals, places, table, is_changed)| {
        let mut builder = NetworkBuilder::new("any", day(), catalog());
        let keys: Vec<String> = (0..hospitals.len()).map(|at| format!("h{at}")).collect();
        for (key, (position, beds, [has_t, has_f, has_parent])) in keys.iter().zip(hospitals) {
            let mut one = hospital(key, position, beds);
            if has_t {
                one.departments.push(Department::new("t").beds(7));
                one.beds = Some(beds + 10);
            }
            if has_f {
                one.facilities.push(Facility::new("f").grade("low"));
            }
            one.parent = (has_parent && key != "h0").then(|| "h0".to_owned());
            builder = builder.hospital(one);
        }
        for pair in keys.windows(2) {
            let parties = Parties::Mutual(pair.to_vec());
            let key = format!("c{}", pair[0]);
            builder =
                builder.cooperation(Cooperation::new(key, CooperationKind::StaffPool, parties));
        }
        builder = builder.alliance(Alliance {
            key: "group".into(),
            name: "Group".into(),
            members: keys.iter().step_by(2).cloned().collect(),
            other_members: vec![],
            total_members: None,
            purposes: vec![],
            since: None,
            until: None,
            sources: vec![],
            assumed: vec![],
            note: None,
        });
        let places: Vec<Place> = places
            .into_iter()
            .enumerate()
            .map(|(number, (position, people, is_wide))| {
                let population = Population { female: vec![people, people / 3], male: vec![0, 9] };
                let area_km2 = is_wide.then_some(40.0);
                let district = if number % 2 == 0 { "even" } else { "odd" }.to_owned();
                Place {
                    population,
                    area_km2,
                    district,
                    ..place(&format!("p{number}"), position, 0)
                }
            })
            .collect();
        let travel_times = table.map(|minutes| {
            let pairs = (0..places.len()).flat_map(|place| (0..HOSPITALS).map(move |h| (place, h)));
            // "n" is a hospital that scenarios open; a quarter of the pairs has no way.
            let rows = pairs.zip(minutes).filter(|(_, minutes)| *minutes < 100);
            rows.map(|((place, h), minutes)| TravelRow {
                place: format!("p{place}").into(),
                hospital: if h == HOSPITALS - 1 { "n".into() } else { format!("h{h}").into() },
                time: Some(Seconds::from_minutes(minutes)),
            })
            .collect()
        });
        let road = Road {
            from: vec!["p0".into()],
            to: vec![],
            corridor: vec![],
            delay: Some(Seconds(60)),
        };
        let scale = DemandScale {
            factor: 1.5,
            population: PopulationGroup { sex: None, from: 60, to: None },
            districts: vec![],
        };
        let adjustments = if is_changed {
            Adjustments { roads: vec![road], demand: vec![scale], ..Adjustments::default() }
        } else {
            Adjustments::default()
        };
        Model {
            network: builder.build().unwrap(),
            places: Places {
                bands: vec![AgeBand { from: 0, to: Some(64) }, AgeBand { from: 65, to: None }],
                places,
                ages_assumed: false,
            },
            parts: PartRule::default(),
            travel: km_a_minute(),
            travel_times,
            adjustments,
        }
    })
}

/// One change in the making: what it is, and what hospitals and numbers it takes.
pub(crate) type Seed = (u8, u8, u8, u32, Position, u32, Option<u32>);

pub(crate) fn any_seeds() -> impl Strategy<Value = Vec<Seed>> {
    let end = prop::option::weighted(0.3, 1_u32..200);
    let one = (0_u8..20, 0_u8..7, 0_u8..7, 0_u32..60, spot(), 0_u32..200, end);
    prop::collection::vec(one, 0..9)
}

fn change(model: &Model, &(what, one, other, number, position, ..): &Seed) -> Change {
    let key = |number: u8| if number == 6 { "n".to_owned() } else { format!("h{number}") };
    let (hospital_key, other) = (key(one), key(other));
    match what {
        0..=2 => Change::CloseHospital(hospital_key),
        3..=6 => Change::OpenHospital(Box::new(hospital(
            if number < 40 { "n" } else { &hospital_key },
            position,
            number,
        ))),
        7 | 8 => Change::MergeHospitals(Merger { from: hospital_key, into: other }),
        9 => Change::MoveDepartment(DepartmentMove {
            specialty: "s".into(),
            from: hospital_key,
            to: other,
            beds: (number < 30).then_some(number / 10),
        }),
        10 => Change::CloseDepartment(DepartmentKey::new(hospital_key, "s")),
        11 => Change::ResizeHospital(HospitalSize { hospital: hospital_key, beds: number + 40 }),
        12 => Change::EndCooperation(format!("c{hospital_key}")),
        13 => Change::JoinAlliance(Membership { alliance: "group".into(), hospital: hospital_key }),
        14 => Change::ScaleDemand(DemandScale {
            factor: f64::from(number) / 20.0,
            population: PopulationGroup { sex: Some(Sex::Female), from: 18, to: Some(70) },
            districts: if number % 2 == 0 { vec!["even".into()] } else { vec![] },
        }),
        15 | 16 => {
            let mut places = model.places.clone();
            for place in &mut places.places {
                place.population.female[0] = place.population.female[0] * number / 30 + 1;
            }
            Change::SetPopulation(PopulationTable { table: "other.csv".into(), places })
        }
        17 => Change::Road(Road {
            from: vec![],
            to: vec![hospital_key],
            corridor: vec![],
            delay: (number > 20).then_some(Seconds(number * 30)),
        }),
        _ => Change::Road(Road {
            from: vec![],
            to: vec![],
            corridor: vec![position, at(45.0, 45.0), at(f64::from(number), 80.0)],
            delay: (number > 20).then_some(Seconds(number * 30)),
        }),
    }
}

/// The changes that can follow each other, as two scenarios.
pub(crate) fn scenarios(model: &Model, seeds: &[Seed]) -> [Scenario; 2] {
    let empty = |key: &str| Scenario {
        key: key.into(),
        name: key.into(),
        source: "invented".into(),
        assumed: vec![],
        changes: vec![],
    };
    let mut both = [empty("first"), empty("second")];
    for (number, seed) in seeds.iter().enumerate() {
        let on = DateTime::from(day().plus_days(seed.5).unwrap());
        let change = change(model, seed);
        let lasts = !matches!(change, Change::MergeHospitals(_));
        let until = seed
            .6
            .filter(|_| lasts)
            .map(|days| DateTime::from(day().plus_days(seed.5 + days).unwrap()));
        let dated = DatedChange { on, until, reason: "r".into(), source: None, change };
        both[number % 2].changes.push(dated);
        let [first, second] = &both;
        if !Scenario::check_together(&[first, second], &model.network, &model.places).is_empty() {
            both[number % 2].changes.pop();
        }
    }
    both
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_region_under_scenarios_is_the_region_of_the_changed_model(
        model in any_model(),
        seeds in any_seeds(),
        days in 0_u32..420,
    ) {
        let both = scenarios(&model, &seeds);
        let [first, second] = &both;
        let moment = DateTime::from(day().plus_days(days).unwrap());
        let region = Region::new(&model, day()).unwrap();
        let applied = region.apply(&[first, second], moment).unwrap();
        let changed = verbund::scenario::under(&model, &[first, second], moment).unwrap();
        let anew = Region::new(&changed, day()).unwrap();
        prop_assert_eq!(applied.network(), anew.network());
        prop_assert_eq!(applied.places(), anew.places());
        prop_assert_eq!(applied.times(), anew.times());
        prop_assert_eq!(applied.demand(), anew.demand());
        prop_assert!(applied == anew, "the rest of the region");
        // The changed network has no fault of its own: it can be built.
        let network = &changed.network;
        let mut builder = NetworkBuilder::new(network.name(), network.date(), network.catalog().clone());
        for one in network.hospitals() {
            builder = builder.hospital(one.clone());
        }
        for one in network.cooperations() {
            builder = builder.cooperation(one.clone());
        }
        for one in network.alliances().iter().filter(|one| !one.members.is_empty()) {
            builder = builder.alliance(one.clone());
        }
        let built = builder.build();
        prop_assert!(built.is_ok(), "{}", built.unwrap_err());
        // Nothing of the region itself changed, and nothing is in force before the first change.
        prop_assert!(region == Region::new(&model, day()).unwrap());
    }

    #[test]
    fn one_after_the_other_is_the_same_as_together(model in any_model(), seeds in any_seeds()) {
        // All changes of the first begin before any of the second, and none ends.
        let lasting: Vec<Seed> = seeds
            .iter()
            .enumerate()
            .map(|(number, seed)| {
                let mut seed = *seed;
                (seed.5, seed.6) = (if number % 2 == 0 { 10 } else { 20 }, None);
                seed
            })
            .collect();
        let both = scenarios(&model, &lasting);
        let [first, second] = &both;
        let moment = DateTime::from(day().plus_days(30).unwrap());
        let together = verbund::scenario::under(&model, &[first, second], moment).unwrap();
        let apart = verbund::scenario::under(&verbund::scenario::under(&model, &[first], moment).unwrap(), &[second], moment);
        prop_assert_eq!(apart.map_err(|problems| problems.to_string()), Ok(together));
    }
}

#[test]
fn the_random_scenarios_hold_every_kind_of_change_that_they_are_made_of() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..300 {
        let model = any_model().new_tree(&mut runner).unwrap().current();
        let seeds = any_seeds().new_tree(&mut runner).unwrap().current();
        for one in scenarios(&model, &seeds).iter().flat_map(|scenario| &scenario.changes) {
            *seen.entry(one.change.name()).or_insert(0) += 1;
        }
    }
    assert_eq!(seen.len(), 11, "{seen:?}");
    assert!(seen.values().all(|count| *count >= 5), "{seen:?}");
}
