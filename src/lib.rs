//! verbund
pub mod model;
pub mod demand;
pub mod stats;
pub mod travel;
pub mod units;
