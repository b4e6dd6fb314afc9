//! Published times beside the model's.

use super::super::document::{Cell, Hint, Remark, Section, Table};
use crate::model::{Pathway, PatientGroup, PublishedTime, ShareWithin};
use crate::pathways::{Outcome, PublishedResult};
use crate::report::columns::{
    DIFFERS, MODEL_MEDIAN_MINUTES, MODEL_Q1_MINUTES, MODEL_Q3_MINUTES, MODEL_WITHIN, PATIENT_GROUP,
    PATIENTS_SHARE, PUBLISHED_MEDIAN_MINUTES, PUBLISHED_Q1_MINUTES, PUBLISHED_Q3_MINUTES,
    PUBLISHED_WITHIN, SOURCE, WHAT,
};
use crate::units::Seconds;
use crate::words::fixed;

/// One row for each published time of the pathway; `None` where there is none.
pub(super) fn section(outcome: &Outcome<'_, '_>) -> Option<Section> {
    let pathway = outcome.prepared().pathway();
    let results = outcome.published();
    if results.is_empty() {
        return None;
    }
    let table = table(pathway, &results);
    let heading = "Published times beside the model";
    let mut section = Section::new("published", heading, table)
        .note("Medians with their quartiles. The model's are over the people inside who belong to these patients, by their routes here and the spreads that durations have; a dash: nobody does.");
    let is_empty = |result: &PublishedResult| {
        result.published.group == PatientGroup::Transferred && result.median.is_none()
    };
    if results.iter().any(is_empty) {
        section = section.note(
            Remark::from("Nobody is transferred here").hint(Hint::TransferredPatients).and("."),
        );
    }
    // Patients of a study are never those of a region: each figure with what differs.
    for result in &results {
        section = section.note(origin(pathway, &result.published));
    }
    Some(section)
}

/// Which figure, who published it and what differs, as a sentence.
fn origin(pathway: &Pathway, published: &PublishedTime) -> String {
    let figure = match (published.median, published.quartiles) {
        (Some(median), _) => said!("{median} min", median = fixed(median.minutes(), 0)),
        (None, Some((low, high))) => said!(
            "{low} to {high} min",
            low = fixed(low.minutes(), 0),
            high = fixed(high.minutes(), 0)
        ),
        (None, None) => said!("shares"),
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

fn table(pathway: &Pathway, results: &[PublishedResult]) -> Table {
    let low = |quartiles: Option<(Seconds, Seconds)>| match quartiles {
        Some((low, _)) => Cell::time(low),
        None => Cell::Missing,
    };
    let high = |quartiles: Option<(Seconds, Seconds)>| match quartiles {
        Some((_, high)) => Cell::time(high),
        None => Cell::Missing,
    };

    Table::of(results)
        .column(WHAT, |row| {
            Cell::said(|| pathway.span_words(&row.published.from, &row.published.to))
        })
        .column(PATIENT_GROUP, |row| Cell::word(row.published.group.label()))
        .column(PUBLISHED_Q1_MINUTES, |row| low(row.published.quartiles))
        .column(PUBLISHED_MEDIAN_MINUTES, |row| Cell::maybe_time(row.published.median))
        .column(PUBLISHED_Q3_MINUTES, |row| high(row.published.quartiles))
        .column(MODEL_Q1_MINUTES, |row| {
            Cell::maybe_time(row.quartiles.map(|quartiles| quartiles.lower))
        })
        .column(MODEL_MEDIAN_MINUTES, |row| Cell::maybe_time(row.median))
        .column(MODEL_Q3_MINUTES, |row| {
            Cell::maybe_time(row.quartiles.map(|quartiles| quartiles.upper))
        })
        .column(PUBLISHED_WITHIN, |row| {
            let limits = &row.published.within;
            let shares: Vec<f64> = limits.iter().map(|limit| limit.share).collect();
            within(limits, &shares)
        })
        .column(MODEL_WITHIN, |row| match row.median {
            Some(_) => within(&row.published.within, &row.within),
            // Nobody belongs to these patients: shares of nobody are unknown, not 0.
            None => Cell::Missing,
        })
        .column(PATIENTS_SHARE, |row| Cell::share(row.group_share))
        .detail(DIFFERS, |row| match row.published.differs.as_str() {
            "" => Cell::Missing,
            differs => Cell::text(differs),
        })
        .detail(SOURCE, |row| Cell::text(&row.published.source))
        .build()
}

/// Shares within limits: "41.0 % within 90".
fn within(limits: &[ShareWithin], shares: &[f64]) -> Cell {
    if limits.is_empty() || shares.is_empty() {
        return Cell::Missing;
    }
    Cell::told(|| {
        let mut told = Vec::new();
        for (limit, share) in limits.iter().zip(shares) {
            let (share, limit) = (Cell::share(*share).display(), limit.minutes);
            told.push(said!("{share} within {limit}", share, limit));
        }
        told
    })
}
