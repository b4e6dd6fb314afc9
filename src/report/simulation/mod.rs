//! What a simulation gave, as tables.

mod allocation;
mod assumed;
mod changes;
mod short;
mod tables;

pub use assumed::simulation_assumed;
pub(in crate::report) use short::in_short;

use super::document::{Cell, Document, Section};
use super::hours::{self, Cases};
use super::open;
use crate::calendar::DateTime;
use crate::model::HospitalId;
use crate::region::Region;
use crate::simulation::{CutOff, Ended, Figure, FlowIndex, PatientFlow, Precision, Results, Scope};
use crate::stats::Interval;
use crate::units::in_words;

/// What the rows of a simulation's tables are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum SimulationBy {
    /// All hospitals inside.
    Region,
    /// One row a hospital.
    Hospital,
    /// One row a department or intensive care unit.
    Ward,
    /// One row a cooperation that was used.
    Cooperation,
    /// One row a care pathway and stage.
    #[cfg_attr(feature = "cli", value(name = "pathway", alias = "condition"))]
    Condition,
    /// One row a place, care pathway and stage.
    Place,
    /// Occupied beds by part of the day; in CSV and JSON by hour of the week.
    Hour,
    /// Occupied beds by day.
    Day,
    /// What nobody published and is assumed.
    Assumed,
}

/// What is asked of a simulation's results.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SimulationView<'k> {
    /// What the rows are.
    pub by: SimulationBy,
    /// Hospitals outside, places from which everybody went the best way, and differences that may be
    /// chance are shown too.
    pub all: bool,
    /// Only this hospital, where rows are of hospitals, wards or times.
    pub hospital: Option<HospitalId>,
    /// Only the care pathway of this key, where rows are of care pathways.
    pub condition: Option<&'k str>,
    /// For readers: a table that is too wide for a screen becomes two, the hours of the week parts of
    /// the day.
    pub narrow: bool,
}

/// Lays the results of a simulation out: of the base alone, or of each scenario beside the base.
///
/// With scenarios, rows are figures with their differences; without [`SimulationView::all`] only
/// those whose 95 % interval excludes 0.
pub fn simulation(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Document {
    let document = head(results);
    let has_scenarios = results.flows().len() > 1;
    let document = match view.by {
        SimulationBy::Region => {
            let mut document = document.section(tables::overview(results));
            if has_scenarios {
                document = document.section(changes::overview(results, view));
            }
            let allocations = allocation::allocations(results);
            allocations.into_iter().fold(document, Document::section)
        }
        SimulationBy::Hospital if has_scenarios => {
            document.section(changes::hospitals(results, view))
        }
        SimulationBy::Hospital => {
            tables::hospitals(results, view).into_iter().fold(document, Document::section)
        }
        SimulationBy::Ward if has_scenarios => document.section(changes::wards(results, view)),
        SimulationBy::Ward => {
            tables::wards(results, view).into_iter().fold(document, Document::section)
        }
        SimulationBy::Cooperation if has_scenarios => {
            document.section(changes::cooperations(results, view))
        }
        SimulationBy::Cooperation => {
            let document = document.section(tables::cooperations(results));
            tables::rosters(results).into_iter().fold(document, Document::section)
        }
        SimulationBy::Condition if has_scenarios => {
            document.section(changes::conditions(results, view))
        }
        SimulationBy::Condition => document.section(tables::conditions(results, view)),
        SimulationBy::Place if has_scenarios => document.section(changes::places(results, view)),
        SimulationBy::Place => document.section(tables::places(results, view)),
        SimulationBy::Hour if view.narrow => document.section(tables::day_parts(results, view)),
        SimulationBy::Hour => document.section(tables::hours(results, view)),
        SimulationBy::Day => document.section(tables::days(results, view)),
        SimulationBy::Assumed => document.section(simulation_assumed(results, true)),
    };
    let further = [
        ("ended", ending(results)),
        ("not_counted", cut_off_of_flows(&results.flows()[1..])),
        ("without_patients", unreached_in_words(&results.flows()[0])),
    ];
    let mut document = document;
    for (key, text) in further {
        if let Some(text) = text {
            document = document.about(key, text);
        }
    }
    document
}

/// So many changes are told by name, of a scenario.
const TOLD: usize = 3;

/// What the days that are counted do not show of the scenarios of these flows; `None` where they show all.
fn cut_off_of_flows(flows: &[PatientFlow<'_>]) -> Option<String> {
    let mut parts = Vec::new();
    for flow in flows {
        if let Some(text) = cut_off_in_words(flow.cut_off()) {
            parts.push(format!("{}: {text}", flow.name()));
        }
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What the days that are counted do not show of a scenario; `None` where they show all.
pub(in crate::report) fn cut_off_in_words(cut_off: &[CutOff]) -> Option<String> {
    let mut told: Vec<String> = cut_off.iter().take(TOLD).map(ToString::to_string).collect();
    if cut_off.len() > TOLD {
        let needed = cut_off.iter().filter_map(|cut| cut.days_needed).max();
        let days = needed.map_or(String::new(), |days| format!("; {days} days are needed for all"));
        told.push(format!("{} more{days}", cut_off.len() - TOLD));
    }
    (!told.is_empty()).then(|| told.join(", "))
}

/// Wards that stay empty because no patient can come to them; `None` where there are none.
fn unreached_in_words(flow: &PatientFlow<'_>) -> Option<String> {
    let network = flow.region().network();
    let mut hospitals: Vec<(HospitalId, usize)> = Vec::new();
    for &ward in flow.unreached_wards() {
        let hospital = flow.ward(ward).hospital;
        match hospitals.last_mut() {
            Some((last, count)) if *last == hospital => *count += 1,
            _ => hospitals.push((hospital, 1)),
        }
    }
    let mut parts = Vec::new();
    for (hospital, count) in hospitals.iter().take(TOLD) {
        let wards = if *count == 1 { "ward" } else { "wards" };
        parts.push(format!("{count} {wards} of {}", network[*hospital].key));
    }
    if hospitals.len() > TOLD {
        parts.push(format!("and of {} more hospitals", hospitals.len() - TOLD));
    }
    (!parts.is_empty()).then(|| format!("{}: no patient reaches them", parts.join(", ")))
}

/// What every output names.
fn head(results: &Results<'_, '_>) -> Document {
    let flows = results.flows();
    let base = &flows[0];
    let settings = base.settings();
    let first = DateTime::from(base.region().network().date()).date();
    let scenarios: Vec<&str> = flows[1..].iter().map(PatientFlow::name).collect();
    let scenarios = if scenarios.is_empty() {
        "none: the network as it is".to_owned()
    } else {
        format!("{}: the same patients as without", scenarios.join(", "))
    };
    let document = open("Patients over time", base.region());
    hours::on_cases(document, base.region(), Cases::OverTime)
        .about("scenarios", scenarios)
        .about("seed", results.plan().seed.0.to_string())
        .about("replications", results.replications().to_string())
        .about("days", format!("{}, from {first} on", settings.days))
        .about(
            "warm_up",
            format!(
                "{} days before them, from hospitals {}, not counted",
                settings.warm_up_days,
                if settings.starts_full {
                    "as full as their patients make them"
                } else {
                    "that are empty"
                }
            ),
        )
        .about("choice", format!("{} (assumed)", settings.choice))
        .about("assumed", assumed::in_words(results))
}

/// Why there are not as many replications as were asked for.
fn ending(results: &Results<'_, '_>) -> Option<String> {
    let (done, plan) = (results.replications(), results.plan());
    let precision = plan.until.map(|until| {
        let points = if until.figure.is_share() { " points" } else { "" };
        let width = until.half_width * if until.figure.is_share() { 100.0 } else { 1.0 };
        format!("half-width of {} at most {}{points}", until.figure.key(), in_words(width, 0))
    });
    match (results.ended(), precision) {
        (Ended::Interrupted, _) => {
            Some(format!("interrupted after {done} of {} replications", plan.replications))
        }
        (Ended::Narrow, Some(precision)) => Some(format!("{precision}, after {done} replications")),
        (Ended::Completed, Some(precision)) if done < Precision::LEAST_REPLICATIONS => {
            let least = Precision::LEAST_REPLICATIONS;
            let are = if done == 1 { "there is" } else { "there are" };
            Some(format!(
                "not known: {precision}; at least {least} replications are needed, {are} {done}"
            ))
        }
        (Ended::Completed, Some(precision)) => {
            Some(format!("not yet: {precision}, after all {done} replications"))
        }
        (Ended::Narrow | Ended::Completed, None) => None,
    }
}

/// The unit of a figure, as JSON and CSV name it.
fn unit(figure: Figure) -> &'static str {
    match figure {
        _ if figure.is_share() => "share",
        Figure::WaitingDays => "days",
        Figure::Blocked => "beds",
        _ => "patients",
    }
}

/// A value of a unit.
fn cell(value: f64, unit: &str) -> Cell {
    match unit {
        "share" => Cell::share(value),
        "minutes" => Cell::minutes(60.0 * value),
        "patients" if value.abs() >= 100.0 => Cell::number(value, 0),
        "days" => Cell::number(value, 2),
        _ => Cell::number(value, 1),
    }
}

/// The mean of a figure of a unit.
fn mean_cell(interval: Option<Interval>, unit: &str) -> Cell {
    interval.map_or(Cell::Missing, |interval| cell(interval.mean, unit))
}

/// Half of the width of the interval of a figure of a unit.
fn half_width_cell(interval: Option<Interval>, unit: &str) -> Cell {
    let half = interval.and_then(|interval| interval.half_width);
    half.map_or(Cell::Missing, |half| cell(half, unit))
}

/// Hospitals with wards, those inside first; those outside only when they are asked for.
fn hospitals_of(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Vec<HospitalId> {
    let network = results.flows()[0].region().network();
    let mut order: Vec<(bool, HospitalId)> = network
        .iter()
        .filter(|(id, one)| view.hospital.map_or(view.all || !one.outside, |only| only == *id))
        .filter(|(id, _)| results.beds(FlowIndex::BASE, Scope::Hospital(*id)) > 0)
        .map(|(id, one)| (one.outside, id))
        .collect();
    order.sort();
    order.into_iter().map(|(_, id)| id).collect()
}

/// The scope of a view of times.
fn scope(view: &SimulationView<'_>) -> Scope {
    view.hospital.map_or(Scope::Inside, Scope::Hospital)
}

/// What a scope is called in headings.
fn scope_name(region: &Region, view: &SimulationView<'_>) -> String {
    match view.hospital {
        None => "all hospitals inside".to_owned(),
        Some(id) => region.network()[id].name.clone(),
    }
}

/// What the numbers behind ± are.
const INTERVALS: &str = "±: half of the width of the 95 % interval over the replications.";

fn with_intervals(section: Section, results: &Results<'_, '_>) -> Section {
    if results.replications() > 1 {
        return section.note(INTERVALS);
    }
    section.note("One replication says nothing about chance: no intervals.")
}
