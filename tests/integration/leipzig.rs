//! The region's files against the tables that they were written from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use verbund::files::Folder;
use verbund::model::*;

use crate::common::{shared_data, table};

fn model() -> Model {
    Folder::leipzig().read().unwrap()
}

fn json(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(shared_data().join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn sites_inside_and_outside() {
    let network = model().network;
    assert_eq!(network.hospitals().len(), 132);
    let inside: Vec<_> = network.hospitals().iter().filter(|one| !one.outside).collect();
    let of = |kind: SiteKind| inside.iter().filter(|one| one.kind == kind).count();
    assert_eq!(inside.len(), 34);
    assert_eq!(
        [of(SiteKind::Hospital), of(SiteKind::DayClinic), of(SiteKind::OutpatientCentre)],
        [21, 10, 3]
    );
}

#[test]
#[ignore = "needs ../shared/data: hospitals.json"]
fn every_site_has_the_position_of_its_source() {
    let rows = json("hospitals.json");
    let network = model().network;
    assert_eq!(rows.len(), 74);
    for row in rows {
        let key = row["id"].as_str().unwrap();
        let hospital = &network[network.find(key).unwrap_or_else(|| panic!("{key} is there"))];
        assert_eq!(hospital.position.lat(), row["lat"].as_f64().unwrap(), "{key}");
        assert_eq!(hospital.position.lon(), row["lon"].as_f64().unwrap(), "{key}");
        assert_eq!(hospital.outside, row["outside"].as_bool().unwrap(), "{key}");
        assert_eq!(hospital.parent.as_deref(), row["parent_id"].as_str(), "{key}");
    }
}

#[test]
#[ignore = "needs ../shared/data: hospital_facts.json"]
fn facts_about_hospitals_are_in_the_network_with_year_and_source() {
    let rows = json("hospital_facts.json");
    let network = model().network;
    let mut births = 0;
    for row in rows.iter().filter(|row| row["field"] == "births") {
        let id = row["id"].as_str().unwrap();
        if id.contains('+') {
            continue;
        }
        let hospital = &network[network.find(id).unwrap()];
        let year: String = row["year"]
            .as_i64()
            .map_or_else(|| row["year"].as_str().unwrap().into(), |y| y.to_string());
        let value = row["value"].as_i64().unwrap().to_string();
        let found = hospital.facts.iter().any(|fact| {
            fact.field == "births" && fact.value == value && fact.year.as_deref() == Some(&year)
        });
        assert!(found, "{id} {year} {value}");
        births += 1;
    }
    assert!(births >= 20, "{births}");
    let beds = |key: &str, specialty: &str| network[network.find(key).unwrap()].beds_of(specialty);
    assert_eq!(beds("sana-borna", "geriatrics"), Some(27)); // 26 in 2018
    assert_eq!(beds("sana-zwenkau", "geriatrics"), Some(24));
    assert_eq!(beds("fkh-hubertusburg", "psychiatry"), Some(127));
    assert_eq!(beds("skh-altscherbitz", "neurology"), Some(45));
    let icu = |key: &str| {
        network[network.find(key).unwrap()].facility("icu").and_then(|facility| facility.count)
    };
    assert_eq!(
        [icu("kkh-torgau"), icu("kkh-delitzsch"), icu("kkh-eilenburg")],
        [Some(8), Some(7), Some(6)]
    );
    // The press figures of 2020 are those of the directory of 2021.
    assert_eq!(beds("kkh-delitzsch", "intensive_care"), Some(7));
    assert_eq!(beds("kkh-eilenburg", "intensive_care"), Some(6));
}

#[test]
fn few_values_of_the_hospitals_inside_are_assumed() {
    let network = model().network;
    let (mut departments, mut beds, mut stages) = (0, 0, 0);
    for hospital in network.hospitals().iter().filter(|one| !one.outside) {
        if !hospital.kind.has_inpatients() {
            continue;
        }
        stages += u32::from(hospital.is_assumed("emergency_level"));
        for department in hospital.departments.iter().filter(|one| one.is_inpatient()) {
            let path = format!("departments.{}", department.specialty);
            departments += u32::from(hospital.is_assumed(&path));
            let is_assumed = hospital.is_assumed(&format!("{path}.beds"));
            beds += u32::from(is_assumed && department.beds.is_some());
        }
    }
    assert!(departments <= 10, "{departments}");
    assert_eq!((beds, stages), (0, 0));
}

/// Rows of the official directory by district, with the specialty of each of their department's keys.
fn directory() -> Vec<BTreeMap<String, String>> {
    let rows = table(&shared_data().join("hospital_directory_2021.csv"));
    rows.into_iter().map(|row| row.into_iter().collect()).collect()
}

/// The specialty of each key of a department. The table spells some in the American way.
fn specialties(folder: &std::path::Path) -> BTreeMap<String, String> {
    let mut specialties = BTreeMap::new();
    for row in table(&folder.join("official/department_key_specialty.csv")) {
        specialties.insert(row["key"].clone(), crate::old_keys::todays(&row["specialty"]));
    }
    specialties
}

/// Keys of the directory's districts and their names in the network.
const DISTRICTS: [(&str, &str); 3] = [
    ("14713", "Leipzig, Stadt"),
    ("14729", "Landkreis Leipzig"),
    ("14730", "Landkreis Nordsachsen"),
];

#[test]
#[ignore = "needs ../shared/data: hospital_directory_2021.csv, official/department_key_specialty.csv"]
fn beds_by_district_and_specialty_are_those_of_the_directory() {
    let (rows, folder) = (directory(), shared_data());
    let specialty_of = specialties(&folder);
    // What the directory counts as one, or under a broader key, is compared as one.
    let group = |specialty: &str| match specialty {
        "obstetrics" => "gynaecology".to_owned(),
        "neurological_early_rehabilitation" => "neurology".to_owned(),
        other => other.to_owned(),
    };

    let mut published: BTreeMap<(&str, String), u32> = BTreeMap::new();
    let mut totals: BTreeMap<&str, u32> = BTreeMap::new();
    for row in &rows {
        let Some((_, district)) = DISTRICTS.iter().find(|(key, _)| *key == row["kreis"]) else {
            continue;
        };
        *totals.entry(*district).or_default() += row["beds"].parse::<u32>().unwrap_or(0);
        for part in row["beds_by_department"].split('|').filter(|part| !part.is_empty()) {
            let (key, beds) = part.split_once(':').unwrap();
            if !specialty_of[key].is_empty() {
                let entry = published.entry((*district, group(&specialty_of[key]))).or_default();
                *entry += beds.parse::<u32>().unwrap();
            }
        }
    }

    let network = model().network;
    let mut entered: BTreeMap<(&str, String), u32> = BTreeMap::new();
    let mut sums: BTreeMap<&str, u32> = BTreeMap::new();
    for hospital in network.hospitals().iter().filter(|one| !one.outside) {
        let district = hospital.district.as_deref().unwrap();
        *sums.entry(district).or_default() += hospital.beds.unwrap_or(0);
        for department in &hospital.departments {
            if let Some(beds) = department.beds {
                *entered.entry((district, group(&department.specialty))).or_default() += beds;
            }
        }
    }
    assert_eq!(entered, published);
    assert_eq!(sums, totals);
}

#[test]
#[ignore = "needs ../shared/data: hospital_directory_2021.csv"]
fn emergency_stages_are_those_of_the_directory() {
    let rows = directory();
    let network = model().network;
    for (key, district) in DISTRICTS {
        // Day clinics carry the stage of their main site there; here only sites with beds have one.
        let with_beds =
            |row: &&BTreeMap<String, String>| row["kreis"] == key && !row["beds"].is_empty();
        let mut published: Vec<&str> = Vec::new();
        for row in rows.iter().filter(with_beds).filter(|row| row["emergency_level"] != "0") {
            published.push(row["emergency_level"].as_str());
        }
        let mut entered: Vec<&str> = Vec::new();
        for hospital in network.hospitals().iter().filter(|one| !one.outside) {
            if hospital.district.as_deref() == Some(district) {
                entered.extend(hospital.emergency_level.map(|level| match level {
                    EmergencyLevel::Minimum => "below 1",
                    EmergencyLevel::Basic => "1",
                    EmergencyLevel::Extended => "2",
                    EmergencyLevel::Comprehensive => "3",
                }));
            }
        }
        published.sort_unstable();
        entered.sort_unstable();
        assert_eq!(entered, published, "{district}");
    }
}

#[test]
#[ignore = "needs ../shared/data: hospital_directory_2021.csv, kreise_region.geojson"]
fn every_site_with_beds_within_an_hour_of_the_border_is_there() {
    let (rows, folder) = (directory(), shared_data());
    let border = border(&folder);
    let model = model();
    let travel = verbund::travel::CrowFly::new(model.travel.clone()).unwrap();
    let mut near = 0;
    for row in &rows {
        let is_inside = DISTRICTS.iter().any(|(key, _)| *key == row["kreis"]);
        let (Ok(lat), Ok(lon)) = (row["lat"].parse(), row["lon"].parse()) else { continue };
        let site = Position::new(lat, lon).unwrap();
        let nearest = border.iter().map(|corner| site.distance_to(*corner).0).min().unwrap();
        if is_inside
            || row["beds"].is_empty()
            || travel.time_over(f64::from(nearest)).minutes() > 59.9
        {
            continue;
        }
        near += 1;
        let is_there = model
            .network
            .hospitals()
            .iter()
            .any(|one| one.outside && one.position.distance_to(site).0 < 100);
        assert!(is_there, "{} in {}", row["site"], row["city"]);
    }
    assert!(near > 90, "{near}");
}

#[test]
#[ignore = "needs ../shared/data: kreise_age_2022_2023.csv"]
fn people_by_age_are_those_of_the_districts_at_the_end_of_2023() {
    let folder = shared_data();
    let model = model();
    let ages = table(&folder.join("kreise_age_2022_2023.csv"));
    for (key, district) in DISTRICTS {
        let row =
            ages.iter().find(|row| row["date"] == "2023-12-31" && row["kreis"] == key).unwrap();
        let of = |column: &str| row[column].parse::<f64>().unwrap();
        let published = (of("age_65_74") + of("age_75_plus")) / of("total");
        let (mut old, mut all) = (0.0, 0.0);
        for place in model.places.places.iter().filter(|one| one.district == district) {
            for sex in [&place.population.female, &place.population.male] {
                for (band, people) in model.places.bands.iter().zip(sex) {
                    all += f64::from(*people);
                    old += if band.from >= 65 { f64::from(*people) } else { 0.0 };
                }
            }
        }
        assert!((old / all - published).abs() < 0.0005, "{district} {} {published}", old / all);
    }
}

#[test]
fn every_entry_of_the_list_of_cooperations_is_there() {
    let network = model().network;
    let notes = network.cooperations().iter().filter_map(|one| one.note.as_deref());
    let alliances = network.alliances().iter().filter_map(|one| one.note.as_deref());
    let omitted = network.omitted().iter().map(|one| one.why.as_str());
    let text: Vec<&str> = notes.chain(alliances).chain(omitted).collect();
    for number in 1..=24 {
        let entry = format!("entry {number}");
        let is_it = |note: &&&str| {
            note.match_indices(&entry)
                .any(|(at, _)| !note[at + entry.len()..].starts_with(|c: char| c.is_ascii_digit()))
        };
        assert!(text.iter().any(|note| is_it(&note)), "{entry}");
    }
    for one in network.cooperations() {
        assert!(!one.sources.is_empty(), "{} has a source", one.key);
        if one.note.as_deref().unwrap_or_default().contains("INFERRED") {
            assert!(!one.assumed.is_empty(), "{} is marked", one.key);
        }
    }
}

#[test]
fn the_agreements_that_planners_know() {
    let network = model().network;
    let one = |key: &str| network.cooperations().iter().find(|one| one.key == key).unwrap();
    let framework = one("ukl-st-georg-2025");
    for field in ["emergency", "haematology_oncology", "neurology", "neonatology", "pathology"] {
        assert!(framework.covers(field), "{field}");
    }
    assert_eq!(one("tessa-delitzsch").kind.name(), "Telemedicine");
    let akg = network.alliances().iter().find(|one| one.key == "akg").unwrap();
    assert_eq!(akg.members, ["st-georg-leipzig", "chemnitz-klinikum"]);
    assert_eq!((akg.other_members.len(), akg.total_members), (15, Some(30)));
    let trauma = network.alliances().iter().find(|one| one.key == "traumanetzwerk-westsachsen");
    assert_eq!(trauma.unwrap().members.len(), 6);
}

#[test]
fn who_does_what_with_whom_as_the_list_says() {
    // Written out by hand from the researched list of cooperations: kind, parties, a field.
    let expected = [
        (
            "neurovascular-network-leipzig",
            "Framework",
            "ukl-leipzig skh-altscherbitz sana-borna altenburg",
            "neurology",
        ),
        ("tessa-eilenburg", "Telemedicine", "st-georg-leipzig kkh-eilenburg", "neurology"),
        (
            "tessa-hubertusburg-delitzsch",
            "Telemedicine",
            "fkh-hubertusburg kkh-delitzsch",
            "neurology",
        ),
        ("st-georg-uk-halle-stroke", "Framework", "st-georg-leipzig uk-halle", "neurology"),
        ("cccg-leipzig-jena", "Research", "ukl-leipzig uk-jena", "haematology_oncology"),
        ("ukl-altenburg-oncology", "Framework", "ukl-leipzig altenburg", "haematology_oncology"),
        (
            "st-georg-services-hubertusburg",
            "CentralService",
            "st-georg-leipzig fkh-hubertusburg",
            "pharmacy",
        ),
        (
            "borna-muldental-contract",
            "Framework",
            "sana-borna sana-grimma sana-wurzen",
            "cardiology",
        ),
        (
            "borna-elisabeth-obstetrics",
            "Framework",
            "sana-borna st-elisabeth-leipzig",
            "obstetrics",
        ),
        (
            "perinatal-transfer-wurzen",
            "Transfer",
            "sana-wurzen ukl-leipzig st-georg-leipzig",
            "obstetrics",
        ),
    ];
    let network = model().network;
    for (key, kind, parties, field) in expected {
        let one = network.cooperations().iter().find(|one| one.key == key);
        let one = one.unwrap_or_else(|| panic!("{key} is there"));
        assert_eq!(
            (one.kind.name(), one.parties.keys().join(" ").as_str()),
            (kind, parties),
            "{key}"
        );
        assert!(one.covers(field), "{key} covers {field}");
    }
}

#[test]
fn people_of_the_region() {
    let model = model();
    let (inside, outside): (Vec<_>, Vec<_>) =
        model.places.places.iter().partition(|place| !place.outside);
    assert_eq!(inside.len(), 123);
    let people = |places: &[&Place]| places.iter().map(|one| one.population.people()).sum::<u64>();
    assert_eq!(people(&inside), 1_058_179);
    let leipzig: Vec<&Place> =
        inside.iter().copied().filter(|one| one.district == "Leipzig, Stadt").collect();
    assert_eq!((leipzig.len(), people(&leipzig)), (63, 598_899));
    assert!(outside.len() > 100 && people(&outside) > 1_000_000);
    let names: BTreeSet<&str> = inside.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names.len(), 123);
}

#[test]
#[ignore = "needs ../shared/data: gemeinden_region.csv, gemeinden_germany.csv, leipzig_ortsteile.csv"]
fn municipalities_have_the_people_of_the_census() {
    let folder = shared_data();
    let model = model();
    let places: BTreeMap<&str, &Place> =
        model.places.places.iter().map(|place| (place.key.as_str(), place)).collect();
    for row in table(&folder.join("gemeinden_region.csv")) {
        if row["kreis"] == "14713" {
            continue;
        }
        let place = places[row["ags"].as_str()];
        assert_eq!(place.population.people().to_string(), row["pop_2022"], "{}", place.name);
        let female: u64 = place.population.female.iter().map(|&count| u64::from(count)).sum();
        let share = female as f64 / place.population.people() as f64;
        let known =
            row["female_2019"].parse::<f64>().unwrap() / row["pop_2019"].parse::<f64>().unwrap();
        assert!((share - known).abs() < 0.01, "{} {share} {known}", place.name);
    }
    for row in table(&folder.join("gemeinden_germany.csv")) {
        if let Some(place) = places.get(row["ags"].as_str()).filter(|place| place.outside) {
            assert_eq!(place.population.people().to_string(), row["pop_2022"], "{}", place.name);
        }
    }
    // The districts of Leipzig keep the proportions of the city's register.
    for row in table(&folder.join("leipzig_ortsteile.csv")) {
        let place = places[format!("14713-{}", row["ot_key"]).as_str()];
        let scaled = row["population_2023"].parse::<f64>().unwrap() * 598_899.0 / 628_718.0;
        assert!((place.population.people() as f64 - scaled).abs() <= 1.0, "{}", place.name);
    }
}

#[test]
#[ignore = "needs ../shared/data: hospital_directory_2021.csv, official/department_key_specialty.csv"]
fn rates_follow_from_the_beds_of_germany() {
    let rows = directory();
    let folder = shared_data();
    let specialty_of = specialties(&folder);
    let mut beds: BTreeMap<String, f64> = BTreeMap::new();
    for row in &rows {
        for part in row["beds_by_department"].split('|').filter(|part| !part.is_empty()) {
            let (key, count) = part.split_once(':').unwrap();
            *beds.entry(specialty_of[key].clone()).or_default() += count.parse::<f64>().unwrap();
        }
    }
    // 19.6 beds per 1,000 of the 674,965 births of 2023; what is left of both is gynaecology.
    let both = beds["gynaecology"] + beds.get("obstetrics").copied().unwrap_or(0.0);
    beds.insert("obstetrics".to_owned(), (19.6_f64 * 674.965).round());
    beds.insert("gynaecology".to_owned(), both - (19.6_f64 * 674.965).round());

    let model = model();
    let demand = &model.network.catalog().demand;
    let (people, factor) = (83.5e6, demand.stay_factor);
    let intensive = 1.6 * people / 1000.0;
    let days = 17.5e6 * 7.1 - intensive * 4.0 * factor;
    let others = demand.rates.iter().filter(|rate| rate.specialty != "intensive_care");
    let all: f64 = others.clone().map(|rate| beds[&rate.specialty]).sum();
    let mut sum = 1.6;
    for rate in others {
        let exact =
            days * beds[&rate.specialty] / all / (rate.stay_days * factor) / people * 1000.0;
        // Written with two digits; the directory's table was summed by others for the same keys.
        let difference = (rate.per_1000 - exact).abs();
        assert!(difference < 0.006 + 0.02 * exact, "{} {} {exact}", rate.specialty, rate.per_1000);
        assert_eq!(rate.basis(), Basis::Derived, "{}", rate.specialty);
        sum += rate.per_1000;
    }
    assert_eq!(demand.rates.len(), 36);
    assert!((sum - 17.5e6 / people * 1000.0).abs() < 0.1, "{sum}");

    let conditions: Vec<&str> = demand.conditions.iter().map(|one| one.key.as_str()).collect();
    let expected = [
        "stroke",
        "stemi",
        "major_trauma",
        "birth",
        "vlbw_birth",
        "hip_fracture",
        "sepsis_or_cardiac_arrest",
        "cancer",
    ];
    assert_eq!(conditions, expected);
}

#[test]
fn germany_itself_has_the_rates_of_the_table() {
    // The reference population sent through the model has the sum of the rates again.
    let model = model();
    let catalog = model.network.catalog();
    let bands = &catalog.demand.reference_population;
    let germany = Place {
        population: Population {
            female: bands.iter().map(|band| band.female).collect(),
            male: bands.iter().map(|band| band.male).collect(),
        },
        ..model.places.places[0].clone()
    };
    let people = germany.population.people() as f64;
    let places = Places { places: vec![germany], ..model.places.clone() };
    let demand = verbund::demand::Demand::new(&places, catalog);
    let cases: f64 = demand.specialties.iter().map(verbund::demand::Cases::total).sum();
    let rates: f64 = catalog.demand.rates.iter().map(|rate| rate.per_1000).sum();
    assert!((cases * 1000.0 / people - rates).abs() < 1e-6);
    assert!((rates - 209.6).abs() < 0.1, "{rates}");
    let stroke = demand.condition("stroke").unwrap().total();
    assert!((stroke * 1000.0 / people - 3.2).abs() < 1e-9);
}

/// All points of the polygons of a `GeoJSON` file.
fn points(value: &Value, found: &mut Vec<Position>) {
    match value {
        Value::Array(list) if list.len() >= 2 && list[0].is_number() => {
            let (lon, lat) = (list[0].as_f64().unwrap(), list[1].as_f64().unwrap());
            found.push(Position::new(lat, lon).unwrap());
        }
        Value::Array(list) => list.iter().for_each(|one| points(one, found)),
        _ => {}
    }
}

/// The corners of the borders of the three districts.
fn border(folder: &std::path::Path) -> Vec<Position> {
    let text = std::fs::read_to_string(folder.join("kreise_region.geojson")).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    let mut border = Vec::new();
    for feature in json["features"].as_array().unwrap() {
        points(&feature["geometry"]["coordinates"], &mut border);
    }
    assert!(border.len() > 300);
    border
}

#[test]
#[ignore = "needs ../shared/data: kreise_age_2011shape_2019total.csv, gemeinden_germany.csv, kreise_region.geojson"]
fn places_outside_lie_within_45_minutes_of_the_border() {
    let folder = shared_data();
    let border = border(&folder);
    let model = model();
    let travel = verbund::travel::CrowFly::new(model.travel.clone()).unwrap();
    let minutes = |from: Position| {
        let nearest = border.iter().map(|to| from.distance_to(*to).0).min().unwrap();
        travel.time_over(f64::from(nearest)).minutes()
    };
    // The border's corners are up to a few kilometres apart, so a place may look a little farther.
    let outside = model.places.places.iter().filter(|place| place.outside);
    let mut districts = BTreeSet::new();
    for place in outside {
        districts.insert(place.district.clone());
        assert!(minutes(place.position) <= 46.5, "{} {}", place.name, minutes(place.position));
    }
    // And the other way round: whoever lives that near in one of these districts is there.
    let keys: BTreeSet<&str> = model.places.places.iter().map(|one| one.key.as_str()).collect();
    let names: BTreeMap<String, String> = table(&folder.join("kreise_age_2011shape_2019total.csv"))
        .into_iter()
        .map(|row| (row["ags"].clone(), row["name"].clone()))
        .collect();
    let taken = |kreis: &str| {
        let name = names.get(kreis).map_or("", String::as_str);
        let plain = |name: &str| {
            ["Landkreis ", "Kreis ", ", Stadt", ", Kreis", " (Saale)"]
                .iter()
                .fold(name.to_owned(), |name, cut| name.replace(cut, ""))
        };
        districts.iter().any(|own| plain(own) == plain(name))
    };
    let mut near = 0;
    for row in table(&folder.join("gemeinden_germany.csv")) {
        if !taken(&row["kreis"]) || row["pop_2022"].parse::<u32>().unwrap_or(0) == 0 {
            continue;
        }
        let position = Position::new(row["lat"].parse().unwrap(), row["lon"].parse().unwrap());
        if minutes(position.unwrap()) <= 43.5 {
            near += 1;
            assert!(keys.contains(row["ags"].as_str()), "{} is missing", row["name"]);
        }
    }
    assert!(near > 150, "{near}");
}
