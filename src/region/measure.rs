//! What a region measures its journeys by.

use std::fmt;
use std::sync::Arc;

use super::{Region, RegionError};
use crate::model::{Hospital, MissingRoad, Network, Places, Road, RoadOfMap};
use crate::travel::{
    CrowFly, Delays, HospitalJourneys, Limits, Starts, Stop, TravelError, TravelModel, TravelTimes,
};
use crate::units::Seconds;

/// Journeys that a region may always hold; more only where it has many origins.
const MANY_JOURNEYS: u64 = 250_000_000;
/// Journeys that each origin may have, where there are many.
const JOURNEYS_OF_ORIGIN: u64 = 1_000;

/// The journeys that a region keeps: up to a cut-off, and so many of so many origins.
fn limits(origins: usize, cutoff: Seconds) -> Limits {
    let most_journeys = MANY_JOURNEYS.max(JOURNEYS_OF_ORIGIN * origins as u64);
    Limits::within(cutoff).most_journeys(most_journeys)
}

/// A hospital as an end of journeys.
pub(super) fn hospital_stop(hospital: &Hospital) -> Stop<'_> {
    Stop::new(&hospital.key, hospital.position)
}

/// All hospitals of a network as ends of journeys.
pub(super) fn hospital_stops(network: &Network) -> Vec<Stop<'_>> {
    network.hospitals().iter().map(hospital_stop).collect()
}

/// A travel model, the crow-fly model for hospitals that it does not know, and delays of roads.
#[derive(Clone)]
pub(super) struct Measure {
    model: Arc<dyn TravelModel>,
    /// The travel model before any road was closed.
    first: Arc<dyn TravelModel>,
    crow_fly: Arc<CrowFly>,
    /// Roads whose delays are added to journeys of the model: those that it does not take in itself.
    delays: Vec<Road>,
    /// Roads whose delays are added to journeys of the crow-fly model.
    delays_of_crow: Vec<Road>,
}

impl fmt::Debug for Measure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Measure").field(&self.name()).finish()
    }
}

impl Measure {
    pub(super) fn new(model: Arc<dyn TravelModel>, crow_fly: CrowFly) -> Self {
        let crow_fly = Arc::new(crow_fly);
        let first = Arc::clone(&model);
        Self { model, first, crow_fly, delays: Vec::new(), delays_of_crow: Vec::new() }
    }

    /// The travel model that a region was built with.
    pub(super) fn first(&self) -> Arc<dyn TravelModel> {
        Arc::clone(&self.first)
    }

    /// What journeys rest on, as every output names it.
    pub(super) fn name(&self) -> String {
        let (model, crow_fly) = (self.model.name(), self.crow_fly.name());
        match self.model.hospital_journeys() {
            HospitalJourneys::Known => model,
            HospitalJourneys::Partly => {
                format!("{model}; between hospitals that it does not name: {crow_fly}")
            }
            HospitalJourneys::Unknown => format!("{model}; between hospitals: {crow_fly}"),
        }
    }

    /// Journeys from points of places.
    pub(super) fn journeys_of_places(
        &self,
        places: &Places,
        from: &[Stop<'_>],
        to: &[Stop<'_>],
        cutoff: Seconds,
    ) -> Result<TravelTimes, TravelError> {
        let times = self.model.lists(from, to, limits(from.len(), cutoff))?;
        let delays = Delays { roads: &self.delays, starts: Starts::Places(places) };
        Ok(delays.on(&times, from, to).unwrap_or(times))
    }

    /// Journeys between hospitals.
    pub(super) fn between(
        &self,
        from: &[Stop<'_>],
        to: &[Stop<'_>],
        cutoff: Seconds,
    ) -> Result<TravelTimes, TravelError> {
        let limits = limits(from.len(), cutoff);
        let times = self.model.lists_between_hospitals(from, to, limits, &self.crow_fly)?;
        let delays = Delays { roads: self.delays_between(), starts: Starts::Hospitals };
        Ok(delays.on(&times, from, to).unwrap_or(times))
    }

    fn delays_between(&self) -> &[Road] {
        match self.model.hospital_journeys() {
            HospitalJourneys::Known => &self.delays,
            HospitalJourneys::Partly | HospitalJourneys::Unknown => &self.delays_of_crow,
        }
    }

    /// While more roads are slow or closed, if the travel model takes any of them in itself.
    pub(super) fn under(&self, roads: &[Road]) -> Option<Self> {
        let mut measure = self.clone();
        let mut is_taken = false;
        for road in roads {
            // One by one: a model of roads may know one by its place, and another only by keys of hospitals.
            match measure.model.under(std::slice::from_ref(road)) {
                Some(model) => {
                    measure.model = model;
                    is_taken = true;
                }
                None => measure.delays.push(road.clone()),
            }
        }
        // The crow knows no roads, wherever the model leaves hospitals to it.
        measure.delays_of_crow.extend_from_slice(roads);
        is_taken.then_some(measure)
    }

    /// While roads are slow or closed, by the travel model if it knows roads.
    pub(super) fn on_roads(&self, roads: &[Road]) -> Self {
        self.under(roads).unwrap_or_else(|| self.with_delays(roads))
    }

    /// What of a road the map of the travel model lacks.
    pub(super) fn missing_roads(&self, road: &RoadOfMap) -> Vec<MissingRoad> {
        self.model.missing_roads(road)
    }

    /// While roads of the travel model's map are slow or closed.
    pub(super) fn under_roads_of_map(&self, roads: &[RoadOfMap]) -> Result<Self, MissingRoad> {
        let mut measure = self.clone();
        if !roads.is_empty() {
            measure.model = self.model.under_roads_of_map(roads)?;
        }
        Ok(measure)
    }

    /// With the delays of more roads.
    pub(super) fn with_delays(&self, roads: &[Road]) -> Self {
        let mut measure = self.clone();
        measure.delays.extend_from_slice(roads);
        measure.delays_of_crow.extend_from_slice(roads);
        measure
    }
}

impl Region {
    /// Measures every journey.
    pub(super) fn measure_all(&mut self) -> Result<(), RegionError> {
        let cutoff = self.times.cutoff();
        let from = self.layout.stops(&self.places);
        let hospitals = hospital_stops(&self.network);
        let times = self.measure.journeys_of_places(&self.places, &from, &hospitals, cutoff)?;
        let between = self.measure.between(&hospitals, &hospitals, cutoff)?;
        (self.times, self.between) = (Arc::new(times), Arc::new(between));
        // A model under roads has another name.
        self.travel = self.measure.name();
        Ok(())
    }

    /// Adds the delays of roads to the journeys as they are.
    pub(super) fn delay(&mut self, roads: &[Road]) {
        let from = self.layout.stops(&self.places);
        let hospitals = hospital_stops(&self.network);
        let of_places = Delays { roads, starts: Starts::Places(&self.places) };
        let of_hospitals = Delays { roads, starts: Starts::Hospitals };
        let times = of_places.on(&self.times, &from, &hospitals);
        let between = of_hospitals.on(&self.between, &hospitals, &hospitals);
        // Both are there, or neither: without roads.
        if let (Some(times), Some(between)) = (times, between) {
            (self.times, self.between) = (Arc::new(times), Arc::new(between));
        }
    }
}
