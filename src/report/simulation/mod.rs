//! What a simulation gave, as tables.

mod allocation;
mod assumed;
mod changes;
mod course;
mod overview;
mod ranking;
mod short;
mod times;
mod wards;
mod ways;

pub(in crate::report) use assumed::with_specialties;
pub use assumed::{simulation_assumed, simulation_settings};
pub(in crate::report) use short::in_short;

use super::document::{Cell, Document, Hint, Remark, Section, figure_of};
use super::hours::{self, Cases};
use super::open;
use crate::calendar::DateTime;
use crate::model::HospitalId;
use crate::region::Region;
use crate::simulation::{
    Census, ChosenSettings, CourseStep, CutOff, Ended, Figure, FlowIndex, Hypercube, PatientFlow,
    Precision, Results, Scope, Widest,
};
use crate::stats::Interval;
use crate::units::in_words;
use crate::words;

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
    /// What scenarios are ranked by; `None`, and figures of which fewer is not better, for patients who were refused or
    /// sent on.
    pub rank_by: Option<Figure>,
    /// Points at which what is assumed is moved, for the figures of all hospitals inside; `None` for chance alone.
    pub band: Option<&'k Hypercube>,
    /// For readers: a table that is too wide for a screen becomes two, the hours of the week parts of
    /// the day.
    pub narrow: bool,
}

/// Lays the results of a simulation out: of the base alone, or of each scenario beside the base.
///
/// With scenarios, rows are figures with their differences; without [`SimulationView::all`] only
/// those whose 95 % interval excludes 0.
pub fn simulation(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Document {
    let mut document = head(results);
    for section in sections(results, view) {
        document = document.section(section);
    }
    let further = [
        ("ended", ending(results)),
        ("not_counted", cut_off_of_flows(&results.flows()[1..])),
        ("without_patients", unreached_in_words(&results.flows()[0])),
    ];
    for (key, text) in further {
        if let Some(text) = text {
            document = document.about(key, text);
        }
    }
    document
}

fn sections(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Vec<Section> {
    let has_scenarios = results.flows().len() > 1;
    match view.by {
        SimulationBy::Region => {
            let mut sections = vec![overview::overview(results, view)];
            if has_scenarios {
                sections.push(changes::overview(results, view));
                sections.push(ranking::ranking(results, view));
            }
            sections.extend(allocation::allocations(results));
            sections.extend(allocation::theatres(results));
            sections.extend(allocation::beds(results));
            sections.extend(course::summary(results, view, CourseStep::Day));
            sections.extend(course::summary(results, view, CourseStep::Hour));
            // Whoever starts from a census asks for the days behind it.
            if results.flows()[0].settings().census.is_some() {
                sections.push(times::days(results, view));
            }
            sections
        }
        SimulationBy::Hospital if has_scenarios => vec![changes::hospitals(results, view)],
        SimulationBy::Hospital => wards::hospitals(results, view),
        SimulationBy::Ward if has_scenarios => vec![changes::wards(results, view)],
        SimulationBy::Ward => wards::wards(results, view),
        SimulationBy::Cooperation if has_scenarios => vec![changes::cooperations(results, view)],
        SimulationBy::Cooperation => {
            let mut sections = vec![ways::cooperations(results)];
            sections.extend(ways::rosters(results));
            sections
        }
        SimulationBy::Condition if has_scenarios => vec![changes::conditions(results, view)],
        SimulationBy::Condition => vec![ways::conditions(results, view)],
        SimulationBy::Place if has_scenarios => vec![changes::places(results, view)],
        SimulationBy::Place => vec![ways::places(results, view)],
        // 168 rows for programs; a person sees the same in eight.
        SimulationBy::Hour => {
            let hours = if view.narrow { times::day_parts } else { times::hours };
            with_course(hours(results, view), results, view, CourseStep::Hour)
        }
        SimulationBy::Day => {
            with_course(times::days(results, view), results, view, CourseStep::Day)
        }
        SimulationBy::Assumed => {
            let base = &results.flows()[0];
            let chosen = ChosenSettings::from(base.settings().clone());
            vec![simulation_assumed(&chosen, base.wards(), true)]
        }
    }
}

/// A table of times, with what the scenarios change then.
fn with_course(
    times: Section,
    results: &Results<'_, '_>,
    view: &SimulationView<'_>,
    step: CourseStep,
) -> Vec<Section> {
    let mut sections = vec![times];
    sections.extend(course::summary(results, view, step));
    sections.extend(course::steps(results, view, step));
    sections
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
    if parts.is_empty() { None } else { Some(parts.join("; ")) }
}

/// What the days that are counted do not show of a scenario; `None` where they show all.
pub(in crate::report) fn cut_off_in_words(cut_off: &[CutOff]) -> Option<String> {
    let mut told = Vec::new();
    for cut in cut_off.iter().take(TOLD) {
        told.push(cut.to_string());
    }
    if cut_off.len() > TOLD {
        // Those that are named say how long they take; for the others one number has to do.
        let days = match cut_off.iter().filter_map(|cut| cut.days_needed).max() {
            Some(days) => said!("; {days} days are needed for all", days),
            None => String::new(),
        };
        told.push(said!("{more} more{days}", more = cut_off.len() - TOLD, days));
    }
    if told.is_empty() { None } else { Some(told.join(", ")) }
}

/// Wards that stay empty because no patient can come to them; `None` where there are none.
fn unreached_in_words(flow: &PatientFlow<'_>) -> Option<String> {
    let network = flow.region().network();
    // Wards are in the order of their hospitals, so those of one follow each other.
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
        let hospital = &network[*hospital].key;
        parts.push(if *count == 1 {
            said!("1 ward of {hospital}", hospital)
        } else {
            said!("{count} wards of {hospital}", count, hospital)
        });
    }
    if hospitals.len() > TOLD {
        parts.push(said!("and of {more} more hospitals", more = hospitals.len() - TOLD));
    }
    if parts.is_empty() {
        return None;
    }
    Some(said!("{parts}: no patient reaches them", parts = parts.join(", ")))
}

/// What every output names.
fn head(results: &Results<'_, '_>) -> Document {
    let flows = results.flows();
    let base = &flows[0];
    let settings = base.settings();
    // A network may be of a month or a year; a run starts on its first day.
    let first = DateTime::from(base.region().network().date()).date();
    let mut scenarios = Vec::new();
    for flow in &flows[1..] {
        scenarios.push(flow.name());
    }
    let scenarios = if scenarios.is_empty() {
        said!("none: the network as it is")
    } else {
        said!("{scenarios}: the same patients as without", scenarios = scenarios.join(", "))
    };
    let start =
        if settings.starts_full { "as full as their patients make them" } else { "that are empty" };
    let warm_up = match &settings.census {
        Some(census) => said!(
            "none: {census}, the others {start}",
            census = counted(census, base),
            start = words::of(start)
        ),
        None => said!(
            "{days} days before them, from hospitals {start}, not counted",
            days = settings.warm_up_days,
            start = words::of(start)
        ),
    };

    let document = open("Patients over time", base.region());
    let mut document = hours::on_cases(document, base.region(), Cases::OverTime);
    if let Some(stays) = &settings.stays {
        document =
            document.about("stays", format!("known, of so many groups: {}", stays.rows().len()));
    }
    document
        .about("scenarios", scenarios)
        .about("seed", results.plan().seed.0.to_string())
        .about("replications", results.replications().to_string())
        .about(
            "days",
            said!("{days}, from {first} on", days = settings.days, first = first.in_print()),
        )
        .about("warm_up", warm_up)
        .about("choice", said!("{choice} (assumed)", choice = settings.choice))
        .about("assumed", assumed::in_words(results))
}

/// What a run starts from, where somebody counted it.
fn counted(census: &Census, flow: &PatientFlow<'_>) -> String {
    let (occupied, waiting) = (census.occupied(), census.waiting());
    let (wards, count) = (census.wards(), flow.wards().len());
    if waiting == 1 {
        return said!(
            "{occupied} beds of {wards} of {count} wards are occupied as counted, 1 waits",
            occupied,
            wards,
            count
        );
    }
    said!(
        "{occupied} beds of {wards} of {count} wards are occupied as counted, {waiting} wait",
        occupied,
        wards,
        count,
        waiting
    )
}

/// Why there are not as many replications as were asked for.
fn ending(results: &Results<'_, '_>) -> Option<String> {
    let (done, plan) = (results.replications(), results.plan());
    let precision = plan.until.map(precision_in_words);
    match (results.ended(), precision) {
        (Ended::Interrupted, _) => Some(said!(
            "interrupted after {done} of {replications} replications",
            done,
            replications = plan.replications
        )),
        (Ended::Narrow, Some(precision)) => {
            Some(said!("{precision}, after {done} replications", precision, done))
        }
        // So few say too little of their own scatter, however narrow they are.
        (Ended::Completed, Some(precision)) if done < Precision::LEAST_REPLICATIONS => {
            let least = Precision::LEAST_REPLICATIONS;
            Some(if done == 1 {
                said!(
                    "not known: {precision}; at least {least} replications are needed, there is 1",
                    precision,
                    least
                )
            } else {
                said!(
                    "not known: {precision}; at least {least} replications are needed, there are {done}",
                    precision,
                    least,
                    done
                )
            })
        }
        (Ended::Completed, Some(precision)) => Some(match results.widest() {
            Some(widest) => not_reached(&precision, done, &widest),
            None => said!("not yet: {precision}, after all {done} replications", precision, done),
        }),
        (Ended::Narrow | Ended::Completed, None) => None,
    }
}

/// What kept a run from the half-width that was asked for, and how many replications would take it there.
fn not_reached(precision: &str, done: usize, widest: &Widest<'_>) -> String {
    let scale = if widest.figure.is_share() { 100.0 } else { 1.0 };
    let width = widest.half_width * scale;
    // Three digits that count, whatever the figure.
    let decimals = (2.0 - libm::log10(width).floor()).clamp(0.0, 9.0) as usize;
    let width = words::fixed(width, decimals);
    let (run, needed) = (widest.flow, words::grouped(widest.needed));
    said!(
        "not reached: {precision}; after all {done} replications that of {run} is {width}, and about {needed} replications would take it there",
        precision,
        done,
        run,
        width,
        needed
    )
}

/// How narrow which interval is to be; of a share in per cent points, as print shows it.
fn precision_in_words(until: Precision) -> String {
    let (scale, points) = if until.figure.is_share() { (100.0, " points") } else { (1.0, "") };
    let width = in_words(until.half_width * scale, 0);
    let (figure, points) = (figure_of(until.figure.key()), words::of(points));
    said!("half-width of {figure} at most {width}{points}", figure, width, points)
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
        // Here they are minutes already, and a cell takes seconds.
        "minutes" => Cell::minutes(60.0 * value),
        "patients" if value.abs() >= 100.0 => Cell::number(value, 0),
        "days" => Cell::number(value, 2),
        _ => Cell::number(value, 1),
    }
}

/// The mean of a figure of a unit.
fn mean_cell(interval: Option<Interval>, unit: &str) -> Cell {
    match interval {
        Some(interval) => cell(interval.mean, unit),
        None => Cell::Missing,
    }
}

/// Half of the width of the interval of a figure of a unit.
fn half_width_cell(interval: Option<Interval>, unit: &str) -> Cell {
    match interval.and_then(|interval| interval.half_width) {
        Some(half) => cell(half, unit),
        None => Cell::Missing,
    }
}

/// Hospitals with wards, those inside first; those outside only when they are asked for.
fn hospitals_of(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Vec<HospitalId> {
    let network = results.flows()[0].region().network();
    let mut hospitals = Vec::new();
    for (id, hospital) in network.iter() {
        let is_asked = match view.hospital {
            Some(only) => only == id,
            None => view.all || !hospital.outside,
        };
        // A day clinic has no ward, so nothing of it is simulated.
        if is_asked && results.beds(FlowIndex::BASE, Scope::Hospital(id)) > 0 {
            hospitals.push(id);
        }
    }
    hospitals.sort_by_key(|id| (network[*id].outside, *id));
    hospitals
}

/// The scope of a view of times.
fn scope(view: &SimulationView<'_>) -> Scope {
    match view.hospital {
        Some(id) => Scope::Hospital(id),
        None => Scope::Inside,
    }
}

/// What a scope is called in headings.
fn scope_name(region: &Region, view: &SimulationView<'_>) -> String {
    match view.hospital {
        None => said!("all hospitals inside"),
        Some(id) => region.network()[id].name.clone(),
    }
}

/// What the numbers behind ± are.
const INTERVALS: &str = "±, chance only: half of the width of the 95 % interval over the replications. What is assumed moves the figures further";

fn with_intervals(section: Section, results: &Results<'_, '_>) -> Section {
    if results.replications() > 1 {
        let told = Remark::from(INTERVALS).hint(Hint::BeyondChance).and(".");
        return section.note(told);
    }
    section.note("One replication says nothing about chance: no intervals.")
}
