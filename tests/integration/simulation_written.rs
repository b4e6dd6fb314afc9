//! What a simulation gives is written with keys, its settings are read back, and a flow outlives its region.

use verbund::Region;
use verbund::calendar::Hours;
use verbund::queueing::{FileFormat, Model, Record, Simulator};
use verbund::random::Seed;
use verbund::routing::{Choice, Huff, Logit};
use verbund::run::Control;
use verbund::simulation::*;

#[test]
fn results_are_written_with_keys_and_units() {
    let region = Region::leipzig().unwrap();
    let settings = Settings::default().days(7).warm_up_days(3);
    let flow = || PatientFlow::new(&region, &settings, None).unwrap();
    let flows = [flow(), flow()];
    let plan = RunPlan { seed: Seed(5), replications: 2, until: None };
    let results = simulate(&flows, plan, &Control::default());
    let text = serde_json::to_string(&region.keyed(&results)).unwrap();
    let written: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&written["plan"]["seed"], &written["replications"]), (&5.into(), &2.into()));
    assert_eq!(
        (written["ended"].as_str(), written["faults"].as_array()),
        (Some("completed"), Some(&Vec::new()))
    );

    let [base, same] = &written["flows"].as_array().unwrap()[..] else { panic!("two flows") };
    let hospital = base["hospitals"][0]["hospital"].as_str().unwrap();
    let id = region.network().find(hospital).expect("a key of the region");
    let scope = Scope::Hospital(id);
    let admissions = results.interval(FlowIndex::BASE, Figure::Admissions, scope).unwrap();
    assert_eq!(base["hospitals"][0]["figures"]["admissions"]["value"]["mean"], admissions.mean);
    assert_eq!(base["wards"].as_array().unwrap().len(), flows[0].wards().len());
    assert!(region.network().find(base["wards"][0]["hospital"].as_str().unwrap()).is_some());
    assert_eq!(base["wards"][0]["specialty"], flows[0].wards()[0].specialty.as_str());
    // The base has no change; the same once more has one of zero, everywhere.
    assert!(base["inside"]["admissions"]["change"].is_null());
    assert_eq!(same["inside"]["admissions"]["change"]["mean"], 0.0);
    assert_eq!(same["wards"][3]["figures"]["occupancy_share"]["change"]["mean"], 0.0);

    let stages = base["stages"].as_array().unwrap();
    assert_eq!(stages.len(), results.stage_waits(FlowIndex::BASE).len());
    for stage in stages {
        let pathway = region.network().catalog().pathway(stage["pathway"].as_str().unwrap());
        assert!(pathway.unwrap().stage(stage["stage"].as_str().unwrap()).is_some());
    }
    assert!(stages.iter().any(|stage| stage["free_p50_seconds"].is_u64()));
    assert!(
        base["places"][0]["place"].is_string() && base["places"][0].get("p50_seconds").is_some()
    );
}

#[test]
fn a_flow_is_written_with_its_settings_and_wards() {
    let region = Region::leipzig().unwrap();
    let flow = PatientFlow::new(&region, &Settings::default().days(7), None).unwrap();
    let written = serde_json::to_value(&flow).unwrap();
    assert_eq!((&written["scenario"], &written["settings"]["days"]), (&"base".into(), &7.into()));
    assert_eq!(
        written["wards"][0]["hospital"],
        region.network()[flow.wards()[0].hospital].key.as_str()
    );
}

#[test]
fn answers_about_beds_and_sensitivity_are_written() {
    let trial = BedTrial { days: 365, replications: 2, ..BedTrial::default() };
    let question = BedQuestion::new(BedTarget::Waiting(0.1));
    let question = question.ward(BedWard::new("medicine", 2.0, 6.0)).trial(Some(trial));
    let answer = question.answer().unwrap();
    let written = serde_json::to_value(&answer).unwrap();
    assert_eq!(written["wards"][0]["least"], answer.wards[0].least);
    assert_eq!(written["wards"][0]["stay_days"], 6.0);
    let rows = written["wards"][0]["rows"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["formula"]["mean_wait_days"].is_f64()));

    let region = Region::leipzig().unwrap();
    let settings = Settings::default().days(3).warm_up_days(1);
    let study = Sensitivity::new(&region, &settings);
    let study = study.plan(RunPlan { seed: Seed(1), replications: 1, until: None });
    let cube = study.hypercube(1, &Control::default()).unwrap();
    let written = serde_json::to_value(region.keyed(&cube)).unwrap();
    assert_eq!(written["points"][0]["factors"]["rates"], cube.points[0].factors[0]);
    let occupancy = cube.points[0].values.figure(Figure::Occupancy);
    assert_eq!(written["points"][0]["values"]["inside"]["occupancy_share"], occupancy);
    assert!(region.network().find(written["hospitals"][0].as_str().unwrap()).is_some());
}

#[test]
fn settings_are_read_as_they_were_written() {
    let choices = [Choice::Nearest, Choice::Huff(Huff::default()), Choice::Logit(Logit::default())];
    for choice in choices {
        let mut settings = Settings::default().choice(choice).step_down(StepDown::Waits);
        settings.days = 28;
        settings.elective_hours = "Mon-Fri 7-15".parse().unwrap();
        settings.on_call = Hours::ALWAYS;
        settings.without_icu = vec!["psychiatry".into()];
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings, "{text}");
    }
    let text = serde_json::to_string(&Settings::default()).unwrap();
    assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), Settings::default());
    assert_eq!(serde_json::from_str::<Settings>("{}").unwrap(), Settings::default());
}

#[test]
fn an_unknown_setting_is_refused() {
    let read = |text| serde_json::from_str::<Settings>(text).unwrap_err().to_string();
    assert!(read(r#"{"dayz": 28}"#).contains("dayz"));
    assert!(read(r#"{"choice": {"huff": {"beds": 1.0}}}"#).contains("beds"));
}

#[test]
fn a_kept_flow_runs_on_another_thread_without_its_region() {
    fn is_kept<T: Send + Sync + 'static>(_: &T) {}
    let region = Region::leipzig().unwrap();
    let settings = Settings::default().days(5).warm_up_days(2);
    let flow = PatientFlow::new(&region, &settings, None).unwrap();
    let expected = flow.sample(Seed(3), 0);
    let kept = flow.into_owned();
    is_kept(&kept);
    drop(region);
    let sample = std::thread::spawn(move || kept.sample(Seed(3), 0)).join().unwrap();
    assert_eq!(sample, expected);
}

#[test]
fn replications_of_a_queueing_network_are_written() {
    let text = r#"{"type": "MMc", "name": "queue", "time_unit": "h", "servers": 2, "lambda": 1.8, "mu": 1.0,
        "warmup": 10, "horizon": 210}"#;
    let simulator = Simulator::new(&Model::read(text, FileFormat::Json).unwrap()).unwrap();
    let simulator = simulator.record(Record { waits: true, ..Record::default() });
    let summary = simulator.replications(Seed(1), 3, &Control::default());
    let written = serde_json::to_value(&summary).unwrap();
    assert_eq!(written["runs"][2]["stations"][0]["asked"], summary.runs[2].stations[0].asked);
    assert_eq!(written["ended"], "completed");
    assert!(
        written["waits"][0]["p90_seconds"].as_u64() > written["waits"][0]["p50_seconds"].as_u64()
    );
}
