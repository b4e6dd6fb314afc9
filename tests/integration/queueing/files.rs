//! Files of models: the shared ones, hostile ones, and what is wrong with values.

use super::*;
use crate::common::shared_data;

const FILES: [&str; 5] =
    ["mmc.json", "mgcc.json", "net20_inf.json", "net20_bas.json", "net20_divert.json"];

fn shared(name: &str) -> String {
    std::fs::read_to_string(shared_data().join("queueing").join(name)).unwrap()
}

#[test]
#[ignore = "needs ../shared/data: queueing/*.json"]
fn the_shared_files_load_as_they_are() {
    for name in FILES {
        let text = shared(name);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let model = Model::read(&text, FileFormat::Json).unwrap();
        assert!(model.check().is_empty(), "{name}: {}", model.check());
        assert_eq!(model.name, value["name"].as_str().unwrap());
        assert_eq!(model.warm_up, value["warmup"].as_f64().unwrap());
        assert_eq!(model.horizon, value["horizon"].as_f64().unwrap());
        let Some(nodes) = value["nodes"].as_array() else {
            assert_eq!(model.stations.len(), 1);
            continue;
        };
        assert_eq!(model.stations.len(), nodes.len());
        for (at, (node, station)) in nodes.iter().zip(&model.stations).enumerate() {
            assert_eq!(station.key, node["name"].as_str().unwrap());
            let mean = station.service.as_ref().map(Distribution::mean);
            assert_eq!(mean, node["los"]["mean"].as_f64());
            let beds = node["beds"].as_u64().unwrap() as u32;
            let is_infinite = value["capacity"] == "infinite";
            let servers = if is_infinite { Servers::Infinite } else { Servers::Finite(beds) };
            assert_eq!(station.servers, servers);
            for (to, share) in value["routing"][at].as_array().unwrap().iter().enumerate() {
                let target = Target::Station(model.stations[to].key.clone());
                let branches = &station.routes[0].branches;
                let own = branches.iter().filter(|branch| branch.to == target);
                assert_eq!(own.map(|own| own.share).sum::<f64>(), share.as_f64().unwrap());
            }
            let diverts = station.alternates.iter().map(|one| one.to.clone());
            let expected = node["divert"].as_array().unwrap().iter();
            let expected =
                expected.map(|to| model.stations[to.as_u64().unwrap() as usize].key.clone());
            match name {
                "net20_divert.json" => assert!(diverts.eq(expected)),
                _ => assert_eq!(diverts.count(), 0),
            }
        }
        for format in [FileFormat::Json, FileFormat::Ron] {
            assert_eq!(Model::read(&model.write(format), format).as_ref(), Ok(&model));
        }
    }
}

#[test]
#[ignore = "needs ../shared/data: queueing/*.json"]
fn mutated_shared_files_never_panic() {
    let (read, right) = mutate(&FILES.map(|name| (shared(name), FileFormat::Json)));
    // Else nothing was tried: few of these files are left models by a change of three bytes.
    assert!(read > 30 && right > 30, "{read} {right}");
}

#[test]
fn garbage_and_mutated_files_never_panic() {
    // Short forms and written models of each notation.
    let mut texts: Vec<(String, FileFormat)> = Vec::new();
    for seed in 0..6 {
        let model = super::laws::Dice::new(seed).model();
        texts.push((model.write(FileFormat::Json), FileFormat::Json));
        texts.push((model.write(FileFormat::Ron), FileFormat::Ron));
    }
    texts.push((
        r#"{"type":"net","name":"n","capacity":"beds","time_unit":"d","warmup":1,"horizon":9,
            "queue_capacity":0,"external_full":"divert","nodes":[
            {"name":"a","beds":2,"lambda":1.0,"los":{"dist":"gamma","mean":2.0,"cv":0.5},"divert":[1]},
            {"name":"b","beds":2,"lambda":1.0,"los":{"dist":"exponential","mean":2.0}}],
            "routing":[[0.1,0.2],[0.3,0.0]]}"#
            .into(),
        FileFormat::Json,
    ));
    let (read, right) = mutate(&texts);
    // Else nothing was tried.
    assert!(read > 100 && right > 50, "{read} {right}");
    for text in [
        "",
        " ",
        "{",
        "[]",
        "null",
        "3",
        "\"a\"",
        "{\"type\":3}",
        "{\"type\":\"net\"}",
        "()",
        "\u{0}",
    ] {
        for format in [FileFormat::Json, FileFormat::Ron] {
            if let Ok(model) = Model::read(text, format) {
                assert!(!model.check().is_empty(), "{text}");
            }
        }
    }
}

/// Texts of models with bytes changed, removed, put in and doubled; what still is a model is checked. How many were
/// models, and how many of them without a fault.
fn mutate(texts: &[(String, FileFormat)]) -> (u64, u64) {
    let mut dice = super::laws::Dice::new(7);
    let pieces =
        ["-", "1e999", "NaN", "inf", "null", "\"", "{", "[]", "-1", "0", "4294967295", "type", ","];
    let (mut read, mut right) = (0, 0);
    for (text, format) in texts {
        for _ in 0..150 {
            let mut bytes = text.clone().into_bytes();
            for _ in 0..=dice.below(3) {
                let at = dice.below(bytes.len());
                match dice.below(4) {
                    0 => bytes[at] = dice.one(b"0123456789.-eE{}[](),:\"'aN\xff"),
                    1 => drop(bytes.drain(at..(at + dice.below(20)).min(bytes.len()))),
                    2 => drop(bytes.splice(at..at, dice.one(&pieces).bytes())),
                    _ => {
                        let piece = bytes[at..(at + 30).min(bytes.len())].to_vec();
                        drop(bytes.splice(at..at, piece));
                    }
                }
                if bytes.is_empty() {
                    bytes.push(b' ');
                }
            }
            let mutated = String::from_utf8_lossy(&bytes);
            let Ok(model) = Model::read(&mutated, *format) else { continue };
            read += 1;
            let problems = model.check();
            let again = Simulator::new(&model).map(|_| ());
            assert_eq!(again.is_ok(), problems.is_empty());
            right += u64::from(problems.is_empty());
        }
    }
    (read, right)
}

#[test]
fn faults_of_notation_say_where() {
    let read = |text: &str, format| Model::read(text, format).unwrap_err().to_string();
    let json = |text: &str| read(text, FileFormat::Json);
    let text = json("{\"name\": \"a\",\n \"horizn\": 3}");
    assert_eq!(text, "2:9: unknown field \"horizn\"; did you mean \"horizon\"?");
    let text = read("(\n  horizn: 3,\n)", FileFormat::Ron);
    assert_eq!(text, "2:3: unknown field \"horizn\"; did you mean \"horizon\"?");
    assert_eq!(
        json(
            "{\"type\": \"MMk\", \"name\": \"\", \"time_unit\": \"h\", \"warmup\": 0, \"horizon\": 1}"
        ),
        "1:2: unknown type \"MMk\"; expected MMc, MGcc or net"
    );
    assert_eq!(
        json("[{\"type\": \"MMc\"}]"),
        "1:1: the file is a list; expected one model, { ... }"
    );
    // A column counts characters: the comma behind the umlaut is the 13th.
    assert!(
        json("{\"name\": \"ä\",, 3}").starts_with("1:14: "),
        "{}",
        json("{\"name\": \"ä\",, 3}")
    );
}

/// A short form of one station with more fields.
fn short_form(own: &str) -> String {
    let rest =
        r#""name": "n", "time_unit": "h", "servers": 1, "lambda": 1, "warmup": 0, "horizon": 9"#;
    format!("{{{rest},\n {own}}}")
}

/// What is wrong with such a short form, without its place.
fn refused(own: &str) -> String {
    Model::read(&short_form(own), FileFormat::Json).unwrap_err().message()
}

#[test]
fn what_a_short_form_does_not_know_is_refused() {
    let mmc = r#""type": "MMc""#;
    assert_eq!(refused(mmc), "neither \"mu\" nor \"los\" says how long a service takes");
    let typing_error = format!(r#"{mmc}, "mu": 1, "queue_capcity": 0"#);
    assert_eq!(
        refused(&typing_error),
        "unknown field \"queue_capcity\"; did you mean \"queue_capacity\"?"
    );
    let place = Model::read(&short_form(&typing_error), FileFormat::Json).unwrap_err().place();
    assert_eq!(place.0, 2);
    let both = r#""type": "MGcc", "mu": 1, "los": {"dist": "exponential", "mean": 0.1}"#;
    assert_eq!(
        refused(both),
        "\"mu\" and \"los\" both say how long a service takes; take one of them"
    );
    assert!(refused(r#""type": "MMc", "mu": 1, "full": "lost""#).contains("any number can wait"));
    assert!(
        refused(r#""type": "MMc", "mu": 1, "full": "waits""#).contains("unknown value \"waits\"")
    );
    assert_eq!(refused(r#""type": "MMc", "mu": 1, "mu": 2"#), "duplicate field `mu`");

    let los = |los: &str| refused(&format!(r#""type": "MGcc", "los": {los}"#));
    assert_eq!(los(r#"{"dist": "gamma", "mean": 3}"#), "a gamma without \"cv\"");
    assert!(los(r#"{"dist": "weibull", "mean": 3}"#).contains("unknown value \"weibull\""));
    assert!(los(r#"{"dist": "gamma", "mean": 3, "cv": 1, "max": 9}"#).contains("\"max\""));
    assert!(
        los(r#"{"dist": "exponential", "mean": 3, "cv": 2}"#)
            .contains("that of \"exponential\" is 1")
    );
    assert!(los(r#"{"dist": "gama", "mean": 3, "cv": 2}"#).contains("did you mean \"gamma\""));
    let lognormal = r#""type": "MMc", "los": {"dist": "lognormal", "mean": 3, "cv": 2}"#;
    assert!(refused(lognormal).contains("not exponential"));

    // What is right is read, remarks and results passed over, with a byte order mark in front.
    let right = r#""type": "MGcc", "queue_capacity": 0, "full": "lost", "note": "n", "analytic": {"x": 1},
        "los": {"dist": "deterministic", "mean": 3}"#;
    let marked = format!("\u{feff}{}", short_form(right));
    let model = Model::read(&marked, FileFormat::Json).unwrap();
    assert_eq!(model.stations[0].waiting_room, WaitingRoom::None);
    let written = format!("\u{feff}{}", model.write(FileFormat::Ron));
    assert_eq!(Model::read(&written, FileFormat::Ron).as_ref(), Ok(&model));
}

#[test]
fn a_net_says_in_fixed_words_whether_it_diverts() {
    let net = |own: &str, node: &str| {
        let text = format!(
            r#"{{"type": "net", "name": "n", "time_unit": "d", "warmup": 1, "horizon": 500, {own} "nodes": [
            {{"name": "A", "beds": 1, "lambda": 2.0, "los": {{"dist": "deterministic", "mean": 1.0}}, "divert": [1]{node}}},
            {{"name": "B", "beds": 5, "lambda": 0, "los": {{"dist": "deterministic", "mean": 1.0}}}}],
            "routing": [[0.0, 0.0], [0.0, 0.0]]}}"#
        );
        Model::read(&text, FileFormat::Json)
    };
    let alternates = |own: &str| net(own, "").map(|model| model.stations[0].alternates.len());
    let beds = r#""capacity": "beds", "queue_capacity": 0,"#;
    for words in ["divert", "try node.divert in order"] {
        assert_eq!(alternates(&format!(r#"{beds} "external_full": "{words}","#)), Ok(1));
    }
    assert_eq!(alternates(&format!(r#"{beds} "external_full": "lost","#)), Ok(0));
    assert_eq!(alternates(r#""capacity": "infinite","#), Ok(0));
    let refused = |own: &str, node: &str| net(own, node).unwrap_err().message();
    let capital = format!(r#"{beds} "external_full": "Try node.divert in order","#);
    assert!(refused(&capital, "").contains("unknown value \"Try node.divert in order\""));
    assert!(refused(beds, "").contains("nothing says whether it counts"));
    let divert = format!(r#"{beds} "external_full": "divert","#);
    assert!(refused(&divert, r#", "bed": 3"#).contains("did you mean \"beds\""));
    assert!(
        refused(r#""capacity": "infinite", "queue_capacity": 3,"#, "").contains("nobody waits")
    );
    // Nobody comes to B from outside.
    let model = net(&divert, "").unwrap();
    assert_eq!((model.streams.len(), model.check().is_empty()), (1, true));
}

#[test]
fn a_text_is_read_by_the_name_of_its_file_and_its_faults_name_it() {
    let fault = |name: &str, text: &str| Model::parse(text, name).unwrap_err().to_string();
    let model = single(station("a", 1, exponential(1.0)), 1.0, 0.0, 10.0);
    for (name, format) in [("m.json", FileFormat::Json), ("m.RON", FileFormat::Ron)] {
        assert_eq!(Model::parse(&model.write(format), name).as_ref(), Ok(&model));
    }
    assert!(fault("m.txt", "").starts_with("m.txt: a model's file ends in .json or .ron"));
    assert!(fault("c.json", "{").starts_with("c.json:1:"));
    // All faults of values at once, each with the file.
    let wrong = Model { horizon: -1.0, stations: Vec::new(), ..model };
    let text = fault("e.json", &wrong.write(FileFormat::Json));
    assert_eq!(text.matches("e.json:").count(), text.lines().count() - 1, "{text}");
    assert!(text.contains("e.json:5:4: model, field horizon"), "{text}");
    assert!(text.contains("horizon") && text.contains("without stations"), "{text}");
}

/// The problems of a model in one text, one a line.
fn problems(change: impl FnOnce(&mut Model)) -> String {
    let mut model = single(station("north", 2, exponential(1.0)), 1.0, 1.0, 10.0);
    model.stations.push(station("south", 2, exponential(1.0)));
    assert!(model.check().is_empty());
    change(&mut model);
    model.check().to_string()
}

/// What is done to a model, and what its problems then say.
type Case = (fn(&mut Model), &'static [&'static str]);

const BAD_VALUES: &[Case] = &[
    (|m| m.stations[0].servers = Servers::Finite(0), &["station \"north\"", "0 servers"]),
    (|m| m.streams[0].arrivals = poisson(0.0), &["stream \"s\"", "rate", "0; expected"]),
    (|m| m.streams[0].arrivals = poisson(f64::NAN), &["stream \"s\"", "NaN"]),
    (|m| m.horizon = 0.5, &["horizon of 0.5", "warm-up of 1"]),
    (|m| m.horizon = 1.0, &["horizon of 1", "warm-up of 1"]),
    (|m| m.horizon = f64::INFINITY, &["horizon", "inf"]),
    (|m| m.warm_up = -1.0, &["warm_up", "-1"]),
    (|m| m.warm_up = f64::NAN, &["warm_up", "NaN"]),
    (
        |m| m.stations[0].routes = route(vec![branch(0.7, "south"), branch(0.4, "south")]),
        &["station \"north\"", "sum to 1.1"],
    ),
    (|m| m.stations[0].routes = route(vec![branch(-0.1, "south")]), &["station \"north\"", "-0.1"]),
    (
        |m| m.stations[0].service = Some(Distribution::Lognormal { mean: 0.0, cv: 0.5 }),
        &["station \"north\"", "service", "a mean of zero with a spread of 0.5"],
    ),
    (
        |m| m.stations[0].service = Some(Distribution::Gamma { mean: 0.0, cv: 2.0 }),
        &["station \"north\"", "a mean of zero with a spread of 2"],
    ),
    (|m| m.stations[0].service = Some(exponential(f64::NAN)), &["station \"north\"", "NaN"]),
    (
        |m| m.stations[0].set_up = Some(Distribution::Empirical(vec![1.0, -2.0])),
        &["station \"north\"", "set_up", "-2"],
    ),
    (
        |m| m.stations[0].service = Some(Distribution::Empirical(Vec::new())),
        &["station \"north\"", "no values"],
    ),
    (|m| m.stations[0].service = None, &["station \"north\"", "service"]),
    (
        |m| m.streams[0].kinds[0].preferences[0] = to("nroth"),
        &["stream \"s\"", "\"nroth\"", "north"],
    ),
    (|m| m.stations[1].routes = route(vec![branch(0.5, "nrth")]), &["\"nrth\"", "north"]),
    (|m| m.stations[1].team = Some("red".into()), &["station \"south\"", "unknown team \"red\""]),
    (|m| m.streams[0].kinds[0].class = Some("x".into()), &["stream \"s\"", "unknown class \"x\""]),
    (|m| m.stations[1].key = "north".into(), &["station \"north\"", "twice"]),
    (|m| m.streams[0].kinds[0].share = 0.9, &["stream \"s\"", "0.9"]),
    (|m| m.streams[0].kinds.clear(), &["stream \"s\"", "kinds"]),
    (|m| m.streams[0].kinds[0].preferences[0].first.clear(), &["stream \"s\"", "no first station"]),
    (
        |m| m.streams[0].kinds[0].preferences[0].first[0].1 = 0.0,
        &["stream \"s\"", "\"north\" has the weight 0"],
    ),
    (|m| m.streams[0].kinds[0].when_full = WhenFull::Stay, &["stream \"s\"", "Stay"]),
    (|m| m.streams[0].arrivals = Arrivals::Replay(vec![2.0, 1.0]), &["2 comes before 1"]),
    (|m| m.streams[0].arrivals = Arrivals::Replay(vec![f64::NAN]), &["stream \"s\"", "NaN"]),
    (|m| m.streams[0].arrivals = Arrivals::Replay(vec![-1.0]), &["stream \"s\"", "-1"]),
    (|m| m.changes = vec![closes(-0.5, "north")], &["change 1", "-0.5"]),
    (
        |m| m.changes = vec![closes(2.0, "north"), closes(10.5, "north")],
        &["change 2", "10.5", "10"],
    ),
    (|m| m.changes = vec![closes(f64::NAN, "north")], &["change 1", "NaN"]),
    (|m| m.changes = vec![closes(2.0, "soth")], &["change 1", "\"soth\"", "south"]),
    (|m| m.stations.clear(), &["without stations"]),
    (|m| m.streams.clear(), &["without arrivals"]),
    (
        |m| {
            let (from, until) = (Some(3.0), Some(2.0));
            m.streams[0].kinds[0].preferences[0] = Preference { from, until, ..to("north") };
        },
        &["stream \"s\"", "from 3 until 2"],
    ),
    (
        |m| {
            m.stations[0].absence =
                Some(Absence { mean: 0.95, cv: -1.0, every: 0.0, pool: None, carries: false });
        },
        &["station \"north\"", "0.95", "-1", "0; expected"],
    ),
    (
        |m| {
            let week = vec![1.0; 23];
            m.streams[0].arrivals =
                Arrivals::Poisson { rate: 1.0, week, year: vec![0.0; 4], curve: None };
        },
        &["23 rates", "all rates are zero"],
    ),
];

#[test]
fn a_branch_without_a_target_is_a_fault() {
    let with = |branch: &str| {
        format!(
            r#"{{"name": "m", "horizon": 9.0, "stations": [{{"key": "a", "servers": {{"Finite": 1}},
            "service": {{"Deterministic": 1.0}}, "routes": [{{"branches": [{branch}]}}]}}]}}"#
        )
    };
    let model = Model::read(&with(r#"{"to": "Here"}"#), FileFormat::Json).unwrap();
    assert_eq!(model.stations[0].routes[0].branches[0].share, 1.0);
    let fault = Model::read(&with(r#"{"share": 0.5}"#), FileFormat::Json).unwrap_err();
    assert!(fault.to_string().contains("the field \"to\" is missing"), "{fault}");
}

#[test]
fn laws_with_wrong_parameters_are_named() {
    let text = |law: Distribution| problems(|model| model.stations[0].service = Some(law));
    let two = || vec![0.5, 0.5];
    let cases = [
        (Distribution::Uniform { from: 3.0, to: 3.0 }, "from 3 to 3"),
        (Distribution::Triangular { least: 1.0, mode: 9.0, most: 5.0 }, "a mode of 9"),
        (Distribution::Erlang { mean: 1.0, stages: 0 }, "0 stages"),
        (Distribution::Weibull { mean: 1.0, shape: 0.0 }, "the shape is 0"),
        (
            Distribution::Hyperexponential { shares: two(), means: vec![1.0] },
            "2 shares and 1 means",
        ),
        (Distribution::Hyperexponential { shares: vec![0.5], means: vec![1.0] }, "sum to 0.5"),
        (Distribution::PhaseType { initial: Vec::new(), rates: Vec::new() }, "sum to 0"),
        (
            Distribution::PhaseType { initial: vec![1.0], rates: vec![vec![1.0]] },
            "a rate of 1 in row 1, column 1",
        ),
        (
            Distribution::PhaseType {
                initial: two(),
                rates: vec![vec![-1.0, 1.0], vec![1.0, -1.0]],
            },
            "some phases are never left",
        ),
        (Distribution::Mixture(Vec::new()), "sum to 0"),
        (
            Distribution::Truncated {
                law: Box::new(Distribution::Exponential { mean: 1.0 }),
                from: 50.0,
                to: 60.0,
            },
            "expected at least 0.001",
        ),
    ];
    for (law, part) in cases {
        let found = text(law);
        assert!(found.contains(part), "{part}\n{found}");
    }
}

#[test]
fn every_bad_value_is_named_with_its_entity() {
    for (number, (change, expected)) in BAD_VALUES.iter().enumerate() {
        let text = problems(change);
        for part in *expected {
            assert!(text.contains(part), "case {number}: {part} in {text}");
        }
        let mut model = single(station("north", 2, exponential(1.0)), 1.0, 1.0, 10.0);
        model.stations.push(station("south", 2, exponential(1.0)));
        change(&mut model);
        assert!(Simulator::new(&model).is_err(), "case {number}");
    }
}

fn closes(at: f64, station: &str) -> Change {
    Change { at, station: station.into(), change: ChangeKind::Close }
}

#[test]
fn all_faults_are_named_at_once() {
    let text = problems(|model| {
        model.horizon = 0.5;
        model.stations[0].servers = Servers::Finite(0);
        model.streams[0].arrivals = poisson(-1.0);
        model.changes = vec![closes(99.0, "west")];
        model.stations[1].routes = route(vec![branch(2.0, "east")]);
    });
    for part in ["horizon of 0.5", "0 servers", "-1", "99", "\"west\"", "\"east\"", "share of 2"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn awkward_numbers_are_read_as_they_were_written() {
    // A thousand numbers with all their digits, very large and very small ones among them.
    let mut numbers = vec![f64::MIN_POSITIVE, f64::MAX, 5e-324, 0.1 + 0.2, 1e23, 8.41e21];
    let mut state = 1_u64;
    while numbers.len() < 1000 {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let number = f64::from_bits(state >> 1);
        if number.is_finite() {
            numbers.push(number);
        }
    }
    let own = station("a", 1, Distribution::Empirical(numbers));
    let model = single(own, 1.0, 0.0, 10.0);
    for format in [FileFormat::Json, FileFormat::Ron] {
        assert_eq!(Model::read(&model.write(format), format).as_ref(), Ok(&model), "{format:?}");
    }
}

#[test]
fn times_without_end_and_rates_without_a_sum_are_named() {
    // A time of infinity is written as null, which would be read as none.
    let never = Some(f64::INFINITY);
    let text = problems(|model| {
        let alternate = Alternate { to: "south".into(), from: never, ..Alternate::default() };
        model.stations[0].alternates = vec![alternate];
        model.stations[0].routes = route(vec![Branch { until: never, ..branch(0.5, "south") }]);
        let (from, step) = (f64::NAN, 1.0);
        model.streams[0].keeps = Some(Curve { from, step, factors: vec![0.5] });
        let (rate, year, curve) = (1.0, Vec::new(), None);
        model.streams[0].arrivals = Arrivals::Poisson { rate, week: vec![1e308; 24], year, curve };
    });
    for part in ["alternates.1", "routes", "a time of inf", "keeps.from", "NaN", "too large"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}
