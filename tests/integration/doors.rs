//! Who may be brought an emergency, and what becomes of a grade that nobody knows.

use verbund::Region;
use verbund::coverage;
use verbund::files::Folder;
use verbund::impact::{CandidateKind, Sought, suggest};
use verbund::model::*;
use verbund::pathways::*;
use verbund::routing;
use verbund::scenario::Scenario;

use crate::flow_world::small;
use crate::run::{json, output, refused, text};

fn graded(at_least: &str) -> Requirement {
    Requirement::Facility { kind: "trauma_centre".into(), at_least: Some(at_least.into()) }
}

#[test]
fn a_grade_that_nobody_knows_is_neither_met_nor_missed() {
    use Answer::{DoesNot, Meets, Unknown};
    let catalog = Folder::small().read().unwrap().network.catalog().clone();
    let position = Position::new(51.0, 12.0).unwrap();
    let with = |grade: Option<&str>| {
        let mut hospital = Hospital::new("a", "A", position);
        let mut centre = Facility::new("trauma_centre");
        centre.grade = grade.map(str::to_owned);
        hospital.facilities.push(centre);
        hospital.facilities.push(Facility::new("ct"));
        hospital
    };
    let unstated = with(None);
    // Grades: local, regional, supraregional. Whatever the grade is, it is at least local.
    for (grade, least, answer) in [
        (None, "local", Meets),
        (None, "regional", Unknown),
        (None, "supraregional", Unknown),
        (Some("local"), "regional", DoesNot),
        (Some("regional"), "regional", Meets),
        (Some("supraregional"), "regional", Meets),
        // A grade that the catalog does not have can only come from code.
        (Some("huge"), "regional", Unknown),
        (Some("regional"), "huge", Unknown),
    ] {
        let found = graded(least).judge(&with(grade), &catalog);
        assert_eq!(found, answer, "{grade:?} for {least}");
    }
    let any_grade = Requirement::Facility { kind: "trauma_centre".into(), at_least: None };
    assert_eq!(any_grade.judge(&unstated, &catalog), Meets);
    // Of several of a kind, one that is known to be good enough is enough.
    let mut two = with(Some("local"));
    two.facilities.push(Facility::new("trauma_centre"));
    assert_eq!(graded("regional").judge(&two, &catalog), Unknown);
    two.facilities.push(Facility::new("trauma_centre").grade("regional"));
    assert_eq!(graded("regional").judge(&two, &catalog), Meets);
    // What is missing decides before what is unknown where all is asked, what is there where any is.
    let has = |kind: &str| Requirement::Facility { kind: kind.into(), at_least: None };
    let (unknown, there, not_there) = (graded("regional"), has("ct"), has("mri"));
    for (parts, all, any) in [
        (vec![&unknown, &there], Unknown, Meets),
        (vec![&unknown, &not_there], DoesNot, Unknown),
        (vec![&there, &not_there], DoesNot, Meets),
        (vec![&unknown], Unknown, Unknown),
        (vec![], Meets, DoesNot),
    ] {
        let parts: Vec<Requirement> = parts.into_iter().cloned().collect();
        assert_eq!(Requirement::All(parts.clone()).judge(&unstated, &catalog), all, "{parts:?}");
        assert_eq!(Requirement::Any(parts.clone()).judge(&unstated, &catalog), any, "{parts:?}");
    }
    let both = Requirement::All(vec![unknown.clone(), not_there]);
    assert!(both.unknown(&unstated, &catalog).is_empty(), "it does not meet it anyway");
    let missing = both.missing(&unstated, &catalog);
    assert_eq!(missing, ["no MRI", "unknown: grade of trauma centre"]);
    assert_eq!(unknown.unknown(&unstated, &catalog), ["grade of trauma centre"]);
    // A site without inpatients meets nothing, whatever its grade.
    let mut day_clinic = with(None);
    day_clinic.kind = SiteKind::DayClinic;
    assert_eq!(unknown.judge(&day_clinic, &catalog), DoesNot);
}

#[test]
fn a_care_level_that_is_not_stated_is_unknown_but_a_branch_has_none() {
    let catalog = Catalog::default();
    let asks = Requirement::CareLevel(CareLevel::Maximum);
    let mut hospital = Hospital::new("a", "A", Position::new(51.0, 12.0).unwrap());
    assert_eq!(asks.judge(&hospital, &catalog), Answer::Unknown);
    assert_eq!(asks.unknown(&hospital, &catalog), ["care level"]);
    hospital.parent = Some("b".into());
    assert_eq!(asks.judge(&hospital, &catalog), Answer::DoesNot);
    hospital.parent = None;
    hospital.kind = SiteKind::CrossSectorSite;
    assert_eq!(asks.judge(&hospital, &catalog), Answer::DoesNot);
    hospital.care_level = Some(CareLevel::Maximum);
    assert_eq!(asks.judge(&hospital, &catalog), Answer::Meets);
}

#[test]
fn a_hospital_of_unknown_grade_is_no_door_covers_nobody_and_is_named() {
    // North is the only trauma centre of the small network. Without a stated grade it counts nowhere.
    let region = small(|world| {
        for one in &mut world.hospitals {
            one.facilities.iter_mut().for_each(|unit| unit.grade = None);
        }
    });
    let (network, north) = (region.network(), region.network().find("north").unwrap());
    let named =
        vec![UnknownSite { hospital: north, unknown: vec!["grade of trauma centre".to_owned()] }];
    let standard = network.catalog().standard("trauma_centre").unwrap();
    let found = coverage::evaluate(&region, standard).unwrap();
    assert_eq!((found.hospitals.len(), found.total.within_limit), (0, 0));
    assert_eq!(found.unknown, named);
    let pathway = network.catalog().pathway("major_trauma").unwrap();
    let prepared = Prepared::even_if_unmet(&region, pathway, &[]).unwrap();
    assert_eq!(prepared.unknown_sites(), named);
    let error = Prepared::new(&region, pathway, &[]).unwrap_err().to_string();
    assert!(error.ends_with("the data do not say: north (grade of trauma centre)"), "{error}");
    let need = routing::Need::find(network.catalog(), "trauma_centre").unwrap();
    let place = region.find_place("a").unwrap();
    let options = routing::options(&region, place, &need);
    assert!(options.iter().all(|option| !option.is_qualified()));
    let own = options.iter().find(|option| option.hospital == north).unwrap();
    assert_eq!(own.missing, ["unknown: grade of trauma centre"]);
    // With the grade stated it counts, and nobody is named.
    let region = small(|_| ());
    let standard = region.network().catalog().standard("trauma_centre").unwrap();
    let found = coverage::evaluate(&region, standard).unwrap();
    assert_eq!((found.hospitals, found.unknown), (vec![north], vec![]));
}

/// The small network in a folder of its own beside the catalog, with a text of its file replaced.
pub(crate) fn copy_of_small(old: &str, new: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let from = concat!(env!("CARGO_MANIFEST_DIR"), "/networks");
    let (network, catalog) = (folder.path().join("network"), folder.path().join("catalog"));
    std::fs::create_dir(&network).unwrap();
    std::fs::create_dir(&catalog).unwrap();
    for entry in std::fs::read_dir(format!("{from}/catalog")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), catalog.join(entry.file_name())).unwrap();
    }
    let file = std::fs::read_to_string(format!("{from}/small/network.ron")).unwrap();
    assert!(file.contains(old));
    std::fs::write(network.join("network.ron"), file.replace(old, new)).unwrap();
    std::fs::copy(format!("{from}/small/places.csv"), network.join("places.csv")).unwrap();
    let path = network.to_str().unwrap().to_owned();
    (folder, path)
}

#[test]
fn the_program_names_hospitals_of_unknown_grade_wherever_the_grade_is_asked_for() {
    let (_folder, network) = copy_of_small(
        "(kind: \"trauma_centre\", grade: \"regional\")",
        "(kind: \"trauma_centre\")",
    );
    let name = "grade of trauma centre (north)";
    let scenario = format!("{network}/x.ron");
    let closing = r#"(format: 1, id: "x", name: "X", source: "invented", changes: [
        (on: "2026-07-01", reason: "a test", change: CloseHospital("west"))])"#;
    std::fs::write(&scenario, closing).unwrap();
    for command in [
        &["coverage"][..],
        &["coverage", "trauma_centre", "--by", "place"],
        &["closures", "--standard", "trauma_centre"],
        &["compare", "--scenario", &scenario],
        &["report"],
    ] {
        let out = text(&[command, &["--network", &network, "--format", "json"]].concat());
        assert!(out.contains(name), "{command:?}: {out}");
    }
    let value = json(&["coverage", "trauma_centre", "--network", &network]);
    let row = &value["tables"]["coverage"][0];
    assert_eq!(row["unknown_hospitals"], serde_json::json!(["north"]));
    // Nobody is known to offer it, so there is no share.
    assert_eq!(row["hospitals"], 0);
    assert!(row["share_within_limit"].is_null(), "{row}");
    let told = "north (grade of trauma centre)";
    refused(&["pathway", "major_trauma", "--network", &network], &["operation", told]);
    let out = text(&["route", "--from", "a", "--need", "trauma_centre", "--network", &network]);
    assert!(out.contains("unknown: grade of trauma centre"), "{out}");
    // 27: special traumatology, offered by a regional trauma centre.
    let out = text(&["rules", "groups", "--network", &network]);
    assert!(out.contains("north 27 ") && out.contains("(grade of trauma centre)"), "{out}");
}

#[test]
fn in_the_region_only_torgau_has_a_trauma_centre_of_unknown_grade() {
    let region = Region::leipzig().unwrap();
    let (network, catalog) = (region.network(), region.network().catalog());
    let standard = catalog.standard("trauma_centre").unwrap();
    let unknown = standard.requirement.unknown_sites(network);
    let keys: Vec<&str> = unknown.iter().map(|site| network[site.hospital].key.as_str()).collect();
    assert_eq!(keys, ["kkh-torgau"]);
    // Of the sites inside, two supraregional ones in Leipzig and Borna's regional one; the
    // Diakonissenkrankenhaus is a local one.
    let found = coverage::evaluate(&region, standard).unwrap();
    let inside = found.hospitals.iter().map(|id| &network[*id]).filter(|one| !one.outside);
    let inside: Vec<&str> = inside.map(|one| one.key.as_str()).collect();
    assert_eq!(inside, ["sana-borna", "st-georg-leipzig", "ukl-leipzig"]);
}

#[test]
fn major_trauma_asks_for_one_thing_in_standard_condition_and_pathway() {
    let catalog = Folder::leipzig().read().unwrap().network.catalog().clone();
    let wanted = catalog.major_trauma().unwrap();
    assert_eq!(&catalog.condition("major_trauma").unwrap().requirement, wanted);
    let stages = &catalog.pathway("major_trauma").unwrap().stages;
    assert_eq!(&stages.last().unwrap().requirement, wanted);
    assert_eq!(&catalog.standard("trauma_centre").unwrap().requirement, wanted);
}

#[test]
fn a_catalog_that_asks_for_two_things_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let from = concat!(env!("CARGO_MANIFEST_DIR"), "/networks");
    let catalog = folder.path().join("catalog");
    std::fs::create_dir(&catalog).unwrap();
    for entry in std::fs::read_dir(format!("{from}/catalog")).unwrap() {
        let entry = entry.unwrap();
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let text = if entry.file_name() == "standards.ron" {
            let all = "All([Facility(kind: \"trauma_centre\", at_least: \"regional\"), Facility(\"icu\")])";
            assert!(text.contains(all));
            text.replace(all, "Facility(\"trauma_centre\")")
        } else {
            text
        };
        std::fs::write(catalog.join(entry.file_name()), text).unwrap();
    }
    let network = folder.path().join("network");
    std::fs::create_dir(&network).unwrap();
    for file in ["network.ron", "places.csv"] {
        std::fs::copy(format!("{from}/small/{file}"), network.join(file)).unwrap();
    }
    let (code, out, error) = output(&["check", "--network", network.to_str().unwrap()]);
    let told = format!("{out}{error}");
    assert_eq!(code, 1, "{told}");
    for part in ["condition \"major_trauma\"", "pathway \"major_trauma\"", "trauma_centre"] {
        assert!(told.contains(part), "no {part}: {told}");
    }
}

/// The region with a hospital turned into a cross-sector site.
fn converted(region: &Region, hospital: &str) -> Region {
    let text = format!(
        r#"(format: 1, id: "x", name: "X", source: "invented", changes: [(on: "2026-07-01",
        reason: "a test", change: ConvertHospital(hospital: "{hospital}", to: CrossSectorSite))])"#
    );
    let scenario = Scenario::read(&text, "x.ron", region.network(), region.places()).unwrap();
    region.apply(&[&scenario], "2026-07-01".parse().unwrap()).unwrap()
}

/// Who does a stage for anybody, by the nearest door.
fn doing(region: &Region, pathway: &str, stage: usize) -> Vec<String> {
    let pathway = region.network().catalog().pathway(pathway).unwrap();
    let prepared = Prepared::new(region, pathway, &[]).unwrap();
    let query = Query::default().protocol(Protocol::NearestDoor);
    let loads = prepared.evaluate(&query).unwrap().loads();
    let at_stage = loads.hospitals.iter().filter(|one| one.stage.index() == stage);
    let mut keys: Vec<String> =
        at_stage.map(|one| region.network()[one.hospital].key.clone()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[test]
fn a_converted_cross_sector_site_takes_no_strokes_and_no_heart_attacks() {
    // Delitzsch keeps CT, internal medicine and its link to St. Georg, and lyses no more: it has no
    // emergency stage any more.
    let region = Region::leipzig().unwrap();
    let after = converted(&region, "kkh-delitzsch");
    let site = &after.network()[after.network().find("kkh-delitzsch").unwrap()];
    assert!(site.facility("ct").is_some() && site.has_specialty("internal_medicine"));
    let is_linked = |one: &&Cooperation| one.key == "tessa-delitzsch";
    assert!(after.network().cooperations().iter().any(|one| is_linked(&one)));
    for (pathway, stage) in [("stroke", 1), ("stroke", 0), ("stroke_lvo", 1)] {
        let delitzsch = "kkh-delitzsch".to_owned();
        assert!(doing(&region, pathway, stage).contains(&delitzsch), "{pathway} {stage}");
        assert!(!doing(&after, pathway, stage).contains(&delitzsch), "{pathway} {stage}");
    }
    // Torgau takes heart attacks by its emergency stage, which a cross-sector site has not.
    let torgau = "kkh-torgau".to_owned();
    assert!(doing(&region, "stemi", 0).contains(&torgau));
    assert!(!doing(&converted(&region, "kkh-torgau"), "stemi", 0).contains(&torgau));
}

#[test]
fn who_lyses_by_hand_on_the_small_network() {
    // North has neurology, a stroke unit and an emergency stage; south has CT, a basic stage and a
    // link to north. Without the stage south lyses no more, with a stroke unit it does again.
    let south = |edit: fn(&mut Hospital)| {
        small(move |world| {
            let south = world.hospitals.iter_mut().find(|one| one.key == "south").unwrap();
            edit(south);
        })
    };
    let both = ["north".to_owned(), "south".to_owned()];
    assert_eq!(doing(&south(|_| ()), "stroke", 1), both);
    let without = south(|one| {
        one.emergency_level = None;
        one.assumed.retain(|path| path != "emergency_level");
    });
    assert_eq!(doing(&without, "stroke", 1), both[..1]);
    let with_unit = south(|one| {
        one.emergency_level = None;
        one.assumed.retain(|path| path != "emergency_level");
        one.facilities.push(Facility::new("stroke_unit"));
    });
    assert_eq!(doing(&with_unit, "stroke", 1), both);
    // A department of neurology with a CT alone is no door either.
    let neurology = south(|one| {
        one.emergency_level = None;
        one.assumed.retain(|path| path != "emergency_level");
        one.departments.push(Department::new("neurology"));
    });
    assert_eq!(doing(&neurology, "stroke", 1), both[..1]);
}

#[test]
fn no_link_is_suggested_to_a_site_without_an_emergency_stage() {
    let receivers = |edit: fn(&mut Hospital)| -> Vec<String> {
        let region = small(move |world| {
            world.cooperations.retain(|one| one.key != "tele-stroke");
            let south = world.hospitals.iter_mut().find(|one| one.key == "south").unwrap();
            edit(south);
        });
        let network = region.network();
        let pathways: Vec<&Pathway> = network.catalog().pathways.iter().collect();
        let what = Sought { kind: CandidateKind::Telemedicine, field: "neurology" };
        let found = suggest(&region, &pathways, what, 3, &Query::default()).unwrap();
        found.ranked.iter().map(|one| network[one.to].key.clone()).collect()
    };
    assert_eq!(receivers(|_| ()), ["south"]);
    let none: Vec<String> = Vec::new();
    let closed = receivers(|one| {
        one.emergency_level = None;
        one.assumed.retain(|path| path != "emergency_level");
    });
    assert_eq!(closed, none);
}
