//! Results written with the keys of a region.

use serde::{Serialize, Serializer};

use super::Region;
use crate::model::{Cooperation, KnownKeys, Pathway};

/// A result together with the region that its ids are of; made by [`Region::keyed`], or by
/// [`Prepared::keyed`](crate::pathways::Prepared::keyed).
#[derive(Debug, Clone, Copy)]
pub struct Keyed<'r, T: ?Sized> {
    region: &'r Region,
    /// A pathway that the catalog may not have.
    pathway: Option<&'r Pathway>,
    /// Cooperations that count on behind those of the network.
    added: &'r [Cooperation],
    result: &'r T,
}

impl Region {
    /// A result that can be written (as JSON, say) with keys where it has ids: of hospitals, places, cooperations,
    /// and stages of the catalog's pathways.
    ///
    /// Times are numbers whose names end in `_seconds`. Keys are those of this region: a result without its
    /// region cannot be written, because an id alone is only a position. A result of two regions is written by both:
    /// `before.keyed(&after.keyed(&result))`, where cooperations are those of the inner one.
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
        Keyed { region: self, pathway: None, added: &[], result }
    }

    /// [`Self::keyed`] with the stages of one more pathway and with added cooperations.
    pub(crate) fn keyed_with<'r, T: Serialize + ?Sized>(
        &'r self,
        pathway: &'r Pathway,
        added: &'r [Cooperation],
        result: &'r T,
    ) -> Keyed<'r, T> {
        Keyed { region: self, pathway: Some(pathway), added, result }
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
        // Added cooperations count on behind those of the network.
        let mut cooperations = Vec::new();
        for cooperation in network.cooperations().iter().chain(self.added) {
            cooperations.push(cooperation.key.clone());
        }
        let mut known = KnownKeys::new()
            .and(network.tag, hospitals)
            .and(self.region.layout.tag, places)
            .and_cooperations(cooperations);
        for pathway in network.catalog().pathways.iter().chain(self.pathway) {
            let mut stages = Vec::with_capacity(pathway.stages.len());
            for stage in &pathway.stages {
                stages.push(stage.key.clone());
            }
            known = known.and(pathway.tag(), stages);
        }
        let written = self.result.serialize(to);
        // Not before the result is written: ids are written by what is known then.
        drop(known);
        written
    }
}
