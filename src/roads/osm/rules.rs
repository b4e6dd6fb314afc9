//! Which ways a car drives on, and in which direction.
//!
//! The rules are those of OSRM's profile `car.lua` and of the pages of the OpenStreetMap wiki on `access`, `oneway`
//! and `barrier`; where they differ, it is said.

use super::speed::{self, Speeds};
use super::tags::{Key, Tags};
use crate::roads::RoadClass;

/// A way that cars drive on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Drive {
    pub(super) class: RoadClass,
    /// km/h in the order of its points; `None` where that is not allowed.
    pub(super) forward: Option<f64>,
    /// km/h against it.
    pub(super) backward: Option<f64>,
    /// Seconds for the whole way, of a ferry that says so.
    pub(super) seconds: Option<f64>,
}

/// What becomes of a way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verdict {
    Road(Drive),
    /// It is no way at all: a house, a border.
    Nothing,
    NotForCars,
    Track,
    NoAccess,
    NotOpen,
}

/// Values of `access` and its kind with which no car drives through or to an address. Unlike OSRM, roads that are
/// private or for customers are kept: the last metres to a hospital often are.
const NO_CARS: [&str; 9] = [
    "no",
    "agricultural",
    "forestry",
    "agricultural;forestry",
    "psv",
    "bus",
    "taxi",
    "bicycle",
    "foot",
];
/// From the narrowest kind of vehicle to the widest: the narrowest that says something counts.
const ACCESS: [Key; 4] = [Key::Motorcar, Key::MotorVehicle, Key::Vehicle, Key::Access];
/// Values of `highway` for roads that are not open.
const NOT_OPEN: [&str; 7] =
    ["construction", "proposed", "abandoned", "disused", "razed", "planned", "demolished"];

/// What becomes of a way with these tags.
pub(super) fn verdict(tags: &Tags) -> Verdict {
    // Before `highway`: a ferry has none, or one of the road that it carries on.
    if tags.is(Key::Route, &["ferry"]) {
        return ferry(tags);
    }
    let Some(highway) = tags.get(Key::Highway) else { return Verdict::Nothing };
    if NOT_OPEN.contains(&highway) {
        return Verdict::NotOpen;
    }
    if highway == "track" {
        return Verdict::Track;
    }
    let Some(class) = RoadClass::of_highway(highway) else { return Verdict::NotForCars };
    // A square is no line that anybody drives along.
    if tags.is(Key::Area, &["yes"]) {
        return Verdict::NotForCars;
    }
    if !is_allowed(tags) {
        return Verdict::NoAccess;
    }

    let Speeds { forward, backward } = speed::speeds(tags, class);
    let mut drive =
        Drive { class, forward: Some(forward), backward: Some(backward), seconds: None };
    match direction(tags, class) {
        Direction::Both => {}
        Direction::Forward => drive.backward = None,
        Direction::Backward => drive.forward = None,
        Direction::ByTheHour => return Verdict::NoAccess,
    }
    Verdict::Road(drive)
}

fn ferry(tags: &Tags) -> Verdict {
    if !is_allowed(tags) {
        return Verdict::NoAccess;
    }
    let class = RoadClass::Ferry;
    let speed = Some(class.usual_speed());
    let seconds = tags.get(Key::Duration).and_then(speed::duration);
    let mut drive = Drive { class, forward: speed, backward: speed, seconds };
    match direction(tags, class) {
        Direction::Forward => drive.backward = None,
        Direction::Backward => drive.forward = None,
        Direction::Both | Direction::ByTheHour => {}
    }
    Verdict::Road(drive)
}

/// Whether a car may drive there, if only to an address.
fn is_allowed(tags: &Tags) -> bool {
    for key in ACCESS {
        // `access=no motor_vehicle=yes` is open: the kind of vehicle decides.
        if let Some(value) = tags.get(key) {
            return !NO_CARS.contains(&value);
        }
    }
    true
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Both,
    Forward,
    Backward,
    ByTheHour,
}

fn direction(tags: &Tags, class: RoadClass) -> Direction {
    // What is said goes before what a class or a roundabout implies.
    match tags.get(Key::Oneway) {
        Some("yes" | "1" | "true") => return Direction::Forward,
        Some("-1" | "reverse") => return Direction::Backward,
        Some("no" | "0" | "false") => return Direction::Both,
        Some("reversible" | "alternating") => return Direction::ByTheHour,
        _ => {}
    }
    let is_round = tags.is(Key::Junction, &["roundabout", "circular"]);
    if is_round || class == RoadClass::Motorway {
        return Direction::Forward;
    }
    Direction::Both
}

/// What a point does to those who pass it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Passing {
    /// Nobody passes.
    pub(super) is_blocked: bool,
    /// Tenths of a second for those who come in the order of a way's points.
    pub(super) forward: u16,
    /// For those who come against it.
    pub(super) backward: u16,
}

/// Tenths of a second at a traffic light, a stop sign, a gate: OSRM's 2 s, 2 s and 60 s.
const LIGHT: u16 = 20;
const STOP: u16 = 20;
const GATE: u16 = 600;
/// Barriers that cars pass without waiting.
const OPEN_BARRIERS: [&str; 12] = [
    "cattle_grid",
    "border_control",
    "toll_booth",
    "sally_port",
    "entrance",
    "height_restrictor",
    "arch",
    "no",
    "kerb",
    "speed_bump",
    "bump_gate",
    "wicket_gate",
];
/// Barriers that somebody opens.
const GATES: [&str; 4] = ["gate", "lift_gate", "swing_gate", "sliding_gate"];

/// What a point with these tags does.
pub(super) fn passing(tags: &Tags) -> Passing {
    let mut passing = Passing::default();
    if let Some(barrier) = tags.get(Key::Barrier) {
        // What is said of access counts more than what stands there.
        let has_access = ACCESS.iter().any(|key| tags.get(*key).is_some());
        let is_gate = GATES.contains(&barrier);
        let is_open = OPEN_BARRIERS.contains(&barrier) || is_gate;
        if !(if has_access { is_allowed(tags) } else { is_open }) {
            return Passing { is_blocked: true, ..passing };
        }
        if is_gate {
            (passing.forward, passing.backward) = (GATE, GATE);
        }
    }
    let wait = match tags.get(Key::Highway) {
        Some("traffic_signals") => LIGHT,
        Some("stop") => STOP,
        _ => return passing,
    };
    let direction = tags.get(Key::SignalDirection).or_else(|| tags.get(Key::Direction));
    if direction != Some("backward") {
        passing.forward += wait;
    }
    if direction != Some("forward") {
        passing.backward += wait;
    }
    passing
}
