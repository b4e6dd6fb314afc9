//! What a reader must know of a network before believing a number, where it applies.

use std::collections::BTreeSet;

use super::document::Section;
use crate::model::{Network, Requirement, UnknownSite};

/// How many of the departments' numbers of beds nobody published; `None` where all are.
pub(super) fn on_beds(network: &Network) -> Option<String> {
    let (mut all, mut assumed) = (0_u64, 0_u64);
    for hospital in network.hospitals().iter().filter(|one| one.kind.has_inpatients()) {
        for one in hospital.departments.iter().filter(|one| one.is_inpatient()) {
            let is_assumed = one.beds.is_none()
                || hospital.is_assumed(&format!("departments.{}.beds", one.specialty));
            all += 1;
            assumed += u64::from(is_assumed);
        }
    }
    (assumed > 0).then(|| {
        format!(
            "The beds of {assumed} of {all} departments are derived or unknown: read single ones with care \
             (verbund info)."
        )
    })
}

/// That hospitals outside look emptier than they are; `None` where there are none.
pub(super) fn on_the_edge(network: &Network) -> Option<String> {
    network.hospitals().iter().any(|one| one.outside).then(|| {
        "Hospitals outside look empty at the edge, because most of the people around them are not in the places."
            .to_owned()
    })
}

/// Hospitals that are named before the others are counted.
const NAMED: usize = 12;

/// Which hospitals do not count, because the data do not say whether they meet a requirement; `None`
/// where there are none.
pub(super) fn on_unknown(network: &Network, sites: &[UnknownSite]) -> Option<String> {
    let named: Vec<String> = sites
        .iter()
        .take(NAMED)
        .map(|site| format!("{} ({})", network[site.hospital].key, site.unknown.join(", ")))
        .collect();
    let more = match sites.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!named.is_empty()).then(|| {
        format!(
            "Left out, because the data do not say whether they qualify: {}{more}. In brackets: what is unknown.",
            named.join("; ")
        )
    })
}

/// The same for all of some requirements, each hospital once.
pub(super) fn on_unknown_of<'r>(
    network: &Network,
    requirements: impl IntoIterator<Item = &'r Requirement>,
) -> Option<String> {
    let each = requirements.into_iter().flat_map(|one| one.unknown_sites(network));
    on_unknown(network, &UnknownSite::merged(each))
}

/// What no hospital of the data has, told once; `None` where there is nothing.
pub(super) fn on_nowhere<'k>(kinds: impl IntoIterator<Item = &'k String>) -> Option<String> {
    let kinds: BTreeSet<&str> = kinds.into_iter().map(String::as_str).collect();
    let named: Vec<&str> = kinds.iter().copied().take(NAMED).collect();
    let more = match kinds.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!named.is_empty()).then(|| {
        format!(
            "No hospital of the data has any of these: {}{more}. A verdict that rests on one is unknown at every hospital, and \
             tables do not repeat it.",
            named.join(", ")
        )
    })
}

impl Section {
    /// The same with one more remark, where there is one.
    #[must_use]
    pub(super) fn maybe_note(mut self, note: Option<String>) -> Self {
        self.notes.extend(note);
        self
    }
}
