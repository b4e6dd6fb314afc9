//! The program, run as a user runs it: from any folder, as it needs no file beside it.

use assert_cmd::Command;
use serde_json::Value;

/// A command line, in English wherever the tests run.
pub(crate) fn verbund(arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("verbund"));
    command.current_dir(std::env::temp_dir()).env("LC_ALL", "C").args(arguments);
    command
}

/// Exit code, standard output and standard error of a command.
pub(crate) fn run(mut command: Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The same of a command line.
pub(crate) fn output(arguments: &[&str]) -> (i32, String, String) {
    run(verbund(arguments))
}

/// What a command line prints that is done without a word on standard error.
#[track_caller]
pub(crate) fn text(arguments: &[&str]) -> String {
    let (code, out, error) = output(arguments);
    assert_eq!((code, error.as_str()), (0, ""), "{arguments:?}: {out}");
    out
}

/// The same as JSON.
#[track_caller]
pub(crate) fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&text(&[arguments, &["--format", "json"]].concat())).unwrap()
}

/// A command line is refused, prints nothing, and says all of these.
#[track_caller]
pub(crate) fn refused(arguments: &[&str], parts: &[&str]) {
    let (code, out, error) = output(arguments);
    assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {error}");
    assert!(!error.contains("panicked"), "{error}");
    for part in parts {
        assert!(error.contains(part), "no {part} in {arguments:?}: {error}");
    }
}

/// The same of a command line that is interrupted by Ctrl-C as soon as `is_time` says so, at the latest
/// after a minute.
#[cfg(unix)]
pub(crate) fn interrupted(
    arguments: &[&str],
    is_time: impl Fn(std::time::Duration) -> bool,
) -> (i32, String, String) {
    let pipe = std::process::Stdio::piped;
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("verbund"));
    command.current_dir(std::env::temp_dir()).env("LC_ALL", "C").args(arguments);
    let child = command.stdout(pipe()).stderr(pipe()).spawn().unwrap();
    let begun = std::time::Instant::now();
    while !is_time(begun.elapsed()) && begun.elapsed().as_secs() < 60 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let signal = ["-INT".to_owned(), child.id().to_string()];
    assert!(std::process::Command::new("kill").args(signal).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}
