//! A model written as a folder that reads back as the same model.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::Serialize;

use super::network::FORMAT;
use super::write_tables::{departments_csv, facts_csv, finish, hospitals_csv};
use crate::disk::WholeFile;
use crate::model::{
    Alliance, Cooperation, FirstLeg, Hospital, Model, Omission, PartRule, Pathway, Places,
    Published, Source, TravelSettings,
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
struct PathwaysOut<'a> {
    first_leg: &'a FirstLeg,
    pathways: &'a [Pathway],
}

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
pub fn write(model: &Model, folder: &Path) -> io::Result<()> {
    check_adjustments(model)?;
    let network = NetworkOut { catalog: Some(CATALOG), ..network_out(model) };
    let mut files = vec![("network.ron", ron_text(&network, 3)?)];
    files.extend(place_files(model)?);
    files.extend(catalog_files(model)?);
    write_files(folder, &files)
}

/// Writes the model as a folder whose hospitals are tables: as [`write()`], with `hospitals.csv`,
/// `departments.csv` and, where there are any, `facts.csv` in place of lists in `network.ron`. Reading that
/// folder gives an equal model.
///
/// ```
/// use verbund::files::{Folder, write_as_tables};
///
/// let model = Folder::small().read()?;
/// let folder = tempfile::tempdir()?;
/// write_as_tables(&model, folder.path())?;
/// let table = std::fs::read_to_string(folder.path().join("departments.csv"))?;
/// assert!(table.contains("north,neurology,,,20,"));
/// assert_eq!(Folder::open(folder.path()).read()?, model);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Those of [`write()`], and where a hospital has what a table has no column for: former operators,
/// dates of facilities, a text with a line break, an element of a list with a semicolon.
pub fn write_as_tables(model: &Model, folder: &Path) -> io::Result<()> {
    check_adjustments(model)?;
    let mut files = table_files(model, Some(CATALOG))?;
    files.extend(catalog_files(model)?);
    write_files(folder, &files)
}

/// The files of a folder whose hospitals are tables, without those of its catalog. Where `catalog` names
/// none, the one that comes with the crate is meant.
pub(crate) fn table_files(
    model: &Model,
    catalog: Option<&'static str>,
) -> io::Result<Vec<FileText>> {
    let hospitals = model.network.hospitals();
    let has_facts = hospitals.iter().any(|hospital| !hospital.facts.is_empty());
    let network = NetworkOut {
        catalog,
        hospitals: HospitalsOut::Table("hospitals.csv"),
        departments: Some("departments.csv"),
        facts: has_facts.then_some("facts.csv"),
        ..network_out(model)
    };
    let mut files = vec![
        ("network.ron", ron_text(&network, 3)?),
        ("hospitals.csv", hospitals_csv(hospitals)?),
        ("departments.csv", departments_csv(hospitals)?),
    ];
    if has_facts {
        files.push(("facts.csv", facts_csv(hospitals)?));
    }
    files.extend(place_files(model)?);
    Ok(files)
}

fn check_adjustments(model: &Model) -> io::Result<()> {
    if model.adjustments.is_empty() {
        return Ok(());
    }
    let message = "roads and scaled cases of scenarios cannot be written to a folder";
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

fn network_out(model: &Model) -> NetworkOut<'_> {
    NetworkOut {
        format: FORMAT,
        name: model.network.name(),
        as_of: model.network.date().to_string(),
        catalog: None,
        places: "places.csv",
        travel_times: model.travel_times.as_ref().map(|_| "travel_times.csv"),
        travel: &model.travel,
        parts: &model.parts,
        sources: model.network.sources(),
        hospitals: HospitalsOut::List(model.network.hospitals()),
        departments: None,
        facts: None,
        cooperations: model.network.cooperations(),
        alliances: model.network.alliances(),
        omitted: model.network.omitted(),
        published: model.network.published(),
        assumed: model.network.assumed(),
        derived: model.network.derived(),
        derivations: model.network.derivations(),
    }
}

/// Places, and journeys where there is a table of them.
fn place_files(model: &Model) -> io::Result<Vec<FileText>> {
    let mut files = vec![("places.csv", places_csv(&model.places)?)];
    if model.travel_times.is_some() {
        files.push(("travel_times.csv", travel_times_csv(model)?));
    }
    Ok(files)
}

fn catalog_files(model: &Model) -> io::Result<Vec<FileText>> {
    let catalog = model.network.catalog();
    let pathways = PathwaysOut { first_leg: &catalog.first_leg, pathways: &catalog.pathways };

    // Specialties, fields and facilities are one line each, and pathways are read stage by stage.
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

fn travel_times_csv(model: &Model) -> io::Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());

    // In seconds: minutes would be rounded, and read back as another model.
    table.write_record(["place", "hospital", "seconds"])?;
    for row in model.travel_times.iter().flatten() {
        let seconds = row.time.map_or_else(String::new, |time| time.0.to_string());
        table.write_record([&*row.place, &*row.hospital, &seconds])?;
    }
    finish(table)
}

/// Writes files into a folder, which is made with the folders in it; none gets its name before all are
/// written.
fn write_files(folder: &Path, files: &[FileText]) -> io::Result<()> {
    fs::create_dir_all(folder)?;

    // Every file is written whole before the first one takes its name, so that a full disk leaves what was there.
    let mut drafts = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        if let Some(folder_of_file) = path.parent() {
            fs::create_dir_all(folder_of_file)?;
        }
        let mut draft = WholeFile::create(path)?;
        draft.write_all(text.as_bytes())?;
        drafts.push(draft);
    }
    for draft in drafts {
        draft.finish()?;
    }
    Ok(())
}

/// The table of places.
pub(crate) fn places_csv(places: &Places) -> io::Result<String> {
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

pub(crate) fn style(depth: usize) -> PrettyConfig {
    PrettyConfig::new().depth_limit(depth).indentor("    ".to_owned())
}

fn ron_text<T: Serialize + ?Sized>(value: &T, depth: usize) -> io::Result<String> {
    // As people write it: `beds: 40`, not `beds: Some(40)`. Records deeper than `depth` stand in one line, so that a
    // department takes one and not ten.
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let mut text = options.to_string_pretty(value, style(depth)).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}
