//! The kinds of change, each with its family.

#[macro_use]
mod alliance;
#[macro_use]
mod branch;
#[macro_use]
mod conversion;
#[macro_use]
mod cooperation;
#[macro_use]
mod department;
mod examples;
#[macro_use]
mod facility;
#[macro_use]
mod hospital;
#[macro_use]
mod levels;
#[macro_use]
mod merger;
#[macro_use]
mod patients;
#[macro_use]
mod population;
#[macro_use]
mod roads;
mod roads_of_map;
#[macro_use]
mod staff;

pub use alliance::*;
pub use branch::*;
pub use conversion::*;
pub use cooperation::*;
pub use department::*;
pub use examples::ChangeExample;
pub use facility::*;
pub use hospital::*;
pub use levels::*;
pub use merger::*;
pub(crate) use patients::OF_THE_INJURED;
pub use patients::*;
pub use population::*;
pub(crate) use staff::closed_of;
pub use staff::*;

use serde::{Deserialize, Serialize};

use super::base::{Added, Base};
use super::kind::Kind;
use super::refers::Refers;
use super::state::{Refusal, State};
use super::terms::Terms;
use crate::model::check::Checker;
use crate::model::{Cooperation, DemandScale, Hospital, Road, RoadOfMap};

/// The list of kinds becomes the enum, and everything that must look at each of them: a kind that is not in
/// the list does not exist.
macro_rules! changes {
    (
        [] $(
            $(#[$doc:meta])*
            $name:ident($terms:ty) => $kind:path { does: $does:literal, example: $example:literal, }
        )*
    ) => {
        /// What changes.
        ///
        /// In files, `CloseDepartment(hospital: "kkh-torgau", specialty: "obstetrics")`. A change that sets what is
        /// so already (a level, a number of beds, an operator, hours, a factor of 1) is a fault. Each kind is shown as
        /// it stands in `changes: [...]` of a scenario for Leipzig; a test reads every example.
        #[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
        #[non_exhaustive]
        pub enum Change {
            $(
                $(#[$doc])*
                #[doc = concat!("\n`", stringify!($name), "`: ", $does, "\n\n```ron\n", $example, "\n```")]
                $name($terms),
            )*
        }

        /// Names of all changes, as files write them.
        pub const CHANGES: [&str; [$(stringify!($name)),*].len()] = [$(stringify!($name)),*];

        /// Every kind of change: departments, hospitals, cooperations and alliances, patients and roads.
        pub const CHANGE_EXAMPLES: [ChangeExample; CHANGES.len()] = [
            $(ChangeExample {
                name: stringify!($name),
                does: $does,
                written: $example,
            },)*
        ];

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

// Each family adds its kinds to the list and hands it to the next one, so that a kind stands in the file of its family
// alone; the last one hands it to `changes`.
department_changes! { [
    staff_changes
    hospital_changes
    merger_changes
    conversion_changes
    levels_changes
    facility_changes
    branch_changes
    cooperation_changes
    alliance_changes
    patients_changes
    roads_changes
    population_changes
    changes
] }

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
