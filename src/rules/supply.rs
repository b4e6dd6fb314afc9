//! By which cooperations a site comes to a group: the fewest that do.

use super::frame::{Frame, Link, Permission};
use super::group_set::{GroupSet, Supplied};
use crate::model::{CooperationId, GroupRef, HospitalId};

/// Sets of cooperations that are tried before a way is given without proof that it is the shortest.
const MOST_SETS: u64 = 200_000;

/// A group that a partner supplies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
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

impl Frame<'_> {
    /// The way with the fewest cooperations by which `site` comes to `group`, when each partner has
    /// the groups of `met`. Of equally many, the one with the lowest numbers of supplied groups, then
    /// the one with the first keys. `None` when the site has it alone, or not at all.
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
        let agreements = self.agreements(site, alone, met);
        for size in 1..=agreements.len() {
            if sets(agreements.len(), size) > MOST_SETS {
                break;
            }
            let mut best: Option<(Vec<GroupRef>, Vec<usize>)> = None;
            each_set(agreements.len(), size, &mut |set| {
                let supplied = together(&agreements, set);
                if self.comes_to(site, group, supplied) {
                    let needed = self.needed(site, group, supplied);
                    let candidate = (needed, set.to_vec());
                    if best.as_ref().is_none_or(|best| candidate < *best) {
                        best = Some(candidate);
                    }
                }
            });
            if let Some((needed, set)) = best {
                return Some(self.describe((site, group), &agreements, (&set, &needed), met, true));
            }
        }
        // Too many to try them all: what is left when one after another is taken away.
        let mut set: Vec<usize> = (0..agreements.len()).collect();
        if !self.comes_to(site, group, together(&agreements, &set)) {
            return None;
        }
        for index in (0..agreements.len()).rev() {
            let fewer: Vec<usize> = set.iter().copied().filter(|one| *one != index).collect();
            if self.comes_to(site, group, together(&agreements, &fewer)) {
                set = fewer;
            }
        }
        let needed = self.needed(site, group, together(&agreements, &set));
        Some(self.describe((site, group), &agreements, (&set, &needed), met, false))
    }

    fn comes_to(&self, site: usize, group: GroupRef, supplied: Supplied) -> bool {
        self.rules.met(self.offered[site], supplied).has(group)
    }

    /// Cooperations that bring something the site has not alone, by key; of equal ones the first.
    fn agreements(&self, site: usize, alone: GroupSet, met: &[GroupSet]) -> Vec<Agreement<'_>> {
        let mut agreements: Vec<Agreement<'_>> = Vec::new();
        for link in self.links_to(site) {
            let Some(cooperation) = link.cooperation else { continue };
            let supplied = self.supply(link, met[link.from].minus(alone));
            match agreements.last_mut().filter(|last| last.cooperation == cooperation) {
                Some(last) => {
                    last.supplied.add(supplied);
                    last.links.push(link);
                }
                None => agreements.push(Agreement { cooperation, links: vec![link], supplied }),
            }
        }
        let mut seen: Vec<Supplied> = Vec::new();
        agreements.retain(|agreement| {
            let is_new =
                !agreement.supplied.all().is_empty() && !seen.contains(&agreement.supplied);
            seen.push(agreement.supplied);
            is_new
        });
        agreements
    }

    /// The supplied groups that are left when, from the highest number down, each one goes without
    /// which the site still comes to the group.
    fn needed(&self, site: usize, group: GroupRef, supplied: Supplied) -> Vec<GroupRef> {
        let mut mask = supplied.all();
        for one in mask.elements().into_iter().rev() {
            let fewer = mask.without(one);
            if self.comes_to(site, group, supplied.only(fewer)) {
                mask = fewer;
            }
        }
        mask.elements()
    }

    fn describe(
        &self,
        (site, group): (usize, GroupRef),
        agreements: &[Agreement<'_>],
        (set, needed): (&[usize], &[GroupRef]),
        met: &[GroupSet],
        is_fewest: bool,
    ) -> GroupSupply {
        let mut mask = GroupSet::default();
        needed.iter().for_each(|one| mask.insert(*one));
        let supplied = together(agreements, set).only(mask);
        let supplies = needed.iter().filter_map(|&one| {
            // Without every right but the table's, does it still hold?
            let mut by_table = supplied;
            by_table.anywhere = by_table.anywhere.without(one);
            by_table.stroke = by_table.stroke.without(one);
            let table_is_enough = self.comes_to(site, group, by_table);
            let mut links = set.iter().flat_map(|&index| &agreements[index].links);
            let (link, permission) = links.find_map(|link| {
                let brings = self.supply(link, met[link.from]);
                if !brings.by_table.has(one) {
                    None
                } else if table_is_enough {
                    Some((link, Permission::Table))
                } else if brings.anywhere.has(one) {
                    Some((link, self.permission(link)?))
                } else {
                    brings.stroke.has(one).then_some((link, Permission::TeleStroke))
                }
            })?;
            let partner = self.sites[link.from].main;
            Some(Supply { group: one, partner, cooperation: link.cooperation?, permission })
        });
        GroupSupply { supplies: supplies.collect(), cooperations: set.len(), is_fewest }
    }
}

fn together(agreements: &[Agreement<'_>], set: &[usize]) -> Supplied {
    let mut supplied = Supplied::default();
    set.iter().for_each(|&index| supplied.add(agreements[index].supplied));
    supplied
}

/// How many sets of `size` there are among `count`.
fn sets(count: usize, size: usize) -> u64 {
    let ratio = |sets: u64, at: usize| sets.saturating_mul((count - at) as u64) / (at as u64 + 1);
    (0..size).fold(1, ratio)
}

/// Calls `visit` with every set of `size` among `count`, in lexicographic order.
fn each_set(count: usize, size: usize, visit: &mut dyn FnMut(&[usize])) {
    let mut set: Vec<usize> = (0..size).collect();
    loop {
        visit(&set);
        let Some(at) = (0..size).rev().find(|&at| set[at] < count - size + at) else { return };
        set[at] += 1;
        for next in at + 1..size {
            set[next] = set[next - 1] + 1;
        }
    }
}
