//! Road graphs: junctions and one-way stretches of road, and the quickest way over them.
//!
//! [`RoadGraph`] is made from stretches with their times, as research graphs give them, and tells the times from
//! every junction to a hospital's junction by one search.

mod graph;
mod search;
#[cfg(test)]
mod tests;

pub use graph::{Longest, RoadError, RoadGraph, Stretch};
