//! The crate as others embed it: networks from memory, and what serde writes and reads back.

use std::fs;
use std::path::Path;

use verbund::Region;
use verbund::files::Folder;
use verbund::model::{Cooperation, Hospital};
use verbund::scenario::{CHANGES, Change, Scenario};

#[test]
fn every_hospital_and_cooperation_reads_back_from_json() {
    for folder in [Folder::leipzig(), Folder::small()] {
        let network = folder.read().unwrap().network;
        for hospital in network.hospitals() {
            let text = serde_json::to_string(hospital).unwrap();
            assert_eq!(&serde_json::from_str::<Hospital>(&text).unwrap(), hospital, "{text}");
        }
        for cooperation in network.cooperations() {
            let text = serde_json::to_string(cooperation).unwrap();
            assert_eq!(&serde_json::from_str::<Cooperation>(&text).unwrap(), cooperation, "{text}");
        }
    }
}

#[test]
fn every_scenario_that_comes_along_reads_back_from_json() {
    let folder = Folder::leipzig();
    let model = folder.read().unwrap();
    for name in folder.scenarios().unwrap() {
        let day = match name.as_str() {
            "grimma-delivery-ward-closed" => "2023-10-01",
            "sana-wurzen-26-beds" => "2025-01-01",
            "schkeuditz-closed" => "2025-05-01",
            _ => "2026-01-01",
        };
        let network = model.network.as_of(day.parse().unwrap());
        let scenario = Scenario::in_folder(&folder, &name, &network, &model.places)
            .unwrap_or_else(|problems| panic!("{name}: {problems}"));
        let text = serde_json::to_string(&scenario).unwrap();
        let mut read: Scenario = serde_json::from_str(&text).unwrap();
        for (dated, before) in read.changes.iter_mut().zip(&scenario.changes) {
            // The people of a table stand in the table, not in the scenario.
            if let (Change::SetPopulation(table), Change::SetPopulation(there)) =
                (&mut dated.change, &before.change)
            {
                assert!(table.places.places.is_empty());
                table.places = there.places.clone();
            }
        }
        assert_eq!(read, scenario, "{text}");
    }
}

#[test]
fn json_that_says_something_unknown_is_refused() {
    let known = r#"{"id": "s", "name": "s", "source": "s", "changes": [{"on": "2026-02-01", "reason": "r",
        "change": {"CloseDepartment": {"hospital": "south", "specialty": "obstetrics"}}}]}"#;
    assert!(serde_json::from_str::<Scenario>(known).is_ok());
    for (right, wrong, message) in [
        ("\"reason\"", "\"reasons\"", "unknown field `reasons`"),
        ("\"specialty\"", "\"speciality\"", "unknown field `speciality`"),
        ("CloseDepartment", "CloseDepartments", "unknown variant `CloseDepartments`"),
        ("2026-02-01", "2026-02-31", "2026-02-31"),
        ("\"id\": \"s\"", "\"format\": 2, \"id\": \"s\"", "format 1"),
    ] {
        let error = serde_json::from_str::<Scenario>(&known.replace(right, wrong)).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
    }
    // And a position that is none.
    let position = r#"{"lat": 91.0, "lon": 12.0}"#;
    assert!(serde_json::from_str::<verbund::model::Position>(position).is_err());
}

#[test]
fn every_name_of_a_change_is_one_that_serde_knows() {
    for name in CHANGES {
        let error = serde_json::from_str::<Change>(&format!("{{\"{name}\": []}}")).err();
        let is_unknown = error.is_some_and(|error| error.to_string().contains("unknown variant"));
        assert!(!is_unknown, "{name}");
    }
}

/// The files of a folder by their paths below it, with the catalog beside it.
pub(crate) fn files_of(network: &str) -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks");
    let mut files = Vec::new();
    for (folder, prefix) in
        [(network, ""), ("catalog", "catalog/"), ("leipzig/scenarios", "scenarios/")]
    {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                files.push((format!("{prefix}{name}"), fs::read(&path).unwrap()));
            }
        }
    }
    files
}

#[test]
fn a_network_from_memory_is_the_one_from_the_disk() {
    let memory = Folder::of_files(files_of("leipzig"));
    let disk = Folder::leipzig();
    assert_eq!(memory.read().unwrap(), disk.read().unwrap());
    assert_eq!(memory.scenarios().unwrap(), disk.scenarios().unwrap());

    // With the table that a scenario names.
    let model = disk.read().unwrap();
    let read = |folder: &Folder| {
        Scenario::in_folder(folder, "demography-2035", &model.network, &model.places).unwrap()
    };
    assert_eq!(read(&memory), read(&disk));
}

#[test]
fn a_file_that_is_missing_from_memory_is_told_with_the_closest() {
    let mut files = files_of("leipzig");
    for (path, _) in &mut files {
        if path == "places.csv" {
            "place.csv".clone_into(path);
        }
    }
    let problems = Folder::of_files(files).read().unwrap_err().to_string();
    assert!(problems.contains("no file places.csv is among those given"), "{problems}");
    assert!(problems.contains("did you mean \"place.csv\"?"), "{problems}");
}

#[test]
fn a_region_is_shared_among_threads() {
    fn assert_shared<T: Send + Sync + 'static>(_: &T) {}
    let region = Region::leipzig().unwrap();
    assert_shared(&region);
}
