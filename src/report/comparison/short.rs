//! What the scenarios of a network change, a row each.

use super::is_seen;
use crate::comparison::{Comparison, PlaceChange, StageChange, StandardChange};
use crate::overview::{LeftOut, LeftOutReason, ScenariosInShort};
use crate::region::Region;
use crate::report::columns::{
    CHANGED_VERDICTS, COUNTS_ON, EXTRA_MINUTES, HARDEST_PLACE, LATER_STAGES, LOST_PEOPLE,
    LOST_STANDARD, NEWLY_OVERFULL_DEPARTMENTS, SCENARIO,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table};
use crate::report::namesakes::Namesakes;

/// The scenarios of a network, a row each, and why others are left out; `None` where there is none.
pub(in crate::report) fn in_short(
    region: &Region,
    scenarios: &ScenariosInShort,
) -> Option<Section> {
    let ScenariosInShort { changes, left_out } = scenarios;
    if changes.is_empty() && left_out.is_empty() {
        return None;
    }
    let namesakes = Namesakes::new(region);
    let rows = changes.iter().map(|change| {
        let Comparison { standards, .. } = &change.comparison;
        let lost = standards.iter().rev().max_by_key(|standard| standard.lost);
        (change, lost.filter(|standard| standard.lost > 0), hardest(standards))
    });
    let table = Table::of(rows)
        .column(SCENARIO, |(change, ..)| Cell::text(&change.scenario.key))
        .detail(COUNTS_ON, |(change, ..)| Cell::text(change.at.date().to_string()))
        .column(LOST_PEOPLE, |(_, lost, _)| Cell::count(lost.map_or(0, |standard| standard.lost)))
        .detail(LOST_STANDARD, |(_, lost, _)| {
            Cell::maybe_text(lost.map(|standard| &standard.standard.key))
        })
        .column(HARDEST_PLACE, |(.., hardest)| match hardest {
            Some((place, _)) => namesakes.place_of_key(&place.place, &place.name),
            None => Cell::Missing,
        })
        .column(EXTRA_MINUTES, |(.., hardest)| {
            Cell::maybe_minutes(hardest.map(|(_, seconds)| seconds))
        })
        .column(LATER_STAGES, |(change, ..)| {
            let stages = &change.comparison.stages;
            Cell::count(stages.iter().filter(|stage| is_later(stage)).count())
        })
        .column(NEWLY_OVERFULL_DEPARTMENTS, |(change, ..)| {
            let loads = change.comparison.departments.iter().map(|department| &department.load);
            Cell::count(loads.filter(|load| load.is_newly_overfull()).count())
        })
        .column(CHANGED_VERDICTS, |(change, ..)| Cell::count(change.comparison.law.len()))
        .build();
    let told = "Lost: people who are beyond the limit of a standard after and were not before, by the standard with \
                most of them; the place whose mean time grows most by any standard; stages of care pathways that are \
                done later; departments with newly more bed days than beds; verdicts of the law that change.";
    let mut section = Section::new("scenarios", "What the scenarios of this network change", table)
        .note(Remark::from(told).hint(Hint::WholeComparison));
    if !left_out.is_empty() {
        section = section.note(reasons(left_out));
    }
    Some(section)
}

/// Which scenarios are left out, by reason.
fn reasons(left_out: &[LeftOut]) -> Remark {
    let mut told = Remark::from("Left out: ");
    for (position, same) in
        left_out.chunk_by(|before, after| before.reason == after.reason).enumerate()
    {
        let names: Vec<&str> = same.iter().map(|left_out| left_out.scenario.as_str()).collect();
        let separator = if position == 0 { "" } else { "; " };
        told.push(format!("{separator}{} (", names.join(", ")));
        told = match same[0].reason {
            LeftOutReason::NotMeasured => told.and("cannot be measured"),
            LeftOutReason::Earlier => {
                told.and("earlier than the network").hint(Hint::EarlierScenarios)
            }
            LeftOutReason::Passing => told.and("pass").hint(Hint::PassingScenarios),
            LeftOutReason::Faulty => told.and("with a fault").hint(Hint::FaultyScenarios),
        };
        told.push(")");
    }
    told.and(".")
}

/// Whether a stage of a pathway is done later, in print, or by fewer people.
fn is_later(stage: &StageChange) -> bool {
    let (before, after) = (&stage.before, &stage.after);
    let (old, new) = (before.done.mean_seconds, after.done.mean_seconds);
    after.without_way >= before.without_way + 0.5 || (is_seen(old, new) && old < new)
}

/// The place whose mean time grows most by any standard, with the seconds; ties by standard and key.
fn hardest(standards: &[StandardChange]) -> Option<(&PlaceChange, f64)> {
    let mut hardest: Option<(&PlaceChange, f64)> = None;
    for place in standards.iter().flat_map(|change| &change.places) {
        let (Some(before), Some(after)) = (place.before_seconds, place.after_seconds) else {
            continue;
        };
        let is_more = hardest.is_none_or(|(_, most)| after - before > most);
        if after > before && is_seen(Some(before), Some(after)) && is_more {
            hardest = Some((place, after - before));
        }
    }
    hardest
}
