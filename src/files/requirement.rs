//! Requirements in their notation: `All([Specialty("neurology"), Facility("stroke_unit")])`.

use super::record::{Reader, Record, inside, split_tag, text_of};
use crate::model::location::{Entity, Fault};
use crate::model::{CareLevel, EmergencyLevel, Requirement};
use crate::problem::{ProblemKind, closest};

const REQUIREMENTS: [&str; 6] =
    ["Specialty", "Facility", "CareLevel", "EmergencyLevel", "All", "Any"];
pub(crate) const CARE_LEVELS: [(&str, CareLevel); 4] = [
    ("Basic", CareLevel::Basic),
    ("Priority", CareLevel::Priority),
    ("Maximum", CareLevel::Maximum),
    ("Specialist", CareLevel::Specialist),
];
pub(crate) const EMERGENCY_LEVELS: [(&str, EmergencyLevel); 4] = [
    ("Minimum", EmergencyLevel::Minimum),
    ("Basic", EmergencyLevel::Basic),
    ("Extended", EmergencyLevel::Extended),
    ("Comprehensive", EmergencyLevel::Comprehensive),
];

pub(crate) fn read_requirement<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
) -> Requirement {
    read_requirement_in(reader, record, "requirement")
}

/// Reads a requirement that must be there in a field.
pub(crate) fn read_requirement_in<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
    name: &str,
) -> Requirement {
    let nothing = Requirement::All(Vec::new());
    if !record.has(name) {
        record.missing(reader, name, "what a hospital must offer");
        return nothing;
    }
    let Some(raw) = record.raw_value(name) else { return nothing };
    let at = Spot { label: &record.label, field: &record.path_of(name) };
    requirement(reader, raw, at).unwrap_or(nothing)
}

/// Reads a list of requirements in a field.
pub(crate) fn read_requirements<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
    name: &str,
) -> Vec<Requirement> {
    let list = record.list(reader, name);
    let at = Spot { label: &record.label, field: &record.path_of(name) };
    list.into_iter().filter_map(|raw| requirement(reader, raw, at)).collect()
}

/// Where a requirement stands, for messages.
#[derive(Clone, Copy)]
struct Spot<'a> {
    label: &'a str,
    field: &'a str,
}

/// Reads a requirement; faults stand at the part that is wrong, and all parts are read.
fn requirement<'s>(reader: &mut Reader<'s>, raw: &'s str, at: Spot<'_>) -> Option<Requirement> {
    let (word, terms) = split_tag(raw);
    let inner = terms.and_then(inside);
    let (Some(terms), Some(inner)) = (terms, inner) else {
        let fault = Fault::new(ProblemKind::Type, format!("{word} is no requirement"))
            .expected(format!("one of {}, with its terms", REQUIREMENTS.join(", ")));
        reader.problem(at.label, at.field, raw, fault);
        return None;
    };
    match word {
        "Specialty" => text(reader, inner, at).map(Requirement::Specialty),
        "Facility" if text_of(inner).is_some() => {
            text(reader, inner, at).map(|kind| Requirement::Facility { kind, at_least: None })
        }
        "Facility" => {
            let mut fields = reader.record(terms, Entity::Demand, at.label, at.field)?;
            let kind = fields.required_text(reader, "kind");
            let at_least = fields.text(reader, "at_least");
            fields.finish(reader);
            Some(Requirement::Facility { kind: kind?, at_least })
        }
        "CareLevel" => level(reader, inner, at, &CARE_LEVELS).map(Requirement::CareLevel),
        "EmergencyLevel" => {
            level(reader, inner, at, &EMERGENCY_LEVELS).map(Requirement::EmergencyLevel)
        }
        "All" | "Any" => {
            let list = reader.elements(inner, at.label, at.field)?;
            let parts: Vec<Option<Requirement>> =
                list.into_iter().map(|part| requirement(reader, part, at)).collect();
            let parts: Option<Vec<Requirement>> = parts.into_iter().collect();
            Some(if word == "All" { Requirement::All(parts?) } else { Requirement::Any(parts?) })
        }
        other => {
            let mut fault =
                Fault::new(ProblemKind::Unknown, format!("unknown requirement \"{other}\""))
                    .expected(format!("one of {}", REQUIREMENTS.join(", ")));
            fault.closest = closest(other, REQUIREMENTS);
            reader.problem(at.label, at.field, raw, fault);
            None
        }
    }
}

fn text<'s>(reader: &mut Reader<'s>, raw: &'s str, at: Spot<'_>) -> Option<String> {
    reader.value(raw, at.label, at.field, "a key in quotation marks")
}

fn level<T: Copy>(
    reader: &mut Reader<'_>,
    raw: &str,
    at: Spot<'_>,
    levels: &[(&str, T)],
) -> Option<T> {
    let found = levels.iter().find(|(name, _)| *name == raw).map(|(_, level)| *level);
    if found.is_none() {
        let names: Vec<&str> = levels.iter().map(|(name, _)| *name).collect();
        let mut fault = Fault::new(ProblemKind::Unknown, format!("unknown level {raw}"))
            .expected(format!("one of {}", names.join(", ")));
        fault.closest = closest(raw, names);
        reader.problem(at.label, at.field, raw, fault);
    }
    found
}
