//! The network: hospitals, cooperations and alliances that refer to each other.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Index;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::calendar::{Date, HourOfWeek, Hours};
use crate::model::hospital::is_there;
use crate::model::{Alliance, Answer, Catalog, Cooperation, Gaps, Hospital, Recorded, Requirement};
use crate::random::Fnv;

/// The number of a hospital in its [`Network`], in the order of the hospitals' keys.
///
/// Only networks of the same hospitals can use it: another one, a later day's included, counts anew. An
/// id knows the hospitals that it was counted among (a hash of all of their keys), so that a network
/// with others finds it out: what takes an id says whether it then panics or finds nothing. Compare
/// hospitals of two networks by key.
///
/// ```should_panic
/// use verbund::files::Folder;
///
/// let (small, leipzig) = (Folder::small().read()?.network, Folder::leipzig().read()?.network);
/// let north = small.find("north").unwrap();
/// println!("{}", leipzig[north].name); // another hospital, if it were looked up
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HospitalId(pub(crate) u32, pub(crate) Tag);

/// Tells lists of keys apart: a hash of them in their order.
pub(crate) type Tag = u32;

/// The tag of these keys: FNV-1a, folded to 32 bits. Two lists that differ have the same one in one of
/// four billion cases; it guards against mistakes.
pub(crate) fn tag_of<'k>(keys: impl IntoIterator<Item = &'k str>) -> Tag {
    // From the keys alone: a network and what a scenario makes of it share ids as long as the same hospitals are
    // there, and an id of any other network is refused.
    let mut hash = Fnv::new();
    for key in keys {
        // No text has a byte of 255: it ends a key.
        hash.add(key.as_bytes());
        hash.add(&[255]);
    }
    (hash.number() ^ (hash.number() >> 32)) as u32
}

impl Serialize for HospitalId {
    /// The key; an error outside of [`Region::keyed`](crate::Region::keyed).
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        super::keyed::serialize_id(self.0, self.1, to)
    }
}

impl HospitalId {
    /// The position in [`Network::hospitals`] of the network that made it.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The number of a cooperation: those of a [`Network`] count in the order of its list
/// ([`Network::cooperations`]), those that an analysis adds to it count on behind them.
///
/// Networks with the same list of cooperations have the same ids; another day's network, or one under a
/// scenario, counts anew. Compare cooperations of two networks by key.
///
/// ```
/// use verbund::files::Folder;
///
/// let network = Folder::small().read()?.network;
/// let first = network.cooperation_ids().next().unwrap();
/// assert_eq!(first.index(), 0);
/// assert_eq!(network.find_cooperation(&network.cooperations()[0].key), Some(first));
/// // What an analysis adds comes behind the network's own.
/// assert_eq!(network.added_cooperation(0).index(), network.cooperations().len());
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CooperationId(pub(crate) u32);

impl Serialize for CooperationId {
    /// The key; an error outside of [`Region::keyed`](crate::Region::keyed), and of an added one outside of
    /// [`Prepared::keyed`](crate::pathways::Prepared::keyed).
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        super::keyed::serialize_cooperation(self.0, to)
    }
}

impl CooperationId {
    /// The position in [`Network::cooperations`], followed by the added ones.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Where facts come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Title, as a reader would look for it.
    pub title: String,
    /// Year or date, as the source says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<String>,
    /// Licence; `None` where the source states none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// Address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Something known that the network leaves out, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Omission {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
    /// Keys of the sources.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

/// What a published figure measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum Measure {
    /// Inpatient cases a year per 1,000 residents.
    CasesPer1000,
    /// Occupancy of the beds, 0 to 1.
    Occupancy,
    /// Share of people (0 to 1) who reach a hospital that meets the requirement within the minutes.
    ShareWithin,
    /// Share of people (0 to 1) to whom a hospital that meets the requirement is nearer, by at least
    /// the minutes, than one that meets the other requirement (`than`).
    ShareSooner,
    /// Share of the patients of a pathway (0 to 1) who are handed on to another hospital.
    ShareHandedOn,
}

/// A figure that somebody published, to stand beside what the model gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Published {
    /// What it measures.
    pub measure: Measure,
    /// What it is called in tables.
    pub name: String,
    /// The figure.
    pub value: f64,
    /// The year that it is about.
    pub year: i16,
    /// The area that it is about, in words.
    pub area: String,
    /// Districts of the region that it is compared with; empty for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub districts: Vec<String>,
    /// What a hospital must offer, for a share of people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requirement: Option<Requirement>,
    /// What the requirement is compared with, for a share of people who are sooner there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub than: Option<Requirement>,
    /// Minutes, for a share of people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// Key of the pathway, for a share of its patients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pathway: Option<String>,
    /// Key of the source.
    pub source: String,
    /// What a reader must know to compare the two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What `assumed` of a network may name.
pub(crate) const NETWORK_PATHS: [&str; 4] = ["travel", "parts", "places.ages", "places.people"];

/// Hospitals, cooperations and alliances, checked against each other and against a catalog.
///
/// A network read from a file holds every date: hospitals long closed and agreements not yet at
/// work. [`Network::as_of`] gives the network of a day, on which all analyses work.
///
/// Take it for questions to what is written down: who is there, who works with whom, what a source says. For
/// anything with people or minutes make a [`Region`](crate::Region) of it and ask
/// [`Region::network`](crate::Region::network), which is the network of one day. To change it, apply a
/// [`Scenario`](crate::scenario::Scenario): it cannot be altered in place, so that ids stay true.
///
/// An id ([`HospitalId`], [`CooperationId`]) is a position in one network and its copies; keep keys across days and
/// scenarios. [`Network::find`] is a binary search; [`Network::find_cooperation`] reads the list of cooperations: for
/// many keys make a map once. The network of a day copies what is there on it; the catalog is shared.
///
/// ```
/// use verbund::files::Folder;
///
/// let model = Folder::leipzig().read()?;
/// let today = model.network.as_of(model.network.date());
/// let torgau = &today[today.find("kkh-torgau").ok_or("no such hospital")?];
/// assert_eq!((torgau.beds, torgau.departments.len()), (Some(271), 7));
///
/// // The site in Schkeuditz closed in 2025: it is in the file, and in the network of an earlier day.
/// let before = model.network.as_of("2025-05-01".parse()?);
/// assert!(before.find("helios-schkeuditz").is_some() && today.find("helios-schkeuditz").is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    pub(crate) name: String,
    pub(crate) date: Date,
    pub(crate) described_on: Date,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) sources: BTreeMap<String, Source>,
    pub(crate) hospitals: Vec<Hospital>,
    pub(crate) cooperations: Vec<Cooperation>,
    pub(crate) alliances: Vec<Alliance>,
    pub(crate) omitted: Vec<Omission>,
    pub(crate) published: Vec<Published>,
    pub(crate) assumed: Vec<String>,
    pub(crate) derived: BTreeMap<String, String>,
    pub(crate) derivations: BTreeMap<String, String>,
    /// Which kinds of things its data have, on whatever day.
    pub(crate) recorded: Arc<Recorded>,
    /// What its ids carry.
    pub(crate) tag: Tag,
}

impl Network {
    /// The id of a hospital of this network by its number.
    pub(crate) fn id(&self, number: u32) -> HospitalId {
        HospitalId(number, self.tag)
    }

    /// The tag of the hospitals as they are.
    pub(crate) fn tag_again(&mut self) {
        self.tag = tag_of(self.hospitals.iter().map(|hospital| hospital.key.as_str()));
    }

    /// Adds the kinds of things that the hospitals have now: a scenario may bring new ones.
    pub(crate) fn record_again(&mut self) {
        let recorded = Recorded::clone(&self.recorded).and(&self.hospitals);
        self.recorded = recorded.into();
    }

    /// The hospital of an id; `None` for an id of a network of other hospitals.
    ///
    /// `network[id]` is the same for an id that is known to be of this network.
    pub fn hospital(&self, id: HospitalId) -> Option<&Hospital> {
        // The position alone would find another hospital in a network of another day.
        self.hospitals.get(id.index()).filter(|_| id.1 == self.tag)
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The day that the network describes.
    pub fn date(&self) -> Date {
        self.date
    }

    /// The day for which its file describes it: what has no dates of its own (people, beds, staff) is as on
    /// that day, also in the network of another day.
    pub fn described_on(&self) -> Date {
        self.described_on
    }

    /// Its catalog.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Which kinds of things its data have, on whatever day.
    pub fn recorded(&self) -> &Recorded {
        &self.recorded
    }

    /// Judges a hospital, or a whole site, by a requirement: what it lacks and what the data do not
    /// say, by the rule of [`Answer`]; [`Gaps::answer`] is the verdict.
    ///
    /// ```
    /// use verbund::files::Folder;
    /// use verbund::model::{Answer, Requirement};
    ///
    /// let network = Folder::small().read()?.network;
    /// let south = &network[network.find("south").unwrap()];
    /// let asks = |kind: &str| Requirement::Facility { kind: kind.into(), at_least: None };
    /// let unit = network.judge(&asks("stroke_unit"), south);
    /// assert_eq!((unit.answer(), unit.missing), (Answer::DoesNot, vec!["no stroke unit".to_owned()]));
    /// // No hospital of the data has a helipad.
    /// let helipad = network.judge(&asks("helipad"), south);
    /// assert_eq!((helipad.answer(), helipad.nowhere), (Answer::Unknown, vec!["helipad".to_owned()]));
    /// # Ok::<(), verbund::problem::Problems>(())
    /// ```
    pub fn judge(&self, requirement: &Requirement, hospital: &Hospital) -> Gaps {
        requirement.gaps_in(hospital, &self.catalog, &self.recorded)
    }

    /// The verdict of [`Network::judge`] without its reasons, which costs less.
    pub fn answer(&self, requirement: &Requirement, hospital: &Hospital) -> Answer {
        requirement.answer_in(hospital, &self.catalog, &self.recorded)
    }

    /// Its sources by key.
    pub fn sources(&self) -> &BTreeMap<String, Source> {
        &self.sources
    }

    /// The hospitals, in the order of their keys.
    pub fn hospitals(&self) -> &[Hospital] {
        &self.hospitals
    }

    /// The hospitals with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (HospitalId, &Hospital)> {
        let tag = self.tag;
        self.hospitals
            .iter()
            .zip(0..)
            .map(move |(hospital, number)| (HospitalId(number, tag), hospital))
    }

    /// The ids of the hospitals, in their order.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = HospitalId> + use<> {
        let tag = self.tag;
        (0..self.hospitals.len() as u32).map(move |number| HospitalId(number, tag))
    }

    /// The id of the hospital of this key.
    pub fn find(&self, key: &str) -> Option<HospitalId> {
        // Hospitals stand in the order of their keys, whoever built the network.
        let index = self.hospitals.binary_search_by(|hospital| hospital.key.as_str().cmp(key));
        index.ok().map(|index| self.id(index as u32))
    }

    /// The cooperations, in the order of their keys.
    pub fn cooperations(&self) -> &[Cooperation] {
        &self.cooperations
    }

    /// The ids of the cooperations, in their order.
    pub fn cooperation_ids(&self) -> impl ExactSizeIterator<Item = CooperationId> + use<> {
        (0..self.cooperations.len() as u32).map(CooperationId)
    }

    /// The cooperation of an id; `None` for one that an analysis adds.
    pub fn cooperation(&self, id: CooperationId) -> Option<&Cooperation> {
        self.cooperations.get(id.index())
    }

    /// The id of the cooperation of this key.
    pub fn find_cooperation(&self, key: &str) -> Option<CooperationId> {
        let index = self.cooperations.iter().position(|cooperation| cooperation.key == key);
        index.map(|index| CooperationId(index as u32))
    }

    /// The id of a cooperation that an analysis adds to those of the network, by its position among the
    /// added ones.
    pub fn added_cooperation(&self, position: usize) -> CooperationId {
        CooperationId((self.cooperations.len() + position) as u32)
    }

    /// The alliances, in the order of their keys.
    pub fn alliances(&self) -> &[Alliance] {
        &self.alliances
    }

    /// What is known and left out.
    pub fn omitted(&self) -> &[Omission] {
        &self.omitted
    }

    /// What of the network as a whole nobody published: `travel` (the parameters of the travel
    /// model), `parts` (the layout of places), `places.ages`, `places.people`.
    pub fn assumed(&self) -> &[String] {
        &self.assumed
    }

    /// What of the network as a whole a stated rule gives from what is published: paths as in
    /// [`Network::assumed`], each with the key of its rule in [`Network::derivations`].
    pub fn derived(&self) -> &BTreeMap<String, String> {
        &self.derived
    }

    /// The rules by which values are derived, by key: what is taken from where, and how. Hospitals name
    /// them in [`Hospital::derived`].
    pub fn derivations(&self) -> &BTreeMap<String, String> {
        &self.derivations
    }

    /// Published figures to compare results with.
    pub fn published(&self) -> &[Published] {
        &self.published
    }

    /// The network of a day: hospitals, departments and facilities that are there, operators of
    /// then, cooperations at work among at least two of those hospitals, alliances that exist with
    /// the members of then.
    ///
    /// What opens on the day is there, what closes on the day is gone. The result knows that day
    /// only: take every day from the network that was read.
    ///
    /// ```
    /// use verbund::files::Folder;
    ///
    /// let network = Folder::leipzig().read()?.network;
    /// let on = |day: &str| network.as_of(day.parse().unwrap());
    /// assert!(on("2025-05-01").find("helios-schkeuditz").is_some());
    /// assert!(on("2025-06-01").find("helios-schkeuditz").is_none());
    /// # Ok::<(), verbund::problem::Problems>(())
    /// ```
    #[must_use]
    pub fn as_of(&self, day: Date) -> Self {
        let mut hospitals = Vec::new();
        for hospital in &self.hospitals {
            hospitals.extend(hospital.as_of(day));
        }
        let there: BTreeSet<&str> =
            hospitals.iter().map(|hospital| hospital.key.as_str()).collect();
        let tag = tag_of(there.iter().copied());

        // Who is no longer there cooperates with nobody, and two partners are the least.
        let mut cooperations = Vec::new();
        for cooperation in &self.cooperations {
            cooperations.extend(cooperation.as_of(day, &there));
        }
        let mut alliances = self.alliances.clone();
        alliances.retain(|alliance| is_there(alliance.since, alliance.until, day));
        for alliance in &mut alliances {
            alliance.members.retain(|key| there.contains(key.as_str()));
        }
        Self {
            name: self.name.clone(),
            date: day,
            described_on: self.described_on,
            catalog: Arc::clone(&self.catalog),
            sources: self.sources.clone(),
            cooperations,
            alliances,
            omitted: self.omitted.clone(),
            published: self.published.clone(),
            assumed: self.assumed.clone(),
            derived: self.derived.clone(),
            derivations: self.derivations.clone(),
            recorded: Arc::clone(&self.recorded),
            hospitals,
            tag,
        }
    }

    /// The network of one hour of the week: the same hospitals, under the same ids, with the departments and
    /// facilities that are open in it, and the cooperations that work in it. What is left is there round
    /// the clock. Care levels and emergency stages have no hours: they stay.
    ///
    /// ```
    /// use verbund::calendar::HourOfWeek;
    /// use verbund::files::Folder;
    ///
    /// let network = Folder::leipzig().read()?.network;
    /// let sunday_3 = HourOfWeek::new(6, 3).unwrap();
    /// assert_eq!(network.in_hour(sunday_3), network); // no hours are known there
    /// # Ok::<(), verbund::problem::Problems>(())
    /// ```
    #[must_use]
    pub fn in_hour(&self, hour: HourOfWeek) -> Self {
        let mut network = self.clone();
        for hospital in &mut network.hospitals {
            // What is left is open as long as anybody looks, so that no hour is asked about a second time.
            hospital.departments.retain(|department| department.hours.is_open_in(hour));
            hospital.facilities.retain(|facility| facility.hours.is_open_in(hour));
            for department in &mut hospital.departments {
                department.hours = Hours::ALWAYS;
            }
            for facility in &mut hospital.facilities {
                facility.hours = Hours::ALWAYS;
            }
        }
        // An agreement on nights is none by day.
        network.cooperations.retain(|cooperation| cooperation.hours.is_open_in(hour));
        for cooperation in &mut network.cooperations {
            cooperation.hours = Hours::ALWAYS;
        }
        network
    }

    /// The inpatient department that treats a specialty at a hospital: its own, or that of the
    /// broader specialty which the catalog says it is part of. The specialty of the department.
    ///
    /// # Panics
    ///
    /// When the id is of a network of other hospitals.
    pub fn treating_department(&self, hospital: HospitalId, specialty: &str) -> Option<&str> {
        let hospital = &self[hospital];
        if let Some(department) = hospital.inpatient_department(specialty) {
            return Some(&department.specialty);
        }

        // Without a department of its own, the broader one has its patients: cardiology is part of internal
        // medicine.
        let broader = self.catalog.specialty(specialty)?.part_of.as_deref()?;
        hospital.inpatient_department(broader).map(|department| department.specialty.as_str())
    }
}

impl Index<CooperationId> for Network {
    type Output = Cooperation;

    /// # Panics
    ///
    /// When the id is of a cooperation that an analysis adds.
    fn index(&self, id: CooperationId) -> &Cooperation {
        &self.cooperations[id.index()]
    }
}

impl Index<HospitalId> for Network {
    type Output = Hospital;

    /// The hospital of an id.
    ///
    /// # Panics
    ///
    /// When the id is of a network of other hospitals; [`Network::hospital`] finds nothing then.
    fn index(&self, id: HospitalId) -> &Hospital {
        assert!(
            id.1 == self.tag,
            "the id is of a network of other hospitals than \"{}\"",
            self.name
        );
        &self.hospitals[id.index()]
    }
}
