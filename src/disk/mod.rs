//! Files: regular ones of a bounded size are read, and files are written whole or not at all.
//!
//! [`read_regular`] is how this crate reads every file: never a pipe or a device, never more than is said.
//! A [`WholeFile`] is written beside its target and gets its name at the end, so that nobody ever sees
//! half of it, and an old file stays as it was until then. A [`WholeFolder`] is the same for a folder.

mod read;
mod text;
mod whole;

pub(crate) use read::open_regular;
pub use read::{ReadError, read_regular};
pub(crate) use text::{Lines, clean};
pub use text::{NotText, decode};
pub use whole::{WholeFile, WholeFolder, WriteError, is_same_file, remove_unfinished, write_whole};
