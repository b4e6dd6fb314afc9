//! A run that starts from a census: who lies where, how long they stay, what is told.

use std::collections::BTreeMap;
use std::fs;

use verbund::Region;
use verbund::files::Folder;
use verbund::random::Seed;
use verbund::scenario::Scenario;
use verbund::simulation::{Census, PatientFlow, Settings, SimulationError, trace};

use crate::run::{json, refused};

/// Nobody comes, so that whoever is there was there at the start.
fn nobody_comes() -> Settings {
    Settings::default().days(60).warm_up_days(0).rate_factor(1e-6).starts_full(false)
}

fn small() -> Region {
    let model = Folder::small().read().unwrap();
    Region::new(&model, model.network.date()).unwrap()
}

fn census(region: &Region, table: &str) -> Census {
    Census::read(table, "census.csv", region, &nobody_comes()).unwrap()
}

/// What is kept of a stay: the patient, the ward, the kind, when it ended.
type Kept = (u64, String, String, Option<f64>);

fn stays(region: &Region, settings: &Settings, scenario: Option<&Scenario>) -> Vec<Kept> {
    let flow = PatientFlow::new(region, settings, scenario).unwrap();
    let mut stays = Vec::new();
    trace(&flow, Seed(1), 0, |stay| {
        let ward = format!("{}/{}", stay.hospital, stay.ward);
        stays.push((stay.patient, ward, stay.phase.to_owned(), stay.ended));
        Ok(())
    })
    .unwrap();
    stays
}

#[test]
fn exactly_those_who_were_counted_are_there() {
    let region = small();
    let table = "hospital,ward,occupied,days_so_far\n\
                 north,internal_medicine,80,\n\
                 south,internal_medicine,7,3.5\n\
                 south,internal_medicine,1,40\n\
                 south,obstetrics,8,\n";
    let settings = nobody_comes().census(Some(census(&region, table)));
    let flow = PatientFlow::new(&region, &settings, None).unwrap();
    let mut by_ward: BTreeMap<String, u32> = BTreeMap::new();
    trace(&flow, Seed(1), 0, |stay| {
        // The first stay: the day after, or behind intensive care, the same patient has another one.
        if stay.visit == 0 {
            *by_ward.entry(format!("{}/{}", stay.hospital, stay.ward)).or_default() += 1;
        }
        Ok(())
    })
    .unwrap();
    let counted = [
        ("north/internal_medicine".to_owned(), 80),
        ("south/internal_medicine".to_owned(), 8),
        ("south/obstetrics".to_owned(), 8),
    ];
    assert_eq!(by_ward, BTreeMap::from(counted));
}

#[test]
fn who_has_lain_there_longer_stays_longer() {
    // Lognormal stays have a falling hazard behind their mode: 20 days so far mean a longer rest than one day.
    let region = small();
    let mean_rest = |days: f64| {
        let table =
            format!("hospital,ward,occupied,days_so_far\nnorth,general_surgery,40,{days}\n");
        let settings = nobody_comes().days(400).census(Some(census(&region, &table)));
        let (mut sum, mut count) = (0.0, 0.0);
        for (.., ended) in stays(&region, &settings, None) {
            sum += ended.unwrap_or(400.0);
            count += 1.0;
        }
        assert!(count >= 40.0);
        sum / count
    };
    assert!(mean_rest(20.0) > 1.5 * mean_rest(1.0), "{} {}", mean_rest(20.0), mean_rest(1.0));
}

#[test]
fn a_closed_ward_changes_no_patient_of_the_census_elsewhere() {
    let region = small();
    let network = region.network();
    let text = r#"Scenario(format: 1, id: "closed", name: "Closed", source: "invented", changes: [
        (on: "2026-01-10", reason: "no midwives",
         change: CloseDepartment(hospital: "south", specialty: "obstetrics")),
    ])"#;
    let closed = Scenario::read(text, "closed.ron", network, region.places()).unwrap();
    let table = "hospital,ward,occupied\nnorth,general_surgery,50\nsouth,obstetrics,5\n";
    let settings = nobody_comes().census(Some(census(&region, table)));
    let of = |stays: Vec<Kept>| -> Vec<Kept> {
        stays.into_iter().filter(|(_, ward, ..)| ward == "north/general_surgery").collect()
    };
    let base = of(stays(&region, &settings, None));
    assert_eq!(base, of(stays(&region, &settings, Some(&closed))));
    assert!(base.len() >= 50);
}

#[test]
fn every_fault_of_a_census_is_told_with_its_line() {
    let region = small();
    let table = "hospital,ward,occupied,days_so_far,waiting\n\
                 nroth,obstetrics,1,,\n\
                 north,obstetrix,1,,\n\
                 south,obstetrics,6,,\n\
                 south,obstetrics,3,,\n\
                 north,neurology,2,-1,\n\
                 north,neurology,two,,\n\
                 north,neurology,,,\n\
                 north,intensive_care,1,,2\n\
                 west,psychiatry,1000,,\n";
    let Err(SimulationError::Problems(problems)) =
        Census::read(table, "census.csv", &region, &Settings::default())
    else {
        panic!("no fault")
    };
    let text = problems.to_string();
    for (line, parts) in [
        (2, ["unknown hospital \"nroth\"", "did you mean \"north\"?"]),
        (3, ["unknown ward of north \"obstetrix\"", "did you mean \"obstetrics\"?"]),
        (5, ["9 occupied, of 8 beds", "at most"]),
        (6, ["-1 is out of range", "0 to 36500"]),
        (7, ["\"two\" is not what belongs here", "a whole number"]),
        (8, ["is empty", "occupied beds"]),
        (9, ["2 wait for intensive care", "0"]),
        (10, ["1000 occupied, of", "at most"]),
    ] {
        let place = format!("census.csv:{line}:");
        let told = text.lines().find(|told| told.contains(&place));
        let told = told.unwrap_or_else(|| panic!("line {line}\n{text}"));
        assert!(parts.iter().all(|part| told.contains(part)), "{told}");
    }
    assert_eq!(problems.count(), 8, "{text}");
}

#[test]
fn the_program_starts_from_a_census_and_shows_the_two_weeks_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("monday.csv");
    let path_text = path.to_str().unwrap();
    let command = ["simulate", "--network", "small", "--replications", "4", "--census", path_text];
    let day_one = |occupied: u32| -> f64 {
        let wards = "hospital,ward,occupied,days_so_far,waiting\n";
        let rows =
            format!("north,internal_medicine,{occupied},,0\nwest,psychiatry,{occupied},,3\n");
        fs::write(&path, format!("{wards}{rows}")).unwrap();
        let value = json(&command);
        let about = value["about"]["warm_up"].as_str().unwrap();
        let told = format!("{} beds of 2 of ", 2 * occupied);
        assert!(about.contains(&told) && about.contains("3 wait"), "{about}");
        let days = value["tables"]["days"].as_array().unwrap();
        assert_eq!(days.len(), 14);
        days[0]["census_beds"].as_f64().unwrap()
    };
    // 55 more beds in two wards are occupied at the start, and nearly all of them a day later.
    let more = day_one(55) - day_one(0);
    assert!((70.0..=115.0).contains(&more), "{more}");

    fs::write(&path, "hospital,ward,occupied\nnorth,internal_medicine,900\n").unwrap();
    refused(&command, &["monday.csv:2:", "900 occupied"]);
    refused(&[&command[..], &["--warm-up", "3"]].concat(), &["--warm-up"]);
}
