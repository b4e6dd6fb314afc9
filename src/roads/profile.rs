//! How much slower roads are at some hours and in some weather.

use super::RoadClass;

/// When and how people drive: factors on the time that free roads take, by class of road.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum RoadProfile {
    /// Free roads, as they are imported.
    #[default]
    Free,
    /// The hours when people go to work and back: motorways and main roads take 30 % more time, all others 15 %
    /// (assumed; a study of 97,000 ambulance runs in a large German city found little effect on ambulances)
    RushHour,
    /// Ambulances at night: speeds 22 % lower on all roads (the same study, doi 10.59297/a7t70e66)
    Night,
    /// Snow on the roads: speeds 25 % lower on motorways and trunk roads, 35 % on all others (assumed, within what
    /// the US road administration FHWA states: 5 to 40 % on freeways in heavy snow, 30 to 40 % on other main roads)
    Snow,
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
        let is_fast = matches!(
            class,
            RoadClass::Motorway | RoadClass::MotorwayLink | RoadClass::Trunk | RoadClass::TrunkLink
        );
        // Where most people drive at the same time.
        let is_main = is_fast
            || matches!(
                class,
                RoadClass::Primary
                    | RoadClass::PrimaryLink
                    | RoadClass::Secondary
                    | RoadClass::SecondaryLink
            );
        match self {
            Self::Free => 1.0,
            // Before all others: weather and hours change nothing for a ferry that sails.
            _ if class == RoadClass::Ferry => 1.0,
            Self::RushHour if is_main => 1.3,
            Self::RushHour => 1.15,
            Self::Night => 1.0 / 0.78,
            Self::Snow if is_fast => 1.0 / 0.75,
            Self::Snow => 1.0 / 0.65,
        }
    }

    /// As names of travel models say it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Free => "on free roads",
            Self::RushHour => "at rush hour",
            Self::Night => "at night",
            Self::Snow => "in snow",
        }
    }
}
