//! Figures of impact that were once wrong.

use verbund::impact::*;
use verbund::model::*;
use verbund::pathways::*;
use verbund::units::Seconds;

use crate::common::telemedicine;
use crate::pathways::{line_model, link, pathway, region};

const fn minutes(minutes: u32) -> Seconds {
    Seconds(minutes * 60)
}

/// Two pathways: "alpha" cannot be done by anybody without a link (nobody has both), "stroke" can.
fn two_pathways() -> Model {
    let mut model = line_model(
        &[
            ("ct", 0.0, false, &["ct", "lab"]),
            ("expert", 100.0, true, &[]),
            ("full", 60.0, true, &["ct", "lab"]),
        ],
        vec![],
        &[("a", 0, 4), ("b", 3600, 8)],
        pathway(5, None),
    );
    let mut alpha = pathway(5, None);
    alpha.key = "alpha".into();
    // needs a helipad beside the specialist: only "ct" ... nobody
    alpha.stages[0].requirement =
        Requirement::All(vec![crate::pathways::has("helipad"), Requirement::Specialty("s".into())]);
    let mut catalog = model.network.catalog().clone();
    catalog.pathways.insert(0, alpha);
    let mut builder = NetworkBuilder::new("test", crate::common::day(), catalog);
    for one in model.network.hospitals() {
        let mut one = one.clone();
        if one.key == "ct" {
            one.facilities.push(Facility::new("helipad"));
        }
        builder = builder.hospital(one);
    }
    model.network = builder.build().unwrap();
    model
}

#[test]
fn a_suggestion_for_a_pathway_that_nobody_can_do_yet_is_attributed_to_it() {
    let region = region(&two_pathways());
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    assert_eq!(pathways[0].key, "alpha");
    let what = Sought { kind: CandidateKind::Telemedicine, field: "s" };
    let both = suggest(&region, &pathways, what, 2, &Query::default()).unwrap();
    let only = suggest(&region, &pathways[1..], what, 2, &Query::default()).unwrap();
    // For "stroke" alone: a link to ct saves 50 minutes for 4 people.
    assert_eq!(only.ranked[0].effect[0].seconds, 4.0 * 3000.0);
    assert!(
        both.bound.is_none_or(|bound| bound >= only.seconds),
        "bound {:?} but {} is possible",
        both.bound,
        only.seconds
    );
    assert_eq!(both.ranked[0].effect[1].seconds, 4.0 * 3000.0, "stroke gets its own effect");
    assert!(both.ranked[0].effect[0].people_with_way > 0.0, "alpha becomes possible");
}

#[test]
fn most_counts_only_people_who_count() {
    // "c" is outside and far: 4 at km 0 save 50 minutes.
    let mut model = line_model(
        &[("ct", 0.0, false, &["ct", "lab"]), ("full", 60.0, true, &["ct", "lab"])],
        vec![link("one", telemedicine(), "full", "ct")],
        &[("a", 1200, 4), ("b", 3600, 8), ("z", 0, 16)],
        pathway(5, None),
    );
    for place in &mut model.places.places {
        if place.key == "z" {
            place.outside = true;
        }
    }
    let region = region(&model);
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let study = Study::new(&region, &pathways, &[], Query::default()).unwrap();
    let values = study.values();
    let by_compare =
        study.compare(&Outage::of_cooperation(study.relevant()[0]), &Outage::default());
    assert_eq!(values[0].given_others[0].most, by_compare[0].most);
}

#[test]
fn cases_of_a_failure_are_those_of_its_users_under_a_protocol_too() {
    let model = line_model(
        &[("ct", 0.0, false, &["ct", "lab"]), ("full", 60.0, true, &["ct", "lab"])],
        vec![link("one", telemedicine(), "full", "ct")],
        &[("a", 0, 4), ("b", 3600, 8)],
        pathway(5, None),
    );
    let region = region(&model);
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    for protocol in [Protocol::Free, Protocol::NearestDoor] {
        let query = Query::default().protocol(protocol);
        let study = Study::new(&region, &pathways, &[], query).unwrap();
        let failures = study.failures(minutes(1));
        let one = failures
            .iter()
            .find(|one| one.what == Failed::Cooperation(study.relevant()[0]))
            .unwrap();
        // a's 4 use it: 50 minutes each.
        assert_eq!(one.cases, 4.0, "{protocol:?}");
        assert_eq!(one.backup_seconds, Some(3000.0), "{protocol:?}");
    }
}

#[test]
fn cases_of_a_failure_are_those_of_the_hours_in_which_it_is_used() {
    let mut night = link("one", telemedicine(), "full", "ct");
    night.hours = "Mon-Sun 0-6".parse().unwrap();
    let model = line_model(
        &[("ct", 0.0, false, &["ct", "lab"]), ("full", 60.0, true, &["ct", "lab"])],
        vec![night],
        &[("a", 0, 4), ("b", 3600, 8)],
        pathway(5, None),
    );
    let region = region(&model);
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let study = Study::new(&region, &pathways, &[], Query::default()).unwrap();
    let failures = study.failures(minutes(1));
    let one =
        failures.iter().find(|one| one.what == Failed::Cooperation(study.relevant()[0])).unwrap();
    let value = &study.values()[0];
    assert!((one.cases - value.total_cases()).abs() < 1e-9);
    assert_eq!(one.backup_seconds, Some(3000.0));
}

#[test]
fn a_closed_expert_does_not_stand_for_those_who_are_there() {
    // Two experts that could help "ct"; the nearer one is gone altogether.
    let model = line_model(
        &[
            ("ct", 0.0, false, &["ct", "lab"]),
            ("e1", 50.0, true, &[]),
            ("full", 60.0, true, &["ct", "lab"]),
        ],
        vec![],
        &[("a", 0, 4), ("b", 3600, 8)],
        pathway(5, None),
    );
    let region = region(&model);
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let closed = region.network().find("e1").unwrap();
    let query = Query::default().outage(Outage::of_hospital(closed));
    let found = suggest(
        &region,
        &pathways,
        Sought { kind: CandidateKind::Telemedicine, field: "s" },
        1,
        &query,
    )
    .unwrap();
    // "full" can help just as well: 50 minutes for 4.
    assert_eq!(found.seconds, 4.0 * 3000.0, "{found:?}");
}

#[test]
fn what_a_cooperation_replaces_is_what_its_patients_from_inside_would_do() {
    // a (4 inside, km 20) would go to "full"; z (400 outside, km -30) to "far".
    let mut model = line_model(
        &[
            ("ct", 0.0, false, &["ct", "lab"]),
            ("far", -80.0, true, &["ct", "lab"]),
            ("full", 60.0, true, &["ct", "lab"]),
        ],
        vec![link("one", telemedicine(), "full", "ct")],
        &[("a", 600, 4), ("b", 3600, 8), ("z", 0, 400)],
        pathway(5, None),
    );
    for place in &mut model.places.places {
        if place.key == "z" {
            place.outside = true;
            place.position = crate::common::at(-30.0, 0.0);
        }
    }
    let region = region(&model);
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let study = Study::new(&region, &pathways, &[], Query::default()).unwrap();
    let value = &study.values()[0];
    let replaced = value.replaces[0].as_ref().unwrap();
    let stops: Vec<&str> =
        replaced.route.iter().map(|stop| region.network()[stop.hospital].key.as_str()).collect();
    assert_eq!(value.total_cases(), 4.0);
    assert_eq!(stops, vec!["full", "full"], "{value:?}");
}
