//! All cooperations, ranked.

use super::groups::{costs, together};
use super::protocols::{ProtocolValues, below_zero, keys, notes};
use super::used::pathways_used;
use super::{HOUR, about, both, counted, first_upper, hours, people};
use crate::impact::{Effect, Study};
use crate::pathways::Protocol;
use crate::report::document::{Cell, Document, Section, Table};
use crate::report::{caveats, open};

/// Figures of a cooperation under one protocol.
const FIGURES: [&str; 10] = [
    "cases_over",
    "people_sooner",
    "people_later",
    "minutes_per_case",
    "hours_saved",
    "hours_saved_alone",
    "hours_shapley",
    "hours_shapley_half_width",
    "rank",
    "people_with_way",
];

/// All cooperations that can serve the pathways of a study, ranked by what they change under its
/// protocol, and each one's share of what all bring together; with the same under another protocol
/// beside it, of a study of the same pathways, where that is given.
pub fn cooperations(
    lead: &ProtocolValues<'_, '_>,
    beside: Option<&ProtocolValues<'_, '_>>,
) -> Document {
    let protocols = both(lead, beside);
    let studies: Vec<&Study<'_>> = protocols.iter().map(|protocol| protocol.study).collect();
    let by = lead.study.query().protocol.label();
    let heading =
        format!("By the hours that would be lost if this one ended and all others stayed ({by})");

    let mut section = Section::new("cooperations", heading, ranked(&protocols));
    for protocol in &protocols {
        section = section.note(shared_out(protocol));
    }
    section = section
        .note("Saved: hours a year that would be lost if this one ended. Alone: the hours that it would save if it were the only one. Share: what of all that they save together it contributes, the mean over all orders in which they could have been made (Shapley value).")
        .note("Of two that do exactly the same, the one with the smaller partner's key has all cases.");
    for note in notes(&studies) {
        section = section.note(note);
    }
    section = section.maybe_note(below_zero(&totals(&protocols)));
    section = on_all(section, lead);

    let mut document = about(open("What cooperations change", lead.study.region()), &studies)
        .section(section)
        .section(together(&protocols));
    if let Some(costs) = costs(lead) {
        document = document.section(costs);
    }
    document.section(pathways_used(&protocols))
}

/// Remarks on what all cooperations have in common.
fn on_all(section: Section, lead: &ProtocolValues<'_, '_>) -> Section {
    let study = lead.study;
    let others = study.cooperations().len() - lead.values.len();
    section
        .maybe_note(caveats::on_unknown(study.region().network(), &study.unknown_sites()))
        .note(counted(study))
        .note(format!(
            "{others} other cooperations serve no stage and no transfer of these pathways: frameworks, ownership, teaching and the like change nothing in them before their terms are agreed.",
        ))
}

/// A row a cooperation, in the order of the leading protocol.
fn ranked(protocols: &[&ProtocolValues<'_, '_>]) -> Table {
    let mut columns = vec!["cooperation"];
    for protocol in protocols {
        columns.extend(keys(&FIGURES, protocol.study.query().protocol));
    }
    columns.extend(["is_assumed", "kind"]);
    let mut table = Table::new(&columns).details(&["kind"]);
    for position in 0..protocols.len() {
        table = table.details(&details(protocols, position));
    }

    let Some(lead) = protocols.first() else { return table };
    let cooperations = lead.study.cooperations();
    for value in lead.values {
        let cooperation = cooperations[value.cooperation];
        let mut cells = vec![Cell::text(&cooperation.key)];
        for protocol in protocols {
            cells.extend(figures(protocol, value.cooperation));
        }
        let is_assumed = cooperation.assumed.iter().any(|path| path == "kind" || path == "terms");
        cells.extend([Cell::Flag(is_assumed), Cell::text(cooperation.kind.name())]);
        table.row(cells);
    }
    table
}

/// Those of [`FIGURES`] that text leaves out: what a screen has no room for.
fn details(protocols: &[&ProtocolValues<'_, '_>], position: usize) -> Vec<&'static str> {
    let values = protocols[position];
    let protocol = values.study.query().protocol;
    let mut details = vec!["rank", "people_with_way"];
    if protocols.len() > 1 {
        details.extend(["people_sooner", "people_later", "minutes_per_case"]);
        details.push("hours_shapley_half_width");
    }
    if position > 0 {
        details.push("cases_over");
    }
    if values.shapley.is_exact {
        details.push("hours_shapley_half_width");
    }
    // By a free choice nobody is later.
    if protocol == Protocol::Free {
        details.push("people_later");
    }
    keys(&details, protocol)
}

/// The cells of [`FIGURES`].
fn figures(protocol: &ProtocolValues<'_, '_>, cooperation: usize) -> Vec<Cell> {
    let rank = protocol.values.iter().position(|value| value.cooperation == cooperation);
    // Studies of the same pathways know the same cooperations; one of others shows dashes.
    let Some(rank) = rank else { return vec![Cell::Missing; FIGURES.len()] };
    let value = &protocol.values[rank];
    let (total, alone) = (value.total(), value.total_alone());
    let shares = &protocol.shapley.values;
    let share = shares.iter().find(|share| share.cooperation == cooperation);
    vec![
        Cell::Number(value.total_cases(), 1),
        people(total.people),
        people(total.people_later),
        Cell::maybe_minutes(total.seconds_per_case()),
        hours(total.net_seconds()),
        hours(alone.net_seconds()),
        share.map_or(Cell::Missing, |share| hours(share.seconds)),
        share.map_or(Cell::Missing, |share| hours(share.half_width)),
        Cell::Count(rank as u64 + 1),
        people(total.people_with_way),
    ]
}

/// Every figure of the table that may be below 0.
fn totals(protocols: &[&ProtocolValues<'_, '_>]) -> Vec<Effect> {
    let mut totals = Vec::new();
    for protocol in protocols {
        for value in protocol.values {
            totals.extend([value.total(), value.total_alone()]);
        }
    }
    totals
}

/// What cooperations bring together under a protocol, and how exactly that is shared out.
fn shared_out(protocol: &ProtocolValues<'_, '_>) -> String {
    let shapley = protocol.shapley;
    let count = shapley.values.len();
    let who = if count == protocol.values.len() {
        "together they".to_owned()
    } else {
        format!("the {count} with a share")
    };
    let drawn = if shapley.is_exact {
        String::new()
    } else {
        let widths = shapley.values.iter().map(|share| share.half_width);
        let widest = widths.fold(0.0, f64::max);
        format!(" (orders drawn at random: shares within ± {:.1})", widest / HOUR)
    };
    let by = first_upper(&protocol.study.query().protocol.label());
    format!("{by}: {who} save {:.1} hours a year{drawn}.", shapley.seconds / HOUR + 0.0)
}
