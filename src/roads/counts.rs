//! What an import of roads read, kept and left out.

use serde::Serialize;

/// What an import of an extract read, kept and left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RoadCounts {
    /// Ways that cars drive on, ferries included.
    pub ways: u64,
    /// Ways for people on foot, bicycles, horses and buses: no roads for cars.
    pub ways_not_for_cars: u64,
    /// Tracks through fields and forests.
    pub tracks: u64,
    /// Ways on which no car may drive (`access=no`, `motor_vehicle=no`, one for forestry ...), or whose direction
    /// changes by the hour.
    pub ways_without_access: u64,
    /// Ways that are planned, being built, or disused.
    pub ways_not_open: u64,
    /// Points that a way names and the extract lacks: its road was cut at the border.
    pub missing_points: u64,
    /// Points that no car passes: bollards, blocks, locked gates.
    pub barriers: u64,
    /// Turn restrictions over a junction that are kept.
    pub turn_restrictions: u64,
    /// Turn restrictions that are not kept: over another way, by the hour, or of ways that are not there.
    pub other_restrictions: u64,
    /// Pieces of road from which not all others can be reached, or the other way round: they are left out.
    pub cut_off_pieces: u64,
    /// Metres of road that they have together.
    pub cut_off_metres: u64,
}
