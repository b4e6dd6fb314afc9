//! `verbund check` on folders with many faults, and on folders that name files outside of them.

use std::fs;

use crate::problems::Copy;
use crate::run::{json, output, refused};

/// A copy whose table of journeys has names where keys belong, in so many rows of each of 20 names.
fn with_names_for_keys(rows: usize) -> Copy {
    let copy = Copy::new().with(
        "network.ron",
        "places: \"places.csv\",",
        "places: \"places.csv\", travel_times: \"t.csv\",",
    );
    let mut table = "place,hospital,minutes\n".to_owned();
    for name in 0..20 {
        for row in 0..rows {
            table +=
                &format!("{},Klinikum {name},{row}\n", ["a", "b", "c", "d", "e", "f"][row % 6]);
        }
    }
    fs::write(copy.folder.join("t.csv"), table).unwrap();
    copy
}

#[test]
fn many_faults_of_one_kind_are_a_few_lines_and_all_of_them_for_programs() {
    let copy = with_names_for_keys(6);
    let folder = copy.folder.to_str().unwrap();
    let (code, out, error) = output(&["check", "--network", folder]);
    assert_eq!((code, error.as_str()), (1, ""));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 12, "{out}");
    assert_eq!(
        lines[0],
        "t.csv:2:2: journey from \"a\" to \"Klinikum 0\", field hospital: unknown hospital \"Klinikum 0\"; \
         expected the key of a hospital that exists (6 times: lines 2, 3, 4, 5, 6, ...)"
    );
    assert_eq!(
        lines[10],
        "t.csv: 60 more of this kind in field hospital with 10 other values: unknown hospital"
    );
    assert_eq!(lines[11], "120 problems. All of them, one by one: --format csv.");
    let (code, out, _) = output(&["check", "--network", folder, "--format", "csv"]);
    assert_eq!((code, out.lines().count()), (1, 121));
    // Other commands refuse with the same lines.
    let (code, out, error) = output(&["report", "--network", folder]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(error.lines().count(), 13, "{error}");
    assert!(error.ends_with("120 problems\n"), "{error}");
}

#[test]
fn files_outside_of_the_folder_need_a_flag() {
    let copy = Copy::new();
    fs::rename(copy.folder.join("places.csv"), copy.folder.join("../people.csv")).unwrap();
    let copy = copy.with("network.ron", "places: \"places.csv\"", "places: \"../people.csv\"");
    let folder = copy.folder.to_str().unwrap();
    let (code, out, _) = output(&["check", "--network", folder]);
    assert_eq!(code, 1);
    assert!(
        out.contains("field places: \"../people.csv\" leads out of the folder of the network"),
        "{out}"
    );
    assert!(
        out.ends_with("1 problem.\nwhoever trusts these files reads them with --allow-outside\n"),
        "{out}"
    );
    refused(&["coverage", "--network", folder], &["leads out", "--allow-outside"]);
    let (code, out, _) = output(&["check", "--network", folder, "--allow-outside"]);
    assert_eq!(code, 0, "{out}");
    assert!(json(&["coverage", "--network", folder, "--allow-outside"]).is_object());
}

#[test]
fn a_folder_of_scenarios_that_is_none_is_told() {
    let copy = Copy::new();
    fs::write(copy.folder.join("scenarios"), "").unwrap();
    let folder = copy.folder.to_str().unwrap();
    for arguments in [vec!["check"], vec!["info", "--list", "scenarios"], vec!["report"]] {
        let (code, out, error) = output(&[arguments.as_slice(), &["--network", folder]].concat());
        assert_ne!(code, 0);
        assert!((out + &error).contains("scenarios: cannot read the folder "), "{arguments:?}");
    }
}
