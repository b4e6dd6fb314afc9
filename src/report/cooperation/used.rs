//! Where cooperations are used, and what they replace.

use super::protocols::{ProtocolValues, key, keys};
use super::{hours, people, until};
use crate::impact::{CooperationValue, DoorEffect, Effect, Study};
use crate::model::Pathway;
use crate::pathways::Protocol;
use crate::report::document::{Cell, Section, Table};
use crate::report::pathway::way_name;

/// Figures of a cooperation in one pathway under one protocol; what it replaces stands behind those of
/// all protocols.
const FIGURES: [&str; 5] =
    ["cases_over", "hours_saved", "people_sooner", "people_later", "minutes_per_case"];

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
        self.value.is_some_and(|value| {
            value.cases[pathway] > 0.0 || !value.given_others[pathway].is_nothing()
        })
    }
}

/// What each cooperation changes in each pathway that it is used in.
pub(super) fn pathways_used(protocols: &[&ProtocolValues<'_, '_>]) -> Section {
    let studies: Vec<&Study<'_>> = protocols.iter().map(|protocol| protocol.study).collect();
    let mut table = used_table(&studies);
    if let Some(lead) = protocols.first() {
        let cooperations = lead.study.cooperations();
        for value in lead.values {
            let position = value.cooperation;
            let mut uses = Vec::new();
            for protocol in protocols {
                let value = protocol.values.iter().find(|value| value.cooperation == position);
                uses.push(Use { study: protocol.study, value });
            }
            add_used(&mut table, &uses, &cooperations[position].key);
        }
    }
    Section::new("by_pathway", "Where they are used, and what they replace", table)
        .note("Until: the end of this stage. The last one counts above; a row until the stage that makes a hospital a door stands beside it where patients may be handed on for more.")
        .note("Without it: the hospitals, stage by stage, to which most of its patients would go instead.")
}

/// The table of what cooperations change in a pathway, until which stage.
pub(super) fn used_table(studies: &[&Study<'_>]) -> Table {
    let mut columns = vec!["cooperation", "pathway", "until"];
    for study in studies {
        columns.extend(keys(&FIGURES, study.query().protocol));
    }
    for study in studies {
        columns.push(key("replaces", study.query().protocol));
    }

    let mut table = Table::new(&columns);
    for (position, study) in studies.iter().enumerate() {
        let protocol = study.query().protocol;
        if studies.len() > 1 {
            table = table.details(&keys(&["people_sooner", "minutes_per_case"], protocol));
        }
        if position > 0 || protocol == Protocol::Free {
            table = table.details(&[key("people_later", protocol)]);
        }
        if position > 0 {
            table = table.details(&keys(&["cases_over", "replaces"], protocol));
        }
    }
    table
}

/// Adds the rows of a cooperation to [`used_table`]: a row a pathway where it changes or carries
/// anything, and one until the stage that makes a door where that is another one.
pub(super) fn add_used(table: &mut Table, uses: &[Use<'_, '_>], name: &str) {
    let Some(lead) = uses.first() else { return };
    for (index, pathway) in lead.study.pathways().enumerate() {
        if !uses.iter().any(|protocol| protocol.is_of(index)) {
            continue;
        }
        let mut cells = vec![
            Cell::text(name),
            Cell::text(&pathway.key),
            Cell::text(until(lead.study, pathway)),
        ];
        for protocol in uses {
            let value = protocol.value;
            cells.extend(match value {
                Some(value) => figures(value.cases[index], &value.given_others[index]),
                None => vec![Cell::Missing; FIGURES.len()],
            });
        }
        cells.extend(uses.iter().map(|protocol| replaced(protocol, pathway, index)));
        table.row(cells);
        if let Some(cells) = door_row(uses, pathway, index, name) {
            table.row(cells);
        }
    }
}

/// The row until the stage that makes a door of a pathway; `None` where that is the last one anyway.
fn door_row(
    uses: &[Use<'_, '_>],
    pathway: &Pathway,
    index: usize,
    name: &str,
) -> Option<Vec<Cell>> {
    let stage = uses.iter().find_map(|protocol| protocol.to_door(index))?.stage;
    let mut cells =
        vec![Cell::text(name), Cell::text(&pathway.key), Cell::text(&pathway.stages[stage].key)];
    for protocol in uses {
        cells.extend(match (protocol.value, protocol.to_door(index)) {
            (Some(value), Some(door)) => figures(value.cases[index], &door.given_others),
            _ => vec![Cell::Missing; FIGURES.len()],
        });
    }
    // What it replaces stands in the row above.
    cells.extend(vec![Cell::Missing; uses.len()]);
    Some(cells)
}

/// The cells of [`FIGURES`].
fn figures(cases: f64, effect: &Effect) -> Vec<Cell> {
    vec![
        Cell::Number(cases, 1),
        hours(effect.net_seconds()),
        people(effect.people),
        people(effect.people_later),
        Cell::maybe_minutes(effect.seconds_per_case()),
    ]
}

/// Where most patients of a cooperation would go without it, stage by stage.
fn replaced(protocol: &Use<'_, '_>, pathway: &Pathway, index: usize) -> Cell {
    let replacement = protocol.value.and_then(|value| value.replaces[index].as_ref());
    let Some(replacement) = replacement else { return Cell::Missing };
    let network = protocol.study.region().network();
    let mut stops: Vec<String> = Vec::new();
    for (stage, &(hospital, way, partner)) in replacement.route.iter().enumerate() {
        let way = way_name(&pathway.stages[stage].ways[way]);
        let help = partner.map(|partner| format!(" ({way} from {})", network[partner].key));
        let stop = format!("{}{}", network[hospital].key, help.unwrap_or_default());
        // Several stages at one hospital are one stop.
        if stops.last() != Some(&stop) {
            stops.push(stop);
        }
    }
    Cell::text(stops.join(" -> "))
}
