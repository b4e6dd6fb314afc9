//! Which service groups each site has: alone, by cooperation, or not, and what is missing.

use super::RulesError;
use super::frame::{Frame, GroupSettings};
use super::group_set::{GroupSet, Supplied};
use super::ways::Way;
use crate::model::{GroupBlock, GroupRef, GroupTerm, HospitalId, Network};

/// A clause of the table that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The clause: a group, or at least so many of some.
    pub term: GroupTerm,
    /// Whether it must hold on the site; otherwise a partner may supply it, too.
    pub on_site: bool,
    /// Whether it would hold if groups were there that nothing in the data can show.
    pub hangs_on_unknown: bool,
}

/// What became of a group that a site is taken to offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The site has it without any partner.
    OnSite,
    /// It has it, but only with cooperations.
    Cooperation(Way),
    /// Undecided: these clauses fail by the data, and would not if groups that nothing in the data can
    /// show were there.
    Open(Vec<Clause>),
    /// It does not have it: these clauses fail.
    Missing(Vec<Clause>),
}

impl Verdict {
    /// Whether the site has the group.
    pub fn is_met(&self) -> bool {
        matches!(self, Self::OnSite | Self::Cooperation(_))
    }

    /// The verdict without its reasons.
    pub fn standing(&self) -> GroupStanding {
        match self {
            Self::OnSite => GroupStanding::OnSite,
            Self::Cooperation(_) => GroupStanding::Cooperation,
            Self::Open(_) => GroupStanding::Open,
            Self::Missing(_) => GroupStanding::Missing,
        }
    }
}

/// How a site stands to a service group that it is taken to offer: a [`Verdict`] without its reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupStanding {
    /// It has the group without any partner.
    OnSite,
    /// It has it with cooperations.
    Cooperation,
    /// Nobody can tell from the data.
    Open,
    /// It lacks what annex 1 asks for.
    Missing,
}

/// A group at a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupVerdict {
    /// The group; intensive care with the highest grade that the site is taken to offer.
    pub group: GroupRef,
    /// Its block.
    pub block: GroupBlock,
    /// What became of it.
    pub verdict: Verdict,
}

/// The groups of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteGroups {
    /// Its main hospital.
    pub hospital: HospitalId,
    /// All hospitals that count as this site, by key.
    pub hospitals: Vec<HospitalId>,
    /// The groups that it is taken to offer, by number.
    pub groups: Vec<GroupVerdict>,
}

impl SiteGroups {
    /// Numbers of the groups that it has, rising.
    pub fn met(&self) -> impl Iterator<Item = &GroupVerdict> {
        self.groups.iter().filter(|one| one.verdict.is_met())
    }

    /// The verdict on a group; `None` when the site is not taken to offer it.
    pub fn group(&self, number: u8) -> Option<&GroupVerdict> {
        self.groups.iter().find(|one| one.group.number == number)
    }
}

/// Service groups of all sites of a network: annex 1 and section 135e SGB V as of 29 April 2026.
///
/// A site **offers** a group when it meets the assumed requirement of `service_group_assumptions.ron`.
/// It **has** the group when each clause of the table holds: on the site by groups that the site
/// has, and, where the table permits cooperation or a right of [`super::Permission`] does, also by groups that
/// a partner has under a written agreement that covers them.
///
/// Groups need each other in circles (1 and 14 may each come from a partner that has the other).
/// The law asks whether all of it is there, not which was there first, so the answer is the greatest
/// set of offered groups whose clauses hold within the set. No group gets in by the circle alone: only what a
/// site offers by its own departments can be in the set, and whatever lacks one link falls with all
/// that hangs on it. A partner must have what it supplies, by the same rules; that it has it by
/// cooperation itself does no harm.
///
/// ```
/// use verbund::model::Folder;
/// use verbund::rules::{Assessment, GroupSettings};
///
/// let network = Folder::leipzig().read()?.network;
/// let network = network.as_of(network.date());
/// let assessment = Assessment::new(&network, &GroupSettings::default()).unwrap();
/// let torgau = assessment.site(network.find("kkh-torgau").unwrap()).unwrap();
/// assert!(torgau.group(1).unwrap().verdict.is_met()); // with 14 and 64 on the site
/// assert!(torgau.group(21).is_none()); // no heart surgery
/// # Ok::<(), verbund::model::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Every site with inpatients, by the first key of its hospitals.
    pub sites: Vec<SiteGroups>,
    /// Groups that nothing in the data can show, rising: offered nowhere, never met.
    pub unknown: Vec<u8>,
    /// Groups of which the data do not say whether a site offers them, by site and group: they count as
    /// not offered there.
    pub unknown_offers: Vec<UnknownOffer>,
}

/// A group of which the data do not say whether a site offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownOffer {
    /// Main hospital of the site.
    pub hospital: HospitalId,
    /// The group.
    pub group: GroupRef,
    /// What is not stated, in words: `grade of trauma centre`.
    pub unknown: Vec<String>,
}

impl Assessment {
    /// Assesses the network of a day ([`Network::as_of`]).
    ///
    /// # Errors
    ///
    /// When the catalog has no service groups.
    pub fn new(network: &Network, settings: &GroupSettings) -> Result<Self, RulesError> {
        let frame = Frame::new(network, settings)?;
        let met = frame.met(&frame.offered);
        let hoped: Vec<GroupSet> = frame.offered.iter().map(|set| *set | frame.unknown).collect();
        let hoped = frame.met(&hoped);
        let sites = (0..frame.sites.len()).map(|site| of_site(&frame, site, &met, &hoped));
        let unknown = frame.unknown.elements().into_iter().map(|group| group.number);
        Ok(Self {
            sites: sites.collect(),
            unknown: unknown.collect(),
            unknown_offers: unknown_offers(&frame),
        })
    }

    /// The site that a hospital is part of; `None` when that has no inpatients.
    pub fn site(&self, hospital: HospitalId) -> Option<&SiteGroups> {
        self.sites.iter().find(|site| site.hospitals.contains(&hospital))
    }
}

/// The groups that sites may offer or not, by site and group.
fn unknown_offers(frame: &Frame<'_>) -> Vec<UnknownOffer> {
    let catalog = frame.network.catalog();
    let mut offers: Vec<UnknownOffer> = Vec::new();
    for site in &frame.sites {
        let whole = site.whole(frame.network);
        for offer in &catalog.group_assumptions.offers {
            let Some(requirement) = &offer.offered_by else { continue };
            let unknown = requirement.unknown(&whole, catalog);
            if !unknown.is_empty() {
                offers.push(UnknownOffer { hospital: site.main, group: offer.group, unknown });
            }
        }
    }
    offers.sort_by_key(|offer| (offer.hospital, offer.group));
    offers
}

fn of_site(frame: &Frame<'_>, site: usize, met: &[GroupSet], hoped: &[GroupSet]) -> SiteGroups {
    let offered = frame.offered[site];
    let alone = frame.rules.met(offered, Supplied::default());
    let table = &frame.network.catalog().service_groups;
    let mut groups: Vec<GroupVerdict> = Vec::new();
    for group in offered.elements() {
        let Some(entry) = table.group(group.number) else { continue };
        let verdict = if alone.has(group) {
            Verdict::OnSite
        } else if met[site].has(group) {
            // A way exists: with all cooperations of the site the group is met.
            let none = Way { supplies: Vec::new(), cooperations: 0, is_fewest: false };
            Verdict::Cooperation(frame.way(site, group, met).unwrap_or(none))
        } else {
            let clauses = failing(frame, site, group.number, met, hoped);
            let is_open = hoped[site].has(group);
            if is_open { Verdict::Open(clauses) } else { Verdict::Missing(clauses) }
        };
        // Of the grades of intensive care, the highest one stands for all.
        groups.retain(|other| other.group.number != group.number);
        groups.push(GroupVerdict { group, block: entry.block, verdict });
    }
    let hospitals = frame.sites[site].hospitals.clone();
    SiteGroups { hospital: frame.sites[site].main, hospitals, groups }
}

/// The clauses of a group that do not hold with what a site has and is supplied with.
fn failing(
    frame: &Frame<'_>,
    site: usize,
    number: u8,
    met: &[GroupSet],
    hoped: &[GroupSet],
) -> Vec<Clause> {
    let sets = |met: &[GroupSet]| {
        let mut supplied = Supplied::default();
        for link in frame.links_to(site) {
            supplied.add(frame.supply(link, met[link.from]));
        }
        let (near, far) = supplied.for_group(number);
        (met[site] | near, met[site] | far)
    };
    let Some(entry) = frame.network.catalog().service_groups.group(number) else {
        return Vec::new();
    };
    let (now, then) = (sets(met), sets(hoped));
    let clause = |term: &GroupTerm, on_site: bool| {
        let (now, then) = if on_site { (now.0, then.0) } else { (now.1, then.1) };
        let fails = !term.holds(&|group| now.has(group));
        fails.then(|| Clause {
            term: term.clone(),
            on_site,
            hangs_on_unknown: term.holds(&|group| then.has(group)),
        })
    };
    let site = entry.site.0.iter().filter_map(|term| clause(term, true));
    site.chain(entry.cooperation.0.iter().filter_map(|term| clause(term, false))).collect()
}
