//! What the law says of each hospital before and after.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::{Ends, OverBand};
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
    /// Whether the verdicts before and after are these over the whole band of the travel times, with the same error
    /// before and after; `None` without a band, and of rules without a limit of minutes: no journey is part of these.
    pub over_band: Option<OverBand>,
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
    /// Supplements at both ends of the band; `None` without one.
    supplements_at: Option<Ends<Supplements>>,
    /// People without any suitable site, by provision.
    without_site: BTreeMap<String, u64>,
}

impl Law {
    pub(super) fn of(region: &Region) -> Result<Self, RulesError> {
        let Tests { supplements, supplements_at, without_site } = supplements(region)?;
        let (groups, stages) = (groups(region), stages(region));
        Ok(Self { groups, stages, supplements, supplements_at, without_site })
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
        let mut add = |hospital: String, point| {
            changes.push(LawChange { hospital, point, over_band: None });
        };
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
        for change in self.supplement_changes(after) {
            if change.is_other() {
                changes.push(change);
            }
        }
        // By hospital first: a reader asks what becomes of one.
        changes.sort();
        changes
    }

    /// Supplements whose verdict stays by the times as stated and is another one after at an end of the band.
    pub(super) fn undecided(&self, after: &Self) -> Vec<LawChange> {
        let mut undecided = self.supplement_changes(after);
        undecided
            .retain(|change| !change.is_other() && change.over_band == Some(OverBand::NotDecided));
        undecided
    }

    /// The verdicts on every supplement before and after, by hospital and provision.
    fn supplement_changes(&self, after: &Self) -> Vec<LawChange> {
        let mut keys: BTreeSet<&SupplementKey> = self.supplements.keys().collect();
        keys.extend(after.supplements.keys());
        let mut changes = Vec::with_capacity(keys.len());
        for key in keys {
            let sides = |before: &Supplements, after: &Supplements| Sides {
                before: before.get(key).copied(),
                after: after.get(key).copied(),
            };
            let stated = sides(&self.supplements, &after.supplements);
            let mut over_band = None;
            if let (Some(then), Some(now)) = (&self.supplements_at, &after.supplements_at) {
                // The same end before and after: roads are not slow before and quick after.
                let ends = Ends::of(|end| sides(then.at(end), now.at(end)));
                over_band = Some(stated.over_band(&ends));
            }
            let (hospital, provision) = key.clone();
            let Sides { before, after } = stated;
            let point = LawPoint::Supplement { provision, before, after };
            changes.push(LawChange { hospital, point, over_band });
        }
        changes
    }
}

/// A verdict before and after; `None` where there is none.
#[derive(Debug, Clone, PartialEq)]
struct Sides {
    before: Option<SupplementVerdict>,
    after: Option<SupplementVerdict>,
}

impl Sides {
    fn stays(&self) -> bool {
        self.before == self.after
    }

    /// Whether a change of a verdict is the same at both ends; of one that stays, whether it stays.
    fn over_band(&self, ends: &Ends<Self>) -> OverBand {
        if self.stays() {
            return OverBand::over(&true, &ends.map(Self::stays));
        }
        OverBand::over(self, ends)
    }
}

impl LawChange {
    /// Whether a supplement has another verdict after.
    fn is_other(&self) -> bool {
        match &self.point {
            LawPoint::Supplement { before, after, .. } => before != after,
            _ => true,
        }
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

/// Hospital and provision.
type SupplementKey = (String, String);
type Supplements = BTreeMap<SupplementKey, SupplementVerdict>;

/// What the tests of all provisions say of the hospitals inside.
struct Tests {
    supplements: Supplements,
    supplements_at: Option<Ends<Supplements>>,
    /// People without any suitable site, by provision.
    without_site: BTreeMap<String, u64>,
}

fn supplements(region: &Region) -> Result<Tests, RulesError> {
    let network = region.network();
    let mut verdicts = Supplements::new();
    let mut at_ends = Ends::<Supplements>::default();
    let mut without_site = BTreeMap::new();
    for provision in &network.catalog().supplement.provisions {
        let supplement = Supplement::new(region, provision, &SupplementSettings::default())?;
        without_site.insert(provision.key.clone(), supplement.without_site);
        for test in &supplement.tests {
            let hospital = &network[test.hospital];
            if hospital.outside {
                continue;
            }
            let key = (hospital.key.clone(), provision.key.clone());
            if let Some(band) = test.verdict_band {
                at_ends.quick.insert(key.clone(), band.quick);
                at_ends.slow.insert(key.clone(), band.slow);
            }
            verdicts.insert(key, test.verdict());
        }
    }
    let supplements_at = region.margin().map(|_| at_ends);
    Ok(Tests { supplements: verdicts, supplements_at, without_site })
}
