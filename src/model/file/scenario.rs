//! Files of scenarios.

use std::path::Path;

use super::folder::{decode, describe, fault};
use super::network::{read_agreement, read_format};
use super::record::{Reader, Record, split_tag};
use super::structure::{Tables, read_structure};
use crate::model::check::{ChangesRead, check_scenarios};
use crate::model::location::{Entity, Fault, Locations};
use crate::model::problem::{ProblemKind, Problems, closest};
use crate::model::{
    AllocationKeys, CHANGES, Change, DateTime, DatedChange, DepartmentKey, Incident, Network,
    Places, Position, Road, Scenario, Surge, change_label,
};

impl Scenario {
    /// Reads the file of a scenario, with the tables beside it, and checks it against a network and its
    /// places; see [`Scenario::read`].
    ///
    /// # Errors
    ///
    /// As [`Scenario::read`], and when the file cannot be read or is no UTF-8.
    pub fn open(
        path: impl AsRef<Path>,
        network: &Network,
        places: &Places,
    ) -> Result<Self, Problems> {
        let (path, mut problems) = (path.as_ref(), Problems::default());
        let name = path.display().to_string();
        let text = match std::fs::read(path) {
            Ok(bytes) => decode(&name, &bytes, &mut problems),
            Err(error) => {
                let message = format!("cannot read {name}: {}", describe(&error));
                problems.push(fault(&name, ProblemKind::Unreadable, None, message));
                None
            }
        };
        let Some(text) = text else { return Err(problems) };
        let folder = path.parent().unwrap_or(Path::new(""));
        let load = |table: &str| {
            let full = folder.join(table);
            std::fs::read(&full)
                .map_err(|error| format!("cannot read {}: {}", full.display(), describe(&error)))
        };
        Self::read_with(&text, &name, (network, places), &load)
    }

    /// Reads the text of a scenario and checks it against a network and its places. `name` is what
    /// problems call the file. A table that a scenario names is only found by [`Scenario::open`] and by
    /// [`Folder::scenario`](crate::model::Folder::scenario), which know the folder.
    ///
    /// The network's day is the start: the scenario knows the hospitals, departments and
    /// cooperations of that day, and no change may be before it. An earlier or later day of a network
    /// that was read is [`Network::as_of`].
    ///
    /// # Errors
    ///
    /// Every fault at once: what breaks the notation, is missing, out of range or unknown, comes
    /// before the start, ends before it begins, closes what is closed or ends what is over.
    pub fn read(
        text: &str,
        name: &str,
        network: &Network,
        places: &Places,
    ) -> Result<Self, Problems> {
        let load = |table: &str| Err(format!("{table} is not at hand: only the text was read"));
        Self::read_with(text, name, (network, places), &load)
    }

    /// The same with tables that `load` finds.
    pub(super) fn read_with(
        text: &str,
        name: &str,
        (network, places): (&Network, &Places),
        load: &dyn Fn(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Self, Problems> {
        let mut reader = Reader::new(name, text);
        let mut tables = Tables::new(load, &network.catalog().demand);
        let read = read_scenario(&mut reader, network.date().into(), &mut tables);
        let of_tables = tables.problems;
        let Reader { problems: found, locations, .. } = reader;
        let mut problems = Problems::default();
        found.into_iter().for_each(|problem| problems.push(problem));
        let Some((scenario, changes)) = read else { return Err(problems.sorted()) };
        check_scenarios(&[(&scenario, changes)], (network, places), (&locations, &mut problems));
        of_tables.into_iter().for_each(|problem| problems.push(problem));
        if problems.is_empty() { Ok(scenario) } else { Err(problems.sorted()) }
    }

    /// Every fault of a scenario that was built in code, against a network and its places, as
    /// [`Scenario::read`] would name them.
    pub fn check(&self, network: &Network, places: &Places) -> Problems {
        Self::check_together(&[self], network, places)
    }

    /// Every fault of scenarios that follow each other on the same network, by themselves and together:
    /// the second may not close what the first closed. Changes come in the order of time; those of one
    /// moment in the order of the scenarios.
    pub fn check_together(scenarios: &[&Self], network: &Network, places: &Places) -> Problems {
        let mut problems = Problems::default();
        let all: Vec<(&Self, ChangesRead)> = scenarios
            .iter()
            .map(|&one| {
                let positions = (0..one.changes.len()).collect();
                (one, ChangesRead { positions, is_complete: true })
            })
            .collect();
        check_scenarios(&all, (network, places), (&Locations::default(), &mut problems));
        problems
    }
}

/// Reads the file; `None` when nothing of it can be trusted (a syntax error, a future format).
fn read_scenario(
    reader: &mut Reader<'_>,
    start: DateTime,
    tables: &mut Tables<'_>,
) -> Option<(Scenario, ChangesRead)> {
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
    let mut read = ChangesRead { positions: Vec::new(), is_complete: true };
    for (position, raw) in root.list(reader, "changes").into_iter().enumerate() {
        match read_change(reader, raw, (position, start), tables) {
            Some(change) => {
                scenario.changes.push(change);
                read.positions.push(position);
            }
            None => read.is_complete = false,
        }
    }
    root.finish(reader);
    Some((scenario, read))
}

/// What a scenario is called in messages.
pub(crate) fn scenario_label(key: &str) -> String {
    if key.is_empty() { "scenario".to_owned() } else { format!("scenario \"{key}\"") }
}

/// Reads one change; a moment that cannot be read counts as the start, so that the rest is checked.
fn read_change<'s>(
    reader: &mut Reader<'s>,
    raw: &'s str,
    (position, start): (usize, DateTime),
    tables: &mut Tables<'_>,
) -> Option<DatedChange> {
    let label = format!("change {}", position + 1);
    let mut record = reader.record(raw, Entity::Change(position), &label, "")?;
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
    let on = record.parsed(reader, "on").unwrap_or(start);
    let until = record.parsed(reader, "until");
    let reason = record.required_text(reader, "reason").unwrap_or_default();
    let source = record.text(reader, "source");
    record.finish(reader);
    Some(DatedChange { on, until, reason, source, change: change? })
}

fn read_what<'s>(
    reader: &mut Reader<'s>,
    record: &Record<'s>,
    raw: &'s str,
    tables: &mut Tables<'_>,
) -> Option<Change> {
    let (word, terms) = split_tag(raw);
    if !CHANGES.contains(&word) {
        let mut fault = Fault::new(ProblemKind::Unknown, format!("unknown change \"{word}\""))
            .expected(format!("one of {}", CHANGES.join(", ")));
        fault.closest = closest(word, CHANGES);
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
        let key = terms.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(terms);
        let what = if word == "CloseHospital" { "hospital" } else { "cooperation" };
        let expected = format!("the key of a {what} in quotation marks");
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
        let faults = reader.problems.len();
        let numbers: Vec<u32> = inner.values(reader, name, "a whole number");
        match <[u32; 3]>::try_from(numbers.as_slice()) {
            Ok(numbers) => *key = numbers,
            Err(_) if !inner.has(name) || reader.problems.len() > faults => {}
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
