//! The table of service groups: what the law says, in the notation of the file, and its faults.

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;
use verbund::files::Folder;
use verbund::model::*;

use crate::common::{shared_data, table};

fn shipped() -> Catalog {
    Folder::leipzig().read().unwrap().network.catalog().clone()
}

#[test]
#[ignore = "needs ../shared/data: service_groups.csv"]
fn the_table_is_the_one_of_the_law() {
    let folder = shared_data();
    let rows = table(&folder.join("service_groups.csv"));
    let groups = shipped().service_groups.groups;
    assert_eq!(rows.len(), groups.len());
    for (row, group) in rows.iter().zip(&groups) {
        let specialists = group.min_specialists.map_or_else(String::new, |count| count.to_string());
        let own = BTreeMap::from([
            ("nr", group.number.to_string()),
            ("name_de", group.name.clone()),
            ("block", format!("{:?}", group.block).to_lowercase()),
            ("site", group.site.to_string()),
            ("cooperation", group.cooperation.to_string()),
            ("selection_site", group.selection_site.to_string()),
            ("selection_cooperation", group.selection_cooperation.to_string()),
            ("min_specialists", specialists),
        ]);
        for (column, value) in own {
            assert_eq!(value, row[column], "group {}, {column}", group.number);
        }
    }
}

#[test]
fn there_are_61_groups_and_four_empty_numbers() {
    let groups = shipped().service_groups.groups;
    let numbers: Vec<u8> = groups.iter().map(|group| group.number).collect();
    let expected: Vec<u8> = (1..=65).filter(|number| ![3, 16, 47, 65].contains(number)).collect();
    assert_eq!(numbers, expected);
    assert_eq!(numbers.len(), 61);
    // The standard is three specialists; these are the exceptions of annex 1.
    let least =
        |number: u8| groups.iter().find(|one| one.number == number).unwrap().min_specialists;
    assert!([11, 21, 27, 32, 33, 61].iter().all(|one| least(*one) == Some(5)));
    assert!([59, 60].iter().all(|one| least(*one) == Some(6)));
    assert_eq!((least(62), least(22)), (Some(9), None));
}

#[test]
fn every_group_has_its_assumption() {
    let catalog = shipped();
    assert!(catalog.group_assumptions.source.contains("assumed"));
    for group in &catalog.service_groups.groups {
        let mut offers = catalog.group_assumptions.offers.iter();
        let own = offers.find(|one| one.group == GroupRef::plain(group.number)).unwrap();
        assert!(own.offered_by.is_some() != own.unknown.is_some(), "{}", group.number);
    }
    // The grades of perinatal centres: 43 is G-BA level III, 44 level I, 45 level II.
    let catalog = &catalog;
    let offer = |number: u8| {
        let mut offers = catalog.group_assumptions.offers.iter();
        offers.find(|one| one.group.number == number).unwrap().offered_by.clone()
    };
    let perinatal = |grade: &str| {
        Some(Requirement::Facility { kind: "perinatal".into(), at_least: Some(grade.into()) })
    };
    assert_eq!(offer(43), perinatal("focus"));
    assert_eq!(offer(44), perinatal("level_1"));
    assert_eq!(offer(45), perinatal("level_2"));
}

#[test]
fn terms_are_read_and_written_in_one_notation() {
    for text in ["", "14 1 64H", "any(18|19|20)", "14 atleast(2;5;38;any(30|31|32|33|34)) 64K"] {
        assert_eq!(text.parse::<GroupTerms>().unwrap().to_string(), text);
    }
    for wrong in [
        "14,1",
        "any()",
        "any(1|)",
        "atleast(2)",
        "atleast(x;1;2)",
        "0",
        "100",
        "14K",
        "64k",
        "any(1|2",
        "(1)",
        "-1",
    ] {
        assert!(wrong.parse::<GroupTerms>().is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_notation_panic(text in "[0-9KH()|; anyatles]{0,40}") {
        if let Ok(terms) = text.parse::<GroupTerms>() {
            prop_assert_eq!(terms.to_string().parse::<GroupTerms>().unwrap(), terms);
        }
    }
}

/// What reading the small network says when its catalog has these two files.
fn messages(groups: &str, assumptions: Option<&str>) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    verbund::files::write(&Folder::small().read().unwrap(), folder.path()).unwrap();
    let catalog = folder.path().join("catalog");
    fs::write(catalog.join("service_groups.ron"), groups).unwrap();
    let path = catalog.join("service_group_assumptions.ron");
    match assumptions {
        Some(text) => fs::write(path, text).unwrap(),
        None => fs::remove_file(path).unwrap(),
    }
    match Folder::open(folder.path()).read() {
        Ok(_) => Vec::new(),
        Err(problems) => problems.list().iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn every_fault_of_the_table_is_told_at_once() {
    let groups = r#"ServiceGroups(source: "s", groups: [
        (number: 1, name: "A", block: Internal, site: "2 64", cooperation: "14x"),
        (number: 2, name: "B", block: Inner, site: "1"),
        (number: 2, name: "C", block: Other, site: "any(64|2)"),
        (number: 4, name: "D", block: Other, cooperation: "77 atleast(3;1;64)"),
        (number: 120, name: "E", block: Other),
        (name: "F", block: Other),
        (number: 64, name: "G", block: Other, sight: "1"),
    ])"#;
    let assumptions = r#"ServiceGroupAssumptions(source: "s", agreements: ["Transfr"], offers: [
        (group: "1", offered_by: Specialty("internal_medicin"), fields: ["neurologie"]),
        (group: "1", unknown: "why"),
        (group: "9", unknown: "why"),
        (group: "4"),
        (group: "four"),
        (group: "64", offered_by: Facility("icu"), unless: [64, 99]),
    ])"#;
    let told = messages(groups, Some(assumptions));
    for part in [
        "\"14x\" names no service groups",
        "unknown word Inner",
        "there is a second group 2",
        "service group 2, field site: the group needs itself",
        "unknown service group 77",
        "atleast(3;1;64) can never be counted",
        "120 is out of range",
        "field number: is missing",
        "there is no such field",
        "\"Transfr\" is no kind of cooperation; expected one of",
        "did you mean \"Transfer\"?",
        "did you mean \"internal_medicine\"?",
        "did you mean \"neurology\"?",
        "group 1 is there twice",
        "unknown service group 9",
        "offer of service group 4, field group: either what offers it",
        "\"four\" names no service groups",
        "64 is no other service group",
        "99 is no other service group",
        "nothing is said about service group 2",
    ] {
        assert!(told.iter().any(|one| one.contains(part)), "{part}\n{told:#?}");
    }
    assert!(told.iter().all(|one| one.contains("catalog/service_group")), "{told:#?}");
}

#[test]
fn groups_that_need_each_other_on_one_site_are_a_fault() {
    let table = |site: &str| {
        format!(
            r#"ServiceGroups(source: "s", groups: [
                (number: 1, name: "A", block: Other, site: "2"),
                (number: 2, name: "B", block: Other, site: "4"),
                (number: 4, name: "C", block: Other, site: "{site}"),
                (number: 5, name: "D", block: Other, cooperation: "6"),
                (number: 6, name: "E", block: Other, cooperation: "5"),
            ])"#
        )
    };
    // 1 needs 2, 2 needs 4, 4 needs 1; the circle of 5 and 6 is by cooperation and no fault.
    let told = messages(&table("1"), None);
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(told[0].contains("service group 1, field site: the groups that it needs"));
    // With another way for 4, the circle is open.
    assert_eq!(messages(&table("any(1|5)"), None), Vec::<String>::new());
}

#[test]
fn a_catalog_may_do_without_service_groups() {
    let folder = tempfile::tempdir().unwrap();
    verbund::files::write(&Folder::small().read().unwrap(), folder.path()).unwrap();
    for file in ["service_groups.ron", "service_group_assumptions.ron"] {
        fs::remove_file(folder.path().join("catalog").join(file)).unwrap();
    }
    let model = Folder::open(folder.path()).read().unwrap();
    assert!(model.network.catalog().service_groups.groups.is_empty());
    let result =
        verbund::rules::Assessment::new(&model.network, &verbund::rules::GroupSettings::default());
    assert_eq!(result.unwrap_err(), verbund::rules::RulesError::NoServiceGroups);
}
