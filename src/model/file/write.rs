//! A model written as a folder that reads back as the same model.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::Serialize;

use super::network::FORMAT;
use super::write_tables::{departments_csv, facts_csv, hospitals_csv};
use crate::files::{WholeFile, write_whole};
use crate::model::{
    Alliance, Change, Cooperation, DatedChange, FirstLeg, Hospital, Model, Omission, PartRule,
    Pathway, Places, Published, Scenario, Source, TravelSettings,
};

/// The folder of a catalog that is written with its network.
const CATALOG: &str = "catalog";

#[derive(Serialize)]
struct NetworkOut<'a> {
    format: u32,
    name: &'a str,
    as_of: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    catalog: Option<&'static str>,
    places: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    travel_times: Option<&'static str>,
    travel: &'a TravelSettings,
    parts: &'a PartRule,
    sources: &'a BTreeMap<String, Source>,
    hospitals: HospitalsOut<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    departments: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<&'static str>,
    cooperations: &'a [Cooperation],
    alliances: &'a [Alliance],
    omitted: &'a [Omission],
    published: &'a [Published],
    assumed: &'a [String],
    derived: &'a BTreeMap<String, String>,
    derivations: &'a BTreeMap<String, String>,
}

/// Hospitals in a list, or the name of a table with them.
#[derive(Serialize)]
#[serde(untagged)]
enum HospitalsOut<'a> {
    List(&'a [Hospital]),
    Table(&'static str),
}

/// A file of a folder: its path below the folder, and its text.
pub(crate) type FileText = (&'static str, String);

#[derive(Serialize)]
struct ScenarioOut<'a> {
    format: u32,
    id: &'a str,
    name: &'a str,
    source: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    assumed: &'a [String],
    changes: &'a [DatedChange],
}

#[derive(Serialize)]
struct PathwaysOut<'a> {
    first_leg: &'a FirstLeg,
    pathways: &'a [Pathway],
}

impl Model {
    /// Writes the model as a folder: `network.ron`, `places.csv`, `travel_times.csv` when it has a
    /// table, and its catalog in `catalog/`. Reading that folder gives an equal model.
    ///
    /// Every file is written beside its place first ([`WholeFile`]) and all are renamed at the end, so none is
    /// ever half there.
    ///
    /// # Errors
    ///
    /// When a folder or file cannot be written, or when scenarios changed journeys or cases
    /// ([`Model::adjustments`]): a folder has no place for that.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        self.check_adjustments()?;
        let network = NetworkOut { catalog: Some(CATALOG), ..self.network_out() };
        let mut files = vec![("network.ron", ron_text(&network, 3)?)];
        files.extend(self.place_files()?);
        files.extend(self.catalog_files()?);
        write_files(folder, &files)
    }

    /// Writes the model as a folder whose hospitals are tables: as [`Model::write`], with `hospitals.csv`,
    /// `departments.csv` and, where there are any, `facts.csv` in place of lists in `network.ron`. Reading that
    /// folder gives an equal model.
    ///
    /// ```
    /// use verbund::model::Folder;
    ///
    /// let model = Folder::small().read()?;
    /// let folder = tempfile::tempdir()?;
    /// model.write_as_tables(folder.path())?;
    /// let table = std::fs::read_to_string(folder.path().join("departments.csv"))?;
    /// assert!(table.contains("north,neurology,,,20,"));
    /// assert_eq!(Folder::open(folder.path()).read()?, model);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Model::write`], and where a hospital has what a table has no column for: former operators,
    /// dates of facilities, a text with a line break, an element of a list with a semicolon.
    pub fn write_as_tables(&self, folder: &Path) -> io::Result<()> {
        self.check_adjustments()?;
        let mut files = self.table_files(Some(CATALOG))?;
        files.extend(self.catalog_files()?);
        write_files(folder, &files)
    }

    /// The files of a folder whose hospitals are tables, without those of its catalog. Where `catalog` names
    /// none, the one that comes with the crate is meant.
    pub(crate) fn table_files(&self, catalog: Option<&'static str>) -> io::Result<Vec<FileText>> {
        let hospitals = self.network.hospitals();
        let has_facts = hospitals.iter().any(|hospital| !hospital.facts.is_empty());
        let network = NetworkOut {
            catalog,
            hospitals: HospitalsOut::Table("hospitals.csv"),
            departments: Some("departments.csv"),
            facts: has_facts.then_some("facts.csv"),
            ..self.network_out()
        };
        let mut files = vec![
            ("network.ron", ron_text(&network, 3)?),
            ("hospitals.csv", hospitals_csv(hospitals)?),
            ("departments.csv", departments_csv(hospitals)?),
        ];
        if has_facts {
            files.push(("facts.csv", facts_csv(hospitals)?));
        }
        files.extend(self.place_files()?);
        Ok(files)
    }

    fn check_adjustments(&self) -> io::Result<()> {
        if self.adjustments.is_empty() {
            return Ok(());
        }
        let message = "roads and scaled cases of scenarios cannot be written to a folder";
        Err(io::Error::new(io::ErrorKind::InvalidInput, message))
    }

    fn network_out(&self) -> NetworkOut<'_> {
        NetworkOut {
            format: FORMAT,
            name: self.network.name(),
            as_of: self.network.date().to_string(),
            catalog: None,
            places: "places.csv",
            travel_times: self.travel_times.as_ref().map(|_| "travel_times.csv"),
            travel: &self.travel,
            parts: &self.parts,
            sources: self.network.sources(),
            hospitals: HospitalsOut::List(self.network.hospitals()),
            departments: None,
            facts: None,
            cooperations: self.network.cooperations(),
            alliances: self.network.alliances(),
            omitted: self.network.omitted(),
            published: self.network.published(),
            assumed: self.network.assumed(),
            derived: self.network.derived(),
            derivations: self.network.derivations(),
        }
    }

    /// Places, and journeys where there is a table of them.
    fn place_files(&self) -> io::Result<Vec<FileText>> {
        let mut files = vec![("places.csv", places_csv(&self.places)?)];
        if self.travel_times.is_some() {
            files.push(("travel_times.csv", self.travel_times_csv()?));
        }
        Ok(files)
    }

    fn catalog_files(&self) -> io::Result<Vec<FileText>> {
        let catalog = self.network.catalog();
        let pathways = PathwaysOut { first_leg: &catalog.first_leg, pathways: &catalog.pathways };
        let mut files = vec![
            ("catalog/specialties.ron", ron_text(&catalog.specialties, 1)?),
            ("catalog/fields.ron", ron_text(&catalog.fields, 1)?),
            ("catalog/facilities.ron", ron_text(&catalog.facilities, 1)?),
            ("catalog/standards.ron", ron_text(&catalog.standards, 2)?),
            ("catalog/demand.ron", ron_text(&catalog.demand, 2)?),
            ("catalog/pathways.ron", ron_text(&pathways, 4)?),
        ];
        if !catalog.service_groups.groups.is_empty() {
            files.push(("catalog/service_groups.ron", ron_text(&catalog.service_groups, 2)?));
            let assumptions = ron_text(&catalog.group_assumptions, 2)?;
            files.push(("catalog/service_group_assumptions.ron", assumptions));
        }
        if !catalog.supplement.provisions.is_empty() {
            files.push(("catalog/supplement.ron", ron_text(&catalog.supplement, 2)?));
        }
        if !catalog.emergency_rules.stages.is_empty() {
            files.push(("catalog/emergency_stages.ron", ron_text(&catalog.emergency_rules, 2)?));
        }
        if !catalog.minimum_volumes.services.is_empty() {
            files.push(("catalog/minimum_volumes.ron", ron_text(&catalog.minimum_volumes, 2)?));
        }
        Ok(files)
    }

    fn travel_times_csv(&self) -> io::Result<String> {
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(["place", "hospital", "seconds"])?;
        for row in self.travel_times.iter().flatten() {
            let seconds = row.time.map_or_else(String::new, |time| time.0.to_string());
            table.write_record([&row.place, &row.hospital, &seconds])?;
        }
        finish(table)
    }
}

impl Scenario {
    /// The text of a file that reads back as an equal scenario.
    ///
    /// # Panics
    ///
    /// Never: a scenario holds nothing that RON cannot write.
    pub fn to_ron(&self) -> String {
        let scenario = ScenarioOut {
            format: FORMAT,
            id: &self.key,
            name: &self.name,
            source: &self.source,
            assumed: &self.assumed,
            changes: &self.changes,
        };
        // As people write it: `Road(delay: "25m")`, not `Road((delay: Some("25m")))`.
        let options = ron::Options::default()
            .with_default_extension(Extensions::UNWRAP_VARIANT_NEWTYPES)
            .with_default_extension(Extensions::IMPLICIT_SOME);
        let mut text = options.to_string_pretty(&scenario, style(3)).expect("text can be written");
        text.push('\n');
        text
    }

    /// Writes the scenario to a file, and its tables beside it, each beside its place first and then
    /// renamed, so that it is never half there. Reading that file gives an equal scenario.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        for change in &self.changes {
            if let Change::SetPopulation(table) = &change.change {
                write_whole(&path.with_file_name(&table.table), &places_csv(&table.places)?)?;
            }
        }
        write_whole(path, &self.to_ron())
    }
}

/// Writes files into a folder, which is made with the folders in it; none gets its name before all are
/// written.
fn write_files(folder: &Path, files: &[FileText]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut drafts = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        let mut draft = WholeFile::create(path)?;
        draft.write_all(text.as_bytes())?;
        drafts.push(draft);
    }
    drafts.into_iter().try_for_each(WholeFile::finish)
}

/// The table of places.
fn places_csv(places: &Places) -> io::Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut header: Vec<String> =
        ["id", "name", "district", "area_km2", "lat", "lon", "outside"].map(str::to_owned).to_vec();
    // Ages of the reference population are read anew, so that they stay marked as assumed.
    let ages_assumed = places.ages_assumed;
    if ages_assumed {
        header.push("people".to_owned());
    }
    for sex in ["female", "male"].into_iter().filter(|_| !ages_assumed) {
        for band in &places.bands {
            let to = band.to.map_or_else(|| "plus".to_owned(), |to| to.to_string());
            header.push(format!("{sex}_{}_{to}", band.from));
        }
    }
    table.write_record(&header)?;
    for place in &places.places {
        let mut row = vec![
            place.key.clone(),
            place.name.clone(),
            place.district.clone(),
            place.area_km2.map_or_else(String::new, |area| area.to_string()),
            place.position.lat().to_string(),
            place.position.lon().to_string(),
            place.outside.to_string(),
        ];
        let population = &place.population;
        if ages_assumed {
            row.push(population.people().to_string());
        } else {
            row.extend(population.female.iter().chain(&population.male).map(u32::to_string));
        }
        table.write_record(&row)?;
    }
    finish(table)
}

pub(super) fn finish(table: csv::Writer<Vec<u8>>) -> io::Result<String> {
    let bytes = table.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

fn style(depth: usize) -> PrettyConfig {
    PrettyConfig::new().depth_limit(depth).indentor("    ".to_owned())
}

fn ron_text<T: Serialize + ?Sized>(value: &T, depth: usize) -> io::Result<String> {
    // As people write it: `beds: 40`, not `beds: Some(40)`.
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let mut text = options.to_string_pretty(value, style(depth)).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}
