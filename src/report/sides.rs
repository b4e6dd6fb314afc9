//! What several changes make of a region: the main figures, a change a column.

use std::collections::BTreeSet;

use super::after::{first_first, keys, names, sources};
use super::against::Extent;
use super::columns::{
    COMPARED, Column, PART, SUBJECT_KEY, UNDER_BASE, UNDER_SCENARIO_1, UNDER_SCENARIO_2,
    UNDER_SCENARIO_3, UNDER_SCENARIO_4, UNDER_SCENARIO_5, UNIT, WHOSE,
};
use super::comparison::network_in_short;
use super::document::{Cell, Document, SECONDS_OF_A_DAY, Section, Table};
use super::open;
use crate::comparison::{Comparison, LawPoint, Planned, ReachChange};
use crate::coverage::Reach;
use crate::model::{Network, Urgency};
use crate::overview::PathwayFigures;
use crate::pathways::PathwayError;
use crate::region::Region;
use crate::routing::Choice;

/// How many changes fit a page side by side.
pub const MOST_SIDES: usize = COLUMNS.len();

/// A change a column.
const COLUMNS: [Column; 5] =
    [UNDER_SCENARIO_1, UNDER_SCENARIO_2, UNDER_SCENARIO_3, UNDER_SCENARIO_4, UNDER_SCENARIO_5];
/// What heads call the columns.
const SCENARIOS: [&str; 5] = ["scenario_1", "scenario_2", "scenario_3", "scenario_4", "scenario_5"];
/// What else ends by each change.
const ALSO: [&str; 5] = ["also_1", "also_2", "also_3", "also_4", "also_5"];

/// Figures of pathways of one region, or why there are none.
type Pathways = Vec<Result<PathwayFigures, PathwayError>>;

/// What several changes make of a region, and how it is shown.
#[derive(Debug, Clone)]
pub struct SideBySide<'a> {
    /// The region before.
    pub region: &'a Region,
    /// The changes, a column each; of more than [`MOST_SIDES`] the first ones.
    pub changes: &'a [Planned<'a>],
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

/// Several changes of a region side by side: who is in time, by standard, district and age; care pathways; cases
/// that move; beds; verdicts; agreements.
///
/// Times that differ by no more than 0.1 minutes (elective pathways: 0.1 days), shares by less than 0.05 percentage
/// points, and counts by less than one are taken for the same.
pub fn side_by_side(view: &SideBySide<'_>) -> Document {
    let mut document = open("Scenarios side by side", view.region);
    let mut told = Vec::new();
    for (change, (scenario, also)) in view.changes.iter().zip(SCENARIOS.iter().zip(ALSO)) {
        let scenarios = first_first(&change.scenarios);
        let (keys, names) = (keys(&scenarios), names(&scenarios).join(", then "));
        document = document.about(scenario, format!("{keys}: {names} (as on {})", change.at));
        told.push((also, sources(&scenarios)));
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
        .about("choice", format!("{} (assumed)", view.choice));
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
            format!("{moment}: standards and care pathways; all else is of all hours"),
        );
    }

    let parts = parts(view);
    if view.extent == Extent::Full {
        let rows = parts.iter().flat_map(|part| part.figures.iter().map(|row| (part.key, row)));
        let table = columns(view, rows, true);
        return document.section(Section::new("figures", "Scenarios side by side", table));
    }
    on_a_page(document, view, &parts)
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
            let figures = if rest == 1 { "figure does" } else { "figures do" };
            section =
                section.note(format!("{rest} other {figures} not change{}.", part.than_all()));
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
        table = table.column(PART, |(part, _)| Cell::text(*part));
    }
    table = table
        .column(SUBJECT_KEY, |(_, row)| Cell::text(&row.subject))
        .column(COMPARED, |(_, row)| row.name())
        .column(UNIT, |(_, row)| Cell::text(row.kind.unit()))
        .column(WHOSE, |(_, row)| Cell::text(&row.whose))
        .column(UNDER_BASE, |(_, row)| row.base.clone());
    let shown = view.changes.len().min(MOST_SIDES);
    for (position, column) in COLUMNS.iter().take(shown).enumerate() {
        table = table.column(*column, |(_, row)| row.under[position].clone());
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

/// What a figure counts, and from which difference on it has moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    People,
    Share,
    Minutes,
    Days,
    Cases,
    Count(&'static str),
}

impl Kind {
    fn unit(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Share => "share",
            Self::Minutes => "minutes",
            Self::Days => "days",
            Self::Cases => "cases a year",
            Self::Count(unit) => unit,
        }
    }

    /// A value as it is printed; times in seconds.
    fn cell(self, value: Option<f64>) -> Cell {
        let Some(value) = value else { return Cell::Missing };
        match self {
            Self::Share => Cell::share(value),
            Self::Minutes => Cell::minutes(value),
            Self::Days => Cell::number(value / SECONDS_OF_A_DAY, 1),
            Self::People | Self::Cases | Self::Count(_) => Cell::number(value, 0),
        }
    }

    /// Whether two values differ by so much that it is told; times in seconds.
    fn is_moved(self, before: f64, after: f64) -> bool {
        let difference = (after - before).abs();
        match self {
            Self::Share => difference >= 0.0005,
            // Half a second more, so that what is printed as 0.1 minutes is never more.
            Self::Minutes => difference > 6.5,
            Self::Days => difference > 0.1 * SECONDS_OF_A_DAY,
            Self::People | Self::Cases | Self::Count(_) => difference >= 1.0,
        }
    }
}

/// Whether a figure is other under some change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Movement {
    Same,
    /// It moves as that of all people does, which stands on the page.
    AsAll,
    Moved,
}

/// A figure before, and under each change.
struct Figure {
    /// The standard, pathway, hospital or rule.
    subject: String,
    key: &'static str,
    label: &'static str,
    kind: Kind,
    whose: String,
    base: Cell,
    under: Vec<Cell>,
    movement: Movement,
}

impl Figure {
    fn name(&self) -> Cell {
        Cell::Name { name: self.key.to_owned(), label: self.label.to_owned() }
    }

    fn is_moved(&self) -> bool {
        self.movement == Movement::Moved
    }
}

/// The figures of one subject, still without their values.
#[derive(Clone, Copy)]
struct About<'a> {
    subject: &'a str,
    whose: &'a str,
}

impl About<'_> {
    /// A figure with its values: before, and under each change.
    fn figure(
        self,
        name: (&'static str, &'static str),
        kind: Kind,
        values: &[(Option<f64>, Option<f64>)],
    ) -> Figure {
        let base = values.first().and_then(|(before, _)| *before);
        let mut is_moved = false;
        let mut under = Vec::with_capacity(values.len());
        for (before, after) in values {
            is_moved |= match (before, after) {
                (Some(before), Some(after)) => kind.is_moved(*before, *after),
                (before, after) => before != after,
            };
            under.push(kind.cell(*after));
        }
        Figure {
            subject: self.subject.to_owned(),
            key: name.0,
            label: name.1,
            kind,
            whose: self.whose.to_owned(),
            base: kind.cell(base),
            under,
            movement: if is_moved { Movement::Moved } else { Movement::Same },
        }
    }
}

/// Figures of one kind.
struct Part {
    key: &'static str,
    heading: &'static str,
    /// What is said where none of them changes.
    same: &'static str,
    figures: Vec<Figure>,
}

impl Part {
    fn moves_as_all(&self) -> bool {
        self.figures.iter().any(|figure| figure.movement == Movement::AsAll)
    }

    /// What is said where none of the figures moves by itself.
    fn unmoved(&self) -> String {
        if self.moves_as_all() {
            let who = if self.key == "ages" { "age: no group" } else { "districts: none" };
            return format!("{who} changes by 0.5 minutes more or less than all do");
        }
        self.same.to_owned()
    }

    /// How figures that do not stand on the page can have changed.
    fn than_all(&self) -> &'static str {
        if self.moves_as_all() { " by 0.5 minutes more or less than all do" } else { "" }
    }
}

fn parts(view: &SideBySide<'_>) -> Vec<Part> {
    let districts = groups(view, |comparison, standard| &comparison.standards[standard].districts);
    let ages = groups(view, |comparison, standard| &comparison.standards[standard].bands);
    vec![
        Part {
            key: "standards",
            heading: "Who reaches care in time",
            same: "standards: nobody gains or loses care in time, and no mean differs by more than 0.1 minutes",
            figures: standards(view),
        },
        Part {
            key: "districts",
            heading: "Mean minutes by district",
            same: "districts: no district differs by more than 0.1 minutes",
            figures: districts,
        },
        Part {
            key: "ages",
            heading: "Mean minutes by age",
            same: "age: no group differs by more than 0.1 minutes",
            figures: ages,
        },
        Part {
            key: "pathways",
            heading: "How long to definitive care",
            same: "care pathways: no mean differs by more than 0.1 minutes (elective ones: 0.1 days), no share in time",
            figures: pathways(view),
        },
        Part {
            key: "cases",
            heading: "Where the cases go",
            same: "cases: none go elsewhere, and no further hospital or department gets overfull",
            figures: cases(view),
        },
        Part {
            key: "beds",
            heading: "Hospitals and beds",
            same: "hospitals and beds: as many as before",
            figures: beds(view),
        },
        Part {
            key: "law",
            heading: "Verdicts of the law that change",
            same: "law: no verdict changes",
            figures: law(view),
        },
        Part {
            key: "agreements",
            heading: "What ends and starts",
            same: "agreements: none ends or starts, and nobody leaves or joins an alliance",
            figures: agreements(view),
        },
    ]
}

/// Values of all comparisons.
fn values(
    view: &SideBySide<'_>,
    value: impl Fn(&Comparison) -> (Option<f64>, Option<f64>),
) -> Vec<(Option<f64>, Option<f64>)> {
    view.comparisons.iter().map(value).collect()
}

/// Of something that a change makes: nothing of it before.
fn made(
    view: &SideBySide<'_>,
    value: impl Fn(&Comparison) -> f64,
) -> Vec<(Option<f64>, Option<f64>)> {
    values(view, |comparison| (Some(0.0), Some(value(comparison))))
}

/// A count as a value.
fn count(count: usize) -> f64 {
    count as f64
}

fn standards(view: &SideBySide<'_>) -> Vec<Figure> {
    let mut figures = Vec::new();
    let asked = view.comparisons.first().map_or(&[][..], |comparison| &comparison.standards);
    for (number, change) in asked.iter().enumerate() {
        let whose = change.standard.population.label();
        let about = About { subject: &change.standard.key, whose: &whose };
        // Where no site of the data offers the care, nobody knows who is in time.
        let both = |of: &dyn Fn(&Reach) -> Option<f64>| {
            values(view, |comparison| {
                let change = &comparison.standards[number];
                let known = |reach: &Reach| of(reach).filter(|_| change.is_offered);
                (known(&change.before), known(&change.after))
            })
        };
        let people = both(&|reach| Some(reach.within_limit as f64));
        let share = both(&Reach::share_within_limit);
        let mean = both(&|reach| reach.mean_seconds);
        figures.push(about.figure(("within_limit_people", "in time"), Kind::People, &people));
        figures.push(about.figure(("within_limit_share", "in time"), Kind::Share, &share));
        figures.push(about.figure(("mean_minutes", "mean time"), Kind::Minutes, &mean));
    }
    figures
}

/// Mean minutes of groups of people, by standard.
fn groups<'a>(
    view: &'a SideBySide<'_>,
    of: impl Fn(&'a Comparison, usize) -> &'a [ReachChange],
) -> Vec<Figure> {
    let mut figures = Vec::new();
    let asked = view.comparisons.first().map_or(&[][..], |comparison| &comparison.standards);
    for (number, change) in asked.iter().enumerate() {
        // A scenario with other people may have a group that the first one has not.
        let mut groups: Vec<&str> = Vec::new();
        for group in view.comparisons.iter().flat_map(|comparison| of(comparison, number)) {
            if !groups.contains(&group.name.as_str()) {
                groups.push(&group.name);
            }
        }
        for group in groups {
            let mut means = Vec::new();
            for comparison in view.comparisons {
                let mut known = of(comparison, number).iter();
                let reach = known.find(|reach| reach.name == group);
                let before = reach.and_then(|reach| reach.before.mean_seconds);
                means.push((before, reach.and_then(|reach| reach.after.mean_seconds)));
            }
            let about = About { subject: &change.standard.key, whose: group };
            let mut figure = about.figure(("mean_minutes", "mean time"), Kind::Minutes, &means);
            if figure.is_moved() && is_as_all(view, number, &means) {
                figure.movement = Movement::AsAll;
            }
            figures.push(figure);
        }
    }
    figures
}

/// Whether means of a group change as those of all people of a standard do, within half a minute, under each change.
fn is_as_all(view: &SideBySide<'_>, standard: usize, means: &[(Option<f64>, Option<f64>)]) -> bool {
    const WITHIN: f64 = 30.0;
    let more = |before: Option<f64>, after: Option<f64>| Some(after? - before?);
    view.comparisons.iter().zip(means).all(|(comparison, (before, after))| {
        let all = &comparison.standards[standard];
        let of_all = more(all.before.mean_seconds, all.after.mean_seconds);
        match (more(*before, *after), of_all) {
            (Some(group), Some(all)) => (group - all).abs() <= WITHIN,
            _ => false,
        }
    })
}

fn pathways(view: &SideBySide<'_>) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (number, pathway) in view.region.network().catalog().pathways.iter().enumerate() {
        let whose = pathway.population.label();
        let about = About { subject: &pathway.key, whose: &whose };
        let both = |of: &dyn Fn(&PathwayFigures) -> Option<f64>| {
            let known = |pathways: &Pathways| pathways.get(number)?.as_ref().ok().and_then(of);
            let before = known(&view.pathways);
            let after = view.pathways_after.iter().map(known);
            after.map(|after| (before, after)).collect::<Vec<_>>()
        };
        let kind = match pathway.urgency {
            Urgency::Emergency => Kind::Minutes,
            Urgency::Elective => Kind::Days,
        };
        let done = both(&|known| known.stages.last()?.done.mean_seconds);
        let mean = match kind {
            Kind::Days => ("done_mean_days", "mean, call to end"),
            _ => ("done_mean_minutes", "mean, call to end"),
        };
        figures.push(about.figure(mean, kind, &done));

        let [_, treatment] = super::pathway::main_targets(pathway);
        if let Some(treatment) = treatment {
            let within = both(&|known| known.targets.get(treatment)?.share);
            let name = ("treatment_share_within_limit", "treated in time");
            figures.push(about.figure(name, Kind::Share, &within));
        }
        let without = both(&|known| Some(known.stages.last()?.without_way));
        figures.push(about.figure(("without_way_people", "without a way"), Kind::People, &without));
    }
    figures
}

/// Hospitals whose cases are shown: of each change those with the largest change of cases.
const HOSPITALS: usize = 3;

fn cases(view: &SideBySide<'_>) -> Vec<Figure> {
    let all = About { subject: "all", whose: "all" };
    let moved = made(view, |comparison| {
        let more = comparison.hospitals.iter().map(|change| change.load.more_cases());
        more.filter(|more| *more > 0.0).sum()
    });
    let leftover = values(view, |comparison| {
        let (before, after) = comparison.leftover;
        (Some(before), Some(after))
    });
    let hospitals = made(view, |comparison| {
        let newly = comparison.hospitals.iter().filter(|change| change.load.is_newly_overfull());
        count(newly.count())
    });
    let departments = made(view, |comparison| {
        let newly = comparison.departments.iter().filter(|change| change.load.is_newly_overfull());
        count(newly.count())
    });
    let mut figures = vec![
        all.figure(("moved_cases", "moved elsewhere"), Kind::Cases, &moved),
        all.figure(("leftover_cases", "without a hospital"), Kind::Cases, &leftover),
        all.figure(
            ("newly_overfull_hospitals", "newly overfull"),
            Kind::Count("hospitals"),
            &hospitals,
        ),
        all.figure(
            ("newly_overfull_departments", "newly overfull"),
            Kind::Count("departments"),
            &departments,
        ),
    ];

    let mut largest: BTreeSet<&str> = BTreeSet::new();
    for comparison in view.comparisons {
        largest.extend(
            comparison.hospitals.iter().take(HOSPITALS).map(|change| change.hospital.as_str()),
        );
    }
    for hospital in largest {
        let find = |comparison: &Comparison| {
            let mut changes = comparison.hospitals.iter();
            changes.find(|change| change.hospital == hospital).map(|change| change.load.cases())
        };
        // A change that leaves a hospital alone does not name it: it has what the others say of before.
        let before = view.comparisons.iter().find_map(find).map(|(before, _)| before);
        let cases = values(view, |comparison| {
            (before, find(comparison).map(|(_, after)| after).or(before))
        });
        let about = About { subject: hospital, whose: "its patients" };
        figures.push(about.figure(("cases", "cases"), Kind::Cases, &cases));
    }
    figures
}

fn beds(view: &SideBySide<'_>) -> Vec<Figure> {
    let inside = About { subject: "all", whose: "inside" };
    let both = |of: &dyn Fn(&Network) -> f64| {
        let before = Some(of(view.region.network()));
        let after = view.changes.iter().map(|change| Some(of(change.after.network())));
        after.map(|after| (before, after)).collect::<Vec<_>>()
    };
    let hospitals = both(&|network| {
        let there = network.hospitals().iter();
        count(there.filter(|hospital| !hospital.outside && hospital.kind.has_inpatients()).count())
    });
    let beds = both(&|network| {
        let there = network.hospitals().iter().filter(|hospital| !hospital.outside);
        there.filter_map(|hospital| hospital.beds).map(f64::from).sum()
    });
    vec![
        inside.figure(("hospitals", "sites with beds"), Kind::Count("hospitals"), &hospitals),
        inside.figure(("beds", "beds, where known"), Kind::Count("beds"), &beds),
    ]
}

fn law(view: &SideBySide<'_>) -> Vec<Figure> {
    type IsOfRule = fn(&LawPoint) -> bool;
    let rules: [(&str, IsOfRule); 4] = [
        ("service groups", |point| matches!(point, LawPoint::Group { .. })),
        ("federal levels", |point| matches!(point, LawPoint::Level { .. })),
        ("emergency stages", |point| matches!(point, LawPoint::Stage { .. })),
        ("supplements", |point| matches!(point, LawPoint::Supplement { .. })),
    ];
    let mut figures = Vec::new();
    for (rule, is_of_rule) in rules {
        let changed = made(view, |comparison| {
            count(comparison.law.iter().filter(|change| is_of_rule(&change.point)).count())
        });
        let about = About { subject: rule, whose: "inside" };
        figures.push(about.figure(
            ("changed_verdicts", "other verdict"),
            Kind::Count("verdicts"),
            &changed,
        ));
    }
    figures
}

fn agreements(view: &SideBySide<'_>) -> Vec<Figure> {
    let all = About { subject: "all", whose: "all" };
    let kind = Kind::Count("agreements");
    let ended = made(view, |comparison| {
        let changes = comparison.network.cooperations.iter();
        count(changes.filter(|change| change.after.is_none()).count())
    });
    let started = made(view, |comparison| {
        let changes = comparison.network.cooperations.iter();
        count(changes.filter(|change| change.before.is_none()).count())
    });
    let other = made(view, |comparison| {
        let changes = comparison.network.cooperations.iter();
        count(changes.filter(|change| change.before.is_some() && change.after.is_some()).count())
    });
    let members = made(view, |comparison| count(comparison.network.members.len()));
    let branches = made(view, |comparison| count(comparison.network.without_main.len()));
    vec![
        all.figure(("ended_agreements", "at an end"), kind, &ended),
        all.figure(("new_agreements", "new"), kind, &started),
        all.figure(("other_agreements", "among others, on other terms"), kind, &other),
        all.figure(("changed_members", "left or joined"), Kind::Count("members"), &members),
        all.figure(
            ("branches_without_main", "without a main site"),
            Kind::Count("branches"),
            &branches,
        ),
    ]
}
