//! By which cooperations a site comes to a group: the fewest that do.

use serde::Serialize;

use super::frame::{Frame, Link, Permission};
use super::group_set::{GroupSet, Supplied};
use crate::model::{CooperationId, GroupRef, HospitalId};

/// Sets of cooperations that are tried before some are given without proof that fewer do not do.
const MOST_SETS: u64 = 200_000;

/// A group that a partner supplies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Supply {
    /// The group.
    pub group: GroupRef,
    /// The main hospital of the site that supplies it, and has it itself.
    pub partner: HospitalId,
    /// The agreement.
    pub cooperation: CooperationId,
    /// Why that counts.
    pub permission: Permission,
}

/// The agreements by which a site comes to a group that it could not have alone.
///
/// ```
/// use verbund::files::Folder;
/// use verbund::rules::{Assessment, GroupSettings, Verdict};
///
/// let network = Folder::leipzig().read()?.network;
/// let network = network.as_of(network.date());
/// let assessment = Assessment::new(&network, &GroupSettings::default()).unwrap();
/// for site in &assessment.sites {
///     for group in &site.groups {
///         let Verdict::Cooperation(supply) = &group.verdict else { continue };
///         // Each supplied group names its partner and the agreement.
///         assert!(supply.supplies.iter().all(|one| network.cooperation(one.cooperation).is_some()));
///         assert!(supply.cooperations <= supply.supplies.len());
///     }
/// }
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GroupSupply {
    /// Which partner supplies which group under which agreement, by group; also what other groups of
    /// the site need on which this one rests.
    pub supplies: Vec<Supply>,
    /// How many agreements it takes.
    pub cooperations: usize,
    /// Whether it is proven that fewer do not do.
    pub is_fewest: bool,
}

/// The agreements of one cooperation at one site.
struct Agreement<'f> {
    cooperation: CooperationId,
    links: Vec<&'f Link>,
    supplied: Supplied,
}

/// A group that a site may come to by some of its agreements.
struct Search<'s> {
    frame: &'s Frame<'s>,
    site: usize,
    group: GroupRef,
    /// What each site has.
    met: &'s [GroupSet],
    /// The agreements that bring something.
    agreements: Vec<Agreement<'s>>,
}

/// A set of agreements that does, with what it is needed for; the smaller one comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    needed: Vec<GroupRef>,
    /// By position among the agreements.
    set: Vec<usize>,
}

impl Frame<'_> {
    /// The fewest cooperations by which `site` comes to `group`, when each partner has the groups of
    /// `met`. Of equally many, the ones with the lowest numbers of supplied groups, then those with the
    /// first keys. `None` when the site has it alone, or not at all.
    pub(super) fn group_supply(
        &self,
        site: usize,
        group: GroupRef,
        met: &[GroupSet],
    ) -> Option<GroupSupply> {
        let alone = self.rules.met(self.offered[site], Supplied::default());
        if alone.has(group) {
            return None;
        }
        // Section 135e (4) SGB V asks for a written agreement for each: the fewest are the least to keep up.
        let agreements = self.agreements(site, alone, met);
        let search = Search { frame: self, site, group, met, agreements };
        search.fewest()
    }

    /// Cooperations that bring something the site has not alone, by key; of equal ones the first.
    fn agreements(&self, site: usize, alone: GroupSet, met: &[GroupSet]) -> Vec<Agreement<'_>> {
        let mut agreements: Vec<Agreement<'_>> = Vec::new();
        for link in self.links_to(site) {
            let Some(cooperation) = link.cooperation else { continue };
            let supplied = self.supply(link, met[link.from].minus(alone));
            // Links to a site stand by cooperation: those of one follow each other.
            match agreements.last_mut().filter(|last| last.cooperation == cooperation) {
                Some(last) => {
                    last.supplied.add(supplied);
                    last.links.push(link);
                }
                None => agreements.push(Agreement { cooperation, links: vec![link], supplied }),
            }
        }
        // Two that bring the same are as good: one of them is enough to try.
        let mut seen: Vec<Supplied> = Vec::new();
        agreements.retain(|agreement| {
            let brings = agreement.supplied;
            let is_new = !brings.all().is_empty() && !seen.contains(&brings);
            seen.push(brings);
            is_new
        });
        agreements
    }
}

impl Search<'_> {
    /// The smallest set of agreements that does: all sets are tried, the small ones first.
    fn fewest(&self) -> Option<GroupSupply> {
        let count = self.agreements.len();
        for size in 1..=count {
            if sets(count, size) > MOST_SETS {
                return self.few();
            }
            let mut best: Option<Candidate> = None;
            each_set(count, size, &mut |set| {
                let supplied = self.together(set);
                if self.comes_to(supplied) {
                    let candidate = Candidate { needed: self.needed(supplied), set: set.to_vec() };
                    if best.as_ref().is_none_or(|best| candidate < *best) {
                        best = Some(candidate);
                    }
                }
            });
            if let Some(best) = best {
                return Some(self.describe(&best, true));
            }
        }
        self.few()
    }

    /// Too many to try them all: what is left when one after another is taken away.
    fn few(&self) -> Option<GroupSupply> {
        let mut set: Vec<usize> = (0..self.agreements.len()).collect();
        if !self.comes_to(self.together(&set)) {
            return None;
        }
        for index in (0..self.agreements.len()).rev() {
            let mut fewer = set.clone();
            fewer.retain(|kept| *kept != index);
            if self.comes_to(self.together(&fewer)) {
                set = fewer;
            }
        }
        let needed = self.needed(self.together(&set));
        Some(self.describe(&Candidate { needed, set }, false))
    }

    /// What some of the agreements bring.
    fn together(&self, set: &[usize]) -> Supplied {
        let mut supplied = Supplied::default();
        for &index in set {
            supplied.add(self.agreements[index].supplied);
        }
        supplied
    }

    fn comes_to(&self, supplied: Supplied) -> bool {
        self.frame.rules.met(self.frame.offered[self.site], supplied).has(self.group)
    }

    /// The supplied groups that are left when, from the highest number down, each one goes without
    /// which the site still comes to the group.
    fn needed(&self, supplied: Supplied) -> Vec<GroupRef> {
        // Greedy, but no single group of what is left can go: that is what "needed" means here.
        let mut mask = supplied.all();
        for group in mask.elements().into_iter().rev() {
            let fewer = mask.without(group);
            if self.comes_to(supplied.only(fewer)) {
                mask = fewer;
            }
        }
        mask.elements()
    }

    fn describe(&self, candidate: &Candidate, is_fewest: bool) -> GroupSupply {
        let mut mask = GroupSet::default();
        for group in &candidate.needed {
            mask.insert(*group);
        }
        let supplied = self.together(&candidate.set).only(mask);
        let mut supplies = Vec::with_capacity(candidate.needed.len());
        for &group in &candidate.needed {
            supplies.extend(self.supply_of(group, supplied, &candidate.set));
        }
        GroupSupply { supplies, cooperations: candidate.set.len(), is_fewest }
    }

    /// Who supplies a group by which of some agreements, and why that counts.
    fn supply_of(&self, group: GroupRef, supplied: Supplied, set: &[usize]) -> Option<Supply> {
        // Without every right but the table's, does it still hold? Then none is claimed.
        let mut by_table = supplied;
        by_table.anywhere = by_table.anywhere.without(group);
        by_table.stroke = by_table.stroke.without(group);
        let table_is_enough = self.comes_to(by_table);

        for link in set.iter().flat_map(|&index| &self.agreements[index].links) {
            let brings = self.frame.supply(link, self.met[link.from]);
            if !brings.by_table.has(group) {
                continue;
            }
            let permission = if table_is_enough {
                Permission::Table
            } else if brings.anywhere.has(group) {
                self.frame.permission(link)?
            } else if brings.stroke.has(group) {
                Permission::TeleStroke
            } else {
                continue;
            };
            let partner = self.frame.sites[link.from].main;
            let cooperation = link.cooperation?;
            return Some(Supply { group, partner, cooperation, permission });
        }
        None
    }
}

/// How many sets of `size` there are among `count`.
fn sets(count: usize, size: usize) -> u64 {
    let mut sets = 1_u64;
    for taken in 0..size {
        sets = sets.saturating_mul((count - taken) as u64) / (taken as u64 + 1);
    }
    sets
}

/// Calls `visit` with every set of `size` among `count`, in lexicographic order.
fn each_set(count: usize, size: usize, visit: &mut dyn FnMut(&[usize])) {
    let mut set: Vec<usize> = (0..size).collect();
    loop {
        visit(&set);
        // The last element that can still rise; those behind it follow on.
        let rises = (0..size).rev().find(|&place| set[place] < count - size + place);
        let Some(place) = rises else { return };
        set[place] += 1;
        for next in place + 1..size {
            set[next] = set[next - 1] + 1;
        }
    }
}
