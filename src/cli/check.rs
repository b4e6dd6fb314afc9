//! `verbund check`

use std::ffi::OsString;
use std::sync::Arc;

use anyhow::bail;
use clap::Args;
use verbund::calendar::Date;
use verbund::comparison::{NetworkDifference, usual_moment};
use verbund::files::Folder;
use verbund::model::{Areas, MissingJourneys, Model, Network};
use verbund::problem::{Problem, Problems};
use verbund::region::OutOfReach;
use verbund::report::columns::{COLUMN, ENTITY, FIELD, FILE, LINE, MESSAGE};
use verbund::report::{self, Cell, Document, Section, Table};
use verbund::roads::RoadTravel;
use verbund::said;
use verbund::scenario::{Change, Scenario, ScenarioDraft};
use verbund::words;

use super::faults::fault;
use super::scenarios::{Origin, checked, way_out};
use super::{Common, Ending, input, output, roads, settings};

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

/// Scenarios as the flags name them.
struct Named<'n> {
    folder: &'n Folder,
    origins: Vec<Origin>,
    together: bool,
    /// The roads that they are held against.
    roads: Option<Arc<RoadTravel>>,
}

impl Named<'_> {
    fn drafts(&self, network: &Network) -> anyhow::Result<Vec<ScenarioDraft>> {
        self.origins.iter().map(|origin| origin.draft(self.folder, network)).collect()
    }

    /// What is found in them, read against the network of the day.
    fn check(&self, common: &Common, model: &Model) -> anyhow::Result<Found> {
        let mut findings = Found::default();
        let mut network = model.network.as_of(input::day(common, model)?);
        let mut drafts = self.drafts(&network)?;
        if common.as_of.is_none() {
            findings.day = ScenarioDraft::day_before(&drafts, &network);
        }
        if let Some(day) = findings.day {
            // Reading already notes which changes lie before the day, so it is done again for the other one.
            network = model.network.as_of(day);
            drafts = self.drafts(&network)?;
        }

        let groups: Vec<Vec<ScenarioDraft>> = if self.together {
            vec![drafts]
        } else {
            drafts.into_iter().map(|draft| vec![draft]).collect()
        };
        for group in groups {
            match checked(group, &network, &model.places, self.roads.as_deref()) {
                Ok(scenarios) => {
                    for scenario in &scenarios {
                        findings.changes += scenario.changes.len();
                    }
                    if self.roads.is_none() {
                        findings.remarks.extend(unchecked_roads(&scenarios));
                    }
                    findings.remarks.extend(remarks(model, &network, &scenarios));
                }
                Err(problems) => findings.problems.append(problems),
            }
        }
        Ok(findings)
    }
}

/// Which scenarios name roads that no map was there to look up.
fn unchecked_roads(scenarios: &[Scenario]) -> Vec<String> {
    let mut remarks = Vec::new();
    for scenario in scenarios {
        if scenario.changes.iter().any(|dated| matches!(dated.change, Change::RoadOfMap(_))) {
            remarks.push(said!(
                "remark: scenario \"{key}\" names roads of a map: --roads FILE looks them up",
                key = scenario.key
            ));
        }
    }
    remarks
}

/// What scenarios that are applied as one end and start, and who then counts for which standard.
fn remarks(model: &Model, network: &Network, scenarios: &[Scenario]) -> Vec<String> {
    let scenarios: Vec<&Scenario> = scenarios.iter().collect();
    let moment = usual_moment(&scenarios, network.date());
    let model = Model { network: network.clone(), ..model.clone() };
    // What cannot be applied as of that moment was told as a problem.
    let Ok(after) = verbund::scenario::under(&model, &scenarios, moment) else { return Vec::new() };
    let standards = &network.catalog().standards;
    let difference = NetworkDifference::between(network, &after.network, standards);
    let keys: Vec<&str> = scenarios.iter().map(|scenario| scenario.key.as_str()).collect();
    let keys = keys.join(", ");

    let mut remarks = Vec::new();
    for remark in report::network_remarks(&difference) {
        remarks.push(said!(
            "remark: scenario \"{keys}\", on {moment}: {remark}",
            keys,
            moment,
            remark
        ));
    }
    remarks
}

/// Which areas belong to no place, and which places inside have none; `None` where all match.
fn unmatched(model: &Model, areas: &Areas) -> Option<String> {
    let matched = areas.of_places(&model.places);
    let mut told = Vec::new();
    if let Some(first) = matched.without_place.first() {
        let areas = counted(matched.without_place.len(), "area", "areas");
        told.push(said!("{areas} without a place (\"{first}\" is the first)", areas, first));
    }
    if let Some(first) = matched.without_area.first() {
        let places = counted(matched.without_area.len(), "place", "places");
        told.push(said!(
            "{places} inside without an area (\"{first}\" is the first)",
            places,
            first
        ));
    }
    if told.is_empty() {
        return None;
    }
    Some(said!("remark: areas.geojson: {told}", told = told.join(", ")))
}

/// What is no fault, but to be known before a run: journeys that a table does not name, places and hospitals
/// that are out of reach.
fn out_of_reach(model: &Model, day: Date) -> anyhow::Result<String> {
    let mut text = model.missing_journeys().map_or_else(String::new, |missing| journeys(&missing));
    let OutOfReach { places, hospitals } = OutOfReach::of(model, day)?;
    if places > 0 {
        let places = counted(places, "place", "places");
        text.push_str(&said!(
            " Out of reach of every hospital within 2 hours: {places} inside.",
            places
        ));
    }
    if let Some(first) = hospitals.first() {
        let count = counted(hospitals.len(), "hospital", "hospitals");
        text.push_str(&said!(
            " Out of reach of every place within 2 hours: {count} (\"{first}\" is the first).",
            count,
            first
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
        text.push_str(&said!(" The table of travel times does not name {from_places} of {pairs_from_places} journeys \
             from a place to a hospital: no way.", from_places, pairs_from_places));
    }
    if *between_hospitals > 0 {
        text.push_str(&said!(" The table of travel times does not name {between_hospitals} of {pairs_of_hospitals} journeys between \
             hospitals: as the crow flies.", between_hospitals, pairs_of_hospitals));
    }
    text
}

/// So many of what is called so when it is alone, and when it is not.
fn counted(count: usize, alone: &str, several: &str) -> String {
    format!("{count} {}", words::of(if count == 1 { alone } else { several }))
}

/// What a check tells.
#[derive(Default)]
struct Told {
    problems: Problems,
    remarks: Vec<String>,
    summary: String,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    if common.as_of.is_some() && arguments.scenario.is_empty() {
        bail!(fault!(
            "--as-of needs a --scenario: the files of a network are checked for all their days"
        ));
    }
    if common.roads.is_some() && arguments.scenario.is_empty() {
        bail!(fault!(
            "--roads needs a --scenario: the roads that scenarios name are looked up in it, and a network names none"
        ));
    }
    output::check(common)?;
    let folder = input::folder(common)?;
    let mut origins = Vec::with_capacity(arguments.scenario.len());
    for name in &arguments.scenario {
        origins.push(Origin::find(&folder, name)?);
    }
    let roads = roads::travel(common)?;
    let named = Named { folder: &folder, origins, together: arguments.together, roads };
    let told = match folder.read() {
        Ok(model) => of_network(common, &model, &named)?,
        Err(problems) => {
            let mut summary = format!("{}.", counted(problems.count(), "problem", "problems"));
            summary.push_str(&input::way_outside(problems.list()));
            if !arguments.scenario.is_empty() {
                summary.push_str(&said!(" Scenarios are read once the network has none."));
            }
            Told { problems, summary, ..Told::default() }
        }
    };

    // Remarks are no faults: a script that builds networks goes on with them.
    let is_well = told.problems.is_empty();
    // A person reads alike problems as one line; in a file each of them is a row.
    if common.format == super::Format::Table && common.output.is_none() {
        output::print_lines(&told.lines())?;
    } else {
        output::print(common, &told.document(common))?;
    }
    Ok(Ending::finding_if(!is_well))
}

/// What there is to tell of a network without a problem, and of scenarios.
fn of_network(common: &Common, model: &Model, named: &Named<'_>) -> anyhow::Result<Told> {
    let mut findings = named.check(common, model)?;
    match named.folder.areas() {
        Ok(Some(areas)) => findings.remarks.extend(unmatched(model, &areas)),
        Ok(None) => {}
        Err(problems) => findings.problems.append(problems),
    }
    let network = &model.network;
    let of_settings = settings::check_brought(named.folder, network, &mut findings.problems);
    findings.remarks.extend(of_settings);
    let mut summary = said!(
        "No problem in {hospitals}, {cooperations}, {alliances} and {places}.",
        hospitals = counted(network.hospitals().len(), "hospital site", "hospital sites"),
        cooperations = counted(network.cooperations().len(), "cooperation", "cooperations"),
        alliances = counted(network.alliances().len(), "alliance", "alliances"),
        places = counted(model.places.places.len(), "place", "places")
    );
    if !findings.problems.is_empty() {
        let way_out = way_out(findings.problems.list());
        summary =
            format!("{}.{way_out}", counted(findings.problems.count(), "problem", "problems"));
    } else if !named.origins.is_empty() {
        let scenarios = counted(named.origins.len(), "scenario", "scenarios");
        let changes = counted(findings.changes, "change", "changes");
        summary.push_str(&said!(" No problem in {scenarios} with {changes}.", scenarios, changes));
    }
    if findings.problems.is_empty() {
        summary.push_str(&out_of_reach(model, input::day(common, model)?)?);
    }
    if let Some(day) = findings.day {
        let date = network.date();
        summary.push_str(&said!(" Scenarios that begin before the day of the network, {date}, are read against {day}, the day \
             before they begin.", date, day));
    }
    Ok(Told { problems: findings.problems, remarks: findings.remarks, summary })
}

impl Told {
    /// Lines for people: alike problems as one.
    fn lines(&self) -> String {
        let lines = self.problems.lines();
        let mut text = String::new();
        for line in &lines {
            text.push_str(&format!("{line}\n"));
        }
        for sentence in self.problems.unchecked() {
            text.push_str(&output::fit_to_screen(sentence));
        }
        for remark in &self.remarks {
            text.push_str(&output::fit_to_screen(remark));
        }
        text.push_str(&self.summary);
        if lines.len() < self.problems.count() {
            text.push_str(&said!(" All of them, one by one: --format csv."));
        }
        text.push('\n');
        text
    }

    /// Every problem as a row.
    fn document(self, common: &Common) -> Document {
        let table = Table::of(self.problems.list())
            .column(FILE, |problem| Cell::maybe_text(problem.file.as_deref()))
            .column(LINE, |problem| Cell::maybe_count(problem.line))
            .column(COLUMN, |problem| Cell::maybe_count(problem.column))
            .column(ENTITY, |problem| Cell::text(&problem.entity))
            .column(FIELD, |problem| Cell::text(&problem.field))
            .column(MESSAGE, |problem| Cell::text(message(problem)))
            .build();
        let mut section = Section::new("problems", "Problems", table).note(self.summary);
        section = self.problems.unchecked().fold(section, Section::note);
        for remark in self.remarks {
            section = section.note(remark);
        }
        let document = Document::new("Check").about("network", common.network_name());
        document.section(section)
    }
}

/// What is wrong, what would be right, and what may have been meant.
fn message(problem: &Problem) -> String {
    let mut message = words::of(&problem.message).into_owned();
    if !problem.expected.is_empty() {
        message.push_str(&said!("; expected {expected}", expected = words::of(&problem.expected)));
    }
    if let Some(closest) = &problem.closest {
        message.push_str(&said!("; did you mean \"{closest}\"?", closest));
    }
    message
}
