//! A simulation in short, for the report.

use super::tables::published;
use super::{cells, unit};
use crate::model::Network;
use crate::overview::{NoRun, ShortRun, ShortSimulation};
use crate::report::document::{Cell, Section, Table};
use crate::simulation::Figure;

const COLUMNS: [&str; 9] = [
    "hospital",
    "beds",
    "occupancy_share",
    "occupancy_share_half_width",
    "full_share",
    "admissions",
    "diverted_away",
    "forced",
    "waiting_days",
];

/// How full the hospitals get over time, at most so many of them; a section that says why where there is no
/// simulation.
pub(in crate::report) fn in_short(
    network: &Network,
    simulation: &ShortSimulation,
    most: usize,
) -> Section {
    let heading = format!("Over {} days: how full the hospitals get", simulation.days);
    let without = |why: String| {
        Section::new("simulation", heading.as_str(), Table::new(&COLUMNS)).in_words(why)
    };
    match &simulation.run {
        Ok(run) => Section::new("simulation", heading, fullest(network, run, most))
            .note(overall(network, simulation, run))
            .note(settings(simulation)),
        Err(NoRun::TooManyPatients { a_day, most_a_day }) => without(format!(
            "No simulation in this report: {} patients a day are expected, more than it follows within seconds ({}). verbund simulate does it in minutes.",
            Cell::Number(*a_day, 0).display(),
            Cell::Number(*most_a_day, 0).display(),
        )),
        Err(NoRun::Failed(error)) => without(format!("No simulation: {error}.")),
    }
}

/// The fullest hospitals.
fn fullest(network: &Network, run: &ShortRun, most: usize) -> Table {
    let mut table = Table::new(&COLUMNS);
    for hospital in run.hospitals.iter().take(most) {
        let [occupancy, half_width] = cells(hospital.occupancy, unit(Figure::Occupancy));
        let mut row = vec![
            Cell::text(&network[hospital.hospital].key),
            Cell::Count(u64::from(hospital.beds)),
            occupancy,
            half_width,
        ];
        let means = [
            (Figure::FullShare, hospital.full_share),
            (Figure::Admissions, hospital.admissions),
            (Figure::DivertedAway, hospital.diverted_away),
            (Figure::Forced, hospital.forced),
            (Figure::WaitingDays, hospital.waiting_days),
        ];
        for (figure, interval) in means {
            let [mean, _] = cells(interval, unit(figure));
            row.push(mean);
        }
        table.row(row);
    }
    table
}

/// All hospitals inside together, in a sentence.
fn overall(network: &Network, simulation: &ShortSimulation, run: &ShortRun) -> String {
    let [mean, half_width] = cells(run.occupancy, "share");
    let known = published(network).map_or_else(String::new, |(value, name)| {
        format!(" ({name}: {})", Cell::Share(value).display())
    });
    let days = f64::from(simulation.days);
    let diverted_away = run.diverted_away.map_or(0.0, |interval| interval.mean);
    let forced = run.forced.map_or(0.0, |interval| interval.mean);
    format!(
        "The fullest hospitals inside. All of them: {} ± {} occupied{known}; a day {} patients find their first choice full and are let in elsewhere, {} are let in without a free bed.",
        mean.display(),
        half_width.display(),
        Cell::Number(diverted_away / days, 1).display(),
        Cell::Number(forced / days, 1).display(),
    )
}

/// How it was simulated, in a sentence.
fn settings(simulation: &ShortSimulation) -> String {
    let ShortSimulation { replications, days, warm_up_days, seed, .. } = simulation;
    format!(
        "{replications} replications of {days} days after {warm_up_days} days of warm-up, seed {}; more, and with scenarios: verbund simulate. Most of what it rests on is assumed: verbund simulate --by assumed.",
        seed.0
    )
}
