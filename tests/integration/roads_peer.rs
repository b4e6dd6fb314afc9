//! Journeys by car that GraphHopper's own tests state, on the same extracts.
//!
//! Its tests (github.com/graphhopper/graphhopper: `GraphHopperTest` at 00a5383, `RoutingAlgorithmWithOSMTest` at 0307175,
//! `RouteResourceTest` and `SPTResourceTest` at 0356771, `RouteResourceClientHCTest` at 04dc2ed) assert metres, and here
//! and there seconds, of the quickest way of its profile `car` between two positions. Taken are all of them in these
//! classes on a file that is in `../shared/data`, without a heading, a hint, a closed area, another speed or points
//! between.

use std::sync::Arc;

use verbund::model::Position;
use verbund::roads::{ImportRoads, Longest, RoadDrive, RoadMap, RoadTravel};
use verbund::run::Control;
use verbund::travel::Stop;
use verbund::units::{Metres, Seconds};

use crate::common::shared_data;
use crate::roads_osm::{STEP, imported, xml};

/// What GraphHopper's tests state of a journey.
struct Stated {
    from: [f64; 2],
    to: [f64; 2],
    metres: Option<f64>,
    /// Where a test only asks for a range, or rounds: half of its width.
    within: f64,
    seconds: Option<f64>,
}

const fn stated(from: [f64; 2], to: [f64; 2], metres: f64) -> Stated {
    Stated { from, to, metres: Some(metres), within: 0.0, seconds: None }
}

const MONACO: [Stated; 14] = [
    stated([43.730729, 7.42135], [43.727697, 7.419199], 2584.0),
    Stated { seconds: Some(274.3), ..stated([43.727687, 7.418737], [43.74958, 7.436566], 3587.6) },
    stated([43.728677, 7.41016], [43.739213, 7.4277], 2561.0),
    stated([43.733802, 7.413433], [43.739662, 7.424355], 2279.0),
    stated([43.730949, 7.412338], [43.739643, 7.424542], 2149.0),
    Stated { seconds: Some(205.0), ..stated([43.73005, 7.415707], [43.741522, 7.42826], 2837.0) },
    stated([43.738399, 7.420782], [43.737949, 7.423523], 463.0),
    stated([43.729445, 7.415063], [43.728856, 7.41472], 103.0),
    stated([43.728856, 7.41472], [43.729445, 7.415063], 320.0),
    stated([43.732496, 7.427231], [43.732499, 7.426758], 40.08),
    stated([43.732399, 7.426658], [43.732499, 7.426758], 10.439),
    stated([43.727592, 7.419333], [43.727712, 7.419333], 0.0),
    stated([43.727592, 7.419333], [43.727712, 7.41934], 0.0),
    stated([43.727592, 7.419333], [43.727712, 7.4193], 3.0),
];

const ANDORRA: [Stated; 10] = [
    stated([42.56819, 1.603231], [42.571034, 1.520662], 17_708.0),
    stated([42.529176, 1.571302], [42.571034, 1.520662], 11_408.0),
    stated([42.554851, 1.536198], [42.510071, 1.548128], 9_204.0),
    stated([42.511139, 1.53285], [42.508165, 1.532271], 490.0),
    stated([42.507145, 1.537174], [42.511368, 1.539116], 1_256.0),
    Stated { within: 50.0, ..stated([42.5093, 1.5274], [42.5126, 1.541], 2_950.0) },
    stated([42.505041, 1.521864], [42.509074, 1.537936], 1_690.0),
    Stated { within: 25.0, ..stated([42.509225, 1.534728], [42.512602, 1.551558], 1_775.0) },
    Stated { within: 5.0, ..stated([42.50856, 1.528451], [42.510383, 1.533392], 895.0) },
    Stated {
        metres: None,
        seconds: Some(215.0),
        ..stated([42.5179, 1.555574], [42.532022, 1.519504], 0.0)
    },
];

const NORTH_BAYREUTH: [Stated; 9] = [
    stated([49.985272, 11.506151], [49.986107, 11.507202], 122.0),
    stated([49.975845, 11.522598], [50.026821, 11.497364], 6_685.0),
    stated([50.009504, 11.490669], [50.024726, 11.496162], 1_807.0),
    stated([49.984465, 11.507009], [49.986107, 11.507202], 155.0),
    stated([50.008732, 11.596413], [49.974361, 11.514509], 8_725.0),
    Stated { seconds: Some(17.0), ..stated([49.985917, 11.510603], [49.98669, 11.509482], 138.0) },
    Stated {
        metres: None,
        seconds: Some(855.0),
        ..stated([50.023513, 11.548862], [49.969441, 11.537876], 0.0)
    },
    stated([50.015072, 11.499145], [50.014141, 11.497552], 266.0),
    stated([50.010373, 11.51792], [50.005146, 11.516633], 1_447.0),
];

fn roads(file: &str) -> RoadTravel {
    let path = shared_data().join("road").join(file);
    let map = RoadMap::import(&path, &ImportRoads::default(), &Control::default());
    RoadTravel::new(Arc::new(map.unwrap().unwrap())).unwrap()
}

fn driven(travel: &RoadTravel, stated: &Stated) -> RoadDrive {
    let position = |degrees: [f64; 2]| Position::new(degrees[0], degrees[1]).unwrap();
    let from = Stop::new("from", position(stated.from));
    let to = Stop::new("to", position(stated.to));
    travel.drive(&from, &to, Longest::new(Seconds::from_minutes(60))).unwrap()
}

#[test]
fn a_drive_has_the_metres_of_its_way() {
    // Two streets cross at (1, 0); a step is 1,000.756 m, at 80 % of a posted 50 it takes 90.07 s.
    let points = [
        (1, 0.0, 0.0, ""),
        (2, 1.0, 0.0, ""),
        (3, 2.0, 0.0, ""),
        (4, 1.0, 1.0, ""),
        (5, 1.0, -1.0, ""),
    ];
    let street = "highway=tertiary maxspeed=50";
    let ways: [(&[i64], &str); 2] = [(&[1, 2, 3], street), (&[5, 2, 4], street)];
    let map = imported(&xml(&points, &ways, "")).unwrap();
    let travel = RoadTravel::new(Arc::new(map)).unwrap();
    let stop = |x: f64, y: f64| Stop::new("x", Position::new(y * STEP, x * STEP).unwrap());
    let limit = Longest::new(Seconds(600));

    // On one street: a quarter and three quarters of steps.
    let drive = travel.drive(&stop(0.5, 0.0), &stop(1.25, 0.0), limit).unwrap();
    // 450 + 225 tenths straight on.
    assert_eq!(
        (drive.time, drive.on_roads, drive.off_roads),
        (Seconds(68), Metres(751), Metres(0))
    );
    // On one piece, where no junction lies between.
    let drive = travel.drive(&stop(0.25, 0.0), &stop(0.5, 0.0), limit).unwrap();
    assert_eq!((drive.time, drive.on_roads), (Seconds(23), Metres(250)));
    // To the left: 5.4 s for the turn. A tenth of a step off the road is 100 m, 24 s at 15 km/h.
    let drive = travel.drive(&stop(0.5, 0.1), &stop(1.0, 0.5), limit).unwrap();
    assert_eq!((drive.on_roads, drive.off_roads), (Metres(1001), Metres(100)));
    assert_eq!(drive.time, Seconds(120)); // 24.0 + 45.0 + 5.4 + 45.0
    // Nowhere to go, too far from any road, beyond the limit.
    let here = travel.drive(&stop(0.5, 0.1), &stop(0.5, 0.1), limit).unwrap();
    assert_eq!((here.time, here.on_roads, here.off_roads), (Seconds(0), Metres(0), Metres(0)));
    assert_eq!(travel.drive(&stop(0.5, 12.0), &stop(1.0, 0.5), limit), None);
    assert_eq!(travel.drive(&stop(0.5, 0.1), &stop(1.0, 0.5), Longest::new(Seconds(119))), None);
}

#[test]
#[ignore = "needs ../shared/data: road"]
fn journeys_are_near_those_that_graphhopper_states() {
    for (file, journeys) in [
        ("monaco.osm.gz", &MONACO[..]),
        ("andorra.osm.pbf", &ANDORRA[..]),
        ("north-bayreuth.osm.gz", &NORTH_BAYREUTH[..]),
    ] {
        let travel = roads(file);
        for stated in journeys {
            let drive = driven(&travel, stated);
            println!(
                "{file} {:?} {:?} {:?} m {:?} s: {} m on, {} m off, {} s",
                stated.from,
                stated.to,
                stated.metres,
                stated.seconds,
                drive.on_roads.0,
                drive.off_roads.0,
                drive.time.0
            );
        }
    }
}
