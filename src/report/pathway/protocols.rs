//! Who is handed on, by protocol, beside what was published.

use super::super::document::{Cell, Section, Table};
use super::done_columns;
use crate::impact;
use crate::model::Published;
use crate::overview::published_handed_on;
use crate::pathways::{Outcome, Protocol};
use crate::report::columns::{PROTOCOL, SHARE_TRANSFER};

/// A published figure in words: `31.3 % (Hesse, 2019)`.
pub(in crate::report) fn in_words(figure: &Published) -> String {
    format!("{} ({}, {})", Cell::share(figure.value).display(), figure.area, figure.year)
}

/// How many are handed on and when they are done, under the protocols that cooperations are valued
/// by and that of the outcome; `None` where nobody can be handed on between stages.
pub(super) fn section(outcome: &Outcome<'_, '_>) -> Option<Section> {
    let prepared = outcome.prepared();
    let pathway = prepared.pathway();
    // With one stage only, nobody is handed on.
    let last = pathway.stage_indices().last().filter(|last| last.index() > 0)?;
    let mut protocols: Vec<Protocol> = impact::PROTOCOLS.to_vec();
    if !protocols.contains(&outcome.query().protocol) {
        protocols.push(outcome.query().protocol);
    }
    let mut rows = Vec::new();
    for protocol in protocols {
        let query = outcome.query().clone().protocol(protocol);
        // It fails for a stage or an outage that is not there, and with those the outcome itself came about.
        let Ok(under) = prepared.evaluate(&query) else { continue };
        let done = under.stages().into_iter().find(|stage| stage.stage == Some(last))?.done;
        rows.push((protocol, under.loads().ways.transfer, done));
    }

    let table = Table::of(rows)
        .column(PROTOCOL, |(protocol, ..)| Cell::said(|| protocol.label()))
        .column(SHARE_TRANSFER, |(_, share, _)| Cell::share(*share));
    let table = done_columns(table, pathway.urgency, |(.., done)| Some(done)).build();
    let mut section = Section::new(
        "protocols",
        "Who is handed on, by where the ambulance goes first",
        table,
    )
    .note("Patients from inside, from the call to the end of the last stage. A free choice knows in advance who needs which stage, so that nobody is handed on who could have gone direct; services know less.");
    let figures = published_handed_on(prepared.region().network(), &pathway.key);
    let mut words = Vec::new();
    for figure in &figures {
        words.push(in_words(figure));
    }
    if !words.is_empty() {
        section = section.note(said!("Published, handed on: {value}.", value = words.join("; ")));
    }
    for figure in figures {
        section = section.maybe_note(figure.note.as_ref());
    }
    Some(section)
}
