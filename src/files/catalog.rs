//! The catalog's files: specialties, fields, facilities, standards, demand.

use super::record::{Reader, Record};
use super::requirement::read_requirement;
use crate::model::location::{Entity, Fault};
use crate::model::renamed::respelled;
use crate::model::{
    AgeIndex, ByAge, Condition, DemandRates, FacilityKind, Field, PopulationGroup, Rate,
    ReferenceBand, Sex, Specialty, Standard,
};
use crate::problem::ProblemKind;

const SEXES: [(&str, Sex); 2] = [("Female", Sex::Female), ("Male", Sex::Male)];
const BY_AGE: [(&str, ByAge); 2] = [("Index", ByAge::Index), ("Even", ByAge::Even)];

/// Reads each element of a file that is a list; `None` when nothing of it can be trusted.
pub(crate) fn read_entries<'s, T>(
    reader: &mut Reader<'s>,
    kind: &str,
    entity: impl Fn(usize) -> Entity,
    read: impl Fn(&mut Reader<'s>, &mut Record<'s>, String) -> T,
) -> Option<Vec<T>> {
    let mut entries = Vec::new();
    for raw in reader.root_list()? {
        let Some(mut record) = reader.record(raw, entity(entries.len()), kind, "") else {
            continue;
        };

        // Without its key nobody can name it: what it says beside that is told when the key is there.
        let Some(key) = record.required_text(reader, "id").map(respelled) else { continue };
        record.label = format!("{kind} \"{key}\"");
        entries.push(read(reader, &mut record, key));
        record.finish(reader);
    }
    Some(entries)
}

pub(crate) fn read_specialty<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
    key: String,
) -> Specialty {
    let (name, name_de) = read_names(reader, record);
    Specialty { key, name, name_de, part_of: record.text(reader, "part_of") }
}

pub(crate) fn read_field<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
    key: String,
) -> Field {
    let (name, name_de) = read_names(reader, record);
    Field { key, name, name_de }
}

pub(crate) fn read_facility<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
    key: String,
) -> FacilityKind {
    let (name, name_de) = read_names(reader, record);
    FacilityKind { key, name, name_de, grades: record.texts(reader, "grades") }
}

pub(crate) fn read_standard<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
    key: String,
) -> Standard {
    let (name, name_de) = read_names(reader, record);
    if !record.has("minutes") {
        record.missing(reader, "minutes", "whole minutes");
    }
    Standard {
        key,
        name,
        name_de,
        requirement: read_requirement(reader, record),
        population: read_group(reader, record),
        minutes: record.count(reader, "minutes").unwrap_or(1),
        source: record.required_text(reader, "source").unwrap_or_default(),
    }
}

pub(crate) fn read_names<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> (String, String) {
    let name = record.required_text(reader, "name").unwrap_or_default();

    // A catalog in one language only is as good.
    let name_de = record.text(reader, "name_de").unwrap_or_else(|| name.clone());
    (name, name_de)
}

/// Whom something is for: `(sex: Female, from: 15, to: 49)`; everybody when it is not there.
pub(crate) fn read_group<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> PopulationGroup {
    let Some(mut inner) = record.inner(reader, "population") else { return PopulationGroup::ALL };
    let group = PopulationGroup {
        sex: inner.choice(reader, "sex", &SEXES),
        from: read_age(reader, &mut inner, "from").unwrap_or(0),
        to: read_age(reader, &mut inner, "to"),
    };
    if group.to.is_some_and(|to| to < group.from) {
        let fault = Fault::new(ProblemKind::Order, "the group ends before it starts");
        inner.report(reader, "to", fault);
    }
    inner.finish(reader);
    group
}

fn read_age<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>, name: &str) -> Option<u8> {
    // A fraction of a year is cut off, as in a birthday.
    record.number(reader, name, (0.0, 150.0)).map(|age| age as u8)
}

/// Reads the file of demand; `None` when nothing of it can be trusted.
pub(crate) fn read_demand(reader: &mut Reader<'_>) -> Option<DemandRates> {
    let mut root = reader.root("Demand", Entity::Demand)?;
    let positive = (0.0, f64::MAX);
    let mut demand = DemandRates {
        stay_factor: root.number(reader, "stay_factor", (0.1, 10.0)).unwrap_or(1.0),
        ..DemandRates::default()
    };
    for mut band in root.records(reader, "reference_population") {
        demand.reference_population.push(ReferenceBand {
            from: read_age(reader, &mut band, "from").unwrap_or(0),
            to: read_age(reader, &mut band, "to"),
            female: band.count(reader, "female").unwrap_or(0),
            male: band.count(reader, "male").unwrap_or(0),
        });
        band.finish(reader);
    }
    for mut band in root.records(reader, "age_index") {
        demand.age_index.push(AgeIndex {
            from: read_age(reader, &mut band, "from").unwrap_or(0),
            to: read_age(reader, &mut band, "to"),
            index: band.number(reader, "index", positive).unwrap_or(0.0),
        });
        band.finish(reader);
    }
    for raw in root.list(reader, "rates") {
        let entity = Entity::Rate(demand.rates.len());
        demand.rates.extend(read_rate(reader, raw, entity));
    }
    for raw in root.list(reader, "conditions") {
        let entity = Entity::Condition(demand.conditions.len());
        demand.conditions.extend(read_condition(reader, raw, entity));
    }
    root.finish(reader);
    Some(demand)
}

fn read_rate<'s>(reader: &mut Reader<'s>, raw: &'s str, entity: Entity) -> Option<Rate> {
    let mut record = reader.record(raw, entity, "rate", "")?;
    let specialty = record.required_text(reader, "specialty")?;
    record.label = format!("rate \"{specialty}\"");
    let (per_1000, stay_days) = read_numbers(reader, &mut record);
    let derived = record.text(reader, "derived");
    let assumed = record.flag(reader, "assumed");
    if derived.is_some() && assumed == Some(true) {
        let message = "the rate is both assumed and derived";
        let fault = Fault::new(ProblemKind::Conflict, message).expected("one of the two");
        record.report(reader, "derived", fault);
    }

    // A number is assumed unless a file says otherwise, or says by which rule it was derived.
    let rate = Rate {
        specialty,
        per_1000,
        stay_days,
        emergency_share: record.number(reader, "emergency_share", (0.0, 1.0)).unwrap_or(0.0),
        population: read_group(reader, &mut record),
        by_age: record.choice(reader, "by_age", &BY_AGE).unwrap_or_default(),
        source: record.text(reader, "source").unwrap_or_default(),
        assumed: assumed.unwrap_or(derived.is_none()),
        derived,
    };
    record.finish(reader);
    Some(rate)
}

fn read_condition<'s>(reader: &mut Reader<'s>, raw: &'s str, entity: Entity) -> Option<Condition> {
    let mut record = reader.record(raw, entity, "condition", "")?;
    let key = record.required_text(reader, "id")?;
    record.label = format!("condition \"{key}\"");
    let (name, name_de) = read_names(reader, &mut record);
    let (per_1000, stay_days) = read_numbers(reader, &mut record);
    let condition = Condition {
        key,
        name,
        name_de,
        per_1000,
        stay_days,
        requirement: read_requirement(reader, &mut record),
        population: read_group(reader, &mut record),
        by_age: record.choice(reader, "by_age", &BY_AGE).unwrap_or_default(),
        source: record.text(reader, "source").unwrap_or_default(),
        assumed: record.flag(reader, "assumed").unwrap_or(true),
    };
    record.finish(reader);
    Some(condition)
}

fn read_numbers<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> (f64, f64) {
    for name in ["per_1000", "stay_days"] {
        if !record.has(name) {
            record.missing(reader, name, "a number from 0");
        }
    }
    let per_1000 = record.number(reader, "per_1000", (0.0, 100_000.0)).unwrap_or(0.0);
    let stay_days = record.number(reader, "stay_days", (0.0, 10_000.0)).unwrap_or(0.0);
    (per_1000, stay_days)
}
