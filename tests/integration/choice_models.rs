//! The multinomial logit by hand, and models of choice held against published cases and births.

use verbund::Region;
use verbund::files::Folder;
use verbund::model::*;
use verbund::routing::*;
use verbund::rules::MODEL_ERROR;

use crate::common::*;

fn cases(region: &Region, logit: Logit) -> Vec<f64> {
    let flows = Flows::of_region(region, Choice::Logit(logit)).unwrap();
    flows.cases_by_hospital(region.network().hospitals().len())
}

/// 1,000 people, a with 100 beds 10 minutes and b with 25 beds 20 minutes away; b is of this operator and stage.
fn two(ownership: Ownership, stage: Option<EmergencyLevel>) -> Region {
    let mut b = hospital("b", at(30.0, 0.0), 25);
    (b.ownership, b.emergency_level) = (ownership, stage);
    let model =
        model(vec![hospital("a", at(0.0, 0.0), 100), b], vec![place("p", at(10.0, 0.0), 1000)]);
    Region::new(&model, day()).unwrap()
}

#[test]
fn two_hospitals_in_closed_form() {
    let region = two(Ownership::Private, Some(EmergencyLevel::Comprehensive));
    let logit = Logit {
        per_minute: 0.1,
        log_beds: 0.5,
        nearest: 0.7,
        private: 0.4,
        non_profit: 9.0,
        stage: 0.2,
    };
    // a: -0.1 x 10 + 0.5 ln 100 + 0.7. b: -0.1 x 20 + 0.5 ln 25 + 0.4 + 3 x 0.2.
    let a = (-1.0 + 0.5 * 100.0_f64.ln() + 0.7).exp();
    let b = (-2.0 + 0.5 * 25.0_f64.ln() + 0.4 + 0.6).exp();
    let found = cases(&region, logit);
    assert!((found[0] - 1000.0 * a / (a + b)).abs() < 1e-9, "{found:?}");
    assert!((found[1] - 1000.0 * b / (a + b)).abs() < 1e-9, "{found:?}");

    let region = two(Ownership::NonProfit, None);
    let b = (-2.0 + 0.5 * 25.0_f64.ln() + 1.5).exp();
    let found = cases(&region, Logit { non_profit: 1.5, ..logit });
    assert!((found[1] - 1000.0 * b / (a + b)).abs() < 1e-9, "{found:?}");
}

#[test]
fn a_department_without_beds_is_nobodys_nearest() {
    // a is nearer and has no bed: all utility of the nearest is b's, beside c farther away.
    let region = line(&[(0.0, 0), (30.0, 25), (50.0, 25)], &[(10.0, 1000)]);
    let logit = Logit { per_minute: 0.1, log_beds: 1.0, nearest: 1.0, ..Logit::default() };
    let (b, c) = ((-2.0_f64 + 1.0).exp(), (-4.0_f64).exp());
    let found = cases(&region, logit);
    assert!(found[0].abs() < 1e-12 && (found[1] - 1000.0 * b / (b + c)).abs() < 1e-9, "{found:?}");
}

#[test]
fn with_beds_and_minutes_alone_it_is_the_huff_model() {
    let region = Region::leipzig().unwrap();
    let huff = Huff { beds_exponent: 0.7, decay: Decay::Exponential { per_minute: 0.06 } };
    let logit = Logit { per_minute: 0.06, log_beds: 0.7, ..Logit::default() };
    let of = |choice| {
        Flows::of_region(&region, choice)
            .unwrap()
            .cases_by_hospital(region.network().hospitals().len())
    };
    for (huff, logit) in of(Choice::Huff(huff)).into_iter().zip(of(Choice::Logit(logit))) {
        assert!((huff - logit).abs() <= 1e-9 * huff.max(1.0), "{huff} {logit}");
    }
}

#[test]
fn shares_of_a_place_are_those_of_the_flows() {
    let region = Region::leipzig().unwrap();
    let logit = Logit {
        per_minute: 0.05,
        log_beds: 0.8,
        nearest: 0.6,
        private: 0.3,
        non_profit: -0.2,
        stage: 0.1,
    };
    let choice = Choice::Logit(logit);
    for key in ["cardiology", "intensive_care"] {
        let demand = region.demand().cases(key).unwrap();
        let flows = Flows::new(&region, &FlowSettings::new(choice).only(demand)).unwrap();
        let shares = Shares::new(&region, key, choice).unwrap().unwrap();
        let mut summed = vec![0.0; region.network().hospitals().len()];
        for (place, cases) in region.place_ids().zip(&demand.cases) {
            for chosen in shares.at(place) {
                summed[chosen.hospital.index()] += chosen.share * cases;
            }
        }
        let expected = flows.cases_by_hospital(summed.len());
        for (found, expected) in summed.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{key}: {found} {expected}");
        }
    }
}

#[test]
fn parameters_of_a_logit_out_of_range_are_refused() {
    let region = line(&[(0.0, 1)], &[(5.0, 1)]);
    let refuse = |logit| Flows::of_region(&region, Choice::Logit(logit)).unwrap_err().to_string();
    assert_eq!(
        refuse(Logit { nearest: -10.5, ..Logit::default() }),
        "the utility of the nearest is -10.5; expected a number from -10 to 10"
    );
    assert!(refuse(Logit { per_minute: -0.1, ..Logit::default() }).contains("0 to 100"));
    assert!(refuse(Logit { stage: f64::NAN, ..Logit::default() }).contains("NaN"));
}

#[test]
fn published_cases_are_met_or_it_is_said_why_not() {
    let region = Region::leipzig().unwrap();
    let network = region.network();
    let in_use = Choice::Huff(Huff::default());
    let check = check_cases(&region, in_use).unwrap().unwrap();
    let error = |hospital: &str| {
        let has = |row: &&CasesRow| row.hospitals.iter().any(|id| network[*id].key == hospital);
        let row = check.rows.iter().find(has).unwrap();
        row.in_use / row.published - 1.0
    };
    for (hospital, most) in [
        ("ukl-leipzig", 0.1),
        ("st-elisabeth-leipzig", 0.1),
        ("sana-grimma", 0.2),
        ("kkh-torgau", 0.2),
    ] {
        assert!(error(hospital).abs() < most, "{hospital}: {}", error(hospital));
    }
    // What is farther off is named with what the source counts.
    let section = verbund::report::cases(&region, &check);
    let notes = section.notes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    for (hospital, words) in [
        ("st-georg-leipzig", "full+part inpatients, GROUP (about)"),
        ("sana-borna", "patients, Borna + Zwenkau"),
    ] {
        assert!(error(hospital).abs() > 0.2, "{hospital}: {}", error(hospital));
        assert!(notes.contains(hospital) && notes.contains(words), "{notes}");
    }

    // The heart centre: 500,000 patients in 30 years.
    let flows = Flows::of_region(&region, in_use).unwrap();
    let heart = network.find("herzzentrum-leipzig").unwrap();
    let loads = flows.hospital_loads(network.hospitals().len());
    let error = loads[heart.index()].all_cases() / (500_000.0 / 30.0) - 1.0;
    assert!(error.abs() < 0.2, "{error}");
}

#[test]
fn the_error_of_minimum_volumes_is_that_of_published_counts() {
    let model = Folder::leipzig().read().unwrap();
    let region = Region::new(&model, model.network.date()).unwrap();
    let in_use = Choice::Huff(Huff::default());
    let births = check_births(&model, 2021, in_use).unwrap().unwrap();
    let cases = check_cases(&region, in_use).unwrap().unwrap();
    let mut errors = Vec::new();
    for row in births.years.iter().flat_map(|year| &year.rows) {
        errors.push(row.in_use / row.observed - 1.0);
    }
    let root_mean_square = |errors: &[f64]| {
        (errors.iter().map(|error| error * error).sum::<f64>() / errors.len() as f64).sqrt()
    };
    assert_eq!(errors.len(), 20);
    assert!((root_mean_square(&errors) - 0.28).abs() < 0.005);
    let of_cases: Vec<f64> =
        cases.rows.iter().map(|row| row.in_use / row.published - 1.0).collect();
    assert!((root_mean_square(&of_cases) - 0.20).abs() < 0.005);
    errors.extend(of_cases);
    assert!((root_mean_square(&errors) - MODEL_ERROR).abs() < 0.005);
}
