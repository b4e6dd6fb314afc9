//! First and second hits after a change, from those before it: only what was touched is looked up.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::nearest::{CHUNK, HospitalSet, Nearest};
use crate::model::{HospitalId, Requirement, Tag};
use crate::region::Region;

/// The hospitals of a region that meet a requirement, the first two hits of every part, and the way
/// back from hospitals to the parts that they are a hit of.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    requirement: Requirement,
    set: HospitalSet,
    nearest: Nearest,
    index: HitIndex,
}

impl Hits {
    /// The hits of a requirement, from the ranked lists.
    pub fn find(region: &Region, requirement: &Requirement) -> Self {
        let set = HospitalSet::meeting(region.network(), requirement);
        let nearest = Nearest::find(region.times(), region.parts().len(), &set);
        let index = HitIndex::new(&nearest, region.network().hospitals().len());
        Self { requirement: requirement.clone(), set, nearest, index }
    }

    /// The hospitals that meet the requirement.
    pub fn set(&self) -> &HospitalSet {
        &self.set
    }

    /// First and second hits, by part.
    pub fn nearest(&self) -> &Nearest {
        &self.nearest
    }
}

/// Which origins have a hospital as one of their hits: an inverted index of [`Nearest`].
#[derive(Debug, Clone, PartialEq, Eq)]
struct HitIndex {
    /// Where the origins of each hospital start; one entry more than hospitals.
    starts: Vec<u32>,
    origins: Vec<u32>,
}

impl HitIndex {
    fn new(nearest: &Nearest, hospitals: usize) -> Self {
        let mut starts = vec![0; hospitals + 1];
        let hits = || (0..nearest.ranks()).flat_map(|rank| nearest.rank(rank).0.iter().enumerate());
        let known = || hits().filter(|(_, at)| (**at as usize) < hospitals);
        known().for_each(|(_, at)| starts[*at as usize + 1] += 1);
        for at in 0..hospitals {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut origins = vec![0; starts[hospitals] as usize];
        for (origin, at) in known() {
            let slot = &mut next[*at as usize];
            origins[*slot as usize] = origin as u32;
            *slot += 1;
        }
        Self { starts, origins }
    }

    fn origins_of(&self, hospital: HospitalId) -> &[u32] {
        let at = hospital.index();
        &self.origins[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// Hits after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    /// The hospitals that meet the requirement after it.
    pub set: HospitalSet,
    /// The hits, as [`Nearest::find`] gives them.
    pub nearest: Nearest,
    /// The parts that were looked up in the ranked lists, rising; all others kept their hits.
    pub looked_up: Vec<u32>,
}

/// What differs between the ranked lists of a region and those of what scenarios made of it.
///
/// The hits of a part for a requirement are others only when
///
/// - its place is laid out anew because more or fewer people live there, or a journey from it to
///   a hospital that both regions have takes another time;
/// - one of its two hits is gone or no longer meets the requirement;
/// - a hospital that opened, or that newly meets it, comes before its second hit.
///
/// [`Delta::hits`] looks up those parts and lets all others keep what they have. To know who reaches a
/// hospital that is new or another one, `Delta::new` reads the lists once, for all requirements.
/// A hospital is the same one when key and position are.
///
/// ```
/// use verbund::Region;
/// use verbund::coverage::{Delta, Hits};
/// use verbund::model::Scenario;
///
/// let region = Region::leipzig()?;
/// let text = r#"(format: 1, id: "no-torgau", name: "Torgau closes", source: "invented", changes: [
///     (on: "2026-07-01", reason: "an example", change: CloseHospital("kkh-torgau")),
/// ])"#;
/// let scenario = Scenario::read(text, "no-torgau.ron", region.network(), region.places())?;
/// let after = region.apply(&[&scenario], "2026-07-01".parse()?)?;
/// let basic = region.network().catalog().standard("basic_care").ok_or("no standard")?;
/// let updated = Delta::new(&region, &after).hits(&Hits::find(&region, &basic.requirement));
/// assert_eq!(updated.nearest, *Hits::find(&after, &basic.requirement).nearest());
/// // Only the points around Torgau were looked up again.
/// assert!(updated.looked_up.len() < region.parts().len() / 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Delta<'r> {
    after: &'r Region,
    /// What the ids of the region before carry.
    before: Tag,
    /// The new number of each hospital that is still there, by its old one.
    ids: Vec<Option<u32>>,
    /// The number that each hospital had, by its new one.
    was: Vec<Option<u32>>,
    /// For each part the one that it was, where no journey of it changed that both regions have.
    kept: Vec<Option<u32>>,
    /// The new number of each such part, by its old one.
    parts: Vec<Option<u32>>,
    /// For each hospital that is new or another one, the parts that reach it, with seconds.
    journeys: BTreeMap<u32, Vec<(u32, u16)>>,
}

impl<'r> Delta<'r> {
    /// What differs between two regions of the same places.
    pub fn new(before: &Region, after: &'r Region) -> Self {
        let (old, new) = (before.network(), after.network());
        let mut was = vec![None; new.hospitals().len()];
        let ids: Vec<Option<u32>> = old
            .iter()
            .map(|(id, one)| {
                let now = new.find(&one.key).filter(|now| new[*now].position == one.position)?;
                was[now.index()] = Some(id.0);
                Some(now.0)
            })
            .collect();
        let mut kept = after.kept_parts(before);
        if !after.shares_journeys(before) {
            let is_same = |part: usize, old: u32| {
                let now = after.times().from_origin(part);
                let now = now.filter(|(id, _)| was[id.index()].is_some());
                let then = before.times().from_origin(old as usize);
                let then = then.filter_map(|(id, time)| Some((new.id(ids[id.index()]?), time)));
                now.eq(then)
            };
            kept.par_iter_mut()
                .enumerate()
                .for_each(|(part, own)| *own = own.filter(|old| is_same(part, *old)));
        }
        let mut parts = vec![None; before.parts().len()];
        for (part, old) in kept.iter().enumerate() {
            if let Some(old) = old {
                parts[*old as usize] = Some(part as u32);
            }
        }
        let is_other: Vec<bool> = new
            .iter()
            .map(|(id, one)| was[id.index()].is_none_or(|then: u32| old[old.id(then)] != *one))
            .collect();
        let journeys = journeys(after, &is_other);
        Self { after, before: old.tag, ids, was, kept, parts, journeys }
    }

    /// The hits after the change, from those before it: the same as [`Hits::find`] gives, ties
    /// included.
    ///
    /// # Panics
    ///
    /// When the hits are those of another region than the one before.
    pub fn hits(&self, hits: &Hits) -> Updated {
        assert_eq!(hits.nearest.origins(), self.parts.len(), "hits of another region");
        let set = HospitalSet::meeting(self.after.network(), &hits.requirement);
        let mut kept = self.kept.clone();
        for id in hits.set.ids() {
            let stays =
                self.ids[id.index()].is_some_and(|now| set.contains(self.after.network().id(now)));
            if !stays {
                for &part in hits.index.origins_of(id) {
                    if let Some(part) = self.parts[part as usize] {
                        kept[part as usize] = None;
                    }
                }
            }
        }
        let is_gained = |id: &HospitalId| {
            let was = self.was[id.index()];
            was.is_none_or(|old| !hits.set.contains(HospitalId(old, self.before)))
        };
        for id in set.ids().into_iter().filter(is_gained) {
            let Some(journeys) = self.journeys.get(&id.0) else {
                // The catalogs differ: a hospital meets now what it did not meet, unchanged itself.
                kept.fill(None);
                break;
            };
            for &(part, time) in journeys {
                let own = &mut kept[part as usize];
                let comes_before = |old: u32| {
                    let second = hits.nearest.second(old as usize);
                    second.is_none_or(|(other, seconds)| {
                        let other = self.ids[other.index()].unwrap_or(u32::MAX);
                        (u32::from(time), id.0) < (seconds.0, other)
                    })
                };
                *own = own.filter(|old| !comes_before(*old));
            }
        }
        let number = |hospital: u32| {
            self.ids[hospital as usize].expect("who has a hit that is gone is looked up")
        };
        let nearest = hits.nearest.taken_over((self.after.times(), &set), &kept, number);
        let looked_up = (0..kept.len() as u32).filter(|part| kept[*part as usize].is_none());
        Updated { set, nearest, looked_up: looked_up.collect() }
    }
}

/// The parts that reach each of these hospitals, rising, with seconds.
fn journeys(region: &Region, is_asked: &[bool]) -> BTreeMap<u32, Vec<(u32, u16)>> {
    let asked = (0_u32..).zip(is_asked).filter(|(_, is_asked)| **is_asked);
    let mut found: BTreeMap<u32, Vec<(u32, u16)>> =
        asked.map(|(hospital, _)| (hospital, Vec::new())).collect();
    if found.is_empty() {
        return found;
    }
    let count = region.parts().len();
    let chunks: Vec<usize> = (0..count).step_by(CHUNK).collect();
    let in_chunk = |from: usize| {
        let mut found = Vec::new();
        for part in from..(from + CHUNK).min(count) {
            let (hospitals, seconds) = region.times().row(part);
            let own = hospitals.iter().zip(seconds).filter(|(at, _)| is_asked[**at as usize]);
            found.extend(own.map(|(&hospital, &time)| (hospital, part as u32, time)));
        }
        found
    };
    let lists: Vec<Vec<(u32, u32, u16)>> = chunks.into_par_iter().map(in_chunk).collect();
    for (hospital, part, time) in lists.into_iter().flatten() {
        found.entry(hospital).or_default().push((part, time));
    }
    found
}
