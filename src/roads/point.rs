//! Points of roads, as OpenStreetMap keeps them.

use crate::model::Position;
use crate::travel::metres_between;

/// Steps of a degree: ten millions, a centimetre.
const STEPS: f64 = 1e7;

/// A point on the Earth in ten-millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) lat: i32,
    pub(super) lon: i32,
}

impl Point {
    /// The point at these degrees; `None` off the globe.
    #[cfg(feature = "osm")]
    pub(super) fn of_degrees(lat: f64, lon: f64) -> Option<Self> {
        let position = Position::new(lat, lon).ok()?;
        let lat = (position.lat() * STEPS).round() as i32;
        Some(Self { lat, lon: (position.lon() * STEPS).round() as i32 })
    }

    pub(super) fn lat_degrees(self) -> f64 {
        f64::from(self.lat) / STEPS
    }

    pub(super) fn lon_degrees(self) -> f64 {
        f64::from(self.lon) / STEPS
    }

    /// The same in degrees; `None` for numbers that are on no globe.
    pub(super) fn position(self) -> Option<Position> {
        Position::new(self.lat_degrees(), self.lon_degrees()).ok()
    }

    /// Where it is on the sphere of radius 1.
    pub(super) fn unit(self) -> [f64; 3] {
        let lat = self.lat_degrees().to_radians();
        let lon = self.lon_degrees().to_radians();
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    }

    /// Great-circle distance in metres.
    pub(super) fn metres_to(self, end: Self) -> f64 {
        metres_between(self.unit(), end.unit())
    }

    /// Compass bearing towards another point near by, in degrees from -180 to 180: 0 north, 90 east.
    pub(super) fn bearing_to(self, end: Self) -> f64 {
        let east = f64::from(end.lon) - f64::from(self.lon);
        let north = f64::from(end.lat) - f64::from(self.lat);
        // Meridians come closer to each other away from the equator.
        let narrower = self.lat_degrees().to_radians().cos();
        (east * narrower).atan2(north).to_degrees()
    }
}
