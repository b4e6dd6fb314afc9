//! The tables of one pathway.

use std::collections::BTreeMap;

use super::super::Column;
use super::super::band;
use super::super::document::{Cell, Hint, Remark, Section, Table};
use super::super::namesakes::Namesakes;
use super::{WORST, assumed, done_columns, start_columns};
use super::{main_targets, remark, shares_by_way, target_words, way_name, whole};
use crate::model::{
    BandEnd, Cooperation, CooperationKind, HospitalId, Pathway, StageIndex, Target, Urgency,
};
use crate::pathways::{Loads, Objective, Outcome, PlaceTimes, TargetResult, When};
use crate::report::columns::{
    ASSUMED, CASES, CASES_INSIDE, COOPERATION, DISTRICT, DOOR_OVER_BAND, DOOR_SHARE_IF_QUICK,
    DOOR_SHARE_IF_SLOW, DOOR_SHARE_WITHIN_LIMIT, FROM, HOSPITAL, HOSPITAL_NAME, INSIDE_PEOPLE,
    IS_ASSUMED, KIND, LIMIT, LIMIT_MINUTES, OVER_BAND, PEOPLE, PEOPLE_BEYOND, PLACE, PLACE_NAME,
    REMARK, SHARE, SHARE_DIRECT, SHARE_IF_QUICK, SHARE_IF_SLOW, SHARE_TELEMEDICINE, SHARE_TRANSFER,
    SHARE_VISITING_TEAM, SHARE_WITHIN_LIMIT, SHARE_WITHOUT_WAY, SHORTEST_POSSIBLE_MINUTES, SOURCE,
    STAGE, TARGET, TO, TREATMENT_OVER_BAND, TREATMENT_SHARE_IF_QUICK, TREATMENT_SHARE_IF_SLOW,
    TREATMENT_SHARE_WITHIN_LIMIT, WAY, WHAT, WHEN, WITHOUT_WAY_PEOPLE,
};
use crate::report::limits::limit;

pub(super) fn stages(outcomes: &[&Outcome<'_, '_>]) -> Table {
    let mut rows = Vec::new();
    for outcome in outcomes {
        for stage in outcome.stages() {
            rows.push((*outcome, stage));
        }
    }
    // All are of one pathway.
    let urgency = match outcomes.first() {
        Some(outcome) => outcome.prepared().pathway().urgency,
        None => Urgency::Emergency,
    };

    let table = Table::of(rows)
        .column(WHEN, |(outcome, _)| Cell::said(|| outcome.query().when.label()))
        .column(STAGE, |(outcome, row)| match row.stage {
            Some(stage) => Cell::text(&outcome.prepared().pathway()[stage].key),
            // The row before the stages: arrival at the first hospital and handover.
            None => Cell::word("door"),
        });
    let table = start_columns(table, urgency, |(_, row)| Some(&row.start));
    done_columns(table, urgency, |(_, row)| Some(&row.done))
        .column(SHARE_WITHOUT_WAY, |(_, row)| Cell::maybe_share(row.share_without_way()))
        .detail(WITHOUT_WAY_PEOPLE, |(_, row)| whole(row.without_way))
        .build()
        // Where all rows are about the same hours, the top of the document names them.
        .hide_if(outcomes.len() == 1, &[WHEN])
}

/// A target of an outcome, and who is in time.
struct TargetRow<'o> {
    when: When,
    pathway: &'o Pathway,
    result: TargetResult,
}

/// Who is within each target, and of which of them that is not decided by the road model.
pub(super) struct Targets {
    pub(super) table: Table,
    pub(super) verdicts: band::Verdicts,
}

/// `results` are those of each outcome, in their order.
pub(super) fn targets(outcomes: &[&Outcome<'_, '_>], results: Vec<Vec<TargetResult>>) -> Targets {
    let mut rows = Vec::new();
    for (outcome, results) in outcomes.iter().zip(results) {
        let pathway = outcome.prepared().pathway();
        for result in results {
            rows.push(TargetRow { when: outcome.query().when, pathway, result });
        }
    }
    let is_assumed = |row: &TargetRow<'_>| {
        // Most limits have sources of their own; some say in them that they are assumed.
        row.result.target.source.contains("assumed") || row.pathway.is_assumed("targets")
    };

    let has_band = rows.iter().any(|row| row.result.share_band.is_some());
    let mut verdicts = band::Verdicts::default();
    for row in &rows {
        // Day and night have the same targets.
        let mut name = target_words(row.pathway, &row.result.target);
        if outcomes.len() > 1 {
            name = format!("{name} ({})", row.when.label());
        }
        verdicts.add(&name, row.result.over_band());
    }

    let table = Table::of(rows)
        .column(WHEN, |row| Cell::said(|| row.when.label()))
        .column(TARGET, |row| {
            Cell::said(|| row.pathway.span_words(&row.result.target.from, &row.result.target.to))
        })
        .column(LIMIT, |row| Cell::said(|| limit(&row.result.target)))
        .column(SHARE_WITHIN_LIMIT, |row| Cell::maybe_share(row.result.share))
        .column(SHARE_IF_SLOW, |row| band::share_cell(row.result.share_band, BandEnd::Slow))
        .column(SHARE_IF_QUICK, |row| band::share_cell(row.result.share_band, BandEnd::Quick))
        .detail(OVER_BAND, |row| band::word(row.result.over_band()))
        .column(PEOPLE_BEYOND, |row| match row.result.share {
            Some(share) => whole(row.result.people as f64 * (1.0 - share)),
            None => Cell::Missing,
        })
        .column(IS_ASSUMED, |row| Cell::flag(is_assumed(row)))
        .column(REMARK, |row| Cell::maybe_text(remark(row.pathway, &row.result)))
        .detail(LIMIT_MINUTES, |row| Cell::count(row.result.target.minutes))
        .detail(SHORTEST_POSSIBLE_MINUTES, |row| Cell::maybe_time(row.result.shortest))
        .detail(PEOPLE, |row| Cell::count(row.result.people))
        .detail(SOURCE, |row| Cell::text(&row.result.target.source))
        .build()
        .hide_if(!has_band, &[SHARE_IF_SLOW, SHARE_IF_QUICK])
        .hide_if(outcomes.len() == 1, &[WHEN]);
    Targets { table, verdicts }
}

pub(super) fn ways(pathway: &Pathway, loads: &Loads) -> Section {
    // A way that the pathway does not have would be a row of 0 that says nothing.
    let possible = shares_by_way(pathway, loads).into_iter().filter(|way| way.is_possible);
    let table = Table::of(possible)
        .detail(WAY, |way| Cell::text(way.key))
        .column(WHAT, |way| Cell::word(way_in_words(way.key)))
        // A share of nobody is unknown, not 0.
        .column(SHARE, |way| Cell::maybe_share((loads.inside > 0.0).then_some(way.share)))
        .column(cases_column(loads), |way| patients(loads, way.share * loads.inside))
        .build();
    Section::new("ways", "Which way patients from inside go", table)
        .note("One patient can count in several rows: handed on, and helped from afar before that.")
}

fn way_in_words(key: &str) -> &'static str {
    match key {
        "direct" => "all stages at the first hospital, without a partner",
        "transfer" => "handed on to another hospital",
        "transfer_without_agreement" => "handed on where no agreement holds",
        "telemedicine" => "some stage with an expert's help from afar",
        "visiting_team" => "some stage with a team that comes",
        "central_service" => "some stage with the result of a centre",
        "helicopter" => "to the first hospital by helicopter",
        "waited" => "waits for opening hours",
        _ => "does not get to the last stage",
    }
}

/// The column of patients from inside: cases, or people where nobody knows the cases.
pub(super) fn cases_column(loads: &Loads) -> Column {
    if loads.are_cases { CASES_INSIDE } else { INSIDE_PEOPLE }
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
    let mut rows = Vec::new();
    for index in pathway.stage_indices() {
        let stage = &pathway[index];
        let mut of_stage: Vec<_> =
            loads.hospitals.iter().filter(|load| load.stage == index).collect();
        // A stable sort: ties stay in the order of all patients, hospitals and ways.
        of_stage.sort_by(|a, b| b.inside.total_cmp(&a.inside));
        if most < usize::MAX {
            // The cut table is about patients from inside; those from outside only are in the whole one.
            of_stage.retain(|load| load.inside > 0.0);
            of_stage.truncate(most);
        }
        for load in of_stage {
            rows.push((stage, load));
        }
    }

    let table = Table::of(rows)
        .column(STAGE, |(stage, _)| Cell::text(&stage.key))
        .column(HOSPITAL, |(_, load)| Cell::text(&region.network()[load.hospital].key))
        .detail(HOSPITAL_NAME, |(_, load)| Cell::text(&region.network()[load.hospital].name))
        .column(WAY, |(stage, load)| Cell::word(way_name(&stage[load.way])))
        .column(cases_column(loads), |(_, load)| patients(loads, load.inside));

    // Cases fill beds wherever they come from; residents are asked about inside only.
    if loads.are_cases {
        return table.column(CASES, |(_, load)| patients(loads, load.patients)).build();
    }
    table.build()
}

/// What the flag of a cooperation means.
pub(super) const TERMS: &str = "Assumed: nobody published its kind or its terms.";

/// A use of a cooperation, or a cooperation that could be used.
struct Use<'p> {
    cooperation: &'p Cooperation,
    from: String,
    to: String,
    /// The key of the stage that it helps with; none of a transfer.
    stage: Option<&'p str>,
    inside: f64,
    patients: f64,
    assumed: Vec<String>,
}

pub(super) fn by_cooperation(outcome: &Outcome<'_, '_>, loads: &Loads, with_unused: bool) -> Table {
    let prepared = outcome.prepared();
    let (network, pathway) = (prepared.region().network(), prepared.pathway());
    let mut rows = Vec::new();
    for load in &loads.cooperations {
        let cooperation = prepared.cooperation(load.cooperation);
        rows.push(Use {
            cooperation,
            from: network[load.from].key.clone(),
            to: network[load.to].key.clone(),
            stage: load.stage.map(|stage| pathway[stage].key.as_str()),
            inside: load.inside,
            patients: load.patients,
            assumed: assumed::of_cooperation(cooperation),
        });
    }
    if with_unused {
        for id in prepared.relevant() {
            if loads.cooperations.iter().all(|load| load.cooperation != id) {
                rows.push(unused(prepared.cooperation(id)));
            }
        }
    }

    let table = Table::of(rows)
        .column(COOPERATION, |row| Cell::text(&row.cooperation.key))
        .column(FROM, |row| Cell::text(&row.from))
        .column(TO, |row| Cell::text(&row.to))
        .column(WHAT, |row| Cell::text(row.stage.unwrap_or(kind_name(&row.cooperation.kind))))
        .column(cases_column(loads), |row| patients(loads, row.inside))
        .column(IS_ASSUMED, |row| {
            Cell::flag(row.assumed.iter().any(|path| path == "kind" || path == "terms"))
        })
        .detail(KIND, |row| Cell::word(row.cooperation.kind.name()))
        .detail(STAGE, |row| Cell::maybe_text(row.stage))
        .detail(ASSUMED, |row| Cell::list(&row.assumed));

    if loads.are_cases {
        return table.detail(CASES, |row| patients(loads, row.patients)).build();
    }
    table.build()
}

/// A cooperation that could serve the pathway, but makes nobody faster.
fn unused(cooperation: &Cooperation) -> Use<'_> {
    // Of a use, from and to are the two who worked together; here they are all who could.
    let parties = cooperation.parties.keys();
    let (from, to) = parties.split_first().expect("a cooperation has parties");
    Use {
        cooperation,
        from: (*from).to_owned(),
        to: to.join(", "),
        stage: None,
        inside: 0.0,
        patients: 0.0,
        assumed: assumed::of_cooperation(cooperation),
    }
}

/// A kind of cooperation that serves pathways, in words.
pub(super) fn kind_name(kind: &CooperationKind) -> &'static str {
    match kind {
        CooperationKind::Transfer { .. } => "transfer",
        CooperationKind::Telemedicine { .. } => "telemedicine",
        CooperationKind::VisitingTeam { .. } => "visiting team",
        CooperationKind::CentralService { .. } => "central service",
        unserving => unserving.name(),
    }
}

/// The stage that places are compared by: the one that the route is chosen for.
pub(super) fn stage_of_interest(outcome: &Outcome<'_, '_>) -> StageIndex {
    let pathway = outcome.prepared().pathway();
    let last = pathway.stage_indices().last().expect("a pathway has a stage");
    match &outcome.query().objective {
        Objective::Stage(key) => pathway.stage(key).unwrap_or(last),
        _ => last,
    }
}

/// The first target that stops at that stage, by position.
pub(super) fn target_of_interest(outcome: &Outcome<'_, '_>) -> Option<usize> {
    let pathway = outcome.prepared().pathway();
    let key = pathway[stage_of_interest(outcome)].key.as_str();
    let of_stage = |target: &Target| target.to.stage() == Some(key);
    pathway.targets.iter().position(of_stage)
}

/// Whether no share of a place has a band.
fn is_without_band(place: &PlaceTimes) -> bool {
    place.target_bands.iter().all(Option::is_none)
}

pub(super) fn place_table(outcome: &Outcome<'_, '_>, places: &[&PlaceTimes]) -> (Table, String) {
    let (region, pathway) = (outcome.prepared().region(), outcome.prepared().pathway());
    let stage = stage_of_interest(outcome);
    let key = &pathway[stage].key;
    let target = target_of_interest(outcome);
    let [door, _] = main_targets(pathway);
    let namesakes = Namesakes::new(region);
    let share = |row: &PlaceTimes, target: Option<usize>| match target {
        Some(position) => Cell::maybe_share(row.targets[position]),
        None => Cell::Missing,
    };
    let share_at = |row: &PlaceTimes, target: Option<usize>, end: BandEnd| match target {
        Some(position) => band::share_cell(row.target_bands[position], end),
        None => Cell::Missing,
    };
    let over_band = |row: &PlaceTimes, target: Option<usize>| {
        band::word(target.and_then(|position| row.over_band(position)))
    };

    let table = Table::of(places.iter().copied())
        .detail(PLACE, |row| Cell::text(&region.place(row.place).key))
        .column(PLACE_NAME, |row| namesakes.place(row.place))
        .detail(DISTRICT, |row| Cell::text(&region.place(row.place).district))
        .column(PEOPLE, |row| Cell::count(row.people))
        .column(CASES, |row| Cell::maybe_number(row.cases, 1));
    let table = done_columns(table, pathway.urgency, |row| Some(&row.stages[stage.index()]))
        .column(DOOR_SHARE_WITHIN_LIMIT, |row| share(row, door))
        .detail(DOOR_SHARE_IF_SLOW, |row| share_at(row, door, BandEnd::Slow))
        .detail(DOOR_SHARE_IF_QUICK, |row| share_at(row, door, BandEnd::Quick))
        .detail(DOOR_OVER_BAND, |row| over_band(row, door))
        .column(TREATMENT_SHARE_WITHIN_LIMIT, |row| share(row, target))
        .detail(TREATMENT_SHARE_IF_SLOW, |row| share_at(row, target, BandEnd::Slow))
        .detail(TREATMENT_SHARE_IF_QUICK, |row| share_at(row, target, BandEnd::Quick))
        .column(TREATMENT_OVER_BAND, |row| over_band(row, target))
        .column(WITHOUT_WAY_PEOPLE, |row| whole(row.without_way))
        .build()
        .hide_if(places.iter().all(|row| is_without_band(row)), &[TREATMENT_OVER_BAND]);
    let note = match target {
        Some(position) => said!(
            "Done: the end of {key}. In time: {target}.",
            key,
            target = target_words(pathway, &pathway.targets[position])
        ),
        None => said!("Done: the end of {key}.", key),
    };
    (table, note)
}

pub(super) fn by_place(outcome: &Outcome<'_, '_>, places: &[PlaceTimes]) -> (Table, String) {
    place_table(outcome, &places.iter().collect::<Vec<_>>())
}

/// Every stage of every place inside, with the hospital that does it for most, and the ways that the
/// place's patients go.
pub(super) fn by_stage(outcome: &Outcome<'_, '_>, places: &[PlaceTimes]) -> Table {
    let (region, pathway) = (outcome.prepared().region(), outcome.prepared().pathway());
    let loads = outcome.loads_by_place();
    let namesakes = Namesakes::new(region);
    let mut rows = Vec::new();
    // A place where nobody lives has no times of its own.
    for place in places.iter().filter(|place| place.people > 0) {
        let loads = &loads[place.place.index()];
        for stage in pathway.stage_indices() {
            rows.push(PlaceStage { place, stage, loads, most: most_used(loads, stage) });
        }
    }

    let table = Table::of(rows)
        .detail(PLACE, |row| Cell::text(&region.place(row.place.place).key))
        .column(PLACE_NAME, |row| namesakes.place(row.place.place))
        .column(STAGE, |row| Cell::text(&pathway[row.stage].key));
    done_columns(table, pathway.urgency, |row| Some(&row.place.stages[row.stage.index()]))
        .column(HOSPITAL, |row| match row.most {
            Some((id, _)) => Cell::text(&region.network()[id].key),
            None => Cell::Missing,
        })
        .column(SHARE, |row| match row.most {
            Some((_, patients)) => Cell::share(row.share(patients)),
            None => Cell::Missing,
        })
        .detail(PEOPLE, |row| Cell::count(row.place.people))
        .detail(CASES, |row| Cell::maybe_number(row.place.cases, 1))
        .detail(SHARE_DIRECT, |row| Cell::share(row.loads.ways.direct))
        .detail(SHARE_TRANSFER, |row| Cell::share(row.loads.ways.transfer))
        .detail(SHARE_TELEMEDICINE, |row| Cell::share(row.loads.ways.telemedicine))
        .detail(SHARE_VISITING_TEAM, |row| Cell::share(row.loads.ways.visiting_team))
        .column(SHARE_WITHOUT_WAY, |row| Cell::share(row.loads.ways.without_way))
        .build()
}

/// A stage at a place.
struct PlaceStage<'p> {
    place: &'p PlaceTimes,
    stage: StageIndex,
    loads: &'p Loads,
    /// The hospital that does it for most of the place's patients, with how many they are.
    most: Option<(HospitalId, f64)>,
}

impl PlaceStage<'_> {
    /// The share of the place's patients that so many are.
    fn share(&self, patients: f64) -> f64 {
        if self.loads.inside > 0.0 { patients / self.loads.inside } else { 0.0 }
    }
}

/// The hospital that does a stage for most patients; of equal ones the first by key.
fn most_used(loads: &Loads, stage: StageIndex) -> Option<(HospitalId, f64)> {
    let mut by_hospital: BTreeMap<HospitalId, f64> = BTreeMap::new();
    for load in loads.hospitals.iter().filter(|load| load.stage == stage) {
        *by_hospital.entry(load.hospital).or_default() += load.inside;
    }
    // `max_by` takes the last of equal ones, so the first by key has to come last.
    by_hospital.into_iter().rev().max_by(|a, b| a.1.total_cmp(&b.1))
}

/// The places where the stage of interest is done last, by the mean.
pub(super) fn worst_places(outcome: &Outcome<'_, '_>, places: &[PlaceTimes]) -> (Table, Remark) {
    let stage = stage_of_interest(outcome);
    // Where nobody has a way there is no mean: those are in a table of their own.
    let has_mean = |place: &&PlaceTimes| {
        place.people > 0 && place.stages[stage.index()].mean_seconds.is_some()
    };
    let mut worst: Vec<&PlaceTimes> = places.iter().filter(has_mean).collect();
    let mean = |place: &PlaceTimes| place.stages[stage.index()].mean_seconds.unwrap_or(0.0);
    worst.sort_by(|a, b| mean(b).total_cmp(&mean(a)).then(a.place.cmp(&b.place)));
    let (table, note) = place_table(outcome, &worst);
    let note = said!("By the mean. {note}", note);
    (table.show_first(WORST), Remark::from(note).hint(Hint::PlacesOfPathway))
}

pub(super) fn without_way(outcome: &Outcome<'_, '_>, places: &[PlaceTimes]) -> Table {
    let region = outcome.prepared().region();
    let namesakes = Namesakes::new(region);
    Table::of(places.iter().filter(|place| place.without_way > 0.0))
        .detail(PLACE, |row| Cell::text(&region.place(row.place).key))
        .column(PLACE_NAME, |row| namesakes.place(row.place))
        .column(DISTRICT, |row| Cell::text(&region.place(row.place).district))
        .column(PEOPLE, |row| Cell::count(row.people))
        .column(WITHOUT_WAY_PEOPLE, |row| whole(row.without_way))
        .build()
}
