//! Sentences for readers.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, Serializer};

use super::Hint;
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
    Hint(Hint),
}

impl Part {
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
        self.0.insert(0, Part::of(words));
        self
    }

    /// Adds these words behind it.
    pub fn push(&mut self, words: impl Into<String>) {
        self.0.push(Part::of(words));
    }

    /// The same with words for its hints.
    #[must_use]
    pub fn told<S: AsRef<str>>(&self, words: impl Fn(Hint) -> S) -> Self {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Words(said) => text.push_str(said),
                Part::Hint(hint) => text.push_str(words(*hint).as_ref()),
            }
        }
        Self(vec![Part::Words(text)])
    }

    /// Whether there is nothing to say: a hint alone for which nobody has words.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|part| match part {
            Part::Words(words) => words.is_empty(),
            Part::Hint(_) => true,
        })
    }
}

impl fmt::Display for Remark {
    /// Its words, without hints.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.0 {
            if let Part::Words(words) = part {
                f.write_str(words)?;
            }
        }
        Ok(())
    }
}

impl From<String> for Remark {
    fn from(words: String) -> Self {
        Self(vec![Part::of(words)])
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
