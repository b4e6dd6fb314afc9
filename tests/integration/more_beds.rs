//! Where more beds help most, beside what theory says; and scenarios ranked.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use verbund::Region;
use verbund::files::Folder;
use verbund::queueing::formulas::erlang_b;
use verbund::random::Seed;
use verbund::run::Control;
use verbund::simulation::{
    BedQuestion, BedTarget, BedTrial, BedWard, Ended, Figure, FlowIndex, MoreBeds, MoreBedsAnswer,
    PatientFlow, RunPlan, Settings, simulate,
};
use verbund::stats::{Estimate, ocba_shares, probability_of_best, ranks, variance_reduction};

use crate::run::{json, refused, text};

/// Patients a day, days and beds of wards, of which each stands alone: what Erlang B says of them is true.
const WARDS: [(f64, f64, u32); 4] =
    [(10.0, 6.0, 62), (20.0, 5.0, 96), (6.0, 8.0, 60), (30.0, 1.0, 40)];

fn question(days: u32) -> BedQuestion {
    let mut question = BedQuestion::new(BedTarget::Refused(0.02));
    for (number, (arrivals, stay, beds)) in WARDS.into_iter().enumerate() {
        let name = format!("ward {number}");
        question = question.ward(BedWard::new(name, arrivals, stay).beds(beds));
    }
    question.trial(Some(BedTrial { days, ..BedTrial::default() }))
}

/// Patients a year fewer by Erlang B.
fn by_theory(ward: usize, more: u32) -> f64 {
    let (arrivals, stay, beds) = WARDS[ward];
    let refused = |beds| erlang_b(arrivals * stay, beds).unwrap();
    arrivals * 365.0 * (refused(beds) - refused(beds + more))
}

fn ask(asked: &MoreBeds, days: u32) -> MoreBedsAnswer {
    asked.in_wards(&question(days), &Control::default()).unwrap()
}

#[test]
fn of_wards_that_stand_alone_the_one_is_found_that_theory_puts_first() {
    let asked = MoreBeds::new(8).budget(Some(300));
    let answer = ask(&asked, 730);
    // By hand, in patients a year: the load of 100 beds in 96 is refused most, and 8 beds help it most.
    let mut theory: Vec<f64> = (0..WARDS.len()).map(|ward| by_theory(ward, 8)).collect();
    assert_eq!(answer.wards[0].name, "ward 1");
    assert!(answer.probability.unwrap() > 0.95);
    for row in &answer.wards {
        let number: usize = row.name.trim_start_matches("ward ").parse().unwrap();
        let half = row.gain.half_width.unwrap();
        assert!((row.formula.unwrap() - theory[number]).abs() < 1e-9);
        // Twice the half-width is left once in 10,000 rows.
        let off = (row.gain.mean - theory[number]).abs();
        assert!(off <= 2.0 * half + 1e-9, "{row:?} and {}", theory[number]);
    }
    theory.sort_by(f64::total_cmp);
    assert!(theory[3] > 1.2 * theory[2], "{theory:?}");
    assert!(answer.replications <= answer.budget + answer.wards[0].gain.count as u64);
}

#[test]
fn replications_go_to_the_best_ward_and_its_rivals() {
    let answer = ask(&MoreBeds::new(8).budget(Some(300)), 365);
    let counts: Vec<usize> = answer.wards.iter().map(|row| row.gain.count).collect();
    // This ward refuses hardly anybody: five first ones are enough.
    let hopeless = answer.wards.iter().find(|row| row.name == "ward 2").unwrap();
    assert!(hopeless.gain.count <= 10, "{counts:?}");
    assert!(counts[0].max(counts[1]) >= 40, "{counts:?}");
}

#[test]
fn the_split_is_no_worse_than_the_best_ward_and_is_simulated() {
    let answer = ask(&MoreBeds::new(20).budget(Some(200)), 730);
    let split = answer.split.unwrap();
    assert_eq!(split.parts.iter().map(|part| part.beds).sum::<u32>(), 20);
    let best = (0..WARDS.len()).map(|ward| by_theory(ward, 20)).fold(0.0, f64::max);
    assert!(split.formula > best);
    let mut theory = 0.0;
    for part in &split.parts {
        theory += by_theory(part.name.trim_start_matches("ward ").parse().unwrap(), part.beds);
    }
    let gain = split.gain.unwrap();
    assert!((split.formula - theory).abs() < 1e-9);
    assert!((gain.mean - theory).abs() <= 2.0 * gain.half_width.unwrap(), "{gain:?}, {theory}");
}

#[test]
fn threads_change_nothing_and_who_is_stopped_keeps_what_is_finished() {
    let asked = MoreBeds::new(8).budget(Some(60));
    let in_pool = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| ask(&asked, 365))
    };
    assert_eq!(in_pool(1), in_pool(8));

    let (stop, told) = (AtomicBool::new(false), AtomicU64::new(0));
    let listen = |done| {
        told.store(done, Ordering::Relaxed);
        stop.fetch_or(done >= 12, Ordering::Relaxed);
    };
    let control = Control::default().stop(&stop).progress(&listen);
    let answer = asked.in_wards(&question(365), &control).unwrap();
    assert_eq!(answer.ended, Ended::Interrupted);
    assert!((12..60).contains(&answer.replications), "{}", answer.replications);
    assert_eq!(answer.replications, told.into_inner());
    // Each gain has its partner without the beds.
    let base = answer.base.unwrap().count;
    assert!(answer.wards.iter().all(|row| (1..=base).contains(&row.gain.count)));
}

#[test]
fn in_a_region_beds_go_where_somebody_is_sent_on() {
    let model = Folder::small().read().unwrap();
    let region = Region::new(&model, model.network.date()).unwrap();
    let flow = PatientFlow::new(&region, &Settings::default().days(120), None).unwrap();
    let wards: Vec<_> = flow.wards_with_ids().map(|(id, _)| id).collect();
    let mut asked = MoreBeds::new(10).figures(vec![Figure::DivertedAway, Figure::Forced]);
    asked.replications = 6;
    let answer = asked.in_region(&flow, &wards, &Control::default()).unwrap();
    assert!(answer.wards.len() + answer.without_need <= wards.len());
    // The slow way: the first ward by a run of its own, with the beds in the network.
    let base = answer.base.unwrap();
    for row in &answer.wards {
        assert!(row.gain.mean <= base.mean + 1e-9, "{row:?}");
    }
    for pair in answer.wards.windows(2) {
        assert!(pair[0].gain.mean >= pair[1].gain.mean);
    }
}

#[test]
fn shares_of_replications_by_hand() {
    let system = |mean, deviation| Estimate { mean, deviation, count: 10 };
    // Best 10 with 2; 8 with 4: (4/2)^2 = 4; 5 with 5: (5/5)^2 = 1; without scatter: 0.
    // The best: 2 sqrt((4/4)^2 + (1/5)^2) = 2 sqrt(1.04) = 2.0396.
    let shares =
        ocba_shares(&[system(8.0, 4.0), system(10.0, 2.0), system(5.0, 5.0), system(1.0, 0.0)]);
    let best = 2.0 * 1.04_f64.sqrt();
    let sum = 5.0 + best;
    for (share, wanted) in shares.iter().zip([4.0 / sum, best / sum, 1.0 / sum, 0.0]) {
        assert!((share - wanted).abs() < 1e-12, "{shares:?}");
    }
    assert!(ocba_shares(&[]).is_empty());
    assert_eq!(ocba_shares(&[system(1.0, 0.0), system(1.0, 0.0)]), [0.5, 0.5]);
    // Equal ones: finite, and all is shared out.
    let equal = ocba_shares(&[system(1.0, 3.0), system(1.0, 3.0)]);
    assert!((equal.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{equal:?}");
    assert_eq!(probability_of_best(&[system(1.0, 0.0), system(1.0, 0.0)]), 0.5);
}

#[test]
fn equal_systems_are_hardly_ever_told_apart() {
    // Sums of two even numbers; the first two systems are the same law, the third is 3 lower.
    let mut wrong = 0;
    for experiment in 0..400 {
        let mut values = vec![Vec::new(), Vec::new(), Vec::new(), Vec::new()];
        for (system, values) in values.iter_mut().enumerate() {
            let entity = format!("system {system}");
            let purpose = verbund::random::Purpose::Absence;
            let mut numbers = Seed(experiment).stream(0, &entity, purpose);
            for _ in 0..15 {
                let lower = if system == 2 { 3.0 } else { 0.0 };
                values.push(numbers.uniform() + numbers.uniform() - lower);
            }
        }
        let ranks = ranks(&values);
        assert!(ranks[2].is_best());
        wrong += usize::from(
            ranks.iter().enumerate().any(|(n, rank)| n != 2 && (rank.from, rank.to) != (2, 4)),
        );
    }
    // At most 5 in 100, which the binomial law exceeds by 15 of 400 once in 1,000.
    assert!(wrong <= 35, "{wrong} of 400");
    assert!(wrong > 0, "of three equal pairs at 1 in 120 each about 10 are expected");
}

#[test]
fn the_same_patients_cut_the_variance_of_a_difference() {
    let model = Folder::small().read().unwrap();
    let region = Region::new(&model, model.network.date()).unwrap();
    let settings = Settings::default().days(90);
    let mut fewer = settings.clone();
    fewer.staffed_share = 0.85;
    let flows = [
        PatientFlow::new(&region, &settings, None).unwrap(),
        PatientFlow::new(&region, &fewer, None).unwrap(),
    ];
    let plan = RunPlan { replications: 12, ..RunPlan::default() };
    let results = simulate(&flows, plan, &Control::default());
    let ranked = results.ranked(&[Figure::Outliers, Figure::DivertedAway]);
    assert_eq!(ranked.len(), 2);
    let base = ranked.iter().find(|row| row.flow == FlowIndex::BASE).unwrap();
    assert!(base.change.is_none() && base.variance_factor.is_none());
    let other = ranked.iter().find(|row| row.flow != FlowIndex::BASE).unwrap();
    // With fewer staffed beds more are laid elsewhere, in each replication.
    assert!(base.rank.is_best() && other.rank.from == 2, "{ranked:?}");
    assert!(other.variance_factor.unwrap() > 1.0, "{other:?}");
    assert_eq!(variance_reduction(&[1.0, 2.0], &[2.0, 3.0]), None);
}

#[test]
fn the_program_tells_wards_budget_and_formula() {
    let wards = ["--ward", "a: 10 x 6d = 62", "--ward", "b: 20 x 5d = 96"];
    let short = ["--where", "8", "--days", "365", "--budget", "60"];
    let arguments = [&["beds"][..], &wards, &short].concat();
    let told = text(&arguments);
    for part in ["Where more beds help most", "b is the best of these wards", "budget 60", "Erlang"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    let rows = json(&arguments)["tables"]["wards"].clone();
    assert_eq!(rows.as_array().map(Vec::len), Some(2), "{rows}");
    let best = &rows[0];
    assert!(best["best_probability_share"].as_f64().unwrap() > 0.95, "{best}");
    let theory = 20.0 * 365.0 * (erlang_b(100.0, 96).unwrap() - erlang_b(100.0, 104).unwrap());
    assert!((best["formula_gain_per_year"].as_f64().unwrap() - theory).abs() < 0.06, "{best}");
    let german = text(&[&arguments[..], &["--lang", "de"]].concat());
    assert!(german.contains("Wo mehr Betten am meisten helfen"), "{german}");

    let region = ["beds", "--network", "small", "--where", "5", "--replications", "4"];
    let told = text(&[&region[..], &["--days", "60"]].concat());
    assert!(told.contains("Where more beds help most"), "{told}");
}

#[test]
fn faults_of_the_question_are_told() {
    refused(&["beds", "--budget", "60"], &["--where"]);
    refused(
        &["beds", "--where", "20", "--arrivals", "3", "--stay", "4"],
        &["--arrivals", "--stay"],
    );
    refused(&["beds", "--where", "0"], &["beds", "1 to 10,000"]);
    refused(&["beds", "--where", "5", "--budget", "3"], &["budget", "6 to 1,000,000"]);
    refused(&["beds", "--where", "5", "--figure", "admissions"], &["admissions", "diverted_away"]);
    refused(&["beds", "--where", "5", "--figure", "nothing"], &["nothing"]);
    refused(&["beds", "--where", "5", "--replications", "0"], &["replications", "2 to 10,000"]);
    refused(&["beds", "--where", "5", "--ward", "3 x 4d"], &["beds", "unknown"]);
    refused(
        &["beds", "--where", "5", "--ward", "3 x 4d = 9", "--specialty", "surgery"],
        &["--specialty"],
    );
    refused(&["simulate", "--figure", "refused"], &["--until-half-width"]);
}
