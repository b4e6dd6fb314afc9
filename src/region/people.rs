//! People at the points of a region, and who is in reach at all.

use super::reach::{places_without_journey, reached_hospitals};
use super::{PlaceId, Region};
use crate::model::{HospitalId, Place, PopulationGroup, equal_share};

impl Region {
    /// Residents of the places that are not outside.
    pub fn people_inside(&self) -> u64 {
        let mut people = 0;
        for place in &self.places.places {
            if !place.outside {
                people += place.population.people();
            }
        }
        people
    }

    /// Hospitals from which no other one is reached within the cut-off, where there are several: nobody is
    /// handed on from there.
    pub fn hospitals_without_journey(&self) -> usize {
        // A single hospital has nobody to hand patients on to, and that is no fault of its roads.
        let count = self.network.hospitals().len();
        if count < 2 {
            return 0;
        }
        let mut without_journey = 0;
        for hospital in 0..count {
            let (reached, _) = self.between.row(hospital);
            // Each list has the hospital itself, at no distance.
            if reached.iter().all(|number| *number as usize == hospital) {
                without_journey += 1;
            }
        }
        without_journey
    }

    /// Hospitals that no part of any place reaches within the cut-off, by id: nobody is brought there.
    pub fn hospitals_without_patients(&self) -> Vec<HospitalId> {
        let count = self.network.hospitals().len();
        let is_reached = reached_hospitals(&self.layout, &self.times, count);
        let mut without_patients = Vec::new();
        for id in self.network.ids() {
            if !is_reached[id.index()] {
                without_patients.push(id);
            }
        }
        without_patients
    }

    /// Places inside of which no part reaches any hospital within the cut-off.
    pub fn places_without_journey(&self) -> usize {
        places_without_journey(&self.places, &self.layout, &self.times)
    }

    /// The people of a group at each part; 0 at parts of places outside of the region.
    ///
    /// The parts of a place share its people as equally as whole numbers allow.
    pub fn people(&self, group: &PopulationGroup) -> Vec<u32> {
        self.people_where(group, |place| !place.outside)
    }

    /// The people of a group at each part, those of places outside of the region included.
    pub fn people_everywhere(&self, group: &PopulationGroup) -> Vec<u32> {
        self.people_where(group, |_| true)
    }

    fn people_where(&self, group: &PopulationGroup, counts: impl Fn(&Place) -> bool) -> Vec<u32> {
        let mut people = Vec::with_capacity(self.layout.parts().len());
        for place in self.place_ids() {
            let parts = self.parts_of(place).len();
            let total = self.people_of(place, group, &counts);
            for part in 0..parts {
                // Whole people: of fractions the parts would come to a little more or less than the place.
                people.push(equal_share(total, part, parts));
            }
        }
        people
    }

    fn people_of(
        &self,
        place: PlaceId,
        group: &PopulationGroup,
        counts: impl Fn(&Place) -> bool,
    ) -> u32 {
        let place = self.place(place);
        if counts(place) { place.population.people_in(group, &self.places.bands) } else { 0 }
    }

    /// The people of a group at each part of one place, with the part's number; 0 where it is outside.
    pub(crate) fn people_at(
        &self,
        place: PlaceId,
        group: &PopulationGroup,
    ) -> impl Iterator<Item = (usize, u32)> + use<> {
        let total = self.people_of(place, group, |place| !place.outside);
        let parts = self.parts_of(place);
        let count = parts.len();
        parts.enumerate().map(move |(share, part)| (part, equal_share(total, share, count)))
    }
}
