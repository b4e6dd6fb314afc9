//! A network's folder on disk, or one of those that come with the crate.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::access::{Leads, Reach, check_path};
use super::bytes::{decode, fault};
use super::hospitals::{HospitalReading, TableText};
use super::journeys::{is_of_journeys, read_journeys};
use super::network::{NetworkFile, read_network};
use super::places::{JourneyEnds, read_places, read_travel_times};
use super::record::Reader;
use super::sources::{
    EMBEDDED, File, Files, NETWORK, OF_SCENARIOS, Root, SCENARIOS, SIMULATION, TRAVEL_TIMES, below,
};
use crate::calendar::Date;
use crate::disk::WholeFolder;
use crate::model::check::{Ground, Known, check_ground};
use crate::model::location::{Entity, Fault, Locations};
use crate::model::{
    Adjustments, Catalog, Model, Network, NetworkBuilder, PartRule, Places, TravelRow,
    TravelSettings,
};
use crate::problem::{Problem, ProblemKind, Problems, Suggestions};

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
    pub(super) files: Files,
    pub(super) reach: Reach,
}

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
            let within = path.strip_prefix(name).and_then(|rest| rest.strip_prefix('/'));
            let is_shared = path.starts_with("catalog/");
            let Some(within) = within.or(is_shared.then_some(*path)) else { continue };
            let copy = draft.path().join(within);
            if let Some(folder_of_copy) = copy.parent() {
                std::fs::create_dir_all(folder_of_copy)?;
            }

            // The catalog stands beside the network here, and in its folder there.
            let text = String::from_utf8_lossy(bytes);
            std::fs::write(copy, text.replace("catalog: \"../catalog\"", "catalog: \"catalog\""))?;
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

        // Catalog and places are read even without `network.ron`, where they usually are: whoever has to
        // mend that file is told at once what else is wrong.
        let (catalog_folder, places_path) = match &file {
            Some(file) => (file.catalog.as_deref(), file.places.as_str()),
            None => (Some("../catalog"), "places.csv"),
        };
        let mut more = Problems::default();
        let (catalog, known) = self.read_catalog(catalog_folder, &mut locations, &mut more);
        let inhabited = self.read_place_table(places_path, &catalog, &locations, &mut more);

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

        let PlaceTable { places, lines, are_known } = inhabited;
        let mut place_keys = None;
        if are_known {
            place_keys = Some(places.places.iter().map(|place| place.key.as_str()).collect());
        }
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

        let (travel, parts) = (file.travel.clone(), file.parts);
        let known = Known { cooperations: true, hospitals: file.are_hospitals_known, ..known };
        let network = build(file, catalog, &known, &locations, problems)?;
        let adjustments = Adjustments::default();
        Ok(Model { network, places, parts, travel, travel_times, adjustments })
    }

    /// The places, as far as they can be read.
    fn read_place_table(
        &self,
        path: &str,
        catalog: &Catalog,
        locations: &Locations,
        problems: &mut Problems,
    ) -> PlaceTable {
        let file = File { path, root: Root::Network, field: "places" };
        let Some(text) = self.text(file, locations, problems) else {
            return PlaceTable::default();
        };
        let (places, faults, lines) = read_places(path, &text, &catalog.demand);

        // A place whose row has a fault is missing, and a journey to it would be a fault that is none.
        let are_known = faults.is_empty();
        problems.append(faults);
        PlaceTable { places, lines, are_known }
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
        let mut names = Vec::new();
        for file in self.scenario_files()? {
            // What runs of all scenarios take for granted is none of them.
            if file != SIMULATION {
                names.extend(file.strip_suffix(".ron").map(str::to_owned));
            }
        }
        Ok(names)
    }

    /// Names of the files in the folder of scenarios, in order.
    pub(super) fn scenario_files(&self) -> Result<Vec<String>, Problems> {
        let names = self.files.scenario_names(self.reach);
        names.map_err(|fault| std::iter::once(located(SCENARIOS, None, fault)).collect())
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

    /// What a `simulation.ron` of the folder says, or one beside its scenarios, which holds for runs of them; `None`
    /// where there is none. [`SettingsFile::read`](crate::simulation::SettingsFile::read) reads it.
    ///
    /// # Errors
    ///
    /// When there is one that cannot be read or is no UTF-8.
    pub fn simulation_text(&self, beside_scenarios: bool) -> Result<Option<String>, Problems> {
        let path = if beside_scenarios {
            format!("{SCENARIOS}/{SIMULATION}")
        } else {
            SIMULATION.to_owned()
        };
        if !self.files.has(&path) {
            return Ok(None);
        }
        let mut problems = Problems::default();
        let file = File { path: &path, root: Root::Network, field: "" };
        let text = self.text(file, &Locations::default(), &mut problems);
        text.map(Some).ok_or(problems)
    }

    /// The bytes of a table that a scenario of the folder names: it lies beside the scenarios.
    pub(crate) fn scenario_table(&self, table: &str) -> Result<Vec<u8>, Fault> {
        check_path(table, Leads::Within, self.reach, OF_SCENARIOS)?;
        let path = format!("{SCENARIOS}/{table}");
        let file = File { path: &path, root: Root::Scenarios, field: "" };
        self.files.bytes(file, self.reach).map(Cow::into_owned)
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
        let mut text_of = |field: &'static str, path: &str| {
            let table = File { path, root: Root::Network, field };
            self.text(table, locations, problems).map(|text| TableText { path: path.into(), text })
        };
        let hospitals = text_of("hospitals", &tables.hospitals);
        let departments =
            tables.departments.as_deref().and_then(|path| text_of("departments", path));
        let facts = tables.facts.as_deref().and_then(|path| text_of("facts", path));
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
            // Whoever puts the table there expects it to be read; a folder without it is as good.
            if self.files.has(TRAVEL_TIMES) {
                let message = "the table is there, but network.ron does not name it".to_owned();
                let expected = "travel_times: \"travel_times.csv\" in network.ron".to_owned();
                let problem = fault(TRAVEL_TIMES, ProblemKind::Conflict, None, message);
                problems.push(Problem { expected, ..problem });
            }
            return None;
        };
        let table = File { path, root: Root::Network, field: "travel_times" };
        let bytes = self.bytes(table, locations, problems)?;
        let mut hospital_keys = None;
        if file.are_hospitals_known {
            let keys = file.hospitals.iter().map(|hospital| hospital.key.as_str());
            hospital_keys = Some(keys.collect());
        }
        let ends = JourneyEnds { place_keys, hospital_keys };
        let (rows, faults) = if is_of_journeys(path, &bytes) {
            read_journeys(path, &bytes, &ends)
        } else {
            read_travel_times(path, &decode(path, &bytes, problems)?, &ends)
        };
        problems.append(faults);
        Some(rows)
    }

    /// Reads one RON file and keeps what it says, its faults and the places of its values.
    pub(super) fn read_ron<T>(
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
    pub(super) fn text(
        &self,
        file: File<'_>,
        locations: &Locations,
        problems: &mut Problems,
    ) -> Option<String> {
        decode(file.path, &self.bytes(file, locations, problems)?, problems)
    }

    /// The bytes of a file; a fault when it cannot be read.
    fn bytes(
        &self,
        file: File<'_>,
        locations: &Locations,
        problems: &mut Problems,
    ) -> Option<Cow<'static, [u8]>> {
        let fault = match self.files.bytes(file, self.reach) {
            Ok(bytes) => return Some(bytes),
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
        if !is_refused && !self.files.has(file.path) {
            problem.closest = self.misspelt(file.path);
        }
        problems.push(problem);
        None
    }

    /// The folder on disk; `None` for one that comes with the crate or from memory.
    pub fn path(&self) -> Option<&Path> {
        match &self.files {
            Files::Disk(folder) => Some(folder),
            Files::Embedded(_) | Files::Memory(_) => None,
        }
    }
}

/// The table of places, as far as it can be read.
#[derive(Default)]
struct PlaceTable {
    places: Places,
    /// The line of each place, by its key.
    lines: BTreeMap<String, u32>,
    /// Whether every place was read.
    are_known: bool,
}

/// A fault at a place of a file, or of a file as a whole.
pub(super) fn located(
    file: &str,
    place: Option<&(Arc<str>, u32, u32)>,
    fault_there: Fault,
) -> Problem {
    let line_and_column = place.map(|(_, line, column)| (*line, *column));
    let Fault { kind, message, expected, closest } = fault_there;
    Problem { expected, closest, ..fault(file, kind, line_and_column, message) }
}

/// Published figures may only name districts in which somebody lives.
fn check_districts(
    file: &NetworkFile,
    places: &Places,
    locations: &Locations,
    problems: &mut Problems,
) {
    let known: BTreeSet<&str> = places.places.iter().map(|place| place.district.as_str()).collect();
    let mut suggestions = Suggestions::default();
    if known.is_empty() {
        return; // the places have faults of their own
    }
    for (index, figure) in file.published.iter().enumerate() {
        for (position, district) in figure.districts.iter().enumerate() {
            if known.contains(district.as_str()) {
                continue;
            }
            let field = format!("districts[{position}]");
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
                    said!("unknown district \"{district}\"", district),
                )
            });
        }
    }
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
