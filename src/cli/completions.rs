//! `verbund completions` and `verbund man`

use clap::{Args, Command};
use clap_complete::Shell;

use super::{Common, Ending, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

/// Prints what a shell needs to complete commands and flags.
pub(super) fn run(
    common: &Common,
    arguments: &Arguments,
    mut command: Command,
) -> anyhow::Result<Ending> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "verbund", &mut script);
    output::write_file(common, &script)?;
    Ok(Ending::Done)
}

/// Prints the manual page, with a section for each command.
pub(super) fn man(common: &Common, mut command: Command) -> anyhow::Result<Ending> {
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        let man = clap_mangen::Man::new(sub.clone());
        page.extend_from_slice(
            format!(".SH VERBUND {}\n", sub.get_name().to_uppercase()).as_bytes(),
        );
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    output::write_file(common, &page)?;
    Ok(Ending::Done)
}
