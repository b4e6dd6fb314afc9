//! Changes that could not be read: what they may be about.

use std::collections::{BTreeSet, HashMap};

use crate::model::DateTime;

/// A change of a scenario that could not be read. Faults of other changes that may rest on it are not
/// told: nobody knows whether they are faults.
#[derive(Debug, Default)]
pub(crate) struct Unread {
    /// The change that it is, or most likely was to be; `None` when nobody can tell.
    pub(crate) name: Option<String>,
    /// Every text in it.
    pub(crate) texts: BTreeSet<String>,
    /// The key of what it adds, where it can be read.
    pub(crate) key: Option<String>,
    /// When it begins, where that can be read.
    pub(crate) on: Option<DateTime>,
}

impl Unread {
    /// Whether it may be a change of one of these names.
    fn may_be(&self, names: &[&str]) -> bool {
        self.name.as_ref().is_none_or(|own| names.contains(&own.as_str()))
    }

    /// What it may add, of hospitals and cooperations.
    fn may_add(&self) -> impl Iterator<Item = &'static str> {
        let hospital = self.may_be(&["OpenHospital"]).then_some("hospital");
        let cooperation = self.may_be(&["StartCooperation"]).then_some("cooperation");
        hospital.into_iter().chain(cooperation)
    }

    /// Whether it may close or divert a department.
    fn may_close(&self) -> bool {
        self.may_be(&["CloseDepartment", "DivertDepartment"])
    }

    /// Whether it has to do with no hospital, cooperation or alliance.
    fn is_of_nothing(&self) -> bool {
        const NOTHING: [&str; 5] = ["Surge", "Incident", "Road", "ScaleDemand", "SetPopulation"];
        self.name.as_ref().is_some_and(|own| NOTHING.contains(&own.as_str()))
    }
}

/// The earliest moment at which something may have begun; `None` when nobody knows.
type Earliest = Option<DateTime>;

/// The earlier of two moments; one that nobody knows is before all others.
fn earlier(a: Earliest, b: Earliest) -> Earliest {
    Some(a?.min(b?))
}

/// All changes that could not be read, sorted by what they may be about: a question about one key costs
/// the same however many they are.
#[derive(Debug, Default)]
pub(super) struct UnreadChanges<'a> {
    /// When something of a kind may be added whose key could not be read.
    adds_any: HashMap<&'static str, Earliest>,
    /// When the hospital or cooperation of a key may be added.
    adds: HashMap<(&'static str, &'a str), Earliest>,
    /// When a change may begin that has this text in it.
    names: HashMap<&'a str, Earliest>,
    /// When a change may begin that names nothing that is known, and may be about anything.
    is_vague: Option<Earliest>,
    pub(super) may_close: bool,
}

impl<'a> UnreadChanges<'a> {
    /// Changes against the keys of hospitals, cooperations and alliances that are known.
    pub(super) fn new(
        changes: impl IntoIterator<Item = &'a Unread>,
        is_known: impl Fn(&str) -> bool,
    ) -> Self {
        let mut sorted = Self::default();
        for change in changes {
            sorted.may_close |= change.may_close();
            for what in change.may_add() {
                let slot = match &change.key {
                    Some(key) => sorted.adds.entry((what, key.as_str())).or_insert(change.on),
                    None => sorted.adds_any.entry(what).or_insert(change.on),
                };
                *slot = earlier(*slot, change.on);
            }
            if change.is_of_nothing() {
                continue;
            }
            for text in &change.texts {
                let slot = sorted.names.entry(text.as_str()).or_insert(change.on);
                *slot = earlier(*slot, change.on);
            }
            if !change.texts.iter().any(|text| is_known(text)) {
                let before = sorted.is_vague.unwrap_or(change.on);
                sorted.is_vague = Some(earlier(before, change.on));
            }
        }
        sorted
    }

    /// Whether one may add the hospital or cooperation of a key.
    pub(super) fn may_add(&self, what: &str, key: &str) -> bool {
        self.adds_any.contains_key(what)
            || ["hospital", "cooperation"]
                .iter()
                .any(|own| *own == what && self.adds.contains_key(&(*own, key)))
    }

    /// Whether one may have to do with a hospital, cooperation or alliance of this key, and may have
    /// begun by a moment, if one is given.
    pub(super) fn may_concern(&self, key: &str, by: Option<DateTime>) -> bool {
        let begins = |earliest: &Earliest| match (earliest, by) {
            (Some(earliest), Some(by)) => *earliest <= by,
            _ => true,
        };
        let adds = |what: &'static str| {
            self.adds_any.get(what).is_some_and(begins)
                || self.adds.get(&(what, key)).is_some_and(begins)
        };
        self.is_vague.as_ref().is_some_and(begins)
            || self.names.get(key).is_some_and(begins)
            || adds("hospital")
            || adds("cooperation")
    }
}
