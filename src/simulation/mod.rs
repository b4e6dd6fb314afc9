//! What happens over time: for now the formulas that queues obey.

pub mod formulas;
