//! All cooperations, ranked.

use super::groups::{costs, together};
use super::protocols::{ProtocolValues, below_zero, notes};
use super::used::pathways_used;
use super::{
    HOUR, about, both, counted, first_upper, hours, later, per_case, saved, sooner, with_way,
};
use crate::impact::{CooperationValue, Effect, ShapleyValue, Study};
use crate::model::{Cooperation, CooperationId};
use crate::pathways::Protocol;
use crate::report::columns::{
    CASES_OVER_UNDER, COOPERATION, HOURS_SAVED_ALONE_UNDER, HOURS_SAVED_UNDER,
    HOURS_SHAPLEY_HALF_WIDTH_UNDER, HOURS_SHAPLEY_UNDER, IS_ASSUMED, KIND, MINUTES_PER_CASE_UNDER,
    PEOPLE_LATER_UNDER, PEOPLE_SOONER_UNDER, PEOPLE_WITH_WAY_UNDER, RANK_UNDER,
};
use crate::report::document::{Cell, Document, Section, Table, TableBuilder};
use crate::report::{caveats, open};
use crate::words::fixed;

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
        said!("By the hours that would be lost if this one ended and all others stayed ({by})", by);

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
        // Groups first: of two that do the same each alone is worth nothing, and both together are.
        .section(together(&protocols))
        .section(section);
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
        .note(said!("{others} other cooperations serve no stage and no transfer of these pathways: frameworks, ownership, teaching and the like change nothing in them before their terms are agreed.", others))
}

/// A row a cooperation, in the order of the leading protocol.
fn ranked(protocols: &[&ProtocolValues<'_, '_>]) -> Table {
    let Some(lead) = protocols.first() else { return Table::empty(&[COOPERATION]) };
    let mut rows = Vec::new();
    for value in lead.values {
        let mut by_protocol = Vec::new();
        for protocol in protocols {
            by_protocol.push(Ranked::of(protocol, value.cooperation));
        }
        let cooperation = lead.study.cooperation(value.cooperation);
        rows.push(Row { cooperation, by_protocol });
    }

    let mut table =
        Table::of(rows).column(COOPERATION, |row: &Row<'_>| Cell::text(&row.cooperation.key));
    for (position, values) in protocols.iter().enumerate() {
        let place = Place { position, has_several: protocols.len() > 1 };
        table = with_columns(table, values, place);
    }
    table
        .column(IS_ASSUMED, |row| {
            Cell::flag(row.cooperation.assumed.iter().any(|path| path == "kind" || path == "terms"))
        })
        .detail(KIND, |row| Cell::word(row.cooperation.kind.name()))
        .build()
}

/// Where the columns of a protocol stand.
#[derive(Clone, Copy)]
struct Place {
    /// From 0, the leading one.
    position: usize,
    /// Whether there is another protocol.
    has_several: bool,
}

/// The table with the columns of one protocol.
fn with_columns<'a>(
    table: TableBuilder<Row<'a>>,
    values: &ProtocolValues<'_, '_>,
    place: Place,
) -> TableBuilder<Row<'a>> {
    let Place { position, has_several } = place;
    let protocol = values.study.query().protocol;
    let is_beside = position > 0;
    let is_exact = values.shapley.is_exact;
    // What a screen has no room for is a detail; by a free choice nobody is later, and an exact share has no width.
    table
        .detail_if(is_beside, CASES_OVER_UNDER.under(protocol), |row| {
            row.cell(position, |ranked| Cell::number(ranked.value.total_cases(), 1))
        })
        .detail_if(has_several, PEOPLE_SOONER_UNDER.under(protocol), |row| {
            row.cell(position, |ranked| sooner(&ranked.value.total()))
        })
        .detail_if(
            has_several || protocol == Protocol::Free,
            PEOPLE_LATER_UNDER.under(protocol),
            |row| row.cell(position, |ranked| later(&ranked.value.total())),
        )
        .detail_if(has_several, MINUTES_PER_CASE_UNDER.under(protocol), |row| {
            row.cell(position, |ranked| per_case(&ranked.value.total()))
        })
        .column(HOURS_SAVED_UNDER.under(protocol), |row| {
            row.cell(position, |ranked| saved(&ranked.value.total()))
        })
        .column(HOURS_SAVED_ALONE_UNDER.under(protocol), |row| {
            row.cell(position, |ranked| saved(&ranked.value.total_alone()))
        })
        .column(HOURS_SHAPLEY_UNDER.under(protocol), |row| {
            row.cell(position, |ranked| ranked.share(|share| share.seconds))
        })
        .detail_if(has_several || is_exact, HOURS_SHAPLEY_HALF_WIDTH_UNDER.under(protocol), |row| {
            row.cell(position, |ranked| ranked.share(|share| share.half_width))
        })
        .detail(RANK_UNDER.under(protocol), |row| {
            row.cell(position, |ranked| Cell::count(ranked.rank))
        })
        .detail(PEOPLE_WITH_WAY_UNDER.under(protocol), |row| {
            row.cell(position, |ranked| with_way(&ranked.value.total()))
        })
}

/// A cooperation, with what is known of it by protocol.
struct Row<'a> {
    cooperation: &'a Cooperation,
    by_protocol: Vec<Option<Ranked<'a>>>,
}

impl Row<'_> {
    /// A figure under the protocol at a position.
    fn cell(&self, position: usize, figure: fn(&Ranked<'_>) -> Cell) -> Cell {
        match &self.by_protocol[position] {
            Some(ranked) => figure(ranked),
            None => Cell::Missing,
        }
    }
}

/// What a cooperation changes under one protocol.
struct Ranked<'a> {
    /// From 1.
    rank: usize,
    value: &'a CooperationValue,
    /// What of all that cooperations bring together it contributes.
    share: Option<&'a ShapleyValue>,
}

impl<'a> Ranked<'a> {
    fn of(protocol: &ProtocolValues<'a, '_>, cooperation: CooperationId) -> Option<Self> {
        let values = protocol.values;
        // Studies of the same pathways know the same cooperations; one of others shows dashes.
        let index = values.iter().position(|value| value.cooperation == cooperation)?;
        let shares = &protocol.shapley.values;
        let share = shares.iter().find(|share| share.cooperation == cooperation);
        Some(Self { rank: index + 1, value: &values[index], share })
    }

    /// A figure of its share, in seconds a year, as hours.
    fn share(&self, figure: fn(&ShapleyValue) -> f64) -> Cell {
        match self.share {
            Some(share) => hours(figure(share)),
            None => Cell::Missing,
        }
    }
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
        said!("together they")
    } else {
        said!("the {count} with a share", count)
    };
    let drawn = if shapley.is_exact {
        String::new()
    } else {
        let mut widest = 0.0_f64;
        for share in &shapley.values {
            widest = widest.max(share.half_width);
        }
        said!(" (orders drawn at random: shares within ± {hours})", hours = fixed(widest / HOUR, 1))
    };
    let by = first_upper(&protocol.study.query().protocol.label());
    // + 0.0: no negative zero.
    said!(
        "{by}: {who} save {hours} hours a year{drawn}.",
        by,
        who,
        hours = fixed(shapley.seconds / HOUR + 0.0, 1),
        drawn
    )
}
