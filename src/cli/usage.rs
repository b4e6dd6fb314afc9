//! What is wrong with a command line, in the language in force.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use verbund::said;
use verbund::words::{self, Language};

/// What is wrong, in the language in force; `None` where the parser says it itself, as it does in English.
pub(super) fn in_words(error: &Error) -> Option<String> {
    if words::language() == Language::English {
        return None;
    }
    let mut text = said!("error: {what}", what = what_is_wrong(error)?);
    for suggestion in suggestions(error) {
        text.push_str(&said!("\n\n  did you mean '{suggestion}'?", suggestion));
    }
    // The line that shows how the command is called is made by the parser, word and all.
    if let Some(usage) = error.get(ContextKind::Usage) {
        let usage = usage.to_string().replacen("Usage:", &words::of("Usage:"), 1);
        text.push_str(&format!("\n\n{usage}"));
    }
    text.push_str(&said!("\n\nFor more information, try '--help'."));
    text.push('\n');
    Some(text)
}

/// The first sentence.
fn what_is_wrong(error: &Error) -> Option<String> {
    let flag = named(error, ContextKind::InvalidArg);
    let value = named(error, ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = named(error, ContextKind::InvalidSubcommand);
            said!("unrecognized subcommand '{name}'", name)
        }
        ErrorKind::UnknownArgument => said!("unexpected argument '{flag}' found", flag),
        ErrorKind::InvalidValue if value.is_empty() => {
            said!("a value is required for '{flag}' but none was supplied", flag)
        }
        ErrorKind::InvalidValue => wrong_value(error, &flag, &value),
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(error).map(ToString::to_string);
            let reason = reason_in_words(&reason.unwrap_or_default());
            said!("invalid value '{value}' for '{flag}': {reason}", value, flag, reason)
        }
        ErrorKind::ArgumentConflict => {
            let prior = named(error, ContextKind::PriorArg);
            // A flag that stands there twice is told as a conflict with itself.
            if prior == flag {
                said!("the argument '{flag}' cannot be used multiple times", flag)
            } else {
                said!("the argument '{flag}' cannot be used with '{prior}'", flag, prior)
            }
        }
        ErrorKind::MissingRequiredArgument => {
            // One below the other, as the parser's own list has them.
            let missing = flag.replace(", ", "\n  ");
            said!("the following required arguments were not provided:\n  {missing}", missing)
        }
        ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            said!("too few or too many values for '{flag}'", flag)
        }
        ErrorKind::MissingSubcommand => {
            let possible = named(error, ContextKind::ValidSubcommand);
            said!("a command is missing\n  [possible values: {possible}]", possible)
        }
        ErrorKind::TooManyValues => {
            said!(
                "unexpected value '{value}' for '{flag}' found; no more were expected",
                value,
                flag
            )
        }
        // Rare ones keep the parser's own words rather than half a sentence.
        _ => return None,
    })
}

/// A value that is none of those that are possible, with all of them.
fn wrong_value(error: &Error, flag: &str, value: &str) -> String {
    let possible = named(error, ContextKind::ValidValue);
    said!(
        "invalid value '{value}' for '{flag}'\n  [possible values: {possible}]",
        value,
        flag,
        possible
    )
}

/// Why a value is refused, of what the parser of numbers says in English.
fn reason_in_words(reason: &str) -> String {
    match reason.split_once(" is not in ") {
        Some((value, range)) => said!("{value} is not in {range}", value, range),
        None => words::of(reason).into_owned(),
    }
}

/// What was meant, as the parser guesses.
fn suggestions(error: &Error) -> Vec<String> {
    let kinds =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let mut meant = Vec::new();
    for kind in kinds {
        match error.get(kind) {
            Some(ContextValue::String(one)) => meant.push(one.clone()),
            Some(ContextValue::Strings(several)) => meant.extend(several.iter().cloned()),
            _ => {}
        }
    }
    meant
}

/// What the parser names of a kind, several with commas between.
fn named(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(one)) => one.clone(),
        Some(ContextValue::Strings(several)) => several.join(", "),
        // Colours and bold letters aside: the sentence around it has none.
        Some(ContextValue::StyledStr(styled)) => styled.to_string(),
        _ => String::new(),
    }
}
