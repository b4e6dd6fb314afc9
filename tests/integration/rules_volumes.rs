//! Minimum volumes by hand: everybody is one case a year and goes to the nearest hospital.

use verbund::Region;
use verbund::model::*;
use verbund::routing::{Choice, Decay, Huff};
use verbund::rules::*;

use crate::common::*;

fn service(least_cases: f64, share: f64) -> MinimumVolume {
    MinimumVolume {
        key: "v".into(),
        name: "v".into(),
        name_de: "v".into(),
        counted_by: "s".into(),
        share,
        least_cases,
        source: "assumed".into(),
        assumed: true,
    }
}

fn volumes(region: &Region, least: f64, share: f64) -> ServiceVolumes {
    minimum_volumes(region, &service(least, share), Choice::Nearest).unwrap()
}

/// Hospital, cases, whether they are enough, whom they would go to, cases after pooling.
fn told<'r>(region: &'r Region, found: &ServiceVolumes) -> Vec<(&'r str, f64, bool, &'r str, f64)> {
    let key = |id: HospitalId| region.network()[id].key.as_str();
    let round = |cases: f64| (cases * 1e6).round() / 1e6;
    let row = |one: &Volume| {
        let to = one.pooling.as_ref().map_or("", |pooling| key(pooling.to));
        (key(one.hospital), round(one.cases), one.is_enough, to, round(one.pooled_cases))
    };
    found.volumes.iter().map(row).collect()
}

#[test]
fn exactly_the_line_is_enough_and_the_rest_goes_to_the_nearest() {
    // a at km 0 has 25, b at km 30 has 24, c at km 50 has 100. From b, c is 20 minutes, a 30.
    let region = line(&[(0.0, 1), (30.0, 1), (50.0, 1)], &[(0.0, 25), (30.0, 24), (50.0, 100)]);
    let found = volumes(&region, 25.0, 1.0);
    let expected = vec![
        ("a", 25.0, true, "", 25.0),
        ("b", 24.0, false, "c", 0.0),
        ("c", 100.0, true, "", 124.0),
    ];
    assert_eq!(told(&region, &found), expected);
    assert_eq!(found.below().count(), 1);
    let pooling = found.volumes[1].pooling.as_ref().unwrap();
    assert_eq!(pooling.between.minutes(), 20.0);
    assert!((pooling.extra_seconds.unwrap() - 20.0 * 60.0).abs() < 1e-6);
    assert!(pooling.without_way.abs() < 1e-9);
}

#[test]
fn buildings_of_one_site_reach_the_line_together() {
    // a and b, 1.5 km apart, have 15 and 10; c at km 31 has 24. Everybody lives at the door.
    let region = |operator: &str| {
        let mut hospitals: Vec<Hospital> = [("a", 0.0), ("b", 1.5), ("c", 31.0)]
            .map(|(key, km)| hospital(key, at(km, 0.0), 1))
            .into();
        hospitals[0].operator = "o".into();
        hospitals[1].operator = operator.into();
        let places = [("p", 0.0, 15), ("q", 1.5, 10), ("r", 31.0, 24)]
            .map(|(key, km, people)| place(key, at(km, 0.0), people));
        Region::new(&model(hospitals, places.into()), day()).unwrap()
    };
    let one = region("o");
    let found = volumes(&one, 25.0, 1.0);
    let expected = vec![("a", 25.0, true, "", 49.0), ("c", 24.0, false, "a", 0.0)];
    assert_eq!(told(&one, &found), expected);
    // The nearest building of the site takes them: b, 29.5 minutes away.
    let pooling = found.volumes[1].pooling.as_ref().unwrap();
    assert_eq!(pooling.between.minutes(), 29.5);
    assert!((pooling.extra_seconds.unwrap() - 29.5 * 60.0).abs() < 1e-6);
    let two = region("x");
    assert!(volumes(&two, 25.0, 1.0).volumes.iter().all(|one| !one.is_enough));
}

#[test]
fn extra_minutes_count_from_home() {
    // b at km 30 has 3 people at km 30 and 1 at km 38. To c at km 50: 20 more minutes for three,
    // 12 instead of 8 for one: (3 x 20 + 4) / 4 = 16.
    let region =
        line(&[(0.0, 1), (30.0, 1), (50.0, 1)], &[(30.0, 3), (38.0, 1), (50.0, 100), (0.0, 90)]);
    let found = volumes(&region, 25.0, 1.0);
    let pooling = found.volumes[1].pooling.as_ref().unwrap();
    assert!((pooling.extra_seconds.unwrap() - 16.0 * 60.0).abs() < 1e-6);
}

#[test]
fn a_share_of_the_cases_counts() {
    for (people, is_enough) in [(49, false), (50, true)] {
        let region = line(&[(0.0, 1)], &[(0.0, people)]);
        let found = volumes(&region, 25.0, 0.5);
        assert_eq!(found.volumes[0].is_enough, is_enough);
        assert!((found.volumes[0].cases - f64::from(people) / 2.0).abs() < 1e-6);
    }
}

#[test]
fn equally_near_hospitals_take_by_the_smaller_key() {
    let region = line(&[(0.0, 1), (40.0, 1), (20.0, 1)], &[(0.0, 30), (40.0, 30), (20.0, 5)]);
    assert_eq!(told(&region, &volumes(&region, 25.0, 1.0))[2], ("c", 5.0, false, "a", 0.0));
}

#[test]
fn without_anybody_at_the_line_nothing_is_pooled() {
    let region = line(&[(0.0, 1), (40.0, 1)], &[(0.0, 3), (40.0, 4), (500.0, 7)]);
    let found = volumes(&region, 25.0, 1.0);
    let expected = vec![("a", 3.0, false, "", 3.0), ("b", 4.0, false, "", 4.0)];
    assert_eq!(told(&region, &found), expected);
    assert!((found.leftover - 7.0).abs() < 1e-6); // km 500 has no way
    // A hospital at the line, but out of reach, takes nobody.
    let far = line(&[(0.0, 1), (400.0, 1)], &[(0.0, 3), (400.0, 40)]);
    assert_eq!(told(&far, &volumes(&far, 25.0, 1.0))[0], ("a", 3.0, false, "", 3.0));
    assert!(volumes(&line(&[], &[(0.0, 3)]), 25.0, 1.0).volumes.is_empty());
}

#[test]
fn hospitals_outside_receive_and_give_nothing_away() {
    let mut big = hospital("big", at(20.0, 0.0), 1);
    let mut few = hospital("few", at(90.0, 0.0), 1);
    (big.outside, few.outside) = (true, true);
    let hospitals = vec![hospital("a", at(0.0, 0.0), 1), big, few];
    let places = [(0.0, 5), (20.0, 50), (90.0, 2)];
    let places = places.iter().map(|&(km, people)| place(&format!("p{km}"), at(km, 0.0), people));
    let region = Region::new(&model(hospitals, places.collect()), day()).unwrap();
    let expected = vec![
        ("a", 5.0, false, "big", 0.0),
        ("big", 50.0, true, "", 55.0),
        ("few", 2.0, false, "", 2.0),
    ];
    assert_eq!(told(&region, &volumes(&region, 25.0, 1.0)), expected);
}

#[test]
fn a_service_that_nothing_counts_is_an_error() {
    let region = line(&[(0.0, 1)], &[(0.0, 1)]);
    let unknown = MinimumVolume { counted_by: "nothing".into(), ..service(1.0, 1.0) };
    let error = minimum_volumes(&region, &unknown, Choice::Nearest).unwrap_err();
    assert_eq!(error, RulesError::NotCounted { service: "v".into() });
}

#[test]
fn verdicts_flip_with_roads_by_hand() {
    // Shares by time alone, half as much every six minutes: from p at km 0, a is 0 and b 6 minutes away.
    // On faster roads it is 5, on slower ones 7.5.
    let region = line(&[(0.0, 1), (6.0, 1)], &[(0.0, 100)]);
    let decay = Decay::Exponential { per_minute: 2.0_f64.ln() / 6.0 };
    let huff = Huff { beds_exponent: 0.0, decay };
    let share = |minutes: f64| {
        let attraction = 0.5_f64.powf(minutes / 6.0);
        100.0 * attraction / (1.0 + attraction)
    };
    let service = service(34.0, 1.0);
    let found = VolumeSensitivity::new(&region, &[&service], Choice::Huff(huff), None).unwrap();
    assert_eq!(found.variants, [Variant::Faster, Variant::Slower]);
    let b = &found.rows[1];
    // 33.3 cases do not reach 34; 35.9 on faster roads do.
    for (one, minutes) in [(&b.base, 6.0), (&b.variants[0], 5.0), (&b.variants[1], 7.5)] {
        let one = one.as_ref().unwrap();
        assert!((one.cases - share(minutes)).abs() < 1e-6, "{one:?}");
        assert_eq!(one.is_enough, share(minutes) >= 34.0);
    }
    assert_eq!([b.is_changed(0), b.is_changed(1)], [true, false]);
    // Another region without b: its verdict is gone.
    let other = line(&[(0.0, 1)], &[(0.0, 100)]);
    let choice = Choice::Huff(huff);
    let found = VolumeSensitivity::new(&region, &[&service], choice, Some(&other)).unwrap();
    assert!(found.rows[1].variants[2].is_none() && found.rows[1].is_changed(2));
    assert!(!found.rows[0].is_changed(2) && !found.rows[0].is_changed(0));
}
