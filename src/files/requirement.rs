//! Requirements in their notation: `All([Specialty("neurology"), Facility("stroke_unit")])`.

use super::record::{Reader, Record, inside, split_tag, text_of};
use crate::model::location::{Entity, Fault};
use crate::model::renamed::respelled;
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
    let spot = Spot { label: &record.label, field: &record.path_of(name) };
    requirement(reader, raw, spot).unwrap_or(nothing)
}

/// Reads a list of requirements in a field.
pub(crate) fn read_requirements<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
    name: &str,
) -> Vec<Requirement> {
    let list = record.list(reader, name);
    let spot = Spot { label: &record.label, field: &record.path_of(name) };
    let mut requirements = Vec::with_capacity(list.len());
    for raw in list {
        requirements.extend(requirement(reader, raw, spot));
    }
    requirements
}

/// Where a requirement stands, for messages.
#[derive(Clone, Copy)]
struct Spot<'a> {
    label: &'a str,
    field: &'a str,
}

/// Reads a requirement; faults stand at the part that is wrong, and all parts are read.
fn requirement<'s>(reader: &mut Reader<'s>, raw: &'s str, spot: Spot<'_>) -> Option<Requirement> {
    let (word, terms) = split_tag(raw);
    let inner = terms.and_then(inside);
    let (Some(terms), Some(inner)) = (terms, inner) else {
        let fault = Fault::new(ProblemKind::Type, said!("{word} is no requirement", word))
            .expected(said!(
                "one of {requirements}, with its terms",
                requirements = REQUIREMENTS.join(", ")
            ));
        reader.problem(spot.label, spot.field, raw, fault);
        return None;
    };
    match word {
        "Specialty" => text(reader, inner, spot).map(respelled).map(Requirement::Specialty),
        "Facility" if text_of(inner).is_some() => {
            let kind = text(reader, inner, spot).map(respelled);
            kind.map(|kind| Requirement::Facility { kind, at_least: None })
        }
        "Facility" => {
            let mut fields = reader.record(terms, Entity::Demand, spot.label, spot.field)?;
            let kind = fields.required_text(reader, "kind");
            let at_least = fields.text(reader, "at_least");
            fields.finish(reader);
            Some(Requirement::Facility { kind: kind?, at_least })
        }
        "CareLevel" => level(reader, inner, spot, &CARE_LEVELS).map(Requirement::CareLevel),
        "EmergencyLevel" => {
            level(reader, inner, spot, &EMERGENCY_LEVELS).map(Requirement::EmergencyLevel)
        }
        "All" | "Any" => {
            let list = reader.elements(inner, spot.label, spot.field)?;
            let count = list.len();
            let mut parts = Vec::with_capacity(count);
            for part in list {
                parts.extend(requirement(reader, part, spot));
            }

            // With a part missing, it would be easier or harder to meet than what is written.
            if parts.len() < count {
                return None;
            }
            Some(if word == "All" { Requirement::All(parts) } else { Requirement::Any(parts) })
        }
        _ => {
            let mut fault =
                Fault::new(ProblemKind::Unknown, said!("unknown requirement \"{word}\"", word))
                    .expected(said!(
                        "one of {requirements}",
                        requirements = REQUIREMENTS.join(", ")
                    ));
            fault.closest = closest(word, REQUIREMENTS);
            reader.problem(spot.label, spot.field, raw, fault);
            None
        }
    }
}

fn text<'s>(reader: &mut Reader<'s>, raw: &'s str, spot: Spot<'_>) -> Option<String> {
    reader.value(raw, spot.label, spot.field, "a key in quotation marks")
}

fn level<T: Copy>(
    reader: &mut Reader<'_>,
    raw: &str,
    spot: Spot<'_>,
    levels: &[(&str, T)],
) -> Option<T> {
    let mut names = Vec::with_capacity(levels.len());
    for (name, level) in levels {
        if *name == raw {
            return Some(*level);
        }
        names.push(*name);
    }
    let fault = Fault::new(ProblemKind::Unknown, said!("unknown level {raw}", raw))
        .expected(said!("one of {names}", names = names.join(", ")));
    let closest = closest(raw, names);
    reader.problem(spot.label, spot.field, raw, Fault { closest, ..fault });
    None
}
