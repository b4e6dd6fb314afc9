//! `verbund import` and `verbund init`, as a user runs them.

use std::path::Path;
use std::time::{Duration, Instant};

use assert_cmd::Command;

use crate::common::shared_data;

fn verbund(arguments: &[&str]) -> (bool, String, String) {
    let mut command = Command::cargo_bin("verbund").unwrap();
    let output = command.env("LC_ALL", "C").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
#[ignore = "needs ../shared/data: all tables of Germany"]
fn regions_that_nobody_prepared_are_imported_checked_and_reported_in_a_minute() {
    let data = shared_data();
    let start = Instant::now();
    let place = tempfile::tempdir().unwrap();
    for (districts, name) in [("14625,14626", "Görlitz"), ("03454", "Emsland")] {
        let folder = place.path().join(name);
        let from = ["import", "region", "--districts", districts, "--from", shown(&data)];
        let (is_well, out, told) = verbund(&[&from[..], &["--output", shown(&folder)]].concat());
        assert!(is_well, "{told}");
        assert!(out.contains("directory of hospitals") && out.contains(name), "{out}");
        let (is_well, out, told) = verbund(&["check", "--network", shown(&folder)]);
        assert!(is_well && out.starts_with("No problem in "), "{out}{told}");
        let (is_well, out, told) = verbund(&["report", "--full", "--network", shown(&folder)]);
        assert!(is_well && out.contains("Who reaches care in time"), "{told}");
        // Nobody counted births there; the people around the districts fill their hospitals, too.
        assert!(out.contains("imminent birth under 1,500 g is unknown here: no hospital"), "{out}");
        assert!(out.contains("The border is open: "), "{out}");
    }
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
#[ignore = "needs ../shared/data: gemeinden_germany.csv"]
fn a_flag_that_names_another_kind_of_file_is_refused() {
    let data = shared_data();
    let place = tempfile::tempdir().unwrap();
    let (to, people) = (place.path().join("new"), data.join("gemeinden_germany.csv"));
    let asked = ["import", "people", "--districts", "14713", "--output", shown(&to)];
    let files = ["--municipalities", shown(&people), "--grid", shown(&people)];
    let (is_well, _, told) = verbund(&[&asked[..], &files[..]].concat());
    assert!(!is_well && told.contains("expected census grid; found municipalities"), "{told}");
    assert!(!to.exists());
}

#[test]
fn an_import_needs_its_folder_and_says_what_is_wrong() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("letter.txt"), "dear").unwrap();
    let from = ["import", "region", "--districts", "14713", "--from", shown(place.path())];
    let (is_well, _, told) = verbund(&from);
    assert!(!is_well && told.contains("--output is missing: the folder of the network"), "{told}");
    let to = place.path().join("new");
    let (is_well, _, told) = verbund(&[&from[..], &["--output", shown(&to)]].concat());
    assert!(!is_well && told.contains("nothing was recognised"), "{told}");
    assert!(!to.exists());
    let (is_well, _, told) = verbund(&[&from[..], &["--output", shown(place.path())]].concat());
    assert!(!is_well && told.contains("has files that no import wrote"), "{told}");
}

#[test]
fn init_makes_a_folder_that_is_checked_and_never_one_over_another() {
    let place = tempfile::tempdir().unwrap();
    let mine = place.path().join("mine");
    let (is_well, out, told) = verbund(&["init", shown(&mine)]);
    assert!(is_well && out.contains("13 files in"), "{out}{told}");
    let (is_well, out, _) = verbund(&["check", "--network", shown(&mine)]);
    assert!(is_well, "{out}");
    let text = std::fs::read_to_string(mine.join("network.ron")).unwrap();
    assert!(text.starts_with("// A network that can be checked by hand."), "comments come along");
    let (is_well, _, told) = verbund(&["init", shown(&mine)]);
    assert!(!is_well && told.contains("it is there and not empty"), "{told}");
    let leipzig = place.path().join("leipzig");
    let (is_well, _, told) = verbund(&["init", shown(&leipzig), "--from", "leipzig"]);
    assert!(is_well && leipzig.join("scenarios/winter.ron").exists(), "{told}");
    let (is_well, _, told) = verbund(&["init", shown(&place.path().join("x")), "--from", "smll"]);
    assert!(!is_well && told.contains("did you mean \"small\"?"), "{told}");
    // The beginning of a name is enough where it is the only one.
    let (is_well, _, told) = verbund(&["init", shown(&place.path().join("y")), "--from", "smal"]);
    assert!(is_well, "{told}");
}
