//! Where something is on the Earth.

use geo::{Distance, Haversine, Point};
use serde::{Deserialize, Serialize};

use crate::units::Metres;

/// A point on the Earth in degrees (WGS 84): latitude -90 to 90, longitude -180 to 180.
///
/// A position that exists is possible: there is none that is not a number or off the globe.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "Degrees")]
pub struct Position {
    lat: f64,
    lon: f64,
}

/// A latitude or longitude that is not on the globe.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}", said!("impossible position: latitude {lat}, longitude {lon}", lat, lon))]
pub struct PositionError {
    /// Latitude as given, in degrees.
    pub lat: f64,
    /// Longitude as given, in degrees.
    pub lon: f64,
}

/// A position as it is written, not checked yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Degrees {
    lat: f64,
    lon: f64,
}

impl TryFrom<Degrees> for Position {
    type Error = PositionError;

    fn try_from(degrees: Degrees) -> Result<Self, PositionError> {
        Self::new(degrees.lat, degrees.lon)
    }
}

impl Position {
    /// The position at this latitude and longitude, in degrees.
    ///
    /// # Errors
    ///
    /// When one of them is not finite or out of range.
    pub fn new(lat: f64, lon: f64) -> Result<Self, PositionError> {
        if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon) {
            Ok(Self { lat, lon })
        } else {
            Err(PositionError { lat, lon })
        }
    }

    /// Latitude in degrees, -90 to 90.
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// Longitude in degrees, -180 to 180.
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// Great-circle distance on a sphere with the Earth's mean radius, to the nearest metre.
    ///
    /// ```
    /// use verbund::model::Position;
    ///
    /// let leipzig = Position::new(51.3397, 12.3731)?;
    /// let torgau = Position::new(51.5602, 13.0056)?;
    /// assert_eq!(leipzig.distance_to(torgau).0, 50_222);
    /// # Ok::<(), verbund::model::PositionError>(())
    /// ```
    pub fn distance_to(self, other: Self) -> Metres {
        let metres =
            Haversine.distance(Point::new(self.lon, self.lat), Point::new(other.lon, other.lat));
        Metres(metres.round() as u32)
    }

    /// The point on the unit sphere: a great-circle distance is then a dot product away.
    pub(crate) fn unit_vector(self) -> [f64; 3] {
        let (lat, lon) = (self.lat.to_radians(), self.lon.to_radians());
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    }

    /// The position this far north and east, on the plane that touches the Earth here.
    ///
    /// Good for a few tens of kilometres; clamped at the poles, wrapped at the date line.
    pub(crate) fn offset(self, north: f64, east: f64) -> Self {
        const METRES_PER_DEGREE: f64 = 111_195.08;
        let lat = (self.lat + north / METRES_PER_DEGREE).clamp(-90.0, 90.0);

        // At a pole every step leads along all longitudes at once; the least cosine keeps the number finite.
        let shrink = self.lat.to_radians().cos().max(1e-6);
        let lon = self.lon + east / (METRES_PER_DEGREE * shrink);
        Self { lat, lon: (lon + 180.0).rem_euclid(360.0) - 180.0 }
    }
}
