//! Ids written as keys.
//!
//! An id is a position, and knows by its tag in which list. Serde gives a value no way to hand a list down to the
//! ids inside, so the lists lie beside the thread that writes, for as long as it writes.

use std::cell::RefCell;

use serde::Serializer;
use serde::ser::Error;

use super::Tag;

/// What the keys of a list are of.
#[derive(Clone, Copy, PartialEq)]
enum Listed {
    /// Hospitals, places or stages of a pathway: their ids carry this tag.
    Tagged(Tag),
    /// Cooperations, those that an analysis added included.
    Cooperations,
}

/// The keys of hospitals, places, stages or cooperations, in their order.
struct KeyList {
    listed: Listed,
    keys: Vec<String>,
}

thread_local! {
    static KNOWN: RefCell<Vec<KeyList>> = const { RefCell::new(Vec::new()) };
}

/// Lists of keys that ids on this thread are written by, as long as it lives.
pub(crate) struct KnownKeys {
    /// How many lists were known before.
    before: usize,
}

impl KnownKeys {
    pub(crate) fn new() -> Self {
        Self { before: KNOWN.with_borrow(Vec::len) }
    }

    /// Adds a list of keys whose ids carry a tag.
    pub(crate) fn and(self, tag: Tag, keys: Vec<String>) -> Self {
        self.with_list(Listed::Tagged(tag), keys)
    }

    /// Adds the keys of cooperations.
    pub(crate) fn and_cooperations(self, keys: Vec<String>) -> Self {
        self.with_list(Listed::Cooperations, keys)
    }

    fn with_list(self, listed: Listed, keys: Vec<String>) -> Self {
        KNOWN.with_borrow_mut(|known| known.push(KeyList { listed, keys }));
        self
    }
}

impl Drop for KnownKeys {
    fn drop(&mut self) {
        // Even when writing fails halfway, nothing is left for whoever writes next on this thread.
        KNOWN.with_borrow_mut(|known| known.truncate(self.before));
    }
}

/// Writes the key of an id; an error where nobody knows its list.
pub(crate) fn serialize_id<S: Serializer>(number: u32, tag: Tag, to: S) -> Result<S::Ok, S::Error> {
    serialize_key(number, Listed::Tagged(tag), to)
}

/// Writes the key of a cooperation; an error where nobody knows it.
pub(super) fn serialize_cooperation<S: Serializer>(number: u32, to: S) -> Result<S::Ok, S::Error> {
    serialize_key(number, Listed::Cooperations, to)
}

fn serialize_key<S: Serializer>(number: u32, listed: Listed, to: S) -> Result<S::Ok, S::Error> {
    let key = KNOWN.with_borrow(|known| {
        // The last list counts: a region that is written within another one knows its own keys.
        let list = known.iter().rev().find(|list| list.listed == listed)?;
        list.keys.get(number as usize).cloned()
    });
    match key {
        Some(key) => to.serialize_str(&key),
        None => Err(S::Error::custom(
            "an id has no key without its region; write the result by Region::keyed, and by Prepared::keyed what is \
             of a pathway or cooperation that the region does not have",
        )),
    }
}
