//! What happens over time: arrivals, beds, waiting, diversion and transfer.
//!
//! [`PatientFlow`] makes a queueing network of a region; [`simulate`] runs it, with scenarios beside it
//! that see the same patients. [`queueing`] is the simulator below, which knows nothing of hospitals;
//! [`formulas`] are what theory says at once.

mod build;
mod error;
mod flow;
pub mod formulas;
mod incident;
mod origins;
mod periods;
pub mod queueing;
mod replications;
mod results;
mod sample;
mod settings;
mod stages;
mod subjects;
mod surge;
mod trace;
mod wards;

pub use error::SimulationError;
pub use flow::PatientFlow;
pub use incident::{Allocation, Brought, Triage};
pub use replications::{Ended, replicate};
pub use results::{DayCensus, Figure, Plan, Precision, Results, RosterUse, Scope, simulate};
pub use sample::{Sample, WardSample};
pub use settings::Settings;
pub use stages::{PlaceWait, StageChange, StageWait};
#[cfg(feature = "parquet")]
pub use trace::ParquetTrace;
pub use trace::{CsvTrace, Stay, trace};
pub use wards::{BedSource, Ward};
