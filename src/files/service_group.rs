//! The catalog's files of service groups: annex 1 SGB V, and what is assumed about it.

use super::record::{Reader, Record};
use super::requirement::read_requirement_in;
use crate::model::location::{Entity, Fault};
use crate::model::service_group::LAST_GROUP;
use crate::model::{
    GroupAssumptions, GroupBlock, GroupOffer, GroupRef, GroupTerms, ServiceGroup, ServiceGroups,
};
use crate::problem::ProblemKind;

const BLOCKS: [(&str, GroupBlock); 3] = [
    ("Internal", GroupBlock::Internal),
    ("Surgical", GroupBlock::Surgical),
    ("Other", GroupBlock::Other),
];

/// Reads the table of service groups; `None` when nothing of it can be trusted.
pub(crate) fn read_service_groups(reader: &mut Reader<'_>) -> Option<ServiceGroups> {
    let mut root = reader.root("ServiceGroups", Entity::ServiceGroups)?;
    let source = root.required_text(reader, "source").unwrap_or_default();
    let licence = root.text(reader, "licence");
    let mut groups = Vec::new();
    for raw in root.list(reader, "groups") {
        let entity = Entity::ServiceGroup(groups.len());
        let Some(mut record) = reader.record(raw, entity, "service group", "") else { continue };
        if let Some(number) = read_number(reader, &mut record) {
            record.label = format!("service group {number}");
            groups.push(read_group(reader, &mut record, number));
            record.finish(reader);
        }
    }
    root.finish(reader);
    Some(ServiceGroups { source, licence, groups })
}

fn read_number<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>) -> Option<u8> {
    if !record.has("number") {
        record.missing(reader, "number", "the number of the group");
    }
    let number = record.count(reader, "number")?;
    let group = u8::try_from(number).ok().filter(|group| (1..=LAST_GROUP).contains(group));
    if group.is_none() {
        let fault = Fault::new(ProblemKind::Range, said!("{number} is out of range", number));
        record.report(
            reader,
            "number",
            fault.expected(said!("1 to {last_group}", last_group = LAST_GROUP)),
        );
    }
    group
}

fn read_group<'s>(reader: &mut Reader<'s>, record: &mut Record<'s>, number: u8) -> ServiceGroup {
    if !record.has("block") {
        record.missing(reader, "block", "Internal, Surgical or Other");
    }
    let terms = |reader: &mut Reader<'s>, record: &mut Record<'s>, name: &str| -> GroupTerms {
        record.parsed(reader, name).unwrap_or_default()
    };
    ServiceGroup {
        number,
        name: record.required_text(reader, "name").unwrap_or_default(),
        block: record.choice(reader, "block", &BLOCKS).unwrap_or(GroupBlock::Other),
        site: terms(reader, record, "site"),
        cooperation: terms(reader, record, "cooperation"),
        selection_site: terms(reader, record, "selection_site"),
        selection_cooperation: terms(reader, record, "selection_cooperation"),
        min_specialists: record.count(reader, "min_specialists"),
        elsewhere: record.text(reader, "elsewhere"),
    }
}

/// Reads what is assumed about service groups; `None` when nothing of it can be trusted.
pub(crate) fn read_group_assumptions(reader: &mut Reader<'_>) -> Option<GroupAssumptions> {
    let mut root = reader.root("ServiceGroupAssumptions", Entity::GroupAssumptions)?;
    let source = root.required_text(reader, "source").unwrap_or_default();
    let agreements = root.texts(reader, "agreements");
    let mut offers = Vec::new();
    for raw in root.list(reader, "offers") {
        let entity = Entity::GroupOffer(offers.len());
        let Some(mut record) = reader.record(raw, entity, "offer", "") else { continue };
        if !record.has("group") {
            record.missing(reader, "group", "the number of a service group, such as \"64K\"");
        }
        let Some(group) = record.parsed::<GroupRef>(reader, "group") else { continue };
        record.label = format!("offer of service group {group}");
        let offered_by = if record.has("offered_by") {
            Some(read_requirement_in(reader, &mut record, "offered_by"))
        } else {
            // Asked for, so that `offered_by: None` is no unknown field.
            let _ = record.raw_value("offered_by");
            None
        };
        let unknown = record.text(reader, "unknown");
        let fields = record.texts(reader, "fields");
        let unless = record.values(reader, "unless", "the number of a service group");
        record.finish(reader);
        offers.push(GroupOffer { group, offered_by, unknown, fields, unless });
    }
    root.finish(reader);
    Some(GroupAssumptions { source, agreements, offers })
}
