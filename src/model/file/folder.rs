//! A network's folder on disk, or one of those that come with the crate.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::bytes::{decode, describe, fault};
use super::catalog::{
    read_demand, read_entries, read_facility, read_field, read_specialty, read_standard,
};
use super::draft::ScenarioDraft;
use super::network::{NetworkFile, read_network};
use super::pathway::read_pathways;
use super::places::{read_places, read_travel_times};
use super::record::Reader;
use super::rules::{read_emergency, read_supplement, read_volumes};
use super::service_group::{read_group_assumptions, read_service_groups};
use crate::model::check::{Ground, Known, check_ground};
use crate::model::location::{Entity, Locations};
use crate::model::problem::{Problem, ProblemKind, Problems, closest};
use crate::model::{
    Adjustments, Catalog, Date, Model, Network, NetworkBuilder, PartRule, Places, Scenario,
    TravelSettings,
};

/// A network's folder: `network.ron`, tables beside it, and the catalog that it names.
///
/// ```
/// use verbund::model::Folder;
///
/// let model = Folder::small().read()?;
/// assert_eq!(model.network.hospitals().len(), 4);
/// # Ok::<(), verbund::model::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(Files);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Files {
    Disk(PathBuf),
    Embedded(&'static str),
}

macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!("../../../networks/", $path)))),*]
    };
}

/// The networks that come with the crate, by path below `networks`.
const EMBEDDED: &[(&str, &[u8])] = embedded![
    "catalog/specialties.ron",
    "catalog/fields.ron",
    "catalog/facilities.ron",
    "catalog/standards.ron",
    "catalog/demand.ron",
    "catalog/pathways.ron",
    "catalog/service_groups.ron",
    "catalog/service_group_assumptions.ron",
    "catalog/supplement.ron",
    "catalog/emergency_stages.ron",
    "catalog/minimum_volumes.ron",
    "leipzig/network.ron",
    "leipzig/places.csv",
    "leipzig/scenarios/demography-2035.ron",
    "leipzig/scenarios/grimma-delivery-ward-closed.ron",
    "leipzig/scenarios/merger-delitzsch-eilenburg.ron",
    "leipzig/scenarios/mulde-bridge.ron",
    "leipzig/scenarios/people-2035.csv",
    "leipzig/scenarios/sana-wurzen-26-beds.ron",
    "leipzig/scenarios/schkeuditz-closed.ron",
    "leipzig/scenarios/shared-beds-ukl-st-georg.ron",
    "leipzig/scenarios/tele-stroke-eilenburg-ends.ron",
    "leipzig/scenarios/torgau-incident.ron",
    "leipzig/scenarios/torgau-internal-closed.ron",
    "leipzig/scenarios/ukl-st-georg-concentrate.ron",
    "leipzig/scenarios/winter.ron",
    "small/network.ron",
    "small/places.csv",
];

impl Folder {
    /// A folder on disk; nothing is read yet.
    pub fn open(path: impl Into<PathBuf>) -> Self {
        Self(Files::Disk(path.into()))
    }

    /// The region Leipzig / Nordwestsachsen, as it comes with the crate.
    pub fn leipzig() -> Self {
        Self(Files::Embedded("leipzig"))
    }

    /// A network of four hospitals that can be checked by hand, as it comes with the crate.
    pub fn small() -> Self {
        Self(Files::Embedded("small"))
    }

    /// The network of this name that comes with the crate: `leipzig` or `small`.
    pub fn embedded(name: &str) -> Option<Self> {
        match name {
            "leipzig" => Some(Self::leipzig()),
            "small" => Some(Self::small()),
            _ => None,
        }
    }

    /// Reads the folder, with the network of all dates.
    ///
    /// # Errors
    ///
    /// Every fault of every file: what cannot be read, is no UTF-8, breaks the notation, refers to
    /// nothing, is out of range, twice there or contradicts something else. A syntax error hides
    /// only what its own file would have said.
    pub fn read(&self) -> Result<Model, Problems> {
        let mut problems = Problems::default();
        let mut locations = Locations::default();
        let file = self.read_ron("network.ron", &mut locations, &mut problems, read_network);
        let catalog_folder = match &file {
            Some(file) => file.catalog.as_deref(),
            None => Some("../catalog"),
        };
        let mut more = Problems::default();
        let (catalog, known) = self.read_catalog(catalog_folder, &mut locations, &mut more);

        let places_file = file.as_ref().map_or("places.csv", |file| file.places.as_str());
        let mut places = Places::default();
        let mut lines = BTreeMap::new();
        if let Some(text) = self.text(places_file, &mut more) {
            let (read, found, line_of) = read_places(places_file, &text, &catalog.demand);
            (places, lines) = (read, line_of);
            found.into_iter().for_each(|problem| more.push(problem));
        }
        let named = file.is_some();
        for problem in more.into_list() {
            // Where `network.ron` says nothing, the other files were only guessed.
            if named || problem.kind != ProblemKind::Unreadable {
                problems.push(problem);
            }
        }
        let Some(file) = file else { return Err(problems.sorted()) };
        let travel_times = self.read_table(&file, &places, &mut problems);
        check_districts(&file, &places, &locations, &mut problems);
        let ground = Ground {
            places: &places,
            parts: &file.parts,
            travel: &file.travel,
            hospitals: &file.hospitals,
            journeys: travel_times.as_deref(),
            table: Some((&file.places, &lines)),
        };
        check_ground(ground, &locations, &mut problems);
        let rest = (file.travel.clone(), file.parts);
        let network = build(file, catalog, &known, &locations, problems)?;
        let (travel, parts) = rest;
        let adjustments = Adjustments::default();
        Ok(Model { network, places, parts, travel, travel_times, adjustments })
    }

    /// The scenarios in `scenarios/` of the folder, by the names of their files without `.ron`, in
    /// order; none where there is no such folder.
    ///
    /// ```
    /// use verbund::model::Folder;
    ///
    /// assert!(Folder::leipzig().scenarios().contains(&"winter".to_owned()));
    /// assert!(Folder::small().scenarios().is_empty());
    /// ```
    pub fn scenarios(&self) -> Vec<String> {
        let files: Vec<String> = match &self.0 {
            Files::Disk(folder) => {
                let entries = std::fs::read_dir(folder.join("scenarios")).into_iter().flatten();
                let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
                names.collect()
            }
            Files::Embedded(name) => {
                let within = format!("{name}/scenarios/");
                let names = EMBEDDED.iter().filter_map(|(path, _)| path.strip_prefix(&within));
                names.map(str::to_owned).collect()
            }
        };
        let names = files.iter().filter_map(|file| file.strip_suffix(".ron"));
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort();
        names
    }

    /// Reads the scenario of this name in `scenarios/` of the folder, with the tables beside it, and
    /// checks it against a network and its places.
    ///
    /// # Errors
    ///
    /// As [`Scenario::read`], and when there is no such file or it is no UTF-8.
    pub fn scenario(
        &self,
        name: &str,
        network: &Network,
        places: &Places,
    ) -> Result<Scenario, Problems> {
        Scenario::alone(self.scenario_draft(name, network), network, places)
    }

    /// The file of the scenario of this name as it is written, to be read or to start another one from.
    ///
    /// ```
    /// use verbund::model::Folder;
    ///
    /// let winter = Folder::leipzig().scenario_text("winter")?;
    /// assert!(winter.contains("Surge("));
    /// # Ok::<(), verbund::model::Problems>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no such file or it is no UTF-8.
    pub fn scenario_text(&self, name: &str) -> Result<String, Problems> {
        let mut problems = Problems::default();
        let text = self.text(&format!("scenarios/{name}.ron"), &mut problems);
        text.ok_or(problems)
    }

    /// Reads the scenario of this name to check it with others. That there is no such file, or that it is
    /// no UTF-8, is told by [`ScenarioDraft::check`].
    pub fn scenario_draft(&self, name: &str, network: &Network) -> ScenarioDraft {
        let path = format!("scenarios/{name}.ron");
        let mut problems = Problems::default();
        let Some(text) = self.text(&path, &mut problems) else {
            return ScenarioDraft::unreadable(problems);
        };
        let load = |table: &str| self.bytes(&format!("scenarios/{table}")).map(Cow::into_owned);
        ScenarioDraft::read_with(&text, &path, network, &load)
    }

    fn read_table(
        &self,
        file: &NetworkFile,
        places: &Places,
        problems: &mut Problems,
    ) -> Option<Vec<crate::model::TravelRow>> {
        let Some(path) = file.travel_times.as_deref() else {
            let usual = "travel_times.csv";
            if self.bytes(usual).is_ok() {
                let message = "the table is there, but network.ron does not name it".to_owned();
                let mut problem = fault(usual, ProblemKind::Conflict, None, message);
                "travel_times: \"travel_times.csv\" in network.ron"
                    .clone_into(&mut problem.expected);
                problems.push(problem);
            }
            return None;
        };
        let text = self.text(path, problems)?;
        let hospitals: BTreeSet<&str> = file.hospitals.iter().map(|one| one.key.as_str()).collect();
        let (rows, found) = read_travel_times(path, &text, places, &hospitals);
        found.into_iter().for_each(|problem| problems.push(problem));
        Some(rows)
    }

    /// The catalog, and which of its lists can be trusted for checks.
    fn read_catalog(
        &self,
        folder: Option<&str>,
        locations: &mut Locations,
        problems: &mut Problems,
    ) -> (Catalog, Known) {
        let Some(folder) = folder else {
            return Self::leipzig().read_catalog(Some("../catalog"), locations, problems);
        };
        let folder = folder.trim_end_matches('/');
        let path = |name: &str| format!("{folder}/{name}");
        let specialties = self.read_ron(&path("specialties.ron"), locations, problems, |reader| {
            read_entries(reader, "specialty", Entity::Specialty, read_specialty)
        });
        let fields = self.read_ron(&path("fields.ron"), locations, problems, |reader| {
            read_entries(reader, "field", Entity::Field, read_field)
        });
        let facilities = self.read_ron(&path("facilities.ron"), locations, problems, |reader| {
            read_entries(reader, "facility", Entity::Facility, read_facility)
        });
        let standards = self.read_ron(&path("standards.ron"), locations, problems, |reader| {
            read_entries(reader, "standard", Entity::Standard, read_standard)
        });
        let demand = self.read_ron(&path("demand.ron"), locations, problems, read_demand);
        // A catalog may do without pathways and rules: coverage needs none.
        let optional = |name: &str| Some(path(name)).filter(|path| self.bytes(path).is_ok());
        let pathways = optional("pathways.ron")
            .and_then(|path| self.read_ron(&path, locations, problems, read_pathways));
        let (first_leg, pathways) = pathways.unwrap_or_default();
        let service_groups = optional("service_groups.ron")
            .and_then(|path| self.read_ron(&path, locations, problems, read_service_groups));
        let group_assumptions = optional("service_group_assumptions.ron")
            .and_then(|path| self.read_ron(&path, locations, problems, read_group_assumptions));
        let supplement = optional("supplement.ron")
            .and_then(|path| self.read_ron(&path, locations, problems, read_supplement));
        let emergency_rules = optional("emergency_stages.ron")
            .and_then(|path| self.read_ron(&path, locations, problems, read_emergency));
        let minimum_volumes = optional("minimum_volumes.ron")
            .and_then(|path| self.read_ron(&path, locations, problems, read_volumes));
        let known = Known {
            specialties: specialties.is_some(),
            fields: fields.is_some(),
            facilities: facilities.is_some(),
            demand: demand.is_some(),
        };
        let catalog = Catalog {
            specialties: specialties.unwrap_or_default(),
            fields: fields.unwrap_or_default(),
            facilities: facilities.unwrap_or_default(),
            standards: standards.unwrap_or_default(),
            demand: demand.unwrap_or_default(),
            first_leg,
            pathways,
            service_groups: service_groups.unwrap_or_default(),
            group_assumptions: group_assumptions.unwrap_or_default(),
            supplement: supplement.unwrap_or_default(),
            emergency_rules: emergency_rules.unwrap_or_default(),
            minimum_volumes: minimum_volumes.unwrap_or_default(),
        };
        (catalog, known)
    }

    /// Reads one RON file and keeps what it says, its faults and the places of its values.
    fn read_ron<T>(
        &self,
        path: &str,
        locations: &mut Locations,
        problems: &mut Problems,
        read: impl Fn(&mut Reader<'_>) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(path, problems)?;
        if text.trim().is_empty() {
            problems.push(fault(path, ProblemKind::Syntax, None, "the file is empty".to_owned()));
            return None;
        }
        let mut reader = Reader::new(path, &text);
        let value = read(&mut reader);
        let Reader { problems: found, locations: at, .. } = reader;
        found.into_iter().for_each(|problem| problems.push(problem));
        locations.extend(at);
        value
    }

    /// The text of a file; a fault when it cannot be read or is no UTF-8.
    fn text(&self, path: &str, problems: &mut Problems) -> Option<String> {
        let bytes = match self.bytes(path) {
            Ok(bytes) => bytes,
            Err(message) => {
                problems.push(fault(path, ProblemKind::Unreadable, None, message));
                return None;
            }
        };
        decode(path, &bytes, problems)
    }

    fn bytes(&self, path: &str) -> Result<Cow<'static, [u8]>, String> {
        match &self.0 {
            Files::Disk(folder) => {
                let full = folder.join(path);
                std::fs::read(&full).map(Cow::Owned).map_err(|error| {
                    format!("cannot read {}: {}", full.display(), describe(&error))
                })
            }
            Files::Embedded(name) => {
                let full = normal(&format!("{name}/{path}"));
                let found = EMBEDDED.iter().find(|(own, _)| *own == full);
                found
                    .map(|(_, bytes)| Cow::Borrowed(*bytes))
                    .ok_or_else(|| format!("no file {full} comes with verbund"))
            }
        }
    }

    /// The folder on disk; `None` for one that comes with the crate.
    pub fn path(&self) -> Option<&Path> {
        match &self.0 {
            Files::Disk(folder) => Some(folder),
            Files::Embedded(_) => None,
        }
    }
}

/// Published figures may only name districts in which somebody lives.
fn check_districts(
    file: &NetworkFile,
    places: &Places,
    locations: &Locations,
    problems: &mut Problems,
) {
    let known: BTreeSet<&str> = places.places.iter().map(|one| one.district.as_str()).collect();
    if known.is_empty() {
        return; // the places have faults of their own
    }
    for (index, figure) in file.published.iter().enumerate() {
        for (at, district) in figure.districts.iter().enumerate() {
            if known.contains(district.as_str()) {
                continue;
            }
            let field = format!("districts[{at}]");
            let place = locations.find(Entity::Published(index), &field);
            problems.push(Problem {
                line: place.map(|(_, line, _)| *line),
                column: place.map(|(.., column)| *column),
                entity: format!("published figure \"{}\"", figure.name),
                field,
                expected: "the district of a place".to_owned(),
                closest: closest(district, known.iter().copied()),
                ..fault(
                    "network.ron",
                    ProblemKind::Unknown,
                    None,
                    format!("unknown district \"{district}\""),
                )
            });
        }
    }
}

/// A relative path with `..` resolved.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn build(
    file: NetworkFile,
    catalog: Catalog,
    known: &Known,
    locations: &Locations,
    problems: Problems,
) -> Result<Network, Problems> {
    let no_date = Date::of_year(1).expect("the year 1 exists");
    let mut builder = NetworkBuilder::new(file.name, file.as_of.unwrap_or(no_date), catalog);
    for (key, source) in file.sources {
        builder = builder.source(key, source);
    }
    for hospital in file.hospitals {
        builder = builder.hospital(hospital);
    }
    for cooperation in file.cooperations {
        builder = builder.cooperation(cooperation);
    }
    for alliance in file.alliances {
        builder = builder.alliance(alliance);
    }
    for omission in file.omitted {
        builder = builder.omission(omission);
    }
    for path in file.assumed {
        builder = builder.assumed(path);
    }
    for figure in file.published {
        builder = builder.published(figure);
    }
    builder.build_at(locations, known, problems)
}

impl Default for Model {
    /// Nothing: no hospital, nobody anywhere.
    fn default() -> Self {
        let date = Date::of_year(2026).expect("the year 2026 exists");
        let network = NetworkBuilder::new("empty", date, Catalog::default())
            .build()
            .expect("an empty network has no fault");
        Self {
            network,
            places: Places::default(),
            parts: PartRule::default(),
            travel: TravelSettings::default(),
            travel_times: None,
            adjustments: Adjustments::default(),
        }
    }
}
