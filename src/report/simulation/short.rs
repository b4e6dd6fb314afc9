//! A simulation in short, for the report.

use super::overview::published;
use super::{half_width_cell, mean_cell, unit};
use crate::model::Network;
use crate::overview::{HospitalRun, NoRun, ShortRun, ShortSimulation};
use crate::report::columns::{
    ADMISSIONS, BEDS, DIVERTED_AWAY, FORCED, FULL_SHARE, HOSPITAL, OCCUPANCY_SHARE,
    OCCUPANCY_SHARE_HALF_WIDTH, WAITING_DAYS,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table};
use crate::simulation::Figure;
use crate::stats::Interval;
use crate::words;

/// How full the hospitals get over time, at most so many of them; a section that says why where there is no
/// simulation.
pub(in crate::report) fn in_short(
    network: &Network,
    simulation: &ShortSimulation,
    most: usize,
) -> Section {
    let heading = said!("Over {days} days: how full the hospitals get", days = simulation.days);
    // The columns stay for programs, whether or not there are rows.
    let without = |why: Remark| {
        Section::new("simulation", heading.as_str(), fullest(network, &[])).in_words(why)
    };

    match &simulation.run {
        Ok(run) => {
            let table = fullest(network, &run.hospitals).show_first(most);
            Section::new("simulation", heading, table)
                .note(overall(network, simulation, run))
                .note(settings(simulation))
                .note(Hint::Band)
        }
        Err(NoRun::TooManyPatients { a_day, most_a_day }) => {
            let told = said!(
                "No simulation in this report: {a_day} patients a day are expected, more than it follows within seconds ({most_a_day}).",
                a_day = Cell::number(*a_day, 0).display(),
                most_a_day = Cell::number(*most_a_day, 0).display()
            );
            without(Remark::from(told).hint(Hint::LongSimulation))
        }
        Err(NoRun::Failed(error)) => without(said!("No simulation: {error}.", error).into()),
    }
}

/// The fullest hospitals.
fn fullest(network: &Network, hospitals: &[HospitalRun]) -> Table {
    let mean = |interval: Option<Interval>, figure: Figure| mean_cell(interval, unit(figure));
    Table::of(hospitals)
        .column(HOSPITAL, |row| Cell::text(&network[row.hospital].key))
        .column(BEDS, |row| Cell::count(row.beds))
        .column(OCCUPANCY_SHARE, |row| mean(row.occupancy, Figure::Occupancy))
        .column(OCCUPANCY_SHARE_HALF_WIDTH, |row| {
            half_width_cell(row.occupancy, unit(Figure::Occupancy))
        })
        .column(FULL_SHARE, |row| mean(row.full_share, Figure::FullShare))
        .column(ADMISSIONS, |row| mean(row.admissions, Figure::Admissions))
        .column(DIVERTED_AWAY, |row| mean(row.diverted_away, Figure::DivertedAway))
        .column(FORCED, |row| mean(row.forced, Figure::Forced))
        .column(WAITING_DAYS, |row| mean(row.waiting_days, Figure::WaitingDays))
        .build()
}

/// All hospitals inside together, in a sentence.
fn overall(network: &Network, simulation: &ShortSimulation, run: &ShortRun) -> String {
    let mean = mean_cell(run.occupancy, "share");
    let half_width = half_width_cell(run.occupancy, "share");
    let known = match published(network) {
        Some((value, name)) => format!(" ({name}: {})", Cell::share(value).display()),
        None => String::new(),
    };
    let days = f64::from(simulation.days);
    let mean_of = |interval: Option<Interval>| match interval {
        Some(interval) => interval.mean,
        None => 0.0,
    };
    let (diverted_away, forced) = (mean_of(run.diverted_away), mean_of(run.forced));
    said!(
        "The fullest hospitals inside. All of them: {mean} ± {half_width} occupied (±: chance only){known}; a day {diverted} patients find their first choice full and are let in elsewhere, {forced} are let in without a free bed.",
        mean = mean.display(),
        half_width = half_width.display(),
        known,
        diverted = Cell::number(diverted_away / days, 1).display(),
        forced = Cell::number(forced / days, 1).display()
    )
}

/// How it was simulated, in a sentence.
fn settings(simulation: &ShortSimulation) -> Remark {
    let ShortSimulation { replications, days, warm_up_days, seed, .. } = simulation;
    let told = said!(
        "{replications} replications of {days} days after {warm_up_days} days of warm-up, seed {seed}",
        replications,
        days,
        warm_up_days,
        seed = seed.0
    );
    Remark::from(told)
        .hint(Hint::MoreReplications)
        .and(". Most of what it rests on is assumed")
        .hint(Hint::ShortAssumptions)
        .and(".")
        .and(chosen(simulation).unwrap_or_default())
}

/// Who chose settings, where anybody did.
fn chosen(simulation: &ShortSimulation) -> Option<String> {
    let chosen = words::of(simulation.settings.as_ref()?);
    Some(said!(" Settings that are not the defaults: {chosen}.", chosen))
}
