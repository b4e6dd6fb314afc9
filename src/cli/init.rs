//! `verbund init`: a folder to start from.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use verbund::files::Folder;
use verbund::names::{self, Entry};
use verbund::said;

use super::faults::fault;
use super::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder to make; it must not be there, or be empty
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Which network is copied: `small`, which can be checked by hand, or `leipzig`, a whole region
    #[arg(long, value_name = "NETWORK", default_value = "small")]
    from: String,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    if common.network.is_some() || common.output.is_some() {
        bail!(fault!(
            "--network and --output are of no use here: init takes the folder to make, and --from"
        ));
    }
    let Some(folder) = embedded(&arguments.from) else {
        let hint = input::hint(&arguments.from, input::BUILT_IN);
        bail!(fault!(
            "--from {from}: no such network comes with the program{hint}",
            from = arguments.from,
            hint
        ));
    };
    let to = arguments.folder.display();
    let files = folder.copy_to(&arguments.folder).with_context(|| format!("{to}"))?;
    output::print_lines(&said!(
        "{files} files in {to}, yours to edit: network.ron says what each value means.\n\
         Next: verbund check --network {to}, then verbund report --network {to}\n",
        files,
        to
    ))?;
    Ok(Ending::Done)
}

/// The network that comes with the program and that a typed name means.
fn embedded(name: &str) -> Option<Folder> {
    let entries = input::BUILT_IN.map(|name| Entry::new(name, name));
    // As elsewhere, a part of a name will do.
    let index = names::pick("network", name, &entries).ok()?;
    Folder::embedded(input::BUILT_IN[index])
}
