//! Keys of the catalog that were spelled in the American way once: files that have them still mean the same.

use std::fs;
use std::path::Path;

use verbund::files::Folder;
use verbund::names;
use verbund::scenario::Scenario;

use crate::run::output;

/// Keys before, and today.
const RENAMED: [(&str, &str); 9] = [
    ("anesthesiology", "anaesthesiology"),
    ("gynecology", "gynaecology"),
    ("gynecology_obstetrics", "gynaecology_obstetrics"),
    ("hematology_oncology", "haematology_oncology"),
    ("pediatric_cardiology", "paediatric_cardiology"),
    ("pediatric_emergency", "paediatric_emergency"),
    ("pediatric_surgery", "paediatric_surgery"),
    ("pediatrics", "paediatrics"),
    ("trauma_orthopedics", "trauma_orthopaedics"),
];

/// The key of today.
pub(crate) fn todays(key: &str) -> String {
    let renamed = RENAMED.iter().find(|(before, _)| *before == key);
    renamed.map_or(key, |(_, today)| today).to_owned()
}

/// A text of a file as it was written before: keys in quotation marks and in paths. Names, which are spelled as they
/// are for people, stay.
fn as_before(text: &str) -> String {
    let mut text = text.to_owned();
    for (before, today) in RENAMED {
        for (open, close) in [("\"", "\""), (".", "\""), (".", ".")] {
            text =
                text.replace(&format!("{open}{today}{close}"), &format!("{open}{before}{close}"));
        }
        text = text.replace(&format!("name: \"{before}\""), &format!("name: \"{today}\""));
    }
    text
}

/// Writes every file below a folder as it was written before; how many differ from today.
fn write_as_before(folder: &Path) -> usize {
    let mut differ = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            differ += write_as_before(&path);
            continue;
        }
        let today = fs::read_to_string(&path).unwrap();
        let before = as_before(&today);
        differ += usize::from(before != today);
        fs::write(&path, before).unwrap();
    }
    differ
}

#[test]
fn a_region_with_its_catalog_and_scenarios_reads_as_today() {
    let today = Folder::leipzig();
    let place = tempfile::tempdir().unwrap();
    today.copy_to(place.path()).unwrap();
    assert!(write_as_before(place.path()) >= 10);
    let before = Folder::open(place.path());
    let model = before.read().unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(model, today.read().unwrap());

    for name in today.scenarios().unwrap() {
        let read = |folder| Scenario::in_folder(folder, &name, &model.network, &model.places);
        assert_eq!(read(&before), read(&today), "{name}");
    }
}

#[test]
fn hospitals_in_tables_read_as_today() {
    let place = tempfile::tempdir().unwrap();
    let table = |name: &str, text: &str| fs::write(place.path().join(name), text).unwrap();
    Folder::small().copy_to(place.path()).unwrap();
    table(
        "network.ron",
        r#"Network(format: 1, name: "N", as_of: "2026-01-01", catalog: "catalog", hospitals: "hospitals.csv", departments: "departments.csv",
            derivations: {"pediatrics": "a rule of this name"})"#,
    );
    table(
        "hospitals.csv",
        "id,name,operator,ownership,lat,lon,outside,facilities,assumed,derived,unknown\n\
         a,A,O,Public,51.0,12.0,,ct; pediatric_emergency::2,departments.gynecology.beds,\
         departments.pediatrics.beds=pediatrics,departments.hematology_oncology\n",
    );
    table(
        "departments.csv",
        "hospital,specialty,name,beds\na,gynecology,,20\na,pediatrics,pediatrics,10\n",
    );
    let model = Folder::open(place.path()).read().unwrap_or_else(|problems| panic!("{problems}"));
    let hospital = &model.network.hospitals()[0];
    assert_eq!(hospital.departments[0].specialty, "gynaecology");
    let department = &hospital.departments[1];
    // A name is no key: it stays as somebody wrote it.
    assert_eq!(
        (department.specialty.as_str(), department.name.as_deref()),
        ("paediatrics", Some("pediatrics"))
    );
    assert_eq!(hospital.facilities[1].kind, "paediatric_emergency");
    assert!(hospital.is_assumed("departments.gynaecology.beds"));
    assert_eq!(hospital.derived["departments.paediatrics.beds"], "pediatrics");
    assert_eq!(hospital.unknown, ["departments.haematology_oncology"]);
}

#[test]
fn scenarios_that_a_server_kept_read_as_today() {
    let model = Folder::leipzig().read().unwrap();
    let folder = Folder::leipzig();
    for name in folder.scenarios().unwrap() {
        let today = Scenario::in_folder(&folder, &name, &model.network, &model.places);
        let Ok(today) = today else { continue };
        let before = as_before(&serde_json::to_string(&today).unwrap());
        let again = serde_json::from_str::<Scenario>(&before).unwrap();
        let changes = |scenario: &Scenario| serde_json::to_value(&scenario.changes).unwrap();
        assert_eq!(changes(&again), changes(&today), "{name}");
    }
}

#[test]
fn typed_keys_mean_those_of_today() {
    let model = Folder::leipzig().read().unwrap();
    let mut entries = Vec::new();
    for specialty in &model.network.catalog().specialties {
        entries.push(names::Entry::new(&specialty.key, &specialty.name));
    }
    let index = names::pick("specialty", "trauma_orthopedics", &entries).unwrap();
    assert_eq!(entries[index].key, "trauma_orthopaedics");
    assert!(names::pick("specialty", "pediatric_emergency", &entries).is_err()); // a facility

    let before = output(&["route", "--from", "Torgau", "--need", "pediatrics"]);
    let today = output(&["route", "--from", "Torgau", "--need", "paediatrics"]);
    assert_eq!((before.0, &before.1), (0, &today.1));
}
