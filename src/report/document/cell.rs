//! Values of tables, as people and as programs read them.

use serde::ser::{Serialize, SerializeSeq, Serializer};

use super::Hint;
use super::marked::{KeyOf, has_keys, with_keys, with_names};
use crate::calendar::Date;
use crate::units::Seconds;
use crate::words::{self, Language, fixed, grouped, in_language, language, with_mark};

/// Seconds of a day.
pub(in crate::report) const SECONDS_OF_A_DAY: f64 = 86_400.0;

/// A value in a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A text of the program's own, which people read in their language; programs read it as it is.
    Word(&'static str),
    /// A day, which people read as their language writes it.
    Day(Date),
    /// What programs read in one way and people in another, such as a name that several things have.
    Name {
        /// The name, for programs.
        name: String,
        /// What people read: the name with what tells the thing from the others, or in their language.
        label: String,
    },
    /// A thing that programs know by its key, and people by its name.
    Key {
        /// The key.
        key: String,
        /// The name, in the language in force.
        name: String,
    },
    /// Several of them.
    Keys {
        /// The keys.
        keys: Vec<String>,
        /// As many names, in the language in force.
        names: Vec<String>,
    },
    /// Several texts.
    List(Vec<String>),
    /// Several texts with values: for programs in English, for people in their language.
    Told {
        /// For programs.
        names: Vec<String>,
        /// For people.
        labels: Vec<String>,
    },
    /// A whole number.
    Count(u64),
    /// A number with this many decimals in text, four in JSON and CSV; six in all of them where text has six.
    Number(f64, usize),
    /// A share from 0: a percentage in text.
    Share(f64),
    /// A difference of shares: percentage points with two decimals in text.
    Points(f64),
    /// A time in seconds: minutes in print.
    Minutes(f64),
    /// Yes or no.
    Flag(bool),
    /// Where to see more, in the words of the program that prints it.
    Hint(Hint),
    /// There is no value.
    Missing,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A text of the program's own, such as `unknown`: for people in their language.
    pub fn word(word: &'static str) -> Self {
        Self::Word(word)
    }

    /// A thing that programs know by its key and people by its name.
    pub fn named(key: impl Into<String>, name: impl Into<String>) -> Self {
        let (key, name) = (key.into(), name.into());
        if key == name { Self::Text(key) } else { Self::Key { key, name } }
    }

    /// The same for people who ask for keys, as commands and files take them.
    pub(super) fn by_key(&self) -> Option<Self> {
        match self {
            Self::Key { key, .. } => Some(Self::Text(key.clone())),
            Self::Keys { keys, .. } => Some(Self::List(keys.clone())),
            _ => None,
        }
    }

    /// The same with the names of the things that its sentence for people has; `None` where it has none.
    pub(in crate::report) fn with_names(
        &self,
        name: impl Fn(KeyOf, &str) -> Option<String>,
    ) -> Option<Self> {
        match self {
            Self::Name { name: plain, label } if has_keys(label) => {
                Some(Self::Name { name: plain.clone(), label: with_names(label, name) })
            }
            Self::Told { names, labels } if labels.iter().any(|label| has_keys(label)) => {
                let labels = labels.iter().map(|label| with_names(label, &name)).collect();
                Some(Self::Told { names: names.clone(), labels })
            }
            _ => None,
        }
    }

    /// A day.
    pub fn day(day: Date) -> Self {
        Self::Day(day)
    }

    /// A text with values: for people in the language in force, for programs in English.
    pub fn said(say: impl Fn() -> String) -> Self {
        let label = say();
        if language() != Language::English {
            let english = in_language(Language::English, say);
            return Self::Name { name: with_keys(&english), label };
        }
        // Programs read keys where people read names.
        if has_keys(&label) {
            return Self::Name { name: with_keys(&label), label };
        }
        Self::Text(label)
    }

    /// A text that was made for programs in English and for people in their language.
    pub fn both(name: impl Into<String>, label: impl Into<String>) -> Self {
        let (name, label) = (name.into(), label.into());
        let name = if has_keys(&name) { with_keys(&name) } else { name };
        // Most are the same in both: a text alone is half of the memory.
        if name == label { Self::Text(name) } else { Self::Name { name, label } }
    }

    /// A text that the table of German texts may know: for people in the language in force, for programs as it is.
    pub fn known(text: &str) -> Self {
        Self::both(text, words::of(text))
    }

    /// A text, or nothing.
    pub fn maybe_text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Missing, Self::text)
    }

    /// Several texts.
    pub fn list(texts: impl IntoIterator<Item: Into<String>>) -> Self {
        let texts: Vec<String> = texts.into_iter().map(Into::into).collect();
        // Programs read keys where people read names.
        if texts.iter().any(|text| has_keys(text)) {
            let names = texts.iter().map(|text| with_keys(text)).collect();
            return Self::Told { names, labels: texts };
        }
        Self::List(texts)
    }

    /// Several texts with values: for people in the language in force, for programs in English.
    pub fn told(say: impl Fn() -> Vec<String>) -> Self {
        let labels = say();
        let is_english = language() == Language::English;
        if is_english && !labels.iter().any(|label| has_keys(label)) {
            return Self::List(labels);
        }
        let english = if is_english { labels.clone() } else { in_language(Language::English, say) };
        Self::Told { names: english.iter().map(|name| with_keys(name)).collect(), labels }
    }

    /// A whole number; one that no `u64` holds is the largest.
    pub fn count(count: impl TryInto<u64>) -> Self {
        Self::Count(count.try_into().unwrap_or(u64::MAX))
    }

    /// A whole number, or nothing.
    pub fn maybe_count(count: Option<impl TryInto<u64>>) -> Self {
        count.map_or(Self::Missing, Self::count)
    }

    /// A number with this many decimals in text.
    pub fn number(number: f64, decimals: usize) -> Self {
        Self::Number(number, decimals)
    }

    /// A number with this many decimals in text, or nothing.
    pub fn maybe_number(number: Option<f64>, decimals: usize) -> Self {
        number.map_or(Self::Missing, |number| Self::Number(number, decimals))
    }

    /// A share from 0.
    pub fn share(share: f64) -> Self {
        Self::Share(share)
    }

    /// A share, or nothing.
    pub fn maybe_share(share: Option<f64>) -> Self {
        share.map_or(Self::Missing, Self::Share)
    }

    /// A difference of shares.
    pub fn points(share: f64) -> Self {
        Self::Points(share)
    }

    /// A time in seconds: minutes in print.
    pub fn minutes(seconds: f64) -> Self {
        Self::Minutes(seconds)
    }

    /// A mean time in seconds, or nothing.
    pub fn maybe_minutes(seconds: Option<f64>) -> Self {
        seconds.map_or(Self::Missing, Self::Minutes)
    }

    /// A time: minutes in print.
    pub fn time(time: Seconds) -> Self {
        Self::Minutes(f64::from(time.0))
    }

    /// A time, or nothing.
    pub fn maybe_time(time: Option<Seconds>) -> Self {
        time.map_or(Self::Missing, Self::time)
    }

    /// A time in seconds as days, or nothing.
    pub fn maybe_days(seconds: Option<f64>) -> Self {
        Self::maybe_number(seconds.map(|seconds| seconds / SECONDS_OF_A_DAY), 1)
    }

    /// Yes or no.
    pub fn flag(flag: bool) -> Self {
        Self::Flag(flag)
    }

    /// Whether text stands to the right, as numbers do.
    pub fn is_number(&self) -> bool {
        matches!(
            self,
            Self::Count(_) | Self::Number(..) | Self::Share(_) | Self::Points(_) | Self::Minutes(_)
        )
    }

    /// The value as people read it, in the language in force: thousands grouped, shares in percent, minutes with
    /// one decimal, a dash where there is none.
    pub fn display(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Word(word) => words::of(word).into_owned(),
            Self::Day(day) => day.in_print(),
            Self::Name { label, .. } => with_keys(label),
            Self::Key { name, .. } => name.clone(),
            Self::List(texts) | Self::Keys { names: texts, .. } => texts.join(", "),
            Self::Told { labels, .. } => with_keys(&labels.join(", ")),
            Self::Count(count) => grouped(*count),
            Self::Number(number, decimals) => number_in_print(*number, *decimals),
            Self::Share(share) => format!("{} %", fixed(share * 100.0, 1)),
            // + 0.0: no negative zero.
            Self::Points(share) => {
                format!("{} {}", fixed(share * 100.0 + 0.0, 2), words::of("pp"))
            }
            Self::Minutes(seconds) => number_in_print(seconds / 60.0, 1),
            Self::Flag(true) => words::of("yes").into_owned(),
            Self::Flag(false) => words::of("no").into_owned(),
            // A hint that nobody gave words has nothing to say.
            Self::Hint(_) | Self::Missing => "–".to_owned(),
        }
    }

    /// The value as a program reads it in a table of text: no grouping, `.` as decimal point,
    /// lists joined by `; `, nothing where there is none.
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Key { key: text, .. } => text.clone(),
            Self::Word(word) => (*word).to_owned(),
            Self::Day(day) => day.to_string(),
            Self::Name { name, .. } => name.clone(),
            // Names of places and hospitals have commas of their own.
            Self::List(texts)
            | Self::Keys { keys: texts, .. }
            | Self::Told { names: texts, .. } => texts.join("; "),
            Self::Count(count) => count.to_string(),
            Self::Number(..) | Self::Share(_) | Self::Points(_) | Self::Minutes(_) => {
                match self.rounded() {
                    Some(number) => number.to_string(),
                    None => String::new(),
                }
            }
            Self::Flag(flag) => flag.to_string(),
            Self::Hint(_) | Self::Missing => String::new(),
        }
    }

    /// The number as programs get it, in minutes for a time; `None` where the value is none.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Count(count) => Some(*count as f64),
            _ => self.rounded(),
        }
    }

    /// The number, in minutes for a time, rounded to four decimals, or to more where it is shown with more.
    fn rounded(&self) -> Option<f64> {
        // Four decimals are tenths of a promille of a share; more would show how sums were rounded.
        let number = match self {
            // Coordinates: four decimals of a degree would be eleven metres.
            Self::Number(number, 6) => return Some((number * 1e6).round() / 1e6 + 0.0),
            Self::Number(number, _) | Self::Share(number) | Self::Points(number) => *number,
            Self::Minutes(seconds) => seconds / 60.0,
            _ => return None,
        };
        Some((number * 10_000.0).round() / 10_000.0 + 0.0) // + 0.0: no negative zero
    }
}

/// A number with so many decimals and a mark between thousands; one beyond what a table has room for as
/// a power of ten.
fn number_in_print(number: f64, decimals: usize) -> String {
    if number.abs() >= 1e15 {
        return with_mark(format!("{number:.1e}"));
    }
    // Formatting would round a half to the even neighbour: 1234.5 cases to 1,234.
    let size = if decimals == 0 { number.abs().round() } else { number.abs() };
    let text = format!("{size:.decimals$}");
    let (whole, rest) = text.split_once('.').unwrap_or((text.as_str(), ""));
    // A loss that rounds to nothing would read -0.0.
    let sign = if number < 0.0 && text.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        "-"
    } else {
        ""
    };
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped);
    if rest.is_empty() {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}{}", with_mark(format!(".{rest}")))
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            // Programs tell things apart by key, in a column of its own: a name is what others call it, too.
            Self::Text(text) | Self::Name { name: text, .. } | Self::Key { key: text, .. } => {
                to.serialize_str(text)
            }
            Self::Word(word) => to.serialize_str(word),
            Self::Day(day) => to.collect_str(day),
            Self::List(texts)
            | Self::Keys { keys: texts, .. }
            | Self::Told { names: texts, .. } => {
                let mut list = to.serialize_seq(Some(texts.len()))?;
                for text in texts {
                    list.serialize_element(text)?;
                }
                list.end()
            }
            Self::Count(count) => to.serialize_u64(*count),
            Self::Number(..) | Self::Share(_) | Self::Points(_) | Self::Minutes(_) => {
                self.rounded().serialize(to)
            }
            Self::Flag(flag) => to.serialize_bool(*flag),
            Self::Hint(_) | Self::Missing => to.serialize_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_for_people_and_for_programs() {
        let both = |cell: Cell| (cell.display(), cell.plain());
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(both(Cell::Count(1_058_179)), pair("1,058,179", "1058179"));
        assert_eq!(both(Cell::Share(0.8325)), pair("83.2 %", "0.8325"));
        assert_eq!(both(Cell::Minutes(1798.0)), pair("30.0", "29.9667"));
        assert_eq!(both(Cell::Minutes(-86_400.0)).0, "-1,440.0");
        assert_eq!(both(Cell::Number(1234.5, 0)), pair("1,235", "1234.5"));
        assert_eq!(both(Cell::Number(-0.0, 1)).1, "0");
        assert_eq!(both(Cell::Missing), pair("–", ""));
        assert_eq!(both(Cell::named("north", "Nordklinik")), pair("Nordklinik", "north"));
        assert_eq!(both(Cell::List(vec!["a".into(), "b".into()])), pair("a, b", "a; b"));
    }
}
