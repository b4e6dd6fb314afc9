//! Who is handed on, by protocol, beside what was published.

use super::super::document::{Cell, Section, Table};
use super::{DONE, other_unit, times};
use crate::impact;
use crate::model::Published;
use crate::overview::published_handed_on;
use crate::pathways::{Outcome, Protocol};

/// A published figure in words: `31.3 % (Hesse, 2019)`.
pub(in crate::report) fn in_words(figure: &Published) -> String {
    format!("{} ({}, {})", Cell::Share(figure.value).display(), figure.area, figure.year)
}

/// How many are handed on and when they are done, under the protocols that cooperations are valued
/// by and that of the outcome; `None` where nobody can be handed on between stages.
pub(super) fn section(outcome: &Outcome<'_, '_>) -> Option<Section> {
    let prepared = outcome.prepared();
    let pathway = prepared.pathway();
    let last = pathway.stages.len().checked_sub(1).filter(|last| *last > 0)?;
    let mut protocols: Vec<Protocol> = impact::PROTOCOLS.to_vec();
    if !protocols.contains(&outcome.query().protocol) {
        protocols.push(outcome.query().protocol);
    }
    let mut keys = vec!["protocol", "share_transfer"];
    keys.extend(DONE);
    let mut table = Table::new(&keys);
    for protocol in protocols {
        let query = outcome.query().clone().protocol(protocol);
        let Ok(own) = prepared.evaluate(&query) else { continue };
        let mut cells = vec![Cell::text(protocol.label()), Cell::Share(own.loads().ways.transfer)];
        let done = own.stages().into_iter().find(|one| one.stage == Some(last))?.done;
        cells.extend(times(&done));
        table.row(cells);
    }
    let mut section = Section::new(
        "protocols",
        "Who is handed on, by where the ambulance goes first",
        table.details(other_unit(pathway)),
    )
    .note("Patients from inside, from the call to the end of the last stage. A free choice knows in advance who needs which stage, so that nobody is handed on who could have gone direct; services know less.");
    let figures = published_handed_on(prepared.region().network(), &pathway.key);
    let words: Vec<String> = figures.iter().map(|figure| in_words(figure)).collect();
    if !words.is_empty() {
        section = section.note(format!("Published, handed on: {}.", words.join("; ")));
    }
    let notes = figures.into_iter().filter_map(|figure| figure.note.as_ref());
    Some(notes.fold(section, Section::note))
}
