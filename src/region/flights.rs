//! Flights to hospitals with a helipad.

use super::Region;
use super::measure::hospital_stop;
use crate::model::{Hospital, HospitalId, Network};
use crate::region::PlaceId;
use crate::travel::{CrowFly, Limits, TravelModel, TravelTimes};
use crate::units::Seconds;

/// The kind of facility at which a helicopter can land.
pub(crate) const HELIPAD: &str = "helipad";

/// Flights to hospitals with a helipad, each with the journey by road.
#[derive(Debug, Clone)]
pub(super) struct Flights {
    times: TravelTimes,
    /// Seconds of the road for each entry of the lists; [`u16::MAX`] beyond the cut-off.
    by_road: Vec<u16>,
}

/// Whether a helicopter can land at a hospital, in whatever hour.
pub(super) fn has_helipad(hospital: &Hospital) -> bool {
    hospital.facility(HELIPAD).is_some()
}

/// Whether a helicopter can land at the same ones of the same hospitals.
pub(super) fn has_same_helipads(before: &Network, after: &Network) -> bool {
    let mut pairs = before.hospitals().iter().zip(after.hospitals());
    pairs.all(|(before, after)| has_helipad(before) == has_helipad(after))
}

impl Region {
    /// The flights from an origin of the ranked lists to the hospitals with a helipad (whatever
    /// its hours), the shortest first: great circle at the speed of the catalog's helicopter,
    /// without start and landing; and the seconds by road to the same hospital, [`u16::MAX`] beyond
    /// the cut-off. The lists of all origins are made when the first one is asked for.
    pub(crate) fn flight_row(&self, origin: usize) -> (&[u32], &[u16], &[u16]) {
        let flights = self.flights.get_or_init(|| self.measure_flights());
        let (hospitals, seconds) = flights.times.row(origin);
        (hospitals, seconds, &flights.by_road[flights.times.span(origin)])
    }

    /// The flights from the centre of a place to the hospitals with a helipad, the shortest first, without start and
    /// landing.
    pub(crate) fn flights_from_centre(&self, place: PlaceId) -> Vec<(HospitalId, Seconds)> {
        let flights = self.flights.get_or_init(|| self.measure_flights());
        flights.times.from_origin(self.centre(place)).collect()
    }

    fn measure_flights(&self) -> Flights {
        let (mut ids, mut helipads) = (Vec::new(), Vec::new());
        for (id, hospital) in self.network.iter() {
            if has_helipad(hospital) {
                ids.push(id.0);
                helipads.push(hospital_stop(hospital));
            }
        }

        // The first of several threads that asks measures for all of them. If it made the lists in parallel, it
        // could take up work that waits for these very lists.
        let limits = Limits::within(self.times.cutoff()).on_one_thread();
        let speed = self.network.catalog().first_leg.helicopter.km_per_hour;
        let flight = CrowFly::straight(speed).expect("checked: a speed from 1 to 1,000 km/h");
        let origins = self.layout.stops(&self.places);
        let times = flight.lists(&origins, &helipads, limits);
        let times = times.expect("at most 4,294,967,295 flights lie within the cut-off");
        let times = times.renumbered(&ids, &self.network);
        let by_road = self.by_road(&times);
        Flights { times, by_road }
    }

    /// Seconds of the road for each entry of other lists of the same origins.
    fn by_road(&self, times: &TravelTimes) -> Vec<u16> {
        let mut by_road = vec![u16::MAX; times.pairs()];
        // One row by hospital for all origins, cleaned after each: no search in the list of the road.
        let mut of_hospital = vec![u16::MAX; self.network.hospitals().len()];
        for origin in 0..times.origins() {
            let (hospitals, seconds) = self.times.row(origin);
            for (&hospital, &time) in hospitals.iter().zip(seconds) {
                of_hospital[hospital as usize] = time;
            }
            for (entry, &hospital) in times.span(origin).zip(times.row(origin).0) {
                by_road[entry] = of_hospital[hospital as usize];
            }
            for &hospital in hospitals {
                of_hospital[hospital as usize] = u16::MAX;
            }
        }
        by_road
    }
}
