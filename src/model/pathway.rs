//! Care pathways: the ordered stages of care of a condition, and how patients get to the first.

use std::fmt;
use std::ops::Index;

use serde::Serialize;
use serde::ser::Serializer;

use crate::model::hospital::{covers, is_default};
use crate::model::{FirstLeg, PopulationGroup, Requirement, Tag, serialize_id, tag_of};
use crate::units::Seconds;
use crate::words;

/// Most stages that a pathway may have.
pub(crate) const MOST_STAGES: usize = 12;

/// The longest duration of a stage or term: 30 days.
pub(crate) const LONGEST_DURATION: Seconds = Seconds(30 * 24 * 3600);

/// Deviations of the logarithm beyond which a duration that scatters counts as at that end: of 3.5
/// million durations one at each end.
pub(crate) const FARTHEST: f64 = 5.0;

/// The ordered stages of care of a condition, each with a requirement and a duration.
///
/// Times are whole seconds. A patient reaches the first stage by one of the means of `first_leg`, goes
/// through the stages in order, and changes hospital between stages at most once. Handing the patient
/// over is part of the hospital's time, as in published medians: the first stage counts from arrival
/// at the door. [`crate::pathways`] says what exactly happens.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pathway {
    /// Written key; `id` in files.
    #[serde(rename = "id")]
    pub key: String,
    /// English name.
    pub name: String,
    /// German name.
    pub name_de: String,
    /// Whether its patients may wait for opening hours.
    pub urgency: Urgency,
    /// Which expected cases take it; `None` where nobody knows how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cases: Option<CaseShare>,
    /// Whose times count in figures of people.
    #[serde(skip_serializing_if = "is_default")]
    pub population: PopulationGroup,
    /// Arrivals by hour: 24 numbers by hour of the day, or 168 by hour of the week from Monday 0:00
    /// on; only their proportions matter. Empty for even arrivals.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arrivals: Vec<f64>,
    /// How patients may come; where two means are equally fast, the one that is named first.
    pub first_leg: Vec<Means>,
    /// What a protocol of the rescue service takes for a door: a hospital that can do all stages up
    /// to the one of this key, by whatever way; `None` for the first stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub door: Option<String>,
    /// How patients change hospital.
    pub transfer: TransferRule,
    /// The stages, in order.
    pub stages: Vec<Stage>,
    /// Time limits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// Published times, to be printed beside the model's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<PublishedTime>,
    /// Where structure and figures come from.
    pub source: String,
    /// What of it nobody published, by path: `cases.share`, `stages.imaging.duration`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<String>,
}

/// Whether patients may wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum Urgency {
    /// They may not: what is closed at the moment of the call does not count.
    #[default]
    Emergency,
    /// They may wait for the hour in which they are done first.
    Elective,
}

/// A share of the expected cases of a condition or specialty.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseShare {
    /// Key of the condition or specialty.
    pub of: String,
    /// Share of its cases that take the pathway, 0 to 1.
    pub share: f64,
}

/// How a patient comes to the first hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Means {
    /// By ambulance.
    Ambulance,
    /// By helicopter, in its hours, to a helipad.
    Helicopter,
    /// By a car of one's own.
    OwnCar,
}

impl Means {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ambulance => "ambulance",
            Self::Helicopter => "helicopter",
            Self::OwnCar => "own car",
        }
    }
}

/// How a duration scatters around its median: lognormal, as times of care mostly are.
///
/// The logarithm of the duration is normally distributed around that of the median. Routes are chosen by
/// medians; shares in time, means and quantiles of a region count the scatter.
///
/// ```
/// use verbund::model::Spread;
/// use verbund::units::Seconds;
///
/// // ln(56 / 22) over the 1.349 deviations between the quartiles of a normal law.
/// let spread = Spread::Iqr(Seconds::from_minutes(22), Seconds::from_minutes(56));
/// assert!((spread.sigma() - 0.6926).abs() < 1e-4);
/// // A coefficient of variation of 0.5: the root of ln(1 + 0.25).
/// assert!((Spread::Cv(0.5).sigma() - 0.4724).abs() < 1e-4);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub enum Spread {
    /// The quartiles: a quarter of the durations are shorter than the first, a quarter longer than the
    /// second. Only their ratio counts, because the median is given: 69 and 110 around 92 become 72.9
    /// and 116.2.
    Iqr(Seconds, Seconds),
    /// Standard deviation over mean, above 0 to 2.
    Cv(f64),
}

/// Deviations of a normal law between its quartiles.
const QUARTILES: f64 = 2.0 * 0.674_489_750_196_081_7;

impl Spread {
    /// The standard deviation of the duration's logarithm, 0 or more.
    pub fn sigma(self) -> f64 {
        match self {
            // Of a log-normal distribution, whose quartiles lie symmetrically on the scale of logarithms.
            Self::Iqr(low, high) => {
                // A quartile of 0 would have no logarithm; the check refuses it.
                let ratio = f64::from(high.0.max(1)) / f64::from(low.0.max(1));
                (libm::log(ratio) / QUARTILES).max(0.0)
            }
            Self::Cv(cv) => libm::log(1.0 + cv * cv).sqrt(),
        }
    }
}

/// How patients change hospital between two stages.
///
/// The patient departs when the stage before is done and the door-in-door-out time since arrival at
/// this hospital is over, whichever comes later: the stages run within that time. Where a `Transfer`
/// cooperation of one of the fields runs from the one to the other
/// hospital and is open, it takes that cooperation's door-in-door-out time, or the pathway's where
/// the agreement states none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TransferRule {
    /// Fields of which an agreement must name at least one.
    pub fields: Vec<String>,
    /// Time from arrival at the hospital to departure, unless its stages take longer.
    pub door_in_door_out: Seconds,
    /// How that time scatters, an agreement's own likewise; what a transfer without an agreement takes
    /// in addition does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
    /// What holds where no agreement does.
    pub without_agreement: WithoutAgreement,
}

/// Whether patients are handed on where no agreement says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum WithoutAgreement {
    /// They are not.
    Never,
    /// They are, in the pathway's door-in-door-out time.
    Allowed,
    /// They are, after this time in addition.
    After(Seconds),
}

impl WithoutAgreement {
    /// The time in addition; `None` where there is no transfer without an agreement.
    pub fn penalty(self) -> Option<Seconds> {
        match self {
            Self::Never => None,
            Self::Allowed => Some(Seconds(0)),
            Self::After(time) => Some(time),
        }
    }
}

/// One stage of a pathway.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stage {
    /// Written key, unique in the pathway; `id` in files.
    #[serde(rename = "id")]
    pub key: String,
    /// English name.
    pub name: String,
    /// What the hospital must offer, itself or by one of the other ways.
    pub requirement: Requirement,
    /// Its time. It counts from the latest of: the end of the stage before, arrival at the hospital
    /// after a transfer, the end of a consultation or turnaround, the arrival of a visiting team; for
    /// the first stage from what `from` says.
    pub duration: Seconds,
    /// How the duration scatters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<Spread>,
    /// From which event the first stage counts; the others have no choice.
    #[serde(skip_serializing_if = "is_default")]
    pub from: StageFrom,
    /// What its start is called, such as "needle".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_event: Option<String>,
    /// What its end is called, such as "wire passes".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_event: Option<String>,
    /// How the requirement may be met; where two ways are equally fast, the one that is first.
    pub ways: Vec<StageProvision>,
}

/// From which event the duration of a first stage counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum StageFrom {
    /// Arrival at the door, as published medians from door to needle, wire or groin do: handing the
    /// patient over is part of the stage.
    #[default]
    Door,
    /// The end of handover or registration.
    Handover,
}

/// How a stage may be met.
///
/// In all but the first, parts of the requirement are `remote`: the hospital meets the others, a
/// partner meets these and has an active, open cooperation of that kind with the hospital which
/// covers all `fields` (empty for the specialties that the remote parts name). Terms are those of
/// the cooperation; the ones here hold where it states none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum StageProvision {
    /// The hospital meets the whole requirement.
    OnSite,
    /// An expert helps from afar.
    Telemedicine {
        /// Parts of the requirement that the expert meets.
        remote: Vec<Requirement>,
        /// Fields that the cooperation must cover.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        fields: Vec<String>,
        /// Time of the consultation, added before the duration.
        consult: Seconds,
        /// How that time scatters, a cooperation's own likewise.
        #[serde(skip_serializing_if = "Option::is_none")]
        spread: Option<Spread>,
    },
    /// The partner's team travels to the patient.
    VisitingTeam {
        /// Parts of the requirement that the team brings.
        remote: Vec<Requirement>,
        /// Fields that the cooperation must cover.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        fields: Vec<String>,
        /// Time from the alert to the team's departure.
        call_out: Seconds,
        /// How that time scatters, a cooperation's own likewise.
        #[serde(skip_serializing_if = "Option::is_none")]
        spread: Option<Spread>,
        /// When the team is alerted; `None` for the end of the stage before, and for the first
        /// stage the patient's arrival.
        #[serde(skip_serializing_if = "Option::is_none")]
        alert: Option<Alert>,
    },
    /// A centre works for the hospital; nobody moves.
    CentralService {
        /// Parts of the requirement that the centre meets.
        remote: Vec<Requirement>,
        /// Fields that the cooperation must cover.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        fields: Vec<String>,
        /// Time until the result is back, added before the duration.
        turnaround: Seconds,
        /// How that time scatters, a cooperation's own likewise.
        #[serde(skip_serializing_if = "Option::is_none")]
        spread: Option<Spread>,
    },
}

/// When a visiting team is alerted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alert {
    /// With the call: `"call"` in files.
    Call,
    /// When the stage of this key is done.
    Stage(String),
}

impl fmt::Display for Alert {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call => out.write_str("call"),
            Self::Stage(key) => out.write_str(key),
        }
    }
}

impl Serialize for Alert {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl StageProvision {
    /// Its name, as files write it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::OnSite => "OnSite",
            Self::Telemedicine { .. } => "Telemedicine",
            Self::VisitingTeam { .. } => "VisitingTeam",
            Self::CentralService { .. } => "CentralService",
        }
    }

    /// How the time of the help scatters.
    pub fn spread(&self) -> Option<Spread> {
        match self {
            Self::OnSite => None,
            Self::Telemedicine { spread, .. }
            | Self::VisitingTeam { spread, .. }
            | Self::CentralService { spread, .. } => *spread,
        }
    }

    /// The time that the help takes, with its name in files.
    fn own_time(&self) -> Option<(&'static str, Seconds)> {
        match self {
            Self::OnSite => None,
            Self::Telemedicine { consult, .. } => Some(("consult", *consult)),
            Self::VisitingTeam { call_out, .. } => Some(("call_out", *call_out)),
            Self::CentralService { turnaround, .. } => Some(("turnaround", *turnaround)),
        }
    }

    /// The parts of the requirement that a partner meets.
    pub fn remote(&self) -> &[Requirement] {
        match self {
            Self::OnSite => &[],
            Self::Telemedicine { remote, .. }
            | Self::VisitingTeam { remote, .. }
            | Self::CentralService { remote, .. } => remote,
        }
    }

    /// The fields that a cooperation must cover: those that are written, or else the specialties
    /// that the remote parts name.
    pub fn fields(&self) -> Vec<&str> {
        let written = match self {
            Self::OnSite => return Vec::new(),
            Self::Telemedicine { fields, .. }
            | Self::VisitingTeam { fields, .. }
            | Self::CentralService { fields, .. } => fields,
        };
        if !written.is_empty() {
            return written.iter().map(String::as_str).collect();
        }

        // Cooperations cover specialties; what is remote and none of them needs a field that is written.
        let mut fields: Vec<&str> = Vec::new();
        for part in self.remote() {
            for leaf in part.leaves() {
                if let Requirement::Specialty(key) = leaf {
                    fields.push(key);
                }
            }
        }
        fields.dedup();
        fields
    }
}

impl Stage {
    /// The numbers of its ways, in their order.
    pub fn way_indices(&self) -> impl ExactSizeIterator<Item = WayIndex> + use<> {
        (0..self.ways.len()).map(|number| WayIndex(number as u8))
    }

    /// A stage of this key, which is its name too, that counts from arrival or the stage before.
    pub fn new(
        key: impl Into<String>,
        requirement: Requirement,
        duration: Seconds,
        ways: Vec<StageProvision>,
    ) -> Self {
        let key = key.into();
        Self {
            name: key.clone(),
            key,
            requirement,
            duration,
            spread: None,
            from: StageFrom::default(),
            start_event: None,
            end_event: None,
            ways,
        }
    }

    /// What the hospital itself must offer where these parts are remote; `None` when one of them is
    /// no part of the requirement.
    pub fn on_site(&self, remote: &[Requirement]) -> Option<Requirement> {
        // All of it is done from afar: nothing is left for the site, and any site will do.
        if let [whole] = remote
            && *whole == self.requirement
        {
            return Some(Requirement::All(Vec::new()));
        }

        // Of an `Any` nothing can be taken away: the rest would be easier or harder to meet at will.
        let Requirement::All(parts) = &self.requirement else { return None };
        if !remote.iter().all(|part| parts.contains(part)) {
            return None;
        }
        let mut rest = parts.clone();
        rest.retain(|part| !remote.contains(part));
        Some(Requirement::All(rest))
    }
}

/// A time limit of a pathway, as standards of coverage have them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    /// When its clock starts: [`Event::Call`], [`Event::FirstContact`] or [`Event::Door`].
    #[serde(skip_serializing_if = "Event::is_call")]
    pub from: Event,
    /// When its clock stops: any event behind that, but no departure, which only some patients have.
    pub to: Event,
    /// The limit in whole minutes, inclusive.
    pub minutes: u32,
    /// Where it comes from; the word "assumed" marks a limit that nobody published.
    pub source: String,
}

impl Target {
    /// The limit, inclusive.
    pub fn limit(&self) -> Seconds {
        Seconds::from_minutes(self.minutes)
    }
}

/// What happens to a patient at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Event {
    /// The call for help; of an elective pathway the wish for an appointment.
    Call,
    /// The ambulance or helicopter is beside the patient: after call handling, turnout and the way to
    /// the scene. Who comes in a car of one's own is first seen at the door.
    FirstContact,
    /// Arrival at the first hospital's door, before handover.
    Door,
    /// The end of handover or registration at the first hospital.
    Handover,
    /// Arrival at the hospital where the stage of this key is done: the door of the first one, or
    /// arrival by the transfer that led there.
    Arrival(String),
    /// Departure to the hospital where the stage of this key is done, from the one of the stage before;
    /// only patients who are transferred between the two have it.
    Departure(String),
    /// Start of the stage of this key: its end minus its duration.
    Start(String),
    /// End of the stage of this key.
    Done(String),
}

impl Event {
    /// Whether it is the call.
    pub fn is_call(&self) -> bool {
        *self == Self::Call
    }

    /// The key of its stage.
    pub fn stage(&self) -> Option<&str> {
        match self {
            Self::Call | Self::FirstContact | Self::Door | Self::Handover => None,
            Self::Arrival(key) | Self::Departure(key) | Self::Start(key) | Self::Done(key) => {
                Some(key)
            }
        }
    }
}

/// A published time between two events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PublishedTime {
    /// When its clock starts.
    pub from: Event,
    /// When its clock stops.
    pub to: Event,
    /// Of which patients.
    #[serde(skip_serializing_if = "is_default")]
    pub group: PatientGroup,
    /// The time that half of them do not exceed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median: Option<Seconds>,
    /// The times that a quarter and that three quarters of them do not exceed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quartiles: Option<(Seconds, Seconds)>,
    /// Shares of them within whole minutes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<ShareWithin>,
    /// Who published it.
    pub source: String,
    /// What differs between it and the model.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub differs: String,
}

/// A share of patients within a limit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ShareWithin {
    /// The limit in whole minutes, inclusive.
    pub minutes: u32,
    /// The share, 0 to 1.
    pub share: f64,
}

/// Patients by how they come to the place of treatment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum PatientGroup {
    /// Whoever.
    #[default]
    All,
    /// Those who are not handed on before the later event.
    Direct,
    /// Those who are handed on before it.
    Transferred,
}

impl PatientGroup {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Direct => "direct",
            Self::Transferred => "transferred",
        }
    }
}

/// The number of a stage in its [`Pathway`], in the order in which patients go through them.
///
/// It counts from 0 and says nothing about another pathway, whose stages it tells apart by their keys.
/// `pathway[stage]` is the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StageIndex(u32, Tag);

impl Serialize for StageIndex {
    /// The key; an error outside of [`Region::keyed`](crate::Region::keyed), and of a pathway that is not in the
    /// region's catalog outside of [`Prepared::keyed`](crate::pathways::Prepared::keyed).
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        serialize_id(self.0, self.1, to)
    }
}

impl StageIndex {
    /// The position in [`Pathway::stages`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The number of a way in its [`Stage`], in the order of [`Stage::ways`].
///
/// It counts from 0 and is written as this number. `stage[way]` is the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct WayIndex(pub(crate) u8);

impl WayIndex {
    /// The position in [`Stage::ways`].
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl Index<WayIndex> for Stage {
    type Output = StageProvision;

    /// # Panics
    ///
    /// When the stage has no such way.
    fn index(&self, way: WayIndex) -> &StageProvision {
        &self.ways[way.index()]
    }
}

impl Index<StageIndex> for Pathway {
    type Output = Stage;

    /// # Panics
    ///
    /// When the pathway has no such stage.
    fn index(&self, stage: StageIndex) -> &Stage {
        &self.stages[stage.index()]
    }
}

impl Pathway {
    /// The number of the stage of this key.
    pub fn stage(&self, key: &str) -> Option<StageIndex> {
        let mut numbers = self.stage_indices();
        numbers.find(|number| self[*number].key == key)
    }

    /// The numbers of its stages, in their order.
    pub fn stage_indices(&self) -> impl ExactSizeIterator<Item = StageIndex> + use<> {
        let tag = self.tag();
        (0..self.stages.len() as u32).map(move |number| StageIndex(number, tag))
    }

    /// What the numbers of its stages carry.
    pub(crate) fn tag(&self) -> Tag {
        tag_of(self.stages.iter().map(|stage| stage.key.as_str()))
    }

    /// Whether some duration of its stages, ways or transfers scatters.
    pub fn has_spread(&self) -> bool {
        for stage in &self.stages {
            if stage.spread.is_some() || stage.ways.iter().any(|way| way.spread().is_some()) {
                return true;
            }
        }
        self.transfer.spread.is_some()
    }

    /// The durations that have no spread and so are the same for everybody, by their paths in the catalog, in the
    /// order in which a patient meets them: `first_leg.ambulance` (all of its times, or the one that is named),
    /// `stages.imaging.duration`, `stages.imaging.ways.call_out`, `transfer.door_in_door_out`. Times of 0 are left out.
    ///
    /// ```
    /// use verbund::Region;
    ///
    /// let region = Region::leipzig()?;
    /// let catalog = region.network().catalog();
    /// let stroke = catalog.pathway("stroke").ok_or("no pathway")?;
    /// let without = stroke.without_spread(&catalog.first_leg);
    /// // Nobody published how the times of the ambulance scatter.
    /// assert_eq!(without[0], "first_leg.ambulance");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn without_spread(&self, first_leg: &FirstLeg) -> Vec<String> {
        let mut without = Vec::new();
        for means in &self.first_leg {
            without.extend(first_leg.without_spread(*means));
        }
        for stage in &self.stages {
            let of_stage = format!("stages.{}", stage.key);
            for way in &stage.ways {
                // Nothing that takes no time can scatter.
                if let (Some((name, time)), None) = (way.own_time(), way.spread())
                    && time > Seconds(0)
                {
                    without.push(format!("{of_stage}.ways.{name}"));
                }
            }
            if stage.spread.is_none() && stage.duration > Seconds(0) {
                without.push(format!("{of_stage}.duration"));
            }
        }
        if self.transfer.spread.is_none() && self.transfer.door_in_door_out > Seconds(0) {
            without.push("transfer.door_in_door_out".to_owned());
        }
        if self.transfer.without_agreement.penalty().is_some_and(|time| time > Seconds(0)) {
            // A file cannot give one.
            without.push("transfer.without_agreement".to_owned());
        }
        without
    }

    /// An event in words of the language in force, with the name that its stage gives it.
    pub fn event_words(&self, event: &Event) -> String {
        let stage = |key: &str| self.stage(key).map(|stage| &self[stage]);
        match event {
            Event::Call => said!("call"),
            Event::FirstContact => said!("first contact"),
            Event::Door => said!("arrival at the first door"),
            Event::Handover => said!("handover"),
            Event::Arrival(key) => said!("arrival for {key}", key = self.stage_in_words(key)),
            Event::Departure(key) => said!("departure for {key}", key = self.stage_in_words(key)),
            Event::Start(key) => match stage(key).and_then(|stage| stage.start_event.as_ref()) {
                Some(event) => words::of(event).into_owned(),
                None => said!("start of {key}", key = self.stage_in_words(key)),
            },
            Event::Done(key) => match stage(key).and_then(|stage| stage.end_event.as_ref()) {
                Some(event) => words::of(event).into_owned(),
                None => said!("end of {key}", key = self.stage_in_words(key)),
            },
        }
    }

    /// The name of a stage in the language in force; its key where it has none.
    fn stage_in_words(&self, key: &str) -> String {
        let name = self.stage(key).map_or("", |stage| &self[stage].name);
        if name.is_empty() { key.to_owned() } else { words::of(name).into_owned() }
    }

    /// From which event to which one, in words: "first contact to wire passes".
    pub fn span_words(&self, from: &Event, to: &Event) -> String {
        // "Door to needle" is what everybody calls it.
        let from = match from {
            Event::Door => said!("door"),
            _ => self.event_words(from),
        };
        said!("{from} to {until}", from, until = self.event_words(to))
    }

    /// Whether the value at this path is marked as assumed, itself or with what it is part of.
    pub fn is_assumed(&self, path: &str) -> bool {
        // A mark of a stage is one of everything in it.
        self.assumed.iter().any(|mark| covers(mark, path))
    }

    /// Whether a path as used in `assumed` refers to something that this pathway has.
    pub fn has_path(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            // Even arrivals are an assumption, too.
            [
                "urgency" | "population" | "arrivals" | "first_leg" | "door" | "transfer"
                | "stages",
            ]
            | ["transfer", "fields" | "door_in_door_out" | "spread" | "without_agreement"] => true,
            ["cases"] | ["cases", "of" | "share"] => self.cases.is_some(),
            ["targets"] => !self.targets.is_empty(),
            ["stages", key] | ["stages", key, "requirement" | "duration" | "spread" | "ways"] => {
                self.stage(key).is_some()
            }
            _ => false,
        }
    }
}
