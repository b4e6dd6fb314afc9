//! The catalog's files of rules: supplements, emergency stages, minimum volumes.

use super::catalog::{read_group, read_names};
use super::record::{Reader, Record};
use super::requirement::{EMERGENCY_LEVELS, read_requirement, read_requirement_in};
use crate::model::location::{Entity, Fault};
use crate::model::renamed::respelled;
use crate::model::{
    DepartmentList, EmergencyLevel, EmergencyRules, EmergencyStage, ListedDepartment,
    MinimumVolume, MinimumVolumes, Provision, Requirement, Standard, SupplementRules, VolumeBasis,
    VolumeLine,
};
use crate::problem::{ProblemKind, closest};

const BASES: [(&str, VolumeBasis); 2] =
    [("Law", VolumeBasis::Law), ("Planning", VolumeBasis::Planning)];
const LISTS: [(&str, DepartmentList); 2] = [("A", DepartmentList::A), ("B", DepartmentList::B)];

/// Reads the elements of a list that have a key each.
fn read_keyed<'s, T>(
    reader: &mut Reader<'s>,
    root: &mut Record<'s>,
    list: &str,
    kind: &str,
    entity: impl Fn(usize) -> Entity,
    read: impl Fn(&mut Reader<'s>, &mut Record<'s>, String) -> T,
) -> Vec<T> {
    let mut entries = Vec::new();
    for raw in root.list(reader, list) {
        let Some(mut record) = reader.record(raw, entity(entries.len()), kind, "") else {
            continue;
        };
        let Some(key) = record.required_text(reader, "id").map(respelled) else { continue };
        record.label = format!("{kind} \"{key}\"");
        entries.push(read(reader, &mut record, key));
        record.finish(reader);
    }
    entries
}

/// A whole number that must be there.
fn required<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>, name: &str) -> u32 {
    if !record.has(name) {
        record.missing(reader, name, "a whole number");
    }
    // 1 stands in for what is missing: 0 would be a second fault of the same field.
    record.count(reader, name).unwrap_or(1)
}

/// Reads the rules on supplements; `None` when nothing of them can be trusted. Provisions may ask for what a
/// standard asks for; there are none to be named where their file cannot be trusted.
pub(crate) fn read_supplement(
    reader: &mut Reader<'_>,
    standards: Option<&[Standard]>,
) -> Option<SupplementRules> {
    let mut root = reader.root("Supplement", Entity::Supplement)?;
    let source = root.required_text(reader, "source").unwrap_or_default();
    let (list, kind) = ("provisions", "provision");
    let provisions =
        read_keyed(reader, &mut root, list, kind, Entity::Provision, |reader, record, key| {
            read_provision(reader, record, key, standards)
        });
    root.finish(reader);
    Some(SupplementRules { source, provisions })
}

fn read_provision<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
    key: String,
    standards: Option<&[Standard]>,
) -> Provision {
    let (name, name_de) = read_names(reader, record);
    if !record.has("low_density") {
        record.missing(reader, "low_density", "people per square kilometre");
    }
    Provision {
        key,
        name,
        name_de,
        requirement: read_suitable(reader, record, standards),
        population: read_group(reader, record),
        minutes: required(reader, record, "minutes"),
        least_people: required(reader, record, "least_people"),
        low_density: record.number(reader, "low_density", (0.0, 100_000.0)).unwrap_or(0.0),
        source: record.required_text(reader, "source").unwrap_or_default(),
    }
}

/// What makes a site suitable: a requirement of its own, or `standard`, what a standard asks for.
fn read_suitable<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
    standards: Option<&[Standard]>,
) -> Requirement {
    if !record.has("standard") {
        // Asked for, so that `standard: None` is no unknown field.
        let _ = record.raw_value("standard");
        return read_requirement(reader, record);
    }
    let nothing = Requirement::All(Vec::new());
    let key = record.text(reader, "standard");
    if record.has("requirement") {
        let fault = Fault::new(ProblemKind::Conflict, "a requirement beside a standard");
        record.report(reader, "requirement", fault.expected("one of the two"));
        let _ = record.raw_value("requirement");
        return nothing;
    }
    let _ = record.raw_value("requirement");

    // Where the standards could not be read, an unknown key says nothing new.
    let (Some(key), Some(standards)) = (key, standards) else { return nothing };
    if let Some(standard) = standards.iter().find(|standard| standard.key == key) {
        return standard.requirement.clone();
    }
    let mut fault = Fault::new(ProblemKind::Unknown, said!("unknown standard \"{key}\"", key));
    fault.closest = closest(&key, standards.iter().map(|standard| standard.key.as_str()));
    record.report(reader, "standard", fault);
    nothing
}

/// Reads the rules on emergency stages; `None` when nothing of them can be trusted.
pub(crate) fn read_emergency(reader: &mut Reader<'_>) -> Option<EmergencyRules> {
    let mut root = reader.root("EmergencyStages", Entity::EmergencyRules)?;
    let source = root.required_text(reader, "source").unwrap_or_default();
    let mut stages = Vec::new();
    for raw in root.list(reader, "stages") {
        let entity = Entity::EmergencyStage(stages.len());
        let Some(mut record) = reader.record(raw, entity, "emergency stage", "") else { continue };
        if !record.has("level") {
            record.missing(reader, "level", "Minimum, Basic, Extended or Comprehensive");
        }
        let Some(level) = record.choice(reader, "level", &EMERGENCY_LEVELS) else { continue };
        record.label = format!("emergency stage {level:?}");
        stages.push(read_stage(reader, &mut record, level));
        record.finish(reader);
    }
    let (list, kind) = ("departments", "listed department");
    let department = Entity::ListedDepartment;
    let departments = read_keyed(reader, &mut root, list, kind, department, read_department);
    let not_checked = root.texts(reader, "not_checked");
    root.finish(reader);
    Some(EmergencyRules { source, stages, departments, not_checked })
}

fn read_stage<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
    level: EmergencyLevel,
) -> EmergencyStage {
    EmergencyStage {
        level,
        requirement: read_requirement(reader, record),
        departments: required(reader, record, "departments"),
        from_a: required(reader, record, "from_a"),
        intensive_beds: required(reader, record, "intensive_beds"),
        in_force: record.flag(reader, "in_force").unwrap_or(true),
        source: record.required_text(reader, "source").unwrap_or_default(),
        assumed: record.flag(reader, "assumed").unwrap_or(true),
    }
}

fn read_department<'s>(
    reader: &mut Reader<'s>,
    record: &mut Record<'s>,
    key: String,
) -> ListedDepartment {
    let (name, name_de) = read_names(reader, record);
    if !record.has("list") {
        record.missing(reader, "list", "A or B");
    }
    ListedDepartment {
        key,
        name,
        name_de,
        list: record.choice(reader, "list", &LISTS).unwrap_or(DepartmentList::B),
        offered_by: read_requirement_in(reader, record, "offered_by"),
    }
}

/// Reads minimum volumes; `None` when nothing of them can be trusted.
pub(crate) fn read_volumes(reader: &mut Reader<'_>) -> Option<MinimumVolumes> {
    let mut root = reader.root("MinimumVolumes", Entity::MinimumVolumes)?;
    let source = root.required_text(reader, "source").unwrap_or_default();
    let (list, kind) = ("services", "service");
    let services = read_keyed(reader, &mut root, list, kind, Entity::MinimumVolume, read_volume);
    root.finish(reader);
    Some(MinimumVolumes { source, services })
}

fn read_volume<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>, key: String) -> MinimumVolume {
    let (name, name_de) = read_names(reader, record);
    let offered_by = if record.has("offered_by") {
        Some(read_requirement_in(reader, record, "offered_by"))
    } else {
        // Asked for, so that `offered_by: None` is no unknown field.
        let _ = record.raw_value("offered_by");
        None
    };
    if !record.has("lines") {
        record.missing(
            reader,
            "lines",
            "least cases a year, such as [(from: 2025, least_cases: 20)]",
        );
    }
    MinimumVolume {
        key,
        name,
        name_de,
        basis: record.choice(reader, "basis", &BASES).unwrap_or_default(),
        counted_by: record.text(reader, "counted_by"),
        share: record.number(reader, "share", (0.0, 1.0)).unwrap_or(1.0),
        fact: record.text(reader, "fact"),
        offered_by,
        lines: read_lines(reader, record),
        source: record.required_text(reader, "source").unwrap_or_default(),
        assumed: record.flag(reader, "assumed").unwrap_or(true),
    }
}

/// The lines of a service: `[(from: 2027, least_cases: 20), (from: 2028, least_cases: 25)]`.
fn read_lines<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Vec<VolumeLine> {
    let mut lines = Vec::new();
    for mut part in record.records(reader, "lines") {
        if !part.has("from") {
            part.missing(reader, "from", "the first year");
        }
        let from = read_year(reader, &mut part);
        let least_cases = part.number(reader, "least_cases", (0.0, 1_000_000.0));
        part.finish(reader);
        lines.extend(from.map(|from| VolumeLine { from, least_cases }));
    }
    lines
}

fn read_year<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Option<i16> {
    let year = record.count(reader, "from")?;
    let is_year = (1900..=2200).contains(&year);
    if !is_year {
        let fault = Fault::new(ProblemKind::Range, said!("{year} is out of range", year));
        record.report(reader, "from", fault.expected("a year from 1900 to 2200"));
    }
    i16::try_from(year).ok().filter(|_| is_year)
}
