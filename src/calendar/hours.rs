//! Opening hours by hour of the week.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::words::{Language, language};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const GERMAN_DAYS: [&str; 7] = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"];
const HOURS: usize = 7 * 24;

/// One of the 168 hours of a week, Monday 0:00 first.
///
/// ```
/// use verbund::calendar::HourOfWeek;
///
/// let hour = HourOfWeek::new(5, 3).unwrap();
/// assert_eq!(hour.to_string(), "Sat 3-4");
/// assert_eq!(hour.index(), 123);
/// assert!(HourOfWeek::new(0, 24).is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HourOfWeek(u8);

impl HourOfWeek {
    /// The hour (0 to 23) of the day (0 Monday to 6 Sunday); `None` beyond.
    pub fn new(day: usize, hour: usize) -> Option<Self> {
        (day < 7 && hour < 24).then_some(Self((day * 24 + hour) as u8))
    }

    /// Every hour of the week, in order.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        (0..HOURS as u8).map(Self)
    }

    /// Its number, 0 to 167.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The day, 0 Monday to 6 Sunday.
    pub fn day(self) -> usize {
        self.index() / 24
    }

    /// The hour of the day, 0 to 23.
    pub fn hour(self) -> usize {
        self.index() % 24
    }

    /// Hours from this one to another, going forward, 0 to 167.
    pub fn until(self, later: Self) -> u32 {
        // A week is added first: the difference of two indices may be below 0.
        ((later.index() + HOURS - self.index()) % HOURS) as u32
    }
}

/// Hours as files write them, in the language in force.
fn in_language_of_print(hours: String) -> String {
    if language() == Language::English {
        return hours;
    }
    // No day is part of another word here.
    let mut german = hours.replace("Always", "immer").replace("never", "nie");
    for (english_day, german_day) in DAYS.iter().zip(GERMAN_DAYS) {
        german = german.replace(english_day, german_day);
    }
    german
}

impl HourOfWeek {
    /// As the language in force says it in a text for people: `Sat 3-4`, in German `Sa 3-4`.
    pub fn in_print(self) -> String {
        in_language_of_print(self.to_string())
    }
}

impl fmt::Display for HourOfWeek {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}-{}", DAYS[self.day()], self.hour(), self.hour() + 1)
    }
}

/// A moment of the week, to the minute.
///
/// ```
/// use verbund::calendar::Moment;
///
/// let moment: Moment = "Sat 03:20".parse()?;
/// assert_eq!((moment.hour.day(), moment.hour.hour(), moment.minute), (5, 3, 20));
/// assert!("Sat 24:00".parse::<Moment>().is_err());
/// # Ok::<(), verbund::calendar::ParseMomentError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The hour in which it lies.
    pub hour: HourOfWeek,
    /// The minute of the hour, 0 to 59.
    pub minute: u8,
}

/// A text that is no moment of the week.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", said!("\"{text}\" is no moment of the week; write a day from Mon to Sun and a time from 00:00 to 23:59, such as \"Sat 03:00\"", text))]
pub struct ParseMomentError {
    /// What was written.
    pub text: String,
}

impl FromStr for Moment {
    type Err = ParseMomentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fault = || ParseMomentError { text: text.to_owned() };
        let (day, time) = text.trim().split_once(' ').ok_or_else(fault)?;
        // As print has it in either language, and in small letters as it is typed.
        let day = day_of(day, str::eq_ignore_ascii_case).ok_or_else(fault)?;
        let (hour, minute) = time.trim().split_once(':').unwrap_or((time.trim(), "0"));
        let number = |digits: &str| {
            let plain =
                // A moment is typed on a command line, so "Sat 3" will do; moments in files are stricter.
                (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse::<u8>().ok().filter(|_| plain).ok_or_else(fault)
        };
        let hour = HourOfWeek::new(day, usize::from(number(hour)?)).ok_or_else(fault)?;
        let minute = number(minute)?;
        if minute > 59 { Err(fault()) } else { Ok(Self { hour, minute }) }
    }
}

impl Moment {
    /// As the language in force says it in a text for people: `Sat 03:20`, in German `Sa 03:20`.
    pub fn in_print(self) -> String {
        in_language_of_print(self.to_string())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {:02}:{:02}", DAYS[self.hour.day()], self.hour.hour(), self.minute)
    }
}

impl Moment {
    /// The start of an hour.
    pub fn of(hour: HourOfWeek) -> Self {
        Self { hour, minute: 0 }
    }

    /// The moment this many seconds later, in a following week where need be, to the minute.
    #[must_use]
    pub fn after(self, time: crate::units::Seconds) -> Self {
        let minutes = self.hour.index() * 60 + usize::from(self.minute) + time.0 as usize / 60;
        let hour = HourOfWeek((minutes / 60 % HOURS) as u8);
        Self { hour, minute: (minutes % 60) as u8 }
    }
}

/// When something is open, by whole hours of the week, Monday 0:00 first.
///
/// In files: `Always`, or days and hours as in `"Mon-Fri 8-19; Sat 9-12"`. The last hour is the one
/// in which it closes: `8-19` is open from 8:00 up to, not including, 19:00. Days may wrap
/// (`Fri-Mon`), and hours may wrap past midnight (`20-8` is open until 8:00 of the next day).
///
/// ```
/// use verbund::calendar::Hours;
///
/// let weekdays: Hours = "Mon-Fri 8-19".parse()?;
/// assert_eq!(weekdays.open_hours(), 55);
/// assert!(weekdays.is_open(4, 18));  // Friday, 18:00 to 19:00
/// assert!(!weekdays.is_open(5, 12)); // Saturday noon
/// # Ok::<(), verbund::calendar::ParseHoursError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hours {
    open: [u32; 7],
}

impl Hours {
    /// Open in every hour of the week.
    pub const ALWAYS: Self = Self { open: [0x00ff_ffff; 7] };

    /// Open in no hour of the week.
    // No text means this one: it comes only from hours that are computed, such as those of two facilities that
    // are never open together.
    pub const NEVER: Self = Self { open: [0; 7] };

    /// Open in the hours for which `is_open` says so.
    pub fn of(is_open: impl Fn(HourOfWeek) -> bool) -> Self {
        let mut open = [0; 7];
        for hour in HourOfWeek::all().filter(|hour| is_open(*hour)) {
            open[hour.day()] |= 1 << hour.hour();
        }
        Self { open }
    }

    /// Whether it is open in the hour (0 to 23) of the day (0 Monday to 6 Sunday).
    ///
    /// A day or hour beyond these is never open.
    pub fn is_open(&self, day: usize, hour: usize) -> bool {
        hour < 24 && self.open.get(day).is_some_and(|hours| hours >> hour & 1 == 1)
    }

    /// Whether it is open in an hour of the week.
    pub fn is_open_in(&self, hour: HourOfWeek) -> bool {
        self.is_open(hour.day(), hour.hour())
    }

    /// Open when either is.
    ///
    /// ```
    /// use verbund::calendar::Hours;
    ///
    /// let weekdays: Hours = "Mon-Fri 8-16".parse()?;
    /// let saturday: Hours = "Sat 9-12".parse()?;
    /// assert_eq!(weekdays.or(saturday), "Mon-Fri 8-16; Sat 9-12".parse()?);
    /// assert_eq!(weekdays.or(Hours::ALWAYS), Hours::ALWAYS);
    /// # Ok::<(), verbund::calendar::ParseHoursError>(())
    /// ```
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { open: std::array::from_fn(|day| self.open[day] | other.open[day]) }
    }

    /// Open hours in a week, 0 to 168.
    pub fn open_hours(&self) -> u32 {
        self.open.iter().map(|hours| hours.count_ones()).sum()
    }

    /// Whether it is open in no hour of the week.
    pub fn is_never(&self) -> bool {
        *self == Self::NEVER
    }

    /// Whether it is open in every hour of the week.
    pub fn is_always(&self) -> bool {
        *self == Self::ALWAYS
    }
}

impl Default for Hours {
    fn default() -> Self {
        Self::ALWAYS
    }
}

/// A text that names no hours of the week.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", said!("\"{text}\" names no hours of the week; write Always, or days and hours such as \"Mon-Fri 8-19; Sat 9-12\"", text))]
pub struct ParseHoursError {
    /// What was written.
    pub text: String,
}

impl FromStr for Hours {
    type Err = ParseHoursError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if ["Always", "immer"].contains(&text.trim()) {
            return Ok(Self::ALWAYS);
        }
        let mut open = [0; 7];
        // As people write them, too: with a dash between words, and a comma between rules.
        let plain = text.replace(['–', '—'], "-");
        for rule in plain.split([';', ',']).map(str::trim) {
            add_rule(rule, &mut open).ok_or_else(|| ParseHoursError { text: text.to_owned() })?;
        }
        Ok(Self { open })
    }
}

/// The number of a day by its English or German name, in whatever letters the caller takes.
fn day_of(name: &str, is_same: fn(&str, &str) -> bool) -> Option<usize> {
    for days in [DAYS, GERMAN_DAYS] {
        for (number, day) in days.into_iter().enumerate() {
            if is_same(day, name) {
                return Some(number);
            }
        }
    }
    None
}

/// The number of a day as files write it: a typo in its letters is a fault there.
fn written_day(name: &str) -> Option<usize> {
    day_of(name, |day, name| day == name)
}

/// Adds a rule such as `Mon-Fri 8-19` or `Sun 0-24`; `None` when it is not one.
fn add_rule(rule: &str, open: &mut [u32; 7]) -> Option<()> {
    let (days, hours) = rule.split_once(' ')?;
    let (first, last) = match days.split_once('-') {
        Some((first, last)) => (written_day(first)?, written_day(last)?),
        None => (written_day(days)?, written_day(days)?),
    };
    let (from, to) = hours.trim().split_once('-')?;
    // `8:00` is the hour 8; half of an hour is no hour.
    let from: usize = from.trim().trim_end_matches(":00").parse().ok()?;
    let to: usize = to.trim().trim_end_matches(":00").parse().ok()?;
    // `8-8` could mean no hour or all of them.
    if from > 23 || to > 24 || from == to {
        return None;
    }

    // `19-7` goes over midnight, and `Sat-Mon` over the end of the week.
    let length = if to > from { to - from } else { 24 - from + to };
    let days = (last + 7 - first) % 7 + 1;
    for day in 0..days {
        for hour in 0..length {
            let slot = ((first + day) * 24 + from + hour) % HOURS;
            open[slot / 24] |= 1 << (slot % 24);
        }
    }
    Some(())
}

impl Hours {
    /// As the language in force says it in a text for people: `Mon-Fri 8-16`, in German `Mo-Fr 8-16`.
    pub fn in_print(&self) -> String {
        in_language_of_print(self.to_string())
    }
}

impl fmt::Display for Hours {
    /// `Always`, or one rule for each run of hours; days in a row with the same hours are folded, so
    /// that `Mon-Fri 8-19` is written as it is read. No hour at all is `never`, which no file can say.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_always() {
            return out.write_str("Always");
        }
        if self.is_never() {
            return out.write_str("never");
        }
        let mut rules = Vec::new();
        let mut first = 0;
        while first < DAYS.len() {
            let is_same = |day: &usize| self.open[*day] == self.open[first];
            let last = (first..DAYS.len()).take_while(is_same).last().unwrap_or(first);
            let days = match last - first {
                0 => DAYS[first].to_owned(),
                _ => format!("{}-{}", DAYS[first], DAYS[last]),
            };
            let mut hour = 0;
            while hour < 24 {
                if !self.is_open(first, hour) {
                    hour += 1;
                    continue;
                }
                let from = hour;
                while self.is_open(first, hour) {
                    hour += 1;
                }
                rules.push(format!("{days} {from}-{hour}"));
            }
            first = last + 1;
        }
        out.write_str(&rules.join("; "))
    }
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::in_language;

    #[test]
    fn hours_are_read_back_as_they_are_written() {
        for text in ["Always", "Mon-Fri 8-19", "Fri-Mon 20-8", "Sun 0-24; Wed 12-13"] {
            let hours: Hours = text.parse().unwrap();
            assert_eq!(hours.to_string().parse(), Ok(hours), "{text}");
        }
    }

    #[test]
    fn equal_days_in_a_row_are_folded() {
        let written = |text: &str| text.parse::<Hours>().unwrap().to_string();
        assert_eq!(written("Mon-Fri 8-16; Sat 8-16"), "Mon-Sat 8-16");
        assert_eq!(written("Mon-Sun 20-8"), "Mon-Sun 0-8; Mon-Sun 20-24");
        assert_eq!(written("Wed 9-12; Mon 9-12"), "Mon 9-12; Wed 9-12");
    }

    #[test]
    fn a_night_reaches_into_the_next_day() {
        let nights: Hours = "Sun 20-8".parse().unwrap();
        assert!(nights.is_open(6, 23) && nights.is_open(0, 7) && !nights.is_open(0, 8));
        assert_eq!(nights.open_hours(), 12);
    }

    #[test]
    fn german_days_are_the_same_hours() {
        let told = |text: &str| {
            let hours: Hours = text.parse().unwrap();
            in_language(Language::German, || hours.in_print())
        };
        assert_eq!(told("Mon-Fri 8-19; Sun 0-24"), "Mo-Fr 8-19; So 0-24");
        assert_eq!(told("Always"), "immer");
        assert_eq!(Hours::default().in_print(), Hours::default().to_string());
    }

    #[test]
    fn hours_are_read_as_people_write_them_in_either_language() {
        let read = |text: &str| text.parse::<Hours>().unwrap().to_string();
        assert_eq!(read("Mo–So 8–20"), "Mon-Sun 8-20");
        assert_eq!(read("Mo-Fr 8:00-16:00, Sa 9-12"), "Mon-Fri 8-16; Sat 9-12");
        assert_eq!(read("immer"), "Always");
        // What German print says is read back.
        let hours: Hours = "Fri-Mon 20-8; Wed 12-13".parse().unwrap();
        let told = in_language(Language::German, || hours.in_print());
        assert_eq!(told.parse(), Ok(hours), "{told}");
        assert_eq!("sa 03:20".parse::<Moment>(), "Sat 03:20".parse::<Moment>());
    }

    #[test]
    fn what_names_no_hours_is_refused() {
        for text in [
            "",
            "Mon",
            "Mon 8",
            "Mon 8-25",
            "Moo 8-9",
            "Mon 8-8",
            "8-19",
            "Mon-Fri 8-19;",
            "Mon 8:30-9",
            "mo 8-9",
        ] {
            assert!(text.parse::<Hours>().is_err(), "{text}");
        }
    }
}
