//! Cooperations that can stand in for each other.

use super::protocols::{ProtocolValues, keys};
use super::{hours, people, until};
use crate::impact::{CooperationGroup, Effect};
use crate::model::Pathway;
use crate::report::document::{Cell, Section, Table};

/// What a group is called: a kind as a whole, or those that serve one hospital.
fn name(group: &CooperationGroup) -> String {
    let kind = group.kind;
    match &group.hospital {
        None => format!("all {kind}"),
        Some(hospital) if kind == "Transfer" => format!("{kind} from {hospital}"),
        Some(hospital) => format!("{kind} to {hospital}"),
    }
}

/// Where cooperations cost more time than they save under a protocol: by pathway and until which stage;
/// `None` where none do.
pub(super) fn costs(protocol: &ProtocolValues<'_, '_>) -> Option<Section> {
    const FIGURES: [&str; 4] = ["hours_saved", "people_sooner", "people_later", "minutes_per_case"];
    let study = protocol.study;
    let mut columns = vec!["what", "pathway", "until"];
    columns.extend(keys(&FIGURES, study.query().protocol));
    let mut table = Table::new(&columns);
    for group in protocol.groups {
        if group.total().net_seconds() >= 0.0 {
            continue;
        }
        for (index, pathway) in study.pathways().enumerate() {
            let effect = &group.effects[index];
            if effect.is_nothing() {
                continue;
            }
            table.row(cost_row(group, pathway, until(study, pathway), effect));
            if let Some((stage, effect)) = &group.to_door[index] {
                let door = pathway.stages[*stage].key.clone();
                table.row(cost_row(group, pathway, door, effect));
            }
        }
    }

    if table.rows().is_empty() {
        return None;
    }
    Some(Section::new("costs", "What costs more time than it saves, and where", table).note(
        "A link that makes a hospital the nearest door: patients who are done there are sooner by the longer journey and later by the consultation; patients who need more are handed on. Until: the end of this stage; only the last one of a pathway counts above.",
    ))
}

fn cost_row(
    group: &CooperationGroup,
    pathway: &Pathway,
    until: String,
    effect: &Effect,
) -> Vec<Cell> {
    vec![
        Cell::text(name(group)),
        Cell::text(&pathway.key),
        Cell::text(until),
        hours(effect.net_seconds()),
        people(effect.people),
        people(effect.people_later),
        Cell::maybe_minutes(effect.seconds_per_case()),
    ]
}

/// What cooperations bring that can stand in for each other: a kind as a whole, and those of one
/// kind that serve the same hospital.
pub(super) fn together(protocols: &[&ProtocolValues<'_, '_>]) -> Section {
    const FIGURES: [&str; 5] =
        ["hours_saved", "people_sooner", "people_later", "minutes_per_case", "people_with_way"];
    let Some(lead) = protocols.first() else {
        return Section::new("together", "", Table::new(&["what"]));
    };
    let mut columns = vec!["what", "count"];
    for protocol in protocols {
        columns.extend(keys(&FIGURES, protocol.study.query().protocol));
    }
    columns.push("cooperations");
    let mut table = Table::new(&columns).details(&["cooperations"]);
    for protocol in &protocols[1..] {
        let beside = protocol.study.query().protocol;
        table = table.details(&keys(&FIGURES[1..], beside));
    }

    // Studies of the same pathways have the same groups: by position, those of the lead in the order of their sums.
    let mut order: Vec<usize> = Vec::new();
    for (index, group) in lead.groups.iter().enumerate() {
        if group.members.len() > 1 {
            order.push(index);
        }
    }
    let saved = |index: usize| lead.groups[index].total().net_seconds();
    order.sort_by(|a, b| saved(*b).total_cmp(&saved(*a)));
    for index in order {
        table.row(together_row(protocols, index));
    }
    Section::new("together", "What they bring that can stand in for each other", table)
        .note("If all of a row ended at once: where two cooperations do the same, the end of one alone costs nothing.")
}

fn together_row(protocols: &[&ProtocolValues<'_, '_>], index: usize) -> Vec<Cell> {
    let lead = protocols[0];
    let group = &lead.groups[index];
    let mut cells = vec![Cell::text(name(group)), Cell::Count(group.members.len() as u64)];
    for protocol in protocols {
        let total = protocol.groups[index].total();
        cells.extend([
            hours(total.net_seconds()),
            people(total.people),
            people(total.people_later),
            Cell::maybe_minutes(total.seconds_per_case()),
            people(total.people_with_way),
        ]);
    }

    let cooperations = lead.study.cooperations();
    let mut members = Vec::new();
    for member in &group.members {
        members.push(cooperations[*member].key.clone());
    }
    cells.push(Cell::List(members));
    cells
}
