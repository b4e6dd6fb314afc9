//! Files: a network's folder, read with every fault at once and written back.

mod access;
mod bytes;
mod catalog;
mod draft;
mod folder;
mod hospitals;
mod inputs;
mod network;
mod pathway;
mod places;
mod record;
mod requirement;
mod rules;
mod scenario;
mod service_group;
mod structure;
mod table;
mod write;
mod write_tables;

pub use draft::ScenarioDraft;
pub use folder::Folder;
pub(crate) use scenario::scenario_label;
#[cfg(feature = "import")]
pub(crate) use write::FileText;
