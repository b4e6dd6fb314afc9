//! Which language is in force, on this thread and in this process.

use std::cell::Cell;
use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// A language that results are told in.
///
/// ```
/// use verbund::words::Language;
///
/// assert_eq!("de".parse(), Ok(Language::German));
/// let error = "fr".parse::<Language>().unwrap_err();
/// assert_eq!(error.to_string(), "unknown language \"fr\"; known are \"de\" and \"en\"");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Language {
    /// German, with numbers and dates as Germany writes them
    #[serde(rename = "de")]
    #[cfg_attr(feature = "cli", value(name = "de"))]
    German,
    /// English
    #[default]
    #[serde(rename = "en")]
    #[cfg_attr(feature = "cli", value(name = "en"))]
    English,
}

impl Language {
    /// Its code by ISO 639-1: `de`, `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
        }
    }

    /// The language of a locale as systems name it, such as `de_DE.UTF-8`; `None` for one that is not known. `C` and
    /// `POSIX` are English.
    ///
    /// ```
    /// use verbund::words::Language;
    ///
    /// assert_eq!(Language::of_locale("de_AT.UTF-8@euro"), Some(Language::German));
    /// assert_eq!(Language::of_locale("C.UTF-8"), Some(Language::English));
    /// assert_eq!(Language::of_locale("fr_FR"), None);
    /// ```
    pub fn of_locale(locale: &str) -> Option<Self> {
        // `de_DE.UTF-8@euro`: language, country, letters, variant, of which only the first is sure to be there.
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "de" => Some(Self::German),
            "en" | "c" | "posix" => Some(Self::English),
            _ => None,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that names no known language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown language \"{text}\"; known are \"de\" and \"en\"")]
pub struct ParseLanguageError {
    /// What was written.
    pub text: String,
}

impl FromStr for Language {
    type Err = ParseLanguageError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "de" => Ok(Self::German),
            "en" => Ok(Self::English),
            _ => Err(ParseLanguageError { text: text.to_owned() }),
        }
    }
}

thread_local! {
    static OF_THREAD: Cell<Option<Language>> = const { Cell::new(None) };
}

static OF_PROCESS: OnceLock<Language> = OnceLock::new();

/// The language in force on this thread.
pub fn language() -> Language {
    // A thread that was told nothing, such as one of rayon, has no language of its own.
    match OF_THREAD.get() {
        Some(language) => language,
        None => OF_PROCESS.get().copied().unwrap_or_default(),
    }
}

/// Does some work in a language: what is laid out, rendered or said in it on this thread.
///
/// A [`Document`](crate::report::Document) keeps the language that it was laid out in. Calls may stand in each
/// other; after a panic, too, the language is that of before. Threads that the work starts, such as those of rayon,
/// do not follow: they speak the language of the process.
///
/// ```
/// use verbund::report::Cell;
/// use verbund::words::{Language, in_language};
///
/// assert_eq!(Cell::count(1_058_179_u64).display(), "1,058,179");
/// let german = in_language(Language::German, || Cell::count(1_058_179_u64).display());
/// assert_eq!(german, "1.058.179");
/// ```
pub fn in_language<R>(language: Language, work: impl FnOnce() -> R) -> R {
    // Dropped after a panic, too: the thread may be one of a pool that goes on.
    struct Before(Option<Language>);
    impl Drop for Before {
        fn drop(&mut self) {
            OF_THREAD.set(self.0);
        }
    }

    let _before = Before(OF_THREAD.replace(Some(language)));
    work()
}

/// Sets the language of the process, for all threads that are in no [`in_language`]; whether it is that now.
///
/// For programs, once and before they start threads: the first call counts, and no later one changes what others
/// read already.
pub fn speak(language: Language) -> bool {
    *OF_PROCESS.get_or_init(|| language) == language
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_before_is_back_after_a_panic() {
        let result = std::panic::catch_unwind(|| {
            in_language(Language::German, || {
                in_language(Language::English, || assert_eq!(language(), Language::English));
                assert_eq!(language(), Language::German);
                panic!("as a caller's work may");
            })
        });
        assert!(result.is_err());
        assert_eq!(language(), Language::English);
    }

    #[test]
    fn codes_are_read_back() {
        for known in [Language::German, Language::English] {
            assert_eq!(known.to_string().parse(), Ok(known));
            let json = serde_json::to_string(&known).unwrap();
            assert_eq!(json, format!("\"{known}\""));
        }
        assert_eq!(Language::of_locale(""), None);
    }
}
