//! What one new agreement would unlock.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use rayon::prelude::*;

use super::RulesError;
use super::frame::{Frame, GroupSettings, Link};
use super::group_set::{GroupSet, Supplied};
use crate::model::{GroupRef, HospitalId};
use crate::region::Region;
use crate::units::Seconds;

/// Which new agreements are tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnlockSettings {
    /// Count groups at sites of this district only; `None` for the whole region.
    pub district: Option<String>,
    /// The longest journey by road between partners, in the direction that is longer.
    pub longest_journey: Seconds,
}

impl Default for UnlockSettings {
    /// The whole region, partners within 60 minutes (assumed: the journey that a specialist makes).
    fn default() -> Self {
        Self { district: None, longest_journey: Seconds::from_minutes(60) }
    }
}

/// What a new agreement of two hospitals would unlock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlock {
    /// The partners, by key: the main hospitals of their sites.
    pub partners: (HospitalId, HospitalId),
    /// The longer one of the journeys between them.
    pub journey: Seconds,
    /// The groups that sites would gain, by site and number; third sites among them where they rest on
    /// one of the two.
    pub unlocked: Vec<(HospitalId, GroupRef)>,
    /// What the agreement must cover: who supplies which group. None of them can be left out.
    pub supplied: Vec<(HospitalId, GroupRef)>,
}

/// Every single new agreement between two hospitals inside of the region, by what it unlocks: the
/// most groups first, then the shortest journey, then the keys. Those that unlock nothing are left out.
///
/// The new agreement is taken to cover every group, in both directions, as a written one could; the
/// result names the part that matters. Exact: each agreement is added, and all sites are evaluated again that
/// could gain by it. Groups at sites outside of the region do not count.
///
/// ```
/// use verbund::rules::{GroupSettings, UnlockSettings, unlocks};
///
/// let region = verbund::Region::leipzig()?;
/// let district = Some("Landkreis Nordsachsen".to_owned());
/// let which = UnlockSettings { district, ..UnlockSettings::default() };
/// let found = unlocks(&region, &GroupSettings::default(), &which)?;
/// let best = &found[0];
/// let keys = [best.partners.0, best.partners.1].map(|id| region.network()[id].key.as_str());
/// assert_eq!(keys, ["st-georg-leipzig", "waldkrankenhaus-bad-dueben"]);
/// assert_eq!(best.unlocked.len(), 5); // 14, 23, 24, 55 and 56 at Bad Düben
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When the catalog has no service groups.
pub fn unlocks(
    region: &Region,
    settings: &GroupSettings,
    which: &UnlockSettings,
) -> Result<Vec<Unlock>, RulesError> {
    let network = region.network();
    let frame = Frame::new(network, settings)?;
    let inside: Vec<usize> =
        (0..frame.sites.len()).filter(|&at| !network[frame.sites[at].main].outside).collect();
    let counted: Vec<usize> = inside
        .iter()
        .copied()
        .filter(|&at| {
            let district = network[frame.sites[at].main].district.as_ref();
            which.district.is_none() || district == which.district.as_ref()
        })
        .collect();
    let pairs = inside
        .iter()
        .enumerate()
        .flat_map(|(at, &a)| inside[at + 1..].iter().map(move |&b| (a, b)));
    let near: Vec<(usize, usize, Seconds)> = pairs
        .filter_map(|(a, b)| {
            let (one, other) = (frame.sites[a].main, frame.sites[b].main);
            let journey = region.between(one, other)?.max(region.between(other, one)?);
            (journey <= which.longest_journey).then_some((a, b, journey))
        })
        .collect();
    let tries = Tries::new(&frame, counted);
    let found: Vec<Option<Unlock>> = near
        .par_iter()
        .map_init(|| tries.base.clone(), |met, &pair| tries.of_pair(met, pair))
        .collect();
    let mut found: Vec<Unlock> = found.into_iter().flatten().collect();
    found.sort_by_key(|one| (Reverse(one.unlocked.len()), one.journey, one.partners));
    Ok(found)
}

/// What every new agreement is tried on.
struct Tries<'f, 'n> {
    frame: &'f Frame<'n>,
    /// What each site has without a new agreement.
    base: Vec<GroupSet>,
    /// By site, the sites that it supplies and that could gain if all their partners had all that they offer.
    supplies: Vec<Vec<usize>>,
    /// By site, whether what it gains counts.
    counts: Vec<bool>,
}

impl<'f, 'n> Tries<'f, 'n> {
    fn new(frame: &'f Frame<'n>, counted: Vec<usize>) -> Self {
        let base = frame.met(&frame.offered);
        let mut supplies = vec![Vec::new(); base.len()];
        for (site, has) in base.iter().enumerate() {
            let mut hoped = Supplied::default();
            for link in frame.links_to(site) {
                hoped.add(frame.supply(link, frame.offered[link.from]));
            }
            if frame.rules.met(frame.offered[site], hoped) != *has {
                frame.links_to(site).iter().for_each(|link| supplies[link.from].push(site));
            }
        }
        let mut counts = vec![false; base.len()];
        counted.into_iter().for_each(|site| counts[site] = true);
        Self { frame, base, supplies, counts }
    }

    /// The two, and whoever could gain by what they have more, and so on: nobody else gains.
    fn reached(&self, (a, b): (usize, usize)) -> Vec<usize> {
        let mut reached = vec![a, b];
        let mut seen: BTreeSet<usize> = reached.iter().copied().collect();
        let mut next = 0;
        while let Some(&site) = reached.get(next) {
            next += 1;
            reached.extend(self.supplies[site].iter().copied().filter(|&to| seen.insert(to)));
        }
        reached.sort_unstable();
        reached
    }

    /// What a new agreement of two sites unlocks. `met` is what all sites have without it, before and after.
    fn of_pair(
        &self,
        met: &mut [GroupSet],
        (a, b, journey): (usize, usize, Seconds),
    ) -> Option<Unlock> {
        let frame = self.frame;
        let link = |from: usize, to: usize, covers: GroupSet| Link {
            from,
            to,
            covers,
            is_telemedical: frame.settings.tele_stroke,
            cooperation: None,
        };
        let reached = self.reached((a, b));
        let main = |at: usize| frame.sites[at].main;
        let mut gain = |to_b: GroupSet, to_a: GroupSet| -> Vec<(HospitalId, GroupRef)> {
            reached.iter().for_each(|&at| met[at] = frame.offered[at]);
            frame.settle(met, &reached, &[link(a, b, to_b), link(b, a, to_a)]);
            let mut gained = Vec::new();
            for &at in &reached {
                if self.counts[at] {
                    let new = met[at].minus(self.base[at]).elements();
                    gained.extend(new.into_iter().map(|group| (main(at), group)));
                }
                met[at] = self.base[at];
            }
            gained
        };
        // Whatever either of them offers, it could supply.
        let (mut to_b, mut to_a) = (frame.offered[a], frame.offered[b]);
        let unlocked = gain(to_b, to_a);
        if unlocked.is_empty() {
            return None;
        }
        for group in to_b.elements().into_iter().rev() {
            if gain(to_b.without(group), to_a) == unlocked {
                to_b = to_b.without(group);
            }
        }
        for group in to_a.elements().into_iter().rev() {
            if gain(to_b, to_a.without(group)) == unlocked {
                to_a = to_a.without(group);
            }
        }
        let from_a = to_b.elements().into_iter().map(|group| (main(a), group));
        let supplied = from_a.chain(to_a.elements().into_iter().map(|group| (main(b), group)));
        let partners = (main(a).min(main(b)), main(a).max(main(b)));
        Some(Unlock { partners, journey, unlocked, supplied: supplied.collect() })
    }
}
