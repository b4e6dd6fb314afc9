//! `verbund import`: networks from official files.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand};
use verbund::import::{
    Districts, ImportFiles, ImportPart, ImportSettings, WrittenFolder, imported_sites,
};
use verbund::report;
use verbund::units::Seconds;

use super::{Common, input, interrupt, output};

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
    /// network; `0m` for none
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
}

pub(super) fn run(common: &Common, command: &Command) -> anyhow::Result<bool> {
    match command {
        Command::Region(arguments) => {
            let settings = hospitals(&arguments.area, &arguments.surroundings, ImportPart::All);
            import(common, &arguments.from, settings)
        }
        Command::Hospitals(arguments) => {
            let settings =
                hospitals(&arguments.area, &arguments.surroundings, ImportPart::Hospitals);
            let others = [
                &arguments.reports,
                &arguments.sites,
                &arguments.positions,
                &arguments.municipalities,
                &arguments.ages,
            ];
            let mut paths = vec![arguments.directory.clone()];
            paths.extend(others.into_iter().flatten().cloned());
            import(common, &paths, settings)
        }
        Command::People(arguments) => {
            let settings = ImportSettings {
                part: ImportPart::People,
                grid: arguments.grid.is_some(),
                name: arguments.area.name.clone(),
                ..ImportSettings::of(districts(&arguments.area))
            };
            let mut paths = vec![arguments.municipalities.clone()];
            paths.extend(arguments.ages.iter().chain(&arguments.grid).cloned());
            import(common, &paths, settings)
        }
    }
}

fn districts(area: &Area) -> Districts {
    if area.districts == ["all"] {
        return Districts::All;
    }
    Districts::Some(area.districts.iter().map(|key| key.trim().to_owned()).collect())
}

fn hospitals(area: &Area, surroundings: &Surroundings, part: ImportPart) -> ImportSettings {
    let neighbours = Some(surroundings.neighbours).filter(|limit| *limit > Seconds(0));
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
        bail!("--output is missing: the folder of the network, such as networks/my-region");
    };
    if common.network.is_some() {
        bail!("--network is of no use here: --output names the folder that is made or updated");
    }
    Ok(folder)
}

fn import(common: &Common, paths: &[PathBuf], settings: ImportSettings) -> anyhow::Result<bool> {
    let folder = folder(common)?;
    let of_folder = || format!("--output {}", folder.display());
    let as_of =
        common.as_of.as_ref().map(|text| text.parse().with_context(|| format!("--as-of {text}")));
    let earlier = imported_sites(folder).with_context(of_folder)?;
    let settings = ImportSettings { as_of: as_of.transpose()?, earlier, ..settings };

    let waiting = input::waiting("reading official files");
    let reading = |done: usize, all: usize| {
        if done > 0 && done < all {
            waiting.set_message(format!("reading official files, {done} of {all}"));
        }
        true
    };
    let files = ImportFiles::read(paths, &reading)
        .map_err(|problems| anyhow!("the files have problems\n{problems}"))?;
    waiting.set_message("making the network");
    let made = files
        .assemble(&settings)
        .map_err(|problems| anyhow!("the network cannot be made\n{problems}"))?;
    waiting.set_message("writing the folder");
    let stop = interrupt::stop("the folder is written to its end");
    let goes_on = || {
        // From here on half of the files would be new.
        interrupt::keep();
        !stop.load(Ordering::Relaxed)
    };
    let written = made.write(folder, &goes_on).with_context(of_folder)?;
    waiting.finish_and_clear();
    interrupt::end_at_once();

    let document = report::import(&files, &made, &written);
    output::print_to_screen(common, &document)?;
    next_step(common, &written);
    Ok(true)
}

/// What to type next.
fn next_step(common: &Common, written: &WrittenFolder) {
    if common.format == super::Format::Table {
        let folder = written.folder.display();
        super::terminal::remark(&format!("next: verbund report --network {folder}"));
    }
}
