//! What exists: hospitals, cooperations, alliances, places and the catalog of what they refer to.
//!
//! A [`Model`] is everything that a network's folder says; [`files::Folder`](crate::files::Folder) reads one, and
//! [`NetworkBuilder`] makes a network in code. What changes in it is a [`Scenario`](crate::scenario::Scenario).

mod adjustments;
mod alliance;
mod area;
mod builder;
mod catalog;
pub(crate) mod check;
mod cooperation;
mod first_leg;
mod graph;
pub(crate) mod hospital;
mod keyed;
mod links;
pub(crate) mod location;
mod margin;
mod network;
mod pathway;
pub(crate) mod place;
mod position;
mod recorded;
pub(crate) mod renamed;
mod requirement;
mod road_class;
mod roads_of_map;
mod rules;
pub(crate) mod service_group;

pub use adjustments::{Adjustments, DemandScale, Road};
pub use alliance::{Alliance, Purpose};
pub use area::{Area, AreaSource, Areas, AreasOfPlaces};
pub use builder::NetworkBuilder;
pub use catalog::{
    AgeIndex, ByAge, Catalog, Condition, DemandRates, FacilityKind, Field, Rate, ReferenceBand,
    Specialty, Standard,
};
pub(crate) use check::{check_cooperations, check_layout, has_field};
pub use cooperation::{
    COOPERATION_KINDS, Cooperation, CooperationKind, Direction, Parties, Status,
};
pub(crate) use first_leg::FIRST_LEG_PATHS;
pub use first_leg::{Ambulance, FirstLeg, Helicopter, LegTimes, OwnCar};
pub use graph::{CooperationGraph, Dependence, GraphFilter, Partner};
pub(crate) use hospital::MOST_FROM_BEYOND;
pub use hospital::{
    Basis, CareLevel, Department, DepartmentKind, EmergencyLevel, Facility, Fact, FormerOperator,
    Hospital, Ownership, SiteKind,
};
pub(crate) use keyed::{KnownKeys, serialize_id};
pub use links::Link;
pub use margin::{BandEnd, Ends, Margin, OverBand};
pub use network::{CooperationId, HospitalId, Measure, Network, Omission, Published, Source};
pub(crate) use network::{Tag, tag_of};
pub use pathway::{
    Alert, CaseShare, Event, Means, Pathway, PatientGroup, PublishedTime, ShareWithin, Spread,
    Stage, StageFrom, StageIndex, StageProvision, Target, TransferRule, Urgency, WayIndex,
    WithoutAgreement,
};
pub(crate) use pathway::{FARTHEST, MOST_STAGES};
#[cfg(feature = "import")]
pub(crate) use place::check_bands;
pub(crate) use place::equal_share;
pub use place::{AgeBand, PartRule, Place, Places, Population, PopulationGroup, Sex};
pub use position::{Position, PositionError};
pub use recorded::Recorded;
pub use requirement::{Answer, Gaps, Requirement, UnknownSite};
pub use road_class::RoadClass;
pub use roads_of_map::{MissingRoad, RoadOfMap};
pub use rules::{
    DepartmentList, EmergencyRules, EmergencyStage, ListedDepartment, MinimumVolume,
    MinimumVolumes, Provision, SupplementRules, VolumeBasis, VolumeLine,
};

pub use service_group::{
    GroupAssumptions, GroupBlock, GroupOffer, GroupRef, GroupTerm, GroupTerms, INTENSIVE_CARE,
    IntensiveGrade, LAST_GROUP, ParseGroupsError, ServiceGroup, ServiceGroups,
};

use std::sync::Arc;

use serde::Serialize;

use crate::calendar::Date;
use crate::problem::Problems;

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
    /// How far the network's journeys may be off, those of a table of travel times, too, where it has one; `None`
    /// for what is usual: [`Margin::crow_fly`], or [`Margin::roads`] with a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<Margin>,
}

impl Default for TravelSettings {
    /// The parameters of `networks/leipzig`; see there what they rest on.
    fn default() -> Self {
        let band = |up_to_km, km_per_hour| SpeedBand { up_to_km, km_per_hour };
        Self {
            detour: 1.3,
            access: Seconds::from_minutes(2),
            speeds: vec![band(Some(3.0), 35.0), band(Some(15.0), 60.0), band(None, 85.0)],
            margin: None,
        }
    }
}

/// One journey of a table of travel times.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TravelRow {
    /// Key of the place, or of the hospital, that it starts from; rows of one start share it.
    pub place: Arc<str>,
    /// Key of the hospital.
    pub hospital: Arc<str>,
    /// Time of the journey; `None` where there is no way, which says more than a pair that is not there:
    /// between two hospitals the crow then flies.
    pub time: Option<Seconds>,
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
    /// Journeys of a table, in the order of their keys; it then replaces the crow-fly model, but for pairs
    /// of hospitals that it does not name.
    pub travel_times: Option<Vec<TravelRow>>,
    /// What scenarios changed of journeys and cases; nothing for what a folder says.
    pub adjustments: Adjustments,
}

/// Pairs that a table of travel times says nothing of, among all that there could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MissingJourneys {
    /// Pairs of a place and a hospital that the table does not name: no way.
    pub from_places: u64,
    /// All pairs of a place and a hospital.
    pub pairs_from_places: u64,
    /// Pairs of two hospitals, each way, that the table does not name: as the crow flies.
    pub between_hospitals: u64,
    /// All pairs of two hospitals, each way.
    pub pairs_of_hospitals: u64,
}

impl Model {
    /// The model of a day: its network is [`Network::as_of`] that day.
    #[must_use]
    pub fn as_of(&self, day: Date) -> Self {
        Self { network: self.network.as_of(day), ..self.clone() }
    }

    /// How many journeys the table of travel times says nothing of, hospitals of all dates included; `None`
    /// without a table.
    pub fn missing_journeys(&self) -> Option<MissingJourneys> {
        let rows = self.travel_times.as_ref()?;
        let keys = self.places.places.iter().map(|place| place.key.as_str());
        let places: std::collections::BTreeSet<&str> = keys.collect();
        let (mut of_places, mut of_hospitals) = (0, 0);
        for row in rows {
            // A table outlives the hospitals of a day: rows to those that are closed are no journeys.
            if self.network.find(&row.hospital).is_none() {
                continue;
            }
            if places.contains(&*row.place) {
                of_places += 1;
            } else if row.place != row.hospital {
                of_hospitals += 1;
            }
        }
        let hospitals = self.network.hospitals().len() as u64;
        let pairs_from_places = places.len() as u64 * hospitals;
        let pairs_of_hospitals = hospitals * hospitals.saturating_sub(1);
        Some(MissingJourneys {
            from_places: pairs_from_places.saturating_sub(of_places),
            pairs_from_places,
            between_hospitals: pairs_of_hospitals.saturating_sub(of_hospitals),
            pairs_of_hospitals,
        })
    }

    /// Looks for faults in what was built in code: places, their layout, the travel model, and where
    /// places and hospitals lie. A folder that was read has none.
    ///
    /// The network needs no check: [`NetworkBuilder::build`] made it.
    ///
    /// # Errors
    ///
    /// Every fault: places that do not stand in the order of their keys, once each; counts of people
    /// that are not one for each band; numbers out of range; more than 10 billion people in all, or more
    /// parts than 500,000 and than two a place; a place that lies far from every hospital, or a hospital
    /// far from every place; with a table of travel times, a place with the key of a hospital.
    ///
    /// ```
    /// use verbund::files::Folder;
    /// use verbund::model::Position;
    ///
    /// let mut model = Folder::small().read()?;
    /// model.check()?;
    /// let position = model.places.places[0].position;
    /// // Latitude and longitude exchanged.
    /// model.places.places[0].position = Position::new(position.lon(), position.lat()).unwrap();
    /// let problems = model.check().unwrap_err();
    /// assert!(problems.list()[0].expected.contains("exchanged"));
    /// # Ok::<(), verbund::problem::Problems>(())
    /// ```
    pub fn check(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        check::check_places(&self.places, &mut problems);
        let ground = check::Ground {
            places: &self.places,
            parts: &self.parts,
            travel: &self.travel,
            hospitals: self.network.hospitals(),
            journeys: self.travel_times.as_deref(),
            table: None,
        };
        check::check_ground(ground, &location::Locations::default(), &mut problems);
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}
