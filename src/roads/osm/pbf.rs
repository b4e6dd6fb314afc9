//! Files of blocks: `.osm.pbf`.

use std::io::BufRead;

use osmpbf::{Blob, BlobDecode, BlobReader, Element, RelMemberType, Relation};

use super::blocks::{Block, BlockKind, next_block};
use super::draft::{Elements, Member, Role};
use super::sound::check_data;
use super::tags::Tags;
use super::wire::Broken;
use crate::calendar::Date;
use crate::roads::RoadFileError;

/// What a file may ask of those who read it; of any other demand nobody knows what it does to the roads.
const FEATURES: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];

/// Bytes of what a file asks of those who read it; most have a hundred.
const LARGEST_HEADER: usize = 1 << 20;

/// Why a block is not told.
enum Untold {
    Broken(String),
    Elements(RoadFileError),
}

impl From<osmpbf::Error> for Untold {
    fn from(error: osmpbf::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<Broken> for Untold {
    fn from(reason: Broken) -> Self {
        Self::Broken(reason.to_owned())
    }
}

impl From<RoadFileError> for Untold {
    fn from(error: RoadFileError) -> Self {
        Self::Elements(error)
    }
}

/// Reads a file and tells its elements.
///
/// # Errors
///
/// When a block is broken or cut short, or there is more than is kept.
pub(super) fn read<E: Elements>(
    mut bytes: impl BufRead + Send,
    elements: &mut E,
) -> Result<(), RoadFileError> {
    let mut block = 0;
    loop {
        block += 1;
        let broken = |reason: String| RoadFileError::Pbf { block, reason };
        let Some(next) = next_block(&mut bytes).map_err(broken)? else { return Ok(()) };
        match tell_block(&next, elements) {
            Ok(()) => {}
            Err(Untold::Broken(reason)) => return Err(broken(reason)),
            Err(Untold::Elements(error)) => return Err(error),
        }
    }
}

/// Tells the elements of a block, once it is known that the decoder can take it.
fn tell_block<E: Elements>(block: &Block, elements: &mut E) -> Result<(), Untold> {
    match block.kind {
        BlockKind::Other => return Ok(()),
        BlockKind::Header if block.bytes.len() > LARGEST_HEADER => {
            return Err(Untold::Broken(format!("it has more than {LARGEST_HEADER} bytes")));
        }
        BlockKind::Header => {}
        BlockKind::Data => check_data(&block.bytes)?,
    }
    let file = block.as_file();
    match BlobReader::new(file.as_slice()).next() {
        Some(blob) => tell(&blob?, elements),
        None => Ok(()),
    }
}

/// Tells the elements of a block.
fn tell<E: Elements>(blob: &Blob, elements: &mut E) -> Result<(), Untold> {
    let block = match blob.decode()? {
        BlobDecode::OsmData(block) => block,
        BlobDecode::OsmHeader(header) => {
            for feature in header.required_features() {
                if !FEATURES.contains(&feature.as_str()) {
                    return Err(Untold::Broken(format!(
                        "it needs \"{feature}\", which is not read"
                    )));
                }
            }
            if let Some(day) = header.osmosis_replication_timestamp().and_then(day_of) {
                elements.day(day);
            }
            return Ok(());
        }
        BlobDecode::Unknown(_) => return Ok(()),
    };

    // Made once for a block of thousands of elements.
    let mut tags = Tags::default();
    let mut points = Vec::new();
    let mut members = Vec::new();
    for element in block.elements() {
        tags.clear();
        match element {
            Element::DenseNode(node) if E::TAKES_POINTS => {
                node.tags().for_each(|(key, value)| tags.add(key, value));
                elements.point(node.id(), node.lat(), node.lon(), &tags);
            }
            Element::Node(node) if E::TAKES_POINTS => {
                node.tags().for_each(|(key, value)| tags.add(key, value));
                elements.point(node.id(), node.lat(), node.lon(), &tags);
            }
            Element::Way(way) if !E::TAKES_POINTS => {
                way.tags().for_each(|(key, value)| tags.add(key, value));
                points.clear();
                points.extend(way.refs());
                elements.way(way.id(), &points, &tags)?;
            }
            Element::Relation(relation) if !E::TAKES_POINTS => {
                relation.tags().for_each(|(key, value)| tags.add(key, value));
                read_members(&relation, &mut members);
                elements.relation(&members, &tags);
            }
            _ => {}
        }
    }
    Ok(())
}

/// The day of seconds since 1970; `None` of a moment that no calendar has.
fn day_of(seconds: i64) -> Option<Date> {
    const SECONDS: i64 = 24 * 3600;
    let days = u32::try_from(seconds.div_euclid(SECONDS)).ok()?;
    let start: Date = "1970-01-01".parse().ok()?;
    start.plus_days(days)
}

/// The members of a relation that have a role of a turn restriction.
fn read_members(relation: &Relation<'_>, members: &mut Vec<Member>) {
    members.clear();
    for member in relation.members() {
        if let Some(role) = member.role().ok().and_then(Role::of) {
            let is_way = matches!(member.member_type, RelMemberType::Way);
            members.push(Member { role, is_way, id: member.member_id });
        }
    }
}
