//! Files that the program writes: none that it reads, opened before the run, whole or not there.

use std::fs;
use std::path::{Path, PathBuf};

use verbund::disk::{WholeFile, is_same_file, write_whole};
use verbund::files::Folder;

use crate::run::{output, run, verbund};

/// A copy of the small network with its catalog in a new folder: `net` and `catalog` in it.
pub(crate) fn copied() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let networks = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks");
    for (from, to) in [("small", "net"), ("catalog", "catalog")] {
        let to = folder.path().join(to);
        fs::create_dir(&to).unwrap();
        for entry in fs::read_dir(networks.join(from)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                // Not by copying: the copy may be read-only as its original is.
                fs::write(to.join(path.file_name().unwrap()), fs::read(&path).unwrap()).unwrap();
            }
        }
    }
    fs::create_dir(folder.path().join("net/scenarios")).unwrap();
    folder
}

/// A command line in a folder.
fn within(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = verbund(arguments);
    command.current_dir(folder);
    run(command)
}

/// What every file in a folder holds, by path.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(contents(&path));
        } else {
            files.push((path.clone(), fs::read(&path).unwrap_or_default()));
        }
    }
    files.sort();
    files
}

/// A command line is refused with this, and no file anywhere in the folder is another one afterwards.
#[track_caller]
fn refused_within(folder: &Path, arguments: &[&str], reason: &str) {
    let before = contents(folder);
    let (code, out, error) = within(folder, arguments);
    assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {error}");
    assert!(error.contains(reason), "{reason} in {arguments:?}: {error}");
    assert_eq!(contents(folder), before, "{arguments:?}");
}

const SCENARIO: &str = r#"(format: 1, id: "mine", name: "mine", source: "invented", changes: [
    (on: "2026-02-01", reason: "x", change: CloseHospital("south")),
])"#;

#[test]
fn no_output_replaces_a_file_that_the_run_reads() {
    let folder = copied();
    let at = folder.path();
    fs::write(at.join("mine.ron"), SCENARIO).unwrap();
    fs::write(at.join("net/scenarios/winter.ron"), SCENARIO).unwrap();
    let reads = "the run reads this file";
    for file in [
        "net/network.ron",
        "net/places.csv",
        "./net/../net/places.csv",
        "catalog/demand.ron",
        "net/scenarios/winter.ron",
    ] {
        refused_within(at, &["coverage", "--network", "net", "--output", file], reads);
    }
    let compare = ["compare", "--network", "net", "--by", "standard", "--scenario", "mine.ron"];
    refused_within(at, &[&compare[..], &["--output", "./mine.ron"]].concat(), reads);
    let check = ["check", "--network", "net", "--scenario", "mine.ron"];
    refused_within(at, &[&check[..], &["--output", "mine.ron"]].concat(), reads);
    let run = ["simulate", "--network", "net", "--days", "1", "--replications", "1"];
    refused_within(at, &[&run[..], &["--trace", "net/network.ron"]].concat(), reads);
    let closures = ["closures", "--network", "net", "--standard", "basic_care"];
    refused_within(at, &[&closures[..], &["--resume", "net/places.csv"]].concat(), reads);

    // What the run does not read is replaced, even in the folder of the network.
    let result = ["coverage", "--network", "net", "--output", "net/result.txt"];
    assert_eq!(within(at, &result).0, 0);
    assert_eq!(within(at, &result).0, 0);
    assert!(fs::read_to_string(at.join("net/result.txt")).unwrap().starts_with("Coverage"));
}

#[cfg(unix)]
#[test]
fn a_link_or_a_second_name_hides_no_input() {
    let folder = copied();
    let at = folder.path();
    std::os::unix::fs::symlink("net/places.csv", at.join("link")).unwrap();
    fs::hard_link(at.join("net/places.csv"), at.join("second")).unwrap();
    std::os::unix::fs::symlink("net", at.join("other")).unwrap();
    let reads = "the run reads this file";
    for file in ["link", "second", "other/network.ron"] {
        refused_within(at, &["coverage", "--network", "net", "--output", file], reads);
    }
    refused_within(at, &["coverage", "--network", "other", "--output", "net/places.csv"], reads);
}

#[test]
fn the_table_that_a_scenario_names_is_an_input() {
    let folder = copied();
    let at = folder.path();
    let scenario = r#"(format: 1, id: "people", name: "people", source: "invented", changes: [
        (on: "2026-02-01", reason: "x", change: SetPopulation(table: "people.csv")),
    ])"#;
    fs::write(at.join("people.ron"), scenario).unwrap();
    fs::copy(at.join("net/places.csv"), at.join("people.csv")).unwrap();
    let compare = ["compare", "--network", "net", "--scenario", "people.ron"];
    let output = ["--output", "people.csv"];
    refused_within(at, &[&compare[..], &output].concat(), "the run reads this file");
}

#[test]
fn two_outputs_of_one_run_are_two_files() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let run = ["simulate", "--network", "small", "--days", "2", "--replications", "1"];
    let same = "name the same file";
    for (trace, output) in [("t.csv", "t.csv"), ("./t.csv", "t.csv"), ("../x/t.csv", "t.csv")] {
        let inner = at.join("x");
        fs::create_dir_all(&inner).unwrap();
        let files = ["--trace", trace, "--output", output];
        refused_within(&inner, &[&run[..], &files].concat(), same);
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("later", at.join("link")).unwrap();
        let files = ["--trace", "later", "--output", "link"];
        refused_within(at, &[&run[..], &files].concat(), same);
    }
    // What is thrown away may be thrown away twice.
    if Path::new("/dev/null").exists() {
        let files = ["--trace", "/dev/null", "--output", "/dev/null"];
        assert_eq!(within(at, &[&run[..], &files].concat()).0, 0);
    }
}

#[test]
fn an_output_that_cannot_be_written_is_refused_before_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("file"), "").unwrap();
    fs::create_dir(at.join("folder")).unwrap();
    let long = "n".repeat(300);
    // A run that would take an hour.
    let run = ["simulate", "--days", "36500", "--replications", "1000"];
    for flag in ["--output", "--trace"] {
        for (path, reason) in [
            ("results/", "there is no folder results"),
            ("results/x.txt", "there is no folder results"),
            ("file/x.txt", "there is no folder file"),
            ("folder", "this is a folder"),
            ("folder/", "this is a folder"),
            (long.as_str(), "too long"),
        ] {
            refused_within(at, &[&run[..], &[flag, path]].concat(), reason);
        }
    }
    let closures = ["closures", "--standard", "basic_care", "--order", "3", "--resume"];
    refused_within(at, &[&closures[..], &[&long]].concat(), "too long");
    refused_within(at, &[&closures[..], &["folder"]].concat(), "this is a folder");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("circle", at.join("circle")).unwrap();
        std::os::unix::fs::symlink("gone/x", at.join("to-nowhere")).unwrap();
        let output = |path| [&run[..], &["--output", path]].concat();
        refused_within(at, &output("circle"), "circle");
        refused_within(at, &output("to-nowhere"), "there is no folder");
    }
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_rights_and_a_link_leads_to_what_is_made() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let file = at.join("shared");
    for mode in [0o664, 0o600, 0o646, 0o755] {
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        write_whole(&file, "new").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o7777, mode);
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    }
    // Links to a link to nothing, from another folder.
    fs::create_dir(at.join("inner")).unwrap();
    symlink("../second", at.join("inner/first")).unwrap();
    symlink("target", at.join("second")).unwrap();
    let link = at.join("inner/first");
    let (code, ..) =
        output(&["coverage", "--network", "small", "--output", link.to_str().unwrap()]);
    assert_eq!(code, 0);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::symlink_metadata(at.join("second")).unwrap().is_symlink());
    assert!(fs::symlink_metadata(at.join("target")).unwrap().is_file());
    // A model that is written as a folder goes the same way.
    let model = Folder::small().read().unwrap();
    fs::create_dir(at.join("net")).unwrap();
    symlink("elsewhere.csv", at.join("net/places.csv")).unwrap();
    verbund::files::write(&model, &at.join("net")).unwrap();
    assert!(fs::symlink_metadata(at.join("net/places.csv")).unwrap().is_symlink());
    assert!(fs::symlink_metadata(at.join("net/elsewhere.csv")).unwrap().is_file());
    assert_eq!(Folder::open(at.join("net")).read().unwrap(), model);
}

#[test]
fn what_is_not_finished_is_as_if_it_had_not_begun() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "old").unwrap();
    let mut file = WholeFile::create(&path).unwrap();
    file.write_all(b"half").unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    drop(file);
    WholeFile::check(&path).unwrap();
    assert_eq!(contents(folder.path()), [(path, b"old".to_vec())]);
}

#[test]
fn one_file_is_found_under_every_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a"), "").unwrap();
    fs::write(path("b"), "").unwrap();
    assert!(is_same_file(&path("a"), &path("./a")));
    assert!(!is_same_file(&path("a"), &path("b")));
    // Not there yet: by folder and name.
    assert!(is_same_file(&path("new"), &path("./new")));
    assert!(!is_same_file(&path("new"), &path("newer")));
    assert!(!is_same_file(&path("new"), &path("a")));
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_utf_8_are_taken_as_they_are() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = copied();
    let name = |bytes: &[u8]| folder.path().join(OsStr::from_bytes(bytes));
    fs::rename(name(b"net"), name(b"n\xfc")).unwrap();
    fs::write(name(b"s\xfc.ron"), SCENARIO).unwrap();
    let mut command = verbund(&["simulate", "--days", "2", "--replications", "1"]);
    command.arg("--network").arg(name(b"n\xfc")).arg("--scenario").arg(name(b"s\xfc.ron"));
    command.arg("--output").arg(name(b"o\xfc")).arg("--trace").arg(name(b"t\xfc"));
    let (code, _, error) = run(command);
    // The scenario closes a hospital within the run, which these tables cannot show.
    assert_eq!(code, 2);
    assert!(error.contains("CloseHospital") || error.contains("mine"), "{error}");

    let mut command = verbund(&["compare", "--by", "standard"]);
    command.arg("--network").arg(name(b"n\xfc")).arg("--scenario").arg(name(b"s\xfc.ron"));
    command.arg("--output").arg(name(b"o\xfc"));
    assert_eq!(run(command).0, 0);
    assert!(name(b"o\xfc").is_file());
    let mut command = verbund(&["closures", "--standard", "basic_care"]);
    command.arg("--network").arg(name(b"n\xfc")).arg("--resume").arg(name(b"r\xfc"));
    assert_eq!(run(command).0, 0);
    assert!(name(b"r\xfc").is_file());
}

#[test]
fn a_folder_comes_before_the_network_of_its_name_and_both_can_be_said() {
    let folder = copied();
    let at = folder.path();
    // A folder called `leipzig` that holds the small network.
    fs::rename(at.join("net"), at.join("leipzig")).unwrap();
    let network = |arguments: &[&str]| {
        let (code, out, error) = within(at, &[&["info"], arguments].concat());
        assert_eq!(code, 0, "{error}");
        (out.contains("Small network"), error)
    };
    let (is_small, error) = network(&["--network", "leipzig"]);
    assert!(is_small && error.contains("the folder ./leipzig is meant"), "{error}");
    assert!(error.contains("builtin:leipzig"), "{error}");
    assert_eq!(network(&["--network", "./leipzig"]), (true, String::new()));
    assert_eq!(network(&["--network", "builtin:leipzig"]), (false, String::new()));
    // Who names none means the one that comes with the program.
    assert_eq!(network(&[]), (false, String::new()));
    // A file is no network.
    fs::write(at.join("small"), "").unwrap();
    assert_eq!(network(&["--network", "small"]), (true, String::new()));
}

#[test]
fn a_file_comes_before_the_scenario_of_its_name_and_that_is_said() {
    let folder = copied();
    let at = folder.path();
    fs::write(at.join("winter"), "nonsense").unwrap();
    let (code, _, error) = within(at, &["check", "--scenario", "winter"]);
    assert_eq!(code, 1);
    assert!(error.contains("the file ./winter is meant"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_or_a_closed_pipe_is_no_panic() {
    let program = assert_cmd::cargo::cargo_bin!("verbund").display().to_string();
    let shell = |line: &str| {
        let line = line.replace("VERBUND", &program);
        let mut command = std::process::Command::new("bash");
        let output = command.env("LC_ALL", "C").args(["-c", &line]).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    };
    for command in ["check", "coverage", "--help", "--version", "simulate --help", "report"] {
        let (code, _, error) = shell(&format!("VERBUND {command} --network small > /dev/full"));
        assert_eq!(code, 2, "{command}: {error}");
        assert_eq!(error, "verbund: No space left on device (os error 28)\n", "{command}");
        // `true` reads nothing.
        let closed = format!("set -o pipefail; VERBUND {command} --network small | true; echo $?");
        assert_eq!(shell(&closed), (0, "0\n".to_owned(), String::new()), "{command}");
    }
    // A message that nobody can read keeps the exit code.
    for command in ["coverage nonsense", "--nonsense", "check --network nowhere"] {
        assert_eq!(shell(&format!("VERBUND {command} 2> /dev/full")).0, 2, "{command}");
        assert_eq!(shell(&format!("VERBUND {command} 2>&-")).0, 2, "{command}");
        let closed = format!("{{ VERBUND {command}; echo $? >&3; }} 3>&1 2>&1 >/dev/null | true");
        assert_eq!(shell(&format!("{{ {closed}; }} 3>&1")).0, 0, "{command}");
    }
    let (code, out, _) = shell("VERBUND simulate --network small --days 2 --trace /dev/full");
    assert_eq!((code, out.as_str()), (2, ""));
}

#[cfg(target_os = "linux")]
#[test]
fn standard_output_by_its_name_in_the_file_system_is_written_on() {
    let program = assert_cmd::cargo::cargo_bin!("verbund").display().to_string();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log");
    fs::write(&file, "before\n").unwrap();
    let line =
        format!("{program} coverage --network small --output /dev/stdout >> {}", file.display());
    let mut command = std::process::Command::new("bash");
    assert!(command.env("LC_ALL", "C").args(["-c", &line]).status().unwrap().success());
    assert!(fs::read_to_string(&file).unwrap().starts_with("before\nCoverage\n"));
}

#[test]
fn the_same_bytes_with_more_threads_than_anybody_has() {
    let with = |threads: &str| {
        let mut command = verbund(&["coverage", "--by", "place", "--format", "csv"]);
        command.env("RAYON_NUM_THREADS", threads);
        run(command)
    };
    let usual = with("2");
    assert_eq!(usual.0, 0);
    assert!(with("100000") == usual && with("nonsense") == usual && with("0") == usual);
}

#[test]
fn numbers_that_nobody_can_read_are_refused_with_what_is_possible() {
    for (command, number) in [
        (&["flows", "--beds-exponent"][..], "1e-320"),
        (&["flows", "--beds-exponent"], "1e300"),
        (&["beds", "--stay", "5", "--arrivals"], "1e-320"),
        (&["sensitivity", "--spread"], "1e300"),
    ] {
        let told = "expected 0, or a number from 1e-9 to 1e15";
        crate::run::refused(&[command, &[number]].concat(), &[number, told]);
    }
    // A negative number is a value that is out of range, and no flag of its own.
    crate::run::refused(&["coverage", "ct", "--within", "-1"], &["'-1' for '--within <MINUTES>'"]);
}
