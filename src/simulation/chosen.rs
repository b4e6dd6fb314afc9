//! Which value each setting has in a run, and who chose it: nobody, a file, or a flag.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::setting::{SETTINGS, Setting, SettingRange};
use super::{Census, OutlierRule, Season, Settings, SimulationError, Stays, TheatreDays};
use crate::calendar::Hours;
use crate::disk::clean;
use crate::files::access::read_text;
use crate::files::network::read_format;
use crate::files::record::{Reader, Record};
use crate::model::Network;
use crate::model::location::{Entity, Fault};
use crate::problem::{Problem, ProblemKind, Problems, closest};
use crate::routing::{Choice, ChoiceModel};
use crate::words;

/// Who chose the value of a setting.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SettingOrigin {
    /// Nobody: it is the default.
    #[default]
    Default,
    /// A file, by its name.
    File(String),
    /// A flag, as it is typed, such as `--staffed`.
    Flag(String),
    /// A program that uses the library.
    Program,
}

impl SettingOrigin {
    /// The name of the file or flag; `default` where nobody chose.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Default => "default",
            Self::Program => "program",
            Self::File(name) | Self::Flag(name) => name,
        }
    }
}

/// The settings that a file says: a `simulation.ron` in the folder of a network.
///
/// Each field is a setting of [`SETTINGS`] by its key, as a value or as a record with `value`, `source`, and with `low`
/// and `high`, between which a sensitivity study varies it:
///
/// ```
/// use verbund::files::Folder;
/// use verbund::simulation::{ChosenSettings, SettingsFile};
///
/// let network = Folder::small().read()?.network;
/// let text = r#"Simulation(
///     format: 1,
///     stay_cv: 0.9,
///     staffed_share: (value: 0.92, source: "own count of 2025", low: 0.88, high: 0.96),
///     elective_hours: "Mon-Thu 7-15; Fri 7-12",
///     without_icu: ["psychiatry"],
/// )"#;
/// let mut chosen = ChosenSettings::default();
/// chosen.put(SettingsFile::read(text, "simulation.ron", &network)?);
/// assert_eq!(chosen.settings().stay_cv, 0.9);
///
/// let wrong = text.replace("stay_cv", "stay_vc").replace("0.92", "92");
/// let problems = SettingsFile::read(&wrong, "simulation.ron", &network).unwrap_err();
/// assert_eq!(problems.list()[0].closest.as_deref(), Some("stay_cv"));
/// assert_eq!(problems.list()[1].line, Some(4));
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SettingsFile {
    name: String,
    values: BTreeMap<&'static str, Written>,
}

/// What a file says of a setting.
#[derive(Debug, Clone, PartialEq)]
struct Written {
    value: Value,
    source: Option<String>,
    /// Between which it may as well be.
    span: Option<[f64; 2]>,
}

impl SettingsFile {
    /// The name of the file in the folder of a network.
    pub const NAME: &'static str = "simulation.ron";

    /// Reads the file at a path for a network.
    ///
    /// # Errors
    ///
    /// Every fault of it, with line and value; that it cannot be read, or is no UTF-8.
    pub fn open(path: &Path, network: &Network) -> Result<Self, Problems> {
        let name = path.display().to_string();
        let text = read_text(path)?;
        Self::read(&text, &name, network)
    }

    /// Reads a text for a network, whose specialties its keys are held against; `name` is what problems call the file.
    ///
    /// # Errors
    ///
    /// Every fault of it, with line and value.
    pub fn read(text: &str, name: &str, network: &Network) -> Result<Self, Problems> {
        let text = clean(text);
        let mut reader = Reader::new(name, &text);
        let mut file = Self { name: name.to_owned(), values: BTreeMap::new() };
        if let Some(mut root) = reader.root("Simulation", Entity::Simulation)
            && (!root.has("format") || read_format(&mut root, &mut reader).is_some())
        {
            let reading = Reading { network, values: &mut file.values };
            reading.fields(&mut reader, root, "");
        }
        if reader.problems.is_empty() { Ok(file) } else { Err(reader.problems.sorted()) }
    }

    /// The name of the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many settings it says.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it says none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// Settings being read.
struct Reading<'r> {
    network: &'r Network,
    values: &'r mut BTreeMap<&'static str, Written>,
}

impl Reading<'_> {
    /// Reads the settings whose keys begin so.
    fn fields<'s>(mut self, reader: &mut Reader<'s>, mut record: Record<'s>, within: &str) {
        let mut groups = BTreeSet::new();
        for setting in SETTINGS {
            let Some(name) = setting.key.strip_prefix(within) else { continue };
            match name.split_once('.') {
                Some((group, _)) => {
                    groups.insert(group);
                }
                None => self.field(reader, &mut record, setting, name),
            }
        }
        for group in groups {
            let Some(inner) = record.inner(reader, group) else { continue };
            let within = format!("{within}{group}.");
            let reading = Reading { network: self.network, values: &mut *self.values };
            reading.fields(reader, inner, &within);
        }
        // Those of `format` are read before.
        record.finish(reader);
    }

    /// Reads one setting: its value, or a record of it.
    fn field<'s>(
        &mut self,
        reader: &mut Reader<'s>,
        record: &mut Record<'s>,
        setting: &'static Setting,
        name: &str,
    ) {
        let raw = record.raw_value(name).unwrap_or_default();
        if !raw.starts_with('(') {
            if let Some(value) = self.value(reader, record, setting, name) {
                let written = Written { value, source: None, span: None };
                self.values.insert(setting.key, written);
            }
            return;
        }

        let Some(mut inner) = record.inner(reader, name) else { return };
        if !inner.has("value") {
            inner.missing(reader, "value", &setting.range.to_string());
        }
        let value = self.value(reader, &mut inner, setting, "value");
        let source = inner.text(reader, "source");
        let span = setting
            .limits()
            .and_then(|limits| read_span(reader, &mut inner, limits, value.as_ref()));
        inner.finish(reader);
        if let Some(value) = value {
            self.values.insert(setting.key, Written { value, source, span });
        }
    }

    /// The value of a field as JSON writes it; faults are told.
    fn value<'s>(
        &self,
        reader: &mut Reader<'s>,
        record: &mut Record<'s>,
        setting: &Setting,
        name: &str,
    ) -> Option<Value> {
        if !record.has(name) {
            // Asked for all the same: the fields that are asked for are those that there are.
            record.raw_value(name);
            return None;
        }
        let told = reader.problems.count();
        let value = match setting.range {
            SettingRange::Numbers(least, most) => {
                record.number(reader, name, (least, most)).map(Value::from)?
            }
            SettingRange::Whole(..) => Value::from(record.count(reader, name)?),
            SettingRange::YesNo => Value::from(record.flag(reader, name)?),
            SettingRange::Words(words) => {
                let mut choices = Vec::with_capacity(words.len());
                for word in words {
                    choices.push((*word, *word));
                }
                Value::from(record.choice(reader, name, &choices)?)
            }
            SettingRange::Rates(count) => {
                let rates: Vec<f64> = record.values(reader, name, "a number");
                if reader.problems.count() == told && rates.len() != count {
                    let fault = Fault::new(ProblemKind::Range, format!("{} rates", rates.len()));
                    record.report(reader, name, fault.expected(setting.range.to_string()));
                }
                Value::from(rates)
            }
            SettingRange::Choice => choice(reader, record, name)?,
            SettingRange::Hours { .. } => {
                let hours: Hours = record.parsed(reader, name)?;
                Value::from(hours.to_string())
            }
            SettingRange::Specialty => {
                let key = record.text(reader, name)?;
                self.check_specialties(reader, record, name, std::slice::from_ref(&key));
                Value::from(key)
            }
            SettingRange::Specialties => {
                let keys = record.texts(reader, name);
                self.check_specialties(reader, record, name, &keys);
                Value::from(keys)
            }
            SettingRange::Groups => {
                let groups: Vec<Vec<String>> = record.values(reader, name, "keys of specialties");
                for group in &groups {
                    self.check_specialties(reader, record, name, group);
                }
                Value::from(groups)
            }
            SettingRange::Rules => {
                let rules: Vec<OutlierRule> =
                    record.values(reader, name, &setting.range.to_string());
                for rule in &rules {
                    self.check_specialties(reader, record, name, &rule.to);
                    self.check_specialties(reader, record, name, std::slice::from_ref(&rule.of));
                }
                serde_json::to_value(rules).ok()?
            }
            SettingRange::Seasons => {
                let seasons: Vec<Season> = record.values(reader, name, &setting.range.to_string());
                for season in &seasons {
                    self.check_specialties(reader, record, name, &season.specialties);
                }
                serde_json::to_value(seasons).ok()?
            }
            SettingRange::TheatreDays => {
                let theatre: Vec<TheatreDays> =
                    record.values(reader, name, &setting.range.to_string());
                for days in &theatre {
                    self.check_specialties(reader, record, name, &days.specialties);
                }
                serde_json::to_value(theatre).ok()?
            }
        };
        if reader.problems.count() > told {
            return None;
        }
        // Read once more as settings are: so that no file says what settings cannot hold.
        if setting.with(&Settings::default(), value.clone()).is_none() {
            let fault = Fault::new(ProblemKind::Range, format!("{value} is out of range"));
            record.report(reader, name, fault.expected(setting.range.to_string()));
            return None;
        }
        Some(value)
    }

    fn check_specialties(
        &self,
        reader: &mut Reader<'_>,
        record: &Record<'_>,
        name: &str,
        keys: &[String],
    ) {
        // Held against the catalog here: later nobody knows the line any more.
        let mut known: Vec<&str> = Vec::new();
        for specialty in &self.network.catalog().specialties {
            known.push(&specialty.key);
        }
        for key in keys {
            if !known.contains(&key.as_str()) {
                let message = format!("unknown specialty \"{key}\"");
                let fault = Fault::new(ProblemKind::Unknown, message);
                let closest = closest(key, known.iter().copied());
                let fault =
                    Fault { closest, ..fault.expected("the key of a specialty that exists") };
                reader.problem(&record.label, &record.path_of(name), record.raw(name), fault);
            }
        }
    }
}

/// A choice of hospital: a word, or the words of [`Choice`] with its parameters.
fn choice<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>, name: &str) -> Option<Value> {
    let raw = record.raw_value(name)?;
    if raw.contains('(') {
        let expected = "such as huff((beds_exponent: 1, decay: exponential(per_minute: 0.04)))";
        let path = record.path_of(name);
        let choice: Choice = reader.value(raw, &record.label, &path, expected)?;
        return serde_json::to_value(choice).ok();
    }
    let words = [
        ("nearest", ChoiceModel::Nearest),
        ("huff", ChoiceModel::Huff),
        ("capacity", ChoiceModel::Capacity),
    ];
    let model = record.choice(reader, name, &words)?;
    serde_json::to_value(model.usual()).ok()
}

/// Between which a setting may be; the value is within.
fn read_span<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
    [least, most]: [f64; 2],
    value: Option<&Value>,
) -> Option<[f64; 2]> {
    let low = record.number(reader, "low", (least, most));
    let high = record.number(reader, "high", (least, most));
    let (low, high) = match (low, high) {
        (Some(low), Some(high)) => (low, high),
        (None, None) => return None,
        _ => {
            let fault = Fault::new(ProblemKind::Missing, "one end of a span, without the other");
            record.report(reader, "low", fault.expected("low and high"));
            return None;
        }
    };
    // A value with a fault of its own is told already.
    let value = value.and_then(Value::as_f64)?;
    if low <= value && value <= high && low < high {
        return Some([low, high]);
    }
    let message = format!("{low} to {high} is no span around {value}");
    let fault = Fault::new(ProblemKind::Conflict, message);
    record.report(reader, "low", fault.expected("low <= value <= high, and low below high"));
    None
}

/// The settings of a run with who chose each: a flag before a file, a file before the default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChosenSettings {
    settings: Settings,
    /// Of those that somebody chose.
    chosen: BTreeMap<&'static str, Chosen>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Chosen {
    origin: SettingOrigin,
    source: Option<String>,
    span: Option<[f64; 2]>,
}

impl From<Settings> for ChosenSettings {
    /// Whatever differs from the default was chosen by the program.
    fn from(settings: Settings) -> Self {
        let usual = Settings::default();
        let mut chosen = BTreeMap::new();
        for setting in SETTINGS {
            // A value that is the default may have been chosen as well; nobody can tell.
            if setting.value(&settings) != setting.value(&usual) {
                let origin = SettingOrigin::Program;
                chosen.insert(setting.key, Chosen { origin, ..Chosen::default() });
            }
        }
        Self { settings, chosen }
    }
}

impl ChosenSettings {
    /// The settings themselves.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Takes over what a file says, before what another file said; flags come after files.
    pub fn put(&mut self, file: SettingsFile) {
        let origin = SettingOrigin::File(file.name);
        for (key, Written { value, source, span }) in file.values {
            // The whole of it is chosen anew: a source of another file is none of this value.
            let changed =
                Setting::find(key).and_then(|setting| setting.with(&self.settings, value));
            if let Some(settings) = changed {
                self.settings = settings;
                let chosen = Chosen { origin: origin.clone(), source, span };
                self.chosen.insert(key, chosen);
            }
        }
    }

    /// Takes over a value that a flag gives.
    ///
    /// # Errors
    ///
    /// When there is no setting of this key, or the value is out of its range.
    pub fn set(
        &mut self,
        flag: &str,
        key: &str,
        value: impl Into<Value>,
    ) -> Result<(), SimulationError> {
        let value = value.into();
        let setting = Setting::find(key);
        let settings = setting.and_then(|setting| setting.with(&self.settings, value.clone()));
        let (Some(setting), Some(settings)) = (setting, settings) else {
            let mut problems = Problems::default();
            problems.push(refused(flag, key, &value));
            return Err(SimulationError::Problems(problems));
        };
        self.settings = settings;
        let origin = SettingOrigin::Flag(flag.to_owned());
        // What a file said of its span was said of another value.
        self.chosen.insert(setting.key, Chosen { origin, ..Chosen::default() });
        Ok(())
    }

    /// Takes over a value that a flag gives as `key=value`, with the value as in a file; texts may stand without
    /// quotation marks, and lists without brackets.
    ///
    /// # Errors
    ///
    /// When it has no `=`, there is no setting of this key, or its value is none.
    pub fn set_text(&mut self, flag: &str, text: &str, network: &Network) -> Result<(), Problems> {
        let Some((key, value)) = text.split_once('=') else {
            let mut problems = Problems::default();
            let expected = "KEY=VALUE, such as stay_cv=0.8".to_owned();
            let problem = Problem { expected, ..refused(flag, text, &Value::Null) };
            problems.push(Problem { message: "no = in it".to_owned(), ..problem });
            return Err(problems);
        };
        let (key, value) = (key.trim(), value.trim());
        let setting = Setting::find(key);
        let written = match setting.map(|setting| setting.range) {
            Some(SettingRange::Hours { .. } | SettingRange::Specialty) => quoted(value),
            Some(SettingRange::Specialties) => {
                let keys: Vec<String> = value.split(',').map(quoted).collect();
                format!("[{}]", if value.is_empty() { String::new() } else { keys.join(",") })
            }
            Some(SettingRange::Rates(_)) => format!("[{}]", value.trim_matches(['[', ']'])),
            _ => value.to_owned(),
        };
        // Fields within others stand in records of theirs.
        let (open, close) = (key.replace('.', ": ("), ")".repeat(1 + key.matches('.').count()));
        let file = SettingsFile::read(&format!("({open}: {written}{close}"), flag, network);
        let file = file.map_err(|problems| of_flag(&problems, key))?;
        // `None`, or a comma with more behind it.
        if file.len() != 1 {
            let mut problems = Problems::default();
            problems.push(refused(flag, key, &Value::from(value)));
            return Err(problems);
        }
        let from = SettingOrigin::Flag(flag.to_owned());
        self.put(file);
        if let Some(setting) = setting {
            self.chosen.insert(setting.key, Chosen { origin: from, ..Chosen::default() });
        }
        Ok(())
    }

    /// Starts with a census: from that day on, without days before it, and over the two weeks in which it counts, unless
    /// somebody chose other days.
    pub fn start_from(&mut self, census: Census) {
        let settings = std::mem::take(&mut self.settings);
        self.settings = settings.census(Some(census)).warm_up_days(0);
        let origin = SettingOrigin::Flag("--census".to_owned());
        let chosen = Chosen { origin, ..Chosen::default() };
        self.chosen.insert("warm_up_days", chosen.clone());
        if !self.chosen.contains_key("days") {
            self.settings.days = Self::CENSUS_DAYS;
            self.chosen.insert("days", chosen);
        }
    }

    /// Takes over stays that somebody knows.
    pub fn put_stays(&mut self, stays: Stays) {
        let settings = std::mem::take(&mut self.settings);
        self.settings = settings.stays(Some(stays));
    }

    /// Days that a run from a census counts, unless somebody chooses others: what lies in beds today is gone by then but
    /// for a few.
    pub const CENSUS_DAYS: u32 = 14;

    /// Who chose the value of a setting.
    pub fn origin(&self, setting: &Setting) -> &SettingOrigin {
        const DEFAULT: &SettingOrigin = &SettingOrigin::Default;
        self.chosen.get(setting.key).map_or(DEFAULT, |chosen| &chosen.origin)
    }

    /// Where the value of a setting comes from: what the file says, "not said" where it was chosen without a word, else
    /// the source of the default.
    pub fn source(&self, setting: &Setting) -> &str {
        match self.chosen.get(setting.key) {
            // Nobody asks where a choice of the run was published.
            Some(chosen) if setting.is_assumed => chosen.source.as_deref().unwrap_or("not said"),
            _ => setting.source,
        }
    }

    /// Between which a setting may be, where a file says so.
    pub fn span(&self, setting: &Setting) -> Option<[f64; 2]> {
        self.chosen.get(setting.key)?.span
    }

    /// How many settings are from where: `2 from simulation.ron, 1 from --staffed`; `None` where all are defaults.
    pub fn in_words(&self) -> Option<String> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (key, chosen) in &self.chosen {
            // Every run says its days at its head; a flag for them is nothing that is assumed.
            let is_of_run = ["days", "warm_up_days"].contains(key);
            if !(is_of_run && matches!(chosen.origin, SettingOrigin::Flag(_))) {
                *counts.entry(chosen.origin.as_str()).or_default() += 1;
            }
        }
        let mut parts = Vec::with_capacity(counts.len());
        for (origin, count) in counts {
            parts.push(said!("{count} from {origin}", count, origin = words::of(origin)));
        }
        if parts.is_empty() { None } else { Some(parts.join(", ")) }
    }
}

/// A text in quotation marks, if it has none.
fn quoted(text: &str) -> String {
    let text = text.trim();
    if text.starts_with('"') { text.to_owned() } else { format!("{text:?}") }
}

/// The faults of a value that a flag gives: without lines, which a flag has none of.
fn of_flag(problems: &Problems, key: &str) -> Problems {
    let mut told = Problems::default();
    for problem in problems.list() {
        let mut problem = problem.clone();
        (problem.line, problem.column) = (None, None);
        if problem.kind == ProblemKind::UnknownField {
            problem.message = words::kept(|| said!("there is no setting \"{key}\"", key));
            // All of them would fill the screen.
            "a setting of `verbund simulate --by assumed`".clone_into(&mut problem.expected);
        }
        told.push(problem);
    }
    told
}

/// A value of a flag that is not possible.
fn refused(flag: &str, key: &str, value: &Value) -> Problem {
    let keys = SETTINGS.iter().map(|setting| setting.key);
    let setting = Setting::find(key);
    Problem {
        kind: if setting.is_some() { ProblemKind::Range } else { ProblemKind::UnknownField },
        file: Some(flag.to_owned()),
        line: None,
        column: None,
        entity: String::new(),
        field: key.to_owned(),
        message: match setting {
            Some(_) => format!("{value} is out of range"),
            None => "there is no such setting".to_owned(),
        },
        expected: setting.map_or_else(String::new, |setting| setting.range.to_string()),
        closest: if setting.is_some() { None } else { closest(key, keys) },
    }
}
