//! Results written with the keys of a region.

use serde::{Serialize, Serializer};

use super::Region;
use crate::model::KnownKeys;

/// A result together with the region that its ids are of; made by [`Region::keyed`].
#[derive(Debug, Clone, Copy)]
pub struct Keyed<'r, T: ?Sized> {
    region: &'r Region,
    result: &'r T,
}

impl Region {
    /// A result that can be written (as JSON, say) with the keys of hospitals, places and cooperations where it has
    /// ids.
    ///
    /// Times are numbers whose names end in `_seconds`. Keys are those of this region: a result without its
    /// region cannot be written, because an id alone is only a position. A result of two regions is written by both:
    /// `before.keyed(&after.keyed(&result))`.
    ///
    /// ```
    /// use verbund::{Region, coverage};
    ///
    /// let region = Region::leipzig()?;
    /// let standard = region.network().catalog().standard("stroke_unit").ok_or("no standard")?;
    /// let coverage = coverage::evaluate(&region, standard)?;
    /// let written = serde_json::to_value(region.keyed(&coverage))?;
    /// assert_eq!(written["total"]["people"], 1_058_179);
    /// assert!(written["total"]["median_seconds"].is_u64());
    /// assert!(written["catchments"][0]["hospital"].is_string());
    /// assert!(serde_json::to_value(&coverage).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn keyed<'r, T: Serialize + ?Sized>(&'r self, result: &'r T) -> Keyed<'r, T> {
        Keyed { region: self, result }
    }
}

impl<T: Serialize + ?Sized> Serialize for Keyed<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let network = self.region.network();
        let mut hospitals = Vec::with_capacity(network.hospitals().len());
        for hospital in network.hospitals() {
            hospitals.push(hospital.key.clone());
        }
        let mut places = Vec::with_capacity(self.region.places.places.len());
        for place in &self.region.places.places {
            places.push(place.key.clone());
        }
        let mut cooperations = Vec::with_capacity(network.cooperations().len());
        for cooperation in network.cooperations() {
            cooperations.push(cooperation.key.clone());
        }
        // It lives as long as the result is written: ids are written by what is known then.
        let _known = KnownKeys::new()
            .and(network.tag, hospitals)
            .and(self.region.layout.tag, places)
            .and_cooperations(cooperations);
        self.result.serialize(to)
    }
}
