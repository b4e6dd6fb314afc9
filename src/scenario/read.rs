//! Files of scenarios.

use super::change::{CHANGES, Change};
use super::check::Unread;
use super::{DatedChange, Scenario, change_label};
use crate::calendar::DateTime;
use crate::files::bytes::decode;
use crate::files::network::read_format;
use crate::files::places::read_places;
use crate::files::record::{Reader, Record, inside, split_tag};
use crate::model::location::{Entity, Fault};
use crate::model::{DemandRates, Places};
use crate::problem::{ProblemKind, Problems, closest};

/// What a file says: a scenario, and changes that could not be read.
pub(super) struct Read {
    pub(super) scenario: Scenario,
    /// The number of each change that was read in the file, from 0.
    pub(super) positions: Vec<usize>,
    pub(super) unread: Vec<Unread>,
}

/// Reads the file; `None` when nothing of it can be trusted (a syntax error, a future format).
pub(super) fn read_scenario(
    reader: &mut Reader<'_>,
    start: DateTime,
    tables: &mut Tables<'_>,
) -> Option<Read> {
    let mut root = reader.root("Scenario", Entity::Scenario)?;
    "scenario".clone_into(&mut root.label);
    read_format(&mut root, reader)?;
    let key = root.required_text(reader, "id").unwrap_or_default();
    root.label = scenario_label(&key);
    if !root.has("changes") {
        root.missing(reader, "changes", "a list of changes");
    }
    let mut scenario = Scenario {
        name: root.required_text(reader, "name").unwrap_or_default(),
        source: root.required_text(reader, "source").unwrap_or_default(),
        assumed: root.texts(reader, "assumed"),
        changes: Vec::new(),
        key,
    };
    let (mut positions, mut unread) = (Vec::new(), Vec::new());
    for (position, raw) in root.list(reader, "changes").into_iter().enumerate() {
        match read_change(reader, raw, (position, start), tables) {
            Ok(change) => {
                scenario.changes.push(change);
                positions.push(position);
            }
            Err(change) => unread.push(change),
        }
    }
    root.finish(reader);
    Some(Read { scenario, positions, unread })
}

/// What a scenario is called in messages.
pub(crate) fn scenario_label(key: &str) -> String {
    if key.is_empty() { "scenario".to_owned() } else { format!("scenario \"{key}\"") }
}

/// Reads one change, or says what it may be about; a moment that cannot be read counts as the start, so that the rest is checked.
fn read_change<'s>(
    reader: &mut Reader<'s>,
    raw: &'s str,
    (position, start): (usize, DateTime),
    tables: &mut Tables<'_>,
) -> Result<DatedChange, Unread> {
    let label = format!("change {}", position + 1);
    let Some(mut record) = reader.record(raw, Entity::Change(position), &label, "") else {
        return Err(Unread { name: None });
    };
    let raw_change = record.raw_value("change");
    if let Some(name) = raw_change.map(|raw| split_tag(raw).0).filter(|name| CHANGES.contains(name))
    {
        record.label = change_label(position, name);
    }
    for (name, expected) in [
        ("on", "a moment such as \"2026-02-01\" or \"2026-02-01 06:00\"".to_owned()),
        ("change", format!("one of {}", CHANGES.join(", "))),
    ] {
        if !record.has(name) {
            record.missing(reader, name, &expected);
        }
    }
    let change = raw_change.and_then(|raw| read_what(reader, &record, raw, tables));
    let on: Option<DateTime> = record.parsed(reader, "on");
    let until = record.parsed(reader, "until");
    let reason = record.required_text(reader, "reason").unwrap_or_default();
    let source = record.text(reader, "source");
    record.finish(reader);
    let Some(change) = change else {
        let (word, _) = split_tag(raw_change.unwrap_or_default());
        let meant = closest(word, CHANGES);
        let is_meant = |name: &&str| *name == word || meant.as_deref() == Some(*name);
        return Err(Unread { name: CHANGES.into_iter().find(is_meant) });
    };
    Ok(DatedChange { on: on.unwrap_or(start), until, reason, source, change })
}

/// Reads what changes; `None` where faults, which are noted, leave nothing to build.
fn read_what<'s>(
    reader: &mut Reader<'s>,
    record: &Record<'s>,
    raw: &'s str,
    tables: &mut Tables<'_>,
) -> Option<Change> {
    let (word, terms) = split_tag(raw);
    let Some(name) = CHANGES.into_iter().find(|name| *name == word) else {
        let closest = closest(word, CHANGES);
        let expected = match &closest {
            Some(_) => "the name of a change".to_owned(),
            None => format!("one of {}", CHANGES.join(", ")),
        };
        let fault = Fault::new(ProblemKind::Unknown, format!("unknown change \"{word}\""));
        let fault = Fault { closest, ..fault.expected(expected) };
        record.report(reader, "change", fault);
        return None;
    };
    let Some(terms) = terms else {
        let fault = Fault::new(ProblemKind::Missing, format!("{word} without its terms"))
            .expected(format!("{word}(...)"));
        record.report(reader, "change", fault);
        return None;
    };
    let (entity, label) = (record.entity, record.label.as_str());
    Change::read(Terms { name, entity, label, raw, terms, reader, tables })
}

/// What a file says of one change, still to be read.
pub(super) struct Terms<'r, 's, 't> {
    name: &'static str,
    entity: Entity,
    label: &'r str,
    /// The whole change, and what stands behind its name.
    raw: &'s str,
    terms: &'s str,
    reader: &'r mut Reader<'s>,
    tables: &'r mut Tables<'t>,
}

impl<'r, 's, 't> Terms<'r, 's, 't> {
    /// The name of the change.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Reads terms that are one key: `CloseHospital("south")`.
    pub(super) fn key(self, what: &str) -> Option<String> {
        let expected =
            format!("{}(\"key of a {what}\"), with the key alone in quotation marks", self.name);
        let key = inside(self.terms).unwrap_or(self.terms);
        self.reader.value(key, self.label, "change", &expected)
    }

    /// Reads terms that are fields with names; those that `read` did not ask for are faults.
    pub(super) fn fields<T>(
        self,
        read: impl FnOnce(&mut Fields<'r, 's, 't>) -> Option<T>,
    ) -> Option<T> {
        let record = self.reader.record(self.terms, self.entity, self.label, "change")?;
        // Faults of the change as a whole point at its name, not at its terms.
        self.reader.locate(self.entity, "change", self.raw);
        let mut fields = Fields { reader: self.reader, record, tables: self.tables };
        let terms = read(&mut fields);
        fields.record.finish(fields.reader);
        terms
    }
}

/// The fields of a change.
pub(super) struct Fields<'r, 's, 't> {
    pub(super) reader: &'r mut Reader<'s>,
    pub(super) record: Record<'s>,
    pub(super) tables: &'r mut Tables<'t>,
}

impl<'s> Fields<'_, 's, '_> {
    /// A text that must be there; empty where it is not.
    pub(super) fn text(&mut self, name: &str) -> String {
        self.record.required_text(self.reader, name).unwrap_or_default()
    }

    /// A text that may be left out.
    pub(super) fn maybe_text(&mut self, name: &str) -> Option<String> {
        self.record.text(self.reader, name)
    }

    /// A list of texts; empty where it is left out.
    pub(super) fn texts(&mut self, name: &str) -> Vec<String> {
        self.record.texts(self.reader, name)
    }

    /// A whole number from 0 that may be left out.
    pub(super) fn count(&mut self, name: &str) -> Option<u32> {
        self.record.count(self.reader, name)
    }

    /// A whole number from 0 that must be there.
    pub(super) fn required_count(&mut self, name: &str) -> Option<u32> {
        self.expect(name, "a whole number from 0");
        self.record.count(self.reader, name)
    }

    /// A number of any size, which may be left out; whether it is in range is checked later.
    pub(super) fn any_number(&mut self, name: &str) -> Option<f64> {
        self.record.number(self.reader, name, (f64::MIN, f64::MAX))
    }

    /// One of a few names, which may be left out.
    pub(super) fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        self.record.choice(self.reader, name, choices)
    }

    /// A text in the notation of a type, which may be left out.
    pub(super) fn parsed<T>(&mut self, name: &str) -> Option<T>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        self.record.parsed(self.reader, name)
    }

    /// A record that must be there.
    pub(super) fn inner(&mut self, name: &str) -> Option<Record<'s>> {
        self.expect(name, "a record in parentheses");
        self.record.inner(self.reader, name)
    }

    /// Notes that a field is missing, where it is.
    pub(super) fn expect(&mut self, name: &str, expected: &str) {
        if !self.record.has(name) {
            self.record.missing(self.reader, name, expected);
        }
    }

    /// Notes a fault of a field.
    pub(super) fn report(&mut self, name: &str, fault: Fault) {
        self.record.report(self.reader, name, fault);
    }
}

/// The tables that a scenario names, found beside it.
pub(super) struct Tables<'a> {
    load: &'a dyn Fn(&str) -> Result<Vec<u8>, Fault>,
    reference: &'a DemandRates,
    /// Faults within tables, by their own file and line.
    pub(super) problems: Problems,
}

impl<'a> Tables<'a> {
    pub(super) fn new(
        load: &'a dyn Fn(&str) -> Result<Vec<u8>, Fault>,
        reference: &'a DemandRates,
    ) -> Self {
        Self { load, reference, problems: Problems::default() }
    }

    /// The places of a table; `None` when it has faults, which are noted.
    pub(super) fn read(&mut self, name: &str) -> Result<Option<Places>, Fault> {
        let bytes = (self.load)(name)?;
        let Some(text) = decode(name, &bytes, &mut self.problems) else { return Ok(None) };
        let (places, problems, _) = read_places(name, &text, self.reference);
        let is_sound = problems.is_empty();
        self.problems.append(problems);
        Ok(is_sound.then_some(places))
    }
}
