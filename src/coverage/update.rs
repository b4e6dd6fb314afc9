//! The nearest and second nearest hospitals after a change, from those before it: only what was touched is looked
//! up.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::nearest::{HospitalSet, Nearest, in_chunks};
use crate::model::{HospitalId, Network, Requirement, Tag};
use crate::region::Region;
use crate::travel::TravelTimes;

/// The hospitals of a region that meet a requirement, the two nearest of them for every part, and the way
/// back from a hospital to the parts that it is one of the two for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearestQualifying {
    requirement: Requirement,
    #[serde(rename = "hospitals")]
    set: HospitalSet,
    nearest: Nearest,
    // The same read the other way.
    #[serde(skip)]
    served: ServedParts,
}

impl NearestQualifying {
    /// The two nearest of every part, from the lists of hospitals in reach.
    pub fn find(region: &Region, requirement: &Requirement) -> Self {
        let set = HospitalSet::meeting(region.network(), requirement);
        let nearest = Nearest::find(region.times(), region.parts().len(), &set);
        let served = ServedParts::new(&nearest, region.network().hospitals().len());
        Self { requirement: requirement.clone(), set, nearest, served }
    }

    /// The hospitals that meet the requirement.
    pub fn set(&self) -> &HospitalSet {
        &self.set
    }

    /// The nearest and the second nearest, by part.
    pub fn nearest(&self) -> &Nearest {
        &self.nearest
    }
}

/// Which parts have a hospital as one of their nearest: [`Nearest`] read the other way.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ServedParts {
    /// Where the parts of each hospital start; one entry more than hospitals.
    starts: Vec<u32>,
    parts: Vec<u32>,
}

impl ServedParts {
    fn new(nearest: &Nearest, hospitals: usize) -> Self {
        // A counting sort: how many parts each hospital has, where they start, then each part to its place.
        let mut starts = vec![0; hospitals + 1];
        for rank in 0..nearest.k() {
            for &hospital in nearest.rank(rank).0 {
                if (hospital as usize) < hospitals {
                    starts[hospital as usize + 1] += 1;
                }
            }
        }
        for hospital in 0..hospitals {
            starts[hospital + 1] += starts[hospital];
        }

        let mut next = starts.clone();
        let mut parts = vec![0; starts[hospitals] as usize];
        for rank in 0..nearest.k() {
            for (part, &hospital) in nearest.rank(rank).0.iter().enumerate() {
                if (hospital as usize) < hospitals {
                    let position = &mut next[hospital as usize];
                    parts[*position as usize] = part as u32;
                    *position += 1;
                }
            }
        }
        Self { starts, parts }
    }

    fn of(&self, hospital: HospitalId) -> &[u32] {
        let number = hospital.index();
        &self.parts[self.starts[number] as usize..self.starts[number + 1] as usize]
    }
}

/// The nearest hospitals after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Updated {
    /// The hospitals that meet the requirement after it.
    #[serde(rename = "hospitals")]
    pub set: HospitalSet,
    /// The nearest of each part, as [`Nearest::find`] gives them.
    pub nearest: Nearest,
    /// The parts that were looked up in the lists, rising; all others kept what they had.
    pub looked_up: Vec<u32>,
}

/// What differs between the journeys of a region and those of what scenarios made of it.
///
/// The two nearest hospitals of a part that meet a requirement change only when
///
/// - its place is laid out anew because more or fewer people live there, or a journey from it to
///   a hospital that both regions have takes another time;
/// - one of the two is gone or no longer meets the requirement;
/// - a hospital that opened, or that newly meets it, is nearer than the second of the two.
///
/// [`Delta::update`] looks up those parts and lets all others keep what they have. To know which parts reach a
/// hospital that is new or another one, `Delta::new` reads the lists once, for all requirements.
/// A hospital is the same one when key and position are.
///
/// ```
/// use verbund::Region;
/// use verbund::coverage::{Delta, NearestQualifying};
/// use verbund::scenario::Scenario;
///
/// let region = Region::leipzig()?;
/// let text = r#"(format: 1, id: "no-torgau", name: "Torgau closes", source: "invented", changes: [
///     (on: "2026-07-01", reason: "an example", change: CloseHospital("kkh-torgau")),
/// ])"#;
/// let scenario = Scenario::read(text, "no-torgau.ron", region.network(), region.places())?;
/// let after = region.apply(&[&scenario], "2026-07-01".parse()?)?;
/// let basic = region.network().catalog().standard("basic_care").ok_or("no standard")?;
/// let before = NearestQualifying::find(&region, &basic.requirement);
/// let updated = Delta::new(&region, &after).update(&before);
/// assert_eq!(updated.nearest, *NearestQualifying::find(&after, &basic.requirement).nearest());
/// // Only the points around Torgau were looked up again.
/// assert!(updated.looked_up.len() < region.parts().len() / 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Delta {
    /// The network after, shared with the region that was given.
    network: Arc<Network>,
    /// The journeys after.
    times: Arc<TravelTimes>,
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
    /// For each hospital that is new or another one, the parts that reach it.
    journeys: BTreeMap<u32, Vec<FromPart>>,
}

/// A journey from a part to a hospital that is known.
#[derive(Debug, Clone, Copy)]
struct FromPart {
    part: u32,
    seconds: u16,
}

impl Delta {
    /// What differs between two regions of the same places.
    pub fn new(before: &Region, after: &Region) -> Self {
        let (old, new) = (before.network(), after.network());
        let mut ids = vec![None; old.hospitals().len()];
        let mut was = vec![None; new.hospitals().len()];
        for (id, hospital) in old.iter() {
            // A hospital that moved has other journeys: it counts as a new one with an old key.
            let Some(now) = new.find(&hospital.key) else { continue };
            if new[now].position == hospital.position {
                ids[id.index()] = Some(now.0);
                was[now.index()] = Some(id.0);
            }
        }

        let mut kept = after.kept_parts(before);
        // Comparing journeys reads both lists of every part: only where somebody changed any.
        if !after.shares_journeys(before) {
            let has_same_journeys = |part: usize, old: u32| {
                // Hospitals that only one of the regions has are no difference of journeys.
                let now = after.times().from_origin(part);
                let now = now.filter(|(id, _)| was[id.index()].is_some());
                let then = before.times().from_origin(old as usize);
                let then = then.filter_map(|(id, time)| Some((new.id(ids[id.index()]?), time)));
                now.eq(then)
            };
            kept.par_iter_mut().enumerate().for_each(|(part, old)| {
                *old = old.filter(|old| has_same_journeys(part, *old));
            });
        }
        let mut parts = vec![None; before.parts().len()];
        for (part, old) in kept.iter().enumerate() {
            if let Some(old) = old {
                parts[*old as usize] = Some(part as u32);
            }
        }

        let mut is_other = Vec::with_capacity(new.hospitals().len());
        for (id, hospital) in new.iter() {
            // A hospital that got a unit counts as another one: its journeys are needed where it newly meets something.
            let is_same = match was[id.index()] {
                Some(then) => old[old.id(then)] == *hospital,
                None => false,
            };
            is_other.push(!is_same);
        }
        let journeys = journeys(after, &is_other);
        Self {
            network: after.shared_network(),
            times: after.shared_times(),
            before: old.tag,
            ids,
            was,
            kept,
            parts,
            journeys,
        }
    }

    /// The nearest hospitals after the change, from those before it: what [`NearestQualifying::find`] gives, ties
    /// included.
    ///
    /// # Panics
    ///
    /// When they are those of another region than the one before.
    pub fn update(&self, before: &NearestQualifying) -> Updated {
        assert_eq!(before.nearest.origins(), self.parts.len(), "hospitals of another region");
        let set = HospitalSet::meeting(&self.network, &before.requirement);
        let mut kept = self.kept.clone();
        self.drop_lost(before, &set, &mut kept);
        self.drop_gained(before, &set, &mut kept);

        let number = |hospital: u32| {
            self.ids[hospital as usize].expect("a part whose nearest is gone is looked up")
        };
        let nearest = before.nearest.taken_over(&self.times, &set, &kept, number);
        let mut looked_up = Vec::new();
        for (part, old) in kept.iter().enumerate() {
            if old.is_none() {
                looked_up.push(part as u32);
            }
        }
        Updated { set, nearest, looked_up }
    }

    /// Keeps nothing of the parts that lose one of their two nearest.
    fn drop_lost(&self, before: &NearestQualifying, set: &HospitalSet, kept: &mut [Option<u32>]) {
        for id in before.set.ids() {
            if let Some(now) = self.ids[id.index()]
                && set.contains(self.network.id(now))
            {
                continue;
            }
            // A part that is laid out anew has no new number, and is looked up anyway.
            for &part in before.served.of(id) {
                if let Some(part) = self.parts[part as usize] {
                    kept[part as usize] = None;
                }
            }
        }
    }

    /// Keeps nothing of the parts to which a hospital that newly qualifies is nearer than their second nearest.
    fn drop_gained(&self, before: &NearestQualifying, set: &HospitalSet, kept: &mut [Option<u32>]) {
        for id in set.ids() {
            if let Some(old) = self.was[id.index()]
                && before.set.contains(HospitalId(old, self.before))
            {
                continue;
            }
            let Some(journeys) = self.journeys.get(&id.0) else {
                // The catalogs differ: a hospital meets now what it did not meet, unchanged itself.
                kept.fill(None);
                return;
            };
            for journey in journeys {
                let kept = &mut kept[journey.part as usize];
                if let Some(old) = *kept
                    && self.is_nearer(before, old, id, journey.seconds)
                {
                    *kept = None;
                }
            }
        }
    }

    /// Whether a hospital is nearer to a part, by its old number, than the second nearest that it had; ties go to
    /// the smaller id.
    fn is_nearer(
        &self,
        before: &NearestQualifying,
        old: u32,
        id: HospitalId,
        seconds: u16,
    ) -> bool {
        let Some((second, second_time)) = before.nearest.second(old as usize) else { return true };
        let second = self.ids[second.index()].unwrap_or(u32::MAX);
        (u32::from(seconds), id.0) < (second_time.0, second)
    }
}

/// The parts that reach each of these hospitals, rising.
fn journeys(region: &Region, is_asked: &[bool]) -> BTreeMap<u32, Vec<FromPart>> {
    let mut journeys: BTreeMap<u32, Vec<FromPart>> = BTreeMap::new();
    for (hospital, is_asked) in (0..).zip(is_asked) {
        if *is_asked {
            // Also where nobody reaches it: what has no entry is no hospital that was asked about.
            journeys.insert(hospital, Vec::new());
        }
    }
    // Mostly a change touches hospitals alone: then no list is read.
    if journeys.is_empty() {
        return journeys;
    }

    let lists = in_chunks(region.parts().len(), |chunk| {
        let mut from_parts = Vec::new();
        for part in chunk {
            let (hospitals, seconds) = region.times().row(part);
            for (&hospital, &seconds) in hospitals.iter().zip(seconds) {
                if is_asked[hospital as usize] {
                    from_parts.push((hospital, FromPart { part: part as u32, seconds }));
                }
            }
        }
        from_parts
    });
    for list in lists {
        for (hospital, journey) in list {
            journeys.entry(hospital).or_default().push(journey);
        }
    }
    journeys
}
