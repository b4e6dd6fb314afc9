//! Where cooperations are used, and what they replace.

use super::protocols::ProtocolValues;
use super::{later, per_case, saved, sooner, until};
use crate::impact::{CooperationValue, DoorEffect, Effect, Study};
use crate::model::Pathway;
use crate::pathways::{Protocol, StageStop};
use crate::report::columns::{
    CASES_OVER_UNDER, COOPERATION, HOURS_SAVED_UNDER, MINUTES_PER_CASE_UNDER, PATHWAY,
    PEOPLE_LATER_UNDER, PEOPLE_SOONER_UNDER, REPLACES_UNDER, UNTIL,
};
use crate::report::document::{Cell, Section, Table, hospital_of};
use crate::report::pathway::way_name;
use crate::words;

/// What one cooperation changes under the protocol of a study; no value where it can serve no pathway.
#[derive(Clone, Copy)]
pub(super) struct Use<'a, 'r> {
    pub(super) study: &'a Study<'r>,
    pub(super) value: Option<&'a CooperationValue>,
}

impl Use<'_, '_> {
    /// What it changes in a pathway until the stage that makes a hospital a door.
    fn to_door(self, pathway: usize) -> Option<DoorEffect> {
        self.value?.to_door[pathway]
    }

    /// Whether it changes or carries anything in a pathway.
    fn is_of(&self, pathway: usize) -> bool {
        let Some(value) = self.value else { return false };
        value.cases[pathway] > 0.0 || !value.given_others[pathway].is_nothing()
    }
}

/// What each cooperation changes in each pathway that it is used in.
pub(super) fn pathways_used(protocols: &[&ProtocolValues<'_, '_>]) -> Section {
    let studies: Vec<&Study<'_>> = protocols.iter().map(|protocol| protocol.study).collect();
    let mut rows = Vec::new();
    if let Some(lead) = protocols.first() {
        for value in lead.values {
            let id = value.cooperation;
            let mut uses = Vec::new();
            for protocol in protocols {
                let value = protocol.values.iter().find(|value| value.cooperation == id);
                uses.push(Use { study: protocol.study, value });
            }
            rows.extend(used_rows(&uses, &lead.study.cooperation(id).key));
        }
    }
    let table = used_table(rows, &studies);
    Section::new("by_pathway", "Where they are used, and what they replace", table)
        .note("Until: the end of this stage. The last one counts above; a row until the stage that makes a hospital a door stands beside it where patients may be handed on for more.")
        .note("Without it: the hospitals, stage by stage, to which most of its patients would go instead.")
}

/// What a cooperation changes in a pathway, until a stage.
pub(super) struct Used {
    cooperation: String,
    pathway: String,
    until: String,
    /// By protocol; `None` where it can serve no pathway.
    effects: Vec<Option<UsedEffect>>,
    /// By protocol: where most of its patients would go without it.
    replaces: Vec<Cell>,
}

/// What a cooperation carries and changes in a pathway under one protocol.
#[derive(Clone, Copy)]
struct UsedEffect {
    /// Cases a year that go over it.
    cases: f64,
    effect: Effect,
}

/// The table of what cooperations change in a pathway, until which stage. What they replace stands behind the figures
/// of all protocols.
pub(super) fn used_table(rows: Vec<Used>, studies: &[&Study<'_>]) -> Table {
    let has_several = studies.len() > 1;
    let mut table = Table::of(rows)
        .column(COOPERATION, |row| Cell::text(&row.cooperation))
        .column(PATHWAY, |row| Cell::text(&row.pathway))
        .column(UNTIL, |row| Cell::text(&row.until));

    for (position, study) in studies.iter().enumerate() {
        let protocol = study.query().protocol;
        let is_beside = position > 0;
        let effect = |row: &Used, figure: fn(&Effect) -> Cell| match &row.effects[position] {
            Some(used) => figure(&used.effect),
            None => Cell::Missing,
        };
        table = table
            .detail_if(is_beside, CASES_OVER_UNDER.under(protocol), |row| {
                Cell::maybe_number(row.effects[position].map(|used| used.cases), 1)
            })
            .column(HOURS_SAVED_UNDER.under(protocol), |row| effect(row, saved))
            .detail_if(has_several, PEOPLE_SOONER_UNDER.under(protocol), |row| effect(row, sooner))
            // By a free choice nobody is later.
            .detail_if(
                is_beside || protocol == Protocol::Free,
                PEOPLE_LATER_UNDER.under(protocol),
                |row| effect(row, later),
            )
            .detail_if(has_several, MINUTES_PER_CASE_UNDER.under(protocol), |row| {
                effect(row, per_case)
            });
    }
    for (position, study) in studies.iter().enumerate() {
        let column = REPLACES_UNDER.under(study.query().protocol);
        table = table.detail_if(position > 0, column, |row| row.replaces[position].clone());
    }
    table.build()
}

/// The rows of a cooperation in [`used_table`]: one a pathway where it changes or carries anything, and one until
/// the stage that makes a door where that is another one.
pub(super) fn used_rows(uses: &[Use<'_, '_>], cooperation: &str) -> Vec<Used> {
    let mut rows = Vec::new();
    let Some(lead) = uses.first() else { return rows };

    for (index, pathway) in lead.study.pathways().enumerate() {
        if !uses.iter().any(|protocol| protocol.is_of(index)) {
            continue;
        }

        let mut effects = Vec::new();
        let mut replaces = Vec::new();
        for protocol in uses {
            effects.push(protocol.value.map(|value| UsedEffect {
                cases: value.cases[index],
                effect: value.given_others[index],
            }));
            replaces.push(replaced(protocol, pathway, index));
        }
        rows.push(Used {
            cooperation: cooperation.to_owned(),
            pathway: pathway.key.clone(),
            until: until(lead.study, pathway),
            effects,
            replaces,
        });
        rows.extend(door_row(uses, pathway, index, cooperation));
    }
    rows
}

/// The row until the stage that makes a door of a pathway; `None` where that is the last one anyway.
fn door_row(
    uses: &[Use<'_, '_>],
    pathway: &Pathway,
    index: usize,
    cooperation: &str,
) -> Option<Used> {
    let stage = uses.iter().find_map(|protocol| protocol.to_door(index))?.stage;

    let mut effects = Vec::new();
    for protocol in uses {
        effects.push(match (protocol.value, protocol.to_door(index)) {
            (Some(value), Some(door)) => {
                Some(UsedEffect { cases: value.cases[index], effect: door.given_others })
            }
            // A free choice goes where the last stage is done first: it has no stage of the door.
            _ => None,
        });
    }
    Some(Used {
        cooperation: cooperation.to_owned(),
        pathway: pathway.key.clone(),
        until: pathway[stage].key.clone(),
        effects,
        // What it replaces stands in the row above.
        replaces: vec![Cell::Missing; uses.len()],
    })
}

/// Where most patients of a cooperation would go without it, stage by stage.
fn replaced(protocol: &Use<'_, '_>, pathway: &Pathway, index: usize) -> Cell {
    let Some(value) = protocol.value else { return Cell::Missing };
    // Nobody uses it, or nobody who does has another way.
    let Some(replacement) = &value.replaces[index] else { return Cell::Missing };
    Cell::said(|| route_in_words(protocol, pathway, &replacement.route))
}

/// The hospitals of a route, stage by stage, and who helps.
fn route_in_words(protocol: &Use<'_, '_>, pathway: &Pathway, route: &[StageStop]) -> String {
    let network = protocol.study.region().network();
    let mut stops: Vec<String> = Vec::new();
    for (stage, stop) in pathway.stages.iter().zip(route) {
        let hospital = hospital_of(&network[stop.hospital].key);
        let stop = match stop.partner {
            Some(partner) => {
                let way = words::of(way_name(&stage[stop.way]));
                said!(
                    "{hospital} ({way} from {partner})",
                    hospital,
                    way,
                    partner = hospital_of(&network[partner].key)
                )
            }
            None => hospital.clone(),
        };
        // Several stages at one hospital are one stop.
        if stops.last() != Some(&stop) {
            stops.push(stop);
        }
    }
    stops.join(" -> ")
}
