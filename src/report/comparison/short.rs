//! What the scenarios of a network change, a row each.

use super::is_seen;
use crate::comparison::{PlaceChange, StageChange, StandardChange};
use crate::overview::{LeftOut, LeftOutReason, ScenariosInShort};
use crate::region::Region;
use crate::report::document::{Cell, Section, Table};
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
    let mut table = Table::new(&[
        "scenario",
        "counts_on",
        "lost_people",
        "lost_standard",
        "hardest_place",
        "extra_minutes",
        "later_stages",
        "newly_overfull_departments",
        "changed_verdicts",
    ]);
    let namesakes = Namesakes::new(region);
    for one in changes {
        let found = &one.comparison;
        let lost = found.standards.iter().rev().max_by_key(|standard| standard.lost);
        let lost = lost.filter(|standard| standard.lost > 0);
        let hardest = hardest(&found.standards);
        let newly = found.departments.iter().filter(|one| one.load.is_newly_overfull()).count();
        table.row(vec![
            Cell::text(&one.scenario.key),
            Cell::text(one.at.date().to_string()),
            Cell::Count(lost.map_or(0, |standard| standard.lost)),
            Cell::maybe_text(lost.map(|standard| standard.standard.key.as_str())),
            hardest.map_or(Cell::Missing, |(place, _)| {
                namesakes.place_of_key(&place.place, &place.name)
            }),
            hardest.map_or(Cell::Missing, |(_, extra)| Cell::Minutes(extra)),
            Cell::Count(found.stages.iter().filter(|stage| is_later(stage)).count() as u64),
            Cell::Count(newly as u64),
            Cell::Count(found.law.len() as u64),
        ]);
    }
    let table = table.details(&["counts_on", "lost_standard"]);
    let mut section = Section::new("scenarios", "What the scenarios of this network change", table).note(
        "Lost: people who are beyond the limit of a standard after and were not before, by the standard with \
         most of them; the place whose mean time grows most by any standard; stages of care pathways that are done later; departments with newly more bed \
         days than beds; verdicts of the law that change. The whole comparison: verbund compare --scenario.",
    );
    if !left_out.is_empty() {
        section = section.note(format!("Left out: {}.", reasons(left_out)));
    }
    Some(section)
}

/// Which scenarios are left out, by reason; the commands are those that say more.
fn reasons(left_out: &[LeftOut]) -> String {
    let mut told = Vec::new();
    for same in left_out.chunk_by(|before, after| before.reason == after.reason) {
        let names: Vec<&str> = same.iter().map(|left_out| left_out.scenario.as_str()).collect();
        let why = match same[0].reason {
            LeftOutReason::NotMeasured => "cannot be measured",
            LeftOutReason::Earlier => "earlier than the network: verbund compare --scenario",
            LeftOutReason::Passing => "pass: verbund simulate --scenario",
            LeftOutReason::Faulty => "with a fault: verbund check --scenario",
        };
        told.push(format!("{} ({why})", names.join(", ")));
    }
    told.join("; ")
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
    for place in standards.iter().flat_map(|one| &one.places) {
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
