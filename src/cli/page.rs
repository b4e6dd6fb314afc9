//! `verbund page`

use anyhow::{anyhow, bail};
use clap::Args;
use verbund::files::Folder;
use verbund::model::Areas;
use verbund::overview::Overview;
use verbund::page::{self, PageSettings};
use verbund::report::render::Format;

use super::terminal::{self, remark};
use super::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Title of the page [default: the network's name]
    #[arg(long)]
    title: Option<String>,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    if common.format != Format::Table {
        bail!("--format: a page is HTML; verbund report has tables in other formats");
    }
    if common.output.is_none() && terminal::is_screen() {
        bail!("a page is a file for a browser: say --output region.html");
    }
    // Borders first: they are read in a moment, and a fault in them would end the run after seconds.
    let folder = input::folder(common)?;
    let areas = areas(&folder)?;
    let (model, region) = input::region(common)?;
    let overview = Overview::of(&model, &region)?;

    let mut settings = PageSettings::default().command(command_line());
    settings.title.clone_from(&arguments.title);
    // What scenarios and tables do to journeys, the page finds out itself.
    settings.travel = Some(model.travel.clone());
    let page = page::render(&overview, areas.as_ref(), &settings);
    for sentence in &page.left_out {
        remark(sentence);
    }
    output::write_file(common, &page.html)?;
    Ok(Ending::Done)
}

/// The borders of the network's places; none where it has none.
fn areas(folder: &Folder) -> anyhow::Result<Option<Areas>> {
    folder.areas().map_err(|problems| {
        let way_out = input::way_outside(problems.list());
        anyhow!("the borders of the network have problems\n{problems}{way_out}")
    })
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
