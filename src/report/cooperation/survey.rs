//! Every kind of cooperation in every field: what brings anything, and why the rest does not.

use super::protocols::{below_zero, notes};
use super::{about, counted, later, saved, sooner};
use crate::impact::{CandidateKind, Effect, Study, Survey, SurveyedKind, WhyNot};
use crate::report::columns::{
    COUNT, FIELD, FROM, HOURS_SAVED_UNDER, INSTEAD_COUNT, KIND, PAIRS, PEOPLE_LATER_UNDER,
    PEOPLE_SOONER_UNDER, RANK, SAVING_PAIRS, TO, WHY,
};
use crate::report::document::{Cell, Document, Hint, Remark, Section, Table};
use crate::report::open;
use crate::units::grouped;

/// What new cooperations of every kind in every field would bring, by studies of the protocols, the leading one first.
pub fn survey(found: &Survey, studies: &[&Study<'_>]) -> Document {
    let Some(lead) = studies.first() else { return Document::new("") };
    let title = "Which cooperation next? Every kind in every field";
    let document = about(open(title, lead.region()), studies);
    document.section(ranked(found, studies, lead)).section(without(found, lead))
}

/// What brings anything: the best pair of each kind and field.
fn ranked(found: &Survey, studies: &[&Study<'_>], lead: &Study<'_>) -> Section {
    let network = lead.region().network();
    let mut table = Table::of(found.ranked.iter().enumerate())
        .column(RANK, |(index, _)| Cell::count(index + 1))
        .column(KIND, |(_, row)| Cell::word(row.kind.label()))
        .column(FIELD, |(_, row)| Cell::text(&row.field))
        .column(TO, |(_, row)| Cell::text(&network[row.best.1].key))
        .column(FROM, |(_, row)| Cell::text(&network[row.best.0].key));
    for (position, study) in studies.iter().enumerate() {
        let protocol = study.query().protocol;
        let cell = move |row: &(usize, &SurveyedKind), figure: fn(&Effect) -> Cell| {
            figure(&row.1.effects[position])
        };
        table = table
            .column(HOURS_SAVED_UNDER.under(protocol), move |row| cell(row, saved))
            .detail(PEOPLE_SOONER_UNDER.under(protocol), move |row| cell(row, sooner))
            .detail(PEOPLE_LATER_UNDER.under(protocol), move |row| cell(row, later));
    }
    let table = table
        .detail(INSTEAD_COUNT, |(_, row)| Cell::count(row.instead))
        .column(PAIRS, |(_, row)| Cell::count(row.pairs))
        .column(SAVING_PAIRS, |(_, row)| Cell::count(row.saving))
        .build();
    let heading = "What brings anything: the best pair of each kind and field, alone";
    let section = Section::new("survey", heading, table);
    if found.ranked.is_empty() {
        return section.in_words("No kind in any field saves time over all cases.");
    }
    let what = "Saved: hours a year over all cases that the pair saves. Pairs: of hospitals that could agree on it and do not yet; of them those that save something by the leading protocol.";
    let mut section = section.note(Remark::from(what).hint(Hint::OneSuggestion));
    for note in notes(studies) {
        section = section.note(note);
    }
    let effects = found.ranked.iter().flat_map(|row| &row.effects);
    section.maybe_note(below_zero(effects)).note(counted(lead))
}

/// Fields that bring nothing by one kind, for the same reason.
struct Rest<'a> {
    /// The kind; `None` for every one that was tried.
    kind: Option<CandidateKind>,
    why: WhyNot,
    fields: Vec<&'a str>,
}

/// Why the rest brings nothing.
fn without(found: &Survey, lead: &Study<'_>) -> Section {
    let mut rows: Vec<Rest<'_>> = Vec::new();
    let mut in_no_pathway: Vec<&str> = Vec::new();
    for rest in &found.without {
        // Most fields are in no pathway whatever the kind: they stand once.
        if is_in_no_pathway(found, &rest.field) {
            if !in_no_pathway.contains(&rest.field.as_str()) {
                in_no_pathway.push(&rest.field);
            }
            continue;
        }
        let kind = Some(rest.kind);
        match rows.iter_mut().find(|row| (row.kind, row.why) == (kind, rest.why)) {
            Some(row) => row.fields.push(&rest.field),
            None => rows.push(Rest { kind, why: rest.why, fields: vec![&rest.field] }),
        }
    }
    if !in_no_pathway.is_empty() {
        rows.push(Rest { kind: None, why: WhyNot::InNoPathway, fields: in_no_pathway });
    }
    let pathways = lead.pathways().len();
    let table = Table::of(rows)
        .column(KIND, |row| Cell::word(row.kind.map_or("every kind", CandidateKind::label)))
        .column(WHY, |row| Cell::said(|| reason(row.why, row.kind, pathways)))
        .column(COUNT, |row| Cell::count(row.fields.len()))
        .column(FIELD, |row| Cell::list(row.fields.iter().copied()))
        .build();
    Section::new("survey_without", "The rest, and why it brings nothing", table)
        .note("A hospital that lacks what has to be on site, such as an emergency stage where the stage asks for one, is in no pair; nor is one of which the data do not say so.")
}

/// Whether no kind that was tried could serve a pathway in a field.
fn is_in_no_pathway(found: &Survey, field: &str) -> bool {
    let is_ranked = found.ranked.iter().any(|row| row.field == field);
    let mut reasons = found.without.iter().filter(|rest| rest.field == field);
    !is_ranked && reasons.all(|rest| rest.why == WhyNot::InNoPathway)
}

fn reason(why: WhyNot, kind: Option<CandidateKind>, pathways: usize) -> String {
    let name = match kind {
        None => said!("any kind"),
        Some(CandidateKind::Telemedicine) => said!("telemedicine"),
        Some(CandidateKind::VisitingTeam) => said!("a visiting team"),
        Some(CandidateKind::CentralService) => said!("a central service"),
        Some(CandidateKind::Transfer) => said!("a transfer agreement"),
    };
    match why {
        WhyNot::InNoPathway => said!(
            "in no pathway: no stage and no transfer of the {pathways} pathways uses {name} in this field",
            pathways,
            name
        ),
        WhyNot::NoPair => {
            said!(
                "no eligible pair: nobody has what it gives, or all who lack it and could use it have it already"
            )
        }
        WhyNot::NobodyGains { pairs, harmful: 0 } => said!(
            "nobody gains: {pairs} pairs tried, none changes anybody's time for the better",
            pairs = grouped(pairs as u64)
        ),
        WhyNot::NobodyGains { pairs, harmful } => said!(
            "nobody gains on the whole: {pairs} pairs tried, none saves time over all cases, {harmful} cost some",
            pairs = grouped(pairs as u64),
            harmful = grouped(harmful as u64)
        ),
    }
}
