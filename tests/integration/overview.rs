//! The overview invents no figure: each is that of the analysis that it comes from.

use verbund::Region;
use verbund::calendar::HourOfWeek;
use verbund::comparison::Base;
use verbund::coverage;
use verbund::files::Folder;
use verbund::impact::{PROTOCOLS, Study};
use verbund::model::Model;
use verbund::overview::{LeftOutReason, NoRun, Overview, ScenariosInShort, published_figures};
use verbund::pathways::{Prepared, Query};
use verbund::planning::closures::{self, Order, Sites};
use verbund::routing::{Capacity, Choice, Flows, Huff};
use verbund::rules::{Assessment, GroupSettings, emergency_stages};
use verbund::run::Control;
use verbund::simulation::{Figure, FlowIndex, PatientFlow, RunPlan, Scope, Settings, simulate};

fn of(folder: &Folder) -> (Model, Region) {
    let model = folder.read().unwrap();
    let region = Region::new(&model, model.network.date()).unwrap();
    (model, region)
}

#[test]
fn every_figure_is_that_of_the_analysis_it_comes_from() {
    let (model, region) = of(&Folder::leipzig());
    let overview = Overview::of(&model, &region).unwrap();
    let catalog = region.network().catalog();

    assert_eq!(overview.coverage.len(), catalog.standards.len());
    for (standard, shown) in catalog.standards.iter().zip(&overview.coverage) {
        let alone = coverage::evaluate(&region, standard).unwrap();
        assert_eq!(*shown, alone, "{}", standard.key);
        // Each single point of failure is there, with its people.
        for point in alone.single_points_of_failure() {
            let found = overview
                .single_points
                .iter()
                .find(|found| found.hospital == point.hospital && found.standard == standard.key);
            let people = found.map(|found| found.newly_beyond);
            assert_eq!(people, Some(point.newly_beyond_if_closed), "{}", standard.key);
        }
        let pairs = closures::search(&region, standard, Sites::Inside, Order::Pair).unwrap();
        let shown: Vec<_> = overview
            .pairs
            .iter()
            .filter(|pair| pair.standard == standard.key)
            .map(|pair| pair.closure.clone())
            .collect();
        assert_eq!(shown, pairs.together(5), "{}", standard.key);
    }

    let hospitals = region.network().hospitals().len();
    let huff = Flows::of_region(&region, Choice::Huff(Huff::default())).unwrap();
    let capacity = Flows::of_region(&region, Choice::Capacity(Capacity::default())).unwrap();
    for (shown, flows) in [(&overview.huff, &huff), (&overview.capacity, &capacity)] {
        let loads: Vec<_> = shown.hospitals.iter().map(|hospital| hospital.load).collect();
        assert_eq!(loads, flows.hospital_loads(hospitals));
        let ids = shown.hospitals.iter().map(|hospital| hospital.hospital);
        assert!(ids.eq(region.network().ids()));
    }
    assert_eq!(overview.published, published_figures(&model, &region, &huff).unwrap());
    assert_eq!(overview.published.len(), region.network().published().len());

    assert_eq!(overview.pathways.len(), catalog.pathways.len());
    for (pathway, shown) in catalog.pathways.iter().zip(&overview.pathways) {
        let prepared = Prepared::new(&region, pathway, &[]);
        match (prepared, shown) {
            (Ok(prepared), Ok(shown)) => {
                let outcome = prepared.evaluate(&Query::default()).unwrap();
                assert_eq!(shown.stages, outcome.stages(), "{}", pathway.key);
                assert_eq!(shown.targets, outcome.targets_over_band(), "{}", pathway.key);
            }
            (Err(alone), Err(shown)) => assert_eq!(alone, *shown),
            (alone, shown) => panic!("{}: {:?}, {shown:?}", pathway.key, alone.is_ok()),
        }
    }

    let network = region.network();
    let groups = Assessment::new(network, &GroupSettings::default()).unwrap();
    assert_eq!(overview.service_groups, Some(groups));
    assert_eq!(overview.emergency_stages, Some(emergency_stages(network).unwrap()));
}

#[test]
fn cooperations_have_the_values_of_a_study_of_all_pathways() {
    let (model, region) = of(&Folder::leipzig());
    let shown = Overview::of(&model, &region).unwrap().cooperations;
    let pathways: Vec<_> = region.network().catalog().pathways.iter().collect();
    assert_eq!(shown.protocols, PROTOCOLS);
    assert!(!shown.changes.is_empty());
    for (column, protocol) in PROTOCOLS.into_iter().enumerate() {
        let query = Query::default().protocol(protocol);
        let study = Study::new(&region, &pathways, &[], query).unwrap();
        for change in &shown.changes {
            let value = change.values[column].as_ref().unwrap();
            assert_eq!(region.network()[value.cooperation].key, change.cooperation);
            assert_eq!(study.value(value.cooperation).as_ref(), Some(value));
        }
    }
}

#[test]
fn a_simulation_in_short_is_four_replications_of_four_months() {
    let (model, region) = of(&Folder::small());
    let short = Overview::of(&model, &region).unwrap().simulation;
    let settings = Settings::default().days(short.days).warm_up_days(short.warm_up_days);
    assert_eq!((short.replications, short.days, short.warm_up_days), (4, 120, 28));
    let flows = [PatientFlow::new(&region, &settings, None).unwrap()];
    let plan = RunPlan { seed: short.seed, replications: 4, until: None };
    let results = simulate(&flows, plan, &Control::default());
    let run = short.run.unwrap();
    assert_eq!(run.occupancy, results.interval(FlowIndex::BASE, Figure::Occupancy, Scope::Inside));
    for hospital in &run.hospitals {
        let scope = Scope::Hospital(hospital.hospital);
        assert_eq!(hospital.beds, results.beds(FlowIndex::BASE, scope));
        assert_eq!(hospital.occupancy, results.interval(FlowIndex::BASE, Figure::Occupancy, scope));
        assert_eq!(hospital.forced, results.interval(FlowIndex::BASE, Figure::Forced, scope));
    }
    let fullest_first = run.hospitals.is_sorted_by(|a, b| {
        a.occupancy.map(|interval| interval.mean) >= b.occupancy.map(|interval| interval.mean)
    });
    assert!(fullest_first);
}

#[test]
fn an_hour_changes_nothing_but_who_reaches_care() {
    let (model, region) = of(&Folder::leipzig());
    let night = region.in_hour(HourOfWeek::new(5, 3).unwrap());
    let of_week = Overview::of(&model, &region).unwrap();
    let at_night = Overview::of(&model, &night).unwrap();
    let standards = &region.network().catalog().standards;
    assert_eq!(at_night.coverage, coverage::evaluate_all(&night, standards).unwrap());
    assert_eq!(at_night.huff, of_week.huff);
    assert_eq!(at_night.pathways, of_week.pathways);
    assert_eq!(at_night.cooperations, of_week.cooperations);
    assert_eq!(at_night.published, of_week.published);
}

#[test]
fn scenarios_are_compared_as_by_themselves_or_left_out_with_a_reason() {
    let folder = Folder::leipzig();
    let (model, region) = of(&folder);
    let shown = ScenariosInShort::of(&folder, &model, &region).unwrap();
    let names = folder.scenarios().unwrap();
    assert_eq!(shown.changes.len() + shown.left_out.len(), names.len());

    let change = shown
        .changes
        .iter()
        .find(|change| change.scenario.key == "merger-delitzsch-eilenburg")
        .unwrap();
    let standards = &region.network().catalog().standards;
    let base = Base::new(&region, standards, Choice::Huff(Huff::default())).unwrap();
    // In short, without who gains and who loses on care pathways.
    let base = base.in_short();
    let after = region.apply(&[&change.scenario], change.at).unwrap();
    assert_eq!(change.comparison, base.compare(&after).unwrap());

    // It begins in 2025, and the network is that of a later day.
    let reason = |name: &str| {
        shown.left_out.iter().find(|left_out| left_out.scenario == name).map(|found| found.reason)
    };
    assert_eq!(reason("schkeuditz-closed"), Some(LeftOutReason::Earlier));
    assert_eq!(reason("winter"), Some(LeftOutReason::Passing));
}

#[test]
fn the_worst_places_of_the_small_network() {
    // Edorf is 35 minutes from the nearest CT, whose limit is 30; Fdorf lies outside.
    let (model, region) = of(&Folder::small());
    let overview = Overview::of(&model, &region).unwrap();
    let names: Vec<&str> =
        overview.worst_places.iter().map(|worst| region.place(worst.place).name.as_str()).collect();
    assert_eq!(names.len(), 5, "the place outside is none of them: {names:?}");
    assert_eq!(names[0], "Edorf");
    let missed = |worst: &verbund::overview::WorstPlace| worst.missed.len();
    assert!(overview.worst_places.is_sorted_by(|a, b| missed(a) >= missed(b)));
    // No hospital of the data has a catheter laboratory: that is no verdict on a place.
    assert!(overview.worst_places.iter().all(|worst| !worst.missed.contains(&"cath_lab".into())));
    assert!(!matches!(overview.simulation.run, Err(NoRun::TooManyPatients { .. })));
}

#[test]
fn an_overview_is_written_by_key_and_in_seconds() {
    let (model, region) = of(&Folder::small());
    let overview = Overview::of(&model, &region).unwrap();
    let written = serde_json::to_value(region.keyed(&overview)).unwrap();
    let worst = &written["worst_places"][0];
    assert_eq!(worst["place"], region.place(overview.worst_places[0].place).key.as_str());
    // Edorf is 35 minutes from the nearest CT, all others are nearer to one.
    let ct = overview.coverage.iter().position(|coverage| coverage.standard.key == "ct").unwrap();
    assert_eq!(written["coverage"][ct]["total"]["longest_seconds"], 35 * 60);
    assert_eq!(written["huff"]["hospitals"][0]["hospital"], "north");
    assert_eq!(written["simulation"]["replications"], 4);
    assert_eq!(written["emergency_stages"][0]["hospital"], "north");
    // A pathway of which nobody can do a stage has its error in the place of figures.
    let pathways = written["pathways"].as_array().unwrap();
    for (written, pathway) in pathways.iter().zip(&overview.pathways) {
        assert_eq!(written["error"].is_string(), pathway.is_err());
    }
    assert!(written["region"].is_null(), "a region is no figure");
}
