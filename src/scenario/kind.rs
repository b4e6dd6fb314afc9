//! What the crate must know of a kind of change: one implementation a kind, in the file of its family.

use super::base::{Added, Base};
use super::refers::Refers;
use super::state::{Refusal, State};
use super::terms::Terms;
use crate::model::check::Checker;

/// One kind of change.
///
/// A new kind is one implementation and one entry in the list of its family, in one file; what is forgotten does not
/// compile.
pub(super) trait Kind {
    /// What a change of this kind says.
    type Terms;

    /// Why an `until` means nothing to it; `None` for a kind that can last until a moment.
    const WHY_WITHOUT_END: Option<&'static str>;

    /// Whether it changes hospitals, alliances, people or cooperations in a way that a run of the simulation
    /// cannot follow in its course.
    const IS_OF_STRUCTURE: bool;

    /// Reads what a file says; `None` where faults, which are noted, leave nothing to build.
    fn read(terms: Terms<'_, '_, '_>) -> Option<Self::Terms>;

    /// Notes every fault that it has by itself. Whether it can follow the changes before it shows when they
    /// are applied in their order.
    fn check(terms: &Self::Terms, base: &Base<'_>, checker: &mut Checker<'_>);

    /// Applies it to what the changes before it left.
    ///
    /// # Errors
    ///
    /// Why it cannot follow them; nothing is changed then.
    fn apply<'s>(terms: &'s Self::Terms, state: &mut State<'s>) -> Result<(), Refusal>;

    /// The keys by which it names hospitals, places and cooperations that are there, in its order. The keys of
    /// what it adds are not among them.
    fn keys_mut(terms: &mut Self::Terms) -> Vec<(Refers, &mut String)>;

    /// What it adds that later changes can name; nothing for most kinds.
    fn adds(_terms: &Self::Terms) -> Added<'_> {
        Added::Nothing
    }

    /// Whether it rests on the network or alters it, so that changes before it can stand in its way; most do.
    fn needs_network(_terms: &Self::Terms) -> bool {
        true
    }
}
