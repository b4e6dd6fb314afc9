//! Where journeys start and end, and distances on the sphere.

use crate::model::Position;

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

    /// Great-circle distance in metres to a point of the unit sphere.
    pub(crate) fn metres_to(&self, unit: [f64; 3]) -> f64 {
        arc(squared_chord(self.unit, unit))
    }
}

/// Great-circle distance in metres between two points of the unit sphere.
pub(crate) fn metres_between(a: [f64; 3], b: [f64; 3]) -> f64 {
    arc(squared_chord(a, b))
}

/// Squared length of the chord between two points of the unit sphere.
pub(super) fn squared_chord(a: [f64; 3], b: [f64; 3]) -> f64 {
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
pub(super) fn squared_chord_of(metres: f64) -> f64 {
    let half = (metres / EARTH_RADIUS / 2.0).min(std::f64::consts::FRAC_PI_2);
    let chord = 2.0 * half.sin();
    chord * chord
}
