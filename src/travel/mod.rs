//! How long a journey takes: models of travel, and the ranked lists that all analyses read.
//!
//! | model | when |
//! |---|---|
//! | [`CrowFly`] | no road data: distance, detour, speeds by distance |
//! | [`TravelTable`] | somebody computed or measured the journeys: `travel_times.csv` |
//! | [`from_fn`] | a formula or a service tells one journey at a time |
//! | [`from_rows`] | a search or a service tells all journeys from one start at a time |
//! | [`TravelModel`] | anything else |
//!
//! Each makes [`TravelTimes`]; [`Region::with_travel`](crate::Region::with_travel) takes any of them.

mod build;
mod crow_fly;
mod delays;
mod functions;
mod pairs;
mod ranked;
mod stop;
mod table;

use std::sync::Arc;

pub use build::Limits;
pub use crow_fly::{CrowFly, CrowFlyError};
pub(crate) use delays::{Corridor, Delays, Starts};
pub use functions::{FromFn, FromRows, JourneyError, from_fn, from_rows};
pub use ranked::TravelTimes;
pub use stop::Stop;
pub(crate) use stop::metres_between;
pub use table::TravelTable;

use serde::Serialize;

use crate::model::{Margin, MissingRoad, Road, RoadOfMap};

/// Why there are no ranked lists.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TravelError {
    /// The travel model could not tell a journey.
    #[error("{}", said!("no time for the journey from \"{from}\" to \"{to}\": {reason}", from, to, reason))]
    Journey {
        /// Key of the place or hospital where it starts.
        from: String,
        /// Key of the hospital where it ends.
        to: String,
        /// What the travel model said.
        reason: String,
    },
    /// The travel model could not tell the journeys from a start.
    #[error("{}", said!("no times for the journeys from \"{from}\": {reason}", from, reason))]
    Start {
        /// Key of the place or hospital.
        from: String,
        /// What the travel model said.
        reason: String,
    },
    /// The travel model told more or fewer journeys from a start than it was asked for.
    #[error("{}", said!("{told} times for {asked} journeys from \"{from}\"", told, asked, from))]
    Row {
        /// Key of the place or hospital.
        from: String,
        /// How many hospitals it was asked for.
        asked: usize,
        /// How many times it told.
        told: usize,
    },
    /// More journeys lie within the cut-off than there may be.
    #[error("{}", said!("more than {most} journeys lie within the longest one that is kept: too many hospitals are in reach of too many places", most))]
    TooManyJourneys {
        /// How many there may be.
        most: u64,
    },
}

/// Which journeys between hospitals, for transfers and teams, a travel model knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HospitalJourneys {
    /// All: it goes from hospitals as from places.
    Known,
    /// Some; the crow-fly model gives the others.
    Partly,
    /// None: the crow-fly model gives them all.
    Unknown,
}

/// How long journeys take: a travel model makes ranked lists.
///
/// A model is asked for many journeys at once, so that one search of a road graph can tell all hospitals
/// around a start. One that tells a journey at a time is a closure: [`from_fn`]. Implement the trait for a
/// model that keeps a state of its own, answers for roads that are closed, or makes lists faster than row by
/// row; [`TravelTimes::by_rows`] turns times by row into lists.
///
/// A [`Region`](crate::Region) keeps its model and asks again when a scenario opens a hospital or more people
/// live somewhere, then for these starts and ends alone.
///
/// ```
/// use verbund::files::Folder;
/// use verbund::travel::{HospitalJourneys, Limits, Stop, TravelError, TravelModel, TravelTimes};
/// use verbund::units::Seconds;
///
/// /// A helicopter: straight, 4 km a minute, 6 minutes for start and landing.
/// struct Helicopter;
///
/// impl TravelModel for Helicopter {
///     fn name(&self) -> String {
///         "helicopter, 240 km/h".to_owned()
///     }
///
///     fn lists(
///         &self,
///         from: &[Stop<'_>],
///         to: &[Stop<'_>],
///         limits: Limits,
///     ) -> Result<TravelTimes, TravelError> {
///         TravelTimes::by_rows(from, to, limits, |start| {
///             let flight = |end| Seconds(360 + (start.distance_to(end) / 4000.0 * 60.0).round() as u32);
///             Ok(to.iter().map(|end| Some(flight(end))).collect())
///         })
///     }
///
///     fn hospital_journeys(&self) -> HospitalJourneys {
///         HospitalJourneys::Known // it flies from hospitals as from places
///     }
/// }
///
/// let model = Folder::leipzig().read()?;
/// let torgau = model.places.places.iter().find(|place| place.name == "Torgau").unwrap();
/// let network = &model.network;
/// let ukl = &network[network.find("ukl-leipzig").unwrap()];
/// let from = [Stop::new(&torgau.key, torgau.position)];
/// let to = [Stop::new(&ukl.key, ukl.position)];
/// let lists = Helicopter.lists(&from, &to, Limits::within(Seconds::from_minutes(60)))?;
/// // 49.7 km at 4 km a minute, and 6 minutes.
/// assert_eq!(lists.from_origin(0).next().unwrap().1, Seconds(1106));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait TravelModel: Send + Sync {
    /// What it is, with its parameters, as every output names it.
    fn name(&self) -> String;

    /// How far its times may be off from those on the road; `None`, unless the model states it: then no figure has
    /// a band, and no verdict is said to hold over one.
    fn margin(&self) -> Option<Margin> {
        None
    }

    /// For each start, in the order of `from`, the hospitals of `to` within the limits with their times, the
    /// nearest first, ties in the order of `to`. The lists are the same on any number of threads.
    ///
    /// Either slice may be empty, or a few of those of a region. A place that is laid out as several points
    /// is several starts under one key.
    ///
    /// # Errors
    ///
    /// A journey that cannot be told, or more journeys than the limits allow.
    fn lists(
        &self,
        from: &[Stop<'_>],
        to: &[Stop<'_>],
        limits: Limits,
    ) -> Result<TravelTimes, TravelError>;

    /// Which journeys between hospitals it knows; none, unless the model says otherwise.
    fn hospital_journeys(&self) -> HospitalJourneys {
        HospitalJourneys::Unknown
    }

    /// Lists of journeys between hospitals: its own where it knows them all, else those of `crow_fly`, the
    /// crow-fly model of the network. A model that knows some of them has a method of its own, which takes
    /// the others from `crow_fly`.
    ///
    /// # Errors
    ///
    /// Those of [`Self::lists`].
    fn lists_between_hospitals(
        &self,
        from: &[Stop<'_>],
        to: &[Stop<'_>],
        limits: Limits,
        crow_fly: &CrowFly,
    ) -> Result<TravelTimes, TravelError> {
        match self.hospital_journeys() {
            HospitalJourneys::Known => self.lists(from, to, limits),
            HospitalJourneys::Partly | HospitalJourneys::Unknown => {
                crow_fly.lists(from, to, limits)
            }
        }
    }

    /// This model while these roads are slow or closed, one after the other, on top of those that it knows
    /// of; `None`, unless the model knows roads.
    ///
    /// Where it is `None` the region adds the delays to the journeys that the model tells, by the rule of
    /// [`Road`]: keys, and the straight line through a corridor. Where it is a model, the region measures
    /// every journey anew by it.
    fn under(&self, roads: &[Road]) -> Option<Arc<dyn TravelModel>> {
        // Named for those who read the trait; most models know no roads.
        let _ = roads;
        None
    }

    /// What of a road the map of this model lacks; empty where it has all. A model without a map lacks the map.
    fn missing_roads(&self, road: &RoadOfMap) -> Vec<MissingRoad> {
        let _ = road;
        vec![MissingRoad::NoMap]
    }

    /// This model while these roads of its map are slow or closed, one after the other, on top of those before.
    ///
    /// # Errors
    ///
    /// The first road that its map lacks; any road, unless the model has a map.
    fn under_roads_of_map(&self, roads: &[RoadOfMap]) -> Result<Arc<dyn TravelModel>, MissingRoad> {
        let _ = roads;
        Err(MissingRoad::NoMap)
    }
}
