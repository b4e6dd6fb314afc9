//! The list of all settings: what a file, a flag, a report and a sensitivity study know of each.

use std::fmt;

use serde_json::Value;

use super::{NextHospital, Settings, StepDown};
use crate::calendar::Hours;
use crate::problem::{Problem, ProblemKind, Problems};
use crate::routing::Choice;
use crate::units::in_words;
use crate::words::{self, Language, fixed, grouped, language, with_mark};

/// A setting of a simulation: its key, unit, range and source.
///
/// [`SETTINGS`] lists all of them. One that is added to [`Settings`] is one entry there: files, flags, reports and
/// sensitivity studies then know it.
///
/// ```
/// use verbund::simulation::{SETTINGS, Settings};
///
/// let setting = SETTINGS.iter().find(|setting| setting.key == "stay_cv").ok_or("no such setting")?;
/// assert_eq!(setting.range.to_string(), "0 to 100");
/// assert_eq!(setting.value(&Settings::default()), 1.0);
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Setting {
    /// Its key in files and flags: the field of [`Settings`], with dots between the fields of those within.
    pub key: &'static str,
    /// What it is, in words.
    pub what: &'static str,
    /// The unit of its value; empty for words and lists, and where `what` says it.
    pub unit: &'static str,
    /// What is possible.
    pub range: SettingRange,
    /// Where the default comes from: "assumed" where nobody published it.
    pub source: &'static str,
    /// Whether it is assumed, and not a choice of the run, such as its days.
    pub is_assumed: bool,
    /// Its value in a sentence, where that is more than the value and its unit.
    told: Option<fn(&Settings) -> String>,
}

/// What a setting may be.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum SettingRange {
    /// A number, both limits inclusive.
    Numbers(f64, f64),
    /// A whole number, both limits inclusive.
    Whole(u32, u32),
    /// `true` or `false`.
    YesNo,
    /// One of these words.
    Words(&'static [&'static str]),
    /// So many rates, each 0 or more, not all of them 0.
    Rates(usize),
    /// How patients choose a hospital.
    Choice,
    /// Hours of the week, such as `Mon-Fri 7-15`.
    Hours {
        /// Whether there must be at least one.
        is_needed: bool,
    },
    /// The key of a specialty.
    Specialty,
    /// Keys of specialties.
    Specialties,
    /// Lists of keys of specialties, none in two lists.
    Groups,
    /// Which wards take the patients of one, each as [`OutlierRule`](super::OutlierRule).
    Rules,
    /// Months of some specialties, each as [`Season`](super::Season).
    Seasons,
    /// Hours in which elective patients of some specialties come, each as [`TheatreDays`](super::TheatreDays).
    TheatreDays,
}

impl fmt::Display for SettingRange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Numbers(least, most) => write!(out, "{least} to {most}"),
            Self::Whole(least, most) => {
                let (least, most) = (grouped(u64::from(*least)), grouped(u64::from(*most)));
                write!(out, "{least} to {most}")
            }
            Self::YesNo => out.write_str("true or false"),
            Self::Words(words) => write!(out, "one of {}", words.join(", ")),
            Self::Rates(count) => write!(out, "{count} rates of 0 or more, one of them above 0"),
            Self::Choice => {
                out.write_str("nearest, huff, capacity, or one of these with parameters")
            }
            Self::Hours { is_needed: true } => out.write_str("at least one hour of the week"),
            Self::Hours { is_needed: false } => out.write_str("hours of the week"),
            Self::Specialty => out.write_str("key of a specialty"),
            Self::Specialties => out.write_str("keys of specialties"),
            Self::Groups => out.write_str("lists of keys of specialties"),
            Self::Rules => {
                out.write_str("rules such as (of: \"urology\", to: [\"general_surgery\"])")
            }
            Self::Seasons => out.write_str(
                "seasons such as (specialties: [\"pneumology\"], months: (1.2, 1.2, 1.1, 1, 0.9, 0.8, 0.8, 0.8, 0.9, 1, 1.1, 1.2))",
            ),
            Self::TheatreDays => out.write_str(
                "theatre days such as (specialties: [\"urology\"], hours: \"Tue,Thu 7-15\")",
            ),
        }
    }
}

impl SettingRange {
    /// Whether a value is one of it; keys of specialties are held against a network by whoever has one.
    fn has(self, value: &Value) -> bool {
        // What is no number is written as null, which is out of every range.
        let number = value.as_f64();
        match self {
            Self::Numbers(least, most) => {
                number.is_some_and(|number| (least..=most).contains(&number))
            }
            Self::Whole(least, most) => {
                number.is_some_and(|number| (f64::from(least)..=f64::from(most)).contains(&number))
            }
            Self::Rates(_) => {
                let Some(rates) = value.as_array() else { return false };
                let mut sum = 0.0;
                for rate in rates {
                    match rate.as_f64() {
                        Some(rate) if rate >= 0.0 => sum += rate,
                        _ => return false,
                    }
                }
                sum > 0.0
            }
            Self::Choice => {
                let choice = serde_json::from_value::<Choice>(value.clone());
                choice.is_ok_and(|choice| choice.check().is_ok())
            }
            Self::Hours { is_needed } => {
                let hours = serde_json::from_value::<Hours>(value.clone());
                hours.is_ok_and(|hours| !is_needed || hours.open_hours() > 0)
            }
            // Their types hold them, and `Outliers` and `Rhythm` say what is wrong with what stands in lists.
            Self::YesNo
            | Self::Words(_)
            | Self::Specialty
            | Self::Specialties
            | Self::Groups
            | Self::Rules
            | Self::Seasons
            | Self::TheatreDays => true,
        }
    }
}

impl Setting {
    /// A setting that nobody published a value of.
    const fn new(key: &'static str, what: &'static str, range: SettingRange) -> Self {
        Self { key, what, unit: "", range, source: "assumed", is_assumed: true, told: None }
    }

    /// A number in a unit.
    const fn number(
        key: &'static str,
        what: &'static str,
        unit: &'static str,
        range: [f64; 2],
    ) -> Self {
        let [least, most] = range;
        Self { unit, ..Self::new(key, what, SettingRange::Numbers(least, most)) }
    }

    /// A share, told in per cent.
    const fn share(key: &'static str, what: &'static str, range: [f64; 2]) -> Self {
        Self::number(key, what, "share", range)
    }

    const fn source(self, source: &'static str) -> Self {
        Self { source, ..self }
    }

    const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    const fn told(self, told: fn(&Settings) -> String) -> Self {
        Self { told: Some(told), ..self }
    }

    /// A choice of whoever runs it, of which nothing is assumed.
    const fn of_run(self) -> Self {
        Self { is_assumed: false, source: "a choice of the run", ..self }
    }

    /// The setting of this key.
    pub fn find(key: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.key == key)
    }

    /// Its value in these settings, as JSON writes it.
    pub fn value(&self, settings: &Settings) -> Value {
        // By the written form, so that no setting needs two functions of its own.
        let written = serde_json::to_value(settings).unwrap_or_default();
        let mut value = &written;
        for part in self.key.split('.') {
            value = &value[part];
        }
        value.clone()
    }

    /// Its value, where it is a number.
    pub fn number_of(&self, settings: &Settings) -> Option<f64> {
        self.value(settings).as_f64()
    }

    /// The least and the greatest number that it can be; `None` where it is no number.
    pub fn limits(&self) -> Option<[f64; 2]> {
        match self.range {
            SettingRange::Numbers(least, most) => Some([least, most]),
            SettingRange::Whole(least, most) => Some([f64::from(least), f64::from(most)]),
            _ => None,
        }
    }

    /// The settings with another value of it, as JSON writes it; `None` where the value is of another type or out of
    /// its range.
    #[must_use]
    pub fn with(&self, settings: &Settings, value: Value) -> Option<Settings> {
        if !self.range.has(&value) {
            return None;
        }
        let mut written = serde_json::to_value(settings).ok()?;
        let mut field = &mut written;
        for part in self.key.split('.') {
            field = field.get_mut(part)?;
        }
        *field = value;
        serde_json::from_value(written).ok()
    }

    /// The settings with another number in it, the nearest that is possible.
    #[must_use]
    pub fn with_number(&self, settings: &Settings, number: f64) -> Option<Settings> {
        let [least, most] = self.limits()?;
        // Whoever moves a setting does not look where its range ends.
        let number = number.clamp(least, most);
        let value = match self.range {
            SettingRange::Whole(..) => Value::from(number.round() as u64),
            _ => Value::from(number),
        };
        self.with(settings, value)
    }

    /// What it is and its value with the unit, in words of the language in force.
    pub fn in_words(&self, settings: &Settings) -> String {
        format!("{}: {}", words::of(self.what), self.value_in_words(settings))
    }

    /// Its value with the unit, in words of the language in force.
    pub fn value_in_words(&self, settings: &Settings) -> String {
        if let Some(told) = self.told {
            return told(settings);
        }
        let text = match (self.value(settings), self.unit) {
            (Value::Number(share), "share") => percent(share.as_f64().unwrap_or_default()),
            (Value::String(text), _) => self.text_in_words(text),
            (Value::Array(list), _) => in_a_row(&list),
            (Value::Bool(is_so), _) => words::of(if is_so { "true" } else { "false" }).into_owned(),
            (value, _) => with_mark(value.to_string().trim_end_matches(".0").to_owned()),
        };
        match self.unit {
            "" | "share" | "cv" | "factor" => text,
            unit => format!("{text} {}", words::of(unit)),
        }
    }
}

impl Setting {
    /// A value that files write as a text, in words: hours as people read them.
    fn text_in_words(&self, text: String) -> String {
        match (self.range, text.parse::<Hours>()) {
            (SettingRange::Hours { .. }, Ok(hours)) => hours.in_print(),
            _ => text,
        }
    }
}

fn percent(share: f64) -> String {
    format!("{} %", fixed(100.0 * share, 1))
}

/// The values of a list in words.
fn in_a_row(list: &[Value]) -> String {
    let mut parts = Vec::with_capacity(list.len());
    for value in list {
        parts.push(match value {
            Value::String(text) => text.clone(),
            value => with_mark(value.to_string()),
        });
    }
    // A comma alone would be taken for that of a number.
    let between = if language() == Language::German { "; " } else { ", " };
    if parts.is_empty() { words::of("none").into_owned() } else { parts.join(between) }
}

impl Settings {
    /// Each value with where its default comes from, one line each: "assumed" where nobody published it.
    pub fn assumed(&self) -> Vec<(String, String)> {
        let mut lines = Vec::with_capacity(SETTINGS.len());
        for setting in SETTINGS.iter().filter(|setting| setting.is_assumed) {
            lines.push((words::kept(|| setting.in_words(self)), setting.source.to_owned()));
        }
        lines
    }

    /// Every value that is out of its range; empty for a setting that can run.
    pub fn check(&self) -> Problems {
        let mut problems = Problems::default();
        for setting in SETTINGS {
            let value = setting.value(self);
            if !setting.range.has(&value) {
                problems.push(setting.fault(self, &value));
            }
        }
        self.outliers.check(&mut problems);
        self.rhythm.check(&mut problems);
        let warm_up = Setting::find("warm_up_days").filter(|_| self.census.is_some());
        if let Some(warm_up) = warm_up.filter(|_| self.warm_up_days > 0) {
            problems.push(Problem {
                kind: ProblemKind::Conflict,
                expected: "0 with a census, which is of the first day that counts".to_owned(),
                ..warm_up.fault(self, &Value::from(self.warm_up_days))
            });
        }
        problems
    }
}

impl Setting {
    /// A value out of its range.
    fn fault(&self, settings: &Settings, value: &Value) -> Problem {
        let message = match self.range {
            SettingRange::Choice => settings.choice.to_string(),
            // JSON has no word for infinity and for what is no number.
            _ if value.is_null() => "no number".to_owned(),
            _ => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        };
        let unit = if matches!(self.unit, "share" | "cv" | "factor") { "" } else { self.unit };
        Problem {
            kind: ProblemKind::Range,
            file: None,
            line: None,
            column: None,
            entity: "settings".into(),
            field: self.key.into(),
            message: message.trim_end_matches(".0").to_owned(),
            expected: format!("{} {unit}", self.range).trim_end().to_owned(),
            closest: None,
        }
    }
}

/// All settings, in the order of reports.
pub const SETTINGS: &[Setting] = &[
    Setting::new("days", "days that are counted", SettingRange::Whole(1, 36_500))
        .unit("days")
        .of_run(),
    Setting::new("warm_up_days", "days before them", SettingRange::Whole(0, 36_500))
        .unit("days")
        .of_run(),
    Setting::new("starts_full", "hospitals start with patients", SettingRange::YesNo).of_run(),
    Setting::number("rate_factor", "factor on all cases", "factor", [1e-6, 1000.0]).of_run(),
    Setting::number("stay_factor", "factor on all stays", "factor", [1e-6, 1000.0]).of_run(),
    Setting::new(
        "most_places",
        "places that are followed one by one",
        SettingRange::Whole(1, 1_000_000),
    )
    .unit("places")
    .of_run(),
    Setting::new("choice", "choice of hospital", SettingRange::Choice)
        .told(|settings| settings.choice.to_string()),
    // A model takes absences below 0.9 only, and a share of exactly 0.1 leaves one of 0.9.
    Setting::share("staffed_share", "staffed beds", [0.100_001, 1.0])
        .told(|settings| format!("{} %", in_words(100.0 * settings.staffed_share, 1))),
    Setting::number(
        "absence_cv",
        "variation of missing staff from week to week (cv)",
        "cv",
        [0.0, 10.0],
    ),
    Setting::number("stay_cv", "variation of stays (cv, lognormal)", "cv", [0.0, 100.0]),
    Setting::number("turnaround_hours", "bed turnaround", "hours", [0.0, 1000.0]),
    Setting::number(
        "waiting_list_days",
        "longest waiting list",
        "days of a ward's work",
        [0.0, 10_000.0],
    ),
    Setting::number(
        "elective_patience_days",
        "elective patients who wait give up",
        "days",
        [0.0, 10_000.0],
    )
    .told(|settings| {
        if settings.elective_patience_days > 0.0 {
            let days = in_words(settings.elective_patience_days, 0);
            said!("after {days} days", days)
        } else {
            said!("never")
        }
    }),
    Setting::share("rebooked_share", "of those who give up get another date", [0.0, 1.0]),
    Setting::number("rebooked_after_days", "until that date", "days", [0.0, 10_000.0])
        .source("NHS England: a new date within 28 days of a cancellation"),
    Setting::new("emergency_hours", "emergencies by hour of the day", SettingRange::Rates(24))
        .told(|settings| {
            if settings.emergency_hours == Settings::default().emergency_hours {
                said!("most around noon")
            } else {
                in_a_row(&settings.emergency_hours.map(Value::from))
            }
        }),
    Setting::new("emergency_months", "emergencies by month", SettingRange::Rates(12)).told(
        |settings| {
            if settings.emergency_months == [1.0; 12] {
                said!("the same all year")
            } else {
                in_a_row(&settings.emergency_months.map(Value::from))
            }
        },
    ),
    Setting::new("elective_hours", "elective admissions", SettingRange::Hours { is_needed: true }),
    Setting::new("unplanned", "specialties without elective patients", SettingRange::Specialties),
    Setting::number(
        "icu_days_per_1000",
        "days in intensive care per 1,000 people and year",
        "",
        [0.0, 100_000.0],
    )
    .source("26,000 beds (Destatis 2024), 68.7 % occupied (2022), 83.5 million people")
    .told(|settings| fixed(settings.icu_days_per_1000, 1)),
    Setting::number("icu_stay_days", "mean stay in intensive care", "days", [1e-3, 1000.0]),
    Setting::new("without_icu", "specialties without intensive care", SettingRange::Specialties),
    Setting::share(
        "small_icu_draw",
        "intensive care units of hospitals up to the basic stage draw",
        [0.01, 1.0],
    )
    .source("fitted to occupied beds by district (DIVI-Intensivregister 2021)")
    .told(|settings| {
        said!("{share} of what others draw", share = percent(settings.small_icu_draw))
    }),
    Setting::share("icu_bed_share", "beds of intensive care where unknown", [0.0, 1.0])
        .source("26,000 of 472,900 beds (Destatis 2024); 6 is the G-BA's least of stage 1")
        .told(|settings| {
            said!(
                "so that all units have {share} of all beds, at least 6",
                share = percent(settings.icu_bed_share)
            )
        }),
    Setting::share(
        "outliers.most_share",
        "most of a ward's beds for patients of full wards of its hospital",
        [0.0, 1.0],
    ),
    Setting::share("outliers.extra_stay", "longer stay of patients in another ward", [0.0, 10.0])
        .source("Song et al. 2020, one hospital in the USA"),
    Setting::new(
        "outliers.apart",
        "wards that neither take others' patients nor hand theirs on",
        SettingRange::Specialties,
    ),
    Setting::new("outliers.groups", "wards that help each other", SettingRange::Groups)
        .told(|settings| settings.outliers.groups_in_words()),
    Setting::new("outliers.rules", "rules of single wards", SettingRange::Rules)
        .told(|settings| settings.outliers.rules_in_words()),
    Setting::new(
        "step_down",
        "behind intensive care, in a full ward",
        SettingRange::Words(&["forced", "waits"]),
    )
    .told(|settings| match settings.step_down {
        StepDown::Forced => said!("an additional bed"),
        StepDown::Waits => said!("the place is kept"),
    }),
    Setting::new(
        "rhythm.discharge_hours",
        "discharges by hour of the day",
        SettingRange::Rates(24),
    )
    .told(|settings| {
        if settings.rhythm.discharge_hours == [1.0; 24] {
            said!("at any hour")
        } else {
            in_a_row(&settings.rhythm.discharge_hours.map(Value::from))
        }
    }),
    Setting::new("rhythm.discharge_days", "discharges by day of the week", SettingRange::Rates(7))
        .source("fitted to 40,563 discharges of four hospitals in the USA (Conti 2003)"),
    Setting::new("rhythm.emergency_days", "emergencies by day of the week", SettingRange::Rates(7)),
    Setting::new("rhythm.seasons", "seasons of specialties", SettingRange::Seasons)
        .told(|settings| settings.rhythm.seasons_in_words()),
    Setting::new("rhythm.theatre_days", "theatre days of specialties", SettingRange::TheatreDays)
        .told(|settings| settings.rhythm.theatre_in_words()),
    Setting::share(
        "rhythm.elective_on_holidays",
        "elective patients on a day of Christmas, New Year and Easter beside other days",
        [0.0, 1.0],
    ),
    Setting::share("rhythm.weekend_beds", "beds that stay open at weekends", [0.01, 1.0]),
    Setting::share("unknown_beds_occupancy", "beds of departments where unknown", [0.01, 1.0])
        .told(|settings| {
            said!("for an occupancy of {share}", share = percent(settings.unknown_beds_occupancy))
        }),
    Setting::new("alternatives", "hospitals asked when one is full", SettingRange::Whole(0, 1000))
        .unit("hospitals")
        .told(|settings| settings.alternatives.to_string()),
    Setting::new(
        "next_hospital",
        "of these comes first",
        SettingRange::Words(&["nearest", "least_full"]),
    )
    .told(|settings| match settings.next_hospital {
        NextHospital::Nearest => said!("the nearest"),
        NextHospital::LeastFull => said!("the least full"),
    }),
    Setting::share("transfer_share", "emergencies handed on over an agreement", [0.0, 1.0]).source(
        "discharges to another hospital in Hamburg 2010; taken for what sites with an agreement \
         hand on (assumed)",
    ),
    Setting::share("back_transfer_share", "of these brought back", [0.0, 1.0]),
    Setting::new(
        "telemedicine_ward",
        "treated with an expert's help from afar, without a department of their own",
        SettingRange::Specialty,
    )
    .told(|settings| said!("beds of {ward}", ward = settings.telemedicine_ward)),
    Setting::number("on_call_hours", "a shared on-call roster is busy", "hours", [1e-3, 1000.0])
        .told(|settings| {
            said!(
                "{hours} hours a case, {when}",
                hours = in_words(settings.on_call_hours, 0),
                when = settings.on_call.in_print()
            )
        }),
    Setting::new(
        "on_call",
        "hours of shared on-call rosters",
        SettingRange::Hours { is_needed: false },
    ),
    Setting::share("green_admitted", "green patients of an incident who stay", [0.0, 1.0]),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of the fields of an object, with dots between those within.
    fn fields(value: &Value, within: &str, keys: &mut Vec<String>) {
        let Value::Object(map) = value else { return };
        for (key, value) in map {
            let path = if within.is_empty() { key.clone() } else { format!("{within}.{key}") };
            let is_setting = Setting::find(&path).is_some();
            if value.is_object() && !is_setting {
                fields(value, &path, keys);
            } else {
                keys.push(path);
            }
        }
    }

    #[test]
    fn every_field_of_the_settings_is_in_the_list() {
        let settings = Settings::default();
        let mut keys = Vec::new();
        fields(&serde_json::to_value(&settings).unwrap(), "", &mut keys);
        let mut listed: Vec<&str> = SETTINGS.iter().map(|setting| setting.key).collect();
        keys.sort();
        listed.sort_unstable();
        assert_eq!(listed, keys);
    }

    #[test]
    fn limits_are_possible_and_what_is_beyond_is_told() {
        let settings = Settings::default();
        for setting in SETTINGS {
            let Some([least, most]) = setting.limits() else { continue };
            for end in [least, most] {
                let changed = setting.with_number(&settings, end).expect("a limit is possible");
                assert_eq!(setting.number_of(&changed), Some(end), "{}", setting.key);
                assert!(changed.check().is_empty(), "{}", setting.key);
            }
            assert!(setting.with(&settings, Value::from(most + 1.0)).is_none(), "{}", setting.key);
        }
        let wrong = settings.stay_cv(f64::NAN).days(0).check();
        let told: Vec<String> = wrong.list().iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "settings, field days: 0; expected 1 to 36,500 days",
                "settings, field stay_cv: no number; expected 0 to 100",
            ]
        );
    }
}
