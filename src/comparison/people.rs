//! Who lives there before and after.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::{Place, Places, PopulationGroup};
use crate::region::Region;

/// The people of a district, or of everybody inside, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PeopleChange {
    /// Name of the district; `None` for all inside.
    pub district: Option<String>,
    /// Residents before.
    pub before: u64,
    /// Residents after.
    pub after: u64,
    /// Residents of 65 and more years before.
    pub aged_before: u64,
    /// Residents of 65 and more years after.
    pub aged_after: u64,
}

/// From 65 years on, as statistics of care count the old.
const AGED: PopulationGroup = PopulationGroup { sex: None, from: 65, to: None };

/// All inside, then the districts in the order of their names; empty where the same people live in both.
pub(super) fn people_changes(before: &Region, after: &Region) -> Vec<PeopleChange> {
    let (old, new) = (before.places(), after.places());
    // Most changes share the places; comparing thousands of them is for the rest.
    if std::ptr::eq(old, new) || old == new {
        return Vec::new();
    }
    let mut districts: BTreeSet<&str> = BTreeSet::new();
    for place in inside(new) {
        districts.insert(&place.district);
    }
    let mut changes = vec![change(old, new, None)];
    for district in districts {
        changes.push(change(old, new, Some(district)));
    }
    changes
}

fn change(old: &Places, new: &Places, district: Option<&str>) -> PeopleChange {
    let (before, after) = (Residents::of(old, district), Residents::of(new, district));
    PeopleChange {
        district: district.map(str::to_owned),
        before: before.people,
        after: after.people,
        aged_before: before.aged,
        aged_after: after.aged,
    }
}

fn inside(places: &Places) -> impl Iterator<Item = &Place> {
    places.places.iter().filter(|place| !place.outside)
}

/// Residents and those of them who are aged.
#[derive(Default)]
struct Residents {
    people: u64,
    aged: u64,
}

impl Residents {
    /// Of a district, or of all inside.
    fn of(places: &Places, district: Option<&str>) -> Self {
        let mut residents = Self::default();
        for place in inside(places) {
            if district.is_none_or(|district| district == place.district) {
                let aged = place.population.people_in(&AGED, &places.bands);
                residents.people += place.population.people();
                residents.aged += u64::from(aged);
            }
        }
        residents
    }
}
