//! Roads of a map that are slow or closed, and what a map lacks of them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Position, RoadClass};

/// Roads as a map knows them are slow or closed: by OpenStreetMap's number of a way, by name or number of the road,
/// by class, by area.
///
/// A road is concerned when one of `ways`, `names` and `classes` names it, or when all three are empty. With an area
/// only its lines that lead through the area are: what lies before and behind them stays as it is. Journeys then go
/// round, where that is quicker, and who lives at a closed road starts from the nearest open one.
///
/// Of use only where journeys are measured over a map of roads ([`RoadTravel`](crate::roads::RoadTravel)); elsewhere it
/// is refused by name. A corridor over which journeys are delayed on any network is a [`Road`](super::Road).
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct RoadOfMap {
    /// Numbers of ways in OpenStreetMap.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<i64>,
    /// Names or numbers of roads: `Elbbrücke`, `B 182`. Capital letters and spaces make no difference.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Classes of roads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<RoadClass>,
    /// Corners of an area, three or more, of which the last is linked with the first; empty for everywhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub area: Vec<Position>,
    /// What the time over them is multiplied with, above 1; `None` when they are closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<f64>,
}

/// What of a [`RoadOfMap`] a map does not have: such a change would do nothing, and nobody would know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MissingRoad {
    /// Journeys are measured without a map.
    NoMap,
    /// Journeys were changed by hand after they were measured: the map does not tell them any more.
    OtherJourneys,
    /// No road is of this way.
    Way {
        /// Its number.
        way: i64,
        /// Its position in `ways`.
        index: usize,
        /// The way whose number is closest, where one is close enough to be meant.
        closest: Option<String>,
    },
    /// No road has this name.
    Name {
        /// The name.
        name: String,
        /// Its position in `names`.
        index: usize,
        /// The name that is closest, where one is close enough to be meant.
        closest: Option<String>,
    },
    /// No road is of this class.
    Class {
        /// The class.
        class: RoadClass,
        /// Its position in `classes`.
        index: usize,
    },
    /// None of the roads leads through the area.
    Area,
    /// The map with these changes has more turns than a graph can hold.
    TooManyTurns,
}

impl MissingRoad {
    /// The field of the change that it is about, such as `names[0]`; empty for the change as a whole.
    pub fn field(&self) -> String {
        match self {
            Self::Way { index, .. } => format!("ways[{index}]"),
            Self::Name { index, .. } => format!("names[{index}]"),
            Self::Class { index, .. } => format!("classes[{index}]"),
            Self::Area => "area".to_owned(),
            Self::NoMap | Self::OtherJourneys | Self::TooManyTurns => String::new(),
        }
    }

    /// The name or way that was probably meant.
    pub fn closest(&self) -> Option<&str> {
        match self {
            Self::Way { closest, .. } | Self::Name { closest, .. } => closest.as_deref(),
            _ => None,
        }
    }

    /// What is missing, without what was probably meant.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::NoMap => said!(
                "roads of a map are slow or closed, but journeys are measured without a map of roads"
            ),
            Self::OtherJourneys => said!(
                "roads of a map are slow or closed, but journeys were changed by hand, and no map tells them"
            ),
            Self::Way { way, .. } => said!("the map has no way {way}", way),
            Self::Name { name, .. } => said!("the map has no road \"{name}\"", name),
            Self::Class { class, .. } => {
                said!("the map has no road of class \"{class}\"", class = class.key())
            }
            Self::Area => said!("none of these roads leads through the area"),
            Self::TooManyTurns => said!("the map has more turns than a graph can hold"),
        }
    }
}

impl fmt::Display for MissingRoad {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message())?;
        match self.closest() {
            Some(near) => out.write_str(&said!("; did you mean \"{near}\"?", near)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for MissingRoad {}
