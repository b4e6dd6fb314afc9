//! What the surroundings say: terminals of every kind, and a system without threads.

#![cfg(target_os = "linux")]

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

/// What coverage of the small network looks like on a terminal, with these words before the program;
/// `environment` names variables that are set.
fn on_terminal(before: &str, environment: &[(&str, &str)]) -> String {
    let program = assert_cmd::cargo::cargo_bin!("verbund").display().to_string();
    let line = format!("{before} '{program}' coverage --network builtin:small 2> /dev/null");
    let mut command = Command::new("script");
    command.args(["-qec", &line, "/dev/null"]).env_remove("NO_COLOR").env("TERM", "xterm");
    command.env("LC_ALL", "C.UTF-8");
    command.current_dir(std::env::temp_dir()).envs(environment.iter().copied());
    let output = command.output().expect("script of util-linux gives the program a terminal");
    let text = String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n");
    assert!(output.status.success(), "{text}");
    text
}

#[test]
fn a_terminal_has_styles_unless_it_cannot_show_them_or_nobody_wants_them() {
    let usual = on_terminal("", &[]);
    assert!(usual.contains("\u{1b}["), "{usual:?}");
    for environment in [("TERM", "dumb"), ("NO_COLOR", "1")] {
        let plain = on_terminal("", &[environment]);
        assert!(plain.contains("basic care"), "{plain}");
        assert!(!plain.contains('\u{1b}'), "{environment:?}: {plain:?}");
    }
    // An empty NO_COLOR asks for nothing.
    assert!(on_terminal("", &[("NO_COLOR", "")]).contains("\u{1b}["));
}

#[test]
fn a_terminal_of_no_columns_is_one_that_does_not_know_its_width() {
    let plain = [("NO_COLOR", "1")];
    let unknown = on_terminal("stty cols 0;", &plain);
    assert_eq!(unknown, on_terminal("stty cols 110;", &plain));
    let row = unknown.lines().find(|line| line.contains("basic care")).unwrap();
    assert!(row.contains("100.0 %") || row.contains(" % "), "{unknown}");
    // One that is too narrow for any table gets the least that can be read.
    let narrow = on_terminal("stty cols 3;", &plain);
    assert_eq!(narrow, on_terminal("stty cols 20;", &plain));
}

#[test]
fn without_any_thread_the_results_are_the_same() {
    // The limit on processes is no limit for root, so another user runs it then.
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("verbund");
    std::fs::copy(assert_cmd::cargo::cargo_bin!("verbund"), &program).unwrap();
    for path in [folder.path(), &program] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let program = program.display();
    let is_root = || {
        let id = Command::new("id").arg("-u").output().unwrap();
        String::from_utf8(id.stdout).unwrap().trim() == "0"
    };
    let user = if is_root() { "setpriv --reuid=64321 --regid=64321 --clear-groups" } else { "" };
    let run = |limit: &str| {
        let inner = format!("{limit} exec '{program}' coverage --network builtin:small");
        let line = format!("cd / && exec {user} bash -c \"{inner}\"");
        Command::new("bash").args(["-c", &line]).env("RAYON_NUM_THREADS", "8").output().unwrap()
    };
    let (usual, none) = (run(""), run("ulimit -u 1;"));
    assert!(usual.status.success(), "{usual:?}");
    assert!(none.status.success(), "{none:?}");
    assert_eq!(usual.stdout, none.stdout);
}
