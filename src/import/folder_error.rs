//! Why an import is not written, and how its files are read.

use std::path::{Path, PathBuf};

use crate::disk::{decode, read_regular};
use crate::problem::Problems;

/// The folder in which an import keeps a copy of its files, by which a later one tells what a person changed.
pub(super) const IMPORTED: &str = "imported";

/// Greatest size of a table of a folder in bytes, as networks are read.
pub(super) const MOST_BYTES: u64 = 1_000_000_000;

/// Why an import was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The folder has files, and none that an import wrote.
    #[error("{}", said!("{path} has files that no import wrote; take another folder", path = _0.display()))]
    NotImported(PathBuf),
    /// It is a file.
    #[error("{}", said!("{path} is a file; a folder is needed", path = _0.display()))]
    NoFolder(PathBuf),
    /// A file of the folder cannot be read as it must be to keep what was edited in it.
    #[error("{}: {message}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// The copy of the last import is not there, so that nobody can tell what was edited since.
    #[error("{}", said!("{copy} is not there: what was edited in {path} since the last import cannot be told from what it wrote; put the copy back, or import into a new folder", copy = copy.display(), path = path.display()))]
    NoCopy {
        /// The table.
        path: PathBuf,
        /// Its copy.
        copy: PathBuf,
    },
    /// The folder is the network of other districts.
    #[error("{}", said!("{folder} is the network of other districts ({districts}); take another folder", folder = folder.display(), districts = districts.join(", ")))]
    OtherDistricts {
        /// The folder.
        folder: PathBuf,
        /// Their keys.
        districts: Vec<String>,
    },
    /// The network would have faults, such as a hospital that was edited by hand and does not fit any more.
    #[error("{}", said!("the network would have problems; nothing was written\n{error}", error = _0))]
    Problems(Problems),
    /// It was stopped before anything was written.
    #[error("{}", said!("stopped; nothing was written"))]
    Stopped,
    /// The system could not read or write.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<Problems> for ImportError {
    fn from(problems: Problems) -> Self {
        Self::Problems(problems) // told in the message, so that they are no source beside it
    }
}

/// A file that cannot be read as it must be.
pub(super) fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> ImportError {
    ImportError::Unreadable { path: path.to_owned(), message: error.to_string() }
}

/// The text of a file; `None` where there is none.
pub(super) fn read_text(path: &Path) -> Result<Option<String>, ImportError> {
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = read_regular(path, MOST_BYTES).map_err(|error| unreadable(path, &error))?;
    let text = decode(&bytes).map_err(|error| unreadable(path, &error.message))?;
    Ok(Some(text))
}
