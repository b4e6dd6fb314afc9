//! What the scenarios of a network change, a row each.

use super::{is_seen, law};
use crate::calendar::Date;
use crate::comparison::{Comparison, DepartmentChange, PlaceChange, StageChange, StandardChange};
use crate::overview::{LeftOut, LeftOutReason, ScenarioChange, ScenariosInShort};
use crate::region::Region;
use crate::report::band;
use crate::report::columns::{
    CHANGED_VERDICTS, COUNTS_ON, EXTRA_MINUTES, HARDEST_PLACE, LATER_STAGES, LOST_PEOPLE,
    LOST_STANDARD, NEWLY_OVERFULL_DEPARTMENTS, SCENARIO,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table, standard_of};
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
    let table = Table::of(changes.iter().map(Row::of))
        .column(SCENARIO, |row| Cell::text(row.scenario))
        .detail(COUNTS_ON, |row| Cell::text(row.on.to_string()))
        .column(LOST_PEOPLE, |row| Cell::count(row.lost))
        .detail(LOST_STANDARD, |row| Cell::maybe_text(row.lost_standard))
        .column(HARDEST_PLACE, |row| match row.hardest {
            Some(Hardest { place, .. }) => namesakes.place_of_key(&place.place, &place.name),
            None => Cell::Missing,
        })
        .column(EXTRA_MINUTES, |row| match row.hardest {
            Some(Hardest { extra_seconds, .. }) => Cell::minutes(extra_seconds),
            None => Cell::Missing,
        })
        .column(LATER_STAGES, |row| Cell::count(row.later_stages))
        .column(NEWLY_OVERFULL_DEPARTMENTS, |row| Cell::count(row.newly_overfull))
        .column(CHANGED_VERDICTS, |row| Cell::count(row.changed_verdicts))
        .build();

    let told = "No more in time: people who are beyond the limit of a standard after and were not before, by the standard with \
                most of them; the place whose mean time grows most by any standard; stages of care pathways that are \
                done later; departments with newly more bed days than beds; verdicts of the law that change.";
    let mut section = Section::new("scenarios", "What the scenarios of this network change", table)
        .note(Remark::from(told).hint(Hint::WholeComparison));
    section = section.maybe_note(band::undecided(region, &over_band(changes)));
    if !left_out.is_empty() {
        section = section.note(reasons(left_out));
    }
    Some(section)
}

/// Whether more people are in time by each standard, or fewer, and what becomes of supplements, over the band.
fn over_band(changes: &[ScenarioChange]) -> band::Verdicts {
    let mut verdicts = band::Verdicts::default();
    for ScenarioChange { scenario, comparison, .. } in changes {
        for change in &comparison.standards {
            let name = format!("{} ({})", standard_of(&change.standard.key), scenario.key);
            verdicts.add(&name, change.over_band());
        }
        // What stays as stated may change at an end.
        let law = comparison.law.iter().chain(&comparison.law_undecided);
        for change in law {
            let name = format!("{} ({})", law::supplement_name(change), scenario.key);
            verdicts.add(&name, change.over_band);
        }
    }
    verdicts
}

/// What a scenario changes, by its most telling figures.
struct Row<'c> {
    scenario: &'c str,
    on: Date,
    /// People beyond the limit of the standard that loses most of them.
    lost: u64,
    /// Key of that standard; `None` where nobody is lost.
    lost_standard: Option<&'c str>,
    hardest: Option<Hardest<'c>>,
    later_stages: usize,
    newly_overfull: usize,
    changed_verdicts: usize,
}

impl<'c> Row<'c> {
    fn of(change: &'c ScenarioChange) -> Self {
        let Comparison { standards, stages, departments, law, .. } = &change.comparison;
        // Sums over standards would count a person once for each limit that is missed. Ties go to the first one.
        let (mut lost, mut lost_standard) = (0, None);
        for standard in standards {
            if standard.lost > lost {
                (lost, lost_standard) = (standard.lost, Some(standard.standard.key.as_str()));
            }
        }
        let newly_overfull = |change: &&DepartmentChange| change.load.is_newly_overfull();
        Self {
            scenario: &change.scenario.key,
            on: change.at.date(),
            lost,
            lost_standard,
            hardest: hardest(standards),
            later_stages: stages.iter().filter(|stage| is_later(stage)).count(),
            newly_overfull: departments.iter().filter(newly_overfull).count(),
            changed_verdicts: law.len(),
        }
    }
}

/// The place whose mean time grows most by any standard.
#[derive(Clone, Copy)]
struct Hardest<'c> {
    place: &'c PlaceChange,
    /// By how much it grows.
    extra_seconds: f64,
}

/// Which scenarios are left out, by reason.
fn reasons(left_out: &[LeftOut]) -> Remark {
    let mut told = Remark::from("Left out: ");
    let by_reason = left_out.chunk_by(|before, after| before.reason == after.reason);
    for (position, same) in by_reason.enumerate() {
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

/// The place whose mean time grows most by any standard, so that it shows; ties by standard and key.
fn hardest(standards: &[StandardChange]) -> Option<Hardest<'_>> {
    let mut hardest: Option<Hardest<'_>> = None;
    for place in standards.iter().flat_map(|change| &change.places) {
        // A place without any way has no mean that could grow: the whole comparison tells of its people.
        let (Some(before), Some(after)) = (place.before_seconds, place.after_seconds) else {
            continue;
        };
        let extra_seconds = after - before;
        let is_more = hardest.is_none_or(|known| extra_seconds > known.extra_seconds);
        if after > before && is_seen(Some(before), Some(after)) && is_more {
            hardest = Some(Hardest { place, extra_seconds });
        }
    }
    hardest
}
