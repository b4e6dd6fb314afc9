//! Classes of roads, with the speed where none is posted.

use serde::{Deserialize, Serialize};

/// What kind of road a piece is, after the tag `highway` of OpenStreetMap; a ferry counts as a road.
///
/// Speeds where no limit is posted are those of OSRM's profile `car.lua`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RoadClass {
    /// A motorway: 90 km/h where nothing is posted.
    Motorway,
    /// Its slip roads: 45 km/h.
    MotorwayLink,
    /// A trunk road: 85 km/h.
    Trunk,
    /// Its slip roads: 40 km/h.
    TrunkLink,
    /// A primary road, in Germany mostly a Bundesstraße: 65 km/h.
    Primary,
    /// Its slip roads: 30 km/h.
    PrimaryLink,
    /// A secondary road: 55 km/h.
    Secondary,
    /// Its slip roads: 25 km/h.
    SecondaryLink,
    /// A tertiary road: 40 km/h.
    Tertiary,
    /// Its slip roads: 20 km/h.
    TertiaryLink,
    /// A minor road, or one of which nobody said what it is: 25 km/h.
    Unclassified,
    /// A road along which people live: 25 km/h.
    Residential,
    /// A street on which people on foot come first: 10 km/h.
    LivingStreet,
    /// A drive, an alley, a way to a car park: 15 km/h.
    Service,
    /// A ferry that takes cars: 5 km/h where it does not say how long it takes.
    Ferry,
}

impl RoadClass {
    /// All of them, the fastest first.
    pub const ALL: [Self; 15] = [
        Self::Motorway,
        Self::MotorwayLink,
        Self::Trunk,
        Self::TrunkLink,
        Self::Primary,
        Self::PrimaryLink,
        Self::Secondary,
        Self::SecondaryLink,
        Self::Tertiary,
        Self::TertiaryLink,
        Self::Unclassified,
        Self::Residential,
        Self::LivingStreet,
        Self::Service,
        Self::Ferry,
    ];

    /// What OpenStreetMap calls it, and its speed in km/h where none is posted.
    fn described(self) -> (&'static str, f64) {
        match self {
            Self::Motorway => ("motorway", 90.0),
            Self::MotorwayLink => ("motorway_link", 45.0),
            Self::Trunk => ("trunk", 85.0),
            Self::TrunkLink => ("trunk_link", 40.0),
            Self::Primary => ("primary", 65.0),
            Self::PrimaryLink => ("primary_link", 30.0),
            Self::Secondary => ("secondary", 55.0),
            Self::SecondaryLink => ("secondary_link", 25.0),
            Self::Tertiary => ("tertiary", 40.0),
            Self::TertiaryLink => ("tertiary_link", 20.0),
            Self::Unclassified => ("unclassified", 25.0),
            Self::Residential => ("residential", 25.0),
            Self::LivingStreet => ("living_street", 10.0),
            Self::Service => ("service", 15.0),
            Self::Ferry => ("ferry", 5.0),
        }
    }

    /// What OpenStreetMap calls it: the value of `highway`, or `ferry`.
    pub fn key(self) -> &'static str {
        self.described().0
    }

    /// The class of a key; `None` where no class has it.
    ///
    /// ```
    /// use verbund::model::RoadClass;
    ///
    /// assert_eq!(RoadClass::of_key("trunk_link"), Some(RoadClass::TrunkLink));
    /// assert_eq!(RoadClass::of_key("footway"), None);
    /// ```
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.key() == key)
    }

    /// Its speed in km/h where none is posted.
    pub fn usual_speed(self) -> f64 {
        self.described().1
    }

    /// The class of a value of `highway`; `None` for what no car drives on.
    pub fn of_highway(value: &str) -> Option<Self> {
        // Somebody drew a road from a picture: it is there, and the slowest guess is the safest.
        if value == "road" {
            return Some(Self::Unclassified);
        }
        let class = Self::of_key(value)?;
        (class != Self::Ferry).then_some(class)
    }

    /// Whether somebody who starts beside it can drive onto it.
    pub(crate) fn is_entered(self) -> bool {
        !matches!(self, Self::Motorway | Self::MotorwayLink | Self::Ferry)
    }
}
