//! The language of what people read: English as it stands in the code, German from a table of texts.
//!
//! As with gettext, the English text is the key: a line of code reads as it prints, and its German stands beside it
//! in `src/words/de/`. The alternative, a key for each sentence (as in Fluent), makes two reads of every line of a
//! report, and a crate more. What no compiler holds together a test does: it fails for each text without German, for
//! German that nothing says, and where the names in braces differ.
//!
//! Keys of JSON and CSV and their numbers are the same in every language; titles, notes and tables for people follow
//! the language in force: that of [`in_language`] on this thread, else that of the process ([`speak`]), else English.
//!
//! ```
//! use verbund::said;
//! use verbund::words::{Language, in_language};
//!
//! let more = |count: u32| said!("{count} more columns do not fit ({names})", count, names = "Beds");
//! assert_eq!(more(3), "3 more columns do not fit (Beds)");
//! let german = in_language(Language::German, || more(3));
//! assert_eq!(german, "3 weitere Spalten haben keinen Platz (Beds)");
//! ```

mod language;
mod numbers;
mod table;

use std::borrow::Cow;
use std::fmt::{self, Display};

pub use language::{Language, ParseLanguageError, in_language, language, speak};
pub(crate) use numbers::with_mark;
pub use numbers::{fixed, grouped, signed};
pub use table::{entries, untranslated};

/// A sentence with values, in the language in force: `said!("{people} people beyond {limit}", people, limit = expr)`.
///
/// Every name in braces is one of those behind the sentence, where a name alone is the variable of that name, and no
/// other form of braces is understood: numbers are made texts before, by the language's own rules
/// ([`words::fixed`](crate::words::fixed), [`words::grouped`](crate::words::grouped)). One and several are two
/// sentences, chosen by `if`.
#[macro_export]
macro_rules! said {
    ($template:literal $(,)?) => {
        $crate::words::of($template).into_owned()
    };
    ($template:literal, $($name:ident $(= $value:expr)?),+ $(,)?) => {
        // The values are made once, whichever language takes them; the compiler holds the English against them.
        match ($(&$crate::said!(@value $name $($value)?),)+) {
            ($($name,)+) => $crate::words::fill(
                $template,
                ::core::format_args!($template, $($name = $name),+),
                &[$((::core::stringify!($name), $name as &dyn ::core::fmt::Display)),+],
            ),
        }
    };
    (@value $name:ident) => { $name };
    (@value $name:ident $value:expr) => { $value };
}

/// A text without values, in the language in force; as it is where the table has none. Blanks around it stay.
///
/// ```
/// use verbund::words::{self, Language, in_language};
///
/// assert_eq!(words::of("none"), "none");
/// in_language(Language::German, || {
///     assert_eq!(words::of(" none"), " keine");
///     assert_eq!(words::of("Torgau"), "Torgau");
/// });
/// ```
pub fn of(text: &str) -> Cow<'_, str> {
    if language() == Language::English {
        return Cow::Borrowed(text);
    }
    match table::german(text.trim()) {
        Some(german) => Cow::Owned(put_between(text, german)),
        None => Cow::Borrowed(text),
    }
}

/// A fixed text without values, in the language in force: what `texts!` is made of.
pub(crate) fn text(english: &'static str) -> &'static str {
    if language() == Language::English {
        return english;
    }
    table::german(english).unwrap_or(english)
}

/// Texts of one matter in a struct, which `here` makes in the language in force.
///
/// For rooms that put the same few texts together into a page or a picture: fields instead of keys, so that one that
/// is missing does not compile. Blanks around a text are not kept.
macro_rules! texts {
    ($(#[$about:meta])* $name:ident { $($field:ident: $english:literal,)+ }) => {
        $(#[$about])*
        pub(super) struct $name {
            $(pub(super) $field: &'static str,)+
        }

        impl $name {
            /// In the language in force.
            pub(super) fn here() -> Self {
                Self { $($field: $crate::words::text($english),)+ }
            }
        }
    };
}

/// The same of a text that means several things: the German of `text [context]`, where the table has it.
///
/// ```
/// use verbund::words::{Language, in_language, of_in};
///
/// let stage = |key: &str| in_language(Language::German, || of_in(key, "Stage").into_owned());
/// assert_eq!(stage("stage"), "Abschnitt");
/// assert_eq!(stage("emergency_stage"), "Notfallstufe");
/// ```
pub fn of_in<'t>(context: &str, text: &'t str) -> Cow<'t, str> {
    if language() == Language::English {
        return Cow::Borrowed(text);
    }
    match table::german_in(context, text.trim()) {
        Some(german) => Cow::Owned(put_between(text, german)),
        None => of(text),
    }
}

/// A text with values that a result keeps: English whatever the language in force, so that results and their JSON are
/// the same in every language. Where German is in force, [`of`] finds its German again.
///
/// ```
/// use verbund::said;
/// use verbund::words::{self, Language, in_language};
///
/// let kept = in_language(Language::German, || words::kept(|| said!("{beds} beds", beds = 3)));
/// assert_eq!(kept, "3 beds");
/// assert_eq!(in_language(Language::German, || words::of(&kept).into_owned()), "3 Betten");
/// ```
pub fn kept(say: impl Fn() -> String) -> String {
    // English first: what a result keeps must not hang on the language of whoever asks for it.
    let english = in_language(Language::English, &say);
    if language() != Language::English {
        table::keep(&english, say());
    }
    english
}

/// Several texts, each as [`of`] says it.
pub fn each_of(texts: &[String]) -> Vec<String> {
    let mut told = Vec::with_capacity(texts.len());
    for text in texts {
        told.push(of(text).into_owned());
    }
    told
}

/// A name of a catalog that says it in both languages, in the one in force; where one is empty, the other.
pub fn name_of<'n>(english: &'n str, german: &'n str) -> &'n str {
    match language() {
        Language::German if !german.is_empty() => german,
        _ if english.is_empty() => german,
        _ => english,
    }
}

/// A sentence with its values put in: what [`said!`](crate::said) comes to.
#[doc(hidden)]
pub fn fill(
    template: &'static str,
    english: fmt::Arguments<'_>,
    values: &[(&str, &dyn Display)],
) -> String {
    if language() == Language::English {
        return english.to_string();
    }
    let said = match table::german(template.trim()) {
        Some(german) => put_in(&put_between(template, german), values),
        None => english.to_string(),
    };
    table::note_said(&said);
    said
}

/// The German with the blanks that stand around the English: parts of sentences begin and end with them.
fn put_between(english: &str, german: &str) -> String {
    let behind = english.trim_start();
    let before = &english[..english.len() - behind.len()];
    let after = &behind[behind.trim_end().len()..];
    format!("{before}{german}{after}")
}

/// A template with values for the names in its braces. A name without a value stays: a test keeps it out of the
/// table.
pub(crate) fn put_in<V: Display>(template: &str, values: &[(&str, V)]) -> String {
    // Values are put in as they come: braces in a name of somebody's network are no template.
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = behind.split_once('}') else {
            rest = &rest[before.len()..];
            break;
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => out.push_str(&value.to_string()),
            None => out.push_str(&format!("{{{name}}}")),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_where_the_language_wants_them() {
        let values: [(&str, &dyn Display); 2] = [("a", &1), ("b", &"{a}")];
        // What is put in is no template again.
        assert_eq!(put_in("{b} vor {a}, {c}", &values), "{a} vor 1, {c}");
        assert_eq!(put_in("offen {a", &values), "offen {a");
    }

    #[test]
    fn blanks_around_a_text_stay() {
        assert_eq!(put_between(" none\n", "keine"), " keine\n");
        assert_eq!(put_between("", ""), "");
    }

    #[test]
    fn without_german_a_sentence_is_english_with_its_values() {
        let (people, limit) = (7, "30 min");
        let said = in_language(Language::German, || {
            said!("zzz {people} within {limit} of {day}", people, limit, day = 2026)
        });
        assert_eq!(said, "zzz 7 within 30 min of 2026");
    }

    #[test]
    fn names_of_a_catalog_are_said_in_the_language_in_force() {
        assert_eq!(name_of("stroke unit", "Schlaganfalleinheit"), "stroke unit");
        in_language(Language::German, || {
            assert_eq!(name_of("stroke unit", "Schlaganfalleinheit"), "Schlaganfalleinheit");
            assert_eq!(name_of("stroke unit", ""), "stroke unit");
        });
        assert_eq!(name_of("", "Notfall"), "Notfall");
    }
}
