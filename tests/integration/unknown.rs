//! Departments and facilities of which no source says whether a hospital has them.

use verbund::Region;
use verbund::coverage;
use verbund::files::Folder;
use verbund::model::{Answer, Model, Requirement};

/// The small network with `south`'s obstetrics in doubt: 20 beds stand in.
fn doubted() -> (tempfile::TempDir, Model) {
    let folder = tempfile::tempdir().unwrap();
    verbund::files::write_as_tables(&Folder::small().read().unwrap(), folder.path()).unwrap();
    let path = folder.path().join("hospitals.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut rows: Vec<Vec<String>> = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes())
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect();
    let column = rows[0].iter().position(|name| name == "unknown").unwrap();
    let south = rows.iter_mut().find(|row| row[0] == "south").unwrap();
    "departments.obstetrics; facilities.stroke_unit".clone_into(&mut south[column]);
    let mut table = csv::Writer::from_path(&path).unwrap();
    rows.iter().for_each(|row| table.write_record(row).unwrap());
    table.flush().unwrap();
    let model = Folder::open(folder.path()).read().unwrap_or_else(|faults| panic!("{faults}"));
    (folder, model)
}

fn specialty(key: &str) -> Requirement {
    Requirement::Specialty(key.to_owned())
}

#[test]
fn what_may_be_there_is_unknown_whether_it_is_listed_or_not() {
    let (_folder, model) = doubted();
    let network = &model.network;
    let south = &network[network.find("south").unwrap()];
    assert!(south.has_specialty("obstetrics"), "it stands in for what nobody knows");
    let catalog = network.catalog();
    let stroke_unit = Requirement::Facility { kind: "stroke_unit".to_owned(), at_least: None };
    assert!(south.facility("stroke_unit").is_none());
    for (asked, what) in [(specialty("obstetrics"), "obstetrics"), (stroke_unit, "stroke unit")] {
        assert_eq!(asked.judge(south, catalog), Answer::Unknown);
        assert_eq!(asked.unknown(south, catalog), [format!("whether it has {what}")]);
    }
    assert_eq!(specialty("internal_medicine").judge(south, catalog), Answer::Meets);
    let both = Requirement::All(vec![specialty("obstetrics"), specialty("cardiac_surgery")]);
    assert_eq!(both.judge(south, catalog), Answer::DoesNot, "what fails otherwise fails");
}

#[test]
fn a_share_is_told_with_what_it_would_be_at_best() {
    let (_folder, model) = doubted();
    let known = Region::open("networks/small").unwrap();
    let region = Region::new(&model, model.network.date()).unwrap();
    let standard = region.network().catalog().standard("obstetrics").unwrap();
    let found = coverage::evaluate(&region, standard).unwrap();
    let before = coverage::evaluate(&known, standard).unwrap();
    assert!(found.has_doubts() && !before.has_doubts());
    assert!(found.share_within_limit() < before.share_within_limit());
    assert_eq!(found.share_at_best(), before.share_within_limit());
    let document = verbund::report::coverage(
        &region,
        std::slice::from_ref(&found),
        verbund::report::CoverageBy::Region,
    );
    let notes =
        document.sections[0].notes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(notes.contains("At best: if all hospitals qualified"), "{notes}");
    assert!(notes.contains("What is unknown: whether it has obstetrics (south)."), "{notes}");
}

#[test]
fn faults_of_the_list_are_told_together() {
    let (folder, _) = doubted();
    let path = folder.path().join("hospitals.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let wrong = "departments.obstetrix; facilities.stroke_units; beds; departments.obstetrics; departments.obstetrics";
    let text = text.replace("departments.obstetrics; facilities.stroke_unit", wrong);
    std::fs::write(&path, text).unwrap();
    let faults = Folder::open(folder.path()).read().unwrap_err().to_string();
    for told in [
        "unknown specialty \"obstetrix\"; expected the key of a specialty that exists; did you mean \"obstetrics\"?",
        "unknown facility \"stroke_units\"; expected the key of a facility that exists; did you mean \"stroke_unit\"?",
        "\"beds\" is no department and no facility; expected departments.KEY or facilities.KEY",
        "\"departments.obstetrics\" is there twice",
    ] {
        assert!(faults.contains(told), "{told} in\n{faults}");
    }
}
