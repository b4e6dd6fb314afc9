//! Ranked lists against asking every pair.

use proptest::prelude::*;
use verbund::model::{HospitalId, Position, SpeedBand, TravelSettings};
use verbund::travel::{CrowFly, Stop, TravelModel, TravelTable, TravelTimes};
use verbund::units::Seconds;

use crate::common::{at, km_a_minute};

fn stops(positions: &[Position]) -> Vec<Stop<'static>> {
    positions.iter().map(|&position| Stop::new("x", position)).collect()
}

/// Every pair, by the slow great circle of the `geo` crate.
fn slow(
    model: &CrowFly,
    from: Position,
    hospitals: &[Position],
    cutoff: Seconds,
) -> Vec<(usize, Seconds)> {
    let mut list: Vec<(Seconds, usize)> = hospitals
        .iter()
        .enumerate()
        .map(|(index, &to)| {
            let metres = geo::Distance::distance(
                &geo::Haversine,
                geo::Point::new(from.lon(), from.lat()),
                geo::Point::new(to.lon(), to.lat()),
            );
            (model.time_over(metres), index)
        })
        .filter(|(time, _)| *time <= cutoff)
        .collect();
    list.sort_unstable();
    list.into_iter().map(|(time, index)| (index, time)).collect()
}

fn position() -> impl Strategy<Value = Position> {
    // The region, and now and then the poles, the date line and the far side.
    prop_oneof![
        8 => (50.0..53.0, 11.0..14.0),
        1 => (-90.0..90.0, -180.0..180.0),
        1 => (89.0..90.0, -180.0..180.0),
        1 => (-1.0..1.0, 179.0..180.0),
    ]
    .prop_map(|(lat, lon)| Position::new(lat, lon).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_lists_are_those_of_every_pair(
        origins in prop::collection::vec(position(), 0..40),
        hospitals in prop::collection::vec(position(), 0..40),
        minutes in 1_u32..300,
    ) {
        let settings = TravelSettings {
            detour: 1.3,
            access: Seconds(120),
            speeds: vec![
                SpeedBand { up_to_km: Some(3.0), km_per_hour: 35.0 },
                SpeedBand { up_to_km: None, km_per_hour: 80.0 },
            ],
        };
        let model = CrowFly::new(settings).unwrap();
        let cutoff = Seconds::from_minutes(minutes);
        let times =
            TravelTimes::build(&model, &stops(&origins), &stops(&hospitals), cutoff);
        prop_assert_eq!(times.origins(), origins.len());
        let mut pairs = 0;
        for (index, &origin) in origins.iter().enumerate() {
            let fast: Vec<(usize, Seconds)> =
                times.from_origin(index).map(|(id, time)| (id.index(), time)).collect();
            pairs += fast.len();
            prop_assert_eq!(fast, slow(&model, origin, &hospitals, cutoff));
        }
        prop_assert_eq!(times.pairs(), pairs);
    }
}

#[test]
fn equal_times_are_ranked_by_id_and_the_cutoff_is_inclusive() {
    let hospitals = [at(20.0, 0.0), at(-20.0, 0.0), at(5.0, 0.0), at(30.0, 0.0), at(30.1, 0.0)];
    let model = CrowFly::new(km_a_minute()).unwrap();
    let cutoff = Seconds::from_minutes(30);
    let times = TravelTimes::build(&model, &stops(&[at(0.0, 0.0)]), &stops(&hospitals), cutoff);
    let list: Vec<_> = times.from_origin(0).map(|(id, time)| (id.index(), time.0)).collect();
    assert_eq!(list, [(2, 300), (0, 1200), (1, 1200), (3, 1800)]);
}

#[test]
fn one_thread_and_eight_give_the_same_lists() {
    let grid = |count: usize, step: f64| -> Vec<Position> {
        (0..count).map(|i| at((i % 70) as f64 * step, (i / 70) as f64 * step)).collect()
    };
    let (origins, hospitals) = (grid(4000, 2.0), grid(150, 7.3));
    let build = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let model = CrowFly::new(TravelSettings::default()).unwrap();
        pool.install(|| {
            let cutoff = Seconds::from_minutes(60);
            TravelTimes::build(&model, &stops(&origins), &stops(&hospitals), cutoff)
        })
    };
    assert!(build(1) == build(8));
}

#[test]
fn a_model_without_a_reach_is_asked_for_every_pair() {
    struct ByKey;
    impl TravelModel for ByKey {
        fn name(&self) -> String {
            "by key".to_owned()
        }
        fn time(&self, from: &Stop<'_>, to: &Stop<'_>) -> Option<Seconds> {
            (to.key != "island").then_some(Seconds(from.key.len() as u32 * 60))
        }
    }
    let origin = [Stop::new("abc", at(0.0, 0.0))];
    let hospitals = [Stop::new("island", at(0.0, 0.0)), Stop::new("far", at(5000.0, 0.0))];
    let times = TravelTimes::build(&ByKey, &origin, &hospitals, Seconds(180));
    let list: Vec<(HospitalId, Seconds)> = times.from_origin(0).collect();
    assert_eq!(list.len(), 1);
    assert_eq!((list[0].0.index(), list[0].1), (1, Seconds(180)));
}

#[test]
fn an_empty_table_reaches_nobody_and_a_huge_cutoff_is_cut() {
    let origin = [Stop::new("p", at(0.0, 0.0))];
    let table = TravelTable::new(Vec::new());
    let times = TravelTimes::build(&table, &origin, &origin, Seconds(u32::MAX));
    assert_eq!(times.pairs(), 0);
    assert_eq!(times.cutoff(), TravelTimes::MAX_CUTOFF);
}
