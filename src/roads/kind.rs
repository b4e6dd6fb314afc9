//! What a file of roads is, by its first bytes.

use std::io::{self, Read};

/// How a file of a road map begins.
pub(super) const MAGIC: [u8; 8] = *b"verbroad";

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    /// Blocks of OpenStreetMap.
    Pbf,
    /// XML of OpenStreetMap.
    Xml,
    /// Something packed by gzip.
    Gzip,
    /// Something packed by bzip2.
    Bzip2,
    /// A road map.
    Map,
    /// Nothing of these.
    Other,
}

impl FileKind {
    /// What the bytes that are read next begin.
    pub(super) fn of(file: &mut impl Read) -> io::Result<Self> {
        let mut start = Vec::new();
        file.take(64).read_to_end(&mut start)?;
        let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start).trim_ascii_start();
        Ok(if start.starts_with(&MAGIC) {
            Self::Map
        } else if start.starts_with(b"\x1f\x8b") {
            Self::Gzip
        } else if start.starts_with(b"BZh") {
            Self::Bzip2
        } else if text.starts_with(b"<") {
            Self::Xml
        } else if start.get(4..).is_some_and(|behind| behind.starts_with(b"\x0a\x09OSMHeader")) {
            // The length of the first block, then its kind.
            Self::Pbf
        } else {
            Self::Other
        })
    }
}
