//! Files that are written whole or not at all.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempPath;

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The name is empty.
    #[error("{}", said!("the name is empty"))]
    NoName,
    /// A folder of this name is there, or the name can only be that of a folder.
    #[error("{}", said!("this is a folder; a file is needed"))]
    Folder,
    /// The file would stand in a folder that is not there.
    #[error("{}", said!("there is no folder {path}", path = _0.display()))]
    NoFolder(PathBuf),
    /// The file is there and must not be written.
    #[error("{}", said!("the file is read-only"))]
    ReadOnly,
    /// It is a socket or a disk.
    #[error("{}", said!("this is neither a file nor a pipe"))]
    Special,
    /// The folder lets nobody make a file, and a file is made anew before it gets its name.
    #[error("{}", said!("cannot write in folder {folder}: {error}", folder = folder.display(), error))]
    ClosedFolder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file is there, and a new one could not be given to the same group.
    #[error("{}", said!("the file belongs to a group that a new one cannot be given to: {error}", error = _0))]
    Group(io::Error),
    /// Anything else that the system says, such as that a name is too long.
    #[error(transparent)]
    System(#[from] io::Error),
}

impl From<WriteError> for io::Error {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::System(error) => error,
            fault => Self::other(fault.to_string()),
        }
    }
}

/// A file that is written beside its target and renamed at the end; it is as if nothing had happened where
/// it is dropped before.
///
/// A file that was there keeps its rights and its group, a link stays a link and its target is written, even
/// one that is not there yet. What is no regular file (a pipe, a device) is written to as it is.
///
/// ```
/// use std::io::Write;
/// use verbund::disk::WholeFile;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("result.txt");
/// let mut file = WholeFile::create(&path)?;
/// file.write_all(b"42\n")?;
/// assert!(!path.exists());
/// file.finish()?;
/// assert_eq!(std::fs::read_to_string(&path)?, "42\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct WholeFile {
    target: PathBuf,
    draft: Draft,
}

#[derive(Debug)]
enum Draft {
    Beside(Beside),
    Straight(File),
}

/// A file that has no name of its own yet; where it gets none, nothing is left of it.
#[derive(Debug)]
struct Beside {
    file: File,
    /// `None` once it has its name.
    path: Option<TempPath>,
}

impl Drop for Beside {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            let mut unfinished = unfinished();
            unfinished.drafts.remove(&*path);
            // It removes the file.
            drop(path);
        }
    }
}

/// A folder that is written beside its target and renamed at the end; it is as if nothing had happened where it is
/// dropped before.
///
/// ```
/// use verbund::disk::WholeFolder;
///
/// let place = tempfile::tempdir()?;
/// let target = place.path().join("network");
/// let folder = WholeFolder::create(&target)?;
/// std::fs::write(folder.path().join("network.ron"), "")?;
/// assert!(!target.exists());
/// folder.finish()?;
/// assert!(target.join("network.ron").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct WholeFolder {
    target: PathBuf,
    /// `None` once it has its name.
    draft: Option<tempfile::TempDir>,
}

impl WholeFolder {
    /// Makes a folder beside its target.
    ///
    /// # Errors
    ///
    /// When the folder in which the target stands is not there or lets nobody make one.
    pub fn create(target: impl Into<PathBuf>) -> io::Result<Self> {
        let target = target.into();
        let mut unfinished = unfinished();
        if unfinished.is_over {
            return Err(io::Error::from(io::ErrorKind::Interrupted));
        }
        let mut builder = tempfile::Builder::new();
        let folder = folder_of(&target);
        let draft = builder.prefix(".verbund-").suffix(".part").tempdir_in(folder);
        // The system names the draft, which nobody asked for.
        let draft = draft.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                io::Error::new(error.kind(), format!("there is no folder {}", folder.display()))
            }
            io::ErrorKind::PermissionDenied => {
                let message = format!("nothing may be written in {}", folder.display());
                io::Error::new(error.kind(), message)
            }
            _ => error,
        })?;
        unfinished.folders.insert(draft.path().to_owned());
        drop(unfinished);
        Ok(Self { target, draft: Some(draft) })
    }

    /// Where its files are written until it has its name.
    ///
    /// # Panics
    ///
    /// Never: only [`WholeFolder::finish`] takes the draft away, and the folder with it.
    pub fn path(&self) -> &Path {
        self.draft.as_ref().expect("it is not finished").path()
    }

    /// Gives the folder its name.
    ///
    /// # Errors
    ///
    /// When the target is there and not an empty folder; then it is as it was.
    pub fn finish(mut self) -> io::Result<()> {
        let Some(draft) = self.draft.take() else { return Ok(()) };
        let mut unfinished = unfinished();
        unfinished.folders.remove(draft.path());
        if unfinished.is_over {
            return Err(io::Error::from(io::ErrorKind::Interrupted));
        }
        open_to_others(draft.path())?;
        fs::rename(draft.path(), &self.target)?;
        // Nothing is left of that name to be removed.
        let _ = draft.keep();
        Ok(())
    }
}

impl Drop for WholeFolder {
    fn drop(&mut self) {
        if let Some(draft) = self.draft.take() {
            unfinished().folders.remove(draft.path());
        }
    }
}

/// Folders for drafts are closed to others; what a person made is not.
#[cfg(unix)]
fn open_to_others(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Drafts that have no name yet, and whether the program ends, so that no more may begin.
#[derive(Debug)]
struct Unfinished {
    drafts: BTreeSet<PathBuf>,
    folders: BTreeSet<PathBuf>,
    is_over: bool,
}

static UNFINISHED: Mutex<Unfinished> =
    Mutex::new(Unfinished { drafts: BTreeSet::new(), folders: BTreeSet::new(), is_over: false });

fn unfinished() -> MutexGuard<'static, Unfinished> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what has been written of files that are not finished, and lets no other one begin or finish: for
/// a program that ends without going back to where they were opened, such as after Ctrl-C.
pub fn remove_unfinished() {
    let mut unfinished = unfinished();
    unfinished.is_over = true;
    for draft in std::mem::take(&mut unfinished.drafts) {
        // Nobody is left to whom it could be told.
        let _ = fs::remove_file(draft);
    }
    for folder in std::mem::take(&mut unfinished.folders) {
        remove_folder(&folder);
    }
}

/// Removes a folder into which another thread may still be writing.
fn remove_folder(folder: &Path) {
    for _ in 0..100 {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
            // Nobody is left to whom it could be told.
            _ => return,
        }
    }
}

impl WholeFile {
    /// Whether a file could be written there, before the work that gives its content; nothing is left
    /// behind.
    ///
    /// # Errors
    ///
    /// Those of [`WholeFile::create`]. Pipes and devices are not opened.
    pub fn check(path: &Path) -> Result<(), WriteError> {
        match Place::of(path)? {
            Place::Straight { .. } => Ok(()),
            Place::File { target, old } => begin(&target, old.as_ref()).map(drop),
        }
    }

    /// Opens a file beside its target.
    ///
    /// # Errors
    ///
    /// When the target is a folder, stands in none, may not be written, or its name is too long; when the
    /// folder lets no file be made; when the file that is there has a group that a new one cannot get.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, WriteError> {
        match Place::of(path.as_ref())? {
            Place::Straight { target, appends } => {
                let file = OpenOptions::new().write(true).append(appends).open(&target)?;
                Ok(Self { target, draft: Draft::Straight(file) })
            }
            Place::File { target, old } => {
                let file = begin(&target, old.as_ref())?;
                Ok(Self { target, draft: Draft::Beside(file) })
            }
        }
    }

    /// Gives the file its name, once the disk has it.
    ///
    /// # Errors
    ///
    /// When the disk is full, or the target cannot be replaced any more; then it is as it was.
    pub fn finish(mut self) -> io::Result<()> {
        match &mut self.draft {
            Draft::Beside(beside) => beside.finish(&self.target),
            Draft::Straight(file) => file.flush(),
        }
    }
}

impl Beside {
    fn finish(&mut self, target: &Path) -> io::Result<()> {
        // The content before the name: after a power failure the name must not lead to an empty file.
        self.file.sync_all()?;
        let Some(path) = self.path.take() else { return Ok(()) };
        // Nobody removes it while it gets its name.
        let mut unfinished = unfinished();
        unfinished.drafts.remove(&*path);
        if unfinished.is_over {
            return Err(io::Error::from(io::ErrorKind::Interrupted));
        }
        path.persist(target).map_err(|error| error.error)
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.draft {
            Draft::Beside(beside) => beside.file.write(bytes),
            Draft::Straight(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.draft {
            Draft::Beside(beside) => beside.file.flush(),
            Draft::Straight(file) => file.flush(),
        }
    }
}

/// Writes a text, or bytes, to a file, whole or not at all.
///
/// # Errors
///
/// Those of [`WholeFile::create`], and when the disk is full; then the file is as it was.
pub fn write_whole(path: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
    let mut file = WholeFile::create(path)?;
    file.write_all(content.as_ref())?;
    file.finish()
}

/// Whether two paths name one file: the same one, links followed, by whatever spelling, or a second name of
/// it; one that is not there yet, by folder and name. Devices such as `/dev/null` are never the same.
pub fn is_same_file(first: &Path, second: &Path) -> bool {
    match (fs::metadata(first), fs::metadata(second)) {
        (Ok(about_first), Ok(about_second)) => {
            // A device keeps nothing, so two results in it do not replace each other.
            let is_file_like =
                about_first.is_file() || about_first.is_dir() || is_pipe(&about_first);
            is_file_like && is_same(first, &about_first, second, &about_second)
        }
        // Neither is there yet, so there is no number of a file to compare: the folder is real, the name is
        // text.
        (Err(_), Err(_)) => {
            let whole = |path: &Path| -> Option<PathBuf> {
                let target = follow(path).ok()?;
                Some(folder_of(&target).canonicalize().ok()?.join(target.file_name()?))
            };
            first == second || whole(first).is_some_and(|path| Some(path) == whole(second))
        }
        _ => false,
    }
}

#[cfg(unix)]
fn is_same(_: &Path, first: &Metadata, _: &Path, second: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (first.dev(), first.ino()) == (second.dev(), second.ino())
}

#[cfg(not(unix))]
fn is_same(first: &Path, _: &Metadata, second: &Path, _: &Metadata) -> bool {
    first.canonicalize().is_ok_and(|path| second.canonicalize().is_ok_and(|real| real == path))
}

#[cfg(unix)]
fn is_pipe(about: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    about.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}

/// Whether it is a pipe or a device that takes bytes one after the other.
#[cfg(unix)]
fn takes_bytes(about: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    about.file_type().is_fifo() || about.file_type().is_char_device()
}

#[cfg(not(unix))]
fn takes_bytes(_: &Metadata) -> bool {
    true
}

/// Where something is to be written.
enum Place {
    /// A regular file, there already or not; all links are followed.
    File { target: PathBuf, old: Option<Metadata> },
    /// Anything else that takes bytes. What a program has open already is written on, not from its start.
    Straight { target: PathBuf, appends: bool },
}

impl Place {
    fn of(path: &Path) -> Result<Self, WriteError> {
        if path.as_os_str().is_empty() {
            return Err(WriteError::NoName);
        }
        // Opened by its name, the file behind it would be written from its start once more, over what the
        // program has already said there.
        if is_open_already(path) {
            return Ok(Self::Straight { target: path.to_owned(), appends: true });
        }
        let target = follow(path)?;
        let old = match fs::metadata(&target) {
            Ok(old) => Some(old),
            Err(error) if is_missing(&error) => None,
            Err(error) => return Err(error.into()),
        };
        match &old {
            Some(old) if old.is_dir() => return Err(WriteError::Folder),
            Some(old) if old.is_file() && old.permissions().readonly() => {
                return Err(WriteError::ReadOnly);
            }
            Some(old) if old.is_file() => {}
            Some(old) if takes_bytes(old) => {
                return Ok(Self::Straight { target, appends: false });
            }
            Some(_) => return Err(WriteError::Special),
            None => {}
        }
        let folder = folder_of(&target);
        if !folder.is_dir() {
            return Err(WriteError::NoFolder(folder.to_owned()));
        }
        if old.is_none() && (ends_as_folder(&target) || target.file_name().is_none()) {
            return Err(WriteError::NoFolder(target));
        }
        Ok(Self::File { target, old })
    }
}

/// Whether the path is one of those by which a system calls what the program has open.
fn is_open_already(path: &Path) -> bool {
    let names = ["/dev/stdout", "/dev/stderr"].map(Path::new);
    let folders = ["/dev/fd", "/proc/self/fd"].map(Path::new);
    names.contains(&path) || path.parent().is_some_and(|folder| folders.contains(&folder))
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Whether the path ends with a separator, as only that of a folder may.
fn ends_as_folder(path: &Path) -> bool {
    let last = path.as_os_str().as_encoded_bytes().last();
    last.is_some_and(|byte| std::path::is_separator(char::from(*byte)))
}

/// The folder in which a file stands or would stand.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Links that lead to each other at most.
// As many as Linux follows in a path.
const LINKS: usize = 40;

/// Where a path leads when it is a link, or a link to a link; the end of it need not be there.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..LINKS {
        match fs::symlink_metadata(&target) {
            Ok(about) if about.file_type().is_symlink() => {
                target = folder_of(&target).join(fs::read_link(&target)?);
            }
            Ok(_) => return Ok(target),
            Err(error) if is_missing(&error) => return Ok(target),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("its links lead in a circle"))
}

/// A draft beside the target, with the rights and the group of the file that is there.
fn begin(target: &Path, old: Option<&Metadata>) -> Result<Beside, WriteError> {
    let folder = folder_of(target);
    let mut builder = tempfile::Builder::new();
    builder.prefix(".verbund-").suffix(".part");
    #[cfg(not(unix))]
    let _ = old; // rights of this kind are those of Unix
    #[cfg(unix)]
    builder.permissions({
        use std::os::unix::fs::PermissionsExt;
        // Nobody else may read, not even for a moment, what only the owner of the old file may.
        fs::Permissions::from_mode(if old.is_some() { 0o600 } else { 0o666 })
    });
    let mut unfinished = unfinished();
    if unfinished.is_over {
        return Err(io::Error::from(io::ErrorKind::Interrupted).into());
    }
    let file = builder
        .tempfile_in(folder)
        .map_err(|error| WriteError::ClosedFolder { folder: folder.to_owned(), error })?;
    unfinished.drafts.insert(file.path().to_owned());
    drop(unfinished);

    let (file, path) = file.into_parts();
    let beside = Beside { file, path: Some(path) };
    #[cfg(unix)]
    if let Some(old) = old {
        inherit(&beside.file, old)?;
    }
    Ok(beside)
}

/// Gives a new file the owner, the group and the rights of an old one.
#[cfg(unix)]
fn inherit(file: &File, old: &Metadata) -> Result<(), WriteError> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

    let new = file.metadata()?;
    if new.gid() != old.gid() {
        fchown(file, None, Some(old.gid())).map_err(WriteError::Group)?;
    }
    if new.uid() != old.uid() {
        // Only the system's administrator can; everybody else becomes the owner of what they write.
        let _ = fchown(file, Some(old.uid()), None);
    }
    file.set_permissions(fs::Permissions::from_mode(old.mode() & 0o777))?;
    Ok(())
}
