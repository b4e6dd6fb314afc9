//! What one cooperation is and changes.

use super::protocols::{below_zero, notes};
use super::used::{Use, used_rows, used_table};
use super::{about, both, counted, later, per_case, saved, sooner, until, with_way};
use crate::impact::{CooperationValue, DoorEffect, Effect, Study};
use crate::model::{Cooperation, CooperationKind, Hours, Parties};
use crate::pathways::Protocol;
use crate::report::columns::{
    ASSUMED, CASES_OVER_UNDER, FIELD, HOURS_LOST_UNDER, HOURS_SAVED_ALONE_UNDER,
    MINUTES_PER_CASE_UNDER, MOST_MINUTES_UNDER, PATHWAY, PEOPLE_LATER_UNDER,
    PEOPLE_LOSING_WAY_UNDER, PEOPLE_SOONER_UNDER, STATE, UNTIL, VALUE,
};
use crate::report::document::{Cell, Document, Hint, Remark, Section, Table};
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

impl ProtocolValue<'_, '_> {
    /// Cases a year in a pathway that go over it.
    fn cases(&self, pathway: usize) -> f64 {
        self.value.as_ref().map_or(0.0, |value| value.cases[pathway])
    }

    /// What is lost in a pathway if it ends.
    fn ended(&self, pathway: usize) -> Option<Effect> {
        self.value.as_ref().map(|value| value.given_others[pathway])
    }

    /// What is lost in a pathway if it works in some hours only.
    fn limited(&self, pathway: usize) -> Option<Effect> {
        self.limited.as_ref().map(|(_, effects)| effects[pathway])
    }

    /// What it would save in a pathway as the only one.
    fn alone(&self, pathway: usize) -> Option<Effect> {
        self.value.as_ref().map(|value| value.alone[pathway])
    }

    /// What it changes in a pathway until the stage that makes a hospital a door.
    fn to_door(&self, pathway: usize) -> Option<DoorEffect> {
        self.value.as_ref()?.to_door[pathway]
    }
}

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
    if !is_used {
        return document;
    }

    let mut uses = Vec::new();
    for protocol in &protocols {
        uses.push(Use { study: protocol.study, value: protocol.value.as_ref() });
    }
    let used = used_table(used_rows(&uses, &cooperation.key), &studies);
    document.section(
        Section::new("replaces", "What it replaces", used)
            .note("Without it: where most of its patients would go instead, stage by stage."),
    )
}

/// Why a cooperation changes nothing in the pathways of a study.
fn without_effect(cooperation: &Cooperation, study: &Study<'_>) -> Section {
    let mut why = if cooperation.kind.has_effect_on_care() {
        Remark::from(
            "It serves no stage and no transfer of these pathways, so nobody's time depends on it.",
        )
    } else {
        let why = "This kind of cooperation changes nothing in care by itself: it counts in the graph and in reports.";
        Remark::from(why).hint(Hint::SuggestTerms)
    };
    if let Some(unknown) = caveats::on_unknown(study.region().network(), &study.unknown_sites()) {
        why.push(format!(" {unknown}"));
    }
    let table = Table::empty(&[STATE, PATHWAY]);
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
    let mut rows = Vec::new();
    let Some(study) = studies.first() else { return state_table(rows, studies) };
    for (index, pathway) in study.pathways().enumerate() {
        let ended: Vec<Option<Effect>> =
            protocols.iter().map(|protocol| protocol.ended(index)).collect();
        if !changes_in(protocols, index, &ended) {
            continue;
        }
        let cases: Vec<f64> = protocols.iter().map(|protocol| protocol.cases(index)).collect();
        let state = |until: String, effects: Vec<Option<Effect>>| State {
            state: "ended".to_owned(),
            pathway: &pathway.key,
            until,
            cases: cases.clone(),
            effects,
        };
        rows.push(state(until(study, pathway), ended));
        if let Some(door) = protocols.iter().find_map(|protocol| protocol.to_door(index)) {
            let mut to_door = Vec::new();
            for protocol in protocols {
                to_door.push(protocol.to_door(index).map(|door| door.given_others));
            }
            rows.push(state(pathway.stages[door.stage].key.clone(), to_door));
        }
    }

    let hours = protocols.iter().find_map(|protocol| protocol.limited.as_ref());
    let Some((hours, _)) = hours else { return state_table(rows, studies) };
    for (index, pathway) in study.pathways().enumerate() {
        let limited: Vec<Option<Effect>> =
            protocols.iter().map(|protocol| protocol.limited(index)).collect();
        if changes_in(protocols, index, &limited) {
            rows.push(State {
                state: format!("only {hours}"),
                pathway: &pathway.key,
                until: until(study, pathway),
                cases: protocols.iter().map(|protocol| protocol.cases(index)).collect(),
                effects: limited,
            });
        }
    }
    state_table(rows, studies)
}

/// Whether a state changes or carries anything in a pathway.
fn changes_in(
    protocols: &[&ProtocolValue<'_, '_>],
    pathway: usize,
    effects: &[Option<Effect>],
) -> bool {
    effects.iter().flatten().any(|effect| !effect.is_nothing())
        || protocols.iter().any(|protocol| protocol.cases(pathway) > 0.0)
}

/// A state in one pathway, until a stage.
struct State<'a> {
    /// In words.
    state: String,
    /// Key of the pathway.
    pathway: &'a str,
    until: String,
    /// By protocol: cases a year that go over the cooperation.
    cases: Vec<f64>,
    /// By protocol: what is lost.
    effects: Vec<Option<Effect>>,
}

/// The table of [`states`].
fn state_table(rows: Vec<State<'_>>, studies: &[&Study<'_>]) -> Table {
    let has_several = studies.len() > 1;
    let mut table = Table::of(rows)
        .column(STATE, |row| Cell::text(&row.state))
        .column(PATHWAY, |row| Cell::text(row.pathway))
        .column(UNTIL, |row| Cell::text(&row.until));
    for (position, study) in studies.iter().enumerate() {
        let protocol = study.query().protocol;
        let (is_beside, is_free) = (position > 0, protocol == Protocol::Free);
        let cell = |row: &State<'_>, figure: fn(&Effect) -> Cell| {
            row.effects[position].as_ref().map_or(Cell::Missing, figure)
        };
        let most = |effect: &Effect| Cell::time(effect.most);
        table = table
            .detail_if(is_beside, CASES_OVER_UNDER.under(protocol), |row| {
                Cell::maybe_number(row.effects[position].map(|_| row.cases[position]), 1)
            })
            .column(PEOPLE_SOONER_UNDER.under(protocol), |row| cell(row, sooner))
            // By a free choice nobody is later.
            .detail_if(is_free, PEOPLE_LATER_UNDER.under(protocol), |row| cell(row, later))
            .detail_if(is_beside, PEOPLE_LOSING_WAY_UNDER.under(protocol), |row| {
                cell(row, with_way)
            })
            .column(HOURS_LOST_UNDER.under(protocol), |row| cell(row, saved))
            .detail_if(has_several, MINUTES_PER_CASE_UNDER.under(protocol), |row| {
                cell(row, per_case)
            })
            .detail_if(has_several, MOST_MINUTES_UNDER.under(protocol), |row| cell(row, most));
    }
    table.build()
}

/// What a cooperation would bring in a pathway as the only one, until a stage; by protocol.
struct Alone<'a> {
    pathway: &'a str,
    until: String,
    effects: Vec<Option<Effect>>,
}

/// What it would bring in each pathway if it were the only one.
fn alone(protocols: &[&ProtocolValue<'_, '_>], studies: &[&Study<'_>]) -> Section {
    let mut rows = Vec::new();
    let pathways = studies.first().into_iter().flat_map(|study| study.pathways());
    for (index, pathway) in pathways.enumerate() {
        let effects: Vec<Option<Effect>> =
            protocols.iter().map(|protocol| protocol.alone(index)).collect();
        if !effects.iter().flatten().any(|effect| !effect.is_nothing()) {
            continue;
        }
        rows.push(Alone { pathway: &pathway.key, until: until(studies[0], pathway), effects });
        if let Some(door) = protocols.iter().find_map(|protocol| protocol.to_door(index)) {
            let mut to_door = Vec::new();
            for protocol in protocols {
                to_door.push(protocol.to_door(index).map(|door| door.alone));
            }
            let until = pathway.stages[door.stage].key.clone();
            rows.push(Alone { pathway: &pathway.key, until, effects: to_door });
        }
    }

    let mut table = Table::of(rows)
        .column(PATHWAY, |row| Cell::text(row.pathway))
        .column(UNTIL, |row| Cell::text(&row.until));
    for (position, study) in studies.iter().enumerate() {
        let protocol = study.query().protocol;
        let is_free = protocol == Protocol::Free;
        let cell = |row: &Alone<'_>, figure: fn(&Effect) -> Cell| {
            row.effects[position].as_ref().map_or(Cell::Missing, figure)
        };
        table = table
            .column(PEOPLE_SOONER_UNDER.under(protocol), |row| cell(row, sooner))
            .detail_if(is_free, PEOPLE_LATER_UNDER.under(protocol), |row| cell(row, later))
            .column(MINUTES_PER_CASE_UNDER.under(protocol), |row| cell(row, per_case))
            .column(HOURS_SAVED_ALONE_UNDER.under(protocol), |row| cell(row, saved));
    }
    Section::new("alone", "What it would bring if it were the only one", table.build())
}

/// What a file says about a cooperation.
fn record(cooperation: &Cooperation) -> Table {
    let mut rows: Vec<(&str, String)> = Vec::new();
    let mut row = |field, value: Option<String>| rows.extend(value.map(|value| (field, value)));
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
    Table::of(rows)
        .column(FIELD, |(field, _)| Cell::text(*field))
        .column(VALUE, |(_, value)| Cell::text(value))
        .column(ASSUMED, |(field, _)| {
            Cell::flag(cooperation.assumed.iter().any(|path| path == field))
        })
        .build()
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
