//! Patients from beyond the places of a network: they fill beds and belong to no place.

use verbund::Region;
use verbund::files::Folder;
use verbund::model::*;
use verbund::routing::*;
use verbund::scenario::{Change, DepartmentKey};

use crate::common::*;
use crate::flow_world::{self, Trace, World, assert_poisson, change, plain, under};

/// Hospital a with 2 beds at km 0, half of its patients from beyond, and b with 1 bed at km 40; everybody is a
/// case of one day once a year: 400 people are nearest to a, 100 to b.
fn region() -> Region {
    let mut a = hospital("a", at(0.0, 0.0), 2);
    a.from_beyond = Some(0.5);
    let places = vec![place("p", at(10.0, 0.0), 400), place("q", at(39.0, 0.0), 100)];
    let model = model(vec![a, hospital("b", at(40.0, 0.0), 1)], places);
    Region::new(&model, day()).unwrap()
}

#[test]
fn they_fill_beds_and_count_in_no_place() {
    let region = region();
    let flows = Flows::of_region(&region, Choice::Nearest).unwrap();
    let [a, b] = &flows.loads[..] else { panic!("two departments") };

    assert_eq!((a.cases, a.cases_from_beyond, a.all_cases()), (400.0, 400.0, 800.0));
    assert_eq!((a.bed_days, a.occupancy()), (800.0, Some(800.0 / 730.0)));
    assert_eq!((b.cases, b.cases_from_beyond, b.bed_days), (100.0, 0.0, 100.0));
    assert_eq!((flows.specialties[0].cases, flows.leftover()), (500.0, 0.0));
    assert_eq!(flows.treatments[0].cases_from_beyond, 400.0);

    let loads = flows.hospital_loads(2);
    assert_eq!((loads[0].all_cases(), loads[0].bed_days), (800.0, 800.0));
    assert_eq!(loads[0].share_from_outside(), Some(0.5));
    assert_eq!(loads[1].share_from_outside(), Some(0.0));
}

#[test]
fn they_take_room_where_departments_are_full() {
    // Each case of a takes two of its 730 bed days: 365 of 400 fit, 35 go on to b.
    let full = Choice::Capacity(Capacity { occupancy_limit: 1.0 });
    let flows = Flows::of_region(&region(), full).unwrap();

    assert_eq!((flows.loads[0].cases, flows.loads[0].bed_days), (365.0, 730.0));
    assert_eq!((flows.loads[1].cases, flows.leftover()), (135.0, 0.0));
}

#[test]
fn they_go_with_their_hospital() {
    let region = region();
    let a = region.network().find("a").unwrap();
    let flows = Flows::new(&region, &FlowSettings::new(Choice::Nearest).without(&[a])).unwrap();

    assert_eq!(flows.hospital_loads(2)[0].all_cases(), 0.0);
    assert_eq!((flows.loads[0].cases, flows.loads[0].cases_from_beyond), (500.0, 0.0));
}

#[test]
fn a_share_out_of_range_is_a_fault() {
    for share in [-0.01, 0.96, f64::NAN] {
        let mut north = hospital("north", at(0.0, 0.0), 40);
        north.from_beyond = Some(share);
        let network = NetworkBuilder::new("test", day(), catalog()).hospital(north).build();
        let text = network.unwrap_err().to_string();
        assert!(text.contains("from_beyond"), "{text}");
    }
}

#[test]
fn over_time_they_come_to_their_hospital_while_it_is_open() {
    // 1,000 cases a year from the place and 1,000 from beyond, one day each, in 20 beds.
    let mut world = World::new(&[(0.0, 20), (30.0, 20)], &[(1.0, 1000)]).cases(1.0, 0.5);
    world.hospitals[0].from_beyond = Some(0.5);
    let region = world.region();

    let flow = flow_world::flow(&region, &plain());
    let trace = Trace::of(&flow);
    let came = |trace: &Trace<'_, '_>, from: &str, origin: &str| {
        let from = trace.time(from);
        let visits = trace.visits.iter();
        visits.filter(|visit| visit.came >= from && trace.place(visit) == origin).count() as f64
    };
    assert_poisson(came(&trace, "2026-01-01", "beyond a"), 1000.0, "from beyond");
    assert_poisson(came(&trace, "2026-01-01", "p0"), 1000.0, "from the place");
    let beyond = trace.visits.iter().filter(|visit| trace.place(visit) == "beyond a");
    assert!(beyond.into_iter().all(|visit| trace.station(visit) == "a/s"));

    let closed = Change::CloseDepartment(DepartmentKey::new("a", "s"));
    let flow = under(&region, &plain(), vec![change("2026-03-01", None, closed)]);
    let trace = Trace::of(&flow);
    assert_eq!(came(&trace, "2026-03-01", "beyond a"), 0.0);
    assert!(came(&trace, "2026-03-01", "p0") > 700.0);
}

#[test]
fn the_heart_centre_operates_as_often_as_it_says() {
    let model = Folder::leipzig().read().unwrap();
    let network = &model.network;
    let centre = network.find("herzzentrum-leipzig").unwrap();
    assert_eq!(network[centre].from_beyond, Some(0.25));
    assert_eq!(network[centre].basis("from_beyond"), Basis::Derived);

    // 3,300 heart operations a year: the share is rounded to 0.01, which is 44 operations.
    let region = Region::leipzig().unwrap();
    let flows = Flows::of_region(&region, Choice::Huff(Huff::default())).unwrap();
    let is_surgery = |one: &&Treatment| {
        region.network()[one.hospital].key == "herzzentrum-leipzig"
            && one.specialty == "cardiac_surgery"
    };
    let surgery = flows.treatments.iter().find(is_surgery).unwrap();
    let all = surgery.cases + surgery.cases_from_beyond;
    assert!((all - 3300.0).abs() < 44.0, "{all}");
}
