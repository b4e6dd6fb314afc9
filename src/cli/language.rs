//! The language of whoever runs the program, and that of what programs read.

use std::sync::OnceLock;

use verbund::report::render::Format;
use verbund::words::{self, Language, in_language};

/// The language that is asked for, which messages follow whatever the result is printed as.
static ASKED: OnceLock<Language> = OnceLock::new();

/// Finds out which language is asked for: `--lang`, else that of the system, else English.
///
/// Before flags are parsed, as help and what is wrong with flags are said in it, too.
pub(super) fn listen() {
    let _ = ASKED.set(flag().unwrap_or_else(of_system));
}

/// Does some work in the language that is asked for.
pub(super) fn for_reader<R>(work: impl FnOnce() -> R) -> R {
    in_language(ASKED.get().copied().unwrap_or_default(), work)
}

/// Sets the language of results: that which is asked for in what people read, English in what programs read.
pub(super) fn speak(lang: Option<Language>, format: Format) {
    let is_for_people = matches!(format.extension(), "txt" | "md" | "xlsx");
    let asked = lang.or(ASKED.get().copied()).filter(|_| is_for_people);
    words::speak(asked.unwrap_or_default());
}

/// What `--lang` says; a language that is not known is told by the parser of flags.
fn flag() -> Option<Language> {
    let mut words = std::env::args_os().skip(1);
    let mut asked = None;
    while let Some(word) = words.next() {
        let Some(word) = word.to_str() else { continue };
        if word == "--" {
            break;
        }
        let value = match word.strip_prefix("--lang=") {
            Some(value) => Some(value.to_owned()),
            None if word == "--lang" => words.next().and_then(|value| value.into_string().ok()),
            None => None,
        };
        asked = value.and_then(|value| value.parse().ok()).or(asked);
    }
    asked
}

/// The language that the system is set to, where nobody asks for one; English where that is not known.
fn of_system() -> Language {
    for variable in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        // An empty one counts as none; the first other one decides, whether its language is known or not.
        match std::env::var(variable) {
            Ok(locale) if !locale.is_empty() => {
                return Language::of_locale(&locale).unwrap_or_default();
            }
            _ => {}
        }
    }
    Language::default()
}

/// [`said!`](verbund::said) in the language that is asked for: for messages, which are no part of a result.
macro_rules! message {
    ($($said:tt)+) => {
        $crate::cli::language::for_reader(|| verbund::said!($($said)+))
    };
}
pub(super) use message;
