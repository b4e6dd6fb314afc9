//! What happens over time: arrivals, beds, waiting, diversion and transfer.

pub mod formulas;
pub mod queueing;
