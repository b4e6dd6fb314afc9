//! Hospitals in tables in place of a list: read with every fault, written, and read back.

use std::fs;
use std::path::Path;

use verbund::files::Folder;
use verbund::model::*;

/// A folder of the small network with its hospitals in tables.
fn small_as_tables() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    verbund::files::write_as_tables(&Folder::small().read().unwrap(), folder.path()).unwrap();
    folder
}

/// Replaces a text in a file of a folder, which must be there.
fn replace(folder: &Path, file: &str, old: &str, new: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "{old} is in {text}");
    fs::write(path, text.replace(old, new)).unwrap();
}

fn faults(folder: &Path) -> Vec<String> {
    let problems = Folder::open(folder).read().unwrap_err();
    problems.list().iter().map(ToString::to_string).collect()
}

#[test]
fn a_network_written_as_tables_reads_back_as_the_same() {
    let small = Folder::small().read().unwrap();
    let folder = small_as_tables();
    assert_eq!(Folder::open(folder.path()).read().unwrap(), small);
    let header = fs::read_to_string(folder.path().join("hospitals.csv")).unwrap();
    assert!(header.starts_with("id,name,operator,ownership,kind,lat,lon,city,district,outside,"));
    let files = Folder::open(folder.path()).files();
    for table in ["hospitals.csv", "departments.csv", "facts.csv"] {
        assert!(files.contains(&folder.path().join(table)), "{table}");
    }
}

#[test]
fn hospitals_of_the_region_survive_as_tables() {
    // What a table has no column for is told with the hospital, and nothing is written.
    let mut model = Folder::leipzig().read().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let error = verbund::files::write_as_tables(&model, folder.path()).unwrap_err().to_string();
    assert!(error.contains("a table has no room for dates of facilities"), "{error}");
    assert!(!folder.path().join("network.ron").exists());

    let catalog = model.network.catalog().clone();
    let date = model.network.date();
    let mut builder = NetworkBuilder::new(model.network.name(), date, catalog);
    for (key, source) in model.network.sources() {
        builder = builder.source(key, source.clone());
    }
    for (key, rule) in model.network.derivations() {
        builder = builder.derivation(key, rule);
    }
    for hospital in model.network.hospitals() {
        let mut hospital = hospital.clone();
        hospital.former_operators.clear();
        hospital.facilities.retain(|part| part.opened.is_none() && part.closed.is_none());
        let known = hospital.clone();
        hospital.assumed.retain(|path| known.has_path(path));
        builder = builder.hospital(hospital);
    }
    model.network = builder.build().unwrap();
    verbund::files::write_as_tables(&model, folder.path()).unwrap();
    assert_eq!(Folder::open(folder.path()).read().unwrap(), model);
}

#[test]
fn only_key_name_and_position_must_be_there() {
    let folder = small_as_tables();
    let path = folder.path();
    fs::write(path.join("hospitals.csv"), "id,name,lat,lon\nnorth,Nord,51,12\n").unwrap();
    fs::write(path.join("departments.csv"), "hospital,specialty\nnorth,neurology\n").unwrap();
    fs::remove_file(path.join("facts.csv")).unwrap();
    let text = fs::read_to_string(path.join("network.ron")).unwrap();
    let until = text.find("    cooperations:").unwrap();
    let text = text[..until].replace("    facts: \"facts.csv\",\n", "") + ")";
    fs::write(path.join("network.ron"), text).unwrap();

    let network = Folder::open(path).read().unwrap().network;
    let north = &network.hospitals()[0];
    assert_eq!((north.operator.as_str(), north.beds), ("Nord", None));
    // Who runs it is not said: that is assumed, and marked.
    assert_eq!(north.assumed, ["operator", "ownership"]);
    assert_eq!(north.departments, [Department::new("neurology")]);
}

#[test]
fn facilities_have_grade_count_and_hours_in_one_cell() {
    let folder = small_as_tables();
    let cell = "ct; icu::12; trauma_centre:regional; stroke_unit:regional:1:Mon-Fri 8-16, Sat 9-12";
    replace(
        folder.path(),
        "hospitals.csv",
        "stroke_unit:regional; ct; icu::12; trauma_centre:regional",
        &format!("\"{cell}\""),
    );
    let network = Folder::open(folder.path()).read().unwrap().network;
    let north = &network[network.find("north").unwrap()];
    let facility = |kind: &str| north.facility(kind).unwrap();
    assert_eq!(facility("icu").count, Some(12));
    assert_eq!(facility("trauma_centre").grade.as_deref(), Some("regional"));
    let stroke_unit = facility("stroke_unit");
    assert_eq!(stroke_unit.hours.to_string(), "Mon-Fri 8-16; Sat 9-12");
    assert_eq!((stroke_unit.grade.as_deref(), stroke_unit.count), (Some("regional"), Some(1)));
}

#[test]
fn every_fault_of_the_tables_is_told_with_its_line_and_column() {
    let folder = small_as_tables();
    let path = folder.path();
    let header =
        "id,name,operator,ownership,kind,lat,lon,care_level,beds,facilities,sources,assumed,parent";
    let rows = [
        "north,Nord,N,Publik,,51.0,12.0,,1.200,,invented,,",
        "south,Süd,S,Public,Ward,50.64,12.0,Basic,80,icu:x:y,nobody,beds; roof,",
        ",Ohne,S,Public,,50.6,12.0,,,,,,",
        "west,West,N,NonProfit,,\"50,9\",12.0,Specialist,60,,,,",
        "west-day,Tag,N,NonProfit,DayClinic,50.8,,,,,,,wst",
    ];
    fs::write(path.join("hospitals.csv"), format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    let departments = "hospital,specialty,beds,opened\nnorth,neurolgy,20,\nsouth,,40,2026-13-01\n";
    fs::write(path.join("departments.csv"), departments).unwrap();
    fs::write(path.join("facts.csv"), "hospital,field,value,source\nnorth,births,,invented\n")
        .unwrap();
    insta::assert_snapshot!(faults(path).join("\n"));
}

#[test]
fn an_unknown_hospital_of_a_row_is_told_with_the_closest() {
    let folder = small_as_tables();
    replace(folder.path(), "departments.csv", "north,neurology", "nroth,neurology");
    let expected = "departments.csv:4:1: department \"neurology\" of hospital \"nroth\", field hospital: unknown \
                    hospital \"nroth\"; expected the key of a hospital that exists; did you mean \"north\"?";
    let found = faults(folder.path());
    assert!(found.iter().any(|fault| fault == expected), "{found:#?}");
}

#[test]
fn a_table_that_is_there_must_be_named_and_only_beside_a_table_of_hospitals() {
    let folder = small_as_tables();
    replace(folder.path(), "network.ron", "    departments: \"departments.csv\",\n", "");
    let expected = "departments.csv: the table is there, but network.ron does not name it; expected departments: \
                    \"departments.csv\" in network.ron";
    let found = faults(folder.path());
    assert!(found.iter().any(|fault| fault == expected), "{found:#?}");
    let folder = small_as_tables();
    replace(folder.path(), "network.ron", "hospitals: \"hospitals.csv\"", "hospitals: []");
    let found = faults(folder.path());
    assert!(
        found.iter().any(|fault| fault.contains(
            "field departments: a table of what hospitals have, but hospitals are a list"
        )),
        "{found:#?}"
    );
}

#[test]
fn a_table_outside_of_the_folder_is_not_read() {
    let folder = small_as_tables();
    replace(
        folder.path(),
        "network.ron",
        "hospitals: \"hospitals.csv\"",
        "hospitals: \"../hospitals.csv\"",
    );
    let found = faults(folder.path());
    assert!(found[0].contains("field hospitals: \"../hospitals.csv\" leads out of"), "{found:#?}");
    // What could not be read makes no other fault.
    assert_eq!(found.len(), 1, "{found:#?}");
}

#[test]
fn a_long_table_of_faults_is_read_in_linear_time() {
    let folder = small_as_tables();
    let mut text = "hospital,specialty,beds\n".to_owned();
    for row in 0..100_000 {
        text.push_str(&format!("nroth{row},neurology,x\n"));
    }
    fs::write(folder.path().join("departments.csv"), text).unwrap();
    let start = std::time::Instant::now();
    let problems = Folder::open(folder.path()).read().unwrap_err();
    // Two a row, and what misses the departments.
    assert!(problems.count() >= 200_000, "{}", problems.count());
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}
