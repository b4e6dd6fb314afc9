//! Files of XML: `.osm`, and unpacked `.osm.gz`.

use std::io::{self, BufRead, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::draft::{Elements, Member, Role};
use super::tags::Tags;
use crate::roads::RoadFileError;

/// Bytes that one tag may have; the reader keeps a tag whole.
const LONGEST_TAG: u64 = 1 << 20;
/// Points of one way, and members of one relation, that are kept: 50 times of what OpenStreetMap allows.
const MOST_PARTS: usize = 100_000;

/// A reader that ends where a tag does not: a file of one endless tag takes no more memory than the longest one.
pub(super) struct Bounded<R> {
    inner: R,
    /// Bytes since the last tag ended.
    since: u64,
}

impl<R> Bounded<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, since: 0 }
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since > LONGEST_TAG {
            let message = format!("a tag of more than {LONGEST_TAG} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.since += bytes as u64;
        self.inner.consume(bytes);
    }
}

/// The element that is open.
enum Open {
    Nothing,
    Point { id: i64, lat: f64, lon: f64 },
    Way { id: i64 },
    Relation,
}

/// What is read of an element until it ends.
struct State<'e, E> {
    elements: &'e mut E,
    open: Open,
    tags: Tags,
    points: Vec<i64>,
    members: Vec<Member>,
    has_root: bool,
}

/// Reads a file and tells its elements.
///
/// # Errors
///
/// When it is broken, no file of OpenStreetMap, or has more than is kept.
pub(super) fn read<E: Elements>(text: impl BufRead, elements: &mut E) -> Result<(), RoadFileError> {
    let mut reader = Reader::from_reader(Bounded::new(text));
    // A file that closes the wrong element is read by what it opens; only its end must be there.
    reader.config_mut().check_end_names = false;
    let mut state = State {
        elements,
        open: Open::Nothing,
        tags: Tags::default(),
        points: Vec::new(),
        members: Vec::new(),
        has_root: false,
    };
    let mut buffer = Vec::new();
    let mut is_whole = false;
    loop {
        buffer.clear();
        reader.get_mut().since = 0;
        let event = reader.read_event_into(&mut buffer);
        let byte = reader.buffer_position();
        let broken = |reason: String| RoadFileError::Xml { byte, reason };
        match event.map_err(|error| broken(error.to_string()))? {
            Event::Start(tag) => state.start(&tag).map_err(broken)?,
            Event::Empty(tag) => {
                state.start(&tag).map_err(broken)?;
                state.end(tag.name().as_ref())?;
            }
            Event::End(tag) => {
                is_whole |= tag.name().as_ref() == "osm";
                state.end(tag.name().as_ref())?;
            }
            Event::Eof if !state.has_root => {
                return Err(RoadFileError::Foreign(": it has no element <osm>"));
            }
            Event::Eof if !is_whole => {
                return Err(broken("the file ends before </osm>: it was cut short".to_owned()));
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

impl<E: Elements> State<'_, E> {
    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        match tag.name().as_ref() {
            "osm" => {
                self.has_root = true;
                self.day(tag, "timestamp")?;
            }
            // Of Overpass.
            "meta" => self.day(tag, "osm_base")?,
            "node" if E::TAKES_POINTS => {
                self.tags.clear();
                let (lat, lon) = (number(tag, "lat")?, number(tag, "lon")?);
                self.open = Open::Point { id: number(tag, "id")?, lat, lon };
            }
            "way" if !E::TAKES_POINTS => {
                self.tags.clear();
                self.points.clear();
                self.open = Open::Way { id: number(tag, "id")? };
            }
            "relation" if !E::TAKES_POINTS => {
                self.tags.clear();
                self.members.clear();
                self.open = Open::Relation;
            }
            "nd" if matches!(self.open, Open::Way { .. }) && self.points.len() < MOST_PARTS => {
                self.points.push(number(tag, "ref")?);
            }
            "member" if matches!(self.open, Open::Relation) => self.member(tag)?,
            "tag" if !matches!(self.open, Open::Nothing) => {
                let (key, value) = (text(tag, "k")?, text(tag, "v")?);
                self.tags.add(&key, &value);
            }
            _ => {}
        }
        Ok(())
    }

    /// Tells the day of a moment such as `2014-11-05T10:47:02Z`; what is none tells nothing.
    fn day(&mut self, tag: &BytesStart<'_>, name: &str) -> Result<(), String> {
        let moment = text(tag, name)?;
        // The hour is of no use: roads change from day to day at most.
        let day = moment.split('T').next();
        if let Ok(day) = day.unwrap_or_default().parse() {
            self.elements.day(day);
        }
        Ok(())
    }

    fn member(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        let Some(role) = Role::of(&text(tag, "role")?) else { return Ok(()) };
        if self.members.len() < MOST_PARTS {
            let is_way = text(tag, "type")? == "way";
            self.members.push(Member { role, is_way, id: number(tag, "ref")? });
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), RoadFileError> {
        match (name, &self.open) {
            ("node", Open::Point { id, lat, lon }) => {
                self.elements.point(*id, *lat, *lon, &self.tags);
            }
            ("way", Open::Way { id }) => self.elements.way(*id, &self.points, &self.tags)?,
            ("relation", Open::Relation) => self.elements.relation(&self.members, &self.tags),
            _ => return Ok(()),
        }
        self.open = Open::Nothing;
        Ok(())
    }
}

/// The value of an attribute; empty where it is not there.
fn text(tag: &BytesStart<'_>, name: &str) -> Result<String, String> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.key.as_ref() == name {
            let value = quick_xml::escape::unescape(&attribute.value);
            let value = value.map_err(|error| error.to_string())?;
            return Ok(value.into_owned());
        }
    }
    Ok(String::new())
}

/// The number of an attribute.
fn number<T: std::str::FromStr>(tag: &BytesStart<'_>, name: &str) -> Result<T, String> {
    let value = text(tag, name)?;
    value.trim().parse().map_err(|_| {
        let element = tag.name().as_ref().to_owned();
        format!("<{element}> has {name}=\"{value}\", which is no number")
    })
}
