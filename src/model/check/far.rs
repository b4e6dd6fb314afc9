//! Positions far from all others: latitude and longitude exchanged, 0/0 for unknown, a digit lost.

use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::model::location::Fault;
use crate::model::{Position, TravelSettings};
use crate::problem::ProblemKind;

/// What lies nearer than this to something is never far, in kilometres.
const NEAR: f64 = 300.0;
/// What lies nearer than this is far only if it can be told why, in kilometres.
const LEAST_LIMIT: f64 = 1_000.0;
/// A position is far beyond so many times the middle distance of the others from their centre.
const SPREADS: f64 = 4.0;
/// The longest journey that regions keep, in hours.
const LONGEST_JOURNEY: f64 = 2.0;
/// Mean radius of the Earth in kilometres.
const EARTH_RADIUS: f64 = 6_371.008_8;

type Anchor = GeomWithData<[f64; 3], u32>;

/// Positions that others are compared with, and what is far from them.
///
/// Near are 300 km, or twice what a journey of two hours reaches where that is more. A position that is not
/// near any anchor is far when its latitude and longitude exchanged would be near one, when it is 0/0, or
/// when it lies beyond a limit: 1,000 km, three times such a journey, and four times the median distance
/// of the anchors from their centre, whichever is most. So islands, a country, and clusters that each have
/// an anchor are never far.
pub(crate) struct Anchors {
    tree: RTree<Anchor>,
    near: f64,
    limit: f64,
}

/// A position that is far from every anchor.
pub(crate) struct Far {
    /// The number of the nearest anchor.
    pub(crate) nearest: u32,
    /// Kilometres to it.
    pub(crate) kilometres: f64,
    /// What the position may have been meant to be.
    pub(crate) guess: Guess,
}

/// What a far position may have been meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guess {
    /// It is among the others once latitude and longitude are exchanged.
    Exchanged,
    /// It is 0/0.
    Zero,
    /// Nobody knows.
    Nothing,
}

/// Kilometres along the great circle over a chord of the unit sphere.
fn arc(squared_chord: f64) -> f64 {
    2.0 * EARTH_RADIUS * (squared_chord.sqrt() / 2.0).min(1.0).asin()
}

fn squared_chord(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (x, y, z) = (one[0] - other[0], one[1] - other[1], one[2] - other[2]);
    x * x + y * y + z * z
}

/// The middle one of some numbers; 0 without any.
fn middle(mut numbers: Vec<f64>) -> f64 {
    let middle = numbers.len() / 2;
    if numbers.is_empty() {
        return 0.0;
    }
    *numbers.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// The median distance of points of the unit sphere from their centre, in kilometres.
fn spread(points: &[[f64; 3]]) -> f64 {
    let along = |axis: usize| middle(points.iter().map(|point| point[axis]).collect());
    let centre = [along(0), along(1), along(2)];
    let length = squared_chord(centre, [0.0; 3]).sqrt();
    if length < 1e-9 {
        return f64::MAX; // spread over the whole Earth: nothing is far from it
    }

    // Medians, because a few positions that are wrong must not move the centre to where they are.
    let centre = centre.map(|part| part / length);
    middle(points.iter().map(|point| arc(squared_chord(*point, centre))).collect())
}

impl Anchors {
    /// The anchors at these positions; `None` without any.
    pub(crate) fn new(
        positions: impl Iterator<Item = Position>,
        travel: &TravelSettings,
    ) -> Option<Self> {
        // In space and not in degrees: no pole and no date line tears neighbours apart.
        let points: Vec<[f64; 3]> = positions.map(Position::unit_vector).collect();
        if points.is_empty() {
            return None;
        }

        // A speed that is no number has a fault of its own.
        let mut fastest: f64 = 0.0;
        for band in &travel.speeds {
            if band.km_per_hour.is_finite() {
                fastest = fastest.max(band.km_per_hour);
            }
        }
        let reach = LONGEST_JOURNEY * fastest;
        let limit = LEAST_LIMIT.max(3.0 * reach).max(SPREADS * spread(&points));

        // The nearest of many thousands is found in a tree, and along chords, which need no angles.
        let mut anchors = Vec::with_capacity(points.len());
        for (point, number) in points.into_iter().zip(0..) {
            anchors.push(Anchor::new(point, number));
        }
        let tree = RTree::bulk_load(anchors);
        Some(Self { tree, near: NEAR.max(2.0 * reach), limit })
    }

    /// The nearest anchor and the kilometres to it.
    fn nearest(&self, position: Position) -> (u32, f64) {
        let point = position.unit_vector();
        let nearest = self.tree.nearest_neighbor(&point).expect("there is an anchor");
        (nearest.data, arc(squared_chord(point, *nearest.geom())))
    }

    /// How a position is far from every anchor; `None` for one that is not.
    pub(crate) fn far(&self, position: Position) -> Option<Far> {
        let (nearest, kilometres) = self.nearest(position);
        if kilometres <= self.near {
            return None;
        }

        // A guess must do much better than what is written: near the equator both lie alike.
        let exchanged = Position::new(position.lon(), position.lat()).ok();
        let is_exchanged = exchanged.is_some_and(|exchanged| {
            let (_, kilometres_then) = self.nearest(exchanged);
            kilometres_then <= self.near && kilometres_then <= kilometres / 4.0
        });
        let guess = if is_exchanged {
            Guess::Exchanged
        } else if position.lat() == 0.0 && position.lon() == 0.0 {
            Guess::Zero
        } else {
            Guess::Nothing
        };
        let is_far = guess != Guess::Nothing || kilometres > self.limit;
        is_far.then_some(Far { nearest, kilometres, guess })
    }
}

impl Guess {
    /// What to expect instead, as a message ends.
    pub(crate) fn expected(self) -> &'static str {
        match self {
            Self::Exchanged => "a position near the others; are latitude and longitude exchanged?",
            Self::Zero => "a position near the others; does 0/0 stand for an unknown one?",
            Self::Nothing => "a position near the others",
        }
    }
}

/// Kilometres as a message says them: 5,606 km.
pub(crate) fn kilometres(number: f64) -> String {
    let whole = number.round() as u64;
    format!("{} km", crate::units::grouped(whole))
}

/// The fault of something that is far from the nearest of others: `hospital "north"`.
pub(crate) fn fault(far: &Far, nearest: &str) -> Fault {
    let message = said!(
        "{kilometres} from the nearest {nearest}",
        kilometres = kilometres(far.kilometres),
        nearest
    );
    Fault::new(ProblemKind::Range, message).expected(far.guess.expected())
}

/// Of far positions those that have fewer than `least` different ones, themselves included, within 300 km:
/// they are no cluster of their own.
pub(crate) fn alone(positions: &[Position], least: usize) -> Vec<bool> {
    let key = |position: &Position| (position.lat().to_bits(), position.lon().to_bits());
    // Rows that were copied with their position are one position, however many they are.
    let mut different: Vec<Position> = positions.to_vec();
    different.sort_by_key(key);
    different.dedup();
    let mut points = Vec::with_capacity(different.len());
    for position in &different {
        points.push(position.unit_vector());
    }
    let tree = RTree::bulk_load(points);
    let half = (NEAR / EARTH_RADIUS / 2.0).sin();
    let within = 4.0 * half * half;
    let is_alone = |position: &Position| {
        let around = tree.locate_within_distance(position.unit_vector(), within);
        around.take(least).count() < least
    };
    positions.iter().map(is_alone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lon: f64) -> Position {
        Position::new(lat, lon).unwrap()
    }

    fn guess_of(anchors: &[Position], position: Position) -> Option<Guess> {
        let anchors = Anchors::new(anchors.iter().copied(), &TravelSettings::default()).unwrap();
        anchors.far(position).map(|far| far.guess)
    }

    #[test]
    fn exchanged_positions_and_zero_are_found_in_a_region_and_in_a_country() {
        let leipzig = [at(51.3, 12.4), at(51.6, 13.0), at(51.4, 12.2)];
        // Flensburg, Aachen, Passau, Görlitz, Freiburg, Berlin
        let germany = [
            at(54.8, 9.4),
            at(50.8, 6.1),
            at(48.6, 13.5),
            at(51.2, 15.0),
            at(48.0, 7.8),
            at(52.5, 13.4),
        ];
        for anchors in [&leipzig[..], &germany] {
            assert_eq!(guess_of(anchors, at(12.4, 51.3)), Some(Guess::Exchanged));
            assert_eq!(guess_of(anchors, at(0.0, 0.0)), Some(Guess::Zero));
            assert_eq!(guess_of(anchors, at(5.13, 12.4)), Some(Guess::Nothing)); // a digit too early
            assert_eq!(guess_of(anchors, at(51.0, 12.0)), None);
        }
    }

    #[test]
    fn islands_and_clusters_with_an_anchor_are_not_far() {
        // France, with Réunion 9,300 km away; Corsica, and Helgoland seen from Hamburg.
        let france = [at(48.9, 2.3), at(43.3, 5.4), at(47.2, -1.6), at(-20.9, 55.5)];
        assert_eq!(guess_of(&france, at(-21.3, 55.5)), None);
        assert_eq!(guess_of(&france, at(41.9, 8.7)), None);
        assert_eq!(guess_of(&[at(53.6, 10.0)], at(54.2, 7.9)), None);
        // The Azores lie 1,400 km from Lisbon: beyond 1,000 km, so a network without a hospital there is told.
        assert_eq!(guess_of(&[at(38.7, -9.1)], at(37.7, -25.7)), Some(Guess::Nothing));
    }

    #[test]
    fn neighbours_on_either_side_of_the_date_line_are_near() {
        assert_eq!(guess_of(&[at(-16.8, 179.9)], at(-16.9, -179.8)), None);
    }

    #[test]
    fn three_far_positions_together_are_a_cluster() {
        let group = [at(28.1, -15.4), at(28.5, -16.3), at(28.0, -16.6)];
        let lone = [at(5.0, 5.0), at(5.0, 5.0), at(5.0, 5.0)];
        assert_eq!(alone(&group, 3), [false; 3]);
        assert_eq!(alone(&lone, 3), [true; 3]); // one position, however often
    }

    #[test]
    fn kilometres_have_a_separator() {
        assert_eq!(kilometres(999.4), "999 km");
        assert_eq!(kilometres(5_606.4), "5,606 km");
        assert_eq!(kilometres(12_040.0), "12,040 km");
    }
}
