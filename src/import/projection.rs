//! Coordinates of official files as positions: UTM, and the grid of Europe (EPSG:3035).

use std::sync::LazyLock;

use proj4rs::Proj;

use crate::model::Position;

static DEGREES: LazyLock<Option<Proj>> = LazyLock::new(|| projection("+proj=longlat +ellps=GRS80"));
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

fn position(from: Option<&Proj>, x: f64, y: f64) -> Option<Position> {
    let mut point = (x, y, 0.0);
    proj4rs::transform::transform(from?, DEGREES.as_ref()?, &mut point).ok()?;
    let (lon, lat) = (point.0.to_degrees(), point.1.to_degrees());
    is_near_germany(lat, lon).then(|| Position::new(lat, lon).ok()).flatten()
}

/// Whether degrees are in Germany or around it: what is not is a slip.
pub(super) fn is_near_germany(lat: f64, lon: f64) -> bool {
    (45.0..=57.0).contains(&lat) && (3.0..=18.0).contains(&lon)
}

/// The position of metres of the grid of Europe (ETRS89-LAEA, EPSG:3035).
pub(super) fn of_grid(x: f64, y: f64) -> Option<Position> {
    position(GRID.as_ref(), x, y)
}

/// The position of metres of UTM in zone 32 or 33; an east that begins with its zone (`32 412 345`) is read, too.
pub(super) fn of_utm(zone: Option<u32>, east: f64, north: f64) -> Option<Position> {
    let (zone, east) = if east >= 1e6 {
        let ahead = (east / 1e6) as u32;
        if zone.is_some_and(|zone| zone != ahead) {
            return None;
        }
        (ahead, east % 1e6)
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
