//! A moment of a calendar.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Date, HourOfWeek, Moment};

/// A day and a minute of it, in local civil time: no time zone, and every day has 1,440 minutes.
///
/// In files it is a day, with a time of day where that matters; without one, midnight at its start.
///
/// ```
/// use verbund::calendar::DateTime;
///
/// let morning: DateTime = "2026-02-01 06:30".parse()?;
/// let midnight: DateTime = "2026-02-01".parse()?;
/// assert_eq!((morning.minute(), morning.minutes_since(midnight)), (390, 390));
/// assert_eq!(midnight.to_string(), "2026-02-01");
/// assert_eq!(morning.of_week().to_string(), "Sun 06:30");
/// # Ok::<(), verbund::calendar::ParseDateTimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    /// A day, never a month or a year: moments must compare by time alone.
    date: Date,
    minute: u16,
}

/// Minutes of a day.
const DAY: u16 = 24 * 60;

impl DateTime {
    /// The minute (0 to 1,439) of a day, or of the first day of a month or year; `None` beyond.
    pub fn new(date: Date, minute: u16) -> Option<Self> {
        (minute < DAY).then_some(Self { date: date.first_day(), minute })
    }

    /// The day.
    pub fn date(self) -> Date {
        self.date
    }

    /// The minute of the day, 0 to 1,439.
    pub fn minute(self) -> u16 {
        self.minute
    }

    /// Whole minutes from `earlier` to this moment; negative when it is before.
    pub fn minutes_since(self, earlier: Self) -> i64 {
        self.date.days_since(earlier.date) * i64::from(DAY) + i64::from(self.minute)
            - i64::from(earlier.minute)
    }

    /// The same as a moment of the week.
    ///
    /// # Panics
    ///
    /// Never: a minute of a day lies in one of its 24 hours.
    pub fn of_week(self) -> Moment {
        let (hour, minute) = (self.minute / 60, self.minute % 60);
        let hour = HourOfWeek::new(self.date.weekday(), usize::from(hour))
            .expect("a minute of a day lies in one of its 24 hours");
        Moment { hour, minute: minute as u8 }
    }
}

impl From<Date> for DateTime {
    /// Midnight at the start of the day.
    fn from(date: Date) -> Self {
        Self { date: date.first_day(), minute: 0 }
    }
}

/// A text that is no moment of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", said!("\"{text}\" is no moment; write a day as 2026-02-01, with a time of day from 00:00 to 23:59 as 2026-02-01 06:00", text))]
pub struct ParseDateTimeError {
    /// What was written.
    pub text: String,
}

impl FromStr for DateTime {
    type Err = ParseDateTimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fault = || ParseDateTimeError { text: text.to_owned() };
        let (day, time) = match text.trim().split_once(' ') {
            Some((day, time)) => (day, Some(time)),
            None => (text.trim(), None),
        };
        let date: Date = day.parse().map_err(|_| fault())?;
        // A month or a year is no moment: which day would be meant?
        if date != date.first_day() {
            return Err(fault());
        }
        let Some(time) = time else { return Ok(date.into()) };
        let (hour, minute) = time.split_once(':').ok_or_else(fault)?;
        let number = |digits: &str, below: u16| {
            // `parse` alone would take "+6" and "6".
            let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<u16>().ok().filter(|number| plain && *number < below).ok_or_else(fault)
        };
        Ok(Self { date, minute: number(hour, 24)? * 60 + number(minute, 60)? })
    }
}

impl DateTime {
    /// As the language in force writes it in a text for people: `2026-02-01 06:00`, in German `01.02.2026 06:00`.
    pub fn in_print(self) -> String {
        match self.minute {
            0 => self.date.in_print(),
            minute => format!("{} {:02}:{:02}", self.date.in_print(), minute / 60, minute % 60),
        }
    }
}

impl fmt::Display for DateTime {
    /// The day; with its time of day when that is not midnight.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.date)?;
        match self.minute {
            0 => Ok(()),
            minute => write!(out, " {:02}:{:02}", minute / 60, minute % 60),
        }
    }
}

impl<'de> Deserialize<'de> for DateTime {
    /// From a text such as `"2026-02-01 06:00"`, as files write it.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime {
        text.parse().unwrap()
    }

    #[test]
    fn moments_are_read_back_as_they_are_written() {
        for text in ["2026-02-01", "2026-02-01 00:01", "2026-12-31 23:59"] {
            assert_eq!(at(text).to_string(), text);
        }
        assert_eq!(at("2026-02-01 00:00").to_string(), "2026-02-01");
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2026",
            "2026-02",
            "2026-02-30",
            "2026-02-01 6:00",
            "2026-02-01 24:00",
            "2026-02-01 06:60",
            "2026-02-01 06",
            "2026-02-01  06:00",
            "2026-02-01 +6:00",
            "2026-02-01T06:00",
            "06:00",
        ] {
            assert!(text.parse::<DateTime>().is_err(), "{text}");
        }
    }

    #[test]
    fn moments_compare_by_time_alone() {
        // A network's date may be a year; its start is the same midnight.
        let start = DateTime::from("2026".parse::<Date>().unwrap());
        assert_eq!(start, at("2026-01-01"));
        assert!(at("2025-12-31 23:59") < start && start < at("2026-01-01 00:01"));
        assert_eq!(start.minutes_since(at("2025-12-31 23:59")), 1);
        assert_eq!(at("2025-12-31 23:59").minutes_since(start), -1);
        assert_eq!(DateTime::new(start.date(), 1440), None);
    }
}
