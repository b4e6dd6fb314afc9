//! Why there is no simulation.

use crate::pathways::PathwayError;
use crate::problem::Problems;
use crate::routing::ChoiceError;

/// Why there is no simulation. Nothing was run.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SimulationError {
    /// Settings, a scenario or a model have faults: all of them.
    #[error(transparent)]
    Problems(#[from] Problems),
    /// A parameter of the choice of a hospital is out of range.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
    /// A care pathway cannot be set up.
    #[error(transparent)]
    Pathway(#[from] PathwayError),
    /// A scenario cannot be applied to the region.
    #[error(transparent)]
    Region(#[from] crate::region::RegionError),
    /// No department of the region has a bed.
    #[error("{}", said!("no department of the region has a bed"))]
    NoBeds,
    /// More patients would be in hospital at once than can be simulated.
    #[error("{}", said!("about {patients} patients would be in hospital at once; at most {most} can be simulated: look at people, rates, stays and factors", patients, most))]
    TooManyPatients {
        /// About how many.
        patients: u64,
        /// How many can be simulated.
        most: u64,
    },
    /// Somebody stopped it before it was set up.
    #[error("{}", said!("stopped before the simulation was set up"))]
    Stopped,
    /// No patient of the region reaches a ward: it has no rates of demand, no people, or no hospital in reach.
    #[error("{}", said!("no patient of the region reaches a ward with beds"))]
    NoPatients,
}
