//! What single cooperations change, for the report.

use super::protocols::{below_zero, key, keys, notes_on};
use super::{hours, people};
use crate::impact::{CooperationValue, Effect};
use crate::overview::{CooperationsInShort, HandedOn};
use crate::report::document::{Cell, Section, Table};
use crate::report::pathway::protocols::in_words;

/// Figures of a cooperation under one protocol.
const FIGURES: [&str; 6] = [
    "cases_over",
    "hours_saved",
    "hours_saved_alone",
    "people_sooner",
    "people_later",
    "minutes_per_case",
];

/// What single cooperations change, at most so many of them, the most important first.
pub(in crate::report) fn in_short(cooperations: &CooperationsInShort, most: usize) -> Section {
    let mut table = columns(cooperations);
    let mut totals: Vec<Effect> = Vec::new();
    for change in cooperations.changes.iter().take(most) {
        let mut cells = vec![Cell::text(&change.cooperation), Cell::text(change.kind)];
        for value in &change.values {
            let Some(value) = value else {
                cells.extend(vec![Cell::Missing; FIGURES.len()]);
                continue;
            };
            totals.extend([value.total(), value.total_alone()]);
            cells.extend(figures(value));
        }
        table.row(cells);
    }

    let mut section = Section::new("cooperations", "What single cooperations change", table)
        .note("Hours a year that would be lost if this one ended; alone: that it would save as the only one. Where two do the same, the end of one costs nothing. Over all care pathways: verbund cooperation. What hurts when it fails: verbund critical.");
    for note in notes_on(&cooperations.protocols, cooperations.has_elective) {
        section = section.note(note);
    }
    section = section.maybe_note(below_zero(&totals));
    for handed_on in &cooperations.handed_on {
        section = section.note(why_nearest_leads(handed_on));
    }
    section
}

fn columns(cooperations: &CooperationsInShort) -> Table {
    let mut columns = vec!["cooperation", "kind"];
    for protocol in &cooperations.protocols {
        columns.extend(keys(&FIGURES, *protocol));
    }

    // What a screen has no room for.
    let mut table = Table::new(&columns);
    for protocol in &cooperations.protocols {
        table =
            table.details(&keys(&["people_sooner", "people_later", "minutes_per_case"], *protocol));
    }
    for beside in cooperations.protocols.iter().skip(1) {
        table = table.details(&[key("cases_over", *beside)]);
    }
    table
}

/// The cells of [`FIGURES`].
fn figures(value: &CooperationValue) -> [Cell; 6] {
    let (total, alone) = (value.total(), value.total_alone());
    [
        Cell::Number(value.total_cases(), 1),
        hours(total.net_seconds()),
        hours(alone.net_seconds()),
        people(total.people),
        people(total.people_later),
        Cell::maybe_minutes(total.seconds_per_case()),
    ]
}

/// How the leading protocol and the one beside it stand to what was published of a pathway.
fn why_nearest_leads(handed_on: &HandedOn) -> String {
    let verdict = if handed_on.is_lead_nearer() {
        "which is nearer to"
    } else {
        "although a free choice is nearer to"
    };
    format!(
        "Nearest door leads: of {} it hands {} of the patients on, a free choice {}; {verdict} what was published: {}.",
        handed_on.pathway,
        Cell::Share(handed_on.lead).display(),
        Cell::Share(handed_on.beside).display(),
        in_words(&handed_on.published)
    )
}
