//! How long to definitive care: care pathways over doors and cooperations.
//!
//! A [`Pathway`] of the catalog is an ordered list of stages. A patient calls, comes to a first
//! hospital by one of the pathway's means, and goes through the stages, each at a hospital that can
//! do it: itself ([`StageProvision::OnSite`]), with an expert's help from afar ([`StageProvision::Telemedicine`]), with a
//! team that comes ([`StageProvision::VisitingTeam`]), or with a centre's result ([`StageProvision::CentralService`]).
//! Between two stages the patient may be handed on to another hospital.
//!
//! # What exactly happens
//!
//! Times are whole seconds from the call, and each duration counts from an event:
//!
//! | what | counts from | until |
//! |---|---|---|
//! | call handling, turnout, way to the scene | the call, one after the other | first contact |
//! | time on scene | first contact | departure |
//! | getting ready (own car) | the call | departure |
//! | journey | departure | the door |
//! | handover, registration | the door | an event of its own: the first stage runs meanwhile |
//! | a stage | the latest of: end of the stage before, arrival by transfer, help; the first from the door | its end |
//! | consult, turnaround | the end of the stage before, or arrival | help from afar |
//! | call-out | the team's alert | the team's departure |
//! | door in, door out | arrival at the sender | departure, or the end of its stages if that is later |
//!
//! - **First leg.** Arrival at the door is the time before the journey plus the journey, by the
//!   times of the catalog's [`crate::model::FirstLeg`]. A journey by road is the region's travel
//!   time from the patient's part of the place; a helicopter flies the great circle to an open
//!   helipad, in its hours, where it arrives at least its `least_gain` earlier than each of the
//!   pathway's means on the road would at the same hospital. Only a hospital that can do the first stage is a first door.
//! - **Handover** is inside the hospital's time, because published medians from door to needle, wire or
//!   groin start at arrival. Only where the first stage says `from: Handover` does it count from there.
//! - **On site**: done at the door, or the end of the stage before, plus the stage's duration.
//! - **Telemedicine**: the hospital meets the requirement without its remote parts; an expert meets
//!   these, and an active, open cooperation covers the fields; done after consult and duration.
//! - **Visiting team**: the same, but the team leaves, after its call-out time, when the stage
//!   before is done or when its alert says; the stage starts when patient and team are both there.
//!   For a first stage without an alert the team is called when the patient arrives at the door.
//! - **Central service**: the same as telemedicine, with the turnaround instead of the consult.
//! - **Transfer**: the patient departs when the stage before is done and the door-in-door-out time
//!   since arrival at this hospital is over, whichever comes later; the stages there run meanwhile. Then
//!   the journey by road; the next stage counts from arrival. Between two stages there is at most one.
//! - **Start** of a stage is its end minus its duration.
//! - **Hours** are judged at the moment of the call: one static network for each hour of the week,
//!   and hours in which the same is open share one. Patients of an elective pathway may wait for the
//!   start of a later hour, if that makes them be done earlier; emergencies may not.
//! - **As far as it goes**: where no route does all stages, the one that does most of them counts;
//!   the stages behind have no way. For a chosen stage its time comes first: a route that does it
//!   earlier counts even where another one does more of the stages behind it.
//! - **Ties**: the shorter wait; then fewer transfers; then the smaller key of the hospitals in the
//!   order of the stages; then, for each stage, the ways in its order, the partner's and the
//!   cooperation's key; then a transfer agreement (by key) before none; then the earlier arrival and
//!   the means in the pathway's order. Cooperations that are added come behind the network's own,
//!   whatever their keys.
//!
//! # Targets
//!
//! A target is a limit from a clock to an event: from [`Event::Call`], [`Event::FirstContact`] or
//! [`Event::Door`] to an arrival, or to the start or end of a stage, which may have a name ("wire
//! passes"). [`TargetResult`] says the share in time, and the shortest and the longest possible time: a
//! limit below the shortest one can be met by nobody, one above the longest is met by all who have a
//! way, whatever the network.
//!
//! # Scatter
//!
//! A duration may have a [`Spread`]: it is lognormal then, with the duration as its median, rounded to
//! whole seconds; beyond five deviations of its logarithm it counts as there. Durations do not depend on
//! each other, and all patients of a place have the same laws.
//!
//! - **Routes** are chosen by medians. So are single routes ([`Prepared::route`]), the hours that a
//!   cooperation is worth ([`crate::impact`]) and the times in [`crate::simulation`].
//! - **Quartiles** are three numbers with the median, and a lognormal law has two: the median and the
//!   ratio of the quartiles are kept.
//! - **Shares in time, means, medians and P90** of a region and of a place are expectations: laws of sums
//!   are convolved second by second, each only once, and looked up for everybody.
//! - Where something **waits for two things** (a departure for the end of a stage and the end of its term,
//!   a stage for the patient and a team), it is as late as the later of both. What both share is added
//!   afterwards; the probability that what they do not share is over is the product.
//! - A team that is **alerted before its patient came** waits for a part of the patient's earlier time
//!   together with what follows. Where some of several ways share a part and others do not, times are
//!   worked out under each value of that part, an eighth of its deviation apart, and mixed: a share is off
//!   by less than a thousandth (by three where two such parts lie within each other), and whole seconds are
//!   kept where laws are short. Only where more than two
//!   such parts lie within each other, or more than 64 ways lead to one event (several teams in a row, each
//!   alerted at another stage before a transfer), ways count as if they shared nothing: both tend to be late
//!   together in truth, so the share given is a lower bound, and is marked so ([`TargetResult::is_bound`]).
//! - Without any spread nothing scatters, and all of it is exact to the second.
//!
//! # Published times beside the model
//!
//! A pathway may name published times ([`crate::model::PublishedTime`]); [`Outcome::published`] gives the
//! model's beside them. For the region of [`crate::Region::leipzig`], over the whole week:
//!
//! | time | patients | published | model | source | what differs |
//! |---|---|---|---|---|---|
//! | STEMI, door to wire | all | 46 | 46.0 | German registry, 2023 | the stages are set to it |
//! | | all | 45 (32 to 66) | 46.0 (32.6 to 67.4) | eastern Austria, Trimmel 2018 | to the balloon |
//! | | within 60 | ESC 2023: a target | 68.2 % | | 100 % without scatter |
//! | STEMI, call to door | all | 46 (37 to 59) | 42.6 (39.1 to 52.0) | eastern Austria, Trimmel 2018; Baden-Württemberg 2016 about 46 | other distances; the first leg does not scatter here |
//! | STEMI, first contact to wire | all | 99 (72 to 132) | 81.6 (66.2 to 103.7) | Göttingen 2010 to 2013 | one hospital, transfers among them, earlier years |
//! | | within 90 | 41 % | 61.4 % | Göttingen 2010 to 2013 | the same; 82.3 % without scatter |
//! | | within 120 | 68 % | 85.0 % | Göttingen 2010 to 2013 | the same |
//! | | all | 121, 83 | 81.6 | Augsburg 2007/08, Goslar 2017 | earlier years; one hospital |
//! | LVO, door to groin | direct | 79 | 79.0 | German Stroke Registry | the stages are set to it |
//! | LVO, centre's door to groin | transferred | 44 | 44.0 | German Stroke Registry | the stage is set to it |
//! | LVO, door in to door out | transferred | 92 (69 to 110) | 92.0 (72.9 to 116.2) | Hesse | a lognormal law keeps the median and the ratio of the quartiles |
//! | LVO, arrival at the centre | direct | 103 from onset | 43.4 from the call | German Stroke Registry | onset comes before the call |
//! | | transferred | 225 from onset | 172.1 from the call | German Stroke Registry | nearest door first |
//! | | by transfer later than directly | 122 | 110.5 | German Stroke Registry | means of the same people, nearest door first against direct to the centre; 104.8 by medians of durations |
//!
//! LVO's rows of transferred patients are those of [`Protocol::NearestDoor`]: by the fastest way nobody
//! is transferred.
//!
//! An acceptance below 1 of a transfer agreement, full beds and the whereabouts of ambulances are
//! not part of this: a pathway says how fast care can be when everybody does what is agreed.
//!
//! ```
//! use verbund::Region;
//! use verbund::pathways::{Prepared, Query};
//!
//! let region = Region::leipzig()?;
//! let pathway = region.network().catalog().pathway("stroke").expect("it is in the catalog");
//! let prepared = Prepared::new(&region, pathway, &[])?;
//! let outcome = prepared.evaluate(&Query::default())?;
//! let thrombolysis = outcome.stages().pop().unwrap();
//! assert_eq!(thrombolysis.people, 885_765); // adults
//! assert!(thrombolysis.done.mean_seconds > Some(60.0 * 60.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod choose;
mod clocks;
mod course;
mod door;
mod figures;
mod front;
mod label;
mod limits;
mod loads;
mod outcome;
mod plan;
mod route;
mod scatter;
mod scene;
mod sites;
mod unknown;
mod when;

pub use clocks::{ClockTime, Clocks, Measured};
pub use figures::{
    PlaceTimes, PublishedResult, Quartiles, ShareBand, StageTimes, TargetResult, Times,
};
pub use loads::{CooperationLoad, Loads, Patients, StageLoad, WayShares};
pub use outcome::{
    GroupTimes, ObjectiveTime, Outcome, PartProgress, StageStop, Users, Uses, UsualRoute,
};
pub use route::{PatientRoute, StageVisit, TeamLeg, TransferLeg};
pub use sites::Prepared;
pub use when::When;

use std::collections::BTreeSet;

use serde::Serialize;

#[cfg(doc)]
use crate::model::{Event, Pathway, Spread, StageProvision};

use crate::model::{CooperationId, HospitalId};
use crate::problem::Problems;
pub(crate) use crate::region::Held;
use crate::units::{Seconds, as_seconds};

/// What the route is chosen for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// The least time until the last stage is done.
    #[default]
    LastStage,
    /// The least time until the stage of this key is done, then until the last one is. Another
    /// stage may be later than it could be.
    Stage(String),
    /// Every route that no other one beats in all stages: a set, for one person only
    /// ([`Prepared::routes`]). For figures of a region it counts as [`Self::LastStage`].
    EveryStage,
}

/// Which first door a protocol of the rescue service prescribes.
///
/// Times of a pathway are those of a free choice unless a protocol is asked for; what cooperations are
/// worth is told under [`Self::NearestDoor`] and [`Self::Free`] side by side
/// ([`crate::impact::PROTOCOLS`]).
///
/// A door is a hospital that can do all stages up to the pathway's
/// [`door`](crate::model::Pathway::door) (the first stage, unless it says otherwise), by whatever
/// way; where none of these is in reach, one that can do the first stage. A centre is one that can do
/// every stage itself, on site. The nearest one is the one with the earliest arrival,
/// ties by key. What follows behind the door is free. Under a protocol a new cooperation can make
/// patients later: it may turn a hospital into the nearest door.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// Any door, whichever is best.
    #[default]
    Free,
    /// The nearest door.
    NearestDoor,
    /// The nearest centre when arrival there is at most this much later than at the nearest door,
    /// else the nearest door.
    Bypass {
        /// The longest detour, inclusive.
        #[serde(rename = "detour_seconds", serialize_with = "as_seconds")]
        detour: Seconds,
    },
    /// The nearest centre; the nearest door where no centre is in reach.
    DirectToCentre,
}

impl Protocol {
    /// Its name in keys of JSON and CSV: `free`, `nearest_door`, `bypass` or `direct_to_centre`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::NearestDoor => "nearest_door",
            Self::Bypass { .. } => "bypass",
            Self::DirectToCentre => "direct_to_centre",
        }
    }

    /// In words.
    pub fn label(self) -> String {
        match self {
            Self::Free => said!("free choice of the first door"),
            Self::NearestDoor => said!("nearest door first"),
            Self::Bypass { detour } => said!("to the centre when at most {detour} later", detour),
            Self::DirectToCentre => said!("direct to the centre"),
        }
    }
}

/// A [`Protocol`] without its numbers: what somebody picks from a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "snake_case")]
pub enum ProtocolRule {
    /// Any hospital that can do the first stage, whichever is best in the end.
    Free,
    /// The nearest one.
    NearestDoor,
    /// A centre that does all stages, when it is only a detour later; else the nearest.
    #[cfg_attr(
        feature = "cli",
        value(
            help = "A centre that does all stages, when it is at most --detour minutes later; else the nearest"
        )
    )]
    Bypass,
    /// The nearest centre that does all stages.
    DirectToCentre,
}

impl ProtocolRule {
    /// The protocol; only [`ProtocolRule::Bypass`] has a detour.
    ///
    /// ```
    /// use verbund::pathways::{Protocol, ProtocolRule};
    /// use verbund::units::Seconds;
    ///
    /// let detour = Seconds::from_minutes(15);
    /// assert_eq!(ProtocolRule::Bypass.with_detour(detour), Protocol::Bypass { detour });
    /// assert_eq!(ProtocolRule::Free.with_detour(detour), Protocol::Free);
    /// ```
    pub fn with_detour(self, detour: Seconds) -> Protocol {
        match self {
            Self::Free => Protocol::Free,
            Self::NearestDoor => Protocol::NearestDoor,
            Self::Bypass => Protocol::Bypass { detour },
            Self::DirectToCentre => Protocol::DirectToCentre,
        }
    }
}

/// What is out of order: cooperations that end, doors that close to the outside, hospitals that are gone.
///
/// ```
/// use verbund::files::Folder;
/// use verbund::pathways::Outage;
///
/// let network = Folder::small().read()?.network;
/// let [north, south] = ["north", "south"].map(|key| network.find(key).unwrap());
/// let mut outage = Outage::of_hospital(north);
/// outage.doors.insert(south);
/// outage.cooperations.extend(network.cooperation_ids());
/// assert_eq!(outage.cooperations.len(), network.cooperations().len());
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Outage {
    /// Cooperations, of the network or added ([`Prepared::cooperation`]).
    pub cooperations: BTreeSet<CooperationId>,
    /// Hospitals to which no ambulance, helicopter or car comes from outside; transfers do.
    pub doors: BTreeSet<HospitalId>,
    /// Hospitals that are gone altogether.
    pub hospitals: BTreeSet<HospitalId>,
}

impl Outage {
    /// Without one cooperation.
    pub fn of_cooperation(id: CooperationId) -> Self {
        Self { cooperations: BTreeSet::from([id]), ..Self::default() }
    }

    /// Without one hospital.
    pub fn of_hospital(hospital: HospitalId) -> Self {
        Self { hospitals: BTreeSet::from([hospital]), ..Self::default() }
    }

    /// Without one hospital as a first door.
    pub fn of_door(hospital: HospitalId) -> Self {
        Self { doors: BTreeSet::from([hospital]), ..Self::default() }
    }

    fn has_cooperation(&self, number: u32) -> bool {
        self.cooperations.contains(&CooperationId(number))
    }

    fn is_closed(&self, hospital: HospitalId) -> bool {
        // Asked for every hospital and link, and nearly always of nothing.
        !self.hospitals.is_empty() && self.hospitals.contains(&hospital)
    }
}

/// What is asked of a pathway: when patients call, what their route is chosen for, which first door is
/// prescribed, and what is out of order.
///
/// The default is the whole week by the pathway's profile of arrivals, the least time to the end of the last
/// stage, a free choice of the first door, and nothing out of order. Each setter changes one of these.
///
/// **What it costs.** [`When::At`] needs the plan of one class of hours, the week one for each. A protocol
/// costs a search for the nearest door before each route. [`Objective::EveryStage`] keeps many more labels,
/// and is for single persons.
///
/// **When not.** For comparing two states of cooperations ask a [`Study`](crate::impact::Study), which counts
/// who gains and who loses.
///
/// ```
/// use verbund::Region;
/// use verbund::pathways::{Objective, Outage, Prepared, Protocol, Query, When};
///
/// let region = Region::leipzig()?;
/// let stroke = region.network().catalog().pathway("stroke").ok_or("no pathway")?;
/// let prepared = Prepared::new(&region, stroke, &[])?;
///
/// // At night, and at night without the hospital that scans most.
/// let nights = Query::default().when(When::Night);
/// let busiest = prepared.evaluate(&nights)?.loads().hospitals[0].hospital;
/// let without = nights.clone().outage(Outage::of_hospital(busiest));
/// let mean = |query: &Query| prepared.evaluate(query).map(|outcome| {
///     let last = outcome.stages().pop();
///     last.and_then(|stage| stage.done.mean_seconds)
/// });
/// assert!(mean(&without)? > mean(&nights)?);
///
/// // By the nearest door nobody is earlier than by the best one.
/// let nearest = nights.clone().protocol(Protocol::NearestDoor);
/// assert!(mean(&nearest)? >= mean(&nights)?);
///
/// // A stage that the pathway does not have is an error, not an empty answer.
/// let wrong = Query::default().objective(Objective::Stage("surgery".to_owned()));
/// assert!(prepared.evaluate(&wrong).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Query {
    /// When patients call.
    pub when: When,
    /// What their route is chosen for.
    pub objective: Objective,
    /// Which first door is prescribed.
    pub protocol: Protocol,
    /// What is out of order.
    pub outage: Outage,
}

impl Query {
    /// Asks at another time.
    #[must_use]
    pub fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }

    /// Asks with another objective.
    #[must_use]
    pub fn objective(mut self, objective: Objective) -> Self {
        self.objective = objective;
        self
    }

    /// Asks under a protocol of the rescue service.
    #[must_use]
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.protocol = protocol;
        self
    }

    /// Asks with something out of order.
    #[must_use]
    pub fn outage(mut self, outage: Outage) -> Self {
        self.outage = outage;
        self
    }
}

/// Why a pathway gives no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathwayError {
    /// Nobody can meet these stages in any hour of the week.
    #[error("{}", said!("pathway \"{pathway}\": no hospital of the network can do {quoted}, by any way, in any hour{perhaps}", pathway, quoted = quoted(stages), perhaps = perhaps(unknown)))]
    Unmet {
        /// Key of the pathway.
        pathway: String,
        /// Keys of the stages.
        stages: Vec<String>,
        /// Keys of hospitals of which the data do not say whether they can do a stage of the pathway,
        /// each with what is not stated: `torgau (grade of trauma centre)`.
        unknown: Vec<String>,
    },
    /// The objective names a stage that the pathway does not have.
    #[error("{}", said!("pathway \"{pathway}\" has no stage \"{stage}\"; there are: {quoted}", pathway, stage, quoted = quoted(stages)))]
    UnknownStage {
        /// Key of the pathway.
        pathway: String,
        /// What was asked for.
        stage: String,
        /// Keys of its stages.
        stages: Vec<String>,
    },
    /// Added cooperations have faults: all of them.
    #[error(transparent)]
    Cooperations(Problems),
    /// What is out of order is not of this network: a cooperation that there is not, or a hospital of
    /// another network.
    #[error("{}", said!("out of order is {what}, which the network does not have", what))]
    UnknownOutage {
        /// Which one, in words.
        what: String,
    },
    /// Added cooperations name hospitals that the network does not have.
    #[error("{}", said!("unknown hospitals {quoted}", quoted = quoted(keys)))]
    UnknownHospitals {
        /// Their keys.
        keys: Vec<String>,
    },
}

fn perhaps(unknown: &[String]) -> String {
    const NAMED: usize = 3;
    if unknown.is_empty() {
        return String::new();
    }
    let named = unknown[..unknown.len().min(NAMED)].join("; ");
    let more = match unknown.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("; of these the data do not say: {named}{more}")
}

fn quoted(keys: &[String]) -> String {
    keys.iter().map(|key| format!("\"{key}\"")).collect::<Vec<_>>().join(", ")
}
