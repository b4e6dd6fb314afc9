//! What is out of reach, without the measure of every journey.

use std::collections::HashSet;
use std::sync::Arc;

use rstar::RTree;
use serde::Serialize;

use super::layout::Layout;
use super::measure::hospital_stops;
use super::setup::Setup;
use super::{Region, RegionError};
use crate::calendar::Date;
use crate::model::{Model, Network, Places, TravelRow};
use crate::travel::{CrowFly, Stop, TravelModel, TravelTimes};
use crate::units::Seconds;

/// Places that reach no hospital within a cut-off, and hospitals that no place reaches.
///
/// It is what [`Region::places_without_journey`] and [`Region::hospitals_without_patients`] say of the region of
/// the model. [`Self::of`] takes a moment where the region itself has hundreds of millions of journeys: each
/// place looks for its nearest hospital, each hospital for the nearest place, and nobody for the others.
/// [`Self::with_travel`] asks any travel model for the journeys of places, but for none between hospitals.
///
/// ```
/// use std::sync::Arc;
///
/// use verbund::files::Folder;
/// use verbund::region::OutOfReach;
/// use verbund::travel::CrowFly;
/// use verbund::units::Seconds;
///
/// let model = Folder::leipzig().read()?;
/// let day = model.network.date();
/// let out_of_reach = OutOfReach::of(&model, day)?;
/// assert_eq!((out_of_reach.places, out_of_reach.hospitals.len()), (0, 0));
///
/// // On foot, within an hour, straight ahead: 5 km.
/// let on_foot = Arc::new(CrowFly::straight(5.0)?);
/// let out_of_reach = OutOfReach::with_travel(&model, day, on_foot, Seconds::from_minutes(60))?;
/// assert_eq!((out_of_reach.places, out_of_reach.hospitals.len()), (29, 51));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutOfReach {
    /// How many places inside have no part that reaches any hospital.
    pub places: usize,
    /// Keys of the hospitals that no part of any place reaches, in the order of the network.
    pub hospitals: Vec<String>,
}

impl OutOfReach {
    /// Of a model on a day within [`Region::CUTOFF`], with its own travel times, as [`Region::new`] measures
    /// them.
    ///
    /// # Errors
    ///
    /// Those of [`Region::new`].
    pub fn of(model: &Model, day: Date) -> Result<Self, RegionError> {
        let adjustments = &model.adjustments;
        if !adjustments.roads.is_empty() || !adjustments.roads_of_map.is_empty() {
            // The nearest hospital may be the one whose road is closed.
            return Self::by_lists(model, Setup::of(model, day)?, Region::CUTOFF);
        }
        model.check()?;
        let crow_fly = CrowFly::new(model.travel.clone())?;
        let network = model.network.as_of(day);
        Ok(match &model.travel_times {
            Some(rows) => Self::by_table(model, &network, rows),
            None => Self::by_distance(model, &network, &crow_fly),
        })
    }

    /// Of a model on a day with another model of travel, within a cut-off.
    ///
    /// # Errors
    ///
    /// Those of [`Region::with_travel`].
    pub fn with_travel(
        model: &Model,
        day: Date,
        travel: Arc<dyn TravelModel>,
        cutoff: Seconds,
    ) -> Result<Self, RegionError> {
        Self::by_lists(model, Setup::with_travel(model, day, travel)?, cutoff)
    }

    /// By the ranked lists of the places' parts.
    fn by_lists(model: &Model, setup: Setup, cutoff: Seconds) -> Result<Self, RegionError> {
        let Setup { network, layout, measure, .. } = setup;
        let measure = measure.under_roads_of_map(&model.adjustments.roads_of_map)?;
        let measure = measure.on_roads(&model.adjustments.roads);
        let parts = stops_of_parts(&layout, &model.places);
        let stops = hospital_stops(&network);
        let times = measure.journeys_of_places(&model.places, &parts, &stops, cutoff)?;

        let is_reached = reached_hospitals(&layout, &times, stops.len());
        let mut hospitals = Vec::new();
        for (stop, is_reached) in stops.iter().zip(is_reached) {
            if !is_reached {
                hospitals.push(stop.key.to_owned());
            }
        }
        Ok(Self { places: places_without_journey(&model.places, &layout, &times), hospitals })
    }

    /// By a model in which nothing farther is ever sooner.
    fn by_distance(model: &Model, network: &Network, travel: &CrowFly) -> Self {
        let layout = Layout::new(&model.places, &model.parts);
        let parts = stops_of_parts(&layout, &model.places);
        let stops = hospital_stops(network);
        let is_in_reach =
            |stop: &Stop<'_>, others: &RTree<[f64; 3]>| match others.nearest_neighbor(&stop.unit) {
                Some(nearest) => travel.time_over(stop.metres_to(*nearest)) <= Region::CUTOFF,
                None => false,
            };

        let near_hospitals = tree_of(&stops);
        let mut places = 0;
        for (number, place) in model.places.places.iter().enumerate() {
            let mut parts_of_place = parts[layout.parts_of(number)].iter();
            if !place.outside && !parts_of_place.any(|part| is_in_reach(part, &near_hospitals)) {
                places += 1;
            }
        }

        // The other way round: a hospital is reached when its nearest part is near enough.
        let near_parts = tree_of(&parts);
        let mut out_of_reach = Vec::new();
        for hospital in &stops {
            if !is_in_reach(hospital, &near_parts) {
                out_of_reach.push(hospital.key.to_owned());
            }
        }
        Self { places, hospitals: out_of_reach }
    }

    /// By a table, in which a pair that it does not name has no way.
    fn by_table(model: &Model, network: &Network, rows: &[TravelRow]) -> Self {
        let (places, hospitals) = (&model.places.places, network.hospitals());
        let place_keys: HashSet<&str> = places.iter().map(|place| place.key.as_str()).collect();
        let mut leaving: HashSet<&str> = HashSet::new();
        let mut reached: HashSet<&str> = HashSet::new();
        for row in rows {
            let Some(time) = row.time else { continue };
            // The table may name hospitals of other days, and journeys between hospitals.
            let is_of_day =
                network.find(&row.hospital).is_some() && place_keys.contains(&*row.place);
            if time <= Region::CUTOFF && is_of_day {
                leaving.insert(&row.place);
                reached.insert(&row.hospital);
            }
        }

        let mut out_of_reach = Self { places: 0, hospitals: Vec::new() };
        for place in places {
            if !place.outside && !leaving.contains(place.key.as_str()) {
                out_of_reach.places += 1;
            }
        }
        for hospital in hospitals {
            if !reached.contains(hospital.key.as_str()) {
                out_of_reach.hospitals.push(hospital.key.clone());
            }
        }
        out_of_reach
    }
}

/// The points that people live at, as starts of journeys.
fn stops_of_parts<'p>(layout: &Layout, places: &'p Places) -> Vec<Stop<'p>> {
    let mut stops = layout.stops(places);
    // Nobody lives at a centre that is no part.
    stops.truncate(layout.parts().len());
    stops
}

fn tree_of(stops: &[Stop<'_>]) -> RTree<[f64; 3]> {
    let mut points = Vec::with_capacity(stops.len());
    for stop in stops {
        points.push(stop.unit);
    }
    // All at once: a tree that grows point by point is slower to build and to ask.
    RTree::bulk_load(points)
}

/// For each of so many hospitals whether any part of a place reaches it.
pub(super) fn reached_hospitals(
    layout: &Layout,
    times: &TravelTimes,
    hospitals: usize,
) -> Vec<bool> {
    let mut is_reached = vec![false; hospitals];
    for part in 0..layout.parts().len() {
        for hospital in times.row(part).0 {
            is_reached[*hospital as usize] = true;
        }
    }
    is_reached
}

/// Places inside of which no part reaches any hospital.
pub(super) fn places_without_journey(
    places: &Places,
    layout: &Layout,
    times: &TravelTimes,
) -> usize {
    let reaches_none =
        |place: usize| layout.parts_of(place).all(|part| times.row(part).0.is_empty());
    let mut count = 0;
    for (number, place) in places.places.iter().enumerate() {
        if !place.outside && reaches_none(number) {
            count += 1;
        }
    }
    count
}
