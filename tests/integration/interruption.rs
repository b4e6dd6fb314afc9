//! Ctrl-C and SIGTERM: said at once, over within a second, what is finished is kept, nothing half is left.
#![cfg(unix)]

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use verbund::Region;
use verbund::planning::closures::Aftermaths;
use verbund::random::Seed;
use verbund::routing::{Choice, Huff};
use verbund::run::Control;
use verbund::simulation::{
    BedQuestion, BedTarget, BedTrial, BedWard, Ended, Sensitivity, Settings,
};

/// How a command ended that got a signal.
struct Ending {
    code: i32,
    out: String,
    error: String,
    /// From the signal to the end.
    took: Duration,
}

/// Sends a signal to a command once `is_time` says so.
fn signalled(arguments: &[&str], signal: &str, is_time: impl Fn(Duration) -> bool) -> Ending {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("verbund"));
    command.current_dir(std::env::temp_dir()).env("LC_ALL", "C").args(arguments);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while !is_time(begun.elapsed()) && begun.elapsed().as_secs() < 60 {
        std::thread::sleep(Duration::from_millis(20));
    }
    let sent = Instant::now();
    let send = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(send.success(), "the command had ended: {arguments:?}");
    let code = child.wait().unwrap().code().unwrap();
    let took = sent.elapsed();
    let (mut out, mut error) = (String::new(), String::new());
    child.stdout.unwrap().read_to_string(&mut out).unwrap();
    child.stderr.unwrap().read_to_string(&mut error).unwrap();
    Ending { code, out, error, took }
}

/// Long enough for the run to have begun, even on a busy machine.
fn has_begun(time: Duration) -> bool {
    time.as_millis() > 4000
}

const STOPPING: &str = "again ends at once\n";

#[test]
fn a_replication_is_given_up_at_once_and_that_is_said() {
    // One replication takes minutes.
    let long = ["simulate", "--days", "36500", "--warm-up", "0", "--replications", "2"];
    for signal in ["-INT", "-TERM"] {
        let ending = signalled(&long, signal, has_begun);
        assert_eq!((ending.code, ending.out.as_str()), (130, ""), "{}", ending.error);
        // Nothing is finished, so nothing is kept.
        assert_eq!(ending.error, "verbund: interrupted\n");
        assert!(ending.took < Duration::from_secs(5), "{:?}", ending.took);
    }
}

#[test]
fn beds_end_with_the_replications_that_are_finished() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("beds.json");
    let path = file.to_str().unwrap();
    let ward = ["beds", "--arrivals", "100", "--stay", "9", "--days", "100"];
    let more = ["--replications", "10000", "--format", "json", "--output", path];
    let ending = signalled(&[&ward[..], &more].concat(), "-INT", has_begun);
    assert_eq!((ending.code, ending.out.as_str()), (130, ""), "{}", ending.error);
    assert!(ending.error.contains(STOPPING), "{}", ending.error);
    let value: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let told = value["about"]["interrupted"].as_str().unwrap();
    assert!(told.starts_with("partial: stopped after "), "{told}");
    let rows = value["tables"]["beds"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["note"].as_str().unwrap_or("").contains("of 10000")));
    // Nothing else is left in the folder.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_question_about_beds_that_is_stopped_before_it_begins_has_its_formulas() {
    let question = BedQuestion::new(BedTarget::Refused(0.02))
        .ward(BedWard::new("medicine", 9.5, 6.0))
        .ward(BedWard::new("surgery", 3.0, 5.0))
        .trial(Some(BedTrial { days: 100, replications: 3, seed: Seed(1), ..BedTrial::default() }));
    let answer = question.answer_until(&Control::default().stop(&AtomicBool::new(true))).unwrap();
    assert_eq!((answer.ended, answer.replications()), (Ended::Interrupted, 0));
    // Erlang B by the tables: 57 erlang with 2 % need 68 beds.
    assert_eq!(answer.wards[0].least, 68);
    assert_eq!((answer.wards[0].least_simulated, answer.wards[0].open), (None, None));
    assert!(
        answer.wards[0].rows.iter().all(|row| row.formula.is_some() && row.simulated.is_none())
    );
    assert!(answer.pooled.unwrap().together_simulated.is_none());

    let whole = question.answer().unwrap();
    assert_eq!(whole.ended, Ended::Completed);
    let rows = || whole.wards[0].rows.iter();
    assert!(rows().all(|row| row.simulated.unwrap().replications == 3));
}

#[test]
fn a_question_about_beds_that_is_stopped_after_its_first_replication_has_that_one() {
    let ward = BedWard::new("medicine", 9.5, 6.0);
    let trial = BedTrial { days: 100, replications: 1000, seed: Seed(1), ..BedTrial::default() };
    let question = BedQuestion::new(BedTarget::Refused(0.02)).ward(ward).trial(Some(trial));
    let stop = AtomicBool::new(false);
    let heard = AtomicUsize::new(0);
    let progress = |_| {
        heard.fetch_add(1, Ordering::Relaxed);
        stop.store(true, Ordering::Relaxed);
    };
    let answer =
        question.answer_until(&Control::default().stop(&stop).progress(&progress)).unwrap();
    assert_eq!(answer.ended, Ended::Interrupted);
    // Those that ran beside it may be finished, too.
    let finished = answer.replications();
    assert!((1..1000).contains(&finished), "{finished}");
    assert_eq!(heard.into_inner(), finished);
}

#[test]
fn runs_that_are_finished_stay_when_the_next_ones_are_stopped_while_they_are_set_up() {
    let region = Region::leipzig().unwrap();
    let settings = Settings::default().days(10).warm_up_days(1);
    let stop = AtomicBool::new(false);
    // The first run is that of the middle; those of the ends begin after it.
    let study = Sensitivity::new(&region, &settings);
    let stops = |_| stop.store(true, Ordering::Relaxed);
    let tornado = study.tornado(&Control::default().stop(&stop).progress(&stops)).unwrap();
    assert_eq!((tornado.finished, tornado.ended), (1, Ended::Interrupted));
    assert!(!tornado.middle.is_empty() && tornado.bars.is_empty());
}

#[test]
fn work_that_is_stopped_before_it_begins_gives_nothing_half() {
    let region = Region::leipzig().unwrap();
    let stopped = AtomicBool::new(true);
    let (stopped, never) = (Control::default().stop(&stopped), Control::default());

    // One closure is given up before its flows, and is no closure without them.
    let standard = region.network().catalog().standard("stroke_unit").unwrap();
    let choice = Choice::Huff(Huff::default());
    let after = Aftermaths::new(&region, standard).unwrap().with_overload(choice).unwrap();
    let torgau = [region.find_hospital("kkh-torgau").unwrap()];
    assert_eq!(after.of_until(&torgau, &stopped), None);
    assert!(after.of_each(&[&torgau], &stopped).is_empty());
    assert_eq!(after.of_until(&torgau, &never), Some(after.of(&torgau)));

    // A run is given up before it is set up.
    let settings = Settings::default().days(10).warm_up_days(1);
    let study = Sensitivity::new(&region, &settings);
    let tornado = study.tornado(&stopped).unwrap();
    assert_eq!((tornado.finished, tornado.ended), (0, Ended::Interrupted));
    let cube = study.hypercube(3, &stopped).unwrap();
    assert_eq!((cube.points.len(), cube.ended), (0, Ended::Interrupted));
}

#[test]
fn nothing_half_is_left_behind() {
    for (signal, kind) in [("-INT", "csv"), ("-TERM", "csv")] {
        let folder = tempfile::tempdir().unwrap();
        let (trace, output) = (folder.path().join("t"), folder.path().join("o"));
        let run = ["simulate", "--days", "36500", "--warm-up", "0", "--format", kind];
        let files = ["--trace", trace.to_str().unwrap(), "--output", output.to_str().unwrap()];
        // While the trace is written.
        let is_writing = |_| std::fs::read_dir(folder.path()).unwrap().count() > 0;
        let arguments = [&run[..], &files].concat();
        let ending = signalled(&arguments, signal, |time| is_writing(time) && has_begun(time));
        assert_eq!((ending.code, ending.out.as_str()), (130, ""), "{}", ending.error);
        assert!(ending.took < Duration::from_secs(5), "{:?}", ending.took);
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn a_command_that_keeps_nothing_ends_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // It waits for somebody who reads the pipe, and nobody comes.
    let waits = ["coverage", "--network", "small", "--output", pipe.to_str().unwrap()];
    for signal in ["-INT", "-TERM"] {
        let ending = signalled(&waits, signal, has_begun);
        assert_eq!((ending.code, ending.out.as_str()), (130, ""));
        assert_eq!(ending.error, "verbund: interrupted\n");
        assert!(ending.took < Duration::from_secs(5), "{:?}", ending.took);
    }
}

#[test]
fn a_second_signal_ends_at_once() {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("verbund"));
    command.args(["simulate", "--network", "small", "--days", "36500", "--replications", "100000"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    for _ in 0..2 {
        let send = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(send.success());
    }
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
