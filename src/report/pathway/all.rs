//! All pathways of a catalog, one row each.

use super::super::document::{Cell, Document, Section, Table};
use super::super::{caveats, open};
use super::{
    cannot_be_done, limit, main_targets, remark, shares_by_way, target_words, times, without,
};
use crate::model::{Pathway, UnknownSite, Urgency};
use crate::overview::PathwayFigures;
use crate::pathways::{Loads, Outcome, PathwayError, Prepared, Query};
use crate::region::Region;

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
    let prepared = results.iter().flatten().map(Outcome::prepared);
    let unknown = UnknownSite::merged(prepared.flat_map(Prepared::unknown_sites));
    let unknown = caveats::on_unknown(region.network(), &unknown);
    let figures: Vec<Result<PathwayFigures, PathwayError>> = results
        .iter()
        .map(|result| result.as_ref().map(PathwayFigures::of).map_err(Clone::clone))
        .collect();
    document.section(summary(&figures).maybe_note(unknown)).section(ways)
}

pub(super) fn cases(loads: &Loads) -> Cell {
    if loads.are_cases { Cell::Number(loads.inside, 0) } else { Cell::Missing }
}

/// Columns of the summary that are for programs only, the note last.
const DETAILS: [&str; 8] = [
    "stage",
    "start_p90_minutes",
    "start_mean_days",
    "start_p90_days",
    "door_limit_minutes",
    "treatment_limit_minutes",
    "treatment_target",
    "note",
];

/// What durations that scatter do to a summary.
const SCATTER: &str =
    "Where durations scatter, routes are chosen by medians, and the figures count the scatter.";

/// One row a pathway: how long until treatment.
pub(in crate::report) fn summary(results: &[Result<PathwayFigures, PathwayError>]) -> Section {
    let shown = [
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
    ];
    let mut table = Table::new(&[&shown[..], &DETAILS].concat());
    let (mut clocks, mut impossible, mut remarks) = (Vec::new(), Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(figures) => {
                let cells = summary_row(figures);
                clocks.extend(clock_of_limit(&figures.pathway));
                if let (Cell::Text(pathway), Some(Cell::Text(remark))) = (&cells[0], cells.last()) {
                    remarks.push(format!("{pathway}: {remark}."));
                }
                table.row(cells);
            }
            Err(PathwayError::Unmet { pathway, stages, unknown }) => {
                let note = cannot_be_done(stages, unknown);
                let mut cells = vec![Cell::Missing; table.columns().len()];
                let last = cells.len() - 1;
                (cells[0], cells[last]) = (Cell::text(pathway), Cell::text(&note));
                table.row(cells);
                impossible.push(format!("{pathway} {note}."));
            }
            Err(_) => {}
        }
    }
    let table = table.details(&DETAILS);
    let section = Section::new("pathways", "How long from the call to treatment", table)
        .note("Start and done: of the last stage. Door in time: arrival at the first hospital, mostly within 60 minutes. Limit and in time: of the last stage; a dash where nobody published one. Means are over those who have a way; P90 counts the others as later than all.");
    let scatters = results.iter().flatten().any(|figures| figures.pathway.has_spread());
    let told = format!("What the limits count: {}.", clocks.join("; "));
    let section = section.maybe_note((!clocks.is_empty()).then_some(told));
    let section = section.maybe_note(scatters.then(|| SCATTER.to_owned()));
    remarks.into_iter().chain(impossible).fold(section, Section::note)
}

/// From which event to which one the limit of the last stage counts; `None` where there is none.
fn clock_of_limit(pathway: &Pathway) -> Option<String> {
    let [_, treatment] = main_targets(pathway);
    let target = &pathway.targets[treatment?];
    Some(format!("{}: {}", pathway.key, pathway.span_words(&target.from, &target.to)))
}

fn summary_row(figures: &PathwayFigures) -> Vec<Cell> {
    let PathwayFigures { pathway, cases_inside, stages, targets } = figures;
    let last = stages.last().expect("a pathway has stages, and the door comes before them");
    let [door, treatment] = main_targets(pathway).map(|at| at.map(|at| &targets[at]));
    let share = |target: Option<&crate::pathways::TargetResult>| {
        Cell::maybe_share(target.and_then(|one| one.share))
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
        cases_inside.map_or(Cell::Missing, |cases| Cell::Number(cases, 0)),
        when(in_minutes, start_mean),
        when(in_minutes, done_mean),
        when(in_minutes, done_p90),
        when(in_days, done_mean_days),
        when(in_days, done_p90_days),
        share(door),
        Cell::maybe_text(treatment.map(|one| limit(&one.target))),
        share(treatment),
        Cell::maybe_share(last.share_without_way()),
        Cell::maybe_text(pathway.stages.last().map(|stage| stage.key.as_str())),
        when(in_minutes, start_p90),
        when(in_days, start_mean_days),
        when(in_days, start_p90_days),
        minutes(door),
        minutes(treatment),
        Cell::maybe_text(treatment.map(|one| target_words(pathway, &one.target))),
        Cell::maybe_text(
            treatment.map(|one| remark(pathway, one)).filter(|words| !words.is_empty()),
        ),
    ]
}
