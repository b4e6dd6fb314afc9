//! Members beside each other: an indicator a row, or a member a row.

use crate::alliance::{
    AgainstChance, AllianceView, ComparisonSettings, Direction, Indicator, IndicatorComparison,
    IndicatorTable, Level, MemberComparison, MemberFigure, NotCompared, Origin, PUBLIC_LIMITS,
    Peers, Role, Signal, Size, Widened,
};
use crate::region::Region;
use crate::report::columns::{
    CENTRE, COMPARED_MEMBERS, DEFINITION, DIRECTION, DISCOVERY_RATE, EVENTS, FIGURE_BASE,
    FIGURE_VALUE, HIGHEST_RANK, INDICATOR, INDICATOR_NAME, INDICATOR_UNIT, KEEPS_PROBABILITY,
    LOWER_LIMIT, LOWER_QUARTILE, LOWEST_RANK, MEMBER, MEMBERS_MEDIAN, NAME, P_VALUE, PHI, QUARTER,
    RANK, SHMI_SIGNAL, SIGNAL, SIGNIFICANT, SOURCE, TAU, UNUSUAL, UPPER_LIMIT, UPPER_QUARTILE, WHY,
    WIDENED_LOWER, WIDENED_SIGNAL, WIDENED_UPPER, YEAR,
};
use crate::report::document::{Cell, Document, Section, Table, TableBuilder, alliance_of};
use crate::report::open;
use crate::units::in_words;
use crate::words;

/// What the rows of a comparison are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ComparedBy {
    /// Indicators, with the quartiles of the members.
    Indicators,
    /// Members, in one indicator: its position in the table.
    Members(usize),
    /// Indicators of one member: its position in the table.
    Member(usize),
}

/// A comparison that is to be shown.
#[derive(Debug, Clone, Copy)]
pub struct AllianceComparison<'c> {
    /// The alliance.
    pub view: &'c AllianceView,
    /// The indicators.
    pub table: &'c IndicatorTable,
    /// What came out.
    pub comparison: &'c MemberComparison,
    /// How members were compared.
    pub settings: &'c ComparisonSettings,
    /// With whom members were compared, where not with all of them.
    pub peers: Option<&'c Peers>,
    /// Whether figures of official statistics are among them, which have limits of their own.
    pub has_public_figures: bool,
}

/// Members beside each other.
pub fn alliance_comparison(
    region: &Region,
    shown: &AllianceComparison<'_>,
    by: ComparedBy,
) -> Document {
    let section = match by {
        ComparedBy::Indicators => indicators(region, shown),
        ComparedBy::Members(position) => members(region, shown, position),
        ComparedBy::Member(position) => of_member(region, shown, position),
    };
    let mut document = open(said!("{name}: comparison", name = shown.view.alliance.name), region)
        .about("alliance", alliance_of(&shown.view.alliance.key))
        .about("limits", level(shown.settings));
    if let Some(peers) = shown.peers {
        document = document.about("peers", peers_in_words(shown.table, peers));
    }
    document.section(section).section(not_compared(shown))
}

/// The data dictionary of a table.
pub fn alliance_indicators(
    region: &Region,
    view: &AllianceView,
    table: &IndicatorTable,
) -> Document {
    let years = |position: usize| {
        let years = table.years(position);
        match (years.first(), years.last()) {
            (Some(first), Some(last)) if first != last => {
                Cell::said(|| said!("{first} to {last}", first, last))
            }
            (Some(first), _) => Cell::text(first.to_string()),
            _ => Cell::Missing,
        }
    };
    let rows = table.indicators.iter().enumerate();
    let dictionary = Table::of(rows)
        .column(INDICATOR, |(_, indicator)| Cell::text(&indicator.key))
        .column(NAME, |(_, indicator)| Cell::known(&indicator.name))
        .column(INDICATOR_UNIT, |(_, indicator)| Cell::known(&indicator.unit))
        .column(DIRECTION, |(_, indicator)| direction(indicator.direction))
        .column(YEAR, |(position, _)| years(*position))
        .detail(DEFINITION, |(_, indicator)| Cell::known(&indicator.definition))
        .detail(SOURCE, |(_, indicator)| Cell::text(&indicator.source))
        .build();
    open(said!("{name}: indicators", name = view.alliance.name), region)
        .about("alliance", alliance_of(&view.alliance.key))
        .section(Section::new("indicators", "Indicators", dictionary))
}

fn direction(direction: Direction) -> Cell {
    match direction {
        Direction::HigherIsBetter => Cell::word("higher"),
        Direction::LowerIsBetter => Cell::word("lower"),
        Direction::Neutral => Cell::Missing,
    }
}

fn level(settings: &ComparisonSettings) -> String {
    let percent = |level: Level| in_words(level.share() * 100.0, 1);
    said!(
        "{level} %; intervals of ranks {rank_level} %",
        level = percent(settings.level),
        rank_level = percent(settings.rank_level)
    )
}

/// A value in the unit of its indicator.
pub(super) fn value(indicator: &Indicator, number: f64) -> Cell {
    let shown = number * indicator.per;
    // Beds have no decimals, and shares of a thousandth need them: as many as say something.
    let decimals = match shown.abs() {
        size if size.fract() == 0.0 || size >= 1_000.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 4,
    };
    Cell::number(shown, decimals)
}

fn maybe_value(indicator: &Indicator, number: Option<f64>) -> Cell {
    number.map_or(Cell::Missing, |number| value(indicator, number))
}

pub(super) fn signal(signal: Signal) -> &'static str {
    match signal {
        Signal::Low => "low",
        Signal::Within => "within",
        Signal::High => "high",
    }
}

fn maybe_signal(known: Option<Signal>) -> Cell {
    known.map_or(Cell::Missing, |known| Cell::word(signal(known)))
}

fn indicators(region: &Region, shown: &AllianceComparison<'_>) -> Section {
    let described = |row: &&IndicatorComparison| &shown.table.indicators[row.indicator];
    let table = Table::of(&shown.comparison.indicators)
        .detail(INDICATOR, |row| Cell::text(&described(row).key))
        .column(INDICATOR_NAME, |row| Cell::known(&described(row).name))
        .column(INDICATOR_UNIT, |row| Cell::known(&described(row).unit))
        .column(YEAR, |row| Cell::text(row.year.to_string()))
        .column(COMPARED_MEMBERS, |row| Cell::count(row.members.len()))
        .column(LOWER_QUARTILE, |row| value(described(row), row.quartiles.lower))
        .column(MEMBERS_MEDIAN, |row| value(described(row), row.quartiles.median))
        .column(UPPER_QUARTILE, |row| value(described(row), row.quartiles.upper))
        .column(CENTRE, |row| maybe_value(described(row), row.centre))
        .column(PHI, |row| Cell::maybe_number(row.spread.map(|spread| spread.phi), 2))
        .column(TAU, |row| Cell::maybe_number(row.spread.map(|spread| spread.tau()), 3))
        .detail(DIRECTION, |row| direction(described(row).direction))
        .build();
    with_notes(region, Section::new("comparison", "Indicators", table), shown)
}

fn members(region: &Region, shown: &AllianceComparison<'_>, position: usize) -> Section {
    let indicator = &shown.table.indicators[position];
    let compared = shown.comparison.indicators.iter().find(|row| row.indicator == position);
    let rows: &[MemberFigure] = compared.map_or(&[], |compared| &compared.members);
    let keyed = Table::of(rows.iter().map(|row| (indicator, row)))
        .column(MEMBER, |(_, row)| Cell::text(&shown.table.members[row.member].key));
    let table = without_chance(figure_columns(keyed), rows.iter());
    let heading = format!("{} ({})", words::of(&indicator.name), words::of(&indicator.unit));
    let mut section = Section::new("members", heading, table).note(indicator.definition.clone());
    if let Some(centre) = compared.and_then(|compared| compared.centre) {
        let shown_centre = value(indicator, centre).display();
        section = section.note(said!("Members are compared with {centre}.", centre = shown_centre));
    }
    with_notes(region, section, shown)
}

fn of_member(region: &Region, shown: &AllianceComparison<'_>, position: usize) -> Section {
    let mut rows = Vec::new();
    for compared in &shown.comparison.indicators {
        let figure = compared.members.iter().find(|figure| figure.member == position);
        if let Some(figure) = figure {
            rows.push((&shown.table.indicators[compared.indicator], figure));
        }
    }
    let figures: Vec<&MemberFigure> = rows.iter().map(|(_, figure)| *figure).collect();
    let named = Table::of(rows)
        .detail(INDICATOR, |(indicator, _)| Cell::text(&indicator.key))
        .column(INDICATOR_NAME, |(indicator, _)| Cell::known(&indicator.name))
        .column(INDICATOR_UNIT, |(indicator, _)| Cell::known(&indicator.unit));
    let table = without_chance(figure_columns(named), figures);
    let heading = said!("{name} among the members", name = shown.table.members[position].name);
    with_notes(region, Section::new("member", heading, table), shown)
}

/// A table of numbers by themselves without the columns of chance, which would all be empty.
fn without_chance<'f>(table: Table, figures: impl IntoIterator<Item = &'f MemberFigure>) -> Table {
    // In JSON and CSV they stay, so that programs find the same columns in every table.
    let has_chance = figures.into_iter().any(|figure| figure.chance.is_some());
    let of_chance = [
        EVENTS,
        FIGURE_BASE,
        LOWEST_RANK,
        HIGHEST_RANK,
        LOWER_LIMIT,
        UPPER_LIMIT,
        SIGNAL,
        WIDENED_SIGNAL,
        SHMI_SIGNAL,
        DISCOVERY_RATE,
        UNUSUAL,
    ];
    table.hide_if(!has_chance, &of_chance)
}

/// The columns of a member's figure, behind those that say whose or which it is.
fn figure_columns<'c>(rows: TableBuilder<(&'c Indicator, &'c MemberFigure)>) -> Table {
    let chance = |row: &(&Indicator, &MemberFigure)| row.1.chance.clone();
    let limit = |row: &(&Indicator, &MemberFigure), pick: fn(&AgainstChance) -> Option<f64>| {
        maybe_value(row.0, row.1.chance.as_ref().and_then(pick))
    };
    rows.column(EVENTS, |row| Cell::maybe_count(row.1.figure.events()))
        .column(FIGURE_BASE, |row| Cell::maybe_number(row.1.figure.base(), 0))
        .column(FIGURE_VALUE, |row| value(row.0, row.1.value))
        .column(RANK, |row| Cell::count(row.1.rank.rank))
        .column(LOWEST_RANK, |row| Cell::maybe_count(row.1.rank.lowest))
        .column(HIGHEST_RANK, |row| Cell::maybe_count(row.1.rank.highest))
        .column(QUARTER, |row| Cell::count(row.1.quarter))
        .column(LOWER_LIMIT, |row| limit(row, |chance| chance.limits.lower))
        .column(UPPER_LIMIT, |row| limit(row, |chance| chance.limits.upper))
        .column(SIGNAL, |row| maybe_signal(chance(row).map(|chance| chance.signal)))
        .column(WIDENED_SIGNAL, |row| maybe_signal(chance(row).map(|chance| chance.widened_signal)))
        .column(SHMI_SIGNAL, |row| maybe_signal(chance(row).and_then(|chance| chance.shmi_signal)))
        .column(DISCOVERY_RATE, |row| {
            Cell::maybe_number(chance(row).map(|chance| chance.discovery_rate), 3)
        })
        .column(UNUSUAL, |row| {
            let reference = chance(row).and_then(|chance| chance.reference);
            reference.map_or(Cell::Missing, |reference| Cell::flag(reference.is_unusual))
        })
        .detail(WIDENED_LOWER, |row| limit(row, |chance| chance.widened.lower))
        .detail(WIDENED_UPPER, |row| limit(row, |chance| chance.widened.upper))
        .detail(P_VALUE, |row| Cell::maybe_number(chance(row).map(|chance| chance.p_value), 4))
        .detail(KEEPS_PROBABILITY, |row| {
            let reference = chance(row).and_then(|chance| chance.reference);
            Cell::maybe_number(reference.map(|reference| reference.keeps_probability), 4)
        })
        .detail(SIGNIFICANT, |row| {
            let reference = chance(row).and_then(|chance| chance.reference);
            reference.map_or(Cell::Missing, |reference| Cell::flag(reference.is_significant))
        })
        .build()
}

/// Whether figures of the network are of members outside of the region.
fn has_outside(region: &Region, shown: &AllianceComparison<'_>) -> bool {
    shown.table.entries.iter().any(|entry| {
        let hospital = shown.table.members[entry.member].hospital;
        let hospital = hospital.and_then(|hospital| region.network().hospital(hospital));
        entry.origin == Origin::Computed && hospital.is_some_and(|hospital| hospital.outside)
    })
}

fn with_notes(region: &Region, section: Section, shown: &AllianceComparison<'_>) -> Section {
    let mut section = section.note(
        "Ranks are those of values, from the lowest: no league table. Numbers by themselves have no limits of chance.",
    );
    // The rate depends on how many were compared, so a table without the number cannot be read.
    if shown.comparison.comparisons > 0 {
        section = section.note(said!(
            "False discoveries are counted over all {comparisons} comparisons of the table.",
            comparisons = shown.comparison.comparisons
        ));
    }
    if has_outside(region, shown) {
        section = section.note(
            "Hospitals outside of the region look emptier than they are: most people around them are not in the places.",
        );
    }
    // Whoever copies the table should copy what it cannot say.
    if shown.has_public_figures {
        for limit in PUBLIC_LIMITS {
            section = section.note(limit);
        }
    }
    section
}

fn not_compared(shown: &AllianceComparison<'_>) -> Section {
    let table = Table::of(&shown.comparison.not_compared)
        .column(INDICATOR, |(position, _)| {
            let Indicator { key, name, .. } = &shown.table.indicators[*position];
            Cell::both(key, words::of(name))
        })
        .column(WHY, |(_, why)| {
            Cell::word(match why {
                NotCompared::NoFigure => "no member has a figure of the year",
                NotCompared::OneMember => "one member alone has a figure",
            })
        })
        .build();
    Section::new("not_compared", "Not compared", table)
}

/// Whom a member is compared with, in words.
fn peers_in_words(table: &IndicatorTable, peers: &Peers) -> String {
    let role = match peers.role {
        Role::Unknown => "role unknown",
        Role::Specialist => "specialised",
        Role::Basic => "basic care",
        Role::Extended => "extended care",
        Role::Comprehensive => "comprehensive care",
    };
    let size = match peers.size {
        Size::Unknown => "beds unknown",
        Size::Below200 => "below 200 beds",
        Size::Below500 => "200 to 499 beds",
        Size::Below800 => "500 to 799 beds",
        Size::From800 => "800 beds and more",
    };
    let widened = match peers.widened {
        Widened::No => String::new(),
        Widened::Size => said!("; too few of that role, so all of the size"),
        Widened::Everybody => said!("; too few of that role and size, so everybody"),
    };
    let name = &table.members[peers.member].name;
    said!(
        "{count} members like {name}: {role}, {size}{widened}",
        count = peers.peers.len(),
        name,
        role = words::of(role),
        size = words::of(size),
        widened
    )
}
