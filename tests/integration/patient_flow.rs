//! The patient flow of hospitals: who comes whatever changes, and how many they are.

use std::collections::{BTreeMap, BTreeSet};

use verbund::Region;
use verbund::model::*;
use verbund::queueing::Visit;
use verbund::routing::{Choice, Flows};
use verbund::scenario::{AllocationKeys, Change, DepartmentKey, Incident, Surge, Theatres};
use verbund::simulation::{Outliers, PatientFlow, Rhythm, Settings};

use crate::common::day;
use crate::flow_world::*;

/// Stays are as they were drawn, also in another ward of the house: with extra days they would hang on who lies where.
fn short() -> Settings {
    let outliers = Outliers { extra_stay: 0.0, ..Outliers::default() };
    Settings::default().days(60).warm_up_days(10).outliers(outliers).rhythm(Rhythm::even())
}

/// Class, length and number of each stay that ended.
fn stays(trace: &Trace<'_, '_>, visits: &[Visit]) -> BTreeMap<(u32, String), f64> {
    let stay = |one: &Visit| {
        let length = one.ended? - one.started?;
        Some(((one.visit, trace.class(one).to_owned()), length))
    };
    visits.iter().filter_map(stay).collect()
}

/// Every patient of one run who is in the other came at the same time to the bit, and stays in the same
/// class have the same length. Returns who comes in the first one only, and in the second one only; who is
/// there at the start may be there in one only, as other wards are as full then.
fn compare(one: &PatientFlow<'_>, other: &PatientFlow<'_>) -> (BTreeSet<u64>, BTreeSet<u64>) {
    let (one, other) = (Trace::of(one), Trace::of(other));
    let (mine, theirs) = (one.patients(), other.patients());
    assert!(mine.len() > 500, "{} patients", mine.len());
    let mut compared = 0;
    for (key, visits) in &mine {
        let Some(again) = theirs.get(key) else { continue };
        assert_eq!(visits[0].came.to_bits(), again[0].came.to_bits());
        assert_eq!(one.stream(&visits[0]), other.stream(&again[0]));
        assert_eq!(one.class(&visits[0]), other.class(&again[0]));
        let again = stays(&other, again);
        for (stay, length) in stays(&one, visits) {
            if let Some(again) = again.get(&stay) {
                assert!((length - again).abs() < 1e-9, "{stay:?}: {length} and {again} days");
                compared += 1;
            }
        }
    }
    assert!(compared > 500, "{compared} stays");
    let only = |own: &BTreeMap<u64, Vec<Visit>>, other: &BTreeMap<u64, Vec<Visit>>| {
        let comes = |visits: &[Visit]| visits[0].stream != u32::MAX;
        let own = own.iter().filter(|(key, visits)| comes(visits) && !other.contains_key(key));
        own.map(|(key, _)| *key).collect()
    };
    (only(&mine, &theirs), only(&theirs, &mine))
}

#[test]
fn a_closed_department_changes_no_patient() {
    let region = small(|_| ());
    let close = |specialty| Change::CloseDepartment(DepartmentKey::new("south", specialty));
    let closed = vec![
        change("2026-01-05", Some("2026-02-05"), close("internal_medicine")),
        change("2026-01-20 12:00", None, close("general_surgery")),
    ];
    let (base, closed) = (flow(&region, &short()), under(&region, &short(), closed));
    assert_eq!(compare(&base, &closed), Default::default());
}

#[test]
fn a_hospital_that_is_not_there_changes_no_patient() {
    // Without south, Edorf and Dedorf go to north; without north nobody has intensive care.
    for gone in ["south", "north"] {
        let region = small(|_| ());
        let without = small(|world| {
            world.hospitals.retain(|one| one.key != gone);
            world.cooperations.retain(|one| !one.parties.keys().contains(&gone));
        });
        let (only_base, only_without) =
            compare(&flow(&region, &short()), &flow(&without, &short()));
        assert!(only_without.is_empty());
        // Who only north treats does not come without it; south has nothing of its own.
        assert_eq!(only_base.is_empty(), gone == "south");
    }
}

#[test]
fn a_ward_that_is_not_there_changes_no_patient() {
    // The others of north take its patients in no longer, nor does it take theirs; south has such a ward.
    let region = small(|_| ());
    let without = small(|world| {
        let north = world.hospitals.iter_mut().find(|one| one.key == "north").unwrap();
        north.departments.retain(|one| one.specialty != "general_surgery");
    });
    let (_, new) = compare(&flow(&region, &short()), &flow(&without, &short()));
    assert!(new.is_empty());
}

#[test]
fn a_cooperation_changes_no_patient() {
    let start = |key, kind, parties: &[&str]| {
        let one = cooperation(key, kind, parties);
        let fields = ["internal_medicine", "general_surgery", "intensive_care"];
        change("2026-01-01", None, Change::StartCooperation(one.fields(&fields)))
    };
    let region = small(|_| ());
    let base = flow(&region, &short());
    let transfer = CooperationKind::Transfer { door_in_door_out: None, acceptance: Some(0.8) };
    for kind in [
        transfer,
        CooperationKind::SharedBeds { pooled_share: Some(0.5) },
        CooperationKind::SharedOnCall,
        CooperationKind::StaffPool,
    ] {
        let with = under(&region, &short(), vec![start("new", kind, &["south", "north"])]);
        assert_eq!(compare(&base, &with), Default::default(), "{}", kind.name());
    }
}

#[test]
fn a_surge_and_an_incident_bring_others_and_change_no_usual_patient() {
    let surge = Surge {
        specialties: vec!["internal_medicine".into(), "paediatrics".into()],
        conditions: vec!["stroke".into()],
        factors: vec![1.5, 2.0],
        days: 7,
        districts: vec![],
        icu_share: Some(0.3),
    };
    let incident = Incident {
        place: "d".into(),
        red: 5,
        yellow: 5,
        green: 5,
        minutes: 60,
        keys: AllocationKeys::default(),
        alarmed: None,
        helicopters: None,
        theatres: Theatres::default(),
    };
    let changes = vec![
        change("2026-01-10", None, Change::Surge(surge)),
        change("2026-01-15 20:00", None, Change::Incident(incident)),
    ];
    let region = small(|_| ());
    let with = under(&region, &short(), changes);
    let (gone, new) = compare(&flow(&region, &short()), &with);
    assert!(gone.is_empty());
    let trace = Trace::of(&with);
    let patients = trace.patients();
    for key in &new {
        let stream = trace.stream(&patients[key][0]);
        assert!(stream.ends_with("/surge") || stream.starts_with("incident"), "{stream}");
    }
    // All red and yellow patients and no green one: 10 x 0.1 of five is not one yet.
    let hurt = new.iter().filter(|key| trace.stream(&patients[key][0]).starts_with("incident"));
    assert_eq!(hurt.count(), 10);
}

#[test]
fn a_road_changes_no_patient() {
    let road = Road {
        from: vec!["d".into(), "e".into()],
        to: vec!["south".into()],
        corridor: vec![],
        delay: Some("50m".parse().unwrap()),
    };
    let region = small(|_| ());
    let changed = vec![change("2026-01-05", Some("2026-02-05"), Change::Road(road))];
    let (base, with) = (flow(&region, &short()), under(&region, &short(), changed));
    assert_eq!(compare(&base, &with), Default::default());
}

#[test]
fn expected_arrivals_are_the_demand() {
    let region = small(|_| ());
    let flow = flow(&region, &short());
    let expected = expected(&flow);
    let demand = region.demand();
    let all: f64 = demand.specialties.iter().map(verbund::demand::Cases::total).sum();
    let come: f64 = expected.values().sum();
    assert!((come + flow.without_hospital() - all).abs() < 1e-6 * all);
    // Who belongs to a pathway is taken off the specialty in whose beds he lies.
    let of = |key: &str| expected.get(key).copied().unwrap_or(0.0);
    for (specialty, pathways) in [
        ("internal_medicine", &["cardiac_arrest_sepsis"][..]),
        ("neurology", &["stroke", "stroke_lvo"]),
        ("paediatrics", &["child_emergency"]),
        ("psychiatry", &["psychiatric_crisis"]),
        ("obstetrics", &["birth", "vlbw_birth"]),
    ] {
        let sum = of(specialty) + pathways.iter().map(|key| of(key)).sum::<f64>();
        let own = demand.specialty(specialty).unwrap().total();
        assert!((sum - own).abs() < 0.2 * own, "{specialty}: {sum} of {own}");
    }
    // So many of the neurological cases have a stroke that is not for a thrombectomy: 3.2 x 0.775 of 10.45.
    assert!((of("stroke") / demand.specialty("neurology").unwrap().total() - 0.2373).abs() < 0.001);
}

#[test]
fn arrivals_are_poisson_around_the_demand() {
    let region = small(|_| ());
    let settings = Settings::default().days(300).warm_up_days(1);
    let flow = flow(&region, &settings);
    let trace = Trace::of(&flow);
    let mut came: BTreeMap<String, f64> = BTreeMap::new();
    for visit in trace.visits.iter().filter(|one| one.visit == 0) {
        let subject = trace.class(visit).split('/').next().unwrap();
        *came.entry(subject.to_owned()).or_default() += 1.0;
    }
    // 301 days that do not hold as many working days as in the mean: four in a hundred for those.
    for (subject, cases) in expected(&flow) {
        let mean = cases * 301.0 / 365.0;
        let count = came.get(&subject).copied().unwrap_or(0.0);
        let wide = 5.0 * mean.sqrt() + 0.04 * mean;
        assert!((count - mean).abs() <= wide, "{subject}: {count}, expected {mean}");
    }
}

/// Beds enough for everybody, in every department; nobody is missing, every bed is ready at once.
fn endless(edit: impl FnOnce(&mut World)) -> Region {
    small(|world| {
        for hospital in &mut world.hospitals {
            hospital.beds = None;
            hospital.departments.retain(Department::is_inpatient);
            hospital.departments.iter_mut().for_each(|one| one.beds = Some(5000));
            for facility in &mut hospital.facilities {
                if facility.kind == "icu" {
                    facility.count = Some(2000);
                }
            }
        }
        edit(world);
    })
}

fn endless_settings() -> Settings {
    Settings::default()
        .days(1000)
        .warm_up_days(200)
        .choice(Choice::Nearest)
        .stay_cv(0.5)
        .staffed_share(1.0)
        .turnaround_hours(0.0)
}

#[test]
fn occupancy_without_limits_is_that_of_the_flows() {
    // M/G/infinity: the mean number in a ward is its arrivals a day times the mean stay. Without pathways
    // and intensive care every department can be compared; with both, all of them together.
    let region = endless(|world| {
        world.catalog.pathways.clear();
        world.catalog.demand.rates.retain(|one| one.specialty != "intensive_care");
        for hospital in &mut world.hospitals {
            hospital.facilities.retain(|one| one.kind != "icu");
        }
    });
    let settings = endless_settings();
    let flow = flow(&region, &settings);
    let sample = Trace::of(&flow).sample;
    let flows = Flows::of_region(&region, Choice::Nearest).unwrap();
    let mut compared = 0;
    for load in flows.loads.iter().filter(|load| load.cases > 10.0) {
        let own = flow
            .wards()
            .iter()
            .position(|ward| ward.hospital == load.hospital && ward.specialty == load.department);
        let census = sample.wards[own.unwrap()].census;
        let mean = load.bed_days / 365.0;
        // The mean over T days has variance lambda E[S^2] / T = mean x E[S] (1 + cv^2) / T.
        let stay = load.bed_days / load.cases;
        let deviation = (mean * stay * 1.25 / 1000.0).sqrt();
        let wide = 5.0 * deviation;
        assert!((census - mean).abs() <= wide, "{}: {census}, not {mean}", load.department);
        // Huge beds: the occupancy is that of the flows by its definition.
        let occupancy = census / 5000.0;
        assert!((occupancy - load.occupancy().unwrap()).abs() <= wide / 5000.0);
        compared += 1;
    }
    assert!(compared >= 5);
}

#[test]
fn hospitals_start_as_full_as_they_are_in_the_long_run() {
    // Without a warm-up: over the first ten days as many are there as the flows say, within 4 % of 20
    // replications. From empty wards only about half of them would be.
    let region = endless(|_| ());
    let settings = endless_settings().days(10).warm_up_days(0);
    let census = |settings: &Settings| {
        let flow = flow(&region, settings);
        let of = |replication| {
            let sample = flow.sample(verbund::random::Seed(1), replication);
            assert_eq!(sample.faults, Vec::<String>::new());
            sample.wards.iter().map(|ward| ward.census).sum::<f64>()
        };
        (0..20).map(of).sum::<f64>() / 20.0
    };
    let flows = Flows::of_region(&region, Choice::Nearest).unwrap();
    let mean = flows.loads.iter().map(|load| load.bed_days).sum::<f64>() / 365.0;
    // At each moment Poisson; at worst ten days are one moment.
    let wide = 5.0 * (mean / 20.0).sqrt();
    assert!(wide < 0.1 * mean, "{wide} of {mean}");
    let full = census(&settings);
    assert!((full - mean).abs() <= wide, "{full}, not {mean}");
    let empty = census(&settings.starts_full(false));
    assert!(empty < 0.7 * mean, "{empty} of {mean}");
}

#[test]
fn bed_days_with_pathways_and_intensive_care_are_those_of_the_flows() {
    // Hip fractures lie 14 days where the mean of their specialty is 5.8, strokes 9 of 6.7: who is not of a
    // pathway lies the shorter. Patients of sepsis lie four days in intensive care and then in a ward.
    let region = endless(|_| ());
    let settings = endless_settings();
    let flow = flow(&region, &settings);
    let sample = Trace::of(&flow).sample;
    let census: f64 = sample.wards.iter().map(|ward| ward.census).sum();
    let flows = Flows::of_region(&region, Choice::Nearest).unwrap();
    let mean = flows.loads.iter().map(|load| load.bed_days).sum::<f64>() / 365.0;
    // Stays of all departments have a mean of 8 days at most: a deviation of 1.7 beds.
    assert!((census - mean).abs() <= 5.0 * (mean * 8.0 * 2.0 / 1000.0).sqrt(), "{census}, {mean}");
    // Intensive care: as many days as the settings say, of the demand of the small network.
    let units = flow.wards().iter().zip(&sample.wards).filter(|(ward, _)| ward.is_icu());
    let icu: f64 = units.map(|(_, one)| one.census).sum();
    let all: f64 = region.demand().specialties.iter().map(verbund::demand::Cases::total).sum();
    let per_1000 = region.network().catalog().demand.rates.iter().map(|one| one.per_1000);
    let reached = 1.0 - flow.without_hospital() / all;
    let share = settings.icu_days_per_1000 / per_1000.sum::<f64>();
    let days = all * share * reached / 365.0;
    assert!((icu / days - 1.0).abs() < 0.15, "{icu} in intensive care, {days} by the settings");
}

#[test]
fn phases_of_a_stay_sum_to_the_mean_stay() {
    // 3,650 patients of 6 days, half of whom start with 2 days in intensive care: 5 days in the ward, and
    // for who may be handed on 1 and 4, at another hospital 2 and 2.
    let world = World::new(&[(0.0, 900)], &[(1.0, 3650)]).cases(6.0, 1.0).icu(0, 300);
    let region = world.region();
    let settings = plain().icu_days_per_1000(1000.0).icu_stay_days(2.0).transfer_share(0.25);
    let flow = flow(&region, &settings);
    let mean = |key: &str| {
        let class = flow.model().classes.iter().find(|one| one.key == key).unwrap();
        class.service.as_ref().unwrap().mean()
    };
    let phases = ["emergency", "elective", "icu", "after_icu", "first_day", "on", "acute", "back"];
    let means = phases.map(|phase| mean(&format!("s/{phase}")));
    assert_eq!(means, [5.0, 5.0, 2.0, 5.0, 1.0, 4.0, 2.0, 2.0]);
    let trace = Trace::of(&flow);
    let end = f64::from(settings.days + settings.warm_up_days);
    let (mut days, mut patients, mut icu) = (0.0, 0.0, 0.0);
    for visits in trace.patients().values().filter(|visits| visits[0].came < end - 8.0) {
        days += visits.iter().map(|one| one.went - one.came).sum::<f64>();
        patients += 1.0;
        icu += f64::from(u8::from(trace.class(&visits[0]) == "s/icu"));
        let length: f64 = visits.iter().map(|one| one.went - one.came).sum();
        let is_known = (length - 5.0).abs() < 1e-9 || (length - 7.0).abs() < 1e-9;
        assert!(is_known, "{length} days");
    }
    assert!((icu / patients - 0.5).abs() < 5.0 * (0.25_f64 / patients).sqrt());
    assert!((days / patients - 6.0).abs() < 5.0 * (1.0 / patients).sqrt());
}

#[test]
fn days_of_the_network_are_the_days_of_the_week() {
    // 1 January 2026 is a Thursday; 50 days before it was a Wednesday.
    let region = World::new(&[(0.0, 900)], &[(1.0, 3650)]).cases(2.0, 0.0).region();
    let settings = plain().elective_hours("Mon 7-8".parse().unwrap()).warm_up_days(50);
    assert_eq!(day().weekday(), 3);
    let flow = flow(&region, &settings);
    let trace = Trace::of(&flow);
    assert!(trace.visits.len() > 3000);
    for visit in &trace.visits {
        // Mondays are four days behind Thursdays: 54 days, and 5, after the start.
        let (days, hour) = (visit.came.floor(), visit.came.fract() * 24.0);
        assert_eq!((days - 54.0).rem_euclid(7.0), 0.0);
        assert!((7.0..8.0).contains(&hour));
    }
}
