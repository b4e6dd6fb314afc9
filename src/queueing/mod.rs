//! A discrete-event simulator of queueing networks; it knows nothing of medicine.
//!
//! A [`Model`] has [`Station`]s with servers, [`ArrivalStream`]s of customers that arrive, and [`Route`]s
//! between the stations. A [`Simulator`] is a model that was checked as a whole; it runs
//! replications one by one ([`Simulator::run`]), or side by side ([`Simulator::replications`]).
//! [`Model::parse`] reads one from the text of a file.
//!
//! # What exactly happens
//!
//! - **Start.** Stations are empty but for customers who are [`Present`].
//! - **Arrival.** Customers of a stream come alone or in batches. A customer of a stream is of one of its kinds, by their shares. The first
//!   [`Preference`] of the kind that holds at the moment says where the customer goes: to one of
//!   its `first` stations, by weight among those that are open. When that has no free server, to its
//!   [`Alternate`]s, then to the preference's `then`, in order, to the first that is open and has a
//!   free server.
//!   When none has, [`WhenFull`] of the kind decides, at the station of the first choice.
//! - **Full** is a station whose servers are all occupied, blocked or being set up. Customers who
//!   were forced in may exceed the servers.
//! - **Service** starts at once when a server is free. Its length is drawn from the class of the
//!   customer or, where that has none, from the station.
//! - **After service** a server is set up, if the station says so. The freed server goes to
//!   customers who are blocked elsewhere and want to come here, in the order of their blocking, then to
//!   the waiting ones, by priority, then in the order of their arrival. A priority falls while somebody waits where the
//!   class says so ([`Class::ageing`]).
//! - **Coming back** to the station where it was just served: the customer goes on at its own server, without
//!   set-up, if the station lets it in (it is not closed, and it is one of its hours), nobody waits or is blocked for
//!   it, and the server is not one too many. Otherwise it is treated like anybody who comes from
//!   another station: the branch's `then`, and what it says for a full station. A customer who would wait but finds no place keeps
//!   its server; if that is one too many, or outside the hours, it is blocked there until the station has one for it.
//!   Where the station is closed, it is sent away.
//! - **Fewer servers** by shifts, absence or a change: a customer in service stays to the end. A change of the servers
//!   counts from then on, whatever the shifts say, until another one gives the usual servers back.
//! - **Blocking** is blocking after service: a customer who finds the next station full keeps the server.
//! - **Deadlock**: a set of stations whose servers are all held by customers who want into stations
//!   of the same set. The cycle is found when it closes; its customers swap, or the run stops, as the
//!   model says.
//! - **Closing** a station sends those who wait for it to their alternates, where one has a free
//!   server; the others leave, and so do those who are blocked for it. Who is in service stays to the end.
//! - **Equal times**: calendar first, then ends of service and the like in the order in which they
//!   were planned, then arrivals in the order of the streams.
//!
//! Statistics run from the warm-up to the horizon; see [`StationRun`] for what counts when. How the simulator works
//! inside, and why it is fast: [`guide::queueing`](crate::guide::queueing).

mod arrivals;
mod check;
mod circles;
mod clock;
mod compile;
mod distribution;
mod ends;
mod engine;
mod error;
mod events;
mod file;
pub mod formulas;
mod groups;
mod in_code;
mod law;
mod model;
mod notation;
mod rates;
mod replications;
mod rest;
mod result;
mod settling;
mod shorthand;
mod station;
mod summary;
mod ticks;
mod waits;
mod whole;

pub use distribution::{Distribution, MixturePart};
pub use engine::Simulator;
pub use error::ReadError;
pub use file::FileFormat;
pub use groups::GroupRun;
pub use model::{
    Absence, Alternate, ArrivalStream, Arrivals, Branch, Change, ChangeKind, Class, ComesAgain,
    Curve, Deadlock, Kind, Model, Preference, Present, Route, Servers, ServiceOrder, Shift,
    Station, StationService, Target, Team, TimeUnit, WaitingRoom, WhenFull,
};
pub use replications::{Ended, replicate, replicate_until};
pub use result::{
    AlternateRun, BranchRun, DeadlockCycle, Moment, Moments, Outcome, Record, Run, StationMoment,
    StationRun, StreamRun, TeamRun, Visit, Watch,
};
pub use settling::{Growing, WarmUp, mser_5};
pub use summary::Summary;
pub use waits::Waits;
