//! Who gains and who loses: by standard, place, district and age.

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
pub(super) fn people(found: &[PeopleChange]) -> Section {
    let table = Table::of(found)
        .column(DISTRICT, |row| Cell::text(row.district.as_deref().unwrap_or("all inside")))
        .column(BEFORE_PEOPLE, |row| Cell::count(row.before))
        .column(AFTER_PEOPLE, |row| Cell::count(row.after))
        .column(BEFORE_AGED_PEOPLE, |row| Cell::count(row.aged_before))
        .column(AFTER_AGED_PEOPLE, |row| Cell::count(row.aged_after))
        .build();
    let note = if found.is_empty() {
        "The same people live there."
    } else {
        "Residents before and after; 65+: those of 65 and more years."
    };
    Section::new("people", "Who lives there", table).note(note)
}

pub(super) fn standards(found: &[StandardChange]) -> Section {
    let table = Table::of(found)
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
    section = section.maybe_note(for_whom(found));
    for remark in found.iter().filter_map(on_hours).chain(without_share(found)) {
        section = section.note(remark);
    }
    if found.iter().any(|change| change.before.people != change.after.people) {
        section = section.note(
            "Other people live there after. Won and lost, and the places below, are what hospitals and journeys \
             do to the people of then; shares and means before are those of the people before. A place of other size \
             is laid out in another number of points, which by itself can move a district's share by half a \
             percentage point.",
        );
    }
    for change in found {
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
    Cell::maybe_share(reach.share_within_limit().filter(|_| is_offered))
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
fn without_share(found: &[StandardChange]) -> Vec<String> {
    let keys = |is_one: &dyn Fn(&StandardChange) -> bool| -> Option<String> {
        let keys = found.iter().filter(|change| is_one(change));
        let keys: Vec<&str> = keys.map(|change| change.standard.key.as_str()).collect();
        (!keys.is_empty()).then(|| keys.join(", "))
    };
    let mut told = Vec::new();
    if let Some(keys) = keys(&|change| !change.is_offered) {
        told.push(format!("No site in the data offers {keys}, before or after: no share."));
    }
    if let Some(keys) = keys(&|change| change.before.people == 0 || change.after.people == 0) {
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

/// Whether something of it is other in print.
fn is_changed(one: &ReachChange) -> bool {
    let unreached = |reach: &Reach| share(reach.unreached, reach.people);
    let is_other = match (unreached(&one.before), unreached(&one.after)) {
        (Some(before), Some(after)) => {
            is_other_share(before, after, one.before.people == one.after.people)
        }
        (before, after) => before.is_some() != after.is_some(),
    };
    let is_other_within = match (one.before.share_within_limit(), one.after.share_within_limit()) {
        (Some(before), Some(after)) => (before - after).abs() >= 0.0005,
        (before, after) => before.is_some() != after.is_some(),
    };
    is_other || is_other_within || is_seen(one.before.mean_seconds, one.after.mean_seconds)
}

/// The places that are worse off by any standard, the hardest hit first; ties by standard and key.
fn hardest_hit(found: &[StandardChange]) -> Vec<HardHit<'_>> {
    let is_worse =
        |place: &&PlaceChange| place.lost > 0 || place.without_way > 0 || is_longer(place);
    let order = |a: &PlaceChange, b: &PlaceChange| {
        let way = b.without_way.cmp(&a.without_way);
        let extra = b.extra_seconds().total_cmp(&a.extra_seconds());
        way.then(b.lost.cmp(&a.lost)).then(extra)
    };
    let mut hits: BTreeMap<&str, HardHit<'_>> = BTreeMap::new();
    for change in found {
        for place in change.places.iter().filter(is_worse) {
            let standard = change.standard.key.as_str();
            let new = HardHit { standard, place, further: 0 };
            let Some(old) = hits.get_mut(place.place.as_str()) else {
                hits.insert(&place.place, new);
                continue;
            };
            let further = old.further + 1;
            if order(place, old.place).is_lt() {
                *old = new;
            }
            old.further = further;
        }
    }
    let mut hits: Vec<HardHit<'_>> = hits.into_values().collect();
    hits.sort_by(|a, b| order(a.place, b.place));
    hits
}

pub(super) fn places(region: &Region, found: &[StandardChange], limit: usize) -> Section {
    let namesakes = Namesakes::new(region);
    let hits = hardest_hit(found);
    let table = Table::of(hits.iter().take(limit))
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
            hits.len().min(limit),
            hits.len()
        )
    };
    let is_shown = |change: &&StandardChange| {
        hits.iter().take(limit).any(|hit| *hit.standard == change.standard.key)
    };
    let shown = found.iter().filter(is_shown);
    Section::new("places", "The places hit hardest", table).note(note).maybe_note(for_whom(shown))
}

/// Whom the standards are for that are not for everybody; `None` where all are.
fn for_whom<'c>(found: impl IntoIterator<Item = &'c StandardChange>) -> Option<String> {
    let mut by_group: Vec<(String, Vec<&str>)> = Vec::new();
    let standards = found.into_iter().map(|change| &change.standard);
    for standard in standards.filter(|standard| !standard.population.is_everybody()) {
        let label = standard.population.label();
        match by_group.iter_mut().find(|(own, _)| *own == label) {
            Some((_, keys)) => keys.push(&standard.key),
            None => by_group.push((label, vec![&standard.key])),
        }
    }
    let told = by_group.iter().map(|(label, keys)| format!("{} only {label}", keys.join(" and ")));
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| format!("Not of everybody: {}.", told.join("; ")))
}

/// Minutes by district or by age, as the column says.
pub(super) fn groups<'c>(
    comparison: &'c Comparison,
    column: Column,
    of: impl Fn(&'c StandardChange) -> &'c Vec<ReachChange>,
) -> Section {
    let (key, title) = if column == DISTRICT {
        ("districts", "Minutes by district")
    } else {
        ("ages", "Minutes by age")
    };
    let standards = &comparison.standards;
    let mut rows = Vec::new();
    for change in standards {
        for group in of(change).iter().filter(|group| is_changed(group)) {
            rows.push((change, group));
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
    let is_shown = |change: &&'c StandardChange| of(change).iter().any(is_changed);
    let shown = for_whom(standards.iter().filter(is_shown)).filter(|_| column != AGE_GROUP);
    let mut section = Section::new(key, title, table).note(note).maybe_note(shown);
    // Where other people live, more of them without a way are not people who lost one.
    for change in standards.iter().filter(|_| comparison.people.is_empty()) {
        let lost = of(change).iter().filter_map(|group| {
            let more = group.after.unreached.checked_sub(group.before.unreached)?;
            (more > 0).then(|| format!("{} {}", group.name, count(more)))
        });
        let lost: Vec<String> = lost.collect();
        if !lost.is_empty() {
            let (key, lost) = (&change.standard.key, lost.join(", "));
            section = section.note(format!(
                "{key}: people who newly reach no such hospital at all, left out of means: {lost}."
            ));
        }
    }
    section
}
