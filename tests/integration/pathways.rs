//! Care pathways on lines, calculated by hand to the second.
//!
//! One kilometre a minute, no detour. Unless a test says otherwise the first leg is by ambulance
//! and takes the journey alone, so that a patient at kilometre n arrives at kilometre m after
//! |n - m| minutes.

use verbund::Region;
use verbund::calendar::{Hours, Moment};
use verbund::files::Folder;
use verbund::model::*;
use verbund::pathways::*;
use verbund::units::Seconds;

use crate::common::*;

const fn minutes(minutes: u32) -> Seconds {
    Seconds(minutes * 60)
}

/// Nothing but the journey.
pub(crate) fn bare_leg() -> FirstLeg {
    let none = Seconds(0);
    FirstLeg {
        ambulance: Ambulance {
            call_handling: none,
            turnout: none,
            drive_to_scene: none,
            on_scene: none,
            handover: none,
        },
        helicopter: Helicopter {
            call_handling: none,
            turnout: none,
            flight_to_scene: none,
            on_scene: none,
            start_and_landing: none,
            km_per_hour: 240.0,
            handover: none,
            least_gain: none,
            hours: Hours::ALWAYS,
        },
        own_car: OwnCar { getting_ready: none, registration: none },
        spreads: std::collections::BTreeMap::new(),
        source: "test".into(),
        assumed: vec![],
    }
}

pub(crate) fn stage(
    key: &str,
    requirement: Requirement,
    length: u32,
    ways: Vec<StageProvision>,
) -> Stage {
    Stage::new(key, requirement, minutes(length), ways)
}

pub(crate) fn has(facility: &str) -> Requirement {
    Requirement::Facility { kind: facility.into(), at_least: None }
}

/// Scan (20 minutes) where there is a CT, with a specialist or one from afar; then the catheter (30
/// minutes) where there is a lab, or by a team that comes to a CT.
pub(crate) fn pathway(call_out: u32, alert: Option<Alert>) -> Pathway {
    Pathway {
        key: "stroke".into(),
        name: "stroke".into(),
        name_de: "Schlaganfall".into(),
        urgency: Urgency::Emergency,
        cases: Some(CaseShare { of: "s".into(), share: 1.0 }),
        population: PopulationGroup::ALL,
        arrivals: vec![],
        first_leg: vec![Means::Ambulance],
        door: None,
        transfer: TransferRule {
            fields: vec!["s".into()],
            door_in_door_out: minutes(90),
            spread: None,
            without_agreement: WithoutAgreement::After(minutes(30)),
        },
        stages: vec![
            stage(
                "scan",
                Requirement::All(vec![has("ct"), Requirement::Specialty("s".into())]),
                20,
                vec![
                    StageProvision::OnSite,
                    StageProvision::Telemedicine {
                        remote: vec![Requirement::Specialty("s".into())],
                        fields: vec![],
                        consult: minutes(10),
                        spread: None,
                    },
                ],
            ),
            stage(
                "catheter",
                Requirement::All(vec![has("ct"), has("lab")]),
                30,
                vec![
                    StageProvision::OnSite,
                    StageProvision::VisitingTeam {
                        remote: vec![has("lab")],
                        fields: vec!["s".into()],
                        call_out: minutes(call_out),
                        spread: None,
                        alert,
                    },
                ],
            ),
        ],
        targets: vec![Target {
            from: Event::Call,
            to: Event::Done("catheter".into()),
            minutes: 120,
            source: "test".into(),
        }],
        published: vec![],
        source: "test".into(),
        assumed: vec![],
    }
}

/// A network on a line: hospitals by key, kilometre, whether they have the specialty, facilities;
/// places by key, seconds from kilometre 0, and people.
pub(crate) fn line_model(
    hospitals: &[(&str, f64, bool, &[&str])],
    cooperations: Vec<Cooperation>,
    places: &[(&str, u32, u32)],
    pathway: Pathway,
) -> Model {
    let kind = |key: &str| FacilityKind {
        key: key.into(),
        name: key.into(),
        name_de: key.into(),
        grades: vec![],
    };
    let catalog = Catalog {
        facilities: ["ct", "lab", "helipad"].map(kind).to_vec(),
        first_leg: bare_leg(),
        pathways: vec![pathway],
        ..catalog()
    };
    let mut builder = NetworkBuilder::new("test", day(), catalog);
    for (key, km, has_specialist, facilities) in hospitals {
        let mut one = Hospital::new(*key, *key, at(*km, 0.0));
        one.departments.push(Department::new(if *has_specialist { "s" } else { "t" }));
        one.facilities.extend(facilities.iter().map(|kind| Facility::new(*kind)));
        builder = builder.hospital(one);
    }
    for one in cooperations {
        builder = builder.cooperation(one);
    }
    let mut places: Vec<Place> = places
        .iter()
        .map(|(key, seconds, people)| place(key, at(f64::from(*seconds) / 60.0, 0.0), *people))
        .collect();
    places.sort_by(|a, b| a.key.cmp(&b.key));
    model_of(builder.build().unwrap(), places)
}

pub(crate) fn link(key: &str, kind: CooperationKind, from: &str, to: &str) -> Cooperation {
    let parties = Parties::Directed { from: from.into(), to: vec![to.into()] };
    Cooperation::new(key, kind, parties).fields(&["s"])
}

pub(crate) fn region(model: &Model) -> Region {
    Region::new(model, day()).unwrap()
}

fn monday_noon() -> Moment {
    "Mon 12:00".parse().unwrap()
}

fn route_of(region: &Region, place: &str, moment: Moment, query: &Query) -> Option<PatientRoute> {
    let pathway = &region.network().catalog().pathways[0];
    let place = region.find_place(place).unwrap();
    Prepared::new(region, pathway, &[]).unwrap().route(place, moment, query).unwrap()
}

/// Hospitals of the stages, the ways, and the time of the last one.
fn shape(region: &Region, route: &PatientRoute) -> (Vec<String>, Vec<usize>, u32) {
    let hospitals = route.visits.iter().map(|visit| region.network()[visit.hospital].key.clone());
    let ways = route.visits.iter().map(|visit| visit.way.index());
    (hospitals.collect(), ways.collect(), route.end().unwrap().0)
}

/// A CT with a specialist at km 0 ("thrombolysis"), a full centre at km 60; a transfer agreement of
/// 30 minutes between them, and the centre's team, which comes to km 0.
fn two_sites(call_out: u32, alert: Option<Alert>, places: &[(&str, u32, u32)]) -> Region {
    let transfer =
        CooperationKind::Transfer { door_in_door_out: Some(minutes(30)), acceptance: None };
    let team = CooperationKind::VisitingTeam { call_out: None };
    region(&line_model(
        &[("site", 0.0, true, &["ct"]), ("x-centre", 60.0, true, &["ct", "lab"])],
        vec![
            link("transfer", transfer, "site", "x-centre"),
            link("team", team, "x-centre", "site"),
        ],
        places,
        pathway(call_out, alert),
    ))
}

#[test]
fn borders_between_direct_drip_and_ship_and_the_visiting_team_to_the_second() {
    // The team is alerted with the call and needs 50 minutes to leave and 60 to come: it is at the
    // site 110 minutes after the call. For the least time to the scan, a place at minute x < 30
    // goes to the site and is scanned at x + 20. From there
    //   ship:  departs 30 minutes after arrival, the scan in them; x + 30 + 60 = x + 90 at the
    //          centre, so done at x + 120;
    //   team:  max(x + 20, 110), so done at 140.
    // Shipping is faster when x + 90 < 110, below 20:00; at 20:00 they tie, and no transfer wins.
    // At 30:00 both hospitals scan at 50:00; the centre is then done at 30 + 20 + 30 = 80:00.
    let places = [
        ("a", 1199, 1), // 19:59
        ("b", 1200, 1), // 20:00
        ("c", 1799, 1), // 29:59
        ("d", 1800, 1), // 30:00
        ("e", 1801, 1), // 30:01
    ];
    let region = two_sites(50, Some(Alert::Call), &places);
    let query = Query::default().objective(Objective::Stage("scan".into()));
    let at = |place: &str| {
        let route = route_of(&region, place, monday_noon(), &query).unwrap();
        (shape(&region, &route), route.visits[0].done.0, route.visits[1].transfer.is_some())
    };
    let both = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
    let ship = (both("site", "x-centre"), vec![0, 0], 1199 + 120 * 60);
    assert_eq!(at("a"), (ship, 1199 + 20 * 60, true));
    let team = (both("site", "site"), vec![0, 1], 140 * 60);
    assert_eq!(at("b"), (team.clone(), 1200 + 20 * 60, false));
    assert_eq!(at("c"), (team, 1799 + 20 * 60, false));
    let direct =
        |seconds: u32| (both("x-centre", "x-centre"), vec![0, 0], 3600 - seconds + 50 * 60);
    assert_eq!(at("d"), (direct(1800), 1800 + 20 * 60, false));
    assert_eq!(at("e"), (direct(1801), 3600 - 1801 + 20 * 60, false));
}

#[test]
fn the_border_between_the_centre_and_its_team_to_the_second() {
    // For the least time to the catheter: direct is done at (60 - x) + 20 + 30 = 110 - x; the team,
    // alerted by the call and there after 5 + 60 = 65 minutes, at max(x + 20, 65) + 30 = 95 for
    // x below 45. So the team wins below x = 15:00. There they tie without any transfer, and the
    // smaller key wins: the site.
    let region = two_sites(5, Some(Alert::Call), &[("a", 899, 1), ("b", 900, 1), ("c", 901, 1)]);
    let at = |place: &str| {
        let route = route_of(&region, place, monday_noon(), &Query::default()).unwrap();
        shape(&region, &route)
    };
    let team = (vec!["site".to_owned(); 2], vec![0, 1], 95 * 60);
    assert_eq!(at("a"), team);
    assert_eq!(at("b"), team);
    assert_eq!(at("c"), (vec!["x-centre".to_owned(); 2], vec![0, 0], 110 * 60 - 901));
}

#[test]
fn without_an_alert_the_team_leaves_when_the_stage_before_is_done() {
    // Nearest door at x = 10: scanned at 30; the team leaves at 35 and comes at 95, done at 125.
    // Shipped instead: 10 + 30 + 60 = 100 at the centre, done at 130.
    let region = two_sites(5, None, &[("a", 600, 1)]);
    let query = Query::default().protocol(Protocol::NearestDoor);
    let route = route_of(&region, "a", monday_noon(), &query).unwrap();
    let team = route.visits[1].team.unwrap();
    assert_eq!((team.alerted, team.arrives), (minutes(30), minutes(95)));
    assert_eq!(route.end(), Some(minutes(125)));
    // Alerted by the end of the scan in so many words, it is the same.
    let named = two_sites(5, Some(Alert::Stage("scan".into())), &[("a", 600, 1)]);
    assert_eq!(route_of(&named, "a", monday_noon(), &query).unwrap().end(), Some(minutes(125)));
}

#[test]
fn a_bypass_goes_to_the_centre_up_to_its_detour_and_not_a_second_more() {
    // At minute x the centre is (60 - x) - x later. With 20 minutes of detour: from x = 20:00 on.
    let region = two_sites(5, None, &[("a", 1199, 1), ("b", 1200, 1), ("c", 0, 1)]);
    let door = |place: &str, protocol: Protocol| {
        let query = Query::default().protocol(protocol);
        let route = route_of(&region, place, monday_noon(), &query).unwrap();
        region.network()[route.visits[0].hospital].key.clone()
    };
    let bypass = Protocol::Bypass { detour: minutes(20) };
    assert_eq!(door("a", bypass), "site");
    assert_eq!(door("b", bypass), "x-centre");
    assert_eq!(door("c", Protocol::DirectToCentre), "x-centre");
    assert_eq!(door("c", Protocol::NearestDoor), "site");
}

#[test]
fn the_pareto_set_has_every_route_that_nothing_beats() {
    // At x = 20 (team alerted by the end of the scan, there 65 minutes later):
    //   site and team: scan 40, catheter 40 + 65 + 30 = 135;
    //   direct: scan 40 + 20 = 60, catheter 90. Shipping (40, 140) is beaten.
    let region = two_sites(5, None, &[("a", 1200, 1)]);
    let pathway = &region.network().catalog().pathways[0];
    let prepared = Prepared::new(&region, pathway, &[]).unwrap();
    let place = region.find_place("a").unwrap();
    let routes = prepared.routes(place, monday_noon(), &Query::default());
    let ends: Vec<Vec<u32>> = routes
        .iter()
        .map(|route| route.visits.iter().map(|visit| visit.done.0 / 60).collect())
        .collect();
    assert_eq!(ends, vec![vec![60, 90], vec![40, 135]]);
}

#[test]
fn telemedicine_adds_its_consult_and_central_services_their_turnaround() {
    // A CT without a specialist at km 0, an expert at km 100 without a CT, the centre at km 60.
    let tele = CooperationKind::Telemedicine { consult: None };
    let own = CooperationKind::Telemedicine { consult: Some(minutes(4)) };
    let hospitals: [(&str, f64, bool, &[&str]); 3] = [
        ("ct", 0.0, false, &["ct"]),
        ("expert", 100.0, true, &[]),
        ("full", 60.0, true, &["ct", "lab"]),
    ];
    let end = |kind: CooperationKind| {
        let model = line_model(
            &hospitals,
            vec![link("k", kind, "expert", "ct")],
            &[("a", 300, 1)],
            pathway(5, None),
        );
        let region = region(&model);
        let query = Query::default().objective(Objective::Stage("scan".into()));
        let route = route_of(&region, "a", monday_noon(), &query).unwrap();
        (route.visits[0].start.0 / 60, route.visits[0].done.0 / 60, route.visits[0].way.index())
    };
    // Arrival at 5, the way's consult of 10 minutes, the scan of 20; with the agreement's own 4.
    assert_eq!(end(tele), (15, 35, 1));
    assert_eq!(end(own), (9, 29, 1));
    // The same pathway with a central service instead.
    let mut central = pathway(5, None);
    central.stages[0].ways[1] = StageProvision::CentralService {
        remote: vec![Requirement::Specialty("s".into())],
        fields: vec![],
        turnaround: minutes(12),
        spread: None,
    };
    let service = CooperationKind::CentralService { turnaround: None };
    let model =
        line_model(&hospitals, vec![link("k", service, "expert", "ct")], &[("a", 300, 1)], central);
    let region = region(&model);
    let query = Query::default().objective(Objective::Stage("scan".into()));
    let route = route_of(&region, "a", monday_noon(), &query).unwrap();
    assert_eq!(route.visits[0].done, minutes(5 + 12 + 20));
}

#[test]
fn hours_of_departments_facilities_and_cooperations_count_at_the_call() {
    // The CT at km 0 has its specialist from afar on weekdays 8-16 only; else the centre at km 60.
    let tele = CooperationKind::Telemedicine { consult: None };
    let mut office_hours = link("k", tele, "full", "ct");
    office_hours.hours = "Mon-Fri 8-16".parse().unwrap();
    let model = line_model(
        &[("ct", 0.0, false, &["ct"]), ("full", 60.0, true, &["ct", "lab"])],
        vec![office_hours],
        &[("a", 0, 168)],
        pathway(5, None),
    );
    let region = region(&model);
    let pathway = &region.network().catalog().pathways[0];
    let prepared = Prepared::new(&region, pathway, &[]).unwrap();
    assert_eq!(prepared.classes(), 2, "hours that are alike share one network");
    let query = Query::default().objective(Objective::Stage("scan".into()));
    let done = |moment: &str| {
        route_of(&region, "a", moment.parse().unwrap(), &query).unwrap().visits[0].done.0 / 60
    };
    assert_eq!(done("Mon 08:00"), 30); // 0 + 10 + 20
    assert_eq!(done("Mon 15:59"), 30); // open at the call counts
    assert_eq!(done("Mon 16:00"), 80); // 60 + 20
    assert_eq!(done("Sat 12:00"), 80);
    // Over the week: 40 of 168 hours at 30 minutes, 128 at 80.
    let mean = |when: When| {
        let outcome = prepared.evaluate(&query.clone().when(when)).unwrap();
        outcome.stages()[1].done.mean_seconds.unwrap() / 60.0
    };
    assert!((mean(When::Week) - (40.0 * 30.0 + 128.0 * 80.0) / 168.0).abs() < 1e-3);
    assert!((mean(When::Day) - (40.0 * 30.0 + 44.0 * 80.0) / 84.0).abs() < 1e-3);
    assert_eq!(mean(When::Night), 80.0);
    assert_eq!(mean(When::Weekend), 80.0);
}

#[test]
fn elective_patients_wait_for_the_hour_in_which_they_are_done_first() {
    // Only one hospital, whose lab is open on Mondays 8-10. A call on Sunday at 23:30 waits 8 h 30
    // and is done after 20 + 30 minutes; an emergency only gets its scan.
    let mut one = pathway(5, None);
    one.urgency = Urgency::Elective;
    let build = |urgency: Urgency| {
        let mut one = one.clone();
        one.urgency = urgency;
        let mut model = line_model(&[("full", 0.0, true, &["ct"])], vec![], &[("a", 0, 1)], one);
        let mut lab = Facility::new("lab");
        lab.hours = "Mon 8-10".parse().unwrap();
        let mut builder = NetworkBuilder::new("test", day(), model.network.catalog().clone());
        let mut hospital = model.network.hospitals()[0].clone();
        hospital.facilities.push(lab);
        builder = builder.hospital(hospital);
        model.network = builder.build().unwrap();
        region(&model)
    };
    let sunday: Moment = "Sun 23:30".parse().unwrap();
    let elective = build(Urgency::Elective);
    let route = route_of(&elective, "a", sunday, &Query::default()).unwrap();
    assert_eq!((route.wait, route.end()), (minutes(510), Some(minutes(510 + 50))));
    let open: Moment = "Mon 09:59".parse().unwrap();
    assert_eq!(route_of(&elective, "a", open, &Query::default()).unwrap().wait, Seconds(0));
    let emergency = build(Urgency::Emergency);
    let route = route_of(&emergency, "a", sunday, &Query::default()).unwrap();
    assert_eq!(route.visits.len(), 1, "the catheter has no way");
    // Over the week: the emergency gets to the last stage in 2 of 168 hours.
    let pathway = &emergency.network().catalog().pathways[0];
    let prepared = Prepared::new(&emergency, pathway, &[]).unwrap();
    let stages = prepared.evaluate(&Query::default()).unwrap().stages();
    assert!((stages[2].without_way - 166.0 / 168.0).abs() < 1e-5);
    assert_eq!(stages[1].without_way, 0.0);
}

#[test]
fn a_helicopter_flies_straight_in_its_hours_to_open_helipads_where_it_gains_enough() {
    // 60 km are 60 minutes by road and, at 240 km/h, 15 by air, plus 6 for start and landing.
    let build = |facilities: &[&str], hours: &str, least_gain: u32| {
        let mut one = pathway(5, None);
        one.first_leg.push(Means::Helicopter);
        let model = line_model(&[("full", 60.0, true, facilities)], vec![], &[("a", 0, 1)], one);
        let mut catalog = model.network.catalog().clone();
        catalog.first_leg.helicopter.start_and_landing = minutes(6);
        catalog.first_leg.helicopter.least_gain = minutes(least_gain);
        catalog.first_leg.helicopter.hours = hours.parse().unwrap();
        let hospital = model.network.hospitals()[0].clone();
        let network =
            NetworkBuilder::new("test", day(), catalog).hospital(hospital).build().unwrap();
        region(&Model { network, ..model })
    };
    let arrival = |region: &Region, moment: &str| {
        let moment = moment.parse().unwrap();
        let route = route_of(region, "a", moment, &Query::default()).unwrap();
        (route.means, route.door.0 / 60)
    };
    let all = ["ct", "lab", "helipad"];
    let by_day = build(&all, "Mon-Sun 7-19", 39);
    assert_eq!(arrival(&by_day, "Mon 18:59"), (Means::Helicopter, 21));
    assert_eq!(arrival(&by_day, "Mon 19:00"), (Means::Ambulance, 60));
    assert_eq!(arrival(&build(&all, "Always", 40), "Mon 12:00"), (Means::Ambulance, 60));
    assert_eq!(arrival(&build(&["ct", "lab"], "Always", 0), "Mon 12:00"), (Means::Ambulance, 60));
}

#[test]
fn people_cases_ways_loads_and_targets_of_a_region_by_hand() {
    // Residents are powers of two, so sums tell who is where. Cases: one a year per resident.
    // The site has its specialist by telemedicine from the centre (consult 10), patients are handed
    // on by an agreement of 30 minutes from arrival, and ambulances go to the nearest door.
    //   a (km 0, 1): scan 30, departure 0 + 30, at the centre 90, done 120
    //   b (km 20, 2): scan 50, departure 50, done 140
    //   c (km 40, 4): centre at 20, scan 40, done 70
    //   d (km 60, 8): done 50
    //   e (km 300, 16): no hospital within two hours
    let transfer =
        CooperationKind::Transfer { door_in_door_out: Some(minutes(30)), acceptance: None };
    let tele = CooperationKind::Telemedicine { consult: None };
    let model = line_model(
        &[("site", 0.0, false, &["ct"]), ("x-centre", 60.0, true, &["ct", "lab"])],
        vec![link("ship", transfer, "site", "x-centre"), link("tele", tele, "x-centre", "site")],
        &[("a", 0, 1), ("b", 1200, 2), ("c", 2400, 4), ("d", 3600, 8), ("e", 18_000, 16)],
        pathway(5, None),
    );
    let region = region(&model);
    let pathway = &region.network().catalog().pathways[0];
    let prepared = Prepared::new(&region, pathway, &[]).unwrap();
    let query = Query::default().protocol(Protocol::NearestDoor);
    let outcome = prepared.evaluate(&query).unwrap();
    let stages = outcome.stages();
    assert_eq!(stages.iter().map(|one| one.people).collect::<Vec<_>>(), vec![31; 3]);
    assert_eq!(stages[2].without_way, 16.0);
    let mean = (120.0 + 2.0 * 140.0 + 4.0 * 70.0 + 8.0 * 50.0) / 15.0;
    assert!((stages[2].done.mean_seconds.unwrap() / 60.0 - mean).abs() < 1e-9);
    assert_eq!(stages[2].done.median, None, "16 of 31 have no way");
    assert_eq!(outcome.targets()[0].share, Some(13.0 / 31.0), "a is in time to the second");
    let loads = outcome.loads();
    assert!(loads.are_cases);
    assert_eq!(loads.inside, 31.0);
    assert_eq!(loads.ways.direct, 12.0 / 31.0);
    assert_eq!(loads.ways.transfer, 3.0 / 31.0);
    assert_eq!(loads.ways.telemedicine, 3.0 / 31.0);
    assert_eq!(loads.ways.without_way, 16.0 / 31.0);
    let scans: Vec<(String, usize, f64)> = loads
        .hospitals
        .iter()
        .filter(|one| one.stage.index() == 0)
        .map(|one| (region.network()[one.hospital].key.clone(), one.way.index(), one.patients))
        .collect();
    assert_eq!(scans, vec![("x-centre".into(), 0, 12.0), ("site".into(), 1, 3.0)]);
    let links: Vec<(&str, Option<usize>, f64)> = loads
        .cooperations
        .iter()
        .map(|one| {
            let key = prepared.cooperation(one.cooperation).key.as_str();
            (key, one.stage.map(StageIndex::index), one.inside)
        })
        .collect();
    assert_eq!(links, vec![("ship", None, 3.0), ("tele", Some(0), 3.0)]);
    let places = outcome.places();
    assert_eq!(places[1].stages[1].median, Some(minutes(140)));
    assert_eq!((places[4].without_way, places[4].targets[0]), (16.0, Some(0.0)));
}

#[test]
fn a_table_of_journeys_may_name_hospitals_and_else_the_crow_flies_between_them() {
    let mut model = line_model(
        &[("site", 0.0, true, &["ct"]), ("x-centre", 60.0, true, &["ct", "lab"])],
        vec![],
        &[("a", 0, 1)],
        pathway(5, None),
    );
    let row = |place: &str, hospital: &str, time| TravelRow {
        place: place.into(),
        hospital: hospital.into(),
        time: Some(minutes(time)),
    };
    // The place reaches only the site; patients go on without an agreement: 90 + 30 minutes from
    // arrival, the scan of 20 in them.
    model.travel_times = Some(vec![row("a", "site", 7)]);
    let by_crow = region(&model);
    let end = |region: &Region| {
        route_of(region, "a", monday_noon(), &Query::default()).unwrap().end().unwrap().0 / 60
    };
    assert_eq!(end(&by_crow), 7 + 120 + 60 + 30);
    assert!(by_crow.travel().contains("between hospitals that it does not name: crow-fly"));
    model.travel_times = Some(vec![row("a", "site", 7), row("site", "x-centre", 11)]);
    assert_eq!(end(&region(&model)), 7 + 120 + 11 + 30);
}

#[test]
fn what_nobody_can_do_is_an_error_and_what_is_out_of_reach_a_result() {
    let model =
        line_model(&[("ct", 0.0, false, &["ct"])], vec![], &[("a", 0, 1)], pathway(5, None));
    let region = region(&model);
    let pathway = &region.network().catalog().pathways[0];
    let error = Prepared::new(&region, pathway, &[]).unwrap_err();
    let stages = vec!["scan".to_owned(), "catheter".to_owned()];
    assert_eq!(error, PathwayError::Unmet { pathway: "stroke".into(), stages, unknown: vec![] });
    let far = line_model(
        &[("full", 0.0, true, &["ct", "lab"])],
        vec![],
        &[("a", 0, 1), ("b", 7260, 1)],
        self::pathway(5, None),
    );
    let far = self::region(&far);
    assert!(route_of(&far, "b", monday_noon(), &Query::default()).is_none());
}

#[test]
fn an_objective_that_is_no_stage_is_an_error() {
    let region = two_sites(5, None, &[("a", 0, 1)]);
    let pathway = &region.network().catalog().pathways[0];
    let prepared = Prepared::new(&region, pathway, &[]).unwrap();
    let query = Query::default().objective(Objective::Stage("scna".into()));
    let message = prepared.evaluate(&query).unwrap_err().to_string();
    assert_eq!(
        message,
        "pathway \"stroke\" has no stage \"scna\"; there are: \"scan\", \"catheter\""
    );
}

#[test]
fn a_protocol_takes_for_a_door_who_can_do_all_stages_up_to_the_named_one() {
    // Kilometre 0 only scans, kilometre 20 does both, so does kilometre 60.
    let both: &[&str] = &["ct", "lab"];
    let build = |door: Option<&str>| {
        let mut one = pathway(5, None);
        one.door = door.map(str::to_owned);
        region(&line_model(
            &[("scan", 0.0, true, &["ct"]), ("x", 20.0, true, both), ("y", 60.0, true, both)],
            vec![],
            &[("a", 0, 1)],
            one,
        ))
    };
    let door = |region: &Region| {
        let query = Query::default().protocol(Protocol::NearestDoor);
        let route = route_of(region, "a", monday_noon(), &query).unwrap();
        region.network()[route.visits[0].hospital].key.clone()
    };
    assert_eq!(door(&build(None)), "scan");
    assert_eq!(door(&build(Some("scan"))), "scan");
    assert_eq!(door(&build(Some("catheter"))), "x");
}

/// The normal law, by its table in a library that the crate does not use for this.
fn normal(z: f64) -> f64 {
    use statrs::distribution::{ContinuousCDF, Normal};
    Normal::new(0.0, 1.0).unwrap().cdf(z)
}

#[test]
fn a_stage_that_scatters_has_the_shares_and_quantiles_of_its_lognormal_law() {
    // One hospital at km 0; a is there at once, b after 20 minutes, 3 people against 1. The scan takes
    // 20 minutes, the catheter 36 with quartiles 22 and 56: sigma = ln(56 / 22) / 1.348980 = 0.692633.
    // Within 90 minutes of the call a has 70 minutes for the catheter, b 50; whole seconds are rounded.
    let mut one = pathway(5, None);
    one.stages[1].duration = minutes(36);
    one.stages[1].spread = Some(Spread::Iqr(minutes(22), minutes(56)));
    one.targets[0].minutes = 90;
    one.targets.push(Target { from: Event::Door, minutes: 56, ..one.targets[0].clone() });
    let hospitals: [(&str, f64, bool, &[&str]); 1] = [("full", 0.0, true, &["ct", "lab"])];
    let region = region(&line_model(&hospitals, vec![], &[("a", 0, 3), ("b", 1200, 1)], one));
    let pathway = &region.network().catalog().pathways[0];
    let prepared = Prepared::new(&region, pathway, &[]).unwrap();
    let outcome = prepared.evaluate(&Query::default()).unwrap();
    let sigma = (56.0_f64 / 22.0).ln() / 1.348_979_500_4;
    let within = |minutes: f64| normal((((minutes * 60.0) + 0.5) / 2160.0).ln() / sigma);
    let targets = outcome.targets();
    let share = 0.75 * within(70.0) + 0.25 * within(50.0);
    let found: Vec<f64> = targets.iter().map(|target| target.share.unwrap()).collect();
    assert!((found[0] - share).abs() < 1e-6, "{} {share}", found[0]);
    // From the door: 20 and 36 minutes, the median, for both.
    assert!((found[1] - within(36.0)).abs() < 1e-6);
    assert!((found[1] - 0.5).abs() < 1e-3);
    let last = &outcome.stages()[2];
    // The lognormal mean is the median times exp(sigma^2 / 2).
    let mean = 20.0 + 36.0 * (sigma * sigma / 2.0).exp() + 0.25 * 20.0;
    assert!((last.done.mean_seconds.unwrap() / 60.0 - mean).abs() < 0.01);
    assert_eq!(outcome.places()[0].stages[1].median, Some(minutes(56)), "a by its medians");
    // Nine tenths of a: 20 + 36 * exp(1.281552 * sigma) minutes.
    let p90 = 20.0 * 60.0 + 2160.0 * (1.281_551_6 * sigma).exp();
    let own = outcome.places()[0].stages[1].p90.unwrap();
    assert!((f64::from(own.0) - p90).abs() <= 1.0, "{own:?} {p90}");
    // Values of single routes are those of medians.
    let route = route_of(&region, "b", monday_noon(), &Query::default()).unwrap();
    assert_eq!(route.end(), Some(minutes(20 + 20 + 36)));
}

#[test]
fn a_departure_that_waits_for_two_things_has_the_product_of_their_laws() {
    // To the site at once; the scan of 20 minutes and the term of 30 both scatter, from arrival. Then
    // 60 km: the patient is at the centre by 60 + t when both are over by t.
    let mut one = pathway(5, None);
    one.stages[0].spread = Some(Spread::Cv(0.5));
    one.transfer.spread = Some(Spread::Cv(0.3));
    one.targets = vec![
        Target {
            from: Event::Call,
            to: Event::Arrival("catheter".into()),
            minutes: 95,
            source: "test".into(),
        },
        Target {
            from: Event::Door,
            to: Event::Arrival("catheter".into()),
            minutes: 85,
            source: "test".into(),
        },
    ];
    let transfer =
        CooperationKind::Transfer { door_in_door_out: Some(minutes(30)), acceptance: None };
    let region = region(&line_model(
        &[("site", 0.0, true, &["ct"]), ("x-centre", 60.0, true, &["ct", "lab"])],
        vec![link("transfer", transfer, "site", "x-centre")],
        &[("a", 0, 1)],
        one,
    ));
    let pathway = &region.network().catalog().pathways[0];
    let prepared = Prepared::new(&region, pathway, &[]).unwrap();
    let query = Query::default().protocol(Protocol::NearestDoor);
    let sigma = |cv: f64| (1.0 + cv * cv).ln().sqrt();
    let law = |t: f64, median: f64, cv: f64| {
        normal(((t * 60.0 + 0.5) / (median * 60.0)).ln() / sigma(cv))
    };
    let targets = prepared.evaluate(&query).unwrap().targets();
    for (result, t) in targets.iter().zip([35.0, 25.0]) {
        let share = law(t, 20.0, 0.5) * law(t, 30.0, 0.3);
        let found = result.share.unwrap();
        assert!((found - share).abs() < 1e-6, "{found} {share}");
    }
}

#[test]
fn a_first_stage_may_count_from_handover_and_a_transfer_still_counts_from_the_door() {
    // Handover takes 10 minutes. From the door the scan is done at 20, from handover at 30. The term of
    // 30 minutes runs from the door: the patient leaves at 30 either way and is at the centre at 90.
    let build = |from: StageFrom| {
        let mut one = pathway(5, None);
        one.stages[0].from = from;
        let transfer =
            CooperationKind::Transfer { door_in_door_out: Some(minutes(30)), acceptance: None };
        let mut model = line_model(
            &[("site", 0.0, true, &["ct"]), ("x-centre", 60.0, true, &["ct", "lab"])],
            vec![link("transfer", transfer, "site", "x-centre")],
            &[("a", 0, 1)],
            one,
        );
        let mut catalog = model.network.catalog().clone();
        catalog.first_leg.ambulance.handover = minutes(10);
        let mut builder = NetworkBuilder::new("test", day(), catalog);
        for hospital in model.network.hospitals() {
            builder = builder.hospital(hospital.clone());
        }
        for cooperation in model.network.cooperations() {
            builder = builder.cooperation(cooperation.clone());
        }
        model.network = builder.build().unwrap();
        let query = Query::default().protocol(Protocol::NearestDoor);
        let route = route_of(&region(&model), "a", monday_noon(), &query).unwrap();
        let leg = route.visits[1].transfer.clone().unwrap();
        let times = [route.door, route.handover, route.visits[0].done, leg.departure];
        (times.map(|time| time.0 / 60), route.visits[1].arrive)
    };
    assert_eq!(build(StageFrom::Door), ([0, 10, 20, 30], minutes(90)));
    assert_eq!(build(StageFrom::Handover), ([0, 10, 30, 30], minutes(90)));
}

#[test]
fn a_limit_that_nobody_can_keep_and_one_that_nobody_can_miss_are_told() {
    // Scan 20 and catheter 30 minutes: 50 at the least, however near. At the most: two hours of journey,
    // a transfer that departs 90 + 30 minutes after arrival, two hours more, the catheter.
    let mut one = pathway(5, None);
    let limit = |minutes: u32| Target {
        from: Event::Call,
        to: Event::Done("catheter".into()),
        minutes,
        source: "test".into(),
    };
    one.targets = vec![limit(49), limit(50), limit(24 * 60)];
    let region = region(&line_model(
        &[("full", 0.0, true, &["ct", "lab"])],
        vec![],
        &[("a", 0, 1), ("b", 60, 1)],
        one,
    ));
    let pathway = &region.network().catalog().pathways[0];
    let prepared = Prepared::new(&region, pathway, &[]).unwrap();
    let targets = prepared.evaluate(&Query::default()).unwrap().targets();
    let told: Vec<(bool, bool)> =
        targets.iter().map(|one| (one.is_out_of_reach(), one.is_certain())).collect();
    assert_eq!(told, [(true, false), (false, false), (false, true)]);
    assert_eq!(targets.iter().filter_map(|one| one.share).collect::<Vec<_>>(), [0.0, 0.5, 1.0]);
    assert_eq!(targets[0].shortest, Some(minutes(50)));
    assert_eq!(targets[0].longest, Some(minutes(120 + 120 + 120 + 30)));
}

#[test]
fn durations_of_the_catalog_add_up_to_the_published_medians() {
    let catalog = Folder::leipzig().read().unwrap().network.catalog().clone();
    let pathway = |key: &str| catalog.pathway(key).unwrap();
    // From the door to the end of each stage, all on site, handover in it.
    let ends = |key: &str| {
        let mut so_far = Seconds(0);
        let stages = pathway(key).stages.iter();
        let ends = stages.map(|stage| {
            assert_eq!(stage.from, StageFrom::Door);
            so_far = so_far + stage.duration;
            so_far.0 / 60
        });
        ends.collect::<Vec<_>>()
    };
    assert_eq!(ends("stemi"), [10, 46], "door to wire 46 in Germany in 2023");
    assert_eq!(ends("stroke_lvo"), [25, 35, 79], "door to groin 79 in the German Stroke Registry");
    assert_eq!(pathway("stroke_lvo").stages[2].duration, minutes(44), "44 after a transfer");
    assert_eq!(pathway("stroke_lvo").transfer.door_in_door_out, minutes(92), "Hesse");
    assert_eq!(pathway("stroke_lvo").transfer.spread, Some(Spread::Iqr(minutes(69), minutes(110))));
    // Quartiles from door to wire: 10 minutes that are fixed, and those of "pci".
    let Some(Spread::Iqr(low, high)) = pathway("stemi").stages[1].spread else { panic!() };
    assert_eq!((low.0 / 60 + 10, high.0 / 60 + 10), (32, 66));
    // What is set to a published median has it.
    for (key, index, median) in [("stemi", 0, 46), ("stroke_lvo", 0, 79), ("stroke_lvo", 1, 44)] {
        assert_eq!(pathway(key).published[index].median, Some(minutes(median)));
    }
    // First contact 11.5 minutes after the call.
    assert_eq!(catalog.first_leg.times(Means::Ambulance).contact, Some(Seconds(690)));
}

#[test]
fn a_transfer_brings_strokes_to_the_centre_as_much_later_as_registries_say() {
    // German Stroke Registry: 225 minutes from onset by transfer, 103 direct, 122 more. From the door:
    // 92 minutes door in, door out, which scatters to a mean of 97.7, and the journey between, less what
    // the way to the centre is longer.
    let region = Region::leipzig().unwrap();
    let pathway = region.network().catalog().pathway("stroke_lvo").unwrap();
    let prepared = Prepared::new(&region, pathway, &[]).unwrap();
    let outcome = |protocol| prepared.evaluate(&Query::default().protocol(protocol)).unwrap();
    let (nearest, direct) = (outcome(Protocol::NearestDoor), outcome(Protocol::DirectToCentre));
    let loads = nearest.loads_by_place();
    let (mut seconds, mut people) = (0.0, 0.0);
    for (near, far) in nearest.places().iter().zip(direct.places()) {
        if loads[near.place.index()].ways.transfer < 0.999 {
            continue;
        }
        // Behind the centre's door 79 minutes are left for who comes directly, 44 after a transfer.
        let by_transfer = near.stages[2].mean_seconds.unwrap() - 44.0 * 60.0;
        let directly = far.stages[2].mean_seconds.unwrap() - 79.0 * 60.0;
        seconds += (by_transfer - directly) * near.people as f64;
        people += near.people as f64;
    }
    assert!(people > 150_000.0, "{people}");
    let later = seconds / people / 60.0;
    assert!((108.0..=122.0).contains(&later), "{later} minutes");
}

#[test]
fn an_outcome_is_kept_beyond_its_region_and_goes_into_a_thread() {
    let region = two_sites(5, Some(Alert::Call), &[("a", 899, 1), ("c", 901, 3)]);
    let pathway = &region.network().catalog().pathways[0];
    let prepared = Prepared::new(&region, pathway, &[]).unwrap();
    let outcome = prepared.evaluate(&Query::default()).unwrap();
    let (stages, loads) = (outcome.stages(), outcome.loads());
    let kept = outcome.into_owned();
    drop(prepared);
    drop(region);
    let again = kept.clone().into_owned();
    let of_thread = std::thread::spawn(move || (kept.stages(), kept.loads())).join().unwrap();
    assert_eq!(of_thread, (stages.clone(), loads));
    assert_eq!(again.stages(), stages);
}

#[test]
fn results_are_written_with_keys_and_seconds() {
    // As above: the team, alerted by the call, is there after 5 + 60 minutes, and the catheter done at 95.
    let region = two_sites(5, Some(Alert::Call), &[("a", 899, 1)]);
    let pathway = &region.network().catalog().pathways[0];
    let prepared = Prepared::new(&region, pathway, &[]).unwrap();
    let query = Query::default().protocol(Protocol::Bypass { detour: minutes(15) });
    let outcome = prepared.evaluate(&query).unwrap();
    let written = serde_json::to_value(region.keyed(&outcome)).unwrap();
    assert_eq!(written["pathway"], "stroke");
    assert_eq!(written["query"]["when"], "week");
    assert_eq!(written["query"]["protocol"]["bypass"]["detour_seconds"], 900);
    assert_eq!(written["stages"][0]["stage"], serde_json::Value::Null); // the door
    assert_eq!(written["stages"][1]["stage"], "scan");
    assert_eq!(written["stages"][2]["done"]["median_seconds"], 95 * 60);
    assert_eq!(written["targets"][0]["share"], 1.0);
    assert_eq!(written["loads"]["cooperations"][0]["cooperation"], "team");
    assert!(written["loads"]["by_cooperation"]["team"]["inside"].is_f64());

    let place = region.find_place("a").unwrap();
    let route = prepared.route(place, monday_noon(), &query).unwrap();
    let written = serde_json::to_value(region.keyed(&route)).unwrap();
    assert_eq!(written["door_seconds"], 899);
    assert_eq!(written["visits"][1]["hospital"], "site");
    assert_eq!(written["visits"][1]["partner"], "x-centre");
    assert_eq!(written["visits"][1]["team"]["arrives_seconds"], 65 * 60);

    let written = serde_json::to_value(region.keyed(&outcome.users())).unwrap();
    assert_eq!(written["doors"]["site"][0]["part"], 0);
    assert!(serde_json::to_value(&outcome).unwrap_err().to_string().contains("Region::keyed"));
}

#[test]
fn keys_of_what_an_analysis_adds_are_known_by_the_pathway_alone() {
    let site = |key, facilities| (key, if key == "site" { 0.0 } else { 60.0 }, true, facilities);
    let hospitals = [site("site", &["ct"][..]), site("x-centre", &["ct", "lab"][..])];
    let region = region(&line_model(&hospitals, vec![], &[("a", 899, 1)], pathway(5, None)));
    let mut ours = pathway(5, Some(Alert::Call));
    ours.stages[0].key = "look".into();
    let team = CooperationKind::VisitingTeam { call_out: None };
    let added = [link("new-team", team, "x-centre", "site")];
    let prepared = Prepared::new(&region, &ours, &added).unwrap();
    let loads = prepared.evaluate(&Query::default()).unwrap().loads();
    let written = serde_json::to_value(prepared.keyed(&loads)).unwrap();
    assert_eq!(written["hospitals"][0]["stage"], "look");
    assert_eq!(written["cooperations"][0]["cooperation"], "new-team");
    let error = serde_json::to_value(region.keyed(&loads)).unwrap_err().to_string();
    assert!(error.contains("Prepared::keyed"), "{error}");
}
