//! When patients come and go: hours, weekdays, seasons, holidays, weekends.

use serde::{Deserialize, Serialize};

use crate::calendar::{HourOfWeek, Hours};
use crate::problem::{Problem, ProblemKind, Problems};
use crate::words;

/// When patients come and go, beside the hours of [`Settings`](super::Settings).
///
/// A stay keeps the length that is drawn for it up to the day on which it would end; it ends there at an hour of
/// [`discharge_hours`](Self::discharge_hours), and on days with fewer discharges rather a day before or behind. Phases that are followed by
/// another bed (intensive care, a transfer) end at any hour. So what a scenario changes moves the end of a stay by hours
/// where it begins at another moment, and its drawn length never.
///
/// ```
/// use verbund::simulation::{Rhythm, Season, Settings};
///
/// // A fifth more pneumology in winter, a fifth less in summer.
/// let rhythm = Rhythm { seasons: vec![Season::winter(["pneumology"], 0.2)], ..Rhythm::default() };
/// assert!(Settings::default().rhythm(rhythm).check().is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rhythm {
    /// Relative discharges by hour of the day, 0 or more, not all of them 0. By default from 8 to 18, most at 10 and 11
    /// (assumed).
    pub discharge_hours: [f64; 24],
    /// Relative discharges by day of the week from Monday on, 0 or more, not all of them 0. They are the chances that
    /// somebody goes on the day on which the stay is over, and not a day before or behind, so that the shares that come out
    /// are flatter than they. The default is fitted to the 40,563 discharges of four hospitals in the USA in 2001 and 2002
    /// (Conti 2003, Clinical Cardiology 26, [doi 10.1002/clc.4960260102](https://doi.org/10.1002/clc.4960260102)); of
    /// Germany's hospitals nobody published them. Leipzig / Nordwestsachsen beside it, per cent of all by day:
    ///
    /// | | Mon | Tue | Wed | Thu | Fri | Sat | Sun |
    /// |---|---|---|---|---|---|---|---|
    /// | discharges, published | 14.3 | 14.2 | 14.4 | 15.3 | 17.5 | 13.0 | 11.2 |
    /// | discharges, simulated | 15.0 | 13.8 | 13.6 | 15.1 | 18.4 | 13.5 | 10.7 |
    /// | admissions, published | 17.1 | 16.9 | 16.2 | 15.7 | 14.8 | 9.8 | 9.5 |
    /// | admissions, simulated | 17.1 | 17.2 | 17.1 | 17.1 | 13.5 | 7.2 | 10.9 |
    ///
    /// So hospitals are fullest on Thursday evenings, there and here, and emptiest on Sunday evenings there; here on
    /// Saturday and Sunday evenings alike, as elective patients come on Sunday afternoons (assumed).
    pub discharge_days: [f64; 7],
    /// Relative emergencies by day of the week from Monday on, 0 or more, not all of them 0; those of care pathways with
    /// hours of their own aside. Even by default (assumed).
    pub emergency_days: [f64; 7],
    /// Emergencies and elective patients of some specialties by month, beside
    /// [`Settings::emergency_months`](super::Settings::emergency_months). None by default (assumed).
    pub seasons: Vec<Season>,
    /// Hours of the week in which elective patients of some specialties come, in place of
    /// [`Settings::elective_hours`](super::Settings::elective_hours). None by default (assumed).
    pub theatre_days: Vec<TheatreDays>,
    /// Elective patients on a day from 24 December to 1 January and from Good Friday to Easter Monday, relative to other
    /// days, 0 to 1; as many come in a year. 0.2 by default (assumed). Easter is that of the year in which the days that are
    /// counted begin.
    pub elective_on_holidays: f64,
    /// Share of a ward's beds that stay open on Saturdays and Sundays, above 0, at most 1, rounded up to whole beds; intensive care
    /// aside. 1 by default (assumed).
    pub weekend_beds: f64,
}

/// Months of some specialties.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// Keys of the specialties; their care pathways too.
    pub specialties: Vec<String>,
    /// Relative patients by month, 0 or more, not all of them 0; as many come in a year.
    pub months: [f64; 12],
}

impl Season {
    /// Most in the middle of January, by a share from 0 to 1 more than on average, and as many fewer in July: a wave.
    pub fn winter(specialties: impl IntoIterator<Item = impl Into<String>>, share: f64) -> Self {
        Self::wave(specialties, share, 0)
    }

    /// Most in the middle of July, by a share from 0 to 1 more than on average, and as many fewer in January: a wave.
    pub fn summer(specialties: impl IntoIterator<Item = impl Into<String>>, share: f64) -> Self {
        Self::wave(specialties, share, 6)
    }

    fn wave(
        specialties: impl IntoIterator<Item = impl Into<String>>,
        share: f64,
        height: usize,
    ) -> Self {
        let mut months = [1.0; 12];
        for (month, relative) in months.iter_mut().enumerate() {
            let part = (month as f64 - height as f64) / 12.0;
            *relative += share * (std::f64::consts::TAU * part).cos();
        }
        Self { specialties: specialties.into_iter().map(Into::into).collect(), months }
    }
}

/// Theatre days of some specialties.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TheatreDays {
    /// Keys of the specialties.
    pub specialties: Vec<String>,
    /// When their elective patients come; at least one hour.
    pub hours: Hours,
}

/// Discharges by hour of the day, relative: rounds in the morning, homes and relatives behind them.
const DISCHARGE_HOURS: [f64; 24] = [
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 4.0, 10.0, 16.0, 16.0, 13.0, 11.0, 10.0, 8.0, 6.0, 4.0,
    2.0, 0.0, 0.0, 0.0, 0.0, 0.0,
];

impl Default for Rhythm {
    fn default() -> Self {
        Self {
            discharge_hours: DISCHARGE_HOURS,
            discharge_days: [1.0, 1.0, 1.0, 1.1, 1.2, 0.9, 0.75],
            elective_on_holidays: 0.2,
            ..Self::even()
        }
    }
}

impl Rhythm {
    /// No rhythm: stays end round the clock, no seasons, no holidays, all beds at weekends.
    pub fn even() -> Self {
        Self {
            discharge_hours: [1.0; 24],
            discharge_days: [1.0; 7],
            emergency_days: [1.0; 7],
            seasons: Vec::new(),
            theatre_days: Vec::new(),
            elective_on_holidays: 1.0,
            weekend_beds: 1.0,
        }
    }

    /// Relative ends of stays by hour of the week; empty where they end at any moment.
    pub(super) fn discharges(&self) -> Vec<f64> {
        if self.discharge_hours == [1.0; 24] && self.discharge_days == [1.0; 7] {
            return Vec::new();
        }
        let total: f64 = self.discharge_hours.iter().sum();
        let mut ends = Vec::new();
        for hour in HourOfWeek::all() {
            let of_day = self.discharge_hours[hour.hour()] / total;
            ends.push(of_day * self.discharge_days[hour.day()]);
        }
        ends
    }

    /// Emergencies by hour of the week, where those of a day are known.
    pub(super) fn emergencies(&self, day: &[f64]) -> Vec<f64> {
        if self.emergency_days == [1.0; 7] {
            return day.to_vec();
        }
        let mut week = Vec::new();
        for hour in HourOfWeek::all() {
            week.push(day[hour.hour() % day.len()] * self.emergency_days[hour.day()]);
        }
        week
    }

    /// When elective patients of a specialty come, if not when all others do.
    pub(super) fn theatre(&self, specialty: &str) -> Option<&Hours> {
        let named = |days: &&TheatreDays| days.specialties.iter().any(|key| key == specialty);
        self.theatre_days.iter().find(named).map(|days| &days.hours)
    }

    /// Relative patients of a specialty by month, those of all seasons that name it together; `None` for even ones.
    pub(super) fn months(&self, specialty: &str) -> Option<[f64; 12]> {
        let mut months = None;
        for season in &self.seasons {
            if !season.specialties.iter().any(|key| key == specialty) {
                continue;
            }
            let together = months.get_or_insert([1.0; 12]);
            for (relative, month) in together.iter_mut().zip(season.months) {
                *relative *= month;
            }
        }
        months
    }

    /// Relative elective patients by day of the year, from January 1 on, in a year; empty for even ones.
    pub(super) fn elective_year(&self, year: i16, months: Option<[f64; 12]>) -> Vec<f64> {
        if self.elective_on_holidays == 1.0 {
            return months.map_or_else(Vec::new, |months| months.to_vec());
        }
        let easter = easter_sunday(i32::from(year));
        let mut days = Vec::with_capacity(365);
        for day in 0..365_usize {
            let month = months.map_or(1.0, |months| months[day * 12 / 365]);
            // 24 December is day 357 of a year of 365 days, from 0 on.
            let is_holiday = day == 0 || day >= 357 || (easter - 2..=easter + 1).contains(&day);
            days.push(if is_holiday { month * self.elective_on_holidays } else { month });
        }
        days
    }

    /// Adds what is wrong with the entries of its lists; all other values are checked as settings of one number or list.
    pub(super) fn check(&self, problems: &mut Problems) {
        let mut rates: Vec<(String, &[f64])> = Vec::new();
        for season in &self.seasons {
            rates.push((format!("seasons.{}", season.specialties.join(", ")), &season.months));
        }
        for (field, rates) in rates {
            let is_rate = |rate: &f64| rate.is_finite() && *rate >= 0.0;
            if !rates.iter().all(is_rate) {
                let expected = "rates of 0 or more, one of them above 0";
                problems.push(fault(&field, format!("{rates:?}"), expected));
            } else if rates.iter().sum::<f64>() <= 0.0 {
                let value = format!("{} rates that sum to zero", rates.len());
                problems.push(fault(&field, value, "one rate above 0"));
            }
        }
        for days in &self.theatre_days {
            if days.hours.open_hours() == 0 {
                let field = format!("theatre_days.{}", days.specialties.join(", "));
                problems.push(fault(&field, days.hours.to_string(), "some hours"));
            }
        }
    }

    /// What lists of settings say of the seasons.
    pub(super) fn seasons_in_words(&self) -> String {
        let mut told = Vec::with_capacity(self.seasons.len());
        for season in &self.seasons {
            told.push(season.specialties.join(&words::of(" and ")));
        }
        if told.is_empty() { said!("none") } else { told.join(", ") }
    }

    /// What lists of settings say of the theatre days.
    pub(super) fn theatre_in_words(&self) -> String {
        let mut told = Vec::with_capacity(self.theatre_days.len());
        for days in &self.theatre_days {
            told.push(format!(
                "{} {}",
                days.specialties.join(&words::of(" and ")),
                days.hours.in_print()
            ));
        }
        if told.is_empty() { said!("as all elective admissions") } else { told.join(", ") }
    }
}

/// The day of the year of Easter Sunday, from 0 on: the Gregorian calendar's rule as "Anonymous" gave it to Nature (1876),
/// after Meeus, Astronomical Algorithms (1991), chapter 8.
fn easter_sunday(year: i32) -> usize {
    let golden = year.rem_euclid(19);
    let (century, within) = (year.div_euclid(100), year.rem_euclid(100));
    let (leaps, rest) = (century.div_euclid(4), century.rem_euclid(4));
    let correction = (century + 8).div_euclid(25);
    let moon = (century - correction + 1).div_euclid(3);
    let epact = (19 * golden + century - leaps - moon + 15).rem_euclid(30);
    let (fourth, last) = (within.div_euclid(4), within.rem_euclid(4));
    let sunday = (32 + 2 * rest + 2 * fourth - epact - last).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * sunday).div_euclid(451);
    // Days behind 22 March, the earliest Easter; 22 March is day 80 of a year of 365 days.
    let behind = epact + sunday - 7 * late;
    80 + behind.max(0) as usize
}

fn fault(field: &str, message: String, expected: &str) -> Problem {
    Problem {
        kind: ProblemKind::Range,
        file: None,
        line: None,
        column: None,
        entity: "settings".into(),
        field: format!("rhythm.{field}"),
        message,
        expected: expected.into(),
        closest: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_is_when_the_calendar_says() {
        // 5 April 2026, 28 March 2027, 16 April 2028 (a year of 366 days, taken as one of 365), 20 April 2025.
        for (year, day) in [(2025, 109), (2026, 94), (2027, 86), (2028, 105)] {
            assert_eq!(easter_sunday(year), day, "{year}");
        }
    }

    #[test]
    fn holidays_and_months_are_days_of_a_year() {
        let rhythm = Rhythm { elective_on_holidays: 0.0, ..Rhythm::even() };
        let days = rhythm.elective_year(2026, None);
        let closed: Vec<usize> = (0..365).filter(|day| days[*day] == 0.0).collect();
        // New Year's Day, Good Friday 3 to Easter Monday 6 April, and from Christmas Eve on.
        let mut expected = vec![0, 92, 93, 94, 95];
        expected.extend(357..365);
        assert_eq!(closed, expected);
        let season = Season::winter(["s"], 0.2);
        assert!((season.months[0] - 1.2).abs() < 1e-12 && (season.months[6] - 0.8).abs() < 1e-12);
        let year = Rhythm { seasons: vec![season.clone(), season], ..Rhythm::even() };
        assert!((year.months("s").unwrap()[0] - 1.44).abs() < 1e-12);
        assert_eq!(year.months("t"), None);
    }
}
