//! Cooperations that can stand in for each other.

use super::protocols::ProtocolValues;
use super::{later, per_case, saved, sooner, until, with_way};
use crate::impact::{CooperationGroup, Effect, ToDoor};
use crate::model::Pathway;
use crate::report::columns::{
    COOPERATIONS, COUNT, HOURS_SAVED_UNDER, MINUTES_PER_CASE_UNDER, PATHWAY, PEOPLE_LATER_UNDER,
    PEOPLE_SOONER_UNDER, PEOPLE_WITH_WAY_UNDER, UNTIL, WHAT,
};
use crate::report::document::{Cell, Section, Table, hospital_of};
use crate::words;

/// What a group is called: a kind as a whole, or those that serve one hospital.
fn name(group: &CooperationGroup) -> String {
    let (key, kind) = (group.kind, words::of(group.kind));
    match &group.hospital {
        None => said!("all {kind}", kind),
        Some(hospital) if key == "Transfer" => {
            said!("{kind} from {hospital}", kind, hospital = hospital_of(hospital))
        }
        Some(hospital) => said!("{kind} to {hospital}", kind, hospital = hospital_of(hospital)),
    }
}

/// Where cooperations cost more time than they save under a protocol: by pathway and until which stage;
/// `None` where none do.
pub(super) fn costs(protocol: &ProtocolValues<'_, '_>) -> Option<Section> {
    let study = protocol.study;
    let mut rows = Vec::new();
    for group in protocol.groups {
        // What saves time on the whole needs no explanation, whatever it costs in one pathway.
        if group.total().net_seconds() >= 0.0 {
            continue;
        }
        for (index, pathway) in study.pathways().enumerate() {
            let effect = &group.effects[index];
            if effect.is_nothing() {
                continue;
            }
            rows.push(Cost { group, pathway, until: until(study, pathway), effect });
            // The loss until the last stage is the price of a gain until the door's, which stands beside it.
            if let Some(ToDoor { stage, effect }) = &group.to_door[index] {
                let door = pathway[*stage].key.clone();
                rows.push(Cost { group, pathway, until: door, effect });
            }
        }
    }
    if rows.is_empty() {
        return None;
    }

    let under = study.query().protocol;
    let table = Table::of(rows)
        .column(WHAT, |row| Cell::said(|| name(row.group)))
        .column(PATHWAY, |row| Cell::text(&row.pathway.key))
        .column(UNTIL, |row| Cell::text(&row.until))
        .column(HOURS_SAVED_UNDER.under(under), |row| saved(row.effect))
        .column(PEOPLE_SOONER_UNDER.under(under), |row| sooner(row.effect))
        .column(PEOPLE_LATER_UNDER.under(under), |row| later(row.effect))
        .column(MINUTES_PER_CASE_UNDER.under(under), |row| per_case(row.effect))
        .build();
    Some(Section::new("costs", "What costs more time than it saves, and where", table).note(
        "A link that makes a hospital the nearest door: patients who are done there are sooner by the longer journey and later by the consultation; patients who need more are handed on. Until: the end of this stage; only the last one of a pathway counts above.",
    ))
}

/// What a group costs in a pathway, until a stage.
struct Cost<'a> {
    group: &'a CooperationGroup,
    pathway: &'a Pathway,
    until: String,
    effect: &'a Effect,
}

/// What cooperations bring that can stand in for each other: a kind as a whole, and those of one
/// kind that serve the same hospital.
pub(super) fn together(protocols: &[&ProtocolValues<'_, '_>]) -> Section {
    let Some(lead) = protocols.first() else {
        return Section::new("together", "", Table::empty(&[WHAT]));
    };
    // Studies of the same pathways have the same groups: by position, those of the lead in the order of their sums.
    let mut order: Vec<usize> = (0..lead.groups.len()).collect();
    // A group of one is a cooperation, which has a row of its own in the table above.
    order.retain(|index| lead.groups[*index].members.len() > 1);
    let lead_seconds = |index: usize| lead.groups[index].total().net_seconds();
    order.sort_by(|a, b| lead_seconds(*b).total_cmp(&lead_seconds(*a)));

    let mut table = Table::of(order)
        .column(WHAT, |index| Cell::said(|| name(&lead.groups[*index])))
        .column(COUNT, |index| Cell::count(lead.groups[*index].members.len()));
    for (position, protocol) in protocols.iter().enumerate() {
        let under = protocol.study.query().protocol;
        let is_beside = position > 0;
        let total = |index: &usize| protocol.groups[*index].total();
        // Of the protocol beside, a screen has room for the hours only.
        table = table
            .column(HOURS_SAVED_UNDER.under(under), |index| saved(&total(index)))
            .detail_if(is_beside, PEOPLE_SOONER_UNDER.under(under), |index| sooner(&total(index)))
            .detail_if(is_beside, PEOPLE_LATER_UNDER.under(under), |index| later(&total(index)))
            .detail_if(is_beside, MINUTES_PER_CASE_UNDER.under(under), |index| {
                per_case(&total(index))
            })
            .detail_if(is_beside, PEOPLE_WITH_WAY_UNDER.under(under), |index| {
                with_way(&total(index))
            });
    }
    let table = table
        .detail(COOPERATIONS, |index| {
            let members = &lead.groups[*index].members;
            Cell::list(members.iter().map(|id| &lead.study.cooperation(*id).key))
        })
        .build();
    let section = Section::new("together", "What they bring that can stand in for each other", table)
        .note("If all of a row ended at once: where two cooperations do the same, the end of one alone costs nothing.");
    stand_ins(protocols).into_iter().fold(section, Section::note)
}

/// Kinds of which each cooperation alone is worth nothing, given the others, and all together are not.
fn stand_ins(protocols: &[&ProtocolValues<'_, '_>]) -> Vec<String> {
    let mut told = Vec::new();
    let Some(lead) = protocols.first() else { return told };
    for (index, group) in lead.groups.iter().enumerate() {
        if group.hospital.is_some() || group.members.len() < 2 {
            continue;
        }
        let mut together = Vec::new();
        for protocol in protocols {
            let is_alone_nothing = protocol.values.iter().all(|value| {
                !group.members.contains(&value.cooperation)
                    || value.total().net_seconds().abs() < 1.0
            });
            let total = protocol.groups[index].total();
            if is_alone_nothing && total.net_seconds().abs() >= 1.0 {
                let hours = saved(&total).display();
                together.push(said!(
                    "{hours} hours ({protocol})",
                    hours,
                    protocol = protocol.study.query().protocol.label()
                ));
            }
        }
        if !together.is_empty() {
            told.push(said!("All {members} of kind {kind} together save {together}; each of them alone, given the others, 0.0: for each hospital another \
                 one does the same.", members = group.members.len(), kind = words::of(group.kind), together = together.join(&words::of(" and "))));
        }
    }
    told
}
