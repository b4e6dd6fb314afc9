//! The tables of one pathway.

use std::collections::BTreeMap;

use super::super::document::{Cell, Section, Table};
use super::super::namesakes::Namesakes;
use super::{DONE, START, WORST, assumed};
use super::{
    limit, main_targets, other_unit, remark, shares_by_way, target_words, times, way_name, whole,
};
use crate::model::{CooperationKind, HospitalId, Pathway, Target};
use crate::pathways::{Loads, Objective, Outcome, PlaceTimes, StageTimes};

pub(super) fn stages(all: &[&Outcome<'_, '_>]) -> Table {
    let mut keys = vec!["when", "stage"];
    keys.extend(START);
    keys.extend(DONE);
    keys.extend(["share_without_way", "without_way_people"]);
    let mut table = Table::new(&keys);
    for outcome in all {
        let pathway = outcome.prepared().pathway();
        for one in outcome.stages() {
            let share_without_way = one.share_without_way();
            let StageTimes { stage, without_way, start, done, .. } = one;
            let mut cells = vec![
                Cell::text(outcome.query().when.label()),
                Cell::text(stage.map_or("door", |at| pathway.stages[at].key.as_str())),
            ];
            cells.extend(times(&start));
            cells.extend(times(&done));
            cells.push(Cell::maybe_share(share_without_way));
            cells.push(whole(without_way));
            table.row(cells);
        }
    }
    let table = hide_when(table, all.len()).details(&["without_way_people"]);
    match all.first() {
        Some(outcome) => table.details(other_unit(outcome.prepared().pathway())),
        None => table,
    }
}

/// Where all rows are about the same hours, the top of the document names them.
pub(super) fn hide_when(table: Table, outcomes: usize) -> Table {
    if outcomes == 1 { table.details(&["when"]) } else { table }
}

pub(super) fn targets(all: &[&Outcome<'_, '_>]) -> Table {
    let mut table = Table::new(&[
        "when",
        "target",
        "limit",
        "share_within_limit",
        "people_beyond",
        "is_assumed",
        "remark",
        "limit_minutes",
        "shortest_possible_minutes",
        "people",
        "source",
    ]);
    for outcome in all {
        for one in outcome.targets() {
            let (target, pathway) = (&one.target, outcome.prepared().pathway());
            let remark = remark(pathway, &one);
            let beyond = one.share.map(|share| one.people as f64 * (1.0 - share));
            let is_assumed = target.source.contains("assumed") || pathway.is_assumed("targets");
            table.row(vec![
                Cell::text(outcome.query().when.label()),
                Cell::text(pathway.span_words(&target.from, &target.to)),
                Cell::text(limit(target)),
                Cell::maybe_share(one.share),
                beyond.map_or(Cell::Missing, whole),
                Cell::flag(is_assumed),
                if remark.is_empty() { Cell::Missing } else { Cell::text(remark) },
                Cell::count(target.minutes),
                Cell::maybe_time(one.shortest),
                Cell::count(one.people),
                Cell::text(&target.source),
            ]);
        }
    }
    hide_when(table, all.len()).details(&[
        "limit_minutes",
        "shortest_possible_minutes",
        "people",
        "source",
    ])
}

pub(super) fn ways(pathway: &Pathway, loads: &Loads) -> Section {
    let mut table = Table::new(&["way", "what", "share", cases_key(loads)]);
    for (key, share, can_be) in shares_by_way(pathway, loads) {
        let words = match key {
            "direct" => "all stages at the first hospital, without a partner",
            "transfer" => "handed on to another hospital",
            "transfer_without_agreement" => "handed on where no agreement holds",
            "telemedicine" => "some stage with an expert's help from afar",
            "visiting_team" => "some stage with a team that comes",
            "central_service" => "some stage with the result of a centre",
            "helicopter" => "to the first hospital by helicopter",
            "waited" => "waits for opening hours",
            _ => "does not get to the last stage",
        };
        if can_be {
            table.row(vec![
                Cell::text(key),
                Cell::text(words),
                if loads.inside > 0.0 { Cell::share(share) } else { Cell::Missing },
                patients(loads, share * loads.inside),
            ]);
        }
    }
    Section::new("ways", "Which way patients from inside go", table.details(&["way"]))
        .note("One patient can count in several rows: handed on, and helped from afar before that.")
}

/// The column of patients from inside: cases, or people where nobody knows the cases.
pub(super) fn cases_key(loads: &Loads) -> &'static str {
    if loads.are_cases { "cases_inside" } else { "inside_people" }
}

pub(super) fn patients(loads: &Loads, number: f64) -> Cell {
    if !loads.are_cases {
        return whole(number);
    }
    // A decimal where cases are few.
    Cell::number(number, usize::from(loads.inside < 1000.0))
}

pub(super) fn by_hospital(outcome: &Outcome<'_, '_>, loads: &Loads, most: usize) -> Table {
    let (region, pathway) = (outcome.prepared().region(), outcome.prepared().pathway());
    let mut keys = vec!["stage", "hospital", "hospital_name", "way", cases_key(loads)];
    if loads.are_cases {
        keys.push("cases");
    }
    let mut table = Table::new(&keys);
    for (index, stage) in pathway.stages.iter().enumerate() {
        let mut own: Vec<_> = loads.hospitals.iter().filter(|one| one.stage == index).collect();
        // A stable sort: ties stay in the order of all patients, hospitals and ways.
        own.sort_by(|a, b| b.inside.total_cmp(&a.inside));
        if most < usize::MAX {
            own.retain(|one| one.inside > 0.0);
            own.truncate(most);
        }
        for one in own {
            let hospital = &region.network()[one.hospital];
            let mut cells = vec![
                Cell::text(&stage.key),
                Cell::text(&hospital.key),
                Cell::text(&hospital.name),
                Cell::text(way_name(&stage.ways[one.way])),
                patients(loads, one.inside),
            ];
            if loads.are_cases {
                cells.push(patients(loads, one.patients));
            }
            table.row(cells);
        }
    }
    table.details(&["hospital_name"])
}

/// What the flag of a cooperation means.
pub(super) const TERMS: &str = "Assumed: nobody published its kind or its terms.";

pub(super) fn by_cooperation(outcome: &Outcome<'_, '_>, loads: &Loads, with_unused: bool) -> Table {
    let prepared = outcome.prepared();
    let (network, pathway) = (prepared.region().network(), prepared.pathway());
    let mut keys = vec!["cooperation", "from", "to", "what", cases_key(loads), "is_assumed"];
    keys.extend(["kind", "stage", "assumed"]);
    if loads.are_cases {
        keys.push("cases");
    }
    let mut table = Table::new(&keys);
    let mut row = |index: usize, link: [Cell; 2], stage: Option<usize>, amount: (f64, f64)| {
        let one = prepared.cooperations()[index];
        let assumed = assumed::of_cooperation(one);
        let kind = kind_name(&one.kind);
        let stage = stage.map(|at| pathway.stages[at].key.as_str());
        let [from, to] = link;
        let mut cells = vec![
            Cell::text(&one.key),
            from,
            to,
            Cell::text(stage.unwrap_or(kind)),
            patients(loads, amount.0),
            Cell::flag(assumed.iter().any(|path| path == "kind" || path == "terms")),
            Cell::text(one.kind.name()),
            Cell::maybe_text(stage),
            Cell::list(assumed),
        ];
        if loads.are_cases {
            cells.push(patients(loads, amount.1));
        }
        table.row(cells);
    };
    for one in &loads.cooperations {
        let link = [Cell::text(&network[one.from].key), Cell::text(&network[one.to].key)];
        row(one.cooperation, link, one.stage, (one.inside, one.patients));
    }
    if with_unused {
        for index in prepared.relevant() {
            if loads.cooperations.iter().all(|one| one.cooperation != index) {
                let parties = prepared.cooperations()[index].parties.keys();
                let (from, to) = parties.split_first().expect("a cooperation has parties");
                row(index, [Cell::text(*from), Cell::text(to.join(", "))], None, (0.0, 0.0));
            }
        }
    }
    table.details(&["kind", "stage", "assumed", "cases"])
}

/// A kind of cooperation that serves pathways, in words.
pub(super) fn kind_name(kind: &CooperationKind) -> &'static str {
    match kind {
        CooperationKind::Transfer { .. } => "transfer",
        CooperationKind::Telemedicine { .. } => "telemedicine",
        CooperationKind::VisitingTeam { .. } => "visiting team",
        CooperationKind::CentralService { .. } => "central service",
        other => other.name(),
    }
}

/// The stage that places are compared by: the one that the route is chosen for.
pub(super) fn stage_of_interest(outcome: &Outcome<'_, '_>) -> usize {
    let pathway = outcome.prepared().pathway();
    match &outcome.query().objective {
        Objective::Stage(key) => pathway.stage(key).unwrap_or(pathway.stages.len() - 1),
        _ => pathway.stages.len() - 1,
    }
}

pub(super) fn place_table(outcome: &Outcome<'_, '_>, places: &[&PlaceTimes]) -> (Table, String) {
    let (region, pathway) = (outcome.prepared().region(), outcome.prepared().pathway());
    let stage = stage_of_interest(outcome);
    let key = &pathway.stages[stage].key;
    let of_stage = |target: &Target| target.to.stage() == Some(key.as_str());
    let target = pathway.targets.iter().position(of_stage);
    let mut keys = vec!["place", "place_name", "district", "people", "cases"];
    keys.extend(DONE);
    keys.extend(["door_share_within_limit", "treatment_share_within_limit", "without_way_people"]);
    let mut table = Table::new(&keys);
    let [door, _] = main_targets(pathway);
    let namesakes = Namesakes::new(region);
    for one in places {
        let place = region.place(one.place);
        let share =
            |target: Option<usize>| Cell::maybe_share(target.and_then(|at| one.targets[at]));
        let mut cells = vec![
            Cell::text(&place.key),
            namesakes.place(one.place),
            Cell::text(&place.district),
            Cell::count(one.people),
            Cell::maybe_number(one.cases, 1),
        ];
        cells.extend(times(&one.stages[stage]));
        cells.extend([share(door), share(target), whole(one.without_way)]);
        table.row(cells);
    }
    let note = match target {
        Some(at) => format!(
            "Done: the end of {key}. In time: {}.",
            target_words(pathway, &pathway.targets[at])
        ),
        None => format!("Done: the end of {key}."),
    };
    (table.details(&["place", "district"]).details(other_unit(pathway)), note)
}

pub(super) fn by_place(outcome: &Outcome<'_, '_>, places: &[PlaceTimes]) -> (Table, String) {
    place_table(outcome, &places.iter().collect::<Vec<_>>())
}

/// Every stage of every place inside, with the hospital that does it for most, and the ways that the
/// place's patients go.
pub(super) fn by_stage(outcome: &Outcome<'_, '_>, places: &[PlaceTimes]) -> Table {
    let (region, pathway) = (outcome.prepared().region(), outcome.prepared().pathway());
    let loads = outcome.loads_by_place();
    let mut keys = vec!["place", "place_name", "stage"];
    keys.extend(DONE);
    keys.extend([
        "hospital",
        "share",
        "people",
        "cases",
        "share_direct",
        "share_transfer",
        "share_telemedicine",
        "share_visiting_team",
        "share_without_way",
    ]);
    let mut table = Table::new(&keys);
    let namesakes = Namesakes::new(region);
    for one in places.iter().filter(|one| one.people > 0) {
        let (place, own) = (region.place(one.place), &loads[one.place.index()]);
        for (at, stage) in pathway.stages.iter().enumerate() {
            let mut by_hospital: BTreeMap<HospitalId, f64> = BTreeMap::new();
            for load in own.hospitals.iter().filter(|load| load.stage == at) {
                *by_hospital.entry(load.hospital).or_default() += load.inside;
            }
            // Of equal ones the first by key.
            let most = by_hospital.into_iter().rev().max_by(|a, b| a.1.total_cmp(&b.1));
            let share = |patients: f64| if own.inside > 0.0 { patients / own.inside } else { 0.0 };
            let mut cells =
                vec![Cell::text(&place.key), namesakes.place(one.place), Cell::text(&stage.key)];
            cells.extend(times(&one.stages[at]));
            cells.extend([
                Cell::maybe_text(most.map(|(id, _)| region.network()[id].key.clone())),
                Cell::maybe_share(most.map(|(_, patients)| share(patients))),
                Cell::count(one.people),
                Cell::maybe_number(one.cases, 1),
                Cell::share(own.ways.direct),
                Cell::share(own.ways.transfer),
                Cell::share(own.ways.telemedicine),
                Cell::share(own.ways.visiting_team),
                Cell::share(own.ways.without_way),
            ]);
            table.row(cells);
        }
    }
    let rest = ["share_direct", "share_transfer", "share_telemedicine", "share_visiting_team"];
    table.details(&["place", "people", "cases"]).details(&rest).details(other_unit(pathway))
}

/// The places where the stage of interest is done last, by the mean.
pub(super) fn worst_places(outcome: &Outcome<'_, '_>, places: &[PlaceTimes]) -> (Table, String) {
    let stage = stage_of_interest(outcome);
    let mut worst: Vec<&PlaceTimes> = places
        .iter()
        .filter(|one| one.people > 0 && one.stages[stage].mean_seconds.is_some())
        .collect();
    let mean = |one: &PlaceTimes| one.stages[stage].mean_seconds.unwrap_or(0.0);
    worst.sort_by(|a, b| mean(b).total_cmp(&mean(a)).then(a.place.cmp(&b.place)));
    worst.truncate(WORST);
    let (table, note) = place_table(outcome, &worst);
    (table, format!("By the mean. {note} All places: --by place."))
}

pub(super) fn without_way(outcome: &Outcome<'_, '_>, places: &[PlaceTimes]) -> Table {
    let region = outcome.prepared().region();
    let mut table =
        Table::new(&["place", "place_name", "district", "people", "without_way_people"]);
    let namesakes = Namesakes::new(region);
    for one in places.iter().filter(|one| one.without_way > 0.0) {
        let place = region.place(one.place);
        table.row(vec![
            Cell::text(&place.key),
            namesakes.place(one.place),
            Cell::text(&place.district),
            Cell::count(one.people),
            whole(one.without_way),
        ]);
    }
    table.details(&["place"])
}
