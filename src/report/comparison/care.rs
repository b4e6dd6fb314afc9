//! Who gains and who loses: by standard, place, district and age.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{count, first, is_other_share, is_seen};
use crate::comparison::{
    Comparison, PeopleChange, PlaceChange, ReachChange, Shift, StandardChange,
};
use crate::coverage::{Reach, Week, share};
use crate::model::OverBand;
use crate::region::Region;
use crate::report::Column;
use crate::report::band;
use crate::report::beside::MovedPlace;
use crate::report::columns::{
    AFTER_AGED_PEOPLE, AFTER_PEOPLE, AGE_GROUP, BEFORE_AGED_PEOPLE, BEFORE_PEOPLE, DISTRICT,
    FURTHER_STANDARDS, LATER_MINUTES, LOST_PEOPLE, MEAN_AFTER_MINUTES, MEAN_BEFORE_MINUTES,
    OVER_BAND, P90_AFTER_MINUTES, P90_BEFORE_MINUTES, PEOPLE, PEOPLE_BEYOND_AFTER,
    PEOPLE_BEYOND_BEFORE, PEOPLE_LATER, PEOPLE_LOSING_WAY, PEOPLE_SOONER, PEOPLE_WITH_WAY, PLACE,
    PLACE_NAME, SOONER_MINUTES, STANDARD, WITHIN_AFTER_SHARE, WITHIN_BEFORE_SHARE, WON_PEOPLE,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table, TableBuilder, standard_of};
use crate::report::hours;
use crate::report::namesakes::Namesakes;
use crate::report::shifts::{
    Side, age_group, in_time_columns, moved_columns, whole, without_empty_side,
};
use crate::words::{self, signed};

/// Who lives there before and after.
pub(super) fn people(changes: &[PeopleChange]) -> Section {
    let table = Table::of(changes)
        .column(DISTRICT, |row| row.district.as_ref().map_or(Cell::word("all inside"), Cell::text))
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

/// Who gains and who loses by each standard; `is_asked` where every row was asked for, also those that say that
/// nothing changes.
pub(super) fn standards(changes: &[StandardChange], is_asked: bool) -> Section {
    let table = Table::of(changes).column(STANDARD, |row| Cell::text(&row.standard.key));
    let table = moved_columns(table, |row| row.shift);
    let table = in_time_columns(table, |row| row.shift)
        .column(WITHIN_BEFORE_SHARE, |row| within(&row.before, row.is_offered))
        .column(WITHIN_AFTER_SHARE, |row| within(&row.after, row.is_offered))
        .column(MEAN_BEFORE_MINUTES, |row| Cell::maybe_minutes(row.before.mean_seconds))
        .column(MEAN_AFTER_MINUTES, |row| Cell::maybe_minutes(row.after.mean_seconds))
        .detail(P90_BEFORE_MINUTES, |row| Cell::maybe_time(row.before.p90))
        .detail(P90_AFTER_MINUTES, |row| Cell::maybe_time(row.after.p90))
        .detail(OVER_BAND, |row| band::word(row.over_band()))
        .quiet(|row| !is_asked && is_as_before(row))
        .build();
    let table = without_empty_side(table, changes.iter().map(|change| change.shift));

    let mut section = Section::new("standards", "Who gains and who loses", table).note(
        "Sooner, later: people whose journey gets shorter or longer, and by how many minutes on average of those (not \
         of all). New in time: within the limit after and not before; no more in time: the other way round.",
    );
    let mut quiet = Vec::new();
    let mut moved = Vec::new();
    for change in changes {
        let side = if !is_asked && is_as_before(change) { &mut quiet } else { &mut moved };
        side.push(change);
    }
    if moved.is_empty() && !changes.is_empty() {
        section = section.in_words(NOTHING);
        section.notes.clear();
    } else if !quiet.is_empty() {
        section =
            section.note(said!("As before for everybody: {keys_of}.", keys_of = keys_of(&quiet)));
    }
    for change in changes {
        section = section.maybe_note(over_band(change));
    }
    section = section.maybe_note(for_whom(changes));
    for change in moved {
        section = section.maybe_note(on_hours(change));
    }
    for remark in without_share(changes) {
        section = section.note(remark);
    }

    if changes.iter().any(|change| change.before.people != change.after.people) {
        section = section.note(
            "Other people live there after. Who gains and who loses, and the places below, are what hospitals and journeys \
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
            section = section.note(said!(
                "{key}: {lost} more people reach no such hospital at all; means leave them out.",
                key,
                lost
            ));
        }
    }
    section
}

/// That it is not decided whether the share in time rises or falls, with what it does at both ends of the band.
fn over_band(change: &StandardChange) -> Option<String> {
    if change.over_band() != Some(OverBand::NotDecided) {
        return None;
    }
    let (then, now) = (change.before.within_limit_band?, change.after.within_limit_band?);
    let more = |before: u64, after: u64| {
        let sign = match after.cmp(&before) {
            Ordering::Less => "−",
            Ordering::Equal => "±",
            Ordering::Greater => "+",
        };
        format!("{sign}{people}", people = count(after.abs_diff(before)))
    };
    Some(said!(
        "{key}: whether more or fewer people are in time is not decided by the road model: {stated} as stated, {slow} were every journey as slow as its margin allows, {quick} as quick.",
        key = standard_of(&change.standard.key),
        stated = more(change.before.within_limit, change.after.within_limit),
        slow = more(then.slow, now.slow),
        quick = more(then.quick, now.quick)
    ))
}

/// What stands for the table of standards where it would say nothing.
const NOTHING: &str = "By every standard each person reaches care as before.";

/// Whether a standard is for everybody what it was: as many people, as far, at the same hours.
fn is_as_before(change: &StandardChange) -> bool {
    change.shift.is_nothing()
        && change.before == change.after
        && change.week_before == change.week_after
}

/// The keys of standards, in their order.
fn keys_of(changes: &[&StandardChange]) -> String {
    let mut keys = Vec::with_capacity(changes.len());
    for change in changes {
        keys.push(standard_of(&change.standard.key));
    }
    keys.join(", ")
}

/// The share within the limit; none of nobody, and none where no site of the data offers the care.
fn within(reach: &Reach, is_offered: bool) -> Cell {
    // Data without any such site may just not know them: 0 % would state what nobody knows.
    if is_offered { Cell::maybe_share(reach.share_within_limit()) } else { Cell::Missing }
}

/// People beyond the limit; unknown where no site of the data offers it.
fn beyond(reach: &Reach, is_offered: bool) -> Cell {
    if is_offered { Cell::count(reach.people - reach.within_limit) } else { Cell::Missing }
}

/// What a standard is like over the hours of the week, before and after, where some site is not always open.
fn on_hours(change: &StandardChange) -> Option<String> {
    let (before, after) = (&change.week_before, &change.week_after);
    if !before.has_part_time() && !after.has_part_time() {
        return None;
    }
    let of_week = |week: &Week| {
        let sites = match hours::part_time(&week.part_time) {
            sites if sites.is_empty() => said!("all sites are open round the clock"),
            sites => said!("not open round the clock: {sites}", sites),
        };
        format!("{sites}; {}", hours::over_week(week))
    };
    Some(said!(
        "{standard}: before, {before}; after, {after}.",
        standard = change.standard.key,
        before = of_week(before),
        after = of_week(after)
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
        told.push(said!("No site in the data offers {keys}, before or after: no share.", keys));
    }
    if !of_nobody.is_empty() {
        let keys = of_nobody.join(", ");
        told.push(said!("Nobody lives there for whom {keys} would be: no share of nobody.", keys));
    }
    told
}

/// A place under the standard that moves it most.
pub(super) struct Hit<'c> {
    change: &'c StandardChange,
    place: &'c PlaceChange,
    /// Further standards by which it is moved the same way.
    further: u64,
}

/// Whether a place gains, or loses, by a standard, so that it shows in print.
fn is_moved(place: &PlaceChange, side: Side) -> bool {
    let is_other = is_seen(place.before_seconds, place.after_seconds);
    match side {
        Side::Gain => {
            place.won > 0 || place.shift.new_way > 0.0 || (is_other && place.extra_seconds() < 0.0)
        }
        Side::Lose => {
            place.lost > 0 || place.without_way > 0 || (is_other && place.extra_seconds() > 0.0)
        }
    }
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

/// The place that is moved most first: nothing counts more than a way, then the limit, then the seconds of all.
fn by_strength(side: Side, a: &PlaceChange, b: &PlaceChange) -> Ordering {
    let extra = b.extra_seconds().total_cmp(&a.extra_seconds());
    match side {
        Side::Gain => {
            let way = b.shift.new_way.total_cmp(&a.shift.new_way);
            way.then(b.won.cmp(&a.won)).then(extra.reverse())
        }
        Side::Lose => b.without_way.cmp(&a.without_way).then(b.lost.cmp(&a.lost)).then(extra),
    }
}

/// The places that gain, or lose, by any standard, those that are moved most first; ties by standard and key.
pub(super) fn hits(changes: &[StandardChange], side: Side) -> Vec<Hit<'_>> {
    let mut hits: BTreeMap<&str, Hit<'_>> = BTreeMap::new();
    for change in changes {
        for place in &change.places {
            if !is_moved(place, side) {
                continue;
            }
            let new = Hit { change, place, further: 0 };
            let Some(old) = hits.get_mut(place.place.as_str()) else {
                hits.insert(&place.place, new);
                continue;
            };
            let further = old.further + 1;
            if by_strength(side, place, old.place).is_lt() {
                *old = new;
            }
            old.further = further;
        }
    }

    let mut hits: Vec<Hit<'_>> = hits.into_values().collect();
    hits.sort_by(|a, b| by_strength(side, a.place, b.place));
    hits
}

/// The places that gain most, or lose most, so many of them.
pub(super) fn places(
    region: &Region,
    changes: &[StandardChange],
    hits: &[Hit<'_>],
    side: Side,
    limit: usize,
) -> Section {
    let namesakes = Namesakes::new(region);
    let shown = first(hits, limit);
    let table = Table::of(shown)
        .detail(PLACE, |hit| Cell::text(&hit.place.place))
        .column(PLACE_NAME, |hit| namesakes.place_of_key(&hit.place.place, &hit.place.name))
        .column(STANDARD, |hit| Cell::text(&hit.change.standard.key))
        .detail(PEOPLE, |hit| Cell::count(hit.place.people));
    let table = side_columns(table, side)
        .column(WITHIN_BEFORE_SHARE, |hit| share_of(hit, hit.place.within_before))
        .column(WITHIN_AFTER_SHARE, |hit| share_of(hit, hit.place.within_after))
        .column(MEAN_BEFORE_MINUTES, |hit| Cell::maybe_minutes(hit.place.before_seconds))
        .column(MEAN_AFTER_MINUTES, |hit| Cell::maybe_minutes(hit.place.after_seconds))
        .column(FURTHER_STANDARDS, |hit| Cell::count(hit.further))
        .build();
    let table = without_empty_side(table, shown.iter().map(|hit| hit.place.shift));

    let note = if hits.is_empty() {
        match side {
            Side::Gain => {
                said!("By standards, no place gains; care pathways are judged apart.")
            }
            Side::Lose => {
                said!("By standards, no place is worse off; care pathways are judged apart.")
            }
        }
    } else {
        let (shown, of_all) = (shown.len(), hits.len());
        match side {
            Side::Gain => said!(
                "{shown} of {of_all} places that gain, each under the standard by which it gains most: the most people \
                 with a way first who had none, then the most people newly in time, then the most minutes of all its \
                 people.",
                shown,
                of_all
            ),
            Side::Lose => said!(
                "{shown} of {of_all} places that are worse off, each under the standard that hits it hardest: the most \
                 people without any way any more first, then the most people no longer in time, then the most extra \
                 minutes of all its people.",
                shown,
                of_all
            ),
        }
    };

    // A remark on a standard that no row shows would only puzzle.
    let of_rows = changes
        .iter()
        .filter(|change| shown.iter().any(|hit| hit.change.standard.key == change.standard.key));
    let (key, heading) = match side {
        Side::Gain => ("places_gaining", "The places that gain most"),
        Side::Lose => ("places", "The places hit hardest"),
    };
    let section = Section::new(key, heading, table);
    if hits.is_empty() {
        return section.in_words(note);
    }
    section.note(note).maybe_note(for_whom(of_rows))
}

/// Places that gain, or lose, as one side of a table that has both.
pub(super) fn moved_places(region: &Region, hits: &[Hit<'_>]) -> Vec<MovedPlace> {
    let namesakes = Namesakes::new(region);
    let mut moved = Vec::with_capacity(hits.len());
    for Hit { change, place, .. } in hits {
        moved.push(MovedPlace {
            name: namesakes.place_of_key(&place.place, &place.name),
            by: Cell::text(&change.standard.key),
            shift: place.shift,
        });
    }
    moved
}

/// Adds whose time changes as the places of this side do.
fn side_columns<'h, 'c>(table: TableBuilder<&'h Hit<'c>>, side: Side) -> TableBuilder<&'h Hit<'c>> {
    match side {
        Side::Gain => table
            .column(PEOPLE_SOONER, |hit| whole(hit.place.shift.sooner.people()))
            .column(SOONER_MINUTES, |hit| {
                Cell::maybe_minutes(hit.place.shift.sooner.mean_seconds())
            })
            .column(PEOPLE_WITH_WAY, |hit| whole(hit.place.shift.new_way))
            .column(WON_PEOPLE, |hit| Cell::count(hit.place.won)),
        Side::Lose => table
            .column(PEOPLE_LATER, |hit| whole(hit.place.shift.later.people()))
            .column(LATER_MINUTES, |hit| Cell::maybe_minutes(hit.place.shift.later.mean_seconds()))
            .column(PEOPLE_LOSING_WAY, |hit| whole(hit.place.shift.without_way))
            .column(LOST_PEOPLE, |hit| Cell::count(hit.place.lost)),
    }
}

/// The share that so many of a place's people are, where any site offers the care.
fn share_of(hit: &Hit<'_>, people: u64) -> Cell {
    if !hit.change.is_offered {
        return Cell::Missing;
    }
    Cell::maybe_share(share(people, hit.place.people))
}

/// Whom the standards are for that are not for everybody; `None` where all are.
fn for_whom<'c>(changes: impl IntoIterator<Item = &'c StandardChange>) -> Option<String> {
    let mut by_group: Vec<(String, Vec<&str>)> = Vec::new();
    for StandardChange { standard, .. } in changes {
        if standard.population.is_everybody() {
            continue;
        }
        let label = standard.population.in_print();
        let name = words::name_of(&standard.name, &standard.name_de);
        match by_group.iter_mut().find(|(known, _)| *known == label) {
            Some((_, names)) => names.push(name),
            None => by_group.push((label, vec![name])),
        }
    }
    if by_group.is_empty() {
        return None;
    }

    let mut told = Vec::new();
    for (label, names) in by_group {
        let names = names.join(&words::of(" and "));
        told.push(said!("{names} only {label}", names, label));
    }
    Some(said!("Not of everybody: {told}.", told = told.join("; ")))
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

    let shifts: Vec<Shift> = rows.iter().map(|(_, group)| group.shift).collect();
    let table = Table::of(rows)
        .column(STANDARD, |(change, _)| Cell::text(&change.standard.key))
        .column(column, |(_, group)| age_group(&group.name))
        .detail(PEOPLE, |(_, group)| Cell::count(group.after.people));
    let table = moved_columns(table, |(_, group)| group.shift);
    let table = in_time_columns(table, |(_, group)| group.shift)
        .column(PEOPLE_BEYOND_BEFORE, |(change, group)| beyond(&group.before, change.is_offered))
        .column(PEOPLE_BEYOND_AFTER, |(change, group)| beyond(&group.after, change.is_offered))
        .spare(WITHIN_BEFORE_SHARE, |(change, group)| within(&group.before, change.is_offered))
        .spare(WITHIN_AFTER_SHARE, |(change, group)| within(&group.after, change.is_offered))
        .spare(MEAN_BEFORE_MINUTES, |(_, group)| Cell::maybe_minutes(group.before.mean_seconds))
        .spare(MEAN_AFTER_MINUTES, |(_, group)| Cell::maybe_minutes(group.after.mean_seconds))
        .detail(OVER_BAND, |(change, group)| {
            band::word(if change.is_offered { group.over_band() } else { None })
        })
        .build();
    let table = without_empty_side(table, shifts);

    if table.is_empty() {
        let who = if column == DISTRICT { "district" } else { "age group" };
        return Section::new(key, title, table).in_words(said!(
            "By no standard any {who} changes by 0.05 minutes or more, or in who is in time.",
            who = words::of(who)
        ));
    }
    let mut section = Section::new(key, title, table).note("Only what changes.");
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
    Some(said!(
        "{standard}: people who newly reach no such hospital at all, left out of means: {told}.",
        standard = standard_of(standard),
        told = told.join(", ")
    ))
}

/// Rows by age that a screen has room for without being asked.
const AGE_ROWS: usize = 10;

/// Minutes by age in a line a standard, where there are many rows: most changes hit all ages nearly alike.
pub(super) fn ages_in_short(section: Section, changes: &[StandardChange]) -> Section {
    if section.table.rows().len() <= AGE_ROWS {
        return section;
    }
    let mut lines = Vec::new();
    for change in changes {
        lines.extend(age_line(change));
    }
    section.in_words(Remark::from(format!("{}.", lines.join("; "))).hint(Hint::AgesOfComparison))
}

/// By how much the means of the ages change under a standard: from the least to the most; `None` where none does.
fn age_line(change: &StandardChange) -> Option<String> {
    let mut moved: Vec<(f64, &str)> = Vec::new();
    for band in &change.bands {
        if let (Some(before), Some(after)) = (band.before.mean_seconds, band.after.mean_seconds) {
            moved.push(((after - before) / 60.0, &band.name));
        }
    }
    if !change.bands.iter().any(is_changed) {
        return None;
    }
    moved.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ((least, least_hit), (most, most_hit)) = (moved.first()?, moved.last()?);
    let key = &change.standard.key;
    // Means have one decimal in print.
    if most - least < 0.1 {
        return Some(said!(
            "{key}: no age group differs by more than 0.1 minutes from another",
            key
        ));
    }
    Some(said!(
        "{key}: mean {least} ({least_hit}) to {most} minutes ({most_hit})",
        key,
        least = signed(*least, 1),
        least_hit,
        most = signed(*most, 1),
        most_hit
    ))
}
