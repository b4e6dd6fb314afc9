//! Commands answer the question that was asked, and their heads say which one that was.

use serde_json::Value;

use crate::run::{json, refused, text};

fn rows<'v>(value: &'v Value, table: &str) -> &'v [Value] {
    value["tables"][table].as_array().unwrap()
}

fn number(row: &Value, key: &str) -> f64 {
    row[key].as_f64().unwrap()
}

#[test]
fn births_are_held_against_the_model_in_use() {
    let check = json(&["flows", "--check"]);
    let in_use = "Huff, beds^1.00 x exp(-0.040 x minutes)";
    assert_eq!(check["about"]["in_use"], in_use);
    let years = rows(&check, "years");
    let of_2025: Vec<&Value> = years.iter().filter(|row| row["year"] == "2025").collect();
    assert_eq!(of_2025.len(), 3);
    assert_eq!(
        (&of_2025[0]["model"], &of_2025[0]["is_in_use"]),
        (&"nearest hospital".into(), &false.into())
    );
    let own = of_2025[2];
    assert_eq!((&own["model"], &own["is_in_use"]), (&in_use.into(), &true.into()));

    // The same by the flows of births in the middle of that year, scaled to the observed sum.
    let flows = json(&["flows", "--specialty", "birth", "--as-of", "2025-07-01"]);
    let births: Vec<&Value> =
        rows(&check, "births").iter().filter(|row| row["year"] == "2025").collect();
    let cases = |row: &Value| {
        let hospital =
            rows(&flows, "hospitals").iter().find(|own| own["hospital"] == row["hospital"]);
        number(hospital.unwrap(), "cases")
    };
    let sum: f64 = births.iter().map(|row| cases(row)).sum();
    let observed: f64 = births.iter().map(|row| number(row, "observed")).sum();
    let mut error = 0.0;
    for row in &births {
        let predicted = cases(row) * observed / sum;
        assert!((predicted - number(row, "in_use")).abs() < 0.01, "{row}");
        error += (predicted - number(row, "observed")).abs() / births.len() as f64;
    }
    assert!((error - number(own, "mean_error")).abs() < 0.01, "{error} {own}");

    // Models beside each other: no fit is better than the default at hospitals that it did not know.
    let models = rows(&check, "models");
    let of = |key: &str| models.iter().map(|row| number(row, key)).collect::<Vec<f64>>();
    assert_eq!(of("fitted_parameters"), [0.0, 0.0, 2.0, 6.0]);
    assert_eq!((&models[1]["model"], &models[1]["is_in_use"]), (&in_use.into(), &true.into()));
    let left_out = of("left_out_error_share");
    assert!(left_out[1] < left_out[0].min(left_out[2]).min(left_out[3]), "{left_out:?}");
    assert!(models[3]["model"].as_str().unwrap().starts_with("logit, "), "{}", models[3]);
    for (error, documented) in left_out.iter().zip([0.34, 0.23, 0.27, 0.31]) {
        assert!((error - documented).abs() < 0.006, "{left_out:?}"); // the docs' figures
    }

    // Where everybody goes to the nearest hospital, that is the model in use, in one row.
    let nearest = json(&["flows", "--check", "--choice", "nearest"]);
    let of_2025: Vec<&Value> =
        rows(&nearest, "years").iter().filter(|row| row["year"] == "2025").collect();
    let in_use: Vec<&Value> = of_2025.iter().map(|row| &row["is_in_use"]).collect();
    assert_eq!(in_use, [&Value::from(true), &Value::from(false)]);
}

#[test]
fn heads_say_what_was_looked_at() {
    for (arguments, key, told) in [
        (&["flows", "--specialty", "Innere Medizin"][..], "specialty", "internal_medicine"),
        (
            &["graph", "--field", "neurology", "--only-care", "--only-sourced"],
            "only",
            "cooperations that cover neurology and can change care and are published with kind and partners",
        ),
        (
            &[
                "closures",
                "--standard",
                "ct",
                "--order",
                "2",
                "--rank",
                "together",
                "--choice",
                "none",
            ],
            "first",
            "most people who fall out only when all of the set close",
        ),
    ] {
        assert_eq!(json(arguments)["about"][key], told, "{arguments:?}");
    }
    assert!(!text(&["graph"]).contains("cooperations that"));
    refused(&["info", "--scenario", "winter", "--as-of", "2025-01-01"], &["without --as-of"]);
}

#[test]
fn parameters_in_heads_have_the_digits_that_were_typed() {
    for (flags, told) in [
        (
            &["--decay-per-minute", "0.0005"][..],
            "Huff, beds^1.00 x exp(-0.0005 x minutes) (assumed)",
        ),
        (&["--beds-exponent", "0.123"], "Huff, beds^0.123 x exp(-0.040 x minutes) (assumed)"),
        (
            &["--choice", "capacity", "--occupancy-limit", "0.855"],
            "nearest first, full at 85.5 % occupancy, overflow to the next (assumed)",
        ),
    ] {
        let arguments = [&["flows", "--network", "small"][..], flags].concat();
        assert_eq!(json(&arguments)["about"]["choice"], told);
    }
    // 0.57 / 100 x 100 has digits of its own.
    refused(
        &["beds", "--arrivals", "1", "--stay", "1", "--refused", "-0.57"],
        &["field refused: -0.57 %; expected"],
    );
    let head = &json(&[
        "beds",
        "--arrivals",
        "9",
        "--stay",
        "6",
        "--refused",
        "0.57",
        "--replications",
        "0",
    ]);
    assert_eq!(head["about"]["target"], "at most 0.57 of 100 patients find no bed");
}

#[test]
fn a_flag_that_would_change_nothing_is_refused() {
    refused(&["check", "--as-of", "2026-02-01"], &["--as-of needs a --scenario"]);
    let compare = |flags: &[&str], part: &str| {
        let base = ["compare", "--scenario", "merger-delitzsch-eilenburg"];
        refused(&[&base, flags].concat(), &[part]);
    };
    for by in ["people", "standard", "district", "age", "stage", "law", "network"] {
        compare(&["--by", by, "--limit", "3"], "--by place, hospital or department");
    }
    // CSV without --by is the table of standards.
    compare(&["--format", "csv", "--limit", "3"], "--by place, hospital or department");
    for by in ["people", "stage", "hospital", "department", "law"] {
        compare(&["--by", by, "--standard", "ct"], "--standard is for tables of standards");
    }
    for by in ["people", "hospital", "department", "law"] {
        compare(&["--by", by, "--at", "Sat 03:00"], "that of all hours");
    }
    for by in ["region", "cooperation", "condition", "hour", "day", "assumed"] {
        refused(&["simulate", "--by", by, "--all"], &["--all changes nothing"]);
    }
    refused(
        &["simulate", "--by", "ward", "--hospital", "kkh-torgau", "--all"],
        &["--all changes nothing"],
    );
    refused(
        &["beds", "--arrivals", "9", "--stay", "6", "--allow-outside"],
        &["need a --hospital and a --specialty"],
    );
    refused(&["queue", "model.json", "--allow-outside"], &["has no network and no day"]);
}
