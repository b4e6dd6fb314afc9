//! Tables of travel times as files of bytes (`.times`), for networks whose `travel_times.csv` would be large.
//!
//! A file is `verbtime`, a version, the keys of hospitals in their order, then for each start its key and its journeys: the
//! number of each hospital as the difference to the one before, and the seconds plus one, 0 where there is no way. Numbers
//! have seven bits a byte, the lowest first, so that most journeys take three bytes. A checksum (CRC-32) ends it.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use super::bytes::fault;
use super::places::JourneyEnds;
use crate::model::TravelRow;
use crate::problem::{Problem, ProblemKind, Problems, closest};
use crate::units::Seconds;

/// How a file begins.
const MAGIC: &[u8] = b"verbtime";
/// What the bytes mean; another one is refused.
const VERSION: u32 = 1;
/// The longest time, as in `travel_times.csv`.
const LONGEST: u32 = 60_000;
/// Bytes of a checksum.
const CHECKSUM: usize = 4;

/// Why there are no journeys in a file of bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JourneysError {
    /// It is of another kind.
    #[error("{}", said!("it is no file of travel times that `verbund travel-times` made"))]
    Foreign,
    /// It is of another version of the program.
    #[error("{}", said!("it is of version {version}, and this program reads version {expected}; make it anew with `verbund travel-times`", version, expected))]
    Version {
        /// What the file says.
        version: u32,
        /// What is read.
        expected: u32,
    },
    /// It was cut short or changed.
    #[error("{}", said!("it is damaged ({what}); make it anew with `verbund travel-times`", what = crate::words::of(what)))]
    Damaged {
        /// What is wrong with it.
        what: &'static str,
    },
}

/// Journeys as the bytes of a file `.times`; of several for one pair the first counts.
///
/// A network whose `network.ron` says `travel_times: "my.times"` reads them back. A journey takes some three bytes, where a
/// line of `travel_times.csv` has 20 to 30.
///
/// ```
/// use verbund::files::{journeys_from_bytes, journeys_to_bytes};
/// use verbund::model::TravelRow;
/// use verbund::units::Seconds;
///
/// let row = |hospital: &str, time| TravelRow { place: "a".into(), hospital: hospital.into(), time };
/// let rows = vec![row("north", Some(Seconds(300))), row("south", None)];
/// let bytes = journeys_to_bytes(&rows);
/// assert_eq!(journeys_from_bytes(&bytes).unwrap(), rows);
/// assert!(journeys_from_bytes(&bytes[..bytes.len() - 1]).is_err());
/// ```
pub fn journeys_to_bytes(rows: &[TravelRow]) -> Vec<u8> {
    let mut sorted: Vec<&TravelRow> = rows.iter().collect();
    sorted.sort_by(|a, b| (&a.place, &a.hospital).cmp(&(&b.place, &b.hospital)));
    sorted.dedup_by(|b, a| (&a.place, &a.hospital) == (&b.place, &b.hospital));
    let mut hospitals: Vec<&str> = Vec::with_capacity(sorted.len());
    for row in &sorted {
        hospitals.push(&row.hospital);
    }
    hospitals.sort_unstable();
    hospitals.dedup();
    let mut numbers: HashMap<&str, u32> = HashMap::with_capacity(hospitals.len());
    for (number, hospital) in (0..).zip(&hospitals) {
        numbers.insert(hospital, number);
    }

    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    put_number(&mut bytes, hospitals.len() as u32);
    for hospital in &hospitals {
        put_text(&mut bytes, hospital);
    }
    let starts: Vec<&[&TravelRow]> = sorted.chunk_by(|a, b| a.place == b.place).collect();
    put_number(&mut bytes, starts.len() as u32);
    for rows in starts {
        put_text(&mut bytes, &rows[0].place);
        put_number(&mut bytes, rows.len() as u32);
        let mut before = 0;
        for row in rows {
            let number = numbers[&*row.hospital];
            put_number(&mut bytes, number - before);
            before = number;
            // Longer than a table may have is as good as none.
            let time = row.time.filter(|time| time.0 <= LONGEST);
            put_number(&mut bytes, time.map_or(0, |time| time.0 + 1));
        }
    }
    let checksum = crc32fast::hash(&bytes[MAGIC.len()..]);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes
}

fn put_number(bytes: &mut Vec<u8>, number: u32) {
    let mut rest = number;
    while rest > 127 {
        bytes.push(((rest & 127) as u8) | 128);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put_number(bytes, text.len() as u32);
    bytes.extend_from_slice(text.as_bytes());
}

/// The journeys of a file `.times`, in the order of their starts, then of their hospitals.
///
/// # Errors
///
/// When it is of another kind or version, was cut short or changed.
pub fn journeys_from_bytes(bytes: &[u8]) -> Result<Vec<TravelRow>, JourneysError> {
    let behind = bytes.strip_prefix(MAGIC).ok_or(JourneysError::Foreign)?;
    let (version, _) = behind.split_first_chunk().ok_or(CUT_SHORT)?;
    let version = u32::from_le_bytes(*version);
    if version != VERSION {
        return Err(JourneysError::Version { version, expected: VERSION });
    }
    let (content, checksum) = behind.split_last_chunk::<CHECKSUM>().ok_or(CUT_SHORT)?;
    // First of all: what was changed anywhere is told as that, and nothing of it is kept.
    if crc32fast::hash(content) != u32::from_le_bytes(*checksum) {
        return Err(JourneysError::Damaged { what: "its checksum is another one" });
    }
    Bytes { rest: content.get(4..).unwrap_or_default() }.rows()
}

const CUT_SHORT: JourneysError = JourneysError::Damaged { what: "it was cut short" };
const CONTRADICTION: JourneysError =
    JourneysError::Damaged { what: "its numbers contradict each other" };

/// Bytes that are read from their beginning.
struct Bytes<'b> {
    rest: &'b [u8],
}

impl Bytes<'_> {
    fn rows(mut self) -> Result<Vec<TravelRow>, JourneysError> {
        let hospitals = self.hospitals()?;
        let mut rows = Vec::new();
        let mut before: Option<Arc<str>> = None;
        for _ in 0..self.number()? {
            let place: Arc<str> = self.text()?.into();
            if before.is_some_and(|before| before >= place) {
                return Err(CONTRADICTION);
            }
            self.rows_from(&place, &hospitals, &mut rows)?;
            before = Some(place);
        }
        if self.rest.is_empty() { Ok(rows) } else { Err(CONTRADICTION) }
    }

    /// Keys of hospitals, in their order.
    fn hospitals(&mut self) -> Result<Vec<Arc<str>>, JourneysError> {
        let mut hospitals: Vec<Arc<str>> = Vec::new();
        for _ in 0..self.number()? {
            let hospital: Arc<str> = self.text()?.into();
            if hospitals.last().is_some_and(|before| *before >= hospital) {
                return Err(CONTRADICTION);
            }
            hospitals.push(hospital);
        }
        Ok(hospitals)
    }

    /// The journeys of a start.
    fn rows_from(
        &mut self,
        place: &Arc<str>,
        hospitals: &[Arc<str>],
        rows: &mut Vec<TravelRow>,
    ) -> Result<(), JourneysError> {
        let mut number = 0_usize;
        for index in 0..self.number()? {
            let step = self.number()?;
            // Each hospital once: only the first one may be number 0.
            if index > 0 && step == 0 {
                return Err(CONTRADICTION);
            }
            number += step as usize;
            let hospital = hospitals.get(number).ok_or(CONTRADICTION)?;
            let seconds = self.number()?;
            if seconds > LONGEST + 1 {
                return Err(CONTRADICTION);
            }
            rows.push(TravelRow {
                place: Arc::clone(place),
                hospital: Arc::clone(hospital),
                time: seconds.checked_sub(1).map(Seconds),
            });
        }
        Ok(())
    }

    fn number(&mut self) -> Result<u32, JourneysError> {
        let mut number = 0;
        for (place, byte) in self.rest.iter().take(5).enumerate() {
            number |= u64::from(byte & 127) << (7 * place);
            if byte & 128 == 0 {
                self.rest = &self.rest[place + 1..];
                return u32::try_from(number).map_err(|_| CONTRADICTION);
            }
        }
        Err(CONTRADICTION)
    }

    fn text(&mut self) -> Result<&str, JourneysError> {
        let length = self.number()? as usize;
        let (text, rest) = self.rest.split_at_checked(length).ok_or(CONTRADICTION)?;
        self.rest = rest;
        std::str::from_utf8(text).map_err(|_| CONTRADICTION)
    }
}

/// Whether a table of travel times is a file of bytes, by its ending or by how it begins.
pub(super) fn is_of_journeys(path: &str, bytes: &[u8]) -> bool {
    let ending = Path::new(path).extension();
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("times")) || bytes.starts_with(MAGIC)
}

/// The journeys of a file of a network, and every fault; keys that the network does not have are faults.
pub(super) fn read_journeys(
    file: &str,
    bytes: &[u8],
    ends: &JourneyEnds<'_>,
) -> (Vec<TravelRow>, Problems) {
    let mut problems = Problems::default();
    let rows = match journeys_from_bytes(bytes) {
        Ok(rows) => rows,
        Err(error) => {
            problems.push(fault(file, ProblemKind::Unreadable, None, error.to_string()));
            return (Vec::new(), problems);
        }
    };

    // Each key once: a table has thousands of rows of it.
    let (mut starts, mut hospitals) = (BTreeSet::new(), BTreeSet::new());
    for row in &rows {
        starts.insert(&*row.place);
        hospitals.insert(&*row.hospital);
    }
    if let Some(known) = &ends.place_keys {
        for start in starts {
            if !ends.may_begin(start) {
                problems.push(unknown(file, "place", start, known));
            }
        }
    }
    if let Some(known) = &ends.hospital_keys {
        for hospital in hospitals {
            if !known.contains(hospital) {
                problems.push(unknown(file, "hospital", hospital, known));
            }
        }
    }
    (rows, problems)
}

/// The fault of a key that the network does not have.
fn unknown(file: &str, what: &str, key: &str, known: &BTreeSet<&str>) -> Problem {
    let message = said!("unknown {what} \"{key}\"", what = crate::words::of(what), key);
    let problem = fault(file, ProblemKind::Unknown, None, message);
    Problem { closest: closest(key, known.iter().copied()), ..problem }
}
