//! How many beds: by formula, by simulation, and as a user of the program asks.

use serde_json::Value;
use verbund::Region;
use verbund::model::{Facility, FacilityKind, NetworkBuilder, Rate, Specialty};
use verbund::random::Seed;
use verbund::routing::{Choice, Flows, Huff};
use verbund::simulation::{
    BedAnswer, BedQuestion, BedTarget, BedTrial, BedWard, HospitalWard, Settings, WardKind,
};

use crate::common::{at, catalog, day, hospital, model_of, place, shared_data};
use crate::run;

/// `verbund beds` with these arguments.
fn beds<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["beds"], arguments].concat()
}

#[expect(clippy::unnecessary_wraps, reason = "as a question has it")]
fn trial(days: u32, replications: u32) -> Option<BedTrial> {
    Some(BedTrial { days, replications, seed: Seed(1), ..BedTrial::default() })
}

fn ask(question: &BedQuestion) -> BedAnswer {
    question.answer().unwrap()
}

/// 9.5 patients a day for 6 days: a load of 57 beds.
fn medicine() -> BedWard {
    BedWard::new("medicine", 9.5, 6.0)
}

#[test]
fn a_load_of_57_beds_needs_68_for_two_refusals_of_100() {
    let question = BedQuestion::new(BedTarget::Refused(0.02)).ward(medicine().beds(60)).trial(None);
    let answer = ask(&question);
    let curve = &answer.wards[0];
    // (57^c / c!) / sum of 57^k / k! for k from 0 to c, in fractions: 0.0231972 for 67 beds,
    // 0.0190739 for 68.
    assert_eq!((curve.least, curve.least_simulated, curve.open), (68, None, None));
    let share = |beds| curve.row(beds).unwrap().formula.unwrap().share;
    assert!((share(67) - 0.023_197_2).abs() < 1e-7 && (share(68) - 0.019_073_9).abs() < 1e-7);
    let beds: Vec<u32> = curve.rows.iter().map(|row| row.beds).collect();
    assert_eq!(beds, [58, 59, 60, 61, 62, 66, 67, 68, 69, 70]);
}

#[test]
#[ignore = "needs ../shared/data: queueing/mgcc.json"]
fn a_ward_of_sixty_beds_refuses_as_many_as_published() {
    let question = BedQuestion::new(BedTarget::Refused(0.02)).ward(medicine().beds(60)).trial(None);
    let answer = ask(&question);
    let row = answer.wards[0].row(60).unwrap().formula.unwrap();
    let text = std::fs::read_to_string(shared_data().join("queueing/mgcc.json")).unwrap();
    let published: Value = serde_json::from_str(&text).unwrap();
    let loss = published["analytic"]["erlang_b"].as_f64().unwrap();
    assert!((row.share - loss).abs() < 1e-12);
    let census = published["analytic"]["mean_census"].as_f64().unwrap();
    assert!((row.occupancy * 60.0 - census).abs() < 1e-9);
}

#[test]
fn refusals_by_simulation_lie_around_the_formula_whatever_the_stays() {
    // 20 replications of 1,000 days: 190,000 patients a row. At 2 % the half width is 0.1 % to
    // 0.2 %; twice that is left once in 20,000 rows, and a load that is 5 % off (1.0 % of refusals
    // more) would be seen.
    for cv in [0.0, 1.0, 2.0] {
        let mut question = BedQuestion::new(BedTarget::Refused(0.02)).ward(medicine());
        question.stay_cv = cv;
        let answer = ask(&question.trial(trial(1000, 20)));
        for row in &answer.wards[0].rows {
            let (formula, simulated) = (row.formula.unwrap(), row.simulated.unwrap());
            for (found, theory) in
                [(simulated.share, formula.share), (simulated.occupancy, formula.occupancy)]
            {
                let half = found.half_width.unwrap();
                assert!(half < 0.01, "cv {cv}, {} beds: {half}", row.beds);
                let off = (found.mean - theory).abs();
                assert!(off <= 2.0 * half, "cv {cv}, {} beds: {found:?} and {theory}", row.beds);
            }
        }
        let (least, (first, last)) =
            (answer.wards[0].least_simulated.unwrap(), answer.wards[0].open.unwrap());
        assert!(first <= least && least <= last && last - first <= 4, "{first} {least} {last}");
        assert!(first <= 69 && last >= 67);
    }
}

#[test]
fn waits_by_simulation_lie_around_erlang_c_for_a_variation_of_one() {
    // One bed, half busy: by Pollaczek and Khinchine the mean wait of stays of one day with a
    // variation of cv is 0.5 (1 + cv^2) / 2 / (1 - 0.5) days, and half of all wait.
    for cv in [0.0, 1.0] {
        let mut question = BedQuestion::new(BedTarget::Waiting(0.5));
        question.stay_cv = cv;
        let ward = BedWard::new("one bed", 0.5, 1.0);
        let answer = ask(&question.ward(ward).trial(trial(20_000, 10)));
        assert_eq!(answer.wards[0].least, 1);
        let row = answer.wards[0].row(1).unwrap();
        let (formula, simulated) = (row.formula.unwrap(), row.simulated.unwrap());
        let theory = 0.5 * (1.0 + cv * cv) / 2.0 / 0.5;
        assert!((formula.approximate_wait.unwrap() - theory).abs() < 1e-12);
        assert!((formula.mean_wait.unwrap() - 1.0).abs() < 1e-12);
        for (found, theory) in [(simulated.share, 0.5), (simulated.mean_wait.unwrap(), theory)] {
            let half = found.half_width.unwrap();
            assert!((found.mean - theory).abs() <= 2.0 * half, "cv {cv}: {found:?}, {theory}");
        }
    }
}

#[test]
fn shared_beds_save_some_and_everybody_has_the_same_chance() {
    // Two wards with a load of 1 and 3 beds refuse 1/16 each; six shared beds refuse 4/331 of a
    // load of 2, five 4/109.
    let question = BedQuestion::new(BedTarget::Refused(0.0625))
        .ward(BedWard::new("east", 0.5, 2.0).beds(3))
        .ward(BedWard::new("west", 0.2, 5.0).beds(3))
        .trial(trial(20_000, 10));
    let answer = ask(&question);
    let pooled = answer.pooled.as_ref().unwrap();
    assert_eq!((pooled.beds, pooled.least_apart), (6, 6));
    assert!((pooled.apart.unwrap() - 1.0 / 16.0).abs() < 1e-12);
    assert!((pooled.together.unwrap() - 4.0 / 331.0).abs() < 1e-12);
    assert_eq!((pooled.curve.least, pooled.beds_for_same), (5, Some(5)));
    let near = |found: Option<verbund::stats::Interval>, theory: f64| {
        let found = found.unwrap();
        let off = (found.mean - theory).abs();
        assert!(off <= 2.0 * found.half_width.unwrap(), "{found:?} and {theory}");
    };
    near(pooled.apart_simulated, 1.0 / 16.0);
    near(pooled.together_simulated, 4.0 / 331.0);
    for ward in &pooled.by_ward {
        near(ward.apart_simulated, 1.0 / 16.0);
        near(ward.together_simulated, 4.0 / 331.0);
    }
    // The stays of all: 5/7 of two days, 2/7 of five, so a mean of 20/7 and a second moment of
    // 2 x 70/7; minus the square of the mean, over it, that is 1.45.
    assert!((pooled.curve.stay - 20.0 / 7.0).abs() < 1e-12);
    assert!((pooled.curve.stay_cv - 1.45_f64.sqrt()).abs() < 1e-12);
}

#[test]
fn a_queue_without_end_has_no_figures() {
    let ward = BedWard::new("w", 3.0, 5.0).beds(15);
    let question = BedQuestion::new(BedTarget::Waiting(0.2)).ward(ward).trial(trial(100, 2));
    let answer = ask(&question);
    let row = answer.wards[0].row(15).unwrap();
    assert_eq!((row.formula, row.simulated), (None, None));
    assert!(answer.wards[0].row(16).unwrap().formula.is_some());
    // With another such ward, there is nothing to compare.
    let two = question.ward(BedWard::new("v", 3.0, 5.0).beds(14));
    let pooled = ask(&two).pooled.unwrap();
    assert_eq!((pooled.apart, pooled.together, pooled.beds_for_same), (None, None, None));
}

#[test]
fn the_smallest_ward_has_one_bed() {
    let ward = BedWard::new("w", 1e-6, 1e-6).beds(1);
    let answer = ask(&BedQuestion::new(BedTarget::Refused(0.5)).ward(ward).trial(trial(1, 2)));
    assert_eq!(answer.wards[0].least, 1);
    // Nobody comes in a day: nobody is refused.
    assert_eq!(answer.wards[0].row(1).unwrap().simulated.unwrap().share.mean, 0.0);
}

#[test]
fn every_value_out_of_range_is_told_at_once() {
    let mut question = BedQuestion::new(BedTarget::Refused(1.0))
        .ward(BedWard::new("a", 0.0, f64::NAN).beds(0))
        .ward(BedWard::new("a", 1.0, 1.0))
        .trial(trial(0, 0));
    question.stay_cv = -1.0;
    question.around = 51;
    let problems = question.answer().unwrap_err();
    let fields: Vec<&str> = problems.list().iter().map(|one| one.field.as_str()).collect();
    assert_eq!(
        fields,
        ["arrivals", "stay", "beds", "name", "refused", "cv", "around", "days", "replications"]
    );
    assert!(!BedQuestion::new(BedTarget::Refused(0.02)).check().is_empty());
    let huge = BedQuestion::new(BedTarget::Refused(0.02)).ward(BedWard::new("w", 1e6, 10.0));
    assert!(huge.check().to_string().contains("10000000 beds; expected at most 1,000,000"));
    let long = BedQuestion::new(BedTarget::Refused(0.02)).ward(BedWard::new("w", 1e6, 0.1));
    assert!(long.check().to_string().contains("73000000000 patients"), "{}", long.check());
}

const ASKED: [&str; 8] = ["--arrivals", "9.5", "--stay", "6", "--beds", "60", "--days", "365"];

#[test]
fn beds_for_two_refusals_of_100() {
    insta::assert_snapshot!(run::text(&beds(&ASKED)));
}

#[test]
fn beds_so_that_few_wait() {
    let arguments = [
        "--cases-per-year",
        "3467.5",
        "--stay",
        "6",
        "--wait",
        "10",
        "--cv",
        "1.2",
        "--days",
        "365",
    ];
    insta::assert_snapshot!(run::text(&beds(&arguments)));
}

#[test]
fn two_wards_apart_and_with_shared_beds() {
    let wards = ["--ward", "surgery: 9.5 x 6d = 60", "--ward", "4 x 5", "--days", "365"];
    insta::assert_snapshot!(run::text(&beds(&wards)));
    let value = run::json(&beds(&wards));
    assert_eq!(value["tables"]["answer"][1]["ward"], "ward 2");
    assert_eq!(value["tables"]["answer"][2]["arrivals_per_day"], 13.5);
}

#[test]
fn the_same_bytes_on_one_thread_and_on_eight() {
    let run = |threads: &str| {
        let mut command = run::verbund(&beds(&ASKED));
        command.env("RAYON_NUM_THREADS", threads).output().unwrap().stdout
    };
    assert!(run("1") == run("8"));
}

#[test]
fn departments_of_the_network_have_their_cases_stays_and_beds() {
    let arguments = [
        "--hospital",
        "kkh-torgau",
        "--hospital",
        "kkh-eilenburg",
        "--specialty",
        "internal_medicine",
        "--replications",
        "0",
    ];
    let value = run::json(&beds(&arguments));
    assert!(value["about"]["travel"].as_str().unwrap().contains("crow-fly model"));
    let flows = run::json(&["flows", "--by", "department"]);
    for (at, key) in ["kkh-torgau", "kkh-eilenburg"].into_iter().enumerate() {
        let row = &value["tables"]["answer"][at];
        let departments = flows["tables"]["departments"].as_array().unwrap();
        let load = departments
            .iter()
            .find(|one| one["hospital"] == key && one["department"] == "internal_medicine");
        let load = load.unwrap();
        assert_eq!(row["beds"], load["beds"]);
        // Bed days of a year over its days: the load in beds.
        let offered = load["bed_days"].as_f64().unwrap() / 365.0;
        assert!((row["offered_beds"].as_f64().unwrap() - offered).abs() < 1e-3);
        let cases = load["cases"].as_f64().unwrap();
        assert!((row["arrivals_per_day"].as_f64().unwrap() - cases / 365.0).abs() < 1e-3);
    }
    assert!(value["tables"]["pooling"].is_array());
}

#[test]
fn heads_name_hospital_specialty_and_ward() {
    let about = |hospital: &str, specialty: &str| {
        let arguments = ["--hospital", hospital, "--specialty", specialty, "--replications", "0"];
        run::json(&beds(&arguments))["about"].clone()
    };
    let own = about("Torgau", "Innere Medizin");
    assert_eq!(own["hospital"], "kkh-torgau");
    assert_eq!(own["specialty"], "internal_medicine");
    let ward = own["ward"].as_str().unwrap();
    assert!(ward.starts_with("internal_medicine, 94 beds: its patients of "));
    assert!(ward.contains("gastroenterology") && ward.ends_with("are counted, too"), "{ward}");
    // Torgau has no department of nephrology; internal medicine is broader.
    let broader = about("kkh-torgau", "nephro");
    let ward = broader["ward"].as_str().unwrap();
    assert!(
        ward.contains("94 beds: a broader ward stands in, as there is none of nephrology alone")
    );
    let alone = about("sana-borna", "urology");
    assert_eq!(alone["ward"], "urology, 35 beds");
}

#[test]
fn intensive_care_is_answered_from_the_unit() {
    let arguments =
        ["--hospital", "kkh-torgau", "--specialty", "intensive_care", "--replications", "0"];
    let value = run::json(&beds(&arguments));
    assert_eq!(value["about"]["ward"], "the intensive care unit, 8 beds");
    let row = &value["tables"]["answer"][0];
    assert_eq!((&row["ward"], &row["beds"]), (&"kkh-torgau intensive_care".into(), &8.into()));
    // Of a hospital without a unit the broader ward stands in, and the head says so.
    let south = ["--hospital", "south", "--specialty", "intensive_care", "--network", "small"];
    let value = run::json(&beds(&[&south[..], &["--replications", "0"]].concat()));
    let ward = value["about"]["ward"].as_str().unwrap();
    assert!(ward.starts_with("internal_medicine, 40 beds: a broader ward"));
}

#[test]
fn patients_of_intensive_care_are_those_of_the_hospitals_with_a_unit() {
    // Everybody is at one place with two hospitals of equal beds, of which one has a unit: it gets the
    // patients of both. 1,000 people have 1,000 cases of "s" and 10 of intensive care, which stay 2
    // days; 4 days each of a share of the others make up the bed days of the settings.
    let mut with_unit = hospital("a", at(0.0, 0.0), 10);
    with_unit.facilities.push(Facility { count: Some(3), ..Facility::new("icu") });
    let mut catalog = catalog();
    catalog.specialties.push(Specialty {
        key: "intensive_care".into(),
        name: "intensive care".into(),
        name_de: "Intensivmedizin".into(),
        part_of: Some("s".into()),
    });
    catalog.facilities.push(FacilityKind {
        key: "icu".into(),
        name: "unit".into(),
        name_de: "unit".into(),
        grades: vec![],
    });
    catalog.demand.rates.push(Rate {
        specialty: "intensive_care".into(),
        per_1000: 10.0,
        stay_days: 2.0,
        ..catalog.demand.rates[0].clone()
    });
    let network = NetworkBuilder::new("test", day(), catalog)
        .hospital(with_unit)
        .hospital(hospital("b", at(0.0, 0.0), 10))
        .build()
        .unwrap();
    let model = model_of(network, vec![place("p", at(0.0, 0.0), 1000)]);
    let region = Region::new(&model, day()).unwrap();
    let flows = Flows::of_region(&region, Choice::Huff(Huff::default())).unwrap();

    let id = region.find_hospital("a").unwrap();
    let unit = HospitalWard::new(&region, &flows, id, "intensive_care").unwrap();
    assert_eq!((unit.kind, unit.beds), (WardKind::IntensiveCareUnit, Some(3)));
    let days = Settings::default().icu_days_per_1000;
    let patients = 10.0 + (days - 10.0 * 2.0) / 4.0;
    assert!((unit.arrivals * 365.0 - patients).abs() < 1e-9 * patients, "{unit:?}");
    assert!((unit.arrivals * unit.stay * 365.0 - days).abs() < 1e-9 * days, "{unit:?}");
    // The other has none: its department takes the cases of intensive care.
    let id = region.find_hospital("b").unwrap();
    let ward = HospitalWard::new(&region, &flows, id, "intensive_care").unwrap();
    assert_eq!((ward.kind, ward.beds), (WardKind::BroaderDepartment, Some(10)));
    assert_eq!(ward.treats, ["s", "intensive_care"]);
    assert!((ward.arrivals * 365.0 - 505.0).abs() < 1e-6, "{ward:?}");
}

#[test]
fn a_site_that_nobody_reaches_says_so() {
    // Some 190 km north of the northernmost place: 190 minutes, and the cut-off is at two hours.
    let copy = crate::problems::Copy::new().with("network.ron", "lat: 51.000000", "lat: 52.9");
    let network = copy.folder.to_str().unwrap();
    let arguments = ["--hospital", "north", "--specialty", "internal_medicine"];
    run::refused(
        &beds(&[&arguments[..], &["--network", network]].concat()),
        &["no patient reaches internal_medicine (90 beds) of north"],
    );
    let day = ["--hospital", "west-day", "--specialty", "psychiatry", "--network", "small"];
    run::refused(&beds(&day), &["west-day has no inpatients"]);
}

#[test]
fn flags_of_a_simulation_that_is_not_run_are_refused() {
    let formula = ["--arrivals", "1", "--stay", "1", "--replications", "0"];
    for flag in [["--days", "10"], ["--seed", "2"], ["--warm-up", "3"], ["--cv", "2"]] {
        run::refused(&beds(&[&formula[..], &flag].concat()), &[flag[0], "there is none"]);
    }
    // Waits by formula depend on the variation of the stays.
    run::text(&beds(&[&formula[..], &["--beds", "4", "--wait", "5", "--cv", "2"]].concat()));
}

#[test]
fn bad_input_is_named_at_once() {
    run::refused(
        &beds(&[
            "--arrivals",
            "0",
            "--stay",
            "-2",
            "--beds",
            "0",
            "--refused",
            "200",
            "--cv",
            "-1",
            "--days",
            "0",
            "--warm-up",
            "99999",
            "--network",
            "small",
        ]),
        &[
            "--network, --as-of and --allow-outside need a --hospital",
            "field arrivals: 0;",
            "field stay: -2;",
            "field beds: 0;",
            "field refused: 200 %;",
            "field cv: -1;",
            "field days: 0;",
            "field warm_up: 99999;",
        ],
    );
    run::refused(&beds(&[]), &["nobody to find beds for"]);
    run::refused(&beds(&["--arrivals", "1"]), &["--arrivals needs a --stay"]);
    run::refused(
        &beds(&["--arrivals", "1", "--cases-per-year", "9", "--stay", "1"]),
        &["say the same"],
    );
    run::refused(
        &beds(&["--ward", "3 x", "--ward", "4 y 5", "--ward", "2 x 3 = 1.5", "--beds", "7"]),
        &[
            "\"3 x\": stay \"\" is no number",
            "\"4 y 5\": write \"[NAME:]",
            "beds \"1.5\" are no whole number",
            "--beds: with --ward, write",
        ],
    );
    run::refused(
        &beds(&["--ward", "a: 1 x 1", "--ward", "a: 2 x 2"]),
        &["ward \"a\", field name: given twice"],
    );
    run::refused(&beds(&["--ward", "1 x 1", "--arrivals", "3"]), &["three ways to say the same"]);
    run::refused(&beds(&["--specialty", "cardiology"]), &["--specialty needs a --hospital"]);
    run::refused(&beds(&["--hospital", "kkh-torgau"]), &["--hospital needs a --specialty"]);
    run::refused(
        &beds(&["--hospital", "kkh-torgua", "--hospital", "nowhere", "--specialty", "cardiolgy"]),
        &["did you mean \"Kreiskrankenhaus Torgau", "\"nowhere\"", "did you mean \"cardiology\"?"],
    );
    run::refused(
        &beds(&["--hospital", "kkh-torgau", "--specialty", "neurosurgery"]),
        &["kkh-torgau has no department that treats neurosurgery"],
    );
    run::refused(
        &beds(&["--arrivals", "1", "--stay", "1", "--refused", "2", "--wait", "3"]),
        &["--wait"],
    );
}
