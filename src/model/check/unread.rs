//! Changes that could not be read: what they may be about.

use std::collections::BTreeSet;

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

    /// Whether it may add the hospital or cooperation of a key.
    pub(super) fn may_add(&self, what: &str, key: &str) -> bool {
        let adds = match what {
            "hospital" => self.may_be(&["OpenHospital"]),
            "cooperation" => self.may_be(&["StartCooperation"]),
            _ => false,
        };
        adds && self.key.as_ref().is_none_or(|own| own == key)
    }

    /// Whether it may close or divert a department.
    pub(super) fn may_close(&self) -> bool {
        self.may_be(&["CloseDepartment", "DivertDepartment"])
    }

    /// Whether it may have begun by a moment.
    pub(super) fn may_be_before(&self, at: DateTime) -> bool {
        self.on.is_none_or(|on| on <= at)
    }

    /// Whether it may have to do with a hospital, cooperation or alliance of this key, of those that are
    /// known.
    pub(super) fn may_concern(&self, key: &str, is_known: impl Fn(&str) -> bool) -> bool {
        const NOTHING: [&str; 5] = ["Surge", "Incident", "Road", "ScaleDemand", "SetPopulation"];
        if self.name.as_ref().is_some_and(|own| NOTHING.contains(&own.as_str())) {
            return false;
        }
        // What names nothing that is known may be about anything.
        let is_vague = !self.texts.iter().any(|text| is_known(text));
        let is_added = self.may_add("hospital", key) || self.may_add("cooperation", key);
        is_added || is_vague || self.texts.contains(key)
    }
}
