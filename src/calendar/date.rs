//! Days, as exactly as they are known.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::words::{Language, language};

/// A day, a month or a year, as exactly as its source gives it.
///
/// Dates are compared by their first day: `2023-11` stands for 2023-11-01 and `2024` for
/// 2024-01-01. Something `opened` or `since` a date is there from that day on; something `closed`
/// or `until` a date is gone from that day on.
///
/// ```
/// use verbund::calendar::Date;
///
/// let closure: Date = "2025-05-28".parse()?;
/// let month: Date = "2025-06".parse()?;
/// assert!(closure < month);
/// assert_eq!(month.to_string(), "2025-06");
/// # Ok::<(), verbund::calendar::ParseDateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    // This order of fields is the order of dates: by the first day, and of equal ones a day before its month
    // and its year.
    first_day: jiff::civil::Date,
    precision: Precision,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Precision {
    Day,
    Month,
    Year,
}

impl Date {
    /// Whether this date's first day is on or before the first day of `other`.
    pub fn is_by(self, other: Self) -> bool {
        // Not `self <= other`: 2023-11 is by 2023-11-01, though that one comes first in order.
        self.first_day <= other.first_day
    }

    /// Whole days from the first day of `earlier` to that of this date; negative when it is before.
    pub fn days_since(self, earlier: Self) -> i64 {
        // Civil days have 24 hours each, so nothing is cut off.
        self.first_day.duration_since(earlier.first_day).as_hours() / 24
    }

    /// The day so many days after its first day; `None` beyond the years -9999 to 9999.
    pub fn plus_days(self, days: u32) -> Option<Self> {
        let first_day = self.first_day.checked_add(jiff::Span::new().days(i64::from(days))).ok()?;
        Some(Self { first_day, precision: Precision::Day })
    }

    /// The day before its first day; `None` at the beginning of the year -9999.
    pub fn day_before(self) -> Option<Self> {
        Some(Self { first_day: self.first_day.yesterday().ok()?, precision: Precision::Day })
    }

    /// The day of the week of its first day, 0 Monday to 6 Sunday.
    pub fn weekday(self) -> usize {
        self.first_day.weekday().to_monday_zero_offset() as usize
    }

    /// The first day that it stands for, as a day: 2023-11 as 2023-11-01.
    #[must_use]
    pub fn first_day(self) -> Self {
        Self { first_day: self.first_day, precision: Precision::Day }
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.first_day.year()
    }

    /// The first day of a year; `None` beyond the years -9999 to 9999.
    pub fn of_year(year: i16) -> Option<Self> {
        let first_day = jiff::civil::Date::new(year, 1, 1).ok()?;
        Some(Self { first_day, precision: Precision::Year })
    }

    /// 1 July of a year, the day that stands for a whole year where yearly figures are compared;
    /// `None` beyond the years -9999 to 9999.
    pub fn middle_of_year(year: i16) -> Option<Self> {
        let first_day = jiff::civil::Date::new(year, 7, 1).ok()?;
        Some(Self { first_day, precision: Precision::Day })
    }
}

/// A text that is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", said!("\"{text}\" is no date; write a day as 2025-05-28, a month as 2025-05 or a year as 2025", text))]
pub struct ParseDateError {
    /// What was written.
    pub text: String,
}

impl FromStr for Date {
    type Err = ParseDateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The parser below takes more than files should hold, such as 20250528: the length decides first.
        let precision = match (text.len(), text.split('-').count()) {
            (4, 1) => Precision::Year,
            (7, 2) => Precision::Month,
            (10, 3) => Precision::Day,
            _ => return Err(ParseDateError { text: text.to_owned() }),
        };
        let padded = match precision {
            Precision::Year => format!("{text}-01-01"),
            Precision::Month => format!("{text}-01"),
            Precision::Day => text.to_owned(),
        };
        match padded.parse() {
            Ok(first_day) => Ok(Self { first_day, precision }),
            Err(_) => Err(ParseDateError { text: text.to_owned() }),
        }
    }
}

impl Date {
    /// As the language in force writes it in a text for people: 2026-11-29, in German 29.11.2026 (of a month 11/2026).
    pub fn in_print(self) -> String {
        if language() == Language::English {
            return self.to_string();
        }
        let day = self.first_day;
        match self.precision {
            Precision::Day => format!("{:02}.{:02}.{:04}", day.day(), day.month(), day.year()),
            Precision::Month => format!("{:02}/{:04}", day.month(), day.year()),
            Precision::Year => self.to_string(),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.first_day;
        match self.precision {
            Precision::Day => write!(out, "{day}"),
            Precision::Month => write!(out, "{:04}-{:02}", day.year(), day.month()),
            Precision::Year => write!(out, "{:04}", day.year()),
        }
    }
}

impl<'de> Deserialize<'de> for Date {
    /// From a text such as `"2026-02-01"`, as files write it.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_stands_for_its_first_day() {
        let month: Date = "2023-11".parse().unwrap();
        let day: Date = "2023-11-01".parse().unwrap();
        assert!(month.is_by(day) && day.is_by(month));
        assert_ne!(month, day);
    }

    #[test]
    fn days_are_counted_over_leap_days_and_back() {
        let on = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(on("2024-03-01").days_since(on("2024-02-28")), 2);
        assert_eq!(on("2025-12-31").days_since(on("2026")), -1);
        // 1 January 2026 was a Thursday.
        assert_eq!(on("2026").weekday(), 3);
        assert_eq!(on("2026").first_day(), on("2026-01-01"));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "25", "2025-13", "2025-02-30", "2025-5-1", "28.05.2025", "2025/05", "äöüä"]
        {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }
}
