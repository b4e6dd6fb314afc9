//! What happens over time: arrivals, beds, waiting, diversion and transfer.

pub mod queueing;
