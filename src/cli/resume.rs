//! Finished work of a search of closures in a file, so that an interrupted one can go on.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use verbund::Region;
use verbund::disk::{self, ReadError};
use verbund::model::{HospitalId, Network};
use verbund::planning::closures::{Aftermath, Overload, Receiver};
use verbund::routing::{HospitalLoad, LoadChange};
use verbund::travel::TravelTimes;

/// What the work is about: other work is refused. Which sets are shown, and how many, does not matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    pub(super) program: String,
    pub(super) network: String,
    pub(super) as_of: String,
    /// Of the network, its places and journeys.
    pub(super) fingerprint: String,
    pub(super) standard: String,
    pub(super) limit_minutes: u32,
    pub(super) order: usize,
    pub(super) may_close: String,
    pub(super) choice: String,
}

impl Input {
    /// The first thing in which two differ: its name, what the file has, and what is asked for.
    fn difference(&self, other: &Self) -> Option<(&'static str, String, String)> {
        let limit = |one: &Self| format!("{} minutes", one.limit_minutes);
        let pairs = [
            ("program", self.program.clone(), other.program.clone()),
            ("network", self.network.clone(), other.network.clone()),
            ("as-of", self.as_of.clone(), other.as_of.clone()),
            ("standard", self.standard.clone(), other.standard.clone()),
            ("limit", limit(self), limit(other)),
            ("order", self.order.to_string(), other.order.to_string()),
            ("hospitals that may close", self.may_close.clone(), other.may_close.clone()),
            ("choice", self.choice.clone(), other.choice.clone()),
            ("content of the network", self.fingerprint.clone(), other.fingerprint.clone()),
        ];
        pairs.into_iter().find(|(_, own, other)| own != other)
    }
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

/// Key, loads before and after.
type ReceiverRecord = (String, [Option<LoadRecord>; 2]);

/// Cases, those of people inside and beside them from beyond the places, bed days, known beds, bed days in
/// them.
type LoadRecord = (f64, f64, f64, f64, u64, f64);

impl Record {
    fn new(network: &Network, one: &Aftermath) -> Self {
        let key = |id: HospitalId| network[id].key.clone();
        let receiver = |one: &Receiver| {
            let record = |load: Option<HospitalLoad>| {
                load.map(|load| {
                    let (cases, inside) = (load.cases, load.cases_inside);
                    let beyond = load.cases_from_beyond;
                    (cases, inside, beyond, load.bed_days, load.beds, load.days_in_beds)
                })
            };
            (key(one.hospital), [one.load.before, one.load.after].map(record))
        };
        Self {
            closed: one.hospitals.iter().map(|id| key(*id)).collect(),
            people: one.people,
            backup_seconds: one.backup_seconds,
            without_way: one.without_way,
            overload: one.overload.as_ref().map(|one| OverloadRecord {
                cases: one.cases,
                leftover: one.leftover,
                receivers: one.receivers.iter().map(receiver).collect(),
            }),
        }
    }

    /// The same with ids; `None` when a key is unknown.
    fn aftermath(self, network: &Network) -> Option<Aftermath> {
        let receiver = |(key, loads): ReceiverRecord| {
            let load = |record: LoadRecord| {
                let (cases, cases_inside, cases_from_beyond, bed_days, beds, days_in_beds) = record;
                HospitalLoad {
                    cases,
                    cases_inside,
                    cases_from_beyond,
                    bed_days,
                    beds,
                    days_in_beds,
                }
            };
            let [before, after] = loads.map(|record| record.map(load));
            Some(Receiver { hospital: network.find(&key)?, load: LoadChange { before, after } })
        };
        let overload = match self.overload {
            None => None,
            Some(OverloadRecord { cases, leftover, receivers }) => {
                let receivers: Option<Vec<Receiver>> =
                    receivers.into_iter().map(receiver).collect();
                Some(Overload { cases, leftover, receivers: receivers? })
            }
        };
        let hospitals: Option<Vec<HospitalId>> =
            self.closed.iter().map(|key| network.find(key)).collect();
        Some(Aftermath {
            hospitals: hospitals?,
            people: self.people,
            backup_seconds: self.backup_seconds,
            without_way: self.without_way,
            overload,
        })
    }
}

/// How the file is laid out: a line that says what it is about, and a line of records.
const FORMAT: u32 = 2;

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: u32,
    input: Input,
    /// Of the second line as it is written.
    checksum: String,
}

/// Tells by accident changed work from what was written; it guards against mistakes, not against intent.
fn checksum(records: &str) -> String {
    format!("crc32:{:08x}", crc32fast::hash(records.as_bytes()))
}

/// Greatest size, in bytes: a million closures with a few receivers each have less.
const MOST: u64 = 1_000_000_000;

/// What [`Input::choice`] says where nobody asked where cases go.
pub(super) const NO_CHOICE: &str = "none";

/// What is finished, by the hospitals that close: each set once.
pub(super) type Finished = BTreeMap<Vec<HospitalId>, Aftermath>;

/// Reads what is finished; nothing when there is no such file yet.
pub(super) fn read(
    path: &Path,
    input: &Input,
    (region, may_close): (&Region, &[HospitalId]),
) -> anyhow::Result<Finished> {
    let told = || format!("--resume {}", path.display());
    let bytes = match disk::read_regular(path, MOST) {
        Ok(bytes) if bytes.is_empty() => return Ok(Finished::new()),
        Ok(bytes) => bytes,
        // A link may lead to where the file is to be.
        Err(ReadError::Missing | ReadError::DeadLink(_)) => return Ok(Finished::new()),
        Err(error) => return Err(error).with_context(told),
    };
    let text = disk::decode(&bytes).with_context(told)?;
    let (first, records) = text.split_once('\n').unwrap_or((text.as_str(), ""));
    let Ok(head) = serde_json::from_str::<Head>(first) else {
        let value: serde_json::Value = serde_json::from_str(first).unwrap_or_default();
        if value.get("input").is_some() {
            bail!(
                "{}: another version of the program wrote the file; name another file, or remove it",
                told()
            );
        }
        bail!("{}: this is no file of unfinished closures", told());
    };
    if let Some((what, file, asked)) = head.input.difference(input) {
        bail!(
            "{}: the file is of other work ({what}: {file} in the file, {asked} asked for); name another file, or remove it",
            told()
        );
    }
    let records = records.trim_end();
    if head.format != FORMAT || head.checksum != checksum(records) {
        bail!(
            "{}: the file was changed, or cut off, after it was written (its checksum does not fit); name another file, or remove it",
            told()
        );
    }
    let records: Vec<Record> = serde_json::from_str(records)
        .with_context(|| format!("{}: this is no file of unfinished closures", told()))?;
    let bounds = Bounds::of(region);
    let mut finished = Finished::new();
    for record in records {
        let closed = record.closed.join(", ");
        let size = record.closed.len();
        let one = record.aftermath(region.network()).filter(|one| {
            let hospitals = one.hospitals.as_slice();
            let is_set = hospitals.is_sorted_by(|a, b| a < b)
                && hospitals.iter().all(|id| may_close.binary_search(id).is_ok());
            let is_whole = one.overload.is_some() == (input.choice != NO_CHOICE);
            size == input.order && is_set && is_whole
        });
        let Some(one) = one else { bail!("{}: \"{closed}\" is no set of this work", told()) };
        if let Some(fault) = bounds.fault(&one) {
            bail!("{}: \"{closed}\": {fault}", told());
        }
        if finished.insert(one.hospitals.clone(), one).is_some() {
            bail!("{}: \"{closed}\" is there twice", told());
        }
    }
    Ok(finished)
}

/// Writes what is finished, whole or not at all.
pub(super) fn write(
    path: &Path,
    input: &Input,
    finished: &Finished,
    region: &Region,
) -> anyhow::Result<()> {
    let records = finished.values().map(|one| Record::new(region.network(), one));
    let records = serde_json::to_string(&records.collect::<Vec<Record>>())?;
    let head = Head { format: FORMAT, input: input.clone(), checksum: checksum(&records) };
    let text = format!("{}\n{records}\n", serde_json::to_string(&head)?);
    disk::write_whole(path, &text).with_context(|| format!("--resume {}", path.display()))
}

/// What figures of a region can be at most.
struct Bounds {
    residents: u64,
    /// The longest journey, in seconds.
    longest: f64,
}

impl Bounds {
    fn of(region: &Region) -> Self {
        let places = &region.places().places;
        Self {
            residents: places.iter().map(|place| place.population.people()).sum(),
            longest: f64::from(TravelTimes::MAX_CUTOFF.0),
        }
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
        let is_time = |seconds: f64| (0.0..=self.longest).contains(&seconds);
        if let Some(seconds) = after.backup_seconds.filter(|seconds| !is_time(*seconds)) {
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
        let wrong = figures.into_iter().find(|figure| !(figure.is_finite() && *figure >= 0.0));
        wrong.map(|figure| format!("{figure} cases or bed days"))
    }
}
