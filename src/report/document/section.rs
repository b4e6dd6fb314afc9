//! A part of a document: a heading, remarks, and a table.

use super::{Hint, Remark, Table};
use crate::words;

/// How text sets a section; data have the same of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Look {
    /// Heading, table, remarks.
    #[default]
    Usual,
    /// Remarks alone, as the items of a list.
    List,
    /// A small table, whose heading is that of its first column. Where a document is to fit one screen, those go that
    /// have no room, the last one first.
    Small,
}

/// A part of a document: a heading, remarks, and a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Stable key: the name of the table in JSON.
    pub key: &'static str,
    /// Heading.
    pub heading: String,
    /// Sentences for readers.
    pub notes: Vec<Remark>,
    /// What stands for the table in text, where a sentence says it shorter; JSON and CSV keep the table.
    pub in_words: Option<Remark>,
    /// The table.
    pub table: Table,
    /// Whether text leaves it out, where another section says it shorter; JSON and CSV keep it.
    pub is_for_files: bool,
    /// How text sets it.
    pub look: Look,
}

impl Section {
    /// A section without remarks.
    pub fn new(key: &'static str, heading: impl Into<String>, table: Table) -> Self {
        Self {
            key,
            heading: words::of(&heading.into()).into_owned(),
            notes: Vec::new(),
            in_words: None,
            table,
            is_for_files: false,
            look: Look::Usual,
        }
    }

    /// Remarks alone, as the items of a list.
    pub fn list<R: Into<Remark>>(
        key: &'static str,
        heading: impl Into<String>,
        items: impl IntoIterator<Item = R>,
    ) -> Self {
        let mut list = Self::new(key, heading, Table::empty(&[]));
        list.look = Look::List;
        for item in items {
            list = list.note(item);
        }
        list
    }

    /// The same as a small table, see [`Look::Small`].
    #[must_use]
    pub fn small(mut self) -> Self {
        self.look = Look::Small;
        self
    }

    /// The same with a sentence that stands for the table in text.
    #[must_use]
    pub fn in_words(mut self, sentence: impl Into<Remark>) -> Self {
        self.in_words = Some(sentence.into());
        self
    }

    /// The same, left out in text if `is_for_files`.
    #[must_use]
    pub fn for_files_if(mut self, is_for_files: bool) -> Self {
        self.is_for_files = is_for_files;
        self
    }

    /// The same with one more remark.
    #[must_use]
    pub fn note(mut self, note: impl Into<Remark>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The same with one more remark, where there is one.
    #[must_use]
    pub fn maybe_note(mut self, note: Option<impl Into<Remark>>) -> Self {
        self.notes.extend(note.map(Into::into));
        self
    }

    /// The same with words for its hints.
    pub(super) fn told<S: AsRef<str>>(&self, words: impl Fn(Hint) -> S) -> Self {
        Self {
            key: self.key,
            heading: self.heading.clone(),
            notes: self.notes.iter().map(|note| note.told(&words)).collect(),
            in_words: self.in_words.as_ref().map(|sentence| sentence.told(&words)),
            table: self.table.told(&words),
            is_for_files: self.is_for_files,
            look: self.look,
        }
    }
}
