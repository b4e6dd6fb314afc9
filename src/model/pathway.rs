//! Care pathways: the ordered stages of care of a condition, and how patients get to the first.

use std::fmt;

use serde::Serialize;
use serde::ser::Serializer;

use super::hospital::is_default;
use super::{Hours, PopulationGroup, Requirement};
use crate::units::Seconds;

/// Most stages that a pathway may have.
pub(crate) const MOST_STAGES: usize = 12;

/// The longest duration of a stage or term: 30 days.
pub(crate) const LONGEST_DURATION: Seconds = Seconds(30 * 24 * 3600);

/// The ordered stages of care of a condition, each with a requirement and a duration.
///
/// Times run in whole seconds from the call. A patient reaches the first stage by one of the means
/// of `first_leg`, goes through the stages in order, and changes hospital between stages at most
/// once. [`crate::pathways`] says what exactly happens.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pathway {
    /// Written key; `id` in files.
    #[serde(rename = "id")]
    pub key: String,
    /// English name.
    pub name: String,
    /// German name.
    pub name_de: String,
    /// Whether its patients may wait for opening hours.
    pub urgency: Urgency,
    /// Which expected cases take it; `None` where nobody knows how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cases: Option<CaseShare>,
    /// Whose times count in figures of people.
    #[serde(skip_serializing_if = "is_default")]
    pub population: PopulationGroup,
    /// Arrivals by hour: 24 numbers by hour of the day, or 168 by hour of the week from Monday 0:00
    /// on; only their proportions matter. Empty for even arrivals.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arrivals: Vec<f64>,
    /// How patients may come; where two means are equally fast, the one that is named first.
    pub first_leg: Vec<Means>,
    /// What a protocol of the rescue service takes for a door: a hospital that can do all stages up
    /// to the one of this key, by whatever way; `None` for the first stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub door: Option<String>,
    /// How patients change hospital.
    pub transfer: TransferRule,
    /// The stages, in order.
    pub stages: Vec<Stage>,
    /// Time limits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// Where structure and figures come from.
    pub source: String,
    /// What of it nobody published, by path: `cases.share`, `stages.imaging.duration`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<String>,
}

/// Whether patients may wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum Urgency {
    /// They may not: what is closed at the moment of the call does not count.
    #[default]
    Emergency,
    /// They may wait for the hour in which they are done first.
    Elective,
}

/// A share of the expected cases of a condition or specialty.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseShare {
    /// Key of the condition or specialty.
    pub of: String,
    /// Share of its cases that take the pathway, 0 to 1.
    pub share: f64,
}

/// How a patient comes to the first hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Means {
    /// By ambulance.
    Ambulance,
    /// By helicopter, in its hours, to hospitals with a helipad that is open.
    Helicopter,
    /// By a car of one's own.
    OwnCar,
}

impl Means {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ambulance => "ambulance",
            Self::Helicopter => "helicopter",
            Self::OwnCar => "own car",
        }
    }
}

/// How patients change hospital between two stages.
///
/// A transfer starts when the stage before is done and takes the door-in-door-out time plus the
/// journey. Where a `Transfer` cooperation of one of the fields runs from the one to the other
/// hospital and is open, it takes that cooperation's door-in-door-out time, or the pathway's where
/// the agreement states none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TransferRule {
    /// Fields of which an agreement must name at least one.
    pub fields: Vec<String>,
    /// Time from the end of the stage before to departure.
    pub door_in_door_out: Seconds,
    /// What holds where no agreement does.
    pub without_agreement: WithoutAgreement,
}

/// Whether patients are handed on where no agreement says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum WithoutAgreement {
    /// They are not.
    Never,
    /// They are, in the pathway's door-in-door-out time.
    Allowed,
    /// They are, after this time in addition.
    After(Seconds),
}

impl WithoutAgreement {
    /// The time in addition; `None` where there is no transfer without an agreement.
    pub fn penalty(self) -> Option<Seconds> {
        match self {
            Self::Never => None,
            Self::Allowed => Some(Seconds(0)),
            Self::After(time) => Some(time),
        }
    }
}

/// One stage of a pathway.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stage {
    /// Written key, unique in the pathway; `id` in files.
    #[serde(rename = "id")]
    pub key: String,
    /// English name.
    pub name: String,
    /// What the hospital must offer, itself or by one of the other ways.
    pub requirement: Requirement,
    /// Time from arrival, or from when help is there, to done.
    pub duration: Seconds,
    /// How the requirement may be met; where two ways are equally fast, the one that is first.
    pub ways: Vec<Way>,
}

/// How a stage may be met.
///
/// In all but the first, parts of the requirement are `remote`: the hospital meets the others, a
/// partner meets these and has an active, open cooperation of that kind with the hospital which
/// covers all `fields` (empty for the specialties that the remote parts name). Terms are those of
/// the cooperation; the ones here hold where it states none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Way {
    /// The hospital meets the whole requirement.
    OnSite,
    /// An expert helps from afar.
    Telemedicine {
        /// Parts of the requirement that the expert meets.
        remote: Vec<Requirement>,
        /// Fields that the cooperation must cover.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        fields: Vec<String>,
        /// Time of the consultation, added before the duration.
        consult: Seconds,
    },
    /// The partner's team travels to the patient.
    VisitingTeam {
        /// Parts of the requirement that the team brings.
        remote: Vec<Requirement>,
        /// Fields that the cooperation must cover.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        fields: Vec<String>,
        /// Time from the alert to the team's departure.
        call_out: Seconds,
        /// When the team is alerted; `None` for the end of the stage before, and for the first
        /// stage the patient's arrival.
        #[serde(skip_serializing_if = "Option::is_none")]
        alert: Option<Alert>,
    },
    /// A centre works for the hospital; nobody moves.
    CentralService {
        /// Parts of the requirement that the centre meets.
        remote: Vec<Requirement>,
        /// Fields that the cooperation must cover.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        fields: Vec<String>,
        /// Time until the result is back, added before the duration.
        turnaround: Seconds,
    },
}

/// When a visiting team is alerted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alert {
    /// With the call: `"call"` in files.
    Call,
    /// When the stage of this key is done.
    Stage(String),
}

impl fmt::Display for Alert {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call => out.write_str("call"),
            Self::Stage(key) => out.write_str(key),
        }
    }
}

impl Serialize for Alert {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl Way {
    /// Its name, as files write it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::OnSite => "OnSite",
            Self::Telemedicine { .. } => "Telemedicine",
            Self::VisitingTeam { .. } => "VisitingTeam",
            Self::CentralService { .. } => "CentralService",
        }
    }

    /// The parts of the requirement that a partner meets.
    pub fn remote(&self) -> &[Requirement] {
        match self {
            Self::OnSite => &[],
            Self::Telemedicine { remote, .. }
            | Self::VisitingTeam { remote, .. }
            | Self::CentralService { remote, .. } => remote,
        }
    }

    /// The fields that a cooperation must cover: those that are written, or else the specialties
    /// that the remote parts name.
    pub fn fields(&self) -> Vec<&str> {
        let written = match self {
            Self::OnSite => return Vec::new(),
            Self::Telemedicine { fields, .. }
            | Self::VisitingTeam { fields, .. }
            | Self::CentralService { fields, .. } => fields,
        };
        if !written.is_empty() {
            return written.iter().map(String::as_str).collect();
        }
        let leaves = self.remote().iter().flat_map(Requirement::leaves);
        let mut fields: Vec<&str> = leaves
            .filter_map(|leaf| match leaf {
                Requirement::Specialty(key) => Some(key.as_str()),
                _ => None,
            })
            .collect();
        fields.dedup();
        fields
    }
}

impl Stage {
    /// What the hospital itself must offer where these parts are remote; `None` when one of them is
    /// no part of the requirement.
    pub fn on_site(&self, remote: &[Requirement]) -> Option<Requirement> {
        if let [whole] = remote
            && *whole == self.requirement
        {
            return Some(Requirement::All(Vec::new()));
        }
        let Requirement::All(parts) = &self.requirement else { return None };
        if !remote.iter().all(|part| parts.contains(part)) {
            return None;
        }
        let rest = parts.iter().filter(|part| !remote.contains(part)).cloned();
        Some(Requirement::All(rest.collect()))
    }
}

/// A time limit of a pathway, as standards of coverage have them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    /// From the call to when.
    pub to: TargetPoint,
    /// The limit in whole minutes, inclusive.
    pub minutes: u32,
    /// Where it comes from; the word "assumed" marks a limit that nobody published.
    pub source: String,
}

impl Target {
    /// The limit, inclusive.
    pub fn limit(&self) -> Seconds {
        Seconds::from_minutes(self.minutes)
    }
}

/// The end of the time that a target limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum TargetPoint {
    /// Arrival at the first hospital's door, before handover.
    Door,
    /// Start of the stage of this key: its end minus its duration.
    Start(String),
    /// End of the stage of this key.
    Done(String),
}

impl TargetPoint {
    /// The key of its stage.
    pub fn stage(&self) -> Option<&str> {
        match self {
            Self::Door => None,
            Self::Start(key) | Self::Done(key) => Some(key),
        }
    }
}

impl Pathway {
    /// The position of the stage of this key.
    pub fn stage(&self, key: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.key == key)
    }

    /// Whether the value at this path is marked as assumed, itself or with what it is part of.
    pub fn is_assumed(&self, path: &str) -> bool {
        self.assumed.iter().any(|mark| {
            path == mark || (path.starts_with(mark.as_str()) && path.as_bytes()[mark.len()] == b'.')
        })
    }

    /// Whether a path as used in `assumed` refers to something that this pathway has.
    pub fn has_path(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            // Even arrivals are an assumption, too.
            [
                "urgency" | "population" | "arrivals" | "first_leg" | "door" | "transfer"
                | "stages",
            ]
            | ["transfer", "fields" | "door_in_door_out" | "without_agreement"] => true,
            ["cases"] | ["cases", "of" | "share"] => self.cases.is_some(),
            ["targets"] => !self.targets.is_empty(),
            ["stages", key] | ["stages", key, "requirement" | "duration" | "ways"] => {
                self.stage(key).is_some()
            }
            _ => false,
        }
    }
}

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
    /// From the hospital's door to the start of its care.
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
    /// From the hospital's door to the start of its care.
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
    /// From the hospital's door to the start of its care.
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

impl FirstLeg {
    /// Time before the journey, and from the door to the start of care, by this means.
    pub fn around(&self, means: Means) -> (Seconds, Seconds) {
        match means {
            Means::Ambulance => {
                let one = &self.ambulance;
                (one.call_handling + one.turnout + one.drive_to_scene + one.on_scene, one.handover)
            }
            Means::Helicopter => {
                let one = &self.helicopter;
                let before = one.call_handling + one.turnout + one.flight_to_scene;
                (before + one.on_scene + one.start_and_landing, one.handover)
            }
            Means::OwnCar => (self.own_car.getting_ready, self.own_car.registration),
        }
    }
}
