//! What goes with a change of structure: levels, hours, agreements, days and names.

use verbund::calendar::Hours;
use verbund::comparison::{CountingDifference, NetworkDifference};
use verbund::files::Folder;
use verbund::model::*;
use verbund::scenario::{Change, Merger, NewCareLevel, Scenario, ScenarioDraft};
use verbund::{Region, coverage, names};

use crate::common::{at, catalog, day, hospital, model_of};
use crate::run::{json, output, refused, text};
use crate::structure::{line, scenario};

fn merge(from: &str, into: &str) -> Change {
    Change::MergeHospitals(Merger { from: from.into(), into: into.into() })
}

fn under(model: &Model, changes: &[Change]) -> Network {
    let scenario = scenario(changes);
    let found = verbund::scenario::under(model, &[&scenario], "2026-02-01".parse().unwrap());
    found.unwrap_or_else(|problems| panic!("{problems}")).network
}

fn site<'n>(network: &'n Network, key: &str) -> &'n Hospital {
    &network[network.find(key).unwrap()]
}

#[test]
fn a_merged_site_has_the_higher_levels_of_both() {
    // a is Priority and Extended, c is nothing.
    let network = under(&line(), &[merge("a", "c")]);
    let c = site(&network, "c");
    assert_eq!(c.care_level, Some(CareLevel::Priority));
    assert_eq!(c.emergency_level, Some(EmergencyLevel::Extended));
    assert!(c.is_assumed("care_level") && c.is_assumed("emergency_level"));
    // The other way round nothing of a changes, and nothing of it is assumed.
    let network = under(&line(), &[merge("c", "a")]);
    let a = site(&network, "a");
    assert_eq!(
        (a.care_level, a.emergency_level),
        (Some(CareLevel::Priority), Some(EmergencyLevel::Extended))
    );
    assert!(!a.is_assumed("care_level") && !a.is_assumed("emergency_level"));
    // A Fachkrankenhaus that takes a general hospital in is general.
    let specialist = Change::SetCareLevel(NewCareLevel {
        hospital: "c".into(),
        level: Some(CareLevel::Specialist),
    });
    let network = under(&line(), &[specialist, merge("a", "c")]);
    assert_eq!(site(&network, "c").care_level, Some(CareLevel::Priority));
}

#[test]
fn a_merged_site_is_open_when_either_was_and_staffed_as_both_were() {
    let mut a = hospital("a", at(0.0, 0.0), 30);
    a.departments[0].hours = "Mon-Fri 8-16".parse().unwrap();
    a.facilities.push(Facility { hours: "Mon-Sun 8-20".parse().unwrap(), ..Facility::new("f") });
    a.staffed_share = Some(0.8);
    let mut b = hospital("b", at(20.0, 0.0), 10);
    b.departments[0].hours = "Sat 9-12".parse().unwrap();
    b.facilities.push(Facility::new("f"));
    b.staffed_share = Some(0.6);
    let network = NetworkBuilder::new("two", day(), catalog()).hospital(a).hospital(b);
    let model = model_of(network.build().unwrap(), vec![]);
    let network = under(&model, &[merge("a", "b")]);
    let b = site(&network, "b");
    assert_eq!(b.departments[0].hours, "Mon-Fri 8-16; Sat 9-12".parse().unwrap());
    assert_eq!(b.facilities[0].hours, Hours::ALWAYS);
    assert!(b.is_assumed("departments.s.hours") && !b.is_assumed("facilities.f.hours"));
    // (30 x 0.8 + 10 x 0.6) / 40
    assert!((b.staffed_share.unwrap() - 0.75).abs() < 1e-12);
}

/// A new building for both hospitals of the small network, at Cedorf, with what else its record says.
fn new_building(more: &str) -> String {
    format!(
        r#"(format: 1, id: "new-site", name: "One new site", source: "invented", changes: [
            (on: "2026-02-01", reason: "x", change: OpenHospital(
                id: "new", name: "Neubau", operator: "Kreis", ownership: Public,
                position: (lat: 50.820136, lon: 12.0), {more}
            )),
            (on: "2026-02-01", reason: "x", change: MergeHospitals(from: "north", into: "new")),
            (on: "2026-02-01", reason: "x", change: MergeHospitals(from: "south", into: "new")),
        ])"#
    )
}

#[test]
fn a_new_building_that_two_hospitals_move_into_counts_as_they_did() {
    let model = Folder::small().read().unwrap();
    let read = Scenario::read(&new_building(""), "new.ron", &model.network, &model.places);
    let scenario = read.unwrap_or_else(|problems| panic!("{problems}"));
    let region = Region::new(&model, day()).unwrap();
    let after = region.apply(&[&scenario], "2026-02-01".parse().unwrap()).unwrap();
    let basic = region.network().catalog().standard("basic_care").unwrap();
    // Adorf to Dedorf are 15, 10, 0 and 15 minutes away, Edorf 55.
    assert_eq!(coverage::evaluate(&after, basic).unwrap().total.within_limit, 15_000);
    let new = site(after.network(), "new");
    assert_eq!(new.care_level, Some(CareLevel::Priority));
    assert_eq!(new.emergency_level, Some(EmergencyLevel::Extended));
}

#[test]
fn a_new_building_without_a_level_is_told() {
    let departments =
        r#"departments: [(specialty: "internal_medicine"), (specialty: "general_surgery")],"#;
    let opened = new_building(departments)
        .replace("MergeHospitals(from: \"north\", into: \"new\")", "CloseHospital(\"north\")");
    let opened = opened
        .replace("MergeHospitals(from: \"south\", into: \"new\")", "CloseHospital(\"south\")");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.ron");
    std::fs::write(&file, opened).unwrap();
    let file = file.to_str().unwrap();
    let told = text(&["check", "--network", "small", "--scenario", file]);
    let line = "standard basic_care, new: is not there; then does not count: no emergency level Basic or higher";
    assert!(told.contains(line), "{told}");
    assert!(told.contains("agreement tele-stroke: north → south; then at an end"), "{told}");
    let value = json(&["compare", "--network", "small", "--scenario", file, "--by", "network"]);
    let rows = value["tables"]["network"].as_array().unwrap();
    let row =
        rows.iter().find(|row| row["subject_key"] == "basic_care" && row["hospital"] == "new");
    let row = row.unwrap();
    assert_eq!(row["after_state"], "does not count: no emergency level Basic or higher");
}

#[test]
fn agreements_members_and_branches_of_a_closed_hospital_are_named() {
    let model = line();
    let before = model.network.as_of(day());
    let after = under(&model, &[Change::CloseHospital("a".into())]);
    let standard = crate::common::standard(30);
    let found = NetworkDifference::between(&before, &after, &[standard]);
    let told: Vec<(&str, Option<Vec<&str>>)> = found
        .cooperations
        .iter()
        .map(|one| (one.cooperation.as_str(), one.after.as_ref().map(Parties::keys)))
        .collect();
    // Three partners go on as two; what a gave, and what was between a and b, ends.
    assert_eq!(told, [("ab", None), ("abc", Some(vec!["b", "c"])), ("tele", None)]);
    assert_eq!(found.members.len(), 1);
    assert_eq!((found.members[0].hospital.as_str(), found.members[0].joins), ("a", false));
    assert_eq!(found.without_main, ["b"]);
    let gone = CountingDifference {
        standard: "s".into(),
        hospital: "a".into(),
        before: Some(true),
        after: None,
        missing: vec![],
    };
    assert_eq!(found.counting, [gone]);
    assert!(NetworkDifference::between(&before, &before, &[]).is_empty());
}

#[test]
fn a_scenario_of_the_past_is_read_against_the_day_before_it() {
    let value = json(&["compare", "--scenario", "schkeuditz-closed", "--standard", "ct"]);
    assert_eq!(value["about"]["as_of"], "2025-05-27");
    let day = value["about"]["chosen_day"].as_str().unwrap();
    assert!(day.starts_with("2025-05-27, the day before the scenarios begin"), "{day}");
    assert_eq!(
        value,
        {
            let mut asked = json(&[
                "compare",
                "--scenario",
                "schkeuditz-closed",
                "--standard",
                "ct",
                "--as-of",
                "2025-05-27",
            ]);
            asked["about"]["chosen_day"] = day.into();
            asked
        },
        "as if the day was asked for"
    );
    json(&["compare", "--scenario", "schkeuditz-closed", "--on", "2025-06-01", "--standard", "ct"]);
    // A run has it from its first day on; figures ward by ward need the same wards.
    let short = ["--days", "3", "--warm-up", "0", "--replications", "1"];
    let asked = ["--scenario", "schkeuditz-closed"];
    let hint = "`verbund compare --simulate` sets such a scenario beside the region";
    refused(&[&["simulate"], &asked[..], &short[..]].concat(), &[hint]);
    let (code, out, told) =
        output(&[&["sensitivity", "--points", "0"], &asked[..], &short[..]].concat());
    assert!(code == 0 && out.contains("schkeuditz-closed"), "{told}");
    assert!(told.contains("by 2025-05-28 is in force from the first day of the run on"), "{told}");
    json(&[&["compare", "--simulate"], &asked[..], &short[..2], &short[4..]].concat());
    // Its beds fit only with the departments that close on the same day; wards differ then, and nothing else is wrong.
    let wurzen = ["--scenario", "sana-wurzen-26-beds"];
    refused(&[&["simulate"], &wurzen[..], &short[..]].concat(), &[hint]);
    let told = text(&["check", "--scenario", "schkeuditz-closed"]);
    assert!(told.contains("are read against 2025-05-27"), "{told}");
    // Who names a day gets that day.
    refused(
        &["compare", "--scenario", "schkeuditz-closed", "--as-of", "2026-01-01"],
        &["2025-05-28 is before the start on 2026-01-01"],
    );
    let (_, told, _) =
        output(&["compare", "--scenario", "merger-delitzsch-eilenburg", "--standard", "ct"]);
    assert!(!told.contains("chosen day"), "{told}");
}

#[test]
fn a_scenario_takes_the_names_that_the_command_line_takes() {
    let model = Folder::leipzig().read().unwrap();
    let network = model.network.as_of(model.network.date());
    let read = |change: &str| {
        let text = format!(
            r#"(format: 1, id: "k", name: "K", source: "invented", changes: [
                (on: "2026-02-01", reason: "x", change: {change}),
            ])"#
        );
        let mut drafts = vec![ScenarioDraft::read(&text, "k.ron", &network)];
        names::put_keys(&mut drafts, &network, &model.places);
        ScenarioDraft::check(drafts, &network, &model.places)
            .map(|mut found| found[0].changes.remove(0).change)
    };
    let grimma = read(r#"Incident(place: "Grimma", red: 1, yellow: 0, green: 0)"#).unwrap();
    assert_eq!(
        grimma,
        read(r#"Incident(place: "14729160", red: 1, yellow: 0, green: 0)"#).unwrap()
    );
    assert_eq!(
        read(r#"CloseHospital("Kreiskrankenhaus Torgau")"#).map(|change| change.name()).ok(),
        read(r#"CloseHospital("kkh-torgau")"#).map(|change| change.name()).ok()
    );
    let road = read(r#"Road(from: ["Grimma"], to: ["kkh-torgau"], delay: "5m")"#).unwrap();
    let Change::Road(road) = road else { panic!("a road") };
    assert_eq!((road.from[0].as_str(), road.to[0].as_str()), ("14729160", "kkh-torgau"));

    let problems = read(r#"CloseHospital("Leipzig")"#).unwrap_err();
    let problem = &problems.list()[0];
    assert!(problem.message.contains("\"Leipzig\" is more than one hospital"), "{problem}");
    assert_eq!(problem.line, Some(2));
    let problems = read(r#"CloseHospital("nowhere at all")"#).unwrap_err();
    assert!(problems.list()[0].message.contains("unknown hospital"), "{problems}");
}
