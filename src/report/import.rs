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
use crate::units::grouped;

/// The files that an import recognised, the network that it made, what changed in its folder, and what a person
/// should know.
pub fn import(files: &ImportFiles, made: &Import, written: &WrittenFolder) -> Document {
    let network = &made.model.network;
    let mut document = Document::new(said!("Import of {network}", network = network.name()))
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
            .column(IMPORT_CHANGE, |row| Cell::word(row.change))
            .column(HOSPITAL, |row| Cell::text(row.hospital))
            .column(HOSPITAL_NAME, |row| Cell::text(row.name))
            .column(BEFORE_BEDS, |row| Cell::maybe_count(row.before_beds))
            .column(AFTER_BEDS, |row| Cell::maybe_count(row.after_beds))
            .build();
        let section = Section::new("changes", "What changed in the folder", table);
        document = document.section(section);
    }

    // What a person changed by hand and the import kept is known only once the folder is written.
    let mut remarks = made.remarks.clone();
    if let Some(difference) = &written.difference {
        remarks.extend_from_slice(&difference.kept);
    }
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
    // Only a hospital that stays can have other beds.
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
    // Files that have nothing above them in common are named with their whole paths.
    if folder.as_os_str().is_empty() { None } else { Some(folder) }
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
            let inside = match common {
                Some(common) => path.strip_prefix(common).unwrap_or(path),
                None => path,
            };
            Cell::text(inside.display().to_string())
        })
        .column(WHAT, |(_, what)| Cell::word(what))
        .column(COUNT, |(file, _)| Cell::count(file.count))
        .build();

    let section = Section::new("files", "Files", table);
    match others {
        0 => section,
        1 => section.note("1 other file is none of those that are read."),
        others => {
            section.note(said!("{others} other files are none of those that are read.", others))
        }
    }
}

/// The hospitals of an emergency stage, inside or outside, counted.
struct SitesOfStage {
    is_outside: bool,
    stage: usize,
    hospitals: u64,
    departments: usize,
    /// Of those whose beds are known.
    beds: u64,
}

impl SitesOfStage {
    /// Counts a hospital of the stage.
    fn add(&mut self, hospital: &Hospital) {
        self.hospitals += 1;
        self.departments += hospital.departments.len();
        self.beds += u64::from(hospital.beds.unwrap_or(0));
    }
}

/// Hospitals, beds and emergency stages, inside and outside.
fn hospitals_section(made: &Import) -> Section {
    // The stages that official files state; the minimum stage below them is in none of the files.
    let levels = [
        None,
        Some(EmergencyLevel::Basic),
        Some(EmergencyLevel::Extended),
        Some(EmergencyLevel::Comprehensive),
    ];
    let mut rows = Vec::new();
    for is_outside in [false, true] {
        for (stage, level) in levels.into_iter().enumerate() {
            let mut row = SitesOfStage { is_outside, stage, hospitals: 0, departments: 0, beds: 0 };
            for hospital in made.model.network.hospitals() {
                if hospital.outside == is_outside && hospital.emergency_level == level {
                    row.add(hospital);
                }
            }
            if row.hospitals > 0 {
                rows.push(row);
            }
        }
    }

    let table = Table::of(rows)
        .column(WHERE, |row| Cell::word(if row.is_outside { "outside" } else { "inside" }))
        .column(EMERGENCY_STAGE, |row| Cell::count(row.stage))
        .column(HOSPITALS, |row| Cell::count(row.hospitals))
        .column(DEPARTMENTS, |row| Cell::count(row.departments))
        .column(BEDS, |row| Cell::count(row.beds))
        .build();
    Section::new("hospitals", "Hospitals by emergency stage", table)
}

/// Places and their people.
#[derive(Default)]
struct Counted {
    places: u64,
    people: u64,
}

impl Counted {
    /// Counts a place with these people.
    fn add(&mut self, people: u64) {
        self.places += 1;
        self.people += people;
    }
}

/// Districts that a table of people shows; a country has hundreds of them, which one sentence sums up.
const MOST_DISTRICTS: usize = 20;

/// People by district.
fn people_section(made: &Import) -> Section {
    let mut districts: BTreeMap<&str, Counted> = BTreeMap::new();
    let mut inside = Counted::default();
    for place in &made.model.places.places {
        // People outside only fill beds there: nobody asks how well they are covered.
        if !place.outside {
            let people = place.population.people();
            districts.entry(&place.district).or_default().add(people);
            inside.add(people);
        }
    }

    let table = Table::of(&districts)
        .column(DISTRICT, |(district, _)| Cell::text(**district))
        .column(PLACES, |(_, counted)| Cell::count(counted.places))
        .column(PEOPLE, |(_, counted)| Cell::count(counted.people))
        .build();
    let section = Section::new("people", "People by district", table);
    if districts.len() <= MOST_DISTRICTS {
        return section;
    }
    section.in_words(said!(
        "{people} people in {places} places of {districts} districts.",
        people = grouped(inside.people),
        places = grouped(inside.places),
        districts = districts.len()
    ))
}

/// Remarks of one kind and topic in one row, with the first of them.
fn remarks_section(remarks: &[ImportRemark]) -> Section {
    let mut topics: Vec<Vec<&ImportRemark>> = Vec::new();
    for kind in RemarkKind::ALL {
        let mut by_topic: BTreeMap<&str, Vec<&ImportRemark>> = BTreeMap::new();
        for remark in remarks {
            if remark.kind == kind {
                by_topic.entry(remark.topic).or_default().push(remark);
            }
        }
        topics.extend(by_topic.into_values());
    }

    // An import of a state makes thousands of remarks: a table has one of each topic, a file has all.
    let table = Table::of(topics)
        .column(REMARK_KIND, |same| Cell::word(same[0].kind.key()))
        .column(TOPIC, |same| Cell::word(same[0].topic))
        .column(COUNT, |same| Cell::count(same.len()))
        .column(EXAMPLE, |same| Cell::said(|| in_words(same[0])))
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
        text.push_str(&said!(" (row {row})", row));
    }
    text
}
