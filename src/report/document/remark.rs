//! Sentences for readers.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, Serializer};

use super::Hint;
use super::marked::{KeyOf, Piece, pieces};
use crate::words;

/// A text for readers in the language in force when it is made, which may point to more: a library knows no command, so where to find that is a [`Hint`].
///
/// ```
/// use verbund::report::{Hint, Remark};
///
/// let remark = Remark::from("Limits are inclusive.").hint(Hint::MoreReach);
/// assert_eq!(remark.to_string(), "Limits are inclusive.");
/// let told = remark.told(|_| " A file has more columns.");
/// assert_eq!(told.to_string(), "Limits are inclusive. A file has more columns.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Words(String),
    /// A thing by its key: data keep it, people read the name.
    Key(KeyOf, String),
    Hint(Hint),
}

impl Part {
    /// Words, and the keys of things in them.
    fn all_of(said: impl Into<String>) -> Vec<Self> {
        let Self::Words(said) = Self::of(said) else { return Vec::new() };
        let mut parts = Vec::new();
        for piece in pieces(&said) {
            parts.push(match piece {
                Piece::Words(words) => Self::Words(words.to_owned()),
                Piece::Key(of, key) => Self::Key(of, key.to_owned()),
            });
        }
        parts
    }

    /// Words in the language in force: a sentence without values stands in the code in English, one with values is
    /// said in it already, and a name is the same in every language.
    fn of(said: impl Into<String>) -> Self {
        let said = said.into();
        match words::of(&said) {
            Cow::Borrowed(_) => Self::Words(said),
            Cow::Owned(german) => Self::Words(german),
        }
    }
}

impl Remark {
    /// The same with a hint behind it. Its words bring what stands between: a blank, a comma, brackets.
    #[must_use]
    pub fn hint(mut self, hint: Hint) -> Self {
        self.0.push(Part::Hint(hint));
        self
    }

    /// The same with these words behind it.
    #[must_use]
    pub fn and(mut self, words: impl Into<String>) -> Self {
        self.push(words);
        self
    }

    /// The same behind these words.
    #[must_use]
    pub fn behind(mut self, words: impl Into<String>) -> Self {
        self.0.splice(0..0, Part::all_of(words));
        self
    }

    /// Adds these words behind it.
    pub fn push(&mut self, words: impl Into<String>) {
        self.0.extend(Part::all_of(words));
    }

    /// The same with the names of the things in it, where there is one for the key.
    #[must_use]
    pub(in crate::report) fn named(&self, name: impl Fn(KeyOf, &str) -> Option<String>) -> Self {
        let mut named = self.clone();
        for part in &mut named.0 {
            if let Part::Key(of, key) = part
                && let Some(name) = name(*of, key)
            {
                *part = Part::Words(name);
            }
        }
        named
    }

    /// The key of the cooperation that it is, if it is one and says no more.
    pub(in crate::report) fn cooperation(&self) -> Option<&str> {
        let mut key = None;
        for part in &self.0 {
            match part {
                Part::Key(KeyOf::Cooperation, cooperation) if key.is_none() => {
                    key = Some(cooperation.as_str());
                }
                Part::Words(words) if words.is_empty() => {}
                _ => return None,
            }
        }
        key
    }

    /// The same with words for its hints.
    #[must_use]
    pub fn told<S: AsRef<str>>(&self, words: impl Fn(Hint) -> S) -> Self {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Words(said) | Part::Key(_, said) => text.push_str(said),
                Part::Hint(hint) => text.push_str(words(*hint).as_ref()),
            }
        }
        Self(vec![Part::Words(text)])
    }

    /// Whether there is nothing to say: a hint alone for which nobody has words.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|part| match part {
            Part::Words(words) | Part::Key(_, words) => words.is_empty(),
            Part::Hint(_) => true,
        })
    }
}

impl fmt::Display for Remark {
    /// Its words, without hints; things by key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.0 {
            if let Part::Words(words) | Part::Key(_, words) = part {
                f.write_str(words)?;
            }
        }
        Ok(())
    }
}

impl From<String> for Remark {
    fn from(words: String) -> Self {
        Self(Part::all_of(words))
    }
}

impl From<&str> for Remark {
    fn from(words: &str) -> Self {
        Self::from(words.to_owned())
    }
}

impl From<&String> for Remark {
    fn from(words: &String) -> Self {
        Self::from(words.clone())
    }
}

impl From<Hint> for Remark {
    fn from(hint: Hint) -> Self {
        Self(vec![Part::Hint(hint)])
    }
}

impl Serialize for Remark {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::hospital_of;

    #[test]
    fn people_read_the_names_of_hospitals_and_data_keep_keys() {
        let (north, gone) = (hospital_of("north"), hospital_of("gone"));
        let remark = Remark::from(format!("Full: {north}, {gone}.")).and(format!(" Not {north}."));
        assert_eq!(remark.to_string(), "Full: north, gone. Not north.");
        let named = remark.named(|kind, key| {
            (kind == KeyOf::Hospital && key == "north").then(|| "Klinikum Nord".to_owned())
        });
        // What has no name that is known, such as a hospital that closed, keeps its key.
        assert_eq!(named.to_string(), "Full: Klinikum Nord, gone. Not Klinikum Nord.");
        let told = remark.told(|_| "");
        assert_eq!(told.to_string(), remark.to_string());
    }
}
