//! Occupied beds over time: by hour of the week, by part of the day, from day to day.

use super::{SimulationView, scope, scope_name};
use crate::calendar::HourOfWeek;
use crate::report::columns::{
    CENSUS_BEDS, CLOCK, DATE, DAY, DAY_PART, FEWEST_BEDS, HOUR_OF_WEEK, MOST_BEDS, OCCUPANCY_SHARE,
    SCENARIO,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table};
use crate::simulation::{FlowIndex, PatientFlow, Results};
use crate::words;

const DAY_NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The beds that a share of a view of times is of.
fn beds(results: &Results<'_, '_>, flow: FlowIndex, view: &SimulationView<'_>) -> f64 {
    // A scope without beds has nobody in them: its share is 0, and nothing is divided by 0.
    f64::from(results.beds(flow, scope(view)).max(1))
}

/// Occupied beds at a time, or over some time, of a scenario.
struct Census<'f> {
    flow: &'f str,
    /// The beds that there are.
    beds: f64,
    mean: f64,
    least: f64,
    most: f64,
}

pub(super) fn hours(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let mut rows = Vec::new();
    for (number, flow) in results.flows_with_indices() {
        let beds = beds(results, number, view);
        let census = results.census_by_hour(number, scope(view));
        for (hour, mean) in HourOfWeek::all().zip(census) {
            // One hour has one mean over the weeks.
            let census = Census { flow: flow.name(), beds, mean, least: mean, most: mean };
            rows.push((hour, census));
        }
    }
    let table = Table::of(rows)
        .column(SCENARIO, |(_, census)| Cell::text(census.flow))
        .column(HOUR_OF_WEEK, |(hour, _)| Cell::count(hour.index()))
        .column(CLOCK, |(hour, _)| {
            Cell::said(|| format!("{} {:02}:00", words::of(DAY_NAMES[hour.day()]), hour.hour()))
        })
        .column(CENSUS_BEDS, |(_, census)| Cell::number(census.mean, 1))
        .column(OCCUPANCY_SHARE, |(_, census)| Cell::share(census.mean / census.beds))
        .build()
        .hide_if(results.flows().len() == 1, &[SCENARIO]);
    let name = scope_name(results.flows()[0].region(), view);
    Section::new("hours", said!("Occupied beds by hour of the week, {name}", name), table)
}

pub(super) fn day_parts(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let mut rows = Vec::new();
    for (number, flow) in results.flows_with_indices() {
        let beds = beds(results, number, view);
        let census = results.census_by_hour(number, scope(view));
        // Weekends apart: wards that are open on working days let nobody in then.
        for (days, name) in [(0..5, "Mon-Fri"), (5..7, "Sat-Sun")] {
            for part in 0..4 {
                let mut hours: Vec<f64> = Vec::new();
                let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
                for (hour, occupied) in HourOfWeek::all().zip(&census) {
                    if days.contains(&hour.day()) && hour.hour() / 6 == part {
                        hours.push(*occupied);
                        least = least.min(*occupied);
                        most = most.max(*occupied);
                    }
                }
                let mean = hours.iter().sum::<f64>() / hours.len().max(1) as f64;
                let census = Census { flow: flow.name(), beds, mean, least, most };
                // The days have names in each language, the hours have not.
                let label = || format!("{} {}-{}", words::of(name), part * 6, part * 6 + 6);
                rows.push((Cell::said(label), census));
            }
        }
    }

    let table = Table::of(rows)
        .column(SCENARIO, |(_, census)| Cell::text(census.flow))
        .column(DAY_PART, |(part, _)| part.clone())
        .column(CENSUS_BEDS, |(_, census)| Cell::number(census.mean, 1))
        .column(FEWEST_BEDS, |(_, census)| Cell::number(census.least, 1))
        .column(MOST_BEDS, |(_, census)| Cell::number(census.most, 1))
        .column(OCCUPANCY_SHARE, |(_, census)| Cell::share(census.mean / census.beds))
        .build()
        .hide_if(results.flows().len() == 1, &[SCENARIO]);

    let name = scope_name(results.flows()[0].region(), view);
    let heading = said!("Occupied beds by part of the day, {name}", name);
    Section::new("day_parts", heading, table).note(
        Remark::from("Least and most: of the hours in it, each the mean over the weeks.")
            .hint(Hint::HoursOfWeek),
    )
}

pub(super) fn days(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let mut rows = Vec::new();
    for (number, flow) in results.flows_with_indices() {
        let beds = beds(results, number, view);
        for (day, census) in (0_u32..).zip(results.census_by_day(number, view.hospital)) {
            rows.push((flow, beds, day, census));
        }
    }
    let date = |flow: &PatientFlow<'_>, day: u32| {
        let first = flow.region().network().date();
        first.plus_days(day).map_or(Cell::Missing, Cell::day)
    };

    let table = Table::of(rows)
        .column(SCENARIO, |(flow, ..)| Cell::text(flow.name()))
        .column(DAY, |(_, _, day, _)| Cell::count(day + 1))
        .column(DATE, |(flow, _, day, _)| date(flow, *day))
        .column(CENSUS_BEDS, |(.., census)| Cell::number(census.mean, 1))
        .column(FEWEST_BEDS, |(.., census)| Cell::count(census.least))
        .column(MOST_BEDS, |(.., census)| Cell::count(census.most))
        .column(OCCUPANCY_SHARE, |(_, beds, _, census)| Cell::share(census.mean / beds))
        .build()
        .hide_if(results.flows().len() == 1, &[SCENARIO]);

    let name = scope_name(results.flows()[0].region(), view);
    let heading = said!("Occupied beds at the end of each day, {name}", name);
    Section::new("days", heading, table)
        .note("Least and most: in the replication with the fewest and the most on that day.")
}
