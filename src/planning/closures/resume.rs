//! Finished work of a search of closures in a file, so that an interrupted one can go on.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Aftermath, Order, Overload, Receiver, Sites};
use crate::disk::{self, NotText, ReadError};
use crate::model::{HospitalId, Network, Standard};
use crate::region::Region;
use crate::routing::{Choice, HospitalLoad, LoadChange};
use crate::travel::TravelTimes;

/// How the file is laid out: a line that says what it is about, and a line of records.
const FORMAT: u32 = 2;
/// Greatest size, in bytes: a million closures with a few receivers each have less.
const MOST: u64 = 1_000_000_000;
/// What a question says where nobody asked where cases go.
const NO_CHOICE: &str = "none";

/// What work is about: work of another question is refused. Which sets are shown, and how many, does not matter.
///
/// # Example
///
/// ```
/// use verbund::Region;
/// use verbund::planning::closures::{Order, Question, Sites};
///
/// let region = Region::leipzig()?;
/// let standard = region.network().catalog().standard("stroke_unit").unwrap();
/// let pairs = Question::new(&region, standard, Sites::Inside).order(Order::Pair);
/// let singles = Question::new(&region, standard, Sites::Inside);
/// assert!(pairs != singles);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    program: String,
    network: String,
    as_of: String,
    /// Of the network, its places and journeys.
    fingerprint: String,
    standard: String,
    limit_minutes: u32,
    order: usize,
    may_close: String,
    choice: String,
}

impl Question {
    /// Single closures of these sites, without a look at where the cases go.
    pub fn new(region: &Region, standard: &Standard, sites: Sites) -> Self {
        let network = region.network();
        let may_close = match sites {
            Sites::All => "all",
            Sites::Inside => "inside",
        };
        Self {
            program: concat!("verbund ", env!("CARGO_PKG_VERSION")).to_owned(),
            network: network.name().to_owned(),
            as_of: network.date().to_string(),
            fingerprint: format!("{:016x}", region.fingerprint()),
            standard: standard.key.clone(),
            limit_minutes: standard.minutes,
            order: Order::Single.size(),
            may_close: may_close.to_owned(),
            choice: NO_CHOICE.to_owned(),
        }
    }

    /// The question about closures of so many hospitals at once.
    #[must_use]
    pub fn order(self, order: Order) -> Self {
        Self { order: order.size(), ..self }
    }

    /// The question with the cases followed to where they go by this choice; `None` leaves that out.
    #[must_use]
    pub fn choice(self, choice: Option<Choice>) -> Self {
        let choice = match choice {
            Some(choice) => choice.to_string(),
            None => NO_CHOICE.to_owned(),
        };
        Self { choice, ..self }
    }

    /// The first thing in which the question of a file differs from this one.
    fn difference(&self, file: &Self) -> Option<ResumeError> {
        let limit = |question: &Self| format!("{} minutes", question.limit_minutes);
        // The content comes last: where a setting differs, that says more than a changed fingerprint.
        let pairs = [
            ("program", file.program.clone(), self.program.clone()),
            ("network", file.network.clone(), self.network.clone()),
            ("as-of", file.as_of.clone(), self.as_of.clone()),
            ("standard", file.standard.clone(), self.standard.clone()),
            ("limit", limit(file), limit(self)),
            ("order", file.order.to_string(), self.order.to_string()),
            ("hospitals that may close", file.may_close.clone(), self.may_close.clone()),
            ("choice", file.choice.clone(), self.choice.clone()),
            ("content of the network", file.fingerprint.clone(), self.fingerprint.clone()),
        ];

        for (what, file, asked) in pairs {
            if file != asked {
                return Some(ResumeError::OtherWork { what, file, asked });
            }
        }
        None
    }
}

/// Why finished work cannot be taken from a file. The file is left as it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file is no text.
    #[error(transparent)]
    Text(#[from] NotText),
    /// The file has something else.
    #[error("{}", said!("this is no file of unfinished closures{error}", error = _0))]
    Foreign(String),
    /// Its layout is that of another version.
    #[error("{}", said!("another version of the program wrote the file; name another file, or remove it"))]
    OtherVersion,
    /// It has the work of another question.
    #[error("{}", said!("the file is of other work ({what}: {file} in the file, {asked} asked for); name another file, or remove it", what, file, asked))]
    OtherWork {
        /// In what the two differ.
        what: &'static str,
        /// What the file has.
        file: String,
        /// What is asked for.
        asked: String,
    },
    /// Its checksum does not fit.
    #[error("{}", said!("the file was changed, or cut off, after it was written (its checksum does not fit); name another file, or remove it"))]
    Changed,
    /// A set of hospitals that the question does not ask for.
    #[error("{}", said!("\"{error}\" is no set of this work", error = _0))]
    ForeignSet(String),
    /// A figure that cannot be.
    #[error("\"{closed}\": {fault}")]
    Impossible {
        /// Keys of the hospitals.
        closed: String,
        /// The figure, and what bounds it.
        fault: String,
    },
    /// A set that is there twice.
    #[error("{}", said!("\"{error}\" is there twice", error = _0))]
    Twice(String),
}

/// What is finished of a question: what follows for each set of hospitals that closes.
///
/// In its file hospitals are named by their keys, and a checksum tells a file that was changed by accident from one
/// as it was written; it guards against mistakes, not against intent.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    question: Question,
    /// By the hospitals that close, each set once.
    after: BTreeMap<Vec<HospitalId>, Aftermath>,
}

impl Finished {
    /// Nothing yet.
    pub fn new(question: Question) -> Self {
        Self { question, after: BTreeMap::new() }
    }

    /// Reads what is finished; nothing where there is no such file yet. Only hospitals of `may_close`, by id, can be
    /// in it.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is of another question, was changed, or has figures that cannot be in this
    /// region.
    pub fn read(
        path: &Path,
        question: Question,
        region: &Region,
        may_close: &[HospitalId],
    ) -> Result<Self, ResumeError> {
        let mut finished = Self::new(question);
        let bytes = match disk::read_regular(path, MOST) {
            Ok(bytes) => bytes,
            // A link may lead to where the file is to be.
            Err(ReadError::Missing | ReadError::DeadLink(_)) => return Ok(finished),
            Err(error) => return Err(error.into()),
        };
        if bytes.is_empty() {
            return Ok(finished);
        }

        // A checksum can be right and the figures absurd: whoever edits a file can mend its checksum, too.
        let bounds = Bounds::of(region);
        for record in records(&disk::decode(&bytes)?, &finished.question)? {
            let closed = record.closed.join(", ");
            let Some(after) = record.aftermath(region.network()) else {
                return Err(ResumeError::ForeignSet(closed));
            };
            if !finished.asks_for(&after, may_close) {
                return Err(ResumeError::ForeignSet(closed));
            }
            if let Some(fault) = bounds.fault(&after) {
                return Err(ResumeError::Impossible { closed, fault });
            }
            if finished.after.insert(after.hospitals.clone(), after).is_some() {
                return Err(ResumeError::Twice(closed));
            }
        }
        Ok(finished)
    }

    /// Whether a record is of a set that the question asks for, with all that it asks for.
    fn asks_for(&self, after: &Aftermath, may_close: &[HospitalId]) -> bool {
        let hospitals = after.hospitals.as_slice();
        let is_set = hospitals.is_sorted_by(|first, second| first < second)
            && hospitals.iter().all(|id| may_close.binary_search(id).is_ok());
        let is_whole = after.overload.is_some() == (self.question.choice != NO_CHOICE);
        hospitals.len() == self.question.order && is_set && is_whole
    }

    /// Writes what is finished, whole or not at all.
    ///
    /// # Errors
    ///
    /// When the file cannot be written; an old one stays as it was.
    pub fn write(&self, path: &Path, region: &Region) -> io::Result<()> {
        let mut records = Vec::with_capacity(self.after.len());
        for after in self.after.values() {
            records.push(Record::new(region.network(), after));
        }
        // Written before the line above them, which has the checksum of exactly these letters.
        let records = serde_json::to_string(&records)?;
        let head =
            Head { format: FORMAT, input: self.question.clone(), checksum: checksum(&records) };
        let text = format!("{}\n{records}\n", serde_json::to_string(&head)?);
        disk::write_whole(path, &text)
    }

    /// Whether this set is finished; its hospitals by id.
    pub fn has(&self, hospitals: &[HospitalId]) -> bool {
        self.after.contains_key(hospitals)
    }

    /// Keeps what follows for a set.
    pub fn keep(&mut self, after: Aftermath) {
        self.after.insert(after.hospitals.clone(), after);
    }

    /// Takes what follows for a set out, if it is finished; its hospitals by id.
    pub fn take(&mut self, hospitals: &[HospitalId]) -> Option<Aftermath> {
        self.after.remove(hospitals)
    }
}

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: u32,
    input: Question,
    /// Of the second line as it is written.
    checksum: String,
}

fn checksum(records: &str) -> String {
    format!("crc32:{:08x}", crc32fast::hash(records.as_bytes()))
}

/// The records of a file that is of this question and was not changed.
fn records(text: &str, question: &Question) -> Result<Vec<Record>, ResumeError> {
    let (first, records) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(head) = serde_json::from_str::<Head>(first) else {
        // The head of another version has an input, too, laid out otherwise.
        let value: serde_json::Value = serde_json::from_str(first).unwrap_or_default();
        return Err(if value.get("input").is_some() {
            ResumeError::OtherVersion
        } else {
            ResumeError::Foreign(String::new())
        });
    };
    if let Some(difference) = question.difference(&head.input) {
        return Err(difference);
    }
    let records = records.trim_end();
    if head.format != FORMAT || head.checksum != checksum(records) {
        return Err(ResumeError::Changed);
    }
    serde_json::from_str(records).map_err(|error| ResumeError::Foreign(format!(": {error}")))
}

/// What follows the closure of one set, with keys instead of ids.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    closed: Vec<String>,
    people: u64,
    backup_seconds: Option<f64>,
    without_way: u64,
    overload: Option<OverloadRecord>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OverloadRecord {
    cases: f64,
    leftover: f64,
    receivers: Vec<ReceiverRecord>,
}

/// Key, loads before and after: a list in the file, as there are many.
#[derive(Debug, Serialize, Deserialize)]
struct ReceiverRecord(String, [Option<LoadRecord>; 2]);

/// Cases, those of people inside and beside them from beyond the places, bed days, known beds, bed days in
/// them.
#[derive(Debug, Serialize, Deserialize)]
struct LoadRecord(f64, f64, f64, f64, u64, f64);

impl From<HospitalLoad> for LoadRecord {
    fn from(load: HospitalLoad) -> Self {
        Self(
            load.cases,
            load.cases_inside,
            load.cases_from_beyond,
            load.bed_days,
            load.beds,
            load.days_in_beds,
        )
    }
}

impl From<LoadRecord> for HospitalLoad {
    fn from(record: LoadRecord) -> Self {
        let LoadRecord(cases, cases_inside, cases_from_beyond, bed_days, beds, days_in_beds) =
            record;
        Self { cases, cases_inside, cases_from_beyond, bed_days, beds, days_in_beds }
    }
}

impl ReceiverRecord {
    fn new(network: &Network, receiver: &Receiver) -> Self {
        let loads = [receiver.load.before, receiver.load.after];
        Self(network[receiver.hospital].key.clone(), loads.map(|load| load.map(LoadRecord::from)))
    }

    /// `None` when the key is unknown.
    fn receiver(self, network: &Network) -> Option<Receiver> {
        let Self(key, loads) = self;
        let [before, after] = loads.map(|record| record.map(HospitalLoad::from));
        Some(Receiver { hospital: network.find(&key)?, load: LoadChange { before, after } })
    }
}

impl OverloadRecord {
    fn new(network: &Network, overload: &Overload) -> Self {
        let mut receivers = Vec::with_capacity(overload.receivers.len());
        for receiver in &overload.receivers {
            receivers.push(ReceiverRecord::new(network, receiver));
        }
        Self { cases: overload.cases, leftover: overload.leftover, receivers }
    }

    /// `None` when a key is unknown.
    fn overload(self, network: &Network) -> Option<Overload> {
        let mut receivers = Vec::with_capacity(self.receivers.len());
        for record in self.receivers {
            receivers.push(record.receiver(network)?);
        }
        Some(Overload { cases: self.cases, leftover: self.leftover, receivers })
    }
}

impl Record {
    fn new(network: &Network, after: &Aftermath) -> Self {
        // Keys, because ids hold in one network only, and the file is read in another run.
        let mut closed = Vec::with_capacity(after.hospitals.len());
        for &id in &after.hospitals {
            closed.push(network[id].key.clone());
        }
        let overload = after.overload.as_ref();
        Self {
            closed,
            people: after.people,
            backup_seconds: after.backup_seconds,
            without_way: after.without_way,
            overload: overload.map(|overload| OverloadRecord::new(network, overload)),
        }
    }

    /// What follows, with ids; `None` when a key is unknown.
    fn aftermath(self, network: &Network) -> Option<Aftermath> {
        let mut hospitals = Vec::with_capacity(self.closed.len());
        for key in &self.closed {
            hospitals.push(network.find(key)?);
        }
        let overload = match self.overload {
            None => None,
            Some(record) => Some(record.overload(network)?),
        };
        Some(Aftermath {
            hospitals,
            people: self.people,
            backup_seconds: self.backup_seconds,
            without_way: self.without_way,
            overload,
        })
    }
}

/// What figures of a region can be at most.
struct Bounds {
    residents: u64,
    /// The longest journey, in seconds.
    longest: f64,
}

impl Bounds {
    fn of(region: &Region) -> Self {
        // Those outside never count, so this is more than there can be: it finds what is absurd.
        let mut residents = 0;
        for place in &region.places().places {
            residents += place.population.people();
        }
        Self { residents, longest: f64::from(TravelTimes::MAX_CUTOFF.0) }
    }

    /// The first figure that cannot be.
    fn fault(&self, after: &Aftermath) -> Option<String> {
        let residents = self.residents;
        if after.people > residents || after.without_way > after.people {
            let (people, without_way) = (after.people, after.without_way);
            return Some(format!(
                "{people} people, {without_way} of them without a way, of {residents} residents"
            ));
        }
        if let Some(seconds) = after.backup_seconds
            && !(0.0..=self.longest).contains(&seconds)
        {
            return Some(format!("{seconds} seconds to the next hospital"));
        }

        let overload = after.overload.as_ref()?;
        let mut figures = vec![overload.cases, overload.leftover];
        for receiver in &overload.receivers {
            for load in [receiver.load.before, receiver.load.after].into_iter().flatten() {
                figures.extend([load.cases, load.cases_inside, load.cases_from_beyond]);
                figures.extend([load.bed_days, load.days_in_beds]);
            }
        }
        for figure in figures {
            if !(figure.is_finite() && figure >= 0.0) {
                return Some(format!("{figure} cases or bed days"));
            }
        }
        None
    }
}
