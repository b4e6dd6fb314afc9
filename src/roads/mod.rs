//! Road graphs: junctions and one-way stretches of road, and the quickest way over them.
//!
//! | type | what it is |
//! |---|---|
//! | [`RoadMap`] | the roads of an area by car, from an extract of OpenStreetMap (feature `osm`) or a file that was made of one |
//! | [`RoadTravel`] | times over a map, as the travel model of a region |
//! | [`RoadDrive`] | one journey over a map, with its metres |
//! | [`EdgeList`] | a graph from a list of edges, TNTP or CSV |
//! | [`RoadGraph`] | junctions and stretches with their times, as research graphs give them, and times to a junction by one search |
//! | [`NearestSites`] | the nearest of many sites from every junction, by one search of all |
//!
//! # What an import makes of OpenStreetMap
//!
//! Rules and numbers are those of OSRM's profile `car.lua` (github.com/Project-OSRM/osrm-backend, as of August 2026),
//! which many services drive by, unless another source stands there. Nothing waits for traffic: times are those of
//! free roads, and OSRM's own users find them at or below those that Google tells.
//!
//! | what | rule |
//! |---|---|
//! | class | `highway` from `motorway` to `service`, with links, and `route=ferry`; no tracks, ways on foot, bus lanes, areas; [`RoadClass`] has the speed of each where none is posted |
//! | posted limit | 80 % of `maxspeed` is driven; `:forward` and `:backward` first; km/h or `mph`; of lists the first plain value; `none` is 140; `walk` is 7 (German courts); limits by kind (`DE:urban` 50, `DE:rural` 100, others 90; section 3 of Germany's road traffic act), also in `maxspeed:type`, `source:maxspeed`, `zone:maxspeed`, `zone:traffic` |
//! | living street | never above 10 km/h |
//! | surface, width | 80 km/h on compacted ground, 60 on paving stones, 40 on gravel, setts, earth roads, 30 on cobblestones, 20 on sand, 10 in mud; half the speed below 3 m of width |
//! | oneway | `yes`, `1`, `true`; `-1`, `reverse`; roundabouts and motorways by themselves; `reversible` and `alternating` are left out |
//! | access | the first of `motorcar`, `motor_vehicle`, `vehicle`, `access` that is there: `no`, `agricultural`, `forestry`, `psv`, `bus` and the like are left out; `private`, `destination`, `customers` are kept, unlike OSRM's through traffic, because the last metres to a hospital often are; they are as slow as their class |
//! | barriers | bollards, blocks and whatever is unknown end a road on both sides; gates take 60 s; a point's own `access` goes before its barrier |
//! | lights, stop signs | 2 s for those who come from the side that `direction` says |
//! | turns | 7.5 s / (1 + exp(-(13 / 1.075 x angle / 180 - 6.5 x 1.075))) to the right (2.1 s by 90 degrees), with 1.075 turned over to the left (5.4 s), where three or more roads meet; turning round, 20 s more, only where no road leads on. Traffic keeps to the right, or where [`Driving`] says so to the left, with the two turned over |
//! | service roads | for those who start or end on them; who drives through from one other road to another pays 15 s (Valhalla's default `service_penalty`) |
//! | turn restrictions | kept where one way leads over one point to another (`no_*`, `only_*`, `restriction:motorcar`); those over ways, by the hour or with several members are counted and left out |
//! | ferries | `duration` by length, else 5 km/h; nobody waits for one |
//! | what is linked | the largest set of junctions from each of which each other is reached; the rest is counted |
//!
//! [`ProfileFactor::ALL`] has what hours and weather do to these times, and [`Driving`] the factor of ambulances.
//!
//! Points of a road between junctions make no junction: pieces of one class that follow each other are one.

mod buckets;
mod cache;
mod counts;
mod cut;
mod drive;
mod edges;
mod error;
mod graph;
mod isochrone;
mod kind;
mod map;
mod nearest;
#[cfg(feature = "osm")]
mod osm;
mod point;
mod profile;
mod search;
mod selection;
mod snap;
#[cfg(test)]
mod tests;
mod travel;
mod turns;

pub use crate::model::RoadClass;
pub use counts::RoadCounts;
pub use drive::RoadDrive;
pub use edges::{EdgeList, EdgeListError};
pub use error::RoadFileError;
pub use graph::{Longest, RoadError, RoadGraph, Stretch};
pub use isochrone::{Outline, OutlinePolygon};
use kind::FileKind;
pub use map::{RoadBounds, RoadMap};
pub use nearest::NearestSites;
#[cfg(feature = "osm")]
pub use osm::ImportRoads;
pub use profile::{Driving, ProfileFactor, RoadGroup, RoadProfile};
pub use travel::{FarStop, RoadTravel};
pub use turns::RoadSide;
