//! Federal levels: 3U, 3, 2, 1n, 1i and F.

use std::fmt;

use serde::{Serialize, Serializer};

use super::assessment::{Assessment, GroupVerdict, SiteGroups, Verdict};
use super::frame::GroupSettings;
use crate::model::{CareLevel, GroupBlock, HospitalId, INTENSIVE_CARE, Network, Ownership};

/// The numbers of general internal medicine and general surgery.
const GENERAL: [u8; 2] = [1, 14];

/// A federal level (section 135d (4) and (4a) SGB V, text of 29 April 2026).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FederalLevel {
    /// F: a specialised hospital, assigned by the state until the national definition (30 September 2029).
    Specialised,
    /// 1i: a cross-sector site, assigned by the state.
    CrossSector,
    /// 1n: general internal medicine (1), general surgery (14) and intensive care (64).
    One,
    /// 2: two internal and two surgical groups, intensive care and three further ones.
    Two,
    /// 3: five internal and five surgical groups, intensive care and eight further ones.
    Three,
    /// 3U: a university hospital with what level 3 asks for.
    University,
}

impl fmt::Display for FederalLevel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Specialised => "F",
            Self::CrossSector => "1i",
            Self::One => "1n",
            Self::Two => "2",
            Self::Three => "3",
            Self::University => "3U",
        })
    }
}

impl Serialize for FederalLevel {
    /// As the law calls it: `1n`.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// How many groups of each block a site has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LevelCounts {
    /// Internal groups.
    pub internal: usize,
    /// Surgical groups.
    pub surgical: usize,
    /// All others but intensive care.
    pub other: usize,
    /// Whether it has intensive care (64).
    pub intensive_care: bool,
    /// Whether it has general internal medicine (1) and general surgery (14).
    pub general: [bool; 2],
}

impl LevelCounts {
    /// The counts of a site: the groups that it has.
    pub fn of(site: &SiteGroups) -> Self {
        Self::counted(site, &|group| group.verdict.is_met())
    }

    /// The counts of a site if it had the groups, too, of which nobody can tell.
    pub fn at_best(site: &SiteGroups) -> Self {
        Self::counted(site, &|group| !matches!(group.verdict, Verdict::Missing(_)))
    }

    fn counted(site: &SiteGroups, counts_here: &dyn Fn(&GroupVerdict) -> bool) -> Self {
        let mut counts = Self::default();
        for group in &site.groups {
            if !counts_here(group) {
                continue;
            }
            // Section 135d (4) asks for intensive care by name: it is none of the further groups.
            if group.group.number == INTENSIVE_CARE {
                counts.intensive_care = true;
                continue;
            }
            match group.block {
                GroupBlock::Internal => counts.internal += 1,
                GroupBlock::Surgical => counts.surgical += 1,
                GroupBlock::Other => counts.other += 1,
            }
        }
        // Level 1n asks for two groups by their numbers, whatever else there is (section 135d (4) SGB V).
        let has = |number| site.group(number).is_some_and(counts_here);
        counts.general = GENERAL.map(has);
        counts
    }

    /// What is missing for a level that is computed, in words; empty when it is reached.
    ///
    /// "Further" groups are those beyond the internal, surgical and intensive ones that the level
    /// names, of whatever block (our reading): a sixth internal group is a further one.
    pub fn missing_for(&self, level: FederalLevel) -> Vec<String> {
        // Section 135d (4) SGB V: so many internal and as many surgical groups, and so many further ones.
        let (block, further) = match level {
            FederalLevel::Two => (2, 3),
            FederalLevel::Three | FederalLevel::University => (5, 8),
            _ => (0, 0),
        };
        let mut missing = Vec::new();
        let mut count = |have: usize, least: usize, what: &str| {
            if have < least {
                missing.push(format!("{} {what}", least - have));
            }
        };
        if block > 0 {
            count(self.internal, block, "internal");
            count(self.surgical, block, "surgical");
            let beyond = |have: usize| have.saturating_sub(block);
            count(self.other + beyond(self.internal) + beyond(self.surgical), further, "further");
        }
        if level == FederalLevel::One {
            for (number, has) in GENERAL.iter().zip(self.general) {
                if !has {
                    missing.push(number.to_string());
                }
            }
        }
        let asks_for_intensive_care = block > 0 || level == FederalLevel::One;
        if asks_for_intensive_care && !self.intensive_care {
            missing.push(INTENSIVE_CARE.to_string());
        }
        missing
    }
}

/// The level of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SiteLevel {
    /// The main hospital of the site.
    pub hospital: HospitalId,
    /// How many groups it has.
    pub counts: LevelCounts,
    /// The highest level that its groups reach: 1n, 2, 3 or 3U; `None` for none.
    pub computed: Option<FederalLevel>,
    /// The highest level that they would reach if the site had the groups, too, of which nobody can tell.
    pub possible: Option<FederalLevel>,
    /// The level that the state assigns (1i or F), as far as it is assumed.
    pub assigned: Option<FederalLevel>,
    /// The next level that could be reached, and what is missing for it.
    pub next: Option<NextLevel>,
}

/// A level that a site does not reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NextLevel {
    /// The level.
    pub level: FederalLevel,
    /// What is missing for it, in words, as [`LevelCounts::missing_for`] has it.
    pub missing: Vec<String>,
}

impl SiteLevel {
    /// The level: the assigned one before the computed one.
    pub fn level(&self) -> Option<FederalLevel> {
        self.assigned.or(self.computed)
    }
}

/// The federal levels of all sites of an assessment (section 135d (4), (4a) SGB V), in its order.
///
/// 3U, 3, 2 and 1n follow from the groups that a site has, those by cooperation included; each is judged
/// by its own clauses, and the highest counts. 1i and F are never computed: 1i comes from
/// [`GroupSettings::is_cross_sector`], F from the care level `Specialist` of the state's plan, which is an
/// assumption. A university hospital is one that a university owns ([`Ownership::University`]). Groups of low
/// volume, which the law leaves out, are counted here: their cases are not in the data.
///
/// ```
/// use verbund::rules::{Assessment, FederalLevel, GroupSettings, levels};
///
/// let region = verbund::Region::leipzig()?;
/// let (network, settings) = (region.network(), GroupSettings::default());
/// let assessment = Assessment::new(network, &settings)?;
/// let all = levels(network, &assessment, &settings);
/// let of = |key: &str| all.iter().find(|one| network[one.hospital].key == key).unwrap();
/// // Its departments of the directory are broad ones: internal medicine, surgery. They show groups for level 2.
/// assert_eq!(of("ukl-leipzig").level(), Some(FederalLevel::Two));
/// assert_eq!(of("kkh-torgau").level(), Some(FederalLevel::One));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn levels(
    network: &Network,
    assessment: &Assessment,
    settings: &GroupSettings,
) -> Vec<SiteLevel> {
    assessment.sites.iter().map(|site| level_of(network, site, settings)).collect()
}

fn level_of(network: &Network, site: &SiteGroups, settings: &GroupSettings) -> SiteLevel {
    let hospital = &network[site.hospital];
    let is_university = hospital.ownership == Ownership::University;
    let top = if is_university { FederalLevel::University } else { FederalLevel::Three };
    let ladder = [FederalLevel::One, FederalLevel::Two, top];
    // Each level by its own clauses: a site may reach level 2 without the general surgery of 1n.
    let highest = |counts: LevelCounts| {
        let is_reached = |level: &FederalLevel| counts.missing_for(*level).is_empty();
        ladder.iter().copied().rfind(is_reached)
    };
    let counts = LevelCounts::of(site);
    let computed = highest(counts);
    // Above what its own groups reach: what the state assigned needs no groups.
    let next = ladder.iter().copied().find(|level| Some(*level) > computed);

    // Section 135d (4), (4a) SGB V: the state assigns these two, whatever the groups.
    let cross_sector = settings.is_cross_sector_site(network, &site.hospitals);
    let is_specialist = hospital.care_level == Some(CareLevel::Specialist);
    let assigned = if cross_sector {
        Some(FederalLevel::CrossSector)
    } else if settings.specialists_are_f && is_specialist {
        Some(FederalLevel::Specialised)
    } else {
        None
    };
    SiteLevel {
        hospital: site.hospital,
        counts,
        computed,
        possible: highest(LevelCounts::at_best(site)),
        assigned,
        next: next.map(|level| NextLevel { level, missing: counts.missing_for(level) }),
    }
}
