//! What is impossible, far away, empty, or of another region is said, and never counted as something.

use std::collections::BTreeSet;
use std::sync::Arc;

use verbund::files::Folder;
use verbund::model::*;
use verbund::routing::{Capacity, Choice, Flows, Huff};
use verbund::scenario::Scenario;
use verbund::travel::{CrowFly, TravelModel, from_fn};
use verbund::units::Seconds;
use verbund::{Region, coverage};

use crate::common::{
    at, catalog, day, hospital, km_a_minute, line, model, place, small_model, standard,
};
use crate::problems::Copy;

/// The one fault of a copy of the small network with a text replaced in a file, without its place.
#[track_caller]
fn only_fault(file: &str, old: &str, new: &str) -> String {
    let messages = Copy::new().with(file, old, new).messages();
    assert_eq!(messages.len(), 1, "{messages:#?}");
    messages[0].clone()
}

/// The faults of a scenario with these changes against a model.
fn faults(model: &Model, changes: &str) -> Vec<String> {
    let text =
        format!("(format: 1, id: \"x\", name: \"X\", source: \"invented\", changes: [{changes}])");
    match Scenario::read(&text, "x.ron", &model.network, &model.places) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.list().iter().map(|one| one.message.clone()).collect(),
    }
}

// Where things are.

#[test]
fn a_position_with_latitude_and_longitude_exchanged_is_a_fault() {
    let message = only_fault("places.csv", "50.955034,12.0", "12.0,50.955034");
    assert!(message.starts_with("places.csv:2:1: place \"a\", field lat: 5,5"), "{message}");
    assert!(message.ends_with("are latitude and longitude exchanged?"), "{message}");
    let message =
        only_fault("network.ron", "(lat: 51.000000, lon: 12.0)", "(lat: 12.0, lon: 51.0)");
    assert!(message.starts_with("network.ron:28:23: hospital \"north\", field position: 5,"));
    assert!(message.ends_with("are latitude and longitude exchanged?"), "{message}");
}

#[test]
fn a_position_of_0_0_is_a_fault() {
    let message = only_fault("places.csv", "50.955034,12.0", "0,0");
    assert!(message.ends_with("does 0/0 stand for an unknown one?"), "{message}");
    assert!(message.contains("km from the nearest hospital"), "{message}");
}

#[test]
fn what_a_scenario_puts_far_away_is_a_fault() {
    let new = "(on: \"2026-02-01\", reason: \"x\", change: OpenHospital(id: \"new\", name: \"New\", \
        operator: \"N\", ownership: Public, position: (lat: 12.0, lon: 50.9)))";
    let found = faults(&small_model(), new);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("km from the nearest place (\"e\")"), "{found:?}");
    let road = "(on: \"2026-02-01\", reason: \"x\", change: Road(corridor: [(lat: 50.9, lon: 11.9), \
        (lat: 50.9, lon: 12.1), (lat: 12.1, lon: 50.8)]))";
    let found = faults(&small_model(), road);
    assert_eq!(found.len(), 1, "{found:?}");
    // A long corridor over the country is none.
    let far = road.replace("(lat: 12.1, lon: 50.8)", "(lat: 54.1, lon: 10.8)");
    assert_eq!(faults(&small_model(), &far), Vec::<String>::new());
}

#[test]
fn two_clusters_and_an_island_are_no_fault() {
    // A second region 1,700 km to the south with hospitals of its own; an island 250 km off.
    let mut places: Vec<Place> =
        (0..20).map(|n| place(&format!("p{n:02}"), at(f64::from(n), 0.0), 10)).collect();
    places.extend((0..10).map(|n| place(&format!("q{n:02}"), at(1700.0 + f64::from(n), 0.0), 10)));
    places.push(place("r", at(-250.0, 0.0), 10));
    let hospitals = vec![hospital("a", at(0.0, 0.0), 10), hospital("b", at(1700.0, 0.0), 10)];
    model(hospitals.clone(), places.clone()).check().unwrap();
    // Without a hospital of its own, the second cluster is a third of all places: no slip of the hand.
    model(hospitals[..1].to_vec(), places).check().unwrap();
}

#[test]
fn a_road_over_the_180th_meridian_is_where_it_says() {
    // On the equator, where a degree is 111.195 km: the place at 180.1 is 22.2 minutes from north at
    // 179.9, across the corridor at 180, and 44.5 from south at 180.5; the one at 179.7 does not cross.
    let spot = |lon: f64| Position::new(0.0, if lon > 180.0 { lon - 360.0 } else { lon }).unwrap();
    let hospitals = vec![hospital("north", spot(179.9), 1), hospital("south", spot(180.5), 1)];
    let places = vec![place("a", spot(180.1), 1), place("b", spot(179.7), 1)];
    let region = Region::new(&model(hospitals, places), day()).unwrap();
    let corner = |lat: f64, lon: f64| Position::new(lat, lon).unwrap();
    let corridor = vec![
        corner(-1.0, 179.95),
        corner(1.0, 179.95),
        corner(1.0, -179.95),
        corner(-1.0, -179.95),
    ];
    let road = Road { from: vec![], to: vec![], corridor, delay: None };
    let closed = region.with_roads(&[road]).unwrap();
    let first = |place: &str| {
        let place = closed.find_place(place).unwrap();
        let (hospital, time) = closed.from_centre(place).next().unwrap();
        (closed.network()[hospital].key.clone(), time.0)
    };
    assert_eq!(first("a"), ("south".to_owned(), (0.4 * 111.195_08 * 60.0_f64).round() as u32));
    assert_eq!(first("b"), ("north".to_owned(), (0.2 * 111.195_08 * 60.0_f64).round() as u32));
    // The same corridor written from its other side, and a scenario that reads it.
    let text = "(on: \"2026-02-01\", reason: \"x\", change: Road(corridor: [(lat: 80, lon: -120), \
        (lat: 80, lon: 0), (lat: 80, lon: 120)]))";
    assert_eq!(faults(&small_model(), text), ["the corridor goes around the whole Earth"]);
}

// Nobody.

#[test]
fn a_village_of_nobody_counts_as_nobody() {
    let region = line(&[(0.0, 10)], &[(5.0, 0), (10.0, 1000)]);
    let found = coverage::evaluate(&region, &standard(30)).unwrap();
    assert_eq!((found.total.people, found.total.within_limit), (1000, 1000));
    let flows = Flows::of_region(&region, Choice::Huff(Huff::default())).unwrap();
    assert!((flows.loads[0].cases - 1000.0).abs() < 1e-9); // a case for everybody
    assert_eq!(region.demand().specialties[0].cases[0], 0.0);
}

#[test]
fn a_region_of_nobody_has_no_cases_and_no_nan() {
    let region = line(&[(0.0, 10), (9.0, 0)], &[(5.0, 0), (10.0, 0)]);
    for choice in
        [Choice::Nearest, Choice::Huff(Huff::default()), Choice::Capacity(Capacity::default())]
    {
        let flows = Flows::of_region(&region, choice).unwrap();
        assert!(flows.loads.iter().all(|load| load.cases == 0.0), "{choice:?}");
        assert_eq!(flows.leftover(), 0.0);
    }
    let found = coverage::evaluate(&region, &standard(30)).unwrap();
    assert_eq!((found.total.people, found.total.mean_seconds), (0, None));
}

#[test]
fn a_table_of_people_may_empty_a_village_but_not_forget_it() {
    let copy = Copy::new();
    let table = std::fs::read_to_string(copy.folder.join("places.csv")).unwrap();
    std::fs::create_dir_all(copy.folder.join("scenarios")).unwrap();
    let scenario = "(format: 1, id: \"x\", name: \"X\", source: \"invented\", changes: [(on: \
        \"2026-02-01\", reason: \"lignite\", change: SetPopulation(table: \"people.csv\"))])";
    std::fs::write(copy.folder.join("scenarios/x.ron"), scenario).unwrap();
    let folder = Folder::open(&copy.folder);
    let model = folder.read().unwrap();
    let read = |text: &str| {
        std::fs::write(copy.folder.join("scenarios/people.csv"), text).unwrap();
        verbund::scenario::Scenario::in_folder(&folder, "x", &model.network, &model.places)
    };
    let empty = table.replace("125,125,125,125,125,125,125,125", "0,0,0,0,0,0,0,0");
    let scenario = read(&empty).unwrap();
    let region = Region::new(&model, day()).unwrap();
    let after = region.apply(&[&scenario], "2026-03-01".parse().unwrap()).unwrap();
    assert_eq!(region.people_inside() - after.people_inside(), 1000);
    let rows: Vec<&str> = table.lines().filter(|row| !row.starts_with("a,")).collect();
    let without = rows.join("\n") + "\n";
    let problems = read(&without).unwrap_err();
    assert!(problems.to_string().contains("has no place \"a\""), "{problems}");
}

// Journeys.

fn row(place: &str, hospital: &str, time: Option<u32>) -> TravelRow {
    let time = time.map(Seconds::from_minutes);
    TravelRow { place: place.into(), hospital: hospital.into(), time }
}

#[test]
fn one_journey_between_hospitals_in_a_table_leaves_the_others_to_the_crow() {
    let hospitals: Vec<Hospital> = [("a", 0.0), ("b", 20.0), ("c", 50.0)]
        .map(|(key, km)| hospital(key, at(km, 0.0), 9))
        .into();
    let mut model = model(hospitals, vec![place("p", at(5.0, 0.0), 10)]);
    model.travel_times =
        Some(vec![row("p", "a", Some(7)), row("a", "b", Some(33)), row("b", "c", None)]);
    let region = Region::new(&model, day()).unwrap();
    let between = |from: &str, to: &str| {
        let id = |key: &str| region.network().find(key).unwrap();
        region.between(id(from), id(to)).map(|time| time.0 / 60)
    };
    assert_eq!((between("a", "b"), between("b", "c")), (Some(33), None)); // as the table says
    // As the crow flies: 20, 50 and 30 km at a kilometre a minute.
    assert_eq!(
        (between("b", "a"), between("a", "c"), between("c", "b")),
        (Some(20), Some(50), Some(30))
    );
    let rest = "; between hospitals that it does not name: crow-fly model";
    assert!(region.travel().contains(rest), "{}", region.travel());
}

#[test]
fn a_place_and_a_hospital_of_one_key_cannot_share_a_table() {
    let mut model = model(
        vec![hospital("a", at(0.0, 0.0), 9), hospital("b", at(20.0, 0.0), 9)],
        vec![place("a", at(5.0, 0.0), 10)],
    );
    model.check().unwrap(); // the crow does not ask for keys
    model.travel_times = Some(vec![row("a", "a", Some(7))]);
    let problems = model.check().unwrap_err();
    assert_eq!(problems.list()[0].message, "\"a\" is a hospital, too");
}

#[test]
fn a_travel_model_of_ones_own_is_asked_between_hospitals_only_if_it_offers_that() {
    let hospitals = vec![hospital("a", at(0.0, 0.0), 9), hospital("b", at(20.0, 0.0), 9)];
    let model = model(hospitals, vec![place("p", at(5.0, 0.0), 10)]);
    let measured = |travel: Arc<dyn TravelModel>| {
        let region = Region::with_travel(&model, day(), travel, Region::CUTOFF).unwrap();
        let ids: Vec<HospitalId> = region.network().ids().collect();
        let time = region.between(ids[0], ids[1]);
        (time, region.travel().to_owned(), region.hospitals_without_journey())
    };

    // Knows the journeys of a place by its key only.
    let by_key =
        from_fn("by key", |from, _| Ok((from.key == "p").then_some(Seconds::from_minutes(7))));
    let (time, travel, without) = measured(Arc::new(by_key));
    assert_eq!((time, without), (Some(Seconds::from_minutes(20)), 0));
    assert!(travel.starts_with("by key; between hospitals: crow-fly"), "{travel}");

    // Flies a kilometre a second, from hospitals too.
    let rocket = from_fn("rocket", |from, to| {
        Ok(Some(Seconds((from.distance_to(to) / 1000.0).round() as u32)))
    });
    let (time, travel, _) = measured(Arc::new(rocket.between_hospitals()));
    assert_eq!((time, travel.as_str()), (Some(Seconds(20)), "rocket"));

    let crow_fly = CrowFly::new(km_a_minute()).unwrap();
    let (time, travel, _) = measured(Arc::new(crow_fly.clone()));
    assert_eq!((time, travel), (Some(Seconds::from_minutes(20)), crow_fly.name()));
}

// Numbers.

#[test]
fn numbers_without_sense_are_refused_with_what_is_possible() {
    for (file, old, new, message) in [
        (
            "../catalog/demand.ron",
            "index: 0.75",
            "index: 1e300",
            "1e300 is out of range; expected 0 to 1000",
        ),
        (
            "../catalog/demand.ron",
            "stay_factor: 1.207",
            "stay_factor: 11",
            "expected a number from 0.1 to 10",
        ),
        (
            "../catalog/demand.ron",
            "per_1000: 40.98",
            "per_1000: 99999",
            "99999 is out of range; expected 0 to 10000 cases a year per 1,000 people",
        ),
        (
            "../catalog/demand.ron",
            "stay_days: 5.2",
            "stay_days: 0",
            "a mean stay of 0 days; expected 0.007 days (10 minutes) to 3,650 days",
        ),
        ("../catalog/demand.ron", "stay_days: 5.2", "stay_days: 9999", "a mean stay of 9999 days"),
        (
            "network.ron",
            "beds: Some(90)",
            "beds: Some(90000)",
            "90,000 is out of range; expected at most 20,000 beds",
        ),
        (
            "network.ron",
            "access: \"0s\"",
            "access: \"30h\"",
            "an access time of 30h; expected at most 2h",
        ),
    ] {
        let copy = Copy::new();
        let text = std::fs::read_to_string(copy.folder.join(file)).unwrap();
        let (old, new) = if text.contains(old) {
            (old.to_owned(), new.to_owned())
        } else {
            // An option may be written without Some.
            (old.replace("Some(", "").replace(')', ""), new.replace("Some(", "").replace(')', ""))
        };
        let messages = copy.with(file, &old, &new).messages();
        assert!(messages.iter().any(|own| own.contains(message)), "{new}: {messages:#?}");
    }
}

#[test]
fn parts_and_people_in_all_have_bounds() {
    let crowd: Vec<Place> = (0..300)
        .map(|n| {
            let area_km2 = Some(10.0);
            Place {
                area_km2,
                ..place(&format!("p{n:03}"), at(f64::from(n) / 10.0, 0.0), 50_000_000)
            }
        })
        .collect();
    let mut model = model(vec![hospital("a", at(0.0, 0.0), 10)], crowd);
    let messages = |model: &Model| -> Vec<String> {
        model.check().unwrap_err().list().iter().map(|one| one.message.clone()).collect()
    };
    // 300 x 50,000 parts of 1,000 people.
    assert_eq!(
        messages(&model),
        [
            "15,000,000,000 people in all",
            "the places would be laid out in 15,000,000 parts of 1,000 people"
        ]
    );
    model.parts = PartRule { people: 0, radius_factor: f64::NAN };
    assert_eq!(messages(&model), ["parts of 0 people", "a radius factor of NaN"]);
    // Millions of people with parts of one person each.
    model.places.places.truncate(1);
    model.parts = PartRule { people: 1, radius_factor: 0.6 };
    model.places.places[0].population.female[0] = 1_000_000;
    model.check().unwrap(); // a place has at most 100,000 parts
}

#[test]
fn factors_of_demand_multiply_to_at_most_100() {
    let model = small_model();
    let scale = |on: &str, rest: &str| {
        format!("(on: \"{on}\", reason: \"x\", change: ScaleDemand({rest})),")
    };
    let three = scale("2026-02-01", "factor: 100").repeat(3);
    let told = "with the ScaleDemand in force then, cases are multiplied by 10,000";
    assert_eq!(faults(&model, &three), [told]);
    // Of other people, or of other districts, or at another time, they do not meet.
    let young = scale("2026-02-01", "factor: 50, population: (from: 0, to: 17)");
    let old = scale("2026-02-01", "factor: 50, population: (from: 18)");
    let north = scale("2026-02-01", "factor: 2, districts: [\"Nordkreis\"]");
    let south = scale("2026-02-01", "factor: 2, districts: [\"Südkreis\"]");
    assert_eq!(faults(&model, &[young, old, north.clone(), south].concat()), [""; 0]);
    let women = scale("2026-02-01", "factor: 51, population: (sex: Female)");
    let met = faults(&model, &[north, women].concat());
    assert_eq!(met, ["with the ScaleDemand in force then, cases are multiplied by 102"]);
    let until = "(on: \"2026-02-01\", until: \"2026-03-01\", reason: \"x\", change: \
        ScaleDemand(factor: 90)),";
    let later = scale("2026-03-01", "factor: 80");
    assert_eq!(faults(&model, &[until.to_owned(), later].concat()), [""; 0]);
}

#[test]
fn cooperations_and_roads_change_only_so_often() {
    // Each of them begins and ends on days of its own.
    let days = |count: usize, what: &str| -> String {
        let day = |at: usize| {
            let (month, day) = (at % 336 / 28 + 1, at % 28 + 1);
            format!("{}-{month:02}-{day:02}", 2027 + at / 336)
        };
        let change = |at: usize| {
            let (on, until) = (day(2 * at), day(2 * at + 1));
            format!("(on: \"{on}\", until: \"{until}\", reason: \"x\", change: {what}),")
        };
        (0..count).map(change).collect()
    };
    let model = small_model();
    let road = "Road(from: [\"a\"], delay: \"5m\")";
    assert_eq!(faults(&model, &days(70, road)), [""; 0]);
    let told = "71 changes of roads begin or end at 142 moments";
    assert_eq!(faults(&model, &days(71, road)), [told]);
    let end = "EndCooperation(\"transfer\")";
    assert_eq!(faults(&model, &days(707, end)), [""; 0]);
    let told = "708 changes of cooperations begin or end at 1,416 moments";
    assert_eq!(faults(&model, &days(708, end)), [told]);
}

#[test]
fn factors_of_surges_multiply_to_at_most_100() {
    let model = small_model();
    let surge = |on: &str, specialty: &str, factors: &str| {
        format!(
            "(on: \"{on}\", reason: \"x\", change: Surge(specialties: [\"{specialty}\"], \
             factors: {factors}, days: 7)),"
        )
    };
    let first = surge("2026-02-01", "pneumology", "[20, 20]");
    // The peak of the one meets the other in its second week; of another specialty it meets nothing.
    let peak = surge("2026-02-08", "pneumology", "[6, 1]");
    let told = "with the surges in force then, cases are multiplied by 120";
    assert_eq!(faults(&model, &[first.clone(), peak].concat()), [told]);
    let behind = surge("2026-02-08", "pneumology", "[1, 6]");
    let other = surge("2026-02-08", "neurology", "[6, 6]");
    assert_eq!(faults(&model, &[first, behind, other].concat()), [""; 0]);
}

#[test]
fn factors_of_demand_and_of_surges_together_multiply_to_at_most_100() {
    let model = small_model();
    let scale =
        |dates: &str, rest: &str| format!("({dates}, reason: \"x\", change: ScaleDemand({rest})),");
    let surge = |on: &str, rest: &str| {
        format!(
            "(on: \"{on}\", reason: \"x\", change: Surge(specialties: [\"pneumology\"], days: 7, {rest})),"
        )
    };
    let always = scale("on: \"2026-02-01\"", "factor: 20");
    let met = faults(&model, &[always.clone(), surge("2026-02-01", "factors: [1, 20]")].concat());
    let told = "with change 1 (ScaleDemand) and change 2 (Surge) in force then, cases are multiplied by 400";
    assert_eq!(met, [told]);
    // 5 times 20 is as much as there may be; a surge that is over before, or of another district, meets nothing.
    let small_one = surge("2026-02-01", "factors: [5, 0.5]");
    assert_eq!(faults(&model, &[always.clone(), small_one].concat()), [""; 0]);
    let over = scale("on: \"2026-02-01\", until: \"2026-02-08\"", "factor: 20");
    assert_eq!(faults(&model, &[over, surge("2026-02-01", "factors: [1, 20]")].concat()), [""; 0]);
    let north = surge("2026-02-01", "factors: [20], districts: [\"Nordkreis\"]");
    let south = scale("on: \"2026-02-01\"", "factor: 20, districts: [\"Südkreis\"]");
    assert_eq!(faults(&model, &[north.clone(), south].concat()), [""; 0]);
    // A scale that begins within a surge is the one at fault, and one of all districts meets that of one.
    let later = scale("on: \"2026-02-03\"", "factor: 6");
    let told = "with change 1 (Surge) and change 2 (ScaleDemand) in force then, cases are multiplied by 120";
    assert_eq!(faults(&model, &[north, later].concat()), [told]);
}

// Keys.

#[test]
fn a_pathway_with_the_key_of_a_specialty_is_a_fault_of_check() {
    let message = only_fault(
        "../catalog/pathways.ron",
        "id: \"vlbw_birth\", name: \"imminent",
        "id: \"haematology_oncology\", name: \"imminent",
    );
    assert!(message.starts_with("../catalog/pathways.ron:"), "{message}");
    assert!(message.contains("\"haematology_oncology\" is a specialty, too"), "{message}");
    // Keys of before are read as those of today: the old one names the specialty as well.
    let message = only_fault(
        "../catalog/pathways.ron",
        "id: \"vlbw_birth\", name: \"imminent",
        "id: \"pediatrics\", name: \"imminent",
    );
    let told = "\"pediatrics\" is how the specialty \"paediatrics\" was spelled";
    assert!(message.contains(told), "{message}");
}

#[test]
fn a_slash_is_no_part_of_a_key() {
    // "a/b" with "c" and "a" with "b/c" would be one ward.
    let build = |key: &str| {
        let hospital = hospital(key, at(0.0, 0.0), 1);
        NetworkBuilder::new("x", day(), catalog()).hospital(hospital).build()
    };
    let problems = build("a/b").unwrap_err();
    assert_eq!(problems.list()[0].message, "\"a/b\" is no key");
    assert_eq!(problems.list()[0].expected, "a word without spaces and slashes");
    build("a-b").unwrap();
}

// The crate.

#[test]
fn places_built_in_code_are_checked_like_files() {
    let mut model = model(
        vec![hospital("a", at(0.0, 0.0), 10)],
        vec![place("p", at(1.0, 0.0), 1000), place("q", at(2.0, 0.0), 1000)],
    );
    let messages = |model: &Model| -> Vec<String> {
        let Err(verbund::region::RegionError::Problems(problems)) = Region::new(model, day())
        else {
            panic!("the model has faults")
        };
        problems.list().iter().map(ToString::to_string).collect()
    };
    // 2,000 people in two bands, of which the places have one: half of them would not count.
    model.places.places[0].population.female.push(1000);
    assert_eq!(
        messages(&model),
        [
            "place \"p\", field population.female: 2 counts for 1 age bands; expected one count for each band"
        ]
    );
    model.places.places[0].population.female.pop();
    model.places.places.swap(0, 1);
    let message = "place \"p\", field key: the places do not stand in the order of their keys; \
        expected places sorted by key";
    assert_eq!(messages(&model), [message]);
    model.places.places[0].key = "p".into();
    assert_eq!(messages(&model), ["place \"p\", field key: there is a second place \"p\""]);
    model.places.places.remove(0);
    model.places.places[0].area_km2 = Some(f64::NAN);
    assert_eq!(messages(&model).len(), 1);
    model.places.places[0].area_km2 = None;
    model.places.bands = vec![AgeBand { from: 3, to: None }];
    assert_eq!(messages(&model).len(), 1);
}

#[test]
fn an_id_of_another_network_is_found_out() {
    let (one, other) =
        (line(&[(0.0, 1), (5.0, 1)], &[(1.0, 9)]), line(&[(0.0, 1)], &[(1.0, 9), (2.0, 9)]));
    let id = one.network().find("b").unwrap();
    assert!(other.network().hospital(id).is_none());
    assert!(one.network().hospital(id).is_some());
    // Networks of the same hospitals count alike.
    let again = line(&[(7.0, 3), (8.0, 3)], &[(1.0, 9)]);
    assert_eq!(again.network().find("b"), Some(id));
    assert_eq!(again.network()[id].key, "b");
    let set = coverage::HospitalSet::filter(other.network().ids(), |_| true);
    assert!(!set.contains(id) && !set.contains(one.network().find("a").unwrap()));
    let foreign = one.place_ids().next().unwrap();
    let graph = CooperationGraph::new(other.network(), &GraphFilter::default());
    let lookups: [&dyn Fn() -> usize; 6] = [
        &|| other.network()[id].departments.len(),
        &|| other.between(id, id).map_or(0, |time| time.0 as usize),
        &|| other.place(foreign).name.len(),
        &|| other.parts_of(foreign).len(),
        &|| other.from_centre(foreign).count(),
        &|| graph.degree(id),
    ];
    for lookup in lookups {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(lookup));
        assert!(result.is_err(), "an id of another network was looked up");
    }
}

#[test]
fn a_day_later_without_a_hospital_counts_anew_and_finds_out() {
    let network = Folder::leipzig().read().unwrap().network;
    let before = network.as_of("2025-05-01".parse().unwrap());
    let after = network.as_of("2025-06-01".parse().unwrap());
    let torgau = before.find("kkh-torgau").unwrap();
    assert!(after.hospital(torgau).is_none());
    let all: BTreeSet<HospitalId> = after.ids().collect();
    assert!(!all.contains(&torgau));
}

#[test]
fn a_study_refuses_every_fault_of_added_cooperations_at_once() {
    use verbund::impact::Study;
    use verbund::pathways::{Outage, PathwayError, Prepared, Query};

    let region = Region::new(&small_model(), day()).unwrap();
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let parties = || Parties::Directed { from: "north".into(), to: vec!["south".into()] };
    let kind = CooperationKind::Transfer { door_in_door_out: None, acceptance: Some(7.0) };
    let added = [
        Cooperation::new("x", kind, parties()).fields(&["neurolgy"]),
        Cooperation::new("y z", CooperationKind::Telemedicine { consult: None }, parties()),
    ];
    let Err(PathwayError::Cooperations(problems)) =
        Study::new(&region, &pathways, &added, Query::default())
    else {
        panic!("the cooperations have faults")
    };
    let messages: Vec<String> = problems.list().iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "cooperation \"x\", field fields[0]: unknown field \"neurolgy\"; expected the key of a field \
             that exists; did you mean \"neurology\"?",
            "cooperation \"x\", field kind.acceptance: 7 is out of range; expected a share from 0 to 1",
            "cooperation \"y z\", field id: \"y z\" is no key; expected a word without spaces and slashes",
        ]
    );
    // What is out of order must be there.
    let prepared = Prepared::even_if_unmet(&region, pathways[0], &[]).unwrap();
    let added = region.network().added_cooperation(0);
    let query = Query::default().outage(Outage::of_cooperation(added));
    assert!(matches!(prepared.evaluate(&query), Err(PathwayError::UnknownOutage { .. })));
    let foreign = line(&[(0.0, 1)], &[(1.0, 9)]).network().find("a").unwrap();
    let query = Query::default().outage(Outage::of_hospital(foreign));
    assert!(matches!(prepared.evaluate(&query), Err(PathwayError::UnknownOutage { .. })));
}

#[test]
fn no_command_prints_a_number_that_is_none_for_a_village_or_a_region_of_nobody() {
    let copy = Copy::new();
    let table = std::fs::read_to_string(copy.folder.join("places.csv")).unwrap();
    let row = |row: &str, is_empty: bool| {
        let columns: Vec<&str> = row.split(',').collect();
        let people = columns[7..].iter().map(|count| if is_empty { "0" } else { *count });
        let columns: Vec<&str> = columns[..7].iter().copied().chain(people).collect();
        format!("{}\n", columns.join(","))
    };
    let path = copy.folder.to_str().unwrap();
    for is_all in [false, true] {
        let mut text = String::new();
        for (at, line) in table.lines().enumerate() {
            text.push_str(&row(line, at == 1 || (at > 1 && is_all)));
        }
        std::fs::write(copy.folder.join("places.csv"), text).unwrap();
        for command in [
            &["check"][..],
            &["report"],
            &["coverage"],
            &["coverage", "basic_care", "--by", "place"],
            &["flows"],
            &["flows", "--choice", "capacity"],
            &["pathway"],
            &["critical"],
            &["cooperation"],
            &["closures", "--standard", "basic_care"],
            &["rules", "supplement"],
            &["rules", "volumes"],
        ] {
            let mut command = command.to_vec();
            command.extend(["--network", path]);
            let (code, out, error) = crate::run::output(&command);
            assert!(code <= 1, "{command:?} {error}");
            let mut words = out.split(|letter: char| !letter.is_alphanumeric());
            assert!(!words.any(|word| ["NaN", "inf"].contains(&word)), "{command:?}: {out}");
        }
    }
}
