//! What the flags name: the network, the day, the region.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use verbund::Region;
use verbund::calendar::{Date, Moment};
use verbund::files::Folder;
use verbund::model::{Catalog, HospitalId, Model, Pathway, Standard};
use verbund::names::{self, Entry, NameError};
use verbund::problem::{Problem, ProblemKind, closest};
use verbund::region::PlaceId;
use verbund::routing::Need;
use verbund::said;
use verbund::simulation::Figure;
use verbund::travel::TravelModel;
use verbund::words;

use super::faults::Faults;
use super::faults::fault;
use super::language::message;
use super::roads;
use super::terminal::{has_moving_lines, remark};
use super::{Common, output};

/// A number of a flag that does not take hundreds of digits to print. What is no number at all (NaN, inf) is told by
/// the command, together with its other faults.
pub(super) fn number(text: &str) -> Result<f64, String> {
    const LEAST: f64 = 1e-9;
    const MOST: f64 = 1e15;
    let number: f64 = text.parse().map_err(|_| "expected a number, such as 0.5".to_owned())?;
    let size = number.abs();
    if !size.is_finite() {
        return Ok(number);
    }
    if size == 0.0 {
        // Without the sign of a zero.
        return Ok(0.0);
    }
    if (LEAST..=MOST).contains(&size) {
        return Ok(number);
    }
    Err(said!(
        "expected 0, or a number from {least} to {most}",
        least = format!("{:e}", LEAST),
        most = format!("{:e}", MOST)
    ))
}

/// Names of the networks that come with the program.
pub(super) const BUILT_IN: [&str; 2] = ["leipzig", "small"];
/// The network of all hospitals of Germany, by its name and where it lies in a checkout.
const GERMANY: &str = "germany";
const GERMANY_FOLDER: &str = "networks/germany";
/// What stands before such a name where a folder of that name is not meant.
const PREFIX: &str = "builtin:";

/// The folder that `--network` names: one on disk, or one that comes with the program. No file of it is among
/// those that the run writes.
pub(super) fn folder(common: &Common) -> anyhow::Result<Folder> {
    let Some(path) = &common.network else { return Ok(Folder::leipzig()) };
    // A path that is no Unicode is none of the names that come with the program.
    let name = path.to_str().unwrap_or_default();
    if path.is_dir() {
        if BUILT_IN.contains(&name) {
            remark(&message!(
                "--network {name}: the folder ./{name} is meant; say {prefix}{name} for the one that comes with the program",
                name,
                prefix = PREFIX
            ));
        }
        let folder = Folder::open(path);
        let folder = if common.allow_outside { folder.allow_outside() } else { folder };
        // What is made anew was not read.
        if output::replaces_any() {
            folder.files().iter().try_for_each(|file| output::refuse_input(file))?;
        }
        return Ok(folder);
    }
    // Too large to come with the program: from a checkout it is found by its name.
    if name == GERMANY && Path::new(GERMANY_FOLDER).is_dir() {
        return Ok(Folder::open(GERMANY_FOLDER));
    }
    if name == GERMANY {
        bail!(fault!(
            "--network {germany}: there is no folder {germany_folder} here; it comes with the source code of \
             verbund, not with the program",
            germany = GERMANY,
            germany_folder = GERMANY_FOLDER
        ));
    }
    let built_in = name.strip_prefix(PREFIX).unwrap_or(name);
    if let Some(folder) = Folder::embedded(built_in) {
        return Ok(folder);
    }
    let shown = path.display();
    if path.exists() {
        bail!(fault!("--network {shown}: a folder is needed, but this is a file", shown));
    }
    bail!(fault!(
        "--network {shown}: there is no such folder{hint}",
        shown,
        hint = hint(built_in, BUILT_IN)
    ));
}

/// The flag that lets files name others outside of their folder, where one was refused.
pub(super) fn way_outside(problems: &[Problem]) -> String {
    let is_refused = problems.iter().any(|problem| problem.kind == ProblemKind::Outside);
    if is_refused {
        said!("\nwhoever trusts these files reads them with --allow-outside")
    } else {
        String::new()
    }
}

/// The closest of the keys as a question, or nothing when none is close.
pub(super) fn hint<'k>(typed: &str, keys: impl IntoIterator<Item = &'k str>) -> String {
    closest(typed, keys).map_or_else(String::new, |near| said!("; did you mean \"{near}\"?", near))
}

/// The day that `--as-of` names, or the day of the file.
pub(super) fn day(common: &Common, model: &Model) -> anyhow::Result<Date> {
    match &common.as_of {
        None => Ok(model.network.date()),
        Some(text) => text.parse().with_context(|| format!("--as-of {text}")),
    }
}

/// Reads the network and builds its region; a line on the terminal says so when it takes long.
pub(super) fn region(common: &Common) -> anyhow::Result<(Model, Region)> {
    region_on(common, |_| None)
}

/// Reads the network alone.
pub(super) fn model(common: &Common) -> anyhow::Result<Model> {
    let folder = folder(common)?;
    // The flag is checked before anything is read.
    if let Some(text) = &common.as_of {
        text.parse::<Date>().with_context(|| format!("--as-of {text}"))?;
    }
    folder.read().map_err(|problems| {
        let way_out = way_outside(problems.list());
        fault!(
            "the network \"{network_name}\" has problems\n{problems}{way_out}",
            network_name = common.network_name(),
            problems,
            way_out
        )
    })
}

/// Reads the network and builds its region on the day that `choose` gives, where the flags name none and it gives one.
pub(super) fn region_on(
    common: &Common,
    choose: impl FnOnce(&Model) -> Option<Date>,
) -> anyhow::Result<(Model, Region)> {
    let roads = roads::travel(common)?;
    let waiting = waiting("reading the network");
    let model = model(common)?;
    waiting.set_message(said!("measuring journeys"));
    // A day that somebody named holds, whatever the scenarios would need.
    let chosen = if common.as_of.is_none() { choose(&model) } else { None };
    let day = chosen.map_or_else(|| day(common, &model), Ok)?;
    let region = match &roads {
        None => Region::new(&model, day)?,
        Some(roads) => {
            // The same roads serve every region that is made of this one.
            let travel: Arc<dyn TravelModel> = roads.clone();
            Region::with_travel(&model, day, travel, Region::CUTOFF)?
        }
    };
    waiting.finish_and_clear();
    if let Some(travel) = &roads {
        roads::tell_far(common, &model, &region, travel)?;
    }
    Ok((model, region))
}

/// The region as it is at a moment; over the whole week without one.
pub(super) fn in_hour(region: Region, at: Option<Moment>) -> Region {
    match at {
        Some(moment) => region.in_hour(moment.hour),
        None => region,
    }
}

/// The hospital that a typed name means; one that is there on other days only is named as such.
pub(super) fn hospital(model: &Model, region: &Region, name: &str) -> anyhow::Result<HospitalId> {
    // Of all days first: the key of a closed hospital must not mean another one that starts so.
    let hospitals = model.network.hospitals();
    if let Ok(index) = names::pick_from("hospital", name, hospitals) {
        let meant = &hospitals[index];
        if region.network().find(&meant.key).is_none() {
            // By its own dates it is there: what takes it away is a change.
            if meant.as_of(region.network().date()).is_some() {
                bail!(fault!(
                    "{name} ({meant}) is not there after the change",
                    name = meant.name,
                    meant = meant.key
                ));
            }
            let date =
                |date: Option<Date>| date.map_or_else(|| "–".to_owned(), |date| date.to_string());
            let (opened, closed) = (date(meant.opened), date(meant.closed));
            let day = region.network().date();
            bail!(fault!(
                "{name} is not there on {day} (opened {opened}, closed {closed}); say --as-of",
                name = meant.name,
                day,
                opened,
                closed
            ));
        }
    }
    region.find_hospital(name).map_err(|error| with_list(&error, "hospitals"))
}

/// The hospital that a typed name means, where one is typed; a fault is noted.
pub(super) fn maybe_hospital(
    model: &Model,
    region: &Region,
    name: Option<&String>,
    faults: &mut Faults,
) -> Option<HospitalId> {
    faults.note(hospital(model, region, name?))
}

/// The position of the thing that a typed name means; where none is, an error that lists all keys.
pub(super) fn listed<'t, T>(
    what: &'static str,
    name: &str,
    things: &'t [T],
) -> anyhow::Result<usize>
where
    Entry<'t>: From<&'t T>,
{
    names::pick_from(what, name, things).map_err(|error| {
        let keys: Vec<&str> = things.iter().map(|thing| Entry::from(thing).key).collect();
        fault!("{error}\nthere are: {keys}", error, keys = keys.join(", "))
    })
}

/// The place that a typed name means.
pub(super) fn place(region: &Region, name: &str) -> anyhow::Result<PlaceId> {
    region.find_place(name).map_err(|error| with_list(&error, "places"))
}

/// What a typed name asks for.
pub(super) fn need(region: &Region, name: &str) -> anyhow::Result<Need> {
    Need::find(region.network().catalog(), name).map_err(|error| with_list(&error, "needs"))
}

/// The pathway that a typed name means: by key, English or German name.
pub(super) fn pathway<'r>(region: &'r Region, name: &str) -> anyhow::Result<&'r Pathway> {
    let pathways = &region.network().catalog().pathways;
    let index = names::pick_from("pathway", name, pathways)
        .map_err(|error| with_list(&error, "pathways"))?;
    Ok(&pathways[index])
}

/// The standards that these names mean, each once, in their order; all of them when none is named.
pub(super) fn standards(region: &Region, names: &[String]) -> anyhow::Result<Vec<Standard>> {
    let standards = &region.network().catalog().standards;
    if names.is_empty() {
        return Ok(standards.clone());
    }
    let mut chosen: Vec<Standard> = Vec::new();
    for name in names {
        let index = listed("standard", name, standards)?;
        if chosen.iter().all(|before| before.key != standards[index].key) {
            chosen.push(standards[index].clone());
        }
    }
    Ok(chosen)
}

/// The key of the specialty or tracer condition that a typed name means, one with a rate of demand.
pub(super) fn demand(region: &Region, name: &str) -> anyhow::Result<String> {
    let demand = region.demand();
    let catalog = region.network().catalog();
    let cases = demand.specialties.iter().chain(&demand.conditions);
    let keys: Vec<&str> = cases.map(|cases| cases.key.as_str()).collect();
    let index =
        names::pick("specialty or condition", name, &entries(catalog, &keys)).map_err(|error| {
            fault!("{error}\nthere are rates of demand for: {keys}", error, keys = keys.join(", "))
        })?;
    Ok(keys[index].to_owned())
}

/// The simulated figure that `--figure` names.
pub(super) fn figure(name: &str) -> anyhow::Result<Figure> {
    let keys = Figure::ALL.map(Figure::key);
    let entries = keys.map(|key| Entry::new(key, key));
    let index = names::pick("figure", name, &entries).map_err(|error| {
        fault!("--figure: {error}\nthere are: {keys}", error, keys = keys.join(", "))
    })?;
    Ok(Figure::ALL[index])
}

/// Keys of specialties and conditions with the names that the catalog gives them.
pub(super) fn entries<'k>(catalog: &'k Catalog, keys: &[&'k str]) -> Vec<Entry<'k>> {
    let mut names: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for specialty in &catalog.specialties {
        names.insert(&specialty.key, (&specialty.name, &specialty.name_de));
    }
    for condition in &catalog.demand.conditions {
        names.insert(&condition.key, (&condition.name, &condition.name_de));
    }
    let entry = |key: &&'k str| {
        let (name, name_de) = names.get(key).copied().unwrap_or((*key, *key));
        Entry::new(key, name).or(name_de).known_by_key()
    };
    keys.iter().map(entry).collect()
}

/// An error about a name, with the command that lists the names that there are.
fn with_list(error: &NameError, list: &str) -> anyhow::Error {
    fault!("{error}\n`verbund info --list {list}` shows all of them", error, list)
}

/// A moving line on standard error, when that is a terminal.
pub(super) fn waiting(message: &'static str) -> ProgressBar {
    if !has_moving_lines() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_message(words::of(message).into_owned());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    tick(&bar, Duration::from_millis(120));
    bar
}

/// A bar of so many things on standard error, when that is a terminal.
pub(super) fn bar(count: u64, things: &str) -> ProgressBar {
    if !has_moving_lines() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(count);
    // The values are names of the bar's own template.
    let template = said!(
        "{bar} {pos} of {len} {things} ({elapsed}, {eta} left)",
        bar = "{bar:30}",
        pos = "{pos}",
        len = "{len}",
        things = words::of(things),
        elapsed = "{elapsed}",
        eta = "{eta}"
    );
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    tick(&bar, Duration::from_millis(200));
    bar
}

/// Moves a line as long as it is there. Without a thread it moves with the work only.
fn tick(bar: &ProgressBar, every: Duration) {
    let weak = bar.downgrade();
    let moving = move || {
        while let Some(bar) = weak.upgrade().filter(|bar| !bar.is_finished()) {
            bar.tick();
            // Not held while it sleeps: the line ends when the command lets go of it.
            drop(bar);
            std::thread::sleep(every);
        }
    };
    let _ = std::thread::Builder::new().name("progress".to_owned()).spawn(moving);
}
