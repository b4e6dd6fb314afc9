//! What a reader must know of a network before believing a number, where it applies.

use std::collections::BTreeSet;

use super::document::{Hint, Remark, hospital_of};
use crate::model::{Basis, Network, Requirement, UnknownSite};
use crate::units::grouped;
use crate::words;

/// How many of the departments' numbers of beds nobody published; `None` where all are.
pub(super) fn on_beds(network: &Network) -> Option<Remark> {
    let (mut departments, mut assumed) = (0_u64, 0_u64);
    for hospital in network.hospitals() {
        if !hospital.kind.has_inpatients() {
            continue;
        }
        for department in &hospital.departments {
            // Day departments have places, no beds.
            if !department.is_inpatient() {
                continue;
            }
            departments += 1;
            // A number that is not there is worth no more than one that nobody published.
            let path = format!("departments.{}.beds", department.specialty);
            assumed += u64::from(department.beds.is_none() || hospital.is_assumed(&path));
        }
    }
    if assumed == 0 {
        return None;
    }

    let told = said!(
        "The beds of {assumed} of {departments} departments are derived or unknown: read single ones with care",
        assumed,
        departments
    );
    Some(Remark::from(told).hint(Hint::Quality).and("."))
}

/// That hospitals outside look emptier than they are; `None` where there are none.
pub(super) fn on_the_edge(network: &Network) -> Option<String> {
    let has_outside = network.hospitals().iter().any(|hospital| hospital.outside);
    let told = "Hospitals outside look empty at the edge, because most of the people around them are not in the places.";
    if has_outside { Some(told.to_owned()) } else { None }
}

/// Whose patients come from beyond the places in part, and what that means; `None` where nobody's do.
pub(super) fn on_from_beyond(network: &Network) -> Option<String> {
    let named = from_beyond(network)?;
    Some(said!(
        "From beyond the places of the network, beside the cases: {named}. They fill beds and belong to no place; \
         the share is of each department's patients.",
        named
    ))
}

/// What becomes of patients from beyond where their hospital closes; `None` where there are none.
pub(super) fn on_from_beyond_closed(network: &Network) -> Option<String> {
    let named = from_beyond(network)?;
    Some(said!(
        "Patients from beyond the places of the network ({named}) go with their hospital: where it closes, they are \
         left out, and where it has more patients from the places, it has more from beyond.",
        named
    ))
}

/// The hospitals with patients from beyond the places, with their shares; `None` where there are none.
fn from_beyond(network: &Network) -> Option<String> {
    let mut named = Vec::new();
    for hospital in network.hospitals() {
        // A stated 0 says that nobody comes from beyond: there is nothing to warn of.
        let share = hospital.from_beyond.unwrap_or(0.0);
        if share > 0.0 {
            let basis = match hospital.basis("from_beyond") {
                Basis::Sourced => "",
                Basis::Derived => ", derived",
                Basis::Assumed => ", assumed",
            };
            named.push(format!(
                "{} {:.0} %{}",
                hospital_of(&hospital.key),
                100.0 * share,
                words::of(basis)
            ));
        }
    }
    if named.is_empty() { None } else { Some(named.join("; ")) }
}

/// Hospitals that are named before the others are counted.
const NAMED: usize = 12;

/// The same for each thing that is unknown, where many things are.
const FEWEST_NAMED: usize = 3;

/// Which hospitals do not count, because the data do not say whether they meet a requirement: by what is unknown,
/// in the order in which it comes first; `None` where there are none.
pub(super) fn on_unknown(network: &Network, sites: &[UnknownSite]) -> Option<String> {
    let mut by_unknown: Vec<(&str, Vec<String>)> = Vec::new();
    for site in sites {
        let hospital = hospital_of(&network[site.hospital].key);
        for what in &site.unknown {
            match by_unknown.iter_mut().find(|(known, _)| known == what) {
                Some((_, hospitals)) => hospitals.push(hospital.clone()),
                None => by_unknown.push((what, vec![hospital.clone()])),
            }
        }
    }
    if by_unknown.is_empty() {
        return None;
    }

    // The things share the room for names, so that a remark on many of them stays one paragraph.
    let most = (NAMED / by_unknown.len()).max(FEWEST_NAMED);
    let mut lists = Vec::new();
    for (what, hospitals) in by_unknown {
        // The last name is not worth a count of its own.
        let named = if hospitals.len() == most + 1 { most + 1 } else { most };
        let mut list = hospitals[..named.min(hospitals.len())].join(", ");
        if hospitals.len() > named {
            list.push_str(&said!(
                " and {more} more",
                more = grouped((hospitals.len() - named) as u64)
            ));
        }
        lists.push(format!("{} ({list})", words::of(what)));
    }
    Some(said!(
        "Left out, because the data do not say whether they qualify. What is unknown: {lists}.",
        lists = lists.join("; ")
    ))
}

/// The same for all of some requirements, each hospital once.
pub(super) fn on_unknown_of<'r>(
    network: &Network,
    requirements: impl IntoIterator<Item = &'r Requirement>,
) -> Option<String> {
    let each = requirements.into_iter().flat_map(|requirement| requirement.unknown_sites(network));
    on_unknown(network, &UnknownSite::merged(each))
}

/// What no hospital of the data has, told once; `None` where there is nothing.
pub(super) fn on_nowhere<'k>(kinds: impl IntoIterator<Item = &'k String>) -> Option<String> {
    // Every rule that asks for a thing names it again; sorted, the sentence does not hang on which one came first.
    let kinds: BTreeSet<&str> = kinds.into_iter().map(String::as_str).collect();
    if kinds.is_empty() {
        return None;
    }

    let mut named = Vec::new();
    for kind in kinds.iter().take(NAMED) {
        named.push(words::of(kind));
    }
    let more = match kinds.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => said!(" and {more} more", more),
    };
    Some(said!(
        "No hospital of the data has any of these: {named}{more}. A verdict that rests on one is unknown at every hospital, and \
         tables do not repeat it.",
        named = named.join(", "),
        more
    ))
}
