//! What several changes make of a region: the main figures, a change a column.

mod figure;
mod parts;

use super::after::{first_first, keys, names, sources};
use super::against::Extent;
use super::columns::{
    COMPARED, Column, PART, SUBJECT_KEY, UNDER_BASE, UNDER_SCENARIO_1, UNDER_SCENARIO_2,
    UNDER_SCENARIO_3, UNDER_SCENARIO_4, UNDER_SCENARIO_5, UNIT, WHOSE,
};
use super::comparison::network::network_in_short;
use super::comparison::{supplement_name, travel_after};
use super::document::{Cell, Document, Section, Table, standard_of};
use super::pathway::main_targets;
use super::{band, open};
use crate::comparison::{Comparison, Planned, in_time_over_band};
use crate::overview::PathwayFigures;
use crate::pathways::PathwayError;
use crate::region::Region;
use crate::routing::Choice;
use crate::words;
use figure::Figure;
use parts::{Part, parts};

/// How many changes fit a page side by side.
pub const MOST_SIDES: usize = COLUMNS.len();

/// A change a column.
const COLUMNS: [Column; 5] =
    [UNDER_SCENARIO_1, UNDER_SCENARIO_2, UNDER_SCENARIO_3, UNDER_SCENARIO_4, UNDER_SCENARIO_5];
/// What heads call the columns.
const SCENARIOS: [&str; 5] = ["scenario_1", "scenario_2", "scenario_3", "scenario_4", "scenario_5"];
/// What else ends by each change.
const ALSO: [&str; 5] = ["also_1", "also_2", "also_3", "also_4", "also_5"];
/// What journeys rest on under each change.
const TRAVEL: [&str; 5] = ["travel_1", "travel_2", "travel_3", "travel_4", "travel_5"];

/// Figures of pathways of one region, or why there are none.
type Pathways = Vec<Result<PathwayFigures, PathwayError>>;

/// What several changes make of a region, and how it is shown.
#[derive(Debug, Clone)]
pub struct SideBySide<'a> {
    /// The region before.
    pub region: &'a Region,
    /// The changes, a column each; of more than [`MOST_SIDES`] the first ones.
    pub changes: &'a [Planned],
    /// What each of them does to the region, in the same order.
    pub comparisons: &'a [Comparison],
    /// Care pathways before, in the order of the catalog.
    pub pathways: Pathways,
    /// Care pathways after each change.
    pub pathways_after: Vec<Pathways>,
    /// How patients choose a hospital.
    pub choice: Choice,
    /// With [`Extent::Shown`], figures that no change moves are told in a line; with [`Extent::Full`], every figure is a
    /// row of one table.
    pub extent: Extent,
}

impl SideBySide<'_> {
    /// What has a column.
    fn first_ones(&self) -> Self {
        let mut first = self.clone();
        first.changes = &first.changes[..first.changes.len().min(MOST_SIDES)];
        first.comparisons = &first.comparisons[..first.comparisons.len().min(MOST_SIDES)];
        first.pathways_after.truncate(MOST_SIDES);
        first
    }
}

/// Several changes of a region side by side: who is in time, by standard, district and age; care pathways; cases
/// that move; beds; verdicts; agreements.
///
/// Times that differ by no more than 0.1 minutes (elective pathways: 0.1 days), shares by less than 0.05 percentage
/// points, and counts by less than one are taken for the same.
pub fn side_by_side(view: &SideBySide<'_>) -> Document {
    // What has no column must move no figure either.
    let view = &view.first_ones();
    let mut document = open("Scenarios side by side", view.region);
    let mut told = Vec::new();
    for (change, (scenario, also)) in view.changes.iter().zip(SCENARIOS.iter().zip(ALSO)) {
        let scenarios = first_first(&change.scenarios);
        let (keys, names) = (keys(&scenarios), names(&scenarios).join(&words::of(", then ")));
        document = document.about(
            scenario,
            said!("{keys}: {names} (as on {at})", keys, names, at = change.at.in_print()),
        );
        told.push((also, sources(&scenarios)));
    }
    for (comparison, key) in view.comparisons.iter().zip(TRAVEL) {
        document = document.maybe_about(key, travel_after(comparison));
    }
    for (comparison, (also, _)) in view.comparisons.iter().zip(&told) {
        let ends = network_in_short(&comparison.network);
        if !ends.is_empty() {
            document = document.about(also, ends.join("; "));
        }
    }
    let mut sources: Vec<String> = told.into_iter().map(|(_, source)| source).collect();
    sources.dedup();
    document = document
        .about("scenario_source", sources.join("; "))
        .about("choice", said!("{choice} (assumed)", choice = view.choice));
    if view.extent == Extent::Shown {
        document = document.about(
            "unchanged",
            "what differs by no more than 0.1 minutes, elective pathways 0.1 days, shares 0.05 percentage points, \
             counts less than one; of groups of people, what changes within 0.5 minutes as it does for all",
        );
    }
    if let Some(moment) = view.comparisons.first().and_then(|comparison| comparison.moment) {
        document = document.about(
            "moment",
            said!("{moment}: standards and care pathways; all else is of all hours", moment),
        );
    }

    if let Some(undecided) = band::undecided(view.region, &over_band(view)) {
        document = document.about("over_band", undecided);
    }

    let parts = parts(view);
    if view.extent == Extent::Full {
        let rows = parts.iter().flat_map(|part| part.figures.iter().map(|row| (part.key, row)));
        let table = columns(view, rows, true);
        return document.section(Section::new("figures", "Scenarios side by side", table));
    }
    on_a_page(document, view, &parts)
}

/// Whether more people are in time under each change, or fewer, by standards and on care pathways, and what becomes of
/// supplements, over the band: each change beside the region as it is, with the same error on both sides.
fn over_band(view: &SideBySide<'_>) -> band::Verdicts {
    let mut verdicts = band::Verdicts::default();
    for (number, (change, comparison)) in view.changes.iter().zip(view.comparisons).enumerate() {
        let scenario = keys(&first_first(&change.scenarios));
        let mut add =
            |what: &str, over_band| verdicts.add(&format!("{what} ({scenario})"), over_band);
        for change in &comparison.standards {
            add(&standard_of(&change.standard.key), change.over_band());
        }
        // Both sides at the same end: bands that overlap leave a difference decided.
        let Some(after) = view.pathways_after.get(number) else { continue };
        for (then, now) in view.pathways.iter().zip(after) {
            let (Ok(then), Ok(now)) = (then, now) else { continue };
            if let [_, Some(target)] = main_targets(&then.pathway)
                && let Some(after) = now.targets.get(target)
                && after.target == then.targets[target].target
            {
                add(
                    &standard_of(&then.pathway.key),
                    in_time_over_band(&then.targets[target], after),
                );
            }
        }
        for change in comparison.law.iter().chain(&comparison.law_undecided) {
            add(&supplement_name(change), change.over_band);
        }
    }
    verdicts
}

/// Each part with what moves, then a line for each in which nothing does.
fn on_a_page(mut document: Document, view: &SideBySide<'_>, parts: &[Part]) -> Document {
    let mut unmoved = Vec::new();
    for part in parts {
        let moved: Vec<&Figure> = part.figures.iter().filter(|row| row.is_moved()).collect();
        if moved.is_empty() {
            unmoved.push(part.unmoved());
            continue;
        }
        let rest = part.figures.len() - moved.len();
        let table = columns(view, moved.into_iter().map(|row| (part.key, row)), false);
        let mut section = Section::new(part.key, part.heading, table);
        if rest > 0 {
            let than_all = words::of(part.than_all());
            section = section.note(if rest == 1 {
                said!("1 other figure does not change{than_all}.", than_all)
            } else {
                said!("{rest} other figures do not change{than_all}.", rest, than_all)
            });
        }
        document = document.section(section);
    }
    if let Some((first, others)) = unmoved.split_first() {
        let table = Table::empty(&[COMPARED]);
        let section = Section::new("unmoved", "What no scenario changes", table);
        let mut section = section.in_words(first);
        for line in others {
            section = section.note(line);
        }
        document = document.section(section);
    }
    document
}

/// A table of figures with a column for each change.
fn columns<'f>(
    view: &SideBySide<'_>,
    rows: impl IntoIterator<Item = (&'static str, &'f Figure)>,
    has_parts: bool,
) -> Table {
    let mut table = Table::of(rows);
    if has_parts {
        table = table.column(PART, |(part, _)| Cell::word(part));
    }
    table = table
        .column(SUBJECT_KEY, |(_, row)| Cell::text(&row.subject))
        .column(COMPARED, |(_, row)| row.name())
        .column(UNIT, |(_, row)| Cell::word(row.kind.unit()))
        .column(WHOSE, |(_, row)| Cell::text(&row.whose))
        .column(UNDER_BASE, |(_, row)| row.base.clone());
    for (position, column) in COLUMNS.iter().take(view.changes.len()).enumerate() {
        table = table
            .column(*column, |(_, row)| row.under.get(position).cloned().unwrap_or(Cell::Missing));
    }
    let mut table = table.build();
    for (column, change) in COLUMNS.iter().zip(view.changes) {
        table = table.head(*column, heading(&keys(&first_first(&change.scenarios))));
    }
    table
}

/// A key in lines that a column has room for, broken behind hyphens.
fn heading(key: &str) -> String {
    const WIDTH: usize = 12;
    let mut lines = vec![String::new()];
    for part in key.split_inclusive(['-', '+', ' ']) {
        let line = lines.last_mut().map_or(0, |line| line.chars().count());
        if line > 0 && line + part.chars().count() > WIDTH {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(part);
        }
    }
    lines.join("\n")
}
