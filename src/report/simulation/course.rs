//! What a scenario changes in time: worst days, recovery, and hospitals by day and hour.

use super::{SimulationView, cell, hospitals_of, scope_name};
use crate::calendar::DateTime;
use crate::model::{HospitalId, Network};
use crate::report::columns::{
    BESIDE_BASE, BESIDE_MORE, BESIDE_SCENARIO, CENSUS_BASE, CENSUS_DIFFERENCE,
    CENSUS_DIFFERENCE_HALF_WIDTH, CENSUS_SCENARIO, DATE, FORCED_BASE, FORCED_MORE, FORCED_SCENARIO,
    FROM_CLOCK, HOSPITAL, RECOVERED, SCENARIO, SENT_ON_BASE, SENT_ON_MORE, SENT_ON_SCENARIO, WORST,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table};
use crate::simulation::{Course, CoursePoint, CourseStep, Recovery, Results, WithAndWithout};

/// The course of a hospital, or of all inside, under a scenario.
struct Row<'f> {
    scenario: &'f str,
    /// Its key; `None` for all inside.
    hospital: Option<&'f str>,
    course: Course,
}

/// A step of a course.
struct StepRow<'f> {
    scenario: &'f str,
    hospital: Option<&'f str>,
    point: CoursePoint,
}

/// Key of the rows of all hospitals inside.
const INSIDE: &str = "inside";

fn who(hospital: Option<&str>) -> Cell {
    match hospital {
        Some(key) => Cell::text(key),
        None => Cell::word(INSIDE),
    }
}

/// The courses of all scenarios: of all inside, then of these hospitals.
fn rows<'f>(results: &Results<'f, '_>, hospitals: &[HospitalId], step: CourseStep) -> Vec<Row<'f>> {
    let mut rows = Vec::new();
    for (number, flow) in results.flows_with_indices().skip(1) {
        let network: &Network = flow.region().network();
        let Some(course) = results.course(number, None, step) else { continue };
        rows.push(Row { scenario: flow.name(), hospital: None, course });
        for id in hospitals {
            let Some(course) = results.course(number, Some(*id), step) else { continue };
            let hospital = Some(network[*id].key.as_str());
            rows.push(Row { scenario: flow.name(), hospital, course });
        }
    }
    rows
}

/// The worst day and the recovery by hospital; `None` where no scenario changes anything in the days that are counted.
pub(super) fn summary(
    results: &Results<'_, '_>,
    view: &SimulationView<'_>,
    step: CourseStep,
) -> Option<Section> {
    let mut rows = rows(results, &hospitals_of(results, view), step);
    if rows.is_empty() {
        return None;
    }
    let hospitals = rows.len();
    // Most hospitals notice nothing; where nothing is sure, which one replication never is, only all inside are told.
    rows.retain(|row| view.all || row.hospital.is_none() || row.course.worst().is_some());
    let left_out = hospitals - rows.len();

    let table = Table::of(rows)
        .column(SCENARIO, |row| Cell::text(row.scenario))
        .column(HOSPITAL, |row| who(row.hospital))
        .column(WORST, |row| row.course.worst().map_or(Cell::Missing, |worst| moment(worst, step)))
        .column(CENSUS_BASE, |row| beds(&row.course, |point| point.occupied.base))
        .column(CENSUS_SCENARIO, |row| beds(&row.course, |point| point.occupied.scenario))
        .column(CENSUS_DIFFERENCE, |row| beds(&row.course, |point| point.difference.mean))
        .column(CENSUS_DIFFERENCE_HALF_WIDTH, |row| {
            let half_width = row.course.worst().and_then(|worst| worst.difference.half_width);
            Cell::maybe_number(half_width, 1)
        })
        .column(SENT_ON_MORE, |row| more(&row.course, |point| point.sent_on))
        .column(BESIDE_MORE, |row| more(&row.course, |point| point.beside))
        .column(FORCED_MORE, |row| more(&row.course, |point| point.forced))
        .column(RECOVERED, |row| recovered(row.course.recovery(), step))
        .build()
        .hide_if(results.flows().len() <= 2, &[SCENARIO]);

    let (key, heading, note) = match step {
        CourseStep::Hour => (
            "course_hours_summary",
            "The hours of the incident: worst hour and recovery",
            "Worst: the hour at whose end occupied beds differ most from the network as it is, with the same patients, by more than chance and before the recovery. More: patients in all hours that are told, from the first incident to 72 hours behind its last patient. Recovered: the first hour behind the last change from which seven in a row have 0 within the 95 % interval of the difference.",
        ),
        _ => (
            "course_summary",
            "The days of the changes: worst day and recovery",
            "Worst: the day at whose end occupied beds differ most from the network as it is, with the same patients, by more than chance and before the recovery. More: patients in all days from the first change on. Recovered: the first day behind the last change from which seven in a row have 0 within the 95 % interval of the difference.",
        ),
    };
    let mut section = Section::new(key, heading, table).note(note);
    if left_out > 0 {
        section = section.note(
            Remark::from(said!(
                "{left_out} more hospitals differ by no more than chance",
                left_out
            ))
            .hint(Hint::MoreDifferences)
            .and("."),
        );
    }
    Some(section)
}

/// Every step of all inside or of one hospital; for programs of every hospital, too.
pub(super) fn steps(
    results: &Results<'_, '_>,
    view: &SimulationView<'_>,
    step: CourseStep,
) -> Option<Section> {
    let hospitals = match view.hospital {
        Some(only) => vec![only],
        None if view.narrow => Vec::new(),
        None => hospitals_of(results, view),
    };
    let mut told = Vec::new();
    for row in rows(results, &hospitals, step) {
        // Whoever asks for one hospital does not ask for all.
        if view.hospital.is_some() && row.hospital.is_none() {
            continue;
        }
        for point in &row.course.points {
            told.push(StepRow { scenario: row.scenario, hospital: row.hospital, point: *point });
        }
    }
    if told.is_empty() {
        return None;
    }
    let is_one = hospitals.len() <= 1;
    let table = Table::of(told)
        .column(SCENARIO, |row| Cell::text(row.scenario))
        .column(HOSPITAL, |row| who(row.hospital))
        .column(DATE, |row| Cell::day(row.point.begins.date()))
        .column(FROM_CLOCK, |row| clock(row.point.begins))
        .column(CENSUS_BASE, |row| Cell::number(row.point.occupied.base, 1))
        .column(CENSUS_SCENARIO, |row| Cell::number(row.point.occupied.scenario, 1))
        .column(CENSUS_DIFFERENCE, |row| Cell::number(row.point.difference.mean, 1))
        .column(CENSUS_DIFFERENCE_HALF_WIDTH, |row| {
            Cell::maybe_number(row.point.difference.half_width, 1)
        })
        .column(SENT_ON_BASE, |row| cell(row.point.sent_on.base, "patients"))
        .column(SENT_ON_SCENARIO, |row| cell(row.point.sent_on.scenario, "patients"))
        .column(BESIDE_BASE, |row| cell(row.point.beside.base, "patients"))
        .column(BESIDE_SCENARIO, |row| cell(row.point.beside.scenario, "patients"))
        .column(FORCED_BASE, |row| cell(row.point.forced.base, "patients"))
        .column(FORCED_SCENARIO, |row| cell(row.point.forced.scenario, "patients"))
        .build()
        .hide_if(results.flows().len() <= 2, &[SCENARIO])
        .hide_if(is_one, &[HOSPITAL])
        .hide_if(step == CourseStep::Day, &[FROM_CLOCK]);

    let name = scope_name(results.flows()[0].region(), view);
    let (key, heading) = match step {
        CourseStep::Hour => {
            ("course_hours", said!("Hour by hour from the incident on, {name}", name))
        }
        _ => ("course", said!("Day by day from the first change on, {name}", name)),
    };
    Some(Section::new(key, heading, table).note(
        "Occupied: at the end of it. Sent on: first choice full, let in elsewhere or nowhere; beside: in another ward of the house; forced: without a free bed.",
    ))
}

/// A value of the worst step.
fn beds(course: &Course, value: impl Fn(&CoursePoint) -> f64) -> Cell {
    Cell::maybe_number(course.worst().map(value), 1)
}

/// How many more patients in all steps.
fn more(course: &Course, count: impl Fn(&CoursePoint) -> WithAndWithout) -> Cell {
    Cell::number(course.sum(count).more(), 1)
}

fn moment(point: &CoursePoint, step: CourseStep) -> Cell {
    at(point.begins, step)
}

fn at(begins: DateTime, step: CourseStep) -> Cell {
    match step {
        CourseStep::Hour => Cell::both(begins.to_string(), begins.in_print()),
        _ => Cell::day(begins.date()),
    }
}

fn clock(begins: DateTime) -> Cell {
    Cell::text(format!("{:02}:00", begins.minute() / 60))
}

fn recovered(recovery: Recovery, step: CourseStep) -> Cell {
    match recovery {
        Recovery::From(begins) => at(begins, step),
        Recovery::Undisturbed => Cell::word("undisturbed"),
        Recovery::NotYet => Cell::word("not yet"),
        Recovery::Stays => Cell::word("a change stays"),
        _ => Cell::Missing,
    }
}
