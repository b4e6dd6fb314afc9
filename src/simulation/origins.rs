//! Where patients come from: places, or groups of them where there are very many.

use std::collections::BTreeMap;

use crate::region::{PlaceId, Region};

/// Places whose patients are brought to the same hospitals.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// The one with most people: its journeys count for all.
    pub(super) place: PlaceId,
    pub(super) members: Vec<PlaceId>,
}

impl Origin {
    /// The sum of what each member has.
    pub(super) fn sum(&self, of: impl Fn(PlaceId) -> f64) -> f64 {
        self.members.iter().map(|place| of(*place)).sum()
    }
}

/// Each place, or, where there are more than `most`, the places of a district with the same nearest
/// hospital on the same side of the region's border.
pub(super) fn origins(region: &Region, most: usize) -> Vec<Origin> {
    if region.place_ids().len() <= most {
        let single = |place| Origin { place, members: vec![place] };
        return region.place_ids().map(single).collect();
    }
    let mut groups: BTreeMap<(Option<u32>, bool, &str), Vec<PlaceId>> = BTreeMap::new();
    for place in region.place_ids() {
        let nearest = region.from_centre(place).next().map(|(hospital, _)| hospital.0);
        let own = region.place(place);
        groups.entry((nearest, own.outside, &own.district)).or_default().push(place);
    }
    let largest = |members: Vec<PlaceId>| {
        let people = |place: &PlaceId| region.place(*place).population.people();
        // Of equal ones the first.
        let place = members.iter().copied().rev().max_by_key(people)?;
        Some(Origin { place, members })
    };
    groups.into_values().filter_map(largest).collect()
}
