//! Official files, recognised by their content.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::read::MultiGzDecoder;
use rayon::prelude::*;
use serde::Serialize;

use super::directory::{Directory, DirectorySite, is_directory, read_directory};
use super::faults::{ImportRemark, RemarkKind, fault};
use super::grid::{Grid, is_grid, read_grid};
use super::known_sites::{KnownSites, POSITION_COLUMNS, read_positions};
use super::people::{
    AGE_COLUMNS, Ages, MUNICIPALITY_COLUMNS, Municipalities, read_ages, read_municipalities,
};
use super::quality_report::{QualityReport, read_quality_report};
use super::register::read_register;
use super::sheet::{Header, Sheet, read_csv, read_xlsx};
use super::text::decode_any;
use super::xml::first_element;
use crate::disk::read_regular;
use crate::model::{Problem, ProblemKind, Problems};

/// A file and what it was recognised as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecognisedFile {
    /// The file, as it was named.
    pub file: String,
    /// What it is, in words; `None` for a file that is none of those that are read.
    pub what: Option<&'static str>,
    /// How many rows or sites it gave.
    pub count: usize,
}

/// Official files that were read.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ImportFiles {
    /// The directory of hospitals.
    pub directory: Option<Directory>,
    /// Registers of sites, and tables of positions.
    pub known_sites: Vec<KnownSites>,
    /// Municipalities.
    pub municipalities: Option<Municipalities>,
    /// Ages by district.
    pub ages: Option<Ages>,
    /// A census grid.
    pub grid: Option<Grid>,
    /// Quality reports, by file.
    pub reports: Vec<QualityReport>,
    /// Every file that was looked at, in the order of their names.
    pub files: Vec<RecognisedFile>,
    /// What a person should know.
    pub remarks: Vec<ImportRemark>,
}

/// Greatest size of a file in bytes.
const MOST_BYTES: u64 = 300_000_000;

/// What is in a file.
pub(super) enum Content {
    Directory(Directory),
    KnownSites(KnownSites),
    Municipalities(Municipalities),
    Ages(Ages),
    Grid(Grid),
    Report(Box<QualityReport>),
    /// None of those that are read.
    Other,
}

impl Content {
    fn what(&self) -> Option<&'static str> {
        match self {
            Self::Directory(_) => Some("directory of hospitals"),
            Self::KnownSites(sites) if sites.is_register => Some("register of sites"),
            Self::KnownSites(_) => Some("positions of sites"),
            Self::Municipalities(_) => Some("municipalities"),
            Self::Ages(_) => Some("ages by district"),
            Self::Grid(_) => Some("census grid"),
            Self::Report(_) => Some("quality report"),
            Self::Other => None,
        }
    }

    fn count(&self) -> usize {
        match self {
            Self::Directory(directory) => directory.sites.len(),
            Self::KnownSites(sites) => sites.sites.len(),
            Self::Municipalities(municipalities) => municipalities.list.len(),
            Self::Ages(ages) => ages.districts.len(),
            Self::Grid(grid) => grid.cells.len(),
            Self::Report(_) => 1,
            Self::Other => 0,
        }
    }
}

impl ImportFiles {
    /// Reads files, and the files in folders and their folders, each recognised by its content, several at a time.
    /// `go_on` is asked before each file with the number of files that are read and that of all; where it says
    /// `false`, reading ends with the fault that it was stopped.
    ///
    /// # Errors
    ///
    /// Every fault of every file with its row: what cannot be read, is damaged or protected by a password; columns
    /// that are missing, with those that are there; values that are no numbers; two directories, or two tables of
    /// municipalities; and paths in which nothing was recognised.
    pub fn read(
        paths: &[PathBuf],
        go_on: &(dyn Fn(usize, usize) -> bool + Sync),
    ) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut listed = Vec::new();
        for path in paths {
            list_files(path, &mut listed, &mut problems);
        }
        listed.sort();
        listed.dedup();
        let done = AtomicUsize::new(0);
        let read = |path: &PathBuf| {
            if !go_on(done.load(Ordering::Relaxed), listed.len()) {
                return (Err(std::iter::once(stopped()).collect()), Vec::new());
            }
            let mut remarks = Vec::new();
            let content = read_file(path, &mut remarks);
            done.fetch_add(1, Ordering::Relaxed);
            (content, remarks)
        };
        let contents: Vec<(Result<Content, Problems>, Vec<ImportRemark>)> =
            listed.par_iter().map(read).collect();
        if !go_on(listed.len(), listed.len()) {
            return Err(std::iter::once(stopped()).collect());
        }
        let mut files = Self::default();
        for (path, (content, mut remarks)) in listed.iter().zip(contents) {
            files.remarks.append(&mut remarks);
            match content {
                Ok(content) => files.take(path.display().to_string(), content, &mut problems),
                Err(faults) => problems.append(faults),
            }
        }
        if problems.is_empty() && files.files.iter().all(|file| file.what.is_none()) {
            let message = "nothing was recognised: no directory of hospitals, register, quality report, municipalities, ages or census grid";
            for path in paths {
                let shown = path.display().to_string();
                problems.push(fault(&shown, ProblemKind::Missing, message));
            }
        }
        if problems.is_empty() { Ok(files) } else { Err(problems) }
    }

    /// Takes the content of a file. Two of what there can be one of are a fault, unless the second one is the
    /// smaller part of a country that the first one has whole.
    fn take(&mut self, name: String, content: Content, problems: &mut Problems) {
        let (what, count) = (content.what(), content.count());
        let twice = |first: &str| {
            let message = format!("a second {}; the first is {first}", what.unwrap_or_default());
            let problem = fault(&name, ProblemKind::Duplicate, message);
            Problem { expected: "one of them".to_owned(), ..problem }
        };
        match content {
            Content::Directory(directory) => match &self.directory {
                Some(first) if is_part(&directory, first) => {
                    let contradiction = other_beds(first, &directory);
                    self.leave_out(&name, &first.file.clone(), directory.sites.len());
                    self.remarks.extend(contradiction);
                }
                Some(first) if is_part(first, &directory) => {
                    self.remarks.extend(other_beds(&directory, first));
                    let (file, sites) = (first.file.clone(), first.sites.len());
                    self.leave_out(&file, &name, sites);
                    self.directory = Some(directory);
                }
                Some(first) => problems.push(twice(&first.file)),
                None => self.directory = Some(directory),
            },
            Content::Municipalities(municipalities) => match &self.municipalities {
                Some(first) if has_all(first, &municipalities) => {
                    self.leave_out(&name, &first.file.clone(), count);
                }
                Some(first) if has_all(&municipalities, first) => {
                    let (file, rows) = (first.file.clone(), first.list.len());
                    self.leave_out(&file, &name, rows);
                    self.municipalities = Some(municipalities);
                }
                Some(first) => problems.push(twice(&first.file)),
                None => self.municipalities = Some(municipalities),
            },
            Content::Ages(ages) => match &self.ages {
                Some(first) if first.date >= ages.date => {
                    self.leave_out(&name, &first.file.clone(), count);
                }
                Some(first) => {
                    let (file, rows) = (first.file.clone(), first.districts.len());
                    self.leave_out(&file, &name, rows);
                    self.ages = Some(ages);
                }
                None => self.ages = Some(ages),
            },
            Content::Grid(grid) => match &self.grid {
                Some(first) if first.cells.len() >= grid.cells.len() => {
                    self.leave_out(&name, &first.file.clone(), count);
                }
                Some(first) => {
                    let (file, cells) = (first.file.clone(), first.cells.len());
                    self.leave_out(&file, &name, cells);
                    self.grid = Some(grid);
                }
                None => self.grid = Some(grid),
            },
            Content::KnownSites(sites) => self.known_sites.push(sites),
            Content::Report(report) => self.reports.push(*report),
            Content::Other => {}
        }
        self.files.push(RecognisedFile { file: name, what, count });
    }

    /// Tells that a file is not in use beside another one.
    fn leave_out(&mut self, file: &str, in_use: &str, rows: usize) {
        let in_use = Path::new(in_use).file_name().unwrap_or_default().to_string_lossy();
        let message = format!("{rows} rows are not in use: {in_use} has them, or newer ones");
        let remark = ImportRemark::new(RemarkKind::LeftOut, "file", message);
        self.remarks.push(ImportRemark { file: Some(file.to_owned()), ..remark });
    }
}

/// Whether a directory is about the same year and has fewer sites, each of a state that the other has.
fn is_part(part: &Directory, whole: &Directory) -> bool {
    let state = |key: &str| key.get(..2).unwrap_or_default().to_owned();
    let states: std::collections::BTreeSet<String> =
        whole.sites.iter().map(|site| state(&site.municipality)).collect();
    part.year == whole.year
        && part.sites.len() <= whole.sites.len()
        && part.sites.iter().all(|site| states.contains(&state(&site.municipality)))
}

/// How many sites have other beds in the directory that is not in use, and the first of them; nothing where all
/// have the same.
fn other_beds(in_use: &Directory, other: &Directory) -> Option<ImportRemark> {
    let mut beds = std::collections::HashMap::new();
    for site in &in_use.sites {
        beds.insert((&site.site, site.address.key()), site.beds);
    }
    let differs = |site: &&DirectorySite| {
        let same = beds.get(&(&site.site, site.address.key()));
        same.is_some_and(|beds| *beds != site.beds)
    };
    let mut different = other.sites.iter().filter(differs);
    let first = different.next()?;
    let count = 1 + different.count();
    let sites = if count == 1 { "site has" } else { "sites have" };
    let message = format!(
        "{count} {sites} other beds there than in {}, such as \"{}\" (row {}): those of the latter are in use",
        in_use.file, first.site, first.row
    );
    let remark = ImportRemark::new(RemarkKind::Contradiction, "file", message);
    Some(ImportRemark { file: Some(other.file.clone()), ..remark })
}

/// Whether a table of municipalities has all of another one.
fn has_all(whole: &Municipalities, part: &Municipalities) -> bool {
    let keys: std::collections::BTreeSet<&str> =
        whole.list.iter().map(|own| own.key.as_str()).collect();
    part.list.iter().all(|own| keys.contains(own.key.as_str()))
}

/// The fault of an import that was stopped.
pub(super) fn stopped() -> Problem {
    let problem = fault("", ProblemKind::Unreadable, "stopped; nothing was written");
    Problem { file: None, ..problem }
}

/// Most folders within each other that are looked through.
const DEEPEST: usize = 20;

/// The regular files at a path: the file itself, or all in a folder. Links to folders are not followed.
fn list_files(path: &Path, found: &mut Vec<PathBuf>, problems: &mut Problems) {
    let mut folders = vec![(path.to_owned(), 0)];
    while let Some((path, depth)) = folders.pop() {
        let unreadable = |error: std::io::Error| {
            let message = format!("cannot be read: {error}");
            fault(&path.display().to_string(), ProblemKind::Unreadable, message)
        };
        match fs::metadata(&path) {
            Ok(about) if about.is_file() => found.push(path),
            Ok(about) if about.is_dir() && depth < DEEPEST => match fs::read_dir(&path) {
                Ok(entries) => {
                    let is_link = |entry: &fs::DirEntry| {
                        entry.file_type().is_ok_and(|kind| kind.is_symlink())
                    };
                    let entries = entries
                        .flatten()
                        .filter(|entry| !(is_link(entry) && entry.path().is_dir()));
                    folders.extend(entries.map(|entry| (entry.path(), depth + 1)));
                }
                Err(error) => problems.push(unreadable(error)),
            },
            Ok(_) => {}
            Err(error) => problems.push(unreadable(error)),
        }
    }
}

/// Reads a file as what it is.
fn read_file(path: &Path, remarks: &mut Vec<ImportRemark>) -> Result<Content, Problems> {
    let name = path.display().to_string();
    let one = |problem: Problem| -> Problems { std::iter::once(problem).collect() };
    let is_packed = ending_of(path) == "gz";
    let ending = if is_packed { ending_of(&path.with_extension("")) } else { ending_of(path) };
    if !["xlsx", "csv", "txt", "xml"].contains(&ending.as_str()) {
        return Ok(Content::Other);
    }
    let unreadable = |error: &dyn std::fmt::Display| {
        one(fault(&name, ProblemKind::Unreadable, format!("cannot be read: {error}")))
    };
    let mut bytes = read_regular(path, MOST_BYTES).map_err(|error| unreadable(&error))?;
    if is_packed {
        bytes = unpack(&bytes).map_err(|error| unreadable(&error))?;
    }
    let sheets = match ending.as_str() {
        "xml" => return read_xml(&name, &bytes, remarks),
        "xlsx" => read_xlsx(&name, &bytes).map_err(one)?,
        _ => vec![read_csv(&name, &bytes).map_err(one)?],
    };
    content_of(&sheets, remarks)
}

/// The ending of a file's name in small letters.
fn ending_of(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// What a gzipped file holds; at most as much as is read of any file.
fn unpack(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes).take(MOST_BYTES + 1).read_to_end(&mut unpacked)?;
    if unpacked.len() as u64 > MOST_BYTES {
        let most = MOST_BYTES / 1_000_000;
        return Err(std::io::Error::other(format!("it unpacks to more than {most} MB")));
    }
    Ok(unpacked)
}

/// A quality report or the register of sites, by the first element.
fn read_xml(
    name: &str,
    bytes: &[u8],
    remarks: &mut Vec<ImportRemark>,
) -> Result<Content, Problems> {
    let Some(text) = decode_any(bytes) else {
        let message = "the file has bytes that are no text in its encoding";
        return Err(std::iter::once(fault(name, ProblemKind::Encoding, message)).collect());
    };
    match first_element(&text) {
        Some("Qualitaetsbericht" | "Qualitätsbericht") => {
            read_quality_report(name, &text, remarks)
                .map(|report| Content::Report(Box::new(report)))
        }
        Some(first) if first.contains("Standort") || is_of_inek(&text) => {
            read_register(name, &text, remarks).map(Content::KnownSites)
        }
        _ => Ok(Content::Other),
    }
}

/// Whether the beginning of a file names the schema of the register of sites.
fn is_of_inek(text: &str) -> bool {
    const BEGINNING: usize = 2_000;
    let beginning: String = text.chars().take(BEGINNING).collect();
    beginning.contains("xml.inek.org/schema/Standortverzeichnis")
}

/// What sheets are, by the columns that they have.
fn content_of(sheets: &[Sheet], remarks: &mut Vec<ImportRemark>) -> Result<Content, Problems> {
    if sheets.iter().any(is_directory) {
        return read_directory(sheets, remarks).map(Content::Directory);
    }
    for sheet in sheets {
        if is_grid(sheet) {
            return read_grid(sheet, remarks).map(Content::Grid);
        }
        let has = |wanted: &[&str]| {
            let header = Header::find(sheet, wanted);
            header.is_some_and(|header| wanted.iter().all(|name| header.column(&[name]).is_some()))
        };
        if has(&POSITION_COLUMNS) {
            return read_positions(sheet).map(Content::KnownSites);
        }
        if has(&AGE_COLUMNS) && has_beginning(sheet, "age") {
            return read_ages(sheet).map(Content::Ages);
        }
        if has(&MUNICIPALITY_COLUMNS) {
            return read_municipalities(sheet).map(Content::Municipalities);
        }
    }
    Ok(Content::Other)
}

/// Whether a column of the first row begins so.
fn has_beginning(sheet: &Sheet, beginning: &str) -> bool {
    sheet.rows.first().is_some_and(|row| {
        row.cells.iter().any(|cell| cell.trim().to_lowercase().starts_with(beginning))
    })
}
