//! The table of German texts, and what it lacks.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::{LazyLock, RwLock};

/// The files of the table. In each, a line is an English text, the line behind it, after `= `, its German; `\n` is an
/// end of line within a text, `#` begins a remark, and what stands in `[..]` behind a text is its context.
const FILES: &[(&str, &str)] = &[
    ("common.txt", include_str!("de/common.txt")),
    ("columns.txt", include_str!("de/columns.txt")),
    ("meanings.txt", include_str!("de/meanings.txt")),
    ("overview.txt", include_str!("de/overview.txt")),
    ("coverage.txt", include_str!("de/coverage.txt")),
    ("comparison.txt", include_str!("de/comparison.txt")),
    ("pathway.txt", include_str!("de/pathway.txt")),
    ("cooperation.txt", include_str!("de/cooperation.txt")),
    ("rules.txt", include_str!("de/rules.txt")),
    ("planning.txt", include_str!("de/planning.txt")),
    ("flows.txt", include_str!("de/flows.txt")),
    ("alliance.txt", include_str!("de/alliance.txt")),
    ("network.txt", include_str!("de/network.txt")),
    ("import.txt", include_str!("de/import.txt")),
    ("queue.txt", include_str!("de/queue.txt")),
    ("catalog.txt", include_str!("de/catalog.txt")),
    ("errors.txt", include_str!("de/errors.txt")),
    ("faults.txt", include_str!("de/faults.txt")),
    ("simulation.txt", include_str!("de/simulation.txt")),
    ("page.txt", include_str!("de/page.txt")),
    ("plot.txt", include_str!("de/plot.txt")),
    ("program.txt", include_str!("de/program.txt")),
    ("help.txt", include_str!("de/help.txt")),
];

// Read once, at the first look-up: whoever stays with English pays nothing.
static GERMAN: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut texts = HashMap::new();
    for (english, german) in entries() {
        texts.insert(english, german);
    }
    texts
});

/// The entries of the table as they stand in its files: English, and German. A line that belongs to no entry is one
/// without German.
#[doc(hidden)]
pub fn entries() -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for (_, file) in FILES {
        for line in file.lines() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            match (line.strip_prefix("= "), entries.last_mut()) {
                (Some(german), Some(entry)) => entry.1 = read(german),
                _ => entries.push((read(line), String::new())),
            }
        }
    }
    entries
}

fn read(line: &str) -> String {
    line.trim().replace("\\n", "\n")
}

/// The German of an English text; a text without a letter is the same in every language, and not looked up.
pub(super) fn german(english: &str) -> Option<&'static str> {
    if !english.contains(char::is_alphabetic) {
        return None;
    }
    let german = match GERMAN.get(english) {
        Some(german) if !german.is_empty() => Some(german.as_str()),
        // Half an entry is none: the test of the table finds it.
        _ => KEPT.read().ok().and_then(|kept| kept.get(english).copied()),
    };
    note(english, german);
    german
}

/// The German of an English text in a context; `None` where it is that of the text alone.
pub(super) fn german_in(context: &str, english: &str) -> Option<&'static str> {
    GERMAN.get(&format!("{english} [{context}]")).map(String::as_str)
}

/// German of texts with values that results keep in English, by their English.
static KEPT: LazyLock<RwLock<HashMap<String, &'static str>>> = LazyLock::new(RwLock::default);

/// Remembers the German of a text that a result keeps.
pub(super) fn keep(english: &str, german: String) {
    let is_known = KEPT.read().is_ok_and(|kept| kept.contains_key(english));
    // A lock that somebody left poisoned costs a text its German, and no more.
    if let Ok(mut kept) = KEPT.write()
        && !is_known
    {
        // Looked up without the lock from then on; there are as many as a network has facilities and grades.
        kept.insert(english.to_owned(), german.leak());
    }
}

/// What was looked up on this thread while a test listens.
#[derive(Debug, Default)]
struct Heard {
    missing: BTreeSet<String>,
    /// Texts that are German already: a sentence with its values put in becomes part of a document, where it is
    /// looked up once more.
    said: BTreeSet<String>,
}

thread_local! {
    static HEARD: RefCell<Option<Heard>> = const { RefCell::new(None) };
}

/// What some work looks up on this thread that has no German; names of a network are among it.
#[doc(hidden)]
pub fn untranslated(work: impl FnOnce()) -> BTreeSet<String> {
    HEARD.set(Some(Heard::default()));
    work();
    let heard = HEARD.take().unwrap_or_default();
    heard.missing.difference(&heard.said).cloned().collect()
}

fn note(english: &str, german: Option<&str>) {
    // Only tests listen; for all others this is one look at a thread's own memory.
    HEARD.with_borrow_mut(|heard| {
        let Some(heard) = heard else { return };
        match german {
            Some(german) => heard.said.insert(german.to_owned()),
            None => heard.missing.insert(english.to_owned()),
        };
    });
}

/// Notes a sentence that has its values.
pub(super) fn note_said(said: &str) {
    HEARD.with_borrow_mut(|heard| {
        if let Some(heard) = heard {
            heard.said.insert(said.trim().to_owned());
        }
    });
}
