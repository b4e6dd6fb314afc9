//! Journeys in whole seconds, packed so that a browser unpacks them by itself.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::page::markup::base64;
use crate::region::Region;

/// What stands for "not in reach": longer than any cut-off.
pub(super) const UNREACHED: u16 = u16::MAX;

/// Bytes in base64, compressed (zlib): what `DecompressionStream("deflate")` of browsers reads.
pub(super) fn packed(bytes: &[u8]) -> String {
    // The best compression: it is packed once and sent around for years.
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    base64(&written.expect("a vector takes all that is written"))
}

/// The journeys from each of these parts to each of these hospitals in seconds, hospital by hospital; what is not in
/// reach is longer than any cut-off.
pub(super) fn columns(region: &Region, parts: &[usize], hospitals: &[usize]) -> Vec<u16> {
    let count = parts.len();
    let mut column_of = vec![None; region.network().hospitals().len()];
    for (column, &hospital) in hospitals.iter().enumerate() {
        column_of[hospital] = Some(column);
    }
    let mut seconds = vec![UNREACHED; count * hospitals.len()];
    for (row, &part) in parts.iter().enumerate() {
        for (hospital, time) in region.times().from_origin(part) {
            if let Some(column) = column_of[hospital.index()] {
                seconds[column * count + row] = time.0 as u16;
            }
        }
    }
    seconds
}

/// Numbers as bytes: all low ones, then all high ones.
///
/// The high bytes of neighbours are alike, so that apart from the low ones they compress to a fraction.
pub(super) fn split(numbers: &[u16]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(numbers.len() * 2);
    for number in numbers {
        bytes.push((number & 255) as u8);
    }
    for number in numbers {
        bytes.push((number >> 8) as u8);
    }
    bytes
}

/// Numbers as bytes: all first ones, then all second ones, up to the eighth.
///
/// The last bytes, which say how large a number is, are alike among neighbours, and compress as those of [`split`] do.
pub(super) fn scattered(numbers: &[f64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(numbers.len() * 8);
    for position in 0..8 {
        for number in numbers {
            bytes.push(number.to_le_bytes()[position]);
        }
    }
    bytes
}

/// A checksum in which every number and its place count: FNV-1a over 16-bit words, of 32 bits because scripts multiply
/// those exactly.
pub(super) fn checksum(numbers: &[u16]) -> u32 {
    let mut sum = 0x811c_9dc5_u32;
    for number in numbers {
        sum = (sum ^ u32::from(*number)).wrapping_mul(0x0100_0193);
    }
    sum
}
