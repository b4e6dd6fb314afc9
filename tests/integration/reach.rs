//! What is out of reach, found without every journey.

use proptest::prelude::*;
use verbund::Region;
use verbund::model::*;
use verbund::region::OutOfReach;
use verbund::units::Seconds;

use super::common::{at, day, hospital, model, place};

/// Few hospitals and places in a square of 500 km, at one kilometre a minute: many are beyond the two hours.
fn any_model() -> impl Strategy<Value = Model> {
    let spot = || (0.0..500.0, 0.0..500.0);
    let hospitals = prop::collection::vec(spot(), 0..8);
    let places = prop::collection::vec((spot(), 0_u32..9000, prop::bool::weighted(0.3)), 0..20);
    (hospitals, places).prop_map(|(hospitals, places)| {
        let hospitals = hospitals.into_iter().enumerate();
        let hospitals =
            hospitals.map(|(index, (x, y))| hospital(&format!("h{index}"), at(x, y), 9));
        let places = places.into_iter().enumerate().map(|(index, ((x, y), people, outside))| {
            let area_km2 = (index % 2 == 0).then_some(5_000.0);
            Place { outside, area_km2, ..place(&format!("p{index:02}"), at(x, y), people) }
        });
        model(hospitals.collect(), places.collect())
    })
}

/// A table with some journeys of a model: of each three pairs one of up to 200 minutes, one without a way,
/// and none.
fn with_table(mut model: Model) -> Model {
    let mut rows = Vec::new();
    for place in &model.places.places {
        for (number, hospital) in (place.population.female[0]..).zip(model.network.hospitals()) {
            let time = number.is_multiple_of(3).then(|| Seconds::from_minutes(number % 200));
            if number % 3 < 2 {
                rows.push(TravelRow {
                    place: place.key.as_str().into(),
                    hospital: hospital.key.as_str().into(),
                    time,
                });
            }
        }
    }
    model.travel_times = Some(rows);
    model
}

fn of_every_journey(model: &Model) -> OutOfReach {
    let region = Region::new(model, day()).unwrap();
    let hospitals = region.hospitals_without_patients().into_iter();
    OutOfReach {
        places: region.places_without_journey(),
        hospitals: hospitals.map(|id| region.network()[id].key.clone()).collect(),
    }
}

proptest! {
    #[test]
    fn the_nearest_tell_who_is_out_of_reach(model in any_model()) {
        prop_assert_eq!(OutOfReach::of(&model, day()), Ok(of_every_journey(&model)));
        let model = with_table(model);
        prop_assert_eq!(OutOfReach::of(&model, day()), Ok(of_every_journey(&model)));
    }
}

#[test]
fn the_limit_of_two_hours_is_inclusive() {
    // One kilometre a minute: 120 km are in reach, 121 km are not, from either side.
    let hospitals = vec![hospital("a", at(0.0, 0.0), 9), hospital("b", at(241.0, 0.0), 9)];
    let places = vec![place("p", at(120.0, 0.0), 10)];
    let found = OutOfReach::of(&model(hospitals.clone(), places), day()).unwrap();
    assert_eq!(found, OutOfReach { places: 0, hospitals: vec!["b".into()] });

    let places = vec![place("p", at(120.5, 0.0), 10)];
    let found = OutOfReach::of(&model(hospitals, places), day()).unwrap();
    assert_eq!(found, OutOfReach { places: 1, hospitals: vec!["a".into(), "b".into()] });
}

#[test]
fn a_road_that_is_closed_counts() {
    let hospitals = vec![hospital("a", at(0.0, 0.0), 9), hospital("b", at(100.0, 0.0), 9)];
    let mut model = model(hospitals, vec![place("p", at(10.0, 0.0), 10)]);
    let (from, to) = (vec!["p".to_owned()], vec!["a".to_owned()]);
    model.adjustments.roads = vec![Road { from, to, corridor: Vec::new(), delay: None }];
    let found = OutOfReach::of(&model, day()).unwrap();
    assert_eq!(found, OutOfReach { places: 0, hospitals: vec!["a".into()] });
}
