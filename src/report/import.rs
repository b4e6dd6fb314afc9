//! What an import read, made and changed.

use std::collections::BTreeMap;
use std::path::Path;

use super::document::{Cell, Document, Section, Table};
use crate::import::{
    Import, ImportDifference, ImportFiles, ImportRemark, ListedHospital, RemarkKind, WrittenFolder,
};
use crate::model::{EmergencyLevel, Hospital};
use crate::report::columns::{
    AFTER_BEDS, BEDS, BEFORE_BEDS, COUNT, DEPARTMENTS, DISTRICT, EMERGENCY_STAGE, EXAMPLE,
    HOSPITAL, HOSPITAL_NAME, HOSPITALS, IMPORT_CHANGE, IMPORT_FILE, PEOPLE, PLACES, REMARK_KIND,
    TOPIC, WHAT, WHERE,
};

/// The files that an import recognised, the network that it made, what changed in its folder, and what a person
/// should know.
pub fn import(files: &ImportFiles, made: &Import, written: &WrittenFolder) -> Document {
    let network = &made.model.network;
    let mut document = Document::new(format!("Import of {}", network.name()))
        .about("folder", written.folder.display().to_string())
        .about("as_of", network.date().to_string());
    let common = common_folder(files);
    if let Some(common) = common {
        document = document.about("files", common.display().to_string());
    }
    document = document.section(files_section(files, common));
    if !made.sites.is_empty() {
        document = document.section(hospitals_section(made));
    }
    if !made.model.places.places.is_empty() {
        document = document.section(people_section(made));
    }
    if let Some(difference) = &written.difference {
        let table = Table::of(folder_changes(difference))
            .column(IMPORT_CHANGE, |row| Cell::text(row.change))
            .column(HOSPITAL, |row| Cell::text(row.hospital))
            .column(HOSPITAL_NAME, |row| Cell::text(row.name))
            .column(BEFORE_BEDS, |row| Cell::maybe_count(row.before_beds))
            .column(AFTER_BEDS, |row| Cell::maybe_count(row.after_beds))
            .build();
        let section = Section::new("changes", "What changed in the folder", table);
        document = document.section(section);
    }
    let mut remarks = made.remarks.clone();
    remarks
        .extend(written.difference.iter().flat_map(|difference| difference.kept.iter().cloned()));
    document.section(remarks_section(&remarks))
}

/// A hospital that an import added, dropped or gave other beds.
struct FolderChange<'d> {
    change: &'static str,
    hospital: &'d str,
    name: &'d str,
    before_beds: Option<u32>,
    after_beds: Option<u32>,
}

fn folder_changes(difference: &ImportDifference) -> Vec<FolderChange<'_>> {
    let mut rows = Vec::new();
    for (change, hospitals) in [("added", &difference.added), ("gone", &difference.gone)] {
        for ListedHospital { hospital, name } in hospitals {
            rows.push(FolderChange { change, hospital, name, before_beds: None, after_beds: None });
        }
    }
    for changed in &difference.beds {
        rows.push(FolderChange {
            change: "other beds",
            hospital: &changed.hospital,
            name: &changed.name,
            before_beds: changed.before,
            after_beds: changed.after,
        });
    }
    rows
}

/// The folder that has all recognised files, in it or below it.
fn common_folder(files: &ImportFiles) -> Option<&Path> {
    let mut recognised = files.files.iter().filter(|file| file.what.is_some());
    let first = Path::new(&recognised.next()?.file);
    let mut folder = first.parent()?;
    for file in recognised {
        while !Path::new(&file.file).starts_with(folder) {
            folder = folder.parent()?;
        }
    }
    Some(folder).filter(|folder| !folder.as_os_str().is_empty())
}

/// The files that were recognised; named as they lie in the folder that has all of them.
fn files_section(files: &ImportFiles, common: Option<&Path>) -> Section {
    let mut recognised = Vec::new();
    let mut others = 0;
    for file in &files.files {
        match file.what {
            Some(what) => recognised.push((file, what)),
            None => others += 1,
        }
    }
    let table = Table::of(recognised)
        .column(IMPORT_FILE, |(file, _)| {
            let path = Path::new(&file.file);
            let inside = common.and_then(|common| path.strip_prefix(common).ok());
            Cell::text(inside.unwrap_or(path).display().to_string())
        })
        .column(WHAT, |(_, what)| Cell::text(*what))
        .column(COUNT, |(file, _)| Cell::count(file.count))
        .build();
    let section = Section::new("files", "Files", table);
    match others {
        0 => section,
        1 => section.note("1 other file is none of those that are read."),
        others => section.note(format!("{others} other files are none of those that are read.")),
    }
}

/// The hospitals of an emergency stage, inside or outside.
struct SitesOfStage<'n> {
    is_outside: bool,
    stage: usize,
    hospitals: Vec<&'n Hospital>,
}

/// Hospitals, beds and emergency stages, inside and outside.
fn hospitals_section(made: &Import) -> Section {
    let levels = [
        None,
        Some(EmergencyLevel::Basic),
        Some(EmergencyLevel::Extended),
        Some(EmergencyLevel::Comprehensive),
    ];
    let mut rows = Vec::new();
    for is_outside in [false, true] {
        for (stage, level) in levels.into_iter().enumerate() {
            let is_of_row = |hospital: &&Hospital| {
                hospital.outside == is_outside && hospital.emergency_level == level
            };
            let hospitals: Vec<&Hospital> =
                made.model.network.hospitals().iter().filter(is_of_row).collect();
            if !hospitals.is_empty() {
                rows.push(SitesOfStage { is_outside, stage, hospitals });
            }
        }
    }
    let table = Table::of(rows)
        .column(WHERE, |row| Cell::text(if row.is_outside { "outside" } else { "inside" }))
        .column(EMERGENCY_STAGE, |row| Cell::count(row.stage))
        .column(HOSPITALS, |row| Cell::count(row.hospitals.len()))
        .column(DEPARTMENTS, |row| {
            Cell::count(row.hospitals.iter().map(|site| site.departments.len()).sum::<usize>())
        })
        .column(BEDS, |row| {
            let beds = row.hospitals.iter().filter_map(|site| site.beds);
            Cell::count(beds.map(u64::from).sum::<u64>())
        })
        .build();
    Section::new("hospitals", "Hospitals by emergency stage", table)
}

/// People by district.
fn people_section(made: &Import) -> Section {
    const MANY: usize = 20;
    let mut districts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for place in made.model.places.places.iter().filter(|place| !place.outside) {
        let (places, people) = districts.entry(&place.district).or_default();
        *places += 1;
        *people += place.population.people();
    }
    let table = Table::of(&districts)
        .column(DISTRICT, |(district, _)| Cell::text(**district))
        .column(PLACES, |(_, (places, _))| Cell::count(*places))
        .column(PEOPLE, |(_, (_, people))| Cell::count(*people))
        .build();
    let section = Section::new("people", "People by district", table);
    if districts.len() <= MANY {
        return section;
    }
    let people: u64 = districts.values().map(|(_, people)| people).sum();
    let places: u64 = districts.values().map(|(places, _)| places).sum();
    let count = districts.len();
    section.in_words(format!(
        "{} people in {} places of {count} districts.",
        crate::units::grouped(people),
        crate::units::grouped(places)
    ))
}

/// Remarks of one kind and topic in one row, with the first of them.
fn remarks_section(remarks: &[ImportRemark]) -> Section {
    let mut topics: Vec<Vec<&ImportRemark>> = Vec::new();
    for kind in RemarkKind::ALL {
        let mut by_topic: BTreeMap<&str, Vec<&ImportRemark>> = BTreeMap::new();
        for remark in remarks.iter().filter(|remark| remark.kind == kind) {
            by_topic.entry(remark.topic).or_default().push(remark);
        }
        topics.extend(by_topic.into_values());
    }
    let table = Table::of(topics)
        .column(REMARK_KIND, |same| Cell::text(same[0].kind.key()))
        .column(TOPIC, |same| Cell::text(same[0].topic))
        .column(COUNT, |same| Cell::count(same.len()))
        .column(EXAMPLE, |same| Cell::text(in_words(same[0])))
        .build();
    Section::new("remarks", "What to know", table)
        .note("imported/remarks.csv of the folder has every one of them, with file and row.")
}

/// A remark with the hospital and the row that it is about.
fn in_words(remark: &ImportRemark) -> String {
    let mut text = String::new();
    if let Some(hospital) = &remark.hospital {
        text.push_str(&format!("{hospital}: "));
    }
    text.push_str(&remark.message);
    if let Some(row) = remark.row {
        text.push_str(&format!(" (row {row})"));
    }
    text
}
