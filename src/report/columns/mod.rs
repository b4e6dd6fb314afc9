//! The columns of all tables: keys, headings, meanings; one file a subject.
//!
//! A table is made of these constants only, so a column without a meaning does not compile. Each file states its
//! columns once, in `columns!`: that makes the constants and their part of [`COLUMNS`] from the same lines.

use std::borrow::Cow;

use crate::pathways::Protocol;
use crate::words;

/// A column of a table: its key in JSON and CSV, its heading in text, and what it means.
///
/// The columns of this crate's tables are constants of [`columns`](self), all of them in [`COLUMNS`].
///
/// ```
/// use verbund::report::columns::{CASES, CASES_AFTER};
///
/// assert_eq!(CASES.key(), "cases");
/// assert_eq!(CASES_AFTER.key(), "cases_after");
/// assert_eq!(CASES_AFTER.meaning(), "cases a year after a change");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    key: &'static str,
    heading: &'static str,
    meaning: &'static str,
    form: Form,
    is_minor: bool,
}

/// What a column is beside the one whose words it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Given,
    HalfWidth,
    Before,
    After,
    Under(Choice),
}

/// A protocol without its numbers: whatever the detour of a bypass, its column is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    Free,
    NearestDoor,
    Bypass,
    DirectToCentre,
}

impl Column {
    // Private: a column that is not in `COLUMNS` would have no meaning that anybody finds.
    const fn new(key: &'static str, heading: &'static str, meaning: &'static str) -> Self {
        Self { key, heading, meaning, form: Form::Given, is_minor: false }
    }

    /// The same, of less importance: it says more precisely, or where from, what others say. Where a screen is too
    /// narrow it goes before those that carry the answer.
    const fn minor(self) -> Self {
        Self { is_minor: true, ..self }
    }

    const fn of(self, form: Form) -> Self {
        Self { form, ..self }
    }

    /// Half of the width of the 95 % interval of this one, which stands before it.
    const fn half_width(self) -> Self {
        self.of(Form::HalfWidth)
    }

    /// Its value before a change.
    const fn before(self) -> Self {
        self.of(Form::Before)
    }

    /// Its value after a change.
    const fn after(self) -> Self {
        self.of(Form::After)
    }

    /// Stable key, in snake case, with the unit in it: the name of the value in JSON and of the column in CSV.
    pub fn key(&self) -> Cow<'static, str> {
        // Most columns are told in full: their keys cost nothing, in however many rows of JSON they stand.
        let end = match self.form {
            Form::Given => return Cow::Borrowed(self.key),
            Form::HalfWidth => "half_width",
            Form::Before => "before",
            Form::After => "after",
            Form::Under(choice) => choice.key(),
        };
        Cow::Owned(format!("{}_{end}", self.key))
    }

    /// Heading in text, in the language in force; it may have several lines.
    pub fn heading(&self) -> Cow<'static, str> {
        // A sign such as ± says enough, whatever the protocol: its column stands behind another one.
        let is_sign = !self.heading.starts_with(char::is_alphabetic);
        let heading = words::of_in(self.key, self.heading);
        match self.form {
            Form::Given => heading,
            // It stands behind the column that it is of, whose heading need not be said again.
            Form::HalfWidth => Cow::Borrowed("±"),
            Form::Before => Cow::Owned(format!("{heading}\n{}", words::of("before"))),
            Form::After => Cow::Owned(format!("{heading}\n{}", words::of("after"))),
            Form::Under(_) if is_sign => heading,
            Form::Under(choice) => Cow::Owned(format!("{heading},\n{}", words::of(choice.word()))),
        }
    }

    /// Whether others carry the answer: a narrow screen does without it.
    pub fn is_minor(&self) -> bool {
        self.is_minor || self.form == Form::HalfWidth
    }

    /// What it means, in half a sentence of the language in force.
    pub fn meaning(&self) -> Cow<'static, str> {
        let meaning = words::of_in("meaning", self.meaning);
        match self.form {
            Form::Given => meaning,
            Form::HalfWidth => words::of(
                "half of the width of the 95 % interval over the replications, in the unit of the column before",
            ),
            Form::Before => Cow::Owned(said!("{meaning} before a change", meaning)),
            Form::After => Cow::Owned(said!("{meaning} after a change", meaning)),
            Form::Under(choice) => {
                Cow::Owned(format!("{meaning}, {}", words::of(choice.meaning())))
            }
        }
    }
}

impl Choice {
    const fn key(self) -> &'static str {
        // Written out: keys stay as they are, whatever protocols are called in the code.
        match self {
            Self::Free => "free",
            Self::NearestDoor => "nearest_door",
            Self::Bypass => "bypass",
            Self::DirectToCentre => "direct_to_centre",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::NearestDoor => "nearest",
            Self::Bypass => "bypass",
            Self::DirectToCentre => "centre",
        }
    }

    const fn meaning(self) -> &'static str {
        match self {
            Self::Free => "by a free choice of the first door",
            Self::NearestDoor => "where the rescue service goes to the nearest door",
            Self::Bypass => {
                "where the rescue service goes to the centre when it is not much farther than the nearest door"
            }
            Self::DirectToCentre => "where the rescue service goes to the nearest centre",
        }
    }
}

impl From<Protocol> for Choice {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Free => Self::Free,
            Protocol::NearestDoor => Self::NearestDoor,
            Protocol::Bypass { .. } => Self::Bypass,
            Protocol::DirectToCentre => Self::DirectToCentre,
        }
    }
}

/// A figure that has a column under each protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByProtocol(Column);

impl ByProtocol {
    const fn new(key: &'static str, heading: &'static str, meaning: &'static str) -> Self {
        Self(Column::new(key, heading, meaning))
    }

    const fn of(self, choice: Choice) -> Column {
        self.0.of(Form::Under(choice))
    }

    /// Its column under a protocol.
    pub fn under(self, protocol: Protocol) -> Column {
        self.of(protocol.into())
    }
}

/// Makes constants of columns, and the list of all of them, from the same lines: `given` are told in full,
/// `derived` from another column by a rule, `by_protocol` are four columns each.
macro_rules! columns {
    (
        given { $(pub const $name:ident: Column = Column::new($key:literal, $heading:literal, $meaning:literal $(,)?)$(.$rank:ident())?;)* }
        derived { $(pub const $derived:ident: Column = $base:ident.$rule:ident();)* }
        by_protocol { $(pub const $figure:ident: ByProtocol = ByProtocol::new(
            $figure_key:literal, $figure_heading:literal, $figure_meaning:literal $(,)?);)* }
    ) => {
        $(
            #[doc = concat!("`", $key, "`: ", $meaning, ".")]
            pub const $name: Column = Column::new($key, $heading, $meaning)$(.$rank())?;
        )*
        $(
            #[doc = concat!("[`", stringify!($base), "`], ", stringify!($rule), ".")]
            pub const $derived: Column = $base.$rule();
        )*
        $(
            #[doc = concat!("`", $figure_key, "` under a protocol: ", $figure_meaning, ".")]
            pub const $figure: super::ByProtocol =
                super::ByProtocol::new($figure_key, $figure_heading, $figure_meaning);
        )*
        pub(super) const ALL: &[Column] = &[
            $($name,)*
            $($derived,)*
            $(
                $figure.of(super::Choice::Free),
                $figure.of(super::Choice::NearestDoor),
                $figure.of(super::Choice::Bypass),
                $figure.of(super::Choice::DirectToCentre),
            )*
        ];
    };
}

/// The subjects, each a file; their columns are constants of this module, and together [`COLUMNS`].
macro_rules! subjects {
    ($($subject:ident)*) => {
        $(mod $subject; pub use $subject::*;)*
        const NUMBER_OF_COLUMNS: usize = 0 $(+ $subject::ALL.len())*;
        const SUBJECTS: &[&[Column]] = &[$($subject::ALL),*];
    };
}

subjects! { access alliance cases pathways cooperation simulation law network sides }

/// Every column of every table, by subject.
///
/// Shares run from 0 to 1, minutes have a fraction, people and beds are whole; a value that does
/// not exist is `null` in JSON and empty in CSV.
pub static COLUMNS: &[Column] = &ALL_SUBJECTS;

static ALL_SUBJECTS: [Column; NUMBER_OF_COLUMNS] = {
    let mut columns = [SUBJECTS[0][0]; NUMBER_OF_COLUMNS];
    let (mut next, mut subject) = (0, 0);
    // `for` does not work at compile time.
    while subject < SUBJECTS.len() {
        let mut column = 0;
        while column < SUBJECTS[subject].len() {
            columns[next] = SUBJECTS[subject][column];
            next += 1;
            column += 1;
        }
        subject += 1;
    }
    columns
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_are_unique_and_snake_case() {
        let mut seen = BTreeSet::new();
        for column in COLUMNS {
            let key = column.key();
            let is_snake = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(key.chars().all(is_snake), "{key}");
            assert!(seen.insert(key.clone()), "{key} is there twice");
        }
    }

    #[test]
    fn derived_columns_follow_a_rule() {
        assert_eq!(CASES_BEFORE.heading(), "Cases\nbefore");
        assert_eq!(WAITED_HALF_WIDTH.key(), "waited_half_width");
        assert_eq!(WAITED_HALF_WIDTH.heading(), "±");
        let saved = HOURS_SAVED_UNDER.under(Protocol::DirectToCentre);
        assert_eq!(saved.key(), "hours_saved_direct_to_centre");
        assert_eq!(saved.heading(), "Saved,\ncentre");
        assert!(saved.meaning().ends_with("the rescue service goes to the nearest centre"));
        assert_eq!(RANK_UNDER.under(Protocol::Free).heading(), "#");
    }
}
