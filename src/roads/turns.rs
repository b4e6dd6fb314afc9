//! The graph that is searched: its junctions are pieces of road in a direction, its stretches are turns from one to
//! the next, so that a turn has a cost and may be forbidden.
//!
//! A service road is there for those who live or work on it. Each of its arcs is there twice: at the beginning of a journey,
//! before any other road, and after one. Who comes from another road and leaves it for one again drives through, and pays.

use super::map::{Arc, BannedTurn, CLOSED, RoadMap};
use super::{RoadClass, RoadError, RoadGraph, Stretch};

/// Tenths of a second of the sharpest turn. The cost of a turn is the sigmoid of its angle that OSRM's `car.lua` has.
const SHARPEST: f64 = 75.0;
/// How much dearer a turn over the oncoming lane is, where people drive on the right.
const BIAS: f64 = 1.075;
/// Tenths of a second of turning round, beside the turn itself.
const TURNING_ROUND: u32 = 200;
/// Tenths of a second that driving through service roads costs: the default of Valhalla's `service_penalty`, 15 s, which
/// there chooses the way and here counts as time.
const THROUGH_SERVICE: u32 = 150;
/// Ends of pieces at a point where nothing is decided: there a bend is no turn.
const NO_JUNCTION: usize = 2;

/// On which side of the road people drive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum RoadSide {
    /// On the right, as in Germany: a turn to the left crosses the oncoming lane
    #[default]
    Right,
    /// On the left, as in Great Britain: a turn to the right does
    Left,
}

/// Tenths of a second of a turn by this angle in degrees, from -180 to 180: 0 is straight on, 90 away from the oncoming
/// lane.
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
    side: RoadSide,
}

impl Bearings {
    fn of(map: &RoadMap) -> Self {
        let mut bearings = Self { begin: Vec::new(), end: Vec::new(), side: RoadSide::Right };
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

/// A graph of arcs and turns.
#[derive(Debug)]
pub(super) struct TurnGraph {
    /// Its junction number `a` is arc `a` at its end; a stretch from `a` to `b` is the turn into `b`, and all of `b`.
    /// Behind them are service roads at the beginning of a journey.
    pub(super) graph: RoadGraph,
    /// The junction of each arc at the beginning of a journey: itself, but for service roads.
    pub(super) starts: Vec<u32>,
}

/// The arcs of service roads at the beginning of a journey are numbered behind all arcs.
fn starts(map: &RoadMap) -> Vec<u32> {
    let arcs = map.pieces.len() as u32 * 2;
    let mut starts = Vec::with_capacity(arcs as usize);
    let mut next = arcs;
    for arc in 0..arcs {
        let is_service = map.pieces[Arc(arc).piece()].class == RoadClass::Service;
        starts.push(if is_service { next } else { arc });
        next += u32::from(is_service);
    }
    starts
}

/// The graph of arcs and turns, where an arc takes `tenths[arc]`, or is [`CLOSED`].
pub(super) fn turn_graph(
    map: &RoadMap,
    tenths: &[u32],
    side: RoadSide,
) -> Result<TurnGraph, RoadError> {
    let bearings = Bearings { side, ..Bearings::of(map) };
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
    let starts = starts(map);
    let stretches = with_service_roads(&starts, stretches);
    let junctions = starts.iter().max().map_or(0, |last| last + 1);
    let graph = RoadGraph::new(junctions, &stretches)?;
    Ok(TurnGraph { graph, starts })
}

/// Turns, with those of service roads at the beginning of a journey, and the price of driving through.
fn with_service_roads(starts: &[u32], turns: Vec<Stretch>) -> Vec<Stretch> {
    let mut stretches = Vec::with_capacity(turns.len());
    for turn in turns {
        let (from_start, to_start) = (starts[turn.from as usize], starts[turn.to as usize]);
        let is_from_service = from_start != turn.from;
        let is_to_service = to_start != turn.to;
        let mut through = turn;
        if is_from_service && !is_to_service {
            through.tenths = turn.tenths.saturating_add(THROUGH_SERVICE);
        }
        stretches.push(through);
        if is_from_service {
            // Nothing was driven yet but service roads.
            stretches.push(Stretch { from: from_start, to: to_start, ..turn });
        }
    }
    stretches
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
        let right = angle(before, after);
        cost = turn_tenths(if bearings.side == RoadSide::Right { right } else { -right });
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
