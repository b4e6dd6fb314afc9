//! Cooperations: what hospitals do together.

use std::collections::{BTreeMap, BTreeSet};

use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};

use crate::calendar::{Date, Hours};
use crate::model::hospital::{is_default, is_there};
use crate::model::renamed::respelled;
use crate::units::Seconds;

/// What partners of a cooperation do together, with the terms that the agreement fixes.
///
/// A term that is `None` was not published; an analysis that needs it says which default it took.
/// Kinds without an effect on care count in the graph and in reports only: they never change a
/// time or a bed.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub enum CooperationKind {
    /// Patients may be handed on, from the one to the others.
    Transfer {
        /// Time from arrival at the sender's door to departure from it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        door_in_door_out: Option<Seconds>,
        /// Share of requests that are accepted, 0 to 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        acceptance: Option<f64>,
    },
    /// An expert helps sites from afar.
    Telemedicine {
        /// Time that the consultation takes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        consult: Option<Seconds>,
    },
    /// An expert's team travels to the patient's hospital.
    VisitingTeam {
        /// Time from the call to the team's departure.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call_out: Option<Seconds>,
    },
    /// One on-call roster serves several sites.
    SharedOnCall,
    /// Overflow goes to the partner first.
    SharedBeds {
        /// Share of the field's beds that are pooled, 0 to 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pooled_share: Option<f64>,
    },
    /// The staffed share of beds is levelled between partners.
    StaffPool,
    /// A centre works for sites: pathology, laboratory, pharmacy.
    CentralService {
        /// Time from order to result or delivery.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        turnaround: Option<Seconds>,
    },
    /// An umbrella over other cooperations; alone it changes nothing in care.
    Framework,
    /// Training of staff.
    Training,
    /// Finding and integrating staff.
    Recruitment {
        /// Share of beds that can be staffed in addition once it works, 0 to 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        staffed_share_gain: Option<f64>,
    },
    /// Research.
    Research,
    /// Purchasing.
    Procurement,
    /// Information technology.
    Digital,
    /// Sustainability.
    Sustainability,
    /// A common owner, or a site that belongs to another.
    Ownership,
    /// Academic teaching.
    Teaching,
}

/// Names of the kinds that can change what happens to a patient, see [`CooperationKind::has_effect_on_care`].
/// They stand first among all kinds.
pub(crate) const KINDS_OF_CARE: &[&str] = COOPERATION_KINDS.split_at(7).0;

/// Names of all kinds, as files write them.
pub const COOPERATION_KINDS: [&str; 16] = [
    "Transfer",
    "Telemedicine",
    "VisitingTeam",
    "SharedOnCall",
    "SharedBeds",
    "StaffPool",
    "CentralService",
    "Framework",
    "Training",
    "Recruitment",
    "Research",
    "Procurement",
    "Digital",
    "Sustainability",
    "Ownership",
    "Teaching",
];

/// Which way a kind of cooperation runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From one hospital to others.
    Directed,
    /// Among partners.
    Mutual,
    /// Either.
    Either,
}

impl CooperationKind {
    /// The kind of this name without any terms.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "Transfer" => Self::Transfer { door_in_door_out: None, acceptance: None },
            "Telemedicine" => Self::Telemedicine { consult: None },
            "VisitingTeam" => Self::VisitingTeam { call_out: None },
            "SharedOnCall" => Self::SharedOnCall,
            "SharedBeds" => Self::SharedBeds { pooled_share: None },
            "StaffPool" => Self::StaffPool,
            "CentralService" => Self::CentralService { turnaround: None },
            "Framework" => Self::Framework,
            "Training" => Self::Training,
            "Recruitment" => Self::Recruitment { staffed_share_gain: None },
            "Research" => Self::Research,
            "Procurement" => Self::Procurement,
            "Digital" => Self::Digital,
            "Sustainability" => Self::Sustainability,
            "Ownership" => Self::Ownership,
            "Teaching" => Self::Teaching,
            _ => return None,
        })
    }

    /// Its name, as files write it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Transfer { .. } => "Transfer",
            Self::Telemedicine { .. } => "Telemedicine",
            Self::VisitingTeam { .. } => "VisitingTeam",
            Self::SharedOnCall => "SharedOnCall",
            Self::SharedBeds { .. } => "SharedBeds",
            Self::StaffPool => "StaffPool",
            Self::CentralService { .. } => "CentralService",
            Self::Framework => "Framework",
            Self::Training => "Training",
            Self::Recruitment { .. } => "Recruitment",
            Self::Research => "Research",
            Self::Procurement => "Procurement",
            Self::Digital => "Digital",
            Self::Sustainability => "Sustainability",
            Self::Ownership => "Ownership",
            Self::Teaching => "Teaching",
        }
    }

    /// Which way it runs.
    pub fn direction(&self) -> Direction {
        match self {
            Self::Transfer { .. }
            | Self::Telemedicine { .. }
            | Self::VisitingTeam { .. }
            | Self::CentralService { .. } => Direction::Directed,
            // Nobody gives and nobody takes: all of them share.
            Self::SharedOnCall | Self::SharedBeds { .. } | Self::StaffPool | Self::Framework => {
                Direction::Mutual
            }
            _ => Direction::Either,
        }
    }

    /// Whether any of its terms is known; also for a kind that has none.
    pub fn has_terms(&self) -> bool {
        match self {
            Self::Transfer { door_in_door_out, acceptance } => {
                door_in_door_out.is_some() || acceptance.is_some()
            }
            Self::Telemedicine { consult } => consult.is_some(),
            Self::VisitingTeam { call_out } => call_out.is_some(),
            Self::SharedBeds { pooled_share } => pooled_share.is_some(),
            Self::CentralService { turnaround } => turnaround.is_some(),
            Self::Recruitment { staffed_share_gain } => staffed_share_gain.is_some(),
            // A kind that has no terms lacks none.
            _ => true,
        }
    }

    /// Whether it can change what happens to a patient. The others show in the graph only.
    pub fn has_effect_on_care(&self) -> bool {
        matches!(
            self,
            Self::Transfer { .. }
                | Self::Telemedicine { .. }
                | Self::VisitingTeam { .. }
                | Self::SharedOnCall
                | Self::SharedBeds { .. }
                | Self::StaffPool
                | Self::CentralService { .. }
        )
    }
}

/// Who takes part in a cooperation, by the keys of the hospitals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parties {
    /// Partners among themselves, at least two; `partners` in files.
    Mutual(Vec<String>),
    /// One gives, the others receive; `from` and `to` in files.
    Directed {
        /// The expert, sender, centre or owner.
        from: String,
        /// The sites, at least one.
        to: Vec<String>,
    },
}

impl Parties {
    /// All keys, the giving one first.
    pub fn keys(&self) -> Vec<&str> {
        match self {
            Self::Mutual(partners) => partners.iter().map(String::as_str).collect(),
            Self::Directed { from, to } => {
                std::iter::once(from.as_str()).chain(to.iter().map(String::as_str)).collect()
            }
        }
    }
}

/// Whether a cooperation is at work.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize,
)]
pub enum Status {
    /// It is.
    #[default]
    Active,
    /// Announced, not at work yet.
    Planned,
    /// Over.
    Ended,
}

/// A cooperation of hospitals: an agreement with parties, a kind, fields, terms and dates.
///
/// What a kind can change in care stands at [`CooperationKind`]; what this one does change, in patients and minutes,
/// is a question to [`impact`](crate::impact). A membership in an [`Alliance`](super::Alliance) is no cooperation: it moves
/// no patient. Cooperations of three and more parties are one of these, so count links by
/// [`CooperationGraph`](super::CooperationGraph), not by the list. Plain data; the network of a day
/// ([`Network::as_of`](super::Network::as_of)) holds only those at work on it.
///
/// ```
/// use std::collections::BTreeSet;
///
/// use verbund::model::{Cooperation, CooperationKind, Parties};
///
/// // The north helps the south with strokes, as a network in memory has it.
/// let parties = Parties::Directed { from: "north".into(), to: vec!["south".into()] };
/// let kind = CooperationKind::Telemedicine { consult: None };
/// let link = Cooperation::new("tele-stroke", kind, parties).fields(&["neurology"]);
/// assert!(link.covers("neurology") && !link.covers("cardiology"));
/// assert_eq!(link.parties.keys(), ["north", "south"]);
///
/// // On a day on which only one of them is there, there is no cooperation.
/// let there = BTreeSet::from(["north"]);
/// assert_eq!(link.as_of("2026-01-01".parse()?, &there), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "CooperationRecord")]
pub struct Cooperation {
    /// Written key, unique in the network; `id` in files.
    pub key: String,
    /// What the partners do together, with its terms.
    pub kind: CooperationKind,
    /// Who takes part.
    pub parties: Parties,
    /// Keys of the specialties and other fields of the catalog that it covers.
    pub fields: Vec<String>,
    /// Of a framework agreement: by field, the kinds of cooperation that are to carry it out, with their terms. It
    /// says what is asked of [`agreement`](crate::agreement), and by itself changes nothing in care: a cooperation
    /// that patients use is an entry of its own.
    pub terms: BTreeMap<String, Vec<CooperationKind>>,
    /// When it works.
    pub hours: Hours,
    /// First day on which it is at work; `None` when unknown: it then always was.
    pub since: Option<Date>,
    /// First day on which it is over.
    pub until: Option<Date>,
    /// Whether it is at work at the date of the file.
    pub status: Status,
    /// Keys of its sources.
    pub sources: Vec<String>,
    /// What of it nobody published: `kind`, `partners`, `fields`, `terms`, `since`, `until`,
    /// `direction`, `hours`.
    pub assumed: Vec<String>,
    /// A remark for readers.
    pub note: Option<String>,
}

/// What `assumed` of a cooperation may name.
pub(crate) const COOPERATION_PATHS: [&str; 8] =
    ["kind", "partners", "fields", "terms", "since", "until", "direction", "hours"];

impl Cooperation {
    /// An active cooperation without fields, dates or sources.
    pub fn new(key: impl Into<String>, kind: CooperationKind, parties: Parties) -> Self {
        Self {
            key: key.into(),
            kind,
            parties,
            fields: Vec::new(),
            terms: BTreeMap::new(),
            hours: Hours::ALWAYS,
            since: None,
            until: None,
            status: Status::Active,
            sources: Vec::new(),
            assumed: Vec::new(),
            note: None,
        }
    }

    /// The same with these fields.
    #[must_use]
    pub fn fields(mut self, fields: &[&str]) -> Self {
        self.fields = fields.iter().map(|&field| field.to_owned()).collect();
        self
    }

    /// Whether it covers a field: it names it.
    pub fn covers(&self, field: &str) -> bool {
        self.fields.iter().any(|covered| covered == field)
    }

    /// What the agreement says of a kind of cooperation, by its name, that carries a field out.
    pub(crate) fn term(&self, field: &str, kind: &str) -> Option<&CooperationKind> {
        self.terms.get(field)?.iter().find(|written| written.name() == kind)
    }

    /// The cooperation on a day among the hospitals that are there then, or `None` when it is not
    /// at work or fewer than two of its parties are left.
    ///
    /// A planned one works from its `since`; without that date it never does. An ended one worked
    /// until its `until`; without that date it never did.
    pub fn as_of(&self, day: Date, there: &BTreeSet<&str>) -> Option<Self> {
        let dated = match self.status {
            Status::Active => true,
            Status::Planned => self.since.is_some(),
            Status::Ended => self.until.is_some(),
        };
        // Nobody knows when a plan without a date begins: on no day it is counted.
        if !dated || !is_there(self.since, self.until, day) {
            return None;
        }

        // On that day it is at work, whatever is planned or over today.
        let mut cooperation = self.clone();
        cooperation.status = Status::Active;
        let complete = match &mut cooperation.parties {
            Parties::Mutual(partners) => {
                partners.retain(|key| there.contains(key.as_str()));
                partners.len() >= 2
            }
            // Without its giver nothing is given; any one of its receivers is enough.
            Parties::Directed { from, to } => {
                to.retain(|key| there.contains(key.as_str()));
                there.contains(from.as_str()) && !to.is_empty()
            }
        };
        complete.then_some(cooperation)
    }
}

impl Serialize for Parties {
    /// As files write them: `partners`, or `from` and `to`.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Mutual(partners) => {
                let mut out = to.serialize_struct("Parties", 1)?;
                out.serialize_field("partners", partners)?;
                out.end()
            }
            Self::Directed { from, to: receivers } => {
                let mut out = to.serialize_struct("Parties", 2)?;
                out.serialize_field("from", from)?;
                out.serialize_field("to", receivers)?;
                out.end()
            }
        }
    }
}

impl Serialize for Cooperation {
    /// As files write it: `partners`, or `from` and `to`; what has its default is left out.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // By hand, because the parties have no field of their own: `partners`, or `from` and `to`.
        let mut out = to.serialize_struct("Cooperation", 13)?;
        out.serialize_field("id", &self.key)?;
        out.serialize_field("kind", &self.kind)?;
        match &self.parties {
            Parties::Mutual(partners) => out.serialize_field("partners", partners)?,
            Parties::Directed { from, to } => {
                out.serialize_field("from", from)?;
                out.serialize_field("to", to)?;
            }
        }
        if !self.fields.is_empty() {
            out.serialize_field("fields", &self.fields)?;
        }
        if !self.terms.is_empty() {
            out.serialize_field("terms", &self.terms)?;
        }
        if !is_default(&self.hours) {
            out.serialize_field("hours", &self.hours)?;
        }
        if let Some(since) = &self.since {
            out.serialize_field("since", since)?;
        }
        if let Some(until) = &self.until {
            out.serialize_field("until", until)?;
        }
        if !is_default(&self.status) {
            out.serialize_field("status", &self.status)?;
        }
        if !self.sources.is_empty() {
            out.serialize_field("sources", &self.sources)?;
        }
        if !self.assumed.is_empty() {
            out.serialize_field("assumed", &self.assumed)?;
        }
        if let Some(note) = &self.note {
            out.serialize_field("note", note)?;
        }
        out.end()
    }
}

/// A cooperation as it is written: `partners`, or `from` and `to`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CooperationRecord {
    id: String,
    kind: CooperationKind,
    partners: Option<Vec<String>>,
    from: Option<String>,
    to: Option<Vec<String>>,
    #[serde(default, deserialize_with = "crate::model::renamed::read_keys")]
    fields: Vec<String>,
    #[serde(default)]
    terms: BTreeMap<String, Vec<CooperationKind>>,
    #[serde(default)]
    hours: Hours,
    since: Option<Date>,
    until: Option<Date>,
    #[serde(default)]
    status: Status,
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    assumed: Vec<String>,
    note: Option<String>,
}

impl Parties {
    /// Who takes part, of what is written: `partners`, or `from` and `to`; `None` where nobody is named.
    pub(crate) fn of_record(
        partners: Option<Vec<String>>,
        from: Option<String>,
        to: Option<Vec<String>>,
    ) -> Result<Option<Self>, &'static str> {
        match (partners, from, to) {
            (None, None, None) => Ok(None),
            (Some(partners), None, None) => Ok(Some(Self::Mutual(partners))),
            (None, Some(from), Some(to)) => Ok(Some(Self::Directed { from, to })),
            _ => Err("expected either partners, or from and to"),
        }
    }
}

impl TryFrom<CooperationRecord> for Cooperation {
    type Error = &'static str;

    fn try_from(record: CooperationRecord) -> Result<Self, &'static str> {
        let parties = Parties::of_record(record.partners, record.from, record.to)?;
        let parties = parties.ok_or("expected partners, or from and to")?;
        let mut terms = BTreeMap::new();
        for (field, kinds) in record.terms {
            terms.insert(respelled(field), kinds);
        }
        Ok(Self {
            key: record.id,
            kind: record.kind,
            parties,
            fields: record.fields,
            terms,
            hours: record.hours,
            since: record.since,
            until: record.until,
            status: record.status,
            sources: record.sources,
            assumed: record.assumed,
            note: record.note,
        })
    }
}
