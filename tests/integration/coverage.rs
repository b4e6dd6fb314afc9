//! Coverage on networks that can be checked by hand, and against a slow second method.

use proptest::prelude::*;
use verbund::Region;
use verbund::coverage::{self, Coverage, HospitalSet, Nearest, NearestQualifying};
use verbund::files::Folder;
use verbund::model::{PopulationGroup, Requirement, Sex, Standard};
use verbund::planning::closures::{Closures, Order, Origins};
use verbund::units::Seconds;

use crate::common::*;

fn evaluate(region: &Region, minutes: u32) -> Coverage {
    coverage::evaluate(region, &standard(minutes)).unwrap()
}

#[test]
fn the_limit_is_inclusive() {
    // One unit at km 0 and a kilometre a minute: a place at km n is n minutes away. People are
    // powers of two, so the sum tells which places were counted.
    let region = line(&[(0.0, 1)], &[(5.0, 1), (29.0, 2), (30.0, 4), (31.0, 8)]);
    let coverage = evaluate(&region, 30);
    assert_eq!(coverage.total.within_limit, 1 + 2 + 4);
    assert_eq!(coverage.total.people, 15);
    assert_eq!(coverage.total.within, [1, 7, 15, 15]);
}

#[test]
fn times_are_weighted_by_people() {
    // 1 person at 10 min, 2 at 20 min, 1 at 40 min: mean 22.5 min, median 20, P90 and P95 40.
    let region = line(&[(0.0, 1)], &[(10.0, 1), (20.0, 2), (40.0, 1)]);
    let total = evaluate(&region, 30).total;
    assert_eq!(total.mean_seconds, Some(22.5 * 60.0));
    assert_eq!(total.median, Some(Seconds::from_minutes(20)));
    assert_eq!(total.p90, Some(Seconds::from_minutes(40)));
    assert_eq!(total.longest, Some(Seconds::from_minutes(40)));
}

#[test]
fn a_grid_by_hand() {
    // A 5 x 5 grid of 10 km with a hospital in the middle: on the plane the distances are
    // 0, 10, 14.1, 20, 22.4 and 28.3 km, for 1, 4, 4, 4, 8 and 4 places.
    let mut places = Vec::new();
    for x in 0..5 {
        for y in 0..5 {
            let position = at(f64::from(x) * 10.0, f64::from(y) * 10.0);
            places.push(place(&format!("p{x}{y}"), position, 1));
        }
    }
    let hospitals = vec![hospital("m", at(20.0, 20.0), 1)];
    let region = Region::new(&model(hospitals, places), day()).unwrap();
    let within = |minutes| evaluate(&region, minutes).total.within_limit;
    assert_eq!([within(1), within(11), within(15)], [1, 5, 9]);
    assert_eq!([within(21), within(23), within(29)], [13, 21, 25]);
}

#[test]
fn nearest_second_and_backup_by_hand() {
    // a at km 0, b at km 40; the place at km 10 has 30 more minutes to b; the one in the middle
    // goes to the smaller key.
    let region = line(&[(0.0, 1), (40.0, 1)], &[(10.0, 1), (20.0, 2), (35.0, 4)]);
    let coverage = evaluate(&region, 25);
    let keys: Vec<_> = coverage
        .places
        .iter()
        .map(|one| region.network()[one.nearest.unwrap()].key.clone())
        .collect();
    assert_eq!(keys, ["a", "a", "b"]);
    let backup: Vec<_> = coverage.places.iter().map(|one| one.backup_seconds.unwrap()).collect();
    assert_eq!(backup, [1200.0, 0.0, 1800.0]);
    let people: Vec<_> = coverage.catchments.iter().map(|one| one.people).collect();
    assert_eq!(people, [4, 3]); // b first: more people
    // If a closed: 1 person moves to 30 min (beyond 25), 2 stay at 20 min. If b closed: 4 to 35.
    let beyond: Vec<_> = coverage.catchments.iter().map(|one| one.newly_beyond_if_closed).collect();
    assert_eq!(beyond, [4, 1]);
}

#[test]
fn one_hospital_alone_has_no_backup() {
    let region = line(&[(0.0, 1)], &[(5.0, 1), (100.0, 2)]);
    let coverage = evaluate(&region, 30);
    assert_eq!(coverage.places[0].second, None);
    assert_eq!(coverage.places[0].backup_seconds, None);
    assert_eq!(coverage.catchments[0].newly_beyond_if_closed, 1); // the other is beyond already
    assert_eq!(coverage.gaps().len(), 1);
}

#[test]
fn nobody_reaches_a_network_without_hospitals() {
    let region = line(&[], &[(5.0, 3)]);
    let coverage = evaluate(&region, 30);
    assert_eq!(coverage.total.unreached, 3);
    assert_eq!(coverage.total.mean_seconds, None);
    assert_eq!(coverage.total.median, None);
    assert!(coverage.catchments.is_empty());
    assert_eq!(coverage.places[0].nearest, None);
    // No site of the data offers it: that is no verdict on those who live there.
    assert!(!coverage.is_offered());
    assert_eq!((coverage.share_within_limit(), coverage.is_met()), (None, None));
}

#[test]
fn a_region_without_people_has_no_share() {
    let region = line(&[(0.0, 1)], &[]);
    let coverage = evaluate(&region, 30);
    assert_eq!(coverage.total.people, 0);
    assert_eq!(coverage.total.share_within_limit(), None);
    assert_eq!((coverage.share_within_limit(), coverage.is_met()), (None, None));
}

#[test]
fn people_outside_never_count_but_hospitals_outside_do() {
    let mut there = hospital("there", at(0.0, 0.0), 1);
    there.outside = true;
    let mut abroad = place("abroad", at(1.0, 0.0), 1000);
    abroad.outside = true;
    let region =
        Region::new(&model(vec![there], vec![place("home", at(2.0, 0.0), 7), abroad]), day())
            .unwrap();
    let coverage = evaluate(&region, 30);
    assert_eq!((coverage.total.people, coverage.total.within_limit), (7, 7));
    assert_eq!(coverage.places.len(), 1);
}

#[test]
fn the_small_network_by_hand() {
    // See networks/small: basic care at km 0 and km 40, people 1, 2, 4, 8, 16 thousand at km 5, 10,
    // 20, 35 and 75. Edorf, 35 minutes from the south, is beyond 30 minutes.
    let model = Folder::small().read().unwrap();
    let region = Region::new(&model, model.network.date()).unwrap();
    let catalog = region.network().catalog();
    let basic = coverage::evaluate(&region, catalog.standard("basic_care").unwrap()).unwrap();
    assert_eq!(basic.total.people, 31_000);
    assert_eq!(basic.total.within_limit, 15_000);
    // 1 x 5 + 2 x 10 + 4 x 20 + 8 x 5 + 16 x 35 = 705 minutes x 1,000 people
    assert_eq!(basic.total.mean_seconds, Some(705.0 * 60.0 / 31.0));
    let nearest: Vec<_> = basic
        .places
        .iter()
        .map(|one| region.network()[one.nearest.unwrap()].key.as_str())
        .collect();
    assert_eq!(nearest, ["north", "north", "north", "south", "south"]);
    // Women 15 to 49 of the bands 0-17 and 18-49: 3 of 18 years of the first, and all of the
    // second, an eighth of the people each: (1/6 + 1) / 8 of 31,000, rounded place by place.
    let births = coverage::evaluate(&region, catalog.standard("obstetrics").unwrap()).unwrap();
    let women: u64 = [125.0, 250.0, 500.0, 1000.0, 2000.0]
        .iter()
        .map(|one: &f64| (one * 7.0 / 6.0).round() as u64)
        .sum();
    assert_eq!(births.total.people, women);
    // Without north: Adorf 35, Bedorf 30, Cedorf 20 from the south. Only Adorf falls out.
    let north =
        basic.catchments.iter().find(|one| region.network()[one.hospital].key == "north").unwrap();
    assert_eq!(north.newly_beyond_if_closed, 1000);
}

#[test]
fn a_day_clinic_meets_no_standard() {
    let model = Folder::small().read().unwrap();
    let region = Region::new(&model, model.network.date()).unwrap();
    let psychiatry = region.network().catalog().standard("psychiatry").unwrap();
    let coverage = coverage::evaluate(&region, psychiatry).unwrap();
    let keys: Vec<_> =
        coverage.hospitals.iter().map(|id| region.network()[*id].key.as_str()).collect();
    assert_eq!(keys, ["west"]);
}

#[test]
fn unknown_keys_and_limits_beyond_the_cutoff_are_errors() {
    let region = line(&[(0.0, 1)], &[(5.0, 1)]);
    let error = coverage::evaluate(
        &region,
        &Standard::new("x", Requirement::Facility { kind: "g".into(), at_least: None }, 30),
    );
    assert_eq!(
        error.unwrap_err().to_string(),
        "unknown key \"g\" in standard \"x\"; did you mean \"f\"?"
    );
    let error = coverage::evaluate(&region, &standard(121)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the limit of standard \"s\" is 2h 1m, but the region keeps journeys up to 2h only"
    );
}

/// The slow second method: every part against every hospital, sorted by time and key.
fn slow(region: &Region, minutes: u32) -> (u64, u64, Vec<u64>) {
    let limit = minutes * 60;
    let (mut within, mut all) = (0, 0);
    let mut newly = vec![0; region.network().hospitals().len()];
    for id in region.place_ids() {
        let place = region.place(id);
        let parts = region.parts_of(id).len() as u64;
        for (index, part) in region.parts_of(id).enumerate() {
            let total = if place.outside { 0 } else { place.population.people() };
            let index = index as u64;
            let people = (index + 1) * total / parts - index * total / parts;
            let position = region.parts()[part].position;
            let mut times: Vec<(u32, usize)> = region
                .network()
                .hospitals()
                .iter()
                .enumerate()
                .filter(|(_, hospital)| hospital.departments[0].specialty == "s")
                .map(|(at, hospital)| {
                    let a = geo::Point::new(position.lon(), position.lat());
                    let b = geo::Point::new(hospital.position.lon(), hospital.position.lat());
                    let metres = geo::Distance::distance(&geo::Haversine, a, b);
                    ((metres * 0.06 + 0.5) as u32, at)
                })
                .filter(|(time, _)| *time <= 7200)
                .collect();
            times.sort_unstable();
            all += people;
            if let Some(&(time, first)) = times.first()
                && time <= limit
            {
                within += people;
                if times.get(1).is_none_or(|(time, _)| *time > limit) {
                    newly[first] += people;
                }
            }
        }
    }
    (within, all, newly)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn coverage_is_that_of_the_slow_method(region in any_region(), minutes in 1_u32..120) {
        let coverage = evaluate(&region, minutes);
        let (within, all, newly) = slow(&region, minutes);
        prop_assert_eq!(coverage.total.within_limit, within);
        prop_assert_eq!(coverage.total.people, all);
        let set = HospitalSet::meeting(region.network(), &standard(minutes).requirement);
        let nearest = Nearest::find(region.times(), region.parts().len(), &set);
        let people = region.people(&PopulationGroup::ALL);
        let limit = Seconds::from_minutes(minutes);
        prop_assert_eq!(nearest.people_within(&people, limit), within);
        // Lists alone know of no margin.
        let bare = evaluate(&region.with_margin(None), minutes).total;
        prop_assert_eq!(&nearest.reach(&people, limit), &bare);
        let every = HospitalSet::filter(region.network().ids(), |_| true);
        let singles = Closures::count(&nearest, Origins { people: &people, limit }, &every, Order::Single);
        for (id, _) in region.network().iter() {
            prop_assert_eq!(singles.newly_beyond(&[id]), newly[id.index()]);
        }
        for one in &coverage.catchments {
            prop_assert_eq!(one.newly_beyond_if_closed, newly[one.hospital.index()]);
        }
        // Parts of the whole: districts and places sum up to the region.
        let places: u64 = coverage.places.iter().map(|one| one.within_limit).sum();
        let districts: u64 = coverage.districts.iter().map(|one| one.reach.within_limit).sum();
        prop_assert_eq!((places, districts), (within, within));
        let caught: u64 = coverage.catchments.iter().map(|one| one.people).sum();
        prop_assert_eq!(caught, all - coverage.total.unreached);
    }

    #[test]
    fn more_minutes_never_cover_fewer_people(region in any_region(), minutes in 1_u32..119) {
        let (less, more) = (evaluate(&region, minutes), evaluate(&region, minutes + 1));
        prop_assert!(less.total.within_limit <= more.total.within_limit);
    }
}

#[test]
fn another_hospital_never_worsens_coverage() {
    let places = [(5.0, 1), (29.0, 2), (30.0, 4), (31.0, 8), (70.0, 16)];
    let before = evaluate(&line(&[(0.0, 1)], &places), 30);
    for km in [0.0, 10.0, 45.0, 100.0] {
        let after = evaluate(&line(&[(0.0, 1), (km, 1)], &places), 30);
        assert!(after.total.within_limit >= before.total.within_limit);
        for (old, new) in before.places.iter().zip(&after.places) {
            assert!(new.mean_seconds.unwrap() <= old.mean_seconds.unwrap());
        }
    }
}

#[test]
fn groups_of_people_are_counted_alone() {
    let region = line(&[(0.0, 1)], &[(5.0, 9)]);
    let men = PopulationGroup { sex: Some(Sex::Male), ..PopulationGroup::ALL };
    let coverage = coverage::evaluate(&region, &standard(30).population(men)).unwrap();
    assert_eq!(coverage.total.people, 0);
}

#[test]
fn results_are_written_with_keys_by_their_region_alone() {
    // a at km 0, b at km 40, a kilometre a minute: the place at km 10 reaches a in 600 seconds.
    let region = line(&[(0.0, 1), (40.0, 1)], &[(10.0, 8)]);
    let coverage = evaluate(&region, 30);
    let written = serde_json::to_value(region.keyed(&coverage)).unwrap();
    assert_eq!(written["hospitals"], serde_json::json!(["a", "b"]));
    assert_eq!(written["places"][0]["nearest"], "a");
    assert_eq!(written["places"][0]["place"], "p0");
    assert_eq!(written["total"]["longest_seconds"], 600);
    assert_eq!(written["total"]["within_15_30_45_60_minutes"], serde_json::json!([8, 8, 8, 8]));

    // Without a region, or by the region of another network, an id has no key.
    let error = serde_json::to_value(&coverage).unwrap_err().to_string();
    assert!(error.contains("Region::keyed"), "{error}");
    let other = Region::open("networks/small").unwrap();
    assert!(serde_json::to_value(other.keyed(&coverage)).is_err());
    // By both it has.
    assert_eq!(serde_json::to_value(other.keyed(&region.keyed(&coverage))).unwrap(), written);
}

#[test]
fn sets_of_hospitals_and_the_nearest_of_them_are_written_by_key() {
    // North (km 0) and south (km 40) have a CT; Edorf lies at km 75: south is 35 minutes away, north 75.
    let region = Region::open("networks/small").unwrap();
    let ct = Requirement::Facility { kind: "ct".into(), at_least: None };
    let found = NearestQualifying::find(&region, &ct);
    let written = serde_json::to_value(region.keyed(&found)).unwrap();
    assert_eq!(written["hospitals"], serde_json::json!(["north", "south"]));
    let edorf = region.parts_of(region.find_place("Edorf").unwrap()).start;
    let nearest = &written["nearest"][edorf];
    let expected = serde_json::json!([
        { "hospital": "south", "seconds": 35 * 60 },
        { "hospital": "north", "seconds": 75 * 60 },
    ]);
    assert_eq!(*nearest, expected);
}
