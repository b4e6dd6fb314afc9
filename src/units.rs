//! Whole-number quantities with their unit in the type: [`Seconds`], [`Metres`].
//!
//! Times are stored as whole seconds; minutes exist in print only.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) use crate::words::grouped;
use crate::words::with_mark;

/// A number as texts say it: rounded to six decimals, without the digits that a product or difference
/// of decimals leaves behind (0.57 for 0.5699999999999999), and with at least so many decimals. A number
/// that six decimals would make zero keeps its own digits.
pub(crate) fn in_words(number: f64, least_decimals: usize) -> String {
    let rounded = (number * 1e6).round() / 1e6 + 0.0; // + 0.0: no negative zero
    if !rounded.is_finite() || (rounded == 0.0 && number != 0.0) {
        return with_mark(number.to_string());
    }
    let shortest = rounded.to_string();
    let decimals = shortest.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let padded = format!("{rounded:.least_decimals$}");
    with_mark(if decimals >= least_decimals { shortest } else { padded })
}

/// A span of time in whole seconds, from 0 to `u32::MAX`.
///
/// In files it is written with a unit: `"10m"`, `"1h 30m"`, `"45s"`.
///
/// ```
/// use verbund::units::Seconds;
///
/// let limit = Seconds::from_minutes(30);
/// assert_eq!(limit, Seconds(1800));
/// assert_eq!("1h 30m".parse(), Ok(Seconds(5400)));
/// assert_eq!(Seconds(90).minutes(), 1.5);
/// assert_eq!(limit.to_string(), "30m");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seconds(pub u32);

impl Seconds {
    /// The span of this many whole minutes; stays at the greatest span when it would overflow.
    pub const fn from_minutes(minutes: u32) -> Self {
        Self(minutes.saturating_mul(60))
    }

    /// The span in minutes, exact to the second.
    pub fn minutes(self) -> f64 {
        f64::from(self.0) / 60.0
    }
}

impl Add for Seconds {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Seconds {
    type Output = Self;

    /// The difference, never below zero.
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds) = (self.0 / 3600, self.0 / 60 % 60, self.0 % 60);
        let mut parts = Vec::new();
        for (amount, unit) in [(hours, "h"), (minutes, "m"), (seconds, "s")] {
            if amount > 0 {
                parts.push(format!("{amount}{unit}"));
            }
        }
        out.write_str(if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }.as_str())
    }
}

/// A text that is no span of time of whole seconds at or above zero.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", said!("\"{text}\" is no span of time; write whole seconds with units, such as \"10m\" or \"1h 30m\"", text))]
pub struct ParseSecondsError {
    /// What was written.
    pub text: String,
}

impl FromStr for Seconds {
    type Err = ParseSecondsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fault = || ParseSecondsError { text: text.to_owned() };
        let span: jiff::SignedDuration = text.trim().parse().map_err(|_| fault())?;
        // Not rounded: fractions of a second are most likely a mistake for another unit.
        if span.subsec_nanos() != 0 {
            return Err(fault());
        }
        // Spans below 0 are no u32, either.
        u32::try_from(span.as_secs()).map(Self).map_err(|_| fault())
    }
}

impl<'de> Deserialize<'de> for Seconds {
    /// From a text such as `"90m"`, as files write it.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Writes a time, or one that may be unknown, as a whole number of seconds: for fields of results that are named
/// `..._seconds`.
pub(crate) fn as_seconds<T, S>(time: &T, to: S) -> Result<S::Ok, S::Error>
where
    T: Copy + Into<Option<Seconds>>,
    S: Serializer,
{
    // A number, not a text with units as in files: programs add and compare it.
    let time: Option<Seconds> = (*time).into();
    time.map(|time| time.0).serialize(to)
}

/// A distance in whole metres, from 0 to `u32::MAX` (more than the Earth's circumference).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Metres(pub u32);

impl Metres {
    /// The distance in kilometres.
    pub fn kilometres(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

impl fmt::Display for Metres {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:.1} km", self.kilometres())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words_have_no_digits_of_their_arithmetic() {
        for (number, least, words) in [
            (0.57 / 100.0 * 100.0, 0, "0.57"),
            (1.0095 - 1.0, 0, "0.0095"),
            (35.0 * 1.1, 0, "38.5"),
            (0.1, 3, "0.100"),
            (0.315_000_000_000_1, 3, "0.315"),
            (0.123_456_789, 2, "0.123457"),
            (1e-9, 3, "0.000000001"),
            (-0.0, 0, "0"),
            (2.0, 0, "2"),
        ] {
            assert_eq!(in_words(number, least), words, "{number}");
        }
    }

    #[test]
    fn spans_are_read_back_as_they_are_written() {
        for seconds in [0, 1, 59, 60, 61, 3599, 3600, 5400, 86_400, 100_000] {
            assert_eq!(Seconds(seconds).to_string().parse(), Ok(Seconds(seconds)));
        }
    }

    #[test]
    fn negative_unitless_and_broken_spans_are_refused() {
        for text in ["", "-5m", "10", "1.0001s", "ten minutes", "99999999h"] {
            assert!(text.parse::<Seconds>().is_err(), "{text}");
        }
    }

    #[test]
    fn differences_stop_at_zero() {
        assert_eq!(Seconds(5) - Seconds(7), Seconds(0));
    }
}
