//! A network's folder on disk, or one of those that come with the crate.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::access::{Leads, Reach, check_links, check_path, is_there, names_in, read_regular};
use super::bytes::{decode, fault};
use super::catalog::{
    read_demand, read_entries, read_facility, read_field, read_specialty, read_standard,
};
use super::hospitals::{HospitalReading, TableText};
use super::network::{HospitalTables, NetworkFile, read_network};
use super::pathway::read_pathways;
use super::places::{JourneyEnds, read_places, read_travel_times};
use super::record::Reader;
use super::rules::{read_emergency, read_supplement, read_volumes};
use super::service_group::{read_group_assumptions, read_service_groups};
use crate::calendar::Date;
use crate::disk::WholeFolder;
use crate::model::check::{Ground, Known, check_ground};
use crate::model::location::{Entity, Fault, Locations};
use crate::model::{
    Adjustments, Catalog, Model, Network, NetworkBuilder, PartRule, Places, TravelRow,
    TravelSettings,
};
use crate::problem::{Problem, ProblemKind, Problems, Suggestions, closest};

/// A network's folder: `network.ron`, tables beside it, and the catalog that it names; on disk, from memory
/// ([`Folder::of_files`]), or one of those that come with the crate.
///
/// A folder reads files of its own, and of a catalog that lies in it or beside it, as in `"../catalog"`;
/// paths and links that lead elsewhere are faults, so that a network from somebody else cannot have
/// other files read and quoted. [`Folder::allow_outside`] lifts that. Only regular files are read, tables
/// of up to 1,000 MB and other files of up to 100 MB.
///
/// ```
/// use verbund::files::Folder;
///
/// let model = Folder::small().read()?;
/// assert_eq!(model.network.hospitals().len(), 4);
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    files: Files,
    reach: Reach,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Files {
    Disk(PathBuf),
    Embedded(&'static str),
    /// By their paths below the folder, in their order.
    Memory(Arc<BTreeMap<String, Vec<u8>>>),
}

macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!("../../networks/", $path)))),*]
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

/// The file of a network.
const NETWORK: &str = "network.ron";

/// The table of travel times that a folder usually has.
const TRAVEL_TIMES: &str = "travel_times.csv";

/// The folder of scenarios.
const SCENARIOS: &str = "scenarios";

/// Files that a catalog must have.
const NEEDED: [&str; 5] =
    ["specialties.ron", "fields.ron", "facilities.ron", "standards.ron", "demand.ron"];

/// Files that a catalog may do without: coverage needs none of them.
const OPTIONAL: [&str; 6] = [
    "pathways.ron",
    "service_groups.ron",
    "service_group_assumptions.ron",
    "supplement.ron",
    "emergency_stages.ron",
    "minimum_volumes.ron",
];

/// What files may not leave, in messages.
const OF_NETWORK: &str = "the folder of the network";
const OF_CATALOG: &str = "the folder of the catalog";
const OF_SCENARIOS: &str = "the folder of the scenarios";

impl Folder {
    /// A folder on disk; nothing is read yet.
    pub fn open(path: impl Into<PathBuf>) -> Self {
        Self { files: Files::Disk(path.into()), reach: Reach::Own }
    }

    /// A folder from memory: files with their paths below the folder, as an upload, a database or a browser has
    /// them. Nothing of the disk is read.
    ///
    /// `network.ron` and `places.csv` are needed; the tables and scenarios that they name are found by the paths
    /// that they are written with. Without `catalog` in `network.ron` the catalog of this crate counts; a catalog of
    /// `"../catalog"` is found below `catalog/`. Of two files with one path the last one counts.
    ///
    /// ```
    /// use verbund::files::Folder;
    ///
    /// let network = include_bytes!("../../networks/small/network.ron").to_vec();
    /// let network = String::from_utf8(network)?.replace("catalog: \"../catalog\",", "");
    /// let places = include_bytes!("../../networks/small/places.csv").to_vec();
    /// let uploaded = Folder::of_files([("network.ron", network.into_bytes()), ("places.csv", places)]);
    /// assert_eq!(uploaded.read()?.network.hospitals().len(), 4);
    ///
    /// let nothing: [(&str, Vec<u8>); 0] = [];
    /// let problems = Folder::of_files(nothing).read().unwrap_err();
    /// assert!(problems.to_string().contains("network.ron"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_files<P: AsRef<str>, B: Into<Vec<u8>>>(
        files: impl IntoIterator<Item = (P, B)>,
    ) -> Self {
        let mut by_path = BTreeMap::new();
        for (path, bytes) in files {
            by_path.insert(below(path.as_ref()), bytes.into());
        }
        Self { files: Files::Memory(Arc::new(by_path)), reach: Reach::Own }
    }

    fn that_comes_along(name: &'static str) -> Self {
        Self { files: Files::Embedded(name), reach: Reach::Own }
    }

    /// The same folder, whose files may name any file of the disk: for networks of one's own that share
    /// tables, or that links put together.
    #[must_use]
    pub fn allow_outside(self) -> Self {
        Self { reach: Reach::Everywhere, ..self }
    }

    /// Whether its files may name any file of the disk.
    pub fn allows_outside(&self) -> bool {
        self.reach == Reach::Everywhere
    }

    /// The region Leipzig / Nordwestsachsen, as it comes with the crate.
    pub fn leipzig() -> Self {
        Self::that_comes_along("leipzig")
    }

    /// A network of four hospitals that can be checked by hand, as it comes with the crate.
    pub fn small() -> Self {
        Self::that_comes_along("small")
    }

    /// The network of this name that comes with the crate: `leipzig` or `small`.
    pub fn embedded(name: &str) -> Option<Self> {
        match name {
            "leipzig" => Some(Self::leipzig()),
            "small" => Some(Self::small()),
            _ => None,
        }
    }

    /// Copies a network that comes with the crate, with its catalog in `catalog/`, to a folder that is not there or
    /// empty; how many files it has. The folder is there whole or not at all.
    ///
    /// ```
    /// use verbund::files::Folder;
    ///
    /// let place = tempfile::tempdir()?;
    /// let mine = place.path().join("mine");
    /// assert_eq!(Folder::small().copy_to(&mine)?, 13);
    /// assert_eq!(Folder::open(&mine).read()?.network, Folder::small().read()?.network);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the network is one on disk, when the folder has files, or what the system says.
    pub fn copy_to(&self, folder: &Path) -> std::io::Result<usize> {
        let invalid =
            |message: &str| std::io::Error::new(std::io::ErrorKind::InvalidInput, message);
        let Files::Embedded(name) = &self.files else {
            return Err(invalid("only networks that come with the crate are copied"));
        };
        if folder.exists() && (!folder.is_dir() || std::fs::read_dir(folder)?.next().is_some()) {
            return Err(invalid("it is there and not empty; take another folder"));
        }
        let draft = WholeFolder::create(folder)?;
        let mut count = 0;
        for (path, bytes) in EMBEDDED {
            let own = path.strip_prefix(name).and_then(|rest| rest.strip_prefix('/'));
            let is_shared = path.starts_with("catalog/");
            let Some(to) = own.or(is_shared.then_some(*path)) else { continue };
            let to = draft.path().join(to);
            to.parent().map_or(Ok(()), std::fs::create_dir_all)?;
            // The catalog stands beside the network here, and in its folder there.
            let text = String::from_utf8_lossy(bytes);
            std::fs::write(to, text.replace("catalog: \"../catalog\"", "catalog: \"catalog\""))?;
            count += 1;
        }
        draft.finish()?;
        Ok(count)
    }

    /// Reads the folder, with the network of all dates.
    ///
    /// # Errors
    ///
    /// Every fault of every file: what cannot be read, is no UTF-8, breaks the notation, refers to
    /// nothing, is out of range, twice there or contradicts something else. A syntax error hides
    /// only what its own file would have said. A file that may be left out is a fault when it is there
    /// and cannot be read, or when another file stands there that most likely was to be it.
    pub fn read(&self) -> Result<Model, Problems> {
        let mut problems = Problems::default();
        let mut locations = Locations::default();
        let network = File { path: NETWORK, root: Root::Network, field: "" };
        let mut file = self.read_ron(network, &mut locations, &mut problems, read_network);
        if let Some(file) = &mut file {
            self.read_hospital_tables(file, &mut locations, &mut problems);
        }
        let catalog_folder = match &file {
            Some(file) => file.catalog.as_deref(),
            None => Some("../catalog"),
        };
        let mut more = Problems::default();
        let (catalog, known) = self.read_catalog(catalog_folder, &mut locations, &mut more);

        let places_path = file.as_ref().map_or("places.csv", |file| file.places.as_str());
        let mut places = Places::default();
        let mut are_places_known = false;
        let mut lines = BTreeMap::new();
        let places_file = File { path: places_path, root: Root::Network, field: "places" };
        if let Some(text) = self.text(places_file, &locations, &mut more) {
            let (read, faults, line_of) = read_places(places_path, &text, &catalog.demand);
            (places, lines) = (read, line_of);
            are_places_known = faults.is_empty();
            more.append(faults);
        }
        let is_named = file.is_some();
        problems.count_more(more.unlisted());
        for problem in more.into_list() {
            // Where `network.ron` says nothing, the other files were only guessed.
            if is_named || problem.kind != ProblemKind::Unreadable {
                problems.push(problem);
            }
        }
        let Some(file) = file else { return Err(problems.sorted()) };
        self.check_neighbours(&file, &mut problems);
        let place_keys: Option<BTreeSet<&str>> = are_places_known
            .then(|| places.places.iter().map(|place| place.key.as_str()).collect());
        let travel_times = self.read_table(&file, place_keys, &locations, &mut problems);
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
        let known = Known { cooperations: true, hospitals: file.are_hospitals_known, ..known };
        let network = build(file, catalog, &known, &locations, problems)?;
        let (travel, parts) = rest;
        let adjustments = Adjustments::default();
        Ok(Model { network, places, parts, travel, travel_times, adjustments })
    }

    /// The scenarios in `scenarios/` of the folder, by the names of their files without `.ron`, in
    /// order; none where there is no such folder.
    ///
    /// ```
    /// use verbund::files::Folder;
    ///
    /// assert!(Folder::leipzig().scenarios()?.contains(&"winter".to_owned()));
    /// assert!(Folder::small().scenarios()?.is_empty());
    /// # Ok::<(), verbund::problem::Problems>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there is such a folder and it cannot be read.
    pub fn scenarios(&self) -> Result<Vec<String>, Problems> {
        let files = self.scenario_files()?;
        let names = files.iter().filter_map(|file| file.strip_suffix(".ron"));
        Ok(names.map(str::to_owned).collect())
    }

    /// Names of the files in the folder of scenarios, in order.
    fn scenario_files(&self) -> Result<Vec<String>, Problems> {
        match &self.files {
            Files::Disk(folder) => {
                let path = folder.join(SCENARIOS);
                if !is_there(&path) {
                    return Ok(Vec::new());
                }
                let links = (SCENARIOS, OF_NETWORK);
                let names = check_links(&path, folder, self.reach, links)
                    .and_then(|()| names_in(&path).map_err(Fault::unreadable));
                names.map_err(|fault| std::iter::once(located(SCENARIOS, None, fault)).collect())
            }
            Files::Embedded(name) => {
                let within = format!("{name}/{SCENARIOS}/");
                let names = EMBEDDED.iter().filter_map(|(path, _)| path.strip_prefix(&within));
                let mut names: Vec<String> = names.map(str::to_owned).collect();
                names.sort();
                Ok(names)
            }
            Files::Memory(_) => Ok(self.names(SCENARIOS).unwrap_or_default()),
        }
    }

    /// The file of the scenario of this name as it is written, to be read or to start another one from.
    ///
    /// ```
    /// use verbund::files::Folder;
    ///
    /// let winter = Folder::leipzig().scenario_text("winter")?;
    /// assert!(winter.contains("Surge("));
    /// # Ok::<(), verbund::problem::Problems>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no such file or it is no UTF-8.
    pub fn scenario_text(&self, name: &str) -> Result<String, Problems> {
        let mut problems = Problems::default();
        let path = Self::scenario_path(name);
        let file = File { path: &path, root: Root::Network, field: "" };
        let text = self.text(file, &Locations::default(), &mut problems);
        text.ok_or(problems)
    }

    /// The bytes of a table that a scenario of the folder names: it lies beside the scenarios.
    pub(crate) fn scenario_table(&self, table: &str) -> Result<Vec<u8>, Fault> {
        check_path(table, Leads::Within, self.reach, OF_SCENARIOS)?;
        let path = format!("{SCENARIOS}/{table}");
        let file = File { path: &path, root: Root::Scenarios, field: "" };
        self.bytes(file).map(Cow::into_owned)
    }

    /// Where the scenario of this name stands in the folder, as problems name it.
    pub(crate) fn scenario_path(name: &str) -> String {
        format!("{SCENARIOS}/{name}.ron")
    }

    /// The hospitals of a network whose file names tables of them.
    fn read_hospital_tables(
        &self,
        file: &mut NetworkFile,
        locations: &mut Locations,
        problems: &mut Problems,
    ) {
        let Some(tables) = &file.tables else { return };
        let mut text_of = |(field, path): (&'static str, &str)| {
            let table = File { path, root: Root::Network, field };
            self.text(table, locations, problems).map(|text| TableText { path: path.into(), text })
        };
        let hospitals = text_of(("hospitals", &tables.hospitals));
        let departments =
            tables.departments.as_deref().and_then(|path| text_of(("departments", path)));
        let facts = tables.facts.as_deref().and_then(|path| text_of(("facts", path)));
        let Some(hospitals) = hospitals else { return };
        let mut reading = HospitalReading::new(locations);
        reading.read_hospitals(&hospitals);
        if let Some(departments) = departments {
            reading.read_departments(&departments);
        }
        if let Some(facts) = facts {
            reading.read_facts(&facts);
        }
        let (read, are_known, faults) = reading.finish();
        (file.hospitals, file.are_hospitals_known) = (read, are_known);
        problems.append(faults);
    }

    fn read_table(
        &self,
        file: &NetworkFile,
        place_keys: Option<BTreeSet<&str>>,
        locations: &Locations,
        problems: &mut Problems,
    ) -> Option<Vec<TravelRow>> {
        let Some(path) = file.travel_times.as_deref() else {
            if self.has(TRAVEL_TIMES) {
                let message = "the table is there, but network.ron does not name it".to_owned();
                let mut problem = fault(TRAVEL_TIMES, ProblemKind::Conflict, None, message);
                "travel_times: \"travel_times.csv\" in network.ron"
                    .clone_into(&mut problem.expected);
                problems.push(problem);
            }
            return None;
        };
        let table = File { path, root: Root::Network, field: "travel_times" };
        let text = self.text(table, locations, problems)?;
        let hospital_keys = file
            .are_hospitals_known
            .then(|| file.hospitals.iter().map(|hospital| hospital.key.as_str()).collect());
        let (rows, faults) =
            read_travel_times(path, &text, &JourneyEnds { place_keys, hospital_keys });
        problems.append(faults);
        Some(rows)
    }

    /// Files beside those that are read which most likely were to be read: `pathway.ron` where there is no
    /// `pathways.ron`.
    fn check_neighbours(&self, file: &NetworkFile, problems: &mut Problems) {
        if let Files::Embedded(_) = &self.files {
            return;
        }
        match self.scenario_files() {
            Err(faults) => problems.append(faults),
            Ok(names) => {
                for name in &names {
                    let is_read = Path::new(name).extension().is_some_and(|ending| ending == "ron");
                    if !is_read && is_meant_as_ron(name) {
                        let path = format!("{SCENARIOS}/{name}");
                        let message =
                            "the file is not read: its name has another ending".to_owned();
                        let mut problem = fault(&path, ProblemKind::Conflict, None, message);
                        "a name that ends in .ron".clone_into(&mut problem.expected);
                        problems.push(problem);
                    }
                }
            }
        }
        let catalog = file.catalog.as_deref().map(normal).filter(|path| !path.is_empty());
        let mut own: Vec<&str> = vec![NETWORK, &file.places, SCENARIOS];
        own.push(file.travel_times.as_deref().unwrap_or(TRAVEL_TIMES));
        let tables = file.tables.iter().flat_map(HospitalTables::named);
        own.extend(tables.map(|(_, table)| table));
        self.report_unnamed(file, problems);
        let of_catalog: Vec<&str> = NEEDED.iter().chain(&OPTIONAL).copied().collect();
        match &catalog {
            Some(path) => {
                self.report_misspelt(path, &of_catalog, &OPTIONAL, problems);
                let absent = |name: &&&str| !self.has(&format!("{path}/{name}"));
                let elsewhere = OPTIONAL.iter().filter(absent).filter(|name| self.has(name));
                for name in elsewhere {
                    let message = format!("the file is not read: the catalog is in {path}");
                    problems.push(fault(name, ProblemKind::Conflict, None, message));
                }
            }
            None if file.catalog.is_some() => own.extend(of_catalog),
            None => {}
        }
        let optional: Vec<&str> = [TRAVEL_TIMES, SCENARIOS]
            .into_iter()
            .filter(|name| *name != TRAVEL_TIMES || file.travel_times.is_none())
            .chain(OPTIONAL.iter().copied().filter(|name| own.contains(name)))
            .collect();
        self.report_misspelt("", &own, &optional, problems);
    }

    /// Tells each table of hospitals that is there and that `network.ron` does not name.
    fn report_unnamed(&self, file: &NetworkFile, problems: &mut Problems) {
        let tables = file.tables.iter().flat_map(HospitalTables::named);
        let named: Vec<&str> = tables.map(|(field, _)| field).collect();
        for field in ["hospitals", "departments", "facts"] {
            let usual = format!("{field}.csv");
            if named.contains(&field) || !self.has(&usual) {
                continue;
            }
            let message = "the table is there, but network.ron does not name it".to_owned();
            let problem = fault(&usual, ProblemKind::Conflict, None, message);
            let expected = format!("{field}: \"{usual}\" in network.ron");
            problems.push(Problem { expected, ..problem });
        }
    }

    /// Tells each file of a folder that is none of those that are known, and whose name is close to that
    /// of one which may be left out and is not there.
    fn report_misspelt(
        &self,
        within: &str,
        known: &[&str],
        optional: &[&str],
        problems: &mut Problems,
    ) {
        let Some(names) = self.names(within) else { return };
        let absent: Vec<&str> =
            optional.iter().copied().filter(|name| !names.iter().any(|own| own == name)).collect();
        for name in names.iter().filter(|name| !known.contains(&name.as_str())) {
            let near = closest(&name.to_lowercase(), absent.iter().copied());
            if let Some(near) = near.filter(|_| !name.starts_with('.')) {
                let path =
                    if within.is_empty() { name.clone() } else { format!("{within}/{name}") };
                let message = "the file is not read".to_owned();
                let problem = fault(&path, ProblemKind::Conflict, None, message);
                problems.push(Problem { closest: Some(near), ..problem });
            }
        }
    }

    /// The names in a folder on disk; `None` where it cannot be read, which its files say.
    fn names(&self, within: &str) -> Option<Vec<String>> {
        match &self.files {
            Files::Disk(folder) => names_in(&folder.join(within)).ok(),
            Files::Embedded(_) => None,
            Files::Memory(files) => {
                let folder = below(within);
                let mut names = Vec::new();
                for path in files.keys() {
                    let (folder_of_file, name) = path.rsplit_once('/').unwrap_or(("", path));
                    if folder_of_file == folder {
                        names.push(name.to_owned());
                    }
                }
                Some(names)
            }
        }
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
        let field = "catalog";
        if let Err(fault) = self.check_catalog(folder) {
            let place = locations.find(Entity::Network, field);
            problems.push(Problem { field: field.to_owned(), ..located(NETWORK, place, fault) });
            return (Catalog::default(), Known::NOTHING);
        }
        let mut files = CatalogFiles { folder: self, path: folder, locations, problems };
        let specialties = files.read("specialties.ron", |reader| {
            read_entries(reader, "specialty", Entity::Specialty, read_specialty)
        });
        let fields = files
            .read("fields.ron", |reader| read_entries(reader, "field", Entity::Field, read_field));
        let facilities = files.read("facilities.ron", |reader| {
            read_entries(reader, "facility", Entity::Facility, read_facility)
        });
        let standards = files.read("standards.ron", |reader| {
            read_entries(reader, "standard", Entity::Standard, read_standard)
        });
        let demand = files.read("demand.ron", read_demand);
        // A catalog may do without pathways and rules: coverage needs none.
        let pathways = files.read_if_there("pathways.ron", read_pathways);
        let (first_leg, pathways) = pathways.unwrap_or_default();
        let service_groups = files.read_if_there("service_groups.ron", read_service_groups);
        let group_assumptions =
            files.read_if_there("service_group_assumptions.ron", read_group_assumptions);
        let supplement = files.read_if_there("supplement.ron", |reader| {
            read_supplement(reader, standards.as_deref())
        });
        let emergency_rules = files.read_if_there("emergency_stages.ron", read_emergency);
        let minimum_volumes = files.read_if_there("minimum_volumes.ron", read_volumes);
        let known = Known {
            cooperations: true,
            specialties: specialties.is_some(),
            fields: fields.is_some(),
            facilities: facilities.is_some(),
            demand: demand.is_some(),
            hospitals: true,
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

    /// Why a folder is no catalog that a network may name.
    fn check_catalog(&self, folder: &str) -> Result<(), Fault> {
        check_path(folder, Leads::Beside, self.reach, OF_NETWORK)?;
        let Files::Disk(network) = &self.files else { return Ok(()) };
        let beside = network.join("..");
        let path = network.join(folder);
        check_links(&path, &beside, self.reach, (folder, OF_NETWORK))?;
        names_in(&path).map(drop).map_err(Fault::unreadable)
    }

    /// Reads one RON file and keeps what it says, its faults and the places of its values.
    fn read_ron<T>(
        &self,
        file: File<'_>,
        locations: &mut Locations,
        problems: &mut Problems,
        read: impl Fn(&mut Reader<'_>) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(file, locations, problems)?;
        if text.trim().is_empty() {
            let message = "the file is empty".to_owned();
            problems.push(fault(file.path, ProblemKind::Syntax, Some((1, 1)), message));
            return None;
        }
        let mut reader = Reader::new(file.path, &text);
        let value = read(&mut reader);
        let Reader { problems: faults, locations: places, .. } = reader;
        problems.append(faults);
        locations.extend(places);
        value
    }

    /// The text of a file; a fault when it cannot be read or is no UTF-8.
    fn text(
        &self,
        file: File<'_>,
        locations: &Locations,
        problems: &mut Problems,
    ) -> Option<String> {
        let fault = match self.bytes(file) {
            Ok(bytes) => return decode(file.path, &bytes, problems),
            Err(fault) => fault,
        };
        let is_refused = fault.kind != ProblemKind::Unreadable;
        let place = locations.find(Entity::Network, file.field);
        if let Some(place) = place.filter(|_| is_refused && !file.field.is_empty()) {
            // A path that is not followed is a fault of the file that names it.
            let field = file.field.to_owned();
            problems.push(Problem { field, ..located(NETWORK, Some(place), fault) });
            return None;
        }
        let mut problem = located(file.path, None, fault);
        if !is_refused && !self.has(file.path) {
            problem.closest = self.misspelt(file.path);
        }
        problems.push(problem);
        None
    }

    /// The file beside a missing one that most likely was to be it.
    fn misspelt(&self, path: &str) -> Option<String> {
        let (within, name) = path.rsplit_once('/').unwrap_or(("", path));
        let names = self.names(within)?;
        // Windows hides endings: `network.ron.txt` looks like `network.ron`.
        let bare = |name: &str| name.to_lowercase().trim_end_matches(".txt").to_owned();
        if let Some(same) = names.iter().find(|other| bare(other) == bare(name)) {
            return Some(same.clone());
        }
        let is_other = |other: &&str| {
            !NEEDED.contains(other) && !OPTIONAL.contains(other) && *other != NETWORK
        };
        closest(name, names.iter().map(String::as_str).filter(is_other))
    }

    /// Whether there is something of this name on the disk, readable or not, or among the files that come
    /// along.
    fn has(&self, path: &str) -> bool {
        match &self.files {
            Files::Disk(folder) => is_there(&folder.join(path)),
            Files::Embedded(_) => self.embedded_file(path).is_some(),
            Files::Memory(files) => files.contains_key(&below(path)),
        }
    }

    fn embedded_file(&self, path: &str) -> Option<&'static [u8]> {
        let Files::Embedded(name) = &self.files else { return None };
        let full = normal(&format!("{name}/{path}"));
        EMBEDDED.iter().find(|(own, _)| *own == full).map(|(_, bytes)| *bytes)
    }

    fn bytes(&self, file: File<'_>) -> Result<Cow<'static, [u8]>, Fault> {
        let folder = match &self.files {
            Files::Disk(folder) => folder,
            Files::Embedded(_) => {
                let bytes = self.embedded_file(file.path).map(Cow::Borrowed);
                let message = format!("no file {} comes with verbund", file.path);
                return bytes.ok_or_else(|| Fault::unreadable(message));
            }
            Files::Memory(files) => {
                let bytes = files.get(&below(file.path)).map(|bytes| Cow::Owned(bytes.clone()));
                let message = format!("no file {} is among those given", file.path);
                return bytes.ok_or_else(|| Fault::unreadable(message));
            }
        };
        let full = folder.join(file.path);
        match file.root {
            Root::Network => {
                check_path(file.path, Leads::Within, self.reach, OF_NETWORK)?;
                check_links(&full, folder, self.reach, (file.path, OF_NETWORK))?;
            }
            Root::Catalog(catalog) => {
                let root = folder.join(catalog);
                check_links(&full, &root, self.reach, (file.path, OF_CATALOG))?;
            }
            Root::Scenarios => {
                let root = folder.join(SCENARIOS);
                check_links(&full, &root, self.reach, (file.path, OF_SCENARIOS))?;
            }
        }
        read_regular(&full).map(Cow::Owned).map_err(Fault::unreadable)
    }

    /// The folder on disk; `None` for one that comes with the crate or from memory.
    pub fn path(&self) -> Option<&Path> {
        match &self.files {
            Files::Disk(folder) => Some(folder),
            Files::Embedded(_) | Files::Memory(_) => None,
        }
    }
}

/// A file that is read: its path below the folder of the network, the folder that it may not leave, and the
/// field of `network.ron` that names it; empty where none does.
#[derive(Debug, Clone, Copy)]
struct File<'p> {
    path: &'p str,
    root: Root<'p>,
    field: &'static str,
}

/// The files of a catalog, being read.
struct CatalogFiles<'a> {
    folder: &'a Folder,
    /// The folder of the catalog, as `network.ron` names it.
    path: &'a str,
    locations: &'a mut Locations,
    problems: &'a mut Problems,
}

impl CatalogFiles<'_> {
    fn path_of(&self, name: &str) -> String {
        format!("{}/{name}", self.path.trim_end_matches('/'))
    }

    fn read<T>(&mut self, name: &str, read: impl Fn(&mut Reader<'_>) -> Option<T>) -> Option<T> {
        let path = self.path_of(name);
        let file = File { path: &path, root: Root::Catalog(self.path), field: "catalog" };
        self.folder.read_ron(file, self.locations, self.problems, read)
    }

    fn read_if_there<T>(
        &mut self,
        name: &str,
        read: impl Fn(&mut Reader<'_>) -> Option<T>,
    ) -> Option<T> {
        if self.folder.has(&self.path_of(name)) { self.read(name, read) } else { None }
    }
}

/// The folder that a file may not leave.
#[derive(Debug, Clone, Copy)]
enum Root<'p> {
    Network,
    Catalog(&'p str),
    Scenarios,
}

/// A fault at a place of a file, or of a file as a whole.
fn located(file: &str, place: Option<&(Arc<str>, u32, u32)>, fault_there: Fault) -> Problem {
    let at = place.map(|(_, line, column)| (*line, *column));
    let Fault { kind, message, expected, closest } = fault_there;
    Problem { expected, closest, ..fault(file, kind, at, message) }
}

/// Published figures may only name districts in which somebody lives.
fn check_districts(
    file: &NetworkFile,
    places: &Places,
    locations: &Locations,
    problems: &mut Problems,
) {
    let known: BTreeSet<&str> = places.places.iter().map(|one| one.district.as_str()).collect();
    let mut suggestions = Suggestions::default();
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
                closest: suggestions.closest("district", district, known.iter().copied()),
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
/// A path as files in memory are found by: what leads out of the folder is left out, so that `../catalog` is
/// `catalog`.
fn below(path: &str) -> String {
    normal(path).trim_start_matches("../").to_owned()
}

fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
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
    for (path, rule) in file.derived {
        builder = builder.derived(path, rule);
    }
    for (key, rule) in file.derivations {
        builder = builder.derivation(key, rule);
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

/// Whether a file was meant to end in `.ron`, as somebody or an editor wrote it.
fn is_meant_as_ron(name: &str) -> bool {
    let name = name.to_lowercase();
    let without_text = name.strip_suffix(".txt").unwrap_or(&name);
    Path::new(without_text).extension().is_some_and(|ending| ending == "ron")
}
