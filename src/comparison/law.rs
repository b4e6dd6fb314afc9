//! What the law says of each hospital before and after.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::region::Region;
use crate::rules::{
    Assessment, FederalLevel, GroupSettings, GroupStanding, RulesError, StageRange, Supplement,
    SupplementSettings, SupplementVerdict, emergency_stages, levels,
};

/// A rule whose answer changed; `None` where it has none, as of a hospital that closed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct LawChange {
    /// Key of the hospital; of the main one where several count as one site.
    pub hospital: String,
    /// What changed.
    pub point: LawPoint,
}

/// People of whom a provision of the supplement rules knows no suitable site at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
        let mut changes = Vec::new();
        for (provision, before, after) in both(&self.without_site, &after.without_site) {
            let (before, after) = (before.unwrap_or(0), after.unwrap_or(0));
            changes.push(WithoutSite { provision, before, after });
        }
        changes
    }

    pub(super) fn changes(&self, after: &Self) -> Vec<LawChange> {
        let mut changes = Vec::new();
        let mut add = |hospital: String, point| changes.push(LawChange { hospital, point });
        let (old, new) = (&self.groups, &after.groups);
        for ((hospital, number), before, after) in both(&old.standings, &new.standings) {
            // A number that only one of the catalogs knows has its name there.
            let name = old.names.get(&number).or_else(|| new.names.get(&number));
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
        // By hospital first: a reader asks what becomes of one.
        changes.sort();
        changes
    }
}

/// The keys whose values differ, with both values.
fn both<K: Ord + Clone, V: Copy + PartialEq>(
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
) -> Vec<(K, Option<V>, Option<V>)> {
    let mut keys: BTreeSet<&K> = before.keys().collect();
    keys.extend(after.keys());
    let mut differing = Vec::new();
    for key in keys {
        let (before, after) = (before.get(key).copied(), after.get(key).copied());
        if before != after {
            differing.push((key.clone(), before, after));
        }
    }
    differing
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
    let mut groups = Groups::default();
    // Without service groups in the catalog the law says nothing of them.
    let Ok(assessment) = Assessment::new(network, &settings) else { return groups };
    for group in &network.catalog().service_groups.groups {
        groups.names.insert(group.number, group.name.clone());
    }
    for (site, level) in assessment.sites.iter().zip(levels(network, &assessment, &settings)) {
        let hospital = &network[site.hospital];
        if hospital.outside {
            continue;
        }
        for offered in &site.groups {
            // Without its reasons, whose words may differ where the law says the same.
            let key = (hospital.key.clone(), offered.group.number);
            groups.standings.insert(key, offered.verdict.standing());
        }
        if let Some(level) = level.level() {
            groups.levels.insert(hospital.key.clone(), level);
        }
    }
    groups
}

fn stages(region: &Region) -> BTreeMap<String, StageRange> {
    let network = region.network();
    let mut ranges = BTreeMap::new();
    let Ok(stages) = emergency_stages(network) else { return ranges };
    for stages in stages {
        let hospital = &network[stages.hospital];
        // No stage even at best is told as no answer: what comes and goes are stages.
        let range = stages.range();
        if !hospital.outside && range.possible.is_some() {
            ranges.insert(hospital.key.clone(), range);
        }
    }
    ranges
}

type Supplements = BTreeMap<(String, String), SupplementVerdict>;

fn supplements(region: &Region) -> Result<(Supplements, BTreeMap<String, u64>), RulesError> {
    let network = region.network();
    let mut verdicts = Supplements::new();
    let mut without_site = BTreeMap::new();
    for provision in &network.catalog().supplement.provisions {
        let supplement = Supplement::new(region, provision, &SupplementSettings::default())?;
        without_site.insert(provision.key.clone(), supplement.without_site);
        for test in &supplement.tests {
            let hospital = &network[test.hospital];
            if !hospital.outside {
                verdicts.insert((hospital.key.clone(), provision.key.clone()), test.verdict());
            }
        }
    }
    Ok((verdicts, without_site))
}
