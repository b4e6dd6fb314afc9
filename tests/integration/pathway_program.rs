//! Care pathways as a user of the program asks for them.

use serde_json::Value;

use crate::run::{json, output, refused, text};

/// The row of a table whose column has this value.
#[track_caller]
fn row<'v>(value: &'v Value, table: &str, column: &str, wanted: &str) -> &'v Value {
    let rows = value["tables"][table].as_array().unwrap();
    rows.iter().find(|row| row[column] == wanted).unwrap_or_else(|| panic!("{wanted} in {value}"))
}

const STROKE: [&str; 4] = ["pathway", "stroke", "--network", "small"];

const DEDORF: [&str; 9] =
    ["route", "--from", "Dedorf", "--pathway", "stroke", "--network", "small", "--at", "Sat 03:00"];

#[test]
fn the_stroke_pathway_of_the_small_network_by_hand() {
    // Before the journey 2 + 1.5 + 8 + 20 = 31.5 minutes; imaging 25 from the door, handover in it;
    // thrombolysis 10. In the north: 31.5 + n + 25 = 56.5 + n until imaging is done, 66.5 + n until
    // thrombolysis. In the south, with the north's neurologist on screen: 10 minutes of consult more.
    //
    //            n    s   door   start  done   thousands of people (three quarters are 18+)
    //   Adorf    5   35   36.5    61.5   71.5   1   north
    //   Bedorf  10   30   41.5    66.5   76.5   2   north
    //   Cedorf  20   20   51.5    76.5   86.5   4   north
    //   Dedorf  35    5   36.5    71.5   81.5   8   south, telemedicine
    //   Edorf   75   35   66.5   101.5  111.5  16   south, telemedicine
    let value = json(&STROKE);
    let door = row(&value, "stages", "stage", "door");
    // (36.5 + 83 + 206 + 292 + 1064) / 31
    assert_eq!(door["start_mean_minutes"], 54.2419);
    let last = row(&value, "stages", "stage", "thrombolysis");
    // (61.5 + 133 + 306 + 572 + 1624) / 31, and 10 minutes later
    assert_eq!(last["start_mean_minutes"], 86.9839);
    assert_eq!(last["done_mean_minutes"], 96.9839);
    // 16 of 31 thousand people are in Edorf: median and P90 are its time.
    assert_eq!(last["done_median_minutes"], 111.5);
    assert_eq!(last["done_p90_minutes"], 111.5);
    assert_eq!(last["done_p90_days"], 0.0774);
    assert_eq!(last["share_without_way"], 0.0);
    // Within 60 minutes at the door and 90 until thrombolysis: all but Edorf, 15 of 31.
    let target = row(&value, "targets", "target", "call to needle");
    assert_eq!(
        (&target["share_within_limit"], &target["people_beyond"]),
        (&0.4839.into(), &12_000.into())
    );
    assert_eq!(
        row(&value, "targets", "target", "call to arrival at the first door")["share_within_limit"],
        0.4839
    );
    // From the door to the needle 25 minutes in the north (7 of 31), 35 with telemedicine.
    let target = row(&value, "targets", "target", "door to needle");
    assert_eq!(
        (&target["limit_minutes"], &target["share_within_limit"]),
        (&30.into(), &0.2258.into())
    );
    // With telemedicine: Dedorf and Edorf, 24 of 31.
    assert_eq!(row(&value, "ways", "way", "telemedicine")["share"], 0.7742);
    assert_eq!(row(&value, "ways", "way", "direct")["share"], 0.2258);
    assert_eq!(row(&value, "ways", "way", "transfer")["share"], 0.0);
    let used = row(&value, "cooperations", "cooperation", "tele-stroke");
    assert_eq!((&used["from"], &used["to"]), (&"north".into(), &"south".into()));
    assert_eq!((&used["stage"], &used["is_assumed"]), (&"thrombolysis".into(), &false.into()));
    assert_eq!(value["tables"]["worst_places"][0]["place_name"], "Edorf");
    assert_eq!(value["tables"]["without_way"], Value::Array(Vec::new()));
}

#[test]
fn without_the_tele_link_everybody_goes_north() {
    let mut command = STROKE.to_vec();
    command.extend(["--without", "tele-stroke"]);
    let value = json(&command);
    // 71.5, 76.5, 86.5, 101.5 and 141.5 minutes: (71.5 + 153 + 346 + 812 + 2264) / 31.
    let last = row(&value, "stages", "stage", "thrombolysis");
    assert_eq!(last["done_mean_minutes"], 117.629);
    assert_eq!(row(&value, "ways", "way", "direct")["share"], 1.0);
    assert_eq!(value["about"]["without"], "tele-stroke");
}

#[test]
fn protocols_choose_the_first_door() {
    // The stroke pathway takes for a door who can do thrombolysis. Without telemedicine that is the
    // north alone: 101.5 minutes for Dedorf, 141.5 for Edorf.
    let ends = |more: &[&str]| {
        let mut command = STROKE.to_vec();
        command.extend(["--by", "place"]);
        command.extend(more);
        let value = json(&command);
        ["Cedorf", "Dedorf", "Edorf"].map(|place| {
            row(&value, "places", "place_name", place)["done_mean_minutes"].as_f64().unwrap()
        })
    };
    let nearest = ["--protocol", "nearest-door"];
    let without = [&nearest[..], &["--without", "tele-stroke"]].concat();
    assert_eq!(ends(&without), [86.5, 101.5, 141.5]);
    // With it, the south is nearer for Dedorf (81.5) and Edorf (111.5); Cedorf is as far from both, and
    // the smaller key is the north.
    assert_eq!(ends(&nearest), [86.5, 81.5, 111.5]);
    // A centre, which does all stages itself, is 30 minutes later for Dedorf, 40 for Edorf.
    assert_eq!(ends(&["--protocol", "bypass", "--detour", "29"]), [86.5, 81.5, 111.5]);
    assert_eq!(ends(&["--protocol", "bypass", "--detour", "30"]), [86.5, 101.5, 111.5]);
    assert_eq!(ends(&["--protocol", "direct-to-centre"]), [86.5, 101.5, 141.5]);
}

#[test]
fn one_person_leg_by_leg_with_clock_times() {
    // 31.5 minutes until departure, 5 on the road, 25 imaging and 7.5 handover from the door, 10 consult,
    // 10 thrombolysis.
    let value = json(&DEDORF);
    let legs = value["tables"]["legs"].as_array().unwrap();
    let lines: Vec<(&str, &str, f64)> = legs
        .iter()
        .map(|leg| {
            let word = |key: &str| leg[key].as_str().unwrap();
            (word("event"), word("clock"), leg["minutes"].as_f64().unwrap())
        })
        .collect();
    let expected = [
        ("call", "Sat 03:00", 0.0),
        ("departure", "Sat 03:31", 31.5),
        ("door", "Sat 03:36", 36.5),
        ("start", "Sat 03:36", 36.5),
        ("handed_over", "Sat 03:44", 44.0),
        ("done", "Sat 04:01", 61.5),
        ("start", "Sat 04:11", 71.5),
        ("done", "Sat 04:21", 81.5),
    ];
    assert_eq!(lines, expected);
    assert_eq!(legs[6]["partner"], "north");
    assert_eq!(legs[6]["cooperation"], "tele-stroke");
    insta::assert_snapshot!(text(&DEDORF));
}

#[test]
fn the_pareto_set_has_a_block_for_each_route() {
    // Without the link: north at once (imaging done at 91.5, thrombolysis at 101.5), or imaging in the
    // south (61.5) and a transfer: arrival at 36.5, departure 92 minutes later, 40 on the road, 10.
    let mut command = DEDORF.to_vec();
    command.extend(["--all", "--without", "tele-stroke"]);
    let value = json(&command);
    let routes = value["tables"]["routes"].as_array().unwrap();
    let ends: Vec<(u64, f64)> = routes
        .iter()
        .map(|row| (row["route"].as_u64().unwrap(), row["done_minutes"].as_f64().unwrap()))
        .collect();
    assert_eq!(ends, [(1, 91.5), (1, 101.5), (2, 61.5), (2, 178.5)]);
    let transfer = row(&value, "legs", "event", "transfer_departure");
    assert_eq!(
        (&transfer["cooperation"], &transfer["minutes"]),
        (&"transfer".into(), &128.5.into())
    );
    // The agreement's terms are assumed.
    let assumed = row(&value, "assumed", "field", "terms");
    assert_eq!(assumed["entities"][0], "transfer");
}

#[test]
fn the_moment_is_said_when_it_was_not_given() {
    let value = json(&DEDORF[..7]);
    assert_eq!(value["about"]["moment"], "Mon 12:00, because no --at is given");
    assert_eq!(json(&DEDORF)["about"]["moment"], "Sat 03:00");
}

#[test]
fn what_nobody_can_do_here_is_listed_and_an_error_alone() {
    let value = json(&["pathway", "--network", "small"]);
    let one = row(&value, "pathways", "pathway", "stroke_lvo");
    assert_eq!(one["note"], "cannot be done here: no hospital for stage thrombectomy");
    assert!(one["done_mean_minutes"].is_null());
    // Start 87 and end 97: the figures of the pathway itself.
    assert_eq!(row(&value, "pathways", "pathway", "stroke")["done_mean_minutes"], 96.9839);
    let (code, ..) = output(&["pathway", "--network", "small", "--fail-on-gap"]);
    assert_eq!(code, 1);
    let unmet = ["no hospital of the network can do \"thrombectomy\""];
    refused(&["pathway", "stroke_lvo", "--network", "small"], &unmet);
    refused(&["route", "--from", "Adorf", "--pathway", "stroke_lvo", "--network", "small"], &unmet);
}

#[test]
fn wrong_names_hours_and_flags_are_told_together() {
    refused(
        &["pathway", "strok_lvo", "--without", "tessa-delitsch", "--without", "nothing"],
        &[
            "unknown pathway \"strok_lvo\"",
            "`verbund info --list pathways`",
            "did you mean \"tessa-delitzsch\"?",
            "unknown cooperation \"nothing\"",
        ],
    );
    refused(
        &["route", "--from", "Torgua", "--pathway", "stroke", "--for", "imagin"],
        &["did you mean \"Torgau\"?"],
    );
    refused(
        &["pathway", "stroke", "--for", "surgery"],
        &["unknown stage \"surgery\"", "stroke has: imaging, thrombolysis"],
    );
    for moment in ["Sat 25:00", "Sat 24:00", "Sam 03:00", "03:00", "Sat 3:60"] {
        refused(
            &["pathway", "stroke", "--at", moment],
            &["is no moment of the week; write a day from Mon to Sun and a time from 00:00"],
        );
    }
    refused(&["pathway", "stroke", "--at", "Sat 03:00", "--during", "day"], &["cannot be used"]);
    refused(&["pathway", "stroke", "--protocol", "bypass"], &["--detour <MINUTES>"]);
    refused(&["pathway", "stroke", "--detour", "5"], &["belongs to --protocol bypass"]);
    refused(&["pathway", "--for", "imaging"], &["--for needs a pathway"]);
    refused(&["pathway", "--by", "place"], &["--by needs a pathway"]);
    refused(&["route", "--from", "Torgau"], &["--need", "--pathway"]);
    refused(
        &["route", "--from", "Torgau", "--need", "ct", "--pathway", "stroke"],
        &["cannot be used with"],
    );
    refused(&["route", "--from", "Torgau", "--need", "ct", "--all"], &["--pathway"]);
    refused(
        &["route", "--from", "Torgau", "--need", "ct", "--without", "tessa-delitzsch"],
        &["belong to --pathway"],
    );
}

#[test]
fn pathways_are_found_by_english_and_german_names() {
    for name in ["stroke_lvo", "large-vessel", "Gefäßverschluss", "gefassverschluss"] {
        assert!(
            text(&["pathway", name]).starts_with("Pathway: stroke with large-vessel occlusion"),
            "{name}"
        );
    }
}

#[test]
fn day_and_night_stand_beside_the_week_where_they_differ() {
    let hours = |pathway: &str| {
        let value = json(&["pathway", pathway]);
        let rows = value["tables"]["stages"].as_array().unwrap();
        let mut hours: Vec<String> =
            rows.iter().map(|row| row["when"].as_str().unwrap().to_owned()).collect();
        hours.dedup();
        hours
    };
    // Helicopters fly from 7 to 19 only.
    assert_eq!(hours("major_trauma"), ["week", "day (8-20)", "night (20-8)"]);
    // Every CT and neurologist is there around the clock.
    assert_eq!(hours("stroke"), ["week"]);
    let value = json(&["pathway", "major_trauma", "--first-leg", "ambulance", "--at", "Sat 12:00"]);
    assert_eq!(value["about"]["first_leg"], "by ambulance");
    assert_eq!(value["about"]["when"], "Sat 12:00; cases a year as if all came then");
    let rows = value["tables"]["ways"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["way"] != "helicopter"));
}

#[test]
fn a_stage_out_of_reach_is_a_result() {
    // A CT with an emergency stage beside the first place; the only neurologist on the other side of the world, as far as
    // the second place from either.
    let folder = tempfile::tempdir().unwrap();
    let site = |key: &str, lat: i32, lon: i32, departments: &str| {
        format!(
            "(id: \"{key}\", name: \"{key}\", operator: \"{key}\", ownership: Public, \
             emergency_level: Basic, position: (lat: {lat}, lon: {lon}), facilities: [(kind: \"ct\")], departments: [{departments}])"
        )
    };
    let network = format!(
        "Network(format: 1, name: \"Two\", as_of: \"2026\", hospitals: [{}, {}])",
        site("near", 51, 12, ""),
        site("far", -33, 151, "(specialty: \"neurology\")")
    );
    std::fs::write(folder.path().join("network.ron"), network).unwrap();
    let places = "id,name,lat,lon,people\none,One,51,12,10\ntwo,Two,51,-120,30\n";
    std::fs::write(folder.path().join("places.csv"), places).unwrap();
    let path = folder.path().to_str().unwrap();

    let value = json(&["pathway", "stroke", "--network", path]);
    let lost = value["tables"]["without_way"].as_array().unwrap();
    assert_eq!(lost.len(), 2);
    assert_eq!(lost[1]["people"], lost[1]["without_way_people"]);
    // Imaging is in reach of the first place, not of the second.
    let imaging = row(&value, "stages", "stage", "imaging");
    assert_eq!(imaging["without_way_people"], lost[1]["people"]);
    assert_eq!(row(&value, "stages", "stage", "thrombolysis")["share_without_way"], 1.0);
    assert!(row(&value, "stages", "stage", "thrombolysis")["done_mean_minutes"].is_null());
    let (code, out, _) = output(&["pathway", "stroke", "--network", path, "--fail-on-gap"]);
    assert_eq!(code, 1);
    assert!(out.contains("Places without any way"), "{out}");

    let route =
        |from: &str| text(&["route", "--from", from, "--pathway", "stroke", "--network", path]);
    let one = route("One");
    assert!(one.contains("imaging is done") && one.contains("no way to thrombolysis"), "{one}");
    assert!(one.contains("No way to: thrombolysis."), "{one}");
    let two = route("Two");
    assert!(two.contains("No way: no hospital in reach can do imaging."), "{two}");
}

#[test]
fn an_agreement_may_be_added_or_limited_for_one_answer() {
    // Without the link Dedorf is done at 101.5 minutes in the north, with it at 81.5 in the south.
    let end = |more: &[&str]| {
        let mut command = vec!["route", "--network", "small", "--pathway", "stroke"];
        command.extend(["--from", "Dedorf", "--at", "Sat 03:00"]);
        command.extend(more);
        let value = json(&command);
        let legs = value["tables"]["legs"].as_array().unwrap();
        (legs.last().unwrap()["minutes"].as_f64().unwrap(), value["about"]["changes"].clone())
    };
    let without = ["--without", "tele-stroke"];
    assert_eq!(end(&without).0, 101.5);
    let added = [&without[..], &["--add", "telemedicine north south neurology"]].concat();
    let (minutes, changes) = end(&added);
    assert_eq!((minutes, changes), (81.5, "added: telemedicine north south neurology".into()));
    // On Saturdays at three an agreement for weekdays is of no use.
    assert_eq!(end(&["--hours", "tele-stroke Mon-Fri 8-16"]).0, 101.5);
    assert_eq!(end(&["--hours", "tele-stroke Sat 3-4"]).0, 81.5);
    let wrong =
        [&DEDORF[..], &["--add", "telemedizin north south x", "--hours", "tele-stroke 8-16"]];
    refused(&wrong.concat(), &["unknown kind \"telemedizin\"", "\"8-16\" names no hours"]);
}

#[test]
fn every_stage_of_every_place_with_its_hospital_and_ways() {
    let mut command = STROKE.to_vec();
    command.extend(["--by", "stage"]);
    let value = json(&command);
    let rows = value["tables"]["place_stages"].as_array().unwrap();
    assert_eq!(rows.len(), 2 * 5);
    let dedorf: Vec<&Value> = rows.iter().filter(|row| row["place_name"] == "Dedorf").collect();
    // 31.5 + 5 + 25 = 61.5 for imaging, 81.5 for thrombolysis by telemedicine in the south.
    assert_eq!(
        (&dedorf[0]["stage"], &dedorf[0]["done_mean_minutes"]),
        (&"imaging".into(), &61.5.into())
    );
    assert_eq!(dedorf[1]["done_mean_minutes"], 81.5);
    assert_eq!((&dedorf[1]["hospital"], &dedorf[1]["share"]), (&"south".into(), &1.0.into()));
    assert_eq!(dedorf[1]["share_telemedicine"], 1.0);
}

#[test]
fn durations_for_which_nobody_published_a_spread_are_named() {
    let value = json(&["pathway", "stroke_lvo"]);
    let notes = value["notes"]["targets"].to_string();
    let told = "No spread published for: first_leg.ambulance, stages.imaging.duration, \
                stages.thrombolysis.ways.consult, stages.thrombolysis.duration, \
                stages.thrombectomy.ways.call_out, stages.thrombectomy.duration, transfer.without_agreement; \
                each takes everybody as long.";
    assert!(notes.contains(told), "{notes}");
    // The door-in-door-out time has its quartiles.
    assert!(!notes.contains("transfer.door_in_door_out"), "{notes}");
}
