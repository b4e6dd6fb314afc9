//! Supplements on lines that can be checked by hand, and against closing the hospital and counting
//! anew.

use proptest::prelude::*;
use verbund::Region;
use verbund::files::Folder;
use verbund::model::*;
use verbund::rules::*;
use verbund::scenario::Scenario;
use verbund::units::Seconds;

use crate::common::*;

/// Sites with a department "s"; low demand below 100 people per km².
fn provision(minutes: u32, least_people: u32) -> Provision {
    Provision {
        key: "P".into(),
        name: "p".into(),
        name_de: "p".into(),
        requirement: Requirement::Specialty("s".into()),
        population: PopulationGroup::ALL,
        minutes,
        least_people,
        low_density: 100.0,
        source: "test".into(),
    }
}

fn supplement(region: &Region, provision: &Provision) -> Supplement {
    Supplement::new(region, provision, &SupplementSettings::default()).unwrap()
}

fn all_beyond() -> SupplementSettings {
    SupplementSettings::default().affected(Affected::AllBeyond)
}

fn test(region: &Region, hospital: &str, found: &Supplement) -> SupplementTest {
    found.of(region.network().find(hospital).unwrap()).unwrap().clone()
}

/// Affected people of hospital a, 30 minutes, by the default reading and by the other one.
fn affected(region: &Region) -> [u64; 2] {
    [SupplementSettings::default(), all_beyond()].map(|settings| {
        let found = Supplement::new(region, &provision(30, 5000), &settings).unwrap();
        test(region, "a", &found).affected
    })
}

#[test]
fn the_catalog_has_the_numbers_of_the_rules() {
    let catalog = Folder::leipzig().read().unwrap().network.catalog().clone();
    let all = catalog.supplement.provisions.iter();
    let numbers: Vec<_> = all
        .map(|one| {
            let group = one.population.label();
            (one.key.as_str(), one.minutes, one.least_people, one.low_density, group)
        })
        .collect();
    let expected = vec![
        ("A", 30, 5000, 100.0, "all".to_owned()),
        ("B", 40, 950, 20.0, "women 15-49".to_owned()),
        ("C", 40, 800, 22.0, "under 18".to_owned()),
    ];
    assert_eq!(numbers, expected);
}

#[test]
fn buildings_of_one_site_are_never_each_others_second() {
    // a at km 0 and b 1 km on have one operator, c is at km 60. From km 2, c is 58 minutes away.
    let region = |km: f64, operator: &str, of_b: &str| {
        let mut hospitals = vec![
            hospital("a", at(0.0, 0.0), 1),
            hospital("b", at(km, 0.0), 1),
            hospital("c", at(60.0, 0.0), 1),
        ];
        hospitals[0].operator = "o".into();
        hospitals[1].operator = operator.into();
        hospitals[1].departments[0].specialty = of_b.into();
        let places = vec![place("p", at(2.0, 0.0), 9_000)];
        Region::new(&model(hospitals, places), day()).unwrap()
    };
    let site = region(1.0, "o", "s");
    let found = supplement(&site, &provision(30, 5000));
    let both = test(&site, "a", &found);
    assert_eq!((both.affected, both.people_in_area, found.tests.len()), (9_000, 9_000, 2));
    assert_eq!(both.second_seconds, Some(58.0 * 60.0));
    // Whoever asks for the other building gets the same test.
    assert_eq!(test(&site, "b", &found), both);
    assert_eq!(both.hospitals.len(), 2);
    // By operator or distance they are two, and each is the other's second.
    for region in [region(1.0, "x", "s"), region(2.1, "o", "s")] {
        let found = supplement(&region, &provision(30, 5000));
        assert!(found.tests.iter().all(|test| test.affected == 0), "{found:?}");
        assert_eq!(found.tests.len(), 3);
    }
    // What one building lacks the other may have; both are then on the way to the site.
    let split = region(1.0, "o", "t");
    let pair = Requirement::All(vec![
        Requirement::Specialty("s".into()),
        Requirement::Specialty("t".into()),
    ]);
    let pair = Provision { requirement: pair, ..provision(30, 5000) };
    let found = supplement(&split, &pair);
    assert_eq!(found.tests.len(), 1);
    let both = test(&split, "b", &found);
    assert_eq!((both.affected, both.without_second), (9_000, 9_000));
}

#[test]
fn coverage_is_endangered_from_5_000_people_on() {
    // 5 minutes to a, 35 to b: whoever lives there is affected.
    for (people, is_endangered, margin) in [(4_999, false, -1), (5_000, true, 0), (5_001, true, 1)]
    {
        let region = line(&[(0.0, 1), (40.0, 1)], &[(5.0, people)]);
        let found = supplement(&region, &provision(30, 5000));
        let a = test(&region, "a", &found);
        assert_eq!((a.affected, a.people_nearest), (u64::from(people), u64::from(people)));
        assert_eq!((a.is_endangered, a.margin), (is_endangered, margin));
        assert_eq!((a.second_seconds, a.without_second), (Some(35.0 * 60.0), 0));
        let b = test(&region, "b", &found);
        assert_eq!((b.affected, b.people_nearest, b.margin), (0, 0, -5000));
    }
}

#[test]
fn only_the_group_of_the_provision_counts() {
    let women = PopulationGroup { sex: Some(Sex::Female), from: 15, to: Some(49) };
    for (count, is_endangered) in [(949, false), (950, true)] {
        let mut one = place("p", at(5.0, 0.0), 0);
        // Girls, women of the group, older women; then men.
        one.population = Population { female: vec![700, count, 300], male: vec![9, 9_000, 9] };
        let mut model = model(vec![hospital("a", at(0.0, 0.0), 1)], vec![one]);
        let bands = [(0, Some(14)), (15, Some(49)), (50, None)];
        model.places.bands = bands.map(|(from, to)| AgeBand { from, to }).to_vec();
        let region = Region::new(&model, day()).unwrap();
        let obstetrics = Provision { population: women, ..provision(40, 950) };
        let a = test(&region, "a", &supplement(&region, &obstetrics));
        assert_eq!((a.affected, a.is_endangered), (u64::from(count), is_endangered));
    }
}

#[test]
fn exactly_thirty_minutes_to_the_second_nearest_is_not_too_far() {
    for (b, expected) in [(39.9, 0), (40.0, 0), (40.1, 7)] {
        let region = line(&[(0.0, 1), (b, 1)], &[(10.0, 7)]);
        assert_eq!(affected(&region), [expected; 2], "b at km {b}");
    }
}

#[test]
fn exactly_thirty_minutes_to_the_nearest_is_in_time() {
    // Beyond that nobody falls out additionally; by the other reading they count as well.
    for (km, expected) in [(29.9, [7, 7]), (30.0, [7, 7]), (30.1, [0, 7])] {
        let region = line(&[(0.0, 1), (100.0, 1)], &[(-km, 7)]);
        assert_eq!(affected(&region), expected, "place at km -{km}");
    }
}

#[test]
fn of_two_equally_near_the_smaller_key_has_the_cell() {
    let region = line(&[(0.0, 1), (40.0, 1)], &[(20.0, 7)]);
    let found = supplement(&region, &provision(30, 1));
    assert_eq!(
        [test(&region, "a", &found), test(&region, "b", &found)].map(|one| one.people_nearest),
        [7, 0]
    );
    assert_eq!(affected(&region), [0, 0]); // the second is 20 minutes away, too
    // Within 19 minutes neither is in time: nobody falls out, but by the other reading a has them.
    let short = provision(19, 1);
    let additional = supplement(&region, &short);
    assert_eq!(test(&region, "a", &additional).affected, 0);
    let other = Supplement::new(&region, &short, &all_beyond()).unwrap();
    let both = ["a", "b"].map(|key| test(&region, key, &other).affected);
    assert_eq!(both, [7, 0]);
}

#[test]
fn unsuitable_sites_are_neither_origin_nor_alternative() {
    let mut other = hospital("x", at(6.0, 0.0), 1);
    other.departments[0].specialty = "t".into();
    let hospitals = vec![hospital("a", at(0.0, 0.0), 1), hospital("b", at(40.0, 0.0), 1), other];
    let model = model(hospitals, vec![place("p", at(5.0, 0.0), 5_000)]);
    let region = Region::new(&model, day()).unwrap();
    let found = supplement(&region, &provision(30, 5000));
    assert_eq!(found.tests.len(), 2);
    assert!(found.of(region.network().find("x").unwrap()).is_none());
    assert_eq!(test(&region, "a", &found).affected, 5_000);
}

#[test]
fn a_site_alone_has_all_whom_it_serves_in_time() {
    // Without a second site: 1 person at km 10 and 2 at km 30 are served in time, 4 at km 31 are not.
    let region = line(&[(0.0, 1)], &[(10.0, 1), (30.0, 2), (31.0, 4), (500.0, 8)]);
    assert_eq!(affected(&region), [3, 7]); // km 500 is beyond the cut-off: no nearest site at all
    let found = supplement(&region, &provision(30, 3));
    assert_eq!(found.without_site, 8);
    let a = test(&region, "a", &found);
    assert_eq!((a.without_second, a.second_seconds, a.is_endangered), (3, None, true));
}

#[test]
fn without_hospitals_or_people_there_is_nothing_to_test() {
    assert!(supplement(&line(&[], &[(0.0, 5)]), &provision(30, 1)).tests.is_empty());
    let region = line(&[(0.0, 1)], &[]);
    let a = test(&region, "a", &supplement(&region, &provision(30, 1)));
    assert_eq!((a.affected, a.density, a.is_low_demand), (0, None, false));
    assert_eq!(a.verdict(), SupplementVerdict::Neither);
    assert_eq!(a.answer(), Answer::DoesNot);
}

#[test]
fn a_limit_beyond_the_kept_journeys_is_an_error() {
    let region = line(&[(0.0, 1)], &[(0.0, 1)]);
    let error = Supplement::new(&region, &provision(121, 1), &SupplementSettings::default());
    assert!(matches!(error, Err(RulesError::LimitBeyondCutoff { .. })));
    let settings = SupplementSettings::default().service_area(Seconds::from_minutes(121));
    assert!(Supplement::new(&region, &provision(30, 1), &settings).is_err());
}

/// A place of 50 km² at a kilometre of a line.
fn wide(key: &str, km: f64, people: u32) -> Place {
    Place { area_km2: Some(50.0), ..place(key, at(km, 0.0), people) }
}

#[test]
fn demand_is_low_strictly_below_the_density() {
    // 50 km², all of it within 30 minutes: 4,999 people are 99.98 per km², 5,000 exactly 100.
    for (people, is_low) in [(4_999, true), (5_000, false), (5_001, false)] {
        let model = model(vec![hospital("a", at(0.0, 0.0), 1)], vec![wide("p", 5.0, people)]);
        let region = Region::new(&model, day()).unwrap();
        let a = test(&region, "a", &supplement(&region, &provision(30, 5000)));
        assert!((a.area_km2 - 50.0).abs() < 1e-9);
        assert!((a.density.unwrap() - f64::from(people) / 50.0).abs() < 1e-9);
        assert_eq!(a.is_low_demand, is_low, "{people}");
        let both = [SupplementVerdict::LowDemand, SupplementVerdict::Endangered];
        assert_eq!(a.verdict(), both[usize::from(!is_low)]);
    }
}

#[test]
fn the_service_area_is_a_parameter_and_ends_at_its_drive() {
    // 1,000 people (one part) at km 5 and 20, both nearest to a or not: 50 km² each. b is at km 20. A
    // place without an area has people, but no density.
    let hospitals = vec![hospital("a", at(0.0, 0.0), 1), hospital("b", at(20.0, 0.0), 1)];
    let places = vec![wide("p", 5.0, 1_000), wide("q", 20.0, 500), place("r", at(1.0, 0.0), 77)];
    let region = Region::new(&model(hospitals, places), day()).unwrap();
    let area = |minutes: Option<u32>| {
        let service_area = minutes.map(Seconds::from_minutes);
        let settings = SupplementSettings::default().service_area(service_area);
        let found = Supplement::new(&region, &provision(30, 1), &settings).unwrap();
        let a = test(&region, "a", &found);
        (a.people_in_area, a.area_km2, a.density)
    };
    assert_eq!(area(None), (1_577, 100.0, Some(15.0)));
    assert_eq!(area(Some(20)), (1_577, 100.0, Some(15.0)));
    assert_eq!(area(Some(19)), (1_077, 50.0, Some(20.0)));
    assert_eq!(area(Some(1)), (77, 0.0, None));
}

#[test]
fn borders_are_ignored_unless_asked_for() {
    let mut abroad = wide("q", 4.0, 400);
    abroad.outside = true;
    let places = vec![wide("p", 5.0, 1_000), abroad];
    let region = Region::new(&model(vec![hospital("a", at(0.0, 0.0), 1)], places), day()).unwrap();
    let found = |only_inside: bool| {
        let settings = SupplementSettings::default().only_inside(only_inside);
        let found = Supplement::new(&region, &provision(30, 1), &settings).unwrap();
        let a = test(&region, "a", &found);
        (a.affected, a.affected_outside, a.density)
    };
    assert_eq!(found(false), (1_400, 400, Some(14.0)));
    assert_eq!(found(true), (1_000, 0, Some(20.0)));
}

#[test]
fn verdicts_flip_with_roads_limits_and_people_by_hand() {
    // 5 minutes to a, 35 to b, limit 30. Faster: 35 / 1.2 = 29.2, in time. Slower: 43.8. Limit 25: too
    // far; limit 35: exactly in time. One person less in the other region.
    let region = line(&[(0.0, 1), (40.0, 1)], &[(5.0, 5_000)]);
    let other = line(&[(0.0, 1), (40.0, 1)], &[(5.0, 4_999)]);
    let provision = provision(30, 5000);
    let settings = SupplementSettings::default();
    let all = SupplementSensitivity::new(&region, &[&provision], &settings, Some(&other)).unwrap();
    let [faster, slower] = [Variant::Faster, Variant::Slower];
    let limits = [Variant::Shorter, Variant::Longer];
    assert_eq!(all.variants, [faster, slower, limits[0], limits[1], Variant::Other]);
    let a = &all.rows[0];
    assert_eq!((a.provision.as_str(), a.hospital.as_str()), ("P", "a"));
    let affected: Vec<u64> = a.variants.iter().map(|one| one.as_ref().unwrap().affected).collect();
    assert_eq!(affected, [0, 5_000, 5_000, 0, 4_999]);
    assert_eq!([0, 1, 2, 3, 4].map(|at| a.is_changed(at)), [true, false, false, true, true]);
    // A hospital that the other region does not have is not suitable there.
    let fewer = line(&[(0.0, 1)], &[(5.0, 5_000)]);
    let all = SupplementSensitivity::new(&region, &[&provision], &settings, Some(&fewer)).unwrap();
    let b = &all.rows[1];
    assert_eq!((b.hospital.as_str(), b.variants[4].is_none(), b.is_changed(4)), ("b", true, true));
    let none = SupplementSensitivity::new(&region, &[&provision], &settings, None).unwrap();
    assert_eq!(none.variants.len(), 4);
}

#[test]
fn the_catalog_reads_suitable_sites_as_the_closure_simulator_does() {
    let catalog = Folder::leipzig().read().unwrap().network.catalog().clone();
    let words: Vec<String> = catalog
        .supplement
        .provisions
        .iter()
        .map(|one| one.requirement.describe(&catalog))
        .collect();
    assert_eq!(
        words,
        [
            "(internal medicine or cardiology or gastroenterology or pneumology) and (general surgery or trauma surgery and orthopaedics) and emergency level Basic or higher",
            "obstetrics",
            "paediatrics and children's module of emergency care",
        ]
    );
}

#[test]
fn a_site_is_judged_with_what_it_lacks_and_with_what_the_data_lack() {
    // a and b have the department, c another one; of d the data have no department.
    let mut hospitals = vec![
        hospital("a", at(0.0, 0.0), 1),
        hospital("b", at(40.0, 0.0), 1),
        hospital("c", at(41.0, 0.0), 1),
        hospital("d", at(80.0, 0.0), 1),
    ];
    hospitals[2].departments[0].specialty = "t".into();
    hospitals[3].departments.clear();
    let region = |hospitals: &[Hospital], place: Place| {
        Region::new(&model(hospitals.to_vec(), vec![place]), day()).unwrap()
    };
    let judge = |region: &Region, provision: &Provision, key: &str| {
        let found = supplement(region, provision);
        found.judge(region.network(), region.network().find(key).unwrap())
    };
    let some = region(&hospitals, wide("p", 5.0, 4_000));
    let rule = provision(30, 3_000);
    assert_eq!(judge(&some, &rule, "a").answer, Answer::Meets); // 4,000 affected, 80 people per km²
    assert_eq!(judge(&some, &rule, "b").answer, Answer::DoesNot); // nobody is nearest to it
    let other = judge(&some, &rule, "c");
    assert_eq!((other.answer, other.gaps.missing), (Answer::DoesNot, vec!["no s".to_owned()]));
    let silent = judge(&some, &rule, "d");
    assert_eq!(
        (silent.answer, silent.gaps.unknown),
        (Answer::Unknown, vec!["departments".to_owned()])
    );
    // Enough people, but no place has an area: nobody can tell the density.
    let without_area = region(&hospitals, place("p", at(5.0, 0.0), 4_000));
    assert_eq!(judge(&without_area, &rule, "a").answer, Answer::Unknown);
    // Too few people: fails whatever the density.
    let few = region(&hospitals, place("p", at(5.0, 0.0), 2_999));
    assert_eq!(judge(&few, &rule, "a").answer, Answer::DoesNot);
    // Nobody of the group lives there at all.
    let nobody = region(&hospitals, wide("p", 5.0, 0));
    assert_eq!(judge(&nobody, &rule, "a").answer, Answer::Unknown);
    // What no hospital of the data has makes every site unknown.
    let facility = Requirement::Facility { kind: "f".into(), at_least: None };
    let with_facility = Provision { requirement: facility, ..rule };
    assert_eq!(judge(&some, &with_facility, "a").gaps.nowhere, ["f"]);
    assert_eq!(supplement(&some, &with_facility).nowhere, ["f"]);
}

/// People of all parts, those outside included, with a site within the limit; by part.
fn in_time(region: &Region, minutes: u32) -> Vec<bool> {
    let has = |id: HospitalId| region.network()[id].has_specialty("s");
    let parts = 0..region.parts().len();
    parts
        .map(|part| {
            let mut row = region.times().from_origin(part);
            row.any(|(id, time)| has(id) && time <= Seconds::from_minutes(minutes))
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn closing_the_hospital_and_counting_anew_gives_the_same(
        region in any_region(),
        minutes in 10_u32..60,
    ) {
        let found = supplement(&region, &provision(minutes, 5000));
        let people = region.people_everywhere(&PopulationGroup::ALL);
        let before = in_time(&region, minutes);
        for test in &found.tests {
            let key = &region.network()[test.hospital].key;
            let text = format!(
                r#"(format: 1, id: "x", name: "x", source: "test", changes: [
                    (on: "2026-01-01", reason: "test", change: CloseHospital("{key}")),
                ])"#
            );
            let scenario =
                Scenario::read(&text, "x.ron", region.network(), region.places()).unwrap();
            let closed = region.apply(&[&scenario], day().into()).unwrap();
            prop_assert!(closed.network().find(key).is_none());
            let after = in_time(&closed, minutes);
            let newly = (0..people.len()).filter(|&part| before[part] && !after[part]);
            let newly: u64 = newly.map(|part| u64::from(people[part])).sum();
            prop_assert_eq!(test.affected, newly, "{}", key);
        }
    }
}
