//! `verbund rules` as a user runs it.

use assert_cmd::Command;
use serde_json::Value;

fn run(arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("verbund"));
    let output = command.env("LC_ALL", "C").arg("rules").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json(arguments: &[&str]) -> Value {
    let (code, out, error) = run(&[arguments, &["--format", "json"]].concat());
    assert_eq!((code, error.as_str()), (0, ""));
    serde_json::from_str(&out).unwrap()
}

#[test]
fn elisabeth_lacks_nephrology_for_urology() {
    // 38: site 14 1 64, which Elisabeth has; cooperation 5, which nobody supplies it with.
    let value = json(&["groups", "st-elisabeth-leipzig"]);
    let groups = value["tables"]["groups"].as_array().unwrap();
    let urology = groups.iter().find(|row| row["group"] == "38").unwrap();
    assert_eq!(urology["verdict"], "missing");
    assert_eq!(urology["how"][0], "5 on site or by cooperation");
    assert_eq!(value["tables"]["service_groups"].as_array().unwrap().len(), 1);
}

#[test]
fn one_group_shows_what_annex_1_asks_for() {
    let value = json(&["groups", "--group", "54"]);
    assert_eq!(value["about"]["needs_on_site"], "1 53 64");
    assert_eq!(value["about"]["needs_on_site_or_by_cooperation"], "52 any(18|19|20)");
}

#[test]
fn unlocks_of_a_district_stay_within_it_and_within_the_journey() {
    let value = json(&["groups", "--unlock", "--district", "nordsachsen", "--within", "30"]);
    let rows = value["tables"]["unlocks"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.len() <= 10);
    let sites = ["kkh-", "collm-", "waldkrankenhaus-", "fkh-hubertusburg", "skh-altscherbitz"];
    for row in rows {
        assert!(row["minutes"].as_f64().unwrap() <= 30.0);
        for unlocked in row["unlocked_groups"].as_array().unwrap() {
            let text = unlocked.as_str().unwrap();
            assert!(sites.iter().any(|site| text.starts_with(site)), "{text}");
        }
    }
    let one = json(&["groups", "--unlock", "--limit", "1"]);
    assert_eq!(one["tables"]["unlocks"].as_array().unwrap().len(), 1);
}

#[test]
fn a_cross_sector_site_is_level_1i() {
    let value = json(&["levels", "--cross-sector", "sana-wurzen"]);
    let rows = value["tables"]["levels"].as_array().unwrap();
    let wurzen = rows.iter().find(|row| row["hospital"] == "sana-wurzen").unwrap();
    assert_eq!(wurzen["federal_level"], "1i");
    // A day clinic of a hospital nearby is no site of its own.
    let (code, _, error) = run(&["levels", "--cross-sector", "st-georg-tkv5-karlsruher"]);
    assert!(code == 2 && error.contains("it has no inpatients"), "{error}");
}

#[test]
fn a_group_that_is_offered_and_missing_itself_is_no_cause() {
    let strict =
        ["groups", "herzzentrum-leipzig", "--group", "10", "--no-level-f", "--no-other-agreements"];
    let value = json(&strict);
    let row = &value["tables"]["groups"][0];
    assert_eq!(row["verdict"], "missing");
    let how: Vec<&str> =
        row["how"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    // What it offers itself is there once what that lacks is.
    assert!(how.last().unwrap().starts_with("of these offered here: "), "{how:?}");
    assert!(how[0].starts_with('1') && how[0].ends_with("on site"), "{how:?}");
    // As a specialised hospital it may have all of it from partners, and nobody published its agreements.
    let value = json(&["groups", "herzzentrum-leipzig"]);
    let rows = value["tables"]["groups"].as_array().unwrap();
    let verdict =
        |group: &str| rows.iter().find(|row| row["group"] == group).unwrap()["verdict"].clone();
    for group in ["10", "11", "12", "13", "21"] {
        assert_ne!(verdict(group), "missing", "{group}");
    }
    assert!(rows.iter().all(|row| !row["how"].to_string().contains(" on site,")), "{rows:?}");
}

#[test]
fn every_wrong_name_is_told_at_once() {
    let (code, out, error) =
        run(&["groups", "kkh-torgua", "--group", "3", "--indispensable", "nowhere"]);
    assert_eq!((code, out.as_str()), (2, ""));
    for part in ["kkh-torgua", "did you mean", "--group 3: annex 1 has no", "\"nowhere\""] {
        assert!(error.contains(part), "{part}: {error}");
    }
    let (code, _, error) = run(&["groups", "--unlock", "--district", "nordsaxen"]);
    assert_eq!(code, 2);
    assert!(error.contains("unknown district \"nordsaxen\""), "{error}");
    let (code, _, error) = run(&["groups", "ukl-leipzig-marschnerstr"]);
    assert_eq!(code, 2);
    assert!(error.contains("no inpatients"), "{error}");
    assert_eq!(run(&["groups", "--limit", "3"]).0, 2);
}
