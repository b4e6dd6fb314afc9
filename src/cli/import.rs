//! `verbund import`: networks from official files.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use verbund::import::{
    Districts, ImportFiles, ImportPart, ImportSettings, RecognisedFile, WrittenFolder,
    imported_sites,
};
use verbund::report;
use verbund::run::Control;
use verbund::said;
use verbund::units::Seconds;

use super::faults::fault;
use super::language::message;
use super::{Common, Ending, input, interrupt, output};

/// What of a network is imported.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Hospitals and people of districts from the files of a folder, each recognised by its content
    ///
    /// Recognised are the directory of hospitals (Krankenhausverzeichnis, XLSX or CSV), quality reports and the
    /// register of sites (XML), tables of positions, municipalities with their people, and ages by district.
    Region(RegionArguments),
    /// Hospitals only, into a folder that has or gets its people otherwise
    Hospitals(HospitalArguments),
    /// People only: municipalities of districts, with ages
    People(PeopleArguments),
}

/// What all imports have in common.
#[derive(Debug, Args)]
pub(super) struct Area {
    /// Keys of the districts (Kreise), five digits each, separated by commas: 14625,14626; or `all`
    #[arg(long, value_name = "KEYS", required = true, value_delimiter = ',')]
    districts: Vec<String>,
    /// Name of the network [default: the names of its districts]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

/// What imports of hospitals have in common.
#[derive(Debug, Args)]
pub(super) struct Surroundings {
    /// Take hospitals outside of the districts, too, that their people reach in so long by the travel model of the
    /// network, and the people around who reach the districts in so long, as places outside; `0m` for none
    #[arg(long, value_name = "TIME", default_value = "60m")]
    neighbours: Seconds,
    /// Take sites without beds as day clinics; otherwise they are left out, and told
    #[arg(long)]
    day_clinics: bool,
}

#[derive(Debug, Args)]
pub(super) struct RegionArguments {
    #[command(flatten)]
    area: Area,
    #[command(flatten)]
    surroundings: Surroundings,
    /// Folders and files to read
    #[arg(long, value_name = "FOLDER", required = true, num_args = 1..)]
    from: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct HospitalArguments {
    #[command(flatten)]
    area: Area,
    #[command(flatten)]
    surroundings: Surroundings,
    /// The directory of hospitals (Krankenhausverzeichnis), XLSX or CSV
    #[arg(long, value_name = "FILE")]
    directory: PathBuf,
    /// Folder of quality reports, XML of the G-BA
    #[arg(long, value_name = "FOLDER")]
    reports: Option<PathBuf>,
    /// The register of sites (Standortverzeichnis), XML
    #[arg(long, value_name = "FILE")]
    sites: Option<PathBuf>,
    /// Table of positions of sites
    #[arg(long, value_name = "FILE")]
    positions: Option<PathBuf>,
    /// Municipalities: their centres stand for sites without a position, and neighbours are measured from them
    #[arg(long, value_name = "FILE")]
    municipalities: Option<PathBuf>,
    /// Ages by district, for the names of districts
    #[arg(long, value_name = "FILE")]
    ages: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct PeopleArguments {
    #[command(flatten)]
    area: Area,
    /// Municipalities with their people
    #[arg(long, value_name = "FILE")]
    municipalities: PathBuf,
    /// Ages by district; without them, ages are those of Germany
    #[arg(long, value_name = "FILE")]
    ages: Option<PathBuf>,
    /// Census grid: its cells are the places, and the municipalities say in which district each lies
    #[arg(long, value_name = "FILE")]
    grid: Option<PathBuf>,
    /// Take the people around, too, who reach the districts in so long by the travel model of the network, as places
    /// outside; `0m` for none
    #[arg(long, value_name = "TIME", default_value = "60m")]
    neighbours: Seconds,
}

/// A file or folder that a flag names, with what it must be; `None` for whatever is recognised.
struct Named<'a> {
    flag: &'static str,
    path: &'a Path,
    what: Option<&'static str>,
}

impl<'a> Named<'a> {
    fn of(flag: &'static str, path: &'a Path, what: &'static str) -> Self {
        Self { flag, path, what: Some(what) }
    }

    /// Whether one of the files is what the flag asks for; else what it is instead.
    fn check(&self, files: &ImportFiles) -> anyhow::Result<()> {
        let Some(what) = self.what else { return Ok(()) };
        let is_named = |file: &&RecognisedFile| Path::new(&file.file).starts_with(self.path);
        let mut others = Vec::new();
        for file in files.files.iter().filter(is_named) {
            match file.what {
                Some(seen) if seen == what => return Ok(()),
                seen => others.extend(seen),
            }
        }
        others.sort_unstable();
        others.dedup();
        let instead =
            if others.is_empty() { said!("nothing that is read") } else { others.join(", ") };
        bail!(fault!(
            "{flag} {path}: expected {what}; found {instead}",
            flag = self.flag,
            path = self.path.display(),
            what,
            instead
        ))
    }
}

pub(super) fn run(common: &Common, command: &Command) -> anyhow::Result<Ending> {
    match command {
        Command::Region(arguments) => {
            let settings = hospitals(&arguments.area, &arguments.surroundings, ImportPart::All);
            let mut named = Vec::new();
            for path in &arguments.from {
                named.push(Named { flag: "--from", path, what: None });
            }
            import(common, &named, settings)
        }
        Command::Hospitals(arguments) => {
            let part = ImportPart::Hospitals;
            let settings = hospitals(&arguments.area, &arguments.surroundings, part);
            import(common, &arguments.named(), settings)
        }
        Command::People(arguments) => {
            let settings = ImportSettings {
                part: ImportPart::People,
                grid: arguments.grid.is_some(),
                neighbours: some_time(arguments.neighbours),
                name: arguments.area.name.clone(),
                ..ImportSettings::of(districts(&arguments.area))
            };
            import(common, &arguments.named(), settings)
        }
    }
}

impl HospitalArguments {
    /// The files that the flags name.
    fn named(&self) -> Vec<Named<'_>> {
        let mut named = vec![Named::of("--directory", &self.directory, "directory of hospitals")];
        let optional = [
            ("--reports", &self.reports, "quality report"),
            ("--sites", &self.sites, "register of sites"),
            ("--positions", &self.positions, "positions of sites"),
            ("--municipalities", &self.municipalities, "municipalities"),
            ("--ages", &self.ages, "ages by district"),
        ];
        for (flag, path, what) in optional {
            named.extend(path.as_ref().map(|path| Named::of(flag, path, what)));
        }
        named
    }
}

impl PeopleArguments {
    /// The files that the flags name.
    fn named(&self) -> Vec<Named<'_>> {
        let mut named = vec![Named::of("--municipalities", &self.municipalities, "municipalities")];
        let optional =
            [("--ages", &self.ages, "ages by district"), ("--grid", &self.grid, "census grid")];
        for (flag, path, what) in optional {
            named.extend(path.as_ref().map(|path| Named::of(flag, path, what)));
        }
        named
    }
}

/// `0m` asks for no neighbours at all.
fn some_time(limit: Seconds) -> Option<Seconds> {
    if limit > Seconds(0) { Some(limit) } else { None }
}

fn districts(area: &Area) -> Districts {
    if area.districts == ["all"] {
        return Districts::All;
    }
    let mut keys: Vec<String> = area.districts.iter().map(|key| key.trim().to_owned()).collect();
    // Lists are pasted with blanks, and with a comma at their end.
    keys.retain(|key| !key.is_empty());
    Districts::Some(keys)
}

fn hospitals(area: &Area, surroundings: &Surroundings, part: ImportPart) -> ImportSettings {
    let neighbours = some_time(surroundings.neighbours);
    ImportSettings {
        part,
        neighbours,
        day_clinics: surroundings.day_clinics,
        name: area.name.clone(),
        ..ImportSettings::of(districts(area))
    }
}

/// The folder that `--output` names.
fn folder(common: &Common) -> anyhow::Result<&Path> {
    let Some(folder) = common.output.as_deref() else {
        bail!(fault!("--output is missing: the folder of the network, such as networks/my-region"));
    };
    let beside = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    // Said now, before minutes of reading, and not when the folder is made at the end.
    if let Some(beside) = beside.filter(|beside| !beside.is_dir()) {
        bail!(fault!(
            "--output {folder}: there is no folder {beside}",
            folder = folder.display(),
            beside = beside.display()
        ));
    }
    if common.network.is_some() {
        bail!(fault!(
            "--network is of no use here: --output names the folder that is made or updated"
        ));
    }
    Ok(folder)
}

fn import(
    common: &Common,
    named: &[Named<'_>],
    settings: ImportSettings,
) -> anyhow::Result<Ending> {
    let folder = folder(common)?;
    let of_folder = || format!("--output {}", folder.display());
    let as_of =
        common.as_of.as_ref().map(|text| text.parse().with_context(|| format!("--as-of {text}")));
    // What somebody edited since the last import is known by it, and stays.
    let earlier = imported_sites(folder).with_context(of_folder)?;
    let settings = ImportSettings { as_of: as_of.transpose()?, earlier, ..settings };

    let waiting = input::waiting("reading official files");
    let paths: Vec<PathBuf> = named.iter().map(|named| named.path.to_owned()).collect();
    let count = ImportFiles::count_files(&paths) as u64;
    // While files are only read there is nothing to keep, so a signal ends the program at once.
    let reading = |done: u64| {
        if done < count {
            waiting.set_message(said!("reading official files, {done} of {count}", done, count));
        }
    };
    let files = ImportFiles::read(&paths, &Control::default().progress(&reading))
        .map_err(|problems| fault!("the files have problems\n{problems}", problems))?;
    // Before a network is made of what is left: without the file that was meant it would look whole.
    named.iter().try_for_each(|named| named.check(&files))?;
    waiting.set_message(said!("making the network"));
    let made = files
        .assemble(&settings)
        .map_err(|problems| fault!("the network cannot be made\n{problems}", problems))?;
    waiting.set_message(said!("writing the folder"));
    let stop = interrupt::stop("the folder is written to its end");
    // Once the files are ready: from there on half of them would be new.
    let ready = |_| interrupt::keep();
    let control = Control::default().stop(stop).progress(&ready);
    let written = made.write(folder, &control).with_context(of_folder)?;
    waiting.finish_and_clear();
    interrupt::end_at_once();

    let document = report::import(&files, &made, &written);
    output::print_to_screen(common, &document)?;
    next_step(common, &written);
    Ok(Ending::Done)
}

/// What to type next.
fn next_step(common: &Common, written: &WrittenFolder) {
    if common.format == super::Format::Table {
        let folder = written.folder.display();
        let is_there = |table: &str| written.folder.join(table).is_file();
        let next = match (is_there("hospitals.csv"), is_there("places.csv")) {
            (true, false) => {
                said!("verbund import people --output {folder} ..., the other half", folder)
            }
            (false, true) => {
                said!("verbund import hospitals --output {folder} ..., the other half", folder)
            }
            _ => format!("verbund report --network {folder}"),
        };
        super::terminal::remark(&message!("next: {next}", next));
    }
}
