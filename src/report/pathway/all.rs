//! All pathways of a catalog, one row each.

use super::super::document::{Cell, Document, Hint, Section, Table, stage_of, standard_of};
use super::super::{band, caveats, open};
use super::{cannot_be_done, main_targets, remark, seconds, shares_by_way, target_words, without};
use crate::model::{BandEnd, Pathway, UnknownSite, Urgency};
use crate::overview::PathwayFigures;
use crate::pathways::{Loads, Outcome, PathwayError, Query, StageTimes, TargetResult};
use crate::region::Region;
use crate::report::columns::{
    CASES_INSIDE, DONE_MEAN_DAYS, DONE_MEAN_MINUTES, DONE_P90_DAYS, DONE_P90_MINUTES,
    DOOR_LIMIT_MINUTES, DOOR_OVER_BAND, DOOR_SHARE_IF_QUICK, DOOR_SHARE_IF_SLOW,
    DOOR_SHARE_WITHIN_LIMIT, NOTE, PATHWAY, SHARE_CENTRAL_SERVICE, SHARE_DIRECT, SHARE_HELICOPTER,
    SHARE_TELEMEDICINE, SHARE_TRANSFER, SHARE_TRANSFER_WITHOUT_AGREEMENT, SHARE_VISITING_TEAM,
    SHARE_WAITED, SHARE_WITHOUT_WAY, STAGE, START_MEAN_DAYS, START_MEAN_MINUTES, START_P90_DAYS,
    START_P90_MINUTES, TREATMENT_LIMIT, TREATMENT_LIMIT_MINUTES, TREATMENT_OVER_BAND,
    TREATMENT_SHARE_IF_QUICK, TREATMENT_SHARE_IF_SLOW, TREATMENT_SHARE_WITHIN_LIMIT,
    TREATMENT_TARGET,
};
use crate::report::limits::limit;
use crate::words;

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
        .about("when", super::calls(query.when))
        .about("choice", query.protocol.label());
    let document = without(document, region, query);
    let ways = ways(results);
    let ways = Section::new("ways", "Which way patients from inside go", ways)
        .note("Direct: all stages at the first hospital, without a partner. Not agreed: handed on where no agreement holds. A patient who is handed on and helped from afar counts in both. A dash: the pathway has no such way.")
        .note(Hint::OnePathway);

    let mut unknown = Vec::new();
    for outcome in results.iter().flatten() {
        unknown.extend(outcome.prepared().unknown_sites());
    }
    let figures = PathwayFigures::over_band(results);
    let unknown = caveats::on_unknown(region.network(), &UnknownSite::merged(unknown));
    let summary = with_band(region, summary(&figures), &figures);
    document.section(summary.maybe_note(unknown)).section(ways)
}

/// A summary of pathways with what the road model does not decide of it.
pub(in crate::report) fn with_band(
    region: &Region,
    summary: Section,
    figures: &[Result<PathwayFigures, PathwayError>],
) -> Section {
    summary
        .maybe_note(band::treated(region, figures))
        .maybe_note(band::undecided(region, &band::Verdicts::of_pathways(figures)))
}

/// Which share of the patients of each pathway goes which way; a dash where the pathway has no such way.
fn ways(results: &[Result<Outcome<'_, '_>, PathwayError>]) -> Table {
    // In the order of `shares_by_way`.
    let columns = [
        SHARE_DIRECT,
        SHARE_TRANSFER,
        SHARE_TRANSFER_WITHOUT_AGREEMENT,
        SHARE_TELEMEDICINE,
        SHARE_VISITING_TEAM,
        SHARE_CENTRAL_SERVICE,
        SHARE_HELICOPTER,
        SHARE_WAITED,
        SHARE_WITHOUT_WAY,
    ];
    let mut rows = Vec::new();
    for outcome in results.iter().flatten() {
        let pathway = outcome.prepared().pathway();
        let loads = outcome.loads();
        rows.push((pathway, shares_by_way(pathway, &loads), cases(&loads)));
    }

    let mut table = Table::of(rows)
        .column(PATHWAY, |(pathway, ..)| Cell::text(&pathway.key))
        .detail(CASES_INSIDE, |(.., cases)| cases.clone());
    for (position, column) in columns.into_iter().enumerate() {
        table = table.column(column, |(_, shares, _)| {
            let way = &shares[position];
            if way.is_possible { Cell::share(way.share) } else { Cell::Missing }
        });
    }
    // The summary above has this one already.
    table.build().hide(&[SHARE_WITHOUT_WAY])
}

pub(super) fn cases(loads: &Loads) -> Cell {
    if loads.are_cases { Cell::number(loads.inside, 0) } else { Cell::Missing }
}

/// What durations that scatter do to a summary.
const SCATTER: &str =
    "Where durations scatter, routes are chosen by medians, and the figures count the scatter.";

/// One row a pathway: how long until treatment.
pub(in crate::report) fn summary(results: &[Result<PathwayFigures, PathwayError>]) -> Section {
    let mut rows = Vec::new();
    let (mut clocks, mut impossible, mut remarks) = (Vec::new(), Vec::new(), Vec::new());
    let mut scatters = false;
    for result in results {
        match result {
            Ok(figures) => {
                let row = Summary::of(figures);
                scatters |= figures.pathway.has_spread();
                clocks.extend(clock_of_limit(&figures.pathway));
                if let Some(note) = &row.note {
                    remarks.push(format!("{}: {}.", standard_of(row.pathway), words::of(note)));
                }
                rows.push(row);
            }
            Err(PathwayError::Unmet { pathway, stages, unknown }) => {
                let note = words::kept(|| cannot_be_done(stages, unknown));
                let named: Vec<String> = stages.iter().map(|key| stage_of(key)).collect();
                let why = cannot_be_done(&named, unknown);
                impossible.push(format!("{} {why}.", standard_of(pathway)));
                rows.push(Summary { pathway, note: Some(note), known: None });
            }
            // Any other error is a fault of the question, and says nothing of the pathway.
            Err(_) => {}
        }
    }

    let table = summary_table(rows);
    let mut section = Section::new("pathways", "How long from the call to treatment", table)
        .note("Start and done: of the last stage. Door in time: arrival at the first hospital, mostly within 60 minutes. Limit and in time: of the last stage; a dash where nobody published one. Means are over those who have a way; P90 counts the others as later than all.");
    if !clocks.is_empty() {
        section =
            section.note(said!("What the limits count: {clocks}.", clocks = clocks.join("; ")));
    }
    if scatters {
        section = section.note(SCATTER);
    }
    for remark in remarks {
        section = section.note(remark);
    }
    // Last, as they stand in the table with dashes only.
    for remark in impossible {
        section = section.note(remark);
    }
    section
}

/// From which event to which one the limit of the last stage counts; `None` where there is none.
fn clock_of_limit(pathway: &Pathway) -> Option<String> {
    let [_, treatment] = main_targets(pathway);
    let target = &pathway.targets[treatment?];
    let name = words::name_of(&pathway.name, &pathway.name_de);
    Some(format!("{name}: {}", pathway.span_words(&target.from, &target.to)))
}

/// A pathway in short.
struct Summary<'p> {
    pathway: &'p str,
    /// What a limit means, or why the pathway cannot be done.
    note: Option<String>,
    /// What is known where it can be done.
    known: Option<KnownTimes<'p>>,
}

/// How long until treatment.
struct KnownTimes<'p> {
    pathway: &'p Pathway,
    cases_inside: Option<f64>,
    last: &'p StageTimes,
    /// The target for the first door, and the first one for the last stage.
    door: Option<&'p TargetResult>,
    treatment: Option<&'p TargetResult>,
}

impl<'p> Summary<'p> {
    fn of(figures: &'p PathwayFigures) -> Self {
        let PathwayFigures { pathway, cases_inside, stages, targets } = figures;
        let last = stages.last().expect("a pathway has stages, and the door comes before them");
        let [door, treatment] = main_targets(pathway);
        let target = |position: Option<usize>| Some(&targets[position?]);
        let (door, treatment) = (target(door), target(treatment));
        let note = match treatment {
            Some(result) if remark(pathway, result).is_some() => {
                Some(words::kept(|| remark(pathway, result).unwrap_or_default()))
            }
            _ => None,
        };
        let known = KnownTimes { pathway, cases_inside: *cases_inside, last, door, treatment };
        Self { pathway: &pathway.key, note, known: Some(known) }
    }

    /// A cell of what is known.
    fn known(&self, cell: impl Fn(&KnownTimes<'_>) -> Cell) -> Cell {
        match &self.known {
            Some(known) => cell(known),
            None => Cell::Missing,
        }
    }

    /// A cell of what is known, where that counts in this unit: a row counts in minutes or in days, not in both.
    fn in_unit_of(&self, urgency: Urgency, cell: impl Fn(&KnownTimes<'_>) -> Cell) -> Cell {
        self.known(
            |known| {
                if known.pathway.urgency == urgency { cell(known) } else { Cell::Missing }
            },
        )
    }

    fn minutes(&self, seconds: impl Fn(&StageTimes) -> Option<f64>) -> Cell {
        self.in_unit_of(Urgency::Emergency, |known| Cell::maybe_minutes(seconds(known.last)))
    }

    fn days(&self, seconds: impl Fn(&StageTimes) -> Option<f64>) -> Cell {
        self.in_unit_of(Urgency::Elective, |known| Cell::maybe_days(seconds(known.last)))
    }

    /// A cell of the target for the first door.
    fn door(&self, cell: impl Fn(&TargetResult) -> Cell) -> Cell {
        self.known(|known| match known.door {
            Some(result) => cell(result),
            None => Cell::Missing,
        })
    }

    /// A cell of the target for the last stage.
    fn treatment(&self, cell: impl Fn(&Pathway, &TargetResult) -> Cell) -> Cell {
        self.known(|known| match known.treatment {
            Some(result) => cell(known.pathway, result),
            None => Cell::Missing,
        })
    }
}

fn summary_table(rows: Vec<Summary<'_>>) -> Table {
    let start_p90 = |times: &StageTimes| times.start.p90.map(seconds);
    let done_p90 = |times: &StageTimes| times.done.p90.map(seconds);
    let table = Table::of(rows)
        .column(PATHWAY, |row| Cell::text(row.pathway))
        .column(CASES_INSIDE, |row| row.known(|known| Cell::maybe_number(known.cases_inside, 0)))
        .column(START_MEAN_MINUTES, |row| row.minutes(|times| times.start.mean_seconds))
        .column(DONE_MEAN_MINUTES, |row| row.minutes(|times| times.done.mean_seconds))
        .column(DONE_P90_MINUTES, |row| row.minutes(done_p90))
        .column(DONE_MEAN_DAYS, |row| row.days(|times| times.done.mean_seconds))
        .column(DONE_P90_DAYS, |row| row.days(done_p90))
        .column(DOOR_SHARE_WITHIN_LIMIT, |row| row.door(|result| Cell::maybe_share(result.share)))
        .column(TREATMENT_LIMIT, |row| {
            row.treatment(|_, result| Cell::said(|| limit(&result.target)))
        })
        .column(TREATMENT_SHARE_WITHIN_LIMIT, |row| {
            row.treatment(|_, result| Cell::maybe_share(result.share))
        })
        .column(SHARE_WITHOUT_WAY, |row| {
            row.known(|known| Cell::maybe_share(known.last.share_without_way()))
        });
    table
        .detail(STAGE, |row| {
            row.known(|known| match known.pathway.stages.last() {
                Some(stage) => Cell::text(&stage.key),
                None => Cell::Missing,
            })
        })
        .detail(START_P90_MINUTES, |row| row.minutes(start_p90))
        .detail(START_MEAN_DAYS, |row| row.days(|times| times.start.mean_seconds))
        .detail(START_P90_DAYS, |row| row.days(start_p90))
        .detail(DOOR_LIMIT_MINUTES, |row| row.door(|result| Cell::count(result.target.minutes)))
        .detail(TREATMENT_LIMIT_MINUTES, |row| {
            row.treatment(|_, result| Cell::count(result.target.minutes))
        })
        .detail(TREATMENT_TARGET, |row| {
            row.treatment(|pathway, result| Cell::said(|| target_words(pathway, &result.target)))
        })
        .detail(DOOR_SHARE_IF_SLOW, |row| {
            row.door(|result| band::share_cell(result.share_band, BandEnd::Slow))
        })
        .detail(DOOR_SHARE_IF_QUICK, |row| {
            row.door(|result| band::share_cell(result.share_band, BandEnd::Quick))
        })
        .detail(DOOR_OVER_BAND, |row| row.door(|result| band::word(result.over_band())))
        .detail(TREATMENT_SHARE_IF_SLOW, |row| {
            row.treatment(|_, result| band::share_cell(result.share_band, BandEnd::Slow))
        })
        .detail(TREATMENT_SHARE_IF_QUICK, |row| {
            row.treatment(|_, result| band::share_cell(result.share_band, BandEnd::Quick))
        })
        .detail(TREATMENT_OVER_BAND, |row| {
            row.treatment(|_, result| band::word(result.over_band()))
        })
        .detail(NOTE, |row| row.note.as_deref().map_or(Cell::Missing, Cell::known))
        .build()
}
