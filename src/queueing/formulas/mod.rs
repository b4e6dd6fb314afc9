//! Queues by formula: refused and waiting patients, beds for a target, pooling, open networks.
//!
//! The formulas answer at once where a simulation takes minutes, and they are the theory that a
//! simulation is tested against. All of them describe the steady state: rates never change, and
//! the beginning is long ago.
//!
//! | question | answer | holds for |
//! |---|---|---|
//! | How many are refused by a full ward? | [`erlang_b`], [`Station::loss`] | arrivals at random, any stay |
//! | How many beds keep refusals below 2 %? | [`beds_for`] | the same |
//! | What do wards gain that share their beds? | [`pooling()`] | the same |
//! | How many wait, and how long? | [`erlang_c`], [`Station::wait`] | arrivals at random, exponential service |
//! | How many servers, so that few wait? | [`servers_for`] | the same |
//! | ... with other scatter of arrivals or service? | [`Station::allen_cunneen`] | approximation |
//! | ... with few waiting places? | [`Station::with_room`] | arrivals at random, exponential service |
//! | ... when waiting patients give up? | [`Station::with_patience`] | the same, exponential patience |
//! | How many come to each station, transfers included? | [`traffic`] | any open network |
//! | How full and how long at each station? | [`jackson`] | arrivals at random, exponential service |
//!
//! Rates and times are in one unit of the caller's choice: patients a day go with stays in days.
//! "At random" is a Poisson process.
//!
//! ```
//! use verbund::queueing::formulas::{Station, beds_for};
//!
//! // 9.5 patients a day stay 6 days on average: 57 beds would be busy if nobody were refused.
//! let ward = Station::new(9.5, 6.0, 60)?;
//! let loss = ward.loss();
//! assert!((loss.refused - 0.0695).abs() < 1e-4);
//! assert!((loss.census - 53.04).abs() < 1e-2);
//! // 2 % refusals need 68 beds.
//! assert_eq!(beds_for(ward.offered(), 0.02)?, 68);
//! # Ok::<(), verbund::queueing::formulas::FormulaError>(())
//! ```

mod erlang;
mod error;
mod limited;
mod network;
mod pooling;
mod station;

pub use erlang::{beds_for, erlang_b, erlang_c, servers_for};
pub use error::FormulaError;
pub use limited::{ImpatientWait, LimitedWait};
pub use network::{NetworkStation, Servers, StationFigures, jackson, traffic};
pub use pooling::{Pooling, pooling};
pub use station::{ApproximateWait, Loss, Station, Wait};
