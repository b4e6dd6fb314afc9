//! Files of blocks: `.osm.pbf`.

use std::io::{BufRead, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use osmpbf::{Blob, BlobDecode, BlobReader, Element, RelMemberType, Relation};

use super::draft::{Elements, Member, Role};
use super::tags::Tags;
use crate::roads::RoadFileError;

/// Bytes of a block in the file; the format allows 32 MB, and as many unpacked.
const LARGEST_BLOCK: u64 = 32 * 1024 * 1024 + 64 * 1024;
/// What a file may ask of those who read it; of any other demand nobody knows what it does to the roads.
const FEATURES: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];

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
        let rest = bytes.fill_buf().map_err(|error| broken(error.to_string()))?;
        if rest.is_empty() {
            return Ok(());
        }
        // A block is read whole before anything of it is known to be right, so that it gets no more than it may have.
        let blob = BlobReader::new(bytes.by_ref().take(LARGEST_BLOCK)).next();
        let blob = match blob {
            Some(Ok(blob)) => blob,
            Some(Err(error)) => return Err(broken(error.to_string())),
            None => return Err(broken("the file ends in it".to_owned())),
        };
        // The decoder trusts what a file says of itself in a few places: a hostile one ends here, as a broken block.
        match catch_unwind(AssertUnwindSafe(|| tell(&blob, elements))) {
            Ok(Ok(())) => {}
            Ok(Err(Untold::Broken(reason))) => return Err(broken(reason)),
            Ok(Err(Untold::Elements(error))) => return Err(error),
            Err(_) => return Err(broken("it contradicts itself".to_owned())),
        }
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
