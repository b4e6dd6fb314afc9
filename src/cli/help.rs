//! Help in the language that is asked for: the English of the code, looked up in the table of German texts.

use clap::builder::styling::Styles;
use clap::builder::{PossibleValue, StyledStr};
use clap::{Arg, Command};

use verbund::words::{self, Language};

/// The command line with its help in the language in force; as it is in English.
///
/// The manual page and completions of shells stay English: they are made once, for whoever uses the computer.
pub(super) fn in_words(mut command: Command) -> Command {
    if words::language() == Language::English {
        return command;
    }
    // The flags and commands that the parser adds itself have to be there.
    command.build();
    translated(command)
}

/// A command with its help, that of its flags and of its commands.
fn translated(command: Command) -> Command {
    let mut command = command.mut_args(argument).mut_subcommands(translated);
    if let Some(about) = command.get_about().map(told) {
        command = command.about(about);
    }
    if let Some(about) = command.get_long_about().map(told) {
        command = command.long_about(about);
    }
    if let Some(after) = command.get_after_help().map(told) {
        command = command.after_help(after);
    }
    if let Some(after) = command.get_after_long_help().map(told) {
        command = command.after_long_help(after);
    }
    let usage = usage(&mut command);
    let style = Styles::default();
    let header = style.get_header();
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{header}{}{header:#} {{usage}}\n\n{{all-args}}{{after-help}}",
        words::of("Usage:")
    );
    command
        .subcommand_help_heading(lasting("Commands"))
        .override_usage(usage)
        .help_template(template)
}

/// How a command is written, without the heading.
fn usage(command: &mut Command) -> String {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    usage
        .replace("[OPTIONS]", &words::of("[OPTIONS]"))
        .replace("<COMMAND>", &words::of("<COMMAND>"))
}

/// A flag or a positional argument.
fn argument(argument: Arg) -> Arg {
    let heading = match argument.get_help_heading() {
        Some(heading) => lasting(heading),
        None if argument.is_positional() => lasting("Arguments"),
        None => lasting("Options"),
    };
    let mut argument = argument.help_heading(heading);
    // A flag without a value has a name of one, too, which nobody sees.
    if argument.get_action().takes_values() {
        let names = argument.get_value_names().unwrap_or_default();
        let names: Vec<&'static str> = names.iter().map(|name| lasting(name)).collect();
        if !names.is_empty() {
            argument = argument.value_names(names);
        }
    }

    let (in_short, in_long) = possible(&argument);
    let help = argument.get_help().map(told).unwrap_or_default();
    let long = argument.get_long_help().map_or_else(|| help.clone(), told);
    argument
        .help(format!("{help}{in_short}").trim().to_owned())
        .long_help(format!("{long}{in_long}").trim().to_owned())
        .hide_possible_values(true)
        .hide_default_value(true)
}

/// What a flag may be and what it is where nobody says it, behind its short and its long help.
fn possible(argument: &Arg) -> (String, String) {
    let (mut short, mut long) = (String::new(), String::new());
    if !argument.get_action().takes_values() {
        return (short, long);
    }
    let defaults = argument.get_default_values();
    let default: Vec<_> = defaults.iter().map(|value| value.to_string_lossy()).collect();
    if !default.is_empty() && !argument.is_hide_default_value_set() {
        let told = format!("[{}: {}]", words::of("default"), default.join(" "));
        short.push_str(&format!(" {told}"));
        long.push_str(&format!("\n\n{told}"));
    }

    let mut values = argument.get_possible_values();
    values.retain(|value| !value.is_hide_set());
    if values.is_empty() || argument.is_hide_possible_values_set() {
        return (short, long);
    }
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    short.push_str(&format!(" [{}: {}]", words::of("possible values"), names.join(", ")));
    long.push_str(&format!("\n\n{}", words::of("Possible values:")));
    for value in &values {
        long.push_str(&format!("\n- {}", value.get_name()));
        if let Some(help) = value.get_help() {
            long.push_str(&format!(": {}", told(help)));
        }
    }
    (short, long)
}

/// A text of help, paragraph by paragraph.
fn told(help: &StyledStr) -> String {
    let mut paragraphs = Vec::new();
    for paragraph in help.to_string().split("\n\n") {
        paragraphs.push(paragraph_in_words(paragraph));
    }
    paragraphs.join("\n\n")
}

/// A paragraph; short help has no full stop where the same text in long help has one.
fn paragraph_in_words(paragraph: &str) -> String {
    match paragraph.strip_suffix('.') {
        Some(bare) => format!("{}.", words::of(bare)),
        None => words::of(paragraph).into_owned(),
    }
}

/// A word that lives as long as the program, as the parser wants it: as many as there are flags.
fn lasting(text: &str) -> &'static str {
    String::leak(words::of(text).into_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use verbund::words::{entries, in_language, untranslated};

    use super::*;

    fn german() -> Command {
        in_words(crate::cli::after::with_own_words(crate::cli::Cli::command()))
    }

    #[test]
    fn every_text_of_help_has_its_german() {
        let missing = in_language(Language::German, || untranslated(|| drop(german())));
        let lines: Vec<String> = missing.into_iter().collect();
        assert!(lines.is_empty(), "{} texts have no German:\n{}", lines.len(), lines.join("\n"));
    }

    #[test]
    fn help_is_german_from_the_first_line_to_the_last() {
        let german = in_language(Language::German, || {
            let mut command = german();
            command
                .find_subcommand_mut("coverage")
                .expect("a command")
                .render_long_help()
                .to_string()
        });
        let first = entries().into_iter().find(|(english, _)| {
            english
                == "Who reaches care that meets a standard, by region, district, place or hospital"
        });
        assert!(german.starts_with(&first.expect("an entry").1), "{german}");
        for part in ["Aufruf: verbund coverage [OPTIONEN]", "\nOptionen:\n", "[Vorgabe: region]"] {
            assert!(german.contains(part), "{part}: {german}");
        }
        for english in ["Usage", "Options:", "possible values", "[default", "Print help"] {
            assert!(!german.contains(english), "{english}: {german}");
        }
    }

    #[test]
    fn english_help_is_as_the_code_has_it() {
        let plain = crate::cli::after::with_own_words(crate::cli::Cli::command());
        let text = |mut command: Command| command.render_long_help().to_string();
        assert_eq!(text(in_words(plain.clone())), text(plain));
    }
}
