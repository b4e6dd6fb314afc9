//! What the flags name: the network, the day, the region.

use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use indicatif::{ProgressBar, ProgressStyle};
use verbund::Region;
use verbund::model::{Date, Folder, HospitalId, Model, Pathway, Problem, ProblemKind, closest};
use verbund::names::{self, NameError};
use verbund::region::PlaceId;
use verbund::routing::Need;

use super::terminal::{has_moving_lines, remark};
use super::{Common, output};

/// Names of the networks that come with the program.
const BUILT_IN: [&str; 2] = ["leipzig", "small"];
/// What stands before such a name where a folder of that name is not meant.
const PREFIX: &str = "builtin:";

/// The folder that `--network` names: one on disk, or one that comes with the program. No file of it is among
/// those that the run writes.
pub(super) fn folder(common: &Common) -> anyhow::Result<Folder> {
    let Some(path) = &common.network else { return Ok(Folder::leipzig()) };
    let name = path.to_str().unwrap_or_default();
    if path.is_dir() {
        if BUILT_IN.contains(&name) {
            remark(&format!(
                "--network {name}: the folder ./{name} is meant; say {PREFIX}{name} for the one that comes with the program"
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
    let built_in = name.strip_prefix(PREFIX).unwrap_or(name);
    if let Some(folder) = Folder::embedded(built_in) {
        return Ok(folder);
    }
    let shown = path.display();
    if path.exists() {
        bail!("--network {shown}: a folder is needed, but this is a file");
    }
    bail!("--network {shown}: there is no such folder{}", hint(built_in, BUILT_IN));
}

/// The flag that lets files name others outside of their folder, where one was refused.
pub(super) fn way_outside(problems: &[Problem]) -> &'static str {
    let is_refused = problems.iter().any(|problem| problem.kind == ProblemKind::Outside);
    if is_refused { "\nwhoever trusts these files reads them with --allow-outside" } else { "" }
}

/// The closest of the keys as a question, or nothing when none is close.
pub(super) fn hint<'k>(typed: &str, keys: impl IntoIterator<Item = &'k str>) -> String {
    closest(typed, keys).map_or_else(String::new, |near| format!("; did you mean \"{near}\"?"))
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

/// The same on the day that `choose` gives, where the flags name none and it gives one.
pub(super) fn region_on(
    common: &Common,
    choose: impl FnOnce(&Model) -> Option<Date>,
) -> anyhow::Result<(Model, Region)> {
    let folder = folder(common)?;
    // The flag is checked before anything is read.
    if let Some(text) = &common.as_of {
        text.parse::<Date>().with_context(|| format!("--as-of {text}"))?;
    }
    let waiting = waiting("reading the network");
    let model = folder.read().map_err(|problems| {
        let way_out = way_outside(problems.list());
        anyhow!("the network \"{}\" has problems\n{problems}{way_out}", common.network_name())
    })?;
    waiting.set_message("measuring journeys");
    let chosen = if common.as_of.is_none() { choose(&model) } else { None };
    let day = chosen.map_or_else(|| day(common, &model), Ok)?;
    let region = Region::new(&model, day)?;
    waiting.finish_and_clear();
    Ok((model, region))
}

/// The hospital that a typed name means; one that is there on other days only is named as such.
pub(super) fn hospital(model: &Model, region: &Region, name: &str) -> anyhow::Result<HospitalId> {
    region.find_hospital(name).map_err(|error| {
        let all = model.network.hospitals();
        let pairs = all.iter().map(|one| (one.key.as_str(), one.name.as_str()));
        let Ok(index) = names::find("hospital", name, pairs) else {
            return with_list(&error, "hospitals");
        };
        let date =
            |date: Option<Date>| date.map_or_else(|| "–".to_owned(), |date| date.to_string());
        let (found, day) = (&all[index], region.network().date());
        let (opened, closed) = (date(found.opened), date(found.closed));
        anyhow!(
            "{} is not there on {day} (opened {opened}, closed {closed}); say --as-of",
            found.name
        )
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
    let all = &region.network().catalog().pathways;
    let english = all.iter().map(|one| (one.key.as_str(), one.name.as_str()));
    let german = all.iter().map(|one| (one.key.as_str(), one.name_de.as_str()));
    let found = names::find("pathway", name, english).or_else(|error| {
        names::find("pathway", name, german).map_err(|_| with_list(&error, "pathways"))
    });
    Ok(&all[found?])
}

/// An error about a name, with the command that lists the names that there are.
fn with_list(error: &NameError, list: &str) -> anyhow::Error {
    anyhow!("{error}\n`verbund info --list {list}` shows all of them")
}

/// A moving line on standard error, when that is a terminal.
pub(super) fn waiting(message: &'static str) -> ProgressBar {
    if !has_moving_lines() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner().with_message(message);
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
    let template = format!("{{bar:30}} {{pos}} of {{len}} {things} ({{elapsed}}, {{eta}} left)");
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
            drop(bar);
            std::thread::sleep(every);
        }
    };
    let _ = std::thread::Builder::new().name("progress".to_owned()).spawn(moving);
}
