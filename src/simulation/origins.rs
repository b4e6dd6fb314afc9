//! Where patients come from: places, or groups of them where there are very many.

use std::collections::BTreeMap;

use crate::region::{PlaceId, Region};

/// Places whose patients are brought to the same hospitals.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// The place with most people: its journeys count for all.
    pub(super) place: PlaceId,
    pub(super) members: Vec<PlaceId>,
}

impl Origin {
    /// The sum of a value of each member.
    pub(super) fn sum(&self, value: impl Fn(PlaceId) -> f64) -> f64 {
        self.members.iter().map(|place| value(*place)).sum()
    }
}

/// Each place, or, where there are more than `most`, the places of a district with the same nearest
/// hospital on the same side of the region's border.
pub(super) fn origins(region: &Region, most: usize) -> Vec<Origin> {
    if region.place_ids().len() <= most {
        let mut origins = Vec::with_capacity(region.place_ids().len());
        for place in region.place_ids() {
            origins.push(Origin { place, members: vec![place] });
        }
        return origins;
    }
    // A map in order, so that origins, and the streams made of them, have the same order on every run.
    let mut groups: BTreeMap<(Option<u32>, bool, &str), Vec<PlaceId>> = BTreeMap::new();
    for place in region.place_ids() {
        let nearest = region.from_centre(place).next().map(|(hospital, _)| hospital.0);
        let record = region.place(place);
        groups.entry((nearest, record.outside, &record.district)).or_default().push(place);
    }

    let mut origins = Vec::with_capacity(groups.len());
    for members in groups.into_values() {
        let people = |place: &PlaceId| region.place(*place).population.people();
        // `max_by_key` takes the last of equal ones; the first shall count.
        let largest = members.iter().copied().rev().max_by_key(people);
        if let Some(place) = largest {
            origins.push(Origin { place, members });
        }
    }
    origins
}
