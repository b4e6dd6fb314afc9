//! How long care pathways take before and after.

use std::collections::BTreeMap;

use super::{MINUTE, count, is_other_share, is_seen_in};
use crate::comparison::{Comparison, StageChange};
use crate::model::Urgency;
use crate::pathways::StageTimes;
use crate::report::document::{Cell, DAY, Section, Table};
use crate::units::Seconds;

/// By unit: what text shows of elective pathways, and what only other formats do.
const DAYS: [&str; 6] = [
    "median_before_days",
    "median_after_days",
    "mean_before_days",
    "mean_after_days",
    "p90_before_days",
    "p90_after_days",
];

/// Emergencies count minutes, elective pathways days; a row has one of them.
pub(super) fn stages(comparison: &Comparison) -> Section {
    let found = &comparison.stages;
    let minutes = [
        "pathway",
        "stage",
        "median_before_minutes",
        "median_after_minutes",
        "mean_before_minutes",
        "mean_after_minutes",
        "p90_before_minutes",
        "p90_after_minutes",
    ];
    let mut table = Table::new(&[&minutes[..], &DAYS].concat());
    let mut is_elective = false;
    for one in found.iter().filter(|one| is_changed(one)) {
        let pairs = times(&one.before).into_iter().zip(times(&one.after));
        let times = pairs.flat_map(|(before, after)| [before, after]);
        let none = vec![Cell::Missing; DAYS.len()];
        let units = match one.urgency {
            Urgency::Emergency => [times.map(Cell::maybe_minutes).collect(), none],
            Urgency::Elective => [none, times.map(days).collect()],
        };
        is_elective |= one.urgency == Urgency::Elective;
        let names = vec![Cell::text(&one.pathway), Cell::text(&one.stage)];
        table.row(names.into_iter().chain(units.concat()).collect());
    }
    let table = table.details(if is_elective { &DAYS[4..] } else { &DAYS });
    let note = if table.rows().is_empty() {
        "No stage of any care pathway changes so that it shows: by 0.05 minutes, of elective ones by 0.005 days."
    } else {
        "From the call to the end of the stage, over all inside for whom the pathway is and all hours of the week; stages \
         that change by 0.05 minutes, elective ones by 0.005 days, or more. A dash: not everybody has a way."
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

/// Days with two decimals: a journey that takes an hour longer shows.
fn days(seconds: Option<f64>) -> Cell {
    seconds.map_or(Cell::Missing, |seconds| Cell::Number(seconds / DAY, 2))
}

/// Median, mean and P90 in seconds.
fn times(of: &StageTimes) -> [Option<f64>; 3] {
    let seconds = |time: Option<Seconds>| time.map(|time| f64::from(time.0));
    [seconds(of.done.median), of.done.mean_seconds, seconds(of.done.p90)]
}

/// Whether something of it is other in print.
fn is_changed(one: &StageChange) -> bool {
    let (before, after) = (&one.before, &one.after);
    let without = |times: &StageTimes| times.share_without_way().unwrap_or(0.0);
    // Of what is printed with one decimal.
    let unit = match one.urgency {
        Urgency::Emergency => MINUTE,
        Urgency::Elective => DAY / 10.0,
    };
    let is_same_people = before.people == after.people;
    is_other_share((without(before), without(after)), is_same_people)
        || times(before)
            .into_iter()
            .zip(times(after))
            .any(|(before, after)| is_seen_in(unit, before, after))
}
