//! Which files of the disk may be read: regular ones, of a bounded size, that lie where they should.

use std::fs;
use std::io;
use std::path::{Component, Path};

use super::bytes::{decode, fault};
use crate::disk::{self, ReadError};
use crate::model::location::Fault;
use crate::problem::{ProblemKind, Problems};

/// Greatest size of a table, in bytes: a country of 200,000 grid cells with journeys has less.
const MOST_OF_TABLE: u64 = 1_000_000_000;

/// Greatest size of any other file, in bytes.
const MOST_OF_TEXT: u64 = 100_000_000;

/// What a file may name of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Files of its own folder, and for a network those of a catalog in it or beside it.
    Own,
    /// Every file.
    Everywhere,
}

/// Which way a path may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leads {
    /// Into the folder.
    Within,
    /// Into the folder, or into one that stands beside it.
    Beside,
}

/// Why a path is not followed, as it is written; `Ok` when nothing speaks against it. The folder is
/// `what` in messages: "the folder of the network".
pub(crate) fn check_path(path: &str, leads: Leads, reach: Reach, what: &str) -> Result<(), Fault> {
    if path.trim().is_empty() {
        let fault = Fault::new(ProblemKind::Missing, "is empty");
        return Err(fault.expected("the name of a file or folder"));
    }
    if reach == Reach::Everywhere {
        return Ok(());
    }

    // By its names alone, because nothing need be there yet: `a/../..` leads out although `a` does not exist.
    let (mut ups, mut depth) = (0, 0);
    for component in Path::new(path).components() {
        match component {
            Component::CurDir => {}
            Component::Normal(_) => depth += 1,
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir => ups += 1,
            Component::RootDir | Component::Prefix(_) => {
                return Err(outside(said!("\"{path}\" is an absolute path", path), leads, what));
            }
        }
    }

    // One step up and down again is a neighbour; `..` alone would be everything around the folder.
    let is_beside = leads == Leads::Beside && ups == 1 && depth > 0;
    if ups > 0 && !is_beside {
        return Err(outside(said!("\"{path}\" leads out of {what}", path, what), leads, what));
    }
    Ok(())
}

/// Why a file or folder is not read that a link may have moved: it must lie in `root`. What is not
/// there is let pass; reading it says so.
pub(crate) fn check_links(
    path: &Path,
    root: &Path,
    reach: Reach,
    name: &str,
    what: &str,
) -> Result<(), Fault> {
    if reach == Reach::Everywhere {
        return Ok(());
    }

    // Both are resolved, because the folder itself may stand behind a link, as `/tmp` does on macOS.
    let (Ok(real), Ok(real_root)) = (path.canonicalize(), root.canonicalize()) else {
        return Ok(());
    };
    if real.starts_with(&real_root) {
        return Ok(());
    }
    let message = said!(
        "\"{name}\" is a link that leads out of {what}, to {real}",
        name,
        what,
        real = real.display()
    );
    Err(outside(message, Leads::Within, what))
}

fn outside(message: String, leads: Leads, what: &str) -> Fault {
    let expected = match leads {
        Leads::Within => said!("a file in {what}, unless files outside of it are allowed", what),
        Leads::Beside => said!(
            "a folder in {what} or beside it, such as \"../catalog\", unless files outside of it are allowed",
            what
        ),
    };
    Fault::new(ProblemKind::Outside, message).expected(expected)
}

/// Whether something of this name is there, readable or not: a link that leads nowhere is.
pub(crate) fn is_there(path: &Path) -> bool {
    match fs::symlink_metadata(path) {
        Ok(_) => true,
        Err(error) => {
            !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
        }
    }
}

/// The bytes of a regular file, whole.
///
/// # Errors
///
/// The message, when it cannot be read, is none (a folder, a pipe, a device), or is too large.
pub(crate) fn read_regular(path: &Path) -> Result<Vec<u8>, String> {
    let is_table = path.extension().is_some_and(|ending| {
        ending.eq_ignore_ascii_case("csv") || ending.eq_ignore_ascii_case("times")
    });
    let most = if is_table { MOST_OF_TABLE } else { MOST_OF_TEXT };
    disk::read_regular(path, most)
        .map_err(|error| said!("cannot read {path}: {error}", path = path.display(), error))
}

/// The text of a file that somebody names, whose path is what faults call it; a fault when it cannot be read, or is
/// no UTF-8.
pub(crate) fn read_text(path: &Path) -> Result<String, Problems> {
    let name = path.display().to_string();
    let mut problems = Problems::default();
    match read_regular(path) {
        Ok(bytes) => decode(&name, &bytes, &mut problems).ok_or(problems),
        Err(message) => {
            problems.push(fault(&name, ProblemKind::Unreadable, None, message));
            Err(problems)
        }
    }
}

/// The names in a folder, in order; those that are no UTF-8 with replacement characters.
///
/// # Errors
///
/// The message, when the folder cannot be read.
pub(crate) fn names_in(path: &Path) -> Result<Vec<String>, String> {
    let name = path.display();
    let unreadable = |error: io::Error| {
        let why = match ReadError::new(path, error) {
            ReadError::Missing => "there is no such folder".to_owned(),
            ReadError::NoFolder => "it is no folder".to_owned(),
            other => other.to_string(),
        };
        said!("cannot read the folder {name}: {why}", name, why)
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }

    // Systems list a folder in any order, and messages must come in the same one everywhere.
    names.sort();
    Ok(names)
}
