//! How long care pathways take before and after.

use std::collections::BTreeMap;

use super::{MINUTE, count, is_other_share, is_seen_in};
use crate::comparison::{Comparison, StageChange};
use crate::model::Urgency;
use crate::pathways::StageTimes;
use crate::report::columns::{
    MEAN_AFTER_DAYS, MEAN_AFTER_MINUTES, MEAN_BEFORE_DAYS, MEAN_BEFORE_MINUTES, MEDIAN_AFTER_DAYS,
    MEDIAN_AFTER_MINUTES, MEDIAN_BEFORE_DAYS, MEDIAN_BEFORE_MINUTES, P90_AFTER_DAYS,
    P90_AFTER_MINUTES, P90_BEFORE_DAYS, P90_BEFORE_MINUTES, PATHWAY, STAGE,
};
use crate::report::document::{Cell, SECONDS_OF_A_DAY, Section, Table};
use crate::units::Seconds;

/// Emergencies count minutes, elective pathways days; a row has one of them.
pub(super) fn stages(comparison: &Comparison) -> Section {
    let changes = &comparison.stages;
    let changed: Vec<&StageChange> = changes.iter().filter(|change| is_changed(change)).collect();
    // Without elective pathways every cell of days would be a dash.
    let is_elective = changed.iter().any(|change| change.urgency == Urgency::Elective);
    let table = Table::of(changed)
        .column(PATHWAY, |row| Cell::text(&row.pathway))
        .column(STAGE, |row| Cell::text(&row.stage))
        .column(MEDIAN_BEFORE_MINUTES, |row| minutes(row, median(&row.before)))
        .column(MEDIAN_AFTER_MINUTES, |row| minutes(row, median(&row.after)))
        .column(MEAN_BEFORE_MINUTES, |row| minutes(row, row.before.done.mean_seconds))
        .column(MEAN_AFTER_MINUTES, |row| minutes(row, row.after.done.mean_seconds))
        .column(P90_BEFORE_MINUTES, |row| minutes(row, p90(&row.before)))
        .column(P90_AFTER_MINUTES, |row| minutes(row, p90(&row.after)))
        .column(MEDIAN_BEFORE_DAYS, |row| days(row, median(&row.before)))
        .column(MEDIAN_AFTER_DAYS, |row| days(row, median(&row.after)))
        .column(MEAN_BEFORE_DAYS, |row| days(row, row.before.done.mean_seconds))
        .column(MEAN_AFTER_DAYS, |row| days(row, row.after.done.mean_seconds))
        .detail(P90_BEFORE_DAYS, |row| days(row, p90(&row.before)))
        .detail(P90_AFTER_DAYS, |row| days(row, p90(&row.after)))
        .build()
        .hide_if(
            !is_elective,
            &[MEDIAN_BEFORE_DAYS, MEDIAN_AFTER_DAYS, MEAN_BEFORE_DAYS, MEAN_AFTER_DAYS],
        );

    let note = if table.rows().is_empty() {
        "No stage of any care pathway changes so that it shows: by 0.05 minutes, of elective ones by 0.005 days."
    } else {
        "From the call to the end of the stage, over all inside for whom the pathway is and all hours of the week; stages \
         that change by 0.05 minutes, elective ones by 0.005 days, or more. A dash: not everybody has a way."
    };

    let mut section = Section::new("stages", "How long care pathways take", table).note(note);
    // Who has no way to a stage has none to those behind it: the sum over stages would count people twice.
    let mut without_way: BTreeMap<&str, f64> = BTreeMap::new();
    for change in changes {
        let more = without_way.entry(&change.pathway).or_default();
        *more = more.max(change.after.without_way - change.before.without_way);
    }

    // Where other people live, more of them without a way are not people who lost one.
    if comparison.people.is_empty() {
        for (pathway, more) in without_way {
            if more >= 0.5 {
                let more = count(more.round() as u64);
                section = section.note(said!(
"{pathway}: {more} more people do not get through at all; means leave them out.",
pathway,
more
));
            }
        }
    }
    section
}

/// A time in seconds as minutes; nothing in the row of an elective pathway.
fn minutes(row: &StageChange, seconds: Option<f64>) -> Cell {
    match row.urgency {
        Urgency::Emergency => Cell::maybe_minutes(seconds),
        Urgency::Elective => Cell::Missing,
    }
}

/// A time in seconds as days with two decimals, so that a journey that takes an hour longer shows; nothing in the
/// row of an emergency.
fn days(row: &StageChange, seconds: Option<f64>) -> Cell {
    match (row.urgency, seconds) {
        (Urgency::Elective, Some(seconds)) => Cell::number(seconds / SECONDS_OF_A_DAY, 2),
        _ => Cell::Missing,
    }
}

/// Until the end of the stage, in seconds.
fn median(times: &StageTimes) -> Option<f64> {
    times.done.median.map(seconds)
}

fn p90(times: &StageTimes) -> Option<f64> {
    times.done.p90.map(seconds)
}

fn seconds(time: Seconds) -> f64 {
    f64::from(time.0)
}

/// Median, mean and P90 in seconds.
fn figures(times: &StageTimes) -> [Option<f64>; 3] {
    [median(times), times.done.mean_seconds, p90(times)]
}

/// Whether something of it is other in print.
fn is_changed(change: &StageChange) -> bool {
    let (before, after) = (&change.before, &change.after);
    let without = |times: &StageTimes| times.share_without_way().unwrap_or(0.0);
    let is_same_people = before.people == after.people;
    if is_other_share(without(before), without(after), is_same_people) {
        return true;
    }

    // Of what is printed with one decimal: days have two, so their unit is a tenth of a day.
    let unit = match change.urgency {
        Urgency::Emergency => MINUTE,
        Urgency::Elective => SECONDS_OF_A_DAY / 10.0,
    };
    let mut pairs = figures(before).into_iter().zip(figures(after));
    pairs.any(|(old, new)| is_seen_in(unit, old, new))
}
