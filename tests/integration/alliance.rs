//! Alliances: membership changes nothing in care, and members are compared with every fault of their figures told.

use std::path::Path;

use verbund::Region;
use verbund::alliance::{
    CareMoved, ComparisonSettings, ComputedSettings, IndicatorTable, ReleaseSettings,
    alliance_view, compare_members, computed_indicators, concentrate, published_indicators,
    read_indicators, release, without_member,
};
use verbund::random::Seed;
use verbund::routing::{Choice, ChoiceModel};
use verbund::scenario::Scenario;

use crate::common::dated_change;
use crate::run::{json, refused, text};

/// Leverkusen as a hospital of the network, 400 km away, which then joins the alliance.
const LEVERKUSEN: &str = r#"OpenHospital(
    id: "klinikum-leverkusen", name: "Klinikum Leverkusen", operator: "Klinikum Leverkusen gGmbH",
    ownership: Public, position: (lat: 51.0255, lon: 7.0163), outside: true, beds: 569,
    departments: [(specialty: "internal_medicine", beds: 200)], sources: ["destatis-hospitals-2021"],
)"#;

fn leverkusen_joins(region: &Region) -> Scenario {
    // Any source of the file will do: what it says of the hospital is not the point.
    let source = region.network().sources().keys().next().unwrap();
    let opens = LEVERKUSEN.replace("destatis-hospitals-2021", source);
    let joins = r#"JoinAlliance(alliance: "akg", hospital: "klinikum-leverkusen")"#;
    let text = format!(
        r#"(format: 1, id: "leverkusen", name: "Leverkusen joins", source: "akg-members", changes: [{}{}])"#,
        dated_change("2026-06-01", &opens),
        dated_change("2026-07-01", joins),
    );
    Scenario::read(&text, "leverkusen.ron", region.network(), region.places()).unwrap()
}

#[test]
fn after_leverkusen_joins_the_alliance_has_one_member_more_and_nothing_in_care_has_changed() {
    let region = Region::leipzig().unwrap();
    let scenario = leverkusen_joins(&region);
    let on = |day: &str| region.apply(&[&scenario], day.parse().unwrap()).unwrap();
    let (before, after) = (on("2026-06-30"), on("2026-07-01"));

    // One member more, of those that the network holds and of all.
    let view = |region: &Region| alliance_view(region.network(), "akg").unwrap();
    assert_eq!(view(&after).in_network, view(&before).in_network + 1);
    assert_eq!(
        view(&after).alliance.total_members,
        view(&before).alliance.total_members.map(|total| total + 1)
    );

    // The comparison has its column.
    let settings = ComputedSettings::new(ChoiceModel::Huff.usual()).without_pathways();
    let compared = |region: &Region| -> IndicatorTable {
        computed_indicators(region, "akg", &settings).unwrap()
    };
    let beds = |table: &IndicatorTable| {
        let comparison = compare_members(table, &ComparisonSettings::default()).unwrap();
        let members = &comparison.indicators[table.find_indicator("beds").unwrap()].members;
        let keys = members.iter().map(|figure| table.members[figure.member].key.clone());
        keys.collect::<Vec<_>>()
    };
    let (then, now) = (beds(&compared(&before)), beds(&compared(&after)));
    assert_eq!(now.len(), then.len() + 1);
    assert!(now.contains(&"klinikum-leverkusen".to_owned()) && !then.contains(&now[now.len() - 1]));

    // Nothing in care has changed: no standard, no pathway, no case.
    let moved = CareMoved::between(&before, &after, Choice::Nearest).unwrap();
    assert!(moved.is_nothing(), "{moved:?}");
}

#[test]
fn results_are_written_with_keys_and_seconds() {
    let region = Region::open("networks/small").unwrap();
    let without = without_member(&region, "example-group", "south", Choice::Nearest).unwrap();
    let written = serde_json::to_value(region.keyed(&without)).unwrap();
    assert_eq!(written["member"], "south");
    let standards = written["closed"]["standards"].as_array().unwrap();
    assert!(standards.iter().any(|standard| standard["lost"].as_u64() > Some(0)));
    assert!(written["closed"]["stages"][0]["before_seconds"].is_number());

    let view = alliance_view(region.network(), "example-group").unwrap();
    let written = serde_json::to_value(region.keyed(&view)).unwrap();
    assert_eq!(written["members"][0]["hospital"], "north");
    let settings = ComputedSettings::new(Choice::Nearest);
    let table = computed_indicators(&region, "example-group", &settings).unwrap();
    let comparison = compare_members(&table, &ComparisonSettings::default()).unwrap();
    assert!(serde_json::to_value(region.keyed(&comparison)).unwrap()["indicators"].is_array());
    let written = serde_json::to_value(region.keyed(&table)).unwrap();
    assert_eq!(written["members"][1]["hospital"], "south");
}

#[test]
fn figures_of_the_small_network_are_those_of_a_hand_calculation() {
    let region = Region::open("networks/small").unwrap();
    let settings = ComputedSettings::new(Choice::Nearest);
    let table = computed_indicators(&region, "example-group", &settings).unwrap();
    let year = region.network().date().year();
    let value = |key: &str, member: usize| {
        let indicator = table.find_indicator(key).unwrap_or_else(|| panic!("{key}"));
        let entries = table.in_year(indicator, year);
        entries.iter().find(|entry| entry.member == member).map(|entry| entry.figure.value())
    };
    // As network.ron has it: north 200 beds, five departments, extended stage; south 80, three, basic.
    assert_eq!((value("beds", 0), value("beds", 1)), (Some(200.0), Some(80.0)));
    assert_eq!((value("departments", 0), value("departments", 1)), (Some(5.0), Some(3.0)));
    assert_eq!((value("emergency_stage", 0), value("emergency_stage", 1)), (Some(2.0), Some(1.0)));
    assert_eq!((value("beds_neurology", 0), value("beds_neurology", 1)), (Some(20.0), None));
    // North works with south and with west.
    assert_eq!(value("partners", 0), Some(2.0));
    // The people of a catchment are no more than all people.
    let people: u64 = region.places().places.iter().map(|place| place.population.people()).sum();
    let catchments = value("catchment", 0).unwrap() + value("catchment", 1).unwrap();
    assert!(catchments > 0.0 && catchments <= people as f64 * (1.0 + 1e-9));
}

#[test]
fn a_field_goes_where_the_fewest_lose_care() {
    let region = Region::open("networks/small").unwrap();
    let options =
        concentrate(&region, "example-group", "internal_medicine", Choice::Nearest).unwrap();
    let lost = |position: usize| -> (usize, u64) {
        let moved = &options[position].moved;
        (moved.fallen().len(), moved.standards.iter().map(|standard| standard.lost).sum())
    };
    assert!(lost(0) <= lost(1));
    assert_ne!(options[0].at, options[1].at);
    assert_eq!(options[0].from, [options[1].at.clone()]);
}

#[test]
fn a_release_of_figures_has_letters_and_no_small_count_that_can_be_worked_out() {
    let region = Region::leipzig().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = write_figures(folder.path());
    let table = read_indicators(region.network(), "akg", &path("d.csv"), &path("f.csv")).unwrap();
    let released = release(&table, ReleaseSettings::new(Seed(7))).unwrap();
    let again = release(&table, ReleaseSettings::new(Seed(7))).unwrap();
    assert_eq!(released, again);
    let written = serde_json::to_string(&released).unwrap();
    for name in ["georg", "Fulda", "chemnitz"] {
        assert!(!written.contains(name), "{written}");
    }
    let shown = released.tables[0].counts.iter().flatten().flatten();
    assert!(shown.into_iter().all(|count| *count >= 5));
}

/// A dictionary and figures of two members in a folder.
fn write_figures(folder: &Path) -> impl Fn(&str) -> std::path::PathBuf {
    let dictionary = "id,name,kind,direction,unit,per,reference,source,definition\n\
        falls,Falls,share,lower,%,100,0.02,agreed,falls of inpatients\n";
    let figures = "member,year,indicator,count,denominator,expected,unit\n\
        st-georg-leipzig,2023,falls,3,400,,%\nst-georg-leipzig,2024,falls,40,900,,\n\
        chemnitz-klinikum,2023,falls,50,1000,,\nchemnitz-klinikum,2024,falls,61,1100,,\n\
        Klinikum Fulda,2023,falls,70,1000,,\nKlinikum Fulda,2024,falls,20,1000,,\n";
    std::fs::write(folder.join("d.csv"), dictionary).unwrap();
    std::fs::write(folder.join("f.csv"), figures).unwrap();
    let folder = folder.to_owned();
    move |name| folder.join(name)
}

#[test]
fn the_program_lists_alliances_and_shows_one() {
    let listed = json(&["alliance"]);
    let rows = listed["tables"]["alliances"].as_array().unwrap();
    let akg = rows.iter().find(|row| row["alliance"] == "akg").unwrap();
    assert_eq!((akg["members"].as_u64(), akg["total_members"].as_u64()), (Some(17), Some(30)));
    assert_eq!(json(&["info", "--list", "alliances"])["tables"], listed["tables"]);

    let shown = json(&["alliance", "akg"]);
    assert_eq!(shown["tables"]["members"].as_array().unwrap().len(), 17);
    assert_eq!(shown["tables"]["totals"][4]["beds"], 53_000);
    assert!(shown["about"]["effect_on_care"].as_str().unwrap().contains("changes nothing"));
    let hospital = json(&["info", "st-georg-leipzig"]);
    let record = hospital["tables"]["hospital"].as_array().unwrap();
    let alliances = record.iter().find(|row| row["field"] == "alliances").unwrap();
    assert!(alliances["value"].as_str().unwrap().contains("akg"));
}

#[test]
fn a_scenarios_join_and_leave_show_up() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("tenth.ron");
    let joins = r#"JoinAlliance(alliance: "tessa", hospital: "kkh-torgau")"#;
    let leaves = r#"LeaveAlliance(alliance: "tessa", hospital: "kkh-eilenburg")"#;
    let changes = [dated_change("2026-07-01", joins), dated_change("2026-07-01", leaves)].concat();
    let text = format!(
        r#"(format: 1, id: "tenth", name: "Torgau for Eilenburg", source: "invented", changes: [{changes}])"#
    );
    std::fs::write(&scenario, text).unwrap();
    let file = scenario.display().to_string();
    let shown = json(&["alliance", "tessa", "--scenario", &file]);
    let members = shown["tables"]["members"].as_array().unwrap();
    let keys: Vec<&str> = members.iter().map(|row| row["member"].as_str().unwrap()).collect();
    assert_eq!(keys, ["st-georg-leipzig", "fkh-hubertusburg", "kkh-delitzsch", "kkh-torgau"]);
    assert!(shown["title"].as_str().unwrap().contains("Torgau for Eilenburg"));
}

#[test]
fn the_program_compares_members_by_what_is_public_and_says_what_that_cannot_say() {
    let compared = json(&["alliance", "akg", "--compare", "--member", "st-georg-leipzig"]);
    let rows = compared["tables"]["member"].as_array().unwrap();
    let beds = rows.iter().find(|row| row["indicator_name"] == "Beds of the operator").unwrap();
    assert_eq!((beds["indicator_value"].as_f64(), beds["rank"].as_u64()), (Some(869.0), Some(3)));
    // On a screen a remark may go on in the next line.
    let shown = text(&["alliance", "akg", "--compare", "--indicator", "operator_departments"]);
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("Vivantes Berlin") && words.contains("say nothing of quality"),
        "{words}"
    );

    let region = Region::leipzig().unwrap();
    let table = published_indicators(region.network(), "akg").unwrap();
    assert_eq!(compared["tables"]["not_compared"].as_array().unwrap().len(), 0);
    assert!(table.find_indicator("operator_beds").is_some());
}

#[test]
fn the_program_compares_figures_of_files_and_names_every_fault() {
    let folder = tempfile::tempdir().unwrap();
    let path = write_figures(folder.path());
    let files = |name: &str| path(name).display().to_string();
    let (dictionary, figures) = (files("d.csv"), files("f.csv"));
    let given = ["alliance", "akg", "--dictionary", &dictionary, "--figures", &figures];
    let with = |more: &[&str]| json(&[&given[..], more].concat());

    let compared = with(&["--compare", "--indicator", "falls", "--year", "2023"]);
    let rows = compared["tables"]["members"].as_array().unwrap();
    assert_eq!((rows.len(), rows[0]["events"].as_u64()), (3, Some(3)));
    assert_eq!(rows[0]["indicator_value"], 0.75);
    assert_eq!(rows[2]["is_unusual"], true);

    let years = with(&["--over-years", "falls", "--member", "Klinikum Fulda"]);
    assert_eq!(years["tables"]["years"].as_array().unwrap().len(), 2);
    let released = with(&["--release", "4711"]);
    let rows = released["tables"]["release"].as_array().unwrap();
    assert_eq!(rows.len(), 3 * (17 + 1));
    assert!(rows.iter().all(|row| row["released_count"].as_u64().is_none_or(|count| count >= 5)));

    let broken = std::fs::read_to_string(path("f.csv")).unwrap();
    let broken = broken.replace("61,1100", "61,60").replace("Klinikum Fulda,2023", "Fulda,2023");
    std::fs::write(path("f.csv"), broken).unwrap();
    refused(
        &[&given[..], &["--compare"]].concat(),
        &["f.csv:5:4: row 5, field count: 61 events are more than the 60 cases", "f.csv:6:1:"],
    );
}

#[test]
fn the_program_refuses_what_is_no_alliance_member_or_field() {
    refused(&["alliance", "agk"], &["unknown alliance \"agk\"", "akg"]);
    refused(&["alliance", "akg", "--without", "ukl-leipzig"], &["\"ukl-leipzig\" is no hospital"]);
    refused(&["alliance", "akg", "--concentrate", "magic"], &["unknown field \"magic\""]);
    refused(&["alliance", "gerinah", "--concentrate", "geriatrics"], &["expected two or more"]);
    refused(&["alliance", "akg", "--compare", "--level", "10"], &["--level 10"]);
    // A flag that would say nothing is told.
    refused(&["alliance", "akg", "--threshold", "9"], &["--release"]);
    refused(&["alliance", "akg", "--year", "2021"], &["--compare"]);
    refused(&["alliance", "akg", "--member", "st-georg-leipzig"], &["--over-years"]);
    let of_luck = ["alliance", "akg", "--compare", "--indicator", "luck"];
    refused(&of_luck, &["unknown indicator \"luck\"", "operator_beds"]);
}
