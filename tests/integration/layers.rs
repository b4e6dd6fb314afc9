//! A module imports only from modules above it in the list of rooms.

use std::fs;
use std::path::Path;

/// The rooms, top to bottom; the map of the house in `src/guide/architecture.md` has the same order.
const ROOMS: [&str; 21] = [
    "units",
    "random",
    "stats",
    "files",
    "model",
    "names",
    "travel",
    "import",
    "demand",
    "region",
    "coverage",
    "routing",
    "pathways",
    "impact",
    "rules",
    "simulation",
    "comparison",
    "planning",
    "overview",
    "report",
    "guide",
];

fn rust_files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// The rooms that a text imports from: the word behind every `crate::`.
fn imports(text: &str) -> Vec<String> {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = Vec::new();
    for after in code.split("crate::").skip(1) {
        if let Some(list) = after.strip_prefix('{') {
            let list = list.split('}').next().unwrap_or_default();
            found.extend(
                list.split(',')
                    .map(|item| item.trim().split("::").next().unwrap_or_default().to_owned()),
            );
        } else {
            let word: String =
                after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            found.push(word);
        }
    }
    found
}

#[test]
fn no_room_imports_from_a_room_below_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let rank = |room: &str| ROOMS.iter().position(|own| *own == room);
    let mut seen = std::collections::BTreeSet::new();
    let mut wrong = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&source).unwrap();
        let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let room = first.trim_end_matches(".rs").to_owned();
        if ["lib", "main", "cli"].contains(&room.as_str()) {
            continue;
        }
        let own = rank(&room).unwrap_or_else(|| panic!("room {room} is not in the list"));
        seen.insert(own);
        for import in imports(&fs::read_to_string(&file).unwrap()) {
            match rank(&import) {
                Some(other) if other <= own => {}
                _ => wrong.push(format!("{} imports crate::{import}", inside.display())),
            }
        }
    }
    assert_eq!(seen.len(), ROOMS.len(), "every room of the list has files");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_check_finds_an_import_that_points_down() {
    assert_eq!(imports("use crate::report::Table;"), ["report"]);
    assert_eq!(imports("use crate::{units::Seconds, report};"), ["units", "report"]);
    assert_eq!(imports("// crate::report\nlet x = crate::stats::f();"), ["stats"]);
}

#[test]
fn the_map_of_the_house_shows_the_rooms_in_this_order() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/architecture.md");
    let text = fs::read_to_string(page).unwrap();
    let map = text.split("## The map of the house").nth(1).expect("the page has the map");
    let mut rest = map;
    for room in ROOMS {
        let at = rest.find(&format!("\n  {room}")).unwrap_or_else(|| panic!("{room} in the map"));
        rest = &rest[at + 1..];
    }
}
