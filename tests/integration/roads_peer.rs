//! Journeys by car that `GraphHopper`'s own tests state, on the same extracts.
//!
//! Its tests (github.com/graphhopper/graphhopper: `GraphHopperTest` at 00a5383, `RoutingAlgorithmWithOSMTest` at 0307175,
//! `RouteResourceTest` and `SPTResourceTest` at 0356771, `RouteResourceClientHCTest` at 04dc2ed) assert metres, and here
//! and there seconds, of the quickest way of its profile `car` between two positions. Taken are all of them in these
//! classes on a file that is in `../shared/data`, without a heading, a hint, a closed area, another speed or points
//! between.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;

use flate2::read::MultiGzDecoder;
use verbund::model::Position;
use verbund::roads::{ImportRoads, Longest, RoadDrive, RoadMap, RoadTravel};
use verbund::run::Control;
use verbund::travel::{Limits, Stop, TravelModel};
use verbund::units::{Metres, Seconds};

use crate::common::shared_data;
use crate::roads_osm::{STEP, imported, xml};

/// What `GraphHopper`'s tests state of a journey.
#[derive(Clone, Copy)]
struct Stated {
    from: [f64; 2],
    to: [f64; 2],
    metres: Option<f64>,
    /// Where a test asks for a range or rounds: half of its width.
    within: f64,
    seconds: Option<f64>,
    /// Why ours is another way.
    other_way: Option<&'static str>,
}

const fn stated(from: [f64; 2], to: [f64; 2], metres: f64) -> Stated {
    Stated { from, to, metres: Some(metres), within: 0.0, seconds: None, other_way: None }
}

const ON_A_SQUARE: &str =
    "it starts on a square from which a car gets out and not in: left out here";
const OTHER_SPEEDS: &str = "another way is quicker, as turns and lights cost time here";
const ON_A_TRACK: &str = "it starts on a track, or leads over one: none here";

const MONACO: [Stated; 14] = [
    Stated {
        other_way: Some(ON_A_SQUARE),
        ..stated([43.730_729, 7.421_35], [43.727_697, 7.419_199], 2584.0)
    },
    Stated {
        seconds: Some(274.3),
        ..stated([43.727_687, 7.418_737], [43.749_58, 7.436_566], 3587.6)
    },
    Stated {
        other_way: Some(OTHER_SPEEDS),
        ..stated([43.728_677, 7.410_16], [43.739_213, 7.4277], 2561.0)
    },
    stated([43.733_802, 7.413_433], [43.739_662, 7.424_355], 2279.0),
    stated([43.730_949, 7.412_338], [43.739_643, 7.424_542], 2149.0),
    Stated {
        seconds: Some(205.0),
        other_way: Some(OTHER_SPEEDS),
        ..stated([43.730_05, 7.415_707], [43.741_522, 7.428_26], 2837.0)
    },
    stated([43.738_399, 7.420_782], [43.737_949, 7.423_523], 463.0),
    stated([43.729_445, 7.415_063], [43.728_856, 7.414_72], 103.0),
    stated([43.728_856, 7.414_72], [43.729_445, 7.415_063], 320.0),
    stated([43.732_496, 7.427_231], [43.732_499, 7.426_758], 40.08),
    stated([43.732_399, 7.426_658], [43.732_499, 7.426_758], 10.439),
    stated([43.727_592, 7.419_333], [43.727_712, 7.419_333], 0.0),
    stated([43.727_592, 7.419_333], [43.727_712, 7.419_34], 0.0),
    stated([43.727_592, 7.419_333], [43.727_712, 7.4193], 3.0),
];

const ANDORRA: [Stated; 11] = [
    stated([42.568_19, 1.603_231], [42.571_034, 1.520_662], 17_708.0),
    stated([42.529_176, 1.571_302], [42.571_034, 1.520_662], 11_408.0),
    Stated { within: 10.0, ..stated([42.554_851, 1.536_198], [42.510_071, 1.548_128], 9_204.0) },
    stated([42.511_139, 1.532_85], [42.508_165, 1.532_271], 490.0),
    Stated {
        within: 20.0,
        other_way: Some(OTHER_SPEEDS),
        ..stated([42.507_145, 1.537_174], [42.511_368, 1.539_116], 1_256.0)
    },
    Stated { within: 50.0, ..stated([42.5093, 1.5274], [42.5126, 1.541], 2_950.0) },
    stated([42.505_041, 1.521_864], [42.509_074, 1.537_936], 1_690.0),
    Stated { within: 25.0, ..stated([42.509_225, 1.534_728], [42.512_602, 1.551_558], 1_775.0) },
    Stated { within: 5.0, ..stated([42.508_56, 1.528_451], [42.510_383, 1.533_392], 895.0) },
    // The end is told to four digits.
    Stated {
        within: 12.0,
        seconds: Some(111.0),
        ..stated([42.531_073, 1.573_792], [42.5362, 1.574], 1_505.0)
    },
    Stated {
        metres: None,
        seconds: Some(215.0),
        ..stated([42.5179, 1.555_574], [42.532_022, 1.519_504], 0.0)
    },
];

const NORTH_BAYREUTH: [Stated; 9] = [
    stated([49.985_272, 11.506_151], [49.986_107, 11.507_202], 122.0),
    stated([49.975_845, 11.522_598], [50.026_821, 11.497_364], 6_685.0),
    stated([50.009_504, 11.490_669], [50.024_726, 11.496_162], 1_807.0),
    stated([49.984_465, 11.507_009], [49.986_107, 11.507_202], 155.0),
    stated([50.008_732, 11.596_413], [49.974_361, 11.514_509], 8_725.0),
    Stated {
        seconds: Some(17.0),
        ..stated([49.985_917, 11.510_603], [49.986_69, 11.509_482], 138.0)
    },
    Stated {
        metres: None,
        seconds: Some(855.0),
        other_way: Some(ON_A_TRACK),
        ..stated([50.023_513, 11.548_862], [49.969_441, 11.537_876], 0.0)
    },
    stated([50.015_072, 11.499_145], [50.014_141, 11.497_552], 266.0),
    Stated {
        other_way: Some(ON_A_TRACK),
        ..stated([50.010_373, 11.517_92], [50.005_146, 11.516_633], 1_447.0)
    },
];

/// The detours that its tests state where an area is closed, north of Bayreuth: degrees of the area (south, west, north,
/// east), a way through it, and the metres around it.
const DETOURS: [([f64; 4], Stated); 4] = [
    (
        [49.979_86, 11.472_902, 50.003_946, 11.534_357],
        stated([49.975_845, 11.522_598], [50.026_821, 11.497_364], 13_988.0),
    ),
    (
        [49.979_522, 11.515_818, 49.981_875, 11.521_407],
        stated([49.975_845, 11.522_598], [50.026_821, 11.497_364], 12_173.0),
    ),
    // Circles of 5 m there.
    (
        [50.018_232, 11.492_266, 50.018_322, 11.492_406],
        stated([50.009_504, 11.490_669], [50.024_726, 11.496_162], 3_363.0),
    ),
    (
        [49.985_714, 11.5068, 49.985_804, 11.506_94],
        stated([49.985_272, 11.506_151], [49.986_107, 11.507_202], 365.0),
    ),
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

/// Metres by which two engines may differ on the same way: where they put a position onto a road, and 3 in 1,000.
fn slack(metres: f64) -> f64 {
    3.0 + metres * 0.003
}

/// Seconds on roads: theirs do not count the way to them.
fn seconds_on_roads(drive: RoadDrive) -> f64 {
    f64::from(drive.time.0) - f64::from(drive.off_roads.0) / (15.0 / 3.6)
}

#[test]
#[ignore = "needs ../shared/data: road"]
fn journeys_are_near_those_that_graphhopper_states() {
    let (mut alike, mut all) = (0, 0);
    for (file, journeys) in [
        ("monaco.osm.gz", &MONACO[..]),
        ("andorra.osm.pbf", &ANDORRA[..]),
        ("north-bayreuth.osm.gz", &NORTH_BAYREUTH[..]),
    ] {
        let travel = roads(file);
        for stated in journeys {
            let drive = driven(&travel, stated);
            let (metres, seconds) = (f64::from(drive.on_roads.0), seconds_on_roads(drive));
            println!(
                "{file} {:?} to {:?}: {:?} m, {:?} s stated; {metres} m and {} off the road, {seconds:.0} s on it {}",
                stated.from,
                stated.to,
                stated.metres,
                stated.seconds,
                drive.off_roads.0,
                stated.other_way.unwrap_or_default()
            );
            if let Some(theirs) = stated.metres {
                let is_alike = (metres - theirs).abs() <= stated.within + slack(theirs);
                assert_eq!(is_alike, stated.other_way.is_none(), "{:?}: {metres}", stated.from);
                all += 1;
                alike += u32::from(is_alike);
            }
            // 80 % of a posted limit take 1.125 times what their 90 % do; lights, turns and slower classes come on top.
            if let Some(theirs) = stated.seconds {
                let ratio = seconds / theirs;
                assert!((1.05..1.3).contains(&ratio), "{:?}: {ratio}", stated.from);
            }
        }
    }
    println!("{alike} of {all} journeys with metres are the same way");
    assert_eq!((alike, all), (27, 32));
}

/// The roads north of Bayreuth without turn restrictions, which the profile of its tests does not keep.
fn roads_without_restrictions() -> RoadTravel {
    let file = File::open(shared_data().join("road/north-bayreuth.osm.gz")).unwrap();
    let mut text = String::new();
    MultiGzDecoder::new(file).read_to_string(&mut text).unwrap();
    let map = imported(&text.replace("\"restriction\"", "\"nothing\"")).unwrap();
    assert_eq!(map.banned_turns(), 0);
    RoadTravel::new(Arc::new(map)).unwrap()
}

#[test]
#[ignore = "needs ../shared/data: road"]
fn detours_around_closed_areas_are_those_that_graphhopper_states() {
    let free = roads_without_restrictions();
    let mut wrong = Vec::new();
    for ([south, west, north, east], stated) in DETOURS {
        let corner = |lat, lon| Position::new(lat, lon).unwrap();
        let area =
            [corner(south, west), corner(south, east), corner(north, east), corner(north, west)];
        let travel = free.without_roads_through(&area).unwrap();
        let (before, after) = (driven(&free, &stated), driven(&travel, &stated));
        let metres = f64::from(after.on_roads.0);
        println!("{:?} m stated: {} m before, then {metres} m", stated.metres, before.on_roads.0);
        assert!(after.time > before.time);
        let theirs = stated.metres.unwrap();
        if (metres - theirs).abs() > slack(theirs) {
            wrong.push((metres, theirs));
        }
    }
    assert_eq!(wrong, []);
}

/// Times of single drives are those of lists.
#[test]
#[ignore = "needs ../shared/data: road"]
fn drives_take_what_lists_say() {
    let travel = roads("andorra.osm.pbf");
    let mut stops = Vec::new();
    for step in 0..80_u32 {
        let (lat, lon) = (42.46 + 0.017 * f64::from(step % 9), 1.43 + 0.03 * f64::from(step / 9));
        stops.push(Stop::new("x", Position::new(lat, lon).unwrap()));
    }
    let limit = Seconds::from_minutes(60);
    let lists = travel.lists(&stops, &stops, Limits::within(limit)).unwrap();
    let mut compared = 0;
    for (number, from) in stops.iter().enumerate() {
        for (to, time) in lists.from_origin(number) {
            let drive = travel.drive(from, &stops[to.index()], Longest::new(limit)).unwrap();
            assert_eq!(drive.time, time);
            compared += 1;
        }
    }
    assert!(compared > 1_000, "{compared}");
}
