//! Intensive care by site: small units draw less, in flows and in simulations, beside published figures.

use verbund::Region;
use verbund::model::*;
use verbund::random::Seed;
use verbund::routing::*;
use verbund::simulation::{
    Figure, FlowIndex, PatientFlow, Results, RunPlan, Scope, Settings, simulate,
};

use crate::common::*;
use verbund::run::Control;

/// The line of `common` with the specialty of intensive care in place of "s": a with the extended stage, b
/// with the given one, ten beds each, both 10 minutes from 1,000 people.
fn two_units(stage: Option<EmergencyLevel>) -> Region {
    let mut catalog = catalog();
    catalog.specialties[0].key = "intensive_care".into();
    catalog.demand.rates[0].specialty = "intensive_care".into();
    let unit = |key: &str, km: f64, stage| {
        let mut unit = Hospital::new(key, key, at(km, 0.0));
        unit.departments.push(Department::new("intensive_care").beds(10));
        unit.emergency_level = stage;
        unit
    };
    let network = NetworkBuilder::new("test", day(), catalog)
        .hospital(unit("a", 0.0, Some(EmergencyLevel::Extended)))
        .hospital(unit("b", 20.0, stage))
        .build()
        .unwrap();
    let model = model_of(network, vec![place("p", at(10.0, 0.0), 1000)]);
    Region::new(&model, day()).unwrap()
}

#[test]
fn a_small_unit_draws_less_by_hand() {
    let huff = Choice::Huff(Huff::default());
    for (stage, draw) in [
        (None, SMALL_ICU_DRAW),
        (Some(EmergencyLevel::Basic), SMALL_ICU_DRAW),
        (Some(EmergencyLevel::Comprehensive), 1.0),
    ] {
        let region = two_units(stage);
        let flows = Flows::of_region(&region, huff).unwrap();
        let of_b = 1000.0 * draw / (1.0 + draw);
        assert!((flows.loads[1].cases - of_b).abs() < 1e-9, "{stage:?}: {}", flows.loads[1].cases);

        // Shares are those of the flows.
        let shares = Shares::new(&region, "intensive_care", huff).unwrap().unwrap();
        let shares = shares.at(region.find_place("p").unwrap());
        assert!((shares[1].share - of_b / 1000.0).abs() < 1e-12, "{shares:?}");
    }
    // The nearest is the nearest, however small.
    let nearest = Flows::of_region(&two_units(None), Choice::Nearest).unwrap();
    assert_eq!(nearest.loads.iter().map(|load| load.cases).sum::<f64>(), 1000.0);
}

/// A year of the region, twice.
fn run<'f, 'r>(flow: &'f [PatientFlow<'r>]) -> Results<'f, 'r> {
    let plan = RunPlan { seed: Seed(1), replications: 2, until: None };
    simulate(flow, plan, &Control::default())
}

/// Mean occupied beds and all beds of some intensive care units.
fn occupied(results: &Results<'_, '_>, is_meant: impl Fn(&Hospital) -> bool) -> (f64, f64) {
    let flow = &results.flows()[0];
    let network = flow.region().network();
    let (mut occupied, mut beds) = (0.0, 0.0);
    for (number, ward) in flow.wards_with_ids() {
        if ward.is_icu() && is_meant(&network[ward.hospital]) {
            let share = results
                .interval(FlowIndex::BASE, Figure::Occupancy, Scope::Ward(number))
                .unwrap()
                .mean;
            occupied += share * f64::from(ward.beds);
            beds += f64::from(ward.beds);
        }
    }
    (occupied, beds)
}

#[test]
fn occupied_units_by_district_are_near_the_register_and_refusals_come_from_large_wards() {
    let region = Region::leipzig().unwrap();
    let flow = [PatientFlow::new(&region, &Settings::default(), None).unwrap()];
    let results = run(&flow);

    // DIVI-Intensivregister, occupied of all beds by district on single days of 2021.
    for (district, occupied_beds, beds, distance) in [
        ("Leipzig, Stadt", 280.0, 336.0, 0.05),
        ("Landkreis Leipzig", 52.0, 58.0, 0.13),
        ("Landkreis Nordsachsen", 31.0, 60.0, 0.06),
    ] {
        let (own, all) =
            occupied(&results, |hospital| hospital.district.as_deref() == Some(district));
        let (share, published) = (own / all, occupied_beds / beds);
        println!("{district}: {own:.1} of {all} beds, {:.1} %", 100.0 * share);
        assert!((share - published).abs() < distance, "{district}: {share:.3}, {published:.3}");
    }

    // Torgau has 8 beds and Eilenburg 6, and 5 more in the pandemic, of which the register counts the
    // district's. Both are fuller than the district (52 %), and less full than if their units drew as others do.
    let even = Settings::default().small_icu_draw(1.0);
    let even = [PatientFlow::new(&region, &even, None).unwrap()];
    let even = run(&even);
    for key in ["kkh-torgau", "kkh-eilenburg"] {
        let share = |results: &Results<'_, '_>| {
            let (occupied, beds) = occupied(results, |hospital| hospital.key == key);
            occupied / beds
        };
        let (own, drawing_alike) = (share(&results), share(&even));
        println!("{key}: {:.1} %, drawing alike {:.1} %", 100.0 * own, 100.0 * drawing_alike);
        assert!((0.70..0.85).contains(&own), "{key}: {own:.3}");
        assert!(own < drawing_alike - 0.02, "{key}: {own:.3} {drawing_alike:.3}");
    }
    for district in ["Leipzig, Stadt", "Landkreis Leipzig", "Landkreis Nordsachsen"] {
        let (own, all) = occupied(&even, |one| one.district.as_deref() == Some(district));
        println!("{district}, drawing alike: {:.1} %", 100.0 * own / all);
    }
    let nordsachsen =
        occupied(&even, |one| one.district.as_deref() == Some("Landkreis Nordsachsen"));
    assert!(nordsachsen.0 / nordsachsen.1 > 31.0 / 60.0 + 0.06, "{nordsachsen:?}");

    // Who is sent on because a ward is full: the guide's figures.
    let (mut all, mut of_small) = (0.0, 0.0);
    let mut by_ward: std::collections::BTreeMap<&str, f64> = std::collections::BTreeMap::new();
    for (number, ward) in flow[0].wards_with_ids() {
        if region.network()[ward.hospital].outside {
            continue;
        }
        let sent = results
            .interval(FlowIndex::BASE, Figure::DivertedAway, Scope::Ward(number))
            .unwrap()
            .mean;
        all += sent;
        *by_ward.entry(&ward.specialty).or_default() += sent;
        if ward.beds < 10 && !ward.is_icu() {
            of_small += sent;
        }
    }
    println!("{of_small:.0} of {all:.0} sent on by wards of under 10 beds; {by_ward:.0?}");
    assert!(of_small < 0.05 * all, "{of_small} of {all}");
    let refused = results.interval(FlowIndex::BASE, Figure::Refused, Scope::Inside).unwrap().mean;
    assert!(refused < 0.5, "{refused}");
    for (ward, percent) in [
        ("intensive_care", 31.6),
        ("internal_medicine", 25.7),
        ("general_surgery", 14.5),
        ("psychiatry", 7.3),
        ("paediatrics", 6.9),
        ("neurology", 4.1),
    ] {
        let own = 100.0 * by_ward[ward] / all;
        assert!((own - percent).abs() < 1.5, "{ward}: {own} %");
    }
}
