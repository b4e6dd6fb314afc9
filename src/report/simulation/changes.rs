//! Scenarios beside the base: the same figures with their differences.

use std::collections::BTreeMap;

use super::tables::{BACK, ORDER, at_medians, is_asked, overall, stage_key};
use super::{SimulationView, cell, hospitals_of, unit};
use crate::report::Column;
use crate::report::columns::{
    BASE_VALUE, COOPERATION, DIFFERENCE, FIGURE, HALF_WIDTH, HOSPITAL, PATHWAY, PLACE_NAME,
    SCENARIO, SCENARIO_VALUE, STAGE, UNIT, WARD, WHAT,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table};
use crate::report::namesakes::Namesakes;
use crate::simulation::{FlowIndex, Results, Scope};
use crate::stats::Interval;

/// A figure of a scenario beside the base.
struct Change {
    figure: &'static str,
    unit: &'static str,
    base: Option<f64>,
    own: Option<f64>,
    difference: Option<Interval>,
}

impl Change {
    /// Of paired values.
    fn of(figure: &'static str, unit: &'static str, base: &[f64], own: &[f64]) -> Self {
        let mean = |values: &[f64]| Interval::of(values).map(|interval| interval.mean);
        let difference = Interval::paired(base, own);
        Self { figure, unit, base: mean(base), own: mean(own), difference }
    }

    /// Whether it is more than chance: the interval excludes 0.
    fn is_sure(&self) -> bool {
        self.difference.is_some_and(|change| !change.contains(0.0))
    }

    fn value(&self, value: Option<f64>) -> Cell {
        value.map_or(Cell::Missing, |value| cell(value, self.unit))
    }

    /// A difference of two values, or half of the width of its interval.
    fn difference(&self, difference: Option<f64>) -> Cell {
        match difference {
            Some(difference) if self.unit == "share" => Cell::points(difference),
            difference => self.value(difference),
        }
    }
}

/// Rows of changes; those that may be chance are counted instead of shown.
struct Rows<'v> {
    /// What the rows are about, behind the scenario.
    subjects: &'static [Column],
    shown: Vec<(Vec<String>, Change)>,
    all: bool,
    left_out: usize,
    view: &'v SimulationView<'v>,
}

impl<'v> Rows<'v> {
    fn new(subjects: &'static [Column], view: &'v SimulationView<'v>) -> Self {
        Self { subjects, shown: Vec::new(), all: view.all, left_out: 0, view }
    }

    /// A change of a figure of a scenario and of these subjects.
    fn add(&mut self, subjects: &[&str], change: Change) {
        if !self.all && !change.is_sure() {
            self.left_out += 1;
            return;
        }
        let subjects = subjects.iter().map(|subject| (*subject).to_owned()).collect();
        self.shown.push((subjects, change));
    }

    fn table(self, results: &Results<'_, '_>) -> Table {
        let mut table =
            Table::of(self.shown).column(SCENARIO, |(subjects, _)| Cell::text(&subjects[0]));
        for (position, column) in self.subjects.iter().enumerate() {
            table = table.column(*column, |(subjects, _)| Cell::text(&subjects[position + 1]));
        }
        table
            .column(FIGURE, |(_, change)| Cell::text(change.figure))
            .column(DIFFERENCE, |(_, change)| {
                change.difference(change.difference.map(|difference| difference.mean))
            })
            .column(HALF_WIDTH, |(_, change)| {
                change.difference(change.difference.and_then(|difference| difference.half_width))
            })
            .column(BASE_VALUE, |(_, change)| change.value(change.base))
            .column(SCENARIO_VALUE, |(_, change)| change.value(change.own))
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
                Remark::from(format!("{left_out} more differences may be chance"))
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
        for (base, own) in base.iter().zip(overall(results, flow)) {
            let change = Change::of(base.key, base.unit, &base.values, &own.values);
            rows.add(&[name, base.what], change);
        }
    }
    let mut section =
        rows.section("changes", "What the scenarios change, hospitals inside", results);
    section.table = section.table.hide(&[FIGURE]);
    section
}

/// The changes of all figures of a scope.
fn figures(results: &Results<'_, '_>, flow: FlowIndex, scope: Scope) -> [Change; 12] {
    ORDER.map(|figure| {
        let (base, own) =
            (results.values(FlowIndex::BASE, figure, scope), results.values(flow, figure, scope));
        Change::of(figure.key(), unit(figure), &base, &own)
    })
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
    let means = |flow: FlowIndex| -> BTreeMap<String, f64> {
        results.uses(flow).into_iter().map(|(key, uses)| (key, uses.mean)).collect()
    };
    let base = means(FlowIndex::BASE);
    for (flow, name) in scenarios(results) {
        let own = means(flow);
        for (key, difference) in
            results.use_changes(flow).into_iter().filter(|(key, _)| key != BACK)
        {
            let of = |means: &BTreeMap<String, f64>| Some(means.get(&key).copied().unwrap_or(0.0));
            let change = Change {
                figure: "uses",
                unit: "patients",
                base: of(&base),
                own: of(&own),
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
        let own = results.stage_waits(flow);
        for one in results.stage_changes(flow) {
            if !is_asked(view, &one.pathway) {
                continue;
            }
            let find = |waits: &[crate::simulation::StageWait]| {
                let found = waits.iter().find(|wait| {
                    (wait.pathway.as_str(), wait.stage) == (one.pathway.as_str(), one.stage)
                });
                let mean = |interval: Option<Interval>| interval.map(|interval| interval.mean);
                found.map_or([None; 2], |wait| [mean(wait.p50), mean(wait.p90)])
            };
            let (base, own) = (find(&base), find(&own));
            let stage = stage_key(network, &one.pathway, one.stage);
            let both = [("queued_median_minutes", one.p50), ("queued_p90_minutes", one.p90)];
            for (at, (figure, difference)) in both.into_iter().enumerate() {
                let unit = "minutes";
                let change = Change { figure, unit, base: base[at], own: own[at], difference };
                rows.add(&[name, &one.pathway, stage], change);
            }
        }
    }
    rows.section("conditions", "What the scenarios change, times to the end of each stage", results)
}

/// Of all replications together: without intervals, so every difference is shown.
pub(super) fn places(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let region = results.flows()[0].region();
    let mut rows = Rows::new(&[PLACE_NAME, PATHWAY, STAGE], view);
    rows.all = true;
    let namesakes = Namesakes::new(region);
    let base: BTreeMap<_, _> = results
        .place_waits(FlowIndex::BASE)
        .into_iter()
        .map(|wait| ((wait.place, wait.pathway.clone(), wait.stage), wait))
        .collect();
    for (flow, name) in scenarios(results) {
        for own in results.place_waits(flow) {
            let place = region.place(own.place);
            if !is_asked(view, &own.pathway) || (place.outside && !view.all) {
                continue;
            }
            let label = namesakes.place_label(own.place);
            let base = base.get(&(own.place, own.pathway.clone(), own.stage));
            let figures = |wait: &crate::simulation::PlaceWait| {
                [
                    Some(wait.elsewhere as f64 / wait.patients.max(1) as f64),
                    wait.p50.map(crate::units::Seconds::minutes),
                    wait.p90.map(crate::units::Seconds::minutes),
                ]
            };
            let (base, after) = (base.map_or([None; 3], figures), figures(&own));
            let names = [
                ("elsewhere_share", "share"),
                ("queued_median_minutes", "minutes"),
                ("queued_p90_minutes", "minutes"),
            ];
            let stage = stage_key(region.network(), &own.pathway, own.stage);
            for (at, (figure, unit)) in names.into_iter().enumerate() {
                if base[at] == after[at] && !view.all {
                    continue;
                }
                let pair = base[at].zip(after[at]);
                let difference = pair.and_then(|(base, own)| Interval::of(&[own - base]));
                let change = Change { figure, unit, base: base[at], own: after[at], difference };
                rows.add(&[name, &label, &own.pathway, stage], change);
            }
        }
    }
    let all = rows.view.all;
    let heading = "What the scenarios change, by place";
    let mut section = Section::new("places", heading, rows.table(results).hide(&[HALF_WIDTH])).note(
        "All replications together, without intervals: of places with few patients a difference may be chance.",
    );
    if !all {
        section = section.note(
            Remark::from("Places inside, and only what differs").hint(Hint::OtherPlaces).and("."),
        );
    }
    section
}
