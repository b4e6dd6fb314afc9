//! What exists: hospitals, cooperations, alliances, places and the catalog of what they refer to.
//!
//! [`Folder`] reads a network's files and reports every fault at once ([`Problems`]); the result
//! is a [`Model`]. [`NetworkBuilder`] makes a network in code. A [`Scenario`] says what changes in
//! it, when, and why.

mod alliance;
mod builder;
mod catalog;
mod check;
mod cooperation;
mod date;
mod date_time;
mod file;
mod graph;
mod hospital;
mod hours;
mod location;
mod network;
mod pathway;
mod place;
mod position;
mod problem;
mod requirement;
mod rules;
mod scenario;
mod service_group;

pub use alliance::{Alliance, Purpose};
pub use builder::NetworkBuilder;
pub use catalog::{
    AgeIndex, ByAge, Catalog, Condition, DemandRates, FacilityKind, Field, Rate, ReferenceBand,
    Specialty, Standard,
};
pub use cooperation::{
    COOPERATION_KINDS, Cooperation, CooperationKind, Direction, Parties, Status,
};
pub use date::{Date, ParseDateError};
pub use date_time::{DateTime, ParseDateTimeError};
pub use file::{Folder, ScenarioDraft};
pub use graph::{CooperationGraph, Dependence, GraphFilter, Partner};
pub use hospital::{
    CareLevel, Department, DepartmentKind, EmergencyLevel, Facility, Fact, FormerOperator,
    Hospital, Ownership, SiteKind,
};
pub use hours::{HourOfWeek, Hours, Moment, ParseHoursError, ParseMomentError};
pub use network::{HospitalId, Measure, Network, Omission, Published, Source};
pub use pathway::{
    Alert, Ambulance, CaseShare, FirstLeg, Helicopter, Means, OwnCar, Pathway, Stage, Target,
    TargetPoint, TransferRule, Urgency, Way, WithoutAgreement,
};
pub(crate) use pathway::{FIRST_LEG_PATHS, MOST_STAGES};
pub(crate) use place::equal_share;
pub use place::{AgeBand, PartRule, Place, Places, Population, PopulationGroup, Sex};
pub use position::{Position, PositionError};
pub use problem::{Problem, ProblemKind, Problems, closest};
pub use requirement::Requirement;
pub use rules::{
    DepartmentList, EmergencyRules, EmergencyStage, ListedDepartment, MinimumVolume,
    MinimumVolumes, Provision, SupplementRules,
};
pub use scenario::{
    Adjustments, AllocationKeys, CHANGES, Change, Conversion, CooperationChange, DatedChange,
    DemandScale, DepartmentKey, DepartmentMove, DepartmentSize, FacilityKey, HospitalSize,
    Incident, Membership, Merger, NewCareLevel, NewDepartment, NewEmergencyLevel, NewFacility,
    NewHours, NewOperator, PopulationTable, Refers, Road, Scenario, SmallerSite, StaffedShare,
    Surge,
};
pub(crate) use scenario::{FaultInOrder, change_label, changed, faults_in_order};

pub use service_group::{
    GroupAssumptions, GroupBlock, GroupOffer, GroupRef, GroupTerm, GroupTerms, INTENSIVE_CARE,
    IntensiveGrade, LAST_GROUP, ParseGroupsError, ServiceGroup, ServiceGroups,
};

use serde::Serialize;

use crate::units::Seconds;

/// One band of speeds of the crow-fly travel model.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SpeedBand {
    /// Road distance in kilometres at which the band ends; `None` for the last band.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub up_to_km: Option<f64>,
    /// Speed on that part of the journey in kilometres per hour, above 0.
    pub km_per_hour: f64,
}

/// Parameters of the crow-fly travel model, as a network file gives them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TravelSettings {
    /// Road distance over great-circle distance, 1 or more.
    pub detour: f64,
    /// Time that every journey takes in addition: to the car, to the door.
    pub access: Seconds,
    /// Speeds by road distance from the start, rising in distance; the last band has no end.
    pub speeds: Vec<SpeedBand>,
}

impl Default for TravelSettings {
    /// The parameters of `networks/leipzig`; see there what they rest on.
    fn default() -> Self {
        let band = |up_to_km, km_per_hour| SpeedBand { up_to_km, km_per_hour };
        Self {
            detour: 1.3,
            access: Seconds::from_minutes(2),
            speeds: vec![band(Some(3.0), 35.0), band(Some(15.0), 60.0), band(None, 85.0)],
        }
    }
}

/// One journey of a table of travel times.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TravelRow {
    /// Key of the place.
    pub place: String,
    /// Key of the hospital.
    pub hospital: String,
    /// Time of the journey.
    pub time: Seconds,
}

/// Everything that a network's folder says.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Hospitals, cooperations and alliances of all dates.
    pub network: Network,
    /// Where people live.
    pub places: Places,
    /// How places are laid out as points.
    pub parts: PartRule,
    /// Parameters of the crow-fly travel model.
    pub travel: TravelSettings,
    /// Journeys of a table, in the order of their keys; it then replaces the crow-fly model.
    pub travel_times: Option<Vec<TravelRow>>,
    /// What scenarios changed of journeys and cases; nothing for what a folder says.
    pub adjustments: Adjustments,
}
