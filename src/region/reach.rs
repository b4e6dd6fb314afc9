//! What is out of reach, without the measure of every journey.

use std::collections::HashSet;

use rstar::RTree;

use super::{Layout, Region, RegionError, origins};
use crate::model::{Date, Hospital, Model, TravelRow};
use crate::travel::{CrowFly, Stop};

/// Places that reach no hospital within [`Region::CUTOFF`], and hospitals that no place reaches.
///
/// It is what [`Region::places_without_journey`] and [`Region::hospitals_without_patients`] say of the region of
/// the model, and takes a moment where the region itself has hundreds of millions of journeys: each place
/// looks for its nearest hospital, each hospital for the nearest place, and nobody for the others.
///
/// ```
/// use verbund::model::Folder;
/// use verbund::region::OutOfReach;
///
/// let model = Folder::leipzig().read()?;
/// let out_of_reach = OutOfReach::of(&model, model.network.date())?;
/// assert_eq!((out_of_reach.places, out_of_reach.hospitals.len()), (0, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfReach {
    /// How many places inside have no part that reaches any hospital.
    pub places: usize,
    /// Keys of the hospitals that no part of any place reaches, in the order of the network.
    pub hospitals: Vec<String>,
}

impl OutOfReach {
    /// Of a model on a day, with its own travel times, as [`Region::new`] measures them.
    ///
    /// # Errors
    ///
    /// Those of [`Region::new`].
    pub fn of(model: &Model, day: Date) -> Result<Self, RegionError> {
        if !model.adjustments.roads.is_empty() {
            // The nearest hospital may be the one whose road is closed.
            return Ok(Self::of_region(&Region::new(model, day)?));
        }
        model.check()?;
        let crow_fly = CrowFly::new(model.travel.clone())?;
        let network = model.network.as_of(day);
        let hospitals = network.hospitals();
        Ok(match &model.travel_times {
            Some(rows) => Self::by_table(model, hospitals, rows),
            None => Self::by_distance(model, hospitals, &crow_fly),
        })
    }

    fn of_region(region: &Region) -> Self {
        let without_patients = region.hospitals_without_patients().into_iter();
        Self {
            places: region.places_without_journey(),
            hospitals: without_patients.map(|id| region.network()[id].key.clone()).collect(),
        }
    }

    /// By a model in which nothing farther is ever sooner.
    fn by_distance(model: &Model, hospitals: &[Hospital], travel: &CrowFly) -> Self {
        let layout = Layout::new(&model.places, &model.parts);
        let mut parts = origins(&model.places, &layout);
        parts.truncate(layout.parts.len());
        let stops: Vec<Stop<'_>> =
            hospitals.iter().map(|one| Stop::new(&one.key, one.position)).collect();
        let around =
            |stops: &[Stop<'_>]| RTree::bulk_load(stops.iter().map(|one| one.unit).collect());
        let is_in_reach = |stop: &Stop<'_>, others: &RTree<[f64; 3]>| {
            let nearest = others.nearest_neighbor(&stop.unit);
            nearest
                .is_some_and(|nearest| travel.time_over(stop.metres_to(*nearest)) <= Region::CUTOFF)
        };

        let near_hospitals = around(&stops);
        let mut places = 0;
        for (place, &(first, end)) in model.places.places.iter().zip(&layout.spans) {
            let own = &parts[first as usize..end as usize];
            if !place.outside && !own.iter().any(|part| is_in_reach(part, &near_hospitals)) {
                places += 1;
            }
        }

        let near_parts = around(&parts);
        let out_of_reach = stops.iter().filter(|hospital| !is_in_reach(hospital, &near_parts));
        Self { places, hospitals: out_of_reach.map(|hospital| hospital.key.to_owned()).collect() }
    }

    /// By a table, in which a pair that it does not name has no way.
    fn by_table(model: &Model, hospitals: &[Hospital], rows: &[TravelRow]) -> Self {
        let own_hospitals: HashSet<&str> = hospitals.iter().map(|one| one.key.as_str()).collect();
        let all_places = &model.places.places;
        let own_places: HashSet<&str> = all_places.iter().map(|place| place.key.as_str()).collect();
        let mut leaving: HashSet<&str> = HashSet::new();
        let mut reached: HashSet<&str> = HashSet::new();
        for row in rows {
            let is_in_reach = row.time.is_some_and(|time| time <= Region::CUTOFF);
            let is_own = own_hospitals.contains(row.hospital.as_str())
                && own_places.contains(row.place.as_str());
            if is_in_reach && is_own {
                leaving.insert(&row.place);
                reached.insert(&row.hospital);
            }
        }

        let inside = all_places.iter().filter(|place| !place.outside);
        let places = inside.filter(|place| !leaving.contains(place.key.as_str())).count();
        let keys = hospitals.iter().map(|one| &one.key);
        let hospitals = keys.filter(|key| !reached.contains(key.as_str())).cloned().collect();
        Self { places, hospitals }
    }
}
