//! A module imports only from modules above it in the list of rooms; folders within a room do not import each
//! other, and no type has methods in another room than its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The rooms, top to bottom; the map of the house in `src/guide/architecture.md` has the same order.
const ROOMS: [&str; 33] = [
    "words",
    "units",
    "random",
    "run",
    "stats",
    "calendar",
    "disk",
    "problem",
    "queueing",
    "model",
    "files",
    "scenario",
    "names",
    "travel",
    "roads",
    "import",
    "demand",
    "region",
    "coverage",
    "routing",
    "pathways",
    "impact",
    "rules",
    "simulation",
    "agreement",
    "comparison",
    "planning",
    "alliance",
    "overview",
    "plot",
    "report",
    "page",
    "guide",
];

/// A source file: the modules that lead to it (`scenario`, `change`, `merger`), and its code without comments.
struct SourceFile {
    modules: Vec<String>,
    /// Whether it is the `mod.rs` of its folder.
    is_hub: bool,
    code: String,
}

impl SourceFile {
    fn new(path: &Path, text: &str) -> Self {
        let mut modules: Vec<String> = Vec::new();
        for part in path.components() {
            let name = part.as_os_str().to_string_lossy();
            modules.push(name.trim_end_matches(".rs").to_owned());
        }
        let is_hub = modules.last().is_some_and(|name| name == "mod");
        if is_hub {
            modules.pop();
        }
        // Unit tests stand at the end, in a module of their own, from which `super` is the file itself.
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        Self { modules, is_hub, code: lines.collect::<Vec<_>>().join("\n") }
    }

    fn room(&self) -> &str {
        &self.modules[0]
    }

    /// The folder within the room; `None` for a file of the room itself.
    fn folder(&self) -> Option<&str> {
        let is_in_folder = self.modules.len() > 2 || (self.is_hub && self.modules.len() == 2);
        is_in_folder.then(|| self.modules[1].as_str())
    }

    /// The paths that it imports or names, from the root of the crate: those behind `crate::`, and those behind
    /// `super::` with the modules that it stands for.
    fn paths(&self) -> Vec<Vec<String>> {
        let mut paths = Vec::new();
        for rest in self.code.split("crate::").skip(1) {
            if names_a_macro(rest) {
                continue;
            }
            paths.extend(names_behind(rest).into_iter().map(|name| vec![name]));
            paths.extend(first_two(rest));
        }
        let mut code = self.code.as_str();
        while let Some(at) = code.find("super::") {
            let mut rest = &code[at..];
            let mut ups = 0;
            while let Some(behind) = rest.strip_prefix("super::") {
                rest = behind;
                ups += 1;
            }
            // `super` of a file is its folder; of a hub, the folder above.
            if let Some(kept) = self.modules.len().checked_sub(ups) {
                for name in names_behind(rest) {
                    let mut path = self.modules[..kept].to_vec();
                    path.push(name);
                    paths.push(path);
                }
            }
            code = rest;
        }
        paths
    }
}

/// Whether a path names a macro: those stand at the root of the crate, whichever room they are of.
fn names_a_macro(rest: &str) -> bool {
    let behind = rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
    behind.starts_with('!')
}

/// The first names behind a path: one word, or those of a list in braces.
fn names_behind(rest: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    match rest.strip_prefix('{') {
        Some(list) => {
            let list = list.split('}').next().unwrap_or_default();
            list.split(',').map(word).filter(|name| !name.is_empty()).collect()
        }
        None => vec![word(rest)],
    }
}

/// The room and each name behind it: `scenario::{base, change::Change}` is scenario with base, and with change.
fn first_two(rest: &str) -> Vec<Vec<String>> {
    let room = names_behind(rest).into_iter().next().unwrap_or_default();
    let behind = rest.strip_prefix(room.as_str()).and_then(|rest| rest.strip_prefix("::"));
    let names = behind.map(names_behind).unwrap_or_default();
    names.into_iter().map(|name| vec![room.clone(), name]).collect()
}

fn source_files() -> Vec<SourceFile> {
    fn visit(folder: &Path, root: &Path, files: &mut Vec<SourceFile>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, root, files);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push(SourceFile::new(path.strip_prefix(root).unwrap(), &text));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    visit(&root, &root, &mut files);
    files.retain(|file| !["lib", "main", "cli"].contains(&file.room()));
    files
}

fn rank(room: &str) -> Option<usize> {
    ROOMS.iter().position(|name| *name == room)
}

/// Imports that point down the list of rooms.
fn imports_downwards(files: &[SourceFile]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files {
        let own =
            rank(file.room()).unwrap_or_else(|| panic!("room {} is in the list", file.room()));
        for path in file.paths() {
            let is_fine = rank(&path[0]).is_some_and(|imported| imported <= own);
            if !is_fine {
                wrong.push(format!("{} imports crate::{}", file.modules.join("/"), path[0]));
            }
        }
    }
    wrong
}

/// Pairs of folders within a room that import each other, also over others.
fn circles_of_folders(files: &[SourceFile]) -> Vec<String> {
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        if let Some(folder) = file.folder() {
            folders.entry(file.room()).or_default().insert(folder);
        }
    }
    let mut imports: BTreeSet<(String, String, String)> = BTreeSet::new();
    for file in files {
        let Some(folder) = file.folder() else { continue };
        let room = file.room();
        for path in file.paths() {
            let is_of_room = path[0] == room && path.len() > 1;
            if is_of_room && path[1] != folder && folders[room].contains(path[1].as_str()) {
                imports.insert((room.to_owned(), folder.to_owned(), path[1].clone()));
            }
        }
    }
    // What imports what over others, until nothing is added.
    loop {
        let mut more = Vec::new();
        for (room, from, over) in &imports {
            for (other_room, start, to) in &imports {
                if room == other_room && over == start {
                    more.push((room.clone(), from.clone(), to.clone()));
                }
            }
        }
        let before = imports.len();
        imports.extend(more);
        if imports.len() == before {
            break;
        }
    }
    let circles = imports.iter().filter(|(_, from, to)| from == to);
    circles.map(|(room, folder, _)| format!("{room}/{folder} imports itself")).collect()
}

/// Types with methods in another room than the one that defines them: a call of such a method is an import that
/// no `use` shows.
fn methods_across_rooms(files: &[SourceFile]) -> Vec<String> {
    let mut rooms_of: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        for line in file.code.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let at = words.iter().position(|word| ["struct", "enum", "union"].contains(word));
            if let Some(name) = at.and_then(|at| words.get(at + 1)) {
                let name: String = name.chars().take_while(|c| c.is_alphanumeric()).collect();
                rooms_of.entry(name).or_default().insert(file.room());
            }
        }
    }
    let mut wrong = Vec::new();
    for file in files {
        for line in file.code.lines() {
            // `impl Name {`, `impl<'a> Name<'a> {`; not `impl Trait for Name {`.
            let is_inherent = line.starts_with("impl") && !line.contains(" for ");
            let Some(rest) = line.strip_prefix("impl").filter(|_| is_inherent) else { continue };
            let rest = if rest.starts_with('<') {
                rest.split_once("> ").map_or("", |(_, rest)| rest)
            } else {
                rest.trim_start()
            };
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            if let Some(rooms) = rooms_of.get(&name)
                && !rooms.contains(file.room())
            {
                wrong.push(format!("{} gives {name} methods", file.modules.join("/")));
            }
        }
    }
    wrong
}

#[test]
fn no_room_imports_from_a_room_below_it() {
    let files = source_files();
    let seen: BTreeSet<&str> = files.iter().map(SourceFile::room).collect();
    assert_eq!(seen.len(), ROOMS.len(), "every room of the list has files: {seen:?}");
    let wrong = imports_downwards(&files);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_folders_of_a_room_import_each_other() {
    let circles = circles_of_folders(&source_files());
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn no_type_has_methods_in_another_room() {
    let wrong = methods_across_rooms(&source_files());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn files_of(texts: &[(&str, &str)]) -> Vec<SourceFile> {
    texts.iter().map(|(path, text)| SourceFile::new(Path::new(path), text)).collect()
}

#[test]
fn an_import_that_points_down_is_found() {
    let down = |path: &str, text: &str| !imports_downwards(&files_of(&[(path, text)])).is_empty();
    assert!(down("stats.rs", "use crate::report::Table;"));
    assert!(down("model/check/mod.rs", "use crate::{units::Seconds, report};"));
    // Also by `super`, which leads out of the room.
    assert!(down("names.rs", "let name = super::report::name();"));
    assert!(!down("report/mod.rs", "use crate::stats::{mean, quantile};"));
    assert!(!down("model/mod.rs", "// crate::report\nlet x = crate::units::f();"));
}

#[test]
fn the_circle_of_scenario_file_and_check_is_found() {
    // How scenarios once stood in `model`: each folder imported the next.
    let imports = files_of(&[
        ("model/scenario/apply.rs", "use crate::model::file::draft;"),
        ("model/file/draft.rs", "use super::super::check::check_scenarios;"),
        ("model/check/scenario.rs", "use crate::model::{scenario::faults_in_order, Network};"),
    ]);
    assert_eq!(circles_of_folders(&imports).len(), 3);
    assert!(circles_of_folders(&imports[..2]).is_empty());

    // And the same by methods alone, which no import shows.
    let methods = files_of(&[
        ("scenario/mod.rs", "pub struct Scenario {}"),
        ("files/draft.rs", "impl Scenario {\n    fn check_together() {}\n}"),
    ]);
    assert_eq!(methods_across_rooms(&methods), ["files/draft gives Scenario methods"]);
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
