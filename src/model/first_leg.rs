//! How patients get to their first hospital: the times of ambulances, helicopters and their own cars.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::calendar::Hours;
use crate::model::{Means, Spread};
use crate::units::Seconds;

/// Times of the way to the first hospital, by means.
///
/// The drive to the hospital itself is the region's travel time; a flight is the great circle at
/// the helicopter's speed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FirstLeg {
    /// By ambulance.
    pub ambulance: Ambulance,
    /// By helicopter.
    pub helicopter: Helicopter,
    /// By a car of one's own.
    pub own_car: OwnCar,
    /// How times scatter, by path: `ambulance.on_scene`, `own_car.registration`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub spreads: BTreeMap<String, Spread>,
    /// Where the times come from.
    pub source: String,
    /// Which of them nobody published, by path: `ambulance`, `helicopter.km_per_hour`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<String>,
}

/// Times of an ambulance's mission beside the drive to the hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ambulance {
    /// From the call to the alert.
    pub call_handling: Seconds,
    /// From the alert to departure.
    pub turnout: Seconds,
    /// Drive to the patient.
    pub drive_to_scene: Seconds,
    /// With the patient, until departure.
    pub on_scene: Seconds,
    /// From the hospital's door to the end of handover; part of the hospital's time.
    pub handover: Seconds,
}

/// Times of a helicopter's mission beside the flight to the hospital.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Helicopter {
    /// From the call to the alert.
    pub call_handling: Seconds,
    /// From the alert to take-off.
    pub turnout: Seconds,
    /// Flight to the patient.
    pub flight_to_scene: Seconds,
    /// With the patient, until departure.
    pub on_scene: Seconds,
    /// Start at the scene and landing at the hospital together.
    pub start_and_landing: Seconds,
    /// Speed along the great circle in kilometres per hour, above 0 to 1,000.
    pub km_per_hour: f64,
    /// From the hospital's door to the end of handover; part of the hospital's time.
    pub handover: Seconds,
    /// It only flies to a hospital where the patient arrives at least this much earlier than by the
    /// pathway's means on the road, or that no road reaches within the region's cut-off.
    pub least_gain: Seconds,
    /// When it flies, by the hour of the call.
    pub hours: Hours,
}

/// Times of a journey in one's own car beside the drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OwnCar {
    /// From the decision to departure.
    pub getting_ready: Seconds,
    /// From the hospital's door to the end of registration; part of the hospital's time.
    pub registration: Seconds,
}

/// The word for what nobody published.
const ASSUMED: &str = "assumed";

impl Default for FirstLeg {
    /// The times of `networks/catalog`; see there what they rest on.
    fn default() -> Self {
        let minutes = Seconds::from_minutes;
        Self {
            ambulance: Ambulance {
                call_handling: minutes(2),
                turnout: Seconds(90),
                drive_to_scene: minutes(8),
                on_scene: minutes(20),
                handover: Seconds(450),
            },
            helicopter: Helicopter {
                call_handling: minutes(2),
                turnout: minutes(2),
                flight_to_scene: minutes(10),
                on_scene: minutes(20),
                start_and_landing: minutes(5),
                km_per_hour: 220.0,
                handover: Seconds(450),
                least_gain: minutes(15),
                hours: "Mon-Sun 7-19".parse().expect("these are hours of the week"),
            },
            own_car: OwnCar { getting_ready: minutes(15), registration: minutes(5) },
            spreads: BTreeMap::new(),
            source: ASSUMED.to_owned(),
            assumed: ["ambulance", "helicopter", "own_car"].map(str::to_owned).to_vec(),
        }
    }
}

/// What `assumed` of the first leg may name.
pub(crate) const FIRST_LEG_PATHS: [&str; 19] = [
    "ambulance",
    "ambulance.call_handling",
    "ambulance.turnout",
    "ambulance.drive_to_scene",
    "ambulance.on_scene",
    "ambulance.handover",
    "helicopter",
    "helicopter.call_handling",
    "helicopter.turnout",
    "helicopter.flight_to_scene",
    "helicopter.on_scene",
    "helicopter.start_and_landing",
    "helicopter.km_per_hour",
    "helicopter.handover",
    "helicopter.least_gain",
    "helicopter.hours",
    "own_car",
    "own_car.getting_ready",
    "own_car.registration",
];

/// Times of a first leg by what they lead to, each with its path.
pub(crate) struct LegParts {
    pub(crate) until_contact: Vec<(&'static str, Seconds)>,
    pub(crate) until_departure: Vec<(&'static str, Seconds)>,
    pub(crate) handover: (&'static str, Seconds),
}

impl FirstLeg {
    /// How the time at this path scatters.
    pub(crate) fn spread(&self, path: &str) -> Option<Spread> {
        self.spreads.get(path).copied()
    }

    /// The times of a means without a spread, by path; the means alone where it is all of them.
    pub(super) fn without_spread(&self, means: Means) -> Vec<String> {
        let LegParts { until_contact, until_departure, handover } = self.parts(means);

        // A part of 0 seconds cannot scatter.
        let mut timed = [until_contact, until_departure, vec![handover]].concat();
        timed.retain(|(_, time)| *time > Seconds(0));
        let mut without = Vec::new();
        for (path, _) in &timed {
            if self.spread(path).is_none() {
                without.push(*path);
            }
        }

        // A means without any spread is named once, and not with each of its parts.
        if without.len() > 1 && without.len() == timed.len() {
            without = without[0].split('.').take(1).collect();
        }
        without.into_iter().map(|path| format!("first_leg.{path}")).collect()
    }

    /// The parts of a means beside the journey; start and landing come before departure.
    pub(crate) fn parts(&self, means: Means) -> LegParts {
        let (ambulance, helicopter, car) = (&self.ambulance, &self.helicopter, &self.own_car);
        match means {
            Means::Ambulance => LegParts {
                until_contact: vec![
                    ("ambulance.call_handling", ambulance.call_handling),
                    ("ambulance.turnout", ambulance.turnout),
                    ("ambulance.drive_to_scene", ambulance.drive_to_scene),
                ],
                until_departure: vec![("ambulance.on_scene", ambulance.on_scene)],
                handover: ("ambulance.handover", ambulance.handover),
            },
            Means::Helicopter => LegParts {
                until_contact: vec![
                    ("helicopter.call_handling", helicopter.call_handling),
                    ("helicopter.turnout", helicopter.turnout),
                    ("helicopter.flight_to_scene", helicopter.flight_to_scene),
                ],
                until_departure: vec![
                    ("helicopter.on_scene", helicopter.on_scene),
                    ("helicopter.start_and_landing", helicopter.start_and_landing),
                ],
                handover: ("helicopter.handover", helicopter.handover),
            },
            Means::OwnCar => LegParts {
                until_contact: Vec::new(),
                until_departure: vec![("own_car.getting_ready", car.getting_ready)],
                handover: ("own_car.registration", car.registration),
            },
        }
    }

    /// The times of this means beside the journey to the hospital, by medians.
    pub fn times(&self, means: Means) -> LegTimes {
        let parts = self.parts(means);
        let mut contact = Seconds(0);
        for (_, time) in parts.until_contact {
            contact = contact + time;
        }
        let mut departure = contact;
        for (_, time) in parts.until_departure {
            departure = departure + time;
        }
        let (_, handover) = parts.handover;

        // Nobody of the rescue service sees whoever comes in their own car.
        let contact = if means == Means::OwnCar { None } else { Some(contact) };
        LegTimes { contact, departure, handover }
    }
}

/// Times of one means to the first hospital, beside the journey there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LegTimes {
    /// From the call to first contact; `None` where that is at the door.
    pub contact: Option<Seconds>,
    /// From the call to departure; start and landing of a helicopter are in it.
    pub departure: Seconds,
    /// From the door to the end of handover or registration.
    pub handover: Seconds,
}
