//! `verbund page`

use anyhow::bail;
use clap::Args;
use verbund::Region;
use verbund::comparison::Plan;
use verbund::files::Folder;
use verbund::model::Areas;
use verbund::overview::Overview;
use verbund::page::{self, PageChange, PageSettings};
use verbund::report::render::Format;
use verbund::said;

use super::after::{Networks, ScenarioOptions, all_faults};
use super::language::message;
use super::page_pictures::PictureOptions;
use super::terminal::{self, remark};
use super::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Title of the page [default: the network's name]
    #[arg(long)]
    title: Option<String>,
    /// Show the page in a browser instead of writing a file, until Ctrl-C. It is served to this computer alone; where a
    /// network is too large for the what-if of a file, the program answers it
    #[cfg(feature = "serve")]
    #[arg(long)]
    open: bool,
    /// With --open: the port of the page [default: one that is free]
    #[cfg(feature = "serve")]
    #[arg(long, requires = "open", value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    #[command(flatten)]
    pictures: PictureOptions,
    #[command(flatten)]
    after: ScenarioOptions,
}

impl Arguments {
    /// Whether the page is shown in a browser instead of being written.
    fn is_served(&self) -> bool {
        #[cfg(feature = "serve")]
        return self.open;
        #[cfg(not(feature = "serve"))]
        return false;
    }
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    if common.format != Format::Table {
        bail!(
            "{}",
            message!("--format: a page is HTML; verbund report has tables in other formats")
        );
    }
    let is_served = arguments.is_served();
    if is_served && common.output.is_some() {
        bail!("{}", message!("--open shows the page, --output writes it: take one of them"));
    }
    if common.output.is_none() && !is_served && terminal::is_screen() {
        bail!("{}", message!("a page is a file for a browser: say --output region.html"));
    }
    // Borders first: they are read in a moment, and a fault in them would end the run after seconds.
    let folder = input::folder(common)?;
    let areas = areas(&folder)?;
    let networks = arguments.after.read(common)?;
    let (region, change) = after_change(&networks)?;
    let settings = super::settings::of_folder(common, &networks, &arguments.after.scenario)?;
    let overview = Overview::with_settings(&networks.model, &region, &settings)?;

    let mut settings = PageSettings::default().command(command_line());
    settings.title.clone_from(&arguments.title);
    settings.change = change;
    // What scenarios and tables do to journeys, the page finds out itself.
    settings.travel = Some(networks.model.travel.clone());
    settings.is_served = is_served;
    let settings = arguments.pictures.add(settings, &region)?;
    let page = page::render(&overview, areas.as_ref(), &settings);
    for sentence in &page.left_out {
        remark(sentence);
    }
    #[cfg(feature = "serve")]
    if is_served {
        drop(overview);
        let base = super::compare::base(&region)?;
        super::serve::serve(page, arguments.port, |scenario| {
            super::compare::as_json(&base, &region, scenario).map_err(|error| format!("{error:#}"))
        })?;
        return Ok(Ending::Done);
    }
    output::write_file(common, &page.html)?;
    Ok(Ending::Done)
}

/// The region of the page, and what made it of the network as it is.
fn after_change(networks: &Networks) -> anyhow::Result<(Region, Option<PageChange>)> {
    let before = &networks.region;
    let plan = Plan::of(before, &networks.scenarios, networks.grouping, networks.on);
    let plan = plan.map_err(all_faults)?;
    let [planned] = &plan.changes[..] else {
        if plan.changes.is_empty() {
            return Ok((before.clone(), None));
        }
        bail!("{}", message!("a page shows one change: take one --scenario, or --together"));
    };
    let mut names = Vec::with_capacity(planned.scenarios.len());
    for scenario in &planned.scenarios {
        names.push(scenario.name.as_str());
    }
    let change = PageChange::between(names.join(", "), before, &planned.after)?;
    if let Some(day) = &networks.remark {
        remark(day);
    }
    Ok((planned.after.clone(), Some(change)))
}

/// The borders of the network's places; none where it has none.
fn areas(folder: &Folder) -> anyhow::Result<Option<Areas>> {
    match folder.areas() {
        Ok(areas) => Ok(areas),
        Err(problems) => {
            let way_out = input::way_outside(problems.list());
            let told = said!("the borders of the network have problems");
            bail!("{told}\n{problems}{way_out}")
        }
    }
}

/// The command line without the file that it writes: where that lies on somebody's computer helps nobody else.
fn command_line() -> String {
    let mut words = vec!["verbund".to_owned()];
    let mut arguments = std::env::args_os().skip(1);
    while let Some(word) = arguments.next() {
        let word = word.to_string_lossy().into_owned();
        if word == "--output" {
            arguments.next();
        } else if !word.starts_with("--output=") {
            words.push(if word.contains(char::is_whitespace) { format!("{word:?}") } else { word });
        }
    }
    words.join(" ")
}
