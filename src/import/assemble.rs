//! A network of districts from official files.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::build::{
    Built, DERIVATIONS, Derivation, Reports, build, derive_facilities, note_unknown, source_key,
};
use super::directory::{Directory, DirectorySite, PositionFrom, report_doubles};
use super::districts::{district_of, merged_into};
use super::faults::{ImportRemark, RemarkKind, fault};
use super::files::ImportFiles;
use super::grid::{Grid, Nearest};
use super::groups::{alliances, ownership_edges};
use super::keys::keys_of;
use super::known_sites::{KnownSites, SiteIndex};
use super::people::{AgeShape, Ages, Municipalities, Municipality};
use super::reports;
use super::sheet::column_name;
use crate::model::{
    Adjustments, Catalog, Date, Folder, Hospital, Model, Network, NetworkBuilder, Omission,
    PartRule, Place, Places, Position, Problem, ProblemKind, Problems, Source, TravelSettings,
    closest,
};
use crate::travel::{CrowFly, Stop};
use crate::units::{Seconds, grouped};

/// Which districts a network is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Districts {
    /// Every district of the files.
    All,
    /// Those of these keys, five digits each.
    Some(Vec<String>),
}

/// Which part of a network is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportPart {
    /// Hospitals and people.
    #[default]
    All,
    /// Hospitals only.
    Hospitals,
    /// People only.
    People,
}

/// How a network is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportSettings {
    /// Hospitals, people, or both.
    pub part: ImportPart,
    /// Its districts.
    pub districts: Districts,
    /// Hospitals outside of the districts are taken that people of them reach in so long, by the network's own
    /// travel model, and municipalities outside that are so near, as places outside; none without it.
    pub neighbours: Option<Seconds>,
    /// Its name; the names of its districts without one.
    pub name: Option<String>,
    /// The day that it describes; the last day of the directory's year without one.
    pub as_of: Option<Date>,
    /// Whether sites without beds are taken as day clinics; else they are left out, and told.
    pub day_clinics: bool,
    /// Whether places are the cells of a census grid, where one is among the files; else they are municipalities.
    pub grid: bool,
    /// Hospitals of an earlier import, which keep their keys ([`imported_sites`](super::imported_sites)).
    pub earlier: Vec<ImportedSite>,
}

impl ImportSettings {
    /// These districts with the neighbours within an hour, sites without beds left out.
    pub fn of(districts: Districts) -> Self {
        Self {
            part: ImportPart::All,
            districts,
            neighbours: Some(Seconds::from_minutes(60)),
            name: None,
            as_of: None,
            day_clinics: false,
            grid: false,
            earlier: Vec::new(),
        }
    }
}

/// A hospital of the network with where it stands in the directory: by this a later import finds it again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ImportedSite {
    /// Its key in the network.
    pub key: String,
    /// Key of its municipality.
    pub municipality: String,
    /// Name of the hospital in the directory.
    pub hospital: String,
    /// Name of the site in the directory.
    pub site: String,
    /// Its address in one line.
    pub address: String,
    /// How its position was found.
    pub position_from: String,
    /// Its row in the directory.
    pub row: u32,
}

/// A network made from official files.
#[derive(Debug, Clone)]
pub struct Import {
    /// Which part of a network it is.
    pub part: ImportPart,
    /// Keys of its districts, in their order.
    pub districts: Vec<String>,
    /// The network with its places.
    pub model: Model,
    /// Its hospitals with their rows in the directory, by key.
    pub sites: Vec<ImportedSite>,
    /// What a person should know, by kind and topic.
    pub remarks: Vec<ImportRemark>,
}

/// What is being assembled.
struct Assembly<'f> {
    files: &'f ImportFiles,
    settings: &'f ImportSettings,
    /// Keys of the districts.
    districts: BTreeSet<String>,
    catalog: Catalog,
    travel: TravelSettings,
    parts: PartRule,
    remarks: Vec<ImportRemark>,
    sources: BTreeMap<String, Source>,
}

/// A place to be: a municipality, or a cell of a grid.
struct PlaceSource<'m> {
    key: &'m str,
    name: &'m str,
    district: &'m str,
    position: Position,
    area_km2: Option<f64>,
    people: u32,
    female_share: Option<f64>,
}

impl<'m> PlaceSource<'m> {
    fn of(municipality: &'m Municipality) -> Self {
        Self {
            key: &municipality.key,
            name: &municipality.name,
            district: &municipality.district,
            position: municipality.position,
            area_km2: municipality.area_km2,
            people: municipality.people,
            female_share: municipality.female_share,
        }
    }
}

/// A site that is taken, with its position.
struct Taken<'f> {
    site: &'f DirectorySite,
    district: String,
    position: Position,
    from: PositionFrom,
    /// Key of the source of the position.
    source: Option<String>,
    is_outside: bool,
}

impl ImportFiles {
    /// The network of districts: their hospitals, those of neighbours, and the people of their municipalities.
    ///
    /// # Errors
    ///
    /// Every fault: a district that no file has, with the one that it was merged into or the closest; files that
    /// are needed and were not read; and what the checks of a network find, which would be a fault of this crate.
    pub fn assemble(&self, settings: &ImportSettings) -> Result<Import, Problems> {
        let mut problems = self.missing_files(settings.part);
        let districts = if problems.is_empty() {
            chosen_districts(settings, self, &mut problems)
        } else {
            BTreeSet::new()
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut assembly = Assembly {
            files: self,
            settings,
            districts,
            catalog: Folder::leipzig().read()?.network.catalog().clone(),
            travel: TravelSettings::default(),
            parts: PartRule::default(),
            remarks: self.remarks.clone(),
            sources: BTreeMap::new(),
        };
        let places = match &self.municipalities {
            Some(municipalities) => assembly.places(municipalities),
            None => Places::default(),
        };
        let directory = self.directory.as_ref().filter(|_| settings.part != ImportPart::People);
        let taken = directory.map(|directory| assembly.sites(directory, &places));
        assembly.finish(places, taken.unwrap_or_default())
    }

    /// Files without which a part of a network cannot be made.
    fn missing_files(&self, part: ImportPart) -> Problems {
        let needs_directory = part != ImportPart::People && self.directory.is_none();
        let needs_people = part != ImportPart::Hospitals && self.municipalities.is_none();
        let needed = [
            (needs_directory, "directory of hospitals (Krankenhausverzeichnis)"),
            (needs_people, "table of municipalities with their people"),
        ];
        let missing = needed.into_iter().filter(|(is_missing, _)| *is_missing);
        let described = missing.map(|(_, what)| {
            let message = format!("there is no {what} among the files");
            Problem { file: None, ..fault("", ProblemKind::Missing, message) }
        });
        described.collect()
    }
}

/// The districts that are wanted; a fault for each that no municipality, or without a table of them no hospital,
/// lies in.
fn chosen_districts(
    settings: &ImportSettings,
    files: &ImportFiles,
    problems: &mut Problems,
) -> BTreeSet<String> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut file = None;
    if let Some(municipalities) = &files.municipalities {
        known.extend(municipalities.list.iter().map(|own| own.district.clone()));
        file = Some(municipalities.file.clone());
    } else if let Some(directory) = &files.directory {
        known.extend(directory.sites.iter().filter_map(|site| district_of(&site.municipality)));
        file = Some(directory.file.clone());
    }
    let wanted = match &settings.districts {
        Districts::All => return known,
        Districts::Some(wanted) => wanted,
    };
    let mut districts = BTreeSet::new();
    for key in wanted {
        if known.contains(key) {
            districts.insert(key.clone());
            continue;
        }
        let (message, near) = match merged_into(key) {
            Some((new, day)) => (format!("district {key} was merged into {new} on {day}"), None),
            None => (
                format!("there is no district {key}"),
                closest(key, known.iter().map(String::as_str)),
            ),
        };
        let problem = fault("", ProblemKind::Unknown, message);
        let expected = "the key of a district, five digits, such as 14713".to_owned();
        problems.push(Problem { file: file.clone(), expected, closest: near, ..problem });
    }
    if wanted.is_empty() {
        let message = "no district is named";
        problems.push(Problem { file: None, ..fault("", ProblemKind::Missing, message) });
    }
    districts
}

impl<'f> Assembly<'f> {
    /// What a district is called.
    fn district_name(&self, key: &str) -> String {
        let ages = self.files.ages.as_ref();
        let name = ages.and_then(|ages| ages.districts.get(key)).map(|ages| ages.name.clone());
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| key.to_owned())
    }

    fn remark(&mut self, kind: RemarkKind, topic: &'static str, message: impl Into<String>) {
        self.remarks.push(ImportRemark::new(kind, topic, message));
    }

    /// The people of the districts by municipality, with the ages of their district.
    fn places(&mut self, municipalities: &Municipalities) -> Places {
        self.sources.insert("municipalities".to_owned(), municipalities_source(municipalities));
        if let Some(ages) = &self.files.ages {
            self.sources.insert("ages".to_owned(), ages_source(ages));
        }
        if let Some(grid) = self.files.grid.as_ref().filter(|_| self.settings.grid) {
            self.report_grid(grid);
        }
        let reference = self.catalog.demand.reference_population.clone();
        let shape = AgeShape { reference: &reference };
        let mut shares: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        let mut without_ages: BTreeSet<&str> = BTreeSet::new();
        let mut places = Vec::new();
        let mut sources = self.place_sources(municipalities);
        let around = self.places_around(municipalities, &sources);
        if !around.is_empty() {
            let people: u64 = around.iter().map(|source| u64::from(source.people)).sum();
            let message = format!(
                "{} municipalities around the districts, with {} people, are taken as places outside: they fill the \
                 hospitals and count in no figure of the region",
                grouped(around.len() as u64),
                grouped(people)
            );
            self.remark(RemarkKind::Derived, "around", message);
        }
        sources.extend(around);
        for source in sources {
            let district = source.district;
            let ages = self.files.ages.as_ref();
            let of_district = ages.and_then(|ages| {
                let found = ages.districts.get(district)?;
                Some((ages.bands.as_slice(), found.people.as_slice()))
            });
            if of_district.is_none() {
                without_ages.insert(district);
            }
            let shares = shares.entry(district).or_insert_with(|| shape.shares(of_district));
            places.push(Place {
                key: source.key.to_owned(),
                name: source.name.to_owned(),
                district: self.district_name(district),
                position: source.position,
                area_km2: source.area_km2,
                outside: !self.districts.contains(district),
                population: shape.spread(source.people, shares, source.female_share),
            });
        }
        if !without_ages.is_empty() {
            let list = without_ages.into_iter().collect::<Vec<_>>().join(", ");
            let message = format!(
                "no ages of district {list}: its people have those of the reference population (Germany 2022)"
            );
            self.remark(RemarkKind::Assumed, "ages", message);
        }
        if self.files.ages.is_some() {
            self.remark(RemarkKind::Derived, "ages", AGES_BY_DISTRICT.rule);
        }
        places.sort_by(|a, b| a.key.cmp(&b.key));
        Places { bands: shape.bands(), places, ages_assumed: false }
    }

    /// Where people of the districts live: cells of a grid where there is one, else municipalities.
    fn place_sources<'m>(&self, municipalities: &'m Municipalities) -> Vec<PlaceSource<'m>>
    where
        'f: 'm,
    {
        let Some(grid) = self.files.grid.as_ref().filter(|_| self.settings.grid) else {
            let inside =
                municipalities.list.iter().filter(|own| self.districts.contains(&own.district));
            return inside.map(PlaceSource::of).collect();
        };
        let nearest = Nearest::new(&municipalities.list);
        let mut sources = Vec::new();
        for cell in &grid.cells {
            let Some(municipality) = nearest.of(cell.position) else { continue };
            let district = cell.district.as_deref().unwrap_or(&municipality.district);
            if self.districts.contains(district) {
                sources.push(PlaceSource {
                    key: &cell.key,
                    name: &municipality.name,
                    district,
                    position: cell.position,
                    area_km2: None,
                    people: cell.people,
                    female_share: municipality.female_share,
                });
            }
        }
        sources
    }

    /// Municipalities of other districts that are within the limit for neighbours of a place of these districts:
    /// without their people, hospitals near the border would look empty.
    fn places_around<'m>(
        &self,
        municipalities: &'m Municipalities,
        inside: &[PlaceSource<'_>],
    ) -> Vec<PlaceSource<'m>> {
        let Some(limit) = self.settings.neighbours else { return Vec::new() };
        let starts: Vec<Position> = inside.iter().map(|source| source.position).collect();
        let reach = Reach::new(&starts, &self.travel, limit);
        let mut around = Vec::new();
        for municipality in &municipalities.list {
            let is_outside = !self.districts.contains(&municipality.district);
            if is_outside && reach.covers(municipality.position) {
                around.push(PlaceSource::of(municipality));
            }
        }
        around
    }

    /// Tells how cells of a grid found their districts.
    fn report_grid(&mut self, grid: &Grid) {
        self.sources.insert("census-grid".to_owned(), grid_source(grid));
        if grid.cells.iter().any(|cell| cell.district.is_none()) {
            let message = "the grid does not say its districts: each cell is in that of the nearest municipality, \
                           measured in radii of its area";
            self.remark(RemarkKind::Assumed, "grid", message);
        }
    }

    /// The sites of the districts and those of their neighbours, with positions.
    fn sites(&mut self, directory: &'f Directory, places: &Places) -> Vec<Taken<'f>> {
        self.sources.insert(source_key(directory), directory_source(directory));
        let known: Vec<(&KnownSites, SiteIndex<'f>)> =
            self.files.known_sites.iter().map(|own| (own, SiteIndex::new(&own.sites))).collect();
        let municipalities = self.files.municipalities.iter().flat_map(|own| &own.list);
        let by_key: BTreeMap<&str, &Municipality> =
            municipalities.map(|own| (own.key.as_str(), own)).collect();
        for (file, _) in &known {
            self.sources.insert(position_source_key(file).to_owned(), position_source(file));
        }
        if directory.sites.iter().any(|site| site.position.is_some()) {
            let key = "directory-positions".to_owned();
            self.sources.insert(key, positions_beside_directory());
        }
        let reach = self.settings.neighbours.map(|limit| {
            let inside = places.places.iter().filter(|place| !place.outside);
            let mut starts: Vec<Position> =
                inside.flat_map(|place| self.parts.lay_out(place)).collect();
            if starts.is_empty() {
                starts = self.positions_inside(directory, &known, &by_key);
            }
            Reach::new(&starts, &self.travel, limit)
        });
        if reach.is_some() && places.places.is_empty() {
            let message = "without municipalities, neighbours are measured from the hospitals of the districts";
            self.remark(RemarkKind::Assumed, "neighbours", message);
        }
        let mut taken = Vec::new();
        let mut left_out = (0, 0);
        for site in &directory.sites {
            let Some(district) = district_of(&site.municipality) else {
                let message = format!(
                    "\"{}\": \"{}\" is no key of a municipality; it is left out",
                    site.site, site.municipality
                );
                let remark = ImportRemark::new(RemarkKind::LeftOut, "municipality", message);
                self.remarks.push(remark.at(&directory.file, site.row));
                continue;
            };
            let is_outside = !self.districts.contains(&district);
            if is_outside && reach.is_none() {
                continue;
            }
            let found = self.position(site, &known, &by_key, &directory.file);
            let Some((position, from, source)) = found else {
                if !is_outside {
                    let message = format!(
                        "\"{}\" has no position, not even that of its municipality; it is left out",
                        site.site
                    );
                    let remark = ImportRemark::new(RemarkKind::LeftOut, "position", message);
                    self.remarks.push(remark.at(&directory.file, site.row));
                }
                continue;
            };
            if is_outside && reach.as_ref().is_some_and(|reach| !reach.covers(position)) {
                continue;
            }
            if site.beds.is_none() && (is_outside || !self.settings.day_clinics) {
                let message = format!("\"{}\" has no beds", site.site);
                let remark = ImportRemark::new(RemarkKind::LeftOut, "site", message);
                self.remarks.push(remark.at(&directory.file, site.row));
                let count = if is_outside { &mut left_out.1 } else { &mut left_out.0 };
                *count += 1;
                continue;
            }
            taken.push(Taken { site, district, position, from, source, is_outside });
        }
        self.report_without_beds(left_out);
        taken
    }

    /// The position of a site with its source; positions that contradict its municipality are told and not in use.
    fn position(
        &mut self,
        site: &DirectorySite,
        known: &[(&KnownSites, SiteIndex<'_>)],
        by_key: &BTreeMap<&str, &Municipality>,
        file: &str,
    ) -> Option<SitePosition> {
        let (found, contradictions) = position_of(site, known, by_key);
        for message in contradictions {
            let remark = ImportRemark::new(RemarkKind::Contradiction, "position", message);
            self.remarks.push(remark.at(file, site.row));
        }
        found
    }

    /// Where the hospitals of the districts are.
    fn positions_inside(
        &self,
        directory: &Directory,
        known: &[(&KnownSites, SiteIndex<'_>)],
        by_key: &BTreeMap<&str, &Municipality>,
    ) -> Vec<Position> {
        let mut positions = Vec::new();
        for site in &directory.sites {
            let Some(district) = district_of(&site.municipality) else { continue };
            if self.districts.contains(&district) {
                let (found, _) = position_of(site, known, by_key);
                positions.extend(found.map(|(position, ..)| position));
            }
        }
        positions
    }

    fn report_without_beds(&mut self, (inside, outside): (usize, usize)) {
        if inside + outside == 0 {
            return;
        }
        let mut message =
            format!("sites without beds (day clinics, outpatient departments): {inside} inside");
        if outside > 0 {
            message.push_str(&format!(", {outside} outside"));
        }
        if inside > 0 {
            message.push_str("; --day-clinics takes those inside");
        }
        self.remark(RemarkKind::LeftOut, "without_beds", message);
    }

    /// The network with everything that was taken.
    fn finish(mut self, places: Places, taken: Vec<Taken<'f>>) -> Result<Import, Problems> {
        let rows: Vec<&DirectorySite> = taken.iter().map(|own| own.site).collect();
        let keys = keys_of(&rows, &self.settings.earlier);
        let (mut sites, mut hospitals) = (Vec::new(), Vec::new());
        if let Some(directory) = self.files.directory.as_ref().filter(|_| !taken.is_empty()) {
            report_doubles(&directory.file, &rows, &mut self.remarks);
            let joined = reports::join(directory, &self.files.known_sites, &self.files.reports);
            reports::report_unjoined(&joined, &mut self.remarks);
            for (own, key) in taken.iter().zip(keys) {
                let mut built = build(directory, own.site, (&key, own.position));
                self.complete(&mut built, own, directory);
                let of_site = joined.by_row.get(&own.site.row).map_or(&[][..], Vec::as_slice);
                reports::add_reports(&mut built, directory, of_site);
                derive_facilities(&mut built, own.site);
                let reports = match (of_site.is_empty(), joined.by_row.is_empty()) {
                    (false, _) => Reports::OfTheSite,
                    (true, false) => Reports::OfOthers,
                    (true, true) => Reports::None,
                };
                note_unknown(&mut built, reports);
                for (report, _) in of_site {
                    let key = reports::source_key(report.year);
                    self.sources.entry(key).or_insert_with(|| reports::source(report.year));
                }
                sites.push(imported_site(own, key));
                self.remarks.append(&mut built.remarks);
                hospitals.push(built.hospital);
            }
        }
        let network = self.network(hospitals)?;
        let model = Model {
            network,
            places,
            parts: self.parts,
            travel: self.travel,
            travel_times: None,
            adjustments: Adjustments::default(),
        };
        if self.settings.part == ImportPart::All {
            model.check()?;
        }
        let mut remarks = self.remarks;
        remarks.sort();
        sites.sort();
        let districts = self.districts.into_iter().collect();
        Ok(Import { part: self.settings.part, districts, model, sites, remarks })
    }

    /// The network of hospitals, with the edges of their operators, sources and what was left out.
    fn network(&mut self, hospitals: Vec<Hospital>) -> Result<Network, Problems> {
        let source = self.files.directory.as_ref().map(source_key).unwrap_or_default();
        let cooperations = ownership_edges(&hospitals, &source);
        let alliances = alliances(&cooperations, &hospitals, &source);
        let catalog = std::mem::take(&mut self.catalog);
        let mut builder = NetworkBuilder::new(self.name(), self.day(), catalog);
        for (key, source) in std::mem::take(&mut self.sources) {
            builder = builder.source(key, source);
        }
        let rules = hospitals.iter().flat_map(|own| own.derived.values());
        let used: BTreeSet<String> = rules.cloned().collect();
        for hospital in hospitals {
            builder = builder.hospital(hospital);
        }
        for cooperation in cooperations {
            builder = builder.cooperation(cooperation);
        }
        for alliance in alliances {
            builder = builder.alliance(alliance);
        }
        for remark in self.remarks.iter().filter(|remark| remark.topic == "without_beds") {
            let sources = vec![source.clone()];
            let why = "the directory does not say what they offer".to_owned();
            builder = builder.omission(Omission { what: remark.message.clone(), why, sources });
        }
        for rule in DERIVATIONS.iter().filter(|rule| used.contains(rule.key)) {
            builder = builder.derivation(rule.key, rule.rule);
        }
        for path in ["travel", "parts"] {
            builder = builder.assumed(path);
        }
        if self.files.ages.is_some() {
            builder = builder.derivation(AGES_BY_DISTRICT.key, AGES_BY_DISTRICT.rule);
            builder = builder.derived("places.ages", AGES_BY_DISTRICT.key);
        } else {
            builder = builder.assumed("places.ages");
        }
        builder.build()
    }

    /// The day that the network describes: as the settings say, else the last one of the year of the directory, or
    /// of the counts of people.
    fn day(&self) -> Date {
        let of_directory = self.files.directory.as_ref().map(|own| own.year);
        let of_people = self.files.municipalities.as_ref().and_then(|own| own.year);
        let year = of_directory.or(of_people).unwrap_or(2022);
        let last_day = format!("{year:04}-12-31").parse().ok();
        let day = self.settings.as_of.or(last_day);
        day.unwrap_or_else(|| Date::of_year(2022).expect("the year 2022 exists"))
    }

    /// What a hospital has from elsewhere than its row: district, position, whether it is a neighbour.
    fn complete(&self, built: &mut Built, own: &Taken<'_>, directory: &Directory) {
        built.hospital.district = Some(self.district_name(&own.district));
        built.hospital.outside = own.is_outside;
        built.hospital.sources.extend(own.source.clone());
        if own.from.is_assumed() {
            built.hospital.assumed.push("position".to_owned());
            let message = format!("its position is {}", own.from.in_words());
            let remark = ImportRemark::new(RemarkKind::Assumed, "position", message);
            let remark = remark.of(&built.hospital.key).at(&directory.file, own.site.row);
            built.remarks.push(remark);
        }
    }

    /// What the network is called.
    fn name(&self) -> String {
        const FEW: usize = 4;
        if let Some(name) = &self.settings.name {
            return name.clone();
        }
        if self.settings.districts == Districts::All {
            return "All districts".to_owned();
        }
        let names: Vec<String> =
            self.districts.iter().take(FEW).map(|key| self.district_name(key)).collect();
        let more = self.districts.len().saturating_sub(FEW);
        let names = names.join(" / ");
        if more > 0 { format!("{names} and {more} more districts") } else { names }
    }
}

fn imported_site(own: &Taken<'_>, key: String) -> ImportedSite {
    let Taken { site, from, .. } = own;
    ImportedSite {
        key,
        municipality: site.municipality.clone(),
        hospital: site.hospital.clone(),
        site: site.site.clone(),
        address: site.address.in_words(),
        position_from: from.in_words().to_owned(),
        row: site.row,
    }
}

/// A position, how it was found, and the key of its source.
type SitePosition = (Position, PositionFrom, Option<String>);

/// A site cannot be farther from the centre of its municipality, in kilometres: the largest, Berlin, is 45 km wide.
const FARTHEST_KM: f64 = 50.0;
/// Two sources that put a site farther apart than this contradict each other, in kilometres.
const ONE_SITE_KM: f64 = 2.0;

/// The position of a site: from a register or table by its address, else from the directory, else the centre of its
/// municipality or, for a city state, of the city. With it, what contradicts in words: positions far from the
/// municipality, which are not in use, and others far from the one in use.
fn position_of(
    site: &DirectorySite,
    known: &[(&KnownSites, SiteIndex<'_>)],
    by_key: &BTreeMap<&str, &Municipality>,
) -> (Option<SitePosition>, Vec<String>) {
    let mut candidates: Vec<SitePosition> = Vec::new();
    for (file, index) in known {
        let source = Some(position_source_key(file).to_owned());
        let position = index.position(&site.address);
        candidates.extend(position.map(|(position, from)| (position, from, source)));
    }
    // The register is newer than other tables.
    candidates.sort_by_key(|(_, from, source)| {
        (*from == PositionFrom::Street, source.as_deref() != Some(REGISTER))
    });
    let beside = site
        .position
        .map(|(position, from)| (position, from, Some("directory-positions".to_owned())));
    candidates.extend(beside);
    let city = district_of(&site.municipality).map(|district| format!("{district}000"));
    let own = by_key.get(site.municipality.as_str()).copied();
    let municipality = own.or_else(|| by_key.get(city?.as_str()).copied());

    let mut contradictions = Vec::new();
    let kilometres = |a: Position, b: Position| f64::from(a.distance_to(b).0) / 1000.0;
    if let Some(municipality) = municipality {
        // Where the town of the address is another one, the key of the municipality may be wrong.
        let town = municipality.name.split(',').next().unwrap_or_default();
        let is_its_town = column_name(&site.address.city).starts_with(&column_name(town));
        candidates.retain(|(position, _, source)| {
            let apart = kilometres(*position, municipality.position);
            if apart <= FARTHEST_KM {
                return true;
            }
            let source = source.as_deref().unwrap_or_default();
            let outcome = if is_its_town { "not in use" } else { "in use, as its address is" };
            contradictions.push(format!(
                "\"{}\", {}: {source} puts it {apart:.0} km from the centre of {}, its municipality by key: {outcome}",
                site.site, site.address.city, municipality.name
            ));
            !is_its_town
        });
        let source = Some("municipalities".to_owned());
        candidates.push((municipality.position, PositionFrom::MunicipalityCentre, source));
    }
    let Some((in_use, others)) = candidates.split_first() else { return (None, contradictions) };
    for (position, from, source) in others {
        let apart = kilometres(*position, in_use.0);
        if *from == PositionFrom::Address && in_use.1 == *from && apart > ONE_SITE_KM {
            contradictions.push(format!(
                "\"{}\": {} and {} put it {apart:.1} km apart; the first is in use",
                site.site,
                in_use.2.as_deref().unwrap_or_default(),
                source.as_deref().unwrap_or_default()
            ));
        }
    }
    (Some(in_use.clone()), contradictions)
}

/// What people of the districts reach within a limit.
struct Reach {
    stops: Vec<Stop<'static>>,
    /// Great-circle metres of the longest journey.
    metres: f64,
}

impl Reach {
    fn new(starts: &[Position], travel: &TravelSettings, limit: Seconds) -> Self {
        let stops = starts.iter().map(|position| Stop::new("", *position)).collect();
        let metres = CrowFly::new(travel.clone()).map_or(0.0, |model| farthest(&model, limit));
        Self { stops, metres }
    }

    /// Whether somebody reaches this position.
    fn covers(&self, position: Position) -> bool {
        let there = Stop::new("", position);
        self.stops.iter().any(|stop| stop.distance_to(&there) <= self.metres)
    }
}

/// The greatest distance in metres that a journey of a limit covers, to a metre.
fn farthest(model: &CrowFly, limit: Seconds) -> f64 {
    let (mut near, mut far) = (0.0, 1e6);
    while far - near > 1.0 {
        let middle = f64::midpoint(near, far);
        if model.time_over(middle) <= limit {
            near = middle;
        } else {
            far = middle;
        }
    }
    near
}

/// Ages of municipalities by those of their districts.
const AGES_BY_DISTRICT: Derivation = Derivation {
    key: "ages-by-district",
    rule: "each municipality has the ages of its district, by the latest count of ages, and its own people; women by age as in the reference population of the catalog, scaled to the municipality's share of women where it is known; ages from 75 split as the reference population is",
};

/// Key of the register of sites among the sources.
const REGISTER: &str = "register";

fn position_source_key(sites: &KnownSites) -> &'static str {
    if sites.is_register { REGISTER } else { "positions" }
}

fn position_source(sites: &KnownSites) -> Source {
    let name = std::path::Path::new(&sites.file).file_name().unwrap_or_default();
    let name = name.to_string_lossy();
    let title = match (sites.is_register, sites.is_gisco) {
        (true, _) => format!("Standortverzeichnis (section 293 (6) SGB V), InEK ({name})"),
        (false, true) => format!(
            "Eurostat GISCO healthcare services, Germany: positions of the official register of hospital sites (InEK) ({name})"
        ),
        (false, false) => format!("Table of positions of sites ({name})"),
    };
    let licence = sites.is_gisco.then(|| GISCO_LICENCE.to_owned());
    Source { title, year: None, licence, url: None }
}

const GISCO_LICENCE: &str = "Eurostat/GISCO reuse with attribution";

fn positions_beside_directory() -> Source {
    Source {
        title: "Positions beside the directory: official register of hospital sites of 2020 (InEK, through Eurostat GISCO), joined by address".to_owned(),
        year: Some("2020".to_owned()),
        licence: Some(GISCO_LICENCE.to_owned()),
        url: None,
    }
}

fn directory_source(directory: &Directory) -> Source {
    Source {
        title: format!(
            "Verzeichnis der Krankenhäuser {}, Statistische Ämter des Bundes und der Länder (set-up beds by department, emergency stage, modules; reported by the hospitals)",
            directory.year
        ),
        year: Some(directory.year.to_string()),
        licence: Some(
            "reuse, also of parts, with the source named: © Statistisches Bundesamt (Destatis)"
                .to_owned(),
        ),
        url: None,
    }
}

fn municipalities_source(municipalities: &Municipalities) -> Source {
    Source {
        title: match municipalities.year {
            Some(2022) => "People, areas and centres of municipalities (Zensus 2022 and Gemeindeverzeichnis of the statistical offices)".to_owned(),
            Some(year) => format!("People of {year}, areas and centres of municipalities (Gemeindeverzeichnis of the statistical offices)"),
            None => "People, areas and centres of municipalities (year unknown)".to_owned(),
        },
        year: municipalities.year.map(|year| year.to_string()),
        licence: Some("dl-de/by-2-0: © Statistische Ämter des Bundes und der Länder".to_owned()),
        url: None,
    }
}

fn grid_source(grid: &Grid) -> Source {
    let name = std::path::Path::new(&grid.file).file_name().unwrap_or_default();
    Source {
        title: format!("Census grid, cells of {} m ({})", grid.side, name.to_string_lossy()),
        year: None,
        licence: Some("dl-de/by-2-0: © Statistische Ämter des Bundes und der Länder".to_owned()),
        url: None,
    }
}

fn ages_source(ages: &Ages) -> Source {
    Source {
        title: format!("People of districts by age on {} (GENESIS 12411-0017)", ages.date),
        year: Some(ages.date.chars().take(4).collect()),
        licence: Some("dl-de/by-2-0: © Statistisches Bundesamt (Destatis)".to_owned()),
        url: None,
    }
}
