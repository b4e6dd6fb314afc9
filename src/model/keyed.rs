//! Ids written as keys.
//!
//! An id is a position, and knows by its tag in which list. Serde gives a value no way to hand a list down to the
//! ids inside, so the lists lie beside the thread that writes, for as long as it writes.

use std::cell::RefCell;

use serde::Serializer;
use serde::ser::Error;

use super::Tag;

/// The keys of hospitals or of places, in their order.
struct KeyList {
    tag: Tag,
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

    /// Adds a list.
    pub(crate) fn and<'k>(self, tag: Tag, keys: impl Iterator<Item = &'k str>) -> Self {
        let keys = keys.map(str::to_owned).collect();
        KNOWN.with_borrow_mut(|known| known.push(KeyList { tag, keys }));
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
    let key = KNOWN.with_borrow(|known| {
        // The last list counts: a region that is written within another one knows its own keys.
        let list = known.iter().rev().find(|list| list.tag == tag)?;
        list.keys.get(number as usize).cloned()
    });
    match key {
        Some(key) => to.serialize_str(&key),
        None => Err(S::Error::custom(
            "an id has no key without its region; write the result by Region::keyed",
        )),
    }
}
