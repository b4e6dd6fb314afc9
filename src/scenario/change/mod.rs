//! The kinds of change, each with its family.

mod alliance;
mod branch;
mod conversion;
mod cooperation;
mod department;
mod examples;
mod facility;
mod hospital;
mod levels;
mod merger;
mod patients;
mod population;
mod roads;

pub use alliance::Membership;
pub use branch::NewParent;
pub use conversion::{Conversion, SmallerSite};
pub use cooperation::CooperationChange;
pub use department::{DepartmentKey, DepartmentMove, DepartmentSize, NewDepartment};
pub use examples::{CHANGE_EXAMPLES, ChangeExample};
pub use facility::{FacilityKey, NewFacility, NewHours};
pub use hospital::{HospitalSize, NewOperator, StaffedShare};
pub use levels::{NewCareLevel, NewEmergencyLevel};
pub use merger::Merger;
pub(crate) use patients::OF_THE_INJURED;
pub use patients::{AllocationKeys, Incident, Surge};
pub use population::PopulationTable;

use serde::{Deserialize, Serialize};

use super::base::{Added, Base};
use super::kind::Kind;
use super::refers::Refers;
use super::state::{Refusal, State};
use super::terms::Terms;
use crate::model::check::Checker;
use crate::model::{Cooperation, DemandScale, Hospital, Road};

/// The list of kinds becomes the enum, and everything that must look at each of them: a kind that is not in
/// the list does not exist.
macro_rules! changes {
    (
        $(#[$enum_doc:meta])*
        pub enum Change {
            $($(#[$doc:meta])* $name:ident($terms:ty) => $kind:path,)*
        }
    ) => {
        $(#[$enum_doc])*
        #[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
        #[non_exhaustive]
        pub enum Change {
            $($(#[$doc])* $name($terms),)*
        }

        /// Names of all changes, as files write them.
        pub const CHANGES: [&str; [$(stringify!($name)),*].len()] = [$(stringify!($name)),*];

        impl Change {
            /// Its name, as files write it.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)*
                }
            }

            /// Reads the change of a name; `None` for a name that no change has, and where faults, which are
            /// noted, leave nothing to build.
            pub(super) fn read(terms: Terms<'_, '_, '_>) -> Option<Self> {
                match terms.name {
                    $(stringify!($name) => <$kind as Kind>::read(terms).map(Self::$name),)*
                    _ => None,
                }
            }

            /// Notes every fault that it has by itself.
            pub(super) fn check(&self, base: &Base<'_>, checker: &mut Checker<'_>) {
                match self {
                    $(Self::$name(terms) => <$kind as Kind>::check(terms, base, checker),)*
                }
            }

            /// Applies it to what the changes before it left, or says why it cannot follow them.
            pub(super) fn apply<'s>(&'s self, state: &mut State<'s>) -> Result<(), Refusal> {
                match self {
                    $(Self::$name(terms) => <$kind as Kind>::apply(terms, state),)*
                }
            }

            /// The keys by which it names hospitals, places and cooperations that are there, in its order.
            pub(crate) fn keys_mut(&mut self) -> Vec<(Refers, &mut String)> {
                match self {
                    $(Self::$name(terms) => <$kind as Kind>::keys_mut(terms),)*
                }
            }

            /// What it adds that later changes can name.
            pub(super) fn adds(&self) -> Added<'_> {
                match self {
                    $(Self::$name(terms) => <$kind as Kind>::adds(terms),)*
                }
            }

            /// Whether it rests on the network or alters it, so that it can be a fault behind others.
            pub(super) fn needs_network(&self) -> bool {
                match self {
                    $(Self::$name(terms) => <$kind as Kind>::needs_network(terms),)*
                }
            }

            /// Why an `until` means nothing to it; `None` for a change that can last until a moment.
            pub(crate) fn why_without_end(&self) -> Option<&'static str> {
                match self {
                    $(Self::$name(_) => <$kind as Kind>::WHY_WITHOUT_END,)*
                }
            }

            /// Whether it changes hospitals, alliances, people or cooperations in a way that a run of the
            /// simulation cannot follow in its course.
            pub fn is_of_structure(&self) -> bool {
                match self {
                    $(Self::$name(_) => <$kind as Kind>::IS_OF_STRUCTURE,)*
                }
            }
        }
    };
}

changes! {
    /// What changes.
    ///
    /// In files, `CloseDepartment(hospital: "kkh-torgau", specialty: "obstetrics")`. A change that sets what is
    /// so already (a level, a number of beds, an operator, hours, a factor of 1) is a fault.
    pub enum Change {
        /// A department takes no emergencies. Elective patients and transfers still come, and an
        /// admission can still be forced. Without `until`, to the end or to an `OpenDepartment`.
        DivertDepartment(DepartmentKey) => department::Divert,
        /// A department takes nobody new; who lies there stays. Without `until`, to the end or to an
        /// `OpenDepartment`.
        CloseDepartment(DepartmentKey) => department::Close,
        /// A department that earlier changes closed or diverted without `until` takes patients again.
        OpenDepartment(DepartmentKey) => department::Open,
        /// A cooperation starts; it is over at `until`. Its own dates are empty and it is active: the
        /// change says when.
        StartCooperation(Cooperation) => cooperation::Start,
        /// The cooperation of this key ends; it comes back at `until`.
        EndCooperation(String) => cooperation::End,
        /// More, or fewer, emergencies.
        Surge(Surge) => patients::Arrivals,
        /// Many injured people at one place.
        Incident(Incident) => patients::Injured,
        /// A road or a corridor is slow or closed; free again at `until`.
        Road(Road) => roads::Slow,
        /// The hospital of this key closes, with its departments, memberships and part in cooperations;
        /// branches then have no main site. It is there again at `until`.
        CloseHospital(String) => hospital::Close,
        /// A hospital opens: a whole record as in `network.ron`, without dates of its own. In a network with
        /// a table of travel times, it is reached by the journeys that the table names.
        OpenHospital(Box<Hospital>) => hospital::Open,
        /// A hospital gets a department of a specialty that it does not have.
        AddDepartment(NewDepartment) => department::Add,
        /// A department moves to another hospital.
        MoveDepartment(DepartmentMove) => department::Move,
        /// A department has another number of beds.
        ResizeDepartment(DepartmentSize) => department::Resize,
        /// A site has another total of beds.
        ResizeHospital(HospitalSize) => hospital::Resize,
        /// A hospital has another level in the state's plan.
        SetCareLevel(NewCareLevel) => levels::Care,
        /// A hospital has another emergency level.
        SetEmergencyLevel(NewEmergencyLevel) => levels::Emergency,
        /// A hospital gets a facility, or has it in another grade, number or at other hours.
        SetFacility(NewFacility) => facility::Set,
        /// A hospital has a facility no more.
        CloseFacility(FacilityKey) => facility::Close,
        /// A department or a facility has other hours.
        SetHours(NewHours) => facility::SetHours,
        /// Another share of a hospital's beds is staffed.
        SetStaffedShare(StaffedShare) => hospital::Staff,
        /// A hospital has another operator.
        SetOperator(NewOperator) => hospital::Operate,
        /// A hospital becomes a branch of a main site, or a branch stands for itself. Departments, beds and journeys
        /// stay as they are.
        SetParent(NewParent) => branch::Set,
        /// Two hospitals become one.
        MergeHospitals(Merger) => merger::Merge,
        /// A hospital becomes a cross-sector site or a Gesundheitszentrum.
        ConvertHospital(Conversion) => conversion::Convert,
        /// A cooperation has other terms, partners, fields or hours.
        ChangeCooperation(CooperationChange) => cooperation::Alter,
        /// A hospital joins an alliance.
        JoinAlliance(Membership) => alliance::Join,
        /// A hospital leaves an alliance.
        LeaveAlliance(Membership) => alliance::Leave,
        /// More, or fewer, cases.
        ScaleDemand(DemandScale) => population::Scale,
        /// The people of another year; a later table replaces an earlier one.
        SetPopulation(PopulationTable) => population::Replace,
    }
}

impl Change {
    /// Key of the cooperation that it starts.
    pub(crate) fn started(&self) -> Option<&str> {
        match self.adds() {
            Added::Cooperation(cooperation) => Some(&cooperation.key),
            Added::Nothing | Added::Hospital(_) | Added::Department { .. } => None,
        }
    }

    /// The key of the hospital that it opens or of the cooperation that it starts.
    pub(crate) fn added(&self) -> Option<(Refers, &str)> {
        match self.adds() {
            Added::Hospital(hospital) => Some((Refers::Hospital, &hospital.key)),
            Added::Cooperation(cooperation) => Some((Refers::Cooperation, &cooperation.key)),
            Added::Nothing | Added::Department { .. } => None,
        }
    }
}
