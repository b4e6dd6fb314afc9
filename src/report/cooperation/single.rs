//! What one cooperation is and changes.

use super::protocols::{below_zero, notes};
use super::used::{Use, used_rows, used_table};
use super::{about, both, counted, later, per_case, saved, sooner, until, with_way};
use crate::calendar::Hours;
use crate::comparison::PathwayShift;
use crate::impact::{CooperationValue, DoorEffect, Effect, Study};
use crate::model::{Cooperation, CooperationKind, Parties, StageIndex};
use crate::pathways::Protocol;
use crate::region::Region;
use crate::report::columns::{
    ASSUMED, CASES_OVER_UNDER, FIELD, HOURS_LOST_UNDER, HOURS_SAVED_ALONE_UNDER,
    MINUTES_PER_CASE_UNDER, MOST_MINUTES_UNDER, PATHWAY, PEOPLE_LATER_UNDER,
    PEOPLE_LOSING_WAY_UNDER, PEOPLE_SOONER_UNDER, STATE, UNTIL, VALUE,
};
use crate::report::document::{
    Cell, Document, Hint, Remark, Section, Table, cooperation_of, hospital_of, specialty_of,
};
use crate::report::{self, GainsBy, caveats, open};
use crate::words;

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
        match &self.value {
            Some(value) => value.cases[pathway],
            None => 0.0,
        }
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
        match self.effect(state, pathway) {
            Some(effect) => !effect.is_nothing(),
            None => false,
        }
    }

    /// A figure of what a state changes in a pathway; a dash where it can serve none.
    fn cell(&self, row: &Row<'_>, figure: fn(&Effect) -> Cell) -> Cell {
        match self.effect(row.state, row.index) {
            Some(effect) => figure(&effect),
            None => Cell::Missing,
        }
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
    let region = lead.study.region();
    let document = about(open_of(cooperation, region), &studies).section(Section::new(
        "cooperation",
        "What it is",
        record(cooperation),
    ));

    let values = values(&protocols);
    if values.is_empty() {
        return document.section(without_effect(cooperation, lead.study));
    }

    let is_used =
        values.iter().any(|value| value.total_cases() > 0.0 || !value.total().is_nothing());
    let document =
        document.section(changes(&protocols, &studies, is_used)).section(alone(&protocols));
    // What nobody uses replaces nothing.
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

/// A document about a cooperation: people read its name in the title, too.
fn open_of(cooperation: &Cooperation, region: &Region) -> Document {
    let title = said!("Cooperation {cooperation}", cooperation = cooperation.key);
    open(title, region).about("cooperation", cooperation_of(&cooperation.key))
}

/// What it changes under each protocol under which it can serve a pathway.
fn values<'a>(protocols: &[&'a ProtocolValue<'_, '_>]) -> Vec<&'a CooperationValue> {
    protocols.iter().filter_map(|protocol| protocol.value.as_ref()).collect()
}

/// Who is sooner and later with a cooperation than without, by district or place, in the pathways and under the
/// protocols of these studies. `what` completes the heading: "with it than without it".
pub fn cooperation_gains(
    cooperation: &Cooperation,
    studies: &[&Study<'_>],
    shifts: &[PathwayShift],
    what: &str,
    by: GainsBy,
) -> Document {
    let Some(lead) = studies.first() else { return Document::new(&cooperation.key) };
    let region = lead.region();
    let document = about(open_of(cooperation, region), studies);
    let sections = report::gains(region, shifts, what, Some(by));
    sections.into_iter().fold(document, Document::section)
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
    // It may serve a hospital that is left out only because the data say too little of it.
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
        let limited = match &lead.limited {
            Some((hours, _)) => {
                said!(" So it makes no difference either if it only works {hours}.", hours)
            }
            None => String::new(),
        };
        return section.in_words(said!("Nobody depends on it as things stand: another way is as fast or faster for everybody.{limited}", limited));
    }

    let mut section = section
        .note("Sooner, later: who is done sooner or later with it than without; who is later in a third of the hours counts as a third. Lost: hours a year that would be lost without it, less what others would gain. Minutes: of a case that is sooner with it. Cases: those that go over it now.")
        .note("Until: the end of this stage.");
    for note in notes(studies) {
        section = section.note(note);
    }
    let mut effects: Vec<Effect> = Vec::new();
    for value in values(protocols) {
        effects.extend([value.total(), value.total_alone()]);
    }
    let network = lead.study.region().network();
    section
        .maybe_note(below_zero(&effects))
        .maybe_note(caveats::on_unknown(network, &lead.study.unknown_sites()))
        .note(counted(lead.study))
}

/// A state of a cooperation in one pathway, until a stage.
struct Row<'a> {
    state: State,
    /// The state in words.
    name: Cell,
    /// Position of the pathway in the study, and its key.
    index: usize,
    pathway: &'a str,
    until: String,
}

/// What would change in each pathway if it ended, or worked in some hours only.
fn states(protocols: &[&ProtocolValue<'_, '_>], studies: &[&Study<'_>]) -> Table {
    let mut rows = state_rows(protocols, State::Ended, &Cell::word("ended"));
    let hours = protocols.iter().find_map(|protocol| protocol.limited.as_ref());
    if let Some((hours, _)) = hours {
        rows.extend(state_rows(
            protocols,
            State::Limited,
            &Cell::said(|| said!("only {hours}", hours)),
        ));
    }

    let has_several = studies.len() > 1;
    let mut table = Table::of(rows)
        .column(STATE, |row| row.name.clone())
        .column(PATHWAY, |row| Cell::text(row.pathway))
        .column(UNTIL, |row| Cell::text(&row.until));
    for (position, values) in protocols.iter().enumerate() {
        let protocol = values.study.query().protocol;
        let (is_beside, is_free) = (position > 0, protocol == Protocol::Free);
        let most = |effect: &Effect| Cell::time(effect.most);
        table = table
            .detail_if(is_beside, CASES_OVER_UNDER.under(protocol), |row| {
                // Where it can serve no pathway, 0 would read as counted.
                match values.effect(row.state, row.index) {
                    Some(_) => Cell::number(values.cases(row.index), 1),
                    None => Cell::Missing,
                }
            })
            .column(PEOPLE_SOONER_UNDER.under(protocol), |row| values.cell(row, sooner))
            // By a free choice nobody is later.
            .detail_if(is_free, PEOPLE_LATER_UNDER.under(protocol), |row| values.cell(row, later))
            .detail_if(is_beside, PEOPLE_LOSING_WAY_UNDER.under(protocol), |row| {
                values.cell(row, with_way)
            })
            .column(HOURS_LOST_UNDER.under(protocol), |row| values.cell(row, saved))
            .detail_if(has_several, MINUTES_PER_CASE_UNDER.under(protocol), |row| {
                values.cell(row, per_case)
            })
            .detail_if(has_several, MOST_MINUTES_UNDER.under(protocol), |row| {
                values.cell(row, most)
            });
    }
    table.build()
}

/// A row for each pathway in which a state changes or carries anything, and one until the stage that makes a
/// door where it is known.
fn state_rows<'a>(protocols: &[&ProtocolValue<'a, '_>], state: State, name: &Cell) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let study = protocols[0].study;
    for (index, pathway) in study.pathways().enumerate() {
        // Patients may go over it though another way is as fast: a row says that nobody loses by its end.
        let matters = |protocol: &&ProtocolValue<'_, '_>| {
            protocol.is_changed(state, index) || protocol.cases(index) > 0.0
        };
        if !protocols.iter().any(matters) {
            continue;
        }

        let row = |until: String, state: State| Row {
            state,
            name: name.clone(),
            index,
            pathway: &pathway.key,
            until,
        };
        rows.push(row(until(study, pathway), state));
        // Nobody worked out what fewer hours do to the door.
        if let (State::Ended, Some(stage)) = (state, door_stage(protocols, index)) {
            rows.push(row(pathway[stage].key.clone(), State::EndedToDoor));
        }
    }
    rows
}

/// The stage that makes a hospital a door of a pathway, where that is told.
fn door_stage(protocols: &[&ProtocolValue<'_, '_>], pathway: usize) -> Option<StageIndex> {
    let door = protocols.iter().find_map(|protocol| protocol.to_door(pathway))?;
    Some(door.stage)
}

/// What it would bring in each pathway if it were the only one.
fn alone(protocols: &[&ProtocolValue<'_, '_>]) -> Section {
    let mut rows = Vec::new();
    let study = protocols[0].study;
    for (index, pathway) in study.pathways().enumerate() {
        if !protocols.iter().any(|protocol| protocol.is_changed(State::Alone, index)) {
            continue;
        }
        let row = |until: String, state: State| Row {
            state,
            name: Cell::Missing,
            index,
            pathway: &pathway.key,
            until,
        };
        rows.push(row(until(study, pathway), State::Alone));
        if let Some(stage) = door_stage(protocols, index) {
            rows.push(row(pathway[stage].key.clone(), State::AloneToDoor));
        }
    }

    let mut table = Table::of(rows)
        .column(PATHWAY, |row| Cell::text(row.pathway))
        .column(UNTIL, |row| Cell::text(&row.until));
    for values in protocols {
        let protocol = values.study.query().protocol;
        let is_free = protocol == Protocol::Free;
        table = table
            .column(PEOPLE_SOONER_UNDER.under(protocol), |row| values.cell(row, sooner))
            .detail_if(is_free, PEOPLE_LATER_UNDER.under(protocol), |row| values.cell(row, later))
            .column(MINUTES_PER_CASE_UNDER.under(protocol), |row| values.cell(row, per_case))
            .column(HOURS_SAVED_ALONE_UNDER.under(protocol), |row| values.cell(row, saved));
    }
    Section::new("alone", "What it would bring if it were the only one", table.build())
}

/// What a file says about a cooperation.
fn record(cooperation: &Cooperation) -> Table {
    let mut rows: Vec<(&'static str, Cell)> = Vec::new();
    // What a file does not say has no row: an empty one would look like a value that is known to be none.
    let mut row = |field, value: Option<Cell>| {
        if let Some(value) = value {
            rows.push((field, value));
        }
    };
    row("kind", Some(Cell::word(cooperation.kind.name())));
    row("terms", terms(&cooperation.kind));
    match &cooperation.parties {
        Parties::Mutual(partners) => row("partners", Some(Cell::told(|| hospitals(partners)))),
        Parties::Directed { from, to } => {
            let direction = || format!("{} -> {}", hospital_of(from), hospitals(to).join(", "));
            row("direction", Some(Cell::said(direction)));
        }
    }
    let fields = || cooperation.fields.iter().map(|key| specialty_of(key)).collect();
    row("fields", Some(Cell::told(fields)));
    row("hours", Some(Cell::said(|| cooperation.hours.in_print())));
    row("since", cooperation.since.map(Cell::day));
    row("until", cooperation.until.map(Cell::day));
    row("sources", Some(Cell::text(cooperation.sources.join(", "))));
    row("note", cooperation.note.as_ref().map(Cell::text));

    Table::of(rows)
        .column(FIELD, |(field, _)| Cell::word(field))
        .column(VALUE, |(_, value)| value.clone())
        .column(ASSUMED, |(field, _)| {
            Cell::flag(cooperation.assumed.iter().any(|path| path == field))
        })
        .build()
}

/// Hospitals in a sentence.
fn hospitals(keys: &[String]) -> Vec<String> {
    keys.iter().map(|key| hospital_of(key)).collect()
}

/// The terms in words; a term that is not known is left out.
fn terms(kind: &CooperationKind) -> Option<Cell> {
    let (term, time) = match kind {
        CooperationKind::Transfer { door_in_door_out, .. } => {
            ("door in, door out", *door_in_door_out)
        }
        CooperationKind::Telemedicine { consult } => ("consultation", *consult),
        CooperationKind::VisitingTeam { call_out } => ("call-out", *call_out),
        CooperationKind::CentralService { turnaround } => ("turnaround", *turnaround),
        // Other kinds have terms of other sorts, or none: no time that a line of the record could tell.
        _ => return None,
    };
    let time = time?;
    Some(Cell::said(|| format!("{} {time}", words::of(term))))
}
