//! `verbund check`

use std::ffi::OsString;

use anyhow::bail;
use clap::Args;
use verbund::comparison::NetworkDifference;
use verbund::model::{
    Date, Folder, MissingJourneys, Model, Network, Problem, Problems, Scenario, ScenarioDraft,
};
use verbund::region::OutOfReach;
use verbund::report::columns::{COLUMN, ENTITY, FIELD, FILE, LINE, MESSAGE};
use verbund::report::{self, Cell, Document, Section, Table};

use super::compare::usual_moment;
use super::scenarios::{Origin, checked, day_before, way_out};
use super::{Common, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Files of scenarios, or names of those that the network brings, such as `winter` (a file comes
    /// first; `network:winter` always is the network's): each is read against the network of the day
    #[arg(long, value_name = "FILE", num_args = 1..)]
    scenario: Vec<OsString>,
    /// All scenarios as one: a later one may use what an earlier one adds
    #[arg(long, requires = "scenario")]
    together: bool,
}

/// What is found in scenarios.
#[derive(Default)]
struct Found {
    problems: Problems,
    /// How many changes they have in all.
    changes: usize,
    /// What of a scenario without a problem its author may want to know: which agreements end, who counts
    /// for which standard.
    remarks: Vec<String>,
    /// The day against which they are read, where it was chosen for them.
    day: Option<Date>,
}

/// What is found in scenarios, read against the network of the day.
fn check_scenarios(
    common: &Common,
    (folder, model): (&Folder, &Model),
    (origins, arguments): (&[Origin], &Arguments),
) -> anyhow::Result<Found> {
    let mut found = Found::default();
    let mut network = model.network.as_of(input::day(common, model)?);
    let read = |network: &Network| -> anyhow::Result<Vec<ScenarioDraft>> {
        origins.iter().map(|origin| origin.draft(folder, network)).collect()
    };
    let mut drafts = read(&network)?;
    if common.as_of.is_none() {
        found.day = day_before(&drafts, &network);
    }
    if let Some(day) = found.day {
        network = model.network.as_of(day);
        drafts = read(&network)?;
    }
    let groups: Vec<Vec<ScenarioDraft>> = if arguments.together {
        vec![drafts]
    } else {
        drafts.into_iter().map(|one| vec![one]).collect()
    };
    for group in groups {
        match checked(group, (&network, &model.places)) {
            Ok(scenarios) => {
                found.changes += scenarios.iter().map(|own| own.changes.len()).sum::<usize>();
                found.remarks.extend(remarks(model, &network, &scenarios));
            }
            Err(problems) => found.problems.append(problems),
        }
    }
    Ok(found)
}

/// What scenarios that are applied as one end and start, and who then counts for which standard.
fn remarks(model: &Model, network: &Network, scenarios: &[Scenario]) -> Vec<String> {
    let scenarios: Vec<&Scenario> = scenarios.iter().collect();
    let at = usual_moment(&scenarios, network.date());
    let model = Model { network: network.clone(), ..model.clone() };
    let Ok(after) = verbund::scenario::under(&model, &scenarios, at) else { return Vec::new() };
    let standards = &network.catalog().standards;
    let found = NetworkDifference::between(network, &after.network, standards);
    let keys: Vec<&str> = scenarios.iter().map(|own| own.key.as_str()).collect();
    let keys = keys.join(", ");
    let remarks = report::network_remarks(&found).into_iter();
    remarks.map(|remark| format!("remark: scenario \"{keys}\", on {at}: {remark}")).collect()
}

/// What is no fault, but to be known before a run: journeys that a table does not name, places and hospitals
/// that are out of reach.
fn out_of_reach(model: &Model, day: Date) -> anyhow::Result<String> {
    let mut text = model.missing_journeys().map_or_else(String::new, |missing| journeys(&missing));
    let OutOfReach { places, hospitals } = OutOfReach::of(model, day)?;
    if places > 0 {
        let places = counted(places, "place");
        text.push_str(&format!(" Out of reach of every hospital within 2 hours: {places} inside."));
    }
    if let Some(first) = hospitals.first() {
        let count = counted(hospitals.len(), "hospital");
        text.push_str(&format!(
            " Out of reach of every place within 2 hours: {count} (\"{first}\" is the first)."
        ));
    }
    Ok(text)
}

/// What the table of travel times says nothing of.
fn journeys(missing: &MissingJourneys) -> String {
    let MissingJourneys { from_places, pairs_from_places, .. } = missing;
    let MissingJourneys { between_hospitals, pairs_of_hospitals, .. } = missing;
    let mut text = String::new();
    if *from_places > 0 {
        text.push_str(&format!(
            " The table of travel times does not name {from_places} of {pairs_from_places} journeys \
             from a place to a hospital: no way."
        ));
    }
    if *between_hospitals > 0 {
        text.push_str(&format!(
            " The table of travel times does not name {between_hospitals} of {pairs_of_hospitals} journeys between \
             hospitals: as the crow flies."
        ));
    }
    text
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    if common.as_of.is_some() && arguments.scenario.is_empty() {
        bail!("--as-of needs a --scenario: the files of a network are checked for all their days");
    }
    output::check(common)?;
    let folder = input::folder(common)?;
    let names = arguments.scenario.iter();
    let origins: Vec<Origin> =
        names.map(|name| Origin::find(&folder, name)).collect::<anyhow::Result<_>>()?;
    let mut remarks = Vec::new();
    let (problems, mut summary) = match folder.read() {
        Ok(model) => {
            let found = check_scenarios(common, (&folder, &model), (&origins, arguments))?;
            let (problems, changes) = (found.problems, found.changes);
            remarks = found.remarks;
            let network = &model.network;
            let mut summary = format!(
                "No problem in {}, {}, {} and {}.",
                counted(network.hospitals().len(), "hospital site"),
                counted(network.cooperations().len(), "cooperation"),
                counted(network.alliances().len(), "alliance"),
                counted(model.places.places.len(), "place")
            );
            if !problems.is_empty() {
                let way_out = way_out(problems.list());
                summary = format!("{}.{way_out}", counted(problems.count(), "problem"));
            } else if !arguments.scenario.is_empty() {
                let scenarios = counted(arguments.scenario.len(), "scenario");
                let changes = counted(changes, "change");
                summary.push_str(&format!(" No problem in {scenarios} with {changes}."));
            }
            if problems.is_empty() {
                summary.push_str(&out_of_reach(&model, input::day(common, &model)?)?);
            }
            if let Some(day) = found.day {
                let own = network.date();
                summary.push_str(&format!(
                    " Scenarios that begin before the day of the network, {own}, are read against {day}, the day \
                     before they begin."
                ));
            }
            (problems, summary)
        }
        Err(problems) => {
            let mut summary = format!("{}.", counted(problems.count(), "problem"));
            summary.push_str(input::way_outside(problems.list()));
            if !arguments.scenario.is_empty() {
                summary.push_str(" Scenarios are read once the network has none.");
            }
            (problems, summary)
        }
    };
    if common.format == super::Format::Table && common.output.is_none() {
        let lines = problems.lines();
        let mut text = String::new();
        for line in &lines {
            text.push_str(&format!("{line}\n"));
        }
        for sentence in problems.unchecked() {
            text.push_str(&output::fit_to_screen(sentence));
        }
        for remark in &remarks {
            text.push_str(&output::fit_to_screen(remark));
        }
        if lines.len() < problems.count() {
            summary.push_str(" All of them, one by one: --format csv.");
        }
        output::print_lines(&format!("{text}{summary}\n"))?;
        return Ok(problems.is_empty());
    }
    let table = Table::of(problems.list())
        .column(FILE, |problem| Cell::maybe_text(problem.file.as_deref()))
        .column(LINE, |problem| Cell::maybe_count(problem.line))
        .column(COLUMN, |problem| Cell::maybe_count(problem.column))
        .column(ENTITY, |problem| Cell::text(&problem.entity))
        .column(FIELD, |problem| Cell::text(&problem.field))
        .column(MESSAGE, |problem| Cell::text(message(problem)))
        .build();
    let section = Section::new("problems", "Problems", table).note(summary);
    let section = problems.unchecked().fold(section, Section::note);
    let section = remarks.into_iter().fold(section, Section::note);
    let document = Document::new("Check").about("network", common.network_name()).section(section);
    output::print(common, &document)?;
    Ok(problems.is_empty())
}

/// What is wrong, what would be right, and what may have been meant.
fn message(problem: &Problem) -> String {
    let mut message = problem.message.clone();
    if !problem.expected.is_empty() {
        message.push_str(&format!("; expected {}", problem.expected));
    }
    if let Some(closest) = &problem.closest {
        message.push_str(&format!("; did you mean \"{closest}\"?"));
    }
    message
}
