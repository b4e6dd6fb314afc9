//! First and second hits after a change, from those before it: only what was touched is looked up.

use super::nearest::{HospitalSet, Nearest};
use crate::model::HospitalId;
use crate::region::Region;

/// Which origins have a hospital as one of their hits: an inverted index of [`Nearest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitIndex {
    /// Where the origins of each hospital start; one entry more than hospitals.
    starts: Vec<u32>,
    origins: Vec<u32>,
}

impl HitIndex {
    /// The index of these hits, for as many hospitals. Costs the hits, once.
    pub fn new(nearest: &Nearest, hospitals: usize) -> Self {
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

    /// The origins that have a hospital as one of their hits.
    pub fn origins_of(&self, hospital: HospitalId) -> &[u32] {
        let at = hospital.index();
        &self.origins[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// Hits after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    /// The hits, as [`Nearest::find`] gives them.
    pub nearest: Nearest,
    /// How many origins were looked up in the ranked lists; all others were taken over.
    pub looked_up: usize,
}

/// First and second hits of a region that a scenario made of another one, from the other one's.
///
/// An origin is looked up when one of its hits closed or no longer meets the requirement, and when its place
/// is laid out anew. When a hospital opened, newly meets the requirement, or roads changed, something
/// may be nearer anywhere, and all origins are looked up. All others keep their hits, with hospitals
/// renumbered by their keys. The result is the same as that of [`Nearest::find`].
///
/// # Panics
///
/// When `nearest` and `index` are not those of `before` and `set_before`.
pub fn update(
    (before, nearest, index): (&Region, &Nearest, &HitIndex),
    set_before: &HospitalSet,
    (after, set_after): (&Region, &HospitalSet),
) -> Updated {
    let (old, new) = (before.network(), after.network());
    let ids: Vec<Option<HospitalId>> =
        old.hospitals().iter().map(|one| new.find(&one.key)).collect();
    let is_gained = |id: HospitalId| {
        let was = old.find(&new[id].key);
        was.is_none_or(|was| !set_before.contains(was) || old[was].position != new[id].position)
    };
    let count = after.parts().len();
    if !after.has_roads_of(before) || set_after.ids().into_iter().any(is_gained) {
        let nearest = Nearest::find(after.times(), count, set_after);
        return Updated { nearest, looked_up: count };
    }
    let kept = after.kept_parts(before);
    let mut is_touched = vec![false; before.parts().len()];
    for id in set_before.ids() {
        if !ids[id.index()].is_some_and(|now| set_after.contains(now)) {
            index.origins_of(id).iter().for_each(|origin| is_touched[*origin as usize] = true);
        }
    }
    let from = |part: usize| kept[part].filter(|was| !is_touched[*was as usize]);
    let number = |id: HospitalId| ids[id.index()].expect("a hit that is not touched is there");
    let (nearest, looked_up) = nearest.taken_over(after.times(), set_after, count, from, number);
    Updated { nearest, looked_up }
}
