//! Scenarios beside the base: the same figures with their differences.

use std::collections::BTreeMap;

use super::overview::overall;
use super::wards::order;
use super::ways::{BACK, at_medians, is_asked, stage_key};
use super::{SimulationView, cell, hospitals_of, unit};
use crate::report::Column;
use crate::report::columns::{
    BASE_VALUE, COOPERATION, DIFFERENCE, FIGURE, HALF_WIDTH, HOSPITAL, PATHWAY, PLACE_NAME,
    SCENARIO, SCENARIO_VALUE, STAGE, UNIT, WARD, WHAT,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table};
use crate::report::namesakes::Namesakes;
use crate::simulation::{FlowIndex, PlaceWait, Results, Scope, StageWait, StageWaitChange};
use crate::stats::Interval;
use crate::units::Seconds;
use crate::words;

/// A figure of a scenario beside the base.
struct Change {
    figure: &'static str,
    unit: &'static str,
    base: Option<f64>,
    scenario: Option<f64>,
    difference: Option<Interval>,
}

impl Change {
    /// Of paired values.
    fn of(figure: &'static str, unit: &'static str, base: &[f64], scenario: &[f64]) -> Self {
        // Paired, as both saw the same patients: chance that both share cancels, so small changes show.
        let difference = Interval::paired(base, scenario);
        let (base, scenario) = (mean(Interval::of(base)), mean(Interval::of(scenario)));
        Self { figure, unit, base, scenario, difference }
    }

    /// Whether it is more than chance: the interval excludes 0.
    fn is_sure(&self) -> bool {
        match self.difference {
            Some(difference) => !difference.contains(0.0),
            None => false,
        }
    }

    fn value(&self, value: Option<f64>) -> Cell {
        match value {
            Some(value) => cell(value, self.unit),
            None => Cell::Missing,
        }
    }

    /// A difference of two values, or half of the width of its interval.
    fn difference(&self, difference: Option<f64>) -> Cell {
        match difference {
            Some(difference) if self.unit == "share" => Cell::points(difference),
            difference => self.value(difference),
        }
    }
}

fn mean(interval: Option<Interval>) -> Option<f64> {
    Some(interval?.mean)
}

/// Rows of changes; those that may be chance are counted instead of shown.
struct Rows {
    /// What the rows are about, behind the scenario.
    subjects: &'static [Column],
    shown: Vec<(Vec<String>, Change)>,
    all: bool,
    left_out: usize,
}

impl Rows {
    fn new(subjects: &'static [Column], view: &SimulationView<'_>) -> Self {
        Self { subjects, shown: Vec::new(), all: view.all, left_out: 0 }
    }

    /// A change of a figure of a scenario and of these subjects.
    fn add(&mut self, subjects: &[&str], change: Change) {
        if !self.all && !change.is_sure() {
            // Only counted: of dozens of figures, those that chance moves would hide the others.
            self.left_out += 1;
            return;
        }
        let mut told = Vec::with_capacity(subjects.len());
        for subject in subjects {
            told.push((*subject).to_owned());
        }
        self.shown.push((told, change));
    }

    fn table(self, results: &Results<'_, '_>) -> Table {
        let mut table =
            Table::of(self.shown).column(SCENARIO, |(subjects, _)| Cell::text(&subjects[0]));
        for (position, column) in self.subjects.iter().enumerate() {
            table = table.column(*column, |(subjects, _)| {
                // A figure in words, or a key, of which there is no German.
                let subject = &subjects[position + 1];
                Cell::both(subject, words::of(subject))
            });
        }
        table
            .column(FIGURE, |(_, change)| Cell::text(change.figure))
            .column(DIFFERENCE, |(_, change)| change.difference(mean(change.difference)))
            .column(HALF_WIDTH, |(_, change)| {
                change.difference(change.difference.and_then(|difference| difference.half_width))
            })
            .column(BASE_VALUE, |(_, change)| change.value(change.base))
            .column(SCENARIO_VALUE, |(_, change)| change.value(change.scenario))
            .detail(UNIT, |(_, change)| Cell::text(change.unit))
            .build()
            // The head of the document names a scenario that is the only one.
            .hide_if(results.flows().len() <= 2, &[SCENARIO])
    }

    fn section(self, key: &'static str, heading: &str, results: &Results<'_, '_>) -> Section {
        let left_out = self.left_out;
        let section = Section::new(key, heading, self.table(results)).note(
            "Difference ± half of the width of its 95 % interval, paired: both saw the same patients. Shares in per cent points.",
        );
        match (results.replications(), left_out) {
            (..=1, 1..) => section.note(
                Remark::from(
                    "One replication says nothing about chance, so no difference is shown",
                )
                .hint(Hint::AllDifferences)
                .and("."),
            ),
            (_, 1..) => section.note(
                Remark::from(said!("{left_out} more differences may be chance", left_out))
                    .hint(Hint::MoreDifferences)
                    .and(". Of figures that do not change, about 1 in 20 is shown all the same."),
            ),
            _ => section,
        }
    }
}

/// The numbers of the scenarios among the flows, with their names.
fn scenarios<'f>(results: &Results<'f, '_>) -> impl Iterator<Item = (FlowIndex, &'f str)> {
    results.flows_with_indices().skip(1).map(|(flow, scenario)| (flow, scenario.name()))
}

pub(super) fn overview(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let mut rows = Rows::new(&[WHAT], view);
    let base = overall(results, FlowIndex::BASE);
    for (flow, name) in scenarios(results) {
        for (base, after) in base.iter().zip(overall(results, flow)) {
            let change = Change::of(base.key, base.unit, &base.values, &after.values);
            rows.add(&[name, base.what], change);
        }
    }
    let mut section =
        rows.section("changes", "What the scenarios change, hospitals inside", results);
    // The words beside it say the same.
    section.table = section.table.hide(&[FIGURE]);
    section
}

/// The changes of all figures of a scope.
fn figures(results: &Results<'_, '_>, flow: FlowIndex, scope: Scope) -> Vec<Change> {
    let mut changes = Vec::new();
    for figure in order(results) {
        let base = results.values(FlowIndex::BASE, *figure, scope);
        let scenario = results.values(flow, *figure, scope);
        changes.push(Change::of(figure.key(), unit(*figure), &base, &scenario));
    }
    changes
}

pub(super) fn hospitals(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let network = results.flows()[0].region().network();
    let mut rows = Rows::new(&[HOSPITAL], view);
    for (flow, name) in scenarios(results) {
        for id in hospitals_of(results, view) {
            for change in figures(results, flow, Scope::Hospital(id)) {
                rows.add(&[name, &network[id].key], change);
            }
        }
    }
    rows.section("hospitals", "What the scenarios change, by hospital", results)
}

pub(super) fn wards(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let network = results.flows()[0].region().network();
    let mut rows = Rows::new(&[HOSPITAL, WARD], view);
    for (flow, name) in scenarios(results) {
        for id in hospitals_of(results, view) {
            // Wards are compared by their numbers: runs whose wards differ are refused before.
            let wards = results.flows()[0].wards_with_ids();
            for (number, ward) in wards.filter(|(_, ward)| ward.hospital == id) {
                for change in figures(results, flow, Scope::Ward(number)) {
                    rows.add(&[name, &network[id].key, &ward.specialty], change);
                }
            }
        }
    }
    rows.section("wards", "What the scenarios change, by ward", results)
}

pub(super) fn cooperations(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let mut rows = Rows::new(&[COOPERATION], view);
    let means = |flow: FlowIndex| {
        let mut means = BTreeMap::new();
        for (key, uses) in results.uses(flow) {
            means.insert(key, uses.mean);
        }
        means
    };

    let base = means(FlowIndex::BASE);
    for (flow, name) in scenarios(results) {
        let scenario = means(flow);
        for (key, difference) in results.use_changes(flow) {
            if key == BACK {
                continue;
            }
            // One that only the other flow has is used by nobody here.
            let uses = |means: &BTreeMap<String, f64>| means.get(&key).copied().unwrap_or(0.0);
            let change = Change {
                figure: "uses",
                unit: "patients",
                base: Some(uses(&base)),
                scenario: Some(uses(&scenario)),
                difference: Some(difference),
            };
            rows.add(&[name, &key], change);
        }
    }
    let network = results.flows()[0].region().network();
    rows.section("cooperations", "What the scenarios change, patients by cooperation", results)
        .maybe_note(at_medians(network))
}

pub(super) fn conditions(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let network = results.flows()[0].region().network();
    let mut rows = Rows::new(&[PATHWAY, STAGE], view);

    let base = results.stage_waits(FlowIndex::BASE);
    for (flow, name) in scenarios(results) {
        let scenario = results.stage_waits(flow);
        for change in results.stage_changes(flow) {
            if !is_asked(view, &change.pathway) {
                continue;
            }
            let stage = stage_key(network, &change.pathway, change.stage);
            let base = wait_of(&base, &change);
            let after = wait_of(&scenario, &change);
            for (figure, base, scenario, difference) in [
                ("queued_median_minutes", base.median, after.median, change.p50),
                ("queued_p90_minutes", base.p90, after.p90, change.p90),
            ] {
                let change_of_figure =
                    Change { figure, unit: "minutes", base, scenario, difference };
                rows.add(&[name, &change.pathway, stage], change_of_figure);
            }
        }
    }
    rows.section("conditions", "What the scenarios change, times to the end of each stage", results)
}

/// Minutes to the end of a stage, means of the replications; `None` where too many have no way.
#[derive(Default)]
struct StageMinutes {
    median: Option<f64>,
    p90: Option<f64>,
}

/// The times of the stage that a change is about.
fn wait_of(waits: &[StageWait], change: &StageWaitChange) -> StageMinutes {
    for wait in waits {
        if wait.pathway == change.pathway && wait.stage == change.stage {
            return StageMinutes { median: mean(wait.p50), p90: mean(wait.p90) };
        }
    }
    StageMinutes::default()
}

/// Of all replications together: without intervals, so every difference is shown.
pub(super) fn places(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let region = results.flows()[0].region();
    let mut rows = Rows::new(&[PLACE_NAME, PATHWAY, STAGE], view);
    rows.all = true;
    let namesakes = Namesakes::new(region);

    let mut base = BTreeMap::new();
    for wait in results.place_waits(FlowIndex::BASE) {
        base.insert((wait.place, wait.pathway.clone(), wait.stage), wait);
    }
    for (flow, name) in scenarios(results) {
        for wait in results.place_waits(flow) {
            let place = region.place(wait.place);
            if !is_asked(view, &wait.pathway) || (place.outside && !view.all) {
                continue;
            }
            let label = namesakes.place_label(wait.place);
            let stage = stage_key(region.network(), &wait.pathway, wait.stage);
            // A place may have patients of a pathway in one of the two only.
            let before = match base.get(&(wait.place, wait.pathway.clone(), wait.stage)) {
                Some(before) => place_figures(before),
                None => [None; 3],
            };
            let after = place_figures(&wait);
            for (number, (figure, unit)) in PLACE_FIGURES.into_iter().enumerate() {
                let (base, scenario) = (before[number], after[number]);
                if base == scenario && !view.all {
                    continue;
                }
                let difference = match (base, scenario) {
                    (Some(base), Some(scenario)) => Interval::of(&[scenario - base]),
                    _ => None,
                };
                let change = Change { figure, unit, base, scenario, difference };
                rows.add(&[name, &label, &wait.pathway, stage], change);
            }
        }
    }

    let heading = "What the scenarios change, by place";
    let mut section = Section::new("places", heading, rows.table(results).hide(&[HALF_WIDTH])).note(
        "All replications together, without intervals: of places with few patients a difference may be chance.",
    );
    if !view.all {
        section = section.note(
            Remark::from("Places inside, and only what differs").hint(Hint::OtherPlaces).and("."),
        );
    }
    section
}

/// The figures of a place with their units.
const PLACE_FIGURES: [(&str, &str); 3] = [
    ("elsewhere_share", "share"),
    ("queued_median_minutes", "minutes"),
    ("queued_p90_minutes", "minutes"),
];

/// The values of [`PLACE_FIGURES`].
fn place_figures(wait: &PlaceWait) -> [Option<f64>; 3] {
    [
        Some(wait.elsewhere as f64 / wait.patients.max(1) as f64),
        wait.p50.map(Seconds::minutes),
        wait.p90.map(Seconds::minutes),
    ]
}
