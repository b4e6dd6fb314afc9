//! How long a journey takes: models of travel, and the ranked lists that all analyses read.

mod crow_fly;
mod table;
mod times;

pub use crow_fly::{CrowFly, CrowFlyError};
pub(crate) use table::Between;
pub use table::TravelTable;
pub use times::TravelTimes;

use crate::model::Position;
use crate::units::{Metres, Seconds};

/// Mean radius of the Earth in metres (the sphere of the same surface as WGS 84).
const EARTH_RADIUS: f64 = 6_371_008.8;

/// Where a journey starts or ends.
#[derive(Debug, Clone)]
pub struct Stop<'k> {
    /// Key of the place or hospital.
    pub key: &'k str,
    /// Where it is. A large place is left from several positions under the same key.
    pub position: Position,
    pub(crate) unit: [f64; 3],
}

impl<'k> Stop<'k> {
    /// A stop of this key at a position.
    pub fn new(key: &'k str, position: Position) -> Self {
        Self { key, position, unit: position.unit_vector() }
    }

    /// Great-circle distance in metres, not rounded; much faster than [`Position::distance_to`], which is
    /// the same to the nearest metre. Up to a quarter of the Earth it is exact to a millimetre; near the
    /// other side of the Earth to about a metre.
    pub fn distance_to(&self, other: &Self) -> f64 {
        self.metres_to(other.unit)
    }

    /// The same to a point of the unit sphere.
    pub(crate) fn metres_to(&self, unit: [f64; 3]) -> f64 {
        arc(squared_chord(self.unit, unit))
    }
}

/// Squared length of the chord between two points of the unit sphere.
fn squared_chord(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (x, y, z) = (a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    x * x + y * y + z * z
}

/// Metres along the great circle over a chord given by its squared length.
fn arc(squared_chord: f64) -> f64 {
    if squared_chord < 0.01 {
        // The series of 2 asin(c / 2); the next term is below 2e-13 of the distance here.
        let q = squared_chord;
        let series = 1.0 + q * (1.0 / 24.0 + q * (3.0 / 640.0 + q * (5.0 / 7168.0)));
        return EARTH_RADIUS * q.sqrt() * series;
    }
    EARTH_RADIUS * 2.0 * (squared_chord.sqrt() / 2.0).min(1.0).asin()
}

/// Squared chord of a great-circle distance in metres, up to half of the Earth.
fn squared_chord_of(metres: f64) -> f64 {
    let half = (metres / EARTH_RADIUS / 2.0).min(std::f64::consts::FRAC_PI_2);
    let chord = 2.0 * half.sin();
    chord * chord
}

/// What a travel model knows of a journey between two hospitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HospitalJourney {
    /// It takes so long.
    Takes(Seconds),
    /// There is no way.
    NoWay,
    /// The model knows nothing about journeys between these two.
    Unknown,
}

impl From<Option<Seconds>> for HospitalJourney {
    /// A time, or no way.
    fn from(time: Option<Seconds>) -> Self {
        time.map_or(Self::NoWay, Self::Takes)
    }
}

/// How long journeys take. Implement it to bring your own.
///
/// The crate's models are [`CrowFly`] and [`TravelTable`].
///
/// Journeys from places are asked for by [`Self::time`], journeys between hospitals, for transfers and
/// teams, by [`Self::between_hospitals`]. A model that offers none of the latter may know places only: a
/// region then takes the crow-fly model of its network between hospitals and says so
/// ([`Region::travel`](crate::Region::travel)).
///
/// ```
/// use verbund::travel::{HospitalJourney, Stop, TravelModel};
/// use verbund::units::{Metres, Seconds};
///
/// /// A helicopter: straight, 4 km a minute, 6 minutes for start and landing.
/// struct Helicopter;
///
/// impl TravelModel for Helicopter {
///     fn name(&self) -> String {
///         "helicopter, 240 km/h".to_owned()
///     }
///     fn time(&self, from: &Stop<'_>, to: &Stop<'_>) -> Option<Seconds> {
///         Some(Seconds(360 + (from.distance_to(to) / 4000.0 * 60.0).round() as u32))
///     }
///     fn between_hospitals(&self, from: &Stop<'_>, to: &Stop<'_>) -> HospitalJourney {
///         self.time(from, to).into() // it flies from hospitals as from places
///     }
///     fn reach(&self, limit: Seconds) -> Option<Metres> {
///         Some(Metres(limit.0.saturating_sub(360) / 60 * 4000 + 4000))
///     }
/// }
/// ```
pub trait TravelModel: Send + Sync {
    /// What it is, with its parameters, as every output names it.
    fn name(&self) -> String;

    /// Time of the journey in whole seconds; `None` when there is no way.
    fn time(&self, from: &Stop<'_>, to: &Stop<'_>) -> Option<Seconds>;

    /// The journey between two hospitals; [`HospitalJourney::Unknown`], which it is without a method of its
    /// own, leaves it to the crow-fly model.
    fn between_hospitals(&self, from: &Stop<'_>, to: &Stop<'_>) -> HospitalJourney {
        let _ = (from, to);
        HospitalJourney::Unknown
    }

    /// Keys of hospitals to which it knows a journey from here, whatever the distance: they are asked for
    /// beyond the reach, too. None but for tables.
    fn destinations<'t>(&'t self, from: &Stop<'_>) -> Vec<&'t str> {
        let _ = from;
        Vec::new()
    }

    /// No journey over a longer great-circle distance ends within `limit`, but for those to
    /// [`Self::destinations`].
    ///
    /// A bound lets an R-tree leave out what is too far; `None` means that every pair is asked.
    fn reach(&self, limit: Seconds) -> Option<Metres> {
        let _ = limit;
        None
    }
}
