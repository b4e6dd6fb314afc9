//! Ranked lists against asking every pair.

use std::sync::Arc;

use proptest::prelude::*;
use verbund::Region;
use verbund::model::{Hospital, HospitalId, Model, Position, Road, SpeedBand, TravelSettings};
use verbund::region::OutOfReach;
use verbund::scenario::Change;
use verbund::travel::{
    CrowFly, HospitalJourneys, Limits, Stop, TravelError, TravelModel, TravelTable, TravelTimes,
    from_fn, from_rows,
};
use verbund::units::Seconds;

use crate::common::{at, day, hospital, km_a_minute, model, place};
use crate::structure::scenario;

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
            margin: None,
        };
        let model = CrowFly::new(settings).unwrap();
        let cutoff = Seconds::from_minutes(minutes);
        let times =
            model.lists(&stops(&origins), &stops(&hospitals), Limits::within(cutoff)).unwrap();
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
    let limits = Limits::within(Seconds::from_minutes(30));
    let times = model.lists(&stops(&[at(0.0, 0.0)]), &stops(&hospitals), limits).unwrap();
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
            let limits = Limits::within(Seconds::from_minutes(60));
            model.lists(&stops(&origins), &stops(&hospitals), limits).unwrap()
        })
    };
    assert!(build(1) == build(8));
}

#[test]
fn a_model_without_a_reach_is_asked_for_every_pair() {
    let by_key = from_fn("by key", |from, to| {
        Ok((to.key != "island").then_some(Seconds(from.key.len() as u32 * 60)))
    });
    let origin = [Stop::new("abc", at(0.0, 0.0))];
    let hospitals = [Stop::new("island", at(0.0, 0.0)), Stop::new("far", at(5000.0, 0.0))];
    let times = by_key.lists(&origin, &hospitals, Limits::within(Seconds(180))).unwrap();
    let list: Vec<(HospitalId, Seconds)> = times.from_origin(0).collect();
    assert_eq!(list.len(), 1);
    assert_eq!((list[0].0.index(), list[0].1), (1, Seconds(180)));
}

#[test]
fn an_empty_table_reaches_nobody_and_a_huge_cutoff_is_cut() {
    let origin = [Stop::new("p", at(0.0, 0.0))];
    let table = TravelTable::new(Vec::new());
    let times = table.lists(&origin, &origin, Limits::within(Seconds(u32::MAX))).unwrap();
    assert_eq!(times.pairs(), 0);
    assert_eq!(times.cutoff(), TravelTimes::MAX_CUTOFF);
}

/// Two places at km 10 and 40 of a line, hospitals "a" and "b" at km 0 and 60.
fn line() -> Model {
    let hospitals = [("a", 0.0), ("b", 60.0)].map(|(key, km)| hospital(key, at(km, 0.0), 9));
    let places = [("p", 10.0), ("q", 40.0)].map(|(key, km)| place(key, at(km, 0.0), 10));
    model(hospitals.into(), places.into())
}

/// A kilometre a minute, from hospitals as from places.
fn minutes(from: &Stop<'_>, to: &Stop<'_>) -> u32 {
    (from.distance_to(to) / 1000.0).round() as u32
}

/// Minutes from the centre of a place, or from a hospital, to every hospital in reach.
fn reached(region: &Region, start: &str) -> Vec<(String, u32)> {
    let key = |id: HospitalId| region.network()[id].key.clone();
    let Ok(place) = region.find_place(start) else {
        let from = region.network().find(start).unwrap();
        let to = region.network().ids();
        let times = to.filter_map(|to| Some((key(to), region.between(from, to)?.0 / 60)));
        return times.collect();
    };
    region.from_centre(place).map(|(id, time)| (key(id), time.0 / 60)).collect()
}

/// What [`reached`] gives.
fn are(list: &[(&str, u32)]) -> Vec<(String, u32)> {
    list.iter().map(|&(key, minutes)| (key.to_owned(), minutes)).collect()
}

#[test]
fn a_model_by_pairs_and_a_model_by_rows_make_the_same_region() {
    let pairs = from_fn("by hand", |from, to| Ok(Some(Seconds::from_minutes(minutes(from, to)))));
    let rows = from_rows("by hand", |from, to| {
        Ok(to.iter().map(|to| Some(Seconds::from_minutes(minutes(from, to)))).collect())
    });
    let cutoff = Seconds::from_minutes(55);
    let measured =
        |travel: Arc<dyn TravelModel>| Region::with_travel(&line(), day(), travel, cutoff).unwrap();
    let region = measured(Arc::new(pairs.clone().between_hospitals()));
    assert_eq!(reached(&region, "p"), are(&[("a", 10), ("b", 50)]));
    assert_eq!(reached(&region, "q"), are(&[("b", 20), ("a", 40)]));
    // 60 minutes from "a" to "b" are more than the cut-off.
    assert_eq!(reached(&region, "a"), are(&[("a", 0)]));
    assert!(region == measured(Arc::new(rows.between_hospitals())));
    let bounded = pairs.between_hospitals().no_faster_than(61.0);
    assert!(region == measured(Arc::new(bounded)));
}

#[test]
fn a_bound_leaves_out_what_is_too_far_without_asking() {
    let far = from_fn("never far", |from, to| match minutes(from, to) {
        // A kilometre a minute and half an hour: 30 km, and what half a second takes.
        0..=30 => Ok(Some(Seconds::from_minutes(minutes(from, to)))),
        minutes => Err(format!("{minutes} km are asked for").into()),
    });
    let cutoff = Seconds::from_minutes(30);
    let asked = Region::with_travel(&line(), day(), Arc::new(far.clone()), cutoff).unwrap_err();
    let told = "no time for the journey from \"q\" to \"a\": 40 km are asked for";
    assert_eq!(asked.to_string(), told);

    let bounded = Arc::new(far.no_faster_than(60.0));
    let region = Region::with_travel(&line(), day(), bounded, cutoff).unwrap();
    assert_eq!(reached(&region, "q"), are(&[("b", 20)]));
}

#[test]
fn a_row_that_fails_or_is_too_short_is_named() {
    let measured = |travel: Arc<dyn TravelModel>| {
        Region::with_travel(&line(), day(), travel, Region::CUTOFF).unwrap_err().to_string()
    };
    let short =
        from_rows(
            "short",
            |from, _| {
                if from.key == "q" { Ok(vec![None]) } else { Ok(vec![None, None]) }
            },
        );
    assert_eq!(measured(Arc::new(short)), "1 times for 2 journeys from \"q\"");
    let broken = from_rows("broken", |from, to| {
        if from.key == "q" { Err("no answer".into()) } else { Ok(vec![None; to.len()]) }
    });
    assert_eq!(measured(Arc::new(broken)), "no times for the journeys from \"q\": no answer");
}

#[test]
fn more_journeys_than_the_limits_allow_are_refused() {
    let origins = stops(&[at(0.0, 0.0), at(1.0, 0.0)]);
    let model = CrowFly::new(km_a_minute()).unwrap();
    let most = |journeys| Limits::within(Seconds(600)).most_journeys(journeys);
    assert_eq!(model.lists(&origins, &origins, most(4)).unwrap().pairs(), 4);
    let refused = model.lists(&origins, &origins, most(3)).unwrap_err();
    assert_eq!(refused, TravelError::TooManyJourneys { most: 3 });
}

#[test]
fn the_lists_of_some_starts_and_ends_are_those_of_all() {
    let positions: Vec<Position> = (0..60).map(|number| at(f64::from(number), 0.0)).collect();
    let (origins, hospitals) = (stops(&positions), stops(&positions[..20]));
    let limits = Limits::within(Seconds::from_minutes(30)).on_one_thread();
    let model = CrowFly::new(km_a_minute()).unwrap();
    let lists = model.lists(&origins, &hospitals, limits).unwrap();
    let some = model.lists(&origins[30..], &hospitals[5..9], limits).unwrap();
    for origin in 30..60 {
        let of_some: Vec<(usize, Seconds)> =
            some.from_origin(origin - 30).map(|(id, time)| (id.index() + 5, time)).collect();
        let mut of_all: Vec<(usize, Seconds)> =
            lists.from_origin(origin).map(|(id, time)| (id.index(), time)).collect();
        of_all.retain(|(hospital, _)| (5..9).contains(hospital));
        assert_eq!(of_some, of_all, "{origin}");
    }
    assert_eq!(model.lists(&[], &hospitals, limits).unwrap().origins(), 0);
    assert_eq!(model.lists(&origins, &[], limits).unwrap().pairs(), 0);
}

/// A kilometre a minute, and a minute more for each road that is slow.
struct WithRoads(u32);

impl TravelModel for WithRoads {
    fn name(&self) -> String {
        format!("{} slow roads", self.0)
    }

    fn lists(
        &self,
        from: &[Stop<'_>],
        to: &[Stop<'_>],
        limits: Limits,
    ) -> Result<TravelTimes, TravelError> {
        TravelTimes::by_rows(from, to, limits, |start| {
            let time = |end| Some(Seconds::from_minutes(minutes(start, end) + self.0));
            Ok(to.iter().map(time).collect())
        })
    }

    fn hospital_journeys(&self) -> HospitalJourneys {
        HospitalJourneys::Known
    }

    fn under(&self, roads: &[Road]) -> Option<Arc<dyn TravelModel>> {
        Some(Arc::new(Self(self.0 + roads.len() as u32)))
    }
}

fn closed_to(hospital: &str) -> Road {
    Road { from: Vec::new(), to: vec![hospital.into()], corridor: Vec::new(), delay: None }
}

#[test]
fn a_travel_model_that_knows_roads_is_asked_for_them() {
    let model = line();
    let region =
        Region::with_travel(&model, day(), Arc::new(WithRoads(0)), Region::CUTOFF).unwrap();
    let slow = region.with_roads(&[closed_to("a")]).unwrap();
    assert_eq!(slow.travel(), "1 slow roads");
    assert_eq!(reached(&slow, "p"), are(&[("a", 11), ("b", 51)]));
    assert_eq!(reached(&slow, "a"), are(&[("a", 1), ("b", 61)]));

    // What opens later is on the slow roads, too; and what is added later is on top.
    let open = Change::OpenHospital(Box::new(hospital("n", at(20.0, 0.0), 3)));
    let moment = "2026-02-01".parse().unwrap();
    let opened = slow.apply(&[&scenario(&[open])], moment).unwrap();
    assert_eq!(reached(&opened, "p"), are(&[("a", 11), ("n", 11), ("b", 51)]));
    let slower = opened.with_roads(&[closed_to("a"), closed_to("b")]).unwrap();
    assert_eq!(reached(&slower, "p"), are(&[("a", 13), ("n", 13), ("b", 53)]));
    assert_eq!(slower.adjustments().roads.len(), 3);
    // Journeys that were changed by hand are not forgotten: their roads are delays.
    let by_hand = region.with_slower_roads(2.0).with_roads(&[closed_to("a")]).unwrap();
    assert_eq!(reached(&by_hand, "p"), are(&[("b", 100)]));
}

#[test]
fn a_travel_model_that_knows_no_roads_gets_their_delays_for_what_is_new_too() {
    let travel = from_fn("by hand", |from, to| Ok(Some(Seconds::from_minutes(minutes(from, to)))));
    let travel = Arc::new(travel.between_hospitals());
    let region = Region::with_travel(&line(), day(), travel, Region::CUTOFF).unwrap();
    let delay = Some(Seconds::from_minutes(5));
    let corridor = [at(25.0, -1.0), at(26.0, -1.0), at(26.0, 1.0), at(25.0, 1.0)];
    let road = Road { from: vec![], to: vec![], corridor: corridor.into(), delay };
    let slow = region.with_roads(&[road]).unwrap();
    assert_eq!(reached(&slow, "p"), are(&[("a", 10), ("b", 55)]));

    let open = Change::OpenHospital(Box::new(hospital("n", at(50.0, 0.0), 3)));
    let opened = slow.apply(&[&scenario(&[open])], "2026-02-01".parse().unwrap()).unwrap();
    assert_eq!(reached(&opened, "p"), are(&[("a", 10), ("n", 45), ("b", 55)]));
    assert_eq!(reached(&opened, "q"), are(&[("n", 10), ("b", 20), ("a", 45)]));
    assert_eq!(reached(&opened, "a"), are(&[("a", 0), ("b", 65), ("n", 55)]));
}

#[test]
fn what_is_out_of_reach_of_any_travel_model_is_found_by_places_alone() {
    // Asking for a journey between hospitals fails.
    let travel = from_fn("by hand", |from, to| match from.key {
        "a" | "b" => Err("between hospitals".into()),
        _ => Ok(Some(Seconds::from_minutes(minutes(from, to)))),
    });
    let travel = Arc::new(travel.between_hospitals());
    let cutoff = Seconds::from_minutes(15);
    let out = OutOfReach::with_travel(&line(), day(), travel, cutoff).unwrap();
    assert_eq!(out, OutOfReach { places: 1, hospitals: vec!["b".into()] });
}

#[test]
fn threads_share_a_region() {
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    let region = Arc::new(Region::new(&line(), day()).unwrap());
    shared(&region);
    let threads = [Arc::clone(&region), Arc::clone(&region)]
        .map(|region| std::thread::spawn(move || reached(&region, "q")));
    for thread in threads {
        assert_eq!(thread.join().unwrap(), reached(&region, "q"));
    }
}

#[test]
fn the_fingerprint_tells_regions_apart() {
    let region = Region::new(&line(), day()).unwrap();
    assert_eq!(region.fingerprint(), Region::new(&line(), day()).unwrap().fingerprint());
    let mut others = vec![region.with_slower_roads(1.1).fingerprint()];
    let edits: [fn(&mut Model); 3] = [
        |model| model.places.places[0].population.female[0] += 1,
        |model| model.places.places[0].name.push('!'),
        |model| model.travel.detour = 1.25,
    ];
    for edit in edits {
        let mut model = line();
        edit(&mut model);
        others.push(Region::new(&model, day()).unwrap().fingerprint());
    }
    let mut beds: Vec<Hospital> = line().network.hospitals().to_vec();
    beds[0] = hospital("a", at(0.0, 0.0), 10);
    let model = model(beds, line().places.places);
    others.push(Region::new(&model, day()).unwrap().fingerprint());
    others.push(region.fingerprint());
    others.sort_unstable();
    others.dedup();
    assert_eq!(others.len(), 6);
}

#[test]
fn lists_are_written_with_keys_and_seconds() {
    // A kilometre a minute: a at km 0 and b at km 40 are 10 and 30 minutes from km 10.
    let region = crate::common::line(&[(0.0, 1), (40.0, 1)], &[(10.0, 1)]);
    let written = serde_json::to_value(region.keyed(region.times())).unwrap();
    assert_eq!(written["cutoff_seconds"], 7200);
    let list = &written["origins"][0];
    assert_eq!(list[0], serde_json::json!({ "hospital": "a", "time_seconds": 600 }));
    assert_eq!(list[1]["hospital"], "b");
    assert_eq!(list[1]["time_seconds"], 1800);
    let part = serde_json::to_value(region.keyed(&region.parts()[0])).unwrap();
    assert_eq!(part["place"], "p0");
}
