//! How robust simulated figures are.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;
use verbund::Region;
use verbund::files::Folder;
use verbund::model::*;
use verbund::random::Seed;
use verbund::routing::Choice;
use verbund::scenario::Scenario;
use verbund::simulation::*;
use verbund::units::Seconds;

use crate::common::{at, day, hospital, line, model, place};
use crate::run;
use verbund::run::Control;

fn small() -> Region {
    let model = Folder::small().read().unwrap();
    Region::new(&model, model.network.date()).unwrap()
}

fn short() -> Settings {
    Settings::default().days(60).warm_up_days(30)
}

fn plan(replications: u64) -> RunPlan {
    RunPlan { seed: Seed(7), replications, until: None }
}

fn bar(tornado: &Tornado, figure: Figure, factor: Factor) -> &Bar {
    tornado.bars.iter().find(|bar| (bar.figure, bar.factor) == (figure, factor)).unwrap()
}

#[test]
fn slower_roads_scale_every_journey_and_keep_the_cutoff() {
    // One kilometre a minute, two hours of cut-off. The place at km 0 has hospitals at km 1 (a),
    // 1.01 (b), 40, 80, 81, 119 and 130; from the one at km 40 it is 90 minutes to the last.
    let kms = [1.0, 1.01, 40.0, 80.0, 81.0, 119.0, 130.0];
    let region = line(&kms.map(|km| (km, 10)), &[(0.0, 1000), (60.0, 1000)]);
    let id = |key: &str| region.network().find(key).unwrap();
    let minutes = |region: &Region, to: &str| {
        let torgau = region.find_place("p0").unwrap();
        let found = region.from_centre(torgau).find(|(own, _)| *own == id(to));
        found.map(|(_, time)| f64::from(time.0) / 60.0)
    };
    let slower = region.with_slower_roads(1.5);
    // 80 minutes become 120: the cut-off is inclusive. 81 become 121.5: no way.
    assert_eq!(minutes(&slower, "c"), Some(60.0));
    assert_eq!((minutes(&slower, "d"), minutes(&slower, "e")), (Some(120.0), None));
    assert_eq!(slower.between(id("c"), id("d")), Some(Seconds::from_minutes(60)));
    assert_eq!(slower.between(id("c"), id("g")), None);
    let faster = region.with_slower_roads(0.5);
    assert_eq!(minutes(&faster, "c"), Some(20.0));
    // What was beyond the cut-off stays beyond it.
    assert_eq!((minutes(&region, "g"), minutes(&faster, "g")), (None, None));
    assert_eq!(faster.between(id("c"), id("g")), Some(Seconds::from_minutes(45)));
    // Every list against the slow way: scale, cut, sort by time and id. At a hundredth, a and b are
    // equally far.
    for factor in [0.01, 0.5, 1.0, 1.25, 1.5, 3.0, 1000.0] {
        let changed = region.with_slower_roads(factor);
        for origin in 0..region.times().origins() {
            let scaled = region
                .times()
                .from_origin(origin)
                .map(|(hospital, time)| ((f64::from(time.0) * factor).round() as u32, hospital));
            let mut slow: Vec<(u32, HospitalId)> =
                scaled.filter(|(time, _)| *time <= region.times().cutoff().0).collect();
            slow.sort_unstable();
            let found = changed.times().from_origin(origin);
            let found: Vec<(u32, HospitalId)> = found.map(|(id, time)| (time.0, id)).collect();
            assert_eq!(found, slow, "factor {factor}");
        }
    }
}

#[test]
fn more_patients_longer_stays_and_fewer_staff_show() {
    let (region, settings) = (small(), short());
    let tornado =
        Sensitivity::new(&region, &settings).plan(plan(4)).tornado(&Control::default()).unwrap();
    assert_eq!((tornado.finished, tornado.ended), (9, Ended::Completed));
    assert!(tornado.faults.is_empty(), "{:?}", tornado.faults);
    for factor in [Factor::Rates, Factor::Stays] {
        let bar = bar(&tornado, Figure::Occupancy, factor);
        assert_eq!((bar.low.factor, bar.high.factor), (0.8, 1.2));
        assert!(bar.low.change.high().unwrap() < 0.0, "{bar:?}");
        assert!(bar.high.change.low().unwrap() > 0.0, "{bar:?}");
        assert!(bar.low.value.mean < bar.middle.mean && bar.middle.mean < bar.high.value.mean);
    }
    // Fewer staffed beds are full more often.
    let staffing = bar(&tornado, Figure::FullShare, Factor::Staffing);
    assert!(staffing.low.change.low().unwrap() > 0.0, "{staffing:?}");
    // 0.95 times 1.2 would be more beds than there are.
    assert_eq!(staffing.high.factor, 1.0 / 0.95);
    for figure in Figure::ALL {
        let bars = tornado.bars(figure);
        assert_eq!(bars.len(), Factor::ALL.len());
        for pair in bars.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            assert!(a.width() > b.width() || a.width() == b.width() && a.factor < b.factor);
        }
    }
}

#[test]
fn the_middle_is_a_plain_simulation() {
    let (region, settings) = (small(), short());
    let text = r#"Scenario(format: 1, id: "no-births", name: "N", source: "invented", changes: [(
        on: "2026-01-20", reason: "r",
        change: CloseDepartment(hospital: "south", specialty: "obstetrics"))])"#;
    let scenario = Scenario::read(text, "s.ron", region.network(), region.places()).unwrap();
    let mut middles = Vec::new();
    for scenario in [None, Some(&scenario)] {
        let study = Sensitivity::new(&region, &settings).scenario(scenario).plan(plan(3));
        let tornado = study.tornado(&Control::default()).unwrap();
        let cube = study.hypercube(1, &Control::default()).unwrap();
        let flows = [PatientFlow::new(&region, &settings, scenario).unwrap()];
        let results = simulate(&flows, plan(3), &Control::default());
        for figure in Figure::ALL {
            let plain = results.interval(FlowIndex::BASE, figure, Scope::Inside).unwrap();
            let middle = tornado.middle(figure).unwrap();
            assert_eq!(format!("{middle:?}"), format!("{plain:?}"), "{}", figure.key());
            assert_eq!(cube.middle.as_ref().unwrap().figure(figure), plain.mean);
        }
        let occupancy = &cube.middle.as_ref().unwrap().by_hospital[0];
        for (id, found) in cube.hospitals.iter().zip(occupancy) {
            let plain =
                results.interval(FlowIndex::BASE, Figure::Occupancy, Scope::Hospital(*id)).unwrap();
            assert_eq!(plain.mean, *found);
        }
        middles.push(cube.middle.unwrap());
    }
    assert_ne!(middles[0], middles[1], "the scenario counts");
}

#[test]
fn factors_of_exactly_one_change_nothing() {
    let (region, settings) = (small(), short());
    // 1 plus or minus this is 1.
    let study = Sensitivity::new(&region, &settings).plan(plan(2)).spread(1e-300);
    let tornado = study.tornado(&Control::default()).unwrap();
    for bar in &tornado.bars {
        for end in [&bar.low, &bar.high] {
            assert_eq!(end.value, bar.middle, "{bar:?}");
            assert_eq!((end.change.mean, end.change.half_width), (0.0, Some(0.0)), "{bar:?}");
        }
        assert_eq!(bar.width(), 0.0);
    }
    let order: Vec<Factor> = tornado.bars(Figure::Occupancy).iter().map(|bar| bar.factor).collect();
    assert_eq!(order, Factor::ALL, "ties stay in the order of the factors");
    let cube = study.hypercube(5, &Control::default()).unwrap();
    let middle = cube.middle.as_ref().unwrap();
    assert!(cube.points.iter().all(|point| point.values == *middle));
    let stability = cube.stability(Figure::Occupancy).unwrap();
    assert_eq!((stability.mean, stability.least), (1.0, 1.0));
    for one in cube.first(Figure::Occupancy, 2) {
        assert!(one.rank <= 2 && one.share_among_first == 1.0, "{one:?}");
    }
    assert_eq!(cube.quantile(Figure::Forced, 0.95), Some(middle.figure(Figure::Forced)));
}

#[test]
fn a_spread_that_hardly_moves_anything_keeps_the_order() {
    let (region, settings) = (small(), short());
    let study = Sensitivity::new(&region, &settings).plan(plan(2)).spread(1e-6);
    let cube = study.hypercube(6, &Control::default()).unwrap();
    assert_eq!(cube.stability(Figure::Occupancy).unwrap().least, 1.0);
}

#[test]
fn speeds_change_nothing_where_everybody_goes_to_the_nearest() {
    // Nobody here is on a pathway, and the nearest stays the nearest on roads that are all faster.
    let region = line(&[(0.0, 60), (40.0, 20)], &[(2.0, 9000), (15.0, 6000), (33.0, 8000)]);
    let settings = short().choice(Choice::Nearest);
    let study = Sensitivity::new(&region, &settings).plan(plan(3)).spread(0.3);
    let tornado = study.tornado(&Control::default()).unwrap();
    for figure in Figure::ALL {
        let bar = bar(&tornado, figure, Factor::Speeds);
        assert_eq!((&bar.low.value, &bar.high.value), (&bar.middle, &bar.middle));
    }
    assert!(bar(&tornado, Figure::Occupancy, Factor::Rates).width() > 0.0);
    // By Huff, patients on slow roads keep to what is near.
    let settings = short();
    let tornado =
        Sensitivity::new(&region, &settings).plan(plan(3)).tornado(&Control::default()).unwrap();
    assert!(Figure::ALL.iter().any(|one| bar(&tornado, *one, Factor::Speeds).width() > 0.0));
}

#[test]
fn all_beds_staffed_leave_nothing_to_add() {
    let region = small();
    let settings = short().staffed_share(1.0);
    let tornado =
        Sensitivity::new(&region, &settings).plan(plan(2)).tornado(&Control::default()).unwrap();
    let bar = bar(&tornado, Figure::FullShare, Factor::Staffing);
    assert_eq!((bar.low.factor, bar.high.factor), (0.8, 1.0));
    assert_eq!(bar.high.value, bar.middle);
    assert!(bar.low.change.mean > 0.0);
}

#[test]
fn more_patients_build_no_ward_where_beds_are_unknown() {
    // 36,500 cases of a day each a year need 100 beds; laid out for 85 %, the ward has 118. With a
    // fifth less patients, it still has, and 80 of them are occupied: 0.8 times 84.7 %.
    let mut one = hospital("a", at(0.0, 0.0), 0);
    one.departments[0] = Department::new("s");
    one.beds = None;
    let model = model(vec![one], vec![place("p", at(1.0, 0.0), 36_500)]);
    let region = Region::new(&model, day()).unwrap();
    let settings = short()
        .choice(Choice::Nearest)
        .staffed_share(1.0)
        .absence_cv(0.0)
        .turnaround_hours(0.0)
        .icu_days_per_1000(0.0)
        // Stays of a day, each to its end.
        .rhythm(Rhythm::even())
        .days(364);
    let tornado =
        Sensitivity::new(&region, &settings).plan(plan(3)).tornado(&Control::default()).unwrap();
    let bar = bar(&tornado, Figure::Occupancy, Factor::Rates);
    // The mean of a year of 100 arrivals a day scatters by about 1 / sqrt(18,000) = 0.7 %.
    assert!((bar.middle.mean - 100.0 / 118.0).abs() < 0.02, "{bar:?}");
    assert!((bar.low.value.mean / bar.middle.mean - 0.8).abs() < 0.02, "{bar:?}");
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let (region, settings) = (small(), short());
    let study = Sensitivity::new(&region, &settings).plan(plan(2));
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let tornado = study.tornado(&Control::default()).unwrap();
            let cube = study.hypercube(6, &Control::default()).unwrap();
            assert_eq!((cube.points.len(), cube.ended), (6, Ended::Completed));
            format!("{tornado:?} {cube:?}")
        })
    };
    let one = run(1);
    assert!(run(2) == one && run(8) == one);
}

#[test]
fn each_stratum_of_each_factor_has_one_point() {
    let region = line(&[(0.0, 30)], &[(2.0, 9000)]);
    let settings = Settings::default().days(5).warm_up_days(5);
    let study = Sensitivity::new(&region, &settings).plan(plan(1)).spread(0.5);
    let cube = study.hypercube(40, &Control::default()).unwrap();
    let numbers: Vec<usize> = cube.points.iter().map(|point| point.number).collect();
    assert_eq!(numbers, (0..40).collect::<Vec<_>>());
    for factor in 0..Factor::ALL.len() {
        // From 0.5 to 1.5 in 40 strata of 0.025.
        let stratum = |point: &Point| ((point.factors[factor] - 0.5) / 0.025).floor() as usize;
        let mut strata: Vec<usize> = cube.points.iter().map(stratum).collect();
        strata.sort_unstable();
        assert_eq!(strata, (0..40).collect::<Vec<_>>());
    }
    // Other seeds, other points.
    let other = study
        .plan(RunPlan { seed: Seed(8), ..plan(1) })
        .hypercube(40, &Control::default())
        .unwrap();
    assert_ne!(cube.points[0].factors, other.points[0].factors);
    // Rates and stays fill beds; they lead.
    let occupancy = |factor| cube.correlation(factor, Figure::Occupancy).unwrap();
    assert!(occupancy(Factor::Rates) > 0.2 && occupancy(Factor::Stays) > 0.2);
    assert!(study.hypercube(0, &Control::default()).unwrap().points.is_empty());
}

#[test]
fn who_stops_keeps_what_is_finished() {
    let (region, settings) = (small(), short().days(10).warm_up_days(5));
    let study = Sensitivity::new(&region, &settings).plan(plan(2));
    let stop = AtomicBool::new(false);
    // On one thread, the fourth run is the middle, rates at both ends and stays at one.
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let at_four = |done| stop.store(done >= 4, Ordering::Relaxed);
    let control = Control::default().stop(&stop).progress(&at_four);
    let part = one.install(|| study.tornado(&control).unwrap());
    assert_eq!((part.finished, part.ended), (4, Ended::Interrupted));
    let whole = study.tornado(&Control::default()).unwrap();
    let rates: Vec<&Bar> = whole.bars.iter().filter(|bar| bar.factor == Factor::Rates).collect();
    assert_eq!((part.bars.iter().collect::<Vec<_>>(), &part.middle), (rates, &whole.middle));
    let nothing = study.tornado(&Control::default().stop(&stop)).unwrap();
    assert_eq!((nothing.finished, nothing.bars.len()), (0, 0));
    assert_eq!(nothing.middle(Figure::Occupancy), None);
    // The hypercube.
    let study = study.plan(plan(1));
    let nothing = study.hypercube(8, &Control::default().stop(&stop)).unwrap();
    assert!(nothing.middle.is_none() && nothing.points.is_empty());
    assert_eq!((nothing.ended, nothing.asked), (Ended::Interrupted, 8));
    assert!(nothing.first(Figure::Occupancy, 5).is_empty());
    let stop = AtomicBool::new(false);
    let at_three = |done| stop.store(done >= 3, Ordering::Relaxed);
    let control = Control::default().stop(&stop).progress(&at_three);
    let part = study.hypercube(100, &control).unwrap();
    assert_eq!(part.ended, Ended::Interrupted);
    assert!(part.points.len() >= 3 && part.points.len() < 100);
    let whole = study.hypercube(100, &Control::default()).unwrap();
    assert!(part.points.iter().all(|point| *point == whole.points[point.number]));
}

#[test]
fn what_cannot_be_run_is_told_at_once() {
    let (region, settings) = (small(), short());
    for spread in [0.0, -0.1, 1.0, f64::NAN, f64::INFINITY] {
        let study = Sensitivity::new(&region, &settings).spread(spread);
        let error = study.tornado(&Control::default()).unwrap_err().to_string();
        assert!(error.contains("sensitivity, field spread"), "{error}");
        assert!(study.hypercube(2, &Control::default()).is_err());
    }
    // 900 times the cases can be run, 1,080 times cannot; neither can a staffed share of 0.08.
    let settings = short().rate_factor(900.0).staffed_share(0.101);
    let problems = Sensitivity::new(&region, &settings).check();
    let entities: Vec<&str> = problems.list().iter().map(|one| one.entity.as_str()).collect();
    assert_eq!(entities, ["settings with rates times 1.2", "settings with staffing times 0.8"]);
}

/// `verbund sensitivity` with these arguments.
fn output(arguments: &[&str]) -> (i32, String, String) {
    run::output(&[&["sensitivity"], arguments].concat())
}

/// A run that takes a moment, of the factors that every region has.
const QUICK: [&str; 12] = [
    "--network",
    "small",
    "--days",
    "30",
    "--warm-up",
    "10",
    "--replications",
    "2",
    "--points",
    "4",
    "--trajectories",
    "0",
];

#[test]
fn the_program_prints_text_json_and_csv() {
    let with = |more: &[&str]| output(&[&QUICK[..], more].concat());
    let (code, text, error) = with(&[]);
    assert_eq!((code, error.as_str()), (0, ""), "{text}");
    assert!(text.contains("One factor at a time: occupancy"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
    assert!(!text.contains("more column"), "{text}");
    let figures = ["--figure", "forced", "--figure", "waiting-days"];
    let (code, json, _) = with(&[&figures[..], &["--format", "json"]].concat());
    let value: Value = serde_json::from_str(&json).unwrap();
    let tables = &value["tables"];
    let count = |table: &str| tables[table].as_array().unwrap().len();
    assert_eq!((code, count("factors"), count("correlations")), (0, 8, 8));
    assert_eq!((count("joint"), count("stability")), (Figure::ALL.len(), 2));
    assert_eq!(tables["factors"][0]["figure"], "forced");
    assert_eq!(value["about"]["spread"], "± 20 %");
    assert!(value["about"]["interrupted"].is_null());
    let (code, csv, _) = with(&["--format", "csv"]);
    assert!(code == 0 && csv.starts_with("section,row,key,value\n"), "{csv}");

    // Without the hypercube.
    let mut without = QUICK;
    without[9] = "0";
    let (code, json, _) = output(&[&without[..], &["--format", "json"]].concat());
    let value: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, value["tables"]["factors"].as_array().unwrap().len()), (0, 4));
    assert!(value["tables"]["joint"].is_null() && value["about"]["points"].is_null());
}

#[test]
fn a_screening_finds_what_matters_and_what_does_not() {
    // One ward of 100 beds, known; a case a place every day: arrivals alone decide admissions, and nothing of intensive
    // care, shared rosters or agreements is there.
    let region = small();
    let settings = short();
    let study = Sensitivity::new(&region, &settings).plan(plan(1)).spread(0.2);
    let factors = Factor::of_settings();
    let screening = study.screening(&factors, 3, &Control::default()).unwrap();
    assert_eq!((screening.finished, screening.ended), (3, Ended::Completed));
    assert_eq!(screening.effects.len(), Figure::ALL.len() * factors.len());
    assert!(screening.faults.is_empty());

    let admissions = screening.order(Figure::Admissions);
    assert_eq!(admissions[0].factor, Factor::Rates);
    // Cases from 0.8 to 1.2 times: 40 % of the admissions of the middle, and never fewer.
    let middle = study.tornado(&Control::default()).unwrap().middle(Figure::Admissions).unwrap();
    let share = admissions[0].mean / middle.mean;
    assert!((0.3..0.5).contains(&share), "{share}");
    assert_eq!(admissions[0].mean, admissions[0].mean_size);
    let size = |key: &str, figure: Figure| {
        let effects = screening.order(figure);
        effects.iter().find(|effect| effect.factor.key() == key).unwrap().mean_size
    };
    // Nobody shares a roster, and no incident happens; common random numbers leave exactly nothing.
    for key in ["on_call_hours", "green_admitted"] {
        assert_eq!(size(key, Figure::Occupancy), 0.0, "{key}");
    }
    for key in ["stays", "staffing", "stay_cv", "turnaround_hours"] {
        assert!(size(key, Figure::FullShare) > 0.0, "{key}");
    }
    // Beds that the network does not know move with the setting that lays them out, and with nothing else.
    let important = screening.important(&[Figure::Admissions, Figure::Occupancy], 3);
    assert!(important.contains(&Factor::Rates) && important.contains(&Factor::Stays));

    let cube = study.hypercube_of(&important, 4, &Control::default()).unwrap();
    assert_eq!(cube.factors, important);
    let written = serde_json::to_value(region.keyed(&cube)).unwrap();
    let rates = important.iter().position(|factor| *factor == Factor::Rates).unwrap();
    assert_eq!(written["points"][0]["factors"]["rates"], cube.points[0].factors[rates]);
}

#[test]
fn a_file_says_between_which_a_setting_is_moved() {
    let model = Folder::small().read().unwrap();
    let region = small();
    let effect = |text: &str| {
        let mut chosen = ChosenSettings::default();
        chosen.put(SettingsFile::read(text, "simulation.ron", &model.network).unwrap());
        chosen.set("--days", "days", 60).unwrap();
        let study = Sensitivity::new(&region, chosen.settings()).plan(plan(1)).chosen(&chosen);
        let factors = [Factor::Setting("turnaround_hours")];
        let screening = study.screening(&factors, 2, &Control::default()).unwrap();
        screening.order(Figure::FullShare)[0].mean_size
    };
    let narrow = effect("(turnaround_hours: (value: 2, low: 1.99, high: 2.01))");
    let wide = effect("(turnaround_hours: (value: 2, low: 0, high: 24))");
    assert!(wide > 10.0 * narrow, "{wide}, {narrow}");
}

#[test]
fn the_program_screens_all_settings_and_says_which_decide() {
    let mut screened = QUICK;
    screened[11] = "1";
    let (code, text, error) = output(&screened);
    assert_eq!((code, error.as_str()), (0, ""), "{text}");
    assert!(text.contains("occupancy is decided by "), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
    let (_, json, _) = output(&[&screened[..], &["--format", "json"]].concat());
    let value: Value = serde_json::from_str(&json).unwrap();
    let rows = |table: &str| value["tables"][table].as_array().unwrap().clone();
    assert_eq!(rows("effects").len(), Factor::of_settings().len());
    assert_eq!(value["about"]["trajectories"], "1");
    // The points change those that matter most.
    assert_eq!(rows("correlations").len(), 6);
    assert_eq!(rows("correlations")[0]["factor"], rows("effects")[0]["factor"]);
}

#[test]
fn the_program_tells_all_wrong_flags_at_once() {
    let wrong = [
        "--spread",
        "100",
        "--points",
        "10001",
        "--replications",
        "0",
        "--days",
        "0",
        "--warm-up",
        "40000",
        "--figure",
        "occupancy",
        "--scenario",
        "wintre",
        "--output",
        "/nowhere/x.txt",
    ];
    let (code, out, error) = output(&wrong);
    assert_eq!((code, out.as_str()), (2, ""), "{error}");
    for part in [
        "--spread 100: expected per cent above 0 and below 100",
        "--points 10001: expected 0 to 10,000 points",
        "--replications 0: expected 1 to 10,000 replications",
        "--days 0: expected 1 to 36,500 days",
        "--warm-up 40000: expected at most 36,500 days",
        "--figure: \"occupancy\" is more than one figure",
        "did you mean \"winter\"?",
        "there is no folder /nowhere",
    ] {
        assert!(error.contains(part), "{part}\n{error}");
    }
    assert_eq!(error.matches("verbund: ").count(), 8, "{error}");
    let (code, _, error) = output(&["--spread", "NaN", "--points", "0", "--replications", "0"]);
    assert!(code == 2 && error.contains("--spread NaN") && error.contains("--replications 0"));
    let (code, _, error) = output(&["--scenario", "/"]);
    assert!(code == 2 && error.contains("a file is needed"), "{error}");
    // A scenario with faults, with all of them.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.ron");
    let text = "(format: 1, id: \"x\", name: \"X\", source: \"s\", changes: [(on: \"2026-02-01\", \
                reason: \"r\", change: Incident(place: \"nowhere\", red: 1, minutes: 0))])";
    std::fs::write(&file, text).unwrap();
    let (code, out, error) = output(&["--scenario", file.to_str().unwrap()]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(error.contains("change.place") && error.contains("minutes"), "{error}");
}

#[test]
fn a_lasting_change_on_the_first_day_counts_as_in_a_simulation() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("first-day.ron");
    let text = "(format: 1, id: \"x\", name: \"X\", source: \"s\", changes: [(on: \"2026-01-01\", \
                reason: \"r\", change: ScaleDemand(factor: 1.5))])";
    std::fs::write(&file, text).unwrap();
    let middle = |scenario: &[&str]| {
        let flags = ["--network", "small", "--points", "0", "--days", "30", "--replications", "1"];
        let flags =
            [&flags[..], &["--figure", "admissions", "--format", "json"], scenario].concat();
        let (code, text, error) = output(&flags);
        assert_eq!(code, 0, "{error}");
        let value: Value = serde_json::from_str(&text).unwrap();
        value["tables"]["factors"][0]["value_middle"].as_f64().unwrap()
    };
    let (usual, more) = (middle(&[]), middle(&["--scenario", file.to_str().unwrap()]));
    // Half as many more ask; full wards take fewer.
    assert!(more > 1.2 * usual && more < 1.5 * usual, "{usual} {more}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_what_is_finished() {
    let long = ["sensitivity", "--network", "small", "--replications", "2000", "--format", "json"];
    let (code, text, _) = run::interrupted(&long, |time| time.as_millis() > 1500);
    assert_eq!(code, 130);
    // On a machine so busy that the run had not begun, there is nothing to print.
    if !text.is_empty() {
        let value: Value = serde_json::from_str(&text).unwrap();
        let told = value["about"]["interrupted"].as_str().unwrap();
        assert!(told.ends_with("of 9 runs with one factor changed are finished"), "{told}");
        assert!(value["tables"]["joint"].is_null());
    }
}
