//! What counts as one site (Standort).

use crate::model::{Hospital, HospitalId, Network};
use crate::units::Metres;

/// The greatest distance between the farthest points of buildings that are one site: 2,000 m as the
/// crow flies, inclusive (section 2a (1) KHG, text of 29 April 2026). The same distance makes a
/// partner a near one (section 135e (4) no. 7 SGB V).
pub const ONE_SITE: Metres = Metres(2_000);

/// Hospitals of a network that count as one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The main one: the one that others name as their main site, else the one with the most beds, ties by
    /// key.
    pub main: HospitalId,
    /// All of them, by key, the main one included.
    pub hospitals: Vec<HospitalId>,
    /// The greatest distance between two of them; 0 for one alone.
    pub widest: Metres,
}

/// Whether two hospitals have the same operator: the same name of it, or one is a branch of the
/// other, or both are branches of a third.
pub fn is_same_operator(a: &Hospital, b: &Hospital) -> bool {
    let main = |one: &Hospital| one.parent.clone().unwrap_or_else(|| one.key.clone());
    a.operator == b.operator || main(a) == main(b)
}

/// The sites of a network, in the order of the keys of their first hospitals.
///
/// Hospitals of one operator count as one site when no two of them are more than `limit` apart
/// ([`ONE_SITE`]). The law measures between the farthest points of the buildings; the data has one point a
/// hospital, its access address, so distances are a little too short. Where three could be joined in
/// more than one way, each joins the first site that it fits, in the order of keys.
///
/// ```
/// use verbund::model::Folder;
/// use verbund::rules::{ONE_SITE, sites};
///
/// let network = Folder::small().read()?.network;
/// let found = sites(&network, ONE_SITE);
/// assert_eq!(found.len(), 4); // four hospitals, none within 2,000 m of another
/// # Ok::<(), verbund::model::Problems>(())
/// ```
pub fn sites(network: &Network, limit: Metres) -> Vec<Site> {
    let mut groups: Vec<Vec<HospitalId>> = Vec::new();
    for (id, hospital) in network.iter() {
        let fits = |other: &HospitalId| {
            let other = &network[*other];
            is_same_operator(hospital, other)
                && hospital.position.distance_to(other.position) <= limit
        };
        match groups.iter_mut().find(|group| group.iter().all(fits)) {
            Some(group) => group.push(id),
            None => groups.push(vec![id]),
        }
    }
    groups.into_iter().map(|hospitals| site(network, hospitals)).collect()
}

fn site(network: &Network, hospitals: Vec<HospitalId>) -> Site {
    let is_parent = |id: HospitalId| {
        let key = Some(network[id].key.as_str());
        hospitals.iter().any(|other| network[*other].parent.as_deref() == key)
    };
    let rank = |id: &&HospitalId| {
        let beds = network[**id].beds.unwrap_or(0);
        (!is_parent(**id), std::cmp::Reverse(beds), **id)
    };
    let main = hospitals.iter().min_by_key(rank).copied().unwrap_or(HospitalId(0));
    let pairs = hospitals.iter().flat_map(|a| hospitals.iter().map(move |b| (*a, *b)));
    let distances = pairs.map(|(a, b)| network[a].position.distance_to(network[b].position));
    let widest = distances.max().unwrap_or(Metres(0));
    Site { main, hospitals, widest }
}
