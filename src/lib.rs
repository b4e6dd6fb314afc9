//! verbund
pub mod coverage;
pub mod demand;
pub mod model;
pub mod names;
pub mod region;
pub mod report;
pub mod routing;
pub mod stats;
pub mod travel;
pub mod units;
pub use region::Region;
