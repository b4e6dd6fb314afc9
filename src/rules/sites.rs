//! What counts as one site (Standort).

use std::cmp::Reverse;

use serde::{Serialize, Serializer};

use crate::model::{Facility, Hospital, HospitalId, Network, SiteKind};
use crate::units::Metres;

/// The greatest distance between the farthest points of buildings that are one site: 2,000 m as the
/// crow flies, inclusive (section 2a (1) KHG, text of 29 April 2026). The same distance makes a
/// partner a near one (section 135e (4) no. 7 SGB V).
pub const ONE_SITE: Metres = Metres(2_000);

/// Hospitals of a network that count as one site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Site {
    /// The main one: the one that others name as their main site, else the one with the most beds, ties by
    /// key.
    pub main: HospitalId,
    /// All of them, by key, the main one included.
    pub hospitals: Vec<HospitalId>,
    /// The greatest distance between two of them; 0 for one alone.
    #[serde(rename = "widest_metres", serialize_with = "as_metres")]
    pub widest: Metres,
}

/// Writes a distance as a whole number of metres.
fn as_metres<S: Serializer>(distance: &Metres, to: S) -> Result<S::Ok, S::Error> {
    distance.0.serialize(to)
}

impl Site {
    /// The hospitals as one: all departments and facilities of those with inpatients, the highest emergency
    /// level, the care level of the main one or else of another, and what is assumed of any of them.
    pub fn whole(&self, network: &Network) -> Hospital {
        whole(network, self.main, &self.hospitals)
    }
}

/// Hospitals that are one site as one, [`Site::whole`].
pub(crate) fn whole(network: &Network, main: HospitalId, hospitals: &[HospitalId]) -> Hospital {
    let mut whole = network[main].clone();
    for &id in hospitals {
        let branch = &network[id];
        if id == main || !branch.kind.has_inpatients() {
            continue;
        }
        // A main site without inpatients gives key and name only: the law judges inpatient care.
        if !whole.kind.has_inpatients() {
            whole.kind = SiteKind::Hospital;
            whole.departments.clear();
            whole.facilities.clear();
        }
        whole.unknown = whole.unknown_with(branch);
        whole.departments.extend(branch.departments.iter().cloned());
        whole.facilities.extend(branch.facilities.iter().cloned());
        whole.emergency_level = whole.emergency_level.max(branch.emergency_level);
        whole.care_level = whole.care_level.or(branch.care_level);
        whole.assumed.extend(branch.assumed.iter().cloned());
    }
    // Of facilities of a kind, the first one counts.
    let catalog = network.catalog();
    let rank = |facility: &Facility| catalog.grade_rank(&facility.kind, facility.grade.as_deref());
    whole.facilities.sort_by_key(|facility| Reverse(rank(facility)));
    whole
}

/// The sites with inpatients.
pub(super) fn inpatient_sites(network: &Network, limit: Metres) -> Vec<Site> {
    let mut inpatient = Vec::new();
    for site in sites(network, limit) {
        if site.hospitals.iter().any(|id| network[*id].kind.has_inpatients()) {
            inpatient.push(site);
        }
    }
    inpatient
}

/// By hospital, the main one of its site.
pub(super) fn mains(network: &Network, sites: &[Site]) -> Vec<HospitalId> {
    let mut mains: Vec<HospitalId> = network.ids().collect();
    for site in sites {
        for id in &site.hospitals {
            mains[id.index()] = site.main;
        }
    }
    mains
}

/// Whether two hospitals have the same operator: the same name of it, or one is a branch of the
/// other, or both are branches of a third.
pub fn is_same_operator(a: &Hospital, b: &Hospital) -> bool {
    // A name may be written in two ways; a branch names its main site by its key.
    a.operator == b.operator || main_key(a) == main_key(b)
}

fn main_key(hospital: &Hospital) -> &str {
    hospital.parent.as_ref().unwrap_or(&hospital.key)
}

/// The sites of a network, in the order of the keys of their first hospitals.
///
/// Hospitals of one operator count as one site when no two of them are more than `limit` apart
/// ([`ONE_SITE`]). The law measures between the farthest points of the buildings; the data has one point a
/// hospital, its access address, so distances are a little too short. Where three could be joined in
/// more than one way, each joins the first site that it fits, in the order of keys.
///
/// ```
/// use verbund::files::Folder;
/// use verbund::rules::{ONE_SITE, sites};
///
/// let network = Folder::small().read()?.network;
/// let found = sites(&network, ONE_SITE);
/// assert_eq!(found.len(), 4); // four hospitals, none within 2,000 m of another
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
pub fn sites(network: &Network, limit: Metres) -> Vec<Site> {
    let mut groups: Vec<Vec<HospitalId>> = Vec::new();
    for (id, hospital) in network.iter() {
        let fits = |member: &HospitalId| {
            let member = &network[*member];
            is_same_operator(hospital, member)
                && hospital.position.distance_to(member.position) <= limit
        };
        // Section 2a (1) KHG measures between the farthest points: all of a site must be near.
        match groups.iter_mut().find(|group| group.iter().all(fits)) {
            Some(group) => group.push(id),
            None => groups.push(vec![id]),
        }
    }
    groups.into_iter().map(|hospitals| site(network, hospitals)).collect()
}

/// The site that a hospital is part of, itself alone included.
pub fn site_of(network: &Network, hospital: HospitalId) -> Site {
    for site in sites(network, ONE_SITE) {
        if site.hospitals.contains(&hospital) {
            return site;
        }
    }
    site(network, vec![hospital])
}

fn site(network: &Network, hospitals: Vec<HospitalId>) -> Site {
    // The one that others name as their main site comes first, then the one with the most beds.
    let mut parents: Vec<&str> = Vec::new();
    for id in &hospitals {
        parents.extend(network[*id].parent.as_deref());
    }
    let rank = |id: &HospitalId| {
        let hospital = &network[*id];
        let is_parent = parents.contains(&hospital.key.as_str());
        (!is_parent, Reverse(hospital.beds.unwrap_or(0)), *id)
    };
    let main = hospitals.iter().copied().min_by_key(rank).unwrap_or(network.id(0));
    let mut widest = Metres(0);
    for &a in &hospitals {
        for &b in &hospitals {
            widest = widest.max(network[a].position.distance_to(network[b].position));
        }
    }
    Site { main, hospitals, widest }
}
