//! Files of scenarios.

use super::change::{CHANGES, Change};
use super::check::Unread;
use super::terms::{Tables, Terms};
use super::{DatedChange, Scenario, change_label, scenario_label};
use crate::calendar::DateTime;
use crate::files::network::read_format;
use crate::files::record::{Reader, Record, split_tag};
use crate::model::location::{Entity, Fault};
use crate::problem::{ProblemKind, closest};

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
    // Until its key is read, faults have nothing else to call it.
    "scenario".clone_into(&mut root.label);
    read_format(&mut root, reader)?;
    // Without a key the rest is read all the same, so that every fault is told at once.
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
        match read_change(reader, raw, position, start, tables) {
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

/// Reads one change, or says what it may be about; a moment that cannot be read counts as the start, so that the rest is checked.
fn read_change<'s>(
    reader: &mut Reader<'s>,
    raw: &'s str,
    position: usize,
    start: DateTime,
    tables: &mut Tables<'_>,
) -> Result<DatedChange, Unread> {
    let label = format!("change {}", position + 1);
    let Some(mut record) = reader.record(raw, Entity::Change(position), &label, "") else {
        return Err(Unread { name: None });
    };
    let raw_change = record.raw_value("change");
    let word = raw_change.map_or("", |raw| split_tag(raw).0);
    if CHANGES.contains(&word) {
        record.label = change_label(position, word);
    }
    for (name, expected) in [
        ("on", "a moment such as \"2026-02-01\" or \"2026-02-01 06:00\"".to_owned()),
        ("change", said!("one of {changes}", changes = CHANGES.join(", "))),
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
        // A misspelt change may still open what others name: these are not told as unknown then.
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
            None => said!("one of {changes}", changes = CHANGES.join(", ")),
        };
        let fault = Fault::new(ProblemKind::Unknown, said!("unknown change \"{word}\"", word));
        let fault = Fault { closest, ..fault.expected(expected) };
        record.report(reader, "change", fault);
        return None;
    };
    let Some(terms) = terms else {
        let fault = Fault::new(ProblemKind::Missing, said!("{word} without its terms", word))
            .expected(format!("{word}(...)"));
        record.report(reader, "change", fault);
        return None;
    };
    let (entity, label) = (record.entity, record.label.as_str());
    Change::read(Terms { name, entity, label, raw, behind: terms, reader, tables })
}
