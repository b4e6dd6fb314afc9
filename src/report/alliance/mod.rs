//! Alliances: who is in them, how members compare, what rests on them.

mod comparison;
mod release;
mod what_if;
mod years;

pub use comparison::{AllianceComparison, ComparedBy, alliance_comparison, alliance_indicators};
pub use release::alliance_release;
pub use what_if::{alliance_concentrated, alliance_without};
pub use years::{AllianceYears, alliance_years};

use super::columns::{
    ALLIANCE, ASSUMED, BEDS, IN_NETWORK, MEMBER, MEMBERS, NAME, NOTE, OPERATOR, PURPOSES, REVENUE,
    SINCE, SOURCE, STAFF, TOTAL_INPATIENTS, TOTAL_MEMBERS, VALUE, WHAT, WHERE, YEAR,
};
use super::document::{Cell, Document, Section, Table, alliance_of, cooperation_of};
use super::open;
use crate::alliance::{AllianceTotals, AllianceView, Member, purpose_in_words};
use crate::calendar::Date;
use crate::model::Alliance;
use crate::region::Region;
use crate::words::{self, fixed};

/// The alliances of a network, one row each.
pub fn list_alliances(region: &Region) -> Document {
    let network = region.network();
    // A member that closed before the day of the network is a member by its key only.
    let in_network = |alliance: &Alliance| {
        alliance.members.iter().filter(|key| network.find(key).is_some()).count()
    };
    let named = |alliance: &Alliance| alliance.members.len() + alliance.other_members.len();
    let table = Table::of(network.alliances())
        .column(ALLIANCE, |alliance| Cell::text(&alliance.key))
        .column(NAME, |alliance| Cell::text(&alliance.name))
        .column(MEMBERS, |alliance| Cell::count(named(alliance)))
        .column(TOTAL_MEMBERS, |alliance| Cell::maybe_count(alliance.total_members))
        .column(IN_NETWORK, |alliance| Cell::count(in_network(alliance)))
        .column(PURPOSES, |alliance| purposes(alliance))
        .column(SINCE, |alliance| alliance.since.map_or(Cell::Missing, Cell::day))
        .detail(ASSUMED, |alliance| Cell::list(&alliance.assumed))
        .detail(NOTE, |alliance| Cell::maybe_text(alliance.note.as_deref()))
        .build();
    let section = Section::new("alliances", "Alliances", table)
        .note("Membership alone draws no edge: no time, no bed and no verdict of the network depends on it.");
    open("Alliances", region).section(section)
}

fn purposes(alliance: &Alliance) -> Cell {
    let told = || {
        let mut purposes = Vec::new();
        for purpose in &alliance.purposes {
            purposes.push(words::of(purpose_in_words(*purpose)).into_owned());
        }
        purposes
    };
    Cell::told(told)
}

/// One alliance: its members, what it does to care, and what is public of it.
pub fn alliance(region: &Region, view: &AllianceView, totals: &[AllianceTotals]) -> Document {
    let network = region.network();
    let alliance = &view.alliance;
    let hospital =
        |member: &Member| member.hospital.and_then(|hospital| network.hospital(hospital));
    let table = Table::of(&view.members)
        .column(MEMBER, |member| Cell::both(&member.key, &member.name))
        .detail(NAME, |member| Cell::text(&member.name))
        .column(WHERE, |member| Cell::word(place(hospital(member).map(|site| site.outside))))
        .column(BEDS, |member| Cell::maybe_count(hospital(member).and_then(|site| site.beds)))
        .detail(OPERATOR, |member| Cell::maybe_text(hospital(member).map(|site| &site.operator)))
        .build();
    let mut members = Section::new("members", "Members", table);
    // Without it a reader would take the table for the whole alliance.
    if let Some(unnamed) = view.unnamed.filter(|unnamed| *unnamed > 0) {
        members = members.note(said!(
            "{unnamed} more members are not named in any source: {members} of {total_members} are.",
            unnamed,
            members = view.members.len(),
            total_members = alliance.total_members.unwrap_or_default()
        ));
    }
    if let Some(share) = view.share_in_network() {
        members = members.note(said!(
            "The network holds {in_network} members, {share} % of all.",
            in_network = view.in_network,
            share = fixed(share * 100.0, 0)
        ));
    }

    let mut document = open(alliance.name.clone(), region)
        .about("alliance", alliance_of(&alliance.key))
        .about("effect_on_care", view.effect_on_care())
        .section(facts(region, view))
        .section(members);
    // Of most alliances nobody publishes totals; an empty table would say that there are none.
    if !totals.is_empty() {
        document = document.section(Section::new(
            "totals",
            "All members together, as sources say",
            totals_table(totals),
        ));
    }
    document
}

/// Where a member lies, by whether it is outside of the region; a member that the network does not hold is `None`.
fn place(is_outside: Option<bool>) -> &'static str {
    match is_outside {
        Some(false) => "inside",
        Some(true) => "outside",
        None => "not in the network",
    }
}

/// What is written of an alliance, and its sources.
fn facts(region: &Region, view: &AllianceView) -> Section {
    let alliance = &view.alliance;
    let day = |date: Option<Date>| date.map_or(Cell::Missing, Cell::day);
    let mut rows: Vec<(&'static str, Cell)> = vec![
        ("purposes", purposes(alliance)),
        ("since", day(alliance.since)),
        ("until", day(alliance.until)),
        (
            "cooperations among members",
            Cell::list(view.cooperations.iter().map(|key| cooperation_of(key))),
        ),
        (
            "of them with an effect on care",
            Cell::list(view.with_effect_on_care.iter().map(|key| cooperation_of(key))),
        ),
        ("assumed", Cell::list(&alliance.assumed)),
        ("note", Cell::maybe_text(alliance.note.as_deref())),
    ];
    // One row each: titles are long, and a list of them in one cell is read by nobody.
    for key in &alliance.sources {
        let title = region.network().sources().get(key).map(|source| {
            let year = source.year.as_ref().map_or_else(String::new, |year| format!(" ({year})"));
            format!("{}{year}", source.title)
        });
        rows.push(("source", Cell::text(title.unwrap_or_else(|| key.clone()))));
    }
    let table = Table::of(rows)
        .column(WHAT, |(what, _)| Cell::word(what))
        .column(VALUE, |(_, value)| value.clone())
        .build();
    Section::new("alliance", "What it is", table)
}

fn totals_table(totals: &[AllianceTotals]) -> Table {
    Table::of(totals)
        .column(YEAR, |row| Cell::text(row.year.to_string()))
        .column(MEMBERS, |row| Cell::maybe_count(row.members))
        .column(BEDS, |row| Cell::maybe_count(row.beds))
        .column(TOTAL_INPATIENTS, |row| Cell::maybe_count(row.inpatients))
        .column(STAFF, |row| Cell::maybe_count(row.staff))
        .column(REVENUE, |row| Cell::maybe_number(row.revenue_billion_eur, 1))
        .detail(SOURCE, |row| Cell::text(&row.source))
        .build()
}
