//! Official files, recognised by their content.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use rayon::prelude::*;
use serde::Serialize;

use super::directory::{Directory, is_directory, read_directory};
use super::faults::{
    ImportRemark, RemarkKind, expecting, fault, general_fault, only, unless_faulty,
};
use super::grid::{Grid, is_grid, read_grid};
use super::known_sites::{KnownSites, POSITION_COLUMNS, read_positions};
use super::people::{
    AGE_COLUMNS, Ages, MUNICIPALITY_COLUMNS, Municipalities, read_ages, read_municipalities,
};
use super::quality_report::{QualityReport, read_quality_report};
use super::register::read_register;
use super::sheet::{Sheet, has_columns, read_csv, read_xlsx};
use super::text::{decode_file, file_name};
use super::xml::first_element;
use crate::disk::read_regular;
use crate::problem::{Problem, ProblemKind, Problems};
use crate::run::Control;

/// A file and what it was recognised as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecognisedFile {
    /// The file, as it was named.
    pub file: String,
    /// The kind of file, in words; `None` for a file of another kind, which is not read.
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
    /// Remarks on what was read.
    pub remarks: Vec<ImportRemark>,
}

/// Greatest size of a file in bytes: the census grid in hectares has about three million rows.
const MOST_BYTES: u64 = 300_000_000;

/// The content of a file.
enum Content {
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

/// The content of a file with remarks on it, or the faults that were met.
struct ReadFile {
    content: Result<Content, Problems>,
    remarks: Vec<ImportRemark>,
}

impl ImportFiles {
    /// How many files there are at these paths, and in the folders among them.
    pub fn count_files(paths: &[PathBuf]) -> usize {
        let mut listed = Vec::new();
        for path in paths {
            // What cannot be listed is told when it is read.
            list_files(path, &mut listed, &mut Problems::default());
        }
        listed.sort();
        listed.dedup();
        listed.len()
    }

    /// Reads files, and the files in folders and their folders, each recognised by its content, several at a time.
    /// Progress is how many files are read, of [`ImportFiles::count_files`]. When it is stopped, reading ends with the
    /// fault that it was.
    ///
    /// # Errors
    ///
    /// Every fault of every file with its row: files that cannot be read, are damaged or protected by a password;
    /// columns that are missing, with those that are there; values that are no numbers; two directories, or two tables
    /// of municipalities; and paths in which nothing was recognised.
    ///
    /// # Example
    ///
    /// ```
    /// use verbund::import::ImportFiles;
    /// use verbund::run::Control;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let table = "ags;name;kreis;lat;lon;pop_2022\n14713000;Leipzig, Stadt;14713;51,34;12,37;601866\n";
    /// std::fs::write(folder.path().join("people.csv"), table)?;
    ///
    /// let files = ImportFiles::read(&[folder.path().to_owned()], &Control::default())?;
    /// assert_eq!(files.files[0].what, Some("municipalities"));
    /// assert_eq!(files.municipalities.unwrap().list[0].people, 601_866);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(paths: &[PathBuf], control: &Control<'_>) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut listed = Vec::new();
        for path in paths {
            list_files(path, &mut listed, &mut problems);
        }
        // A file that is named, and in a folder that is named, counts once.
        listed.sort();
        listed.dedup();

        let read = read_files(&listed, control);
        if control.is_stopped() {
            return Err(only(stopped()));
        }

        let mut files = Self::default();
        for (path, ReadFile { content, mut remarks }) in listed.iter().zip(read) {
            files.remarks.append(&mut remarks);
            match content {
                Ok(content) => files.take(path.display().to_string(), content, &mut problems),
                Err(faults) => problems.append(faults),
            }
        }

        // A slip in the name of a folder would otherwise look like files that lack everything.
        if problems.is_empty() && files.files.iter().all(|file| file.what.is_none()) {
            let message = "nothing was recognised: no directory of hospitals, register, quality report, municipalities, ages or census grid";
            for path in paths {
                let shown = path.display().to_string();
                problems.push(fault(&shown, ProblemKind::Missing, message));
            }
        }
        unless_faulty(files, problems)
    }

    /// Takes the content of a file.
    fn take(&mut self, file: String, content: Content, problems: &mut Problems) {
        let recognised = RecognisedFile { file, what: content.what(), count: content.count() };
        match content {
            Content::Directory(directory) => self.take_directory(directory, problems),
            Content::Municipalities(table) => self.take_municipalities(table, problems),
            Content::Ages(ages) => self.take_ages(ages),
            Content::Grid(grid) => self.take_grid(grid),
            Content::KnownSites(sites) => self.known_sites.push(sites),
            Content::Report(report) => self.reports.push(*report),
            Content::Other => {}
        }
        self.files.push(recognised);
    }

    /// Takes a directory. A second one is a fault, unless one of the two is a part of the other: sheets of single
    /// states are cut out of that of the country.
    fn take_directory(&mut self, second: Directory, problems: &mut Problems) {
        let Some(first) = self.directory.take() else {
            self.directory = Some(second);
            return;
        };
        let (in_use, unused) = if is_part(&second, &first) {
            (first, second)
        } else if is_part(&first, &second) {
            (second, first)
        } else {
            problems.push(second_file("directory of hospitals", &second.file, &first.file));
            self.directory = Some(first);
            return;
        };
        self.leave_out(&unused.file, &in_use.file, unused.sites.len());
        self.remarks.extend(other_beds(&in_use, &unused));
        self.directory = Some(in_use);
    }

    /// Takes a table of municipalities. A second one is a fault, unless one of the two has all of the other.
    fn take_municipalities(&mut self, second: Municipalities, problems: &mut Problems) {
        let Some(first) = self.municipalities.take() else {
            self.municipalities = Some(second);
            return;
        };
        let (in_use, unused) = if has_all(&first, &second) {
            (first, second)
        } else if has_all(&second, &first) {
            (second, first)
        } else {
            problems.push(second_file("municipalities", &second.file, &first.file));
            self.municipalities = Some(first);
            return;
        };
        self.leave_out(&unused.file, &in_use.file, unused.list.len());
        self.municipalities = Some(in_use);
    }

    /// Takes ages; of two tables the newer one.
    fn take_ages(&mut self, second: Ages) {
        let Some(first) = self.ages.take() else {
            self.ages = Some(second);
            return;
        };
        // Dates are written as 2023-12-31, so that the later one is the greater text.
        let is_first_newer = first.date >= second.date;
        let (in_use, unused) = if is_first_newer { (first, second) } else { (second, first) };
        self.leave_out(&unused.file, &in_use.file, unused.districts.len());
        self.ages = Some(in_use);
    }

    /// Takes a grid; of two grids the one with more cells.
    fn take_grid(&mut self, second: Grid) {
        let Some(first) = self.grid.take() else {
            self.grid = Some(second);
            return;
        };
        let is_first_larger = first.cells.len() >= second.cells.len();
        let (in_use, unused) = if is_first_larger { (first, second) } else { (second, first) };
        self.leave_out(&unused.file, &in_use.file, unused.cells.len());
        self.grid = Some(in_use);
    }

    /// Adds a remark that a file is not in use beside another one.
    fn leave_out(&mut self, file: &str, in_use: &str, rows: usize) {
        let in_use = file_name(in_use);
        let message = format!("{rows} rows are not in use: {in_use} has them, or newer ones");
        let remark = ImportRemark::new(RemarkKind::LeftOut, "file", message);
        self.remarks.push(remark.in_file(file));
    }
}

/// The fault of a second file of which there can be one.
fn second_file(what: &str, second: &str, first: &str) -> Problem {
    let message = format!("a second {what}; the first is {first}");
    let problem = fault(second, ProblemKind::Duplicate, message);
    expecting(problem, "one of them")
}

/// Whether a directory is about the same year and has fewer sites, each of a state that the other has.
fn is_part(part: &Directory, whole: &Directory) -> bool {
    let states = states_of(whole);
    part.year == whole.year
        && part.sites.len() <= whole.sites.len()
        && states_of(part).is_subset(&states)
}

/// The states (Länder) of a directory, by the first two digits of municipalities.
fn states_of(directory: &Directory) -> BTreeSet<&str> {
    let mut states = BTreeSet::new();
    for site in &directory.sites {
        states.insert(site.municipality.get(..2).unwrap_or_default());
    }
    states
}

/// A remark on how many sites have other beds in the directory that is not in use, with the first of them; `None`
/// where all have the same.
fn other_beds(in_use: &Directory, unused: &Directory) -> Option<ImportRemark> {
    let mut beds_in_use = HashMap::new();
    for site in &in_use.sites {
        beds_in_use.insert((&site.site, site.address.key()), site.beds);
    }

    let mut first = None;
    let mut count = 0;
    for site in &unused.sites {
        let beds = beds_in_use.get(&(&site.site, site.address.key()));
        if beds.is_some_and(|beds| *beds != site.beds) {
            first = first.or(Some(site));
            count += 1;
        }
    }

    let first = first?;
    let sites = if count == 1 { "site has" } else { "sites have" };
    let message = format!(
        "{count} {sites} other beds there than in {}, such as \"{}\" (row {}): those of the latter are in use",
        in_use.file, first.site, first.row
    );
    let remark = ImportRemark::new(RemarkKind::Contradiction, "file", message);
    Some(remark.in_file(&unused.file))
}

/// Whether a table of municipalities has all of another one.
fn has_all(whole: &Municipalities, part: &Municipalities) -> bool {
    keys_of(part).is_subset(&keys_of(whole))
}

fn keys_of(municipalities: &Municipalities) -> BTreeSet<&str> {
    municipalities.list.iter().map(|municipality| municipality.key.as_str()).collect()
}

/// The fault of an import that was stopped.
fn stopped() -> Problem {
    general_fault(ProblemKind::Unreadable, "stopped; nothing was written")
}

/// Deepest folder that is looked through.
const DEEPEST: usize = 20;

/// Adds the regular files at a path: the file itself, or all in a folder.
fn list_files(path: &Path, files: &mut Vec<PathBuf>, problems: &mut Problems) {
    let mut folders = vec![(path.to_owned(), 0)];
    while let Some((path, depth)) = folders.pop() {
        let kind = match fs::metadata(&path) {
            Ok(metadata) => metadata.file_type(),
            Err(error) => {
                problems.push(unreadable(&path, &error));
                continue;
            }
        };
        if kind.is_file() {
            files.push(path);
        } else if kind.is_dir() && depth < DEEPEST {
            match fs::read_dir(&path) {
                Ok(entries) => {
                    for entry in entries.flatten() {
                        if !is_link_to_folder(&entry) {
                            folders.push((entry.path(), depth + 1));
                        }
                    }
                }
                Err(error) => problems.push(unreadable(&path, &error)),
            }
        }
    }
}

/// Such links are not followed: they may lead round in a circle, or out of the folder that was named.
fn is_link_to_folder(entry: &fs::DirEntry) -> bool {
    let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
    is_link && entry.path().is_dir()
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Problem {
    let message = format!("cannot be read: {error}");
    fault(&path.display().to_string(), ProblemKind::Unreadable, message)
}

/// Reads files, several at a time; the results are in the order of the files.
fn read_files(files: &[PathBuf], control: &Control<'_>) -> Vec<ReadFile> {
    // Thousands of quality reports, one for each site, take a while: somebody may want to stop.
    let done = AtomicU64::new(0);
    let read = |path: &PathBuf| {
        let mut remarks = Vec::new();
        if control.is_stopped() {
            return ReadFile { content: Err(only(stopped())), remarks };
        }
        let content = read_file(path, &mut remarks);
        control.tell(done.fetch_add(1, Ordering::Relaxed) + 1);
        ReadFile { content, remarks }
    };
    files.par_iter().map(read).collect()
}

/// Reads a file by its ending and content. Others, such as PDF files of a folder of downloads, are not opened.
fn read_file(path: &Path, remarks: &mut Vec<ImportRemark>) -> Result<Content, Problems> {
    let is_packed = ending_of(path) == "gz";
    let ending = if is_packed { ending_of(&path.with_extension("")) } else { ending_of(path) };
    if !["xlsx", "csv", "txt", "xml"].contains(&ending.as_str()) {
        return Ok(Content::Other);
    }

    let mut bytes =
        read_regular(path, MOST_BYTES).map_err(|error| only(unreadable(path, &error)))?;
    if is_packed {
        bytes = unpack(&bytes).map_err(|error| only(unreadable(path, &error)))?;
    }
    let file = path.display().to_string();
    match ending.as_str() {
        "xml" => read_xml(&file, &bytes, remarks),
        "xlsx" => read_sheets(&read_xlsx(&file, &bytes).map_err(only)?, remarks),
        _ => read_sheets(&[read_csv(&file, &bytes).map_err(only)?], remarks),
    }
}

/// The ending of a file's name in small letters.
fn ending_of(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// The content of a gzipped file; at most as much as is read of any file.
fn unpack(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    // One byte more than is allowed tells a file that ends there from a longer one.
    MultiGzDecoder::new(bytes).take(MOST_BYTES + 1).read_to_end(&mut unpacked)?;
    if unpacked.len() as u64 > MOST_BYTES {
        let most = MOST_BYTES / 1_000_000;
        return Err(std::io::Error::other(format!("it unpacks to more than {most} MB")));
    }
    Ok(unpacked)
}

/// Reads a quality report or the register of sites, by the first element.
fn read_xml(
    file: &str,
    bytes: &[u8],
    remarks: &mut Vec<ImportRemark>,
) -> Result<Content, Problems> {
    let text = decode_file(file, bytes).map_err(only)?;
    match first_element(&text) {
        // Reports that were seen have the first spelling; the register shows that formats with umlauts exist.
        Some("Qualitaetsbericht" | "Qualitätsbericht") => {
            let report = read_quality_report(file, &text, remarks)?;
            Ok(Content::Report(Box::new(report)))
        }
        Some(first) if first.contains("Standort") || has_schema_of_register(&text) => {
            read_register(file, &text, remarks).map(Content::KnownSites)
        }
        _ => Ok(Content::Other),
    }
}

/// Whether the beginning of a file names the schema of the register of sites.
fn has_schema_of_register(text: &str) -> bool {
    const BEGINNING: usize = 2_000;
    let beginning: String = text.chars().take(BEGINNING).collect();
    beginning.contains("xml.inek.org/schema/Standortverzeichnis")
}

/// Reads the first sheet that is recognised by its columns.
fn read_sheets(sheets: &[Sheet], remarks: &mut Vec<ImportRemark>) -> Result<Content, Problems> {
    // The file of the directory has a sheet that describes its columns by name: the right one is looked for later.
    if sheets.iter().any(is_directory) {
        return read_directory(sheets, remarks).map(Content::Directory);
    }
    for sheet in sheets {
        // A grid first: that of 2011 has districts and positions as other tables have them.
        if is_grid(sheet) {
            return read_grid(sheet, remarks).map(Content::Grid);
        }
        if has_columns(sheet, &POSITION_COLUMNS) {
            return read_positions(sheet).map(Content::KnownSites);
        }
        // Municipalities have districts and names, too.
        if has_columns(sheet, &AGE_COLUMNS) && has_column_beginning(sheet, "age") {
            return read_ages(sheet).map(Content::Ages);
        }
        if has_columns(sheet, &MUNICIPALITY_COLUMNS) {
            return read_municipalities(sheet).map(Content::Municipalities);
        }
    }
    Ok(Content::Other)
}

/// Whether the name of a column in the first row begins so.
fn has_column_beginning(sheet: &Sheet, beginning: &str) -> bool {
    let Some(header) = sheet.rows.first() else { return false };
    header.cells.iter().any(|cell| cell.trim().to_lowercase().starts_with(beginning))
}
