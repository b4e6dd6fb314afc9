//! Minimum volumes by hand: everybody is one case a year and goes to the nearest hospital.

use verbund::Region;
use verbund::files::Folder;
use verbund::model::*;
use verbund::routing::{Choice, Decay, Huff};
use verbund::rules::*;

use crate::common::*;

fn service(least_cases: f64, share: f64) -> MinimumVolume {
    MinimumVolume {
        key: "v".into(),
        name: "v".into(),
        name_de: "v".into(),
        basis: VolumeBasis::Law,
        counted_by: Some("s".into()),
        share,
        fact: None,
        offered_by: None,
        lines: vec![VolumeLine { from: 2000, least_cases: Some(least_cases) }],
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
    let unknown = MinimumVolume { counted_by: Some("nothing".into()), ..service(1.0, 1.0) };
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

#[test]
fn the_catalog_has_the_numbers_of_the_rules_by_year() {
    let services = Folder::small().read().unwrap().network.catalog().minimum_volumes.clone();
    let of_law = services.services.iter().filter(|one| one.basis == VolumeBasis::Law);
    let years = [2024, 2025, 2026, 2027, 2028, 2029];
    let numbers: Vec<(&str, [Option<f64>; 6])> =
        of_law.map(|one| (one.key.as_str(), years.map(|year| one.least_cases(year)))).collect();
    let same = |cases: f64| [Some(cases); 6];
    let expected = vec![
        ("heart_transplantation", [None, None, Some(10.0), Some(10.0), Some(10.0), Some(10.0)]),
        ("liver_transplantation", same(20.0)),
        ("kidney_transplantation", same(25.0)),
        (
            "stem_cell_transplantation",
            [Some(25.0), Some(40.0), Some(40.0), Some(40.0), Some(40.0), Some(40.0)],
        ),
        ("colon_cancer", [None, None, None, Some(20.0), Some(25.0), Some(30.0)]),
        ("rectum_cancer", [None, None, None, Some(15.0), Some(15.0), Some(20.0)]),
        (
            "breast_cancer",
            [Some(50.0), Some(100.0), Some(100.0), Some(100.0), Some(100.0), Some(100.0)],
        ),
        ("lung_cancer", [Some(40.0), Some(75.0), Some(75.0), Some(75.0), Some(75.0), Some(75.0)]),
        ("pancreas", [Some(15.0), Some(20.0), Some(20.0), Some(20.0), Some(20.0), Some(20.0)]),
        ("oesophagus", same(26.0)),
        ("knee_replacement", same(50.0)),
        ("newborns_under_1250_g", same(25.0)),
    ];
    assert_eq!(numbers, expected);
    let planning = services.services.iter().filter(|one| one.basis == VolumeBasis::Planning);
    let planning: Vec<(&str, Option<f64>)> =
        planning.map(|one| (one.key.as_str(), one.least_cases(2026))).collect();
    assert_eq!(planning, [("births", Some(500.0)), ("strokes", Some(250.0))]);
}

/// The interval of expected cases: 95 % of a normal distribution around them, by chance (variance as many
/// as there are) and by the model (a standard deviation of `MODEL_ERROR`).
fn around(cases: f64) -> (f64, f64) {
    let half = 1.96 * (cases + (MODEL_ERROR * cases) * (MODEL_ERROR * cases)).sqrt();
    (cases - half, cases + half)
}

#[test]
fn near_the_line_it_is_too_close_to_call() {
    // 100 expected cases: 1.96 x (100 + 676)^0.5 = 54.60, from 45.4 to 154.6.
    let region = line(&[(0.0, 1)], &[(0.0, 100)]);
    let verdict = |least: f64| {
        let found = volumes(&region, least, 1.0);
        let one = &found.volumes[0];
        assert!((one.interval.low - around(100.0).0).abs() < 1e-6);
        assert!((one.interval.high - around(100.0).1).abs() < 1e-6);
        (one.verdict.unwrap(), one.is_enough)
    };
    assert_eq!(verdict(45.0), (Answer::Meets, true));
    assert_eq!(verdict(46.0), (Answer::Unknown, true));
    assert_eq!(verdict(101.0), (Answer::Unknown, false));
    assert_eq!(verdict(154.0), (Answer::Unknown, false));
    assert_eq!(verdict(155.0), (Answer::DoesNot, false));
    // A year without a number has no verdict, and nobody gives cases away.
    let later = MinimumVolume {
        lines: vec![VolumeLine { from: 2099, least_cases: Some(500.0) }],
        ..service(1.0, 1.0)
    };
    let found = minimum_volumes(&region, &later, Choice::Nearest).unwrap();
    assert_eq!((found.least_cases, found.volumes[0].verdict), (None, None));
    let settings = VolumeSettings::from(Choice::Nearest).year(2099);
    let found = minimum_volumes(&region, &later, settings).unwrap();
    assert_eq!(found.volumes[0].verdict, Some(Answer::DoesNot));
}

/// A hospital at km 0 with 100 expected cases and these facts; the day of the network is in 2026.
fn with_facts(facts: &[(&str, &str)]) -> Region {
    let mut one = hospital("a", at(0.0, 0.0), 1);
    let fact = |&(value, year): &(&str, &str)| Fact {
        field: "counted".into(),
        value: value.into(),
        unit: None,
        year: Some(year.into()),
        source: "s".into(),
    };
    one.facts = facts.iter().map(fact).collect();
    let mut builder = NetworkBuilder::new("test", day(), catalog()).hospital(one);
    let source = Source { title: "s".into(), year: None, licence: None, url: None };
    builder = builder.source("s", source);
    let places = vec![place("p", at(0.0, 0.0), 100)];
    Region::new(&model_of(builder.build().unwrap(), places), day()).unwrap()
}

#[test]
fn counted_cases_come_before_expected_ones_as_far_as_they_are_recent() {
    let found = |facts: &[(&str, &str)], least: f64| {
        let service = MinimumVolume { fact: Some("counted".into()), ..service(least, 1.0) };
        let region = with_facts(facts);
        assert_eq!(region.network().date().year(), 2026);
        minimum_volumes(&region, &service, Choice::Nearest).unwrap().volumes.remove(0)
    };
    // Of the year before, it stands as counted: 49 are not 50, and 50 are.
    let few = found(&[("49", "2025")], 50.0);
    assert_eq!((few.cases, few.counted_in, few.verdict), (49.0, Some(2025), Some(Answer::DoesNot)));
    assert_eq!(found(&[("50", "2025")], 50.0).verdict, Some(Answer::Meets));
    // An older one says how many there may be now: 64, by chance from 48 to 80.
    let older = found(&[("64", "2022")], 50.0);
    assert!((older.interval.low - (64.0 - 1.96 * 8.0)).abs() < 1e-9);
    assert_eq!((older.is_enough, older.verdict), (true, Some(Answer::Unknown)));
    assert_eq!(found(&[("64", "2022")], 48.0).verdict, Some(Answer::Meets));
    // The latest one counts, the first of a year; what is no number, too old or not yet there does not.
    let facts = [("7", "2021"), ("70", "2024"), ("71", "2024"), ("many", "2025"), ("900", "2027")];
    assert_eq!(found(&facts, 50.0).cases, 70.0);
    assert_eq!(found(&[("7", "2020")], 50.0).counted_in, None);
    // A what-if leaves counts aside.
    let service = MinimumVolume { fact: Some("counted".into()), ..service(50.0, 1.0) };
    let settings = VolumeSettings::from(Choice::Nearest).use_counts(false);
    let region = with_facts(&[("49", "2025")]);
    let expected = &minimum_volumes(&region, &service, settings).unwrap().volumes[0];
    assert!((expected.cases - 100.0).abs() < 1e-6 && expected.counted_in.is_none());
}

#[test]
fn a_service_that_no_rate_counts_is_unknown_without_a_count() {
    let by_facts = |offered_by: &str| MinimumVolume {
        counted_by: None,
        fact: Some("counted".into()),
        offered_by: Some(Requirement::Specialty(offered_by.into())),
        ..service(50.0, 1.0)
    };
    let found = |service: &MinimumVolume, facts: &[(&str, &str)]| {
        minimum_volumes(&with_facts(facts), service, Choice::Nearest).unwrap()
    };
    let silent = found(&by_facts("s"), &[]);
    assert_eq!((silent.volumes.len(), silent.uncounted.len()), (0, 1));
    let counted = found(&by_facts("s"), &[("60", "2025")]);
    assert_eq!((counted.volumes[0].verdict, counted.uncounted.len()), (Some(Answer::Meets), 0));
    assert_eq!(counted.volumes[0].pooling, None);
}
