//! Helicopters that bring patients of an incident.

use std::collections::HashMap;

use super::incident::DatedIncident;
use crate::calendar::Moment;
use crate::model::{HospitalId, Network};
use crate::region::{PlaceId, Region};
use crate::units::Seconds;

/// How a patient comes to a hospital; seconds from the start of the incident.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trip {
    /// Position of the hospital among the sites.
    pub(super) site: usize,
    pub(super) departs: f64,
    pub(super) arrives: f64,
    pub(super) is_flight: bool,
}

/// The helicopters of an incident.
#[derive(Debug)]
pub(super) struct Fleet {
    /// When each is at the scene for its next patient, in seconds from the start.
    ready: Vec<f64>,
    /// Seconds of flights to hospitals within reach, with start and landing.
    flights: HashMap<HospitalId, f64>,
    turnaround: f64,
    /// By which a flight must be sooner.
    least_gain: f64,
    starts: Moment,
    hours: crate::calendar::Hours,
}

impl Fleet {
    /// The helicopters of an incident; none where it has none.
    pub(super) fn new(region: &Region, place: PlaceId, dated: DatedIncident<'_>) -> Self {
        let network: &Network = region.network();
        let helicopter = &network.catalog().first_leg.helicopter;
        let mut fleet = Self {
            ready: Vec::new(),
            flights: HashMap::new(),
            turnaround: 0.0,
            least_gain: f64::from(helicopter.least_gain.0),
            starts: dated.on.of_week(),
            hours: helicopter.hours,
        };
        let Some(helicopters) = dated.incident.helicopters else { return fleet };
        let arrives = [helicopter.call_handling, helicopter.turnout, helicopter.flight_to_scene];
        let arrives: f64 = arrives.iter().map(|part| f64::from(part.0)).sum();
        fleet.ready = vec![arrives; helicopters.count as usize];
        fleet.turnaround = 60.0 * f64::from(helicopters.turnaround_minutes);
        let beside = f64::from(helicopter.start_and_landing.0);
        let reach = 60.0 * f64::from(helicopters.reach_minutes);
        for (hospital, seconds) in region.flights_from_centre(place) {
            let flight = f64::from(seconds.0) + beside;
            if flight <= reach {
                fleet.flights.insert(hospital, flight);
            }
        }
        fleet
    }

    /// The trip of a patient who can leave at a time: a flight where one arrives sooner than by road by the least gain,
    /// else that by road. `free` says how many patients a site still takes in an hour.
    pub(super) fn sooner(
        &mut self,
        by_road: Trip,
        leaves: f64,
        sites: &[HospitalId],
        free: impl Fn(usize, usize) -> u32,
    ) -> Trip {
        // The one that is there first; of equal ones any.
        let next = (0..self.ready.len()).min_by(|a, b| self.ready[*a].total_cmp(&self.ready[*b]));
        let Some(next) = next else { return by_road };
        let ready = leaves.max(self.ready[next]);
        // Where the hour is full the helicopter waits for the one in which the road trip has a place.
        let mut best = self.flight(ready, sites, &free);
        if best.is_none() && by_road.departs > ready {
            best = self.flight(by_road.departs, sites, &free);
        }
        match best {
            Some(flight) if flight.arrives + self.least_gain <= by_road.arrives => {
                // There, and back to the scene.
                let back = flight.arrives - flight.departs;
                self.ready[next] = flight.arrives + self.turnaround + back;
                flight
            }
            _ => by_road,
        }
    }
    /// The flight that departs at a time and arrives first, of those to hospitals with a place in that hour.
    fn flight(
        &self,
        departs: f64,
        sites: &[HospitalId],
        free: impl Fn(usize, usize) -> u32,
    ) -> Option<Trip> {
        let hour = (departs / 3600.0) as usize;
        let moment = self.starts.after(Seconds(departs as u32));
        if !self.hours.is_open_in(moment.hour) {
            return None;
        }
        let mut best: Option<Trip> = None;
        for (site, hospital) in sites.iter().enumerate() {
            let Some(flight) = self.flights.get(hospital) else { continue };
            let arrives = departs + flight;
            let is_sooner = best.is_none_or(|best| arrives < best.arrives);
            if is_sooner && free(hour, site) > 0 {
                best = Some(Trip { site, departs, arrives, is_flight: true });
            }
        }
        best
    }
}
