//! Why a file of roads is not read.

use crate::disk::ReadError;

/// Why there are no roads in a file, or none that can be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RoadFileError {
    /// The file cannot be read at all.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It is of another kind.
    #[error(
        "it is neither an extract of OpenStreetMap (.osm.pbf, .osm, .osm.gz) nor a road graph that `verbund roads import` made{0}"
    )]
    Foreign(&'static str),
    /// An extract, in a program that was built without reading them.
    #[error("it is an extract of OpenStreetMap, which is read with the feature `osm` only")]
    NoOsm,
    /// A block of a `.osm.pbf` is broken, or the file ends in it.
    #[error("block {block} is broken: {reason}")]
    Pbf {
        /// Which block, from 1.
        block: u64,
        /// What is wrong.
        reason: String,
    },
    /// A file of XML is broken.
    #[error("the XML is broken at byte {byte}: {reason}")]
    Xml {
        /// How many bytes of the text stand before it, unpacked.
        byte: u64,
        /// What is wrong.
        reason: String,
    },
    /// The roads have more points than are read.
    #[error(
        "its roads have more than {most} points; take an extract of a smaller area, or raise the limit"
    )]
    TooManyPoints {
        /// How many are read.
        most: u32,
    },
    /// No car can drive there.
    #[error("it has no roads for cars{0}")]
    NoRoads(&'static str),
    /// A road graph of another version of the program.
    #[error(
        "it is a road graph of version {version}, and this program reads version {expected}; make it anew with `verbund roads import`"
    )]
    Version {
        /// What the file says.
        version: u32,
        /// What is read.
        expected: u32,
    },
    /// A road graph that was cut short or changed.
    #[error("the road graph is damaged ({0}); make it anew with `verbund roads import`")]
    Damaged(&'static str),
}
