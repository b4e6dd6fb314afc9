//! `verbund roads`, and `--roads` of every analysis.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Subcommand;
use verbund::Region;
use verbund::model::Model;
use verbund::report;
use verbund::roads::{Driving, RoadFileError, RoadMap, RoadProfile, RoadSide, RoadTravel};
use verbund::said;
use verbund::travel::Stop;
use verbund::units::Metres;
use verbund::words::grouped;

use super::faults::fault;
use super::language::message;
use super::terminal::remark;
use super::{Common, Ending, input, output};

/// Stops that are farther from any road are told.
const FAR: Metres = Metres(1_000);
/// So many of them by name.
const NAMED: usize = 3;

/// What is done with roads.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a road graph of an extract of OpenStreetMap, for --roads; --output names its file
    ///
    /// The extract (.osm.pbf, .osm or .osm.gz; download.geofabrik.de has one of every state) is known by its content.
    /// What was kept and left out is printed. After `verbund roads import sachsen-latest.osm.pbf --output saxony.roads`
    /// every analysis takes `--roads saxony.roads`.
    #[cfg(feature = "osm")]
    #[command(override_usage = "verbund roads import [OPTIONS] <FILE> --output <GRAPH>")]
    Import {
        /// The extract
        file: PathBuf,
        /// Most points of roads that are read; each takes some 60 bytes of memory meanwhile
        #[arg(long, value_name = "COUNT", default_value_t = 50_000_000)]
        most_points: u32,
    },
    /// Show what a road graph or an extract holds, and what was left out of it
    Info {
        /// The road graph, or the extract
        file: PathBuf,
    },
}

impl Command {
    /// Whether it gives tables.
    pub(super) fn has_tables(&self) -> bool {
        matches!(self, Self::Info { .. })
    }
}

pub(super) fn run(common: &Common, command: &Command) -> anyhow::Result<Ending> {
    let of_analyses = [
        ("--roads", common.roads.is_some()),
        ("--profile", common.profile != RoadProfile::Free),
        ("--ambulance-factor", common.ambulance_factor != 1.0),
        ("--drive-on", common.drive_on != RoadSide::Right),
    ];
    for (flag, is_given) in of_analyses {
        if is_given {
            bail!(fault!(
                "{flag} is of analyses and would change nothing here: this command takes its file without a flag",
                flag
            ));
        }
    }
    match command {
        #[cfg(feature = "osm")]
        Command::Import { file, most_points } => import(common, file, *most_points),
        Command::Info { file } => {
            output::check(common)?;
            output::print(common, &report::roads(&read(file)?))?;
            Ok(Ending::Done)
        }
    }
}

#[cfg(feature = "osm")]
fn import(common: &Common, file: &Path, most_points: u32) -> anyhow::Result<Ending> {
    use verbund::roads::ImportRoads;

    let Some(target) = common.output.as_deref() else {
        bail!(fault!("--output is missing: the file of the road graph, such as saxony.roads"));
    };
    output::check_file("--output", target)?;
    output::refuse_input(file)?;
    let map = import_extract(file, &ImportRoads::default().most_points(most_points))?;
    let waiting = input::waiting("writing the road graph");
    map.write(target).with_context(|| format!("--output {}", target.display()))?;
    waiting.finish_and_clear();
    output::print_to_screen(common, &report::roads(&map))?;
    if common.format == super::Format::Table {
        let target = target.display();
        remark(&format!("next: verbund report --network FOLDER --roads {target}"));
    }
    Ok(Ending::Done)
}

/// The roads of an extract. Nothing is written meanwhile, so that a signal ends the program at once.
#[cfg(feature = "osm")]
fn import_extract(file: &Path, settings: &verbund::roads::ImportRoads) -> anyhow::Result<RoadMap> {
    use verbund::run::Control;

    const STEPS: [&str; 4] = [
        "reading points",
        "cutting roads at junctions",
        "joining pieces",
        "putting roads in order",
    ];
    let waiting = input::waiting("reading ways");
    let progress = |done: u64| {
        if let Some(step) = (done as usize).checked_sub(1).and_then(|step| STEPS.get(step)) {
            waiting.set_message(*step);
        }
    };
    let control = Control::default().progress(&progress);
    let map = RoadMap::import(file, settings, &control).with_context(|| shown(file))?;
    waiting.finish_and_clear();
    map.context("the import was stopped")
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}

/// The roads of a file: a road graph, or an extract.
fn read(file: &Path) -> anyhow::Result<RoadMap> {
    output::refuse_input(file)?;
    let waiting = input::waiting("reading roads");
    let map = RoadMap::read(file);
    waiting.finish_and_clear();
    match map {
        #[cfg(feature = "osm")]
        // No graph that was made before, so it may be an extract: both are taken under one flag.
        Err(RoadFileError::NoOsm) => import_extract(file, &verbund::roads::ImportRoads::default()),
        map => map.with_context(|| shown(file)),
    }
}

/// The travel model of `--roads`; `None` without the flag.
pub(super) fn travel(common: &Common) -> anyhow::Result<Option<Arc<RoadTravel>>> {
    // Flags that say how roads are driven would change nothing without roads: that is a mistake and no choice.
    let Some(file) = &common.roads else {
        if common.profile != RoadProfile::Free {
            bail!(fault!("--profile is of roads: it needs --roads FILE"));
        }
        if common.ambulance_factor != 1.0 {
            bail!(fault!("--ambulance-factor is of roads: it needs --roads FILE"));
        }
        if common.drive_on != RoadSide::Right {
            bail!(fault!("--drive-on is of roads: it needs --roads FILE"));
        }
        return Ok(None);
    };
    let [least, largest] = Driving::AMBULANCE_FACTORS;
    let factor = common.ambulance_factor;
    if !(least..=largest).contains(&factor) {
        bail!(fault!(
            "--ambulance-factor {factor}: expected {least} to {largest}",
            factor,
            least,
            largest
        ));
    }
    let map = read(file).with_context(|| "--roads".to_owned())?;
    let driving = Driving::at(common.profile).ambulance_factor(factor).side(common.drive_on);
    let travel = RoadTravel::at(Arc::new(map), driving).with_context(|| shown(file))?;
    Ok(Some(Arc::new(travel)))
}

/// Says that roads were left out on which somebody who is told to be far from any may live.
pub(super) fn tell_islands(file: &str, travel: &RoadTravel) {
    let counts = travel.map().counts();
    if counts.cut_off_pieces > 0 {
        let pieces = match counts.cut_off_pieces {
            1 => said!("1 piece of road"),
            count => said!("{count} pieces of road", count = grouped(count)),
        };
        let metres = Metres(u32::try_from(counts.cut_off_metres).unwrap_or(u32::MAX));
        remark(&message!(
            "--roads {file}: left out of it for not leading to the other roads and back, as those of islands do not: {pieces} ({metres})",
            file,
            pieces,
            metres
        ));
    }
}

/// Says which places and hospitals are far from the roads.
///
/// # Errors
///
/// When all of them are: then the roads are of somewhere else.
pub(super) fn tell_far(
    common: &Common,
    model: &Model,
    region: &Region,
    travel: &RoadTravel,
) -> anyhow::Result<()> {
    let mut stops = Vec::new();
    for place in &model.places.places {
        stops.push(Stop::new(&place.key, place.position));
    }
    for hospital in region.network().hospitals() {
        stops.push(Stop::new(&hospital.key, hospital.position));
    }
    let far = travel.far_stops(&stops, FAR);
    if far.is_empty() {
        return Ok(());
    }

    let limit = RoadTravel::FARTHEST;
    let mut unreached = 0;
    for stop in &far {
        if stop.distance > limit {
            unreached += 1;
        }
    }
    let file = common.roads.as_deref().map(shown).unwrap_or_default();
    if unreached == stops.len() {
        bail!(fault!(
            "--roads {file}: its roads are somewhere else: no place and no hospital of the network lies within {limit} of them",
            file,
            limit
        ));
    }
    let mut names = Vec::new();
    for stop in far.iter().take(NAMED) {
        names.push(format!("{} {}", stop.key, stop.distance));
    }
    let mut names = names.join(", ");
    if far.len() > NAMED {
        names.push_str(" ...");
    }
    let (count, stops) = (far.len(), stops.len());
    remark(&message!(
        "--roads {file}: {count} of {stops} places and hospitals lie more than {limit} from any of its roads: {names}",
        file,
        count,
        stops,
        limit = FAR,
        names
    ));
    if unreached > 0 {
        remark(&message!(
            "--roads {file}: {count} of them lie more than {limit} from any road, and have no way",
            file,
            count = unreached,
            limit
        ));
    }
    tell_islands(&file, travel);
    Ok(())
}
