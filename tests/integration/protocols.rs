//! Cooperations under two protocols side by side, as the program prints them.

use serde_json::Value;

use crate::doors::copy_of_small;
use crate::run::{json, output, text};

fn rows<'v>(value: &'v Value, table: &str) -> &'v Vec<Value> {
    value["tables"][table].as_array().unwrap_or_else(|| panic!("table {table}"))
}

#[test]
fn all_cooperations_are_valued_under_both_protocols_and_under_one_when_asked() {
    let value = json(&["cooperation", "--network", "small"]);
    assert_eq!(
        value["about"]["protocol"],
        "nearest door first (leading); beside it free choice of the first door"
    );
    for figure in ["cases_over", "hours_saved", "hours_saved_alone", "hours_shapley", "rank"] {
        for row in rows(&value, "cooperations") {
            for protocol in ["nearest_door", "free"] {
                let key = format!("{figure}_{protocol}");
                assert!(row[&key].is_number(), "{key}: {row}");
            }
        }
    }
    // One protocol alone has the same figures as beside the other one.
    for (rule, protocol) in [("nearest-door", "nearest_door"), ("free", "free")] {
        let alone = json(&["cooperation", "--network", "small", "--protocol", rule]);
        for row in rows(&alone, "cooperations") {
            let same = |other: &&Value| other["cooperation"] == row["cooperation"];
            let both = rows(&value, "cooperations").iter().find(same).unwrap();
            for figure in ["cases_over", "hours_saved", "hours_saved_alone", "hours_shapley"] {
                let key = format!("{figure}_{protocol}");
                assert_eq!(row[&key], both[&key], "{key}");
            }
            let other = if protocol == "free" { "nearest_door" } else { "free" };
            assert!(row.get(format!("hours_saved_{other}")).is_none(), "{row}");
        }
    }
    let bypass =
        json(&["cooperation", "--network", "small", "--protocol", "bypass", "--detour", "10"]);
    assert!(rows(&bypass, "cooperations")[0]["hours_saved_bypass"].is_number());
    let direct = json(&["cooperation", "--network", "small", "--protocol", "direct-to-centre"]);
    assert!(rows(&direct, "cooperations")[0]["hours_saved_direct_to_centre"].is_number());
}

#[test]
fn a_transfer_agreement_is_worth_something_by_the_nearest_door_only() {
    // Of the small network no hospital does thrombectomies; the transfer for strokes that need a stroke
    // unit is none of the pathway. So the region is taken: Eilenburg hands on to St. Georg.
    let value = json(&["cooperation", "--pathway", "stroke_lvo"]);
    let row = rows(&value, "cooperations")
        .iter()
        .find(|row| row["cooperation"] == "tessa-transfer-eilenburg")
        .unwrap();
    assert_eq!(row["hours_saved_free"].as_f64(), Some(0.0));
    assert!(row["hours_saved_nearest_door"].as_f64() > Some(1.0), "{row}");
    // Thrombolysis has a row of its own.
    let used = rows(&value, "by_pathway");
    let until = |row: &&Value| row["cooperation"] == "tessa-hubertusburg-eilenburg";
    let stages: Vec<&Value> = used.iter().filter(until).map(|row| &row["until"]).collect();
    assert_eq!(stages, ["thrombectomy", "thrombolysis"]);
    // Where links cost time, it is told in which pathway and until which stage.
    let costs = rows(&value, "costs").iter().filter(|row| row["what"] == "all Telemedicine");
    let costs: Vec<(&str, bool)> = costs
        .map(|row| {
            let saved = row["hours_saved_nearest_door"].as_f64().unwrap();
            (row["until"].as_str().unwrap(), saved < 0.0)
        })
        .collect();
    assert!(costs.contains(&("thrombectomy", true)), "{costs:?}");
    assert!(costs.iter().any(|(until, _)| *until == "thrombolysis"), "{costs:?}");
    let shown = text(&["cooperation", "--pathway", "stroke_lvo"]);
    assert!(shown.contains("Nearest: the ambulance goes to the nearest hospital"), "{shown}");
}

#[test]
fn one_cooperation_and_suggestions_have_both_protocols_too() {
    let value =
        json(&["cooperation", "tele-stroke", "--network", "small", "--hours", "Mon-Fri 8-16"]);
    let changes = rows(&value, "changes");
    assert!(!changes.is_empty());
    for row in changes {
        for key in ["hours_lost_nearest_door", "hours_lost_free", "people_sooner_free"] {
            assert!(row.get(key).is_some(), "{key}: {row}");
        }
    }
    for table in ["alone", "replaces"] {
        let row = &rows(&value, table)[0];
        let keys = row.as_object().unwrap().keys();
        let has = |end: &str| keys.clone().any(|key| key.ends_with(end));
        assert!(has("_nearest_door") && has("_free"), "{row}");
    }
    let suggest = ["cooperation", "--suggest", "telemedicine", "--field", "neurology"];
    let value = json(&suggest);
    for (table, key) in [
        ("chosen_nearest_door", "hours_saved_nearest_door"),
        ("chosen_free", "hours_saved_free"),
        ("ranked", "hours_saved_nearest_door"),
        ("ranked", "hours_saved_free"),
    ] {
        assert!(rows(&value, table)[0][key].is_number(), "{table} {key}");
    }
    let free = json(&[&suggest[..], &["--protocol", "free"]].concat());
    assert!(free["tables"].get("chosen_nearest_door").is_none());
    let by_free = |value: &Value| -> Vec<(String, f64)> {
        let rows = rows(value, "chosen_free").iter();
        rows.map(|row| (row["to"].to_string(), row["hours_saved_free"].as_f64().unwrap())).collect()
    };
    assert_eq!(by_free(&free), by_free(&value));
}

#[test]
fn the_share_of_drip_and_ship_stands_beside_the_published_one() {
    let value = json(&["pathway", "stroke_lvo"]);
    let protocols = rows(&value, "protocols");
    let share = |at: usize| protocols[at]["share_transfer"].as_f64().unwrap();
    assert_eq!(protocols[0]["protocol"], "nearest door first");
    assert_eq!(protocols[1]["protocol"], "free choice of the first door");
    assert!(share(0) > 0.1 && share(0) < 0.5, "{}", share(0));
    // Nobody is handed on who could have gone direct, and everybody could.
    assert_eq!(share(1), 0.0);
    let notes = value["notes"]["protocols"].to_string();
    assert!(notes.contains("31.3 % (Hesse, 2019)") && notes.contains("19.4 % (Hesse, 2012)"));
    // Under another protocol that one stands beside the two.
    let bypass = json(&["pathway", "stroke_lvo", "--protocol", "bypass", "--detour", "20"]);
    assert_eq!(rows(&bypass, "protocols").len(), 3);
    // The report says which one leads, and why.
    let report = json(&["report"]);
    let notes = report["notes"]["cooperations"].to_string();
    assert!(notes.contains("Nearest door leads: of stroke_lvo"), "{notes}");
    assert!(notes.contains("which is nearer to what was published"), "{notes}");
    let published = rows(&report, "published");
    let drip = published.iter().filter(|row| row["name"] == "Thrombectomies after a transfer");
    for row in drip {
        assert_eq!(row["model_value"].as_f64(), Some(share(0)));
    }
}

#[test]
fn a_figure_of_patients_who_are_handed_on_needs_a_pathway_of_the_catalog() {
    for (figure, message) in [
        ("value: 0.3, pathway: \"strok_lvo\"", "did you mean \"stroke_lvo\"?"),
        ("value: 0.3", "belongs to a share of patients who are handed on"),
        ("value: 31.3, pathway: \"stroke_lvo\"", "expected 0 to 1, as a share"),
    ] {
        let published = format!(
            "published: [(measure: ShareHandedOn, name: \"x\", {figure}, year: 2019, area: \"x\", source: \"invented\")],\n    omitted:"
        );
        let (_folder, path) = copy_of_small("omitted:", &published);
        let (code, out, error) = output(&["check", "--network", &path]);
        let told = format!("{out}{error}");
        assert!(code == 1 && told.contains(message), "{figure}: {told}");
    }
}

#[test]
fn what_hurts_when_it_fails_is_told_under_both_protocols_or_the_named_one() {
    let value = json(&["critical", "stroke_lvo"]);
    let rows = value["tables"]["critical"].as_array().unwrap();
    let of = |protocol: &str| rows.iter().filter(|row| row["protocol"] == protocol).count();
    assert!(of("nearest_door") > 0 && of("free") > 0);
    assert_eq!(of("nearest_door") + of("free"), rows.len());

    // Each half is what its protocol alone gives.
    for (flag, key) in [("nearest-door", "nearest_door"), ("free", "free")] {
        let alone = json(&["critical", "stroke_lvo", "--protocol", flag]);
        let half: Vec<_> = rows.iter().filter(|row| row["protocol"] == key).cloned().collect();
        assert_eq!(alone["tables"]["critical"], serde_json::Value::Array(half));
    }
}

#[test]
fn an_added_link_that_can_serve_nothing_is_told_with_the_reason() {
    // Oschatz has CT and a basic stage; the Waldkrankenhaus has a CT and no stage.
    let add = |to: &str| format!("telemedicine st-georg-leipzig {to} neurology");
    let condition = ["cooperation", "--pathway", "stroke"];
    for command in [&condition[..], &["pathway", "stroke"], &["critical", "stroke"]] {
        let value = json(&[command, &["--add", &add("waldkrankenhaus-bad-dueben")]].concat());
        let told = value["about"]["serves_nothing"].as_str().unwrap_or_default();
        assert!(told.contains("MediClin Waldkrankenhaus Bad Düben has no"), "{command:?}: {told}");
        assert!(told.contains("emergency level Basic or higher or stroke unit"), "{told}");
        let value = json(&[command, &["--add", &add("collm-klinik-oschatz")]].concat());
        assert!(value["about"].get("serves_nothing").is_none());
    }
}
