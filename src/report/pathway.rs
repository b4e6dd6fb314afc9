//! Care pathways as tables: all of them, one of them, and one person's route.

mod all;
mod assumed;
mod person;
pub(in crate::report) mod protocols;
mod published;
mod tables;

pub use all::pathways_overview;
pub(in crate::report) use all::{summary, with_band};
pub use person::{Caller, pathway_route};
use tables::{
    TERMS, by_cooperation, by_hospital, by_place, by_stage, stages, target_of_interest, targets,
    ways, without_way, worst_places,
};

use std::collections::BTreeSet;

use super::Column;
use super::GainsBy;
use super::document::{
    Cell, Document, Hint, Remark, SECONDS_OF_A_DAY, Section, Table, TableBuilder, cooperation_of,
    data_field_of,
};
use super::limits::limit;
use super::{band, caveats, open};
use crate::comparison::PathwayShift;
use crate::model::{
    Ends, Event, FirstLeg, Means, Pathway, StageFrom, StageProvision, Target, Urgency,
};
use crate::pathways::{
    Loads, Objective, Outcome, PlaceTimes, Prepared, Query, TargetResult, Times, When,
};
use crate::region::Region;
use crate::report::columns::{
    DONE_MEAN_DAYS, DONE_MEAN_MINUTES, DONE_MEDIAN_DAYS, DONE_MEDIAN_MINUTES, DONE_P90_DAYS,
    DONE_P90_MINUTES, START_MEAN_DAYS, START_MEAN_MINUTES, START_MEDIAN_DAYS, START_MEDIAN_MINUTES,
    START_P90_DAYS, START_P90_MINUTES,
};
use crate::units::Seconds;
use crate::words::{self, fixed};

/// What the rows of a pathway's tables are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum PathwayBy {
    /// Every table about the pathway, the long ones cut.
    Region,
    /// With changes: who is sooner and later by them, one row a district.
    District,
    /// One row a place; with changes first who is sooner and later by them.
    Place,
    /// One row a place and stage, with the hospital that does it for most.
    Stage,
    /// One row a stage, hospital and way.
    Hospital,
    /// One row a cooperation and what it is used for.
    Cooperation,
}

/// What the clocks of targets are.
const TARGETS_NOTE: &str = "First contact: the ambulance or helicopter is beside the patient; of the own car, the door. Remark: where no place and no journey decides, and why.";

/// Rows of the lists that are cut.
const WORST: usize = 10;

/// Hospitals a stage in the table that is cut.
const LARGEST: usize = 5;

/// Adds when a stage starts: in minutes for an emergency, in days for an elective pathway; the other unit is for
/// programs.
fn start_columns<R>(
    table: TableBuilder<R>,
    urgency: Urgency,
    times: impl Fn(&R) -> Option<&Times>,
) -> TableBuilder<R> {
    let columns = [
        START_MEAN_MINUTES,
        START_MEDIAN_MINUTES,
        START_P90_MINUTES,
        START_MEAN_DAYS,
        START_MEDIAN_DAYS,
        START_P90_DAYS,
    ];
    time_columns(table, urgency, &columns, times)
}

/// Adds when a stage is done, as [`start_columns`] does.
fn done_columns<R>(
    table: TableBuilder<R>,
    urgency: Urgency,
    times: impl Fn(&R) -> Option<&Times>,
) -> TableBuilder<R> {
    let columns = [
        DONE_MEAN_MINUTES,
        DONE_MEDIAN_MINUTES,
        DONE_P90_MINUTES,
        DONE_MEAN_DAYS,
        DONE_MEDIAN_DAYS,
        DONE_P90_DAYS,
    ];
    time_columns(table, urgency, &columns, times)
}

/// Adds mean, median and P90, in minutes and then in days.
fn time_columns<R>(
    table: TableBuilder<R>,
    urgency: Urgency,
    columns: &[Column; 6],
    times: impl Fn(&R) -> Option<&Times>,
) -> TableBuilder<R> {
    let [mean_minutes, median_minutes, p90_minutes, mean_days, median_days, p90_days] = *columns;
    let mean = |row: &R| times(row)?.mean_seconds;
    let median = |row: &R| times(row)?.median.map(seconds);
    let p90 = |row: &R| times(row)?.p90.map(seconds);
    // Programs read one unit for all pathways, people the one in which the pathway is planned.
    match urgency {
        Urgency::Emergency => table
            .column(mean_minutes, |row| Cell::maybe_minutes(mean(row)))
            .column(median_minutes, |row| Cell::maybe_minutes(median(row)))
            .column(p90_minutes, |row| Cell::maybe_minutes(p90(row)))
            .detail(mean_days, |row| Cell::maybe_days(mean(row)))
            .detail(median_days, |row| Cell::maybe_days(median(row)))
            .detail(p90_days, |row| Cell::maybe_days(p90(row))),
        Urgency::Elective => table
            .detail(mean_minutes, |row| Cell::maybe_minutes(mean(row)))
            .detail(median_minutes, |row| Cell::maybe_minutes(median(row)))
            .detail(p90_minutes, |row| Cell::maybe_minutes(p90(row)))
            .column(mean_days, |row| Cell::maybe_days(mean(row)))
            .column(median_days, |row| Cell::maybe_days(median(row)))
            .column(p90_days, |row| Cell::maybe_days(p90(row))),
    }
}

fn seconds(time: Seconds) -> f64 {
    f64::from(time.0)
}

/// A target in words: "first contact to wire passes, at most 90 min".
pub(super) fn target_words(pathway: &Pathway, target: &Target) -> String {
    said!(
        "{span}, at most {limit}",
        span = pathway.span_words(&target.from, &target.to),
        limit = limit(target)
    )
}

/// What a target's limit means where no patient and no place decides it; `None` for the others.
fn remark(pathway: &Pathway, result: &TargetResult) -> Option<String> {
    let span = |time: Seconds| match pathway.urgency {
        Urgency::Emergency => said!("{minutes} min", minutes = fixed(time.minutes(), 1)),
        Urgency::Elective => {
            said!("{days} days", days = fixed(f64::from(time.0) / SECONDS_OF_A_DAY, 1))
        }
    };
    // A bound is no time that anybody has, so nothing can be held against the shortest and longest one.
    if result.is_bound {
        return Some(said!("at least: several teams are alerted before their patient came"));
    }
    let shortest = result.shortest?;
    if result.is_out_of_reach() {
        let least = span(shortest);
        return Some(said!(
            "below the shortest possible time of {least} (no journey, the best way, medians)",
            least
        ));
    }

    let longest = result.longest?;
    if !result.is_certain() {
        return None;
    }
    let constant = if rests_on_assumptions(pathway, &result.target) {
        said!("a constant of assumed durations")
    } else {
        said!("a constant of the durations")
    };
    let (least, most) = (span(shortest), span(longest));
    Some(said!("{least} to {most} whatever the journey: {constant}", least, most, constant))
}

/// Whether nobody published any duration of a stage up to the end of a target.
fn rests_on_assumptions(pathway: &Pathway, target: &Target) -> bool {
    let last = target.to.stage().and_then(|key| pathway.stage(key));
    let stages = match (last, &target.to) {
        // Up to the door, no stage has a part in it.
        (None, _) => 0,
        (Some(last), Event::Done(_)) => last.index() + 1,
        (Some(last), _) => last.index(),
    };
    let is_assumed = |key: &str| pathway.is_assumed(&format!("stages.{key}.duration"));
    pathway.stages[..stages].iter().all(|stage| is_assumed(&stage.key))
}

fn whole(number: f64) -> Cell {
    Cell::count(number.round() as u64)
}

/// A way in words.
pub(super) fn way_name(way: &StageProvision) -> &'static str {
    match way {
        StageProvision::OnSite => "on site",
        StageProvision::Telemedicine { .. } => "telemedicine",
        StageProvision::VisitingTeam { .. } => "visiting team",
        StageProvision::CentralService { .. } => "central service",
    }
}

/// The target for the first door, and the first one for the last stage.
pub(super) fn main_targets(pathway: &Pathway) -> [Option<usize>; 2] {
    let last = pathway.stages.last().map(|stage| stage.key.as_str());
    let door = pathway.targets.iter().position(|target| target.to == Event::Door);
    let is_treatment = |target: &Target| target.to.stage().is_some() && target.to.stage() == last;
    [door, pathway.targets.iter().position(is_treatment)]
}

/// The stages of an error in words; that nobody knows where there are hospitals that may do them.
fn cannot_be_done(stages: &[String], unknown: &[String]) -> String {
    let word = words::of(if stages.len() == 1 { "stage" } else { "stages" });
    let stages = stages.join(", ");
    match unknown.len() {
        0 => said!("cannot be done here: no hospital for {word} {stages}", word, stages),
        1 => said!(
            "is unknown here: no hospital is known to do {word} {stages}, one may ({unknown})",
            word,
            stages,
            unknown = unknown[0]
        ),
        count => said!(
            "is unknown here: no hospital is known to do {word} {stages}, {count} may, such as {unknown}",
            word,
            stages,
            count = crate::units::grouped(count as u64),
            unknown = unknown[0]
        ),
    }
}

/// A way that patients can go.
struct WayShare {
    /// One word for programs.
    key: &'static str,
    /// The share of the patients who go it.
    share: f64,
    /// Whether the pathway has such a way; else the share is 0 for everybody, whatever the hospitals do.
    is_possible: bool,
}

/// The shares by way in their order.
fn shares_by_way(pathway: &Pathway, loads: &Loads) -> [WayShare; 9] {
    let ways = &loads.ways;
    let has = |name: &str| {
        pathway.stages.iter().flat_map(|stage| &stage.ways).any(|way| way.name() == name)
    };
    // With one stage only, nobody is handed on.
    let several = pathway.stages.len() > 1;
    let without_agreement = several && pathway.transfer.without_agreement.penalty().is_some();
    [
        ("direct", ways.direct, true),
        ("transfer", ways.transfer, several),
        ("transfer_without_agreement", ways.transfer_without_agreement, without_agreement),
        ("telemedicine", ways.telemedicine, has("Telemedicine")),
        ("visiting_team", ways.visiting_team, has("VisitingTeam")),
        ("central_service", ways.central_service, has("CentralService")),
        ("helicopter", ways.helicopter, pathway.first_leg.contains(&Means::Helicopter)),
        ("waited", ways.waited, pathway.urgency == Urgency::Elective),
        ("without_way", ways.without_way, true),
    ]
    .map(|(key, share, is_possible)| WayShare { key, share, is_possible })
}

/// When patients call, with what that means for cases a year.
pub(super) fn calls(when: When) -> String {
    match when {
        When::Week => when.label(),
        _ => said!("{when}; cases a year as if all came then", when = when.label()),
    }
}

/// What stands above every table of one pathway.
fn about(document: Document, region: &Region, pathway: &Pathway, query: &Query) -> Document {
    let mut stages = Vec::new();
    for stage in &pathway.stages {
        stages.push(words::of(&stage.name).into_owned());
    }
    let mut means = Vec::new();
    for first_leg in &pathway.first_leg {
        means.push(words::of(first_leg.label()));
    }

    let objective = match &query.objective {
        Objective::LastStage => said!("least time until the last stage is done"),
        Objective::Stage(key) => {
            let name = match pathway.stage(key) {
                Some(stage) => words::of(&pathway[stage].name),
                None => key.as_str().into(),
            };
            said!("least time until {name} is done, then the last", name)
        }
        Objective::EveryStage => said!("every route that no other one beats in all stages"),
    };
    let document = document
        .about("stages", stages.join(&words::of("; then ")))
        .about("patients", pathway.population.in_print())
        .about("first_leg", said!("by {means}", means = means.join(&words::of(" or "))))
        .about("choice", format!("{objective}; {}", query.protocol.label()));
    without(document, region, query)
}

/// Names the cooperations that are left out.
fn without(document: Document, region: &Region, query: &Query) -> Document {
    let network = region.network();
    let mut out = Vec::new();
    for &id in &query.outage.cooperations {
        // One that was only added for a question has no name that a reader knows.
        if let Some(cooperation) = network.cooperation(id) {
            out.push(cooperation_of(&cooperation.key));
        }
    }
    if out.is_empty() { document } else { document.about("without", out.join(", ")) }
}

/// Who is sooner and later in a pathway by changes, by district or place.
pub fn pathway_gains(outcome: &Outcome<'_, '_>, shifts: &[PathwayShift], by: GainsBy) -> Document {
    let (region, pathway) = (outcome.prepared().region(), outcome.prepared().pathway());
    let title = said!("Pathway: {name}", name = words::name_of(&pathway.name, &pathway.name_de));
    let mut document = about(open(title, region), region, pathway, outcome.query())
        .about("when", calls(outcome.query().when));
    for section in super::gains(region, shifts, "with these changes", Some(by)) {
        document = document.section(section);
    }
    document
}

/// One pathway: times to every stage, targets, ways, hospitals, cooperations, the worst places, and
/// what of it is assumed.
///
/// All tables are about `outcome`; times and targets are given for `others` as well, such as day
/// and night beside the week.
pub fn pathway(outcome: &Outcome<'_, '_>, others: &[Outcome<'_, '_>], by: PathwayBy) -> Document {
    let (region, pathway) = (outcome.prepared().region(), outcome.prepared().pathway());
    let title = said!("Pathway: {name}", name = words::name_of(&pathway.name, &pathway.name_de));
    let document = about(open(title, region), region, pathway, outcome.query())
        .about("when", calls(outcome.query().when));

    let loads = outcome.loads();
    // The same columns hold either, so a remark has to say which.
    let whose = if loads.are_cases {
        "Cases: expected cases a year, places outside of the region included."
    } else {
        "Nobody knows the cases of this pathway: its residents are counted."
    };
    let document = match by {
        PathwayBy::Region => region_sections(document, outcome, others, &loads),
        // Without changes nobody is sooner or later: places say how long it takes there.
        PathwayBy::District | PathwayBy::Place => {
            let ends = region.at_ends(|region| outcome.places_in(region));
            let places = PlaceTimes::with_bands(outcome.places(), ends);
            let (table, note) = by_place(outcome, &places);
            let section = Section::new("places", "Times by place", table).note(note);
            document.section(section.maybe_note(of_places(outcome, &places)))
        }
        PathwayBy::Stage => {
            let table = by_stage(outcome, &outcome.places());
            document.section(
                Section::new("place_stages", "Times by place and stage", table).note(
                    Remark::from("From the call to the end of the stage. Hospital: where most of the place's patients have it done, and the share of them.")
                        .hint(Hint::WaysOfPlaces),
                ),
            )
        }
        PathwayBy::Hospital => {
            let table = by_hospital(outcome, &loads, usize::MAX);
            document.section(Section::new("hospitals", "Who does which stage", table).note(whose))
        }
        PathwayBy::Cooperation => {
            let table = by_cooperation(outcome, &loads, true);
            document.section(
                Section::new("cooperations", "Which cooperations are used", table)
                    .note(whose)
                    .note("What: the stage that it helps with, or its kind. With 0 cases: it could serve this pathway, but everybody has a better way.")
                    .note(TERMS),
            )
        }
    };
    with_unknown(document, outcome.prepared())
}

/// Who is in time in some outcomes of a pathway, and by place in the first one, with bands.
struct InTime {
    /// By outcome.
    in_time: Vec<Vec<TargetResult>>,
    places: Vec<PlaceTimes>,
}

impl InTime {
    fn of(first: &Outcome<'_, '_>, outcomes: &[&Outcome<'_, '_>]) -> Self {
        // Asked together: each end is a copy of all lists of journeys.
        let ends = first.prepared().region().at_ends(|region| AtEnd {
            in_time: outcomes.iter().map(|outcome| outcome.targets_in(region)).collect(),
            places: first.places_in(region),
        });
        let mut in_time = Vec::with_capacity(outcomes.len());
        for (number, outcome) in outcomes.iter().enumerate() {
            let of_outcome = |at_end: &AtEnd| at_end.in_time[number].clone();
            let ends = ends.as_ref().map(|ends| ends.map(of_outcome));
            in_time.push(TargetResult::with_bands(outcome.targets(), ends));
        }
        let ends = ends.map(|ends| Ends { quick: ends.quick.places, slow: ends.slow.places });
        Self { in_time, places: PlaceTimes::with_bands(first.places(), ends) }
    }
}

/// What is asked at an end of the band.
struct AtEnd {
    in_time: Vec<Option<Vec<TargetResult>>>,
    places: Option<Vec<PlaceTimes>>,
}

/// At which places the road model does not decide whether everybody, somebody or nobody is treated in time.
fn of_places(outcome: &Outcome<'_, '_>, places: &[PlaceTimes]) -> Option<Remark> {
    let region = outcome.prepared().region();
    let target = target_of_interest(outcome)?;
    let mut verdicts = band::Verdicts::default();
    for place in places {
        verdicts.add(&region.place(place.place).name, place.over_band(target));
    }
    band::undecided(region, &verdicts)
}

/// The same with the hospitals that do not count, because the data do not say whether they can do a
/// stage, named under the first table.
fn with_unknown(mut document: Document, prepared: &Prepared<'_>) -> Document {
    let network = prepared.region().network();
    let note = caveats::on_unknown(network, &prepared.unknown_sites());
    if let Some(section) = document.sections.first_mut()
        && let Some(note) = note
    {
        section.notes.push(note.into());
    }
    document
}

/// Who is in time, with what clocks are and whether durations scatter.
fn targets_section(pathway: &Pathway, first_leg: &FirstLeg, table: Table) -> Section {
    let mut section = Section::new("targets", "Who is in time", table).note(TARGETS_NOTE);
    if pathway.has_spread() {
        section = section.note(
            "Routes are chosen by the medians of durations; shares, means and quantiles count how they scatter.",
        );
    }
    let without = pathway.without_spread(first_leg);
    if !without.is_empty() {
        let list: Vec<String> = without.iter().map(|path| data_field_of(path)).collect();
        let list = list.join(", ");
        section = section
            .note(said!("No spread published for: {list}; each takes everybody as long.", list));
    }
    section
}

/// Which cooperations are used, and how many others could be.
fn cooperations_section(outcome: &Outcome<'_, '_>, loads: &Loads) -> Section {
    let used = by_cooperation(outcome, loads, false);
    // A set: one cooperation may serve in several directions and stages.
    let mut in_use = BTreeSet::new();
    for load in &loads.cooperations {
        in_use.insert(load.cooperation);
    }
    let unused = outcome.prepared().relevant().len() - in_use.len();
    let more = words::of(if used.rows().is_empty() { "" } else { " more" });
    let mut cooperations = Section::new("cooperations", "Which cooperations are used", used);
    // The remark explains a column, which an empty table does not show.
    if !more.is_empty() {
        cooperations = cooperations.note(TERMS);
    }
    if unused > 0 {
        let told =
            said!("{unused}{more} could serve this pathway, but make nobody faster", unused, more);
        cooperations =
            cooperations.note(Remark::from(told).hint(Hint::UnusedCooperations).and("."));
    }
    cooperations
}

fn region_sections(
    document: Document,
    outcome: &Outcome<'_, '_>,
    others: &[Outcome<'_, '_>],
    loads: &Loads,
) -> Document {
    let pathway = outcome.prepared().pathway();
    let mut outcomes = vec![outcome];
    outcomes.extend(others);
    let region = outcome.prepared().region();
    let first_leg = &region.network().catalog().first_leg;
    let InTime { in_time, places } = InTime::of(outcome, &outcomes);
    let in_time = targets(&outcomes, in_time);
    let mut document = document.section(stages_section(outcome, &outcomes)).section(
        targets_section(pathway, first_leg, in_time.table)
            .maybe_note(band::columns(region))
            .maybe_note(band::undecided(region, &in_time.verdicts)),
    );
    if let Some(published) = published::section(outcome) {
        document = document.section(published);
    }
    document = document.section(ways(pathway, loads));
    if let Some(protocols) = protocols::section(outcome) {
        document = document.section(protocols);
    }

    let largest = by_hospital(outcome, loads, LARGEST);
    let largest = Section::new("hospitals", "Who does which stage", largest).note(
        Remark::from(said!(
            "The {count} with most cases from inside at each stage",
            count = LARGEST
        ))
        .hint(Hint::HospitalsOfStages)
        .and("."),
    );
    let (worst, note) = worst_places(outcome, &places);
    let mut lost =
        Section::new("without_way", "Places without any way", without_way(outcome, &places));
    if lost.table.is_empty() {
        lost = lost.in_words("None: everybody gets to the last stage.");
    }
    document
        .section(largest)
        .section(cooperations_section(outcome, loads))
        .section(Section::new("worst_places", "The ten worst places", worst).note(note))
        .section(lost)
        .section(assumed::section(outcome.prepared(), &assumed::Used::by_all(outcome, loads)))
}

/// When each stage starts and is done, with what the clock is.
fn stages_section(outcome: &Outcome<'_, '_>, outcomes: &[&Outcome<'_, '_>]) -> Section {
    let prepared = outcome.prepared();
    let counts_from = match prepared.pathway().stages.first().map(|stage| stage.from) {
        Some(StageFrom::Handover) => "handover",
        Some(StageFrom::Door) | None => {
            "arrival, as published medians do: handover is part of the hospital's time"
        }
    };
    let section =
        Section::new("stages", "When each stage starts and is done", stages(outcomes)).note(said!(
"From the call. The door starts with arrival and is done with handover; the first stage counts from {counts_from}. Means are over those who have a way; median and P90 count the others as later than all.",
counts_from = words::of(counts_from)
));
    // Where one table has several hours, they differ.
    if outcomes.len() > 1 || prepared.classes() != 1 {
        return section;
    }
    section.note("Whoever can help is there around the clock, so day and night are alike.")
}
