//! Who lives there before and after.

use crate::model::{Place, Places, PopulationGroup};
use crate::region::Region;

/// The people of a district, or of everybody inside, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// From 65 years on.
const AGED: PopulationGroup = PopulationGroup { sex: None, from: 65, to: None };

/// All inside, then the districts in the order of their names; empty where the same people live in both.
pub(super) fn people_changes(before: &Region, after: &Region) -> Vec<PeopleChange> {
    let (old, new) = (before.places(), after.places());
    if std::ptr::eq(old, new) || old == new {
        return Vec::new();
    }
    let mut districts: Vec<&str> = inside(new).map(|place| place.district.as_str()).collect();
    districts.sort_unstable();
    districts.dedup();
    let of = |district: Option<&str>| {
        let ((before, aged_before), (after, aged_after)) =
            (residents(old, district), residents(new, district));
        let district = district.map(str::to_owned);
        PeopleChange { district, before, after, aged_before, aged_after }
    };
    std::iter::once(None).chain(districts.into_iter().map(Some)).map(of).collect()
}

fn inside(places: &Places) -> impl Iterator<Item = &Place> {
    places.places.iter().filter(|place| !place.outside)
}

/// Residents and those of them who are aged, of a district or of all inside.
fn residents(places: &Places, district: Option<&str>) -> (u64, u64) {
    let asked = inside(places).filter(|place| district.is_none_or(|own| own == place.district));
    asked.fold((0, 0), |(all, aged), place| {
        let own = place.population.people_in(&AGED, &places.bands);
        (all + place.population.people(), aged + u64::from(own))
    })
}
