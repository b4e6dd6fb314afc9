//! How much slower roads are at some hours, in some weather, and for whom.

use serde::Serialize;

use super::{RoadClass, RoadSide};
use crate::model::Basis;
use crate::words::{self, with_mark};

/// When and how people drive: factors on the time that free roads take, by class of road.
///
/// [`ProfileFactor::ALL`] lists every factor with its source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum RoadProfile {
    /// Free roads, as they are imported.
    #[default]
    Free,
    /// The hours when people go to work and back: main roads take 30 % more time, all others 15 % (assumed)
    RushHour,
    /// Ambulances at night: speeds 22 % lower on all roads (doi 10.59297/a7t70e66)
    Night,
    /// Snow on the roads: speeds 25 % lower on motorways and trunk roads, 35 % on all others (assumed, within what the
    /// US road administration FHWA states)
    Snow,
}

/// Roads that a factor is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RoadGroup {
    /// Motorways and trunk roads, with their slip roads.
    Fast,
    /// Primary and secondary roads, with their slip roads.
    Main,
    /// All others but ferries.
    Minor,
    /// Ferries: hours and weather change nothing for one that sails.
    Ferry,
}

impl RoadGroup {
    /// The group of a class.
    pub fn of(class: RoadClass) -> Self {
        match class {
            RoadClass::Motorway
            | RoadClass::MotorwayLink
            | RoadClass::Trunk
            | RoadClass::TrunkLink => Self::Fast,
            RoadClass::Primary
            | RoadClass::PrimaryLink
            | RoadClass::Secondary
            | RoadClass::SecondaryLink => Self::Main,
            RoadClass::Ferry => Self::Ferry,
            _ => Self::Minor,
        }
    }

    /// What it is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Fast => "motorways and trunk roads",
            Self::Main => "primary and secondary roads",
            Self::Minor => "all other roads",
            Self::Ferry => "ferries",
        }
    }
}

/// What the time over some roads is multiplied with in a profile, and where that comes from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ProfileFactor {
    /// The profile.
    pub profile: RoadProfile,
    /// The roads.
    pub roads: RoadGroup,
    /// What the time of free roads is multiplied with.
    pub factor: f64,
    /// Whether somebody measured it.
    pub basis: Basis,
    /// Who says so, or what an assumption rests on.
    pub source: &'static str,
}

/// Of the ambulance factor.
const AMBULANCES: &str = "1 is as the car drives; in Denmark 1,981 journeys of the highest urgency took 1.9 min less for 10 km than Google Maps told, and 8,958 of the lowest 1.8 min more (doi 10.1007/s11739-023-03501-7)";
const RUSH_HOUR: &str = "European cities took 24 % more time than free roads in 2012 (TomTom); 97,000 ambulance journeys in a large German city were hardly slower at rush hour (doi 10.59297/a7t70e66)";
const NIGHT: &str = "97,000 ambulance journeys in a large German city: speeds 22 % lower at night (doi 10.59297/a7t70e66)";
const SNOW: &str = "FHWA, How do weather events impact roads: heavy snow takes 5 to 40 % of the speed on freeways, snow or slush 30 to 40 % on arterial roads";

const fn factor(
    profile: RoadProfile,
    roads: RoadGroup,
    factor: f64,
    basis: Basis,
) -> ProfileFactor {
    let source = match profile {
        RoadProfile::Free => "",
        RoadProfile::RushHour => RUSH_HOUR,
        RoadProfile::Night => NIGHT,
        RoadProfile::Snow => SNOW,
    };
    ProfileFactor { profile, roads, factor, basis, source }
}

impl ProfileFactor {
    /// Every factor that is not 1.
    pub const ALL: [Self; 9] = [
        factor(RoadProfile::RushHour, RoadGroup::Fast, 1.3, Basis::Assumed),
        factor(RoadProfile::RushHour, RoadGroup::Main, 1.3, Basis::Assumed),
        factor(RoadProfile::RushHour, RoadGroup::Minor, 1.15, Basis::Assumed),
        // 22 % slower is 1 / 0.78 of the time.
        factor(RoadProfile::Night, RoadGroup::Fast, 1.0 / 0.78, Basis::Sourced),
        factor(RoadProfile::Night, RoadGroup::Main, 1.0 / 0.78, Basis::Sourced),
        factor(RoadProfile::Night, RoadGroup::Minor, 1.0 / 0.78, Basis::Sourced),
        factor(RoadProfile::Snow, RoadGroup::Fast, 1.0 / 0.75, Basis::Assumed),
        factor(RoadProfile::Snow, RoadGroup::Main, 1.0 / 0.65, Basis::Assumed),
        factor(RoadProfile::Snow, RoadGroup::Minor, 1.0 / 0.65, Basis::Assumed),
    ];
}

impl RoadProfile {
    /// What the time over a road of a class is multiplied with; ferries keep to their timetable.
    ///
    /// ```
    /// use verbund::roads::{RoadClass, RoadProfile};
    ///
    /// assert_eq!(RoadProfile::Free.factor(RoadClass::Primary), 1.0);
    /// assert_eq!(RoadProfile::RushHour.factor(RoadClass::Primary), 1.3);
    /// // 22 % slower is 1 / 0.78 of the time.
    /// assert_eq!(RoadProfile::Night.factor(RoadClass::Primary), 1.0 / 0.78);
    /// assert_eq!(RoadProfile::Snow.factor(RoadClass::Ferry), 1.0);
    /// ```
    pub fn factor(self, class: RoadClass) -> f64 {
        let roads = RoadGroup::of(class);
        for listed in ProfileFactor::ALL {
            if listed.profile == self && listed.roads == roads {
                return listed.factor;
            }
        }
        // What no table names is as on free roads: those themselves, and ferries.
        1.0
    }

    /// As names of travel models say it, with what is assumed.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Free => "on free roads",
            Self::RushHour => "at rush hour (factors assumed)",
            Self::Night => "at night",
            Self::Snow => "in snow (factors assumed)",
        }
    }
}

/// How people drive over roads: when, and in what.
///
/// ```
/// use verbund::roads::{Driving, RoadClass, RoadProfile};
///
/// let ambulance = Driving::at(RoadProfile::RushHour).ambulance_factor(0.9);
/// assert_eq!(ambulance.factor(RoadClass::Primary), 1.3 * 0.9);
/// assert_eq!(ambulance.factor(RoadClass::Ferry), 1.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Driving {
    /// When, and in what weather.
    pub profile: RoadProfile,
    /// What every time over roads is multiplied with for ambulances; 1 is as the car drives (assumed).
    pub ambulance_factor: f64,
    /// On which side of the road they drive: turns over the oncoming lane cost more.
    pub side: RoadSide,
}

impl From<RoadProfile> for Driving {
    /// A car.
    fn from(profile: RoadProfile) -> Self {
        Self::at(profile)
    }
}

impl Default for Driving {
    /// A car on free roads.
    fn default() -> Self {
        Self::at(RoadProfile::Free)
    }
}

impl Driving {
    /// The least and the largest factor of ambulances.
    pub const AMBULANCE_FACTORS: [f64; 2] = [0.5, 2.0];
    /// What the ambulance factor rests on.
    pub const AMBULANCE_SOURCE: &'static str = AMBULANCES;

    /// A car at some hours, or in some weather.
    pub fn at(profile: RoadProfile) -> Self {
        Self { profile, ambulance_factor: 1.0, side: RoadSide::Right }
    }

    /// With another factor of ambulances, 0.5 to 2; what lies beyond is taken as the nearest of them.
    #[must_use]
    pub fn ambulance_factor(self, factor: f64) -> Self {
        let [least, largest] = Self::AMBULANCE_FACTORS;
        // What is no number is as good as none.
        let factor = if factor.is_nan() { 1.0 } else { factor.clamp(least, largest) };
        Self { ambulance_factor: factor, ..self }
    }

    /// On another side of the road.
    #[must_use]
    pub fn side(self, side: RoadSide) -> Self {
        Self { side, ..self }
    }

    /// What the time over a road of a class is multiplied with; ferries keep to their timetable.
    pub fn factor(self, class: RoadClass) -> f64 {
        match RoadGroup::of(class) {
            RoadGroup::Ferry => 1.0,
            _ => self.profile.factor(class) * self.ambulance_factor,
        }
    }

    /// As names of travel models say it.
    pub(super) fn words(self) -> String {
        let profile = words::of(self.profile.words());
        let name = if self.ambulance_factor == 1.0 {
            said!("by car {profile}", profile)
        } else {
            let factor = with_mark(self.ambulance_factor.to_string());
            said!("by ambulance (x {factor} of the car's time, assumed) {profile}", factor, profile)
        };

        if self.side == RoadSide::Left { said!("{name}, on the left", name) } else { name }
    }
}
