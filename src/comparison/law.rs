//! What the law says of each hospital before and after.

use std::collections::{BTreeMap, BTreeSet};

use crate::region::Region;
use crate::rules::{
    Assessment, FederalLevel, GroupSettings, GroupStanding, RulesError, StageRange, Supplement,
    SupplementSettings, SupplementVerdict, emergency_stages, levels,
};

/// A rule whose answer changed; `None` where it has none, as of a hospital that closed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LawPoint {
    /// A service group, by its number in annex 1 SGB V; `None` where the site is not taken to offer it.
    Group {
        /// Number.
        number: u8,
        /// Name, in German.
        name: String,
        /// Before.
        before: Option<GroupStanding>,
        /// After.
        after: Option<GroupStanding>,
    },
    /// The federal level of section 135d SGB V.
    Level {
        /// Before.
        before: Option<FederalLevel>,
        /// After.
        after: Option<FederalLevel>,
    },
    /// The stages of emergency care that departments, beds and facilities would allow, for sure and at
    /// best.
    Stage {
        /// Before.
        before: Option<StageRange>,
        /// After.
        after: Option<StageRange>,
    },
    /// What the G-BA rules on supplements say; `None` where it is no suitable site.
    Supplement {
        /// Key of the provision.
        provision: String,
        /// Before.
        before: Option<SupplementVerdict>,
        /// After.
        after: Option<SupplementVerdict>,
    },
}

/// Something that the law says differently of a hospital inside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LawChange {
    /// Key of the hospital; of the main one where several count as one site.
    pub hospital: String,
    /// What changed.
    pub point: LawPoint,
}

/// People of whom a provision of the supplement rules knows no suitable site at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithoutSite {
    /// Key of the provision.
    pub provision: String,
    /// People of its group who reach none within the cut-off, before.
    pub before: u64,
    /// After.
    pub after: u64,
}

/// Every rule whose answer differs for a hospital inside, by the keys of the hospitals.
///
/// Rules are read by their default settings. What the catalog has no table for is left out: service
/// groups and levels without `service_groups.ron`, stages without `emergency_stages.ron`.
///
/// ```
/// use verbund::Region;
/// use verbund::comparison::law_changes;
///
/// let region = Region::leipzig()?;
/// assert_eq!(law_changes(&region, &region)?, []);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When the limit of a provision is beyond a region's cut-off.
pub fn law_changes(before: &Region, after: &Region) -> Result<Vec<LawChange>, RulesError> {
    Ok(Law::of(before)?.changes(&Law::of(after)?))
}

/// What the law says of the hospitals inside.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Law {
    groups: Groups,
    stages: BTreeMap<String, StageRange>,
    supplements: Supplements,
    /// People without any suitable site, by provision.
    without_site: BTreeMap<String, u64>,
}

impl Law {
    pub(super) fn of(region: &Region) -> Result<Self, RulesError> {
        let (supplements, without_site) = supplements(region)?;
        Ok(Self { groups: groups(region), stages: stages(region), supplements, without_site })
    }

    /// Provisions by which other people have no suitable site at all.
    pub(super) fn without_site(&self, after: &Self) -> Vec<WithoutSite> {
        let all = both(&self.without_site, &after.without_site).into_iter();
        all.map(|(provision, before, after)| WithoutSite {
            provision,
            before: before.unwrap_or(0),
            after: after.unwrap_or(0),
        })
        .collect()
    }

    pub(super) fn changes(&self, after: &Self) -> Vec<LawChange> {
        let mut changes = Vec::new();
        let mut add = |hospital: String, point| changes.push(LawChange { hospital, point });
        let (old, new) = (&self.groups, &after.groups);
        for ((hospital, number), before, after) in both(&old.standings, &new.standings) {
            let name = [old, new].iter().find_map(|groups| groups.names.get(&number));
            let name = name.cloned().unwrap_or_default();
            add(hospital, LawPoint::Group { number, name, before, after });
        }
        for (hospital, before, after) in both(&old.levels, &new.levels) {
            add(hospital, LawPoint::Level { before, after });
        }
        for (hospital, before, after) in both(&self.stages, &after.stages) {
            add(hospital, LawPoint::Stage { before, after });
        }
        let supplements = both(&self.supplements, &after.supplements);
        for ((hospital, provision), before, after) in supplements {
            add(hospital, LawPoint::Supplement { provision, before, after });
        }
        changes.sort();
        changes
    }
}

/// The keys whose values differ, with both values.
fn both<K: Ord + Clone, V: Copy + PartialEq>(
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
) -> Vec<(K, Option<V>, Option<V>)> {
    let keys: BTreeSet<&K> = before.keys().chain(after.keys()).collect();
    let values = keys
        .into_iter()
        .map(|key| (key.clone(), before.get(key).copied(), after.get(key).copied()));
    values.filter(|(_, before, after)| before != after).collect()
}

/// Standings of service groups and federal levels of the sites inside.
#[derive(Debug, Clone, Default, PartialEq)]
struct Groups {
    standings: BTreeMap<(String, u8), GroupStanding>,
    levels: BTreeMap<String, FederalLevel>,
    /// Names of groups, by number.
    names: BTreeMap<u8, String>,
}

fn groups(region: &Region) -> Groups {
    let network = region.network();
    let settings = GroupSettings::default();
    let Ok(assessment) = Assessment::new(network, &settings) else { return Groups::default() };
    let all = network.catalog().service_groups.groups.iter();
    let mut found = Groups {
        names: all.map(|group| (group.number, group.name.clone())).collect(),
        ..Groups::default()
    };
    for (site, level) in assessment.sites.iter().zip(levels(network, &assessment, &settings)) {
        let hospital = &network[site.hospital];
        if hospital.outside {
            continue;
        }
        for one in &site.groups {
            let key = (hospital.key.clone(), one.group.number);
            found.standings.insert(key, one.verdict.standing());
        }
        if let Some(level) = level.level() {
            found.levels.insert(hospital.key.clone(), level);
        }
    }
    found
}

fn stages(region: &Region) -> BTreeMap<String, StageRange> {
    let network = region.network();
    let Ok(found) = emergency_stages(network) else { return BTreeMap::new() };
    let inside = found.iter().filter(|one| !network[one.hospital].outside);
    let ranges = inside.map(|one| (network[one.hospital].key.clone(), one.range()));
    ranges.filter(|(_, range)| range.possible.is_some()).collect()
}

type Supplements = BTreeMap<(String, String), SupplementVerdict>;

fn supplements(region: &Region) -> Result<(Supplements, BTreeMap<String, u64>), RulesError> {
    let network = region.network();
    let (mut found, mut without_site) = (Supplements::new(), BTreeMap::new());
    for provision in &network.catalog().supplement.provisions {
        let supplement = Supplement::new(region, provision, &SupplementSettings::default())?;
        without_site.insert(provision.key.clone(), supplement.without_site);
        let inside = supplement.tests.iter().filter(|test| !network[test.hospital].outside);
        found.extend(inside.map(|test| {
            let hospital = network[test.hospital].key.clone();
            ((hospital, provision.key.clone()), test.verdict())
        }));
    }
    Ok((found, without_site))
}
