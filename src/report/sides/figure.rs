//! A figure before, and under each of several changes.

use crate::report::document::{Cell, SECONDS_OF_A_DAY};
use crate::words;

/// What a figure counts, and from which difference on it has moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    People,
    Share,
    Minutes,
    Days,
    Cases,
    Count(&'static str),
}

impl Kind {
    pub(super) fn unit(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Share => "share",
            Self::Minutes => "minutes",
            Self::Days => "days",
            Self::Cases => "cases a year",
            Self::Count(unit) => unit,
        }
    }

    /// A value as it is printed; times in seconds.
    pub(super) fn cell(self, value: Option<f64>) -> Cell {
        let Some(value) = value else { return Cell::Missing };
        match self {
            Self::Share => Cell::share(value),
            Self::Minutes => Cell::minutes(value),
            Self::Days => Cell::number(value / SECONDS_OF_A_DAY, 1),
            Self::People | Self::Cases | Self::Count(_) => Cell::number(value, 0),
        }
    }

    /// Whether two values differ by so much that it is told; times in seconds.
    fn is_moved(self, before: f64, after: f64) -> bool {
        let difference = (after - before).abs();
        match self {
            Self::Share => difference >= 0.0005,
            // Half a second more, so that what is printed as 0.1 minutes is never more.
            Self::Minutes => difference > 6.5,
            Self::Days => difference > 0.1 * SECONDS_OF_A_DAY,
            Self::People | Self::Cases | Self::Count(_) => difference >= 1.0,
        }
    }
}

/// Whether a figure is other under some change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Movement {
    Same,
    /// It moves as that of all people does, which stands on the page.
    AsAll,
    Moved,
}

/// A figure before, and under each change.
pub(super) struct Figure {
    /// The standard, pathway, hospital or rule.
    pub(super) subject: String,
    pub(super) key: &'static str,
    pub(super) label: &'static str,
    pub(super) kind: Kind,
    pub(super) whose: String,
    pub(super) base: Cell,
    pub(super) under: Vec<Cell>,
    pub(super) movement: Movement,
}

impl Figure {
    pub(super) fn name(&self) -> Cell {
        // Programs tell figures apart by key, people by what they are called.
        Cell::Name { name: self.key.to_owned(), label: words::of(self.label).into_owned() }
    }

    pub(super) fn is_moved(&self) -> bool {
        self.movement == Movement::Moved
    }
}

/// What a figure is called: its key for programs, its name for people.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    key: &'static str,
    label: &'static str,
}

impl Name {
    pub(super) const fn new(key: &'static str, label: &'static str) -> Self {
        Self { key, label }
    }
}

/// A value before and after a change; times in seconds. `None` where nobody knows it or there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Values {
    pub(super) before: Option<f64>,
    pub(super) after: Option<f64>,
}

impl Values {
    /// How much more it is after.
    pub(super) fn more(self) -> Option<f64> {
        Some(self.after? - self.before?)
    }
}

/// The figures of one subject, still without their values.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) subject: &'a str,
    pub(super) whose: &'a str,
}

impl About<'_> {
    /// A figure with its values, of each change in turn.
    pub(super) fn figure(self, name: Name, kind: Kind, values: &[Values]) -> Figure {
        let base = values.first().and_then(|values| values.before);
        let mut is_moved = false;
        let mut under = Vec::with_capacity(values.len());
        for Values { before, after } in values {
            is_moved |= match (before, after) {
                (Some(before), Some(after)) => kind.is_moved(*before, *after),
                (before, after) => before != after,
            };
            under.push(kind.cell(*after));
        }
        Figure {
            subject: self.subject.to_owned(),
            key: name.key,
            label: name.label,
            kind,
            whose: self.whose.to_owned(),
            base: kind.cell(base),
            under,
            movement: if is_moved { Movement::Moved } else { Movement::Same },
        }
    }
}
