//! Road maps as files: arrays of numbers, with a version and a checksum.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::kind::MAGIC;
use super::map::{Arc, BannedTurn, Piece, RoadMap, WayId};
use super::point::Point;
use super::{FileKind, RoadClass, RoadCounts, RoadFileError};
use crate::calendar::Date;
use crate::disk::{ReadError, WholeFile, open_regular};

/// What the numbers of a file mean; another one is refused. It changes with the rules of an import, too: the same
/// extract then makes other roads.
const VERSION: u32 = 3;
/// Bytes of a file at most.
const LARGEST_FILE: u64 = 50_000_000_000;
/// Entries of an array that are made room for before they are read: a file may say that it has more than it has.
const ROOM_AHEAD: usize = 1 << 16;

impl RoadMap {
    /// Writes the map to a file, whole or not at all.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut out = Out {
            file: io::BufWriter::new(WholeFile::create(path)?),
            crc: crc32fast::Hasher::new(),
        };
        // Outside of the checksum: who reads knows them already.
        out.file.write_all(&MAGIC)?;
        out.u32(VERSION)?;
        out.text(&self.source)?;
        // Nothing stands for a day that nobody knows.
        let day = self.day.map(|day| day.to_string());
        out.text(&day.unwrap_or_default())?;
        for count in counts_of(&self.counts) {
            out.u64(count)?;
        }
        // Counts before arrays, so that a reader knows how much comes before it takes it.
        out.points(&self.junctions)?;
        out.u32(self.pieces.len() as u32)?;
        for piece in &self.pieces {
            for number in [piece.from, piece.to, piece.forward, piece.backward] {
                out.u32(number)?;
            }
            // Bits and no text: the same number comes back.
            out.u32(piece.metres.to_bits())?;
            out.u32(class_number(piece.class))?;
            out.u32(piece.first_point)?;
            out.u32(piece.first_way)?;
        }
        out.points(&self.points)?;
        out.u32(self.ways.len() as u32)?;
        for way in &self.ways {
            out.u64(way.id.cast_unsigned())?;
            out.u32(way.name)?;
            out.u32(way.lines)?;
        }
        out.u32(self.names.len() as u32)?;
        for name in &self.names {
            out.text(name)?;
        }
        out.u32(self.banned.len() as u32)?;
        for turn in &self.banned {
            out.u32(turn.from.0)?;
            out.u32(turn.to.0)?;
        }
        out.finish()
    }

    /// Reads a map that [`RoadMap::write`] wrote.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is of another kind or version, was cut short or changed.
    pub fn read(path: &Path) -> Result<Self, RoadFileError> {
        let described = |error| RoadFileError::Read(ReadError::new(path, error));
        let mut file = open_regular(path, LARGEST_FILE)?;
        match FileKind::of(&mut file).map_err(described)? {
            FileKind::Map => {}
            FileKind::Pbf | FileKind::Xml | FileKind::Gzip => return Err(RoadFileError::NoOsm),
            FileKind::Bzip2 | FileKind::Other => return Err(RoadFileError::Foreign("")),
        }
        file.seek(SeekFrom::Start(MAGIC.len() as u64)).map_err(described)?;
        let mut input =
            Input { file: BufReader::with_capacity(1 << 18, file), crc: crc32fast::Hasher::new() };
        let map = input.map()?;
        input.end()?;
        map.check()?;
        Ok(map)
    }

    /// Numbers that lead nowhere: only who made the checksum, too, can write them.
    fn check(&self) -> Result<(), RoadFileError> {
        let damaged = Err(RoadFileError::Damaged("its numbers contradict each other"));
        let (mut point, mut way) = (0, 0);
        for piece in &self.pieces {
            let junction = piece.from.max(piece.to) as usize;
            let is_rising = piece.first_point >= point && piece.first_way >= way;
            (point, way) = (piece.first_point, piece.first_way);
            let is_inside = junction < self.junctions.len()
                && point as usize <= self.points.len()
                && way as usize <= self.ways.len();
            if !is_rising || !is_inside {
                return damaged;
            }
        }
        if !self.have_ways_all_lines() {
            return damaged;
        }
        let arcs = self.pieces.len() * 2;
        let is_turn = |turn: &BannedTurn| turn.from.0.max(turn.to.0) < arcs as u32;
        let are_names_there = self.ways.iter().all(|way| (way.name as usize) < self.names.len());
        let is_sorted = self.banned.is_sorted();
        if are_names_there && is_sorted && self.banned.iter().all(is_turn) {
            Ok(())
        } else {
            damaged
        }
    }
}

impl RoadMap {
    /// Whether the ways of each piece have as many lines as its shape.
    fn have_ways_all_lines(&self) -> bool {
        for piece in 0..self.pieces.len() {
            let mut lines = 0;
            for way in self.ways_of(piece) {
                lines += u64::from(way.lines);
            }
            if lines != self.inner_points(piece).len() as u64 + 1 {
                return false;
            }
        }
        true
    }
}

/// The counts in the order of their fields.
fn counts_of(counts: &RoadCounts) -> [u64; 11] {
    // By name, so that a count that is new does not compile without a place in the file.
    let RoadCounts {
        ways,
        ways_not_for_cars,
        tracks,
        ways_without_access,
        ways_not_open,
        missing_points,
        barriers,
        turn_restrictions,
        other_restrictions,
        cut_off_pieces,
        cut_off_metres,
    } = *counts;
    [
        ways,
        ways_not_for_cars,
        tracks,
        ways_without_access,
        ways_not_open,
        missing_points,
        barriers,
        turn_restrictions,
        other_restrictions,
        cut_off_pieces,
        cut_off_metres,
    ]
}

fn class_number(class: RoadClass) -> u32 {
    let number = RoadClass::ALL.into_iter().position(|known| known == class);
    number.unwrap_or_default() as u32
}

/// A file that is written, and the checksum of its numbers.
struct Out {
    file: io::BufWriter<WholeFile>,
    crc: crc32fast::Hasher,
}

impl Out {
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.crc.update(bytes);
        self.file.write_all(bytes)
    }

    fn u32(&mut self, number: u32) -> io::Result<()> {
        self.bytes(&number.to_le_bytes())
    }

    fn u64(&mut self, number: u64) -> io::Result<()> {
        self.bytes(&number.to_le_bytes())
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        self.u32(text.len() as u32)?;
        self.bytes(text.as_bytes())
    }

    fn points(&mut self, points: &[Point]) -> io::Result<()> {
        self.u32(points.len() as u32)?;
        for point in points {
            self.u32(point.lat.cast_unsigned())?;
            self.u32(point.lon.cast_unsigned())?;
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        // Last, when all that it is of has gone by.
        let sum = self.crc.clone().finalize();
        self.file.write_all(&sum.to_le_bytes())?;
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.finish()
    }
}

/// A file that is read, and the checksum of its numbers.
struct Input<R> {
    file: R,
    crc: crc32fast::Hasher,
}

impl<R: Read> Input<R> {
    fn bytes(&mut self, bytes: &mut [u8]) -> Result<(), RoadFileError> {
        // Whatever keeps bytes from coming: the numbers do not end here.
        self.file.read_exact(bytes).map_err(|_| RoadFileError::Damaged("it was cut short"))?;
        self.crc.update(bytes);
        Ok(())
    }

    fn u32(&mut self) -> Result<u32, RoadFileError> {
        let mut bytes = [0; 4];
        self.bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn i32(&mut self) -> Result<i32, RoadFileError> {
        Ok(self.u32()?.cast_signed())
    }

    fn u64(&mut self) -> Result<u64, RoadFileError> {
        let mut bytes = [0; 8];
        self.bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// So many entries, each read by `entry`.
    fn list<T>(
        &mut self,
        entry: impl Fn(&mut Self) -> Result<T, RoadFileError>,
    ) -> Result<Vec<T>, RoadFileError> {
        let length = self.u32()? as usize;
        let mut list = Vec::with_capacity(length.min(ROOM_AHEAD));
        for _ in 0..length {
            list.push(entry(self)?);
        }
        Ok(list)
    }

    fn text(&mut self) -> Result<String, RoadFileError> {
        const LONGEST: u32 = 1 << 16;
        let length = self.u32()?;
        if length > LONGEST {
            return Err(RoadFileError::Damaged("a name has more than 65,536 bytes"));
        }
        let mut bytes = vec![0; length as usize];
        self.bytes(&mut bytes)?;
        String::from_utf8(bytes).map_err(|_| RoadFileError::Damaged("a name is no text"))
    }

    fn point(&mut self) -> Result<Point, RoadFileError> {
        Ok(Point { lat: self.i32()?, lon: self.i32()? })
    }

    fn map(&mut self) -> Result<RoadMap, RoadFileError> {
        let version = self.u32()?;
        if version != VERSION {
            return Err(RoadFileError::Version { version, expected: VERSION });
        }
        Ok(RoadMap {
            source: self.text()?,
            day: self.day()?,
            counts: self.counts()?,
            junctions: self.list(Self::point)?,
            pieces: self.list(Self::piece)?,
            points: self.list(Self::point)?,
            ways: self.list(Self::way)?,
            names: self.list(Self::text)?,
            banned: self
                .list(|input| Ok(BannedTurn { from: Arc(input.u32()?), to: Arc(input.u32()?) }))?,
        })
    }

    /// A day; an empty text is none.
    fn day(&mut self) -> Result<Option<Date>, RoadFileError> {
        let text = self.text()?;
        if text.is_empty() {
            return Ok(None);
        }
        let day = text.parse().ok();
        day.map(Some).ok_or(RoadFileError::Damaged("its day is none"))
    }

    fn way(&mut self) -> Result<WayId, RoadFileError> {
        let id = self.u64()?.cast_signed();
        Ok(WayId { id, name: self.u32()?, lines: self.u32()? })
    }

    fn counts(&mut self) -> Result<RoadCounts, RoadFileError> {
        Ok(RoadCounts {
            ways: self.u64()?,
            ways_not_for_cars: self.u64()?,
            tracks: self.u64()?,
            ways_without_access: self.u64()?,
            ways_not_open: self.u64()?,
            missing_points: self.u64()?,
            barriers: self.u64()?,
            turn_restrictions: self.u64()?,
            other_restrictions: self.u64()?,
            cut_off_pieces: self.u64()?,
            cut_off_metres: self.u64()?,
        })
    }

    fn piece(&mut self) -> Result<Piece, RoadFileError> {
        let (from, to) = (self.u32()?, self.u32()?);
        let (forward, backward) = (self.u32()?, self.u32()?);
        let metres = f32::from_bits(self.u32()?);
        // By their place in the list of all: whoever changes the list raises the version.
        let class = RoadClass::ALL.get(self.u32()? as usize).copied();
        let class = class.ok_or(RoadFileError::Damaged("a road has no class"))?;
        let (first_point, first_way) = (self.u32()?, self.u32()?);
        Ok(Piece { from, to, forward, backward, metres, class, first_point, first_way })
    }

    /// Nothing but the checksum may follow.
    fn end(mut self) -> Result<(), RoadFileError> {
        let expected = self.crc.clone().finalize();
        if self.u32()? != expected {
            return Err(RoadFileError::Damaged("its checksum is another one"));
        }
        let mut rest = [0; 1];
        match self.file.read(&mut rest) {
            Ok(0) => Ok(()),
            _ => Err(RoadFileError::Damaged("something follows its end")),
        }
    }
}
