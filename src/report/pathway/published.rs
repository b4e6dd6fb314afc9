//! Published times beside the model's.

use super::super::document::{Cell, Section, Table};
use crate::model::{Pathway, PatientGroup, PublishedTime, ShareWithin};
use crate::pathways::{Outcome, PublishedResult};
use crate::units::Seconds;

/// One row for each published time of the pathway; `None` where there is none.
pub(super) fn section(outcome: &Outcome<'_, '_>) -> Option<Section> {
    let pathway = outcome.prepared().pathway();
    let results = outcome.published();
    if results.is_empty() {
        return None;
    }
    let mut table = Table::new(&[
        "what",
        "patient_group",
        "published_q1_minutes",
        "published_median_minutes",
        "published_q3_minutes",
        "model_q1_minutes",
        "model_median_minutes",
        "model_q3_minutes",
        "published_within",
        "model_within",
        "patients_share",
        "differs",
        "source",
    ]);
    for result in &results {
        table.row(row(&pathway.span_words(&result.published.from, &result.published.to), result));
    }
    let heading = "Published times beside the model";
    let table = table.details(&["differs", "source"]);
    let mut section = Section::new("published", heading, table)
        .note("Medians with their quartiles. The model's are over the people inside who belong to these patients, by their routes here and the spreads that durations have; a dash: nobody does.");
    let is_empty = |result: &PublishedResult| {
        result.published.group == PatientGroup::Transferred && result.median.is_none()
    };
    if results.iter().any(is_empty) {
        section = section.note("Nobody is transferred here: --protocol nearest-door.");
    }
    for result in &results {
        section = section.note(origin(pathway, &result.published));
    }
    Some(section)
}

/// Which figure, who published it and what differs, as a sentence.
fn origin(pathway: &Pathway, published: &PublishedTime) -> String {
    let figure = match (published.median, published.quartiles) {
        (Some(median), _) => format!("{:.0} min", median.minutes()),
        (None, Some((low, high))) => format!("{:.0} to {:.0} min", low.minutes(), high.minutes()),
        (None, None) => "shares".to_owned(),
    };
    let what = pathway.span_words(&published.from, &published.to);
    let mut words = format!("{what}, {figure}: {}", published.source);
    if !published.differs.is_empty() {
        words.push_str("; ");
        words.push_str(&published.differs);
    }
    words.push('.');
    words
}

fn row(what: &str, result: &PublishedResult) -> Vec<Cell> {
    let published = &result.published;
    let low = |quartiles: Option<(Seconds, Seconds)>| quartiles.map(|(low, _)| low);
    let high = |quartiles: Option<(Seconds, Seconds)>| quartiles.map(|(_, high)| high);
    let is_there = result.median.is_some();
    vec![
        Cell::text(what),
        Cell::text(published.group.label()),
        Cell::maybe_time(low(published.quartiles)),
        Cell::maybe_time(published.median),
        Cell::maybe_time(high(published.quartiles)),
        Cell::maybe_time(low(result.quartiles)),
        Cell::maybe_time(result.median),
        Cell::maybe_time(high(result.quartiles)),
        within(&published.within, published.within.iter().map(|limit| limit.share)),
        if is_there {
            within(&published.within, result.within.iter().copied())
        } else {
            Cell::Missing
        },
        Cell::share(result.group_share),
        if published.differs.is_empty() { Cell::Missing } else { Cell::text(&published.differs) },
        Cell::text(&published.source),
    ]
}

/// Shares within limits: "41.0 % within 90".
fn within(limits: &[ShareWithin], shares: impl Iterator<Item = f64>) -> Cell {
    let words: Vec<String> = limits
        .iter()
        .zip(shares)
        .map(|(limit, share)| format!("{} within {}", Cell::share(share).display(), limit.minutes))
        .collect();
    if words.is_empty() { Cell::Missing } else { Cell::list(words) }
}
