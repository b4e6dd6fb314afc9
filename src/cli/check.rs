//! `verbund check`

use clap::Args;
use verbund::Region;
use verbund::model::{Date, Folder, MissingJourneys, Model, Problems, ScenarioDraft};
use verbund::report::{Cell, Document, Section, Table};

use super::scenarios::{Origin, way_out};
use super::{Common, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Files of scenarios, or names of those that the network brings, such as `winter` (a file comes
    /// first): each is read against the network of the day
    #[arg(long, value_name = "FILE", num_args = 1..)]
    scenario: Vec<std::ffi::OsString>,
    /// All scenarios as one: a later one may use what an earlier one adds
    #[arg(long, requires = "scenario")]
    together: bool,
}

/// Every problem of the scenarios, and how many changes they have in all.
fn check_scenarios(
    common: &Common,
    (folder, model): (&Folder, &Model),
    (origins, is_together): (&[Origin], bool),
) -> anyhow::Result<(Problems, usize)> {
    let network = model.network.as_of(input::day(common, model)?);
    let drafts = origins.iter().map(|origin| origin.draft(folder, &network));
    let drafts: Vec<ScenarioDraft> = drafts.collect::<anyhow::Result<_>>()?;
    let groups: Vec<Vec<ScenarioDraft>> =
        if is_together { vec![drafts] } else { drafts.into_iter().map(|one| vec![one]).collect() };
    let (mut problems, mut changes) = (Problems::default(), 0);
    for group in groups {
        match ScenarioDraft::check(group, &network, &model.places) {
            Ok(found) => changes += found.iter().map(|one| one.changes.len()).sum::<usize>(),
            Err(found) => problems.append(found),
        }
    }
    Ok((problems, changes))
}

/// What is no fault, but to be known before a run: journeys that a table does not name, places and hospitals
/// that are out of reach.
fn remarks(model: &Model, day: Date) -> anyhow::Result<String> {
    let mut text = model.missing_journeys().map_or_else(String::new, |missing| journeys(&missing));
    let region = Region::new(model, day)?;
    let places = region.places_without_journey();
    if places > 0 {
        let places = counted(places, "place");
        text.push_str(&format!(" Out of reach of every hospital within 2 hours: {places} inside."));
    }
    let hospitals = region.hospitals_without_patients();
    if let Some(first) = hospitals.first() {
        let first = &region.network()[*first].key;
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
    output::check(common)?;
    let folder = input::folder(common)?;
    let names = arguments.scenario.iter();
    let origins: Vec<Origin> =
        names.map(|name| Origin::find(&folder, name)).collect::<anyhow::Result<_>>()?;
    let mut table = Table::new(&["file", "line", "column", "entity", "field", "message"]);
    let (problems, mut summary) = match folder.read() {
        Ok(model) => {
            let (problems, changes) =
                check_scenarios(common, (&folder, &model), (&origins, arguments.together))?;
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
            } else if !origins.is_empty() {
                let scenarios = counted(origins.len(), "scenario");
                let changes = counted(changes, "change");
                summary.push_str(&format!(" No problem in {scenarios} with {changes}."));
            }
            if problems.is_empty() {
                summary.push_str(&remarks(&model, input::day(common, &model)?)?);
            }
            (problems, summary)
        }
        Err(problems) => {
            let mut summary = format!("{}.", counted(problems.count(), "problem"));
            summary.push_str(input::way_outside(problems.list()));
            if !origins.is_empty() {
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
        if lines.len() < problems.count() {
            summary.push_str(" All of them, one by one: --format csv.");
        }
        output::print_lines(&format!("{text}{summary}\n"))?;
        return Ok(problems.is_empty());
    }
    for problem in problems.list() {
        let mut message = problem.message.clone();
        if !problem.expected.is_empty() {
            message.push_str(&format!("; expected {}", problem.expected));
        }
        if let Some(closest) = &problem.closest {
            message.push_str(&format!("; did you mean \"{closest}\"?"));
        }
        table.row(vec![
            Cell::maybe_text(problem.file.as_deref()),
            Cell::maybe_count(problem.line),
            Cell::maybe_count(problem.column),
            Cell::text(&problem.entity),
            Cell::text(&problem.field),
            Cell::text(message),
        ]);
    }
    let section = Section::new("problems", "Problems", table).note(summary);
    let document = Document::new("Check").about("network", common.network_name()).section(section);
    output::print(common, &document)?;
    Ok(problems.is_empty())
}
