//! Road graphs: junctions and one-way stretches of road, and the quickest way over them.
//!
//! | type | what it is |
//! |---|---|
//! | [`RoadMap`] | the roads of an area by car, from an extract of OpenStreetMap (feature `osm`) or a file that was made of one |
//! | [`RoadTravel`] | times over a map, as the travel model of a region |
//! | [`RoadGraph`] | junctions and stretches with their times, as research graphs give them, and times to a junction by one search |

mod cache;
mod class;
mod counts;
mod error;
mod graph;
mod kind;
mod map;
#[cfg(feature = "osm")]
mod osm;
mod point;
mod search;
mod snap;
#[cfg(test)]
mod tests;
mod travel;
mod turns;

pub use class::RoadClass;
pub use counts::RoadCounts;
pub use error::RoadFileError;
pub use graph::{Longest, RoadError, RoadGraph, Stretch};
use kind::FileKind;
pub use map::{RoadBounds, RoadMap};
#[cfg(feature = "osm")]
pub use osm::ImportRoads;
pub use travel::{FarStop, RoadTravel};
