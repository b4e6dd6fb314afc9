//! Care pathways as tables: all of them, one of them, and one person's route.

mod assumed;
mod person;

pub use person::pathway_route;

use super::document::{Cell, Document, Section, Table};
use super::open;
use crate::model::{CooperationKind, Means, Pathway, Target, TargetPoint, Urgency, Way};
use crate::pathways::{
    Loads, Objective, Outcome, PathwayError, PlaceTimes, Query, StageTimes, Times,
};
use crate::region::Region;
use crate::units::Seconds;

/// What the rows of a pathway's tables are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathwayBy {
    /// Every table, the long ones cut.
    Region,
    /// One row a place.
    Place,
    /// One row a stage, hospital and way.
    Hospital,
    /// One row a cooperation, what it is used for, and from where to where.
    Cooperation,
}

/// Rows of the lists that are cut.
const WORST: usize = 10;

/// Hospitals a stage in the table that is cut.
const LARGEST: usize = 5;

const START: [&str; 6] = [
    "start_mean_minutes",
    "start_median_minutes",
    "start_p90_minutes",
    "start_mean_days",
    "start_median_days",
    "start_p90_days",
];

const DONE: [&str; 6] = [
    "done_mean_minutes",
    "done_median_minutes",
    "done_p90_minutes",
    "done_mean_days",
    "done_median_days",
    "done_p90_days",
];

const DAY: f64 = 86_400.0;

fn days(seconds: Option<f64>) -> Cell {
    seconds.map_or(Cell::Missing, |seconds| Cell::Number(seconds / DAY, 1))
}

/// The cells of [`START`] or [`DONE`]: in minutes, then in days.
fn times(times: &Times) -> [Cell; 6] {
    let seconds = |time: Option<Seconds>| time.map(|time| f64::from(time.0));
    let all = [times.mean_seconds, seconds(times.median), seconds(times.p90)];
    let minutes = all.map(Cell::maybe_minutes);
    let [a, b, c] = minutes;
    let [d, e, f] = all.map(days);
    [a, b, c, d, e, f]
}

/// The columns that text leaves out: an emergency counts minutes, an elective pathway days.
fn other_unit(pathway: &Pathway) -> &'static [&'static str] {
    match pathway.urgency {
        Urgency::Emergency => &[
            "start_mean_days",
            "start_median_days",
            "start_p90_days",
            "done_mean_days",
            "done_median_days",
            "done_p90_days",
            "days",
        ],
        Urgency::Elective => &[
            "start_mean_minutes",
            "start_median_minutes",
            "start_p90_minutes",
            "done_mean_minutes",
            "done_median_minutes",
            "done_p90_minutes",
            "minutes",
        ],
    }
}

/// A limit in the largest unit that it is a whole number of, from two days and two hours on.
pub(super) fn limit(target: &Target) -> String {
    match target.minutes {
        minutes if minutes >= 2880 && minutes.is_multiple_of(1440) => {
            format!("{} days", minutes / 1440)
        }
        minutes if minutes > 120 && minutes.is_multiple_of(60) => format!("{} h", minutes / 60),
        minutes => format!("{minutes} min"),
    }
}

fn whole(number: f64) -> Cell {
    Cell::Count(number.round() as u64)
}

/// A way in words.
fn way_name(way: &Way) -> &'static str {
    match way {
        Way::OnSite => "on site",
        Way::Telemedicine { .. } => "telemedicine",
        Way::VisitingTeam { .. } => "visiting team",
        Way::CentralService { .. } => "central service",
    }
}

/// The target for the first door, and the first one for the last stage.
fn main_targets(pathway: &Pathway) -> [Option<usize>; 2] {
    let last = pathway.stages.last().map(|stage| stage.key.as_str());
    let at = |fits: &dyn Fn(&TargetPoint) -> bool| {
        pathway.targets.iter().position(|target| fits(&target.to))
    };
    [
        at(&|point| *point == TargetPoint::Door),
        at(&|point| point.stage().is_some() && point.stage() == last),
    ]
}

/// The stages of an error in words.
fn cannot_be_done(stages: &[String]) -> String {
    let word = if stages.len() == 1 { "stage" } else { "stages" };
    format!("cannot be done here: no hospital for {word} {}", stages.join(", "))
}

/// Every pathway of the catalog: how long until treatment, and which way patients go.
///
/// `results` are outcomes in the order of the catalog's pathways; a pathway that nobody can do here
/// is listed as such.
pub fn pathways_overview(
    region: &Region,
    query: &Query,
    results: &[Result<Outcome<'_, '_>, PathwayError>],
) -> Document {
    let document = open("Care pathways", region)
        .about("when", query.when.label())
        .about("choice", query.protocol.label());
    let document = without(document, region, query);
    let mut ways = Table::new(&[
        "pathway",
        "cases_inside",
        "share_direct",
        "share_transfer",
        "share_transfer_without_agreement",
        "share_telemedicine",
        "share_visiting_team",
        "share_central_service",
        "share_helicopter",
        "share_waited",
        "share_without_way",
    ]);
    for outcome in results.iter().flatten() {
        let pathway = outcome.prepared().pathway();
        let loads = outcome.loads();
        let mut cells = vec![Cell::text(&pathway.key), cases(&loads)];
        for (_, share, can_be) in shares_by_way(pathway, &loads) {
            cells.push(if can_be { Cell::Share(share) } else { Cell::Missing });
        }
        ways.row(cells);
    }
    let ways = ways.details(&["cases_inside", "share_without_way"]);
    let ways = Section::new("ways", "Which way patients from inside go", ways)
        .note("Direct: all stages at the first hospital, without a partner. Not agreed: handed on where no agreement holds. A patient who is handed on and helped from afar counts in both. A dash: the pathway has no such way.")
        .note("One pathway with all its stages: verbund pathway KEY.");
    document.section(summary(results)).section(ways)
}

fn cases(loads: &Loads) -> Cell {
    if loads.are_cases { Cell::Number(loads.inside, 0) } else { Cell::Missing }
}

/// One row a pathway: how long until treatment.
pub(super) fn summary(results: &[Result<Outcome<'_, '_>, PathwayError>]) -> Section {
    let mut table = Table::new(&[
        "pathway",
        "cases_inside",
        "start_mean_minutes",
        "done_mean_minutes",
        "done_p90_minutes",
        "done_mean_days",
        "done_p90_days",
        "door_share_within_limit",
        "treatment_limit",
        "treatment_share_within_limit",
        "share_without_way",
        "stage",
        "start_p90_minutes",
        "start_mean_days",
        "start_p90_days",
        "door_limit_minutes",
        "treatment_limit_minutes",
        "note",
    ]);
    let mut impossible = Vec::new();
    for result in results {
        match result {
            Ok(outcome) => table.row(summary_row(outcome)),
            Err(PathwayError::Unmet { pathway, stages }) => {
                let note = cannot_be_done(stages);
                let mut cells = vec![Cell::Missing; 18];
                cells[0] = Cell::text(pathway);
                cells[17] = Cell::text(&note);
                table.row(cells);
                impossible.push(format!("{pathway} {note}."));
            }
            Err(_) => {}
        }
    }
    let table = table.details(&[
        "stage",
        "start_p90_minutes",
        "start_mean_days",
        "start_p90_days",
        "door_limit_minutes",
        "treatment_limit_minutes",
        "note",
    ]);
    let section = Section::new("pathways", "How long from the call to treatment", table)
        .note("Start and done: of the last stage. Door in time: arrival at the first hospital, mostly within 60 minutes. Limit and in time: of the last stage. Means are over those who have a way; P90 counts the others as later than all.");
    impossible.into_iter().fold(section, Section::note)
}

fn summary_row(outcome: &Outcome<'_, '_>) -> Vec<Cell> {
    let pathway = outcome.prepared().pathway();
    let stages = outcome.stages();
    let last = stages.last().expect("a pathway has stages, and the door comes before them");
    let targets = outcome.targets();
    let [door, treatment] = main_targets(pathway).map(|at| at.map(|at| &targets[at]));
    let share = |target: Option<&crate::pathways::TargetResult>| {
        Cell::maybe_share(target.map(|one| one.share))
    };
    let minutes = |target: Option<&crate::pathways::TargetResult>| {
        Cell::maybe_count(target.map(|one| one.target.minutes))
    };
    let [start_mean, _, start_p90, start_mean_days, _, start_p90_days] = times(&last.start);
    let [done_mean, _, done_p90, done_mean_days, _, done_p90_days] = times(&last.done);
    // A row counts in minutes or in days, not in both.
    let (in_minutes, in_days) = match pathway.urgency {
        Urgency::Emergency => (true, false),
        Urgency::Elective => (false, true),
    };
    let when = |is_shown: bool, cell: Cell| if is_shown { cell } else { Cell::Missing };
    vec![
        Cell::text(&pathway.key),
        outcome_cases(outcome),
        when(in_minutes, start_mean),
        when(in_minutes, done_mean),
        when(in_minutes, done_p90),
        when(in_days, done_mean_days),
        when(in_days, done_p90_days),
        share(door),
        Cell::maybe_text(treatment.map(|one| limit(&one.target))),
        share(treatment),
        Cell::Share(if last.people == 0 { 0.0 } else { last.without_way / last.people as f64 }),
        Cell::maybe_text(pathway.stages.last().map(|stage| stage.key.as_str())),
        when(in_minutes, start_p90),
        when(in_days, start_mean_days),
        when(in_days, start_p90_days),
        minutes(door),
        minutes(treatment),
        Cell::Missing,
    ]
}

/// Expected cases a year of people inside.
fn outcome_cases(outcome: &Outcome<'_, '_>) -> Cell {
    let region = outcome.prepared().region();
    outcome.cases().map_or(Cell::Missing, |cases| {
        let inside = region.parts().iter().zip(cases);
        let inside = inside.filter(|(part, _)| !region.place(part.place).outside);
        Cell::Number(inside.fold(0.0, |sum, (_, cases)| sum + cases), 0)
    })
}

/// The shares by way in their order, each with its key and whether the pathway has such a way.
fn shares_by_way(pathway: &Pathway, loads: &Loads) -> [(&'static str, f64, bool); 9] {
    let ways = &loads.ways;
    let has = |name: &str| {
        pathway.stages.iter().flat_map(|stage| &stage.ways).any(|way| way.name() == name)
    };
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
}

/// What stands above every table of one pathway.
fn about(document: Document, region: &Region, pathway: &Pathway, query: &Query) -> Document {
    let stages: Vec<&str> = pathway.stages.iter().map(|stage| stage.name.as_str()).collect();
    let means: Vec<&str> = pathway.first_leg.iter().map(|means| means.label()).collect();
    let name = |key: &str| {
        pathway.stage(key).map_or_else(|| key.to_owned(), |at| pathway.stages[at].name.clone())
    };
    let objective = match &query.objective {
        Objective::LastStage => "least time until the last stage is done".to_owned(),
        Objective::Stage(key) => format!("least time until {} is done, then the last", name(key)),
        Objective::EveryStage => "every route that no other one beats in all stages".to_owned(),
    };
    let document = document
        .about("stages", stages.join("; then "))
        .about("patients", pathway.population.label())
        .about("first_leg", format!("by {}", means.join(" or ")))
        .about("choice", format!("{objective}; {}", query.protocol.label()));
    without(document, region, query)
}

/// Names the cooperations that are left out.
fn without(document: Document, region: &Region, query: &Query) -> Document {
    let network = region.network();
    let out: Vec<&str> = (query.outage.cooperations.iter())
        .filter_map(|&index| network.cooperations().get(index))
        .map(|one| one.key.as_str())
        .collect();
    if out.is_empty() { document } else { document.about("without", out.join(", ")) }
}

/// One pathway: times to every stage, targets, ways, hospitals, cooperations, the worst places, and
/// what of it is assumed.
///
/// All tables are about `outcome`; times and targets are given for `others` as well, such as day
/// and night beside the week.
pub fn pathway(outcome: &Outcome<'_, '_>, others: &[Outcome<'_, '_>], by: PathwayBy) -> Document {
    let (region, pathway) = (outcome.prepared().region(), outcome.prepared().pathway());
    let title = format!("Pathway: {}", pathway.name);
    let document = about(open(title, region), region, pathway, outcome.query())
        .about("when", outcome.query().when.label());
    let loads = outcome.loads();
    let whose = if loads.are_cases {
        "Cases: expected cases a year, places outside of the region included."
    } else {
        "Nobody knows the cases of this pathway: its residents are counted."
    };
    match by {
        PathwayBy::Region => region_sections(document, outcome, others, &loads),
        PathwayBy::Place => {
            let (table, note) = by_place(outcome, &outcome.places());
            document.section(Section::new("places", "Times by place", table).note(note))
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
    }
}

fn region_sections(
    document: Document,
    outcome: &Outcome<'_, '_>,
    others: &[Outcome<'_, '_>],
    loads: &Loads,
) -> Document {
    let pathway = outcome.prepared().pathway();
    let all: Vec<&Outcome<'_, '_>> = std::iter::once(outcome).chain(others).collect();
    let mut stages = Section::new("stages", "When each stage starts and is done", stages(&all))
        .note("From the call. The door starts with arrival and is done with handover. Means are over those who have a way; median and P90 count the others as later than all.");
    if others.is_empty() && outcome.prepared().classes() == 1 {
        stages =
            stages.note("Whoever can help is there around the clock, so day and night are alike.");
    }
    let places = outcome.places();
    let used = by_cooperation(outcome, loads, false);
    let unused = outcome.prepared().relevant().len() - {
        let mut seen: Vec<usize> = loads.cooperations.iter().map(|one| one.cooperation).collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len()
    };
    let more = if used.rows().is_empty() { "" } else { " more" };
    let mut cooperations = Section::new("cooperations", "Which cooperations are used", used);
    if !more.is_empty() {
        cooperations = cooperations.note(TERMS);
    }
    if unused > 0 {
        cooperations = cooperations.note(format!(
            "{unused}{more} could serve this pathway, but make nobody faster: --by cooperation."
        ));
    }
    let (worst, note) = worst_places(outcome, &places);
    let mut document = document
        .section(stages)
        .section(Section::new("targets", "Who is in time", targets(&all)))
        .section(ways(pathway, loads))
        .section(
            Section::new("hospitals", "Who does which stage", by_hospital(outcome, loads, LARGEST))
                .note(format!(
                    "The {LARGEST} with most cases from inside at each stage; all of them: --by hospital."
                )),
        )
        .section(cooperations)
        .section(Section::new("worst_places", "The ten worst places", worst).note(note));
    let lost = without_way(outcome, &places);
    if lost.rows().is_empty() {
        document = document.section(
            Section::new("without_way", "Places without any way", lost)
                .in_words("None: everybody gets to the last stage."),
        );
    } else {
        document = document.section(Section::new("without_way", "Places without any way", lost));
    }
    document.section(assumed::section(outcome.prepared(), &assumed::Used::by_all(outcome, loads)))
}

fn stages(all: &[&Outcome<'_, '_>]) -> Table {
    let mut keys = vec!["when", "stage"];
    keys.extend(START);
    keys.extend(DONE);
    keys.extend(["share_without_way", "without_way_people"]);
    let mut table = Table::new(&keys);
    for outcome in all {
        let pathway = outcome.prepared().pathway();
        for one in outcome.stages() {
            let StageTimes { stage, people, without_way, start, done } = one;
            let mut cells = vec![
                Cell::text(outcome.query().when.label()),
                Cell::text(stage.map_or("door", |at| pathway.stages[at].key.as_str())),
            ];
            cells.extend(times(&start));
            cells.extend(times(&done));
            let share = if people == 0 { 0.0 } else { without_way / people as f64 };
            cells.push(Cell::Share(share));
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
fn hide_when(table: Table, outcomes: usize) -> Table {
    if outcomes == 1 { table.details(&["when"]) } else { table }
}

fn targets(all: &[&Outcome<'_, '_>]) -> Table {
    let mut table = Table::new(&[
        "when",
        "target",
        "limit",
        "share_within_limit",
        "people_beyond",
        "is_assumed",
        "limit_minutes",
        "people",
        "source",
    ]);
    for outcome in all {
        for one in outcome.targets() {
            let target = &one.target;
            let beyond = one.people as f64 * (1.0 - one.share);
            let is_assumed = target.source.contains("assumed")
                || outcome.prepared().pathway().is_assumed("targets");
            table.row(vec![
                Cell::text(outcome.query().when.label()),
                Cell::text(match &target.to {
                    TargetPoint::Door => "arrival at the first door".to_owned(),
                    TargetPoint::Start(key) => format!("start of {key}"),
                    TargetPoint::Done(key) => format!("end of {key}"),
                }),
                Cell::text(limit(target)),
                Cell::Share(one.share),
                whole(beyond),
                Cell::Flag(is_assumed),
                Cell::Count(u64::from(target.minutes)),
                Cell::Count(one.people),
                Cell::text(&target.source),
            ]);
        }
    }
    hide_when(table, all.len()).details(&["limit_minutes", "people", "source"])
}

fn ways(pathway: &Pathway, loads: &Loads) -> Section {
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
                Cell::Share(share),
                patients(loads, share * loads.inside),
            ]);
        }
    }
    Section::new("ways", "Which way patients from inside go", table.details(&["way"]))
        .note("One patient can count in several rows: handed on, and helped from afar before that.")
}

/// The column of patients from inside: cases, or people where nobody knows the cases.
fn cases_key(loads: &Loads) -> &'static str {
    if loads.are_cases { "cases_inside" } else { "inside_people" }
}

fn patients(loads: &Loads, number: f64) -> Cell {
    if !loads.are_cases {
        return whole(number);
    }
    // A decimal where cases are few.
    Cell::Number(number, usize::from(loads.inside < 1000.0))
}

fn by_hospital(outcome: &Outcome<'_, '_>, loads: &Loads, most: usize) -> Table {
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
const TERMS: &str = "Assumed: nobody published its kind or its terms.";

fn by_cooperation(outcome: &Outcome<'_, '_>, loads: &Loads, with_unused: bool) -> Table {
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
            Cell::Flag(assumed.iter().any(|path| path == "kind" || path == "terms")),
            Cell::text(one.kind.name()),
            Cell::maybe_text(stage),
            Cell::List(assumed),
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
fn kind_name(kind: &CooperationKind) -> &'static str {
    match kind {
        CooperationKind::Transfer { .. } => "transfer",
        CooperationKind::Telemedicine { .. } => "telemedicine",
        CooperationKind::VisitingTeam { .. } => "visiting team",
        CooperationKind::CentralService { .. } => "central service",
        other => other.name(),
    }
}

/// The stage that places are compared by: the one that the route is chosen for.
fn stage_of_interest(outcome: &Outcome<'_, '_>) -> usize {
    let pathway = outcome.prepared().pathway();
    match &outcome.query().objective {
        Objective::Stage(key) => pathway.stage(key).unwrap_or(pathway.stages.len() - 1),
        _ => pathway.stages.len() - 1,
    }
}

fn place_table(outcome: &Outcome<'_, '_>, places: &[&PlaceTimes]) -> (Table, String) {
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
    for one in places {
        let place = region.place(one.place);
        let share = |target: Option<usize>| Cell::maybe_share(target.map(|at| one.targets[at]));
        let mut cells = vec![
            Cell::text(&place.key),
            Cell::text(&place.name),
            Cell::text(&place.district),
            Cell::Count(one.people),
            one.cases.map_or(Cell::Missing, |cases| Cell::Number(cases, 1)),
        ];
        cells.extend(times(&one.stages[stage]));
        cells.extend([share(door), share(target), whole(one.without_way)]);
        table.row(cells);
    }
    let note = match target {
        Some(at) => format!(
            "Done: the end of {key}. In time: {} within {} of the call.",
            match &pathway.targets[at].to {
                TargetPoint::Start(_) => format!("start of {key}"),
                _ => format!("end of {key}"),
            },
            limit(&pathway.targets[at])
        ),
        None => format!("Done: the end of {key}."),
    };
    (table.details(&["place", "district"]).details(other_unit(pathway)), note)
}

fn by_place(outcome: &Outcome<'_, '_>, places: &[PlaceTimes]) -> (Table, String) {
    place_table(outcome, &places.iter().collect::<Vec<_>>())
}

/// The places where the stage of interest is done last, by the mean.
fn worst_places(outcome: &Outcome<'_, '_>, places: &[PlaceTimes]) -> (Table, String) {
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

fn without_way(outcome: &Outcome<'_, '_>, places: &[PlaceTimes]) -> Table {
    let region = outcome.prepared().region();
    let mut table =
        Table::new(&["place", "place_name", "district", "people", "without_way_people"]);
    for one in places.iter().filter(|one| one.without_way > 0.0) {
        let place = region.place(one.place);
        table.row(vec![
            Cell::text(&place.key),
            Cell::text(&place.name),
            Cell::text(&place.district),
            Cell::Count(one.people),
            whole(one.without_way),
        ]);
    }
    table.details(&["place"])
}
