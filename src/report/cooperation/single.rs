//! What one cooperation is and changes.

use super::protocols::{below_zero, key, keys, notes};
use super::used::{Use, add_used, used_table};
use super::{about, both, counted, hours, people, until};
use crate::impact::{CooperationValue, DoorEffect, Effect, Study};
use crate::model::{Cooperation, CooperationKind, Hours, Parties};
use crate::pathways::Protocol;
use crate::report::document::{Cell, Document, Section, Table};
use crate::report::{caveats, open};

/// What one cooperation changes under the protocol of a study.
#[derive(Debug, Clone)]
pub struct ProtocolValue<'a, 'r> {
    /// The study.
    pub study: &'a Study<'r>,
    /// What it changes; `None` when it can serve no pathway of the study.
    pub value: Option<CooperationValue>,
    /// By pathway: what is lost when it works in these hours only, where that was asked.
    pub limited: Option<(Hours, Vec<Effect>)>,
}

/// What of a cooperation is looked at.
#[derive(Clone, Copy)]
enum State {
    /// It ends.
    Ended,
    /// It ends: until the stage that makes a hospital a door.
    EndedToDoor,
    /// It works in some hours only.
    Limited,
    /// It is the only one.
    Alone,
    /// It is the only one: until the stage that makes a hospital a door.
    AloneToDoor,
}

impl ProtocolValue<'_, '_> {
    /// Cases a year in a pathway that go over it.
    fn cases(&self, pathway: usize) -> f64 {
        self.value.as_ref().map_or(0.0, |value| value.cases[pathway])
    }

    /// What a state changes in a pathway.
    fn effect(&self, state: State, pathway: usize) -> Option<Effect> {
        let effect = match state {
            State::Ended => self.value.as_ref()?.given_others[pathway],
            State::EndedToDoor => self.to_door(pathway)?.given_others,
            State::Limited => self.limited.as_ref()?.1[pathway],
            State::Alone => self.value.as_ref()?.alone[pathway],
            State::AloneToDoor => self.to_door(pathway)?.alone,
        };
        Some(effect)
    }

    /// Whether a state changes anything in a pathway.
    fn is_changed(&self, state: State, pathway: usize) -> bool {
        self.effect(state, pathway).is_some_and(|effect| !effect.is_nothing())
    }

    /// What it changes in a pathway until the stage that makes a hospital a door.
    fn to_door(&self, pathway: usize) -> Option<DoorEffect> {
        self.value.as_ref()?.to_door[pathway]
    }
}

/// Figures of a state under one protocol.
const STATE: [&str; 7] = [
    "cases_over",
    "people_sooner",
    "people_later",
    "people_losing_way",
    "hours_lost",
    "minutes_per_case",
    "most_minutes",
];

/// What one cooperation is and changes: ended, alone, and with other hours; under the protocol of a
/// study, and beside it under another one where that is given.
pub fn cooperation(
    cooperation: &Cooperation,
    lead: &ProtocolValue<'_, '_>,
    beside: Option<&ProtocolValue<'_, '_>>,
) -> Document {
    let protocols = both(lead, beside);
    let studies: Vec<&Study<'_>> = protocols.iter().map(|protocol| protocol.study).collect();
    let title = format!("Cooperation {}", cooperation.key);
    let document = about(open(title, lead.study.region()), &studies).section(Section::new(
        "cooperation",
        "What it is",
        record(cooperation),
    ));

    let values: Vec<&CooperationValue> =
        protocols.iter().filter_map(|protocol| protocol.value.as_ref()).collect();
    if values.is_empty() {
        return document.section(without_effect(cooperation, lead.study));
    }
    let is_used =
        values.iter().any(|value| value.total_cases() > 0.0 || !value.total().is_nothing());
    let document = document
        .section(changes(&protocols, &studies, is_used))
        .section(alone(&protocols, &studies));
    // Nobody goes over it, so it replaces nothing.
    if !is_used {
        return document;
    }

    let mut uses = Vec::new();
    for protocol in &protocols {
        uses.push(Use { study: protocol.study, value: protocol.value.as_ref() });
    }
    let mut used = used_table(&studies);
    add_used(&mut used, &uses, &cooperation.key);
    document.section(
        Section::new("replaces", "What it replaces", used)
            .note("Without it: where most of its patients would go instead, stage by stage."),
    )
}

/// Why a cooperation changes nothing in the pathways of a study.
fn without_effect(cooperation: &Cooperation, study: &Study<'_>) -> Section {
    let mut why = if cooperation.kind.has_effect_on_care() {
        "It serves no stage and no transfer of these pathways, so nobody's time depends on it."
    } else {
        "This kind of cooperation changes nothing in care by itself: it counts in the graph and in reports. What its fields could change once they get terms: verbund cooperation --suggest."
    }
    .to_owned();
    if let Some(unknown) = caveats::on_unknown(study.region().network(), &study.unknown_sites()) {
        why = format!("{why} {unknown}");
    }
    let table = Table::new(&["state", "pathway"]);
    Section::new("changes", "What it changes", table).in_words(why)
}

/// What would change without it.
fn changes(protocols: &[&ProtocolValue<'_, '_>], studies: &[&Study<'_>], is_used: bool) -> Section {
    let section =
        Section::new("changes", "What would change without it", states(protocols, studies));
    let lead = protocols[0];
    if !is_used {
        let limited = lead.limited.as_ref().map_or_else(String::new, |(hours, _)| {
            format!(" So it makes no difference either if it only works {hours}.")
        });
        return section.in_words(format!(
            "Nobody depends on it as things stand: another way is as fast or faster for everybody.{limited}"
        ));
    }

    let mut section = section
        .note("Sooner, later: who is done sooner or later with it than without; who is later in a third of the hours counts as a third. Lost: hours a year that would be lost without it, less what others would gain. Minutes: of a case that is sooner with it. Cases: those that go over it now.")
        .note("Until: the end of this stage.");
    for note in notes(studies) {
        section = section.note(note);
    }
    let mut effects: Vec<Effect> = Vec::new();
    for value in protocols.iter().filter_map(|protocol| protocol.value.as_ref()) {
        effects.extend([value.total(), value.total_alone()]);
    }
    let network = lead.study.region().network();
    section
        .maybe_note(below_zero(&effects))
        .maybe_note(caveats::on_unknown(network, &lead.study.unknown_sites()))
        .note(counted(lead.study))
}

/// What would change in each pathway if it ended, or worked in some hours only.
fn states(protocols: &[&ProtocolValue<'_, '_>], studies: &[&Study<'_>]) -> Table {
    let mut table = state_table(studies);
    add_states(&mut table, protocols, State::Ended, "ended");
    let hours = protocols.iter().find_map(|protocol| protocol.limited.as_ref());
    if let Some((hours, _)) = hours {
        add_states(&mut table, protocols, State::Limited, &format!("only {hours}"));
    }
    table
}

/// Adds a row for each pathway in which a state changes or carries anything, and one until the stage that makes a
/// door where it is known.
fn add_states(table: &mut Table, protocols: &[&ProtocolValue<'_, '_>], state: State, name: &str) {
    let study = protocols[0].study;
    for (index, pathway) in study.pathways().enumerate() {
        let matters = |protocol: &&ProtocolValue<'_, '_>| {
            protocol.is_changed(state, index) || protocol.cases(index) > 0.0
        };
        if !protocols.iter().any(matters) {
            continue;
        }
        let mut row = |until: String, state: State| {
            let mut cells = vec![Cell::text(name), Cell::text(&pathway.key), Cell::text(until)];
            for protocol in protocols {
                let effect = protocol.effect(state, index);
                cells.extend(state_cells(protocol.cases(index), effect.as_ref()));
            }
            table.row(cells);
        };
        row(until(study, pathway), state);
        // Nobody worked out what fewer hours do to the door.
        if let (State::Ended, Some(stage)) = (state, door_stage(protocols, index)) {
            row(pathway.stages[stage].key.clone(), State::EndedToDoor);
        }
    }
}

/// Position of the stage that makes a hospital a door of a pathway, where that is told.
fn door_stage(protocols: &[&ProtocolValue<'_, '_>], pathway: usize) -> Option<usize> {
    let door = protocols.iter().find_map(|protocol| protocol.to_door(pathway));
    door.map(|door| door.stage)
}

/// The table of [`states`].
fn state_table(studies: &[&Study<'_>]) -> Table {
    let mut columns = vec!["state", "pathway", "until"];
    for study in studies {
        columns.extend(keys(&STATE, study.query().protocol));
    }

    let mut table = Table::new(&columns);
    for (position, study) in studies.iter().enumerate() {
        let protocol = study.query().protocol;
        if studies.len() > 1 {
            table = table.details(&keys(&["minutes_per_case", "most_minutes"], protocol));
        }
        if protocol == Protocol::Free {
            table = table.details(&[key("people_later", protocol)]);
        }
        if position > 0 {
            table = table.details(&keys(&["cases_over", "people_losing_way"], protocol));
        }
    }
    table
}

/// The cells of [`STATE`].
fn state_cells(cases: f64, effect: Option<&Effect>) -> Vec<Cell> {
    let Some(effect) = effect else { return vec![Cell::Missing; STATE.len()] };
    vec![
        Cell::Number(cases, 1),
        people(effect.people),
        people(effect.people_later),
        people(effect.people_with_way),
        hours(effect.net_seconds()),
        Cell::maybe_minutes(effect.seconds_per_case()),
        Cell::Minutes(f64::from(effect.most.0)),
    ]
}

/// What it would bring in each pathway if it were the only one.
fn alone(protocols: &[&ProtocolValue<'_, '_>], studies: &[&Study<'_>]) -> Section {
    let heading = "What it would bring if it were the only one";
    let mut columns = vec!["pathway", "until"];
    for study in studies {
        columns.extend(keys(&ALONE, study.query().protocol));
    }
    let mut table = Table::new(&columns);
    for study in studies.iter().filter(|study| study.query().protocol == Protocol::Free) {
        table = table.details(&[key("people_later", study.query().protocol)]);
    }
    let Some(study) = studies.first() else { return Section::new("alone", "", table) };

    for (index, pathway) in study.pathways().enumerate() {
        if !protocols.iter().any(|protocol| protocol.is_changed(State::Alone, index)) {
            continue;
        }
        let mut row = |until: String, state: State| {
            let mut cells = vec![Cell::text(&pathway.key), Cell::text(until)];
            for protocol in protocols {
                cells.extend(alone_cells(protocol.effect(state, index).as_ref()));
            }
            table.row(cells);
        };
        row(until(study, pathway), State::Alone);
        if let Some(stage) = door_stage(protocols, index) {
            row(pathway.stages[stage].key.clone(), State::AloneToDoor);
        }
    }
    Section::new("alone", heading, table)
}

/// Figures of a cooperation as the only one, under one protocol.
const ALONE: [&str; 4] = ["people_sooner", "people_later", "minutes_per_case", "hours_saved_alone"];

/// The cells of [`ALONE`].
fn alone_cells(effect: Option<&Effect>) -> Vec<Cell> {
    let Some(effect) = effect else { return vec![Cell::Missing; ALONE.len()] };
    vec![
        people(effect.people),
        people(effect.people_later),
        Cell::maybe_minutes(effect.seconds_per_case()),
        hours(effect.net_seconds()),
    ]
}

/// What a file says about a cooperation.
fn record(cooperation: &Cooperation) -> Table {
    let mut record = Table::new(&["field", "value", "assumed"]);
    let mut row = |field: &str, value: Option<String>| {
        if let Some(value) = value {
            let assumed = cooperation.assumed.iter().any(|path| path == field);
            record.row(vec![Cell::text(field), Cell::text(value), Cell::Flag(assumed)]);
        }
    };
    row("kind", Some(cooperation.kind.name().to_owned()));
    row("terms", terms(&cooperation.kind));
    match &cooperation.parties {
        Parties::Mutual(partners) => row("partners", Some(partners.join(", "))),
        Parties::Directed { from, to } => {
            row("direction", Some(format!("{from} -> {}", to.join(", "))));
        }
    }
    row("fields", Some(cooperation.fields.join(", ")));
    row("hours", Some(cooperation.hours.to_string()));
    row("since", cooperation.since.map(|date| date.to_string()));
    row("until", cooperation.until.map(|date| date.to_string()));
    row("sources", Some(cooperation.sources.join(", ")));
    row("note", cooperation.note.clone());
    record
}

/// The terms in words; a term that is not known is left out.
fn terms(kind: &CooperationKind) -> Option<String> {
    match kind {
        CooperationKind::Transfer { door_in_door_out, .. } => {
            door_in_door_out.map(|time| format!("door in, door out {time}"))
        }
        CooperationKind::Telemedicine { consult } => {
            consult.map(|time| format!("consultation {time}"))
        }
        CooperationKind::VisitingTeam { call_out } => {
            call_out.map(|time| format!("call-out {time}"))
        }
        CooperationKind::CentralService { turnaround } => {
            turnaround.map(|time| format!("turnaround {time}"))
        }
        _ => None,
    }
}
