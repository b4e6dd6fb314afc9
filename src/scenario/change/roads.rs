//! Roads that are slow or closed.

use std::collections::BTreeSet;

use crate::model::check::Checker;
use crate::model::check::far::{self, Guess};
use crate::model::check::pathway::check_duration;
use crate::model::location::Fault;
use crate::model::{Position, Road};
use crate::problem::ProblemKind;
use crate::scenario::base::{Base, check_keys, check_place};
use crate::scenario::kind::Kind;
use crate::scenario::refers::Refers;
use crate::scenario::state::{Refusal, State};
use crate::scenario::terms::{Fields, Terms};
use crate::units::Seconds;

/// The kinds of this family, behind those of the families before it.
macro_rules! roads_changes {
    ([$next:ident $($later:ident)*] $($listed:tt)*) => {
        $next! { [$($later)*] $($listed)*
            /// A road or a corridor is slow or closed; free again at `until`. One of the three lists is needed; the
            /// delays of two roads add up.
            Road(Road) => roads::Slow {
                does: "journeys `from` places, `to` hospitals, or through a `corridor` (three corners or more) take \
                    `delay` longer; without `delay` there is no way.",
                example: r#"(on: "2026-04-13", until: "2026-10-12", reason: "the bridge over the Mulde is rebuilt",
 change: Road(from: ["14730310"], to: ["ukl-leipzig", "st-georg-leipzig"], delay: "20m")),
(on: "2026-04-13", reason: "flooded",
 change: Road(corridor: [(lat: 51.45, lon: 12.62), (lat: 51.48, lon: 12.62), (lat: 51.48, lon: 12.66), (lat: 51.45, lon: 12.66)])),"#,
            }
            /// Roads of a map are slow or closed, by way, name, class or area; free again at `until`. Needs journeys that
            /// are measured over a map of roads.
            RoadOfMap(RoadOfMap) => roads_of_map::OnMap {
                does: "roads of a map (with `--roads`) that one of `ways` (numbers of OpenStreetMap), `names` (`B 182`) or \
                    `classes` (`motorway`) names, within an `area` (three corners or more) where one is given, take `factor` \
                    times as long; without `factor` they are closed.",
                example: r#"(on: "2026-04-13", until: "2026-10-12", reason: "the bridge over the Elbe is rebuilt",
 change: RoadOfMap(names: ["B 182"], area: [(lat: 51.55, lon: 12.99), (lat: 51.57, lon: 12.99), (lat: 51.57, lon: 13.02), (lat: 51.55, lon: 13.02)])),
(on: "2026-12-01", until: "2027-03-01", reason: "roadworks", change: RoadOfMap(classes: ["motorway", "motorway_link"], factor: 1.5)),"#,
            }
        }
    };
}

/// A road or a corridor is slow or closed.
pub(super) struct Slow;

impl Kind for Slow {
    type Terms = Road;
    const WHY_WITHOUT_END: Option<&'static str> = None;
    const IS_OF_STRUCTURE: bool = false;

    fn read(terms: Terms<'_, '_, '_>) -> Option<Road> {
        terms.fields(|fields| {
            Some(Road {
                from: fields.texts("from"),
                to: fields.texts("to"),
                corridor: read_corners(fields, "corridor"),
                delay: fields.parsed("delay"),
            })
        })
    }

    fn check(road: &Road, base: &Base<'_>, checker: &mut Checker<'_>) {
        let mut seen = BTreeSet::new();
        for (index, key) in road.from.iter().enumerate() {
            let path = format!("from[{index}]");
            check_place(&path, key, base, checker);
            if !seen.insert(key) {
                checker.duplicate(&path, said!("place \"{key}\" is there twice", key));
            }
        }
        check_keys("to", "hospital", &road.to, &base.hospitals, checker);
        if road.from.is_empty() && road.to.is_empty() && road.corridor.is_empty() {
            let fault = Fault::new(ProblemKind::Missing, "a road from everywhere to everywhere");
            let expected = "places in from, hospitals in to, a corridor, or several of them";
            checker.fault("from", fault.expected(expected));
        }

        check_corridor("corridor", &road.corridor, checker);
        check_slips("corridor", &road.corridor, base, checker);

        match road.delay {
            Some(Seconds(0)) => {
                let fault = Fault::new(ProblemKind::Range, "a delay of 0s");
                let expected = "a longer time, or no delay where there is no way";
                checker.fault("delay", fault.expected(expected));
            }
            Some(delay) => check_duration(delay, "delay", checker),
            None => {}
        }
    }

    fn apply<'s>(road: &'s Road, state: &mut State<'s>) -> Result<(), Refusal> {
        for key in &road.to {
            state.hospital("to", key)?;
        }
        // In the order of the changes: where delays meet, they add up in it.
        state.adjustments.roads.push(road.clone());
        Ok(())
    }

    fn keys_mut(road: &mut Road) -> Vec<(Refers, &mut String)> {
        let mut keys = Vec::new();
        for place in &mut road.from {
            keys.push((Refers::Place, place));
        }
        for hospital in &mut road.to {
            keys.push((Refers::Hospital, hospital));
        }
        keys
    }

    fn needs_network(road: &Road) -> bool {
        !road.to.is_empty()
    }
}

/// Corners as `(lat: 51.5, lon: 12.6)`; those with a fault are left out.
pub(super) fn read_corners(fields: &mut Fields<'_, '_, '_>, name: &str) -> Vec<Position> {
    let reader = &mut *fields.reader;
    let mut corners = Vec::new();
    for mut corner in fields.record.records(reader, name) {
        for name in ["lat", "lon"] {
            if !corner.has(name) {
                corner.missing(reader, name, "degrees");
            }
        }
        let lat = corner.number(reader, "lat", (-90.0, 90.0));
        let lon = corner.number(reader, "lon", (-180.0, 180.0));
        corner.finish(reader);
        if let (Some(lat), Some(lon)) = (lat, lon) {
            // Within bounds both, so that it is one.
            corners.extend(Position::new(lat, lon));
        }
    }
    corners
}

/// A corridor has three corners or more, and an area.
pub(super) fn check_corridor(path: &str, corridor: &[Position], checker: &mut Checker<'_>) {
    if corridor.is_empty() {
        return;
    }
    let mut corners: Vec<(f64, f64)> = Vec::with_capacity(corridor.len());
    for corner in corridor {
        corners.push((corner.lat(), corner.lon()));
    }
    corners.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    // A corner that is written twice is one.
    corners.dedup();
    if corners.len() < 3 {
        let message =
            said!("a corridor with fewer than three corners: {corners}", corners = corners.len());
        let fault = Fault::new(ProblemKind::Range, message);
        checker.fault(path, fault.expected("three or more different corners"));
        return;
    }

    // The shorter ways from corner to corner must come back to where they started.
    let mut around = 0.0;
    for (index, corner) in corridor.iter().enumerate() {
        let next = corridor[(index + 1) % corridor.len()];
        around += (next.lon() - corner.lon() + 180.0).rem_euclid(360.0) - 180.0;
    }
    if f64::abs(around) > 1.0 {
        let message = "the corridor goes around the whole Earth";
        let fault = Fault::new(ProblemKind::Range, message);
        checker.fault(path, fault.expected("corners around an area without a pole"));
        return;
    }

    // Whether all of them lie on one line.
    let ((y, x), (far_y, far_x)) = (corners[0], corners[corners.len() - 1]);
    let is_on_line = |&(lat, lon): &(f64, f64)| {
        // In square degrees, of which a square metre has about 1e-10.
        ((far_x - x) * (lat - y) - (far_y - y) * (lon - x)).abs() < 1e-12
    };
    if corners.iter().all(is_on_line) {
        let fault = Fault::new(ProblemKind::Range, "all corners of the corridor lie on one line");
        checker.fault(path, fault.expected("corners around an area"));
    }
}

/// Corners that lie where only a slip explains it, such as latitude and longitude in the other's place. A corridor may
/// lie far from everybody on purpose.
pub(super) fn check_slips(
    path: &str,
    corners: &[Position],
    base: &Base<'_>,
    checker: &mut Checker<'_>,
) {
    for (index, corner) in corners.iter().enumerate() {
        if let Some((far, nearest)) = base.far(*corner)
            && far.guess != Guess::Nothing
        {
            let fault = far::fault(&far, &said!("place (\"{nearest}\")", nearest));
            checker.fault(&format!("{path}[{index}]"), fault);
        }
    }
}
