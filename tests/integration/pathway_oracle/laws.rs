//! What a change of the network does under free choice, and what it may do otherwise.

use std::cell::Cell;

use verbund::Region;
use verbund::calendar::{HourOfWeek, Hours, Moment};
use verbund::model::*;
use verbund::pathways::*;
use verbund::region::PlaceId;
use verbund::units::Seconds;

use super::networks::{Dice, World};
use super::{objectives, on_networks};
use crate::common::{at, catalog, day, hospital, model, place};

/// When the chosen stage is done; `None` for never.
fn chosen(
    prepared: &Prepared<'_>,
    (place, moment): (PlaceId, Moment),
    query: &Query,
) -> Option<Seconds> {
    let route = prepared.route(place, moment, query).unwrap()?;
    let stages = prepared.pathway().stages.len();
    let wanted = match &query.objective {
        Objective::Stage(key) => prepared.pathway().stage(key).unwrap().index(),
        _ => stages - 1,
    };
    route.visits.get(wanted).map(|visit| visit.done)
}

fn is_no_later(new: Option<Seconds>, old: Option<Seconds>) -> bool {
    old.is_none_or(|old| new.is_some_and(|new| new <= old))
}

/// How often a law was checked, and how often the better network made somebody's care earlier.
#[derive(Default)]
struct Counts {
    checked: Cell<u32>,
    earlier: Cell<u32>,
}

/// Nobody's chosen stage is later in the better of two networks with free choice.
fn check_better(
    (worse, old): (&Prepared<'_>, &Outage),
    (better, new): (&Prepared<'_>, &Outage),
    moment: Moment,
    counts: &Counts,
) {
    for place in worse.region().place_ids() {
        for objective in objectives(worse.pathway()) {
            let query = Query::default().objective(objective);
            let before = chosen(worse, (place, moment), &query.clone().outage(old.clone()));
            let after = chosen(better, (place, moment), &query.clone().outage(new.clone()));
            assert!(is_no_later(after, before), "{:?}: {before:?} {after:?}", query.objective);
            counts.checked.set(counts.checked.get() + 1);
            counts.earlier.set(counts.earlier.get() + u32::from(after != before));
        }
        let before = worse.routes(place, moment, &Query::default().outage(old.clone()));
        let after = better.routes(place, moment, &Query::default().outage(new.clone()));
        for old in &before {
            let matches = |new: &PatientRoute| {
                let mut both = new.visits.iter().zip(&old.visits);
                new.visits.len() >= old.visits.len() && both.all(|(new, old)| new.done <= old.done)
            };
            assert!(after.iter().any(matches), "{old:?}\n{after:?}");
        }
    }
}

/// The hours and one more.
fn longer(hours: Hours, hour: HourOfWeek) -> Hours {
    if hours.is_always() { hours } else { format!("{hours}; {hour}").parse().unwrap() }
}

/// A network that is better by an opening hour of one thing, or by a helipad.
fn improved(world: &World, dice: &mut Dice<'_>) -> World {
    let network = &world.model.network;
    let mut hospitals = network.hospitals().to_vec();
    let mut cooperations = network.cooperations().to_vec();
    let mut added = world.added.clone();
    let mut flying = network.catalog().first_leg.helicopter.hours;
    if dice.one_in(3) {
        let lacks = hospitals.iter_mut().find(|one| one.facility("helipad").is_none());
        if let Some(one) = lacks {
            one.facilities.push(Facility::new("helipad"));
        }
    } else {
        let mut units: Vec<&mut Hours> = vec![&mut flying];
        for one in &mut hospitals {
            units.extend(one.departments.iter_mut().map(|one| &mut one.hours));
            units.extend(one.facilities.iter_mut().map(|one| &mut one.hours));
        }
        units.extend(cooperations.iter_mut().chain(&mut added).map(|one| &mut one.hours));
        units.retain(|hours| !hours.is_always());
        if !units.is_empty() {
            let one = dice.below(units.len());
            *units[one] = longer(*units[one], world.moment.hour);
        }
    }
    World { added, ..world.rebuilt(hospitals, cooperations, flying) }
}

#[test]
fn what_is_added_never_makes_the_chosen_stage_later_under_free_choice() {
    let [by_cooperation, by_hours_or_helipad] = [Counts::default(), Counts::default()];
    on_networks(1200, |world, dice| {
        let region = world.region();
        let pathway = &region.network().catalog().pathways[0];
        let Ok(prepared) = Prepared::new(&region, pathway, &world.added) else { return };
        let outage = world.outage(&region);
        let moment = world.moment;

        if region.network().hospitals().len() > 1 {
            let mut more = world.added.clone();
            more.push(dice.cooperation(99, region.network().hospitals(), true));
            let with = Prepared::new(&region, pathway, &more).unwrap();
            check_better((&prepared, &outage), (&with, &outage), moment, &by_cooperation);
        }

        let better = improved(world, dice);
        let better_region = better.region();
        let pathway = &better_region.network().catalog().pathways[0];
        let with = Prepared::new(&better_region, pathway, &better.added).unwrap();
        check_better((&prepared, &outage), (&with, &outage), moment, &by_hours_or_helipad);
    });
    for counts in [by_cooperation, by_hours_or_helipad] {
        assert!(
            counts.checked.get() > 3000 && counts.earlier.get() > 30,
            "{}",
            counts.earlier.get()
        );
    }
}

#[test]
fn what_is_out_of_order_never_makes_the_chosen_stage_earlier_under_free_choice() {
    let counts = Counts::default();
    on_networks(1200, |world, dice| {
        let region = world.region();
        let pathway = &region.network().catalog().pathways[0];
        let Ok(prepared) = Prepared::new(&region, pathway, &world.added) else { return };
        let none = Outage::default();
        let ids: Vec<HospitalId> = region.network().iter().map(|(id, _)| id).collect();
        let one = ids[dice.below(ids.len())];
        let mut outages =
            vec![world.outage(&region), Outage::of_hospital(one), Outage::of_door(one)];
        let there: Vec<CooperationId> = prepared.cooperation_ids().collect();
        if !there.is_empty() {
            outages.push(Outage::of_cooperation(there[dice.below(there.len())]));
        }
        for outage in outages {
            check_better((&prepared, &outage), (&prepared, &none), world.moment, &counts);
        }
    });
    assert!(counts.checked.get() > 5000 && counts.earlier.get() > 300, "{}", counts.earlier.get());
}

#[test]
fn a_cooperation_that_is_out_of_order_is_as_one_that_never_was() {
    on_networks(600, |world, _| {
        let region = world.region();
        let pathway = &region.network().catalog().pathways[0];
        // Added ones come last: without the last one nothing else changes its position.
        let Some((_, fewer)) = world.added.split_last() else { return };
        let Ok(without) = Prepared::new(&region, pathway, fewer) else { return };
        let with = Prepared::new(&region, pathway, &world.added).unwrap();
        let last = Outage::of_cooperation(with.cooperation_ids().last().unwrap());
        for place in region.place_ids() {
            let query = Query::default();
            assert_eq!(
                with.route(place, world.moment, &query.clone().outage(last.clone())),
                without.route(place, world.moment, &query)
            );
            assert_eq!(
                with.routes(place, world.moment, &query.clone().outage(last.clone())),
                without.routes(place, world.moment, &query)
            );
        }
    });
}

/// A pathway of a scan, on site or with an expert's eyes from afar, and an operation, on site or
/// with an expert's hand from afar: 10 and 30 minutes, 10 more with the expert. No other time
/// passes but on the road and, between hospitals, 20 minutes from door to door.
pub(super) fn scan_and_operation() -> Pathway {
    let stage = |key: &str, specialty: &str, minutes: u32| {
        let requirement = Requirement::Specialty(specialty.to_owned());
        let telemedicine = StageProvision::Telemedicine {
            remote: vec![requirement.clone()],
            fields: vec![],
            consult: Seconds::from_minutes(10),
            spread: None,
        };
        let ways = vec![StageProvision::OnSite, telemedicine];
        Stage::new(key, requirement, Seconds::from_minutes(minutes), ways)
    };
    Pathway {
        key: "p".to_owned(),
        name: "p".to_owned(),
        name_de: "p".to_owned(),
        urgency: Urgency::Emergency,
        cases: None,
        population: PopulationGroup::ALL,
        arrivals: vec![],
        first_leg: vec![Means::OwnCar],
        door: None,
        transfer: TransferRule {
            fields: vec!["s".to_owned()],
            door_in_door_out: Seconds::from_minutes(20),
            spread: None,
            without_agreement: WithoutAgreement::Allowed,
        },
        stages: vec![stage("scan", "s", 10), stage("operation", "t", 30)],
        targets: vec![],
        published: vec![],
        source: "assumed".to_owned(),
        assumed: vec![],
    }
}

/// One place at km 0, hospitals with their specialties on both sides of it; a car drives at once.
fn line(hospitals: &[(&str, f64, &[&str])]) -> Region {
    let hospitals = hospitals.iter().map(|&(key, km, specialties)| {
        let mut one = hospital(key, at(km, 0.0), 1);
        one.departments = specialties.iter().map(|&key| Department::new(key)).collect();
        one
    });
    let mut catalog = catalog();
    catalog.first_leg.own_car = OwnCar { getting_ready: Seconds(0), registration: Seconds(0) };
    catalog.pathways.push(scan_and_operation());
    let mut model = model(vec![], vec![place("p", at(0.0, 0.0), 1)]);
    model.network = super::networks::network(catalog, hospitals.collect(), vec![]);
    Region::new(&model, day()).unwrap()
}

/// The minutes at which scan and operation are done for the person at km 0, without and with
/// telemedicine from b for a field at a.
fn without_and_with(region: &Region, field: &str, query: &Query) -> [[f64; 2]; 2] {
    let to = vec!["a".to_owned()];
    let parties = Parties::Directed { from: "b".to_owned(), to };
    let kind = CooperationKind::Telemedicine { consult: None };
    let added = [Cooperation::new("new", kind, parties).fields(&[field])];
    [&[] as &[_], &added].map(|added| {
        let pathway = &region.network().catalog().pathways[0];
        let prepared = Prepared::new(region, pathway, added).unwrap();
        let place = region.place_ids().next().unwrap();
        let route = prepared.route(place, "Mon 12:00".parse().unwrap(), query).unwrap().unwrap();
        [0, 1].map(|stage| route.visits[stage].done.minutes())
    })
}

#[test]
fn a_new_cooperation_can_make_another_stage_than_the_chosen_one_later() {
    // c scans at km 10, a scans at km 20 on the other side, b only operates, at km 40 behind c.
    // Without: to c 10, scan done at 20, departure 20 minutes after arrival, 30 km of road: at b 60,
    // done at 90. (Over a: 20 + 20 + 60 km + 30 = 130.) With telemedicine from b the operation is done at
    // a: 20 km, scan done at 30, consult 10 and operation 30: done at 70. The scan is 10 later.
    let region = line(&[("a", -20.0, &["s"]), ("b", 40.0, &["t"]), ("c", 10.0, &["s"])]);
    let query = Query::default();
    assert_eq!(without_and_with(&region, "t", &query), [[20.0, 90.0], [30.0, 70.0]]);
    // Who chooses the scan has it at c as before, and then the operation as early as it can be.
    let query = query.objective(Objective::Stage("scan".to_owned()));
    assert_eq!(without_and_with(&region, "t", &query), [[20.0, 90.0], [20.0, 90.0]]);
}

#[test]
fn a_new_cooperation_can_make_the_chosen_stage_later_under_a_protocol() {
    // a has neither at km 10, b scans and operates at km 20. Without telemedicine b is the nearest
    // door: scan done at 30, operation at 60. With telemedicine from b for scans a is the nearest
    // door: 10 km, consult 10, scan 10: done at 30, which is 20 minutes after arrival; 10 km of road: at
    // b 40, operation done at 70. Under free choice nobody goes to a.
    let region = line(&[("a", 10.0, &[]), ("b", 20.0, &["s", "t"])]);
    let nearest = Query::default().protocol(Protocol::NearestDoor);
    assert_eq!(without_and_with(&region, "s", &nearest), [[30.0, 60.0], [30.0, 70.0]]);
    let direct = Query::default().protocol(Protocol::DirectToCentre);
    for free in [Query::default(), direct] {
        assert_eq!(without_and_with(&region, "s", &free), [[30.0, 60.0], [30.0, 60.0]]);
    }
}
