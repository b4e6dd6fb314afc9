//! Routes and flows by hand, against slow methods, and by what must always hold.

use proptest::prelude::*;
use verbund::Region;
use verbund::files::Folder;
use verbund::model::*;
use verbund::routing::*;

use crate::common::*;

fn flows(region: &Region, choice: Choice) -> Flows {
    let flows = Flows::new(region, &FlowSettings::new(choice).with_pairs()).unwrap();
    // Without pairs everything else is the same, to the last bit.
    let without = Flows::of_region(region, choice).unwrap();
    assert_eq!(without, Flows { pairs: Vec::new(), ..flows.clone() });
    flows
}

/// Cases by hospital key.
fn cases(region: &Region, flows: &Flows) -> Vec<(String, f64)> {
    let cases = flows.cases_by_hospital(region.network().hospitals().len());
    region.network().iter().map(|(id, one)| (one.key.clone(), cases[id.index()])).collect()
}

#[test]
fn nearest_by_hand() {
    // One case a person, one day each. 400 people to a (km 0), 730 to b (km 40).
    let region = line(&[(0.0, 2), (40.0, 1)], &[(10.0, 300), (20.0, 100), (35.0, 730)]);
    let flows = flows(&region, Choice::Nearest);
    assert_eq!(cases(&region, &flows), [("a".into(), 400.0), ("b".into(), 730.0)]);
    assert_eq!(flows.loads[0].occupancy(), Some(400.0 / 730.0));
    assert_eq!(flows.loads[1].occupancy(), Some(2.0)); // one bed, 730 days
    // 300 x 10 + 100 x 20 + 730 x 5 minutes over 1,130 cases
    let mean = (300.0 * 10.0 + 100.0 * 20.0 + 730.0 * 5.0) * 60.0 / 1130.0;
    assert!((flows.specialties[0].mean_seconds.unwrap() - mean).abs() < 1e-9);
}

#[test]
fn huff_by_hand() {
    // 100 beds 10 minutes away, 25 beds 20 minutes away: 10 e^-1 against 5 e^-2.
    let region = line(&[(0.0, 100), (30.0, 25)], &[(10.0, 1000)]);
    let huff = Huff { beds_exponent: 0.5, decay: Decay::Exponential { per_minute: 0.1 } };
    let (a, b) = (10.0 * (-1.0_f64).exp(), 5.0 * (-2.0_f64).exp());
    let found = cases(&region, &flows(&region, Choice::Huff(huff)));
    assert!((found[0].1 - 1000.0 * a / (a + b)).abs() < 1e-9);
    assert!((found[1].1 - 1000.0 * b / (a + b)).abs() < 1e-9);
    // Minutes^-2: 10 / 100 against 5 / 400.
    let huff = Huff { beds_exponent: 0.5, decay: Decay::Power { exponent: 2.0 } };
    let found = cases(&region, &flows(&region, Choice::Huff(huff)));
    assert!((found[0].1 - 1000.0 * 0.1 / (0.1 + 0.0125)).abs() < 1e-9);
}

#[test]
fn huff_without_decay_and_beds_is_even_and_with_much_decay_is_nearest() {
    let region = line(&[(0.0, 100), (30.0, 25)], &[(10.0, 1000)]);
    let huff = |beds_exponent, per_minute| {
        let decay = Decay::Exponential { per_minute };
        cases(&region, &flows(&region, Choice::Huff(Huff { beds_exponent, decay })))
    };
    assert_eq!(huff(0.0, 0.0)[0].1, 500.0);
    assert!(huff(0.0, 100.0)[0].1 > 999.999);
    assert!(huff(100.0, 100.0)[0].1 > 999.999); // no overflow of large exponents
}

#[test]
fn capacity_by_hand() {
    // One bed at a: 365 days. The 300 people 5 minutes away come first, 65 of the 100 people 6
    // minutes away fit, 35 go on to b at km 40; b has no bed for the last 20 of 385 there.
    let region = line(&[(0.0, 1), (40.0, 1)], &[(5.0, 300), (6.0, 100), (39.0, 350)]);
    let full = Choice::Capacity(Capacity { occupancy_limit: 1.0 });
    let flows = flows(&region, full);
    assert_eq!(cases(&region, &flows), [("a".into(), 365.0), ("b".into(), 365.0)]);
    assert_eq!(flows.leftover(), 20.0);
    let pair = |place: usize, hospital: usize| {
        let found = flows
            .pairs
            .iter()
            .find(|pair| pair.place.index() == place && pair.hospital.index() == hospital);
        found.map_or(0.0, |pair| pair.cases)
    };
    assert_eq!([pair(0, 0), pair(1, 0), pair(1, 1), pair(2, 1)], [300.0, 65.0, 15.0, 350.0]);
    assert_eq!(region.place(flows.leftovers[0].place).key, "p1");
}

#[test]
fn a_broad_department_treats_what_is_part_of_it() {
    let mut catalog = catalog();
    catalog.specialties[1].part_of = Some("s".into()); // t is part of s
    catalog.demand.rates.push(Rate { specialty: "t".into(), ..catalog.demand.rates[0].clone() });
    let mut with_both = hospital("b", at(10.0, 0.0), 3);
    with_both.departments.push(Department::new("t").beds(1));
    with_both.beds = None;
    let network = NetworkBuilder::new("x", day(), catalog)
        .hospital(hospital("a", at(0.0, 0.0), 3))
        .hospital(with_both)
        .build()
        .unwrap();
    let mut model =
        model(vec![], vec![place("p", at(1.0, 0.0), 100), place("q", at(9.0, 0.0), 50)]);
    model.network = network;
    let region = Region::new(&model, day()).unwrap();
    let flows = flows(&region, Choice::Nearest);
    let loads: Vec<(usize, &str, f64)> = flows
        .loads
        .iter()
        .map(|load| (load.hospital.index(), load.department.as_str(), load.cases))
        .collect();
    assert_eq!(loads, [(0, "s", 200.0), (1, "s", 50.0), (1, "t", 50.0)]);
}

#[test]
fn attending_beds_count_with_those_of_the_main_department() {
    let mut both = hospital("a", at(0.0, 0.0), 15);
    both.departments
        .push(Department { kind: DepartmentKind::Attending, ..Department::new("s").beds(10) });
    both.beds = Some(25);
    let region = Region::new(&model(vec![both], vec![place("p", at(1.0, 0.0), 1)]), day()).unwrap();
    assert_eq!(flows(&region, Choice::Nearest).loads[0].beds, Some(25));
}

#[test]
fn parameters_out_of_range_are_refused() {
    let region = line(&[(0.0, 1)], &[(5.0, 1)]);
    let refuse = |choice| Flows::of_region(&region, choice).unwrap_err().to_string();
    let huff = |beds_exponent, per_minute| {
        Choice::Huff(Huff { beds_exponent, decay: Decay::Exponential { per_minute } })
    };
    assert_eq!(
        refuse(huff(-1.0, 0.1)),
        "the exponent of the beds is -1; expected a number from 0 to 100"
    );
    assert!(refuse(huff(1.0, f64::NAN)).contains("NaN"));
    for occupancy_limit in [0.0, -0.1, 1.1, f64::NAN] {
        assert!(refuse(Choice::Capacity(Capacity { occupancy_limit })).contains("occupancy limit"));
    }
    assert!(region.demand().cases("nothing").is_none());
}

#[test]
fn no_beds_and_unknown_beds() {
    let mut unknown = hospital("b", at(20.0, 0.0), 1);
    (unknown.beds, unknown.departments[0].beds) = (None, None);
    let hospitals = vec![hospital("a", at(0.0, 0.0), 0), unknown];
    let region =
        Region::new(&model(hospitals, vec![place("p", at(5.0, 0.0), 100)]), day()).unwrap();
    let full = Choice::Capacity(Capacity::default());
    // Nobody fits into 0 beds; unknown beds are never full.
    assert_eq!(cases(&region, &flows(&region, full)), [("a".into(), 0.0), ("b".into(), 100.0)]);
    // Huff: 0 beds attract nobody.
    let huff = flows(&region, Choice::Huff(Huff::default()));
    assert!((cases(&region, &huff)[1].1 - 100.0).abs() < 1e-9);
    assert_eq!(huff.loads[0].occupancy(), None);
    assert_eq!(huff.beds_unknown, ["b: s"]);
}

#[test]
fn who_reaches_nobody_is_left_over() {
    let region = line(&[(0.0, 1)], &[(5.0, 10), (500.0, 7)]);
    for choice in [Choice::Nearest, Choice::Huff(Huff::default())] {
        let flows = flows(&region, choice);
        assert_eq!(flows.leftover(), 7.0);
        assert_eq!(flows.leftovers.len(), 1);
    }
}

/// Shares of each part by a rule, written out without any of the crate's lists.
fn slow(region: &Region, choice: Choice) -> (Vec<f64>, f64) {
    let hospitals = region.network().hospitals();
    let treats: Vec<usize> =
        (0..hospitals.len()).filter(|&at| hospitals[at].departments[0].specialty == "s").collect();
    let mut sent = vec![0.0; hospitals.len()];
    let mut left = 0.0;
    let mut journeys: Vec<(u32, usize, usize)> = Vec::new();
    let mut waiting = Vec::new();
    for (index, part) in region.parts().iter().enumerate() {
        let place = region.place(part.place);
        let parts = region.parts_of(part.place).len() as f64;
        let cases = place.population.people() as f64 / parts;
        let mut reached: Vec<(u32, usize)> = treats
            .iter()
            .map(|&at| {
                let to = hospitals[at].position;
                let a = geo::Point::new(part.position.lon(), part.position.lat());
                let b = geo::Point::new(to.lon(), to.lat());
                let metres = geo::Distance::distance(&geo::Haversine, a, b);
                ((metres * 0.06 + 0.5) as u32, at)
            })
            .filter(|(time, _)| *time <= 7200)
            .collect();
        reached.sort_unstable();
        journeys.extend(reached.iter().map(|&(time, at)| (time, index, at)));
        waiting.push(cases);
        if reached.is_empty() {
            left += cases;
            continue;
        }
        // A Huff model is a logit without the nearest.
        let weights = match choice {
            Choice::Huff(Huff { beds_exponent, decay }) => Some((beds_exponent, decay, 0.0)),
            Choice::Logit(Logit { per_minute, log_beds, nearest, .. }) => {
                Some((log_beds, Decay::Exponential { per_minute }, nearest))
            }
            Choice::Nearest | Choice::Capacity(_) => None,
        };
        match weights {
            None if choice == Choice::Nearest => sent[reached[0].1] += cases,
            Some((exponent, decay, of_nearest)) => {
                let beds = |at: usize| f64::from(hospitals[at].beds.unwrap());
                let nearest = reached.iter().find(|(_, at)| beds(*at) > 0.0).map(|(_, at)| *at);
                let pull = |&(time, at): &(u32, usize)| {
                    if beds(at) == 0.0 {
                        return 0.0;
                    }
                    let more = if nearest == Some(at) { of_nearest.exp() } else { 1.0 };
                    beds(at).powf(exponent) * decay.at(f64::from(time) / 60.0) * more
                };
                let sum: f64 = reached.iter().map(pull).sum();
                if sum > 0.0 {
                    reached.iter().for_each(|one| sent[one.1] += cases * pull(one) / sum);
                } else {
                    sent[reached[0].1] += cases;
                }
            }
            None => {}
        }
    }
    if let Choice::Capacity(capacity) = choice {
        let mut room: Vec<f64> = hospitals
            .iter()
            .map(|one| f64::from(one.beds.unwrap()) * 365.0 * capacity.occupancy_limit)
            .collect();
        journeys.sort_unstable();
        for (_, part, at) in journeys {
            let taken = f64::min(waiting[part], room[at]);
            waiting[part] -= taken;
            room[at] -= taken;
            sent[at] += taken;
        }
        left = waiting.iter().sum();
    }
    (sent, left)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn flows_are_those_of_the_slow_method(region in any_region(), which in 0..4) {
        let choice = match which {
            0 => Choice::Nearest,
            1 => Choice::Huff(Huff::default()),
            2 => Choice::Logit(Logit {
                per_minute: 0.1,
                log_beds: 0.6,
                nearest: 1.5,
                ..Logit::default()
            }),
            _ => Choice::Capacity(Capacity { occupancy_limit: 0.9 }),
        };
        let flows = flows(&region, choice);
        let (sent, left) = slow(&region, choice);
        let fast = flows.cases_by_hospital(sent.len());
        for (fast, slow) in fast.iter().zip(&sent) {
            prop_assert!((fast - slow).abs() < 1e-6 * (1.0 + slow), "{} {}", fast, slow);
        }
        prop_assert!((flows.leftover() - left).abs() < 1e-6 * (1.0 + left));
        // Nobody is lost, and no department takes more than it may.
        let all: f64 = flows.specialties.iter().map(|one| one.cases).sum();
        let moved: f64 = fast.iter().sum();
        prop_assert!((moved + flows.leftover() - all).abs() < 1e-6 * (1.0 + all));
        let pairs: f64 = flows.pairs.iter().map(|pair| pair.cases).sum();
        prop_assert!((pairs - moved).abs() < 1e-6 * (1.0 + moved));
        if matches!(choice, Choice::Capacity(_)) {
            for load in &flows.loads {
                prop_assert!(load.occupancy().unwrap_or(0.0) <= 0.9 + 1e-9);
            }
        }
    }
}

#[test]
fn one_thread_and_eight_give_the_same_flows() {
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let region = Region::leipzig().unwrap();
            let huff = Choice::Huff(Huff::default());
            (flows(&region, huff), flows(&region, Choice::Capacity(Capacity::default())))
        })
    };
    assert!(run(1) == run(8));
}

#[test]
fn a_route_lists_who_qualifies_first_and_why_others_do_not() {
    let model = Folder::small().read().unwrap();
    let region = Region::new(&model, model.network.date()).unwrap();
    let need = Need::find(region.network().catalog(), "Stroke Unit").unwrap();
    assert_eq!(need.key, "stroke_unit");
    let dedorf = region.find_place("dedorf").unwrap();
    let options = options(&region, dedorf, &need);
    let list: Vec<(&str, f64, String)> = options
        .iter()
        .map(|option| {
            let key = region.network()[option.hospital].key.as_str();
            (key, option.time.minutes(), option.missing.join("; "))
        })
        .collect();
    assert_eq!(
        list,
        [
            ("north", 35.0, String::new()),
            ("south", 5.0, "no stroke unit".into()),
            ("west-day", 15.0, "day clinic, no inpatients".into()),
            ("west", 25.0, "no stroke unit".into()),
        ]
    );
}

#[test]
fn needs_are_found_by_key_and_by_either_name() {
    let model = Folder::leipzig().read().unwrap();
    let catalog = model.network.catalog();
    let key = |typed: &str| Need::find(catalog, typed).map(|need| need.key);
    assert_eq!(key("stroke_unit").unwrap(), "stroke_unit");
    assert_eq!(key("stroke").unwrap(), "stroke"); // the condition
    assert_eq!(key("Kinder- und Jugendmedizin").unwrap(), "paediatrics");
    assert_eq!(key("gefasschirurgie").unwrap(), "vascular_surgery");
    let error = key("stroke_unti").unwrap_err().to_string();
    assert!(error.contains("did you mean \"stroke unit\"?"), "{error}");
}

#[test]
fn births_fit_one_year_and_are_tested_on_others() {
    let model = Folder::leipzig().read().unwrap();
    let check = check_births(&model, 2021, Choice::Huff(Huff::default())).unwrap().unwrap();
    let fit: Vec<_> = check.years.iter().filter(|year| year.is_fit).map(|one| one.year).collect();
    assert_eq!(fit, [2021]);
    assert!(check.years.len() >= 4, "there are years to test on");
    for year in &check.years {
        let sum = |of: &dyn Fn(&BirthRow) -> f64| year.rows.iter().map(of).sum::<f64>();
        let observed = sum(&|row| row.observed);
        assert!((sum(&|row| row.nearest) - observed).abs() < 1e-6 * observed);
        assert!((sum(&|row| row.huff) - observed).abs() < 1e-6 * observed);
        assert!((sum(&|row| row.in_use) - observed).abs() < 1e-6 * observed);
    }
    // The figures of the docs and of the guide.
    let errors: Vec<(i16, f64, f64)> = check
        .years
        .iter()
        .map(|year| (year.year, year.mean_error_nearest.round(), year.mean_error_huff.round()))
        .collect();
    let documented =
        [(2016, 375.0, 209.0), (2021, 456.0, 127.0), (2022, 415.0, 77.0), (2025, 354.0, 180.0)];
    assert_eq!(errors, documented);
    let in_use: Vec<f64> = check.years.iter().map(|year| year.mean_error_in_use.round()).collect();
    assert_eq!(in_use, [232.0, 171.0, 114.0, 114.0]);
    // The fit is no worse than the nearest hospital on its own year, which it approaches with
    // much decay.
    let own = check.years.iter().find(|year| year.is_fit).unwrap();
    assert!(own.mean_error_huff <= own.mean_error_nearest);
    assert!(check_births(&model, 1950, Choice::Nearest).unwrap().is_none());
}

#[test]
fn shares_are_kept_beyond_their_region_go_into_a_thread_and_are_written_with_keys() {
    // 100 beds 10 minutes away and 25 beds 20 minutes away: all go to the nearest.
    let region = line(&[(0.0, 100), (30.0, 25)], &[(10.0, 1000)]);
    let place = region.find_place("p0").unwrap();
    let shares = Shares::new(&region, "s", Choice::Nearest).unwrap().unwrap();
    let chosen = shares.at(place);
    let written = serde_json::to_value(region.keyed(&chosen)).unwrap();
    assert_eq!(written, serde_json::json!([{ "hospital": "a", "share": 1.0 }]));
    let kept = shares.into_owned();
    drop(region);
    assert_eq!(std::thread::spawn(move || kept.at(place)).join().unwrap(), chosen);
}

#[test]
fn flows_and_options_are_written_with_keys_and_seconds() {
    let region = line(&[(0.0, 2), (40.0, 1)], &[(10.0, 300), (35.0, 730)]);
    let written = serde_json::to_value(region.keyed(&flows(&region, Choice::Nearest))).unwrap();
    assert_eq!(written["choice"], "nearest");
    assert_eq!(written["loads"][1]["hospital"], "b");
    assert_eq!(written["loads"][1]["cases"], 730.0);
    assert_eq!(written["pairs"][0]["place"], "p0");
    let need = Need::find(region.network().catalog(), "s").unwrap();
    let options = options(&region, region.find_place("p0").unwrap(), &need);
    let written = serde_json::to_value(region.keyed(&options)).unwrap();
    assert_eq!(written[0]["hospital"], "a");
    assert_eq!(written[0]["time_seconds"], 600);
}
