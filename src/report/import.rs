//! What an import read, made and changed.

use std::collections::BTreeMap;
use std::path::Path;

use super::document::{Cell, Document, Section, Table};
use crate::import::{Import, ImportFiles, ImportRemark, RemarkKind, WrittenFolder};
use crate::model::{EmergencyLevel, Hospital};

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
        let mut table = Table::new(&[
            "import_change",
            "hospital",
            "hospital_name",
            "before_beds",
            "after_beds",
        ]);
        for (change, list) in [("added", &difference.added), ("gone", &difference.gone)] {
            for (key, name) in list {
                let cells = [change, key, name].map(Cell::text);
                table.row(cells.into_iter().chain([Cell::Missing, Cell::Missing]).collect());
            }
        }
        for changed in &difference.beds {
            table.row(vec![
                Cell::text("other beds"),
                Cell::text(&changed.hospital),
                Cell::text(&changed.name),
                Cell::maybe_count(changed.before),
                Cell::maybe_count(changed.after),
            ]);
        }
        let section = Section::new("changes", "What changed in the folder", table);
        document = document.section(section);
    }
    let mut remarks = made.remarks.clone();
    remarks.extend(written.difference.iter().flat_map(|own| own.kept.iter().cloned()));
    document.section(remarks_section(&remarks))
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
    let mut table = Table::new(&["import_file", "what", "count"]);
    let mut others = 0;
    for file in &files.files {
        let Some(what) = file.what else {
            others += 1;
            continue;
        };
        let path = Path::new(&file.file);
        let name = common.and_then(|common| path.strip_prefix(common).ok()).unwrap_or(path);
        let name = name.display().to_string();
        table.row(vec![Cell::text(name), Cell::text(what), Cell::Count(file.count as u64)]);
    }
    let section = Section::new("files", "Files", table);
    match others {
        0 => section,
        1 => section.note("1 other file is none of those that are read."),
        others => section.note(format!("{others} other files are none of those that are read.")),
    }
}

/// Hospitals, beds and emergency stages, inside and outside.
fn hospitals_section(made: &Import) -> Section {
    let mut table = Table::new(&["where", "emergency_stage", "hospitals", "departments", "beds"]);
    let levels = [
        None,
        Some(EmergencyLevel::Basic),
        Some(EmergencyLevel::Extended),
        Some(EmergencyLevel::Comprehensive),
    ];
    for is_outside in [false, true] {
        for (stage, level) in levels.into_iter().enumerate() {
            let is_one =
                |own: &&Hospital| own.outside == is_outside && own.emergency_level == level;
            let hospitals: Vec<&Hospital> =
                made.model.network.hospitals().iter().filter(is_one).collect();
            if hospitals.is_empty() {
                continue;
            }
            let departments: usize = hospitals.iter().map(|own| own.departments.len()).sum();
            let beds: u64 = hospitals.iter().filter_map(|own| own.beds).map(u64::from).sum();
            table.row(vec![
                Cell::text(if is_outside { "outside" } else { "inside" }),
                Cell::Count(stage as u64),
                Cell::Count(hospitals.len() as u64),
                Cell::Count(departments as u64),
                Cell::Count(beds),
            ]);
        }
    }
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
    let mut table = Table::new(&["district", "places", "people"]);
    for (district, (places, people)) in &districts {
        table.row(vec![Cell::text(*district), Cell::Count(*places), Cell::Count(*people)]);
    }
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
    let mut table = Table::new(&["remark_kind", "topic", "count", "example"]);
    for kind in RemarkKind::ALL {
        let mut topics: BTreeMap<&str, Vec<&ImportRemark>> = BTreeMap::new();
        for remark in remarks.iter().filter(|remark| remark.kind == kind) {
            topics.entry(remark.topic).or_default().push(remark);
        }
        for (topic, same) in topics {
            table.row(vec![
                Cell::text(kind.key()),
                Cell::text(topic),
                Cell::Count(same.len() as u64),
                Cell::text(in_words(same[0])),
            ]);
        }
    }
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
