//! Scenarios: what changes in a region, when, and why.

use serde::{Serialize, Serializer};

mod apply;
mod check;
mod draft;
mod read;
mod read_structure;
mod refers;
mod structure;
mod write;

pub use apply::under;
pub(crate) use apply::{FaultInOrder, changed, faults_in_order};
pub use draft::ScenarioDraft;
pub use refers::Refers;
pub use structure::{
    Conversion, CooperationChange, DepartmentMove, DepartmentSize, FacilityKey, HospitalSize,
    Membership, Merger, NewCareLevel, NewDepartment, NewEmergencyLevel, NewFacility, NewHours,
    NewOperator, PopulationTable, SmallerSite, StaffedShare,
};

use crate::calendar::{Date, DateTime};
use crate::model::hospital::is_default;
use crate::model::{Cooperation, DemandScale, Hospital, Road};

/// A named, ordered list of changes to a region, each from a moment on.
///
/// Changes take effect in the order of [`Scenario::changes_in_order`]. A scenario without changes
/// changes nothing.
///
/// ```
/// use verbund::files::Folder;
/// use verbund::scenario::Scenario;
///
/// let model = Folder::small().read()?;
/// let text = r#"Scenario(
///     format: 1, id: "no-births", name: "South without births", source: "invented",
///     changes: [(
///         on: "2026-02-01 06:00", until: "2026-03-01", reason: "no midwives",
///         change: CloseDepartment(hospital: "south", specialty: "obstetrics"),
///     )],
/// )"#;
/// let scenario = Scenario::read(text, "no-births.ron", &model.network, &model.places)?;
/// assert_eq!(scenario.changes[0].change.name(), "CloseDepartment");
///
/// let wrong = text.replace("south", "suoth");
/// let problems = Scenario::read(&wrong, "no-births.ron", &model.network, &model.places).unwrap_err();
/// assert_eq!(problems.list()[0].closest.as_deref(), Some("south"));
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Written key, a word without spaces; `id` in files.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// Where it comes from: a publication, a plan, or that it was invented.
    pub source: String,
    /// What of it nobody published, in words.
    pub assumed: Vec<String>,
    /// The changes, in the order of the file.
    pub changes: Vec<DatedChange>,
}

impl Scenario {
    /// The changes by the moments at which they begin; those of one moment in the order of the list.
    pub fn changes_in_order(&self) -> Vec<&DatedChange> {
        in_order(&[self])
    }

    /// The same scenario with only what passes and changes nothing of structure: surges, incidents, and
    /// departments that divert. Only a simulation shows what these do. A diversion without an end lasts to
    /// the next `OpenDepartment` of that department, which becomes its end.
    #[must_use]
    pub fn passing(&self) -> Self {
        let opening = |diverted: &DatedChange, key: &DepartmentKey| {
            let opens = self.changes.iter().filter(|one| {
                one.on > diverted.on
                    && matches!(&one.change, Change::OpenDepartment(own) if own == key)
            });
            opens.map(|one| one.on).min()
        };
        let passing = |one: &DatedChange| match &one.change {
            Change::Surge(_) | Change::Incident(_) => Some(one.clone()),
            Change::DivertDepartment(key) => {
                Some(DatedChange { until: one.until.or_else(|| opening(one, key)), ..one.clone() })
            }
            _ => None,
        };
        Self { changes: self.changes.iter().filter_map(passing).collect(), ..self.clone() }
    }

    /// The first day on which every lasting change (one without `until`) has begun, at its end: what
    /// comparisons of a network before and after take when nobody names a day. `None` without such a
    /// change.
    ///
    /// A change that begins within a day is in force from the next midnight on, so that day is taken.
    pub fn settled_on(&self) -> Option<Date> {
        let lasting = self.changes.iter().filter(|one| one.until.is_none());
        let last = lasting.map(|one| one.on).max()?;
        if last.minute() == 0 { Some(last.date()) } else { last.date().plus_days(1) }
    }
}

/// The changes of several scenarios by the moments at which they begin; those of one moment by scenario,
/// then in the order of its list.
pub(crate) fn in_order<'s>(scenarios: &[&'s Scenario]) -> Vec<&'s DatedChange> {
    let mut changes: Vec<&DatedChange> =
        scenarios.iter().flat_map(|scenario| &scenario.changes).collect();
    changes.sort_by_key(|one| one.on);
    changes
}

/// A change with its dates and its reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DatedChange {
    /// When it takes effect; not before the day of the network.
    pub on: DateTime,
    /// First moment at which it is over, after `on`; `None` for a change that stays or that happens
    /// once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime>,
    /// Why.
    pub reason: String,
    /// Where it comes from, where that is not the source of the scenario.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What changes.
    pub change: Change,
}

impl DatedChange {
    /// Whether it is in force at a moment: it has begun and is not over.
    pub fn is_in_force(&self, at: DateTime) -> bool {
        self.on <= at && self.until.is_none_or(|until| at < until)
    }
}

/// What changes.
///
/// In files, `CloseDepartment(hospital: "kkh-torgau", specialty: "obstetrics")`. A change that sets what is
/// so already (a level, a number of beds, an operator, hours, a factor of 1) is a fault.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub enum Change {
    /// A department takes no emergencies. Elective patients and transfers still come, and an
    /// admission can still be forced. Without `until`, to the end or to an `OpenDepartment`.
    DivertDepartment(DepartmentKey),
    /// A department takes nobody new; who lies there stays. Without `until`, to the end or to an
    /// `OpenDepartment`.
    CloseDepartment(DepartmentKey),
    /// A department that earlier changes closed or diverted without `until` takes patients again.
    OpenDepartment(DepartmentKey),
    /// A cooperation starts; it is over at `until`. Its own dates are empty and it is active: the
    /// change says when.
    StartCooperation(Cooperation),
    /// The cooperation of this key ends; it comes back at `until`.
    EndCooperation(String),
    /// More, or fewer, emergencies.
    Surge(Surge),
    /// Many injured people at one place.
    Incident(Incident),
    /// A road or a corridor is slow or closed; free again at `until`.
    Road(Road),
    /// The hospital of this key closes, with its departments, memberships and part in cooperations;
    /// branches then have no main site. It is there again at `until`.
    CloseHospital(String),
    /// A hospital opens: a whole record as in `network.ron`, without dates of its own. In a network with
    /// a table of travel times, it is reached by the journeys that the table names.
    OpenHospital(Box<Hospital>),
    /// A hospital gets a department of a specialty that it does not have.
    AddDepartment(NewDepartment),
    /// A department moves to another hospital.
    MoveDepartment(DepartmentMove),
    /// A department has another number of beds.
    ResizeDepartment(DepartmentSize),
    /// A site has another total of beds.
    ResizeHospital(HospitalSize),
    /// A hospital has another level in the state's plan.
    SetCareLevel(NewCareLevel),
    /// A hospital has another emergency level.
    SetEmergencyLevel(NewEmergencyLevel),
    /// A hospital gets a facility, or has it in another grade, number or at other hours.
    SetFacility(NewFacility),
    /// A hospital has a facility no more.
    CloseFacility(FacilityKey),
    /// A department or a facility has other hours.
    SetHours(NewHours),
    /// Another share of a hospital's beds is staffed.
    SetStaffedShare(StaffedShare),
    /// A hospital has another operator.
    SetOperator(NewOperator),
    /// Two hospitals become one.
    MergeHospitals(Merger),
    /// A hospital becomes a cross-sector site or a Gesundheitszentrum.
    ConvertHospital(Conversion),
    /// A cooperation has other terms, partners, fields or hours.
    ChangeCooperation(CooperationChange),
    /// A hospital joins an alliance.
    JoinAlliance(Membership),
    /// A hospital leaves an alliance.
    LeaveAlliance(Membership),
    /// More, or fewer, cases.
    ScaleDemand(DemandScale),
    /// The people of another year; a later table replaces an earlier one.
    SetPopulation(PopulationTable),
}

macro_rules! changes {
    ($($name:ident),* $(,)?) => {
        /// Names of all changes, as files write them.
        pub const CHANGES: [&str; 28] = [$(stringify!($name)),*];

        impl Change {
            /// Its name, as files write it.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)*
                }
            }
        }
    };
}

changes![
    DivertDepartment,
    CloseDepartment,
    OpenDepartment,
    StartCooperation,
    EndCooperation,
    Surge,
    Incident,
    Road,
    CloseHospital,
    OpenHospital,
    AddDepartment,
    MoveDepartment,
    ResizeDepartment,
    ResizeHospital,
    SetCareLevel,
    SetEmergencyLevel,
    SetFacility,
    CloseFacility,
    SetHours,
    SetStaffedShare,
    SetOperator,
    MergeHospitals,
    ConvertHospital,
    ChangeCooperation,
    JoinAlliance,
    LeaveAlliance,
    ScaleDemand,
    SetPopulation,
];

/// What a change is called in messages: `change 2 (Road)`.
pub(crate) fn change_label(position: usize, name: &str) -> String {
    format!("change {} ({name})", position + 1)
}

impl Change {
    /// Key of the cooperation that it starts.
    pub(crate) fn started(&self) -> Option<&str> {
        match self {
            Self::StartCooperation(cooperation) => Some(&cooperation.key),
            _ => None,
        }
    }

    /// Why an `until` means nothing to it; `None` for a change that can last until a moment.
    pub(crate) fn why_without_end(&self) -> Option<&'static str> {
        match self {
            Self::OpenDepartment(_) => Some("it opens once"),
            Self::Surge(_) => Some("the curve has its length"),
            Self::Incident(_) => Some("it happens once"),
            Self::MergeHospitals(_) => Some("what became one does not part by itself"),
            Self::ConvertHospital(_) => Some("a site does not turn back by itself"),
            _ => None,
        }
    }

    /// Whether it changes hospitals, alliances, people or cooperations in a way that a run of the
    /// simulation cannot follow in its course.
    pub fn is_of_structure(&self) -> bool {
        !matches!(
            self,
            Self::DivertDepartment(_)
                | Self::CloseDepartment(_)
                | Self::OpenDepartment(_)
                | Self::StartCooperation(_)
                | Self::EndCooperation(_)
                | Self::Surge(_)
                | Self::Incident(_)
                | Self::Road(_)
        )
    }
}

/// The department of a specialty at a hospital.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct DepartmentKey {
    /// Key of the hospital.
    pub hospital: String,
    /// Key of the specialty, of which the hospital has an inpatient department of its own.
    pub specialty: String,
}

impl DepartmentKey {
    /// The department of this specialty at this hospital.
    pub fn new(hospital: impl Into<String>, specialty: impl Into<String>) -> Self {
        Self { hospital: hospital.into(), specialty: specialty.into() }
    }
}

/// An epidemic curve: emergency arrivals are multiplied, step after step.
///
/// Where two surges meet, their factors are multiplied.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Surge {
    /// Keys of the specialties whose emergencies are multiplied; each has a rate of demand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub specialties: Vec<String>,
    /// Keys of the tracer conditions that are multiplied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// The factor of each step, 0 to 100, at least one; 1 is as usual.
    pub factors: Vec<f64>,
    /// Days of a step, 1 to 366.
    pub days: u32,
    /// Districts (Kreise) in which arrivals are multiplied; empty for everywhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub districts: Vec<String>,
    /// Share (0 to 1) of the additional patients who need intensive care; `None` for the usual
    /// share. A factor below 1 adds nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icu_share: Option<f64>,
}

impl Surge {
    /// Days of a step when a file says nothing.
    pub const USUAL_DAYS: u32 = 7;

    /// The factor so many minutes after the start; 1 from the end of the curve on.
    ///
    /// ```
    /// use verbund::scenario::Surge;
    ///
    /// let surge = Surge {
    ///     specialties: vec!["internal_medicine".into()], conditions: vec![],
    ///     factors: vec![1.2, 1.5], days: 1, districts: vec![], icu_share: None,
    /// };
    /// let factors = [0, 1439, 1440, 2879, 2880].map(|minute| surge.factor_at(minute));
    /// assert_eq!(factors, [1.2, 1.2, 1.5, 1.5, 1.0]);
    /// ```
    pub fn factor_at(&self, minute: u64) -> f64 {
        let step = minute / (u64::from(self.days.max(1)) * 24 * 60);
        let factor = usize::try_from(step).ok().and_then(|step| self.factors.get(step));
        factor.copied().unwrap_or(1.0)
    }
}

/// Key of the specialty in whose beds the injured of an incident lie.
pub(crate) const OF_THE_INJURED: &str = "trauma_orthopedics";

/// A mass-casualty incident (Massenanfall von Verletzten): its patients leave the scene evenly over
/// some time, red ones first, then yellow, then green. Red patients are only brought to hospitals that
/// are known to meet what major trauma asks for ([`super::Catalog::major_trauma`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Incident {
    /// Key of the place.
    pub place: String,
    /// Patients of triage category I: immediate treatment.
    pub red: u32,
    /// Patients of triage category II: urgent.
    pub yellow: u32,
    /// Patients of triage category III: less urgent.
    pub green: u32,
    /// Minutes from the start in which they leave the scene, 1 to 1,440.
    pub minutes: u32,
    /// How many of them a hospital takes in an hour.
    #[serde(skip_serializing_if = "is_default")]
    pub keys: AllocationKeys,
}

impl Incident {
    /// Minutes when a file says nothing.
    pub const USUAL_MINUTES: u32 = 60;

    /// Patients of all categories.
    pub fn patients(&self) -> u64 {
        u64::from(self.red) + u64::from(self.yellow) + u64::from(self.green)
    }
}

/// How many patients of an incident a hospital takes in an hour, by its emergency level: `Basic`,
/// `Extended`, `Comprehensive`. A hospital without a level takes none.
///
/// In files: `keys: (red: [2, 4, 8], yellow: [4, 8, 16], green: [8, 16, 32])`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct AllocationKeys {
    /// Red patients an hour, 0 to 1,000 each.
    #[serde(serialize_with = "as_list")]
    pub red: [u32; 3],
    /// Yellow patients an hour.
    #[serde(serialize_with = "as_list")]
    pub yellow: [u32; 3],
    /// Green patients an hour.
    #[serde(serialize_with = "as_list")]
    pub green: [u32; 3],
}

impl Default for AllocationKeys {
    /// An ASSUMPTION: 2 red, 4 yellow and 8 green patients an hour at the basic level, twice that at
    /// the extended and four times at the comprehensive one.
    ///
    /// The frameworks of the states fix such numbers site by site and rarely say how they were
    /// found. This is the upper end of a preset of 1 to 2, 2 to 4 and 4 to 8 patients.
    fn default() -> Self {
        Self { red: [2, 4, 8], yellow: [4, 8, 16], green: [8, 16, 32] }
    }
}

/// Files write three numbers as a list, as people do.
fn as_list<S: Serializer>(numbers: &[u32; 3], to: S) -> Result<S::Ok, S::Error> {
    numbers.as_slice().serialize(to)
}
