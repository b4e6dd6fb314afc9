//! What cooperations change, calculated by hand, and against brute force.

use std::collections::BTreeSet;

use verbund::impact::*;
use verbund::model::*;
use verbund::pathways::*;
use verbund::units::Seconds;

use crate::common::telemedicine;
use crate::pathways::{line_model, link, pathway, region};

const fn minutes(minutes: u32) -> Seconds {
    Seconds(minutes * 60)
}

/// A CT at km 0 whose specialist helps from afar, from either of two experts; the centre at km 60.
/// 4 people at km 0, 8 at km 60. Scan and catheter are both asked for; one case a year each.
fn twins(places: &[(&str, u32, u32)]) -> Model {
    line_model(
        &[
            ("ct", 0.0, false, &["ct", "lab"]),
            ("expert", 100.0, true, &[]),
            ("full", 60.0, true, &["ct", "lab"]),
        ],
        vec![
            link("one", telemedicine(), "expert", "ct"),
            link("two", telemedicine(), "full", "ct"),
        ],
        places,
        pathway(5, None),
    )
}

#[test]
fn two_that_do_the_same_are_worth_nothing_each_and_half_of_all_by_shapley() {
    // With telemedicine the people at km 0 are done at 10 + 20 + 30 = 60, without at 60 + 50 = 110:
    // 50 minutes for each of the 4. One link alone is enough for that.
    let region = region(&twins(&[("a", 0, 4), ("b", 3600, 8)]));
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let study = Study::new(&region, &pathways, &[], Query::default()).unwrap();
    let values = study.values();
    assert_eq!(values.len(), 2);
    for value in &values {
        assert_eq!(value.total().seconds, 0.0);
        assert_eq!(value.total_alone().seconds, 4.0 * 50.0 * 60.0);
        assert_eq!(value.total_alone().people, 4.0);
        assert_eq!(value.total_alone().most, minutes(50));
    }
    // Ties go to the partner's key: everybody uses "one", whose patients would use "two".
    let key = |id: CooperationId| study.cooperation(id).key.clone();
    let used = values.iter().find(|value| value.total_cases() > 0.0).unwrap();
    assert_eq!((key(used.cooperation), used.total_cases()), ("one".to_owned(), 4.0));
    let replaced = used.replaces[0].as_ref().unwrap();
    assert_eq!(replaced.share, 1.0);
    let stops: Vec<(&str, usize)> = replaced
        .route
        .iter()
        .map(|stop| (region.network()[stop.hospital].key.as_str(), stop.way.index()))
        .collect();
    assert_eq!(stops, vec![("ct", 1), ("ct", 0)]);
    let shapley = study.shapley(&study.relevant(), &ShapleySettings::default());
    assert!(shapley.is_exact);
    assert_eq!(shapley.seconds, 12_000.0);
    assert!(shapley.values.iter().all(|one| one.seconds == 6_000.0 && one.half_width == 0.0));
}

#[test]
fn drawn_orders_agree_with_the_exact_shapley_values_and_sum_to_the_whole() {
    // Five sites 20 km apart, each with its link; a town near each. 2^5 subsets are computed.
    let names = ["s0", "s1", "s2", "s3", "s4"];
    let mut hospitals: Vec<(&str, f64, bool, &[&str])> = names
        .iter()
        .enumerate()
        .map(|(at, name)| (*name, at as f64 * 20.0, false, &["ct", "lab"][..]))
        .collect();
    hospitals.push(("full", 110.0, true, &["ct", "lab"]));
    let links = names.iter().map(|name| link(name, telemedicine(), "full", name)).collect();
    let places: Vec<(&str, u32, u32)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| (*name, at as u32 * 1200 + 300, 1 << at))
        .collect();
    let model = line_model(&hospitals, links, &places, pathway(5, None));
    let region = region(&model);
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let study = Study::new(&region, &pathways, &[], Query::default()).unwrap();
    let players = study.relevant();
    let exact = study.shapley(&players, &ShapleySettings::default());
    // By hand from the definition: all 120 orders.
    let worth = |set: &BTreeSet<CooperationId>| {
        let out = players.iter().copied().filter(|player| !set.contains(player));
        let outage = Outage { cooperations: out.collect(), ..Outage::default() };
        let none = Outage { cooperations: players.iter().copied().collect(), ..Outage::default() };
        study.compare(&none, &outage)[0].seconds
    };
    let mut sums = vec![0.0; players.len()];
    let mut count = 0.0;
    each_order(&mut players.clone(), 0, &mut |order| {
        let (mut set, mut before) = (BTreeSet::new(), 0.0);
        for player in order {
            set.insert(*player);
            let now = worth(&set);
            sums[player.index()] += now - before;
            before = now;
        }
        count += 1.0;
    });
    assert_eq!(count, 120.0);
    for value in &exact.values {
        assert!((value.seconds - sums[value.cooperation.index()] / count).abs() < 1e-6);
    }
    let settings = ShapleySettings::default().exact_up_to(0).pairs(300).seed(7);
    let drawn = study.shapley(&players, &settings);
    assert!(!drawn.is_exact);
    assert!((drawn.seconds - exact.seconds).abs() < 1e-6, "drawn values sum to the whole, too");
    for value in &drawn.values {
        let right = exact.values.iter().find(|one| one.cooperation == value.cooperation).unwrap();
        // Four half-widths of a 95 % interval: a right sampler fails once in 10^14.
        let room = 4.0 * value.half_width + 1e-6;
        assert!((value.seconds - right.seconds).abs() <= room, "{value:?} {right:?}");
    }
    assert_eq!(study.shapley(&players, &settings), drawn, "the same seed gives the same");
}

fn each_order<T>(order: &mut Vec<T>, from: usize, each: &mut impl FnMut(&[T])) {
    if from == order.len() {
        each(order);
        return;
    }
    for at in from..order.len() {
        order.swap(from, at);
        each_order(order, from + 1, each);
        order.swap(from, at);
    }
}

#[test]
fn a_failure_leaves_people_without_a_way_or_costs_them_minutes() {
    // One link only: without it the 4 at km 0 are 50 minutes later. Without the centre the 8 at
    // km 60 go to km 0, where nobody helps then: no way. Without the door at km 60 they go to km 0.
    let model = line_model(
        &[("ct", 0.0, false, &["ct", "lab"]), ("full", 60.0, true, &["ct", "lab"])],
        vec![link("one", telemedicine(), "full", "ct")],
        &[("a", 0, 4), ("b", 3600, 8)],
        pathway(5, None),
    );
    let region = region(&model);
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let study = Study::new(&region, &pathways, &[], Query::default()).unwrap();
    let failures = study.failures(minutes(49));
    let id = |key: &str| region.network().find(key).unwrap();
    let of = |what: Failed| failures.iter().find(|one| one.what == what).unwrap();
    let centre = of(Failed::Hospital(id("full")));
    assert_eq!((centre.people_without_way, centre.backup_seconds), (12.0, None));
    let only = Failed::Cooperation(study.relevant()[0]);
    let cooperation = of(only);
    assert_eq!((cooperation.people_without_way, cooperation.people_later), (0.0, 4.0));
    assert_eq!(cooperation.backup_seconds, Some(3000.0));
    // The door: 60 + 10 + 50 = 120 instead of 50.
    let door = of(Failed::Door(id("full")));
    assert_eq!((door.people_later, door.backup_seconds), (8.0, Some(4200.0)));
    assert_eq!(failures[0].what, Failed::Hospital(id("full")), "the worst first");
    // The limit is exceeded, not met: at 50 minutes the link is no finding any more.
    let more = study.failures(minutes(50));
    assert!(more.iter().all(|one| one.what != only));
}

#[test]
fn suggestions_are_as_good_as_their_bound_says_by_brute_force() {
    // Four CTs without a specialist; which two links next? All pairs of sites are tried.
    let hospitals: [(&str, f64, bool, &[&str]); 5] = [
        ("a", 0.0, false, &["ct", "lab"]),
        ("b", 15.0, false, &["ct", "lab"]),
        ("c", 40.0, false, &["ct", "lab"]),
        ("d", 70.0, false, &["ct", "lab"]),
        ("full", 110.0, true, &["ct", "lab"]),
    ];
    let places = [("p", 0, 3), ("q", 900, 2), ("r", 1500, 4), ("s", 2700, 1), ("t", 4200, 5)];
    let model = line_model(&hospitals, vec![], &places, pathway(5, None));
    let region = region(&model);
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let what = Sought { kind: CandidateKind::Telemedicine, field: "s" };
    let found = suggest(&region, &pathways, what, 2, &Query::default()).unwrap();
    assert_eq!(found.candidates, 4, "the only expert, four sites");
    let sites = ["a", "b", "c", "d"];
    let worth = |chosen: &[&str]| {
        let added: Vec<Cooperation> = chosen
            .iter()
            .map(|site| link(&format!("new-{site}"), telemedicine(), "full", site))
            .collect();
        let study = Study::new(&region, &pathways, &added, Query::default()).unwrap();
        let new = (0..added.len()).map(|number| region.network().added_cooperation(number));
        let out = Outage { cooperations: new.collect(), ..Outage::default() };
        study.compare(&out, &Outage::default())[0].seconds
    };
    let mut best = 0.0_f64;
    for (at, one) in sites.iter().enumerate() {
        for two in &sites[at + 1..] {
            best = best.max(worth(&[one, two]));
        }
    }
    let bound = found.bound.unwrap();
    assert!(found.seconds <= best && best <= bound, "{} {best} {bound}", found.seconds);
    assert!(found.seconds >= (1.0 - 1.0 / std::f64::consts::E) * best);
    let chosen: Vec<&str> =
        found.chosen.iter().map(|one| region.network()[one.to].key.as_str()).collect();
    assert!((worth(&chosen) - found.seconds).abs() < 1e-9);
    // Each single candidate's gain is what adding it alone brings.
    for one in &found.ranked {
        let alone = worth(&[region.network()[one.to].key.as_str()]);
        assert_eq!(one.total().seconds, alone);
    }
}

#[test]
fn where_candidates_can_help_each_other_no_bound_is_given() {
    // Two transfers in a row: three stages, each at another hospital.
    let mut three = pathway(5, None);
    three.stages.push(crate::pathways::stage(
        "rest",
        crate::pathways::has("helipad"),
        10,
        vec![StageProvision::OnSite],
    ));
    let model = line_model(
        &[
            ("a", 0.0, true, &["ct"]),
            ("b", 20.0, false, &["ct", "lab"]),
            ("c", 40.0, false, &["helipad"]),
        ],
        vec![],
        &[("p", 0, 1)],
        three,
    );
    let region = region(&model);
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let what = Sought { kind: CandidateKind::Transfer, field: "s" };
    let found = suggest(&region, &pathways, what, 2, &Query::default()).unwrap();
    assert_eq!(found.bound, None);
    assert!(found.reason.contains("up to 2"), "{}", found.reason);
    // Each agreement saves the 30 minutes that a transfer without one takes longer.
    assert_eq!(found.seconds, 2.0 * 1800.0);
}

#[test]
fn a_study_names_pathways_that_nobody_can_do() {
    let model = line_model(
        &[("ct", 0.0, false, &["ct"]), ("full", 60.0, true, &["ct"])],
        vec![],
        &[("a", 0, 1)],
        pathway(5, None),
    );
    let region = region(&model);
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let study = Study::new(&region, &pathways, &[], Query::default()).unwrap();
    assert!(matches!(study.unmet(), [PathwayError::Unmet { .. }]));
    assert!(study.values().is_empty());
    // Both can still scan: without the only specialist nobody can.
    let full = Failed::Hospital(region.network().find("full").unwrap());
    assert!(study.failures(minutes(0)).iter().any(|one| one.what == full));
}

/// A CT at km 0 that a centre at km 30 can help with the scan; 4 people at km 0, 8 at km 12 and a
/// half. One case a year each.
fn a_link_that_makes_a_door(stages: usize) -> Model {
    let mut pathway = pathway(5, None);
    pathway.door = Some("scan".into());
    pathway.stages.truncate(stages);
    pathway.targets.clear();
    line_model(
        &[("ct", 0.0, false, &["ct"]), ("full", 30.0, true, &["ct", "lab"])],
        vec![link("tele", telemedicine(), "full", "ct")],
        &[("a", 0, 4), ("b", 750, 8)],
        pathway,
    )
}

#[test]
fn a_study_that_is_kept_answers_as_before_when_its_region_is_gone() {
    let added = [link("added", telemedicine(), "full", "ct")];
    let region = region(&a_link_that_makes_a_door(2));
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let query = Query::default().protocol(Protocol::NearestDoor);
    let study = Study::new(&region, &pathways, &added, query).unwrap();
    let (values, failures) = (study.values(), study.failures(minutes(1)));
    let keys = |study: &Study<'_>| -> Vec<String> {
        study.cooperations().iter().map(|one| one.key.clone()).collect()
    };
    let names = keys(&study);
    let kept = study.clone().into_owned();
    drop(study);
    drop(pathways);
    drop(region);
    drop(added);
    assert_eq!((kept.values(), kept.failures(minutes(1))), (values, failures));
    assert_eq!(keys(&kept), names);
    // What is kept already is shared, and answers the same again.
    assert_eq!(kept.clone().into_owned().values(), kept.values());
}

/// What the only link of a network changes under a protocol.
fn value_under(region: &verbund::Region, protocol: Protocol) -> CooperationValue {
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let query = Query::default().protocol(protocol);
    let study = Study::new(region, &pathways, &[], query).unwrap();
    study.value(study.relevant()[0]).unwrap()
}

#[test]
fn a_link_that_makes_a_door_costs_those_who_need_more_than_the_door_can_do() {
    // From km 0 without the link: the centre at 30, scanned at 50, treated at 80. With it the nearest
    // door is the CT: scanned at 0 + 10 + 20 = 30; without an agreement they leave 120 minutes after
    // arrival, come to the centre at 150 and are treated at 180: 100 minutes later, the scan 20 sooner.
    // From km 12.5 without it: the centre at 17.5, scanned at 37.5, treated at 67.5. With it the CT at
    // 12.5, scanned at 42.5, gone at 132.5, at the centre at 162.5, treated at 192.5: 125 minutes later,
    // and the scan 5 minutes later, as the consultation takes longer than the rest of the way.
    let region = region(&a_link_that_makes_a_door(2));
    let value = value_under(&region, Protocol::NearestDoor);
    let total = value.total();
    assert_eq!((total.people, total.people_later), (0.0, 12.0));
    assert_eq!(total.net_seconds(), -60.0 * (4.0 * 100.0 + 8.0 * 125.0));
    assert_eq!(value.total_alone(), total, "it is the only one");
    let door = value.to_door[0].unwrap();
    assert_eq!(door.stage.index(), 0);
    assert_eq!((door.given_others.people, door.given_others.people_later), (4.0, 8.0));
    assert_eq!(door.given_others.seconds, 60.0 * 4.0 * 20.0);
    assert_eq!(door.given_others.seconds_lost, 60.0 * 8.0 * 5.0);
    assert_eq!(door.alone, door.given_others);
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let query = Query::default().protocol(Protocol::NearestDoor);
    let study = Study::new(&region, &pathways, &[], query).unwrap();
    let compared =
        study.compare_to_door(&Outage::of_cooperation(study.relevant()[0]), &Outage::default());
    assert_eq!(compared, vec![Some(ToDoor { stage: door.stage, effect: door.given_others })]);
    // Who knows in advance goes to the centre: the link changes nothing, and the door does not matter.
    let free = value_under(&region, Protocol::Free);
    assert!(free.total().is_nothing() && free.total_alone().is_nothing());
    assert_eq!(free.to_door, vec![None]);
}

#[test]
fn a_link_to_a_door_that_can_do_all_saves_the_longer_journey_less_the_consultation() {
    // As above with the scan as the last stage: 20 minutes sooner from km 0, 5 later from km 12.5.
    let region = region(&a_link_that_makes_a_door(1));
    let value = value_under(&region, Protocol::NearestDoor);
    let total = value.total();
    assert_eq!((total.people, total.people_later), (4.0, 8.0));
    assert_eq!(total.net_seconds(), 60.0 * (4.0 * 20.0 - 8.0 * 5.0));
    assert_eq!(value.to_door, vec![None], "the door's stage is the last one");
    // By a free choice only those who are sooner use it.
    let free = value_under(&region, Protocol::Free).total();
    assert_eq!((free.people, free.people_later), (4.0, 0.0));
    assert_eq!(free.net_seconds(), 60.0 * 4.0 * 20.0);
}

#[test]
fn a_candidate_that_costs_time_under_a_protocol_is_told_as_harmful_and_not_chosen() {
    let mut model = a_link_that_makes_a_door(2);
    model.network = {
        let network = &model.network;
        let mut builder = NetworkBuilder::new("test", network.date(), network.catalog().clone());
        for hospital in network.hospitals() {
            builder = builder.hospital(hospital.clone());
        }
        builder.build().unwrap()
    };
    let region = region(&model);
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let what = Sought { kind: CandidateKind::Telemedicine, field: "s" };
    let query = Query::default().protocol(Protocol::NearestDoor);
    let found = suggest(&region, &pathways, what, 2, &query).unwrap();
    assert_eq!((found.ranked.len(), found.chosen.len(), found.seconds), (0, 0, 0.0));
    let [harmful] = found.harmful.as_slice() else { panic!("the only pair: {found:?}") };
    assert_eq!(harmful.total().net_seconds(), -60.0 * (4.0 * 100.0 + 8.0 * 125.0));
    let free = suggest(&region, &pathways, what, 2, &Query::default()).unwrap();
    assert!(free.ranked.is_empty() && free.harmful.is_empty(), "it changes nothing");
}

#[test]
fn elective_patients_choose_freely_under_every_protocol() {
    // As above, but elective: nobody is sent to the nearest door, so the link costs nobody anything.
    let mut model = a_link_that_makes_a_door(2);
    let mut catalog = model.network.catalog().clone();
    catalog.pathways[0].urgency = Urgency::Elective;
    let mut builder = NetworkBuilder::new("test", model.network.date(), catalog);
    for hospital in model.network.hospitals() {
        builder = builder.hospital(hospital.clone());
    }
    for cooperation in model.network.cooperations() {
        builder = builder.cooperation(cooperation.clone());
    }
    model.network = builder.build().unwrap();
    let region = region(&model);
    let value = value_under(&region, Protocol::NearestDoor);
    assert!(value.total().is_nothing());
    assert_eq!((value.total_cases(), value.to_door), (0.0, vec![None]));
}

#[test]
fn what_keeps_a_cooperation_from_serving_a_pathway_is_named() {
    let region = region(&twins(&[("a", 0, 4)]));
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    // The expert has no CT, which must be on site; "ct" itself has no specialist to help with.
    let between = |from, to| obstacles(&region, &pathways, &link("new", telemedicine(), from, to));
    assert_eq!(between("full", "expert"), ["stroke, scan: expert has no ct"]);
    assert_eq!(between("ct", "full"), ["stroke, scan: ct has no s"]);
    assert_eq!(between("full", "ct"), Vec::<String>::new());
    let other = Cooperation::new(
        "new",
        CooperationKind::CentralService { turnaround: None },
        Parties::Directed { from: "full".into(), to: vec!["ct".into()] },
    );
    let why = obstacles(&region, &pathways, &other.fields(&["s"]));
    assert_eq!(why, ["no stage and no transfer of these pathways uses such a kind and field"]);
}

#[test]
fn what_cooperations_change_is_written_by_key_and_in_seconds() {
    // As above: both links do the same, and each alone saves 50 minutes for each of 4.
    let region = region(&twins(&[("a", 0, 4), ("b", 3600, 8)]));
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let study = Study::new(&region, &pathways, &[], Query::default()).unwrap();
    let values = serde_json::to_value(region.keyed(&study.values())).unwrap();
    assert_eq!(values[0]["cooperation"], "one");
    assert_eq!(values[0]["alone"][0]["most_seconds"], 3000);
    assert_eq!(values[0]["given_others"][0]["seconds"], 0.0);
    assert_eq!(values[0]["replaces"][0]["route"][0]["hospital"], "ct");

    let shapley = study.shapley(&study.relevant(), &ShapleySettings::default());
    let shapley = serde_json::to_value(region.keyed(&shapley)).unwrap();
    assert_eq!(shapley["values"][1]["cooperation"], "two");
    assert_eq!(shapley["is_exact"], true);

    let failures = serde_json::to_value(region.keyed(&study.failures(minutes(1)))).unwrap();
    let failures = failures.as_array().unwrap();
    let centre = failures.iter().find(|failure| failure["what"]["hospital"] == "full").unwrap();
    assert_eq!(centre["pathway"], pathways[0].key.as_str());
    // From km 60 it is an hour to the other one.
    assert!(centre["longest_seconds"].as_u64() >= Some(3600));
}

#[test]
fn what_an_added_cooperation_changes_is_written_by_its_study() {
    let added = [link("added", telemedicine(), "full", "ct")];
    let model = line_model(
        &[("ct", 0.0, false, &["ct", "lab"]), ("full", 60.0, true, &["ct", "lab"])],
        vec![],
        &[("a", 0, 4), ("b", 3600, 8)],
        pathway(5, None),
    );
    let region = region(&model);
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let study = Study::new(&region, &pathways, &added, Query::default()).unwrap();
    let values = study.values();
    assert_eq!(serde_json::to_value(study.keyed(&values)).unwrap()[0]["cooperation"], "added");
    // The region does not know it.
    assert!(serde_json::to_value(region.keyed(&values)).is_err());
}
