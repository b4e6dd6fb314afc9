//! Who gains and who loses: by standard, place, district and age.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{count, is_other_share, is_seen};
use crate::comparison::{Comparison, PeopleChange, PlaceChange, ReachChange, StandardChange};
use crate::coverage::{Reach, Week, share};
use crate::region::Region;
use crate::report::Column;
use crate::report::columns::{
    AFTER_AGED_PEOPLE, AFTER_PEOPLE, AGE_GROUP, BEFORE_AGED_PEOPLE, BEFORE_PEOPLE, DISTRICT,
    FURTHER_STANDARDS, LOST_PEOPLE, MEAN_AFTER_MINUTES, MEAN_BEFORE_MINUTES, P90_AFTER_MINUTES,
    P90_BEFORE_MINUTES, PEOPLE, PLACE, PLACE_NAME, STANDARD, WITHIN_AFTER_SHARE,
    WITHIN_BEFORE_SHARE, WON_PEOPLE,
};
use crate::report::document::{Cell, Section, Table};
use crate::report::hours;
use crate::report::namesakes::Namesakes;

/// Who lives there before and after.
pub(super) fn people(changes: &[PeopleChange]) -> Section {
    let table = Table::of(changes)
        .column(DISTRICT, |row| Cell::text(row.district.as_deref().unwrap_or("all inside")))
        .column(BEFORE_PEOPLE, |row| Cell::count(row.before))
        .column(AFTER_PEOPLE, |row| Cell::count(row.after))
        .column(BEFORE_AGED_PEOPLE, |row| Cell::count(row.aged_before))
        .column(AFTER_AGED_PEOPLE, |row| Cell::count(row.aged_after))
        .build();
    let note = if changes.is_empty() {
        "The same people live there."
    } else {
        "Residents before and after; 65+: those of 65 and more years."
    };
    Section::new("people", "Who lives there", table).note(note)
}

pub(super) fn standards(changes: &[StandardChange]) -> Section {
    let table = Table::of(changes)
        .column(STANDARD, |row| Cell::text(&row.standard.key))
        .column(WON_PEOPLE, |row| Cell::count(row.won))
        .column(LOST_PEOPLE, |row| Cell::count(row.lost))
        .column(WITHIN_BEFORE_SHARE, |row| within(&row.before, row.is_offered))
        .column(WITHIN_AFTER_SHARE, |row| within(&row.after, row.is_offered))
        .column(MEAN_BEFORE_MINUTES, |row| Cell::maybe_minutes(row.before.mean_seconds))
        .column(MEAN_AFTER_MINUTES, |row| Cell::maybe_minutes(row.after.mean_seconds))
        .column(P90_BEFORE_MINUTES, |row| Cell::maybe_time(row.before.p90))
        .column(P90_AFTER_MINUTES, |row| Cell::maybe_time(row.after.p90))
        .build();

    let mut section = Section::new("standards", "Who gains and who loses", table).note(
        "Won: people who are within the limit after and were not before; lost: the other way round.",
    );
    section = section.maybe_note(for_whom(changes));
    for change in changes {
        section = section.maybe_note(on_hours(change));
    }
    for remark in without_share(changes) {
        section = section.note(remark);
    }

    if changes.iter().any(|change| change.before.people != change.after.people) {
        section = section.note(
            "Other people live there after. Won and lost, and the places below, are what hospitals and journeys \
             do to the people of then; shares and means before are those of the people before. A place of other size \
             is laid out in another number of points, which by itself can move a district's share by half a \
             percentage point.",
        );
    }

    // A mean over fewer people may fall because the farthest of them have no way any more.
    for change in changes {
        let lost: u64 = change.places.iter().map(|place| place.without_way).sum();
        if lost > 0 {
            let (key, lost) = (&change.standard.key, count(lost));
            section = section.note(format!(
                "{key}: {lost} more people reach no such hospital at all; means leave them out."
            ));
        }
    }
    section
}

/// The share within the limit; none of nobody, and none where no site of the data offers the care.
fn within(reach: &Reach, is_offered: bool) -> Cell {
    // Data without any such site may just not know them: 0 % would state what nobody knows.
    if is_offered { Cell::maybe_share(reach.share_within_limit()) } else { Cell::Missing }
}

/// What a standard is like over the hours of the week, before and after, where some site is not always open.
fn on_hours(change: &StandardChange) -> Option<String> {
    let (before, after) = (&change.week_before, &change.week_after);
    if !before.has_part_time() && !after.has_part_time() {
        return None;
    }
    let of_week = |week: &Week| {
        let sites = match hours::part_time(&week.part_time) {
            sites if sites.is_empty() => "all sites are open round the clock".to_owned(),
            sites => format!("not open round the clock: {sites}"),
        };
        format!("{sites}; {}", hours::over_week(week))
    };
    Some(format!(
        "{}: before, {}; after, {}.",
        change.standard.key,
        of_week(before),
        of_week(after)
    ))
}

/// Standards without a share: nobody lives there for whom they are, or no site in the data offers them.
fn without_share(changes: &[StandardChange]) -> Vec<String> {
    let (mut offered_nowhere, mut of_nobody) = (Vec::new(), Vec::new());
    for change in changes {
        let key = change.standard.key.as_str();
        if !change.is_offered {
            offered_nowhere.push(key);
        }
        // A share is missing on one side where people moved in or away.
        if change.before.people == 0 || change.after.people == 0 {
            of_nobody.push(key);
        }
    }

    let mut told = Vec::new();
    if !offered_nowhere.is_empty() {
        let keys = offered_nowhere.join(", ");
        told.push(format!("No site in the data offers {keys}, before or after: no share."));
    }
    if !of_nobody.is_empty() {
        let keys = of_nobody.join(", ");
        told.push(format!("Nobody lives there for whom {keys} would be: no share of nobody."));
    }
    told
}

/// A place under the standard that hits it hardest.
struct HardHit<'c> {
    standard: &'c str,
    place: &'c PlaceChange,
    /// Further standards by which it is worse off.
    further: u64,
}

/// Whether its people travel longer by so much that it shows in print.
fn is_longer(place: &PlaceChange) -> bool {
    is_seen(place.before_seconds, place.after_seconds) && place.extra_seconds() > 0.0
}

/// Whether a place is worse off by a standard.
fn is_worse(place: &PlaceChange) -> bool {
    place.lost > 0 || place.without_way > 0 || is_longer(place)
}

/// Whether something of it is other in print.
fn is_changed(change: &ReachChange) -> bool {
    let (before, after) = (&change.before, &change.after);
    let unreached = |reach: &Reach| share(reach.unreached, reach.people);
    let is_other = match (unreached(before), unreached(after)) {
        (Some(old), Some(new)) => is_other_share(old, new, before.people == after.people),
        (old, new) => old.is_some() != new.is_some(),
    };
    let is_other_within = match (before.share_within_limit(), after.share_within_limit()) {
        // Shares have one decimal of a percent in print.
        (Some(old), Some(new)) => (old - new).abs() >= 0.0005,
        (old, new) => old.is_some() != new.is_some(),
    };
    is_other || is_other_within || is_seen(before.mean_seconds, after.mean_seconds)
}

/// The hardest hit place first: nobody is worse off than people without any way, then those beyond the limit.
fn by_hardness(a: &PlaceChange, b: &PlaceChange) -> Ordering {
    let way = b.without_way.cmp(&a.without_way);
    let extra = b.extra_seconds().total_cmp(&a.extra_seconds());
    way.then(b.lost.cmp(&a.lost)).then(extra)
}

/// The places that are worse off by any standard, the hardest hit first; ties by standard and key.
fn hardest_hit(changes: &[StandardChange]) -> Vec<HardHit<'_>> {
    let mut hits: BTreeMap<&str, HardHit<'_>> = BTreeMap::new();
    for change in changes {
        for place in &change.places {
            if !is_worse(place) {
                continue;
            }
            let standard = change.standard.key.as_str();
            let new = HardHit { standard, place, further: 0 };
            let Some(old) = hits.get_mut(place.place.as_str()) else {
                hits.insert(&place.place, new);
                continue;
            };
            let further = old.further + 1;
            if by_hardness(place, old.place).is_lt() {
                *old = new;
            }
            old.further = further;
        }
    }

    let mut hits: Vec<HardHit<'_>> = hits.into_values().collect();
    hits.sort_by(|a, b| by_hardness(a.place, b.place));
    hits
}

pub(super) fn places(region: &Region, changes: &[StandardChange], limit: usize) -> Section {
    let namesakes = Namesakes::new(region);
    let hits = hardest_hit(changes);
    let shown = &hits[..limit.min(hits.len())];
    let table = Table::of(shown)
        .detail(PLACE, |hit| Cell::text(&hit.place.place))
        .column(PLACE_NAME, |hit| namesakes.place_of_key(&hit.place.place, &hit.place.name))
        .column(STANDARD, |hit| Cell::text(hit.standard))
        .column(PEOPLE, |hit| Cell::count(hit.place.people))
        .column(LOST_PEOPLE, |hit| Cell::count(hit.place.lost))
        .column(MEAN_BEFORE_MINUTES, |hit| Cell::maybe_minutes(hit.place.before_seconds))
        .column(MEAN_AFTER_MINUTES, |hit| Cell::maybe_minutes(hit.place.after_seconds))
        .column(FURTHER_STANDARDS, |hit| Cell::count(hit.further))
        .build();

    let note = if hits.is_empty() {
        "By standards, no place is worse off; care pathways are judged apart.".to_owned()
    } else {
        format!(
            "{} of {} places that are worse off, each under the standard that hits it hardest: the most \
             people without any way any more first, then the most people lost, then the most extra minutes of \
             all its people.",
            shown.len(),
            hits.len()
        )
    };

    // A remark on a standard that no row shows would only puzzle.
    let of_rows = changes
        .iter()
        .filter(|change| shown.iter().any(|hit| *hit.standard == change.standard.key));
    Section::new("places", "The places hit hardest", table).note(note).maybe_note(for_whom(of_rows))
}

/// Whom the standards are for that are not for everybody; `None` where all are.
fn for_whom<'c>(changes: impl IntoIterator<Item = &'c StandardChange>) -> Option<String> {
    let mut by_group: Vec<(String, Vec<&str>)> = Vec::new();
    for StandardChange { standard, .. } in changes {
        if standard.population.is_everybody() {
            continue;
        }
        let label = standard.population.label();
        match by_group.iter_mut().find(|(known, _)| *known == label) {
            Some((_, keys)) => keys.push(&standard.key),
            None => by_group.push((label, vec![&standard.key])),
        }
    }
    if by_group.is_empty() {
        return None;
    }

    let mut told = Vec::new();
    for (label, keys) in by_group {
        told.push(format!("{} only {label}", keys.join(" and ")));
    }
    Some(format!("Not of everybody: {}.", told.join("; ")))
}

/// Minutes by district or by age, as the column says.
pub(super) fn groups<'c>(
    comparison: &'c Comparison,
    column: Column,
    groups_of: impl Fn(&'c StandardChange) -> &'c Vec<ReachChange>,
) -> Section {
    let (key, title) = if column == DISTRICT {
        ("districts", "Minutes by district")
    } else {
        ("ages", "Minutes by age")
    };
    let standards = &comparison.standards;
    let mut rows = Vec::new();
    for change in standards {
        for group in groups_of(change) {
            if is_changed(group) {
                rows.push((change, group));
            }
        }
    }

    let table = Table::of(rows)
        .column(STANDARD, |(change, _)| Cell::text(&change.standard.key))
        .column(column, |(_, group)| Cell::text(&group.name))
        .column(PEOPLE, |(_, group)| Cell::count(group.after.people))
        .column(WITHIN_BEFORE_SHARE, |(change, group)| within(&group.before, change.is_offered))
        .column(WITHIN_AFTER_SHARE, |(change, group)| within(&group.after, change.is_offered))
        .column(MEAN_BEFORE_MINUTES, |(_, group)| Cell::maybe_minutes(group.before.mean_seconds))
        .column(MEAN_AFTER_MINUTES, |(_, group)| Cell::maybe_minutes(group.after.mean_seconds))
        .build();

    let note = if table.rows().is_empty() { "Nothing changes." } else { "Only what changes." };

    let mut section = Section::new(key, title, table).note(note);
    // The ages in the table are those of the standard's group: they say already for whom it is.
    if column != AGE_GROUP {
        let of_rows = standards.iter().filter(|change| groups_of(change).iter().any(is_changed));
        section = section.maybe_note(for_whom(of_rows));
    }
    // Where other people live, more of them without a way are not people who lost one.
    if comparison.people.is_empty() {
        for change in standards {
            section =
                section.maybe_note(newly_without_way(&change.standard.key, groups_of(change)));
        }
    }
    section
}

/// In which groups more people reach no hospital of a standard than before; `None` where nowhere.
fn newly_without_way(standard: &str, groups: &[ReachChange]) -> Option<String> {
    let mut told = Vec::new();
    for group in groups {
        let more = group.after.unreached.saturating_sub(group.before.unreached);
        if more > 0 {
            told.push(format!("{} {}", group.name, count(more)));
        }
    }
    if told.is_empty() {
        return None;
    }
    Some(format!(
        "{standard}: people who newly reach no such hospital at all, left out of means: {}.",
        told.join(", ")
    ))
}
