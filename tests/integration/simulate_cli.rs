//! `verbund simulate`: tables, scenarios, the trace, bad input, Ctrl-C.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use assert_cmd::Command;
use serde_json::Value;
use verbund::Region;
use verbund::files::Folder;
use verbund::random::Seed;
use verbund::report::{COLUMNS, Column};
use verbund::simulation::{CsvTrace, PatientFlow, Settings, Stay, trace};

#[cfg(unix)]
use crate::run::interrupted;
use crate::run::{run, verbund};

/// The small network over 60 days, 4 times.
const SMALL: [&str; 9] =
    ["simulate", "--network", "small", "--days", "60", "--warm-up", "20", "--replications", "4"];

fn small(arguments: &[&str]) -> Command {
    let mut command = verbund(&SMALL);
    command.args(arguments);
    command
}

#[track_caller]
fn done(command: Command) -> String {
    let (code, out, error) = run(command);
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    out
}

/// A scenario of the small network: its southern obstetrics closed, and an incident.
fn scenario(folder: &tempfile::TempDir) -> PathBuf {
    let path = folder.path().join("closed.ron");
    let text = r#"Scenario(
        format: 1, id: "closed", name: "South without births", source: "invented",
        changes: [
            (on: "2026-01-10", until: "2026-02-10", reason: "no midwives",
             change: CloseDepartment(hospital: "south", specialty: "obstetrics")),
            (on: "2026-01-20 10:00", reason: "a bus",
             change: Incident(place: "PLACE", red: 2, yellow: 3, green: 6, minutes: 60)),
            (on: "2026-12-01", until: "2026-12-10", reason: "too late",
             change: CloseDepartment(hospital: "south", specialty: "obstetrics")),
        ],
    )"#;
    let places = Folder::small().read().unwrap().places;
    std::fs::write(&path, text.replace("PLACE", &places.places[0].key)).unwrap();
    path
}

const ALL: [&str; 9] =
    ["region", "hospital", "ward", "cooperation", "condition", "place", "hour", "day", "assumed"];

/// Whether a table leaves rows out that --all shows.
fn leaves_out(by: &str, scenarios: &[&str]) -> bool {
    match by {
        "hour" | "day" | "assumed" => false,
        "region" | "cooperation" | "condition" => !scenarios.is_empty(),
        _ => true,
    }
}

#[test]
fn every_table_fits_the_screen_and_every_key_is_documented() {
    let folder = tempfile::tempdir().unwrap();
    let file = scenario(&folder);
    let documented: BTreeSet<_> = COLUMNS.iter().map(Column::key).collect();
    for by in ALL {
        for scenarios in [&[][..], &["--scenario", file.to_str().unwrap()]] {
            let mut arguments = vec!["--by", by];
            if leaves_out(by, scenarios) {
                arguments.push("--all");
            }
            arguments.extend(scenarios);
            let text = done(small(&arguments));
            assert!(text.lines().all(|line| line.chars().count() <= 110), "{by}\n{text}");
            assert!(text.contains("What nobody published and is assumed"), "{by}\n{text}");
            arguments.extend(["--format", "json"]);
            let value: Value = serde_json::from_str(&done(small(&arguments))).unwrap();
            for key in ["network", "as_of", "scenarios", "seed", "replications", "days", "warm_up"]
            {
                assert!(value["about"][key].is_string(), "{by}: {key}");
            }
            assert!(value["tables"]["assumed"].as_array().unwrap().len() > 10);
            for rows in value["tables"].as_object().unwrap().values() {
                for key in rows.as_array().unwrap().iter().flat_map(|row| row.as_object().unwrap())
                {
                    assert!(documented.contains(key.0.as_str()), "{by}: {}", key.0);
                }
            }
            // One table is a plain CSV; the overview and the days of a scenario come with others.
            arguments.truncate(arguments.len() - 1);
            arguments.push("csv");
            let csv = done(small(&arguments));
            assert_eq!(
                csv.starts_with("section,"),
                ["region", "day", "hour"].contains(&by) && !scenarios.is_empty(),
                "{by}"
            );
        }
    }
}

#[test]
fn hours_and_days_are_fit_for_a_plot() {
    let rows = |by: &str, table: &str| -> Vec<Value> {
        let text = done(small(&["--by", by, "--format", "json"]));
        let value: Value = serde_json::from_str(&text).unwrap();
        value["tables"][table].as_array().unwrap().clone()
    };
    let hours = rows("hour", "hours");
    assert_eq!(hours.len(), 168);
    assert_eq!(
        (&hours[27]["clock"], &hours[27]["hour_of_week"]),
        (&"Tue 03:00".into(), &27.into())
    );
    let days = rows("day", "days");
    assert_eq!(days[0]["date"], "2026-01-01");
    assert_eq!(days[40]["date"], "2026-02-10");
    for day in &days {
        let of = |key: &str| day[key].as_f64().unwrap();
        assert!(of("fewest_beds") <= of("census_beds") && of("census_beds") <= of("most_beds"));
    }
}

#[test]
fn tables_of_the_small_network() {
    insta::assert_snapshot!(done(small(&[])));
    insta::assert_snapshot!(done(small(&["--by", "hospital", "--keys"])));
}

#[test]
fn a_scenario_beside_the_base() {
    let folder = tempfile::tempdir().unwrap();
    let file = scenario(&folder);
    insta::assert_snapshot!(done(small(&["--scenario", file.to_str().unwrap(), "--keys"])));
    // Births that would have come to the south are brought elsewhere.
    let arguments = ["--scenario", file.to_str().unwrap(), "--by", "ward", "--format", "json"];
    let value: Value = serde_json::from_str(&done(small(&arguments))).unwrap();
    let rows = value["tables"]["wards"].as_array().unwrap();
    let row = rows.iter().find(|row| {
        (&row["hospital"], &row["ward"], &row["figure"])
            == (&"south".into(), &"obstetrics".into(), &"admissions".into())
    });
    let row = row.unwrap();
    let of = |key: &str| row[key].as_f64().unwrap();
    assert!(of("difference") + of("half_width") < 0.0, "{row}");
    let difference = of("scenario_value") - of("base_value");
    assert!((of("difference") - difference).abs() < 1e-3, "{row}");
}

#[test]
fn the_same_bytes_again_and_on_any_number_of_threads() {
    let run = |threads: &str| {
        // More than one batch of replications, the last one not full.
        let mut command = verbund(&SMALL[..7]);
        command.args(["--by", "ward", "--replications", "11", "--format", "csv"]);
        command.env("RAYON_NUM_THREADS", threads);
        done(command)
    };
    let one = run("1");
    assert!(one == run("1") && one == run("2") && one == run("8"));
    let seed = |seed: &str| done(small(&["--by", "ward", "--seed", seed, "--format", "csv"]));
    assert_ne!(seed("1"), seed("2"));
}

#[test]
fn replications_end_when_the_interval_is_narrow() {
    // Any width is below 1000 points: the fewest replications that are looked at, 5.
    let text = done(verbund(&[
        "simulate",
        "--network",
        "small",
        "--days",
        "30",
        "--warm-up",
        "10",
        "--until-half-width",
        "1000",
        "--figure",
        "full_share",
    ]));
    assert!(text.contains("half-width of time in which a ward is full at most 1000"));
    let text = done(small(&["--until-half-width", "1e-9"]));
    assert!(text.contains("not known: half-width of occupancy"), "{text}");
}

#[test]
fn a_width_that_is_not_reached_is_named_with_what_it_would_take() {
    let run = ["simulate", "--network", "small", "--days", "30", "--replications", "6"];
    let text = done(verbund(&[&run[..], &["--until-half-width", "0.001"]].concat()));
    for part in ["not reached: half-width of occupancy at most 0.001 points", "base is "] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_band_of_what_is_assumed_stands_beside_the_intervals() {
    let text = done(small(&["--band", "8"]));
    assert!(text.contains("5 % and 95 % of 8 points"), "{text}");
    let (_, out, _) = run(small(&["--band", "8", "--format", "json"]));
    let value: Value = serde_json::from_str(&out).unwrap();
    let row = &value["tables"]["overview"][0];
    let number = |key: &str| row[key].as_f64().unwrap();
    // With 20 % more and less patients, stays and staff the beds are fuller and emptier than by chance.
    assert!(number("band_low") < number("value") && number("value") < number("band_high"), "{row}");
    assert!(number("band_high") - number("band_low") > number("half_width"), "{row}");
    let (code, _, error) = run(small(&["--band", "8", "--by", "ward"]));
    assert_eq!((code, error.contains("--band needs --by region")), (2, true), "{error}");
}

#[test]
fn scenarios_are_ranked_with_what_the_same_patients_gain() {
    let folder = tempfile::tempdir().unwrap();
    let path = scenario(&folder);
    let text = done(small(&["--scenario", path.to_str().unwrap()]));
    for part in [
        "Ranked by let in nowhere + first choice full, let in elsewhere, the lowest first",
        "Variance",
        "base",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let by = ["--scenario", path.to_str().unwrap(), "--figure"];
    let text = done(small(&[&by[..], &["forced"]].concat()));
    assert!(text.contains("Ranked by let in without a free bed"), "{text}");
    let (code, _, error) = run(small(&[&by[..], &["admissions"]].concat()));
    assert_eq!((code, error.contains("fewer of it is not better")), (2, true), "{error}");
}

#[test]
fn all_bad_input_is_told_at_once() {
    let (code, out, error) = run(verbund(&[
        "simulate",
        "--network",
        "small",
        "--days",
        "0",
        "--warm-up",
        "-1",
        "--replications",
        "0",
        "--staffed",
        "5",
        "--until-half-width",
        "-2",
        "--figure",
        "occupancy",
        "--scenario",
        "wintre",
        "--hospital",
        "suoth",
        "--by",
        "ward",
        "--trace",
        "/no/such/folder/file.csv",
    ]));
    assert_eq!((code, out.as_str()), (2, ""), "{error}");
    for part in [
        "--days 0: 1 to",
        "--warm-up -1: 0 to",
        "--replications 0: 1 to",
        "--staffed 5: above 10",
        "--until-half-width -2",
        "--figure: \"occupancy\" is more than one figure; say which one: \"occupancy_share\"",
        "scenario wintre: there is no such file",
        "unknown hospital \"suoth\"",
        "--trace /no/such/folder/file.csv: there is no folder",
    ] {
        assert!(error.contains(part), "{part}\n{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    let early = std::fs::read_to_string(scenario(&folder)).unwrap();
    let path = folder.path().join("early.ron");
    std::fs::write(&path, early.replace("2026-01-10", "2025-12-31")).unwrap();
    let (code, _, error) =
        run(small(&["--scenario", path.to_str().unwrap(), "--as-of", "2026-01-01"]));
    assert_eq!(code, 2);
    assert!(error.contains("2025-12-31") && error.contains("change 1"), "{error}");
    let (code, _, error) = run(small(&["--hospital", "south"]));
    assert_eq!((code, error.contains("--hospital needs --by")), (2, true));
}

/// The small network's flow with 14 of 30 days of warm-up.
fn with_flow(test: impl FnOnce(&PatientFlow<'_>)) {
    let model = Folder::small().read().unwrap();
    let region = Region::new(&model, model.network.date()).unwrap();
    let settings = Settings::default().days(30).warm_up_days(14);
    test(&PatientFlow::new(&region, &settings, None).unwrap());
}

/// Admissions by hospital and ward.
type Admissions = BTreeMap<(String, String), u64>;

fn admissions(flow: &PatientFlow<'_>, wards: &[verbund::simulation::WardSample]) -> Admissions {
    let network = flow.region().network();
    let pairs = flow.wards().iter().zip(wards).filter(|(_, sample)| sample.admissions > 0.0);
    let key = |ward: &verbund::simulation::Ward| {
        (network[ward.hospital].key.clone(), ward.specialty.clone())
    };
    pairs.map(|(ward, sample)| (key(ward), sample.admissions as u64)).collect()
}

#[test]
fn a_trace_counts_what_the_sample_counts() {
    with_flow(|flow| {
        let mut file = CsvTrace::new(Vec::new()).unwrap();
        let mut stays = 0;
        let sample = trace(flow, Seed(3), 0, |stay| {
            stays += 1;
            file.stay(stay)
        });
        let sample = sample.unwrap();
        assert_eq!(sample, flow.sample(Seed(3), 0));
        let bytes = file.finish().unwrap();
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        assert_eq!(reader.headers().unwrap(), &Stay::COLUMNS[..]);
        let mut counted = Admissions::new();
        let rows: Vec<BTreeMap<String, String>> =
            reader.deserialize().map(|row| row.unwrap()).collect();
        assert_eq!(rows.len(), stays);
        for row in &rows {
            if row["visit"] == "0" && row["started_day"].parse::<f64>().is_ok_and(|day| day >= 0.0)
            {
                let ward = (row["hospital"].clone(), row["ward"].clone());
                *counted.entry(ward).or_default() += 1;
            }
            assert_eq!(row["went_day"].is_empty(), row["outcome"] == "present");
        }
        assert_eq!(counted, admissions(flow, &sample.wards));
        assert!(counted.values().sum::<u64>() > 100);
    });
}

#[cfg(feature = "parquet")]
#[test]
fn a_trace_as_parquet_has_the_rows_of_the_one_as_csv() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;
    with_flow(|flow| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stays.parquet");
        let out = std::fs::File::create(&path).unwrap();
        let mut file = verbund::simulation::ParquetTrace::new(out).unwrap();
        let mut stays: Vec<(u64, String, f64, Option<f64>, bool)> = Vec::new();
        trace(flow, Seed(3), 0, |stay| {
            let hospital = stay.hospital.to_owned();
            stays.push((stay.patient, hospital, stay.came, stay.started, stay.forced));
            file.stay(stay)
        })
        .unwrap();
        file.finish().unwrap();
        let reader = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
        let columns = reader.metadata().file_metadata().schema_descr().columns().to_vec();
        let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
        assert_eq!(names, Stay::COLUMNS);
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(|row| row.unwrap()).collect();
        assert_eq!(rows.len(), stays.len());
        for (row, stay) in rows.iter().zip(&stays) {
            assert_eq!(row.get_ulong(2).unwrap(), stay.0);
            assert_eq!(row.get_string(7).unwrap(), &stay.1);
            assert_eq!(row.get_double(11).unwrap(), stay.2);
            assert_eq!(row.get_double(12).ok(), stay.3);
            assert_eq!(row.get_bool(16).unwrap(), stay.4);
        }
    });
}

#[test]
fn the_trace_is_written_whole_with_the_scenarios_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = scenario(&folder);
    let path = folder.path().join("stays.csv");
    let arguments =
        ["--scenario", file.to_str().unwrap(), "--trace", path.to_str().unwrap(), "--seed", "5"];
    let text = done(small(&arguments));
    assert!(text.contains("stays of replication 0 in"), "{text}");
    let rows = csv::Reader::from_path(&path).unwrap().into_records();
    let scenarios: BTreeSet<String> = rows.map(|row| row.unwrap()[0].to_owned()).collect();
    assert_eq!(scenarios.into_iter().collect::<Vec<_>>(), ["base", "closed"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn the_model_is_written_as_queue_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.json");
    done(small(&["--export-model", path.to_str().unwrap()]));
    let text = std::fs::read_to_string(&path).unwrap();
    let model = verbund::queueing::Model::parse(&text, "model.json").unwrap();
    assert!(!model.streams.is_empty());
    // Nothing is lost on the way: a replication is the same to the last event.
    assert_eq!(serde_json::to_string(&model).unwrap(), text);
    let (code, _, error) = run(small(&["--export-model", "model.txt"]));
    assert_eq!(code, 2);
    assert!(error.contains("the model is written as JSON"), "{error}");
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_needs_its_feature() {
    let (code, _, error) = run(small(&["--trace", "stays.parquet"]));
    assert_eq!(code, 2);
    assert!(error.contains("built without the feature parquet"), "{error}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_is_finished() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("stays.csv");
    let short = ["simulate", "--network", "small", "--days", "30", "--warm-up", "10"];
    let long = ["--replications", "1000000", "--trace", trace.to_str().unwrap()];
    // The trace is there before the first replication starts.
    let seen = std::cell::Cell::new(None);
    let (code, text, _) = interrupted(&[&short[..], &long].concat(), |time| {
        if trace.exists() && seen.get().is_none() {
            seen.set(Some(time));
        }
        seen.get().is_some_and(|then| time.as_millis() > then.as_millis() + 1000)
    });
    assert_eq!(code, 130, "{text}");
    assert!(text.contains("interrupted after") && text.contains("of 1000000 replications"));
    assert!(text.contains("occupancy of all beds"), "{text}");
}
