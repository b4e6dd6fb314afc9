//! What single cooperations change, for the report.

use super::protocols::{below_zero, notes_on};
use super::{later, per_case, saved, sooner};
use crate::impact::{CooperationValue, Effect};
use crate::overview::{CooperationChange, CooperationsInShort, HandedOn};
use crate::report::columns::{
    CASES_OVER_UNDER, COOPERATION, HOURS_SAVED_ALONE_UNDER, HOURS_SAVED_UNDER, KIND,
    MINUTES_PER_CASE_UNDER, PEOPLE_LATER_UNDER, PEOPLE_SOONER_UNDER,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table, standard_of};
use crate::report::pathway::protocols::in_words;
use crate::words;

/// What single cooperations change, at most so many of them, the most important first.
pub(in crate::report) fn in_short(cooperations: &CooperationsInShort, most: usize) -> Section {
    let mut table = Table::of(&cooperations.changes)
        .column(COOPERATION, |change| Cell::text(&change.cooperation))
        .column(KIND, |change| Cell::word(change.kind));
    for (position, &protocol) in cooperations.protocols.iter().enumerate() {
        let cell = |change: &CooperationChange, figure: fn(&CooperationValue) -> Cell| match &change
            .values[position]
        {
            Some(value) => figure(value),
            None => Cell::Missing,
        };
        // A screen has no room for the details.
        table = table
            .detail_if(position > 0, CASES_OVER_UNDER.under(protocol), |change| {
                cell(change, |value| Cell::number(value.total_cases(), 1))
            })
            .column(HOURS_SAVED_UNDER.under(protocol), |change| {
                cell(change, |value| saved(&value.total()))
            })
            .column(HOURS_SAVED_ALONE_UNDER.under(protocol), |change| {
                cell(change, |value| saved(&value.total_alone()))
            })
            .detail(PEOPLE_SOONER_UNDER.under(protocol), |change| {
                cell(change, |value| sooner(&value.total()))
            })
            .detail(PEOPLE_LATER_UNDER.under(protocol), |change| {
                cell(change, |value| later(&value.total()))
            })
            .detail(MINUTES_PER_CASE_UNDER.under(protocol), |change| {
                cell(change, |value| per_case(&value.total()))
            });
    }
    let table = table.build().show_first(most);

    // Of the rows that are shown: an explanation of a figure that nobody sees would puzzle.
    let mut totals: Vec<Effect> = Vec::new();
    for change in cooperations.changes.iter().take(most) {
        for value in change.values.iter().flatten() {
            totals.extend([value.total(), value.total_alone()]);
        }
    }
    let mut section = Section::new("cooperations", "What single cooperations change", table)
        .note(
            Remark::from("Hours a year that would be lost if this one ended; alone: that it would save as the only one. Where two do the same, the end of one costs nothing.")
                .hint(Hint::AllCooperations),
        );
    for note in notes_on(&cooperations.protocols, cooperations.has_elective) {
        section = section.note(note);
    }
    section = section.maybe_note(below_zero(&totals));
    for handed_on in &cooperations.handed_on {
        section = section.note(why_nearest_leads(handed_on));
    }
    section
}

/// Hours a year that one saves under the leading protocol.
pub(in crate::report) fn lead_hours(change: &CooperationChange) -> Cell {
    match change.values.first() {
        Some(Some(value)) => saved(&value.total()),
        _ => Cell::Missing,
    }
}

/// How the leading protocol and the one beside it stand to what was published of a pathway.
fn why_nearest_leads(handed_on: &HandedOn) -> String {
    // Which protocol leads is a choice, and the figures of this region may speak against it: then that is said.
    let verdict = if handed_on.is_lead_nearer() {
        "which is nearer to"
    } else {
        "although a free choice is nearer to"
    };
    said!(
        "Nearest door leads: of {pathway} it hands {lead} of the patients on, a free choice {beside}; {verdict} what was published: {published}.",
        pathway = standard_of(&handed_on.pathway),
        lead = Cell::share(handed_on.lead).display(),
        beside = Cell::share(handed_on.beside).display(),
        verdict = words::of(verdict),
        published = in_words(&handed_on.published)
    )
}
