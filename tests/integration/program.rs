//! The program as a user runs it.

use serde_json::Value;

use crate::run::{json, output, refused, verbund};

/// Commands that print a result, with the name of a table of theirs.
const COMMANDS: [(&[&str], &str); 36] = [
    (&["report"], "coverage"),
    (&["info"], "quality"),
    (&["info", "--list", "sources"], "sources"),
    (&["info", "--list", "hospitals"], "hospitals"),
    (&["info", "--list", "places"], "places"),
    (&["info", "--list", "alliances"], "alliances"),
    (&["alliance"], "alliances"),
    (&["info", "--list", "scenarios"], "scenarios"),
    (&["info", "--list", "changes"], "changes"),
    (&["info", "--list", "needs"], "needs"),
    (&["info", "--list", "standards"], "standards"),
    (&["info", "--list", "rates"], "rates"),
    (&["coverage"], "coverage"),
    (&["coverage", "--by", "district"], "coverage"),
    (&["coverage", "basic_care", "--by", "place"], "places"),
    (&["coverage", "basic_care", "--by", "hospital"], "catchments"),
    (&["coverage", "basic_care", "--by", "gap", "--within", "5"], "gaps"),
    (&["flows"], "hospitals"),
    (&["flows", "--choice", "capacity", "--by", "department"], "departments"),
    (&["flows", "--by", "treatment"], "treatments"),
    (&["info", "--list", "pathways"], "pathways"),
    (&["pathway"], "pathways"),
    (&["pathway", "stroke"], "stages"),
    (&["pathway", "stroke", "--by", "place"], "places"),
    (&["pathway", "stroke", "--by", "hospital"], "hospitals"),
    (&["pathway", "stroke", "--by", "cooperation", "--during", "night"], "cooperations"),
    (&["graph"], "hospitals"),
    (&["rules", "groups"], "service_groups"),
    (&["rules", "groups", "--group", "54"], "groups"),
    (&["rules", "groups", "--unlock"], "unlocks"),
    (&["rules", "levels"], "levels"),
    (&["rules", "supplement"], "supplement"),
    (&["rules", "supplement", "--sensitivity"], "verdicts"),
    (&["rules", "emergency"], "emergency"),
    (&["rules", "volumes"], "volumes"),
    (&["graph", "--field", "neurology", "--dependences"], "dependences"),
];

/// Questions to things that only the network of the region has.
const OF_LEIPZIG: [(&[&str], &str); 5] = [
    (&["alliance", "akg"], "members"),
    (&["alliance", "akg", "--indicators"], "indicators"),
    (&["alliance", "akg", "--compare"], "comparison"),
    (&["alliance", "landkreis-nordsachsen", "--without", "kkh-torgau"], "standards"),
    (&["alliance", "landkreis-nordsachsen", "--concentrate", "internal_medicine"], "concentrated"),
];

#[test]
fn a_scenario_of_the_network_is_printed_to_start_another_one_from() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.ron");
    let (code, text, _) = output(&["info", "--scenario", "winter"]);
    assert_eq!(code, 0);
    std::fs::write(&file, text.replace("id: \"winter\"", "id: \"own\"")).unwrap();
    let (code, text, error) = output(&["check", "--scenario", file.to_str().unwrap()]);
    assert_eq!((code, error.as_str()), (0, ""), "{text}");
    for (name, message) in [
        ("wintr", "did you mean \"winter\"?"),
        (file.to_str().unwrap(), "this is a file of yours"),
        (folder.path().to_str().unwrap(), "a file is needed"),
    ] {
        refused(&["info", "--scenario", name], &[message]);
    }
    refused(&["info", "--scenario", "winter", "--format", "csv"], &["without --format"]);
}

#[test]
fn every_command_prints_text_json_and_csv() {
    for network in ["leipzig", "small"] {
        let of_leipzig = if network == "leipzig" { &OF_LEIPZIG[..] } else { &[] };
        for (command, table) in COMMANDS.iter().chain(of_leipzig) {
            let mut command = command.to_vec();
            command.extend(["--network", network]);
            let (code, text, error) = output(&command);
            assert_eq!((code, error.as_str()), (0, ""), "{command:?}");
            assert!(text.lines().all(|line| line.chars().count() <= 110), "{command:?}\n{text}");
            let value = json(&command);
            assert!(value["about"]["travel"].as_str().unwrap().contains("crow-fly model"));
            assert!(value["tables"][*table].is_array(), "{command:?}");
            command.extend(["--format", "csv"]);
            let (code, csv, _) = output(&command);
            let mut reader = csv::Reader::from_reader(csv.as_bytes());
            assert_eq!(code, 0);
            assert!(reader.records().all(|row| row.is_ok()), "{command:?}");
        }
    }
}

#[test]
fn the_same_bytes_on_one_thread_and_on_eight() {
    for command in [
        &["report"][..],
        &["flows", "--by", "place", "--format", "csv"],
        &["pathway", "major_trauma", "--format", "json"],
    ] {
        let run = |threads: &str| {
            verbund(command).env("RAYON_NUM_THREADS", threads).output().unwrap().stdout
        };
        assert!(run("1") == run("8"), "{command:?}");
    }
}

#[test]
fn a_route_from_torgau_to_a_stroke_unit() {
    let value = json(&["route", "--from", "torgau", "--need", "stroke_unit", "--count", "2"]);
    let options = value["tables"]["options"].as_array().unwrap();
    assert_eq!(options.len(), 2);
    assert_eq!(options[0]["hospital"], "fkh-hubertusburg");
    let own = value["tables"]["others"].as_array().unwrap();
    assert_eq!(own[0]["hospital"], "kkh-torgau");
    assert_eq!(own[0]["missing"][0], "no stroke unit");
}

#[test]
fn a_day_of_the_past_can_be_asked_for() {
    let sites = |day: &str| {
        let value = json(&["info", "--list", "hospitals", "--as-of", day]);
        value["tables"]["hospitals"].as_array().unwrap().len()
    };
    assert_eq!((sites("2025-05-01"), sites("2025-06-01")), (132, 131));
    // What has no dates is not of that day, and every output says so; a day stays a day.
    let about = |day: &str| json(&["info", "--as-of", day])["about"].clone();
    let (old, own) = (about("1900-01-01"), about("2026-01-01"));
    assert_eq!(old["as_of"], "1900-01-01");
    assert_eq!(
        old["without_dates"],
        "people, beds, staff and all else that has no dates: as on 2026-01-01"
    );
    assert!(own["without_dates"].is_null(), "{own}");
}

#[test]
fn exit_code_one_is_a_finding() {
    let (code, out, _) = output(&["coverage", "--network", "small", "--fail-on-gap"]);
    assert_eq!(code, 1);
    assert!(out.contains("basic care"));
    let (code, ..) =
        output(&["coverage", "ct", "--network", "small", "--within", "60", "--fail-on-gap"]);
    assert_eq!(code, 0);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("network.ron"), "Network(format: 1)").unwrap();
    let path = folder.path().to_str().unwrap();
    let (code, out, _) = output(&["check", "--network", path]);
    assert_eq!(code, 1);
    assert!(out.contains("field name: is missing") && out.contains("field as_of: is missing"));
    let (code, out, _) = output(&["check"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("No problem in 132 hospital sites"), "{out}");
}

#[test]
fn wrong_flags_and_names_are_errors_that_help() {
    refused(&["route", "--from", "Torgua", "--need", "ct"], &["did you mean \"Torgau\"?"]);
    refused(&["route", "--from", "Leipzig", "--need", "ct"], &["more than one place"]);
    refused(
        &["route", "--from", "Torgau", "--need", "strok_unit"],
        &["did you mean \"stroke unit\"?"],
    );
    refused(&["route", "--from", "Torgau"], &["--need"]);
    refused(&["route", "--from", "Torgau", "--need", "ct", "--count", "0"], &["0 is not in"]);
    refused(&["route", "--from", "", "--need", "ct"], &["verbund info --list places"]);
    refused(&["coverage", "basic_cxre"], &["did you mean \"basic_care\"?"]);
    refused(&["coverage", "--within", "0"], &["0 is not in"]);
    refused(&["coverage", "--within", "121"], &["121 is not in"]);
    refused(&["flows", "--specialty", "urolgie"], &["did you mean \"urology\"?"]);
    refused(&["flows", "--beds-exponent", "-1"], &["expected a number from 0 to 100"]);
    refused(&["flows", "--beds-exponent", "NaN"], &["expected a number from 0 to 100"]);
    refused(&["flows", "--choice", "nearest", "--occupancy-limit", "0.5"], &["--choice capacity"]);
    refused(&["flows", "--choice", "capacity", "--occupancy-limit", "1.5"], &["a share above 0"]);
    refused(&["flows", "--check", "--fit-year", "1950"], &["--fit-year 1950"]);
    refused(&["graph", "--field", "neurolgy"], &["did you mean \"neurology\"?"]);
    refused(&["graph", "nobody"], &["unknown hospital \"nobody\""]);
    refused(
        &["info", "helios-schkeuditz"],
        &["is not there on 2026-01-01 (opened –, closed 2025-05-28)"],
    );
    refused(&["graph", "--dependences"], &["--field"]);
    refused(&["info", "--as-of", "01.05.2025"], &["write a day as 2025-05-28"]);
    refused(&["info", "--network", "leipzg"], &["did you mean \"leipzig\"?"]);
    refused(&["info", "--network", "/nowhere/at/all"], &["there is no such folder"]);
    refused(&["report", "--output", "/nowhere/x.txt"], &["there is no folder /nowhere"]);
    refused(&["report", "--format", "yaml"], &["possible values"]);
    refused(&["nothing"], &["unrecognized subcommand"]);
    refused(&[], &["Usage"]);
}

#[test]
fn a_network_with_problems_is_refused_with_all_of_them() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("network.ron"), "Network(format: 1, hospitals: 7)").unwrap();
    let path = folder.path().to_str().unwrap();
    refused(&["report", "--network", path], &["field hospitals: 7 is not what belongs here"]);
    refused(&["report", "--network", path], &["places.csv"]);
}

#[test]
fn an_output_file_is_whole_or_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let path = file.to_str().unwrap();
    std::fs::write(&file, "old").unwrap();
    refused(&["report", "--as-of", "nonsense", "--output", path], &["no date"]);
    refused(&["coverage", "nothing", "--output", path], &["unknown standard"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "old");
    let (code, out, _) = output(&["report", "--format", "json", "--output", path]);
    assert_eq!((code, out.as_str()), (0, ""));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(serde_json::from_str::<Value>(&text).is_ok());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
    refused(&["report", "--output", folder.path().to_str().unwrap()], &["this is a folder"]);
}

#[test]
fn one_hospital_no_cooperation_and_nobody_near() {
    let folder = tempfile::tempdir().unwrap();
    let network = "Network(format: 1, name: \"One\", as_of: \"2026\", hospitals: [(id: \"a\", \
         name: \"A\", operator: \"A\", ownership: Public, beds: 0, position: (lat: 51, lon: 12))])";
    std::fs::write(folder.path().join("network.ron"), network).unwrap();
    let places = "id,name,lat,lon,people\nfar,Far,56.5,12,10\n";
    std::fs::write(folder.path().join("places.csv"), places).unwrap();
    let path = folder.path().to_str().unwrap();
    for command in [
        &["report"][..],
        &["info"],
        &["check"],
        &["coverage"],
        &["coverage", "--by", "gap"],
        &["flows", "--choice", "capacity"],
        &["graph"],
        &["graph", "a"],
        &["info", "a"],
        &["pathway"],
        &["route", "--from", "far", "--need", "ct"],
    ] {
        let mut command = command.to_vec();
        command.extend(["--network", path]);
        let (code, out, error) = output(&command);
        assert_eq!(code, 0, "{command:?} {out} {error}");
    }
    let (_, out, _) = output(&["route", "--from", "far", "--need", "ct", "--network", path]);
    assert!(out.contains("No hospital within 2h offers CT"), "{out}");
}

#[test]
fn whoever_closes_the_pipe_has_seen_enough() {
    let program = assert_cmd::cargo::cargo_bin!("verbund");
    let line = format!("{} flows --by place | head -n 1", program.display());
    let output = std::process::Command::new("sh").args(["-c", &line]).output().unwrap();
    assert!(output.status.success());
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(unix)]
#[test]
fn an_output_that_is_no_plain_file_is_written_to_and_never_replaced() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (link, target) = (folder.path().join("link"), folder.path().join("target"));
    std::fs::write(&target, "old").unwrap();
    symlink(&target, &link).unwrap();
    let (code, ..) = output(&["coverage", "--output", link.to_str().unwrap()]);
    assert_eq!(code, 0);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(std::fs::read_to_string(&target).unwrap().contains("basic care"));
    // A pipe stays a pipe.
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader =
        std::process::Command::new("cat").arg(&pipe).stdout(std::process::Stdio::piped()).spawn();
    let (code, ..) = output(&["coverage", "ct", "--output", pipe.to_str().unwrap()]);
    let read = reader.unwrap().wait_with_output().unwrap();
    assert_eq!(code, 0);
    assert!(String::from_utf8(read.stdout).unwrap().contains("Coverage"));
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
}

#[test]
fn scenarios_are_checked_against_the_network() {
    // Those that the network brings, by name.
    let (code, out, error) = output(&["check", "--scenario", "winter", "mulde-bridge"]);
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    assert!(out.ends_with("No problem in 2 scenarios with 4 changes.\n"), "{out}");
    // Every fault of every file, each with its file and line.
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, place: &str| {
        let path = folder.path().join(name).to_str().unwrap().to_owned();
        let text = format!(
            "(format: 1, id: \"x\", name: \"X\", source: \"invented\", changes: [\n(on: \"2026-02-01\", \
             reason: \"r\", change: Incident(place: \"{place}\", red: 1, minutes: 0))])"
        );
        std::fs::write(&path, text).unwrap();
        path
    };
    let (one, two) = (write("one.ron", "Nirgendwo"), write("two.ron", "14730310"));
    let both = ["check", "--scenario", &one, "--scenario", &two];
    let (code, out, error) = output(&both);
    assert_eq!((code, error.as_str()), (1, ""), "{out}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 4, "{out}");
    assert!(
        lines[0].starts_with(&format!("{one}:2:57: change 1 (Incident), field change.place: "))
    );
    assert!(lines[0].contains("unknown place \"Nirgendwo\""), "{out}");
    assert!(
        lines[1].starts_with(&format!("{one}:2:")) && lines[2].starts_with(&format!("{two}:2:"))
    );
    assert_eq!(lines[3], "3 problems.");
    let (code, out, _) = output(&[&both[..], &["--format", "json"]].concat());
    let value: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, value["tables"]["problems"].as_array().unwrap().len()), (1, 3));
    // The day of the network is the start.
    let (code, out, _) = output(&["check", "--scenario", "winter", "--as-of", "2026-02-01"]);
    assert!(code == 1 && out.contains("2026-01-12 is before the start on 2026-02-01"), "{out}");
    refused(&["check", "--scenario", "wintre"], &["did you mean \"winter\"?"]);
    refused(&["check", "--scenario", folder.path().to_str().unwrap()], &["a file is needed"]);
}
