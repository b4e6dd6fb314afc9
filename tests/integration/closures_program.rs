//! `verbund closures`: tables, bad input, the file of `--resume`, Ctrl-C.

use std::path::Path;

use serde_json::Value;

#[cfg(unix)]
use crate::run::interrupted;
use crate::run::{self, output};

fn with(arguments: &[&str], more: &[&str]) -> (i32, String, String) {
    output(&[&["closures"], arguments, more].concat())
}

#[track_caller]
fn done(arguments: &[&str]) -> String {
    let (code, out, error) = with(arguments, &[]);
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    out
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

const SMALL: [&str; 4] = ["--network", "small", "--standard", "basic_care"];

#[test]
fn the_small_network_by_hand() {
    // North at km 0, south at km 40; 1, 2, 4, 8, 16 thousand people at km 5, 10, 20, 35, 75. Within 30
    // minutes: 1,000 have north only, 8,000 south only, 2,000 (10 and 30 min) and 4,000 both, 16,000
    // none. If both close, 15,000 are beyond: 9,000 by the singles and 6,000 more.
    let out =
        done(&[&SMALL[..], &["--order", "2", "--format", "json", "--choice", "none"]].concat());
    let row = &json(&out)["tables"]["closures"][0];
    assert_eq!(row["closed_hospitals"], serde_json::json!(["north", "south"]));
    assert_eq!(row["newly_beyond_people"], 15_000);
    assert_eq!(row["more_than_singles_people"], 6_000);
    assert_eq!(row["only_together_people"], 6_000);
    // Nobody has another one: all 31,000 lose their only ways within two hours.
    assert_eq!(row["newly_unreached_people"], 31_000);
    assert!(row["backup_minutes"].is_null() && row["moved_cases"].is_null());
    // South alone: 8,000 from 5 to 35 minutes, 16,000 from 35 to 75: 24,000 people.
    let out = done(&[&SMALL[..], &["--format", "json"]].concat());
    let rows = &json(&out)["tables"]["closures"];
    assert_eq!(rows[0]["closed_hospitals"], serde_json::json!(["south"]));
    assert_eq!(rows[0]["newly_beyond_people"], 8_000);
    assert_eq!(rows[0]["backup_minutes"], 36.6667); // (8 x 30 + 16 x 40) / 24, in four decimals
    assert_eq!(rows[1]["newly_beyond_people"], 1_000);
    // Within 25 minutes only the 4,000 in the middle have both.
    let out = done(&[&SMALL[..], &["--order", "2", "--within", "25", "--format", "json"]].concat());
    assert_eq!(json(&out)["tables"]["closures"][0]["more_than_singles_people"], 4_000);
}

#[test]
fn tables_fit_a_hundred_columns_and_csv_is_one_table() {
    let stroke = ["--standard", "Stroke Unit", "--choice", "nearest"];
    for more in [
        &["--order", "1"][..],
        &["--order", "2", "--rank", "together"],
        &["--order", "3", "--limit", "2"],
        &["--nobody-beyond"],
        &["--by", "receiver", "--limit", "2"],
    ] {
        let out = done(&[&stroke[..], more].concat());
        let table = out.split("───\n").nth(1).unwrap();
        for line in table.lines().take_while(|line| line.starts_with(' ')) {
            assert!(line.chars().count() <= 110, "{line}");
        }
        let csv = done(&[&stroke[..], more, &["--format", "csv"]].concat());
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        assert_ne!(reader.headers().unwrap().get(0), Some("section"), "{csv}");
        assert!(reader.records().all(|row| row.is_ok()));
    }
}

#[test]
fn the_largest_set_says_what_it_means_and_what_it_does_not() {
    let set = ["closures", "--standard", "stroke_unit", "--nobody-beyond"];
    let out = run::text(&set);
    assert!(out.starts_with("Hospitals that could close with nobody beyond the limit\n"), "{out}");
    let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("nobody who is within 30 minutes of care that meets the standard now"));
    assert!(words.contains("It does not mean that the others have the beds."), "{out}");
    // The name that it had before is still understood.
    assert_eq!(out, run::text(&["closures", "--standard", "stroke_unit", "--harmless"]));

    let out = run::text(&[&set[..], &["--none-overfull"]].concat());
    let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("and no other hospital overfull"), "{out}");
    assert!(words.contains("have more bed days than beds then"), "{out}");
    let table = out.split("Neighbours that would have more bed days than beds").nth(1).unwrap();
    assert!(table.trim_start().starts_with("none"), "{out}");
}

#[test]
fn all_faults_are_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    let (code, out, error) = output(&[
        "closures",
        "--standard",
        "strok_unit",
        "--resume",
        folder,
        "--output",
        folder,
        "--by",
        "receiver",
        "--choice",
        "none",
    ]);
    assert_eq!((code, out.as_str()), (2, ""));
    for part in ["did you mean \"stroke_unit\"?", "--output", "--resume", "--by receiver needs"] {
        assert!(error.contains(part), "{part}\n{error}");
    }
    for wrong in [
        &["--order", "0"][..],
        &["--order", "4"],
        &["--limit", "0"],
        &["--within", "0"],
        &["--within", "121"],
        &["--nobody-beyond", "--order", "2"],
        &["--nobody-beyond", "--resume", "x"],
        &["--none-overfull"],
        &["--nobody-beyond", "--none-overfull", "--choice", "none"],
    ] {
        let (code, out, _) = with(&SMALL, wrong);
        assert_eq!((code, out.as_str()), (2, ""), "{wrong:?}");
    }
    let (code, _, error) = output(&["closures"]);
    assert!(code == 2 && error.contains("--standard"), "{error}");
}

const PAIRS: [&str; 8] =
    ["--standard", "cath_lab", "--order", "2", "--choice", "nearest", "--format", "json"];

fn resumed(file: &Path, more: &[&str]) -> (i32, String, String) {
    with(&PAIRS, &[&["--resume", file.to_str().unwrap()], more].concat())
}

/// The checksum of a file of `--resume`, bit by bit (CRC-32 of ISO 3309).
fn checksum(text: &str) -> String {
    let mut sum = u32::MAX;
    for byte in text.bytes() {
        sum ^= u32::from(byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
        }
    }
    format!("crc32:{:08x}", !sum)
}

/// A file of `--resume`: its head and its records.
#[derive(Clone, PartialEq, Debug)]
struct Saved {
    head: Value,
    records: Value,
}

impl Saved {
    fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap();
        let (head, records) = text.split_once('\n').unwrap();
        Self { head: json(head), records: json(records) }
    }

    /// Writes it with a checksum that fits.
    fn write(&self, file: &Path) {
        let (mut head, records) = (self.head.clone(), self.records.to_string());
        head["checksum"] = checksum(&records).into();
        std::fs::write(file, format!("{head}\n{records}\n")).unwrap();
    }

    fn count(&self) -> usize {
        self.records.as_array().unwrap().len()
    }
}

#[test]
fn resumed_work_is_that_of_a_run_in_one_go_and_is_not_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("work.json");
    let whole = done(&[&PAIRS[..], &["--limit", "6"]].concat());
    // A part, the whole, and the whole again from what is finished.
    assert_eq!(resumed(&file, &["--limit", "4"]).0, 0);
    let count = || Saved::read(&file).count();
    assert_eq!(count(), 4);
    for _ in 0..2 {
        assert_eq!(resumed(&file, &["--limit", "6"]), (0, whole.clone(), String::new()));
        assert_eq!(count(), 6);
    }
    // Fewer rows keep what is finished.
    assert_eq!(resumed(&file, &["--limit", "1"]).0, 0);
    assert_eq!(count(), 6);
    // Another figure in the file, with its checksum, comes out: it was not worked out again.
    let mut saved = Saved::read(&file);
    for record in saved.records.as_array_mut().unwrap() {
        record["backup_seconds"] = 720.0.into();
    }
    saved.write(&file);
    let (_, out, _) = resumed(&file, &["--limit", "6"]);
    for row in json(&out)["tables"]["closures"].as_array().unwrap() {
        assert_eq!(row["backup_minutes"], 12.0);
    }
}

#[test]
fn a_file_of_no_set_of_this_work_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("work.json");
    let with_huff = ["--choice", "huff", "--limit", "1"];
    let arguments = ["--standard", "cath_lab", "--order", "2", "--resume", file.to_str().unwrap()];
    done(&[&arguments[..], &with_huff].concat());
    let saved = Saved::read(&file);
    let closed = saved.records[0]["closed"].clone();
    let twice = Value::Array(vec![closed[0].clone(), closed[0].clone()]);
    let other = Value::Array(vec!["awo-psychiatrie-halle".into(), closed[1].clone()]);
    for (field, value) in [("closed", twice), ("closed", other), ("overload", Value::Null)] {
        let mut wrong = saved.clone();
        wrong.records[0][field] = value;
        wrong.write(&file);
        let (code, _, error) = with(&arguments, &with_huff);
        assert!(code == 2 && error.contains("is no set of this work"), "{field}: {error}");
    }
    // One file under two names.
    saved.write(&file);
    let dotted = folder.path().join(".").join("work.json");
    let output = ["--output", dotted.to_str().unwrap()];
    let (code, _, error) = with(&arguments, &output);
    assert!(code == 2 && error.contains("name the same file"), "{error}");
    assert_eq!(Saved::read(&file).records, saved.records);
}

#[test]
fn a_number_that_was_changed_in_the_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("work.json");
    assert_eq!(resumed(&file, &["--limit", "2"]).0, 0);
    let text = std::fs::read_to_string(&file).unwrap();
    let refused = |reason: &str| {
        let (code, out, error) = resumed(&file, &["--limit", "2"]);
        assert!(code == 2 && out.is_empty() && error.contains(reason), "{reason}: {error}");
    };
    // By one digit, and a file that ends too early.
    let people = Saved::read(&file).records[0]["people"].to_string();
    let more = text.replacen(&format!("\"people\":{people}"), &format!("\"people\":1{people}"), 1);
    assert_ne!(more, text);
    std::fs::write(&file, &more).unwrap();
    refused("its checksum does not fit");
    std::fs::write(&file, &text[..text.len() - 20]).unwrap();
    refused("its checksum does not fit");

    // What cannot be is refused whatever the checksum says.
    std::fs::write(&file, &text).unwrap();
    let saved = Saved::read(&file);
    let change = |field: &str, value: Value, reason: &str| {
        let mut wrong = saved.clone();
        wrong.records[1][field] = value;
        wrong.write(&file);
        refused(reason);
    };
    change("people", 99_999_999_999_u64.into(), "99999999999 people");
    change("without_way", 5_000_000.into(), "5000000 of them without a way");
    change("backup_seconds", 1e30.into(), "seconds to the next hospital");
    change("backup_seconds", (-1.0).into(), "-1 seconds to the next hospital");
    let mut overload = saved.records[1]["overload"].clone();
    overload["cases"] = (-5.0).into();
    change("overload", overload, "-5 cases or bed days");

    // The file of an earlier version had one line.
    let earlier = format!(r#"{{"input": {}, "finished": []}}"#, saved.head["input"]);
    std::fs::write(&file, earlier).unwrap();
    refused("another version of the program wrote the file");
}

#[test]
fn a_file_of_other_work_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("work.json");
    assert_eq!(resumed(&file, &["--limit", "2"]).0, 0);
    let saved = std::fs::read_to_string(&file).unwrap();
    let refused = |arguments: &[&str], reason: &str| {
        let before = std::fs::read_to_string(&file).unwrap();
        let resume = ["--resume", file.to_str().unwrap()];
        let (code, out, error) = with(arguments, &resume);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(error.contains(reason), "{reason}\n{error}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), before);
    };
    let standard = ["--standard", "cath_lab", "--choice", "nearest"];
    let all = |more: &[&'static str]| [&standard[..], more].concat();
    refused(&all(&["--order", "1"]), "order: 2 in the file, 1 asked for");
    refused(&all(&["--order", "2", "--within", "29"]), "limit: 30 minutes in the file, 29 minutes");
    refused(&all(&["--order", "2", "--all-sites"]), "hospitals that may close: inside in the file");
    refused(&all(&["--order", "2", "--as-of", "2025-01-01"]), "as-of: 2026-01-01 in the file");
    refused(&all(&["--order", "2", "--network", "small"]), "network: ");
    refused(&["--standard", "stroke_unit", "--choice", "nearest", "--order", "2"], "standard: ");
    refused(&["--standard", "cath_lab", "--order", "2"], "choice: nearest hospital in the file");
    // The network's content, a set that is no set of the order, one that is there twice, and no such
    // file at all.
    let change = |edit: &dyn Fn(&mut Saved)| {
        std::fs::write(&file, &saved).unwrap();
        let mut value = Saved::read(&file);
        edit(&mut value);
        value.write(&file);
    };
    change(&|saved| saved.head["input"]["fingerprint"] = "0".into());
    refused(&PAIRS, "content of the network: 0 in the file");
    change(&|saved| saved.records[0]["closed"] = serde_json::json!(["nowhere", "kkh-torgau"]));
    refused(&PAIRS, "\"nowhere, kkh-torgau\" is no set of this work");
    change(&|saved| saved.records[0]["closed"] = serde_json::json!(["kkh-torgau"]));
    refused(&PAIRS, "\"kkh-torgau\" is no set of this work");
    change(&|saved| saved.records[1] = saved.records[0].clone());
    refused(&PAIRS, "is there twice");
    std::fs::write(&file, "closures").unwrap();
    refused(&PAIRS, "this is no file of unfinished closures");
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_is_finished_and_resume_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("work.json");
    let long = ["--standard", "basic_care", "--order", "3", "--all-sites", "--format", "json"];
    let resume = ["--resume", file.to_str().unwrap()];
    let arguments = [&["closures"], &long[..], &resume, &["--limit", "100000"]].concat();
    // The file is there when the first sets are finished.
    let (code, text, error) = interrupted(&arguments, |_| file.exists());
    assert_eq!(code, 130);
    assert!(error.contains("verbund: interrupted after") && error.contains("goes on"), "{error}");
    let partial = json(&text);
    let rows = partial["tables"]["closures"].as_array().unwrap();
    assert_eq!(rows.len(), Saved::read(&file).count());
    let told = format!("partial: {} of ", rows.len());
    assert!(partial["about"]["interrupted"].as_str().unwrap().starts_with(&told));
    // Going on with a few more than are finished is the same as doing those in one go; at least 16
    // were finished before the file was written.
    assert!(rows.len() >= 16, "{}", rows.len());
    let count = (rows.len() + 2).to_string();
    let (code, out, error) = with(&long, &[&resume[..], &["--limit", &count]].concat());
    assert_eq!((code, error.as_str()), (0, ""));
    let at_once = json(&done(&[&long[..], &["--limit", "20"]].concat()));
    let all = json(&out);
    let all = all["tables"]["closures"].as_array().unwrap();
    assert_eq!(all.len().to_string(), count);
    let first = at_once["tables"]["closures"].as_array().unwrap();
    assert_eq!(&all[..first.len().min(all.len())], &first[..first.len().min(all.len())]);
    assert!(Saved::read(&file).count() >= all.len());
}

#[test]
#[cfg(unix)]
fn a_file_of_resume_is_a_regular_one() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // Reading them would never end.
    for path in [pipe.as_path(), Path::new("/dev/zero")] {
        let (code, out, error) = resumed(path, &["--limit", "2"]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(error.contains("it is no regular file; a file is needed"), "{error}");
    }
    // A table in Latin-1 is told as such, with its place.
    let file = folder.path().join("r");
    std::fs::write(&file, b"format\n\xe4").unwrap();
    let (code, _, error) = resumed(&file, &["--limit", "2"]);
    assert!(code == 2 && error.contains("line 2, column 1: the file is not UTF-8"), "{error}");
}
