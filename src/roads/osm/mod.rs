//! Extracts of OpenStreetMap: `.osm.pbf`, `.osm`, `.osm.gz`.

mod assemble;
mod blocks;
mod chains;
mod connected;
mod draft;
mod pbf;
mod rough;
mod rules;
mod sound;
mod speed;
mod tags;
mod wire;
mod xml;

use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::{FileKind, RoadFileError, RoadMap};
use crate::disk::{ReadError, open_regular};
use crate::run::Control;
use draft::{DraftPoints, DraftWays, Elements};

/// Bytes of an extract at most: that of the whole planet has 80 GB.
const LARGEST_FILE: u64 = 100_000_000_000;
/// Bytes that are read at a time.
const BUFFER: usize = 1 << 18;

/// How an extract becomes a road map.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportRoads {
    /// Points of roads for cars that are read at most, one that two roads share counting twice. Each takes some 60
    /// bytes while a file is read, so that the limit is one of memory: no file takes more, whatever it says, but for the
    /// block of a `.osm.pbf` that is being read: some 3 MB, and 500 MB where somebody made it as large as it may be
    /// (32 MB unpacked, 500,000 points, ways, relations and texts).
    pub most_points: u32,
}

impl Default for ImportRoads {
    /// 50 million points: 3 GB at most.
    fn default() -> Self {
        Self { most_points: 50_000_000 }
    }
}

impl ImportRoads {
    /// With another limit of points.
    #[must_use]
    pub fn most_points(mut self, most_points: u32) -> Self {
        self.most_points = most_points;
        self
    }
}

impl RoadMap {
    /// The roads of an extract of OpenStreetMap: `.osm.pbf`, `.osm`, or `.osm.gz`, known by its content.
    ///
    /// The file is read twice, piece by piece: ways first, then the points that roads for cars name. `control` hears
    /// how many steps of four are finished. `None` when it was stopped.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is of another kind, broken or cut short, has more points than `settings` allow,
    /// or no roads for cars.
    pub fn import(
        path: &Path,
        settings: &ImportRoads,
        control: &Control<'_>,
    ) -> Result<Option<Self>, RoadFileError> {
        let mut ways = DraftWays::new(settings.most_points);
        read(path, &mut ways)?;
        control.tell(1);
        if ways.ways.is_empty() {
            return Err(RoadFileError::NoRoads(""));
        }
        if control.is_stopped() {
            return Ok(None);
        }

        // Ways stand behind points in a file, so that only a second look knows which points are of use: it costs the
        // time of reading twice, and saves the memory of every house and tree.
        let mut points = DraftPoints::of(&ways);
        read(path, &mut points)?;
        control.tell(2);
        if control.is_stopped() {
            return Ok(None);
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let map = made(&name, ways, &points, control)?;
        control.tell(4);
        Ok(Some(map))
    }
}

/// The map of what was read.
fn made(
    source: &str,
    mut ways: DraftWays,
    points: &DraftPoints,
    control: &Control<'_>,
) -> Result<RoadMap, RoadFileError> {
    let mut rough = rough::cut(&ways, points);
    // Before pieces are joined: where an island is taken away, a junction may become a bend.
    let dropped = connected::keep_largest(&mut rough);
    control.tell(3);
    let counts = &mut ways.counts;
    counts.missing_points = rough.missing_points;
    counts.barriers = rough.barriers;
    counts.cut_off_pieces = dropped.len() as u64;
    let mut metres = 0.0;
    for piece in &dropped {
        metres += piece.metres;
    }
    counts.cut_off_metres = metres.round() as u64;
    if rough.pieces.is_empty() {
        return Err(RoadFileError::NoRoads(
            " that lead there and back: its ways name points that it lacks",
        ));
    }
    let chains = chains::join(&mut rough);
    Ok(assemble::assemble(source, &ways, points, &rough, chains))
}

/// Reads a file and tells its elements.
fn read<E: Elements>(path: &Path, elements: &mut E) -> Result<(), RoadFileError> {
    let described = |error| RoadFileError::Read(ReadError::new(path, error));
    let mut file = open_regular(path, LARGEST_FILE)?;
    let kind = FileKind::of(&mut file).map_err(described)?;
    file.seek(SeekFrom::Start(0)).map_err(described)?;
    tell(kind, BufReader::with_capacity(BUFFER, file), elements)
}

/// Tells the elements of a file of a kind.
fn tell<E: Elements>(
    kind: FileKind,
    bytes: BufReader<File>,
    elements: &mut E,
) -> Result<(), RoadFileError> {
    match kind {
        FileKind::Pbf => pbf::read(bytes, elements),
        FileKind::Xml => xml::read(bytes, elements),
        FileKind::Gzip => {
            xml::read(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(bytes)), elements)
        }
        FileKind::Bzip2 => Err(RoadFileError::Foreign(": it is packed with bzip2; unpack it")),
        FileKind::Map | FileKind::Other => Err(RoadFileError::Foreign("")),
    }
}
