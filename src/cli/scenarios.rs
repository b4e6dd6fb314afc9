//! The scenarios that `--scenario` names.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use anyhow::bail;
use verbund::Region;
use verbund::calendar::Date;
use verbund::files::Folder;
use verbund::model::{Model, Network, Places, RoadOfMap};
use verbund::names::{self, Entry, NameError};
use verbund::problem::{Problem, ProblemKind, Problems};
use verbund::report::Document;
use verbund::roads::RoadTravel;
use verbund::said;
use verbund::scenario::{Change, CheckedScenario, Scenario, ScenarioDraft};
use verbund::travel::TravelModel;
use verbund::words;

use super::faults::Faults;
use super::faults::fault;
use super::language::message;
use super::terminal::remark;
use super::{Common, input, output};

/// Where a scenario is read from.
pub(super) enum Origin {
    File(PathBuf),
    /// The name of one that the network's folder brings.
    Network(String),
}

/// Names of scenarios that a refusal lists at most.
const LISTED: usize = 20;
/// What stands before the name of a scenario that the network brings where a file of that name is not meant.
const PREFIX: &str = "network:";

impl Origin {
    /// What `--scenario` names; it is there, and the run does not write it.
    pub(super) fn find(folder: &Folder, typed: &OsStr) -> anyhow::Result<Self> {
        let path = PathBuf::from(typed);
        let name = &*typed.to_string_lossy();
        if path.is_file() {
            output::refuse_input(&path)?;
            let brought = folder.scenarios();
            if brought.is_ok_and(|brought| brought.iter().any(|key| key == name)) {
                remark(&message!(
                    "scenario {name}: the file ./{name} is meant; say {prefix}{name} for the one that the network brings",
                    name,
                    prefix = PREFIX
                ));
            }
            return Ok(Self::File(path));
        }
        Self::brought(folder, typed).map(Self::Network)
    }

    /// The name of the scenario of the network that is meant, typed with or without `network:`.
    pub(super) fn brought(folder: &Folder, typed: &OsStr) -> anyhow::Result<String> {
        let path = PathBuf::from(typed);
        let typed = typed.to_string_lossy();
        let name = typed.strip_prefix(PREFIX).unwrap_or(&typed);
        let brought = folder.scenarios();
        let is_brought =
            brought.as_ref().is_ok_and(|brought| brought.iter().any(|key| key == name));
        if is_brought {
            return Ok(name.to_owned());
        }
        if path.is_file() {
            bail!(fault!(
                "scenario {typed}: this is a file of yours, not one that the network brings",
                typed
            ));
        }
        if path.exists() {
            let what = words::of(if path.is_dir() { "a folder" } else { "no regular file" });
            bail!(fault!("scenario {typed}: a file is needed, but this is {what}", typed, what));
        }
        let brought = brought?;
        let entries: Vec<Entry<'_>> = brought.iter().map(|key| Entry::new(key, key)).collect();
        match names::pick("scenario", name, &entries) {
            Ok(index) => return Ok(brought[index].clone()),
            Err(error @ NameError::Ambiguous { .. }) => {
                bail!(fault!("scenario: {error}", error))
            }
            Err(_) => {}
        }
        let hint = input::hint(name, brought.iter().map(String::as_str));
        if brought.is_empty() {
            bail!(fault!(
                "scenario {typed}: there is no such file, and the network brings no scenario",
                typed
            ));
        }
        let more = if brought.len() > LISTED { ", ..." } else { "" };
        let listed = brought[..brought.len().min(LISTED)].join(", ");
        bail!(fault!(
            "scenario {typed}: there is no such file{hint}\nthe network brings: {listed}{more}",
            typed,
            hint,
            listed,
            more
        ));
    }

    /// What `--scenario` names, without a word where nothing is found: for a look at its days before it is read.
    pub(super) fn find_silently(folder: &Folder, typed: &OsStr) -> Option<Self> {
        let path = PathBuf::from(typed);
        if path.is_file() {
            return Some(Self::File(path));
        }
        let typed = typed.to_string_lossy();
        let name = typed.strip_prefix(PREFIX).unwrap_or(&typed);
        let is_brought = folder.scenarios().ok()?.iter().any(|key| *key == name);
        is_brought.then(|| Self::Network(name.to_owned()))
    }

    /// Reads it to be checked, alone or with others; the run does not write the tables that it names. Names
    /// in it are not looked up yet.
    pub(super) fn draft(
        &self,
        folder: &Folder,
        network: &Network,
    ) -> anyhow::Result<ScenarioDraft> {
        let draft = match self {
            Self::File(path) if folder.allows_outside() => {
                ScenarioDraft::open_allowing_outside(path, network)
            }
            Self::File(path) => ScenarioDraft::open(path, network),
            Self::Network(name) => ScenarioDraft::in_folder(folder, name, network),
        };
        let beside = match self {
            Self::File(path) => path.parent().map(Path::to_owned),
            Self::Network(_) => folder.path().map(|path| path.join("scenarios")),
        };
        let changes = draft.scenario().map_or(&[][..], |scenario| &scenario.changes);
        for change in changes {
            if let (Change::SetPopulation(population), Some(beside)) = (&change.change, &beside) {
                output::refuse_input(&beside.join(&population.table))?;
            }
        }
        Ok(draft)
    }
}

/// The scenarios of drafts that are applied together, without a region, with keys in the place of names; with the roads
/// that they name held against a map, where there is one.
pub(super) fn checked(
    mut drafts: Vec<ScenarioDraft>,
    network: &Network,
    places: &Places,
    roads: Option<&RoadTravel>,
) -> Result<Vec<Scenario>, Problems> {
    names::put_keys(&mut drafts, network, places);
    match roads {
        Some(travel) => {
            let missing = |road: &RoadOfMap| travel.missing_roads(road);
            ScenarioDraft::check_over_roads(drafts, network, places, &missing)
        }
        None => ScenarioDraft::check(drafts, network, places),
    }
}

/// The region that scenarios are read against: that of `--as-of`, of the network's own day, or, where they
/// begin before that and nobody says a day, of the day before they begin; then with a remark that says so.
pub(super) fn region(
    common: &Common,
    names: &[OsString],
) -> anyhow::Result<(Model, Region, Option<String>)> {
    let folder = input::folder(common)?;
    let mut remark = None;
    let (model, region) = input::region_on(common, |model| {
        let network = model.network.as_of(model.network.date());
        let mut drafts: Vec<ScenarioDraft> = Vec::new();
        for name in names {
            // What cannot be found or read is told where it is asked for.
            let origin = Origin::find_silently(&folder, name);
            drafts.extend(origin.and_then(|origin| origin.draft(&folder, &network).ok()));
        }
        let day = ScenarioDraft::day_before(&drafts, &network)?;
        remark = Some(said!(
            "{day}, the day before the scenarios begin, which is before the day of the network, {date}; --as-of \
             takes another one",
            day = day.in_print(),
            date = network.date().in_print()
        ));
        Some(day)
    })?;
    Ok((model, region, remark))
}

/// The document with the day that was chosen for its scenarios in its head.
pub(super) fn tell_day(document: Document, remark: Option<&str>) -> Document {
    match remark {
        Some(remark) => document.about("chosen_day", remark),
        None => document,
    }
}

/// Where scenarios are read from, and against which region.
#[derive(Clone, Copy)]
pub(super) struct Source<'s> {
    pub(super) folder: &'s Folder,
    pub(super) region: &'s Region,
}

impl Source<'_> {
    /// The scenarios of drafts that are applied together, judged for the region, with keys in the place of names.
    fn checked(self, mut drafts: Vec<ScenarioDraft>) -> Result<Vec<CheckedScenario>, Problems> {
        names::put_keys(&mut drafts, self.region.network(), self.region.places());
        self.region.check_scenarios(drafts)
    }

    /// The scenarios that the flags name, each by itself against the network; every fault of all of them is
    /// told.
    pub(super) fn read_each(self, names: &[OsString], faults: &mut Faults) -> Vec<CheckedScenario> {
        let Self { folder, region } = self;
        let mut scenarios: Vec<CheckedScenario> = Vec::new();
        for name in names {
            let Some(origin) = faults.note(Origin::find(folder, name)) else { continue };
            let Some(draft) = faults.note(origin.draft(folder, region.network())) else { continue };
            let name = &*name.to_string_lossy();
            let read = self.checked(vec![draft]);
            let read = read.map_err(|problems| {
                let way_out = way_out(problems.list());
                fault!("scenario {name} has problems\n{problems}{way_out}", name, problems, way_out)
            });
            for scenario in faults.note(read).into_iter().flatten() {
                refuse_second(name, &scenario, &scenarios, faults);
                scenarios.push(scenario);
            }
        }
        scenarios
    }

    /// The scenarios that the flags name, to be applied as one: a later one may use what an earlier one adds.
    pub(super) fn read_together(
        self,
        names: &[OsString],
        faults: &mut Faults,
    ) -> Vec<CheckedScenario> {
        let Self { folder, region } = self;
        let mut drafts = Vec::new();
        for name in names {
            let Some(origin) = faults.note(Origin::find(folder, name)) else { continue };
            drafts.extend(faults.note(origin.draft(folder, region.network())));
        }
        if drafts.len() < names.len() {
            // What is missing may add what the others rest on.
            return Vec::new();
        }
        let checked = self.checked(drafts).map_err(|problems| {
            let way_out = way_out(problems.list());
            fault!("the scenarios have problems\n{problems}{way_out}", problems, way_out)
        });
        let mut scenarios: Vec<CheckedScenario> = Vec::new();
        for (name, scenario) in names.iter().zip(faults.note(checked).unwrap_or_default()) {
            refuse_second(&name.to_string_lossy(), &scenario, &scenarios, faults);
            scenarios.push(scenario);
        }
        scenarios
    }

    /// Whether scenarios that cannot be read one by one can be, one after the other.
    pub(super) fn fit_together(self, names: &[OsString]) -> bool {
        let mut faults = Faults::default();
        let scenarios = self.read_together(names, &mut faults);
        scenarios.len() == names.len() && faults.tell().is_ok()
    }
}

/// Results are told apart by the keys of scenarios.
fn refuse_second(
    name: &str,
    scenario: &Scenario,
    scenarios: &[CheckedScenario],
    faults: &mut Faults,
) {
    // `base` is what results call the network without a scenario.
    if scenario.key == "base" || scenarios.iter().any(|before| before.key == scenario.key) {
        let key = &scenario.key;
        faults.add(&fault!("scenario {name}: there is another one called \"{key}\"", name, key));
    }
}

/// Where a change lies before the day of the network: an earlier day that fits; where a table was
/// refused: the flag that allows it.
pub(super) fn way_out(problems: &[Problem]) -> String {
    let mut day: Option<Date> = None;
    for problem in problems {
        if problem.kind != ProblemKind::Order || problem.field != "on" {
            continue;
        }
        // The fault begins with the moment of the change.
        let of_change = problem.message.get(..10).and_then(|text| text.parse::<Date>().ok());
        day = day.into_iter().chain(of_change).min();
    }
    let outside = input::way_outside(problems);
    match day.and_then(Date::day_before) {
        Some(day) => {
            said!(
                "\nthe network of an earlier day may be meant: --as-of {day}{outside}",
                day,
                outside
            )
        }
        None => outside,
    }
}
