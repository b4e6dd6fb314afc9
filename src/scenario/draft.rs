//! Scenarios that were read and are checked with others.

use std::collections::BTreeMap;
use std::path::Path;

use super::base::{Against, MissingRoads};
use super::check::{ScenarioRead, Unread, check_scenarios};
use super::read::read_scenario;
use super::terms::Tables;
use crate::calendar::{Date, DateTime};
use crate::disk::clean;
use crate::files::Folder;
use crate::files::access::{Leads, Reach, check_links, check_path, read_regular, read_text};
use crate::files::record::Reader;
use crate::model::location::{Fault, Locations};
use crate::model::{MissingRoad, Network, Places, RoadOfMap};
use crate::problem::Problems;
use crate::scenario::{Refers, Scenario};
use crate::words;

/// A scenario that was read, or built in code, and is not checked yet.
///
/// Scenarios that are applied together are checked together: a later one may use a hospital, a department
/// or a cooperation that an earlier one adds. [`Scenario::open`] reads and checks one alone, and
/// [`Region::check_scenarios`](crate::Region::check_scenarios) checks them for a region, which then applies them
/// without a second look.
///
/// ```
/// use verbund::files::Folder;
/// use verbund::scenario::ScenarioDraft;
///
/// let model = Folder::small().read()?;
/// let text = |key: &str, on: &str, change: &str| format!(
///     r#"(format: 1, id: "{key}", name: "{key}", source: "invented", changes: [
///         (on: "{on}", reason: "an example", change: {change}),
///     ])"#
/// );
/// let opens = text("opens", "2026-02-01", r#"AddDepartment(hospital: "south", department: (specialty: "urology"))"#);
/// let moves = text("moves", "2026-03-01", r#"MoveDepartment(specialty: "urology", from: "south", to: "north")"#);
/// let drafts = [("opens.ron", &opens), ("moves.ron", &moves)]
///     .map(|(name, text)| ScenarioDraft::read(text, name, &model.network));
/// let both = ScenarioDraft::check(drafts.into(), &model.network, &model.places)?;
/// assert_eq!(both.len(), 2);
/// // Alone, the second one moves a department that is not there.
/// let alone = ScenarioDraft::read(&moves, "moves.ron", &model.network);
/// assert!(ScenarioDraft::check(vec![alone], &model.network, &model.places).is_err());
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug)]
pub struct ScenarioDraft {
    /// `None` when nothing of the file can be trusted.
    scenario: Option<Scenario>,
    /// The number of each change in the file, from 0.
    positions: Vec<usize>,
    unread: Vec<Unread>,
    locations: Locations,
    problems: Problems,
    /// Faults of the tables that the file names.
    of_tables: Problems,
    /// What to say of names that could mean several things, by the message that calls them unknown.
    ambiguous: BTreeMap<String, String>,
}

/// Gives the key that a text means; see [`ScenarioDraft::put_keys`].
type KeyFinder<'f> = dyn FnMut(Refers, &str) -> Result<Option<String>, String> + 'f;

/// What the tables of a scenario may not leave, in messages.
const OF_SCENARIO: &str = "the folder of the scenario";

impl ScenarioDraft {
    /// Reads the file of a scenario, with the tables beside it, for a network. That it cannot be read, or
    /// is no UTF-8, is a fault like others: [`ScenarioDraft::check`] tells it. A table must lie in the
    /// folder of the scenario.
    pub fn open(path: impl AsRef<Path>, network: &Network) -> Self {
        Self::open_within(path.as_ref(), network, Reach::Own)
    }

    /// As [`ScenarioDraft::open`], with tables that may lie anywhere; see
    /// [`Folder::allow_outside`](crate::files::Folder::allow_outside).
    pub fn open_allowing_outside(path: impl AsRef<Path>, network: &Network) -> Self {
        Self::open_within(path.as_ref(), network, Reach::Everywhere)
    }

    fn open_within(path: &Path, network: &Network, reach: Reach) -> Self {
        let name = path.display().to_string();
        let text = match read_text(path) {
            Ok(text) => text,
            Err(problems) => return Self::unreadable(problems),
        };
        let folder = match path.parent() {
            // The parent of a bare name is empty, and no folder that a system opens.
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let load = |table: &str| {
            check_path(table, Leads::Within, reach, OF_SCENARIO)?;
            let full = folder.join(table);
            check_links(&full, folder, reach, table, OF_SCENARIO)?;
            read_regular(&full).map_err(Fault::unreadable)
        };
        Self::read_with(&text, &name, network, &load)
    }

    /// Reads the scenario of this name in `scenarios/` of a network's folder, with the tables beside it. That
    /// there is no such file, or that it is no UTF-8, is told by [`ScenarioDraft::check`].
    pub fn in_folder(folder: &Folder, name: &str, network: &Network) -> Self {
        match folder.scenario_text(name) {
            Err(problems) => Self::unreadable(problems),
            Ok(text) => {
                let path = Folder::scenario_path(name);
                Self::read_with(&text, &path, network, &|table| folder.scenario_table(table))
            }
        }
    }

    /// A file without a text; there may be anything in it.
    fn unreadable(problems: Problems) -> Self {
        Self {
            scenario: None,
            positions: Vec::new(),
            unread: vec![Unread { name: None }],
            locations: Locations::default(),
            problems,
            of_tables: Problems::default(),
            ambiguous: BTreeMap::new(),
        }
    }

    /// Reads the text of a scenario for a network. `name` is what problems call the file. A table that it
    /// names is only found by [`ScenarioDraft::open`] and by
    /// [`ScenarioDraft::in_folder`], which know the folder.
    pub fn read(text: &str, name: &str, network: &Network) -> Self {
        let load = |table: &str| {
            Err(Fault::unreadable(said!("{table} is not at hand: only the text was read", table)))
        };
        Self::read_with(text, name, network, &load)
    }

    /// The same with tables that `load` finds.
    fn read_with(
        text: &str,
        name: &str,
        network: &Network,
        load: &dyn Fn(&str) -> Result<Vec<u8>, Fault>,
    ) -> Self {
        let text = clean(text);
        let mut reader = Reader::new(name, &text);
        let mut tables = Tables::new(load, &network.catalog().demand);
        let read = read_scenario(&mut reader, network.date().into(), &mut tables);
        let of_tables = tables.problems;
        let (scenario, positions, unread) = match read {
            Some(read) => (Some(read.scenario), read.positions, read.unread),
            // Whatever is in the file: one change that may be anything.
            None => (None, Vec::new(), vec![Unread { name: None }]),
        };
        let Reader { problems, locations, .. } = reader;
        let ambiguous = BTreeMap::new();
        Self { scenario, positions, unread, locations, problems, of_tables, ambiguous }
    }

    /// The scenario as it is written, before any check against a network; `None` when nothing of the file
    /// can be trusted. For telling what it is about: only what [`ScenarioDraft::check`] gives can be applied.
    pub fn scenario(&self) -> Option<&Scenario> {
        self.scenario.as_ref()
    }

    /// The keys of hospitals and cooperations that its changes open and start.
    pub(crate) fn added(&self) -> impl Iterator<Item = (Refers, &str)> {
        let changes = self.scenario.iter().flat_map(|scenario| &scenario.changes);
        changes.filter_map(|dated| dated.change.added())
    }

    /// Puts keys in the place of what its changes name: `find` gives the key that a text means, `None` where
    /// the text is to stay, or an error that says between what there is to choose, which
    /// [`ScenarioDraft::check`] then tells.
    pub(crate) fn put_keys(&mut self, find: &mut KeyFinder<'_>) {
        let Some(scenario) = &mut self.scenario else { return };
        for dated in &mut scenario.changes {
            for (refers, text) in dated.change.keys_mut() {
                match find(refers, text) {
                    Ok(Some(key)) => *text = key,
                    Ok(None) => {}
                    Err(choice) => {
                        let word = words::of(refers.word());
                        let unknown = said!("unknown {what} \"{key}\"", what = word, key = text);
                        self.ambiguous.insert(unknown, choice);
                    }
                }
            }
        }
    }

    /// The day before the first change of scenarios, where that is before the day of the network: the one on
    /// which they can be read. `None` where the day of the network will do, and before the first day that there is.
    pub fn day_before(drafts: &[Self], network: &Network) -> Option<Date> {
        let mut first: Option<DateTime> = None;
        for scenario in drafts.iter().filter_map(Self::scenario) {
            for dated in &scenario.changes {
                first = Some(dated.on.min(first.unwrap_or(dated.on)));
            }
        }
        let first = first?;
        if first < DateTime::from(network.date()) { first.date().day_before() } else { None }
    }

    /// Checks scenarios by themselves and one after the other against a network and its places: changes
    /// come in the order of time, those of one moment in the order of the scenarios.
    ///
    /// # Errors
    ///
    /// Every fault of all of them at once, as [`Scenario::read`] names them.
    pub fn check(
        drafts: Vec<Self>,
        network: &Network,
        places: &Places,
    ) -> Result<Vec<Scenario>, Problems> {
        Self::check_against(drafts, Against::new(network, places))
    }

    /// [`Self::check`], with the roads that scenarios name held against a map: `missing_roads` tells what of a road it
    /// lacks, as [`TravelModel::missing_roads`](crate::travel::TravelModel::missing_roads) does.
    ///
    /// # Errors
    ///
    /// Those of [`Self::check`], and what the map lacks.
    pub fn check_over_roads(
        drafts: Vec<Self>,
        network: &Network,
        places: &Places,
        missing_roads: &dyn Fn(&RoadOfMap) -> Vec<MissingRoad>,
    ) -> Result<Vec<Scenario>, Problems> {
        let missing_roads: Option<&MissingRoads<'_>> = Some(missing_roads);
        Self::check_against(drafts, Against { network, places, missing_roads })
    }

    /// The same, where it may be known what journeys are measured by.
    pub(crate) fn check_against(
        drafts: Vec<Self>,
        against: Against<'_>,
    ) -> Result<Vec<Scenario>, Problems> {
        let mut read: Vec<ScenarioRead<'_>> = Vec::with_capacity(drafts.len());
        let mut unread: Vec<Unread> = Vec::new();
        for draft in &drafts {
            unread.extend(&draft.unread);
            if let Some(scenario) = &draft.scenario {
                read.push(ScenarioRead {
                    scenario,
                    positions: draft.positions.clone(),
                    locations: &draft.locations,
                    problems: draft.problems.list(),
                });
            }
        }
        let mut problems = check_scenarios(&read, &unread, against);
        for draft in &drafts {
            if draft.scenario.is_none() {
                problems.append(draft.problems.clone());
            } else {
                // Listed ones came in with the changes that they are of; the rest is only counted.
                problems.count_more(draft.problems.unlisted());
            }
            problems.append(draft.of_tables.clone());
        }
        if !problems.is_empty() {
            // Only now: what names a choice is found by the message that calls the name unknown.
            for draft in &drafts {
                problems.reword(&draft.ambiguous);
            }
            return Err(problems.sorted());
        }
        Ok(drafts.into_iter().filter_map(|draft| draft.scenario).collect())
    }
}

impl From<Scenario> for ScenarioDraft {
    /// A scenario that was built in code, or read by serde.
    fn from(scenario: Scenario) -> Self {
        Self {
            positions: (0..scenario.changes.len()).collect(),
            scenario: Some(scenario),
            unread: Vec::new(),
            locations: Locations::default(),
            problems: Problems::default(),
            of_tables: Problems::default(),
            ambiguous: BTreeMap::new(),
        }
    }
}

impl Scenario {
    /// Reads the file of a scenario, with the tables beside it, and checks it against a network and its
    /// places; see [`Scenario::read`].
    ///
    /// # Errors
    ///
    /// As [`Scenario::read`], and when the file cannot be read or is no UTF-8.
    pub fn open(
        path: impl AsRef<Path>,
        network: &Network,
        places: &Places,
    ) -> Result<Self, Problems> {
        Self::alone(ScenarioDraft::open(path, network), network, places)
    }

    /// Reads the scenario of this name in `scenarios/` of a network's folder, with the tables beside it, and
    /// checks it against a network and its places.
    ///
    /// # Errors
    ///
    /// As [`Scenario::read`], and when there is no such file or it is no UTF-8.
    pub fn in_folder(
        folder: &Folder,
        name: &str,
        network: &Network,
        places: &Places,
    ) -> Result<Self, Problems> {
        Self::alone(ScenarioDraft::in_folder(folder, name, network), network, places)
    }

    /// Reads the text of a scenario and checks it against a network and its places. `name` is what
    /// problems call the file. A table that a scenario names is only found by [`Scenario::open`] and by
    /// [`Scenario::in_folder`], which know the folder.
    ///
    /// The network's day is the start: the scenario knows the hospitals, departments and
    /// cooperations of that day, and no change may be before it. An earlier or later day of a network
    /// that was read is [`Network::as_of`].
    ///
    /// # Errors
    ///
    /// Every fault at once: what breaks the notation, is missing, out of range or unknown, comes
    /// before the start, ends before it begins, closes what is closed or ends what is over.
    pub fn read(
        text: &str,
        name: &str,
        network: &Network,
        places: &Places,
    ) -> Result<Self, Problems> {
        Self::alone(ScenarioDraft::read(text, name, network), network, places)
    }

    /// A draft that is checked alone.
    fn alone(draft: ScenarioDraft, network: &Network, places: &Places) -> Result<Self, Problems> {
        let mut checked = ScenarioDraft::check(vec![draft], network, places)?;
        Ok(checked.pop().expect("a draft without a problem is a scenario"))
    }

    /// Every fault of a scenario that was built in code, against a network and its places, as
    /// [`Scenario::read`] would name them.
    pub fn check(&self, network: &Network, places: &Places) -> Problems {
        Self::check_together(&[self], network, places)
    }

    /// Every fault of scenarios that follow each other on the same network, by themselves and together:
    /// the second may not close what the first closed. Changes come in the order of time; those of one
    /// moment in the order of the scenarios.
    pub fn check_together(scenarios: &[&Self], network: &Network, places: &Places) -> Problems {
        let nowhere = Locations::default();
        let mut read = Vec::with_capacity(scenarios.len());
        for &scenario in scenarios {
            read.push(ScenarioRead {
                scenario,
                positions: (0..scenario.changes.len()).collect(),
                locations: &nowhere,
                problems: &[],
            });
        }
        check_scenarios(&read, &[], Against::new(network, places))
    }
}
