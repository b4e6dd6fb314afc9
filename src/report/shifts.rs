//! Who gains time and who loses time: the columns that comparisons, pathways, cooperations and failures share.

use super::band;
use super::beside::MovedPlace;
use super::document::{Cell, Section, Table, TableBuilder, standard_of};
use super::namesakes::Namesakes;
use crate::comparison::{ClockShift, GroupShift, Moved, PathwayShift, PlaceShift, Served, Shift};
use crate::model::Pathway;
use crate::pathways::{Measured, Protocol};
use crate::region::Region;
use crate::report::columns::{
    DISTRICT, FIRST_DOOR, LATER_MINUTES, LATER_PERSON_MINUTES, LOST_PEOPLE, MEAN_AFTER_MINUTES,
    MEAN_BEFORE_MINUTES, OVER_BAND, PATHWAY, PEOPLE, PEOPLE_BEYOND_AFTER, PEOPLE_LATER,
    PEOPLE_LOSING_WAY, PEOPLE_SOONER, PEOPLE_WITH_WAY, PLACE, PLACE_NAME, SOONER_MINUTES,
    SOONER_PERSON_MINUTES, UNTIL, WITHIN_AFTER_SHARE, WITHIN_BEFORE_SHARE, WON_PEOPLE,
};

/// People as a whole number; a part of one where hours differ.
pub(super) fn whole(people: f64) -> Cell {
    Cell::count(people.round() as u64)
}

/// By how much, on average of those concerned: of a case where cases are known, else of a person.
fn by(moved: &Moved) -> Cell {
    Cell::maybe_minutes(moved.seconds_per_case().or(moved.mean_seconds()))
}

/// Adds whose time falls and rises, and by how much.
pub(super) fn moved_columns<R>(
    table: TableBuilder<R>,
    shift: impl Fn(&R) -> Shift,
) -> TableBuilder<R> {
    table
        .column(PEOPLE_SOONER, |row| whole(shift(row).sooner.people()))
        .column(SOONER_MINUTES, |row| by(&shift(row).sooner))
        .column(PEOPLE_LATER, |row| whole(shift(row).later.people()))
        .column(LATER_MINUTES, |row| by(&shift(row).later))
        .detail(SOONER_PERSON_MINUTES, |row| Cell::maybe_minutes(shift(row).sooner.mean_seconds()))
        .detail(LATER_PERSON_MINUTES, |row| Cell::maybe_minutes(shift(row).later.mean_seconds()))
        .column(PEOPLE_WITH_WAY, |row| whole(shift(row).new_way))
        .column(PEOPLE_LOSING_WAY, |row| whole(shift(row).without_way))
}

/// The table without the columns in which nobody is, where somebody is in another one: a screen has better use of the
/// room.
pub(super) fn without_empty_side(table: Table, shifts: impl IntoIterator<Item = Shift>) -> Table {
    let mut sum = Shift::default();
    for shift in shifts {
        sum = sum.and(shift);
    }
    let is_any_sooner = sum.sooner.people_millionths > 0;
    let is_any_later = sum.later.people_millionths > 0;
    let (is_way_new, is_way_lost) = (sum.new_way > 0.0, sum.without_way > 0.0);
    let is_way = is_way_new || is_way_lost;
    table
        .hide_if(!is_any_sooner && (is_any_later || is_way), &[PEOPLE_SOONER, SOONER_MINUTES])
        .hide_if(!is_any_later && (is_any_sooner || is_way), &[PEOPLE_LATER, LATER_MINUTES])
        .hide_if(!is_way_new, &[PEOPLE_WITH_WAY])
        .hide_if(!is_way_lost, &[PEOPLE_LOSING_WAY])
}

/// Adds who is newly in time and who no longer.
pub(super) fn in_time_columns<R>(
    table: TableBuilder<R>,
    shift: impl Fn(&R) -> Shift,
) -> TableBuilder<R> {
    table
        .column(WON_PEOPLE, |row| whole(shift(row).new_in_time))
        .column(LOST_PEOPLE, |row| whole(shift(row).no_longer_in_time))
}

/// Whether so many people or minutes of it show in print.
pub(super) fn is_seen(shift: &Shift) -> bool {
    let is_some = |people: f64| people >= 0.5;
    let is_moved = |moved: &Moved| {
        // Less than a twentieth of a minute for everybody is nobody's gain.
        is_some(moved.people()) && moved.mean_seconds().is_some_and(|seconds| seconds >= 3.0)
    };
    is_moved(&shift.sooner)
        || is_moved(&shift.later)
        || is_some(shift.new_in_time)
        || is_some(shift.no_longer_in_time)
        || is_some(shift.new_way)
        || is_some(shift.without_way)
}

/// A clock of a pathway under a protocol, in words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'s> {
    pub(super) pathway: &'s str,
    /// By which first door; `None` where it makes no difference.
    pub(super) protocol: Option<Protocol>,
    pub(super) clock: &'s ClockShift,
}

impl<'s> Told<'s> {
    /// Every clock of some pathways of which something shows: the stages, or the targets. What is the same by every
    /// first door stands once.
    pub(super) fn seen(shifts: &'s [PathwayShift], are_targets: bool) -> Vec<Self> {
        let mut seen: Vec<Self> = Vec::new();
        for shift in shifts {
            for clock in &shift.clocks {
                let is_target = matches!(clock.measured, Measured::Target(_));
                if is_target != are_targets || !is_seen(&clock.all.shift) {
                    continue;
                }
                let told = Self { pathway: &shift.pathway, protocol: Some(shift.protocol), clock };
                match seen.iter_mut().find(|known| known.is_same(&told)) {
                    Some(known) => known.protocol = None,
                    None => seen.push(told),
                }
            }
        }
        seen
    }

    /// Whether the same happens to the same people by another first door.
    fn is_same(&self, other: &Self) -> bool {
        self.pathway == other.pathway && self.clock == other.clock
    }

    /// By which first door, in one word.
    pub(super) fn door(&self) -> &'static str {
        match self.protocol {
            None => "any",
            Some(Protocol::Free) => "free",
            Some(Protocol::NearestDoor) => "nearest",
            Some(Protocol::Bypass { .. }) => "bypass",
            Some(Protocol::DirectToCentre) => "centre",
        }
    }

    /// Every target of which somebody's being in time changes: times are told by stages.
    pub(super) fn seen_in_time(shifts: &'s [PathwayShift]) -> Vec<Self> {
        let mut seen = Self::seen(shifts, true);
        seen.retain(|told| {
            let shift = &told.clock.all.shift;
            shift.new_in_time >= 0.5 || shift.no_longer_in_time >= 0.5
        });
        seen
    }

    /// The stage until whose end it counts, or its target in words.
    pub(super) fn until(&self, pathway: Option<&Pathway>) -> String {
        match (&self.clock.measured, pathway) {
            (Measured::Stage(key), _) => key.clone(),
            (Measured::Target(target), Some(pathway)) => {
                pathway.span_words(&target.from, &target.to)
            }
            (Measured::Target(target), None) => {
                said!("within {minutes} minutes", minutes = target.minutes)
            }
        }
    }
}

/// What the rows of a table of gains and losses are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum GainsBy {
    /// One row a district.
    District,
    /// One row a place where anybody's time changes.
    Place,
}

/// A row of gains and losses: some people under a clock.
pub(super) struct Row<'s> {
    told: Told<'s>,
    place: Option<&'s PlaceShift>,
    group: &'s str,
    shift: Shift,
    before: Served,
    after: Served,
}

impl<'s> Row<'s> {
    fn of_group(told: Told<'s>, group: &'s GroupShift) -> Self {
        let GroupShift { name, shift, before, after } = group;
        Self { told, place: None, group: name, shift: *shift, before: *before, after: *after }
    }

    fn of_place(told: Told<'s>, place: &'s PlaceShift) -> Self {
        let PlaceShift { district, shift, before, after, .. } = place;
        let (before, after) = (*before, *after);
        Self { told, place: Some(place), group: district, shift: *shift, before, after }
    }
}

/// Gains and losses by district or place until these stages: those of whom something shows; of places the most seconds
/// of all its people first.
pub(super) fn table_by(region: &Region, clocks: &[Told<'_>], by: GainsBy) -> Table {
    let mut rows = Vec::new();
    for &told in clocks {
        match by {
            GainsBy::District => {
                let groups = told.clock.districts.iter();
                rows.extend(groups.map(|group| Row::of_group(told, group)));
            }
            GainsBy::Place => {
                let mut places: Vec<&PlaceShift> = told.clock.places.iter().collect();
                // Stable: equal ones stay in the order of the places.
                places
                    .sort_by_key(|place| std::cmp::Reverse(Strength::of(&place.shift, Side::Gain)));
                rows.extend(places.into_iter().map(|place| Row::of_place(told, place)));
            }
        }
    }
    rows.retain(|row| is_seen(&row.shift));
    table(region, rows, by)
}

/// An age band, for people in their language.
pub(super) fn age_group(name: &str) -> Cell {
    // Bands of places are named in English, as programs read them.
    match name.strip_prefix("under ") {
        Some(age) => Cell::both(name, said!("under {age}", age)),
        None => Cell::text(name),
    }
}

/// Gains and losses by age band until these stages, those of whom something shows.
pub(super) fn table_by_age(region: &Region, clocks: &[Told<'_>]) -> Table {
    let mut rows = Vec::new();
    for &told in clocks {
        rows.extend(told.clock.bands.iter().map(|band| Row::of_group(told, band)));
    }
    rows.retain(|row| is_seen(&row.shift));
    let shifts: Vec<Shift> = rows.iter().map(|row| row.shift).collect();
    let table = clock_columns(Table::of(rows))
        .column(super::columns::AGE_GROUP, |row| age_group(row.group));
    without_empty_side(figures(region, table).build(), shifts)
}

/// Which places gain or lose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Gain,
    Lose,
}

/// How much a place is moved to a side: people who gain or lose a way, in millionths, then the seconds of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Strength {
    ways: i64,
    seconds: i128,
}

impl Strength {
    const NONE: Self = Self { ways: 0, seconds: 0 };

    fn of(shift: &Shift, side: Side) -> Self {
        let ways = ((shift.new_way - shift.without_way) * 1e6).round() as i64;
        let seconds = shift.net_seconds_millionths();
        match side {
            Side::Gain => Self { ways, seconds },
            Side::Lose => Self { ways: -ways, seconds: -seconds },
        }
    }
}

/// The places that gain, or lose, most until one of these stages, each under the one that moves it most; so many of
/// them.
pub(super) fn top_places<'s>(clocks: &[Told<'s>], side: Side, most: usize) -> Vec<Row<'s>> {
    let strength = |place: &PlaceShift| Strength::of(&place.shift, side);
    let mut by_place: std::collections::BTreeMap<&str, Row<'_>> = std::collections::BTreeMap::new();
    for &told in clocks {
        for place in &told.clock.places {
            if !is_seen(&place.shift) || strength(place) <= Strength::NONE {
                continue;
            }
            let row = Row::of_place(told, place);
            let known = by_place.get(place.place.as_str()).and_then(|row| row.place);
            if known.is_none_or(|known| strength(place) > strength(known)) {
                by_place.insert(&place.place, row);
            }
        }
    }
    let mut rows: Vec<Row<'_>> = by_place.into_values().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.place.map(strength)));
    rows.truncate(most);
    rows
}

/// Places as one side of a table that has both.
pub(super) fn moved_places(region: &Region, rows: &[Row<'_>]) -> Vec<MovedPlace> {
    let namesakes = Namesakes::new(region);
    let mut moved = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(place) = row.place else { continue };
        moved.push(MovedPlace {
            name: namesakes.place_of_key(&place.place, &place.name),
            by: Cell::text(row.told.pathway),
            shift: row.shift,
        });
    }
    moved
}

/// These places, a row each.
pub(super) fn places_table(region: &Region, rows: Vec<Row<'_>>) -> Table {
    table(region, rows, GainsBy::Place)
}

fn table(region: &Region, rows: Vec<Row<'_>>, by: GainsBy) -> Table {
    let shifts: Vec<Shift> = rows.iter().map(|row| row.shift).collect();
    let namesakes = Namesakes::new(region);
    let table = Table::of(rows);
    let table = match by {
        GainsBy::District => clock_columns(table)
            .column(DISTRICT, |row| Cell::text(row.group))
            .column(PEOPLE_BEYOND_AFTER, |row| beyond(&row.after)),
        GainsBy::Place => {
            let table = table
                .detail(PLACE, |row| Cell::maybe_text(row.place.map(|place| &place.place)))
                .column(PLACE_NAME, |row| match row.place {
                    Some(place) => namesakes.place_of_key(&place.place, &place.name),
                    None => Cell::Missing,
                })
                .detail(DISTRICT, |row| Cell::text(row.group));
            clock_columns(table)
        }
    };
    let table = without_empty_side(figures(region, table).build(), shifts);
    // A place's name takes the room of its means.
    table.hide_if(by == GainsBy::Place, &[MEAN_BEFORE_MINUTES, MEAN_AFTER_MINUTES])
}

/// People beyond the limit, or without a way; unknown where there is no limit.
pub(super) fn beyond(served: &Served) -> Cell {
    match served.share_in_time {
        Some(share) => whole(served.people * (1.0 - share)),
        None => Cell::Missing,
    }
}

fn clock_columns(table: TableBuilder<Row<'_>>) -> TableBuilder<Row<'_>> {
    table
        .column(PATHWAY, |row| Cell::text(row.told.pathway))
        .column(UNTIL, |row| Cell::said(|| row.told.until(None)))
        .column(FIRST_DOOR, |row| Cell::word(row.told.door()))
}

fn figures<'s>(region: &Region, table: TableBuilder<Row<'s>>) -> TableBuilder<Row<'s>> {
    let table = table.detail(PEOPLE, |row| whole(row.after.people));
    moved_columns(table, |row| row.shift)
        .column(WITHIN_BEFORE_SHARE, |row| Cell::maybe_share(row.before.share_in_time))
        .column(WITHIN_AFTER_SHARE, |row| Cell::maybe_share(row.after.share_in_time))
        .detail(WON_PEOPLE, |row| whole(row.shift.new_in_time))
        .detail(LOST_PEOPLE, |row| whole(row.shift.no_longer_in_time))
        .spare(MEAN_BEFORE_MINUTES, |row| mean(region, &row.told, &row.before))
        .spare(MEAN_AFTER_MINUTES, |row| mean(region, &row.told, &row.after))
}

/// The mean in minutes of an emergency; elective patients wait days, which have a table of their own.
fn mean(region: &Region, told: &Told<'_>, served: &Served) -> Cell {
    let pathway = region.network().catalog().pathway(told.pathway);
    let is_emergency =
        pathway.is_none_or(|pathway| pathway.urgency == crate::model::Urgency::Emergency);
    Cell::maybe_minutes(served.mean_seconds.filter(|_| is_emergency))
}

/// A row for each of these clocks: everybody.
fn rows_of_all<'s>(clocks: &[Told<'s>]) -> Vec<Row<'s>> {
    let mut rows = Vec::with_capacity(clocks.len());
    for &told in clocks {
        rows.push(Row::of_group(told, &told.clock.all));
    }
    rows
}

/// Gains and losses of everybody until these stages.
pub(super) fn stages_table(region: &Region, clocks: &[Told<'_>]) -> Table {
    let table = figures(region, clock_columns(Table::of(rows_of_all(clocks)))).build();
    without_empty_side(table, clocks.iter().map(|told| told.clock.all.shift))
}

/// Who is newly within these targets, and who no longer.
pub(super) fn targets_table(region: &Region, clocks: &[Told<'_>]) -> Table {
    let limit = |row: &Row<'_>| match &row.told.clock.measured {
        Measured::Target(target) => Cell::said(|| super::limits::limit(target)),
        Measured::Stage(_) => Cell::Missing,
    };
    let catalog = region.network().catalog();
    let has_band = clocks.iter().any(|told| told.clock.over_band.is_some());
    let table = Table::of(rows_of_all(clocks))
        .column(PATHWAY, |row| Cell::text(row.told.pathway))
        .column(super::columns::TARGET, |row| {
            Cell::said(|| row.told.until(catalog.pathway(row.told.pathway)))
        })
        .column(super::columns::LIMIT, limit)
        .column(FIRST_DOOR, |row| Cell::word(row.told.door()));
    in_time_columns(table, |row| row.shift)
        .column(WITHIN_BEFORE_SHARE, |row| Cell::maybe_share(row.before.share_in_time))
        .column(WITHIN_AFTER_SHARE, |row| Cell::maybe_share(row.after.share_in_time))
        .column(OVER_BAND, |row| band::word(row.told.clock.over_band))
        .detail(PEOPLE_SOONER, |row| whole(row.shift.sooner.people()))
        .detail(SOONER_MINUTES, |row| by(&row.shift.sooner))
        .detail(PEOPLE_LATER, |row| whole(row.shift.later.people()))
        .detail(LATER_MINUTES, |row| by(&row.shift.later))
        .build()
        .hide_if(!has_band, &[OVER_BAND])
}

/// A section of these targets with what the road model does not decide of it.
pub(super) fn with_band(region: &Region, section: Section, clocks: &[Told<'_>]) -> Section {
    let catalog = region.network().catalog();
    let mut verdicts = band::Verdicts::default();
    for told in clocks {
        let until = told.until(catalog.pathway(told.pathway));
        let mut name = format!("{}: {until}", standard_of(told.pathway));
        // By every first door alike, none is named.
        if let Some(protocol) = told.protocol {
            name = format!("{name}, {}", protocol.label());
        }
        verdicts.add(&name, told.clock.over_band);
    }
    match band::undecided(region, &verdicts) {
        Some(undecided) => section.note(SAME_ERROR).note(undecided),
        None => section,
    }
}

/// What it means that a difference holds over the band, or is not decided.
const SAME_ERROR: &str = "Over band: whether more people are in time after, or fewer, is the same were all journeys slower or quicker by the same error before and after.";

/// How gains and losses of pathways are counted.
pub(super) const COUNTED: &str = "Sooner, later: people done earlier or later after, and by how many minutes on average of their patients (not of all); routes and times by the medians of durations. Who is concerned in a third of the hours counts as a third.";

/// The two protocols of the first door.
pub(super) const DOORS: &str = "First door, nearest: the ambulance goes to the nearest hospital that can do what makes it a door; free: where the last stage is done first, as if it knew all; any: alike by both. A first door without a row changes nothing there. In limit: by the target of the stage, where it has one. Elective patients choose freely.";
