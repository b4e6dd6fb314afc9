//! What one new agreement would unlock.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::Serialize;

use super::RulesError;
use super::assessment::GroupAt;
use super::frame::{Frame, GroupSettings, Link, covered_by};
use super::group_set::{GroupSet, Supplied};
use crate::model::{CooperationId, GroupRef, HospitalId};
use crate::region::Region;
use crate::units::{Seconds, as_seconds};

/// Which new agreements are tried.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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

impl UnlockSettings {
    /// The same for sites of this district only.
    #[must_use]
    pub fn district(self, district: impl Into<String>) -> Self {
        Self { district: Some(district.into()), ..self }
    }

    /// The same with another longest journey between partners.
    #[must_use]
    pub fn longest_journey(self, longest_journey: Seconds) -> Self {
        Self { longest_journey, ..self }
    }
}

/// What a new agreement of two hospitals would unlock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Unlock {
    /// The partners, by key: the main hospitals of their sites.
    pub partners: [HospitalId; 2],
    /// The longer one of the journeys between them.
    #[serde(rename = "journey_seconds", serialize_with = "as_seconds")]
    pub journey: Seconds,
    /// The groups that sites would gain, by site and number; third sites among them where they rest on
    /// one of the two.
    pub unlocked: Vec<GroupAt>,
    /// What the agreement must cover: which group from whom. None of them can be left out.
    pub supplied: Vec<GroupAt>,
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
/// let which = UnlockSettings::default().district("Landkreis Nordsachsen");
/// let found = unlocks(&region, &GroupSettings::default(), &which)?;
/// let best = &found[0];
/// let keys = best.partners.map(|id| region.network()[id].key.as_str());
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
    let (mut inside, mut counted) = (Vec::new(), Vec::new());
    for (number, site) in frame.sites.iter().enumerate() {
        let main = &network[site.main];
        if main.outside {
            continue;
        }
        // Data end at the border: what an outside site gains cannot be judged.
        inside.push(number);
        if which.district.is_none() || main.district == which.district {
            counted.push(number);
        }
    }
    let pairs = near_pairs(region, &frame, &inside, which.longest_journey);
    let tries = Tries::new(&frame, counted);
    // Each pair changes a copy of what sites have and puts it back, so that one copy for each thread is
    // enough, however many pairs there are.
    let tried: Vec<Option<Unlock>> = pairs
        .par_iter()
        .map_init(
            || tries.base.clone(),
            |met, &pair| tries.of_pair(met, pair, GroupSet::EVERYTHING),
        )
        .collect();
    let mut unlocks: Vec<Unlock> = tried.into_iter().flatten().collect();
    unlocks.sort_by_key(|unlock| (Reverse(unlock.unlocked.len()), unlock.journey, unlock.partners));
    Ok(unlocks)
}

/// An agreement of some hospitals that names fields, and what of it is there already.
#[derive(Debug, Clone, Copy)]
pub struct Agreed<'a> {
    /// The partners.
    pub partners: &'a [HospitalId],
    /// Keys of the fields that it names.
    pub fields: &'a [String],
    /// The agreement itself, where the network has it: what it brings is asked as if it were not there.
    pub without: Option<CooperationId>,
}

/// What an agreement brings, field by field and as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgreedUnlocks {
    /// By field, in the order asked for: as if it named this field alone.
    pub fields: Vec<FieldUnlock>,
    /// With all of its fields: a group that needs two of them stands here only.
    pub together: FieldUnlock,
}

/// What an agreement brings in one of its fields, or in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldUnlock {
    /// Groups that an agreement in this field covers, whoever offers them.
    pub covered: Vec<GroupRef>,
    /// By pair of partners: what sites have by it and would not have without; pairs without any are left out.
    pub unlocks: Vec<Unlock>,
}

impl FieldUnlock {
    /// How many groups at a site it unlocks, all pairs together.
    pub fn count(&self) -> usize {
        self.unlocks.iter().map(|unlock| unlock.unlocked.len()).sum()
    }
}

/// What service groups an agreement unlocks, field by field: what sites have by it alone, beside all other
/// agreements of the network.
///
/// Each field is asked for itself, as a written agreement that covers the groups of this field only, in both
/// directions (which fields cover which group is assumed in the catalog), and all of them once more together, as a
/// group may need several. Partners that are one site, or outside of the region, unlock nothing here.
///
/// ```
/// use verbund::rules::{Agreed, GroupSettings, agreed_unlocks};
///
/// let region = verbund::Region::leipzig()?;
/// let network = region.network();
/// let partners = ["st-georg-leipzig", "waldkrankenhaus-bad-dueben"].map(|key| network.find(key).unwrap());
/// let fields = ["general_surgery".to_owned()];
/// let agreed = Agreed { partners: &partners, fields: &fields, without: None };
/// let found = agreed_unlocks(&region, &GroupSettings::default(), &agreed)?;
/// assert_eq!(found.fields.len(), 1);
/// assert!(found.together.covered.iter().any(|group| group.number == 14)); // general surgery
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When the catalog has no service groups.
pub fn agreed_unlocks(
    region: &Region,
    settings: &GroupSettings,
    agreed: &Agreed<'_>,
) -> Result<AgreedUnlocks, RulesError> {
    let network = region.network();
    let mut frame = Frame::new(network, settings)?;
    frame.links.retain(|link| agreed.without.is_none() || link.cooperation != agreed.without);
    let (mut inside, mut partners) = (Vec::new(), Vec::new());
    for (number, site) in frame.sites.iter().enumerate() {
        if network[site.main].outside {
            continue;
        }
        inside.push(number);
        if site.hospitals.iter().any(|hospital| agreed.partners.contains(hospital)) {
            partners.push(number);
        }
    }
    let pairs = near_pairs(region, &frame, &partners, Seconds(u32::MAX));
    let tries = Tries::new(&frame, inside);
    let mut met = tries.base.clone();

    let mut unlocked_by = |fields: &[String]| {
        let covers =
            covered_by(network.catalog(), &|name| fields.iter().any(|field| field == name));
        let mut unlocks = Vec::new();
        for pair in &pairs {
            unlocks.extend(tries.of_pair(&mut met, *pair, covers));
        }
        FieldUnlock { covered: covers.elements(), unlocks }
    };
    let mut fields = Vec::with_capacity(agreed.fields.len());
    for field in agreed.fields {
        fields.push(unlocked_by(std::slice::from_ref(field)));
    }
    let together = unlocked_by(agreed.fields);
    Ok(AgreedUnlocks { fields, together })
}

/// Two sites that could agree on something.
#[derive(Debug, Clone, Copy)]
struct Pair {
    a: usize,
    b: usize,
    /// The longer one of the journeys between them.
    journey: Seconds,
}

/// The pairs of some sites that are near enough, in their order.
fn near_pairs(region: &Region, frame: &Frame<'_>, sites: &[usize], longest: Seconds) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (position, &a) in sites.iter().enumerate() {
        for &b in &sites[position + 1..] {
            let (main_a, main_b) = (frame.sites[a].main, frame.sites[b].main);
            let there = region.between(main_a, main_b);
            let Some((there, back)) = there.zip(region.between(main_b, main_a)) else { continue };
            // Patients and specialists go both ways: the longer one decides whether that is done.
            let journey = there.max(back);
            if journey <= longest {
                pairs.push(Pair { a, b, journey });
            }
        }
    }
    pairs
}

/// The agreement that is tried, by what each of the two supplies.
#[derive(Debug, Clone, Copy)]
struct Trial {
    pair: Pair,
    to_a: GroupSet,
    to_b: GroupSet,
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
            // If all its partners had all that they offer: whoever does not gain by that never gains.
            let mut hoped = Supplied::default();
            for link in frame.links_to(site) {
                hoped.add(frame.supply(link, frame.offered[link.from]));
            }
            if frame.rules.met(frame.offered[site], hoped) != *has {
                for link in frame.links_to(site) {
                    supplies[link.from].push(site);
                }
            }
        }
        let mut counts = vec![false; base.len()];
        for site in counted {
            counts[site] = true;
        }
        Self { frame, base, supplies, counts }
    }

    /// The two, and whoever could gain by what they have more, and so on: nobody else gains.
    fn reached(&self, pair: Pair) -> Vec<usize> {
        let mut reached = vec![pair.a, pair.b];
        let mut seen: BTreeSet<usize> = reached.iter().copied().collect();
        let mut next = 0;
        while let Some(&site) = reached.get(next) {
            next += 1;
            for &receiver in &self.supplies[site] {
                if seen.insert(receiver) {
                    reached.push(receiver);
                }
            }
        }
        reached.sort_unstable();
        reached
    }

    /// What a new agreement of two sites unlocks. `met` is what all sites have without it, before and after.
    /// It covers these groups.
    fn of_pair(&self, met: &mut [GroupSet], pair: Pair, covers: GroupSet) -> Option<Unlock> {
        let frame = self.frame;
        let reached = self.reached(pair);
        // Whatever either of them offers, it could supply.
        let (to_a, to_b) = (frame.offered[pair.b] & covers, frame.offered[pair.a] & covers);
        let mut trial = Trial { pair, to_a, to_b };
        let unlocked = self.gain(met, &reached, trial);
        if unlocked.is_empty() {
            return None;
        }

        // What the agreement can go without goes, from the highest number down.
        for group in trial.to_b.elements().into_iter().rev() {
            let fewer = Trial { to_b: trial.to_b.without(group), ..trial };
            if self.gain(met, &reached, fewer) == unlocked {
                trial = fewer;
            }
        }
        for group in trial.to_a.elements().into_iter().rev() {
            let fewer = Trial { to_a: trial.to_a.without(group), ..trial };
            if self.gain(met, &reached, fewer) == unlocked {
                trial = fewer;
            }
        }
        let (main_a, main_b) = (frame.sites[pair.a].main, frame.sites[pair.b].main);
        let mut supplied = Vec::new();
        for group in trial.to_b.elements() {
            supplied.push(GroupAt { hospital: main_a, group });
        }
        for group in trial.to_a.elements() {
            supplied.push(GroupAt { hospital: main_b, group });
        }
        // In the order of their keys, whoever of the two supplies more.
        let partners = [main_a.min(main_b), main_a.max(main_b)];
        Some(Unlock { partners, journey: pair.journey, unlocked, supplied })
    }

    /// The groups that sites have more with an agreement, by site and number.
    fn gain(&self, met: &mut [GroupSet], reached: &[usize], trial: Trial) -> Vec<GroupAt> {
        let frame = self.frame;
        let Pair { a, b, .. } = trial.pair;
        let link = |from: usize, to: usize, covers: GroupSet| Link {
            from,
            to,
            covers,
            is_telemedical: frame.settings.tele_stroke,
            cooperation: None,
        };
        // From all that they offer downwards: a circle of groups may close by the agreement.
        for &site in reached {
            met[site] = frame.offered[site];
        }
        frame.settle(met, reached, &[link(a, b, trial.to_b), link(b, a, trial.to_a)]);
        let mut gained = Vec::new();
        for &site in reached {
            if self.counts[site] {
                let hospital = frame.sites[site].main;
                for group in met[site].minus(self.base[site]).elements() {
                    gained.push(GroupAt { hospital, group });
                }
            }
            // Put back, so that the copy serves the next pair.
            met[site] = self.base[site];
        }
        gained
    }
}
