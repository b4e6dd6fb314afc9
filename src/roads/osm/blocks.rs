//! The blocks of a `.osm.pbf`, unpacked, each of a bounded size.

use std::io::{BufRead, Read};

use flate2::read::ZlibDecoder;

use super::wire::{Broken, Field, Message, Value};

/// Bytes of a block, packed and unpacked, as the format allows.
const LARGEST_BLOCK: u64 = 32 * 1024 * 1024;
/// Bytes of what stands before a block.
const LARGEST_HEAD: u32 = 64 * 1024;

/// What a block is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// What the file asks of those who read it.
    Header,
    /// Points, ways and relations.
    Data,
    /// Nothing that is read.
    Other,
}

/// A block, unpacked.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    pub(super) bytes: Vec<u8>,
}

/// The next block of a file; `None` at its end.
///
/// # Errors
///
/// Why there is none: the file ends in it, or it is larger than the format allows, or packed in another way.
pub(super) fn next_block(file: &mut impl BufRead) -> Result<Option<Block>, String> {
    if file.fill_buf().map_err(|error| error.to_string())?.is_empty() {
        return Ok(None);
    }
    let mut length = [0; 4];
    file.read_exact(&mut length).map_err(|_| CUT_SHORT)?;
    let length = u32::from_be_bytes(length);
    if length > LARGEST_HEAD {
        return Err(format!("its head has {length} bytes, more than {LARGEST_HEAD}"));
    }
    let head = taken(file, u64::from(length))?;
    let (kind, size) = read_head(&head)?;
    if size > LARGEST_BLOCK {
        return Err(format!("it has {size} bytes, more than {LARGEST_BLOCK}"));
    }
    let packed = taken(file, size)?;
    let bytes = match kind {
        BlockKind::Other => Vec::new(),
        BlockKind::Header | BlockKind::Data => unpacked(&packed)?,
    };
    Ok(Some(Block { kind, bytes }))
}

const CUT_SHORT: Broken = "the file ends in it";

/// So many bytes; memory is taken as they come, so that a file that lies about them takes none.
fn taken(file: &mut impl Read, length: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if (bytes.len() as u64) < length { Err(CUT_SHORT.to_owned()) } else { Ok(bytes) }
}

/// What a block is of, and how many bytes it has.
fn read_head(head: &[u8]) -> Result<(BlockKind, u64), Broken> {
    let (mut kind, mut size) = (None, None);
    let mut fields = Message::new(head);
    while let Some(Field { number, value }) = fields.next()? {
        match (number, value) {
            (1, Value::Bytes(b"OSMHeader")) => kind = Some(BlockKind::Header),
            (1, Value::Bytes(b"OSMData")) => kind = Some(BlockKind::Data),
            (1, Value::Bytes(_)) => kind = Some(BlockKind::Other),
            (3, Value::Number(bytes)) => size = Some(bytes),
            _ => {}
        }
    }
    kind.zip(size).ok_or("its head does not say what it is, or how long")
}

/// The bytes of a block that is packed by zlib, or not at all.
fn unpacked(packed: &[u8]) -> Result<Vec<u8>, String> {
    let mut fields = Message::new(packed);
    while let Some(Field { number, value }) = fields.next()? {
        match (number, value) {
            (1, Value::Bytes(raw)) => return Ok(raw.to_vec()),
            (3, Value::Bytes(zlib)) => {
                let mut bytes = Vec::new();
                // One more than there may be tells that there are more.
                let mut unpacking = ZlibDecoder::new(zlib).take(LARGEST_BLOCK + 1);
                unpacking.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
                if bytes.len() as u64 > LARGEST_BLOCK {
                    return Err(format!("unpacked it has more than {LARGEST_BLOCK} bytes"));
                }
                return Ok(bytes);
            }
            (4..=7, Value::Bytes(_)) => return Err("it is not packed by zlib".to_owned()),
            _ => {}
        }
    }
    Err("it is empty".to_owned())
}

impl Block {
    /// The block as a file has it, not packed: for the decoder.
    pub(super) fn as_file(&self) -> Vec<u8> {
        let kind = if self.kind == BlockKind::Header { "OSMHeader" } else { "OSMData" };
        let mut body = Vec::with_capacity(self.bytes.len() + 8);
        put_bytes(&mut body, 1, &self.bytes);
        let mut head = Vec::new();
        put_bytes(&mut head, 1, kind.as_bytes());
        head.push(3 << 3);
        put_number(&mut head, body.len());
        // The head has some 20 bytes.
        let mut file = (head.len() as u32).to_be_bytes().to_vec();
        file.append(&mut head);
        file.append(&mut body);
        file
    }
}

/// Writes a field of bytes.
fn put_bytes(message: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    message.push((field << 3) | 2);
    put_number(message, bytes.len());
    message.extend_from_slice(bytes);
}

/// Writes a number, seven bits a byte, the lowest first.
fn put_number(message: &mut Vec<u8>, number: usize) {
    let mut rest = number;
    while rest > 127 {
        message.push(((rest & 127) as u8) | 128);
        rest >>= 7;
    }
    message.push(rest as u8);
}
