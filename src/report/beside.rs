//! The places that gain beside the places that lose: one table where both sides have some.

use crate::comparison::Shift;
use crate::report::Column;
use crate::report::columns::{
    GAINING_BY, GAINING_MINUTES, GAINING_PEOPLE, GAINING_PLACE, LOSING_BY, LOSING_MINUTES,
    LOSING_PEOPLE, LOSING_PLACE, RANK,
};
use crate::report::document::{Cell, Section, Table, TableBuilder};
use crate::report::shifts::{Side, whole};

/// A place that gains or loses, under what moves it most.
#[derive(Debug, Clone)]
pub(super) struct MovedPlace {
    pub(super) name: Cell,
    /// The standard, or the pathway.
    pub(super) by: Cell,
    pub(super) shift: Shift,
}

impl MovedPlace {
    /// Those whose time changes to this side, and those who gain or lose their way.
    fn people(&self, side: Side) -> Cell {
        match side {
            Side::Gain => whole(self.shift.sooner.people() + self.shift.new_way),
            Side::Lose => whole(self.shift.later.people() + self.shift.without_way),
        }
    }

    /// By how much on average, of those who have a way before and after.
    fn minutes(&self, side: Side) -> Cell {
        let moved = match side {
            Side::Gain => &self.shift.sooner,
            Side::Lose => &self.shift.later,
        };
        Cell::maybe_minutes(moved.seconds_per_case().or(moved.mean_seconds()))
    }
}

/// A rank of both sides.
struct Pair<'p> {
    rank: usize,
    gains: Option<&'p MovedPlace>,
    loses: Option<&'p MovedPlace>,
}

impl<'p> Pair<'p> {
    fn place(&self, side: Side) -> Option<&'p MovedPlace> {
        match side {
            Side::Gain => self.gains,
            Side::Lose => self.loses,
        }
    }
}

/// The columns of a side.
struct SideColumns {
    place: Column,
    by: Column,
    people: Column,
    minutes: Column,
}

const GAINS: SideColumns = SideColumns {
    place: GAINING_PLACE,
    by: GAINING_BY,
    people: GAINING_PEOPLE,
    minutes: GAINING_MINUTES,
};

const LOSES: SideColumns = SideColumns {
    place: LOSING_PLACE,
    by: LOSING_BY,
    people: LOSING_PEOPLE,
    minutes: LOSING_MINUTES,
};

/// Both sides in one table, a rank a row; `None` where a side has no place, and its own section says so.
pub(super) fn beside(
    key: &'static str,
    heading: &str,
    gains: &[MovedPlace],
    losses: &[MovedPlace],
) -> Option<Section> {
    if gains.is_empty() || losses.is_empty() {
        return None;
    }
    let ranks = gains.len().max(losses.len());
    let mut pairs = Vec::with_capacity(ranks);
    for position in 0..ranks {
        let (gains, loses) = (gains.get(position), losses.get(position));
        pairs.push(Pair { rank: position + 1, gains, loses });
    }

    let table = Table::of(pairs).column(RANK, |pair| Cell::count(pair.rank));
    let table = side_columns(table, Side::Gain, &GAINS);
    let table = side_columns(table, Side::Lose, &LOSES).build();
    let note = "Each place under what moves it most. People: those whose time falls, or rises, and those who gain, or lose, \
                their way at all; by: the mean of those with a way before and after.";
    Some(Section::new(key, heading, table).note(note))
}

fn side_columns<'p>(
    table: TableBuilder<Pair<'p>>,
    side: Side,
    columns: &SideColumns,
) -> TableBuilder<Pair<'p>> {
    let cell = |pair: &Pair<'p>, cell: &dyn Fn(&MovedPlace) -> Cell| match pair.place(side) {
        Some(place) => cell(place),
        None => Cell::Missing,
    };
    table
        .column(columns.place, |pair| cell(pair, &|place| place.name.clone()))
        // By what it is moved goes first where a screen is narrow: who and how much is the answer.
        .spare(columns.by, |pair| cell(pair, &|place| place.by.clone()))
        .column(columns.people, |pair| cell(pair, &|place| place.people(side)))
        .column(columns.minutes, |pair| cell(pair, &|place| place.minutes(side)))
}
