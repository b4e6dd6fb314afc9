//! Keys in sentences: people read the name of what a key is of, data keep the key.

/// What a key in a sentence is the key of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum KeyOf {
    Hospital,
    Cooperation,
    /// A standard, or a care pathway.
    Standard,
    Specialty,
    /// A stage of a care pathway.
    Stage,
    Alliance,
    /// A figure of the simulation, or a factor that moves it.
    Figure,
    /// A service with a minimum volume.
    Service,
    /// The path of a value in a file, such as `facilities.stroke_unit`.
    DataField,
}

/// What stands around a key in a sentence until a remark or a cell is made of it.
// Letters for private use: no text of anybody has them, and they are taken out before anybody reads.
const AROUND_KEY: [char; 2] = ['\u{f8f0}', '\u{f8f1}'];

/// What stands before a key, by what it is of.
const LETTERS: [(char, KeyOf); 9] = [
    ('h', KeyOf::Hospital),
    ('c', KeyOf::Cooperation),
    ('p', KeyOf::Standard),
    ('s', KeyOf::Specialty),
    ('t', KeyOf::Stage),
    ('a', KeyOf::Alliance),
    ('f', KeyOf::Figure),
    ('v', KeyOf::Service),
    ('d', KeyOf::DataField),
];

/// A key in a sentence.
pub(in crate::report) fn key_of(of: KeyOf, key: &str) -> String {
    let [before, behind] = AROUND_KEY;
    let mut letter = 'h';
    for (known, kind) in LETTERS {
        if kind == of {
            letter = known;
        }
    }
    format!("{before}{letter}{key}{behind}")
}

/// A hospital in a sentence.
pub(in crate::report) fn hospital_of(key: &str) -> String {
    key_of(KeyOf::Hospital, key)
}

/// A cooperation in a sentence.
pub(in crate::report) fn cooperation_of(key: &str) -> String {
    key_of(KeyOf::Cooperation, key)
}

/// A standard or care pathway in a sentence.
pub(in crate::report) fn standard_of(key: &str) -> String {
    key_of(KeyOf::Standard, key)
}

/// A specialty in a sentence.
pub(in crate::report) fn specialty_of(key: &str) -> String {
    key_of(KeyOf::Specialty, key)
}

/// A stage of a care pathway in a sentence.
pub(in crate::report) fn stage_of(key: &str) -> String {
    key_of(KeyOf::Stage, key)
}

/// An alliance in a sentence.
pub(in crate::report) fn alliance_of(key: &str) -> String {
    key_of(KeyOf::Alliance, key)
}

/// A figure of the simulation in a sentence.
pub(in crate::report) fn figure_of(key: &str) -> String {
    key_of(KeyOf::Figure, key)
}

/// A service with a minimum volume in a sentence.
pub(in crate::report) fn service_of(key: &str) -> String {
    key_of(KeyOf::Service, key)
}

/// The path of a value in a sentence.
pub(in crate::report) fn data_field_of(path: &str) -> String {
    key_of(KeyOf::DataField, path)
}

/// A part of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'s> {
    Words(&'s str),
    Key(KeyOf, &'s str),
}

/// The parts of a sentence; half a mark is a letter like others.
pub(super) fn pieces(sentence: &str) -> Vec<Piece<'_>> {
    let [before, behind] = AROUND_KEY;
    let mut pieces = Vec::new();
    let mut rest = sentence;
    while let Some((words, marked)) = rest.split_once(before) {
        let Some((key, after)) = marked.split_once(behind) else { break };
        let mut letters = key.chars();
        let Some(of) = letters.next().and_then(kind) else { break };
        pieces.push(Piece::Words(words));
        pieces.push(Piece::Key(of, letters.as_str()));
        rest = after;
    }
    pieces.push(Piece::Words(rest));
    pieces
}

fn kind(letter: char) -> Option<KeyOf> {
    let entry = LETTERS.iter().find(|(known, _)| *known == letter);
    entry.map(|(_, kind)| *kind)
}

/// Whether a sentence has keys.
pub(super) fn has_keys(sentence: &str) -> bool {
    sentence.contains(AROUND_KEY)
}

/// A sentence with the names of its things, and with keys where there is none.
pub(in crate::report) fn with_names(
    sentence: &str,
    name: impl Fn(KeyOf, &str) -> Option<String>,
) -> String {
    let mut told = String::with_capacity(sentence.len());
    for piece in pieces(sentence) {
        match piece {
            Piece::Words(words) => told.push_str(words),
            Piece::Key(of, key) => match name(of, key) {
                Some(name) => told.push_str(&name),
                None => told.push_str(key),
            },
        }
    }
    told
}

/// A sentence as data have it.
pub(super) fn with_keys(sentence: &str) -> String {
    with_names(sentence, |_, _| None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_again_with_what_they_are_of() {
        let sentence = format!("{} helps {}.", hospital_of("north"), cooperation_of("tele"));
        assert!(has_keys(&sentence));
        assert_eq!(with_keys(&sentence), "north helps tele.");
        let named = with_names(&sentence, |kind, key| {
            (kind == KeyOf::Cooperation && key == "tele").then(|| "north → south".to_owned())
        });
        assert_eq!(named, "north helps north → south.");
    }

    #[test]
    fn half_a_mark_is_a_letter() {
        let text = format!("a{}b", AROUND_KEY[0]);
        assert_eq!(with_keys(&text), text);
    }
}
