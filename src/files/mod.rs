//! How a network is written down: its folder read with every fault at once, and written back.
//!
//! [`Folder`] is a folder of the disk, a network that comes with the crate, or one from memory. Reading gives a
//! [`Model`](crate::model::Model) or every fault with file and line ([`Problems`](crate::problem::Problems)).

pub(crate) mod access;
mod areas;
pub(crate) mod bytes;
pub(crate) mod catalog;
mod catalog_files;
mod folder;
mod hospitals;
mod inputs;
mod journeys;
mod neighbours;
pub(crate) mod network;
mod pathway;
pub(crate) mod places;
pub(crate) mod record;
pub(crate) mod requirement;
mod rules;
mod service_group;
mod sources;
pub(crate) mod table;
pub(crate) mod write;
mod write_tables;

pub use folder::Folder;
#[cfg(feature = "import")]
pub(crate) use hospitals::LIST_MARK;
pub use journeys::{JourneysError, journeys_from_bytes, journeys_to_bytes};
#[cfg(feature = "import")]
pub(crate) use write::{FileText, table_files};
pub use write::{write, write_as_tables};
