//! Blocks of `.osm.pbf` that are written by hand, sound and hostile ones, and what the program says of them.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use verbund::roads::{ImportRoads, RoadFileError, RoadMap};
use verbund::run::Control;

use crate::roads_osm::{CHANGED_FILES, stands};
use crate::run::output as run;

/// Numbers of seven bits a byte, the lowest first.
fn number(value: u64) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), value);
    while rest > 127 {
        bytes.push(((rest & 127) as u8) | 128);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

fn signed(value: i64) -> Vec<u8> {
    number(((value << 1) ^ (value >> 63)).cast_unsigned())
}

/// A field of bytes.
fn field(key: u8, content: &[u8]) -> Vec<u8> {
    [&[(key << 3) | 2][..], &number(content.len() as u64), content].concat()
}

/// A list of numbers, each as the difference to the one before.
fn differences(values: &[i64]) -> Vec<u8> {
    let (mut bytes, mut before) = (Vec::new(), 0_i64);
    for value in values {
        bytes.extend(signed(value.wrapping_sub(before)));
        before = *value;
    }
    bytes
}

/// A block of a file: as it is, or packed.
fn block(kind: &str, content: &[u8], is_packed: bool) -> Vec<u8> {
    let body = if is_packed {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(content).unwrap();
        field(3, &packed.finish().unwrap())
    } else {
        field(1, content)
    };
    let head = [field(1, kind.as_bytes()), vec![3 << 3], number(body.len() as u64)].concat();
    [&(head.len() as u32).to_be_bytes()[..], &head, &body].concat()
}

const TEXTS: [&str; 5] = ["", "highway", "tertiary", "maxspeed", "50"];

fn texts() -> Vec<u8> {
    let all: Vec<u8> = TEXTS.iter().flat_map(|text| field(1, text.as_bytes())).collect();
    field(1, &all)
}

/// Three points on the equator, 0.009 degrees apart.
fn points() -> Vec<u8> {
    let content = [
        field(1, &differences(&[1, 2, 3])),
        field(8, &differences(&[0, 0, 0])),
        field(9, &differences(&[0, 90_000, 180_000])),
    ];
    field(2, &field(2, &content.concat()))
}

fn way() -> Vec<u8> {
    let content =
        [vec![1 << 3, 7], field(2, &[1, 3]), field(3, &[2, 4]), field(8, &differences(&[1, 2, 3]))];
    field(2, &field(3, &content.concat()))
}

fn header(is_packed: bool) -> Vec<u8> {
    let features = [field(4, b"OsmSchema-V0.6"), field(4, b"DenseNodes")].concat();
    block("OSMHeader", &features, is_packed)
}

/// A file with these parts in its block.
fn file(parts: &[Vec<u8>], is_packed: bool) -> Vec<u8> {
    let data = [texts(), parts.concat()].concat();
    [header(is_packed), block("OSMData", &data, is_packed)].concat()
}

fn import(bytes: &[u8]) -> Result<RoadMap, RoadFileError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.osm.pbf");
    std::fs::write(&path, bytes).unwrap();
    let map = RoadMap::import(&path, &ImportRoads::default(), &Control::default())?;
    Ok(map.unwrap())
}

#[test]
fn a_file_of_blocks_is_read_packed_and_as_it_is() {
    for is_packed in [false, true] {
        let map = import(&file(&[points(), way()], is_packed)).unwrap();
        assert_eq!((map.pieces(), map.junctions()), (1, 2));
        // Two steps of 1,000.756 m.
        assert_eq!((map.kilometres()[0].1 * 1000.0).round(), 2002.0);
    }
}

#[test]
fn the_day_of_a_file_is_that_of_its_header() {
    // 1,415,184,422 seconds after 1970 are 2014-11-05 10:47:02.
    let features = [field(4, b"OsmSchema-V0.6"), field(4, b"DenseNodes")].concat();
    for (seconds, day) in [(1_415_184_422_u64, Some("2014-11-05")), (u64::MAX, None)] {
        // Field 32, a whole number.
        let stamp = [number(32 << 3), number(seconds)].concat();
        let head = block("OSMHeader", &[features.clone(), stamp].concat(), false);
        let data = block("OSMData", &[texts(), points(), way()].concat(), false);
        let map = import(&[head, data].concat()).unwrap();
        assert_eq!(map.day().map(|day| day.to_string()).as_deref(), day);
    }
}

/// Files that a decoder which trusts them falls over, each with what is said of it.
fn hostile() -> Vec<(Vec<u8>, &'static str)> {
    let group = |key: u8, content: Vec<u8>| field(2, &field(key, &content));
    let relation = |kind: u8| {
        let member = [field(8, &[0]), field(9, &differences(&[1])), field(10, &[kind])];
        group(4, [vec![1 << 3, 1], member.concat()].concat())
    };
    let ids = |list: &[i64]| {
        let mut differences = Vec::new();
        for difference in list {
            differences.extend(signed(*difference));
        }
        differences
    };
    let two = [field(2, &field(1, &[2])), field(2, &field(1, &[2]))].concat();
    let sound = |part: Vec<u8>| file(&[points(), way(), part], false);
    let mut long = block("OSMData", b"", false);
    long.splice(0..4, 0x7fff_ffff_u32.to_be_bytes());
    let bomb = block("OSMData", &vec![0; 33 * 1024 * 1024], true);
    let behind_header = |block: &[u8]| [&header(false)[..], block].concat();
    let entries = field(1, &[10, 0].repeat(500_001));
    vec![
        (sound(relation(7)), "a member of a relation is of no kind that there is"),
        (sound(group(3, field(8, &ids(&[i64::MAX, i64::MAX])))), "a number in it is out of range"),
        (sound(group(2, field(1, &ids(&[i64::MIN, -1])))), "a number in it is out of range"),
        (sound(group(2, field(8, &ids(&[i64::MAX])))), "a number in it is out of range"),
        (sound(group(4, field(9, &ids(&[i64::MAX, 1])))), "a number in it is out of range"),
        (sound(group(2, field(5, &field(4, &ids(&[1 << 31]))))), "a number in it is out of range"),
        (sound(field(2, &two)), "a group has two lists of points"),
        (sound(group(3, field(2, &[9]))), "a tag names a text that is not there"),
        (sound(group(3, field(8, &[0x80]))), "a number has no end"),
        (sound(vec![(2 << 3) | 2, 100, 0]), "a field is longer than what it is part of"),
        (file(&[entries], false), "it has more than 500,000 entries"),
        (behind_header(&long), "its head has 2147483647 bytes"),
        (behind_header(&bomb), "unpacked it has more than"),
        (behind_header(&block("OSMData", b"", false)[..10]), "the file ends in it"),
    ]
}

#[test]
fn hostile_blocks_are_told_and_nothing_else_is_on_the_screen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hostile.osm.pbf");
    for (bytes, message) in hostile() {
        let error = import(&bytes).unwrap_err().to_string();
        assert!(error.contains(message), "{error}, and not {message}");
        // Read as ways, then as points: some show at the second look only.
        std::fs::write(&path, &bytes).unwrap();
        let (code, out, told) = run(&["roads", "info", shown(&path)]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(!told.contains("panicked") && told.contains(message), "{told}");
    }
}

fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn changed_blocks_are_roads_or_errors() {
    // As it is, so that a change meets what is written and not only its packing.
    stands(&file(&[points(), way()], false), "crossing.osm.pbf", CHANGED_FILES);
    stands(&file(&[points(), way()], true), "packed.osm.pbf", CHANGED_FILES);
}
