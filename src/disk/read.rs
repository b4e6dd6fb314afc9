//! Regular files of a bounded size.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

const MEGABYTE: u64 = 1_000_000;

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Nothing of this name is there.
    #[error("{}", said!("there is no such file"))]
    Missing,
    /// It is a link to something that is not there.
    #[error("{}", said!("the link leads to {path}, which is not there", path = _0.display()))]
    DeadLink(PathBuf),
    /// A part of the path that should be a folder is a file.
    #[error("{}", said!("what it should lie in is no folder"))]
    NoFolder,
    /// The system lets this user not read it.
    #[error("{}", said!("permission denied"))]
    Denied,
    /// It is a folder.
    #[error("{}", said!("it is a folder; a file is needed"))]
    Folder,
    /// It is a pipe, a socket or a device, which may never end.
    #[error("{}", said!("it is no regular file; a file is needed"))]
    Special,
    /// It is larger than it may be; both in bytes.
    #[error("{}", said!("it has {size} MB; at most {most} MB are read", size = size.div_ceil(MEGABYTE), most = most / MEGABYTE))]
    TooLarge {
        /// What it has, or had when reading ended.
        size: u64,
        /// What is read at most.
        most: u64,
    },
    /// Anything else that the system says.
    #[error(transparent)]
    System(io::Error),
}

impl ReadError {
    /// What an error of the system says about a path.
    pub(crate) fn new(path: &Path, error: io::Error) -> Self {
        match error.kind() {
            // A link that leads nowhere is missing for the system as well; only reading the link tells them
            // apart.
            io::ErrorKind::NotFound => fs::read_link(path).map_or(Self::Missing, Self::DeadLink),
            io::ErrorKind::NotADirectory => Self::NoFolder,
            io::ErrorKind::PermissionDenied => Self::Denied,
            _ => Self::System(error),
        }
    }
}

/// The bytes of a regular file, whole; `most` bytes at most.
///
/// # Errors
///
/// When it is not there, may not be read, is a folder, a pipe or a device, or is larger.
///
/// ```
/// use verbund::disk::{ReadError, read_regular};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("beds.txt");
/// std::fs::write(&path, "186")?;
/// assert_eq!(read_regular(&path, 3)?, b"186");
/// assert!(matches!(read_regular(&path, 2), Err(ReadError::TooLarge { size: 3, most: 2 })));
/// assert!(matches!(read_regular(folder.path(), 3), Err(ReadError::Folder)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_regular(path: &Path, most: u64) -> Result<Vec<u8>, ReadError> {
    let described = |error: io::Error| ReadError::new(path, error);
    let file = open_regular(path, most)?;
    let mut bytes =
        Vec::with_capacity(file.metadata().map_err(described)?.len().min(most) as usize);
    // Some files of the system say that they are empty, and never end. The bound holds as well for what another
    // program puts there meanwhile.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(described)?;
    let size = bytes.len() as u64;
    if size > most {
        return Err(ReadError::TooLarge { size, most });
    }
    Ok(bytes)
}

/// A regular file of `most` bytes at most, open for reading: for files that are read piece by piece.
pub(crate) fn open_regular(path: &Path, most: u64) -> Result<File, ReadError> {
    let described = |error: io::Error| ReadError::new(path, error);
    // A pipe is not even opened: that would wait for somebody who writes.
    let about = fs::metadata(path).map_err(described)?;
    if about.is_dir() {
        return Err(ReadError::Folder);
    }
    if !about.is_file() {
        return Err(ReadError::Special);
    }
    if about.len() > most {
        return Err(ReadError::TooLarge { size: about.len(), most });
    }
    File::open(path).map_err(described)
}
