//! How long care pathways take before and after.

use std::collections::BTreeMap;

use super::{count, is_other_share, is_seen};
use crate::comparison::{Comparison, StageChange};
use crate::pathways::{StageTimes, Times};
use crate::report::document::{Cell, Section, Table};
use crate::units::Seconds;

pub(super) fn stages(comparison: &Comparison) -> Section {
    let found = &comparison.stages;
    let mut table = Table::new(&[
        "pathway",
        "stage",
        "median_before_minutes",
        "median_after_minutes",
        "p90_before_minutes",
        "p90_after_minutes",
        "mean_before_minutes",
        "mean_after_minutes",
    ]);
    for one in found.iter().filter(|one| is_changed(one)) {
        let (before, after): (&Times, &Times) = (&one.before.done, &one.after.done);
        table.row(vec![
            Cell::text(&one.pathway),
            Cell::text(&one.stage),
            Cell::maybe_time(before.median),
            Cell::maybe_time(after.median),
            Cell::maybe_time(before.p90),
            Cell::maybe_time(after.p90),
            Cell::maybe_minutes(before.mean_seconds),
            Cell::maybe_minutes(after.mean_seconds),
        ]);
    }
    let note = if table.rows().is_empty() {
        "No stage of any care pathway changes."
    } else {
        "From the call to the end of the stage, over all inside for whom the pathway is and all hours of the week; stages \
         that change. A dash: not everybody has a way."
    };
    let mut section = Section::new("stages", "How long care pathways take", table).note(note);
    let mut without_way: BTreeMap<&str, f64> = BTreeMap::new();
    for one in found {
        let more = without_way.entry(&one.pathway).or_default();
        *more = more.max(one.after.without_way - one.before.without_way);
    }
    // Where other people live, more of them without a way are not people who lost one.
    let is_told = |more: f64| more >= 0.5 && comparison.people.is_empty();
    for (pathway, more) in without_way.into_iter().filter(|(_, more)| is_told(*more)) {
        let more = count(more.round() as u64);
        section = section.note(format!(
            "{pathway}: {more} more people do not get through at all; means leave them out."
        ));
    }
    section
}

/// Whether something of it is other in print.
fn is_changed(one: &StageChange) -> bool {
    let (before, after) = (&one.before, &one.after);
    let seconds = |time: Option<Seconds>| time.map(|time| f64::from(time.0));
    let without = |times: &StageTimes| {
        if times.people == 0 { 0.0 } else { times.without_way / times.people as f64 }
    };
    let is_same_people = before.people == after.people;
    is_other_share((without(before), without(after)), is_same_people)
        || is_seen(before.done.mean_seconds, after.done.mean_seconds)
        || is_seen(seconds(before.done.median), seconds(after.done.median))
        || is_seen(seconds(before.done.p90), seconds(after.done.p90))
}
