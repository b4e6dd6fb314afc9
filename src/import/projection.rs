//! Coordinates of official files as positions: UTM, and the grid of Europe (EPSG:3035).

use std::sync::LazyLock;

use proj4rs::Proj;

use super::text::decimal;
use crate::model::Position;

static DEGREES: LazyLock<Option<Proj>> = LazyLock::new(|| projection("+proj=longlat +ellps=GRS80"));
// GRS80 is the ellipsoid of ETRS89, on which the offices measure: it needs no step to the degrees of maps (WGS84),
// from which it is less than a metre away.
static GRID: LazyLock<Option<Proj>> = LazyLock::new(|| {
    projection("+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m")
});
static UTM_32: LazyLock<Option<Proj>> =
    LazyLock::new(|| projection("+proj=utm +zone=32 +ellps=GRS80 +units=m"));
static UTM_33: LazyLock<Option<Proj>> =
    LazyLock::new(|| projection("+proj=utm +zone=33 +ellps=GRS80 +units=m"));

fn projection(text: &str) -> Option<Proj> {
    Proj::from_proj_string(text).ok()
}

/// The position of a point of a projection; `None` where it is not near Germany.
fn position(from: Option<&Proj>, x: f64, y: f64) -> Option<Position> {
    let mut point = (x, y, 0.0);
    proj4rs::transform::transform(from?, DEGREES.as_ref()?, &mut point).ok()?;
    let (lon, lat) = (point.0.to_degrees(), point.1.to_degrees());
    Degrees { lat, lon }.position()
}

/// Latitude and longitude as a file gives them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Degrees {
    lat: f64,
    lon: f64,
}

impl Degrees {
    /// Reads them with a decimal point or comma; `None` where one of the texts is no number.
    pub(super) fn read(lat: &str, lon: &str) -> Option<Self> {
        Some(Self { lat: decimal(lat)?, lon: decimal(lon)? })
    }

    /// Whether they are in Germany or around it: files of official sources have no other places, so any other
    /// degrees are a slip.
    fn is_near_germany(self) -> bool {
        (45.0..=57.0).contains(&self.lat) && (3.0..=18.0).contains(&self.lon)
    }

    /// The position; `None` where it is not near Germany.
    pub(super) fn position(self) -> Option<Position> {
        if self.is_near_germany() { Position::new(self.lat, self.lon).ok() } else { None }
    }
}

/// The end of a message about degrees that are not near Germany: they would be if they were exchanged.
pub(super) fn exchange_hint(degrees: Option<Degrees>) -> &'static str {
    match degrees {
        Some(Degrees { lat, lon }) if (Degrees { lat: lon, lon: lat }).is_near_germany() => {
            "; are latitude and longitude exchanged?"
        }
        _ => "",
    }
}

/// The position of metres of the grid of Europe (ETRS89-LAEA, EPSG:3035).
pub(super) fn of_grid(x: f64, y: f64) -> Option<Position> {
    position(GRID.as_ref(), x, y)
}

/// The position of metres of UTM in zone 32 or 33; an east that begins with its zone (`32 412 345`) is read, too.
/// `None` for another zone, and where the zone and the beginning of the east contradict.
pub(super) fn of_utm(zone: Option<u32>, east: f64, north: f64) -> Option<Position> {
    // German surveying offices write the zone in front of the east, which has six digits of its own.
    let (zone, east) = if east >= 1e6 {
        let zone_of_east = (east / 1e6) as u32;
        if zone.unwrap_or(zone_of_east) != zone_of_east {
            return None;
        }
        (zone_of_east, east % 1e6)
    } else {
        (zone?, east)
    };
    match zone {
        32 => position(UTM_32.as_ref(), east, north),
        33 => position(UTM_33.as_ref(), east, north),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(position: Option<Position>, lat: f64, lon: f64) -> bool {
        let expected = Position::new(lat, lon).unwrap();
        position.is_some_and(|position| position.distance_to(expected).0 < 20)
    }

    #[test]
    fn leipzig_is_where_it_is_in_both_zones_and_in_the_grid() {
        // The town hall market: 51.3406 N, 12.3747 E.
        assert!(is_near(of_utm(Some(33), 317_150.0, 5_690_974.0), 51.3406, 12.3747));
        assert!(is_near(of_utm(Some(32), 735_034.0, 5_693_110.0), 51.3406, 12.3747));
        assert!(is_near(of_utm(None, 33_317_150.0, 5_690_974.0), 51.3406, 12.3747));
        assert!(of_utm(Some(32), 33_317_150.0, 5_690_974.0).is_none());
        assert!(of_utm(Some(31), 317_150.0, 5_690_974.0).is_none());
        // The origin of the grid.
        assert!(is_near(of_grid(4_321_000.0, 3_210_000.0), 52.0, 10.0));
        assert!(of_grid(0.0, 0.0).is_none());
    }
}
