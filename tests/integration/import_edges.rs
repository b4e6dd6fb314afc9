//! What official files have that cannot be right, and imports in steps.

use std::fs;
use std::path::{Path, PathBuf};

use verbund::files::Folder;
use verbund::import::*;
use verbund::run::Control;

use crate::import::{districts, faults, file, hospital, read, small_files};

/// The small files with a text of one of them replaced.
fn changed(folder: &Path, name: &str, old: &str, new: &str) -> Vec<PathBuf> {
    let paths = small_files(folder);
    let path = folder.join(name);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "{old} is in {text}");
    fs::write(&path, text.replacen(old, new, 1)).unwrap();
    paths
}

/// The messages of the remarks of a topic.
fn messages_of<'i>(import: &'i Import, topic: &str) -> Vec<&'i str> {
    let remarks = import.remarks.iter().filter(|remark| remark.topic == topic);
    remarks.map(|remark| remark.message.as_str()).collect()
}

/// A step of an import into a folder.
type Step<'s> = &'s dyn Fn(&Path) -> WrittenFolder;

#[test]
fn the_two_halves_come_in_any_order_with_ages_or_without() {
    let folder = tempfile::tempdir().unwrap();
    let all = small_files(folder.path());
    let (directory, people, ages) = (&all[0], &all[1], &all[2]);
    let write = |paths: &[&PathBuf], part: ImportPart, to: &Path| {
        let paths: Vec<PathBuf> = paths.iter().map(|path| (*path).clone()).collect();
        let settings =
            ImportSettings { part, earlier: imported_sites(to).unwrap(), ..districts(&["14001"]) };
        let import = read(&paths).assemble(&settings).unwrap();
        import.write(to, &Control::default()).unwrap_or_else(|error| panic!("{part:?}: {error}"))
    };
    let hospitals = |to: &Path| write(&[directory, people], ImportPart::Hospitals, to);
    let with_ages = |to: &Path| write(&[people, ages], ImportPart::People, to);
    let without_ages = |to: &Path| write(&[people], ImportPart::People, to);
    let steps: [&[Step<'_>]; 4] = [
        &[&hospitals, &with_ages],
        &[&with_ages, &hospitals],
        &[&hospitals, &without_ages, &with_ages],
        &[&hospitals, &with_ages, &without_ages, &hospitals],
    ];
    for (number, steps) in steps.iter().enumerate() {
        let to = folder.path().join(format!("network{number}"));
        let last = steps.iter().fold(None, |_, step| Some(step(&to))).unwrap();
        let model = Folder::open(&to).read().unwrap_or_else(|faults| panic!("{number}: {faults}"));
        assert_eq!(model.network.hospitals().len(), 3);
        let is_derived = model.network.derived().contains_key("places.ages");
        assert_eq!(is_derived, number < 3, "who wrote the places last says what they rest on");
        let difference = last.difference.unwrap();
        assert!(difference.gone.is_empty(), "{number}: nobody is gone: {:?}", difference.gone);
    }
}

#[test]
fn without_its_copy_no_table_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let import = read(&small_files(folder.path())).assemble(&districts(&["14001"])).unwrap();
    let to = folder.path().join("network");
    import.write(&to, &Control::default()).unwrap();
    let edited = fs::read_to_string(to.join("hospitals.csv")).unwrap().replace(",200,", ",777,");
    fs::write(to.join("hospitals.csv"), &edited).unwrap();
    fs::remove_file(to.join("imported/hospitals.csv")).unwrap();
    let error = import.write(&to, &Control::default()).unwrap_err().to_string();
    assert!(error.contains("put the copy back, or import into a new folder"), "{error}");
    assert_eq!(fs::read_to_string(to.join("hospitals.csv")).unwrap(), edited);
}

#[test]
fn a_folder_stays_the_network_of_its_districts() {
    let folder = tempfile::tempdir().unwrap();
    let files = read(&small_files(folder.path()));
    let to = folder.path().join("network");
    files.assemble(&districts(&["14001"])).unwrap().write(&to, &Control::default()).unwrap();
    let error = files
        .assemble(&districts(&["14002"]))
        .unwrap()
        .write(&to, &Control::default())
        .unwrap_err();
    assert!(error.to_string().contains("is the network of other districts (14001)"), "{error}");
    files
        .assemble(&districts(&["14001", "14002"]))
        .unwrap()
        .write(&to, &Control::default())
        .unwrap();
}

#[test]
fn a_total_of_no_beds_beside_departments_with_beds_is_a_contradiction() {
    for total in ["0", ""] {
        let folder = tempfile::tempdir().unwrap();
        let new = format!(",{total},0100:80|0103:30");
        let paths = changed(folder.path(), "directory_2021.csv", ",200,0100:80|0103:30", &new);
        let import = read(&paths).assemble(&districts(&["14001"])).unwrap();
        assert_eq!(hospital(&import, "astadt-klinikum-a").beds, Some(200));
        let beds = messages_of(&import, "beds");
        assert_eq!(
            beds,
            ["the directory has 0 beds, its departments 200: 200 are in use (the greater number)"]
        );
        // The day clinic is the only one without beds, and named.
        assert_eq!(messages_of(&import, "site"), ["\"Tagesklinik\" has no beds"]);
    }
}

#[test]
fn positions_that_cannot_be_are_told_and_not_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let paths = changed(folder.path(), "people.csv", "10,51.0,13.0", "10,13.0,51.0");
    let hint =
        "\"13.0\", \"51.0\" is no position in Germany; are latitude and longitude exchanged?";
    assert!(faults(&paths)[0].contains(hint), "{:?}", faults(&paths));

    let paths = changed(
        folder.path(),
        "directory_2021.csv",
        "50,0100:40|3751:10,51.05,13.0",
        "50,0100:40|3751:10,48.1,11.5",
    );
    let import = read(&paths).assemble(&districts(&["14001"])).unwrap();
    let position = hospital(&import, "bedorf-klinikum-a-b").position;
    assert_eq!((position.lat(), position.lon()), (51.05, 13.0));
    let contradictions: Vec<&ImportRemark> =
        import.remarks.iter().filter(|remark| remark.kind == RemarkKind::Contradiction).collect();
    assert!(
        contradictions[0]
            .message
            .contains("km from the centre of Bedorf, its municipality by key: not in use")
    );
    assert_eq!(contradictions[0].row, Some(4));
}

#[test]
fn people_of_no_age_and_numbers_that_are_none_are_faults() {
    let cases = [
        ("ages.csv", "200,800,1000", "0,0,1000", "nobody has an age"),
        ("ages.csv", "200,800,1000", "200,8000,1000", "add up to 8200, the total says \"1000\""),
        ("people.csv", "1000,1000,550,10", "1000,1000,-5,10", "no number of women"),
        ("people.csv", "1000,1000,550,10", "1000,1000,5500,10", "no number of women"),
        ("people.csv", "1000,1000,550,10", "1000,1000,550,-1", "is no area"),
        ("people.csv", "1000,1000,550,10", "1000,1000,550,1e300", "is no area"),
    ];
    for (name, old, new, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        let found = faults(&changed(folder.path(), name, old, new));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(expected) && found[0].contains(name), "{found:?}");
    }
}

/// A report of the small hospital A with these numbers.
fn report(beds: &str, cases: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<Qualitaetsbericht>\n<Anzahl_Betten>{beds}</Anzahl_Betten>\n\
         <Fallzahlen><Vollstationaere_Fallzahl>{cases}</Vollstationaere_Fallzahl></Fallzahlen>\n\
         <Standortkontaktdaten><Name>Klinikum A</Name><IK>111111111</IK><Standortnummer>01</Standortnummer>\
         <Kontakt_Zugang><Adresse><Strasse>Am Markt</Strasse><Hausnummer>1</Hausnummer>\
         <Postleitzahl>01001</Postleitzahl><Ort>Astadt</Ort></Adresse></Kontakt_Zugang>\
         </Standortkontaktdaten>\n</Qualitaetsbericht>\n"
    )
}

#[test]
fn numbers_of_reports_are_read_as_they_are_or_told_with_their_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = small_files(folder.path());
    paths.push(file(folder.path(), "111111111-01-2022-xml.xml", report("493.0", "24570.0")));
    let import = read(&paths).assemble(&districts(&["14001"])).unwrap();
    let a = hospital(&import, "astadt-klinikum-a");
    assert_eq!(a.beds, Some(493), "of 2022, newer than the directory");
    assert!(a.facts.iter().any(|fact| fact.field == "inpatient_cases" && fact.value == "24570"));
    for wrong in ["abc", "-5", "493,5", "1e300", "4930000000"] {
        fs::write(&paths[3], report(wrong, "24570")).unwrap();
        let import = read(&paths).assemble(&districts(&["14001"])).unwrap();
        let remark = import.remarks.iter().find(|remark| remark.topic == "number").unwrap();
        assert!(remark.message.contains(&format!("Anzahl_Betten: \"{wrong}\"")), "{remark:?}");
        assert_eq!(remark.row, Some(3));
    }
    fs::write(&paths[3], report("493", "24570")).unwrap();
    paths.push(file(folder.path(), "second-report-2022.xml", report("493", "11111")));
    let second = faults(&paths);
    assert!(
        second[0].contains("neither the file's name nor the report says its year"),
        "{second:?}"
    );
}

#[test]
fn two_reports_of_one_site_and_year_are_a_contradiction() {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = small_files(folder.path());
    let again = folder.path().join("again");
    fs::create_dir(&again).unwrap();
    paths.push(file(&again, "111111111-01-2022-xml.xml", report("493", "24570")));
    paths.push(file(folder.path(), "111111111-01-2022-xml.xml", report("493", "11111")));
    let import = read(&paths).assemble(&districts(&["14001"])).unwrap();
    let a = hospital(&import, "astadt-klinikum-a");
    let cases = a.facts.iter().filter(|fact| fact.field == "inpatient_cases").count();
    assert_eq!(cases, 1);
    let told = messages_of(&import, "quality_report");
    assert!(told.iter().any(|message| message.contains("has two reports of 2022")), "{told:?}");
}

#[test]
fn two_directories_that_differ_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = small_files(folder.path());
    let text =
        fs::read_to_string(&paths[0]).unwrap().replace(",90,0100:90,51.2", ",95,0100:95,51.2");
    paths.push(file(folder.path(), "second_directory_2021.csv", text));
    let import = read(&paths).assemble(&districts(&["14001"])).unwrap();
    let told = messages_of(&import, "file");
    assert!(
        told.iter().any(|message| message.starts_with("1 site has other beds there")),
        "{told:?}"
    );
}

#[test]
fn a_count_of_a_report_counts_whatever_the_departments() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("network");
    let import = read(&small_files(folder.path())).assemble(&districts(&["14001"])).unwrap();
    import.write(&to, &Control::default()).unwrap();
    // Operations of the oesophagus are counted at B, which has internal medicine only.
    let facts = "hospital,field,value,unit,year,source\n\
                 bedorf-klinikum-a-b,oesophagus_operations,24,cases,2021,directory-2021\n";
    fs::write(to.join("facts.csv"), facts).unwrap();
    let network = fs::read_to_string(to.join("network.ron")).unwrap();
    let with_facts = network.replacen(
        "departments: \"departments.csv\",",
        "departments: \"departments.csv\",\n    facts: \"facts.csv\",",
        1,
    );
    assert_ne!(with_facts, network);
    fs::write(to.join("network.ron"), with_facts).unwrap();
    let region = verbund::Region::open(&to).unwrap_or_else(|faults| panic!("{faults}"));
    let services = &region.network().catalog().minimum_volumes.services;
    let service = services
        .iter()
        .find(|service| service.fact.as_deref() == Some("oesophagus_operations"))
        .unwrap();
    let choice = verbund::routing::Choice::Nearest;
    let found = verbund::rules::minimum_volumes(&region, service, choice).unwrap();
    let counted: Vec<(f64, Option<i16>)> =
        found.volumes.iter().map(|volume| (volume.cases, volume.counted_in)).collect();
    assert_eq!(counted, [(24.0, Some(2021))]);
}
