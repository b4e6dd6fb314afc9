//! Which service groups each site has: alone, by cooperation, or not, and what is missing.

use std::collections::BTreeSet;

use serde::Serialize;

use super::RulesError;
use super::frame::{Frame, GroupSettings, NowhereOffers, UnknownOffer};
use super::group_set::{Counting, GroupSet, Supplied};
use super::sites::Site;
use super::supply::GroupSupply;
use crate::model::{GroupBlock, GroupRef, GroupTerm, GroupTerms, HospitalId, Network};

/// A clause of the table that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Clause {
    /// The clause: a group, or at least so many of some.
    pub term: GroupTerm,
    /// Whether it must hold on the site; otherwise a partner may supply it, too: by the table, or
    /// because of a right of the site, such as that of level F.
    pub on_site: bool,
    /// Whether it would hold if all were there that the data do not say.
    pub hangs_on_unknown: bool,
}

/// Why nobody can tell whether a site has a group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Doubt {
    /// The clauses that fail by the data; each would hold if all were there that the data do not say.
    pub clauses: Vec<Clause>,
    /// What the data do not say of the site, so that it may not offer the group at all, in words: `grade
    /// of trauma centre`.
    pub unknown: Vec<String>,
}

/// What became of a group that a site is taken to offer, or may offer. It holds on the site or by
/// cooperation, fails, or is unknown by the rule of [`Answer`](crate::model::Answer).
///
/// Beyond that rule it is unknown what hangs on a group which nothing in the data can show. And
/// agreements are not published: unknown is what a site could have by cooperation which no agreement of
/// the data supplies, and what one could have so that may meet every clause by cooperation, as a
/// specialised hospital of level F. Any other site that some agreement supplies is taken to have no
/// others ([`GroupSettings::agreements_are_complete`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Verdict {
    /// The site has it without any partner.
    OnSite,
    /// It has it, but only with cooperations.
    Cooperation(GroupSupply),
    /// Nobody can tell.
    Unknown(Doubt),
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
            Self::Unknown(_) => GroupStanding::Unknown,
            Self::Missing(_) => GroupStanding::Missing,
        }
    }
}

/// How a site stands to a service group that it is taken to offer: a [`Verdict`] without its reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum GroupStanding {
    /// It has the group without any partner.
    OnSite,
    /// It has it with cooperations.
    Cooperation,
    /// Nobody can tell from the data.
    Unknown,
    /// It lacks what annex 1 asks for.
    Missing,
}

/// A group at a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GroupVerdict {
    /// The group; intensive care with the highest grade that the site is taken to offer.
    pub group: GroupRef,
    /// Its block.
    pub block: GroupBlock,
    /// What became of it.
    pub verdict: Verdict,
}

/// The groups of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SiteGroups {
    /// Its main hospital.
    pub hospital: HospitalId,
    /// All hospitals that count as this site, by key.
    pub hospitals: Vec<HospitalId>,
    /// The groups that it is taken to offer, and those of which its record does not say so, by number.
    pub groups: Vec<GroupVerdict>,
}

impl SiteGroups {
    /// Numbers of the groups that it has, rising.
    pub fn met(&self) -> impl Iterator<Item = &GroupVerdict> {
        self.groups.iter().filter(|group| group.verdict.is_met())
    }

    /// The verdict on a group; `None` when the site is not taken to offer it.
    pub fn group(&self, number: u8) -> Option<&GroupVerdict> {
        self.groups.iter().find(|group| group.group.number == number)
    }
}

/// Service groups of all sites of a network: annex 1 and section 135e SGB V as of 29 April 2026.
///
/// A site **offers** a group when it meets the assumed requirement of `service_group_assumptions.ron`.
/// General internal medicine (1) may rest on any department of the field: annex 1 asks for three
/// specialists "aus dem Gebiet Innere Medizin", and a cardiologist is one.
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
/// **What it costs.** Sets of groups are bits, so that settling all sites costs little; naming the fewest
/// agreements costs most, as sets of them are tried ([`GroupSupply::is_fewest`]).
///
/// **When not.** Equipment, staff and processes are not in the data: a group that is met here may still be
/// refused for those. What one agreement more would bring is asked of [`unlocks`](super::unlocks).
///
/// ```
/// use verbund::files::Folder;
/// use verbund::rules::{Assessment, GroupSettings};
///
/// let network = Folder::leipzig().read()?.network;
/// let network = network.as_of(network.date());
/// let assessment = Assessment::new(&network, &GroupSettings::default()).unwrap();
/// let torgau = assessment.site(network.find("kkh-torgau").unwrap()).unwrap();
/// assert!(torgau.group(1).unwrap().verdict.is_met()); // with 14 and 64 on the site
/// assert!(torgau.group(21).is_none()); // no heart surgery
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Assessment {
    /// Every site with inpatients, by the first key of its hospitals.
    pub sites: Vec<SiteGroups>,
    /// Groups that nothing in the data can show, rising: offered nowhere, never met.
    pub unknown: Vec<u8>,
    /// Groups of which the data do not say whether a site offers them, by site and group: they count as
    /// not offered there.
    pub unknown_offers: Vec<UnknownOffer>,
    /// Groups of which nobody can say who offers them, because no hospital of the data has what they
    /// rest on: they count as offered nowhere.
    pub nowhere: NowhereOffers,
    /// Main hospitals of the sites that may have agreements of which the data know nothing, by id; empty
    /// where the data are taken to have all.
    pub unknown_agreements: Vec<HospitalId>,
    /// Groups without any criterion that is checked, on which others rest, by hospital and number.
    pub unchecked: Vec<UncheckedGroup>,
}

/// A group whose criteria stand in other rules, so that none of them is checked, and what rests on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UncheckedGroup {
    /// Main hospital of the site that offers it.
    pub hospital: HospitalId,
    /// Its number.
    pub number: u8,
    /// Where its criteria stand: `G-BA: Kinderherzchirurgie`.
    pub elsewhere: String,
    /// The groups that sites would not have without it, by site and group.
    pub carries: Vec<GroupAt>,
}

/// A service group at a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct GroupAt {
    /// Main hospital of the site.
    pub hospital: HospitalId,
    /// The group.
    pub group: GroupRef,
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
        let hoped = frame.hoped();
        let states = States { frame: &frame, met: &met, hoped: &hoped };
        let mut sites = Vec::with_capacity(frame.sites.len());
        let mut unknown_agreements: Vec<HospitalId> = Vec::new();
        for site in 0..frame.sites.len() {
            sites.push(states.of_site(site));
            if !frame.are_agreements_known(site) {
                unknown_agreements.push(frame.sites[site].main);
            }
        }
        unknown_agreements.sort_unstable();
        let unknown = frame.unknown.elements().into_iter().map(|group| group.number).collect();
        Ok(Self {
            sites,
            unknown,
            unchecked: unchecked(&frame, &met),
            unknown_agreements,
            nowhere: frame.nowhere.clone(),
            unknown_offers: frame.unknown_offers,
        })
    }

    /// The site that a hospital is part of; `None` when that has no inpatients.
    pub fn site(&self, hospital: HospitalId) -> Option<&SiteGroups> {
        self.sites.iter().find(|site| site.hospitals.contains(&hospital))
    }
}

/// The groups without a criterion that is checked, and what each of them carries.
fn unchecked(frame: &Frame<'_>, met: &[GroupSet]) -> Vec<UncheckedGroup> {
    let table = &frame.network.catalog().service_groups;
    // A group whose criteria stand in other rules is met by everybody who offers it: what rests on it is
    // only as sure as those rules are kept.
    let clauses = table.groups.iter().flat_map(|group| [&group.site, &group.cooperation]);
    let named: BTreeSet<u8> =
        clauses.flat_map(GroupTerms::groups).map(|group| group.number).collect();
    let mut unchecked = Vec::new();
    for group in &table.groups {
        let Some(elsewhere) = &group.elsewhere else { continue };
        if !named.contains(&group.number) {
            continue; // nothing can rest on it
        }
        for site in 0..frame.sites.len() {
            if !met[site].has(GroupRef::plain(group.number)) {
                continue;
            }
            let carries = carried(frame, met, site, group.number);
            if !carries.is_empty() {
                unchecked.push(UncheckedGroup {
                    hospital: frame.sites[site].main,
                    number: group.number,
                    elsewhere: elsewhere.clone(),
                    carries,
                });
            }
        }
    }
    // They came group by group: readers look for a site.
    unchecked.sort_by_key(|group| (group.hospital, group.number));
    unchecked
}

/// What sites would not have if one of them did not offer a group.
fn carried(frame: &Frame<'_>, met: &[GroupSet], carrier: usize, number: u8) -> Vec<GroupAt> {
    let reached = frame.supplied_by(carrier);
    let mut without = met.to_vec();
    without[carrier].drop_group(number);
    frame.settle(&mut without, &reached, &[]);
    let mut carries = Vec::new();
    for site in reached {
        for group in met[site].minus(without[site]).elements() {
            // The group itself is not carried by itself.
            if site != carrier || group.number != number {
                carries.push(GroupAt { hospital: frame.sites[site].main, group });
            }
        }
    }
    // By site and group, not in the order in which one fell after the other.
    carries.sort_unstable();
    carries
}

/// What sites have by the data, and what they would have if all were there that the data do not say.
struct States<'s> {
    frame: &'s Frame<'s>,
    met: &'s [GroupSet],
    hoped: &'s [GroupSet],
}

impl States<'_> {
    /// The verdicts on the groups of a site.
    fn of_site(&self, site: usize) -> SiteGroups {
        let mut groups = self.offered(site);
        self.add_perhaps_offered(site, &mut groups);
        groups.sort_by_key(|group| group.group);
        let Site { main, hospitals, .. } = &self.frame.sites[site];
        SiteGroups { hospital: *main, hospitals: hospitals.clone(), groups }
    }

    /// The verdicts on the groups that a site is taken to offer.
    fn offered(&self, site: usize) -> Vec<GroupVerdict> {
        let frame = self.frame;
        let offered = frame.offered[site];
        let alone = frame.rules.met(offered, Supplied::default());
        let table = &frame.network.catalog().service_groups;
        let mut groups: Vec<GroupVerdict> = Vec::new();
        for group in offered.elements() {
            let Some(entry) = table.group(group.number) else { continue };
            let verdict = if alone.has(group) {
                Verdict::OnSite
            } else if self.met[site].has(group) {
                // Some set of agreements does: with all of the site's the group is met.
                let none = GroupSupply { supplies: Vec::new(), cooperations: 0, is_fewest: false };
                let supply = frame.group_supply(site, group, self.met);
                Verdict::Cooperation(supply.unwrap_or(none))
            } else {
                let clauses = self.failing(site, group.number);
                if self.hoped[site].has(group) {
                    Verdict::Unknown(Doubt { clauses, unknown: Vec::new() })
                } else {
                    Verdict::Missing(clauses)
                }
            };
            // Of the grades of intensive care, the highest one stands for all.
            groups.retain(|lower| lower.group.number != group.number);
            groups.push(GroupVerdict { group, block: entry.block, verdict });
        }
        groups
    }

    /// Adds the groups of which the data do not say whether the site offers them.
    fn add_perhaps_offered(&self, site: usize, groups: &mut Vec<GroupVerdict>) {
        let frame = self.frame;
        let table = &frame.network.catalog().service_groups;
        for offer in frame.unknown_offers_of(frame.sites[site].main) {
            let number = offer.group.number;
            let Some(entry) = table.group(number) else { continue };
            let is_told = groups.iter().any(|known| known.group.number == number);
            if is_told || !self.hoped[site].has(offer.group) {
                continue;
            }
            let clauses = self.failing(site, number);
            let verdict = Verdict::Unknown(Doubt { clauses, unknown: offer.unknown.clone() });
            groups.push(GroupVerdict { group: offer.group, block: entry.block, verdict });
        }
    }

    /// The clauses of a group that do not hold with what a site has and is supplied with.
    fn failing(&self, site: usize, number: u8) -> Vec<Clause> {
        let table = &self.frame.network.catalog().service_groups;
        let Some(entry) = table.group(number) else { return Vec::new() };
        let now = self.counting(site, number, self.met, Supplied::default());
        let then = self.counting(site, number, self.hoped, self.frame.hoped_supply(site));
        // Where the site has a right to it, a partner may meet what must hold on the site elsewhere.
        let has_right = self.frame.right(site).is_some();
        let mut failing = Vec::new();
        for term in &entry.site.0 {
            if !term.holds(&|group| now.on_site.has(group)) {
                failing.push(Clause {
                    term: term.clone(),
                    on_site: !has_right,
                    hangs_on_unknown: term.holds(&|group| then.on_site.has(group)),
                });
            }
        }
        for term in &entry.cooperation.0 {
            if !term.holds(&|group| now.permitted.has(group)) {
                failing.push(Clause {
                    term: term.clone(),
                    on_site: false,
                    hangs_on_unknown: term.holds(&|group| then.permitted.has(group)),
                });
            }
        }
        failing
    }

    /// What counts for a group at a site, when all sites have these groups and it is supplied with
    /// something beside.
    fn counting(&self, site: usize, number: u8, has: &[GroupSet], beside: Supplied) -> Counting {
        let mut supplied = beside;
        for link in self.frame.links_to(site) {
            supplied.add(self.frame.supply(link, has[link.from]));
        }
        supplied.for_group(number, has[site])
    }
}
