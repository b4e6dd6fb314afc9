//! What of a network is other after a change: agreements, memberships, branches, and who counts for a
//! standard.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::{
    CareLevel, Catalog, Cooperation, EmergencyLevel, Hospital, Network, Parties, Requirement,
    Standard,
};

/// A cooperation that starts, ends, or goes on among others or on other terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CooperationDifference {
    /// Its key.
    pub cooperation: String,
    /// Who took part; `None` where it was not at work.
    pub before: Option<Parties>,
    /// Who takes part; `None` where it is at an end.
    pub after: Option<Parties>,
}

/// A member that an alliance gains or loses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MemberDifference {
    /// Key of the alliance.
    pub alliance: String,
    /// Key of the hospital.
    pub hospital: String,
    /// Whether it is a member after the change, and was none before; else the other way round.
    pub joins: bool,
}

/// A hospital that counts for a standard after a change and did not before, or the other way round; or a new
/// one that does not count where somebody may think that it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CountingDifference {
    /// Key of the standard.
    pub standard: String,
    /// Key of the hospital.
    pub hospital: String,
    /// Whether it counted before; `None` where it was not there.
    pub before: Option<bool>,
    /// Whether it counts after; `None` where it is gone.
    pub after: Option<bool>,
    /// What it lacks after, in words; empty where it counts or is gone.
    pub missing: Vec<String>,
}

/// What of a network is other after a change.
///
/// A hospital counts for a standard when it meets the requirement in some hour of the week. Of a hospital
/// that opens, those standards are named, too, that it does not meet though a hospital that is gone did,
/// or that it would meet with a care level or an emergency stage: a record without one has none.
///
/// ```
/// use verbund::comparison::NetworkDifference;
/// use verbund::files::Folder;
/// use verbund::scenario::Scenario;
///
/// let model = Folder::small().read()?;
/// let text = r#"(format: 1, id: "no-south", name: "Süd closes", source: "invented", changes: [
///     (on: "2026-07-01", reason: "no staff", change: CloseHospital("south")),
/// ])"#;
/// let scenario = Scenario::read(text, "no-south.ron", &model.network, &model.places)?;
/// let after = verbund::scenario::under(&model, &[&scenario], "2026-07-01".parse().unwrap())?.network;
/// let before = model.network.as_of(model.network.date());
/// let found = NetworkDifference::between(&before, &after, &before.catalog().standards);
/// let ended: Vec<&str> = found.cooperations.iter().map(|ended| ended.cooperation.as_str()).collect();
/// assert_eq!(ended, ["tele-stroke", "transfer"]);
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NetworkDifference {
    /// Cooperations, by key.
    pub cooperations: Vec<CooperationDifference>,
    /// Members of alliances, by the keys of alliance and hospital.
    pub members: Vec<MemberDifference>,
    /// Keys of branches that are left without their main site.
    pub without_main: Vec<String>,
    /// Who counts for which standard, in the order of the standards, then by key.
    pub counting: Vec<CountingDifference>,
}

impl NetworkDifference {
    /// What differs between a network and what a change made of it.
    pub fn between(before: &Network, after: &Network, standards: &[Standard]) -> Self {
        let mut counting = Vec::new();
        for standard in standards {
            counting.extend(counting_differences(before, after, standard));
        }
        Self {
            cooperations: cooperations(before, after),
            members: members(before, after),
            without_main: without_main(before, after),
            counting,
        }
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Keys of branches of before that have no main site any more, because it is gone.
fn without_main(before: &Network, after: &Network) -> Vec<String> {
    let mut branches = Vec::new();
    for hospital in after.hospitals() {
        let Some(then) = before.find(&hospital.key) else { continue };
        let Some(main) = &before[then].parent else { continue };
        // A branch that got another main site lost none.
        if hospital.parent.is_none() && after.find(main).is_none() {
            branches.push(hospital.key.clone());
        }
    }
    branches
}

fn cooperations(before: &Network, after: &Network) -> Vec<CooperationDifference> {
    // By key: a cooperation has another number in the other network.
    let mut both: BTreeMap<&str, (Option<&Cooperation>, Option<&Cooperation>)> = BTreeMap::new();
    for cooperation in before.cooperations() {
        both.entry(&cooperation.key).or_default().0 = Some(cooperation);
    }
    for cooperation in after.cooperations() {
        both.entry(&cooperation.key).or_default().1 = Some(cooperation);
    }

    let parties =
        |cooperation: Option<&Cooperation>| cooperation.map(|taken| taken.parties.clone());
    let mut differences = Vec::new();
    for (key, (then, now)) in both {
        // The whole of it is compared: other hours or terms are told, though the partners are the same.
        if then != now {
            differences.push(CooperationDifference {
                cooperation: key.to_owned(),
                before: parties(then),
                after: parties(now),
            });
        }
    }
    differences
}

/// Keys of alliances and their members, in order.
fn memberships(network: &Network) -> BTreeSet<(&str, &str)> {
    let mut memberships = BTreeSet::new();
    for alliance in network.alliances() {
        for member in &alliance.members {
            memberships.insert((alliance.key.as_str(), member.as_str()));
        }
    }
    memberships
}

fn members(before: &Network, after: &Network) -> Vec<MemberDifference> {
    let (then, now) = (memberships(before), memberships(after));
    let mut differences = Vec::new();
    for membership @ &(alliance, hospital) in then.symmetric_difference(&now) {
        differences.push(MemberDifference {
            alliance: alliance.to_owned(),
            hospital: hospital.to_owned(),
            joins: now.contains(membership),
        });
    }
    differences
}

fn counting_differences(
    before: &Network,
    after: &Network,
    standard: &Standard,
) -> Vec<CountingDifference> {
    let (requirement, catalog) = (&standard.requirement, after.catalog());
    let counts = |hospital: &Hospital| !requirement.hours(hospital, catalog).is_never();
    let difference = |hospital: &Hospital| CountingDifference {
        standard: standard.key.clone(),
        hospital: hospital.key.clone(),
        before: None,
        after: None,
        missing: Vec::new(),
    };

    let mut by_hospital: BTreeMap<&str, CountingDifference> = BTreeMap::new();
    let mut is_any_gone = false;
    for hospital in before.hospitals() {
        let now = after.find(&hospital.key).map(|id| &after[id]);
        let (was, is) = (counts(hospital), now.map(counts));
        is_any_gone |= was && now.is_none();
        // One that never counted and is gone changes nothing for the standard.
        if was == is.unwrap_or(false) {
            continue;
        }
        let mut difference = difference(hospital);
        (difference.before, difference.after) = (Some(was), is);
        if let Some(now) = now {
            difference.missing = lacks(requirement, now, catalog);
        }
        by_hospital.insert(&hospital.key, difference);
    }

    for hospital in after.hospitals() {
        if before.find(&hospital.key).is_some() {
            continue;
        }
        // One that opens in the place of one that counted, or whose levels nobody wrote down yet, may be thought to
        // count: readers are told that it does not.
        let is_missed =
            hospital.kind.has_inpatients() && (is_any_gone || counts(&with_levels(hospital)));
        if counts(hospital) || is_missed {
            let mut difference = difference(hospital);
            difference.after = Some(counts(hospital));
            difference.missing = lacks(requirement, hospital, catalog);
            by_hospital.insert(&hospital.key, difference);
        }
    }
    by_hospital.into_values().collect()
}

/// What a hospital lacks to meet a requirement in some hour, in words.
fn lacks(requirement: &Requirement, hospital: &Hospital, catalog: &Catalog) -> Vec<String> {
    let missing = requirement.missing(hospital, catalog);
    // Each part is there, and no hour has all of them: readers would look for a part that is missing.
    if missing.is_empty() && requirement.hours(hospital, catalog).is_never() {
        return vec!["never all of it open together".to_owned()];
    }
    missing
}

/// The hospital with the levels that it could have.
fn with_levels(hospital: &Hospital) -> Hospital {
    Hospital {
        care_level: hospital.care_level.or(Some(CareLevel::Maximum)),
        emergency_level: Some(EmergencyLevel::Comprehensive),
        ..hospital.clone()
    }
}
