//! `verbund queue`: results against theory, the trace, bad input.

use std::path::Path;

use serde_json::Value;

use crate::run::{json, output, refused, text};

/// M/M/10 with nine arrivals an hour: Erlang C is 0.6687, and so is the mean wait in hours.
const MMC: &str = r#"{"type": "MMc", "name": "desk", "time_unit": "h", "servers": 10, "lambda": 9.0, "mu": 1.0,
    "warmup": 500, "horizon": 10500, "queue_capacity": null}"#;

/// M/G/2/2 with an offered load of 2: Erlang B is 0.4 for every shape of the stays.
const LOSS: &str = r#"{"type": "MGcc", "name": "loss", "time_unit": "d", "servers": 2, "lambda": 2.0,
    "los": {"dist": "gamma", "mean": 1.0, "cv": 2.0}, "warmup": 100, "horizon": 3100, "queue_capacity": 0,
    "full": "lost"}"#;

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// A figure of the only station, with half of the width of its interval.
fn figure(document: &Value, key: &str) -> (f64, f64) {
    let station = &document["tables"]["stations"][0];
    let half_width = format!("{key}_half_width");
    (station[key].as_f64().unwrap(), station[&half_width].as_f64().unwrap())
}

/// The 95 % interval, four times as wide: a right program misses it once in some ten million seeds.
#[track_caller]
fn meets(document: &Value, key: &str, expected: f64) {
    let (mean, half_width) = figure(document, key);
    assert!((mean - expected).abs() <= 4.0 * half_width, "{key}: {mean} ± {half_width}");
    assert!(half_width < 0.1 * expected, "{key}: {mean} ± {half_width}");
}

#[test]
fn queues_meet_the_formulas_of_erlang() {
    let folder = tempfile::tempdir().unwrap();
    let desk = json(&["queue", &file(folder.path(), "mmc.json", MMC), "--replications", "40"]);
    meets(&desk, "waited_share", 0.668_731_524);
    // Erlang C over 10 - 9 an hour, in minutes; Little's law gives the mean queue.
    meets(&desk, "wait_minutes", 60.0 * 0.668_731_524);
    meets(&desk, "mean_queue", 9.0 * 0.668_731_524);
    meets(&desk, "mean_busy", 9.0);
    meets(&desk, "utilization_share", 0.9);
    // Waits above zero are exponential with a mean of an hour: P(wait > t) = C exp(-t).
    let p95 = desk["tables"]["stations"][0]["wait_p95_minutes"].as_f64().unwrap();
    let expected = 60.0 * (0.668_731_524_f64 / 0.05).ln();
    assert!((p95 / expected - 1.0).abs() < 0.1, "{p95} {expected}");

    let loss = json(&["queue", &file(folder.path(), "loss.json", LOSS)]);
    meets(&loss, "lost_share", 0.4);
    meets(&loss, "mean_busy", 1.2);
    let stream = &loss["tables"]["streams"][0];
    let count = |key: &str| stream[key].as_f64().unwrap();
    assert!((count("arrived") - count("at_first") - count("lost")).abs() < 1e-3);
    assert_eq!(loss["about"]["counted"], "3000 d, from 100 to 3100");
}

#[test]
fn a_model_of_two_stations_is_told_way_by_way() {
    // Two come at 0; both go on to b, which serves one an hour and holds nobody back.
    let model = r#"(name: "two", time_unit: min, horizon: 600, stations: [
        (key: "a", servers: Finite(2), service: Deterministic(30),
         routes: [(branches: [(to: Station("b"), label: "on")])]),
        (key: "b", servers: Finite(1), service: Deterministic(60)),
    ], streams: [(key: "s", arrivals: Replay([0, 0]), kinds: [(preferences: [(first: [("a", 1)])])])])"#;
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "two.ron", &format!("\u{feff}{model}"));
    let trace = folder.path().join("trace.csv").display().to_string();
    let document = json(&["queue", &path, "--replications", "1", "--trace", &trace]);
    let b = &document["tables"]["stations"][1];
    // One of the two waits an hour.
    assert_eq!((&b["wait_minutes"], &b["waited_share"]), (&30.0.into(), &0.5.into()));
    assert_eq!(b["wait_minutes_half_width"], Value::Null);
    let way = &document["tables"]["branches"][0];
    assert_eq!((&way["to_station"], &way["taken"]), (&"b".into(), &2.0.into()));
    assert_eq!(document["about"]["trace"], format!("4 stays of replication 0 in {trace}"));
    let lines = std::fs::read_to_string(trace).unwrap();
    let lines: Vec<&str> = lines.lines().collect();
    let ends = |line: &str| line.split_once(',').unwrap().1.to_owned();
    assert_eq!(
        ends(lines[0]),
        "visit,stream,class,station,first_choice,came_min,started_min,ended_min,went_min,forced,outcome"
    );
    assert_eq!(ends(lines[1]), "0,s,,a,a,0,0,30,30,false,moved");
    assert_eq!(ends(lines[3]), "1,s,,b,a,30,30,90,90,false,left");
    assert_eq!(ends(lines[4]), "1,s,,b,a,30,90,150,150,false,left");
    // Two hours only: the second service at b is not over.
    let short = json(&["queue", &path, "--replications", "1", "--hours", "2"]);
    assert_eq!(short["tables"]["stations"][1]["left"], 1.0);
    let table = text(&["queue", &path, "--replications", "1"]);
    assert!(table.contains("Ways on after service"), "{table}");
}

#[test]
fn a_second_word_is_the_seed() {
    let folder = tempfile::tempdir().unwrap();
    let loss = file(folder.path(), "loss.json", LOSS);
    let with = |more: &[&str]| text(&[&["queue", &loss, "--replications", "2"], more].concat());
    assert_eq!(with(&["7"]), with(&["--seed", "7"]));
    assert_ne!(with(&["7"]), with(&[]));
    refused(&["queue", &loss, "7", "--seed", "7"], &["cannot be used with"]);
    refused(&["queue", &loss, "seven"], &["invalid value 'seven'"]);
}

#[test]
fn what_cannot_be_run_is_said_in_one_go() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "mmc.json", MMC);
    refused(
        &["queue", &path, "--replications", "0", "--days", "-1", "--network", "small"],
        &[
            "--replications 0: 1 to",
            "--days -1: a number above 0",
            "--network, --as-of and --allow-outside",
        ],
    );
    refused(&["queue", &path, "--output", &path], &["the run reads this file"]);
    refused(&["queue", &path, "--trace", &path], &["the run reads this file"]);
    refused(&["queue", "nowhere.json"], &["nowhere.json: there is no such file"]);
    refused(&["queue", "model.txt"], &["ends in .json or .ron"]);
    let no_text = folder.path().join("bytes.json");
    std::fs::write(&no_text, b"{\n \"name\": \"\xff\"}").unwrap();
    let no_text = no_text.display().to_string();
    refused(&["queue", &no_text], &["bytes.json:2:11: the file is not UTF-8"]);
    let inner = folder.path().join("folder.json");
    std::fs::create_dir(&inner).unwrap();
    let inner = inner.display().to_string();
    refused(&["queue", &inner], &["folder.json: it is a folder"]);
    let wrong = file(folder.path(), "wrong.json", &MMC.replace("queue_capacity", "queue_capcity"));
    refused(&["queue", &wrong], &["wrong.json:2:", "did you mean \"queue_capacity\"?"]);
    let wrong =
        file(folder.path(), "values.json", &MMC.replace("9.0", "-9.0").replace("10,", "0,"));
    refused(&["queue", &wrong], &["values.json:1:1: station", "0 servers", ": stream", "-9"]);
    let large = file(folder.path(), "large.json", &MMC.replace("9.0", "9e12"));
    refused(&["queue", &large], &["arrivals are expected"]);
    refused(
        &["queue", &path, "--replications", "1000000", "--days", "1", "--trace", "no/t.csv"],
        &["no/t.csv"],
    );
    assert_eq!(std::fs::read_to_string(path).unwrap(), MMC);
}

#[test]
#[ignore = "takes 2 GB of memory"]
fn a_queue_that_grows_past_all_memory_ends_and_says_so() {
    // 900,000 come an hour, one is served: after 19 hours more than 2^24 wait, long before all that may be expected came.
    let folder = tempfile::tempdir().unwrap();
    let text = MMC.replace("9.0", "9e5").replace("10,", "1,");
    let path = file(folder.path(), "grows.json", &text);
    let (code, _, error) = output(&["queue", &path, "--replications", "1"]);
    assert_eq!(code, 2);
    assert!(error.contains("more than 2^24 customers at one time"), "{error}");
}

/// M/M/1 with two priorities and streams: rates 0.3 and 0.45, all services of mean 1.
const PRIORITIES: &str = r#"{"name": "desk", "time_unit": "h", "warm_up": 200, "horizon": 10200,
    "stations": [{"key": "desk", "servers": {"Finite": 1}, "service": {"Exponential": {"mean": 1.0}}}],
    "classes": [{"key": "early"}, {"key": "late", "priority": 1}],
    "streams": [
        {"key": "e", "arrivals": {"Poisson": {"rate": 0.3}}, "kinds": [{"class": "early", "preferences": [{"first": [["desk", 1.0]]}]}]},
        {"key": "l", "arrivals": {"Poisson": {"rate": 0.45}}, "kinds": [{"class": "late", "preferences": [{"first": [["desk", 1.0]]}]}]}]}"#;

#[test]
fn waits_and_lengths_are_told_by_class_and_by_stream() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "desk.json", PRIORITIES);
    let document = json(&["queue", &path, "--replications", "40"]);
    // Cobham: with a residual work of 0.75, the first wait 0.75 / 0.7 hours, the others 0.75 / (0.7 x 0.25).
    let waits = [0.75 / 0.7, 0.75 / 0.7 / 0.25];
    for (table, key, names) in
        [("waits_by_class", "class", ["early", "late"]), ("waits_by_stream", "stream", ["e", "l"])]
    {
        for (number, rate) in [0.3, 0.45].into_iter().enumerate() {
            let row = &document["tables"][table][number];
            assert_eq!((&row[key], &row["station"]), (&names[number].into(), &"desk".into()));
            let meets = |figure: &str, expected: f64| {
                let mean = row[figure].as_f64().unwrap();
                let half_width = row[format!("{figure}_half_width")].as_f64().unwrap();
                assert!((mean - expected).abs() <= 4.0 * half_width, "{figure} {mean} {expected}");
                assert!(half_width < 0.15 * expected, "{figure}: {mean} ± {half_width}");
            };
            meets("wait_minutes", 60.0 * waits[number]);
            meets("mean_queue", rate * waits[number]);
            meets("mean_busy", rate);
            meets("waited_share", 0.75);
        }
    }
    let shown = text(&["queue", &path, "--replications", "3"]);
    assert!(shown.contains("Waits and lengths by class"), "{shown}");
    assert!(shown.contains("Waits and lengths by stream"), "{shown}");
    // Of one class and one stream, the station says all.
    let alone = json(&["queue", &file(folder.path(), "mmc.json", MMC), "--replications", "2"]);
    assert!(
        alone["tables"]["waits_by_class"].is_null() && alone["tables"]["waits_by_stream"].is_null()
    );
}

#[test]
fn a_warm_up_that_is_too_short_and_a_queue_that_grows_are_named() {
    let folder = tempfile::tempdir().unwrap();
    // From empty, at 0.9, without a warm-up; with one there is nothing to tell.
    let long = MMC.replace("10500", "3000");
    let short = long.replace(r#""warmup": 500"#, r#""warmup": 0"#).replace("3000", "200");
    let told = json(&["queue", &file(folder.path(), "short.json", &short), "--replications", "40"]);
    let text = told["about"]["warm_up"].as_str().unwrap();
    assert!(text.contains("too short"), "{text}");
    let quiet = json(&["queue", &file(folder.path(), "long.json", &long), "--replications", "40"]);
    assert!(quiet["about"]["growing"].is_null(), "{}", quiet["about"]);
    // Eleven an hour for ten servers.
    let grows = long.replace("9.0", "11.0");
    let told = json(&["queue", &file(folder.path(), "grows.json", &grows)]);
    let text = told["about"]["growing"].as_str().unwrap();
    assert!(text.contains("(from ") && text.contains("long run"), "{text}");
}

#[test]
fn one_long_run_in_parts_meets_the_formula_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "mmc.json", &MMC.replace("10500", "200500"));
    let desk = json(&["queue", &path, "--batches", "20"]);
    meets(&desk, "waited_share", 0.668_731_524);
    meets(&desk, "mean_busy", 9.0);
    let said = desk["about"]["batches"].as_str().unwrap();
    assert!(said.starts_with("one run, cut into 20 parts"), "{said}");
    refused(&["queue", &path, "--batches", "1"], &["--batches 1: 2 to 1000 are possible"]);
}
