//! The list of every kind of change: each example reads.

use std::collections::BTreeSet;

use verbund::files::Folder;
use verbund::scenario::{CHANGE_EXAMPLES, CHANGES, Scenario};

use crate::embedding::files_of;
use crate::run::{json, text};

/// Changes as the file of a scenario has them.
fn file_of(key: &str, changes: &str) -> String {
    format!(
        "Scenario(format: 1, id: \"{key}\", name: \"Example\", source: \"invented\", changes: [{changes}])"
    )
}

#[test]
fn every_example_reads_and_is_of_its_kind() {
    // In the folder of a network, so that a table beside the scenario is found.
    let mut files = files_of("leipzig");
    for kind in CHANGE_EXAMPLES {
        let written = file_of(kind.name, kind.written);
        files.push((format!("scenarios/{}.ron", kind.name), written.into_bytes()));
        let on_one_line = file_of(kind.name, &kind.on_one_line());
        files.push((format!("scenarios/{}-line.ron", kind.name), on_one_line.into_bytes()));
    }
    let folder = Folder::of_files(files);
    let model = folder.read().unwrap();
    let read = |name: &str| {
        Scenario::in_folder(&folder, name, &model.network, &model.places)
            .unwrap_or_else(|problems| panic!("{name}: {problems}"))
    };

    for kind in CHANGE_EXAMPLES {
        let scenario = read(kind.name);
        let last = scenario.changes.last().unwrap();
        assert_eq!(last.change.name(), kind.name);
        assert_eq!(read(&format!("{}-line", kind.name)), scenario);
    }
}

#[test]
fn the_program_lists_every_change_with_its_example() {
    let value = json(&["info", "--list", "changes"]);
    let rows = value["tables"]["changes"].as_array().unwrap();
    let mut names = BTreeSet::new();
    for (row, kind) in rows.iter().zip(CHANGE_EXAMPLES) {
        assert_eq!(row["change_kind"], kind.name);
        assert_eq!(row["does"], kind.does);
        assert_eq!(row["written"], kind.on_one_line());
        assert!(kind.does.ends_with('.'), "{}", kind.name);
        names.insert(kind.name);
    }
    assert_eq!(rows.len(), CHANGES.len());
    assert_eq!(names, BTreeSet::from(CHANGES));

    // The same for a network that is not the one of the examples, and for people.
    let small = json(&["info", "--list", "changes", "--network", "small"]);
    assert_eq!(small["tables"], value["tables"]);
    let table = text(&["info", "--list", "changes"]);
    for name in CHANGES {
        assert!(table.contains(name), "{name}: {table}");
    }
}
