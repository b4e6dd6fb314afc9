//! What scenarios change of journeys and cases: a model carries it, files do not.

use serde::{Deserialize, Serialize};

use super::{PopulationGroup, Position, RoadOfMap};
use crate::units::Seconds;

/// More, or fewer, cases of some people in some districts; the people stay as many.
///
/// Where two of them meet, their factors are multiplied.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DemandScale {
    /// What cases are multiplied by, 0 to 100; 1 is as usual.
    pub factor: f64,
    /// Whose cases; everybody's when a file says nothing. Where the ages cut an age band, the cases of
    /// its years are spread as demand spreads them.
    #[serde(default, skip_serializing_if = "PopulationGroup::is_everybody")]
    pub population: PopulationGroup,
    /// Districts (Kreise) in which they live; empty for everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub districts: Vec<String>,
}

/// Journeys by road to hospitals take longer, or have no way.
///
/// A journey is concerned when its place, its hospital and its straight line fit what is given. Where two
/// roads are slow at once, the delays of a journey add up. Where no place is named, journeys between
/// hospitals are concerned as well, by the hospital that they end at and their straight line.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Road {
    /// Keys of the places from which journeys are concerned; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
    /// Keys of the hospitals to which journeys are concerned; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// Corners of a corridor, three or more, of which the last is linked with the first: only journeys
    /// whose straight line, from the centre of the place to the hospital on a map of degrees, crosses it,
    /// touches it or ends in it; empty for all. Not all three of the lists may be empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corridor: Vec<Position>,
    /// How much longer they take; `None` when there is no way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<Seconds>,
}

/// What a scenario changed of journeys and cases; empty for what a folder says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Adjustments {
    /// Roads that are slow or closed, in the order in which they became so.
    pub roads: Vec<Road>,
    /// Roads of a map that are slow or closed, in the order in which they became so.
    pub roads_of_map: Vec<RoadOfMap>,
    /// Cases that are scaled, in the order in which they were.
    pub demand: Vec<DemandScale>,
}

impl Adjustments {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.roads.is_empty() && self.roads_of_map.is_empty() && self.demand.is_empty()
    }
}
