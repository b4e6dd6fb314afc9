//! Care pathways: the ordered stages of care of a condition, and how patients get to the first.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Index;

use serde::Serialize;
use serde::ser::Serializer;

use crate::calendar::Hours;
use crate::model::hospital::{covers, is_default};
use crate::model::{PopulationGroup, Requirement};
use crate::units::Seconds;

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
            Self::Iqr(low, high) => {
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
        let leaves = self.remote().iter().flat_map(Requirement::leaves);
        let mut fields: Vec<&str> = leaves
            .filter_map(|leaf| match leaf {
                Requirement::Specialty(key) => Some(key.as_str()),
                _ => None,
            })
            .collect();
        fields.dedup();
        fields
    }
}

impl Stage {
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
        if let [whole] = remote
            && *whole == self.requirement
        {
            return Some(Requirement::All(Vec::new()));
        }
        let Requirement::All(parts) = &self.requirement else { return None };
        if !remote.iter().all(|part| parts.contains(part)) {
            return None;
        }
        let rest = parts.iter().filter(|part| !remote.contains(part)).cloned();
        Some(Requirement::All(rest.collect()))
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
/// It counts from 0 and says nothing about another pathway. `pathway[stage]` is the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StageIndex(pub(crate) u32);

impl StageIndex {
    /// The position in [`Pathway::stages`].
    pub fn index(self) -> usize {
        self.0 as usize
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
        let index = self.stages.iter().position(|stage| stage.key == key);
        index.map(|index| StageIndex(index as u32))
    }

    /// The numbers of its stages, in their order.
    pub fn stage_indices(&self) -> impl ExactSizeIterator<Item = StageIndex> + use<> {
        (0..self.stages.len() as u32).map(StageIndex)
    }

    /// Whether some duration of its stages, ways or transfers scatters.
    pub fn has_spread(&self) -> bool {
        let mut stages = self.stages.iter();
        self.transfer.spread.is_some()
            || stages.any(|stage| {
                stage.spread.is_some() || stage.ways.iter().any(|way| way.spread().is_some())
            })
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

    /// An event in words, with the name that its stage gives it.
    pub fn event_words(&self, event: &Event) -> String {
        let stage = |key: &str| self.stage(key).map(|stage| &self[stage]);
        match event {
            Event::Call => "call".to_owned(),
            Event::FirstContact => "first contact".to_owned(),
            Event::Door => "arrival at the first door".to_owned(),
            Event::Handover => "handover".to_owned(),
            Event::Arrival(key) => format!("arrival for {key}"),
            Event::Departure(key) => format!("departure for {key}"),
            Event::Start(key) => stage(key)
                .and_then(|stage| stage.start_event.clone())
                .unwrap_or_else(|| format!("start of {key}")),
            Event::Done(key) => stage(key)
                .and_then(|stage| stage.end_event.clone())
                .unwrap_or_else(|| format!("end of {key}")),
        }
    }

    /// From which event to which one, in words: "first contact to wire passes".
    pub fn span_words(&self, from: &Event, to: &Event) -> String {
        let from = match from {
            Event::Door => "door".to_owned(),
            other => self.event_words(other),
        };
        format!("{from} to {}", self.event_words(to))
    }

    /// Whether the value at this path is marked as assumed, itself or with what it is part of.
    pub fn is_assumed(&self, path: &str) -> bool {
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

/// Times of the way to the first hospital, by means.
///
/// The drive to the hospital itself is the region's travel time; a flight is the great circle at
/// the helicopter's speed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FirstLeg {
    /// By ambulance.
    pub ambulance: Ambulance,
    /// By helicopter.
    pub helicopter: Helicopter,
    /// By a car of one's own.
    pub own_car: OwnCar,
    /// How times scatter, by path: `ambulance.on_scene`, `own_car.registration`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub spreads: BTreeMap<String, Spread>,
    /// Where the times come from.
    pub source: String,
    /// Which of them nobody published, by path: `ambulance`, `helicopter.km_per_hour`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<String>,
}

/// Times of an ambulance's mission beside the drive to the hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ambulance {
    /// From the call to the alert.
    pub call_handling: Seconds,
    /// From the alert to departure.
    pub turnout: Seconds,
    /// Drive to the patient.
    pub drive_to_scene: Seconds,
    /// With the patient, until departure.
    pub on_scene: Seconds,
    /// From the hospital's door to the end of handover; part of the hospital's time.
    pub handover: Seconds,
}

/// Times of a helicopter's mission beside the flight to the hospital.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Helicopter {
    /// From the call to the alert.
    pub call_handling: Seconds,
    /// From the alert to take-off.
    pub turnout: Seconds,
    /// Flight to the patient.
    pub flight_to_scene: Seconds,
    /// With the patient, until departure.
    pub on_scene: Seconds,
    /// Start at the scene and landing at the hospital together.
    pub start_and_landing: Seconds,
    /// Speed along the great circle in kilometres per hour, above 0 to 1,000.
    pub km_per_hour: f64,
    /// From the hospital's door to the end of handover; part of the hospital's time.
    pub handover: Seconds,
    /// It only flies to a hospital where the patient arrives at least this much earlier than by the
    /// pathway's means on the road, or that no road reaches within the region's cut-off.
    pub least_gain: Seconds,
    /// When it flies, by the hour of the call.
    pub hours: Hours,
}

/// Times of a journey in one's own car beside the drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OwnCar {
    /// From the decision to departure.
    pub getting_ready: Seconds,
    /// From the hospital's door to the end of registration; part of the hospital's time.
    pub registration: Seconds,
}

/// The word for what nobody published.
const ASSUMED: &str = "assumed";

impl Default for FirstLeg {
    /// The times of `networks/catalog`; see there what they rest on.
    fn default() -> Self {
        let minutes = Seconds::from_minutes;
        Self {
            ambulance: Ambulance {
                call_handling: minutes(2),
                turnout: Seconds(90),
                drive_to_scene: minutes(8),
                on_scene: minutes(20),
                handover: Seconds(450),
            },
            helicopter: Helicopter {
                call_handling: minutes(2),
                turnout: minutes(2),
                flight_to_scene: minutes(10),
                on_scene: minutes(20),
                start_and_landing: minutes(5),
                km_per_hour: 220.0,
                handover: Seconds(450),
                least_gain: minutes(15),
                hours: "Mon-Sun 7-19".parse().expect("these are hours of the week"),
            },
            own_car: OwnCar { getting_ready: minutes(15), registration: minutes(5) },
            spreads: BTreeMap::new(),
            source: ASSUMED.to_owned(),
            assumed: ["ambulance", "helicopter", "own_car"].map(str::to_owned).to_vec(),
        }
    }
}

/// What `assumed` of the first leg may name.
pub(crate) const FIRST_LEG_PATHS: [&str; 19] = [
    "ambulance",
    "ambulance.call_handling",
    "ambulance.turnout",
    "ambulance.drive_to_scene",
    "ambulance.on_scene",
    "ambulance.handover",
    "helicopter",
    "helicopter.call_handling",
    "helicopter.turnout",
    "helicopter.flight_to_scene",
    "helicopter.on_scene",
    "helicopter.start_and_landing",
    "helicopter.km_per_hour",
    "helicopter.handover",
    "helicopter.least_gain",
    "helicopter.hours",
    "own_car",
    "own_car.getting_ready",
    "own_car.registration",
];

/// Times of a first leg by what they lead to, each with its path.
pub(crate) struct LegParts {
    pub(crate) until_contact: Vec<(&'static str, Seconds)>,
    pub(crate) until_departure: Vec<(&'static str, Seconds)>,
    pub(crate) handover: (&'static str, Seconds),
}

impl FirstLeg {
    /// How the time at this path scatters.
    pub(crate) fn spread(&self, path: &str) -> Option<Spread> {
        self.spreads.get(path).copied()
    }

    /// The times of a means without a spread, by path; the means alone where it is all of them.
    fn without_spread(&self, means: Means) -> Vec<String> {
        let LegParts { until_contact, until_departure, handover } = self.parts(means);
        let mut timed = [until_contact, until_departure, vec![handover]].concat();
        timed.retain(|(_, time)| *time > Seconds(0));
        let mut without: Vec<&str> = timed.iter().map(|(path, _)| *path).collect();
        without.retain(|path| self.spread(path).is_none());
        if without.len() > 1 && without.len() == timed.len() {
            without = without[0].split('.').take(1).collect();
        }
        without.into_iter().map(|path| format!("first_leg.{path}")).collect()
    }

    /// The parts of a means beside the journey; start and landing come before departure.
    pub(crate) fn parts(&self, means: Means) -> LegParts {
        let (ambulance, helicopter, car) = (&self.ambulance, &self.helicopter, &self.own_car);
        match means {
            Means::Ambulance => LegParts {
                until_contact: vec![
                    ("ambulance.call_handling", ambulance.call_handling),
                    ("ambulance.turnout", ambulance.turnout),
                    ("ambulance.drive_to_scene", ambulance.drive_to_scene),
                ],
                until_departure: vec![("ambulance.on_scene", ambulance.on_scene)],
                handover: ("ambulance.handover", ambulance.handover),
            },
            Means::Helicopter => LegParts {
                until_contact: vec![
                    ("helicopter.call_handling", helicopter.call_handling),
                    ("helicopter.turnout", helicopter.turnout),
                    ("helicopter.flight_to_scene", helicopter.flight_to_scene),
                ],
                until_departure: vec![
                    ("helicopter.on_scene", helicopter.on_scene),
                    ("helicopter.start_and_landing", helicopter.start_and_landing),
                ],
                handover: ("helicopter.handover", helicopter.handover),
            },
            Means::OwnCar => LegParts {
                until_contact: Vec::new(),
                until_departure: vec![("own_car.getting_ready", car.getting_ready)],
                handover: ("own_car.registration", car.registration),
            },
        }
    }

    /// The times of this means beside the journey to the hospital, by medians.
    pub fn times(&self, means: Means) -> LegTimes {
        let parts = self.parts(means);
        let sum =
            |parts: &[(&str, Seconds)]| parts.iter().fold(Seconds(0), |sum, (_, time)| sum + *time);
        let contact = sum(&parts.until_contact);
        LegTimes {
            contact: (means != Means::OwnCar).then_some(contact),
            departure: contact + sum(&parts.until_departure),
            handover: parts.handover.1,
        }
    }
}

/// Times of one means to the first hospital, beside the journey there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LegTimes {
    /// From the call to first contact; `None` where that is at the door.
    pub contact: Option<Seconds>,
    /// From the call to departure; start and landing of a helicopter are in it.
    pub departure: Seconds,
    /// From the door to the end of handover or registration.
    pub handover: Seconds,
}
