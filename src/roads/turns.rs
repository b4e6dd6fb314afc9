//! The graph that is searched: its junctions are pieces of road in a direction, its stretches are turns from one to
//! the next, so that a turn has a cost and may be forbidden.

use super::map::{Arc, BannedTurn, CLOSED, RoadMap};
use super::{RoadError, RoadGraph, Stretch};

/// Tenths of a second of the sharpest turn. The cost of a turn is the sigmoid of its angle that OSRM's `car.lua` has.
const SHARPEST: f64 = 75.0;
/// How much dearer a turn over the oncoming lane is, where people drive on the right.
const BIAS: f64 = 1.075;
/// Tenths of a second of turning round, beside the turn itself.
const TURNING_ROUND: u32 = 200;
/// Ends of pieces at a point where nothing is decided: there a bend is no turn.
const NO_JUNCTION: usize = 2;

/// Tenths of a second of a turn by this angle in degrees, from -180 to 180: 0 is straight on, 90 to the right.
fn turn_tenths(angle: f64) -> f64 {
    let exponent = if angle >= 0.0 {
        13.0 / BIAS * angle / 180.0 - 6.5 * BIAS
    } else {
        13.0 * BIAS * -angle / 180.0 - 6.5 / BIAS
    };
    SHARPEST / (1.0 + libm::exp(-exponent))
}

/// From one bearing to another in degrees, -180 to 180: to the right is positive.
fn angle(before: f32, after: f32) -> f64 {
    let right = f64::from(after) - f64::from(before);
    (right + 540.0).rem_euclid(360.0) - 180.0
}

/// Bearings of arcs where they begin and end.
struct Bearings {
    begin: Vec<f32>,
    end: Vec<f32>,
}

impl Bearings {
    fn of(map: &RoadMap) -> Self {
        let mut bearings = Self { begin: Vec::new(), end: Vec::new() };
        for piece in 0..map.pieces.len() {
            let shape = map.shape(piece);
            let last = shape.len() - 1;
            let begin = shape[0].bearing_to(shape[1]) as f32;
            let end = shape[last - 1].bearing_to(shape[last]) as f32;
            // The other way a piece begins where it ended, towards where it came from.
            let turned = |bearing: f32| (bearing + 360.0) % 360.0 - 180.0;
            bearings.begin.extend([begin, turned(end)]);
            bearings.end.extend([end, turned(begin)]);
        }
        bearings
    }
}

/// The graph of arcs and turns, where an arc takes `tenths[arc]`, or is [`CLOSED`].
///
/// Its junction number `a` is arc `a` at its end; a stretch from `a` to `b` is the turn into `b`, and all of `b`.
pub(super) fn turn_graph(map: &RoadMap, tenths: &[u32]) -> Result<RoadGraph, RoadError> {
    let bearings = Bearings::of(map);
    let mut arriving: Vec<Vec<Arc>> = vec![Vec::new(); map.junctions.len()];
    for number in 0..map.pieces.len() * 2 {
        let arc = Arc(number as u32);
        arriving[map.ends(arc).to as usize].push(arc);
    }

    let mut stretches = Vec::new();
    for arcs in &arriving {
        for from in arcs {
            // Nobody arrives by it, so nobody turns from it.
            if tenths[from.0 as usize] == CLOSED {
                continue;
            }
            let before = stretches.len();
            for arrival in arcs {
                let to = arrival.turned();
                if to != from.turned() {
                    stretches.extend(turn(map, &bearings, tenths, *from, to, arcs.len()));
                }
            }
            // At a dead end people turn round; elsewhere there is a better way.
            if stretches.len() == before {
                let round = turn(map, &bearings, tenths, *from, from.turned(), arcs.len());
                stretches.extend(round.map(|turn| Stretch {
                    tenths: turn.tenths.saturating_add(TURNING_ROUND),
                    ..turn
                }));
            }
        }
    }
    RoadGraph::new(map.pieces.len() as u32 * 2, &stretches)
}

/// The turn from an arc to another, where it is allowed.
fn turn(
    map: &RoadMap,
    bearings: &Bearings,
    tenths: &[u32],
    from: Arc,
    to: Arc,
    ends_here: usize,
) -> Option<Stretch> {
    let drive = tenths[to.0 as usize];
    if drive == CLOSED || map.banned.binary_search(&BannedTurn { from, to }).is_ok() {
        return None;
    }
    // At a bend or a change of class nobody gives way to anybody.
    let mut cost = 0.0;
    if ends_here > NO_JUNCTION {
        let (before, after) = (bearings.end[from.0 as usize], bearings.begin[to.0 as usize]);
        cost = turn_tenths(angle(before, after));
    }
    let tenths = drive.saturating_add(cost.round() as u32);
    Some(Stretch { from: from.0, to: to.0, tenths })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_cost_what_osrm_takes() {
        // 7.5 / (1 + e^0.9410) = 2.106 s to the right, 7.5 / (1 + e^-0.9410) = 5.394 s over the oncoming lane.
        assert_eq!(turn_tenths(90.0).round(), 21.0);
        assert_eq!(turn_tenths(-90.0).round(), 54.0);
        assert_eq!(turn_tenths(0.0).round(), 0.0);
        assert_eq!(turn_tenths(-180.0).round(), 75.0);
    }

    #[test]
    fn angles_are_taken_the_shorter_way_round() {
        assert_eq!(angle(0.0, 90.0), 90.0);
        assert_eq!(angle(170.0, -170.0), 20.0);
        assert_eq!(angle(-170.0, 170.0), -20.0);
        assert_eq!(angle(90.0, 90.0), 0.0);
    }
}
