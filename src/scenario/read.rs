//! Files of scenarios.

use super::check::Unread;
use super::read_structure::{Tables, read_structure};
use crate::calendar::DateTime;
use crate::files::network::{read_agreement, read_format};
use crate::files::record::{Reader, Record, inside, split_tag};
use crate::model::location::{Entity, Fault};
use crate::model::{Position, Road};
use crate::problem::{ProblemKind, closest};
use crate::scenario::{
    AllocationKeys, CHANGES, Change, DatedChange, DepartmentKey, Incident, Scenario, Surge,
    change_label,
};

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

fn read_what<'s>(
    reader: &mut Reader<'s>,
    record: &Record<'s>,
    raw: &'s str,
    tables: &mut Tables<'_>,
) -> Option<Change> {
    let (word, terms) = split_tag(raw);
    if !CHANGES.contains(&word) {
        let closest = closest(word, CHANGES);
        let expected = match &closest {
            Some(_) => "the name of a change".to_owned(),
            None => format!("one of {}", CHANGES.join(", ")),
        };
        let fault = Fault::new(ProblemKind::Unknown, format!("unknown change \"{word}\""));
        let fault = Fault { closest, ..fault.expected(expected) };
        record.report(reader, "change", fault);
        return None;
    }
    let Some(terms) = terms else {
        let fault = Fault::new(ProblemKind::Missing, format!("{word} without its terms"))
            .expected(format!("{word}(...)"));
        record.report(reader, "change", fault);
        return None;
    };
    let (entity, label) = (record.entity, &record.label);
    if let "EndCooperation" | "CloseHospital" = word {
        let key = inside(terms).unwrap_or(terms);
        let what = if word == "CloseHospital" { "hospital" } else { "cooperation" };
        let expected =
            format!("{word}(\"key of a {what}\"), with the key alone in quotation marks");
        let key: String = reader.value(key, label, "change", &expected)?;
        return Some(match word {
            "CloseHospital" => Change::CloseHospital(key),
            _ => Change::EndCooperation(key),
        });
    }
    let mut inner = reader.record(terms, entity, label, "change")?;
    // Faults of the change as a whole point at its name, not at its terms.
    reader.locate(entity, "change", raw);
    let change = match word {
        "DivertDepartment" => Some(Change::DivertDepartment(read_department(reader, &mut inner))),
        "CloseDepartment" => Some(Change::CloseDepartment(read_department(reader, &mut inner))),
        "OpenDepartment" => Some(Change::OpenDepartment(read_department(reader, &mut inner))),
        "StartCooperation" => read_start(reader, &mut inner),
        "Surge" => Some(Change::Surge(read_surge(reader, &mut inner))),
        "Incident" => Some(Change::Incident(read_incident(reader, &mut inner))),
        "Road" => Some(Change::Road(Road {
            from: inner.texts(reader, "from"),
            to: inner.texts(reader, "to"),
            corridor: read_corridor(reader, &mut inner),
            delay: inner.parsed(reader, "delay"),
        })),
        _ => read_structure(reader, &mut inner, word, tables),
    };
    inner.finish(reader);
    change
}

/// Corners as `(lat: 51.5, lon: 12.6)`; those with a fault are left out.
fn read_corridor<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Vec<Position> {
    let mut corners = Vec::new();
    for mut corner in record.records(reader, "corridor") {
        for name in ["lat", "lon"] {
            if !corner.has(name) {
                corner.missing(reader, name, "degrees");
            }
        }
        let lat = corner.number(reader, "lat", (-90.0, 90.0));
        let lon = corner.number(reader, "lon", (-180.0, 180.0));
        corner.finish(reader);
        let position = lat.zip(lon).and_then(|(lat, lon)| Position::new(lat, lon).ok());
        corners.extend(position);
    }
    corners
}

fn read_department<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> DepartmentKey {
    DepartmentKey {
        hospital: record.required_text(reader, "hospital").unwrap_or_default(),
        specialty: record.required_text(reader, "specialty").unwrap_or_default(),
    }
}

/// A cooperation without dates of its own.
fn read_start<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Option<Change> {
    for name in ["since", "until", "status"] {
        if record.has(name) {
            let _ = record.raw_value(name);
            let message = "a cooperation that starts has no dates and no status of its own";
            let fault =
                Fault::new(ProblemKind::Conflict, message).expected("on and until of the change");
            record.report(reader, name, fault);
        }
    }
    let key = record.required_text(reader, "id").unwrap_or_default();
    read_agreement(record, reader, key).map(Change::StartCooperation)
}

fn read_surge<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Surge {
    Surge {
        specialties: record.texts(reader, "specialties"),
        conditions: record.texts(reader, "conditions"),
        factors: record.values(reader, "factors", "a number"),
        days: record.count(reader, "days").unwrap_or(Surge::USUAL_DAYS),
        districts: record.texts(reader, "districts"),
        icu_share: record.number(reader, "icu_share", (f64::MIN, f64::MAX)),
    }
}

fn read_incident<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Incident {
    Incident {
        place: record.required_text(reader, "place").unwrap_or_default(),
        red: record.count(reader, "red").unwrap_or(0),
        yellow: record.count(reader, "yellow").unwrap_or(0),
        green: record.count(reader, "green").unwrap_or(0),
        minutes: record.count(reader, "minutes").unwrap_or(Incident::USUAL_MINUTES),
        keys: read_keys(reader, record),
    }
}

fn read_keys<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> AllocationKeys {
    let mut keys = AllocationKeys::default();
    let Some(mut inner) = record.inner(reader, "keys") else { return keys };
    for (name, key) in
        [("red", &mut keys.red), ("yellow", &mut keys.yellow), ("green", &mut keys.green)]
    {
        let faults = reader.problems.count();
        let numbers: Vec<u32> = inner.values(reader, name, "a whole number");
        match <[u32; 3]>::try_from(numbers.as_slice()) {
            Ok(numbers) => *key = numbers,
            Err(_) if !inner.has(name) || reader.problems.count() > faults => {}
            Err(_) => {
                let message = format!("{} numbers", numbers.len());
                let fault = Fault::new(ProblemKind::Columns, message)
                    .expected("three: for Basic, Extended and Comprehensive");
                inner.report(reader, name, fault);
            }
        }
    }
    inner.finish(reader);
    keys
}
